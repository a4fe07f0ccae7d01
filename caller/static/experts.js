// Experts and chief representatives: calling one to the window, and at his own desk the windows that call him.

import { get, newKey, post, Refusal, Unreachable } from "/static/pages/api.js";
import { byId, el, keyed, setText } from "/static/pages/dom.js";
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

async function answer(call, step, body, troubled) {
  try {
    await post("/help/" + encodeURIComponent(call.id) + "/" + step, body, newKey());
  } catch (error) {
    if (!(error instanceof Refusal) && !(error instanceof Unreachable)) throw error;
    troubled(error);
  }
}

function buttons(call, isMine, troubled) {
  const button = (text, name, step, body) => el("button", { type: "button", "data-row": name, click: () => answer(call, step, body, troubled) }, text);
  if (!isMine) return [button(t("Not needed any more"), "call-off", "end", { outcome: "not_needed" })];
  if (call.state === "asked") return [button(t("I am coming"), "coming", "take", {})];
  return [button(t("Been there"), "been", "end", { outcome: "helped" })];
}

function words(call, isMine) {
  if (isMine) {
    const about = [call.number, call.item_name].filter(Boolean).join(" ");
    return t("{window} asks {expert} to come", { window: named(call, "window_name"), expert: named(call, "expert_name") }) + (about ? t(": {about}", { about }) : "");
  }
  const fields = { expert: named(call, "expert_name") };
  return call.state === "asked" ? t("{expert} has been called, no answer yet", fields) : t("{expert} is on the way", fields);
}

export function showCalls(view, troubled) {
  const calls = view.wanted.map((call) => ({ call, isMine: true })).concat(view.experts.map((call) => ({ call, isMine: false })));
  byId("expert-calls").hidden = calls.length === 0;
  // Another state is another line: its buttons are others too.
  const key = ({ call, isMine }) => [call.id, call.state, isMine].join(" ");
  keyed(byId("expert-calls"), calls, key, ({ call, isMine }) => {
    const text = el("span", {});
    setText(text, (isMine ? "▶ " : "") + words(call, isMine));
    return el("li", { class: "notice " + (isMine && call.state === "asked" ? "warn" : "info") }, text, ...buttons(call, isMine, troubled));
  });
}
