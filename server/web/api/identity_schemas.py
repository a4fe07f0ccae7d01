"""Bodies and answers of people, their proofs, and requests for help."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from server.web.api.schemas import Body, Id, Moment, TicketId
from server.web.api.shape import Shape


def _isoformat(value: Any) -> Any:
    """A date as a string only: a bare number is none."""
    if not isinstance(value, str) or len(value) != 10:
        raise ValueError("a date as YYYY-MM-DD")
    return value


Day = Annotated[date, BeforeValidator(_isoformat)]
PersonName = Annotated[str, Field(min_length=1, max_length=64, description="kept for this visit at most")]


class Card(Body):
    """What a reader read of an ID card. Neither number, birth nor kind is kept."""

    number: str = Field(min_length=15, max_length=24, pattern=r"^[0-9A-Za-z]{15,18}$")
    name: PersonName | None = None
    kind: Id | None = Field(default=None, description="resident, residence permit, foreigner: for the reader's own use")
    birth: Day | None = Field(default=None, description="where the number does not tell it")
    valid_to: Day | None = Field(default=None, description="none: valid for good")


def _card_or_phone(schema: dict[str, Any]) -> None:
    """Tell in the schema too that one of the two is wanted."""
    for name in ("card", "phone"):
        field = schema["properties"][name]
        schema["properties"][name] = next(kind for kind in field["anyOf"] if kind.get("type") != "null")
    schema["anyOf"] = [{"required": ["card"]}, {"required": ["phone"]}]


class HolderBody(Body):
    """A card or a phone number; the card comes first."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=_card_or_phone)

    card: Card | None = None
    phone: str | None = Field(default=None, pattern=r"^\+?[0-9][0-9 -]{4,18}[0-9]$")
    name: PersonName | None = None

    @model_validator(mode="before")
    @classmethod
    def _left_out_not_null(cls, value: Any) -> Any:
        if isinstance(value, dict) and any(name in value and value[name] is None for name in ("card", "phone")):
            raise ValueError("leave out what there is none of")
        return value

    @model_validator(mode="after")
    def _somebody(self) -> "HolderBody":
        if self.card is None and self.phone is None:
            raise ValueError("a card or a phone number is wanted")
        return self


class HolderPath(Shape):
    holder: Id


class HeldTicket(Shape):
    id: str
    number: str
    service: str
    service_name: str
    service_name_en: str
    state: Literal["waiting", "called", "serving", "held", "done", "no_show", "cancelled"]


class HeldAppointment(Shape):
    id: str
    code: str
    service: str
    service_name: str
    service_name_en: str
    slot_at: Moment
    state: Literal["booked", "arrived", "missed", "cancelled"]
    early_from: Moment
    late_until: Moment
    ticket: str | None


class Holder(Shape):
    holder: str
    masked: str
    name_masked: str | None
    groups: list[str]
    card_expired: bool
    tickets: list[HeldTicket]
    appointments: list[HeldAppointment]
    barred: bool


class Forgotten(Shape):
    forgotten: Literal[True]


class ProofBody(Body):
    ticket: str = Field(min_length=1, max_length=64, description="id, or number of today, of the ticket at the window")
    confirmed: bool = Field(strict=True)


class HelpBody(Body):
    id: TicketId = Field(description="made by the device (UUIDv7) before it sends")
    kind: Id = Field(description="one of the hall's kinds of help")
    place: Annotated[str, Field(min_length=1, max_length=64)] | None = Field(
        default=None, description="where the person is; a device's own name if left out"
    )
    ticket: str | None = Field(default=None, min_length=1, max_length=64)
    language: Literal["zh", "en"] = "zh"


class HelpPath(Shape):
    help: Id


class HelpEndBody(Body):
    outcome: Literal["helped", "not_found", "not_needed"] = "helped"


class Help(Shape):
    id: str
    place: str
    place_en: str
    kind: str
    kind_name: str
    kind_name_en: str
    state: Literal["asked", "taken", "ended"]
    asked_at: Moment
    asked_by: str
    language: str
    ticket: str | None
    taken_by: str | None
    taken_at: Moment | None
    ended_at: Moment | None
    outcome: str | None
    expert: str | None = Field(description="id of the expert who is called; null: a guide")


class HelpList(Shape):
    requests: list[Help]
