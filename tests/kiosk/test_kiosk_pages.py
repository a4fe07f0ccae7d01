"""Every page of the real app, in every look: sizes, words and glyphs as they are really drawn."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po

from kiosk import deck, fonts, pictures, wording
from kiosk.catalogue import Words
from kiosk.frame import LOW_REACH_MM
from kiosk.sheet import paragraphs
from kiosk.state import Paper, Prefs, Screen, Target
from kiosk.theme import TARGET_MIN_MM, TEXT_FLOOR_MM, TEXT_MIN_MM, Scale
from kiosk.typeset import break_lines

pytestmark = pytest.mark.kivy

KIOSK = Path(wording.__file__).parent


#: Upright and lying, on the usual glass and on the smallest, crossed with the languages.
GLASSES = [
    ((1080, 1920), 21.5, "zh"),
    ((1920, 1080), 15.6, "zh"),
    ((1080, 1920), 15.6, "en"),
    ((1920, 1080), 21.5, "en"),
]


@pytest.fixture
def canned(kivy_window: Any, tmp_path: Path) -> Iterator[Any]:
    """The real app on the usual glass with a canned hall and a clock that stands still."""
    with drawn(kivy_window, tmp_path, (1080, 1920)) as driver:
        yield driver


@contextmanager
def drawn(window: Any, folder: Path, size: tuple[int, int], inches: float = 21.5) -> Iterator[Any]:
    """The real app on a glass."""
    from datetime import datetime

    from kiosk.app import Kiosk, Parts
    from kiosk.sample import sample_hall
    from kiosk.settings import KioskSettings
    from tests.kiosk.driver import Driver

    window.size = size
    at = datetime.fromisoformat(sample_hall()["now"])
    settings = KioskSettings("kiosk-1", inches=inches, reader_url="simulator:///cards")
    driver = Driver(Kiosk(Parts(settings, folder, hall_now=lambda: at, now=lambda: 0.0)))
    yield driver
    driver.close()


#: Pages whose middle differs with controls low; the others are made of the same parts.
LOW = {"home", "services", "search", "confirm-priority", "groups", "ticket-trouble", "refused", "warning"}
LOW |= {"guide", "online", "reading-trouble", "welcome", "arrival", "number", "levels", "points"}
#: Pages made of the same parts as others: looked at in ordinary and in the largest type only, controls high.
ALIKE = {"guide-2", "guide-elsewhere", "consent", "reading", "no-card", "help", "sending", "helped", "thanks"}
ALIKE |= {"search-items", "guide", "online", "reading-trouble", "welcome", "levels", "points"}


def pages(driver: Any, prefs: Prefs) -> Iterator[tuple[str, Any]]:
    """Turn up every page in one visitor's look."""
    for shot in pictures.shots(prefs):
        if prefs.has_low_controls and shot.name not in LOW:
            continue
        if shot.name in ALIKE and (
            prefs.scale is Scale.LARGE or (prefs.has_low_controls and prefs.scale is Scale.NORMAL)
        ):
            continue
        driver.app.state = shot.state
        driver.app.draw()
        driver.lay_out()
        yield f"{shot.name} {prefs}", driver.app.view().look


def turn_up(driver: Any, name: str) -> None:
    """Turn up one page in the ordinary look."""
    driver.app.state = next(shot.state for shot in pictures.shots(Prefs()) if shot.name == name)
    driver.app.draw()
    driver.pump(2)


def texts_of(driver: Any) -> list[Any]:
    """Every text that is drawn."""
    from kiosk.screens.parts import Text

    return [widget for widget in driver.app.root.walk() if isinstance(widget, Text) and widget.text]


def visible(driver: Any) -> list[Any]:
    """Every text with room of its own; one without is left out on purpose."""
    return [text for text in texts_of(driver) if text.lines]


@pytest.mark.parametrize(("size", "inches", "language"), GLASSES)
def test_pages_are_whole_and_within_reach(
    kivy_window: Any, font_files: Any, tmp_path: Path, size: tuple[int, int], inches: float, language: str
) -> None:
    """Every page in every size of type, controls low or not: all can be read, all can be touched, all glyphs exist."""
    drawable = fonts.characters(font_files.regular) & fonts.characters(font_files.bold)
    with drawn(kivy_window, tmp_path, size, inches) as driver:
        for scale in Scale:
            for is_low in (False, True) if scale is not Scale.LARGE else (False,):
                for name, look in pages(driver, Prefs(language, scale, False, is_low, is_low)):
                    check_page(name, look, driver)
                    for text in texts_of(driver):
                        missing = {sign for sign in text.text if sign != "\n" and ord(sign) not in drawable}
                        assert not missing, (name, text.text)


def check_page(name: str, look: Any, driver: Any) -> None:
    """Everything that holds of any page."""
    texts, targets = visible(driver), list(driver.targets())
    check_texts(name, look, texts)
    check_targets(name, look, targets)
    if not name.startswith("warning"):  # its panel lies over the page on purpose
        check_distances(name, look, texts, targets)
    if name.startswith("ticket"):
        check_ticket(name, look, driver.app.shell.body, texts)


def check_texts(name: str, look: Any, texts: list[Any]) -> None:
    """No text is clipped, none smaller than the least."""
    for text in texts:
        width, height = text.drawn_size
        assert text.is_whole, (name, text.text)
        assert width <= text.width + 2, (name, text.text)
        assert height <= text.height + 0.35 * text.font_px, (name, text.text)
        least = TEXT_MIN_MM if look.growth >= 1 or look.stage.inches > 20 else TEXT_FLOOR_MM
        assert text.font_px / look.stage.px_per_mm >= least - 0.01, (name, text.text)


def check_targets(name: str, look: Any, targets: list[Any]) -> None:
    """Targets are large enough, on the glass, and low where this is wanted."""
    stage = look.stage
    for target in targets:
        assert min(target.size) / stage.px_per_mm >= TARGET_MIN_MM, (name, target.target)
        assert 0 <= target.x <= target.right <= stage.width_px, (name, target.target)
        assert 0 <= target.y <= target.top <= stage.height_px, (name, target.target)
        if look.has_low_controls and stage.is_portrait:
            reach = max(stage.height_px / 2, LOW_REACH_MM * stage.px_per_mm)
            assert target.top <= reach + 1, (name, target.target)


def check_distances(name: str, look: Any, texts: list[Any], targets: list[Any]) -> None:
    """Targets keep 3 mm between them, texts do not lie over each other."""
    for one, other in combinations(targets, 2):
        gap = max(other.x - one.right, one.x - other.right, other.y - one.top, one.y - other.top)
        assert gap >= 2.9 * look.stage.px_per_mm, (name, one.target, other.target)
    for one, other in combinations(texts, 2):
        assert overlap(one, other) <= 0.35 * min(one.font_px, other.font_px), (name, one.text, other.text)


def check_ticket(name: str, look: Any, body: Any, texts: list[Any]) -> None:
    """The number is the largest thing, the code can be scanned, people, wait and place are there."""
    assert body.number in texts, name
    assert body.number.font_px == max(text.font_px for text in texts), name
    small = min(1.0, look.growth)
    assert body.number.font_px / look.stage.px_per_mm >= 36 * small, name
    assert min(body.code.size) / look.stage.px_per_mm >= 45 * small, name
    for fact in (body.ahead, body.wait, body.where):
        assert fact.text in texts, (name, fact.text.text)


def overlap(one: Any, other: Any) -> float:
    """How far two drawn texts lie over each other, in pixels of height."""
    (ax, ay), (aw, ah) = one.drawn_at, one.drawn_size
    (bx, by), (bw, bh) = other.drawn_at, other.drawn_size
    if min(ax + aw, bx + bw) - max(ax, bx) <= 2:
        return 0.0
    return float(min(ay + ah, by + bh) - max(ay, by))


def test_the_code_on_the_glass_opens_the_tickets_page(canned: Any, tmp_path: Path) -> None:
    """Read back from the picture, it is the hall's address and the ticket's path."""
    pyzbar = pytest.importorskip("pyzbar.pyzbar")
    from PIL import Image

    turn_up(canned, "ticket-printed")
    picture = Image.open(canned.picture(tmp_path / "ticket.png")).convert("L")

    found = [code.data.decode() for code in pyzbar.decode(picture)]
    assert found == ["http://192.0.2.10:8080/t/Zt4mYb0qQxq7Jw3mT0sE2A"]


def test_nothing_of_the_ticket_stays_in_the_widgets(canned: Any) -> None:
    """After the visitor has gone neither number nor code is anywhere in the page's tree."""
    from kiosk.screens.ticket import qr_texture

    turn_up(canned, "ticket-printed")
    body = canned.app.shell.body
    turn_up(canned, "home")

    assert body.number.text == ""
    assert body.code.texture is None
    assert qr_texture.cache_info().currsize == 0
    assert not any("A012" in text.text for text in texts_of(canned))


@pytest.mark.parametrize("name", ["search", "arrival", "number", "pin"])
def test_a_touch_between_two_keys_means_one_of_them(canned: Any, name: str) -> None:
    """No dead gaps on a keyboard; beside it, where another control stands, only that control is meant."""
    turn_up(canned, name)
    found = list(canned.targets())
    keys = [one for one in found if one.target in (Target.KEY, Target.ERASE, Target.ENTER)]
    gap = canned.app.view().frame.bar_gap * canned.app.view().look.px(1)
    beside = 0
    for one, other in combinations(keys, 2):
        if one.y == other.y and 0 < other.x - one.right <= gap + 2:
            beside += 1
            between = ((one.right + other.x) / 2, one.center_y)
            assert one.is_meant(*between) or other.is_meant(*between), (name, one.value, other.value)
    assert beside >= 5
    for key in keys:
        for other in found:
            if other not in keys:
                assert not key.is_meant(*other.center)
                assert not key.is_meant(other.center_x, other.top - 1)


def without_colour(driver: Any) -> list[str]:
    """What a page says to an eye that sees no colours: words and the names of icons."""
    from kiosk.screens.parts import Icon, Text

    seen = [part for part in driver.app.root.walk() if isinstance(part, Text | Icon) and min(part.size) > 4]
    return [part.text if isinstance(part, Text) else part.name for part in seen]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ticket-printing", "ticket-printed"),
        ("ticket-printed", "ticket-trouble"),
        ("confirm", "confirm-priority"),
        ("lost", "refused-here"),
        ("reading", "reading-trouble"),
    ],
)
def test_states_differ_in_words_or_pictures(canned: Any, one: str, other: str) -> None:
    """Printed or not, priority or not, trouble or not: told apart in grey too (B1.5)."""
    turn_up(canned, one)
    first = without_colour(canned)
    turn_up(canned, other)

    assert set(first) != set(without_colour(canned))


def test_choices_differ_in_words_or_pictures(canned: Any) -> None:
    """Ticked and unticked points have other icons, an open and a shut zone other words, five faces five shapes."""
    turn_up(canned, "points")
    ticked = Counter(without_colour(canned))
    assert (ticked["box-ticked"], ticked["box"]) == (2, 4)
    turn_up(canned, "levels")
    assert {f"face{n}" for n in range(1, 6)} <= set(without_colour(canned))
    turn_up(canned, "home")
    shut = without_colour(canned)
    hall = canned.app.state.hall
    open_now = tuple(replace(zone, is_open=True) for zone in hall.zones)
    canned.app.state = replace(canned.app.state, hall=replace(hall, zones=open_now))
    canned.app.draw()
    canned.pump(2)
    assert shut.count("暂未开放") == without_colour(canned).count("暂未开放") + 1


@pytest.mark.parametrize("name", ["warning", "ticket-printing", "issuing", "reading", "lost", "home"])
def test_nothing_flashes(canned: Any, name: str) -> None:
    """While a page stands no surface, picture or word changes its colour: there is nothing to flash (B1.12)."""
    from kiosk.screens.parts import Icon, Surface, Text

    def colours() -> list[tuple[float, ...]]:
        parts = canned.app.root.walk()
        return [
            (
                *(
                    part.fill_rgba
                    if isinstance(part, Surface)
                    else part.tint
                    if isinstance(part, Icon)
                    else part.colour
                ),
                part.opacity,
            )
            for part in parts
            if isinstance(part, Surface | Icon | Text)
        ]

    turn_up(canned, name)
    at, before = 0.0, colours()
    for _ in range(40):
        at += 0.05
        canned.app.parts.now = partial(float, at)
        canned.app._tick(0.05)
        canned.lay_out()
        assert colours() == before
    assert len(before) > 10


def test_no_code_of_the_kiosk_animates() -> None:
    """Nothing is moved by the toolkit's animations, and only the tick comes round by itself."""
    code = {file.name: file.read_text(encoding="utf-8") for file in KIOSK.rglob("*.py")}

    assert [name for name, text in code.items() if "kivy.animation" in text] == []
    assert {name: text.count("schedule_interval(") for name, text in code.items() if "schedule_interval(" in text} == {
        "app.py": 1
    }


def test_the_font_proof_knows_a_box(canned: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The start-up check passes with our faces and refuses one that cannot draw Chinese."""
    fonts.prove()

    monkeypatch.setattr(fonts, "PROOF", "\U000e0fff\U000e0ffe")
    with pytest.raises(fonts.FontTrouble):
        fonts.prove()


def sentences() -> set[str]:
    """Every English sentence of the kiosk's code."""
    found = {*wording.TITLES.values(), *wording._WEEKDAYS, *wording._MONTHS, *(action.label for action in deck.ALL)}
    found |= {*wording.REFUSED_TITLES.values(), *wording.CARD_TROUBLES.values()}
    for file in KIOSK.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if name in ("texts", "plural") and isinstance(node.args[0].value, str):
                    found.add(node.args[0].value)
    return found


def test_every_sentence_is_translated() -> None:
    """0 sentences without Chinese, 0 in the catalogue that nobody says, and the same fields in both."""
    with (KIOSK / "locale" / "zh.po").open("rb") as file:
        catalogue = {
            message.id[0] if isinstance(message.id, tuple) else message.id: message.string[0]
            if isinstance(message.string, tuple)
            else message.string
            for message in read_po(file, locale="zh")
            if message.id
        }

    assert sentences() == set(catalogue)
    for english, chinese in catalogue.items():
        assert chinese
        assert set(re.findall(r"{(\w+)}", english)) == set(re.findall(r"{(\w+)}", chinese)), english


def test_the_search_page_has_the_name_of_the_button_that_leads_to_it() -> None:
    """办事查询 on the first page, 办事查询 above the letters, with or without letters."""
    texts = wording.texts_of("zh")
    searching = {shot.name: shot.state for shot in pictures.shots(Prefs())}["search"]

    assert wording.title(replace(searching, query=""), texts) == texts(deck.SEARCH.label) == "办事查询"
    assert wording.title(searching, texts) == "办事查询：SB"


def test_official_chinese_is_said_once_to_a_foreign_reader() -> None:
    """A guide begins with the note in English and has none in Chinese; so does the search where names are Chinese."""
    english = {shot.name: shot.state for shot in pictures.shots(Prefs(language="en"))}
    chinese = {shot.name: shot.state for shot in pictures.shots(Prefs())}
    note = wording.texts_of("en")("Official details are in Chinese. Our staff explain them")

    told = [line for one in paragraphs(english["guide"]) for line in one.lines]
    assert [told[0], told.count(note)] == [note, 1]
    assert not any("Official" in line for one in paragraphs(chinese["guide"]) for line in one.lines)
    found = english["search-items"]
    assert "Chinese" not in wording.title(found, wording.texts_of("en"))
    named = tuple(replace(item, name=Words(item.name.zh, "")) for item in found.items)
    assert wording.title(replace(found, items=named), wording.texts_of("en")).endswith("(official names in Chinese)")


def test_a_chinese_name_in_an_english_sentence_is_one_word() -> None:
    """The name of an office is not torn, and a figure stays with what it counts."""

    def measure(text: str, size: float) -> float:
        return len(text) * size

    lines = break_lines("You can do this online at 湖北政务服务网, at once", 18, 1.0, measure)
    assert any("湖北政务服务网," in line for line in lines)
    assert not any(
        line.endswith("1") for line in break_lines("申请表（原件；1份；现场填写；样表：张建国）", 8, 1.0, measure)
    )


def test_every_page_has_a_title_and_a_picture() -> None:
    """No page is forgotten in the wording or in the README's pictures."""
    drawn = {shot.state.screen for shot in pictures.shots(Prefs())}

    assert set(Screen) - {Screen.SERVICES} == set(wording.TITLES)
    assert drawn == set(Screen) - {Screen.STARTING}
    assert {shot.state.paper for shot in pictures.shots(Prefs())} >= {Paper.PRINTING, Paper.PRINTED, Paper.TROUBLE}
