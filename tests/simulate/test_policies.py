"""The peers' rules do what they say, each on a hall small enough to follow by hand."""

from dataclasses import replace

import pytest

from server.core.model import TideRules
from server.simulate.policies import (
    POLICIES,
    Dedicated,
    LongestQueue,
    Patrol,
    Strict,
    ZoneFifo,
    shared_out,
)
from server.simulate.visits import Shift, Visit
from tests.simulate.small_halls import (
    GROUP,
    MINUTE_S,
    NINE,
    a_hall,
    a_service,
    a_window,
    all_day,
    order_of_calls,
    play,
)

ALMS, BIRTH, CARS = a_service("alms"), a_service("birth", mean_s=120), a_service("cars", "south")
#: One window for everything of the north, which may also help the south.
COUNTER = a_hall(
    [ALMS, BIRTH, CARS],
    [a_window("N1", "north", "alms birth", "cars"), a_window("S1", "south", "cars")],
    tides=TideRules(cross_after_s=0, cross_leave_s=0),
)


def test_the_names_are_those_of_the_command_line() -> None:
    """Six rules, the product's own first."""
    assert list(POLICIES) == ["chaoxi", "dedicated", "zone_fifo", "strict", "longest_queue", "patrol"]
    assert [POLICIES[name]().name for name in POLICIES] == list(POLICIES)


# --- Zone FIFO --------------------------------------------------------------------------------------------------------


def test_zone_fifo_knows_only_who_came_first() -> None:
    """Neither short business nor priority nor an appointment counts."""
    visits = [
        Visit("r0", NINE, "alms", 600),
        Visit("r1", NINE + 1, "alms", 60),
        Visit("short", NINE + 2, "birth", 60),
        Visit("old", NINE + 3, "alms", 60, GROUP),
        Visit("booked", NINE + 4, "alms", 60, appointment_s=NINE),
    ]
    _, result = play(COUNTER, visits, policy=ZoneFifo())
    assert order_of_calls(result) == ["r0", "r1", "short", "old", "booked"]
    _, product = play(COUNTER, visits)
    assert order_of_calls(product) == ["r0", "old", "booked", "short", "r1"]


def test_zone_fifo_helps_no_other_zone() -> None:
    """The north's window sits idle while the south waits."""
    visits = [Visit(f"r{n}", NINE, "cars", 600) for n in range(3)]
    _, result = play(COUNTER, visits, policy=ZoneFifo())
    assert {leg.window for leg in result.legs} == {"S1"}
    assert [leg.called_s for leg in result.legs] == [NINE, NINE + 600, NINE + 1200]
    assert not any(leg.helped for leg in result.legs)


def test_zone_fifo_sends_a_follow_up_to_the_end_of_the_line() -> None:
    """The second leg joins when it joins, whenever its citizen came."""
    visits = [
        Visit("r0", NINE, "cars", 1200),
        Visit("r1", NINE + 1, "birth", 300, next_service="cars", next_service_s=60),
        Visit("r2", NINE + 200, "cars", 60),
    ]
    _, result = play(COUNTER, visits, policy=ZoneFifo())
    assert order_of_calls(result) == ["r0", "r1", "r2", "r1"]


def test_a_window_of_another_house_serves_what_it_has() -> None:
    """A window all of whose services lie in another zone still serves them."""
    hall = a_hall([ALMS], [a_window("X1", "south", "alms")])
    _, result = play(hall, [Visit("r1", NINE, "alms", 60)], policy=ZoneFifo())
    assert (result.legs[0].outcome, result.legs[0].helped) == ("done", False)


# --- Strict, longest queue ----------------------------------------------------------------------------------------------


def test_strict_lets_priority_go_before_everybody() -> None:
    """However late they come, and first come first served among themselves."""
    visits = [
        Visit("r0", NINE, "alms", 7200),
        Visit("r1", NINE + 1, "alms", 60),
        Visit("old 1", NINE + 7100, "birth", 60, GROUP),
        Visit("old 2", NINE + 7150, "alms", 60, GROUP),
        Visit("r2", NINE + 2, "birth", 60),
    ]
    _, result = play(COUNTER, sorted(visits, key=lambda visit: visit.at_s), policy=Strict())
    assert order_of_calls(result) == ["r0", "old 1", "old 2", "r1", "r2"]


def test_longest_queue_takes_from_the_longest_line() -> None:
    """Within it first come, first served; the one person of the short line comes when the lines are even."""
    visits = [
        Visit("r0", NINE, "alms", 600),
        Visit("b1", NINE + 1, "birth", 60),
        Visit("a1", NINE + 2, "alms", 60),
        Visit("a2", NINE + 3, "alms", 60),
        Visit("a3", NINE + 4, "alms", 60),
    ]
    _, result = play(COUNTER, visits, policy=LongestQueue())
    calls = order_of_calls(result)
    assert calls[:3] == ["r0", "a1", "a2"]
    # One and one: the first named of the window's services.
    assert calls[3:] == ["a3", "b1"]


# --- Dedicated ------------------------------------------------------------------------------------------------------------


def test_dedicated_windows_serve_one_service() -> None:
    """A window whose service has nobody sits idle beside a full line."""
    services = [a_service("alms", per_day=20.0), a_service("birth", per_day=20.0)]
    hall = a_hall(services, [a_window("N1", "north", "alms birth"), a_window("N2", "north", "alms birth")])
    visits = [Visit(f"a{n}", NINE, "alms", 600) for n in range(3)]
    _, result = play(hall, visits, policy=Dedicated())
    assert len({leg.window for leg in result.legs}) == 1
    assert max(leg.called_s or 0.0 for leg in result.legs) == NINE + 1200


def test_dedicated_windows_are_shared_out_by_work() -> None:
    """Each service one window first, the rest by the work per window: 60, 30 and 10 hours on five windows make 3, 1, 1."""
    windows = [a_window(f"N{n}", "north", "alms birth cars", number=n) for n in range(1, 6)]
    hall = a_hall([ALMS, BIRTH, CARS], windows)
    given = shared_out(hall, {"alms": 60.0, "birth": 30.0, "cars": 10.0}, [w.id for w in windows])
    assert sorted(given.values()) == ["alms", "alms", "alms", "birth", "cars"]


def test_dedicated_windows_keep_to_what_they_may_serve() -> None:
    """The window that can do little is given what it can, before those who can do all; who is absent is given nothing."""
    windows = [
        a_window("N1", "north", "alms birth", number=1),
        a_window("N2", "north", "birth", number=2),
        a_window("N3", "north", "alms birth", number=3),
    ]
    hall = a_hall([ALMS, BIRTH], windows)
    assert shared_out(hall, {"alms": 10.0, "birth": 50.0}, ["N1", "N2"]) == {"N2": "birth", "N1": "alms"}


@pytest.mark.parametrize("known", [False, True])
def test_no_sign_changes_for_a_coach(known: bool) -> None:
    """Windows are shared out by a usual day where the hall file tells one, else by the day itself."""
    usual = {"per_day": 50.0} if known else {}
    services = [a_service("alms", **usual), a_service("birth", **({"per_day": 10.0} if known else {}))]
    hall = a_hall(services, [a_window(f"N{n}", "north", "alms birth", number=n) for n in range(1, 5)])
    coach = [Visit(f"c{n}", NINE, "birth", 600) for n in range(12)]
    day, result = play(hall, [*coach, Visit("r1", NINE, "alms", 600)], policy=Dedicated())
    assert isinstance(day.policy, Dedicated)
    assert sorted(day.policy.given.values()).count("birth") == (1 if known else 3)
    assert len({leg.window for leg in result.legs if leg.service == "birth"}) == (1 if known else 3)


# --- Patrol -----------------------------------------------------------------------------------------------------------------

PATROLLED = a_hall(
    [ALMS, CARS],
    [
        a_window("N1", "north", "alms"),
        a_window("S1", "south", "cars"),
        a_window("T1", "south", "cars", "alms", tidal=True),
    ],
    tides=TideRules(move_cost_s=180, help_cost_s=60),
)


def crowd(count: int, at_s: float, service_s: float = 600.0) -> list[Visit]:
    """So many people for alms; the first goes to the window, the others wait."""
    return [Visit(f"r{n}", at_s, "alms", service_s) for n in range(count + 1)]


def test_patrol_sends_tidal_windows_where_ten_wait() -> None:
    """Twenty minutes after opening and not before; a formal move with its cost, and no help to be paid beside."""
    _, result = play(PATROLLED, crowd(10, NINE + 600, 1200), policy=Patrol())
    first = result.moves[0]
    assert (first.at_s, first.window, first.kind, first.to_zone) == (NINE + 1200, "T1", "move", "north")
    there = [leg for leg in result.legs if leg.window == "T1"]
    assert there[0].called_s == NINE + 1200 + 180
    assert there[0].started_s == there[0].called_s
    assert not any(leg.helped for leg in there)


def test_patrol_leaves_nine_alone() -> None:
    """Fewer than ten are not worth the walk."""
    _, result = play(PATROLLED, crowd(9, NINE + 600, 1200), policy=Patrol())
    assert result.moves == []


def test_patrol_comes_every_twenty_minutes() -> None:
    """A crowd that comes just after the round waits for the next one; once it has gone, the window goes home on a round."""
    _, result = play(PATROLLED, crowd(16, NINE + 1201, 300), policy=Patrol())
    assert [m.kind for m in result.moves] == ["move", "revert"]
    went, came = result.moves
    assert went.at_s == NINE + 2400
    # Busy at that round or not: it is a round of twenty minutes, or the end of the ticket that it had then.
    assert came.at_s >= NINE + 3600
    assert came.to_zone == "south"
    assert (came.at_s - NINE) % 1200 < 300


def test_patrol_counts_zones_and_keeps_the_window_at_home_for_its_own_crowd() -> None:
    """Where most people wait is its own zone: it stays."""
    visits = [*crowd(11, NINE + 600, 1200), *(Visit(f"s{n}", NINE + 600, "cars", 1200) for n in range(20))]
    _, result = play(PATROLLED, visits, policy=Patrol())
    assert all(move.at_s > NINE + 1200 for move in result.moves)


def test_patrol_moves_only_whom_it_may() -> None:
    """A window authorised for nothing there stays, and so does one that is not tidal."""
    hall = replace(PATROLLED, windows={**PATROLLED.windows, "T1": replace(PATROLLED.windows["T1"], may_help=())})
    _, result = play(hall, crowd(12, NINE + 600, 1200), policy=Patrol())
    assert result.moves == []


def test_patrol_walks_from_the_first_shift() -> None:
    """Its rounds begin when the hall opens, wherever the minute hand stands."""
    shifts = [Shift(window, NINE + 7 * MINUTE_S, NINE + 20000) for window in PATROLLED.windows]
    _, result = play(PATROLLED, crowd(10, NINE + 600, 3000), shifts, policy=Patrol())
    assert result.moves[0].at_s == NINE + 27 * MINUTE_S
    assert all_day(PATROLLED)[0].from_s == NINE
