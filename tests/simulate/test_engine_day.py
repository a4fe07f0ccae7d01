"""A simulated day: everybody who comes is accounted for, clerks keep their hours, and times are what the trace says."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.core.model import Rules
from server.simulate.engine import Pace, simulate
from server.simulate.estimating import estimator
from server.simulate.policies import POLICIES, Policy
from server.simulate.results import DayResult, Leg
from server.simulate.visits import Shift, Visit
from tests.simulate.small_halls import (
    FIVE,
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

HALL = a_hall(
    [a_service("alms"), a_service("birth", mean_s=300), a_service("cars", "south")],
    [
        a_window("N1", "north", "alms birth"),
        a_window("N2", "north", "birth"),
        a_window("S1", "south", "cars", "alms"),
        a_window("T1", "south", "cars", "alms birth", tidal=True),
    ],
)
ONE_WINDOW = a_hall([a_service("alms")], [a_window("N1", "north", "alms")])
TOLERANCE_S = 1e-6


def only_leg(result: DayResult, ref: str = "r1") -> Leg:
    """The one leg of a visit."""
    [leg] = [leg for leg in result.legs if leg.ref == ref]
    return leg


# --- What holds for every day -----------------------------------------------------------------------------------------

TENTHS = st.integers(0, 9000).map(lambda tenths: tenths / 10)


@st.composite
def traces(draw: st.DrawFn) -> list[Visit]:
    """Up to thirty people within an hour and a half, with everything that a trace can say."""
    visits = []
    for number in range(draw(st.integers(0, 30))):
        at_s = NINE + draw(st.integers(-3000, 54_000)) / 10
        onward = draw(st.sampled_from([None, None, None, *HALL.services]))
        visits.append(
            Visit(
                ref=f"r{number}",
                at_s=at_s,
                service=draw(st.sampled_from(list(HALL.services))),
                service_s=draw(TENTHS),
                group=draw(st.sampled_from([None, None, GROUP])),
                patience_s=draw(st.one_of(st.none(), TENTHS)),
                appointment_s=draw(st.one_of(st.none(), st.integers(-1200, 1200).map(at_s.__add__))),
                no_show=draw(st.sampled_from([False, False, False, True])),
                next_service=onward,
                next_service_s=None if onward is None else draw(TENTHS),
            )
        )
    return sorted(visits, key=lambda visit: visit.at_s)


@st.composite
def rosters(draw: st.DrawFn) -> list[Shift]:
    """Each window's clerk is there all day, or takes lunch, or is away; S1 is always there."""
    shifts = [Shift("S1", NINE, NINE + 7200)]
    for window in ("N1", "N2", "T1"):
        match draw(st.sampled_from(["all day", "lunch", "leaves", "away"])):
            case "all day":
                shifts.append(Shift(window, NINE, NINE + 7200))
            case "lunch":
                shifts += [Shift(window, NINE, NINE + 1800), Shift(window, NINE + 3600, NINE + 7200)]
            case "leaves":
                shifts.append(Shift(window, NINE + 600, NINE + 5400))
    return shifts


def account(result: DayResult, visits: list[Visit]) -> None:
    """Every visit has its legs, and they end as legs can."""
    by_ref: dict[str, list[Leg]] = {}
    for leg in result.legs:
        by_ref.setdefault(leg.ref, []).append(leg)
    assert by_ref.keys() == {visit.ref for visit in visits}
    for visit in visits:
        first, *later = by_ref[visit.ref]
        goes_on = visit.next_service not in (None, visit.service)
        assert (first.leg, first.service, first.group) == (0, visit.service, visit.group)
        assert abs(first.issued_s - visit.at_s) < TOLERANCE_S
        assert [leg.leg for leg in later] == ([1] if first.outcome == "transferred" else [])
        assert {leg.number for leg in later} <= {first.number}
        assert all(leg.service == visit.next_service and leg.issued_s == first.finished_s for leg in later)
        assert (first.outcome == "no_show") == (visit.no_show and first.called_s is not None)
        if first.outcome == "transferred":
            assert goes_on
        elif first.outcome == "done":
            assert not goes_on


def times(result: DayResult, visits: list[Visit], pace: Pace, help_cost_s: float) -> None:
    """Times are in order, and as long as the trace and the pace say."""
    by_ref = {visit.ref: visit for visit in visits}
    for leg in result.legs:
        visit = by_ref[leg.ref]
        known = [t for t in (leg.issued_s, leg.called_s, leg.started_s, leg.finished_s) if t is not None]
        assert known == sorted(known)
        assert (leg.called_s is None) == (leg.window is None)
        match leg.outcome:
            case "done" | "transferred":
                assert leg.called_s is not None
                assert leg.started_s is not None
                assert leg.finished_s is not None
                length_s = visit.service_s if leg.leg == 0 else visit.next_service_s
                if leg.leg == 0 and visit.next_service == visit.service:
                    length_s += visit.next_service_s
                assert abs(leg.finished_s - leg.started_s - length_s) < TOLERANCE_S
                ready_s = leg.issued_s + (pace.between_legs_s if leg.leg else 0.0)
                there_s = max(leg.called_s + pace.walk_s + (help_cost_s if leg.switched else 0.0), ready_s)
                assert abs(leg.started_s - there_s) < TOLERANCE_S
            case "left":
                assert leg.called_s is None
                assert leg.finished_s is not None
                assert abs(leg.finished_s - (visit.at_s + visit.patience_s)) < TOLERANCE_S
            case "no_show":
                assert leg.called_s is not None
                assert leg.started_s is None
            case outcome:
                assert outcome == "day_end"
                assert leg.finished_s is None


def one_at_a_time(result: DayResult, pace: Pace, help_cost_s: float) -> None:
    """No window has two people at once, and a no-show holds its window."""
    for window in {leg.window for leg in result.legs if leg.window is not None}:
        taken = []
        for leg in result.legs:
            if leg.window == window and leg.called_s is not None:
                held_s = pace.no_show_hold_s + (help_cost_s if leg.switched else 0.0)
                taken.append((leg.called_s, leg.called_s + held_s if leg.finished_s is None else leg.finished_s))
        assert all(end <= begin + TOLERANCE_S for (_, end), (begin, _) in pairwise(sorted(taken)))


def on_duty(result: DayResult, shifts: list[Shift]) -> None:
    """Nobody calls outside a shift, except at the end of the day by those whose shift was the last."""
    closing_s = max(shift.to_s for shift in shifts)
    for leg in result.legs:
        if leg.called_s is not None:
            own = [shift for shift in shifts if shift.window == leg.window]
            in_shift = any(shift.from_s <= leg.called_s < shift.to_s for shift in own)
            assert in_shift or (leg.called_s >= closing_s and any(shift.to_s == closing_s for shift in own))


@given(traces(), rosters(), st.sampled_from(sorted(POLICIES)))
@settings(max_examples=40)
def test_every_day_adds_up(visits: list[Visit], shifts: list[Shift], policy: str) -> None:
    """Whatever comes, under every rule: nobody is lost or served twice, and no clerk does what no clerk can."""
    pace = Pace(walk_s=15.0)
    day, result = play(HALL, visits, shifts, POLICIES[policy](), pace)

    cost_s = HALL.tides.help_cost_s
    account(result, visits)
    times(result, visits, pace, cost_s)
    one_at_a_time(result, pace, cost_s)
    on_duty(result, shifts)
    assert all(before.at_s <= after.at_s for before, after in pairwise(result.moments))
    assert 0 <= result.windows_busy_s <= result.windows_open_s
    assert not day.state.day_open
    # Who waits at a moment is who has come and was not called, nor has left.
    for moment, following in pairwise(result.moments):
        if following.at_s > moment.at_s:
            gone = [leg.called_s if leg.called_s is not None else leg.finished_s or float("inf") for leg in result.legs]
            waits = [leg.issued_s <= moment.at_s < end for leg, end in zip(result.legs, gone, strict=True)]
            assert moment.waiting == sum(waits)


# --- People -----------------------------------------------------------------------------------------------------------


def test_service_takes_as_long_as_the_trace_says() -> None:
    """To the tenth of a second, from the moment the citizen has walked to the window."""
    _, result = play(ONE_WINDOW, [Visit("r1", NINE + 0.3, "alms", 412.7)], pace=Pace(walk_s=20.0))
    leg = only_leg(result)
    assert (leg.called_s, leg.started_s, leg.outcome) == (NINE + 0.3, NINE + 20.3, "done")
    assert leg.finished_s == pytest.approx(NINE + 433.0)
    assert (leg.number, leg.window, leg.helped) == ("A001", "N1", False)


def test_a_no_show_holds_its_window() -> None:
    """For a minute nobody else is called there; then the next one comes."""
    visits = [Visit("r1", NINE, "alms", 600, no_show=True), Visit("r2", NINE + 5, "alms", 60)]
    _, result = play(ONE_WINDOW, visits)
    missed, served = result.legs
    assert (missed.outcome, missed.called_s, missed.started_s, missed.finished_s) == ("no_show", NINE, None, None)
    assert served.called_s == NINE + 60
    assert result.windows_busy_s == 120


def test_who_loses_patience_leaves_unserved() -> None:
    """Exactly when it is lost, unless the call came first."""
    visits = [
        Visit("r1", NINE, "alms", 600),
        Visit("r2", NINE + 10, "alms", 60, patience_s=300),
        Visit("r3", NINE + 20, "alms", 60, patience_s=600),
    ]
    _, result = play(ONE_WINDOW, visits)
    left, stayed = only_leg(result, "r2"), only_leg(result, "r3")
    assert (left.outcome, left.called_s, left.finished_s) == ("left", None, NINE + 310)
    assert (stayed.outcome, stayed.called_s) == ("done", NINE + 600)


@pytest.mark.parametrize(
    ("slot", "order"),
    [
        (NINE + 120, ["r0", "booked", "r1"]),  # on time: counts a quarter of an hour earlier than the slot
        (NINE + 3600, ["r0", "r1", "booked"]),  # far too early: counts from the slot
        (NINE - 601, ["r0", "r1", "booked"]),  # more than ten minutes late: an ordinary walk-in
        (NINE - 300, ["r0", "booked", "r1"]),  # a little late: still on time
    ],
)
def test_appointments_early_and_late(slot: float, order: list[str]) -> None:
    """Somebody with a slot comes at nine and two seconds, just after somebody without."""
    visits = [
        Visit("r0", NINE, "alms", 600),
        Visit("r1", NINE + 1, "alms", 60),
        Visit("booked", NINE + 2, "alms", 60, appointment_s=slot),
    ]
    _, result = play(ONE_WINDOW, visits)
    assert order_of_calls(result) == order
    assert only_leg(result, "booked").on_time_appointment == (order[1] == "booked" or slot > NINE + 900)


def test_a_follow_up_keeps_its_number_and_its_due_time() -> None:
    """The second leg waits from the transfer, but counts from when the citizen came, with the credit of its service."""
    visits = [
        Visit("r0", NINE, "cars", 1200),
        Visit("r0b", NINE, "cars", 1200),
        Visit("r1", NINE, "birth", 300, next_service="cars", next_service_s=120),
        Visit("r2", NINE + 200, "cars", 60),
    ]
    hall = a_hall(HALL.services.values(), [a_window("N2", "north", "birth"), a_window("S1", "south", "cars")])
    _, result = play(hall, visits, pace=Pace(between_legs_s=120.0))
    first, second = (leg for leg in result.legs if leg.ref == "r1")
    assert (first.outcome, first.finished_s, second.outcome) == ("transferred", NINE + 300, "done")
    assert first.number == second.number == "B001"
    assert (second.leg, second.issued_s, second.credited_s) == (1, NINE + 300, NINE)
    assert first.credited_s == NINE - 300
    # It came before r2, who waited for this service all the while.
    assert order_of_calls(result) == ["r0", "r1", "r0b", "r1", "r2"]


def test_the_walk_between_two_legs() -> None:
    """Called at once to the next window, the citizen is there only after two minutes, and the window waits."""
    visits = [Visit("r1", NINE, "birth", 300, next_service="cars", next_service_s=50)]
    _, result = play(HALL, visits, pace=Pace(between_legs_s=120.0))
    second = result.legs[1]
    assert (second.called_s, second.started_s, second.finished_s) == (NINE + 300, NINE + 420, NINE + 470)


def test_more_of_the_same_service_is_done_at_once() -> None:
    """A follow-up for the same service is no transfer: the window goes on."""
    visits = [Visit("r1", NINE, "alms", 100, next_service="alms", next_service_s=50)]
    _, result = play(ONE_WINDOW, visits)
    assert (only_leg(result).outcome, only_leg(result).finished_s) == ("done", NINE + 150)


# --- Clerks -----------------------------------------------------------------------------------------------------------


def test_lunch_begins_after_the_ticket_at_the_window() -> None:
    """The clerk finishes, goes, and the next one is called when he is back."""
    shifts = [Shift("N1", NINE, NINE + 600), Shift("N1", NINE + 3000, FIVE)]
    _, result = play(ONE_WINDOW, [Visit("r1", NINE + 590, "alms", 100), Visit("r2", NINE + 595, "alms", 60)], shifts)
    assert only_leg(result, "r1").finished_s == NINE + 690
    assert only_leg(result, "r2").called_s == NINE + 3000
    assert result.windows_open_s == pytest.approx(690 + FIVE - NINE - 3000)


@pytest.mark.parametrize("turned", [False, True])
def test_a_shift_that_follows_at_once_is_no_break(turned: bool) -> None:
    """In whichever order the roster names the two."""
    shifts = [Shift("N1", NINE, NINE + 600), Shift("N1", NINE + 600, FIVE)]
    _, result = play(ONE_WINDOW, [Visit("r1", NINE + 700, "alms", 60)], shifts[::-1] if turned else shifts)
    assert only_leg(result).called_s == NINE + 700
    assert result.windows_open_s == FIVE - NINE


def test_overtime() -> None:
    """After closing those on the last shift serve everybody who waits; who left before does not come back."""
    hall = a_hall([a_service("alms")], [a_window("N1", "north", "alms"), a_window("N2", "north", "alms")])
    shifts = [Shift("N1", NINE, FIVE), Shift("N2", NINE, FIVE - 3600)]
    visits = [Visit(f"r{n}", FIVE - 10, "alms", 600) for n in range(3)]
    _, result = play(hall, visits, shifts)
    assert [(leg.window, leg.outcome) for leg in result.legs] == [("N1", "done")] * 3
    assert max(leg.finished_s or 0.0 for leg in result.legs) == FIVE - 10 + 1800
    assert result.windows_open_s == (FIVE - NINE + 1790) + (FIVE - 3600 - NINE)


def test_a_day_without_people() -> None:
    """Nothing happens, and it ends."""
    day, result = play(ONE_WINDOW, [])
    assert (result.legs, result.moves, result.windows_busy_s) == ([], [], 0.0)
    assert result.windows_open_s == FIVE - NINE
    assert not day.state.day_open


@pytest.mark.parametrize("policy", sorted(POLICIES))
def test_a_day_without_clerks(policy: str) -> None:
    """Those who wait for nobody are not handled at the day's end, and the day does end."""
    visits = [Visit("r1", NINE, "alms", 60), Visit("r2", NINE + 1, "alms", 60, patience_s=100)]
    _, result = play(ONE_WINDOW, visits, [], POLICIES[policy]())
    assert [leg.outcome for leg in result.legs] == ["day_end", "left"]
    assert result.windows_open_s == result.windows_busy_s == 0.0


def test_nobody_for_one_service() -> None:
    """Its people end with the day; the others are served."""
    _, result = play(HALL, [Visit("r1", NINE, "alms", 60), Visit("r2", NINE, "cars", 60)], all_day(HALL, "N1"))
    assert [(leg.ref, leg.outcome) for leg in result.legs] == [("r1", "done"), ("r2", "day_end")]


# --- The same again ---------------------------------------------------------------------------------------------------


def busy_morning(seed: int = 1, people: int = 60) -> list[Visit]:
    """Sixty people in an hour, from a list of primes instead of chance."""
    kinds = list(HALL.services)
    return [
        Visit(
            f"r{n}",
            NINE + (n * 7919 + seed) % 3600,
            kinds[n % 3],
            120 + n * 104729 % 900,
            GROUP if n % 9 == 0 else None,
        )
        for n in range(people)
    ]


def test_the_same_seed_gives_the_same_day() -> None:
    """Estimates included; another seed moves the estimates and nothing else."""
    days = [play(HALL, busy_morning(), estimator=estimator(seed, futures=5))[1] for seed in (7, 7, 8)]
    assert days[0] == days[1]
    assert days[0] != days[2]
    bare = [replace(leg, estimate_s=0, estimate_low_s=0, estimate_high_s=0) for leg in days[0].legs]
    assert bare == [replace(leg, estimate_s=0, estimate_low_s=0, estimate_high_s=0) for leg in days[2].legs]


def test_automatic_calls_do_not_disturb() -> None:
    """A hall that calls for its clerks gives the same day: simulated clerks do not need it."""
    by_itself = replace(HALL, rules=Rules(auto_call_s=0.0))
    shifts = all_day(HALL)
    for policy in (Policy, POLICIES["dedicated"]):
        assert simulate(by_itself, policy(), busy_morning(), shifts) == simulate(HALL, policy(), busy_morning(), shifts)


def test_progress_is_told() -> None:
    """How many have come, one by one."""
    told: list[int] = []
    simulate(HALL, Policy(), busy_morning(people=4), all_day(HALL), progress=told.append)
    assert told == [1, 2, 3, 4]


def test_minutes_count_from_local_midnight() -> None:
    """The core is told the moment in UTC: nine in Shanghai is one o'clock there."""
    day, _ = play(ONE_WINDOW, [Visit("r1", NINE, "alms", 60)])
    [issued] = [event for event in day.events if type(event).__name__ == "TicketIssued"]
    assert issued.at % 86_400 == 1 * 60 * MINUTE_S
