"""The event log in one SQLite file (sqlite-utils): WAL, synchronous FULL, every write under BEGIN IMMEDIATE.

Safe with several processes on one file: the writer's turn is SQLite's own lock, and the primary key refuses a second
event at one place. One connection, used by one thread at a time (a lock sees to that).
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

from pydantic import TypeAdapter
from sqlite_utils import Database

from server.core.affairs import WorkOrder
from server.core.events import DayOpened
from server.core.model import DAY_END
from server.log.history import SqliteHistory
from server.log.place import network_share
from server.log.records import (
    Changes,
    CommandRecord,
    RatedCount,
    Recorded,
    StorageTrouble,
    decode,
    encode,
    packed,
    unpacked,
)
from server.log.view_tables import INDEXES, VIEWS
from server.log.view_writing import write_rows
from server.log.views import record_fields, replayed_rows

BUSY_TIMEOUT_MS = 10_000
_ORDER = TypeAdapter(WorkOrder)
#: Answers of commands longer than this are kept compressed, and so are events: of these only a day's opening with
#: thousands of open cases is so long, whose nine megabytes become half of one.
PACK_FROM = 500
PACK_EVENT_FROM = 100_000
#: 2: tickets have more columns; appointments, orders and matters have tables. 3: so have settlements, cases, parcels and
#: threads. 4: cases keep by what authority and with which words they ended. The events are as they were.
SCHEMA_VERSION = 4
#: What a work order's row keeps as JSON.
ORDER_LISTS = ("points", "callbacks", "exclusion")


class SqliteLog:
    """The log of one hall in `path`; creates the file and its tables when they are missing."""

    def __init__(self, path: Path, hall: str) -> None:
        self.hall = hall
        self.path = path
        self._lock = RLock()
        path.parent.mkdir(parents=True, exist_ok=True)
        if (share := network_share(path.parent)) is not None:
            raise StorageTrouble(
                f"{path} lies on a network share ({share}); keep the hall's data on this machine's disk"
            )
        connection = sqlite3.connect(
            path, timeout=BUSY_TIMEOUT_MS / 1000, check_same_thread=False, isolation_level=None
        )
        self._db = Database(connection)
        try:
            self._prepare()
        except sqlite3.Error as trouble:
            connection.close()
            raise StorageTrouble(f"{path}: {trouble}") from trouble
        except BaseException:
            connection.close()
            raise

    def _prepare(self) -> None:
        """Set the connection up, and see that it took: some file systems silently refuse write-ahead logging."""
        # NORMAL may lose a committed ticket at a power cut (D2.5).
        self._db.conn.execute("PRAGMA synchronous=FULL")
        self._db.conn.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        wanted = {"journal_mode=WAL": "wal", "synchronous": 2, "busy_timeout": BUSY_TIMEOUT_MS}
        for pragma, value in wanted.items():
            if (found := self._one(f"PRAGMA {pragma}")) != value:
                raise StorageTrouble(f"SQLite cannot work safely on {self.path}: {pragma} is {found}, not {value}")
        self._db.conn.execute("BEGIN IMMEDIATE")
        try:
            found = self._one("PRAGMA user_version")
            if found > SCHEMA_VERSION:
                raise StorageTrouble(
                    f"{self.path} was written by a newer release (schema {found}; this one knows {SCHEMA_VERSION})"
                )
            if 0 < found < SCHEMA_VERSION:
                self._drop_views()
            self._create_tables()
            if 0 < found < SCHEMA_VERSION:
                self.fill_views()
            self._db.conn.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
            self._db.conn.execute("COMMIT")
        finally:
            if self._db.conn.in_transaction:
                self._db.conn.execute("ROLLBACK")

    def _one(self, sql: str, values: tuple[Any, ...] = ()) -> Any:
        row = self._db.conn.execute(sql, values).fetchone()
        return None if row is None else row[0]

    def _create_tables(self) -> None:
        self._db.table("events").create(
            {
                "hall": str,
                "seq": int,
                "at": float,
                "business_day": str,
                "type": str,
                "data": str,
                "command_id": str,
                "actor": str,
            },
            pk=("hall", "seq"),
            not_null={"at", "business_day", "type", "data", "command_id", "actor"},
            if_not_exists=True,
        )
        self._db.table("commands").create(
            {"hall": str, "command_id": str, "body_hash": str, "status": int, "answer": str, "at": float},
            pk=("hall", "command_id"),
            if_not_exists=True,
        )
        self.create_views()
        self._db.table("events").create_index(["hall", "type"], if_not_exists=True)
        self._db.table("commands").create_index(["at"], if_not_exists=True)

    def create_views(self) -> None:
        """Create the view tables that are missing."""
        for name, (key, columns) in VIEWS.items():
            self._db.table(name).create(columns, pk=key, if_not_exists=True)
            for looked_up_by in INDEXES.get(name, ()):
                self._db.table(name).create_index(list(looked_up_by), if_not_exists=True)
        self._db.table("tickets").create_index(["hall", "business_day", "number"], unique=True, if_not_exists=True)

    def _drop_views(self) -> None:
        for name in VIEWS:
            self._db.conn.execute(f"DROP TABLE IF EXISTS [{name}]")

    def fill_views(self) -> None:
        """Fill empty views from the log."""
        halls = [row[0] for row in self._db.conn.execute("SELECT DISTINCT hall FROM events").fetchall()]
        for hall in halls:
            for rows in replayed_rows(hall, self._read(hall, 0)):
                write_rows(self._db, Changes([], rows))

    @property
    def database(self) -> Database:
        """The database itself, for rebuild and reports."""
        return self._db

    # --- reading ------------------------------------------------------------------------------------------------------

    @contextmanager
    def reading(self) -> Iterator[None]:
        """The connection is this thread's for the while; its errors are told as `StorageTrouble`."""
        with self._lock:
            try:
                yield
            except sqlite3.Error as trouble:
                raise StorageTrouble(str(trouble)) from trouble

    def read(self, after: int = 0) -> Iterator[Recorded]:
        """Events after a sequence number, in order."""
        return self._read(self.hall, after)

    def _read(self, hall: str, after: int) -> Iterator[Recorded]:
        with self.reading():
            rows = self._db.conn.execute(
                "SELECT seq, at, business_day, type, data, command_id, actor FROM events "
                "WHERE hall = ? AND seq > ? ORDER BY seq",
                (hall, after),
            ).fetchall()
        for seq, at, day, kind, data, command_id, actor in rows:
            yield Recorded(seq, day, decode(kind, unpacked(data), at), command_id, actor)

    def day_start(self) -> int:
        """Sequence number just before the last `DayOpened`, 0 if none."""
        with self.reading():
            seq = self._one("SELECT max(seq) FROM events WHERE hall = ? AND type = ?", (self.hall, DayOpened.__name__))
        return int(seq) - 1 if seq else 0

    def rated_counts(self, first_day: str, last_day: str) -> list[RatedCount]:
        """The served tickets of some business days, counted by how they were rated."""
        with self.reading():
            rows = self._db.conn.execute(
                "SELECT t.zone, t.service, t.window, t.rating, coalesce(o.state = 'excluded', 0), count(*) "
                "FROM tickets t LEFT JOIN orders o ON o.hall = t.hall AND o.id = t.id AND t.rating IS NOT NULL "
                "WHERE t.hall = ? AND t.business_day BETWEEN ? AND ? AND t.state = 'done' "
                "AND coalesce(t.outcome, '') != ? GROUP BY 1, 2, 3, 4, 5",
                (self.hall, first_day, last_day, DAY_END),
            ).fetchall()
        return [RatedCount(zone, service, window, level, bool(out), n) for zone, service, window, level, out, n in rows]

    def orders_of(self, first_day: str, last_day: str) -> list[WorkOrder]:
        """The work orders of ratings of some business days."""
        columns = [name for name in VIEWS["orders"][1] if name != "hall"]
        with self.reading():
            rows = self._db.conn.execute(
                f"SELECT {', '.join(f'[{name}]' for name in columns)} FROM orders "
                "WHERE hall = ? AND business_day BETWEEN ? AND ? ORDER BY opened_at, id",
                (self.hall, first_day, last_day),
            ).fetchall()
        return [
            _ORDER.validate_python(record_fields(dict(zip(columns, row, strict=True)), *ORDER_LISTS)) for row in rows
        ]

    @property
    def history(self) -> SqliteHistory:
        """What the views tell of past days."""
        return SqliteHistory(self)

    # --- writing ------------------------------------------------------------------------------------------------------

    @contextmanager
    def transaction(self) -> Iterator["_SqliteTransaction"]:
        """Take the writer's turn (BEGIN IMMEDIATE); leaving without `commit` undoes everything."""
        with self._lock:
            turn = _SqliteTransaction(self)
            try:
                self._db.conn.execute("BEGIN IMMEDIATE")
                yield turn
            except sqlite3.Error as trouble:
                raise StorageTrouble(str(trouble)) from trouble
            finally:
                self._undo()

    def _undo(self) -> None:
        """Roll back what was not committed."""
        if self._db.conn.in_transaction:
            try:
                self._db.conn.execute("ROLLBACK")
            except sqlite3.Error as trouble:
                raise StorageTrouble(str(trouble)) from trouble

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.conn.close()


class _SqliteTransaction:
    """One writer's turn; see `records.Transaction`."""

    def __init__(self, log: SqliteLog) -> None:
        self._log = log
        self._db = log.database

    def last_seq(self) -> int:
        row = self._db.conn.execute("SELECT max(seq) FROM events WHERE hall = ?", (self._log.hall,)).fetchone()
        return int(row[0] or 0)

    def read(self, after: int) -> Iterator[Recorded]:
        return self._log.read(after)

    def command(self, command_id: str) -> CommandRecord | None:
        row = self._db.conn.execute(
            "SELECT command_id, body_hash, status, answer, at FROM commands WHERE hall = ? AND command_id = ?",
            (self._log.hall, command_id),
        ).fetchone()
        if row is None:
            return None
        command_id, body_hash, status, answer, at = row
        return CommandRecord(command_id, body_hash, status, unpacked(answer), at)

    def append(self, changes: Changes) -> None:
        hall = self._log.hall
        events = []
        for recorded in changes.events:
            kind, data = encode(recorded.event)
            events.append(
                (
                    hall,
                    recorded.seq,
                    recorded.event.at,
                    recorded.business_day,
                    kind,
                    packed(data, PACK_EVENT_FROM),
                    recorded.command_id,
                    recorded.actor,
                )
            )
        # Plain INSERT for the log itself: a second event at one place must fail, never replace.
        self._db.conn.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?)", events)
        write_rows(self._db, changes)
        if (command := changes.command) is not None:
            self._db.conn.execute(
                "INSERT INTO commands VALUES (?, ?, ?, ?, ?, ?)",
                (
                    hall,
                    command.command_id,
                    command.body_hash,
                    command.status,
                    packed(command.answer, PACK_FROM),
                    command.at,
                ),
            )

    def forget_commands(self, before: float, at_most: int) -> int:
        return self._db.conn.execute(
            "DELETE FROM commands WHERE rowid IN (SELECT rowid FROM commands WHERE hall = ? AND at < ? LIMIT ?)",
            (self._log.hall, before, at_most),
        ).rowcount

    def commit(self) -> None:
        self._db.conn.execute("COMMIT")
