"""The catalogue of service items: search and guides for everybody, lists and edits for administrators."""

from flask import Response
from flask_openapi3 import APIBlueprint, Tag

from server.catalogue.present import brief, whole
from server.hall import Answer
from server.web.api import catalogue_schemas as cs
from server.web.commanding import send
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
    return send(Answer(200, whole(found, here.catalogue.all_items(), lambda service: named(here, service))))


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
