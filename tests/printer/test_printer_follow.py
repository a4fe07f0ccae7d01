"""Printing for the server: the real client against a small server that plays the hall's."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from printer.follow import Reporter, follow, ticket_of
from printer.simulator import Simulator
from printer.spool import Job, JobState
from printer.status import Paper
from server.client import Client, ServerLost
from tests.printer.printer_cast import QUICK, a_ticket_json, wait_until

HALL = {"hall": "市民之家", "hall_en": "Citizens' Home", "public_url": "http://hall.example"}


class Hall(ThreadingHTTPServer):
    """Answers the three calls that a printer makes."""

    daemon_threads = True

    def __init__(self, printer_url: str) -> None:
        self.settings = {"url": printer_url, "paper_mm": 80, "mode": "auto"}
        self.orders: list[dict[str, Any]] = []
        self.reports: list[tuple[str, dict[str, Any]]] = []
        self.is_down = self.is_closing = False
        self.tokens: set[str | None] = set()
        self.resumed_from: list[str | None] = []
        self.changed = threading.Condition()
        super().__init__(("127.0.0.1", 0), Calls)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def order(self, **order: Any) -> None:
        with self.changed:
            self.orders.append({"job": len(self.orders) + 1, **order})
            self.changed.notify_all()


class Calls(BaseHTTPRequestHandler):
    server: Hall

    def log_message(self, format: str, *args: Any) -> None:
        """Keep quiet."""

    def do_GET(self) -> None:
        self.server.tokens.add(self.headers["Authorization"])
        if self.path == "/api/v1/devices/desk":
            self.answer({"id": "desk", "kind": "printer", "settings": {"id": "desk", "printer": self.server.settings}})
        elif self.path == "/api/v1/hall":
            self.answer(HALL)
        elif self.path.startswith("/api/v1/feed?"):
            self.server.resumed_from.append(self.headers["Last-Event-ID"])
            assert "prints=desk" in self.path
            self.feed()
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.server.is_down:
            self.send_error(503)
            return
        assert self.headers["Idempotency-Key"]
        with self.server.changed:
            self.server.reports.append((self.path, body))
            self.server.changed.notify_all()
        self.answer({})

    def answer(self, data: dict[str, Any]) -> None:
        content = json.dumps(data).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def feed(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        self.message("snapshot", {"printer": "desk", **HALL}, 1)
        sent = 0
        while not self.server.is_closing:
            for order in self.orders_after(sent):
                sent += 1
                self.message("print", order, 1 + sent)
            try:
                self.message("heartbeat", {"now": ""}, None)
            except OSError:
                return

    def orders_after(self, sent: int) -> list[dict[str, Any]]:
        with self.server.changed:
            self.server.changed.wait_for(lambda: len(self.server.orders) > sent, timeout=0.2)
            return self.server.orders[sent:]

    def message(self, event: str, data: dict[str, Any], number: int | None) -> None:
        head = f"event: {event}\n" + (f"id: {number}\n" if number else "")
        self.wfile.write(f"{head}data: {json.dumps(data)}\n\n".encode())
        self.wfile.flush()


@pytest.fixture
def printer() -> Iterator[Simulator]:
    with Simulator() as simulator:
        yield simulator


@pytest.fixture
def hall(printer: Simulator) -> Iterator[Hall]:
    with Hall(printer.url) as hall:
        thread = threading.Thread(target=hall.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield hall
        hall.is_closing = True
        hall.shutdown()
        thread.join()


def states(hall: Hall, ticket: str) -> list[str]:
    with hall.changed:
        return [body["state"] for path, body in hall.reports if path == f"/api/v1/tickets/{ticket}/print-state"]


def test_orders_are_printed_and_reported(hall: Hall, printer: Simulator, tmp_path: Path) -> None:
    """Two orders, one of them a reprint: both on paper, both states heard by the server, queued before printed."""
    stop, told = threading.Event(), list[Job]()
    client = Client(hall.url, "secret")
    worker = threading.Thread(
        target=follow, args=(client, "desk", tmp_path), kwargs={"stop": stop, "tell": told.append, "limits": QUICK}
    )
    worker.start()
    hall.order(ticket=a_ticket_json(id="t1"), copy=1, reprint=False)
    hall.order(ticket=a_ticket_json(id="t2", number="A013"), copy=2, reprint=True)
    wait_until(lambda: states(hall, "t1")[-1:] == states(hall, "t2")[-1:] == ["printed"])
    stop.set()
    worker.join(20)
    client.close()
    assert not worker.is_alive()
    assert states(hall, "t1")[0] == "queued"
    assert len(printer.tickets) == 2
    assert hall.tokens == {"Bearer secret"}
    assert [job.number for job in told if job.state is JobState.PRINTED] == ["A012", "A013"]


def test_trouble_is_reported_as_failed(hall: Hall, printer: Simulator, tmp_path: Path) -> None:
    """A printer without paper: the server hears that the ticket did not come out."""
    printer.set(paper=Paper.OUT)
    stop = threading.Event()
    client = Client(hall.url)
    limits = replace(QUICK, patience_s=0.1)
    worker = threading.Thread(target=follow, args=(client, "desk", tmp_path), kwargs={"stop": stop, "limits": limits})
    worker.start()
    hall.order(ticket=a_ticket_json(id="t1"), copy=1, reprint=False)
    wait_until(lambda: states(hall, "t1")[-1:] == ["failed"])
    stop.set()
    worker.join(20)
    client.close()
    assert printer.tickets == []


def test_reports_wait_for_a_server_that_is_away(hall: Hall) -> None:
    """A state is kept until the server hears it, in order."""
    hall.is_down = True
    client = Client(hall.url)
    reporter = Reporter(client, try_again_s=0.02)
    for state in (JobState.QUEUED, JobState.PRINTED):
        reporter.report(Job("1", "A012", state, ticket_id="t1"))
    reporter.report(Job("2", "A013", JobState.PRINTED))
    hall.is_down = False
    wait_until(lambda: states(hall, "t1") == ["queued", "printed"])
    reporter.close()
    client.close()


def test_server_that_is_not_there_yet_is_waited_for(
    hall: Hall, printer: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A printer's machine may start before the server's."""
    monkeypatch.setattr("printer.follow.TRY_AGAIN_S", 0.01)
    stop, tried = threading.Event(), threading.Event()

    class LateClient(Client):
        def get(self, path: str, /, **query: object) -> dict[str, Any]:
            if not tried.is_set():
                tried.set()
                raise ServerLost("not yet")
            return super().get(path, **query)

    client = LateClient(hall.url)
    worker = threading.Thread(target=follow, args=(client, "desk", tmp_path), kwargs={"stop": stop, "limits": QUICK})
    worker.start()
    hall.order(ticket=a_ticket_json(id="t1"), copy=1, reprint=False)
    wait_until(lambda: states(hall, "t1")[-1:] == ["printed"])
    stop.set()
    worker.join(20)
    client.close()
    assert tried.is_set()
    assert len(printer.tickets) == 1


def conditions(hall: Hall) -> list[str]:
    with hall.changed:
        return [body["printer"] for path, body in hall.reports if path == "/api/v1/devices/desk/status"]


def test_paper_near_its_end_is_told_at_once(hall: Hall, printer: Simulator, tmp_path: Path) -> None:
    """The server hears of every change of the printer's condition, without a ticket being printed."""
    stop = threading.Event()
    client = Client(hall.url)
    worker = threading.Thread(target=follow, args=(client, "desk", tmp_path), kwargs={"stop": stop, "limits": QUICK})
    worker.start()
    wait_until(lambda: conditions(hall)[-1:] == ["ready"])
    printer.set(paper=Paper.NEAR_END)
    wait_until(lambda: conditions(hall)[-1:] == ["near_end"])
    stop.set()
    worker.join(20)
    client.close()
    assert not worker.is_alive()


def test_orders_made_while_the_program_was_off_are_not_lost(hall: Hall, printer: Simulator, tmp_path: Path) -> None:
    """Started again, the program asks the feed to go on behind the last order it took."""
    for run in range(2):
        stop = threading.Event()
        client = Client(hall.url)
        options = {"stop": stop, "limits": QUICK}
        worker = threading.Thread(target=follow, args=(client, "desk", tmp_path), kwargs=options)
        worker.start()
        if run == 0:
            hall.order(ticket=a_ticket_json(id="t1"), copy=1, reprint=False)
        wait_until(lambda: states(hall, "t1")[-1:] == ["printed"])
        wait_until(lambda run=run: len(hall.resumed_from) == run + 1)
        stop.set()
        worker.join(20)
        client.close()
    assert hall.resumed_from == [None, "2"]


def test_reprint_without_a_count_is_still_marked() -> None:
    """An order that says reprint never looks like a first ticket."""
    assert ticket_of({"ticket": a_ticket_json(), "copy": 1, "reprint": True}, {}).copy == 2
    assert ticket_of({"ticket": a_ticket_json(), "copy": 3, "reprint": True}, {}).copy == 3
    assert ticket_of({"ticket": a_ticket_json(), "copy": 1, "reprint": False}, {}).copy == 1
