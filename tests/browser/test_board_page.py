"""Boards in the browser: what is emphasised and for how long, that nothing is missed, and that it can be read."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.demo_hall import DemoHall, until

pytestmark = pytest.mark.browser

EMPHASIS_LEAST_MS = 10_000


def call_at(hall: DemoHall, window: str, service: str) -> str:
    """Somebody takes a ticket and the window calls it; whoever sat there is finished."""
    number: str = hall.issue(service)["number"]
    token = hall.token(role="supervisor")
    if hall.get(f"/windows/{window}", token)["state"] != "open":
        hall.post(f"/windows/{window}/open", {}, token)
    if hall.get(f"/windows/{window}", token)["ticket"]:
        hall.post(f"/windows/{window}/finish", {}, token)
    hall.post(f"/windows/{window}/call", {"ticket": number}, token)
    return number


def numbers_on(page: Page, only: str = ".call") -> list[str]:
    found: list[str] = page.locator(f"{only} .ticket .number").all_inner_texts()
    return found


def test_a_call_is_emphasised_for_ten_seconds(hall: DemoHall, visit: Callable[..., Page]) -> None:
    """A new call appears within a second, is emphasised at least 10 s, then stays in the list."""
    page = visit("about:blank", width=1920, height=1080)
    page.clock.install()
    page.goto(f"{hall.url}/board/police")
    expect(page.locator("#hall")).to_have_text("公安专区")
    number = call_at(hall, "G01", "id-card")
    until(lambda: number in numbers_on(page, ".call.lit"), 2, "the call is emphasised")
    row = page.locator(".call", has_text=number)
    expect(row.locator(".digits")).to_have_text("41")
    expect(row.locator(".word")).to_have_text("号窗口")
    page.clock.run_for(EMPHASIS_LEAST_MS)
    assert number in numbers_on(page, ".call.lit")
    page.clock.run_for(4000)
    assert number not in numbers_on(page, ".call.lit")
    assert number in numbers_on(page)


def test_nothing_flashes(hall: DemoHall, visit: Callable[..., Page]) -> None:
    """The emphasis breathes far below three times a second (WCAG 2.3.1), and not at all for who wants no motion."""
    page = visit(f"{hall.url}/board/police", width=1920, height=1080)
    call_at(hall, "G02", "residence-permit")
    lit = page.locator(".call.lit").first
    expect(lit).to_be_visible()
    seconds = lit.evaluate("node => parseFloat(getComputedStyle(node, '::before').animationDuration)")
    assert 1 / (2 * seconds) < 3
    page.emulate_media(reduced_motion="reduce")
    assert lit.evaluate("node => getComputedStyle(node, '::before').animationName") == "none"


def test_a_recall_is_emphasised_again_and_numbers_may_jump_back(hall: DemoHall, visit: Callable[..., Page]) -> None:
    """A recalled ticket moves to the top though its number is lower than the last one called (B3.5)."""
    first = call_at(hall, "G03", "household")
    second = call_at(hall, "G04", "household")
    page = visit(f"{hall.url}/board/police", width=1920, height=1080)
    until(lambda: {first, second} <= set(numbers_on(page)), 5, "both are on the board")
    hall.post("/windows/G03/recall", {}, hall.token(role="supervisor"))
    until(lambda: numbers_on(page)[0] == first, 2, "the recalled one is on top")
    assert first in numbers_on(page, ".call.lit")
    assert first < second


def test_ten_calls_at_once_all_appear(hall: DemoHall, visit: Callable[..., Page]) -> None:
    """Ten calls within a second on a board of four rows: each is emphasised, in call order, and none is lost."""
    windows = [f"S{n:02d}" for n in range(1, 11)]
    token = hall.token(role="supervisor")
    for window in windows:
        hall.post(f"/windows/{window}/open", {}, token)
    tickets = [hall.issue("pension")["number"] for _ in windows]
    page = visit("about:blank", width=1920, height=1080)
    page.clock.install()  # the emphasis of ten calls would take half a minute to watch
    page.goto(f"{hall.url}/board/main")
    expect(page.locator("#zones li")).not_to_have_count(0)
    page.clock.run_for(15_000)  # calls of a moment ago are past
    for window, ticket in zip(windows, tickets, strict=True):
        hall.post(f"/windows/{window}/call", {"ticket": ticket}, token)
    until(lambda: len(numbers_on(page)) > 1 and numbers_on(page, ".call.lit"), 5, "the first are emphasised")
    seen: list[str] = []
    expect(page.locator("#more")).to_be_visible()
    for _ in range(40):
        seen += [number for number in reversed(numbers_on(page, ".call.lit")) if number not in seen]
        page.clock.run_for(1000)
    assert [number for number in seen if number in tickets] == tickets, "each was emphasised, in call order"
    expect(page.locator("#more")).to_be_hidden()
    for window in windows:
        hall.post(f"/windows/{window}/finish", {}, token)


@pytest.mark.parametrize(
    ("board", "width", "height"), [("main", 1920, 1080), ("social", 1080, 1920), ("police", 1366, 768)]
)
def test_sizes_on_the_wall(hall: DemoHall, visit: Callable[..., Page], board: str, width: int, height: int) -> None:
    """What the browser really draws is as high as the standard asks, stays on the screen and does not overlap."""
    call_at(hall, "G05", "vehicles") if board == "police" else call_at(hall, "U03", "gas-supply")
    page = visit(f"{hall.url}/board/{board}", width=width, height=height)
    expect(page.locator(".call").first).to_be_visible()
    view = hall.get(f"/boards/{board}")
    mm_per_px = view["screen"]["inches"] * 25.4 / (width**2 + height**2) ** 0.5

    def font_mm(selector: str, part: float) -> float:
        size: float = page.locator(selector).first.evaluate("node => parseFloat(getComputedStyle(node).fontSize)")
        return size * part * mm_per_px

    distance = view["distance_m"]
    assert font_mm(".call .ticket .number", 0.733) >= 10 * distance - 0.1
    assert font_mm(".call .digits", 0.733) >= 10 * distance - 0.1
    for text in (".call .word", ".zone .state", "#hall", "#notice"):
        assert font_mm(text, 0.88) >= 4 * distance - 0.1, text
    boxes: list[dict[str, Any]] = [
        box for node in page.locator(".call, .zone, header, footer").all() if (box := node.bounding_box())
    ]
    for box in boxes:
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width + 1
        assert box["y"] + box["height"] <= height + 1
    rows = sorted(box["y"] for node in page.locator(".call, footer").all() if (box := node.bounding_box()))
    assert all(later > earlier for earlier, later in itertools.pairwise(rows))


def test_zones_show_who_waits_in_both_languages(hall: DemoHall, visit: Callable[..., Page]) -> None:
    """The count of a zone follows the server, in Chinese and, a page later, in English."""
    page = visit("about:blank", width=1920, height=1080)
    page.clock.install()
    page.goto(f"{hall.url}/board/police")
    before = hall.get("/boards/police")["zones"][0]["waiting"]
    hall.issue("residence-permit")
    expect(page.locator(".zone .count b")).to_have_text(str(before + 1))
    expect(page.locator(".zone")).to_contain_text("等候")
    page.clock.run_for(8000)
    expect(page.locator(".zone")).to_contain_text("waiting")


def test_a_screen_too_small_is_told_to_who_hangs_it_up(hall: DemoHall, visit: Callable[..., Page]) -> None:
    """With ?setup a board says what its sizes come to; the sizes call says when they do not fit."""
    page = visit(f"{hall.url}/board/main?setup", width=1920, height=1080)
    expect(page.locator("#setup")).to_contain_text("票号字高 100 毫米")
    sizes = page.request.get(f"{hall.url}/board-sizes?width=1920&height=1080&inches=32&distance=15&zones=6").json()
    assert sizes["fits"] is False
    assert "15 米" in sizes["warnings"]["zh"][0]
    assert page.request.get(f"{hall.url}/board-sizes?width=0&height=1080&inches=32&distance=15&zones=6").status == 422


def test_an_unknown_board_says_so(hall: DemoHall, visit: Callable[..., Page], watch: Any) -> None:
    """A wrong address shows that there is no such board, and no empty one."""
    watch.forgiven = ("404",)
    page = visit(f"{hall.url}/board/nowhere")
    expect(page.locator("#unknown")).to_be_visible()
    expect(page.locator("#unknown")).to_contain_text("没有这块显示屏")


def test_the_list_of_calls(hall: DemoHall, visit: Callable[..., Page]) -> None:
    """Which calls are shown, as rules: replaced by a recall, dropped when held, served ones not sent for."""
    page = visit(f"{hall.url}/board/police")
    shown = page.evaluate(
        """async () => {
          const { CallList } = await import("/static/board/calls.js");
          const at = new Date(0).toISOString();
          const call = (id, number, state) => ({ call: id, number, ticket_state: state || "called", at });
          const list = new CallList();
          const names = (now) => list.shown(now, 2).map((each) => each.call.number + (each.isLit ? "!" : ""));
          const steps = [];
          list.take([call(1, "A1")], 3600000, 0);               // found at start, long ago: no emphasis
          steps.push(names(0));
          list.take([call(4, "A4"), call(3, "A3"), call(2, "A2"), call(1, "A1")], 3600000, 1000);
          steps.push(names(1000), [list.pending]);              // two rows: the two oldest of the new ones first
          list.take([call(4, "A4", "serving"), call(3, "A3"), call(2, "A2"), call(1, "A1")], 3600000, 2000);
          steps.push([list.pending]);                           // A4 sits at the window by now
          steps.push(names(14000));                             // the emphasis is over
          list.take([call(5, "A1"), call(4, "A4", "serving"), call(3, "A3"), call(2, "A2")], 3600000, 15000);
          steps.push(names(15000));                             // recalled: on top and emphasised
          list.take([call(4, "A4", "serving"), call(3, "A3"), call(2, "A2")], 3600000, 16000);
          steps.push(names(16000));                             // put on hold: gone
          return steps;
        }"""
    )
    assert shown == [["A1"], ["A3!", "A2!"], [1], [0], ["A4", "A3"], ["A1!", "A4"], ["A4", "A3"]]
