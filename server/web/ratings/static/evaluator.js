// The evaluator at a window: asks for a minute about the ticket just finished there, nothing is chosen beforehand, and
// whoever says nothing has rated nothing.

import { get, post, Refusal } from "../pages/api.js";
import { serverNowMs } from "../pages/clock.js";
import { byId, el, setText } from "../pages/dom.js";
import { face, faceOf } from "../pages/face.js";
import { follow } from "../pages/feed.js";
import { settle } from "../pages/settle.js";
import { currentLanguage, named, pageData, setLanguage, t } from "../pages/texts.js";

const path = "/windows/" + encodeURIComponent(pageData().window);
const SCREENS = ["idle", "asking", "points", "thanks", "setup"];
const LEADERS = ["supervisor", "manager", "admin"];
const OWN_NAMES = { zh: "中文", en: "English" };
const SETUP_RETRY_MS = 10000;
let view = null;
let chosen = null; // the level touched, while its points are ticked
let setup = null;
let language = null; // what the reader of this minute switched to

function show(screen) {
  if (!document.body.classList.contains(screen)) settle(byId(screen));
  document.body.className = screen;
  for (const each of SCREENS) byId(each).hidden = each !== screen;
}

const other = () => (currentLanguage() === "zh" ? "en" : "zh");
const levelOf = (level) => view.form.levels.find((each) => each.level === level);

function label() {
  const labels = {
    "idle-text": t("When you are done, please rate the service here"),
    "idle-promise": t("It is up to you; the staff do not see who rated how"),
    "ask-title": t("How was the service?"),
    "ask-label": t("Ticket"),
    "ask-promise": t("It is up to you; the staff do not see who rated how"),
    "points-text": t("If you like, tell us more. Nothing needs to be ticked"),
    back: t("Choose again"),
    send: t("Send my rating"),
    "thanks-title": t("Thank you"),
    "thanks-text": t("Your rating has been received"),
    "setup-title": t("This tablet is not set up yet"),
    "setup-sign-in": t("A leader signs in here"),
    "setup-sign-out": t("Sign out"),
    away: "⚠ " + t("Connection lost. Rating is not possible for the moment"),
  };
  for (const id of Object.keys(labels)) setText(byId(id), labels[id]);
  document.documentElement.lang = currentLanguage();
  document.title = t("Rate this service");
  setText(byId("switch"), OWN_NAMES[other()]);
  byId("switch").lang = other();
}

function drawFaces() {
  const faces = view.form.levels.map((each) =>
    el("button", { type: "button", class: "face level-" + each.level, click: () => choose(each.level) }, face(each.level), el("span", {}, named(each))),
  );
  byId("faces").replaceChildren(...faces);
}

function drawPoints() {
  const level = levelOf(chosen);
  setText(byId("points-title"), t("You chose: {level}", { level: named(level) }));
  byId("chosen-use").setAttribute("href", faceOf(chosen));
  byId("chosen-face").setAttribute("class", "level-" + chosen);
  const ticked = tickedPoints();
  const ticks = level.points.map((point) => {
    const box = el("input", { type: "checkbox", value: point.id, checked: ticked.includes(point.id) });
    return el("li", {}, el("label", { class: "tick" }, box, el("span", {}, named(point))));
  });
  byId("ticks").replaceChildren(...ticks);
}

const tickedPoints = () => Array.from(byId("ticks").querySelectorAll("input:checked"), (box) => box.value);

function choose(level) {
  chosen = level;
  byId("ticks").replaceChildren();
  byId("trouble").hidden = true;
  draw();
  byId("points-title").focus();
}

function draw() {
  if (setup) {
    drawSetup();
    return;
  }
  if (!view) return;
  setLanguage(language || (view.state === "asking" && view.language) || (view.state === "idle" ? pageData().language : currentLanguage()));
  label();
  setText(byId("window"), named(view));
  setText(byId("hall"), named(view, "hall"));
  setText(byId("idle-window"), named(view));
  if (view.state === "asking" && isOver()) show("idle");
  else if (view.state === "asking" && chosen) {
    drawPoints();
    show("points");
  } else if (view.state === "asking") {
    setText(byId("number"), view.number);
    drawFaces();
    drawLeft();
    show("asking");
  } else show(view.state);
}

const isOver = () => view.until !== null && serverNowMs() >= Date.parse(view.until);

/** How much of the minute is left, as a bar that needs no reading. */
function drawLeft() {
  const left = Math.max(0, Date.parse(view.until) - serverNowMs());
  byId("left-bar").style.width = Math.min(100, left / 600) + "%";
}

function take(next) {
  const isNew = !view || next.number !== view.number || next.state !== view.state;
  view = next;
  setup = null;
  if (isNew) {
    chosen = null;
    if (next.state !== "thanks") language = null;
  }
  if (!isNew && chosen) return; // nothing is drawn anew under somebody's finger
  draw();
  if (isNew && next.state === "asking") byId("ask-title").focus();
}

async function send() {
  byId("send").disabled = true;
  byId("trouble").hidden = true;
  try {
    take(await post(path + "/rating", { level: chosen, points: tickedPoints(), number: view.number }));
  } catch (error) {
    byId("trouble").hidden = false;
    const isRefusal = error instanceof Refusal;
    setText(byId("trouble"), isRefusal ? error.sentence(currentLanguage()) : t("The server does not answer. Please try again in a moment"));
  }
  byId("send").disabled = false;
}

// --- setting the tablet up --------------------------------------------------------------------------------------------

function drawSetup() {
  label();
  setText(byId("setup-text"), setup.text());
  byId("setup-sign-in").hidden = setup.who !== null;
  byId("setup-sign-out").hidden = setup.who === null;
  byId("setup-pair").hidden = !setup.isLeader;
  setText(byId("setup-pair"), t("Make this the evaluator of {window}", { window: pageData().window }));
  byId("setup-sign-in").href = "/sign-in?next=" + encodeURIComponent(location.pathname);
  show("setup");
}

async function askWho(reason) {
  const who = await get("/me").catch(() => null);
  const isLeader = who !== null && who.roles.some((role) => LEADERS.includes(role));
  const text = () => {
    if (isLeader) return t("You are signed in as {user}. After this you are signed out, and the screen serves this window only", { user: who.name });
    if (who) return t("{user} is signed in on this tablet. Citizens rate only where nobody of the staff is signed in", { user: who.name });
    if (reason === "window_unknown") return t("There is no window {window} in this hall", { window: pageData().window });
    return t("Once, a supervisor or manager signs in here and says which window it stands at");
  };
  setup = { who, isLeader, text };
  draw();
}

byId("setup-sign-out").addEventListener("click", async () => {
  await post("/sign-out").catch(() => null);
  begin();
});
byId("setup-pair").addEventListener("click", async () => {
  byId("setup-trouble").hidden = true;
  try {
    await post(path + "/evaluator/pair");
    begin();
  } catch (error) {
    byId("setup-trouble").hidden = false;
    setText(byId("setup-trouble"), error instanceof Refusal ? error.sentence(currentLanguage()) : t("The server does not answer. Please try again in a moment"));
  }
});

// --- the line ---------------------------------------------------------------------------------------------------------

let leave = null;

async function begin() {
  try {
    take(await get(path + "/evaluator"));
  } catch (error) {
    if (error instanceof Refusal && error.status < 500) {
      await askWho(error.reason);
      return;
    }
    label();
    byId("away").hidden = false;
    setTimeout(begin, 2000);
    return;
  }
  byId("away").hidden = true;
  if (leave) leave();
  leave = follow("evaluator=" + encodeURIComponent(pageData().window), {
    view: take,
    state(state) {
      if (state === "refused") setTimeout(begin, SETUP_RETRY_MS);
      if (state === "connecting") return;
      byId("away").hidden = state !== "lost";
      document.body.classList.toggle("lost", state === "lost");
    },
  });
}

byId("send").addEventListener("click", send);
byId("back").addEventListener("click", () => {
  chosen = null;
  draw();
  byId("ask-title").focus();
});
byId("switch").addEventListener("click", () => {
  language = other();
  setLanguage(language);
  draw();
});
setInterval(() => {
  if (!view || setup || view.state === "idle") return;
  if (isOver()) {
    view = Object.assign({}, view, { state: "idle", number: null, until: null });
    chosen = null;
    language = null;
    draw();
  } else if (view.state === "asking") drawLeft();
}, 500);
begin();
