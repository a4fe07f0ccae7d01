// The runner's page: papers that lie at windows by what is due, one tap each or several at once; what is on the way.

import { byId, el, keyed, setText } from "../pages/dom.js";
import { named, t } from "../pages/texts.js";
import { read } from "../ratings/desk.js";
import { act, CaseList, chipsOf, departmentName, official, say, share, start, timeLeft, when, who } from "./cases.js";

const PAGE = 500;

let me = null;
let page = null;
let listed = null;
let latest = null; // the figures of the last look
let cases = [];
const chosen = new Set();

const waits = (leg) => !leg.taken_at && !leg.signed_at;
const carried = (leg) => leg.taken_at && !leg.signed_at;
const mine = (leg) => carried(leg) && leg.taken_by === "user:" + me.user;
const dueOf = (legs) => legs.map((leg) => leg.due_at).sort()[0];

function build(one) {
  const left = el("span", { class: "left" }, el("b", { class: "number" }), el("small", {}));
  const tick = el("input", { type: "checkbox", change: (event) => choose(one.number, event.target.checked) });
  return el(
    "li",
    { class: "card task" },
    el("label", { class: "pick" }, tick, el("span", { class: "sr-only" }), left),
    el("div", { class: "what" }, el("b", { class: "title" }), el("span", { class: "way" }), el("span", { class: "soft small" }), el("span", { class: "chips" })),
    el("button", { type: "button", class: "primary take", click: (event) => take(event.currentTarget, [one.number]) }, t("Taken")),
  );
}

function update(row, one, legs, isMine) {
  timeLeft(row.querySelector(".left"), dueOf(legs));
  row.dataset.due = dueOf(legs);
  row.dataset.number = one.number;
  row.querySelector(".title").replaceChildren(official(one.title));
  const to = legs.map((leg) => departmentName(leg.department)).join(t(", "));
  setText(row.querySelector(".way"), (isMine ? "" : named(one, "window_name") + " ") + "→ " + to);
  setText(row.querySelector(".small"), [one.number, one.ticket_number, isMine ? t("taken {time}", { time: when(legs[0].taken_at) }) : t("by {time}", { time: when(dueOf(legs)) })].join(" · "));
  row.querySelector(".chips").replaceChildren(...chipsOf(one, { state: false }).filter((node) => !node.classList.contains("bad")));
  const tick = row.querySelector("input");
  if (tick) {
    tick.checked = chosen.has(one.number);
    setText(row.querySelector(".pick .sr-only"), t("Choose {number}", { number: one.number }));
    row.querySelector(".take").setAttribute("aria-label", t("Taken: {number}", { number: one.number }));
  }
}

const buildMine = () =>
  el("li", { class: "card task" }, el("span", { class: "left" }, el("b", { class: "number" }), el("small", {})), el("div", { class: "what" }, el("b", { class: "title" }), el("span", { class: "way" }), el("span", { class: "soft small" }), el("span", { class: "chips" })));

function choose(number, isChosen) {
  if (isChosen) chosen.add(number);
  else chosen.delete(number);
  drawChosen();
}

function drawChosen() {
  byId("together").hidden = chosen.size === 0;
  setText(byId("take-chosen"), t("Taken: {n} at once", { n: chosen.size }));
  byId("all").hidden = cases.filter((one) => one.legs.some(waits)).length < 2;
}

async function take(button, numbers) {
  let done = 0;
  for (const number of numbers) {
    if (await act(button, number, "take", {})) done += 1;
    chosen.delete(number);
  }
  if (done === numbers.length) say(done === 1 ? t("{number} is with you now", { number: numbers[0] }) : t("{n} are with you now", { n: done }));
  drawChosen();
  page.look();
}

function draw() {
  const lying = cases.map((one) => [one, one.legs.filter(waits)]).filter(([one, legs]) => legs.length && one.steps.includes("take"));
  const withMe = cases.map((one) => [one, one.legs.filter(mine)]).filter(([, legs]) => legs.length);
  const others = cases.map((one) => [one, one.legs.filter((leg) => carried(leg) && !mine(leg))]).filter(([, legs]) => legs.length);
  const byDue = (a, b) => dueOf(a[1]).localeCompare(dueOf(b[1]));
  for (const number of chosen) if (!lying.some(([one]) => one.number === number)) chosen.delete(number);
  keyed(byId("carry"), lying.sort(byDue), ([one]) => one.number, ([one]) => build(one), (row, [one, legs]) => update(row, one, legs, false));
  keyed(byId("mine"), withMe.sort(byDue), ([one]) => one.number, buildMine, (row, [one, legs]) => update(row, one, legs, true));
  keyed(byId("others"), others.sort(byDue), ([one]) => one.number, () => el("li", {}), (row, [one, legs]) => setText(row, [one.number, who(legs[0].taken_by), "→ " + legs.map((leg) => departmentName(leg.department)).join(t(", "))].join(" · ")));
  setText(byId("carry-count"), String(lying.length));
  setText(byId("mine-count"), String(withMe.length));
  byId("carry-empty").hidden = lying.length > 0;
  byId("mine-empty").hidden = withMe.length > 0;
  byId("others-box").hidden = others.length === 0;
  drawChosen();
}

async function refresh(overview) {
  latest = overview;
  const found = await listed.read(read, "state=transit,paused");
  if (!found) return;
  cases = found;
  setText(byId("in-time"), t("In time today: {share} ({part} of {all})", { share: share(overview.transfer), part: overview.transfer.in_time, all: overview.transfer.due }));
  draw();
}

function tick() {
  for (const row of document.querySelectorAll(".task")) if (row.dataset.due) timeLeft(row.querySelector(".left"), row.dataset.due);
}

byId("take-chosen").addEventListener("click", (event) => take(event.currentTarget, Array.from(chosen)));
byId("all").addEventListener("click", () => {
  const open = cases.filter((one) => one.legs.some(waits) && one.steps.includes("take")).map((one) => one.number);
  const isAll = open.every((number) => chosen.has(number));
  open.forEach((number) => (isAll ? chosen.delete(number) : chosen.add(number)));
  draw();
});

start(refresh, tick).then((begun) => {
  if (!begun) return;
  page = begun;
  listed = new CaseList(PAGE, () => refresh(latest));
  me = begun.me;
  begun.begin();
});
