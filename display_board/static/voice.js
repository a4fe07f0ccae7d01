// Plays what a voice program says (caller/voice_web.py): one sound after the other, nothing older than 30 s.

import { byId } from "/static/pages/dom.js";

const STALE_MS = 30000;
const AGAIN_MS = 3000;

export class VoiceQueue {
  /** `play(url)` resolves when the sound has ended; `now()` is any steady clock in milliseconds. */
  constructor(play, now) {
    this.play = play;
    this.now = now;
    this.waiting = [];
    this.isPlaying = false;
  }

  say(url) {
    this.waiting.push({ url, at: this.now() });
    this.next();
  }

  async next() {
    if (this.isPlaying) return;
    this.isPlaying = true;
    while (this.waiting.length) {
      const sound = this.waiting.shift();
      if (this.now() - sound.at <= STALE_MS) await this.play(sound.url);
    }
    this.isPlaying = false;
  }
}

/** Plays to the end; a sound that fails is left, so that one broken file does not mute the board. */
function playSound(url) {
  return new Promise((resolve) => {
    const audio = new Audio(url);
    audio.onended = resolve;
    audio.onerror = resolve;
    audio.play().catch((error) => {
      if (error.name === "NotAllowedError") byId("sound-on").hidden = false;
      resolve();
    });
  });
}

export function playVoice(origin) {
  const sounds = new VoiceQueue(playSound, () => performance.now());
  byId("sound-on").onclick = () => (byId("sound-on").hidden = true); // the click itself allows sound from now on
  let source = null;
  const listen = () => {
    source = new EventSource(origin + "/say/latest");
    source.addEventListener("say", (message) => sounds.say(origin + JSON.parse(message.data).wav));
    source.onerror = () => {
      if (source.readyState === EventSource.CLOSED) setTimeout(listen, AGAIN_MS);
    };
  };
  listen();
}
