"""What is on its way to the platform and what came from it, in one SQLite file: durable before anybody is answered."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from threading import RLock
from typing import Any

from sqlite_utils import Database

from server.platform.records import Kept, MilestoneState, Outgoing, OutKind, Verdict

#: So long the id of what was applied or sent is known, and what was refused is shown.
KEPT_S = 180 * 86400.0
QUEUED, REFUSED, SENT = "queued", "refused", "sent"


class Queue:
    """The file. One connection, used by one thread at a time."""

    def __init__(self, path: Path) -> None:
        self._lock = RLock()
        self._db = Database(sqlite3.connect(path, check_same_thread=False, isolation_level=None))
        self._db.conn.execute("PRAGMA secure_delete=ON")
        self._db.conn.execute("PRAGMA journal_mode=WAL")
        # A gateway that was answered does not tell a second time.
        self._db.conn.execute("PRAGMA synchronous=FULL")
        path.chmod(0o600)
        self._db.table("cursors").create({"name": str, "value": str}, pk="name", if_not_exists=True)
        self._db.table("outgoing").create(
            {
                "place": int,
                "id": str,
                "kind": str,
                "case_id": str,
                "content": str,
                "made_at": float,
                "state": str,
                "attempts": int,
                "error": str,
            },
            pk="place",
            if_not_exists=True,
        )
        self._db.table("outgoing").create_index(["id"], unique=True, if_not_exists=True)
        self._db.table("milestones").create(
            {
                "place": int,
                "id": str,
                "content": str,
                "received_at": float,
                "state": str,
                "reason": str,
                "fields": str,
                "tries": int,
                "settled_at": float,
            },
            pk="place",
            if_not_exists=True,
        )
        self._db.table("milestones").create_index(["id"], unique=True, if_not_exists=True)
        self._db.table("milestones").create_index(["state"], if_not_exists=True)

    # --- cursors ------------------------------------------------------------------------------------------------------

    def cursor(self, name: str) -> str | None:
        """Up to where something has been read."""
        row = self._one("SELECT value FROM cursors WHERE name = ?", name)
        return None if row is None else row[0]

    def set_cursor(self, name: str, value: str | None) -> None:
        """Go on from here next time; None: from the beginning."""
        with self._lock, self._db.atomic():
            self._move(name, value)

    def _move(self, name: str, value: str | None) -> None:
        if value is None:
            self._db.execute("DELETE FROM cursors WHERE name = ?", [name])
        else:
            self._db.execute("INSERT OR REPLACE INTO cursors VALUES (?, ?)", [name, value])

    # --- out ----------------------------------------------------------------------------------------------------------

    def put(self, items: Iterable[Outgoing], dropped: Iterable[str], seq: int, now: float) -> None:
        """Take in what was made from the log up to `seq`, and drop what need not be sent any more."""
        with self._lock, self._db.atomic():
            for name in dropped:
                self._db.execute("DELETE FROM outgoing WHERE id = ? AND attempts = 0", [name])
            for item in items:
                self._db.execute(
                    "INSERT OR IGNORE INTO outgoing (id, kind, case_id, content, made_at, state, attempts) "
                    "VALUES (?, ?, ?, ?, ?, ?, 0)",
                    [item.id, item.kind.value, item.case, json.dumps(item.content, ensure_ascii=False), now, QUEUED],
                )
            self._move("log", str(seq))

    def next_out(self) -> Outgoing | None:
        """The oldest thing to be sent."""
        row = self._one(
            "SELECT id, kind, case_id, content FROM outgoing WHERE state = ? ORDER BY place LIMIT 1", QUEUED
        )
        return None if row is None else Outgoing(row[0], OutKind(row[1]), row[2], json.loads(row[3]))

    def attempts(self, item: str) -> int | None:
        """How often something was tried; None if it was never to be sent."""
        row = self._one("SELECT attempts FROM outgoing WHERE id = ?", item)
        return None if row is None else int(row[0])

    def trying(self, item: Outgoing) -> None:
        """From now on the platform may know it."""
        self._write("UPDATE outgoing SET attempts = attempts + 1 WHERE id = ?", item.id)

    def sent(self, item: Outgoing) -> None:
        """It arrived: only its id is kept."""
        self._write("UPDATE outgoing SET state = ?, content = '', error = NULL WHERE id = ?", SENT, item.id)

    def not_sent(self, item: Outgoing, error: str, *, refused: bool) -> None:
        """It did not; a refused one waits for somebody to look."""
        state = REFUSED if refused else QUEUED
        self._write("UPDATE outgoing SET state = ?, error = ? WHERE id = ?", state, error, item.id)

    def out(self, at_most: int = 200) -> list[dict[str, Any]]:
        """What is on its way or was refused."""
        return self._rows(
            "SELECT id, kind, case_id, made_at, state, attempts, error FROM outgoing WHERE state != ? "
            "ORDER BY state DESC, place LIMIT ?",
            SENT,
            at_most,
        )

    def counts(self) -> dict[str, int]:
        """How much is on its way, and how much somebody should look at."""
        with self._lock:
            out = dict(self._db.execute("SELECT state, count(*) FROM outgoing GROUP BY 1").fetchall())
            came = dict(self._db.execute("SELECT state, count(*) FROM milestones GROUP BY 1").fetchall())
        return {
            "queued": out.get(QUEUED, 0),
            "refused": out.get(REFUSED, 0),
            "waiting": came.get(MilestoneState.WAITING.value, 0),
            "bad": came.get(MilestoneState.REFUSED.value, 0),
        }

    def send_again(self, item: str) -> bool:
        """Try a refused thing again; False if there is none of this id."""
        with self._lock:
            changed = self._db.execute(
                "UPDATE outgoing SET state = ? WHERE id = ? AND state != ?", [QUEUED, item, SENT]
            )
            return bool(changed.rowcount)

    # --- in -----------------------------------------------------------------------------------------------------------

    def take(self, came: Sequence[tuple[str, str, Verdict]], cursor: str | None, now: float) -> None:
        """Take milestones in (id, content, what is known of them already), and the platform's cursor with them. One
        whose id is known is left as it is, unless it was refused: then the newer one counts."""
        with self._lock, self._db.atomic():
            for name, content, verdict in came:
                self._db.execute(
                    "INSERT INTO milestones (id, content, received_at, state, reason, fields, tries, settled_at) "
                    "VALUES (?, ?, ?, ?, ?, ?, 0, ?) ON CONFLICT (id) DO UPDATE SET content = excluded.content, "
                    "state = excluded.state, reason = excluded.reason, fields = excluded.fields "
                    "WHERE milestones.state = ?",
                    [name, content, now, *_columns(verdict), now, MilestoneState.REFUSED.value],
                )
            if cursor is not None:
                self._move("platform", cursor)

    def waiting(self) -> list[Kept]:
        """Milestones that are to be applied, in the order in which they came."""
        return [_kept(row) for row in self._milestones("state = ? ORDER BY place", MilestoneState.WAITING.value)]

    def milestone(self, name: str) -> Kept | None:
        """One by its id."""
        found = self._milestones("id = ?", name)
        return _kept(found[0]) if found else None

    def shown(self, at_most: int = 200) -> list[Kept]:
        """Those that wait or were refused, the latest first."""
        return [
            _kept(row)
            for row in self._milestones("state != ? ORDER BY place DESC LIMIT ?", MilestoneState.APPLIED.value, at_most)
        ]

    def settle(self, name: str, verdict: Verdict, tries: int, now: float) -> None:
        """What became of a milestone; of an applied one only its id is kept."""
        kept = "" if verdict.state is MilestoneState.APPLIED else None
        with self._lock, self._db.atomic():
            self._db.execute(
                "UPDATE milestones SET content = coalesce(?, content), state = ?, reason = ?, fields = ?, tries = ?, "
                "settled_at = ? WHERE id = ?",
                [kept, *_columns(verdict), tries, now, name],
            )

    def tidy(self, now: float) -> None:
        """Forget what was settled long ago."""
        self._write(
            "DELETE FROM milestones WHERE state != ? AND settled_at < ?", MilestoneState.WAITING.value, now - KEPT_S
        )
        self._write("DELETE FROM outgoing WHERE state = ? AND made_at < ?", SENT, now - KEPT_S)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.conn.close()

    def _milestones(self, wanted: str, *values: Any) -> list[dict[str, Any]]:
        return self._rows(
            f"SELECT id, content, received_at, state, reason, fields, tries FROM milestones WHERE {wanted}", *values
        )

    def _rows(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        with self._lock:
            found = self._db.execute(sql, list(values))
            names = [column[0] for column in found.description]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def _one(self, sql: str, *values: Any) -> Any:
        with self._lock:
            return self._db.execute(sql, list(values)).fetchone()

    def _write(self, sql: str, *values: Any) -> None:
        with self._lock, self._db.atomic():
            self._db.execute(sql, list(values))


def _columns(verdict: Verdict) -> tuple[str, str | None, str | None]:
    fields = None if verdict.fields is None else json.dumps(dict(verdict.fields), ensure_ascii=False)
    return verdict.state.value, verdict.reason, fields


def _kept(row: dict[str, Any]) -> Kept:
    fields = None if row["fields"] is None else json.loads(row["fields"])
    verdict = Verdict(MilestoneState(row["state"]), row["reason"], fields)
    return Kept(row["id"], row["content"], row["received_at"], verdict, row["tries"])
