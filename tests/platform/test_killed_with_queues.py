"""Kill −9 of the real server between hall, gateway and platform: nothing lost, at most a message twice with its id."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook

from tests.browser.demo_hall import ROOT, DemoHall, until
from tests.notices.receiver import Receiver
from tests.platform.fake_platform import FakePlatform

pytestmark = pytest.mark.slow
BUREAU = "人社局"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A gateway that is dead at first."""
    made = Receiver()
    yield made
    made.die()


@pytest.fixture
def fake() -> Iterator[FakePlatform]:
    """A platform that hangs at first."""
    made = FakePlatform()
    yield made
    made.die()


@pytest.fixture
def hall(tmp_path: Path, receiver: Receiver, fake: FakePlatform) -> Iterator[DemoHall]:
    """The real server under gevent with a hook and a platform."""
    text = (ROOT / "tests" / "hall" / "small_hall.yaml").read_text("utf-8")
    text += f"hooks:\n  - {{ id: sms, url: '{receiver.url}', events: [fee_due, rate_us], timeout_s: 1 }}\n"
    text += f"platform: {{ kind: http, url: '{fake.url}', every_s: 1 }}\n"
    (tmp_path / "hall.yaml").write_text(text, "utf-8")
    made = DemoHall(tmp_path / "data", hall_file=tmp_path / "hall.yaml")
    yield made
    made.kill()


def accept(hall: DemoHall, name: str) -> dict[str, Any]:
    """A ticket whose item is accepted; gives its case."""
    admin = hall.token(role="admin")
    hall.post("/windows/S01/open", {}, admin)
    hall.issue("insurance")
    hall.post("/windows/S01/call-next", {}, admin)
    hall.post("/windows/S01/start", {}, admin)
    body = {"id": name, "outcome": "accepted", "title": "社保卡申领", "departments": [BUREAU]}
    hall.post("/windows/S01/settle", body, admin)
    hall.post("/windows/S01/finish", {}, admin)
    found: dict[str, Any] = hall.get(f"/cases/{name}", admin)
    return found


def test_killed_while_gateway_and_platform_are_away(hall: DemoHall, receiver: Receiver, fake: FakePlatform) -> None:
    """The gateway is dead and the platform hangs; the hall accepts two items and is killed. Started again, both get
    everything in order and once; a fee that the platform tells is told to the citizen, with a valid signature."""
    receiver.die()
    fake.mood = "hang"
    hall.start()
    cases = [accept(hall, f"case-{n}")["number"] for n in (1, 2)]
    until(lambda: fake.asked, 60, "the platform was asked and hangs")
    hall.kill()
    fake.released.set()
    fake.mood = "ok"
    receiver.start()
    hall.start()
    admin = hall.token(role="admin")

    until(lambda: len(fake.cases) == 2, 60, "both cases went out")
    assert [one["case"] for one in fake.cases.values()] == cases
    until(lambda: hall.get("/cases/case-2", admin)["platform"] == "HB-0002", 60, "both have their numbers")
    fake.tell("fee_due", platform="HB-0001", fee=500)
    until(lambda: "fee_due" in receiver.kinds, 60, "the citizen is told of the fee")
    assert hall.get("/cases/case-1", admin)["state"] == "paused"
    hall.kill()
    hall.start()
    until(lambda: any(path.endswith("after=1") for _, path, _ in fake.asked), 60, "it went on from the cursor")
    platform = hall.get("/platform", hall.token(role="admin"))
    assert platform["counts"] == {"queued": 0, "refused": 0, "waiting": 0, "bad": 0}
    assert len(hall.get("/cases/case-1", hall.token(role="admin"))["pauses"]) == 1

    told = [(one.kind, one.json["data"]["ticket"]) for one in receiver.got]
    assert sorted(set(told)) == [("fee_due", "A001"), ("rate_us", "A001"), ("rate_us", "A002")]
    assert len({one.id for one in receiver.got}) == 3
    secret = hall.get("/hooks", hall.token(role="admin"))["hooks"][0]["secret"]
    for one in receiver.got:
        Webhook(secret).verify(one.body, one.headers)
