"""Rating at the evaluator's tablet and on the phone; work orders by keyboard alone; matters at a desk."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.demo_hall import DemoHall, Watch, sign_in
from tests.browser.keyboard import tab_to

pytestmark = pytest.mark.browser

TABLET: dict[str, Any] = {"width": 1280, "height": 800}
PHONE: dict[str, Any] = {"width": 390, "height": 844}
#: A service and a window of this file alone.
SERVICE, WINDOW = "company-register", "E03"


def serve(hall: DemoHall, **fields: Any) -> Any:
    """A citizen is served to the end by the window's clerk."""
    clerk = hall.token(window=WINDOW)
    ticket = hall.issue(SERVICE, **fields)
    hall.post(f"/windows/{WINDOW}/open", {}, clerk)
    hall.post(f"/windows/{WINDOW}/call", {"ticket": ticket["number"]}, clerk)
    hall.post(f"/windows/{WINDOW}/finish", {}, clerk)
    return ticket


def rating_of(hall: DemoHall, ticket: Any) -> Any:
    """What the citizen's own link tells."""
    return hall.get(ticket["url"])["rating"]


def too_small(page: Page) -> list[str]:
    """Words that nobody reads who stands 60 cm away: below 24 px."""
    script = """() => [...document.querySelectorAll("body *")]
      .filter((node) => !node.children.length && node.textContent.trim() && node.offsetParent)
      .filter((node) => parseFloat(getComputedStyle(node).fontSize) < 24).map((node) => node.textContent)"""
    found: list[str] = page.evaluate(script)
    return found


@pytest.fixture
def tablet(hall: DemoHall, visit: Callable[..., Page], watch: Watch) -> Page:
    """A tablet that a supervisor has set up for the window."""
    watch.forgiven = ("401", "403")  # it is told that it is none yet
    page = visit(f"{hall.url}/evaluator/{WINDOW}", **TABLET)
    expect(page.locator("#setup-sign-in")).to_be_visible()
    sign_in(page, hall, role="supervisor")
    page.reload()
    page.locator("#setup-pair").click()
    # What it shows then is the window's: idle, or thanks for the rating of a test before.
    expect(page.locator("#idle, #thanks").locator("visible=true")).to_have_count(1)
    return page


def test_a_citizen_rates_at_the_tablet(hall: DemoHall, tablet: Page) -> None:
    """It asks about the number just finished, nothing is chosen beforehand, a second touch is needed to send."""
    expect(tablet.locator("#idle")).not_to_contain_text(re.compile("clerk|李|王"))
    assert too_small(tablet) == []
    ticket = serve(hall)
    expect(tablet.locator("#number")).to_have_text(ticket["number"])
    faces = tablet.locator("#faces button")
    assert faces.all_inner_texts() == ["非常满意", "满意", "基本满意", "不满意", "非常不满意"]
    assert tablet.locator("#faces [aria-pressed=true], #faces :checked").count() == 0
    boxes = [face.bounding_box() for face in faces.all()]
    assert all(box and box["width"] >= 150 and box["height"] >= 150 for box in boxes)
    assert too_small(tablet) == []
    faces.nth(1).click()
    assert too_small(tablet) == []
    expect(tablet.locator("#points-title")).to_have_text("您选择了：满意")
    assert tablet.locator("#ticks input:checked").count() == 0
    assert rating_of(hall, ticket) is None
    tablet.locator("#ticks label").nth(1).click()
    tablet.locator("#send").click()
    expect(tablet.locator("#thanks")).to_be_visible()
    assert rating_of(hall, ticket) == 4


def test_the_tablet_speaks_the_citizens_language(hall: DemoHall, tablet: Page) -> None:
    """An English ticket is asked in English, and one button changes that."""
    serve(hall, language="en")
    expect(tablet.locator("#ask-title")).to_have_text("How was the service?")
    tablet.locator("#switch").click()
    expect(tablet.locator("#ask-title")).to_have_text("请您评价本次服务")


def test_a_clerk_signed_in_on_the_tablet_cannot_rate(hall: DemoHall, visit: Callable[..., Page], watch: Watch) -> None:
    """It says who is signed in and offers nothing but to sign out."""
    watch.forgiven = ("401", "403")
    page = visit(f"{hall.url}/evaluator/{WINDOW}", **TABLET)
    sign_in(page, hall, WINDOW)
    page.reload()
    expect(page.locator("#setup-text")).to_contain_text("有工作人员登录的设备不能用于群众评价")
    expect(page.locator("#setup-pair")).to_be_hidden()
    expect(page.locator("#asking")).to_be_hidden()


def test_a_citizen_rates_on_the_phone(hall: DemoHall, visit: Callable[..., Page]) -> None:
    """Asked once the service is over; a bad rating may be told in words, with a number to be called back under."""
    ticket = serve(hall)
    page = visit(hall.url + ticket["url"], **PHONE)
    expect(page.locator("#rate-title")).to_be_visible()
    expect(page.locator("#code")).to_have_text(ticket["rating_code"])
    assert page.locator("#rate-levels :checked").count() == 0
    expect(page.locator("#rate-more")).to_be_hidden()
    page.get_by_label("基本满意").check()
    expect(page.locator("#rate-contact")).to_be_hidden()
    page.get_by_label("不满意", exact=True).check()
    page.get_by_label("办理缓慢").check()
    page.locator("#rate-comment").fill("等了一个小时")
    page.locator("#rate-phone").fill("13912345678")
    page.locator("#rate-send").click()
    expect(page.locator("#rated")).to_have_text("感谢您的评价：不满意")
    expect(page.locator("#rate")).to_be_hidden()
    expect(page.locator("#code-box")).to_be_hidden()
    order = hall.get(f"/orders/{ticket['id']}", hall.token(role="supervisor"))
    assert (order["level"], order["comment"], order["phone"]) == (2, "等了一个小时", "13912345678")
    assert [point["id"] for point in order["points"]] == ["slow"]


def press(page: Page, name: str) -> None:
    """Go to a control by Tab and press it."""
    tab_to(page, name)
    page.keyboard.press("Enter")


def test_an_order_is_handled_by_keyboard_alone(hall: DemoHall, visit: Callable[..., Page]) -> None:
    """Call back, put right; the page then has no close for the same person, and another one closes it, in time. A reload
    opens the same order by its address, Back leads out of it."""
    ticket = serve(hall)
    hall.post(f"/tickets/{ticket['id']}/rating", {"level": 1}, hall.demo["kiosk_token"])
    page = visit(f"{hall.url}/sign-in")
    sign_in(page, hall, role="supervisor")
    page.goto(f"{hall.url}/orders")
    expect(page.locator(f"[data-row={ticket['number']}]")).to_be_visible()
    press(page, ticket["number"])
    expect(page.locator("#detail-heading")).to_be_focused()
    press(page, "step-callback")
    page.keyboard.press("Space")  # the dialog opens on its first answer, which is not chosen yet
    tab_to(page, "step-note")
    page.keyboard.type("已致歉")
    press(page, "step-go")
    expect(page.locator("#said")).to_have_text("回访已登记")
    press(page, "step-mend")
    page.keyboard.type("已当面补办")
    press(page, "step-go")
    expect(page.locator("#timeline")).to_contain_text("已当面补办")
    expect(page.locator("#step-close")).to_have_count(0)
    sign_in(page, hall, role="manager")
    page.reload()
    expect(page).to_have_url(f"{hall.url}/orders?order={ticket['id']}")
    page.locator("#step-close").click()
    page.locator("#step-go").click()
    expect(page.locator("#no-steps")).to_have_text("该工单已结束")
    expect(page.locator("#detail-chips")).to_contain_text("按时办结")
    assert hall.get(f"/orders/{ticket['id']}", hall.token(role="manager"))["state"] == "closed"
    page.go_back()
    expect(page.locator("#detail")).to_be_hidden()
    page.go_forward()
    expect(page.locator("#detail-heading")).to_contain_text(ticket["number"])


def test_a_matter_is_written_down_and_settled(hall: DemoHall, visit: Callable[..., Page]) -> None:
    """A clerk writes it down and settles it; only leaders are offered the sheet for 12345."""
    page = visit(f"{hall.url}/sign-in")
    sign_in(page, hall, WINDOW)
    page.goto(f"{hall.url}/matters")
    page.get_by_label("办不成事").check()
    page.locator("#reason").select_option("refused")
    page.locator("#note").fill("缺一张表，跑了三趟")
    page.locator("#phone").fill("13912345678")
    page.locator("#record-go").click()
    expect(page.locator("#said")).to_contain_text("已登记")
    page.locator("#list button").first.click()
    expect(page.locator("#text")).to_have_text("缺一张表，跑了三趟")
    expect(page.locator("#facts")).to_contain_text("13912345678")
    page.get_by_label("已办成").check()
    page.locator("#settle-go").click()
    expect(page.locator("#list-empty")).to_be_visible()
    expect(page.locator("#exports")).to_be_hidden()
    sign_in(page, hall, role="manager")
    page.reload()
    expect(page.locator("#exports")).to_be_visible()
