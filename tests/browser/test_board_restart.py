"""A board and a console through the death of the server (standards B3.4, design rule 8)."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.demo_hall import DemoHall, Watch, sign_in

pytestmark = pytest.mark.browser


def test_board_and_console_survive_kill_minus_nine(
    mortal_hall: DemoHall, visit: Callable[..., Page], watch: Watch
) -> None:
    """Within 3 s of kill −9 the console says that it is cut off and its buttons why, within 15 s the board does; within
    5 s of the restart both are right, unreloaded."""
    hall = mortal_hall
    watch.forgiven = ("ERR_CONNECTION_REFUSED", "ERR_INCOMPLETE_CHUNKED_ENCODING", "ERR_CONNECTION_RESET")
    clerk = hall.token("G01")
    hall.post("/windows/G01/open", {}, clerk)
    numbers = [hall.issue("id-card")["number"] for _ in range(3)]
    board = visit(f"{hall.url}/board/police", width=1920, height=1080)
    console = visit("about:blank")
    sign_in(console, hall, "G01")
    console.goto(f"{hall.url}/window")
    hall.post("/windows/G01/call-next", {}, clerk)
    expect(board.locator(".call .ticket .number")).to_have_text(numbers[0])
    expect(console.locator("#current-number")).to_have_text(numbers[0])
    for page in (board, console):
        page.evaluate("window.wasHereBefore = true")

    hall.kill()
    died = time.monotonic()
    expect(console.locator("#away")).to_be_visible(timeout=3000)
    expect(console.locator("#call-next")).to_have_attribute("aria-disabled", "true")
    expect(console.locator("#call-next-hint")).to_have_text("服务器连接中断，恢复后自动可用")
    expect(board.locator("#cut-off")).to_be_visible(timeout=15_000)
    assert time.monotonic() - died <= 15
    expect(board.locator("#cut-off")).to_contain_text("连接中断")
    assert "grayscale(1)" in board.locator("main").evaluate("node => getComputedStyle(node).filter")
    expect(board.locator(".call .ticket .number")).to_have_text(numbers[0])

    hall.start()
    up = time.monotonic()
    hall.post("/windows/G01/finish", {}, clerk)
    hall.post("/windows/G01/call-next", {}, clerk)
    expect(board.locator("#cut-off")).to_be_hidden(timeout=5000)
    expect(board.locator(".call .ticket .number").first).to_have_text(numbers[1], timeout=5000)
    expect(console.locator("#away")).to_be_hidden(timeout=5000)
    expect(console.locator("#call-next-hint")).to_have_text("")
    expect(console.locator("#current-number")).to_have_text(numbers[1], timeout=5000)
    assert time.monotonic() - up <= 5
    for page in (board, console):
        assert page.evaluate("window.wasHereBefore") is True, "the page must not have been loaded anew"
    console.keyboard.press("F7")
    expect(console.locator("#current-number")).to_have_text(numbers[2])
