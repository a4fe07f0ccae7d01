"""The guides' tablet and what the clerk's console knows of people, in a real browser (A2.5, A2.10, C8)."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.demo_hall import DemoHall, Watch, sign_in, until

pytestmark = pytest.mark.browser


def as_guide(visit: Callable[..., Page], hall: DemoHall, **how: Any) -> Page:
    """A guide whose tablet is ready."""
    page = visit("about:blank", **how)
    page.clock.install()  # so that a second tap need not wait until it is no double tap
    login = hall.login(role="guide")
    body = {"user": login["user"], "password": login["password"]}
    assert page.context.request.post(f"{hall.url}/api/v1/sign-in", data=body).ok
    page.goto(f"{hall.url}/guide")
    expect(page.locator("#zones .tile").first).to_be_visible()
    expect(page.locator("#main")).to_be_visible()
    return page


def ask(hall: DemoHall, kind: str = "wheelchair", place: str | None = None) -> str:
    """A tap on "help" at the first kiosk."""
    name = f"h-{uuid.uuid4()}"
    hall.post("/help", {"id": name, "kind": kind, **({"place": place} if place else {})}, hall.demo["kiosk_token"])
    return name


def requests_of(hall: DemoHall) -> dict[str, dict[str, Any]]:
    """What the server knows of requests."""
    return {one["id"]: one for one in hall.get("/help", hall.token(role="guide"))["requests"]}


def test_a_request_rings_is_taken_and_ended(hall: DemoHall, visit: Callable[..., Page]) -> None:
    """It comes by itself with place and kind, rings once, and goes when the guide says how it ended."""
    page = as_guide(visit, hall)
    rang = page.evaluate("Number(document.body.dataset.rang || 0)")
    name = ask(hall, place="东门口")
    card = page.locator(f'.request[data-key="{name}"]')
    expect(card).to_contain_text("东门口")
    expect(card).to_contain_text("需要轮椅")
    assert page.evaluate("Number(document.body.dataset.rang)") == rang + 1

    card.get_by_role("button", name="我去").click()
    expect(card).to_contain_text("guide 已前往")
    card.get_by_role("button", name="已帮助").click()
    expect(card).to_have_count(0)
    assert requests_of(hall)[name]["outcome"] == "helped"
    assert page.evaluate("Number(document.body.dataset.rang)") == rang + 1


def test_a_guide_gives_a_ticket_in_two_taps_and_with_priority_in_three(
    hall: DemoHall, visit: Callable[..., Page]
) -> None:
    """Zone, service: printed at the desk; one choice more makes it a priority ticket, and the next one is plain again."""
    page = as_guide(visit, hall, width=390, height=844)
    taps: list[str] = []

    def tap(selector: str) -> None:
        page.locator(selector).click()
        taps.append(selector)

    tap('#zones .tile[data-key="marriage"]')
    tap("#services .tile >> nth=0")
    expect(page.locator("#issued")).to_be_visible()
    number = page.locator("#issued-number").inner_text()
    assert len(taps) == 2
    plain = hall.get(f"/tickets/{number}", hall.token(role="supervisor"))
    assert (plain["channel"], plain["group"], plain["print"]) == ("staff", None, "queued")

    page.locator("#group").select_option("elder")
    page.clock.fast_forward(1000)
    tap('#zones .tile[data-key="marriage"]')
    tap("#services .tile >> nth=0")
    expect(page.locator("#issued-number")).not_to_have_text(number)
    priority = hall.get(f"/tickets/{page.locator('#issued-number').inner_text()}", hall.token(role="supervisor"))
    assert priority["group"] == "elder"
    expect(page.locator("#group")).to_have_value("")


def test_a_wrong_check_in_code_is_told(hall: DemoHall, visit: Callable[..., Page], watch: Watch) -> None:
    """A code that is nobody's says so and leaves what was typed."""
    watch.forgiven = ("404",)
    page = as_guide(visit, hall)
    page.locator("#code").fill("000000")
    page.locator("#check-in button").click()
    expect(page.locator("#take-trouble")).to_be_visible()
    expect(page.locator("#code")).to_have_value("000000")


def at_window(visit: Callable[..., Page], hall: DemoHall, window: str) -> Page:
    """The console of a clerk at an open window: one that no other file's tests use, since they share the hall."""
    page = visit("about:blank")
    page.clock.install()
    sign_in(page, hall, window)
    hall.post(f"/windows/{window}/open", {}, hall.token(window))
    page.goto(f"{hall.url}/window")
    expect(page.locator("#window-state")).to_contain_text("开放")
    return page


def test_the_clerk_looks_at_a_proof_with_a_key(hall: DemoHall, visit: Callable[..., Page]) -> None:
    """The group and what proves it are shown; one key says yes, another no, and the server knows which."""
    window = "G06"
    page = at_window(visit, hall, window)
    service = hall.get(f"/windows/{window}", hall.token(window))["services"][0]
    ticket = hall.post("/tickets", {"service": service, "group": "elder"}, hall.demo["kiosk_token"])
    hall.post(f"/windows/{window}/call", {"ticket": ticket["number"]}, hall.token(window))
    expect(page.locator("#proof")).to_contain_text("请核对证明")

    def proof() -> str | None:
        told: str | None = hall.get(f"/windows/{window}", hall.token(window))["ticket"]["proof"]
        return told

    page.keyboard.press("Control+Alt+Y")
    expect(page.locator("#proof-state")).to_contain_text("已核对证明")
    assert proof() == "clerk"
    expect(page.locator("#work")).to_have_attribute("aria-busy", "false")
    page.keyboard.press("Control+Alt+X")
    expect(page.locator("#proof-state")).to_contain_text("无有效证明")
    assert proof() == "refuted"


def test_a_ticket_in_a_name_and_one_more_than_allowed(hall: DemoHall, visit: Callable[..., Page], watch: Watch) -> None:
    """The second ticket on a card is refused by the first one's number; one press more gives it all the same, and the
    card's number stands nowhere on the page afterwards."""
    watch.forgiven = ("409",)
    page = at_window(visit, hall, "X05")
    page.keyboard.press("Control+Alt+I")
    service = page.locator("#issue-choices button", has_text="婚姻").first
    numbers = []
    for _ in range(2):
        page.locator("#issue-person").fill("11010519491231002X")
        service.click()
        if numbers:
            expect(page.locator("#issue-trouble")).to_contain_text(numbers[0])
            page.clock.fast_forward(1000)
            page.locator("#issue-beyond").click()
        expect(page.locator("#issued")).to_be_visible()
        numbers.append(page.locator("#issued-number").inner_text())
        page.clock.fast_forward(1000)
    assert numbers[0] != numbers[1]
    expect(page.locator("#issue-person")).to_have_value("")
    over = hall.get("/stats/today", hall.token(role="manager"))["identity"]["over_limit"]
    assert numbers[1] in [one["number"] for one in over]
    assert "11010519491231002X" not in page.content()


def test_a_clerk_calls_a_guide(hall: DemoHall, visit: Callable[..., Page]) -> None:
    """One key and one choice: the request names the window."""
    page = at_window(visit, hall, "G06")
    before = set(requests_of(hall))
    page.keyboard.press("Control+Alt+B")
    page.locator('#guide-kinds button[data-key="sign"]').click()
    expect(page.locator("#said")).to_contain_text("已呼叫导办员")
    new = until(lambda: set(requests_of(hall)) - before, 5, "the request is there")
    assert requests_of(hall)[new.pop()]["kind"] == "sign"
