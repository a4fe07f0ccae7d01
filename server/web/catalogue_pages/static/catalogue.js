// The administrator's catalogue: who may see it, and its four parts.

import { get, Refusal } from "/static/pages/api.js";
import { byId, setText } from "/static/pages/dom.js";
import { fetchHall } from "/static/pages/staff.js";
import { currentLanguage, t } from "/static/pages/texts.js";
import { showChanges, startChanges } from "./changes.js";
import { startItems } from "./items-admin.js";
import { showLetters, startLetters } from "./letters.js";
import { showTotals, startLists } from "./lists.js";
import { failed } from "./told.js";

const TABS = ["items", "lists", "letters", "changes"];

const ON_SHOW = { lists: showTotals, letters: showLetters, changes: showChanges };

async function choose(name, focus) {
  for (const each of TABS) {
    const chosen = each === name;
    byId("tab-" + each).setAttribute("aria-selected", String(chosen));
    byId("tab-" + each).tabIndex = chosen ? 0 : -1;
    byId("panel-" + each).hidden = !chosen;
  }
  if (focus) byId("tab-" + name).focus();
  byId("said").hidden = true;
  byId("trouble").hidden = true;
  history.replaceState(null, "", "#" + name);
  try {
    if (ON_SHOW[name]) await ON_SHOW[name]();
  } catch (error) {
    failed(error);
  }
}

function showChangesOf(code) {
  byId("changes-code").value = code;
  choose("changes", true);
}

function startTabs() {
  TABS.forEach((name, at) => {
    const tab = byId("tab-" + name);
    tab.addEventListener("click", () => choose(name));
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) choose(TABS[(at + step + TABS.length) % TABS.length], true);
    });
  });
  const wanted = location.hash.slice(1);
  if (TABS.includes(wanted)) choose(wanted);
}

async function start() {
  const hall = await fetchHall();
  try {
    await get("/catalogue");
  } catch (error) {
    if (error instanceof Refusal && error.status === 401) location.assign("/sign-in?next=/catalogue");
    else {
      byId("refused").hidden = false;
      setText(byId("refused"), "⚠ " + (error instanceof Refusal ? error.sentence(currentLanguage()) : t("The server does not answer. Please try again in a moment")));
    }
    return;
  }
  byId("away").hidden = true;
  byId("main").hidden = false;
  byId("sign-out").hidden = false;
  startItems(hall, showChangesOf);
  startLists();
  startLetters(hall);
  startChanges(hall, failed);
  startTabs();
}

start();
