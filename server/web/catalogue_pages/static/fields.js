// One field as it was and as it is, in words of the page's language: for the changes and for what a file would change.

import { el } from "/static/pages/dom.js";
import { currentLanguage, t } from "/static/pages/texts.js";
import { official, term } from "./shown.js";

const LONG_TEXT = 160;
export const MANY = 6;
let services = new Map();
let places = new Map(); // windows and zones by id

/** The names that fields may have to say. */
export function knowNames(names) {
  services = names.services || services;
  places = names.places || places;
}

const fieldName = (name) =>
  ({
    name: t("Name"),
    department: t("Department"),
    kind: t("Kind"),
    handling: t("Handling"),
    audience: t("For"),
    remark: t("Remark"),
    main_name: t("Main item"),
    business_code: t("Code of the online business"),
    place: t("Where it is done instead"),
    contact: t("Phone"),
    reason: t("Why it is not done here"),
    name_en: t("English name"),
    service: t("Service"),
    flags: t("Four promises"),
    keywords: t("Other words people look for"),
    conditions: t("Who may apply"),
    materials: t("Materials"),
    fee: t("Fee"),
    time_limit: t("Time limit"),
    legal_basis: t("Legal basis"),
    forms: t("Forms"),
    where: t("Where"),
    by: t("By whom"),
    steps: t("How it goes"),
    url: t("Address online"),
    members: t("Items of the package"),
    course: t("How they go on"),
    start: t("From"),
    end: t("Until"),
    windows: t("Windows"),
    zones: t("Zones"),
    items: t("Items"),
  })[name] || name;

const isEmpty = (value) => value === null || value === "" || (Array.isArray(value) && !value.length);

/** One value, or one entry of a list, as people say it. */
function inWords(field, value) {
  if (field === "service") return services.get(value) || value;
  if (field === "windows" || field === "zones") return places.get(value) || value;
  if (field === "materials") return [value.name, value.form, value.copies > 1 ? "×" + value.copies : "", value.note, value.sample].filter(Boolean).join(" · ");
  if (field === "forms") return [value.name, value.url].filter(Boolean).join(" · ");
  if (field === "items" || field === "members") return [value.name, value.code].filter(Boolean).join(" · ");
  return term(String(value));
}

function text(field, value) {
  const words = inWords(field, value);
  const shown = official("span", { class: "value" }, words);
  if (words.length <= LONG_TEXT) return shown;
  return el("details", {}, el("summary", {}, official("span", {}, words.slice(0, 60) + "…")), shown);
}

const was = (field, value) => el("del", {}, el("span", { class: "sr-only" }, t("Before:") + " "), text(field, value));
const is = (field, value) => el("ins", {}, el("span", { class: "sr-only" }, t("After:") + " "), text(field, value));
const none = () => el("span", { class: "soft" }, t("(empty)"));

/** Of a list only what came and what went is told; what stayed is counted. */
function listChange(field, before, after) {
  const key = (each) => JSON.stringify(each);
  const old = new Set((before || []).map(key));
  const now = new Set((after || []).map(key));
  const gone = (before || []).filter((each) => !now.has(key(each))).map((each) => el("li", {}, "− ", was(field, each)));
  const came = (after || []).filter((each) => !old.has(key(each))).map((each) => el("li", {}, "＋ ", is(field, each)));
  const kept = (after || []).length - came.length;
  const rows = [...gone, ...came];
  if (!rows.length) return el("span", {}, t("another order"));
  const stayed = kept ? el("p", { class: "soft" }, t("{n} as before", { n: kept })) : "";
  const list = el("ul", {}, ...rows);
  if (rows.length <= MANY) return el("div", {}, list, stayed);
  return el("details", {}, el("summary", {}, t("{new} added, {gone} taken out", { new: came.length, gone: gone.length })), list, stayed);
}

export function fieldChange(change) {
  const { field, before, after } = change;
  const value = Array.isArray(before) || Array.isArray(after) ? listChange(field, before, after) : el("div", { class: "swap" }, isEmpty(before) ? none() : was(field, before), el("span", { "aria-hidden": "true" }, " → "), isEmpty(after) ? none() : is(field, after));
  return el("div", {}, el("dt", {}, fieldName(field)), el("dd", {}, value));
}

/** Of a row that came or went each field has one side only. */
export function wholeField(change) {
  const value = change.after === null ? change.before : change.after;
  const words = Array.isArray(value) ? value.map((each) => inWords(change.field, each)).join(currentLanguage() === "zh" ? "；" : "; ") : null;
  return el("div", {}, el("dt", {}, fieldName(change.field)), el("dd", {}, words === null ? text(change.field, value) : official("span", {}, words)));
}
