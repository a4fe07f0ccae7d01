// What the pages of cases share: words for people, times and steps, chips, presses, and being told of every change.

import { get, post } from "../pages/api.js";
import { hallDay, secondsSince, serverNowMs } from "../pages/clock.js";
import { called, hearNames } from "../pages/colleagues.js";
import { byId, el, setText } from "../pages/dom.js";
import { fetchHall, followAs, sentenceOf } from "../pages/staff.js";
import { currentLanguage, named, t } from "../pages/texts.js";

const GATHER_MS = 250; // a burst of changes is one look
const AGAIN_MS = 30000; // a deadline passes without an event
const TICK_MS = 1000;
const SOON_S = 5 * 60;

let departmentNames = new Map();
export let form = null;

/** Official words (titles, papers, what somebody wrote) are Chinese whatever the page's language is. */
export const official = (text) => el("span", { lang: "zh" }, text);

/** A department in the page's language. */
export const departmentName = (name) => (currentLanguage() === "zh" ? name : departmentNames.get(name) || name);

/** "user:wang" → "王芳". */
export const who = (by) => (!by ? "" : by === "platform" ? t("the platform") : called(by));

const two = (n) => String(n).padStart(2, "0");

/** The hall's day as 2026-11-23. */
export function today() {
  const day = hallDay(serverNowMs());
  return day.year + "-" + two(day.month) + "-" + two(day.day);
}

/** "11-23 09:05"; today only the time. */
export const when = (iso) => (iso ? (iso.slice(0, 10) === today() ? "" : iso.slice(5, 10) + " ") + iso.slice(11, 16) : "–");

/** How long something takes or is late, as people say it. */
export function lasting(seconds) {
  const minutes = Math.floor(Math.max(0, seconds) / 60);
  if (minutes < 1) return t("under 1 min");
  if (minutes < 60) return t("{n} min", { n: minutes });
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return t("{h} h {n} min", { h: hours, n: minutes % 60 });
  return t("{d} d {h} h", { d: Math.floor(hours / 24), h: hours % 24 });
}

export const lateFor = (iso) => lasting(secondsSince(iso));

/** Seconds until a moment; below zero once it has passed. */
export const secondsUntil = (iso) => (Date.parse(iso) - serverNowMs()) / 1000;

/** How pressing a moment is, in a word that style and reader know. */
export function pressing(iso) {
  if (!iso) return "none";
  const left = secondsUntil(iso);
  return left < 0 ? "late" : left < SOON_S ? "soon" : "calm";
}

/** Fills a box with what is left of a time, or by how much it is late. */
export function timeLeft(box, due) {
  const left = secondsUntil(due);
  const minutes = Math.floor(Math.abs(left) / 60);
  const hours = Math.floor(minutes / 60);
  box.dataset.pressing = pressing(due);
  setText(box.querySelector("b"), minutes < 1 ? t("<1 min") : minutes < 100 ? t("{n} min", { n: minutes }) : hours < 48 ? t("{n} h", { n: hours }) : t("{n} d", { n: Math.floor(hours / 24) }));
  setText(box.querySelector("small"), left < 0 ? t("late") : t("left"));
}

const STATE_LOOK = { transit: ["→", "warn"], approval: ["◷", "busy"], paused: ["❚❚", ""], decided: ["✓", "busy"], ready: ["●", "good"], posted: ["✉", "busy"], delivered: ["✓✓", "good"], withdrawn: ["⊘", ""] };

export const chip = (look, text) => el("span", { class: "chip " + look }, text);

export function chipsOf(one, { state = true } = {}) {
  const [icon, look] = STATE_LOOK[one.state] || ["", ""];
  const chips = state ? [chip(look, icon + " " + named(one, "state_name"))] : [];
  if (one.urgent) chips.push(chip("warn", "▲ " + t("Urgent")));
  if (one.delivery === "post") chips.push(chip("", "✉ " + t("By post")));
  if (one.returned) chips.push(chip("warn", "↩ " + t("Sent back {n}×", { n: one.returned })));
  if (one.lacks.length) chips.push(chip("warn", "▲ " + t("{n} papers missing", { n: one.lacks.length })));
  if (one.overdue.length) chips.push(chip("bad", "⚠ " + t("Overdue")));
  return chips;
}

/** Who has a late step, and for how long it has been late. */
export function lateWords(late, windowName) {
  const has = late.who ? who(late.who) : late.step === "transfer" && windowName ? t("lies at {window}", { window: windowName }) : "";
  const whose = [late.department ? departmentName(late.department) : "", has].filter(Boolean).join(" · ");
  const said = { step: named(late, "step_name"), who: whose, time: lateFor(late.due_at) };
  return whose ? t("{step}: {who}, {time} late", said) : t("{step}, {time} late", said);
}

const PAGE_MAX = 500; // as many as one answer has

/** Reads cases as far as the page shows them; where there are more, says so with a button that shows more. */
export class CaseList {
  constructor(page, again) {
    this.page = page; // so many at first, and so many more with each press
    this.shown = page;
    this.more = el("button", { type: "button" }, t("Show more"));
    this.words = el("span", { role: "status" });
    this.more.addEventListener("click", () => {
      this.shown += this.page;
      again();
    });
    byId("more-cases").replaceChildren(this.words, " ", this.more);
  }

  /** From the first page again: something else is asked for. */
  restart() {
    this.shown = this.page;
  }

  /** `read`: of `/cases?…`, null where it cannot be had. */
  async read(read, query) {
    const cases = [];
    let total = 0;
    do {
      const view = await read("/cases?" + query + "&limit=" + Math.min(PAGE_MAX, this.shown - cases.length) + "&offset=" + cases.length);
      if (!view) return null;
      cases.push(...view.cases);
      total = view.total;
      if (!view.cases.length) break;
    } while (cases.length < Math.min(this.shown, total));
    byId("more-cases").hidden = cases.length >= total;
    setText(this.words, t("The first {n} of {all} cases, what is due soonest first", { n: cases.length, all: total }));
    // What came or went between two pages stands once.
    return Array.from(new Map(cases.map((one) => [one.number, one])).values());
  }
}

/** Says beside the list what came of a press. */
export function say(text) {
  byId("trouble").hidden = true;
  setText(byId("said"), text);
}

export function complain(error, node) {
  const box = node || byId("trouble");
  box.hidden = false;
  setText(box, sentenceOf(error));
  box.scrollIntoView({ block: "nearest" });
  if (!node) setText(byId("said"), "");
}

/** Refusals that only ask whether somebody has looked again. */
const ASKING = ["tracking_unlikely", "tracking_shared", "parcel_signed"];

/** Asks a question that is answered with yes or not at all. */
function isSure(sentence) {
  setText(byId("sure-question"), sentence);
  byId("sure-dialog").returnValue = "";
  byId("sure-dialog").showModal();
  return new Promise((resolve) => byId("sure-dialog").addEventListener("close", () => resolve(byId("sure-dialog").returnValue === "yes"), { once: true }));
}

/** Posts; what the server only asks about is asked, and posted again as confirmed. Null where it was not confirmed. */
export async function postSurely(path, body, key) {
  try {
    return await post(path, body, key);
  } catch (error) {
    if (!ASKING.includes(error.reason)) throw error;
    // Somebody may have to be asked about the courier's number, and then about the parcel.
    return (await isSure(sentenceOf(error))) ? post(path, { ...body, confirmed: true }) : null;
  }
}

/** What a courier's numbers look like, in words; nothing of one that nobody knows. */
export function trackingHint(carrier) {
  const known = form.tracking.find((each) => each.carrier === carrier);
  return known ? named(known, "form") : t("4 to 40 letters, digits or hyphens");
}

/** A number as it is typed or scanned, as carriers write it. */
export const trackingOf = (text) => text.replace(/\s/g, "").toUpperCase();

/** Does a step with a button held down; tells what went wrong, and whether it worked. */
export async function act(button, number, step, body, trouble) {
  if (button) button.disabled = true;
  try {
    return (await postSurely("/cases/" + encodeURIComponent(number) + "/" + step, body)) !== null;
  } catch (error) {
    complain(error, trouble);
    return false;
  } finally {
    if (button) button.disabled = false;
  }
}

/** Starts a page: hall, form, who is here; then calls `refresh(overview)` at once and after every change. */
export async function start(refresh, tick) {
  const hall = await fetchHall();
  byId("away").hidden = true;
  const me = await get("/me").catch(() => null);
  if (!me) {
    location.assign("/sign-in?next=" + encodeURIComponent(location.pathname));
    return null;
  }
  try {
    [form] = await Promise.all([get("/cases/form"), hearNames()]);
  } catch (error) {
    byId("refused").hidden = false;
    setText(byId("refused"), "⚠ " + sentenceOf(error));
    return null;
  }
  departmentNames = new Map(form.departments.map((each) => [each.name, each.name_en]));
  let timer = 0;
  let overview = null;
  const look = () => {
    clearTimeout(timer);
    timer = setTimeout(() => overview && refresh(overview), GATHER_MS);
  };
  const begin = () => {
    followAs(
      "cases=1",
      (view) => {
        const isFirst = overview === null;
        overview = view;
        if (isFirst) refresh(overview);
        else look();
      },
      (name) => name === "case" && look(),
    );
    setInterval(look, AGAIN_MS);
    if (tick) setInterval(tick, TICK_MS);
  };
  return { hall, me, begin, look };
}

export const isLeader = (me) => me.roles.some((role) => ["supervisor", "manager", "admin"].includes(role));

/** "92%" of what was due, or a dash. */
export const share = (transfer) => (transfer.share === null ? "–" : Math.floor(transfer.share * 100) + "%");
