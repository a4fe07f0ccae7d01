"""How long a ticket may wait, as a range. Pure.

A plain line estimate: the work of those ahead and of the tickets being served, shared by the open windows that may
take the ticket. It knows nothing of lunch, of coming shifts or of arrivals; the balance issue replaces it with sampled
futures behind the same function.
"""

import math
from dataclasses import dataclass

from server.core.dispatch import ahead_of, may_call
from server.core.model import HallState, Plan, Ticket, TicketState, WindowStatus

#: How far a real wait strays from the plain estimate, low and high.
SPREAD_LOW, SPREAD_HIGH = 0.7, 1.4
#: Part of its mean that a service still takes once it has outlasted it.
REMAINDER = 0.25
STEP_S = 300


@dataclass(frozen=True, slots=True)
class Wait:
    """A range of seconds, rounded as people speak: to five minutes."""

    low_s: int
    high_s: int


def estimate(plan: Plan, state: HallState, ticket: Ticket, at: float) -> Wait | None:
    """The wait from `at` of a ticket that waits, or would; None while no window is open for it."""
    windows = [
        w for w in plan.windows if state.window(w).status is WindowStatus.OPEN and may_call(plan, state, w, ticket)
    ]
    if not windows:
        return None
    ahead = ahead_of(plan, state, ticket)
    busy = [t for w in windows if (t := state.window(w).ticket) is not None]
    if not ahead and len(busy) < len(windows):
        return Wait(0, STEP_S)
    work = sum(plan.services[t.service].mean_service_s for t in ahead if t.service in plan.services)
    work += sum(_remaining_s(plan, state.tickets[t], at) for t in busy)
    expected = work / len(windows)
    low = STEP_S * math.floor(expected * SPREAD_LOW / STEP_S)
    high = STEP_S * math.ceil(max(expected * SPREAD_HIGH, 1) / STEP_S)
    return Wait(low, max(high, low + STEP_S))


def _remaining_s(plan: Plan, ticket: Ticket, at: float) -> float:
    service = plan.services.get(ticket.service)
    if service is None:
        return 0.0
    begun = ticket.started_at if ticket.started_at is not None else ticket.called_at
    elapsed = at - begun if begun is not None else 0.0
    return max(service.mean_service_s - elapsed, REMAINDER * service.mean_service_s)


def newcomer(plan: Plan, service: str, at: float) -> Ticket:
    """The ordinary ticket that somebody would get for a service now, to ask `estimate` and `ahead_of` about."""
    chosen = plan.services[service]
    return Ticket(
        id="",
        number="",
        series=chosen.series,
        zone=chosen.zone,
        service=service,
        state=TicketState.WAITING,
        issued_at=at,
        credited_at=at,
        entry=2**62,
    )
