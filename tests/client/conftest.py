"""A small real HTTP server that answers by script: each request takes the next act, the last one stays."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any

import pytest


@dataclass
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Script:
    """What the server does, and what it was asked."""

    url: str = ""
    acts: list[Callable[["Handler"], None]] = field(default_factory=list)
    seen: list[Request] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def then(self, *acts: Callable[["Handler"], None]) -> None:
        with self.lock:
            self.acts.extend(acts)

    def next_act(self, request: Request) -> Callable[["Handler"], None]:
        with self.lock:
            self.seen.append(request)
            return self.acts.pop(0) if len(self.acts) > 1 else self.acts[0]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    script: Script

    def _any(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        request = Request(self.command, self.path, dict(self.headers), self.rfile.read(length))
        self.script.next_act(request)(self)

    do_GET = _any
    do_POST = _any

    def log_message(self, *_: object) -> None:
        """Keep quiet."""

    def chunk(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))
        self.wfile.flush()


def answers(status: int, body: dict[str, Any] | bytes | None = None, **headers: str) -> Callable[[Handler], None]:
    """An ordinary answer."""

    def act(handler: Handler) -> None:
        content = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else b""
        handler.send_response(status)
        if status != 204:
            handler.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(content)

    return act


def drops(handler: Handler) -> None:
    """Reads the request and hangs up."""
    handler.close_connection = True


def stalls(handler: Handler) -> None:
    """Says nothing until the test is over."""
    handler.script.over.wait(20)
    handler.close_connection = True


def streams(*parts: bytes | Callable[[Handler], None], cut: bool = True) -> Callable[[Handler], None]:
    """A feed in the given parts; then the line is cut, or ends properly."""

    def act(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream; charset=utf-8")
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        handler.wfile.flush()
        handler.close_connection = True
        for part in parts:
            if callable(part):
                part(handler)
            else:
                handler.chunk(part)
        if not cut:
            handler.wfile.write(b"0\r\n\r\n")

    return act


def message(event: str, data: dict[str, Any], number: int | None = None) -> bytes:
    """One message as the server writes it."""
    line = f"id: {number}\n" if number is not None else ""
    return f"event: {event}\n{line}data: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


@pytest.fixture
def script() -> Iterator[Script]:
    script = Script()
    handler = type("ScriptedHandler", (Handler,), {"script": script})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = False
    script.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield script
    script.over.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def acts() -> Any:
    """The acts above, for tests (a conftest cannot be imported under importlib mode)."""
    return SimpleNamespace(
        answers=answers, drops=drops, stalls=stalls, streams=streams, message=message, Handler=Handler
    )
