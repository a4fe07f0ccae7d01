// Chooses a slot: the days of the horizon, then the times of one day.

import { timeOf } from "/static/pages/clock.js";
import { el } from "/static/pages/dom.js";
import { t } from "/static/pages/texts.js";
import { dateWords, dayNote, dayWords, weekdayWord } from "./days.js";

function dayButton(view, isChosen, choose) {
  const isOpen = view.slots.some((slot) => slot.left);
  return el(
    "button",
    { type: "button", class: "day", value: view.day, "aria-pressed": String(isChosen), disabled: !isOpen, click: () => choose(view) },
    el("span", {}, weekdayWord(view.day)),
    el("b", {}, dateWords(view.day)),
    el("span", {}, dayNote(view)),
  );
}

function slotButton(slot, take) {
  const left = slot.left ? t("{n} left", { n: slot.left }) : t("full");
  return el(
    "button",
    { type: "button", class: "slot", disabled: !slot.left, click: () => take(slot) },
    el("b", { class: "number" }, timeOf(slot.at)),
    el("span", {}, left),
  );
}

/** Shows the days into `box`; `take(slot)` when a time is pressed. Goes on with `day` where it has places. */
export function pickSlot(box, days, take, day) {
  const open = days.filter((view) => view.slots.some((slot) => slot.left));
  if (!open.length) {
    box.replaceChildren(el("p", { class: "advice" }, t("No free time in the next days. Please take a ticket in the hall, or try again later")));
    return null;
  }
  const show = (chosen, focus) => {
    // Weekends are left away; a holiday is told, since people wonder.
    const told = days.filter((view) => view.slots.length || view.kind === "holiday");
    const slots = el("div", { class: "slots", role: "group", "aria-label": dayWords(chosen.day) }, ...chosen.slots.map((slot) => slotButton(slot, take)));
    const list = el("div", { class: "days-list", role: "group", "aria-label": t("Day") }, ...told.map((view) => dayButton(view, view === chosen, (one) => show(one, true))));
    box.replaceChildren(list, slots);
    if (focus) list.querySelector('[aria-pressed="true"]').focus();
  };
  const chosen = open.find((view) => view.day === day) || open[0];
  show(chosen, false);
  return chosen.day;
}
