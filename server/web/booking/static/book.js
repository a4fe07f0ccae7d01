// A citizen books on the phone: service, slot, number; then the appointment's own page.

import { get, newKey, post, Refusal } from "/static/pages/api.js";
import { timeOf } from "/static/pages/clock.js";
import { byId, el, setText, zoneColour } from "/static/pages/dom.js";
import { currentLanguage, named, t } from "/static/pages/texts.js";
import { dayOf, dayWords } from "./days.js";
import { pickSlot } from "./picker.js";

const MANY = 9;
const PHONE = /^\+?[0-9][0-9 -]{4,18}[0-9]$/;
/** Faults after which another time has to be chosen. */
const OTHER_TIME = ["slot_full", "slot_unknown"];

let hall = null;
let service = null;
let slot = null;
let attempt = null; // {wish, id, key}: the same press sent again is the same booking

const bookable = (zone) => zone.services.filter((one) => one.bookable);

function away(isAway) {
  byId("away").hidden = !isAway;
}

async function ask(path) {
  for (;;) {
    try {
      const answer = await get(path);
      away(false);
      return answer;
    } catch (error) {
      if (error instanceof Refusal) throw error;
      away(true);
      await new Promise((resolve) => setTimeout(resolve, 2000));
    }
  }
}

function matches(one, word) {
  const words = [one.name, one.name_en, one.department, one.department_en].concat(one.keywords).join(" ").toLowerCase();
  return words.includes(word.trim().toLowerCase());
}

function showServices() {
  const word = byId("search").value;
  const zones = hall.zones.map((zone) => [zone, bookable(zone).filter((one) => matches(one, word))]).filter((pair) => pair[1].length);
  const lists = zones.map(([zone, services]) => {
    const list = el(
      "ul",
      { class: "services" },
      ...services.map((one) =>
        el(
          "li",
          {},
          el("button", { type: "button", class: "choice", click: () => choose(one) }, el("b", {}, named(one)), el("span", {}, named(one, "department"))),
        ),
      ),
    );
    const group = el("div", { class: "zone-group" }, el("h3", {}, named(zone)), list);
    zoneColour(group, zone.colour);
    return group;
  });
  byId("services").replaceChildren(...lists);
  byId("nothing-found").hidden = lists.length > 0;
}

function step(name, chosen) {
  byId(name + "-step").classList.toggle("done", Boolean(chosen));
  byId(name + "-chosen").hidden = !chosen;
  setText(byId(name + "-chosen").querySelector("b"), chosen || "");
}

async function choose(one) {
  service = one;
  slot = null;
  step("service", named(one));
  step("slot", null);
  byId("who-step").hidden = true;
  await showSlots();
  byId("slot-heading").focus();
}

async function showSlots(day) {
  byId("slot-step").hidden = false;
  const slots = await ask("/services/" + encodeURIComponent(service.id) + "/slots");
  pickSlot(byId("picker"), slots.days, take, day);
}

function take(one) {
  slot = one;
  step("slot", dayWords(dayOf(one.at)) + " " + timeOf(one.at));
  byId("who-step").hidden = false;
  byId("final").hidden = !one.final;
  trouble("");
  byId("phone").focus();
}

function trouble(sentence) {
  byId("who-trouble").hidden = !sentence;
  setText(byId("who-trouble"), sentence);
  byId("phone").setAttribute("aria-invalid", String(Boolean(sentence)));
}

function wish() {
  const group = byId("group").value;
  const name = byId("name").value.trim();
  const body = { service: service.id, slot_at: slot.at, phone: byId("phone").value.trim(), language: currentLanguage() };
  return Object.assign(body, name ? { name } : {}, group ? { group } : {});
}

async function book(event) {
  event.preventDefault();
  if (byId("book").disabled) return;
  const wanted = wish();
  if (!PHONE.test(wanted.phone)) {
    trouble(t("Please write a mobile number, such as 13800138000"));
    byId("phone").focus();
    return;
  }
  const told = JSON.stringify(wanted);
  if (!attempt || attempt.told !== told) attempt = { told, id: newKey(), key: newKey() };
  byId("book").disabled = true;
  try {
    const made = await post("/appointments", Object.assign({ id: attempt.id }, wanted), attempt.key);
    location.assign(made.url);
  } catch (error) {
    byId("book").disabled = false;
    await refused(error);
  }
}

async function refused(error) {
  if (!(error instanceof Refusal)) {
    trouble(t("The server does not answer. Please try again in a moment"));
    return;
  }
  attempt = null;
  trouble(error.sentence(currentLanguage()));
  if (OTHER_TIME.includes(error.reason)) {
    const day = dayOf(slot.at);
    slot = null;
    step("slot", null);
    await showSlots(day);
    byId("slot-heading").focus();
  }
}

function again(name) {
  step(name, null);
  byId("who-step").hidden = true;
  if (name === "service") byId("slot-step").hidden = true;
  byId(name + "-heading").focus();
}

async function start() {
  hall = await ask("/hall");
  const count = hall.zones.reduce((sum, zone) => sum + bookable(zone).length, 0);
  byId("none").hidden = count > 0;
  byId("service-step").hidden = count === 0;
  byId("search-box").hidden = count < MANY;
  byId("group-box").hidden = hall.groups.length === 0;
  byId("group").append(...hall.groups.map((group) => el("option", { value: group.id }, named(group))));
  byId("search").addEventListener("input", showServices);
  byId("service-again").addEventListener("click", () => again("service"));
  byId("slot-again").addEventListener("click", () => again("slot"));
  byId("who-step").addEventListener("submit", book);
  showServices();
  byId("main").setAttribute("aria-busy", "false");
  // From an item's page: its service is chosen already.
  const asked = new URLSearchParams(location.search).get("service");
  const found = hall.zones.flatMap(bookable).find((one) => one.id === asked);
  if (found) await choose(found);
}

// Coming back with the browser's button finds the form ready again.
addEventListener("pageshow", () => (byId("book").disabled = false));
start();
