// What is wrong with a form, said beside the field that it is about. `prefix` stands before a field's name in its id.

import { Refusal } from "/static/pages/api.js";
import { byId, el, setText } from "/static/pages/dom.js";
import { sentenceOf } from "/static/pages/staff.js";
import { currentLanguage, t } from "/static/pages/texts.js";

/** Refusals that are about one field. */
const FIELD_OF = {
  item_exists: "code",
  service_unknown: "service",
  letter_backwards: "end",
  item_unknown: "items",
  zone_unknown: "windows-box",
  window_unknown: "windows-box",
};

export function clearFaults(form) {
  form.querySelectorAll(".fault").forEach((node) => node.remove());
  form.querySelectorAll("[aria-invalid]").forEach((node) => {
    node.removeAttribute("aria-invalid");
    node.removeAttribute("aria-describedby");
  });
  form.querySelectorAll(".trouble").forEach((node) => (node.hidden = true));
}

/** Puts a sentence under a field; false if the form does not show such a field. */
export function fault(prefix, name, sentence) {
  const control = byId(prefix + name + "-q") || byId(prefix + name);
  const box = control && control.closest(".field, fieldset");
  if (!box || control.closest("[hidden]")) return false;
  const id = prefix + name + "-fault";
  const told = byId(id);
  if (told) {
    setText(told, told.textContent + "；" + sentence);
    return true;
  }
  const folded = box.closest("details");
  if (folded) folded.open = true;
  box.append(el("small", { class: "fault", id }, "⚠ " + sentence));
  control.setAttribute("aria-invalid", "true");
  control.setAttribute("aria-describedby", id);
  return true;
}

export function focusFirst(form) {
  const first = form.querySelector("[aria-invalid]");
  if (first) (first.matches("fieldset") ? first.querySelector("input") : first).focus();
  return Boolean(first);
}

/** Fields that must be filled and are not; true if all are. */
export function allFilled(form, prefix) {
  for (const control of form.querySelectorAll("[required]")) {
    if (!control.closest("[hidden]") && !control.value.trim()) fault(prefix, control.id.slice(prefix.length), t("Fill this in"));
  }
  return !focusFirst(form);
}

function one(prefix, problem) {
  const [name, line] = problem.loc.split(".");
  const sentence = (currentLanguage() === "zh" && problem.zh) || problem.msg;
  const where = /^\d+$/.test(line || "") ? t("Entry {n}:", { n: Number(line) + 1 }) + " " : "";
  return fault(prefix, name, where + sentence) || (name === "elsewhere" && fault(prefix, line, sentence));
}

/** A refusal beside its fields; what belongs to none of them stands in the form's own line. */
export function showRefusal(form, prefix, error) {
  const errors = error instanceof Refusal ? error.problem.errors || [] : [];
  const untold = errors.filter((problem) => !one(prefix, problem));
  const own = error instanceof Refusal && FIELD_OF[error.reason];
  const isTold = (errors.length && !untold.length) || (own && fault(prefix, own, error.sentence(currentLanguage())));
  if (!isTold) {
    const line = form.querySelector(".trouble");
    line.hidden = false;
    setText(line, "⚠ " + sentenceOf(error));
    line.scrollIntoView({ block: "nearest" });
  }
  focusFirst(form);
}
