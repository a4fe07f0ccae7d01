"""One row of a list being read, cell by cell, and what is told about it: faults and remarks. Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from server.catalogue.columns import COLUMNS, Located, column_of
from server.catalogue.records import ListName, Record
from server.catalogue.sheets import LONG_CELL, Row
from server.catalogue.terms import narrow

CODE = re.compile(r"[A-Za-z0-9_-]{1,64}")
URL = re.compile(r"https?://[^\s<>\"]{1,500}")
#: A short text is a name or a number, a long one a paragraph.
SHORT_MAX, LONG_MAX = 300, 5000
WORD_ENDS = r"[、,，;；\s]+"
_EXCEL_EPOCH = date(1899, 12, 30)
_LONG_FIELDS = {"conditions", "materials", "legal_basis", "forms", "steps", "members", "keywords", "reason", "remark"}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a row, or about the whole file if `row` is 0. `sentence` is the English msgid."""

    row: int
    column: str
    value: str
    sentence: str
    fields: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """What the lists refer to: services of the hall; its windows and zones by every name they have."""

    services: frozenset[str] = frozenset()
    #: How a letter may name windows → their ids, and zones → their ids.
    windows: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    zones: Mapping[str, str] = field(default_factory=dict)
    #: Departments that the hall file names.
    departments: frozenset[str] = frozenset()
    #: (department, name) → codes, for letters that name items without code.
    codes: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)


@dataclass(slots=True)
class Reading:
    """What a file says: records with the row each began in, faults, and remarks that stop nothing."""

    records: list[Record] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    remarks: list[Fault] = field(default_factory=list)


class SheetRow:
    """One row being read; notes what is wrong with it."""

    def __init__(self, name: ListName, row: Row, located: Located, reading: Reading) -> None:
        self.number = row.number
        self.is_sound = True
        self._name, self._row, self._located, self._reading = name, row, located, reading

    def fault(self, title: str, sentence: str, **fields: object) -> None:
        """Something is wrong."""
        self.is_sound = False
        self._reading.faults.append(Fault(self.number, title, self._raw(title)[:80], sentence, fields))

    def remark(self, title: str, sentence: str, **fields: object) -> None:
        """Something is odd, but taken."""
        self._reading.remarks.append(Fault(self.number, title, self._raw(title)[:80], sentence, fields))

    def _raw(self, title: str) -> str:
        place = self._located.places.get(title, -1)
        return self._row.cells[place] if 0 <= place < len(self._row.cells) else ""

    def text(self, field_name: str) -> str:
        """The words of a cell."""
        column = next(column for column in COLUMNS[self._name] if column.field == field_name)
        text = self._raw(column.title)
        place = self._located.places.get(column.title, -1)
        longest = LONG_MAX if field_name in _LONG_FIELDS else SHORT_MAX
        if trouble := self._row.troubles.get(place):
            self.fault(column.title, trouble, max=longest)
        elif not text and column.required:
            self.fault(column.title, "is missing")
        elif len(text) > longest:
            self.fault(column.title, LONG_CELL, max=longest)
        return text if field_name in _LONG_FIELDS else " ".join(text.split())

    def code(self, field_name: str) -> str:
        """A code: full-width digits are taken for what they are."""
        text = "".join(narrow(self.text(field_name)).split())
        if text and not CODE.fullmatch(text):
            self.fault(
                column_of(self._name, field_name), "a code has only letters, digits, - and _, at most 64 of them"
            )
        return text

    def word(self, field_name: str, read: Callable[[str], str | None]) -> str:
        """One of the words that may stand there."""
        text = self.text(field_name)
        found = read(text) if text else ""
        if found is None:
            title = column_of(self._name, field_name)
            choices = next(column.choices for column in COLUMNS[self._name] if column.field == field_name)
            self.fault(title, "is none of: {choices}", choices=" / ".join(choices))
        return found or ""

    def day(self, field_name: str) -> date | None:
        """A date as people write it, or a spreadsheet's number for one."""
        text = self.text(field_name)
        if not text:
            return None
        found = day_of(text)
        if found is None:
            self.fault(column_of(self._name, field_name), "is no date; write it like 2026-01-31")
        return found

    def parts(self, field_name: str, separators: str) -> tuple[str, ...]:
        """Several words in one cell, each once."""
        return tuple(dict.fromkeys(part for part in re.split(separators, self.text(field_name)) if part))

    def no_window(self, name: str) -> None:
        """A letter names a window that the hall has not."""
        self.fault("受托窗口", "the hall file has neither window nor zone '{name}'", name=name)

    def lines(self, field_name: str) -> list[str]:
        """The lines of a cell."""
        return [line.strip() for line in self.text(field_name).split("\n") if line.strip()]


def day_of(text: str) -> date | None:
    """A date: 2026-01-31, 2026/1/31, 2026.1.31, 2026年1月31日, 20260131, or days as a spreadsheet counts them."""
    plain = narrow(text)
    found = re.fullmatch(r"(\d{4})(?:[-/.]|年)(\d{1,2})(?:[-/.]|月)(\d{1,2})日?(?:[ T]00:00(?::00)?)?", plain)
    found = found or re.fullmatch(r"((?:19|20)\d\d)(\d\d)(\d\d)", plain)
    try:
        if found:
            return date(int(found[1]), int(found[2]), int(found[3]))
        if re.fullmatch(r"\d{5}", plain) and 36526 <= int(plain) <= 73415:  # the years 2000 to 2100
            return _EXCEL_EPOCH + timedelta(days=int(plain))
    except ValueError:
        pass
    return None
