"""Numbers: by series and business day, through restarts, jumping clocks and midnights; with the real hall and log."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from server.core import commands as c
from server.core.calendar import business_day
from server.core.events import DayClosed, DayOpened, Event, TicketCancelled, TicketIssued
from server.core.model import HallState
from server.core.numbering import format_number
from server.hall import Answer, Hall, Request
from server.log.sqlite import SqliteLog
from tests.cast import ALWAYS_OPEN, COMPANY, INSURANCE, MEDICAL, MORNING, SHANGHAI, TODAY, Day, at, day_opened

WARSAW, SAO_PAULO = ZoneInfo("Europe/Warsaw"), ZoneInfo("America/Sao_Paulo")
HOUR = 3600


@pytest.mark.parametrize(
    ("count", "number"), [(1, "A001"), (12, "A012"), (999, "A999"), (1000, "A1000"), (9999, "A9999"), (10000, "A10000")]
)
def test_numbers_grow_and_never_wrap(count: int, number: str) -> None:
    """Three digits as long as they last, then four."""
    assert format_number("A", count) == number


def test_a_series_counts_past_999() -> None:
    """1005 tickets of a day have 1005 numbers, in order, by two services of one series."""
    day = Day(day_opened("0:00"), plan=ALWAYS_OPEN)
    for n in range(1005):
        day.do(c.Issue(at=at("0:01") + n, ticket=f"t{n}", service=INSURANCE if n % 3 else MEDICAL))
    numbers = [t.number for t in day.state.tickets.values()]
    assert numbers == [f"A{n:03d}" for n in range(1, 1006)]
    assert numbers[-1] == "A1005"
    assert len(day.state.numbers) == 1005


def test_series_count_apart() -> None:
    """A ticket of B does not use a number of A."""
    day = Day(*MORNING)
    assert [day.take("9:00"), day.take("9:01", COMPANY), day.take("9:02"), day.take("9:03", COMPANY)] == [
        "A001", "B001", "A002", "B002",
    ]  # fmt: skip


# --- The real hall over a real log, with a clock that we set ----------------------------------------------------------


class Clockwork:
    """A hall whose server can be stopped and started, and whose clock can be wrong."""

    def __init__(self, path: Path, zone: ZoneInfo = SHANGHAI) -> None:
        self.path, self.zone = path, zone
        self.time = 0.0
        self.taken = 0
        self.start()

    def start(self) -> None:
        """The server starts, or starts again."""
        self.log = SqliteLog(self.path / "hall.db", "yangxin")
        self.hall = Hall(replace(ALWAYS_OPEN, tz=self.zone), self.log, lambda: self.time)

    def stop(self) -> None:
        """The server is gone."""
        self.log.close()

    def take(self) -> str:
        """A citizen takes a ticket now."""
        self.taken += 1
        ticket = f"t{self.taken}"

        def answer(state: HallState, events: list[Event], now: float) -> Answer:
            return Answer(201, state.tickets[ticket].number)

        def refuse(refusal: Exception) -> Answer:
            raise refusal

        request = Request(
            command=lambda now: c.Issue(at=now, ticket=ticket, service=INSURANCE),
            command_id=f"key-{self.taken}",
            body_hash="",
            actor="test",
            answer=answer,
            refuse=refuse,
        )
        number = self.hall.handle(request).body
        assert isinstance(number, str)
        return number

    def events(self) -> list[tuple[str, Event]]:
        """What the log holds: business day and event."""
        return [(recorded.business_day, recorded.event) for recorded in self.log.read()]


@pytest.fixture
def clockwork(tmp_path: Path) -> Iterator[Clockwork]:
    """A hall on the morning of the cast's Monday."""
    made = Clockwork(tmp_path)
    made.time = at("9:00")
    yield made
    made.stop()


def test_a_restart_at_ten_goes_on_counting(clockwork: Clockwork) -> None:
    """The server does not restart numbers; the date does."""
    assert [clockwork.take(), clockwork.take()] == ["A001", "A002"]
    clockwork.stop()
    clockwork.time = at("10:00")
    clockwork.start()
    assert clockwork.take() == "A003"
    assert [type(x).__name__ for _, x in clockwork.events()].count("DayOpened") == 1


@pytest.mark.parametrize("back_s", [1, HOUR, 24 * HOUR, 8 * 365 * 24 * HOUR])
@pytest.mark.parametrize("restart", [False, True])
def test_a_clock_set_back_changes_no_number_and_no_order(clockwork: Clockwork, back_s: float, restart: bool) -> None:
    """A second, a day or eight years back: numbers go on, times never run backwards, no day opens."""
    clockwork.take()
    if restart:
        clockwork.stop()
    clockwork.time -= back_s
    if restart:
        clockwork.start()
    clockwork.hall.tick()
    assert [clockwork.take(), clockwork.take()] == ["A002", "A003"]
    events = clockwork.events()
    assert [x.at for _, x in events] == sorted(x.at for _, x in events)
    assert {day for day, _ in events} == {"2026-11-23"}


def test_a_clock_set_forward_within_the_day_changes_no_number(clockwork: Clockwork) -> None:
    """Summer time, a correction, an operator's slip of hours."""
    clockwork.take()
    clockwork.time += 5 * HOUR
    assert clockwork.take() == "A002"
    clockwork.time -= 5 * HOUR
    assert clockwork.take() == "A003"


def test_midnight_begins_the_numbers_anew_once(clockwork: Clockwork) -> None:
    """At 0:00 of the hall, not of the machine or of London; yesterday's waiting are closed once."""
    assert clockwork.take() == "A001"
    clockwork.time = at("23:59:59")
    clockwork.hall.tick()
    assert clockwork.take() == "A002"
    clockwork.time = at("0:00", TODAY + timedelta(days=1))
    clockwork.hall.tick()
    clockwork.hall.tick()
    assert clockwork.take() == "A001"
    ended = [x for _, x in clockwork.events() if isinstance(x, TicketCancelled)]
    assert [(x.ticket, x.reason) for x in ended] == [("t1", "day_end"), ("t2", "day_end")]


@pytest.mark.parametrize("days_off", [1, 3, 40])
def test_a_server_off_at_midnight_closes_yesterday_when_it_comes_back(clockwork: Clockwork, days_off: int) -> None:
    """Once, under yesterday's date; then today opens and counts from one."""
    clockwork.take()
    clockwork.stop()
    clockwork.time = at("8:10", TODAY + timedelta(days=days_off))
    clockwork.start()
    clockwork.hall.tick()
    clockwork.stop()
    clockwork.start()
    clockwork.hall.tick()
    assert clockwork.take() == "A001"
    today = (TODAY + timedelta(days=days_off)).isoformat()
    kinds = [(day, type(x).__name__) for day, x in clockwork.events()]
    assert kinds == [
        ("2026-11-23", "DayOpened"), ("2026-11-23", "TicketIssued"),
        ("2026-11-23", "TicketCancelled"), ("2026-11-23", "DayClosed"),
        (today, "DayOpened"), (today, "TicketIssued"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        (WARSAW, date(2026, 3, 29)),
        (WARSAW, date(2026, 10, 25)),
        (SAO_PAULO, date(2018, 11, 4)),
        (SAO_PAULO, date(2018, 2, 17)),
    ],
)
def test_a_day_of_23_or_25_hours_is_one_day(tmp_path: Path, zone: ZoneInfo, day: date) -> None:
    """A ticket every half hour over three days with a change of clocks: numbers restart with the local date only."""
    clockwork = Clockwork(tmp_path, zone)
    now = at("12:00", day - timedelta(days=1), zone)
    while now < at("12:00", day + timedelta(days=1), zone):
        clockwork.time = now
        clockwork.take()
        now += HOUR / 2
    by_day: dict[str, list[str]] = {}
    for on, event in clockwork.events():
        if isinstance(event, TicketIssued):
            assert on == business_day(event.at, zone)
            by_day.setdefault(on, []).append(event.number)
    clockwork.stop()
    assert list(by_day) == [(day + timedelta(days=n)).isoformat() for n in (-1, 0, 1)]
    assert all(numbers == [f"A{n:03d}" for n in range(1, len(numbers) + 1)] for numbers in by_day.values())


@pytest.mark.parametrize("year", range(2018, 2028))
def test_every_day_at_the_turn_of_the_year_has_its_own_numbers(year: int) -> None:
    """12-29 … 01-03: six business days, each opened and closed once, each counting from one."""
    day = Day(plan=ALWAYS_OPEN)
    for n in range(6):
        on = date(year, 12, 29) + timedelta(days=n)
        moment = at("9:00", on)
        day.do(c.OpenDay(at=moment, business_day=business_day(moment, SHANGHAI)))
        for k in range(2):
            day.do(c.Issue(at=moment + k, ticket=f"{n}-{k}", service=INSURANCE))
        # The day before comes again, as some clocks have had it: nothing opens.
        assert day.do(c.OpenDay(at=moment + 2, business_day=(on - timedelta(days=1)).isoformat())) == []
    assert [x.number for x in day.log if isinstance(x, TicketIssued)] == ["A001", "A002"] * 6
    assert len([x for x in day.log if isinstance(x, DayOpened)]) == 6
    assert len([x for x in day.log if isinstance(x, DayClosed)]) == 5
