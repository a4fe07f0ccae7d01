"""The hall's forecast: made when it is needed, kept while it serves, and never on the time of a citizen's tap."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from config.loader import load_hall
from server import forecasts as module
from server.accounts import Accounts, DeviceKind
from server.catalogue.store import Catalogue
from server.core import commands as c
from server.core.wait import Wait
from server.forecasts import MAX_AGE_S, QUIET_EVERY_S, STOPPED_AFTER_S, Forecasts
from server.links import TicketLinks
from server.log.records import StorageTrouble
from server.people import People
from server.plan import Names
from server.web.app import create_app
from server.web.site import Site

SMALL = Path(__file__).parent / "small_hall.yaml"


@dataclass(slots=True)
class Stopwatch:
    """Seconds that pass when a test says so."""

    seconds: float = 1000.0

    def monotonic(self) -> float:
        """Seconds since some moment."""
        return self.seconds


@pytest.fixture
def stopwatch(monkeypatch: pytest.MonkeyPatch) -> Stopwatch:
    """The steady time that the forecasts see."""
    stopwatch = Stopwatch()
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=stopwatch.monotonic))
    return stopwatch


@dataclass(slots=True)
class Counted:
    """A hall's forecasts, and how often one was made."""

    forecasts: Forecasts
    made: list[None]

    def current(self) -> Any:
        """The latest one."""
        return self.forecasts.current()


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch, stopwatch: Stopwatch) -> Callable[[Any], Counted]:
    """Forecasts of a hall that count."""

    def count(hall: Any) -> Counted:
        made: list[None] = []
        refresh = Forecasts.refresh

        def counting(self: Forecasts, between: Callable[[], None] = lambda: None) -> None:
            made.append(None)
            refresh(self, between)

        monkeypatch.setattr(Forecasts, "refresh", counting)
        return Counted(Forecasts(hall), made)

    return count


# --- Without a background -----------------------------------------------------------------------------------------------


def test_one_is_made_when_first_asked_for_and_kept(desk: Any, counted: Any, clock: Any, stopwatch: Stopwatch) -> None:
    """Within a second nothing is reckoned twice."""
    found = counted(desk.hall)
    first = found.current()
    clock.at += MAX_AGE_S / 2
    stopwatch.seconds += MAX_AGE_S / 2
    assert found.current() is first
    assert len(found.made) == 1


@pytest.mark.parametrize("which", ["the hall's time", "steady time", "the log", "the hall's time back"])
def test_a_stale_one_is_made_anew(which: str, desk: Any, counted: Any, clock: Any, stopwatch: Stopwatch) -> None:
    """After a second of either clock, after any event, and never from the future."""
    found = counted(desk.hall)
    clock.at += 600
    found.current()
    match which:
        case "the hall's time":
            clock.at += MAX_AGE_S
        case "steady time":
            stopwatch.seconds += MAX_AGE_S
        case "the log":
            desk.issue()
        case "the hall's time back":
            clock.at -= 300
    found.current()
    assert len(found.made) == 2


# --- With a background ----------------------------------------------------------------------------------------------------


def test_with_a_background_nobody_who_asks_pays(desk: Any, counted: Any, clock: Any, stopwatch: Stopwatch) -> None:
    """Whatever has happened since: the background's last one serves, until it has stopped for five seconds."""
    found = counted(desk.hall)
    found.forecasts.keep_fresh(lambda: None)
    kept = found.current()
    desk.open("S01")
    for _ in range(3):
        desk.issue()
    clock.at += 60
    stopwatch.seconds += STOPPED_AFTER_S - 0.1
    assert found.current() is kept
    assert len(found.made) == 1

    stopwatch.seconds += 0.1
    assert found.current() is not kept
    assert len(found.made) == 2


def test_a_background_rests_while_nothing_happens(desk: Any, counted: Any, stopwatch: Stopwatch) -> None:
    """The next round makes a forecast after any event; without one only once in four seconds."""
    found = counted(desk.hall)
    found.forecasts.keep_fresh(lambda: None)
    found.forecasts.keep_fresh(lambda: None)
    assert len(found.made) == 1
    desk.open("S01")
    found.forecasts.keep_fresh(lambda: None)
    assert len(found.made) == 2
    stopwatch.seconds += QUIET_EVERY_S
    found.forecasts.keep_fresh(lambda: None)
    assert len(found.made) == 3


def test_the_background_lets_others_go_on(desk: Any, stopwatch: Stopwatch) -> None:
    """Between two futures commands are taken; what was begun is still a forecast of one moment."""
    desk.open("S01")
    for _ in range(3):
        desk.issue()
    forecasts = Forecasts(desk.hall)
    before = desk.hall.seq
    forecasts.keep_fresh(lambda: desk.issue() and None)
    outlook = forecasts.current()
    assert outlook.seq == before
    assert len(outlook.forecast.tickets) == 3
    assert desk.hall.seq >= before + 20


def test_a_background_that_cannot_read_leaves_the_last_one(
    desk: Any, stopwatch: Stopwatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A failing disk is the chore's trouble, not that of those who ask; once it has lasted they are told."""
    forecasts = Forecasts(desk.hall)
    forecasts.keep_fresh(lambda: None)
    kept = forecasts.current()
    desk.open("S01")

    def failing() -> Any:
        raise StorageTrouble("no disk")

    monkeypatch.setattr(desk.hall, "reading", failing)
    with pytest.raises(StorageTrouble):
        forecasts.keep_fresh(lambda: None)
    assert forecasts.current() is kept
    stopwatch.seconds += STOPPED_AFTER_S
    with pytest.raises(StorageTrouble):
        forecasts.current()


# --- What it says -----------------------------------------------------------------------------------------------------------


def busy(desk: Any, clock: Any) -> None:
    """One window at work and eight who wait."""
    desk.open("S01")
    for n in range(9):
        clock.at += 20
        desk.issue(f"t{n}")
    desk.call("S01")


def test_the_same_log_gives_the_same_forecast(desk: Any, house: Any, clock: Any, stopwatch: Stopwatch) -> None:
    """Also in a server started anew; after one more event chance is another."""
    busy(desk, clock)
    first = Forecasts(desk.hall).current()
    again = Forecasts(desk.hall).current()
    restarted = Forecasts(house.start().hall).current()
    assert first.forecast == again.forecast == restarted.forecast
    assert (first.seq, first.ahead) == (restarted.seq, restarted.ahead)
    desk.send(lambda at: c.RequestReprint(at=at, ticket="t5"))
    assert Forecasts(desk.hall).current().forecast != first.forecast


def test_a_ticket_issued_since_is_told_the_newcomers_wait(desk: Any, clock: Any, stopwatch: Stopwatch) -> None:
    """By its service and whether it is a priority one; those who were known are told their own."""
    busy(desk, clock)
    forecasts = Forecasts(desk.hall)
    forecasts.keep_fresh(lambda: None)
    desk.issue("late")
    desk.send(lambda at: c.Issue(at=at, ticket="late-elder", service="insurance", group="elder"))
    desk.send(lambda at: c.Issue(at=at, ticket="elsewhere", service="licence"))
    outlook = forecasts.current()
    with desk.hall.reading() as state:
        tickets = {name: state.tickets[name] for name in ("t5", "late", "late-elder", "elsewhere")}
    newcomers = outlook.forecast.newcomers
    assert outlook.of_ticket(tickets["late"]) == newcomers[("insurance", False)]
    assert outlook.of_ticket(tickets["late-elder"]) == newcomers[("insurance", True)]
    assert outlook.of_ticket(tickets["elsewhere"]) is None
    assert outlook.of_ticket(tickets["t5"]) == outlook.forecast.tickets["t5"]
    assert newcomers[("insurance", True)] != newcomers[("insurance", False)]
    assert outlook.of_newcomer("insurance") == newcomers[("insurance", False)]
    assert outlook.of_newcomer("insurance", is_priority=True) == newcomers[("insurance", True)]


def test_how_many_stand_before_a_newcomer(desk: Any, clock: Any, stopwatch: Stopwatch) -> None:
    """Eight wait for the windows of the zone, whose services they share; nobody for a licence."""
    busy(desk, clock)
    ahead = Forecasts(desk.hall).current().ahead
    assert (ahead["insurance"], ahead["licence"]) == (8, 0)


def test_a_newcomer_stands_first_at_the_windows_of_the_precheck(desk: Any, clock: Any, stopwatch: Stopwatch) -> None:
    """A licence whose papers are looked through at the social windows first has everybody there before it."""
    for n in range(2):
        desk.issue(f"r{n}", "relief")
    clock.at += 1800
    busy(desk, clock)
    plan = desk.hall.plan
    licence = replace(plan.services["licence"], precheck="insurance")
    desk.hall.adopt(replace(plan, services={**plan.services, "licence": licence}))
    ahead = Forecasts(desk.hall).current().ahead
    assert (ahead["insurance"], ahead["licence"]) == (10, 10)


# --- Through the app ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def site(desk: Any, tmp_path: Path) -> Iterator[Site]:
    """The desk's hall behind the API."""
    accounts = Accounts(tmp_path / "accounts.db")
    links = TicketLinks(accounts.secret("ticket-links"))
    people, catalogue = People(tmp_path / "people.db", "secret"), Catalogue(tmp_path / "catalogue.db")
    yield Site(
        desk.hall,
        Names.of(load_hall(SMALL)),
        accounts,
        links,
        Forecasts(desk.hall),
        people,
        catalogue,
        public_url="http://hall.test",
    )
    people.close()
    catalogue.close()
    accounts.close()


def test_a_citizens_tap_reckons_nothing(
    site: Site, desk: Any, stopwatch: Stopwatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a background at work a ticket is issued, and told its wait, from what is kept."""
    desk.open("S01")
    site.forecasts.keep_fresh(lambda: None)
    told = site.forecasts.current().of_newcomer("insurance")
    assert told == Wait(0.0, 0.0, 0.0)

    def never(self: Forecasts, between: Callable[[], None] = lambda: None) -> None:
        raise AssertionError("a forecast on the citizen's time")

    monkeypatch.setattr(Forecasts, "refresh", never)
    token = site.accounts.add_device("kiosk-1", DeviceKind.KIOSK)
    client = create_app(site).test_client(use_cookies=False)
    for number in range(20):
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"tap-key-{number}"}
        answer = client.post("/api/v1/tickets", json={"service": "insurance"}, headers=headers)
        assert answer.status_code == 201, answer.text
        assert answer.json["wait"] is not None
