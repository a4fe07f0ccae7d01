"""The outbox: messages on their way, in one SQLite file of the data directory.

Its cursor in the log moves in the same transaction that takes the messages in, and a message's id follows from what it
tells: a crash makes the same message again, never another one and never none. A power cut may lose the last writes
(synchronous=NORMAL); then cursor and messages are both older, and the log gives the rest once more. Nothing personal
lies here: see `Notice`.
"""

import base64
import hashlib
import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from threading import RLock
from typing import Any

from sqlite_utils import Database

from server.notices.records import Condition, Failed, Letter, Notice

#: Given-up messages are kept so long for somebody to look at.
FAILED_KEPT_S = 30 * 86400.0
#: Tickets of before this time need not be remembered as told.
TOLD_KEPT_S = 2 * 86400.0
QUEUED, FAILED = "queued", "failed"
#: What somebody waits for in the hall goes before what can wait.
URGENT = ("called", "nearly")


def message_id(hall: str, hook: str, notice: Notice) -> str:
    """The id of a notice for a hook, the same whenever it is made."""
    named = "\n".join((hall, hook, notice.kind, notice.key, repr(notice.at)))
    return "msg_" + base64.urlsafe_b64encode(hashlib.sha256(named.encode()).digest()[:18]).decode()


class Outbox:
    """The file. One connection, used by one thread at a time."""

    def __init__(self, path: Path, hall: str) -> None:
        self._hall = hall
        self._lock = RLock()
        self._db = Database(sqlite3.connect(path, check_same_thread=False, isolation_level=None))
        # What is deleted is overwritten: a citizen's link need not outlive its message.
        self._db.conn.execute("PRAGMA secure_delete=ON")
        self._db.conn.execute("PRAGMA journal_mode=WAL")
        self._db.conn.execute("PRAGMA synchronous=NORMAL")
        path.chmod(0o600)
        self._db.table("cursor").create({"hall": str, "seq": int}, pk="hall", if_not_exists=True)
        self._db.table("reminders").create({"hall": str, "until": float}, pk="hall", if_not_exists=True)
        self._db.table("messages").create(
            {
                "id": str,
                "hook": str,
                "kind": str,
                "payload": str,
                "subjects": str,
                "ticket": str,
                "state": str,
                "urgent": int,
                "made_at": float,
                "tried_from": float,
                "expires_at": float,
                "attempts": int,
                "next_at": float,
                "failed_at": float,
                "error": str,
            },
            pk="id",
            if_not_exists=True,
        )
        self._db.table("messages").create_index(["hook", "state", "next_at"], if_not_exists=True)
        self._db.table("told").create({"ticket": str, "at": float}, pk="ticket", if_not_exists=True)
        self._db.table("hooks").create(
            {
                "hook": str,
                "sent": int,
                "dropped": int,
                "away": int,
                "paused_until": float,
                "last_success_at": float,
                "last_failure_at": float,
                "last_error": str,
            },
            pk="hook",
            defaults={"sent": 0, "dropped": 0, "away": 0, "paused_until": 0.0},
            not_null={"sent", "dropped", "away", "paused_until"},
            if_not_exists=True,
        )

    # --- taking in ----------------------------------------------------------------------------------------------------

    def cursor(self) -> int | None:
        """Up to where the log has been read; None: never."""
        row = self._one("SELECT seq FROM cursor WHERE hall = ?", self._hall)
        return None if row is None else int(row[0])

    def reminded(self) -> float | None:
        """Until when the reminders that were due have been taken in; None: never."""
        row = self._one("SELECT until FROM reminders WHERE hall = ?", self._hall)
        return None if row is None else float(row[0])

    def forget_cursor(self) -> None:
        """Nobody is told anything: who comes later is told of what happens from then on."""
        self._write("DELETE FROM cursor")
        self._write("DELETE FROM reminders")

    def told(self) -> set[str]:
        """The tickets that were told that their turn is near."""
        with self._lock:
            return {str(row[0]) for row in self._db.execute("SELECT ticket FROM told").fetchall()}

    def take_in(
        self,
        notices: Iterable[Notice],
        hooks: Mapping[str, Sequence[str]],
        seq: int,
        told: Iterable[str],
        now: float,
        reminded: float | None = None,
    ) -> int:
        """Take in what was made from the log up to `seq`, for the hooks that want its kind; how many messages. With
        `reminded` all reminders that were due until then are among them or not to be sent."""
        taken = 0
        with self._lock, self._db.atomic():
            for notice in notices:
                for hook in hooks.get(notice.kind, ()):
                    taken += self._insert(hook, notice, now)
            for ticket in told:
                self._db.execute("INSERT OR IGNORE INTO told VALUES (?, ?)", [ticket, now])
            self._db.execute("INSERT OR REPLACE INTO cursor VALUES (?, ?)", [self._hall, seq])
            if reminded is not None:
                self._db.execute("INSERT OR REPLACE INTO reminders VALUES (?, ?)", [self._hall, reminded])
        return taken

    def _insert(self, hook: str, notice: Notice, now: float) -> int:
        values = [
            message_id(self._hall, hook, notice),
            hook,
            notice.kind,
            json.dumps(notice.data, ensure_ascii=False),
            json.dumps(notice.subjects),
            notice.ticket,
            QUEUED,
            int(notice.kind in URGENT),
            notice.at,
            now,
            notice.expires_at,
            0,
            now,
            None,
            None,
        ]
        marks = ", ".join("?" * len(values))
        return int(self._db.execute(f"INSERT OR IGNORE INTO messages VALUES ({marks})", values).rowcount)

    # --- sending ------------------------------------------------------------------------------------------------------

    def next(self, hook: str, now: float) -> Letter | None:
        """The message of a hook to be tried now, if there is one and the hook is not resting."""
        row = self._one(
            "SELECT id, hook, kind, payload, subjects, ticket, tried_from, attempts FROM messages "
            "WHERE hook = ? AND state = ? AND next_at <= ? AND (expires_at IS NULL OR expires_at > ?) "
            "AND NOT EXISTS (SELECT 1 FROM hooks h WHERE h.hook = messages.hook AND h.paused_until > ?) "
            "ORDER BY urgent DESC, made_at, id LIMIT 1",
            hook,
            QUEUED,
            now,
            now,
            now,
        )
        if row is None:
            return None
        return Letter(row[0], row[1], row[2], row[3], tuple(json.loads(row[4])), row[5], row[6], row[7])

    def sent(self, letter: Letter, now: float) -> None:
        """It arrived: nothing of it is kept."""
        with self._lock, self._db.atomic():
            self._db.execute("DELETE FROM messages WHERE id = ?", [letter.id])
            self._count(letter.hook, "sent = sent + 1, away = 0, paused_until = 0, last_success_at = ?", now)

    def drop(self, letter: Letter) -> None:
        """It does not hold any more: it is dropped and counted."""
        with self._lock, self._db.atomic():
            self._db.execute("DELETE FROM messages WHERE id = ?", [letter.id])
            self._count(letter.hook, "dropped = dropped + 1")

    def drop_late(self, hook: str, now: float) -> int:
        """Drop and count what would come too late; how many."""
        with self._lock:
            late = "hook = ? AND state = ? AND expires_at <= ?"
            if self._one(f"SELECT 1 FROM messages WHERE {late} LIMIT 1", hook, QUEUED, now) is None:
                return 0
            with self._db.atomic():
                gone = int(self._db.execute(f"DELETE FROM messages WHERE {late}", [hook, QUEUED, now]).rowcount)
                self._count(hook, "dropped = dropped + ?", gone)
        return gone

    def try_later(self, letter: Letter, next_at: float, error: str, now: float) -> None:
        """It did not arrive and is tried again."""
        with self._lock, self._db.atomic():
            self._db.execute(
                "UPDATE messages SET attempts = attempts + 1, next_at = ?, error = ? WHERE id = ?",
                [next_at, error, letter.id],
            )
            self._count(letter.hook, "last_failure_at = ?, last_error = ?", now, error)

    def give_up(self, letter: Letter, error: str, now: float) -> None:
        """It did not arrive and goes to the failed ones."""
        with self._lock, self._db.atomic():
            self._db.execute(
                "UPDATE messages SET attempts = attempts + 1, state = ?, failed_at = ?, error = ? WHERE id = ?",
                [FAILED, now, error, letter.id],
            )
            self._count(letter.hook, "last_failure_at = ?, last_error = ?", now, error)

    def rest(self, hook: str, until: float, given_up_before: float, now: float) -> None:
        """The receiver is away: try nothing before `until`, and give up what has been tried since before that time."""
        with self._lock, self._db.atomic():
            self._count(hook, "away = away + 1, paused_until = ?", until)
            self._db.execute(
                "UPDATE messages SET state = ?, failed_at = ?, error = coalesce(error, 'receiver away') "
                "WHERE hook = ? AND state = ? AND tried_from < ? AND expires_at IS NULL",
                [FAILED, now, hook, QUEUED, given_up_before],
            )

    def _count(self, hook: str, change: str, *values: Any) -> None:
        self._db.execute("INSERT OR IGNORE INTO hooks (hook) VALUES (?)", [hook])
        self._db.execute(f"UPDATE hooks SET {change} WHERE hook = ?", [*values, hook])

    # --- looking ------------------------------------------------------------------------------------------------------

    def condition(self, hook: str) -> Condition:
        """How it stands with a hook."""
        with self._lock:
            counts = dict(
                self._db.execute("SELECT state, count(*) FROM messages WHERE hook = ? GROUP BY 1", [hook]).fetchall()
            )
            row = self._one(
                "SELECT sent, dropped, away, paused_until, last_success_at, last_failure_at, last_error "
                "FROM hooks WHERE hook = ?",
                hook,
            )
        return Condition(counts.get(QUEUED, 0), counts.get(FAILED, 0), *(row or ()))

    def failed(self, hook: str, at_most: int = 200) -> list[Failed]:
        """The messages that were given up, the latest first."""
        with self._lock:
            rows = self._db.execute(
                "SELECT id, kind, payload, tried_from, attempts, failed_at, error FROM messages "
                "WHERE hook = ? AND state = ? ORDER BY failed_at DESC, made_at DESC, id LIMIT ?",
                [hook, FAILED, at_most],
            ).fetchall()
        return [Failed(*row) for row in rows]

    def resend(self, hook: str, message: str, now: float) -> bool:
        """Try a failed message again, with its id; False if there is none. One that is on its way already stays so."""
        with self._lock, self._db.atomic():
            if self._one("SELECT 1 FROM messages WHERE hook = ? AND id = ?", hook, message) is None:
                return False
            self._db.execute(
                "UPDATE messages SET state = ?, attempts = 0, tried_from = ?, next_at = ?, failed_at = NULL "
                "WHERE id = ? AND state = ?",
                [QUEUED, now, now, message, FAILED],
            )
            # Somebody says that the receiver is back.
            self._count(hook, "away = 0, paused_until = 0")
        return True

    def tidy(self, hooks: Iterable[str], now: float) -> None:
        """Delete what is old: failed messages, those of hooks that have left the hall file, tickets told."""
        known = list(hooks)
        marks = ", ".join("?" * len(known))
        with self._lock, self._db.atomic():
            self._db.execute("DELETE FROM messages WHERE state = ? AND failed_at < ?", [FAILED, now - FAILED_KEPT_S])
            self._db.execute(
                f"DELETE FROM messages WHERE hook NOT IN ({marks}) AND made_at < ?", [*known, now - FAILED_KEPT_S]
            )
            self._db.execute("DELETE FROM told WHERE at < ?", [now - TOLD_KEPT_S])

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.conn.close()

    def _one(self, sql: str, *values: Any) -> Any:
        with self._lock:
            return self._db.execute(sql, values).fetchone()

    def _write(self, sql: str) -> None:
        with self._lock:
            self._db.execute(sql)
