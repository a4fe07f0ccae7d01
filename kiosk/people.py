"""What the kiosk is told of a person whose card was read: a handle and what it leads to, never number or full name.

Pure. Together with the rating form, which is asked of the same server.
"""

from dataclasses import dataclass
from datetime import datetime

from kiosk.catalogue import Json, Words, words

#: States of an appointment that can still be checked in.
BOOKED = "booked"
#: States of a ticket that is still in the hall.
OPEN_STATES = frozenset({"waiting", "called", "serving", "held"})


@dataclass(frozen=True, slots=True)
class HeldTicket:
    """A ticket of today in this person's name."""

    number: str
    service: str
    service_name: Words
    state: str
    #: Where the server gives it, the ticket can be printed again.
    id: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether it still waits for something."""
        return self.state in OPEN_STATES


@dataclass(frozen=True, slots=True)
class Appointment:
    """An appointment of this person."""

    id: str
    code: str
    service: str
    service_name: Words
    slot_at: str
    state: str


@dataclass(frozen=True, slots=True)
class Holder:
    """A person: a handle for tickets and appointments, and what may be shown on the glass."""

    handle: str
    masked: str
    name_masked: str
    groups: tuple[str, ...]
    tickets: tuple[HeldTicket, ...]
    appointments: tuple[Appointment, ...]

    def open_ticket(self, service: str | None) -> HeldTicket | None:
        """The ticket this person already has for a service."""
        return next((t for t in self.tickets if t.service == service and t.is_open), None)

    def due(self, now: str) -> tuple[Appointment, ...]:
        """Appointments of today that are not checked in yet, earliest first."""
        today = datetime.fromisoformat(now)
        found = [a for a in self.appointments if a.state == BOOKED and _is_on(a.slot_at, today)]
        return tuple(sorted(found, key=lambda a: datetime.fromisoformat(a.slot_at)))


def _is_on(slot_at: str, today: datetime) -> bool:
    return datetime.fromisoformat(slot_at).astimezone(today.tzinfo).date() == today.date()


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that can be ticked with a rating."""

    id: str
    name: Words


@dataclass(frozen=True, slots=True)
class Level:
    """One of the five levels."""

    level: int
    name: Words
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class RatingForm:
    """The five levels with what can be ticked (A1.4)."""

    version: str
    levels: tuple[Level, ...]

    def level(self, level: int | None) -> Level | None:
        """Find a level."""
        return next((one for one in self.levels if one.level == level), None)


def read_holder(body: Json) -> Holder:
    """Read `POST /holders`."""
    return Holder(
        handle=body["holder"],
        masked=body.get("masked") or "",
        name_masked=body.get("name_masked") or "",
        groups=tuple(body.get("groups") or ()),
        tickets=tuple(
            HeldTicket(t["number"], t["service"], words(t, "service_name"), t["state"], t.get("id"))
            for t in body.get("tickets") or ()
        ),
        appointments=tuple(
            Appointment(a["id"], a.get("code") or "", a["service"], words(a, "service_name"), a["slot_at"], a["state"])
            for a in body.get("appointments") or ()
        ),
    )


def read_form(body: Json) -> RatingForm:
    """Read `GET /rating-form`, best level first."""
    levels = (
        Level(
            one["level"],
            words(one, "name"),
            tuple(Point(point["id"], words(point, "name")) for point in one.get("points") or ()),
        )
        for one in body["levels"]
    )
    return RatingForm(str(body["version"]), tuple(sorted(levels, key=lambda one: -one.level)))
