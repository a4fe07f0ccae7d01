"""The hall's plan (what was configured) and its state (what has happened today). Pure data, times in seconds UTC."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, tzinfo
from enum import StrEnum
from typing import NewType, Protocol

from server.core.affairs import Appointment, Asking, HelpRequest, Matter, Visit, WorkOrder
from server.core.case_records import Case, Parcel, Settlement

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


#: Shifts of a day, each (start, end) in minutes after midnight, hall time; end excluded.
Shifts = tuple[tuple[int, int], ...]


class DayKind(StrEnum):
    """What sort of day a date is for the calendar of the country and the town."""

    WORKDAY = "workday"
    #: A Saturday or Sunday that is worked to make up for a holiday (调休).
    MAKEUP = "makeup"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"


class DayKinds(Protocol):
    """The calendar, as the core needs it; the one with holidays and market days is `config/calendars.py`."""

    def kind_of(self, day: date) -> DayKind:
        """What sort of day it is."""

    def is_market(self, day: date) -> bool:
        """Whether it is a market day of the town."""


@dataclass(frozen=True, slots=True)
class PlainWeek:
    """Monday to Friday are worked, no holidays, no market days."""

    def kind_of(self, day: date) -> DayKind:
        """By weekday alone."""
        return DayKind.WORKDAY if day.weekday() < 5 else DayKind.WEEKEND

    def is_market(self, day: date) -> bool:
        """Never."""
        return False


@dataclass(frozen=True, slots=True)
class Timetable:
    """Opening shifts by weekday (Monday = 0), and where given those of holidays, make-up workdays, market days and single
    dates, which come before the weekday's (a date first, then market, holiday, make-up; None: as the weekday).

    `appointment` are further shifts of the same shape in which only people with an appointment are served.
    """

    shifts: tuple[Shifts, ...]
    closed: frozenset[date] = frozenset()
    holiday: Shifts | None = None
    makeup: Shifts | None = None
    market: Shifts | None = None
    dates: Mapping[date, Shifts] = field(default_factory=dict)
    appointment: "Timetable | None" = None


@dataclass(frozen=True, slots=True)
class SlotGrid:
    """When a service can be booked: on these weekdays (Monday = 0) from minute to minute, a slot every `every_min`
    minutes that takes `capacity` people."""

    days: frozenset[int]
    start_min: int
    end_min: int
    every_min: int
    capacity: int


@dataclass(frozen=True, slots=True)
class BookingRules:
    """Numbers of appointments (A2.4). Durations in seconds; a late-comer's tolerance is `Rules.appointment_late_s`."""

    horizon_days: int = 14
    cancel_before_s: float = 2 * 3600
    early_s: float = 30 * 60
    per_day: int = 1
    absence_limit: int = 3
    absence_days: int = 90


@dataclass(frozen=True, slots=True)
class Limits:
    """How many tickets one person may have (A2.11); 0 = any number."""

    open_per_service: int = 1
    per_day: int = 3


@dataclass(frozen=True, slots=True)
class Redress:
    """Deadlines of bad ratings and matters, in working days (A1.6), until when after the service one may rate, and when
    who has not is invited again (A1.11); None: never."""

    contact_days: int = 1
    mend_days: int = 5
    matter_days: Mapping[str, int] = field(default_factory=dict)
    rate_within_s: float = 7 * 86400
    remind_after_s: float | None = None
    #: The rating form: its version, and the points that may be ticked with each level.
    form: str = ""
    points: Mapping[int, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CaseRules:
    """Clocks of accepted items: papers to the back office (Y4), then working days until departments answer
    (`default_days` where the catalogue says nothing) and until their paper is at the pickup desk, then the time in which
    a result is usually fetched, posted and delivered. Durations in seconds."""

    urgent_s: float = 10 * 60
    promised_s: float = 30 * 60
    default_days: int = 20
    result_days: int = 1
    collect_s: float = 30 * 86400
    post_s: float = 7 * 86400


@dataclass(frozen=True, slots=True)
class Service:
    """What a citizen chooses at the kiosk.

    `mean_service_s` and `spread` (standard deviation ÷ mean) are what the hall file says of its length; the hall learns
    better ones by itself; `per_day` how many usually come for it, if known. `warn_s`, `alarm_s`: waits of its own that raise an alarm, None for the hall's.
    """

    id: ServiceId
    zone: ZoneId
    series: str
    mean_service_s: float
    timetable: str
    spread: float = 0.7
    per_day: float | None = None
    warn_s: float | None = None
    alarm_s: float | None = None
    slots: tuple[SlotGrid, ...] = ()
    #: A ticket wants a person's handle, unless staff issue it.
    id_required: bool = False
    #: Where its papers are looked through first, before its ticket goes on to it.
    precheck: ServiceId | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """Where a clerk serves; `services` in the order of the hall file.

    `may_help` are services of other zones it is authorised for and takes only by the rules of helping; a `tidal` window
    may also be opened, closed and moved by the tide. `timetable` is when its clerk is there.
    """

    id: WindowId
    number: int
    zone: ZoneId
    services: tuple[ServiceId, ...]
    may_help: tuple[ServiceId, ...] = ()
    tidal: bool = False
    timetable: str | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """Numbers of the calling rules (design §6). `auto_call_s` None: clerks always call themselves; `void_after_s` None: a missed ticket
    may come back all day."""

    recall_limit: int = 5
    reenter_after: int = 3
    undo_s: float = 60
    void_after_s: float | None = None
    priority_credit_s: float = 45 * 60
    short_service_s: float = 10 * 60
    short_credit_max_s: float = 10 * 60
    appointment_credit_s: float = 15 * 60
    appointment_late_s: float = 10 * 60
    auto_call_s: float | None = None
    warn_s: float = 15 * 60
    alarm_s: float = 30 * 60
    clear_s: float = 5 * 60


class TideMode(StrEnum):
    """Who moves a zone's tidal windows: the rules by themselves, the rules after a supervisor's click, or only people."""

    AUTOMATIC = "automatic"
    PROPOSE = "propose"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class ScheduledMove:
    """A move by timetable: on these weekdays (Monday = 0), from minute to minute after midnight, hall time."""

    window: WindowId
    zone: ZoneId
    days: frozenset[int]
    start_min: int
    end_min: int


@dataclass(frozen=True, slots=True)
class TideRules:
    """Numbers of the tidal windows. Durations in seconds; `moves_per_hour` limits the moves of one window, `cross_…`
    are the thresholds of windows that are authorised for another zone without being tidal."""

    mode: TideMode = TideMode.AUTOMATIC
    zones: Mapping[str, TideMode] = field(default_factory=dict)
    help_after_s: float = 5 * 60
    leave_for_s: float = 15 * 60
    cross_after_s: float = 0
    cross_leave_s: float = 20 * 60
    open_pressure_s: float = 3 * 60
    open_after_s: float = 60
    open_every_s: float = 60
    close_pressure_s: float = 30
    close_after_s: float = 30 * 60
    close_idle_s: float = 45 * 60
    moves_per_hour: int = 3
    move_for_s: float = 3600
    help_cost_s: float = 60
    move_cost_s: float = 180
    schedule: tuple[ScheduledMove, ...] = ()

    def mode_of(self, zone: str) -> TideMode:
        """The mode of a zone: its own, else the hall's."""
        return self.zones.get(zone, self.mode)


@dataclass(frozen=True, slots=True)
class Plan:
    """A hall as configured. `always_open` is the simulator's: every service at any time. `plays_workday` is the demo's:
    round the clock, what is open on the next day that people work on (see `calendar.day_to_play`). `zone_names`: zone →
    Chinese, English, for the sentences that are kept with calls and moves; `zone_areas`: zone → the part of the house
    it lies in."""

    hall: str
    tz: tzinfo
    services: Mapping[str, Service]
    windows: Mapping[str, Window]
    timetables: Mapping[str, Timetable]
    groups: frozenset[str] = frozenset()
    rules: Rules = Rules()
    tides: TideRules = TideRules()
    zone_names: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    zone_areas: Mapping[str, str] = field(default_factory=dict)
    always_open: bool = False
    plays_workday: bool = False
    calendar: DayKinds = PlainWeek()
    booking: BookingRules = BookingRules()
    limits: Limits = Limits()
    redress: Redress = Redress()
    cases: CaseRules = CaseRules()
    #: Item of the catalogue → the windows that letters authorise for it today; an item that is not here is free.
    authority: Mapping[str, frozenset[str]] = field(default_factory=dict)
    #: Clerk → the services he may take (Y6); a clerk who is not here may take all of his window.
    rights: Mapping[str, frozenset[str]] = field(default_factory=dict)


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

    `due_at` is when its wait counts from: the issue, for a kept appointment (`on_time`) not before its slot.
    `spells` are its times of waiting: began, ended, began, ended … (an odd length means that it waits now).
    `served_s` are its seconds at windows so far, `served_before_s` those of them that went to earlier services.
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
    due_at: float = 0.0
    on_time: bool = False
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
    served_before_s: float = 0.0
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
    #: What the group was proved by: `card`, `clerk`; `refuted` by the clerk; None: nobody has looked yet.
    proof: str | None = None
    appointment: str | None = None
    holder: str | None = None
    #: Staff gave it beyond what a person may have.
    over_limit: bool = False
    item: str | None = None
    limited: bool = False
    rated_by: str | None = None
    points: tuple[str, ...] = ()
    remark: str | None = None
    #: Services that follow in this visit, after a pre-check.
    then: tuple[str, ...] = ()
    #: What was settled in this visit so far.
    settled: tuple[str, ...] = ()
    #: The case whose result it is taken for.
    case: str | None = None
    #: Who served it last: a bad rating is about him, whoever sits there when it comes.
    clerk: str | None = None

    @property
    def has_open_line(self) -> bool:
        """Whether it stands in its service's line: any window of the service may take it."""
        return self.for_window is None and not self.limited


@dataclass(frozen=True, slots=True)
class Assignment:
    """What a window was told to serve, where, until when and why; no services means its own at home again."""

    services: tuple[str, ...]
    zone: str | None
    until: float | None
    why: Why | None


@dataclass(frozen=True, slots=True)
class WindowState:
    """A window as it is now. `services` overrides the plan after an assignment; `idle_since` while open and free.

    `zone` is where a tidal window is now, None at home; `until` when an assignment ends by itself; `pending` one that
    waits for the ticket at the window to go. `standby`: closed, with its clerk at hand, so that the tide may open it.
    `why` tells its last move, `moves` are the times of its moves within the last hour.
    """

    id: str
    status: WindowStatus = WindowStatus.CLOSED
    clerk: str | None = None
    ticket: str | None = None
    services: tuple[str, ...] | None = None
    pause_reason: str | None = None
    changed_at: float | None = None
    idle_since: float | None = None
    done: int = 0
    zone: str | None = None
    until: float | None = None
    pending: Assignment | None = None
    standby: bool = False
    why: Why | None = None
    moves: tuple[float, ...] = ()

    @property
    def is_told(self) -> bool:
        """Whether people or the timetable told it what to serve, so that it does not go elsewhere by itself."""
        return self.services is not None or self.until is not None

    def as_told(self, told: Assignment) -> "WindowState":
        """The same window once an assignment holds."""
        return replace(
            self, services=told.services or None, zone=told.zone, until=told.until, pending=None, why=told.why
        )


class TideAction(StrEnum):
    """What a tide does with a window."""

    OPEN = "open"
    CLOSE = "close"
    MOVE = "move"


@dataclass(frozen=True, slots=True)
class Tide:
    """A proposed move that waits for a supervisor."""

    id: str
    window: str
    action: TideAction
    zone: str
    why: Why
    at: float


class MoveKind(StrEnum):
    """How a window came to serve another zone, or none."""

    HELP = "help"
    HOME = "home"
    OPEN = "open"
    CLOSE = "close"
    MOVE = "move"
    REVERT = "revert"


@dataclass(frozen=True, slots=True)
class TideMove:
    """One move of a window today. `from_zone`, `to_zone`: None is its own."""

    at: float
    window: str
    kind: MoveKind
    from_zone: str | None
    to_zone: str | None
    why: Why | None


class AlarmLevel(StrEnum):
    """How grave a wait is."""

    WARN = "warn"
    ALARM = "alarm"


@dataclass(frozen=True, slots=True)
class Alarm:
    """A service whose longest wait has crossed a threshold."""

    service: str
    level: AlarmLevel
    since: float


@dataclass(frozen=True, slots=True)
class Lengths:
    """How long a service takes, as learnt over past days: an average of `weight` services, in seconds."""

    weight: float
    mean_s: float
    spread: float


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
    #: Everyone waiting for any window of a service, in calling order: (credited time, entry, ticket id).
    lines: dict[str, list[tuple[float, int, str]]] = field(default_factory=dict)
    #: Everyone waiting for one window of their own, or for an item that only some windows may take.
    reserved: dict[str, None] = field(default_factory=dict)
    #: Mean service times used for credit, frozen at the day's opening.
    means: dict[str, float] = field(default_factory=dict)
    learnt: dict[str, Lengths] = field(default_factory=dict)
    #: Lengths of the services finished today, by service.
    lengths: dict[str, list[float]] = field(default_factory=dict)
    #: Walks from call to window today: how many, and seconds in all; and how many did not come.
    walks: tuple[int, float] = (0, 0.0)
    missed: int = 0
    #: Zones under pressure, since when.
    pressed: dict[str, float] = field(default_factory=dict)
    #: Proposals that wait for a supervisor, by id; those dismissed today, by what they proposed, with the time.
    tides: dict[str, Tide] = field(default_factory=dict)
    dismissed: dict[tuple[str, str, str], float] = field(default_factory=dict)
    tides_made: int = 0
    #: The day's moves, how many calls helped another zone, and how many of these made a clerk change over.
    moves: list[TideMove] = field(default_factory=list)
    helping_calls: int = 0
    switches: int = 0
    tide_opened_at: float | None = None
    scheduled: dict[str, None] = field(default_factory=dict)
    alarms: dict[str, Alarm] = field(default_factory=dict)
    #: Beside the queue. Appointments of today and later; holder → when he did not come; what is not settled yet.
    appointments: dict[str, Appointment] = field(default_factory=dict)
    absences: dict[str, tuple[float, ...]] = field(default_factory=dict)
    orders: dict[str, WorkOrder] = field(default_factory=dict)
    matters: dict[str, Matter] = field(default_factory=dict)
    help: dict[str, HelpRequest] = field(default_factory=dict)
    #: After the window. Settlements of today and older ones not filed yet; cases that are not over or were so lately.
    settlements: dict[str, Settlement] = field(default_factory=dict)
    cases: dict[str, Case] = field(default_factory=dict)
    #: Number → case; how many were opened today.
    case_numbers: dict[str, str] = field(default_factory=dict)
    cases_made: int = 0
    parcels: dict[str, Parcel] = field(default_factory=dict)
    #: Window → what its evaluator is about.
    asked: dict[str, Asking] = field(default_factory=dict)
    #: Tickets of earlier days that may still be rated by their links.
    visits: dict[str, Visit] = field(default_factory=dict)
    #: Holder → his tickets of today.
    held_by: dict[str, list[str]] = field(default_factory=dict)

    def window(self, window_id: str) -> WindowState:
        """The window's state; one that nothing has happened to is closed."""
        return self.windows.get(window_id) or WindowState(window_id)
