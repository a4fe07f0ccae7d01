"""What a citizen of a simulated day is told at issue: the hall's own estimate, and the usual one to compare with."""

from collections.abc import Callable
from itertools import count
from random import Random
from typing import TYPE_CHECKING

from server.core.dispatch import reach
from server.core.model import WindowStatus
from server.core.ordering import mean_s
from server.core.wait import FUTURES, estimate

if TYPE_CHECKING:
    from server.simulate.engine import SimulatedDay

Told = tuple[float, float, float, float]


def estimator(
    seed: int = 1, futures: int = FUTURES, every: int = 1
) -> Callable[["SimulatedDay", str, float], Told | None]:
    """An estimator for `SimulatedDay`; the same seed gives the same estimates. With `every` only each so many-th leg is
    told one, which is enough for measuring many days."""
    random, asked = Random(seed), count(seed)

    def told(day: "SimulatedDay", ticket: str, at: float) -> Told | None:
        if next(asked) % every:
            return None
        wait = estimate(day.plan, day.state, day.state.tickets[ticket], at, random, futures)
        if wait is None:
            return None
        return wait.expected_s, wait.low_s, wait.high_s, own_line_s(day, ticket)

    return told


def usual(day: "SimulatedDay", ticket: str, at: float) -> Told:
    """What a hall under a peer's rule tells: one figure, no range. Ours would foresee calls that are not made there."""
    told_s = own_line_s(day, ticket)
    return told_s, told_s, told_s, told_s


def own_line_s(day: "SimulatedDay", ticket_id: str) -> float:
    """The usual estimate: people before one in one's own line × mean service time ÷ open windows that serve it."""
    ticket = day.state.tickets[ticket_id]
    line = len(day.state.lines.get(ticket.service, ())) - 1
    windows = sum(
        window.status is WindowStatus.OPEN and ticket.service in reach(day.plan, window)[0]
        for window in day.state.windows.values()
    )
    return max(0, line) * mean_s(day.plan, day.state, ticket.service) / max(1, windows)
