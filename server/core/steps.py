"""The steps of a visit: where a zone looks through papers first, a ticket goes to the pre-check and then on, with one
number and its place in time. Pure."""

from bisect import insort
from dataclasses import replace

from server.core import events as e
from server.core.calendar import is_open
from server.core.case_records import Outcome
from server.core.dispatch import is_limited
from server.core.model import HallState, Plan, Ticket, TicketState
from server.core.ordering import Due, credited_at, place_of

#: Who was told to come back with other papers does not go on to the next step.
TURNED_AWAY = (Outcome.CORRECTION, Outcome.REFUSED)


def steps_of(plan: Plan, service: str, at: float, *, is_checked: bool = False) -> tuple[str, ...]:
    """The services a newcomer for `service` goes through, in order; `is_checked`: his papers have been looked through.
    Outside the hours of the pre-check the window looks through them itself."""
    before = plan.services[service].precheck
    if is_checked or before is None or before not in plan.services or before == service:
        return (service,)
    return (before, service) if is_open(plan, plan.services[before].timetable, at) else (service,)


def first_step(plan: Plan, service: str, at: float) -> str:
    """Where a newcomer for a service waits first."""
    return steps_of(plan, service, at)[0]


def is_turned_away(state: HallState, ticket: Ticket) -> bool:
    """Whether the visit ends here: something was not accepted, and nothing was."""
    outcomes = [state.settlements[name].outcome for name in ticket.settled]
    return bool(outcomes) and all(outcome in TURNED_AWAY for outcome in outcomes)


def ended(plan: Plan, state: HallState, window: str, ticket: Ticket, at: float, outcome: str | None) -> e.Event:
    """What the end of service at a window means: on to the next step of the visit, or over.

    Whoever says how it ended (`outcome`) ends the visit.
    """
    following = tuple(service for service in ticket.then if service in plan.services)
    if not following or outcome is not None or is_turned_away(state, ticket):
        return e.ServiceFinished(at=at, ticket=ticket.id, window=window, outcome=outcome)
    return passed_on(plan, state, window, ticket, at, following[0])


def passed_on(plan: Plan, state: HallState, window: str, ticket: Ticket, at: float, to: str) -> e.TicketTransferred:
    """The ticket goes on to a step of its visit; the steps before that one are left out."""
    service, then = plan.services[to], ticket.then[ticket.then.index(to) + 1 :]
    return e.TicketTransferred(
        at=at,
        ticket=ticket.id,
        window=window,
        service=service.id,
        zone=service.zone,
        # The due time stays, so the time waited so far still counts.
        credited_at=credited_at(plan, state, service.id, Due(ticket.due_at, ticket.on_time), ticket.group),
        then=then,
        passed=True,
        limited=not then and is_limited(plan, ticket.item),
    )


def with_passed_on(state: HallState, ticket: Ticket, event: e.TicketTransferred) -> HallState:
    """The hall in which the ticket already waits for its next step: what is decided together is decided in order."""
    moved = replace(
        ticket,
        state=TicketState.WAITING,
        service=event.service,
        zone=event.zone,
        credited_at=event.credited_at,
        then=event.then,
        limited=event.limited,
        for_window=None,
        window=None,
        spells=(*ticket.spells, event.at),
    )
    lines, reserved = state.lines, state.reserved
    if moved.has_open_line:
        line = [*lines.get(moved.service, ())]
        insort(line, place_of(moved))
        lines = {**lines, moved.service: line}
    else:
        reserved = {**reserved, moved.id: None}
    return replace(
        state,
        tickets={**state.tickets, moved.id: moved},
        waiting={**state.waiting, moved.id: None},
        lines=lines,
        reserved=reserved,
    )
