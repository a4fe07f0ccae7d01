"""A citizen follows a ticket on the phone."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.demo_hall import DemoHall, Watch, until

pytestmark = pytest.mark.browser

PHONE: dict[str, Any] = {"width": 390, "height": 844}


def test_from_waiting_to_done(hall: DemoHall, visit: Callable[..., Page]) -> None:
    """The page shows the wait, changes altogether when called, and follows on to the end without a reload."""
    token = hall.token(role="supervisor")
    hall.post("/windows/X01/open", {}, token)
    before, mine = hall.issue("tax-invoice"), hall.issue("tax-invoice")
    page = visit(hall.url + mine["url"], **PHONE)
    expect(page.locator("#number")).to_have_text(mine["number"])
    expect(page.locator("#ahead")).to_have_text(str(mine["ahead"]))
    expect(page.locator("#wait")).to_contain_text("分钟")
    expect(page.locator("#service")).to_have_text(mine["service_name"])
    page.evaluate("() => { window.buzzed = 0; navigator.vibrate = () => { window.buzzed += 1; return true; }; }")
    calm = page.evaluate("getComputedStyle(document.body).backgroundColor")

    hall.post("/windows/X01/call", {"ticket": before["number"]}, token)
    expect(page.locator("#ahead")).to_have_text(str(mine["ahead"] - 1))
    expect(page.locator("#state")).to_have_text("下一位就是您，请在窗口附近等候")
    hall.post("/windows/X01/finish", {}, token)
    hall.post("/windows/X01/call", {"ticket": mine["number"]}, token)
    expect(page.locator("#go")).to_have_text("请到221号窗口办理")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != calm
    assert page.evaluate("window.buzzed") == 1
    assert page.title() == f"🔔 {mine['number']} → 221号窗口"

    hall.post("/windows/X01/recall", {}, token)
    until(lambda: page.evaluate("window.buzzed") == 2, 5, "a recall buzzes too")
    hall.post("/windows/X01/start", {}, token)
    expect(page.locator("#state")).to_have_text("正在221号窗口办理")
    expect(page.locator("#cancel")).to_be_hidden()
    hall.post("/windows/X01/finish", {}, token)
    expect(page.locator("#state")).to_have_text("办理完成，感谢您的配合")


def test_held_and_missed(hall: DemoHall, visit: Callable[..., Page]) -> None:
    """Whoever is put on hold or missed the call reads what to do now."""
    token = hall.token(role="supervisor")
    hall.post("/windows/X02/open", {}, token)
    mine = hall.issue("tax-filing")
    page = visit(hall.url + mine["url"], **PHONE)
    expect(page.locator("#number")).to_have_text(mine["number"])
    hall.post("/windows/X02/call", {"ticket": mine["number"]}, token)
    hall.post("/windows/X02/hold", {}, token)
    expect(page.locator("#state")).to_contain_text("已挂起")
    hall.post("/windows/X02/resume", {"ticket": mine["number"]}, token)
    hall.post("/windows/X02/no-show", {}, token)
    expect(page.locator("#state")).to_have_text("您已过号")
    expect(page.locator("#advice")).to_contain_text("请到咨询台")


def test_cancelling_asks_first(hall: DemoHall, visit: Callable[..., Page]) -> None:
    """Cancel needs a second, different button; the server then knows, and the page offers it no more."""
    mine = hall.issue("tax-general")
    page = visit(hall.url + mine["url"], **PHONE)
    page.locator("#cancel").click()
    page.locator("#cancel-no").click()
    assert hall.get(f"/tickets/{mine['id']}", hall.demo["kiosk_token"])["state"] == "waiting"
    page.locator("#cancel").click()
    page.locator("#cancel-yes").click()
    expect(page.locator("#state")).to_have_text("已取消")
    expect(page.locator("#cancel")).to_be_hidden()
    assert hall.get(f"/tickets/{mine['id']}", hall.demo["kiosk_token"])["state"] == "cancelled"


def test_language_of_the_ticket_and_the_switch(hall: DemoHall, visit: Callable[..., Page]) -> None:
    """An English ticket opens in English on a Chinese phone, and one button changes that."""
    mine = hall.issue("social-fee", language="en")
    page = visit(hall.url + mine["url"], **PHONE)
    expect(page.locator("#ahead-label")).to_have_text("People ahead")
    expect(page.locator("#service")).to_have_text(mine["service_name_en"])
    assert page.locator("html").get_attribute("lang") == "en"
    page.locator("#switch").click()
    expect(page.locator("#ahead-label")).to_have_text("前面人数")
    assert page.locator("html").get_attribute("lang") == "zh"
    hall.issue("social-fee")
    expect(page.locator("#ahead-label")).to_have_text("前面人数")


def test_a_wrong_link_says_so(hall: DemoHall, visit: Callable[..., Page], watch: Watch) -> None:
    """A link that is not a ticket's shows a helpful page and no ticket."""
    watch.forgiven = ("404",)
    page = visit(f"{hall.url}/t/AAAAAAAAAAAAAAAAAAAAAA", **PHONE)
    expect(page.locator("#unknown-title")).to_have_text("没有找到号票")
    expect(page.locator("#ticket")).to_be_hidden()
