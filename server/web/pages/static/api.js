// Calls of the HTTP API: one idempotency key per press, repeated when an answer is lost; knows no page.

const BASE = "/api/v1";
const PATIENCE_MS = 8000;
const RETRY_AFTER_MS = [400, 1200, 2500];

/** The server refused: `reason` is stable, `sentence(lang)` is for people. */
export class Refusal extends Error {
  constructor(status, problem) {
    super(problem.reason || "status " + status);
    this.status = status;
    this.reason = problem.reason || "";
    this.problem = problem;
  }

  /** For people; `labelOf` names a field as the page does, null for one that it does not show. */
  sentence(lang, labelOf) {
    const whole = (lang === "zh" && this.problem.detail_zh) || this.problem.detail || this.problem.title || this.message;
    const faults = (labelOf && this.problem.errors) || [];
    const told = faults.map((fault) => [labelOf(fault.loc || ""), (lang === "zh" && fault.zh) || fault.msg]).filter((pair) => pair[0]);
    const list = told.map((pair) => pair.join(lang === "zh" ? "：" : ": ")).join(lang === "zh" ? "；" : "; ");
    return list ? whole + (lang === "zh" ? "。" : ". ") + list : whole;
  }
}

/** No answer came. */
export class Unreachable extends Error {}

/** A random UUID; crypto.randomUUID is missing on plain http, which a hall's own network may use. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => (byte + 256).toString(16).slice(1)).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function once(path, options) {
  const cutter = typeof AbortController === "function" ? new AbortController() : null;
  const timer = setTimeout(() => cutter && cutter.abort(), PATIENCE_MS);
  try {
    const request = Object.assign({ credentials: "same-origin", signal: cutter ? cutter.signal : undefined }, options);
    const response = await fetch(BASE + path, request);
    if (response.status === 204) return null;
    const isJson = /json/.test(response.headers.get("Content-Type") || "");
    const body = isJson ? await response.json() : {};
    if (response.ok) return body;
    throw new Refusal(response.status, body);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Unreachable(error.message);
  } finally {
    clearTimeout(timer);
  }
}

export function get(path) {
  return once(path, { headers: { Accept: "application/json" } });
}

/** Posts, and posts again with the same key while no answer comes: the server does it once. */
export async function post(path, body, key) {
  const options = {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", "Idempotency-Key": key || newKey() },
    body: JSON.stringify(body || {}),
  };
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await once(path, options);
    } catch (error) {
      const mayComeBack = error instanceof Unreachable || [502, 503, 504].includes(error.status);
      if (!mayComeBack || attempt >= RETRY_AFTER_MS.length) throw error;
      await pause(RETRY_AFTER_MS[attempt]);
    }
  }
}
