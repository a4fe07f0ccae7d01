"""A hall that Hypothesis runs: any command in any order, time passing and jumping, restarts; and what must always hold.

The invariants are those of standards D1, told a second time in the words of the tests: none asks the code it judges.
"""

import re
from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from server.core import commands as c
from server.core import events as e
from server.core import matters as m
from server.core import orders as o
from server.core import ratings as r
from server.core.affairs import AppointmentState, MatterKind, OrderState
from server.core.appointments import AppointmentMissed, BookAppointment, CancelAppointment, MoveAppointment
from server.core.calendar import business_day, local
from server.core.decide import decide
from server.core.dispatch import ahead_of, line_of, newcomers_windows, next_for, turns, windows_for
from server.core.evolve import evolve, fold
from server.core.model import (
    Alarm,
    AlarmLevel,
    HallState,
    MoveKind,
    Rules,
    ScheduledMove,
    ServiceId,
    SlotGrid,
    Ticket,
    TicketState,
    TideMode,
    TideRules,
    WindowId,
    WindowStatus,
    ZoneId,
)
from server.core.refusals import Rejected
from server.core.slots import slots_on
from server.core.statistics import quarters, service_s, wait_s, waits
from server.log.records import decode, encode
from tests.cast import COMPANY, ELDER, INSURANCE, SHANGHAI, TIDAL_HALL, TS1, at

S = TicketState
AT_WINDOW = (S.CALLED, S.SERVING)
OPEN = (S.WAITING, *AT_WINDOW, S.HELD)

#: Two people an hour by appointment for insurance.
PLACES, ABSENCES = 2, 3
BOOKABLE = replace(TIDAL_HALL.services[INSURANCE], slots=(SlotGrid(frozenset(range(7)), 480, 1260, 60, PLACES),))
ALWAYS_OPEN = replace(TIDAL_HALL, always_open=True, services={**TIDAL_HALL.services, INSURANCE: BOOKABLE})
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


class HallMachine(RuleBasedStateMachine):
    """The tidal hall of the cast, open round the clock."""

    def __init__(self) -> None:
        super().__init__()
        self.plan = ALWAYS_OPEN
        self.state = HallState()
        self.log: list[e.Event] = []
        self.clock = at("9:00")
        self.made = 0
        #: Tickets of today that were put behind others for missing their call: those may be passed.
        self.put_back: set[str] = set()

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

    # --- the day ------------------------------------------------------------------------------------------------------

    @initialize(
        back=st.sampled_from([3, 1, 0]),
        credit_min=st.sampled_from([45, 5, 0]),
        recalls=st.sampled_from([5, 1]),
        short_min=st.sampled_from([10, 2, 0]),
        auto_s=st.sampled_from([None, None, 0, 20]),
        mode=st.sampled_from([*TideMode, TideMode.AUTOMATIC]),
        hurry=st.sampled_from([1.0, 0.2, 0.0]),
        services=st.lists(some_service, min_size=4, max_size=12),
    )
    def begin(
        self,
        back: int,
        credit_min: int,
        recalls: int,
        short_min: int,
        auto_s: float | None,
        mode: TideMode,
        hurry: float,
        services: list[str],
    ) -> None:
        """Some hall's rules and tides; all windows open; some citizens were at the door."""
        rules = Rules(
            recall_limit=recalls,
            reenter_after=back,
            priority_credit_s=credit_min * 60,
            short_credit_max_s=short_min * 60,
            auto_call_s=auto_s,
        )
        usual = TideRules()
        tides = TideRules(
            mode=mode,
            help_after_s=usual.help_after_s * hurry,
            leave_for_s=usual.leave_for_s * hurry,
            close_after_s=usual.close_after_s * hurry,
            close_idle_s=usual.close_idle_s * hurry,
            schedule=(TIMETABLE,),
        )
        self.plan = replace(ALWAYS_OPEN, rules=rules, tides=tides)
        for window in self.plan.windows:
            self.do(c.OpenWindow(at=self.now(), window=window, clerk="li"))
        self.come(services, None, 20)

    @rule(seconds=st.sampled_from([0, 1, 30, 61, 300, 900, 2700, 2701, 7200]))
    def time_passes(self, seconds: int) -> None:
        """Up to two hours."""
        self.clock += seconds

    @rule(minutes=st.integers(1, 20), step_s=st.sampled_from([10, 60]))
    def the_hall_looks_after_itself(self, minutes: int, step_s: int) -> None:
        """A few minutes in which only the server acts."""
        for _ in range(minutes * 60 // step_s):
            self.clock = max(self.clock, self.state.last_at) + step_s
            self.look()

    @rule()
    def the_hall_comes_to_rest(self) -> None:
        """Looking again and again at one moment ends: nothing is proposed and dropped, opened and closed, for ever."""
        looks = len(self.plan.windows) + len(self.state.waiting) + 5
        assert any(not self.look() for _ in range(looks))

    def look(self) -> list[e.Event]:
        """The watch of the server."""
        now = self.now()
        idle = {w: self.state.window(w) for w in self.plan.windows}
        events = self.do(c.Watch(at=now))
        assert events is not None
        calls = [x for x in events if isinstance(x, e.TicketCalled)]
        assert len(calls) <= (self.plan.rules.auto_call_s is not None)
        told = [x.window for x in events if isinstance(x, e.WindowEvent)]
        for call in calls:
            assert call.window not in told
            assert now - (idle[call.window].idle_since or now) >= (self.plan.rules.auto_call_s or 0)
        for opening in (x for x in events if isinstance(x, e.WindowOpened)):
            assert idle[opening.window].standby, "nobody is fetched by a program"
            assert self.plan.tides.mode is TideMode.AUTOMATIC
        for closing in (x for x in events if isinstance(x, e.WindowClosed)):
            assert self.plan.tides.mode is TideMode.AUTOMATIC
            home = self.plan.windows[closing.window].zone
            assert any(
                self.state.window(w.id).status is WindowStatus.OPEN
                for w in self.plan.windows.values()
                if w.zone == home and self.state.window(w.id).zone is None
            )
        if self.plan.tides.mode is TideMode.MANUAL:
            assert not any(isinstance(x, e.TideProposed) for x in events)
        return events

    @rule(seconds=st.sampled_from([1, 3600, 86400, 8 * 365 * 86400]))
    def clock_is_set_back(self, seconds: int) -> None:
        """NTP, a battery, an operator."""
        self.clock -= seconds

    @rule()
    def clock_is_set_right(self) -> None:
        """Back to the last time the hall knew."""
        self.clock = max(self.clock, self.state.last_at)

    @precondition(lambda self: self.state.entries > 12)
    @rule(days=st.integers(1, 3))
    def night(self, days: int) -> None:
        """The server is off until some morning."""
        morning = local(max(self.clock, self.state.last_at), SHANGHAI).date() + timedelta(days=days)
        self.clock = at("8:00", morning)
        self.now()

    @rule(days=st.integers(0, 3))
    def an_old_day_is_opened(self, days: int) -> None:
        """Today or an earlier day: nothing may come of it."""
        now = self.now()
        old = business_day(now - days * 86400, SHANGHAI)
        assert self.do(c.OpenDay(at=now, business_day=min(old, self.state.business_day))) == []

    @rule()
    def the_server_restarts(self) -> None:
        """The state is read from the log again, from its bytes, and from the last opening alone."""
        self.check_replay()
        self.state = fold(self.from_bytes())

    # --- citizens -----------------------------------------------------------------------------------------------------

    @rule(
        services=st.lists(some_service, min_size=1, max_size=4),
        group=st.sampled_from([None, None, ELDER]),
        seconds=st.sampled_from([0, 0, 40]),
    )
    def citizens_come(self, services: list[str], group: str | None, seconds: int) -> None:
        """A few at once, the first perhaps of a priority group."""
        self.come(services, group, seconds)

    def come(self, services: list[str], group: str | None, seconds: int) -> None:
        for service in services:
            self.made += 1
            command = c.Issue(at=self.now(), ticket=f"t{self.made}", service=service, group=group, printer="p")
            (event,) = self.do(command) or [None]
            assert isinstance(event, e.TicketIssued)
            assert self.do(command) == [], "the same tap twice"
            group = None
            self.clock += seconds

    @rule(service=some_service, minutes=st.sampled_from([-60, -10, 0, 20, 90]))
    def citizen_with_an_appointment(self, service: str, minutes: int) -> None:
        """Too late, just in time, early, much too early."""
        self.made += 1
        now = self.now()
        self.do(c.Issue(at=now, ticket=f"t{self.made}", service=service, slot_at=now + minutes * 60))
        ticket = self.state.tickets[f"t{self.made}"]
        assert (ticket.due_at, ticket.on_time) == (now + max(0, minutes) * 60, minutes >= -10)
        assert ticket.credited_at == ticket.due_at - self.credit(ticket)

    # --- appointments -------------------------------------------------------------------------------------------------

    @rule(n=some_ticket, days=st.integers(0, 2), who=st.sampled_from(["lan", "mei", None]), staff=st.booleans())
    def somebody_books(self, n: int, days: int, who: str | None, staff: bool) -> None:
        """Some slot of the next days; refused only for a reason that can be seen."""
        now = self.now()
        day = local(now, SHANGHAI).date() + timedelta(days=days)
        slots = slots_on(self.plan, self.state, INSURANCE, day, now)
        if not slots:
            return
        slot, self.made = slots[n % len(slots)], self.made + 1
        command = BookAppointment(
            at=now,
            appointment=f"b{self.made}",
            service=INSURANCE,
            slot_at=slot.at,
            code=f"{self.made:06d}",
            holder=who,
            channel="staff" if staff else "phone",
        )
        his = [a for a in self.state.appointments.values() if who is not None and a.holder == who]
        has_one = any(
            a.state in (AppointmentState.BOOKED, AppointmentState.ARRIVED) and local(a.slot_at, SHANGHAI).date() == day
            for a in his
        )
        barred = who is not None and len(self.state.absences.get(who, ())) >= ABSENCES
        events = self.do(command)
        assert (events is None) == (slot.left == 0 or (not staff and (has_one or barred)))
        if events:
            assert self.do(command) == [], "the same booking twice"

    def pick_appointment(self, n: int) -> str:
        names = list(self.state.appointments)
        return names[n % len(names)] if names else "nobody's"

    @precondition(lambda self: self.state.appointments)
    @rule(n=some_ticket, hours=st.integers(-3, 30), staff=st.booleans())
    def somebody_changes_his_mind(self, n: int, hours: int, staff: bool) -> None:
        """Another hour, or not at all."""
        now, name = self.now(), self.pick_appointment(n)
        kept = self.state.appointments.get(name)
        if hours:
            slot_at = (kept.slot_at if kept else now) + hours * HOUR_S
            events = self.do(MoveAppointment(at=now, appointment=name, slot_at=slot_at, by_staff=staff))
        else:
            events = self.do(CancelAppointment(at=now, appointment=name, by_staff=staff))
        if events and not staff:
            assert kept is not None
            assert now <= kept.slot_at - self.plan.booking.cancel_before_s

    @precondition(lambda self: self.state.appointments)
    @rule(n=some_ticket, wait=st.booleans())
    def somebody_checks_in(self, n: int, wait: bool) -> None:
        """Now, or at his time: whoever has an open appointment and is not too early or given up gets one ticket."""
        name = self.pick_appointment(n)
        if wait and name in self.state.appointments:
            self.clock = max(self.clock, self.state.appointments[name].slot_at)
        now = self.now()
        if (kept := self.state.appointments.get(name)) is None:
            return
        self.made += 1
        events = self.do(c.Issue(at=now, ticket=f"t{self.made}", service=INSURANCE, appointment=name))
        expected = kept.state is AppointmentState.BOOKED and -1800 <= now - kept.slot_at < 900
        assert bool(events) == expected
        if events:
            assert self.state.tickets[f"t{self.made}"].on_time == (now - kept.slot_at <= 600)
            again = c.Issue(at=now, ticket=f"t{self.made}-again", service=INSURANCE, appointment=name)
            assert self.do(again) is None, "one ticket per appointment"

    @invariant()
    def no_slot_is_full_twice(self) -> None:
        """Never more people in a slot than it has places; a code opens one appointment only."""
        expected = [
            a
            for a in self.state.appointments.values()
            if a.state in (AppointmentState.BOOKED, AppointmentState.ARRIVED)
        ]
        for slot_at in {a.slot_at for a in expected}:
            assert sum(a.slot_at == slot_at for a in expected) <= PLACES
        codes = [a.code for a in expected if a.state is AppointmentState.BOOKED]
        assert len(codes) == len(set(codes))

    @invariant()
    def an_appointment_has_one_ticket_or_none(self) -> None:
        """Who checked in has exactly one; who cancelled or stayed away has none; an absence is only of who was missed."""
        by_appointment = [t.appointment for t in self.state.tickets.values() if t.appointment is not None]
        assert len(by_appointment) == len(set(by_appointment))
        for kept in self.state.appointments.values():
            arrived = kept.state is AppointmentState.ARRIVED
            assert (kept.id in by_appointment) == arrived == (kept.ticket is not None)

    # --- citizens, again ----------------------------------------------------------------------------------------------

    @rule(service=some_service, window=some_window)
    def citizen_for_a_window(self, service: str, window: str) -> None:
        """Staff issue a ticket for one window."""
        self.made += 1
        self.do(c.Issue(at=self.now(), ticket=f"t{self.made}", service=service, for_window=window))

    @precondition(lambda self: self.any_in(S.WAITING, S.CALLED, S.HELD))
    @rule(n=some_ticket, state=st.sampled_from([S.HELD, S.CALLED, S.WAITING]))
    def citizen_gives_up(self, n: int, state: TicketState) -> None:
        """Waiting, called or on hold."""
        ticket = self.pick(n, *([state] if self.any_in(state) else [S.WAITING, S.CALLED, S.HELD]))
        assert self.do(c.Cancel(at=self.now(), ticket=ticket)) or ticket not in self.state.tickets

    @precondition(lambda self: self.state.tickets)
    @rule(n=some_ticket, state=st.sampled_from([None, "queued", "printed", "failed", "unknown"]))
    def paper(self, n: int, state: str | None) -> None:
        """A reprint, or news of the printer; the ticket stays what it is."""
        now, ticket = self.now(), self.state.tickets.get(self.pick(n))
        if ticket is None:
            return
        if state is None:
            self.do(c.RequestReprint(at=now, ticket=ticket.id, printer="p"))
        else:
            self.do(c.ReportPrint(at=now, ticket=ticket.id, state=state))
        after = self.state.tickets[ticket.id]
        assert replace(after, copies=ticket.copies, print_state=ticket.print_state) == ticket

    @rule(device=st.sampled_from(["kiosk-1", "kiosk-2"]), condition=st.sampled_from(["ready", "paper_out"]))
    def device_reports(self, device: str, condition: str) -> None:
        """A change is news and the same again is not."""
        now = self.now()
        known = self.state.devices.get(device)
        events = self.do(c.ReportDevice(at=now, device=device, condition=condition))
        assert events is not None
        assert bool(events) == (known is None or known.condition != condition)

    # --- clerks -------------------------------------------------------------------------------------------------------

    @rule(window=some_window, finish=st.booleans())
    def call_next(self, window: str, finish: bool) -> None:
        """The big button; a busy window calls nobody and finishes nobody unless it was told to."""
        now = self.now()
        busy = self.state.window(window).ticket is not None
        events = self.do(c.CallNext(at=now, window=window, finish_current=finish))
        assert events is None or not busy or finish

    @rule()
    def everybody_calls(self) -> None:
        """All open windows, one after the other."""
        for window in self.plan.windows:
            self.do(c.CallNext(at=self.now(), window=window, finish_current=True))

    @precondition(lambda self: self.any_in(S.WAITING, S.NO_SHOW))
    @rule(window=some_window, n=some_ticket)
    def call_by_hand(self, window: str, n: int) -> None:
        """One given ticket, to any window, free or not."""
        self.do(c.CallTicket(at=self.now(), window=window, ticket=self.pick(n, S.WAITING, S.NO_SHOW)))

    @precondition(lambda self: self.busy())
    @rule(w=some_ticket, kind=st.sampled_from([c.Start, c.Finish, c.Hold, c.MarkNoShow, c.Recall]))
    def at_a_busy_window(self, w: int, kind: type[c.AtWindow]) -> None:
        """Something with the ticket that is there."""
        self.do(kind(at=self.now(), window=self.busy()[w % len(self.busy())]))

    @precondition(lambda self: self.free() and self.waiting())
    @rule(w=some_ticket, times=st.integers(1, 3))
    def nobody_comes(self, w: int, times: int) -> None:
        """A window calls in vain, once or several times."""
        window = self.free()[w % len(self.free())]
        for _ in range(times):
            self.do(c.CallNext(at=self.now(), window=window))
            self.do(c.MarkNoShow(at=self.now(), window=window))

    @rule(
        visits=st.lists(
            st.tuples(some_window, st.booleans(), st.sampled_from([c.Finish, c.Hold, c.MarkNoShow, c.Recall, None])),
            min_size=1,
            max_size=4,
        )
    )
    def visits(self, visits: list[tuple[str, bool, type[c.AtWindow] | None]]) -> None:
        """An ordinary quarter of an hour: called, perhaps started, then finished, held, missed, recalled or kept."""
        for window, start, end in visits:
            self.do(c.CallNext(at=self.now(), window=window, finish_current=True))
            self.clock += 30
            if start:
                self.do(c.Start(at=self.now(), window=window))
                self.clock += 200
            # Once more than is allowed, where it is a recall.
            for _ in range(self.plan.rules.recall_limit + 1 if end is c.Recall else 1):
                if end is not None:
                    self.do(end(at=self.now(), window=window))

    @precondition(lambda self: self.any_in(S.HELD) and self.free())
    @rule(finish=st.booleans())
    def those_on_hold_come_back(self, finish: bool) -> None:
        """Each to the first free window that will have them."""
        for ticket in [t.id for t in self.state.tickets.values() if t.state is S.HELD]:
            for window in self.free():
                now = self.now()
                if ticket in self.state.tickets and self.do(c.Resume(at=now, window=window, ticket=ticket)):
                    if finish:
                        self.do(c.Finish(at=now, window=window))
                    break

    @precondition(lambda self: len(self.busy()) > 1)
    @rule(kind=st.sampled_from([c.Hold, c.MarkNoShow]))
    def at_every_window(self, kind: type[c.AtWindow]) -> None:
        """The same at all windows, so that held and missed tickets gather."""
        for window in self.plan.windows:
            self.do(kind(at=self.now(), window=window))

    @precondition(lambda self: self.any_in(S.HELD))
    @rule(window=some_window, n=some_ticket)
    def resume(self, window: str, n: int) -> None:
        """A ticket on hold comes back, to any window, free or not."""
        self.do(c.Resume(at=self.now(), window=window, ticket=self.pick(n, S.HELD)))

    @rule(
        kind=st.sampled_from(
            [c.CallTicket, c.Recall, c.Start, c.Finish, c.Hold, c.Resume, c.MarkNoShow, c.Cancel, c.Rate, c.Reinstate]
        ),
        window=some_window,
        n=some_ticket,
    )
    def anything_to_anybody(self, kind: type[c.Command], window: str, n: int) -> None:
        """Mostly illegal: any verb at any window to any ticket."""
        wanted = {"window": window, "ticket": self.pick(n), "level": 1 + n % 5}
        taken = {f.name: wanted[f.name] for f in fields(kind) if f.name in wanted}
        now = self.now()
        if self.do(kind(at=now, **taken)) and kind is c.Reinstate:
            self.put_back.add(taken["ticket"])

    # --- ratings, work orders, matters ------------------------------------------------------------------------------

    @rule(window=some_window, n=some_ticket, levels=st.lists(st.integers(1, 5), min_size=1, max_size=3))
    def served_and_rated(self, window: str, n: int, levels: list[int]) -> None:
        """Called, finished, and rated at the window, at once or too late, once or again; then by phone."""
        self.do(c.CallNext(at=self.now(), window=window, finish_current=True))
        self.do(c.Finish(at=self.now(), window=window))
        self.clock += n * 3
        for level in levels:
            now = self.now()
            asked = r.asked_ticket(self.state, window, now)
            events = self.do(r.RateAtWindow(at=now, window=window, level=level))
            assert bool(events) == (asked is not None)
            if asked is not None:
                assert (asked.window, asked.rating) == (window, None)
                assert now - (asked.finished_at or 0) < r.ASK_AGAIN_S + r.ASK_S
        self.do(c.Rate(at=self.now(), ticket=self.pick(n, S.DONE), level=levels[0]))

    @rule(window=some_window)
    def the_clerk_has_it_ask_again(self, window: str) -> None:
        """Whatever comes of it, no rating does."""
        before = [t.rating for t in self.state.tickets.values()]
        day = self.state.business_day
        self.do(r.AskRating(at=self.now(), window=window))
        assert self.state.business_day != day or [t.rating for t in self.state.tickets.values()] == before

    @precondition(lambda self: self.state.orders)
    @rule(n=some_ticket, by=some_leader, yes=st.booleans(), steps=st.lists(st.integers(0, 4), min_size=1, max_size=4))
    def leaders_handle_an_order(self, n: int, by: str, *, yes: bool, steps: list[int]) -> None:
        """A few steps by one person, legal or not: those are taken that the order offers."""
        for step in steps:
            now = self.now()
            if not self.state.orders:
                return
            order = list(self.state.orders.values())[n % len(self.state.orders)]
            name, command = [
                ("callback", o.RecordCallback(at=now, order=order.id, by=by, reached=yes)),
                ("mend", o.MendOrder(at=now, order=order.id, by=by)),
                ("close", o.CloseOrder(at=now, order=order.id, by=by)),
                ("exclude", o.ProposeExclusion(at=now, order=order.id, by=by)),
                ("judge", o.JudgeExclusion(at=now, order=order.id, by=by, accept=yes)),
            ][step]
            assert (self.do(command) is not None) == (name in o.next_steps(order, by))

    @rule(n=st.integers(0, 5), kind=st.sampled_from(MatterKind), by=some_leader, settle=st.booleans())
    def a_matter(self, n: int, kind: MatterKind, by: str, *, settle: bool) -> None:
        """Recorded, perhaps twice, perhaps settled, once."""
        self.do(m.RecordMatter(at=self.now(), matter=f"m{n}", kind=kind, by=by))
        matter = self.state.matters[f"m{n}"]
        assert matter.deadline_at > matter.opened_at
        if settle:
            was_open = matter.settled_at is None
            assert bool(self.do(m.SettleMatter(at=self.now(), matter=f"m{n}", by=by, result="done"))) == was_open

    @precondition(lambda self: self.busy())
    @rule(w=some_ticket, service=some_service)
    def send_to_service(self, w: int, service: str) -> None:
        """The ticket at a window goes to another service; number and issue time go with it."""
        window = self.busy()[w % len(self.busy())]
        self.send(c.Transfer(at=self.now(), window=window, to_service=service))

    @precondition(lambda self: self.busy())
    @rule(w=some_ticket, to=some_window)
    def send_to_window(self, w: int, to: str) -> None:
        """Or to one window."""
        window = self.busy()[w % len(self.busy())]
        self.send(c.Transfer(at=self.now(), window=window, to_window=to))

    def send(self, command: c.Transfer) -> None:
        before = self.state.tickets.get(self.state.window(command.window).ticket or "")
        if self.do(command) and before is not None:
            after = self.state.tickets[before.id]
            assert (after.number, after.issued_at, after.entry) == (before.number, before.issued_at, before.entry)
            assert (after.due_at, after.on_time) == (before.due_at, before.on_time)
            assert after.credited_at == after.due_at - self.credit(after)
            self.put_back.discard(before.id)

    @precondition(lambda self: self.any_in(S.NO_SHOW))
    @rule(window=some_window, n=some_ticket, later=st.sampled_from([61, 0, 60, 300]))
    def reinstate(self, window: str, n: int, later: int) -> None:
        """A missed ticket waits again: at its old place at once, else behind others of its service."""
        self.clock = max(self.clock, self.state.last_at) + later
        now = self.now()
        before = self.state.tickets.get(self.pick(n, S.NO_SHOW))
        if before is None or not self.do(c.Reinstate(at=now, window=window, ticket=before.id)):
            return
        after = self.state.tickets[before.id]
        assert before.missed_at is not None
        if now - before.missed_at <= self.plan.rules.undo_s:
            assert (after.credited_at, after.entry) == (before.credited_at, before.entry)
            return
        self.put_back.add(after.id)
        line = [t for t in self.waiting() if t.service == after.service and t.id != after.id]
        first = [t for t in line if (t.credited_at, t.entry) < (after.credited_at, after.entry)]
        assert len(first) >= min(self.plan.rules.reenter_after, len(line))

    # --- windows ------------------------------------------------------------------------------------------------------

    @precondition(lambda self: len(self.free()) + len(self.busy()) < len(self.plan.windows))
    @rule(window=some_window, clerk=st.sampled_from([None, "li", "wang"]))
    def open(self, window: str, clerk: str | None) -> None:
        """A clerk comes, or a keypad ends a pause."""
        assert self.do(c.OpenWindow(at=self.now(), window=window, clerk=clerk)) is not None

    @precondition(lambda self: len(self.free()) > 1)
    @rule(window=some_window, reason=st.sampled_from([None, "tea"]))
    def pause(self, window: str, reason: str | None) -> None:
        """Away for a while."""
        self.do(c.PauseWindow(at=self.now(), window=window, reason=reason))

    @precondition(lambda self: len(self.free()) > 1)
    @rule(window=some_window)
    def close(self, window: str) -> None:
        """The clerk leaves, if nobody sits there."""
        self.do(c.CloseWindow(at=self.now(), window=window))

    @precondition(lambda self: len(self.free()) > 1)
    @rule(window=some_window, clerk=st.sampled_from([None, "wang"]))
    def stand_by(self, window: str, clerk: str | None) -> None:
        """The clerk is at hand."""
        if self.do(c.CloseWindow(at=self.now(), window=window, standby=True, clerk=clerk)) is not None:
            assert self.state.window(window).standby

    @rule(window=some_window, services=some_services, zone=st.one_of(st.none(), some_zone), until=st.integers(0, 3))
    def assign(self, window: str, services: tuple[str, ...], zone: str | None, until: int) -> None:
        """Other services, perhaps elsewhere, perhaps until some minutes from now."""
        now = self.now()
        busy = self.state.window(window).ticket is not None
        before = self.state.window(window)
        until_at = now + until * 600 if until else None
        self.do(c.AssignWindow(at=now, window=window, services=services, zone=zone, until=until_at))
        after = self.state.window(window)
        if busy:
            assert (after.services, after.zone, after.until) == (before.services, before.zone, before.until)
            after = after if after.pending is None else after.as_told(after.pending)
        home = self.plan.windows[window].zone
        if services:
            serves = self.plan.windows[window].services if after.services is None else after.services
            assert (serves, after.zone) == (services, None if zone == home else zone)
            assert after.until == until_at
        else:
            assert (after.services, after.zone, after.until) == (None, None, None)

    @rule(window=some_window, until=st.integers(1, 3))
    def move_to_the_companies(self, window: str, until: int) -> None:
        """As a supervisor does it, for some minutes; time passes, and it is back."""
        now = self.now()
        until_at = now + until * 300
        services = (ServiceId(COMPANY),)
        self.do(c.AssignWindow(at=now, window=window, services=services, zone="enterprise", until=until_at))
        self.clock = now + 60
        self.look()

    @precondition(lambda self: self.state.tides)
    @rule(n=some_ticket, accept=st.booleans())
    def a_supervisor_decides(self, n: int, accept: bool) -> None:
        """One of the proposals."""
        now = self.now()
        if not self.state.tides:
            return
        tide = list(self.state.tides.values())[n % len(self.state.tides)]
        kind = c.AcceptTide if accept else c.DismissTide
        if self.do(kind(at=now, tide=tide.id)) is not None:
            assert tide.id not in self.state.tides
            assert self.do(kind(at=now, tide=tide.id)) is None
            assert ((tide.window, tide.action.value, tide.zone) in self.state.dismissed) >= (not accept)

    # --- what must always hold ----------------------------------------------------------------------------------------

    def waiting(self) -> list[Ticket]:
        return [t for t in self.state.tickets.values() if t.state is S.WAITING]

    @invariant()
    def numbers_are_unique_and_without_gaps(self) -> None:
        """By series and business day 1, 2, 3 … in the order of issue; one issue per ticket."""
        counts: dict[str, int] = {}
        issued: set[str] = set()
        for event in self.log:
            if isinstance(event, e.DayOpened):
                counts, issued = {}, set()
            elif isinstance(event, e.TicketIssued):
                counts[event.series] = counts.get(event.series, 0) + 1
                assert event.number == f"{event.series}{counts[event.series]:03d}"
                assert event.ticket not in issued
                issued.add(event.ticket)
        assert set(self.state.tickets) == issued
        assert self.state.numbers == {t.number: t.id for t in self.state.tickets.values()}

    @invariant()
    def windows_and_tickets_agree(self) -> None:
        """A window has at most one ticket, called or serving, and that ticket is at this window only."""
        held = {w.ticket: w.id for w in self.state.windows.values() if w.ticket is not None}
        at_windows = {t.id: t.window for t in self.state.tickets.values() if t.state in AT_WINDOW}
        assert held == at_windows
        assert len(held) == sum(w.ticket is not None for w in self.state.windows.values())
        for window in self.state.windows.values():
            idle = window.status is WindowStatus.OPEN and window.ticket is None
            assert (window.idle_since is not None) == idle
            assert window.ticket is None or window.status is not WindowStatus.CLOSED

    @invariant()
    def nobody_is_lost(self) -> None:
        """Issued = waiting + called + serving + held + done + no_show + cancelled, and the waiting list is the waiting."""
        figures = waits(self.state.tickets.values(), self.state.last_at)
        assert sum(sum(t.state is s for t in self.state.tickets.values()) for s in S) == figures.issued
        assert set(self.state.waiting) == {t.id for t in self.waiting()}
        assert figures.waiting == len(self.state.waiting)
        curve = quarters(self.state.tickets.values(), self.state.last_at)
        assert not curve or curve[-1].waiting == figures.waiting

    @invariant()
    def time_never_runs_backwards(self) -> None:
        """Events in the order of their times; no duration is negative; spells of waiting alternate."""
        times = [event.at for event in self.log]
        assert times == sorted(times)
        for ticket in self.state.tickets.values():
            assert (wait_s(ticket) or 0) >= 0
            assert (service_s(ticket) or 0) >= 0
            assert ticket.served_s >= 0
            assert list(ticket.spells) == sorted(ticket.spells)
            assert len(ticket.spells) % 2 == (ticket.state is S.WAITING)
            ended = ticket.state in (S.DONE, S.CANCELLED, S.NO_SHOW)
            assert (ticket.finished_at is not None) == ended

    @invariant()
    def calls_are_numbered_without_gap(self) -> None:
        """1, 2, 3 … through the day, one for each announcement in the log."""
        assert [x.call for x in self.state.calls] == list(range(1, len(self.state.calls) + 1))
        announced = 0
        for event in self.log:
            if isinstance(event, e.DayOpened):
                announced = 0
            announced += isinstance(event, e.TicketCalled | e.TicketRecalled | e.TicketResumed)
        assert announced == len(self.state.calls)

    @invariant()
    def there_is_one_order(self) -> None:
        """The next ticket, the waiting list and the people ahead are one and the same order."""
        now = self.state.last_at
        waiting = sorted(self.waiting(), key=lambda t: (t.credited_at, t.entry))
        lines = {w: [t.id for t in waiting if self.takes(w, t)] for w in self.plan.windows}
        nexts: dict[str, str | None] = {}
        for window, line in lines.items():
            expected = self.expected_next(window, now)
            nexts[window] = None if expected is None else expected.id
            chosen = next_for(self.plan, self.state, window, now)
            assert (chosen.id if chosen else None) == nexts[window]
            told = [t.id for t in line_of(self.plan, self.state, window, now)]
            assert told == (line if nexts[window] in (None, *line[:1]) else [nexts[window], *line])
        opened = {w for w in lines if self.state.window(w).status is WindowStatus.OPEN}
        for ticket in waiting:
            reserved = self.reserved(ticket)
            takers = [w for w in lines if w in opened and ticket.service in self.here(w)]
            able = self.able(ticket.service, takers) if reserved is None else [reserved]
            before = {t for w in able if self.takes(w, ticket) for t in lines[w][: lines[w].index(ticket.id)]}
            if reserved is None and not takers:
                first = (t for t in waiting if (t.credited_at, t.entry) < (ticket.credited_at, ticket.entry))
                before |= {
                    t.id
                    for t in first
                    if self.reserved(t) in able or (self.reserved(t) is None and t.service == ticket.service)
                }
            assert windows_for(self.plan, self.state, ticket) == able
            assert ahead_of(self.plan, self.state, ticket) == len(before)
            for window in able:
                if not before and window in opened and self.takes(window, ticket):
                    assert nexts[window] == ticket.id or nexts[window] not in lines[window]
        for service, windows in newcomers_windows(self.plan, self.state).items():
            takers = [w for w in lines if w in opened and service in self.here(w)]
            assert windows == self.able(service, takers)

    def able(self, service: str, takers: list[str]) -> list[str]:
        """The windows somebody can count on: open ones that take it now; else those whose own it is; else helpers."""
        planned = self.plan.windows.values()
        own = [w.id for w in planned if service in (self.state.window(w.id).services or w.services)]
        return takers or own or [w.id for w in planned if service in w.may_help]

    @invariant()
    def turns_are_of_idle_windows_and_different_tickets(self) -> None:
        """Two windows are never told the same one, and what a window is told is what it would call."""
        told = turns(self.plan, self.state, self.state.last_at)
        assert len({ticket.id for ticket in told.values()}) == len(told)
        for window, ticket in told.items():
            assert self.state.window(window).idle_since is not None
            assert next_for(self.plan, self.state, window, self.state.last_at) is ticket
        wanted = {
            t.id for w in self.free() if (t := next_for(self.plan, self.state, w, self.state.last_at)) is not None
        }
        assert {ticket.id for ticket in told.values()} == wanted

    @invariant()
    def windows_are_where_they_were_moved(self) -> None:
        """Away only what is tidal or was told; an end only of what was told; every move has its words."""
        for window in self.state.windows.values():
            planned = self.plan.windows[window.id]
            assert window.zone != planned.zone
            assert window.zone is None or planned.tidal or window.services is not None
            assert window.until is None or window.services is not None
            assert window.pending is None or window.ticket is not None
            assert not (window.standby and window.status is not WindowStatus.CLOSED)
        assert all(move.why is not None for move in self.state.moves)
        helped = [x for x in self.todays() if isinstance(x, e.TicketCalled) and x.helping]
        assert len(helped) == self.state.helping_calls

    @invariant()
    def alarms_are_of_long_waits(self) -> None:
        """An alarm was raised and not cleared; none is cleared that was not raised."""
        known: dict[str, Alarm] = {}
        for event in self.todays():
            if isinstance(event, e.WaitAlarmRaised):
                known[event.service] = Alarm(event.service, AlarmLevel(event.level), event.at)
            elif isinstance(event, e.WaitAlarmCleared):
                del known[event.service]
        assert known == self.state.alarms

    @invariant()
    def one_rating_one_order(self) -> None:
        """A ticket is rated once; a bad rating has its order, which is not lost before it is over; a closed order was
        called back and mended by another; who proposes an exclusion never judges it; nobody handles the own order."""
        rated = [(x.ticket, x.level) for x in self.log if isinstance(x, e.TicketRated)]
        assert len({ticket for ticket, _ in rated}) == len(rated)
        opened = [x.order for x in self.log if isinstance(x, o.OrderOpened)]
        assert opened == [ticket for ticket, level in rated if level <= 2]
        over = {x.order for x in self.log if isinstance(x, o.OrderClosed)}
        over |= {x.order for x in self.log if isinstance(x, o.ExclusionJudged) and x.accepted}
        assert {x.id for x in self.state.orders.values() if x.closed_at is None} == set(opened) - over
        for order in self.state.orders.values():
            judged = order.exclusion
            if order.state is OrderState.CLOSED:
                assert order.callbacks
                assert order.mended_by not in (None, order.closed_by)
                assert judged is None or judged.verdict is False
            assert judged is None or judged.verdict is None or judged.by != judged.judged_by
            assert (order.state is OrderState.EXCLUDED) == (judged is not None and judged.verdict is True)
            hands = [*(call.by for call in order.callbacks), order.mended_by, order.closed_by]
            hands += [judged.by, judged.judged_by] if judged else []
            assert order.clerk is None or order.clerk not in hands
        for ticket in self.state.tickets.values():
            assert ticket.rating is None or ticket.state is S.DONE

    def todays(self) -> list[e.Event]:
        """The log since the last opening."""
        opened = [n for n, event in enumerate(self.log) if isinstance(event, e.DayOpened)]
        return self.log[opened[-1] if opened else 0 :]

    @invariant()
    def recalls_stay_within_the_limit(self) -> None:
        """Nobody is shouted at for ever."""
        assert all(t.recalls <= self.plan.rules.recall_limit for t in self.state.tickets.values())

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
            self.windows_and_tickets_agree()
            self.nobody_is_lost()
            assert self.do(c.CloseDay(at=self.state.last_at)) is None
            self.check_replay()
