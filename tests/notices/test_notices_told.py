"""What is told, when, in which words and to whom: from the hall's events to a receiver's address."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from standardwebhooks import Webhook

from config.after_window import NoticeKind
from server.accounts import Role
from server.core import case_events as ce
from server.core.case_records import Answer, DeliveryWay, Outcome, PauseKind
from tests.notices.conftest import House
from tests.notices.receiver import Got, Receiver

CASE = "018f0000-0000-7000-8000-000000000001"


def accept(house: House, **more: Any) -> None:
    """A ticket at S01 whose item is accepted and becomes a case; the window is free again."""
    house.supervisor.post("/windows/S01/open")
    house.kiosk.issue()
    house.supervisor.post("/windows/S01/call-next")
    house.supervisor.post("/windows/S01/start")
    fields = {"departments": ("人社局",), "outcome": Outcome.ACCEPTED, **more}
    house.do(lambda at: ce.Settle(at=at, window="S01", settlement=CASE, title="社保卡申领", **fields))


def decide(house: House) -> None:
    """The department signs and grants."""
    house.do(lambda at: ce.SignPapers(at=at, case=CASE, department="人社局", by="user:li"))
    house.do(lambda at: ce.AnswerCase(at=at, case=CASE, department="人社局", answer=Answer.GRANTED, by="user:li"))
    house.do(lambda at: ce.ReceiveResult(at=at, case=CASE, title="社保卡", granted=True, by="user:liu"))


def only(receiver: Receiver, kind: NoticeKind) -> Got:
    """The one message of a kind."""
    (found,) = [one for one in receiver.got if one.kind == kind]
    return found


def data(receiver: Receiver, kind: NoticeKind) -> dict[str, Any]:
    return dict(only(receiver, kind).json["data"])


def test_a_call_is_told_with_number_window_and_link(house: House, receiver: Receiver) -> None:
    """Whoever is called is told the window in a sentence of both languages, with the link of the ticket's page."""
    ticket = house.kiosk.issue(language="en")
    house.supervisor.post("/windows/S01/open")
    house.work()
    house.supervisor.post("/windows/S01/call-next")
    house.work()

    message = only(receiver, NoticeKind.CALLED).json
    told = message["data"]
    assert message["timestamp"] == "2026-11-23T09:00:00.000+08:00"
    assert (told["ticket"], told["window"], told["to"], told["language"]) == ("A001", "S01", "citizen", "en")
    assert (told["service_name"], told["service_name_en"]) == ("社会保险", "Social insurance")
    assert told["text_zh"] == "请 A001 号到1号窗口办理。"
    assert told["text_en"] == "Number A001: please go to Window 1."
    assert told["link"] == f"http://hall.test{ticket['url']}"
    assert told["phone"] is None


def test_the_signature_is_that_of_standard_webhooks(house: House, receiver: Receiver) -> None:
    """Id, time and body are signed as the library signs them, with the secret that administrators are shown."""
    house.supervisor.post("/windows/S01/open")
    house.kiosk.issue()
    house.supervisor.post("/windows/S01/call-next")
    house.work()

    got = only(receiver, NoticeKind.CALLED)
    secret = house.running.notices.secrets["sms"]
    assert secret.startswith("whsec_")
    assert 24 <= len(base64.b64decode(secret.removeprefix("whsec_"))) <= 64
    moment = datetime.fromtimestamp(int(got.headers["webhook-timestamp"]), UTC)
    assert int(moment.timestamp()) == int(house.clock.at)
    assert got.headers["webhook-signature"] == Webhook(secret).sign(got.id, moment, got.body)
    assert got.headers["Content-Type"].startswith("application/json")


def test_three_before_you_is_told_once(house: House, receiver: Receiver) -> None:
    """Of six people the first four are told that their turn is near, the fifth after the first call, each once."""
    numbers = [house.kiosk.issue()["number"] for _ in range(6)]
    house.work(rounds=2)

    def near() -> list[tuple[str, int]]:
        return [(m.json["data"]["ticket"], m.json["data"]["ahead"]) for m in receiver.got if m.kind == "nearly"]

    assert sorted(near()) == [(number, ahead) for ahead, number in enumerate(numbers[:4])]
    house.supervisor.post("/windows/S01/open")
    house.supervisor.post("/windows/S01/call-next")
    house.work(rounds=2)
    assert near()[4:] == [(numbers[4], 3)]
    told = {m.json["data"]["ticket"]: m.json["data"] for m in receiver.got if m.kind == "nearly"}
    assert told[numbers[0]]["text_zh"] == "您的号码 A001 就是下一位，请在社会事务等候。"
    assert told[numbers[4]]["text_zh"] == "您的号码 A005 前面还有 3 位，请在社会事务等候。"
    assert told[numbers[1]]["text_en"] == "Number A002: 1 person is before you. Please wait in Social Affairs."


def test_who_waits_for_one_window_is_told_too(house: House, receiver: Receiver) -> None:
    """A ticket that only one window may call stands in no open line and is told all the same."""
    house.supervisor.post("/windows/S02/open")
    house.supervisor.issue(for_window="S02")
    house.work()

    assert data(receiver, NoticeKind.NEARLY)["ahead"] == 0


def test_who_is_served_already_is_not_called_any_more(house: House, receiver: Receiver) -> None:
    """A call that was taken up before it could be told is not told; what came too late is dropped and counted."""
    receiver.answers = [503, 204]
    house.supervisor.post("/windows/S01/open")
    house.kiosk.issue()
    house.supervisor.post("/windows/S01/call-next")
    house.work()
    house.supervisor.post("/windows/S01/start")
    house.later(6)

    assert len(receiver.got) == 1
    assert (house.condition().queued, house.condition().dropped, house.condition().failed) == (0, 1, 0)


def test_a_finished_visit_is_asked_for_a_rating(house: House, receiver: Receiver) -> None:
    """After the service the citizen is asked for a rating with the link where it is given; a missed number is not."""
    house.supervisor.post("/windows/S01/open")
    house.kiosk.issue()
    ticket = house.kiosk.issue()
    house.supervisor.post("/windows/S01/call-next")
    house.supervisor.post("/windows/S01/no-show")
    house.work()
    house.supervisor.post("/windows/S01/call-next")
    house.supervisor.post("/windows/S01/start")
    house.supervisor.post("/windows/S01/finish")
    house.work()

    told = data(receiver, NoticeKind.RATE_US)
    assert told["ticket"] == "A002"
    assert told["text_zh"] == f"您的号码 A002 已办结，请为本次服务作出评价：http://hall.test{ticket['url']}"


def test_a_bad_rating_goes_to_staff_without_the_citizens_phone(house: House, receiver: Receiver) -> None:
    """A bad rating is told to staff with level and deadline; the number left for the call-back stays in the order."""
    house.supervisor.post("/windows/S01/open")
    ticket = house.kiosk.issue()
    for verb in ("call-next", "start", "finish"):
        house.supervisor.post(f"/windows/S01/{verb}")
    token = ticket["url"].removeprefix("/t/")
    rated = house.anyone.post(f"/t/{token}/rating", {"level": 1, "phone": "13812345678"})
    assert rated.status_code == 200, rated.text
    house.work()

    told = data(receiver, NoticeKind.BAD_RATING)
    assert (told["to"], told["level"], told["phone"], told["link"]) == ("staff", 1, None, None)
    assert told["text_zh"] == "A001 号（社会保险）评价为“非常不满意”，请于 2026-11-24 09:00 前回访。"
    # Who has rated already is not asked to.
    assert NoticeKind.RATE_US not in receiver.kinds


def test_a_result_is_told_with_the_phone_of_its_case(house: House, receiver: Receiver) -> None:
    """A result that can be fetched is told to the number left with the application, which is nowhere in the outbox."""
    accept(house)
    house.running.site.people.note(f"case:{CASE}", "phone", "13912345678", house.clock.at + 86400)
    decide(house)
    house.running.notices.follow()
    outbox = (house.folder / "data" / "notices.db").read_bytes() + (
        house.folder / "data" / "notices.db-wal"
    ).read_bytes()
    assert b"13912345678" not in outbox
    assert "社保卡申领".encode() in outbox
    house.work()

    told = data(receiver, NoticeKind.RESULT_READY)
    assert (told["phone"], told["case"], told["title"], told["delivery"]) == (
        "13912345678",
        "20261123-0001",
        "社保卡申领",
        "window",
    )
    assert told["text_zh"] == "您办理的“社保卡申领”（20261123-0001）已出结果，请凭受理凭证领取。"
    assert told["link"].startswith("http://hall.test/c/")
    assert only(receiver, NoticeKind.RESULT_READY).json["data"]["ticket"] == "A001"


def test_the_place_of_pickup_is_named(build: Callable[[str], House], receiver: Receiver) -> None:
    """Where the hall file says who hands results out, the sentence says where to go."""
    house = build(
        f"hooks:\n  - {{ id: sms, url: '{receiver.url}', events: [result_ready] }}\ncases: {{ pickup: {{ social: relief }} }}\n"
    )
    accept(house)
    decide(house)
    house.work()

    assert "请凭受理凭证到社会事务“社会救助”领取" in data(receiver, NoticeKind.RESULT_READY)["text_zh"]


def test_a_posted_result_is_told_with_its_tracking_number(house: House, receiver: Receiver) -> None:
    """Where the post brings it, first that it will be posted, then with whom and under which number."""
    accept(house, delivery=DeliveryWay.POST)
    decide(house)
    house.work()
    house.do(lambda at: ce.PostResult(at=at, case=CASE, carrier="EMS", tracking="EB1", by="user:liu"))
    house.work()

    assert "将按您选择的方式邮寄" in data(receiver, NoticeKind.RESULT_READY)["text_zh"]
    told = data(receiver, NoticeKind.RESULT_POSTED)
    assert (told["carrier"], told["tracking"]) == ("EMS", "EB1")
    assert "结果已由EMS寄出，单号 EB1" in told["text_zh"]


def test_fee_and_correction_are_told(house: House, receiver: Receiver) -> None:
    """A pause tells what is awaited: the fee in yuan, or every paper."""
    accept(house)
    house.do(lambda at: ce.PauseCase(at=at, case=CASE, kind=PauseKind.FEE, fee=12050, by="platform"))
    house.work()
    house.do(lambda at: ce.GoOn(at=at, case=CASE, by="platform"))
    house.do(
        lambda at: ce.PauseCase(at=at, case=CASE, kind=PauseKind.CORRECTION, lacks=("户口簿", "照片"), by="user:li")
    )
    house.work()

    assert data(receiver, NoticeKind.FEE_DUE)["fee"] == 12050
    assert "需缴费 120.50 元" in data(receiver, NoticeKind.FEE_DUE)["text_zh"]
    assert data(receiver, NoticeKind.CORRECTION_DUE)["lacks"] == ["户口簿", "照片"]
    assert "需补正材料：户口簿、照片" in data(receiver, NoticeKind.CORRECTION_DUE)["text_zh"]
    assert "please bring: 户口簿, 照片" in data(receiver, NoticeKind.CORRECTION_DUE)["text_en"]


def test_an_overdue_step_is_told_to_staff(house: House, receiver: Receiver) -> None:
    """Papers that nobody signed for in time are told once, with the department that has the step."""
    accept(house)
    house.clock.at += 31 * 60
    house.running.hall.tick()
    house.work(rounds=2)

    told = data(receiver, NoticeKind.STEP_OVERDUE)
    assert (told["to"], told["step"], told["department"], told["phone"]) == ("staff", "transfer", "人社局", None)
    assert "材料逾期未签收，应于 2026-11-23 09:30 前完成。目前在：人社局。" in told["text_zh"]


def test_who_has_an_overdue_step_is_told_by_name(house: House, receiver: Receiver) -> None:
    """The runner who took the papers is named as colleagues know him; the log knows his user name only."""
    house.running.accounts.put_user("pao", "a-long-password", [Role.RUNNER], name="曾国平", is_secret=False)
    accept(house)
    house.do(lambda at: ce.TakePapers(at=at, case=CASE, by="user:pao"))
    house.clock.at += 31 * 60
    house.running.hall.tick()
    house.work(rounds=2)
    assert "目前在：人社局、曾国平。" in data(receiver, NoticeKind.STEP_OVERDUE)["text_zh"]


def test_a_long_wait_is_told_to_staff_once(house: House, receiver: Receiver) -> None:
    """A wait that crosses its limit is told once, with service and minutes; waiting on is no second message."""
    house.kiosk.issue()
    house.work()
    for _ in range(3):
        house.clock.at += 16 * 60
        house.running.hall.tick()
        house.work()

    told = [one.json["data"] for one in receiver.got if one.kind == NoticeKind.WAIT_ALARM]
    assert [(one["level"], one["to"], one["waited_s"] // 60) for one in told] == [
        ("warn", "staff", 16),
        ("alarm", "staff", 32),
    ]
    assert told[0]["text_zh"] == "社会保险最长等候已达 16 分钟，请及时调度。"


def test_a_hook_is_told_only_what_it_wants(build: Callable[[str], House], receiver: Receiver, second: Receiver) -> None:
    """Two hooks with different lists get different messages, each signed with a secret of its own."""
    house = build(
        f"hooks:\n  - {{ id: sms, url: '{receiver.url}', events: [called] }}\n"
        f"  - {{ id: lamp, url: '{second.url}', events: [called, rate_us] }}\n"
    )
    house.supervisor.post("/windows/S01/open")
    house.kiosk.issue()
    house.supervisor.post("/windows/S01/call-next")
    house.work()
    house.supervisor.post("/windows/S01/start")
    house.supervisor.post("/windows/S01/finish")
    house.work()

    assert (receiver.kinds, second.kinds) == (["called"], ["called", "rate_us"])
    assert receiver.got[0].id != second.got[0].id
    assert house.running.notices.secrets["sms"] != house.running.notices.secrets["lamp"]


def test_nothing_of_before_the_first_hook_is_told(build: Callable[[str], House], receiver: Receiver) -> None:
    """Who puts a hook into the file is not sent the calls of the morning."""
    house = build("")
    house.supervisor.post("/windows/S01/open")
    house.kiosk.issue()
    house.supervisor.post("/windows/S01/call-next")
    house.stop()
    house.text = f"hooks:\n  - {{ id: sms, url: '{receiver.url}', events: [called] }}\n"
    house.start().work()

    assert receiver.got == []
