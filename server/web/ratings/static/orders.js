// Work orders of bad ratings: what is due, one order with its story, and the steps that are legal for the reader now.

import { post } from "../pages/api.js";
import { called, hearNames } from "../pages/colleagues.js";
import { byId, el, keyed, setText } from "../pages/dom.js";
import { fetchHall, sentenceOf } from "../pages/staff.js";
import { named, t } from "../pages/texts.js";
import { countSigns, facts, percent, read, when } from "./desk.js";

const REFRESH_MS = 5000;
const FIGURES_EVERY = 12; // refreshes
const DAY_MS = 86400000;
let open = null; // the order that is shown
let step = null;
let today = null;
let rounds = 0;

const stateWord = (state) =>
  ({
    open: t("New"),
    contacted: t("Followed up"),
    mended: t("Put right, to be reviewed"),
    closed: t("Closed"),
    excluded: t("Excluded"),
  })[state] || state;
const STATE_LOOK = { open: ["●", "warn"], contacted: ["☎", "busy"], mended: ["✓", "busy"], closed: ["✓✓", "good"], excluded: ["⊘", ""] };

const chip = (look, text) => el("span", { class: "chip " + look }, text);

function chipsOf(order) {
  const [icon, look] = STATE_LOOK[order.state];
  const chips = [chip(look, icon + " " + stateWord(order.state))];
  if (isDue(order.contact)) chips.push(chip("bad", "⚠ " + t("Call-back overdue")));
  if (isDue(order.mend)) chips.push(chip("bad", "⚠ " + t("Putting right overdue")));
  if (order.state === "closed") chips.push(chip(order.contact.overdue || order.mend.overdue ? "bad" : "good", keptWord(order)));
  if (order.exclusion && order.exclusion.verdict === null) chips.push(chip("warn", "⚖ " + t("To be judged")));
  return chips;
}

/** Of a closed order: whether both the call-back and the putting right came in time, and what did not. */
function keptWord(order) {
  const late = [order.contact.overdue && t("called back late"), order.mend.overdue && t("put right late")].filter(Boolean);
  return late.length ? "⚠ " + late.join(t(", ")) : "✓ " + t("in time");
}

const isDue = (deadline) => deadline.overdue && deadline.done_at === null;
const dueOf = (order) => (order.mend.done_at && order.contact.done_at ? t("To be reviewed by another person") : order.contact.done_at === null ? t("Call back by {time}", { time: when(order.contact.by) }) : t("Put right by {time}", { time: when(order.mend.by) }));
const isOver = (order) => ["closed", "excluded"].includes(order.state);

// --- list -------------------------------------------------------------------------------------------------------------

function buildRow(order) {
  const button = el(
    "button",
    { type: "button", class: "record", click: () => choose(order.id) },
    el("span", { class: "record-head" }, el("b", { class: "number" }, order.number), el("span", { class: "level" }), el("span", { class: "chips" })),
    el("span", { class: "soft what" }),
    el("span", { class: "due" }),
  );
  return el("li", {}, button);
}

function updateRow(row, order) {
  const button = row.firstElementChild;
  button.dataset.row = order.number;
  setText(button.querySelector(".level"), named(order, "level_name"));
  button.querySelector(".chips").replaceChildren(...chipsOf(order));
  setText(button.querySelector(".what"), [when(order.opened_at), named(order, "window_name"), named(order, "service_name")].filter(Boolean).join(" · "));
  setText(button.querySelector(".due"), isOver(order) ? "" : dueOf(order));
  if (open && open.id === order.id) button.setAttribute("aria-current", "true");
  else button.removeAttribute("aria-current");
}

async function list() {
  const view = await read("/orders" + (byId("state").value ? "?state=" + byId("state").value : ""));
  if (!view) return;
  keyed(byId("list"), view.orders, (order) => order.id, buildRow, updateRow);
  byId("list-empty").hidden = view.orders.length > 0;
}

async function figures() {
  const days = Number(byId("span").value);
  const first = new Date(Date.parse(today + "T00:00:00Z") - (days - 1) * DAY_MS).toISOString().slice(0, 10);
  const span = "?from=" + first + "&to=" + today;
  byId("csv").href = "/api/v1/stats/ratings.csv" + span;
  const view = await read("/stats/ratings" + span);
  if (!view) return;
  const ratio = (each) => percent(each.share) + (each.of ? " (" + each.part + "/" + each.of + ")" : "");
  const totals = {
    satisfaction: percent(view.without_excluded.satisfaction),
    rated_share: percent(view.without_excluded.rated_share) + (view.all.served ? " (" + view.without_excluded.rated + "/" + view.all.served + ")" : ""),
    callback: ratio(view.orders.callback),
    mending: ratio(view.orders.mending),
    overdue: String(view.orders.overdue),
  };
  for (const node of byId("totals").querySelectorAll("[data-total]")) setText(node, totals[node.dataset.total]);
  byId("excluded-note").hidden = view.excluded === 0;
  setText(byId("excluded-note"), t("Without {n} excluded ratings. With them {share} are satisfied", { n: view.excluded, share: percent(view.all.satisfaction) }));
}

// --- one order --------------------------------------------------------------------------------------------------------

const stamp = (order) => JSON.stringify(Object.assign({}, order, { now: null }));

/** What others did meanwhile: the list, the order that is shown (not under somebody's dialog), now and then the figures. */
async function refresh() {
  rounds += 1;
  await list();
  if (open && !byId("step-dialog").open) {
    const now = await read("/orders/" + encodeURIComponent(open.id));
    if (now && now.id === open.id && stamp(now) !== stamp(open)) {
      const at = document.activeElement.id;
      open = now;
      draw();
      if (at.startsWith("step-") && byId(at)) byId(at).focus();
    }
  }
  if (rounds % FIGURES_EVERY === 0) figures();
}

/** Opens an order and says so in the address: a link to it can be sent, and Back leads to the one before. */
function choose(id) {
  if (orderInAddress() !== id) history.pushState(null, "", "?order=" + encodeURIComponent(id));
  show(id, true);
}

const orderInAddress = () => new URLSearchParams(location.search).get("order");

/** Shows what the address names: after loading, Back and Forward. */
function follow() {
  const id = orderInAddress();
  if (id) return show(id, false);
  open = null;
  gone("");
  return list();
}

/** No order is shown; why, if there is a reason. */
function gone(why) {
  byId("detail").hidden = true;
  byId("choose").hidden = false;
  setText(byId("choose").firstElementChild, why || t("Choose a work order on the left"));
}

async function show(id, focus) {
  const view = await read("/orders/" + encodeURIComponent(id));
  if (orderInAddress() !== id) return; // gone on meanwhile
  if (!view) {
    if (byId("away").hidden) {
      open = null;
      gone(t("There is no such work order here any more, or it is about your own work"));
    }
    return;
  }
  open = view;
  draw();
  list();
  if (focus) byId("detail-heading").focus();
}

function timeline() {
  const points = [];
  const add = (at, text, by, note, look) => points.push({ at, text, by, note, look });
  add(open.opened_at, t("Rated {level}", { level: named(open, "level_name") }), null, null, "bad");
  for (const call of open.callbacks) add(call.at, call.reached ? t("Called back and reached") : t("Called back, not reached"), call.by, call.note, call.reached ? "good" : "warn");
  if (open.exclusion) {
    add(open.exclusion.at, t("Proposed to exclude the rating"), open.exclusion.by, open.exclusion.note, "warn");
    if (open.exclusion.verdict !== null) add(open.exclusion.judged_at, open.exclusion.verdict ? t("Exclusion agreed to") : t("Exclusion refused"), open.exclusion.judged_by, null, "");
  }
  if (open.mended) add(open.mended.at, t("Put right"), open.mended.by, open.mended.note, "good");
  if (open.closed && open.state === "closed") add(open.closed.at, t("Reviewed and closed"), open.closed.by, null, "good");
  return points.sort((one, next) => one.at.localeCompare(next.at));
}

function draw() {
  byId("choose").hidden = true;
  byId("detail").hidden = false;
  setText(byId("detail-heading"), open.number + " · " + named(open, "level_name"));
  byId("detail-chips").replaceChildren(...chipsOf(open));
  facts(byId("facts"), [
    [t("Service"), named(open, "service_name")],
    [t("Window"), open.window ? named(open, "window_name") + (open.clerk ? " · " + called(open.clerk) : "") : null],
    [t("Rated at"), when(open.opened_at)],
    [t("Whole thread"), el("a", { class: "button", href: "/thread/" + encodeURIComponent(open.id) }, t("Everything that happened to this ticket"))],
    [t("Ticked"), open.points.map((point) => named(point)).join(t(", "))],
    [t("Call back by"), isOver(open) && !open.contact.done_at ? null : deadline(open.contact)],
    [t("Put right by"), isOver(open) && !open.mend.done_at ? null : deadline(open.mend)],
    [t("Name"), open.name],
    [t("Phone"), open.phone ? el("a", { href: "tel:" + open.phone }, open.phone) : open.has_contact ? t("no longer kept") : t("not left")],
  ]);
  byId("comment").hidden = !open.comment;
  setText(byId("comment"), open.comment || "");
  const words = stepWords();
  byId("steps").replaceChildren(...open.steps.map((name) => el("button", { type: "button", id: "step-" + name, class: name === "exclude" ? "quiet" : "", click: () => ask(name) }, words[name].button)));
  byId("no-steps").hidden = open.steps.length > 0;
  setText(byId("no-steps"), isOver(open) ? t("This work order is over") : t("The next step is another person's"));
  const build = (point) =>
    el("li", { class: point.look }, el("time", { class: "soft" }, when(point.at)), el("span", {}, el("b", {}, point.text), point.by ? " · " + called(point.by) : "", point.note ? el("q", {}, point.note) : null));
  byId("timeline").replaceChildren(...timeline().map(build));
}

const deadline = (each) => when(each.by) + (each.done_at ? " · " + (each.overdue ? t("done late, {time}", { time: when(each.done_at) }) : t("done {time}", { time: when(each.done_at) })) : each.overdue ? " · " + t("overdue") : "");

// --- steps ------------------------------------------------------------------------------------------------------------

const stepWords = () => ({
  callback: { button: t("Record a call-back"), title: t("Record a call-back"), text: t("A work order is only closed with at least one call-back on record"), choice: [t("Was the citizen reached?"), t("Yes, we spoke"), t("No, not reached, or no phone number was left")], note: t("What was said"), go: t("Record it"), said: t("The call-back is on record") },
  mend: { button: t("Put right"), title: t("What was wrong has been put right"), text: "", note: t("How (needed)"), needed: true, go: t("Record it"), said: t("It is on record as put right; another person reviews it") },
  close: { button: t("Review and close"), title: t("Close this work order"), text: t("You confirm that the citizen was called back and that it was put right"), go: t("Close it"), said: t("The work order is closed") },
  exclude: { button: t("Propose to exclude"), title: t("Propose to exclude this rating"), text: t("For a rating meant for somebody else or plainly false. A second person judges; the rating itself stays"), note: t("Why, and how it was checked (needed)"), needed: true, go: t("Propose it"), said: t("Proposed; a second person judges it") },
  judge: { button: t("Judge the exclusion"), title: t("Is this rating to be excluded?"), text: open && open.exclusion ? t("{user} says: {note}", { user: called(open.exclusion.by), note: open.exclusion.note || "–" }) : "", choice: [t("Your judgement"), t("Yes, leave it out of the figures"), t("No, it counts and the work order goes on")], go: t("Record it"), said: t("Your judgement is on record") },
});

function ask(name) {
  step = name;
  const words = stepWords()[name];
  setText(byId("step-heading"), words.title);
  setText(byId("step-text"), words.text);
  byId("step-text").hidden = !words.text;
  byId("step-choice").hidden = !words.choice;
  if (words.choice) ["step-legend", "choice-yes", "choice-no"].forEach((id, place) => setText(byId(id), words.choice[place]));
  for (const radio of byId("step-form").elements.choice) {
    radio.checked = false;
    radio.required = Boolean(words.choice);
  }
  byId("step-note-box").hidden = !words.note;
  setText(byId("step-note-label"), words.note || "");
  byId("step-note").value = "";
  byId("step-note").required = Boolean(words.needed);
  setText(byId("step-go"), words.go);
  byId("step-trouble").hidden = true;
  byId("step-dialog").showModal();
}

const bodyOf = (form) => {
  const note = byId("step-note").value.trim();
  const yes = form.elements.choice.value === "yes";
  if (step === "callback") return note ? { reached: yes, note } : { reached: yes };
  if (step === "judge") return { accept: yes };
  return step === "close" ? {} : { note };
};

byId("step-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  byId("step-go").disabled = true;
  byId("step-trouble").hidden = true;
  try {
    const said = stepWords()[step].said;
    await post("/orders/" + encodeURIComponent(open.id) + "/" + step, bodyOf(event.target));
    byId("step-dialog").close();
    await show(open.id, true);
    setText(byId("said"), said);
    figures();
  } catch (error) {
    byId("step-trouble").hidden = false;
    setText(byId("step-trouble"), sentenceOf(error));
    show(open.id, false); // somebody else was quicker, perhaps
  }
  byId("step-go").disabled = false;
});
byId("step-back").addEventListener("click", () => byId("step-dialog").close());
byId("state").addEventListener("change", list);
byId("span").addEventListener("change", figures);
addEventListener("popstate", follow);

Promise.all([fetchHall(), hearNames()]).then(([hall]) => {
  today = hall.business_day;
  follow().then(list);
  figures();
  countSigns();
  setInterval(refresh, REFRESH_MS);
});
