"""The case of the cast: A001's application at S01, on its way through the departments of civil affairs and housing."""

from collections.abc import Callable
from datetime import date
from typing import Any

from server.core import case_events as k
from server.core import commands as c
from server.core import events as e
from server.core.case_clocks import transfer_due
from server.core.case_records import Answer, Case, CaseState, DeliveryWay, HandedTo, Outcome, PauseKind
from server.core.model import TicketState
from tests.cast import LI, MORNING, S01, STORY_OF, YANGXIN, Given, at, id_of

CIVIL, HOUSING = "civil", "housing"
RUNNER, HE, CHEN = "user:runner", "user:he", "user:chen"
#: The case's id is that of its settlement.
CASE, NUMBER = "s-1", "20261123-0001"
TICKET = id_of("A001")
TITLE = "不动产转移登记"
#: Twenty working days from Monday 2026-11-23, 9:20.
DEADLINE = at("9:20", date(2026, 12, 21))
#: A001 sits at S01.
AT_THE_WINDOW = (*MORNING, *STORY_OF[TicketState.SERVING])


def settled(clock: str = "9:20", **other: Any) -> k.ItemSettled:
    """The application was accepted."""
    said: dict[str, Any] = {
        "settlement": CASE, "outcome": Outcome.ACCEPTED, "title": TITLE, "department": CIVIL, "case": NUMBER,
    }  # fmt: skip
    return k.ItemSettled(at=at(clock), ticket=TICKET, window=S01, clerk=LI, **(said | other))


def case_opened(clock: str = "9:20", **other: Any) -> k.CaseOpened:
    """It became a case with papers for both departments."""
    said: dict[str, Any] = {
        "case": CASE, "number": NUMBER, "title": TITLE, "outcome": Outcome.ACCEPTED, "departments": (CIVIL, HOUSING),
        "deadline_at": DEADLINE, "days": 20, "delivery": DeliveryWay.WINDOW,
        "transfer_by": transfer_due(YANGXIN, at(clock), urgent=bool(other.get("urgent"))),
    }  # fmt: skip
    return k.CaseOpened(at=at(clock), ticket=TICKET, window=S01, clerk=LI, **(said | other))


def happened(kind: Callable[..., e.Event], clock: str, **said: Any) -> e.Event:
    """Something happened to the case."""
    return kind(at=at(clock), case=CASE, ticket=TICKET, **said)


def signed(department: str, clock: str = "9:40") -> e.Event:
    """A department signed for its papers."""
    return happened(k.PapersSigned, clock, department=department, by=HE)


def answered(department: str, answer: Answer = Answer.GRANTED, clock: str = "10:00") -> e.Event:
    """A department decided."""
    return happened(k.CaseAnswered, clock, department=department, answer=answer, by=HE)


def paused(clock: str = "9:50", left: int = 20, day: date | None = None) -> e.Event:
    """The clock stands still for a fee."""
    moment = at(clock) if day is None else at(clock, day)
    return k.CasePaused(at=moment, case=CASE, ticket=TICKET, kind=PauseKind.FEE, by=HE, left=left, fee=8000)


READY_AT = "10:30"
RECEIVED = happened(k.ResultReceived, READY_AT, title="不动产权证书", copies=1, by=CHEN)
POSTED = happened(k.ResultPosted, "11:00", carrier="EMS", tracking="E1", by=CHEN)
_OPENED = (*AT_THE_WINDOW, settled(), case_opened(delivery=DeliveryWay.POST))
_SIGNED = (*_OPENED, signed(CIVIL), signed(HOUSING))
_DECIDED = (*_SIGNED, answered(CIVIL), answered(HOUSING))
#: How the case, to be posted, came to be in each state.
STORY_OF_CASE: dict[CaseState, tuple[e.Event, ...]] = {
    CaseState.TRANSIT: _OPENED,
    CaseState.APPROVAL: _SIGNED,
    CaseState.PAUSED: (*_SIGNED, paused()),
    CaseState.DECIDED: _DECIDED,
    CaseState.READY: (*_DECIDED, RECEIVED),
    CaseState.POSTED: (*_DECIDED, RECEIVED, POSTED),
    CaseState.DELIVERED: (*_DECIDED, RECEIVED, POSTED, happened(k.ResultDelivered, "12:00", by=CHEN)),
    CaseState.WITHDRAWN: (*_OPENED, happened(k.CaseWithdrawn, "9:30", by=LI)),
}

NOW = at("14:00")


def commands_of_steps(now: float = NOW, department: str = CIVIL) -> dict[str, c.Command]:
    """The command of each step, in the words of the API."""
    said: dict[str, Any] = {"at": now, "case": CASE, "by": CHEN}
    return {
        "take": k.TakePapers(**said),
        "sign": k.SignPapers(**said, department=department),
        "papers": k.BringPapers(**said),
        "pause": k.PauseCase(**said, kind=PauseKind.FEE, fee=8000),
        "go-on": k.GoOn(**said),
        "answer": k.AnswerCase(**said, department=department, answer=Answer.GRANTED),
        "result": k.ReceiveResult(**said, title="不动产权证书", granted=True),
        "return": k.ReturnResult(**said, reason="name"),
        "post": k.PostResult(**said, carrier="EMS", tracking="E1"),
        "delivered": k.ReportDelivery(**said, carrier="EMS", tracking="E1"),
        "hand-out": k.HandOut(**said, to=HandedTo.APPLICANT, proof="voucher"),
        "withdraw": k.WithdrawCase(**said),
        "number": k.NumberCase(**said, platform="P-1"),
        "milestone": k.NoteMilestone(**said, milestone="review"),
    }


def the_case(hall: Given) -> Case:
    """It, as it is now."""
    return hall.state.cases[CASE]
