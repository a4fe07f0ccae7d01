"""How long the parts of a thread took, against their deadlines, and which events came late. A fold of its events. Pure."""

from dataclasses import dataclass, field
from enum import StrEnum

from server.core import case_events as k
from server.core import events as e
from server.core import matters as m
from server.core import orders as o
from server.core.calendar import add_working_days
from server.core.case_records import Answer, DeliveryWay
from server.core.model import Plan
from server.web.threads.phases import Phase


class SpanKind(StrEnum):
    """What is measured."""

    WAIT = "wait"
    WALK = "walk"
    SERVICE = "service"
    HOLD = "hold"
    TRANSFER = "transfer"
    APPROVAL = "approval"
    PAUSE = "pause"
    HANDOVER = "handover"
    COLLECTION = "collection"
    POSTING = "posting"
    POST = "post"
    CALL_BACK = "call_back"
    MENDING = "mending"
    MATTER = "matter"


PHASE_OF_SPAN = {
    SpanKind.WAIT: Phase.CALL,
    SpanKind.WALK: Phase.CALL,
    SpanKind.SERVICE: Phase.ACCEPTANCE,
    SpanKind.HOLD: Phase.ACCEPTANCE,
    SpanKind.TRANSFER: Phase.CARRYING,
    SpanKind.APPROVAL: Phase.APPROVAL,
    SpanKind.PAUSE: Phase.APPROVAL,
    SpanKind.HANDOVER: Phase.RESULT,
    SpanKind.COLLECTION: Phase.RESULT,
    SpanKind.POSTING: Phase.RESULT,
    SpanKind.POST: Phase.RESULT,
    SpanKind.CALL_BACK: Phase.REDRESS,
    SpanKind.MENDING: Phase.REDRESS,
    SpanKind.MATTER: Phase.REDRESS,
}


@dataclass(slots=True)
class Span:
    """One stretch of time: of a ticket, a case, an order or a matter (`of`), perhaps of one department."""

    kind: SpanKind
    of: str
    from_at: float
    due_at: float | None = None
    department: str | None = None
    to_at: float | None = None

    def late(self, now: float) -> bool:
        """Whether it lasted, or has lasted, beyond its deadline."""
        return self.due_at is not None and (now if self.to_at is None else self.to_at) > self.due_at

    def seconds(self, now: float) -> float:
        """Its length so far."""
        return max(0.0, (now if self.to_at is None else self.to_at) - self.from_at)


@dataclass(slots=True)
class Spans:
    """Begins and ends stretches as it follows the events; the queue's own by ticket, the others by case or order."""

    plan: Plan
    found: list[Span] = field(default_factory=list)
    #: (kind, of, department) → the stretch that runs.
    running: dict[tuple[SpanKind, str, str | None], Span] = field(default_factory=dict)
    deadlines: dict[str, float] = field(default_factory=dict)
    posted: set[str] = field(default_factory=set)
    services: dict[str, str] = field(default_factory=dict)

    def follow(self, event: e.Event) -> bool:
        """Take in the next event; tells whether it came late."""
        match event:
            case e.TicketEvent():
                return self._queue(event)
            case k.CaseEvent():
                return self._case(event)
            case o.OrderEvent():
                return self._order(event)
            case m.MatterRecorded():
                self._begin(SpanKind.MATTER, event.matter, event.at, event.deadline_at)
            case m.MatterSettled():
                return self._end(SpanKind.MATTER, event.matter, event.at)
        return False

    # --- stretches ----------------------------------------------------------------------------------------------------

    def _begin(self, kind: SpanKind, of: str, at: float, due_at: float | None = None, dep: str | None = None) -> None:
        if (kind, of, dep) not in self.running:
            span = self.running[kind, of, dep] = Span(kind, of, at, due_at, dep)
            self.found.append(span)

    def _end(self, kind: SpanKind, of: str, at: float, dep: str | None = None) -> bool:
        span = self.running.pop((kind, of, dep), None)
        if span is None:
            return False
        span.to_at = at
        return span.late(at)

    def _end_all(self, of: str, at: float) -> None:
        for kind, whose, dep in list(self.running):
            if whose == of:
                self._end(kind, of, at, dep)

    # --- kinds of events ----------------------------------------------------------------------------------------------

    def _queue(self, event: e.TicketEvent) -> bool:
        ticket, at = event.ticket, event.at
        match event:
            case e.TicketIssued():
                self.services[ticket] = event.service
                self._waits(ticket, max(at, event.due_at or at))
            case e.TicketCalled() | e.TicketResumed():
                late = self._end(SpanKind.WAIT, ticket, at)
                self._end(SpanKind.HOLD, ticket, at)
                self._begin(SpanKind.WALK, ticket, at)
                return late
            case e.ServiceStarted():
                self._end(SpanKind.WALK, ticket, at)
                self._begin(SpanKind.SERVICE, ticket, at)
            case e.TicketHeld():
                self._end_all(ticket, at)
                self._begin(SpanKind.HOLD, ticket, at)
            case e.TicketTransferred():
                self._end_service(ticket, at)
                self.services[ticket] = event.service
                self._waits(ticket, at)
            case e.TicketReinstated():
                self._end_all(ticket, at)
                self._waits(ticket, at)
            case e.ServiceFinished():
                self._end_service(ticket, at)
            case e.TicketMissed() | e.TicketCancelled():
                self._end_all(ticket, at)
            case k.SettlementRetracted():
                self._end_all(event.settlement, at)
                self.found = [span for span in self.found if span.of != event.settlement]
        return False

    def _end_service(self, ticket: str, at: float) -> None:
        """Where no clerk told that the service began, it was one from the call on."""
        if (walk := self.running.get((SpanKind.WALK, ticket, None))) is not None:
            walk.kind = SpanKind.SERVICE
        self._end_all(ticket, at)

    def _waits(self, ticket: str, at: float) -> None:
        service = self.plan.services.get(self.services[ticket])
        alarm_s = self.plan.rules.alarm_s if service is None or service.alarm_s is None else service.alarm_s
        self._begin(SpanKind.WAIT, ticket, at, at + alarm_s)

    def _case(self, event: k.CaseEvent) -> bool:
        case, at = event.case, event.at
        match event:
            case k.CaseOpened():
                self.deadlines[case] = event.deadline_at
                if event.delivery is DeliveryWay.POST:
                    self.posted.add(case)
                for department in event.departments:
                    self._begin(SpanKind.TRANSFER, case, at, event.transfer_by, department)
            case k.PapersSigned():
                late = self._end(SpanKind.TRANSFER, case, at, event.department)
                stands = (SpanKind.PAUSE, case, None) in self.running
                due_at = None if stands else self.deadlines.get(case)
                self._begin(SpanKind.APPROVAL, case, at, due_at, event.department)
                return late
            case k.CasePaused():
                self._begin(SpanKind.PAUSE, case, at)
                self._due(case, None)
            case k.CaseWentOn():
                self._end(SpanKind.PAUSE, case, at)
                self.deadlines[case] = event.deadline_at
                self._due(case, event.deadline_at)
            case k.CaseAnswered():
                return self._answered(event)
            case k.StepOverdue():
                return True
            case _:
                return self._result(event)
        return False

    def _due(self, case: str, due_at: float | None) -> None:
        for (kind, of, _), span in self.running.items():
            if kind is SpanKind.APPROVAL and of == case:
                span.due_at = due_at

    def _answered(self, event: k.CaseAnswered) -> bool:
        late = self._end(SpanKind.APPROVAL, event.case, event.at, event.department)
        deciding = (SpanKind.TRANSFER, SpanKind.APPROVAL)
        if event.answer is Answer.DENIED:
            # Nobody waits for the others any more.
            self._end_all(event.case, event.at)
        if not any(kind in deciding and of == event.case for kind, of, _ in self.running):
            due_at = add_working_days(self.plan, event.at, self.plan.cases.result_days)
            self._begin(SpanKind.HANDOVER, event.case, event.at, due_at)
        return late

    def _result(self, event: k.CaseEvent) -> bool:
        case, at = event.case, event.at
        match event:
            case k.ResultReceived():
                late = self._end(SpanKind.HANDOVER, case, at)
                self._end_all(case, at)
                by_post = case in self.posted
                lasts_s = self.plan.cases.post_s if by_post else self.plan.cases.collect_s
                self._begin(SpanKind.POSTING if by_post else SpanKind.COLLECTION, case, at, at + lasts_s)
                return late
            case k.ResultReturned():
                self._end_all(case, at)
                self._begin(SpanKind.APPROVAL, case, at, self.deadlines.get(case), event.department)
            case k.ResultPosted():
                late = self._end(SpanKind.POSTING, case, at)
                self._begin(SpanKind.POST, case, at, at + self.plan.cases.post_s)
                return late
            case k.ResultDelivered() | k.ResultHandedOut():
                late = any(of == case and span.late(at) for (_, of, _), span in self.running.items())
                self._end_all(case, at)
                return late
            case k.CaseWithdrawn():
                self._end_all(case, at)
        return False

    def _order(self, event: o.OrderEvent) -> bool:
        match event:
            case o.OrderOpened():
                self._begin(SpanKind.CALL_BACK, event.order, event.at, event.contact_by)
                self._begin(SpanKind.MENDING, event.order, event.at, event.mend_by)
            case o.CallbackRecorded():
                return self._end(SpanKind.CALL_BACK, event.order, event.at)
            case o.OrderMended():
                return self._end(SpanKind.MENDING, event.order, event.at)
            case o.ExclusionJudged(accepted=True):
                self._end_all(event.order, event.at)
        return False
