// Calling a guide to the window (帮办代办): one choice, and the guides' tablets ring.

import { newKey, post, Refusal, Unreachable } from "/static/pages/api.js";
import { byId, el, setText } from "/static/pages/dom.js";
import { currentLanguage, named, t } from "/static/pages/texts.js";

export function guideDialog(desk, kinds, called) {
  const dialog = byId("guide-dialog");
  const id = newKey(); // one request, however often it is pressed
  byId("guide-trouble").hidden = true;
  const ask = async (kind) => {
    const ticket = desk.view.ticket;
    const body = { id, kind: kind.id, place: desk.window };
    if (ticket) body.ticket = ticket.id;
    try {
      await post("/help", body, id);
      dialog.close();
      called();
    } catch (error) {
      if (!(error instanceof Refusal) && !(error instanceof Unreachable)) throw error;
      const isRefusal = error instanceof Refusal;
      setText(byId("guide-trouble"), isRefusal ? error.sentence(currentLanguage()) : t("The server does not answer. Please try again in a moment"));
      byId("guide-trouble").hidden = false;
    }
  };
  byId("guide-kinds").replaceChildren(...kinds.map((kind) => el("button", { type: "button", "data-key": kind.id, click: () => ask(kind) }, named(kind))));
  dialog.showModal();
}
