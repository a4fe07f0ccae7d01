"""The papers of a settlement over HTTP: A4 sheets, orders for a ticket printer, and who may (P2, Y5, M9)."""

import json
import re
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from pyzbar.pyzbar import decode as read_codes

from printer.follow import papers_of
from printer.papers import PaperPrint
from printer.raster import draw
from server.accounts import Person, Role
from server.catalogue.records import Guide, Listed, ListName, Material
from server.catalogue.routing import routes_of
from server.core.case_events import PaperPrinted
from server.papers.making import NoSheet
from tests.web.conftest import SMALL, Caller, World, build

Reason = Callable[[Any], str]
PERSON = {"name": "𬱖𡈽䶮", "phone": "13800001234", "address": "阳新县兴国镇1号"}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A001 at window S01 for an item with a guide; desk is the staff's."""
    world = build(tmp_path, SMALL)
    books = world.site.catalogue
    books.route(routes_of(world.site.names.hall))
    books.put(ListName.COMPREHENSIVE, Listed("县人社局", "X1", "参保登记", "公共服务", "承诺件", "自然人"), "root", 1.0)
    papers = (Material("身份证", "原件"), Material("申请表", "原件", 2), Material("照片"))
    guide = Guide("X1", materials=papers, time_limit="5个工作日", legal_basis="《社会保险法》第五十七条")
    books.put(ListName.GUIDES, guide, "root", 2.0)
    for window in ("S01", "S02"):
        world.supervisor.post(f"/windows/{window}/open")
    world.clerk.issue("relief", item="X1")
    world.clerk.post("/windows/S01/call-next")
    world.clerk.post("/windows/S01/start")
    yield world
    world.log.close()
    world.accounts.close()
    world.site.people.close()
    world.site.catalogue.close()


def settle(world: World, settlement: str = "s-1", outcome: str = "accepted_missing", **fields: Any) -> None:
    """The clerk settles A001's item at S01."""
    if outcome == "accepted_missing":
        fields = {"lacks": ["照片"], "promise_on": "2026-12-01"} | fields
    answer = world.clerk.post("/windows/S01/settle", {"id": settlement, "outcome": outcome, **fields})
    assert answer.status_code == 200, answer.text


def read(answer: Any) -> list[str]:
    """The text of each page, without the blanks that a reader guesses between characters."""
    assert (answer.status_code, answer.content_type) == (200, "application/pdf"), answer.data[:500]
    return [re.sub(r"[\s\0]", "", page.extract_text()) for page in PdfReader(BytesIO(answer.data)).pages]


def test_the_voucher_of_an_acceptance_has_three_sheets(world: World) -> None:
    """One for the applicant, one for the file, one for the window; each says which, and none has phone or address."""
    settle(world, delivery="post", **PERSON)

    answer = world.clerk.get("/settlements/s-1/papers/voucher.pdf")
    pages = read(answer)

    assert answer.headers["Cache-Control"] == "no-store"
    assert [next(name for name in ("申请人联", "存档联", "窗口留存联") if name in page) for page in pages] == [
        "申请人联", "存档联", "窗口留存联",
    ]  # fmt: skip
    for page in pages:
        for words in (
            "20261123-0001", "参保登记", "县人社局", PERSON["name"], "A001", "身份证（原件，1份）", "申请表（原件，2份）",
            "照片", "承诺于2026年12月1日前补齐", "2026年11月30日前（5个工作日）", "邮寄送达",
        ):  # fmt: skip
            assert words in page, words
        assert "照片（" not in page
        assert PERSON["phone"] not in page
        assert PERSON["address"] not in page


def test_a_result_that_was_fetched_has_a_receipt(world: World) -> None:
    """With the full name of whoever was sent, what was shown and who handed it out; before that there is none."""
    settle(world, name=PERSON["name"], phone=PERSON["phone"])
    path = "/settlements/s-1/papers/receipt.pdf"
    assert world.supervisor.get(path).status_code == 404
    world.accounts.put_user("chen", "a-long-password", [Role.SUPERVISOR], name="陈静怡")
    view = world.supervisor.get("/cases/s-1").json
    world.supervisor.post("/cases/s-1/papers")
    for leg in view["legs"]:
        world.supervisor.post("/cases/s-1/sign", {"department": leg["department"]})
        answered = world.manager.post("/cases/s-1/answer", {"department": leg["department"], "answer": "granted"})
        assert answered.status_code == 200, answered.text
    world.supervisor.post("/cases/s-1/result", {"title": "登记表", "granted": True, "item": view["item"], "copies": 2})
    agent = {"agent": "李建国", "authority": "letter", "relation": "配偶"}
    done = world.supervisor.post("/cases/s-1/hand-out", {"to": "agent", "proof": "family", **agent})
    assert done.status_code == 200, done.text
    (page,) = read(world.supervisor.get(path))
    for words in (
        "办理结果领取签收单", "20261123-0001", PERSON["name"], "登记表", "李建国", "配偶", "授权委托书和双方身份证",
        "遗失，已核对户口簿", "陈静怡", "领取人签名", "存档联",
    ):  # fmt: skip
        assert words in page, words
    assert PERSON["phone"] not in page


def test_one_copy_can_be_had_alone(world: World) -> None:
    """`copy` names it; a copy that this kind of paper does not have is not there."""
    settle(world, outcome="refused", reason="not-here", note="请到县住建局办理", name="李雷")

    (page,) = read(world.clerk.get("/settlements/s-1/papers/refusal.pdf?copy=window"))
    for words in (
        "不予受理通知书",
        "不属于本机关职权范围",
        "请到县住建局办理",
        "《社会保险法》第五十七条",
        "六十日",
        "李雷",
    ):
        assert words in page, words
    assert world.clerk.get("/settlements/s-1/papers/refusal.pdf?copy=file").status_code == 404


def test_a_refusal_for_another_reason_gives_it_in_words(world: World) -> None:
    """The clerk's words and who decided stand on the notice; a note of a correction stays with colleagues."""
    settle(world, outcome="refused", reason="other", note="经营场所不在本县")
    for page in read(world.clerk.get("/settlements/s-1/papers/refusal.pdf")):
        for words in ("其他", "具体理由", "经营场所不在本县", "决定部门", "县人社局"):
            assert words in page, words
    settle(world, "s-2", "correction", lacks=["照片"], note="申请人情绪激动")
    for page in read(world.clerk.get("/settlements/s-2/papers/correction.pdf")):
        assert "照片" in page
        assert "情绪" not in page


def test_a_paper_of_another_kind_is_not_there(world: World, reason: Reason) -> None:
    """What is done at once has none, and a refusal is no voucher."""
    settle(world, outcome="done")
    assert reason(world.clerk.get("/settlements/s-1/papers/voucher.pdf")) == "paper_none"
    assert reason(world.clerk.post("/settlements/s-1/print", {"printer": "desk"})) == "paper_none"
    settle(world, "s-2", "correction", lacks=["照片"])
    assert reason(world.clerk.post("/settlements/s-2/print", {"printer": "desk", "kind": "voucher"})) == "paper_none"


def test_names_on_papers_are_for_their_window_and_leaders(world: World, reason: Reason) -> None:
    """A clerk of another window is refused, the supervisor is not; what nobody settled is not there."""
    settle(world, outcome="correction", lacks=["照片"])
    other = Caller(world.kiosk.client, world.accounts.session(Person("other", frozenset({Role.CLERK}), window="S02")))
    for answer in (
        other.get("/settlements/s-1/papers/correction.pdf"),
        other.post("/settlements/s-1/print", {"printer": "desk"}),
    ):
        assert (answer.status_code, reason(answer)) == (403, "not_your_window")
    assert world.supervisor.post("/settlements/s-1/print", {"printer": "desk"}).status_code == 200
    assert reason(world.clerk.get("/settlements/s-9/papers/voucher.pdf")) == "settlement_unknown"


def test_an_order_to_print_stands_in_the_log(world: World, reason: Reason) -> None:
    """With who asked and where; asked for again it is the second, sent again it is the same."""
    settle(world)
    first = world.clerk.post("/settlements/s-1/print", {"printer": "desk"}, key="order-0001")
    again = world.clerk.post("/settlements/s-1/print", {"printer": "desk"}, key="order-0001")
    second = world.supervisor.post("/settlements/s-1/print", {"printer": "desk"})

    assert first.json == {"settlement": "s-1", "paper": "voucher", "printer": "desk", "copy": 1}
    assert (again.json, again.headers["Idempotency-Replayed"]) == (first.json, "true")
    assert second.json["copy"] == 2
    told = [each.event for each in world.log.read() if isinstance(each.event, PaperPrinted)]
    assert [(event.copy, event.printer, event.paper.value) for event in told] == [
        (1, "desk", "voucher"), (2, "desk", "voucher"),
    ]  # fmt: skip
    assert told[0].by.startswith("user:")
    assert reason(world.clerk.post("/settlements/s-1/print", {"printer": "nowhere"})) == "printer_unknown"


def prints_of(world: World, seq: int) -> list[dict[str, Any]]:
    """What the printer's program hears from a place in the log on, up to the snapshot."""
    answer = world.cast["printer"].get(f"/feed?prints=desk&last_event_id={seq}", buffered=False)
    told: list[dict[str, Any]] = []
    for chunk in answer.response:
        event, _, data = (chunk.decode() if isinstance(chunk, bytes) else chunk).partition("\ndata: ")
        if "event: snapshot" in event:
            break
        if "event: print" in event:
            told.append(json.loads(data))
    answer.close()
    return told


def test_the_printer_hears_all_copies_and_prints_them(world: World) -> None:
    """The order comes by the feed, also to a program that was away; it makes three strips of it, the code on one."""
    settle(world, name=PERSON["name"])
    seq = world.hall.seq
    assert world.clerk.post("/settlements/s-1/print", {"printer": "desk"}).status_code == 200

    (order,) = prints_of(world, seq)

    made = papers_of(order, {})
    assert [paper.number for paper in made] == [
        "20261123-0001 申请人联", "20261123-0001 存档联", "20261123-0001 窗口留存联",
    ]  # fmt: skip
    token = world.site.links.case_token("s-1")
    strips = [draw(paper.blocks(), 576) for paper in made if isinstance(paper, PaperPrint)]
    codes = [[code.data.decode() for code in read_codes(strip.convert("L"))] for strip in strips]
    assert codes == [[f"{world.site.public_url or ''}/c/{token}"], [], []]
    assert PERSON["name"] in json.dumps(order, ensure_ascii=False)


def test_what_was_taken_back_meanwhile_is_not_printed(world: World) -> None:
    """The slip is gone before the printer's program comes back: no paper of it comes out, nor one of another kind that
    was settled under the same id."""
    settle(world)
    seq = world.hall.seq
    world.clerk.post("/settlements/s-1/print", {"printer": "desk"})
    assert world.clerk.post("/windows/S01/retract", {"settlement": "s-1"}).status_code == 200
    assert prints_of(world, seq) == []
    settle(world, outcome="refused", reason="not-here")
    assert prints_of(world, seq) == []


def test_the_paper_of_a_past_day_is_printed_again(world: World) -> None:
    """Weeks later the state has forgotten the settlement and its ticket; both come from the views. The name, kept only
    so long, is left for a pen."""
    world.clerk.post("/windows/S01/finish")
    ticket = world.clerk.issue("relief", item="X1", language="en")
    world.clerk.post("/windows/S01/call-next")
    settle(world, outcome="correction", lacks=["照片"], name="李雷")
    world.clerk.post("/windows/S01/finish")
    assert "李雷" in read(world.clerk.get("/settlements/s-1/papers/correction.pdf"))[0]
    for _ in range(40):
        world.clock.at += 86400
        world.hall.tick()
    world.site.people.purge(world.clock.at)
    with world.hall.reading() as state:
        assert "s-1" not in state.settlements

    (page, _) = read(world.supervisor.get("/settlements/s-1/papers/correction.pdf"))
    assert "李雷" not in page
    for words in (ticket["number"], "照片", "2026年11月23日", "Noticeofallpaperstobecorrected"):
        assert words in page, words
    seq = world.hall.seq
    assert world.supervisor.post("/settlements/s-1/print", {"printer": "desk"}).json["copy"] == 1
    assert [len(order["papers"]) for order in prints_of(world, seq)] == [2]


def test_a_sheet_that_cannot_be_made_says_what_to_do(
    world: World, reason: Reason, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine without fonts: the answer points to the ticket printer."""
    settle(world)

    def fail(*_: object) -> bytes:
        raise NoSheet("no Chinese font found")

    monkeypatch.setattr("server.web.api.papers.make_pdf", fail)
    answer = world.clerk.get("/settlements/s-1/papers/voucher.pdf")
    assert (answer.status_code, reason(answer)) == (503, "no_sheet")
