// Letters of authorisation: what they lack today, entering one, taking one away.

import { get, newKey, post } from "/static/pages/api.js";
import { byId, el, setText } from "/static/pages/dom.js";
import { sentenceOf } from "/static/pages/staff.js";
import { named, t } from "/static/pages/texts.js";
import { done, failed } from "./told.js";

const STATES = { in_force: ["✓", "good"], upcoming: ["○", "busy"], expired: ["–", "bad"] };
const SHOWN = 60;
let zones = new Map();

const stateWord = (state) => ({ in_force: t("in force"), upcoming: t("not yet in force"), expired: t("expired") })[state];

function gap(heading, missing, words) {
  if (!missing.length) return null;
  const rest = missing.length > SHOWN ? [el("li", { class: "soft" }, t("and {n} more", { n: missing.length - SHOWN }))] : [];
  return el(
    "details",
    { open: true },
    el("summary", {}, "⚠ " + heading + " (" + missing.length + ")"),
    el("ul", { class: "plain" }, ...missing.slice(0, SHOWN).map((each) => el("li", {}, words(each))), ...rest),
  );
}

const itemWords = (each) => [each.name || each.code, each.code, each.department, each.letter].filter(Boolean).join(" · ");

function showGaps(found) {
  const gaps = [
    gap(t("Items that no window may take"), found.without_letter, itemWords),
    gap(t("Letters name items that are not done here"), found.unknown, itemWords),
    gap(t("Letters name items of another department; these do not count"), found.foreign, itemWords),
    gap(t("Letters whose windows do not serve the item's service"), found.idle, itemWords),
    gap(t("Letters that have expired"), found.expired, String),
    gap(t("Letters that end within 30 days"), found.ending, String),
  ].filter(Boolean);
  byId("gaps").replaceChildren(...(gaps.length ? gaps : [el("p", { class: "notice good" }, "✓ " + t("Nothing is missing"))]));
}

function card(letter) {
  const [icon, look] = STATES[letter.state];
  const places = [...letter.zones.map((zone) => zones.get(zone) || zone), ...letter.windows];
  const span = letter.start + " – " + (letter.end || t("without end"));
  const remove = el("button", { type: "button", class: "quiet", click: () => takeAway(letter) }, t("Take away"), el("span", { class: "sr-only" }, " " + letter.id));
  const change = el("button", { type: "button", click: () => open(letter) }, t("Edit"), el("span", { class: "sr-only" }, " " + letter.id));
  return el(
    "li",
    {},
    el("header", {}, el("b", {}, letter.id), el("span", {}, letter.department), el("span", { class: "chip " + look }, icon + " " + stateWord(letter.state))),
    el("p", { class: "soft" }, span + " · " + t("{n} items", { n: letter.items.length }) + " · " + (places.join("、") || t("whole hall"))),
    el("div", { class: "row" }, change, remove),
  );
}

export async function showLetters() {
  const found = await get("/letters");
  setText(byId("decide"), found.decide ? t("Letters decide which windows may take an item.") : t("Letters are kept but decide nothing: set catalogue: letters: true in the hall file."));
  showGaps(found.gaps);
  byId("letters").replaceChildren(...found.letters.map(card));
  byId("no-letters").hidden = found.letters.length > 0;
}

async function takeAway(letter) {
  if (!window.confirm(t("Take letter {id} away? Its items can then not be taken by comprehensive windows.", { id: letter.id }))) return;
  try {
    await post("/letters/" + encodeURIComponent(letter.id) + "/remove", {}, newKey());
    await showLetters();
    done(t("Letter {id} is taken away", { id: letter.id }));
  } catch (error) {
    failed(error);
  }
}

async function open(letter) {
  const departments = await get("/departments").catch(() => []);
  byId("l-department").replaceChildren(...departments.map((each) => el("option", { value: each.name }, named(each))));
  byId("l-id").value = letter ? letter.id : "";
  byId("l-id").readOnly = Boolean(letter);
  if (letter) byId("l-department").value = letter.department;
  byId("l-start").value = letter ? letter.start : "";
  byId("l-end").value = (letter && letter.end) || "";
  byId("l-items").value = letter ? letter.items.map((item) => item.code).join("\n") : "";
  for (const box of byId("l-zones").querySelectorAll("input")) box.checked = Boolean(letter && letter.zones.includes(box.value));
  byId("letter-form").dataset.windows = JSON.stringify(letter ? letter.windows : []);
  byId("letter-trouble").hidden = true;
  byId("letter-dialog").showModal();
}

async function fill() {
  const codes = [];
  for (let offset = 0, total = 1; offset < total; offset += 200) {
    const query = new URLSearchParams({ department: byId("l-department").value, package: "false", limit: 200, offset });
    const found = await get("/items?" + query);
    total = found.total;
    codes.push(...found.items.filter((item) => !item.elsewhere).map((item) => item.code));
  }
  byId("l-items").value = codes.join("\n");
}

async function save(event) {
  event.preventDefault();
  const body = {
    id: byId("l-id").value.trim(),
    department: byId("l-department").value,
    start: byId("l-start").value,
    end: byId("l-end").value || null,
    zones: Array.from(byId("l-zones").querySelectorAll("input:checked"), (box) => box.value),
    windows: JSON.parse(byId("letter-form").dataset.windows),
    items: byId("l-items").value.split(/[\s,，、;；]+/).filter(Boolean),
  };
  try {
    await post("/letters", body, newKey());
    byId("letter-dialog").close();
    await showLetters();
    done(t("Letter {id} is saved", { id: body.id }));
  } catch (error) {
    byId("letter-trouble").hidden = false;
    setText(byId("letter-trouble"), "⚠ " + sentenceOf(error));
  }
}

export function startLetters(hall) {
  zones = new Map(hall.zones.map((zone) => [zone.id, named(zone)]));
  byId("l-zones").append(...hall.zones.map((zone) => el("label", { class: "tick" }, el("input", { type: "checkbox", value: zone.id }), named(zone))));
  byId("new-letter").addEventListener("click", () => open(null));
  byId("letter-back").addEventListener("click", () => byId("letter-dialog").close());
  byId("letter-form").addEventListener("submit", save);
  byId("l-fill").addEventListener("click", () => fill().catch(failed));
}
