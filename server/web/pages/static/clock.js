// The hall's time as the server tells it: a device's own clock and time zone may be wrong.

let aheadMs = 0;
let zoneMinutes = 0;
let known = false;

/** Learns from a server time such as 2026-11-21T09:02:11.120+08:00. */
export function heardTime(iso) {
  if (!iso) return;
  const zone = /([+-])(\d\d):?(\d\d)$/.exec(iso);
  zoneMinutes = zone ? (zone[1] === "-" ? -1 : 1) * (Number(zone[2]) * 60 + Number(zone[3])) : 0;
  aheadMs = Date.parse(iso) - Date.now();
  known = true;
}

export function isKnown() {
  return known;
}

export function serverNowMs() {
  return Date.now() + aheadMs;
}

function hallDate(ms) {
  return new Date(ms + zoneMinutes * 60000);
}

const two = (n) => (n < 10 ? "0" + n : String(n));

/** "09:05" in the hall. */
export function hallTime(ms) {
  const at = hallDate(ms);
  return two(at.getUTCHours()) + ":" + two(at.getUTCMinutes());
}

/** "09:05" of a server time, which carries the hall's offset. */
export function timeOf(iso) {
  return iso.slice(11, 16);
}

/** {year, month, day, weekday} in the hall; Sunday is 0. */
export function hallDay(ms) {
  const at = hallDate(ms);
  return { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate(), weekday: at.getUTCDay() };
}

export function secondsSince(iso) {
  return iso ? Math.max(0, (serverNowMs() - Date.parse(iso)) / 1000) : 0;
}

/** "4:05", "1:02:09". */
export function stopwatch(seconds) {
  const whole = Math.floor(seconds);
  const minutes = Math.floor(whole / 60);
  const text = two(whole % 60);
  return minutes < 60 ? minutes + ":" + text : Math.floor(minutes / 60) + ":" + two(minutes % 60) + ":" + text;
}

/** A wait {low_s, high_s} as whole minutes {low, high}; null stays null. */
export function waitMinutes(wait) {
  if (!wait) return null;
  const low = Math.floor(wait.low_s / 60);
  return { low, high: Math.max(low, Math.ceil(wait.high_s / 60)) };
}
