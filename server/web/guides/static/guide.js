// The guides' tablet: who needs help and where; a ticket for somebody in three taps; check-in by code.

import { newKey, post, Refusal, Unreachable } from "/static/pages/api.js";
import { secondsSince } from "/static/pages/clock.js";
import { called } from "/static/pages/colleagues.js";
import { byId, el, keyed, setText, zoneColour } from "/static/pages/dom.js";
import { follow } from "/static/pages/feed.js";
import { settle } from "/static/pages/settle.js";
import { fetchHall, followAs, sentenceOf, wholeMinutes } from "/static/pages/staff.js";
import { currentLanguage, named, pageData, t } from "/static/pages/texts.js";
import { ring, showSound } from "./ring.js";

const LAST_PRINTER = "chaoxi.printer";
const TWICE_MS = 800; // a double tap is one ticket
let hall = null;
let zone = null;
let known = null;
let sending = false;
let sentAt = -Infinity;

function told(box, error) {
  if (!(error instanceof Refusal) && !(error instanceof Unreachable)) throw error;
  setText(byId(box), sentenceOf(error));
  byId(box).hidden = false;
}

/* Requests for help */

async function act(request, verb, body) {
  byId("help-trouble").hidden = true;
  try {
    await post("/help/" + encodeURIComponent(request.id) + "/" + verb, body, newKey());
  } catch (error) {
    told("help-trouble", error);
  }
}

function buildRequest(request) {
  return el(
    "li",
    { class: "card request" },
    el("p", { class: "place" }, named(request, "place")),
    el("p", { class: "kind" }, named(request, "kind_name")),
    el("p", { class: "soft about" }, el("time", { datetime: request.asked_at }), el("span", { class: "more" })),
    el(
      "div",
      { class: "choices" },
      el("button", { type: "button", class: "primary", "data-verb": "take", click: () => act(request, "take") }, t("I am going")),
      el("button", { type: "button", class: "primary", "data-verb": "helped", click: () => act(request, "end", { outcome: "helped" }) }, t("Helped")),
      el("button", { type: "button", "data-verb": "not_found", click: () => act(request, "end", { outcome: "not_found" }) }, t("Nobody there")),
    ),
  );
}

function updateRequest(card, request) {
  const isTaken = request.state === "taken";
  card.dataset.state = request.state;
  card.querySelector("[data-verb=take]").hidden = isTaken;
  card.querySelector("[data-verb=helped]").hidden = !isTaken;
  card.querySelector("[data-verb=not_found]").hidden = !isTaken;
  const more = [request.ticket, request.language === "en" ? "English" : "", isTaken ? t("{user} is there", { user: called(request.taken_by) }) : ""];
  setText(card.querySelector(".more"), more.filter(Boolean).map((part) => " · " + part).join(""));
  setText(card.querySelector("time"), wholeMinutes(secondsSince(request.asked_at)));
}

const OUTCOMES = () => ({ helped: t("Helped"), not_found: t("Nobody there"), not_needed: t("Not needed any more") });

function buildEnded(request) {
  const what = named(request, "place") + " · " + named(request, "kind_name");
  return el("li", {}, el("span", {}, what), el("span", { class: "soft" }, OUTCOMES()[request.outcome] || ""));
}

function showRequests(list) {
  const open = list.filter((each) => each.state !== "ended");
  const asked = open.filter((each) => each.state === "asked");
  const ended = list.filter((each) => each.state === "ended");
  if (known && asked.some((each) => !known.has(each.id))) ring();
  known = new Set(list.map((each) => each.id));
  keyed(byId("requests"), open, (each) => each.id, buildRequest, updateRequest);
  keyed(byId("ended"), ended, (each) => each.id, buildEnded);
  byId("help-none").hidden = open.length > 0;
  byId("ended-box").hidden = ended.length === 0;
  byId("help-count").hidden = asked.length === 0;
  byId("help-count").className = "chip warn";
  setText(byId("help-count"), t("{n} waiting", { n: asked.length }));
  document.title = (asked.length ? "(" + asked.length + ") " : "") + t("Guide's tablet");
}

/* A ticket: zone, service, done */

function option(value, text, chosen) {
  return el("option", { value, selected: value === chosen }, text);
}

function showSettings() {
  const printers = pageData().printers;
  const last = localStorage.getItem(LAST_PRINTER);
  const chosen = last === "" || printers.some((each) => each.id === last) ? last : (printers[0] || { id: "" }).id;
  byId("printer").replaceChildren(...printers.map((each) => option(each.id, named(each), chosen)), option("", t("Do not print"), chosen));
  byId("group").replaceChildren(option("", t("None"), ""), ...hall.groups.map((each) => option(each.id, named(each), "")));
}

function tile(thing, note, pick) {
  const button = el("button", { type: "button", class: "tile", click: pick }, el("b", {}, named(thing)), el("small", { class: "soft" }, note));
  return button;
}

function showZones() {
  zone = null;
  byId("services-box").hidden = true;
  byId("zones-box").hidden = false;
  settle(byId("zones-box"));
  const tiles = hall.zones.map((each) => {
    const button = tile(each, each.open ? t("{n} waiting", { n: each.waiting }) : t("Closed"), () => showServices(each));
    button.prepend(el("span", { class: "mark", "aria-hidden": "true" }, each.mark));
    button.dataset.key = each.id;
    zoneColour(button, each.colour);
    return button;
  });
  byId("zones").replaceChildren(...tiles);
}

function showServices(chosen) {
  zone = chosen;
  byId("issued").hidden = true;
  byId("take-trouble").hidden = true;
  const open = chosen.services.filter((each) => each.open);
  setText(byId("services-heading"), t("2. What for? {zone}", { zone: named(chosen) }));
  byId("services").replaceChildren(
    ...open.map((each) => {
      const button = tile(each, named(each, "department") + " · " + t("{n} waiting", { n: each.waiting }), () => issue(each));
      button.dataset.key = each.id;
      return button;
    }),
  );
  byId("services-none").hidden = open.length > 0;
  byId("zones-box").hidden = true;
  byId("services-box").hidden = false;
  settle(byId("services-box"));
  byId("services-heading").focus({ preventScroll: true });
}

function showIssued(ticket, printer) {
  setText(byId("issued-service"), named(ticket, "service_name"));
  setText(byId("issued-number"), ticket.number);
  const where = currentLanguage() === "zh" ? ticket.windows_text : ticket.windows_text_en;
  const ahead = ticket.ahead === null ? "" : t("people ahead: {n}", { n: ticket.ahead });
  setText(byId("issued-where"), [named(ticket, "area_name"), where, ahead].filter(Boolean).join(" · "));
  const paper = pageData().printers.find((each) => each.id === printer);
  setText(byId("issued-paper"), paper ? t("Being printed: {printer}", { printer: named(paper) }) : t("Not printed: please write the number down"));
  byId("issued").hidden = false;
  byId("issued").scrollIntoView({ block: "nearest" });
}

/** One request at a time; what came of it is shown, and the page is ready for the next citizen. */
async function send(path, body) {
  if (sending || performance.now() - sentAt < TWICE_MS) return;
  sending = true;
  byId("take-trouble").hidden = true;
  byId("issued").hidden = true;
  const printer = byId("printer").value;
  localStorage.setItem(LAST_PRINTER, printer);
  if (printer) body.printer = printer;
  body.id = newKey();
  try {
    showIssued(await post(path, body, newKey()), printer);
    byId("group").value = "";
    byId("code").value = "";
    showZones();
  } catch (error) {
    told("take-trouble", error);
    byId("take-trouble").scrollIntoView({ block: "nearest" });
  }
  sending = false;
  sentAt = performance.now();
}

function issue(service) {
  const body = { service: service.id, channel: "staff", language: currentLanguage() };
  if (byId("group").value) body.group = byId("group").value;
  return send("/tickets", body);
}

byId("back").addEventListener("click", showZones);
byId("check-in").addEventListener("submit", (event) => {
  event.preventDefault();
  send("/check-ins", { code: byId("code").value.trim() });
});

fetchHall().then((first) => {
  byId("away").hidden = true;
  hall = first;
  showSettings();
  showZones();
  showSound();
  followAs("help=1", (view) => showRequests(view.requests));
  follow("hall=1", {
    view: (view) => {
      hall = view;
      if (!zone) showZones();
    },
  });
});
setInterval(() => {
  document.querySelectorAll(".request time").forEach((node) => setText(node, wholeMinutes(secondsSince(node.dateTime))));
}, 5000);
