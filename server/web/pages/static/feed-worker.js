// Shared by all tabs of a browser: one stream per view, however many tabs look at it, and never more than MAX_STREAMS,
// since over HTTP/1.1 a browser opens six lines to a server and the pages' own calls need some of them.

import { Poll, Stream } from "./stream.js";

const MAX_STREAMS = 4;
const FORGET_MS = 180000; // hidden tabs may report only once a minute
const followed = new Map(); // query -> {line, ports: Map(port -> last heard), view, state, status}

function open(query, entry) {
  const streams = Array.from(followed.values()).filter((other) => other.line instanceof Stream).length;
  const Line = streams < MAX_STREAMS ? Stream : Poll;
  entry.line = new Line(query, (news) => {
    if (news.state) Object.assign(entry, news);
    if (news.event === "snapshot" || news.event === "view") entry.view = news.data;
    for (const port of entry.ports.keys()) port.postMessage(Object.assign({ query }, news));
  });
}

function follow(port, query) {
  let entry = followed.get(query);
  if (!entry) {
    entry = { ports: new Map(), view: null, state: "connecting", line: null };
    followed.set(query, entry);
    entry.ports.set(port, Date.now());
    open(query, entry);
    return;
  }
  entry.ports.set(port, Date.now());
  if (entry.state === "live" && entry.view) port.postMessage({ query, event: "snapshot", data: entry.view });
  port.postMessage({ query, state: entry.state, status: entry.status });
  entry.line.retryNow();
}

function leave(port) {
  let freed = false;
  for (const [query, entry] of followed) {
    entry.ports.delete(port);
    if (entry.ports.size) continue;
    freed = freed || entry.line instanceof Stream;
    entry.line.close();
    followed.delete(query);
  }
  if (!freed) return;
  for (const [query, entry] of followed) {
    if (!(entry.line instanceof Poll)) continue;
    entry.line.close();
    open(query, entry);
    return;
  }
}

setInterval(() => {
  const now = Date.now();
  const silent = new Set();
  for (const entry of followed.values()) {
    for (const [port, heardAt] of entry.ports) if (now - heardAt > FORGET_MS) silent.add(port);
  }
  silent.forEach(leave);
}, 30000);

self.onconnect = (connection) => {
  const port = connection.ports[0];
  port.onmessage = (message) => {
    const wish = message.data;
    if (wish.follow) follow(port, wish.follow);
    if (wish.leave) leave(port);
    if (wish.alive) for (const entry of followed.values()) if (entry.ports.has(port)) entry.ports.set(port, Date.now());
  };
  port.postMessage({ ready: true });
};
