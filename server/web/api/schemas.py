"""Bodies, paths and answers of the API. The answers describe what `server/web/present` builds; tests hold them equal."""

import re
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from server.web.api.case_schemas import Settlement
from server.web.api.moments import Moment as Moment
from server.web.api.shape import Shape

ID = r"^[A-Za-z0-9_-]+$"
Id = Annotated[str, Field(pattern=ID, max_length=64)]
Name = Annotated[str, Field(min_length=1, max_length=64)]
#: What a voucher's code says: the citizen's address of the case, or the token at its end.
Voucher = Annotated[str, Field(min_length=8, max_length=300, pattern=r"^[!-~]+$")]


_RFC3339 = re.compile(r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?([Zz]|[+-]\d\d:?\d\d)")


def _instant(value: Any) -> float:
    """Seconds UTC of a moment with its offset; a leap second is the next one."""
    found = _RFC3339.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError("a time in ISO 8601 with its offset, such as 2026-11-21T09:30:00+08:00")
    year, month, day, hour, minute = (int(part) for part in found.groups()[:5])
    second = int(found[6] or 0)
    offset = "+00:00" if found[8] in "Zz" else found[8]
    # The year 0000 exists in RFC 3339 and not in Python; either is long past.
    date = f"{max(year, 1):04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{min(second, 59):02}"
    at = datetime.fromisoformat(f"{date}.{(found[7] or '0')[:6]:0<6}{offset}").timestamp()
    return at + timedelta(seconds=second == 60).total_seconds()


_DATE_TIME = {"type": "string", "format": "date-time"}


def _appointment(value: Any) -> Any:
    """A moment, or the id of a booked appointment."""
    if isinstance(value, str) and not _RFC3339.fullmatch(value) and re.fullmatch(ID, value) and len(value) <= 64:
        return value
    return _instant(value)


Instant = Annotated[float, BeforeValidator(_instant), WithJsonSchema(_DATE_TIME)]


class Body(Shape):
    """A request body; unknown fields are refused, an absent body counts as an empty one."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _absent_is_empty(cls, value: Any) -> Any:
        return {} if value is None else value


class KeyHeader(Shape):
    """Every POST names itself, so that it can be sent again."""

    idempotency_key: str = Field(
        alias="Idempotency-Key",
        min_length=8,
        max_length=128,
        pattern=r"^[!-~]+$",
        description="UUID made by the sender; the same key and body give the same answer",
    )


# --- paths ------------------------------------------------------------------------------------------------------------


class TicketPath(Shape):
    ticket: Id


class TokenPath(Shape):
    token: Id


class WindowPath(Shape):
    window: Id


class ZonePath(Shape):
    zone: Id


class TidePath(Shape):
    tide: Id


class BoardPath(Shape):
    board: Id


class DevicePath(Shape):
    device: Id


# --- bodies -----------------------------------------------------------------------------------------------------------


class Empty(Body):
    """No fields."""


#: A ticket's id may stand where its number may ("A012"), so it must not look like one: it has a small letter or a dash.
TicketId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]*[a-z_-][A-Za-z0-9_-]*$", max_length=64)]


#: The time of today's appointment that another system booked, or the id of one that was booked here.
Appointed = Annotated[
    float | str,
    BeforeValidator(_appointment),
    WithJsonSchema({"anyOf": [_DATE_TIME, {"type": "string", "pattern": ID, "maxLength": 64}]}),
]


def _service_or_voucher(schema: dict[str, Any]) -> None:
    """Tell in the schema too that exactly one of the two is wanted."""
    wanted = ("service", "voucher")
    for name in wanted:
        field = schema["properties"][name]
        kind = next(kind for kind in field.pop("anyOf") if kind.get("type") != "null")
        schema["properties"][name] = {**{key: kept for key, kept in field.items() if key != "default"}, **kind}
    schema["oneOf"] = [{"required": [name]} for name in wanted]


class IssueBody(Body):
    """A ticket for a service, or for the result of a voucher."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=_service_or_voucher)

    service: Id | None = Field(default=None, description="wanted, unless a voucher says it")
    id: TicketId | None = Field(default=None, description="made by the device (UUIDv7) before it sends")
    channel: Literal["kiosk", "staff", "phone"] | None = None
    group: Id | None = None
    language: Literal["zh", "en"] = "zh"
    for_window: Id | None = None
    appointment: Appointed | None = Field(
        default=None, description="the time of today's appointment, or the id of one that was booked here"
    )
    item: Id | None = Field(default=None, description="code of the catalogue's item it is for")
    holder: Id | None = Field(default=None, description="handle of the person, from `POST /holders`")
    over_limit: bool = Field(
        default=False, strict=True, description="staff only: beyond the limits of a person; the log tells so"
    )
    voucher: Voucher | None = Field(
        default=None, description="the voucher of a result that is ready, its token or address: a pickup ticket"
    )
    checked: bool = Field(default=False, strict=True, description="staff only: papers are looked through, no pre-check")
    printer: Id | None = Field(default=None, description="a staff printer that prints it")

    @model_validator(mode="after")
    def _is_for_something(self) -> "IssueBody":
        if (self.service is None) == (self.voucher is None):
            raise ValueError("name a service, or show a voucher")
        return self


class ReprintBody(Body):
    printer: Id | None = None


class PrintStateBody(Body):
    state: Literal["queued", "printed", "failed", "unknown"]


class DeviceStatusBody(Body):
    printer: Literal["unreachable", "cover_open", "paper_out", "error", "offline", "near_end", "ready", "unknown"] = (
        Field(description="the device's printer, worst condition first")
    )


def whole(value: Any) -> Any:
    """In JSON 5.0 is the integer 5."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


class CallNextBody(Body):
    finish_current: bool = Field(default=False, strict=True)


class CloseBody(Body):
    standby: bool = Field(default=False, strict=True, description="tidal windows: the clerk stays at hand")


class FinishBody(Body):
    outcome: str | None = Field(default=None, max_length=64)


class PauseBody(Body):
    reason: str | None = Field(default=None, max_length=64)


class TicketBody(Body):
    ticket: Name = Field(description="id, or number of today")


def _exactly_one(schema: dict[str, Any]) -> None:
    """Tell in the schema too that one of the fields is wanted, and that null counts as none."""
    for name, field in schema["properties"].items():
        schema["properties"][name] = next(kind for kind in field["anyOf"] if kind.get("type") != "null")
    schema["oneOf"] = [{"required": [name]} for name in schema["properties"]]


class TransferBody(Body):
    """To a service or to a window, exactly one."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=_exactly_one)

    service: Id | None = None
    window: Id | None = None

    @model_validator(mode="after")
    def _one_target(self) -> "TransferBody":
        if (self.service is None) == (self.window is None):
            raise ValueError("name either service or window")
        return self


def _only_true(value: Any) -> Any:
    """JSON's true, and not 1, which Python takes for the same."""
    if value is not True:
        raise ValueError("true, or leave it out")
    return value


def _one_assignment(schema: dict[str, Any]) -> None:
    """Exactly one of zones, services and home; an end makes no sense for going home."""
    until = schema["properties"].pop("until")
    _exactly_one(schema)
    schema["properties"]["until"] = until
    schema["not"] = {"required": ["home", "until"]}


class AssignBody(Body):
    """Zones, single services, or home again: exactly one; the first two until a moment or for good."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=_one_assignment)

    zones: list[Id] | None = Field(default=None, min_length=1)
    services: list[Id] | None = Field(default=None, min_length=1)
    home: Annotated[Literal[True], BeforeValidator(_only_true)] | None = None
    # Null is refused: the end is either told or left out.
    until: Annotated[float | None, BeforeValidator(_instant), WithJsonSchema(_DATE_TIME)] = None

    @model_validator(mode="after")
    def _one_kind(self) -> "AssignBody":
        if sum(kind is not None for kind in (self.zones, self.services, self.home)) != 1:
            raise ValueError("name exactly one of zones, services and home")
        if self.home and self.until is not None:
            raise ValueError("home is for good; leave until out")
        return self


class SignInBody(Body):
    user: Name
    password: str = Field(min_length=1, max_length=256)
    window: Id | None = None


# --- answers ----------------------------------------------------------------------------------------------------------


class Problem(Shape):
    type: str
    title: str
    status: int
    reason: str
    detail: str
    detail_zh: str
    errors: list[dict[str, Any]] | None = None


class Wait(Shape):
    low_s: int
    high_s: int


class Why(Shape):
    zh: str
    en: str
    detail: str | None = None


class Bilingual(Shape):
    zh: str
    en: str


#: What a priority group was proved by; null: nobody has looked yet.
Proof = Literal["card", "clerk", "refuted"]
State = Literal["waiting", "called", "serving", "held", "done", "no_show", "cancelled"]


class NextStep(Shape):
    """A service that follows in the same visit, with the same number."""

    service: str
    name: str
    name_en: str


class VisitCase(Shape):
    """A case that a visit made, with its citizen's page."""

    number: str
    title: str
    state_name: str
    state_name_en: str
    url: str


class PublicTicket(Shape):
    number: str
    state: State
    business_day: str
    hall: str
    hall_en: str
    zone: str
    zone_name: str
    zone_name_en: str
    zone_colour: str
    area_name: str
    area_name_en: str
    service: str
    service_name: str
    service_name_en: str
    item: str | None
    item_name: str | None
    group: str | None
    proof: Proof | None
    on_time: bool
    channel: str
    language: str
    issued_at: Moment
    ahead: int | None
    wait: Wait | None
    windows: list[str]
    windows_text: str
    windows_text_en: str
    url: str
    window: str | None
    window_name: str | None
    window_name_en: str | None
    called_at: Moment | None
    calls: int
    recalls: int
    started_at: Moment | None
    finished_at: Moment | None
    print: Literal["queued", "printed", "failed", "unknown"] | None
    copies: int
    rating: int | None
    rateable: bool
    hint: str
    hint_en: str
    rating_code: str | None = Field(
        description="wanted for rating at a kiosk by number; only on the citizen's page and for what prints the ticket"
    )
    why: Why | None
    then: list[NextStep] = Field(description="steps that follow, with the same number")
    case: str | None = Field(description="number of the case whose result it is for")
    cases: list[VisitCase] = Field(description="cases that this visit made")


class Ticket(PublicTicket):
    id: str
    masked: str | None
    name: str | None


class QueueRow(Shape):
    id: str
    number: str
    service: str
    service_name: str
    service_name_en: str
    item: str | None
    item_name: str | None
    group: str | None
    proof: Proof | None
    on_time: bool
    issued_at: Moment
    waited_s: int
    state: State


class ServiceName(Shape):
    service: str
    name: str
    name_en: str


class CurrentTicket(QueueRow):
    then: list[ServiceName] = Field(description="the steps of the visit that follow")
    goes_on: ServiceName | None = Field(description="what finishing means now: on to this step; null: the visit ends")
    case: str | None = Field(description="number of the case whose result it is taken for")
    masked: str | None
    name: str | None
    called_at: Moment | None
    started_at: Moment | None
    recalls: int


class NextInLine(Shape):
    number: str
    why: Why


class ExpertCall(Shape):
    """An expert or chief representative who was called to a window and has not been there yet."""

    id: str
    expert: str
    expert_name: str
    expert_name_en: str
    window: str
    window_name: str
    window_name_en: str
    number: str | None
    item_name: str | None
    state: Literal["asked", "taken"]
    asked_at: Moment
    taken_at: Moment | None


class Move(Shape):
    """A move that waits until the ticket at the window has gone."""

    zone: str
    zone_name: str
    zone_name_en: str
    until: Moment | None


class Whereabouts(Shape):
    """Where a window is now."""

    tidal: bool
    zone_now: str
    zone_now_name: str
    zone_now_name_en: str
    until: Moment | None
    standby: bool
    pending: Move | None


class Window(Whereabouts):
    window: str
    name: str
    name_en: str
    number: int
    zone: str
    zone_name: str
    zone_name_en: str
    position: str
    state: Literal["closed", "open", "paused"]
    pause_reason: str | None
    clerk: str | None
    ticket: CurrentTicket | None
    why: Why | None
    waiting: int
    turn: bool
    why_here: Why | None
    services: list[str]
    next: NextInLine | None
    queue: list[QueueRow]
    held: list[QueueRow]
    missed: list[QueueRow]
    recalls_left: int
    done_today: int
    led: dict[str, str]
    settled: list[Settlement] = Field(description="what was settled so far for the ticket at the window; people only")
    experts: list[ExpertCall] = Field(description="experts called to this window")
    wanted: list[ExpertCall] = Field(description="windows that call the expert whose desk this is")
    now: Moment
    seq: int = Field(description="the place in the log that the view shows: of two views the higher one is newer")


class Opening(Shape):
    open: bool
    opens_at: Moment | None
    closes_at: Moment | None


class FirstStep(Shape):
    """Where papers are looked through before the service itself, with the same number."""

    service: str
    name: str
    name_en: str
    area_name: str
    area_name_en: str
    windows_text: str
    windows_text_en: str


class HallService(Opening):
    id: str
    name: str
    name_en: str
    department: str
    department_en: str
    series: str
    kind: Literal["ordinary", "unresolved", "cross_region", "package", "assisted"]
    id_card: Literal["none", "optional", "required"]
    keywords: list[str]
    waiting: int
    ahead: int
    wait: Wait | None
    windows_text: str
    windows_text_en: str
    bookable: bool
    slots_today: bool = Field(description="somebody could still book a place of today")
    precheck: FirstStep | None = Field(description="the first step of a visit for it; not for appointments")


class HallZone(Opening):
    id: str
    name: str
    name_en: str
    mark: str
    letter: str
    colour: str
    floor: int
    area: str
    area_name: str
    area_name_en: str
    waiting: int
    wait: Wait | None
    services: list[HallService]


class PriorityGroup(Shape):
    id: str
    name: str
    name_en: str
    proof: str
    proof_en: str


class HelpKind(Shape):
    id: str
    name: str
    name_en: str


class Today(Shape):
    kind: Literal["workday", "makeup", "weekend", "holiday"]
    market: bool
    name: str = Field(description="of the holiday, or of the one it is worked for; else empty")
    name_en: str


class Hall(Opening):
    id: str
    name: str
    name_en: str
    business_day: str
    timezone: str
    now: Moment
    day: Today
    booking: bool = Field(description="some service takes appointments")
    catalogue: bool = Field(description="whether there are items to look for")
    by_appointment: bool = Field(description="extended hours: shut to everybody but those with an appointment")
    languages: list[str]
    public_url: str | None
    notices: list[Bilingual]
    groups: list[PriorityGroup]
    hint: str
    hint_en: str
    consent: str
    consent_en: str
    assistance: list[HelpKind]
    zones: list[HallZone]


class WindowTicket(Shape):
    number: str
    state: State


class WindowLine(Whereabouts):
    window: str
    name: str
    name_en: str
    position: str
    state: Literal["closed", "open", "paused"]
    clerk: str | None
    ticket: WindowTicket | None
    status: Literal["closed", "paused", "idle", "called", "serving"]
    since_s: int | None
    done_today: int


class Proposal(Shape):
    id: str
    window: str
    window_name: str
    window_name_en: str
    action: Literal["open", "close", "move"]
    zone: str
    zone_name: str
    zone_name_en: str
    why: Why
    at: Moment


class WaitAlarm(Shape):
    service: str
    name: str
    name_en: str
    zone: str
    level: Literal["warn", "alarm"]
    since: Moment
    longest_wait_s: int


class Zone(Shape):
    zone: str
    name: str
    name_en: str
    waiting: int
    longest_wait_s: int | None
    mean_wait_s: int | None
    p90_wait_s: int | None
    served_today: int
    issued_today: int
    open_windows: int
    total_windows: int
    wait: Wait | None
    pressure_s: int | None
    alarms: list[WaitAlarm]
    proposals: list[Proposal]
    windows: list[WindowLine]
    guests: list[WindowLine]
    queue: list[QueueRow]
    held: list[QueueRow]
    missed: list[QueueRow]


TideMode = Literal["automatic", "propose", "manual"]


class TidalWindow(Shape):
    window: str
    name: str
    name_en: str
    number: int
    tidal: bool
    home: str
    home_name: str
    home_name_en: str
    zone: str
    zone_name: str
    zone_name_en: str
    zones: list[str]
    assigned: bool
    state: Literal["closed", "open", "paused"]
    standby: bool
    clerk: str | None
    until: Moment | None
    pending: Move | None
    ticket: WindowTicket | None
    status: Literal["closed", "paused", "idle", "called", "serving"]
    since_s: int | None
    moves_last_hour: int
    why: Why | None


class TideMove(Shape):
    at: Moment
    window: str
    window_name: str
    window_name_en: str
    kind: Literal["help", "home", "open", "close", "move", "revert"]
    from_zone: str
    from_zone_name: str
    from_zone_name_en: str
    to_zone: str
    to_zone_name: str
    to_zone_name_en: str
    why: Why | None


class Pressure(Shape):
    zone: str
    name: str
    name_en: str
    pressure_s: int | None
    since: Moment | None


class TideCosts(Shape):
    moves_today: int
    helping_calls: int
    cost_min: float


class Tides(TideCosts):
    now: Moment
    mode: TideMode
    modes: dict[str, TideMode]
    proposals: list[Proposal]
    windows: list[TidalWindow]
    moves: list[TideMove]
    pressures: list[Pressure]
    alarms: list[WaitAlarm]


class BoardTide(Shape):
    window: str
    window_name: str
    window_name_en: str
    number: int
    zone: str
    zone_name: str
    zone_name_en: str
    zone_colour: str


class BoardZone(Shape):
    id: str
    name: str
    name_en: str
    mark: str
    colour: str
    waiting: int
    wait: Wait | None


class BoardCall(Shape):
    call: int
    seq: int
    ticket_state: State
    number: str
    window: str
    window_number: int
    window_name: str
    window_name_en: str
    zone: str
    zone_name: str
    zone_name_en: str
    zone_colour: str
    area: str
    ticket_zone: str
    ticket_area: str
    language: str
    at: Moment
    kind: Literal["call", "recall", "resume"]


class BoardScreen(Shape):
    width_px: int
    height_px: int
    inches: float


class Board(Shape):
    board: str
    name: str
    name_en: str
    hall: str
    hall_en: str
    now: Moment
    seq: int
    languages: list[str]
    screen: BoardScreen
    distance_m: float
    sound: bool
    area: str
    voice: str | None
    zones: list[BoardZone]
    tides: list[BoardTide]
    calls: list[BoardCall]
    notices: list[Bilingual]


class DeviceSettings(Shape):
    id: str
    kind: str
    settings: dict[str, Any]
    exit_pin_hash: str | None = None


class DeviceReport(Shape):
    device: str
    name: str
    name_en: str
    printer: str
    alarm: Literal["none", "warning", "alarm"]
    since: Moment


class StatsZone(Shape):
    zone: str
    name: str
    name_en: str
    colour: str
    waiting: int
    longest_wait_s: int | None
    mean_wait_s: int | None
    p90_wait_s: int | None
    issued: int
    called: int
    served: int
    no_show: int
    open_windows: int
    total_windows: int
    idle_windows: int
    load: Literal["idle", "normal", "busy", "drowning"]


class StatsQuarter(Shape):
    at: Moment
    issued: int
    called: int
    served: int
    waiting: int
    mean_wait_s: int | None


class StatsService(Shape):
    service: str
    name: str
    name_en: str
    zone: str
    issued: int
    served: int
    waiting: int
    mean_wait_s: int | None
    p90_wait_s: int | None
    mean_service_s: int | None


class StatsWindow(Shape):
    window: str
    name: str
    name_en: str
    zone: str
    state: str
    status: str
    since_s: int | None
    served: int
    mean_service_s: int | None


class Proofs(Shape):
    """What priority groups were proved by; `open`: nobody has looked."""

    card: int
    clerk: int
    refuted: int
    open: int


class OverLimit(Shape):
    number: str
    service: str
    service_name: str
    service_name_en: str
    issued_at: Moment


class PersonLimits(Shape):
    open_per_service: int
    per_day: int


class IdentityFigures(Shape):
    tickets: int = Field(description="issued today")
    named: int = Field(description="of them those in somebody's name, by card or phone number")
    limits: PersonLimits = Field(description="tickets one person may have; 0: any number")
    proofs: Proofs
    over_limit: list[OverLimit]


class Stats(Shape):
    business_day: str
    now: Moment
    zones: list[StatsZone]
    quarters: list[StatsQuarter]
    services: list[StatsService]
    windows: list[StatsWindow]
    devices: list[DeviceReport]
    alarms: list[WaitAlarm]
    tides: TideCosts
    identity: IdentityFigures


class Me(Shape):
    user: str
    name: str = Field(description="as people call them; the user name where the account has no name")
    roles: list[str]
    window: str | None
    department: str | None


class SignedIn(Me):
    token: str


class Colleague(Shape):
    user: str
    name: str


class Staff(Shape):
    """What colleagues are called; whoever is missing is called by the id."""

    staff: list[Colleague]


class Health(Shape):
    status: Literal["ok"]


class Ready(Health):
    business_day: str
    seq: int
