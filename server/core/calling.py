"""A call as an event, with its reason and what it means for the window. Pure; made for a clerk or by the watch."""

from server.core import events as e
from server.core.dispatch import home_of, services_of
from server.core.model import HallState, Plan, Ticket, Why, WindowState
from server.core.reasons import why_next


def called(
    plan: Plan, state: HallState, window: str, ticket: Ticket, at: float, why: Why, *, by_hand: bool
) -> e.TicketCalled:
    """A window calls a ticket. A tidal window that calls for another zone is there from now on."""
    at_window, planned = state.window(window), plan.windows[window]
    # A ticket sent to this very window comes to it; the window goes nowhere for it.
    stays = at_window.is_told or ticket.for_window == window
    is_elsewhere = ticket.zone != home_of(plan, window) and ticket.service not in planned.services
    zone = at_window.zone if stays else ticket.zone if is_elsewhere and planned.tidal else None
    helping = is_elsewhere and ticket.for_window != window and ticket.service not in services_of(plan, state, window)
    return e.TicketCalled(
        at=at,
        ticket=ticket.id,
        window=window,
        why=why,
        by_hand=by_hand,
        helping=helping,
        switching=helping and not _is_there(plan, at_window, ticket.zone),
        zone=zone,
    )


def _is_there(plan: Plan, at_window: WindowState, zone: str) -> bool:
    """Whether a window works in the zone's part of the house already: helping there costs its clerk no change-over."""
    now = at_window.zone or home_of(plan, at_window.id)
    return plan.zone_areas.get(now, now) == plan.zone_areas.get(zone, zone)


def called_next(plan: Plan, state: HallState, window: str, ticket: Ticket, at: float) -> e.TicketCalled:
    """The call of the ticket that comes next at a window."""
    return called(plan, state, window, ticket, at, why_next(plan, state, window, ticket, at), by_hand=False)
