"""The manager's and the supervisor's pages show what the API says, and only to them."""

import itertools
import json
import math
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.demo_hall import DemoHall, Watch, sign_in, until

pytestmark = pytest.mark.browser


def minutes(seconds: float | None) -> str:
    """As the page writes a duration, worked out here on its own: tenths of a minute, half up."""
    return "–" if seconds is None else f"{math.floor(seconds / 6 + 0.5) / 10:.1f}分钟"


def busy_day(hall: DemoHall) -> None:
    """A little of everything: served, called, waiting, an idle window, a paused one."""
    token = hall.token(role="supervisor")
    for window in ("RC01", "RC02", "RC03"):
        hall.post(f"/windows/{window}/open", {}, token)
    for _ in range(5):
        hall.issue("estate-resale")
    for _ in range(2):
        hall.post("/windows/RC01/call-next", {"finish_current": True}, token)
    hall.post("/windows/RC01/start", {}, token)
    hall.post("/windows/RC02/call-next", {}, token)
    hall.post("/windows/RC02/no-show", {}, token)
    hall.post("/windows/RC03/pause", {}, token)


@pytest.fixture(scope="module")
def lively(hall: DemoHall) -> DemoHall:
    """The hall after that."""
    busy_day(hall)
    return hall


def as_manager(visit: Callable[..., Page], hall: DemoHall, path: str, role: str = "manager") -> Page:
    page = visit("about:blank")
    sign_in(page, hall, role=role)
    page.goto(hall.url + path)
    return page


def test_every_figure_equals_the_api(lively: DemoHall, visit: Callable[..., Page]) -> None:
    """Cards, totals and tables give the figures of GET /stats/today, digit by digit."""
    page = as_manager(visit, lively, "/manage")
    expect(page.locator("#zones li")).not_to_have_count(0)
    token = lively.token(role="manager")

    def shown() -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = page.evaluate(
            """() => Object.fromEntries(Array.from(document.querySelectorAll("#zones li"), (card) => [card.dataset.key,
                 Object.fromEntries(Array.from(card.querySelectorAll("[data-fact]"), (f) => [f.dataset.fact, f.textContent]))]))"""
        )
        return found

    def expected(stats: dict[str, Any]) -> dict[str, dict[str, str]]:
        return {
            zone["zone"]: {
                "waiting": str(zone["waiting"]),
                "longest_wait_s": minutes(zone["longest_wait_s"]),
                "mean_wait_s": minutes(zone["mean_wait_s"]),
                "p90_wait_s": minutes(zone["p90_wait_s"]),
                "open_windows": f"{zone['open_windows']} / {zone['total_windows']}",
                "idle_windows": str(zone["idle_windows"]),
            }
            for zone in stats["zones"]
        }

    # The longest wait grows while we look: page and API must agree at one moment.
    until(lambda: shown() == expected(lively.get("/stats/today", token)), 10, "cards equal the API")
    identity = lively.get("/stats/today", token)["identity"]
    assert identity["tickets"] >= 5
    share = math.floor(100 * identity["named"] / identity["tickets"] + 0.5)
    expect(page.locator("#named")).to_have_text(f"{identity['named']} / {identity['tickets']} · {share}%")
    expect(page.locator("#over-limit li")).to_have_count(len(identity["over_limit"]))
    for proof, count in identity["proofs"].items():
        expect(page.locator(f"[data-proof={proof}]")).to_have_text(str(count))
    expect(page.locator("#limits")).to_contain_text("同一业务每人最多 1 张未办票、每人每天最多 3 张")
    stats = lively.get("/stats/today", token)
    zone = next(zone for zone in stats["zones"] if zone["zone"] == "real-estate")
    assert zone["waiting"] >= 2
    assert zone["no_show"] >= 1
    for total in ("waiting", "issued", "served", "no_show"):
        expect(page.locator(f'[data-total="{total}"]')).to_have_text(str(sum(z[total] for z in stats["zones"])))
    services = page.locator("#services tr").all_inner_texts()
    assert len(services) == len(stats["services"])
    for row, service in zip(services, stats["services"], strict=True):
        cells = row.split("\t")
        assert cells[0].strip() == service["name"]
        assert cells[2:5] == [str(service[name]) for name in ("waiting", "issued", "served")]
    assert page.locator("#windows tr").count() == len(stats["windows"])
    expect(page.locator('#windows tr[data-key="RC03"]')).to_contain_text("暂停")
    expect(page.locator('#windows tr[data-key="RC01"]')).to_contain_text("办理中")


def test_every_figure_stands_in_its_place(lively: DemoHall, visit: Callable[..., Page]) -> None:
    """With figures that are all different, each card and table cell shows its own; without a shared worker too."""
    stats = lively.get("/stats/today", lively.token(role="manager"))
    numbers = itertools.count(1)
    for row in stats["zones"] + stats["services"] + stats["windows"] + stats["quarters"]:
        for name, value in row.items():
            if name.endswith("_s"):
                row[name] = next(numbers) * 60
            elif isinstance(value, int):
                row[name] = next(numbers)
    message = f"event: snapshot\nid: 1\ndata: {json.dumps(stats)}\n\n"
    page = visit("about:blank")
    sign_in(page, lively, role="manager")
    page.add_init_script("delete window.SharedWorker")
    page.route("**/api/v1/feed?stats=1*", lambda route: route.fulfill(content_type="text/event-stream", body=message))
    page.goto(f"{lively.url}/manage")
    expect(page.locator("#zones li")).to_have_count(len(stats["zones"]))
    for zone in stats["zones"]:
        card = page.locator(f'#zones li[data-key="{zone["zone"]}"]')
        shown = {fact.get_attribute("data-fact"): fact.inner_text() for fact in card.locator("[data-fact]").all()}
        waits = {name: minutes(zone[name]) for name in ("longest_wait_s", "mean_wait_s", "p90_wait_s")}
        assert shown == waits | {
            "waiting": str(zone["waiting"]),
            "open_windows": f"{zone['open_windows']} / {zone['total_windows']}",
            "idle_windows": str(zone["idle_windows"]),
        }
    page.locator("summary").click()
    columns = {
        "services": (("waiting", "issued", "served"), ("mean_wait_s", "p90_wait_s", "mean_service_s"), 2),
        "quarters": (("issued", "called", "served", "waiting"), ("mean_wait_s",), 1),
    }
    for table, (counts, times, words) in columns.items():
        row, shown_row = stats[table][-1], page.locator(f"#{table} tr").last.inner_text().split("\t")
        assert [cell.strip() for cell in shown_row[words:]] == [
            *(str(row[name]) for name in counts),
            *(minutes(row[name]) for name in times),
        ]
    window, shown_row = stats["windows"][-1], page.locator("#windows tr").last.inner_text().split("\t")
    assert shown_row[3].strip() == f"{window['since_s'] // 60}分钟"
    assert [cell.strip() for cell in shown_row[4:]] == [str(window["served"]), minutes(window["mean_service_s"])]


def test_the_page_is_live(lively: DemoHall, visit: Callable[..., Page]) -> None:
    """A ticket taken now is counted without a reload."""
    page = as_manager(visit, lively, "/manage")
    waiting = page.locator('#zones li[data-key="real-estate"] [data-fact="waiting"]')
    expect(waiting).not_to_have_text("–")
    before = int(waiting.inner_text())
    lively.issue("estate-resale")
    expect(waiting).to_have_text(str(before + 1))


def test_the_chart_is_drawn_and_has_a_table(lively: DemoHall, visit: Callable[..., Page]) -> None:
    """The chart loads as a picture with the quarters' figures, and a table says the same."""
    page = as_manager(visit, lively, "/manage")
    page.wait_for_function(
        "() => { const i = document.getElementById('chart'); return i.complete && i.naturalWidth > 0; }"
    )
    svg = page.request.get(f"{lively.url}/manage/chart.svg?lang=zh").text()
    for word in ("取号", "办结", "等候人数"):
        assert word in svg
    assert "<script" not in svg
    page.locator("summary").click()
    quarters = lively.get("/stats/today", lively.token(role="manager"))["quarters"]
    rows = page.locator("#quarters tr")
    expect(rows).to_have_count(len(quarters))
    assert rows.last.inner_text().split("\t")[:2] == [quarters[-1]["at"][11:16], str(quarters[-1]["issued"])]


def test_csv_is_one_click_away(lively: DemoHall, visit: Callable[..., Page]) -> None:
    """The CSV link gives a file of figures."""
    page = as_manager(visit, lively, "/manage")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载数据 CSV").click()
    assert download.value.path().stat().st_size > 100


def test_zone_page_shows_idle_and_busy_windows(lively: DemoHall, visit: Callable[..., Page]) -> None:
    """A supervisor sees each window of the zone with its state and ticket, and who waits."""
    page = as_manager(visit, lively, "/zone/real-estate", role="supervisor")
    expect(page.locator("#title")).to_have_text("不动产交易事务区")
    zone = lively.get("/zones/real-estate", lively.token(role="supervisor"))
    expect(page.locator("#windows li")).to_have_count(len(zone["windows"]))
    for window, word in (("RC01", "办理中"), ("RC02", "空闲"), ("RC03", "暂停"), ("RC04", "关闭")):
        expect(page.locator(f'#windows li[data-key="{window}"] .chip')).to_contain_text(word)
    expect(page.locator('#windows li[data-key="RC02"] .since')).to_have_text("不到1分钟")
    serving = next(each for each in zone["windows"] if each["window"] == "RC01")["ticket"]["number"]
    expect(page.locator('#windows li[data-key="RC01"] .ticket')).to_have_text(serving)
    expect(page.locator("#queue li").first).to_contain_text(zone["queue"][0]["number"])
    lively.post("/windows/RC02/call-next", {}, lively.token(role="supervisor"))
    expect(page.locator('#windows li[data-key="RC02"] .chip')).to_contain_text("已呼叫")


def test_not_signed_in_means_signing_in_first(lively: DemoHall, visit: Callable[..., Page], watch: Watch) -> None:
    """Without sign-in the manager's page leads to the form, and from there back."""
    watch.forgiven = ("401", "ERR_ABORTED")
    page = visit(f"{lively.url}/manage")
    page.wait_for_url("**/sign-in?next=*")
    manager = lively.login(role="manager")
    page.locator("#user").fill(manager["user"])
    page.locator("#password").fill("wrong")
    page.keyboard.press("Enter")
    expect(page.locator("#trouble")).to_be_visible()
    page.locator("#password").fill(manager["password"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/manage")
    expect(page.locator("#zones li")).not_to_have_count(0)
    page.locator("#sign-out").click()
    page.wait_for_url("**/sign-in*")


def test_sign_in_leads_nowhere_else(lively: DemoHall, visit: Callable[..., Page]) -> None:
    """A crafted link cannot send somebody to another site after signing in."""
    page = visit(f"{lively.url}/sign-in?next=https%3A%2F%2Fevil.example%2F")
    manager = lively.login(role="manager")
    page.locator("#user").fill(manager["user"])
    page.locator("#password").fill(manager["password"])
    page.keyboard.press("Enter")
    page.wait_for_url(f"{lively.url}/manage")


def test_a_clerk_does_not_see_the_figures(lively: DemoHall, visit: Callable[..., Page], watch: Watch) -> None:
    """A clerk who opens the manager's page is told that the role does not allow it."""
    watch.forgiven = ("403",)
    page = visit("about:blank")
    sign_in(page, lively, "S20")
    page.goto(f"{lively.url}/manage")
    expect(page.locator("#refused")).to_contain_text("无权查看")
    expect(page.locator("#main")).to_be_hidden()
    assert page.request.get(f"{lively.url}/manage/chart.svg").status == 403


def test_a_printer_out_of_paper_stands_at_the_top(lively: DemoHall, visit: Callable[..., Page]) -> None:
    """The kiosk's report is on the manager's page within ten seconds, worst first, and goes when paper is in (C17)."""
    page = as_manager(visit, lively, "/manage")
    expect(page.locator("#zones li")).not_to_have_count(0)
    kiosk, printer = lively.demo["kiosk_token"], lively.demo["printer_token"]
    lively.post("/devices/desk-f1/status", {"printer": "near_end"}, printer)
    lively.post("/devices/kiosk-1/status", {"printer": "paper_out"}, kiosk)

    alarms = page.locator("#alarms li")
    expect(alarms).to_have_count(2, timeout=10_000)
    expect(alarms.first).to_contain_text("缺纸")
    expect(alarms.last).to_contain_text("纸快用完")

    lively.post("/devices/kiosk-1/status", {"printer": "ready"}, kiosk)
    lively.post("/devices/desk-f1/status", {"printer": "ready"}, printer)
    expect(alarms).to_have_count(0, timeout=10_000)
