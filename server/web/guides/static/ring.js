// The sound of a new request: two soft tones, once; can be switched off, which this tablet remembers.

import { byId, setText } from "/static/pages/dom.js";
import { t } from "/static/pages/texts.js";

const STORE = "chaoxi.guide.sound";
const TONES_HZ = [659, 880];
const TONE_S = 0.22;
let audio = null;

const isOn = () => localStorage.getItem(STORE) !== "off";

/** Browsers let a page sound only after it was touched. */
function wake() {
  audio = audio || new AudioContext();
  if (audio.state === "suspended") audio.resume();
}

export function ring() {
  document.body.dataset.rang = String(Number(document.body.dataset.rang || 0) + 1);
  if (!isOn()) return;
  if (navigator.vibrate && navigator.userActivation && navigator.userActivation.hasBeenActive) navigator.vibrate(200);
  if (!audio) return;
  TONES_HZ.forEach((pitch, place) => {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    const begins = audio.currentTime + place * TONE_S;
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.25, begins);
    volume.gain.exponentialRampToValueAtTime(0.001, begins + TONE_S);
    tone.connect(volume).connect(audio.destination);
    tone.start(begins);
    tone.stop(begins + TONE_S);
  });
}

export function showSound() {
  byId("sound").setAttribute("aria-pressed", String(isOn()));
  setText(byId("sound"), isOn() ? t("Sound on") : t("Sound off"));
}

byId("sound").addEventListener("click", () => {
  localStorage.setItem(STORE, isOn() ? "off" : "on");
  showSound();
});
document.addEventListener("pointerdown", wake, { once: true });
document.addEventListener("keydown", wake, { once: true });
