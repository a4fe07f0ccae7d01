"""A gateway's HTTP server as tests want it: it answers, refuses, hangs, dies and comes back, and keeps what it got."""

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

LIMIT_S = 60.0


@dataclass(frozen=True)
class Got:
    """A request as it came."""

    path: str
    headers: dict[str, str]
    body: str

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def kind(self) -> str:
        return str(self.json["type"])


@dataclass
class Receiver:
    """`answers` are given one after the other, the last one for ever: a status, or (status, headers), or "hang"."""

    answers: list[Any] = field(default_factory=lambda: [204])
    got: list[Got] = field(default_factory=list)
    port: int = 0
    _server: ThreadingHTTPServer | None = None

    def __post_init__(self) -> None:
        #: Ends every hanging answer.
        self.released = threading.Event()
        self.news = threading.Condition()
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/chaoxi"

    def start(self) -> None:
        """Listen, after a death again at the same place."""
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length", "0"))
                receiver.take(self, self.rfile.read(length).decode())

            def do_GET(self) -> None:
                receiver.take(self, "")

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        server.daemon_threads = True
        # A thread that still hangs at the end is released by `die`.
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

    def take(self, request: BaseHTTPRequestHandler, body: str) -> None:
        """Note a request and give the next answer."""
        with self.news:
            self.got.append(Got(request.path, dict(request.headers.items()), body))
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
            self.news.notify_all()
        if answer == "hang":
            self.released.wait(LIMIT_S)
            request.close_connection = True
            return
        status, headers, content = (answer, {}, b"") if isinstance(answer, int) else (*answer, b"")[:3]
        if callable(content):
            content = content(request.path, body)
        if isinstance(content, dict):
            content = json.dumps(content).encode()
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name, value)
        if status != 204:
            request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        if content:
            request.wfile.write(content)

    def wait_for(self, count: int) -> None:
        """Until so many requests have come."""
        with self.news:
            assert self.news.wait_for(lambda: len(self.got) >= count, LIMIT_S), [one.body for one in self.got]

    @property
    def kinds(self) -> list[str]:
        return [one.kind for one in self.got]
