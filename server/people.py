"""What is personal, apart from the log and forgotten in time (A3): who a handle stands for, names and phones to be seen.

The log knows people by random handles. Here a handle belongs to a keyed hash of a card or phone number, with a masked
tail; when the row is deleted the handle means nobody. Facts (a name, a phone, a remark) lie beside what they belong to
(`ticket:<id>`, `appointment:<id>`, `order:<id>`, `note:<id>`) until they expire. A number itself is never written.
"""

import hmac
import secrets
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from threading import RLock

from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class Holder:
    """A person as the hall knows him: a handle, and the tail of the number he showed."""

    handle: str
    masked: str


def masked_tail(number: str) -> str:
    """`**************1234`: as many stars as signs hidden, the last four left."""
    return "*" * max(0, len(number) - 4) + number[-4:]


class People:
    """The side file. `secret` keys the hashes: without it a hash cannot be tried out against all numbers there are."""

    def __init__(self, path: Path, secret: str) -> None:
        self._secret = secret.encode()
        self._lock = RLock()
        self._db = Database(sqlite3.connect(path, check_same_thread=False, isolation_level=None))
        # What is deleted is overwritten, in the file and in its journal.
        self._db.conn.execute("PRAGMA secure_delete=ON")
        self._db.conn.execute("PRAGMA journal_mode=TRUNCATE")
        self._db.conn.execute("PRAGMA synchronous=FULL")
        self._db.table("holders").create(
            {"handle": str, "mark": str, "masked": str, "expires_at": float}, pk="handle", if_not_exists=True
        )
        self._db.table("holders").create_index(["mark"], unique=True, if_not_exists=True)
        self._db.table("facts").create(
            {"subject": str, "kind": str, "value": str, "expires_at": float}, pk=("subject", "kind"), if_not_exists=True
        )
        path.chmod(0o600)

    def mark(self, kind: str, number: str) -> str:
        """The keyed hash of a card number (`card`) or phone number (`phone`)."""
        return hmac.digest(self._secret, f"{kind}:{number.strip().upper()}".encode(), "sha256").hex()

    def holder(self, kind: str, number: str, expires_at: float) -> Holder:
        """Who showed this number, known from before or new; he is remembered at least until `expires_at`."""
        mark, masked = self.mark(kind, number), masked_tail(number.strip().upper())
        with self._lock:
            row = self._db.execute("SELECT handle FROM holders WHERE mark = ?", [mark]).fetchone()
            if row is not None:
                self._db.execute(
                    "UPDATE holders SET expires_at = max(expires_at, ?) WHERE handle = ?", [expires_at, row[0]]
                )
                return Holder(row[0], masked)
            handle = f"p-{secrets.token_urlsafe(16)}"
            self._db.execute("INSERT INTO holders VALUES (?, ?, ?, ?)", [handle, mark, masked, expires_at])
            return Holder(handle, masked)

    def known(self, handle: str) -> Holder | None:
        """The person of a handle, until he is forgotten."""
        with self._lock:
            row = self._db.execute("SELECT handle, masked FROM holders WHERE handle = ?", [handle]).fetchone()
        return None if row is None else Holder(row[0], row[1])

    def note(self, subject: str, kind: str, value: str, expires_at: float) -> None:
        """Keep a fact about a subject, in place of an older one of the same kind."""
        with self._lock:
            self._db.execute("INSERT OR REPLACE INTO facts VALUES (?, ?, ?, ?)", [subject, kind, value, expires_at])

    def remark(self, text: str, expires_at: float) -> str:
        """Keep free text; the handle under which the log may name it."""
        handle = f"n-{secrets.token_urlsafe(12)}"
        self.note(f"note:{handle}", "text", text, expires_at)
        return handle

    def fact(self, subject: str, kind: str) -> str | None:
        """A fact, if it is still kept."""
        with self._lock:
            row = self._db.execute("SELECT value FROM facts WHERE subject = ? AND kind = ?", [subject, kind]).fetchone()
        return None if row is None else str(row[0])

    def text(self, note: str | None) -> str | None:
        """The text behind a note's handle, if it is still kept."""
        return None if note is None else self.fact(f"note:{note}", "text")

    def forget(self, subject: str) -> None:
        """Delete every fact of a subject."""
        with self._lock:
            self._db.execute("DELETE FROM facts WHERE subject = ?", [subject])

    def forget_holder(self, handle: str) -> None:
        """Delete a person: his handle means nobody from now on (A3.5)."""
        with self._lock:
            self._db.execute("DELETE FROM holders WHERE handle = ?", [handle])

    def purge(self, now: float) -> int:
        """Delete what has expired; how many rows went."""
        with self._lock:
            gone = [
                self._db.execute(f"DELETE FROM {table} WHERE expires_at <= ?", [now]) for table in ("holders", "facts")
            ]
        return sum(one.rowcount for one in gone)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.conn.close()
