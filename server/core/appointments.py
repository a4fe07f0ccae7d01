"""Appointments: booking, change, cancelling, check-in, absence (A2.4). Pure.

A place of a slot is kept for whoever booked it until he is so late that nobody expects him (`lapses_at`); then it lapses,
the absence counts, and who still comes takes a ticket like everybody. Staff may book for anybody at any time.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from server.core.affairs import Appointment, AppointmentState
from server.core.calendar import business_day, local
from server.core.commands import Command, Issue
from server.core.events import Event
from server.core.judging import follow, judge
from server.core.model import HallState, Plan
from server.core.refusals import Reason, Rejected
from server.core.slots import KEEPS_A_PLACE, slot_at

#: How long after the last moment at which an appointment counts as kept its absence is noted.
GRACE_S = 5 * 60
DAY_S = 86400.0


# --- Commands and events ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class BookAppointment(Command):
    """Keep a place of a slot. `code` is made at the edge, at random; it is refused while another one has it."""

    appointment: str
    service: str
    slot_at: float
    code: str
    holder: str | None = None
    group: str | None = None
    item: str | None = None
    channel: str = "phone"
    language: str = "zh"


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveAppointment(Command):
    """Take another slot for it; by the citizen only in time."""

    appointment: str
    slot_at: float
    by_staff: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelAppointment(Command):
    """Give it up; by the citizen only in time."""

    appointment: str
    by_staff: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentEvent(Event):
    """Something happened to an appointment."""

    appointment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentBooked(AppointmentEvent):
    """A place of a slot is kept for somebody."""

    service: str
    slot_at: float
    code: str
    holder: str | None = None
    group: str | None = None
    item: str | None = None
    channel: str = "phone"
    language: str = "zh"


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentMoved(AppointmentEvent):
    """It is at another time now."""

    slot_at: float
    by_staff: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentCancelled(AppointmentEvent):
    """Given up in time."""

    by_staff: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentMissed(AppointmentEvent):
    """Nobody came. `counts`: against the person; not when the hall itself was not there to see."""

    counts: bool = True


EVENTS: tuple[type[Event], ...] = (AppointmentBooked, AppointmentMoved, AppointmentCancelled, AppointmentMissed)


# --- Times ------------------------------------------------------------------------------------------------------------


def lapses_at(plan: Plan, kept: Appointment) -> float:
    """From when on nobody is expected any more."""
    return kept.slot_at + plan.rules.appointment_late_s + GRACE_S


def early_from(plan: Plan, kept: Appointment) -> float:
    """When check-in begins."""
    return kept.slot_at - plan.booking.early_s


def cancel_until(plan: Plan, kept: Appointment) -> float:
    """Until when the citizen may change or cancel by himself."""
    return kept.slot_at - plan.booking.cancel_before_s


def _clock(plan: Plan, moment: float, now: float) -> str:
    """A moment as it is told to people: the time alone if it is today."""
    told = local(moment, plan.tz)
    return f"{told:%H:%M}" if told.date() == local(now, plan.tz).date() else f"{told:%Y-%m-%d %H:%M}"


# --- What is asked first ----------------------------------------------------------------------------------------------


def find_appointment(state: HallState, name: str | None) -> Appointment:
    """An appointment by its id."""
    kept = state.appointments.get(name or "")
    if kept is None:
        raise Rejected(Reason.APPOINTMENT_UNKNOWN)
    return kept


def _require_booked(kept: Appointment) -> None:
    if kept.state is not AppointmentState.BOOKED:
        raise Rejected(Reason.APPOINTMENT_OVER, state=kept.state.value)


def _require_in_time(plan: Plan, kept: Appointment, at: float, *, by_staff: bool) -> None:
    if not by_staff and at > cancel_until(plan, kept):
        raise Rejected(Reason.APPOINTMENT_LATE, minutes=round(plan.booking.cancel_before_s / 60))


def _require_place(plan: Plan, state: HallState, service: str, begins: float, at: float) -> None:
    if (slot := slot_at(plan, state, service, begins, at)) is None:
        raise Rejected(Reason.SLOT_UNKNOWN)
    if slot.left == 0:
        raise Rejected(Reason.SLOT_FULL)


def _require_below_limit(plan: Plan, state: HallState, holder: str | None, day: date, but: str | None = None) -> None:
    """Refuse one appointment too many of a person on a day; `but` is the one that is being moved."""
    limit = plan.booking.per_day
    if holder is None or not limit:
        return
    his = [a for a in state.appointments.values() if a.holder == holder and a.state in KEEPS_A_PLACE and a.id != but]
    if sum(local(a.slot_at, plan.tz).date() == day for a in his) >= limit:
        raise Rejected(Reason.APPOINTMENT_LIMIT, limit=limit)


def is_barred(plan: Plan, state: HallState, holder: str | None, at: float) -> bool:
    """Whether somebody stayed away so often of late that he cannot book by himself."""
    rules = plan.booking
    if holder is None or not rules.absence_limit:
        return False
    since = at - rules.absence_days * DAY_S
    return sum(absent > since for absent in state.absences.get(holder, ())) >= rules.absence_limit


def claimed_slot(plan: Plan, state: HallState, command: Issue) -> float:
    """The slot of the appointment a citizen comes for; refuses one that is unknown or over, and who comes too early."""
    kept = find_appointment(state, command.appointment)
    if kept.service != command.service:
        raise Rejected(Reason.APPOINTMENT_UNKNOWN)
    _require_booked(kept)
    if command.at < early_from(plan, kept):
        raise Rejected(Reason.APPOINTMENT_EARLY, from_time=_clock(plan, early_from(plan, kept), command.at))
    if command.at >= lapses_at(plan, kept):
        # The next look after the hall will note it.
        raise Rejected(Reason.APPOINTMENT_OVER, state=AppointmentState.MISSED.value)
    return kept.slot_at


def lapsed(plan: Plan, state: HallState, at: float) -> Iterator[Event]:
    """The appointments nobody came for. One of an earlier business day does not count against the person: the hall was
    not running when he should have been noted, so nobody knows whether he came."""
    for kept in state.appointments.values():
        if kept.state is AppointmentState.BOOKED and at >= lapses_at(plan, kept):
            counts = business_day(lapses_at(plan, kept), plan.tz) >= state.business_day
            yield AppointmentMissed(at=at, appointment=kept.id, counts=counts)


# --- One rule per command ---------------------------------------------------------------------------------------------


@judge.register
def _(command: BookAppointment, plan: Plan, state: HallState) -> list[Event]:
    if (known := state.appointments.get(command.appointment)) is not None:
        # The device made the id before it sent: the same booking again is the same tap, not a second one.
        wanted = command.service, command.slot_at, command.holder, command.channel
        if (known.service, known.slot_at, known.holder, known.channel) == wanted:
            return []
        raise Rejected(Reason.APPOINTMENT_EXISTS)
    if command.service not in plan.services:
        raise Rejected(Reason.SERVICE_UNKNOWN, service=command.service)
    if command.group is not None and command.group not in plan.groups:
        raise Rejected(Reason.GROUP_UNKNOWN, group=command.group)
    by_himself = command.channel != "staff"
    if by_himself and is_barred(plan, state, command.holder, command.at):
        raise Rejected(Reason.APPOINTMENT_BARRED, limit=plan.booking.absence_limit)
    _require_place(plan, state, command.service, command.slot_at, command.at)
    if by_himself:
        _require_below_limit(plan, state, command.holder, local(command.slot_at, plan.tz).date())
    if any(a.code == command.code for a in state.appointments.values() if a.state is AppointmentState.BOOKED):
        raise Rejected(Reason.CODE_TAKEN)
    return [
        AppointmentBooked(
            at=command.at,
            appointment=command.appointment,
            service=command.service,
            slot_at=command.slot_at,
            code=command.code,
            holder=command.holder,
            group=command.group,
            item=command.item,
            channel=command.channel,
            language=command.language,
        )
    ]


@judge.register
def _(command: MoveAppointment, plan: Plan, state: HallState) -> list[Event]:
    kept = find_appointment(state, command.appointment)
    _require_booked(kept)
    if command.slot_at == kept.slot_at:
        return []
    _require_in_time(plan, kept, command.at, by_staff=command.by_staff)
    if kept.service not in plan.services:
        raise Rejected(Reason.SERVICE_UNKNOWN, service=kept.service)
    _require_place(plan, state, kept.service, command.slot_at, command.at)
    if not command.by_staff:
        _require_below_limit(plan, state, kept.holder, local(command.slot_at, plan.tz).date(), but=kept.id)
    return [AppointmentMoved(at=command.at, appointment=kept.id, slot_at=command.slot_at, by_staff=command.by_staff)]


@judge.register
def _(command: CancelAppointment, plan: Plan, state: HallState) -> list[Event]:
    kept = find_appointment(state, command.appointment)
    if kept.state is AppointmentState.CANCELLED:
        return []
    _require_booked(kept)
    _require_in_time(plan, kept, command.at, by_staff=command.by_staff)
    return [AppointmentCancelled(at=command.at, appointment=kept.id, by_staff=command.by_staff)]


# --- One step per event -----------------------------------------------------------------------------------------------


@follow.register
def _(event: AppointmentBooked, state: HallState) -> None:
    state.appointments[event.appointment] = Appointment(
        id=event.appointment,
        service=event.service,
        slot_at=event.slot_at,
        code=event.code,
        booked_at=event.at,
        holder=event.holder,
        group=event.group,
        item=event.item,
        channel=event.channel,
        language=event.language,
    )


@follow.register
def _(event: AppointmentMoved, state: HallState) -> None:
    kept = state.appointments[event.appointment]
    state.appointments[kept.id] = replace(kept, slot_at=event.slot_at, moves=kept.moves + 1)


@follow.register
def _(event: AppointmentCancelled, state: HallState) -> None:
    kept = state.appointments[event.appointment]
    state.appointments[kept.id] = replace(kept, state=AppointmentState.CANCELLED)


@follow.register
def _(event: AppointmentMissed, state: HallState) -> None:
    kept = state.appointments[event.appointment]
    state.appointments[kept.id] = replace(kept, state=AppointmentState.MISSED)
    if event.counts and kept.holder is not None:
        state.absences[kept.holder] = (*state.absences.get(kept.holder, ()), kept.slot_at)
