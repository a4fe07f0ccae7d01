"""What a hall keeps beside the queue: appointments, work orders of bad ratings, matters, requests for help.

Pure records. Nothing personal stands in them: `holder` and `note` are handles of `server/people.py`, which forgets.
Moments are seconds UTC.
"""

from dataclasses import dataclass
from enum import StrEnum


class AppointmentState(StrEnum):
    """Where an appointment stands."""

    BOOKED = "booked"
    ARRIVED = "arrived"
    MISSED = "missed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Appointment:
    """A slot of a service kept for somebody. `code` is what he types at the kiosk; `ticket` once he has come."""

    id: str
    service: str
    slot_at: float
    code: str
    booked_at: float
    state: AppointmentState = AppointmentState.BOOKED
    holder: str | None = None
    group: str | None = None
    item: str | None = None
    channel: str = "phone"
    language: str = "zh"
    ticket: str | None = None
    moves: int = 0


class OrderState(StrEnum):
    """Where the work order of a bad rating stands."""

    OPEN = "open"
    CONTACTED = "contacted"
    MENDED = "mended"
    CLOSED = "closed"
    EXCLUDED = "excluded"


@dataclass(frozen=True, slots=True)
class Callback:
    """One try to speak with the citizen who rated."""

    at: float
    by: str
    reached: bool
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A rating said to be false, and what the second person made of it (`verdict` None: not judged yet)."""

    at: float
    by: str
    note: str | None = None
    verdict: bool | None = None
    judged_by: str | None = None
    judged_at: float | None = None


@dataclass(frozen=True, slots=True)
class WorkOrder:
    """What must follow a bad rating: a call by `contact_by`, a remedy by `mend_by`, a review by another person."""

    id: str
    ticket: str
    number: str
    business_day: str
    service: str
    window: str | None
    clerk: str | None
    level: int
    opened_at: float
    contact_by: float
    mend_by: float
    points: tuple[str, ...] = ()
    note: str | None = None
    has_contact: bool = False
    state: OrderState = OrderState.OPEN
    callbacks: tuple[Callback, ...] = ()
    mended_at: float | None = None
    mended_by: str | None = None
    mend_note: str | None = None
    closed_at: float | None = None
    closed_by: str | None = None
    exclusion: Exclusion | None = None


@dataclass(frozen=True, slots=True)
class Asking:
    """What a window's evaluator is about: the ticket finished there last, since when it asks, when that was rated."""

    ticket: str
    at: float
    rated_at: float | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """A served ticket as whoever rates it knows it, also after its day: `cases` are the numbers of what was accepted,
    `items` the codes of what it was about, `settled` and `case` the ids a phone number may have been left under."""

    id: str
    number: str
    business_day: str
    service: str
    zone: str
    window: str | None
    clerk: str | None
    finished_at: float
    language: str = "zh"
    appointment: str | None = None
    settled: tuple[str, ...] = ()
    case: str | None = None
    cases: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    rating: int | None = None


class MatterKind(StrEnum):
    """What a citizen brought that is no ordinary business."""

    UNRESOLVED = "unresolved"
    CROSS_REGION = "cross_region"
    ENQUIRY = "enquiry"
    COMPLAINT = "complaint"
    REPORT = "report"
    SUGGESTION = "suggestion"


@dataclass(frozen=True, slots=True)
class Matter:
    """A thing that could not be done, a thing for another region, or a word to 12345: reason, deadline, result."""

    id: str
    kind: MatterKind
    opened_at: float
    opened_by: str
    deadline_at: float
    reason: str | None = None
    ticket: str | None = None
    number: str | None = None
    service: str | None = None
    department: str | None = None
    region: str | None = None
    note: str | None = None
    holder: str | None = None
    result: str | None = None
    result_note: str | None = None
    settled_at: float | None = None
    settled_by: str | None = None


class HelpState(StrEnum):
    """Where a request for a guide stands."""

    ASKED = "asked"
    TAKEN = "taken"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class HelpRequest:
    """Somebody wants a guide to come: where, for which kind of help, who went."""

    id: str
    place: str
    kind: str
    asked_at: float
    asked_by: str
    language: str = "zh"
    ticket: str | None = None
    state: HelpState = HelpState.ASKED
    taken_by: str | None = None
    taken_at: float | None = None
    ended_at: float | None = None
    outcome: str | None = None
    #: Who is called is no guide but this expert or chief representative (Y9).
    expert: str | None = None
