"""The tide in the browser: a supervisor decides by keyboard; board, kiosk, LED bar and clerk follow."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from tests.browser.demo_hall import ROOT, DemoHall, Watch, sign_in, until

pytestmark = pytest.mark.browser

#: A tidal window in each zone, moved when a supervisor agrees; proposed as soon as a minute of work waits.
TIDAL = """
  - { ids: T1, number: 21, zone: social, position: tidal, may_help: [licence] }
  - { ids: T2, number: 22, zone: business, position: tidal, may_help: [insurance] }
tides: { mode: propose, open_pressure_min: 1, open_after_min: 0, open_every_min: 0 }
rules: { wait_clear_min: 0.01 }
"""
#: Whoever waits for relief is told of after a second.
WARNED = "  - id: relief\n    wait_warn_min: 0.02\n    wait_alarm_min: 60\n"
SMALL_TARGETS = """(least) => Array.from(document.querySelectorAll("button, a[href], select, .choice")).filter((node) => {
  const box = node.getBoundingClientRect();
  return box.width > 0 && !node.classList.contains("skip") && (box.width < least - 0.5 || box.height < least - 0.5);
}).map((node) => node.id || node.textContent.trim())"""


def start(folder: Path) -> DemoHall:
    """A small hall with tidal windows."""
    text = (ROOT / "tests" / "hall" / "small_hall.yaml").read_text("utf-8")
    text = text.replace("\npriority_groups:", f"{TIDAL}priority_groups:").replace("  - id: relief\n", WARNED)
    assert "propose" in text
    assert "wait_warn_min" in text
    file = folder / "tidal.yaml"
    file.write_text(text, "utf-8")
    running = DemoHall(folder / "data", file)
    running.start()
    return running


@pytest.fixture
def tidal(tmp_path: Path) -> Iterator[DemoHall]:
    """A hall of the test's own: tides start from nothing."""
    running = start(tmp_path)
    yield running
    running.kill()


@pytest.fixture(scope="module")
def busy_hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoHall]:
    """A hall that is only looked at: with a proposal, an alarm and a move."""
    running = start(tmp_path_factory.mktemp("busy"))
    press_business(running)
    token = running.token(role="supervisor")
    running.issue("relief")
    running.post("/windows/T2/open", {}, token)
    running.post("/windows/T2/assign", {"zones": ["social"]}, token)
    yield running
    running.kill()


def press_business(hall: DemoHall) -> None:
    """E01 is alone with a line, T1 of the other zone stands by: it is proposed to open there."""
    token = hall.token(role="supervisor")
    hall.post("/windows/E01/open", {}, token)
    hall.post("/windows/T1/close", {"standby": True}, token)
    for _ in range(6):
        hall.issue("licence")
    hall.post("/windows/E01/call-next", {}, token)


def as_supervisor(visit: Callable[..., Page], hall: DemoHall, path: str, **how: Any) -> Page:
    page = visit("about:blank", **how)
    sign_in(page, hall, role="supervisor")
    page.goto(hall.url + path)
    return page


def tab_to(page: Page, selector: str, limit: int = 80) -> None:
    """Goes on with Tab until the focus is there."""
    for _ in range(limit):
        if page.evaluate("(s) => document.activeElement.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} cannot be reached by Tab")


def tides(hall: DemoHall) -> Any:
    return hall.get("/tides", hall.token(role="supervisor"))


def windows_text(hall: DemoHall) -> str:
    """What the kiosk says of the licence's windows."""
    return str(hall.get("/hall")["zones"][1]["services"][0]["windows_text"])


def test_a_proposal_is_accepted_and_everybody_follows(tidal: DemoHall, visit: Callable[..., Page]) -> None:
    """It appears with its reason; one press of a key and board, kiosk, LED bar, lists and clerk show the new zone."""
    page = as_supervisor(visit, tidal, "/zone/business")
    board = visit(f"{tidal.url}/board/main", width=1920, height=1080)
    expect(board.locator("#zones li").first).to_be_visible()
    expect(board.locator("#notices")).to_be_hidden()
    expect(page.locator("#tidal-windows li")).to_have_count(2)
    expect(page.locator("#proposals-box")).to_be_hidden()
    press_business(tidal)
    card = page.locator('#proposals li[data-key="T1"]')
    expect(card).to_be_visible()
    proposal = tides(tidal)["proposals"][0]
    assert (proposal["window"], proposal["action"], proposal["zone"]) == ("T1", "open", "business")
    expect(card).to_contain_text("21号窗口")
    expect(card.locator(".sentence")).to_have_text(proposal["why"]["zh"])
    assert "21" not in windows_text(tidal)

    tab_to(page, '[data-key="T1"] [data-verb=accept]')
    page.keyboard.press("Enter")

    expect(card).to_have_count(0)
    expect(page.locator("#tides-said")).to_have_text("已同意：21号窗口")
    row = page.locator('#tidal-windows li[data-key="T1"]')
    expect(row.locator(".badge-name")).to_have_text("企业事务")
    expect(row.locator(".chip")).to_contain_text("开放")
    expect(row.locator(".sentence")).to_have_text(proposal["why"]["zh"])
    expect(page.locator("#moves li").first).to_contain_text(proposal["why"]["zh"])
    expect(page.locator('#windows li[data-key="T1"] .place')).to_contain_text("前来支援")
    expect(board.locator("#notice")).to_have_text("21号窗口 → 企业事务")
    expect(board.locator("#notices")).to_have_class("tide")
    assert [tide["window"] for tide in tidal.get("/boards/main")["tides"]] == ["T1"]
    until(lambda: windows_text(tidal) == "11、21号窗口", 3, "the kiosk names the window")
    window = tidal.get("/windows/T1", tidal.token(role="supervisor"))
    assert window["led"]["zh"] == "现办企业事务业务"
    assert page.evaluate("document.activeElement !== document.body"), "the keyboard lost its place"
    token = tidal.token(role="supervisor")
    tidal.post("/windows/T2/open", {}, token)
    tidal.post("/windows/T2/assign", {"zones": ["social"]}, token)
    # Whoever has just gone stands first.
    expect(board.locator("#notice")).to_have_text(re.compile("^22号窗口 → 社会事务\\s+21号窗口 → 企业事务$"))


def test_a_dismissed_proposal_vanishes(tidal: DemoHall, visit: Callable[..., Page]) -> None:
    """By keyboard too: the card goes, nothing has moved, and it does not come back by itself."""
    page = as_supervisor(visit, tidal, "/zone/social")
    press_business(tidal)
    card = page.locator('#proposals li[data-key="T1"]')
    expect(card).to_be_visible()
    tab_to(page, '[data-key="T1"] [data-verb=dismiss]')
    page.keyboard.press("Space")

    expect(card).to_have_count(0)
    expect(page.locator("#tides-said")).to_have_text("未采纳：21号窗口")
    # The rules look again every second; whatever they propose next, it is not this.
    until(lambda: any(p["id"] != "T1" for p in tides(tidal)["proposals"]), 5, "the rules have looked again")
    assert ("T1", "open", "business") not in [(p["window"], p["action"], p["zone"]) for p in tides(tidal)["proposals"]]
    assert tides(tidal)["moves_today"] == 0
    assert page.evaluate("document.activeElement !== document.body"), "the keyboard lost its place"


def test_a_proposal_settled_elsewhere_is_refused_in_words(
    tidal: DemoHall, visit: Callable[..., Page], watch: Watch
) -> None:
    """Two supervisors, one proposal: the second is told, and the card is gone."""
    watch.forgiven = ("404",)
    page = as_supervisor(visit, tidal, "/zone/business")
    press_business(tidal)
    accept = page.locator('[data-key="T1"] [data-verb=accept]')
    expect(accept).to_be_visible()
    token = tidal.token(role="supervisor")

    def somebody_was_quicker(route: Route) -> None:
        tidal.post("/tides/T1/dismiss", {}, token)
        route.continue_()

    page.route("**/tides/T1/accept", somebody_was_quicker)
    accept.click()
    expect(page.locator("#tides-trouble")).to_have_text("这条调配建议已不再有效")
    expect(page.locator('#proposals li[data-key="T1"]')).to_have_count(0)


def test_a_window_is_moved_by_hand_and_brought_home(tidal: DemoHall, visit: Callable[..., Page]) -> None:
    """Zone and end by keyboard; a busy window goes when its ticket has gone, and its clerk is told; then home again."""
    token = tidal.token(role="supervisor")
    clerk = visit("about:blank")
    sign_in(clerk, tidal, "T1")
    clerk.goto(f"{tidal.url}/window")
    clerk.locator("#open").click()
    tidal.issue("insurance")
    tidal.post("/windows/T1/call-next", {}, token)
    page = as_supervisor(visit, tidal, "/zone/social")
    row = page.locator('#tidal-windows li[data-key="T1"]')
    expect(row.locator(".facts")).to_contain_text("A001")

    tab_to(page, '[data-key="T1"] .move')
    page.keyboard.press("Enter")
    expect(page.locator("#move-dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#move-dialog")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page.locator("#move-zones input")).to_have_count(1)
    tab_to(page, "#move-until")
    page.keyboard.press("ArrowUp")
    tab_to(page, "#move-go")
    page.keyboard.press("Enter")

    expect(page.locator("#tides-said")).to_have_text("21号窗口办完本号后调往企业事务")
    expect(row.locator(".facts")).to_contain_text("办完本号后调往企业事务")
    expect(clerk.locator("#tide-where")).to_contain_text("办完本号后调往企业事务")
    window = next(w for w in tides(tidal)["windows"] if w["window"] == "T1")
    assert window["pending"]["until"] is not None
    clerk.locator("#finish").click()
    expect(clerk.locator("#tide-where")).to_have_text(re.compile("现在办理：企业事务，到 [0-9:]{5} 为止"))
    expect(clerk.locator("#tide-why")).to_contain_text("主管把 21 号窗口调到企业事务")
    expect(row.locator(".badge-name")).to_have_text("企业事务")
    expect(row.locator(".facts")).to_contain_text("为止")

    tab_to(page, '[data-key="T1"] .home')
    page.keyboard.press("Enter")
    expect(row.locator(".badge-name")).to_have_text("社会事务")
    expect(row.locator(".home")).to_be_hidden()
    expect(clerk.locator("#tide")).to_be_hidden()
    assert page.evaluate("document.activeElement !== document.body"), "the keyboard lost its place"


def test_a_clerk_sees_the_turn_and_stands_by(tidal: DemoHall, visit: Callable[..., Page]) -> None:
    """The turn is told while somebody is waiting to be called here; a tidal clerk stands by, another window cannot."""
    clerk = visit("about:blank")
    sign_in(clerk, tidal, "T1")
    clerk.goto(f"{tidal.url}/window")
    clerk.locator("#open").click()
    expect(clerk.locator("#turn")).to_be_empty()
    tidal.issue("insurance")
    expect(clerk.locator("#turn")).to_contain_text("您的顺序")
    assert clerk.locator("#turn").get_attribute("aria-live") == "polite"
    assert clerk.evaluate("getComputedStyle(document.getElementById('turn')).animationName") == "none"
    clerk.locator("#call-next").click()
    expect(clerk.locator("#turn")).to_be_empty()
    expect(clerk.locator("#standby")).to_have_attribute("aria-disabled", "true")
    clerk.locator("#finish").click()
    expect(clerk.locator("#standby")).to_have_attribute("aria-disabled", "false")
    clerk.locator("#standby").click()
    expect(clerk.locator("#said")).to_have_text("已待命：需要时本窗口将开启")
    expect(clerk.locator("#window-state")).to_contain_text("待命中")
    other = visit("about:blank")
    sign_in(other, tidal, "S01")
    other.goto(f"{tidal.url}/window")
    expect(other.locator("#open")).to_be_visible()
    expect(other.locator("#standby")).to_be_hidden()


def test_a_wait_that_is_too_long_is_told(tidal: DemoHall, visit: Callable[..., Page]) -> None:
    """On the zone's page and the manager's, politely; the manager's page says by which rules it is decided."""
    zone = as_supervisor(visit, tidal, "/zone/social")
    manager = as_supervisor(visit, tidal, "/manage")
    for page in (zone, manager):
        expect(page.locator("#main")).to_be_visible()
        assert page.locator("#wait-alarms").locator("..").get_attribute("aria-live") == "polite"
        expect(page.locator("#wait-alarms li")).to_have_count(0)
    tidal.issue("relief")
    for page in (zone, manager):
        expect(page.locator("#wait-alarms li")).to_contain_text("社会救助")
    tidal.post("/windows/S01/open", {}, tidal.token(role="supervisor"))
    tidal.post("/windows/S01/call-next", {}, tidal.token(role="supervisor"))
    for page in (zone, manager):
        expect(page.locator("#wait-alarms li")).to_have_count(0)
    rules = manager.locator(".rule-list li").all_inner_texts()
    assert any("45" in sentence and "优先" in sentence for sentence in rules)
    assert any("主管" in sentence for sentence in rules)
    expect(manager.locator('[data-tide="moves_today"]')).to_have_text("0")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_panel_can_be_used_by_everybody(busy_hall: DemoHall, visit: Callable[..., Page], language: str) -> None:
    """axe finds nothing serious with a proposal, an alarm, moves and the dialog; at 320 px nothing is cut or small."""
    page = as_supervisor(visit, busy_hall, f"/zone/business?lang={language}")
    page.emulate_media(reduced_motion="reduce")
    expect(page.locator("#proposals li").first).to_be_visible()
    expect(page.locator("#moves li").first).to_be_visible()

    def serious() -> list[Any]:
        found = Axe().run(page).response["violations"]
        return [(f["id"], f["nodes"][0]["html"][:150]) for f in found if f["impact"] in ("serious", "critical")]

    assert serious() == []
    if language == "en":
        shown = page.evaluate(
            """() => { const copy = document.body.cloneNode(true);
                 copy.querySelectorAll("[lang=zh], .mark, script").forEach((node) => node.remove());
                 return copy.textContent; }"""
        )
        assert re.findall("[\u4e00-\u9fff]+", shown) == []
    page.set_viewport_size({"width": 320, "height": 720})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.evaluate(SMALL_TARGETS, 44) == []
    page.locator("#tidal-windows .move").first.click()
    expect(page.locator("#move-dialog")).to_be_visible()
    assert serious() == []
    assert page.evaluate(SMALL_TARGETS, 44) == []
    box = page.locator("#move-dialog").bounding_box()
    assert box is not None
    assert box["width"] <= 320


def test_a_clerk_sees_the_zone_without_the_panel(busy_hall: DemoHall, visit: Callable[..., Page]) -> None:
    """Moving windows is for leaders; a clerk's page asks for nothing it may not have."""
    page = visit("about:blank")
    sign_in(page, busy_hall, "S01")
    page.goto(f"{busy_hall.url}/zone/social")
    expect(page.locator("#windows li").first).to_be_visible()
    expect(page.locator("#tides")).to_be_hidden()
