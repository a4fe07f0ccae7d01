// Signing in, and on to where somebody works.

import { post } from "./api.js";
import { byId, setText } from "./dom.js";
import { fetchHall, sentenceOf } from "./staff.js";

/** Only a path of this site: a link must not send people elsewhere after they signed in. */
function target() {
  const next = new URLSearchParams(location.search).get("next") || "/home";
  const url = new URL(next, location.origin);
  return url.origin === location.origin ? url.pathname + url.search : "/home";
}

byId("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  byId("trouble").hidden = true;
  byId("go").disabled = true;
  try {
    await post("/sign-in", { user: byId("user").value.trim(), password: byId("password").value });
    location.assign(target());
  } catch (error) {
    byId("trouble").hidden = false;
    setText(byId("trouble"), sentenceOf(error));
    byId("password").select();
  }
  byId("go").disabled = false;
});
// Only now: sent by the browser itself, the password would stand in its address bar.
byId("go").disabled = false;
byId("user").focus();
fetchHall().then(() => (byId("away").hidden = true));
