"""The clocks of a case (Y4, M12): papers to the back office, working days, pauses, and what is late, told once."""

from dataclasses import replace
from datetime import date

import pytest

from server.core import case_events as k
from server.core import commands as c
from server.core import events as e
from server.core.case_clocks import deadline_after, overdue, transfer_due, working_days_left
from server.core.case_records import CaseState, DeliveryWay, Outcome, Overdue
from server.core.model import CaseRules, DayKind, Plan
from tests.cast import TODAY, YANGXIN, at, given
from tests.core.case_cast import (
    AT_THE_WINDOW,
    CASE,
    CHEN,
    CIVIL,
    DEADLINE,
    HE,
    HOUSING,
    RUNNER,
    STORY_OF_CASE,
    TICKET,
    answered,
    case_opened,
    happened,
    paused,
    settled,
    signed,
    the_case,
)

S = CaseState


def day(number: int, month: int = 11) -> date:
    """A day of this autumn."""
    return date(2026, month, number)


class Holiday:
    """Monday to Friday are worked, but for Wednesday the 25th; Saturday the 28th is worked for it."""

    def kind_of(self, one: date) -> DayKind:
        """By date and weekday."""
        if one == day(25):
            return DayKind.HOLIDAY
        if one == day(28):
            return DayKind.MAKEUP
        return DayKind.WORKDAY if one.weekday() < 5 else DayKind.WEEKEND

    def is_market(self, one: date) -> bool:
        """Never."""
        return False


HOLIDAY: Plan = replace(YANGXIN, calendar=Holiday())


def test_papers_are_due_by_urgency() -> None:
    """Ten minutes for urgent ones, thirty for promised ones, or what the hall file says."""
    quick = replace(YANGXIN, cases=CaseRules(urgent_s=60, promised_s=120))
    assert [transfer_due(plan, 1000.0, urgent=urgent) for plan in (YANGXIN, quick) for urgent in (True, False)] == [
        1600.0, 2800.0, 1060.0, 1120.0,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("now", "deadline", "plan", "left"),
    [
        (day(23), day(23), YANGXIN, 0),
        (day(23), day(24), YANGXIN, 1),
        (day(23), day(27), YANGXIN, 4),
        (day(27), day(30), YANGXIN, 1),
        (day(28), day(30), YANGXIN, 1),
        (day(24), day(23), YANGXIN, 0),
        (day(23), day(30), HOLIDAY, 5),
        (day(24), day(26), HOLIDAY, 1),
    ],
)
def test_working_days_left_count_the_days_after_today(now: date, deadline: date, plan: Plan, left: int) -> None:
    """Weekends and holidays do not count, a Saturday that is worked does; what is late has none left."""
    assert working_days_left(plan, at("9:30", now), at("9:00", deadline)) == left


@pytest.mark.parametrize(
    ("paused_on", "goes_on", "deadline", "plan"),
    [
        # Monday to Monday, three days left: Thursday.
        ((day(23), "10:00"), (day(30), "11:00"), (day(3, 12), "9:20"), YANGXIN),
        # Within a day, however often: nothing changes.
        ((day(23), "10:00"), (day(23), "16:00"), (day(26), "9:20"), YANGXIN),
        # On the last day, early: as many hours are left, of the day it goes on, or else of the next.
        ((day(26), "9:00"), (day(30), "9:10"), (day(30), "9:20"), YANGXIN),
        ((day(26), "9:00"), (day(30), "9:20"), (day(1, 12), "9:20"), YANGXIN),
        ((day(26), "9:00"), (day(28), "9:10"), (day(30), "9:20"), YANGXIN),
        ((day(26), "9:00"), (day(28), "9:10"), (day(28), "9:20"), HOLIDAY),
        # After it: nothing is gained.
        ((day(26), "9:30"), (day(30), "9:10"), (day(26), "9:20"), YANGXIN),
        ((day(27), "9:00"), (day(30), "9:10"), (day(26), "9:20"), YANGXIN),
        # Across a holiday: Tuesday with one day left (Thursday), goes on on Friday: Saturday is worked.
        ((day(24), "9:00"), (day(27), "9:00"), (day(28), "9:20"), HOLIDAY),
    ],
)
def test_a_pause_moves_the_deadline_by_as_many_working_days(
    paused_on: tuple[date, str], goes_on: tuple[date, str], deadline: tuple[date, str], plan: Plan
) -> None:
    """When the clock runs again there are as many working days to come as there were, to the same time of the day."""
    story = (*AT_THE_WINDOW, settled(), case_opened(deadline_at=at("9:20", day(26))), signed(CIVIL), signed(HOUSING))
    hall = given(*story, plan=plan)
    moment = at(paused_on[1], paused_on[0])
    hall.when(k.PauseCase(at=moment, case=CASE, by=HE, kind=k.PauseKind.FEE))
    expected = at(deadline[1], deadline[0])
    going = k.GoOn(at=at(goes_on[1], goes_on[0]), case=CASE, by=HE)
    assert deadline_after(plan, the_case(hall), going.at) == expected
    hall.when(going).then(k.CaseWentOn(at=going.at, case=CASE, ticket=TICKET, by=HE, deadline_at=expected))
    assert the_case(hall).deadline_at == expected


def test_two_pauses_add_up() -> None:
    """Each one counts from the deadline that the one before left."""
    hall = given(*STORY_OF_CASE[S.APPROVAL])
    for begun, ended in ((day(23), day(25)), (day(26), day(30))):
        hall.when(k.PauseCase(at=at("13:00", begun), case=CASE, by=HE, kind=k.PauseKind.FEE))
        hall.when(k.GoOn(at=at("14:00", ended), case=CASE, by=HE))
    # Two working days, then two more.
    assert the_case(hall).deadline_at == at("9:20", day(25, 12))
    assert [pause.left for pause in the_case(hall).pauses] == [20, 19]


# --- What is late -----------------------------------------------------------------------------------------------------

JUST = 1.0
TRANSFER_DUE = at("9:50")


def late(*story: e.Event, moment: float, plan: Plan = YANGXIN) -> list[Overdue]:
    """What is late of the case."""
    return list(overdue(plan, the_case(given(*story)), moment))


def test_papers_not_signed_for_are_late_with_who_has_them() -> None:
    """To the second; the runner who took them stands there, nobody where they still lie at the window."""
    taken = happened(k.PapersTaken, "9:30", departments=(CIVIL,), by=RUNNER)
    story = (*STORY_OF_CASE[S.TRANSIT], taken)
    assert late(*story, moment=TRANSFER_DUE) == []
    assert late(*story, moment=TRANSFER_DUE + JUST) == [
        Overdue("transfer", TRANSFER_DUE, CIVIL, RUNNER),
        Overdue("transfer", TRANSFER_DUE, HOUSING, None),
    ]
    assert late(*story, signed(CIVIL), moment=TRANSFER_DUE + JUST) == [Overdue("transfer", TRANSFER_DUE, HOUSING, None)]


def test_papers_on_their_way_are_late_during_a_pause_too() -> None:
    """The pause stops the clock of the answer, not that of the papers."""
    story = (*STORY_OF_CASE[S.TRANSIT], paused("9:30"))
    assert [one.key for one in late(*story, moment=TRANSFER_DUE + JUST)] == ["transfer civil", "transfer housing"]


def test_an_answer_is_late_with_the_department_that_owes_it() -> None:
    """Who has answered is not blamed; during a pause nobody is."""
    story = STORY_OF_CASE[S.APPROVAL]
    assert late(*story, moment=DEADLINE) == []
    assert late(*story, moment=DEADLINE + JUST) == [
        Overdue("approval", DEADLINE, CIVIL, HE),
        Overdue("approval", DEADLINE, HOUSING, HE),
    ]
    assert late(*story, answered(CIVIL), moment=DEADLINE + JUST) == [Overdue("approval", DEADLINE, HOUSING, HE)]
    assert late(*STORY_OF_CASE[S.PAUSED], moment=DEADLINE + JUST) == []


def test_once_refused_nobody_waits_for_the_others() -> None:
    """Neither for their signatures nor for promised papers; only the refusal itself must come to the desk."""
    promised = at("10:00", day(24))
    story = (
        *AT_THE_WINDOW, settled(), case_opened(lacks=("合同",), promise_by=promised), signed(CIVIL),
        answered(CIVIL, k.Answer.DENIED),
    )  # fmt: skip
    assert [one.step for one in late(*story[:-1], moment=promised + JUST)] == ["transfer", "promise"]
    assert [one.step for one in late(*story, moment=promised + JUST)] == ["result"]


def test_promised_papers_are_late_until_they_come() -> None:
    """Through approval and decision, until they are there."""
    promised = at("10:00", day(24))
    lacking = {"lacks": ("合同",), "promise_by": promised, "outcome": Outcome.ACCEPTED_MISSING}
    story = (*AT_THE_WINDOW, settled(), case_opened(**lacking), signed(CIVIL), signed(HOUSING))
    assert late(*story, moment=promised) == []
    assert late(*story, moment=promised + JUST) == [Overdue("promise", promised)]
    decided = (*story, answered(CIVIL), answered(HOUSING, clock="15:00"))
    assert late(*decided, moment=promised + JUST) == [Overdue("promise", promised)]
    brought = happened(k.PapersBrought, "16:00", papers=("合同",), by=CHEN)
    assert late(*decided, brought, moment=promised + JUST) == []


def test_a_permit_that_waits_for_papers_is_not_the_departments_delay() -> None:
    """It cannot be handed over without them: its working day begins when the last of them has come."""
    promised = at("10:00", day(27))
    lacking = {"lacks": ("合同",), "promise_by": promised, "outcome": Outcome.ACCEPTED_MISSING}
    story = (*AT_THE_WINDOW, settled(), case_opened(**lacking), signed(CIVIL), signed(HOUSING))
    decided = (*story, answered(CIVIL), answered(HOUSING, clock="15:00"))
    assert late(*decided, moment=at("15:01", day(24))) == []
    came = replace(happened(k.PapersBrought, "16:00", papers=("合同",), by=CHEN), at=at("16:00", day(25)))
    assert late(*decided, came, moment=at("16:00", day(26))) == []
    (one,) = late(*decided, came, moment=at("16:01", day(26)))
    assert (one.step, one.due_at) == ("result", at("16:00", day(26)))


def test_a_result_is_due_a_working_day_after_the_last_answer() -> None:
    """From who answered last; on Friday that is Monday."""
    story = (*STORY_OF_CASE[S.APPROVAL], answered(HOUSING, clock="10:00"), answered(CIVIL, clock="11:00"))
    due_at = at("11:00", day(24))
    assert late(*story, moment=due_at) == []
    assert late(*story, moment=due_at + JUST) == [Overdue("result", due_at, CIVIL, HE)]
    friday = replace(answered(CIVIL), at=at("16:00", day(27)))
    slow = replace(YANGXIN, cases=CaseRules(result_days=2))
    story = (*STORY_OF_CASE[S.APPROVAL], answered(HOUSING), friday)
    for plan, due in ((YANGXIN, day(30)), (slow, day(1, 12))):
        (one,) = late(*story, moment=at("16:01", due), plan=plan)
        assert one.due_at == at("16:00", due)


@pytest.mark.parametrize(
    ("delivery", "state", "step", "since", "days"),
    [
        (DeliveryWay.WINDOW, S.READY, "collection", "10:30", 30),
        (DeliveryWay.POST, S.READY, "post", "10:30", 7),
        (DeliveryWay.POST, S.POSTED, "delivery", "11:00", 7),
    ],
)
def test_what_lies_or_travels_too_long(
    delivery: DeliveryWay, state: CaseState, step: str, since: str, days: int
) -> None:
    """A month to fetch it, a week to post it, a week for the post; the pickup desk has it, no department."""
    story = [replace(x, delivery=delivery) if isinstance(x, k.CaseOpened) else x for x in STORY_OF_CASE[state]]
    due_at = at(since) + days * 86400
    assert late(*story, moment=due_at) == []
    assert late(*story, moment=due_at + JUST) == [Overdue(step, due_at)]


@pytest.mark.parametrize("state", [S.DELIVERED, S.WITHDRAWN])
def test_what_is_over_is_never_late(state: CaseState) -> None:
    """However long ago."""
    assert late(*STORY_OF_CASE[state], moment=DEADLINE + 1e9) == []


# --- What is told -----------------------------------------------------------------------------------------------------


def test_each_late_step_is_told_once() -> None:
    """With the step, since when, and who; another one that becomes late is told when it does."""
    hall = given(*STORY_OF_CASE[S.TRANSIT], signed(CIVIL))
    first = c.Watch(at=TRANSFER_DUE + JUST)
    hall.when(first).then(
        k.StepOverdue(
            at=first.at, case=CASE, ticket=TICKET, step="transfer", due_at=TRANSFER_DUE, department=HOUSING, who=None
        )
    )
    hall.when(first).then()
    hall.when(c.Watch(at=DEADLINE + JUST))
    assert the_case(hall).alerted == ("transfer housing", "approval civil", "approval housing")


def test_it_is_not_told_again_after_the_night() -> None:
    """What was told is carried over with the case."""
    hall = given(*STORY_OF_CASE[S.TRANSIT])
    hall.when(c.Watch(at=at("10:00")))
    tomorrow = day(24)
    hall.when(c.OpenDay(at=at("7:00", tomorrow), business_day=tomorrow.isoformat()))
    hall.when(c.Watch(at=at("7:01", tomorrow))).then()


def test_a_new_deadline_may_be_missed_anew() -> None:
    """After a pause the answer is told late once more; that the papers were late is not."""
    hall = given(*STORY_OF_CASE[S.TRANSIT], signed(CIVIL))
    hall.when(c.Watch(at=DEADLINE + JUST))
    told = the_case(hall).alerted
    hall.when(k.PauseCase(at=DEADLINE + 2, case=CASE, by=HE, kind=k.PauseKind.FEE))
    hall.when(k.GoOn(at=DEADLINE + 3, case=CASE, by=HE))
    assert the_case(hall).alerted == ("transfer housing",)
    hall.when(c.Watch(at=DEADLINE + 4))
    assert the_case(hall).alerted == told


def test_after_a_return_everything_that_follows_may_be_late_anew() -> None:
    """The answer, the result, the pickup; papers and promises were told."""
    hall = given(*STORY_OF_CASE[S.READY])
    late_at = DEADLINE + 60 * 86400
    hall.when(c.Watch(at=late_at))
    assert the_case(hall).alerted == ("post",)
    hall.when(k.ReturnResult(at=late_at, case=CASE, by=CHEN, reason="name"))
    assert the_case(hall).alerted == ()
    hall.when(c.Watch(at=late_at))
    assert the_case(hall).alerted == ("approval civil",)


def test_the_clock_of_an_urgent_case_runs_out_first() -> None:
    """Two cases of one morning: only the urgent one is late after a quarter of an hour."""
    other = (
        settled(settlement="s-2", case="20261123-0002"),
        case_opened(case="s-2", number="20261123-0002", urgent=True),
    )
    hall = given(*AT_THE_WINDOW, settled(), case_opened(), *other)
    events = hall.when(c.Watch(at=at("9:35"))).events or ()
    assert {(event.case, event.department) for event in events if isinstance(event, k.StepOverdue)} == {
        ("s-2", CIVIL), ("s-2", HOUSING),
    }  # fmt: skip
    assert day(23) == TODAY
