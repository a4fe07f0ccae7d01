// The item of a visit: found in the catalogue as one types, or told in one's own words.

import { get, Refusal, Unreachable } from "/static/pages/api.js";
import { byId, el } from "/static/pages/dom.js";
import { named, t } from "/static/pages/texts.js";

const HITS = 6;
const PAUSE_MS = 120;
let hits = [];
let active = 0;
let timer = null;
let asked = 0;
let take = () => {};
let leave = () => {};
let soon = Promise.resolve();

const field = () => byId("outcome-item");
const list = () => byId("outcome-hits");

/** `picked({code, name})` is told what was chosen, null while words are typed; without a code it is the clerk's own
 * words. `left()` moves the focus on at once: whoever presses quickly is ahead of the answer. */
export function itemField(picked, left) {
  take = picked;
  leave = left;
  shut();
}

export function isChoosing() {
  return !list().hidden;
}

/** Resolves when the item that was chosen last is known with all that the catalogue says of it. */
export function itemKnown() {
  return soon;
}

export function shut() {
  clearTimeout(timer);
  asked += 1;
  hits = [];
  list().hidden = true;
  field().setAttribute("aria-expanded", "false");
  field().removeAttribute("aria-activedescendant");
}

const tidy = (words) => words.trim().replace(/\s+/g, " ");

/** What the words find, the words themselves last; null when a later letter or a choice has overtaken it. */
async function find() {
  const words = tidy(field().value);
  const mine = (asked += 1);
  if (!words) return [];
  let found = [];
  try {
    found = (await get("/items?limit=" + HITS + "&q=" + encodeURIComponent(words.slice(0, 64)))).items;
  } catch (error) {
    if (!(error instanceof Refusal) && !(error instanceof Unreachable)) throw error;
  }
  return mine === asked ? found.concat({ code: null, name: words }) : null;
}

async function search() {
  const found = await find();
  if (!found) return;
  if (!found.length) {
    shut();
    return;
  }
  hits = found;
  active = 0;
  draw();
}

function draw() {
  const options = hits.map((hit, place) => {
    const text = hit.code ? named(hit) : t("Not in the catalogue: “{words}”", { words: hit.name });
    const note = hit.code ? named(hit, "department") : "";
    const properties = { role: "option", id: "hit-" + place, "aria-selected": String(place === active) };
    return el("li", Object.assign(properties, { mousedown: (event) => event.preventDefault(), click: () => pick(place) }), el("span", {}, text), el("small", {}, note));
  });
  list().replaceChildren(...options);
  list().hidden = false;
  field().setAttribute("aria-expanded", "true");
  field().setAttribute("aria-activedescendant", "hit-" + active);
  options[active].scrollIntoView({ block: "nearest" });
}

function told(hit) {
  soon = Promise.resolve(take({ code: hit.code, name: tidy(hit.name) }));
  return soon;
}

function pick(place) {
  const hit = hits[place];
  field().dataset.open = "false";
  leave();
  shut();
  told(hit);
}

/** Enter while the list is still being looked for: the first of it, as soon as it is here. */
function takeFirst() {
  field().dataset.open = "false";
  leave();
  soon = find().then((found) => {
    shut();
    return found && found.length ? told(found[0]) : null;
  });
}

/** Keys of the field; true if the press is done with. */
function pressed(event) {
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (event.key in steps && hits.length) {
    active = (active + steps[event.key] + hits.length) % hits.length;
    draw();
    return true;
  }
  if (event.key === "Escape" && isChoosing()) {
    shut();
    return true;
  }
  if (event.key === "Enter" && hits.length) {
    pick(active);
    return true;
  }
  if (event.key === "Enter" && field().dataset.open === "true") {
    takeFirst();
    return true;
  }
  return false;
}

field().addEventListener("input", () => {
  field().dataset.open = String(Boolean(field().value.trim()));
  take(null);
  clearTimeout(timer);
  timer = setTimeout(search, PAUSE_MS);
});
field().addEventListener("keydown", (event) => {
  if (event.isComposing || !pressed(event)) return; // Enter that ends a Chinese input is none of ours
  event.preventDefault();
  event.stopPropagation();
});
field().addEventListener("blur", () => {
  // Left with words and no choice: they stand as they are.
  const words = tidy(field().value);
  const isOpen = field().dataset.open === "true";
  shut();
  if (isOpen && words) told({ code: null, name: words });
});
