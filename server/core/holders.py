"""How many tickets one person may have (A2.11). Pure; a person is a handle, never a number (`server/people.py`)."""

from server.core.commands import Issue
from server.core.model import HallState, Plan, TicketState
from server.core.refusals import Reason, Rejected

#: A ticket in one of these states is no longer open. Who was missed may still come back, but holds nobody up.
OVER = (TicketState.DONE, TicketState.NO_SHOW, TicketState.CANCELLED)


def goes_beyond_limits(state: HallState, command: Issue, plan: Plan) -> bool:
    """Whether staff give a ticket beyond what a person may have, for the log to keep; whoever else asks is refused:
    a ticket without a person where the service wants one, a second open one, one too many of the day.

    Staff may always issue without a card (A2.10).
    """
    if command.holder is None:
        if plan.services[command.service].id_required and command.channel != "staff":
            raise Rejected(Reason.CARD_WANTED, service=command.service)
        return False
    refusal = _beyond(state, command, command.holder, plan)
    if refusal is not None and not command.over_limit:
        raise refusal
    return refusal is not None


def _beyond(state: HallState, command: Issue, holder: str, plan: Plan) -> Rejected | None:
    tickets = [state.tickets[one] for one in state.held_by.get(holder, ())]
    limits = plan.limits
    still_open = [t for t in tickets if t.service == command.service and t.state not in OVER]
    if limits.open_per_service and len(still_open) >= limits.open_per_service:
        return Rejected(Reason.HAS_OPEN_TICKET, ticket=still_open[0].number)
    if limits.per_day and len(tickets) >= limits.per_day:
        return Rejected(Reason.DAILY_LIMIT, limit=limits.per_day)
    return None
