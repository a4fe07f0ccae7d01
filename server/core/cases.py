"""The life of a case after the window (Y4, P3, P4, C5, P7): papers to the departments, answers, result, delivery. Pure.

Every rule is legal in the states that `STEPS` gives for it, and in no other.
"""

from collections.abc import Callable
from dataclasses import replace

from server.core import case_events as e
from server.core.case_clocks import deadline_after, overdue, working_days_left
from server.core.case_records import (
    Case,
    CaseState,
    DeliveryWay,
    Leg,
    Pause,
    PauseKind,
    Result,
)
from server.core.events import Event
from server.core.judging import follow, judge
from server.core.model import HallState, Plan
from server.core.refusals import Reason, Rejected

_UNDER_WAY = (CaseState.TRANSIT, CaseState.APPROVAL)
_BEFORE_RESULT = (*_UNDER_WAY, CaseState.PAUSED, CaseState.DECIDED)
_NOT_OVER = tuple(state for state in CaseState if state not in (CaseState.DELIVERED, CaseState.WITHDRAWN))

#: Step → the states in which it is legal, in the words of the API: the one place that says so.
STEPS: dict[str, tuple[CaseState, ...]] = {
    "take": (CaseState.TRANSIT, CaseState.PAUSED),
    "sign": (CaseState.TRANSIT, CaseState.PAUSED),
    "papers": _BEFORE_RESULT,
    "pause": _UNDER_WAY,
    "go-on": (CaseState.PAUSED,),
    "answer": _UNDER_WAY,
    "result": (CaseState.DECIDED,),
    "return": (CaseState.DECIDED, CaseState.READY),
    "post": (CaseState.READY,),
    "delivered": (CaseState.POSTED,),
    "hand-out": (CaseState.READY,),
    "withdraw": _BEFORE_RESULT,
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
    leg = case.legs[0] if command.department is None else _leg(case, command.department)
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


@judge.register
def _(command: e.ReportDelivery, plan: Plan, state: HallState) -> list[Event]:
    case = _legal(state, command.case, "delivered")
    return [e.ResultDelivered(at=command.at, case=case.id, ticket=case.ticket, by=command.by)]


@judge.register
def _(command: e.HandOut, plan: Plan, state: HallState) -> list[Event]:
    # Whoever stands at the desk gets it, also where it was to be posted.
    case = _legal(state, command.case, "hand-out")
    return [
        e.ResultHandedOut(
            at=command.at,
            case=case.id,
            ticket=case.ticket,
            to=command.to,
            proof=command.proof,
            by=command.by,
            window=command.window,
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


# --- Steps ------------------------------------------------------------------------------------------------------------


def _change(state: HallState, name: str, change: Callable[[Case], Case]) -> None:
    state.cases[name] = change(state.cases[name])


def _with_legs(case: Case, departments: tuple[str, ...], change: Callable[[Leg], Leg]) -> Case:
    return replace(case, legs=tuple(change(leg) if leg.department in departments else leg for leg in case.legs))


def _under_way(case: Case) -> CaseState:
    """The state of a case whose clock runs, by its papers and answers."""
    if case.is_granted is not None:
        return CaseState.DECIDED
    return CaseState.APPROVAL if all(leg.signed_at for leg in case.legs) else CaseState.TRANSIT


def _settled_again(case: Case) -> Case:
    return case if case.state is CaseState.PAUSED else replace(case, state=_under_way(case))


@follow.register
def _(event: e.PapersTaken, state: HallState) -> None:
    _change(
        state,
        event.case,
        lambda case: _with_legs(
            case, event.departments, lambda leg: replace(leg, taken_at=event.at, taken_by=event.by)
        ),
    )


@follow.register
def _(event: e.PapersSigned, state: HallState) -> None:
    def sign(leg: Leg) -> Leg:
        return replace(leg, signed_at=event.at, signed_by=event.by)

    _change(state, event.case, lambda case: _settled_again(_with_legs(case, (event.department,), sign)))


@follow.register
def _(event: e.PapersBrought, state: HallState) -> None:
    _change(
        state,
        event.case,
        lambda case: replace(case, lacks=tuple(paper for paper in case.lacks if paper not in event.papers)),
    )


@follow.register
def _(event: e.CasePaused, state: HallState) -> None:
    pause = Pause(event.kind, event.at, event.by, event.left, event.fee, event.lacks)
    _change(state, event.case, lambda case: replace(case, state=CaseState.PAUSED, pauses=(*case.pauses, pause)))


@follow.register
def _(event: e.CaseWentOn, state: HallState) -> None:
    def go_on(case: Case) -> Case:
        ended = replace(case.pauses[-1], ended_at=event.at, ended_by=event.by)
        # A new deadline may be missed anew.
        alerted = tuple(key for key in case.alerted if not key.startswith("approval"))
        running = replace(case, pauses=(*case.pauses[:-1], ended), deadline_at=event.deadline_at, alerted=alerted)
        return replace(running, state=_under_way(running))

    _change(state, event.case, go_on)


@follow.register
def _(event: e.CaseAnswered, state: HallState) -> None:
    def answer(leg: Leg) -> Leg:
        return replace(leg, answer=event.answer, answered_at=event.at, answered_by=event.by, note=event.note)

    _change(state, event.case, lambda case: _settled_again(_with_legs(case, (event.department,), answer)))


@follow.register
def _(event: e.ResultReceived, state: HallState) -> None:
    result = Result(event.title, event.copies, event.at, event.by)
    _change(state, event.case, lambda case: replace(case, state=CaseState.READY, result=result, ready_at=event.at))


@follow.register
def _(event: e.ResultReturned, state: HallState) -> None:
    def undo(leg: Leg) -> Leg:
        return replace(leg, answer=None, answered_at=None, answered_by=None)

    def give_back(case: Case) -> Case:
        back = _with_legs(case, (event.department,), undo)
        alerted = tuple(key for key in case.alerted if key.split(" ")[0] not in ("result", "approval"))
        back = replace(back, result=None, ready_at=None, returned=case.returned + 1, alerted=alerted)
        return replace(back, state=_under_way(back))

    _change(state, event.case, give_back)


@follow.register
def _(event: e.ResultPosted, state: HallState) -> None:
    _change(
        state,
        event.case,
        lambda case: replace(
            case, state=CaseState.POSTED, carrier=event.carrier, tracking=event.tracking, posted_at=event.at
        ),
    )


@follow.register
def _(event: e.ResultDelivered, state: HallState) -> None:
    _change(
        state,
        event.case,
        lambda case: replace(case, state=CaseState.DELIVERED, ended_at=event.at, ended_by=event.by),
    )


@follow.register
def _(event: e.ResultHandedOut, state: HallState) -> None:
    _change(
        state,
        event.case,
        lambda case: replace(
            case,
            state=CaseState.DELIVERED,
            ended_at=event.at,
            ended_by=event.by,
            handed_to=event.to,
            proof=event.proof,
        ),
    )


@follow.register
def _(event: e.CaseWithdrawn, state: HallState) -> None:
    _change(
        state,
        event.case,
        lambda case: replace(case, state=CaseState.WITHDRAWN, ended_at=event.at, ended_by=event.by),
    )


@follow.register
def _(event: e.CaseNumbered, state: HallState) -> None:
    _change(state, event.case, lambda case: replace(case, platform=event.platform))


@follow.register
def _(event: e.MilestoneNoted, state: HallState) -> None:
    """A milestone changes nothing here; the log and the thread have it."""


@follow.register
def _(event: e.StepOverdue, state: HallState) -> None:
    key = event.step if event.department is None else f"{event.step} {event.department}"
    _change(state, event.case, lambda case: replace(case, alerted=(*case.alerted, key)))


@follow.register
def _(event: e.OriginalsFiled, state: HallState) -> None:
    for name in event.settlements:
        state.settlements[name] = replace(state.settlements[name], filed_at=event.at, filed_by=event.by)
