// The supervisor's panel of tidal windows: where each is, what is proposed, how hard zones are pressed, today's moves.

import { newKey, post } from "./api.js";
import { serverNowMs, timeOf } from "./clock.js";
import { byId, el, keyed, setText, zoneColour } from "./dom.js";
import { followAs, minutes, sentenceOf } from "./staff.js";
import { named, spoken, t } from "./texts.js";

const FULL_BAR_S = 900;
const MOVES_SHOWN = 20;

let zones = new Map();
let here = "";
let view = null;
let moving = null;

const ACTION_WORDS = () => ({ open: t("Open"), close: t("Close"), move: t("Move") });

/* Sending */

function trouble(error) {
  byId("tides-trouble").hidden = !error;
  setText(byId("tides-trouble"), error ? sentenceOf(error) : "");
}

/** One press, one command: the page's buttons wait for its answer, and what was done is said. */
async function send(path, body, done) {
  if (byId("main").getAttribute("aria-busy") === "true") return false;
  byId("main").setAttribute("aria-busy", "true");
  trouble(null);
  try {
    await post(path, body, newKey());
    setText(byId("tides-said"), done);
    return true;
  } catch (error) {
    trouble(error);
    return false;
  } finally {
    byId("main").setAttribute("aria-busy", "false");
  }
}

/* Proposals */

async function settle(card, proposal, verb) {
  const done = verb === "accept" ? t("Accepted: {window}", { window: named(proposal, "window_name") }) : t("Dismissed: {window}", { window: named(proposal, "window_name") });
  const isDone = await send("/tides/" + encodeURIComponent(proposal.id) + "/" + verb, {}, done);
  if (!isDone) return;
  // The card goes: the keyboard goes on at the next one, or at the heading.
  const next = card.nextElementSibling || card.previousElementSibling;
  card.remove();
  byId("proposals-box").hidden = !byId("proposals").children.length;
  if (next) next.querySelector("button").focus();
  else byId("tides-heading").focus();
}

function buildProposal(proposal) {
  const title = el("h3", {}, ACTION_WORDS()[proposal.action] + " · " + named(proposal, "window_name"));
  const zone = badge(proposal.zone, named(proposal, "zone_name"));
  const said = el("p", { class: "sentence" }, spoken(proposal.why));
  const card = el("li", { class: "card proposal" }, el("header", {}, title, el("span", { class: "arrow", "aria-hidden": "true" }, "→"), zone), said);
  const label = (word) => word + ": " + named(proposal, "window_name") + " → " + named(proposal, "zone_name");
  const press = (verb, word, look) =>
    el("button", { type: "button", class: look, "data-verb": verb, "aria-label": label(word), click: () => settle(card, proposal, verb) }, word);
  card.append(el("p", { class: "choices" }, press("accept", t("Accept"), "primary"), press("dismiss", t("Dismiss"), "")));
  return card;
}

function showProposals(proposals) {
  byId("proposals-box").hidden = proposals.length === 0;
  keyed(byId("proposals"), proposals, (each) => each.id, buildProposal);
}

/* Tidal windows */

function badge(zone, name) {
  const from = zones.get(zone) || { mark: "", colour: "" };
  const node = el("span", { class: "badge" }, el("span", { class: "mark", "aria-hidden": "true" }), el("span", { class: "badge-name" }));
  fillBadge(node, from, name);
  return node;
}

function fillBadge(node, from, name) {
  zoneColour(node, from.colour);
  setText(node.querySelector(".mark"), from.mark);
  setText(node.querySelector(".badge-name"), name);
}

function stateOf(window) {
  if (window.standby) return ["◔", "good", t("Standing by")];
  const words = { open: t("Window open"), paused: t("Paused"), closed: t("Closed") };
  return { open: ["●", "busy"], paused: ["❚❚", "warn"], closed: ["–", ""] }[window.state].concat(words[window.state]);
}

function buildWindow(window) {
  const name = { window: named(window) };
  return el(
    "li",
    { class: "tidal" },
    el("header", {}, el("h3", {}, named(window)), el("span", { class: "chip" }), badge(window.zone, named(window, "zone_name"))),
    el("p", { class: "facts soft" }),
    el("p", { class: "sentence" }),
    el(
      "p",
      { class: "choices" },
      el("button", { type: "button", class: "move", "aria-label": t("Move {window} to another zone", name), click: () => openMove(window.window) }, t("Move to…")),
      el("button", { type: "button", class: "home", "aria-label": t("Bring {window} home", name), click: () => bringHome(window.window) }, t("Bring home")),
    ),
  );
}

function updateWindow(node, window) {
  const [icon, look, word] = stateOf(window);
  node.dataset.zone = window.zone;
  const chip = node.querySelector(".chip");
  chip.className = "chip " + look;
  setText(chip, icon + " " + word);
  fillBadge(node.querySelector(".badge"), zones.get(window.zone) || { mark: "", colour: "" }, named(window, "zone_name"));
  const facts = [];
  if (window.zone !== window.home) facts.push(t("belongs to {zone}", { zone: named(window, "home_name") }));
  if (window.until) facts.push(t("until {time}", { time: timeOf(window.until) }));
  if (window.ticket) facts.push(t("serving {number}", { number: window.ticket.number }));
  if (window.pending) {
    const said = { zone: named(window.pending, "zone_name"), time: window.pending.until ? timeOf(window.pending.until) : "" };
    facts.push(window.pending.until ? t("after this ticket to {zone}, until {time}", said) : t("after this ticket to {zone}", said));
  }
  if (window.moves_last_hour) facts.push(t("moved {n} times in the last hour", { n: window.moves_last_hour }));
  setText(node.querySelector(".facts"), facts.join(" · "));
  setText(node.querySelector(".sentence"), window.why && (window.zone !== window.home || window.pending || window.standby) ? spoken(window.why) : "");
  const isHome = window.zone === window.home && !window.assigned && !window.pending;
  const home = node.querySelector(".home");
  if (isHome && document.activeElement === home) node.querySelector(".move").focus();
  home.hidden = isHome;
}

const find = (id) => view.windows.find((each) => each.window === id);

async function bringHome(id) {
  const window = find(id);
  const said = window.ticket
    ? t("{window} goes home after this ticket", { window: named(window) })
    : t("{window} is home again", { window: named(window) });
  await send("/windows/" + encodeURIComponent(id) + "/assign", { home: true }, said);
}

/* Moving one by hand */

function openMove(id) {
  moving = find(id);
  setText(byId("move-window"), named(moving));
  const choices = Array.from(zones.values()).filter((zone) => zone.id !== moving.zone || moving.pending);
  // Zones it is authorised for come first; elsewhere it takes everything, which a supervisor may decide.
  choices.sort((a, b) => Number(moving.zones.includes(b.id)) - Number(moving.zones.includes(a.id)));
  const preferred = choices.find((zone) => zone.id === here) || choices[0];
  byId("move-zones").replaceChildren(
    ...choices.map((zone) => {
      const radio = el("input", { type: "radio", name: "zone", value: zone.id, required: true, checked: zone === preferred });
      const note = moving.zones.includes(zone.id) ? null : el("small", { class: "soft" }, t("not authorised there: all services of the zone"));
      return el("label", { class: "choice" }, radio, badge(zone.id, named(zone)), note);
    }),
  );
  byId("move-dialog").showModal();
}

byId("move-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const zone = byId("move-form").elements.zone.value;
  const minutesLong = Number(byId("move-until").value);
  const body = { zones: [zone] };
  if (minutesLong) body.until = new Date(serverNowMs() + minutesLong * 60000).toISOString();
  const said = { window: named(moving), zone: named(zones.get(zone)) };
  byId("move-dialog").close();
  const words = moving.ticket ? t("{window} goes to {zone} after this ticket", said) : t("{window} is now at {zone}", said);
  await send("/windows/" + encodeURIComponent(moving.window) + "/assign", body, words);
});
byId("move-back").addEventListener("click", () => byId("move-dialog").close());

/* Pressure and moves */

function buildPressure(pressure) {
  return el("li", {}, el("span", { class: "pressure-name" }, named(pressure)), el("span", { class: "bar-track", "aria-hidden": "true" }, el("span", { class: "bar-fill" })), el("b", { class: "number" }));
}

function updatePressure(node, pressure) {
  const isEndless = pressure.pressure_s === null;
  const part = isEndless ? 1 : Math.min(1, pressure.pressure_s / FULL_BAR_S);
  node.querySelector(".bar-fill").style.setProperty("--part", part * 100 + "%");
  node.classList.toggle("pressed", Boolean(pressure.since));
  node.classList.toggle("mine", pressure.zone === here);
  const sign = pressure.since ? "▲ " : "";
  setText(node.querySelector("b"), sign + (isEndless ? t("nobody there") : minutes(pressure.pressure_s)));
}

const KIND_WORDS = () => ({ help: t("helps"), home: t("back home"), open: t("opened"), close: t("closed"), move: t("moved"), revert: t("back home") });

function buildMove(move) {
  const way = move.from_zone === move.to_zone ? named(move, "to_zone_name") : named(move, "from_zone_name") + " → " + named(move, "to_zone_name");
  return el(
    "li",
    {},
    el("time", { datetime: move.at, class: "soft" }, timeOf(move.at)),
    el("span", { class: "what" }, el("b", {}, named(move, "window_name") + " · " + (KIND_WORDS()[move.kind] || move.kind)), " ", el("span", {}, way), el("span", { class: "sentence" }, spoken(move.why))),
  );
}

function showTides(tides) {
  view = tides;
  byId("tides").hidden = false;
  const modes = { automatic: t("They move by the rules"), propose: t("The rules propose, you decide"), manual: t("Only people and the timetable move them") };
  setText(byId("tides-mode"), modes[tides.modes[here]] || "");
  showProposals(tides.proposals.filter((each) => each.zone === here || (find(each.window) || {}).home === here));
  const mine = tides.windows.filter((each) => each.home === here || each.zone === here || each.zones.includes(here));
  keyed(byId("tidal-windows"), mine, (each) => each.window, buildWindow, updateWindow);
  byId("tidal-none").hidden = mine.length > 0;
  keyed(byId("pressures"), tides.pressures, (each) => each.zone, buildPressure, updatePressure);
  const newest = tides.moves.slice(0, MOVES_SHOWN);
  keyed(byId("moves"), newest, (each) => each.at + each.window + each.kind, buildMove);
  byId("moves-none").hidden = newest.length > 0;
  setText(byId("moves-count"), t("{moves} moves, {calls} helping calls, about {minutes} min of clerks' time", { moves: tides.moves_today, calls: tides.helping_calls, minutes: tides.cost_min }));
}

/** Follows the tides, for those who may move windows. */
export function followTides(hall, zone) {
  zones = new Map(hall.zones.map((each) => [each.id, each]));
  here = zone;
  followAs("tides=1", showTides);
}
