// The thread of a ticket: found by its number, a case or a code; phases with durations, then every event in order.

import { get } from "../pages/api.js";
import { byId, el, setText } from "../pages/dom.js";
import { fetchHall, sentenceOf } from "../pages/staff.js";
import { currentLanguage, named, pageData, t } from "../pages/texts.js";
import { read } from "../ratings/desk.js";
import { lasted } from "./lasted.js";

const STATE_LOOK = { done: "good", no_show: "warn", cancelled: "warn" };
const CASE_LOOK = { delivered: "good", withdrawn: "warn" };
let story = null;
let only = null; // the phase whose events are shown; all if null

// --- finding ------------------------------------------------------------------------------------------------------------

byId("search").addEventListener("submit", async (event) => {
  event.preventDefault();
  const scanned = byId("q").value.trim();
  const number = byId("number").value.trim();
  byId("trouble").hidden = true;
  if (!scanned && !number) return (number ? byId("q") : byId("number")).focus();
  const asked = { day: byId("day").value };
  asked[scanned ? "q" : "number"] = scanned || number;
  try {
    const found = (await get("/threads?" + new URLSearchParams(asked))).tickets;
    if (found.length) location.assign("/thread/" + encodeURIComponent(found[0].id));
    else tell(scanned ? t("There is no ticket or case under this") : t("There was no {number} on {day}", { number: number.toUpperCase(), day: asked.day }));
  } catch (error) {
    tell(sentenceOf(error));
  }
});

function tell(sentence) {
  byId("trouble").hidden = false;
  setText(byId("trouble"), sentence);
}

// --- showing ------------------------------------------------------------------------------------------------------------

const chip = (look, text) => el("span", { class: "chip " + look }, text);
// Item titles, papers and some departments are official texts and Chinese in every language.
const CHINESE = /([\u3001\u4e00-\u9fff\uff08\uff09]+)/;
const spoken = (text) => text.split(CHINESE).map((part) => (currentLanguage() !== "zh" && CHINESE.test(part) ? el("span", { lang: "zh" }, part) : part));
const joined = (parts) => parts.filter(Boolean).join(" · ");

function head() {
  setText(byId("story-heading"), story.number + " · " + named(story, "service_name"));
  document.title = story.number + " " + story.business_day;
  setText(byId("where"), joined([story.business_day, named(story, "zone_name"), named(story, "window_name"), story.clerk_name]));
  const chips = [chip(STATE_LOOK[story.state] || "busy", named(story, "state_name"))];
  if (story.rating) chips.push(chip(story.rating > 2 ? "good" : "bad", t("Rated: {level}", { level: named(story, "rating_name") })));
  if (story.rating_hidden) chips.push(chip("", t("Its rating is not shown to whoever served it")));
  for (const each of story.cases) chips.push(chip(CASE_LOOK[each.state] || "busy", joined([each.number, named(each, "state_name")])));
  for (const each of story.others) chips.push(chip("", t("{number} came to fetch it on {day}", { number: each.number, day: each.business_day })));
  byId("chips").replaceChildren(...chips);
  byId("xlsx").href = "/api/v1/threads/" + encodeURIComponent(story.id) + ".xlsx";
}

function openThings() {
  const lines = story.open.map((each) =>
    el(
      "li",
      { class: "open-line " + (each.late ? "bad" : "warn") },
      el("b", {}, (each.late ? "⚠ " + t("late") + t(": ") : "… ") + named(each, "text")),
      ...spoken(joined([each.about, each.who.join(t(", ")), each.due_at ? t("due {time}", { time: full(each.due_at) }) : ""])),
    ),
  );
  byId("open").replaceChildren(...(lines.length ? lines : [el("li", { class: "open-line good" }, el("b", {}, "✓ " + t("Nothing is open")))]));
}

const full = (iso) => iso.slice(0, 16).replace("T", " ");

function phases() {
  const nodes = story.phases.map((phase) => {
    const label = phase.state === "none" ? t("not reached") : phase.seconds === null ? (phase.began_at ? phase.began_at.slice(11, 16) : "–") : lasted(phase.seconds);
    const mark = phase.late ? "⚠ " + t("late") : phase.state === "now" ? "… " + t("under way") : "";
    const button = el(
      "button",
      { type: "button", class: "phase", "aria-pressed": String(only === phase.id), "data-phase": phase.id, "data-state": phase.state, "data-late": phase.late ? "1" : null, disabled: phase.events === 0, click: () => show(only === phase.id ? null : phase.id) },
      el("span", { class: "phase-name" }, named(phase)),
      el("b", { class: "number" }, label),
      el("span", { class: "phase-mark" }, mark),
    );
    return el("li", {}, button);
  });
  byId("phases").replaceChildren(...nodes);
}

const weekday = (day) => new Intl.DateTimeFormat(currentLanguage() === "zh" ? "zh-CN" : "en-GB", { weekday: "long", timeZone: "UTC" }).format(new Date(day + "T00:00:00Z"));

function events() {
  const names = new Map(story.phases.map((phase) => [phase.id, named(phase)]));
  const chosen = story.events.filter((event) => only === null || event.phase === only);
  const nodes = [];
  let day = null;
  for (const event of chosen) {
    if (event.at.slice(0, 10) !== day) {
      day = event.at.slice(0, 10);
      nodes.push(el("li", { class: "day" }, el("h4", {}, day + " " + weekday(day))));
    }
    nodes.push(
      el(
        "li",
        { class: "event" + (event.late ? " late" : ""), "data-kind": event.kind },
        el("time", { datetime: event.at, class: "number" }, event.at.slice(11, 19)),
        el("span", { class: "tag", "data-phase": event.phase }, names.get(event.phase)),
        el("span", { class: "text" }, event.late ? el("b", { class: "late-mark" }, "⚠ " + t("late")) : "", event.late ? " " : "", ...spoken(named(event, "text")), event.about && event.about !== story.number ? el("span", { class: "soft about" }, event.about) : ""),
        el("span", { class: "soft by" }, named(event, "actor_name")),
      ),
    );
  }
  byId("events").replaceChildren(...nodes);
  byId("all").hidden = only === null;
  setText(byId("shown"), only === null ? t("{n} events", { n: chosen.length }) : t("{n} of {all} events", { n: chosen.length, all: story.events.length }));
}

function durations() {
  const rows = story.durations.map((each) =>
    el(
      "tr",
      { class: each.late ? "late" : null },
      el("th", { scope: "row" }, ...spoken(joined([named(each), each.department]))),
      el("td", {}, each.about || ""),
      el("td", {}, full(each.from_at)),
      el("td", {}, each.to_at ? full(each.to_at) : t("lasts")),
      el("td", { class: "figure" }, lasted(each.seconds)),
      el("td", {}, each.due_at ? full(each.due_at) + (each.late ? " ⚠ " + t("late") : "") : ""),
    ),
  );
  byId("durations").replaceChildren(...rows);
}

function show(phase) {
  only = phase;
  for (const button of byId("phases").querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.dataset.phase === only));
  events();
}

byId("all").addEventListener("click", () => {
  show(null);
  byId("phases").querySelector("button").focus();
});
byId("print").addEventListener("click", () => window.print());

async function start() {
  const hall = await fetchHall();
  byId("away").hidden = true;
  const ticket = pageData().ticket;
  byId("day").value = hall.now.slice(0, 10);
  if (ticket === null) {
    // Whether this reader may look at threads is the API's to say.
    if (await read("/threads?number=")) byId("number").focus();
    return;
  }
  story = await read("/threads/" + encodeURIComponent(ticket));
  if (!story) {
    if (!byId("main").hidden || !byId("refused").hidden) return;
    byId("main").hidden = false;
    tell(t("There is no ticket or case under this"));
    return;
  }
  byId("day").value = story.business_day;
  byId("story").hidden = false;
  head();
  openThings();
  phases();
  events();
  durations();
}
start();
