// One case in a dialog: who it is for, where its papers are, what stopped its clock, what is late. For every page of cases.

import { byId, el, setText } from "../pages/dom.js";
import { named, t } from "../pages/texts.js";
import { facts, read } from "../ratings/desk.js";
import { chipsOf, departmentName, lateWords, official, when, who } from "./cases.js";

export const answerWord = (answer) => ({ granted: t("granted"), denied: t("denied") })[answer] || answer;
export const handedTo = (to) => ({ applicant: t("the applicant"), agent: t("somebody with authority") })[to] || to;
export const proofWord = (proof) => ({ voucher: t("voucher shown"), card: t("voucher lost; ID card shown"), family: t("voucher lost; household register shown"), other: t("voucher lost; other proof") })[proof] || proof;

/** Who took the result home: the applicant, or whom he sent, as far as the reader may know, and by what authority. */
export function takerWords(one) {
  if (one.handed_to !== "agent") return handedTo(one.handed_to);
  return [t("somebody with authority"), one.agent, one.relation, named(one, "authority_name")].filter(Boolean).join(t(", "));
}

/** A note with who wrote it, of the acceptance, an answer, a result sent back or the end. */
export function noteWords(one, note) {
  const head = { acceptance: t("Note of the window"), answer: note.department && departmentName(note.department), return: t("Sent back by the pickup desk"), end: t("Note at the end") }[note.kind];
  return el("blockquote", {}, el("b", {}, [head, note.kind === "answer" ? who(note.by) : ""].filter(Boolean).join(" · ")), t(": "), official(note.text));
}
export const yuan = (cents) => (cents === null ? null : t("¥{amount}", { amount: (cents / 100).toFixed(2) }));

export const pauseWord = (pause) =>
  pause.kind === "fee" ? [t("waits for the fee"), yuan(pause.fee)].filter(Boolean).join(" ") : t("waits for corrected papers");

const list = (items) => items.flatMap((item, place) => (place ? [t(", "), official(item)] : [official(item)]));
const joined = (nodes) => {
  const box = el("span", {});
  box.append(...nodes);
  return box;
};

/** Who applied, as far as the reader may know. */
export const personFacts = (one) => [
  [t("Name"), one.name ? official(one.name) : null],
  [t("Phone"), one.phone ? el("a", { href: "tel:" + one.phone }, one.phone) : null],
  [t("Post to"), one.delivery === "post" && one.address ? official(one.address) : null],
];

export function recordFacts(one) {
  return [
    [t("Service"), named(one, "service_name")],
    [t("Accepted"), [when(one.opened_at), named(one, "window_name"), who(one.clerk)].filter(Boolean).join(" · ")],
    [t("Ticket"), one.ticket_number],
    [t("Item code"), one.item],
    [t("Number on the platform"), one.platform],
    [t("Working days"), String(one.days)],
    [t("To be decided by"), when(one.deadline_at)],
    [t("Delivery"), one.delivery === "post" ? t("by post") : t("at the window")],
    [t("Missing papers"), one.lacks.length ? joined([...list(one.lacks), one.promise_by ? " · " + t("promised by {time}", { time: when(one.promise_by) }) : ""]) : null],
    [t("Result"), one.result ? joined([official(one.result.title), " · " + (one.result.copies === 1 ? t("1 copy") : t("{n} copies", { n: one.result.copies })) + " · " + who(one.result.by)]) : null],
    [t("Posted"), one.tracking ? joined([official(one.carrier), " " + one.tracking + " · " + when(one.posted_at)]) : null],
    [t("Handed out"), one.ended_at && one.state === "delivered" ? [when(one.ended_at), one.handed_to ? takerWords(one) : t("the post reported it"), one.proof ? proofWord(one.proof) : "", who(one.ended_by)].filter(Boolean).join(" · ") : null],
  ];
}

/** The way of the papers as points in time. */
export function timeline(one) {
  const points = [];
  const add = (at, text, by, look) => at && points.push({ at, text, by, look });
  add(one.opened_at, t("Accepted at {window}", { window: named(one, "window_name") }), one.clerk, "good");
  for (const leg of one.legs) {
    const department = departmentName(leg.department);
    add(leg.taken_at, t("Papers for {department} taken", { department }), leg.taken_by, "");
    add(leg.signed_at, t("{department} signed for the papers", { department }), leg.signed_by, leg.signed_at > leg.due_at ? "bad" : "good");
    // When it came back stands in the thread; here it stands after the signature, as what is to be put right.
    if (leg.returned_for) add(leg.signed_at, t("Sent back to {department}: {why}", { department, why: named(leg, "returned_for_name") }), null, "warn");
    add(leg.answered_at, t("{department}: {answer}", { department, answer: answerWord(leg.answer) }), leg.answered_by, leg.answer === "denied" ? "bad" : "good");
  }
  for (const pause of one.pauses) {
    add(pause.at, t("The clock stopped: {why}", { why: pauseWord(pause) }), pause.by, "warn");
    add(pause.ended_at, t("The clock runs again"), null, "");
  }
  if (one.result) add(one.result.at, t("Result checked at the pickup desk"), one.result.by, "good");
  add(one.posted_at, t("Posted"), null, "");
  if (one.ended_at) add(one.ended_at, one.state === "withdrawn" ? t("Withdrawn") : t("Handed out"), one.ended_by, one.state === "withdrawn" ? "warn" : "good");
  return points.sort((a, b) => a.at.localeCompare(b.at));
}

export function drawTimeline(node, one) {
  node.replaceChildren(
    ...timeline(one).map((point) => el("li", { class: point.look }, el("time", { class: "soft" }, when(point.at)), el("span", {}, el("b", {}, point.text), point.by ? " · " + who(point.by) : ""))),
  );
}

export async function openCase(number) {
  const one = await read("/cases/" + encodeURIComponent(number));
  if (!one) return;
  byId("case-heading").replaceChildren(official(one.title));
  setText(byId("case-number"), one.number);
  byId("case-chips").replaceChildren(...chipsOf(one));
  byId("case-late").replaceChildren(...one.overdue.map((late) => el("li", { class: "alarm bad" }, "⚠ " + lateWords(late, named(one, "window_name")))));
  facts(byId("case-facts"), [...personFacts(one), ...recordFacts(one)]);
  byId("case-notes").replaceChildren(...one.notes.map((note) => noteWords(one, note)));
  drawTimeline(byId("case-timeline"), one);
  byId("case-thread").href = "/thread/" + encodeURIComponent(one.ticket);
  byId("case-dialog").showModal();
}

/** A case's title as something to press. */
export const caseButton = () => el("button", { type: "button", class: "open-case", click: (event) => openCase(event.currentTarget.dataset.number) });

export function setCaseButton(button, one) {
  button.dataset.number = one.number;
  button.replaceChildren(official(one.title));
}

byId("case-back").addEventListener("click", () => byId("case-dialog").close());
