"""What a hall file may say: one pydantic model per section of the YAML.

Shape only. Rules that compare sections with each other (a window naming an unknown service, two zones with one
letter) stand in `checks.py`; line numbers and wording in `loader.py`. Lengths are millimetres, inches or metres,
durations minutes or seconds, as each name says.
"""

import re
from datetime import date, time
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

ID_PATTERN = r"^[A-Za-z0-9_-]+$"
RUN_PATTERN = r"^[A-Za-z0-9_-]+(\.\.[A-Za-z0-9_-]+)?$"
LETTER_PATTERN = r"^[A-Z]$"
COLOUR_PATTERN = r"^#[0-9A-Fa-f]{6}$"
#: The highest public window number; three digits are what voices and boards are made for.
NUMBER_MAX = 999

Id = Annotated[str, Field(pattern=ID_PATTERN, max_length=40)]
Letter = Annotated[str, Field(pattern=LETTER_PATTERN)]
Colour = Annotated[str, Field(pattern=COLOUR_PATTERN)]
#: A stretch of time within an opening day, in minutes.
Minutes = Annotated[float, Field(ge=0, le=600)]


def _needs_both_languages(text: dict[str, str]) -> dict[str, str]:
    missing = [language for language in ("zh", "en") if not text.get(language, "").strip()]
    if missing:
        raise PydanticCustomError(
            "missing_translation", "missing translation: {languages}", {"languages": ", ".join(missing)}
        )
    return text


#: A text in every language of the hall; Chinese and English always.
Text = Annotated[dict[str, str], AfterValidator(_needs_both_languages)]


class Strict(BaseModel):
    """Refuses unknown keys, so that a typing error is an error and not a setting that silently does nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True)


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


def _split_span(span: object) -> object:
    """`08:30-12:00` → its two ends; `{start, end}` is left as it is."""
    if isinstance(span, dict | Shift):
        return span
    ends = re.fullmatch(r"\s*([0-9]{1,2}:[0-9]{2})\s*-\s*([0-9]{1,2}:[0-9]{2})\s*", str(span))
    if ends is None:
        raise PydanticCustomError("not_a_span", "not a stretch of time like 08:30-12:00")
    return {"start": ends[1].zfill(5), "end": ends[2].zfill(5)}


class Shift(Strict):
    """One stretch of opening time within a day, hall time, end excluded."""

    start: time
    end: time

    @model_validator(mode="after")
    def _ends_after_start(self) -> "Shift":
        if self.end <= self.start:
            raise PydanticCustomError(
                "shift_backwards",
                "shift ends ({end}) before it starts ({start})",
                {"start": f"{self.start:%H:%M}", "end": f"{self.end:%H:%M}"},
            )
        return self


Span = Annotated[Shift, BeforeValidator(_split_span)]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


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
        default=1, description="help_after of windows that may help without being tidal: they do not move for it"
    )
    cross_leave_min: Minutes = Field(default=5, description="leave_for of the same windows")
    open_pressure_min: Minutes = Field(default=3, description="waiting work ÷ open windows that opens a position")
    open_after_min: Minutes = Field(default=1, description="so long must the pressure last")
    open_every_min: Minutes = Field(default=1, description="at most one position is opened in so many minutes")
    close_pressure_min: Minutes = Field(default=0.5, description="a position closes when no zone it helps has more")
    close_after_min: Minutes = Field(default=30, description="a position stays open at least this long")
    close_idle_min: Minutes = Field(default=30, description="and has been idle this long")
    moves_per_hour: Annotated[int, Field(ge=0, le=60)] = Field(default=2, description="most moves of one clerk")
    move_for_min: Minutes = Field(default=60, description="an accepted proposal reverts after this")
    help_cost_min: Minutes = Field(default=1, description="what a helping call to another zone costs the clerk")
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
    phrases: Phrases = Phrases()
    notices: list[Text] = []
    pause_reasons: list[Text] = []
    kiosks: list[Kiosk] = []
    boards: list[Board] = []
    voices: list[Voice] = []
    keypads: list[Keypad] = []
    ledbars: list[LedBar] = []
    printers: list[StaffPrinter] = []
