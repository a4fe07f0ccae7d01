"""What the kiosk says, to eye and ear; how text is set; what is searched; what is set."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kiosk.catalogue import Wait, Words, Zone, read_hall, read_ticket
from kiosk.pagebook import Rules
from kiosk.sample import sample_hall, sample_ticket
from kiosk.search import find
from kiosk.settings import KioskSettings, read_options, read_settings
from kiosk.speech import Speech
from kiosk.spoken import spelled, spoken
from kiosk.state import Paper, Screen, State
from kiosk.theme import Stage
from kiosk.typeset import break_lines, fit
from kiosk.wording import opening, place, texts_of, today, wait_range, waiting

ZH, EN = texts_of("zh"), texts_of("en")
HALL = read_hall(sample_hall())
RULES = Rules(Stage(1080, 1920, 21.5))
NOW = "2026-11-23T09:10:00+08:00"


@pytest.mark.parametrize(
    ("wait", "zh", "en"),
    [
        (None, "等候时间待定", "wait unknown"),
        (Wait(0, 0), "1分钟以内", "within 1 min"),
        (Wait(0, 421), "8分钟以内", "within 8 min"),
        (Wait(600, 600), "约10分钟", "about 10 min"),
        (Wait(659, 1201), "10–21分钟", "10–21 min"),
        (Wait(7200, 10000), "2–3小时", "2–3 h"),
    ],
)
def test_waits_are_ranges_in_minutes(wait: Wait | None, zh: str, en: str) -> None:
    """Rounded down at the lower end and up at the upper; from two hours on in hours."""
    assert (wait_range(wait, ZH), wait_range(wait, EN)) == (zh, en)


def test_counts_are_said_in_words() -> None:
    """Nobody, one, many."""
    assert [waiting(n, ZH) for n in (0, 1, 12)] == ["无人等候", "1人等候", "12人等候"]
    assert [waiting(n, EN) for n in (0, 1, 12)] == ["no queue", "1 waiting", "12 waiting"]


@pytest.mark.parametrize(
    ("opens_at", "zh", "en"),
    [
        ("2026-11-23T14:30:00+08:00", "今日 14:30 开放", "Opens at 14:30"),
        ("2026-11-24T08:30:00+08:00", "明日 08:30 开放", "Opens tomorrow, 08:30"),
        ("2026-11-26T08:30:00+08:00", "11月26日（星期四） 08:30 开放", "Opens Thu 26/11, 08:30"),
        (None, "开放时间待通知", "Opening time not set"),
    ],
)
def test_closed_pages_say_when(opens_at: str | None, zh: str, en: str) -> None:
    """Today, tomorrow, another day, or not known; by the hall's own calendar."""
    assert (opening(opens_at, NOW, ZH), opening(opens_at, NOW, EN)) == (zh, en)


def test_the_header_has_the_date_in_words() -> None:
    """Month, day and weekday in either language."""
    from datetime import datetime

    now = datetime.fromisoformat(NOW)
    assert (today(now, ZH), today(now, EN)) == ("11月23日 星期一", "Mon 23 Nov")


@pytest.mark.parametrize(
    ("floor", "area", "zh"),
    [(1, "一楼大厅", "一楼大厅"), (2, "2楼东厅", "2楼东厅"), (3, "东厅", "3楼 东厅"), (1, "负一楼大厅", "负一楼大厅")],
)
def test_the_floor_is_said_once(floor: int, area: str, zh: str) -> None:
    """An area whose name tells its floor is not told it again."""
    zone: Zone = replace(HALL.zones[0], floor=floor, area_name=Words(area, "East hall"))

    assert place(zone, ZH) == zh
    assert place(zone, EN) == f"floor {floor} East hall"


@pytest.mark.parametrize(
    ("letters", "first"),
    [
        ("sfz", "id-card"),
        ("SFZ", "id-card"),
        ("gjjtq", "fund-withdraw"),
        ("gongjijindai", "fund-loan"),
        ("gongjjdk", "fund-loan"),
        ("shb", "social-insurance"),
        ("residentid", "id-card"),
    ],
)
def test_letters_find_services(letters: str, first: str) -> None:
    """Initials, whole pinyin, any mixture, and English."""
    assert find(HALL, letters)[0].id == first


@pytest.mark.parametrize("letters", ["", "XXQQ", "999"])
def test_letters_that_fit_nothing_find_nothing(letters: str) -> None:
    """No guesses."""
    assert find(HALL, letters) == ()


def test_every_service_is_found_by_its_own_initials() -> None:
    """Whatever is in the hall file can be reached from the keyboard."""
    from pypinyin import Style, lazy_pinyin

    for zone in HALL.zones:
        for service in zone.services:
            letters = "".join(
                part
                for part in lazy_pinyin(service.name.zh, style=Style.FIRST_LETTER)
                if part.isalpha() and part.isascii()
            )
            assert service in find(HALL, letters[:20]), service.name.zh


def measure(text: str, size: float) -> float:
    """Chinese signs are square, others half as wide."""
    return sum(size if ord(sign) > 0x2E80 else size / 2 for sign in text)


def test_lines_break_as_both_scripts_do() -> None:
    """Chinese anywhere but before closing punctuation, English at spaces, and no line of one sign."""
    assert break_lines("军人、老年人、残疾人", 60, 10, measure) == ("军人、老年", "人、残疾人")
    assert break_lines("Social insurance payments", 70, 10, measure) == ("Social", "insurance", "payments")
    assert break_lines("一二三四五六七", 60, 10, measure) == ("一二三四", "五六七")
    assert break_lines("第一行\n第二行", 100, 10, measure) == ("第一行", "第二行")


def test_type_gives_way_before_it_is_clipped() -> None:
    """First more lines, then smaller type, never below the least; what still does not fit is told."""
    one = fit("社会保险", 50, 20, 10, 8, measure, 2)
    assert (one.lines, one.size, one.is_whole) == (("社会保险",), 10, True)
    small = fit("社会保险", 35, 14, 10, 8, measure, 2)
    assert (small.size, small.is_whole) == (8, True)
    assert not fit("社会保险缴费", 20, 12, 10, 8, measure, 1).is_whole


def on(screen: Screen, **changes: Any) -> State:
    """A state on a page."""
    return replace(State(hall=HALL, is_online=True), screen=screen, **changes)


def test_every_choice_of_a_page_is_spoken() -> None:
    """Number of the choice, name, people waiting, wait; and that there are more pages."""
    said = spoken(on(Screen.SERVICES, zone="social"), RULES, ZH)

    assert said.startswith("社会事务区。第1项，社保参保与缴费，无人等候，7分钟以内。第2项，")
    assert "第8项" in said
    assert "第9项" not in said
    assert "第1页，共5页" in said


def test_the_ticket_is_spoken_in_full() -> None:
    """Every fact of the printed ticket, the number sign by sign (B2.5)."""
    ticket = read_ticket(sample_ticket())
    said = {
        texts.language: spoken(on(Screen.TICKET, ticket=ticket, paper=Paper.PRINTED), RULES, texts)
        for texts in (ZH, EN)
    }

    for fact in (
        "A零一二",
        "社保参保与缴费",
        "前面还有5人",
        "10–20分钟",
        "一楼大厅",
        "1–24号窗口",
        "社会事务区",
        "取走小票",
    ):
        assert fact in said["zh"]
    for fact in ("A 0 1 2", "5 people ahead", "10–20 min", "Main hall", "Windows 1–24", "Social Affairs"):
        assert fact in said["en"]


def test_an_unknown_wait_is_said_once() -> None:
    """Where no window is open nobody is promised a time, on the glass or in speech."""
    ticket = read_ticket({**sample_ticket(), "wait": None})

    assert "。等候时间待定。" in spoken(on(Screen.TICKET, ticket=ticket), RULES, ZH)


def test_the_warning_is_spoken_before_anything_else() -> None:
    """Who does not see it must hear it (B1.7)."""
    assert spoken(on(Screen.CONFIRM, warned_at=1.0), RULES, ZH) == "您还在办理吗？ 如需继续，请触摸屏幕"


def test_every_page_has_something_to_say() -> None:
    """No page is silent in either language."""
    for screen in Screen:
        for texts in (ZH, EN):
            assert (
                spoken(on(screen, zone="social", service="social-insurance"), RULES, texts) or screen is Screen.TICKET
            )


def test_numbers_are_spelled() -> None:
    """As they are called in the hall."""
    assert spelled("C1203", "zh") == "C一二零三"
    assert spelled("C120", "en") == "C 1 2 0"


class SlowVoice:
    """A synthesiser that waits until it is told to go on."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.asked: list[str] = []

    def wav(self, text: str, language: str) -> Path:
        """Make a sound of it."""
        self.asked.append(text)
        self.go.wait(5)
        if text == "broken":
            raise RuntimeError("no engine")
        return Path(f"{text}.wav")


class Ear:
    """A player that remembers."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.playing: str | None = None

    def play(self, sound: Path) -> None:
        """Hear a sound."""
        self.heard.append(sound.stem)
        self.playing = sound.stem

    def stop(self) -> None:
        """Hear nothing."""
        self.playing = None

    def is_playing(self) -> bool:
        """Tell whether something is heard."""
        return self.playing is not None


def until(condition: Callable[[], bool]) -> None:
    """Wait until something is so."""
    end = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < end
        threading.Event().wait(0.005)


def test_a_new_sentence_silences_the_old_one_at_once() -> None:
    """The old one stops in the same breath, and what was overtaken while being made is never heard."""
    voice, ear, ui = SlowVoice(), Ear(), []
    speech = Speech(voice, ear, ui.append)
    ear.play(Path("old.wav"))

    speech.say("first", "zh")
    assert ear.playing is None
    until(lambda: voice.asked == ["first"])
    speech.say("second", "zh")
    voice.go.set()
    until(lambda: len(ui) == 2)
    for play in ui:
        play()

    assert ear.heard == ["old", "second"]
    speech.close()


def test_a_broken_engine_only_falls_silent() -> None:
    """The kiosk goes on, and the next sentence is tried again."""
    voice, ear, ui = SlowVoice(), Ear(), []
    voice.go.set()
    speech = Speech(voice, ear, ui.append)
    speech.say("broken", "zh")
    until(lambda: voice.asked == ["broken"])
    speech.say("good", "zh")
    until(lambda: len(ui) == 1)
    ui[0]()

    assert ear.heard == ["good"]
    speech.close()


def device(**changes: Any) -> dict[str, Any]:
    """The answer of `GET /devices/kiosk-1`."""
    settings = {
        "id": "kiosk-1",
        "screen": {"width_px": 1920, "height_px": 1080, "inches": 32},
        "printer": {"url": "tcp://192.0.2.1:9100", "paper_mm": 58, "mode": "text"},
        "zones": ["tax", "social"],
        "idle_s": 90,
        "idle_warning_s": 30,
        **changes,
    }
    return {"id": "kiosk-1", "kind": "kiosk", "settings": settings, "exit_pin_hash": "$argon2id$x"}


def test_settings_come_from_the_server() -> None:
    """Screen, printer, zones, times and PIN."""
    assert read_settings(device()) == KioskSettings(
        "kiosk-1", 32, (1920, 1080), ("tax", "social"), "tcp://192.0.2.1:9100", 58, "text", 90, 30, "$argon2id$x"
    )


@pytest.mark.parametrize("field", ["idle_s", "idle_warning_s"])
def test_times_in_which_nobody_can_react_are_refused(field: str) -> None:
    """Less than 20 seconds is not a setting (B1.7)."""
    with pytest.raises(ValueError, match="at least 20"):
        read_settings(device(**{field: 19}))


def test_a_kiosk_offers_its_own_zones_in_its_own_order() -> None:
    """And leaves out a zone that the hall does not have."""
    assert [zone.id for zone in read_hall(sample_hall(), ("tax", "nowhere", "social")).zones] == ["tax", "social"]


def test_the_token_is_never_an_argument(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It comes from a file or from the environment; the file goes first."""
    monkeypatch.setenv("CHAOXI_TOKEN", "from-env")
    assert read_options(["--server", "http://h/"]).token == "from-env"
    (tmp_path / "token").write_text("from-file\n", encoding="utf-8")
    options = read_options(["--server", "http://h/", "--token-file", str(tmp_path / "token"), "--window", "540x960"])

    assert (options.token, options.server, options.size) == ("from-file", "http://h", (540, 960))


@pytest.mark.parametrize("size", ["540", "540x", "axb", "100x100"])
def test_a_wrong_size_is_refused(size: str, capsys: pytest.CaptureFixture[str]) -> None:
    """With a sentence that says how to write it."""
    with pytest.raises(SystemExit):
        read_options(["--server", "http://h", "--window", size])
    assert "1080x1920" in capsys.readouterr().err
