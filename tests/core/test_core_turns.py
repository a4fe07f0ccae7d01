"""Whose turn it is among idle windows, and calls that the server makes where a hall allows it."""

from dataclasses import replace

import pytest

from server.core import commands as c
from server.core import events as e
from server.core.dispatch import turns
from server.core.model import Plan, Rules, TideRules, Why
from tests.cast import (
    COMPANY,
    E01,
    E02,
    INSURANCE,
    MEDICAL,
    S01,
    S02,
    T01,
    TAX,
    TIDAL_HALL,
    TS1,
    TS2,
    Day,
    at,
    day_opened,
)

#: A window that takes insurance only, the least flexible of 社保.
NARROW = "S03"
HALL: Plan = replace(
    TIDAL_HALL,
    windows={
        **TIDAL_HALL.windows,
        NARROW: replace(TIDAL_HALL.windows[S01], id=NARROW, number=6, services=(INSURANCE,)),
    },
)


def hall(*opened: tuple[str, str], plan: Plan = HALL) -> Day:
    """Windows and since when they are idle."""
    day = Day(day_opened(), plan=plan)
    for window, clock in opened:
        day.open(window, clock=clock)
    return day


def turn(day: Day, clock: str) -> dict[str, str]:
    """Window → the number whose call is its turn."""
    return {window: ticket.number for window, ticket in turns(day.plan, day.state, at(clock)).items()}


def test_the_least_flexible_window_is_first() -> None:
    """S03 can take nothing but insurance; the others are kept for what it cannot take, however long they sit idle."""
    day = hall((S01, "8:00"), (S02, "8:10"), (NARROW, "8:30"))
    number = day.take("9:00")
    assert turn(day, "9:00") == {NARROW: number}
    medical = day.take("9:00:30", MEDICAL)
    assert turn(day, "9:01") == {NARROW: number, S01: medical}


def test_tidal_windows_come_last() -> None:
    """Idle since the morning and still after S01, which has just come; even one that can take nothing but insurance."""
    narrow = replace(HALL.windows[TS2], services=(INSURANCE,), may_help=())
    plan = replace(HALL, windows={**HALL.windows, TS2: narrow})
    day = hall((TS1, "8:00"), (TS2, "8:00"), (S01, "8:59"), plan=plan)
    number = day.take("9:00")
    assert turn(day, "9:00") == {S01: number}


def test_among_equals_the_longest_idle_is_first() -> None:
    """S02 has sat there ten minutes longer; after its call S01 has."""
    day = hall((S01, "8:20"), (S02, "8:10"))
    first = day.take("9:00")
    assert turn(day, "9:00") == {S02: first}
    day.call_next(S02, "9:01")
    day.do(c.Finish(at=at("9:05"), window=S02))
    second = day.take("9:06")
    assert turn(day, "9:06") == {S01: second}


def test_among_tidal_windows_the_less_flexible_is_first() -> None:
    """潮2 may help one zone, 潮1 two."""
    day = hall((TS1, "8:00"), (TS2, "8:30"))
    number = day.take("9:00")
    assert turn(day, "9:00") == {TS2: number}


def test_two_idle_windows_are_never_told_the_same_ticket() -> None:
    """One ticket, seven idle windows: one turn. T01 would call the same one next, so its turn comes after E01's call."""
    day = hall(*((window, "8:30") for window in HALL.windows))
    number = day.take("9:00", COMPANY)
    assert turn(day, "9:10") == {E01: number}
    tax = day.take("9:10", TAX)
    assert turn(day, "9:10") == {E01: number}
    day.call_next(E01, "9:10")
    assert turn(day, "9:10") == {T01: tax}


def test_busy_paused_and_closed_windows_have_no_turn() -> None:
    """Only who sits idle is asked."""
    day = hall((S01, "8:00"), (S02, "8:10"), (NARROW, "8:20"), (TS1, "8:30"))
    served = day.take("8:40")
    assert day.call_next(S01, "8:41") == served
    day.do(c.PauseWindow(at=at("8:42"), window=S02))
    day.do(c.CloseWindow(at=at("8:43"), window=NARROW))
    number = day.take("9:00")
    assert turn(day, "9:00") == {TS1: number}


def test_a_helper_has_its_turn_when_it_may_help() -> None:
    """E02 lends 社保 a hand at once, 潮1 goes to 企业 after five minutes."""
    day = hall((E02, "8:30"))
    number = day.take("9:00")
    assert turn(day, "9:00:01") == {E02: number}
    day = hall((TS1, "8:30"))
    number = day.take("9:00", COMPANY)
    assert turn(day, "9:04:59") == {}
    assert turn(day, "9:05") == {TS1: number}


def test_a_turn_is_what_the_window_would_call() -> None:
    """Told and called are the same."""
    day = hall((S01, "8:30"), (E01, "8:30"), (TS1, "8:30"), (T01, "8:30"))
    for n, service in enumerate((INSURANCE, COMPANY, TAX, MEDICAL, COMPANY, INSURANCE)):
        day.take(f"9:0{n}", service)
    told = turn(day, "9:10")
    assert len(told) == 3
    for window, number in told.items():
        assert day.call_next(window, "9:10") == number


# --- Automatic calls ------------------------------------------------------------------------------------------------------


def auto(seconds: float | None, **tides: float) -> Plan:
    """The hall with automatic calls after so many seconds."""
    return replace(HALL, rules=Rules(auto_call_s=seconds), tides=TideRules(**tides))  # type: ignore[arg-type]


def calls(events: list[e.Event]) -> list[tuple[str, float]]:
    """Which windows called, and when."""
    return [(x.window, x.at) for x in events if isinstance(x, e.TicketCalled)]


def test_without_the_rule_clerks_call_themselves() -> None:
    """Nothing is called by the watch, ever."""
    day = hall((S01, "8:30"), plan=auto(None))
    day.take("9:00")
    assert calls(day.watch_every(10, "9:00", "10:00")) == []


def test_an_idle_window_calls_by_itself_after_its_time() -> None:
    """Ten seconds after the citizen came, with the same words and the same announcement as any call."""
    day = hall((S01, "8:30"), plan=auto(10))
    number = day.take("9:00")
    assert calls(day.watch_every(1, "9:00", "9:00:09")) == []
    (call,) = day.watch("9:00:10")
    assert isinstance(call, e.TicketCalled)
    assert (call.window, call.by_hand) == (S01, False)
    assert number in call.why.zh
    assert [x.kind for x in day.state.calls] == ["call"]
    assert calls(day.watch_every(1, "9:00:11", "9:02")) == []


def test_the_time_counts_from_when_the_window_became_free() -> None:
    """A clerk who has just finished gets the seconds too."""
    day = hall((S01, "8:30"), plan=auto(10))
    day.take("9:00")
    day.take("9:00")
    day.call_next(S01, "9:00")
    day.do(c.Finish(at=at("9:10"), window=S01))
    assert calls(day.watch_every(1, "9:10", "9:10:20")) == [(S01, at("9:10:10"))]


def test_a_hall_may_call_at_once() -> None:
    """No seconds at all are a rule too."""
    day = hall((S01, "8:30"), plan=auto(0))
    day.take("9:00")
    assert calls(day.watch("9:00")) == [(S01, at("9:00"))]


def test_nobody_is_called_to_an_empty_seat() -> None:
    """A window that the tide opened without a clerk calls nobody by itself until somebody has signed in there."""
    why = Why(zh="积压", en="Work piles up", detail="")
    day = Day(day_opened(), e.WindowOpened(at=at("8:50"), window=S01, why=why), plan=auto(10))
    day.take("9:00")
    assert calls(day.watch("9:10")) == []
    day.open(S01, clock="9:11")
    assert calls(day.watch("9:12")) != []


def test_one_automatic_call_a_look() -> None:
    """Each is judged by the hall as the one before has left it: nobody is called twice."""
    day = hall((S01, "8:10"), (S02, "8:20"), (NARROW, "8:30"), plan=auto(5))
    numbers = [day.take("9:00") for _ in range(3)]
    found = [day.watch(f"9:00:{second:02d}") for second in range(5, 9)]
    assert [len(calls(events)) for events in found] == [1, 1, 1, 0]
    assert [window for events in found for window, _ in calls(events)] == [NARROW, S01, S02]
    assert [day.ticket(number).window for number in numbers] == [NARROW, S01, S02]


def test_one_automatic_call_a_look_also_where_two_have_their_turn() -> None:
    """Insurance and company business have nothing to do with each other, and are still called one after the other."""
    day = hall((S01, "8:10"), (E01, "8:20"), plan=auto(5))
    day.take("9:00")
    day.take("9:00", COMPANY)
    assert set(turn(day, "9:00:05")) == {S01, E01}
    assert [len(calls(day.watch(clock))) for clock in ("9:00:05", "9:00:05", "9:00:05")] == [1, 1, 0]


def test_only_the_window_whose_turn_it_is_calls_by_itself() -> None:
    """S01 has sat idle for half an hour; S03, less flexible, calls ten seconds after its clerk came back."""
    day = hall((S01, "8:30"), (NARROW, "9:00"), plan=auto(10))
    day.take("8:59:55")
    assert calls(day.watch_every(1, "9:00", "9:00:30")) == [(NARROW, at("9:00:10"))]


@pytest.mark.parametrize("auto_s", [0, 30])
def test_a_window_that_closes_at_a_look_does_not_call_at_the_same_look(auto_s: float) -> None:
    """Idle for three quarters of an hour, it would close just when somebody comes: never a call at a closed window."""
    # Three windows at home and little work: the pressure is still low enough to close.
    plan = replace(auto(auto_s, close_pressure_s=600.0), windows={w: HALL.windows[w] for w in (S01, S02, TS1)})
    day = hall((S01, "8:15"), (S02, "8:15"), (TS1, "8:15"), plan=plan)
    for window in (S01, S02):
        day.take("8:59", INSURANCE)
        day.call_next(window, "8:59")
    day.take("8:59:30", INSURANCE)
    events = day.watch("9:00")
    assert [event.window for event in events if isinstance(event, e.WindowClosed)] == [TS1]
    assert calls(events) == []


def test_a_window_brought_home_at_a_look_calls_for_its_home_at_the_next() -> None:
    """Its assignment ends while company tickets wait: not one of them is called from home as if it were away."""
    day = hall((TS2, "8:30"), plan=auto(0))
    day.do(c.AssignWindow(at=at("8:40"), window=TS2, services=(COMPANY,), zone="enterprise", until=at("9:00")))
    day.take("9:00", COMPANY)
    own = day.take("9:00")
    assert [
        type(event).__name__ for event in day.watch("9:00") if isinstance(event, e.WindowEvent | e.TicketEvent)
    ] == ["WindowAssigned"]
    assert calls(day.watch("9:00:01")) == [(TS2, at("9:00:01"))]
    assert day.ticket(own).window == TS2
    assert day.state.window(TS2).zone is None
