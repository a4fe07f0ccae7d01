// How long something lasted, as people say it.

import { t } from "../pages/texts.js";

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86400;

export function lasted(seconds) {
  if (seconds === null || seconds === undefined) return "–";
  if (seconds < MINUTE) return t("{n} s", { n: seconds });
  if (seconds < HOUR) return t("{n} min", { n: Math.round(seconds / MINUTE) });
  if (seconds < DAY) return t("{h} h {n} min", { h: Math.floor(seconds / HOUR), n: Math.floor((seconds % HOUR) / MINUTE) });
  return t("{d} d {h} h", { d: Math.floor(seconds / DAY), h: Math.floor((seconds % DAY) / HOUR) });
}
