// Days and slots as people read them; knows no page.

import { currentLanguage, named, t } from "/static/pages/texts.js";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WEEKDAYS = () => [t("Sun"), t("Mon"), t("Tue"), t("Wed"), t("Thu"), t("Fri"), t("Sat")];

/** "2026-11-23" → {month, day, weekday}; the month by name but in Chinese: 11/12 is another day in every country. */
function parts(day) {
  const at = new Date(day + "T00:00:00Z");
  const month = at.getUTCMonth();
  return { month: currentLanguage() === "zh" ? month + 1 : MONTHS[month], day: at.getUTCDate(), weekday: WEEKDAYS()[at.getUTCDay()] };
}

/** "11月23日", "23 Nov". */
export function dateWords(day) {
  return t("{day} {month}", parts(day));
}

export function weekdayWord(day) {
  return parts(day).weekday;
}

/** "11月23日 周一", "Mon 23 Nov". */
export function dayWords(day) {
  return t("{weekday} {day} {month}", parts(day));
}

export function shiftDay(day, by) {
  const at = new Date(day + "T00:00:00Z");
  at.setUTCDate(at.getUTCDate() + by);
  return at.toISOString().slice(0, 10);
}

/** Why nothing can be booked on a day, or what is special about it. */
export function dayNote(view) {
  const left = view.slots.reduce((sum, slot) => sum + slot.left, 0);
  if (view.slots.length && !left) return t("full");
  const name = named(view);
  if (!view.slots.length) return name && view.kind === "holiday" ? name : t("closed");
  if (view.market) return t("market day");
  return view.kind === "makeup" ? t("worked") : t("{n} left", { n: left });
}

/** Of the day of an instant such as 2026-11-23T09:00:00.000+08:00. */
export const dayOf = (iso) => iso.slice(0, 10);
