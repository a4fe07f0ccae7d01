"""Check-in: whoever has an appointment stands at the kiosk or the desk and gets his ticket."""

from flask import Response
from flask_openapi3 import Tag

from server.accounts import Device, Person
from server.core import commands as c
from server.core.affairs import Appointment, AppointmentState
from server.core.appointments import find_appointment, lapses_at
from server.core.calendar import local
from server.core.commands import Command
from server.core.model import HallState
from server.core.refusals import Reason, Rejected
from server.core.verbs import find_ticket
from server.hall import Answer
from server.web.access import caller
from server.web.api import appointments_schemas as a
from server.web.api import schemas as s
from server.web.api.blueprint import APIBlueprint
from server.web.api.claims import keep_name, proof_of, require_holder
from server.web.api.tickets import dressing, require_printer
from server.web.commanding import perform
from server.web.present.tickets import ticket_view
from server.web.site import Site, site

api = APIBlueprint("check_ins", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="appointments")])


def _meant(here: Site, state: HallState, body: a.CheckInBody, at: float) -> Appointment:
    """The appointment somebody comes for. Of several the open one whose time is nearest, so that a person need not know
    which of his two comes first, and a code that was given again opens the newer."""
    if body.appointment is not None:
        return find_appointment(state, body.appointment)
    if body.token is not None:
        return find_appointment(state, here.links.find_appointment(state, body.token))
    if body.code is not None:
        found = [kept for kept in state.appointments.values() if kept.code == body.code]
    else:
        found = [kept for kept in state.appointments.values() if kept.holder == body.holder]
    if not found:
        raise Rejected(Reason.APPOINTMENT_UNKNOWN)
    return min(found, key=lambda kept: (kept.state is not AppointmentState.BOOKED, abs(kept.slot_at - at)))


@api.post("/check-ins", responses={201: s.Ticket})
def check_in(header: s.KeyHeader, body: a.CheckInBody) -> Response:
    """Whoever has an appointment is here: he gets his ticket. Too early is refused with the time to come; too late, even
    when the place has lapsed, is an ordinary ticket while tickets are given out."""
    here, who = site(), caller().who
    require_printer(here, body.printer)
    by_staff = isinstance(who, Person)
    with here.hall.reading() as state:
        is_issued = body.id in state.tickets
    if not is_issued:
        require_holder(here, body.holder)
    device = who.id if isinstance(who, Device) else None

    def arrive(at: float) -> Command:
        # Looked up while the command is decided: nothing can come between.
        with here.hall.reading() as state:
            kept = _arriving(state, at)
            lapsed = _has_lapsed_today(here, kept, at)
        service = here.hall.plan.services.get(kept.service)
        # A booking by phone shows no card; where the service wants one, it is shown now.
        known = kept.holder if by_staff or service is None or not service.id_required else None
        holder = body.holder or known
        return c.Issue(
            at=at,
            ticket=body.id,
            service=kept.service,
            group=kept.group,
            appointment=None if lapsed else kept.id,
            holder=holder,
            # Of a group that is not proved yet the clerk will see the proof.
            proof=proof_of(here, kept.group, holder, by_staff=True),
            item=kept.item,
            channel="staff" if by_staff else "kiosk",
            language=body.language or kept.language,
            device=device,
            printer=body.printer,
        )

    def _arriving(state: HallState, at: float) -> Appointment:
        mine = next((kept for kept in state.appointments.values() if kept.ticket == body.id), None)
        return mine or _meant(here, state, body, at)

    answer = perform(
        here,
        arrive,
        lambda state, _events, at: Answer(201, ticket_view(here, state, find_ticket(state, body.id), at)),
        dressing(here),
    )
    if answer.status_code == 201:
        keep_name(here, body.id)
    return answer


def _has_lapsed_today(here: Site, kept: Appointment, at: float) -> bool:
    """Whether nobody expects this one any more, though it is still his day: then he is a walk-in."""
    tz = here.hall.plan.tz
    over = kept.state is AppointmentState.MISSED or (
        kept.state is AppointmentState.BOOKED and at >= lapses_at(here.hall.plan, kept)
    )
    return over and local(kept.slot_at, tz).date() == local(at, tz).date()
