"""Appointments in the browser: a citizen on the phone, staff with the keyboard alone."""

import io
import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from babel.messages.pofile import read_po
from PIL import Image
from playwright.sync_api import Browser, Page, Route, expect
from pyzbar.pyzbar import decode as read_codes

from config.pages import sentences_of_scripts
from tests.browser.demo_hall import ROOT, DemoHall, Watch, sign_in
from tests.browser.keyboard import tab_to
from tests.browser.test_every_page import SMALL_TARGETS, TARGET_PX

pytestmark = pytest.mark.browser

PHONE: dict[str, Any] = {"width": 390, "height": 844}
SMALL = ROOT / "tests" / "hall" / "small_hall.yaml"
#: Two times a day on the days that the hall is open, and its calendar knows which these are.
SLOTS = '    slots: [{ days: [mon, tue, wed, thu, fri, sat, sun], span: "09:00-11:00", every_min: 60, capacity: 2 }]\n'
NARROW = '    slots: [{ days: [mon, tue, wed, thu, fri, sat, sun], span: "09:00-11:00", every_min: 60, capacity: 1 }]\n'
#: So far ahead that there are a dozen such days even across the longest holiday.
HORIZON = "booking: { horizon_days: 28 }\n"
PACKAGE = ROOT / "server" / "web" / "booking"

Visit = Callable[..., Page]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoHall]:
    """The small hall with slots: 社会保险 for two an hour, 营业执照 for one."""
    folder = tmp_path_factory.mktemp("booking")
    text = SMALL.read_text("utf-8")
    for service, slots in (("insurance", SLOTS), ("licence", NARROW)):
        text = text.replace(f"  - id: {service}\n", f"  - id: {service}\n{slots}", 1)
    (folder / "hall.yaml").write_text(text + HORIZON, "utf-8")
    running = DemoHall(folder / "data", hall_file=folder / "hall.yaml")
    running.start()
    yield running
    running.kill()


@pytest.fixture(scope="module")
def days(town: DemoHall) -> list[str]:
    """Days for the tests that name one, whatever today is: not the first two, which come and go with the hour and which
    staff book first, nor the last three, which are the citizens'."""
    told = town.get("/services/insurance/slots")["days"]
    return [one["day"] for one in told if len(one["slots"]) == 2][3:-3]


def book(hall: DemoHall, day: str, hour: int = 9, **fields: Any) -> Any:
    """Staff book a place."""
    wanted = {"id": f"b-{day}-{hour}", "service": "insurance", "slot_at": f"{day}T{hour:02d}:00:00+08:00", **fields}
    return hall.post("/appointments", wanted, hall.token(role="supervisor"))


def test_a_citizen_books_moves_and_cancels(town: DemoHall, visit: Visit) -> None:
    """Service, day, time, number: then the page with the code, which a scanner can read; another time; and given up."""
    page = visit(town.url + "/book", **PHONE)
    page.get_by_role("button", name="社会保险").click()
    expect(page.locator("#service-chosen b")).to_have_text("社会保险")
    expect(page.locator("#slot-heading")).to_be_focused()
    page.locator(".day:enabled").last.click()
    expect(page.locator(".slot")).to_have_text(["09:00余2", "10:00余2"])
    page.locator(".slot").first.click()
    expect(page.locator("#phone")).to_be_focused()
    page.locator("#phone").fill("12")
    page.locator("#book").click()
    expect(page.locator("#who-trouble")).to_have_text("请填写手机号码，如 13800138000")
    page.locator("#phone").fill("13800138000")
    page.locator("#name").fill("王兰")
    page.locator("#book").click()

    expect(page.locator("#state")).to_have_text("预约成功")
    expect(page.locator("#time")).to_have_text("09:00")
    expect(page.locator("#masked")).to_have_text("*******8000")
    expect(page.locator("#check-in")).to_have_text("08:30 至 09:10")
    expect(page.locator("#rule")).to_have_text(re.compile(r"^\d+月\d+日 周. 07:00 前可在此页改时间或取消$"))
    code = page.locator("#code").inner_text().replace(" ", "")
    expect(page.locator("#qr")).to_have_js_property("complete", True)
    picture = Image.open(io.BytesIO(page.locator("#qr").screenshot()))
    assert [found.data.decode() for found in read_codes(picture)] == [code]

    page.locator("#move").click()
    expect(page.locator("#mover-heading")).to_be_focused()
    page.locator(".slot").nth(1).click()
    expect(page.locator("#move-from")).to_contain_text("09:00")
    expect(page.locator("#move-to")).to_contain_text("10:00")
    page.locator("#move-yes").click()
    expect(page.locator("#time")).to_have_text("10:00")
    expect(page.locator("#code")).to_have_text(f"{code[:3]} {code[3:]}")
    # In another tab, back to the first time.
    token = urlsplit(page.url).path.rsplit("/", 1)[1]
    kept = town.get(f"/a/{token}")
    town.post(f"/a/{token}/move", {"slot_at": kept["slot_at"].replace("T10:", "T09:")}, "")
    page.locator("#cancel").click()
    page.locator("#cancel-yes").click()
    expect(page.locator("#trouble")).to_contain_text("已有变动")
    expect(page.locator("#time")).to_have_text("09:00")
    expect(page.locator("#state")).to_have_text("预约成功")
    page.locator("#cancel").click()
    page.locator("#cancel-no").click()
    expect(page.locator("#state")).to_have_text("预约成功")
    page.locator("#cancel").click()
    page.locator("#cancel-yes").click()
    expect(page.locator("#state")).to_have_text("已取消")
    expect(page.locator("#code-box")).to_be_hidden()
    page.reload()
    expect(page.locator("#state")).to_have_text("已取消")


def test_a_place_that_went_meanwhile_is_chosen_anew(town: DemoHall, visit: Visit, watch: Watch) -> None:
    """Somebody else takes the last place while the number is typed: the page says so and offers what is left."""
    watch.forgiven = ("409",)
    page = visit(town.url + "/book?lang=en", **PHONE)
    page.get_by_role("button", name="Business licence").click()
    page.locator(".day:enabled").nth(-2).click()
    day = page.locator(".day[aria-pressed=true]").get_attribute("value")
    assert day
    page.locator(".slot").first.click()
    page.locator("#phone").fill("13800138001")
    book(town, day, service="licence")
    page.locator("#book").click()
    expect(page.locator("#who-trouble")).to_contain_text("is full")
    expect(page.locator("#slot-heading")).to_be_focused()
    expect(page.locator(".slot")).to_have_text(["09:00full", "10:001 left"])
    page.locator(".slot").nth(1).click()
    page.locator("#book").click()
    expect(page.locator("#time")).to_have_text("10:00")


def test_staff_book_change_and_cancel_with_the_keyboard(town: DemoHall, visit: Visit) -> None:
    """N for a new one; every control by Tab; what was done is told, with the code to say over the phone."""
    page = visit(town.url + "/sign-in")
    sign_in(page, town, role="supervisor")
    page.goto(town.url + "/appointments")
    expect(page.locator("#empty")).to_be_visible()
    page.keyboard.press("n")
    expect(page.locator("#service")).to_be_focused()
    expect(page.locator("#book-day option")).not_to_have_count(0)
    tab_to(page, "book-day")
    page.keyboard.press("ArrowDown")
    wanted = page.locator("#book-day").input_value()
    tab_to(page, "phone")
    page.keyboard.type("13900139000")
    tab_to(page, "name")
    page.keyboard.insert_text("欧阳建国")
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_contain_text("预约成功")
    row = page.locator("#rows tr").first
    expect(row).to_contain_text("欧阳*国 *******9000")
    expect(row).to_contain_text("待到场")
    assert page.locator("#day").input_value() == wanted
    code = row.locator("td").nth(1).inner_text()
    expect(page.locator("#said")).to_contain_text(code)

    tab_to(page, "修改")
    page.keyboard.press("Enter")
    expect(page.locator("#book-heading")).to_have_text("欧阳*国 *******9000 改时间")
    expect(page.locator("#slot option")).not_to_have_count(0)
    tab_to(page, "slot")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    tab_to(page, "book-go")
    page.keyboard.press("Enter")
    expect(page.locator("#rows th")).to_have_text("10:00")
    tab_to(page, "取消预约")
    page.keyboard.press("Enter")
    tab_to(page, "cancel-yes")
    page.keyboard.press("Enter")
    expect(row).to_contain_text("已取消")
    expect(row.locator("button:visible")).to_have_count(0)


def test_staff_check_somebody_in(town: DemoHall, days: list[str], visit: Visit) -> None:
    """The button asks for the ticket of that appointment and tells its number (the clock of the API is played)."""
    page = visit(town.url + "/sign-in")
    sign_in(page, town, role="supervisor")
    kept = book(town, days[0], hour=10)
    row = {**town.get(f"/appointments/{kept['id']}", town.token(role="supervisor"))}
    asked: list[Any] = []

    def the_list(day: str) -> dict[str, Any]:
        state = {"state": "arrived", "ticket_number": "A001"} if asked else {}
        return {"day": day, "appointments": [{**row, "day": day, **state}]}

    def today(route: Route) -> None:
        query = parse_qs(urlsplit(route.request.url).query)
        if "day" in query:
            route.fulfill(json=the_list(query["day"][0]))
        else:
            followed = json.dumps(the_list(query["appointments"][0]))
            route.fulfill(content_type="text/event-stream", body=f"event: snapshot\ndata: {followed}\n\n")

    def arrives(route: Route) -> None:
        asked.append(json.loads(route.request.post_data or "{}"))
        route.fulfill(status=201, json={"number": "A001"})

    page.add_init_script("delete window.SharedWorker")  # what a shared worker asks for cannot be played
    page.route("**/api/v1/appointments?day=*", today)
    page.route("**/api/v1/feed?appointments=*", today)
    page.route("**/api/v1/check-ins", arrives)
    page.goto(town.url + "/appointments")
    page.get_by_role("button", name="到场取号").click()
    expect(page.locator("#said")).to_contain_text("已取号 A001")
    expect(page.locator("#rows tr")).to_contain_text("已到场 A001")
    assert [one["appointment"] for one in asked] == [kept["id"]]


def test_who_may_not_see_the_list_is_sent_to_sign_in(town: DemoHall, visit: Visit, watch: Watch) -> None:
    """Nobody sees it without signing in."""
    watch.forgiven = ("401",)
    page = visit(town.url + "/appointments")
    page.wait_for_url("**/sign-in?next=%2Fappointments")


def test_a_link_that_is_not_right(town: DemoHall, visit: Visit, watch: Watch) -> None:
    """Says so, and leads to booking."""
    watch.forgiven = ("404",)
    page = visit(town.url + "/a/AAAAAAAAAAAAAAAAAAAAAA", **PHONE)
    expect(page.locator("#unknown")).to_be_visible()
    expect(page.locator("#main")).to_be_hidden()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", ["book", "appointment", "staff"])
def test_every_booking_page_is_usable(
    town: DemoHall, days: list[str], browser: Browser, name: str, language: str
) -> None:
    """axe finds nothing serious, nothing scrolls sideways at 320 px, targets are 44 px, English has no Chinese."""
    day = days[1 if language == "zh" else 2]
    hour = {"book": 9, "appointment": 9, "staff": 10}[name]
    kept = book(town, day, hour) if name != "book" else None
    page = browser.new_context(viewport={"width": 1366, "height": 900}, locale="zh-CN").new_page()
    page.set_default_timeout(10_000)
    watched = Watch()
    watched.on(page)
    if name == "staff":
        sign_in(page, town, role="supervisor")
        page.goto(f"{town.url}/appointments?lang={language}")
        page.locator("#day").fill(day)
        expect(page.locator("#rows tr").first).to_be_visible()
    elif kept:
        page.goto(f"{town.url}{kept['url']}?lang={language}")
        page.locator("#move").click()
        expect(page.locator(".slot").first).to_be_visible()
    else:
        page.goto(f"{town.url}/book?lang={language}")
        page.locator(".choice").first.click()
        page.locator(".slot").first.click()
        expect(page.locator("#book")).to_be_visible()
    faults = [
        (fault["id"], [node["html"][:120] for node in fault["nodes"][:3]])
        for fault in Axe().run(page).response["violations"]
        if fault["impact"] in ("serious", "critical")
    ]
    assert faults == []
    page.set_viewport_size({"width": 320, "height": 720})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.evaluate(SMALL_TARGETS, TARGET_PX) == []
    letters = page.evaluate(
        "() => { document.querySelectorAll('[lang=zh], script').forEach((n) => n !== document.documentElement && n.remove());"
        " return document.body.textContent; }"
    )
    assert bool(re.search("[\u4e00-\u9fff]", letters)) == (language == "zh")
    assert watched.complaints == []
    page.context.close()


def test_every_sentence_is_translated() -> None:
    """Each sentence of templates and scripts stands in the Chinese catalogue, with the same fields."""
    with (PACKAGE / "locale" / "zh.po").open("rb") as source:
        known = {str(m.id): str(m.string) for m in read_po(source, locale="zh") if m.id}
    templates = "\n".join(each.read_text("utf-8") for each in (PACKAGE / "templates").rglob("*.html"))
    used = sentences_of_scripts(PACKAGE / "static") | set(re.findall(r"""\bt\(["']([^"']+)["']\)""", templates))
    assert len(used) > 60
    assert {sentence for sentence in used if not known.get(sentence)} == set()
    fields = re.compile(r"\{(\w+)\}")
    for sentence in used:
        assert sorted(fields.findall(sentence)) == sorted(fields.findall(known[sentence])), sentence


@pytest.mark.parametrize("path", ["/book", "/a/x", "/appointments"])
def test_the_content_policy_holds(town: DemoHall, path: str) -> None:
    """No inline script, style or handler, nothing from elsewhere (D3.6)."""
    answer = town.session.get(town.url + path, timeout=5)
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert not re.search(r"<script(?![^>]*(src=|application/json))|<style|\sstyle=|\son\w+=", answer.text)
    assert not re.search(r"(src|href)=\"(https?:)?//", answer.text)


@pytest.mark.parametrize("code", ["12345", "1234567", "12345a", "１２３４５６", "12345%36"])
def test_only_a_code_becomes_a_picture(town: DemoHall, code: str) -> None:
    """Six figures; anything else is not found."""
    answer = town.session.get(f"{town.url}/book/code/{code}.svg", timeout=5)
    assert answer.status_code == (200 if code == "12345%36" else 404)
