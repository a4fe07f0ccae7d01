"""The catalogue's own file: the lists row by row, who changed what and when, and the index that people search."""

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import Any, TypeVar, cast

from sqlite_utils import Database

from server.catalogue import audit
from server.catalogue.codec import decode, encode
from server.catalogue.editing import ItemRows
from server.catalogue.entries import Item, Routes, merge
from server.catalogue.finding import Wish, find
from server.catalogue.mixed import Spelled, spelled
from server.catalogue.records import Absent, Guide, Letter, Listed, ListName, OnlineEntry, Record
from server.catalogue.spelling import full_pinyin, initials, spaced

R = TypeVar("R", bound=Record)

#: Raised when an item's row in the index is made otherwise (`_indexed`, `merge`, `spelling.py`).
INDEX_FORM = 2
FTS_COLUMNS = ("chars", "keys", "department_chars", "pinyin", "initials")


@dataclass(frozen=True, slots=True)
class Found:
    """A page of a search."""

    items: tuple[Item, ...]
    total: int


class Catalogue:
    """One hall's catalogue in `path`. Readers never wait for a writer: they have a connection of their own."""

    def __init__(self, path: Path) -> None:
        self._lock, self._read_lock = RLock(), RLock()
        self._db = Database(sqlite3.connect(path, check_same_thread=False, isolation_level=None))
        self._db.conn.execute("PRAGMA journal_mode=WAL")
        self._routes = Routes()
        self._listeners: list[Callable[[], None]] = []
        self._kept: dict[str, tuple[int, Any]] = {}
        self._items: dict[str, Item] = {}
        self._indexes_later = False
        with self._lock:
            self._create()
        self._reader = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._version = self._read_version()

    def _create(self) -> None:
        text = {"list": str, "key": str, "position": int, "data": str}
        self._db.table("rows").create(text, pk=("list", "key"), if_not_exists=True)
        self._db.table("changes").create(
            {
                "id": int, "at": float, "who": str, "list": str, "key": str, "field": str, "before": str, "after": str
            },
            pk="id",
            if_not_exists=True,
        )  # fmt: skip
        for columns in (["key"], ["at", "who"]):
            self._db.table("changes").create_index(columns, if_not_exists=True)
        self._db.table("meta").create({"name": str, "value": str}, pk="name", if_not_exists=True)
        self._db.table("answers").create(
            {"key": str, "body_hash": str, "status": int, "answer": str, "at": float}, pk="key", if_not_exists=True
        )
        entries = {"id": int, "code": str, "name": str, "department": str, "service": str, "kind": str, "place": int}
        entries |= {"package": int, "absent": int, **dict.fromkeys(FTS_COLUMNS, str)}
        entries["spelled"] = str
        table = self._db.table("entries")
        if table.exists() and "spelled" not in table.columns_dict:
            table.disable_fts()  # an index of an earlier form; `route` makes it anew
            table.drop()
            self._db.execute("DELETE FROM meta WHERE name = 'indexed'")
        if not table.exists():
            table.create(cast(Any, entries), pk="id")
            table.create_index(["code"], unique=True)
            for column in ("department", "service", "place"):
                table.create_index([column])
            table.enable_fts(FTS_COLUMNS, fts_version="FTS5", create_triggers=True)

    def close(self) -> None:
        """Close the file."""
        with self._lock, self._read_lock:
            self._reader.close()
            self._db.conn.close()

    # --- the hall it belongs to ---------------------------------------------------------------------------------------

    @property
    def routes(self) -> Routes:
        """How items are spread over services."""
        return self._routes

    def route(self, routes: Routes) -> None:
        """Spread the items over the services of a hall file."""
        with self._lock:
            self._routes = routes
            if self._read_meta("indexed") == self._index_mark():
                # As the last start left it: only memory is to be filled.
                self._items = {item.code: item for item in self._merged(None)}
                return
            self._kept.clear()
            with self._transaction():
                self._index(None)

    def on_change(self, listener: Callable[[], None]) -> None:
        """Call this after every change."""
        self._listeners.append(listener)

    @property
    def version(self) -> int:
        """Grows with every change."""
        return self._version

    def _read_version(self) -> int:
        return int(self._read_meta("version") or 0)

    def _read_meta(self, name: str) -> str | None:
        row = self._db.execute("SELECT value FROM meta WHERE name = ?", [name]).fetchone()
        return row[0] if row else None

    def _index_mark(self) -> str:
        """What the index is made of: the rows by their version, the hall's routes, and how it is made."""
        told = {field: getattr(self._routes, field) for field in Routes.__dataclass_fields__}
        told["services"] = sorted(self._routes.services)
        plain = json.dumps([INDEX_FORM, self._read_version(), told], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(plain.encode()).hexdigest()

    # --- reading ------------------------------------------------------------------------------------------------------

    def _query(self, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[Any]:
        with self._read_lock:
            return self._reader.execute(sql, values).fetchall()

    def has_items(self) -> bool:
        """Whether there is anything to look for."""
        return bool(self._query("SELECT 1 FROM entries LIMIT 1"))

    def rows(self, name: ListName) -> list[Record]:
        """A whole list in its order."""
        found = self._query("SELECT data FROM rows WHERE list = ? ORDER BY position, key", [name.value])
        return [decode(name, data) for (data,) in found]

    def count(self, name: ListName) -> int:
        """How many rows a list has."""
        return int(self._query("SELECT count(*) FROM rows WHERE list = ?", [name.value])[0][0])

    def row(self, name: ListName, key: str) -> Record | None:
        """One row of a list."""
        found = self._query("SELECT data FROM rows WHERE list = ? AND key = ?", [name.value, key])
        return decode(name, found[0][0]) if found else None

    def rows_of(self, code: str) -> ItemRows:
        """Every row that speaks of an item."""
        pieces = self._query(
            "SELECT data FROM rows WHERE list = ? AND json_extract(data, '$.code') = ? ORDER BY position, key",
            [ListName.ONLINE.value, code],
        )
        single = {
            name: cast(Any, self.row(name, code))
            for name in (ListName.COMPREHENSIVE, ListName.NEGATIVE, ListName.GUIDES)
        }
        return ItemRows(
            single[ListName.COMPREHENSIVE],
            tuple(cast(OnlineEntry, decode(ListName.ONLINE, data)) for (data,) in pieces),
            single[ListName.NEGATIVE],
            single[ListName.GUIDES],
        )

    def _remember(self, name: str, build: Callable[[], Any]) -> Any:
        version = self._version
        kept = self._kept.get(name)
        if kept is None or kept[0] != version:
            kept = self._kept[name] = (version, build())
        return kept[1]

    def letters(self) -> tuple[Letter, ...]:
        """Every letter, kept in memory until something changes."""
        found: tuple[Letter, ...] = self._remember(
            "letters", lambda: tuple(row for row in self.rows(ListName.LETTERS) if isinstance(row, Letter))
        )
        return found

    def all_items(self) -> Mapping[str, Item]:
        """Every item by code, as it is now; do not change it."""
        return self._items

    def item(self, code: str) -> Item | None:
        """An item by its code, or by the code of a piece of business that is done online."""
        if (found := self.all_items().get(code)) is not None:
            return found
        main = self.row(ListName.ONLINE, code)
        return self.all_items().get(main.code) if isinstance(main, OnlineEntry) else None

    def search(self, query: str = "", *, department: str | None = None, **filters: Any) -> Found:
        """The items that match, best first; the filters are those of `Wish`.

        A department is asked for by its Chinese name, or by an English one that several may have.
        """
        english = self._routes.departments_en
        called = [department, *(name for name, told in english.items() if told == department)] if department else []
        codes, total = find(self._query, self._spelling, Wish(query, departments=tuple(called), **filters))
        items = self.all_items()
        return Found(tuple(items[code] for code in codes if code in items), total)

    def _spelling(self) -> Spelled:
        found: Spelled = self._remember(
            "spelled", lambda: Spelled.of(self._query("SELECT id, spelled FROM entries ORDER BY place"))
        )
        return found

    def departments(self) -> list[tuple[str, int]]:
        """Every department with its number of items, in the order of the lists."""
        return [
            (name, count)
            for name, count in self._query(
                "SELECT department, count(*) FROM entries WHERE department <> '' GROUP BY department ORDER BY min(place)"
            )
        ]

    def changes(self, key: str | None = None, limit: int = 50) -> list[audit.Line]:
        """What was changed last, newest first."""
        return audit.lines(self._query, key, limit)

    def acts(self, key: str | None = None, limit: int = 30, offset: int = 0) -> list[audit.Act]:
        """The same as people did it: all that one changed at one moment."""
        return audit.acts(self._query, self._name_of, key, limit, offset)

    def _name_of(self, key: str) -> str:
        found = self.item(key)
        return found.name if found else ""

    # --- changing -----------------------------------------------------------------------------------------------------

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """All or nothing, in the file and in memory; within another transaction, a part of that one."""
        if self._db.conn.in_transaction:
            yield
            return
        before = self._items
        self._db.conn.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.conn.execute("COMMIT")
        except BaseException:
            self._db.conn.execute("ROLLBACK")
            self._items = before
            raise
        # Only now: whoever asks under the new version must find the new rows.
        version, self._version = self._version, self._read_version()
        if version != self._version:
            for listener in self._listeners:
                listener()

    @contextmanager
    def all_or_nothing(self, *, index_once: bool = False) -> Iterator[None]:
        """Several changes as one; listeners are told once, after it. A list is read as it was before.

        With `index_once` the items stay as they were until the end: for many lists at a time.
        """
        with self._lock, self._transaction():
            self._indexes_later = index_once
            try:
                yield
            finally:
                self._indexes_later = False
            if index_once:
                self._index(None)

    def replace(self, name: ListName, records: Sequence[Record], who: str, at: float, *, keep: bool = False) -> None:
        """Let a list be these rows; with `keep` rows that are not among them stay. All or nothing."""
        with self._lock:
            old = {row.key: row for row in self.rows(name)}
            new = {record.key: record for record in records}
            gone = [] if keep else [key for key in old if key not in new]
            changed = [record for key, record in new.items() if old.get(key) != record]
            with self._transaction():
                for key in gone:
                    self._db.execute("DELETE FROM rows WHERE list = ? AND key = ?", [name.value, key])
                if not keep:
                    places = [(place, name.value, key) for place, key in enumerate(new)]
                    self._db.conn.executemany("UPDATE rows SET position = ? WHERE list = ? AND key = ?", places)
                for place, (key, record) in enumerate(new.items()):
                    if old.get(key) != record:
                        self._put(name, record, place if not keep else len(old) + place)
                audit.write(
                    self._db.conn,
                    name,
                    who,
                    at,
                    [(old.get(r.key), r) for r in changed] + [(old[key], None) for key in gone],
                )
                self._changed({*self._codes(changed), *self._codes(old[key] for key in gone)}, moved=True)

    def put(self, name: ListName, record: Record, who: str, at: float) -> None:
        """Set one row."""
        with self._lock:
            old = self.row(name, record.key)
            if old == record:
                return
            with self._transaction():
                last = self._db.execute("SELECT max(position) FROM rows WHERE list = ?", [name.value]).fetchone()[0]
                self._put(name, record, (last or 0) + 1)
                audit.write(self._db.conn, name, who, at, [(old, record)])
                self._changed(self._codes([record]))

    def remove(self, name: ListName, key: str, who: str, at: float) -> bool:
        """Take one row away; False if there is none."""
        with self._lock:
            old = self.row(name, key)
            if old is None:
                return False
            with self._transaction():
                self._db.execute("DELETE FROM rows WHERE list = ? AND key = ?", [name.value, key])
                audit.write(self._db.conn, name, who, at, [(old, None)])
                self._changed(self._codes([old]))
        return True

    def remove_item(self, code: str, who: str, at: float) -> bool:
        """Take an item out of every list; False if there is none."""
        with self.all_or_nothing():
            rows = self.rows_of(code)
            for name in rows.lists:
                for key in [row.key for row in rows.online] if name is ListName.ONLINE else [code]:
                    self.remove(name, key, who, at)
        return bool(rows.lists)

    def _put(self, name: ListName, record: Record, position: int) -> None:
        self._db.execute(
            "INSERT INTO rows (list, key, position, data) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (list, key) DO UPDATE SET data = excluded.data",
            [name.value, record.key, position, encode(record)],
        )

    @staticmethod
    def _codes(records: Iterable[Record]) -> set[str]:
        return {record.code for record in records if not isinstance(record, Letter)}

    def _changed(self, codes: set[str], *, moved: bool = False) -> None:
        """Within the transaction: a new version, and the index of these items made anew."""
        version = self._read_version() + 1
        self._db.execute("INSERT OR REPLACE INTO meta VALUES ('version', ?)", [str(version)])
        if (codes or moved) and not self._indexes_later:
            self._index(None if moved else codes)

    def _merged(self, codes: set[str] | None) -> Iterator[Item]:
        """The items of these codes, or all, in the order of the lists."""
        rows: dict[ListName, dict[str, Any]] = {name: {} for name in ListName}
        for name in (ListName.COMPREHENSIVE, ListName.ONLINE, ListName.NEGATIVE, ListName.GUIDES):
            found = self._db.execute(
                "SELECT data FROM rows WHERE list = ? ORDER BY position, key", [name.value]
            ).fetchall()
            for (data,) in found:
                record = decode(name, data)
                if isinstance(record, OnlineEntry):
                    rows[name].setdefault(record.code, []).append(record)
                elif isinstance(record, Listed | Absent | Guide):
                    rows[name][record.code] = record
        every = dict.fromkeys(code for found in rows.values() for code in found)
        for code in every:
            if codes is None or code in codes:
                yield merge(
                    code,
                    rows[ListName.COMPREHENSIVE].get(code),
                    rows[ListName.ONLINE].get(code, ()),
                    rows[ListName.NEGATIVE].get(code),
                    rows[ListName.GUIDES].get(code),
                    self._routes,
                )

    def _index(self, codes: set[str] | None) -> None:
        """Make the search index of these items, or of all, anew; rows that stay as they are are not touched."""
        columns = (
            "code",
            "name",
            "department",
            "service",
            "kind",
            "place",
            "package",
            "absent",
            *FTS_COLUMNS,
            "spelled",
        )
        where, values = ("", []) if codes is None else (f" WHERE code IN ({','.join('?' * len(codes))})", list(codes))
        kept = {
            row[0]: row
            for row in self._db.execute(f"SELECT {','.join(columns)} FROM entries{where}", values).fetchall()
        }
        last = self._db.execute("SELECT max(place) FROM entries").fetchone()[0] or 0
        items = list(self._merged(codes))
        for place, item in enumerate(items):
            before = kept.pop(item.code, None)
            at = place if codes is None else before[5] if before else last + place + 1
            row = _indexed(item, at)
            if before is None:
                marks = ",".join("?" * len(columns))
                self._db.execute(f"INSERT INTO entries ({','.join(columns)}) VALUES ({marks})", row)
            elif tuple(before) != row:
                names = ",".join(f"{name} = ?" for name in columns)
                self._db.execute(f"UPDATE entries SET {names} WHERE code = ?", [*row, item.code])
        for code in kept:
            self._db.execute("DELETE FROM entries WHERE code = ?", [code])
        others = {} if codes is None else {code: item for code, item in self._items.items() if code not in kept}
        self._items = others | {item.code: item for item in items}
        self._db.execute("INSERT OR REPLACE INTO meta VALUES ('indexed', ?)", [self._index_mark()])

    # --- requests that come again -------------------------------------------------------------------------------------

    def answer(self, key: str) -> tuple[str, int, str] | None:
        """What a request of this key was answered: hash of its body, status, answer."""
        found = self._query("SELECT body_hash, status, answer FROM answers WHERE key = ?", [key])
        return found[0] if found else None

    def keep_answer(self, key: str, body_hash: str, status: int, answer: str, at: float, kept_s: float) -> None:
        """Keep an answer for repetitions, and forget those that are older than `kept_s`."""
        with self._lock:
            self._db.execute("DELETE FROM answers WHERE at < ?", [at - kept_s])
            self._db.execute(
                "INSERT OR IGNORE INTO answers VALUES (?, ?, ?, ?, ?)", [key, body_hash, status, answer, at]
            )


def _indexed(item: Item, place: int) -> tuple[Any, ...]:
    """An item's row in the index."""
    words = tuple(dict.fromkeys((item.name, *item.guide.keywords, *item.service_words)))
    return (
        item.code,
        item.name,
        item.department,
        item.service,
        item.kind,
        place,
        int(item.is_package),
        int(item.elsewhere is not None),
        spaced(item.name),
        spaced(item.keys),
        spaced(f"{item.department} {item.department_en}"),
        " ".join(full_pinyin(word) for word in words),
        " ".join(initials(word) for word in words),
        spelled(words),
    )
