// The clerk's console: shows one window from the feed and sends what the clerk presses.

import { get, post, Refusal, Unreachable } from "/static/pages/api.js";
import { heardTime } from "/static/pages/clock.js";
import { byId, el, setText } from "/static/pages/dom.js";
import { follow } from "/static/pages/feed.js";
import { currentLanguage, named, pageData, t } from "/static/pages/texts.js";
import { allowed, Desk } from "./desk.js";
import { numberDialog, pauseDialog, transferDialog } from "./dialogs.js";
import { expertDialog, forgetCalls, showCalls, tickCalls } from "./experts.js";
import { guideDialog } from "./guide.js";
import { showIssue } from "./issue.js";
import { bindKeys, showKeys } from "./keyboard.js";
import { openMini } from "./mini.js";
import { outcomePanel } from "./outcome.js";
import { knowGroups } from "./person.js";
import { drawWindow, showEnding, tickWindow } from "./screen.js";
import { showSettled } from "./settled.js";
import { forgetUndo, offerUndo, tickUndo, undoOnlyOf } from "./undo.js";

const LAST_WINDOW = "chaoxi.window";
const page = pageData();
const lang = currentLanguage();
let desk = null;
let stopFeed = null;
let mini = null;
let kinds = [];

/* Signing in */

function windowOptions(chosen) {
  const zones = new Map(page.windows.map((window) => [window.zone, named(window, "zone_name")]));
  return Array.from(zones, ([zone, name]) => {
    const windows = page.windows.filter((window) => window.zone === zone);
    const options = windows.map((each) => el("option", { value: each.id, selected: each.id === chosen }, named(each)));
    return el("optgroup", { label: name }, ...options);
  });
}

function showSignIn() {
  if (stopFeed) stopFeed();
  stopFeed = null;
  desk = null;
  document.body.classList.remove("waking");
  byId("work").hidden = true;
  byId("sign-in").hidden = false;
  byId("sign-out").hidden = true;
  byId("signed-in-tools").hidden = true;
  byId("window-state").hidden = true;
  byId("window").replaceChildren(...windowOptions(localStorage.getItem(LAST_WINDOW)));
  byId("user").focus();
}

byId("sign-in-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  byId("sign-in-trouble").hidden = true;
  byId("sign-in-button").disabled = true;
  try {
    const form = { user: byId("user").value.trim(), password: byId("password").value, window: byId("window").value };
    const signedIn = await post("/sign-in", form);
    byId("password").value = "";
    localStorage.setItem(LAST_WINDOW, form.window);
    work(signedIn, form.window);
  } catch (error) {
    byId("sign-in-trouble").hidden = false;
    setText(byId("sign-in-trouble"), sentenceOf(error));
    byId("password").select();
  }
  byId("sign-in-button").disabled = false;
});

byId("sign-out").addEventListener("click", async () => {
  try {
    await post("/sign-out");
    showSignIn();
  } catch (error) {
    troubled(error);
  }
});

function sentenceOf(error) {
  if (error instanceof Refusal) return error.sentence(lang);
  if (error instanceof Unreachable) return t("The server does not answer. Please try again in a moment");
  throw error;
}

/* Working at a window */

function mayChooseWindow(person) {
  return person.roles.some((role) => role !== "clerk");
}

function work(person, window) {
  byId("sign-in").hidden = true;
  byId("work").hidden = false;
  byId("sign-out").hidden = false;
  byId("signed-in-tools").hidden = false;
  document.body.classList.remove("waking");
  const others = byId("other-window");
  others.hidden = !mayChooseWindow(person);
  others.replaceChildren(...windowOptions(window));
  others.onchange = () => sit(person, others.value);
  sit(person, window);
  byId("work").focus({ preventScroll: true });
}

function sit(person, window) {
  if (stopFeed) stopFeed();
  setText(byId("subtitle"), person.name);
  forgetUndo();
  forgetCalls();
  desk = new Desk(window, { busy, view: show, nobody, trouble: troubled, done: said, rests });
  const mine = desk;
  buttons();
  stopFeed = follow("window=" + encodeURIComponent(window), {
    view: (view) => view.window === window && mine === desk && mine.take(view),
    state: (state, status) => connection(state, status),
  });
}

function connection(state, status) {
  if (state === "refused" && (status === 401 || status === 403)) {
    showSignIn();
    return;
  }
  if (state === "connecting") return;
  const isAway = state !== "live";
  byId("away").hidden = !isAway;
  byId("work").classList.toggle("away", isAway);
  if (desk && desk.view) showEnding(desk.view);
  buttons();
  if (mini) mini.away(isAway);
}

const act = (action, body) => desk.act(action, body);

function show(view) {
  drawWindow(view, act);
  showSettled(view, act, sentenceOf);
  showCalls(view, troubled);
  undoOnlyOf(view.missed);
  buttons();
  if (mini) mini.show(view);
}

setInterval(() => {
  tickWindow(desk && desk.view);
  tickCalls();
  tickUndo();
  if (mini && desk) mini.tick();
}, 1000);

/* Buttons: never enabled while a press is on its way or the server is away */

const BUTTONS = ["call-next", "recall", "start", "finish", "no-show", "hold", "outcome", "transfer", "expert", "proof-yes", "proof-no", "call-number", "open", "pause", "close", "standby"];

function buttons() {
  if (!desk) return;
  const may = desk.view ? allowed(desk.view) : {};
  const isShut = !desk.view || Boolean(desk.inFlight) || !byId("away").hidden;
  // aria-disabled and not disabled: a button that loses `disabled` in mid-use would lose the keyboard's focus too.
  for (const id of BUTTONS) byId(id).setAttribute("aria-disabled", String(isShut || !may[id]));
  for (const id of ["issue", "guide"]) byId(id).setAttribute("aria-disabled", String(isShut));
  if (!desk.view) return;
  byId("open").hidden = !may.open;
  byId("pause").hidden = !may.pause;
  byId("standby").hidden = !desk.view.tidal || desk.view.standby;
  document.querySelectorAll("[data-row=resume]").forEach((each) => (each.disabled = isShut || Boolean(desk.view.ticket)));
  document.querySelectorAll("[data-row=reinstate]").forEach((each) => (each.disabled = isShut));
}

/** Shows that the big button does not listen for a moment (a second press of a double click). */
function rests(ms) {
  const button = byId("call-next");
  button.dataset.resting = "true";
  setTimeout(() => delete button.dataset.resting, ms);
}

function busy(action) {
  byId("work").setAttribute("aria-busy", String(Boolean(action)));
  if (action) byId("trouble").hidden = true;
  buttons();
  if (mini) mini.busy(Boolean(action));
}

function nobody() {
  setText(byId("said"), t("Nobody is waiting for this window"));
}

function troubled(error) {
  const box = byId("trouble");
  box.hidden = false;
  setText(box, sentenceOf(error));
  if (error instanceof Refusal && error.status === 401) showSignIn();
}

function said(action, before, after) {
  const was = before && before.ticket ? before.ticket.number : "";
  const is = after && after.ticket ? after.ticket.number : "";
  const sentences = {
    "call-next": is && t("{number} called", { number: is }),
    call: t("{number} called", { number: is }),
    resume: t("{number} called", { number: is }),
    recall: t("{number} called again", { number: is }),
    start: t("{number} is being served", { number: is }),
    finish: before && before.ticket && before.ticket.goes_on ? t("{number} goes on to {service}", { number: was, service: named(before.ticket.goes_on) }) : t("{number} finished", { number: was }),
    settle: after && t("Settled: {title}", { title: (after.settled[after.settled.length - 1] || {}).title }),
    retract: t("Taken back"),
    expert: t("The expert has been called"),
    hold: t("{number} is on hold", { number: was }),
    transfer: t("{number} transferred", { number: was }),
    reinstate: t("Back in line"),
    proof: after && after.ticket && after.ticket.proof === "refuted" ? t("Noted: no proof. The place in the line stays") : t("Noted: the proof is right"),
    open: t("The window is open"),
    pause: t("The window is paused"),
    close: after && after.standby ? t("You stand by: the window opens when it is needed") : t("The window is closed"),
  };
  if (sentences[action]) setText(byId("said"), sentences[action]);
  if (action === "no-show") offerUndo(before.ticket, act);
  if (action === "reinstate") forgetUndo();
}

/* What can be pressed, by button or key */

const ACTIONS = {
  "call-next": () => desk.callNext(),
  recall: () => desk.act("recall"),
  start: () => desk.act("start"),
  finish: () => desk.act("finish", {}),
  "no-show": () => desk.act("no-show"),
  hold: () => desk.act("hold"),
  outcome: () => outcomePanel(desk, sentenceOf, troubled),
  transfer: () => transferDialog(desk, troubled),
  expert: () => expertDialog(desk, troubled),
  "proof-yes": () => desk.act("proof", { ticket: desk.view.ticket.id, confirmed: true }),
  "proof-no": () => desk.act("proof", { ticket: desk.view.ticket.id, confirmed: false }),
  pause: () => pauseDialog(desk),
  open: () => desk.act("open"),
  close: () => desk.act("close"),
  standby: () => desk.act("close", { standby: true }),
  "call-number": () => numberDialog(desk),
  guide: () => guideDialog(desk, kinds, () => setText(byId("said"), t("A guide has been called"))),
  issue: () => showIssue(page.printers, troubled),
};

function press(action) {
  if (!desk || !desk.view || byId("work").hidden || document.querySelector("dialog[open]")) return;
  if (byId(action).getAttribute("aria-disabled") === "true" || byId(action).hidden) return;
  setText(byId("said"), "");
  ACTIONS[action]();
}

for (const action of Object.keys(ACTIONS)) byId(action).addEventListener("click", () => press(action));
bindKeys(press);
byId("open-keys").addEventListener("click", showKeys);
byId("open-mini").addEventListener("click", async () => {
  mini = await openMini({ desk: () => desk, press, closed: () => (mini = null) });
});

async function begin() {
  try {
    const hall = await get("/hall");
    heardTime(hall.now);
    knowGroups(hall.groups);
    kinds = hall.assistance;
    byId("guide").hidden = kinds.length === 0;
    byId("expert").hidden = !pageData().has_experts;
    const person = await get("/me");
    const asked = new URLSearchParams(location.search).get("window");
    const window = person.window || (mayChooseWindow(person) && (asked || localStorage.getItem(LAST_WINDOW)));
    if (window) work(person, window);
    else showSignIn();
  } catch (error) {
    if (error instanceof Refusal) showSignIn();
    else {
      byId("away").hidden = false;
      setTimeout(begin, 2000);
      return;
    }
  }
  byId("away").hidden = true;
}

begin();
