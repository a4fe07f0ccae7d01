// Taking a wrong no-show back: offered for a minute.

import { byId, setText } from "/static/pages/dom.js";
import { t } from "/static/pages/texts.js";

const UNDO_S = 60;
let offered = null;

export function forgetUndo() {
  offered = null;
  byId("undo").hidden = true;
}

export function offerUndo(ticket, act) {
  offered = { number: ticket.number, untilMs: performance.now() + UNDO_S * 1000 };
  byId("undo-button").onclick = () => act("reinstate", { ticket: ticket.id });
  tickUndo();
}

/** Somebody else may have put the ticket back in line. */
export function undoOnlyOf(missed) {
  if (offered && !missed.some((ticket) => ticket.number === offered.number)) forgetUndo();
}

export function tickUndo() {
  if (!offered) return;
  const left = Math.ceil((offered.untilMs - performance.now()) / 1000);
  if (left <= 0) {
    forgetUndo();
    return;
  }
  byId("undo").hidden = false;
  setText(byId("undo-text"), t("{number} did not come", { number: offered.number }));
  setText(byId("undo-button"), t("Undo ({n} s)", { n: left }));
}
