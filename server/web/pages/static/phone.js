// A citizen's page: where my ticket stands. The language is the ticket's unless the reader chooses another.

import { post, Refusal } from "./api.js";
import { hallTime, isKnown, serverNowMs, timeOf, waitMinutes } from "./clock.js";
import { byId, el, keyed, setText, zoneColour } from "./dom.js";
import { followLink } from "./link.js";
import { drawRating } from "./rate.js";
import { currentLanguage, named, pageData, setLanguage, t } from "./texts.js";

const page = pageData();
const path = "/t/" + encodeURIComponent(page.token);
const BUZZ_MS = [300, 150, 300, 150, 600];
const OWN_NAMES = { zh: "中文", en: "English" };
let ticket = null;
let lastCall = null; // "2.1": called twice, the second time repeated once
let chosen = page.asked;

const stateSentence = () =>
  ({
    waiting: ticket.ahead === 0 ? t("You are next. Please stay near the windows") : t("You are in line"),
    called: t("It is your turn"),
    serving: t("Being served at {window}", { window: place() }),
    held: t("On hold. Please stay nearby; you will be called again"),
    done: t("Finished. Thank you for coming"),
    no_show: t("You were called but did not come"),
    cancelled: t("Cancelled"),
  })[ticket.state] || ticket.state;

const adviceSentence = () =>
  ({
    waiting: t("This page updates by itself. Keep it open and it will tell you when you are called"),
    no_show: t("Please ask at the information desk: you can be put back in line"),
    cancelled: t("This ticket is no longer valid. Please take a new one if you need it"),
  })[ticket.state] || "";

const place = () => named(ticket, "window_name") || "";

/** What follows after this step, with the same number. */
const thenSentence = () =>
  t("First: {first}. Then, with the same number: {then}", {
    first: named(ticket, "service_name"),
    then: ticket.then.map((step) => named(step)).join(t(", ")),
  });

/** The pages of what was accepted in this visit. */
function drawCases() {
  byId("cases").hidden = !ticket.cases.length;
  keyed(
    byId("cases-list"),
    ticket.cases,
    (one) => one.number,
    (one) => el("li", {}, el("a", { href: one.url }, el("b", { lang: "zh" }), el("span", {}))),
    (node, one) => {
      setText(node.querySelector("b"), one.title);
      setText(node.querySelector("span"), named(one, "state_name"));
    },
  );
}

function label() {
  const labels = {
    "number-label": t("Ticket"),
    "ahead-label": t("People ahead"),
    "wait-label": t("Expected wait"),
    "service-label": t("Service"),
    "windows-label": t("Windows"),
    "issued-label": t("Issued"),
    "code-label": t("Rating code (kiosk)"),
    "cases-title": t("Accepted in this visit"),
    cancel: t("Cancel this ticket"),
    "cancel-title": t("Cancel this ticket?"),
    "cancel-text": t("Your place in line is given up and cannot be taken back"),
    "cancel-no": t("Keep it"),
    "cancel-yes": t("Cancel it"),
    away: "⚠ " + t("Connection lost. This may be out of date; please listen for your number"),
    "unknown-title": t("Ticket not found"),
    "unknown-text": t("The link is not right, or the ticket is from an earlier day. Please scan the code on your ticket again, or ask our staff"),
  };
  for (const id of Object.keys(labels)) setText(byId(id), labels[id]);
  document.documentElement.lang = currentLanguage();
  const other = page.languages.find((each) => each !== currentLanguage());
  byId("switch").hidden = !other;
  byId("switch").lang = other || "";
  setText(byId("switch"), OWN_NAMES[other] || other || "");
}

function waitSentence(wait) {
  const minutes = waitMinutes(wait);
  if (!minutes) return "–";
  if (minutes.high <= 5) return t("under 5 min");
  return minutes.low === minutes.high ? t("about {high} min", minutes) : t("{low}–{high} min", minutes);
}

function draw() {
  label();
  if (!ticket) return;
  document.body.className = ticket.state;
  zoneColour(byId("face"), ticket.zone_colour);
  setText(byId("hall"), named(ticket, "hall"));
  setText(byId("zone"), named(ticket, "zone_name") + " · " + named(ticket, "area_name"));
  setText(byId("number"), ticket.number);
  setText(byId("state"), stateSentence());
  const isCalled = ticket.state === "called";
  byId("go").hidden = !isCalled;
  setText(byId("go"), isCalled ? t("Please go to {window}", { window: place() }) : "");
  const isWaiting = ticket.state === "waiting";
  byId("facts").hidden = !isWaiting;
  setText(byId("ahead"), isWaiting ? String(ticket.ahead) : "");
  setText(byId("wait"), isWaiting ? waitSentence(ticket.wait) : "");
  setText(byId("advice"), adviceSentence());
  byId("advice").hidden = !adviceSentence();
  setText(byId("service"), named(ticket, "service_name"));
  setText(byId("windows"), named(ticket, "windows_text"));
  setText(byId("issued"), timeOf(ticket.issued_at));
  byId("code-box").hidden = !ticket.rating_code || Boolean(ticket.rating) || ["no_show", "cancelled"].includes(ticket.state);
  setText(byId("code"), ticket.rating_code || "");
  setText(byId("hint"), named(ticket, "hint") || "");
  byId("then").hidden = !ticket.then.length;
  setText(byId("then"), ticket.then.length ? thenSentence() : "");
  drawCases();
  drawRating(ticket, path, take);
  byId("cancel").hidden = !["waiting", "called", "held"].includes(ticket.state);
  document.title = (isCalled ? "🔔 " + ticket.number + " → " + place() : ticket.number + " " + stateSentence());
}

/** Told by eye, by feeling and by the tab's title, once for each call. */
function take(next) {
  const call = next.calls + "." + next.recalls;
  const isNews = lastCall !== null && next.state === "called" && call !== lastCall;
  ticket = next;
  lastCall = call;
  if (!chosen) setLanguage(page.languages.includes(ticket.language) ? ticket.language : page.language);
  byId("ticket").hidden = false;
  byId("unknown").hidden = true;
  draw();
  if (!isNews) return;
  window.scrollTo(0, 0);
  if (navigator.vibrate) navigator.vibrate(BUZZ_MS);
  if (byId("cancel-dialog").open) byId("cancel-dialog").close();
}

function unknown() {
  label();
  document.body.className = "gone";
  document.title = t("Ticket not found");
  byId("ticket").hidden = true;
  byId("unknown").hidden = false;
}

byId("switch").addEventListener("click", () => {
  chosen = page.languages.find((each) => each !== currentLanguage());
  setLanguage(chosen);
  draw();
});

byId("cancel").addEventListener("click", () => byId("cancel-dialog").showModal());
byId("cancel-no").addEventListener("click", () => byId("cancel-dialog").close());
byId("cancel-yes").addEventListener("click", async () => {
  byId("cancel-yes").disabled = true;
  byId("trouble").hidden = true;
  try {
    take(await post(path + "/cancel"));
  } catch (error) {
    byId("trouble").hidden = false;
    const isRefusal = error instanceof Refusal;
    setText(byId("trouble"), isRefusal ? error.sentence(currentLanguage()) : t("The server does not answer. Please try again in a moment"));
  }
  byId("cancel-yes").disabled = false;
  byId("cancel-dialog").close();
});

setInterval(() => isKnown() && setText(byId("live"), t("Live · {time}", { time: hallTime(serverNowMs()) })), 1000);

followLink({
  path,
  topic: "ticket=" + encodeURIComponent(page.token),
  take,
  unknown,
  label,
  state: (state) => byId("ticket").classList.toggle("away", state !== "live" && state !== "connecting"),
});
