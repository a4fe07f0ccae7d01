"""The business day: opening, closing, rollover, and what crosses midnight."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from server.core import commands as c
from server.core import events as e
from server.core.affairs import Visit
from server.core.evolve import fold
from server.core.model import DAY_END, DeviceCondition, Lengths, TicketState, WindowStatus
from server.core.refusals import Reason
from tests.cast import (
    COMPANY,
    E01,
    INSURANCE,
    LI,
    MEDICAL,
    MORNING,
    S01,
    S02,
    STORY_OF,
    TAX,
    TODAY,
    YANGXIN,
    Day,
    a_ticket,
    at,
    called,
    cancelled,
    closed,
    day_opened,
    finished,
    given,
    held,
    id_of,
    missed,
    started,
)

TOMORROW = TODAY + timedelta(days=1)
#: The mean lengths of the hall file, in seconds.
MEANS = {INSURANCE: 600.0, MEDICAL: 360.0, COMPANY: 900.0, TAX: 600.0}
#: One ticket in every state, at closing time.
EVENING = (
    *MORNING,
    a_ticket("A001"),
    *(a_ticket(f"A00{n}", f"9:0{n}") for n in range(2, 8)),
    called("A002"), finished("A002"),
    called("A003"), missed("A003"),
    called("A004"), held("A004"),
    cancelled("A005"),
    called("A006", S01, "9:30"), started("A006", S01, "9:31"),
    called("A007", S02, "9:30"),
)  # fmt: skip


def test_the_end_of_the_day_closes_what_is_open_once() -> None:
    """Waiting, called and held tickets end as not handled, a service as finished; the rest stays; windows close."""
    hall = given(*EVENING)
    end = "17:45"
    state = hall.when(c.CloseDay(at=at(end))).then(
        cancelled("A001", end, DAY_END),
        cancelled("A004", end, DAY_END),
        finished("A006", S01, end, DAY_END),
        cancelled("A007", end, DAY_END),
        closed(S01, end),
        closed(S02, end),
        e.DayClosed(at=at(end), business_day="2026-11-23"),
    )
    assert not state.waiting
    assert {w.status for w in state.windows.values()} == {WindowStatus.CLOSED}
    assert all(w.ticket is None for w in state.windows.values())
    assert state.tickets[id_of("A003")].state is TicketState.NO_SHOW
    hall.when(c.CloseDay(at=at("17:46"))).refused(Reason.DAY_NOT_OPEN)
    hall.when(c.OpenDay(at=at("0:00", TOMORROW), business_day="2026-11-24")).then(
        e.DayOpened(
            at=at("0:00", TOMORROW),
            business_day="2026-11-24",
            means=MEANS,
            # One service of ten minutes was seen: A002.
            learnt={INSURANCE: Lengths(weight=1, mean_s=600, spread=0.7)},
            # It has not been rated; A006, which only the end of the day closed, is not asked about.
            visits=(
                Visit(
                    id=id_of("A002"),
                    number="A002",
                    business_day="2026-11-23",
                    service=INSURANCE,
                    zone="social",
                    window=S01,
                    clerk=LI,
                    finished_at=at("9:20"),
                ),
            ),
        )
    )


def test_a_new_day_closes_the_old_one_first() -> None:
    """The server was off at midnight: yesterday ends when today begins, in one step, once."""
    hall = given(*EVENING)
    events = hall.when(c.OpenDay(at=at("8:10", TOMORROW), business_day="2026-11-24")).events
    assert events is not None
    kinds = [type(x).__name__ for x in events]
    assert kinds == [
        "TicketCancelled", "TicketCancelled", "ServiceFinished", "TicketCancelled",
        "WindowClosed", "WindowClosed", "DayClosed", "DayOpened",
    ]  # fmt: skip
    hall.when(c.OpenDay(at=at("8:11", TOMORROW), business_day="2026-11-24")).then()


def test_a_new_day_begins_with_nothing() -> None:
    """No ticket, number, call or clerk of yesterday is in today's state; numbers begin at 1."""
    hall = given(*EVENING)
    state = hall.when(c.OpenDay(at=at("0:00", TOMORROW), business_day="2026-11-24")).state
    assert (state.tickets, state.waiting, state.numbers, state.calls, state.counters) == ({}, {}, {}, [], {})
    assert (state.windows, state.entries, state.business_day, state.day_open) == ({}, 0, "2026-11-24", True)
    hall.when(c.Issue(at=at("9:00", TOMORROW), ticket="x", service=INSURANCE))
    assert hall.state.tickets["x"].number == "A001"


@pytest.mark.parametrize("day", ["2026-11-23", "2026-11-22", "2018-11-23"])
def test_a_day_never_begins_again(day: str) -> None:
    """A clock set back, or a restart at ten, opens nothing and keeps the numbers."""
    hall = given(*EVENING)
    hall.when(c.OpenDay(at=at("10:00"), business_day=day)).then()
    assert hall.state.counters == {"A": 7}


def test_a_closed_day_does_not_open_again() -> None:
    """Its numbers are spent."""
    hall = given(*EVENING)
    hall.when(c.CloseDay(at=at("17:45")))
    hall.when(c.OpenDay(at=at("17:50"), business_day="2026-11-23")).then()
    assert not hall.state.day_open


@pytest.mark.parametrize(
    "command",
    [
        c.Issue(at=at("9:00"), ticket="x", service=INSURANCE),
        c.CallNext(at=at("9:00"), window=S01),
        c.OpenWindow(at=at("9:00"), window=S01),
        c.CloseDay(at=at("9:00")),
    ],
)
def test_outside_a_day_nothing_happens(command: c.Command) -> None:
    """Before the first opening every command but that is refused."""
    given().when(command).refused(Reason.DAY_NOT_OPEN)


def test_assignments_of_windows_cross_midnight() -> None:
    """What a supervisor assigned stays so; a window left to the plan stays with the plan."""
    until = at("10:00", TOMORROW)
    hall = given(
        *MORNING,
        e.WindowAssigned(at=at("9:00"), window=S01, services=(TAX,)),
        e.WindowAssigned(at=at("9:00"), window=S02, services=(COMPANY,), zone="enterprise", until=until),
    )
    events = hall.when(c.OpenDay(at=at("0:00", TOMORROW), business_day="2026-11-24")).events or []
    assert events[-1] == e.DayOpened(
        at=at("0:00", TOMORROW),
        business_day="2026-11-24",
        means=MEANS,
        assignments={S01: (TAX,), S02: (COMPANY,)},
        zones={S02: "enterprise"},
        until={S02: until},
    )
    assert hall.state.window(S01).services == (TAX,)
    assert hall.state.window(S01).status is WindowStatus.CLOSED
    assert (hall.state.window(S02).zone, hall.state.window(S02).until) == ("enterprise", until)


@pytest.mark.parametrize("closed_before", [True, False], ids=["the day was closed", "the server was off at midnight"])
def test_a_move_that_waits_for_its_ticket_crosses_midnight(closed_before: bool) -> None:
    """Told at 17:20 while serving, the window is where it was told to be in the morning, however the day ended."""
    day = Day(*MORNING, *STORY_OF[TicketState.SERVING])
    day.do(c.AssignWindow(at=at("17:20"), window=S01, services=(TAX,)))
    assert day.state.window(S01).services is None
    if closed_before:
        day.do(c.CloseDay(at=at("18:00")))
    day.do(c.OpenDay(at=at("0:00", TOMORROW), business_day="2026-11-24"))
    assert day.state.window(S01).services == (TAX,)


def test_an_assignment_that_ended_overnight_is_reverted_in_the_morning_once() -> None:
    """The server was off when its time came: the first look of the day brings the window back, and says so."""
    day = Day(*MORNING)
    day.do(c.AssignWindow(at=at("17:00"), window=S01, services=(TAX,), until=at("17:30")))
    day.do(c.OpenDay(at=at("8:00", TOMORROW), business_day="2026-11-24"))
    assert day.state.window(S01).services == (TAX,)
    (back,) = day.do(c.Watch(at=at("8:00:01", TOMORROW)))
    assert isinstance(back, e.WindowAssigned)
    assert (back.window, back.services, day.state.window(S01).until) == (S01, (), None)
    assert day.do(c.Watch(at=at("8:00:02", TOMORROW))) == []


def test_a_device_in_trouble_is_told_once_and_remembered_overnight() -> None:
    """The same condition again is no news; a paper end of yesterday evening is still one in the morning."""
    hall = given(*MORNING)
    report = c.ReportDevice(at=at("17:00"), device="kiosk-1", condition="paper_out")
    hall.when(report).then(e.DeviceReported(at=at("17:00"), device="kiosk-1", condition="paper_out"))
    hall.when(replace(report, at=at("17:01"))).then()
    hall.when(c.OpenDay(at=at("0:00", TOMORROW), business_day="2026-11-24"))
    assert hall.state.devices == {"kiosk-1": DeviceCondition("paper_out", at("17:00"))}
    ready = c.ReportDevice(at=at("8:00", TOMORROW), device="kiosk-1", condition="ready")
    state = hall.when(ready).then(e.DeviceReported(at=at("8:00", TOMORROW), device="kiosk-1", condition="ready"))
    assert state.devices == {"kiosk-1": DeviceCondition("ready", at("8:00", TOMORROW))}


def test_an_assignment_follows_the_hall_file() -> None:
    """Services and windows that today's file no longer knows are not carried into the day."""
    services = {k: v for k, v in YANGXIN.services.items() if k != TAX}
    windows = {k: v for k, v in YANGXIN.windows.items() if k != S02}
    hall = given(
        *MORNING,
        e.WindowAssigned(at=at("9:00"), window=S01, services=(TAX, COMPANY)),
        e.WindowAssigned(at=at("9:00"), window=E01, services=(TAX,)),
        e.WindowAssigned(at=at("9:00"), window=S02, services=(COMPANY,)),
        plan=replace(YANGXIN, services=services, windows=windows),
    )
    events = hall.when(c.OpenDay(at=at("0:00", TOMORROW), business_day="2026-11-24")).events or []
    assert isinstance(events[-1], e.DayOpened)
    assert events[-1].assignments == {S01: (COMPANY,)}


def test_mean_service_times_are_frozen_with_the_day() -> None:
    """The opening records the means that credits of the day are computed from."""
    given().when(c.OpenDay(at=at("0:00"), business_day="2026-11-23")).then(replace(day_opened("0:00"), means=MEANS))


def test_the_state_is_the_fold_from_the_last_opening_too() -> None:
    """Three days: folding everything and folding from the last `DayOpened` give the same hall."""
    day = Day()
    today: date = TODAY
    for _ in range(3):
        day.do(c.OpenDay(at=at("0:00", today), business_day=today.isoformat()))
        day.do(c.OpenWindow(at=at("8:30", today), window=S01))
        day.do(c.AssignWindow(at=at("8:30", today), window=E01, services=(TAX,)))
        for n in range(3):
            day.do(c.Issue(at=at(f"9:0{n}", today), ticket=f"{today}-{n}", service=INSURANCE))
        day.do(c.CallNext(at=at("9:10", today), window=S01))
        today += timedelta(days=1)
    last = max(i for i, event in enumerate(day.log) if isinstance(event, e.DayOpened))
    assert last > 0
    assert fold(day.log) == fold(day.log[last:]) == day.state


def test_a_held_ticket_of_yesterday_cannot_be_resumed() -> None:
    """It was closed with its day and is unknown today."""
    hall = given(*MORNING, *STORY_OF[TicketState.HELD])
    hall.when(c.OpenDay(at=at("0:00", TOMORROW), business_day="2026-11-24"))
    hall.when(c.OpenWindow(at=at("8:30", TOMORROW), window=S01))
    hall.when(c.Resume(at=at("9:00", TOMORROW), window=S01, ticket="A001")).refused(Reason.TICKET_UNKNOWN)
