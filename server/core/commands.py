"""What people and programs may ask of a hall. Orders, each with the server's time `at` (seconds UTC)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Any command; `at` is the moment it is decided."""

    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue(Command):
    """Take a ticket. `ticket` is made by the device before it sends, so that sending again is harmless.

    `slot_at` is the time of an appointment that another system booked.
    """

    ticket: str
    service: str
    group: str | None = None
    slot_at: float | None = None
    #: A booked appointment that the citizen comes for.
    appointment: str | None = None
    #: Handle of the person, where one showed a card or a phone number (`server/people.py`); never the number itself.
    holder: str | None = None
    #: Staff give one more ticket than a person may have, and the log tells so.
    over_limit: bool = False
    #: Code of the catalogue's item it is for.
    item: str | None = None
    #: What the group was proved by so far: `card` (age from the card), else the clerk looks.
    proof: str | None = None
    channel: str = "kiosk"
    language: str = "zh"
    device: str | None = None
    for_window: str | None = None
    printer: str | None = None
    #: Papers have been looked through before: no pre-check.
    is_checked: bool = False
    #: The case whose result the citizen comes for.
    case: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AtWindow(Command):
    """Done at a window, by the clerk there."""

    window: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallNext(AtWindow):
    """Call whoever comes next; `finish_current` first finishes the ticket at the window."""

    finish_current: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CallTicket(AtWindow):
    """Call one given ticket."""

    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall(AtWindow):
    """Announce the window's called ticket once more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Start(AtWindow):
    """The citizen has arrived; service begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finish(AtWindow):
    """Service ends."""

    outcome: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold(AtWindow):
    """Set the window's ticket aside; the citizen will be back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume(AtWindow):
    """A held ticket comes straight to this window."""

    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer(AtWindow):
    """Send the window's ticket to another service or to one window; number and waited time stay."""

    to_service: str | None = None
    to_window: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkNoShow(AtWindow):
    """Nobody came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reinstate(AtWindow):
    """A missed ticket waits again."""

    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel(Command):
    """The citizen, the kiosk or staff give a ticket up."""

    ticket: str
    reason: str = "citizen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate(Command):
    """The citizen's rating, 5 (very satisfied) to 1, with the points ticked of the hall's form."""

    ticket: str
    level: int
    channel: str = "phone"
    points: tuple[str, ...] = ()
    #: Handle of a remark, and whether the citizen left a way to be called back; both lie in `server/people.py`.
    note: str | None = None
    has_contact: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestReprint(Command):
    """Print the same ticket once more, marked as a copy."""

    ticket: str
    printer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPrint(Command):
    """What a printer made of a ticket."""

    ticket: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDevice(Command):
    """A device tells how its printer is."""

    device: str
    condition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenWindow(AtWindow):
    """Begin at a window, or end a pause."""

    clerk: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseWindow(AtWindow):
    """Take no more tickets for a while."""

    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseWindow(AtWindow):
    """Leave the window; `standby` stays at hand for the tide."""

    standby: bool = False
    clerk: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignWindow(AtWindow):
    """Change what a window serves, until a moment or for good; no services means its own again.

    `zone`: where it then is, for a window moved to a zone as a whole.
    """

    services: tuple[str, ...]
    zone: str | None = None
    until: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch(Command):
    """Look after the hall: tides, timetable, alarms, automatic calls. Sent every second or so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptTide(Command):
    """A supervisor agrees to a proposed move."""

    tide: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DismissTide(Command):
    """A supervisor refuses a proposed move."""

    tide: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDay(Command):
    """A business day begins."""

    business_day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseDay(Command):
    """A business day ends; what is still open is closed as not handled."""
