// The clerk's console: shows one window from the feed and sends what the clerk presses.

import { get, post, Refusal, Unreachable } from "/static/pages/api.js";
import { hallTime, heardTime, isKnown, secondsSince, serverNowMs, stopwatch } from "/static/pages/clock.js";
import { byId, el, keyed, setText } from "/static/pages/dom.js";
import { follow } from "/static/pages/feed.js";
import { currentLanguage, named, pageData, spoken, t } from "/static/pages/texts.js";
import { filterBy, showChoices } from "./choices.js";
import { allowed, Desk } from "./desk.js";
import { showIssue } from "./issue.js";
import { bindKeys, showKeys } from "./keyboard.js";
import { openMini } from "./mini.js";

const UNDO_S = 60;
const LAST_WINDOW = "chaoxi.window";
const page = pageData();
const lang = currentLanguage();
let desk = null;
let stopFeed = null;
let undo = null;
let mini = null;

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
  byId("work").focus();
}

function sit(person, window) {
  if (stopFeed) stopFeed();
  setText(byId("subtitle"), person.user);
  forgetUndo();
  desk = new Desk(window, { busy, view: show, nobody, trouble: troubled, done: said });
  const mine = desk;
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
  buttons();
  if (mini) mini.away(isAway);
}

const STATES = { open: "open", paused: "paused", closed: "closed" };

function stateWords(view) {
  if (view.state === STATES.open) return t("Open");
  if (view.state === STATES.closed) return t("Closed");
  const reason = page.pause_reasons.find((each) => each.zh === view.pause_reason || each.en === view.pause_reason);
  const words = reason ? spoken(reason) : view.pause_reason;
  return words ? t("Paused: {reason}", { reason: words }) : t("Paused");
}

function show(view) {
  setText(byId("title"), named(view) + " · " + named(view, "zone_name"));
  document.title = (view.ticket ? view.ticket.number + " · " : "") + named(view);
  const chip = byId("window-state");
  chip.hidden = false;
  chip.className = "chip " + { open: "good", paused: "warn", closed: "" }[view.state];
  setText(chip, { open: "● ", paused: "❚❚ ", closed: "○ " }[view.state] + stateWords(view));
  showCurrent(view);
  setText(byId("waiting"), String(view.waiting));
  setText(byId("done"), String(view.done_today));
  byId("next-box").hidden = !view.next;
  if (view.next) {
    setText(byId("next-number"), view.next.number);
    setText(byId("next-why"), spoken(view.next.why));
  }
  showList("held", view.held, "resume");
  showList("missed", view.missed, "reinstate");
  keyed(byId("queue"), view.queue, (ticket) => ticket.id, buildRow, updateRow);
  byId("queue-empty").hidden = view.queue.length > 0;
  byId("queue-more").hidden = view.waiting <= view.queue.length;
  setText(byId("queue-more"), t("and {n} more", { n: view.waiting - view.queue.length }));
  if (undo && !view.missed.some((ticket) => ticket.number === undo.number)) forgetUndo();
  buttons();
  tick();
  if (mini) mini.show(view);
}

function showCurrent(view) {
  const ticket = view.ticket;
  byId("current-ticket").hidden = !ticket;
  byId("no-ticket").hidden = Boolean(ticket);
  byId("current-state").hidden = !ticket;
  setText(byId("call-next-text"), ticket ? t("Finish and call next") : t("Call next"));
  setText(byId("call-next-hint"), view.state === "open" ? "" : t("Open the window first"));
  setText(byId("recalls-left"), ticket && ticket.state === "called" ? t("{n} left", { n: view.recalls_left }) : "");
  if (!ticket) return;
  setText(byId("current-number"), ticket.number);
  const group = ticket.group ? " · " + t("priority") : "";
  setText(byId("current-service"), named(ticket, "service_name") + group);
  setText(byId("current-why"), spoken(view.why));
  const isServing = ticket.state === "serving";
  byId("current-state").className = "chip " + (isServing ? "busy" : "warn");
  setText(byId("current-state"), isServing ? "▶ " + t("Being served") : "◎ " + t("Called"));
  setText(byId("timer-label"), isServing ? t("Being served for") : t("Called since"));
}

function tick() {
  if (isKnown()) setText(byId("clock"), hallTime(serverNowMs()));
  const ticket = desk && desk.view && desk.view.ticket;
  if (ticket) setText(byId("timer"), stopwatch(secondsSince(ticket.started_at || ticket.called_at)));
  if (mini && desk) mini.tick();
  byId("queue").querySelectorAll("time").forEach(age);
  if (undo) showUndo();
}

setInterval(tick, 1000);

function age(node) {
  setText(node, t("{n} min", { n: Math.floor(secondsSince(node.dateTime) / 60) }));
}

function buildRow(ticket) {
  return el(
    "li",
    {},
    el("b", { class: "number" }, ticket.number),
    el("span", { class: "what" }, named(ticket, "service_name"), ticket.group ? el("span", { class: "chip warn" }, t("priority")) : null),
    el("time", { datetime: ticket.issued_at, class: "soft" }),
  );
}

function updateRow(row) {
  age(row.querySelector("time"));
}

function showList(name, tickets, action) {
  byId(name + "-box").hidden = tickets.length === 0;
  const word = action === "resume" ? t("Resume") : t("Back in line");
  keyed(byId(name), tickets, (ticket) => ticket.id, (ticket) => {
    const button = el("button", { type: "button", "data-row": action, click: () => desk.act(action, { ticket: ticket.id }) }, word);
    button.setAttribute("aria-label", word + " " + ticket.number);
    const what = el("span", { class: "what" }, named(ticket, "service_name"));
    return el("li", {}, el("b", { class: "number" }, ticket.number), what, button);
  });
}

/* Buttons: never enabled while a press is on its way or the server is away */

const BUTTONS = ["call-next", "recall", "start", "finish", "no-show", "hold", "transfer", "call-number", "open", "pause", "close"];

function buttons() {
  if (!desk || !desk.view) return;
  const may = allowed(desk.view);
  const isShut = Boolean(desk.inFlight) || !byId("away").hidden;
  // aria-disabled and not disabled: a button that loses `disabled` in mid-use would lose the keyboard's focus too.
  for (const id of BUTTONS) byId(id).setAttribute("aria-disabled", String(isShut || !may[id]));
  byId("issue").setAttribute("aria-disabled", String(isShut));
  byId("open").hidden = !may.open;
  byId("pause").hidden = !may.pause;
  document.querySelectorAll("[data-row=resume]").forEach((each) => (each.disabled = isShut || Boolean(desk.view.ticket)));
  document.querySelectorAll("[data-row=reinstate]").forEach((each) => (each.disabled = isShut));
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
    finish: t("{number} finished", { number: was }),
    hold: t("{number} is on hold", { number: was }),
    transfer: t("{number} transferred", { number: was }),
    reinstate: t("Back in line"),
    open: t("The window is open"),
    pause: t("The window is paused"),
    close: t("The window is closed"),
  };
  if (sentences[action]) setText(byId("said"), sentences[action]);
  if (action === "no-show") undo = { number: was, id: before.ticket.id, untilMs: Date.now() + UNDO_S * 1000 };
  else if (action === "reinstate") forgetUndo();
  if (undo) showUndo();
}

/* Taking a wrong no-show back */

function showUndo() {
  const left = Math.ceil((undo.untilMs - Date.now()) / 1000);
  if (left <= 0) {
    forgetUndo();
    return;
  }
  byId("undo").hidden = false;
  setText(byId("undo-text"), t("{number} did not come", { number: undo.number }));
  setText(byId("undo-button"), t("Undo ({n} s)", { n: left }));
}

function forgetUndo() {
  undo = null;
  byId("undo").hidden = true;
}

byId("undo-button").addEventListener("click", () => undo && desk.act("reinstate", { ticket: undo.id }));

/* Dialogs */

document.querySelectorAll("[data-close]").forEach((button) => button.addEventListener("click", () => button.closest("dialog").close()));

function pauseDialog() {
  const dialog = byId("pause-dialog");
  const pick = (reason) => () => {
    dialog.close();
    desk.act("pause", reason ? { reason: reason.zh } : {});
  };
  const items = page.pause_reasons.map((reason) => ({ text: spoken(reason), note: "", search: "", pick: pick(reason) }));
  items.push({ text: t("Without a reason"), note: "", search: "", pick: pick(null) });
  showChoices(byId("pause-reasons"), [{ title: "", items }], "");
  dialog.showModal();
  byId("pause-reasons").querySelector("button").focus();
}

async function transferDialog() {
  const ticket = desk.view.ticket;
  try {
    const hall = await get("/hall");
    const zones = await Promise.all(hall.zones.map((zone) => get("/zones/" + encodeURIComponent(zone.id))));
    const dialog = byId("transfer-dialog");
    const pick = (target) => () => {
      dialog.close();
      desk.act("transfer", target);
    };
    const services = hall.zones.map((zone) => ({
      title: t("Services: {zone}", { zone: named(zone) }),
      items: zone.services
        .filter((service) => service.id !== ticket.service)
        .map((service) => ({
          text: named(service),
          note: t("{n} waiting", { n: service.waiting }),
          search: [service.name, service.name_en, service.department].concat(service.keywords).join(" "),
          pick: pick({ service: service.id }),
        })),
    }));
    const windows = zones.map((zone) => ({
      title: t("Windows: {zone}", { zone: named(zone) }),
      items: zone.windows
        .filter((window) => window.state === "open" && window.window !== desk.window)
        .map((window) => ({
          text: named(window),
          note: window.ticket ? window.ticket.number : t("free"),
          search: window.window + " " + window.name + " " + window.name_en,
          pick: pick({ window: window.window }),
        })),
    }));
    const own = services.filter((_, n) => hall.zones[n].id === desk.view.zone);
    const rest = services.filter((_, n) => hall.zones[n].id !== desk.view.zone);
    setText(byId("transfer-number"), ticket.number);
    filterBy(byId("transfer-filter"), byId("transfer-choices"), byId("transfer-none"), own.concat(windows, rest));
    dialog.showModal();
    byId("transfer-filter").focus();
  } catch (error) {
    troubled(error);
  }
}

byId("number-form").addEventListener("submit", () => {
  desk.act("call", { ticket: byId("number").value.trim().toUpperCase() });
});

function numberDialog() {
  byId("number").value = "";
  byId("number-dialog").showModal();
}

/* What can be pressed, by button or key */

export const ACTIONS = {
  "call-next": () => desk.callNext(),
  recall: () => desk.act("recall"),
  start: () => desk.act("start"),
  finish: () => desk.act("finish", {}),
  "no-show": () => desk.act("no-show"),
  hold: () => desk.act("hold"),
  transfer: transferDialog,
  pause: pauseDialog,
  open: () => desk.act("open"),
  close: () => desk.act("close"),
  "call-number": numberDialog,
  issue: () => showIssue(page.printers, troubled),
};

function press(action) {
  if (!desk || byId("work").hidden || document.querySelector("dialog[open]")) return;
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
    heardTime((await get("/hall")).now);
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
