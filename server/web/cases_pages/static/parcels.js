// Papers by courier: signed for and sorted at a desk, registered by the department. Stands on three pages.

import { newKey, post } from "../pages/api.js";
import { byId, el, keyed, setText } from "../pages/dom.js";
import { named, t } from "../pages/texts.js";
import { read } from "../ratings/desk.js";
import { chip, complain, departmentName, form, official, postSurely, trackingHint, trackingOf, when, who } from "./cases.js";

const LOOKS = { signed: ["●", "warn"], sorted: ["→", "busy"], registered: ["✓", "good"] };
let draft = newKey(); // the id of the parcel being written: a second press signs for nothing more
let around = null;

async function press(path, body, said, key) {
  byId("parcels-trouble").hidden = true;
  try {
    if ((await postSurely(path, body, key)) === null) return false;
    setText(byId("parcels-said"), said);
    around.look();
    return true;
  } catch (error) {
    complain(error, byId("parcels-trouble"));
    return false;
  }
}

function build(parcel) {
  const choice = el("select", { "aria-label": t("Department of {tracking}", { tracking: parcel.tracking }) }, el("option", { value: "" }, t("to department …")), ...form.departments.map((each) => el("option", { value: each.name }, named(each))));
  choice.addEventListener("change", () => choice.value && press("/parcels/" + parcel.id + "/sort", { department: choice.value }, t("{tracking} belongs to {department}", { tracking: parcel.tracking, department: departmentName(choice.value) })));
  const register = el("button", { type: "button", class: "register", click: () => ask(parcel) }, t("Register"));
  return el("li", { class: "parcel" }, el("div", { class: "what" }, el("b", { class: "number" }), el("span", { class: "soft small" }), el("span", { class: "note" }), el("span", { class: "chips" })), el("div", { class: "choices" }, choice, register));
}

function update(row, parcel) {
  const [icon, look] = LOOKS[parcel.state];
  row.querySelector("b").replaceChildren(official(parcel.carrier), " " + parcel.tracking);
  const story = [t("signed {time}, {who}", { time: when(parcel.signed_at), who: who(parcel.signed_by) })];
  if (parcel.registered_at) story.push(t("registered {time}, {who}", { time: when(parcel.registered_at), who: who(parcel.registered_by) }));
  if (parcel.case) story.push(t("case {number}", { number: parcel.case }));
  setText(row.querySelector(".small"), story.join(" · "));
  row.querySelector(".note").replaceChildren(parcel.note ? official(parcel.note) : "");
  row.querySelector(".chips").replaceChildren(chip(look, icon + " " + named(parcel, "state_name")), parcel.department ? chip("", departmentName(parcel.department)) : "");
  const select = row.querySelector("select");
  select.hidden = !form.pickup || parcel.state === "registered";
  if (document.activeElement !== select) select.value = parcel.department || "";
  row.querySelector(".register").hidden = parcel.state !== "sorted";
}

let registering = null;

function ask(parcel) {
  registering = parcel;
  byId("register-form").reset();
  byId("register-trouble").hidden = true;
  byId("register-what").replaceChildren(official(parcel.carrier), " " + parcel.tracking);
  byId("register-dialog").showModal();
}

export async function drawParcels(context) {
  around = context;
  const view = await read("/parcels");
  if (!view) return;
  const wanted = view.parcels.filter((parcel) => !context.department || parcel.department === context.department);
  keyed(byId("parcels"), wanted, (parcel) => parcel.id, build, update);
  setText(byId("parcels-count"), String(wanted.filter((parcel) => parcel.state !== "registered").length));
  byId("parcels-empty").hidden = wanted.length > 0;
  byId("parcel-form").hidden = !form.pickup || Boolean(context.department);
  if (!byId("carriers").children.length) byId("carriers").append(...form.carriers.map((carrier) => el("option", { value: carrier })));
}

byId("parcel-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  byId("parcel-go").disabled = true;
  const note = byId("parcel-note").value.trim();
  const body = { id: draft, carrier: byId("parcel-carrier").value.trim(), tracking: trackingOf(byId("parcel-tracking").value) };
  if (note) body.note = note;
  const isDone = await press("/parcels", body, t("Signed for {tracking}", { tracking: body.tracking }), draft);
  draft = newKey();
  if (isDone) {
    const carrier = body.carrier; // the next one is often of the same courier
    byId("parcel-form").reset();
    byId("parcel-carrier").value = carrier;
    byId("parcel-tracking").focus();
  }
  byId("parcel-go").disabled = false;
});
byId("parcel-carrier").addEventListener("input", (event) => setText(byId("parcel-tracking-hint"), trackingHint(event.target.value.trim())));
byId("register-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const number = byId("register-case").value.trim();
  byId("register-trouble").hidden = true;
  try {
    await post("/parcels/" + registering.id + "/register", number ? { case: number } : {});
    byId("register-dialog").close();
    setText(byId("parcels-said"), t("{tracking} is registered", { tracking: registering.tracking }));
    around.look();
  } catch (error) {
    complain(error, byId("register-trouble"));
  }
});
byId("register-back").addEventListener("click", () => byId("register-dialog").close());
