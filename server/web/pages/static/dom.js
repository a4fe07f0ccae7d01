// Small helpers for building the page; text is always set as text, never as markup.

export const byId = (id) => document.getElementById(id);

/** el("p", {class: "note", hidden: true}, "text", child…); a property that is a function listens to that event. */
export function el(tag, properties, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties || {})) {
    if (typeof value === "function") node.addEventListener(name, value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

/** Sets a node's text only when it changed, so that a live region does not speak twice. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Shows the items in `list`, keeping nodes whose key stays, so that focus and reading position are not lost. */
export function keyed(list, items, keyOf, build, update) {
  const old = new Map(Array.from(list.children, (node) => [node.dataset.key, node]));
  const wanted = items.map((item) => {
    const key = String(keyOf(item));
    let node = old.get(key);
    if (!node) {
      node = build(item);
      node.dataset.key = key;
    }
    old.delete(key);
    if (update) update(node, item);
    return node;
  });
  old.forEach((node) => node.remove());
  wanted.forEach((node, place) => {
    if (list.children[place] !== node) list.insertBefore(node, list.children[place] || null);
  });
}

const HEX = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i;

function luminance(colour) {
  const channels = HEX.exec(colour).slice(1).map((hex) => parseInt(hex, 16) / 255);
  const [r, g, b] = channels.map((c) => (c <= 0.03928 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4)));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Puts a zone's colour on a node as --zone, with ink that can be read on it as --zone-ink. */
export function zoneColour(node, colour) {
  if (!HEX.test(colour || "")) return;
  node.style.setProperty("--zone", colour);
  node.style.setProperty("--zone-ink", luminance(colour) > 0.18 ? "#0f2140" : "#ffffff");
}
