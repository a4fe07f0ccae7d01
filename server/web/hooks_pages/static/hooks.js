// Hooks and the platform: how it stands with them, a test, what was given up, and trying it again.

import { get, post, Refusal } from "../pages/api.js";
import { byId, el, keyed, setText } from "../pages/dom.js";
import { fetchHall, sentenceOf } from "../pages/staff.js";
import { currentLanguage, named, t } from "../pages/texts.js";

const REFRESH_MS = 5000;
const opened = new Set(); // hooks whose failed messages are shown

const chip = (look, text) => el("span", { class: "chip " + look }, text);
/** "11-23 09:05:12" of a server time, which carries the hall's offset. */
const when = (iso) => (iso ? iso.slice(5, 10) + " " + iso.slice(11, 19) : "–");

async function read(path) {
  try {
    const view = await get(path);
    byId("away").hidden = true;
    byId("main").hidden = false;
    byId("sign-out").hidden = false;
    return view;
  } catch (error) {
    if (!(error instanceof Refusal)) byId("away").hidden = false;
    else if (error.status === 401) location.assign("/sign-in?next=" + encodeURIComponent(location.pathname));
    else if (error.status === 403) {
      byId("refused").hidden = false;
      setText(byId("refused"), "⚠ " + t("Your role does not see this page"));
      byId("main").hidden = true;
    }
    return null;
  }
}

/** Does something once, with its button shut meanwhile, and tells what came of it. */
async function act(button, work, said) {
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  byId("trouble").hidden = true;
  setText(byId("said"), "");
  try {
    const answer = await work();
    setText(byId("said"), typeof said === "function" ? said(answer) : said);
  } catch (error) {
    byId("trouble").hidden = false;
    setText(byId("trouble"), sentenceOf(error));
  } finally {
    button.setAttribute("aria-disabled", "false");
    refresh();
  }
}

// --- hooks ------------------------------------------------------------------------------------------------------------

const STATES = () => ({ idle: ["", "○ " + t("Not used yet")], ok: ["good", "● " + t("Working")], failing: ["warn", "⚠ " + t("Refuses messages")], away: ["bad", "⚠ " + t("Receiver away")] });

function buildHook(hook) {
  const test = el("button", { type: "button", class: "test" }, t("Send a test"));
  test.addEventListener("click", () => act(test, () => sendTest(hook.id), (outcome) => (outcome.ok ? t("{hook} has the test (HTTP {status})", { hook: hook.id, status: outcome.status }) : "")));
  const all = el("button", { type: "button", class: "all", hidden: true }, t("Send all again"));
  all.addEventListener("click", () => act(all, () => resendAll(hook.id), t("They are on their way again")));
  const failed = el("details", { class: "failed", hidden: true }, el("summary", {}), el("ul", { class: "rows" }));
  failed.addEventListener("toggle", () => {
    if (failed.open) opened.add(hook.id);
    else opened.delete(hook.id);
    if (failed.open) listFailed(failed, hook.id);
  });
  const count = (name, label) => el("div", {}, el("dt", {}, label), el("dd", { "data-count": name }));
  return el(
    "li",
    { class: "card", "data-hook": hook.id },
    el("div", { class: "top" }, el("b", {}, hook.id), el("span", { class: "state" })),
    el("p", { class: "url soft" }, hook.url),
    el("div", { class: "chips" }, ...hook.events.map((event) => chip("busy", named(event)))),
    el("dl", { class: "counts" }, count("sent", t("Arrived")), count("queued", t("On the way")), count("failed", t("Given up")), count("dropped", t("Too late, dropped"))),
    el("dl", { class: "times" }),
    el("details", {}, el("summary", {}, t("Secret for checking signatures")), el("code", {}, hook.secret)),
    failed,
    el("div", { class: "actions" }, test, all),
  );
}

function updateHook(card, hook) {
  const [look, word] = STATES()[hook.state];
  const state = card.querySelector(".state");
  state.className = "state chip " + look;
  setText(state, word);
  for (const node of card.querySelectorAll("[data-count]")) setText(node, String(hook[node.dataset.count]));
  const times = [
    [t("Last arrived"), when(hook.last_success_at)],
    [t("Last failure"), hook.last_failure_at ? when(hook.last_failure_at) + " · " + hook.last_error : null],
    [t("Next try"), hook.next_try_at ? when(hook.next_try_at) : null],
  ].filter((pair) => pair[1]);
  card.querySelector(".times").replaceChildren(...times.map((pair) => el("div", {}, el("dt", {}, pair[0]), el("dd", {}, pair[1]))));
  const failed = card.querySelector(".failed");
  failed.hidden = hook.failed === 0;
  card.querySelector(".all").hidden = hook.failed === 0;
  setText(failed.querySelector("summary"), t("Given-up messages: {n}", { n: hook.failed }));
  if (failed.open && opened.has(hook.id)) listFailed(failed, hook.id);
}

async function listFailed(box, hook) {
  const view = await read("/hooks/" + hook + "/failed");
  if (!view) return;
  keyed(box.querySelector("ul"), view.messages, (message) => message.id, (message) => {
    const again = el("button", { type: "button" }, t("Send again"));
    again.addEventListener("click", () => act(again, () => resend(hook, message.id), t("It is on its way again")));
    return el(
      "li",
      {},
      el("div", {}, el("span", { class: "row-head" }, chip("warn", named(message)), el("span", { class: "soft" }, when(message.at))), el("p", {}, named(message, "text")), el("p", { class: "error" }, message.error)),
      again,
    );
  });
}

const resend = (hook, message) => post("/hooks/" + hook + "/failed/" + encodeURIComponent(message) + "/resend");

async function resendAll(hook) {
  for (const message of (await get("/hooks/" + hook + "/failed")).messages) await resend(hook, message.id);
}

async function sendTest(hook) {
  const outcome = await post("/hooks/" + hook + "/test");
  if (!outcome.ok) {
    byId("trouble").hidden = false;
    setText(byId("trouble"), t("The test did not reach {hook}: {error}", { hook, error: outcome.error }));
  }
  return outcome;
}

// --- platform ---------------------------------------------------------------------------------------------------------

const OUT_WORDS = () => ({ submit: t("Acceptance"), result_ready: t("Result ready"), posted: t("Result posted"), delivered: t("Delivered"), handed_out: t("Handed out"), withdrawn: t("Withdrawn"), rating: t("Rating") });
const IN_WORDS = () => ({ numbered: t("Number"), progressed: t("Progress"), answered: t("Answer"), fee_due: t("Fee due"), correction_due: t("Correction due"), went_on: t("Goes on"), withdrawn: t("Withdrawn") });
const LINKS = () => ({ hand: t("By hand"), file: t("By files"), http: t("By gateway") });

function row(head, text, button) {
  return el("li", {}, el("div", {}, el("span", { class: "row-head" }, ...head), text ? el("p", { class: "soft" }, text) : null), button);
}

const detail = (milestone) => (currentLanguage() === "zh" ? milestone.detail_zh : milestone.detail) || "";

function tryAgain(path) {
  const button = el("button", { type: "button" }, t("Try again"));
  button.addEventListener("click", () => act(button, () => post(path), t("Tried again")));
  return button;
}

function drawPlatform(view) {
  setText(byId("platform-kind"), LINKS()[view.kind]);
  const chips = [];
  if (view.kind !== "hand") chips.push(view.away ? chip("bad", "⚠ " + t("Platform away")) : view.last_contact_at ? chip("good", "● " + t("Working")) : chip("", "○ " + t("Not used yet")));
  if (view.counts.queued) chips.push(chip("warn", t("{n} on the way", { n: view.counts.queued })));
  if (view.counts.waiting) chips.push(chip("warn", t("{n} waiting", { n: view.counts.waiting })));
  if (view.counts.bad + view.counts.refused) chips.push(chip("bad", t("{n} to look at", { n: view.counts.bad + view.counts.refused })));
  byId("platform-chips").replaceChildren(...chips);
  setText(byId("platform-text"), view.kind === "hand" ? t("Clerks enter numbers and milestones at the case; a gateway may push them") : t("Last contact {time}", { time: when(view.last_contact_at) }));
  byId("platform-error").hidden = !view.last_error;
  setText(byId("platform-error"), view.last_error || "");
  byId("outgoing-box").hidden = view.outgoing.length === 0;
  keyed(byId("outgoing"), view.outgoing, (item) => item.id + item.state + item.attempts, (item) =>
    row([chip(item.state === "refused" ? "bad" : "warn", OUT_WORDS()[item.kind]), el("b", {}, item.case), el("span", { class: "soft" }, when(item.made_at))], item.error, item.state === "refused" ? tryAgain("/platform/outgoing/" + encodeURIComponent(item.id) + "/retry") : null),
  );
  byId("milestones-box").hidden = view.milestones.length === 0;
  keyed(byId("milestones"), view.milestones, (one) => one.id + one.state + one.reason, (one) =>
    row([chip(one.state === "refused" ? "bad" : "warn", one.state === "refused" ? t("Refused") : t("Waits")), el("b", {}, [IN_WORDS()[one.kind] || one.kind, one.case].filter(Boolean).join(" · ") || one.id), el("span", { class: "soft" }, when(one.received_at))], detail(one), one.state === "refused" && one.reason !== "milestone_invalid" ? tryAgain("/platform/milestones/" + encodeURIComponent(one.id) + "/retry") : null),
  );
}

async function refresh() {
  const view = await read("/hooks");
  if (!view) return;
  keyed(byId("hooks"), view.hooks, (hook) => hook.id, buildHook, updateHook);
  byId("no-hooks").hidden = view.hooks.length > 0;
  const platform = await read("/platform");
  if (platform) drawPlatform(platform);
}

fetchHall();
refresh();
setInterval(refresh, REFRESH_MS);
