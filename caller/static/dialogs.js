// The console's questions: why pause, transfer to where, which number.

import { get } from "/static/pages/api.js";
import { byId, setText } from "/static/pages/dom.js";
import { named, pageData, spoken, t } from "/static/pages/texts.js";
import { filterBy, showChoices } from "./choices.js";
import { expertChoices } from "./experts.js";

document.querySelectorAll("[data-close]").forEach((button) => button.addEventListener("click", () => button.closest("dialog").close()));

export function pauseDialog(desk) {
  const dialog = byId("pause-dialog");
  const pick = (reason) => () => {
    dialog.close();
    desk.act("pause", reason ? { reason: reason.zh } : {});
  };
  const items = pageData().pause_reasons.map((reason) => ({ text: spoken(reason), note: "", search: "", pick: pick(reason) }));
  items.push({ text: t("Without a reason"), note: "", search: "", pick: pick(null) });
  showChoices(byId("pause-reasons"), [{ title: "", items }], "");
  dialog.showModal();
  byId("pause-reasons").querySelector("button").focus();
}

export async function transferDialog(desk, troubled) {
  const ticket = desk.view.ticket;
  try {
    const [hall, form] = await Promise.all([get("/hall"), get("/outcomes")]);
    const zones = await Promise.all(hall.zones.map((zone) => get("/zones/" + encodeURIComponent(zone.id))));
    const dialog = byId("transfer-dialog");
    const pick = (target) => () => {
      dialog.close();
      desk.act("transfer", target);
    };
    const services = hall.zones.map((zone) => ({
      title: t("Services: {zone}", { zone: named(zone) }),
      items: zone.services
        .filter((service) => service.id !== ticket.service)
        .map((service) => ({
          text: named(service),
          note: t("{n} waiting", { n: service.waiting }),
          search: [service.name, service.name_en, service.department].concat(service.keywords).join(" "),
          pick: pick({ service: service.id }),
        })),
    }));
    const windows = zones.map((zone) => ({
      title: t("Windows: {zone}", { zone: named(zone) }),
      items: zone.windows
        .filter((window) => window.state === "open" && window.window !== desk.window)
        .map((window) => ({
          text: named(window),
          note: window.ticket ? window.ticket.number : t("free"),
          search: window.window + " " + window.name + " " + window.name_en,
          pick: pick({ window: window.window }),
        })),
    }));
    const experts = {
      title: t("Experts and chief representatives"),
      items: expertChoices(form.experts, (expert) => (expert.open && expert.window !== desk.window ? pick({ window: expert.window }) : null)),
    };
    const own = services.filter((_, n) => hall.zones[n].id === desk.view.zone);
    const rest = services.filter((_, n) => hall.zones[n].id !== desk.view.zone);
    setText(byId("transfer-number"), ticket.number);
    filterBy(byId("transfer-filter"), byId("transfer-choices"), byId("transfer-none"), [experts].concat(own, windows, rest));
    dialog.showModal();
    byId("transfer-filter").focus();
  } catch (error) {
    troubled(error);
  }
}

export function numberDialog(desk) {
  byId("number").value = "";
  byId("number-form").onsubmit = () => {
    desk.act("call", { ticket: byId("number").value.trim().toUpperCase() });
  };
  byId("number-dialog").showModal();
}
