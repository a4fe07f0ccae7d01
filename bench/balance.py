"""Does the balance keep its promise: chaoxi against the peers' rules on the reference day, same traces for all.

Run: `python bench/balance.py [--seeds 20] [--scenarios normal,monday,surge] [--no-estimates] [--estimate-every 5]`.
Prints every measure of the issue with its target, as a mean over the seeds with a 95 % confidence interval (ratios of
mean waits are taken per seed, on the same day, from issue to call over every leg). Nothing is asserted.
"""

import argparse
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tqdm import tqdm

from config.loader import load_hall
from server.core.model import Plan
from server.plan import make_plan
from server.simulate.engine import simulate
from server.simulate.estimating import estimator
from server.simulate.measures import Interval, Measures, interval, measure
from server.simulate.policies import POLICIES
from server.simulate.reference_day import Scenario, reference_day, shifts_of, visits_of

HALL = Path(__file__).resolve().parent.parent / "config" / "halls" / "reference.yaml"
PEERS = ("zone_fifo", "dedicated", "patrol")
ALL_PEERS = (*PEERS, "strict", "longest_queue")

#: Measure → the most allowed (or the span) on a normal day, a Monday, a surge.
TARGETS: Mapping[str, Mapping[str, tuple[float, float]]] = {
    "mean wait / zone FIFO": {"normal": (0, 0.70), "monday": (0, 0.77), "surge": (0, 0.74)},
    "mean wait / dedicated": {"normal": (0, 0.36), "monday": (0, 0.52), "surge": (0, 0.44)},
    "mean wait / patrol": {"normal": (0, 0.82), "monday": (0, 0.90), "surge": (0, 0.90)},
    "priority p95 [min]": {"normal": (0, 3), "monday": (0, 8), "surge": (0, 5)},
    "ordinary overtaken": {"normal": (0, 0), "monday": (0, 0), "surge": (0, 0)},
    "tidal moves / h": {"normal": (0, 8), "monday": (0, 8), "surge": (0, 7)},
    "estimate error / own line": {"normal": (0, 0.65), "monday": (0, 0.40), "surge": (0, 0.50)},
    "under high bound, all": {"normal": (0.77, 0.85), "monday": (0.77, 0.87), "surge": (0.77, 0.85)},
    "under high bound, waited": {"normal": (0.77, 0.85), "monday": (0.77, 0.87), "surge": (0.77, 0.85)},
    "told > 10 min too little": {"normal": (0, 0.015), "monday": (0, 0.02), "surge": (0, 0.02)},
}


@dataclass(frozen=True, slots=True)
class Job:
    """One day under one policy."""

    scenario: str
    seed: int
    policy: str
    estimate_every: int  # of so many tickets one is told its estimate; 0 for none


@cache
def _plan() -> Plan:
    return make_plan(load_hall(HALL), always_open=True)


def play(job: Job) -> Measures:
    """Play and measure a day; runs in a process of its own."""
    plan, day, scenario = _plan(), reference_day(), Scenario(job.scenario)
    told = None
    if job.estimate_every and job.policy == "chaoxi":
        told = estimator(job.seed, every=job.estimate_every)
    result = simulate(
        plan,
        POLICIES[job.policy](),
        visits_of(day, scenario, job.seed),
        shifts_of(day, scenario, job.seed),
        estimator=told,
    )
    return measure(result, {str(service.id): str(service.zone) for service in plan.services.values()})


def figures(days: Mapping[str, Sequence[Measures]]) -> Iterable[tuple[str, Interval]]:
    """The table's rows of one scenario: `days` are the seeds' measures by policy, in the order of the seeds."""
    own = days["chaoxi"]
    for name, peer in (("zone FIFO", "zone_fifo"), ("dedicated", "dedicated"), ("patrol", "patrol")):
        pairs = zip(own, days[peer], strict=True)
        yield f"mean wait / {name}", interval([ours.every.mean_s / theirs.every.mean_s for ours, theirs in pairs])
    yield "priority p95 [min]", interval([day.priority.p95_s / 60 for day in own])
    yield "ordinary overtaken", interval([float(day.overtaken) for day in own])
    yield "tidal moves / h", interval([day.moves_per_hour for day in own])
    told = [day.estimate for day in own if day.estimate is not None]
    if told:
        # Errors of all seeds together: on a quiet day nobody waits and the ratio of two small errors says little.
        yield (
            "estimate error / own line",
            interval([sum(e.error_s * e.count for e in told) / sum(e.naive_error_s * e.count for e in told)]),
        )
        yield "estimate error / own line, mean of days", interval([e.error_ratio for e in told if e.error_ratio])
        yield "under high bound, all", interval([e.under_high for e in told])
        yield "under high bound, waited", interval([e.under_high_waited for e in told])
        yield "told > 10 min too little", interval([e.too_little for e in told])
    for policy, measured in days.items():
        yield f"mean wait, {policy} [min]", interval([day.every.mean_s / 60 for day in measured])
    yield "helping calls", interval([float(day.helped) for day in own])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=int(os.environ.get("SEEDS", "3")))
    parser.add_argument("--scenarios", default="normal,monday,surge")
    parser.add_argument("--no-estimates", action="store_true")
    parser.add_argument("--estimate-every", type=int, default=1, help="ask for every so many-th ticket's estimate only")
    parser.add_argument("--all-peers", action="store_true", help="also strict priority and longest queue")
    options = parser.parse_args()
    policies = ("chaoxi", *(ALL_PEERS if options.all_peers else PEERS))
    scenarios = options.scenarios.split(",")
    jobs = [
        Job(scenario, seed, policy, 0 if options.no_estimates else options.estimate_every)
        for scenario in scenarios
        for policy in policies
        for seed in range(options.seeds)
    ]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        done = dict(zip(jobs, tqdm(pool.map(play, jobs), total=len(jobs), disable=None), strict=True))
    for scenario in scenarios:
        days = {p: [m for job, m in done.items() if (job.scenario, job.policy) == (scenario, p)] for p in policies}
        print(f"\n{scenario}: {options.seeds} seeds")
        for name, found in figures(days):
            low, high = TARGETS.get(name, {}).get(scenario, (None, None))
            goal = "" if high is None else f"target {'≤' if not low else f'{low}–'}{' ' if not low else ''}{high}"
            verdict = "" if high is None or low is None else "reached" if low <= found.mean <= high else "NOT reached"
            print(f"  {name:42} {found.mean:8.4f}  [{found.low:.4f}, {found.high:.4f}]  {goal:18} {verdict}")


if __name__ == "__main__":
    main()
