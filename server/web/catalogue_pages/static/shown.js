// What the phone pages share: an official text in its own language, chips of an item, the hall's name.

import { get } from "/static/pages/api.js";
import { byId, el, setText } from "/static/pages/dom.js";
import { currentLanguage, named, t } from "/static/pages/texts.js";

/** Official texts are Chinese on an English page too: the browser and screen readers are told so. */
export function official(tag, properties, text) {
  return el(tag, currentLanguage() === "zh" ? properties : Object.assign({ lang: "zh" }, properties), text);
}

/** An item's or department's name in the page's language, or its Chinese name marked as Chinese. */
export function title(tag, properties, thing, field) {
  const key = field || "name";
  const known = currentLanguage() === "zh" || thing[key + "_en"] === thing[key] ? null : named(thing, key);
  return known ? el(tag, properties, known) : official(tag, properties, thing[key]);
}

const WORDS = () => ({
  即办件: t("Done at once"),
  承诺件: t("Within a promised time"),
  马上办: t("At once"),
  网上办: t("Online"),
  就近办: t("Nearby"),
  一次办: t("One visit"),
  自然人: t("Persons"),
  法人: t("Firms and other bodies"),
  "自然人、法人": t("Persons, firms and other bodies"),
  行政许可: t("Administrative licence"),
  行政确认: t("Administrative confirmation"),
  行政给付: t("Administrative benefit"),
  行政奖励: t("Administrative award"),
  行政裁决: t("Administrative ruling"),
  行政征收: t("Administrative levy"),
  行政检查: t("Administrative inspection"),
  行政处罚: t("Administrative penalty"),
  行政强制: t("Administrative enforcement"),
  其他行政权力: t("Other administrative power"),
  公共服务: t("Public service"),
  并联: t("Side by side"),
  串联: t("One after the other"),
});

/** A word of the official lists in the page's language; other texts stay as they are. */
export const term = (text) => (currentLanguage() === "zh" ? text : WORDS()[text] || text);

export function chips(item) {
  const found = [];
  if (item.elsewhere) found.push(el("li", { class: "chip warn" }, "⚠ " + t("Not in this hall")));
  if (item.package) found.push(el("li", { class: "chip busy" }, t("One-thing package")));
  if (item.handling) found.push(el("li", { class: "chip" }, term(item.handling)));
  for (const flag of item.flags) {
    if (!(flag === "马上办" && item.handling === "即办件")) {
      found.push(el("li", { class: flag === "网上办" ? "chip good" : "chip" }, term(flag)));
    }
  }
  return found;
}

export const showAway = (away) => (byId("away").hidden = !away);

export async function showHall() {
  try {
    setText(byId("hall"), named(await get("/hall")));
  } catch (error) {
    showAway(true);
  }
}
