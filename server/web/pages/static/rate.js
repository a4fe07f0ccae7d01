// The rating on a citizen's page: asked for once the service is over, nothing chosen beforehand, said in one's own words
// if one likes; a phone number only to be called back about a bad one.

import { get, post, Refusal } from "./api.js";
import { byId, el, setText } from "./dom.js";
import { face } from "./face.js";
import { currentLanguage, named, t } from "./texts.js";

const BAD = 2;
let form = null;
let level = 0;
let ticked = new Set();
let wrong = "";

const isBad = () => level > 0 && level <= BAD;

function label() {
  const labels = {
    "rate-title": t("How was the service?"),
    "rate-promise": t("Rating is voluntary. The staff at the window do not see who rated how"),
    "rate-points-label": t("Tell us more, if you like"),
    "rate-comment-label": t("In your own words, if you like"),
    "rate-contact-text": t("May we call you about this? A supervisor calls, not the staff at the window. Number and name are deleted when the matter is closed"),
    "rate-phone-label": t("Phone, if you like"),
    "rate-name-label": t("How to address you, if you like"),
    "rate-send": t("Send my rating"),
  };
  for (const id of Object.keys(labels)) setText(byId(id), labels[id]);
}

function levels() {
  return form.levels.map((each) => {
    const radio = el("input", { type: "radio", name: "level", value: String(each.level), checked: each.level === level, change: () => choose(each.level) });
    return el("label", { class: "rate-level" }, radio, face(each.level, "rate-face"), el("span", {}, named(each)));
  });
}

function points() {
  const chosen = form.levels.find((each) => each.level === level);
  return (chosen ? chosen.points : []).map((point) => {
    const change = (event) => (event.target.checked ? ticked.add(point.id) : ticked.delete(point.id));
    return el("label", { class: "rate-point" }, el("input", { type: "checkbox", value: point.id, checked: ticked.has(point.id), change }), el("span", {}, named(point)));
  });
}

/** Only what follows the choice is drawn anew: the faces keep the focus of who goes along them by keyboard. */
function choose(next) {
  if (isBad() !== (next <= BAD)) ticked = new Set();
  level = next;
  more();
}

function more() {
  byId("rate-more").hidden = level === 0;
  byId("rate-points").replaceChildren(...points());
  byId("rate-contact").hidden = !isBad();
}

/** Draws the section for a ticket; `taken` is given the ticket once it is rated. */
export function drawRating(ticket, path, taken) {
  const section = byId("rate");
  byId("rated").hidden = !ticket.rating;
  if (ticket.rating && form) {
    const given = form.levels.find((each) => each.level === ticket.rating);
    setText(byId("rated"), t("Thank you. You rated: {level}", { level: named(given) }));
  }
  if (ticket.state === "done" && !form) fetchForm(() => drawRating(ticket, path, taken));
  section.hidden = !ticket.rateable || !form;
  if (section.hidden) return;
  if (section.dataset.language !== currentLanguage()) {
    section.dataset.language = currentLanguage();
    label();
    byId("rate-levels").replaceChildren(...levels());
    more();
  }
  setText(byId("rate-trouble"), wrong);
  byId("rate-trouble").hidden = !wrong;
  byId("rate-form").onsubmit = (event) => {
    event.preventDefault();
    send(path, taken, () => drawRating(ticket, path, taken));
  };
}

async function fetchForm(then) {
  try {
    form = await get("/rating-form");
    then();
  } catch (error) {
    setTimeout(() => fetchForm(then), 3000);
  }
}

async function send(path, taken, again) {
  const body = { level, points: Array.from(ticked) };
  const comment = byId("rate-comment").value.trim();
  if (comment) body.comment = comment;
  if (isBad() && byId("rate-phone").value.trim()) body.phone = byId("rate-phone").value.trim();
  if (isBad() && byId("rate-name").value.trim()) body.name = byId("rate-name").value.trim();
  byId("rate-send").disabled = true;
  try {
    wrong = "";
    taken(await post(path + "/rating", body));
    byId("rated").focus();
  } catch (error) {
    wrong = error instanceof Refusal ? error.sentence(currentLanguage()) : t("The server does not answer. Please try again in a moment");
    again();
  }
  byId("rate-send").disabled = false;
}
