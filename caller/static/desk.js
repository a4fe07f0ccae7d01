// What a clerk does at one window: sends each press once and hands the new view on. Knows no page.

import { get, newKey, post, Refusal, Unreachable } from "/static/pages/api.js";

/** As keypads do (docs/devices.md), a little longer: a double click is slower than a bouncing key. */
const BOUNCE_MS = 1500;

/** A lower place in the log at a later time is no older view: the log was put back from a copy, and counts anew. */
function isOlder(view, than) {
  return view.seq < than.seq && Date.parse(view.now) <= Date.parse(than.now);
}

export class Desk {
  /** `on` has busy(action | null), view(window), nobody(), trouble(error), done(action, before), rests(ms). */
  constructor(window, on) {
    this.window = window;
    this.on = on;
    this.view = null;
    this.inFlight = null;
    this.calledAt = -Infinity;
  }

  /** Shows a view, unless a newer one is shown: the feed's may have been made before the answer of a press. */
  take(view) {
    if (this.view && isOlder(view, this.view)) return;
    this.view = view;
    this.on.view(view);
  }

  /** One press is one command: further presses are ignored until its answer is here. A dialog shows its own `trouble`. */
  async act(action, body, trouble = this.on.trouble) {
    if (this.inFlight) return false;
    this.inFlight = action;
    this.on.busy(action);
    const before = this.view;
    try {
      const view = await post("/windows/" + encodeURIComponent(this.window) + "/" + action, body, newKey());
      if (view) this.take(view);
      else {
        this.take(await get("/windows/" + encodeURIComponent(this.window)));
        this.on.nobody();
      }
      this.on.done(action, before, this.view);
      return true;
    } catch (error) {
      if (!(error instanceof Refusal) && !(error instanceof Unreachable)) throw error;
      trouble(error);
      return false;
    } finally {
      this.inFlight = null;
      this.on.busy(null);
    }
  }

  /** A second press right after a call is the same press: it would finish somebody who has not even stood up. */
  async callNext() {
    const isJustCalled = this.view && this.view.ticket && this.view.ticket.state === "called";
    if (isJustCalled && performance.now() - this.calledAt < BOUNCE_MS) return false;
    const isDone = await this.act("call-next", { finish_current: true });
    if (isDone) {
      this.calledAt = performance.now();
      this.on.rests(BOUNCE_MS);
    }
    return isDone;
  }
}

/** What may be pressed now, by the window's state and its ticket's. */
export function allowed(view) {
  const ticket = view.ticket;
  const isOpen = view.state === "open";
  const isCalled = Boolean(ticket) && ticket.state === "called";
  return {
    "call-next": isOpen,
    recall: isCalled && view.recalls_left > 0,
    start: isCalled,
    finish: Boolean(ticket),
    "no-show": isCalled,
    hold: Boolean(ticket),
    outcome: Boolean(ticket),
    transfer: Boolean(ticket),
    expert: isOpen || Boolean(ticket),
    // A yes can become a no and the other way, as long as the citizen is here.
    "proof-yes": Boolean(ticket && ticket.group) && !["card", "clerk"].includes(ticket.proof),
    "proof-no": Boolean(ticket && ticket.group) && ticket.proof !== "refuted",
    "call-number": isOpen && !ticket,
    open: !isOpen,
    pause: isOpen,
    // A clerk who stands by leaves for good by closing.
    close: (view.state !== "closed" || view.standby) && !ticket,
    standby: view.tidal && !view.standby && !ticket,
  };
}
