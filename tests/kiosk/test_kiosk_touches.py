"""The real app off screen, touched from the first page to the ticket."""

from pathlib import Path
from typing import Any

import pytest

from kiosk.state import Paper, Screen, Target
from tests.kiosk.hall_server import HallServer

pytestmark = pytest.mark.kivy

PORTRAIT, LANDSCAPE = (1080, 1920), (1920, 1080)


def take_ticket(driver: Any, zone: str = "police", service: str = "id-card") -> int:
    """Go from the first page to the ticket; give the number of taps."""
    driver.until_screen(Screen.HOME)
    taps = 0
    for target, value, screen in (
        (Target.ZONE, zone, Screen.SERVICES),
        (Target.SERVICE, service, Screen.CONFIRM),
        (Target.CONFIRM, None, Screen.TICKET),
    ):
        driver.tap(target, value)
        taps += 1
        driver.until_screen(screen)
    return taps


@pytest.mark.parametrize("size", [PORTRAIT, LANDSCAPE], ids=["portrait", "landscape"])
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("is_large", [False, True], ids=["ordinary", "large"])
def test_three_taps_take_a_printed_ticket(
    start: Any, server: HallServer, tmp_path: Path, size: tuple[int, int], language: str, is_large: bool
) -> None:
    """Zone, service, confirm: the number is on the glass and on paper, in either language, size and orientation."""
    driver = start(size)
    driver.until_screen(Screen.HOME)
    if language == "en":
        driver.tap(Target.LANGUAGE)
        driver.settle()
    if is_large:
        driver.tap(Target.SCALE)
        driver.settle()

    assert take_ticket(driver) == 3

    assert [body["service"] for body in server.posted("/tickets")] == ["id-card"]
    assert server.posted("/tickets")[0]["language"] == language
    assert driver.app.shell.body.number.text == "D001"
    driver.until(lambda: driver.app.state.paper is Paper.PRINTED)
    driver.until(lambda: server.posted("/print-state") == [{"state": "printed"}], "print state told")
    assert driver.picture(tmp_path / "ticket.png").stat().st_size > 10_000
