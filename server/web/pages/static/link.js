// A citizen's link (a ticket, a case) kept live: the first view, then the feed; cut off and unknown are told.

import { get, Refusal } from "./api.js";
import { byId } from "./dom.js";
import { follow } from "./feed.js";

const AGAIN_MS = 2000;

/** `topic` of the feed; `take(view)`; `unknown()` for a link that leads nowhere; `label()` while nothing came; `state(state)`. */
export async function followLink({ path, topic, take, unknown, label, state }) {
  try {
    take(await get(path));
  } catch (error) {
    if (error instanceof Refusal && error.status < 500) {
      unknown();
      return;
    }
    label();
    byId("away").hidden = false;
    setTimeout(() => followLink({ path, topic, take, unknown, label, state }), AGAIN_MS);
    return;
  }
  follow(topic, {
    view: take,
    state(now, status) {
      if (now === "refused" && status === 404) unknown();
      if (now !== "connecting") byId("away").hidden = now === "live";
      if (state) state(now);
    },
  });
}
