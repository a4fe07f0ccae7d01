"""The clerk's console, worked with the keyboard alone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.console_clerk import Clerk, at_window
from tests.browser.demo_hall import DemoHall, Watch
from tests.browser.keyboard import tab_to

pytestmark = pytest.mark.browser


def test_signs_in_calls_starts_and_finishes(hall: DemoHall, visit: Callable[..., Page], watch: Watch) -> None:
    """A clerk signs in, opens the window, calls, starts and finishes without touching a mouse."""
    watch.forgiven = ("401",)  # the console asks who is signed in before anybody is
    first, second = hall.issue("marriage"), hall.issue("marriage")
    page = visit(f"{hall.url}/window")
    login = hall.login("M01")
    expect(page.locator("#user")).to_be_focused()
    page.keyboard.type(login["user"])
    tab_to(page, "password")
    page.keyboard.type(login["password"])
    tab_to(page, "window")
    page.keyboard.type("331")
    tab_to(page, "sign-in-button")
    page.keyboard.press("Enter")
    expect(page.locator("#title")).to_contain_text("331号窗口")
    clerk = Clerk(page, hall, "M01")

    tab_to(page, "open")
    clerk.presses("Enter")
    clerk.sees(lambda view: view["state"] == "open", "the window is open")

    expect(page.locator("#next-number")).to_have_text(first["number"])
    expect(page.locator("#next-why")).not_to_be_empty()
    clerk.presses("F7")
    clerk.shows(first["number"])
    clerk.sees(lambda view: view["ticket"]["state"] == "called", "the first is called")
    expect(page.locator("#timer")).to_have_text("0:02", timeout=5000)
    clerk.presses("F8")
    clerk.sees(lambda view: view["ticket"]["state"] == "serving", "the first is served")
    expect(page.locator("#current-state")).to_contain_text("办理中")
    clerk.presses("F9")
    done = clerk.sees(lambda view: view["ticket"] is None, "the first is finished")
    expect(page.locator("#done")).to_have_text(str(done["done_today"]))

    clerk.presses("F7")
    clerk.shows(second["number"])
    clerk.presses("F7")  # nobody is left: F7 finishes the second all the same
    view = clerk.sees(lambda view: view["ticket"] is None, "the second is finished")
    assert view["done_today"] == 2
    expect(page.locator("#said")).to_have_text("本窗口目前无人等候")


def test_every_other_action(hall: DemoHall, visit: Callable[..., Page]) -> None:
    """Recall, hold, resume, transfer, calling a number, no-show with undo, pause and close all work by keyboard."""
    clerk = at_window(visit, hall, "M02")
    page = clerk.page
    one, two, three = (hall.issue("divorce")["number"] for _ in range(3))
    expect(page.locator("#queue li")).to_have_count(3)

    clerk.presses("F7")
    clerk.shows(one)
    clerk.presses("Control+Alt+r")
    clerk.sees(lambda view: view["ticket"]["recalls"] == 1, "recalled")
    expect(page.locator("#recalls-left")).to_have_text("还可重呼 4 次")

    clerk.presses("Control+Alt+h")
    clerk.sees(lambda view: [t["number"] for t in view["held"]] == [one], "on hold")
    tab_to(page, "resume")
    clerk.presses("Enter")
    clerk.shows(one)

    clerk.presses("Control+Alt+t")
    expect(page.locator("#transfer-filter")).to_be_focused()
    services = next(zone for zone in hall.get("/hall")["zones"] if zone["id"] == "marriage")["services"]
    page.keyboard.type(next(service["name_en"] for service in services if service["id"] == "marriage-record"))
    expect(page.locator("#transfer-choices button")).to_have_count(1)
    clerk.presses("ArrowDown", "Enter")
    clerk.sees(lambda view: view["ticket"] is None, "transferred")
    moved = next(t for t in clerk.view()["queue"] if t["number"] == one)
    assert moved["service"] == "marriage-record"

    clerk.presses("Control+Alt+c")
    page.keyboard.type(three.lower())
    clerk.presses("Enter")
    clerk.shows(three)

    clerk.presses("Control+Alt+n")
    clerk.sees(lambda view: [t["number"] for t in view["missed"]] == [three], "a no-show")
    tab_to(page, "undo-button")
    clerk.presses("Enter")
    view = clerk.sees(lambda view: not view["missed"], "taken back")
    assert three in [t["number"] for t in view["queue"]]
    expect(page.locator("#undo")).to_be_hidden()

    clerk.presses("Control+Alt+p")
    first_reason = page.locator("#pause-reasons button").first
    expect(first_reason).to_be_focused()
    reason = first_reason.inner_text().strip()
    clerk.presses("Enter")
    view = clerk.sees(lambda view: view["state"] == "paused", "paused")
    assert view["pause_reason"] == reason
    expect(page.locator("#window-state")).to_contain_text(reason)
    expect(page.locator("#call-next")).to_have_attribute("aria-disabled", "true")
    tab_to(page, "open")
    clerk.presses("Enter")
    clerk.sees(lambda view: view["state"] == "open", "open again")

    for number in (one, two, three):
        clerk.presses("F7")
        clerk.shows(number)
    clerk.presses("F9")
    clerk.sees(lambda view: view["ticket"] is None, "all served")
    tab_to(page, "close")
    clerk.presses("Enter")
    clerk.sees(lambda view: view["state"] == "closed", "closed")


def test_issues_by_hand_in_three_steps(hall: DemoHall, visit: Callable[..., Page]) -> None:
    """A ticket without a machine takes the key, the service's name and Enter; it goes to the desk's printer (A2.10)."""
    clerk = at_window(visit, hall, "K01")
    page = clerk.page
    clerk.presses("Control+Alt+i")
    expect(page.locator("#issue-filter")).to_be_focused()
    page.keyboard.type("办不成事")
    expect(page.locator("#issue-choices button")).to_have_count(1)
    clerk.presses("Enter")
    expect(page.locator("#issued")).to_be_visible()
    number = page.locator("#issued-number").inner_text()
    assert number in [t["number"] for t in clerk.view()["queue"]]
    expect(page.locator("#issued-text")).to_contain_text("正在打印")
    clerk.presses("Escape")
    expect(page.locator("#issue-dialog")).to_be_hidden()
    clerk.presses("F7")
    clerk.shows(number)
    ticket = hall.get(f"/tickets/{clerk.view()['ticket']['id']}", clerk.token)
    assert (ticket["channel"], ticket["print"]) == ("staff", "queued")
    clerk.presses("F9")
    clerk.sees(lambda view: view["ticket"] is None, "served")


def test_ten_presses_are_one_command(hall: DemoHall, visit: Callable[..., Page]) -> None:
    """Hammering F7 while the answer is on its way calls one ticket, not ten."""
    clerk = at_window(visit, hall, "F01")
    numbers = [hall.issue("fund-loan")["number"] for _ in range(4)]
    expect(clerk.page.locator("#queue li")).to_have_count(4)
    sent: list[str] = []
    clerk.page.on("request", lambda request: sent.append(request.url) if "call-next" in request.url else None)
    clerk.page.evaluate(
        """() => { for (let n = 0; n < 10; n += 1)
             document.dispatchEvent(new KeyboardEvent("keydown", {key: "F7", code: "F7", bubbles: true, cancelable: true})); }"""
    )
    clerk.shows(numbers[0])
    clerk.sees(lambda view: view["ticket"]["number"] == numbers[0], "one is called")
    assert len(sent) == 1
    assert clerk.view()["waiting"] == 3


def test_a_double_press_does_not_finish_whom_it_called(hall: DemoHall, visit: Callable[..., Page]) -> None:
    """F7 and F7 again once the answer is there: the called citizen is still called, and nobody was finished."""
    clerk = at_window(visit, hall, "F03")
    for _ in range(2):
        hall.issue("fund-loan")
    expect(clerk.page.locator("#queue li")).not_to_have_count(0)
    clerk.presses("F7")
    clerk.sees(lambda view: view["ticket"] is not None, "somebody is called")
    called = clerk.view()["ticket"]["number"]
    expect(clerk.page.locator("#work")).to_have_attribute("aria-busy", "false")
    clerk.page.keyboard.press("F7")
    clerk.page.keyboard.press("F8")
    clerk.sees(lambda view: view["ticket"]["state"] == "serving", "service begins")
    assert clerk.view()["ticket"]["number"] == called
    assert clerk.view()["done_today"] == 0
    # Leave the window as it was found.
    clerk.presses("F9")
    clerk.sees(lambda view: view["ticket"] is None, "finished")
    while (left := clerk.view()["waiting"]) > 0:
        clerk.presses("F7")
        clerk.sees(lambda view, left=left: view["ticket"] is not None and view["waiting"] < left, "the next")
        clerk.presses("F9")
        clerk.sees(lambda view: view["ticket"] is None, "finished too")


def test_an_older_view_never_overwrites_a_newer_one(hall: DemoHall, visit: Callable[..., Page]) -> None:
    """The feed's view made before a press comes after its answer: it is dropped. A log put back from a copy counts anew."""
    shown = visit(f"{hall.url}/").evaluate(
        """async (views) => {
             const { Desk } = await import("/static/caller/desk.js");
             const desk = new Desk("S01", { view() {} });
             return views.map(([seq, time]) => { desk.take({ seq, now: `2026-11-23T09:00:${time}+08:00` }); return desk.view.seq; });
           }""",
        [[7, "01.000"], [9, "02.000"], [8, "01.500"], [9, "02.250"], [8, "02.100"], [3, "30.000"], [4, "31.000"]],
    )
    assert shown == [7, 9, 9, 9, 9, 3, 4]


def test_keys_can_be_changed(hall: DemoHall, visit: Callable[..., Page]) -> None:
    """A browser keeps the key that was chosen for call-next, and shows it on the button."""
    clerk = at_window(visit, hall, "F02")
    page = clerk.page
    number = hall.issue("fund-withdraw")["number"]
    tab_to(page, "open-keys")
    clerk.presses("Enter")
    tab_to(page, "call-next")
    clerk.presses("Enter", "Control+Alt+g")
    expect(page.locator("#keys li").first.locator("kbd")).to_have_text("Ctrl+Alt+G")
    clerk.presses("Escape")
    page.reload()
    expect(page.locator("#call-next kbd")).to_have_text("Ctrl+Alt+G")
    expect(page.locator("#window-state")).to_contain_text("开放")
    clerk.presses("F7")
    clerk.presses("Control+Alt+g")
    clerk.sees(lambda view: view["ticket"] is not None, "called by the new key")
    assert clerk.view()["done_today"] == 0, "F7 would have called, and the new key finished"
    assert clerk.view()["ticket"]["number"].startswith(number[0])


def test_refusals_are_told(hall: DemoHall, visit: Callable[..., Page], watch: Watch) -> None:
    """A number that is not there is refused in words, and the page goes on working."""
    watch.forgiven = ("404",)
    clerk = at_window(visit, hall, "F03")
    clerk.presses("Control+Alt+c")
    clerk.page.keyboard.type("F999")
    clerk.presses("Enter")
    trouble = clerk.page.locator("#trouble")
    expect(trouble).to_be_visible()
    assert any("\u4e00" <= letter <= "\u9fff" for letter in trouble.inner_text())
    hall.issue("fund-account")
    expect(clerk.page.locator("#call-next")).to_have_attribute("aria-disabled", "false")


def test_small_console(hall: DemoHall, visit: Callable[..., Page]) -> None:
    """The small always-on-top page fits 260 × 120 pixels and calls with F7."""
    clerk = at_window(visit, hall, "U01")
    number = hall.issue("water-supply")["number"]
    mini = visit(f"{hall.url}/window/mini?window=U01", context=clerk.page.context)
    mini.set_viewport_size({"width": 260, "height": 120})
    expect(mini.locator(".mini-state")).to_contain_text("等候 1 人")
    mini.keyboard.press("F7")
    expect(mini.locator(".mini-state b")).to_have_text(number)
    clerk.shows(number)
    size = mini.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    assert size[0] <= 260
    assert size[1] <= 120
    for button in mini.locator("button").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 44
    clerk.presses("F9")


def test_always_on_top_window(hall: DemoHall, visit: Callable[..., Page]) -> None:
    """Where the browser has it, the small console opens as picture-in-picture and shows the window."""
    clerk = at_window(visit, hall, "U02")
    assert clerk.page.evaluate("'documentPictureInPicture' in window")
    number = hall.issue("power-supply")["number"]
    with clerk.page.context.expect_page() as opened:
        clerk.page.locator("#open-mini").click()
    small = opened.value
    expect(small.locator(".mini-state")).to_contain_text("等候 1 人")
    small.locator("button.primary").click()
    expect(small.locator(".mini-state b")).to_have_text(number)
    clerk.shows(number)
    clerk.presses("F9")
