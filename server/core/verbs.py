"""What several rules ask first: which ticket is meant, and is the step legal for it. Pure."""

from server.core.model import HallState, Ticket
from server.core.refusals import Reason, Rejected
from server.core.transitions import TRANSITIONS, Verb


def find_ticket(state: HallState, name: str) -> Ticket:
    """A ticket by its id or by its number of today."""
    ticket = state.tickets.get(name) or state.tickets.get(state.numbers.get(name.strip().upper(), ""))
    if ticket is None:
        raise Rejected(Reason.TICKET_UNKNOWN, ticket=name)
    return ticket


def require_legal(ticket: Ticket, verb: Verb) -> None:
    """Refuse a step that is not in the table."""
    if (ticket.state, verb) not in TRANSITIONS:
        raise Rejected(Reason.WRONG_STATE, ticket=ticket.number, state=ticket.state.value, verb=verb.value)
