"""Bodies and answers of settling a visit's items at the window, and of calling an expert."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from server.web.api.case_schemas import Delivery, Outcome
from server.web.api.cases_bodies import DepartmentName
from server.web.api.matters_schemas import Choice
from server.web.api.ratings_schemas import Phone
from server.web.api.schemas import Body, Id, Name
from server.web.api.shape import Shape

#: A case is found by its id or its number (20261122-0007), so an id must not look like one: it has a letter.
SettlementId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]*[A-Za-z_][A-Za-z0-9_-]*$", max_length=64)]
Paper = Annotated[str, Field(min_length=1, max_length=200, pattern=r"\S")]
Title = Annotated[str, Field(min_length=1, max_length=200, pattern=r"\S")]
Department = Annotated[str, Field(min_length=1, max_length=100)]
Days = Annotated[int, Field(ge=1, le=366, strict=True)]
#: As the provincial platform writes it.
PlatformNumber = Annotated[str, Field(pattern=r"^[!-~]+$", max_length=64)]
Note = Annotated[str, Field(min_length=1, max_length=2000)]
Address = Annotated[str, Field(min_length=1, max_length=200, pattern=r"\S")]


class SettleItemBody(Body):
    id: SettlementId = Field(description="made by the sender, so that sending again settles nothing more")
    outcome: Outcome
    item: Id | None = Field(default=None, description="code in the catalogue; the ticket's own if no title is given")
    title: Title | None = Field(default=None, description="what the item is called; the catalogue's name if left out")
    departments: Annotated[list[Department], Field(min_length=1, max_length=20)] | None = Field(
        default=None, description="who decides, the leading one first; by the item, else by the service, if left out"
    )
    lacks: Annotated[list[Paper], Field(max_length=60)] = Field(default=[], description="papers that are missing")
    promise_on: date | None = Field(default=None, description="the last day for papers that are missing")
    reason: Id | None = Field(default=None, description="of a refusal, from `GET /outcomes`")
    note: Note | None = Field(default=None, description="internal; of a refusal the reason in words, on its notice")
    urgent: Annotated[bool, Field(strict=True)] = False
    delivery: Delivery = "window"
    days: Days | None = Field(default=None, description="working days; by the item's guide, else the hall's own")
    platform: PlatformNumber | None = Field(default=None, description="number of the provincial platform")
    name: Name | None = None
    phone: Phone | None = None
    address: Address | None = None


class RetractBody(Body):
    settlement: Id


class ExpertBody(Body):
    expert: Id


class OutcomesQuery(Shape):
    item: Id | None = Field(default=None, description="code of an item, for what is suggested")


class OutcomeChoice(Choice):
    fields: list[str] = Field(description="what may be said with it")
    wanted: list[str] = Field(description="what must be said with it")
    papers: list[str] = Field(description="kinds of paper it prints")


class RefusalChoice(Choice):
    wants_note: bool = Field(description="says nothing by itself: `note` must give the reason in words")


class Suggestion(Shape):
    """What the catalogue says of an item: taken where the request says nothing else."""

    item: str
    title: str
    departments: list[str]
    days: int | None
    materials: list[str]


class ExpertView(Choice):
    kind: Literal["expert", "chief"]
    kind_name: str
    kind_name_en: str
    title: str = Field(description="what he is and his name")
    title_en: str
    department: str
    department_en: str
    window: str | None
    window_name: str | None
    window_name_en: str | None
    open: bool


class Outcomes(Shape):
    outcomes: list[OutcomeChoice]
    refusals: list[RefusalChoice]
    carriers: list[str]
    experts: list[ExpertView]
    departments: list[DepartmentName]
    default_days: int
    default_promise_on: date = Field(description="suggested for missing papers: a working day")
    suggested: Suggestion | None
