// A citizen's appointment: when and where, the check-in code, change and cancel in time.

import { get, newKey, post, Refusal } from "/static/pages/api.js";
import { timeOf } from "/static/pages/clock.js";
import { byId, setText } from "/static/pages/dom.js";
import { currentLanguage, named, pageData, t } from "/static/pages/texts.js";
import { dayOf, dayWords } from "./days.js";
import { pickSlot } from "./picker.js";

const LOOK_EVERY_MS = 10000;
const path = "/a/" + encodeURIComponent(pageData().token);
let kept = null;

const stateSentence = () =>
  ({
    booked: t("Booked"),
    arrived: t("Checked in"),
    missed: t("You did not come"),
    cancelled: t("Cancelled"),
  })[kept.state];

const adviceSentence = () =>
  ({
    booked: t("At the kiosk choose “I have an appointment” and type the code, or hold this picture before the scanner. Or ask our staff. Keep this page, or take a picture of it"),
    arrived: t("You have your ticket. Please watch for your number"),
    missed: t("The place has been given up. Please take an ordinary ticket, or book another time"),
    cancelled: t("This appointment is cancelled. You may book another time"),
  })[kept.state];

/** "09:00", or with its day where that is another one. */
const timeWords = (iso) => (dayOf(iso) === kept.day ? timeOf(iso) : whenWords(iso));

const whenWords = (iso) => dayWords(dayOf(iso)) + " " + timeOf(iso);

function ruleSentence() {
  return kept.can_change
    ? t("You may change or cancel it here until {time}", { time: whenWords(kept.cancel_until) })
    : t("The time for changing it here is over. Please ask our staff");
}

function draw() {
  byId("main").hidden = false;
  byId("unknown").hidden = true;
  const isOpen = kept.state === "booked";
  byId("face").dataset.state = kept.state;
  setText(byId("state"), stateSentence());
  setText(byId("day"), dayWords(kept.day));
  setText(byId("time"), timeOf(kept.slot_at));
  setText(byId("service"), named(kept, "service_name"));
  byId("code-box").hidden = !isOpen;
  setText(byId("code"), kept.code.slice(0, 3) + " " + kept.code.slice(3));
  const picture = "/book/code/" + kept.code + ".svg";
  if (isOpen && byId("qr").getAttribute("src") !== picture) byId("qr").src = picture;
  byId("ticket-box").hidden = !kept.ticket_url;
  if (kept.ticket_url) {
    byId("ticket").href = kept.ticket_url;
    setText(byId("ticket"), t("My ticket {number}", { number: kept.ticket_number }));
  }
  setText(byId("advice"), adviceSentence());
  setText(byId("where"), named(kept, "hall") + " · " + named(kept, "area_name") + " · " + named(kept, "zone_name"));
  setText(byId("check-in"), t("{from} to {to}", { from: timeWords(kept.early_from), to: timeWords(kept.late_until) }));
  byId("masked-box").hidden = !kept.masked;
  setText(byId("masked"), kept.masked || "");
  byId("change").hidden = !isOpen;
  byId("change-buttons").hidden = !kept.can_change;
  setText(byId("rule"), ruleSentence());
  if (!kept.can_change) byId("mover").hidden = true;
}

function trouble(error) {
  const sentence = error instanceof Refusal ? error.sentence(currentLanguage()) : t("The server does not answer. Please try again in a moment");
  byId("trouble").hidden = !error;
  setText(byId("trouble"), error ? sentence : "");
}

async function look() {
  try {
    kept = await get(path);
    byId("away").hidden = true;
    draw();
  } catch (error) {
    const isGone = error instanceof Refusal && error.status === 404;
    byId("away").hidden = isGone;
    if (isGone) {
      byId("main").hidden = true;
      byId("unknown").hidden = false;
      return;
    }
  }
  if (kept === null || kept.state === "booked") setTimeout(look, LOOK_EVERY_MS);
}

/** What is acted on is what stands on the page: another tab or a clerk may have changed it since. */
async function isAsShown() {
  const shown = kept;
  const now = await get(path).catch(() => null);
  if (!now || (now.slot_at === shown.slot_at && now.state === shown.state)) return true;
  kept = now;
  draw();
  byId("trouble").hidden = false;
  setText(byId("trouble"), t("The appointment was changed meanwhile. This is how it is now"));
  return false;
}

async function act(verb, body) {
  trouble(null);
  if (!(await isAsShown())) return;
  try {
    kept = await post(path + "/" + verb, body, newKey());
  } catch (error) {
    trouble(error);
    kept = await get(path).catch(() => kept);
  }
  draw();
}

let wanted = null;

function confirmMove(slot) {
  wanted = slot;
  setText(byId("move-from"), t("Now: {when}", { when: whenWords(kept.slot_at) }));
  setText(byId("move-to"), t("Then: {when}", { when: whenWords(slot.at) }));
  byId("move-final").hidden = !slot.final;
  byId("move-dialog").showModal();
}

byId("move-no").addEventListener("click", () => byId("move-dialog").close());
byId("move-yes").addEventListener("click", async () => {
  byId("move-dialog").close();
  byId("mover").hidden = true;
  await act("move", { slot_at: wanted.at });
  byId("state").scrollIntoView({ block: "center" });
  byId("move").focus();
});

async function openMover() {
  const slots = await get("/services/" + encodeURIComponent(kept.service) + "/slots").catch((error) => trouble(error));
  if (!slots) return;
  const take = (slot) => confirmMove(slot);
  pickSlot(byId("picker"), slots.days, take, kept.day);
  byId("mover").hidden = false;
  byId("mover-heading").focus();
}

byId("move").addEventListener("click", openMover);
byId("move-back").addEventListener("click", () => {
  byId("mover").hidden = true;
  byId("move").focus();
});
byId("cancel").addEventListener("click", () => {
  setText(byId("cancel-when"), whenWords(kept.slot_at) + " · " + named(kept, "service_name"));
  byId("cancel-dialog").showModal();
});
byId("cancel-no").addEventListener("click", () => byId("cancel-dialog").close());
byId("cancel-yes").addEventListener("click", () => {
  byId("cancel-dialog").close();
  act("cancel");
});
look();
