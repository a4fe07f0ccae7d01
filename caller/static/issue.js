// Issuing a ticket by hand, for those who cannot use the machine: open, choose the service, done (A2.10: ≤ 3 clicks).

import { get, newKey, post, Refusal, Unreachable } from "/static/pages/api.js";
import { byId, el, setText } from "/static/pages/dom.js";
import { currentLanguage, named, t } from "/static/pages/texts.js";
import { filterBy } from "./choices.js";

const LAST_PRINTER = "chaoxi.printer";
const TWICE_MS = 800; // a double click is one ticket
let sending = false;
let sentAt = -Infinity;

function sentenceOf(error) {
  if (error instanceof Refusal) return error.sentence(currentLanguage());
  if (error instanceof Unreachable) return t("The server does not answer. Please try again in a moment");
  throw error;
}

const BEYOND = ["has_open_ticket", "daily_limit"]; // limits of a person, which staff may go beyond
const CARD = /^[0-9A-Za-z]{15,18}$/;

/** The person of a number typed or read at the desk: a handle; the number itself goes no further. */
async function holderOf(number) {
  const tidy = number.replace(/[\s-]/g, "");
  return (await post("/holders", CARD.test(tidy) ? { card: { number: tidy } } : { phone: number.trim() })).holder;
}

async function issue(service, overLimit) {
  if (sending || performance.now() - sentAt < TWICE_MS) return;
  sending = true;
  byId("issue-trouble").hidden = true;
  byId("issue-beyond").hidden = true;
  byId("issued").hidden = true;
  const body = { service: service.id, channel: "staff" };
  if (overLimit) body.over_limit = true;
  if (byId("issue-group").value) body.group = byId("issue-group").value;
  if (byId("issue-printer").value) body.printer = byId("issue-printer").value;
  localStorage.setItem(LAST_PRINTER, byId("issue-printer").value);
  try {
    if (byId("issue-person").value.trim()) body.holder = await holderOf(byId("issue-person").value);
    const ticket = await post("/tickets", body, newKey());
    byId("issue-person").value = "";
    setText(byId("issued-number"), ticket.number);
    const facts = { service: named(ticket, "service_name"), n: ticket.ahead === null ? 0 : ticket.ahead };
    const printing = body.printer ? t("It is being printed") : t("Not printed: please write the number down");
    setText(byId("issued-text"), t("{service}, people ahead: {n}", facts) + " · " + printing);
    byId("issued").hidden = false;
    byId("issue-group").value = "";
    byId("issued").scrollIntoView({ block: "nearest" });
  } catch (error) {
    setText(byId("issue-trouble"), sentenceOf(error));
    byId("issue-trouble").hidden = false;
    byId("issue-beyond").hidden = !BEYOND.includes(error.reason);
    byId("issue-beyond").onclick = () => issue(service, true);
    if (!byId("issue-beyond").hidden) byId("issue-beyond").focus();
  }
  sending = false;
  sentAt = performance.now();
}

// A number typed here is nobody's business once the dialog is shut.
byId("issue-dialog").addEventListener("close", () => (byId("issue-person").value = ""));

export async function showIssue(printers, troubled) {
  let hall;
  try {
    hall = await get("/hall");
  } catch (error) {
    troubled(error);
    return;
  }
  const last = localStorage.getItem(LAST_PRINTER);
  const chosen = printers.some((printer) => printer.id === last) || last === "" ? last : (printers[0] || { id: "" }).id;
  const option = (value, text) => el("option", { value, selected: value === chosen }, text);
  byId("issue-printer").replaceChildren(...printers.map((each) => option(each.id, named(each))), option("", t("Do not print")));
  byId("issue-group").replaceChildren(
    el("option", { value: "" }, t("None")),
    ...hall.groups.map((group) => el("option", { value: group.id }, named(group))),
  );
  byId("issued").hidden = true;
  byId("issue-trouble").hidden = true;
  byId("issue-beyond").hidden = true;
  byId("issue-person").value = "";
  const groups = hall.zones.map((zone) => ({
    title: named(zone),
    items: zone.services
      .filter((service) => service.open)
      .map((service) => ({
        text: named(service),
        note: t("{n} waiting", { n: service.waiting }),
        search: [service.name, service.name_en, service.department].concat(service.keywords).join(" "),
        pick: () => issue(service),
      })),
  }));
  filterBy(byId("issue-filter"), byId("issue-choices"), byId("issue-none"), groups);
  byId("issue-dialog").showModal();
  byId("issue-filter").focus();
}
