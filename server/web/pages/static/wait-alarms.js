// Services whose longest wait has crossed a threshold, said in words; for the zone's and the manager's page.

import { timeOf } from "./clock.js";
import { byId, el, keyed, setText } from "./dom.js";
import { wholeMinutes } from "./staff.js";
import { named, t } from "./texts.js";

export function showWaitAlarms(alarms) {
  keyed(byId("wait-alarms"), alarms, (alarm) => alarm.service, () => el("li"), (node, alarm) => {
    const isGrave = alarm.level === "alarm";
    node.className = "alarm " + (isGrave ? "bad" : "warn");
    const said = { service: named(alarm), time: timeOf(alarm.since), minutes: wholeMinutes(alarm.longest_wait_s) };
    const words = isGrave
      ? t("{service}: somebody has waited {minutes}. Alarm since {time}", said)
      : t("{service}: somebody has waited {minutes}. Warning since {time}", said);
    setText(node, (isGrave ? "⚠ " : "▲ ") + words);
  });
}
