// What colleagues are called: views name them by their id (`wang`, `user:wang`). Knows no page.

import { get } from "./api.js";

const AGAIN_MS = 60000; // somebody new is heard of by then

let names = new Map();
let askedAt = -AGAIN_MS;

/** Hears the names; without them ids are shown, which is no reason to stop. */
export async function hearNames() {
  askedAt = performance.now();
  const view = await get("/staff").catch(() => null);
  if (view) names = new Map(view.staff.map((each) => [each.user, each.name]));
}

/** "user:wang" → "王芳"; "wang" while nobody wrote her name. */
export function called(by) {
  const user = (by || "").replace(/^user:/, "");
  if (user && !names.has(user) && performance.now() - askedAt > AGAIN_MS) hearNames();
  return names.get(user) || user.replace(/^\w+:/, "");
}

/** The language a name is read in, for a page in another one. */
export const languageOf = (name) => (/[\u4e00-\u9fff]/.test(name) ? "zh" : "");
