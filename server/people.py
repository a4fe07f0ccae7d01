"""What is personal, apart from the log and forgotten in time (A3): who a handle stands for, names and phones to be seen.

The log knows people by random handles. Here a handle belongs to a keyed hash of a card or phone number, with a masked
tail; when the row is deleted the handle means nobody. Facts (a name, a phone, a remark) lie beside what they belong to
(`ticket:<id>`, `appointment:<id>`, `order:<id>`, `note:<id>`, `holder:<handle>`) until they expire. A number itself is
never written; a name that was just read lies in memory only, until a ticket wants it or the visitor is gone.
"""

import hmac
import re
import secrets
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from threading import RLock

from sqlite_utils import Database

#: How long a name that was just read waits in memory for the ticket it is read for: one visit at the kiosk.
PASSING_S = 15 * 60.0
#: Country code and trunk prefix, which people write or leave away.
_PHONE_PREFIX = re.compile(r"^(\+86|0086|86(?=1\d{10}$))")


@dataclass(frozen=True, slots=True)
class Holder:
    """A person as the hall knows him: a handle, and the tail of the number he showed."""

    handle: str
    masked: str


def masked_tail(number: str) -> str:
    """`**************1234`: as many stars as signs hidden, the last four left."""
    return "*" * max(0, len(number) - 4) + number[-4:]


def plain_number(kind: str, number: str) -> str:
    """A card or phone number without what people write beside it, so that the same number is always the same person."""
    tidy = re.sub(r"[\s-]", "", number).upper()
    return _PHONE_PREFIX.sub("", tidy) if kind == "phone" else tidy


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
        # Nothing of it in the system's folder for temporary files either.
        self._db.conn.execute("PRAGMA temp_store=MEMORY")
        self._passing: dict[str, tuple[str, float]] = {}
        self._db.table("holders").create(
            {"handle": str, "mark": str, "masked": str, "expires_at": float}, pk="handle", if_not_exists=True
        )
        self._db.table("holders").create_index(["mark"], unique=True, if_not_exists=True)
        self._db.table("facts").create(
            {"subject": str, "kind": str, "value": str, "expires_at": float}, pk=("subject", "kind"), if_not_exists=True
        )
        path.chmod(0o600)
        #: Handles of people who asked to be forgotten: an old copy of the file put back must not know them again.
        self._forgotten = path.with_name("forgotten-people.txt")
        self._forget_again()

    def mark(self, kind: str, number: str) -> str:
        """The keyed hash of a card number (`card`) or phone number (`phone`)."""
        return hmac.digest(self._secret, f"{kind}:{plain_number(kind, number)}".encode(), "sha256").hex()

    def holder(self, kind: str, number: str, expires_at: float) -> Holder:
        """Who showed this number, known from before or new; he is remembered at least until `expires_at`."""
        mark, masked = self.mark(kind, number), masked_tail(plain_number(kind, number))
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

    def pass_on(self, handle: str, name: str, now: float) -> None:
        """Hold a name in memory for the ticket that may come next."""
        with self._lock:
            self._passing = {one: kept for one, kept in self._passing.items() if kept[1] > now}
            self._passing[handle] = (name, now + PASSING_S)

    def passing(self, handle: str, now: float) -> str | None:
        """The name read for this person a moment ago."""
        with self._lock:
            name, until = self._passing.get(handle, ("", 0.0))
        return name if until > now else None

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

    def subjects(self, prefix: str) -> list[str]:
        """Every subject of a sort that something is kept about, such as `ticket:`."""
        with self._lock:
            rows = self._db.execute(
                "SELECT DISTINCT subject FROM facts WHERE substr(subject, 1, ?) = ?", [len(prefix), prefix]
            ).fetchall()
        return [str(row[0]) for row in rows]

    def forget(self, subject: str) -> int:
        """Delete every fact of a subject; how many there were."""
        with self._lock:
            return int(self._db.execute("DELETE FROM facts WHERE subject = ?", [subject]).rowcount)

    def forget_holder(self, handle: str) -> None:
        """Delete a person: his handle means nobody from now on (A3.5)."""
        with self._lock:
            known = self.known(handle) is not None
            self._passing.pop(handle, None)
            self._db.execute("DELETE FROM holders WHERE handle = ?", [handle])
            self.forget(f"holder:{handle}")
            if known:
                with self._forgotten.open("a", encoding="ascii") as asked:
                    asked.write(f"{handle}\n")

    def _forget_again(self) -> None:
        """Delete who is known again from an old copy of the file though he asked to be forgotten."""
        if not self._forgotten.exists():
            return
        for handle in self._forgotten.read_text("ascii").split():
            self._db.execute("DELETE FROM holders WHERE handle = ?", [handle])
            self.forget(f"holder:{handle}")

    def shorten(self, latest: float) -> int:
        """Let no person be kept beyond a moment, where the rule was changed to a shorter time; how many were."""
        with self._lock:
            changed = self._db.execute("UPDATE holders SET expires_at = ? WHERE expires_at > ?", [latest, latest])
            return int(changed.rowcount)

    def purge(self, now: float) -> int:
        """Delete what has expired; how many rows went."""
        with self._lock:
            self._passing = {one: kept for one, kept in self._passing.items() if kept[1] > now}
            gone = [
                self._db.execute(f"DELETE FROM {table} WHERE expires_at <= ?", [now]) for table in ("holders", "facts")
            ]
        return sum(one.rowcount for one in gone)

    def wipe(self) -> None:
        """Write the file anew: a page that was divided may keep a copy of what was deleted from its other half."""
        with self._lock:
            self._db.conn.execute("VACUUM")

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.conn.close()
