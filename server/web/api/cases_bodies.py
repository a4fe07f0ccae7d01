"""What is asked about cases, courier parcels and the archive, and what is answered; one case itself in `case_schemas.py`."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from server.web.api.case_schemas import Case, CaseState, Late, Settlement
from server.web.api.schemas import Body, Id, Moment, Name
from server.web.api.shape import Shape

PAGE_MAX = 500
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}$")

Note = Annotated[str, Field(min_length=1, max_length=1000)]
#: As it stands on the parcel; small letters are the same as capitals.
Tracking = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{4,40}$"), AfterValidator(str.upper)]
#: A paper, a title, a carrier's number: a line of text.
Line = Annotated[str, Field(min_length=1, max_length=200)]


def _flag(value: object) -> object:
    return {"1": True, "true": True, "0": False, "false": False}.get(value, value) if isinstance(value, str) else value


def _states(value: object) -> object:
    """`a,b`, or `a` and `b` each named; the framework gives every list as one."""
    named = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    return [part for each in named for part in str(each).split(",") if part] or None


Flag = Annotated[bool, BeforeValidator(_flag)]


class CasePath(Shape):
    case: Id = Field(description="id or number")


class VoucherPath(Shape):
    token: Annotated[str, Field(max_length=600)] = Field(description="what the QR code says: the address, or its token")

    @property
    def found(self) -> str:
        """The token at the end of whatever the scanner gave."""
        matched = _TOKEN.search(self.token.strip().rstrip("/"))
        return matched[0] if matched else ""


class CasesQuery(Shape):
    state: Annotated[list[CaseState] | None, BeforeValidator(_states)] = Field(
        default=None, description="one or several, separated by commas"
    )
    department: Name | None = None
    zone: Id | None = None
    overdue: Flag | None = Field(default=None, description="true: only those with a step that is late")
    q: Annotated[str, Field(max_length=100)] | None = Field(
        default=None, description="part of the number, the platform's number, the title or the ticket's number"
    )
    mine: Flag = Field(default=False, description="those whose papers the asker carries")
    limit: int = Field(default=200, ge=1, le=PAGE_MAX)
    offset: int = Field(default=0, ge=0, le=10**6)


class DepartmentBody(Body):
    department: Name | None = Field(default=None, description="a department user's own if absent")


class PapersBody(Body):
    papers: list[Line] = Field(default=[], max_length=60, description="all that were missing if empty")


class PauseCaseBody(Body):
    kind: Literal["fee", "correction"]
    fee: int | None = Field(default=None, ge=0, le=10**10, description="in cents")
    lacks: list[Line] = Field(default=[], max_length=60)


class AnswerBody(DepartmentBody):
    answer: Literal["granted", "denied"]
    note: Note | None = None


class ResultBody(Body):
    title: Line = Field(description="what the paper is")
    granted: bool = Field(description="what the paper says")
    item: Id | None = Field(default=None, description="code of the item that the paper is for")
    copies: int = Field(default=1, ge=1, le=999)


class ReturnBody(Body):
    reason: Id = Field(description="of the hall's mismatches")
    department: Name | None = Field(default=None, description="the leading one if absent")
    note: Note | None = None


class DeliveredBody(Body):
    carrier: Name
    tracking: Tracking = Field(description="as the report says; compared with what was posted")


class PostBody(Body):
    carrier: Name
    tracking: Tracking
    confirmed: bool = Field(
        default=False,
        description="somebody looked again at a number that its carrier does not give (`tracking_unlikely`), or at a "
        "parcel in which another case of the same person lies (`tracking_shared`)",
    )


class HandOutBody(Body):
    to: Literal["applicant", "agent"]
    proof: Literal["voucher", "card", "family", "other"] = Field(
        description="the voucher, or what was shown in place of one that is lost; `other` wants a `note`"
    )
    agent: Name | None = Field(default=None, description="name of who was sent; kept beside the log for a time")
    authority: Id | None = Field(default=None, description="of the hall's authorities; wanted with `agent`")
    relation: Name | None = Field(default=None, description="what he is to the applicant")
    note: Note | None = None


class WithdrawBody(Body):
    note: Note | None = None


class CaseRow(Case):
    """A case in a list. `steps`: what the asker may do with it now."""

    due_at: Moment | None = Field(description="by when the next step must be done; null where no clock runs")
    window_name: str
    window_name_en: str


class CaseNote(Shape):
    """What somebody wrote beside a step, for colleagues."""

    kind: Literal["acceptance", "answer", "return", "end"]
    department: str | None = Field(description="whose answer it was, or to whom the result went back")
    by: str | None
    text: str


class CaseDetail(CaseRow):
    """One case. `person` is null for whoever does not need to know."""

    name: str | None
    phone: str | None
    address: str | None
    sees_person: bool
    agent: str | None = Field(description="masked name of who fetched it for the applicant, while it is kept")
    relation: str | None
    notes: list[CaseNote] = Field(description="what windows, departments and desks wrote for each other")


class CaseList(Shape):
    cases: list[CaseRow]
    total: int


class LateCase(Late):
    """A late step with its case."""

    case: str
    number: str
    title: str
    zone: str
    window: str
    window_name: str
    window_name_en: str


class ZoneCases(Shape):
    zone: str
    open: int
    overdue: int


class TransferFigures(Shape):
    """Papers that reached a department today, or should have: in time, of all."""

    due: int
    in_time: int
    late: int
    share: float | None


class CasesOverview(Shape):
    now: Moment
    states: dict[str, int]
    open: int
    overdue: int
    late: list[LateCase] = Field(description="the steps that have been late longest, at most fifty")
    zones: list[ZoneCases]
    departments: dict[str, int] = Field(description="open cases with each department")
    transfer: TransferFigures
    parcels: dict[str, int]
    unfiled: int = Field(description="settlements whose originals are not in the archive")


class CaseChoice(Shape):
    id: str
    name: str
    name_en: str


class DepartmentName(Shape):
    name: str = Field(description="as cases name it")
    name_en: str


class TrackingForm(Shape):
    carrier: str
    form: str
    form_en: str


class CasesForm(Shape):
    """What the pages of cases offer."""

    mismatches: list[CaseChoice]
    carriers: list[str]
    tracking: list[TrackingForm] = Field(description="what the numbers of these carriers look like, where it is known")
    authorities: list[CaseChoice] = Field(description="by what somebody who was sent for a result proves it")
    departments: list[DepartmentName]
    pickup: bool = Field(description="whether the asker is at a pickup desk, or a leader")


class ArchiveQuery(Shape):
    day: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$")] | None = Field(default=None, description="today if absent")


class ArchiveDay(Shape):
    day: str
    unfiled: int


class ArchiveRow(Settlement):
    on_the_way: bool = Field(description="its papers are still carried to the departments: nothing to tick off yet")


class Archive(Shape):
    day: str
    settlements: list[ArchiveRow]
    days: list[ArchiveDay] = Field(description="days of which originals are still to be filed")


class FileBody(Body):
    settlements: list[Id] = Field(min_length=1, max_length=1000)


class Filed(Shape):
    filed: int


class ParcelPath(Shape):
    parcel: Id


class ParcelBody(Body):
    id: Id = Field(description="made by the sender, so that sending again signs nothing more")
    carrier: Name
    tracking: Tracking
    note: Note | None = None
    confirmed: bool = Field(
        default=False, description="somebody looked again (`tracking_unlikely`, `parcel_signed`): it is right"
    )


class SortBody(Body):
    department: Name


class RegisterBody(Body):
    case: Id | None = Field(default=None, description="id or number of the case it belongs to")


class Parcel(Shape):
    id: str
    carrier: str
    tracking: str
    state: Literal["signed", "sorted", "registered"]
    state_name: str
    state_name_en: str
    department: str | None
    case: str | None = Field(description="number of the case it was registered with")
    note: str | None = Field(description="what was written at the desk; null in answers to POST")
    signed_at: Moment
    signed_by: str
    sorted_at: Moment | None
    sorted_by: str | None
    registered_at: Moment | None
    registered_by: str | None


class Parcels(Shape):
    parcels: list[Parcel]
