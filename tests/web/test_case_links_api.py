"""The citizen's side of a case: the view behind the voucher, the ticket for its result, the steps of a visit."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from server.core import case_events as ce
from server.core.case_records import Answer, DeliveryWay, HandedTo, Outcome, PauseKind
from server.core.commands import Command
from server.hall import Answer as Reply
from server.hall import Request
from server.web.api.case_schemas import PublicCase

SMALL = Path(__file__).parents[1] / "hall" / "small_hall.yaml"
SERVICES = """
  - { id: look, zone: social, name: { zh: 材料预审, en: Pre-check }, department: { zh: 人社局, en: HR }, position: precheck }
  - { id: collect, zone: social, name: { zh: 取证, en: Collection }, department: { zh: 人社局, en: HR }, position: pickup }
windows:
  - { ids: P1, number: 31, zone: social, position: precheck }
  - { ids: Q1, number: 32, zone: social, position: pickup }
"""
OFFICE = "人社局"


@pytest.fixture(scope="session")
def stepped_hall(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small hall with a pre-check for relief, and a window that hands out results."""
    text = SMALL.read_text("utf-8").replace("\nwindows:\n", SERVICES, 1)
    text = text.replace("民政局, en: Civil Affairs }", "民政局, en: Civil Affairs }\n    precheck: look", 1)
    path = tmp_path_factory.mktemp("stepped") / "stepped_hall.yaml"
    path.write_text(text, "utf-8")
    return path


@pytest.fixture
def stepped(tmp_path: Path, stepped_hall: Path, build_world: Callable[..., Any]) -> Iterator[Any]:
    """A world in that hall."""
    yield from build_world(tmp_path, stepped_hall)


def do(world: Any, command: Callable[..., Command], **fields: Any) -> None:
    """Something that staff do with a case, put to the hall as their pages would."""
    answer = world.hall.handle(
        Request(
            lambda at: command(at=at, **fields),
            "",
            "",
            "test",
            lambda *_: Reply(204, None),
            lambda refusal: Reply(409, refusal.reason.value),
        )
    )
    assert answer.status == 204, answer.body


def accept(world: Any, **fields: Any) -> tuple[str, str]:
    """An item accepted at window S01; the case's id and the token of its voucher."""
    world.kiosk.issue("insurance")
    world.clerk.post("/windows/S01/open")
    world.clerk.post("/windows/S01/call-next")
    wanted = {"outcome": Outcome.ACCEPTED, "title": "社保参保登记", "departments": (OFFICE,), "days": 5}
    do(world, ce.Settle, window="S01", settlement="case-1", **{**wanted, **fields})
    world.clerk.post("/windows/S01/finish")
    return "case-1", world.site.links.case_token("case-1")


def decide(world: Any, case: str) -> None:
    """The department signs for the papers and grants."""
    do(world, ce.SignPapers, case=case, department=OFFICE, by="user:lin")
    do(world, ce.AnswerCase, case=case, department=OFFICE, answer=Answer.GRANTED, by="user:lin")


def make_ready(world: Any, case: str) -> None:
    """The result lies at the pickup desk."""
    decide(world, case)
    do(world, ce.ReceiveResult, case=case, title="登记表", granted=True, by="user:wen")


def seen(world: Any, token: str) -> dict[str, Any]:
    """What the voucher's holder sees; its shape is looked at each time."""
    answer = world.anyone.get(f"/c/{token}")
    assert answer.status_code == 200, answer.text
    TypeAdapter(PublicCase).validate_python(answer.json)
    return dict(answer.json)


def line(view: dict[str, Any]) -> str:
    """The steps as one word each."""
    return " ".join(f"{stage['name']}:{stage['is']}" for stage in view["stages"])


def test_a_case_is_followed_from_acceptance_to_delivery(stepped: Any) -> None:
    """The voucher's link tells step by step where the case is, with its day, and where the result is to be fetched."""
    case, token = accept(stepped)
    view = seen(stepped, token)
    assert line(view) == "受理:past 流转:now 审批:next 待领取:next 已送达:next"
    assert (view["number"], view["deadline_on"]) == ("20261123-0001", "2026-11-30")
    assert (view["pickup"]["windows_text"], view["pickup"]["open"]) == ("32号窗口", True)

    decide(stepped, case)
    assert line(seen(stepped, token)) == "受理:past 流转:past 审批:now 待领取:next 已送达:next"
    assert seen(stepped, token)["deadline_on"] is None

    do(stepped, ce.ReceiveResult, case=case, title="登记表", granted=True, by="user:wen")
    view = seen(stepped, token)
    assert line(view) == "受理:past 流转:past 审批:past 待领取:now 已送达:next"
    assert "取号机" in view["todo"]
    assert "kiosk" in view["todo_en"]

    do(stepped, ce.HandOut, case=case, to=HandedTo.APPLICANT, proof="voucher", by="user:wen")
    assert line(seen(stepped, token)) == "受理:past 流转:past 审批:past 待领取:past 已送达:past"
    assert seen(stepped, token)["pickup"] is None


def test_missing_papers_fee_and_post(stepped: Any) -> None:
    """Missing papers show with the promised day, a fee with its sum, a posted result with carrier and tracking number."""
    at = stepped.clock.at
    case, token = accept(
        stepped,
        outcome=Outcome.ACCEPTED_MISSING,
        lacks=("户口簿复印件",),
        promise_by=at + 3 * 86400,
        delivery=DeliveryWay.POST,
    )
    view = seen(stepped, token)
    assert (view["lacks"], view["promise_on"]) == (["户口簿复印件"], "2026-11-26")
    assert "补齐" in view["todo"]

    do(stepped, ce.PauseCase, case=case, kind=PauseKind.FEE, fee=2550, by="user:lin")
    view = seen(stepped, token)
    assert (view["fee"], view["deadline_on"]) == (2550, None)
    assert "缴费" in view["state_name"]

    do(stepped, ce.GoOn, case=case, by="user:lin")
    do(stepped, ce.BringPapers, case=case, by="user:wang")
    make_ready(stepped, case)
    do(stepped, ce.PostResult, case=case, carrier="EMS", tracking="EB123456789CN", by="user:wen")
    view = seen(stepped, token)
    assert (view["fee"], view["lacks"], view["carrier"], view["tracking"]) == (None, [], "EMS", "EB123456789CN")
    assert line(view) == "受理:past 流转:past 审批:past 待寄出:past 已寄出:now 已送达:next"


def test_nothing_of_the_person_and_nothing_by_guessing(stepped: Any, reason: Callable[[Any], str]) -> None:
    """Neither name nor phone nor who decided stands in the view; ids, numbers and other tokens open nothing."""
    case, token = accept(stepped)
    stepped.site.people.note("case:case-1", "name", "王小明", stepped.clock.at + 1e6)
    do(stepped, ce.SignPapers, case=case, department=OFFICE, by="user:lin")
    text = stepped.anyone.get(f"/c/{token}").text
    assert not any(word in text for word in ("王小明", "user:", case))
    ticket = stepped.kiosk.issue()["url"].removeprefix("/t/")
    for guess in (case, "20261123-0001", ticket, token[:-1], token.swapcase()):
        assert reason(stepped.anyone.get(f"/c/{guess}")) == "voucher_unknown"


def test_a_voucher_takes_a_pickup_ticket_once_the_result_is_ready(stepped: Any, reason: Callable[[Any], str]) -> None:
    """Refused in words before; then a ticket of the pickup desk that knows its case; a second one is not given."""
    case, token = accept(stepped)
    early = stepped.kiosk.post("/tickets", {"voucher": token})
    assert reason(early) == "result_not_ready"
    assert "20261123-0001" in early.json["detail_zh"]
    make_ready(stepped, case)

    ticket = stepped.kiosk.post("/tickets", {"id": "pick-1", "voucher": f"http://hall.test/c/{token}"}).json
    assert (ticket["service"], ticket["case"], ticket["then"]) == ("collect", "20261123-0001", [])
    assert seen(stepped, token)["ticket"] == ticket["number"]
    again = stepped.kiosk.post("/tickets", {"id": "pick-1", "voucher": token}, key="another-key")
    assert (again.status_code, again.json["number"]) == (201, ticket["number"])
    assert reason(stepped.kiosk.post("/tickets", {"id": "pick-2", "voucher": token})) == "pickup_ticket_taken"

    stepped.kiosk.post(f"/tickets/{ticket['id']}/cancel")
    assert stepped.kiosk.post("/tickets", {"voucher": token}).status_code == 201


def test_what_is_no_voucher(stepped: Any, reason: Callable[[Any], str]) -> None:
    """A made-up token, another page's address, and neither service nor voucher are refused."""
    _case, token = accept(stepped)
    for text in ("made-up-token-0123456789", f"http://hall.test/t/{token}", "20261123-0001"):
        assert reason(stepped.kiosk.post("/tickets", {"voucher": text})) == "voucher_unknown"
    assert reason(stepped.kiosk.post("/tickets", {})) == "invalid_request"
    assert reason(stepped.kiosk.post("/tickets", {"service": "collect", "voucher": token})) == "invalid_request"


def test_pre_check_comes_first_with_one_number(stepped: Any, reason: Callable[[Any], str]) -> None:
    """The kiosk's ticket waits at the pre-check and says what follows; staff may say that papers are looked through."""
    ticket = stepped.kiosk.issue("relief")
    assert ticket["service"] == "look"
    assert ticket["then"] == [{"service": "relief", "name": "社会救助", "name_en": "Social relief"}]
    assert ticket["windows_text"] == "31号窗口"

    stepped.supervisor.post("/windows/P1/open")
    stepped.supervisor.post("/windows/P1/call-next")
    stepped.supervisor.post("/windows/P1/finish")
    later = stepped.kiosk.get(f"/tickets/{ticket['id']}").json
    assert (later["number"], later["service"], later["then"], later["state"]) == (
        ticket["number"],
        "relief",
        [],
        "waiting",
    )

    assert stepped.supervisor.issue("relief", checked=True)["service"] == "relief"
    assert reason(stepped.kiosk.post("/tickets", {"service": "relief", "checked": True})) == "forbidden"


def test_the_tickets_page_leads_to_the_cases_of_the_visit(stepped: Any) -> None:
    """Whoever holds the ticket's link finds the case that the visit made, and its page."""
    _case, token = accept(stepped)
    with stepped.hall.reading() as state:
        ticket = state.tickets[state.cases["case-1"].ticket]
    cases = stepped.anyone.get(f"/t/{stepped.site.links.token(ticket.id)}").json["cases"]
    assert [(one["number"], one["title"], one["url"]) for one in cases] == [
        ("20261123-0001", "社保参保登记", f"/c/{token}")
    ]


def test_a_voucher_outlives_its_day(stepped: Any) -> None:
    """Unlike a ticket's link, the voucher's still works on other days."""
    _case, token = accept(stepped)
    stepped.clock.set("2026-11-25 09:00")
    stepped.hall.tick()
    assert seen(stepped, token)["state"] == "transit"
