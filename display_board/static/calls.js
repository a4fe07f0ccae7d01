// Which calls a board shows, and which of them it emphasises. Pure: no page, no clock.

const EMPHASIS_MS = 12000;
const EMPHASIS_LEAST_MS = 10000; // standards B3.2; enough while others wait for a row
const STALE_MS = 15000;

/** Calls come as the API gives them, newest first, one per ticket; numbers may jump anywhere. */
export class CallList {
  constructor() {
    this.calls = [];
    this.seen = new Map(); // number -> the highest call of it that was taken in
    this.queue = []; // calls that still wait for their emphasis, oldest first
    this.lit = new Map(); // call -> since
    this.isFirst = true;
  }

  /** Takes in a whole new list; `hallMs` is the hall's time, `nowMs` any steady clock. */
  take(calls, hallMs, nowMs) {
    this.calls = calls;
    for (const call of calls.slice().reverse()) {
      const before = this.seen.get(call.number);
      if (before === call.call) continue;
      this.seen.set(call.number, call.call);
      const isNews = this.isFirst ? hallMs - Date.parse(call.at) < STALE_MS : true;
      if (isNews && call.ticket_state === "called") this.queue.push(call.call);
    }
    this.isFirst = false;
    const open = new Set(calls.map((call) => call.call));
    const stillCalled = new Set(calls.filter((call) => call.ticket_state === "called").map((call) => call.call));
    const listed = new Set(calls.map((call) => call.number));
    this.queue = this.queue.filter((id) => stillCalled.has(id)); // somebody served by now need not be sent for
    for (const id of Array.from(this.lit.keys())) if (!open.has(id)) this.lit.delete(id);
    for (const number of Array.from(this.seen.keys())) if (!listed.has(number)) this.seen.delete(number);
    this.advance(nowMs, this.rows);
  }

  advance(nowMs, rows) {
    this.rows = rows || this.rows || 1;
    const enough = this.queue.length ? EMPHASIS_LEAST_MS : EMPHASIS_MS;
    for (const [id, since] of Array.from(this.lit)) if (nowMs - since >= enough) this.lit.delete(id);
    while (this.queue.length && this.lit.size < this.rows) this.lit.set(this.queue.shift(), nowMs);
  }

  /** Up to `rows` calls, newest first, the emphasised ones always among them: [{call, isLit}]. */
  shown(nowMs, rows) {
    this.advance(nowMs, rows);
    const waiting = new Set(this.queue);
    const lit = this.calls.filter((call) => this.lit.has(call.call)).slice(0, rows);
    const rest = this.calls.filter((call) => !this.lit.has(call.call) && !waiting.has(call.call));
    const chosen = lit.concat(rest.slice(0, Math.max(0, rows - lit.length)));
    return chosen.map((call) => ({ call, isLit: this.lit.has(call.call) }));
  }

  /** How many fresh calls still wait for a row. */
  get pending() {
    return this.queue.length;
  }
}

/** A window's name taken apart so that its number can be drawn large: 3号窗口 → {digits: "3", word: "号窗口"}. */
export function windowParts(name, number) {
  const digits = String(number);
  return name.startsWith(digits) ? { digits, word: name.slice(digits.length) } : { digits: "", word: name };
}
