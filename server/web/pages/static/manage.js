// The manager's page: the hall live, from the figures of the day.

import { timeOf } from "./clock.js";
import { byId, el, keyed, setText, zoneColour } from "./dom.js";
import { watchCases } from "./case-alerts.js";
import { showWaitAlarms } from "./wait-alarms.js";
import { fetchHall, followAs, minutes, STATUS_LOOK, statusWord, wholeMinutes } from "./staff.js";
import { currentLanguage, named, t } from "./texts.js";

const CHART_EVERY_MS = 60000;
const LOADS = { idle: ["○", ""], normal: ["●", "good"], busy: ["▲", "warn"], drowning: ["⚠", "bad"] };
const loadWord = (load) =>
  ({ idle: t("Little to do"), normal: t("Steady"), busy: t("Busy"), drowning: t("Overwhelmed") })[load] || load;

const CONDITIONS = () => ({
  near_end: t("paper nearly used up"),
  paper_out: t("out of paper"),
  cover_open: t("cover open"),
  offline: t("switched off line"),
  error: t("printer fault"),
  unreachable: t("no connection to the printer"),
});

const sum = (things, field) => things.reduce((total, thing) => total + (thing[field] || 0), 0);
let hallZones = new Map();

function fact(name, label) {
  return el("div", {}, el("dt", {}, label), el("dd", { class: "number", "data-fact": name }));
}

function buildZone(zone) {
  const from = hallZones.get(zone.zone) || { mark: "", colour: "" };
  const card = el(
    "li",
    { class: "card zone-card" },
    el(
      "header",
      {},
      el("span", { class: "mark", "aria-hidden": "true" }, from.mark),
      el("h3", {}, el("a", { href: "/zone/" + encodeURIComponent(zone.zone) }, named(zone))),
      el("span", { class: "chip" }),
    ),
    el(
      "dl",
      {},
      fact("waiting", t("Waiting")),
      fact("longest_wait_s", t("Longest wait")),
      fact("mean_wait_s", t("Mean wait today")),
      fact("p90_wait_s", t("9 of 10 wait under")),
      fact("open_windows", t("Open windows")),
      fact("idle_windows", t("Idle windows")),
    ),
  );
  zoneColour(card, from.colour);
  return card;
}

function updateZone(card, zone) {
  const [icon, look] = LOADS[zone.load] || ["", ""];
  card.dataset.load = zone.load;
  const chip = card.querySelector(".chip");
  chip.className = "chip " + look;
  // People before shut windows are no rush: what is missing is a clerk.
  const isUnstaffed = zone.load === "drowning" && zone.open_windows === 0;
  setText(chip, icon + " " + (isUnstaffed ? t("No window open") : loadWord(zone.load)));
  const set = (name, text) => setText(card.querySelector('[data-fact="' + name + '"]'), text);
  set("waiting", String(zone.waiting));
  for (const name of ["longest_wait_s", "mean_wait_s", "p90_wait_s"]) set(name, minutes(zone[name]));
  set("open_windows", zone.open_windows + " / " + zone.total_windows);
  set("idle_windows", String(zone.idle_windows));
}

function showTotals(zones) {
  for (const node of byId("totals").querySelectorAll("[data-total]")) {
    const name = node.dataset.total;
    const total = sum(zones, name);
    setText(node, name === "open_windows" ? total + " / " + sum(zones, "total_windows") : String(total));
  }
}

/** Printers that somebody must see to: worst first, each with since when. */
function showAlarms(devices) {
  const troubled = devices.filter((device) => device.alarm !== "none");
  troubled.sort((a, b) => (a.alarm === b.alarm ? 0 : a.alarm === "alarm" ? -1 : 1));
  keyed(byId("alarms"), troubled, (device) => device.device, () => el("li"), (node, device) => {
    node.className = "alarm " + (device.alarm === "alarm" ? "bad" : "warn");
    const what = CONDITIONS()[device.printer] || device.printer;
    const said = { device: named(device), condition: what, time: timeOf(device.since) };
    setText(node, (device.alarm === "alarm" ? "⚠ " : "▲ ") + t("{device}: {condition}, since {time}", said));
  });
}

/** The first `words` cells are words, the others figures. */
function row(list, words, cells) {
  cells.forEach((text, place) => {
    let cell = list.children[place];
    if (!cell) {
      cell = el(place ? "td" : "th", place ? {} : { scope: "row" });
      list.append(cell);
    }
    cell.className = place < words ? "" : "figure number";
    setText(cell, text);
  });
}

const share = (part, whole) => part + " / " + whole + (whole ? " · " + Math.round((100 * part) / whole) + "%" : "");

function limitWords(limits) {
  const said = [];
  if (limits.open_per_service) said.push(t("one person holds {n} open for the same service at most", { n: limits.open_per_service }));
  if (limits.per_day) said.push(t("{n} a day at most", { n: limits.per_day }));
  return said.length ? t("Limits: {limits}; what staff gave beyond them stands here", { limits: said.join(t(", ")) }) : t("This hall sets no limits for one person");
}

/** Whether tickets are in a name, what priority was proved by, and what was given beyond the limits. */
function showIdentity(identity) {
  setText(byId("named"), share(identity.named, identity.tickets));
  setText(byId("over-count"), String(identity.over_limit.length));
  for (const node of document.querySelectorAll("[data-proof]")) setText(node, String(identity.proofs[node.dataset.proof]));
  setText(byId("limits"), limitWords(identity.limits));
  keyed(byId("over-limit"), identity.over_limit, (each) => each.number, (each) =>
    el("li", {}, el("b", { class: "number" }, each.number), el("span", {}, named(each, "service_name")), el("time", { class: "soft" }, timeOf(each.issued_at))),
  );
}

function show(stats) {
  const zoneNames = new Map(stats.zones.map((zone) => [zone.zone, named(zone)]));
  showTotals(stats.zones);
  showAlarms(stats.devices);
  showWaitAlarms(stats.alarms);
  showIdentity(stats.identity);
  for (const node of document.querySelectorAll("[data-tide]")) {
    const value = stats.tides[node.dataset.tide];
    setText(node, node.dataset.tide === "cost_min" ? t("{n} min", { n: value }) : String(value));
  }
  keyed(byId("zones"), stats.zones, (zone) => zone.zone, buildZone, updateZone);
  const line = () => el("tr");
  keyed(byId("quarters"), stats.quarters, (each) => each.at, line, (node, each) => {
    const counts = [each.issued, each.called, each.served, each.waiting].map(String);
    row(node, 1, [timeOf(each.at)].concat(counts, minutes(each.mean_wait_s)));
  });
  keyed(byId("services"), stats.services, (each) => each.service, line, (node, each) => {
    const counts = [each.waiting, each.issued, each.served].map(String);
    const times = [each.mean_wait_s, each.p90_wait_s, each.mean_service_s].map(minutes);
    row(node, 2, [named(each), zoneNames.get(each.zone) || each.zone].concat(counts, times));
  });
  keyed(byId("windows"), stats.windows, (each) => each.window, line, (node, each) => {
    const status = (STATUS_LOOK[each.status] || [""])[0] + " " + statusWord(each.status);
    const figures = [wholeMinutes(each.since_s), String(each.served), minutes(each.mean_service_s)];
    row(node, 3, [named(each), zoneNames.get(each.zone) || each.zone, status].concat(figures));
  });
}

function drawChart() {
  byId("chart").src = "/manage/chart.svg?lang=" + currentLanguage() + "&at=" + Date.now();
}

fetchHall().then((hall) => {
  hallZones = new Map(hall.zones.map((zone) => [zone.id, zone]));
  let isDrawn = false;
  followAs("stats=1", (stats) => {
    show(stats);
    if (!isDrawn) drawChart();
    isDrawn = true;
  });
  setInterval(drawChart, CHART_EVERY_MS);
  watchCases(null);
});
