"""Who may call whom, who comes next and how many stand before whom. Pure; the order itself is `ordering.order_key`."""

from collections.abc import Iterator

from server.core.model import HallState, Plan, Ticket, WindowStatus
from server.core.ordering import order_key


def services_of(plan: Plan, state: HallState, window: str) -> tuple[str, ...]:
    """What a window serves now: its assignment, else the plan's."""
    assigned = state.window(window).services
    return plan.windows[window].services if assigned is None else assigned


def _reserved_for(state: HallState, ticket: Ticket) -> str | None:
    """The one window a ticket waits for; a window that has closed lets it go to the others."""
    target = ticket.for_window
    if target is None or state.window(target).status is WindowStatus.CLOSED:
        return None
    return target


def may_call(plan: Plan, state: HallState, window: str, ticket: Ticket) -> bool:
    """Whether this window may take this ticket at all."""
    reserved = _reserved_for(state, ticket)
    if reserved is not None:
        return reserved == window
    return ticket.service in services_of(plan, state, window)


def waiting(state: HallState) -> Iterator[Ticket]:
    """Everyone waiting, in no particular order."""
    return (state.tickets[ticket_id] for ticket_id in state.waiting)


def _callable(plan: Plan, state: HallState, window: str) -> Iterator[Ticket]:
    """Those waiting whom a window may call, in no particular order."""
    # `may_call` written out for a whole line: the services are looked up once and few tickets are reserved.
    services = frozenset(services_of(plan, state, window))
    for ticket in waiting(state):
        if (reserved := _reserved_for(state, ticket) if ticket.for_window else None) is not None:
            if reserved == window:
                yield ticket
        elif ticket.service in services:
            yield ticket


def line_of(plan: Plan, state: HallState, window: str) -> list[Ticket]:
    """The tickets a window may call, in calling order."""
    return sorted(_callable(plan, state, window), key=order_key)


def next_for(plan: Plan, state: HallState, window: str) -> Ticket | None:
    """The ticket this window calls next."""
    return min(_callable(plan, state, window), key=order_key, default=None)


def windows_for(plan: Plan, state: HallState, ticket: Ticket) -> list[str]:
    """The windows that may call a ticket: those open, or, while none is, all of them."""
    able = [w for w in plan.windows if may_call(plan, state, w, ticket)]
    return [w for w in able if state.window(w).status is WindowStatus.OPEN] or able


def ahead_of(plan: Plan, state: HallState, ticket: Ticket) -> list[Ticket]:
    """Those who will be called before `ticket` at one of the windows that may call it."""
    key = order_key(ticket)
    windows = set(windows_for(plan, state, ticket))
    services = {service for window in windows for service in services_of(plan, state, window)}

    def competes(other: Ticket) -> bool:
        reserved = _reserved_for(state, other)
        return other.service in services if reserved is None else reserved in windows

    return [t for t in waiting(state) if order_key(t) < key and competes(t)]
