"""The administrators' page of hooks and platform: a test, a given-up message sent again, what the platform waits for."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.demo_hall import ROOT, DemoHall, sign_in, until
from tests.notices.receiver import Receiver

pytestmark = pytest.mark.browser


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A gateway that refuses its first message for good."""
    made = Receiver(answers=[410, 204])
    yield made
    made.die()


@pytest.fixture
def hooked(tmp_path: Path, receiver: Receiver) -> Iterator[DemoHall]:
    """The real server with a hook and an exchange folder."""
    text = (ROOT / "tests" / "hall" / "small_hall.yaml").read_text("utf-8")
    text += f"hooks:\n  - {{ id: sms, url: '{receiver.url}', events: [called] }}\n"
    text += "platform: { kind: file, folder: exchange, every_s: 1 }\n"
    (tmp_path / "hall.yaml").write_text(text, "utf-8")
    running = DemoHall(tmp_path / "data", hall_file=tmp_path / "hall.yaml")
    running.start()
    yield running
    running.kill()


def test_an_administrator_tests_resends_and_sees_the_platform(
    hooked: DemoHall, receiver: Receiver, visit: Visit
) -> None:
    """A given-up call is shown in words and sent again by a press; the test tells its answer; a milestone that was
    refused shows why, and whoever is no administrator sees nothing."""
    admin = hooked.token(role="admin")
    hooked.post("/windows/S01/open", {}, admin)
    hooked.issue("insurance")
    hooked.post("/windows/S01/call-next", {}, admin)
    receiver.wait_for(1)
    told = {"id": "m-1", "kind": "progressed", "case": "20200101-0001", "milestone": "已分办"}
    hooked.post("/platform/milestones", {"milestones": [told]}, hooked.demo["platform_token"])

    page = visit(hooked.url + "/sign-in")
    sign_in(page, hooked, role="admin")
    page.goto(hooked.url + "/hooks?lang=zh")
    card = page.locator("[data-hook=sms]")
    expect(card.locator(".state")).to_have_text("⚠ 对方拒收")
    card.get_by_text("发送失败的通知：1 条").click()
    expect(card.locator(".rows p").first).to_have_text("请 A001 号到1号窗口办理。")
    card.get_by_role("button", name="重发", exact=True).click()
    receiver.wait_for(2)
    expect(card.locator(".state")).to_have_text("● 正常", timeout=15_000)
    expect(card.locator("[data-count=failed]")).to_have_text("0")
    card.get_by_role("button", name="发送测试").click()
    expect(page.locator("#said")).to_have_text("sms 已收到测试通知（HTTP 204）")
    expect(page.locator("#milestones")).to_contain_text("没有在办的办件“20200101-0001”")
    expect(page.locator("#platform-kind")).to_have_text("文件交换")
    assert receiver.got[0].id == receiver.got[1].id
    until(lambda: receiver.kinds == ["called", "called", "test"], 10, "the test arrived")
    assert card.locator("code").text_content().startswith("whsec_")
