// What all staff pages share: following a view, the clock, being cut off, refused or signed out.

import { get, post, Refusal } from "./api.js";
import { hallTime, heardTime, isKnown, serverNowMs } from "./clock.js";
import { byId, setText } from "./dom.js";
import { follow } from "./feed.js";
import "./pages-bar.js";
import { currentLanguage, named, t } from "./texts.js";

function toSignIn() {
  location.assign("/sign-in?next=" + encodeURIComponent(location.pathname));
}

function refuse(sentence) {
  byId("refused").hidden = false;
  setText(byId("refused"), "⚠ " + sentence);
  byId("main").hidden = true;
}

function connection(state, status) {
  if (state === "refused" && status === 401) toSignIn();
  if (state === "refused" && status === 403) refuse(t("Your role does not see this page"));
  if (state === "refused" && status === 404) refuse(t("There is nothing under this address"));
  if (state === "connecting") return;
  byId("away").hidden = state !== "lost";
  byId("main").classList.toggle("away", state === "lost");
}

/** The hall, for names and colours; tried until it comes. */
export async function fetchHall() {
  for (;;) {
    try {
      const hall = await get("/hall");
      heardTime(hall.now);
      setText(byId("hall"), named(hall));
      return hall;
    } catch (error) {
      byId("away").hidden = false;
      await new Promise((resolve) => setTimeout(resolve, 2000));
    }
  }
}

/** Follows a view until the function it gives is called; `event(name, data)` hears single messages beside it. */
export function followAs(query, view, event) {
  return follow(query, {
    event,
    view(data) {
      byId("refused").hidden = true;
      byId("main").hidden = false;
      byId("sign-out").hidden = false;
      view(data);
    },
    state: connection,
  });
}

/** What the page calls a field of a request: the label of the control with its name. */
export function labelOf(loc) {
  const name = loc.split(".")[0];
  const safe = CSS.escape(name);
  const control = document.getElementById(name) || document.querySelector('dialog[open] [id$="-' + safe + '"], [name="' + safe + '"]');
  const label = control && control.labels && control.labels[0];
  return label ? label.textContent.trim() : null;
}

/** Says in a notice what went wrong with a press. */
export function sentenceOf(error) {
  if (error instanceof Refusal) return error.sentence(currentLanguage(), labelOf);
  return t("The server does not answer. Please try again in a moment");
}

export function minutes(seconds) {
  if (seconds === null || seconds === undefined) return "–";
  return t("{n} min", { n: (Math.round(seconds / 6) / 10).toFixed(1) });
}

/** How long something has lasted: a tenth of a minute would only flicker. */
export function wholeMinutes(seconds) {
  if (seconds === null || seconds === undefined) return "–";
  return seconds < 60 ? t("under 1 min") : t("{n} min", { n: Math.floor(seconds / 60) });
}

export const statusWord = (status) =>
  ({
    idle: t("Idle"),
    serving: t("Serving"),
    called: t("Called"),
    paused: t("Paused"),
    closed: t("Closed"),
  })[status] || status;

export const STATUS_LOOK = {
  idle: ["○", "warn"],
  serving: ["▶", "busy"],
  called: ["◎", "busy"],
  paused: ["❚❚", ""],
  closed: ["–", ""],
};

byId("sign-out").addEventListener("click", async () => {
  await post("/sign-out").catch(() => null);
  toSignIn();
});
setInterval(() => isKnown() && setText(byId("clock"), hallTime(serverNowMs())), 500);
