// A list of choices with a filter, walked with the arrow keys; used for transfer, issue and pause.

import { el } from "/static/pages/dom.js";

function walk(event, box) {
  const buttons = Array.from(box.querySelectorAll("button"));
  const at = buttons.indexOf(document.activeElement);
  const steps = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 };
  if (!(event.key in steps) || !buttons.length) return;
  event.preventDefault();
  buttons[Math.max(0, Math.min(buttons.length - 1, steps[event.key]))].focus();
}

/** groups: [{title, items: [{text, note, search, pick}]}], `pick` null for what cannot be chosen; returns how many are
 * shown. */
export function showChoices(box, groups, filter) {
  const words = filter.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const matches = (item) => words.every((word) => (item.text + " " + item.note + " " + item.search).toLowerCase().includes(word));
  let count = 0;
  const sections = [];
  for (const group of groups) {
    const items = group.items.filter(matches);
    if (!items.length) continue;
    count += items.length;
    const buttons = items.map((item) =>
      el("li", {}, el("button", { type: "button", class: "choice", click: item.pick || (() => {}), "aria-disabled": item.pick ? null : "true" }, item.text, el("small", {}, item.note))),
    );
    const heading = group.title ? el("h3", {}, group.title) : null;
    sections.push(el("section", {}, heading, el("ul", {}, ...buttons)));
  }
  box.replaceChildren(...sections);
  box.onkeydown = (event) => walk(event, box);
  return count;
}

/** Makes a filter field narrow the list as one types; arrow down goes into the list, Enter takes the only one left. */
export function filterBy(field, box, none, groups) {
  const show = () => {
    none.hidden = showChoices(box, groups, field.value) > 0;
  };
  field.value = "";
  field.oninput = show;
  field.onkeydown = (event) => {
    const buttons = box.querySelectorAll("button");
    if (event.key === "ArrowDown" && buttons.length) {
      event.preventDefault();
      buttons[0].focus();
    }
    if (event.key === "Enter" && buttons.length === 1) {
      event.preventDefault();
      buttons[0].click();
    }
  };
  show();
}
