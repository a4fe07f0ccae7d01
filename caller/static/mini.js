// The small always-on-top console: Document Picture-in-Picture where the browser has it, else a small page of its own.

import { secondsSince, stopwatch } from "/static/pages/clock.js";
import { el, setText } from "/static/pages/dom.js";
import { named, t } from "/static/pages/texts.js";
import { allowed } from "./desk.js";
import { actionOf } from "./keys.js";

export const MINI_WIDTH = 260;
export const MINI_HEIGHT = 120;

/** Builds the small console into `document_`; gives show(view), busy(is), away(is), tick(). */
export function buildMini(document_, { desk, press }) {
  const number = el("b", { class: "number" });
  const timer = el("span", { class: "number" });
  const waiting = el("span", {});
  const next = el("button", { type: "button", class: "primary", click: () => press("call-next") }, t("Call next"));
  const again = el("button", { type: "button", click: () => press("recall") }, t("Again"));
  const root = el(
    "main",
    { class: "mini" },
    el("p", { class: "mini-state", role: "status" }, number, timer, waiting),
    el("p", { class: "mini-buttons" }, next, again),
  );
  document_.body.replaceChildren(document_.adoptNode(root));
  let isBusy = false;
  let isAway = false;
  const refresh = () => {
    const view = desk() && desk().view;
    const may = view ? allowed(view) : {};
    next.setAttribute("aria-disabled", String(isBusy || isAway || !may["call-next"]));
    again.setAttribute("aria-disabled", String(isBusy || isAway || !may.recall));
    root.classList.toggle("away", isAway);
    if (!view) return;
    setText(number, isAway ? "⚠" : view.ticket ? view.ticket.number : "–");
    const call = view.wanted.find((each) => each.state === "asked");
    const line = call ? "▶ " + t("Wanted at {window}", { window: named(call, "window_name") }) : t("{n} waiting", { n: view.waiting });
    setText(waiting, isAway ? t("Cut off") : line);
  };
  const tick = () => {
    const ticket = desk() && desk().view && desk().view.ticket;
    setText(timer, ticket ? stopwatch(secondsSince(ticket.started_at || ticket.called_at)) : "");
  };
  refresh();
  tick();
  return {
    show: () => (refresh(), tick()),
    busy: (is) => ((isBusy = is), refresh()),
    away: (is) => ((isAway = is), refresh()),
    tick,
  };
}

/** Opens it; null when it is a page of its own that looks after itself. */
export async function openMini({ desk, press, closed }) {
  if (!("documentPictureInPicture" in window)) {
    const size = "popup,width=" + MINI_WIDTH + ",height=" + MINI_HEIGHT;
    window.open("/window/mini?window=" + encodeURIComponent(desk().window), "chaoxi-mini", size);
    return null;
  }
  const small = await window.documentPictureInPicture.requestWindow({ width: MINI_WIDTH, height: MINI_HEIGHT });
  for (const sheet of document.querySelectorAll('link[rel="stylesheet"]')) small.document.head.append(sheet.cloneNode());
  small.document.documentElement.lang = document.documentElement.lang;
  small.document.title = document.title;
  small.document.addEventListener("keydown", (event) => {
    const action = actionOf(event);
    if (!action) return;
    event.preventDefault();
    if (!event.repeat) press(action);
  });
  small.addEventListener("pagehide", closed);
  return buildMini(small.document, { desk, press });
}
