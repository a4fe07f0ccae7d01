"""The HTTP adapter against a platform that hangs, dies, answers 500 and comes back: nothing lost, nothing twice."""

import json

import pytest

from server.core import case_events as ce
from server.core.case_records import CaseState, HandedTo
from server.platform.gateway import HttpGateway
from tests.notices.receiver import Receiver
from tests.platform.conftest import Desk
from tests.platform.fake_platform import FakePlatform


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    """The gateway's token stands in the environment only."""
    monkeypatch.setenv("PLATFORM_TOKEN", "secret-of-the-gateway")


def test_an_accepted_item_gets_its_number(linked: Desk, fake: FakePlatform) -> None:
    """The case goes out with what the platform needs and no name; its number comes back with the answer."""
    number = linked.accept()
    linked.running.site.people.note("case:c-1", "name", "王小明", linked.clock.at + 1000)
    linked.exchange()

    (sent,) = fake.cases.values()
    assert (sent["case"], sent["title"], sent["departments"]) == (number, "社保卡申领", ["人社局"])
    assert sent["deadline_at"].startswith("2026-12-")
    assert "王小明" not in str(sent)
    assert linked.case().platform == "HB-0001"
    method, path, headers = fake.asked[0]
    assert (method, path) == ("POST", "/gateway/cases")
    assert headers["Authorization"] == "Bearer secret-of-the-gateway"
    assert headers["Idempotency-Key"] == "submit-c-1"
    assert linked.view()["outgoing"] == []


def test_milestones_are_fetched_from_where_it_stopped(linked: Desk, fake: FakePlatform) -> None:
    """All pages of milestones come in one round, in order, and none a second time after a restart."""
    number = linked.accept()
    linked.sign()
    for step in ("已分办", "审查中", "审批中", "制证"):
        fake.tell("progressed", case=number, milestone=step)
    fake.tell("answered", case=number, answer="granted")
    linked.exchange()
    linked.stop()
    linked.start()
    linked.exchange()

    assert linked.case().state is CaseState.DECIDED
    told = [one.event.milestone for one in linked.running.log.read() if isinstance(one.event, ce.MilestoneNoted)]
    assert told == ["已分办", "审查中", "审批中", "制证"]
    assert fake.asked[-1][1] == "/gateway/milestones?after=5"


def test_results_go_out(linked: Desk, fake: FakePlatform) -> None:
    """That a result is ready and how it was handed over is told; who fetched it is not."""
    linked.accept()
    linked.sign()
    linked.answer()
    linked.result()
    linked.running.site.people.note("case:c-1", "name", "王小明", linked.clock.at + 1000)
    linked.do(lambda at: ce.HandOut(at=at, case="c-1", to=HandedTo.APPLICANT, proof="voucher", by="user:liu"))
    linked.exchange()

    assert [one["type"] for one in fake.results.values()] == ["result_ready", "handed_out"]
    assert all(one["platform"] == "HB-0001" or one["platform"] is None for one in fake.results.values())
    assert "王小明" not in str(fake.results)


@pytest.mark.parametrize("trouble", ["dead", 500, 503, 401, 302])
def test_a_platform_that_is_away_gets_everything_once_it_is_back(
    linked: Desk, fake: FakePlatform, trouble: object
) -> None:
    """Refused connections, errors of the server, a wrong token, a redirect: the hall goes on, the queue keeps."""
    if trouble == "dead":
        fake.die()
    fake.mood = trouble
    linked.accept("c-1")
    linked.exchange()
    linked.accept("c-2")
    linked.exchange()
    away = linked.view()
    assert away["away"]
    assert [(one["case"], one["state"]) for one in away["outgoing"]] == [
        (linked.case("c-1").number, "queued"),
        (linked.case("c-2").number, "queued"),
    ]
    assert away["last_error"].startswith("POST /cases: ")
    linked.stop()
    linked.start()
    fake.mood = "ok"
    if trouble == "dead":
        fake.start()
    linked.exchange()

    assert list(fake.cases) == ["submit-c-1", "submit-c-2"]
    assert (linked.case("c-1").platform, linked.case("c-2").platform) == ("HB-0001", "HB-0002")
    assert linked.view()["away"] is False
    assert linked.view()["counts"] == {"queued": 0, "refused": 0, "waiting": 0, "bad": 0}


def test_a_platform_that_hangs_ends_the_round(linked: Desk, fake: FakePlatform) -> None:
    """No answer in time counts as away; what it took without answering is the same case when it comes again."""
    linked.running.platform._platform = HttpGateway(fake.url, timeout_s=0.3)
    fake.mood = "hang"
    linked.accept()
    linked.exchange()
    assert linked.view()["last_error"] == "POST /cases: no answer in time"
    fake.released.set()
    fake.mood = "ok"
    linked.exchange()

    assert list(fake.cases) == ["submit-c-1"]
    assert linked.case().platform == "HB-0001"


def test_what_the_platform_refuses_stands_there_until_somebody_looks(linked: Desk, fake: FakePlatform) -> None:
    """A 422 does not hold the next case up; it shows its reason and goes out again on demand."""
    fake.mood = 422
    linked.accept("c-1")
    linked.running.platform._follow()
    linked.running.platform._send()
    fake.mood = "ok"
    linked.accept("c-2")
    linked.exchange()
    (refused,) = linked.view()["outgoing"]
    assert (refused["state"], refused["id"]) == ("refused", "submit-c-1")
    assert refused["error"] == 'POST /cases: HTTP 422 {"error": "in trouble"}'
    assert linked.admin.post("/platform/outgoing/submit-c-1/retry").status_code == 200
    linked.exchange()

    assert list(fake.cases) == ["submit-c-2", "submit-c-1"]
    assert linked.view()["outgoing"] == []


def test_a_slip_taken_back_is_not_handed_in(linked: Desk, fake: FakePlatform) -> None:
    """Retracted before anything went out, the platform hears nothing; after it, that it was withdrawn."""
    fake.numbers_at_once = False
    linked.accept("c-1")
    linked.running.platform._follow()
    linked.do(lambda at: ce.Retract(at=at, window="S01", settlement="c-1"))
    linked.exchange()
    assert (fake.cases, fake.results) == ({}, {})
    linked.accept("c-2")
    linked.exchange()
    linked.do(lambda at: ce.Retract(at=at, window="S01", settlement="c-2"))
    linked.exchange()

    assert list(fake.cases) == ["submit-c-2"]
    assert [one["type"] for one in fake.results.values()] == ["withdrawn"]


def test_a_case_with_a_number_is_not_handed_in(linked: Desk, fake: FakePlatform) -> None:
    """Where the clerk accepted on the platform itself and entered its number, the platform is not told again."""
    linked.accept(platform="HB-9")
    linked.exchange()

    assert fake.cases == {}


def test_a_kill_between_log_and_mark_applies_nothing_twice(linked: Desk, fake: FakePlatform) -> None:
    """The hall has the step, the queue did not hear of it: after the restart it is not entered a second time."""
    number = linked.accept()
    linked.push({"id": "m-1", "kind": "progressed", "case": number, "milestone": "已分办"})
    queue = linked.running.platform._queue
    kept = queue.milestone("m-1")
    assert kept is not None
    content = json.dumps({"id": "m-1", "kind": "progressed", "case": number, "milestone": "已分办"})
    queue._write("UPDATE milestones SET state = 'waiting', content = ? WHERE id = 'm-1'", content)
    linked.stop()
    linked.start()
    linked.running.platform.apply()

    assert linked.happened(ce.MilestoneNoted) == 1
    assert linked.view()["counts"]["waiting"] == 0


def test_the_platforms_own_steps_are_not_told_back(linked: Desk, fake: FakePlatform) -> None:
    """A withdrawal that the platform told is not sent to it."""
    number = linked.accept()
    linked.exchange()
    fake.tell("withdrawn", case=number)
    linked.exchange()
    linked.exchange()

    assert linked.case().state is CaseState.WITHDRAWN
    assert fake.results == {}


def test_an_answer_that_is_no_json_is_no_platform() -> None:
    """A login page of some proxy in between counts as away, not as an empty list."""
    receiver = Receiver(answers=[(200, {"Content-Type": "text/html"}, b"<html>log in</html>")])
    try:
        with pytest.raises(Exception, match="no JSON object"):
            HttpGateway(receiver.url).fetch(None)
    finally:
        receiver.die()
