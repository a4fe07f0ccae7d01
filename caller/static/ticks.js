// Lists to tick or to take from: missing papers and departments; Enter in their field adds a line of one's own.

import { byId, el } from "/static/pages/dom.js";
import { t } from "/static/pages/texts.js";

const tidy = (text) => text.trim().replace(/\s+/g, " ");

/** A list of boxes; more can be written. */
export class Ticks {
  constructor(list, more) {
    this.list = byId(list);
    this.more = byId(more);
    this.more.addEventListener("keydown", (event) => this.enter(event));
    this.list.addEventListener("keydown", (event) => this.walk(event));
  }

  show(names) {
    this.more.value = "";
    this.list.replaceChildren(...names.map((name) => this.line(name, false)));
  }

  line(name, isTicked) {
    return el("li", {}, el("label", { class: "tick" }, el("input", { type: "checkbox", value: name, checked: isTicked }), el("span", {}, name)));
  }

  boxes() {
    return Array.from(this.list.querySelectorAll("input"));
  }

  /** What is written in the field and not yet added counts too: nothing typed is lost. */
  chosen() {
    this.add();
    return this.boxes().filter((box) => box.checked).map((box) => box.value);
  }

  add() {
    const name = tidy(this.more.value);
    this.more.value = "";
    if (!name) return false;
    const known = this.boxes().find((box) => box.value === name);
    if (known) known.checked = true;
    else this.list.append(this.line(name, true));
    this.list.lastElementChild.scrollIntoView({ block: "nearest" });
    return true;
  }

  enter(event) {
    if (event.key !== "Enter" || event.isComposing || !tidy(this.more.value)) return;
    event.preventDefault();
    this.add();
  }

  walk(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const boxes = this.boxes();
    const at = boxes.indexOf(document.activeElement);
    if (!step || at < 0) return;
    event.preventDefault();
    (boxes[at + step] || (step > 0 ? this.more : boxes[at])).focus();
  }

  focus() {
    (this.boxes()[0] || this.more).focus();
  }
}

/** Names as chips that can be taken away; the first leads. */
export class Chips {
  constructor(list, more) {
    this.list = byId(list);
    this.more = byId(more);
    this.names = [];
    this.known = [];
    this.label = (name) => name;
    this.more.addEventListener("keydown", (event) => this.enter(event));
    this.more.addEventListener("change", () => this.add());
  }

  /** Names there are, `[{name, name_en}]`, and how one is called in the page's language. */
  know(named, label) {
    this.known = named.map((each) => each.name);
    const labels = new Map(named.map((each) => [each.name, label(each)]));
    this.label = (name) => labels.get(name) || name;
  }

  show(names) {
    this.more.value = "";
    this.names = names.slice();
    this.draw();
  }

  draw() {
    const chips = this.names.map((name) => {
      const away = el("button", { type: "button", class: "away", click: () => this.drop(name) }, "×");
      away.setAttribute("aria-label", t("Without {name}", { name: this.label(name) }));
      return el("li", { class: "chip" }, el("span", {}, this.label(name)), away);
    });
    this.list.replaceChildren(...chips);
  }

  drop(name) {
    this.show(this.names.filter((each) => each !== name));
    this.more.focus();
  }

  chosen() {
    this.add();
    return this.names;
  }

  add() {
    const written = tidy(this.more.value);
    const name = this.known.find((each) => this.label(each) === written) || written;
    this.more.value = "";
    if (!name) return;
    if (!this.names.includes(name)) this.names.push(name);
    this.draw();
  }

  enter(event) {
    if (event.key !== "Enter" || event.isComposing || !tidy(this.more.value)) return;
    event.preventDefault();
    this.add();
  }
}
