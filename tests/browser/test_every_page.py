"""What holds for every page: accessible, no blocked or failing script, readable at 320 px, targets large enough."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from babel.messages.pofile import read_po
from playwright.sync_api import Browser, Page, expect

from config.pages import sentences_of_scripts
from tests.browser.demo_hall import ROOT, DemoHall, Watch, sign_in

pytestmark = pytest.mark.browser

#: page → what shows that it is ready
PAGES = {
    "start": "#zones li",
    "sign-in": "#form",
    "window": "#work",
    "window-out": "#sign-in-form",
    "manage": "#zones li",
    "zone": "#windows li",
    "phone": "#ticket",
    "phone-called": "#go",
    "phone-unknown": "#unknown",
    "case": "#case",
    "board": ".call",
    "evaluator": "#idle-window",
    "orders": "#totals",
    "matters": "#kinds label",
    "thread": "#search",
    "thread-of": "#events .event",
    "ledger": "#bulletin tr",
    "hooks": "#platform-text:not(:empty)",
    "runner": "#carry-empty, #carry li",
    "department": "#lanes",
    "pickup": "#scan",
    "supervision": "#states button",
}
TARGET_PX = 44
#: Being refused is what these pages show.
BEING_REFUSED = {"window-out": ("401",), "phone-unknown": ("404",)}
#: A hundred equal table rows tell axe nothing new.
FEWER_ROWS = """() => document.querySelectorAll("tbody").forEach(
  (body) => Array.from(body.children).slice(3).forEach((row) => row.remove()))"""

SMALL_TARGETS = """(least) => Array.from(document.querySelectorAll("button, a[href], select, input, summary")).filter((node) => {
  const box = (node.closest("label") || node).getBoundingClientRect(); // a label is the target of what is in it
  const style = getComputedStyle(node);
  const isSkip = node.classList.contains("skip");
  const isInText = node.tagName === "A" && style.display === "inline";
  return box.width > 0 && style.visibility !== "hidden" && !isSkip && !isInText && (box.width < least - 0.5 || box.height < least - 0.5);
}).map((node) => node.id || node.textContent.trim())"""


@pytest.fixture(scope="module")
def tickets(hall: DemoHall) -> dict[str, Any]:
    """A ticket that waits and one that is called."""
    token = hall.token(role="supervisor")
    hall.post("/windows/E01/open", {}, token)
    called, waiting = hall.issue("company-register"), hall.issue("company-register")
    hall.post("/windows/E01/call", {"ticket": called["number"]}, token)
    # A case, its papers still missing: what the voucher's page shows most of.
    soon = (date.fromisoformat(hall.get("/hall")["now"][:10]) + timedelta(days=10)).isoformat()
    body = {
        "id": f"c-{called['id']}",
        "outcome": "accepted_missing",
        "title": "企业设立登记",
        "departments": ["县市场监督管理局"],
    }
    hall.post("/windows/E01/settle", {**body, "lacks": ["租赁合同"], "promise_on": soon}, token)
    [case] = hall.get("/tickets/" + called["id"], token)["cases"]
    return {"called": called, "waiting": waiting, "case": case}


@dataclass
class Opened:
    """A page as somebody who uses it sees it, in a language."""

    name: str
    language: str
    page: Page
    watch: Watch


def open_page(browser: Browser, hall: DemoHall, tickets: dict[str, Any], name: str, language: str) -> Opened:
    page = browser.new_context(viewport={"width": 1366, "height": 900}, locale="zh-CN").new_page()
    page.set_default_timeout(10_000)
    page.emulate_media(reduced_motion="reduce")
    watch = Watch(forgiven=BEING_REFUSED.get(name, ()))
    watch.on(page)
    if name in ("window", "zone"):
        sign_in(page, hall, "E01")
    if name in ("runner", "department"):
        sign_in(page, hall, role=name)
    if name == "pickup":
        sign_in(page, hall, "EI02")
    if name in ("manage", "orders", "matters", "supervision", "thread", "thread-of", "ledger"):
        sign_in(page, hall, role="manager")
    if name == "hooks":
        sign_in(page, hall, role="admin")
    if name == "evaluator":
        sign_in(page, hall, role="supervisor")
        assert page.request.post(
            f"{hall.url}/api/v1/windows/E09/evaluator/pair", data={}, headers={"Idempotency-Key": "pair-tablet"}
        ).ok
    path = {
        "start": "/",
        "sign-in": "/sign-in",
        "window": "/window",
        "window-out": "/window",
        "manage": "/manage",
        "zone": "/zone/enterprise",
        "phone": tickets["waiting"]["url"],
        "phone-called": tickets["called"]["url"],
        "phone-unknown": "/t/AAAAAAAAAAAAAAAAAAAAAA",
        "case": tickets["case"]["url"],
        "board": "/board/floor-2",
        "evaluator": "/evaluator/E09",
        "orders": "/orders",
        "matters": "/matters",
        "thread": "/thread",
        "thread-of": f"/thread/{tickets['called']['id']}",
        "ledger": "/ledger",
        "hooks": "/hooks",
        "runner": "/runner",
        "department": "/department",
        "pickup": "/pickup",
        "supervision": "/supervision",
    }[name]
    page.goto(f"{hall.url}{path}?lang={language}")
    expect(page.locator(PAGES[name]).first).to_be_visible()
    return Opened(name, language, page, watch)


@pytest.fixture(scope="module", params=[(name, each) for name in PAGES for each in ("zh", "en")], ids="-".join)
def opened(
    request: pytest.FixtureRequest, browser: Browser, hall: DemoHall, tickets: dict[str, Any]
) -> Iterator[Opened]:
    """Every page in every language, opened once for the tests below."""
    found = open_page(browser, hall, tickets, *request.param)
    yield found
    found.page.context.close()


def faults(page: Page) -> list[Any]:
    """What axe calls serious or critical."""
    return [
        (fault["id"], [node["html"][:120] for node in fault["nodes"][:3]])
        for fault in Axe().run(page).response["violations"]
        if fault["impact"] in ("serious", "critical")
    ]


def test_no_serious_accessibility_fault(opened: Opened) -> None:
    """axe finds nothing serious or critical, and the page declares its language."""
    if opened.name == "manage":
        opened.page.locator("summary").click()
        opened.page.evaluate(FEWER_ROWS)
    assert faults(opened.page) == []
    expected = (
        "zh" if opened.name == "board" else opened.language
    )  # a board shows all languages, the hall's first leads
    assert opened.page.locator("html").get_attribute("lang") == expected


def test_english_is_complete(opened: Opened, hall: DemoHall) -> None:
    """An English page has no Chinese on it, but for the button that leads back, the marks of zones and people's names."""
    letters = opened.page.evaluate(
        """() => { const copy = document.body.cloneNode(true);
             copy.querySelectorAll("[lang=zh], .mark, script, dialog").forEach((node) => node.remove());
             return copy.textContent; }"""
    )
    names = {each["name"] for each in hall.get("/staff", hall.token(role="manager"))["staff"]}
    chinese = [run for run in re.findall("[\u4e00-\u9fff]+", letters) if run not in names]
    if opened.name == "board" or opened.language == "zh":
        assert chinese
    else:
        assert chinese == []


def test_reflows_at_320_px(opened: Opened) -> None:
    """At 320 px nothing scrolls sideways (WCAG 1.4.10) and every target is at least 44 px."""
    if opened.name == "board":
        return  # a board is a wall, sized by test_board_sizes.py
    opened.page.set_viewport_size({"width": 320, "height": 720})
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= 320
    assert opened.page.evaluate(SMALL_TARGETS, TARGET_PX) == []


def test_nothing_was_blocked_or_failed(opened: Opened) -> None:
    """Through all that the browser had nothing to complain about: no blocked script or style, no error, no 404."""
    assert opened.watch.complaints == []


@pytest.fixture(scope="module")
def console(browser: Browser, hall: DemoHall, tickets: dict[str, Any]) -> Iterator[Page]:
    """The console with a ticket at its window."""
    page = open_page(browser, hall, tickets, "window", "zh").page
    expect(page.locator("#finish")).to_have_attribute("aria-disabled", "false")
    yield page
    page.context.close()


@pytest.mark.parametrize("dialog", ["pause", "transfer", "number", "issue", "keys", "expert", "outcome"])
def test_dialogs_have_no_serious_fault(dialog: str, console: Page) -> None:
    """The console's dialogs pass the same check, their targets are large enough too, and Escape closes them."""
    if dialog == "number":  # cannot be asked for while somebody is at the window
        console.evaluate("document.getElementById('number-dialog').showModal()")
    else:
        console.locator("#open-keys" if dialog == "keys" else f"#{dialog}").click()
    expect(console.locator(f"#{dialog}-dialog")).to_be_visible()
    assert faults(console) == []
    assert console.evaluate(SMALL_TARGETS, TARGET_PX) == []
    console.keyboard.press("Escape")
    expect(console.locator(f"#{dialog}-dialog")).to_be_hidden()


@pytest.mark.parametrize(
    "path", ["/", "/sign-in", "/window", "/window/mini", "/manage", "/zone/tax", "/t/x", "/board/main"]
)
def test_content_policy_is_strict(path: str, hall: DemoHall) -> None:
    """No page allows inline scripts, eval or being framed (D3.6), and none has an inline handler or style."""
    answer = hall.session.get(hall.url + path, timeout=5)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script(?![^>]*(src=|application/json))|<style|\sstyle=|\son\w+=", answer.text)
    assert not re.search(r"(src|href)=\"(https?:)?//", answer.text)


def test_a_board_may_speak_only_to_its_voice(hall: DemoHall) -> None:
    """The voice's origin is let in when the address names one; anything that is not an origin is not."""
    get = hall.session.get
    named = get(f"{hall.url}/board/main?voice=http://10.0.0.7:8500/x", timeout=5).headers["Content-Security-Policy"]
    assert "connect-src 'self' http://10.0.0.7:8500;" in named
    assert "media-src 'self' blob: http://10.0.0.7:8500;" in named
    for wrong in ("javascript:alert(1)", "http://a b", "http://x;script-src *", "//x", "http://u:p@x"):
        policy = get(f"{hall.url}/board/main", params={"voice": wrong}, timeout=5).headers["Content-Security-Policy"]
        assert "script-src *" not in policy
        assert "u:p" not in policy


PACKAGES = [
    "server/web/pages",
    "server/web/ratings",
    "server/web/hooks_pages",
    "server/web/cases_pages",
    "server/web/threads",
    "caller",
    "display_board",
]


@pytest.mark.parametrize("package", PACKAGES)
def test_every_sentence_of_a_page_is_translated(package: str) -> None:
    """Each sentence of templates and scripts stands in the Chinese catalogue, with the same fields."""
    folder = ROOT / package
    with (folder / "locale" / "zh.po").open("rb") as source:
        known = {str(m.id): str(m.string) for m in read_po(source, locale="zh") if m.id}
    templates = "\n".join(each.read_text(encoding="utf-8") for each in (folder / "templates").rglob("*.html"))
    used = sentences_of_scripts(folder / "static") | {
        quoted[0] or quoted[1] for quoted in re.findall(r"""\bt\((?:"([^"]+)"|'([^']+)')""", templates)
    }
    assert len(used) > 15
    assert {sentence for sentence in used if not known.get(sentence)} == set()
    fields = re.compile(r"\{(\w+)\}")
    for sentence in used:
        assert set(fields.findall(sentence)) == set(fields.findall(known[sentence])), sentence


@pytest.mark.parametrize(
    "script",
    sorted(ROOT.glob("display_board/static/*.js")) + sorted(ROOT.glob("server/web/pages/static/[acdfst]*.js")),
    ids=lambda path: path.name,
)
def test_boards_scripts_stay_with_es2017(script: Path) -> None:
    """Scripts a board loads use no syntax newer than ES2017 (C6: browsers of older television sets)."""
    text = re.sub(r"//[^\n]*|/\*.*?\*/", "", script.read_text(encoding="utf-8"), flags=re.DOTALL)
    code = re.sub(r'"(?:[^"\\\n]|\\.)*"', '""', text)
    for name, newer in {
        "optional chaining": r"\?\.[A-Za-z_(\[]",
        "nullish": r"\?\?",
        "object spread": r"[{,]\s*\.\.\.\w+[^)\]]*\}",
        "catch without a name": r"catch\s*\{",
        "import.meta or import()": r"\bimport\s*[.(]",
        "private field": r"this\.#",
        "lookbehind": r"\(\?<[=!]",
        "newer method": r"\.(flat|flatMap|at|replaceAll|matchAll|finally|fromEntries)\(",
    }.items():
        assert not re.search(newer, code), name
