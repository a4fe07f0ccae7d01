"""Bodies, paths and answers of slots, appointments and check-ins."""

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from server.web.api.schemas import Body, Id, Instant, Moment, TicketId, Today
from server.web.api.shape import Shape

Phone = Annotated[
    str, Field(pattern=r"^\+?[0-9][0-9 -]{4,18}[0-9]$", description="kept until some days after the appointment")
]
State = Literal["booked", "arrived", "missed", "cancelled"]


def _plain_date(value: Any) -> Any:
    """A date and nothing that could be counted as one, such as a number of seconds."""
    if isinstance(value, str) and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise ValueError("a date as YYYY-MM-DD")
    return value


Day = Annotated[date, BeforeValidator(_plain_date)]

#: An appointment's id, made by the device before it sends: a UUIDv7 is best.
AppointmentId = TicketId


class ServicePath(Shape):
    service: Id


class AppointmentPath(Shape):
    appointment: AppointmentId


class DayQuery(Shape):
    day: Day | None = Field(default=None, description="YYYY-MM-DD, the hall's date")


class BookBody(Body):
    id: AppointmentId = Field(description="made by the sender (UUIDv7) before it sends")
    service: Id
    slot_at: Instant = Field(description="the beginning of a slot")
    phone: Phone | None = Field(default=None, description="wanted of whoever books by himself")
    name: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    holder: Id | None = Field(default=None, description="from POST /holders; kiosks and staff")
    group: Id | None = None
    item: Annotated[str, Field(min_length=1, max_length=64)] | None = Field(
        default=None, description="code of the catalogue's item"
    )
    language: Literal["zh", "en"] = "zh"


class MoveBody(Body):
    slot_at: Instant


def _one_of_them(schema: dict[str, Any]) -> None:
    """Tell in the schema too that one of the ways is wanted."""
    ways = ("code", "token", "holder", "appointment")
    for name in ways:
        field = schema["properties"][name]
        plain = next(kind for kind in field.pop("anyOf") if kind.get("type") != "null")
        field.pop("default", None)
        field.update(plain)
    schema["anyOf"] = [{"required": [name]} for name in ways]


class CheckInBody(Body):
    """Who comes: by the code, the link's token, the appointment's id, or as a person known by card or phone number."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=_one_of_them)

    id: TicketId = Field(description="the ticket's id, made by the device (UUIDv7) before it sends")
    code: Annotated[str, Field(pattern=r"^[0-9]{6}$")] | None = None
    token: Id | None = None
    holder: Id | None = None
    appointment: AppointmentId | None = None
    language: Literal["zh", "en"] | None = Field(default=None, description="the appointment's if left out")
    printer: Id | None = Field(default=None, description="a staff printer that prints it")

    @model_validator(mode="after")
    def _somebody(self) -> "CheckInBody":
        if not (self.code or self.token or self.holder or self.appointment):
            raise ValueError("a code, a token, a holder or an appointment is wanted")
        return self


class Slot(Shape):
    at: Moment
    capacity: int
    left: int
    final: bool = Field(description="so soon that, once booked, only staff may change or cancel it")


class DayOfSlots(Today):
    day: date
    slots: list[Slot]


class Slots(Shape):
    service: str
    days: list[DayOfSlots]


class Appointment(Shape):
    id: str
    code: str = Field(description="six figures to type at the kiosk")
    hall: str
    hall_en: str
    service: str
    service_name: str
    service_name_en: str
    zone_name: str
    zone_name_en: str
    area_name: str
    area_name_en: str
    day: date
    slot_at: Moment
    state: State
    group: str | None
    item: str | None
    channel: Literal["phone", "kiosk", "staff"]
    language: str
    moves: int
    url: str = Field(description="the citizen's page, /a/<token>")
    ticket: str | None
    ticket_number: str | None
    ticket_url: str | None
    can_change: bool
    cancel_until: Moment
    early_from: Moment
    late_until: Moment
    masked: str | None


class AppointmentRow(Appointment):
    name_masked: str | None


class AppointmentInFull(AppointmentRow):
    name: str | None = Field(default=None, description="leaders only")
    phone: str | None = Field(default=None, description="leaders only")


class Appointments(Shape):
    day: date
    appointments: list[AppointmentRow]
