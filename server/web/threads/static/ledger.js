// The ledger of acceptances with its filters and files, and the bulletin of the same days.

import { get } from "../pages/api.js";
import { byId, el, setText } from "../pages/dom.js";
import { fetchHall, sentenceOf } from "../pages/staff.js";
import { named, t } from "../pages/texts.js";
import { percent, read } from "../ratings/desk.js";

const PAGE = 50;
const FILTERS = ["from", "to", "zone", "department", "outcome"];
const TURNED = ["correction", "refused"];
const ACCEPTED = ["accepted", "accepted_missing", "pre_accepted"];
const LOOK = { done: "good", accepted: "good", accepted_missing: "warn", pre_accepted: "good", correction: "warn", refused: "bad" };
let offset = 0;

const asked = (names) => {
  const query = new URLSearchParams();
  for (const name of names) if (byId(name).value) query.set(name, byId(name).value);
  return query;
};
const sum = (outcomes, names) => names.reduce((total, name) => total + outcomes[name], 0);
// Item lists, departments and papers are official texts and Chinese in every language.
const official = (text) => el("span", { lang: "zh" }, text);
const small = (...parts) => parts.filter(Boolean).map((text) => el("small", {}, text));
const stamp = (iso) => iso.slice(5, 10) + " " + iso.slice(11, 16);

function choices(select, options) {
  const kept = select.value;
  select.replaceChildren(select.options[0], ...options.map((each) => el("option", { value: each.id, lang: each.lang }, each.name)));
  if (kept && !options.some((each) => each.id === kept)) select.append(el("option", { value: kept }, kept));
  select.value = kept;
}

function row(each) {
  const archived = each.filed_at ? ["✓ " + stamp(each.filed_at), ...small(each.filed_by_name)] : each.awaits_archive ? [el("span", { class: "chip warn" }, t("not yet"))] : [];
  const late = each.late ? el("span", { class: "chip bad" }, "⚠ " + t("late")) : "";
  const result = each.result_at ? each.result_at.slice(5, 10) : "";
  return el(
    "tr",
    { role: "row", "data-row": each.id },
    el("th", { scope: "row", role: "rowheader" }, el("a", { class: "link", href: "/thread/" + encodeURIComponent(each.ticket) }, each.number), ...small(stamp(each.at))),
    el("td", { class: "title", role: "cell" }, official(each.title), ...small(each.item), ...each.departments.slice(0, 1).map(() => el("small", { lang: "zh" }, each.departments.join("、")))),
    el(
      "td",
      { class: "outcome", role: "cell" },
      el("span", { class: "chip " + LOOK[each.outcome] }, named(each, "outcome_name")),
      ...(each.lacks.length ? [el("small", {}, t("missing") + t(": "), official(each.lacks.join("、")))] : []),
      ...small(each.promise_on ? t("promised for {day}", { day: each.promise_on }) : "", named(each, "reason_name")),
    ),
    el("td", { class: "whole", role: "cell" }, each.case || "", ...small(each.platform)),
    el("td", { class: "whole", role: "cell" }, named(each, "window_name"), ...small(each.clerk_name)),
    el("td", { role: "cell" }, each.case ? named(each, "state_name") : "", late ? " " : "", late, ...small(each.deadline_at ? t("due {time}", { time: each.deadline_at.slice(5, 10) }) : "")),
    el("td", { role: "cell" }, result, ...small(named(each, "delivered"))),
    el("td", { role: "cell" }, ...archived),
  );
}

function shown(view) {
  choices(byId("department"), view.departments.map((name) => ({ id: name, name, lang: "zh" })));
  choices(byId("outcome"), view.outcomes.map((each) => ({ id: each.id, name: named(each) })));
  const totals = { ...view.totals, accepted: sum(view.totals.outcomes, [...ACCEPTED, "done"]), turned: sum(view.totals.outcomes, TURNED) };
  for (const node of byId("totals").querySelectorAll("[data-total]")) {
    setText(node, String(totals[node.dataset.total]));
    node.classList.toggle("bad", node.dataset.total === "late" && totals.late > 0);
  }
  byId("rows").replaceChildren(...view.rows.map(row));
  byId("empty").hidden = view.rows.length > 0;
  byId("rows-box").hidden = view.rows.length === 0;
  byId("pager").hidden = view.total <= PAGE;
  byId("before").disabled = offset === 0;
  byId("after").disabled = offset + PAGE >= view.total;
  setText(byId("page"), t("{first}–{last} of {all}", { first: offset + 1, last: Math.min(offset + PAGE, view.total), all: view.total }));
}

const share = (ratio) => percent(ratio.share) + (ratio.of ? " (" + ratio.part + "/" + ratio.of + ")" : "");

function figures(each, name) {
  return el(
    "tr",
    { class: name === undefined ? null : "all" },
    el("th", { scope: "row", lang: name === undefined ? "zh" : null }, name === undefined ? each.department : name),
    el("td", { class: "figure" }, String(each.settled)),
    el("td", { class: "figure" }, String(sum(each.outcomes, [...ACCEPTED, "done"]))),
    el("td", { class: "figure" }, String(sum(each.outcomes, TURNED))),
    el("td", { class: "figure" }, share(each.transfer)),
    el("td", { class: "figure" }, share(each.answers)),
    el("td", { class: "figure" }, each.mean_days === null ? "–" : each.mean_days.toFixed(1)),
    el("td", { class: "figure" + (each.late ? " bad" : "") }, String(each.late)),
    el("td", { class: "figure" }, String(each.returned)),
    el("td", { class: "figure" }, share(each.filed)),
  );
}

function bulletin(view) {
  const part = view.one_window;
  setText(byId("share"), percent(part.both.share));
  setText(byId("share-parts"), t("{both} of {all} items; at a comprehensive window {comprehensive}, no second window needed {single}", { both: part.both.part, all: part.both.of, comprehensive: part.comprehensive.part, single: part.single.part }));
  setText(byId("share-words"), named(part, "words"));
  byId("bulletin").replaceChildren(...view.departments.map((each) => figures(each)), figures(view.all, t("All together")));
}

async function rows() {
  const query = asked(FILTERS);
  for (const form of ["xlsx", "csv"]) byId(form).href = "/api/v1/ledger?" + query + "&format=" + form;
  query.set("limit", PAGE);
  query.set("offset", offset);
  shown(await get("/ledger?" + query));
}

async function show() {
  byId("trouble").hidden = true;
  byId("go").disabled = true;
  const days = asked(["from", "to"]);
  byId("bulletin-xlsx").href = "/api/v1/stats/acceptance?" + days + "&format=xlsx";
  try {
    await rows();
    bulletin(await get("/stats/acceptance?" + days));
  } catch (error) {
    byId("trouble").hidden = false;
    setText(byId("trouble"), sentenceOf(error));
  }
  byId("go").disabled = false;
}

byId("filters").addEventListener("submit", (event) => {
  event.preventDefault();
  offset = 0;
  show();
});
for (const [id, step] of [["before", -PAGE], ["after", PAGE]]) {
  byId(id).addEventListener("click", async () => {
    offset = Math.max(0, offset + step);
    await show();
    byId("rows-heading").focus();
  });
}

async function start() {
  const hall = await fetchHall();
  byId("away").hidden = true;
  byId("from").value = hall.now.slice(0, 8) + "01";
  byId("to").value = hall.now.slice(0, 10);
  choices(byId("zone"), hall.zones.map((zone) => ({ id: zone.id, name: named(zone) })));
  // Whether this reader may look at the ledger is the API's to say.
  if (await read("/ledger?limit=1")) show();
}
start();
