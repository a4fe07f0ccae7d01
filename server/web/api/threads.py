"""Threads for leaders: find a ticket of any day, see everything that happened to it, as JSON or XLSX (Y3)."""

import re

from flask import Response
from flask_openapi3 import Tag

from server.accounts import Person
from server.core.calendar import business_day
from server.hall import Answer
from server.web.access import caller
from server.web.api import threads_schemas as t
from server.web.api.blueprint import APIBlueprint
from server.web.commanding import send
from server.web.problems import Problem
from server.web.sheets import book
from server.web.site import Site, site
from server.web.threads.story import head_view, read_story, story_view
from server.web.threads.story_sheets import story_sheets

api = APIBlueprint("threads", __name__, url_prefix="/api/v1/threads", abp_tags=[Tag(name="threads")])

_TOKEN = re.compile(r"/([tc])/([A-Za-z0-9_-]{22})$")


def reader() -> str:
    """The user who asks."""
    who = caller().who
    assert isinstance(who, Person)
    return who.user


def _found(here: Site, query: t.ThreadsQuery) -> str | None:
    """The id of the ticket that is asked for."""
    day = query.day or business_day(here.hall.now(), here.hall.plan.tz)
    wanted = (query.q or query.number or "").strip()
    if query.q is None:
        return here.hall.history.ticket_named(day, wanted)
    if (scanned := _TOKEN.search(wanted.rstrip("/"))) is not None:
        kind, token = scanned.groups()
        with here.hall.reading() as state:
            if kind == "t":
                return here.links.find(state, token)
            case_id = here.links.find_case(state, token)
            return None if case_id is None else state.cases[case_id].ticket
    case = here.hall.history.case(wanted)
    return here.hall.history.ticket_named(day, wanted) if case is None else case.ticket


@api.get("", responses={200: t.Threads})
def threads(query: t.ThreadsQuery) -> Response:
    """The ticket with a number on a day, or the one behind a case's number or a scanned code."""
    here = site()
    found = _found(here, query)
    row = None if found is None else here.hall.history.ticket_row(found)
    return send(Answer(200, {"tickets": [] if row is None else [head_view(here, row)]}))


def _view(here: Site, ticket: str) -> dict[str, object]:
    story = read_story(here, ticket, reader())
    if story is None:
        raise Problem("thread_unknown", ticket=ticket)
    return story_view(here, story, here.hall.now())


@api.get("/<ticket>", responses={200: t.Thread})
def thread(path: t.ThreadPath, query: t.ThreadQuery) -> Response:
    """Every event of a ticket in order, by phases, with durations and what is open; `format=xlsx`: the same as a file."""
    here = site()
    view = _view(here, path.ticket)
    return send(Answer(200, view)) if query.format == "json" else _file(here, view)


@api.get("/<ticket>.xlsx")
def thread_xlsx(path: t.ThreadPath) -> Response:
    """The same as a file."""
    here = site()
    return _file(here, _view(here, path.ticket))


def _file(here: Site, view: dict[str, object]) -> Response:
    return book(story_sheets(view), f"thread-{view['business_day']}-{view['number']}", here.slow)
