// What was done and what went wrong, said above the parts of the page.

import { byId, setText } from "/static/pages/dom.js";
import { sentenceOf } from "/static/pages/staff.js";

export function done(sentence) {
  byId("trouble").hidden = true;
  byId("said").hidden = false;
  setText(byId("said"), "✓ " + sentence);
}

export function failed(error) {
  byId("said").hidden = true;
  byId("trouble").hidden = false;
  setText(byId("trouble"), "⚠ " + sentenceOf(error));
}
