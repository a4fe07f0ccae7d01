"""Appointments: slots with a capacity, booking, change, cancelling, check-in, absence. Pure."""

from server.core.commands import Issue
from server.core.events import Event
from server.core.model import HallState, Plan
from server.core.refusals import Reason, Rejected

EVENTS: tuple[type[Event], ...] = ()


def claimed_slot(plan: Plan, state: HallState, command: Issue) -> float:
    """The slot of the appointment a citizen comes for; refuses one that is unknown or over, and who comes too early."""
    kept = state.appointments.get(command.appointment or "")
    if kept is None:
        raise Rejected(Reason.APPOINTMENT_UNKNOWN)
    return kept.slot_at
