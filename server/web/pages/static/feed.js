// Follows one view of the server for a page: through the worker shared by all tabs where the browser has one, else by
// itself. `listener` has view(data), and where wanted event(name, data) and state(name, status).

import { heardTime } from "./clock.js";
import { Stream } from "./stream.js";

const WORKER_URL = "/static/pages/feed-worker.js"; // import.meta is too new for old screens
const WORKER_ANSWERS_MS = 3000;
const STILL_HERE_MS = 20000;

function deliver(listener, news) {
  if (news.state && listener.state) listener.state(news.state, news.status);
  if (!news.event) return;
  if (news.data && news.data.now) heardTime(news.data.now);
  if (news.event === "snapshot" || news.event === "view") listener.view(news.data);
  else if (listener.event) listener.event(news.event, news.data);
}

function alone(query, listener) {
  const stream = new Stream(query, (news) => deliver(listener, news));
  return () => stream.close();
}

export function follow(query, listener) {
  let stop = () => {};
  if (typeof SharedWorker !== "function") {
    stop = alone(query, listener);
    return () => stop();
  }
  const worker = new SharedWorker(WORKER_URL, { type: "module", name: "chaoxi-feed" });
  let settled = false;
  const byItself = () => {
    if (settled) return;
    settled = true;
    stop = alone(query, listener);
  };
  const giveUp = setTimeout(byItself, WORKER_ANSWERS_MS);
  worker.onerror = byItself; // a browser without module workers reads the file as a script and fails
  worker.port.onmessage = (message) => {
    const news = message.data;
    if (news.ready && !settled) {
      settled = true;
      clearTimeout(giveUp);
      worker.port.postMessage({ follow: query });
    }
    if (news.query === query) deliver(listener, news);
  };
  const alive = setInterval(() => worker.port.postMessage({ alive: true }), STILL_HERE_MS);
  stop = () => worker.port.postMessage({ leave: true });
  window.addEventListener("pagehide", () => stop());
  window.addEventListener("pageshow", (shown) => shown.persisted && worker.port.postMessage({ follow: query }));
  return () => {
    clearInterval(alive);
    stop();
  };
}
