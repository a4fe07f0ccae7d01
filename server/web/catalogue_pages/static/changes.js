// Who changed what: acts by day, each field as it was and as it is, in words of the page's language.

import { get } from "/static/pages/api.js";
import { byId, el } from "/static/pages/dom.js";
import { named, t } from "/static/pages/texts.js";
import { fieldChange, knowNames, MANY, wholeField } from "./fields.js";
import { listName } from "./lists.js";
import { official } from "./shown.js";

const PAGE = 30;
let placesAreKnown = false;
let shown = 0;

function rowTitle(row) {
  const letter = row.list === "letters";
  return el("span", {}, official("b", {}, letter ? row.key : row.name || row.key), " ", el("small", { class: "soft" }, letter ? row.name : row.name ? row.key : ""));
}

const SORTS = { new: "good", changed: "busy", gone: "bad" };
const sortName = (sort) => ({ new: t("new"), changed: t("changed"), gone: t("taken away") })[sort];

function rowFields(row) {
  const fields = row.sort === "changed" ? row.fields.map(fieldChange) : row.fields.map(wholeField);
  const list = el("dl", { class: "fields" }, ...fields);
  return row.sort === "changed" && fields.length <= MANY ? list : el("details", {}, el("summary", {}, row.sort === "changed" ? t("{n} fields", { n: fields.length }) : t("See the whole entry")), list);
}

function rowEntry(row) {
  return el("div", { class: "row-change" }, el("p", {}, el("span", { class: "chip " + SORTS[row.sort] }, sortName(row.sort)), " ", rowTitle(row)), rowFields(row));
}

function figures(lists) {
  const parts = (each) => [each.new && t("{n} new", { n: each.new }), each.changed && t("{n} changed", { n: each.changed }), each.gone && t("{n} gone", { n: each.gone })].filter(Boolean).join(" · ");
  return el("ul", { class: "lists" }, ...lists.map((each) => el("li", {}, t("{what}: {words}", { what: listName(each.list), words: parts(each) }))));
}

function actor(who) {
  return who === "seed" ? t("The hall's first lists") : who.replace(/^user:/, "");
}

function entry(act) {
  const total = act.lists.reduce((sum, each) => sum + each.new + each.changed + each.gone, 0);
  const rows = act.rows.map(rowEntry);
  const rest = total > rows.length ? [el("p", { class: "soft" }, t("and {n} more", { n: total - rows.length }))] : [];
  const isSmall = rows.length <= 2;
  const body = isSmall ? rows : [figures(act.lists), el("details", {}, el("summary", {}, t("One by one")), ...rows, ...rest)];
  const list = isSmall && act.lists.length === 1 ? el("span", { class: "soft" }, listName(act.lists[0].list)) : "";
  return el("li", { class: "act" }, el("p", { class: "who" }, el("time", { datetime: act.at }, act.at.slice(11, 16)), el("b", {}, actor(act.who)), list), ...body);
}

/** Acts under the heading of their day; `more` goes on below what stands there. */
function put(acts, more) {
  const box = byId("changes");
  if (!more) box.replaceChildren();
  for (const act of acts) {
    const day = act.at.slice(0, 10);
    let part = box.lastElementChild;
    if (!part || part.dataset.day !== day) {
      part = el("section", { "data-day": day }, el("h3", {}, day), el("ol", { class: "acts" }));
      box.append(part);
    }
    part.querySelector(".acts").append(entry(act));
  }
}

export async function showChanges(more) {
  const offset = more === true ? shown : 0;
  const query = new URLSearchParams({ limit: PAGE, offset });
  const code = byId("changes-code").value.trim();
  if (code) query.set("code", code);
  const [found, letters] = await Promise.all([get("/catalogue/changes?" + query), placesAreKnown ? null : get("/letters")]);
  if (letters) placesOf(letters);
  put(found.acts, more === true);
  shown = offset + found.acts.length;
  byId("changes-more").hidden = !found.more;
  byId("no-changes").hidden = shown > 0;
}

let zones = [];
function placesOf(letters) {
  placesAreKnown = true;
  knowNames({ places: new Map([...zones.map((zone) => [zone.id, named(zone)]), ...letters.windows.map((each) => [each.window, named(each)])]) });
}

export function startChanges(hall, failed) {
  zones = hall.zones;
  knowNames({ services: new Map(hall.zones.flatMap((zone) => zone.services.map((service) => [service.id, named(service)]))) });
  const show = (more) => showChanges(more).catch(failed);
  byId("changes-find").addEventListener("submit", (event) => {
    event.preventDefault();
    show(false);
  });
  byId("changes-more").addEventListener("click", () => show(true));
}
