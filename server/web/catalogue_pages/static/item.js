// An item's guide on a phone.

import { get, Refusal } from "/static/pages/api.js";
import { byId, el, setText } from "/static/pages/dom.js";
import { currentLanguage, named, pageData, t } from "/static/pages/texts.js";
import { chips, official, showAway, showHall, term, title } from "./shown.js";

function fill(id, thing, field) {
  const node = byId(id);
  const made = title("span", {}, thing, field);
  node.replaceChildren(made);
}

function fact(label, value) {
  return el("div", {}, el("dt", {}, label), el("dd", {}, value));
}

/** A text of the guide in Chinese, and in English where it is known what it says. */
function said(text) {
  if (currentLanguage() === "zh") return text;
  const days = /^(\d+)个工作日$/.exec(text);
  if (days) return t("{n} working days", { n: days[1] });
  const english = { 即时办结: t("At once"), 不收费: t("Free of charge") }[text] || term(text);
  return english === text ? official("span", {}, text) : english;
}

function limit(guide) {
  if (guide.time_limit) return said(guide.time_limit);
  if (guide.time_limit_days === null) return null;
  return guide.time_limit_days ? t("{n} working days", { n: guide.time_limit_days }) : t("At once");
}

/** The house as the guide says it, and where in the house. */
function where(item) {
  if (item.elsewhere || !(item.guide.where || item.place)) return null;
  const place = item.place ? el("b", {}, named(item, "place")) : null;
  // Many guides name the zone too; nobody reads it twice.
  const isSaid = item.place && item.guide.where.includes(item.place.split(" · ")[1]);
  const house = item.guide.where && !isSaid ? official("span", {}, item.guide.where) : null;
  return el("span", { class: "lines" }, ...[place, house].filter(Boolean));
}

function facts(item) {
  const guide = item.guide;
  const rows = [
    [t("Time limit"), limit(guide)],
    [t("Fee"), guide.fee ? said(guide.fee) : null],
    [t("Where"), where(item)],
    [t("By whom"), guide.by && !item.elsewhere ? title("span", {}, guide.by === item.department ? { by: guide.by, by_en: item.department_en } : { by: guide.by, by_en: guide.by }, "by") : null],
    [t("Ticket for"), item.service ? named(item, "service_name") : null],
    [t("For"), item.audience ? said(item.audience) : null],
  ];
  return rows.filter((row) => row[1]).map((row) => fact(row[0], row[1]));
}

function material(paper) {
  const line = el("li", {}, official("span", {}, paper.name));
  const copies = paper.copies > 1 ? " ×" + paper.copies : "";
  line.append(official("span", { class: "soft" }, paper.form + copies));
  if (paper.note) line.append(official("span", { class: "soft note" }, paper.note));
  if (paper.sample) line.append(el("a", { href: paper.sample, rel: "noreferrer" }, t("Sample")));
  return line;
}

function text(heading, content) {
  return content ? el("section", {}, el("h2", {}, heading), official("p", {}, content)) : null;
}

function forms(list) {
  if (!list.length) return null;
  const lines = list.map((form) =>
    el("li", {}, form.url ? el("a", { href: form.url, rel: "noreferrer", lang: "zh" }, form.name) : official("span", {}, form.name)),
  );
  return el("section", {}, el("h2", {}, t("Forms")), el("ul", {}, ...lines));
}

/** Phone numbers in a contact can be dialled. */
function contact(words) {
  const parts = words.split(/((?:\d{3,4}-)?\d{5,8}|1\d{10})/);
  return parts.map((part, at) => (at % 2 ? el("a", { href: "tel:" + part }, part) : part));
}

function show(item) {
  byId("item").hidden = false;
  fill("name", item, "name");
  document.title = named(item);
  fill("department", item, "department");
  byId("chips").replaceChildren(...chips(item));
  byId("elsewhere").hidden = !item.elsewhere;
  if (item.elsewhere) {
    byId("place").replaceChildren(official("span", {}, item.elsewhere.place));
    byId("contact").replaceChildren(...contact(item.elsewhere.contact));
    byId("reason").replaceChildren(official("span", {}, item.elsewhere.reason));
  }
  byId("online").hidden = !item.online;
  if (item.online) {
    byId("online-name").replaceChildren(title("span", {}, item.online.name === item.name ? item : { name: item.online.name, name_en: item.online.name }));
    byId("online-link").hidden = !item.online.url;
    byId("online-ask").hidden = Boolean(item.online.url);
    if (item.online.url) byId("online-link").href = item.online.url;
  }
  byId("facts").replaceChildren(...facts(item));
  byId("facts").hidden = !byId("facts").children.length;
  byId("book-box").hidden = !item.bookable;
  if (item.bookable) byId("book").href = "/book?service=" + encodeURIComponent(item.service);
  byId("materials-box").hidden = !item.guide.materials.length;
  byId("materials").replaceChildren(...item.guide.materials.map(material));
  byId("members-box").hidden = !item.members.length;
  byId("members").replaceChildren(
    ...item.members.map((member) => {
      const link = el("a", { class: "hit", href: "/items/" + encodeURIComponent(member.code) });
      link.append(title("b", {}, member), title("span", { class: "soft" }, member, "department"));
      return el("li", {}, link);
    }),
  );
  const texts = [
    text(t("Who may apply"), item.guide.conditions),
    text(t("How it goes"), item.guide.steps),
    forms(item.guide.forms),
    text(t("Legal basis"), item.guide.legal_basis),
  ];
  byId("texts").replaceChildren(...texts.filter(Boolean));
}

async function start() {
  try {
    show(await get("/items/" + encodeURIComponent(pageData().code)));
  } catch (error) {
    if (error instanceof Refusal) byId("unknown").hidden = false;
    else showAway(true);
  }
}

setText(byId("hall"), "");
showHall();
start();
