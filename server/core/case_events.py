"""What may be asked of cases and papers, and what has happened to them. Shapes only; rules and steps are in `cases.py`.

`by` is who did it, as `user:<name>` or a device; `platform` where the provincial platform told it.
"""

from dataclasses import dataclass

from server.core.case_records import Answer, DeliveryWay, HandedTo, Outcome, PaperKind, PauseKind
from server.core.commands import AtWindow, Command
from server.core.events import Event, TicketEvent

# --- Commands ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Settle(AtWindow):
    """Say what became of one item of the ticket at a window. `settlement` is made by the sender, so that sending again
    is harmless; an acceptance becomes a case with the same id.

    `departments`: who must decide, the leading one first; `days`: working days they have, None for the hall's own
    number. `promise_by`: by when missing papers are promised.
    """

    settlement: str
    outcome: Outcome
    title: str
    item: str | None = None
    departments: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    promise_by: float | None = None
    reason: str | None = None
    note: str | None = None
    urgent: bool = False
    delivery: DeliveryWay = DeliveryWay.WINDOW
    days: int | None = None
    platform: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Retract(AtWindow):
    """Take back what was settled by a slip, while the citizen is still at the window."""

    settlement: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintPaper(Command):
    """Print a paper of what was settled on a printer of the staff. `ticket`: that of a settlement of a past day, which
    the state has forgotten; `copy`: the how many-th time it is asked for."""

    settlement: str
    paper: PaperKind
    printer: str
    by: str
    ticket: str | None = None
    copy: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutCase(Command):
    """Something done with a case, found by its id or number."""

    case: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakePapers(AboutCase):
    """A runner takes the papers, for one department or for all."""

    department: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignPapers(AboutCase):
    """A department has received the papers and signs for them."""

    department: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BringPapers(AboutCase):
    """Papers that were missing have come (none named: all of them)."""

    papers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseCase(AboutCase):
    """The clock stands still until a fee is paid (`fee` in cents) or papers are corrected (`lacks`)."""

    kind: PauseKind
    fee: int | None = None
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GoOn(AboutCase):
    """What a paused case waited for has come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerCase(AboutCase):
    """A department has decided."""

    department: str
    answer: Answer
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveResult(AboutCase):
    """The pickup desk takes a result over: what the paper is, for which item, granted or denied, how many copies. What
    does not agree with the acceptance record is refused (P4)."""

    title: str
    granted: bool
    item: str | None = None
    copies: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnResult(AboutCase):
    """The paper does not match what was applied for and goes back to a department (None: the leading one)."""

    reason: str
    department: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostResult(AboutCase):
    """The result goes by post. `together`: what else lies in the parcel has been asked about; `same_address`: cases that
    go to the same person, as far as those know who may know addresses."""

    carrier: str
    tracking: str
    together: bool = False
    same_address: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDelivery(AboutCase):
    """The post has delivered what has this number."""

    carrier: str
    tracking: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOut(AboutCase):
    """The result is handed to the applicant or somebody he sent (`to`). `proof`: the voucher, or what was shown in place
    of one that is lost; `authority`: by what somebody who was sent proved it. Who he is never stands here."""

    to: HandedTo
    proof: str
    window: str | None = None
    authority: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawCase(AboutCase):
    """The applicant takes the application back."""

    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberCase(AboutCase):
    """The provincial platform has given the case its number."""

    platform: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteMilestone(AboutCase):
    """The platform tells a step of its own."""

    milestone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileOriginals(Command):
    """The originals of these settlements are in the archive, ticked off (Y16)."""

    settlements: tuple[str, ...]
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignParcel(Command):
    """Papers came by courier and are signed for (P7). `again`: that this number has been signed for is known."""

    parcel: str
    carrier: str
    tracking: str
    by: str
    note: str | None = None
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SortParcel(Command):
    """It belongs to a department."""

    parcel: str
    department: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterParcel(Command):
    """The department has taken it in, perhaps for a case."""

    parcel: str
    by: str
    case: str | None = None


# --- Events -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemSettled(TicketEvent):
    """One item of a visit was settled."""

    settlement: str
    outcome: Outcome
    title: str
    window: str
    clerk: str | None = None
    item: str | None = None
    department: str | None = None
    lacks: tuple[str, ...] = ()
    promise_by: float | None = None
    reason: str | None = None
    note: str | None = None
    platform: str | None = None
    #: Number of the case it became.
    case: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementRetracted(TicketEvent):
    """It was a slip: nothing of it holds, and its number is not given again."""

    settlement: str
    window: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperPrinted(Event):
    """A paper of what was settled went to a printer; `copy` is 2 and more where it was printed again."""

    ticket: str
    settlement: str
    paper: PaperKind
    printer: str
    by: str
    copy: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEvent(Event):
    """Something happened to a case; `ticket` is the one it came from."""

    case: str
    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOpened(CaseEvent):
    """An accepted item is a case, with a clock for its papers and one for its answer."""

    number: str
    title: str
    outcome: Outcome
    window: str
    departments: tuple[str, ...]
    transfer_by: float
    deadline_at: float
    days: int
    delivery: DeliveryWay
    clerk: str | None = None
    item: str | None = None
    urgent: bool = False
    lacks: tuple[str, ...] = ()
    promise_by: float | None = None
    platform: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PapersTaken(CaseEvent):
    """A runner has the papers."""

    departments: tuple[str, ...]
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PapersSigned(CaseEvent):
    """A department signed for the papers."""

    department: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PapersBrought(CaseEvent):
    """Missing papers came."""

    papers: tuple[str, ...]
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePaused(CaseEvent):
    """The clock stands still; `left` working days were left."""

    kind: PauseKind
    by: str
    left: int
    fee: int | None = None
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseWentOn(CaseEvent):
    """The clock runs again, with a new deadline."""

    by: str
    deadline_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAnswered(CaseEvent):
    """A department decided."""

    department: str
    answer: Answer
    by: str
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultReceived(CaseEvent):
    """The result is at the pickup desk and agrees with the acceptance record."""

    title: str
    copies: int
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultReturned(CaseEvent):
    """The result did not match and went back."""

    department: str
    reason: str
    by: str
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultPosted(CaseEvent):
    """On its way by post."""

    carrier: str
    tracking: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultDelivered(CaseEvent):
    """The post reported that it arrived."""

    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultHandedOut(CaseEvent):
    """Handed out at the pickup desk; `proof` other than the voucher was shown in its place."""

    to: str
    proof: str
    by: str
    window: str | None = None
    authority: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseWithdrawn(CaseEvent):
    """Taken back."""

    by: str
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseNumbered(CaseEvent):
    """The platform's number."""

    platform: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneNoted(CaseEvent):
    """A step of the platform's own."""

    milestone: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepOverdue(CaseEvent):
    """A step is late and was told: which, since when, who has it."""

    step: str
    due_at: float
    department: str | None = None
    who: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginalsFiled(Event):
    """Ticked off in the archive."""

    settlements: tuple[str, ...]
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelEvent(Event):
    """Something happened to papers that came by courier."""

    parcel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelSigned(ParcelEvent):
    """Signed for."""

    carrier: str
    tracking: str
    by: str
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelSorted(ParcelEvent):
    """Given to a department."""

    department: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelRegistered(ParcelEvent):
    """Taken in by the department."""

    by: str
    case: str | None = None


EVENTS: tuple[type[Event], ...] = (
    ItemSettled,
    SettlementRetracted,
    PaperPrinted,
    CaseOpened,
    PapersTaken,
    PapersSigned,
    PapersBrought,
    CasePaused,
    CaseWentOn,
    CaseAnswered,
    ResultReceived,
    ResultReturned,
    ResultPosted,
    ResultDelivered,
    ResultHandedOut,
    CaseWithdrawn,
    CaseNumbered,
    MilestoneNoted,
    StepOverdue,
    OriginalsFiled,
    ParcelSigned,
    ParcelSorted,
    ParcelRegistered,
)
