// A supervisor's live view of one zone: its windows, who is idle since when, and who waits.

import { secondsSince } from "./clock.js";
import { called, hearNames, languageOf } from "./colleagues.js";
import { byId, el, keyed, setText } from "./dom.js";
import { get } from "./api.js";
import { fetchHall, followAs, minutes, STATUS_LOOK, statusWord, wholeMinutes } from "./staff.js";
import { followTides } from "./tides.js";
import { watchCases } from "./case-alerts.js";
import { showWaitAlarms } from "./wait-alarms.js";
import { named, pageData, t } from "./texts.js";

let view = null;
let takenAt = 0;

function buildWindow(window) {
  return el(
    "li",
    { class: "card window-card" },
    el("header", {}, el("h3", {}, named(window)), el("span", { class: "chip" })),
    el("p", { class: "ticket number" }),
    el("p", { class: "soft state" }, el("span", { class: "clerk" }), el("span", { class: "since" })),
    el("p", { class: "place" }),
  );
}

function updateWindow(card, window) {
  const [icon, look] = STATUS_LOOK[window.status] || ["", ""];
  card.dataset.status = window.status;
  const chip = card.querySelector(".chip");
  chip.className = "chip " + look;
  setText(chip, window.standby ? "◔ " + t("Standing by") : icon + " " + statusWord(window.status));
  setText(card.querySelector(".ticket"), window.ticket ? window.ticket.number : "–");
  const since = window.since_s === null ? null : window.since_s + (performance.now() - takenAt) / 1000;
  const clerk = card.querySelector(".clerk");
  setText(clerk, called(window.clerk));
  clerk.lang = languageOf(clerk.textContent);
  setText(card.querySelector(".since"), since === null ? "" : wholeMinutes(since));
  setText(card.querySelector(".place"), placeOf(window));
}

/** Where a window is that is not simply at home, seen from this zone. */
function placeOf(window) {
  if (window.pending) return "→ " + t("after this ticket to {zone}", { zone: named(window.pending, "zone_name") });
  if (view.guests.includes(window)) return "← " + t("comes to help");
  return window.zone_now === view.zone ? "" : "→ " + named(window, "zone_now_name");
}

function buildTicket(ticket) {
  const chip = ticket.group ? el("span", { class: "chip warn" }, t("priority")) : null;
  const what = el("span", { class: "what" }, named(ticket, "service_name"), chip);
  return el("li", {}, el("b", { class: "number" }, ticket.number), what, el("time", { datetime: ticket.issued_at, class: "soft" }));
}

function updateTicket(row) {
  const time = row.querySelector("time");
  setText(time, t("{n} min", { n: Math.floor(secondsSince(time.dateTime) / 60) }));
}

function tickets(name, list) {
  keyed(byId(name), list, (ticket) => ticket.id, buildTicket, updateTicket);
  if (byId(name + "-box")) byId(name + "-box").hidden = list.length === 0;
}

function draw() {
  if (!view) return;
  const totals = {
    waiting: String(view.waiting),
    longest_wait_s: minutes(view.longest_wait_s),
    mean_wait_s: minutes(view.mean_wait_s),
    p90_wait_s: minutes(view.p90_wait_s),
    served: view.served_today + " / " + view.issued_today,
    open_windows: view.open_windows + " / " + view.total_windows,
  };
  for (const node of byId("totals").querySelectorAll("[data-total]")) setText(node, totals[node.dataset.total]);
  setText(byId("title"), named(view));
  document.title = named(view);
  showWaitAlarms(view.alarms);
  keyed(byId("windows"), view.windows.concat(view.guests), (window) => window.window, buildWindow, updateWindow);
  tickets("queue", view.queue);
  tickets("held", view.held);
  tickets("missed", view.missed);
  byId("queue-empty").hidden = view.queue.length > 0;
  byId("queue-more").hidden = view.waiting <= view.queue.length;
  setText(byId("queue-more"), t("and {n} more", { n: view.waiting - view.queue.length }));
}

fetchHall().then(async (hall) => {
  byId("away").hidden = true;
  await hearNames();
  const isLeader = await get("/me").then((person) => person.roles.some((role) => role !== "clerk"), () => false);
  if (isLeader) {
    followTides(hall, pageData().zone);
    watchCases(pageData().zone);
  }
  followAs("zone=" + encodeURIComponent(pageData().zone), (zone) => {
    view = zone;
    takenAt = performance.now();
    draw();
  });
});
setInterval(draw, 5000);
