"""The life of a case after the window (Y4, P3, P4, C5, P7): papers to the departments, answers, result, delivery. Pure.

Every rule is legal in the states that `STEPS` gives for it, and in no other.
"""

from server.core import case_events as e
from server.core.case_clocks import BEFORE_RESULT, deadline_after, overdue, working_days_left
from server.core.case_records import (
    Answer,
    Case,
    CaseState,
    DeliveryWay,
    HandedTo,
    Leg,
    PauseKind,
)
from server.core.events import Event
from server.core.judging import judge
from server.core.model import HallState, Plan
from server.core.refusals import Reason, Rejected

_UNDER_WAY = (CaseState.TRANSIT, CaseState.APPROVAL)
_NOT_OVER = tuple(state for state in CaseState if state not in (CaseState.DELIVERED, CaseState.WITHDRAWN))

#: Step → the states in which it is legal, in the words of the API: the one place that says so.
STEPS: dict[str, tuple[CaseState, ...]] = {
    "take": (CaseState.TRANSIT, CaseState.PAUSED),
    "sign": (CaseState.TRANSIT, CaseState.PAUSED),
    "papers": BEFORE_RESULT,
    "pause": _UNDER_WAY,
    "go-on": (CaseState.PAUSED,),
    "answer": _UNDER_WAY,
    "result": (CaseState.DECIDED,),
    "return": (CaseState.DECIDED, CaseState.READY),
    "post": (CaseState.READY,),
    "delivered": (CaseState.POSTED,),
    "hand-out": (CaseState.READY,),
    "withdraw": BEFORE_RESULT,
    "number": _NOT_OVER,
    "milestone": _NOT_OVER,
}


def find_case(state: HallState, name: str) -> Case:
    """A case by its id or number."""
    wanted = name.strip()
    case = state.cases.get(wanted) or state.cases.get(state.case_numbers.get(wanted, ""))
    if case is None:
        raise Rejected(Reason.CASE_UNKNOWN, case=name)
    return case


def next_steps(case: Case) -> tuple[str, ...]:
    """What may be done with a case now, in the words of the API."""
    steps = [step for step, states in STEPS.items() if case.state in states]
    blocked = {
        "take": all(leg.taken_at or leg.signed_at for leg in case.legs),
        "sign": all(leg.signed_at for leg in case.legs),
        "papers": not case.lacks,
        "answer": not any(leg.signed_at and leg.answer is None for leg in case.legs),
        "post": case.delivery is not DeliveryWay.POST,
    }
    return tuple(step for step in steps if not blocked.get(step, False))


def _legal(state: HallState, name: str, step: str) -> Case:
    case = find_case(state, name)
    if case.state not in STEPS[step]:
        raise Rejected(Reason.CASE_STATE, case=case.number, state=case.state.value)
    return case


def _leg(case: Case, department: str) -> Leg:
    leg = case.leg(department)
    if leg is None:
        raise Rejected(Reason.DEPARTMENT_UNKNOWN, department=department, case=case.number)
    return leg


def _whose_paper(case: Case) -> Leg:
    """The department that made the result: the one that refused, else the leading one."""
    return next((leg for leg in case.legs if leg.answer is Answer.DENIED), case.legs[0])


# --- Rules: papers ----------------------------------------------------------------------------------------------------


@judge.register
def _(command: e.TakePapers, plan: Plan, state: HallState) -> list[Event]:
    case = _legal(state, command.case, "take")
    wanted = case.legs if command.department is None else (_leg(case, command.department),)
    open_legs = tuple(leg.department for leg in wanted if leg.taken_at is None and leg.signed_at is None)
    if not open_legs:
        if all(leg.taken_by == command.by and leg.signed_at is None for leg in wanted):
            return []
        raise Rejected(Reason.PAPERS_GONE, case=case.number)
    return [e.PapersTaken(at=command.at, case=case.id, ticket=case.ticket, departments=open_legs, by=command.by)]


@judge.register
def _(command: e.SignPapers, plan: Plan, state: HallState) -> list[Event]:
    case = find_case(state, command.case)
    leg = _leg(case, command.department)
    if leg.signed_at is not None:
        if leg.signed_by == command.by:
            return []
        raise Rejected(Reason.PAPERS_GONE, case=case.number)
    _legal(state, command.case, "sign")
    return [e.PapersSigned(at=command.at, case=case.id, ticket=case.ticket, department=leg.department, by=command.by)]


@judge.register
def _(command: e.BringPapers, plan: Plan, state: HallState) -> list[Event]:
    case = _legal(state, command.case, "papers")
    papers = command.papers or case.lacks
    if not case.lacks or (unknown := [paper for paper in papers if paper not in case.lacks]):
        raise Rejected(Reason.PAPERS_UNKNOWN, case=case.number, papers="、".join(unknown if case.lacks else papers))
    return [e.PapersBrought(at=command.at, case=case.id, ticket=case.ticket, papers=papers, by=command.by)]


# --- Rules: approval --------------------------------------------------------------------------------------------------


@judge.register
def _(command: e.PauseCase, plan: Plan, state: HallState) -> list[Event]:
    case = _legal(state, command.case, "pause")
    if command.kind is PauseKind.CORRECTION and not command.lacks:
        raise Rejected(Reason.PAPERS_WANTED, outcome=command.kind.value)
    return [
        e.CasePaused(
            at=command.at,
            case=case.id,
            ticket=case.ticket,
            kind=command.kind,
            by=command.by,
            left=working_days_left(plan, command.at, case.deadline_at),
            fee=command.fee if command.kind is PauseKind.FEE else None,
            lacks=command.lacks if command.kind is PauseKind.CORRECTION else (),
        )
    ]


@judge.register
def _(command: e.GoOn, plan: Plan, state: HallState) -> list[Event]:
    case = _legal(state, command.case, "go-on")
    deadline_at = deadline_after(plan, case, command.at)
    return [e.CaseWentOn(at=command.at, case=case.id, ticket=case.ticket, by=command.by, deadline_at=deadline_at)]


@judge.register
def _(command: e.AnswerCase, plan: Plan, state: HallState) -> list[Event]:
    case = _legal(state, command.case, "answer")
    leg = _leg(case, command.department)
    if leg.signed_at is None:
        raise Rejected(Reason.PAPERS_NOT_SIGNED, case=case.number, department=leg.department)
    if leg.answer is not None:
        if leg.answer is command.answer:
            return []
        raise Rejected(Reason.CASE_STATE, case=case.number, state=leg.answer.value)
    return [
        e.CaseAnswered(
            at=command.at,
            case=case.id,
            ticket=case.ticket,
            department=leg.department,
            answer=command.answer,
            by=command.by,
            note=command.note,
        )
    ]


# --- Rules: result ----------------------------------------------------------------------------------------------------


@judge.register
def _(command: e.ReceiveResult, plan: Plan, state: HallState) -> list[Event]:
    case = _legal(state, command.case, "result")
    if command.item != case.item:
        raise Rejected(Reason.RESULT_MISMATCH, case=case.number, field="item")
    if command.granted != case.is_granted:
        raise Rejected(Reason.RESULT_MISMATCH, case=case.number, field="decision")
    if command.granted and case.lacks:
        # Simulated approval goes on without them, the result is not given out without them (容缺受理).
        raise Rejected(Reason.PAPERS_MISSING, case=case.number, papers="、".join(case.lacks))
    return [
        e.ResultReceived(
            at=command.at, case=case.id, ticket=case.ticket, title=command.title, copies=command.copies, by=command.by
        )
    ]


@judge.register
def _(command: e.ReturnResult, plan: Plan, state: HallState) -> list[Event]:
    case = _legal(state, command.case, "return")
    leg = _whose_paper(case) if command.department is None else _leg(case, command.department)
    if leg.answer is None or (case.is_granted is False and leg.answer is not Answer.DENIED):
        # It has nothing to do with this paper: it never answered, or the refusal is another department's.
        raise Rejected(Reason.DEPARTMENT_UNKNOWN, department=leg.department, case=case.number)
    return [
        e.ResultReturned(
            at=command.at,
            case=case.id,
            ticket=case.ticket,
            department=leg.department,
            reason=command.reason,
            by=command.by,
            note=command.note,
        )
    ]


@judge.register
def _(command: e.PostResult, plan: Plan, state: HallState) -> list[Event]:
    case = _legal(state, command.case, "post")
    if case.delivery is not DeliveryWay.POST:
        raise Rejected(Reason.NOT_BY_POST, case=case.number)
    _require_own_parcel(command, state, case)
    return [
        e.ResultPosted(
            at=command.at,
            case=case.id,
            ticket=case.ticket,
            carrier=command.carrier,
            tracking=command.tracking,
            by=command.by,
        )
    ]


def _require_own_parcel(command: e.PostResult, state: HallState, case: Case) -> None:
    """A tracking number is that of one parcel, and a parcel goes to one person: several of his cases may lie in it."""
    for other in state.cases.values():
        if other.id == case.id or (other.carrier, other.tracking) != (command.carrier, command.tracking):
            continue
        is_same = other.ticket == case.ticket or (case.holder is not None and other.holder == case.holder)
        if not is_same and other.id not in command.same_address:
            raise Rejected(Reason.TRACKING_TAKEN, case=other.number)
        if not command.together:
            raise Rejected(Reason.TRACKING_SHARED, case=other.number)


@judge.register
def _(command: e.ReportDelivery, plan: Plan, state: HallState) -> list[Event]:
    case = _legal(state, command.case, "delivered")
    if (command.carrier, command.tracking) != (case.carrier, case.tracking):
        raise Rejected(Reason.TRACKING_DIFFERS, case=case.number)
    return [e.ResultDelivered(at=command.at, case=case.id, ticket=case.ticket, by=command.by)]


@judge.register
def _(command: e.HandOut, plan: Plan, state: HallState) -> list[Event]:
    # Whoever stands at the desk gets it, also where it was to be posted.
    case = _legal(state, command.case, "hand-out")
    if (command.to is HandedTo.AGENT) != (command.authority is not None):
        raise Rejected(Reason.AUTHORITY_WANTED, case=case.number)
    return [
        e.ResultHandedOut(
            at=command.at,
            case=case.id,
            ticket=case.ticket,
            to=command.to.value,
            proof=command.proof,
            by=command.by,
            window=command.window,
            authority=command.authority,
            note=command.note,
        )
    ]


@judge.register
def _(command: e.WithdrawCase, plan: Plan, state: HallState) -> list[Event]:
    case = _legal(state, command.case, "withdraw")
    return [e.CaseWithdrawn(at=command.at, case=case.id, ticket=case.ticket, by=command.by, note=command.note)]


# --- Rules: platform, archive, clock ----------------------------------------------------------------------------------


@judge.register
def _(command: e.NumberCase, plan: Plan, state: HallState) -> list[Event]:
    case = _legal(state, command.case, "number")
    if case.platform == command.platform:
        return []
    return [e.CaseNumbered(at=command.at, case=case.id, ticket=case.ticket, platform=command.platform, by=command.by)]


@judge.register
def _(command: e.NoteMilestone, plan: Plan, state: HallState) -> list[Event]:
    case = _legal(state, command.case, "milestone")
    return [
        e.MilestoneNoted(at=command.at, case=case.id, ticket=case.ticket, milestone=command.milestone, by=command.by)
    ]


@judge.register
def _(command: e.FileOriginals, plan: Plan, state: HallState) -> list[Event]:
    for name in command.settlements:
        if name not in state.settlements:
            raise Rejected(Reason.SETTLEMENT_UNKNOWN, settlement=name)
        if (case := state.cases.get(name)) is not None and case.is_carried:
            raise Rejected(Reason.ORIGINALS_CARRIED, case=case.number)
    fresh = tuple(name for name in command.settlements if state.settlements[name].filed_at is None)
    return [e.OriginalsFiled(at=command.at, settlements=fresh, by=command.by)] if fresh else []


def steps_overdue(plan: Plan, state: HallState, at: float) -> list[Event]:
    """Steps that are late and have not been told yet; once each."""
    return [
        e.StepOverdue(
            at=at,
            case=case.id,
            ticket=case.ticket,
            step=late.step,
            due_at=late.due_at,
            department=late.department,
            who=late.who,
        )
        for case in state.cases.values()
        for late in overdue(plan, case, at)
        if late.key not in case.alerted
    ]
