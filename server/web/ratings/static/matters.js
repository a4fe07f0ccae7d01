// Matters at a desk: write down what could not be done, what is for another region, and words to 12345; settle them.

import { get, newKey, post } from "../pages/api.js";
import { called, hearNames } from "../pages/colleagues.js";
import { byId, el, keyed, setText } from "../pages/dom.js";
import { fetchHall, sentenceOf } from "../pages/staff.js";
import { named, t } from "../pages/texts.js";
import { countSigns, facts, read, when } from "./desk.js";

const REFRESH_MS = 20000;
const LEADERS = ["supervisor", "manager", "admin"];
let form = null;
let shown = null;
let draft = newKey(); // the id of the matter being written: a second tap records nothing more

const radio = (group, choice) => el("label", { class: "choice" }, el("input", { type: "radio", name: group, value: choice.id, required: true }), el("span", {}, named(choice)));
const option = (choice) => el("option", { value: choice.id }, named(choice));
const checked = (group) => (document.querySelector("input[name=" + group + "]:checked") || { value: "" }).value;

// --- writing down -----------------------------------------------------------------------------------------------------

function drawForm() {
  byId("kinds").replaceChildren(...form.kinds.map((kind) => radio("what", kind)));
  byId("kind").append(...form.kinds.map(option));
  byId("reason").replaceChildren(el("option", { value: "" }, t("choose …")), ...form.reasons.map(option));
  byId("departments").replaceChildren(...form.departments.map((department) => el("option", { value: department })));
  byId("region-choice").replaceChildren(el("option", { value: "" }, t("choose …")), ...form.regions.map(option));
  byId("region-choice").hidden = form.regions.length === 0;
  byId("region").hidden = form.regions.length > 0;
  byId("region-box").querySelector("label").htmlFor = form.regions.length ? "region-choice" : "region";
  byId("results").replaceChildren(...form.results.map((result) => radio("result", result)));
  adapt();
}

function adapt() {
  const kind = checked("what");
  byId("reason-box").hidden = kind !== "unresolved";
  byId("region-box").hidden = kind !== "cross_region";
}

function bodyOfRecord() {
  const kind = checked("what");
  const body = { id: draft, kind, note: byId("note").value.trim() };
  const region = form.regions.length ? byId("region-choice").value : byId("region").value.trim();
  const others = { ticket: byId("ticket").value.trim(), department: byId("department").value.trim(), name: byId("name").value.trim(), phone: byId("phone").value.trim() };
  if (kind === "unresolved") others.reason = byId("reason").value;
  if (kind === "cross_region") others.region = region;
  for (const name of Object.keys(others)) if (others[name]) body[name] = others[name];
  return body;
}

byId("record").addEventListener("change", adapt);
byId("record").addEventListener("submit", async (event) => {
  event.preventDefault();
  byId("record-go").disabled = true;
  byId("record-trouble").hidden = true;
  try {
    const matter = await post("/matters", bodyOfRecord(), draft);
    draft = newKey();
    byId("record").reset();
    adapt();
    setText(byId("said"), t("Written down. To be settled by {time}", { time: when(matter.deadline_at) }));
    byId("kinds").querySelector("input").focus();
    list();
  } catch (error) {
    draft = newKey();
    byId("record-trouble").hidden = false;
    setText(byId("record-trouble"), sentenceOf(error));
  }
  byId("record-go").disabled = false;
});

// --- the list ---------------------------------------------------------------------------------------------------------

function chipsOf(matter) {
  const chips = [];
  if (matter.settled_at) chips.push(el("span", { class: "chip good" }, "✓ " + named(matter, "result_name")));
  else chips.push(el("span", { class: "chip warn" }, "● " + t("Open")));
  if (matter.overdue) chips.push(el("span", { class: "chip bad" }, "⚠ " + (matter.settled_at ? t("settled late") : t("overdue"))));
  return chips;
}

function buildRow(matter) {
  const button = el("button", { type: "button", class: "record", click: () => show(matter.id) }, el("span", { class: "record-head" }, el("b", {}, named(matter, "kind_name")), el("span", { class: "soft number" }, matter.reference), el("span", { class: "chips" })), el("span", { class: "soft what" }), el("span", { class: "due" }));
  return el("li", {}, button);
}

function updateRow(row, matter) {
  const what = [when(matter.opened_at), named(matter, "reason_name"), named(matter, "region_name"), matter.department, matter.number, matter.phone];
  row.querySelector(".chips").replaceChildren(...chipsOf(matter));
  row.firstElementChild.dataset.row = named(matter, "kind_name");
  setText(row.querySelector(".what"), what.filter(Boolean).join(" · "));
  setText(row.querySelector(".due"), matter.settled_at ? "" : t("To be settled by {time}", { time: when(matter.deadline_at) }));
}

async function list() {
  const query = [];
  if (byId("kind").value) query.push("kind=" + byId("kind").value);
  if (byId("open").value) query.push("open=" + byId("open").value);
  const view = await read("/matters" + (query.length ? "?" + query.join("&") : ""));
  if (!view) return;
  keyed(byId("list"), view.matters, (matter) => matter.id, buildRow, updateRow);
  byId("list-empty").hidden = view.matters.length > 0;
  setText(byId("counts"), t("{open} open, {overdue} overdue", view.counts));
}

// --- one matter -------------------------------------------------------------------------------------------------------

async function show(id) {
  shown = await read("/matters/" + encodeURIComponent(id));
  if (!shown) return;
  setText(byId("matter-heading"), named(shown, "kind_name"));
  byId("matter-chips").replaceChildren(...chipsOf(shown));
  facts(byId("facts"), [
    [t("Reason"), named(shown, "reason_name")],
    [t("Region"), named(shown, "region_name")],
    [t("Department"), shown.department],
    [t("Ticket"), shown.number ? shown.number + (shown.service ? " · " + named(shown, "service_name") : "") : null],
    [t("Written down"), when(shown.opened_at) + " · " + called(shown.opened_by)],
    [t("To be settled by"), when(shown.deadline_at)],
    [t("Name"), shown.name],
    [t("Phone"), shown.phone ? el("a", { href: "tel:" + shown.phone }, shown.phone) : null],
    [t("Settled"), shown.settled_at ? when(shown.settled_at) + " · " + called(shown.settled_by) : null],
    [t("Answer"), shown.result_text],
  ]);
  byId("text").hidden = !shown.text;
  setText(byId("text"), shown.text || "");
  byId("settle").reset();
  byId("settle-box").hidden = !shown.may_settle;
  byId("settle-go").hidden = !shown.may_settle;
  byId("no-settle").hidden = shown.may_settle || Boolean(shown.settled_at);
  for (const input of byId("results").querySelectorAll("input")) input.required = shown.may_settle;
  byId("settle-trouble").hidden = true;
  byId("matter-dialog").showModal();
}

byId("settle").addEventListener("submit", async (event) => {
  event.preventDefault();
  byId("settle-go").disabled = true;
  byId("settle-trouble").hidden = true;
  const note = byId("answer").value.trim();
  try {
    await post("/matters/" + encodeURIComponent(shown.id) + "/settle", note ? { result: checked("result"), note } : { result: checked("result") });
    byId("matter-dialog").close();
    setText(byId("said"), t("Settled"));
    list();
  } catch (error) {
    byId("settle-trouble").hidden = false;
    setText(byId("settle-trouble"), sentenceOf(error));
  }
  byId("settle-go").disabled = false;
});
byId("matter-back").addEventListener("click", () => byId("matter-dialog").close());
for (const id of ["kind", "open"]) byId(id).addEventListener("change", list);

/** The ticket at the reader's own window, where that is the desk for such things. */
async function prefill(hall, who) {
  if (!who.window) return;
  const window = await get("/windows/" + encodeURIComponent(who.window)).catch(() => null);
  if (!window || !window.ticket) return;
  const services = hall.zones.reduce((all, zone) => all.concat(zone.services), []);
  const service = services.find((each) => each.id === window.ticket.service) || {};
  if (!["unresolved", "cross_region"].includes(service.kind)) return;
  byId("ticket").value = window.ticket.number;
  document.querySelector("input[name=what][value=" + service.kind + "]").checked = true;
  adapt();
}

Promise.all([fetchHall(), hearNames()]).then(async ([hall]) => {
  form = await read("/matters/form");
  if (!form) return;
  drawForm();
  await list();
  countSigns();
  setInterval(list, REFRESH_MS);
  const who = await get("/me").catch(() => null);
  if (!who) return;
  byId("exports").hidden = !who.roles.some((role) => LEADERS.includes(role));
  prefill(hall, who);
});
