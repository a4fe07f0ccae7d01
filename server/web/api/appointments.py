"""Slots, booking by phone, kiosk and staff, and the citizen's link `/a/<token>`."""

import secrets
from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Response
from flask_openapi3 import Tag

from server.accounts import Device, Person
from server.core.affairs import AppointmentState
from server.core.appointments import (
    BookAppointment,
    CancelAppointment,
    MoveAppointment,
    find_appointment,
)
from server.core.calendar import local
from server.core.commands import Command
from server.core.events import Event
from server.core.model import HallState
from server.core.refusals import Reason, Rejected
from server.core.slots import bookable_days
from server.hall import Answer
from server.retention import DAY_S, day_end
from server.web.access import LEADERS, caller
from server.web.api import appointments_schemas as a
from server.web.api import schemas as s
from server.web.api.blueprint import APIBlueprint
from server.web.api.claims import require_holder, require_item
from server.web.commanding import perform, send
from server.web.present.appointments import (
    appointment_for_leaders,
    appointment_row,
    appointment_view,
    appointments_of,
    masked_of,
    slots_view,
)
from server.web.problems import Problem
from server.web.site import Site, site

_TAG = Tag(name="appointments")
api = APIBlueprint("appointments", __name__, url_prefix="/api/v1", abp_tags=[_TAG])
links = APIBlueprint("appointment_links", __name__, url_prefix="/api/v1/a", abp_tags=[_TAG])

#: Slots are asked for by many phones at once; while nothing happens in the hall, what they show may be so old.
SLOTS_MAX_AGE_S = 1.0


# --- Slots ------------------------------------------------------------------------------------------------------------


@api.get("/services/<service>/slots", responses={200: a.Slots})
def slots(path: a.ServicePath, query: a.DayQuery) -> Response:
    """What can be booked of a service: on one day, or on every day up to the horizon."""
    here = site()
    if path.service not in here.hall.plan.services:
        raise Rejected(Reason.SERVICE_UNKNOWN, service=path.service)
    days = bookable_days(here.hall.plan, here.hall.now())
    if query.day is not None:
        days = [query.day] if query.day in days else []

    def build(state: HallState, at: float) -> object:
        return slots_view(here, state, path.service, days, at)

    key = f"slots {path.service} {query.day if days else None} {len(days)}"
    # Up to the last event: whoever was just told that a slot is full must not be offered it again.
    return send(Answer(200, here.cache.get(here.hall, key, SLOTS_MAX_AGE_S, build, here.hall.seq)))


# --- Booking ----------------------------------------------------------------------------------------------------------


def _free_code(here: Site) -> str:
    """A code that no open appointment has. Chosen while the command is decided, so that it still is free then."""
    with here.hall.reading() as state:
        taken = {kept.code for kept in state.appointments.values() if kept.state is AppointmentState.BOOKED}
    while (code := f"{secrets.randbelow(10**6):06d}") in taken:
        pass
    return code


def _holder_of(here: Site, body: a.BookBody, *, by_himself: bool) -> str | None:
    """Who it is for: a person the device knows by his card, else by the phone number."""
    if by_himself and (body.phone is None or body.holder is not None):
        raise Problem("phone_wanted")
    if body.holder is not None:
        require_holder(here, body.holder)
        return body.holder
    if body.phone is None:
        return None
    return here.people.holder("phone", body.phone, _kept_until(here, body.slot_at)).handle


def _kept_until(here: Site, slot_at: float) -> float:
    """Some days after the appointment's; whatever day a sender may dream of, none beyond the horizon."""
    now, hall = here.hall.now(), here.names.hall
    begins = min(max(slot_at, now), now + (hall.booking.horizon_days + 1) * DAY_S)
    return day_end(here.hall.plan, begins) + hall.identity.kept_days * DAY_S


def _told(here: Site, name: str, status: int = 200) -> Callable[[HallState, list[Event], float], Answer]:
    return lambda state, _events, at: Answer(status, appointment_view(here, state, find_appointment(state, name), at))


def _masking(here: Site) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Adds the masked number on the way out: it is not kept with the answer."""

    def dress(view: dict[str, Any]) -> dict[str, Any]:
        with here.hall.reading() as state:
            kept = state.appointments.get(view["id"])
        return {**view, "masked": None if kept is None else masked_of(here, kept)}

    return dress


def _note(here: Site, body: a.BookBody) -> None:
    """Keep name and phone number beside the appointment, which is durable by now."""
    until = _kept_until(here, body.slot_at)
    for kind, value in (("name", body.name), ("phone", body.phone)):
        if value is not None:
            here.people.note(f"appointment:{body.id}", kind, value, until)


@api.post("/appointments", responses={201: a.Appointment})
def book(header: s.KeyHeader, body: a.BookBody) -> Response:
    """Keep a place of a slot. Anybody may, with a phone number; kiosks and staff also for a person by his card. Sending
    the same id again gives the same appointment."""
    here, who = site(), caller().who
    channel = "staff" if isinstance(who, Person) else "kiosk" if isinstance(who, Device) else "phone"
    require_item(here, body.item)
    holder = _holder_of(here, body, by_himself=channel == "phone")
    answer = perform(
        here,
        lambda at: BookAppointment(
            at=at,
            appointment=body.id,
            service=body.service,
            slot_at=body.slot_at,
            code=_free_code(here),
            holder=holder,
            group=body.group,
            item=body.item,
            channel=channel,
            language=body.language,
        ),
        _told(here, body.id, 201),
        _masking(here),
    )
    if answer.status_code == 201 and "Idempotency-Replayed" not in answer.headers:
        _note(here, body)
    return answer


# --- Staff ------------------------------------------------------------------------------------------------------------


@api.get("/appointments", responses={200: a.Appointments})
def appointments(query: a.DayQuery) -> Response:
    """Those of a day (today if none is named), in the order of their slots."""
    here = site()
    with here.hall.reading() as state:
        at = here.hall.now()
        return send(Answer(200, day_list(here, state, query.day or local(at, here.hall.plan.tz).date(), at)))


def day_list(here: Site, state: HallState, day: date, at: float) -> dict[str, Any]:
    """The appointments of a day, as staff see them."""
    rows = [appointment_row(here, state, kept, at) for kept in appointments_of(here, state, day)]
    return {"day": day.isoformat(), "appointments": rows}


@api.get("/appointments/<appointment>", responses={200: a.AppointmentInFull})
def appointment(path: a.AppointmentPath) -> Response:
    """One of them; leaders see name and phone number, to call when a day falls through."""
    here = site()
    shown = appointment_for_leaders if caller().may(LEADERS) else appointment_row
    with here.hall.reading() as state:
        return send(Answer(200, shown(here, state, find_appointment(state, path.appointment), here.hall.now())))


def _act(name: str, command: Callable[[float], Command]) -> Response:
    here = site()
    return perform(here, command, _told(here, name), _masking(here))


@api.post("/appointments/<appointment>/move", responses={200: a.Appointment})
def move(path: a.AppointmentPath, header: s.KeyHeader, body: a.MoveBody) -> Response:
    """Another slot, at any time before the appointment is over."""
    name = path.appointment
    return _act(name, lambda at: MoveAppointment(at=at, appointment=name, slot_at=body.slot_at, by_staff=True))


@api.post("/appointments/<appointment>/cancel", responses={200: a.Appointment})
def cancel(path: a.AppointmentPath, header: s.KeyHeader, body: s.Empty) -> Response:
    """Give it up, at any time before it is over."""
    name = path.appointment
    return _act(name, lambda at: CancelAppointment(at=at, appointment=name, by_staff=True))


# --- The citizen's link -----------------------------------------------------------------------------------------------


def appointment_of(here: Site, token: str) -> str:
    """The id behind a token, or the problem that there is none."""
    with here.hall.reading() as state:
        found = here.links.find_appointment(state, token)
    if found is None:
        raise Problem("link_unknown")
    return found


@links.get("/<token>", responses={200: a.Appointment}, endpoint="appointment")
def linked(path: s.TokenPath) -> Response:
    """The appointment now."""
    here = site()
    name = appointment_of(here, path.token)
    with here.hall.reading() as state:
        view = appointment_view(here, state, state.appointments[name], here.hall.now())
    return send(Answer(200, _masking(here)(view)))


@links.post("/<token>/move", responses={200: a.Appointment}, endpoint="move")
def move_linked(path: s.TokenPath, header: s.KeyHeader, body: a.MoveBody) -> Response:
    """Another slot, in time."""
    name = appointment_of(site(), path.token)
    return _act(name, lambda at: MoveAppointment(at=at, appointment=name, slot_at=body.slot_at))


@links.post("/<token>/cancel", responses={200: a.Appointment}, endpoint="cancel")
def cancel_linked(path: s.TokenPath, header: s.KeyHeader, body: s.Empty) -> Response:
    """Give it up, in time."""
    name = appointment_of(site(), path.token)
    return _act(name, lambda at: CancelAppointment(at=at, appointment=name))
