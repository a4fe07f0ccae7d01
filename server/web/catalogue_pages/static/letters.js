// Letters of authorisation by department: what is missing stands on top, everything can be looked for.

import { get, newKey, post } from "/static/pages/api.js";
import { byId, el, setText } from "/static/pages/dom.js";
import { currentLanguage, named, t } from "/static/pages/texts.js";
import { openLetter, startLetterForm } from "./letter-form.js";
import { official } from "./shown.js";
import { done, failed } from "./told.js";

const STATES = { in_force: ["✓", "good"], upcoming: ["○", "busy"], expired: ["–", "bad"] };
const SHOWN = 30;
const PROBLEMS = ["without_letter", "unknown", "foreign", "idle"];
let zones = new Map();
let windows = new Map();
let departments = new Map();
let found = null;
let unfolded = null; // departments that were opened by hand; null until then

/** A department in the page's language; lists and letters know it by its Chinese name. */
const english = (name) => (currentLanguage() === "zh" ? name : departments.get(name) || name);

function departmentTitle(name) {
  const shown = english(name);
  return shown === name ? official("b", {}, name) : el("span", {}, el("b", {}, shown), " ", official("small", { class: "soft" }, name));
}

const stateWord = (state) => ({ in_force: t("in force"), upcoming: t("not yet in force"), expired: t("expired") })[state];

const problemWord = (sort) =>
  ({
    without_letter: t("Items that no window may take"),
    unknown: t("Letters name items that are not done here"),
    foreign: t("Letters name items of another department; these do not count"),
    idle: t("Letters whose windows do not serve the item's service"),
  })[sort];

/** The windows of a letter as people call them; one that is no more is said to be so. */
function placesOf(letter) {
  const inZones = letter.zones.map((zone) => zones.get(zone) || zone);
  const single = letter.windows.some((window) => windows.has(window)) ? [named(letter, "windows_text")] : [];
  const gone = letter.windows.filter((window) => !windows.has(window)).length;
  return [...inZones, ...single, ...(gone ? [t("{n} windows that are no more", { n: gone })] : [])].join(currentLanguage() === "zh" ? "、" : ", ") || t("whole hall");
}

/** A window's own name asks for the letters that count there, by the window, its zone or the whole hall. */
function windowCalled(text) {
  return found.windows.find((window) => named(window).toLowerCase() === text || window.name === text);
}

const countsAt = (letter, window) => letter.windows.includes(window.window) || letter.zones.includes(window.zone) || (!letter.windows.length && !letter.zones.length);

/** Every other word by which a letter is found. */
const letterWords = (letter) => [letter.id, placesOf(letter), ...letter.windows.map((id) => named(windows.get(id) || { name: "" })), ...letter.items.flatMap((item) => [item.name, item.code])].join("\n").toLowerCase();
const itemWords = (item) => [item.name, item.code, item.letter || ""].join("\n").toLowerCase();

/** Everything of each department: what is wrong, its letters; in the order of need. */
function byDepartment() {
  const parts = new Map();
  const part = (name) => {
    if (!parts.has(name)) parts.set(name, { name, problems: {}, letters: [], ending: 0, lacking: 0 });
    return parts.get(name);
  };
  const owner = new Map(found.letters.map((letter) => [letter.id, letter.department]));
  for (const letter of found.letters) part(letter.department).letters.push(letter);
  for (const sort of PROBLEMS) {
    for (const item of found.gaps[sort]) {
      // What a letter says wrongly is for the department to mend that wrote it.
      const mine = part(sort === "without_letter" ? item.department : owner.get(item.letter));
      (mine.problems[sort] = mine.problems[sort] || []).push(item);
      mine.lacking += 1;
    }
  }
  for (const id of found.gaps.ending) part(owner.get(id)).ending += 1;
  const need = (each) => (each.lacking ? 2 : each.ending ? 1 : 0);
  return Array.from(parts.values()).sort((a, b) => need(b) - need(a) || b.lacking - a.lacking);
}

/** The part of a department that matches; null if nothing of it does. */
function matching(part, text) {
  if (!text || part.name.includes(text) || english(part.name).toLowerCase().includes(text)) return part;
  const window = windowCalled(text);
  const letters = part.letters.filter((letter) => (window ? countsAt(letter, window) : letterWords(letter).includes(text)));
  const problems = Object.fromEntries(PROBLEMS.map((sort) => [sort, (part.problems[sort] || []).filter((item) => itemWords(item).includes(text))]).filter((pair) => pair[1].length));
  return letters.length || Object.keys(problems).length ? Object.assign({}, part, { letters, problems }) : null;
}

function itemList(items, withLetter) {
  const line = (each) => el("li", {}, official("span", {}, each.name || each.code), " ", el("small", { class: "soft" }, [each.name ? each.code : "", withLetter ? each.letter : ""].filter(Boolean).join(" · ")));
  const rest = items.length > SHOWN ? [el("details", {}, el("summary", {}, t("and {n} more", { n: items.length - SHOWN })), el("ul", { class: "plain" }, ...items.slice(SHOWN).map(line)))] : [];
  return el("div", {}, el("ul", { class: "plain" }, ...items.slice(0, SHOWN).map(line)), ...rest);
}

function problem(part, sort) {
  const items = part.problems[sort];
  const mend = sort === "without_letter" ? el("button", { type: "button", click: () => openLetter(null, { department: part.name, items }) }, t("Enter a letter for them")) : "";
  return el("div", { class: "problem" }, el("h4", {}, "⚠ " + t("{what} ({n})", { what: problemWord(sort), n: items.length })), itemList(items, sort !== "without_letter"), mend);
}

function card(letter, text) {
  const [icon, look] = STATES[letter.state];
  const ending = found.gaps.ending.includes(letter.id) ? el("span", { class: "chip warn" }, "⚠ " + t("ends soon")) : "";
  const remove = el("button", { type: "button", class: "quiet", click: () => takeAway(letter) }, t("Take away"), el("span", { class: "sr-only" }, " " + letter.id));
  const change = el("button", { type: "button", click: () => openLetter(letter) }, t("Edit"), el("span", { class: "sr-only" }, " " + letter.id));
  const hits = text ? letter.items.filter((item) => [item.name, item.code].join("\n").toLowerCase().includes(text)) : [];
  const shown = hits.length ? hits : letter.items;
  return el(
    "li",
    { class: "letter" },
    el("header", {}, el("b", {}, letter.id), el("span", { class: "chip " + look }, icon + " " + stateWord(letter.state)), ending),
    el("dl", { class: "fields" }, el("div", {}, el("dt", {}, t("In force from – until")), el("dd", {}, letter.start + " – " + (letter.end || t("without end")))), el("div", {}, el("dt", {}, t("Windows")), el("dd", {}, placesOf(letter)))),
    el("details", { open: hits.length > 0 }, el("summary", {}, hits.length ? t("{n} of {all} items match", { n: hits.length, all: letter.items.length }) : t("{n} items", { n: letter.items.length })), itemList(shown, false)),
    el("div", { class: "row" }, change, remove),
  );
}

function chipsOf(part) {
  const chips = [];
  if (part.lacking) chips.push(el("span", { class: "chip bad" }, "⚠ " + t("{n} to mend", { n: part.lacking })));
  if (part.ending) chips.push(el("span", { class: "chip warn" }, t("{n} end soon", { n: part.ending })));
  if (!chips.length) chips.push(el("span", { class: "chip good" }, "✓ " + t("nothing missing")));
  return [...chips, el("span", { class: "soft count" }, t("Letters: {n}", { n: part.letters.length }))];
}

function section(part, text) {
  const problems = PROBLEMS.filter((sort) => part.problems[sort]).map((sort) => problem(part, sort));
  const open = text ? true : unfolded ? unfolded.has(part.name) : part.lacking > 0;
  const node = el("details", { class: "card department", open }, el("summary", {}, el("span", { class: "heading" }, departmentTitle(part.name), ...chipsOf(part))), ...problems, el("ul", { class: "letters" }, ...part.letters.map((letter) => card(letter, text))));
  node.addEventListener("toggle", () => {
    if (text) return;
    unfolded = unfolded || new Set(byDepartment().filter((each) => each.lacking).map((each) => each.name));
    if (node.open) unfolded.add(part.name);
    else unfolded.delete(part.name);
  });
  return node;
}

function show() {
  const text = byId("letter-q").value.trim().toLowerCase();
  const every = byDepartment();
  const wanted = byId("letter-show").value ? every.filter((part) => part.lacking || part.ending) : every;
  const parts = wanted.map((part) => matching(part, text)).filter(Boolean);
  byId("letters").replaceChildren(...parts.map((part) => section(part, text)));
  setText(byId("letter-found"), text || byId("letter-show").value ? t("{n} of {all} departments", { n: parts.length, all: every.length }) : "");
  byId("no-letters").hidden = parts.length > 0;
  setText(byId("no-letters"), text ? t("No department, item or letter is found") : every.length ? "✓ " + t("Nothing is missing") : t("There are no letters yet. Enter one, or take in the list"));
}

export async function showLetters() {
  const [letters, listed] = await Promise.all([get("/letters"), get("/departments")]);
  found = letters;
  departments = new Map(listed.map((each) => [each.name, named(each)]));
  windows = new Map(found.windows.map((window) => [window.window, window]));
  const count = (state) => found.letters.filter((letter) => letter.state === state).length;
  const lacking = PROBLEMS.reduce((sum, sort) => sum + found.gaps[sort].length, 0);
  setText(byId("decide"), found.decide ? t("Letters decide which windows may take an item.") : t("Letters are kept but decide nothing: set catalogue: letters: true in the hall file."));
  byId("letter-counts").replaceChildren(
    el("li", { class: lacking ? "chip bad" : "chip good" }, lacking ? "⚠ " + t("{n} to mend", { n: lacking }) : "✓ " + t("Nothing is missing")),
    el("li", { class: "chip" }, t("{n} in force", { n: count("in_force") })),
    count("upcoming") ? el("li", { class: "chip busy" }, t("{n} not yet in force", { n: count("upcoming") })) : "",
    found.gaps.ending.length ? el("li", { class: "chip warn" }, t("{n} end within 30 days", { n: found.gaps.ending.length })) : "",
    count("expired") ? el("li", { class: "chip" }, t("{n} expired", { n: count("expired") })) : "",
  );
  show();
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

export function startLetters(hall) {
  zones = new Map(hall.zones.map((zone) => [zone.id, named(zone)]));
  startLetterForm(hall, () => found.windows, showLetters);
  byId("new-letter").addEventListener("click", () => openLetter(null));
  byId("letter-q").addEventListener("input", show);
  byId("letter-show").addEventListener("change", show);
  byId("letter-find").addEventListener("submit", (event) => event.preventDefault());
}
