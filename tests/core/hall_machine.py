"""A hall that Hypothesis runs: any command in any order, time passing and jumping, restarts; and what must always hold.

The invariants are those of standards D1, told a second time in the words of the tests: none asks the code it judges.
"""

from hypothesis.stateful import invariant

from server.core import events as e
from server.core import orders as o
from server.core.affairs import OrderState
from server.core.dispatch import ahead_of, line_of, newcomers_windows, next_for, turns, windows_for
from server.core.model import (
    Alarm,
    AlarmLevel,
    WindowStatus,
)
from server.core.statistics import quarters, service_s, wait_s, waits
from server.core.wait import newcomer
from tests.core.machine_clerks import ClerkRules
from tests.core.machine_told import AT_WINDOW, S


class HallMachine(ClerkRules):
    """The tidal hall of the cast, open round the clock: what must always hold."""

    # --- what must always hold ----------------------------------------------------------------------------------------

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
        known = newcomers_windows(self.plan, self.state)
        for service, windows in known.items():
            takers = [w for w in lines if w in opened and service in self.here(w)]
            assert windows == self.able(service, takers)
        # Of one service after the other, for the time it takes.
        somebody = newcomer(self.plan, self.state, list(known)[self.made % len(known)], self.state.last_at)
        among = known[somebody.service]
        assert ahead_of(self.plan, self.state, somebody, among) == ahead_of(self.plan, self.state, somebody)

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

    @invariant()
    def recalls_stay_within_the_limit(self) -> None:
        """Nobody is shouted at for ever."""
        assert all(t.recalls <= self.plan.rules.recall_limit for t in self.state.tickets.values())

    def teardown(self) -> None:
        """However the day went, it ends in order."""
        super().teardown()
        self.windows_and_tickets_agree()
        self.nobody_is_lost()
