"""What is asked about the ledger and the figures of acceptances, and what is answered."""

from typing import Literal

from pydantic import Field

from server.web.api.case_schemas import CaseState, Delivery, Outcome
from server.web.api.moments import Moment
from server.web.api.schemas import Id, Name
from server.web.api.shape import Shape
from server.web.api.threads_schemas import Day

PAGE_MAX = 1000


class DaysQuery(Shape):
    """Business days, ends included; this month so far if absent."""

    from_: Day | None = Field(default=None, alias="from")
    to: Day | None = None


class LedgerQuery(DaysQuery):
    """Which rows, and as what. A file has all of them, an answer at most `limit` from `offset` on."""

    zone: Id | None = None
    department: Name | None = None
    outcome: Outcome | None = None
    format: Literal["json", "csv", "xlsx"] = "json"
    limit: int = Field(default=200, ge=1, le=PAGE_MAX)
    offset: int = Field(default=0, ge=0, le=10**6)


class AcceptanceQuery(DaysQuery):
    """As JSON, or as a file."""

    format: Literal["json", "xlsx"] = "json"


class LedgerRow(Shape):
    """One item that was settled."""

    id: str
    day: str
    at: Moment
    ticket: str
    number: str
    item: str | None
    title: str
    departments: list[str]
    zone: str
    zone_name: str
    zone_name_en: str
    outcome: Outcome
    outcome_name: str
    outcome_name_en: str
    lacks: list[str]
    promise_on: str | None
    reason: str | None
    reason_name: str | None
    reason_name_en: str | None
    case: str | None
    platform: str | None
    window: str
    window_name: str
    window_name_en: str
    clerk: str | None
    clerk_name: str | None
    deadline_at: Moment | None
    state: CaseState | None
    state_name: str
    state_name_en: str
    late: bool
    result_at: Moment | None
    delivery: Delivery | None
    carrier: str | None
    tracking: str | None
    delivered_at: Moment | None
    handed_to: str | None = Field(description="applicant or agent, where it was fetched")
    delivered: str | None = Field(description="all of it in one sentence")
    delivered_en: str | None
    filed_at: Moment | None
    filed_by: str | None
    filed_by_name: str | None
    awaits_archive: bool


class LedgerTotals(Shape):
    """Over all rows that were asked for."""

    settled: int
    outcomes: dict[str, int]
    open: int = Field(description="cases that are not over")
    late: int = Field(description="cases with a step that is late now")
    unfiled: int = Field(description="originals left here that nobody has ticked off")


class NamedOutcome(Shape):
    id: Outcome
    name: str
    name_en: str


class Ledger(Shape):
    """The ledger of some days."""

    from_: str = Field(alias="from")
    to: str
    rows: list[LedgerRow]
    total: int
    totals: LedgerTotals
    departments: list[str] = Field(description="all of these days, for a choice")
    outcomes: list[NamedOutcome]
    now: Moment


class Ratio(Shape):
    part: int
    of: int
    share: float | None


class OneWindow(Shape):
    """Items accepted at one window (P8)."""

    words: str = Field(description="what is counted")
    words_en: str
    windows: int = Field(description="comprehensive windows in the hall file")
    comprehensive: Ratio
    single: Ratio
    both: Ratio


class Punctuality(Shape):
    """What became of items, and how punctual the departments were."""

    settled: int
    outcomes: dict[str, int]
    cases: int
    transfer: Ratio = Field(description="papers signed for in time")
    urgent: Ratio = Field(description="those of urgent items")
    answers: Ratio = Field(description="decided in time")
    granted: int
    denied: int
    mean_days: float | None = Field(description="working days from acceptance to answer, pauses left out")
    told: int = Field(description="late steps that raised an alert")
    late: int = Field(description="late steps now")
    returned: int
    filed: Ratio = Field(description="originals in the archive")


class DepartmentFigures(Punctuality):
    department: str


class Acceptance(Shape):
    """Figures of some days."""

    from_: str = Field(alias="from")
    to: str
    outcomes: list[NamedOutcome]
    one_window: OneWindow
    departments: list[DepartmentFigures]
    all: Punctuality
    now: Moment
