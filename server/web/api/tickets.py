"""Tickets for kiosks and staff: issue, look, cancel, reprint, print state, rating."""

from collections.abc import Callable

from flask import Response
from flask_openapi3 import APIBlueprint, Tag

from server.accounts import Device, DeviceKind, Person
from server.core import commands as c
from server.core.calendar import business_day
from server.core.events import Event
from server.core.model import HallState, Ticket
from server.core.refusals import Rejected
from server.core.verbs import find_ticket
from server.hall import Answer
from server.ids import ticket_id
from server.web.access import caller
from server.web.api import schemas as s
from server.web.commanding import perform, refused, send
from server.web.present.tickets import ticket_view
from server.web.problems import Problem
from server.web.site import Site, site

api = APIBlueprint("tickets", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="tickets")])

DAY_S = 86400.0


def _visible(state: HallState, name: str) -> Ticket:
    """A ticket the caller may see: a kiosk only those it issued."""
    ticket = find_ticket(state, name)
    who = caller().who
    if isinstance(who, Device) and who.kind is DeviceKind.KIOSK and ticket.device != who.id:
        raise Problem("not_your_ticket")
    return ticket


def _require_visible(here: Site, name: str) -> None:
    with here.hall.reading() as state:
        try:
            _visible(state, name)
        except Rejected:
            # Unknown: the command itself says so, and its answer is kept.
            return


def require_printer(here: Site, printer: str | None) -> None:
    """Refuse a printer that is not in the hall file."""
    if printer is not None and printer not in {p.id for p in here.names.hall.printers}:
        raise Problem("printer_unknown", printer=printer)


def _require_today(here: Site, slot_at: float | None) -> None:
    """Refuse an appointment of another day: it would stand in today's lines for ever, or be long over."""
    if slot_at is None:
        return
    now, tz = here.hall.now(), here.hall.plan.tz
    if abs(slot_at - now) > DAY_S or business_day(slot_at, tz) != business_day(now, tz):
        raise Problem("appointment_not_today")


def _ticket_answer(here: Site, name: str, status: int = 200) -> Callable[[HallState, list[Event], float], Answer]:
    return lambda state, _events, at: Answer(status, ticket_view(here, state, find_ticket(state, name), at))


@api.post("/tickets", responses={201: s.Ticket})
def issue(header: s.KeyHeader, body: s.IssueBody) -> Response:
    """Take a ticket. Sending the same ticket id again gives the same ticket."""
    here, who = site(), caller().who
    require_printer(here, body.printer)
    _require_today(here, body.appointment)
    ticket = body.id or ticket_id(here.hall.now(), header.idempotency_key)
    return perform(
        here,
        lambda at: c.Issue(
            at=at,
            ticket=ticket,
            service=body.service,
            group=body.group,
            slot_at=body.appointment,
            channel=body.channel or ("staff" if isinstance(who, Person) else "kiosk"),
            language=body.language,
            device=who.id if isinstance(who, Device) else None,
            for_window=body.for_window,
            printer=body.printer,
        ),
        _ticket_answer(here, ticket, 201),
    )


@api.get("/tickets/<ticket>", responses={200: s.Ticket})
def ticket(path: s.TicketPath) -> Response:
    """The ticket now."""
    here = site()
    with here.hall.reading() as state:
        try:
            found = _visible(state, path.ticket)
        except Rejected as refusal:
            return send(refused(refusal))
        return send(Answer(200, ticket_view(here, state, found, here.hall.now())))


@api.post("/tickets/<ticket>/cancel", responses={200: s.Ticket})
def cancel(path: s.TicketPath, header: s.KeyHeader, body: s.Empty) -> Response:
    """Give the ticket up."""
    here = site()
    _require_visible(here, path.ticket)
    reason = "staff" if isinstance(caller().who, Person) else "kiosk"
    return perform(
        here, lambda at: c.Cancel(at=at, ticket=path.ticket, reason=reason), _ticket_answer(here, path.ticket)
    )


@api.post("/tickets/<ticket>/reprint", responses={200: s.Ticket})
def reprint(path: s.TicketPath, header: s.KeyHeader, body: s.ReprintBody) -> Response:
    """Another paper of the same ticket, marked as a copy; never a second number."""
    here = site()
    require_printer(here, body.printer)
    _require_visible(here, path.ticket)
    return perform(
        here,
        lambda at: c.RequestReprint(at=at, ticket=path.ticket, printer=body.printer),
        _ticket_answer(here, path.ticket),
    )


@api.post("/tickets/<ticket>/print-state", responses={200: s.Ticket})
def print_state(path: s.TicketPath, header: s.KeyHeader, body: s.PrintStateBody) -> Response:
    """What the printer made of it."""
    here = site()
    _require_visible(here, path.ticket)
    return perform(
        here,
        lambda at: c.ReportPrint(at=at, ticket=path.ticket, state=body.state),
        _ticket_answer(here, path.ticket),
    )


@api.post("/tickets/<ticket>/rating", responses={200: s.Ticket})
def rating(path: s.TicketPath, header: s.KeyHeader, body: s.RatingBody) -> Response:
    """The citizen's rating at the kiosk, 5 (very satisfied) to 1; once."""
    here = site()
    _require_visible(here, path.ticket)
    return perform(
        here,
        lambda at: c.Rate(at=at, ticket=path.ticket, level=body.level),
        _ticket_answer(here, path.ticket),
    )
