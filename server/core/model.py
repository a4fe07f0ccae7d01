"""The hall's plan (what was configured) and its state (what has happened today). Pure data, times in seconds UTC."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, tzinfo
from enum import StrEnum
from typing import NewType

TicketId = NewType("TicketId", str)
WindowId = NewType("WindowId", str)
ServiceId = NewType("ServiceId", str)
ZoneId = NewType("ZoneId", str)


class TicketState(StrEnum):
    """Where a ticket stands; the legal steps between these are in `transitions.py`."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    HELD = "held"
    DONE = "done"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"


class WindowStatus(StrEnum):
    """Whether a window takes tickets."""

    CLOSED = "closed"
    OPEN = "open"
    PAUSED = "paused"


class PrintState(StrEnum):
    """What became of the paper; never decides whether a ticket is valid (design rule 5)."""

    QUEUED = "queued"
    PRINTED = "printed"
    FAILED = "failed"
    UNKNOWN = "unknown"


#: Outcome of what the end of the business day closed: not handled.
DAY_END = "day_end"


# --- The plan: today's configuration, without any wording -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Timetable:
    """Opening shifts by weekday (Monday = 0), each (start, end) in minutes after midnight, hall time; end excluded."""

    shifts: tuple[tuple[tuple[int, int], ...], ...]
    closed: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Service:
    """What a citizen chooses at the kiosk."""

    id: ServiceId
    zone: ZoneId
    series: str
    mean_service_s: float
    timetable: str


@dataclass(frozen=True, slots=True)
class Window:
    """Where a clerk serves; `services` in the order of the hall file."""

    id: WindowId
    number: int
    zone: ZoneId
    services: tuple[ServiceId, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """Numbers of the calling rules."""

    recall_limit: int = 5
    reenter_after: int = 3
    undo_s: float = 60
    priority_credit_s: float = 45 * 60


@dataclass(frozen=True, slots=True)
class Plan:
    """A hall as configured. `always_open` is the demo: open whatever the hour."""

    hall: str
    tz: tzinfo
    services: Mapping[str, Service]
    windows: Mapping[str, Window]
    timetables: Mapping[str, Timetable]
    groups: frozenset[str] = frozenset()
    rules: Rules = Rules()
    always_open: bool = False


# --- The state: the fold of the log -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Why:
    """Why a ticket was called: a sentence for citizens in both languages, one with numbers for managers."""

    zh: str
    en: str
    detail: str


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket of the day. `credited_at` is when it counts as having arrived, `entry` breaks ties (see ordering).

    `spells` are its times of waiting: began, ended, began, ended … (an odd length means that it waits now).
    """

    id: str
    number: str
    series: str
    zone: str
    service: str
    state: TicketState
    issued_at: float
    credited_at: float
    entry: int
    group: str | None = None
    channel: str = "kiosk"
    language: str = "zh"
    device: str | None = None
    for_window: str | None = None
    window: str | None = None
    first_called_at: float | None = None
    called_at: float | None = None
    calls: int = 0
    recalls: int = 0
    started_at: float | None = None
    finished_at: float | None = None
    served_s: float = 0.0
    held_at: float | None = None
    missed_at: float | None = None
    outcome: str | None = None
    copies: int = 1
    printer: str | None = None
    print_state: PrintState | None = None
    rating: int | None = None
    transfers: int = 0
    spells: tuple[float, ...] = ()
    why: Why | None = None


@dataclass(frozen=True, slots=True)
class WindowState:
    """A window as it is now. `services` overrides the plan after an assignment; `idle_since` while open and free."""

    id: str
    status: WindowStatus = WindowStatus.CLOSED
    clerk: str | None = None
    ticket: str | None = None
    services: tuple[str, ...] | None = None
    pause_reason: str | None = None
    changed_at: float | None = None
    idle_since: float | None = None
    done: int = 0


@dataclass(frozen=True, slots=True)
class Call:
    """One announcement: a call, a recall or a return from hold. `call` rises by one through the day."""

    call: int
    ticket: str
    window: str
    at: float
    kind: str


@dataclass(frozen=True, slots=True)
class DeviceCondition:
    """How a device's printer is, since when."""

    condition: str
    since: float


@dataclass(slots=True)
class HallState:
    """The whole hall today. Owned by one holder and changed only by `evolve`; its records are frozen."""

    business_day: str = ""
    day_open: bool = False
    tickets: dict[str, Ticket] = field(default_factory=dict)
    waiting: dict[str, None] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    windows: dict[str, WindowState] = field(default_factory=dict)
    counters: dict[str, int] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    devices: dict[str, DeviceCondition] = field(default_factory=dict)
    entries: int = 0
    last_at: float = 0.0

    def window(self, window_id: str) -> WindowState:
        """The window's state; one that nothing has happened to is closed."""
        return self.windows.get(window_id) or WindowState(window_id)
