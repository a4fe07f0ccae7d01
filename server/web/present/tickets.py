"""A ticket as kiosks, phones and staff see it."""

from dataclasses import asdict
from typing import Any

from server.accounts import Device, DeviceKind, Person, Role
from server.core.affairs import Visit
from server.core.dispatch import ahead_of, windows_for
from server.core.model import HallState, Ticket, TicketState
from server.core.ratings import may_rate
from server.web.access import Caller
from server.web.present.citizen_cases import visit_cases
from server.web.present.common import both, moment, wait_view, windows_text
from server.web.present.holders import masked_of, name_of, sees_names_at
from server.web.problems import Problem
from server.web.site import Site

#: What the page of an earlier day's ticket takes from the log's view.
PAST_FIELDS = ("id", "number", "series", "zone", "service", "issued_at", "credited_at", "entry", "group", "channel",
               "language", "device", "window", "called_at", "calls", "recalls", "started_at", "finished_at", "outcome",
               "copies", "item", "case", "clerk", "proof")  # fmt: skip
#: Devices that put a ticket on paper.
PRINTS = (DeviceKind.KIOSK, DeviceKind.PRINTER)


def ticket_view(site: Site, state: HallState, ticket: Ticket, at: float) -> dict[str, Any]:
    """The whole ticket; `ahead` and `wait` only while it waits."""
    plan, names = site.hall.plan, site.names
    zone, service = names.zones[ticket.zone], names.services[ticket.service]
    waits = ticket.state is TicketState.WAITING
    able = windows_for(plan, state, ticket)
    window = names.windows.get(ticket.window) if ticket.window else None
    return {
        "id": ticket.id,
        "number": ticket.number,
        "state": ticket.state.value,
        "business_day": state.business_day,
        **both(names.hall.name, "hall"),
        "zone": zone.id,
        **both(zone.name, "zone_name"),
        "zone_colour": zone.colour,
        **both(names.areas[zone.area].name, "area_name"),
        "service": service.id,
        **both(service.name, "service_name"),
        **item_of(site, ticket),
        "group": ticket.group,
        "proof": ticket.proof,
        "on_time": ticket.on_time,
        "channel": ticket.channel,
        "language": ticket.language,
        "issued_at": moment(plan, ticket.issued_at),
        "ahead": ahead_of(plan, state, ticket) if waits else None,
        "wait": wait_view(site.forecasts.current().of_ticket(ticket)) if waits else None,
        "windows": able,
        **windows_text(names, able),
        "url": f"/t/{site.links.token(ticket.id)}",
        "window": ticket.window,
        "window_name": window.name["zh"] if window else None,
        "window_name_en": window.name["en"] if window else None,
        "called_at": moment(plan, ticket.called_at),
        "calls": ticket.calls,
        "recalls": ticket.recalls,
        "started_at": moment(plan, ticket.started_at),
        "finished_at": moment(plan, ticket.finished_at),
        "print": ticket.print_state.value if ticket.print_state else None,
        "copies": ticket.copies,
        # Nobody of the hall learns from a ticket whether and how it was rated (A1.9): see `rated_view`.
        "rating": None,
        "rateable": False,
        **both(names.hall.phrases.ticket_hint, "hint"),
        # With it one rates: only who holds the ticket and what prints it gets it (`dressed`, `public_ticket`).
        "rating_code": None,
        "why": asdict(ticket.why) if ticket.why else None,
        "then": then_of(site, ticket),
        "case": case_number_of(state, ticket),
        "cases": visit_cases(site, state, ticket),
        # Personal: filled in on the way out, for whoever may see it (`dressed`); this view is kept beside the log.
        "masked": None,
        "name": None,
    }


def item_of(site: Site, ticket: Ticket) -> dict[str, str | None]:
    """The catalogue's item a ticket is for; its code alone once it has gone from the lists."""
    item = None if ticket.item is None else site.catalogue.item(ticket.item)
    return {"item": ticket.item, "item_name": ticket.item if item is None else item.name}


def then_of(site: Site, ticket: Ticket) -> list[dict[str, str]]:
    """The services that follow in this visit, with the same number."""
    return [{"service": name, **both(site.names.services[name].name)} for name in ticket.then]


def case_number_of(state: HallState, ticket: Ticket) -> str | None:
    """The number of the case whose result it was taken for."""
    case = None if ticket.case is None else state.cases.get(ticket.case)
    return None if case is None else case.number


def dressed(site: Site, view: dict[str, Any], who: Caller) -> dict[str, Any]:
    """A ticket's view with what its person may be known by: the masked tail; the name for who serves him.

    A clerk does not get the link: whoever holds it rates the clerk's work (P6).
    """
    view = guarded(site, view, who)
    with site.hall.reading() as state:
        ticket = state.tickets.get(view["id"])
    if ticket is None:
        return view
    name = name_of(site, ticket) if sees_names_at(who, ticket.window) else None
    return {**view, "masked": masked_of(site, ticket), "name": name}


def guarded(site: Site, view: dict[str, Any], who: Caller) -> dict[str, Any]:
    """A ticket's view with what one rates by, for whom that is meant: the code only for what prints it."""
    if isinstance(who.who, Device) and who.who.kind in PRINTS:
        return {**view, "rating_code": site.links.rating_code(view["id"])}
    if isinstance(who.who, Person) and who.who.roles <= {Role.CLERK}:
        return {**view, "url": ""}
    return view


def rated_view(site: Site, state: HallState, ticket: Ticket, at: float) -> dict[str, Any]:
    """The ticket as whoever rates it sees it: with the rating, and whether it may be rated."""
    view = ticket_view(site, state, ticket, at)
    return view | {"rating": ticket.rating, "rateable": may_rate(site.hall.plan, ticket, at)}


def public_ticket(site: Site, state: HallState, ticket: Ticket, at: float, who: Caller) -> dict[str, Any]:
    """The ticket as whoever holds its link sees it: without its id and without the managers' sentence. Staff and
    devices that open it do not learn the code: who works here rates by no way (P6)."""
    view = rated_view(site, state, ticket, at)
    if who.who is None:
        view["rating_code"] = site.links.rating_code(ticket.id)
    for hidden in ("id", "masked", "name"):
        del view[hidden]
    if view["why"]:
        view["why"] = {"zh": view["why"]["zh"], "en": view["why"]["en"]}
    return view


def past_ticket(site: Site, state: HallState, visit: Visit, at: float) -> dict[str, Any]:
    """A ticket of an earlier day as whoever holds its link sees it: what it was, and whether it may still be rated."""
    row = site.hall.history.ticket_row(visit.id)
    if row is None or visit.service not in site.names.services or visit.zone not in site.names.zones:
        # It has left the hall file since.
        raise Problem("link_unknown")
    kept = {name: row[name] for name in PAST_FIELDS}
    ticket = Ticket(**kept, state=TicketState.DONE, settled=visit.settled, rating=visit.rating)  # type: ignore[arg-type]
    view = rated_view(site, state, ticket, at)
    for hidden in ("id", "masked", "name"):
        del view[hidden]
    rateable = may_rate(site.hall.plan, visit, at)
    return view | {"business_day": visit.business_day, "rateable": rateable}


def queue_row(site: Site, ticket: Ticket, at: float) -> dict[str, Any]:
    """A ticket as one line of a list."""
    plan, names = site.hall.plan, site.names
    return {
        "id": ticket.id,
        "number": ticket.number,
        "service": ticket.service,
        **both(names.services[ticket.service].name, "service_name"),
        **item_of(site, ticket),
        "group": ticket.group,
        "proof": ticket.proof,
        "on_time": ticket.on_time,
        "issued_at": moment(plan, ticket.issued_at),
        "waited_s": round(max(0.0, (ticket.first_called_at or at) - ticket.issued_at)),
        "state": ticket.state.value,
    }
