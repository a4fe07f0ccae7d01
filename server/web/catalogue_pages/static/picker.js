// Choosing items: searched as everywhere, or pasted as codes; what is chosen stands above with a way to let it go.

import { get } from "/static/pages/api.js";
import { byId, el } from "/static/pages/dom.js";
import { named, t } from "/static/pages/texts.js";

const PAUSE_MS = 200;
const HITS = 8;

/** `query()` narrows the search, `isFit(item)` says which hits may be chosen. */
export function picker(id, { query, isFit, changed }) {
  const root = byId(id);
  const input = byId(id + "-q");
  const hits = byId(id + "-hits");
  const list = root.querySelector(".picked");
  let chosen = new Map();
  let waiting = null;
  let asked = 0;

  function show() {
    const rows = Array.from(chosen.values(), (item) => {
      const drop = el("button", { type: "button", class: "quiet", click: () => remove(item.code) }, "✕", el("span", { class: "sr-only" }, " " + t("Leave out {name}", { name: item.name || item.code })));
      const words = item.unknown ? el("span", { class: "warn-text" }, "⚠ " + t("not in the catalogue")) : el("span", {}, named(item));
      return el("li", {}, el("span", { class: "what" }, words, " ", el("small", { class: "soft" }, item.code)), drop);
    });
    list.replaceChildren(...rows);
    if (changed) changed(chosen.size);
  }

  function remove(code) {
    chosen.delete(code);
    show();
    input.focus();
  }

  function add(items) {
    for (const item of items) chosen.set(item.code, item);
    show();
  }

  function pick(item) {
    add([item]);
    input.value = "";
    hits.replaceChildren();
    input.focus();
  }

  async function search() {
    const turn = (asked += 1);
    const text = input.value.trim();
    if (!text) return hits.replaceChildren();
    const found = await get("/items?" + new URLSearchParams(Object.assign({ q: text, limit: 40 }, query()))).catch(() => null);
    if (turn !== asked || !found) return null;
    const fit = found.items.filter((item) => isFit(item) && !chosen.has(item.code)).slice(0, HITS);
    const rows = fit.map((item) => el("li", {}, el("button", { type: "button", click: () => pick(item) }, "＋ " + named(item), " ", el("small", { class: "soft" }, item.code))));
    return hits.replaceChildren(...(rows.length ? rows : [el("li", { class: "soft" }, t("Nothing to choose"))]));
  }

  async function paste(codes) {
    for (const code of codes) {
      const item = await get("/items/" + encodeURIComponent(code)).catch(() => null);
      add([item || { code, name: "", unknown: true }]);
    }
    input.value = "";
    hits.replaceChildren();
  }

  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(search, PAUSE_MS);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const first = hits.querySelector("button");
    if (first) first.click();
    else search();
  });
  input.addEventListener("paste", (event) => {
    const codes = event.clipboardData.getData("text").split(/[\s,，、;；]+/).filter(Boolean);
    if (codes.length < 2 || codes.some((code) => !/^[A-Za-z0-9_-]+$/.test(code))) return;
    event.preventDefault();
    paste(codes);
  });
  return {
    add,
    codes: () => Array.from(chosen.keys()),
    set(items) {
      chosen = new Map();
      input.value = "";
      hits.replaceChildren();
      add(items);
    },
  };
}
