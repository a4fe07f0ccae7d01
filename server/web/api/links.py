"""The citizen's own ticket, by the unguessable token of its link."""

from collections.abc import Callable
from typing import Any

from flask import Response
from flask_openapi3 import Tag

from server.accounts import Person
from server.core import commands as c
from server.core.commands import Command
from server.core.model import HallState
from server.hall import Answer
from server.web.access import Caller, caller
from server.web.api import schemas as s
from server.web.api.blueprint import APIBlueprint
from server.web.api.ratings import rate
from server.web.api.ratings_schemas import RatingBody
from server.web.commanding import perform, send, view_answer
from server.web.present.tickets import past_ticket, public_ticket
from server.web.problems import Problem
from server.web.site import Site, site

api = APIBlueprint("links", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="citizen's link")])


def ticket_of(here: Site, token: str) -> str:
    """The id behind a token, or the problem that there is none."""
    with here.hall.reading() as state:
        found = here.links.find(state, token)
    if found is None:
        raise Problem("link_unknown")
    return found


def link_view(here: Site, state: HallState, found: str, at: float, who: Caller) -> dict[str, Any]:
    """What a link shows: the ticket of today, or of an earlier day that may still be rated."""
    if (visit := state.visits.get(found)) is not None:
        return past_ticket(here, state, visit, at)
    return public_ticket(here, state, state.tickets[found], at, who)


@api.get("/t/<token>", responses={200: s.PublicTicket})
def ticket(path: s.TokenPath) -> Response:
    """The ticket now."""
    here = site()
    found = ticket_of(here, path.token)
    who = caller()
    with here.hall.reading() as state:
        return send(Answer(200, link_view(here, state, found, here.hall.now(), who)))


def _act(token: str, command: Callable[[str, float], Command]) -> Response:
    here = site()
    found, who = ticket_of(here, token), caller()
    return perform(
        here,
        lambda at: command(found, at),
        view_answer(lambda state, at: public_ticket(here, state, state.tickets[found], at, who)),
    )


@api.post("/t/<token>/cancel", responses={200: s.PublicTicket})
def cancel(path: s.TokenPath, header: s.KeyHeader, body: s.Empty) -> Response:
    """Give the ticket up."""
    return _act(path.token, lambda ticket, at: c.Cancel(at=at, ticket=ticket, reason="citizen"))


@api.post("/t/<token>/rating", responses={200: s.PublicTicket})
def rating(path: s.TokenPath, header: s.KeyHeader, body: RatingBody) -> Response:
    """Rate a finished service, 5 to 1; once, also on a later day, for as long as the hall file says. Whoever is signed in
    as staff is none to rate (P6)."""
    here, who = site(), caller()
    if isinstance(who.who, Person):
        raise Problem("forbidden")
    found = ticket_of(here, path.token)
    with here.hall.reading() as state:
        past = link_view(here, state, found, here.hall.now(), who) if found in state.visits else None

    def answer(state: HallState, at: float) -> dict[str, Any]:
        if past is not None:
            # The log's view is read before and not while its rows are written.
            return past | {"rating": body.level, "rateable": False}
        return public_ticket(here, state, state.tickets[found], at, who)

    return rate(here, found, body, "phone", answer)
