"""Many tabs of one browser, over HTTP/1.1 with its six lines to a server (C7)."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.demo_hall import DemoHall, sign_in

pytestmark = pytest.mark.browser


def test_ten_tabs_are_all_live(hall: DemoHall, visit: Callable[..., Page]) -> None:
    """Ten tabs with eight different views all follow a change, and the pages can still call the API."""
    first = visit("about:blank")
    sign_in(first, hall, role="manager")
    boards = ["main", "social", "police", "floor-2", "floor-3", "marriage", "main", "main"]
    tabs = [visit(f"{hall.url}/board/{board}", context=first.context) for board in boards]
    manage = visit(f"{hall.url}/manage", context=first.context)
    zone = visit(f"{hall.url}/zone/public", context=first.context)
    for tab in tabs:
        expect(tab.locator("#clock")).not_to_be_empty()
        expect(tab.locator("#cut-off")).to_be_hidden()
    expect(zone.locator("#windows li")).not_to_have_count(0)
    waiting = manage.locator('#zones li[data-key="public"] [data-fact="waiting"]')
    expect(waiting).not_to_have_text("–")
    before = int(waiting.inner_text())

    token = hall.token(role="supervisor")
    hall.post("/windows/U06/open", {}, token)
    hall.issue("agency")
    expect(waiting).to_have_text(str(before + 1))
    number = hall.issue("agency")["number"]
    hall.post("/windows/U06/call", {"ticket": number}, token)
    for tab, board in zip(tabs, boards, strict=True):
        if board in ("main", "social"):
            expect(tab.locator("#calls")).to_contain_text(number, timeout=5000)
    expect(zone.locator('#windows li[data-key="U06"] .ticket')).to_have_text(number)
    console = visit(f"{hall.url}/window?window=U06", context=first.context)
    expect(console.locator("#current-number")).to_have_text(number)
    console.keyboard.press("F9")
    expect(console.locator("#no-ticket")).to_be_visible()
