"""`python -m server.simulate` from files to files: results, report, what-if, and what is wrong said plainly."""

import csv
import io
import subprocess
import sys
from pathlib import Path

import pytest

from server.simulate.__main__ import main
from server.simulate.generate import main as generate
from server.simulate.policies import POLICIES
from server.simulate.results import COLUMNS

ROOT = Path(__file__).parents[2]
SMALL = ROOT / "tests" / "hall" / "small_hall.yaml"
TRACE = """\
ref,at_s,service,group,service_s,patience_s,next_service,next_service_s
r1,32400,insurance,,600,,,
r2,32410.5,insurance,elder,60,,licence,90
r3,32420,relief,,60,30,,
r4,32430,licence,,120,,,
"""


@pytest.fixture
def trace(tmp_path: Path) -> Path:
    """Four people at nine."""
    path = tmp_path / "morning.csv"
    path.write_text(TRACE, encoding="utf-8")
    return path


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Where the results go."""
    return tmp_path / "out.csv"


def rows(path: Path) -> list[dict[str, str]]:
    """The result file's rows; its header is exactly the promised one."""
    text = path.read_text(encoding="utf-8")
    assert text.splitlines()[0] == ",".join(COLUMNS)
    return list(csv.DictReader(io.StringIO(text)))


def run(trace: Path, out: Path, *more: str | Path, hall: Path = SMALL) -> int:
    """The command in this process."""
    return main([str(part) for part in ("--hall", hall, "--trace", trace, "--out", out, *more)])


def test_header_is_the_promised_one() -> None:
    """Other programs read these names."""
    assert ",".join(COLUMNS) == (
        "ref,number,service,group,issued_s,called_s,window,started_s,finished_s,outcome,"
        "estimate_s,estimate_low_s,estimate_high_s"
    )


def test_generated_day_through_the_reference_hall(tmp_path: Path, out: Path) -> None:
    """Generate, simulate as a program, read: every visit has its rows, and nothing is written but the file."""
    trace, roster = tmp_path / "trace.csv", tmp_path / "roster.csv"
    assert generate(["--seed", "7", "--out", str(trace), "--roster", str(roster)]) == 0
    done = subprocess.run(
        [sys.executable, "-m", "server.simulate", "--trace", trace, "--roster", roster, "--out", out, "--no-estimates"],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    with trace.open(encoding="utf-8", newline="") as file:
        visits = {row["ref"]: row for row in csv.DictReader(file)}
    legs = rows(out)
    firsts: dict[str, dict[str, str]] = {}
    for leg in legs:
        firsts.setdefault(leg["ref"], leg)
    assert firsts.keys() == visits.keys()
    assert len(legs) > len(visits) > 1000
    for ref, leg in firsts.items():
        assert leg["service"] == visits[ref]["service"]
        assert float(leg["issued_s"]) == pytest.approx(float(visits[ref]["at_s"]), abs=0.06)
        if leg["outcome"] in ("done", "transferred"):
            took_s = float(leg["finished_s"]) - float(leg["started_s"])
            assert took_s == pytest.approx(float(visits[ref]["service_s"]), abs=0.11)
    assert {leg["outcome"] for leg in legs} <= {"done", "transferred", "no_show", "left", "day_end"}


def test_rows_of_a_small_morning(trace: Path, out: Path) -> None:
    """One row per leg, times to a tenth, empty for what did not happen, estimates beside."""
    assert run(trace, out) == 0
    legs = rows(out)
    assert [leg["ref"] for leg in legs] == ["r1", "r2", "r3", "r4", "r2"]
    assert legs[1] == {
        "ref": "r2", "number": "A002", "service": "insurance", "group": "elder", "issued_s": "32410.5",
        "called_s": "32410.5", "window": legs[1]["window"], "started_s": "32410.5", "finished_s": "32470.5",
        "outcome": "transferred", "estimate_s": "0.0", "estimate_low_s": "0.0", "estimate_high_s": "0.0",
    }  # fmt: skip
    assert (legs[4]["number"], legs[4]["service"], legs[4]["issued_s"]) == ("A002", "licence", "32470.5")


def test_two_runs_write_the_same(trace: Path, tmp_path: Path) -> None:
    """Byte for byte: estimates come from a fixed seed."""
    first, second = tmp_path / "1.csv", tmp_path / "2.csv"
    assert run(trace, first) == run(trace, second) == 0
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize("policy", sorted(POLICIES))
def test_every_policy(policy: str, trace: Path, out: Path) -> None:
    """Each plays the same people."""
    assert run(trace, out, "--policy", policy, "--no-estimates") == 0
    legs = rows(out)
    assert {leg["ref"] for leg in legs} == {"r1", "r2", "r3", "r4"}
    assert {leg["estimate_s"] for leg in legs} == {""}


def test_an_unknown_policy_is_a_wrong_command_line(trace: Path, out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2, and the names that there are; also in a comparison."""
    for wrong in (["--policy", "fifo"], ["--compare", "strict,fifo"]):
        with pytest.raises(SystemExit) as stop:
            run(trace, out, *wrong)
        assert stop.value.code == 2
        told = capsys.readouterr().err
        assert "fifo" in told
        assert "zone_fifo" in told
    assert not out.exists()


def test_a_roster(trace: Path, out: Path, tmp_path: Path) -> None:
    """Only who is in it is there, when it says."""
    roster = tmp_path / "roster.csv"
    roster.write_text("window,from_s,to_s\nS02,32500,40000\n", encoding="utf-8")
    assert run(trace, out, "--roster", roster) == 0
    legs = rows(out)
    served = [leg for leg in legs if leg["called_s"]]
    assert {leg["window"] for leg in served} == {"S02"}
    assert min(float(leg["called_s"]) for leg in served) == 32500
    assert [leg["outcome"] for leg in legs if leg["ref"] == "r3"] == ["left"]
    assert [leg["outcome"] for leg in legs if leg["service"] == "licence"] == ["day_end", "day_end"]


def test_a_roster_of_windows_that_are_not_there(
    trace: Path, out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Told with line, column and what would be right."""
    roster = tmp_path / "roster.csv"
    roster.write_text("window,from_s,to_s\nS99,32500,40000\nS01,9,3\n", encoding="utf-8")
    assert run(trace, out, "--roster", roster, "--language", "en") == 1
    told = capsys.readouterr().err
    assert "S99" in told
    assert "roster.csv" in told
    assert len([line for line in told.splitlines() if "roster.csv" in line]) == 2


def test_a_report(trace: Path, out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A page, a Markdown file and pictures, told by name; the compared rules stand in it."""
    folder = tmp_path / "report"
    assert run(trace, out, "--report", folder, "--compare", "zone_fifo,strict", "--language", "en") == 0
    told = capsys.readouterr()
    files = [Path(line) for line in told.out.splitlines()[:-1]]
    assert all(file.exists() for file in files)
    assert {"report.md", "report.html"} < {file.name for file in files}
    assert any(file.suffix == ".svg" for file in files)
    assert told.out.splitlines()[-1] == f"The report is in {folder}"
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert all(policy in page for policy in ("Chaoxi", "Zone by order of arrival", "Strict priority"))
    assert told.err == ""


def test_what_if_a_window_might_do_more(trace: Path, out: Path, tmp_path: Path) -> None:
    """The results are those with the authorisation, the report compares with the hall as it is."""
    roster = tmp_path / "roster.csv"
    roster.write_text("window,from_s,to_s\nE01,32400,40000\n", encoding="utf-8")
    assert run(trace, out, "--roster", roster) == 0
    assert [leg["outcome"] for leg in rows(out) if leg["ref"] == "r1"] == ["day_end"]

    folder = tmp_path / "report"
    wish = ("--authorise", "E01=insurance,relief", "--report", folder)
    assert run(trace, out, "--roster", roster, *wish, "--language", "en") == 0
    [helped] = [leg for leg in rows(out) if leg["ref"] == "r1"]
    assert (helped["outcome"], helped["window"]) == ("done", "E01")
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "with E01=insurance,relief" in page
    assert "as it is" in page


@pytest.mark.parametrize(
    ("wish", "wrong"),
    [
        ("Q7=insurance", "the hall has no window Q7"),
        ("E01=insurance,tea", "the hall has no service tea"),
        ("E01=", "the hall has no service …"),
        ("E01", "the hall has no service …"),
    ],
)
def test_wishes_that_make_no_sense(
    wish: str, wrong: str, trace: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One sentence that names the wish and what is not there; nothing is written."""
    assert run(trace, out, "--authorise", wish, "--language", "en") == 1
    assert capsys.readouterr().err == f"--authorise {wish}: {wrong}\n"
    assert run(trace, out, "--authorise", wish) == 1
    assert "大厅没有" in capsys.readouterr().err
    assert not out.exists()


def test_a_broken_trace_tells_everything(trace: Path, out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every bad row at once, with its line, in the language asked for; exit code 1, nothing written."""
    trace.write_text(TRACE + "r1,soon,tea,,60,\nr9,-1,insurance,,60,\n", encoding="utf-8")
    assert run(trace, out, "--language", "en") == 1
    told = capsys.readouterr().err
    assert all(line in told for line in ("tea", "soon", "negative", "morning.csv:6 ", "morning.csv:7 ", "in line 2"))
    assert run(trace, out) == 1
    assert "负" in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.parametrize(("language", "sentence"), [("en", "cannot be read or written"), ("zh", "不能读或不能写")])
def test_a_file_that_is_not_there(
    language: str, sentence: str, out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Said plainly, without a traceback."""
    assert run(tmp_path / "none.csv", out, "--language", language) == 1
    told = capsys.readouterr().err
    assert sentence in told
    assert "none.csv" in told


def test_a_folder_that_is_not_there_for_the_results(
    trace: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Likewise for what would be written."""
    assert run(trace, tmp_path / "nowhere" / "out.csv", "--language", "en") == 1
    assert "nowhere" in capsys.readouterr().err


def test_an_unknown_hall_file(trace: Path, out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The hall file's own sentence, exit code 1."""
    assert run(trace, out, hall=tmp_path / "nowhere.yaml") == 1
    told = capsys.readouterr().err
    assert "nowhere.yaml" in told
    assert "Traceback" not in told


def test_help_speaks_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    """Chinese first."""
    for arguments, words in ((["--help"], "叫号规则"), (["--language", "en", "--help"], "the rule of calling")):
        with pytest.raises(SystemExit) as stop:
            main(arguments)
        assert stop.value.code == 0
        assert words in capsys.readouterr().out.replace("\n", " ")


class Screen(io.StringIO):
    """Standard error that is or is not a terminal."""

    def __init__(self, *, terminal: bool) -> None:
        super().__init__()
        self.terminal = terminal

    def isatty(self) -> bool:
        """Whether somebody watches."""
        return self.terminal


@pytest.mark.parametrize("terminal", [True, False])
def test_a_bar_only_for_those_who_watch(
    terminal: bool, trace: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a terminal a bar grows; in a file there is nothing."""
    screen = Screen(terminal=terminal)
    monkeypatch.setattr(sys, "stderr", screen)
    assert run(trace, out) == 0
    assert bool(screen.getvalue()) == terminal
    assert ("chaoxi" in screen.getvalue()) == terminal
