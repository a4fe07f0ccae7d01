"""Made-up results of days, for what reads results: no engine ran, the figures are what the builders are given."""

from dataclasses import replace
from math import pi, sin

from server.simulate.reference_day import Scenario, reference_day, visits_of
from server.simulate.results import DayResult, Leg, Moment, Move

OPEN_S = 30_600.0


def a_leg(ref: str = "r1", issued_s: float = 0.0, called_s: float | None = None, **given: object) -> Leg:
    """An ordinary first leg, done a minute after its call; without a call it left when the day was over."""
    leg = Leg(
        ref, 0, ref.upper(), "soc_ins", None, False, issued_s, issued_s, called_s,
        None if called_s is None else "S01", called_s, None if called_s is None else called_s + 60,
        "day_end" if called_s is None else "done", None, None, None, None, False, 0,
    )  # fmt: skip
    return replace(leg, **given)  # type: ignore[arg-type]


def a_day(legs: list[Leg], moments: list[Moment] | None = None, **given: object) -> DayResult:
    """A day of these legs under Chaoxi."""
    day = DayResult("reference", "chaoxi", legs, [], moments or [], 0.0, 0.0)
    return replace(day, **given)  # type: ignore[arg-type]


def a_move(at_s: float, window: str, kind: str, from_zone: str, to_zone: str) -> Move:
    """A move with a reason in both languages."""
    zh, en = f"{to_zone} 压力 6.2 分钟，超过 5 分钟", f"pressure of {to_zone} is 6.2 min, above 5 min"
    return Move(at_s, window, kind, from_zone, to_zone, zh, en)


def a_whole_day(policy: str, slowness: float, *, tidal: bool = False) -> DayResult:
    """A day of the reference hall's size whose waits swell twice and grow with `slowness`."""
    legs, changes = [], []
    for place, visit in enumerate(visits_of(reference_day(), Scenario.NORMAL, 1)):
        swell = max(0.0, sin((visit.at_s - OPEN_S) / 16_000 * pi)) ** 2
        wait_s = slowness * swell * (place * 7919 % 100) * 12
        called_s = visit.at_s + wait_s
        group = visit.group
        legs.append(
            a_leg(
                visit.ref, visit.at_s, called_s, service=visit.service, group=group, estimate_s=wait_s * 0.9,
                estimate_low_s=wait_s * 0.6, estimate_high_s=wait_s * 1.1 + 60, naive_s=wait_s * 1.8,
            )
        )  # fmt: skip
        changes += [(visit.at_s, 1), (called_s, -1)]
    moments, waiting = [], 0
    for at_s, change in sorted(changes):
        waiting += change
        moments.append(Moment(at_s, waiting, max(0, int(12 * slowness) - waiting // 8)))
    moves = []
    if tidal:
        for place, window in enumerate(("TS01", "TS02", "TE01", "TE02", "TR01", "TR03")):
            own = {"S": "soc", "E": "ent", "R": "re"}[window[1]]
            other = "re" if own == "soc" else "soc"
            at_s = OPEN_S + 1500 + 700 * place
            moves += [
                a_move(at_s, window, "open", own, own),
                a_move(at_s + 3000, window, "help", own, other),
                a_move(at_s + 6000, window, "home", other, own),
                a_move(at_s + 11_000, window, "help", own, "tax"),
                a_move(at_s + 16_000, window, "close", "tax", own),
            ]
    return DayResult("reference", policy, legs, sorted(moves, key=lambda move: move.at_s), moments, 2e6, 1.3e6)
