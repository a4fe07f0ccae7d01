// What was settled in this visit: case numbers, papers to print, and taking a slip back.

import { newKey, post, Refusal, Unreachable } from "/static/pages/api.js";
import { byId, el, keyed, setText } from "/static/pages/dom.js";
import { named, pageData, t } from "/static/pages/texts.js";

const PRINTER = "chaoxi.printer";
const LOOKS = { done: "good", accepted: "good", pre_accepted: "good", accepted_missing: "warn", correction: "warn", refused: "bad" };
/** So long a first press on "take back" waits for the second. */
const SURE_MS = 5000;

/** Sends a settlement's papers to a printer of the hall. */
export async function printPapers(settlement, printer, sentenceOf) {
  setText(byId("print-said"), t("Sent to the printer …"));
  try {
    await post("/settlements/" + encodeURIComponent(settlement.id) + "/print", { printer }, newKey());
    setText(byId("print-said"), t("Being printed: {title}", { title: settlement.title }));
  } catch (error) {
    if (!(error instanceof Refusal) && !(error instanceof Unreachable)) throw error;
    setText(byId("print-said"), t("Not printed: {why}", { why: sentenceOf(error) }));
  }
}

function printerNow() {
  const last = localStorage.getItem(PRINTER);
  const printers = pageData().printers;
  return (printers.find((each) => each.id === last) || printers[0] || { id: null }).id;
}

/** A slip is taken back by a second press; the first only asks. */
function takeBack(button, settlement, act) {
  if (button.dataset.sure === "true") {
    act("retract", { settlement: settlement.id });
    return;
  }
  button.dataset.sure = "true";
  button.classList.add("danger");
  setText(button, t("Really take back?"));
  setTimeout(() => {
    button.dataset.sure = "false";
    button.classList.remove("danger");
    setText(button, t("Take back"));
  }, SURE_MS);
}

function row(settlement, act, sentenceOf) {
  const tools = el("span", { class: "tools" });
  const printer = printerNow();
  if (settlement.papers.length && printer) tools.append(el("button", { type: "button", "data-row": "print", click: () => printPapers(settlement, printerNow(), sentenceOf) }, t("Print")));
  for (const kind of settlement.papers) {
    const address = "/api/v1/settlements/" + encodeURIComponent(settlement.id) + "/papers/" + kind + ".pdf";
    tools.append(el("a", { class: "button", href: address, target: "_blank", rel: "noopener", "data-row": "pdf" }, t("A4 (PDF)")));
  }
  tools.append(el("button", { type: "button", "data-row": "retract", click: (event) => takeBack(event.currentTarget, settlement, act) }, t("Take back")));
  for (const each of tools.children) each.setAttribute("aria-label", each.textContent + " " + settlement.title);
  const facts = [settlement.case ? t("Case {number}", { number: settlement.case }) : "", settlement.lacks.length ? t("missing papers: {n}", { n: settlement.lacks.length }) : "", settlement.promise_by ? t("promised by {day}", { day: settlement.promise_by.slice(0, 10) }) : "", settlement.reason ? named(settlement, "reason_name") : ""];
  return el(
    "li",
    {},
    el("span", { class: "chip " + LOOKS[settlement.outcome] }, named(settlement, "outcome_name")),
    el("b", { lang: "zh" }, settlement.title),
    el("span", { class: "more" }, el("span", { class: "number" }, facts.filter(Boolean).join(" · ")), tools),
  );
}

export function showSettled(view, act, sentenceOf) {
  const is = view.settled.length > 0;
  byId("settled-box").hidden = !is;
  if (!is) setText(byId("print-said"), "");
  keyed(byId("settled"), view.settled, (each) => each.id, (each) => row(each, act, sentenceOf));
}
