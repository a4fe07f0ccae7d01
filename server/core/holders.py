"""How many tickets one person may have (A2.11). Pure; a person is a handle, never a number (`server/people.py`)."""

from server.core.commands import Issue
from server.core.model import HallState, Plan, TicketState
from server.core.refusals import Reason, Rejected

OVER = (TicketState.DONE, TicketState.NO_SHOW, TicketState.CANCELLED)


def require_within_limits(state: HallState, command: Issue, plan: Plan) -> None:
    """Refuse a ticket without a person where the service wants one, a second open one, and one too many of the day.

    Staff may issue without a card (A2.10), and with `over_limit` beyond the limits; the log keeps that they did.
    """
    if command.holder is None:
        if plan.services[command.service].id_required and command.channel != "staff":
            raise Rejected(Reason.CARD_WANTED, service=command.service)
        return
    if command.over_limit:
        return
    tickets = [state.tickets[one] for one in state.held_by.get(command.holder, ())]
    limits = plan.limits
    still_open = [t for t in tickets if t.service == command.service and t.state not in OVER]
    if limits.open_per_service and len(still_open) >= limits.open_per_service:
        raise Rejected(Reason.HAS_OPEN_TICKET, ticket=still_open[0].number)
    if limits.per_day and len(tickets) >= limits.per_day:
        raise Rejected(Reason.DAILY_LIMIT, limit=limits.per_day)
