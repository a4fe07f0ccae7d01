"""What the order promises, over random halls and random days: nobody is passed without a reason that can be told,
nobody waits for ever, and the list, the people ahead and the next call are one."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from hypothesis import given, settings
from hypothesis import strategies as st

from server.core import commands as c
from server.core import events as e
from server.core.dispatch import ahead_of, line_of, next_for, reach, thresholds
from server.core.model import (
    Plan,
    Rules,
    Service,
    ServiceId,
    Ticket,
    TicketState,
    TideMode,
    TideRules,
    Window,
    WindowId,
    WindowStatus,
    ZoneId,
)
from tests.cast import ELDER, SHANGHAI, Day, at, day_opened

START = at("9:00")
#: Longer than any threshold and any service of these halls.
LONG_S = 3600.0


@st.composite
def halls(draw: st.DrawFn, *, alike: bool = False) -> Plan:
    """A hall of a few zones with services of any length and windows of any authorisation; `alike`: every window of a
    zone takes all of it and nothing else."""
    zones = [f"z{n}" for n in range(draw(st.integers(1, 3)))]
    services = {
        f"s{n}": Service(
            id=ServiceId(f"s{n}"),
            zone=ZoneId(zones[n] if n < len(zones) else draw(st.sampled_from(zones))),
            series="ABCDEF"[n],
            mean_service_s=draw(st.sampled_from([60.0, 240.0, 600.0, 601.0, 1500.0, 5400.0])),
            timetable="any",
        )
        for n in range(draw(st.integers(len(zones), 6)))
    }
    windows = {}
    for n in range(draw(st.integers(len(zones), 7))):
        zone = zones[n] if n < len(zones) else draw(st.sampled_from(zones))
        of_zone = [s.id for s in services.values() if s.zone == zone]
        others = [s.id for s in services.values() if s.zone != zone]
        # The first window of a zone takes all of it, so that somebody does.
        own = of_zone if n < len(zones) or alike else draw(st.lists(st.sampled_from(of_zone), min_size=1, unique=True))
        helps = draw(st.lists(st.sampled_from(others), min_size=1, unique=True)) if others and not alike else []
        name = f"W{n}"
        windows[name] = Window(
            id=WindowId(name),
            number=n + 1,
            zone=ZoneId(zone),
            services=tuple(own),
            may_help=tuple(helps),
            tidal=draw(st.booleans()) and not alike,
        )
    rules = Rules(
        priority_credit_s=draw(st.sampled_from([0.0, 600.0, 2700.0])),
        short_credit_max_s=draw(st.sampled_from([0.0, 120.0, 600.0])),
        appointment_credit_s=draw(st.sampled_from([0.0, 900.0])),
    )
    tides = TideRules(
        mode=draw(st.sampled_from([TideMode.AUTOMATIC, TideMode.AUTOMATIC, TideMode.PROPOSE, TideMode.MANUAL])),
        help_after_s=draw(st.sampled_from([1200.0, 240.0, 0.0])),
        leave_for_s=draw(st.sampled_from([600.0, 1500.0, 0.0])),
        cross_after_s=draw(st.sampled_from([900.0, 60.0, 0.0])),
        cross_leave_s=draw(st.sampled_from([300.0, 1500.0, 0.0])),
        moves_per_hour=draw(st.sampled_from([0, 1, 2, 60])),
    )
    return Plan(
        hall="any",
        tz=SHANGHAI,
        services=services,
        windows=windows,
        timetables={},
        groups=frozenset({ELDER}),
        rules=rules,
        tides=tides,
        always_open=True,
    )


@dataclass(frozen=True, slots=True)
class Step:
    """Time passes, then somebody comes, a window calls, or a citizen is sent on."""

    wait_s: int
    verb: str
    n: int
    group: str | None
    slot_min: int | None


STEPS = st.lists(
    st.builds(
        Step,
        wait_s=st.sampled_from([0, 20, 120, 300]),
        verb=st.sampled_from(["come", "come", "come", "call", "call", "call", "call", "transfer", "miss", "look"]),
        n=st.integers(0, 20),
        group=st.sampled_from([None, None, None, ELDER]),
        slot_min=st.sampled_from([None, None, None, -30, 0, 25]),
    ),
    min_size=20,
    max_size=60,
)


class LivelyDay(Day):
    """A day that plays steps, all windows open from the beginning."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(day_opened(), plan=plan)
        self.clock = START
        for window in plan.windows:
            self.do(c.OpenWindow(at=self.clock, window=window, clerk="li"))
        # Two of every service were at the door.
        for service in (*plan.services, *plan.services):
            self.clock += 100
            self.do(c.Issue(at=self.clock, ticket=f"t{len(self.state.tickets)}", service=service))

    def play(self, step: Step) -> list[e.Event]:
        """One step; what cannot be done now is not done."""
        self.clock += step.wait_s
        windows, services = list(self.plan.windows), list(self.plan.services)
        window, service = windows[step.n % len(windows)], services[step.n % len(services)]
        is_open = self.state.window(window).status is WindowStatus.OPEN
        busy = self.state.window(window).ticket
        match step.verb:
            case "come":
                slot = None if step.slot_min is None else self.clock + step.slot_min * 60
                ticket = f"t{len(self.state.tickets)}"
                return self.do(c.Issue(at=self.clock, ticket=ticket, service=service, group=step.group, slot_at=slot))
            case "call" if is_open:
                return self.do(c.CallNext(at=self.clock, window=window, finish_current=True))
            case "transfer" if busy and self.state.tickets[busy].service != service:
                return self.do(c.Transfer(at=self.clock, window=window, to_service=service))
            case "miss" if busy and self.state.tickets[busy].state is TicketState.CALLED:
                return self.do(c.MarkNoShow(at=self.clock, window=window))
            case "look":
                return self.do(c.Watch(at=self.clock))
        return []

    def waiting(self) -> list[Ticket]:
        """Everybody who waits, in the order of credited times."""
        waiting = [t for t in self.state.tickets.values() if t.state is TicketState.WAITING]
        return sorted(waiting, key=lambda t: (t.credited_at, t.entry))

    def calls(self, steps: list[Step]) -> Iterator[tuple[str, Ticket, list[Ticket], list[Ticket]]]:
        """Every call of next: window, who is called, who waits, and which of these the window takes where it is."""
        for step in steps:
            before = self.waiting()
            here = {w: set(reach(self.plan, self.state.window(w))[0]) for w in self.plan.windows}
            tickets = dict(self.state.tickets)
            for event in self.play(step):
                if isinstance(event, e.TicketCalled):
                    taken = [t for t in before if t.service in here[event.window]]
                    yield event.window, tickets[event.ticket], before, taken


@settings(max_examples=120)
@given(halls(), STEPS)
def test_nobody_is_passed_by_a_later_one_of_the_same_service(plan: Plan, steps: list[Step]) -> None:
    """Ordinary among ordinary: whoever took a ticket of a service earlier is called earlier. Transfers in excepted."""

    def is_ordinary(ticket: Ticket) -> bool:
        return ticket.group is None and not ticket.on_time and ticket.transfers == 0

    order = [f"t{n}" for n in range(2 * len(plan.services) + len(steps))]
    for _, called, waiting, _ in LivelyDay(plan).calls(steps):
        if is_ordinary(called):
            same = [t for t in waiting if t.service == called.service and is_ordinary(t)]
            assert called.id == min(same, key=lambda t: order.index(t.id)).id


@settings(max_examples=120)
@given(halls(), STEPS)
def test_a_call_takes_the_earliest_here_or_helps_by_the_thresholds(plan: Plan, steps: list[Step]) -> None:
    """For every call and everybody whom the window takes where it is: the called one counts no later; or it is help,
    has waited long enough, and counts earlier by what it takes to leave."""
    for window, called, waiting, taken in (day := LivelyDay(plan)).calls(steps):
        after_s, leave_for_s = thresholds(plan, window)
        if called in taken:
            assert called.id == taken[0].id
            continue
        assert called.service in (*plan.windows[window].services, *plan.windows[window].may_help)
        assert day.clock - called.due_at >= after_s
        assert all(called.credited_at + leave_for_s <= other.credited_at for other in taken)
        assert called.id == min((t for t in waiting if t.service == called.service), key=lambda t: t.credited_at).id


@settings(max_examples=120)
@given(halls(), STEPS)
def test_nobody_is_passed_by_anyone_who_came_later_than_the_credits_differ(plan: Plan, steps: list[Step]) -> None:
    """The bound of every overtaking, told from the rules: short business, priority and appointment together."""

    def credit(ticket: Ticket) -> float:
        most = plan.rules.short_credit_max_s
        short = max(-most, min(most, plan.rules.short_service_s - plan.services[ticket.service].mean_service_s))
        group = plan.rules.priority_credit_s if ticket.group else 0.0
        return short + group + (plan.rules.appointment_credit_s if ticket.on_time else 0.0)

    for _, called, _, taken in LivelyDay(plan).calls(steps):
        for passed in taken:
            assert called.due_at - passed.due_at <= credit(called) - credit(passed) + 1e-6


@settings(max_examples=60)
@given(halls(), STEPS)
def test_everybody_is_called_in_the_end(plan: Plan, steps: list[Step]) -> None:
    """When nobody comes any more and the windows stay open, every one who waits is called; each window calls at its
    pace, again and again, whatever the thresholds, the modes and the moves of the hour."""
    day = LivelyDay(replace(plan, tides=replace(plan.tides, close_after_s=86400.0)))
    for step in steps:
        day.play(step)
    waiting = day.waiting()
    served: set[str] = set()
    for _ in range(len(waiting) + 3):
        day.clock += LONG_S
        for window in plan.windows:
            events = day.do(c.CallNext(at=day.clock, window=window, finish_current=True))
            served |= {event.ticket for event in events if isinstance(event, e.TicketCalled)}
    assert served == {ticket.id for ticket in waiting}
    assert day.waiting() == []


def check_agreement(day: LivelyDay, now: float) -> None:
    """The list's first is called; who has nobody before him is called, unless the window goes to help."""
    for window in day.plan.windows:
        line = line_of(day.plan, day.state, window, now)
        chosen = next_for(day.plan, day.state, window, now)
        assert chosen is (line[0] if line else None)
        here = reach(day.plan, day.state.window(window))[0]
        at_hand = [t for t in line if t.service in here]
        assert [t.id for t in at_hand] == [t.id for t in day.waiting() if t.service in here]
        for ticket in at_hand:
            assert ahead_of(day.plan, day.state, ticket) >= at_hand.index(ticket)
        first = next((t for t in at_hand if ahead_of(day.plan, day.state, t) == 0), None)
        if chosen is not None and first is not None:
            assert chosen is first or chosen.service not in here


@settings(max_examples=60)
@given(halls(), STEPS)
def test_the_list_the_people_ahead_and_the_next_call_agree(plan: Plan, steps: list[Step]) -> None:
    """After every step, at every window; and what is called is what was told."""
    day = LivelyDay(plan)
    for step in steps:
        clock = day.clock + step.wait_s
        window = list(plan.windows)[step.n % len(plan.windows)]
        told = next_for(plan, day.state, window, clock)
        events = day.play(step)
        if step.verb == "call" and day.state.window(window).status is WindowStatus.OPEN:
            assert [x.ticket for x in events if isinstance(x, e.TicketCalled)] == ([told.id] if told else [])
        check_agreement(day, day.clock)


@settings(max_examples=60)
@given(halls(alike=True), STEPS)
def test_where_all_windows_of_a_zone_are_alike_people_ahead_are_the_place_in_the_list(
    plan: Plan, steps: list[Step]
) -> None:
    """The citizen's page, the clerk's list and the order of the calls, number by number."""
    day = LivelyDay(replace(plan, tides=replace(plan.tides, close_after_s=86400.0)))
    for step in steps:
        day.play(step)
    for window in plan.windows:
        line = line_of(plan, day.state, window, day.clock)
        assert [ahead_of(plan, day.state, ticket) for ticket in line] == list(range(len(line)))
        assert day.line(window) == [ticket.number for ticket in line]


@settings(max_examples=60)
@given(halls(), STEPS)
def test_the_day_is_its_log(plan: Plan, steps: list[Step]) -> None:
    """Whatever happened, the server that restarts knows it all, and goes on to do the same."""
    day = LivelyDay(plan)
    for step in steps:
        day.play(step)
    told = {window: next_for(plan, day.state, window, day.clock) for window in plan.windows}
    day.restart()
    assert {window: next_for(plan, day.state, window, day.clock) for window in plan.windows} == told
