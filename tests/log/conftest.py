"""A small hall with a tidal window over a SQLite log in a temporary folder, and a way to live through a random day."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from config.loader import load_hall
from server.core import case_events as k
from server.core import commands as c
from server.core.affairs import MatterKind
from server.core.appointments import BookAppointment, CancelAppointment, MoveAppointment
from server.core.assistance import AskForHelp, ConfirmProof, EndHelp, TakeHelp
from server.core.case_records import ACCEPTANCES, Answer, DeliveryWay, HandedTo, Outcome, PaperKind, PauseKind
from server.core.matters import RecordMatter, SettleMatter
from server.core.model import Plan, ServiceId, SlotGrid, TideMode, TideRules, Window, WindowId, ZoneId
from server.core.orders import CloseOrder, JudgeExclusion, MendOrder, ProposeExclusion, RecordCallback
from server.core.ratings import AskRating
from server.core.refusals import Rejected
from server.hall import Answer as Reply
from server.hall import Hall, Request
from server.log.sqlite import SqliteLog
from server.plan import make_plan

SMALL = Path(__file__).parents[1] / "hall" / "small_hall.yaml"
#: Monday 2026-11-23 09:00 in Shanghai.
MONDAY_9 = 1795395600.0
#: Its clerk may also help with licences.
TIDAL = Window(
    id=WindowId("T01"),
    number=21,
    zone=ZoneId("social"),
    services=(ServiceId("insurance"), ServiceId("relief")),
    may_help=(ServiceId("licence"),),
    tidal=True,
)
#: Insurance can be booked every quarter of an hour of every day.
QUARTERS = SlotGrid(days=frozenset(range(7)), start_min=0, end_min=1440, every_min=15, capacity=2)
QUARTER_S = 900.0
CODES = {"kept": "100001", "missed": "100002", "tomorrow": "100003", "given-up": "100004"}


def small_hall() -> Plan:
    """The small hall, open whatever the hour, with a tidal window that is moved after a supervisor's click."""
    plan = make_plan(load_hall(SMALL), always_open=True)
    services = {**plan.services, "insurance": replace(plan.services["insurance"], slots=(QUARTERS,))}
    windows = {**plan.windows, TIDAL.id: TIDAL}
    return replace(plan, services=services, windows=windows, tides=TideRules(mode=TideMode.PROPOSE))


@dataclass(slots=True)
class Day:
    """Plays steps, each a small number for what to do and one for whom, on a hall; time passes with each step."""

    hall: Hall
    at: list[float]
    commands: int = 0
    accepted: int = 0
    tickets: list[str] = field(default_factory=list)

    def play(self, steps: Sequence[tuple[int, int]]) -> None:
        """Do every step; most are legal, the others are refused, and both are part of a real day."""
        for verb, whom in steps:
            self.at[0] += 7 + whom
            self._send(self._command(verb, whom))

    def _command(self, verb: int, whom: int) -> Callable[[float], c.Command]:
        windows, services = list(self.hall.plan.windows), list(self.hall.plan.services)
        window, service = windows[whom % len(windows)], services[whom % len(services)]
        ticket = self.tickets[-1 - whom % len(self.tickets)] if self.tickets else "nobody"
        with self.hall.reading() as state:
            tides = list(state.tides)
        makers: list[Callable[[float], c.Command]] = [
            lambda at: c.Issue(
                at=at, ticket=f"t-{self.commands}", service=service, group="elder" if whom % 4 == 0 else None
            ),
            lambda at: c.OpenWindow(at=at, window=window, clerk=f"clerk {whom}"),
            lambda at: c.CallNext(at=at, window=window, finish_current=whom % 2 == 0),
            lambda at: c.CallNext(at=at, window=window, finish_current=True),
            lambda at: c.Start(at=at, window=window),
            lambda at: c.Finish(at=at, window=window, outcome="办结"),
            lambda at: c.Hold(at=at, window=window),
            lambda at: c.Resume(at=at, window=window, ticket=ticket),
            lambda at: c.MarkNoShow(at=at, window=window),
            lambda at: c.Reinstate(at=at, window=window, ticket=ticket),
            lambda at: c.Transfer(at=at, window=window, to_service=service),
            lambda at: c.Cancel(at=at, ticket=ticket),
            lambda at: c.Recall(at=at, window=window),
            lambda at: c.PauseWindow(at=at, window=window, reason="喝水"),
            lambda at: c.CloseWindow(at=at, window=window),
            lambda at: c.AssignWindow(at=at, window=window, services=tuple(services)),
            lambda at: c.Rate(at=at, ticket=ticket, level=1 + whom % 5),
            lambda at: c.RequestReprint(at=at, ticket=ticket, printer="desk"),
            lambda at: c.ReportPrint(at=at, ticket=ticket, state="printed"),
            lambda at: c.CallTicket(at=at, window=window, ticket=ticket),
            lambda at: c.ReportDevice(at=at, device="kiosk-1", condition=("ok", "paper_out")[whom % 2]),
            lambda at: c.Watch(at=at),
            lambda at: c.AcceptTide(at=at, tide=next(reversed(tides), "T0")),
            lambda at: c.DismissTide(at=at, tide=next(iter(tides), "T0")),
            lambda at: c.CloseWindow(at=at, window=window, standby=True),
            lambda at: c.AssignWindow(at=at, window=window, services=("licence",), zone="business", until=at + 300),
        ]
        return makers[verb % len(makers)]

    def do(self, make: Callable[[float], c.Command]) -> None:
        """One command that must be accepted."""
        self.at[0] += 5
        before = self.accepted
        self._send(make)
        assert self.accepted == before + 1, make(self.at[0])

    def serve(self, window: str, ticket: str, level: int | None = None, *, checks_proof: bool = False) -> None:
        """Take, call and finish a ticket, and rate it."""
        if ticket not in self.tickets:
            self.do(lambda at: c.Issue(at=at, ticket=ticket, service="insurance", group="elder"))
        self.do(lambda at: c.CallTicket(at=at, window=window, ticket=ticket))
        if checks_proof:
            self.do(lambda at: ConfirmProof(at=at, window=window, ticket=ticket, confirmed=True))
        self.do(lambda at: c.Finish(at=at, window=window))
        if level is not None:
            self.do(lambda at: AskRating(at=at, window=window))
            self.do(lambda at: c.Rate(at=at, ticket=ticket, level=level, channel="phone", note="n-1", has_contact=True))

    def beside_the_queue(self, window: str = "S02") -> None:
        """Appointments kept, moved, given up and missed; ratings with all that may follow; matters; a guide."""
        self.do(lambda at: c.CloseWindow(at=at, window=window))
        self.do(lambda at: c.OpenWindow(at=at, window=window, clerk="user:wang"))
        slot = (self.at[0] // QUARTER_S + 1) * QUARTER_S
        later = slot + 86400
        for name, at_s in (("kept", slot), ("missed", slot), ("tomorrow", later), ("given-up", later)):
            self.do(
                lambda at, name=name, at_s=at_s: BookAppointment(
                    at=at, appointment=name, service="insurance", slot_at=at_s, code=CODES[name], holder=f"p-{name}"
                )
            )
        self.do(lambda at: MoveAppointment(at=at, appointment="tomorrow", slot_at=later + QUARTER_S))
        self.do(lambda at: CancelAppointment(at=at, appointment="given-up"))
        self.do(lambda at: c.Issue(at=at, ticket="t-kept", service="insurance", appointment="kept", holder="p-kept"))
        self.serve(window, "t-kept", 5)
        self.serve(window, "t-closed", 1, checks_proof=True)
        self.do(lambda at: RecordCallback(at=at, order="t-closed", by="user:chen", reached=True, note="n-2"))
        self.do(lambda at: MendOrder(at=at, order="t-closed", by="user:chen", note="n-3"))
        self.do(lambda at: CloseOrder(at=at, order="t-closed", by="user:sun"))
        self.serve(window, "t-excluded", 2)
        self.do(lambda at: ProposeExclusion(at=at, order="t-excluded", by="user:chen", note="n-4"))
        self.do(lambda at: JudgeExclusion(at=at, order="t-excluded", by="user:sun", accept=True))
        self.serve(window, "t-open", 1)
        for matter, kind in (("m-settled", MatterKind.UNRESOLVED), ("m-open", MatterKind.COMPLAINT)):
            self.do(
                lambda at, matter=matter, kind=kind: RecordMatter(
                    at=at, matter=matter, kind=kind, by="user:wang", reason="refused", ticket="t-open", note="n-5"
                )
            )
        self.do(lambda at: SettleMatter(at=at, matter="m-settled", by="user:wang", result="done", note="n-6"))
        self.do(lambda at: AskForHelp(at=at, help="h-1", kind="wheelchair", place="kiosk-1", by="kiosk:kiosk-1"))
        self.do(lambda at: TakeHelp(at=at, help="h-1", by="user:mei"))
        self.do(lambda at: EndHelp(at=at, help="h-1", by="user:mei", outcome="helped"))
        self.pass_by(slot + 1800 - self.at[0])

    def settle(self, window: str, name: str, outcome: Outcome = Outcome.ACCEPTED, **said: Any) -> None:
        """What became of an item of the ticket at a window."""
        said = {"departments": ("civil",)} | said if outcome in ACCEPTANCES else said
        self.do(
            lambda at: k.Settle(at=at, window=window, settlement=name, outcome=outcome, title=f"事项 {name}", **said)
        )

    def with_case(self, command: type[k.AboutCase], name: str, **said: Any) -> None:
        """Something done with a case."""
        self.do(lambda at: command(at=at, case=name, by="user:zhou", **said))

    def after_the_window(self, window: str = "S02") -> None:
        """Every outcome, a slip taken back, cases that are handed out, posted and withdrawn, the archive, parcels."""
        self.do(lambda at: c.Issue(at=at, ticket="t-visit", service="insurance", is_checked=True))
        self.do(lambda at: c.CallTicket(at=at, window=window, ticket="t-visit"))
        self.settle(window, "s-done", Outcome.DONE)
        self.settle(window, "s-told", Outcome.CORRECTION, lacks=("身份证", "照片"))
        self.settle(window, "s-no", Outcome.REFUSED, reason="not_here", note="n-7")
        self.settle(window, "s-slip")
        self.do(lambda at: k.Retract(at=at, window=window, settlement="s-slip"))
        promised = self.at[0] + 86400
        missing = {"lacks": ("合同",), "promise_by": promised, "departments": ("civil", "tax")}
        self.settle(window, "c-fetched", Outcome.ACCEPTED_MISSING, **missing)
        self.settle(window, "c-posted", Outcome.PRE_ACCEPTED, delivery=DeliveryWay.POST, urgent=True, platform="P-1")
        self.settle(window, "c-withdrawn", days=1)
        self.do(
            lambda at: k.PrintPaper(
                at=at, settlement="c-fetched", paper=PaperKind.VOUCHER, printer="printer-1", by="user:wang"
            )
        )
        self.do(
            lambda at: k.PrintPaper(at=at, settlement="c-fetched", paper=PaperKind.VOUCHER, printer="p", by="user:wang")
        )
        self.do(lambda at: c.Finish(at=at, window=window))
        self.with_case(k.TakePapers, "c-fetched")
        for department in ("civil", "tax"):
            self.with_case(k.SignPapers, "c-fetched", department=department)
        self.with_case(k.PauseCase, "c-fetched", kind=PauseKind.FEE, fee=12000)
        self.with_case(k.GoOn, "c-fetched")
        self.with_case(k.NumberCase, "c-fetched", platform="P-2")
        self.with_case(k.NoteMilestone, "c-fetched", milestone="review")
        self.with_case(k.BringPapers, "c-fetched")
        for department in ("civil", "tax"):
            self.with_case(k.AnswerCase, "c-fetched", department=department, answer=Answer.GRANTED)
        self.with_case(k.ReceiveResult, "c-fetched", title="许可证", granted=True)
        self.with_case(k.ReturnResult, "c-fetched", reason="name")
        self.with_case(k.AnswerCase, "c-fetched", department="civil", answer=Answer.GRANTED, note="n-8")
        self.with_case(k.ReceiveResult, "c-fetched", title="许可证", granted=True, copies=2)
        # Late by now: told once each.
        self.at[0] += 3600
        self.do(lambda at: c.Watch(at=at))
        self.with_case(k.SignPapers, "c-posted", department="civil")
        self.with_case(k.AnswerCase, "c-posted", department="civil", answer=Answer.DENIED)
        self.with_case(k.ReceiveResult, "c-posted", title="决定书", granted=False)
        self.with_case(k.PostResult, "c-posted", carrier="EMS", tracking="E1")
        self.with_case(k.ReportDelivery, "c-posted", carrier="EMS", tracking="E1")
        self.with_case(k.WithdrawCase, "c-withdrawn", note="n-9")
        self.do(lambda at: c.Issue(at=at, ticket="t-fetch", service="insurance", case="c-fetched"))
        self.with_case(k.HandOut, "c-fetched", to=HandedTo.APPLICANT, proof="voucher", window=window)
        self.do(lambda at: k.FileOriginals(at=at, settlements=("s-done", "c-fetched"), by="user:sun"))
        for parcel in ("x-1", "x-2"):
            self.do(
                lambda at, parcel=parcel: k.SignParcel(
                    at=at, parcel=parcel, carrier="SF", tracking=parcel, by="user:zhou", note="n-10"
                )
            )
            self.do(lambda at, parcel=parcel: k.SortParcel(at=at, parcel=parcel, department="civil", by="user:zhou"))
        self.do(lambda at: k.RegisterParcel(at=at, parcel="x-1", by="user:he", case="c-posted"))

    def _send(self, command: Callable[[float], c.Command]) -> None:
        self.commands += 1

        def answer(state: object, events: list[object], at: float) -> Reply:
            self.tickets += [e.ticket for e in events if type(e).__name__ == "TicketIssued"]  # type: ignore[attr-defined]
            return Reply(200, {"events": len(events)})

        def refuse(refusal: Rejected) -> Reply:
            return Reply(409, {"reason": refusal.reason.value})

        request = Request(command, f"command-{self.commands}", "same body", "user:test", answer, refuse)
        self.accepted += self.hall.handle(request).status == 200

    def pass_by(self, seconds: float) -> None:
        """Time in which nobody does anything but the hall looks after itself every ten seconds."""
        for _ in range(int(seconds // 10)):
            self.at[0] += 10
            self._send(lambda at: c.Watch(at=at))

    def rates_late(self) -> str:
        """Somebody who was served yesterday rates by his link; gives his ticket."""
        with self.hall.reading() as state:
            visit = next(one for one in state.visits.values() if one.rating is None)
        self.do(lambda at: c.Rate(at=at, ticket=visit.id, level=2, channel="phone", note="n-2", has_contact=True))
        return visit.id

    def midnight(self) -> None:
        """Sleep until tomorrow's first minute."""
        self.at[0] += 86400
        self.hall.tick()


@pytest.fixture(scope="session")
def plan() -> Plan:
    """The small hall with its tidal window."""
    return small_hall()


@pytest.fixture
def log(tmp_path: Path) -> Iterator[SqliteLog]:
    """An empty log."""
    log = SqliteLog(tmp_path / "hall.db", "small")
    yield log
    log.close()


@pytest.fixture(scope="session")
def day_of(plan: Plan) -> Callable[[SqliteLog], Day]:
    """A day begun at nine over a given log."""

    def begin(log: SqliteLog) -> Day:
        at = [MONDAY_9]
        hall = Hall(plan, log, lambda: at[0])
        hall.tick()
        return Day(hall, at)

    return begin
