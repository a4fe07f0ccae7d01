// Draws one window: its state, the ticket at it, who is next and why, and the lists.

import { hallTime, isKnown, secondsSince, serverNowMs, stopwatch, timeOf } from "/static/pages/clock.js";
import { byId, el, keyed, setText } from "/static/pages/dom.js";
import { named, pageData, spoken, t } from "/static/pages/texts.js";
import { showPerson } from "./person.js";

function stateWords(view) {
  if (view.state === "open") return t("Open");
  if (view.state === "closed") return view.standby ? t("Standing by") : t("Closed");
  const reasons = pageData().pause_reasons;
  const reason = reasons.find((each) => each.zh === view.pause_reason || each.en === view.pause_reason);
  const words = reason ? spoken(reason) : view.pause_reason;
  return words ? t("Paused: {reason}", { reason: words }) : t("Paused");
}

/** `act(action, body)` is what the buttons of the lists do. */
export function drawWindow(view, act) {
  setText(byId("title"), named(view) + " · " + named(view, "zone_name"));
  const mark = view.wanted.some((call) => call.state === "asked") ? "▶ " : "";
  document.title = mark + (view.ticket ? view.ticket.number + " · " : "") + named(view);
  const chip = byId("window-state");
  chip.hidden = false;
  chip.className = "chip " + { open: "good", paused: "warn", closed: "" }[view.state];
  setText(chip, { open: "● ", paused: "❚❚ ", closed: "○ " }[view.state] + stateWords(view));
  showCurrent(view);
  showTide(view);
  setText(byId("turn"), view.turn ? "▶ " + t("Your turn: somebody is waiting for you to call") : "");
  setText(byId("waiting"), String(view.waiting));
  setText(byId("done"), String(view.done_today));
  byId("next-box").hidden = !view.next;
  if (view.next) {
    setText(byId("next-number"), view.next.number);
    setText(byId("next-why"), spoken(view.next.why));
  }
  showList("held", view.held, "resume", act);
  showList("missed", view.missed, "reinstate", act);
  keyed(byId("queue"), view.queue, (ticket) => ticket.id, buildRow, updateRow);
  byId("queue-empty").hidden = view.queue.length > 0;
  byId("queue-more").hidden = view.waiting <= view.queue.length;
  setText(byId("queue-more"), t("and {n} more", { n: view.waiting - view.queue.length }));
  tickWindow(view);
}

function showCurrent(view) {
  const ticket = view.ticket;
  byId("current-ticket").hidden = !ticket;
  byId("no-ticket").hidden = Boolean(ticket);
  byId("current-state").hidden = !ticket;
  showEnding(view);
  setText(byId("recalls-left"), ticket && ticket.state === "called" ? t("{n} left", { n: view.recalls_left }) : "");
  showPerson(ticket);
  if (!ticket) return;
  setText(byId("current-number"), ticket.number);
  const booked = ticket.on_time ? " · " + t("appointment") : "";
  setText(byId("current-service"), named(ticket, "service_name") + booked);
  setText(byId("current-why"), spoken(view.why));
  const isServing = ticket.state === "serving";
  byId("current-state").className = "chip " + (isServing ? "busy" : "warn");
  setText(byId("current-state"), isServing ? "▶ " + t("Being served") : "◎ " + t("Called"));
  setText(byId("timer-label"), isServing ? t("Being served for") : t("Called since"));
}

/** Under the big button: what it does beside, or why it does not listen. */
function hintOf(view, step) {
  if (!byId("away").hidden) return t("Cut off from the server: works again by itself");
  if (view.state !== "open") return t("Open the window first");
  return step ? t("and call next") : "";
}

/** What finishing means for the ticket: the end, or on to the next step of the visit. */
export function showEnding(view) {
  const ticket = view.ticket;
  const step = ticket && ticket.goes_on ? { service: named(ticket.goes_on) } : null;
  const isTurnedAway = Boolean(ticket) && ticket.then.length > 0 && !step;
  const whole = { ticket: t("Finish and call next"), away: t("End the visit and call next"), step: step && t("Passed: on to {service}", step) };
  setText(byId("call-next-text"), step ? whole.step : isTurnedAway ? whole.away : ticket ? whole.ticket : t("Call next"));
  setText(byId("call-next-hint"), hintOf(view, step));
  setText(byId("finish-text"), step ? t("Passed") : isTurnedAway ? t("End the visit") : t("Finish"));
  byId("current-case").hidden = !ticket || !ticket.case;
  if (ticket && ticket.case) {
    setText(byId("current-case-text"), t("Fetches the result of {number}", { number: ticket.case }));
    byId("current-case-link").href = "/pickup?case=" + encodeURIComponent(ticket.case);
  }
  byId("call-next").classList.toggle("goes-on", Boolean(step));
  byId("current-then").hidden = !ticket || ticket.then.length === 0;
  if (!ticket || !ticket.then.length) return;
  const services = ticket.then.map((each) => named(each)).join(" → ");
  setText(byId("current-then"), isTurnedAway ? t("To be corrected: the visit ends here") : t("Pre-check, then {services}", { services }));
}

/** Where a window is that was moved, why and until when; and a move that waits for the ticket to go. */
function showTide(view) {
  const isAway = view.zone_now !== view.zone;
  const pending = view.pending;
  byId("tide").hidden = !isAway && !pending && !view.standby && !view.until;
  const zone = pending ? named(pending, "zone_name") : named(view, "zone_now_name");
  const end = pending ? pending.until : view.until;
  const said = { zone, time: end ? timeOf(end) : "" };
  if (pending) setText(byId("tide-where"), end ? t("After this ticket: to {zone}, until {time}", said) : t("After this ticket: to {zone}", said));
  else if (view.standby) setText(byId("tide-where"), t("Standing by"));
  else setText(byId("tide-where"), end ? t("Now for {zone}, until {time}", said) : t("Now for {zone}", said));
  setText(byId("tide-why"), pending ? "" : spoken(view.why_here));
}

/** What goes on by itself: the clock, the ticket's timer and how long each has waited. */
export function tickWindow(view) {
  if (isKnown()) setText(byId("clock"), hallTime(serverNowMs()));
  const ticket = view && view.ticket;
  if (ticket) setText(byId("timer"), stopwatch(secondsSince(ticket.started_at || ticket.called_at)));
  byId("queue").querySelectorAll("time").forEach(age);
}

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

function showList(name, tickets, action, act) {
  byId(name + "-box").hidden = tickets.length === 0;
  const word = action === "resume" ? t("Resume") : t("Back in line");
  keyed(byId(name), tickets, (ticket) => ticket.id, (ticket) => {
    const button = el("button", { type: "button", "data-row": action, click: () => act(action, { ticket: ticket.id }) }, word);
    button.setAttribute("aria-label", word + " " + ticket.number);
    const what = el("span", { class: "what" }, named(ticket, "service_name"));
    return el("li", {}, el("b", { class: "number" }, ticket.number), what, button);
  });
}
