"""Settling the items of a visit at the window (P2): one outcome for each, and a case for what was accepted. Pure."""

from dataclasses import replace

from server.core.calendar import add_working_days
from server.core.case_clocks import transfer_due
from server.core.case_events import (
    CaseOpened,
    ItemSettled,
    PaperPrinted,
    PrintPaper,
    Retract,
    Settle,
    SettlementRetracted,
)
from server.core.case_records import ACCEPTANCES, Case, CaseState, Leg, Outcome, PaperKind, Settlement
from server.core.events import Event
from server.core.judging import follow, judge
from server.core.model import HallState, Plan, Ticket
from server.core.refusals import Reason, Rejected

#: Outcomes that name missing papers.
WITH_LACKS = (Outcome.ACCEPTED_MISSING, Outcome.CORRECTION)

#: The paper of each outcome; what is done at once has its result in the hand.
PAPERS = {
    **dict.fromkeys(ACCEPTANCES, PaperKind.VOUCHER),
    Outcome.CORRECTION: PaperKind.CORRECTION,
    Outcome.REFUSED: PaperKind.REFUSAL,
}


def case_number(business_day: str, count: int) -> str:
    """`20261122-0007`: the day and the count of the day, easy to say on the telephone."""
    return f"{business_day.replace('-', '')}-{count:04d}"


def _ticket_here(plan: Plan, state: HallState, window: str) -> Ticket:
    if window not in plan.windows:
        raise Rejected(Reason.WINDOW_UNKNOWN, window=window)
    name = state.window(window).ticket
    if name is None:
        raise Rejected(Reason.WINDOW_IDLE, window=window)
    return state.tickets[name]


# --- Rules ------------------------------------------------------------------------------------------------------------


@judge.register
def _(command: Settle, plan: Plan, state: HallState) -> list[Event]:
    ticket = _ticket_here(plan, state, command.window)
    if (known := state.settlements.get(command.settlement)) is not None:
        # The page made the id before it sent: the same again is the same press.
        if (known.ticket, known.outcome, known.title) == (ticket.id, command.outcome, command.title):
            return []
        raise Rejected(Reason.SETTLEMENT_EXISTS)
    if command.settlement in state.cases:
        # A case outlives its settlement in the state: its originals were filed on an earlier day.
        raise Rejected(Reason.SETTLEMENT_EXISTS)
    _require_whole(command)
    settled = ItemSettled(
        at=command.at,
        ticket=ticket.id,
        settlement=command.settlement,
        outcome=command.outcome,
        title=command.title,
        window=command.window,
        clerk=state.window(command.window).clerk,
        item=command.item,
        department=command.departments[0] if command.departments else None,
        lacks=command.lacks,
        promise_by=command.promise_by,
        reason=command.reason,
        note=command.note,
        platform=command.platform,
    )
    if command.outcome not in ACCEPTANCES:
        return [settled]
    opened = _opened(command, plan, state, ticket)
    return [replace(settled, case=opened.number), opened]


def _require_whole(command: Settle) -> None:
    """Refuse an outcome without what it must tell the citizen, or with what it cannot have."""
    outcome = command.outcome
    if outcome in WITH_LACKS and not command.lacks:
        raise Rejected(Reason.PAPERS_WANTED, outcome=outcome.value)
    if outcome is Outcome.ACCEPTED_MISSING and (command.promise_by is None or command.promise_by <= command.at):
        raise Rejected(Reason.PROMISE_WANTED)
    if outcome is Outcome.REFUSED and command.reason is None:
        raise Rejected(Reason.REASON_WANTED)
    if outcome in ACCEPTANCES and not command.departments:
        raise Rejected(Reason.DEPARTMENT_WANTED)
    if command.lacks and outcome not in WITH_LACKS:
        raise Rejected(Reason.OUTCOME_FIELDS, outcome=outcome.value, field="lacks")
    if command.promise_by is not None and outcome is not Outcome.ACCEPTED_MISSING:
        raise Rejected(Reason.OUTCOME_FIELDS, outcome=outcome.value, field="promise_by")
    if command.reason is not None and outcome is not Outcome.REFUSED:
        raise Rejected(Reason.OUTCOME_FIELDS, outcome=outcome.value, field="reason")


def _opened(command: Settle, plan: Plan, state: HallState, ticket: Ticket) -> CaseOpened:
    days = plan.cases.default_days if command.days is None else command.days
    return CaseOpened(
        at=command.at,
        case=command.settlement,
        ticket=ticket.id,
        number=case_number(state.business_day, state.cases_made + 1),
        title=command.title,
        outcome=command.outcome,
        window=command.window,
        departments=tuple(dict.fromkeys(command.departments)),
        transfer_by=transfer_due(plan, command.at, urgent=command.urgent),
        deadline_at=add_working_days(plan, command.at, days),
        days=days,
        delivery=command.delivery,
        clerk=state.window(command.window).clerk,
        item=command.item,
        urgent=command.urgent,
        lacks=command.lacks,
        promise_by=command.promise_by,
        platform=command.platform,
    )


@judge.register
def _(command: Retract, plan: Plan, state: HallState) -> list[Event]:
    ticket = _ticket_here(plan, state, command.window)
    if command.settlement not in ticket.settled:
        raise Rejected(Reason.SETTLEMENT_UNKNOWN, settlement=command.settlement)
    case = state.cases.get(command.settlement)
    if case is not None and _has_left_the_window(case, state.settlements[command.settlement]):
        raise Rejected(Reason.CASE_STATE, case=case.number, state=case.state.value)
    return [SettlementRetracted(at=command.at, ticket=ticket.id, settlement=command.settlement, window=command.window)]


def _has_left_the_window(case: Case, settled: Settlement) -> bool:
    """Whether somebody else has had to do with a case: its papers are gone, or the platform knows it."""
    taken = any(leg.taken_at or leg.signed_at for leg in case.legs)
    stands_still = bool(case.pauses) or case.state is not CaseState.TRANSIT
    return taken or stands_still or case.platform != settled.platform


@judge.register
def _(command: PrintPaper, plan: Plan, state: HallState) -> list[Event]:
    known = state.settlements.get(command.settlement)
    ticket = command.ticket if known is None else known.ticket
    if ticket is None or (known is not None and PAPERS.get(known.outcome) is not command.paper):
        raise Rejected(Reason.SETTLEMENT_UNKNOWN, settlement=command.settlement)
    return [
        PaperPrinted(
            at=command.at,
            ticket=ticket,
            settlement=command.settlement,
            paper=command.paper,
            printer=command.printer,
            by=command.by,
            copy=command.copy,
        )
    ]


# --- Steps ------------------------------------------------------------------------------------------------------------


@follow.register
def _(event: ItemSettled, state: HallState) -> None:
    ticket = state.tickets[event.ticket]
    state.settlements[event.settlement] = Settlement(
        id=event.settlement,
        ticket=ticket.id,
        number=ticket.number,
        business_day=state.business_day,
        at=event.at,
        outcome=event.outcome,
        title=event.title,
        window=event.window,
        clerk=event.clerk,
        service=ticket.service,
        zone=ticket.zone,
        item=event.item,
        department=event.department,
        lacks=event.lacks,
        promise_by=event.promise_by,
        reason=event.reason,
        note=event.note,
        case=event.case,
        platform=event.platform,
    )
    # A ticket at a window stands in no line, so it may be put back without more ado.
    state.tickets[ticket.id] = replace(ticket, settled=(*ticket.settled, event.settlement))


@follow.register
def _(event: CaseOpened, state: HallState) -> None:
    ticket = state.tickets[event.ticket]
    state.cases_made += 1
    state.case_numbers[event.number] = event.case
    state.cases[event.case] = Case(
        id=event.case,
        number=event.number,
        ticket=ticket.id,
        ticket_number=ticket.number,
        business_day=state.business_day,
        opened_at=event.at,
        title=event.title,
        service=ticket.service,
        zone=ticket.zone,
        window=event.window,
        clerk=event.clerk,
        deadline_at=event.deadline_at,
        days=event.days,
        delivery=event.delivery,
        legs=tuple(Leg(department, event.transfer_by) for department in event.departments),
        outcome=event.outcome,
        item=event.item,
        holder=ticket.holder,
        urgent=event.urgent,
        language=ticket.language,
        lacks=event.lacks,
        promise_by=event.promise_by,
        platform=event.platform,
        state=CaseState.TRANSIT,
    )


@follow.register
def _(event: PaperPrinted, state: HallState) -> None:
    """The log alone remembers it."""


@follow.register
def _(event: SettlementRetracted, state: HallState) -> None:
    ticket = state.tickets[event.ticket]
    kept = tuple(name for name in ticket.settled if name != event.settlement)
    state.tickets[ticket.id] = replace(ticket, settled=kept)
    del state.settlements[event.settlement]
    if (case := state.cases.pop(event.settlement, None)) is not None:
        # Its number is nobody's from now on: `cases_made` gives it to no other.
        del state.case_numbers[case.number]
