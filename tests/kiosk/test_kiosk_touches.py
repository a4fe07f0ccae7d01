"""The real app off screen, touched from the first page to the ticket."""

from pathlib import Path
from typing import Any

import pytest

from kiosk.state import Paper, Screen, Target
from tests.kiosk.hall_server import HallServer

pytestmark = pytest.mark.kivy

PORTRAIT, LANDSCAPE = (540, 960), (960, 540)


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


def test_a_press_is_seen_at_once(start: Any) -> None:
    """The card under the finger has another colour in the first frame after the touch (well within 100 ms)."""
    from kivy.tests.common import UnitTestTouch

    driver = start()
    driver.until_screen(Screen.HOME)
    card = driver.find(Target.ZONE, "police")
    before = list(card.fill_rgba)
    touch = UnitTestTouch(*card.center)
    touch.touch_down()
    driver.pump(1)
    assert list(card.fill_rgba) != before

    touch.touch_move(5, 5)
    touch.touch_up()
    driver.pump(1)
    assert list(card.fill_rgba) == before
    assert driver.app.screen is Screen.HOME


def test_the_next_page_is_there_within_three_frames(start: Any) -> None:
    """A page change needs no more than three turns of the loop; at 30 frames a second that is 100 ms."""
    driver = start()
    driver.until_screen(Screen.HOME)
    turns = 0
    driver.tap(Target.ZONE, "police")
    while not any(widget.target is Target.SERVICE for widget in driver.targets()):
        driver.pump()
        turns += 1
    assert turns <= 3


def test_a_slow_server_does_not_hold_the_glass(start: Any, server: HallServer) -> None:
    """While an answer takes two seconds the program goes on turning, draws and says that it is at work."""
    driver = start()
    driver.until_screen(Screen.HOME)
    driver.tap(Target.ZONE, "police")
    driver.until_screen(Screen.SERVICES)
    driver.tap(Target.SERVICE, "id-card")
    driver.until_screen(Screen.CONFIRM)
    server.delay_s = 2.0
    driver.tap(Target.CONFIRM)

    turns = 0
    while driver.app.screen is Screen.ISSUING:
        driver.pump()
        turns += 1
        assert turns < 1_000_000
    # A loop that waited for the answer would turn once or twice.
    assert turns > 20
    assert driver.app.screen is Screen.TICKET


def test_ten_taps_on_the_glass_take_one_ticket(start: Any, server: HallServer) -> None:
    """Real touches, as fast as they come, on the confirm button and on whatever stands there afterwards."""
    driver = start()
    driver.until_screen(Screen.HOME)
    driver.tap(Target.ZONE, "police")
    driver.until_screen(Screen.SERVICES)
    driver.tap(Target.SERVICE, "id-card")
    driver.until_screen(Screen.CONFIRM)
    spot = driver.find(Target.CONFIRM).center
    for _ in range(10):
        driver.touch(*spot)
    driver.until_screen(Screen.TICKET)

    assert len(server.tickets) == 1
    assert len(server.posted("/tickets")) == 1


def test_priority_and_high_contrast_by_touch(start: Any, server: HallServer) -> None:
    """The group chosen goes with the ticket, in high contrast and with controls low."""
    driver = start()
    driver.until_screen(Screen.HOME)
    for target in (Target.CONTRAST, Target.LOW):
        driver.tap(target)
        driver.settle()
    driver.tap(Target.ZONE, "police")
    driver.until_screen(Screen.SERVICES)
    driver.tap(Target.SERVICE, "id-card")
    driver.until_screen(Screen.CONFIRM)
    driver.tap(Target.PRIORITY)
    driver.until_screen(Screen.GROUPS)
    driver.tap(Target.GROUP, "elder")
    driver.until_screen(Screen.CONFIRM)
    driver.tap(Target.CONFIRM)
    driver.until_screen(Screen.TICKET)

    assert server.posted("/tickets")[0]["group"] == "elder"


def test_a_dead_printer_leaves_number_and_code(start: Any, server: HallServer) -> None:
    """Paper out: the number stays until it is noted; another print is offered and marked as a copy."""
    from tests.kiosk.whole import TestPrinter

    printer = TestPrinter((("queued", True), ("failed", False)))
    driver = start(printer=printer)
    take_ticket(driver)
    driver.until(lambda: driver.app.state.paper is Paper.TROUBLE)
    driver.settle()
    driver.tap(Target.REPRINT)
    driver.until(lambda: len(printer.tickets) == 2, "printed again")
    assert printer.tickets == [("D001", 1), ("D001", 2)]
    driver.until(lambda: driver.app.state.paper is Paper.TROUBLE)
    driver.until(lambda: {"state": "failed"} in server.posted("/print-state"), "failure told")
    driver.settle()
    driver.tap(Target.DONE)
    driver.until_screen(Screen.HOME)
    assert len(server.tickets) == 1


def test_server_lost_and_found(start: Any, server: HallServer) -> None:
    """The page says that the link is being restored, and the first page comes back by itself."""
    driver = start()
    driver.until_screen(Screen.HOME)
    server.cut(True)
    driver.until_screen(Screen.LOST)
    server.cut(False)
    driver.until_screen(Screen.HOME)


def test_waits_on_the_first_page_are_live(start: Any, server: HallServer) -> None:
    """A change in the hall is on the glass without a touch."""
    driver = start()
    driver.until_screen(Screen.HOME)
    zones = [{**zone, "waiting": 77} for zone in server.hall["zones"]]
    server.change_hall(zones=zones)

    driver.until(lambda: driver.find(Target.ZONE, "police").queue.text == "77人等候", "77 waiting")


def test_every_page_is_spoken_and_a_new_one_silences_the_old(start: Any) -> None:
    """With the voice on each page is said once, the ticket in full; turning it off is silence at once."""
    from tests.kiosk.whole import TestVoice

    voice = TestVoice()
    driver = start(voice=voice)
    driver.until_screen(Screen.HOME)
    assert voice.said == []
    driver.tap(Target.VOICE)
    driver.settle()
    assert "社会事务区，12人等候，15–23分钟" in voice.said[-1][0]

    take_ticket(driver)
    driver.until(lambda: driver.app.state.paper is Paper.PRINTED)
    said = voice.said[-1][0]
    for fact in ("D零零一", "居民身份证", "前面还有5人", "10–20分钟", "一楼东厅", "1–24号窗口"):
        assert fact in said
    count = len(voice.said)
    driver.pump(10)
    assert len(voice.said) == count, "the same page is not said again by itself"
    driver.settle()
    driver.tap(Target.AGAIN)
    assert voice.said[-1] == (said, "zh")
    driver.settle()
    stops = voice.stops
    driver.tap(Target.VOICE)
    assert voice.stops == stops + 1


def test_staff_leave_through_corner_and_pin(start: Any, tmp_path: Path) -> None:
    """Five touches in the corner, the right PIN, and the staff page is there; a wrong one is counted on disk."""
    from argon2 import PasswordHasher

    from kiosk.settings import KioskSettings

    pin = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("2468")
    driver = start(settings=KioskSettings("kiosk-1", exit_pin_hash=pin))
    driver.until_screen(Screen.HOME)
    for _ in range(5):
        driver.touch(20, driver.app.root.top - 20)
    driver.until_screen(Screen.PIN)
    for wrong_or_right in ("1111", "2468"):
        for figure in wrong_or_right:
            driver.tap(Target.KEY, figure)
        driver.settle()
        driver.tap(Target.ENTER)
        driver.until(lambda: not driver.app.state.staff.is_checking, "checked")
        if wrong_or_right == "1111":
            assert (tmp_path / "pin-failures").read_text() == "1"
    driver.until_screen(Screen.STAFF)
    assert (tmp_path / "pin-failures").read_text() == "0"


def test_visitors_leave_no_rubbish(start: Any) -> None:
    """After eight more visitors the program holds as many widgets and textures as before (standards C5)."""
    import gc
    from collections import Counter

    driver = start((540, 960))

    def visit(language_too: bool) -> None:
        if language_too:
            driver.tap(Target.LANGUAGE)
            driver.settle()
        take_ticket(driver)
        driver.until(lambda: driver.app.state.paper is Paper.PRINTED)
        driver.settle()
        driver.tap(Target.DONE)
        driver.until_screen(Screen.HOME)

    def held() -> Counter[str]:
        gc.collect()
        driver.pump(2)
        kinds = Counter(type(thing).__name__ for thing in gc.get_objects())
        return Counter({kind: kinds[kind] for kind in ("Text", "Icon", "Surface", "PushButton", "Texture", "Shell")})

    driver.until_screen(Screen.HOME)
    for number in range(4):
        visit(number % 2 == 0)
    before = held()
    for number in range(8):
        visit(number % 4 == 0)
    after = held()

    assert before["Text"] > 50
    for kind in before:
        assert after[kind] <= before[kind] + 6, (kind, before, after)
