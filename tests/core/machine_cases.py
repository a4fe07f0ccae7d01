"""After the window in the machine: items settled, cases on their way, the archive, parcels, pre-checks."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from server.core import case_events as k
from server.core import commands as c
from server.core.case_records import Answer, DeliveryWay, HandedTo, Outcome, ParcelState, PauseKind
from server.core.cases import next_steps
from server.core.model import TicketState, WindowStatus
from tests.core.machine_followed import DEPARTMENTS, MAKE_CASES, OVER, PAPERS, TURNED_AWAY, C, CaseFollower
from tests.core.machine_told import OPEN, P01, some_service, some_ticket

some_departments = st.lists(st.sampled_from(DEPARTMENTS), max_size=3).map(tuple)
some_papers = st.lists(st.sampled_from(PAPERS), max_size=2, unique=True).map(tuple)
some_person = st.sampled_from(["user:he", "user:chen"])


class CaseMachine(CaseFollower):
    """A hall in which much is accepted: some citizens sit at windows from the beginning."""

    @initialize(outcomes=st.lists(st.sampled_from(MAKE_CASES), min_size=1, max_size=3), post=st.booleans())
    def a_morning(self, outcomes: list[Outcome], *, post: bool) -> None:
        """Somebody has been called everywhere, and some applications are in."""
        for window in self.plan.windows:
            self.do(c.OpenWindow(at=self.now(), window=window, clerk="li"))
        self.windows_call(["soc-med", "tax", "ent-reg", "soc-ins", "tax"])
        for n, outcome in enumerate(outcomes):
            self.settle(n, outcome, fits=True, departments=DEPARTMENTS[:2], lacks=PAPERS[:1], reason=None,
                        promised_s=None, post=post, days=None)  # fmt: skip

    # --- what is done -------------------------------------------------------------------------------------------------

    @rule(services=st.lists(some_service, max_size=3))
    def windows_call(self, services: list[str]) -> None:
        """Some come, and every window calls its next."""
        self.come(services, None, 0)
        for window in self.plan.windows:
            self.do(c.CallNext(at=self.now(), window=window, finish_current=True))

    @precondition(lambda self: self.busy())
    @rule(
        w=some_ticket,
        outcome=st.sampled_from(Outcome),
        fits=st.sampled_from([True, True, True, False]),
        departments=some_departments,
        lacks=some_papers,
        reason=st.sampled_from([None, "not_here"]),
        promised_s=st.sampled_from([None, -60, 0, 1800]),
        post=st.booleans(),
        days=st.sampled_from([None, 0, 1, 3]),
    )
    def settle(self, w: int, outcome: Outcome, *, fits: bool, **said: Any) -> None:
        """What became of an item, told as it should be or anyhow: taken exactly when it tells what it must."""
        now = self.now()
        if not self.busy():
            return
        window = self.busy()[w % len(self.busy())]
        if fits:
            missing = outcome is Outcome.ACCEPTED_MISSING
            said["lacks"] = (PAPERS[0], *said["lacks"][1:]) if missing or outcome is Outcome.CORRECTION else ()
            said["promised_s"] = 1800 if missing else None
            said["reason"] = "not_here" if outcome is Outcome.REFUSED else None
            said["departments"] = said["departments"] or DEPARTMENTS[:1]
        self.made += 1
        promised_s, post = said.pop("promised_s"), said.pop("post")
        command = k.Settle(
            at=now,
            window=window,
            settlement=f"s{self.made}",
            outcome=outcome,
            title="事项",
            promise_by=None if promised_s is None else now + promised_s,
            delivery=DeliveryWay.POST if post else DeliveryWay.WINDOW,
            urgent=post,
            **said,
        )
        lacks, reason, departments = said["lacks"], said["reason"], said["departments"]
        whole = {
            Outcome.DONE: not (lacks or reason) and promised_s is None,
            Outcome.ACCEPTED: bool(departments) and not (lacks or reason) and promised_s is None,
            Outcome.ACCEPTED_MISSING: bool(departments and lacks) and not reason and promised_s == 1800,
            Outcome.CORRECTION: bool(lacks) and not reason and promised_s is None,
            Outcome.REFUSED: bool(reason) and not lacks and promised_s is None,
            Outcome.PRE_ACCEPTED: bool(departments) and not (lacks or reason) and promised_s is None,
        }[outcome]
        events = self.do(command)
        assert (events is not None) == whole
        if events:
            assert [type(event) for event in events] == [k.ItemSettled, k.CaseOpened][: 1 + (outcome in MAKE_CASES)]
            assert self.do(command) == [], "the same press twice"

    @precondition(lambda self: self.busy() and self.state.settlements)
    @rule(w=some_ticket, n=some_ticket)
    def a_slip(self, w: int, n: int) -> None:
        """Taken back where the citizen still is, while nobody else has had to do with it."""
        now = self.now()
        if not self.busy() or not self.told:
            return
        window = self.busy()[w % len(self.busy())]
        ticket = self.state.window(window).ticket
        own = [name for name, one in self.told.items() if one.ticket == ticket]
        name = (own or list(self.told))[n % len(own or self.told)]
        case = self.cases.get(name)
        expected = name in own and (case is None or not case.touched)
        assert (self.do(k.Retract(at=now, window=window, settlement=name)) is not None) == expected

    def pick_case(self, n: int) -> str:
        """One of the cases, one that is not over rather than another."""
        names = [name for name in self.state.cases if self.cases[name].state not in OVER] or list(self.state.cases)
        return names[n % len(names)] if names else "nobody's"

    @precondition(lambda self: self.state.cases)
    @rule(
        n=some_ticket,
        by=some_person,
        department=st.sampled_from(DEPARTMENTS),
        answer=st.sampled_from([Answer.GRANTED, Answer.GRANTED, Answer.DENIED]),
        sensible=st.sampled_from([True, True, False]),
        steps=st.lists(st.integers(0, 13), min_size=1, max_size=8),
    )
    def somebody_handles_a_case(
        self, n: int, by: str, department: str, answer: Answer, *, sensible: bool, steps: list[int]
    ) -> None:
        """A few steps by one person, legal or not; where something came of one, it was offered."""
        for step in steps:
            now, name = self.now(), self.pick_case(n)
            if name not in self.state.cases:
                return
            offered = next_steps(self.state.cases[name])
            if sensible:
                department = list(self.cases[name].signed)[step % len(self.cases[name].signed)]
                answer = Answer.DENIED if Answer.DENIED in self.cases[name].answers.values() else answer
            ways = self.steps(now, name, by, department, answer)
            if sensible:
                ways = [way for way in ways if way[0] in offered and way[0] not in ("withdraw", "number", "milestone")]
            step_name, command = (ways or self.steps(now, name, by, department, answer))[step % len(ways or range(14))]
            assert not self.do(command) or step_name in offered
            self.clock += 20

    def steps(self, now: float, case: str, by: str, department: str, answer: Answer) -> list[tuple[str, c.Command]]:
        """Every step with its name."""
        who: dict[str, Any] = {"at": now, "case": case, "by": by}
        granted = answer is Answer.GRANTED
        return [
            ("take", k.TakePapers(**who, department=department if granted else None)),
            ("sign", k.SignPapers(**who, department=department)),
            ("papers", k.BringPapers(**who)),
            ("pause", k.PauseCase(**who, kind=PauseKind.FEE, fee=100)),
            ("go-on", k.GoOn(**who)),
            ("answer", k.AnswerCase(**who, department=department, answer=answer)),
            ("result", k.ReceiveResult(**who, title="证", granted=granted)),
            ("return", k.ReturnResult(**who, reason="name", department=department if granted else None)),
            ("post", k.PostResult(**who, carrier="EMS", tracking=case)),
            ("delivered", k.ReportDelivery(**who, carrier="EMS", tracking=case)),
            ("hand-out", k.HandOut(**who, to=HandedTo.APPLICANT, proof="voucher")),
            ("withdraw", k.WithdrawCase(**who)),
            ("number", k.NumberCase(**who, platform=f"P-{by}")),
            ("milestone", k.NoteMilestone(**who, milestone="review")),
        ]

    @precondition(lambda self: self.state.cases)
    @rule(
        n=some_ticket,
        by=some_person,
        denies=st.sampled_from([False, False, True]),
        until=st.sampled_from([0, 1, 2, 2, 2]),
        bring=st.sampled_from([True, True, False]),
        ends=st.lists(st.sampled_from(["return", "post", "delivered", "hand-out", "number"]), max_size=3),
        wait_s=st.sampled_from([0, 400, 90000]),
    )
    def a_case_takes_its_course(
        self, n: int, by: str, *, denies: bool, until: int, bring: bool, ends: list[str], wait_s: int
    ) -> None:
        """Signed for everywhere, answered, papers brought, the result taken over and on its way, as far as it goes."""
        name, now = self.pick_case(n), self.now()
        if name not in self.state.cases:
            return
        who: dict[str, Any] = {"at": now, "case": name, "by": by}
        self.do(k.GoOn(**who))
        for department in self.cases[name].signed:
            self.do(k.SignPapers(**who, department=department))
            if until:
                answer = Answer.DENIED if denies else Answer.GRANTED
                self.do(k.AnswerCase(**who, department=department, answer=answer))
        if until > 1:
            if bring:
                self.do(k.BringPapers(**who))
            granted = Answer.DENIED not in self.cases[name].answers.values()
            self.do(k.ReceiveResult(**who, title="证", granted=granted))
        self.clock += wait_s
        for end in ends:
            now = self.now()
            if name in self.state.cases:
                self.do(dict(self.steps(now, name, by, DEPARTMENTS[0], Answer.DENIED))[end])

    @precondition(lambda self: self.state.cases)
    @rule(n=some_ticket)
    def somebody_comes_for_a_result(self, n: int) -> None:
        """With the voucher: one open ticket for each result, and only for one that is ready."""
        now, name = self.now(), self.pick_case(n)
        if name not in self.state.cases:
            return
        self.made += 1
        coming = [t for t in self.state.tickets.values() if t.case == name and t.state in OPEN]
        expected = self.cases[name].state is C.READY and not coming
        issue = c.Issue(at=now, ticket=f"t{self.made}", service="tax", case=self.cases[name].number)
        assert (self.do(issue) is not None) == expected
        if expected:
            assert self.state.cases[name].pickup_ticket == issue.ticket

    @precondition(lambda self: self.state.settlements)
    @rule(ns=st.lists(some_ticket, min_size=1, max_size=4))
    def originals_are_filed(self, ns: list[int]) -> None:
        """Some are ticked off, each once."""
        now, names = self.now(), list(self.state.settlements)
        if not names:
            return
        chosen = tuple(dict.fromkeys(names[n % len(names)] for n in ns))
        fresh = [name for name in chosen if not self.told[name].filed]
        ways = [self.cases[name] for name in chosen if name in self.state.cases]
        carried = [way for way in ways if way.state in (C.TRANSIT, C.PAUSED) and not all(way.signed.values())]
        events = self.do(k.FileOriginals(at=now, settlements=chosen, by="user:sun"))
        assert (events is None) == bool(carried)
        if carried:
            return
        assert [event.settlements for event in events or () if isinstance(event, k.OriginalsFiled)] == (
            [tuple(fresh)] if fresh else []
        )

    @rule(n=st.integers(0, 3), step=st.integers(0, 2), department=st.sampled_from(DEPARTMENTS))
    def a_courier(self, n: int, step: int, department: str) -> None:
        """Signed for, sorted, registered: in this order, the last one once."""
        now, name = self.now(), f"x{n}"
        before = self.state.parcels.get(name)
        command, expected = [
            (k.SignParcel(at=now, parcel=name, carrier="SF", tracking=name, by="user:chen"), before is None),
            (
                k.SortParcel(at=now, parcel=name, department=department, by="user:chen"),
                before is not None and before.state is not ParcelState.REGISTERED and before.department != department,
            ),
            (
                k.RegisterParcel(at=now, parcel=name, by="user:he", case=None),
                before is not None and before.state is ParcelState.SORTED,
            ),
        ][step]
        assert bool(self.do(command)) == expected

    @rule(finish=st.booleans(), outcome=st.sampled_from([None, None, "回家"]))
    def the_precheck_goes_on(self, finish: bool, outcome: str | None) -> None:
        """Called at the pre-check and done there: on to the next step with number and time, or home."""
        self.do(c.CallNext(at=self.now(), window=P01, finish_current=True))
        now = self.now()
        ticket = self.state.tickets.get(self.state.window(P01).ticket or "")
        if ticket is None:
            return
        outcomes = [self.told[name].outcome for name in ticket.settled]
        goes_home = outcome is not None or (bool(outcomes) and all(one in TURNED_AWAY for one in outcomes))
        if finish or outcome or self.state.window(P01).status is not WindowStatus.OPEN:
            assert self.do(c.Finish(at=now, window=P01, outcome=outcome))
        else:
            assert self.do(c.CallNext(at=now, window=P01, finish_current=True))
        after = self.state.tickets[ticket.id]
        if after.state is TicketState.CALLED:
            # Somebody has assigned the next step to this window, too.
            return
        if goes_home or not ticket.then:
            assert (after.state, after.then) == (TicketState.DONE, ticket.then)
            return
        assert (after.state, after.service, after.then) == (TicketState.WAITING, ticket.then[0], ticket.then[1:])
        same = ("number", "issued_at", "entry", "due_at", "on_time", "item", "group", "settled")
        assert [getattr(after, name) for name in same] == [getattr(ticket, name) for name in same]
        assert after.credited_at == after.due_at - self.credit(after)
