"""The estimated wait: what sampled futures of the hall say, as a range, in the words of people."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from random import Random
from statistics import stdev

import pytest

from server.core import commands as c
from server.core import events as e
from server.core.futures import PAUSE_S, Standstill, fast_forward
from server.core.model import HallState, Plan, Timetable, WindowId
from server.core.wait import (
    Forecast,
    Preparation,
    Wait,
    estimate,
    forecast,
    newcomer,
    quantile,
    spoken,
)
from server.simulate.engine import Pace, simulate
from server.simulate.estimating import estimator
from server.simulate.policies import Policy
from server.simulate.visits import Shift, Visit
from tests.cast import (
    COMPANY,
    E01,
    E02,
    ELDER,
    INSURANCE,
    MEDICAL,
    MORNING,
    S01,
    S02,
    TAX,
    TIDAL_HALL,
    TS1,
    YANGXIN,
    a_ticket,
    at,
    called,
    closed,
    day_opened,
    given,
    id_of,
    opened,
    paused,
    started,
)

MANY = 400
TEN_MIN_S = 600.0


def certain(plan: Plan = YANGXIN) -> Plan:
    """The hall with lengths that hardly vary, so that an estimate can be reckoned by hand."""
    return replace(plan, services={k: replace(s, spread=0.0) for k, s in plan.services.items()})


def looked(events: Iterable[e.Event], plan: Plan | None = None, clock: str = "9:00", futures: int = MANY) -> Forecast:
    """The forecast after these events."""
    return forecast(plan or certain(), given(*events).state, at(clock), Random(1), futures)


def waits(found: Forecast, number: str) -> Wait:
    """The estimate of a number, which there is."""
    wait = found.tickets[id_of(number)]
    assert wait is not None
    return wait


def line(count: int, service: str = INSURANCE, clock: str = "8:59") -> list[e.Event]:
    """So many wait: A001, A002, …"""
    return [a_ticket(f"A{n:03d}", clock, service) for n in range(1, count + 1)]


#: One window at work, so that one waits for what the other leaves.
ALONE = (day_opened(), opened(S01))


# --- By hand ----------------------------------------------------------------------------------------------------------


def test_a_free_window_and_nobody_waiting() -> None:
    """At once, for everybody who takes a ticket now."""
    found = looked(MORNING)
    assert found.newcomers[(INSURANCE, False)] == found.newcomers[(INSURANCE, True)] == Wait(0.0, 0.0, 0.0)
    assert found.tickets == {}


def test_one_window_and_what_its_ticket_still_takes() -> None:
    """Ten minutes at the window since four: six are left; the next one waits ten minutes and the walk more."""
    found = looked([*ALONE, a_ticket("A009"), called("A009", clock="8:55:40"), started("A009", clock="8:56"), *line(2)])
    # A few of a hundred do not come when they are called: a minute instead of ten.
    assert waits(found, "A001").expected_s == pytest.approx(6 * 60, abs=1)
    second = waits(found, "A002")
    assert second.expected_s == pytest.approx(6 * 60 + TEN_MIN_S + 15, abs=5)
    assert second.low_s == pytest.approx(second.expected_s, abs=5)
    assert second.high_s == pytest.approx(second.expected_s, abs=5)


def test_a_service_that_outlasts_everything_still_takes_its_time() -> None:
    """A clerk who forgot to press finish is not about to be free this second, nor busy for ever."""
    late = looked([*ALONE, a_ticket("A009"), called("A009", clock="8:00"), started("A009", clock="8:01"), *line(1)])
    assert 60 < waits(late, "A001").expected_s < TEN_MIN_S


def test_shared_windows_halve_the_wait() -> None:
    """Eleven people before one window and before two."""
    alone, shared = looked([*ALONE, *line(12)]), looked([*MORNING, *line(12)])
    last = waits(alone, "A012").expected_s
    # A share of them does not come.
    assert last == pytest.approx(11 * (TEN_MIN_S + 15), rel=0.06)
    assert waits(shared, "A012").expected_s == pytest.approx(last * 5 / 11, rel=0.06)


def test_each_before_one_counts_with_its_own_service() -> None:
    """Six short tickets take less than six long ones."""
    short, long = (looked([*ALONE, *line(7, kind)]) for kind in (MEDICAL, INSURANCE))
    assert waits(short, "A007").expected_s == pytest.approx(6 * (360 + 15), rel=0.06)
    assert waits(long, "A007").expected_s == pytest.approx(6 * (600 + 15), rel=0.06)


def test_those_at_other_windows_do_not_stand_before_one() -> None:
    """A crowd for the companies' window costs nobody at the insurance windows a minute."""
    crowd = [a_ticket(f"B{n:03d}", "8:50") for n in range(1, 9)]
    assert looked([*MORNING, opened(E01), *crowd]).newcomers[(INSURANCE, False)] == Wait(0.0, 0.0, 0.0)


def test_priority_newcomers_wait_less() -> None:
    """They pass those who count as later, and the range says so."""
    found = looked([*ALONE, *line(10)])
    ordinary, priority = found.newcomers[(INSURANCE, False)], found.newcomers[(INSURANCE, True)]
    assert ordinary is not None
    assert priority is not None
    assert priority.expected_s == 0
    assert ordinary.expected_s > 80 * 60


def test_people_still_to_come_who_count_as_earlier_are_foreseen() -> None:
    """Where every third is of a priority group, an ordinary ticket waits for more than those who are here."""
    shut = replace(certain(), groups=frozenset())
    plain = line(12, clock="8:50")
    mixed = [a_ticket(f"A{n:03d}", "8:50", group=ELDER if n % 3 == 0 else None) for n in range(1, 13)]
    few, many = looked([*ALONE, *plain], shut), looked([*ALONE, *mixed])
    assert many.newcomers[(INSURANCE, False)] is not None
    assert few.newcomers[(INSURANCE, False)] is not None
    assert many.newcomers[(INSURANCE, False)].expected_s > few.newcomers[(INSURANCE, False)].expected_s + TEN_MIN_S


def test_a_reserved_ticket_waits_for_its_window() -> None:
    """The free one beside does not help it; a closed one lets it go."""
    busy = [a_ticket("A009"), called("A009", S02, "8:59"), started("A009", S02, "9:00")]
    found = looked([*MORNING, *busy, a_ticket("A001", "8:59", for_window=S02), a_ticket("A002", "8:59")])
    assert waits(found, "A002").expected_s == 0
    assert waits(found, "A001").expected_s == pytest.approx(TEN_MIN_S, abs=1)


# --- Who is there -----------------------------------------------------------------------------------------------------


def test_nobody_there_nothing_promised() -> None:
    """No window open for it: no estimate, for those who wait and for newcomers."""
    found = looked([*MORNING, a_ticket("B001")])
    assert found.tickets[id_of("B001")] is None
    assert found.newcomers[(COMPANY, False)] is None
    state = given(*MORNING, a_ticket("B001")).state
    assert estimate(YANGXIN, state, state.tickets[id_of("B001")], at("9:00"), Random(1)) is None


def test_a_clerk_on_a_break_comes_back() -> None:
    """The only window paused: about ten minutes, and then the line."""
    found = looked([*ALONE, paused(S01, "8:58"), *line(1)])
    assert waits(found, "A001") == Wait(PAUSE_S, PAUSE_S, PAUSE_S)


#: S01's clerk is at lunch from twelve to one, E01's works from two on.
WITH_HOURS = replace(
    certain(),
    windows={
        **YANGXIN.windows,
        S01: replace(YANGXIN.windows[S01], timetable="lunch"),
        E01: replace(YANGXIN.windows[E01], timetable="late"),
    },
    timetables={
        **YANGXIN.timetables,
        "lunch": Timetable(shifts=(((510, 720), (780, 1050)),) * 7),
        "late": Timetable(shifts=(((840, 1050),),) * 7),
    },
)


def test_who_is_at_lunch_is_counted_on_for_afterwards() -> None:
    """At a quarter past twelve the only clerk is away until one: 45 minutes."""
    found = looked([*ALONE, closed(S01, "12:00"), a_ticket("A001", "12:10")], WITH_HOURS, "12:15")
    assert waits(found, "A001") == Wait(45 * 60, 45 * 60, 45 * 60)


def test_a_clerk_about_to_go_to_lunch_takes_no_more_than_one() -> None:
    """At five to twelve one is served, the other waits for the afternoon."""
    found = looked([*ALONE, *line(2, clock="11:54")], WITH_HOURS, "11:55")
    assert waits(found, "A001").expected_s == 0
    assert waits(found, "A002").expected_s == 65 * 60


def test_a_window_that_opens_later() -> None:
    """Nobody sits there yet, but somebody will at two."""
    found = looked([*ALONE, a_ticket("B001", "13:00")], WITH_HOURS, "13:00")
    assert waits(found, "B001").expected_s == 3600


def test_who_has_gone_within_his_hours_is_not_counted_on() -> None:
    """Closed at ten with the shift running until noon: nobody knows when."""
    found = looked([*ALONE, closed(S01, "10:00"), a_ticket("A001", "10:05")], WITH_HOURS, "10:05")
    assert found.tickets[id_of("A001")] is None


def test_who_works_in_the_morning_only_is_not_counted_on_later() -> None:
    """S02 goes home at ten; the third of those in line waits for S01 alone, whose day ends with the zone's."""
    plan = replace(
        WITH_HOURS,
        windows={**WITH_HOURS.windows, S02: replace(YANGXIN.windows[S02], timetable="morning")},
        timetables={**WITH_HOURS.timetables, "morning": Timetable(shifts=(((510, 600),),) * 7)},
    )
    found = looked([day_opened(), opened(S01), opened(S02), *line(4, clock="9:54")], plan, "9:55")
    assert [waits(found, f"A00{n}").expected_s for n in (1, 2)] == [0, 0]
    assert waits(found, "A004").expected_s == pytest.approx(2 * (TEN_MIN_S + 15), abs=2)


def test_the_last_shift_serves_everybody() -> None:
    """At closing time those who are there are still called."""
    found = looked([*ALONE, *line(3, clock="17:20")], WITH_HOURS, "17:25")
    assert waits(found, "A003").expected_s > 15 * 60


# --- Help -------------------------------------------------------------------------------------------------------------

#: E02 helps after a minute here, so that the threshold shows.
LENT = certain(replace(TIDAL_HALL, tides=replace(TIDAL_HALL.tides, cross_after_s=60, cross_leave_s=300)))


def test_a_helping_window_counts_after_its_threshold() -> None:
    """E02 takes an insurance ticket once it has waited a minute; a tidal window of its zone after five."""
    busy = [a_ticket("A009", "8:59:50"), called("A009", S01, "8:59:50"), started("A009", S01, "9:00")]
    waiting = a_ticket("A001", "8:59:50")
    without = looked([*ALONE, *busy, waiting], LENT)
    helped = looked([*ALONE, opened(E02), *busy, waiting], LENT)
    assert waits(without, "A001").expected_s == pytest.approx(TEN_MIN_S, abs=2)
    assert waits(helped, "A001").expected_s == pytest.approx(50, abs=1)

    company = [day_opened(), opened(TS1), a_ticket("B001", "8:58")]
    assert waits(looked(company, LENT), "B001").expected_s == pytest.approx(3 * 60, abs=1)


def test_help_in_another_part_of_the_house_takes_its_change_over() -> None:
    """E02 walks over for each of three insurance tickets; 潮1 goes to 企业 once and is there for the next two."""
    free = replace(LENT, tides=replace(LENT.tides, help_cost_s=0))
    lent = [day_opened(), opened(E02), *(a_ticket(f"A00{n}", "8:40") for n in (1, 2, 3))]
    tidal = [day_opened(), opened(TS1), *(a_ticket(f"B00{n}", "8:40") for n in (1, 2, 3))]
    for events, last, change_overs in ((lent, "A003", 2), (tidal, "B003", 1)):
        more_s = waits(looked(events, LENT), last).expected_s - waits(looked(events, free), last).expected_s
        assert more_s == pytest.approx(change_overs * 60, abs=2)


def test_few_futures_tell_what_many_do() -> None:
    """Over the futures every length goes through its whole range evenly: from one estimate of half an hour to the next
    it is little over a minute. Drawn freely, 36 futures differed by two and a half."""
    state = given(*ALONE, *line(5)).state
    told = [waits(forecast(YANGXIN, state, at("9:00"), Random(seed), 36), "A004").expected_s for seed in range(30)]
    assert stdev(told) < 105


def test_a_helping_window_stays_with_its_own_people() -> None:
    """With a line of its own it leaves only for somebody who counts much earlier."""
    own = [a_ticket(f"B{n:03d}", "8:40") for n in range(1, 6)]
    kept = looked([day_opened(), opened(E02), *own, a_ticket("A001", "8:41")], LENT)
    assert waits(kept, "A001").expected_s > 15 * 60
    left = looked([day_opened(), opened(E02), *own, a_ticket("A001", "8:20")], LENT)
    assert waits(left, "A001").expected_s == 0


def test_a_tidal_window_helps_where_it_may_move_by_itself() -> None:
    """One that people have told where to be is not counted on elsewhere."""
    told = e.WindowAssigned(at=at("8:50"), window=TS1, services=(INSURANCE,), until=at("12:00"))
    assert looked([day_opened(), opened(TS1), told, a_ticket("B001", "8:58")], LENT).tickets[id_of("B001")] is None


# --- The samples ------------------------------------------------------------------------------------------------------

BUSY = [
    *MORNING, opened(E01), a_ticket("A020", "8:50"), called("A020", S01, "8:52"), started("A020", S01, "8:53"),
    *(a_ticket(f"A{n:03d}", f"8:{40 + n}", MEDICAL if n % 3 else INSURANCE, ELDER if n == 7 else None)
      for n in range(1, 16)),
    *(a_ticket(f"B{n:03d}", "8:45") for n in range(1, 6)),
]  # fmt: skip


def test_ranges_are_in_order() -> None:
    """The low end, then the expected, then the high end, none before now."""
    found = looked(BUSY, YANGXIN, futures=24)
    known = [wait for wait in (*found.tickets.values(), *found.newcomers.values()) if wait is not None]
    assert len(known) == 20 + 6
    for wait in known:
        assert 0 <= wait.low_s <= wait.expected_s <= wait.high_s


def test_estimates_follow_the_line() -> None:
    """Whoever is called earlier is not told more, at either end."""
    state = given(*BUSY).state
    found = forecast(YANGXIN, state, at("9:00"), Random(3), 24)
    for places in state.lines.values():
        told = [found.tickets[ticket] for _, _, ticket in places]
        for before, after in pairwise(told):
            assert before is not None
            assert after is not None
            assert before.low_s <= after.low_s
            assert before.expected_s <= after.expected_s
            assert before.high_s <= after.high_s


def test_the_same_chance_gives_the_same_forecast() -> None:
    """And another seed another one."""
    state = given(*BUSY).state
    one, same, other = (forecast(YANGXIN, state, at("9:00"), Random(seed)) for seed in (5, 5, 6))
    assert one == same
    assert one != other


def test_asking_changes_nothing() -> None:
    """An imagined newcomer takes nobody's time: with and without such probes the others are told the same."""
    # More than the look back ago: nobody is foreseen to come, whose number would depend on who is asked about.
    state = given(*BUSY).state
    later = at("10:30")
    probes = [newcomer(YANGXIN, state, service, later) for service in YANGXIN.services]
    alone = Standstill(YANGXIN, state, later, ())
    asked = Standstill(YANGXIN, state, later, probes)
    assert alone.streams == asked.streams == []
    calls, with_probes = (
        dict(zip(hall.entries, fast_forward(hall, 24, Random(2)), strict=True)) for hall in (alone, asked)
    )
    assert calls == {ticket: times for ticket, times in with_probes.items() if ticket in calls}
    assert len(with_probes) == len(calls) + len(probes)
    before = repr(state)
    Preparation(YANGXIN, state, later).forecast(Random(1))
    assert repr(state) == before


def test_asking_keeps_no_help_away() -> None:
    """Nor does a newcomer who counts as earlier, but has not waited yet, keep a helping window from those who have."""
    state = given(day_opened(), opened(E02), *line(3, clock="8:48"), a_ticket("B001", "8:50")).state
    now = at("9:00")
    alone = Standstill(LENT, state, now, ())
    asked = Standstill(LENT, state, now, [newcomer(LENT, state, INSURANCE, now, ELDER)])
    alone.streams = asked.streams = []
    calls, with_probe = (dict(zip(hall.entries, hall.play(Random(2)), strict=True)) for hall in (alone, asked))
    assert calls[id_of("A001")] == 0
    assert calls == {ticket: with_probe[ticket] for ticket in calls}


def test_one_ticket_alone_is_told_what_the_forecast_tells() -> None:
    """Asked for by itself it is the same question, but for chance."""
    state = given(*BUSY).state
    found = forecast(YANGXIN, state, at("9:00"), Random(1), MANY)
    for number in ("A003", "A015", "B005"):
        alone = estimate(YANGXIN, state, state.tickets[id_of(number)], at("9:00"), Random(2), MANY)
        told = found.tickets[id_of(number)]
        assert alone is not None
        assert told is not None
        assert alone.expected_s == pytest.approx(told.expected_s, rel=0.12, abs=60)


def test_others_get_their_turn_between_two_futures() -> None:
    """The work can be interrupted as often as there are futures."""
    turns: list[None] = []
    Preparation(YANGXIN, given(*BUSY).state, at("9:00")).forecast(Random(1), 24, lambda: turns.append(None))
    assert len(turns) == 24


def test_a_ticket_of_a_dropped_service_breaks_no_estimate() -> None:
    """Gone from the hall file at noon, nobody is told to call it, and it takes no time."""
    services = {k: v for k, v in certain().services.items() if k != MEDICAL}
    windows = {k: replace(w, services=tuple(s for s in w.services if s != MEDICAL)) for k, w in YANGXIN.windows.items()}
    plan = replace(certain(), services=services, windows=windows)
    hall = given(*ALONE, a_ticket("A002", "8:50", MEDICAL), called("A002"), a_ticket("A003", "8:55", MEDICAL), *line(1))
    found = forecast(plan, hall.state, at("9:00"), Random(1))
    assert found.tickets[id_of("A003")] is None
    assert found.tickets[id_of("A001")] == Wait(0.0, 0.0, 0.0)
    assert (MEDICAL, False) not in found.newcomers


# --- Learning ---------------------------------------------------------------------------------------------------------


def with_lengths(*minutes: float) -> HallState:
    """A hall with ten people waiting whose insurance services took so long today."""
    state = given(*ALONE, *line(10)).state
    state.lengths[INSURANCE] = [length * 60 for length in minutes]
    return state


def told_last(state: HallState) -> float:
    """What the tenth is told."""
    wait = forecast(YANGXIN, state, at("9:00"), Random(1), MANY).tickets[id_of("A010")]
    assert wait is not None
    return wait.expected_s


def test_slow_days_are_noticed() -> None:
    """After fifty services of a quarter of an hour nobody is told ten minutes each."""
    usual, slow = told_last(with_lengths()), told_last(with_lengths(*[14.0, 15.0, 16.0] * 17))
    assert slow > 1.2 * usual


def test_forgotten_finishes_hardly_count() -> None:
    """A clerk who went to lunch without pressing finish, or pressed it at once, changes no estimate by much."""
    honest = [8.0, 9.0, 10.0, 11.0, 12.0] * 8
    usual = told_last(with_lengths(*honest))
    assert told_last(with_lengths(*honest, 95.0, 120.0, 240.0)) == pytest.approx(usual, rel=0.05)
    assert told_last(with_lengths(*honest, 0.1, 0.1, 0.1)) == pytest.approx(usual, rel=0.05)


def test_estimates_hold_what_they_promise() -> None:
    """Five days of chance at three windows: about four in five who waited did so no longer than the high end, and the
    estimate is nearer than the mean wait would be."""
    plan = replace(
        YANGXIN,
        always_open=True,
        windows={
            n: replace(YANGXIN.windows[S01], id=WindowId(n), number=i) for i, n in enumerate(("S01", "S02", "S03"))
        },
    )
    told, kept, errors, blind = 0, 0, 0.0, 0.0
    for seed in range(5):
        random, at_s, visits = Random(seed), 9 * 3600.0, []
        while at_s < 13 * 3600:
            at_s += random.expovariate(1 / 215)
            # Mean 600 s and a spread of 0.7, as the hall file says.
            service_s = random.lognormvariate(6.198, 0.631)
            visits.append(Visit(f"{len(visits)}", at_s, INSURANCE, service_s, ELDER if random.random() < 0.1 else None))
        shifts = [Shift(window, 9 * 3600.0, 17 * 3600.0) for window in plan.windows]
        result = simulate(plan, Policy(), visits, shifts, Pace(walk_s=15.0), estimator(seed))
        waited = [leg for leg in result.legs if leg.called_s is not None and leg.called_s > leg.issued_s]
        mean = sum(leg.called_s - leg.issued_s for leg in waited) / len(waited)
        for leg in waited:
            assert leg.estimate_high_s is not None
            wait_s = leg.called_s - leg.issued_s
            told += 1
            kept += wait_s <= leg.estimate_high_s
            errors += abs(wait_s - leg.estimate_s)
            blind += abs(wait_s - mean)
    assert told > 150
    assert 0.68 < kept / told < 0.90
    assert errors < 0.6 * blind


# --- In words ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("low_min", "high_min", "said"),
    [
        (0, 0, (0, 1)),
        (0.5, 0.9, (0, 1)),
        (1.2, 3.4, (1, 4)),
        (4.9, 6.1, (4, 10)),
        (6.0, 9.0, (5, 10)),
        (14.0, 19.0, (10, 20)),
        (15.0, 20.0, (15, 20)),
        (15.2, 15.3, (15, 20)),
        (15.0, 20.05, (15, 20)),
        (15.0, 20.2, (15, 25)),
        (31.0, 58.0, (30, 60)),
        (59.0, 61.0, (55, 70)),
        (60.0, 90.0, (60, 90)),
        (75.0, 119.0, (70, 120)),
    ],
)
def test_ranges_as_people_speak(low_min: float, high_min: float, said: tuple[int, int]) -> None:
    """To the minute at first, then by five, above an hour by ten; the low end down, the high end up, never the same."""
    assert spoken(Wait(low_min * 60, low_min * 60, high_min * 60)) == (said[0] * 60, said[1] * 60)


def test_what_is_said_never_shrinks_as_waits_grow() -> None:
    """Nobody who waits longer is told less."""
    said = [spoken(Wait(s, s, s * 1.3)) for s in range(0, 7200, 7)]
    assert all(a[0] <= b[0] and a[1] <= b[1] for a, b in pairwise(said))
    assert all(low < high for low, high in said)


def test_quantiles_lie_between_samples() -> None:
    """Of nine samples the second from below is what one in five stays below; a single one is all there is to say."""
    nine = [float(n) for n in range(1, 10)]
    assert quantile(nine, 0.2) == pytest.approx(2.0)
    assert quantile(nine, 0.5) == 5.0
    assert quantile(nine, 0.8) == pytest.approx(8.0)
    assert quantile([3.0], 0.2) == quantile([3.0], 0.8) == 3.0
    assert quantile([0.0, 10.0], 0.5) == 5.0


def test_newcomers_are_for_every_service_and_kind() -> None:
    """A hall without priority groups has no priority newcomers."""
    found = looked(MORNING)
    assert found.newcomers.keys() == {(s, p) for s in (INSURANCE, MEDICAL, COMPANY, TAX) for p in (False, True)}
    plain = forecast(replace(YANGXIN, groups=frozenset()), given(*MORNING).state, at("9:00"), Random(1))
    assert plain.newcomers.keys() == {(s, False) for s in (INSURANCE, MEDICAL, COMPANY, TAX)}


def test_a_called_ticket_is_no_longer_told() -> None:
    """Estimates are for those who wait."""
    hall = given(*MORNING, *line(2))
    hall.when(c.CallNext(at=at("9:00"), window=S01))
    found = forecast(YANGXIN, hall.state, at("9:00"), Random(1))
    assert found.tickets.keys() == {id_of("A002")}
