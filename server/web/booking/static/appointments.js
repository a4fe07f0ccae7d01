// Staff: the appointments of a day, check-in by hand, change and cancel, booking for somebody who phones.

import { get, newKey, post } from "/static/pages/api.js";
import { hallDay, serverNowMs, timeOf } from "/static/pages/clock.js";
import { byId, el, keyed, setText } from "/static/pages/dom.js";
import { fetchHall, followAs, sentenceOf } from "/static/pages/staff.js";
import { named, t } from "/static/pages/texts.js";
import { dayNote, dayOf, dayWords, shiftDay } from "./days.js";

const LOOKS = { booked: ["○", ""], arrived: ["✓", "good"], missed: ["✗", "bad"], cancelled: ["–", ""] };

let hall = null;
let day = null;
let rows = [];
let leave = () => {};
let moving = null; // the appointment that is being moved; null: a new one is booked
let attempt = null;
let slots = [];

const today = () => {
  const now = hallDay(serverNowMs());
  return [now.year, String(now.month).padStart(2, "0"), String(now.day).padStart(2, "0")].join("-");
};
const stateWord = (state) => ({ booked: t("booked"), arrived: t("here"), missed: t("did not come"), cancelled: t("cancelled") })[state];
const groupOf = (row) => hall.groups.find((group) => group.id === row.group);
const bookable = () => hall.zones.flatMap((zone) => zone.services.filter((one) => one.bookable));

function say(id, sentence) {
  byId(id).hidden = !sentence;
  setText(byId(id), sentence);
}

function person(row) {
  return [row.name_masked, row.masked].filter(Boolean).join(" ") || "–";
}

function build(row) {
  const button = (name, label, press) => el("button", { type: "button", class: name === "cancel" ? "danger" : "", "data-do": name, click: press }, label);
  const what = el(
    "td",
    { class: "doings" },
    button("arrive", t("Check in"), () => arrive(current(row.id))),
    button("move", t("Change"), () => openBooking(current(row.id))),
    button("cancel", t("Cancel"), () => askToCancel(current(row.id))),
  );
  return el("tr", {}, el("th", { scope: "row", class: "number" }), el("td"), el("td", { class: "number" }), el("td"), el("td"), what);
}

const current = (id) => rows.find((row) => row.id === id);

function update(line, row) {
  const cells = line.children;
  const [icon, look] = LOOKS[row.state];
  line.dataset.state = row.state;
  setText(cells[0], timeOf(row.slot_at));
  const group = groupOf(row);
  setText(cells[1], named(row, "service_name"));
  setText(cells[2], row.code.slice(0, 3) + " " + row.code.slice(3));
  setText(cells[3], person(row) + (group ? " · " + named(group) : ""));
  const chip = el("span", { class: "chip " + look }, icon + " " + stateWord(row.state) + (row.ticket_number ? " " + row.ticket_number : ""));
  if (cells[4].textContent !== chip.textContent) cells[4].replaceChildren(chip);
  for (const button of cells[5].children) {
    button.hidden = row.state !== "booked" || (button.dataset.do === "arrive" && row.day !== today());
    button.setAttribute("aria-label", button.textContent + ": " + timeOf(row.slot_at) + " " + person(row));
  }
}

function draw() {
  const count = (state) => rows.filter((row) => row.state === state).length;
  setText(byId("list-heading"), t("Appointments on {day}", { day: dayWords(day) }));
  setText(
    byId("counts"),
    rows.length ? t("{n} in all: {booked} expected, {arrived} here, {missed} did not come", { n: rows.length, booked: count("booked"), arrived: count("arrived"), missed: count("missed") }) : "",
  );
  byId("empty").hidden = rows.length > 0;
  byId("table").hidden = rows.length === 0;
  keyed(byId("rows"), rows, (row) => row.id, build, update);
  byId("day").value = day;
}

function take(list) {
  if (list.day !== day) return;
  rows = list.appointments;
  draw();
}

function go(to) {
  leave();
  day = to;
  rows = [];
  say("said", "");
  say("trouble", "");
  leave = followAs("appointments=" + day, take);
}

/** What one has done oneself shows at once; the name that came with it is written after the appointment. */
async function lookAgain() {
  await get("/appointments?day=" + day).then(take, () => null); // the followed view tells when the server is away
}

async function act(work, done) {
  say("trouble", "");
  say("said", "");
  try {
    say("said", done(await work()));
  } catch (error) {
    say("trouble", sentenceOf(error));
  }
  await lookAgain();
}

function arrive(row) {
  act(
    () => post("/check-ins", { id: newKey(), appointment: row.id }, newKey()),
    (ticket) => t("{person}: ticket {number}. Please tell the person", { person: person(row), number: ticket.number }),
  );
}

let cancelling = null;

function askToCancel(row) {
  cancelling = row;
  setText(byId("cancel-text"), dayWords(row.day) + " " + timeOf(row.slot_at) + " · " + named(row, "service_name") + " · " + person(row));
  byId("cancel-dialog").showModal();
}

// --- booking ---

function options(select, list, value, words, chosen) {
  select.replaceChildren(...list.map((one) => el("option", { value: value(one), selected: value(one) === chosen }, words(one))));
}

async function fillDays(wanted) {
  const service = moving ? moving.service : byId("service").value;
  const answer = await get("/services/" + encodeURIComponent(service) + "/slots").catch((error) => {
    say("book-trouble", sentenceOf(error));
    return { days: [] };
  });
  slots = answer.days.filter((one) => one.slots.some((slot) => slot.left));
  options(byId("book-day"), slots, (one) => one.day, (one) => dayWords(one.day) + " · " + dayNote(one), wanted);
  say("book-trouble", slots.length ? "" : t("No free time in the next days"));
  byId("book-go").disabled = slots.length === 0;
  fillTimes();
}

function fillTimes() {
  const chosen = slots.find((one) => one.day === byId("book-day").value) || { slots: [] };
  const free = chosen.slots.filter((slot) => slot.left);
  options(byId("slot"), free, (slot) => slot.at, (slot) => timeOf(slot.at) + " · " + t("{n} left", { n: slot.left }));
}

function openBooking(row) {
  moving = row || null;
  attempt = null;
  byId("book-form").reset();
  byId("service-box").hidden = byId("who-box").hidden = Boolean(moving);
  setText(byId("book-heading"), moving ? t("Another time for {person}", { person: person(moving) }) : t("New appointment"));
  setText(byId("book-go"), moving ? t("Change it") : t("Book it"));
  say("book-trouble", "");
  byId("book-dialog").showModal();
  byId(moving ? "book-day" : "service").focus();
  fillDays(moving ? moving.day : day);
}

function booking() {
  const optional = { phone: byId("phone").value.trim(), name: byId("name").value.trim(), group: byId("group").value };
  const given = Object.fromEntries(Object.entries(optional).filter((pair) => pair[1]));
  return Object.assign({ service: byId("service").value, slot_at: byId("slot").value }, given);
}

async function book(event) {
  event.preventDefault();
  if (byId("book-go").disabled) return;
  const wanted = moving ? { slot_at: byId("slot").value } : booking();
  const told = JSON.stringify(wanted);
  if (!attempt || attempt.told !== told) attempt = { told, id: newKey(), key: newKey() };
  byId("book-go").disabled = true;
  try {
    const path = moving ? "/appointments/" + encodeURIComponent(moving.id) + "/move" : "/appointments";
    const made = await post(path, moving ? wanted : Object.assign({ id: attempt.id }, wanted), attempt.key);
    byId("book-dialog").close();
    go(dayOf(made.slot_at));
    say("said", t("Booked: {day} {time}, check-in code {code}", { day: dayWords(made.day), time: timeOf(made.slot_at), code: made.code.slice(0, 3) + " " + made.code.slice(3) }));
    byId("new").focus();
  } catch (error) {
    attempt = null;
    await fillDays(byId("book-day").value);
    say("book-trouble", sentenceOf(error));
  } finally {
    byId("book-go").disabled = slots.length === 0;
  }
}

byId("day-before").addEventListener("click", () => go(shiftDay(day, -1)));
byId("day-after").addEventListener("click", () => go(shiftDay(day, 1)));
byId("today").addEventListener("click", () => go(today()));
byId("day").addEventListener("change", (event) => event.target.value && go(event.target.value));
byId("new").addEventListener("click", () => openBooking());
byId("service").addEventListener("change", () => fillDays(byId("book-day").value));
byId("book-day").addEventListener("change", fillTimes);
byId("book-form").addEventListener("submit", book);
byId("book-back").addEventListener("click", () => byId("book-dialog").close());
byId("cancel-no").addEventListener("click", () => byId("cancel-dialog").close());
byId("cancel-yes").addEventListener("click", () => {
  const row = cancelling;
  byId("cancel-dialog").close();
  act(() => post("/appointments/" + encodeURIComponent(row.id) + "/cancel", {}, newKey()), () => t("Cancelled: {person}", { person: person(row) }));
});
addEventListener("keydown", (event) => {
  const isTyping = event.target.closest("input, select, textarea, dialog");
  if (event.key.toLowerCase() === "n" && !isTyping && !event.ctrlKey && !event.altKey && !event.metaKey && !byId("main").hidden) {
    event.preventDefault();
    openBooking();
  }
});

async function start() {
  hall = await fetchHall();
  day = today();
  options(byId("service"), bookable(), (one) => one.id, (one) => named(one));
  byId("group-box").hidden = hall.groups.length === 0;
  byId("group").append(...hall.groups.map((group) => el("option", { value: group.id }, named(group))));
  byId("new").disabled = bookable().length === 0;
  go(day);
}

start();
