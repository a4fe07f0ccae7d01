"""The real server, the real Chromium, and a watch on what the browser complains about."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.demo_hall import DemoHall, Watch

#: The same engine without a desktop's user interface takes a quarter less work; not every distribution packs it.
CHROMIUM = shutil.which("chromium-headless-shell") or "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
]


@pytest.fixture(scope="session")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoHall]:
    """One quiet demo hall for all tests that do not kill it; each test uses windows and services of its own."""
    running = DemoHall(tmp_path_factory.mktemp("hall") / "data")
    running.start()
    yield running
    running.kill()


@pytest.fixture
def mortal_hall(tmp_path: Path) -> Iterator[DemoHall]:
    """A hall that may be killed."""
    running = DemoHall(tmp_path / "data")
    running.start()
    yield running
    running.kill()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without its windows."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Every page of a test is watched; a complaint that the test did not forgive beforehand fails it."""
    watched = Watch()
    yield watched
    assert watched.complaints == []


Visit = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser, watch: Watch) -> Iterator[Visit]:
    """Opens an address in a fresh browser profile; `context=` goes on in one that is there."""
    opened: list[BrowserContext] = []

    def open_page(
        url: str, *, width: int = 1366, height: int = 900, locale: str = "zh-CN", context: BrowserContext | None = None
    ) -> Page:
        if context is None:
            context = browser.new_context(viewport={"width": width, "height": height}, locale=locale)
            context.set_default_timeout(10_000)
            opened.append(context)
        page = context.new_page()
        watch.on(page)
        page.goto(url)
        return page

    yield open_page
    for context in opened:
        context.close()
