"""The kiosk's flow, link, enquiry and card reader against the real server app: from the tap to what the hall knows."""

import json
import queue
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kiosk.enquiry import Enquiry
from kiosk.errands import AskHelp, CheckIn, CopyHeld, FindItems, LoadForm, LoadGuide, Rate, ReadCard, StopReading
from kiosk.flow import step
from kiosk.identify import Identify, Readers
from kiosk.journeys.offers import options
from kiosk.link import Link
from kiosk.outbox import Outbox
from kiosk.pagebook import Rules
from kiosk.settings import KioskSettings
from kiosk.state import Event, IssueTicket, Screen, State, Taken, Tap, Target
from kiosk.theme import Stage
from server.client import ApiError, FeedMessage
from server.id_numbers import check_sign
from tests.web.conftest import World, build
from tests.web.test_appointments_api import booking_file

LIMIT_S = 15.0
NAME = "䶮㛃𬱖𡈽𰻝"
FIRST_17 = "11010519491231002"
NUMBER = FIRST_17 + check_sign(FIRST_17)


class Wire:
    """The kiosk's client, over the app itself instead of a socket."""

    def __init__(self, world: World) -> None:
        self.caller = world.kiosk
        self.now = world.clock

    def get(self, path: str, /, **query: object) -> dict[str, Any]:
        """Read."""
        return self._body(self.caller.get(path, query_string=query)) or {}

    def post(self, path: str, body: dict[str, Any] | None = None, *, key: str | None = None, **_: Any) -> Any:
        """Do."""
        return self._body(self.caller.post(path, body or {}, key=key))

    def feed(self, *, stop: threading.Event, hall: int) -> Iterator[FeedMessage]:
        """The hall as it is now, and then silence."""
        yield FeedMessage("snapshot", self.get("/hall"))
        stop.wait()

    def _body(self, answer: Any) -> Any:
        body = answer.json if answer.data else None
        if answer.status_code >= 400:
            raise ApiError(answer.status_code, body["reason"], body["detail"], body["detail_zh"])
        return body


class Kiosk:
    """A kiosk without glass: the flow decides, real threads do, events come back by a queue."""

    def __init__(self, world: World, folder: Path) -> None:
        self.desk = folder / "cards"
        self.desk.mkdir()
        self.inbox: queue.Queue[Event] = queue.Queue()
        settings = KioskSettings("kiosk-1", reader_url=f"simulator://{self.desk}", reader_timeout_s=LIMIT_S)
        wire = Wire(world)
        self.link = Link(wire, "kiosk-1", Outbox(folder / "outbox"), self.inbox.put)
        self.enquiry = Enquiry(wire, "kiosk-1", self.inbox.put, self.link.clock.now_ms)
        self.reading = Identify(Readers(settings).open, self.enquiry.holder, self.inbox.put)
        self.rules = Rules(Stage(1080, 1920, 21.5), has_reader=True)
        self.state, self.now = State(), 100.0
        self.link.start()
        self.until(Screen.HOME)

    def close(self) -> None:
        """End."""
        self.reading.close()
        self.link.close()
        self.enquiry.close()

    def happen(self, event: Event) -> None:
        """Let the flow take an event and do what it asks for."""
        result = step(self.state, event, self.now, self.rules)
        self.state = result.state
        for command in result.commands:
            match command:
                case IssueTicket():
                    self.link.issue(command)
                case CheckIn():
                    self.link.check_in(command)
                case CopyHeld():
                    self.link.copy_held(command)
                case Taken(ticket):
                    self.link.taken(ticket)
                case FindItems():
                    self.enquiry.find(command)
                case LoadGuide() | LoadForm() | AskHelp() | Rate():
                    self.enquiry.ask(command)
                case ReadCard():
                    self.reading.begin(command)
                case StopReading():
                    self.reading.stop()

    def until(self, screen: Screen) -> "Kiosk":
        """Take what comes until a page is there."""
        while self.state.screen is not screen:
            try:
                self.happen(self.inbox.get(timeout=LIMIT_S))
            except queue.Empty:
                pytest.fail(f"still on {self.state.screen}: {self.state.refusal}")
        return self

    def tap(self, target: Target, value: str = "") -> "Kiosk":
        """Tap after a moment."""
        self.now += 1
        self.happen(Tap(target, value))
        return self

    def keys(self, text: str) -> "Kiosk":
        """Tap keys."""
        for sign in text:
            self.tap(Target.KEY, sign)
        return self

    def choose(self, zone: str, service: str) -> "Kiosk":
        """Choose and confirm."""
        return self.tap(Target.HOME).tap(Target.ZONE, zone).tap(Target.SERVICE, service).tap(Target.CONFIRM)

    def lay_card(self) -> "Kiosk":
        """Lay the card on, whole at once, and agree."""
        part = self.desk / "card.part"
        part.write_text(json.dumps({"number": NUMBER, "name": NAME}), encoding="utf-8")
        part.rename(self.desk / "card.json")
        return self.tap(Target.AGREE)


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[World]:
    """Monday 2026-11-23, nine o'clock; the licence wants a card, insurance can be booked."""
    world = build(tmp_path, booking_file(tmp_path))
    yield world
    for part in (world.log, world.accounts, world.site.people, world.site.catalogue):
        part.close()


@pytest.fixture
def kiosk(hall: World, tmp_path: Path) -> Iterator[Kiosk]:
    """The kiosk of that hall."""
    made = Kiosk(hall, tmp_path)
    yield made
    made.close()


def test_a_ticket_in_somebodys_name_and_its_copy(kiosk: Kiosk, hall: World, tmp_path: Path) -> None:
    """Consent, card, ticket; the same card once more gets the same number, marked as a copy; no number is on disk."""
    kiosk.choose("business", "licence").until(Screen.CONSENT).lay_card().until(Screen.TICKET)
    ticket = kiosk.state.ticket
    assert ticket is not None
    kiosk.tap(Target.HOME)
    kiosk.state = State(hall=kiosk.state.hall, screen=Screen.HOME, attempt=kiosk.state.attempt, is_online=True)

    kiosk.choose("business", "licence").lay_card().until(Screen.WELCOME)
    assert kiosk.state.holder is not None
    assert kiosk.state.holder.name_masked.startswith("䶮")
    (offer,) = options(kiosk.state)
    assert offer.value == f"copy:{ticket.number}"
    kiosk.tap(Target.OPTION, offer.value).until(Screen.TICKET)

    copy = kiosk.state.ticket
    assert copy is not None
    assert (copy.number, copy.raw["copies"]) == (ticket.number, 2)
    assert hall.hall.seq > 0
    written = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert NUMBER.encode() not in written
    assert ticket.number.encode() in written, "the search looks where the hall writes"


def test_without_a_card_a_guide_comes(kiosk: Kiosk, hall: World) -> None:
    """The way without a card ends with a request that guides see, from this kiosk."""
    kiosk.choose("business", "licence").tap(Target.WITHOUT).tap(Target.HELP).tap(Target.HELP_KIND, "guide")
    kiosk.until(Screen.HELPED)

    (request,) = hall.guide.get("/help").json["requests"]
    assert request["kind"] == "guide"
    assert "kiosk-1" in json.dumps(request)


def test_an_appointment_is_checked_in_by_its_figures(kiosk: Kiosk, hall: World) -> None:
    """Booked on a phone, six figures at the kiosk: a ticket of that service, once; too early is said in words."""
    wish = {"service": "insurance", "phone": "13800138000"}
    soon = hall.anyone.post("/appointments", {**wish, "id": "b-1", "slot_at": "2026-11-23T09:30:00+08:00"}).json
    later = {**wish, "phone": "13800138001", "id": "b-2", "slot_at": "2026-11-23T11:30:00+08:00"}
    late = hall.anyone.post("/appointments", later).json

    kiosk.tap(Target.ARRIVE).keys(soon["code"]).until(Screen.TICKET)
    assert kiosk.state.ticket is not None
    assert kiosk.state.ticket.raw["service"] == "insurance"
    assert kiosk.state.ticket.raw["on_time"] is True
    kiosk.state = State(hall=kiosk.state.hall, screen=Screen.HOME, attempt=kiosk.state.attempt, is_online=True)
    for code in (late["code"], soon["code"], "000000" if "000000" not in (late["code"], soon["code"]) else "000001"):
        kiosk.tap(Target.HOME).tap(Target.ARRIVE).keys(code).until(Screen.REFUSED)
        assert kiosk.state.refusal_zh
        assert kiosk.state.refusal != kiosk.state.refusal_zh


def test_a_card_checks_in_its_own_appointment(kiosk: Kiosk, hall: World) -> None:
    """Booked in the name of a card: laid on, it is the ticket."""
    person = hall.clerk.post("/holders", {"card": {"number": NUMBER, "name": NAME}}).json["holder"]
    body = {"id": "b-1", "service": "insurance", "slot_at": "2026-11-23T09:30:00+08:00", "holder": person}
    assert hall.clerk.post("/appointments", body).status_code == 201

    kiosk.tap(Target.ARRIVE).tap(Target.CARD).lay_card().until(Screen.TICKET)
    assert kiosk.state.ticket is not None
    assert kiosk.state.ticket.raw["service"] == "insurance"


def test_a_served_ticket_is_rated_once(kiosk: Kiosk, hall: World) -> None:
    """Number, code, face, thanks; another code, the second time and a number that still waits are refused in words."""
    served, waits = hall.kiosk.issue(), hall.kiosk.issue()
    hall.clerk.post("/windows/S01/open")
    hall.clerk.post("/windows/S01/call-next")
    hall.clerk.post("/windows/S01/start")
    hall.clerk.post("/windows/S01/finish")

    def rate(ticket: dict[str, Any], code: str | None = None) -> Kiosk:
        kiosk.tap(Target.HOME).tap(Target.RATE).keys(ticket["number"]).tap(Target.NUMBER)
        kiosk.keys(code or ticket["rating_code"])
        while kiosk.state.form is None:
            kiosk.happen(kiosk.inbox.get(timeout=LIMIT_S))
        return kiosk.tap(Target.LEVEL, "5").tap(Target.SEND)

    rate(served, "0000" if served["rating_code"] != "0000" else "0001").until(Screen.REFUSED)
    assert "评价码" in kiosk.state.refusal_zh
    rate(served).until(Screen.THANKS)
    for ticket in (served, waits):
        rate(ticket).until(Screen.REFUSED)
        assert kiosk.state.refusal_zh
        assert "评价码" not in kiosk.state.refusal_zh


def test_a_hall_without_items_finds_its_services(kiosk: Kiosk) -> None:
    """A hall that says it has no catalogue is not asked; what the kiosk finds by itself stands."""
    from kiosk.pagebook import choices

    kiosk.tap(Target.SEARCH).keys("SHBX")

    assert [service.id for service in choices(kiosk.state)][:1] == ["insurance"]  # type: ignore[union-attr]
