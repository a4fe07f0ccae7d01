"""How long services take here, learnt day by day. Pure; lengths in seconds.

What the hall file says counts as a number of services seen; every day's services join it, older days fade. Some clerks
forget to finish, some press it at once: lengths far from the day's middle do not count.
"""

import math
from collections.abc import Sequence
from statistics import median

from server.core.model import HallState, Lengths, Plan

#: The hall file's word counts as so many services seen.
PRIOR_WEIGHT = 30.0
#: What a day's services weigh a day later, and the most that all the past may weigh.
FADE_A_DAY, WEIGHT_MAX = 0.9, 2000.0
#: A service beyond this many times the middle one was not finished in time (D2.20); below that part it never was one.
FORGOTTEN_TIMES, PRESSED_PART = 5.0, 0.05
#: So many services are needed to know their middle.
ENOUGH = 5
#: Of today's services so many count while the day goes on: enough to know, quick to reckon.
LATEST_MAX = 100
#: What is believed before the day has shown it: seconds from call to window, share that does not come.
WALK_S, NO_SHOW_SHARE = 15.0, 0.03
SPREAD_MIN, SPREAD_MAX = 0.2, 1.5


def believable(lengths: Sequence[float], expected_s: float) -> list[float]:
    """The lengths that were services: neither forgotten nor pressed by mistake."""
    middle = median(lengths) if len(lengths) >= ENOUGH else expected_s
    return [s for s in lengths if PRESSED_PART * middle <= s <= FORGOTTEN_TIMES * max(middle, expected_s)]


def lengths_of(plan: Plan, state: HallState, service: str) -> Lengths:
    """What is known of a service now: the hall file's word, the past weeks, and today."""
    chosen = plan.services[service]
    known = Lengths(PRIOR_WEIGHT, chosen.mean_service_s, chosen.spread)
    if (past := state.learnt.get(service)) is not None:
        known = _joined(known, past)
    today = believable(state.lengths.get(service, [])[-LATEST_MAX:], known.mean_s)
    return _joined(known, _seen(today, known)) if today else known


def learn(plan: Plan, state: HallState) -> dict[str, Lengths]:
    """What the past teaches once today has joined it; for the opening of the next day."""
    learnt: dict[str, Lengths] = {}
    for service in plan.services:
        past = state.learnt.get(service)
        today = believable(state.lengths.get(service, ()), lengths_of(plan, state, service).mean_s)
        if past is not None:
            past = Lengths(min(past.weight * FADE_A_DAY, WEIGHT_MAX), past.mean_s, past.spread)
        if today:
            seen = _seen(today, lengths_of(plan, state, service))
            past = seen if past is None else _joined(past, seen)
        if past is not None:
            learnt[service] = past
    return learnt


def means(plan: Plan, learnt: dict[str, Lengths]) -> dict[str, float]:
    """The mean lengths that count for a day's credit, from the hall file and what was learnt, to the second."""
    result = {}
    for name, service in plan.services.items():
        known = Lengths(PRIOR_WEIGHT, service.mean_service_s, service.spread)
        result[str(name)] = float(round(_joined(known, learnt[name]).mean_s if name in learnt else known.mean_s))
    return result


def walk_s(state: HallState) -> float:
    """How long citizens take from the call to the window today."""
    count, total_s = state.walks
    return (WALK_S * PRIOR_WEIGHT + total_s) / (PRIOR_WEIGHT + count)


def no_show_share(state: HallState) -> float:
    """Which part of those called does not come today."""
    return (NO_SHOW_SHARE * PRIOR_WEIGHT + state.missed) / (PRIOR_WEIGHT + len(state.calls))


def _seen(lengths: Sequence[float], known: Lengths) -> Lengths:
    mean = sum(lengths) / len(lengths)
    if len(lengths) < ENOUGH or mean <= 0:
        return Lengths(len(lengths), mean, known.spread)
    variance = sum((s - mean) ** 2 for s in lengths) / (len(lengths) - 1)
    return Lengths(len(lengths), mean, min(max(math.sqrt(variance) / mean, SPREAD_MIN), SPREAD_MAX))


def _joined(one: Lengths, other: Lengths) -> Lengths:
    weight = one.weight + other.weight
    share = other.weight / weight
    return Lengths(
        weight,
        one.mean_s + share * (other.mean_s - one.mean_s),
        one.spread + share * (other.spread - one.spread),
    )
