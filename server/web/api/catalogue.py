"""The catalogue of service items: search and guides for everybody, lists and edits for administrators."""

import hashlib
import json
from dataclasses import asdict
from typing import cast

from flask import Response
from flask_openapi3 import Tag

from server.catalogue.editing import edited
from server.catalogue.entries import Item
from server.catalogue.present import brief, whole
from server.catalogue.records import Guide, Listed, ListName
from server.core.refusals import Reason
from server.hall import Answer
from server.web.api import catalogue_schemas as cs
from server.web.api import schemas as s
from server.web.api.blueprint import APIBlueprint
from server.web.api.catalogue_writes import once
from server.web.commanding import send
from server.web.present.common import both
from server.web.problems import Problem
from server.web.site import Site, site

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
    """Change an item or its guide. One that is in no list is made if name, department, kind, handling and audience
    are given."""
    here = site()
    wanted = body.model_dump(exclude_unset=True, exclude_none=True, exclude={"revision"})
    if wanted.get("service") and wanted["service"] not in here.names.services:
        raise Problem(Reason.SERVICE_UNKNOWN.value, service=wanted["service"])
    if path.code in wanted.get("members", ()):
        raise Problem("invalid_request", errors=[{"loc": "members", "msg": "two other items or more, or none"}])

    def act(who: str, at: float) -> Answer:
        books = here.catalogue
        known = books.all_items().get(path.code)
        if known is not None and body.revision not in (None, _revision(known)):
            raise Problem("item_changed", item=path.code)
        listed, guide = books.row(ListName.COMPREHENSIVE, path.code), books.row(ListName.GUIDES, path.code)
        if path.code not in books.all_items():
            if not {"name", "department", "kind", "handling", "audience"} <= set(wanted):
                raise Problem("item_unknown", item=path.code)
            listed = Listed(wanted["department"], path.code, wanted["name"], "", "", "")
        for name, row in edited(path.code, wanted, cast(Listed | None, listed), cast(Guide | None, guide)):
            books.put(name, row, who, at)
        return Answer(200, whole_view(here, books.all_items()[path.code]))

    return once(here, act)
