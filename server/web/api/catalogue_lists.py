"""The catalogue's lists as files: what a file would change, taking it in, getting it out, an empty one to fill in."""

from dataclasses import asdict
from typing import Any

from flask import Response, request
from flask_openapi3 import Tag

from config.texts import Texts
from server.catalogue import LOCALE
from server.catalogue.audit import RowChange
from server.catalogue.cells import Fault
from server.catalogue.codec import fields_of
from server.catalogue.columns import column_of
from server.catalogue.lists import Preview
from server.catalogue.lists import preview as compare
from server.catalogue.records import Letter, ListName, OnlineEntry, Record
from server.catalogue.routing import known_of
from server.catalogue.sheets import BYTES_MAX
from server.hall import Answer
from server.web.api import catalogue_schemas as cs
from server.web.api import schemas as s
from server.web.api.blueprint import APIBlueprint
from server.web.api.catalogue import whole_view
from server.web.api.catalogue_writes import once
from server.web.commanding import idempotency_key, send
from server.web.present.common import moment
from server.web.problems import Problem
from server.web.site import Site, site

api = APIBlueprint("lists", __name__, url_prefix="/api/v1/catalogue", abp_tags=[Tag(name="catalogue")])

#: Rows of each sort that a preview shows; the counts tell of all.
SHOWN_MAX = 500
MEDIA = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv; charset=utf-8"}

_ZH, _EN = Texts(LOCALE, "zh"), Texts(LOCALE, "en")


@api.get("", responses={200: cs.Lists})
def catalogue() -> Response:
    """How much there is in it."""
    here = site()
    books = here.catalogue
    counts = {name.value: books.count(name) for name in ListName}
    answer = {
        "version": books.version,
        "letters": here.names.hall.catalogue.letters,
        "items": len(books.all_items()),
        "unassigned": books.search(unassigned=True, limit=1).total,
        "lists": counts,
    }
    return send(Answer(200, answer))


@api.post("/preview", responses={200: cs.Preview})
def preview(query: cs.UploadQuery, header: s.KeyHeader) -> Response:
    """What taking in this file (the body: XLSX or CSV) would change. Changes nothing."""
    here, data = site(), _uploaded()
    idempotency_key()
    found: Preview = here.slow(lambda: _compare(here, query, data))
    word = {"sort": "gone" if found.gone else "hall", "word": _words(here, found)[0]} if found.alarms else None
    return send(Answer(200, {**_shown(here, found), "confirm": word}))


@api.post("/import", endpoint="import", responses={200: cs.Imported})
def take_in(query: cs.UploadQuery, header: s.KeyHeader) -> Response:
    """Take the file in, whole or not at all."""
    here, data = site(), _uploaded()

    def act(who: str, at: float) -> Answer:
        found = _compare(here, query, data)
        if query.version is not None and query.version != found.version:
            raise Problem("catalogue_changed")
        if found.faults:
            errors = [
                {"loc": f"{f.row} {f.column}".strip(), "msg": _EN(f.sentence, **f.fields), **_told(f)}
                for f in found.faults
            ]
            raise Problem("import_refused", errors=errors[:SHOWN_MAX], faults=len(found.faults))
        if found.alarms and (query.confirm or "").strip() not in _words(here, found):
            errors = [{"loc": "confirm", "msg": told["en"], "zh": told["zh"]} for told in map(_told, found.alarms)]
            raise Problem("import_unconfirmed", errors=errors)
        here.catalogue.replace(query.list, found.records, who, at, keep=query.keep)
        return Answer(200, {"list": query.list, "version": found.version + 1, "counts": _counts(found)})

    return once(here, act)


@api.get("/export", endpoint="export")
def get_out(query: cs.ExportQuery) -> Response:
    """A whole list as a file, in its columns."""
    here = site()
    return _file(here, query, here.catalogue.rows(query.list), f"{query.list}.{query.format}")


@api.get("/template")
def template(query: cs.ExportQuery) -> Response:
    """An empty list to fill in, with drop-downs."""
    return _file(site(), query, [], f"{query.list}-template.{query.format}")


@api.get("/items/<code>", responses={200: cs.ItemRows})
def rows(path: cs.ItemPath) -> Response:
    """An item as the lists have it, to be edited."""
    here = site()
    books = here.catalogue
    found = books.all_items().get(path.code)
    if found is None:
        raise Problem("item_unknown", item=path.code)
    kept = books.rows_of(path.code)
    answer = {
        "item": whole_view(here, found),
        "lists": [name.value for name in kept.lists],
        "listed": fields_of(kept.listed) if kept.listed else None,
        "guide": fields_of(found.guide),
    }
    return send(Answer(200, answer))


@api.get("/changes", responses={200: cs.Changes})
def changes(query: cs.ChangesQuery) -> Response:
    """Who changed what, newest first: an act is all that one person changed at one moment."""
    here = site()
    found = here.catalogue.acts(query.code, query.limit + 1, query.offset)
    shown = [
        {
            "at": moment(here.hall.plan, act.at),
            "who": act.who,
            "lists": [asdict(counts) for counts in act.counts],
            "rows": [_row(here, row) for row in act.rows],
        }
        for act in found[: query.limit]
    ]
    return send(Answer(200, {"acts": shown, "more": len(found) > query.limit}))


def _row(here: Site, row: RowChange) -> dict[str, Any]:
    fields = [_field(here, row.list, f.field, f.before, f.after) for f in row.fields]
    return {"list": row.list, "key": row.key, "name": row.name, "sort": row.sort, "fields": fields}


def _field(here: Site, name: ListName, field: str, before: Any, after: Any) -> dict[str, Any]:
    """A field as it was and as it is; the items of a package by name, as nobody knows codes by heart."""
    items = here.catalogue.all_items()

    def told(value: Any) -> Any:
        if field != "members" or not isinstance(value, list):
            return value
        return [{"code": code, "name": items[code].name if code in items else ""} for code in value]

    return {"field": field, "column": column_of(name, field), "before": told(before), "after": told(after)}


def _uploaded() -> bytes:
    data: bytes = request.get_data(cache=True)
    if len(data) > BYTES_MAX or (request.content_length is None and len(data) >= BYTES_MAX):
        raise Problem("too_large")
    return data


def _compare(here: Site, query: cs.UploadQuery, data: bytes) -> Preview:
    return compare(here.catalogue, query.list, data, known_of(here.names.hall), keep=query.keep)


def _words(here: Site, found: Preview) -> tuple[str, ...]:
    """What must be repeated before a file with alarms is taken in: how many rows would go, else the hall's name."""
    name = here.names.hall.name
    return (str(len(found.gone)),) if found.gone else (name["zh"], name["en"])


def _file(here: Site, query: cs.ExportQuery, records: list[Record], name: str) -> Response:
    # Here and not above, as in `server/web/sheets.py`.
    from server.catalogue.writing import as_csv, as_xlsx

    if query.format == "csv":
        data = as_csv(query.list, records)
    else:
        services = [service.id for service in here.names.hall.services]
        data = here.slow(lambda: as_xlsx(query.list, records, services))
    disposition = {"Content-Disposition": f"attachment; filename=chaoxi-{name}"}
    return Response(data, content_type=MEDIA[query.format], headers=disposition)


# --- as the page shows it ---------------------------------------------------------------------------------------------


def _shown(here: Site, found: Preview) -> dict[str, Any]:
    return {
        "list": found.list,
        "version": found.version,
        "counts": _counts(found),
        "had": found.had,
        "alarms": [{"zh": told["zh"], "en": told["en"]} for told in map(_told, found.alarms)],
        "new": [_named(record) for record in found.new[:SHOWN_MAX]],
        "changed": [
            {
                **_named(record),
                "fields": [_field(here, found.list, f.field, f.before, f.after) for f in fields],
            }
            for record, fields in found.changed[:SHOWN_MAX]
        ],
        "gone": [_named(record) for record in found.gone[:SHOWN_MAX]],
        "faults": [_told(fault) for fault in found.faults[:SHOWN_MAX]],
        "remarks": [_told(remark) for remark in found.remarks[:SHOWN_MAX]],
    }


def _counts(found: Preview) -> dict[str, int]:
    return {
        "rows": found.rows,
        "new": len(found.new),
        "changed": len(found.changed),
        "gone": len(found.gone),
        "same": found.same,
        "faults": len(found.faults),
        "remarks": len(found.remarks),
    }


def _named(record: Record) -> dict[str, str]:
    match record:
        case Letter(id=key, department=name) | OnlineEntry(business_code=key, name=name):
            return {"key": key, "name": name}
        case _:
            return {"key": record.key, "name": record.name}


def _told(fault: Fault) -> dict[str, Any]:
    return {
        "row": fault.row,
        "column": fault.column,
        "value": fault.value,
        "zh": _ZH(fault.sentence, **fault.fields),
        "en": _EN(fault.sentence, **fault.fields),
    }
