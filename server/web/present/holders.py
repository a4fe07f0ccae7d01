"""A person as kiosks and staff see him: masked, with what he has in the hall today. And who may see a name in full."""

from typing import Any

from server.accounts import Device, DeviceKind, Person
from server.core.appointments import early_from, is_barred
from server.core.calendar import local
from server.core.model import HallState, Ticket, TicketState
from server.people import Holder
from server.web.access import LEADERS, Caller
from server.web.present.common import both, moment
from server.web.site import Site

#: A name is shown while its citizen is on the way to the window or sits there, and at no other time.
AT_THE_WINDOW = (TicketState.CALLED, TicketState.SERVING)


def holder_view(site: Site, state: HallState, holder: Holder, at: float) -> dict[str, Any]:
    """What he has today, and whether he may book."""
    plan, names = site.hall.plan, site.names
    today = local(at, plan.tz).date()
    tickets = [state.tickets[one] for one in state.held_by.get(holder.handle, ())]
    booked = sorted(
        (
            one
            for one in state.appointments.values()
            if one.holder == holder.handle and local(one.slot_at, plan.tz).date() >= today
        ),
        key=lambda one: one.slot_at,
    )
    return {
        "holder": holder.handle,
        "masked": holder.masked,
        "tickets": [
            {
                "id": ticket.id,
                "number": ticket.number,
                "service": ticket.service,
                **both(names.services[ticket.service].name, "service_name"),
                "state": ticket.state.value,
            }
            for ticket in tickets
        ],
        "appointments": [
            {
                "id": one.id,
                "code": one.code,
                "service": one.service,
                **both(names.services[one.service].name, "service_name"),
                "slot_at": moment(plan, one.slot_at),
                "state": one.state.value,
                "early_from": moment(plan, early_from(plan, one)),
                "late_until": moment(plan, one.slot_at + plan.rules.appointment_late_s),
                "ticket": one.ticket,
            }
            for one in booked
        ],
        "barred": is_barred(plan, state, holder.handle, at),
    }


def masked_of(site: Site, ticket: Ticket) -> str | None:
    """The masked tail of whoever holds a ticket, while he is remembered."""
    known = None if ticket.holder is None else site.people.known(ticket.holder)
    return None if known is None else known.masked


def name_of(site: Site, ticket: Ticket) -> str | None:
    """The name a clerk works with (A3.1): only of a service that wants it, only while the citizen is there."""
    if ticket.state not in AT_THE_WINDOW or not site.names.services[ticket.service].clerk_sees_name:
        return None
    booked = None if ticket.appointment is None else f"appointment:{ticket.appointment}"
    return site.people.fact(f"ticket:{ticket.id}", "name") or (booked and site.people.fact(booked, "name"))


def sees_names_at(caller: Caller, window: str | None) -> bool:
    """Whether somebody works at this window, or leads those who do; a device never sees a name."""
    who = caller.who
    return isinstance(who, Person) and (
        not who.roles.isdisjoint(LEADERS) or (window is not None and who.window == window)
    )


def is_kiosk(caller: Caller) -> bool:
    """Whether a ticket machine asks."""
    return isinstance(caller.who, Device) and caller.who.kind is DeviceKind.KIOSK
