// Search on a phone: what is typed is looked for, a moment after the last key.

import { get } from "/static/pages/api.js";
import { byId, el, setText } from "/static/pages/dom.js";
import { named, t } from "/static/pages/texts.js";
import { chips, showAway, showHall, title } from "./shown.js";

const PAGE = 20;
const PAUSE_MS = 200;
let shown = 0;
let asked = 0;
let waiting = null;

function hit(item) {
  const link = el("a", { class: "hit", href: "/items/" + encodeURIComponent(item.code) });
  link.append(title("b", {}, item), title("span", { class: "soft" }, item, "department"));
  link.append(el("ul", { class: "chips" }, ...chips(item)));
  return el("li", {}, link);
}

/** The address keeps what was asked, so that going back finds it again. */
function remember(query) {
  const kept = new URLSearchParams();
  for (const [name, value] of query) if (value && !["limit", "offset"].includes(name)) kept.set(name, value);
  history.replaceState(null, "", kept.toString() ? "?" + kept : location.pathname);
}

async function search(more) {
  const turn = (asked += 1);
  const query = new URLSearchParams({ q: byId("q").value.trim(), department: byId("department").value });
  if (byId("package").checked) query.set("package", "true");
  query.set("limit", PAGE);
  query.set("offset", more ? shown : 0);
  try {
    const found = await get("/items?" + query);
    if (turn !== asked) return; // an older answer that came late
    showAway(false);
    const hits = found.items.map(hit);
    if (more) byId("hits").append(...hits);
    else byId("hits").replaceChildren(...hits);
    shown = (more ? shown : 0) + hits.length;
    setText(byId("count"), found.total ? t("{n} found", { n: found.total }) : "");
    byId("none").hidden = found.total > 0;
    byId("more").hidden = shown >= found.total;
    if (more && hits.length) hits[0].querySelector("a").focus();
    remember(query);
  } catch (error) {
    showAway(true);
  }
}

/** Departments by the name that this page shows: those that are called the same in its language stand once. */
function byShownName(departments) {
  const found = new Map();
  for (const each of departments) {
    const name = named(each);
    const before = found.get(name);
    found.set(name, { items: (before ? before.items : 0) + each.items, isChinese: name === each.name });
  }
  return found;
}

async function start() {
  const before = new URLSearchParams(location.search);
  byId("q").value = before.get("q") || "";
  byId("package").checked = before.get("package") === "true";
  try {
    for (const [name, each] of byShownName(await get("/departments"))) {
      const option = el("option", { value: name, lang: each.isChinese ? "zh" : false });
      option.append(t("{name} ({n})", { name, n: each.items }));
      byId("department").append(option);
    }
    byId("department").value = before.get("department") || "";
  } catch (error) {
    showAway(true);
  }
  search(false);
}

byId("q").addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => search(false), PAUSE_MS);
});
byId("search").addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(waiting);
  search(false);
});
byId("package").addEventListener("change", () => search(false));
byId("department").addEventListener("change", () => search(false));
byId("more").addEventListener("click", () => search(true));
showHall();
start();
