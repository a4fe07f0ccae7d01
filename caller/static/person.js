// Who is at the window, as far as the clerk needs it: the item, the name where the service wants it, the priority group
// and what proves it.

import { byId, setText } from "/static/pages/dom.js";
import { named, t } from "/static/pages/texts.js";

let groups = [];

/** The hall's priority groups, for their names and what proves them. */
export function knowGroups(known) {
  groups = known;
}

export function showPerson(ticket) {
  byId("current-item").hidden = !(ticket && ticket.item_name);
  byId("current-person").hidden = !(ticket && (ticket.name || ticket.masked));
  byId("proof").hidden = !(ticket && ticket.group);
  if (!ticket) return;
  setText(byId("current-item"), ticket.item_name || "");
  setText(byId("current-name"), ticket.name || "");
  setText(byId("current-masked"), ticket.masked || "");
  if (ticket.group) showProof(ticket);
}

function showProof(ticket) {
  const group = groups.find((each) => each.id === ticket.group);
  setText(byId("proof-group"), t("Priority: {group}", { group: group ? named(group) : ticket.group }));
  const states = {
    card: ["good", "✓ " + t("Proved by the ID card")],
    clerk: ["good", "✓ " + t("Proof seen")],
    refuted: ["bad", "✕ " + t("No proof")],
  };
  const [look, words] = states[ticket.proof] || ["warn", t("Please look at the proof")];
  byId("proof-state").className = "chip " + look;
  setText(byId("proof-state"), words);
  setText(byId("proof-wanted"), !ticket.proof && group ? named(group, "proof") : "");
}
