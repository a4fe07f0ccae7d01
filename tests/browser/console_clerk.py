"""A clerk at the console with nothing but a keyboard."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.demo_hall import DemoHall, sign_in, until


class Clerk:
    """Somebody at a window with nothing but a keyboard; what counts is what the server says."""

    def __init__(self, page: Page, hall: DemoHall, window: str) -> None:
        self.page = page
        self.hall = hall
        self.window = window
        self.token = hall.token(window)

    def presses(self, *keys: str) -> None:
        for key in keys:
            # As a clerk does: not while the button rests from the call just made.
            expect(self.page.locator("#call-next")).not_to_have_attribute("data-resting", "true")
            self.page.keyboard.press(key)

    def sees(self, check: Callable[[dict[str, Any]], Any], what: str) -> dict[str, Any]:
        """Wait until the server's view of the window is so, and the page has taken it in."""
        until(lambda: check(self.view()), 5, what)
        expect(self.page.locator("#work")).to_have_attribute("aria-busy", "false")
        return self.view()

    def view(self) -> dict[str, Any]:
        found: dict[str, Any] = self.hall.get(f"/windows/{self.window}", self.token)
        return found

    def shows(self, number: str) -> None:
        """The number is at the window, and the press that brought it is answered (the feed may be quicker)."""
        expect(self.page.locator("#current-number")).to_have_text(number)
        expect(self.page.locator("#work")).to_have_attribute("aria-busy", "false")


def at_window(visit: Callable[..., Page], hall: DemoHall, window: str) -> Clerk:
    """A clerk signed in at an open window whose console is ready."""
    page = visit("about:blank")
    sign_in(page, hall, window)
    clerk = Clerk(page, hall, window)
    if clerk.view()["state"] != "open":
        hall.post(f"/windows/{window}/open", {}, clerk.token)
    page.goto(f"{hall.url}/window")
    expect(page.locator("#window-state")).to_contain_text("开放")
    return clerk
