"""Matters for staff: record, look, settle; the sheet for 12345."""

from flask import Response
from flask_openapi3 import Tag

from server.accounts import Person
from server.core.affairs import Matter, MatterKind
from server.core.calendar import local
from server.core.events import Event
from server.core.matters import MatterRecorded, MatterSettled, RecordMatter, SettleMatter
from server.core.model import HallState
from server.core.refusals import Reason, Rejected
from server.hall import Answer
from server.web.access import caller
from server.web.api import matters_schemas as m
from server.web.api import schemas as s
from server.web.api.blueprint import APIBlueprint
from server.web.commanding import send
from server.web.present.matters import (
    form_view,
    is_overdue,
    matter_view,
    may_see,
    may_settle,
    sheet_rows,
)
from server.web.problems import Problem
from server.web.sheets import sheet
from server.web.site import Site, site
from server.web.written import keep_contact_until, perform_written

api = APIBlueprint("matters", __name__, url_prefix="/api/v1/matters", abp_tags=[Tag(name="matters")])

DAY_S = 86400.0


def _person() -> Person:
    who = caller().who
    assert isinstance(who, Person)
    return who


def _chosen(here: Site, query: m.MattersQuery) -> tuple[list[Matter], list[Matter], float]:
    """The matters this person may see, those of them asked for, and when it was."""
    person = _person()
    with here.hall.reading() as state:
        at = here.hall.now()
        seen = [matter for matter in state.matters.values() if may_see(person, matter)]
    # Open ones first, those due soonest before others; then what was settled last.
    seen.sort(key=lambda x: (x.settled_at is not None, -x.settled_at if x.settled_at else x.deadline_at))
    asked = [x for x in seen if query.kind in (None, x.kind.value) and query.open in (None, x.settled_at is None)]
    return seen, asked, at


@api.get("", responses={200: m.MattersView})
def matters(query: m.MattersQuery) -> Response:
    """Open matters and those settled within the last weeks. Without what people said."""
    here = site()
    seen, asked, at = _chosen(here, query)
    is_open = [x for x in seen if x.settled_at is None]
    counts = {"open": len(is_open), "overdue": sum(is_overdue(x, at) for x in is_open), "all": len(seen)}
    views = [matter_view(here, x, at, _person(), personal=False) for x in asked]
    return send(Answer(200, {"matters": views, "counts": counts}))


@api.get("/form", responses={200: m.MatterForm})
def form() -> Response:
    """What the form offers."""
    return send(Answer(200, form_view(site())))


@api.get("/export")
def export(query: m.ExportQuery) -> Response:
    """The sheet for 12345 with names, phone numbers and texts: for leaders. What would be a formula is escaped."""
    here = site()
    _, asked, at = _chosen(here, query)
    views = [matter_view(here, x, at, _person(), personal=True) for x in asked]
    day = local(at, here.hall.plan.tz).date().isoformat()
    return sheet(sheet_rows(views), f"12345-{day}", query.format, "12345")


@api.get("/<matter>", responses={200: m.MatterView})
def matter(path: m.MatterPath) -> Response:
    """One matter with what the citizen said and left."""
    here, person = site(), _person()
    with here.hall.reading() as state:
        at, found = here.hall.now(), state.matters.get(path.matter)
    if found is None or not may_see(person, found):
        raise Rejected(Reason.MATTER_UNKNOWN, matter=path.matter)
    return send(Answer(200, matter_view(here, found, at, person, personal=True)))


def _require_choice(field: str, value: str | None, known: list[str]) -> None:
    if value is not None and value not in known:
        raise Problem("choice_unknown", field=field, choice=value)


@api.post("", responses={201: m.MatterView})
def record(header: s.KeyHeader, body: m.RecordBody) -> Response:
    """Write down what a citizen brought; the deadline counts from now in working days."""
    here, person = site(), _person()
    choices = here.names.hall.matters
    _require_choice("reason", body.reason, [choice.id for choice in choices.reasons])
    if choices.regions:
        _require_choice("region", body.region, [choice.id for choice in choices.regions])

    def contact(events: list[Event]) -> tuple[str, dict[str, str | None]] | None:
        is_new = any(isinstance(event, MatterRecorded) for event in events)
        return (f"matter:{body.id}", {"phone": body.phone, "name": body.name}) if is_new else None

    return perform_written(
        here,
        body.note,
        lambda at, note: RecordMatter(
            at=at,
            matter=body.id,
            kind=MatterKind(body.kind),
            by=person.user,
            reason=body.reason,
            ticket=body.ticket,
            department=body.department,
            region=body.region,
            note=note,
        ),
        lambda state, _, at: Answer(201, matter_view(here, state.matters[body.id], at, person, personal=False)),
        contact,
    )


@api.post("/<matter>/settle", responses={200: m.MatterView})
def settle(path: m.MatterPath, header: s.KeyHeader, body: m.SettleBody) -> Response:
    """What came of it. Complaints and reports are settled by leaders."""
    here, person = site(), _person()
    _require_choice("result", body.result, [choice.id for choice in here.names.hall.matters.results])
    with here.hall.reading() as state:
        found = state.matters.get(path.matter)
    if found is not None and found.settled_at is None and not may_settle(person, found):
        raise Problem("forbidden")

    def answer(state: HallState, events: list[Event], at: float) -> Answer:
        if any(isinstance(event, MatterSettled) for event in events):
            # Nobody needs to call any more (A3).
            keep_contact_until(here, f"matter:{path.matter}", at + here.names.hall.identity.kept_days * DAY_S)
        return Answer(200, matter_view(here, state.matters[path.matter], at, person, personal=False))

    return perform_written(
        here,
        body.note,
        lambda at, note: SettleMatter(at=at, matter=path.matter, by=person.user, result=body.result, note=note),
        answer,
    )
