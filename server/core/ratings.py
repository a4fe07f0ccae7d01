"""Ratings and what must follow a bad one: the work order, calling back, mending, review, exclusion (A1). Pure."""

from dataclasses import replace

from server.core import commands as c
from server.core import events as e
from server.core.events import Event
from server.core.judging import follow, judge
from server.core.model import HallState, Plan
from server.core.refusals import Reason, Rejected
from server.core.transitions import Verb
from server.core.verbs import find_ticket, require_legal

EVENTS: tuple[type[Event], ...] = ()


@judge.register
def _(command: c.Rate, plan: Plan, state: HallState) -> list[Event]:
    ticket = find_ticket(state, command.ticket)
    require_legal(ticket, Verb.RATE)
    assert 1 <= command.level <= 5, command.level
    if ticket.rating is not None:
        raise Rejected(Reason.ALREADY_RATED, ticket=ticket.number)
    return [
        e.TicketRated(
            at=command.at,
            ticket=ticket.id,
            level=command.level,
            channel=command.channel,
            points=command.points,
            form=command.form,
            note=command.note,
        )
    ]


@follow.register
def _(event: e.TicketRated, state: HallState) -> None:
    ticket = state.tickets[event.ticket]
    state.tickets[ticket.id] = replace(ticket, rating=event.level, rated_by=event.channel)
