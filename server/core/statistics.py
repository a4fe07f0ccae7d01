"""Figures of the day: waits, services, who is idle and who is drowning. Pure, from the state; times in seconds.

A wait runs from issue to first call. Services that lasted no time at all or forgot to finish would bend a mean, so
services count only between `SERVICE_MIN_S` and `SERVICE_MAX_S`; waits always count.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from server.core.model import DAY_END, HallState, Plan, Ticket, TicketState, WindowStatus

QUARTER_S = 900
SERVICE_MIN_S, SERVICE_MAX_S = 5, 4 * 3600


class Load(StrEnum):
    """How busy a zone is, in a word."""

    IDLE = "idle"
    NORMAL = "normal"
    BUSY = "busy"
    DROWNING = "drowning"


#: Longest wait from which a zone counts as busy, and as drowning.
BUSY_S, DROWNING_S = 15 * 60, 30 * 60


class WindowActivity(StrEnum):
    """What a window is doing."""

    CLOSED = "closed"
    PAUSED = "paused"
    IDLE = "idle"
    CALLED = "called"
    SERVING = "serving"


def mean(values: Sequence[float]) -> float | None:
    """The mean, or None of nothing."""
    return sum(values) / len(values) if values else None


def percentile(values: Sequence[float], share: float) -> float | None:
    """The smallest value that at least `share` of all do not exceed (nearest rank), or None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    # A whisker less, since 0.07 * 100 is a little more than 7 in floating point and would be the 8th.
    return ordered[max(0, math.ceil(share * len(ordered) - 1e-9) - 1)]


def wait_s(ticket: Ticket) -> float | None:
    """Issue to first call."""
    return None if ticket.first_called_at is None else ticket.first_called_at - ticket.issued_at


def service_s(ticket: Ticket) -> float | None:
    """Seconds at windows; from the last call where the clerk never pressed start. None if not done or not believable."""
    if ticket.state is not TicketState.DONE or ticket.finished_at is None or ticket.outcome == DAY_END:
        return None
    length = ticket.served_s
    if ticket.started_at is None and ticket.called_at is not None:
        length += ticket.finished_at - ticket.called_at
    return length if SERVICE_MIN_S <= length <= SERVICE_MAX_S else None


def activity(state: HallState, window_id: str) -> tuple[WindowActivity, float | None]:
    """What a window does and since when."""
    window = state.window(window_id)
    if window.ticket is not None:
        ticket = state.tickets[window.ticket]
        if ticket.state is TicketState.SERVING:
            return WindowActivity.SERVING, ticket.started_at
        return WindowActivity.CALLED, ticket.called_at
    if window.status is WindowStatus.OPEN:
        return WindowActivity.IDLE, window.idle_since
    return WindowActivity(window.status.value), window.changed_at


@dataclass(frozen=True, slots=True)
class Waits:
    """Figures of a set of tickets."""

    issued: int
    waiting: int
    called: int
    served: int
    no_show: int
    longest_wait_s: float | None
    mean_wait_s: float | None
    p90_wait_s: float | None
    mean_service_s: float | None


def waits(tickets: Iterable[Ticket], at: float) -> Waits:
    """Count and measure tickets at a moment; the longest wait is of those still waiting."""
    tickets = list(tickets)
    done = [w for t in tickets if (w := wait_s(t)) is not None]
    still = [at - t.issued_at for t in tickets if t.state is TicketState.WAITING]
    services = [s for t in tickets if (s := service_s(t)) is not None]
    return Waits(
        issued=len(tickets),
        waiting=len(still),
        called=len(done),
        served=sum(t.state is TicketState.DONE for t in tickets),
        no_show=sum(t.state is TicketState.NO_SHOW for t in tickets),
        longest_wait_s=max(still, default=None),
        mean_wait_s=mean(done),
        p90_wait_s=percentile(done, 0.9),
        mean_service_s=mean(services),
    )


@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter of an hour; `waiting` is how many waited at its end (or now), the mean wait is of those called in it."""

    at: float
    issued: int
    called: int
    served: int
    waiting: int
    mean_wait_s: float | None


def quarters(tickets: Iterable[Ticket], at: float) -> list[Quarter]:
    """The day by quarter hours, from the first ticket to now."""
    tickets = list(tickets)
    if not tickets:
        return []
    first = int(min(t.issued_at for t in tickets) // QUARTER_S)
    last = int(max(at, *(t.issued_at for t in tickets)) // QUARTER_S)
    issued = [0] * (last - first + 1)
    called: list[list[float]] = [[] for _ in issued]
    served = [0] * len(issued)
    joined = [0] * len(issued)  # less those who ceased to wait

    def slot(moment: float) -> int:
        return min(max(int(moment // QUARTER_S) - first, 0), len(issued) - 1)

    for ticket in tickets:
        issued[slot(ticket.issued_at)] += 1
        wait = wait_s(ticket)
        if ticket.first_called_at is not None and wait is not None:
            called[slot(ticket.first_called_at)].append(wait)
        if ticket.state is TicketState.DONE and ticket.finished_at is not None:
            served[slot(ticket.finished_at)] += 1
        for i, moment in enumerate(ticket.spells):
            joined[slot(moment)] += 1 if i % 2 == 0 else -1
    waiting, result = 0, []
    for i in range(len(issued)):
        waiting += joined[i]
        result.append(
            Quarter(
                at=(first + i) * QUARTER_S,
                issued=issued[i],
                called=len(called[i]),
                served=served[i],
                waiting=waiting,
                mean_wait_s=mean(called[i]),
            )
        )
    return result


@dataclass(frozen=True, slots=True)
class Staffing:
    """Windows of a zone: all, open, and open with nothing to do."""

    total: int
    open: int
    idle: int


def staffing(plan: Plan, state: HallState, zone: str) -> Staffing:
    """Count a zone's windows by what they do."""
    names = [w.id for w in plan.windows.values() if w.zone == zone]
    opened = [w for w in names if state.window(w).status is WindowStatus.OPEN]
    idle = [w for w in opened if state.window(w).ticket is None]
    return Staffing(len(names), len(opened), len(idle))


def load(figures: Waits, staff: Staffing) -> Load:
    """A zone's load: drowning when somebody waits too long or nobody is there to call; idle when windows are free."""
    longest = figures.longest_wait_s or 0
    if longest >= DROWNING_S or (figures.waiting and not staff.open):
        return Load.DROWNING
    if longest >= BUSY_S:
        return Load.BUSY
    if staff.open and not figures.waiting and staff.idle * 2 >= staff.open:
        return Load.IDLE
    return Load.NORMAL
