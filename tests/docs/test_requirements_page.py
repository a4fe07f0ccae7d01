"""The requirements page answers every row of the plans and the standards sheet, and names only files that are there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "requirements.md"


def ids(prefix: str, last: int) -> list[str]:
    """`prefix`1 … `prefix`last."""
    return [f"{prefix}{n}" for n in range(1, last + 1)]


#: Rows by the letter or number that begins their section's title. C stands twice: for a town and for systems.
ROWS: dict[str, list[str]] = {
    "阳新": ids("Y", 16),
    "汨罗": ids("M", 14),
    "濮阳": ids("P", 8),
    "郴州": ids("C", 8),
    "A1": ids("A1.", 11),
    "A2": ids("A2.", 17),
    "A3": ids("A3.", 6),
    "A4": [*ids("A4.", 8), "Conflict"],
    "A5": ids("A5.", 4),
    "A6": ["A6"],
    "B1": ids("B1.", 14),
    "B2": ids("B2.", 9),
    "B3": ids("B3.", 5),
    "B4": ids("B4.", 5),
    "C": ids("C", 24),
    "D1": ids("I", 7),
    "D2": ids("D2.", 22),
    "D3": ids("D3.", 17),
}

#: Rows that are a must for version 1, by section.
MUST: dict[str, str] = {
    "A1": "1 2 3 6",
    "A2": "1 3 4 5 6 7 8 10 12 14 15",
    "A3": "1 2 3 4 5 6",
    "A4": "1 2 5",
    "B1": "1 2 3 4 5 6 7 8 10",
    "B2": "1 5 6 8 9",
    "B3": "1 2 4",
    "B4": "1 2 3",
    "C": "1 2 3 4 5 6 7 8 9 12 13 14 16 17 19",
    "D2": "1 2 3 4 5 6 7 10 11 12 13 14 15 17 18 22",
    "D3": "1 2 3 4 5 6 7 8 9 10 11 12 14 16",
}

ISSUES = {
    "trust and security",
    "managers and many halls",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the page's tables."""

    section: str
    id: str
    is_must: bool
    status: str
    proof: str

    @property
    def paths(self) -> list[str]:
        """The files it names."""
        return re.findall(r"`([\w./-]+\.(?:py|kv|yaml|js|md|po|lock)|Makefile)`", self.proof)

    @property
    def tests(self) -> list[str]:
        """The test files among them."""
        return [path for path in self.paths if re.match(r"tests/.*/test_\w+\.py$", path)]


def rows() -> Iterator[Row]:
    """Every row of every table."""
    section = ""
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            section = line[3:].split()[0]
        elif line.startswith("| ") and not line.startswith("| id "):
            name, _, status, proof = (cell.strip() for cell in line.strip("|").split("|"))
            yield Row(section, name.removesuffix(" P0"), name.endswith(" P0"), status, proof)


ALL = list(rows())


def test_every_row_of_the_sources_is_answered_once() -> None:
    """In each section the ids of its source, in their order, none twice, none missing, none made up."""
    assert {section: [row.id for row in ALL if row.section == section] for section in ROWS} == ROWS
    assert len(ALL) == sum(map(len, ROWS.values()))


def test_what_is_a_must_is_marked() -> None:
    """P0 stands beside the rows of the standards sheet that have it, and no others."""
    marked = {(row.section, row.id) for row in ALL if row.is_must}
    wanted = {
        (section, f"{section}{number}" if section == "C" else f"{section}.{number}")
        for section, numbers in MUST.items()
        for number in numbers.split()
    }
    assert marked == wanted


@pytest.mark.parametrize("row", ALL, ids=lambda row: f"{row.section} {row.id}")
def test_a_row_says_what_it_claims(row: Row) -> None:
    """Done names a test, part says something, later names an issue, not gives its reason; every file is there."""
    assert [path for path in row.paths if not (ROOT / path).is_file()] == []
    kind, _, issue = row.status.partition(": ")
    match kind:
        case "done":
            assert row.tests, "done, by whose word?"
        case "part":
            assert len(row.proof) > 20
        case "not":
            assert len(row.proof) > 10
        case "later":
            assert issue in ISSUES
        case _:
            pytest.fail(f"unknown status {row.status!r}")


def test_every_name_of_a_file_is_looked_at() -> None:
    """What looks like a path in the tables is recognised as one, so that none escapes the test above."""
    looks = {word for row in ALL for word in re.findall(r"`([\w.-]+/[\w./-]+)`", row.proof)}
    assert looks == {path for path in chain.from_iterable(row.paths for row in ALL) if "/" in path}


def test_later_issues_named_in_passing_exist() -> None:
    """A part left to `later: …` within the text names an issue that there is."""
    for row in ALL:
        for named in re.findall(r"later: ([a-z ,]+)", row.proof):
            assert any(named.strip(" ,").startswith(issue) for issue in ISSUES), (row.id, named)
