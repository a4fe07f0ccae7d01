"""The clocks of a case (Y4, M12): by when papers must be signed for, by when departments must answer, what is late. Pure.

That a time has passed is a matter of the clock and no event; that it was told is one, once for each step.
"""

from datetime import date, datetime, timedelta

from server.core.calendar import add_working_days, is_working_day, local
from server.core.case_records import Case, CaseState, DeliveryWay, Leg, Overdue
from server.core.model import Plan

DAY_S = 86400.0
#: States before the result is at the pickup desk.
BEFORE_RESULT = (CaseState.TRANSIT, CaseState.APPROVAL, CaseState.PAUSED, CaseState.DECIDED)


def transfer_due(plan: Plan, at: float, *, urgent: bool) -> float:
    """By when the papers of a case must have been signed for by the back office."""
    return at + (plan.cases.urgent_s if urgent else plan.cases.promised_s)


def working_days_left(plan: Plan, at: float, deadline_at: float) -> int:
    """Working days after today up to a deadline's day; never less than 0."""
    day, last = local(at, plan.tz).date(), local(deadline_at, plan.tz).date()
    return sum(is_working_day(each, plan.calendar) for each in _days_between(day, last))


def deadline_after(plan: Plan, case: Case, at: float) -> float:
    """The deadline once a pause ends: as many working days from then as were left, at the same time of the day. A pause
    within a day changes nothing, and one that begins after the deadline gains nothing."""
    pause = case.pauses[-1]
    if case.deadline_at <= pause.at:
        return case.deadline_at
    deadline, today = local(case.deadline_at, plan.tz), local(at, plan.tz).date()
    as_late_today = datetime.combine(today, deadline.time(), plan.tz).timestamp()
    if pause.left == 0 and (as_late_today <= at or not is_working_day(today, plan.calendar)):
        # Some hours were left of the last day, and today has not as many any more.
        return add_working_days(plan, as_late_today, 1)
    return add_working_days(plan, as_late_today, pause.left)


def overdue(plan: Plan, case: Case, at: float) -> tuple[Overdue, ...]:
    """The steps of a case that are late, with who has them. Once it is decided nobody waits for other departments any
    more, and once it is refused nobody waits for papers."""
    late: list[Overdue] = []
    if case.state in (CaseState.TRANSIT, CaseState.PAUSED):
        late += [
            Overdue("transfer", leg.due_at, leg.department, leg.taken_by)
            for leg in case.legs
            if leg.signed_at is None and leg.due_at < at
        ]
    if case.state in (CaseState.TRANSIT, CaseState.APPROVAL) and case.deadline_at < at:
        late += [
            Overdue("approval", case.deadline_at, leg.department, leg.signed_by)
            for leg in case.legs
            if leg.answer is None
        ]
    if case.lacks and case.promise_by is not None and case.promise_by < at and _waits_for_papers(case):
        late.append(Overdue("promise", case.promise_by))
    # A permit is not taken over before the papers that were promised are here: until then it is not the department's delay.
    is_held_back = case.is_granted is True and bool(case.lacks)
    is_awaited = case.state is CaseState.DECIDED and not is_held_back and _is_a_while_ago(plan, case, at)
    if is_awaited and (due_at := result_due(plan, case)) < at:
        late.append(Overdue("result", due_at, _last_answered(case).department, _last_answered(case).answered_by))
    if case.state is CaseState.READY and case.ready_at is not None:
        due_at = case.ready_at + (plan.cases.post_s if case.delivery is DeliveryWay.POST else plan.cases.collect_s)
        if due_at < at:
            late.append(Overdue("post" if case.delivery is DeliveryWay.POST else "collection", due_at))
    if case.state is CaseState.POSTED and case.posted_at is not None and case.posted_at + plan.cases.post_s < at:
        late.append(Overdue("delivery", case.posted_at + plan.cases.post_s))
    return tuple(late)


def result_due(plan: Plan, case: Case) -> float:
    """By when the departments' paper must be at the pickup desk once the last of them has answered, and the last of the
    promised papers has come."""
    begun_at = max(_last_answered(case).answered_at or 0.0, case.complete_at or 0.0)
    return add_working_days(plan, begun_at, plan.cases.result_days)


def _waits_for_papers(case: Case) -> bool:
    return case.state in BEFORE_RESULT and case.is_granted is not False


def _is_a_while_ago(plan: Plan, case: Case, at: float) -> bool:
    """Whether as many days have passed since the last answer as a result has working days: thousands of cases are looked
    at every second, and the calendar takes its time."""
    # An hour less: a day in which the clocks are set forward is shorter.
    return (_last_answered(case).answered_at or 0.0) + plan.cases.result_days * DAY_S - 3600 < at


def _last_answered(case: Case) -> Leg:
    return max(case.legs, key=lambda leg: leg.answered_at or 0.0)


def _days_between(day: date, last: date) -> list[date]:
    return [day + timedelta(days=n) for n in range(1, (last - day).days + 1)]
