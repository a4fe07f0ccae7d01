"""Bodies and answers of ratings, evaluators and work orders."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from server.web.api.schemas import Body, Id, Moment, Name, whole
from server.web.api.shape import Shape

Level = Annotated[int, Field(ge=1, le=5, strict=True), BeforeValidator(whole)]
Points = Annotated[list[Id], Field(max_length=20)]
Remark = Annotated[str, Field(max_length=500)]
Phone = Annotated[str, Field(pattern=r"^\+?[0-9][0-9 -]{4,19}$")]
Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$", json_schema_extra={"format": "date"})]


class RatingBody(Body):
    """Only the level is wanted. Phone and name are kept where a work order follows, so that it can call back."""

    level: Level
    points: Points = Field(default=[])
    comment: Remark | None = None
    phone: Phone | None = None
    name: Name | None = None


class NumberRatingBody(RatingBody):
    number: Name = Field(description="the number of today's ticket")
    code: Annotated[str, Field(pattern=r"^[0-9]{4}$")] = Field(
        description="the ticket's rating code, printed on it; after five wrong ones only the ticket's link rates"
    )


class WindowRatingBody(Body):
    level: Level
    points: Points = Field(default=[])
    number: Name | None = Field(default=None, description="the number that was shown; another one is refused")


class Asked(Shape):
    window: str


class RatingsQuery(Shape):
    from_: Day | None = Field(default=None, alias="from", description="first business day; today if absent")
    to: Day | None = Field(default=None, description="last business day; today if absent")


class OrderPath(Shape):
    order: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$", max_length=64)]


class OrdersQuery(Shape):
    state: Literal["open", "contacted", "mended", "closed", "excluded", "unfinished", "overdue"] | None = None


Note = Annotated[str, Field(min_length=1, max_length=1000)]


class CallbackBody(Body):
    reached: bool = Field(strict=True, description="whether the citizen could be spoken with")
    note: Note | None = None


class NoteBody(Body):
    note: Note


class JudgeBody(Body):
    accept: bool = Field(strict=True)


# --- answers ----------------------------------------------------------------------------------------------------------


class Point(Shape):
    id: str
    name: str
    name_en: str


class RatingLevel(Shape):
    level: int
    name: str
    name_en: str
    points: list[Point]


class RatingForm(Shape):
    version: str
    levels: list[RatingLevel]


class EvaluatorView(Shape):
    window: str
    name: str
    name_en: str
    hall: str
    hall_en: str
    state: Literal["idle", "asking", "thanks"]
    number: str | None
    language: str | None
    until: Moment | None
    form: RatingForm


class Deadline(Shape):
    by: Moment
    done_at: Moment | None
    overdue: bool


class CallbackView(Shape):
    at: Moment
    by: str
    reached: bool
    note: str | None


class Done(Shape):
    at: Moment
    by: str
    note: str | None


class ExclusionView(Shape):
    at: Moment
    by: str
    note: str | None
    verdict: bool | None
    judged_by: str | None
    judged_at: Moment | None


class Order(Shape):
    id: str
    number: str
    business_day: str
    service: str
    service_name: str
    service_name_en: str
    window: str | None
    window_name: str | None
    window_name_en: str | None
    clerk: str | None
    level: int
    level_name: str
    level_name_en: str
    points: list[Point]
    has_contact: bool
    comment: str | None
    phone: str | None
    name: str | None
    state: Literal["open", "contacted", "mended", "closed", "excluded"]
    opened_at: Moment
    contact: Deadline
    mend: Deadline
    callbacks: list[CallbackView]
    mended: Done | None
    closed: Done | None
    exclusion: ExclusionView | None
    steps: list[Literal["callback", "mend", "close", "exclude", "judge"]]


class Orders(Shape):
    orders: list[Order]
    counts: dict[str, int]


class Figures(Shape):
    """Of some tickets: unrated ones are never good. None where there are too few ratings to tell."""

    served: int
    rated: int
    rated_share: float | None
    good: int | None
    bad: int | None
    satisfaction: float | None
    levels: dict[str, int] | None


class GroupFigures(Figures):
    id: str
    name: str
    name_en: str
    excluded: int


class Share(Shape):
    part: int
    of: int
    share: float | None


class OrderFigures(Shape):
    opened: int
    named: int
    excluded: int
    overdue: int
    callback: Share
    callback_named: Share
    callback_in_time: Share
    reached: Share
    mending: Share
    mending_in_time: Share
    closing: Share


class RatingStats(Shape):
    first_day: str
    last_day: str
    excluded: int
    all: Figures
    without_excluded: Figures
    zones: list[GroupFigures]
    windows: list[GroupFigures]
    services: list[GroupFigures]
    orders: OrderFigures
