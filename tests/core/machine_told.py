"""What the machine knows of the hall: how it tells it things, and the rules told a second time."""

import re
from dataclasses import fields, replace
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from server.core import commands as c
from server.core import events as e
from server.core.affairs import AppointmentState
from server.core.appointments import AppointmentMissed
from server.core.calendar import business_day
from server.core.decide import decide
from server.core.evolve import evolve, fold
from server.core.model import (
    AlarmLevel,
    CaseRules,
    HallState,
    MoveKind,
    Plan,
    ScheduledMove,
    ServiceId,
    SlotGrid,
    Ticket,
    TicketState,
    TideMode,
    Window,
    WindowId,
    WindowStatus,
    ZoneId,
)
from server.core.refusals import Rejected
from server.log.records import decode, encode
from tests.cast import INSURANCE, MEDICAL, SHANGHAI, TIDAL_HALL, TS1, at

S = TicketState
AT_WINDOW = (S.CALLED, S.SERVING)
OPEN = (S.WAITING, *AT_WINDOW, S.HELD)

#: Two people an hour by appointment for insurance.
PLACES, ABSENCES = 2, 3
BOOKABLE = replace(TIDAL_HALL.services[INSURANCE], slots=(SlotGrid(frozenset(range(7)), 480, 1260, 60, PLACES),))
#: Papers for 医保 are looked through at P01 first.
PRE, P01 = "soc-pre", "P01"
PRECHECK = replace(TIDAL_HALL.services[MEDICAL], id=ServiceId(PRE), series="P", mean_service_s=180)
CHECKED = replace(TIDAL_HALL.services[MEDICAL], precheck=ServiceId(PRE))
DESK = Window(id=WindowId(P01), number=30, zone=ZoneId("social"), services=(ServiceId(PRE),))
ALWAYS_OPEN = replace(
    TIDAL_HALL,
    always_open=True,
    services={**TIDAL_HALL.services, INSURANCE: BOOKABLE, PRE: PRECHECK, MEDICAL: CHECKED},
    windows={**TIDAL_HALL.windows, P01: DESK},
    # Short clocks, so that much is late.
    cases=CaseRules(urgent_s=60, promised_s=300, default_days=2, collect_s=3600, post_s=1800),
)
HOUR_S, SNOOZE_S = 3600, 900
#: Every weekday from eleven to half past the first tidal window is with the companies.
TIMETABLE = ScheduledMove(WindowId(TS1), ZoneId("enterprise"), frozenset(range(7)), 660, 690)

some_window = st.sampled_from(list(ALWAYS_OPEN.windows))
some_service = st.sampled_from(list(ALWAYS_OPEN.services))
some_zone = st.sampled_from(["social", "enterprise", "tax"])
some_services = st.lists(some_service, max_size=3, unique=True).map(tuple)
some_ticket = st.integers(0, 40)
some_leader = st.sampled_from(["li", "wang", "chen"])


def snapshot(state: HallState) -> dict[str, Any]:
    """A copy of the state; its records are frozen, so copying the containers is enough."""
    return {f.name: v.copy() if isinstance(v := getattr(state, f.name), dict | list) else v for f in fields(HallState)}


def check_comparison(reason: str, number: str) -> None:
    """Where a reason compares two times, the called ticket's is the earlier one, or they are told in the same minute."""
    clauses = re.split("[；，](?=[A-Z][0-9])", reason.removesuffix(f"；所以先叫 {number}"))
    if len(clauses) < 2 or not clauses[1][0].isalpha():
        return
    # The last time of a clause is the one that counts: 9:23 取号视同 8:38.
    ours, theirs = (re.findall(r"(\d+):(\d\d)", clause)[-1] for clause in clauses[:2])
    assert tuple(map(int, ours)) <= tuple(map(int, theirs)), reason


class HallTold(RuleBasedStateMachine):
    """The tidal hall of the cast, open round the clock, told commands and looked at."""

    def __init__(self) -> None:
        super().__init__()
        self.plan = ALWAYS_OPEN
        self.state = HallState()
        self.log: list[e.Event] = []
        self.clock = at("9:00")
        self.made = 0
        #: Tickets of today that were put behind others for missing their call: those may be passed.
        self.put_back: set[str] = set()
        self.seen: tuple[int, Plan] | None = None

    def check_invariants(self, *arguments: Any) -> None:
        """After what changed the hall; a refusal changes nothing, which `do` sees to."""
        now = len(self.log), self.plan
        if self.seen is None or self.seen[0] != now[0] or self.seen[1] is not now[1]:
            self.seen = now
            super().check_invariants(*arguments)

    # --- telling the hall ---------------------------------------------------------------------------------------------

    def do(self, command: c.Command) -> list[e.Event] | None:
        """Give one command; None if it was refused. Judging must not change the state."""
        before = snapshot(self.state)
        try:
            events = decide(self.plan, self.state, command)
        except Rejected:
            assert snapshot(self.state) == before, "a refusal changed the hall"
            return None
        assert snapshot(self.state) == before, "deciding changed the hall"
        for event in events:
            self.watch(event)
            self.watch_appointment(event)
            evolve(self.state, event)
            self.log.append(event)
        return events

    def now(self) -> float:
        """The hall's time, as the running hall reads it, after opening the day if the date has changed."""
        moment = max(self.clock, self.state.last_at)
        if (today := business_day(moment, SHANGHAI)) > self.state.business_day:
            left = {t.id for t in self.state.tickets.values() if t.state in OPEN}
            was_open = self.state.day_open
            events = self.do(c.OpenDay(at=moment, business_day=today)) or []
            closed = [x.ticket for x in events if isinstance(x, e.TicketCancelled | e.ServiceFinished)]
            assert sorted(closed) == sorted(left), "yesterday's tickets are closed once each"
            assert [type(x) for x in events][-2:] == [e.DayClosed, e.DayOpened][not was_open :]
            self.put_back.clear()
        return moment

    def pick(self, n: int, *states: TicketState) -> str:
        """One of today's tickets in these states (in any, if none is named), or one that nobody has."""
        tickets = [t.id for t in self.state.tickets.values() if not states or t.state in states]
        return tickets[n % len(tickets)] if tickets else "nobody"

    def busy(self) -> list[str]:
        """Windows with a ticket."""
        return [w for w in self.plan.windows if self.state.window(w).ticket is not None]

    def free(self) -> list[str]:
        """Open windows without one."""
        return [w for w in self.plan.windows if self.state.window(w).idle_since is not None]

    def any_in(self, *states: TicketState) -> bool:
        return any(t.state in states for t in self.state.tickets.values())

    def watch(self, event: e.Event) -> None:
        """Look at an event before it is applied."""
        if isinstance(event, e.TicketCalled):
            ticket = self.state.tickets[event.ticket]
            window = self.state.window(event.window)
            assert window.status is WindowStatus.OPEN
            assert ticket.state is S.WAITING or (event.by_hand and ticket.state is S.NO_SHOW)
            assert ticket.number in event.why.zh
            assert ticket.number in event.why.en
            if not event.by_hand:
                self.check_nobody_was_passed(event.window, ticket, event.at)
                if business_day(ticket.credited_at, SHANGHAI) == self.state.business_day:
                    check_comparison(event.why.zh, ticket.number)
                self.check_who_moved(event, ticket)
        elif isinstance(event, e.WindowOpened | e.WindowClosed) and event.why is not None:
            window = self.state.window(event.window)
            assert self.plan.windows[event.window].tidal
            assert window.ticket is None
            opens = isinstance(event, e.WindowOpened)
            assert window.status is (WindowStatus.CLOSED if opens else WindowStatus.OPEN)
        elif isinstance(event, e.TideProposed):
            what = event.window, event.action, event.zone
            assert event.tide not in self.state.tides
            assert what not in [(t.window, t.action.value, t.zone) for t in self.state.tides.values()]
            assert event.at - self.state.dismissed.get(what, -SNOOZE_S) >= SNOOZE_S
        elif isinstance(event, e.WaitAlarmRaised):
            known = self.state.alarms.get(event.service)
            assert known is None or (known.level, event.level) == (AlarmLevel.WARN, AlarmLevel.ALARM)
        elif isinstance(event, e.WaitAlarmCleared):
            assert event.service in self.state.alarms
        elif isinstance(event, e.TicketResumed):
            assert self.state.tickets[event.ticket].state is S.HELD
        elif isinstance(event, e.TicketIssued):
            assert event.ticket not in self.state.tickets

    def watch_appointment(self, event: e.Event) -> None:
        """Nobody is given up before he is late."""
        if isinstance(event, AppointmentMissed):
            kept = self.state.appointments[event.appointment]
            assert kept.state is AppointmentState.BOOKED
            assert event.at - kept.slot_at >= self.plan.rules.appointment_late_s

    # --- the rules, told a second time ----------------------------------------------------------------------------------

    def reserved(self, ticket: Ticket) -> str | None:
        """The window a ticket waits for, while that is not closed."""
        target = ticket.for_window
        return target if target and self.state.window(target).status is not WindowStatus.CLOSED else None

    def here(self, window: str) -> set[str]:
        """What a window serves where it is: what it was told, else its own, else all it may take in that zone."""
        planned, at_window = self.plan.windows[window], self.state.window(window)
        if at_window.services is not None:
            return set(at_window.services)
        if at_window.zone is None:
            return set(planned.services)
        known = {*planned.services, *planned.may_help}
        return {s for s in known if self.plan.services[s].zone == at_window.zone}

    def takes(self, window: str, ticket: Ticket) -> bool:
        """Whether a window takes a ticket where it is now."""
        reserved = self.reserved(ticket)
        return reserved == window if reserved is not None else ticket.service in self.here(window)

    def has_free_window(self, ticket: Ticket) -> bool:
        """Whether somebody sits idle who takes the ticket where he is."""
        return any(self.takes(window, ticket) for window in self.free())

    def may_go(self, window: str, zone: str, now: float) -> bool:
        """Whether a window may help a zone: one that people moved never, home always, else so often an hour."""
        planned, at_window = self.plan.windows[window], self.state.window(window)
        if not planned.tidal:
            return True
        if at_window.services is not None:
            return False
        moves = [m for m in self.state.moves if m.window == window and m.from_zone != m.to_zone and m.at > now - HOUR_S]
        moves = [m for m in moves if m.kind is not MoveKind.CLOSE]
        is_automatic = self.plan.tides.mode_of(planned.zone) is TideMode.AUTOMATIC
        return zone == planned.zone or (is_automatic and len(moves) < self.plan.tides.moves_per_hour)

    def expected_next(self, window: str, now: float) -> Ticket | None:
        """Who comes next at a window: the earliest it takes, or one elsewhere who has waited and counts much earlier."""
        tides, planned = self.plan.tides, self.plan.windows[window]
        after, leave = (
            (tides.help_after_s, tides.leave_for_s) if planned.tidal else (tides.cross_after_s, tides.cross_leave_s)
        )
        waiting = sorted(self.waiting(), key=lambda t: (t.credited_at, t.entry))
        best = next((t for t in waiting if self.takes(window, t)), None)
        told = self.state.window(window).services is not None
        away = {*(() if told else planned.services), *planned.may_help} - self.here(window)
        firsts: dict[str, Ticket] = {}
        for ticket in waiting:
            if ticket.service in away and self.reserved(ticket) is None:
                # Of a line only its first; whoever waited for a window that closed is a line of his own.
                firsts.setdefault(ticket.id if ticket.for_window else ticket.service, ticket)
        ripe = [t for t in firsts.values() if now - t.due_at >= after and self.may_go(window, t.zone, now)]
        # A free window of its own has a minute to call it first.
        ripe = [t for t in ripe if t.for_window or now - t.spells[-1] >= 60 or not self.has_free_window(t)]
        helped = min(ripe, key=lambda t: (t.credited_at, t.entry), default=None)
        if helped is not None and (best is None or helped.credited_at + leave <= best.credited_at):
            return helped
        return best

    def credit(self, ticket: Ticket) -> float:
        rules, service = self.plan.rules, self.plan.services[ticket.service]
        most = rules.short_credit_max_s
        short = max(-most, min(most, rules.short_service_s - self.state.means.get(service.id, service.mean_service_s)))
        group = rules.priority_credit_s if ticket.group else 0.0
        return short + group + (rules.appointment_credit_s if ticket.on_time else 0.0)

    def check_nobody_was_passed(self, window: str, chosen: Ticket, now: float) -> None:
        """The earliest of those taken here, or help by the thresholds; first come first served among equals; nobody
        passed by anyone issued later than the credits differ."""
        order = {ticket_id: n for n, ticket_id in enumerate(self.state.tickets)}
        helps = not self.takes(window, chosen)
        for other in self.state.tickets.values():
            if other.state is not S.WAITING or other.id == chosen.id or not self.takes(window, other):
                continue
            margin = 0.0
            if helps:
                tides = self.plan.tides
                margin = tides.leave_for_s if self.plan.windows[window].tidal else tides.cross_leave_s
            assert chosen.credited_at + margin <= other.credited_at, f"{chosen.number} passed {other.number}"
            if {chosen.id, other.id} & self.put_back:
                continue
            assert chosen.due_at - other.due_at <= self.credit(chosen) - self.credit(other) + 1e-6
        ordinary = [t for t in self.waiting() if (t.group, t.on_time, t.transfers) == (None, False, 0)]
        if chosen.id in self.put_back or (chosen.group, chosen.on_time, chosen.transfers) != (None, False, 0):
            return
        for other in ordinary:
            same_line = other.service == chosen.service and other.for_window == chosen.for_window is None
            if same_line and other.id not in self.put_back and other.id != chosen.id:
                assert order[chosen.id] < order[other.id], f"{chosen.number} passed {other.number}"

    def check_who_moved(self, event: e.TicketCalled, ticket: Ticket) -> None:
        """A call moves only a tidal window that nobody told where to be, and only so often in an hour."""
        window, planned = self.state.window(event.window), self.plan.windows[event.window]
        if event.zone != window.zone:
            assert planned.tidal
            assert window.services is None
            assert ticket.for_window != event.window
            assert event.zone is None or self.may_go(event.window, event.zone, event.at)
        assert event.helping <= (ticket.zone != planned.zone)

    def come(self, services: list[str], group: str | None, seconds: int) -> None:
        for service in services:
            self.made += 1
            command = c.Issue(at=self.now(), ticket=f"t{self.made}", service=service, group=group, printer="p")
            (event,) = self.do(command) or [None]
            assert isinstance(event, e.TicketIssued)
            assert self.do(command) == [], "the same tap twice"
            group = None
            self.clock += seconds

    def waiting(self) -> list[Ticket]:
        return [t for t in self.state.tickets.values() if t.state is S.WAITING]

    def todays(self) -> list[e.Event]:
        """The log since the last opening."""
        opened = [n for n, event in enumerate(self.log) if isinstance(event, e.DayOpened)]
        return self.log[opened[-1] if opened else 0 :]

    def from_bytes(self) -> list[e.Event]:
        """The log, written and read again."""
        return [decode(*encode(event), event.at) for event in self.log]

    def check_replay(self) -> None:
        """Folding the log from the beginning, and from the last opening, gives the state; the bytes give the log."""
        read = self.from_bytes()
        assert read == self.log
        opened = [n for n, event in enumerate(read) if isinstance(event, e.DayOpened)]
        assert fold(read) == self.state
        assert fold(read[opened[-1] if opened else 0 :]) == self.state

    def teardown(self) -> None:
        """However the day went, it can be replayed, and its end closes everything once."""
        self.check_replay()
        if self.state.day_open:
            self.do(c.CloseDay(at=max(self.clock, self.state.last_at)))
            assert not [t for t in self.state.tickets.values() if t.state in OPEN]
            assert all(w.ticket is None for w in self.state.windows.values())
            assert self.do(c.CloseDay(at=self.state.last_at)) is None
            self.check_replay()
