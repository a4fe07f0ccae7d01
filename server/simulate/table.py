"""Tables in CSV files, read whole or not at all: everything wrong is told with its line, its column and the mend.

Knows CSV and numbers; what the columns of a table mean stands with whoever reads it.
"""

import csv
import math
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from io import StringIO
from pathlib import Path

from server.simulate.wording import LANGUAGES, Sentence, sentence, texts

PROBLEMS_TOLD = 20
DAY_S = 86_400.0
NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?")
YES_NO = {"": False, "0": False, "false": False, "no": False, "1": True, "true": True, "yes": True}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a table. Lines count from 1; without a column it is the line as a whole."""

    file: str
    line: int
    column: str
    wrong: Sentence
    mend: Sentence

    def say(self, language: str) -> str:
        """Tell place, fault and mend in two lines."""
        t = texts(language)
        place = f"{self.file}:{self.line}"
        if self.column:
            place += f"  {self.column}"
        return f"{place}  {self.wrong.say(language)}\n    {t('Mend')}  {self.mend.say(language)}"


class TableError(ValueError):
    """A table that cannot be used. `str()` tells everything in Chinese, then in English."""

    def __init__(self, problems: Sequence[Problem], more: int = 0) -> None:
        self.problems = tuple(problems)
        self.more = more
        super().__init__("\n\n".join(self.say(language) for language in LANGUAGES))

    def say(self, language: str) -> str:
        """Tell all problems in one language, in the order of the file."""
        told = [problem.say(language) for problem in self.problems]
        if self.more:
            told.append(texts(language)("… and {more} more", more=self.more))
        return "\n".join(told)


@dataclass(slots=True)
class Table:
    """A file's rows, and what is found wrong with them. Reading goes on after a problem, so that all are told."""

    file: str
    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    _problems: list[Problem] = field(default_factory=list)

    @classmethod
    def read(cls, path: Path, required: Sequence[str], optional: Sequence[str] = ()) -> "Table":
        """Read a file's rows by their column names; columns may come in any order, others are left alone.

        Raises TableError for a file without usable rows; the reader of the rows calls `done` to raise for the rest.
        """
        table = cls(str(path))
        try:
            text = path.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError as trouble:
            line = trouble.object[: trouble.start].count(b"\n") + 1
            table.problem(
                line, "", sentence("this is not UTF-8"), sentence("Save the file as “CSV UTF-8 (comma delimited)”.")
            )
        else:
            table._take(text, (*required, *optional), required)
        if not table.rows:
            # Nothing the reader of the rows could add to what is wrong with the file or its header.
            table.done()
        return table

    def problem(self, line: int, column: str, wrong: Sentence, mend: Sentence) -> None:
        """Note a problem down."""
        self._problems.append(Problem(self.file, line, column, wrong, mend))

    def done(self) -> None:
        """Raise TableError if there was any problem so far."""
        if self._problems:
            told = sorted(self._problems, key=lambda problem: problem.line)
            raise TableError(told[:PROBLEMS_TOLD], max(0, len(told) - PROBLEMS_TOLD))

    def cells(self) -> Iterator["Cells"]:
        """The rows, one after another."""
        for line, row in self.rows:
            yield Cells(self, line, row)

    def _take(self, text: str, columns: Sequence[str], required: Sequence[str]) -> None:
        reader = csv.reader(StringIO(text, newline=""), strict=True)
        names: list[str] | None = None
        end = 0
        try:
            for cells in reader:
                # A quoted cell may run over several lines: the row is named by its first.
                line, end = end + 1, reader.line_num
                if not any(cell.strip() for cell in cells):
                    continue
                if names is None:
                    names = self._header(line, cells, columns, required)
                    if self._problems:
                        return
                else:
                    self._row(line, names, cells, columns)
        except csv.Error as trouble:
            self.problem(
                end + 1,
                "",
                sentence("this line cannot be read as CSV: {trouble}", trouble=trouble),
                sentence("Every opened quote is closed in the same cell; a quote inside a cell is written twice."),
            )
        if names is None and not self._problems:
            expected = ",".join(columns)
            self.problem(
                1, "", sentence("the file is empty"), sentence("Begin with the column names: {names}", names=expected)
            )

    def _header(self, line: int, cells: Sequence[str], columns: Sequence[str], required: Sequence[str]) -> list[str]:
        names = [cell.strip() for cell in cells]
        if len(names) == 1 and re.search(r"[;\t，]", names[0]):
            self.problem(
                line, "", sentence("the cells are not parted by commas"), sentence("Save the file with commas.")
            )
            return names
        for name in required:
            if name not in names:
                mend = sentence(
                    "Add the column; the file has {names}.", names=", ".join(name for name in names if name)
                )
                self.problem(line, name, sentence("this column is missing"), mend)
        for name in columns:
            if names.count(name) > 1:
                self.problem(line, name, sentence("this column comes twice"), sentence("Leave one of them out."))
        return names

    def _row(self, line: int, names: Sequence[str], cells: Sequence[str], columns: Sequence[str]) -> None:
        if any(cell.strip() for cell in cells[len(names) :]):
            self.problem(
                line,
                "",
                sentence("{found} cells, but only {named} columns have names", found=len(cells), named=len(names)),
                sentence("Take out the comma too many, or put the cell with it in quotes."),
            )
            return
        by_name = dict(zip(names, (cell.strip() for cell in cells), strict=False))
        self.rows.append((line, {column: by_name.get(column, "") for column in columns}))


@dataclass(frozen=True, slots=True)
class Cells:
    """One row. Every reader gives None for what is wrong, and has noted it down; None for an empty cell is no fault."""

    table: Table
    line: int
    row: dict[str, str]

    def problem(self, column: str, wrong: Sentence, mend: Sentence) -> None:
        """Note down what is wrong with a cell."""
        self.table.problem(self.line, column, wrong, mend)

    def text(self, column: str) -> str | None:
        """A cell that may not be empty."""
        if not self.row[column]:
            self.problem(column, sentence("this cell is empty"), sentence("Fill it in, or take the line out."))
            return None
        return self.row[column]

    def known(self, column: str, known: Collection[str], *, empty: bool = False) -> str | None:
        """An id of the hall."""
        name = self.row[column] if empty else self.text(column)
        if not name:
            return None
        if name in known:
            return name
        self.problem(column, sentence("the hall has no “{name}”", name=name), _nearest(name, known))
        return None

    def number(self, column: str, *, most: float = DAY_S) -> float | None:
        """A number of seconds that is not negative; None when the cell is empty."""
        text = self.row[column]
        if not text:
            return None
        value = float(text) if NUMBER.fullmatch(text) else math.nan
        if not math.isfinite(value):
            self.problem(column, sentence("“{text}” is no number of seconds", text=text), _as_seconds(text))
        elif value < 0:
            self.problem(column, sentence("{text} is negative", text=text), sentence("Write 0 or more seconds."))
        elif value > most:
            self.problem(
                column,
                sentence("{text} s is more than a day", text=text),
                sentence("Write seconds (of the day: from local midnight), at most {most}.", most=f"{most:.0f}"),
            )
        else:
            # -0.0 is written “-0.0”, which looks like a mistake.
            return abs(value)
        return None

    def needed(self, column: str) -> float | None:
        """A number that may not be missing."""
        return self.number(column) if self.text(column) is not None else None

    def yes(self, column: str) -> bool:
        """1, true, yes; or 0, false, no, nothing."""
        text = self.row[column]
        value = YES_NO.get(text.casefold())
        if value is None:
            self.problem(
                column,
                sentence("“{text}” is neither yes nor no", text=text),
                sentence("Write 1, true or yes; or 0, false, no or nothing."),
            )
        return bool(value)


def write_table(path: Path, columns: Sequence[str], rows: Iterator[Sequence[object]]) -> None:
    """Write a table in UTF-8; None is an empty cell, and numbers are written so that they read back the same."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def _nearest(name: str, known: Collection[str]) -> Sentence:
    near = get_close_matches(name, sorted(known), n=1, cutoff=0.5)
    if near:
        return sentence("Did you mean “{near}”?", near=near[0])
    some = sorted(known)[:8]
    return sentence("It has {names}.", names=", ".join(some) + (", …" if len(known) > len(some) else ""))


def _as_seconds(text: str) -> Sentence:
    clock = CLOCK.fullmatch(text)
    if clock:
        seconds = int(clock[1]) * 3600 + int(clock[2]) * 60 + int(clock[3] or 0)
        return sentence("Write {seconds}, the seconds from local midnight.", seconds=seconds)
    return sentence("Write digits with a point at most, such as 30600 or 412.5.")
