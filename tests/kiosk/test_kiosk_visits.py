"""The real app off screen, touched: search and item guide, the card on its reader, check-in, help, rating."""

import json
from pathlib import Path
from typing import Any

import pytest

from kiosk.settings import KioskSettings
from kiosk.state import Paper, Screen, Target
from tests.kiosk.hall_server import HallServer

pytestmark = pytest.mark.kivy

RARE_NAME = "䶮㛃𬱖𡈽𰻝"
NUMBER = "00000019850715003X"


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """The card reader: a file put here is a card laid on."""
    folder = tmp_path / "cards"
    folder.mkdir()
    return folder


@pytest.fixture
def with_reader(start: Any, desk: Path) -> Any:
    """A kiosk with a card reader and a scanner, on its first page."""
    settings = KioskSettings("kiosk-1", reader_url=f"simulator://{desk}", reader_timeout_s=8, has_scanner=True)
    driver = start(settings=settings)
    driver.until_screen(Screen.HOME)
    return driver


def lay(desk: Path, card: dict[str, Any]) -> None:
    """Lay a card on, whole at once."""
    part = desk / "card.part"
    part.write_text(json.dumps(card), encoding="utf-8")
    part.rename(desk / "card.json")


def go(driver: Any, *steps: tuple[Target, str | None, Screen]) -> None:
    """Tap, and wait for the page it leads to."""
    for target, value, screen in steps:
        driver.tap(target, value)
        driver.until_screen(screen)


def words(driver: Any) -> str:
    """Everything that is read on the page."""
    from kiosk.screens.parts import Text

    return "\n".join(text.text for text in driver.app.root.walk() if isinstance(text, Text) and text.lines)


def everything(driver: Any) -> str:
    """Every text of every widget, shown or not."""
    from kiosk.screens.parts import Text

    return "\n".join(text.text for text in driver.app.root.walk() if isinstance(text, Text))


def search(driver: Any, letters: str, code: str) -> None:
    """Type letters and wait for an item."""
    driver.tap(Target.SEARCH)
    driver.until_screen(Screen.SEARCH)
    for letter in letters:
        driver.tap(Target.KEY, letter)
    driver.until(lambda: any(t.target is Target.ITEM and t.value == code for t in driver.targets()), "the item")
    driver.settle()


def test_letters_lead_to_a_guide_its_slip_and_a_ticket(start: Any, server: HallServer) -> None:
    """Search, guide, slip, the online way before the number, then the number for that item (Y3, M5)."""
    from tests.kiosk.whole import TestPrinter

    printer = TestPrinter()
    driver = start(printer=printer)
    driver.until_screen(Screen.HOME)
    search(driver, "GJJ", "422300-gjj-01")
    go(driver, (Target.ITEM, "422300-gjj-01", Screen.GUIDE))
    driver.until(lambda: driver.app.state.guide is not None, "the guide")
    assert "样表：张建国" in words(driver)

    driver.settle()
    driver.tap(Target.SLIP)
    driver.until(lambda: driver.app.state.slip is Paper.PRINTED, "the slip")
    (slip,) = printer.slips
    assert slip.title == "住房公积金提取"
    assert slip.qr == "https://zwfw.hubei.gov.cn/gjj/tq"
    assert "申请材料" in dict(slip.sections)
    assert printer.tickets == []

    driver.settle()
    go(driver, (Target.TAKE, None, Screen.ONLINE))
    assert driver.app.shell.body.code.texture is not None
    go(driver, (Target.ANYWAY, None, Screen.CONFIRM), (Target.CONFIRM, None, Screen.TICKET))
    assert server.posted("/tickets")[0]["item"] == "422300-gjj-01"


def test_what_is_not_done_here_gives_a_slip_and_no_number(start: Any, server: HallServer) -> None:
    """Place, telephone and reason on glass and paper (M8)."""
    from tests.kiosk.whole import TestPrinter

    printer = TestPrinter()
    driver = start(printer=printer)
    driver.until_screen(Screen.HOME)
    search(driver, "YHBZ", "422300-yz-09")
    go(driver, (Target.ITEM, "422300-yz-09", Screen.GUIDE))
    driver.until(lambda: driver.app.state.guide is not None, "the guide")
    assert not any(target.target is Target.TAKE for target in driver.targets())
    driver.settle()
    driver.tap(Target.SLIP)
    driver.until(lambda: bool(printer.slips), "the slip")

    # A long line is broken on the glass.
    told = words(driver).replace("\n", "")
    paper = {line for _, lines in printer.slips[0].sections for line in lines}
    for fact in ("阳新县应急管理局二楼201室（兴国镇陵园大道）", "0714-7326110"):
        assert fact in told
        assert fact in paper
    assert server.posted("/tickets") == []


def test_items_stand_there_within_a_blink(start: Any, server: HallServer) -> None:
    """Services at the very next frame; the server's items with the answer, and the glass turns all the while."""
    driver = start()
    driver.until_screen(Screen.HOME)
    driver.tap(Target.SEARCH)
    driver.until_screen(Screen.SEARCH)
    driver.tap(Target.KEY, "G")
    driver.pump(2)
    assert any(target.target is Target.SERVICE for target in driver.targets())
    driver.until(lambda: any(target.target is Target.ITEM for target in driver.targets()), "items")
    assert server.asked == ["g"]


def test_a_card_with_a_rare_name_takes_a_ticket_in_its_name(with_reader: Any, desk: Path, server: HallServer) -> None:
    """Consent, card, priority by age; the name is drawn, and the number is nowhere afterwards (M10, A3.5)."""
    server.holder = {**server.holder, "name_masked": RARE_NAME, "appointments": []}
    driver = with_reader
    go(
        driver,
        (Target.ZONE, "police", Screen.SERVICES),
        (Target.SERVICE, "entry-exit", Screen.CONFIRM),
        (Target.CONFIRM, None, Screen.CONSENT),
    )
    lay(desk, {"kind": "resident", "number": NUMBER, "name": RARE_NAME, "birth": "1955-07-15"})
    driver.pump(20)
    assert (desk / "card.json").exists(), "nothing is read before consent"
    driver.tap(Target.AGREE)
    driver.until_screen(Screen.WELCOME)
    assert RARE_NAME in words(driver)
    go(driver, (Target.OPTION, "priority:elder", Screen.TICKET))

    assert server.posted("/holders")[0]["card"]["name"] == RARE_NAME
    ticket = server.posted("/tickets")[0]
    assert (ticket["holder"], ticket["group"]) == ("h-7Qm2", "elder")
    on_disk = b"".join(file.read_bytes() for file in desk.parent.rglob("*") if file.is_file())
    assert NUMBER.encode() not in on_disk
    assert RARE_NAME.encode() not in on_disk
    assert b"h-7Qm2" in on_disk
    driver.until(lambda: driver.app.state.paper is Paper.PRINTED)
    driver.settle()
    go(driver, (Target.DONE, None, Screen.HOME))
    assert RARE_NAME not in everything(driver)


def test_rare_characters_are_drawn_and_not_boxes(start: Any) -> None:
    """Each of 䶮㛃𬱖𡈽𰻝 gets ink of its own on the screen; where the font lacks one, the test names it."""
    from kivy.core.text import Label

    start()

    def drawn(text: str) -> bytes:
        label = Label(text=text, font_size=40)
        label.refresh()
        return bytes(label.texture.pixels)

    box = drawn("\U000e0fff")
    lacking = [sign for sign in RARE_NAME if drawn(sign) == box]
    assert not lacking, f"the screen font lacks {lacking}"
    assert len({drawn(sign) for sign in RARE_NAME}) == len(RARE_NAME)


def test_a_card_that_cannot_be_read_is_no_dead_end(with_reader: Any, desk: Path, server: HallServer) -> None:
    """The page says what to do; without the card staff are called from the next page."""
    driver = with_reader
    go(
        driver,
        (Target.ZONE, "police", Screen.SERVICES),
        (Target.SERVICE, "entry-exit", Screen.CONFIRM),
        (Target.CONFIRM, None, Screen.CONSENT),
    )
    lay(desk, {"trouble": "not_a_card"})
    driver.tap(Target.AGREE)
    driver.until(lambda: driver.app.state.card_trouble == "not_a_card", "the trouble")
    assert "这不是可以在此读取的身份证件" in words(driver)
    driver.settle()
    go(driver, (Target.WITHOUT, None, Screen.NO_CARD), (Target.HELP, None, Screen.HELP))
    go(driver, (Target.HELP_KIND, "guide", Screen.HELPED))

    assert server.posted("/help")[0]["kind"] == "guide"
    assert server.posted("/tickets") == []


@pytest.mark.parametrize("size", [(540, 960), (960, 540)], ids=["portrait", "landscape"])
def test_an_appointment_becomes_a_ticket_by_its_figures(start: Any, server: HallServer, size: tuple[int, int]) -> None:
    """Six keys, and the number is there and printed."""
    driver = start(size)
    driver.until_screen(Screen.HOME)
    go(driver, (Target.ARRIVE, None, Screen.ARRIVAL))
    for figure in "402931":
        driver.tap(Target.KEY, figure)
    driver.until_screen(Screen.TICKET)

    (body,) = server.posted("/check-ins")
    assert body["code"] == "402931"
    driver.until(lambda: server.posted("/print-state") == [{"state": "printed"}], "print state told")


def test_a_scanner_types_into_any_page(with_reader: Any, server: HallServer) -> None:
    """The keys of a scanner reach the app through the window; the appointment's link is checked in from the first page."""
    from kivy.core.window import Window

    for key in "http://192.0.2.10:8080/a/Zt4mYb0qQxq7Jw3mT0sE2A":
        Window.dispatch("on_textinput", key)
    Window.dispatch("on_key_down", 13, 40, None, [])
    with_reader.until_screen(Screen.TICKET)

    assert server.posted("/check-ins")[0]["token"] == "Zt4mYb0qQxq7Jw3mT0sE2A"


def test_the_card_checks_in(with_reader: Any, desk: Path, server: HallServer) -> None:
    """Consent, card, ticket: the one appointment of today needs no more taps."""
    driver = with_reader
    lay(desk, {"kind": "resident", "number": NUMBER, "name": "潮老汉"})
    go(
        driver,
        (Target.ARRIVE, None, Screen.ARRIVAL),
        (Target.CARD, None, Screen.CONSENT),
        (Target.AGREE, None, Screen.TICKET),
    )

    assert [sorted(body) for body in server.posted("/check-ins")] == [["code", "id", "language"]]


def test_a_rating_by_touch(start: Any, server: HallServer) -> None:
    """Number, face, point, sent, thanks; nothing was chosen beforehand (A1.2)."""
    driver = start()
    driver.until_screen(Screen.HOME)
    go(driver, (Target.RATE, None, Screen.NUMBER))
    for key in "A012":
        driver.tap(Target.KEY, key)
    driver.settle()
    go(driver, (Target.NUMBER, None, Screen.RATING_CODE))
    for key in "4821":
        driver.tap(Target.KEY, key)
    driver.until_screen(Screen.LEVELS)
    driver.until(lambda: sum(target.target is Target.LEVEL for target in driver.targets()) == 5, "five faces")
    assert [t.value for t in driver.targets() if t.target is Target.LEVEL] == ["5", "4", "3", "2", "1"]
    assert len({tuple(t.fill_rgba) for t in driver.targets() if t.target is Target.LEVEL}) == 1
    driver.settle()
    go(driver, (Target.LEVEL, "4", Screen.POINTS))
    driver.tap(Target.POINT, "quick")
    driver.settle()
    go(driver, (Target.SEND, None, Screen.THANKS))

    assert server.posted("/ratings") == [{"number": "A012", "code": "4821", "level": 4, "points": ["quick"]}]


def test_new_pages_are_spoken(start: Any) -> None:
    """Help's kinds and the figures' page are said; the code typed is not said aloud."""
    from tests.kiosk.whole import TestVoice

    voice = TestVoice()
    driver = start(voice=voice)
    driver.until_screen(Screen.HOME)
    driver.tap(Target.VOICE)
    driver.settle()
    assert "按钮：请导办员" in voice.said[-1][0]
    go(driver, (Target.HELP, None, Screen.HELP))
    assert "第3项，需要轮椅" in voice.said[-1][0]
    go(driver, (Target.HOME, None, Screen.HOME), (Target.ARRIVE, None, Screen.ARRIVAL))
    driver.tap(Target.KEY, "4")
    driver.pump(3)
    assert "6位预约码" in voice.said[-1][0]
    assert not any("四" in text for text, _ in voice.said[-2:])
