"""What settlements and cases look like in the API; what may be sent stands beside the calls."""

from typing import Literal

from pydantic import Field

from server.web.api.moments import Moment
from server.web.api.shape import Shape

Outcome = Literal["done", "accepted", "accepted_missing", "correction", "refused", "pre_accepted"]
CaseState = Literal["transit", "approval", "paused", "decided", "ready", "posted", "delivered", "withdrawn"]
Delivery = Literal["window", "post"]


class Settlement(Shape):
    """One item of a visit and what became of it."""

    id: str
    ticket: str
    number: str
    at: Moment
    outcome: Outcome
    outcome_name: str
    outcome_name_en: str
    title: str
    item: str | None
    department: str | None
    window: str
    window_name: str
    window_name_en: str
    clerk: str | None
    lacks: list[str]
    promise_by: Moment | None
    reason: str | None
    reason_name: str | None
    reason_name_en: str | None
    case: str | None = Field(description="number of the case it became")
    platform: str | None
    filed_at: Moment | None
    filed_by: str | None
    papers: list[str] = Field(description="kinds of paper there are of it: voucher, correction, refusal")


class Leg(Shape):
    """The papers of a case on their way to one department, and its answer."""

    department: str
    due_at: Moment
    taken_at: Moment | None
    taken_by: str | None
    signed_at: Moment | None
    signed_by: str | None
    answer: Literal["granted", "denied"] | None
    answered_at: Moment | None
    answered_by: str | None
    returned_for: str | None = Field(description="why its last result came back, until it answers anew")
    returned_for_name: str | None
    returned_for_name_en: str | None


class Pause(Shape):
    """A time in which the clock stood still."""

    kind: Literal["fee", "correction"]
    at: Moment
    by: str
    fee: int | None = Field(description="in cents")
    lacks: list[str]
    ended_at: Moment | None


class Late(Shape):
    """A step that is late, since when, and who has it."""

    step: Literal["transfer", "approval", "promise", "result", "collection", "post", "delivery"]
    step_name: str
    step_name_en: str
    due_at: Moment
    department: str | None
    who: str | None


class Result(Shape):
    """The paper at the pickup desk."""

    title: str
    copies: int
    at: Moment
    by: str


class Case(Shape):
    """An accepted item on its way to a result."""

    id: str
    number: str
    ticket: str
    ticket_number: str
    business_day: str
    opened_at: Moment
    title: str
    item: str | None
    service: str
    service_name: str
    service_name_en: str
    zone: str
    zone_name: str
    zone_name_en: str
    window: str
    clerk: str | None
    outcome: Outcome
    urgent: bool
    state: CaseState
    state_name: str
    state_name_en: str
    deadline_at: Moment
    days: int
    days_left: int | None = Field(description="working days until the deadline; None while it stands still or is over")
    delivery: Delivery
    lacks: list[str]
    promise_by: Moment | None
    platform: str | None
    legs: list[Leg]
    pauses: list[Pause]
    result: Result | None
    granted: bool | None
    returned: int
    ready_at: Moment | None
    carrier: str | None
    tracking: str | None
    posted_at: Moment | None
    ended_at: Moment | None
    ended_by: str | None
    handed_to: str | None
    proof: str | None
    authority: str | None = Field(description="by what somebody who was sent proved it, of the hall's authorities")
    authority_name: str | None
    authority_name_en: str | None
    overdue: list[Late]
    steps: list[str] = Field(description="what may be done with it now")
    masked: str | None = Field(description="masked tail of who applied, while he is remembered")
    pickup_service: str | None


class Stage(Shape):
    """One step of the line that a citizen is shown."""

    id: Literal["accepted", "transit", "approval", "ready", "posted", "delivered"]
    name: str
    name_en: str
    at: Moment | None = Field(description="when it was done")
    is_: Literal["past", "now", "next"] = Field(alias="is")


class Pickup(Shape):
    """Where and when a result is fetched."""

    service: str
    service_name: str
    service_name_en: str
    area_name: str
    area_name_en: str
    zone_name: str
    zone_name_en: str
    windows_text: str
    windows_text_en: str
    open: bool
    opens_at: Moment | None
    closes_at: Moment | None


class PublicCase(Shape):
    """A case as whoever holds its voucher sees it: nothing personal."""

    number: str
    hall: str
    hall_en: str
    title: str
    service_name: str
    service_name_en: str
    language: str
    state: CaseState
    state_name: str = Field(description="a sentence for the citizen")
    state_name_en: str
    todo: str = Field(description="what he does next")
    todo_en: str
    stages: list[Stage]
    accepted_at: Moment
    deadline_on: str | None = Field(description="the day by which it is decided, while that clock runs")
    lacks: list[str]
    promise_on: str | None
    corrections: list[str] = Field(description="papers to be corrected, while the clock stands still for them")
    fee: int | None = Field(description="to be paid now, in cents")
    delivery: Delivery
    pickup: Pickup | None
    ticket: str | None = Field(description="number of today's pickup ticket")
    carrier: str | None
    tracking: str | None


class Cases(Shape):
    """A list of cases."""

    cases: list[Case]
