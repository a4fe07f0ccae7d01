"""A hall's server for the kiosk's tests: real HTTP on a free port, canned hall, faults on demand."""

import copy
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from kiosk.sample import sample, sample_hall, sample_ticket


class HallServer:
    """State and faults of the server; `url` is where it is."""

    def __init__(self) -> None:
        self.hall = sample_hall()
        self.device: dict[str, Any] = {
            "id": "kiosk-1",
            "kind": "kiosk",
            "settings": {
                "id": "kiosk-1",
                "screen": {"width_px": 1080, "height_px": 1920, "inches": 21.5},
                "printer": {"url": "preview://", "paper_mm": 80, "mode": "auto"},
                "zones": None,
                "idle_s": 45,
                "idle_warning_s": 20,
            },
        }
        self.tickets: dict[str, dict[str, Any]] = {}
        self.posts: list[tuple[str, str, dict[str, Any]]] = []
        self.answers: dict[str, tuple[int, dict[str, Any]]] = {}
        #: Faults: seconds before an answer, a refusal, answers to lose after the work is done.
        self.delay_s = 0.0
        self.refusal: tuple[int, dict[str, Any]] | None = None
        self.lose_answers = 0
        self.is_down = False
        self.is_stranger = False
        #: Whose card it is, by its number: only kept so that a test can look what was asked.
        self.holder: dict[str, Any] = sample("holder")
        self.items: dict[str, Any] = sample("items")
        self.guides: dict[str, dict[str, Any]] = {
            guide["code"]: guide for guide in (sample("guide"), sample("guide_elsewhere"))
        }
        #: Token of a voucher → the case.
        self.cases: dict[str, dict[str, Any]] = {}
        self.asked: list[str] = []
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._version = 0
        self._is_closed = False
        self._httpd = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._httpd.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._httpd.server_address[1]}"
        self._thread = threading.Thread(target=self._httpd.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def change_hall(self, **changes: Any) -> None:
        """Change the hall and tell the feed."""
        with self._changed:
            self.hall = {**copy.deepcopy(self.hall), **changes}
            self._version += 1
            self._changed.notify_all()

    def cut(self, is_down: bool) -> None:
        """Take the server away, or give it back."""
        with self._changed:
            self.is_down = is_down
            self._changed.notify_all()

    def issue(self, body: dict[str, Any]) -> dict[str, Any]:
        """Make a ticket."""
        # A voucher's ticket is for the desk that hands the result out.
        wanted = body.get("service") or self.cases[body["voucher"]]["pickup"]["service"]
        service = next(s for z in self.hall["zones"] for s in z["services"] if s["id"] == wanted)
        zone = next(z for z in self.hall["zones"] if service in z["services"])
        ticket = {
            **sample_ticket(),
            "id": body["id"],
            "number": f"{zone['letter']}{len(self.tickets) + 1:03d}",
            "zone": zone["id"],
            "zone_name": zone["name"],
            "zone_name_en": zone["name_en"],
            "area_name": zone["area_name"],
            "area_name_en": zone["area_name_en"],
            "service": service["id"],
            "service_name": service["name"],
            "service_name_en": service["name_en"],
            "group": body.get("group"),
            "language": body.get("language", "zh"),
            "item": body.get("item"),
        }
        self.tickets[body["id"]] = ticket
        return ticket

    def posted(self, ending: str) -> list[dict[str, Any]]:
        """Bodies of the POSTs whose path ends so."""
        return [body for path, _, body in list(self.posts) if path.endswith(ending)]

    def close(self) -> None:
        """End."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
        self._httpd.shutdown()
        self._httpd.server_close()

    def admitted(self) -> tuple[int, dict[str, Any]]:
        """The kiosk's own section, if its token is right."""
        told = {"detail": "This device is not known here", "detail_zh": "本服务器未登记此设备"}
        return (401, {"reason": "not_signed_in", **told}) if self.is_stranger else (200, self.device)

    def views(self, wait_s: float) -> Iterator[dict[str, Any] | None]:
        """Halls as they change; None when nothing did for a while."""
        seen = -1
        while True:
            with self._changed:
                self._changed.wait_for(partial(self._is_news, seen), timeout=wait_s)
                if self._is_closed or self.is_down:
                    return
                is_new, seen = self._version != seen, self._version
                hall = self.hall
            yield hall if is_new else None

    def _is_news(self, seen: int) -> bool:
        return self._version != seen or self._is_closed or self.is_down


@contextmanager
def hall_server() -> Iterator[HallServer]:
    """A server for the length of a test."""
    server = HallServer()
    try:
        yield server
    finally:
        server.close()


def _handler(server: HallServer) -> type[BaseHTTPRequestHandler]:  # noqa: C901 - one small method per call, nested to know the server
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: Any) -> None:
            """Be quiet."""

        def _json(self, status: int, body: dict[str, Any]) -> None:
            content = json.dumps(body).encode()
            with suppress(OSError):  # a kiosk that is killed hears no answer
                self._answer(status, content)

        def _answer(self, status: int, content: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json" if status < 400 else "application/problem+json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def _hang_up(self) -> None:
            self.close_connection = True

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            path = parts.path.removeprefix("/api/v1")
            if server.is_down:
                return self._hang_up()
            if path == "/hall":
                return self._json(200, server.hall)
            if path.startswith("/devices/"):
                return self._json(*server.admitted())
            if path == "/feed":
                return self._feed()
            if path == "/items":
                server.asked.append(parse_qs(parts.query)["q"][0])
                return self._json(200, server.items)
            if path == "/rating-form":
                return self._json(200, sample("rating_form"))
            if path.startswith("/c/") and (case := server.cases.get(path.split("/")[2])):
                return self._json(200, case)
            if path.startswith("/items/") and (guide := server.guides.get(path.split("/")[2])):
                return self._json(200, guide)
            if path.startswith("/tickets/") and (ticket := server.tickets.get(path.split("/")[2])):
                return self._json(200, ticket)
            return self._json(404, {"reason": "unknown", "detail": "no such thing", "detail_zh": "没有"})

        def _feed(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Connection", "close")
            self.end_headers()
            kind, number = "snapshot", 1
            try:
                for hall in server.views(1.0):
                    if hall is None:
                        text = f"event: heartbeat\ndata: {json.dumps({'now': server.hall['now']})}\n\n"
                    else:
                        text = f"id: {number}\nevent: {kind}\ndata: {json.dumps(hall)}\n\n"
                        kind, number = "view", number + 1
                    self.wfile.write(text.encode())
                    self.wfile.flush()
            except OSError:
                pass
            self._hang_up()

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            body = json.loads(self.rfile.read(length) or b"{}")
            path = urlsplit(self.path).path.removeprefix("/api/v1")
            key = self.headers.get("Idempotency-Key", "")
            if server.is_down:
                return self._hang_up()
            if server.delay_s:
                threading.Event().wait(server.delay_s)
            with server._lock:
                server.posts.append((path, key, body))
                if key not in server.answers:
                    server.answers[key] = self._work(path, body)
                answer = server.answers[key]
                is_lost = server.lose_answers > 0 and path == "/tickets"
                server.lose_answers -= is_lost
            if is_lost:
                return self._hang_up()
            return self._json(*answer)

        def _work(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
            if path == "/tickets":
                return server.refusal or (201, server.issue(body))
            if path in ("/holders", "/check-ins", "/help", "/ratings"):
                return server.refusal or self._errand(path, body)
            ticket = server.tickets.get(path.split("/")[2])
            if ticket is None:
                return 404, {"reason": "unknown_ticket", "detail": "no such ticket", "detail_zh": "没有这张票"}
            if path.endswith("/cancel"):
                ticket["state"] = "cancelled"
            if path.endswith("/reprint"):
                ticket["copies"] += 1
            return 200, dict(ticket)

        def _errand(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
            match path:
                case "/holders":
                    return 200, server.holder
                case "/check-ins":
                    return 201, {**server.issue({**body, "service": "social-insurance"}), "on_time": True}
                case _:
                    return 201, {"id": body.get("id")}

    return Handler


if __name__ == "__main__":
    with hall_server() as running:
        print(running.url, flush=True)
        threading.Event().wait()
