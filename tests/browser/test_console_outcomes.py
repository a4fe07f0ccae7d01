"""What became of each item, told at the console with the keyboard alone; experts; a pre-check that goes on (P2, Y9)."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.console_clerk import Clerk, at_window
from tests.browser.demo_hall import DemoHall
from tests.browser.keyboard import tab_to

pytestmark = pytest.mark.browser

Visit = Callable[..., Page]


def serving(visit: Visit, hall: DemoHall, window: str, service: str, **ticket: str) -> tuple[Clerk, str]:
    """A clerk who serves a fresh ticket and prints nothing; the number."""
    clerk = at_window(visit, hall, window)
    number: str = hall.issue(service, **ticket)["number"]
    hall.post(f"/windows/{window}/call", {"ticket": number}, clerk.token)
    hall.post(f"/windows/{window}/start", {}, clerk.token)
    clerk.page.evaluate("localStorage.setItem('chaoxi.printer', '')")
    clerk.shows(number)
    expect(clerk.page.locator("#current-state")).to_contain_text("办理中")
    return clerk, number


def asks(clerk: Clerk) -> None:
    """F2 opens the panel."""
    clerk.presses("F2")
    expect(clerk.page.locator("#outcome-dialog")).to_be_visible()


def settled(clerk: Clerk, count: int) -> list[dict[str, object]]:
    """So many items are settled, for the server and on the page."""
    view = clerk.sees(lambda view: len(view["settled"]) == count, f"{count} settled")
    expect(clerk.page.locator("#settled li")).to_have_count(count)
    return list(view["settled"])


def test_the_tickets_own_item_takes_three_keys(hall: DemoHall, visit: Visit) -> None:
    """F2, 2, Enter: accepted, with the case's number beside; the next item of the visit begins with an empty field."""
    item = hall.get("/items?service=medical-insurance&limit=1")["items"][0]
    clerk, _ = serving(visit, hall, "S20", "medical-insurance", item=item["code"])
    asks(clerk)
    expect(clerk.page.locator("#outcome-item")).to_have_value(item["name"])
    clerk.presses("2", "Enter")
    (one,) = settled(clerk, 1)
    assert (one["outcome"], one["item"], one["department"]) == ("accepted", item["code"], item["department"])
    expect(clerk.page.locator("#settled")).to_contain_text(str(one["case"]))
    expect(clerk.page.locator("#outcome-dialog")).to_be_hidden()
    tab_to(clerk.page, "print")
    clerk.presses("Enter")
    expect(clerk.page.locator("#print-said")).to_have_text(f"正在打印：{item['name']}")
    address = hall.url + str(clerk.page.locator("#settled a").get_attribute("href"))
    sheet = clerk.page.request.get(address, timeout=60_000)  # seconds of work with large fonts
    assert (sheet.status, sheet.body()[:4]) == (200, b"%PDF")
    asks(clerk)
    expect(clerk.page.locator("#outcome-item")).to_be_focused()
    clerk.presses("Escape", "F9")
    clerk.sees(lambda view: view["ticket"] is None, "finished")


def test_several_items_in_one_visit_by_keys_alone(hall: DemoHall, visit: Visit) -> None:
    """Found by words and accepted with papers to follow; told in own words and refused; a slip taken back."""
    clerk, _ = serving(visit, hall, "S21", "medical-insurance")
    page = clerk.page
    asks(clerk)
    expect(page.locator("#outcome-keys")).to_have_text("先填事项并回车，再按 1–6 选择（或直接按 Alt+1–6）")
    page.keyboard.type("生育登记")
    clerk.presses("Enter")
    expect(page.locator("#outcome-item")).to_have_value("生育登记服务")
    expect(page.locator("#outcome-keys")).to_have_text("按 1–6 选择，回车确认，Esc 返回")
    clerk.presses("3")
    papers = page.locator("#papers input")
    expect(papers.first).to_be_focused()
    clerk.presses("Enter")
    expect(page.locator("#outcome-trouble")).to_have_text("请勾选或填写全部所缺材料")
    clerk.presses("Space", "ArrowDown", "ArrowDown", "ArrowDown")
    expect(page.locator("#paper-more")).to_be_focused()
    page.keyboard.type("单位介绍信")
    clerk.presses("Enter", "Enter")
    (first,) = settled(clerk, 1)
    assert first["outcome"] == "accepted_missing"
    assert first["lacks"] == ["居民身份证", "单位介绍信"]
    promised = hall.get("/outcomes", clerk.token)["default_promise_on"]
    assert str(first["promise_by"])[:10] == promised
    expect(page.locator("#settled")).to_contain_text(f"承诺{promised}前补齐")

    asks(clerk)
    page.keyboard.type("补发旧证")
    expect(page.locator("#outcome-hits")).to_be_visible()
    clerk.presses("ArrowUp", "Enter", "5")
    expect(page.locator("[name=reason]").first).to_be_focused()
    expect(page.locator("#outcome-keys")).to_have_text("按 1–6 选择，回车确认，Esc 返回")
    expect(page.locator("#note-label")).to_have_text("具体理由（写入通知书）")
    page.locator("[name=reason][value=other]").check()
    clerk.presses("Enter")  # no reason in words: nothing is sent
    expect(page.locator("#outcome-trouble")).to_have_text("请填写具体理由，将写入通知书")
    expect(page.locator("#outcome-note")).to_be_focused()
    page.keyboard.type("旧证已在外县换发")
    clerk.presses("Enter")
    _, second = settled(clerk, 2)
    assert (second["outcome"], second["title"], second["item"]) == ("refused", "补发旧证", None)
    assert second["reason"] == "other"

    tab_to(page, "retract")
    clerk.presses("Enter")
    expect(page.locator("#settled [data-row=retract]").first).to_have_text("确定撤回？")
    clerk.presses("Enter")
    (left,) = settled(clerk, 1)
    assert left["id"] == second["id"]
    clerk.presses("F9")
    clerk.sees(lambda view: view["ticket"] is None, "finished")


def test_by_post_wants_to_know_where(hall: DemoHall, visit: Visit) -> None:
    """Who is to get the result is asked before anything is sent, and forgotten when the panel shuts."""
    clerk, _ = serving(visit, hall, "S22", "medical-insurance")
    page = clerk.page
    asks(clerk)
    page.keyboard.type("生育登记")
    clerk.presses("Enter")
    expect(page.locator("#outcome-item")).to_have_value("生育登记服务")
    clerk.presses("2")
    page.locator("[name=delivery][value=window]").focus()
    clerk.presses("ArrowRight", "Enter")
    expect(page.locator("#applicant")).to_be_focused()
    page.keyboard.type("王小明")
    tab_to(page, "phone")
    page.keyboard.type("13800138000")
    tab_to(page, "address")
    page.keyboard.type("河边路1号")
    clerk.presses("Enter")
    settled(clerk, 1)
    asks(clerk)
    for field in ("applicant", "phone", "address"):
        assert page.locator(f"#{field}").input_value() == ""
    clerk.presses("Escape", "F9")
    clerk.sees(lambda view: view["ticket"] is None, "finished")


def test_a_passed_pre_check_goes_on_and_a_correction_ends(hall: DemoHall, visit: Visit) -> None:
    """The big button says where it goes on; after a correction that the visit ends, and so it does."""
    clerk, number = serving(visit, hall, "SP01", "relief")
    page = clerk.page
    big = page.locator("#call-next")
    expect(big).to_contain_text("预审通过，转办：低保与社会救助")
    clerk.presses("F9")
    clerk.sees(lambda view: view["ticket"] is None, "passed")
    expect(page.locator("#said")).to_contain_text("转办：低保与社会救助")
    zone = hall.get("/zones/social", clerk.token)
    assert [one["service"] for one in zone["queue"] if one["number"] == number] == ["relief"]

    other = hall.issue("relief")
    hall.post("/windows/SP01/call", {"ticket": other["number"]}, clerk.token)
    clerk.shows(other["number"])
    asks(clerk)  # whoever is called is served from now on
    page.keyboard.type("最低生活保障")
    clerk.presses("Enter")
    expect(page.locator("#outcome-hits")).to_be_hidden()
    clerk.presses("4")
    tab_to(page, "paper-more")
    page.keyboard.type("收入证明")
    clerk.presses("Enter", "Enter")
    settled(clerk, 1)
    expect(big).to_contain_text("结束办理并呼叫下一位")
    clerk.presses("F9")
    clerk.sees(lambda view: view["ticket"] is None, "ended")
    assert hall.get(f"/tickets/{other['id']}", clerk.token)["state"] == "done"


def test_an_expert_is_called_and_says_that_he_comes(hall: DemoHall, visit: Visit) -> None:
    """One key and a name; his desk shows who asks, the window that he is on the way; a closed desk takes no hand-over."""
    clerk, number = serving(visit, hall, "S23", "medical-insurance")
    page = clerk.page
    expert = at_window(visit, hall, "S24")
    hall.post("/windows/S24/close", {}, expert.token)
    clerk.presses("Control+Alt+t")
    expect(page.locator("#transfer-filter")).to_be_focused()
    page.keyboard.type("人社中台专家")
    hand_over = page.locator("#transfer-choices button")
    expect(hand_over).to_have_count(1)
    expect(hand_over).to_contain_text("现未开放")
    expect(hand_over).to_have_attribute("aria-disabled", "true")
    clerk.presses("Escape", "Control+Alt+e")
    expect(page.locator("#expert-filter")).to_be_focused()
    page.keyboard.type("人社")
    expect(page.locator("#expert-choices button")).to_have_count(1)
    clerk.presses("Enter")
    expect(page.locator("#expert-calls")).to_contain_text("等待回应")

    calls = expert.page.locator("#expert-calls")
    expect(calls).to_contain_text("23号窗口请人社中台专家过去")
    expect(calls).to_contain_text(f"{number} · 请先应答，再过去")
    expect(calls.locator("time")).to_have_text(re.compile(r"^0:0\d$"))
    expect(expert.page.locator("body")).to_have_attribute("data-rang", "1")
    hall.post("/windows/S24/open", {}, expert.token)
    tab_to(expert.page, "coming")
    expert.presses("Enter")
    expect(page.locator("#expert-calls")).to_contain_text("正在过来")
    expect(calls).to_contain_text("处理完请按“已处理”")
    tab_to(expert.page, "been")
    expert.presses("Enter")
    expect(page.locator("#expert-calls")).to_be_hidden()
    expect(expert.page.locator("body")).to_have_attribute("data-rang", "1")

    clerk.presses("Control+Alt+t")
    expect(page.locator("#transfer-filter")).to_be_focused()
    page.keyboard.type("人社中台专家")
    clerk.presses("Enter")
    clerk.sees(lambda view: view["ticket"] is None, "handed over")
    assert [one["number"] for one in expert.view()["queue"]][:1] == [number]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_all_of_it_fits_a_small_screen(language: str, hall: DemoHall, visit: Visit) -> None:
    """At 1366 × 768 neither the console with two settled items nor the fullest panel scrolls."""
    window = {"zh": "S18", "en": "S19"}[language]
    clerk, _ = serving(visit, hall, window, "medical-insurance")
    for name in ("one", "two"):
        body = {"id": f"{name}-{language}", "outcome": "refused", "title": f"事项 {name}", "reason": "conditions"}
        hall.post(f"/windows/{window}/settle", body, clerk.token)
    page = clerk.page
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(f"{hall.url}/window?lang={language}")
    expect(page.locator("#settled li")).to_have_count(2)
    assert page.evaluate("document.documentElement.scrollHeight") <= 768
    asks(clerk)
    page.keyboard.type("生育登记")
    clerk.presses("Enter")
    expect(page.locator("#outcome-item")).to_have_value("生育登记服务")
    clerk.presses("3")
    page.locator("[name=delivery][value=post]").check()
    panel = page.locator("#outcome-dialog")
    heights = panel.evaluate("(node) => [node.scrollHeight, node.clientHeight, node.getBoundingClientRect().bottom]")
    assert heights[0] <= heights[1]
    assert heights[2] <= 768
    clerk.presses("Escape", "F9")
