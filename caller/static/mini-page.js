// The small console as a page of its own, for browsers without Document Picture-in-Picture.

import { get, Refusal } from "/static/pages/api.js";
import { follow } from "/static/pages/feed.js";
import { Desk } from "./desk.js";
import { actionOf } from "./keys.js";
import { buildMini } from "./mini.js";

let desk = null;
const press = (action) => {
  if (!desk || !desk.view) return;
  if (action === "call-next") desk.callNext();
  else if (["recall", "start", "finish", "no-show", "hold"].includes(action)) desk.act(action, {});
};
const mini = buildMini(document, { desk: () => desk, press });

function connection(state, status) {
  if (state === "refused" && status === 401) location.assign("/window");
  else if (state !== "connecting") mini.away(state !== "live");
}

async function begin() {
  let person;
  try {
    person = await get("/me");
  } catch (error) {
    if (error instanceof Refusal) location.assign("/window");
    else setTimeout(begin, 2000);
    return;
  }
  const window_ = new URLSearchParams(location.search).get("window") || person.window;
  desk = new Desk(window_, { busy: (action) => mini.busy(Boolean(action)), view: mini.show, nobody() {}, trouble() {}, done() {}, rests() {} });
  follow("window=" + encodeURIComponent(window_), { view: (view) => desk.take(view), state: connection });
}

document.addEventListener("keydown", (event) => {
  const action = actionOf(event);
  if (!action) return;
  event.preventDefault();
  if (!event.repeat) press(action);
});
setInterval(mini.tick, 1000);
begin();
