"""What is asked about threads, and what is answered."""

from typing import Annotated, Any, Literal

from pydantic import Field

from server.web.api.moments import Moment
from server.web.api.schemas import Id
from server.web.api.shape import Shape

Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
PhaseId = Literal["number", "call", "acceptance", "carrying", "approval", "result", "rating", "redress"]


class ThreadsQuery(Shape):
    """A number means a ticket only together with its day."""

    day: Day | None = Field(default=None, description="business day; today if absent")
    number: Annotated[str, Field(max_length=20)] | None = None
    q: Annotated[str, Field(max_length=600)] | None = Field(
        default=None, description="number of a case or of a ticket, or what a voucher's or ticket's QR code says"
    )


class ThreadPath(Shape):
    """A ticket."""

    ticket: Id


class ThreadQuery(Shape):
    """As JSON, or as a file."""

    format: Literal["json", "xlsx"] = "json"


class ThreadHead(Shape):
    """A ticket, as it ended."""

    id: str
    number: str
    business_day: str
    service: str
    service_name: str
    service_name_en: str
    zone: str
    zone_name: str
    zone_name_en: str
    item: str | None
    window: str | None
    window_name: str | None
    window_name_en: str | None
    clerk: str | None
    clerk_name: str | None
    state: Literal["waiting", "called", "serving", "held", "done", "no_show", "cancelled"]
    state_name: str
    state_name_en: str
    issued_at: Moment
    finished_at: Moment | None
    to_fetch: bool = Field(description="whether it was taken to fetch a result")


class Threads(Shape):
    """What was found."""

    tickets: list[ThreadHead]


class ThreadCase(Shape):
    """A case of the visit."""

    id: str
    number: str
    title: str
    state: str
    state_name: str
    state_name_en: str
    platform: str | None


class ThreadPhase(Shape):
    """A part of the way."""

    id: PhaseId
    name: str
    name_en: str
    state: Literal["none", "past", "now"]
    began_at: Moment | None
    ended_at: Moment | None
    seconds: int | None = Field(description="time that its stretches cover; null where nothing is measured")
    late: bool
    events: int


class ThreadDuration(Shape):
    """How long something took, against its deadline."""

    id: str
    phase: PhaseId
    name: str
    name_en: str
    about: str | None = Field(description="number of the ticket or case")
    department: str | None
    from_at: Moment
    to_at: Moment | None = Field(description="null while it lasts")
    seconds: int
    due_at: Moment | None
    late: bool


class ThreadOpen(Shape):
    """What is not over yet."""

    text: str
    text_en: str
    about: str | None
    due_at: Moment | None
    late: bool
    who: list[str] = Field(description="departments and people who have it")


class ThreadEvent(Shape):
    """One thing that happened."""

    seq: int
    at: Moment
    kind: str = Field(description="name of the event (docs/glossary.md)")
    phase: PhaseId
    actor: str
    actor_name: str
    actor_name_en: str
    text: str
    text_en: str
    late: bool
    about: str | None = Field(description="number of the ticket or case")
    detail: dict[str, Any] = Field(description="the event's own fields, nothing personal")


class Thread(ThreadHead):
    """Everything that happened to one citizen's ticket."""

    others: list[ThreadHead] = Field(description="tickets taken to fetch the results of its cases")
    rating: int | None
    rating_name: str | None
    rating_name_en: str | None
    rating_hidden: bool = Field(description="whoever served the ticket does not see its rating")
    cases: list[ThreadCase]
    phases: list[ThreadPhase]
    durations: list[ThreadDuration]
    open: list[ThreadOpen]
    events: list[ThreadEvent]
    now: Moment
