"""The figures of days small enough to reckon by hand."""

import pytest

from server.simulate.measures import (
    compare,
    idle_while_waiting_min,
    interval,
    measure,
    overtaken,
    percentile,
    spread,
    student_t,
    wait_s,
)
from server.simulate.results import Leg, Moment
from tests.simulate.made_days import a_day, a_leg, a_move

ZONE_OF = {"soc_ins": "soc", "re_base": "re", "tax_quick": "tax"}
END_S = 10_000.0


def test_waits_of_legs_called_left_and_left_over() -> None:
    """To the call; to when they left; to the day's end."""
    assert wait_s(a_leg(issued_s=100, called_s=400), END_S) == 300
    assert wait_s(a_leg(issued_s=100, outcome="left", finished_s=700.0), END_S) == 600
    assert wait_s(a_leg(issued_s=100), END_S) == 9_900


def test_percentiles_are_linear_between_neighbours() -> None:
    """Of 0, 10, 20, 30, 40 the 90th percentile is 36; of one value it is that value; of none all is zero."""
    assert percentile([0, 10, 20, 30, 40], 0.9) == pytest.approx(36)
    assert percentile([0, 10, 20, 30, 40], 0.5) == 20
    assert percentile([7], 0.95) == 7
    found = spread([40, 0, 30, 10, 20])
    assert (found.count, found.mean_s, found.p50_s) == (5, 20, 20)
    assert found.p95_s == pytest.approx(38)
    assert spread([]).count == 0


def test_a_day_by_hand() -> None:
    """First legs, all legs, services, zones, half hours, priority, endings and windows of six legs."""
    legs = [
        a_leg("a", 0, 60),
        a_leg("b", 100, 400, group="priority", outcome="transferred"),
        a_leg("b", 500, 1100, group="priority", leg=1, service="tax_quick"),
        a_leg("c", 1800, 2400, service="re_base", helped=True),
        a_leg("d", 2000, outcome="left", finished_s=2900.0),
        a_leg("e", 3000, 3600, outcome="no_show"),
    ]
    moves = [a_move(10, "TS01", "help", "soc", "re"), a_move(20, "TS01", "home", "re", "soc")]
    moments = [Moment(0, 1, 0), Moment(7200, 0, 0)]
    day = a_day(legs, moments, moves=moves, windows_open_s=1000.0, windows_busy_s=650.0)

    found = measure(day, ZONE_OF)

    assert (found.first.count, found.first.mean_s) == (5, (60 + 300 + 600 + 900 + 600) / 5)
    assert (found.every.count, found.every.mean_s) == (6, (60 + 300 + 600 + 600 + 900 + 600) / 6)
    assert {name: one.count for name, one in found.services.items()} == {"re_base": 1, "soc_ins": 4, "tax_quick": 1}
    assert found.services["soc_ins"].mean_s == (60 + 300 + 900 + 600) / 4
    assert found.zones["re"].mean_s == 600
    assert {half: one.count for half, one in found.half_hours.items()} == {0: 3, 1800: 3}
    assert (found.priority.count, found.priority.p95_s) == (1, 300)
    assert (found.priority_every.count, found.priority_every.mean_s) == (2, 450)
    assert (found.served, found.no_shows, found.not_served) == (3, 1, 1)
    assert found.helped == 1
    assert (found.moves, found.hours, found.moves_per_hour) == ({"help": 1, "home": 1}, 2.0, 1.0)
    assert found.utilisation == 0.65
    assert found.estimate is None


def test_utilisation_is_never_over_one() -> None:
    """A clerk who finishes after the shift's end is not more than busy; without open windows nobody is."""
    assert measure(a_day([], windows_open_s=100.0, windows_busy_s=101.0), ZONE_OF).utilisation == 1.0
    assert measure(a_day([]), ZONE_OF).utilisation == 0.0


def test_a_day_of_nobody() -> None:
    """All zero, and no division by it."""
    found = measure(a_day([]), ZONE_OF)
    assert (found.first.count, found.moves_per_hour, found.overtaken, found.idle_while_waiting_min) == (0, 0.0, 0, 0.0)


ORDERS: list[tuple[str, list[Leg], int]] = [
    ("in order", [a_leg("a", 1, 100), a_leg("b", 2, 200)], 0),
    ("the later one first", [a_leg("a", 1, 200), a_leg("b", 2, 100)], 1),
    ("one overtaken by two counts once", [a_leg("a", 1, 300), a_leg("b", 2, 100), a_leg("c", 3, 200)], 1),
    ("two overtaken by one", [a_leg("a", 1, 300), a_leg("b", 2, 400), a_leg("c", 3, 200)], 2),
    ("called at one moment", [a_leg("a", 1, 100), a_leg("b", 2, 100)], 0),
    ("issued at one moment", [a_leg("a", 1, 200), a_leg("b", 1, 100)], 0),
    ("issued at one moment, but in order", [a_leg("a", 1, 200), a_leg("b", 1, 100, entry=1)], 1),
    ("another service", [a_leg("a", 1, 200), a_leg("b", 2, 100, service="re_base")], 0),
    ("by priority", [a_leg("a", 1, 200), a_leg("b", 2, 100, group="priority")], 0),
    ("by a kept appointment", [a_leg("a", 1, 200), a_leg("b", 2, 100, on_time_appointment=True)], 0),
    ("by a follow-up", [a_leg("a", 1, 200), a_leg("b", 2, 100, leg=1)], 0),
    ("priority itself", [a_leg("a", 1, 200, group="priority"), a_leg("b", 2, 100)], 0),
    ("never called", [a_leg("a", 1), a_leg("b", 2, 100)], 1),
    ("left before", [a_leg("a", 1, outcome="left", finished_s=50.0), a_leg("b", 2, 100)], 0),
    ("left after", [a_leg("a", 1, outcome="left", finished_s=150.0), a_leg("b", 2, 100)], 1),
    ("by one never called", [a_leg("a", 1, 200), a_leg("b", 2)], 0),
]


@pytest.mark.parametrize(("legs", "count"), [case[1:] for case in ORDERS], ids=[case[0] for case in ORDERS])
def test_overtaking(legs: list[Leg], count: int) -> None:
    """Only ordinary first legs of one service, and only by a strictly later one called strictly before."""
    assert overtaken(legs, END_S) == count
    assert overtaken(reversed(legs), END_S) == count


def test_idle_while_somebody_waits() -> None:
    """Three waiting and two idle for a minute, one waiting and four idle for two: four window minutes."""
    moments = [Moment(0, 3, 2), Moment(60, 1, 4), Moment(180, 0, 9), Moment(600, 5, 0), Moment(900, 5, 5)]
    assert idle_while_waiting_min(moments) == 4.0
    assert idle_while_waiting_min([]) == 0.0


def told(ref: str, wait: float | None, said: float, high: float, naive: float | None) -> Leg:
    """A leg with an estimate."""
    called_s = None if wait is None else 100 + wait
    return a_leg(ref, 100, called_s, estimate_s=said, estimate_low_s=0.0, estimate_high_s=high, naive_s=naive)


def test_the_estimate_by_hand() -> None:
    """Mean error, the naive one's, their ratio, shares under the high bound and told ten minutes too little."""
    legs = [
        told("a", 0, 60, 120, 0),
        told("b", 600, 500, 600, 1000),
        told("c", 1000, 700, 900, 400),
        told("d", 2000, 1000, 1300, 1500),
        told("never called", None, 1, 1, 1),
        a_leg("told nothing", 100, 5000),
    ]
    found = measure(a_day(legs), ZONE_OF).estimate
    assert found is not None
    assert found.count == 4
    assert found.error_s == (60 + 100 + 300 + 1000) / 4
    assert found.naive_error_s == (0 + 400 + 600 + 500) / 4
    assert found.error_ratio == pytest.approx(1460 / 1500)
    assert found.under_high == 2 / 4
    assert found.under_high_waited == 1 / 3
    assert found.too_little == 1 / 4


def test_an_estimate_without_its_rival_has_no_ratio() -> None:
    """A naive estimate that was not noted, or never erred, is nothing to divide by."""
    for naive in (None, 10.0):
        found = measure(a_day([told("a", 10, 20, 30, naive)]), ZONE_OF).estimate
        assert found is not None
        assert found.error_ratio is None


def test_ten_minutes_too_little_is_strictly_more() -> None:
    """Ten minutes over the high bound is not yet told too little."""
    for wait, expected in ((700.0, 0.0), (700.1, 1.0)):
        found = measure(a_day([told("a", wait, 50, 100, 1)]), ZONE_OF).estimate
        assert found is not None
        assert found.too_little == expected


def test_student_t_from_the_table_and_between() -> None:
    """19 degrees 2.093; 50 lies between 40 and 60 at 2.009; very many come to the normal 1.960."""
    assert student_t(19) == 2.093
    assert student_t(50) == pytest.approx(2.009, abs=0.001)
    assert student_t(99) == pytest.approx(1.984, abs=0.001)
    assert student_t(10**9) == pytest.approx(1.960, abs=0.001)


def test_an_interval_by_hand() -> None:
    """1, 2, 3: mean 2, deviation 1, half width 4.303 ÷ √3."""
    found = interval([1, 2, 3])
    assert (found.mean, found.seeds) == (2, 3)
    assert found.high - found.mean == pytest.approx(4.303 / 3**0.5)
    assert found.mean - found.low == pytest.approx(4.303 / 3**0.5)
    alone = interval([5])
    assert (alone.low, alone.high) == (5, 5)
    with pytest.raises(ValueError, match="at least one"):
        interval([])


def test_comparison_is_paired_by_seed() -> None:
    """The mean of each seed's ratio, not the ratio of the means; equal days need no width."""
    ours = [measure(a_day([a_leg("a", 0, wait)]), ZONE_OF) for wait in (50.0, 900.0)]
    theirs = [measure(a_day([a_leg("a", 0, wait)], policy="zone_fifo"), ZONE_OF) for wait in (100.0, 1000.0)]
    found = compare(ours, theirs)
    assert found.mean == pytest.approx((0.5 + 0.9) / 2)
    same = compare(theirs, theirs)
    assert (same.mean, same.low, same.high) == (1, 1, 1)
    assert compare(ours, theirs, lambda day: float(day.first.count)).mean == 1


def test_a_baseline_without_waits_is_refused() -> None:
    """A ratio to nothing says nothing."""
    idle = [measure(a_day([a_leg("a", 0, 0)], policy="dedicated"), ZONE_OF)]
    with pytest.raises(ValueError, match="dedicated"):
        compare(idle, idle)
    with pytest.raises(ValueError, match="zip"):
        compare(idle, [])
