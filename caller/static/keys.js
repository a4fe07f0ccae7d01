// The console's keys: defaults, what this browser changed, and matching a key press.

const STORE = "chaoxi.keys";

export const DEFAULT_KEYS = {
  "call-next": "F7",
  recall: "Ctrl+Alt+R",
  start: "F8",
  finish: "F9",
  outcome: "F2",
  "no-show": "Ctrl+Alt+N",
  hold: "Ctrl+Alt+H",
  transfer: "Ctrl+Alt+T",
  expert: "Ctrl+Alt+E",
  pause: "Ctrl+Alt+P",
  "proof-yes": "Ctrl+Alt+Y",
  "proof-no": "Ctrl+Alt+X",
  "call-number": "Ctrl+Alt+C",
  guide: "Ctrl+Alt+B",
  issue: "Ctrl+Alt+I",
};

export function loadKeys() {
  let changed = {};
  try {
    changed = JSON.parse(localStorage.getItem(STORE)) || {};
  } catch (error) {
    changed = {}; // a browser that keeps nothing, or a spoilt entry: the keys as delivered
  }
  const keys = Object.assign({}, DEFAULT_KEYS);
  for (const action of Object.keys(keys)) if (typeof changed[action] === "string") keys[action] = changed[action];
  return keys;
}

export function saveKeys(keys) {
  localStorage.setItem(STORE, JSON.stringify(keys));
}

export function forgetKeys() {
  localStorage.removeItem(STORE);
}

/** "Ctrl+Alt+R" of a key press; null while only a modifier is down. */
export function keyName(press) {
  if (["Control", "Alt", "Shift", "Meta", "AltGraph"].includes(press.key)) return null;
  const letter = /^Key([A-Z])$/.exec(press.code) || /^Digit(\d)$/.exec(press.code);
  const base = letter ? letter[1] : press.key.length === 1 ? press.key.toUpperCase() : press.key;
  const parts = [press.ctrlKey && "Ctrl", press.altKey && "Alt", press.shiftKey && "Shift", press.metaKey && "Meta"];
  return parts.filter(Boolean).concat(base === " " ? "Space" : base).join("+");
}

/** Keys that type, move or leave cannot be given away: the page must stay usable by keyboard alone. */
export function mayBind(name) {
  const plain = !/^(Ctrl|Alt|Meta)\+/.test(name) && !/^(Shift\+)?F\d+$/.test(name);
  return !plain && !["F5", "F11", "F12", "Ctrl+R", "Ctrl+W", "Ctrl+T", "Ctrl+N"].includes(name);
}

/** The action that a key press stands for, or null. */
export function actionOf(press) {
  const name = keyName(press);
  const keys = loadKeys();
  return Object.keys(keys).find((action) => keys[action] === name) || null;
}
