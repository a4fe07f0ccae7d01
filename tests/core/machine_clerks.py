"""Clerks in the machine: calling and serving, ratings and what follows, transfers."""

from dataclasses import fields

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from server.core import commands as c
from server.core import matters as m
from server.core import orders as o
from server.core import ratings as r
from server.core.affairs import MatterKind
from tests.core.machine_citizens import CitizenRules
from tests.core.machine_told import S, some_leader, some_service, some_ticket, some_window


class ClerkRules(CitizenRules):
    """What is done at windows, and about what was done there."""

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
