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

const field = () => byId("outcome-item");
const list = () => byId("outcome-hits");

/** `picked({code, name})` is told what was chosen; without a code it is the clerk's own words. */
export function itemField(picked) {
  take = picked;
  shut();
}

export function isChoosing() {
  return !list().hidden;
}

export function shut() {
  clearTimeout(timer);
  asked += 1;
  hits = [];
  list().hidden = true;
  field().setAttribute("aria-expanded", "false");
  field().removeAttribute("aria-activedescendant");
}

async function search() {
  const words = field().value.trim();
  const mine = (asked += 1);
  if (!words) {
    shut();
    return;
  }
  let found = [];
  try {
    found = (await get("/items?limit=" + HITS + "&q=" + encodeURIComponent(words.slice(0, 64)))).items;
  } catch (error) {
    if (!(error instanceof Refusal) && !(error instanceof Unreachable)) throw error;
  }
  if (mine !== asked) return; // a later letter is on its way, or something was chosen meanwhile
  hits = found.concat({ code: null, name: words });
  active = 0;
  draw();
}

function draw() {
  const options = hits.map((hit, place) => {
    const text = hit.code ? named(hit) : t("Not in the catalogue: “{words}”", { words: hit.name });
    const note = hit.code ? named(hit, "department") : "";
    const option = el("li", { role: "option", id: "hit-" + place, "aria-selected": String(place === active), mousedown: (event) => event.preventDefault(), click: () => pick(place) }, el("span", {}, text), el("small", {}, note));
    return option;
  });
  list().replaceChildren(...options);
  list().hidden = false;
  field().setAttribute("aria-expanded", "true");
  field().setAttribute("aria-activedescendant", "hit-" + active);
  options[active].scrollIntoView({ block: "nearest" });
}

function pick(place) {
  const hit = hits[place];
  shut();
  take({ code: hit.code, name: hit.name.replace(/\s+/g, " ") });
}

/** Enter while the list is being looked for: wait for it, then take the first. */
async function takeFirst() {
  clearTimeout(timer);
  await search();
  if (hits.length) pick(0);
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
  const words = field().value.trim();
  const isOpen = field().dataset.open === "true";
  shut();
  if (isOpen && words) take({ code: null, name: words.replace(/\s+/g, " ") });
});
