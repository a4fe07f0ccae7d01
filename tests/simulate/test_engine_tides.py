"""Tides in a simulated day: who moves when and why, and what it costs the clerk."""

from dataclasses import replace

import pytest

from server.core.model import ScheduledMove, TideMode, TideRules, Timetable, WindowId, ZoneId
from server.simulate.engine import Pace, shifts_of_plan, simulate
from server.simulate.policies import POLICIES, Policy
from server.simulate.visits import Shift, Visit
from tests.simulate.small_halls import (
    FIVE,
    MINUTE_S,
    NINE,
    a_hall,
    a_service,
    a_window,
    all_day,
    order_of_calls,
    play,
)

ALMS, CARS = a_service("alms"), a_service("cars", "south")
#: Everybody quick to move, nobody quick to close.
TIDES = TideRules(
    help_after_s=300, leave_for_s=600, cross_after_s=60, cross_leave_s=300, help_cost_s=60, move_cost_s=180
)
LENDING = a_hall([ALMS, CARS], [a_window("N1", "north", "alms"), a_window("S1", "south", "cars", "alms")], tides=TIDES)
TIDAL = a_hall(
    [ALMS, CARS],
    [a_window("N1", "north", "alms"), a_window("T1", "south", "cars", "alms", tidal=True)],
    tides=TIDES,
)


def test_a_helping_call_costs_its_minute() -> None:
    """The window that lends a hand is a minute late at its first word; the window at home is not."""
    visits = [Visit("r1", NINE, "alms", 3000), Visit("r2", NINE + 5, "alms", 100)]
    _, result = play(LENDING, visits, pace=Pace(walk_s=10.0))
    at_home, helped = result.legs
    assert (at_home.helped, at_home.started_s) == (False, NINE + 10)
    assert (helped.helped, helped.window) == (True, "S1")
    # After a minute of waiting, at the next look round.
    assert helped.called_s is not None
    assert NINE + 65 <= helped.called_s <= NINE + 75
    assert helped.started_s == helped.called_s + 60 + 10
    assert result.windows_busy_s == 3010 + 170
    assert result.moves == []


def test_help_without_cost() -> None:
    """A hall whose clerks know both zones."""
    free = replace(LENDING, tides=replace(TIDES, help_cost_s=0.0))
    visits = [Visit("r1", NINE, "alms", 3000), Visit("r2", NINE, "alms", 100)]
    _, result = play(free, visits)
    assert result.legs[1].started_s == result.legs[1].called_s


def test_a_tidal_window_helps_and_comes_home() -> None:
    """Both are moves with reasons; only the call for the other zone costs."""
    visits = [
        Visit("r1", NINE, "alms", 3000),
        Visit("r2", NINE, "alms", 100),
        Visit("r3", NINE + 1800, "cars", 100),
    ]
    _, result = play(TIDAL, visits)
    assert [(m.window, m.kind, m.from_zone, m.to_zone) for m in result.moves] == [
        ("T1", "help", "south", "north"),
        ("T1", "home", "north", "south"),
    ]
    assert all(move.why_zh and move.why_en for move in result.moves)
    _, helped, home = result.legs
    assert (helped.helped, home.helped) == (True, False)
    assert result.moves[0].at_s == helped.called_s
    assert result.moves[1].at_s == home.called_s
    assert helped.started_s == helped.called_s + 60
    assert home.started_s == home.called_s


SCHEDULED = replace(
    TIDAL,
    tides=replace(
        TIDES,
        schedule=(ScheduledMove(WindowId("T1"), ZoneId("north"), frozenset({0}), 9 * 60 + 30, 10 * 60),),
    ),
)


def test_a_formal_move_costs_three_minutes() -> None:
    """By timetable to the other zone at half past nine: the first call there comes three minutes later, and calls there
    are no help any more; at ten it is home again, for three minutes more."""
    half_past, ten = NINE + 30 * MINUTE_S, NINE + 60 * MINUTE_S
    visits = [
        Visit("r1", half_past - 10, "alms", 3000),
        Visit("r2", half_past - 5, "alms", 100),
        Visit("r3", ten - 5, "cars", 100),
    ]
    _, result = play(SCHEDULED, visits)
    assert [(m.at_s, m.kind, m.from_zone, m.to_zone) for m in result.moves] == [
        (half_past, "move", "south", "north"),
        (ten, "revert", "north", "south"),
    ]
    _, there, home = result.legs
    assert (there.window, there.helped, there.called_s) == ("T1", False, half_past + 180)
    assert there.started_s == there.called_s
    assert (home.window, home.called_s) == ("T1", ten + 180)
    assert result.windows_busy_s == 3000 + 100 + 100 + 2 * 180


def test_a_busy_window_moves_once_its_ticket_has_gone() -> None:
    """And pays for it then: the three minutes do not pass while it still serves."""
    half_past = NINE + 30 * MINUTE_S
    visits = [
        Visit("r1", half_past - 60, "cars", 600),
        Visit("r2", half_past - 50, "alms", 3000),
        Visit("r3", half_past - 40, "alms", 100),
    ]
    _, result = play(SCHEDULED, visits)
    finished = half_past - 60 + 600
    assert result.moves[0].at_s == finished
    assert result.legs[2].called_s == finished + 180
    assert (result.legs[2].window, result.legs[2].helped) == ("T1", False)


OPENING = a_hall(
    [ALMS],
    [a_window("N1", "north", "alms"), a_window("T1", "north", "alms", tidal=True)],
    tides=TideRules(open_pressure_s=120, open_after_s=30, close_after_s=300, close_idle_s=120, close_pressure_s=30),
)


def coach(at_s: float) -> list[Visit]:
    """Eight people at once."""
    return [Visit(f"c{n}", at_s, "alms", 300) for n in range(8)]


def test_the_tide_closes_and_opens() -> None:
    """A quiet window closes and its clerk stands by; a coach comes and it opens, in its own zone at no cost."""
    day, result = play(OPENING, coach(NINE + 3600))
    assert [(m.window, m.kind) for m in result.moves[:2]] == [("T1", "close"), ("T1", "open")]
    closed, opened = result.moves[:2]
    assert NINE + 300 <= closed.at_s <= NINE + 310
    assert NINE + 3630 <= opened.at_s <= NINE + 3650
    assert closed.why_zh
    assert opened.why_en
    first_there = min(leg.called_s for leg in result.legs if leg.window == "T1" and leg.called_s is not None)
    assert first_there == opened.at_s
    assert {leg.outcome for leg in result.legs} == {"done"}
    # Standing by is duty: the clerk is paid for it.
    assert result.windows_open_s == 2 * (FIVE - NINE)
    assert day.state.window("T1").clerk is None


@pytest.mark.parametrize("policy", sorted(set(POLICIES) - {"chaoxi"}))
def test_peers_have_no_tide(policy: str) -> None:
    """Nothing opens, closes or moves by itself under their rules."""
    for plan, visits in ((OPENING, coach(NINE + 3600)), (TIDAL, coach(NINE))):
        assert simulate(plan, POLICIES[policy](), visits, all_day(plan)).moves == []


def test_propose_and_manual_move_nothing() -> None:
    """Nobody accepts proposals in a simulated day."""
    for mode in (TideMode.PROPOSE, TideMode.MANUAL):
        plan = replace(OPENING, tides=replace(OPENING.tides, mode=mode))
        assert simulate(plan, Policy(), coach(NINE + 3600), all_day(plan)).moves == []


def test_a_clerk_on_standby_still_goes_to_lunch() -> None:
    """While he is away the tide cannot open his window; back again he is at it."""
    noon, one = NINE + 3 * 3600, NINE + 4 * 3600
    shifts = [Shift("N1", NINE, FIVE), Shift("T1", NINE, noon), Shift("T1", one, FIVE)]
    _, result = play(OPENING, coach(noon + 60), shifts)
    assert [m.kind for m in result.moves if noon <= m.at_s < one] == []
    assert all(leg.window == "N1" for leg in result.legs if leg.called_s is not None and leg.called_s < one)
    assert any(leg.called_s == one for leg in result.legs if leg.window == "T1") or len(order_of_calls(result)) == 8


def test_without_a_roster_the_hall_file_says_who_is_there() -> None:
    """Every window by its own timetable; one without has nobody."""
    table = Timetable(shifts=(((540, 600), (660, 720)),) * 5 + ((), ()))
    windows = {**LENDING.windows, "N1": replace(LENDING.windows["N1"], timetable="clerks")}
    plan = replace(LENDING, windows=windows, timetables={**LENDING.timetables, "clerks": table})
    assert shifts_of_plan(plan) == [Shift("N1", 32400, 36000), Shift("N1", 39600, 43200)]
    result = simulate(plan, Policy(), [Visit("r1", 36100, "alms", 60)])
    assert (result.legs[0].called_s, result.windows_open_s) == (39600, 7200)
