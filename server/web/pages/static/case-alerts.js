// Cases with a step that is late, said on the pages of managers and supervisors; the list itself is on /supervision.

import { get } from "./api.js";
import { secondsSince } from "./clock.js";
import { called } from "./colleagues.js";
import { byId, el } from "./dom.js";
import { wholeMinutes } from "./staff.js";
import { named, t } from "./texts.js";

const EVERY_MS = 10000;

async function look(zone) {
  const figures = await get("/cases/overview").catch(() => null);
  if (!figures) return;
  const late = figures.late.filter((each) => !zone || each.zone === zone);
  const mine = figures.zones.find((each) => each.zone === zone);
  const count = zone ? (mine ? mine.overdue : 0) : figures.overdue;
  if (!count || !late.length) {
    delete byId("case-alarms").dataset.words;
    byId("case-alarms").replaceChildren();
    return;
  }
  const worst = late[0];
  const who = worst.who ? called(worst.who) : worst.department || named(worst, "window_name");
  const said = { n: count, time: wholeMinutes(secondsSince(worst.due_at)), step: named(worst, "step_name"), who };
  const words = "⚠ " + t("{n} cases have a late step, the longest for {time}: {step}, {who}", said) + " ";
  const href = "/supervision" + (zone ? "?zone=" + encodeURIComponent(zone) : "");
  // Replaced only when it changed, so that a live region does not speak twice.
  if (byId("case-alarms").dataset.words === words) return;
  byId("case-alarms").dataset.words = words;
  byId("case-alarms").replaceChildren(el("li", { class: "alarm bad" }, words, el("a", { class: "button", href }, t("Look at supervision"))));
}

/** Looks at once and every few seconds; of one zone, or of the whole hall. */
export function watchCases(zone) {
  look(zone);
  setInterval(() => look(zone), EVERY_MS);
}
