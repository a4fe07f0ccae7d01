"""The business day is the hall's local date, opened once, whatever the server or its clock did (A2.7, D2.14, D2.17)."""

from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.core.calendar import business_day
from server.core.model import TicketState


def kinds(house: Any) -> list[str]:
    """What happened, by type."""
    return [type(recorded.event).__name__ for recorded in house.logs[-1].read()]


def test_midnight_closes_what_was_left_and_numbers_begin_again(house: Any) -> None:
    """Yesterday's waiting tickets are closed once as not handled, windows close, and today's first ticket is A001."""
    desk = house.start()
    desk.open("S01")
    desk.issue()
    desk.issue()
    desk.call("S01")
    house.clock.set("2026-11-24 00:00")
    desk.hall.tick()
    desk.hall.tick()

    assert kinds(house)[-5:] == ["TicketCancelled", "TicketCancelled", "WindowClosed", "DayClosed", "DayOpened"]
    reasons = {r.event.reason for r in house.logs[-1].read() if type(r.event).__name__ == "TicketCancelled"}
    assert reasons == {"day_end"}
    assert desk.issue().body[0]["number"] == "A001"


def test_a_command_at_midnight_needs_no_tick(house: Any) -> None:
    """The first command of the new day opens it, in the same commit."""
    desk = house.start()
    desk.issue()
    house.clock.set("2026-11-24 08:30")

    assert desk.issue().body[0]["number"] == "A001"
    assert kinds(house).count("DayOpened") == 2


@pytest.mark.parametrize("days", [1, 2, 30])
def test_a_server_that_was_off_at_midnight(house: Any, days: int) -> None:
    """Started days later it closes the old day once and opens today, not the days between."""
    desk = house.start()
    desk.issue()
    house.stop()
    house.clock.at += days * 86400

    desk = house.start()

    with desk.hall.reading() as state:
        assert state.business_day == (date(2026, 11, 23) + timedelta(days=days)).isoformat()
        assert state.tickets == {}
    assert kinds(house) == ["DayOpened", "TicketIssued", "TicketCancelled", "DayClosed", "DayOpened"]


@pytest.mark.parametrize("stopped_at", ["2026-11-23 09:59", "2026-11-23 10:00"])
def test_a_restart_at_ten_goes_on_where_it_was(house: Any, stopped_at: str) -> None:
    """A restart within the day opens nothing and restarts no number (A2.7); all it finds is that somebody waits long."""
    desk = house.start()
    desk.open("S01")
    first, second = desk.issue(), desk.issue()
    desk.call("S01")
    house.clock.set(stopped_at)
    seq = desk.hall.seq
    house.stop()
    house.clock.set("2026-11-23 10:00")

    desk = house.start()

    assert kinds(house)[seq:] == ["WaitAlarmRaised"]
    with desk.hall.reading() as state:
        standing = {t.number: t.state for t in state.tickets.values()}
    assert standing == {
        first.body[0]["number"]: TicketState.CALLED,
        second.body[0]["number"]: TicketState.WAITING,
    }
    assert desk.issue().body[0]["number"] == "A003"


@pytest.mark.parametrize("back", ["2026-11-23 08:00", "2026-11-22 23:00", "2018-11-23 09:00"])
def test_a_clock_set_back_opens_no_day_and_shortens_no_wait(house: Any, back: str) -> None:
    """Minutes, a day or eight years back: the same day, numbers go on, no time runs backwards (D2.14)."""
    desk = house.start()
    desk.open("S01")
    issued = desk.issue().body[0]
    house.clock.set(back)
    desk.hall.tick()
    again = desk.issue().body[0]
    called = desk.call("S01").body[-1]

    assert (again["number"], called["number"]) == ("A002", "A001")
    assert issued["at"] <= again["at"] <= called["at"]
    with desk.hall.reading() as state:
        assert state.business_day == "2026-11-23"
        assert all(t.first_called_at is None or t.first_called_at >= t.issued_at for t in state.tickets.values())


def test_a_restart_with_the_clock_back_keeps_the_day(house: Any) -> None:
    """The log's last time counts, not the machine's: a dead clock battery restarts no numbers."""
    house.start().issue()
    house.stop()
    house.clock.set("1970-01-02 00:00")

    desk = house.start()

    assert desk.issue().body[0]["number"] == "A002"
    assert kinds(house).count("DayOpened") == 1


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(-90_000, 90_000), st.integers(0, 3)), max_size=40))
def test_time_never_runs_backwards(house_maker: Any, jumps: list[tuple[int, int]]) -> None:
    """However the machine's clock jumps, the times of events never fall, nor does the hall's time after one."""
    with TemporaryDirectory() as folder:
        house = house_maker(Path(folder) / "hall.db")
        desk = house.start()
        seen: list[float] = []
        for by, what in jumps:
            house.clock.at += by
            match what:
                case 0:
                    desk.hall.tick()
                case 1:
                    desk.open("S01")
                case 2:
                    desk.issue()
                case 3:
                    desk.call("S01")
            with desk.hall.reading() as state:
                assert desk.hall.now() >= state.last_at
                seen.append(state.last_at)
        times = [r.event.at for r in house.logs[-1].read()]
        days = [r.event.business_day for r in house.logs[-1].read() if type(r.event).__name__ == "DayOpened"]
        house.stop()
    assert times == sorted(times)
    assert seen == sorted(seen)
    assert days == sorted(set(days))


YEARS = range(2024, 2034)


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Europe/Warsaw", "America/Sao_Paulo"])
def test_the_turn_of_ten_years_is_the_local_date(zone: str) -> None:
    """From 29 December to 3 January the business day is the calendar's date, never a week-year's (D2.14)."""
    tz = ZoneInfo(zone)
    for year in YEARS:
        for after in range(6):
            day = date(year, 12, 29) + timedelta(days=after)
            for hour in (0, 9, 23):
                at = datetime(day.year, day.month, day.day, hour, 30, tzinfo=tz).timestamp()
                assert business_day(at, tz) == day.isoformat()


def test_a_whole_turn_of_the_year_day_by_day(house: Any) -> None:
    """A hall that runs through New Year opens every day once, in order."""
    house.clock.set("2026-12-29 09:00")
    desk = house.start()
    for _ in range(6):
        assert desk.issue().body[0]["number"] == "A001"
        house.clock.at += 86400
        desk.hall.tick()

    days = [r.event.business_day for r in house.logs[-1].read() if type(r.event).__name__ == "DayOpened"]
    assert days == [(date(2026, 12, 29) + timedelta(days=n)).isoformat() for n in range(7)]


def test_numbers_pass_999_without_wrapping(house: Any) -> None:
    """The thousandth ticket of a day is A1000 (A2.7), also when the server restarts just before."""
    desk = house.start()
    for _ in range(998):
        desk.issue()
    house.stop()
    desk = house.start()

    assert [desk.issue().body[0]["number"] for _ in range(3)] == ["A999", "A1000", "A1001"]
