// Lists in and out: a file is looked at, what it would change is shown, and only then it is taken in.

import { get, newKey, Refusal, Unreachable } from "/static/pages/api.js";
import { byId, el, setText } from "/static/pages/dom.js";
import { currentLanguage, pageData, t } from "/static/pages/texts.js";
import { fieldChange } from "./fields.js";
import { clearFaults, fault, focusFirst } from "./faults.js";
import { done, failed } from "./told.js";

let chosen = null; // the file that was looked at, with the version it was compared with

export const listName = (name) =>
  ({
    comprehensive: t("Comprehensive-window list"),
    online: t("Online list"),
    negative: t("Negative list (not in the hall)"),
    guides: t("Item guides and packages"),
    letters: t("Letters of authorisation"),
  })[name] || name;

async function send(path, file) {
  let answer = null;
  try {
    answer = await fetch("/api/v1/catalogue/" + path, {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/octet-stream", "Idempotency-Key": newKey() },
      body: file,
    });
  } catch (error) {
    throw new Unreachable(error.message);
  }
  const body = await answer.json();
  if (!answer.ok) throw new Refusal(answer.status, body);
  return body;
}

function query(more) {
  const wanted = new URLSearchParams({ list: byId("list").value });
  if (byId("keep").checked) wanted.set("keep", "true");
  for (const [name, value] of Object.entries(more || {})) wanted.set(name, value);
  return wanted;
}

const said = (fault) => (currentLanguage() === "zh" ? fault.zh : fault.en);
function faultRow(fault) {
  const row = fault.row ? String(fault.row) : t("file");
  return el("tr", {}, el("td", { class: "figure" }, row), el("td", {}, fault.column || "–"), el("td", {}, fault.value || "–"), el("td", {}, said(fault)));
}

function box(name, heading, rows, total) {
  byId(name + "-box").hidden = total === 0;
  setText(byId(name + "-title"), heading);
  const rest = total > rows.length ? [el("li", { class: "soft" }, t("and {n} more", { n: total - rows.length }))] : [];
  byId(name).replaceChildren(...rows, ...rest);
}

const line = (row) => el("li", {}, row.name || row.key, " ", el("span", { class: "soft" }, row.name ? row.key : ""));

function changedLine(row) {
  const item = line(row);
  item.append(el("dl", { class: "fields" }, ...row.fields.map(fieldChange)));
  return item;
}

function show(found) {
  const counts = found.counts;
  const isSound = counts.faults === 0;
  byId("preview").hidden = false;
  setText(byId("preview-heading"), isSound ? t("This would change: {list}", { list: listName(found.list) }) : t("The file has faults; nothing can be taken in"));
  byId("counts").replaceChildren(
    el("li", { class: "chip" }, t("{n} rows", { n: counts.rows })),
    el("li", { class: isSound ? "chip" : "chip bad" }, t("{n} faults", { n: counts.faults })),
    el("li", { class: "chip good" }, t("{n} new", { n: isSound ? counts.new : 0 })),
    el("li", { class: "chip busy" }, t("{n} changed", { n: isSound ? counts.changed : 0 })),
    el("li", { class: counts.gone && isSound ? "chip warn" : "chip" }, t("{n} gone", { n: isSound ? counts.gone : 0 })),
    el("li", { class: "chip" }, t("{n} as before", { n: counts.same })),
  );
  byId("faults-box").hidden = isSound;
  byId("faults").replaceChildren(...found.faults.map(faultRow));
  const remarks = found.remarks.map((fault) =>
    el("li", {}, t("{what}: {words}", { what: [fault.row ? t("Row {n}", { n: fault.row }) : "", fault.column, fault.value].filter(Boolean).join(" "), words: said(fault) })),
  );
  box("remarks", t("{n} remarks", { n: counts.remarks }), remarks, counts.remarks);
  box("new", t("{n} new", { n: counts.new }), isSound ? found.new.map(line) : [], isSound ? counts.new : 0);
  box("changed", t("{n} changed", { n: counts.changed }), isSound ? found.changed.map(changedLine) : [], isSound ? counts.changed : 0);
  box("gone", t("{n} gone", { n: counts.gone }), isSound ? found.gone.map(line) : [], isSound ? counts.gone : 0);
  byId("confirm-form").hidden = !isSound;
  showAlarms(found);
  byId("preview-heading").focus();
}

/** A file that looks wrong stands in red with its figures, and wants a word typed in. */
function showAlarms(found) {
  const isOdd = Boolean(found.confirm);
  const counts = found.counts;
  clearFaults(byId("confirm-form"));
  byId("alarm-box").hidden = !isOdd;
  byId("confirm").classList.toggle("danger", isOdd);
  byId("confirm").classList.toggle("primary", !isOdd);
  setText(byId("confirm"), t("Take it in"));
  byId("c-confirm").value = "";
  if (!isOdd) return;
  byId("alarms").replaceChildren(...found.alarms.map((alarm) => el("li", {}, said(alarm))));
  const after = found.had - counts.gone + counts.new;
  byId("swing").replaceChildren(figure(found.had, t("rows now")), el("span", { "aria-hidden": "true" }, "→"), figure(after, t("rows afterwards")), counts.gone ? figure(counts.gone, t("would be removed"), "bad") : "");
  byId("backup").href = "/api/v1/catalogue/export?format=xlsx&list=" + found.list;
  const isCount = found.confirm.sort === "gone";
  setText(byId("confirm-label"), isCount ? t("To go on, type how many rows would be removed ({word})", { word: found.confirm.word }) : t("To go on, type the name of this hall ({word})", { word: found.confirm.word }));
  byId("c-confirm").inputMode = isCount ? "numeric" : "text";
  setText(byId("confirm"), isCount ? t("Take it in and remove {n} rows", { n: counts.gone }) : t("Take it in all the same"));
}

const figure = (number, words, look) => el("span", { class: "figure-of " + (look || "") }, el("b", { class: "number" }, String(number)), " ", words);

function forget() {
  chosen = null;
  byId("preview").hidden = true;
}

async function look(event) {
  event.preventDefault();
  const file = byId("file").files[0];
  if (!file) return;
  byId("look").disabled = true;
  try {
    const found = await send("preview?" + query(), file);
    chosen = { file, version: found.version, confirm: found.confirm };
    byId("trouble").hidden = true;
    show(found);
  } catch (error) {
    forget();
    failed(error);
  }
  byId("look").disabled = false;
}

async function confirm(event) {
  event.preventDefault();
  const form = byId("confirm-form");
  const word = byId("c-confirm").value.trim();
  clearFaults(form);
  if (chosen.confirm && word !== chosen.confirm.word) {
    fault("c-", "confirm", t("This is not what is asked for; nothing has been taken in"));
    focusFirst(form);
    return;
  }
  byId("confirm").disabled = true;
  try {
    const taken = await send("import?" + query(Object.assign({ version: chosen.version }, word ? { confirm: word } : {})), chosen.file);
    const counts = taken.counts;
    forget();
    byId("file").value = "";
    done(t("Taken in: {new} new, {changed} changed, {gone} gone", { new: counts.new, changed: counts.changed, gone: counts.gone }));
    showTotals();
  } catch (error) {
    failed(error);
  }
  byId("confirm").disabled = false;
}

function showLinks() {
  const list = byId("list").value;
  byId("export-xlsx").href = "/api/v1/catalogue/export?format=xlsx&list=" + list;
  byId("export-csv").href = "/api/v1/catalogue/export?format=csv&list=" + list;
  byId("template").href = "/api/v1/catalogue/template?format=xlsx&list=" + list;
  byId("columns").replaceChildren(t("Columns:") + " ", el("span", { lang: "zh" }, pageData().columns[list].join(" · ")));
  forget();
}

export async function showTotals() {
  const books = await get("/catalogue");
  const rows = Object.entries(books.lists).map(([name, count]) => el("div", {}, el("dt", {}, listName(name)), el("dd", { class: "number" }, String(count))));
  byId("totals").replaceChildren(...rows);
}

export function startLists() {
  byId("upload").addEventListener("submit", look);
  byId("confirm-form").addEventListener("submit", confirm);
  byId("discard").addEventListener("click", forget);
  byId("list").addEventListener("change", showLinks);
  byId("file").addEventListener("change", forget);
  byId("keep").addEventListener("change", forget);
  showLinks();
}
