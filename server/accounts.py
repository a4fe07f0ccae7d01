"""Who may sign in: people with a password and roles, devices with a token. A small SQLite file beside the log.

Passwords are kept as argon2id, device tokens as SHA-256 of 256 random bits. A sign-in gives a signed token that
outlives a restart of the server. Pairing, lock-out and revoking one session belong to the security issue.
"""

import hashlib
import secrets
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from threading import RLock

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlite_utils import Database

#: How long a sign-in lasts: a working day (D3.4).
SESSION_S = 12 * 3600


class Role(StrEnum):
    """What a person may do."""

    CLERK = "clerk"
    SUPERVISOR = "supervisor"
    MANAGER = "manager"
    ADMIN = "admin"
    #: Walks the hall with a tablet: issues tickets, answers calls for help.
    GUIDE = "guide"
    #: Carries papers from the windows to the departments (流转岗).
    RUNNER = "runner"
    #: Decides cases of one department in the back office (审批).
    DEPARTMENT = "department"


class DeviceKind(StrEnum):
    """What a machine may do."""

    KIOSK = "kiosk"
    BOARD = "board"
    KEYPAD = "keypad"
    PRINTER = "printer"
    #: Stands at a window for the citizen to rate; sees no name and no queue.
    EVALUATOR = "evaluator"
    #: The gateway of the provincial platform: tells milestones of cases.
    PLATFORM = "platform"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody signed in, perhaps at a window."""

    user: str
    roles: frozenset[Role]
    window: str | None = None
    #: The department whose cases somebody decides, as the catalogue writes it.
    department: str | None = None
    #: As people call them; the id where nobody wrote a name. Never in the log: a name may change.
    display_name: str = ""

    @property
    def name(self) -> str:
        """As the log names them."""
        return f"user:{self.user}"


@dataclass(frozen=True, slots=True)
class Device:
    """A machine that showed its token."""

    id: str
    kind: DeviceKind

    @property
    def name(self) -> str:
        """As the log names it."""
        return f"{self.kind.value}:{self.id}"


class Accounts:
    """Users, devices and the secret that signs sessions and ticket links, in one file of the data directory."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = Database(sqlite3.connect(path, check_same_thread=False))
        self._lock = RLock()
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
        #: For passwords that stand in plain beside the file, the demo's: there is nothing to protect.
        self._quick_hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        self._devices: dict[str, Device] = {}
        #: User → name, with the state of the file it was read at: another program may write there.
        self._names: tuple[int, dict[str, str]] | None = None
        with self._lock:
            self._db.table("users").create(
                {"user": str, "password_hash": str, "roles": str, "window": str}, pk="user", if_not_exists=True
            )
            for column in ("zones", "services", "department", "name"):
                if column not in self._db.table("users").columns_dict:
                    self._db.table("users").add_column(column, str)
            self._db.table("devices").create(
                {"id": str, "kind": str, "token_hash": str}, pk="token_hash", if_not_exists=True
            )
            self._db.table("secrets").create({"name": str, "value": str}, pk="name", if_not_exists=True)
        path.chmod(0o600)
        self._sessions = URLSafeTimedSerializer(self.secret("session"), salt="chaoxi-session")
        #: Compared with when the user does not exist, so that the answer takes as long.
        self._nobody = self._hasher.hash(secrets.token_hex(8))

    def secret(self, name: str) -> str:
        """A named random secret, made at first use and kept."""
        with self._lock, self._db.atomic():
            row = self._db.execute("SELECT value FROM secrets WHERE name = ?", [name]).fetchone()
            if row is not None:
                return str(row[0])
            value = secrets.token_urlsafe(32)
            self._db.table("secrets").insert({"name": name, "value": value})
            return value

    # --- people -------------------------------------------------------------------------------------------------------

    def put_user(
        self,
        user: str,
        password: str,
        roles: Iterable[Role],
        window: str | None = None,
        zones: Iterable[str] = (),
        services: Iterable[str] = (),
        *,
        department: str | None = None,
        name: str | None = None,
        is_secret: bool = True,
    ) -> None:
        """Add a user, or change one. With zones or services a clerk may take these and nothing else (Y6).

        `name`: as people call him; None leaves it as it is. `is_secret`: False for a demo's user, whose password anybody
        may read.
        """
        row = {
            "user": user,
            "password_hash": (self._hasher if is_secret else self._quick_hasher).hash(password),
            "roles": " ".join(sorted(roles)),
            "window": window,
            "zones": " ".join(sorted(zones)),
            "services": " ".join(sorted(services)),
            "department": department,
        }
        with self._lock, self._db.atomic():
            self._db.table("users").upsert(row | ({} if name is None else {"name": name}), pk="user")
            self._names = None

    def set_name(self, user: str, name: str) -> bool:
        """Change what somebody is called, from now on everywhere; False where nobody has that user name."""
        with self._lock, self._db.atomic():
            changed = self._db.execute("UPDATE users SET name = ? WHERE user = ?", [name, user])
            self._names = None
        return int(changed.rowcount) > 0

    def names(self) -> dict[str, str]:
        """User → what he is called, of those who have a name; also of those added since by another program."""
        with self._lock:
            version = int(self._db.execute("PRAGMA data_version").fetchone()[0])
            if self._names is None or self._names[0] != version:
                rows = self._db.execute("SELECT user, name FROM users WHERE coalesce(name, '') <> ''").fetchall()
                self._names = (version, {str(user): str(name) for user, name in rows})
            return self._names[1]

    def called(self, by: str | None) -> str:
        """What somebody of the log (`wang`, `user:wang`) is called; by the id where no name is known (any more)."""
        return called_in(self.names(), by)

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Everything put within is kept together, with one write to the disk."""
        with self._lock, self._db.atomic():
            yield

    def rights(self) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
        """Users who may take only some things: user → zones, services."""
        with self._lock:
            rows = self._db.execute("SELECT user, coalesce(zones, ''), coalesce(services, '') FROM users").fetchall()
        return {
            user: (frozenset(zones.split()), frozenset(services.split()))
            for user, zones, services in rows
            if zones or services
        }

    def users(self) -> list[str]:
        """All user names."""
        with self._lock:
            return [row[0] for row in self._db.execute("SELECT user FROM users ORDER BY user")]

    def sign_in(
        self,
        user: str,
        password: str,
        window: str | None = None,
        slow: Callable[[Callable[[], bool]], bool] = lambda work: work(),
    ) -> Person | None:
        """Check a password; None if it is wrong or nobody has that name.

        The check takes some 20 ms by design; `slow` runs it beside an event loop, and nothing else: no lock is held.
        """
        with self._lock:
            row = self._db.execute(
                "SELECT password_hash, roles, window, department FROM users WHERE user = ?", [user]
            ).fetchone()
        if not slow(lambda: self._is_right(row[0] if row else self._nobody, password)) or row is None:
            return None
        roles = frozenset(Role(role) for role in row[1].split())
        return Person(user, roles, window or row[2], row[3], self.called(user))

    def _is_right(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False

    def session(self, person: Person) -> str:
        """A signed token for somebody who has signed in."""
        return self._sessions.dumps([person.user, sorted(person.roles), person.window, person.department])

    def person(self, token: str) -> Person | None:
        """Who holds a session token; None if it is forged or too old."""
        try:
            # A token of before departments has three parts.
            user, roles, window, *more = self._sessions.loads(token, max_age=SESSION_S)
        except (BadSignature, ValueError, TypeError):
            return None
        department = more[0] if more else None
        return Person(user, frozenset(Role(role) for role in roles), window, department, self.called(user))

    # --- the kiosk's way out ------------------------------------------------------------------------------------------

    def set_exit_pin(self, pin: str) -> None:
        """Set the PIN with which staff leave a kiosk's page."""
        with self._lock, self._db.atomic():
            row = {"name": "exit-pin", "value": self._hasher.hash(pin)}
            self._db.table("secrets").upsert(row, pk="name")

    def exit_pin_hash(self) -> str | None:
        """The argon2 hash of that PIN: a kiosk checks it by itself, also while the server is away."""
        with self._lock:
            row = self._db.execute("SELECT value FROM secrets WHERE name = 'exit-pin'").fetchone()
        return None if row is None else str(row[0])

    # --- devices ------------------------------------------------------------------------------------------------------

    def add_device(self, device_id: str, kind: DeviceKind, token: str | None = None) -> str:
        """Register a device; returns its token, which is shown this once and kept only as a hash."""
        token = token or secrets.token_urlsafe(32)
        row = {"id": device_id, "kind": kind.value, "token_hash": _token_hash(token)}
        with self._lock, self._db.atomic():
            self._db.table("devices").upsert(row, pk="token_hash")
        self._devices.clear()
        return token

    def device(self, token: str) -> Device | None:
        """Which device holds a token."""
        hashed = _token_hash(token)
        with self._lock:
            if (known := self._devices.get(hashed)) is not None:
                return known
            row = self._db.execute("SELECT id, kind FROM devices WHERE token_hash = ?", [hashed]).fetchone()
            if row is None:
                return None
            return self._devices.setdefault(hashed, Device(row[0], DeviceKind(row[1])))

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.conn.close()


def called_in(names: Mapping[str, str], by: str | None) -> str:
    """What somebody is called by these names; for a list of thousands, which asks for the names once."""
    user = (by or "").removeprefix("user:")
    return names.get(user, user)


def _token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
