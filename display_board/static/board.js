// Draws a board from the feed. Written for the browsers of older television sets (ES2017).

import { heardTime, hallDay, hallTime, isKnown, serverNowMs, waitMinutes } from "/static/pages/clock.js";
import { byId, el, keyed, setText, zoneColour } from "/static/pages/dom.js";
import { follow } from "/static/pages/feed.js";
import { named, pageData, spoken, t } from "/static/pages/texts.js";
import { CallList, windowParts } from "./calls.js";
import { playVoice } from "./voice.js";

const PAGE_TURN_MS = 8000;
const NARROWEST = 0.55;
const page = pageData();
const isSetUp = new URLSearchParams(location.search).has("setup");
const list = new CallList();
let view = null;
let sizes = null;
let turn = 0;

const languages = () => (view && view.languages.length ? view.languages : page.languages);
const main = () => languages()[0];
const other = () => languages()[1] || null;

/* Sizes */

let askedFor = "";

/** How many digits windows have here: as many as were ever called, so that the layout settles on the first day. */
function windowDigits() {
  const store = "chaoxi.digits." + page.board;
  const seen = view.calls.map((call) => String(call.window_number).length);
  const digits = Math.max(2, Number(localStorage.getItem(store)) || 0, ...seen);
  localStorage.setItem(store, String(Math.min(4, digits)));
  return Math.min(4, digits);
}

async function measure() {
  if (!view) return;
  const asked = new URLSearchParams({
    width: window.innerWidth,
    height: window.innerHeight,
    inches: view.screen.inches,
    distance: view.distance_m,
    zones: view.zones.length,
    digits: windowDigits(),
    notices: view.notices.length > 0 || view.tides.length > 0,
  }).toString();
  if (asked === askedFor) return;
  askedFor = asked;
  try {
    const response = await fetch("/board-sizes?" + asked);
    if (!response.ok) throw new Error("status " + response.status);
    sizes = await response.json();
  } catch (error) {
    askedFor = ""; // asked again with the next view or resize
    return;
  }
  const root = document.documentElement;
  for (const name of ["number", "text", "small", "gap", "header", "footer", "row", "calls_width", "zone_row", "window"]) {
    root.style.setProperty("--" + name.replace("_", "-"), sizes[name + "_px"] + "px");
  }
  root.style.setProperty("--rows", sizes.rows);
  root.style.setProperty("--zone-rows", sizes.zone_rows);
  document.body.classList.toggle("wide", sizes.is_wide);
  document.body.classList.toggle("tall", !sizes.is_wide);
  document.body.classList.remove("waking");
  showSetUp();
  draw();
}

/** With ?setup in the address: what the sizes come to on the wall, for the one who hangs the board up. */
function showSetUp() {
  const box = byId("setup");
  box.hidden = !isSetUp;
  if (!isSetUp) return;
  const facts = { inches: view.screen.inches, distance: view.distance_m, rows: sizes.rows };
  const heights = {
    number: Math.round(sizes.number_mm),
    text: Math.round(sizes.text_mm),
    small: Math.round(sizes.small_mm),
  };
  box.replaceChildren(
    el("p", {}, t("{inches} inch at {distance} m, rows: {rows}", facts)),
    el("p", {}, t("Number {number} mm, text {text} mm, smallest {small} mm", heights)),
    view.sound && !page.voice ? el("p", {}, t("Sound: add ?voice=http://HOST:PORT of this area's voice program")) : "",
    ...sizes.warnings[main()].map((warning) => el("p", { class: "warning" }, "⚠ " + warning)),
  );
}

/** Narrows a line that is too long; its height, which decides how far it can be read, stays. */
function narrow(node) {
  node.style.transform = "";
  const space = node.clientWidth;
  const part = node.scrollWidth > space + 1 ? space / node.scrollWidth : 1;
  if (part < 1) node.style.transform = "scaleX(" + Math.max(NARROWEST, part) + ")";
  return part;
}

/** The other language's name of a window may be much longer: then it only says that this is a window. */
function narrowForeign(node) {
  if (narrow(node) >= NARROWEST) return;
  setText(node, t("Window", null, other()));
  narrow(node);
}

/** A window's own name that is too long even when narrowed: its number says where to go, the word only that it is one. */
function narrowWord(node) {
  if (narrow(node) >= NARROWEST) return;
  setText(node, t("Window", null, main()));
  node.classList.remove("long");
  narrow(node);
}

/* Calls */

function windowCell() {
  return el(
    "p",
    { class: "window" },
    el("span", { class: "digits number" }),
    el("span", { class: "words" }, el("span", { class: "word" }), el("span", { class: "other" })),
  );
}

function buildCall() {
  const number = el("p", { class: "ticket" }, el("span", { class: "number" }));
  return el("li", { class: "call" }, number, el("p", { class: "kind" }, el("span", { class: "arrow" })), windowCell());
}

function updateCall(node, { call, isLit }) {
  zoneColour(node, call.zone_colour);
  node.classList.toggle("lit", isLit);
  node.classList.toggle("serving", call.ticket_state !== "called");
  setText(node.querySelector(".ticket .number"), call.number);
  const parts = windowParts(named(call, "window_name", main()), call.window_number);
  setText(node.querySelector(".digits"), parts.digits);
  setText(node.querySelector(".word"), parts.word);
  node.querySelector(".word").classList.toggle("long", parts.word.length > 4);
  node.querySelector(".window").classList.toggle("wordy", !parts.digits);
  const foreign = node.querySelector(".window .other");
  if (other()) {
    foreign.lang = other();
    const name = named(call, "window_name", other());
    setText(foreign, parts.digits ? name.replace(String(call.window_number), "").trim() : name);
  }
}

function drawCalls() {
  const shown = list.shown(performance.now(), sizes.rows);
  keyed(byId("calls"), shown, (item) => item.call.call, buildCall, updateCall);
  byId("quiet").hidden = shown.length > 0;
  byId("more").hidden = list.pending === 0;
  setText(byId("more"), languages().map((lang) => t("{n} more calls follow", { n: list.pending }, lang)).join("  "));
  byId("calls").querySelectorAll(".ticket .number, .digits").forEach(narrow);
  byId("calls").querySelectorAll(".window:not(.wordy) .word").forEach(narrowWord);
  byId("calls").querySelectorAll(".window.wordy .word").forEach(narrow);
  byId("calls").querySelectorAll(".window .other").forEach(narrowForeign);
}

/* Zones */

function zonePages() {
  const pages = [];
  for (const lang of languages()) {
    for (let first = 0; first < view.zones.length; first += sizes.zone_rows) {
      pages.push({ lang, zones: view.zones.slice(first, first + sizes.zone_rows) });
    }
  }
  return pages;
}

function buildZone() {
  return el(
    "li",
    { class: "zone" },
    el("p", { class: "title" }, el("span", { class: "mark", "aria-hidden": "true" }), el("span", { class: "name" })),
    el("p", { class: "state" }, el("span", { class: "count" }), el("span", { class: "wait" })),
  );
}

function waitText(wait, lang) {
  if (!wait) return "";
  const minutes = waitMinutes(wait);
  if (minutes.high <= 5) return t("under 5 min", null, lang);
  return minutes.low === minutes.high ? t("about {high} min", minutes, lang) : t("{low}–{high} min", minutes, lang);
}

function drawZones() {
  const pages = zonePages();
  if (!pages.length) return;
  const current = pages[turn % pages.length];
  keyed(byId("zones"), current.zones, (zone) => zone.id + current.lang, buildZone, (node, zone) => {
    zoneColour(node, zone.colour);
    node.lang = current.lang;
    setText(node.querySelector(".mark"), zone.mark);
    setText(node.querySelector(".name"), named(zone, "name", current.lang));
    const count = node.querySelector(".count");
    const parts = t("{n} waiting", { n: "\u0000" }, current.lang).split("\u0000");
    if (count.dataset.shown !== current.lang + zone.waiting) {
      count.dataset.shown = current.lang + zone.waiting;
      count.replaceChildren(parts[0], el("b", { class: "number" }, String(zone.waiting)), parts[1]);
    }
    setText(node.querySelector(".wait"), waitText(zone.wait, current.lang));
  });
  byId("zones").querySelectorAll(".name, .wait").forEach(narrow);
  const many = pages.length > 1;
  setText(byId("pages"), many ? pages.map((_, n) => (n === turn % pages.length ? "●" : "○")).join(" ") : "");
}

/* The foot: windows that work in another zone, and notices. Turned like pages, in pieces that fit, so that nothing runs
   across the wall. Every second page tells where windows have gone, and a window that goes is shown at once. */

let pieces = [];
let tidesShown = [];
let freshTides = [];
let firstTurn = 0;

const whereGone = (tide) => tide.window + " " + tide.zone;
const isFresh = (tide) => freshTides.includes(whereGone(tide));

/** Notes who has just gone somewhere: that page is shown at once. */
function noteTides() {
  const now = view.tides.map(whereGone);
  if (now.join() === tidesShown.join()) return;
  freshTides = now.filter((one) => !tidesShown.includes(one));
  tidesShown = now;
  firstTurn = turn;
}

/** Cuts after punctuation and spaces; inside a phrase only where it alone is too long. */
function phrases(text, fits) {
  const found = text.match(/[^\s，。；：、！？]+[\s，。；：、！？]*/g) || [];
  return found.reduce((all, phrase) => all.concat(fits(phrase) ? [phrase] : Array.from(phrase)), []);
}

/** Puts as many parts on a page as fit beside each other. */
function filled(parts, lang, between, fits, isTide) {
  const found = [];
  let piece = "";
  for (const part of parts) {
    if (piece && !fits(piece + between + part)) {
      found.push({ lang, isTide, text: piece });
      piece = "";
    }
    piece = piece ? piece + between + part : part;
  }
  if (piece) found.push({ lang, isTide, text: piece });
  return found;
}

/** The windows that went to a zone, together; where one has just gone comes first. */
function cutTides(fits) {
  const zones = new Map();
  for (const tide of view.tides) zones.set(tide.zone, (zones.get(tide.zone) || []).concat(tide));
  const groups = Array.from(zones.values());
  groups.sort((a, b) => Number(b.some(isFresh)) - Number(a.some(isFresh)));
  let found = [];
  for (const lang of languages()) {
    const parts = groups.map((group) => {
      const numbers = group.map((tide) => tide.number).join(t(", ", null, lang));
      const said = { numbers, zone: named(group[0], "zone_name", lang) };
      return group.length > 1 ? t("Windows {numbers} → {zone}", said, lang) : t("Window {numbers} → {zone}", said, lang);
    });
    found = found.concat(filled(parts, lang, "\u2003", fits, true));
  }
  return found;
}

function cutFoot() {
  const probe = byId("notice");
  const room = byId("notices").clientWidth * 0.96;
  const fits = (text) => {
    probe.textContent = text;
    return probe.scrollWidth <= room;
  };
  const notices = cutNotices(fits);
  const tides = cutTides(fits);
  pieces = [];
  for (let n = 0; n < Math.max(notices.length, tides.length); n += 1) {
    if (tides.length) pieces.push(tides[n % tides.length]);
    if (notices.length) pieces.push(notices[n % notices.length]);
  }
}

function cutNotices(fits) {
  const found = [];
  for (const lang of languages()) {
    for (const notice of view.notices) {
      let piece = "";
      for (const word of phrases(spoken(notice, lang), fits)) {
        if (piece && !fits(piece + word)) {
          found.push({ lang, text: piece.trim() });
          piece = "";
        }
        piece += word;
      }
      if (piece.trim()) found.push({ lang, text: piece.trim() });
    }
  }
  return found;
}

function drawFoot() {
  byId("notices").hidden = view.notices.length === 0 && view.tides.length === 0;
  noteTides();
  const cut = JSON.stringify([view.notices, view.tides, languages(), window.innerWidth, sizes.small_px]);
  if (byId("notices").dataset.cut !== cut) {
    byId("notices").dataset.cut = cut;
    cutFoot();
  }
  if (!pieces.length) return;
  const piece = pieces[(turn - firstTurn) % pieces.length];
  byId("notices").classList.toggle("tide", Boolean(piece.isTide));
  byId("notice").lang = piece.lang;
  setText(byId("notice"), piece.text);
}

/* Clock and head */

function drawClock() {
  if (!isKnown()) return;
  setText(byId("clock"), hallTime(serverNowMs()));
  const day = hallDay(serverNowMs());
  const weekday = [t("Sun"), t("Mon"), t("Tue"), t("Wed"), t("Thu"), t("Fri"), t("Sat")][day.weekday];
  setText(byId("date"), t("{month}/{day} {weekday}", { month: day.month, day: day.day, weekday }));
  fitHead();
}

/** The clock and the hall's name always; the date and the other language where there is room. */
function fitHead() {
  const head = document.querySelector("header");
  const extras = [byId("hall-other"), byId("date")];
  extras.forEach((extra) => (extra.hidden = false));
  for (const extra of extras) if (head.scrollWidth > head.clientWidth) extra.hidden = true;
}

function draw() {
  if (!view || !sizes) return;
  const isZoneBoard = view.zones.length === 1;
  document.body.classList.toggle("single", isZoneBoard);
  const title = (lang) => (isZoneBoard ? named(view.zones[0], "name", lang) : named(view, "hall", lang));
  setText(byId("hall"), title(main()));
  setText(byId("hall-other"), other() ? title(other()) : "");
  byId("hall-other").lang = other() || "";
  document.title = named(view, "name", main());
  drawCalls();
  drawZones();
  drawFoot();
  drawClock();
}

function connection(state, status) {
  const isUnknown = state === "refused" && status === 404;
  byId("unknown").hidden = !isUnknown;
  if (state === "connecting") return;
  byId("cut-off").hidden = state === "live" || isUnknown;
  document.body.classList.toggle("stale", state !== "live");
}

follow("board=" + encodeURIComponent(page.board), {
  view(board) {
    view = board;
    heardTime(board.now);
    list.take(board.calls, serverNowMs(), performance.now());
    measure();
    draw();
  },
  state: connection,
});

window.addEventListener("resize", () => measure());
setInterval(() => sizes && view && (drawCalls(), drawClock()), 500);
setInterval(() => {
  turn += 1;
  if (sizes && view) {
    drawZones();
    drawFoot();
    measure();
  }
}, PAGE_TURN_MS);
if (page.voice) playVoice(page.voice);
