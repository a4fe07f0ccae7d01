"""Cases over HTTP: who sees what, each step by the one whose step it is, lists, figures and the feed (Y4, P3, P4, P6)."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from server.accounts import Person, Role
from server.core.case_events import Settle
from server.core.case_records import DeliveryWay, Outcome
from server.hall import Answer, Request
from tests.web.conftest import SMALL, Caller, World, build

#: The small hall with a desk where results are handed out.
PICKUP = """
  - { ids: L01, number: 31, zone: social, position: pickup, serves: [collect] }
"""
COLLECT = """  - id: collect
    zone: social
    name: { zh: 取件, en: Collection }
    department: { zh: 政务中心, en: Centre }
    position: pickup
windows:"""
HR, CIVIL = "人社局", "民政局"
SETTLED = itertools.count(1)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[World]:
    """A world with a pickup desk, a runner and departments; wang serves A001 at S01."""
    text = SMALL.read_text("utf-8").replace("\nwindows:", f"\n{COLLECT}", 1)
    text = text.replace("\npriority_groups:", f"{PICKUP}priority_groups:")
    file = tmp_path / "pickup_hall.yaml"
    file.write_text(text, "utf-8")
    world = build(tmp_path, file)
    people = {
        "pickup": Person("he", frozenset({Role.CLERK}), "L01"),
        "runner": Person("pao", frozenset({Role.RUNNER})),
        "runner_2": Person("tui", frozenset({Role.RUNNER})),
        "hr": Person("bo", frozenset({Role.DEPARTMENT}), department=HR),
        "civil": Person("min", frozenset({Role.DEPARTMENT}), department=CIVIL),
        "nobodys": Person("wu", frozenset({Role.DEPARTMENT})),
        "both": Person("wang", frozenset({Role.DEPARTMENT}), department=HR),
    }
    world.cast |= {name: Caller(world.clerk.client, world.accounts.session(one)) for name, one in people.items()}
    world.kiosk.issue()
    world.clerk.post("/windows/S01/open")
    world.clerk.post("/windows/S01/call-next")
    world.clerk.post("/windows/S01/start")
    yield world
    world.log.close()
    world.accounts.close()
    world.site.people.close()
    world.site.catalogue.close()


def accept(world: World, *departments: str, **fields: Any) -> str:
    """The clerk at S01 settles an item so that it becomes a case; its number."""
    name = f"case-{next(SETTLED)}"
    wanted: dict[str, Any] = {"title": "社保卡申领", "outcome": Outcome.ACCEPTED, "days": 5, **fields}
    done = world.hall.handle(
        Request(
            lambda at: Settle(at=at, window="S01", settlement=name, departments=departments or (HR,), **wanted),
            f"settle-{name}",
            "",
            "user:wang",
            lambda state, _, __: Answer(200, {"number": state.cases[name].number}),
            lambda refusal: Answer(409, {"reason": refusal.reason.value}),
        )
    )
    assert done.status == 200, done.body
    world.site.people.note(f"case:{name}", "name", "陈小明", world.clock.at + 86400 * 180)
    world.site.people.note(f"case:{name}", "phone", "13912345678", world.clock.at + 86400 * 180)
    return str(done.body["number"])


def do(world: World, who: str, case: str, step: str, **body: Any) -> Any:
    """Somebody does a step, and it works."""
    answer = world.cast[who].post(f"/cases/{case}/{step}", body)
    assert answer.status_code == 200, answer.text
    return answer.json


def ready(world: World, **fields: Any) -> str:
    """A case whose result lies at the pickup desk."""
    case = accept(world, **fields)
    do(world, "runner", case, "take")
    do(world, "hr", case, "sign")
    do(world, "hr", case, "answer", answer="granted")
    do(world, "pickup", case, "result", title="社保卡", granted=True, item=fields.get("item"))
    return case


def test_the_whole_way_of_a_case(desk: World) -> None:
    """Taken, signed, answered, checked, handed out: each by its own person, each told with who did it."""
    case = accept(desk)
    assert do(desk, "runner", case, "take")["legs"][0]["taken_by"] == "user:pao"
    signed = do(desk, "hr", case, "sign")
    assert (signed["state"], signed["legs"][0]["signed_by"], signed["days_left"]) == ("approval", "user:bo", 5)
    answered = do(desk, "hr", case, "answer", answer="granted", note="材料齐全")
    assert (answered["state"], answered["granted"]) == ("decided", True)
    checked = do(desk, "pickup", case, "result", title="社保卡", granted=True, copies=2)
    assert (checked["state"], checked["result"]["copies"]) == ("ready", 2)
    out = do(desk, "pickup", case, "hand-out", to="applicant", proof="voucher")
    assert (out["state"], out["handed_to"], out["proof"], out["ended_by"]) == (
        "delivered", "applicant", "voucher", "user:he",
    )  # fmt: skip
    told = desk.hr.get(f"/cases/{case}").json
    assert (told["state"], told["ended_at"]) == ("delivered", out["ended_at"])
    assert told["notes"] == [{"kind": "answer", "department": HR, "by": "user:bo", "text": "材料齐全"}]


def test_whoever_is_sent_leaves_name_and_authority(desk: World, reason: Callable[[Any], str]) -> None:
    """Of an agent name, authority and relation are on record, the name masked and never in the log; a lost voucher is
    told with what replaced it, and in words where the list has none."""
    case = ready(desk)
    agent = {"to": "agent", "proof": "voucher", "agent": "李建国", "authority": "letter", "relation": "配偶"}
    wrongs: list[tuple[dict[str, str | None], str]] = [
        ({"agent": None}, "agent_wanted"),
        ({"authority": None}, "authority_wanted"),
        ({"authority": "a-nod"}, "choice_unknown"),
        ({"to": "applicant"}, "agent_wanted"),
        ({"to": "applicant", "agent": None, "relation": None}, "authority_wanted"),
        ({"proof": "other"}, "proof_words_wanted"),
    ]
    for wrong, why in wrongs:
        body = {name: value for name, value in (agent | wrong).items() if value is not None}
        assert reason(desk.pickup.post(f"/cases/{case}/hand-out", body)) == why, wrong
    do(desk, "pickup", case, "hand-out", **(agent | {"proof": "other", "note": "派出所出具的遗失证明"}))
    told = desk.pickup.get(f"/cases/{case}").json
    assert (told["handed_to"], told["proof"], told["authority_name"]) == ("agent", "other", "授权委托书和双方身份证")
    assert (told["agent"], told["relation"]) == ("李*国", "配偶")
    assert [(each["kind"], each["text"]) for each in told["notes"]] == [("end", "派出所出具的遗失证明")]
    assert desk.runner.get(f"/cases/{case}").json["agent"] is None
    log = repr([each.event for each in desk.hall.history.thread([f"case:{told['id']}"])])
    assert "authority='letter'" in log
    assert not any(word in log for word in ("李建国", "配偶", "派出所"))
    desk.site.people.purge(desk.clock.at + 181 * 86400)
    assert desk.pickup.get(f"/cases/{case}").json["agent"] is None


def test_a_slip_in_a_tracking_number_is_asked_about(desk: World, reason: Callable[[Any], str]) -> None:
    """A number that its carrier does not give goes through only when it is confirmed; one that is an ID card never."""
    case = ready(desk, delivery=DeliveryWay.POST)
    path = f"/cases/{case}/post"
    wrong = {"carrier": "顺丰速运", "tracking": "SF123"}
    assert reason(desk.pickup.post(path, wrong)) == "tracking_unlikely"
    card = {"carrier": "顺丰速运", "tracking": "11010519491231002X", "confirmed": True}
    assert reason(desk.pickup.post(path, card)) == "card_for_tracking"
    assert reason(desk.runner.post(path, wrong)) == "forbidden"
    assert do(desk, "pickup", case, "post", **wrong, confirmed=True)["tracking"] == "SF123"


def test_one_parcel_goes_to_one_person(desk: World, reason: Callable[[Any], str]) -> None:
    """The number of a stranger's parcel is refused; several cases of one person may lie in one, when it is asked."""
    first, second = ready(desk, delivery=DeliveryWay.POST), ready(desk, delivery=DeliveryWay.POST)
    body = {"carrier": "EMS", "tracking": "1234567890123"}
    do(desk, "pickup", first, "post", **body)
    assert reason(desk.pickup.post(f"/cases/{second}/post", body)) == "tracking_shared"
    assert do(desk, "pickup", second, "post", **body, confirmed=True)["state"] == "posted"
    other = {"carrier": "EMS", "tracking": "1234567890124"}
    assert reason(desk.pickup.post(f"/cases/{first}/delivered", other)) == "tracking_differs"
    assert reason(desk.pickup.post(f"/cases/{first}/delivered", body | {"carrier": "顺丰速运"})) == "tracking_differs"
    assert do(desk, "pickup", first, "delivered", **body)["state"] == "delivered"


def test_a_window_tells_the_department_what_it_wrote(desk: World) -> None:
    """The note of the acceptance and that of a result sent back stand where the department and the desk look."""
    case = accept(desk, note=desk.site.people.remark("申请人行动不便", desk.clock.at + 1000))
    do(desk, "hr", case, "sign")
    do(desk, "hr", case, "answer", answer="granted", note="材料齐全")
    do(desk, "pickup", case, "return", reason="copies", note="应为两份")
    for who in ("hr", "pickup"):
        notes = desk.cast[who].get(f"/cases/{case}").json["notes"]
        assert [(each["kind"], each["text"]) for each in notes] == [
            ("acceptance", "申请人行动不便"), ("return", "应为两份"),
        ]  # fmt: skip
    assert desk.runner.get(f"/cases/{case}").json["notes"] == []


def test_posting_and_its_report(desk: World, reason: Callable[[Any], str]) -> None:
    """What is to be posted goes with carrier and number, and its delivery is reported back; what is not, is not posted."""
    case = ready(desk, delivery=DeliveryWay.POST)
    posted = do(desk, "pickup", case, "post", carrier="EMS", tracking="EA123456789CN")
    assert (posted["state"], posted["tracking"], posted["steps"]) == ("posted", "EA123456789CN", ["delivered"])
    told = {"carrier": "EMS", "tracking": "ea123456789cn"}
    assert do(desk, "pickup", case, "delivered", **told)["state"] == "delivered"
    assert reason(desk.pickup.post(f"/cases/{ready(desk)}/post", told)) == "not_by_post"


def test_a_result_that_does_not_match_is_not_taken(desk: World, reason: Callable[[Any], str]) -> None:
    """Another item or decision than the record has is refused; sent back with a reason it is the department's again."""
    case = accept(desk, item="11420222MB1A001")
    do(desk, "hr", case, "sign")
    do(desk, "hr", case, "answer", answer="granted")
    for wrong in ({"granted": False, "item": "11420222MB1A001"}, {"granted": True, "item": "other"}, {"granted": True}):
        assert reason(desk.pickup.post(f"/cases/{case}/result", {"title": "社保卡", **wrong})) == "result_mismatch"
    assert reason(desk.pickup.post(f"/cases/{case}/return", {"reason": "mood"})) == "choice_unknown"
    back = do(desk, "pickup", case, "return", reason="name", note="姓名少一个字")
    assert (back["state"], back["returned"], back["legs"][0]["answer"]) == ("approval", 1, None)
    told = desk.hr.get(f"/cases/{case}").json["legs"][0]
    assert told["returned_for"] == "name"
    assert "姓名" in told["returned_for_name"]
    assert told["returned_for_name_en"]
    again = do(desk, "hr", case, "answer", answer="granted")["legs"][0]
    assert (again["returned_for"], again["returned_for_name"]) == (None, None)


def test_each_department_has_its_own_papers(desk: World, reason: Callable[[Any], str]) -> None:
    """A case of two: each signs and answers for itself, neither for the other; whoever has no department does nothing."""
    case = accept(desk, HR, CIVIL)
    assert reason(desk.civil.post(f"/cases/{case}/sign", {"department": HR})) == "not_your_department"
    assert reason(desk.nobodys.post(f"/cases/{case}/sign", {"department": HR})) == "case_unknown"
    assert do(desk, "civil", case, "sign")["state"] == "transit"
    assert do(desk, "hr", case, "sign")["state"] == "approval"
    assert (
        reason(desk.hr.post(f"/cases/{case}/answer", {"answer": "granted", "department": CIVIL}))
        == "not_your_department"
    )
    assert do(desk, "hr", case, "answer", answer="granted")["state"] == "approval"
    assert desk.hr.get(f"/cases/{case}").json["steps"] == ["pause"]
    assert do(desk, "civil", case, "answer", answer="denied")["granted"] is False
    # A leader says for whom.
    other = accept(desk, HR, CIVIL)
    assert reason(desk.supervisor.post(f"/cases/{other}/sign")) == "department_wanted"
    assert do(desk, "supervisor", other, "sign", department=CIVIL)["legs"][1]["signed_by"] == "user:chen"


def test_who_accepted_does_not_decide(desk: World, reason: Callable[[Any], str]) -> None:
    """受审分离 (P6): not even where the same person works for the department."""
    case = accept(desk)
    do(desk, "both", case, "sign")
    assert "answer" not in desk.both.get(f"/cases/{case}").json["steps"]
    assert reason(desk.both.post(f"/cases/{case}/answer", {"answer": "granted"})) == "second_person_wanted"
    assert do(desk, "hr", case, "answer", answer="granted")["state"] == "decided"


@pytest.mark.parametrize(
    ("step", "body", "refused"),
    [
        ("result", {"title": "x", "granted": True}, "not_at_pickup"),
        ("return", {"reason": "name"}, "not_at_pickup"),
        ("hand-out", {"to": "applicant", "proof": "card"}, "not_at_pickup"),
        ("post", {"carrier": "EMS", "tracking": "EA1234"}, "not_at_pickup"),
        ("delivered", {"carrier": "EMS", "tracking": "EA1234"}, "not_at_pickup"),
        ("withdraw", {}, "not_at_pickup"),
        ("take", {}, "forbidden"),
        ("sign", {}, "forbidden"),
        ("answer", {"answer": "granted"}, "forbidden"),
        ("pause", {"kind": "fee"}, "forbidden"),
    ],
)
def test_a_clerk_at_another_window_does_not_hand_out(
    desk: World, reason: Callable[[Any], str], step: str, body: dict[str, Any], refused: str
) -> None:
    """What is the pickup desk's, the runner's or the department's is refused to the clerk who accepted."""
    case = accept(desk)
    before = desk.hall.seq
    assert reason(desk.clerk.post(f"/cases/{case}/{step}", body)) == refused
    assert desk.hall.seq == before


def test_the_clock_stands_still_for_a_fee(desk: World, reason: Callable[[Any], str]) -> None:
    """Paused with its fee, gone on with the days that were left; a correction names its papers; others may not."""
    case = accept(desk)
    do(desk, "hr", case, "sign")
    assert reason(desk.civil.post(f"/cases/{case}/pause", {"kind": "fee", "fee": 5000})) == "case_unknown"
    assert reason(desk.hr.post(f"/cases/{case}/pause", {"kind": "correction"})) == "papers_wanted"
    paused = do(desk, "hr", case, "pause", kind="fee", fee=5000)
    assert (paused["state"], paused["days_left"], paused["pauses"][0]["fee"]) == ("paused", None, 5000)
    desk.clock.at += 2 * 86400
    went_on = do(desk, "hr", case, "go-on")
    assert (went_on["state"], went_on["days_left"]) == ("approval", 5)


def test_missing_papers_come_before_the_result(desk: World, reason: Callable[[Any], str]) -> None:
    """Accepted with a paper missing: any window takes it in, and until then the result is not taken over."""
    at = desk.clock.at
    case = accept(desk, outcome=Outcome.ACCEPTED_MISSING, lacks=("户口簿",), promise_by=at + 5 * 86400)
    do(desk, "hr", case, "sign")
    do(desk, "hr", case, "answer", answer="granted")
    assert reason(desk.pickup.post(f"/cases/{case}/result", {"title": "社保卡", "granted": True})) == "papers_missing"
    assert reason(desk.clerk.post(f"/cases/{case}/papers", {"papers": ["结婚证"]})) == "papers_unknown"
    assert do(desk, "clerk", case, "papers")["lacks"] == []
    assert do(desk, "pickup", case, "result", title="社保卡", granted=True)["state"] == "ready"


def test_papers_are_taken_once(desk: World, reason: Callable[[Any], str]) -> None:
    """The second runner is told that somebody has them; the first finds them under `mine` until they are signed for."""
    case, other = accept(desk), accept(desk)
    do(desk, "runner", case, "take")
    assert reason(desk.runner_2.post(f"/cases/{case}/take")) == "papers_gone"

    def numbers(who: str) -> list[str]:
        return [x["number"] for x in desk.cast[who].get("/cases?mine=true").json["cases"]]

    assert (numbers("runner"), numbers("runner_2")) == ([case], [])
    do(desk, "runner_2", other, "take")
    do(desk, "hr", case, "sign")
    assert (numbers("runner"), numbers("runner_2")) == ([], [other])


def test_a_person_is_shown_to_those_who_must_know(desk: World) -> None:
    """Name and phone: pickup desk, leaders, the own department; nobody else, in no list and in no answer to a POST."""
    case = accept(desk)
    for who, seen in {
        "pickup": "陈小明", "supervisor": "陈小明", "manager": "陈小明", "hr": "陈小明",
        "clerk": None, "guide": None, "runner": None,
    }.items():  # fmt: skip
        told = desk.cast[who].get(f"/cases/{case}")
        assert (told.json["name"], told.json["sees_person"]) == (seen, seen is not None), who
        assert ("13912345678" in told.text, "5678" in told.text) == (seen is not None, seen is not None), who
        listed = desk.cast[who].get("/cases").text
        assert ("陈小明" in listed, "13912345678" in listed) == (False, False)
        assert ("5678" in listed) == (seen is not None), who
    assert desk.civil.get(f"/cases/{case}").status_code == 404
    # Answers to POST are kept beside the log, so they tell nothing of a person, at the second time neither.
    for _ in range(2):
        posted = desk.hr.post(f"/cases/{case}/sign", key="sign-and-look")
        assert posted.status_code == 200
        assert not any(part in posted.text for part in ("陈小明", "5678"))


def test_lists_are_narrowed(desk: World) -> None:
    """By state, department, zone and part of number, title or ticket number; a department sees its own alone."""
    first, second = accept(desk), accept(desk, CIVIL, title="低保申请")
    do(desk, "hr", first, "sign")

    def found(who: str, query: str = "") -> list[str]:
        answer = desk.cast[who].get(f"/cases{query}").json
        assert answer["total"] >= len(answer["cases"])
        return sorted(x["number"] for x in answer["cases"])

    assert found("manager") == sorted([first, second])
    assert found("manager", "?state=approval") == [first]
    assert found("manager", "?state=approval,transit") == sorted([first, second])
    assert found("manager", f"?department={CIVIL}") == [second]
    assert (found("manager", "?zone=business"), found("manager", "?zone=social")) == ([], sorted([first, second]))
    assert (found("clerk", "?q=低保"), found("clerk", f"?q={first[-4:]}"), found("clerk", "?q=a001")) == (
        [second], [first], sorted([first, second]),
    )  # fmt: skip
    assert (found("hr"), found("civil"), found("nobodys")) == ([first], [second], [])
    assert desk.manager.get("/cases?state=lost").status_code == 422
    page = desk.manager.get("/cases?limit=1&offset=1").json
    assert (len(page["cases"]), page["total"]) == (1, 2)


def test_what_is_due_first_stands_first(desk: World) -> None:
    """Urgent papers before others, papers on their way before what waits for days, what is over last."""
    slow, urgent = accept(desk), accept(desk, urgent=True)
    signed, over = accept(desk), ready(desk)
    do(desk, "hr", signed, "sign")
    do(desk, "pickup", over, "hand-out", to="applicant", proof="card")
    assert [x["number"] for x in desk.manager.get("/cases").json["cases"]] == [urgent, slow, signed, over]
    assert desk.manager.get("/cases").json["cases"][0]["due_at"] == "2026-11-23T09:10:00.000+08:00"


def test_late_steps_show_with_who_and_how_long(desk: World) -> None:
    """An urgent one is late after ten minutes and not before; who has the papers is named; told once in the log."""
    case, calm = accept(desk, urgent=True), accept(desk)
    do(desk, "runner", case, "take")
    desk.clock.at += 600
    assert desk.manager.get("/cases?overdue=true").json["total"] == 0
    desk.clock.at += 1
    (late,) = desk.manager.get("/cases?overdue=true").json["cases"]
    assert (late["number"], late["overdue"][0]["who"], late["overdue"][0]["step_name"]) == (
        case,
        "user:pao",
        "材料未签收",
    )
    assert [x["number"] for x in desk.manager.get("/cases?overdue=0").json["cases"]] == [calm]
    desk.clock.at += 2
    figures = desk.supervisor.get("/cases/overview").json
    assert (figures["open"], figures["overdue"], figures["states"]) == (2, 1, {"transit": 2})
    assert figures["zones"] == [{"zone": "social", "open": 2, "overdue": 1}]
    (row,) = figures["late"]
    assert (row["number"], row["department"], row["who"], row["due_at"]) == (
        case, HR, "user:pao", "2026-11-23T09:10:00.000+08:00",
    )  # fmt: skip
    desk.watch()
    desk.watch()
    assert [type(x.event).__name__ for x in desk.hall.since(0)].count("StepOverdue") == 1


def test_transfers_in_time_are_counted(desk: World) -> None:
    """Signed within the limit, signed late, and not signed though due; what is not due yet counts neither way."""
    assert desk.manager.get("/cases/overview").json["transfer"] == {"due": 0, "in_time": 0, "late": 0, "share": None}
    quick, slow, lost = accept(desk, urgent=True), accept(desk, urgent=True), accept(desk, urgent=True)
    calm = accept(desk)
    do(desk, "hr", quick, "sign")
    desk.clock.at += 900
    do(desk, "hr", slow, "sign")
    figures = desk.manager.get("/cases/overview").json["transfer"]
    assert figures == {"due": 3, "in_time": 1, "late": 2, "share": 0.3333}
    assert {lost, calm} <= {x["number"] for x in desk.manager.get("/cases?state=transit").json["cases"]}


def test_a_voucher_is_scanned(desk: World, reason: Callable[[Any], str]) -> None:
    """The token alone or the whole address gives the case; another token none, a foreign department none."""
    number = accept(desk)
    case = desk.pickup.get(f"/cases/{number}").json
    token = desk.site.links.case_token(case["id"])
    for code in (token, f"http://hall.test/c/{token}", f"http://hall.test/c/{token}/", f"HTTP：//hall.test/c/{token}"):
        assert desk.pickup.get(f"/vouchers/{code}").json["number"] == number, code
    assert reason(desk.pickup.get("/vouchers/AAAAAAAAAAAAAAAAAAAAAA")) == "voucher_unknown"
    assert reason(desk.pickup.get("/vouchers/short")) == "voucher_unknown"
    assert reason(desk.civil.get(f"/vouchers/{token}")) == "case_unknown"


def test_a_press_sent_again_is_one_press(desk: World) -> None:
    """The same key gives the first answer; nothing is done twice."""
    case = accept(desk)
    first = desk.runner.post(f"/cases/{case}/take", key="take-it-once")
    seq = desk.hall.seq
    again = desk.runner.post(f"/cases/{case}/take", key="take-it-once")
    assert (again.json, again.headers["Idempotency-Replayed"], desk.hall.seq) == (first.json, "true", seq)


def test_the_feed_tells_each_change(desk: World) -> None:
    """A snapshot of the figures, then for each step which case it was about."""
    case = accept(desk)
    seq = desk.hall.seq
    do(desk, "runner", case, "take")
    answer = desk.runner.get(f"/feed?cases=1&last_event_id={seq}", buffered=False)
    parts = [next(answer.response) for _ in range(3)]
    text = "".join(part.decode() if isinstance(part, bytes) else part for part in parts)
    answer.close()
    assert f'event: case\ndata: {{"case":"{desk.pickup.get(f"/cases/{case}").json["id"]}"}}' in text
    assert "event: snapshot" in text
    assert '"open":1' in text


def test_what_the_pages_offer(desk: World) -> None:
    """Mismatches, carriers and departments of the hall, and whether the asker hands out."""
    form = desk.pickup.get("/cases/form").json
    assert {x["id"] for x in form["mismatches"]} >= {"name", "item"}
    assert "EMS" in form["carriers"]
    assert {"name": HR, "name_en": "Human Resources"} in form["departments"]
    assert [desk.cast[who].get("/cases/form").json["pickup"] for who in ("pickup", "manager", "clerk", "runner")] == [
        True, True, False, False,
    ]  # fmt: skip


def test_a_hall_without_a_pickup_desk_hands_out_at_every_window(world: World) -> None:
    """Where the hall file knows neither a pickup window nor a pickup service, clerks hand out what they accepted."""
    assert world.clerk.get("/cases/form").json["pickup"] is True
    assert world.cast["clerk_nowhere"].get("/cases/form").json["pickup"] is False


def test_unknown_cases_are_unknown(desk: World, reason: Callable[[Any], str]) -> None:
    """By a number nobody has; for the runner as for the manager."""
    for who in ("runner", "manager"):
        assert reason(desk.cast[who].get("/cases/20261123-0099")) == "case_unknown"
        assert reason(desk.cast[who].post("/cases/20261123-0099/take")) == "case_unknown"
