// Items and guides: find one and open it.

import { get } from "/static/pages/api.js";
import { byId, el, setText } from "/static/pages/dom.js";
import { named, t } from "/static/pages/texts.js";
import { createItem, editItem, startItemForm } from "./item-form.js";
import { failed } from "./told.js";

const PAGE = 30;
let shown = 0;
let asked = 0;

/** A cell that says its column when rows become cards on a narrow screen. */
const cell = (label, ...content) => el("td", { "data-label": label }, ...content);

function row(item) {
  const button = el("button", { type: "button", click: () => editItem(item.code) }, t("Edit"), el("span", { class: "sr-only" }, " " + item.name));
  const service = item.service ? named(item, "service_name") : item.elsewhere ? t("not in the hall") : el("span", { class: "warn-text" }, "⚠ " + t("none"));
  const mark = item.package ? el("span", { class: "chip busy" }, t("One-thing package")) : "";
  return el("tr", {}, el("th", { scope: "row" }, named(item), " ", mark), cell(t("Code"), item.code), cell(t("Department"), named(item, "department") || "–"), cell(t("Service"), service), el("td", {}, button));
}

function nothing(query) {
  if (query.get("unassigned")) return t("Every item has a service");
  if (query.get("q")) return t("No item is found. Look for fewer letters, or add the item");
  return t("There are no items yet. Add one, or take in a list");
}

async function find(more) {
  const turn = (asked += 1);
  const query = new URLSearchParams({ q: byId("q").value.trim(), limit: PAGE, offset: more ? shown : 0 });
  const only = byId("unassigned").value;
  if (only) query.set(only, "true");
  try {
    const found = await get("/items?" + query);
    if (turn !== asked) return; // an older answer that came late
    const rows = found.items.map(row);
    if (more) byId("hits").append(...rows);
    else byId("hits").replaceChildren(...rows);
    shown = (more ? shown : 0) + rows.length;
    setText(byId("count"), found.total ? t("{n} found", { n: found.total }) : "");
    byId("hits-table").hidden = found.total === 0;
    byId("no-hits").hidden = found.total > 0;
    if (!found.total) setText(byId("no-hits"), nothing(query));
    byId("more").hidden = shown >= found.total;
    if (more && rows.length) rows[0].querySelector("button").focus();
  } catch (error) {
    failed(error);
  }
}

/** After an edit: a new item is looked for, so that it stands there. */
async function afterEdit(code) {
  if (code) {
    byId("q").value = code;
    byId("unassigned").value = "";
  }
  await find(false);
}

export function startItems(hall, showChangesOf) {
  startItemForm(hall, afterEdit, showChangesOf);
  byId("new-item").addEventListener("click", createItem);
  byId("find").addEventListener("submit", (event) => {
    event.preventDefault();
    find(false);
  });
  byId("unassigned").addEventListener("change", () => find(false));
  byId("more").addEventListener("click", () => find(true));
  find(false);
}
