"""The report: whole, right, the same every time, in both languages, and safe with any name in it."""

import ast
import re
from html.parser import HTMLParser
from pathlib import Path
from string import Formatter
from xml.etree import ElementTree

import pytest
from babel.messages.pofile import read_po

from config.loader import load_hall
from config.schema import HallFile
from server.simulate.charts import stays
from server.simulate.report import write_report
from server.simulate.results import DayResult, Moment
from server.simulate.wording import LOCALE
from tests.simulate.made_days import a_day, a_leg, a_move, a_whole_day

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "server" / "simulate"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def hall() -> HallFile:
    """The reference hall."""
    return load_hall(ROOT / "config" / "halls" / "reference.yaml")


@pytest.fixture(scope="module")
def days() -> list[DayResult]:
    """One made-up day under three policies."""
    return [a_whole_day("chaoxi", 0.4, tidal=True), a_whole_day("zone_fifo", 0.8), a_whole_day("dedicated", 1.3)]


@pytest.fixture(scope="module")
def folder(hall: HallFile, days: list[DayResult], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report written once for the tests that only look."""
    where = tmp_path_factory.mktemp("report")
    write_report(days, hall, where, "normal, seed 1")
    return where


def texts_of(svg: Path) -> list[str]:
    """What is written in a drawing."""
    return [text.text or "" for text in ElementTree.parse(svg).getroot().iter(f"{SVG}text")]


def test_all_files_are_there(folder: Path) -> None:
    """The page, Markdown in both languages, and every picture in both, for moves only where there were any."""
    pictures = ["idle", "moves-1", "wait-p50", "wait-p90", "waiting"]
    expected = {f"{name}{end}.svg" for name in pictures for end in ("", ".en")}
    assert {path.name for path in folder.iterdir()} == expected | {"report.html", "report.md", "report.en.md"}


def test_markdown_shows_its_pictures_and_figures(folder: Path) -> None:
    """Every picture it names exists; the table has each rule's waits; Chinese and English have the same figures."""
    chinese, english = ((folder / name).read_text(encoding="utf-8") for name in ("report.md", "report.en.md"))
    for text in (chinese, english):
        shown = re.findall(r"!\[[^]]+\]\(([^)]+)\)", text)
        assert len(shown) == 5
        assert all((folder / name).is_file() for name in shown)
    assert "| 分区先到先办 | 2320 |" in chinese
    assert "| Zone by order of arrival | 2320 |" in english
    rows = [re.findall(r"^\|.*\|$", text, re.MULTILINE) for text in (chinese, english)]
    cells = [[re.findall(r"\d+\.\d", row) for row in table] for table in rows]
    assert len(rows[0]) == len(rows[1]) > 40
    assert [c for c, row in zip(cells[0], rows[0], strict=True) if "TS" not in row] == [
        c for c, row in zip(cells[1], rows[1], strict=True) if "TS" not in row
    ]


def test_markdown_tables_are_tables(folder: Path) -> None:
    """Header, rule and rows of each follow one another without a gap, with equally many cells."""
    lines = (folder / "report.md").read_text(encoding="utf-8").splitlines()
    tables = 0
    for place, line in enumerate(lines):
        if re.fullmatch(r"\|( -+:? \|)+", line):
            tables += 1
            cells = line.count("|")
            assert lines[place - 1].count("|") == cells
            assert lines[place + 1].startswith("|")
            assert lines[place + 1].count("|") == cells
    assert tables == 6


def test_the_comparison_is_told(folder: Path) -> None:
    """The first sentences say what each rule's mean wait is and how the first one compares."""
    text = (folder / "report.en.md").read_text(encoding="utf-8")
    assert re.search(r"^- Chaoxi: mean wait \d+\.\d min", text, re.MULTILINE)
    assert re.search(
        r"^- Dedicated windows: mean wait \d+\.\d min; that of Chaoxi is 31 % of it\.$", text, re.MULTILINE
    )


class Tags(HTMLParser):
    """Collects what a page would load, run, and its ids."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.ids: list[str] = []
        self.names: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag down."""
        self.names.add(tag)
        for key, value in attrs:
            if key in ("src", "href", "xlink:href") and value and not value.startswith("#"):
                self.loads.append(value)
            if key == "id":
                self.ids.append(value or "")


def test_the_page_is_self_contained(folder: Path) -> None:
    """It loads nothing and runs nothing, so that it can be mailed, and no two of its parts share an id."""
    page = (folder / "report.html").read_text(encoding="utf-8")
    tags = Tags()
    tags.feed(page)
    assert tags.loads == []
    assert "script" not in tags.names
    charts = [each for each in tags.ids if each.startswith("chart-")]
    assert len(set(charts)) == len(charts) == 6
    assert "@import" not in page
    assert not re.search(r"url\((?!#)", page)


def test_the_same_days_give_the_same_files(hall: HallFile, days: list[DayResult], folder: Path, tmp_path: Path) -> None:
    """Byte for byte: no random ids, no time of writing."""
    for path in write_report(days, hall, tmp_path, "normal, seed 1"):
        assert path.read_bytes() == (folder / path.name).read_bytes()


def test_names_are_escaped(hall: HallFile, tmp_path: Path) -> None:
    """Whatever a roster is called: markup stays text, a bar does not end a cell."""
    nasty = '<b>|"&'
    write_report([a_whole_day("x", 0.5)], hall, tmp_path, nasty, labels=[nasty])
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<b>" not in page
    assert "&lt;b&gt;" in page
    assert '| <b>\\|"& |' in (tmp_path / "report.md").read_text(encoding="utf-8")
    assert nasty in texts_of(tmp_path / "idle.svg")


def test_rosters_of_one_policy_are_told_apart(hall: HallFile, tmp_path: Path) -> None:
    """Without labels a second day of the same policy gets a number."""
    write_report([a_whole_day("chaoxi", 0.5), a_whole_day("chaoxi", 0.6)], hall, tmp_path)
    assert [text for text in texts_of(tmp_path / "idle.en.svg") if "min" not in text] == ["Chaoxi", "Chaoxi (2)"]


def test_a_day_of_nobody_still_reports(hall: HallFile, tmp_path: Path) -> None:
    """An empty trace gives frames that say so, and no error; no day at all is refused."""
    write_report([a_day([]), a_day([a_leg("a", 30_600, 30_700)], [Moment(30_600, 1, 0)])], hall, tmp_path)
    assert "–" in (tmp_path / "report.md").read_text(encoding="utf-8")
    write_report([a_day([])], hall, tmp_path / "empty")
    assert "没有数据" in texts_of(tmp_path / "empty" / "wait-p50.svg")
    with pytest.raises(ValueError, match="at least one day"):
        write_report([], hall, tmp_path)


def test_where_a_tidal_window_is() -> None:
    """Closed before it opens and after it closes, at home and away between; a window that never moves is at home."""
    moves = [
        a_move(1000, "TS01", "open", "soc", "soc"),
        a_move(2000, "TS01", "help", "soc", "re"),
        a_move(2500, "TS01", "help", "re", "re"),
        a_move(3000, "TS01", "home", "re", "soc"),
        a_move(4000, "TS01", "close", "soc", "soc"),
    ]
    day = a_day([], [Moment(0, 0, 0), Moment(5000, 0, 0)], moves=list(reversed(moves)))
    assert stays("TS01", "soc", day) == [
        (0, 1000, None),
        (1000, 2000, "soc"),
        (2000, 3000, "re"),
        (3000, 4000, "soc"),
        (4000, 5000, None),
    ]
    assert stays("TS02", "soc", day) == [(0, 5000, "soc")]


def test_strips_show_every_tidal_window_and_who_was_moved(hall: HallFile, tmp_path: Path) -> None:
    """All tidal windows of the hall; of the others who were moved, not who only helped."""
    day = a_whole_day("chaoxi", 0.5)
    day.moves = [
        a_move(31_000, "E01", "move", "ent", "re"),
        a_move(32_000, "E02", "help", "ent", "soc"),
        a_move(33_000, "TS01", "help", "soc", "re"),
    ]
    write_report([day], hall, tmp_path)
    told = texts_of(tmp_path / "moves-1.svg")
    tidal = ["TS01", "TS02", "TE01", "TE02", "TR01", "TR02", "TR03"]
    assert [text for text in told if re.fullmatch(r"[A-Z]+\d\d", text)] == [*tidal, "E01"]
    assert {"社", "房", "企"} <= set(told)


def sentences() -> set[str]:
    """What modules and templates of the simulator say."""
    found: set[str] = set()
    for module in sorted(PACKAGE.glob("*.py")):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id="sentence" | "t"), args=[ast.Constant(value=str(message)), *_]):
                    found.add(message)
                case ast.Call(func=ast.Call(func=ast.Name(id="texts")), args=[ast.Constant(value=str(message)), *_]):
                    found.add(message)
    for template in sorted((PACKAGE / "templates").iterdir()):
        found |= set(re.findall(r'\bt\("([^"]+)"\)', template.read_text(encoding="utf-8")))
    return found


def test_every_sentence_is_translated() -> None:
    """Each is in the Chinese catalogue with the same fields, and none is there that nobody says."""
    with (LOCALE / "zh.po").open("rb") as source:
        known = {str(entry.id): str(entry.string) for entry in read_po(source, locale="zh") if entry.id}
    said = sentences()
    assert len(said) > 100
    assert said - known.keys() == set()
    assert known.keys() - said == set()
    for english, chinese in known.items():
        fields = [{name for _a, name, _b, _c in Formatter().parse(text) if name} for text in (english, chinese)]
        assert fields[0] == fields[1], english
        assert any("\u4e00" <= letter <= "\u9fff" for letter in chinese), english
