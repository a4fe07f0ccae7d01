"""How a case follows its events: papers, answers, pauses, result, delivery. Pure bookkeeping, no rules."""

from collections.abc import Callable
from dataclasses import replace

from server.core import case_events as e
from server.core.case_records import Case, CaseState, Leg, Pause, Result
from server.core.judging import follow
from server.core.model import HallState


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
    def bring(case: Case) -> Case:
        lacks = tuple(paper for paper in case.lacks if paper not in event.papers)
        return replace(case, lacks=lacks, complete_at=case.complete_at if lacks else event.at)

    _change(state, event.case, bring)


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
        answered = replace(leg, answer=event.answer, answered_at=event.at, answered_by=event.by, note=event.note)
        return replace(answered, returned_for=None, returned_note=None)

    _change(state, event.case, lambda case: _settled_again(_with_legs(case, (event.department,), answer)))


@follow.register
def _(event: e.ResultReceived, state: HallState) -> None:
    result = Result(event.title, event.copies, event.at, event.by)
    _change(state, event.case, lambda case: replace(case, state=CaseState.READY, result=result, ready_at=event.at))


@follow.register
def _(event: e.ResultReturned, state: HallState) -> None:
    def undo(leg: Leg) -> Leg:
        return replace(
            leg, answer=None, answered_at=None, answered_by=None, returned_for=event.reason, returned_note=event.note
        )

    def give_back(case: Case) -> Case:
        back = _with_legs(case, (event.department,), undo)
        # All that follows may be late anew; that papers came late has been told.
        alerted = tuple(key for key in case.alerted if key.split(" ")[0] in ("transfer", "promise"))
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
            authority=event.authority,
            end_note=event.note,
        ),
    )


@follow.register
def _(event: e.CaseWithdrawn, state: HallState) -> None:
    _change(
        state,
        event.case,
        lambda case: replace(
            case, state=CaseState.WITHDRAWN, ended_at=event.at, ended_by=event.by, end_note=event.note
        ),
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
