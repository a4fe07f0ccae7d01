"""Tickets for kiosks and staff: issue, look, cancel, reprint, print state, rating."""

from collections.abc import Callable
from typing import Any

from flask import Response
from flask_openapi3 import Tag

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
from server.web.api.blueprint import APIBlueprint
from server.web.api.claims import keep_name, proof_of, require_holder, require_item
from server.web.api.ratings import rate
from server.web.api.ratings_schemas import RatingBody
from server.web.api.voucher_claims import claim_of
from server.web.commanding import perform, refused, send
from server.web.present.tickets import dressed, rated_view, ticket_view
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


def _is_issued(here: Site, ticket: str | None) -> bool:
    """Whether this is a repetition: what was claimed then may be forgotten by now, and the ticket is there."""
    with here.hall.reading() as state:
        return ticket in state.tickets


def _ticket_answer(here: Site, name: str, status: int = 200) -> Callable[[HallState, list[Event], float], Answer]:
    return lambda state, _events, at: Answer(status, ticket_view(here, state, find_ticket(state, name), at))


def dressing(here: Site) -> Callable[[Any], Any]:
    """Adds to a ticket what its person may be known by, for who may know it."""
    who = caller()
    return lambda view: dressed(here, view, who)


@api.post("/tickets", responses={201: s.Ticket})
def issue(header: s.KeyHeader, body: s.IssueBody) -> Response:
    """Take a ticket. Sending the same ticket id again gives the same ticket."""
    here, who = site(), caller().who
    require_printer(here, body.printer)
    slot_at = body.appointment if isinstance(body.appointment, float) else None
    _require_today(here, slot_at)
    by_staff = isinstance(who, Person)
    if (body.over_limit or body.checked) and not by_staff:
        raise Problem("forbidden")
    proof = None
    is_issued = _is_issued(here, body.id)
    claim = claim_of(here, body.voucher, body.service, is_again=is_issued)
    if not is_issued:
        require_item(here, body.item)
        require_holder(here, body.holder)
        proof = proof_of(here, body.group, body.holder, by_staff=by_staff)
    # What a service wants of a kiosk is not got round by calling oneself staff.
    channel = body.channel or ("staff" if by_staff else "kiosk")
    if channel == "staff" and not by_staff:
        channel = "kiosk"
    ticket = body.id or ticket_id(here.hall.now(), header.idempotency_key)
    answer = perform(
        here,
        lambda at: c.Issue(
            at=at,
            ticket=ticket,
            service=claim.service,
            group=body.group,
            slot_at=slot_at,
            appointment=body.appointment if isinstance(body.appointment, str) else None,
            holder=body.holder,
            over_limit=body.over_limit,
            item=body.item,
            proof=proof,
            channel=channel,
            language=body.language,
            device=who.id if isinstance(who, Device) else None,
            for_window=body.for_window,
            printer=body.printer,
            is_checked=body.checked,
            case=claim.case,
        ),
        _ticket_answer(here, ticket, 201),
        dressing(here),
    )
    if answer.status_code == 201:
        keep_name(here, ticket)
    return answer


@api.get("/tickets/<ticket>", responses={200: s.Ticket})
def ticket(path: s.TicketPath) -> Response:
    """The ticket now."""
    here = site()
    with here.hall.reading() as state:
        try:
            found = _visible(state, path.ticket)
        except Rejected as refusal:
            return send(refused(here, refusal))
        view = ticket_view(here, state, found, here.hall.now())
    return send(Answer(200, dressing(here)(view)))


@api.post("/tickets/<ticket>/cancel", responses={200: s.Ticket})
def cancel(path: s.TicketPath, header: s.KeyHeader, body: s.Empty) -> Response:
    """Give the ticket up."""
    here = site()
    _require_visible(here, path.ticket)
    reason = "staff" if isinstance(caller().who, Person) else "kiosk"
    return perform(
        here,
        lambda at: c.Cancel(at=at, ticket=path.ticket, reason=reason),
        _ticket_answer(here, path.ticket),
        dressing(here),
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
        dressing(here),
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
        dressing(here),
    )


@api.post("/tickets/<ticket>/rating", responses={200: s.Ticket})
def rating(path: s.TicketPath, header: s.KeyHeader, body: RatingBody) -> Response:
    """The citizen's rating at the kiosk, 5 (very satisfied) to 1; once. Only by the ticket's id, which the kiosk knows
    that issued it: the number stands on every board."""
    here = site()
    _require_visible(here, path.ticket)
    if not _is_issued(here, path.ticket):
        raise Problem("ticket_unknown", ticket=path.ticket)
    return rate(
        here, path.ticket, body, "kiosk", lambda state, at: rated_view(here, state, find_ticket(state, path.ticket), at)
    )
