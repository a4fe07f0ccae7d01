"""A small hall with a clock that tests set, a log that can be made to fail, and short words for commands."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from config.loader import load_hall
from server.core import commands as c
from server.core.events import Event
from server.core.model import HallState, Plan
from server.core.refusals import Rejected
from server.hall import Answer, Hall, Request
from server.log.sqlite import SqliteLog
from server.plan import make_plan

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SHANGHAI = ZoneInfo("Asia/Shanghai")


#: Keys stay unique when a hall is started again on the same file.
KEYS = count()


def moment(text: str) -> float:
    """`2026-11-23 09:00` in the hall's time → seconds UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).timestamp()


@dataclass(slots=True)
class SettableClock:
    """Wall time as a test wants it."""

    at: float = field(default_factory=lambda: moment("2026-11-23 09:00"))

    def __call__(self) -> float:
        return self.at

    def set(self, text: str) -> None:
        """Jump to a local time, forwards or back."""
        self.at = moment(text)


def outcome(state: HallState, events: list[Event], at: float) -> Answer:
    """An answer that tells what happened: 204 for nothing, else each event with its ticket's number."""
    told = [
        {
            "event": type(e).__name__,
            "at": e.at,
            "number": state.tickets[t].number if (t := getattr(e, "ticket", None)) else None,
        }
        for e in events
    ]
    return Answer(200, told) if told else Answer(204, None)


@dataclass(slots=True)
class Desk:
    """Sends commands to a hall, each with a key of its own unless told otherwise."""

    hall: Hall
    keys: Iterator[int] = KEYS

    def send(self, command: Callable[[float], c.Command], key: str | None = None, body: str = "") -> Answer:
        """One command."""
        return self.hall.handle(self.request(command, key, body))

    def request(self, command: Callable[[float], c.Command], key: str | None = None, body: str = "") -> Request:
        """The command as the web would hand it in."""

        def refuse(refusal: Rejected) -> Answer:
            return Answer(409, {"reason": refusal.reason.value})

        key = f"desk-key-{next(self.keys)}" if key is None else key
        return Request(command, key, body, "user:test", outcome, refuse)

    def issue(self, ticket: str | None = None, service: str = "insurance", **how: Any) -> Answer:
        """Take a ticket."""
        name = ticket or f"ticket-{next(self.keys)}"
        return self.send(lambda at: c.Issue(at=at, ticket=name, service=service), **how)

    def open(self, window: str = "S01") -> Answer:
        """Open a window."""
        return self.send(lambda at: c.OpenWindow(at=at, window=window, clerk="test"))

    def call(self, window: str = "S01", **how: Any) -> Answer:
        """Finish and call next."""
        return self.send(lambda at: c.CallNext(at=at, window=window, finish_current=True), **how)

    def numbers(self) -> list[str]:
        """Today's numbers in order of issue."""
        with self.hall.reading() as state:
            return [ticket.number for ticket in state.tickets.values()]


@dataclass(slots=True)
class House:
    """Makes halls over one file, as a server does at each start."""

    path: Path
    plan: Plan
    clock: SettableClock
    logs: list[SqliteLog] = field(default_factory=list)

    def start(self, plan: Plan | None = None, **how: Any) -> Desk:
        """A hall begun on the file."""
        log = SqliteLog(self.path, "small")
        self.logs.append(log)
        hall = Hall(plan or self.plan, log, self.clock, **how)
        hall.tick()
        return Desk(hall)

    def stop(self) -> None:
        """Close every file."""
        while self.logs:
            self.logs.pop().close()


@pytest.fixture(scope="session")
def plan() -> Plan:
    """The small hall, open whatever the hour."""
    return make_plan(load_hall(HERE / "small_hall.yaml"), always_open=True)


@pytest.fixture
def clock() -> SettableClock:
    """Monday 2026-11-23, 09:00."""
    return SettableClock()


@pytest.fixture
def house(tmp_path: Path, plan: Plan, clock: SettableClock) -> Iterator[House]:
    """A place for halls in a temporary folder."""
    house = House(tmp_path / "hall.db", plan, clock)
    yield house
    house.stop()


@pytest.fixture(scope="session")
def house_maker(plan: Plan) -> Callable[[Path], House]:
    """A place for halls on a given file, each with a clock of its own."""
    return lambda path: House(path, plan, SettableClock())


@pytest.fixture
def desk(house: House) -> Desk:
    """A running hall."""
    return house.start()


@pytest.fixture
def program() -> Callable[..., Any]:
    """Start a program of this folder, or the server, as a process; it is killed at the end of the `with`."""

    @contextmanager
    def start(*arguments: str | Path) -> Iterator[subprocess.Popen[str]]:
        process = subprocess.Popen(
            [sys.executable, *map(str, arguments)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait(10)
            for stream in (process.stdin, process.stdout, process.stderr):
                if stream is not None:
                    stream.close()

    return start
