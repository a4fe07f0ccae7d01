"""A small hall whose hooks lead to receivers on this machine, its clock in the test's hand."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from config.loader import load_hall
from server.accounts import DeviceKind, Person, Role
from server.compose import Service, compose
from server.core.commands import Command
from server.core.refusals import Rejected
from server.hall import Answer, Request
from tests.notices.receiver import Receiver
from tests.web.conftest import Caller, SettableClock, problem_of

SMALL = Path(__file__).parents[1] / "hall" / "small_hall.yaml"
KEYS = itertools.count()
ALL = "called, nearly, result_ready, result_posted, fee_due, correction_due, rate_us, bad_rating, step_overdue, wait_alarm"


def refusal(rejected: Rejected) -> Answer:
    """A refusal of the core ends the test."""
    raise AssertionError(rejected.reason)


@dataclass
class House:
    """A hall put together on a folder, as often as the test wants."""

    folder: Path
    text: str = ""
    clock: SettableClock = field(default_factory=SettableClock)
    service: Service | None = None
    cast: dict[str, Caller] = field(default_factory=dict)

    def start(self) -> "House":
        """Put it together, again after `stop`."""
        path = self.folder / "hall.yaml"
        path.write_text(SMALL.read_text("utf-8") + self.text, "utf-8")
        self.service = compose(
            load_hall(path),
            self.folder / "data",
            hall_path=path,
            public_url="http://hall.test",
            clock=self.clock,
        )
        client = self.service.app.test_client(use_cookies=False)
        accounts = self.service.accounts
        people = {
            "clerk": Person("wang", frozenset({Role.CLERK}), "S01"),
            "supervisor": Person("chen", frozenset({Role.SUPERVISOR})),
            "admin": Person("root", frozenset({Role.ADMIN})),
        }
        self.cast = {name: Caller(client, accounts.session(person)) for name, person in people.items()}
        self.cast["kiosk"] = Caller(client, accounts.add_device("kiosk-1", DeviceKind.KIOSK))
        self.cast["anyone"] = Caller(client, None)
        return self

    def stop(self) -> None:
        """Let go of the files; nothing is tidied up, as after a kill."""
        if self.service is not None:
            self.service.close()
            self.service = None

    @property
    def running(self) -> Service:
        assert self.service is not None
        return self.service

    def __getattr__(self, name: str) -> Caller:
        return self.cast[name]

    def do(self, command: Callable[[float], Command]) -> None:
        """A command of the core, past the API; it must be taken."""
        done = Answer(200, None)
        self.running.hall.handle(Request(command, f"test-{next(KEYS)}", "", "user:test", lambda *_: done, refusal))

    def work(self, rounds: int = 1) -> None:
        """What the server's chores do in one round."""
        for _ in range(rounds):
            self.running.notices.follow()
            for courier in self.running.notices.couriers:
                courier.work()

    def later(self, seconds: float) -> None:
        """Time passes, and the chores do their work."""
        self.clock.at += seconds
        self.work()

    def condition(self, hook: str = "sms") -> Any:
        return self.running.notices.condition(hook)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A gateway that takes everything."""
    made = Receiver()
    yield made
    made.die()


@pytest.fixture
def second() -> Iterator[Receiver]:
    """Another one."""
    made = Receiver()
    yield made
    made.die()


@pytest.fixture
def build(tmp_path: Path) -> Iterator[Callable[[str], House]]:
    """Builds halls with more text at the end of their file; they are closed after the test."""
    made: list[House] = []

    def built(text: str) -> House:
        made.append(House(tmp_path, text).start())
        return made[-1]

    yield built
    for one in made:
        one.stop()


@pytest.fixture
def house(build: Callable[[str], House], receiver: Receiver) -> House:
    """A hall with one hook for everything."""
    return build(f"hooks:\n  - {{ id: sms, url: '{receiver.url}', events: [{ALL}], timeout_s: 1 }}\n")


@pytest.fixture
def reason() -> Callable[[Any], str]:
    """The reason of a refusal."""
    return problem_of
