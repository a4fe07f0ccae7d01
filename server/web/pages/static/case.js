// A citizen's case: where it stands, what to do next, where the result is. The language is that of the visit.

import { hallTime, isKnown, serverNowMs, timeOf } from "./clock.js";
import { byId, el, setText } from "./dom.js";
import { followLink } from "./link.js";
import { currentLanguage, named, pageData, setLanguage, t } from "./texts.js";

const page = pageData();
const path = "/c/" + encodeURIComponent(page.token);
const OWN_NAMES = { zh: "中文", en: "English" };
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const COPIED_MS = 4000;
// So many steps stand side by side on a phone.
const FEW = 5;
let kept = null;
let chosen = page.asked;

/** "2026-11-30" → "11月30日", "30 Nov"; with its year where that is another one. */
function dayWords(day) {
  const [year, month, date] = day.split("-").map(Number);
  const parts = { year, month: currentLanguage() === "zh" ? month : MONTHS[month - 1], day: date };
  return day.slice(0, 4) === kept.accepted_at.slice(0, 4) ? t("{day} {month}", parts) : t("{day} {month} {year}", parts);
}

const dayOf = (iso) => iso.slice(0, 10);

function label() {
  const labels = {
    "number-label": t("Case number"),
    "deadline-label": t("Decided by"),
    "fee-label": t("Fee to pay"),
    "ticket-label": t("Your number for collection"),
    "where-label": t("Where to fetch it"),
    "hours-label": t("Collection hours"),
    "carrier-label": t("Posted with"),
    "tracking-label": t("Tracking number"),
    "accepted-label": t("Accepted on"),
    copy: t("Copy"),
    away: "⚠ " + t("Connection lost. This may be out of date"),
    "unknown-title": t("Voucher not found"),
    "unknown-text": t("The link is not right, or the case was finished long ago. Please scan the code on your voucher again, or ask our staff"),
  };
  for (const id of Object.keys(labels)) setText(byId(id), labels[id]);
  document.documentElement.lang = currentLanguage();
  const other = page.languages.find((each) => each !== currentLanguage());
  byId("switch").hidden = !other;
  byId("switch").lang = other || "";
  setText(byId("switch"), OWN_NAMES[other] || other || "");
}

function drawStages() {
  const nodes = kept.stages.map((stage) =>
    el(
      "li",
      { class: stage.is, "aria-current": stage.is === "now" ? "step" : null },
      el("b", {}, named(stage)),
      stage.at ? el("time", { datetime: stage.at }, dayWords(dayOf(stage.at))) : null,
    ),
  );
  byId("stages").classList.toggle("many", nodes.length > FEW);
  byId("stages").replaceChildren(...nodes);
}

function fact(name, value) {
  byId(name + "-box").hidden = !value;
  setText(byId(name), value || "");
}

const hoursSentence = (pickup) => {
  if (pickup.open && pickup.closes_at) return t("Open now, until {time}", { time: timeOf(pickup.closes_at) });
  if (pickup.open) return t("Open now");
  if (!pickup.opens_at) return "";
  return t("Opens {day} {time}", { day: dayWords(dayOf(pickup.opens_at)), time: timeOf(pickup.opens_at) });
};

function drawOwed() {
  const papers = kept.corrections.length ? kept.corrections : kept.lacks;
  byId("owed").hidden = !papers.length;
  setText(byId("owed-title"), kept.corrections.length ? t("To be corrected") : t("Papers still missing"));
  byId("owed-list").replaceChildren(...papers.map((paper) => el("li", {}, paper)));
  const day = !kept.corrections.length && kept.promise_on;
  byId("owed-by").hidden = !day;
  setText(byId("owed-by"), day ? t("You promised to bring them by {day}", { day: dayWords(day) }) : "");
}

function draw() {
  label();
  if (!kept) return;
  document.body.className = "case " + kept.state;
  setText(byId("hall"), named(kept, "hall"));
  setText(byId("title"), kept.title);
  setText(byId("number"), kept.number);
  setText(byId("state"), named(kept, "state_name"));
  setText(byId("todo"), named(kept, "todo"));
  drawStages();
  drawOwed();
  const pickup = kept.pickup;
  fact("deadline", kept.deadline_on && dayWords(kept.deadline_on));
  fact("fee", kept.fee !== null && t("¥{sum}", { sum: (kept.fee / 100).toFixed(2) }));
  fact("ticket", kept.ticket);
  fact("where", pickup && [named(pickup, "area_name"), named(pickup, "windows_text")].filter(Boolean).join(" · "));
  fact("hours", pickup && hoursSentence(pickup));
  fact("carrier", kept.carrier);
  fact("tracking", kept.tracking);
  setText(byId("accepted"), dayWords(dayOf(kept.accepted_at)));
  // Only a page from a safe address may write to the clipboard.
  byId("copy").hidden = !kept.tracking || !navigator.clipboard;
  document.title = named(kept, "state_name") + " · " + kept.title;
}

function take(next) {
  kept = next;
  if (!chosen) setLanguage(page.languages.includes(kept.language) ? kept.language : page.language);
  byId("case").hidden = false;
  byId("unknown").hidden = true;
  draw();
}

function unknown() {
  label();
  document.body.className = "gone";
  document.title = t("Voucher not found");
  byId("case").hidden = true;
  byId("unknown").hidden = false;
}

byId("switch").addEventListener("click", () => {
  chosen = page.languages.find((each) => each !== currentLanguage());
  setLanguage(chosen);
  draw();
});

byId("copy").addEventListener("click", async () => {
  await navigator.clipboard.writeText(kept.tracking);
  setText(byId("copy"), t("Copied"));
  setTimeout(() => setText(byId("copy"), t("Copy")), COPIED_MS);
});

setInterval(() => isKnown() && setText(byId("live"), t("Live · {time}", { time: hallTime(serverNowMs()) })), 1000);

followLink({
  path,
  topic: "case=" + encodeURIComponent(page.token),
  take,
  unknown,
  label,
});
