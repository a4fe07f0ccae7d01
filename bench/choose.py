"""How long choosing the next ticket takes, and what hangs on it, with a full waiting area. Prints figures.

Run: `python bench/choose.py [WAITING]` (300 if not told). The design allows 0.1 ms for the choice among 300.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from config.loader import load_hall
from server.core import commands as c
from server.core.decide import decide
from server.core.dispatch import ahead_of, line_of, next_for
from server.core.evolve import evolve
from server.core.model import HallState, Plan
from server.core.wait import estimate
from server.plan import make_plan

HALL = Path(__file__).resolve().parent.parent / "config" / "halls" / "yangxin.yaml"
DAY, NOON = "2026-11-23", 1_795_406_400.0
#: Every tenth citizen belongs to a priority group, every fiftieth waits for one window.
GROUP_EVERY, RESERVED_EVERY = 10, 50


def full_hall(plan: Plan, count: int) -> tuple[HallState, str]:
    """A hall with so many waiting for the busiest window's services, and that window."""
    state = HallState()
    window = max(plan.windows.values(), key=lambda w: len(w.services))
    group = min(plan.groups)

    def do(command: c.Command) -> None:
        for event in decide(plan, state, command):
            evolve(state, event)

    do(c.OpenDay(at=NOON, business_day=DAY))
    for name in plan.windows:
        do(c.OpenWindow(at=NOON, window=name, clerk=name))
    for n in range(count):
        do(
            c.Issue(
                at=NOON + n * 7,
                ticket=f"t{n}",
                service=window.services[n % len(window.services)],
                group=group if n % GROUP_EVERY == 0 else None,
                for_window=window.id if n % RESERVED_EVERY == 1 else None,
            )
        )
    return state, window.id


def best_ms(act: Callable[[], object], rounds: int = 200) -> tuple[float, float]:
    """Median and worst of many rounds, in milliseconds."""
    times = []
    for _ in range(rounds):
        begin = perf_counter()
        act()
        times.append((perf_counter() - begin) * 1000)
    times.sort()
    return times[rounds // 2], times[-1]


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    plan = make_plan(load_hall(HALL), always_open=True)
    state, window = full_hall(plan, count)
    last = state.tickets[f"t{count - 1}"]
    now = NOON + count * 7
    print(f"{count} waiting, {len(plan.windows)} windows, {len(plan.services)} services; median and worst of 200 [ms]")
    for name, act in {
        "choose the next": lambda: next_for(plan, state, window),
        "the whole line": lambda: line_of(plan, state, window),
        "call next, with its reason": lambda: decide(plan, state, c.CallNext(at=now, window=window)),
        "people ahead of the last": lambda: ahead_of(plan, state, last),
        "estimate for the last": lambda: estimate(plan, state, last, now),
    }.items():
        median, worst = best_ms(act)
        print(f"  {name:28} {median:8.3f} {worst:8.3f}")


if __name__ == "__main__":
    main()
