// Two soft tones when somebody is wanted: once for each who asks; knows no page.

const TONES_HZ = [659, 880];
const TONE_S = 0.22;
let audio = null;

/** Browsers let a page sound only after it was touched. */
function wake() {
  audio = audio || new AudioContext();
  if (audio.state === "suspended") audio.resume();
}

/** `isAloud` false: only counted, for whoever has switched the sound off. */
export function ring(isAloud = true) {
  document.body.dataset.rang = String(Number(document.body.dataset.rang || 0) + 1);
  if (!isAloud) return;
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

document.addEventListener("pointerdown", wake, { once: true });
document.addEventListener("keydown", wake, { once: true });
