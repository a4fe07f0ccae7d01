"""The cast of the tests: a small hall, its windows, clerks and citizens; builders; given/when/then.

The hall of the cast: two zones and a special window. Services 社保 and 医保 share series A and windows S01 and S02;
企业 has series B and window E01; 税务 has series C and window T01, which also serves 企业. 社保 and 税务 take the ten
minutes that neither gain nor cost a place; 医保 is short business and counts 4 minutes earlier, 企业 5 minutes later.
"""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date, datetime
from unittest.mock import ANY
from zoneinfo import ZoneInfo

from server.core import commands as c
from server.core import events as e
from server.core.decide import decide
from server.core.evolve import evolve, fold
from server.core.model import (
    HallState,
    Plan,
    Rules,
    Service,
    ServiceId,
    Ticket,
    TicketState,
    Timetable,
    Window,
    WindowId,
    ZoneId,
)
from server.core.ordering import Due, credited_at
from server.core.refusals import Reason, Rejected

# --- The hall ---------------------------------------------------------------------------------------------------------

SHANGHAI = ZoneInfo("Asia/Shanghai")
#: A Monday.
TODAY = date(2026, 11, 23)

INSURANCE, MEDICAL, COMPANY, TAX = "soc-ins", "soc-med", "ent-reg", "tax"
S01, S02, E01, T01 = "S01", "S02", "E01", "T01"
LI, WANG, ZHAO = "clerk-li", "clerk-wang", "clerk-zhao"
ELDER = "elder"

#: 8:30–12:00 and 13:30–17:30 from Monday to Friday.
OFFICE_HOURS = Timetable(shifts=(((510, 720), (810, 1050)),) * 5 + ((), ()))


def _service(name: str, zone: str, series: str, mean_min: float) -> Service:
    return Service(
        id=ServiceId(name), zone=ZoneId(zone), series=series, mean_service_s=mean_min * 60, timetable="office"
    )


def _window(name: str, number: int, zone: str, *services: str) -> Window:
    return Window(id=WindowId(name), number=number, zone=ZoneId(zone), services=tuple(map(ServiceId, services)))


SERVICES = (
    _service(INSURANCE, "social", "A", 10),
    _service(MEDICAL, "social", "A", 6),
    _service(COMPANY, "enterprise", "B", 15),
    _service(TAX, "tax", "C", 10),
)
WINDOWS = (
    _window(S01, 1, "social", INSURANCE, MEDICAL),
    _window(S02, 2, "social", INSURANCE, MEDICAL),
    _window(E01, 3, "enterprise", COMPANY),
    _window(T01, 4, "tax", TAX, COMPANY),
)
YANGXIN = Plan(
    hall="yangxin",
    tz=SHANGHAI,
    services={service.id: service for service in SERVICES},
    windows={window.id: window for window in WINDOWS},
    timetables={"office": OFFICE_HOURS},
    groups=frozenset({ELDER, "soldier"}),
    rules=Rules(),
)
#: The tidal hall: the same with two tidal windows of 社保's zone and a company window that may lend 社保 a hand.
#: 潮1 may help 企业 and 税务, 潮2 only 企业; E02 takes insurance tickets by the thresholds of windows that do not move.
TS1, TS2, E02 = "TS1", "TS2", "E02"
TIDAL_HALL = replace(
    YANGXIN,
    windows={
        **YANGXIN.windows,
        E02: replace(_window(E02, 5, "enterprise", COMPANY), may_help=(ServiceId(INSURANCE),)),
        TS1: replace(
            _window(TS1, 21, "social", INSURANCE, MEDICAL), may_help=(ServiceId(COMPANY), ServiceId(TAX)), tidal=True
        ),
        TS2: replace(_window(TS2, 22, "social", INSURANCE, MEDICAL), may_help=(ServiceId(COMPANY),), tidal=True),
    },
    zone_names={
        "social": ("社会事务", "Social Affairs"),
        "enterprise": ("企业事务", "Business"),
        "tax": ("税务", "Tax"),
    },
)
#: The demo: open at any hour.
ALWAYS_OPEN = replace(YANGXIN, always_open=True)


def at(clock: str, day: date = TODAY, zone: ZoneInfo = SHANGHAI) -> float:
    """A time of the hall's clock ("9:23" or "9:23:30") in seconds UTC."""
    hour, minute, second = (*map(int, clock.split(":")), 0)[:3]
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=zone).timestamp()


# --- What has happened ------------------------------------------------------------------------------------------------


def id_of(number: str) -> str:
    """The device's id of the ticket that got this number."""
    return f"id-{number.lower()}"


def day_opened(clock: str = "8:00", day: date = TODAY) -> e.DayOpened:
    """The business day has begun."""
    return e.DayOpened(at=at(clock, day), business_day=day.isoformat())


def opened(window: str, clerk: str | None = None, clock: str = "8:25") -> e.WindowOpened:
    """A clerk sits there."""
    return e.WindowOpened(at=at(clock), window=window, clerk=clerk)


def paused(window: str, clock: str = "8:40") -> e.WindowPaused:
    """The clerk is away for a while."""
    return e.WindowPaused(at=at(clock), window=window, reason="tea")


def closed(window: str, clock: str = "8:40") -> e.WindowClosed:
    """The clerk has left."""
    return e.WindowClosed(at=at(clock), window=window)


def a_ticket(
    number: str,
    clock: str = "9:00",
    service: str | None = None,
    group: str | None = None,
    for_window: str | None = None,
    device: str | None = None,
) -> e.TicketIssued:
    """A citizen has taken a number; the service is the first one of the number's letter unless told."""
    chosen = next(s for s in SERVICES if (s.id == service if service else s.series == number[0]))
    moment = at(clock)
    return e.TicketIssued(
        at=moment,
        ticket=id_of(number),
        number=number,
        series=chosen.series,
        service=chosen.id,
        zone=chosen.zone,
        credited_at=credited_at(YANGXIN, HallState(), chosen.id, Due(moment), group),
        due_at=moment,
        group=group,
        for_window=for_window,
        device=device,
    )


def called(number: str, window: str = S01, clock: str = "9:10") -> e.TicketCalled:
    """A window has called a number; why is of no account."""
    return e.TicketCalled(at=at(clock), ticket=id_of(number), window=window, why=ANY)


def started(number: str, window: str = S01, clock: str = "9:11") -> e.ServiceStarted:
    """The citizen sits at the window."""
    return e.ServiceStarted(at=at(clock), ticket=id_of(number), window=window)


def finished(number: str, window: str = S01, clock: str = "9:20", outcome: str | None = None) -> e.ServiceFinished:
    """Done at the window."""
    return e.ServiceFinished(at=at(clock), ticket=id_of(number), window=window, outcome=outcome)


def held(number: str, window: str = S01, clock: str = "9:15") -> e.TicketHeld:
    """Set aside."""
    return e.TicketHeld(at=at(clock), ticket=id_of(number), window=window)


def missed(number: str, window: str = S01, clock: str = "9:15") -> e.TicketMissed:
    """Nobody came."""
    return e.TicketMissed(at=at(clock), ticket=id_of(number), window=window)


def cancelled(number: str, clock: str = "9:15", reason: str = "citizen") -> e.TicketCancelled:
    """Given up."""
    return e.TicketCancelled(at=at(clock), ticket=id_of(number), reason=reason)


def transferred(
    number: str, service: str, window: str = S01, clock: str = "9:15", *, due: str = "9:00", to: str | None = None
) -> e.TicketTransferred:
    """Sent to another service or window; `due` is when it was taken."""
    zone = YANGXIN.services[service].zone
    return e.TicketTransferred(
        at=at(clock),
        ticket=id_of(number),
        window=window,
        service=service,
        zone=zone,
        credited_at=credited_at(YANGXIN, HallState(), service, Due(at(due)), None),
        for_window=to,
    )


#: How A001, taken at 9:00, came to be in each state; S01 has it where somebody has.
STORY_OF: dict[TicketState, tuple[e.Event, ...]] = {
    TicketState.WAITING: (a_ticket("A001"),),
    TicketState.CALLED: (a_ticket("A001"), called("A001")),
    TicketState.SERVING: (a_ticket("A001"), called("A001"), started("A001")),
    TicketState.HELD: (a_ticket("A001"), called("A001"), held("A001")),
    TicketState.DONE: (a_ticket("A001"), called("A001"), started("A001"), finished("A001")),
    TicketState.NO_SHOW: (a_ticket("A001"), called("A001"), missed("A001")),
    TicketState.CANCELLED: (a_ticket("A001"), cancelled("A001")),
}

#: The morning of the cast: the day is open, Li at S01 and Wang at S02.
MORNING: tuple[e.Event, ...] = (day_opened(), opened(S01, LI), opened(S02, WANG))


# --- Given, when, then ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command came to."""

    before: HallState
    state: HallState
    events: Sequence[e.Event] | None
    refusal: Rejected | None

    def then(self, *events: e.Event) -> HallState:
        """It made exactly these events; gives the state after them."""
        assert self.refusal is None, f"refused: {self.refusal} {self.refusal and self.refusal.fields}"
        assert self.events == list(events)
        return self.state

    def refused(self, reason: Reason) -> Rejected:
        """It was refused for this reason and changed nothing."""
        assert self.refusal is not None, f"not refused: {self.events}"
        assert self.refusal.reason is reason
        assert self.state == self.before
        return self.refusal

    def ticket(self, number: str = "A001") -> Ticket:
        """A ticket after the command."""
        return self.state.tickets[id_of(number)]


@dataclass(frozen=True, slots=True)
class Given:
    """A hall with a past."""

    state: HallState
    plan: Plan

    def when(self, command: c.Command) -> Outcome:
        """Judge a command and apply what it makes."""
        before = deepcopy(self.state)
        try:
            events = decide(self.plan, self.state, command)
        except Rejected as refusal:
            return Outcome(before, self.state, None, refusal)
        assert self.state == before, "deciding must not change the state"
        for event in events:
            evolve(self.state, event)
        return Outcome(before, self.state, events, None)


def given(*events: e.Event, plan: Plan = YANGXIN) -> Given:
    """A hall in which these things have happened."""
    return Given(fold(events), plan)


class Day:
    """A hall that is told commands one after the other, as a clerk would: `day.call_next(S01, "9:10")`."""

    def __init__(self, *events: e.Event, plan: Plan = YANGXIN) -> None:
        self.plan = plan
        self.log: list[e.Event] = list(events)
        self.state = fold(events)

    def do(self, command: c.Command) -> list[e.Event]:
        """Decide, apply, remember."""
        events = decide(self.plan, self.state, command)
        for event in events:
            evolve(self.state, event)
        self.log += events
        return events

    def take(self, clock: str, service: str = INSURANCE, group: str | None = None, slot: str | None = None) -> str:
        """A citizen takes a ticket, perhaps for an appointment; gives its number."""
        ticket = f"citizen-{len(self.log)}"
        slot_at = None if slot is None else at(slot)
        self.do(c.Issue(at=at(clock), ticket=ticket, service=service, group=group, slot_at=slot_at))
        return self.state.tickets[ticket].number

    def ticket(self, number: str) -> Ticket:
        """A ticket by its number."""
        return self.state.tickets[self.state.numbers[number]]

    def open(self, *windows: str, clock: str = "8:30") -> None:
        """Clerks sit down."""
        for window in windows:
            self.do(c.OpenWindow(at=at(clock), window=window, clerk=f"clerk of {window}"))

    def standby(self, *windows: str, clock: str = "8:30") -> None:
        """Clerks are at hand and their windows closed."""
        for window in windows:
            self.do(c.CloseWindow(at=at(clock), window=window, standby=True, clerk=f"clerk of {window}"))

    def watch(self, clock: str) -> list[e.Event]:
        """The hall looks after itself."""
        return self.do(c.Watch(at=at(clock)))

    def watch_every(self, step_s: int, start: str, end: str) -> list[e.Event]:
        """The same from start to end, every so many seconds."""
        events: list[e.Event] = []
        moment = at(start)
        while moment <= at(end):
            events += self.do(c.Watch(at=moment))
            moment += step_s
        return events

    def restart(self) -> None:
        """The server restarts: what it knows is what the log says, and that is what it knew."""
        state = fold(self.log)
        assert state == self.state
        self.state = state

    def call_next(self, window: str, clock: str) -> str | None:
        """The window calls; gives the number that came."""
        events = self.do(c.CallNext(at=at(clock), window=window, finish_current=True))
        calls = [event for event in events if isinstance(event, e.TicketCalled)]
        return self.state.tickets[calls[0].ticket].number if calls else None

    def line(self, window: str) -> list[str]:
        """The numbers a window would call, in order, found by really calling them on a copy of this day."""
        copy = Day(plan=self.plan)
        copy.state = deepcopy(self.state)
        numbers = []
        while events := copy.do(c.CallNext(at=copy.state.last_at, window=window, finish_current=True)):
            numbers += [copy.state.tickets[x.ticket].number for x in events if isinstance(x, e.TicketCalled)]
            if not any(isinstance(x, e.TicketCalled) for x in events):
                break
        return numbers
