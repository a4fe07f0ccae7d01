"""The catalogue in a browser: search and guides on a phone, lists, items and letters at the administrator's desk."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from babel.messages.pofile import read_po
from playwright.sync_api import Page, expect

from config.pages import sentences_of_scripts
from tests.browser.conftest import Visit
from tests.browser.demo_hall import ROOT, DemoHall, sign_in

pytestmark = pytest.mark.browser

LISTS = ROOT / "config" / "halls" / "yangxin-lists"
PACKAGE = ROOT / "server" / "web" / "catalogue_pages"
PHONE = {"width": 390, "height": 844}
SMALL_TARGETS = """() => Array.from(document.querySelectorAll("button, a[href], select, input, summary")).filter((node) => {
  const box = node.getBoundingClientRect();
  const isInText = node.tagName === "A" && getComputedStyle(node).display === "inline";
  return box.width > 0 && !node.classList.contains("skip") && !isInText && node.type !== "checkbox" && box.height < 43.5;
}).map((node) => node.id || node.textContent.trim())"""


def looks_right(page: Page) -> None:
    """No serious accessibility fault, nothing sideways at 320 px, targets large enough."""
    faults = [
        (fault["id"], [node["html"][:100] for node in fault["nodes"][:3]])
        for fault in Axe().run(page).response["violations"]
        if fault["impact"] in ("serious", "critical")
    ]
    assert faults == []
    page.set_viewport_size({"width": 320, "height": 720})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.evaluate(SMALL_TARGETS) == []


def test_a_citizen_finds_a_guide_by_initials(hall: DemoHall, visit: Visit) -> None:
    """Typed letters find the item; its page tells papers, time, fee and where; going back finds the search again."""
    page = visit(f"{hall.url}/items?lang=zh", **PHONE)
    page.fill("#q", "sybxj")
    expect(page.locator(".hit b")).to_have_text(["失业保险金申领"])
    looks_right(page)
    page.keyboard.press("Tab")
    page.locator(".hit").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#name")).to_have_text("失业保险金申领")
    expect(page.locator("#materials li")).to_have_count(3)
    expect(page.locator("#facts")).to_contain_text("5个工作日")
    expect(page.locator("#online-link")).to_have_attribute("href", re.compile("^https://"))
    looks_right(page)
    page.go_back()
    expect(page.locator("#q")).to_have_value("sybxj")
    expect(page.locator(".hit")).to_have_count(1)


def test_the_english_page_names_a_department_once(hall: DemoHall, visit: Visit) -> None:
    """Departments with the same English name are one choice, which finds the items of all of them."""
    listed = [
        {"name": "县民政局", "name_en": "Civil Affairs; Veterans", "items": 3},
        {"name": "县退役军人事务局", "name_en": "Civil Affairs; Veterans", "items": 4},
        {"name": "县司法局", "name_en": "Justice Bureau", "items": 2},
    ]
    page = visit(f"{hall.url}/items?lang=en", **PHONE)
    page.route("**/api/v1/departments", lambda route: route.fulfill(json=listed))
    page.reload()
    expect(page.locator("#department option")).to_have_text(
        ["All departments", "Civil Affairs; Veterans (7)", "Justice Bureau (2)"]
    )
    with page.expect_request(re.compile(r"/api/v1/items\?.*department=Civil\+Affairs%3B\+Veterans")):
        page.select_option("#department", "Civil Affairs; Veterans")


def test_what_is_done_elsewhere_says_where(hall: DemoHall, visit: Visit) -> None:
    """The place, a number that can be dialled, and the reason; no service, no papers."""
    code = hall.get("/items?q=驾驶人考试")["items"][0]["code"]
    page = visit(f"{hall.url}/items/{code}?lang=zh", **PHONE)
    expect(page.locator("#elsewhere")).to_contain_text("驾考中心")
    expect(page.locator("#contact a")).to_have_attribute("href", "tel:0714-7353122")
    expect(page.locator("#materials-box")).to_be_hidden()
    looks_right(page)


def test_a_package_joins_departments(hall: DemoHall, visit: Visit) -> None:
    """One list of papers without repeats, its items by department; English where it is known, Chinese marked as such."""
    code = hall.get("/items?q=chusheng&package=true")["items"][0]["code"]
    page = visit(f"{hall.url}/items/{code}?lang=en", **PHONE)
    expect(page.locator("#name")).to_have_text("One visit: newborn")
    expect(page.locator("#members li")).to_have_count(5)
    papers = page.locator("#materials li > span:first-child").all_inner_texts()
    assert len(papers) == len(set(papers)) > 4
    unmarked = page.evaluate(
        """() => { const copy = document.body.cloneNode(true);
             copy.querySelectorAll("[lang=zh], script").forEach((node) => node.remove()); return copy.textContent; }"""
    )
    assert re.findall("[\u4e00-\u9fff]+", unmarked) == []
    looks_right(page)


def test_an_unknown_item_says_so(hall: DemoHall, visit: Visit, watch: object) -> None:
    """A code that is not in the catalogue."""
    watch.forgiven = ("404",)  # type: ignore[attr-defined]
    page = visit(f"{hall.url}/items/NOPE", **PHONE)
    expect(page.locator("#unknown")).to_be_visible()


def test_an_administrator_edits_and_the_phone_shows_it(hall: DemoHall, visit: Visit) -> None:
    """Found, changed by keyboard, saved: the next look at the phone page has it."""
    page = visit(f"{hall.url}/sign-in")
    sign_in(page, hall, role="admin")
    page.goto(f"{hall.url}/catalogue?lang=zh")
    page.fill("#q", "户籍证明开具")
    page.keyboard.press("Enter")
    expect(page.locator("#hits tr")).to_have_count(1)
    page.locator("#hits button").press("Enter")
    expect(page.locator("#edit-heading")).to_have_text("编辑：户籍证明开具")
    expect(page.locator("#e-materials")).to_have_value("居民身份证｜原件")
    page.fill("#e-fee", "每份1元")
    page.locator("#e-fee").press("Enter")
    expect(page.locator("#said")).to_contain_text("已保存")
    looks_right(page)
    code = page.locator("#hits td:nth-child(2)").inner_text()
    phone = visit(f"{hall.url}/items/{code}?lang=zh", **PHONE)
    expect(phone.locator("#facts")).to_contain_text("每份1元")
    # Only what was changed was sent: the papers are as they were.
    expect(phone.locator("#materials li")).to_have_count(1)


def test_an_administrator_adds_an_item_and_reads_who_did_it(hall: DemoHall, visit: Visit, watch: object) -> None:
    """Faults stand beside their fields; saved it is found by citizens at once; the changes say so; removed it is gone."""
    watch.forgiven = ("409", "404")  # type: ignore[attr-defined]
    taken = hall.get("/items?limit=1")["items"][0]
    page = visit(f"{hall.url}/sign-in")
    sign_in(page, hall, role="admin")
    page.goto(f"{hall.url}/catalogue?lang=zh")
    page.click("#new-item")
    page.click("#edit-save")
    faults = page.locator("#edit-form .fault:visible")
    expect(faults).to_have_count(6)
    expect(page.locator("#e-code")).to_be_focused()
    page.fill("#e-code", taken["code"])
    page.fill("#e-department", taken["department"])
    page.fill("#e-name", "青年见习补贴申领")
    for name, value in (("kind", "公共服务"), ("handling", "即办件"), ("audience", "自然人")):
        page.select_option(f"#e-{name}", value)
    page.click("#edit-save")
    expect(page.locator("#e-code-fault")).to_contain_text(taken["name"])
    page.fill("#e-code", "NEW-1")
    page.fill("#e-name", "青年见习补贴申领")
    page.click("#edit-save")
    expect(page.locator("#said")).to_contain_text("青年见习补贴申领")
    expect(page.locator("#hits tr")).to_have_count(1)
    assert hall.get("/items?q=qnjx")["items"][0]["code"] == "NEW-1"
    page.locator("#hits button").click()
    page.click("#edit-changes")
    expect(page.locator(".act")).to_have_count(1)
    expect(page.locator(".act")).to_contain_text("admin")
    looks_right(page)
    page.set_viewport_size({"width": 1366, "height": 900})
    page.click("#tab-items")
    page.locator("#hits button").click()
    page.on("dialog", lambda dialog: dialog.accept())
    page.click("#edit-remove")
    expect(page.locator("#said")).to_contain_text("已移除")
    assert hall.get("/items?q=qnjx")["total"] == 0


def test_a_list_of_another_hall_is_not_taken_in_by_a_click(hall: DemoHall, visit: Visit) -> None:
    """It stands in red with its figures; the number of rows that would go must be typed, and a wrong one is refused."""
    page = visit(f"{hall.url}/sign-in")
    sign_in(page, hall, role="admin")
    page.goto(f"{hall.url}/catalogue?lang=zh#lists")
    had = hall.get("/catalogue", hall.token(role="admin"))["lists"]["negative"]
    page.select_option("#list", "negative")
    page.set_input_files("#file", LISTS.parent / "miluo-lists" / "negative.csv")
    page.click("#look")
    expect(page.locator("#alarm-box")).to_contain_text(f"清单现有 {had} 行")
    page.fill("#c-confirm", str(had + 1))
    page.click("#confirm")
    expect(page.locator("#c-confirm-fault")).to_be_visible()
    looks_right(page)
    assert hall.get("/catalogue", hall.token(role="admin"))["lists"]["negative"] == had


def test_a_list_is_previewed_refused_and_taken_in(hall: DemoHall, visit: Visit, tmp_path: Path) -> None:
    """A faulty file shows its rows and offers no way on; a good one tells what changes and is taken in after a click."""
    good = (LISTS / "negative.csv").read_text("utf-8-sig")
    (tmp_path / "bad.csv").write_text(good.replace("须在考场和道路上考试", ""), "utf-8")
    (tmp_path / "good.csv").write_text(good.replace("驾考中心（城北工业园）", "驾考中心（新址）"), "utf-8")
    page = visit(f"{hall.url}/sign-in")
    sign_in(page, hall, role="admin")
    page.goto(f"{hall.url}/catalogue?lang=zh")
    expect(page.locator("#main")).to_be_visible()  # a key pressed before that is nobody's
    page.locator("#tab-items").press("ArrowRight")
    page.select_option("#list", "negative")
    page.set_input_files("#file", tmp_path / "bad.csv")
    page.click("#look")
    expect(page.locator("#faults tr")).to_have_count(1)
    expect(page.locator("#faults tr")).to_contain_text("不进驻原因（必填）")
    expect(page.locator("#confirm")).to_be_hidden()
    page.set_input_files("#file", tmp_path / "good.csv")
    page.click("#look")
    page.click("#changed-title")
    expect(page.locator("#changed ins")).to_contain_text("新址")
    looks_right(page)
    page.click("#confirm")
    expect(page.locator("#said")).to_contain_text("变更 1")
    expect(page.locator("#preview")).to_be_hidden()
    assert hall.get("/items?q=驾驶人考试")["items"][0]["elsewhere"]["place"].endswith("（新址）")


def test_letters_tell_what_is_missing(hall: DemoHall, visit: Visit) -> None:
    """A letter taken away puts its department on top with what it lacks; entered again for one window it is mended."""
    page = visit(f"{hall.url}/sign-in")
    sign_in(page, hall, role="admin")
    page.goto(f"{hall.url}/catalogue?lang=zh#letters")
    expect(page.locator("#letter-counts")).to_contain_text("没有缺漏")
    page.fill("#letter-q", "气象证明")
    expect(page.locator(".department")).to_have_count(1)
    expect(page.locator(".letter .plain li")).to_contain_text(["气象证明出具"])
    kept = hall.get("/letters", hall.token(role="admin"))["letters"]
    letter = next(each for each in kept if each["department"] == "县气象局")
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator(".letter").get_by_role("button", name="撤销").click()
    expect(page.locator(".problem")).to_contain_text("气象证明出具")
    page.fill("#letter-q", "")
    expect(page.locator(".department > summary").first).to_contain_text("县气象局")
    looks_right(page)
    page.set_viewport_size({"width": 1366, "height": 900})
    page.locator(".problem button").first.click()
    expect(page.locator("#l-department")).to_have_value("县气象局")
    page.click("#letter-save")
    expect(page.locator("#l-id-fault")).to_be_visible()
    expect(page.locator("#l-windows-box-fault")).to_be_visible()
    page.fill("#l-id", letter["id"])
    page.fill("#l-start", "2026-01-01")
    page.check("input[name=reach][value=some]")
    page.locator(".zone-choice summary").first.click()
    page.check("input[data-window=S02]")
    page.click("#letter-save")
    expect(page.locator("#letter-counts")).to_contain_text("没有缺漏")
    page.fill("#letter-q", "2号窗口")
    expect(page.locator(".letter", has_text=letter["id"])).to_contain_text("2号窗口")
    again = hall.get("/letters", hall.token(role="admin"))["letters"]
    assert next(each for each in again if each["id"] == letter["id"])["windows"] == ["S02"]


def test_others_do_not_see_the_catalogue_desk(hall: DemoHall, visit: Visit, watch: object) -> None:
    """A supervisor is told that the page is not for him; somebody who is not signed in is sent to sign in."""
    watch.forgiven = ("401", "403")  # type: ignore[attr-defined]
    page = visit(f"{hall.url}/catalogue")
    expect(page).to_have_url(re.compile("/sign-in"))
    sign_in(page, hall, role="supervisor")
    page.goto(f"{hall.url}/catalogue?lang=zh")
    expect(page.locator("#refused")).to_contain_text("没有此项权限")
    expect(page.locator("#main")).to_be_hidden()


def test_every_sentence_of_the_pages_is_translated() -> None:
    """Each sentence of templates and scripts stands in the Chinese catalogue with the same fields, and none is left over."""
    with (PACKAGE / "locale" / "zh.po").open("rb") as source:
        known = {str(m.id): str(m.string) for m in read_po(source, locale="zh") if m.id}
    templates = "".join(each.read_text(encoding="utf-8") for each in (PACKAGE / "templates").rglob("*.html"))
    used = sentences_of_scripts(PACKAGE / "static") | {
        quoted[0] or quoted[1] for quoted in re.findall(r"""\bt\((?:"([^"]+)"|'([^']+)')""", templates)
    }
    assert {sentence for sentence in used if not known.get(sentence)} == set()
    assert set(known) - used == set()
    for sentence in used:
        assert set(re.findall(r"\{(\w+)\}", sentence)) == set(re.findall(r"\{(\w+)\}", known[sentence])), sentence
