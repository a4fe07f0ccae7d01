"""The thread of a ticket over HTTP: every event in order, by phases, with durations and what is open (Y3)."""

import itertools
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from server.accounts import Person, Role
from server.core.case_events import Settle
from server.core.case_records import DeliveryWay, Outcome
from server.core.commands import Issue
from server.hall import Answer, Request
from tests.web.conftest import SMALL, Caller, World, build

HR, CIVIL = "人社局", "民政局"
SENT = itertools.count(1)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[World]:
    """A world with two departments."""
    world = build(tmp_path, SMALL)
    people = {
        "hr": Person("bo", frozenset({Role.DEPARTMENT}), department=HR),
        "civil": Person("min", frozenset({Role.DEPARTMENT}), department=CIVIL),
        "wang_leads": Person("wang", frozenset({Role.SUPERVISOR})),
    }
    world.cast |= {name: Caller(world.clerk.client, world.accounts.session(one)) for name, one in people.items()}
    yield world
    world.log.close()
    world.accounts.close()
    world.site.people.close()
    world.site.catalogue.close()


def later(world: World, seconds: float) -> None:
    """Time passes."""
    world.clock.at += seconds
    world.hall.tick()


def settle(world: World, name: str, outcome: Outcome = Outcome.ACCEPTED, **fields: Any) -> str | None:
    """The clerk at S01 settles an item; the number of its case, if it became one."""
    acceptance = {"departments": (HR,), "days": 5} if outcome in (Outcome.ACCEPTED, Outcome.ACCEPTED_MISSING) else {}
    wanted: dict[str, Any] = {"title": "社保卡申领", **acceptance, **fields}
    done = world.hall.handle(
        Request(
            lambda at: Settle(at=at, window="S01", settlement=name, outcome=outcome, **wanted),
            f"settle-{next(SENT)}",
            "",
            "user:wang",
            lambda state, _, __: Answer(200, {"number": state.settlements[name].case}),
            lambda refusal: Answer(409, {"reason": refusal.reason.value}),
        )
    )
    assert done.status == 200, done.body
    number = done.body["number"]
    return None if number is None else str(number)


def do(world: World, who: str, path: str, **body: Any) -> Any:
    """Somebody does something, and it works."""
    answer = world.cast[who].post(path, body)
    assert answer.status_code == 200, answer.text
    return answer.json


def served(world: World, **fields: Any) -> dict[str, Any]:
    """A citizen waits ten minutes and sits at S01."""
    ticket = world.kiosk.issue(**fields)
    world.clerk.post("/windows/S01/open")
    later(world, 600)
    do(world, "clerk", "/windows/S01/call-next")
    later(world, 30)
    do(world, "clerk", "/windows/S01/start")
    later(world, 300)
    return ticket


def whole_story(world: World) -> tuple[dict[str, Any], str]:
    """From the number to the closing of the bad rating; the ticket and the number of its case."""
    ticket = served(world)
    settle(world, "s-done", Outcome.DONE)
    case = settle(world, "c-1", Outcome.ACCEPTED_MISSING, lacks=("照片",), promise_by=world.clock.at + 86400)
    do(world, "clerk", "/windows/S01/finish")
    rated = {"level": 1, "points": ["rude"], "comment": "态度很差", "phone": "13912345678", "name": "刘某"}
    assert world.anyone.post(f"{ticket['url']}/rating", rated).status_code == 200
    later(world, 2400)
    do(world, "runner", f"/cases/{case}/take")
    do(world, "hr", f"/cases/{case}/sign")
    do(world, "hr", f"/cases/{case}/pause", kind="fee", fee=2000)
    later(world, 3600)
    do(world, "hr", f"/cases/{case}/go-on")
    do(world, "clerk", f"/cases/{case}/papers")
    do(world, "hr", f"/cases/{case}/answer", answer="granted", note="材料齐全")
    do(world, "supervisor", f"/cases/{case}/result", title="社保卡", granted=True)
    do(world, "supervisor", f"/cases/{case}/return", reason="name")
    do(world, "hr", f"/cases/{case}/answer", answer="granted")
    do(world, "supervisor", f"/cases/{case}/result", title="社保卡", granted=True)
    (order,) = world.supervisor.get("/orders").json["orders"]
    do(world, "supervisor", f"/orders/{order['id']}/callback", reached=True, note="已致歉")
    do(world, "supervisor", f"/orders/{order['id']}/mend", note="已培训")
    do(world, "manager", f"/orders/{order['id']}/close")
    do(world, "supervisor", f"/cases/{case}/hand-out", to="applicant", proof="voucher")
    do(world, "manager", "/archive", settlements=["s-done", "c-1"])
    return ticket, str(case)


def thread(world: World, ticket: str, who: str = "manager") -> Any:
    """A thread."""
    answer = world.cast[who].get(f"/threads/{ticket}")
    assert answer.status_code == 200, answer.text
    return answer.json


def kinds(view: Any) -> list[str]:
    """The names of its events."""
    return [event["kind"] for event in view["events"]]


def test_a_manager_sees_everything_that_happened(town: World) -> None:
    """From issue to the closing of the bad rating, in order, each with time and actor; no other's events."""
    ticket, case = whole_story(town)
    town.kiosk.issue()
    view = thread(town, ticket["id"])
    assert kinds(view) == [
        "TicketIssued", "TicketCalled", "ServiceStarted", "ItemSettled", "ItemSettled", "CaseOpened",
        "ServiceFinished", "TicketRated", "OrderOpened", "StepOverdue", "PapersTaken", "PapersSigned", "CasePaused",
        "CaseWentOn", "PapersBrought", "CaseAnswered", "ResultReceived", "ResultReturned", "CaseAnswered",
        "ResultReceived", "CallbackRecorded", "OrderMended", "OrderClosed", "ResultHandedOut", "OriginalsFiled",
    ]  # fmt: skip
    assert [event["seq"] for event in view["events"]] == sorted(event["seq"] for event in view["events"])
    by_kind = {event["kind"]: event for event in view["events"]}
    assert by_kind["TicketCalled"]["at"] == "2026-11-23T09:10:00.000+08:00"
    assert (by_kind["TicketCalled"]["actor"], by_kind["TicketCalled"]["actor_name"]) == ("user:wang", "wang")
    assert by_kind["TicketRated"]["actor_name"] == "市民"
    assert by_kind["PapersSigned"]["about"] == case
    assert by_kind["CasePaused"]["text"] == "计时暂停：待缴费 20.00 元；尚余 5 个工作日"
    assert by_kind["TicketRated"]["text_en"].startswith("Rated: Very dissatisfied; ticked: ")
    assert (view["number"], view["rating"], view["open"]) == ("A001", 1, [])
    assert [(each["number"], each["state"]) for each in view["cases"]] == [(case, "delivered")]


def test_nothing_personal_is_in_a_thread(town: World) -> None:
    """No name, no phone number, nothing that a citizen, a department or a leader wrote, and no handle of it."""
    ticket, _ = whole_story(town)
    for told in (town.manager.get(f"/threads/{ticket['id']}").text, str(_cells(town, ticket["id"]))):
        for secret in ("13912345678", "刘某", "态度很差", "材料齐全", "已致歉", "已培训", "holder", "note"):
            assert secret not in told
    assert "2000" in town.manager.get(f"/threads/{ticket['id']}").text


def test_phases_tell_how_long_each_took(town: World) -> None:
    """Wait, service, transfer, approval, hand-over with seconds; what missed its deadline is marked."""
    ticket, case = whole_story(town)
    view = thread(town, ticket["id"])
    phases = {phase["id"]: phase for phase in view["phases"]}
    assert list(phases) == [
        "number", "call", "acceptance", "carrying", "approval", "result", "rating", "redress",
    ]  # fmt: skip
    assert [phase["name"] for phase in view["phases"]] == [
        "取号", "叫号", "受理", "流转", "审批", "出件", "评价", "整改",
    ]  # fmt: skip
    assert {phase["state"] for phase in view["phases"]} == {"past"}
    seconds = {(each["id"], each["about"], each["department"]): each["seconds"] for each in view["durations"]}
    assert seconds["wait", "A001", None] == 600
    assert seconds["walk", "A001", None] == 30
    assert seconds["service", "A001", None] == 300
    assert seconds["transfer", case, HR] == 2400
    assert (phases["call"]["seconds"], phases["carrying"]["seconds"], phases["approval"]["seconds"]) == (
        630, 2400, 3600,
    )  # fmt: skip
    assert (phases["carrying"]["late"], phases["call"]["late"]) == (True, False)
    late = [event["kind"] for event in view["events"] if event["late"]]
    assert late == ["StepOverdue", "PapersSigned"]


def test_what_is_open_and_late_stands_first(town: World) -> None:
    """While papers lie about, a call-back is due and missing papers are promised, the thread says so and with whom."""
    ticket = served(town)
    case = settle(town, "c-1", Outcome.ACCEPTED_MISSING, lacks=("照片",), promise_by=town.clock.at + 86400)
    assert town.clerk.post("/windows/S01/finish").status_code == 200
    town.anyone.post(f"{ticket['url']}/rating", {"level": 2})
    view = thread(town, ticket["id"])
    assert [(each["text"], each["late"]) for each in view["open"]] == [
        ("流转中", False), ("承诺补交的材料未到", False), ("待回访", False), ("待整改", False),
    ]  # fmt: skip
    later(town, 1801)
    view = thread(town, ticket["id"])
    first = view["open"][0]
    assert (first["text_en"], first["about"], first["late"], first["who"]) == (
        "Papers not signed for", case, True, [HR],
    )  # fmt: skip
    carrying = next(phase for phase in view["phases"] if phase["id"] == "carrying")
    assert (carrying["state"], carrying["late"], carrying["ended_at"]) == ("now", True, None)
    assert next(phase for phase in view["phases"] if phase["id"] == "approval")["state"] == "none"


def test_the_ticket_to_fetch_a_result_is_part_of_the_story(town: World) -> None:
    """Asked for by either ticket, the story is the visit's; what the second ticket lived through belongs to the result."""
    ticket = served(town)
    case = settle(town, "c-1")
    do(town, "clerk", "/windows/S01/finish")
    do(town, "hr", f"/cases/{case}/sign")
    do(town, "hr", f"/cases/{case}/answer", answer="granted")
    do(town, "supervisor", f"/cases/{case}/result", title="社保卡", granted=True)
    town.hall.handle(
        Request(
            lambda at: Issue(at=at, ticket="fetch", service="insurance", case="c-1"), "fetch", "", "kiosk:kiosk-1",
            lambda *_: Answer(201, {}), lambda refusal: Answer(409, {"reason": refusal.reason.value}),
        )
    )  # fmt: skip
    do(town, "supervisor", f"/cases/{case}/hand-out", to="agent", proof="card", agent="李建国", authority="letter")
    for asked in (ticket["id"], "fetch"):
        view = thread(town, asked)
        assert (view["id"], [other["id"] for other in view["others"]]) == (ticket["id"], ["fetch"])
        issues = [(event["about"], event["phase"]) for event in view["events"] if event["kind"] == "TicketIssued"]
        assert issues[0][1] == "number"
        assert issues[1][1] == "result"
        told = view["events"][-1]["text"]
        assert all(part in told for part in ("代领人", "李*国", "授权委托书和双方身份证", "凭证遗失，已核对身份证"))
        assert "李建国" not in repr(view)


def test_a_leader_does_not_see_who_rated_his_own_work(town: World) -> None:
    """Who served the ticket sees all but its rating and what followed (A1.9), and is told that it is left out."""
    ticket, _ = whole_story(town)
    own, others = thread(town, ticket["id"], "wang_leads"), thread(town, ticket["id"], "supervisor")
    assert not {"TicketRated", "OrderOpened", "CallbackRecorded", "OrderClosed"} & set(kinds(own))
    assert (own["rating"], own["rating_hidden"], others["rating"], others["rating_hidden"]) == (None, True, 1, False)
    assert {"TicketRated", "OrderClosed"} <= set(kinds(others))
    assert next(phase for phase in own["phases"] if phase["id"] == "rating")["state"] == "none"
    assert "差评" not in str(own)
    assert "不满意" not in str(own)


def test_a_ticket_of_last_month_is_found(town: World, reason: Callable[[Any], str]) -> None:
    """By day and number, by the number of its case, by what a voucher's QR code says; its thread is whole."""
    ticket, case = whole_story(town)
    before = kinds(thread(town, ticket["id"]))
    for day in range(1, 31):
        town.clock.set(f"2026-12-{day:02d} 08:00")
        town.hall.tick()
    for asked in ("day=2026-11-23&number=a001", f"q={case}", "day=2026-11-23&q=A001"):
        (found,) = town.manager.get(f"/threads?{asked}").json["tickets"]
        assert (found["id"], found["number"], found["state"], found["service_name_en"]) == (
            ticket["id"], "A001", "done", "Social insurance",
        ), asked  # fmt: skip
    assert town.manager.get("/threads?number=A001").json["tickets"] == []
    assert town.manager.get("/threads?q=20261123-0099").json["tickets"] == []
    assert kinds(thread(town, ticket["id"])) == before
    assert reason(town.manager.get("/threads/nobodys")) == "thread_unknown"


def test_a_scanned_code_finds_the_ticket(town: World) -> None:
    """The voucher's code leads to the visit it came from, the ticket's own code to it."""
    ticket = served(town)
    settle(town, "c-1", delivery=DeliveryWay.POST)
    voucher = f"http://hall.test/c/{town.site.links.case_token('c-1')}"
    for scanned in (voucher, f"http://hall.test{ticket['url']}"):
        (found,) = town.manager.get("/threads", query_string={"q": scanned}).json["tickets"]
        assert found["id"] == ticket["id"]
    start, _, token = voucher.rpartition("/")
    wrong = f"{start}/{'B' if token[0] == 'A' else 'A'}{token[1:]}"
    assert town.manager.get("/threads", query_string={"q": wrong}).json["tickets"] == []


def test_a_slip_that_was_taken_back_runs_no_clock(town: World) -> None:
    """A retracted acceptance stays in the story as what it was, but nothing of it is open or late."""
    ticket = served(town)
    settle(town, "c-slip", title="社保参保登记")
    do(town, "clerk", "/settlements/c-slip/print", printer="desk")
    do(town, "clerk", "/windows/S01/retract", settlement="c-slip")
    do(town, "clerk", "/windows/S01/finish")
    later(town, 7200)
    view = thread(town, ticket["id"])
    assert "SettlementRetracted" in kinds(view)
    texts = {each["kind"]: each["text"] for each in view["events"]}
    for kind in ("PaperPrinted", "SettlementRetracted"):
        assert "社保参保登记 20261123-0001" in texts[kind], kind
    assert (view["open"], view["cases"]) == ([], [])
    assert not any(each["id"] == "transfer" for each in view["durations"])


def _cells(world: World, ticket: str) -> dict[str, list[tuple[Any, ...]]]:
    answer = world.manager.get(f"/threads/{ticket}.xlsx")
    assert answer.status_code == 200
    assert "thread-2026-11-23-A001.xlsx" in answer.headers["Content-Disposition"]
    book = openpyxl.load_workbook(BytesIO(answer.data))
    return {page.title: list(page.iter_rows(values_only=True)) for page in book}


def test_the_sheet_has_the_same_rows(town: World) -> None:
    """Chinese headings, one row an event, moments as dates in the hall's time; a title is never a formula."""
    ticket = served(town)
    settle(town, "s-1", Outcome.DONE, title='=HYPERLINK("http://evil.test")')
    view, cells = thread(town, ticket["id"]), _cells(town, ticket["id"])
    assert list(cells) == ["经过", "用时", "未了事项"]
    head, *rows = cells["经过"]
    assert head == ("序号", "时间", "环节", "经过", "经办", "号码／办件号", "是否超时")
    assert [row[3] for row in rows] == [event["text"] for event in view["events"]]
    assert rows[0][1].isoformat() == "2026-11-23T09:00:00"
    assert [row[0] for row in rows] == list(range(1, len(rows) + 1))
    assert town.manager.get(f"/threads/{ticket['id']}?format=xlsx").headers["Content-Type"].endswith("sheet")
    assert rows[-1][3] == '即时办结：=HYPERLINK("http://evil.test")'
