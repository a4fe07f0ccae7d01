"""The simulator's report as a browser shows it."""

from pathlib import Path

from playwright.sync_api import Browser

from config.loader import load_hall
from server.simulate.report import write_report
from tests.simulate.made_days import a_whole_day

REFERENCE = Path(__file__).parents[2] / "config" / "halls" / "reference.yaml"


def test_the_page_switches_language_without_scripts(browser: Browser, tmp_path: Path) -> None:
    """Chinese first; one click or the keyboard shows English; nothing scrolls sideways and the browser is content."""
    days = [a_whole_day("chaoxi", 0.4, tidal=True), a_whole_day("zone_fifo", 0.8)]
    write_report(days, load_hall(REFERENCE), tmp_path, "normal, seed 1")
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 800})
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto((tmp_path / "report.html").as_uri())
    chinese, english = page.locator('main[lang="zh"]'), page.locator('main[lang="en"]')
    assert chinese.is_visible()
    assert not english.is_visible()
    page.locator("label[for=en]").click()
    assert english.is_visible()
    assert not chinese.is_visible()
    page.keyboard.press("ArrowLeft")
    assert chinese.is_visible()
    box = page.locator("body").bounding_box()
    assert box is not None
    assert box["width"] <= 1280
    assert complaints == []
    context.close()
