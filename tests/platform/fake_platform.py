"""A tiny provincial platform behind its gateway, for trying the HTTP adapter: it numbers cases, keeps results, tells
milestones, and on demand hangs, dies, answers 500 and comes back. `python tests/platform/fake_platform.py PORT` runs it."""

import json
import sys
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

LIMIT_S = 60.0


@dataclass
class FakePlatform:
    """Its memory and its moods: `ok`, `hang`, or a status to answer."""

    mood: Any = "ok"
    numbers_at_once: bool = True
    port: int = 0
    cases: dict[str, dict[str, Any]] = field(default_factory=dict)
    results: dict[str, dict[str, Any]] = field(default_factory=dict)
    ratings: dict[str, dict[str, Any]] = field(default_factory=dict)
    milestones: list[dict[str, Any]] = field(default_factory=list)
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    _server: ThreadingHTTPServer | None = None

    def __post_init__(self) -> None:
        self.released = threading.Event()
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/gateway"

    def tell(self, kind: str, **fields: Any) -> None:
        """A milestone for whoever asks next."""
        self.milestones.append({"id": f"m-{len(self.milestones) + 1}", "kind": kind, **fields})

    def start(self) -> None:
        """Listen, after a death again at the same place."""
        platform = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                platform.answer(self, lambda path: platform.take(path, body))

            def do_GET(self) -> None:
                platform.answer(self, platform.told)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        server.daemon_threads = True
        server.block_on_close = False
        self._server, self.port = server, server.server_port
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def die(self) -> None:
        """Nobody listens any more."""
        self.released.set()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def answer(self, request: BaseHTTPRequestHandler, work: Any) -> None:
        """As the mood is."""
        self.asked.append((request.command, request.path, dict(request.headers.items())))
        if self.mood == "hang":
            self.released.wait(LIMIT_S)
            request.close_connection = True
            return
        status, body = (200, work(request.path)) if self.mood == "ok" else (self.mood, {"error": "in trouble"})
        content = json.dumps(body).encode()
        request.send_response(status)
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        request.wfile.write(content)

    def take(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """A case, a result or a rating; under one id only once."""
        if path.endswith("/ratings"):
            self.ratings.setdefault(body["id"], body)
            return {}
        if path.endswith("/results"):
            self.results[body["id"]] = body
            return {}
        self.cases.setdefault(body["id"], body)
        place = list(self.cases).index(body["id"]) + 1
        return {"platform": f"HB-{place:04d}"} if self.numbers_at_once else {}

    def told(self, path: str) -> dict[str, Any]:
        """Milestones after a cursor, two at a time."""
        after = int(parse_qs(urlsplit(path).query).get("after", ["0"])[0])
        found = self.milestones[after : after + 2]
        return {"milestones": found, "cursor": str(after + len(found))}


if __name__ == "__main__":
    running = FakePlatform(port=int(sys.argv[1]))
    sys.stdout.write(f"{running.url}\n")
    for line in sys.stdin:
        # A milestone a line, as JSON, is told to whoever asks next.
        running.milestones.append(json.loads(line))
