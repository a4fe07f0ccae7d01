"""Papers that come by courier (P7), and the archive's daily tick-off of originals (Y16)."""

from collections import Counter
from collections.abc import Callable

from flask import Response
from flask_openapi3 import Tag

from server.accounts import Role
from server.core import case_events as e
from server.core.case_records import WITH_ORIGINALS, ParcelState
from server.core.commands import Command
from server.core.events import Event
from server.core.model import HallState
from server.core.refusals import Reason, Rejected
from server.hall import Answer
from server.web.access import caller
from server.web.api import cases_bodies as b
from server.web.api import schemas as s
from server.web.api.blueprint import APIBlueprint
from server.web.api.case_rights import is_at_pickup, person
from server.web.api.tracking import require_likely
from server.web.commanding import perform, send
from server.web.present.case_lists import is_to_be_filed, parcel_view
from server.web.present.cases import settlement_view
from server.web.problems import Problem
from server.web.site import Site, site
from server.web.written import perform_written

api = APIBlueprint("parcels", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="courier and archive")])


# --- courier ----------------------------------------------------------------------------------------------------------


def _require_desk(here: Site) -> None:
    if not is_at_pickup(here, person()):
        raise Problem("not_at_pickup")


@api.get("/parcels", responses={200: b.Parcels})
def parcels() -> Response:
    """Parcels not registered yet, oldest first, then those of the last week; a department sees what is sorted to it."""
    here, who = site(), person()
    rank = list(ParcelState)
    with here.hall.reading() as state:
        seen = list(state.parcels.values())
        if not is_at_pickup(here, who):
            seen = [x for x in seen if x.department is not None and x.department == who.department]
        seen.sort(key=lambda x: (rank.index(x.state), -x.registered_at if x.registered_at else x.signed_at))
        views = [parcel_view(here, state, x, written=True) for x in seen]
    return send(Answer(200, {"parcels": views}))


def _act(name: str, command: Callable[[float], Command]) -> Response:
    here = site()
    return perform(
        here,
        command,
        lambda state, _, __: Answer(200, parcel_view(here, state, state.parcels[name], written=False)),
    )


@api.post("/parcels", responses={201: b.Parcel})
def receive(header: s.KeyHeader, body: b.ParcelBody) -> Response:
    """Sign for papers that came by courier."""
    here, by = site(), caller().name
    _require_desk(here)
    require_likely(here, body.carrier, body.tracking, confirmed=body.confirmed)
    return perform_written(
        here,
        body.note,
        lambda at, note: e.SignParcel(
            at=at,
            parcel=body.id,
            carrier=body.carrier,
            tracking=body.tracking,
            by=by,
            note=note,
            again=body.confirmed,
        ),
        lambda state, _, __: Answer(201, parcel_view(here, state, state.parcels[body.id], written=False)),
    )


@api.post("/parcels/<parcel>/sort", responses={200: b.Parcel})
def sort(path: b.ParcelPath, header: s.KeyHeader, body: b.SortBody) -> Response:
    """It belongs to a department."""
    by = caller().name
    _require_desk(site())
    return _act(path.parcel, lambda at: e.SortParcel(at=at, parcel=path.parcel, department=body.department, by=by))


@api.post("/parcels/<parcel>/register", responses={200: b.Parcel})
def register(path: b.ParcelPath, header: s.KeyHeader, body: b.RegisterBody) -> Response:
    """The department has taken it in, perhaps for a case."""
    here, who, by = site(), person(), caller().name
    with here.hall.reading() as state:
        found = state.parcels.get(path.parcel)
    if not is_at_pickup(here, who):
        if Role.DEPARTMENT not in who.roles:
            raise Problem("forbidden")
        if found is None or found.department is None or found.department != who.department:
            raise Rejected(Reason.PARCEL_UNKNOWN, parcel=path.parcel)
    return _act(path.parcel, lambda at: e.RegisterParcel(at=at, parcel=path.parcel, by=by, case=body.case))


# --- archive ----------------------------------------------------------------------------------------------------------


@api.get("/archive", responses={200: b.Archive})
def archive(query: b.ArchiveQuery) -> Response:
    """What was settled on a day, by window; of past days what is not in the archive yet or was filed today."""
    here = site()
    with here.hall.reading() as state:
        day = query.day or state.business_day
        kept = [x for x in state.settlements.values() if x.business_day == day and x.outcome in WITH_ORIGINALS]
        carried = {case.id for case in state.cases.values() if case.is_carried}
        days = Counter(x.business_day for x in state.settlements.values() if is_to_be_filed(x))
    kept.sort(key=lambda x: (x.filed_at is not None, x.window, x.at))
    view = {
        "day": day,
        "settlements": [settlement_view(here, x) | {"on_the_way": x.id in carried} for x in kept],
        "days": [{"day": each, "unfiled": days[each]} for each in sorted(days)],
    }
    return send(Answer(200, view))


@api.post("/archive", responses={200: b.Filed})
def file_originals(header: s.KeyHeader, body: b.FileBody) -> Response:
    """Tick originals off: they are in the archive."""
    here, by = site(), caller().name
    wanted = tuple(dict.fromkeys(body.settlements))

    def answer(state: HallState, events: list[Event], _: float) -> Answer:
        filed = sum(len(event.settlements) for event in events if isinstance(event, e.OriginalsFiled))
        return Answer(200, {"filed": filed})

    return perform(here, lambda at: e.FileOriginals(at=at, settlements=wanted, by=by), answer)
