// What the pages of orders and matters share: reading a view, being refused or cut off, dates, kind words for errors.

import { get, Refusal } from "../pages/api.js";
import { heardTime } from "../pages/clock.js";
import { byId, setText } from "../pages/dom.js";
import { t } from "../pages/texts.js";

/** Reads a view; null when it cannot be had, which the page then tells. */
export async function read(path) {
  try {
    const view = await get(path);
    heardTime(view.now);
    byId("away").hidden = true;
    byId("refused").hidden = true;
    byId("main").hidden = false;
    byId("sign-out").hidden = false;
    return view;
  } catch (error) {
    if (!(error instanceof Refusal)) byId("away").hidden = false;
    else if (error.status === 401) location.assign("/sign-in?next=" + encodeURIComponent(location.pathname + location.search));
    else if (error.status === 403) {
      byId("refused").hidden = false;
      setText(byId("refused"), "⚠ " + t("Your role does not see this page"));
      byId("main").hidden = true;
    } else byId("away").hidden = error.status < 500;
    return null;
  }
}

/** "11-23 09:05" of a server time, which carries the hall's offset. */
export const when = (iso) => (iso ? iso.slice(5, 10) + " " + iso.slice(11, 16) : "–");

export const percent = (share) => (share === null || share === undefined ? "–" : (Math.round(share * 1000) / 10).toFixed(1) + "%");

/** A label with its value for a list of facts; nothing where there is no value. */
export function facts(list, pairs) {
  const nodes = [];
  for (const [label, value] of pairs) {
    if (value === null || value === undefined || value === "") continue;
    const box = document.createElement("div");
    const name = document.createElement("dt");
    const text = document.createElement("dd");
    name.textContent = label;
    text.append(value);
    box.append(name, text);
    nodes.push(box);
  }
  list.replaceChildren(...nodes);
}

/** Tells under every long text how much room is left, once it gets scarce: what is beyond is not taken. */
export function countSigns() {
  for (const text of document.querySelectorAll("textarea[maxlength]")) {
    const left = document.createElement("output");
    left.className = "soft";
    text.after(left);
    text.addEventListener("input", () => {
      const room = text.maxLength - text.value.length;
      setText(left, room < text.maxLength / 5 ? t("{n} more characters fit", { n: room }) : "");
    });
  }
}
