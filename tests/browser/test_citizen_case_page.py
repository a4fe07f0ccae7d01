"""A citizen follows an application on the phone, by the code of the voucher."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.demo_hall import DemoHall, Watch

pytestmark = pytest.mark.browser

PHONE: dict[str, Any] = {"width": 390, "height": 844}
OFFICE = "市住房公积金中心阳新办事处"


def test_from_the_ticket_to_the_tracking_number(hall: DemoHall, visit: Callable[..., Page]) -> None:
    """The ticket's page leads to the case; its page follows on by itself: missing papers, decided, ready, posted."""
    token = hall.token(role="supervisor")
    hall.post("/windows/F01/open", {}, token)
    mine = hall.issue("fund-loan")
    hall.post("/windows/F01/call", {"ticket": mine["number"]}, token)
    page = visit(hall.url + mine["url"], **PHONE)
    expect(page.locator("#cases")).to_be_hidden()
    case = f"c-{mine['id']}"
    soon = date.fromisoformat(hall.get("/hall")["now"][:10]) + timedelta(days=10)
    said = {"outcome": "accepted_missing", "title": "公积金贷款申请", "departments": [OFFICE], "delivery": "post"}
    said |= {"address": "城关镇一号"}
    missing = {"lacks": ["收入证明"], "promise_on": soon.isoformat(), "name": "王小明", "phone": "13900000000"}
    hall.post("/windows/F01/settle", {"id": case, **said, **missing}, token)
    hall.post("/windows/F01/finish", {}, token)
    page.locator("#cases-list a").click()

    expect(page.locator("#title")).to_have_text("公积金贷款申请")
    expect(page.locator("#stages .now")).to_contain_text("流转")
    expect(page.locator("#owed-list li")).to_have_text(["收入证明"])
    expect(page.locator("#owed-by")).to_contain_text(f"{soon.month}月{soon.day}日")
    assert "王小明" not in page.content()

    hall.post(f"/cases/{case}/papers", {}, token)
    expect(page.locator("#owed")).to_be_hidden()
    for step, body in (
        ("sign", {"department": OFFICE}),
        ("pause", {"kind": "fee", "fee": 2550}),
    ):
        hall.post(f"/cases/{case}/{step}", body, token)
    expect(page.locator("#fee")).to_have_text("25.50 元")
    expect(page.locator("#deadline-box")).to_be_hidden()
    manager = hall.token(role="manager")
    hall.post(f"/cases/{case}/go-on", {}, token)
    hall.post(f"/cases/{case}/answer", {"department": OFFICE, "answer": "granted"}, manager)
    hall.post(f"/cases/{case}/result", {"title": "借款合同", "granted": True}, token)
    expect(page.locator("#stages .now")).to_contain_text("待寄出")
    hall.post(f"/cases/{case}/post", {"carrier": "EMS", "tracking": "EB123456789CN"}, token)
    expect(page.locator("#tracking")).to_have_text("EB123456789CN")
    expect(page.locator("#where-box")).to_be_hidden()

    page.locator("#switch").click()
    expect(page.locator("#state")).to_have_text("The result has been posted")
    expect(page.locator("#stages .now")).to_contain_text("Posted")


def test_a_pre_check_is_told_on_the_tickets_page(hall: DemoHall, visit: Callable[..., Page]) -> None:
    """Both steps stand on the phone until the first is done."""
    mine = hall.issue("estate-inherit")
    page = visit(hall.url + mine["url"], **PHONE)
    expect(page.locator("#then")).to_have_text("先办不动产材料预审，再凭同一张号办继承、赠与和析产登记")


def test_a_wrong_voucher_says_so(hall: DemoHall, visit: Callable[..., Page], watch: Watch) -> None:
    """A link that is no voucher's shows what to do, and no case."""
    watch.forgiven = ("404",)
    page = visit(f"{hall.url}/c/AAAAAAAAAAAAAAAAAAAAAA", **PHONE)
    expect(page.locator("#unknown-title")).to_have_text("没有找到这张受理凭证")
    expect(page.locator("#case")).to_be_hidden()
