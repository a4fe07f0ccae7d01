// The form of one item: a new one of three sorts, or one that stands in the lists.

import { get, newKey, post } from "/static/pages/api.js";
import { byId, el, setText } from "/static/pages/dom.js";
import { named, pageData, t } from "/static/pages/texts.js";
import { allFilled, clearFaults, fault, focusFirst, showRefusal } from "./faults.js";
import { picker } from "./picker.js";
import { term } from "./shown.js";
import { done, failed } from "./told.js";

const PREFIX = "e-";
const OFFICIAL = ["name", "department", "kind", "handling", "audience", "remark"];
const GUIDE_TEXTS = ["name_en", "service", "time_limit", "fee", "where", "by", "url", "conditions", "steps", "legal_basis"];
const ELSEWHERE = ["place", "contact", "reason"];
let editing = null; // {code, name, revision, before}; code is null of a new item
let sorts = [];
let members = null;
let departments = [];
let afterwards = () => null;

const form = () => byId("edit-form");
const field = (name) => byId(PREFIX + name);
const words = (text) => text.split(/[\s、,，;；]+/).filter(Boolean);

/** A material or form as a line: its parts, without empty ones at the end. */
const asLine = (parts) => parts.join("｜").replace(/｜+$/, "");

function lines(text, build) {
  const rows = text.split("\n").map((each) => each.trim()).filter(Boolean);
  return rows.map((each) => build(each.split(/[|｜]/).map((part) => part.trim())));
}

/** Only the fields of these sorts are shown. */
function showSorts(wanted) {
  sorts = wanted;
  form().querySelectorAll("[data-for]").forEach((node) => {
    node.hidden = !node.dataset.for.split(" ").some((each) => wanted.includes(each));
  });
}

const isShown = (name) => !field(name).closest("[hidden]");

function newDepartment() {
  const name = field("department").value.trim();
  byId("department-new").hidden = !name || departments.includes(name);
}

async function open(heading, item, guide) {
  departments = (await get("/departments").catch(() => [])).map((each) => each.name);
  byId("departments").replaceChildren(...departments.map((name) => el("option", { value: name })));
  clearFaults(form());
  setText(byId("edit-heading"), heading);
  byId("e-sorts").hidden = Boolean(editing.code);
  byId("edit-remove").hidden = byId("edit-changes").hidden = !editing.code;
  field("code").value = editing.code || "";
  field("code").readOnly = Boolean(editing.code);
  for (const name of OFFICIAL) field(name).value = item[name] || "";
  for (const name of GUIDE_TEXTS) field(name).value = guide[name] || "";
  for (const name of ELSEWHERE) field(name).value = (item.elsewhere && item.elsewhere[name]) || "";
  for (const box of byId("e-flags").querySelectorAll("input")) box.checked = (guide.flags || []).includes(box.value);
  field("keywords").value = (guide.keywords || []).join(" ");
  field("materials").value = (guide.materials || []).map((m) => asLine([m.name, m.form, m.copies === 1 && !m.note && !m.sample ? "" : m.copies, m.note, m.sample || ""])).join("\n");
  field("forms").value = (guide.forms || []).map((each) => asLine([each.name, each.url || ""])).join("\n");
  field("course").value = guide.course || pageData().courses[0];
  const known = new Map((item.members || []).map((member) => [member.code, member]));
  members.set((guide.members || []).map((code) => known.get(code) || { code, name: "", unknown: true }));
  byId("e-guide").open = Boolean(editing.code);
  newDepartment();
  editing.before = entered();
  byId("edit-dialog").showModal();
  (editing.code ? field("name") : form().querySelector("input[name=sort]:checked")).focus();
}

export async function editItem(code) {
  try {
    const kept = await get("/catalogue/items/" + encodeURIComponent(code));
    const item = Object.assign({}, kept.item, { remark: kept.listed ? kept.listed.remark : "" });
    editing = { code, name: named(item), revision: item.revision };
    const found = { comprehensive: "listed", online: "online", negative: "absent", guides: "other" };
    showSorts(item.elsewhere ? ["absent"] : [...kept.lists.map((list) => found[list]), ...(item.package ? ["package"] : [])]);
    await open(t("Edit: {name}", { name: named(item) }), item, kept.guide);
  } catch (error) {
    failed(error);
  }
}

export async function createItem() {
  editing = { code: null };
  form().querySelector("input[name=sort][value=listed]").checked = true;
  showSorts(["listed"]);
  await open(t("Add an item"), {}, {});
}

function entered() {
  const now = Object.fromEntries([...OFFICIAL, ...GUIDE_TEXTS].filter(isShown).map((name) => [name, field(name).value.trim()]));
  // A word of a list that the item's list does not have is not sent.
  for (const name of ["kind", "handling", "audience"]) if (!now[name]) delete now[name];
  if (isShown("place")) now.elsewhere = Object.fromEntries(ELSEWHERE.map((name) => [name, field(name).value.trim()]));
  if (isShown("members")) {
    now.members = members.codes();
    now.course = field("course").value;
  }
  if (isShown("materials")) {
    now.flags = Array.from(byId("e-flags").querySelectorAll("input:checked"), (box) => box.value);
    now.keywords = words(field("keywords").value);
    now.materials = lines(field("materials").value, ([name, kind, copies, note, sample]) => ({ name, form: kind || "", copies: Number((copies || "1").replace("份", "")), note: note || "", sample: sample || "" }));
    now.forms = lines(field("forms").value, ([name, url]) => ({ name, url: url || "" }));
  }
  return now;
}

/** Only what differs is sent. */
function wanted() {
  const before = editing.before;
  return Object.fromEntries(Object.entries(entered()).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name])));
}

function isSound() {
  clearFaults(form());
  const code = field("code").value.trim();
  if (code && !/^[A-Za-z0-9_-]{1,64}$/.test(code)) fault(PREFIX, "code", t("A code has only letters, digits, - and _"));
  if (isShown("members") && members.codes().length < 2) fault(PREFIX, "members", t("A package joins two items or more"));
  if (isShown("materials") && entered().materials.some((each) => !(each.copies >= 1 && each.copies <= 99))) {
    fault(PREFIX, "materials", t("The third part of a line is the number of copies, 1 to 99"));
  }
  return allFilled(form(), PREFIX) && !focusFirst(form());
}

async function save(event) {
  event.preventDefault();
  if (!isSound()) return;
  byId("edit-save").disabled = true;
  try {
    const code = editing.code || field("code").value.trim();
    const body = editing.code ? { revision: editing.revision } : { create: true };
    const item = await post("/items/" + encodeURIComponent(code), Object.assign(body, wanted()), newKey());
    byId("edit-dialog").close();
    await afterwards(editing.code ? null : code);
    done(editing.code ? t("Saved: {name}", { name: named(item) }) : t("Added: {name}. Kiosks and phones find it from now on", { name: named(item) }));
  } catch (error) {
    showRefusal(form(), PREFIX, error);
  }
  byId("edit-save").disabled = false;
}

async function remove() {
  if (!window.confirm(t("Remove {name} from every list? Kiosks and phones do not find it any more.", { name: editing.name }))) return;
  try {
    await post("/items/" + encodeURIComponent(editing.code) + "/remove", {}, newKey());
    byId("edit-dialog").close();
    await afterwards(null);
    done(t("Removed: {name}", { name: editing.name }));
  } catch (error) {
    clearFaults(form());
    showRefusal(form(), PREFIX, error);
  }
}

const choices = (name, values) => field(name).append(el("option", { value: "" }, t("Choose")), ...values.map((value) => el("option", { value }, term(value))));

export function startItemForm(hall, afterEdit, showChangesOf) {
  afterwards = afterEdit;
  const page = pageData();
  choices("kind", page.words.kinds);
  choices("handling", page.words.handlings);
  choices("audience", page.words.audiences);
  field("course").append(...page.courses.map((value) => el("option", { value }, term(value))));
  field("service").append(el("option", { value: "" }, t("As the hall file says")));
  for (const zone of hall.zones) {
    const group = el("optgroup", { label: named(zone) });
    group.append(...zone.services.map((service) => el("option", { value: service.id }, named(service))));
    field("service").append(group);
  }
  byId("e-flags").append(...page.words.flags.map((flag) => el("label", { class: "tick" }, el("input", { type: "checkbox", value: flag }), term(flag))));
  members = picker("e-members", { query: () => ({ package: "false" }), isFit: (item) => item.code !== editing.code });
  form().addEventListener("submit", save);
  form().querySelectorAll("input[name=sort]").forEach((each) =>
    each.addEventListener("change", () => {
      clearFaults(form());
      showSorts([each.value]);
    }),
  );
  field("department").addEventListener("input", newDepartment);
  byId("edit-back").addEventListener("click", () => byId("edit-dialog").close());
  byId("edit-remove").addEventListener("click", remove);
  byId("edit-changes").addEventListener("click", () => {
    byId("edit-dialog").close();
    showChangesOf(editing.code);
  });
}
