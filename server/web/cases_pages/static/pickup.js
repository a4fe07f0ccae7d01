// The pickup desk: one field for scanner and keyboard, one case with what to check now, and the lists behind the desk.

import { get } from "../pages/api.js";
import { byId, el, keyed, setText } from "../pages/dom.js";
import { follow } from "../pages/feed.js";
import { named, t } from "../pages/texts.js";
import { facts, read } from "../ratings/desk.js";
import { act, CaseList, chipsOf, complain, form, lasting, lateWords, official, pressing, say, secondsUntil, start, trackingHint, trackingOf, when } from "./cases.js";
import { answerWord, drawTimeline, noteWords, personFacts, proofWord, recordFacts, takerWords } from "./case-dialog.js";
import { drawParcels } from "./parcels.js";

const TOKEN = /[A-Za-z0-9_-]{22}\/?$/;

const PAGE = 500;

let page = null;
let listed = null;
let open = null; // the case that is shown
let byVoucher = false;

// --- the field --------------------------------------------------------------------------------------------------------

/** A hand on the keyboard or a scanner means the field, unless something else is being filled in. */
function toField() {
  if (!document.querySelector("dialog[open]")) byId("scan").focus({ preventScroll: true });
}

document.addEventListener("keydown", (event) => {
  const isWriting = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
  if (event.key === "Escape" && !document.querySelector("dialog[open]")) close();
  if (isWriting || event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1 || event.key === " ") return;
  toField();
});

async function find(words) {
  byVoucher = false;
  byId("found-box").hidden = true;
  if (TOKEN.test(words)) {
    const one = await get("/vouchers/" + TOKEN.exec(words)[0].replace("/", ""));
    byVoucher = true;
    return one;
  }
  const view = await get("/cases?limit=20&q=" + encodeURIComponent(words));
  if (view.cases.length === 1) return get("/cases/" + encodeURIComponent(view.cases[0].number));
  byId("found-box").hidden = false;
  setText(byId("found-count"), view.total ? t("{n} cases found; choose one", { n: view.total }) : t("No case has this number or name; scan the voucher, or type the number"));
  byId("found-count").classList.toggle("verdict", !view.total);
  keyed(byId("found"), view.cases, (one) => one.number, buildRow, updateRow);
  return null;
}

byId("scan-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const words = byId("scan").value.trim();
  if (!words) return;
  byId("scan").select();
  setText(byId("said"), "");
  byId("trouble").hidden = true;
  try {
    const one = await find(words);
    if (one) {
      byId("scan").value = "";
      show(one);
    } else close(true);
  } catch (error) {
    close();
    complain(error);
  }
});

// --- one case ---------------------------------------------------------------------------------------------------------

function close(keepFound) {
  open = null;
  byId("case").hidden = true;
  byId("choose").hidden = false;
  if (!keepFound) byId("found-box").hidden = true;
  mark();
  toField();
}

async function reopen(number) {
  const one = await read("/cases/" + encodeURIComponent(number));
  if (one) show(one, true);
}

async function choose(number) {
  byVoucher = false;
  byId("found-box").hidden = true;
  setText(byId("said"), "");
  byId("trouble").hidden = true;
  const one = await read("/cases/" + encodeURIComponent(number));
  if (one) show(one);
}

function show(one, isSame) {
  const isNew = !open || open.number !== one.number || open.state !== one.state;
  open = one;
  byId("choose").hidden = true;
  byId("case").hidden = false;
  byId("one-heading").replaceChildren(official(one.title));
  setText(byId("one-number"), one.number);
  byId("one-chips").replaceChildren(...chipsOf(one));
  byId("one-late").replaceChildren(...one.overdue.map((late) => el("li", { class: "alarm bad" }, "⚠ " + lateWords(late, named(one, "window_name")))));
  facts(byId("one-facts"), [...personFacts(one), ...recordFacts(one), [t("Decision"), one.granted === null ? null : answerWord(one.granted ? "granted" : "denied")]]);
  byId("one-notes").replaceChildren(...one.notes.map((note) => noteWords(one, note)));
  drawTimeline(byId("one-timeline"), one);
  const can = (step) => one.steps.includes(step);
  byId("result-form").hidden = !can("result");
  byId("post-form").hidden = !can("post");
  byId("hand-form").hidden = !can("hand-out");
  byId("delivered").hidden = !can("delivered");
  byId("papers").hidden = !can("papers");
  byId("return").hidden = !can("return") || can("result");
  byId("withdraw").hidden = !can("withdraw");
  byId("receipt").hidden = !one.handed_to;
  byId("receipt").href = "/api/v1/settlements/" + encodeURIComponent(one.id) + "/papers/receipt.pdf";
  byId("not-yet").hidden = ["decided", "ready", "posted"].includes(one.state);
  byId("not-yet").classList.toggle("good", one.state === "delivered");
  setText(byId("not-yet"), notYet(one));
  if (isNew) {
    for (const name of ["result-form", "post-form", "hand-form"]) byId(name).reset();
    for (const name of ["result", "post", "hand"]) byId(name + "-trouble").hidden = true;
    if (can("result")) drawChecks(one);
    if (can("post")) drawCarriers();
    if (can("hand-out")) drawHandOut();
  }
  if (can("result")) adapt(); // papers that came meanwhile let it be taken over
  if (byVoucher && !isSame) {
    byId("hand-form").elements.voucher.value = "shown"; // it was just scanned
    adaptHandOut();
  }
  mark();
  if (isSame) toField();
  else byId("one-heading").focus();
}

function notYet(one) {
  if (one.state === "delivered") return t("This result has been handed out: {time}", { time: when(one.ended_at) }) + (one.proof ? " · " + [takerWords(one), proofWord(one.proof)].join(" · ") : "");
  if (one.state === "withdrawn") return t("The application was withdrawn");
  return t("The result is not ready: {state}. To be decided by {time}", { state: named(one, "state_name"), time: when(one.deadline_at) });
}

const carrierOption = (carrier) => el("option", { value: carrier, lang: "zh" }, carrier);
const adaptHint = () => setText(byId("tracking-hint"), trackingHint(byId("carrier").value));

function drawCarriers() {
  byId("carrier").replaceChildren(...form.carriers.map(carrierOption));
  adaptHint();
}

byId("carrier").addEventListener("change", adaptHint);

/** Of whoever was sent name and authority are asked; where the voucher is lost, what was shown in its place. */
function adaptHandOut() {
  const fields = byId("hand-form").elements;
  const isAgent = fields.to.value === "agent";
  const isLost = fields.voucher.value === "lost";
  const isOther = isLost && fields.proof.value === "other";
  byId("agent-box").hidden = !isAgent;
  byId("agent-box").disabled = !isAgent;
  byId("lost-box").hidden = !isLost;
  byId("lost-box").disabled = !isLost;
  byId("hand-note").required = isOther;
  byId("hand-note-label").textContent = isOther ? t("What was shown in its place, in words") : t("Note");
}

function drawHandOut() {
  byId("authorities").replaceChildren(
    ...form.authorities.map((choice) => el("label", { class: "choice" }, el("input", { type: "radio", name: "authority", value: choice.id, required: true }), el("span", {}, named(choice)))),
  );
  adaptHandOut();
}

byId("hand-form").addEventListener("change", adaptHandOut);

/** What the paper must agree with; each point is looked at by eye, and only then can it be taken over. */
function drawChecks(one) {
  const known = { name: one.name, item: one.title + (one.item ? " " + one.item : ""), copies: null };
  const check = (choice) =>
    el("label", { class: "check" }, el("input", { type: "checkbox", name: "check", value: choice.id }), el("span", {}, checkWords(choice), known[choice.id] ? el("b", { lang: "zh" }, " " + known[choice.id]) : ""));
  byId("checks").replaceChildren(...form.mismatches.map(check));
  byId("paper").value = one.title;
  adapt();
}

/** What is to be compared; a hall's own mismatch is known only by its name. */
function checkWords(choice) {
  const point = { name: t("name"), number: t("number of the certificate"), item: t("item"), copies: t("number of copies"), seal: t("seal and print") }[choice.id];
  return point ? t("agrees: {point}", { point }) : t("not so: {point}", { point: named(choice) });
}

function adapt() {
  const boxes = Array.from(byId("checks").querySelectorAll("input"));
  const isWhole = boxes.every((box) => box.checked) && byId("result-form").elements.granted.value !== "";
  // What was granted is not given out without the papers that were promised; the desk would only be refused.
  const isHeld = open.granted && open.lacks.length > 0;
  byId("result-held").hidden = !isHeld;
  setText(byId("result-held"), isHeld ? t("It cannot be taken over yet; still missing: {papers}", { papers: open.lacks.join("、") }) : "");
  byId("result-go").disabled = !isWhole || isHeld;
}

async function step(button, name, body, said, trouble) {
  const number = open.number;
  if (trouble) trouble.hidden = true;
  if (!(await act(button, number, name, body, trouble))) return false;
  say(said);
  await reopen(number);
  page.look();
  return true;
}

byId("result-form").addEventListener("change", adapt);
byId("result-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const fields = event.target.elements;
  const body = { title: byId("paper").value.trim(), granted: fields.granted.value === "yes", copies: Number(byId("copies").value) };
  if (open.item) body.item = open.item;
  step(byId("result-go"), "result", body, t("{number} is taken over and lies ready", { number: open.number }), byId("result-trouble"));
});
byId("post-form").addEventListener("submit", (event) => {
  event.preventDefault();
  step(byId("post-go"), "post", { carrier: byId("carrier").value, tracking: trackingOf(byId("tracking").value) }, t("{number} is posted", { number: open.number }), byId("post-trouble"));
});
byId("hand-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const fields = event.target.elements;
  const body = { to: fields.to.value, proof: fields.voucher.value === "shown" ? "voucher" : fields.proof.value };
  if (body.to === "agent") Object.assign(body, { agent: byId("agent").value.trim(), authority: fields.authority.value });
  for (const [name, id] of [["relation", "relation"], ["note", "hand-note"]]) {
    const text = byId(id).value.trim();
    if (text && (name === "note" || body.to === "agent")) body[name] = text;
  }
  step(byId("hand-go"), "hand-out", body, t("{number} is handed out", { number: open.number }), byId("hand-trouble"));
});

// --- what the post reports: courier and number are those of the report, not those of the record -------------------------

byId("delivered").addEventListener("click", () => {
  byId("delivered-form").reset();
  byId("delivered-carrier").replaceChildren(el("option", { value: "" }, "–"), ...Array.from(new Set([...form.carriers, open.carrier]), carrierOption));
  byId("delivered-trouble").hidden = true;
  byId("delivered-dialog").showModal();
});
byId("delivered-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const number = open.number;
  const body = { carrier: byId("delivered-carrier").value, tracking: trackingOf(byId("delivered-tracking").value) };
  byId("delivered-trouble").hidden = true;
  if (!(await act(byId("delivered-go"), number, "delivered", body, byId("delivered-trouble")))) return;
  byId("delivered-dialog").close();
  say(t("{number}: delivery is reported to the department", { number }));
  await reopen(number);
  page.look();
});

// --- papers that came later ---------------------------------------------------------------------------------------------

const paperBoxes = () => Array.from(byId("papers-list").querySelectorAll("input"));
const cameNow = () => paperBoxes().filter((box) => box.checked).map((box) => box.value);
const adaptPapers = () => (byId("papers-go").disabled = cameNow().length === 0);

byId("papers").addEventListener("click", () => {
  byId("papers-list").replaceChildren(...open.lacks.map((paper) => el("label", { class: "check" }, el("input", { type: "checkbox", value: paper }), official(paper))));
  byId("papers-trouble").hidden = true;
  adaptPapers();
  byId("papers-dialog").showModal();
});
byId("papers-form").addEventListener("change", adaptPapers);
byId("papers-all").addEventListener("click", () => {
  for (const box of paperBoxes()) box.checked = true;
  adaptPapers();
});
byId("papers-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const number = open.number;
  const papers = cameNow();
  const said = papers.length === open.lacks.length ? t("The missing papers of {number} have come", { number }) : t("{number}: {n} of the missing papers have come", { number, n: papers.length });
  if (!(await act(byId("papers-go"), number, "papers", { papers }, byId("papers-trouble")))) return;
  byId("papers-dialog").close();
  say(said);
  await reopen(number);
  page.look();
});

// --- back to the department, withdrawn ----------------------------------------------------------------------------------

function askReturn() {
  const missed = Array.from(byId("checks").querySelectorAll("input")).filter((box) => !box.checked);
  byId("return-form").reset();
  byId("return-reasons").replaceChildren(
    ...form.mismatches.map((choice) => el("label", { class: "choice" }, el("input", { type: "radio", name: "reason", value: choice.id, required: true }), el("span", {}, named(choice)))),
  );
  if (missed.length === 1) byId("return-form").elements.reason.value = missed[0].value;
  byId("return-trouble").hidden = true;
  byId("return-dialog").showModal();
}

byId("return").addEventListener("click", askReturn);
byId("mismatch").addEventListener("click", askReturn);
byId("return-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const note = byId("return-note").value.trim();
  const body = { reason: event.target.elements.reason.value };
  if (note) body.note = note;
  const number = open.number;
  if (!(await act(byId("return-go"), number, "return", body, byId("return-trouble")))) return;
  byId("return-dialog").close();
  say(t("{number} goes back to the department", { number }));
  reopen(number);
  page.look();
});
byId("withdraw").addEventListener("click", () => {
  byId("withdraw-form").reset();
  byId("withdraw-trouble").hidden = true;
  byId("withdraw-dialog").showModal();
});
byId("withdraw-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const note = byId("withdraw-note").value.trim();
  const number = open.number;
  if (!(await act(byId("withdraw-go"), number, "withdraw", note ? { note } : {}, byId("withdraw-trouble")))) return;
  byId("withdraw-dialog").close();
  say(t("{number} is withdrawn", { number }));
  reopen(number);
  page.look();
});
for (const name of ["return", "withdraw", "papers", "delivered"]) byId(name + "-back").addEventListener("click", () => byId(name + "-dialog").close());
for (const dialog of document.querySelectorAll("dialog")) dialog.addEventListener("close", toField);

// --- lists ------------------------------------------------------------------------------------------------------------

function buildRow(one) {
  return el("li", {}, el("button", { type: "button", class: "record", click: () => choose(one.number) }, el("span", { class: "record-head" }, el("b", { class: "title" }), el("span", { class: "chips" })), el("span", { class: "soft what" }), el("span", { class: "due" })));
}

function updateRow(row, one) {
  row.firstElementChild.dataset.row = one.number;
  row.querySelector(".title").replaceChildren(official(one.title));
  row.querySelector(".chips").replaceChildren(...chipsOf(one, { state: false }));
  setText(row.querySelector(".what"), [one.number, one.ticket_number, one.masked].filter(Boolean).join(" · "));
  setText(row.querySelector(".due"), dueWords(one));
  row.dataset.number = one.number;
}

function dueWords(one) {
  if (one.state === "ready") return (one.delivery === "post" ? t("to be posted by {time}", { time: when(one.due_at) }) : t("ready for {time}", { time: lasting(-secondsUntil(one.ready_at)) }));
  if (one.state === "posted") return [t("posted {time}", { time: when(one.posted_at) }), one.tracking].join(" · ");
  if (one.state === "decided") return pressing(one.due_at) === "late" ? t("due at the desk since {time}", { time: lasting(-secondsUntil(one.due_at)) }) : t("due at the desk by {time}", { time: when(one.due_at) });
  return named(one, "state_name");
}

/** Marks the case that is shown in every list. */
function mark() {
  for (const row of document.querySelectorAll(".records [data-number]")) {
    if (open && row.dataset.number === open.number) row.firstElementChild.setAttribute("aria-current", "true");
    else row.firstElementChild.removeAttribute("aria-current");
  }
}

function draw(cases) {
  const lists = {
    decided: cases.filter((one) => one.state === "decided"),
    ready: cases.filter((one) => one.state === "ready" && one.delivery === "window"),
    outgoing: cases.filter((one) => one.state === "ready" && one.delivery === "post"),
    posted: cases.filter((one) => one.state === "posted"),
  };
  for (const name of Object.keys(lists)) {
    keyed(byId(name), lists[name], (one) => one.number, buildRow, updateRow);
    setText(byId(name + "-count"), String(lists[name].length));
    byId(name + "-empty").hidden = lists[name].length > 0;
  }
  mark();
}

async function refresh() {
  const cases = await listed.read(read, "state=decided,ready,posted");
  if (!cases) return;
  draw(cases);
  drawParcels({ look: page.look });
  if (!open) return;
  const now = cases.find((one) => one.number === open.number);
  if (now && now.state !== open.state) reopen(open.number);
}

let atWindow = "";

/** The citizen called to this desk has a pickup ticket: his case lies open before he is here. */
function comes(window) {
  const ticket = window.ticket;
  if (!ticket || !ticket.case || ticket.id === atWindow) return;
  atWindow = ticket.id;
  if (!document.querySelector("dialog[open]")) choose(ticket.case).then(() => say(t("{number} is called to this desk", { number: ticket.number })));
}

start(refresh).then((begun) => {
  if (!begun) return;
  page = begun;
  listed = new CaseList(PAGE, refresh);
  if (!form.pickup) {
    byId("refused").hidden = false;
    setText(byId("refused"), "⚠ " + t("This page is for pickup windows; sign in at one on the window console"));
    byId("sign-out").hidden = false;
    return;
  }
  byId("main").hidden = false;
  begun.begin();
  toField();
  // The console of the pickup window leads here with the case of its ticket.
  const asked = new URLSearchParams(location.search).get("case");
  if (asked) choose(asked);
  if (begun.me.window) follow("window=" + encodeURIComponent(begun.me.window), { view: comes });
});
