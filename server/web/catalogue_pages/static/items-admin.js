// Items and guides: find one, change it, and see it changed.

import { get, newKey, post } from "/static/pages/api.js";
import { byId, el, setText } from "/static/pages/dom.js";
import { sentenceOf } from "/static/pages/staff.js";
import { named, pageData, t } from "/static/pages/texts.js";
import { done, failed } from "./told.js";

const PAGE = 30;
const GUIDE_TEXTS = ["name_en", "service", "time_limit", "fee", "where", "by", "url", "conditions", "steps", "legal_basis"];
let shown = 0;
let asked = 0;
let editing = null;

const field = (name) => byId("e-" + name);
const words = (text) => text.split(/[\s、,，;；]+/).filter(Boolean);

function row(item) {
  const button = el("button", { type: "button", click: () => edit(item.code) }, t("Edit"), el("span", { class: "sr-only" }, " " + item.name));
  const service = item.service ? named(item, "service_name") : item.elsewhere ? t("not in the hall") : "⚠ " + t("none");
  const cells = [named(item), item.code, named(item, "department"), service, button];
  return el("tr", {}, ...cells.map((cell) => el("td", {}, cell)));
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
    setText(byId("count"), t("{n} found", { n: found.total }));
    byId("more").hidden = shown >= found.total;
  } catch (error) {
    failed(error);
  }
}

/** A material or form as a line: its parts, without empty ones at the end. */
const asLine = (parts) => parts.join("｜").replace(/｜+$/, "");

function lines(text, build) {
  const rows = text.split("\n").map((each) => each.trim()).filter(Boolean);
  return rows.map((each) => build(each.split(/[|｜]/).map((part) => part.trim())));
}

async function edit(code) {
  try {
    const kept = await get("/catalogue/items/" + encodeURIComponent(code));
    const item = kept.item;
    const guide = kept.guide;
    setText(byId("edit-heading"), t("Edit: {name}", { name: named(item) }));
    setText(byId("edit-code"), item.code + " · " + named(item, "department"));
    field("name").value = item.name;
    for (const name of GUIDE_TEXTS) field(name).value = guide[name];
    for (const box of byId("e-flags").querySelectorAll("input")) box.checked = guide.flags.includes(box.value);
    field("keywords").value = guide.keywords.join(" ");
    field("materials").value = guide.materials.map((m) => asLine([m.name, m.form, m.copies === 1 && !m.note && !m.sample ? "" : m.copies, m.note, m.sample || ""])).join("\n");
    field("forms").value = guide.forms.map((form) => asLine([form.name, form.url || ""])).join("\n");
    field("members").value = guide.members.join(" ");
    editing = { code, revision: item.revision, before: entered() };
    byId("edit-trouble").hidden = true;
    byId("edit-dialog").showModal();
  } catch (error) {
    failed(error);
  }
}

function entered() {
  const now = Object.fromEntries(["name", ...GUIDE_TEXTS].map((name) => [name, field(name).value.trim()]));
  now.flags = Array.from(byId("e-flags").querySelectorAll("input:checked"), (box) => box.value);
  now.keywords = words(field("keywords").value);
  now.members = words(field("members").value);
  now.materials = lines(field("materials").value, ([name, form, copies, note, sample]) => ({ name, form: form || "", copies: Number((copies || "1").replace("份", "")), note: note || "", sample: sample || "" }));
  now.forms = lines(field("forms").value, ([name, url]) => ({ name, url: url || "" }));
  return now;
}

/** Only what differs is sent. */
function wanted() {
  const before = editing.before;
  return Object.fromEntries(Object.entries(entered()).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name])));
}

async function save(event) {
  event.preventDefault();
  byId("edit-trouble").hidden = true;
  byId("edit-save").disabled = true;
  try {
    const body = Object.assign({ revision: editing.revision }, wanted());
    const item = await post("/items/" + encodeURIComponent(editing.code), body, newKey());
    byId("edit-dialog").close();
    done(t("Saved: {name}", { name: named(item) }));
    find(false);
  } catch (error) {
    byId("edit-trouble").hidden = false;
    setText(byId("edit-trouble"), "⚠ " + sentenceOf(error));
  }
  byId("edit-save").disabled = false;
}

export function startItems(hall) {
  field("service").append(el("option", { value: "" }, t("As the hall file says")));
  for (const zone of hall.zones) {
    const group = el("optgroup", { label: named(zone) });
    group.append(...zone.services.map((service) => el("option", { value: service.id }, named(service))));
    field("service").append(group);
  }
  byId("e-flags").append(...pageData().words.flags.map((flag) => el("label", { class: "tick" }, el("input", { type: "checkbox", value: flag }), flag)));
  byId("find").addEventListener("submit", (event) => {
    event.preventDefault();
    find(false);
  });
  byId("unassigned").addEventListener("change", () => find(false));
  byId("more").addEventListener("click", () => find(true));
  byId("edit-form").addEventListener("submit", save);
  byId("edit-back").addEventListener("click", () => byId("edit-dialog").close());
  find(false);
}
