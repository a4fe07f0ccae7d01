"""How long choosing the next ticket takes, and what hangs on it, with a full waiting area. Prints figures.

Run: `python bench/choose.py [WAITING]` (300 if not told). Allowed with 300 waiting: 0.1 ms for the choice, 3 ms for
refreshing one service's estimate; a forecast is made for all services at once, so its time is shared by them.
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from config.loader import load_hall
from server.core import commands as c
from server.core.decide import decide
from server.core.dispatch import ahead_of, line_of, next_for, turns
from server.core.evolve import evolve
from server.core.model import HallState, Plan
from server.core.wait import FUTURES, Preparation, estimate
from server.plan import make_plan

HALLS = Path(__file__).resolve().parent.parent / "config" / "halls"
#: Monday 2026-11-23, ten o'clock in Shanghai.
DAY, TEN = "2026-11-23", 1_795_399_200.0
#: Every tenth citizen belongs to a priority group, every fiftieth waits for one window; one comes every seven seconds.
GROUP_EVERY, RESERVED_EVERY, GAP_S = 10, 50, 7
CHOICE_MAX_MS, SERVICE_MAX_MS = 0.1, 3.0


class FullHall:
    """A hall at work with so many waiting, spread over its services as people come."""

    def __init__(self, plan: Plan, count: int) -> None:
        self.plan, self.state = plan, HallState()
        self._do(c.OpenDay(at=TEN, business_day=DAY))
        for name in plan.windows:
            self._do(c.OpenWindow(at=TEN, window=name, clerk=name))
        #: The window with most to choose from.
        self.window = max(plan.windows.values(), key=lambda w: len(w.services) + len(w.may_help)).id
        services = self._services()
        group = min(plan.groups)
        busy = len(plan.windows)
        for n in range(count + busy):
            service = services[n % len(services)]
            window = next((w.id for w in plan.windows.values() if service in w.services), None)
            self._do(
                c.Issue(
                    at=TEN + n * GAP_S,
                    ticket=f"t{n}",
                    service=service,
                    channel="staff",  # whom nobody asks for a card
                    group=group if n % GROUP_EVERY == 0 else None,
                    for_window=window if n % RESERVED_EVERY == 1 else None,
                )
            )
        self.now = TEN + (count + busy) * GAP_S
        # Every window but the one that is asked serves somebody.
        for window in plan.windows:
            if window != self.window and self._do(c.CallNext(at=self.now, window=window)):
                self._do(c.Start(at=self.now, window=window))
        self.last = self.state.tickets[f"t{count + busy - 1}"]

    def _services(self) -> Sequence[str]:
        """A round of services in which the much asked ones come more often."""
        services = sorted(self.plan.services.values(), key=lambda s: -(s.per_day or 1.0))
        least = min(s.per_day or 1.0 for s in services)
        return [s.id for turn in range(8) for s in services if (s.per_day or 1.0) >= least * turn]

    def _do(self, command: c.Command) -> bool:
        events = decide(self.plan, self.state, command)
        for event in events:
            evolve(self.state, event)
        return bool(events)


def best_ms(act: Callable[[], object], rounds: int) -> tuple[float, float, float]:
    """Least, median and worst of many rounds, in milliseconds."""
    times = []
    for _ in range(rounds):
        begin = perf_counter()
        act()
        times.append((perf_counter() - begin) * 1000)
    times.sort()
    return times[0], times[rounds // 2], times[-1]


def say(name: str, figures: Sequence[float], allowed_ms: float | None = None) -> None:
    """One line: least, median, worst, and whether the median keeps what is allowed."""
    verdict = "" if allowed_ms is None else f"   ≤ {allowed_ms} {'kept' if figures[1] <= allowed_ms else 'NOT kept'}"
    print(f"  {name:32}" + "".join(f" {figure:9.3f}" for figure in figures) + verdict)


def measure(name: str, count: int) -> None:
    """All figures of one hall."""
    plan = make_plan(load_hall(HALLS / f"{name}.yaml"), always_open=True)
    hall = FullHall(plan, count)
    state, now, window = hall.state, hall.now, hall.window
    waiting = len(state.waiting)
    print(
        f"{name}: {waiting} waiting, {len(plan.windows)} windows, {len(plan.services)} services; least, median, worst [ms]"
    )
    say("choose the next", best_ms(lambda: next_for(plan, state, window, now), 500), CHOICE_MAX_MS)
    say("the whole line", best_ms(lambda: line_of(plan, state, window, now), 200))
    say("call next, with its reason", best_ms(lambda: decide(plan, state, c.CallNext(at=now, window=window)), 200))
    say("people ahead of the last", best_ms(lambda: ahead_of(plan, state, hall.last), 200))
    say("whose turn it is, all windows", best_ms(lambda: turns(plan, state, now), 200))
    say("the watch of every second", best_ms(lambda: decide(plan, state, c.Watch(at=now)), 200))
    say("estimate for the last alone", best_ms(lambda: estimate(plan, state, hall.last, now, Random(1)), 15))
    say("prepare a forecast", best_ms(lambda: Preparation(plan, state, now), 30))
    prepared = Preparation(plan, state, now)
    say("longest without letting others", best_ms(lambda: prepared.forecast(Random(1), 1), 30))
    whole = best_ms(lambda: Preparation(plan, state, now).forecast(Random(1)), 15)
    say(f"a forecast of {FUTURES} futures", whole)
    say("that per service", [figure / len(plan.services) for figure in whole], SERVICE_MAX_MS)


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    for name in ("reference", "yangxin"):
        measure(name, count)


if __name__ == "__main__":
    main()
