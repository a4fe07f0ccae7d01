"""`python -m config new`: a few answers make a hall file that passes its check."""

import errno
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn
from unittest.mock import MagicMock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config import new_hall, new_hall_file
from config.checks.legibility import contrast_with_white
from config.findings import Sentence
from config.loader import Examined, examine
from config.new_hall import Interview, Stopped, Unfit, address, begin, names, one_name, plain, spans, whole
from config.new_hall_names import english, new_id, new_mark
from config.new_hall_text import COLOURS, floor_name, scalar, written
from server.plan import make_plan

ROOT = Path(__file__).parents[2]

#: A county hall on two floors, as an official would type it; an empty answer takes what is proposed.
ANSWERS = [
    "通山县市民之家",
    "",
    "8:30-12:00，14:30-17:30",
    "09:00-12:00",
    "社会事务区",
    "",
    "",
    "县人社局",
    "社会保险、社保卡、养老认证",
    "6",
    "企业服务",
    "",
    "2",
    "市场监督管理局",
    "营业执照，企业开办",
    "3",
    "",
    "2",
    "tcp://10.0.0.8:9100",
    "58",
    "sam:///dev/ttyUSB0",
]


@dataclass
class Script:
    """Answers one after the other, and keeps what was shown."""

    answers: list[str]
    shown: list[str] = field(default_factory=list)

    def ask(self, question: str) -> str:
        self.shown.append(question)
        if not self.answers:
            raise Stopped
        return self.answers.pop(0) + "\n"

    def say(self, line: str) -> None:
        self.shown.append(line)


@pytest.fixture
def hall_of(examine_text: Callable[[str], Examined]) -> Callable[[list[str]], Examined]:
    def examine(answers: list[str], language: str = "zh") -> Examined:
        return examine_text(written(Interview(Script(list(answers)), language).hall(), language))

    return examine


def test_answers_become_the_hall_that_was_meant(hall_of: Callable[[list[str]], Examined]) -> None:
    """Names, hours, zones, services, windows, kiosks and readers, without an error or a warning."""
    examined = hall_of(ANSWERS)

    assert examined.findings == ()
    hall = examined.hall
    assert hall is not None
    assert (hall.id, hall.name) == (
        "tongshan-county-citizens-home",
        {"zh": "通山县市民之家", "en": "Tongshan County Citizens' Home"},
    )
    office = hall.hours["office"]
    assert [f"{shift.start:%H:%M}-{shift.end:%H:%M}" for shift in office.fri] == ["08:30-12:00", "14:30-17:30"]
    assert [f"{shift.start:%H:%M}" for shift in office.sat] == ["09:00"]
    assert not office.sun
    assert [(zone.letter, zone.mark, zone.name["en"], zone.area) for zone in hall.zones] == [
        ("A", "社", "Social Affairs", "f1"),
        ("B", "企", "Business Services", "f2"),
    ]
    assert [service.name["en"] for service in hall.services] == [
        "Social insurance",
        "Social security cards",
        "Pension confirmation",
        "Business licence",
        "Starting a business",
    ]
    assert hall.services[0].department["en"] == "Human Resources and Social Security Bureau"
    assert {service.id_card.value for service in hall.services} == {"optional"}
    assert [window for run in hall.windows for window in run.expand()] == [
        *[(f"A0{n}", n) for n in range(1, 7)],
        *[(f"B0{n}", n + 6) for n in range(1, 4)],
    ]
    assert [(kiosk.printer.url, kiosk.printer.paper_mm) for kiosk in hall.kiosks] == [("tcp://10.0.0.8:9100", 58)] * 2
    assert hall.kiosks[0].id_reader is not None
    assert hall.kiosks[0].id_reader.url == "sam:///dev/ttyUSB0"
    assert {board.area for board in hall.boards} == {voice.area for voice in hall.voices} == {"f1", "f2"}


def test_a_hall_can_be_begun_with_its_name_alone(hall_of: Callable[[list[str]], Examined]) -> None:
    """Enter everywhere else: one zone, two windows, one kiosk, no card reader; and the server can plan its day."""
    examined = hall_of(["太平村便民服务站", *[""] * 30])

    assert examined.findings == ()
    hall = examined.hall
    assert hall is not None
    assert hall.name["en"] == "Taiping Village Service Station"
    assert (len(hall.zones), len(hall.kiosks), hall.kiosks[0].id_reader) == (1, 1, None)
    assert [service.id_card.value for service in hall.services] == ["none"]
    assert make_plan(hall).timetables


def test_without_kiosks_nothing_is_asked_about_them(hall_of: Callable[[list[str]], Examined]) -> None:
    """A hall may have people at a desk."""
    script = Script(["甲镇便民服务中心", "", "", "", "", "", "", "", "", "", "", "0"])
    draft = Interview(script, "en").hall()
    assert (draft.kiosks, script.answers) == (0, [])
    assert not [question for question in script.shown if "printer" in question]
    assert hall_of(["甲镇便民服务中心", "", "", "", "", "", "", "", "", "", "", "0"]).hall is not None


anything = st.text(max_size=70)
fitting = st.sampled_from(["", "", "-", "1", "80", "社保、医保", "08:00-12:00", "wedge://"])
answers = st.lists(st.one_of(fitting, anything), min_size=20, max_size=90)


@settings(max_examples=20)
@given(st.lists(anything, min_size=6, max_size=6), st.sampled_from(["zh", "en"]))
def test_whatever_is_typed_as_a_name_the_file_can_be_used(typed: list[str], language: str) -> None:
    """Quotes, colons, brackets, words that mean something to YAML, rare characters: names stay names."""
    name = [plain(text) if not isinstance(one_name(plain(text)), Unfit) else "no: #1 {真}" for text in typed]
    script = Script([name[0], name[1], "", "", name[2], name[3], "", name[4], name[5], "", "", ""] + [""] * 4)
    text = written(Interview(script, language).hall(), language)
    hall = examined_hall(text)
    assert hall.name == {"zh": name[0], "en": name[1]}
    assert hall.zones[0].name == {"zh": name[2], "en": name[3]}
    assert hall.services[0].department["zh"] == name[4]


def examined_hall(text: str):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "hall.yaml"
        file.write_text(text, encoding="utf-8")
        found = examine(file)
    assert found.hall is not None, [finding.problem.say("en") for finding in found.findings]
    return found.hall


@settings(max_examples=20)
@given(answers)
def test_wrong_answers_are_asked_again_and_never_break(typed: list[str]) -> None:
    """Anything at all may be typed: either the answers end, or there is a hall."""
    try:
        draft = Interview(Script(typed), "zh").hall()
    except Stopped:
        return
    assert examined_hall(written(draft, "zh")).zones


@pytest.mark.parametrize(
    ("read", "text", "why"),
    [
        (one_name, "", "A name is needed here."),
        (one_name, "——", "A name is needed here."),
        (one_name, "长" * 61, "That is too long: at most 60 characters."),
        (names, "、，", "A name is needed here."),
        (names, "社保、——", "A name is needed here."),
        (spans, "8-12", "Write it like 08:30-12:00, 14:30-17:30."),
        (spans, "25:00-26:00", "Write it like 08:30-12:00, 14:30-17:30."),
        (spans, "12:00-08:30", "Each shift begins before it ends, and after the one before it."),
        (spans, "14:00-17:00, 08:00-12:00", "Each shift begins before it ends, and after the one before it."),
        (spans, "08:00-12:00, 11:00-13:00", "Each shift begins before it ends, and after the one before it."),
        (whole(1, 9), "0", "Write a whole number from 1 to 9."),
        (whole(1, 9), "两", "Write a whole number from 1 to 9."),
        (whole(1, 9), "٣", "Write a whole number from 1 to 9."),
        (address(("sam", "wedge")), "sam://", "An address begins with one of sam://, wedge://"),
        (address(("sam", "wedge")), "COM3", "An address begins with one of sam://, wedge://"),
    ],
)
def test_an_answer_that_does_not_fit_is_told_why(read: Callable[[str], object], text: str, why: str) -> None:
    """In both languages."""
    unfit = read(text)
    assert isinstance(unfit, Unfit)
    assert isinstance(unfit.why, Sentence)
    assert unfit.why.say("en") == why
    assert unfit.why.say("zh") != why


def test_a_wrong_answer_is_asked_again_with_the_reason() -> None:
    """The same question, the reason between."""
    script = Script(["甲镇便民服务中心", "", "8 to 12", "08:00-12:00"])
    with pytest.raises(Stopped):
        Interview(script, "en").hall()
    assert script.shown[3:6] == [
        "Opening hours from Monday to Friday [08:30-12:00, 14:30-17:30]: ",
        "  Write it like 08:30-12:00, 14:30-17:30.",
        "Opening hours from Monday to Friday [08:30-12:00, 14:30-17:30]: ",
    ]


def test_hours_are_taken_as_people_write_them() -> None:
    """Full-width colons and commas, a dash of any length, one figure for the hour."""
    assert spans("8：30—12：00、14:30至17:30") == ("08:30-12:00", "14:30-17:30")


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        ("通山县市民之家", "Tongshan County Citizens' Home"),
        ("县人社局", "Human Resources and Social Security Bureau"),
        ("社会事务区", "Social Affairs"),
        ("农机补贴", "Nong Ji Bu Tie"),
        ("Tax", "Tax"),
        ("企业服务大厅", "Business Services"),
    ],
)
def test_english_names_are_proposed(zh: str, en: str) -> None:
    """Common words of halls in English, the rest in pinyin for somebody to correct."""
    assert english(zh) == en


def test_ids_and_badges_are_never_given_twice() -> None:
    """Two zones of one name, and names without a letter that an id may have."""
    assert new_id("Tax", "zone-a", {"tax", "tax-2"}) == "tax-3"
    assert new_id("——", "zone-a", ()) == "zone-a"
    assert new_id("12", "zone-a", ()) == "zone-a-12"
    assert new_id("No", "zone-a", ()) == "zone-a-no"
    assert len(new_id("x" * 99, "zone-a", {"x" * 36})) <= 40
    assert new_mark("社会保险", {"社"}) == "会"
    assert new_mark("社", {"社"}) == "社"


def test_a_name_that_yaml_would_misread_is_quoted() -> None:
    """Norway's problem, and others."""
    assert [scalar(text) for text in ("社保卡", "No", "2楼", "a: b", "Head office", "null", "#1")] == [
        "社保卡",
        '"No"',
        '"2楼"',
        '"a: b"',
        "Head office",
        '"null"',
        '"#1"',
    ]


def test_every_colour_is_readable_and_floors_have_names() -> None:
    """White letters on them; floors below the ground too."""
    assert all(contrast_with_white(colour) >= 4.5 for colour in COLOURS)
    assert [floor_name(floor).zh for floor in (1, 10, 12, -1)] == ["一楼", "十楼", "12楼", "负一楼"]


def test_nothing_is_overwritten_and_nothing_half_written(tmp_path: Path) -> None:
    """A file that is there stays as it is, and answers that end early leave none behind."""
    there = tmp_path / "hall.yaml"
    there.write_text("mine", encoding="utf-8")
    script = Script(list(ANSWERS))
    assert begin(script, there, "en") is None
    assert there.read_text(encoding="utf-8") == "mine"
    assert script.shown == [f"{there} is there already; it stays as it is."]

    other = tmp_path / "other.yaml"
    script = Script(ANSWERS[:9])
    assert begin(script, other, "zh") is None
    assert script.shown[-1] == "没有回答完，没有写入文件。"
    assert not other.exists()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("none/hall.yaml", "没有这个文件夹"),
        ("there.txt/hall.yaml", "路径里有一段是文件，不是文件夹"),
        ("x" * 300, "文件名太长"),
    ],
)
def test_a_path_that_cannot_be_written_is_told_before_the_first_question(tmp_path: Path, name: str, words: str) -> None:
    """Nobody answers twenty questions for nothing, and the trial leaves nothing behind."""
    (tmp_path / "there.txt").touch()
    script = Script(list(ANSWERS))

    assert begin(script, tmp_path / name, "zh") is None

    assert script.shown == [f"{tmp_path / name} 无法写入：{words}"]
    assert [path.name for path in tmp_path.iterdir()] == ["there.txt"]


def test_a_folder_without_room_is_told_before_the_first_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a file name too: the folder one is in must take it."""
    monkeypatch.chdir(tmp_path)

    def full(path: Path, *_: object, **__: object) -> NoReturn:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "open", full)
    script = Script(list(ANSWERS))

    assert begin(script, None, "zh") is None
    assert script.shown == [f"{tmp_path} 无法写入：磁盘已满"]


@pytest.mark.parametrize("late", ["gone", "taken"])
def test_no_answer_is_lost_when_the_file_cannot_be_written_in_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, late: str
) -> None:
    """The stick is pulled out, or somebody else writes the file, while the questions are asked: the hall is kept elsewhere
    and it is said where; what stands there is left alone."""
    home, stick = tmp_path / "home", tmp_path / "stick"
    home.mkdir()
    stick.mkdir()
    monkeypatch.setenv("HOME", str(home))
    wanted = stick / "hall.yaml"
    asked = Script(list(ANSWERS))

    def ask(question: str) -> str:
        if len(asked.answers) == 1:
            stick.rmdir() if late == "gone" else wanted.write_text("theirs")
        return Script.ask(asked, question)

    monkeypatch.setattr(asked, "ask", ask, raising=False)
    kept = begin(asked, wanted, "zh")

    why = f"{wanted} 无法写入：没有这个文件夹" if late == "gone" else f"{wanted} 已经存在，保持原样。"
    assert kept == (home / "hall.yaml" if late == "gone" else stick / "hall-2.yaml")
    assert asked.shown[-2:] == [why, f"已写入：{kept}"]
    assert examine(kept).findings == ()
    assert late == "gone" or wanted.read_text() == "theirs"


def test_answers_that_fit_nowhere_are_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No disk takes the file: it stands on the screen, to be copied."""
    full = OSError(errno.ENOSPC, "No space left on device")
    script = Script(list(ANSWERS))
    monkeypatch.setattr(new_hall, "cannot_write", lambda _: None)
    monkeypatch.setattr(new_hall_file, "_write_new", MagicMock(side_effect=full))

    assert begin(script, tmp_path / "hall.yaml", "en") is None

    assert script.shown[-3].endswith("cannot be written: the disk is full")
    assert script.shown[-1].startswith("#")
    assert "通山县市民之家" in script.shown[-1]


@pytest.mark.parametrize(
    ("language", "first", "last"),
    [
        ("zh", "新建大厅。", "tongshan-county-citizens-home.yaml 可以使用。"),
        ("en", "A new hall.", "tongshan-county-citizens-home.yaml is good."),
    ],
)
def test_the_command_asks_writes_and_checks(tmp_path: Path, language: str, first: str, last: str) -> None:
    """Without a file name it takes the hall's, and its last word is that of `config check`."""
    run = subprocess.run(
        [sys.executable, "-m", "config", "new", "--language", language],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        input="\n".join(ANSWERS) + "\n",
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.startswith(first)
    assert run.stdout.rstrip().endswith(last)
    text = (tmp_path / "tongshan-county-citizens-home.yaml").read_text(encoding="utf-8")
    comments = [line for line in text.splitlines() if line.startswith("#")]
    assert comments[0].endswith("hall file" if language == "en" else "大厅配置")
    if language == "en":
        assert not [letter for line in comments for letter in line if "\u4e00" <= letter <= "\u9fff"]
