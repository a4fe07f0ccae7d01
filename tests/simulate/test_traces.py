"""Traces, rosters and results as files: what is written reads back, and everything wrong is told with its place."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.simulate.results import Leg, write_results
from server.simulate.roster import read_roster, write_roster
from server.simulate.table import TableError
from server.simulate.trace import read_trace, write_trace
from server.simulate.visits import Shift, Visit

SERVICES = ["soc_ins", "re_base", "tax_quick"]
GROUPS = ["veterans", "priority"]
WINDOWS = ["S01", "S02", "TS01"]
HEADER = "ref,at_s,service,group,service_s,patience_s,appointment_s,no_show,next_service,next_service_s"

ReadTrace = Callable[[str], list[Visit]]
ReadRoster = Callable[[str], list[Shift]]


def never(text: str) -> None:
    """Fails the test: nothing is to be told."""
    raise AssertionError(text)


@pytest.fixture
def trace(tmp_path: Path) -> ReadTrace:
    """Reads rows under the usual header; nothing may be warned of."""

    def read(rows: str, header: str = HEADER) -> list[Visit]:
        path = tmp_path / "trace.csv"
        path.write_bytes(f"{header}\n{rows}".encode())
        return read_trace(path, SERVICES, GROUPS, never)

    return read


@pytest.fixture
def roster(tmp_path: Path) -> ReadRoster:
    """Reads rows of a roster."""

    def read(rows: str) -> list[Shift]:
        path = tmp_path / "roster.csv"
        path.write_bytes(f"window,from_s,to_s\n{rows}".encode())
        return read_roster(path, WINDOWS)

    return read


refs = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp", "Cf"]), min_size=1)
seconds = st.floats(0, 86_400)


@st.composite
def visits(draw: st.DrawFn) -> Visit:
    """Any visit the hall could have."""
    follow = draw(st.one_of(st.none(), st.tuples(st.sampled_from(SERVICES), seconds)))
    return Visit(
        draw(refs),
        draw(seconds),
        draw(st.sampled_from(SERVICES)),
        draw(seconds),
        draw(st.sampled_from([None, *GROUPS])),
        draw(st.one_of(st.none(), st.floats(0, allow_infinity=False))),
        draw(st.one_of(st.none(), seconds)),
        draw(st.booleans()),
        *(follow or (None, None)),
    )


@settings(max_examples=60)
@given(st.lists(visits(), unique_by=lambda visit: visit.ref, max_size=12))
def test_a_trace_reads_back_the_same(tmp_path_factory: pytest.TempPathFactory, day: list[Visit]) -> None:
    """Whatever the refs and numbers; the reader only puts people in the order in which they come."""
    path = tmp_path_factory.getbasetemp() / "round.csv"
    write_trace(path, day)
    assert read_trace(path, SERVICES, GROUPS, never) == sorted(day, key=lambda visit: visit.at_s)


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 500), st.integers(1, 300)), max_size=8))
def test_a_roster_reads_back_the_same(tmp_path_factory: pytest.TempPathFactory, spans: list[tuple[int, int]]) -> None:
    """Shifts that follow one another, also without a gap."""
    shifts, at_s = [], 0.0
    for gap_s, length_s in spans:
        shifts.append(Shift("S01", at_s + gap_s, at_s + gap_s + length_s + 0.1))
        at_s = shifts[-1].to_s
    path = tmp_path_factory.getbasetemp() / "round-roster.csv"
    write_roster(path, shifts)
    assert read_roster(path, WINDOWS) == shifts


def test_a_file_from_a_spreadsheet(tmp_path: Path) -> None:
    """A byte order mark, CRLF, columns in another order, columns of others, blank lines and cells left out are fine."""
    path = tmp_path / "trace.csv"
    text = "note,service,ref,at_s, service_s ,group,patience_s\r\nhello,soc_ins,a1,30600,60,,\r\n\r\n,re_base,a2,30500.5,1e2,priority\r\n"
    path.write_bytes(text.encode("utf-8-sig"))
    assert read_trace(path, SERVICES, GROUPS, never) == [
        Visit("a2", 30500.5, "re_base", 100.0, "priority"),
        Visit("a1", 30600.0, "soc_ins", 60.0),
    ]


def test_old_mac_line_ends(tmp_path: Path) -> None:
    """A lone carriage return ends a line too."""
    path = tmp_path / "roster.csv"
    path.write_bytes(b"window,from_s,to_s\rS01,1,2\r")
    assert read_roster(path, WINDOWS) == [Shift("S01", 1.0, 2.0)]


@pytest.mark.parametrize("word", ["", "ordinary", "Normal", "none", "0"])
def test_words_for_ordinary(trace: ReadTrace, word: str) -> None:
    """Several words and nothing at all mean no priority group."""
    assert trace(f"a,1,soc_ins,{word},1,")[0].group is None


@pytest.mark.parametrize(
    ("word", "expected"), [("", False), ("0", False), ("No", False), ("FALSE", False), ("1", True), ("yes", True)]
)
def test_words_for_no_show(trace: ReadTrace, word: str, expected: bool) -> None:
    """Yes and no in the usual spellings."""
    assert trace(f"a,1,soc_ins,,1,,,{word},,")[0].no_show is expected


def test_foreign_groups_count_as_priority_and_are_told_once(tmp_path: Path) -> None:
    """People of groups the hall does not know have its priority group; one message names the groups, in both languages."""
    path = tmp_path / "trace.csv"
    path.write_text(
        f"{HEADER}\na,1,soc_ins,vip,1,\nb,2,soc_ins,vip,1,\nc,3,soc_ins,elderly,1,\nd,4,soc_ins,veterans,1,\n"
    )
    told: list[str] = []
    groups = [visit.group for visit in read_trace(path, SERVICES, GROUPS, told.append)]
    assert groups == ["priority", "priority", "priority", "veterans"]
    assert len(told) == 1
    assert "vip, elderly" in told[0]
    assert "按优先群体计" in told[0]


def test_without_a_usual_group_the_first_one_stands_in(tmp_path: Path) -> None:
    """A hall whose groups have other names still serves foreign groups first; one without groups serves all alike."""
    path = tmp_path / "trace.csv"
    path.write_text(f"{HEADER}\na,1,soc_ins,vip,1,\n")
    told: list[str] = []
    assert read_trace(path, SERVICES, ["veterans"], told.append)[0].group == "veterans"
    assert read_trace(path, SERVICES, [], told.append)[0].group is None
    assert "no priority groups" in told[1]


def test_the_warning_goes_to_stderr(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Unless told otherwise; standard output stays for results."""
    path = tmp_path / "trace.csv"
    path.write_text(f"{HEADER}\na,1,soc_ins,vip,1,\n")
    read_trace(path, SERVICES, GROUPS)
    streams = capsys.readouterr()
    assert "vip" in streams.err
    assert streams.out == ""


GOOD = "ok,1,soc_ins,,1,,,,,\n"
BAD_ROWS = [
    (",1,soc_ins,,1,", "ref", "empty", "Fill it in"),
    ("ok,1,soc_ins,,1,", "ref", "line 2 already", "ref of its own"),
    ("a,,soc_ins,,1,", "at_s", "empty", "Fill it in"),
    ("a,8:30,soc_ins,,1,", "at_s", "no number", "30600"),
    ("a,08:30:15,soc_ins,,1,", "at_s", "no number", "30615"),
    ("a,nan,soc_ins,,1,", "at_s", "no number", "digits"),
    ("a,inf,soc_ins,,1,", "at_s", "no number", "digits"),
    ("a,1e999,soc_ins,,1,", "at_s", "no number", "digits"),
    ("a,1_000,soc_ins,,1,", "at_s", "no number", "digits"),
    ("a,１２,soc_ins,,1,", "at_s", "no number", "digits"),
    ("a,-1,soc_ins,,1,", "at_s", "negative", "0 or more"),
    ("a,86400.5,soc_ins,,1,", "at_s", "more than a day", "at most 86400"),
    ("a,1767225600,soc_ins,,1,", "at_s", "more than a day", "local midnight"),
    ("a,1,,,1,", "service", "empty", "Fill it in"),
    ("a,1,soc_inss,,1,", "service", "has no “soc_inss”", "“soc_ins”"),
    ("a,1,zzz,,1,", "service", "has no “zzz”", "re_base, soc_ins, tax_quick"),
    ("a,1,soc_ins,,,", "service_s", "empty", "Fill it in"),
    ("a,1,soc_ins,,-0.5,", "service_s", "negative", "0 or more"),
    ("a,1,soc_ins,,ten,", "service_s", "no number", "digits"),
    ("a,1,soc_ins,,1,-1", "patience_s", "negative", "0 or more"),
    ("a,1,soc_ins,,1,inf", "patience_s", "no number", "digits"),
    ("a,1,soc_ins,,1,,90000", "appointment_s", "more than a day", "at most"),
    ("a,1,soc_ins,,1,,,maybe", "no_show", "neither yes nor no", "true or yes"),
    ("a,1,soc_ins,,1,,,,tax_quik,5", "next_service", "has no", "“tax_quick”"),
    ("a,1,soc_ins,,1,,,,tax_quick,", "next_service_s", "has no time", "how many seconds"),
    ("a,1,soc_ins,,1,,,,,5", "next_service", "but no service", "empty next_service_s"),
    ("a,1,soc_ins,,1,,,,tax_quick,x", "next_service_s", "no number", "digits"),
    ("a,1,soc_ins,,1,,,,,,7", "", "11 cells", "comma"),
    ('a,1,"soc_ins,,1,', "", "cannot be read as CSV", "quote"),
    ('a,1,"soc"_ins,,1,', "", "cannot be read as CSV", "quote"),
]


@pytest.mark.parametrize(("row", "column", "wrong", "mend"), BAD_ROWS)
def test_a_bad_row_is_told(trace: ReadTrace, row: str, column: str, wrong: str, mend: str) -> None:
    """File, line, column, what is wrong and how to mend it; and nothing of the file is used."""
    with pytest.raises(TableError) as trouble:
        trace(GOOD + row)
    (problem,) = trouble.value.problems
    assert problem.file.endswith("trace.csv")
    assert (problem.line, problem.column) == (3, column)
    assert wrong in problem.wrong.say("en")
    assert mend in problem.mend.say("en")
    assert f"trace.csv:3{'  ' + column if column else ''}  " in problem.say("zh")


BAD_FILES = [
    (b"", 1, "", "empty", "ref,at_s"),
    (b"\n \n", 1, "", "empty", "ref,at_s"),
    (b"ref;at_s;service;group;service_s;patience_s\na;1;soc_ins;;1;\n", 1, "", "not parted by commas", "commas"),
    (b"ref,at_s,service,group,service_s\n", 1, "patience_s", "missing", "ref, at_s, service, group, service_s"),
    (b"ref,at_s,at_s,service,group,service_s,patience_s\n", 1, "at_s", "twice", "Leave one"),
    (HEADER.encode() + b"\na,1,soc_ins,,1,\n" + "社保".encode("gbk"), 3, "", "not UTF-8", "CSV UTF-8"),
]


@pytest.mark.parametrize(("content", "line", "column", "wrong", "mend"), BAD_FILES)
def test_a_bad_file_is_told(tmp_path: Path, content: bytes, line: int, column: str, wrong: str, mend: str) -> None:
    """What is wrong with the file or its header is told alone: its rows could not be understood."""
    path = tmp_path / "trace.csv"
    path.write_bytes(content)
    with pytest.raises(TableError) as trouble:
        read_trace(path, SERVICES, GROUPS, never)
    (problem,) = trouble.value.problems
    assert (problem.line, problem.column) == (line, column)
    assert wrong in problem.wrong.say("en")
    assert mend in problem.mend.say("en")


def test_all_problems_are_told_at_once_in_both_languages(trace: ReadTrace) -> None:
    """Chinese first, then English; in the order of the file, whatever kind they are of."""
    with pytest.raises(TableError) as trouble:
        trace("a,x,nope,,1,\na,1,soc_ins,,-1,,,,,,5\nb,1,soc_ins,,-1,\n")
    assert [(p.line, p.column) for p in trouble.value.problems] == [
        (2, "at_s"),
        (2, "service"),
        (3, ""),
        (4, "service_s"),
    ]
    text = str(trouble.value)
    assert text.index("改法") < text.index("Mend")


def test_no_more_than_twenty_are_told(trace: ReadTrace) -> None:
    """The first twenty in the order of the file, and how many more there are."""
    with pytest.raises(TableError) as trouble:
        trace("".join(f"a{n},-1,soc_ins,,1,\n" for n in range(25)))
    assert [problem.line for problem in trouble.value.problems] == list(range(2, 22))
    assert "… and 5 more" in str(trouble.value)
    assert "还有 5 处" in str(trouble.value)


def test_lines_are_counted_through_quoted_cells_and_blanks(trace: ReadTrace) -> None:
    """A cell over two lines and an empty line do not put the count out."""
    with pytest.raises(TableError) as trouble:
        trace('"a\nb",1,soc_ins,,1,\n\nc,-1,soc_ins,,1,\n')
    assert [problem.line for problem in trouble.value.problems] == [5]


def test_an_empty_day_is_a_day(trace: ReadTrace, roster: ReadRoster) -> None:
    """Only a header: nobody comes, nobody is there."""
    assert trace("") == []
    assert roster("") == []


BAD_SHIFTS = [
    (",1,2", "window", "empty"),
    ("S99,1,2", "window", "has no “S99”"),
    ("S02,,2", "from_s", "empty"),
    ("S02,1,x", "to_s", "no number"),
    ("S02,-1,2", "from_s", "negative"),
    ("S02,1,100000", "to_s", "more than a day"),
    ("S02,20,10", "to_s", "before it has begun"),
    ("S02,20,20", "to_s", "before it has begun"),
    ("S01,150,300", "from_s", "line 2"),
    ("S01,110,120", "from_s", "line 2"),
    ("S01,50,900", "from_s", "line 2"),
]


@pytest.mark.parametrize(("row", "column", "wrong"), BAD_SHIFTS)
def test_a_bad_shift_is_told(roster: ReadRoster, row: str, column: str, wrong: str) -> None:
    """Unknown windows, numbers that are none, shifts that run backwards or overlap."""
    with pytest.raises(TableError) as trouble:
        roster(f"S01,100,200\n{row}\n")
    (problem,) = trouble.value.problems
    assert (problem.line, problem.column) == (3, column)
    assert wrong in problem.wrong.say("en")


def test_windows_may_be_there_at_the_same_time(roster: ReadRoster) -> None:
    """Only one window's own shifts may not overlap."""
    assert len(roster("S01,1,9\nS02,1,9\nS01,9,12\n")) == 3


def test_results_are_written_one_row_a_leg(tmp_path: Path) -> None:
    """Times to a tenth, empty cells for what did not happen, the columns of the design in their order."""
    done = Leg(
        "r1", 0, "A001", "soc_ins", "priority", False, 30600.04, 27900.0, 30660.06, "S01", 30700.0, 31000.25, "done",
        60.0, 30.0, 90.55, 80.0, False, 0,
    )  # fmt: skip
    left = Leg(
        "r2", 0, "A002", "soc_ins", None, False, 30700.0, 30700.0, None, None, None, None, "left",
        None, None, None, None, False, 0,
    )  # fmt: skip
    path = tmp_path / "out.csv"
    write_results(path, [done, left])
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert ",".join(rows[0]) == (
        "ref,number,service,group,issued_s,called_s,window,started_s,finished_s,outcome,"
        "estimate_s,estimate_low_s,estimate_high_s"
    )
    assert rows[1] == [
        "r1", "A001", "soc_ins", "priority", "30600.0", "30660.1", "S01", "30700.0", "31000.2", "done", "60.0", "30.0",
        "90.5",
    ]  # fmt: skip
    assert rows[2] == ["r2", "A002", "soc_ins", "", "30700.0", "", "", "", "", "left", "", "", ""]
