"""The administrator's calls: state of each hook, a test, failed messages and sending them again."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from standardwebhooks import Webhook

from tests.notices.conftest import SMALL, House
from tests.notices.receiver import Receiver
from tests.notices.test_notices_delivery import rate_badly

ROOT = Path(__file__).parents[2]


def test_a_hook_shows_its_secret_queue_and_last_success(house: House, receiver: Receiver) -> None:
    """An administrator sees what is on its way, what arrived last and the secret for the receiver."""
    (before,) = house.admin.get("/hooks").json["hooks"]
    house.supervisor.post("/windows/S01/open")
    house.kiosk.issue()
    house.work()
    (after,) = house.admin.get("/hooks").json["hooks"]

    assert (before["state"], before["sent"], before["last_success_at"]) == ("idle", 0, None)
    assert (after["state"], after["sent"], after["queued"]) == ("ok", 1, 0)
    assert after["last_success_at"] == "2026-11-23T09:00:00.000+08:00"
    assert after["secret"] == house.running.notices.secrets["sms"]
    assert after["events"][0] == {"kind": "called", "name": "叫号", "name_en": "Called"}
    assert receiver.kinds == ["nearly"]


def test_a_test_tells_what_the_receiver_answered(house: House, receiver: Receiver) -> None:
    """The test is signed like any message and its answer told at once; under one key it has one id."""
    receiver.answers = [204, 500, 204]
    good = house.admin.post("/hooks/sms/test", key="test-button-1")
    bad = house.admin.post("/hooks/sms/test", key="test-button-1")
    other = house.admin.post("/hooks/sms/test", key="test-button-2")

    assert good.json == {"ok": True, "status": 204, "error": None}
    assert bad.json == {"ok": False, "status": 500, "error": "HTTP 500 Internal Server Error"}
    assert other.json["ok"]
    first, again, third = receiver.got
    assert first.id == again.id != third.id
    assert first.json["type"] == "test"
    assert first.json["data"]["text_zh"] == "这是小镇便民中心的测试通知。"
    assert house.condition().failed == 0


def test_failed_messages_are_listed_and_sent_again(
    house: House, receiver: Receiver, reason: Callable[..., str]
) -> None:
    """What was given up stands there in words, without a phone number, and goes out again on demand."""
    receiver.answers = [410, 204]
    rate_badly(house)
    house.work()
    (hook,) = house.admin.get("/hooks").json["hooks"]
    (message,) = house.admin.get("/hooks/sms/failed").json["messages"]
    sent = house.admin.post(f"/hooks/sms/failed/{message['id']}/resend")
    house.work()

    assert (hook["failed"], hook["last_error"], hook["state"]) == (1, "HTTP 410 Gone", "failing")
    assert (message["error"], message["name"], message["ticket"]) == ("HTTP 410 Gone", "差评", "A001")
    assert "phone" not in message
    assert sent.json["queued"] == 1
    again = house.admin.post(f"/hooks/sms/failed/{message['id']}/resend")
    assert (again.status_code, reason(again)) == (404, "message_unknown")
    assert reason(house.admin.get("/hooks/nobody/failed")) == "hook_unknown"


def test_only_administrators_see_hooks(house: House, reason: Callable[..., str]) -> None:
    """Secrets are not for supervisors and clerks."""
    for who in (house.supervisor, house.clerk, house.kiosk):
        assert reason(who.get("/hooks")) == "forbidden"
    assert reason(house.anyone.get("/hooks")) == "unauthorized"


def test_the_command_tells_the_same_secrets(house: House) -> None:
    """`run_server.py hooks` prints for each hook the secret with which its messages are signed."""
    arguments = ["run_server.py", "--hall", str(house.folder / "hall.yaml"), "--data", str(house.folder / "data")]
    told = subprocess.run([sys.executable, *arguments, "hooks"], cwd=ROOT, capture_output=True, text=True, timeout=60)
    none = subprocess.run(
        [sys.executable, "run_server.py", "--hall", str(SMALL), "--data", str(house.folder / "none"), "hooks"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert told.returncode == 0, told.stderr
    assert house.running.notices.secrets["sms"] in told.stdout
    assert none.returncode == 2
    assert "no hooks" in none.stderr


def test_the_documented_check_of_a_signature_works(house: House, receiver: Receiver) -> None:
    """The ten lines of docs/notices.md accept a real message and refuse one that was changed or signed otherwise."""
    text = (ROOT / "docs" / "notices.md").read_text("utf-8")
    code = text.split("```python\n")[1].split("```")[0]
    known: dict[str, object] = {}
    exec(code, known)
    is_ours = known["is_ours"]
    assert callable(is_ours)
    house.kiosk.issue()
    house.work()
    got, secret = receiver.got[0], house.running.notices.secrets["sms"]

    at = int(got.headers["webhook-timestamp"])
    assert is_ours(secret, got.headers, got.body.encode(), at + 10)
    assert not is_ours(secret, got.headers, got.body.encode() + b" ", at)
    assert not is_ours(secret, got.headers, got.body.encode(), at + 301)
    assert not is_ours("whsec_" + "QUJD" * 12, got.headers, got.body.encode(), at)
    assert Webhook(secret)
