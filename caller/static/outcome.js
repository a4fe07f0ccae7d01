// What became of an item: one panel, worked by keys; what was settled is the desk's business.

import { get, newKey, Refusal } from "/static/pages/api.js";
import { hallDay, serverNowMs } from "/static/pages/clock.js";
import { byId, el, setText } from "/static/pages/dom.js";
import { currentLanguage, named, pageData, t } from "/static/pages/texts.js";
import { isChoosing, itemField, itemKnown, shut } from "./combo.js";
import { printPapers } from "./settled.js";
import { Chips, Ticks } from "./ticks.js";

const PRINTER = "chaoxi.printer";
const DAY_MS = 86400000;
const papers = new Ticks("papers", "paper-more");
const departments = new Chips("departments", "department-more");
let desk = null;
let form = null; // what GET /outcomes says
let said = null; // the item: {code, name}
let id = null; // of this settlement; pressing again sends the same
let sentenceOf = () => "";

const dialog = byId("outcome-dialog");
const chosen = () => dialog.querySelector("[name=outcome]:checked");
const outcome = () => form.outcomes.find((each) => each.id === (chosen() || {}).value);

/* Opening */

/** `sentence(error)` puts a refusal into words. */
export async function outcomePanel(itsDesk, sentence, troubled) {
  desk = itsDesk;
  sentenceOf = sentence;
  const ticket = desk.view.ticket;
  if (ticket.state === "called" && !(await desk.act("start"))) return; // whoever is settled for is here
  const isSettled = desk.view.settled.some((each) => each.item === ticket.item);
  const code = ticket.item && !isSettled ? ticket.item : null;
  try {
    form = await get("/outcomes" + (code ? "?item=" + encodeURIComponent(code) : ""));
  } catch (error) {
    troubled(error);
    return;
  }
  id = "s-" + newKey();
  setText(byId("outcome-number"), ticket.number);
  byId("outcomes").replaceChildren(el("legend", {}, t("Outcome")), ...form.outcomes.map(choice));
  byId("reasons").replaceChildren(...form.refusals.map((each) => el("label", { class: "tick" }, el("input", { type: "radio", name: "reason", value: each.id }), el("span", {}, named(each)))));
  byId("department-names").replaceChildren(...form.departments.map((each) => el("option", { value: named(each) })));
  departments.know(form.departments, named);
  byId("outcome-form").reset();
  byId("applicant").value = ticket.name || "";
  byId("promise").min = dayAhead(1);
  byId("promise").value = form.default_promise_on;
  showPrinters();
  trouble("");
  itemField(itemChosen, () => firstOutcome().focus());
  suggest(form.suggested, null);
  showFields();
  dialog.showModal();
  if (said) firstOutcome().focus();
  else byId("outcome-item").focus();
}

function choice(each, place) {
  const digit = String(place + 1);
  return el(
    "label",
    { class: "outcome-choice", "data-outcome": each.id },
    el("input", { type: "radio", name: "outcome", value: each.id, "aria-keyshortcuts": digit, change: showFields }),
    el("kbd", { "aria-hidden": "true" }, digit),
    el("span", {}, named(each)),
  );
}

/** A day of the hall so many days ahead, as a date field wants it. */
function dayAhead(days) {
  const { year, month, day } = hallDay(serverNowMs() + days * DAY_MS);
  return [year, String(month).padStart(2, "0"), String(day).padStart(2, "0")].join("-");
}

function showPrinters() {
  const last = localStorage.getItem(PRINTER);
  const printers = pageData().printers;
  const now = printers.some((each) => each.id === last) || last === "" ? last : (printers[0] || { id: "" }).id;
  const option = (value, text) => el("option", { value, selected: value === now }, text);
  byId("paper-printer").replaceChildren(...printers.map((each) => option(each.id, named(each))), option("", t("Do not print")));
}

const firstOutcome = () => chosen() || dialog.querySelector("[name=outcome]");

/* The item and what the catalogue says of it */

async function itemChosen(item) {
  if (!item) {
    said = null;
    return;
  }
  if (item.code) {
    try {
      const found = await get("/outcomes?item=" + encodeURIComponent(item.code));
      suggest(found.suggested, null);
    } catch (error) {
      trouble(sentenceOf(error));
      return;
    }
  } else suggest(null, item.name);
  trouble("");
}

function suggest(found, words) {
  said = found ? { code: found.item, name: found.title } : words ? { code: null, name: words } : null;
  byId("outcome-item").value = said ? said.name : "";
  byId("outcome-item").dataset.open = "false";
  papers.show(found ? found.materials : []);
  departments.show(found ? found.departments : []);
  byId("days").placeholder = String((found && found.days) || form.default_days);
  byId("days").value = "";
}

/* What is asked for which outcome */

function showFields() {
  const now = outcome();
  const has = (name) => Boolean(now && now.fields.includes(name));
  byId("papers-part").hidden = !has("lacks");
  byId("promise-part").hidden = !has("promise_on");
  byId("reason-part").hidden = !has("reason");
  for (const part of ["case-part", "delivery-part", "phone-part", "platform-part", "departments-part"]) byId(part).hidden = !has("days");
  byId("person-part").hidden = !has("name");
  byId("address-part").hidden = !has("days") || delivery() !== "post";
  byId("nothing-more").hidden = !now || has("lacks") || has("reason");
  setText(byId("note-label"), has("reason") ? t("The reason in detail, printed on the notice") : t("Note for colleagues"));
  setText(byId("papers-legend"), has("promise_on") ? t("Papers to follow") : t("Missing papers, all of them"));
}

const delivery = () => dialog.querySelector("[name=delivery]:checked").value;
for (const each of dialog.querySelectorAll("[name=delivery]")) each.addEventListener("change", showFields);

/* Keys: digits choose, wherever nothing is typed; with Alt anywhere */

function choose(place) {
  const radio = dialog.querySelectorAll("[name=outcome]")[place];
  if (!radio) return;
  radio.checked = true;
  showFields();
  const now = outcome();
  if (now.wanted.includes("lacks")) papers.focus();
  else if (now.wanted.includes("reason")) (dialog.querySelector("[name=reason]:checked") || dialog.querySelector("[name=reason]")).focus();
  else radio.focus();
}

const types = (node) => node.matches("input:not([type=radio], [type=checkbox]), select");

/** What the digits do depends on where one is: in a field they are written. */
function showKeys() {
  const node = document.activeElement;
  if (node === byId("outcome-item")) setText(byId("outcome-keys"), t("Item first, then Enter; then 1–6 choose (Alt with 1–6 at once)"));
  else if (dialog.contains(node) && types(node)) setText(byId("outcome-keys"), t("Alt with 1–6 chooses, Enter settles, Escape leaves"));
  else setText(byId("outcome-keys"), t("1–6 choose, Enter settles, Escape leaves"));
}

dialog.addEventListener("focusin", showKeys);

dialog.addEventListener("keydown", (event) => {
  const digit = /^(?:Digit|Numpad)([1-6])$/.exec(event.code);
  if (!digit || event.ctrlKey || event.metaKey || event.isComposing) return;
  if (!event.altKey && types(event.target)) return;
  event.preventDefault();
  itemKnown().then(() => choose(Number(digit[1]) - 1));
});

/* Settling */

function trouble(text) {
  byId("outcome-trouble").hidden = !text;
  setText(byId("outcome-trouble"), text);
}

/** What the page can tell is missing before anything is sent, and where. */
function missing(body) {
  const now = outcome();
  if (!said) return [t("Say which item it is"), byId("outcome-item")];
  if (!now) return [t("Choose an outcome"), firstOutcome()];
  if (now.wanted.includes("lacks") && !body.lacks.length) return [t("Tick every missing paper, or write it down"), papers.boxes()[0] || papers.more];
  if (now.wanted.includes("promise_on") && !body.promise_on) return [t("Say by which day"), byId("promise")];
  if (now.wanted.includes("reason") && !body.reason) return [t("Choose the reason"), dialog.querySelector("[name=reason]")];
  if (now.wanted.includes("reason") && !body.note && form.refusals.some((each) => each.id === body.reason && each.wants_note)) return [t("Write the reason in detail: it stands on the notice"), byId("outcome-note")];
  if (body.delivery === "post") {
    for (const name of ["applicant", "phone", "address"]) if (!byId(name).value.trim()) return [t("By post: name, phone and address"), byId(name)];
  }
  return null;
}

/** A field as the panel calls it. */
function labelOf(name) {
  const labels = { days: t("Working days"), phone: t("Phone"), name: t("Name"), address: t("Address"), platform: t("Number of the provincial platform"), title: t("Item"), lacks: t("Papers to follow"), promise_on: t("Promised by") };
  return labels[name.split(".")[0]] || null;
}

function sayings() {
  const now = outcome();
  const has = (name) => Boolean(now && now.fields.includes(name));
  const body = { id, outcome: now && now.id };
  const put = (name, value) => {
    if (value) body[name] = value;
  };
  if (said && said.code) body.item = said.code;
  else if (said) body.title = said.name;
  if (has("lacks")) body.lacks = papers.chosen();
  if (has("promise_on")) put("promise_on", byId("promise").value);
  if (has("reason")) put("reason", (dialog.querySelector("[name=reason]:checked") || {}).value);
  put("note", byId("outcome-note").value.trim());
  if (has("name")) put("name", byId("applicant").value.trim());
  if (!has("days")) return body;
  put("departments", departments.chosen().length ? departments.names : null);
  put("days", Number(byId("days").value));
  put("urgent", byId("urgent").checked);
  put("phone", byId("phone").value.trim());
  put("platform", byId("platform").value.trim());
  body.delivery = delivery();
  if (body.delivery === "post") put("address", byId("address").value.trim());
  return body;
}

byId("outcome-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  await itemKnown();
  if (!dialog.open || desk.inFlight || isChoosing()) return;
  const body = sayings();
  const fault = missing(body);
  if (fault) {
    trouble(fault[0]);
    fault[1].focus();
    return;
  }
  const printer = byId("paper-printer").value;
  localStorage.setItem(PRINTER, printer);
  trouble("");
  const isDone = await desk.act("settle", body, (error) => trouble(error instanceof Refusal ? error.sentence(currentLanguage(), labelOf) : sentenceOf(error)));
  if (!isDone) return;
  dialog.close();
  const mine = desk.view.settled.find((each) => each.id === id);
  if (mine && printer && mine.papers.length) printPapers(mine, printer, sentenceOf);
});

// Who applied is nobody's business once the panel is shut.
dialog.addEventListener("close", () => {
  shut();
  byId("outcome-form").reset();
});
