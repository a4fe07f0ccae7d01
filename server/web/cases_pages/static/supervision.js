// Supervision of all cases: what is late first, with who and for how long; every case by state; archive; couriers.

import { post } from "../pages/api.js";
import { byId, el, keyed, setText } from "../pages/dom.js";
import { sentenceOf } from "../pages/staff.js";
import { named, t } from "../pages/texts.js";
import { read } from "../ratings/desk.js";
import { CaseList, chipsOf, departmentName, form, isLeader, lateFor, lateWords, pressing, share, start, when, who } from "./cases.js";
import { caseButton, setCaseButton } from "./case-dialog.js";
import { drawParcels } from "./parcels.js";

const PAGE = 100;
const STATES = ["transit", "approval", "paused", "decided", "ready", "posted", "delivered", "withdrawn"];
const OPEN = STATES.slice(0, 6);

let page = null;
let listed = null;
let state = "open";
let overview = null;
const ticked = new Set();

const stateWord = (name) =>
  ({ open: t("All open ones"), overdue: t("Overdue"), transit: t("To the departments"), approval: t("Being decided"), paused: t("Clock stopped"), decided: t("Decided"), ready: t("Ready"), posted: t("Posted"), delivered: t("Handed out"), withdrawn: t("Withdrawn") })[name];

// --- figures and what is late -------------------------------------------------------------------------------------------

function drawFigures() {
  const { transfer, states } = overview;
  const values = {
    open: String(overview.open),
    overdue: String(overview.overdue),
    transfer: share(transfer) + (transfer.due ? " (" + transfer.in_time + "/" + transfer.due + ")" : ""),
    ready: String(states.ready || 0),
    unfiled: String(overview.unfiled),
  };
  for (const node of byId("totals").querySelectorAll("[data-total]")) setText(node, values[node.dataset.total]);
  byId("totals").querySelector('[data-total="overdue"]').classList.toggle("is-bad", overview.overdue > 0);
  const count = (name) => (name === "open" ? overview.open : name === "overdue" ? overview.overdue : states[name] || 0);
  keyed(byId("states"), ["open", "overdue", ...STATES], (name) => name, (name) => el("button", { type: "button", click: () => chooseState(name) }, stateWord(name), el("span", { class: "number" })), (button, name) => {
    button.setAttribute("aria-pressed", String(state === name));
    setText(button.querySelector(".number"), String(count(name)));
  });
  keyed(byId("late"), overview.late, keyOf, buildLate, updateLate);
  byId("late-empty").hidden = overview.late.length > 0;
}

const keyOf = (late) => late.case + " " + late.step + " " + late.department;
const buildLate = () => el("li", {}, el("span", { class: "left", "data-pressing": "late" }, el("b", { class: "number" })), el("div", { class: "what" }, caseButton(), el("b", { class: "late-words" }), el("span", { class: "soft small" })));

function updateLate(row, late) {
  setText(row.querySelector(".left b"), lateFor(late.due_at));
  setCaseButton(row.querySelector(".open-case"), late);
  setText(row.querySelector(".late-words"), lateWords(late, named(late, "window_name")));
  setText(row.querySelector(".small"), [late.number, t("due {time}", { time: when(late.due_at) })].join(" · "));
}

/** Time goes on between two looks. */
function tickLate() {
  for (const row of byId("late").children) {
    const late = overview.late.find((each) => row.dataset.key === keyOf(each));
    if (late) updateLate(row, late);
  }
}

function chooseState(name) {
  state = name;
  drawFigures();
  listAnew();
}

// --- all cases ----------------------------------------------------------------------------------------------------------

function query() {
  const wanted = new URLSearchParams();
  if (state === "overdue") wanted.set("overdue", "true");
  else wanted.set("state", state === "open" ? OPEN.join(",") : state);
  for (const name of ["zone", "department"]) if (byId(name).value) wanted.set(name, byId(name).value);
  if (byId("q").value.trim()) wanted.set("q", byId("q").value.trim());
  return String(wanted);
}

const buildRow = () => el("tr", { role: "row" }, el("th", { scope: "row", role: "rowheader" }, caseButton(), el("span", { class: "soft small number" })), el("td", { class: "chips-cell", role: "cell" }, el("span", { class: "chips" })), el("td", { class: "where", role: "cell" }), el("td", { class: "figure number due", role: "cell" }));

function whereOf(one) {
  const open = one.legs.filter((leg) => !leg.answer);
  if (["transit", "approval", "paused"].includes(one.state)) return open.map((leg) => departmentName(leg.department) + (leg.signed_at ? "" : leg.taken_by ? t(" (with {who})", { who: who(leg.taken_by) }) : t(" (at {window})", { window: named(one, "window_name") }))).join(t(", "));
  if (one.state === "decided") return one.legs.map((leg) => departmentName(leg.department)).join(t(", "));
  return one.tracking || (one.state === "ready" ? t("pickup desk") : who(one.ended_by));
}

function updateRow(row, one) {
  row.className = one.overdue.length ? "is-late" : "";
  setCaseButton(row.querySelector(".open-case"), one);
  setText(row.querySelector(".small"), one.number + " · " + one.ticket_number);
  row.querySelector(".chips").replaceChildren(...chipsOf(one));
  setText(row.querySelector(".where"), whereOf(one));
  const late = pressing(one.due_at) === "late";
  setText(row.querySelector(".due"), one.due_at ? (late ? "⚠ " + t("{time} late", { time: lateFor(one.due_at) }) : when(one.due_at)) : one.ended_at ? when(one.ended_at) : "–");
}

async function list() {
  const asked = query();
  const cases = await listed.read(read, asked);
  if (!cases || asked !== query()) return; // a later look is under way
  keyed(byId("cases"), cases, (one) => one.number, buildRow, updateRow);
  byId("cases-empty").hidden = cases.length > 0;
}

function listAnew() {
  listed.restart();
  list();
}

// --- archive ------------------------------------------------------------------------------------------------------------

const tick = (settlement) => el("label", { class: "check" }, tickBox(settlement));
const tickBox = (settlement) => el("input", { type: "checkbox", "aria-label": t("In the archive: {number}", { number: settlement.case || settlement.number }), change: (event) => chooseFile(settlement.id, event.target.checked) });

const buildFile = (settlement) => el("tr", { role: "row" }, el("td", { role: "cell" }, tick(settlement)), el("th", { scope: "row", role: "rowheader", lang: "zh" }), el("td", { class: "number", role: "cell" }), el("td", { role: "cell" }), el("td", { class: "filed", role: "cell" }));

function updateFile(row, settlement) {
  const box = row.querySelector("input");
  box.checked = Boolean(settlement.filed_at) || ticked.has(settlement.id);
  box.disabled = Boolean(settlement.filed_at) || settlement.on_the_way;
  const [, title, number, window, filed] = row.children;
  setText(title, settlement.title);
  setText(number, settlement.case || settlement.number);
  setText(window, [named(settlement, "window_name"), who(settlement.clerk)].filter(Boolean).join(" · "));
  setText(filed, settlement.filed_at ? "✓ " + when(settlement.filed_at) + " · " + who(settlement.filed_by) : settlement.on_the_way ? "→ " + t("not signed for by the department yet") : named(settlement, "outcome_name"));
}

let settlements = [];
const unfiled = () => settlements.filter((each) => !each.filed_at && !each.on_the_way);

function chooseFile(id, isChosen) {
  if (isChosen) ticked.add(id);
  else ticked.delete(id);
  drawFile();
}

function drawFile() {
  keyed(byId("archive"), settlements, (each) => each.id, buildFile, updateFile);
  const open = unfiled();
  byId("archive-all").checked = open.length > 0 && open.every((each) => ticked.has(each.id));
  byId("archive-all").indeterminate = !byId("archive-all").checked && open.some((each) => ticked.has(each.id));
  byId("archive-all").disabled = open.length === 0;
  byId("archive-go").disabled = ticked.size === 0;
  setText(byId("archive-go"), ticked.size ? t("{n} are in the archive", { n: ticked.size }) : t("Tick what is in the archive"));
  byId("archive-empty").hidden = settlements.length > 0;
  byId("archive-table").hidden = settlements.length === 0;
}

async function archive() {
  const asked = byId("day").value;
  const view = await read("/archive" + (asked ? "?day=" + asked : ""));
  if (!view) return;
  if (!asked) byId("day").value = view.day;
  settlements = view.settlements;
  for (const id of ticked) if (!unfiled().some((each) => each.id === id)) ticked.delete(id);
  keyed(byId("days"), view.days, (each) => each.day, (each) => el("li", {}, el("button", { type: "button", click: () => { byId("day").value = each.day; archive(); } })), (node, each) => {
    setText(node.firstElementChild, t("{day}: {n} to file", { day: each.day, n: each.unfiled }));
    node.firstElementChild.setAttribute("aria-pressed", String(each.day === view.day));
  });
  drawFile();
}

byId("archive-all").addEventListener("change", (event) => {
  for (const each of unfiled()) if (event.target.checked) ticked.add(each.id);
  else ticked.delete(each.id);
  drawFile();
});
byId("day").addEventListener("change", () => {
  ticked.clear();
  archive();
});
byId("archive-go").addEventListener("click", async () => {
  byId("archive-trouble").hidden = true;
  byId("archive-go").disabled = true;
  try {
    const answer = await post("/archive", { settlements: Array.from(ticked) });
    ticked.clear();
    setText(byId("archive-said"), t("{n} originals are filed", { n: answer.filed }));
  } catch (error) {
    byId("archive-trouble").hidden = false;
    setText(byId("archive-trouble"), sentenceOf(error));
  }
  archive();
});

// --- the page -----------------------------------------------------------------------------------------------------------

function refresh(figures) {
  overview = figures;
  drawFigures();
  list();
  archive();
  drawParcels({ look: page.look });
}

for (const id of ["zone", "department"]) byId(id).addEventListener("change", listAnew);
let typing = 0;
byId("q").addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(listAnew, 250);
});

start(refresh, () => overview && tickLate()).then((begun) => {
  if (!begun) return;
  page = begun;
  if (!isLeader(begun.me)) {
    byId("refused").hidden = false;
    setText(byId("refused"), "⚠ " + t("Your role does not see this page"));
    byId("sign-out").hidden = false;
    return;
  }
  byId("zone").append(...begun.hall.zones.map((zone) => el("option", { value: zone.id }, named(zone))));
  byId("department").append(...form.departments.map((each) => el("option", { value: each.name }, named(each))));
  const asked = new URLSearchParams(location.search).get("zone");
  if (asked) byId("zone").value = asked;
  listed = new CaseList(PAGE, list);
  byId("main").hidden = false;
  begun.begin();
});
