"""What a simulated day was like, in figures. Pure: a DayResult in, numbers out.

A leg's wait runs from when it began to wait to its call; a leg never called waited until it left or the day was over.
An appointment's wait counts from the check-in. Seconds unless a name says otherwise.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import floor
from typing import TypeVar

from server.simulate.results import DayResult, Leg, Moment

HALF_HOUR_S = 1800
#: Told too little is a wait that outlasts even the high bound by more than this.
TOO_LITTLE_S = 600
NOT_SERVED = frozenset({"left", "day_end"})

Key = TypeVar("Key", int, str)


@dataclass(frozen=True, slots=True)
class Spread:
    """How a set of waits lies; all zero when there is none."""

    count: int
    mean_s: float
    p50_s: float
    p90_s: float
    p95_s: float


@dataclass(frozen=True, slots=True)
class EstimateQuality:
    """How the estimates told at issue compare with the waits that came; only of legs that were called."""

    count: int
    error_s: float  # mean absolute error
    naive_error_s: float  # the same of own line × mean ÷ windows
    error_ratio: float | None  # none when the naive one never erred
    under_high: float  # share of waits not above the high bound
    under_high_waited: float  # the same among those who waited at all
    too_little: float  # share that waited over ten minutes more than the high bound


@dataclass(frozen=True, slots=True)
class Measures:
    """The figures of one day under one policy."""

    policy: str
    first: Spread  # first legs: from taking a number to the first call
    every: Spread  # every leg, follow-ups too
    services: Mapping[str, Spread]  # every leg, like the next two
    zones: Mapping[str, Spread]
    half_hours: Mapping[int, Spread]  # by when the wait began; keys are seconds from midnight
    priority: Spread  # first legs of priority groups
    priority_every: Spread
    overtaken: int
    idle_while_waiting_min: float
    hours: float  # first to last event of the day
    moves: Mapping[str, int]  # by kind
    moves_per_hour: float
    helped: int  # calls by a window of another zone
    utilisation: float
    served: int  # tickets whose last leg was done
    no_shows: int
    not_served: int  # left, or still waiting when the day was over
    estimate: EstimateQuality | None  # none when nothing was told


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean over seeds with its 95 % confidence interval; without width from one seed only."""

    mean: float
    low: float
    high: float
    seeds: int


def measure(day: DayResult, zone_of: Mapping[str, str]) -> Measures:
    """All figures of a day; `zone_of` gives the zone of every service."""
    end_s = day_end_s(day)
    waits = [(leg, wait_s(leg, end_s)) for leg in day.legs]
    first = [(leg, wait) for leg, wait in waits if leg.leg == 0]
    moves = Counter(move.kind for move in day.moves)
    hours = (end_s - day_start_s(day)) / 3600
    last = {leg.ref: leg for leg in sorted(day.legs, key=lambda leg: leg.leg)}
    return Measures(
        policy=day.policy,
        first=spread(wait for _leg, wait in first),
        every=spread(wait for _leg, wait in waits),
        services=_by(waits, lambda leg: leg.service),
        zones=_by(waits, lambda leg: zone_of[leg.service]),
        half_hours=_by(waits, lambda leg: int(leg.issued_s // HALF_HOUR_S) * HALF_HOUR_S),
        priority=spread(wait for leg, wait in first if leg.group is not None),
        priority_every=spread(wait for leg, wait in waits if leg.group is not None),
        overtaken=overtaken(day.legs, end_s),
        idle_while_waiting_min=idle_while_waiting_min(day.moments),
        hours=hours,
        moves=dict(sorted(moves.items())),
        moves_per_hour=moves.total() / hours if hours > 0 else 0.0,
        helped=sum(leg.helped for leg in day.legs),
        utilisation=min(1.0, day.windows_busy_s / day.windows_open_s) if day.windows_open_s > 0 else 0.0,
        served=sum(leg.outcome == "done" for leg in last.values()),
        no_shows=sum(leg.outcome == "no_show" for leg in last.values()),
        not_served=sum(leg.outcome in NOT_SERVED for leg in last.values()),
        estimate=_estimate(waits),
    )


def day_start_s(day: DayResult) -> float:
    """When the first thing happened."""
    return min((moment.at_s for moment in day.moments), default=min((leg.issued_s for leg in day.legs), default=0.0))


def day_end_s(day: DayResult) -> float:
    """When the last thing happened: a leg never called waited until then unless it left."""
    times = [moment.at_s for moment in day.moments]
    for leg in day.legs:
        times += [time for time in (leg.issued_s, leg.called_s, leg.started_s, leg.finished_s) if time is not None]
    return max(times, default=0.0)


def wait_s(leg: Leg, end_s: float) -> float:
    """From when the leg began to wait to its call, or to when it gave up, or to the day's end."""
    return max(0.0, _waited_until(leg, end_s) - leg.issued_s)


def spread(waits: Iterable[float]) -> Spread:
    """Mean and percentiles."""
    ordered = sorted(waits)
    if not ordered:
        return Spread(0, 0.0, 0.0, 0.0, 0.0)
    mean = sum(ordered) / len(ordered)
    return Spread(len(ordered), mean, *(percentile(ordered, share) for share in (0.5, 0.9, 0.95)))


def percentile(ordered: Sequence[float], share: float) -> float:
    """A percentile of ordered values, linear between neighbours."""
    place = share * (len(ordered) - 1)
    below = floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def overtaken(legs: Iterable[Leg], end_s: float) -> int:
    """How many ordinary tickets saw a later ordinary one of their service called before them.

    Ordinary has no priority group, no kept appointment, and is no follow-up leg. Called at one moment is not before.
    """
    ordinary: dict[str, list[Leg]] = {}
    for leg in legs:
        if leg.leg == 0 and leg.group is None and not leg.on_time_appointment:
            ordinary.setdefault(leg.service, []).append(leg)
    count = 0
    for line in ordinary.values():
        line.sort(key=_place, reverse=True)
        earliest_call_s = earlier_call_s = float("inf")
        for place, leg in enumerate(line):
            # Only those strictly behind: equals of the leg before are taken over when the place changes.
            if place and _place(line[place - 1]) != _place(leg):
                earlier_call_s = earliest_call_s
            count += earlier_call_s < _waited_until(leg, end_s)
            if leg.called_s is not None:
                earliest_call_s = min(earliest_call_s, leg.called_s)
    return count


def idle_while_waiting_min(moments: Sequence[Moment]) -> float:
    """Window minutes idle while somebody waited: the smaller of idle windows and waiting people, summed over time."""
    idle_s = 0.0
    for now, after in pairwise(moments):
        idle_s += min(now.idle, now.waiting) * (after.at_s - now.at_s)
    return idle_s / 60


def interval(values: Sequence[float]) -> Interval:
    """Mean and 95 % confidence interval (Student's t)."""
    if not values:
        raise ValueError("an interval needs at least one value")
    n = len(values)
    mean = sum(values) / n
    if n == 1:
        return Interval(mean, mean, mean, 1)
    deviation = (sum((value - mean) ** 2 for value in values) / (n - 1)) ** 0.5
    half = student_t(n - 1) * deviation / n**0.5
    return Interval(mean, mean - half, mean + half, n)


def compare(
    days: Sequence[Measures],
    baseline: Sequence[Measures],
    figure: Callable[[Measures], float] = lambda measures: measures.first.mean_s,
) -> Interval:
    """The ratio of a figure to the baseline policy's, paired seed by seed; the mean wait of first legs unless told."""
    ratios = []
    for one, other in zip(days, baseline, strict=True):
        if figure(other) <= 0:
            raise ValueError(f"the baseline {other.policy!r} has nothing to divide by on one of the days")
        ratios.append(figure(one) / figure(other))
    return interval(ratios)


#: Two-sided 95 % quantiles of Student's t by degrees of freedom; between them linear in the reciprocal.
STUDENT_T = {
    1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 6: 2.447, 7: 2.365, 8: 2.306, 9: 2.262, 10: 2.228, 11: 2.201,
    12: 2.179, 13: 2.160, 14: 2.145, 15: 2.131, 16: 2.120, 17: 2.110, 18: 2.101, 19: 2.093, 20: 2.086, 21: 2.080,
    22: 2.074, 23: 2.069, 24: 2.064, 25: 2.060, 26: 2.056, 27: 2.052, 28: 2.048, 29: 2.045, 30: 2.042, 40: 2.021,
    60: 2.000, 120: 1.980,
}  # fmt: skip
NORMAL_95 = 1.960


def student_t(freedom: int) -> float:
    """How many standard errors the 95 % interval reaches to each side."""
    if freedom in STUDENT_T:
        return STUDENT_T[freedom]
    below = max(known for known in STUDENT_T if known < freedom)
    above = min((known for known in STUDENT_T if known > freedom), default=None)
    far, far_t = (1 / above, STUDENT_T[above]) if above is not None else (0.0, NORMAL_95)
    part = (1 / freedom - far) / (1 / below - far)
    return far_t + (STUDENT_T[below] - far_t) * part


def _waited_until(leg: Leg, end_s: float) -> float:
    if leg.called_s is not None:
        return leg.called_s
    return end_s if leg.finished_s is None else leg.finished_s


def _place(leg: Leg) -> tuple[float, int]:
    return leg.issued_s, leg.entry


def _by(waits: Sequence[tuple[Leg, float]], key: Callable[[Leg], Key]) -> dict[Key, Spread]:
    sets: dict[Key, list[float]] = {}
    for leg, wait in waits:
        sets.setdefault(key(leg), []).append(wait)
    return {name: spread(sets[name]) for name in sorted(sets)}


def _estimate(waits: Sequence[tuple[Leg, float]]) -> EstimateQuality | None:
    told = [
        (wait, leg.estimate_s, leg.estimate_high_s, leg.naive_s)
        for leg, wait in waits
        if leg.called_s is not None and leg.estimate_s is not None and leg.estimate_high_s is not None
    ]
    if not told:
        return None
    paired = [(abs(wait - said), abs(wait - naive)) for wait, said, _high, naive in told if naive is not None]
    error_paired, naive_error = sum(error for error, _naive in paired), sum(naive for _error, naive in paired)
    waited = [(wait, high) for wait, _said, high, _naive in told if wait > 0]
    return EstimateQuality(
        count=len(told),
        error_s=sum(abs(wait - said) for wait, said, _high, _naive in told) / len(told),
        naive_error_s=naive_error / len(paired) if paired else 0.0,
        error_ratio=error_paired / naive_error if naive_error > 0 else None,
        under_high=sum(wait <= high for wait, _said, high, _naive in told) / len(told),
        under_high_waited=sum(wait <= high for wait, high in waited) / len(waited) if waited else 1.0,
        too_little=sum(wait > high + TOO_LITTLE_S for wait, _said, high, _naive in told) / len(told),
    )
