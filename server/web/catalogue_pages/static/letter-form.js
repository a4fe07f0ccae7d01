// The form of a letter of authorisation: whose, from when, for which windows, for which items.

import { get, newKey, post } from "/static/pages/api.js";
import { byId, el } from "/static/pages/dom.js";
import { named, t } from "/static/pages/texts.js";
import { allFilled, clearFaults, fault, focusFirst, showRefusal } from "./faults.js";
import { picker } from "./picker.js";
import { done, failed } from "./told.js";

const PREFIX = "l-";
let zones = [];
let windowsNow = () => [];
let afterwards = () => null;
let items = null;
let gone = []; // windows of the letter that the hall file has no more

const form = () => byId("letter-form");
const reach = () => form().querySelector("input[name=reach]:checked");
const boxes = (kind) => Array.from(byId("l-windows").querySelectorAll("input[data-" + kind + "]"));

/** A zone as a whole, with the windows that come to it later; or single windows of it. */
function zoneChoice(zone, windows, letter) {
  const whole = el("input", { type: "checkbox", "data-zone": zone.id, checked: letter.zones.includes(zone.id) });
  const single = windows.map((each) => el("label", { class: "choice" }, el("input", { type: "checkbox", "data-window": each.window, checked: letter.windows.includes(each.window) }), el("span", {}, named(each))));
  const count = el("span", { class: "soft" });
  const fold = el("details", { open: windows.some((each) => letter.windows.includes(each.window)) && !letter.zones.includes(zone.id) }, el("summary", {}, t("Single windows"), " ", count), el("div", { class: "window-choices" }, ...single));
  const node = el("div", { class: "zone-choice" }, el("label", { class: "choice" }, whole, el("span", {}, named(zone), " ", el("small", { class: "soft" }, t("the whole zone, {n} windows", { n: windows.length })))), fold);
  const tell = () => {
    fold.hidden = whole.checked || !windows.length;
    const n = node.querySelectorAll("[data-window]:checked").length;
    count.textContent = n ? t("{n} chosen", { n }) : "";
  };
  node.addEventListener("change", tell);
  tell();
  return node;
}

function showReach() {
  byId("l-windows").hidden = !reach() || reach().value === "hall";
}

/** A letter to be changed, a new one, or a new one that begins with a department and items. */
export async function openLetter(letter, start) {
  try {
    const every = await get("/departments");
    const listed = every.map((each) => each.name);
    const english = new Map(every.map((each) => [each.name, named(each)]));
    const kept = letter || { id: "", department: "", start: "", end: "", zones: [], windows: [], items: (start && start.items) || [] };
    const departments = letter && !listed.includes(letter.department) ? [letter.department, ...listed] : listed;
    byId("l-department").replaceChildren(el("option", { value: "" }, t("Choose")), ...departments.map((name) => el("option", { value: name }, english.has(name) && english.get(name) !== name ? t("{name} ({n})", { name: english.get(name), n: name }) : name)));
    byId("l-id").value = kept.id;
    byId("l-id").readOnly = Boolean(letter);
    byId("l-department").value = kept.department || (start && start.department) || "";
    byId("l-start").value = kept.start;
    byId("l-end").value = kept.end || "";
    const windows = windowsNow();
    gone = kept.windows.filter((id) => !windows.some((each) => each.window === id));
    byId("l-windows").replaceChildren(...zones.map((zone) => zoneChoice(zone, windows.filter((each) => each.zone === zone.id), kept)));
    const isHall = letter && !letter.zones.length && !letter.windows.length;
    form().querySelectorAll("input[name=reach]").forEach((each) => (each.checked = letter ? (each.value === "hall") === Boolean(isHall) : false));
    showReach();
    items.set(kept.items);
    clearFaults(form());
    byId("letter-dialog").showModal();
    (letter ? byId("l-start") : byId("l-id")).focus();
  } catch (error) {
    failed(error);
  }
}

async function fill() {
  const department = byId("l-department").value;
  clearFaults(form());
  if (!department) {
    fault(PREFIX, "department", t("Fill this in"));
    focusFirst(form());
    return;
  }
  for (let offset = 0, total = 1; offset < total; offset += 200) {
    const query = new URLSearchParams({ department, package: "false", limit: 200, offset });
    const found = await get("/items?" + query);
    total = found.total;
    items.add(found.items.filter((item) => !item.elsewhere));
  }
}

function body() {
  const isHall = reach() && reach().value === "hall";
  const chosen = boxes("zone").filter((box) => box.checked).map((box) => box.dataset.zone);
  const single = boxes("window").filter((box) => box.checked && !box.closest("[hidden]")).map((box) => box.dataset.window);
  return {
    id: byId("l-id").value.trim(),
    department: byId("l-department").value,
    start: byId("l-start").value,
    end: byId("l-end").value || null,
    zones: isHall ? [] : chosen,
    windows: isHall ? [] : single,
    items: items.codes(),
  };
}

/** Nothing chosen would mean the whole hall: it must be said. */
function isSound(wanted) {
  clearFaults(form());
  if (/[\s/\\?#%<>"'&]/.test(wanted.id)) fault(PREFIX, "id", t("The number has no blanks and no signs such as / ? # %"));
  if (wanted.end && wanted.end < wanted.start) fault(PREFIX, "end", t("The end lies before the start"));
  if (!reach()) fault(PREFIX, "windows-box", t("Say which windows"));
  else if (reach().value === "some" && !wanted.zones.length && !wanted.windows.length) fault(PREFIX, "windows-box", gone.length ? t("The windows of this letter are no more; choose others") : t("Choose a zone or a window"));
  if (!wanted.items.length) fault(PREFIX, "items", t("Choose one item or more"));
  return allFilled(form(), PREFIX) && !focusFirst(form());
}

async function save(event) {
  event.preventDefault();
  const wanted = body();
  if (!isSound(wanted)) return;
  byId("letter-save").disabled = true;
  try {
    await post("/letters", wanted, newKey());
    byId("letter-dialog").close();
    await afterwards();
    done(t("Letter {id} is saved", { id: wanted.id }));
  } catch (error) {
    showRefusal(form(), PREFIX, error);
  }
  byId("letter-save").disabled = false;
}

export function startLetterForm(hall, windows, afterSave) {
  zones = hall.zones;
  windowsNow = windows;
  afterwards = afterSave;
  items = picker("l-items", {
    query: () => (byId("l-department").value ? { department: byId("l-department").value, package: "false" } : { package: "false" }),
    isFit: (item) => !item.elsewhere,
  });
  form().querySelectorAll("input[name=reach]").forEach((each) => each.addEventListener("change", showReach));
  byId("letter-back").addEventListener("click", () => byId("letter-dialog").close());
  form().addEventListener("submit", save);
  byId("l-fill").addEventListener("click", () => fill().catch(failed));
}
