"""Which slots of a service can be booked, and how many places each has left. Pure; moments are seconds UTC."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from server.core.affairs import Appointment, AppointmentState
from server.core.calendar import day_to_play, local, moment_of, spans_with_appointment, weekday_of
from server.core.model import HallState, Plan

#: Who has a place of a slot's: whoever will come, and whoever came. A missed or cancelled one is free again.
KEEPS_A_PLACE = (AppointmentState.BOOKED, AppointmentState.ARRIVED)
DAY_S = 86400.0


@dataclass(frozen=True, slots=True)
class Slot:
    """A time at which so many people are taken by appointment, with the places nobody has booked yet."""

    at: float
    capacity: int
    left: int


def bookable_days(plan: Plan, at: float) -> list[date]:
    """Today and as many days ahead as one may book."""
    today = local(at, plan.tz).date()
    return [today + timedelta(days=ahead) for ahead in range(plan.booking.horizon_days + 1)]


def slots_on(
    plan: Plan, state: HallState, service: str, day: date, at: float, taken: Counter[float] | None = None
) -> list[Slot]:
    """The slots of a day that have not begun yet, full ones too; none beyond the horizon or on a day that is shut.

    `taken`: what `places_taken` told of the service, for whoever asks about many days.
    """
    if day not in bookable_days(plan, at):
        return []
    if taken is None:
        taken = places_taken(state.appointments.values(), service)
    return [
        Slot(begins, capacity, max(0, capacity - taken[begins]))
        for begins, capacity in sorted(_grid(plan, service, day, at).items())
        if begins > at
    ]


def slot_at(plan: Plan, state: HallState, service: str, begins: float, at: float) -> Slot | None:
    """The slot that begins at a moment, if it can still be booked."""
    if not at < begins <= at + (plan.booking.horizon_days + 2) * DAY_S:
        # Beyond what calendars know, perhaps.
        return None
    day = local(begins, plan.tz).date()
    return next((slot for slot in slots_on(plan, state, service, day, at) if slot.at == begins), None)


def places_taken(appointments: Iterable[Appointment], service: str) -> Counter[float]:
    """How many places of each slot of a service are taken."""
    return Counter(a.slot_at for a in appointments if a.service == service and a.state in KEEPS_A_PLACE)


def _grid(plan: Plan, service: str, day: date, at: float) -> Counter[float]:
    """Begin → capacity of a day's slots: those of its weekday that begin while the service is open, be it by appointment.

    Today's in the demo are those of the day it plays; the days to come are the calendar's.
    """
    known = plan.services[service]
    is_played = plan.plays_workday and day == local(at, plan.tz).date()
    like = day_to_play(plan, day) if is_played else day
    spans = spans_with_appointment(plan, known.timetable, like)
    weekday = weekday_of(like, plan.calendar)
    slots: Counter[float] = Counter()
    for grid in known.slots:
        for minute in range(grid.start_min, grid.end_min, grid.every_min) if weekday in grid.days else ():
            begins = moment_of(like, minute, plan.tz)
            if any(start <= begins < end for start, end in spans):
                slots[moment_of(day, minute, plan.tz)] += grid.capacity
    return slots
