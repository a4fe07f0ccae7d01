// One followed view of the server: an EventSource that notices silence, reconnects and resumes; runs in a page or in
// the shared worker. Knows no page.

const SILENCE_MS = 12000; // docs/api.md: a client that hears nothing for 12 s is cut off
// A broken line that is not back by then is told. Who works with the page must know at once; a board in the hall need not
// show a quick restart.
const BROKEN_MS = 1800;
const BOARD_BROKEN_MS = 4000;
const WATCH_EVERY_MS = 500;
const RETRY_MS = [250, 700, 1500, 2500];
const REFUSED_RETRY_MS = 10000;
const POLL_MS = 2000;
const POLL_AGAIN_MS = 700;
const EVENTS = ["snapshot", "view", "call", "print", "case", "heartbeat"];

// The same views by GET, for a query's value.
const PATHS = {
  board: (id) => "/boards/" + id,
  window: (id) => "/windows/" + id,
  ticket: (token) => "/t/" + token,
  case: (token) => "/c/" + token,
  zone: (id) => "/zones/" + id,
  evaluator: (window) => "/windows/" + window + "/evaluator",
  appointments: (day) => "/appointments?day=" + day,
  hall: () => "/hall",
  stats: () => "/stats/today",
  tides: () => "/tides",
  help: () => "/help",
  cases: () => "/cases/overview",
};

function viewPath(query) {
  const [kind, value] = query.split("=");
  return "/api/v1" + PATHS[kind](value);
}

/** Calls `tell({event, data})` for what comes and `tell({state, status})` as the line goes: live, lost, refused. */
export class Stream {
  constructor(query, tell) {
    this.query = query;
    this.tell = tell;
    this.state = "connecting";
    this.lastId = "";
    this.failures = 0;
    this.heardAt = Date.now();
    this.timer = null;
    this.brokenMs = query.startsWith("board=") ? BOARD_BROKEN_MS : BROKEN_MS;
    this.watchdog = setInterval(() => this.watch(), WATCH_EVERY_MS);
    this.connect();
  }

  connect() {
    clearTimeout(this.timer);
    if (this.source) this.source.close();
    const resume = this.lastId ? "&last_event_id=" + encodeURIComponent(this.lastId) : "";
    this.source = new EventSource("/api/v1/feed?" + this.query + resume);
    this.openedAt = Date.now();
    for (const event of EVENTS) this.source.addEventListener(event, (message) => this.hear(event, message));
    this.source.onerror = () => this.broke();
  }

  hear(event, message) {
    this.heardAt = Date.now();
    this.failures = 0;
    this.brokenAt = 0;
    if (message.lastEventId) this.lastId = message.lastEventId;
    this.report("live");
    this.tell({ event, data: JSON.parse(message.data) });
  }

  broke() {
    // The browser's own retry gives up for ever on an HTTP error (a proxy's 502 while the server restarts).
    this.source.close();
    if (!this.brokenAt) this.brokenAt = Date.now();
    this.failures += 1;
    if (this.failures >= 2) this.askWhy();
    this.again(RETRY_MS[Math.min(this.failures, RETRY_MS.length) - 1]);
  }

  again(afterMs) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.connect(), afterMs);
  }

  /** An EventSource does not tell the status; the same view's GET does. */
  async askWhy() {
    try {
      const response = await fetch(viewPath(this.query), { credentials: "same-origin" });
      if (response.status >= 400 && response.status < 500 && response.status !== 429) {
        this.report("refused", response.status);
        this.again(REFUSED_RETRY_MS);
      }
    } catch (error) {
      // Unreachable: the watchdog says so in its time.
    }
  }

  watch() {
    const now = Date.now();
    if (this.brokenAt && now - this.brokenAt > this.brokenMs) this.report("lost");
    if (now - this.heardAt > SILENCE_MS && this.state !== "refused") {
      this.report("lost");
      if (now - this.openedAt > SILENCE_MS) this.connect();
    }
  }

  report(state, status) {
    if (state === this.state || (state === "lost" && this.state === "refused")) return;
    this.state = state;
    this.tell({ state, status });
  }

  retryNow() {
    if (this.state !== "live") this.connect();
  }

  close() {
    clearTimeout(this.timer);
    clearInterval(this.watchdog);
    this.source.close();
  }
}

/** The same for a view that gets no stream of its own, because a browser opens only six lines to one server. */
export class Poll {
  constructor(query, tell) {
    this.query = query;
    this.tell = tell;
    this.state = "connecting";
    this.heardAt = Date.now();
    this.timer = setInterval(() => this.ask(), POLL_MS);
    this.ask();
  }

  async ask() {
    if (this.asking || this.isClosed) return;
    this.asking = true;
    try {
      const response = await fetch(viewPath(this.query), { credentials: "same-origin" });
      if (response.ok) {
        const data = await response.json();
        this.heardAt = Date.now();
        this.hasFailed = false;
        this.report("live");
        this.tell({ event: "view", data });
      } else if (response.status < 500 && response.status !== 429) {
        this.report("refused", response.status);
      }
    } catch (error) {
      // Unreachable: twice in a row is told, the second time soon.
      if (this.hasFailed) this.report("lost");
      else setTimeout(() => this.ask(), POLL_AGAIN_MS);
      this.hasFailed = true;
    }
    this.asking = false;
    if (Date.now() - this.heardAt > SILENCE_MS) this.report("lost");
  }

  report(state, status) {
    if (state === this.state) return;
    this.state = state;
    this.tell({ state, status });
  }

  retryNow() {
    this.ask();
  }

  close() {
    this.isClosed = true;
    clearInterval(this.timer);
  }
}
