"""The web app over a real hall in a temporary folder, with a clock that tests set and a cast of callers."""

import itertools
import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient

from config.loader import load_hall
from server.accounts import Accounts, DeviceKind, Person, Role
from server.catalogue.store import Catalogue
from server.core.commands import Watch
from server.forecasts import Forecasts
from server.hall import Answer, Hall, Request
from server.links import TicketLinks
from server.log.sqlite import SqliteLog
from server.people import People
from server.plan import Names, make_plan
from server.web.app import create_app
from server.web.site import Site

SMALL = Path(__file__).parents[1] / "hall" / "small_hall.yaml"
#: The small hall with a tidal window in each zone, T1 of social and T2 of business, that move when a leader agrees.
TIDAL_WINDOWS = """
  - { ids: T1, number: 21, zone: social, position: tidal, may_help: [licence] }
  - { ids: T2, number: 22, zone: business, position: tidal, may_help: [insurance] }
tides: { mode: propose }
"""
SHANGHAI = ZoneInfo("Asia/Shanghai")
KEYS = itertools.count()


@dataclass(slots=True)
class SettableClock:
    """Wall time as a test wants it; Monday 2026-11-23, 09:00 at first."""

    at: float = field(default_factory=lambda: datetime(2026, 11, 23, 9, tzinfo=SHANGHAI).timestamp())

    def __call__(self) -> float:
        return self.at

    def set(self, text: str) -> None:
        """Jump to a local time."""
        self.at = datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).timestamp()


class Disk:
    """The flush to disk; fails while `full`."""

    full = False

    def __call__(self, work: Callable[[], Any]) -> Any:
        if self.full:
            raise sqlite3.OperationalError("database or disk is full")
        return work()


@dataclass(slots=True)
class Caller:
    """Somebody who asks the API with a bearer token, or without one."""

    client: FlaskClient
    token: str | None

    @property
    def headers(self) -> dict[str, str]:
        """Who asks."""
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    def get(self, path: str, **how: Any) -> Any:
        """GET below /api/v1."""
        headers = self.headers | how.pop("headers", {})
        return self.client.get(f"/api/v1{path}", headers=headers, **how)

    def post(self, path: str, body: Any = None, key: str | None = None, **how: Any) -> Any:
        """POST a JSON body below /api/v1, under a new key unless one is given."""
        headers = self.headers | {"Idempotency-Key": key or f"test-key-{next(KEYS)}"} | how.pop("headers", {})
        return self.client.post(f"/api/v1{path}", json={} if body is None else body, headers=headers, **how)

    def issue(self, service: str = "insurance", **fields: Any) -> dict[str, Any]:
        """Take a ticket."""
        answer = self.post("/tickets", {"service": service, **fields})
        assert answer.status_code == 201, answer.text
        return dict(answer.json)


@dataclass(slots=True)
class World:
    """The app and everybody in it."""

    app: Flask
    site: Site
    hall: Hall
    log: SqliteLog
    accounts: Accounts
    clock: SettableClock
    disk: Disk
    cast: dict[str, Caller]

    def __getattr__(self, name: str) -> Caller:
        return self.cast[name]

    def facts(self) -> tuple[Any, ...]:
        """Everything that a harmless request leaves as it is."""
        with self.hall.reading() as state:
            memory = json.dumps(
                {name: str(getattr(state, name)) for name in state.__dataclass_fields__}, ensure_ascii=False
            )
        rows = [
            self.log.database.conn.execute(f"SELECT count(*) FROM [{table}]").fetchone()[0]
            for table in ("events", "commands", "tickets", "steps", "calls", "windows")
        ]
        return self.hall.seq, memory, rows, self.accounts.users()

    def watch(self) -> None:
        """What the server does by itself every second."""
        done = Answer(204, None)
        looked = Request(lambda at: Watch(at=at), "", "", "watch", lambda *_: done, lambda _: done)
        self.hall.handle(looked)

    def propose_help_for_business(self, seconds: int = 180) -> None:
        """T1 is idle at home, nobody serves the licence business that people wait for: T1 is proposed to go there."""
        self.supervisor.post("/windows/T1/open")
        self.supervisor.post("/windows/E01/open")
        for _ in range(4):
            self.kiosk.issue("licence")
        self.supervisor.post("/windows/E01/call-next")
        self.watch()
        self.clock.at += seconds
        self.watch()

    def a_day_has_begun(self) -> dict[str, Any]:
        """S01 serves A001, calls are out, one waits, one is held; gives the ticket kiosk-1 issued last."""
        self.clerk.post("/windows/S01/open")
        self.supervisor.post("/windows/S02/open")
        for _ in range(3):
            ticket = self.kiosk.issue()
        self.clerk.post("/windows/S01/call-next")
        self.clerk.post("/windows/S01/start")
        self.supervisor.post("/windows/S02/call-next")
        self.supervisor.post("/windows/S02/hold")
        return ticket


def tidal_file(folder: Path) -> Path:
    """The hall file with tidal windows, written into a folder."""
    text = SMALL.read_text("utf-8").replace("\npriority_groups:", f"{TIDAL_WINDOWS}priority_groups:")
    assert "tidal" in text
    path = folder / "tidal_hall.yaml"
    path.write_text(text, "utf-8")
    return path


def build(folder: Path, file: Path = SMALL) -> World:
    """A world in a folder."""
    hall_file = load_hall(file)
    clock, disk = SettableClock(), Disk()
    log = SqliteLog(folder / "hall.db", hall_file.id)
    # Durability is proved in tests/log and tests/hall; here hundreds of small requests need not wait for the disk.
    log.database.conn.execute("PRAGMA synchronous=OFF")
    hall = Hall(make_plan(hall_file), log, clock, disk)
    hall.tick()
    accounts = Accounts(folder / "accounts.db")
    links = TicketLinks(accounts.secret("ticket-links"))
    site = Site(
        hall,
        Names.of(hall_file),
        accounts,
        links,
        Forecasts(hall),
        People(folder / "people.db", "secret"),
        Catalogue(folder / "catalogue.db"),
        public_url="http://hall.test",
    )
    app = create_app(site)
    people = {
        "clerk": Person("wang", frozenset({Role.CLERK}), "S01"),
        "clerk_2": Person("li", frozenset({Role.CLERK}), "S02"),
        "clerk_nowhere": Person("zhao", frozenset({Role.CLERK})),
        "supervisor": Person("chen", frozenset({Role.SUPERVISOR})),
        "manager": Person("sun", frozenset({Role.MANAGER})),
        "admin": Person("root", frozenset({Role.ADMIN})),
        "guide": Person("mei", frozenset({Role.GUIDE})),
        "runner": Person("pao", frozenset({Role.RUNNER})),
        "department": Person("bo", frozenset({Role.DEPARTMENT}), department="人社局"),
    }
    machines = {
        "kiosk": ("kiosk-1", DeviceKind.KIOSK),
        "kiosk_2": ("kiosk-2", DeviceKind.KIOSK),
        "board": ("main", DeviceKind.BOARD),
        "keypad": ("keys", DeviceKind.KEYPAD),
        "printer": ("desk", DeviceKind.PRINTER),
        "evaluator": ("S01", DeviceKind.EVALUATOR),
        "platform": ("gateway", DeviceKind.PLATFORM),
    }
    client = app.test_client(use_cookies=False)
    cast = {name: Caller(client, accounts.session(person)) for name, person in people.items()}
    cast |= {name: Caller(client, accounts.add_device(*machine)) for name, machine in machines.items()}
    cast["anyone"] = Caller(client, None)
    cast["stranger"] = Caller(client, "made-up-token")
    return World(app, site, hall, log, accounts, clock, disk, cast)


@pytest.fixture(scope="session")
def build_world() -> Callable[[Path, Path], Iterator[World]]:
    """Builds a world of a hall file in a folder and ends it, for `yield from` in a fixture of a module's own."""

    def run(folder: Path, file: Path) -> Iterator[World]:
        world = build(folder, file)
        yield world
        world.log.close()
        world.accounts.close()
        world.site.people.close()
        world.site.catalogue.close()

    return run


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A world of its own for a test that changes things."""
    world = build(tmp_path)
    yield world
    world.log.close()
    world.accounts.close()
    world.site.people.close()
    world.site.catalogue.close()


@pytest.fixture(scope="session")
def tidal_hall(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The hall file with tidal windows."""
    return tidal_file(tmp_path_factory.mktemp("tidal"))


@pytest.fixture
def tidal(tmp_path: Path, tidal_hall: Path) -> Iterator[World]:
    """A world of its own with tidal windows."""
    world = build(tmp_path, tidal_hall)
    yield world
    world.log.close()
    world.accounts.close()
    world.site.people.close()
    world.site.catalogue.close()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One world for the many small questions of a module."""
    world = build(tmp_path_factory.mktemp("shared"))
    yield world
    world.log.close()
    world.accounts.close()
    world.site.people.close()
    world.site.catalogue.close()


def problem_of(answer: Any) -> str:
    """The reason of a refusal, after looking at its shape (RFC 9457)."""
    assert answer.content_type == "application/problem+json", answer.text
    body = answer.json
    assert set(body) - {"errors"} == {"type", "title", "status", "reason", "detail", "detail_zh"}
    assert body["status"] == answer.status_code
    assert body["type"] == f"/problems/{body['reason']}"
    assert any("\u4e00" <= c <= "\u9fff" for c in body["detail_zh"]), "no Chinese sentence"
    return str(body["reason"])


@pytest.fixture(scope="session")
def reason() -> Callable[[Any], str]:
    """The reason of a refusal."""
    return problem_of
