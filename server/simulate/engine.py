"""A day through the real hall on a virtual clock: the hall's own commands, decided and applied by its own core.

No queue logic of its own. Clerks press call-next as soon as it is their turn; a policy of the peers (`policies`) calls
its choice by number instead. Times inside are seconds from local midnight, the core's are seconds UTC.
"""

import heapq
import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from functools import partial

from server.core import commands as c
from server.core import events as e
from server.core.decide import decide
from server.core.dispatch import home_of, idle_windows, next_for
from server.core.evolve import evolve
from server.core.model import HallState, Plan, TicketState, TideMode, Timetable, Why
from server.core.refusals import Rejected
from server.simulate.policies import Policy
from server.simulate.results import DayResult, Leg, Moment, Move
from server.simulate.visits import Shift, Visit

#: The day that is played: a Monday without holidays. Timetables of the hall file are read for it.
DAY = date(2026, 11, 23)
WATCH_EVERY_S = 10.0
DAY_S = 86_400.0

#: What happens at a window and may move it.
_AtWindow = e.TicketCalled | e.ServiceFinished | e.TicketTransferred | e.TicketMissed | e.WindowEvent
#: Asks for the estimate of a ticket just issued: the hall, its id, now. Seconds: expected, low, high, and the naive one.
Estimator = Callable[["SimulatedDay", str, float], tuple[float, float, float, float] | None]


@dataclass(frozen=True, slots=True)
class Pace:
    """How people move, in seconds: from a call to the window, between the legs of a visit, waiting for a no-show."""

    walk_s: float = 0.0
    between_legs_s: float = 120.0
    no_show_hold_s: float = 60.0


def shifts_of_plan(plan: Plan, day: date = DAY) -> list[Shift]:
    """The roster that the hall file's timetables make."""
    return [
        Shift(window.id, start * 60.0, end * 60.0)
        for window in plan.windows.values()
        if window.timetable is not None
        for start, end in plan.timetables[window.timetable].shifts[day.weekday()]
    ]


def with_roster(plan: Plan, shifts: Sequence[Shift]) -> Plan:
    """The plan with every window's clerk there as the roster says, so that estimates know who goes to lunch."""
    spans: dict[str, list[tuple[int, int]]] = {window: [] for window in plan.windows}
    for shift in sorted(shifts, key=lambda s: s.from_s):
        spans[shift.window].append((int(shift.from_s // 60), -int(-shift.to_s // 60)))
    tables = {f"roster {own}": Timetable(shifts=(tuple(own),) * 7) for own in spans.values()}
    windows = {w: replace(window, timetable=f"roster {spans[w]}") for w, window in plan.windows.items()}
    return replace(plan, windows=windows, timetables={**plan.timetables, **tables}, always_open=True)


@dataclass(slots=True)
class _Running:
    """A leg that is under way."""

    visit: Visit
    leg: Leg
    ready_s: float = 0.0


@dataclass(slots=True, eq=False)
class SimulatedDay:
    """One hall for one day. `commands` keeps everything that was sent, for those who want to send it elsewhere."""

    plan: Plan
    policy: Policy
    visits: Sequence[Visit]
    shifts: Sequence[Shift]
    pace: Pace = field(default_factory=Pace)
    estimator: Estimator | None = None
    day: date = DAY
    #: Told how many have arrived.
    progress: Callable[[int], None] = lambda arrived: None
    state: HallState = field(default_factory=HallState)
    commands: list[c.Command] = field(default_factory=list)
    events: list[e.Event] = field(default_factory=list)
    _due: list[tuple[float, int, Callable[[float], None]]] = field(default_factory=list)
    _count: "itertools.count[int]" = field(default_factory=itertools.count)
    _running: dict[str, _Running] = field(default_factory=dict)
    _legs: list[Leg] = field(default_factory=list)
    _moves: list[Move] = field(default_factory=list)
    _moments: list[Moment] = field(default_factory=list)
    _busy_until: dict[str, float] = field(default_factory=dict)
    _leaving: set[str] = field(default_factory=set)
    _on_duty: dict[str, float] = field(default_factory=dict)
    _worked_until: dict[str, float] = field(default_factory=dict)
    _open_s: float = 0.0
    _busy_s: float = 0.0
    _to_come: int = 0
    _midnight: float = 0.0

    # --- the day ------------------------------------------------------------------------------------------------------

    def run(self) -> DayResult:
        """Play the day to its end."""
        self._midnight = datetime.combine(self.day, time(), self.plan.tz).timestamp()
        first = min([0.0, *(v.at_s for v in self.visits), *(s.from_s for s in self.shifts)])
        self.send(c.OpenDay(at=self.utc(first), business_day=self.day.isoformat()))
        self.policy.begin(self)
        closing_s = max((shift.to_s for shift in self.shifts), default=DAY_S)
        closing_of: dict[str, float] = {}
        for shift in self.shifts:
            zone = self.plan.windows[shift.window].zone
            closing_of[zone] = max(shift.to_s, closing_of.get(zone, 0.0))
        for shift in self.shifts:
            self._at(shift.from_s, partial(self._come, shift.window))
            # Those who work to the end of the day stay until nobody waits.
            if shift.to_s < closing_of[self.plan.windows[shift.window].zone]:
                self._at(shift.to_s, partial(self._go, shift.window))
        for visit in self.visits:
            self._at(visit.at_s, partial(self._arrive, visit))
        self._to_come = len(self.visits)
        begins_s = min((shift.from_s for shift in self.shifts), default=0.0)
        self._at(begins_s, self._watch)
        last_s = max([closing_s, *(v.at_s for v in self.visits)]) + DAY_S / 4
        now_s = 0.0
        while self._due and (now_s := self._due[0][0]) <= last_s:
            _, _, act = heapq.heappop(self._due)
            act(now_s)
            idle = self._clerks(now_s)
            self._moments.append(Moment(now_s, len(self.state.waiting), idle))
        for window in list(self._on_duty):
            self._off_duty(window, max(closing_s, self._worked_until.get(window, 0.0)))
        self.send(c.CloseDay(at=self.utc(max(now_s, closing_s))))
        for running in self._running.values():
            running.leg.outcome = "day_end"
        return DayResult(
            self.plan.hall, self.policy.name, self._legs, self._moves, self._moments, self._open_s, self._busy_s
        )

    def utc(self, at_s: float) -> float:
        """Seconds of the day → seconds UTC."""
        return self._midnight + at_s

    def send(self, command: c.Command) -> list[e.Event]:
        """Give the hall a command; raises `Rejected` like the hall itself."""
        events = decide(self.plan, self.state, command)
        self.commands.append(command)
        for event in events:
            self._note(event)
            evolve(self.state, event)
        self.events += events
        return events

    def _at(self, at_s: float, act: Callable[[float], None]) -> None:
        heapq.heappush(self._due, (at_s, next(self._count), act))

    # --- clerks -------------------------------------------------------------------------------------------------------

    def _come(self, window: str, now_s: float) -> None:
        self._leaving.discard(window)
        if window in self._on_duty:
            return
        self._on_duty[window] = now_s
        self.send(c.OpenWindow(at=self.utc(now_s), window=window, clerk=window))

    def _go(self, window: str, now_s: float) -> None:
        """The clerk leaves, after the ticket at the window; not where the next shift follows at once."""
        if window not in self._on_duty or any(s.window == window and s.from_s <= now_s < s.to_s for s in self.shifts):
            return
        if self.state.window(window).ticket is not None:
            self._leaving.add(window)
            return
        self._leaving.discard(window)
        self._off_duty(window, now_s)
        self.send(c.CloseWindow(at=self.utc(now_s), window=window))

    def _off_duty(self, window: str, now_s: float) -> None:
        self._open_s += now_s - self._on_duty.pop(window)

    def _clerks(self, now_s: float) -> int:
        """Everybody whose turn it is calls; how many stay idle."""
        idle = 0
        for window in idle_windows(self.plan, self.state):
            free = self._busy_until.get(window, 0.0) <= now_s
            if not (free and self.state.waiting and self._call(window, now_s)):
                idle += 1
        return idle

    def _call(self, window: str, now_s: float) -> bool:
        at = self.utc(now_s)
        if self.policy.chooses:
            ticket = self.policy.choose(self, window)
            if ticket is None:
                return False
            called = self.send(c.CallTicket(at=at, window=window, ticket=ticket))
        else:
            # Asking first keeps thousands of empty call-nexts out of the record; the answer is the same.
            if next_for(self.plan, self.state, window, at) is None:
                return False
            called = self.send(c.CallNext(at=at, window=window))
        for event in called:
            if isinstance(event, e.TicketCalled):
                self._called(window, event.ticket, now_s, helps=event.helping, switches=event.switching)
        return True

    def _called(self, window: str, called: str, now_s: float, *, helps: bool, switches: bool) -> None:
        running = self._running[called]
        leg = running.leg
        leg.called_s, leg.window, leg.helped, leg.switched = now_s, window, helps, switches
        setup_s = self.plan.tides.help_cost_s if switches else 0.0
        if running.visit.no_show and leg.leg == 0:
            hold_s = setup_s + self.pace.no_show_hold_s
            self._at(now_s + hold_s, lambda now: self._missed(window, called, now, hold_s))
            return
        begins_s = max(now_s + setup_s + self.pace.walk_s, running.ready_s)
        self._at(begins_s, lambda now: self._serve(window, called, now))

    def _missed(self, window: str, ticket: str, now_s: float, hold_s: float) -> None:
        self.send(c.MarkNoShow(at=self.utc(now_s), window=window))
        running = self._running.pop(ticket)
        running.leg.outcome = "no_show"
        self._free(window, now_s, hold_s)

    def _serve(self, window: str, ticket: str, now_s: float) -> None:
        self.send(c.Start(at=self.utc(now_s), window=window))
        running = self._running[ticket]
        running.leg.started_s = now_s
        visit, leg = running.visit, running.leg
        length_s = visit.service_s if leg.leg == 0 else (visit.next_service_s or 0.0)
        if leg.leg == 0 and visit.next_service == leg.service:
            # Nobody is sent from a service to the same one: the window goes on.
            length_s += visit.next_service_s or 0.0
        self._at(now_s + length_s, lambda now: self._finish(window, ticket, now))

    def _finish(self, window: str, ticket: str, now_s: float) -> None:
        running = self._running[ticket]
        leg, visit = running.leg, running.visit
        leg.finished_s = now_s
        assert leg.called_s is not None
        busy_s = now_s - leg.called_s
        onward = visit.next_service if leg.leg == 0 else None
        if onward is not None and onward != leg.service:
            self.send(c.Transfer(at=self.utc(now_s), window=window, to_service=onward))
            leg.outcome = "transferred"
            self._begin_leg(visit, ticket, now_s, now_s + self.pace.between_legs_s)
        else:
            self.send(c.Finish(at=self.utc(now_s), window=window))
            leg.outcome = "done"
            del self._running[ticket]
        self._free(window, now_s, busy_s)

    def _free(self, window: str, now_s: float, busy_s: float) -> None:
        self._busy_s += busy_s
        self._worked_until[window] = now_s
        if window in self._leaving:
            self._go(window, now_s)

    # --- citizens -----------------------------------------------------------------------------------------------------

    def _arrive(self, visit: Visit, now_s: float) -> None:
        self._to_come -= 1
        self.progress(len(self.visits) - self._to_come)
        ticket = f"v{visit.ref}"
        slot_at = None if visit.appointment_s is None else self.utc(visit.appointment_s)
        # A visit's second service is its own (`next_service`): a step that the hall puts before would be played twice.
        self.send(
            c.Issue(
                at=self.utc(now_s),
                ticket=ticket,
                service=visit.service,
                group=visit.group,
                slot_at=slot_at,
                is_checked=True,
            )
        )
        self._begin_leg(visit, ticket, now_s, now_s)
        if visit.patience_s is not None:
            self._at(now_s + visit.patience_s, lambda now: self._lose_patience(ticket, now))

    def _begin_leg(self, visit: Visit, ticket_id: str, now_s: float, ready_s: float) -> None:
        ticket = self.state.tickets[ticket_id]
        told = self.estimator(self, ticket_id, self.utc(now_s)) if self.estimator else None
        expected, low, high, naive = told if told is not None else (None, None, None, None)
        leg = Leg(
            ref=visit.ref,
            leg=ticket.transfers,
            number=ticket.number,
            service=ticket.service,
            group=visit.group,
            on_time_appointment=ticket.on_time,
            issued_s=now_s,
            credited_s=ticket.credited_at - self._midnight,
            called_s=None,
            window=None,
            started_s=None,
            finished_s=None,
            outcome="waiting",
            estimate_s=expected,
            estimate_low_s=low,
            estimate_high_s=high,
            naive_s=naive,
            helped=False,
            entry=ticket.entry,
        )
        self._legs.append(leg)
        self._running[ticket_id] = _Running(visit, leg, ready_s)

    def _lose_patience(self, ticket: str, now_s: float) -> None:
        if self.state.tickets[ticket].state is TicketState.WAITING:
            self.send(c.Cancel(at=self.utc(now_s), ticket=ticket, reason="left"))
            leg = self._running.pop(ticket).leg
            leg.outcome, leg.finished_s = "left", now_s

    # --- tides --------------------------------------------------------------------------------------------------------

    def _watch(self, now_s: float) -> None:
        self.send(c.Watch(at=self.utc(now_s)))
        self.policy.walk_round(self, now_s)
        if self._to_come or self._running:
            self._at(now_s + WATCH_EVERY_S, self._watch)

    def move(self, window: str, services: tuple[str, ...], zone: str | None, now_s: float) -> None:
        """A manager moves a window (policies do this)."""
        try:
            self.send(c.AssignWindow(at=self.utc(now_s), window=window, services=services, zone=zone))
        except Rejected:
            return

    def _note(self, event: e.Event) -> None:
        """Count a move and let it cost its time."""
        match event:
            case e.TicketCalled():
                self._moved(event, "home" if event.zone is None else "help", event.zone)
            case e.WindowOpened() if event.why is not None:
                self._moved(event, "open", event.zone, always=True)
            case e.WindowClosed() if event.why is not None:
                self._moved(event, "close", None, always=True)
            case e.WindowAssigned() if self.state.window(event.window).ticket is None:
                self._moved(event, "move" if event.services else "revert", event.zone)
            case e.ServiceFinished() | e.TicketTransferred() | e.TicketMissed():
                # What the window was told meanwhile holds from now on.
                if (told := self.state.window(event.window).pending) is not None:
                    self._moved(event, "move" if told.services else "revert", told.zone, why=told.why)

    def _moved(
        self, event: _AtWindow, kind: str, to: str | None, *, always: bool = False, why: Why | None = None
    ) -> None:
        home = home_of(self.plan, event.window)
        was = self.state.window(event.window).zone or home
        now_zone = to or home
        if was == now_zone and not always:
            return
        at_s = event.at - self._midnight
        why = why or getattr(event, "why", None)
        self._moves.append(Move(at_s, event.window, kind, was, now_zone, why.zh if why else "", why.en if why else ""))
        signs_change = kind in ("move", "revert") or (kind == "open" and now_zone != home)
        if signs_change:
            begins_s = at_s + self.plan.tides.move_cost_s
            self._busy_until[event.window] = begins_s
            self._busy_s += self.plan.tides.move_cost_s
            self._at(begins_s, lambda now: None)


def prepare(
    plan: Plan,
    policy: Policy,
    visits: Iterable[Visit],
    shifts: Sequence[Shift] | None = None,
    pace: Pace | None = None,
    estimator: Estimator | None = None,
    progress: Callable[[int], None] = lambda arrived: None,
) -> SimulatedDay:
    """A day about to be played; without a roster every window's clerk is there as the hall file says."""
    roster = list(shifts) if shifts is not None else shifts_of_plan(plan)
    # Simulated clerks call as soon as it is their turn: the hall has nothing to call for them.
    staffed = with_roster(replace(plan, rules=replace(plan.rules, auto_call_s=None)), roster)
    if not policy.tidal:
        staffed = replace(staffed, tides=replace(staffed.tides, mode=TideMode.MANUAL, zones={}))
    return SimulatedDay(staffed, policy, list(visits), roster, pace or Pace(), estimator, progress=progress)


def simulate(
    plan: Plan,
    policy: Policy,
    visits: Iterable[Visit],
    shifts: Sequence[Shift] | None = None,
    pace: Pace | None = None,
    estimator: Estimator | None = None,
    progress: Callable[[int], None] = lambda arrived: None,
) -> DayResult:
    """Play one day."""
    return prepare(plan, policy, visits, shifts, pace, estimator, progress).run()
