"""Settling the items of a visit at the window (P2), taking a slip back, and calling an expert to the window (Y9)."""

import re
import secrets
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from flask import Response
from flask_openapi3 import Tag

from server.catalogue.entries import Item
from server.core.assistance import AskForHelp
from server.core.calendar import local, moment_of
from server.core.case_events import CaseOpened, ItemSettled, Retract, Settle
from server.core.case_records import ACCEPTANCES, DeliveryWay, Outcome
from server.core.events import Event
from server.core.model import HallState, Plan
from server.core.refusals import Reason, Rejected
from server.hall import Answer
from server.web.access import caller
from server.web.api import schemas as s
from server.web.api import settle_schemas as ss
from server.web.api.blueprint import APIBlueprint
from server.web.api.windows import dressing, require_window
from server.web.commanding import perform, send
from server.web.present.cases import PERSON_FACTS
from server.web.present.experts import find_expert
from server.web.present.settling import (
    REASON_IN_WORDS,
    days_of,
    departments_of,
    fields_of,
    known_departments,
    outcomes_view,
)
from server.web.present.windows import window_view
from server.web.problems import Problem
from server.web.site import Site, site
from server.web.written import perform_written

api = APIBlueprint("settle", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="settling")])

DAY_S = 86400.0
#: The furthest day for missing papers.
PROMISE_MAX_DAYS = 366
#: As long as the number of a card or phone: these stand in no title and in no list of papers.
_PERSONAL = re.compile(r"\d{11,}")
#: The kind of a call for an expert, beside the hall's kinds of help.
EXPERT = "expert"


def _item(here: Site, code: str | None) -> Item | None:
    if code is None:
        return None
    if (found := here.catalogue.item(code)) is None:
        raise Problem("item_unknown", item=code)
    return found


@api.get("/outcomes", responses={200: ss.Outcomes})
def outcomes(query: ss.OutcomesQuery) -> Response:
    """What may become of an item: outcomes with their fields, reasons of a refusal, departments, experts; with `item`
    also what the catalogue suggests."""
    here = site()
    item = _item(here, query.item)
    with here.hall.reading() as state:
        return send(Answer(200, outcomes_view(here, state, item)))


# --- Checks and defaults ----------------------------------------------------------------------------------------------


def _require_sense(here: Site, body: ss.SettleItemBody) -> None:
    """Refuse what does not go together or what this hall does not know."""
    outcome = Outcome(body.outcome)
    sent = {name for name in body.model_fields_set if getattr(body, name) not in (None, False, [])}
    allowed = {"id", "outcome", "item", "title", "note", "platform", *fields_of(outcome)}
    if extra := sorted(sent - allowed - ({"delivery"} if body.delivery == "window" else set())):
        raise Rejected(Reason.OUTCOME_FIELDS, outcome=outcome.value, field=extra[0])
    for text in (body.title or "", *body.lacks):
        if _PERSONAL.search(text):
            raise Problem("number_in_text")
    if body.reason is not None and body.reason not in {choice.id for choice in here.names.hall.cases.refusals}:
        raise Problem("choice_unknown", field="refusal", choice=body.reason)
    if outcome is Outcome.REFUSED and body.reason == REASON_IN_WORDS and not (body.note or "").strip():
        raise Problem("refusal_words_wanted")
    known = known_departments(here)
    for department in body.departments or ():
        if department not in known:
            raise Problem("choice_unknown", field="department", choice=department)
    if body.delivery == "post" and not (body.name and body.phone and body.address):
        raise Problem("address_wanted")
    if body.delivery == "window" and body.address:
        raise Problem("not_for_window")


def _end_of(plan: Plan, day: date | None, now: float) -> float | None:
    """The last moment of a day; a day too far away is refused."""
    if day is None:
        return None
    if day > local(now, plan.tz).date() + timedelta(days=PROMISE_MAX_DAYS):
        raise Problem("promise_too_far")
    return moment_of(day, 24 * 60, plan.tz) - 1


def _ticket_here(here: Site, window: str) -> tuple[str | None, tuple[str, ...]]:
    """The item of the ticket at a window, and the department of its service."""
    with here.hall.reading() as state:
        name = state.window(window).ticket
        if name is None:
            raise Rejected(Reason.WINDOW_IDLE, window=window)
        ticket = state.tickets[name]
    service = here.names.services.get(ticket.service)
    return ticket.item, (service.department["zh"],) if service else ()


def _papers(lacks: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(" ".join(paper.split()) for paper in lacks))


# --- Calls ------------------------------------------------------------------------------------------------------------


def _mine(window: str) -> Site:
    """The site, if whoever asks works at this window or leads those who do."""
    here = site()
    require_window(here, window)
    caller().require_window(here, window)
    return here


@api.post("/windows/<window>/settle", responses={200: s.Window})
def settle(path: s.WindowPath, header: s.KeyHeader, body: ss.SettleItemBody) -> Response:
    """Say what became of one item of the ticket at the window. What is not said comes from the catalogue's item."""
    here = _mine(path.window)
    _require_sense(here, body)
    outcome = Outcome(body.outcome)
    own_item, own_departments = _ticket_here(here, path.window)
    item = _item(here, body.item)
    if item is None and body.title is None and own_item is not None:
        item = here.catalogue.item(own_item)
    title = " ".join((body.title or (item.name if item else "")).split())
    if not title:
        raise Problem("title_wanted")
    named = tuple(dict.fromkeys(body.departments or ()))
    departments = named or (departments_of(here, item) if item else ()) or own_departments
    promise_by = _end_of(here.hall.plan, body.promise_on, here.hall.now())
    days = body.days or (days_of(here, item) if item else None)

    def command(at: float, note: str | None) -> Settle:
        return Settle(
            at=at,
            window=path.window,
            settlement=body.id,
            outcome=outcome,
            title=title,
            item=item.code if item else None,
            departments=departments,
            lacks=_papers(body.lacks),
            promise_by=promise_by,
            reason=body.reason,
            note=note,
            urgent=body.urgent,
            delivery=DeliveryWay(body.delivery),
            days=days if outcome in ACCEPTANCES else None,
            platform=body.platform,
        )

    return perform_written(here, body.note, command, _keeping_person(here, path.window, body), dress=dressing(here))


def _keeping_person(
    here: Site, window: str, body: ss.SettleItemBody
) -> Callable[[HallState, list[Event], float], Answer]:
    """The answer; with it who applied is written beside the log, before the case is."""
    hall = here.names.hall

    def answer(state: HallState, events: list[Event], at: float) -> Answer:
        opened = any(isinstance(event, CaseOpened) for event in events)
        if any(isinstance(event, ItemSettled) for event in events):
            # Of what is no case only the paper is made out, with the name; it may be printed again for a while.
            kept = hall.cases.kept_days if opened else hall.identity.kept_days
            for kind in PERSON_FACTS:
                if value := " ".join((getattr(body, kind) or "").split()):
                    here.people.note(f"case:{body.id}", kind, value, at + kept * DAY_S)
        return Answer(200, window_view(here, state, window, at))

    return answer


@api.post("/windows/<window>/retract", responses={200: s.Window})
def retract(path: s.WindowPath, header: s.KeyHeader, body: ss.RetractBody) -> Response:
    """Take back what was settled by a slip, while the citizen is at the window and nobody has the papers."""
    here = _mine(path.window)
    answer = perform(
        here,
        lambda at: Retract(at=at, window=path.window, settlement=body.settlement),
        _window_answer(here, path.window),
        dressing(here),
    )
    if answer.status_code == 200:
        here.people.forget(f"case:{body.settlement}")
    return answer


@api.post("/windows/<window>/expert", responses={200: s.Window})
def expert(path: s.WindowPath, header: s.KeyHeader, body: ss.ExpertBody) -> Response:
    """Call an expert or chief representative to the window; his desk shows it. Called again before he has been there,
    it is the same call."""
    here = _mine(path.window)
    if find_expert(here, body.expert) is None:
        raise Problem("choice_unknown", field="expert", choice=body.expert)
    by, name = caller().name, f"x-{secrets.token_urlsafe(12)}"
    with here.hall.reading() as state:
        ticket = state.window(path.window).ticket
    return perform(
        here,
        lambda at: AskForHelp(
            at=at, help=name, kind=EXPERT, place=path.window, by=by, ticket=ticket, expert=body.expert
        ),
        _window_answer(here, path.window),
        dressing(here),
    )


def _window_answer(here: Site, window: str) -> Callable[[HallState, list[Event], float], Answer]:
    def answer(state: HallState, _: list[Event], at: float) -> Answer:
        view: dict[str, Any] = window_view(here, state, window, at)
        return Answer(200, view)

    return answer
