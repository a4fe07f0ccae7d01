"""Who changed what in the catalogue, and when: each changed field is a line, lines of one moment and person an act."""

import json
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from server.catalogue.codec import fields_of
from server.catalogue.records import ListName, Record

#: Rows of an act that are told one by one; the counts tell of all.
ROWS_SHOWN = 100
Query = Callable[[str, list[Any]], list[Any]]


@dataclass(frozen=True, slots=True)
class Line:
    """One field of one row that somebody changed; `field` is empty where a whole row came or went."""

    at: float
    who: str
    list: ListName
    key: str
    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class FieldLine:
    """A field with its old and new value."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class RowChange:
    """What became of one row; `sort` is new, changed or gone."""

    list: ListName
    key: str
    name: str
    sort: str
    fields: tuple[FieldLine, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows of a list an act touched."""

    list: ListName
    new: int
    changed: int
    gone: int


@dataclass(frozen=True, slots=True)
class Act:
    """All that one person changed at one moment: an edit, or a whole file."""

    at: float
    who: str
    counts: tuple[Counts, ...]
    rows: tuple[RowChange, ...]


@dataclass(slots=True)
class _Row:
    of: ListName
    key: str
    sort: str = "changed"
    name: str = ""
    fields: list[FieldLine] = field(default_factory=list)


def write(
    connection: sqlite3.Connection,
    name: ListName,
    who: str,
    at: float,
    pairs: Iterable[tuple[Record | None, Record | None]],
) -> None:
    """Keep what became of these rows, each as (before, after)."""
    rows = []
    for old, new in pairs:
        key = (new or old).key  # type: ignore[union-attr]
        if old is None or new is None:
            rows.append((key, "", old and fields_of(old), new and fields_of(new)))
            continue
        before, after = fields_of(old), fields_of(new)
        rows += [(key, field, before[field], after[field]) for field in before if before[field] != after[field]]
    connection.executemany(
        'INSERT INTO changes (at, who, list, key, field, "before", "after") VALUES (?, ?, ?, ?, ?, ?, ?)',
        [
            (at, who, name.value, key, field, json.dumps(b, ensure_ascii=False), json.dumps(a, ensure_ascii=False))
            for key, field, b, a in rows
        ],
    )


def lines(query: Query, key: str | None = None, limit: int = 50) -> list[Line]:
    """What was changed last, newest first."""
    where, values = ("WHERE key = ?", [key]) if key else ("", [])
    rows = query(
        f'SELECT at, who, list, key, field, "before", "after" FROM changes {where} ORDER BY id DESC LIMIT ?',
        [*values, limit],
    )
    return [
        Line(at, who, ListName(name), of, field, json.loads(before), json.loads(after))
        for at, who, name, of, field, before, after in rows
    ]


def acts(query: Query, name_of: Callable[[str], str], key: str | None, limit: int, offset: int) -> list[Act]:
    """Acts, newest first; of one item or letter only what touched it. `name_of` knows the names of items there are."""
    where, values = ("WHERE key = ?", [key]) if key else ("", [])
    moments = query(
        f"SELECT at, who FROM changes {where} GROUP BY at, who ORDER BY max(id) DESC LIMIT ? OFFSET ?",
        [*values, limit, offset],
    )
    return [_act(query, name_of, key, at, who) for at, who in moments]


def _act(query: Query, name_of: Callable[[str], str], key: str | None, at: float, who: str) -> Act:
    where, values = "at = ? AND who = ?", [at, who]
    if key:
        where, values = f"{where} AND key = ?", [*values, key]
    counted = query(
        "SELECT list, count(DISTINCT CASE WHEN field = '' AND \"before\" = 'null' THEN key END),"
        " count(DISTINCT CASE WHEN field <> '' THEN key END),"
        " count(DISTINCT CASE WHEN field = '' AND \"after\" = 'null' THEN key END)"
        f" FROM changes WHERE {where} GROUP BY list ORDER BY min(id)",
        values,
    )
    rows: dict[tuple[str, str], _Row] = {}
    # A row has at most a line for each of its fields, so that so many lines are enough for the rows shown.
    found = query(
        f'SELECT list, key, field, "before", "after" FROM changes WHERE {where} ORDER BY id LIMIT ?',
        [*values, ROWS_SHOWN * 20],
    )
    for name, of, field_name, before, after in found:
        row = rows.get((name, of))
        if row is None:
            if len(rows) >= ROWS_SHOWN:
                break
            row = rows[name, of] = _Row(ListName(name), of)
        _tell(row, field_name, json.loads(before), json.loads(after))
    return Act(
        at,
        who,
        tuple(Counts(ListName(name), new, changed, gone) for name, new, changed, gone in counted),
        tuple(RowChange(row.of, row.key, row.name or name_of(row.key), row.sort, tuple(row.fields))
              for row in rows.values()),
    )  # fmt: skip


def _tell(row: _Row, field_name: str, before: Any, after: Any) -> None:
    if field_name:
        row.fields.append(FieldLine(field_name, before, after))
        return
    whole: dict[str, Any] = after if before is None else before
    row.sort = "new" if before is None else "gone"
    row.name = whole.get("department", "") if "items" in whole else whole.get("name", "")
    row.fields += [
        FieldLine(name, None if before is None else value, value if before is None else None)
        for name, value in whole.items()
        if value not in ("", [], None) and name not in ("id", "code")
    ]
