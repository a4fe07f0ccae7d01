"""What has happened. Facts in the past tense, each with its time `at`; the log keeps these and nothing else."""

from dataclasses import dataclass, field

from server.core.model import Why


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
    #: Device → its condition and since when.
    devices: dict[str, tuple[str, float]] = field(default_factory=dict)


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
    group: str | None = None
    channel: str = "kiosk"
    language: str = "zh"
    device: str | None = None
    for_window: str | None = None
    printer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketCalled(TicketEvent):
    """A window called a ticket, and says why."""

    window: str
    why: Why
    by_hand: bool = False


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
    """Waits again, for another service or one window, with its number and its place in time."""

    window: str
    service: str
    zone: str
    credited_at: float
    for_window: str | None = None


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
    """The citizen's rating, 5 to 1."""

    level: int


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
    """A clerk is there."""

    clerk: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowPaused(WindowEvent):
    """Away for a while."""

    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowClosed(WindowEvent):
    """Nobody there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowAssigned(WindowEvent):
    """Serves other services from now on."""

    services: tuple[str, ...]


EVENT_TYPES: dict[str, type[Event]] = {
    cls.__name__: cls
    for cls in (
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
    )
}
