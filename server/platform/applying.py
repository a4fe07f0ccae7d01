"""From a milestone to a command of the hall; what cannot be done yet waits, what never can is refused.

An answer whose papers the department has not signed for waits for the signature: the platform's decision does not show
where the paper is, and a signature that nobody gave would spoil the record of the transfer (M12).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from server.core import case_events as ce
from server.core.case_records import Answer, Case, CaseState, PauseKind
from server.core.cases import find_case
from server.core.commands import Command
from server.core.model import HallState
from server.core.refusals import Reason, Rejected
from server.platform.records import Milestone, MilestoneState, Verdict

PLATFORM = "platform"
#: These change nothing that a later one rests on, so they need not wait for an earlier one.
UNORDERED = ("numbered", "progressed")
DONE = Verdict(MilestoneState.APPLIED)

Build = Callable[[float, str | None], Command]


@dataclass(frozen=True, slots=True)
class Step:
    """A milestone understood: whose case, and the command (of the time and the handle of its note)."""

    case: Case
    command: Build


def case_of(state: HallState, milestone: Milestone) -> Case:
    """The case a milestone is about; raises `Rejected`."""
    if milestone.case is not None:
        return find_case(state, milestone.case)
    found = next((case for case in state.cases.values() if case.platform == milestone.platform), None)
    if found is None:
        raise Rejected(Reason.CASE_UNKNOWN, case=str(milestone.platform))
    return found


def understood(state: HallState, milestone: Milestone) -> Step:
    """What a milestone asks of the hall; raises `Rejected`."""
    case = case_of(state, milestone)
    known: dict[str, Any] = {"case": case.id, "by": PLATFORM}
    builds: dict[str, Build] = {
        "numbered": lambda at, _: ce.NumberCase(at=at, platform=str(milestone.platform), **known),
        "progressed": lambda at, _: ce.NoteMilestone(at=at, milestone=str(milestone.milestone), **known),
        "fee_due": lambda at, _: ce.PauseCase(at=at, kind=PauseKind.FEE, fee=milestone.fee, **known),
        "correction_due": lambda at, _: ce.PauseCase(
            at=at, kind=PauseKind.CORRECTION, lacks=tuple(milestone.lacks or ()), **known
        ),
        "went_on": lambda at, _: ce.GoOn(at=at, **known),
        "withdrawn": lambda at, _: ce.WithdrawCase(at=at, **known),
    }
    if milestone.kind != "answered":
        return Step(case, builds[milestone.kind])
    department, answer = _department(case, milestone), Answer(str(milestone.answer))
    return Step(case, lambda at, note: ce.AnswerCase(at=at, department=department, answer=answer, note=note, **known))


def _department(case: Case, milestone: Milestone) -> str:
    if milestone.department is not None:
        return milestone.department
    if len(case.legs) > 1:
        raise Rejected(Reason.DEPARTMENT_WANTED)
    return case.legs[0].department


def is_done(case: Case, milestone: Milestone) -> bool:
    """Whether somebody has entered by hand already what the platform tells."""
    match milestone.kind:
        case "answered":
            leg = case.leg(_department(case, milestone))
            return leg is not None and leg.answer == milestone.answer
        case "fee_due" | "correction_due":
            kind = PauseKind.FEE if milestone.kind == "fee_due" else PauseKind.CORRECTION
            return case.state is CaseState.PAUSED and case.pauses[-1].kind is kind
        case "went_on":
            return bool(case.pauses) and case.state is not CaseState.PAUSED
        case "withdrawn":
            return case.state is CaseState.WITHDRAWN
    return False


def verdict_of(state: HallState, milestone: Milestone, refusal: Rejected) -> Verdict:
    """What a refusal of the hall means for a milestone."""
    waits = refusal.reason is Reason.PAPERS_NOT_SIGNED
    if refusal.reason is Reason.CASE_STATE and milestone.kind in ("answered", "fee_due", "correction_due"):
        # It becomes possible when the clock runs again.
        waits = case_of(state, milestone).state is CaseState.PAUSED
    return Verdict(
        MilestoneState.WAITING if waits else MilestoneState.REFUSED, refusal.reason.value, dict(refusal.fields)
    )
