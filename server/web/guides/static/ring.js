// The sound of a new request, which can be switched off; this tablet remembers it.

import { byId, setText } from "/static/pages/dom.js";
import { ring as sound } from "/static/pages/ring.js";
import { t } from "/static/pages/texts.js";

const STORE = "chaoxi.guide.sound";

const isOn = () => localStorage.getItem(STORE) !== "off";

export function ring() {
  sound(isOn());
}

export function showSound() {
  byId("sound").setAttribute("aria-pressed", String(isOn()));
  setText(byId("sound"), isOn() ? t("Sound on") : t("Sound off"));
}

byId("sound").addEventListener("click", () => {
  localStorage.setItem(STORE, isOn() ? "off" : "on");
  showSound();
});
