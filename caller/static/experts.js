// Experts and chief representatives: calling one to the window, and at his own desk the windows that call him.

import { get, newKey, post, Refusal, Unreachable } from "/static/pages/api.js";
import { secondsSince, stopwatch, timeOf } from "/static/pages/clock.js";
import { byId, el, keyed, setText } from "/static/pages/dom.js";
import { ring } from "/static/pages/ring.js";
import { named, t } from "/static/pages/texts.js";
import { filterBy } from "./choices.js";

/** Where he can be found, in words. */
export function whereabouts(expert) {
  if (!expert.window) return t("no desk of his own");
  const window = named(expert, "window_name");
  return expert.open ? window : t("{window}, closed now", { window });
}

/** Experts as choices for the dialogs; `pick` is null for one who cannot be chosen. */
export function expertChoices(experts, pick) {
  return experts.map((expert) => ({
    text: named(expert, "title"),
    note: named(expert, "department") + " · " + whereabouts(expert),
    search: [expert.name, expert.name_en, expert.id, expert.department].join(" "),
    pick: pick(expert),
  }));
}

export async function expertDialog(desk, troubled) {
  let experts;
  try {
    experts = (await get("/outcomes")).experts;
  } catch (error) {
    troubled(error);
    return;
  }
  const dialog = byId("expert-dialog");
  const pick = (expert) => () => {
    dialog.close();
    desk.act("expert", { expert: expert.id });
  };
  filterBy(byId("expert-filter"), byId("expert-choices"), byId("expert-none"), [{ title: "", items: expertChoices(experts, pick) }]);
  dialog.showModal();
  byId("expert-filter").focus();
}

/* Calls that are open: of this window, and for whoever sits here */

let known = null;

/** Another window's calls: those that are open when one sits down there do not ring. */
export function forgetCalls() {
  known = null;
}

async function answer(call, step, body, troubled) {
  try {
    await post("/help/" + encodeURIComponent(call.id) + "/" + step, body, newKey());
  } catch (error) {
    if (!(error instanceof Refusal) && !(error instanceof Unreachable)) throw error;
    troubled(error);
  }
}

function buttons(call, isMine, troubled) {
  const button = (text, name, look, step, body) =>
    el("button", { type: "button", "data-row": name, class: look, click: () => answer(call, step, body, troubled) }, text);
  if (!isMine) return [button(t("Not needed any more"), "call-off", "", "end", { outcome: "not_needed" })];
  if (call.state === "asked") return [button(t("I am coming"), "coming", "primary", "take", {})];
  return [button(t("Done with it"), "been", "primary", "end", { outcome: "helped" })];
}

function words(call, isMine) {
  const fields = { expert: named(call, "expert_name"), window: named(call, "window_name") };
  if (isMine) return call.state === "asked" ? t("{window} asks {expert} to come", fields) : t("You are with {window}", fields);
  return call.state === "asked" ? t("{expert} has been called, no answer yet", fields) : t("{expert} is on the way", fields);
}

/** Whom and what it is about, and what to do next. */
function more(call, isMine) {
  const about = [call.number, call.item_name].filter(Boolean).join(" ");
  const next = call.state === "asked" ? t("Say that you are coming, then go there") : t("When all is said there, press “Done with it”");
  return [about, isMine ? next : ""].filter(Boolean).join(" · ");
}

function buildCall({ call, isMine }, troubled) {
  // The time is not read out at every tick; a screen reader finds since when in the words before it.
  const since = el("time", { datetime: call.taken_at || call.asked_at, class: "number", "aria-hidden": "true" });
  const about = more(call, isMine);
  return el(
    "li",
    { class: "notice " + (isMine && call.state === "asked" ? "warn" : "info"), "data-state": call.state },
    el("p", { class: "call-words" }, el("b", {}, (isMine ? "▶ " : "") + words(call, isMine)), about ? el("span", { class: "call-more" }, about) : null),
    el("p", { class: "call-since" }, el("span", {}, t("since {time}", { time: timeOf(call.taken_at || call.asked_at) })), since),
    ...buttons(call, isMine, troubled),
  );
}

export function showCalls(view, troubled) {
  const calls = view.wanted.map((call) => ({ call, isMine: true })).concat(view.experts.map((call) => ({ call, isMine: false })));
  const asked = view.wanted.filter((call) => call.state === "asked").map((call) => call.id);
  if (known && asked.some((id) => !known.has(id))) ring();
  known = new Set(asked.concat(known ? Array.from(known) : []));
  byId("expert-calls").hidden = calls.length === 0;
  // Another state is another line: its buttons are others too.
  const key = ({ call, isMine }) => [call.id, call.state, isMine].join(" ");
  keyed(byId("expert-calls"), calls, key, (each) => buildCall(each, troubled));
  tickCalls();
}

export function tickCalls() {
  byId("expert-calls").querySelectorAll("time").forEach((node) => setText(node, stopwatch(secondsSince(node.dateTime))));
}
