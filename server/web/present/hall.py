"""The hall as a kiosk or a newcomer sees it."""

from typing import Any

from server.core.calendar import is_open, is_open_by_appointment, local
from server.core.dispatch import newcomers_windows, waiting
from server.core.model import HallState
from server.web.present.appointments import day_view, has_slots_today
from server.web.present.common import both, moment, opening, wait_view, windows_text
from server.web.present.waits import newcomer_wait, newcomers_ahead, zone_waits
from server.web.site import Site


def hall_view(site: Site, state: HallState, at: float) -> dict[str, Any]:
    """Zones with their services: open or not, how many wait, how long a newcomer may wait."""
    plan, names = site.hall.plan, site.names
    hall = names.hall
    zones = []
    timetables: set[str] = set()
    counts: dict[str, int] = {}
    for ticket in waiting(state):
        counts[ticket.service] = counts.get(ticket.service, 0) + 1
    waits = zone_waits(site, state)
    windows = newcomers_windows(plan, state)
    for zone in hall.zones:
        services = [
            {**_service(site, windows, s.id, counts, at), **_booking(site, state, s.id, at)}
            for s in hall.services
            if s.zone == zone.id
        ]
        area = names.areas[zone.area]
        hours = {plan.services[s["id"]].timetable for s in services} or {names.zone_hours[zone.id]}
        timetables |= hours
        zones.append(
            {
                "id": zone.id,
                **both(zone.name),
                "mark": zone.mark,
                "letter": zone.letter,
                "colour": zone.colour,
                "floor": area.floor,
                "area": area.id,
                **both(area.name, "area_name"),
                **opening(plan, hours, at),
                "waiting": sum(s["waiting"] for s in services),
                "wait": wait_view(waits[zone.id]),
                "services": services,
            }
        )
    return {
        "id": hall.id,
        **both(hall.name),
        "business_day": state.business_day,
        "timezone": hall.timezone,
        "now": moment(plan, at),
        "day": day_view(site, local(at, plan.tz).date()),
        "booking": any(service.slots for service in plan.services.values()),
        "catalogue": site.catalogue.has_items(),
        # Extended hours: shut to everybody but those with an appointment.
        "by_appointment": any(is_open_by_appointment(plan, name, at) for name in timetables)
        and not any(is_open(plan, name, at) for name in timetables),
        # Open as long as one service is: the police work on Saturdays when the rest of the house does not.
        **opening(plan, timetables, at),
        "languages": list(hall.languages),
        "public_url": site.public_url,
        "notices": [dict(notice) for notice in hall.notices],
        "groups": [{"id": g.id, **both(g.name), **both(g.proof, "proof")} for g in hall.priority_groups if g.enabled],
        **both(hall.phrases.ticket_hint, "hint"),
        # What a kiosk says before it wakes its card reader (A3.5), and what a guide can be asked for (C8).
        **both(hall.identity.consent, "consent"),
        "assistance": [{"id": kind.id, **both(kind.name)} for kind in hall.assistance.kinds],
        "zones": zones,
    }


def _booking(site: Site, state: HallState, service: str, at: float) -> dict[str, bool]:
    bookable = bool(site.hall.plan.services[service].slots)
    return {"bookable": bookable, "slots_today": bookable and has_slots_today(site, state, service, at)}


def _service(
    site: Site, all_windows: dict[str, list[str]], service_id: str, counts: dict[str, int], at: float
) -> dict[str, Any]:
    plan, text, windows = site.hall.plan, site.names.services[service_id], all_windows[service_id]
    service = plan.services[service_id]
    return {
        "id": service_id,
        **both(text.name),
        **both(text.department, "department"),
        "series": service.series,
        "kind": text.kind.value,
        "id_card": text.id_card.value,
        "keywords": list(text.keywords),
        **opening(plan, [service.timetable], at),
        "waiting": counts.get(service_id, 0),
        "ahead": newcomers_ahead(site, service_id),
        "wait": wait_view(newcomer_wait(site, service_id)),
        **windows_text(site.names, windows),
        "precheck": _precheck(site, all_windows, service.precheck),
    }


def _precheck(site: Site, windows: dict[str, list[str]], service_id: str | None) -> dict[str, str] | None:
    """Where papers are looked through before the service itself, with the same number."""
    if service_id is None or service_id not in site.hall.plan.services:
        return None
    text = site.names.services[service_id]
    area = site.names.areas[site.names.zones[text.zone].area]
    return {
        "service": service_id,
        **both(text.name),
        **both(area.name, "area_name"),
        **windows_text(site.names, windows[service_id]),
    }
