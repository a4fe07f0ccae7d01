"""The kiosk's line to the server: one ticket per tap, whatever is lost, slow, refused or restarted."""

import queue
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from kiosk import link
from kiosk.link import Link
from kiosk.outbox import Fate, Outbox, Record
from kiosk.state import Event, HallSeen, Issued, IssueTicket, LinkBack, LinkLost, LinkRefused, Recovered, Refused
from server.client import Client
from server.ids import uuid7
from tests.kiosk.hall_server import HallServer

NOW_MS = 1795396200000  # the sample hall's ten past nine


class Ends:
    """A link with its outbox, and what it delivered."""

    def __init__(self, server: HallServer, folder: Path) -> None:
        self.events: queue.Queue[Event] = queue.Queue()
        self.outbox = Outbox(folder / "outbox")
        self.client = Client(server.url, "token", timeout_s=1.0)
        self.link = Link(self.client, "kiosk-1", self.outbox, self.events.put, settle_after_s=0.2)
        self.link.start()

    def until(self, kind: type, limit_s: float = 8.0) -> Any:
        """The next event of a kind."""
        end = time.monotonic() + limit_s
        while (left := end - time.monotonic()) > 0:
            event = self.events.get(timeout=left)
            if isinstance(event, kind):
                return event
        raise AssertionError(f"no {kind.__name__}")

    def close(self) -> None:
        """End, as a crash would: nothing is tidied up."""
        self.link.close()
        self.client.close()


@pytest.fixture
def begin(server: HallServer, tmp_path: Path) -> Iterator[Callable[[], Ends]]:
    """Start links on the same folder, one after the other."""
    running: list[Ends] = []

    def start() -> Ends:
        if running:
            running[-1].close()
        running.append(Ends(server, tmp_path))
        return running[-1]

    yield start
    running[-1].close()


def until(condition: Callable[[], bool], what: str, limit_s: float = 8.0) -> None:
    """Wait until something is so."""
    end = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < end, f"never so: {what}"
        threading.Event().wait(0.01)


ISSUE = IssueTicket(1, "id-card", "elder", "en")


def test_a_tap_becomes_a_ticket(server: HallServer, begin: Callable[[], Ends]) -> None:
    """Id, service, group and language go to the server; the answer comes back with its attempt."""
    ends = begin()
    ends.until(HallSeen)
    ends.link.issue(ISSUE)

    issued = ends.until(Issued)

    body = server.posted("/tickets")[0]
    assert (issued.attempt, issued.ticket.number, issued.ticket.id) == (1, "D001", body["id"])
    assert body == {"service": "id-card", "group": "elder", "language": "en", "channel": "kiosk", "id": body["id"]}
    assert UUID(body["id"]).version == 7


def test_the_record_is_on_disk_before_the_server_hears(server: HallServer, begin: Callable[[], Ends]) -> None:
    """While the server thinks, id and key are already kept."""
    ends = begin()
    ends.until(HallSeen)
    server.delay_s = 0.5
    ends.link.issue(ISSUE)

    until(lambda: len(ends.outbox.records()) == 1, "record kept")
    assert server.tickets == {}
    record = ends.outbox.records()[0]
    assert record.fate is Fate.PENDING
    ends.until(Issued)
    assert server.posts[0][1] == record.key


def test_lost_answers_make_one_ticket(server: HallServer, begin: Callable[[], Ends]) -> None:
    """The work was done and the answer lost, three times: the same key gives the same ticket."""
    ends = begin()
    ends.until(HallSeen)
    server.lose_answers = 3
    ends.link.issue(ISSUE)

    issued = ends.until(Issued)

    assert len(server.tickets) == 1
    assert len({key for path, key, _ in server.posts if path == "/tickets"}) == 1
    assert issued.ticket.number == "D001"


def test_a_refusal_is_delivered_and_forgotten(server: HallServer, begin: Callable[[], Ends]) -> None:
    """Nothing stays in the outbox of what the server will not give."""
    ends = begin()
    ends.until(HallSeen)
    server.refusal = (409, {"reason": "service_closed", "detail": "Closed", "detail_zh": "已停办"})
    ends.link.issue(ISSUE)

    assert ends.until(Refused) == Refused(1, "Closed", "已停办")
    assert ends.outbox.records() == []


def test_an_abandoned_ticket_is_cancelled(server: HallServer, begin: Callable[[], Ends]) -> None:
    """The visitor left before the answer came: the ticket does not stay in the queue, nor in the outbox."""
    ends = begin()
    ends.until(HallSeen)
    server.lose_answers = 1000
    ends.link.issue(ISSUE)
    until(lambda: len(server.posts) > 1, "tried again")
    ends.link.abandon(1)
    server.lose_answers = 0

    until(lambda: [t["state"] for t in server.tickets.values()] == ["cancelled"], "cancelled")
    until(lambda: ends.outbox.records() == [], "forgotten")
    assert not any(isinstance(event, Issued) for event in list(ends.events.queue))


def test_a_ticket_taken_is_forgotten(server: HallServer, begin: Callable[[], Ends]) -> None:
    """Nothing of a visitor who has their ticket is kept on this machine."""
    ends = begin()
    ends.until(HallSeen)
    ends.link.issue(ISSUE)
    ticket = ends.until(Issued).ticket

    ends.link.taken(ticket)

    until(lambda: ends.outbox.records() == [], "forgotten")


def test_a_crash_after_the_answer_shows_the_same_ticket(server: HallServer, begin: Callable[[], Ends]) -> None:
    """The program starts again a moment later: the number is there again, not another one."""
    ends = begin()
    ends.until(HallSeen)
    ends.link.issue(ISSUE)
    ticket = ends.until(Issued).ticket

    recovered = begin().until(Recovered)

    assert (recovered.ticket.number, recovered.needs_paper) == (ticket.number, False)
    assert len(server.tickets) == 1


def test_a_crash_before_the_answer_asks_again_with_the_same_key(
    server: HallServer, begin: Callable[[], Ends], tmp_path: Path
) -> None:
    """The record of before the crash is sent again as it was; the visitor gets one ticket, on paper."""
    record = Record("0197aa00-0000-7000-8000-000000000001", "key-of-the-tap", "id-card", None, "zh", NOW_MS - 1000)
    Outbox(tmp_path / "outbox").keep(record)
    server.issue(record.body())

    recovered = begin().until(Recovered)

    assert recovered.needs_paper
    assert [(key, body["id"]) for path, key, body in server.posts if path == "/tickets"] == [(record.key, record.id)]


def test_an_old_record_is_cancelled_not_shown(server: HallServer, begin: Callable[[], Ends], tmp_path: Path) -> None:
    """Whoever stood here an hour ago is gone; their unseen ticket must not be called."""
    record = Record(
        "0197aa00-0000-7000-8000-000000000002", "key-of-long-ago", "id-card", None, "zh", NOW_MS - 3_600_000
    )
    Outbox(tmp_path / "outbox").keep(record)
    server.issue(record.body())

    ends = begin()

    until(lambda: server.tickets[record.id]["state"] == "cancelled", "cancelled")
    until(lambda: ends.outbox.records() == [], "forgotten")
    assert not any(isinstance(event, Recovered) for event in list(ends.events.queue))


def test_a_damaged_record_does_not_stop_the_kiosk(
    server: HallServer, begin: Callable[[], Ends], tmp_path: Path
) -> None:
    """Half a file of a power cut is put aside."""
    folder = tmp_path / "outbox"
    folder.mkdir()
    (folder / "broken.json").write_text("{", encoding="utf-8")
    (folder / "half.part").write_text("{", encoding="utf-8")
    ends = begin()
    ends.until(HallSeen)
    ends.link.issue(ISSUE)

    assert ends.until(Issued).ticket.number == "D001"
    assert (folder / "broken.damaged").exists()
    assert not (folder / "half.part").exists()


def test_the_link_says_lost_and_comes_back(server: HallServer, begin: Callable[[], Ends]) -> None:
    """A server that goes away and returns is noticed both times, without anybody's help."""
    ends = begin()
    ends.until(HallSeen)
    server.cut(True)
    ends.until(LinkLost)
    server.cut(False)

    ends.until(LinkBack)
    ends.until(HallSeen)


def test_a_server_that_does_not_know_the_kiosk_is_told_apart_from_none(
    server: HallServer, begin: Callable[[], Ends], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wrong token is said as such; when staff have mended it the hall comes by itself."""
    monkeypatch.setattr(link, "REFUSED_AGAIN_S", 0.05)
    server.is_stranger = True
    ends = begin()
    ends.until(LinkRefused)
    server.is_stranger = False

    ends.until(HallSeen)


def test_the_hall_is_live(server: HallServer, begin: Callable[[], Ends]) -> None:
    """A change of the hall arrives by itself."""
    ends = begin()
    ends.until(HallSeen)
    server.change_hall(open=False)

    assert not ends.until(HallSeen).hall.is_open


def test_a_full_disk_refuses_before_it_sends(
    server: HallServer, begin: Callable[[], Ends], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be kept is not asked for: a crash would make a second ticket."""
    ends = begin()
    ends.until(HallSeen)

    def full(_: Record) -> Record:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(ends.outbox, "keep", full)
    ends.link.issue(ISSUE)

    ends.until(Refused)
    assert server.posts == []


def test_ids_sort_as_they_were_made() -> None:
    """A UUIDv7 begins with its time, and says that it is one."""
    ids = [uuid7(at, bytes([255 - at % 256] * 10)) for at in range(1_700_000_000_000, 1_700_000_000_300)]

    assert ids == sorted(ids)
    assert {(made.version, made.variant) for made in ids} == {(7, "specified in RFC 4122")}
    assert uuid7(0x017F22E279B0, bytes.fromhex("0cc318c4dc0c0c07398f")).hex.startswith("017f22e279b07cc398c4")
