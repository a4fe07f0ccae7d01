"""Spreadsheet files, by XlsxWriter: row by row, ten thousand rows in seconds; a text is never a formula, a date is a date.

openpyxl, which reads lists, makes an object of every cell and takes several times as long to write.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook

from server.cell_text import FORMULA_SIGNS

#: What may stand in a cell. Moments come without an offset, in the hall's time: a spreadsheet knows no other.
Cell = str | int | float | date | datetime | None
#: Sheets of a file: name of each with its rows, headings first.
Book = Sequence[tuple[str, Sequence[Sequence[Cell]]]]

#: What XML cannot say, and a spreadsheet refuses.
_UNSAYABLE = {
    code: None for code in (*(n for n in range(32) if chr(n) not in "\t\n\r"), 0xFFFE, 0xFFFF)
} | dict.fromkeys(range(0xD800, 0xE000))
_NARROWEST, _WIDEST = 10.0, 60.0
#: The same rows are the same file.
_MADE = datetime(2000, 1, 1, tzinfo=UTC)
#: A cell holds no more characters.
_LONGEST = 32_767
_OPTIONS = {"in_memory": True, "constant_memory": True, "strings_to_numbers": False, "strings_to_formulas": False}


def workbook(sheets: Book) -> bytes:
    """The file."""
    out = BytesIO()
    with Workbook(out, _OPTIONS) as made:
        made.set_properties({"created": _MADE})
        for title, rows in sheets:
            _fill(made, made.add_worksheet(title), rows)
    return out.getvalue()


def _fill(made: Any, page: Any, rows: Sequence[Sequence[Cell]]) -> None:
    """One sheet; the headings stay in sight."""
    cell = {"valign": "top", "text_wrap": True}
    heading, text = made.add_format(cell | {"bold": True}), made.add_format(cell)
    # Text that begins like a formula keeps an apostrophe before it, also when somebody edits the cell.
    quoted = made.add_format(cell | {"quote_prefix": True})
    day = made.add_format(cell | {"num_format": "yyyy-mm-dd"})
    moment = made.add_format(cell | {"num_format": "yyyy-mm-dd hh:mm:ss"})
    page.freeze_panes(1, 0)
    for column in range(max(map(len, rows), default=0)):
        page.set_column(column, column, _column_width(rows, column))
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, str):
                form = heading if number == 0 else quoted if value.startswith(FORMULA_SIGNS) else text
                page.write_string(number, column, value.translate(_UNSAYABLE)[:_LONGEST], form)
            elif isinstance(value, date):
                page.write_datetime(number, column, value, moment if isinstance(value, datetime) else day)
            elif value is not None:
                page.write_number(number, column, value, text)


def _column_width(rows: Sequence[Sequence[Cell]], column: int) -> float:
    different = {row[column] for row in rows if len(row) > column}
    return min(_WIDEST, max(_NARROWEST, *map(_width, different)))


def _width(value: Cell) -> float:
    """About as wide as a cell is written; a Chinese character takes two letters' room."""
    text = "" if value is None else str(value)
    return 1.1 * len(text) + (0.0 if text.isascii() else 0.9 * sum(character > "\u2e7f" for character in text))
