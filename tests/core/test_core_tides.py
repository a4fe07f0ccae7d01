"""Helping, ticket by ticket: when a tidal window leaves its zone, when it stays, how often it may go, and the others
that lend a hand without moving."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from server.core import commands as c
from server.core import events as e
from server.core.model import MoveKind, Plan, TideMode, TideRules
from tests.cast import (
    COMPANY,
    E01,
    E02,
    ELDER,
    INSURANCE,
    S01,
    S02,
    TAX,
    TIDAL_HALL,
    TS1,
    TS2,
    Day,
    at,
    day_opened,
)

#: The two sets of thresholds: after how many minutes a window helps, and how much earlier somebody elsewhere must count.
HELP_AFTER, LEAVE_FOR = 5, 15


def hall(*windows: str, plan: Plan = TIDAL_HALL) -> Day:
    """The tidal hall of the cast with some windows open."""
    day = Day(day_opened(), plan=plan)
    day.open(*windows)
    return day


def with_tides(**rules: object) -> Plan:
    """The tidal hall under other rules."""
    return replace(TIDAL_HALL, tides=TideRules(**rules))  # type: ignore[arg-type]


def told(events: Iterable[e.Event]) -> list[str]:
    """The kinds of some events."""
    return [type(event).__name__ for event in events]


def test_an_idle_window_helps_who_has_waited_five_minutes() -> None:
    """Not a second earlier; it is then where it helps, and the move is on record with its reason."""
    day = hall(TS1)
    waiting = day.take("9:00", COMPANY)
    assert day.call_next(TS1, "9:04:59") is None
    assert day.call_next(TS1, "9:05") == waiting
    (call,) = [event for event in day.log if isinstance(event, e.TicketCalled)]
    assert (call.helping, call.zone, day.state.window(TS1).zone, day.state.helping_calls) == (
        True,
        "enterprise",
        "enterprise",
        1,
    )
    (move,) = day.state.moves
    assert (move.kind, move.from_zone, move.to_zone, move.why) == (MoveKind.HELP, None, "enterprise", call.why)
    assert day.state.window(TS1).why == call.why


def test_it_waits_for_the_next_of_a_line_and_not_for_any() -> None:
    """An elder just come stands first and has not waited: nobody behind is taken before, nobody is passed."""
    day = hall(TS1)
    long_waiting, elder = day.take("9:00", COMPANY), day.take("9:06", COMPANY, ELDER)
    assert day.call_next(TS1, "9:10") is None
    assert day.call_next(TS1, "9:11") == elder
    assert day.call_next(TS1, "9:12") == long_waiting


def test_it_helps_the_one_who_counts_earliest_of_all_it_may_help() -> None:
    """Tax of 9:01 counts as 9:01, company of 9:00 as 9:05."""
    day = hall(TS1)
    company, tax = day.take("9:00", COMPANY), day.take("9:01", TAX)
    assert [day.call_next(TS1, "9:10"), day.call_next(TS1, "9:11")] == [tax, company]


def test_it_helps_nobody_it_is_not_authorised_for() -> None:
    """潮2 knows no tax."""
    day = hall(TS2)
    day.take("9:00", TAX)
    assert day.call_next(TS2, "10:00") is None


@pytest.mark.parametrize(("company", "leaves"), [("9:00", True), ("9:00:01", False)])
def test_it_leaves_its_own_people_only_for_one_who_counts_a_quarter_of_an_hour_earlier(
    company: str, leaves: bool
) -> None:
    """The company ticket counts five minutes later than it was taken: 9:05 against 9:20 is just enough."""
    day = hall(TS1)
    elsewhere, own = day.take(company, COMPANY), day.take("9:20")
    assert day.call_next(TS1, "9:30") == (elsewhere if leaves else own)


@pytest.mark.parametrize(("own", "returns"), [("9:20", True), ("9:20:01", False)])
def test_where_it_went_it_stays_by_the_same_rule(own: str, returns: bool) -> None:
    """From 企业 it goes home only for somebody who counts as much earlier as it takes to leave home."""
    day = hall(TS1)
    day.take("9:00", COMPANY)
    day.call_next(TS1, "9:10")
    home, there = day.take(own), day.take("9:30", COMPANY)
    assert day.call_next(TS1, "9:40") == (home if returns else there)
    assert day.state.window(TS1).zone == (None if returns else "enterprise")
    assert [move.kind for move in day.state.moves] == ([MoveKind.HELP, MoveKind.HOME] if returns else [MoveKind.HELP])


def test_it_comes_home_for_who_has_waited_there_when_nobody_is_left() -> None:
    """By the same five minutes."""
    day = hall(TS1)
    day.take("9:00", COMPANY)
    day.call_next(TS1, "9:10")
    home = day.take("9:15")
    assert day.call_next(TS1, "9:19:59") is None
    assert day.call_next(TS1, "9:20") == home
    assert day.state.window(TS1).zone is None


def test_an_hour_of_changing_arrivals_does_not_make_it_flap() -> None:
    """One comes every three minutes, now here and now there: it serves both zones and moves a few times, where one
    that always took the earliest would move with nearly every call."""
    calls, moves = {}, {}
    for name, rules in {"rules": {}, "none": {"help_after_s": 0.0, "leave_for_s": 0.0}}.items():
        day = hall(TS1, plan=with_tides(moves_per_hour=60, **rules))
        for minute in range(0, 60, 3):
            day.take(f"9:{minute:02d}", COMPANY if minute % 2 else INSURANCE)
            day.call_next(TS1, f"9:{minute + 2:02d}")
        served = [day.state.tickets[event.ticket].service for event in day.log if isinstance(event, e.TicketCalled)]
        calls[name], moves[name] = served, len(day.state.moves)
    assert {INSURANCE, COMPANY} <= set(calls["rules"])
    assert moves["none"] >= 15
    assert moves["rules"] <= 6


def test_a_clerk_leaves_no_more_often_than_the_hall_allows() -> None:
    """Twice an hour: out and home again, and out a second time only an hour after the first. Home it may always go."""
    day = hall(TS1, plan=with_tides(moves_per_hour=2))
    clock = iter(range(30, 90, 6))
    for service in (COMPANY, INSURANCE):
        minute = next(clock)
        number = day.take(f"9:{minute:02d}", service)
        assert day.call_next(TS1, f"9:{minute + 5:02d}") == number
    assert len(day.state.window(TS1).moves) == 2
    stranded = day.take("9:45", COMPANY)
    assert day.call_next(TS1, "10:34:59") is None
    assert day.call_next(TS1, "10:35") == stranded
    day.do(c.Finish(at=at("10:36"), window=TS1))
    home = day.take("10:37")
    assert day.call_next(TS1, "10:42") == home


def test_a_hall_may_forbid_leaving() -> None:
    """No moves an hour: it stays at home, however long anybody waits elsewhere."""
    day = hall(TS1, plan=with_tides(moves_per_hour=0))
    day.take("8:31", COMPANY)
    assert day.call_next(TS1, "11:00") is None


@pytest.mark.parametrize("mode", [TideMode.PROPOSE, TideMode.MANUAL])
@pytest.mark.parametrize("by_zone", [True, False])
def test_it_leaves_by_itself_in_the_automatic_mode_only(mode: TideMode, by_zone: bool) -> None:
    """Whether the hall's mode says so or that of its zone; the clerk may still call by hand what it is authorised for."""
    day = hall(TS1, plan=with_tides(zones={"social": mode}) if by_zone else with_tides(mode=mode))
    waiting = day.take("9:00", COMPANY)
    assert day.call_next(TS1, "10:00") is None
    day.do(c.CallTicket(at=at("10:00"), window=TS1, ticket=waiting))
    assert day.ticket(waiting).window == TS1


def test_the_mode_of_another_zone_is_of_no_account() -> None:
    """A window is moved by the mode of the zone it belongs to."""
    day = hall(TS1, plan=with_tides(zones={"enterprise": TideMode.MANUAL}))
    waiting = day.take("9:00", COMPANY)
    assert day.call_next(TS1, "9:05") == waiting


# --- Windows that lend a hand -----------------------------------------------------------------------------------------


def test_a_window_that_is_not_tidal_helps_sooner_and_does_not_move() -> None:
    """E02 takes an insurance ticket at once, where it idles: a helping call, no move, and it is where it always was."""
    day = hall(E02)
    waiting = day.take("9:00")
    assert day.call_next(E02, "9:00:01") == waiting
    assert (day.state.window(E02).zone, day.state.moves, day.state.helping_calls) == (None, [], 1)


def test_for_a_minute_it_leaves_a_ticket_to_a_free_window_of_the_zone() -> None:
    """S01 sits idle and takes insurance where it is: E02 would pay a change-over for nothing, unless nobody presses."""
    day = hall(E02, S01)
    waiting = day.take("9:00")
    assert day.call_next(E02, "9:00:59") is None
    assert day.call_next(E02, "9:01") == waiting


def test_while_the_zones_windows_are_busy_or_paused_it_helps_at_once() -> None:
    """There is nobody to leave the ticket to."""
    day = hall(E02, S01, S02)
    day.do(c.PauseWindow(at=at("8:50"), window=S02))
    first, second = day.take("9:00"), day.take("9:00")
    assert day.call_next(S01, "9:00:01") == first
    assert day.call_next(E02, "9:00:02") == second


@pytest.mark.parametrize(("insurance", "helps"), [("8:55", True), ("8:55:01", False)])
def test_it_leaves_its_own_people_only_for_one_who_counts_twenty_minutes_earlier(insurance: str, helps: bool) -> None:
    """A company ticket of 9:10 counts as 9:15: an insurance ticket of 8:55 is just early enough."""
    day = hall(E02)
    elsewhere, own = day.take(insurance), day.take("9:10", COMPANY)
    assert day.call_next(E02, "9:30") == (elsewhere if helps else own)


def test_it_lends_a_hand_in_every_mode_and_as_often_as_needed() -> None:
    """It goes nowhere, so there is nothing to propose or to limit."""
    day = hall(E02, plan=with_tides(mode=TideMode.MANUAL, moves_per_hour=0))
    numbers = [day.take(f"9:0{n}") for n in range(5)]
    assert [day.call_next(E02, f"9:1{n}") for n in range(5)] == numbers


# --- Tickets for one window -------------------------------------------------------------------------------------------


def test_a_ticket_sent_to_a_tidal_window_does_not_move_it() -> None:
    """The citizen comes to the clerk; the clerk goes nowhere, and takes its own people without delay afterwards."""
    day = hall(TS2, "T01")
    number = day.take("9:00", TAX)
    day.call_next("T01", "9:01")
    day.do(c.Transfer(at=at("9:02"), window="T01", to_window=TS2))
    assert day.call_next(TS2, "9:03") == number
    assert (day.state.window(TS2).zone, day.state.moves, day.state.helping_calls) == (None, [], 0)
    own = day.take("9:04")
    assert day.call_next(TS2, "9:04:30") == own


def test_a_ticket_sent_to_a_tidal_window_away_does_not_bring_it_home() -> None:
    """It stays where it helps."""
    day = hall(TS1, S01)
    day.take("9:00", COMPANY)
    day.call_next(TS1, "9:05")
    number = day.take("9:06")
    day.call_next(S01, "9:06")
    day.do(c.Transfer(at=at("9:07"), window=S01, to_window=TS1))
    assert day.call_next(TS1, "9:08") == number
    assert day.state.window(TS1).zone == "enterprise"
    assert len(day.state.moves) == 1


def test_who_waited_for_a_window_that_closed_is_helped_like_the_others() -> None:
    """E01 has gone to lunch with a ticket of its own left: the tide does not forget it."""
    day = hall(TS1, E01)
    day.do(c.Issue(at=at("9:00"), ticket="only-e01", service=COMPANY, for_window=E01))
    assert day.call_next(TS1, "9:10") is None
    day.do(c.CloseWindow(at=at("9:11"), window=E01))
    assert day.call_next(TS1, "9:12") == day.state.tickets["only-e01"].number


# --- Where a window is ------------------------------------------------------------------------------------------------


def test_a_window_away_stays_there_through_a_pause_and_is_home_after_closing() -> None:
    """Tea is not the end of the tide; whoever leaves begins at home next time."""
    day = hall(TS1)
    day.take("9:00", COMPANY)
    day.call_next(TS1, "9:05")
    why = day.state.window(TS1).why
    day.do(c.Finish(at=at("9:10"), window=TS1))
    day.do(c.PauseWindow(at=at("9:11"), window=TS1))
    day.open(TS1, clock="9:20")
    assert (day.state.window(TS1).zone, day.state.window(TS1).why) == ("enterprise", why)
    day.do(c.CloseWindow(at=at("9:21"), window=TS1))
    assert (day.state.window(TS1).zone, day.state.window(TS1).why) == (None, None)
    day.open(TS1, clock="9:22")
    assert day.state.window(TS1).zone is None


def test_everything_of_it_survives_a_restart() -> None:
    """Zone, moves of the hour and reasons are read from the log."""
    day = hall(TS1, E02)
    for minute in range(0, 60, 4):
        day.take(f"9:{minute:02d}", COMPANY if minute % 3 else INSURANCE)
        day.call_next((TS1, E02)[minute // 4 % 2], f"9:{minute + 2:02d}")
    assert day.state.moves
    day.restart()


def test_only_a_change_of_place_costs_the_clerk() -> None:
    """The first call for 企业 takes 潮1 over to its part of the house, the second finds it there, the way home is free."""
    day = hall(TS1)
    switching = []
    for minute, service in ((0, COMPANY), (10, COMPANY), (30, INSURANCE), (40, COMPANY)):
        day.take(f"9:{minute:02d}", service)
        day.call_next(TS1, f"9:{minute + 5:02d}")
        switching.append(day.state.switches)
    assert switching == [1, 1, 1, 2]
    assert day.state.helping_calls == 3


def test_help_within_one_part_of_the_house_costs_nothing() -> None:
    """A window that helps the zone beside it stays where it is."""
    side_by_side = replace(hall(E02).plan, zone_areas=dict.fromkeys(("social", "enterprise"), "east"))
    day = hall(E02, plan=side_by_side)
    day.take("9:00")
    day.call_next(E02, "9:01")
    assert (day.state.helping_calls, day.state.switches) == (1, 0)
