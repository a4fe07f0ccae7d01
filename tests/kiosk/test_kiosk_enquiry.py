"""What the kiosk asks beside tickets, and the one card it reads: threads, real HTTP, nothing kept."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kiosk.enquiry import ITEMS_MAX, Enquiry
from kiosk.errands import (
    AskHelp,
    CardTrouble,
    CheckIn,
    FindItems,
    FormSeen,
    GuideMissing,
    GuideSeen,
    HolderSeen,
    ItemsFound,
    LoadForm,
    LoadGuide,
    Rate,
    ReadCard,
    Sent,
)
from kiosk.id_reader import Card, CardKind, ReaderTrouble, Trouble
from kiosk.identify import Identify, Readers, sent
from kiosk.link import Link
from kiosk.outbox import Outbox
from kiosk.settings import KioskSettings, read_settings
from kiosk.state import Event, HallSeen, Issued, IssueTicket, Refused
from server.client import Client
from tests.kiosk.hall_server import HallServer

NUMBER, NAME = "110101195001010033", "䶮㛃𬱖"
#: Within this everything here has answered.
LIMIT_S = 10.0


class Heard:
    """Events as they come, from other threads."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._came = threading.Condition()

    def __call__(self, event: Event) -> None:
        with self._came:
            self.events.append(event)
            self._came.notify_all()

    def all(self, kind: type[Any], count: int = 1) -> list[Any]:
        """So many events of a kind, waited for."""

        def found() -> list[Any]:
            return [event for event in self.events if isinstance(event, kind)]

        with self._came:
            assert self._came.wait_for(lambda: len(found()) >= count, LIMIT_S), self.events
            return found()

    def first(self, kind: type[Any]) -> Any:
        """The first event of a kind, waited for."""
        return self.all(kind)[0]


@pytest.fixture
def heard() -> Heard:
    """Who listens."""
    return Heard()


@pytest.fixture
def client(server: HallServer) -> Iterator[Client]:
    """The kiosk's client."""
    with Client(server.url, "token", timeout_s=3.0) as made:
        yield made


@pytest.fixture
def enquiry(client: Client, heard: Heard) -> Iterator[Enquiry]:
    """The kiosk's asking."""
    asking = Enquiry(client, "kiosk-1", heard, lambda: 0)
    yield asking
    asking.close()


def test_letters_typed_at_once_are_one_question(enquiry: Enquiry, heard: Heard, server: HallServer) -> None:
    """Only the latest letters are asked for, in small ones, and the answer says what it answers."""
    for query in ("G", "GJ", "GJJ"):
        enquiry.find(FindItems(query))
    found = heard.first(ItemsFound)

    assert found.query == "GJJ"
    assert [item.code for item in found.items][:1] == ["422300-gjj-01"]
    assert server.asked == ["gjj"]
    assert ITEMS_MAX <= 200, "more than the server gives"


def test_a_guide_is_read_whole(enquiry: Enquiry, heard: Heard) -> None:
    """Materials with form, copies, note and sample; forms by their names."""
    enquiry.ask(LoadGuide("422300-gjj-01"))
    guide = heard.first(GuideSeen).guide

    second = guide.materials[1]
    assert (second.name, second.form, second.copies, second.note, second.sample) == (
        "住房公积金提取申请表",
        "原件",
        "1",
        "现场填写",
        "张建国",
    )
    assert guide.forms == ("住房公积金提取申请表",)
    assert guide.item.online.url.startswith("https://")


def test_a_guide_that_is_not_there_is_told(enquiry: Enquiry, heard: Heard) -> None:
    """An unknown item is no silence."""
    enquiry.ask(LoadGuide("nowhere"))

    assert heard.first(GuideMissing) == GuideMissing("nowhere")


def test_letters_without_a_server_are_no_trouble(enquiry: Enquiry, heard: Heard, server: HallServer) -> None:
    """The search goes on with the next letters once the server is back."""
    server.cut(True)
    enquiry.find(FindItems("GJJ"))
    enquiry.ask(LoadGuide("422300-gjj-01"))
    heard.first(GuideMissing)
    server.cut(False)
    enquiry.find(FindItems("SB"))
    while (last := heard.all(ItemsFound)[-1]).query != "SB":
        heard.all(ItemsFound, len(heard.all(ItemsFound)) + 1)

    assert last.items


def test_help_and_rating_are_sent_as_the_server_wants_them(enquiry: Enquiry, heard: Heard, server: HallServer) -> None:
    """An id made at the tap, the kiosk as place; a rating by number."""
    enquiry.ask(AskHelp(7, "wheelchair", "en", None))
    assert heard.first(Sent) == Sent(7)
    enquiry.ask(Rate(8, "A012", None, 2, ("slow",), "4821"))
    enquiry.ask(LoadForm())
    heard.first(FormSeen)

    ((path, key, body), (rated_path, _, rated)) = server.posts
    assert (path, body) == (
        "/help",
        {"id": key, "kind": "wheelchair", "place": "kiosk-1", "language": "en"},
    )
    assert (rated_path, rated) == ("/ratings", {"number": "A012", "code": "4821", "level": 2, "points": ["slow"]})


def test_a_refusal_is_told_in_both_languages(enquiry: Enquiry, heard: Heard, server: HallServer) -> None:
    """The server's words reach the page."""
    server.refusal = (409, {"reason": "rating_over", "detail": "Too late", "detail_zh": "已过评价时间"})
    enquiry.ask(Rate(8, "A012", None, 2, (), "4821"))

    assert heard.first(Refused) == Refused(8, "Too late", "已过评价时间")


# The card


class Reader:
    """Gives one card, or a trouble; or waits until it is stopped."""

    def __init__(self, gives: Card | ReaderTrouble | None) -> None:
        self.gives, self.closed = gives, threading.Event()
        self.reading = threading.Event()

    def read(self, stop: threading.Event) -> Card:
        """Read."""
        self.reading.set()
        if self.gives is None:
            assert stop.wait(LIMIT_S)
            raise ReaderTrouble(Trouble.TIMEOUT)
        if isinstance(self.gives, ReaderTrouble):
            raise self.gives
        return self.gives

    def close(self) -> None:
        """Let go."""
        self.closed.set()


CARD = Card(NUMBER, NAME, CardKind.RESIDENT, date(1950, 1, 1), "长期")


def test_a_card_becomes_a_handle(enquiry: Enquiry, heard: Heard, server: HallServer) -> None:
    """Number and name go to the server once; what comes back is a handle, and the reader is let go."""
    reader = Reader(CARD)
    Identify(lambda: reader, enquiry.holder, heard).begin(ReadCard(3))
    seen = heard.first(HolderSeen)

    assert (seen.attempt, seen.holder.handle) == (3, "h-7Qm2")
    assert reader.closed.wait(LIMIT_S)
    assert server.posted("/holders") == [
        {"card": {"number": NUMBER, "name": NAME, "kind": "resident", "birth": "1950-01-01"}}
    ]
    assert NUMBER not in repr(seen)


def test_what_is_sent_of_a_card() -> None:
    """A day it is valid to goes along, a card without end says nothing; nor is there a name where there is none."""
    assert sent(replace(CARD, name="", valid_to="2033-07-09", birth=None)) == {
        "number": NUMBER,
        "kind": "resident",
        "valid_to": "2033-07-09",
    }


@pytest.mark.parametrize("trouble", list(Trouble))
def test_every_trouble_is_told_by_its_kind(enquiry: Enquiry, heard: Heard, trouble: Trouble) -> None:
    """The page knows what to say."""
    from kiosk.wording import CARD_TROUBLES

    Identify(lambda: Reader(ReaderTrouble(trouble)), enquiry.holder, heard).begin(ReadCard(3))

    assert heard.first(CardTrouble) == CardTrouble(3, trouble.value)
    assert trouble.value in CARD_TROUBLES


def test_a_server_that_is_away_is_told_as_such(
    enquiry: Enquiry, heard: Heard, server: HallServer, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither number nor name is in the log."""
    server.cut(True)
    Identify(lambda: Reader(CARD), enquiry.holder, heard).begin(ReadCard(3))

    assert heard.first(CardTrouble) == CardTrouble(3, "server")
    assert NUMBER not in caplog.text
    assert NAME not in caplog.text


def test_a_reader_that_is_stopped_says_nothing(enquiry: Enquiry, heard: Heard, server: HallServer) -> None:
    """Who left the page is not asked whose card it was; the next reading waits until the device is free."""
    first, second = Reader(None), Reader(CARD)
    readers = iter((first, second))
    identify = Identify(lambda: next(readers), enquiry.holder, heard)
    identify.begin(ReadCard(1))
    assert first.reading.wait(LIMIT_S)
    identify.stop()
    identify.begin(ReadCard(2))
    seen = heard.first(HolderSeen)

    assert seen.attempt == 2
    assert first.closed.is_set()
    assert [event for event in heard.events if isinstance(event, CardTrouble)] == []
    assert len(server.posted("/holders")) == 1
    identify.close()


def test_a_reader_that_types_is_kept_and_fed(enquiry: Enquiry, heard: Heard) -> None:
    """What is typed while nobody is asked for a card is not kept."""
    readers = Readers(KioskSettings("kiosk-1", reader_url="wedge://", reader_timeout_s=5))
    kept = readers.open()
    readers.feed(f"{NUMBER}|{NAME}\n")
    identify = Identify(readers.open, enquiry.holder, heard)
    identify.begin(ReadCard(1))
    assert heard.events == []
    for _ in range(500):
        # Keys count only once the reader listens.
        readers.feed(f"{NUMBER}|{NAME}\n")
        if heard.events:
            break
        threading.Event().wait(0.01)
    assert heard.first(HolderSeen).attempt == 1
    identify.close()
    assert readers.open() is kept


def test_a_wrong_readers_address_is_an_unplugged_reader(enquiry: Enquiry, heard: Heard) -> None:
    """A hall file's mistake does not end the kiosk."""
    readers = Readers(KioskSettings("kiosk-1", reader_url="nonsense://x"))
    Identify(readers.open, enquiry.holder, heard).begin(ReadCard(1))

    assert heard.first(CardTrouble) == CardTrouble(1, "unplugged")


def test_settings_name_reader_and_scanner(server: HallServer) -> None:
    """From this kiosk's section of the hall file."""
    server.device["settings"] |= {"id_reader": {"url": "sam://COM3", "timeout_s": 7}, "scanner": True}
    seen = read_settings(server.device)

    assert (seen.reader_url, seen.reader_timeout_s, seen.has_scanner) == ("sam://COM3", 7, True)


# On disk


def test_the_outbox_holds_a_handle_and_never_a_number(
    client: Client, enquiry: Enquiry, heard: Heard, server: HallServer, tmp_path: Path
) -> None:
    """A ticket in somebody's name and a check-in: files hold what must be sent again, and nothing of the card."""
    Identify(lambda: Reader(CARD), enquiry.holder, heard).begin(ReadCard(1))
    holder = heard.first(HolderSeen).holder
    link = Link(client, "kiosk-1", Outbox(tmp_path), heard)
    link.start()
    heard.first(HallSeen)
    link.issue(IssueTicket(1, "entry-exit", None, "zh", "422300-gjj-01", holder.handle))
    link.check_in(CheckIn(2, "zh", holder=holder.handle))
    heard.all(Issued, 2)
    link.close()

    kept = [json.loads(file.read_text(encoding="utf-8")) for file in tmp_path.glob("*.json")]
    assert sorted(record["holder"] for record in kept) == [holder.handle] * 2
    written = "".join(file.read_text(encoding="utf-8") for file in tmp_path.iterdir())
    for secret in (NUMBER, NUMBER[-4:], NAME, "王**", "1950"):
        assert secret not in written
    (ticket,) = server.posted("/tickets")
    assert (ticket["holder"], ticket["item"]) == (holder.handle, "422300-gjj-01")
    (arrived,) = server.posted("/check-ins")
    assert sorted(arrived) == ["holder", "id", "language"]


def test_a_check_in_is_repeated_with_the_same_key(
    client: Client, heard: Heard, server: HallServer, tmp_path: Path
) -> None:
    """The plug was pulled before the answer: after the start the same request gets the same ticket."""
    outbox = Outbox(tmp_path)
    server.cut(True)
    link = Link(client, "kiosk-1", outbox, heard)
    link.start()
    link.check_in(CheckIn(1, "zh", code="402931"))
    for _ in range(500):
        if outbox.records():
            break
        threading.Event().wait(0.01)
    link.close()
    (record,) = outbox.records()

    assert record.path == "/check-ins"
    assert record.body() == {"id": record.id, "language": "zh", "code": "402931"}
