// A department's page: papers to sign for, cases to decide, stopped clocks, results to hand over, what was told back.

import { get } from "../pages/api.js";
import { byId, el, keyed, setText } from "../pages/dom.js";
import { named, t } from "../pages/texts.js";
import { facts, read } from "../ratings/desk.js";
import { act, CaseList, chip, chipsOf, departmentName, form, isLeader, lasting, official, say, secondsUntil, start, timeLeft, when, who } from "./cases.js";
import { answerWord, caseButton, handedTo, noteWords, pauseWord, personFacts, proofWord, setCaseButton } from "./case-dialog.js";
import { drawParcels } from "./parcels.js";

const PAGE = 500;

let page = null;
let listed = null;
let own = null;
let cases = [];
let asked = null;

const leg = (one) => one.legs.find((each) => each.department === own);
const others = (one) => one.legs.filter((each) => each.department !== own);

/** Figure and words of what is left: minutes on the way, working days at the desk. */
function setLeft(box, figure, words, look) {
  box.dataset.pressing = look;
  setText(box.querySelector("b"), figure);
  setText(box.querySelector("small"), words);
}

function daysLeft(box, one) {
  const isLate = secondsUntil(one.deadline_at) < 0;
  if (isLate) setLeft(box, "!", t("overdue"), "late");
  else setLeft(box, String(one.days_left), t("days left"), one.days_left < 1 ? "soon" : "calm");
}

function row(...buttons) {
  return el(
    "li",
    { class: "card task wide" },
    el("span", { class: "left" }, el("b", { class: "number" }), el("small", {})),
    el("div", { class: "what" }, caseButton(), el("span", { class: "soft small" }), el("span", { class: "chips" })),
    buttons.length ? el("div", { class: "choices" }, ...buttons) : null,
  );
}

function fill(node, one, words) {
  node.dataset.number = one.number;
  setCaseButton(node.querySelector(".open-case"), one);
  setText(node.querySelector(".small"), [one.number, ...words].filter(Boolean).join(" · "));
  const together = others(one).map((each) => chip("", departmentName(each.department) + " " + (each.answer ? answerWord(each.answer) : each.signed_at ? t("is deciding") : t("has no papers yet"))));
  const why = leg(one).returned_for ? [chip("warn", t("Came back: {why}", { why: named(leg(one), "returned_for_name") }))] : [];
  node.querySelector(".chips").replaceChildren(...chipsOf(one, { state: false }), ...why, ...together);
  for (const button of node.querySelectorAll("[data-step]")) button.hidden = !one.steps.includes(button.dataset.step);
}

const numberOf = (event) => event.currentTarget.closest("[data-number]").dataset.number;
const step = (name, words, look, press) => el("button", { type: "button", class: look, "data-step": name, click: press }, words);

async function sign(button, numbers) {
  let done = 0;
  for (const number of numbers) if (await act(button, number, "sign", { department: own })) done += 1;
  if (done && done === numbers.length) say(done === 1 ? t("Signed for {number}", { number: numbers[0] }) : t("Signed for {n} cases", { n: done }));
  page.look();
}

const toSign = () => cases.filter((one) => ["transit", "paused"].includes(one.state) && !leg(one).signed_at);

function draw() {
  const undecided = cases.filter((one) => ["transit", "approval"].includes(one.state) && leg(one).signed_at && !leg(one).answer);
  const stopped = cases.filter((one) => one.state === "paused" && leg(one).signed_at);
  const decided = cases.filter((one) => one.state === "decided" || (["transit", "approval"].includes(one.state) && leg(one).answer));
  const waiting = cases.filter((one) => ["ready", "posted"].includes(one.state));
  const told = cases.filter((one) => one.state === "delivered");
  const lane = (name, ones, build, update) => {
    keyed(byId(name), ones, (one) => one.number, build, update);
    setText(byId(name + "-count"), String(ones.length));
    byId(name + "-empty").hidden = ones.length > 0;
  };
  lane("sign", toSign(), () => row(step("sign", t("Sign for it"), "primary", (event) => sign(event.currentTarget, [numberOf(event)]))), (node, one) => {
    timeLeft(node.querySelector(".left"), leg(one).due_at);
    node.dataset.due = leg(one).due_at;
    fill(node, one, [named(one, "window_name"), leg(one).taken_by ? t("{who} brings it", { who: who(leg(one).taken_by) }) : t("still at the window")]);
  });
  byId("sign-all").hidden = toSign().length < 2;
  setText(byId("sign-all"), t("Sign for all {n}", { n: toSign().length }));
  const deciding = () => row(step("pause", t("Stop the clock"), "", (event) => ask("pause", numberOf(event))), step("answer", t("Decide"), "primary", (event) => ask("answer", numberOf(event))));
  lane("decide", undecided, deciding, (node, one) => {
    daysLeft(node.querySelector(".left"), one);
    fill(node, one, [t("by {time}", { time: when(one.deadline_at) }), t("signed {time}, {who}", { time: when(leg(one).signed_at), who: who(leg(one).signed_by) })]);
  });
  lane("stopped", stopped, () => row(step("go-on", t("Go on"), "primary", goOn)), (node, one) => {
    const pause = one.pauses[one.pauses.length - 1];
    setLeft(node.querySelector(".left"), lasting(-secondsUntil(pause.at)), t("stopped"), "none");
    fill(node, one, [pauseWord(pause), pause.lacks.join("、")]);
  });
  lane("decided", decided, () => row(), (node, one) => {
    if (one.state === "decided") timeLeft(node.querySelector(".left"), one.due_at);
    else setLeft(node.querySelector(".left"), "✓", t("others decide"), "none");
    fill(node, one, [answerWord(leg(one).answer || "granted"), one.state === "decided" ? t("bring the result to the pickup desk by {time}", { time: when(one.due_at) }) : ""]);
  });
  lane("waiting", waiting, () => row(), (node, one) => {
    setLeft(node.querySelector(".left"), one.state === "ready" ? "●" : "✉", "", "calm");
    fill(node, one, [named(one, "state_name"), one.tracking || "", t("since {time}", { time: when(one.posted_at || one.ready_at) })]);
  });
  lane("told", told, () => row(), (node, one) => {
    setLeft(node.querySelector(".left"), "✓", "", "calm");
    const how = one.tracking ? t("delivered by post, {tracking}", { tracking: one.tracking }) : [t("handed to {to}", { to: handedTo(one.handed_to) }), proofWord(one.proof)].join(" · ");
    fill(node, one, [when(one.ended_at), how]);
  });
}

/** After a fee it is asked whether it is paid; a press too many would let the days run against the applicant. */
function goOn(event) {
  const number = numberOf(event);
  const one = cases.find((each) => each.number === number);
  const pause = one.pauses[one.pauses.length - 1];
  if (pause.kind !== "fee") {
    runAgain(event.currentTarget, number);
    return;
  }
  asked = one;
  byId("paid-title").replaceChildren(official(one.title), " · " + number + " · " + pauseWord(pause));
  byId("paid-trouble").hidden = true;
  byId("paid-dialog").showModal();
}

async function runAgain(button, number, trouble) {
  const isDone = await act(button, number, "go-on", {}, trouble);
  if (isDone) say(t("The clock of {number} runs again", { number }));
  page.look();
  return isDone;
}

byId("paid-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (await runAgain(byId("paid-go"), asked.number, byId("paid-trouble"))) byId("paid-dialog").close();
});

// --- deciding and pausing -----------------------------------------------------------------------------------------------

async function ask(what, number) {
  asked = await get("/cases/" + encodeURIComponent(number)).catch(() => null);
  if (!asked) return;
  const dialog = byId(what + "-dialog");
  byId(what + "-form").reset();
  byId(what + "-title").replaceChildren(official(asked.title), " · " + asked.number);
  byId(what + "-trouble").hidden = true;
  if (what === "answer") drawAnswer();
  else adapt();
  dialog.showModal();
}

/** Who applied and what is missing: what is granted now is held at the desk until all of it has come (容缺受理). */
function drawAnswer() {
  facts(byId("answer-facts"), [...personFacts(asked), [t("To be decided by"), when(asked.deadline_at)]]);
  byId("answer-notes").replaceChildren(...asked.notes.map((note) => noteWords(asked, note)));
  byId("answer-lacks").hidden = asked.lacks.length === 0;
  byId("answer-missing").replaceChildren(...asked.lacks.map((paper) => el("li", {}, official(paper))));
  const isLate = asked.promise_by && secondsUntil(asked.promise_by) < 0;
  setText(byId("answer-promise"), !asked.promise_by ? "" : isLate ? t("Promised by {time}: that day has passed", { time: when(asked.promise_by) }) : t("Promised by {time}", { time: when(asked.promise_by) }));
  byId("answer-promise").classList.toggle("bad", Boolean(isLate));
  adaptAnswer();
}

function adaptAnswer() {
  const answer = byId("answer-form").elements.answer.value;
  byId("answer-held").hidden = !(asked.lacks.length && answer === "granted");
}

byId("answer-form").addEventListener("change", adaptAnswer);

function adapt() {
  const kind = byId("pause-form").elements.kind.value;
  byId("fee-box").hidden = kind !== "fee";
  byId("lacks-box").hidden = kind !== "correction";
  byId("pause-lacks").required = kind === "correction";
}

byId("pause-form").addEventListener("change", adapt);
byId("answer-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const note = byId("answer-note").value.trim();
  const body = { answer: event.target.elements.answer.value, department: own };
  if (note) body.note = note;
  if (!(await act(byId("answer-go"), asked.number, "answer", body, byId("answer-trouble")))) return;
  byId("answer-dialog").close();
  say(t("{number}: {answer}", { number: asked.number, answer: answerWord(body.answer) }));
  page.look();
});
byId("pause-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const kind = event.target.elements.kind.value;
  const body = { kind };
  if (kind === "fee" && byId("pause-fee").value) body.fee = Math.round(Number(byId("pause-fee").value) * 100);
  if (kind === "correction") body.lacks = byId("pause-lacks").value.split("\n").map((line) => line.trim()).filter(Boolean);
  if (!(await act(byId("pause-go"), asked.number, "pause", body, byId("pause-trouble")))) return;
  byId("pause-dialog").close();
  say(t("The clock of {number} stands still", { number: asked.number }));
  page.look();
});
for (const name of ["answer", "pause", "paid"]) byId(name + "-back").addEventListener("click", () => byId(name + "-dialog").close());
byId("sign-all").addEventListener("click", (event) => sign(event.currentTarget, toSign().map((one) => one.number)));

// --- the page -----------------------------------------------------------------------------------------------------------

async function refresh() {
  const found = await listed.read(read, "department=" + encodeURIComponent(own));
  if (!found) return;
  cases = found;
  draw();
  drawParcels({ department: own, look: page.look });
}

function tick() {
  for (const node of byId("sign").children) if (node.dataset.due) timeLeft(node.querySelector(".left"), node.dataset.due);
}

start(() => own && refresh(), tick).then((begun) => {
  if (!begun) return;
  page = begun;
  listed = new CaseList(PAGE, refresh);
  const choice = byId("whose");
  own = begun.me.department;
  byId("whose-box").hidden = !isLeader(begun.me);
  if (isLeader(begun.me)) {
    choice.replaceChildren(...form.departments.map((each) => el("option", { value: each.name }, named(each))));
    own = own || choice.value;
    choice.addEventListener("change", () => {
      own = choice.value;
      listed.restart();
      setText(byId("department-name"), departmentName(own));
      refresh();
    });
  }
  byId("nobody").hidden = Boolean(own);
  byId("lanes").hidden = !own;
  byId("main").hidden = false;
  setText(byId("department-name"), own ? departmentName(own) : "");
  begun.begin();
});
