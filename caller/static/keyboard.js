// Keys on the page: what they press, showing them on the buttons, and changing them.

import { byId, el, setText } from "/static/pages/dom.js";
import { t } from "/static/pages/texts.js";
import { actionOf, DEFAULT_KEYS, forgetKeys, keyName, loadKeys, mayBind, saveKeys } from "./keys.js";

let keys = loadKeys();
let waitingFor = null;

const words = () => ({
  "call-next": t("Call next"),
  recall: t("Call again"),
  start: t("Start"),
  finish: t("Finish"),
  outcome: t("Outcome"),
  "no-show": t("No-show"),
  hold: t("Hold"),
  transfer: t("Transfer"),
  expert: t("Call an expert"),
  pause: t("Pause"),
  "proof-yes": t("Proof is right"),
  "proof-no": t("No proof"),
  "call-number": t("Call a number"),
  guide: t("Call a guide"),
  issue: t("Issue a ticket"),
});

function label() {
  for (const node of document.querySelectorAll("[data-key-of]")) {
    const key = keys[node.dataset.keyOf];
    setText(node, key);
    node.closest("button").setAttribute("aria-keyshortcuts", key.replace("Ctrl", "Control"));
  }
}

export function bindKeys(press) {
  label();
  document.addEventListener("keydown", (event) => {
    if (waitingFor) {
      change(event);
      return;
    }
    const action = actionOf(event);
    if (!action) return;
    event.preventDefault();
    if (!event.repeat) press(action);
  });
}

function change(event) {
  event.preventDefault();
  event.stopPropagation();
  const name = keyName(event);
  if (!name) return;
  const action = waitingFor;
  waitingFor = null;
  const taken = Object.keys(keys).find((other) => keys[other] === name && other !== action);
  if (event.key !== "Escape" && mayBind(name)) {
    if (taken) keys[taken] = keys[action];
    keys[action] = name;
    saveKeys(keys);
  }
  label();
  list();
  byId("keys").querySelector('[data-action="' + action + '"]').focus();
}

function list() {
  const rows = Object.keys(DEFAULT_KEYS).map((action) => {
    const isWaiting = waitingFor === action;
    const button = el("button", { type: "button", "data-action": action, click: () => ask(action) }, isWaiting ? t("Press the new key") : t("Change"));
    button.setAttribute("aria-label", (isWaiting ? t("Press the new key") : t("Change")) + ": " + words()[action]);
    return el("li", {}, el("span", {}, words()[action]), el("kbd", {}, keys[action]), button);
  });
  byId("keys").replaceChildren(...rows);
}

function ask(action) {
  waitingFor = action;
  list();
  byId("keys").querySelector('[data-action="' + action + '"]').focus();
}

export function showKeys() {
  waitingFor = null;
  list();
  byId("keys-dialog").showModal();
}

byId("keys-dialog").addEventListener("close", () => (waitingFor = null));
byId("keys-reset").addEventListener("click", () => {
  forgetKeys();
  keys = loadKeys();
  label();
  list();
});
