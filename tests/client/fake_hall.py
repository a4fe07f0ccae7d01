"""A hall server in miniature for the tests of device programs: devices, windows, their commands, the feed.

It answers as `docs/api.md` says and decides nothing: tests put in what it says and read what it was told. It can be
taken down and brought up again on the same port.
"""

import json
import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

HEARTBEAT_S = 0.1

Answer = tuple[int, dict[str, Any] | None]


class FakeHall:
    """`answers[(method, path)]` is an answer or a function of the body; every POST is noted in `posts`."""

    def __init__(self) -> None:
        self.answers: dict[tuple[str, str], Answer | Callable[[dict[str, Any]], Answer]] = {}
        self.posts: list[tuple[str, dict[str, Any]]] = []
        self.keys: dict[str, Answer] = {}
        self.snapshots: Callable[[dict[str, str]], list[dict[str, Any]]] = lambda topic: [{}]
        self.seq = 0
        self.log: list[tuple[str, dict[str, Any], int]] = []
        self.feeds = 0
        self.now = "2026-11-21T09:00:00.000+08:00"
        self.lock = threading.RLock()
        self._listeners: list[queue.Queue[bytes | None]] = []
        self._connections: set[Any] = set()
        self._server: ThreadingHTTPServer | None = None
        self._port = 0
        self.up()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def up(self) -> None:
        """Start, on the old port if there was one."""
        handler = type("HallHandler", (_Handler,), {"hall": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", self._port), handler)
        self._server.daemon_threads = False
        self._port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    def down(self) -> None:
        """Die: no one listens any more, every line is cut."""
        if self._server is None:
            return
        self._server.shutdown()
        self._thread.join()
        self._server.socket.close()
        self.cut()
        with self.lock:
            connections = list(self._connections)
        for connection in connections:
            with suppress(OSError):
                connection.shutdown(2)
        self._server.server_close()
        self._server = None

    def cut(self) -> None:
        """Cut every feed; the server goes on."""
        with self.lock:
            for listener in self._listeners:
                listener.put(None)
            self._listeners.clear()

    def publish(self, event: str, data: dict[str, Any]) -> int:
        """Append to the log and send to every feed."""
        with self.lock:
            self.seq += 1
            self.log.append((event, data, self.seq))
            for listener in self._listeners:
                listener.put(_message(event, data, self.seq))
            return self.seq

    def listen(self, topic: dict[str, str], last: int | None) -> queue.Queue[bytes | None]:
        with self.lock:
            self.feeds += 1
            listener: queue.Queue[bytes | None] = queue.Queue()
            if last is None:
                for view in self.snapshots(topic):
                    listener.put(_message("snapshot", view, self.seq))
            else:
                for event, data, number in self.log:
                    if number > last:
                        listener.put(_message(event, data, number))
            self._listeners.append(listener)
            return listener


def _message(event: str, data: dict[str, Any], number: int | None) -> bytes:
    line = f"id: {number}\n" if number is not None else ""
    return f"event: {event}\n{line}data: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hall: FakeHall

    def setup(self) -> None:
        super().setup()
        with self.hall.lock:
            self.hall._connections.add(self.connection)

    def finish(self) -> None:
        with self.hall.lock:
            self.hall._connections.discard(self.connection)
        with suppress(OSError):
            super().finish()

    def handle(self) -> None:
        with suppress(OSError):
            super().handle()

    def log_message(self, *_: object) -> None:
        """Keep quiet."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path == "/api/v1/feed":
            self._feed({name: values[0] for name, values in parse_qs(parts.query).items()})
        else:
            self._answer(self._find("GET", {}))

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        key = self.headers["Idempotency-Key"]
        with self.hall.lock:
            if key not in self.hall.keys:
                self.hall.posts.append((self.path.removeprefix("/api/v1"), body))
                self.hall.keys[key] = self._find("POST", body)
            answer = self.hall.keys[key]
        self._answer(answer)

    def _find(self, method: str, body: dict[str, Any]) -> Answer:
        path = urlsplit(self.path).path.removeprefix("/api/v1")
        with self.hall.lock:
            answer = self.hall.answers.get((method, path))
            if answer is None:
                return 404, {"reason": "unknown", "detail": f"{method} {path}", "detail_zh": "没有"}
            return answer(body) if callable(answer) else answer

    def _answer(self, answer: Answer) -> None:
        status, body = answer
        content = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        if body is not None:
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(content)

    def _feed(self, topic: dict[str, str]) -> None:
        last = self.headers.get("Last-Event-ID")
        listener = self.hall.listen(topic, int(last) if last else None)
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        self.close_connection = True
        while True:
            try:
                message = listener.get(timeout=HEARTBEAT_S)
            except queue.Empty:
                message = _message("heartbeat", {"now": self.hall.now}, None)
            if message is None:
                return
            self.wfile.write(message)
