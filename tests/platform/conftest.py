"""A small hall beside a fake platform, with cases made by the core's own commands."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from server.accounts import DeviceKind
from server.core import case_events as ce
from server.core.case_records import Answer, Case, Outcome
from tests.notices.conftest import House
from tests.platform.fake_platform import FakePlatform
from tests.web.conftest import Caller, problem_of

BUREAU, OTHER = "人社局", "民政局"


@dataclass
class Desk(House):
    """The hall with its platform's desk."""

    def start(self) -> "Desk":
        super().start()
        client, accounts = self.running.app.test_client(use_cookies=False), self.running.accounts
        self.cast["gateway"] = Caller(client, accounts.add_device("platform", DeviceKind.PLATFORM))
        return self

    def accept(self, case: str = "c-1", departments: tuple[str, ...] = (BUREAU,), **more: Any) -> str:
        """An accepted item; gives the number of its case."""
        window = self.running.hall
        with window.reading() as state:
            busy = state.window("S01").ticket is not None
        if not busy:
            self.supervisor.post("/windows/S01/open")
            self.kiosk.issue()
            self.supervisor.post("/windows/S01/call-next")
        self.do(
            lambda at: ce.Settle(
                at=at,
                window="S01",
                settlement=case,
                outcome=Outcome.ACCEPTED,
                title="社保卡申领",
                departments=departments,
                **more,
            )
        )
        return self.case(case).number

    def sign(self, case: str = "c-1", department: str = BUREAU) -> None:
        """The department has the papers."""
        self.do(lambda at: ce.SignPapers(at=at, case=case, department=department, by="user:li"))

    def result(self, case: str = "c-1") -> None:
        """The result is at the pickup desk."""
        self.do(lambda at: ce.ReceiveResult(at=at, case=case, title="社保卡", granted=True, by="user:liu"))

    def answer(self, case: str = "c-1", answer: Answer = Answer.GRANTED) -> None:
        """A clerk of the department enters the answer."""
        self.do(lambda at: ce.AnswerCase(at=at, case=case, department=BUREAU, answer=answer, by="user:li"))

    def case(self, case: str = "c-1") -> Case:
        with self.running.hall.reading() as state:
            return state.cases[case]

    def exchange(self) -> None:
        """One round of the chores."""
        self.running.platform.exchange()
        self.running.platform.apply()

    def push(self, *milestones: dict[str, Any]) -> list[dict[str, Any]]:
        """The gateway tells milestones; what became of each."""
        answer = self.gateway.post("/platform/milestones", {"milestones": list(milestones)})
        assert answer.status_code == 200, answer.text
        return list(answer.json["milestones"])

    def view(self) -> dict[str, Any]:
        """What leaders see."""
        return dict(self.supervisor.get("/platform").json)

    def happened(self, kind: type) -> int:
        """How many events of a kind there are."""
        return sum(isinstance(one.event, kind) for one in self.running.log.read())


@pytest.fixture
def fake() -> Iterator[FakePlatform]:
    """A platform in good mood."""
    made = FakePlatform()
    yield made
    made.die()


@pytest.fixture
def build(tmp_path: Path) -> Iterator[Callable[[str], Desk]]:
    """Builds halls with more text at the end of their file."""
    made: list[Desk] = []

    def built(text: str) -> Desk:
        made.append(Desk(tmp_path, text).start())
        return made[-1]

    yield built
    for one in made:
        one.stop()


@pytest.fixture
def by_hand(build: Callable[[str], Desk]) -> Desk:
    """A hall without a platform link: milestones are pushed or entered."""
    return build("")


@pytest.fixture
def linked(build: Callable[[str], Desk], fake: FakePlatform) -> Desk:
    """A hall with the HTTP gateway."""
    return build(f"platform: {{ kind: http, url: '{fake.url}', token_env: PLATFORM_TOKEN }}\n")


@pytest.fixture
def reason() -> Callable[[Any], str]:
    """The reason of a refusal."""
    return problem_of
