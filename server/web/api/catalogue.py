"""The catalogue of service items: search and guides for everybody, lists and edits for administrators."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from flask import Response
from flask_openapi3 import Tag

from config.texts import Texts
from server.catalogue import LOCALE
from server.catalogue.editing import ItemRows, begun, edited, lacking
from server.catalogue.entries import Item
from server.catalogue.present import brief, whole
from server.core.refusals import Reason
from server.hall import Answer
from server.web.api import catalogue_schemas as cs
from server.web.api import schemas as s
from server.web.api.blueprint import APIBlueprint
from server.web.api.catalogue_writes import once
from server.web.commanding import send
from server.web.faults import told
from server.web.present.common import both
from server.web.problems import Problem
from server.web.site import Site, site

_ZH, _EN = Texts(LOCALE, "zh"), Texts(LOCALE, "en")

api = APIBlueprint("catalogue", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="catalogue")])


def named(here: Site, service: str) -> tuple[str, str]:
    """A service's Chinese and English name."""
    text = here.names.services[service].name
    return text["zh"], text["en"]


@api.get("/items", responses={200: cs.Items})
def items(query: cs.ItemsQuery) -> Response:
    """Items by characters, pinyin, initials, department or service; best first."""
    here = site()
    found = here.catalogue.search(
        query.q,
        service=query.service,
        department=query.department,
        kind=query.kind,
        package=query.package,
        unassigned=query.unassigned,
        limit=query.limit,
        offset=query.offset,
    )
    hits = [brief(item, lambda service: named(here, service)) for item in found.items]
    return send(Answer(200, {"items": hits, "total": found.total}))


@api.get("/items/<code>", responses={200: cs.ItemWhole})
def item(path: cs.ItemPath) -> Response:
    """An item with its guide."""
    here = site()
    found = here.catalogue.item(path.code)
    if found is None:
        raise Problem("item_unknown", item=path.code)
    return send(Answer(200, whole_view(here, found)))


def whole_view(here: Site, item: Item) -> dict[str, object]:
    """An item with its guide, where in the house it is handled, and its revision."""
    view = whole(item, here.catalogue.all_items(), lambda service: named(here, service))
    return {**view, **_place(here, item.service), "revision": _revision(item)}


def _revision(item: Item) -> str:
    """Changes with everything that can be edited of an item."""
    told = json.dumps(asdict(item), sort_keys=True, default=str)
    return hashlib.sha256(told.encode()).hexdigest()[:12]


def _place(here: Site, service: str) -> dict[str, object]:
    """Where in the house an item is handled, and whether one may book a time for it."""
    if service not in here.names.services:
        return {"place": None, "place_en": None, "bookable": False}
    zone = here.names.zones[here.names.services[service].zone]
    area = here.names.areas[zone.area]
    return {
        **both({lang: f"{area.name[lang]} · {zone.name[lang]}" for lang in ("zh", "en")}, "place"),
        "bookable": bool(here.hall.plan.services[service].slots),
    }


@api.get("/departments", responses={200: cs.Departments})
def departments() -> Response:
    """Departments with the number of their items."""
    here = site()
    english = here.catalogue.routes.departments_en
    listed = [
        {"name": name, "name_en": english.get(name, name), "items": count}
        for name, count in here.catalogue.departments()
    ]
    return send(Answer(200, listed))


@api.post("/items/<code>", endpoint="edit", responses={200: cs.ItemWhole})
def edit(path: cs.ItemPath, header: s.KeyHeader, body: cs.EditBody) -> Response:
    """Change an item or its guide, or make a new one (`create`): a package if it has members, one that is not done in
    the hall if it says where else, else an item of the comprehensive-window list."""
    here = site()
    wanted = body.model_dump(exclude_unset=True, exclude_none=True, exclude={"revision", "create"})
    if wanted.get("service") and wanted["service"] not in here.names.services:
        raise Problem(Reason.SERVICE_UNKNOWN.value, service=wanted["service"])
    if path.code in wanted.get("members", ()):
        raise Problem("item_faulty", errors=[_fault("members", "two other items or more, or none")])

    def act(who: str, at: float) -> Answer:
        books = here.catalogue
        known = books.all_items().get(path.code)
        if known is None and not body.create:
            raise Problem("item_unknown", item=path.code)
        if known is not None and body.create:
            raise Problem("item_exists", name=known.name)
        if known is not None and body.revision not in (None, _revision(known)):
            raise Problem("item_changed", item=path.code)
        rows = books.rows_of(path.code) if known else begun(path.code, wanted)
        faults = [] if known else [told({"type": "missing", "loc": (field,)}) for field in lacking(wanted)]
        if faults := [*faults, *_faults(here, wanted, rows)]:
            raise Problem("item_faulty", errors=faults)
        for name, row in edited(path.code, wanted, rows):
            books.put(name, row, who, at)
        return Answer(200, whole_view(here, books.all_items()[path.code]))

    return once(here, act)


@api.post("/items/<code>/remove", responses={200: cs.ItemWhole})
def remove(path: cs.ItemPath, header: s.KeyHeader, body: s.Empty) -> Response:
    """Take an item out of every list. One that a package joins stays until the package lets it go."""
    here = site()

    def act(who: str, at: float) -> Answer:
        books = here.catalogue
        known = books.all_items().get(path.code)
        if known is None:
            raise Problem("item_unknown", item=path.code)
        joined = next((item for item in books.all_items().values() if path.code in item.guide.members), None)
        if joined is not None:
            raise Problem("item_in_package", item=known.name, package=joined.name)
        books.remove_item(path.code, who, at)
        return Answer(200, whole_view(here, known))

    return once(here, act)


def _faults(here: Site, wanted: Mapping[str, Any], rows: ItemRows) -> Iterator[dict[str, str]]:
    """What stands against the rest of the catalogue."""
    if "elsewhere" in wanted and rows.absent is None:
        yield _fault("elsewhere", "only an item of the negative list is done elsewhere")
    known = {*here.catalogue.all_items(), *(rows.guide.members if rows.guide else ())}
    strange = [code for code in wanted.get("members", ()) if code not in known]
    if strange:
        yield _fault("members", "names items that are in no list: {codes}", codes="、".join(strange[:10]))


def _fault(loc: str, sentence: str, **fields: str) -> dict[str, str]:
    """What is wrong with a field beyond what its schema says."""
    return {"loc": loc, "msg": _EN(sentence, **fields), "zh": _ZH(sentence, **fields)}
