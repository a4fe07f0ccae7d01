"""What a hall file may say: one pydantic model per section of the YAML.

Shape only. Rules that compare sections with each other (a window naming an unknown service, two zones with one
letter) stand in `checks/`; line numbers and wording in `loader.py`. Lengths are millimetres, inches or metres,
durations minutes or seconds, as each name says. Sections of one capability stand in a module of their own.
"""

import re
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from config.after_window import Cases, Expert, Hook, PlatformLink
from config.kinds import NUMBER_MAX, RUN_PATTERN, Colour, Id, Letter, Minutes, Span, Strict, Text, Weekday
from config.sections import (
    Assistance,
    Booking,
    Calendar,
    CardUse,
    CatalogueRules,
    Evaluator,
    Identity,
    IdReader,
    Matters,
    Ratings,
    ServiceKind,
    SlotSpan,
)


class Position(StrEnum):
    """Kinds of position in a hall (halls.md, Words)."""

    ACCEPTANCE = "acceptance"
    PRECHECK = "precheck"
    CONSULTING = "consulting"
    PICKUP = "pickup"
    TIDAL = "tidal"
    GUIDE = "guide"
    RUNNER = "runner"
    SUPERVISOR = "supervisor"


class Hours(Strict):
    """Opening shifts of a week, earlier ones first; a weekday that is not named is closed."""

    mon: list[Span] = []
    tue: list[Span] = []
    wed: list[Span] = []
    thu: list[Span] = []
    fri: list[Span] = []
    sat: list[Span] = []
    sun: list[Span] = []
    closed: list[date] = Field(default=[], description="single days on which the hall stays shut")
    holiday: list[Span] | None = Field(
        default=[], description="on public holidays: shut if absent, null = as the weekday"
    )
    makeup: list[Span] | None = Field(
        default=None, description="on weekend days worked for a holiday (调休); as on Friday if absent"
    )
    market: list[Span] | None = Field(default=None, description="on market days; as the weekday if absent")
    dates: dict[date, list[Span]] = Field(default={}, description="single dates with hours of their own")
    appointment: "Hours | None" = Field(
        default=None,
        description="further hours, of the same shape, only for people with an appointment (延时、错时服务)",
    )


class Area(Strict):
    """A part of the building that hears one voice and sees one set of boards."""

    id: Id
    floor: int
    name: Text


class Zone(Strict):
    """A service zone with the letter of its tickets."""

    id: Id
    name: Text
    area: Id
    letter: Letter
    mark: Annotated[str, Field(min_length=1, max_length=1)] = Field(description="one character shown in its badge")
    colour: Colour
    hours: str | None = Field(default=None, description="name of a timetable in `hours`; the hall's first if absent")
    positions: dict[Position, Annotated[int, Field(ge=0, le=999)]] = Field(
        default={}, description="staff without a window: guides, runners, supervisor"
    )


class SeriesGroup(Strict):
    """A letter of its own for a named group of services (instead of the zone's)."""

    letter: Letter
    name: Text


class Service(Strict):
    """What a citizen chooses at the kiosk."""

    id: Id
    zone: Id
    name: Text
    department: Text
    letter: Letter | None = Field(default=None, description="a letter from `series`; the zone's own if absent")
    position: Position = Field(default=Position.ACCEPTANCE, description="which kind of window takes it")
    mean_service_min: Annotated[float, Field(gt=0, le=240)] = 10
    service_cv: Annotated[float, Field(ge=0, le=3)] = Field(
        default=0.7, description="spread of service times: standard deviation ÷ mean; the estimate begins with it"
    )
    per_day: Annotated[float, Field(ge=0, le=100_000)] | None = Field(
        default=None,
        description="how many usually come for it in a day; the simulator's hall of specialists is staffed by it",
    )
    wait_warn_min: Minutes | None = Field(default=None, description="the hall's in `rules` if absent")
    wait_alarm_min: Minutes | None = Field(default=None, description="the hall's in `rules` if absent")
    hours: str | None = None
    kind: ServiceKind = ServiceKind.ORDINARY
    id_card: CardUse = Field(default=CardUse.NONE, description="whether its ticket is in somebody's name")
    clerk_sees_name: bool = Field(default=False, description="the clerk sees the card's name until the visit ends")
    slots: list[SlotSpan] = Field(default=[], description="when it can be booked; empty = not at all")
    departments: list[str] = Field(
        default=[], description="departments, as the item lists write them, whose items belong to this service"
    )
    items: list[str] = Field(
        default=[], description="codes of single items that belong to it; they come before `departments`"
    )
    precheck: Id | None = Field(
        default=None, description="service whose windows look through the papers first; the ticket then goes on"
    )
    keywords: list[str] = Field(default=[], description="other words people search for")


class Windows(Strict):
    """A run of equal windows, `ids: S01..S24` numbered from `number`. One window: `ids: S01`."""

    ids: Annotated[str, Field(pattern=RUN_PATTERN)]
    number: Annotated[int, Field(ge=1, le=NUMBER_MAX)] = Field(
        description="public number of the first; unique in the hall"
    )
    zone: Id
    position: Position
    name: Text | None = Field(default=None, description="'{n}' is the public number; the hall's window_name if absent")
    serves: list[Id] | None = Field(
        default=None,
        description="service ids, in order; if absent every service of its zone for its position "
        "(a tidal window: the acceptance services of its zone)",
    )
    may_help: list[Id] = Field(
        default=[], description="services these windows are authorised for beyond their own, taken when the tide asks"
    )
    hours: str | None = Field(default=None, description="when its clerk is there (lunch shifts); its zone's if absent")

    @model_validator(mode="after")
    def _is_a_run(self) -> "Windows":
        self.expand()
        return self

    def expand(self) -> list[tuple[str, int]]:
        """The single windows as (id, public number)."""
        if ".." not in self.ids:
            return [(self.ids, self.number)]
        first, last = self.ids.split("..")
        digits = re.search(r"[0-9]+$", first)
        tail = re.search(r"[0-9]+$", last)
        if not digits or not tail or first[: digits.start()] != last[: tail.start()]:
            raise PydanticCustomError("not_a_run", "'{ids}' is not a run like S01..S24", {"ids": self.ids})
        if max(len(digits[0]), len(tail[0])) > 6:
            raise PydanticCustomError("run_too_long", "'{ids}' is too long a run", {"ids": self.ids})
        start, end, width = int(digits[0]), int(tail[0]), len(digits[0])
        if end < start:
            raise PydanticCustomError("run_backwards", "'{ids}' runs backwards", {"ids": self.ids})
        if self.number + end - start > NUMBER_MAX:
            raise PydanticCustomError("run_too_long", "'{ids}' is too long a run", {"ids": self.ids})
        return [(f"{first[: digits.start()]}{n:0{width}d}", self.number + n - start) for n in range(start, end + 1)]


class PriorityGroup(Strict):
    """People who are served earlier (A2.5); what proves it is checked by the clerk."""

    id: Id
    name: Text
    proof: Text
    enabled: bool = True
    min_age: Annotated[int, Field(ge=1, le=120)] | None = Field(
        default=None, description="an ID card that shows this age proves it by itself; the age is not kept"
    )
    by_clerk: bool = Field(default=True, description="the clerk looks at the proof and confirms it")


class Screen(Strict):
    """A physical screen: pixels and real size decide how large things are drawn."""

    width_px: Annotated[int, Field(ge=320, le=8192)]
    height_px: Annotated[int, Field(ge=320, le=8192)]
    inches: Annotated[float, Field(ge=5, le=120)] = Field(description="diagonal")


class PrinterSettings(Strict):
    """A ticket printer. `url`: tcp://host:9100, serial:///dev/ttyS0?baud=19200, usb://04b8:0e15, cups://NAME,
    lp://NAME, win://NAME, file:///path, preview:///folder."""

    url: str
    paper_mm: Literal[58, 80] = 80
    mode: Literal["raster", "text", "auto"] = "auto"


class Kiosk(Strict):
    """A self-service ticket machine."""

    id: Id
    name: Text
    area: Id
    screen: Screen
    zones: list[Id] | None = Field(default=None, description="zones offered, in order; all if absent")
    printer: PrinterSettings
    id_reader: IdReader | None = None
    scanner: bool = Field(default=False, description="a QR scanner that types what it reads")
    idle_s: Annotated[int, Field(ge=20, le=600)] = 45
    idle_warning_s: Annotated[int, Field(ge=20, le=120)] = 20


class Board(Strict):
    """A display board: the whole hall or chosen zones."""

    id: Id
    name: Text
    area: Id
    zones: list[Id] | None = Field(default=None, description="zones shown; all if absent")
    screen: Screen
    distance_m: Annotated[float, Field(gt=0, le=50)] = Field(description="farthest seat")
    sound: bool = Field(default=False, description="also plays the voice of its area")


class Voice(Strict):
    """One announcing voice for an area."""

    id: Id
    area: Id
    languages: list[str] = ["zh"]
    rate_wpm: Annotated[int, Field(ge=80, le=300)] = 160
    chime: bool = True
    clips: str | None = Field(default=None, description="folder of recorded clips")
    web: str | None = Field(default=None, description="address at which boards' browsers hear it (--player web)")


class Keypad(Strict):
    """A serial line with hardware callers; address → window."""

    id: Id
    port: str
    codec: str = "queuesystem"
    windows: dict[Annotated[int, Field(ge=0, le=255)], Id]


class LedBar(Strict):
    """A serial line with window LED bars; address → window."""

    id: Id
    port: str
    codec: str
    windows: dict[Annotated[int, Field(ge=0, le=255)], Id]


class StaffPrinter(Strict):
    """A printer that prints for staff (reprints, tickets issued by hand)."""

    id: Id
    name: Text
    printer: PrinterSettings


class Phrases(Strict):
    """Sentences that are spoken or shown. Fields in braces are filled in."""

    call: Text = {"zh": "请{number}号到{window}办理", "en": "Ticket {number}, please go to {window}"}
    led_idle: Text = {"zh": "热情为您服务", "en": "Welcome"}
    led_call: Text = {"zh": "请{number}号办理", "en": "Now serving {number}"}
    led_paused: Text = {"zh": "暂停服务", "en": "Paused"}
    led_closed: Text = {"zh": "窗口未开放", "en": "Closed"}
    led_helping: Text = {"zh": "现办{zone}业务", "en": "Now for {zone}"}
    ticket_hint: Text = {
        "zh": "请留意叫号，过号请到咨询台",
        "en": "Please watch for your number. If you miss it, ask at the information desk",
    }


class CallRules(Strict):
    """Numbers of the calling rules (design §6, A2.8, A2.9)."""

    recall_limit: Annotated[int, Field(ge=0, le=20)] = 5
    reenter_after: Annotated[int, Field(ge=0, le=50)] = Field(
        default=3, description="people before a reinstated ticket"
    )
    void_after_min: Annotated[float, Field(ge=0, le=600)] | None = Field(
        default=None, description="a missed ticket is void after this; null = it may come back all day"
    )
    undo_s: Annotated[int, Field(ge=0, le=600)] = Field(default=60, description="a no-show taken back keeps its place")
    priority_credit_min: Annotated[float, Field(ge=0, le=240)] = 45
    short_service_min: Annotated[float, Field(ge=0, le=240)] = Field(
        default=10, description="credit of short business: this less the service's mean time"
    )
    short_credit_max_min: Annotated[float, Field(ge=0, le=240)] = Field(
        default=10, description="that credit is never more than this either way; 0 switches it off"
    )
    appointment_credit_min: Annotated[float, Field(ge=0, le=240)] = 15
    appointment_late_min: Annotated[float, Field(ge=0, le=240)] = Field(
        default=10, description="whoever comes later than this after the slot is an ordinary walk-in"
    )
    auto_call_after_s: Annotated[int, Field(ge=0, le=600)] | None = Field(
        default=None, description="an idle window whose turn it is calls by itself after this; never if absent"
    )
    wait_warn_min: Minutes = Field(default=15, description="a wait that is warned of")
    wait_alarm_min: Minutes = Field(default=30, description="a wait that is an alarm")
    wait_clear_min: Minutes = Field(
        default=5, description="an alarm clears when the longest wait is so far below its threshold"
    )


class TideMode(StrEnum):
    """Who decides a tidal move: the rules, the rules and then the supervisor, or the supervisor and the timetable."""

    AUTOMATIC = "automatic"
    PROPOSE = "propose"
    MANUAL = "manual"


class TideSchedule(Strict):
    """A move by timetable; it reverts when the span ends."""

    window: Id
    zone: Id
    days: Annotated[list[Weekday], Field(min_length=1)]
    span: Span


class Tides(Strict):
    """Numbers of the tidal rules (design §6): when windows help another zone, open, close and move."""

    mode: TideMode = TideMode.AUTOMATIC
    zones: dict[Id, TideMode] = Field(default={}, description="overrides `mode` for the windows of a zone")
    help_after_min: Minutes = Field(default=5, description="an idle window helps a zone whose next ticket waited this")
    leave_for_min: Minutes = Field(
        default=15, description="with people of its own it leaves only for a ticket credited so much earlier"
    )
    cross_after_min: Minutes = Field(
        default=0, description="help_after of windows that may help without being tidal: they do not move for it"
    )
    cross_leave_min: Minutes = Field(default=20, description="leave_for of the same windows")
    open_pressure_min: Minutes = Field(default=3, description="waiting work ÷ open windows that opens a position")
    open_after_min: Minutes = Field(default=1, description="so long must the pressure last")
    open_every_min: Minutes = Field(default=1, description="at most one position is opened in so many minutes")
    close_pressure_min: Minutes = Field(default=0.5, description="a position closes when no zone it helps has more")
    close_after_min: Minutes = Field(default=30, description="a position stays open at least this long")
    close_idle_min: Minutes = Field(default=45, description="and has been idle this long")
    moves_per_hour: Annotated[int, Field(ge=0, le=60)] = Field(default=3, description="most moves of one clerk")
    move_for_min: Minutes = Field(default=60, description="an accepted proposal reverts after this")
    help_cost_min: Minutes = Field(
        default=1, description="what a call to help in another part of the house costs the clerk"
    )
    move_cost_min: Minutes = Field(default=3, description="what a formal move with changed signs costs")
    schedule: list[TideSchedule] = Field(default=[], description="moves by timetable")


class HallFile(Strict):
    """A whole hall."""

    id: Id
    name: Text
    timezone: str = "Asia/Shanghai"
    languages: list[str] = ["zh", "en"]
    public_url: str | None = Field(
        default=None, description="how phones reach the server; the request's host if absent"
    )
    window_name: Text = {"zh": "{n}号窗口", "en": "Window {n}"}
    hours: Annotated[dict[str, Hours], Field(min_length=1)]
    areas: Annotated[list[Area], Field(min_length=1)]
    zones: Annotated[list[Zone], Field(min_length=1)]
    series: list[SeriesGroup] = []
    services: Annotated[list[Service], Field(min_length=1)]
    windows: Annotated[list[Windows], Field(min_length=1)]
    priority_groups: list[PriorityGroup] = []
    rules: CallRules = CallRules()
    tides: Tides = Tides()
    calendar: Calendar = Calendar()
    booking: Booking = Booking()
    identity: Identity = Identity()
    ratings: Ratings = Ratings()
    assistance: Assistance = Assistance()
    matters: Matters = Matters()
    cases: Cases = Cases()
    experts: list[Expert] = []
    hooks: list[Hook] = []
    platform: PlatformLink = PlatformLink()
    catalogue: CatalogueRules = CatalogueRules()
    phrases: Phrases = Phrases()
    notices: list[Text] = []
    pause_reasons: list[Text] = []
    kiosks: list[Kiosk] = []
    boards: list[Board] = []
    voices: list[Voice] = []
    keypads: list[Keypad] = []
    ledbars: list[LedBar] = []
    evaluators: list[Evaluator] = []
    printers: list[StaffPrinter] = []
