"""Days, slots and appointments as citizens, kiosks and staff see them."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from config.calendars import HallDays
from server.core.affairs import Appointment, AppointmentState
from server.core.appointments import cancel_until, early_from, lapses_at
from server.core.calendar import local
from server.core.model import HallState
from server.core.slots import bookable_days, places_taken, slots_on
from server.masked_names import masked_name
from server.web.present.common import both, moment
from server.web.site import Site

NAMELESS = {"zh": "", "en": ""}


def day_view(site: Site, day: date) -> dict[str, Any]:
    """What sort of day it is, the name of its holiday, and whether the market is."""
    calendar = site.hall.plan.calendar
    name = HallDays(site.names.hall.calendar).name_of(day) or NAMELESS
    return {"kind": calendar.kind_of(day).value, "market": calendar.is_market(day), **both(name)}


def slots_view(site: Site, state: HallState, service: str, days: Iterable[date], at: float) -> dict[str, Any]:
    """The slots of some days that have not begun yet."""
    plan = site.hall.plan
    taken = places_taken(state.appointments.values(), service)
    return {
        "service": service,
        "days": [
            {
                "day": day.isoformat(),
                **day_view(site, day),
                "slots": [
                    {
                        "at": moment(plan, slot.at),
                        "capacity": slot.capacity,
                        "left": slot.left,
                        "final": slot.at - at < plan.booking.cancel_before_s,
                    }
                    for slot in slots_on(plan, state, service, day, at, taken)
                ],
            }
            for day in days
        ],
    }


def has_slots_today(site: Site, state: HallState, service: str, at: float) -> bool:
    """Whether somebody could still book a place of today."""
    today = bookable_days(site.hall.plan, at)[0]
    return any(slot.left for slot in slots_on(site.hall.plan, state, service, today, at))


def appointment_view(site: Site, state: HallState, kept: Appointment, at: float) -> dict[str, Any]:
    """One appointment, with where to go, what may still be done and until when; nothing of whom it is for."""
    plan, names = site.hall.plan, site.names
    service = names.services[kept.service]
    zone = names.zones[service.zone]
    ticket = None if kept.ticket is None else state.tickets.get(kept.ticket)
    booked = kept.state is AppointmentState.BOOKED
    return {
        "id": kept.id,
        "code": kept.code,
        **both(names.hall.name, "hall"),
        "service": kept.service,
        **both(service.name, "service_name"),
        **both(zone.name, "zone_name"),
        **both(names.areas[zone.area].name, "area_name"),
        "day": local(kept.slot_at, plan.tz).date().isoformat(),
        "slot_at": moment(plan, kept.slot_at),
        # What nobody has noted yet is told as it is: the hall looks at its clock every second or so.
        "state": "missed" if booked and at >= lapses_at(plan, kept) else kept.state.value,
        "group": kept.group,
        "item": kept.item,
        "channel": kept.channel,
        "language": kept.language,
        "moves": kept.moves,
        "url": f"/a/{site.links.appointment_token(kept.id)}",
        "ticket": kept.ticket,
        "ticket_number": None if ticket is None else ticket.number,
        "ticket_url": None if ticket is None else f"/t/{site.links.token(ticket.id)}",
        "can_change": booked and at <= cancel_until(plan, kept),
        "cancel_until": moment(plan, cancel_until(plan, kept)),
        "early_from": moment(plan, early_from(plan, kept)),
        "late_until": moment(plan, kept.slot_at + plan.rules.appointment_late_s),
    }


def masked_of(site: Site, kept: Appointment) -> str | None:
    """The masked tail of whoever booked, while he is remembered."""
    holder = None if kept.holder is None else site.people.known(kept.holder)
    return None if holder is None else holder.masked


def appointment_row(site: Site, state: HallState, kept: Appointment, at: float) -> dict[str, Any]:
    """One line of the staff's list: also number and name, masked."""
    name = site.people.fact(f"appointment:{kept.id}", "name")
    return {
        **appointment_view(site, state, kept, at),
        "masked": masked_of(site, kept),
        "name_masked": masked_name(name) if name else None,
    }


def appointment_for_leaders(site: Site, state: HallState, kept: Appointment, at: float) -> dict[str, Any]:
    """The same with name and phone number, for whoever must call when a day falls through."""
    subject = f"appointment:{kept.id}"
    return {
        **appointment_row(site, state, kept, at),
        "name": site.people.fact(subject, "name"),
        "phone": site.people.fact(subject, "phone"),
    }


def appointments_of(site: Site, state: HallState, day: date) -> list[Appointment]:
    """Those of a day in the order of their slots."""
    tz = site.hall.plan.tz
    of_day = (kept for kept in state.appointments.values() if local(kept.slot_at, tz).date() == day)
    return sorted(of_day, key=lambda kept: (kept.slot_at, kept.booked_at))
