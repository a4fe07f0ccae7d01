// The start page: doors to the zones of this hall.

import { byId, el, zoneColour } from "./dom.js";
import { fetchHall } from "./staff.js";
import { named, t } from "./texts.js";

fetchHall().then((hall) => {
  byId("away").hidden = true;
  if (!byId("zones")) return;
  const doors = hall.zones.map((zone) => {
    const mark = el("span", { class: "mark", "aria-hidden": "true" }, zone.mark);
    const words = el("span", {}, el("b", {}, named(zone)), el("span", {}, t("{n} waiting", { n: zone.waiting })));
    const door = el("a", { class: "card door marked", href: "/zone/" + encodeURIComponent(zone.id) }, mark, words);
    zoneColour(door, zone.colour);
    return el("li", {}, door);
  });
  byId("zones").replaceChildren(...doors);
});
