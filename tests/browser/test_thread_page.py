"""A manager finds a ticket and sees on one page what happened to it; the ledger leads there (Y3, M9)."""

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.demo_hall import DemoHall, sign_in

pytestmark = pytest.mark.browser

#: A service and a window of this file alone.
SERVICE, WINDOW = "company-register", "E07"
PHONE: dict[str, Any] = {"width": 320, "height": 720}


@pytest.fixture(scope="module")
def visit_of(hall: DemoHall) -> dict[str, Any]:
    """A visit with an item done, one accepted and one refused; its papers have been taken."""
    clerk, department = hall.token(window=WINDOW), hall.login(role="department")["department"]
    ticket = hall.issue(SERVICE)
    hall.post(f"/windows/{WINDOW}/open", {}, clerk)
    hall.post(f"/windows/{WINDOW}/call", {"ticket": ticket["number"]}, clerk)
    hall.post(f"/windows/{WINDOW}/start", {}, clerk)

    def settle(**item: Any) -> dict[str, Any]:
        view = hall.post(f"/windows/{WINDOW}/settle", {"id": f"t{uuid.uuid4().hex}", **item}, clerk)
        found: dict[str, Any] = view["settled"][-1]
        return found

    settle(outcome="done", title="名称自主申报")
    case = settle(outcome="accepted", title="公司设立登记", departments=[department], urgent=True)["case"]
    settle(outcome="refused", title="烟草零售许可", reason="conditions")
    hall.post(f"/windows/{WINDOW}/finish", {}, clerk)
    hall.post(f"/cases/{case}/take", {}, hall.token(role="runner"))
    return {**ticket, "case": case}


@pytest.fixture
def manager(hall: DemoHall, visit: Callable[..., Page]) -> Callable[..., Page]:
    """Opens a page as the manager."""

    def open_page(path: str, **how: Any) -> Page:
        page = visit(f"{hall.url}/sign-in", **how)
        sign_in(page, hall, role="manager")
        page.goto(f"{hall.url}{path}")
        return page

    return open_page


def test_from_a_number_to_the_whole_story(manager: Callable[..., Page], visit_of: dict[str, Any]) -> None:
    """Day and number, Enter: the phases with what runs, what is open, every event; one phase alone by a press."""
    page = manager("/thread")
    expect(page.locator("#number")).to_be_focused()
    page.keyboard.type("Z999")
    page.keyboard.press("Enter")
    expect(page.locator("#trouble")).to_contain_text("Z999")
    page.locator("#number").fill(visit_of["number"].lower())
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/thread/{visit_of['id']}")
    expect(page.locator("#story-heading")).to_contain_text(visit_of["number"])
    expect(page.locator("#open .open-line")).to_have_count(1)
    expect(page.locator("#open")).to_contain_text(visit_of["case"])
    states = page.locator("#phases button").evaluate_all("(all) => all.map((each) => each.dataset.state)")
    assert states == ["past", "past", "past", "now", "none", "none", "none", "none"]
    kinds = page.locator("#events .event").evaluate_all("(all) => all.map((each) => each.dataset.kind)")
    assert kinds == [
        "TicketIssued", "TicketCalled", "ServiceStarted", "ItemSettled", "ItemSettled", "CaseOpened", "ItemSettled",
        "ServiceFinished", "PapersTaken",
    ]  # fmt: skip
    expect(page.locator("[data-phase=approval]")).to_be_disabled()
    page.locator("button[data-phase=carrying]").click()
    expect(page.locator("#events .event")).to_have_count(1)
    expect(page.locator("#events .event")).to_contain_text(re.compile("取走材料"))
    page.locator("#all").click()
    expect(page.locator("#events .event")).to_have_count(9)
    with page.expect_download() as download:
        page.locator("#xlsx").click()
    assert download.value.suggested_filename.endswith(f"{visit_of['number']}.xlsx")


def test_a_case_number_is_as_good_as_a_ticket(manager: Callable[..., Page], visit_of: dict[str, Any]) -> None:
    """What a scanner types into the other field leads to the visit, in English and on a phone without sideways scroll."""
    page = manager("/thread?lang=en", **PHONE)
    page.locator("#q").fill(visit_of["case"])
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/thread/{visit_of['id']}")
    expect(page.locator("#events .event").last).to_contain_text("took the papers for")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_who_may_not_see_threads_is_told(hall: DemoHall, visit: Callable[..., Page], watch: Any) -> None:
    """A clerk sees neither a thread nor the ledger, and no empty page instead."""
    watch.forgiven = ("403",)
    page = visit(f"{hall.url}/sign-in")
    sign_in(page, hall, WINDOW)
    for path in ("/thread", "/ledger"):
        page.goto(hall.url + path)
        expect(page.locator("#refused")).to_be_visible()
        expect(page.locator("#main")).to_be_hidden()


def test_the_ledger_is_filtered_and_leads_to_threads(manager: Callable[..., Page], visit_of: dict[str, Any]) -> None:
    """One outcome chosen, its rows and totals alone; the number opens the thread; the bulletin says what it counts."""
    page = manager("/ledger")
    rows = page.locator("#rows tr")
    expect(rows.filter(has_text="公司设立登记")).to_have_count(1)
    expect(page.locator("#share-words")).to_contain_text("一窗受理")
    page.locator("#outcome").select_option("refused")
    page.locator("#go").click()
    expect(rows.filter(has_text="公司设立登记")).to_have_count(0)
    expect(rows.filter(has_text="烟草零售许可")).to_contain_text("不符合法定条件")
    expect(page.locator("[data-total=accepted]")).to_have_text("0")
    with page.expect_download() as download:
        page.locator("#xlsx").click()
    assert download.value.suggested_filename.startswith("ledger-")
    rows.filter(has_text="烟草零售许可").locator("a").click()
    expect(page.locator("#story-heading")).to_contain_text(visit_of["number"])
