"""Believable days at a hall, drawn from figures in a file: who comes when, for what, and which clerks are there.

A day is its figures, a scenario and a seed; the same three give the same visits on every machine. Every service and
every citizen draws from a stream of their own, so that scenarios of one seed share their citizens: Monday is the
normal day with more people, the surge the normal day with three groups more, and a citizen with an appointment only in
the appointment-heavy day is otherwise the same citizen.

What the figures leave open, and how it is read here:

- A service's `per_day` counts the people who take a number for it first. The people sent on by `pre` and `post` come on
  top: what `pre` sends to soc_pre (0.35 × 218 + 0.2 × 276 = 131), re_pre (71) and ent_con (31), and `post` to soc_iss
  (46) and re_iss (12), equals no `per_day` of those (69, 57, 92, 218, 172), so these are not the same people.
- A ticket has one follow-up leg at most: who starts with a `pre` service has the main one as follow-up and no `post`.
- A no-show who comes back takes a new number 20 to 60 minutes later: the trace has no other word for it. These are on
  top of `per_day`; who would come after the last ticket stays away.
- People are never impatient: the figures say nothing of it.

Must not know the engine, policies or the hall file.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache
from math import exp, log, log1p, sqrt
from pathlib import Path
from random import Random

from pydantic import TypeAdapter

from server.simulate.visits import Shift, Visit

YANGXIN = Path(__file__).parent / "days" / "yangxin.json"
PRIORITY = "priority"

MINUTE_S = 60.0
SLOT_MIN = 15
# A tenth of a second is as fine as a trace needs, and survives being written and read.
FINEST_S = 0.1


class Scenario(StrEnum):
    """What kind of day it is."""

    NORMAL = "normal"
    MONDAY = "monday"
    SURGE = "surge"
    ABSENT = "absent"
    APPOINTMENTS = "appointments"


MONDAY_EXTRA = 0.18
APPOINTMENT_HEAVY = 0.45
ABSENT_CLERKS = 3
# Home buyers come by coach: when, how many, and for which of these services. Their papers were seen through before.
SURGE_STARTS_MIN = (550, 620, 880)
SURGE_PEOPLE = (30, 40)
SURGE_SPREAD_MIN = 10
SURGE_SERVICES = ("re_comp", "re_base")
# Round their slot citizens with an appointment come this early to this late; a few come too late for it to count.
EARLIEST_MIN, LATEST_MIN = -20, 5
TOO_LATE_SHARE = 0.06
TOO_LATE_MIN = (11, 25)
NO_SHOW_RETURN_MIN = (20, 60)


@dataclass(frozen=True, slots=True)
class ServiceFigures:
    """One service: how many come a day, and how long the work takes (lognormal: mean in minutes, cv)."""

    pool: str
    zh: str
    mean: float
    cv: float
    quick: bool
    per_day: float
    profile: str
    pre: Mapping[str, float] = field(default_factory=dict)
    post: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Run:
    """A run of like windows: S01 to S24."""

    prefix: str
    count: int
    pool: str
    only: tuple[str, ...] = ()
    tidal: bool = False
    auth: tuple[str, ...] = ()

    @property
    def windows(self) -> tuple[str, ...]:
        """Their ids, two digits each."""
        return tuple(f"{self.prefix}{number:02d}" for number in range(1, self.count + 1))


@dataclass(frozen=True, slots=True)
class Mix:
    """Shares of the citizens."""

    priority: float
    appointment: float
    noshow: float
    # JSON's name for it, `return`, is a keyword here.
    returning: float


@dataclass(frozen=True, slots=True)
class ReferenceDay:
    """The figures of one hall's day; times in minutes from midnight."""

    name: str
    open: int
    last_ticket: int
    close: int
    lunch_shifts: tuple[tuple[int, int], tuple[int, int]]
    setup_min: float
    noshow_hold: float
    walk_min: float
    profiles: Mapping[str, tuple[float, ...]]
    services: Mapping[str, ServiceFigures]
    windows: tuple[Run, ...]
    cross: Mapping[str, tuple[str, ...]]
    mix: Mix
    day_sigma: float
    pool_sigma: float


@cache
def reference_day(path: Path = YANGXIN) -> ReferenceDay:
    """Read the figures of a day."""
    figures = json.loads(path.read_text(encoding="utf-8"))
    figures["mix"]["returning"] = figures["mix"].pop("return")
    return TypeAdapter(ReferenceDay).validate_python(figures)


def visits_of(day: ReferenceDay, scenario: Scenario, seed: int) -> list[Visit]:
    """Everybody who comes on such a day, in the order in which they come."""
    shares = replace(day.mix, appointment=APPOINTMENT_HEAVY) if scenario is Scenario.APPOINTMENTS else day.mix
    busy = _mean_one(Random(f"{seed}/day"), day.day_sigma)
    visits: list[Visit] = []
    for service, figures in day.services.items():
        volume = figures.per_day * busy * _mean_one(Random(f"{seed}/pool/{figures.pool}"), day.pool_sigma)
        visits += _people(day, shares, seed, service, volume, "")
        if scenario is Scenario.MONDAY:
            visits += _people(day, shares, seed, service, volume * MONDAY_EXTRA, "m")
    if scenario is Scenario.SURGE:
        visits += _coaches(day, seed)
    return sorted(visits, key=lambda visit: (visit.at_s, visit.ref))


def shifts_of(day: ReferenceDay, scenario: Scenario, seed: int) -> list[Shift]:
    """Who is at the windows when: one half of each run goes to lunch first, and absent clerks have no shift at all."""
    absent = _absent(day, seed) if scenario is Scenario.ABSENT else frozenset[str]()
    shifts: list[Shift] = []
    for run in day.windows:
        for place, window in enumerate(run.windows):
            lunch_from, lunch_to = day.lunch_shifts[0 if place < (run.count + 1) // 2 else 1]
            if window not in absent:
                shifts.append(Shift(window, day.open * MINUTE_S, lunch_from * MINUTE_S))
                shifts.append(Shift(window, lunch_to * MINUTE_S, day.close * MINUTE_S))
    return shifts


def _people(day: ReferenceDay, shares: Mix, seed: int, service: str, volume: float, mark: str) -> Iterator[Visit]:
    """The citizens of one service, each with what they bring along, and the no-shows who come back."""
    arrivals = _arrivals(Random(f"{seed}/{service}/arrivals{mark}"), day, day.services[service].profile, volume)
    for count, at_min in enumerate(arrivals, start=1):
        ref = f"{service}-{mark}{count:03d}"
        yield from _person(day, shares, Random(f"{seed}/{ref}"), ref, at_min, service)


def _arrivals(draws: Random, day: ReferenceDay, profile: str, volume: float) -> Iterator[float]:
    """A Poisson stream in minutes whose rate follows the half hours of the profile; `volume` expected in all."""
    weights = day.profiles[profile]
    length_min = (day.last_ticket - day.open) / len(weights)
    for place, weight in enumerate(weights):
        from_min = day.open + place * length_min
        rate = volume * weight / sum(weights) / length_min
        at_min = from_min + (draws.expovariate(rate) if rate > 0 else length_min)
        while at_min < from_min + length_min:
            yield at_min
            at_min += draws.expovariate(rate)


def _person(
    day: ReferenceDay, shares: Mix, draws: Random, ref: str, at_min: float, service: str, *, walks_in: bool = False
) -> Iterator[Visit]:
    """One citizen's visit; of a no-show who comes back also the second one. Always the same draws in the same order."""
    group = PRIORITY if draws.random() < shares.priority else None
    books = draws.random() < shares.appointment and not walks_in
    too_late = draws.random() < TOO_LATE_SHARE
    off_min = draws.uniform(*TOO_LATE_MIN) if too_late else draws.uniform(EARLIEST_MIN, LATEST_MIN)
    no_show = draws.random() < shares.noshow
    returns = draws.random() < shares.returning
    return_min = draws.uniform(*NO_SHOW_RETURN_MIN)
    legs = _legs(day, draws, service, straight=walks_in)
    slot_min: float | None = None
    if books:
        # Slots lie on the quarter hours between opening and the last ticket.
        slot_min = min(max(round(at_min / SLOT_MIN) * SLOT_MIN, day.open), day.last_ticket - SLOT_MIN)
        at_min = max(slot_min + off_min, day.open)
    (first, first_s), follow = legs[0], legs[1:]
    visit = Visit(ref, _in_time(day, at_min), first, first_s, group)
    if follow:
        visit = replace(visit, next_service=follow[0][0], next_service_s=follow[0][1])
    appointed = visit if slot_min is None else replace(visit, appointment_s=slot_min * MINUTE_S)
    if not no_show:
        yield appointed
        return
    # Nobody serves a no-show, so nobody sends one on either.
    yield replace(appointed, no_show=True, next_service=None, next_service_s=None)
    if returns and at_min + return_min < day.last_ticket:
        yield replace(visit, ref=f"{ref}-again", at_s=_in_time(day, at_min + return_min))


def _legs(day: ReferenceDay, draws: Random, service: str, *, straight: bool) -> Sequence[tuple[str, float]]:
    """The services this citizen needs in turn, with the time each takes."""
    figures = day.services[service]
    main = (service, _work_s(draws, figures))
    before, after = draws.random(), draws.random()
    effort = draws.gauss(0, 1)
    if not straight:
        for other, share in figures.pre.items():
            if before < share:
                return ((other, _work_s(draws, day.services[other], effort)), main)
            before -= share
        for other, share in figures.post.items():
            if after < share:
                return (main, (other, _work_s(draws, day.services[other], effort)))
            after -= share
    return (main,)


def _work_s(draws: Random, figures: ServiceFigures, effort: float | None = None) -> float:
    """Lognormal by mean and coefficient of variation."""
    sigma = sqrt(log1p(figures.cv**2))
    normal = draws.gauss(0, 1) if effort is None else effort
    work_s = exp(log(figures.mean * MINUTE_S) - sigma**2 / 2 + sigma * normal)
    return max(round(work_s, 1), FINEST_S)


def _coaches(day: ReferenceDay, seed: int) -> Iterator[Visit]:
    """The three groups of a real-estate surge, on top of the day."""
    weights = [day.services[service].per_day for service in SURGE_SERVICES]
    for batch, start_min in enumerate(SURGE_STARTS_MIN, start=1):
        draws = Random(f"{seed}/coach/{batch}")
        start = start_min + draws.uniform(-5, 5)
        for count in range(1, draws.randint(*SURGE_PEOPLE) + 1):
            ref = f"coach{batch}-{count:02d}"
            service = draws.choices(SURGE_SERVICES, weights)[0]
            at_min = start + draws.uniform(0, SURGE_SPREAD_MIN)
            yield from _person(day, day.mix, Random(f"{seed}/{ref}"), ref, at_min, service, walks_in=True)


def _absent(day: ReferenceDay, seed: int) -> frozenset[str]:
    """Three clerks of runs at least as loaded as the hall on the whole; a pair of windows is never chosen from."""
    work_min: dict[str, float] = {}
    for service in day.services.values():
        work_min[service.pool] = work_min.get(service.pool, 0.0) + service.per_day * service.mean
    staff: dict[str, int] = {}
    for run in day.windows:
        staff[run.pool] = staff.get(run.pool, 0) + run.count
    usual = sum(work_min.values()) / sum(staff.values())
    busy = [run for run in day.windows if work_min[run.pool] / staff[run.pool] >= usual and run.count > 2]
    return frozenset(Random(f"{seed}/absent").sample([name for run in busy for name in run.windows], ABSENT_CLERKS))


def _mean_one(draws: Random, sigma: float) -> float:
    return exp(draws.gauss(0, sigma) - sigma**2 / 2)


def _in_time(day: ReferenceDay, at_min: float) -> float:
    """Seconds to a tenth, before the last ticket."""
    return min(round(at_min * MINUTE_S, 1), day.last_ticket * MINUTE_S - FINEST_S)
