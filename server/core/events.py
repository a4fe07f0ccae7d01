"""What has happened. Facts in the past tense, each with its time `at`; the log keeps these and nothing else."""

from dataclasses import dataclass, field

from server.core.affairs import Appointment, Matter, Visit, WorkOrder
from server.core.case_records import Case, Parcel, Settlement
from server.core.model import Lengths, Why


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Any event; `at` in seconds UTC."""

    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOpened(Event):
    """A business day begins, with everything carried over from the one before."""

    business_day: str
    means: dict[str, float] = field(default_factory=dict)
    assignments: dict[str, tuple[str, ...]] = field(default_factory=dict)
    #: Window → where it was moved to, and until when an assignment holds that ends by itself.
    zones: dict[str, str] = field(default_factory=dict)
    until: dict[str, float] = field(default_factory=dict)
    #: Device → its condition and since when.
    devices: dict[str, tuple[str, float]] = field(default_factory=dict)
    #: What past days taught of the lengths of services.
    learnt: dict[str, Lengths] = field(default_factory=dict)
    #: What is still open beside the queue.
    appointments: tuple[Appointment, ...] = ()
    absences: dict[str, tuple[float, ...]] = field(default_factory=dict)
    orders: tuple[WorkOrder, ...] = ()
    matters: tuple[Matter, ...] = ()
    settlements: tuple[Settlement, ...] = ()
    cases: tuple[Case, ...] = ()
    parcels: tuple[Parcel, ...] = ()
    #: Served on earlier days, not rated, and still to be rated by their links.
    visits: tuple[Visit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DayClosed(Event):
    """The business day is over."""

    business_day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketEvent(Event):
    """Something happened to one ticket."""

    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketIssued(TicketEvent):
    """A citizen holds a number."""

    number: str
    series: str
    service: str
    zone: str
    credited_at: float
    #: When its wait counts from; None in logs of before appointments: the issue.
    due_at: float | None = None
    on_time: bool = False
    group: str | None = None
    proof: str | None = None
    channel: str = "kiosk"
    language: str = "zh"
    device: str | None = None
    for_window: str | None = None
    printer: str | None = None
    appointment: str | None = None
    holder: str | None = None
    over_limit: bool = False
    item: str | None = None
    #: Only windows that a letter authorises for the item may call it.
    limited: bool = False
    #: Services that follow in this visit, and the case whose result it is for.
    then: tuple[str, ...] = ()
    case: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketCalled(TicketEvent):
    """A window called a ticket, and says why. `helping`: it helps another zone with it; `switching`: for that its clerk
    changes over to another part of the house; `zone`: where a tidal window is with this call, None at home."""

    window: str
    why: Why
    by_hand: bool = False
    helping: bool = False
    switching: bool = False
    zone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketRecalled(TicketEvent):
    """The announcement was repeated."""

    window: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceStarted(TicketEvent):
    """The citizen is at the window."""

    window: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceFinished(TicketEvent):
    """Done at this window."""

    window: str
    outcome: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketHeld(TicketEvent):
    """Set aside at a window."""

    window: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketResumed(TicketEvent):
    """Back from hold, straight to a window."""

    window: str
    why: Why


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketTransferred(TicketEvent):
    """Waits again, for another service or one window, with its number and its place in time. `passed`: on to the next
    step of its visit, with what it was taken for; `then`: what follows after that."""

    window: str
    service: str
    zone: str
    credited_at: float
    for_window: str | None = None
    passed: bool = False
    then: tuple[str, ...] = ()
    limited: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketMissed(TicketEvent):
    """Called, and nobody came."""

    window: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketReinstated(TicketEvent):
    """A missed ticket waits again; `new_entry` puts it behind those with the same credited time."""

    window: str
    credited_at: float
    new_entry: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketCancelled(TicketEvent):
    """Given up."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketRated(TicketEvent):
    """The citizen's rating, 5 to 1. `points` are those ticked of the form in version `form`; `note` a handle. It says
    itself what it is about, for whom it is reported to: `cases` numbers of the visit, `items` codes."""

    level: int
    channel: str = "phone"
    points: tuple[str, ...] = ()
    form: str = ""
    note: str | None = None
    number: str = ""
    day: str = ""
    cases: tuple[str, ...] = ()
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketReprinted(TicketEvent):
    """Another paper of the same ticket was asked for."""

    printer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketPrintReported(TicketEvent):
    """A printer told what became of the paper."""

    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceReported(Event):
    """A device's printer is in another condition than before."""

    device: str
    condition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowEvent(Event):
    """Something happened to a window."""

    window: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowOpened(WindowEvent):
    """A clerk is there; where the tide opened it, for which zone and why."""

    clerk: str | None = None
    zone: str | None = None
    why: Why | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowPaused(WindowEvent):
    """Away for a while."""

    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowClosed(WindowEvent):
    """Nobody there, or on `standby` with the clerk at hand; `why` where the tide closed it."""

    standby: bool = False
    clerk: str | None = None
    why: Why | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowAssigned(WindowEvent):
    """Serves other services from now on, or its own again (`services` empty); `until` when that ends by itself.

    `zone` is where it now is, None at home; `scheduled` names the entry of the timetable that moved it.
    """

    services: tuple[str, ...]
    zone: str | None = None
    until: float | None = None
    why: Why | None = None
    scheduled: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneEvent(Event):
    """Something happened to a zone."""

    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PressureRose(ZoneEvent):
    """More work waits per open window than the rules allow."""

    pressure_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PressureEased(ZoneEvent):
    """The zone keeps up again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TideProposed(Event):
    """The rules would move a window and ask a supervisor."""

    tide: str
    window: str
    action: str
    zone: str
    why: Why


@dataclass(frozen=True, slots=True, kw_only=True)
class TideSettled(Event):
    """A proposal is over: `accepted`, `dismissed`, or `lapsed` because it is no longer needed or possible."""

    tide: str
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitAlarmRaised(Event):
    """The longest wait of a service has crossed a threshold."""

    service: str
    level: str
    waited_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitAlarmCleared(Event):
    """The longest wait of a service has fallen well below the threshold again."""

    service: str


EVENTS: tuple[type[Event], ...] = (
    DayOpened,
    DayClosed,
    TicketIssued,
    TicketCalled,
    TicketRecalled,
    ServiceStarted,
    ServiceFinished,
    TicketHeld,
    TicketResumed,
    TicketTransferred,
    TicketMissed,
    TicketReinstated,
    TicketCancelled,
    TicketRated,
    TicketReprinted,
    TicketPrintReported,
    DeviceReported,
    WindowOpened,
    WindowPaused,
    WindowClosed,
    WindowAssigned,
    PressureRose,
    PressureEased,
    TideProposed,
    TideSettled,
    WaitAlarmRaised,
    WaitAlarmCleared,
)
