"""Bodies and answers of matters: what could not be done, cross-region business, words to 12345."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from server.web.api.ratings_schemas import Phone
from server.web.api.schemas import Body, Id, Moment, Name
from server.web.api.shape import Shape

Kind = Literal["unresolved", "cross_region", "enquiry", "complaint", "report", "suggestion"]
Story = Annotated[str, Field(min_length=1, max_length=2000)]


def _flag(value: object) -> object:
    return {"1": True, "true": True, "0": False, "false": False}.get(value, value) if isinstance(value, str) else value


class MatterPath(Shape):
    matter: Id


class MattersQuery(Shape):
    kind: Kind | None = None
    open: Annotated[bool | None, BeforeValidator(_flag)] = Field(
        default=None, description="true: only what is not settled"
    )


class ExportQuery(MattersQuery):
    format: Literal["xlsx", "csv"] = "xlsx"


class RecordBody(Body):
    id: Id = Field(description="made by the sender, so that sending again records nothing more")
    kind: Kind
    reason: Id | None = None
    ticket: Name | None = Field(default=None, description="id, or number of today")
    department: Name | None = None
    region: Name | None = None
    note: Story | None = None
    phone: Phone | None = None
    name: Name | None = None


class SettleBody(Body):
    result: Id
    note: Story | None = None


class Choice(Shape):
    id: str
    name: str
    name_en: str


class KindChoice(Choice):
    days: int


class MatterForm(Shape):
    kinds: list[KindChoice]
    reasons: list[Choice]
    results: list[Choice]
    regions: list[Choice]
    departments: list[str]


class MatterView(Shape):
    id: str
    reference: str = Field(description="what people call it by: its day and the end of its id")
    kind: Kind
    kind_name: str
    kind_name_en: str
    number: str | None
    service: str | None
    service_name: str | None
    service_name_en: str | None
    reason: str | None
    reason_name: str | None
    reason_name_en: str | None
    department: str | None
    region: str | None
    region_name: str | None
    region_name_en: str | None
    opened_at: Moment
    opened_by: str
    deadline_at: Moment
    overdue: bool
    result: str | None
    result_name: str | None
    result_name_en: str | None
    settled_at: Moment | None
    settled_by: str | None
    may_settle: bool
    text: str | None
    result_text: str | None
    name: str | None
    phone: str | None


class MattersView(Shape):
    matters: list[MatterView]
    counts: dict[str, int]
