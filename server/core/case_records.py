"""What follows a visit: items settled at the window, the cases behind them, papers by courier. Pure records.

Nothing personal stands in them: who somebody is, where a result is posted to and what a clerk wrote lie in
`server/people.py` under `case:<id>`; `note` is a handle there. Moments are seconds UTC.
"""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What became of one item at the window (P2)."""

    #: 即办件办结: finished on the spot.
    DONE = "done"
    #: 受理: papers complete, the back office goes on.
    ACCEPTED = "accepted"
    #: 容缺受理: accepted with papers missing that are promised for a day.
    ACCEPTED_MISSING = "accepted_missing"
    #: 补正: not accepted; everything that is missing is told at once.
    CORRECTION = "correction"
    #: 不予受理: not accepted, with the reason.
    REFUSED = "refused"
    #: 网上预受理: an application made online and looked through before is taken up.
    PRE_ACCEPTED = "pre_accepted"


class PaperKind(StrEnum):
    """The papers of an outcome that the citizen takes home (Y5, P2, M9)."""

    #: 受理凭证: of what was accepted, in three copies.
    VOUCHER = "voucher"
    #: 一次性补正告知书.
    CORRECTION = "correction"
    #: 不予受理通知书.
    REFUSAL = "refusal"
    #: 结果领取签收单: of a case whose result was fetched; who took it signs.
    RECEIPT = "receipt"


#: Outcomes that make a case.
ACCEPTANCES = (Outcome.ACCEPTED, Outcome.ACCEPTED_MISSING, Outcome.PRE_ACCEPTED)
#: Outcomes that leave originals with the hall, for the archive; else the citizen takes his papers home.
WITH_ORIGINALS = (Outcome.DONE, *ACCEPTANCES)


class DeliveryWay(StrEnum):
    """How the applicant wants the result (Y5, C5)."""

    WINDOW = "window"
    POST = "post"


class HandedTo(StrEnum):
    """Who took a result home."""

    APPLICANT = "applicant"
    #: 代领人: somebody the applicant sent; he shows by what authority.
    AGENT = "agent"


@dataclass(frozen=True, slots=True)
class Settlement:
    """One item of a visit and what became of it. `title` is what the item was called then; `case` the number of the case
    it became; `filed_at`, `filed_by`: its originals are in the archive, ticked off."""

    id: str
    ticket: str
    number: str
    business_day: str
    at: float
    outcome: Outcome
    title: str
    window: str
    clerk: str | None
    service: str
    zone: str
    item: str | None = None
    department: str | None = None
    lacks: tuple[str, ...] = ()
    promise_by: float | None = None
    reason: str | None = None
    note: str | None = None
    case: str | None = None
    platform: str | None = None
    filed_at: float | None = None
    filed_by: str | None = None


class CaseState(StrEnum):
    """Where a case stands; the legal steps between these are in `cases.py`."""

    #: Papers are on the way to the departments.
    TRANSIT = "transit"
    APPROVAL = "approval"
    #: The clock stands still: a fee or a correction is awaited.
    PAUSED = "paused"
    #: Every department has answered; the result is to be handed over and checked.
    DECIDED = "decided"
    #: Checked, waits for the applicant or for the post.
    READY = "ready"
    POSTED = "posted"
    DELIVERED = "delivered"
    WITHDRAWN = "withdrawn"


class Answer(StrEnum):
    """What a department decided."""

    GRANTED = "granted"
    DENIED = "denied"


class PauseKind(StrEnum):
    """What a case waits for while its clock stands still."""

    FEE = "fee"
    CORRECTION = "correction"


@dataclass(frozen=True, slots=True)
class Leg:
    """The papers of a case on their way to one department, signed for there, and its answer (P3).

    `returned_for`, `returned_note`: why its last result came back (one of the hall's mismatches, and what was written
    beside it), until it answers anew.
    """

    department: str
    due_at: float
    taken_at: float | None = None
    taken_by: str | None = None
    signed_at: float | None = None
    signed_by: str | None = None
    answer: Answer | None = None
    answered_at: float | None = None
    answered_by: str | None = None
    note: str | None = None
    returned_for: str | None = None
    returned_note: str | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """A time in which the clock stood still. `fee` in cents; `left`: working days left when it began."""

    kind: PauseKind
    at: float
    by: str
    left: int
    fee: int | None = None
    lacks: tuple[str, ...] = ()
    ended_at: float | None = None
    ended_by: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """The paper that the departments handed over, checked against the acceptance record."""

    title: str
    copies: int
    at: float
    by: str


@dataclass(frozen=True, slots=True)
class Overdue:
    """A step that is late: since when it was due, and who has it: a department, a runner or the pickup desk."""

    step: str
    due_at: float
    department: str | None = None
    who: str | None = None

    @property
    def key(self) -> str:
        """Names the step within its case."""
        return self.step if self.department is None else f"{self.step} {self.department}"


@dataclass(frozen=True, slots=True)
class Case:
    """An accepted item on its way to a result. Its id is that of its settlement; `number` is what people say.

    `deadline_at`: by when the departments must have answered; later after a pause. `lacks`: papers still missing, promised
    for `promise_by`. `returned`: how often a result was sent back because it did not match. `alerted`: overdue steps
    that have been told. `authority`: by what somebody who was sent for the result proved it (one of the hall's
    authorities); `end_note`: what was written when it ended.
    """

    id: str
    number: str
    ticket: str
    ticket_number: str
    business_day: str
    opened_at: float
    title: str
    service: str
    zone: str
    window: str
    clerk: str | None
    deadline_at: float
    days: int
    delivery: DeliveryWay
    legs: tuple[Leg, ...]
    outcome: Outcome = Outcome.ACCEPTED
    item: str | None = None
    holder: str | None = None
    urgent: bool = False
    language: str = "zh"
    lacks: tuple[str, ...] = ()
    promise_by: float | None = None
    platform: str | None = None
    state: CaseState = CaseState.TRANSIT
    pauses: tuple[Pause, ...] = ()
    result: Result | None = None
    #: When the last of the papers that were missing came.
    complete_at: float | None = None
    returned: int = 0
    ready_at: float | None = None
    pickup_ticket: str | None = None
    carrier: str | None = None
    tracking: str | None = None
    posted_at: float | None = None
    ended_at: float | None = None
    ended_by: str | None = None
    handed_to: str | None = None
    proof: str | None = None
    authority: str | None = None
    end_note: str | None = None
    alerted: tuple[str, ...] = ()

    @property
    def is_over(self) -> bool:
        """Whether nothing more is to be done."""
        return self.state in (CaseState.DELIVERED, CaseState.WITHDRAWN)

    @property
    def is_granted(self) -> bool | None:
        """What all departments together decided; None while one has not answered."""
        answers = [leg.answer for leg in self.legs]
        if Answer.DENIED in answers:
            return False
        return None if None in answers else True

    @property
    def is_carried(self) -> bool:
        """Whether papers of it are still on the way to a department: no archive has them."""
        on_the_way = self.state in (CaseState.TRANSIT, CaseState.PAUSED)
        return on_the_way and any(leg.signed_at is None for leg in self.legs)

    def leg(self, department: str) -> Leg | None:
        """The papers for one department."""
        return next((leg for leg in self.legs if leg.department == department), None)


class ParcelState(StrEnum):
    """Where papers that came by courier are (P7)."""

    SIGNED = "signed"
    SORTED = "sorted"
    REGISTERED = "registered"


@dataclass(frozen=True, slots=True)
class Parcel:
    """Papers that came by courier: signed for, sorted to a department, registered there or with a case."""

    id: str
    carrier: str
    tracking: str
    signed_at: float
    signed_by: str
    note: str | None = None
    state: ParcelState = ParcelState.SIGNED
    department: str | None = None
    sorted_at: float | None = None
    sorted_by: str | None = None
    case: str | None = None
    registered_at: float | None = None
    registered_by: str | None = None
