"""Rows as a spreadsheet file, in which no text is a formula and a date is a date."""

import csv
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any

from flask import Response

from server.cell_text import BOM, FORMULA_SIGNS, escaped

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: What XML cannot say, and a spreadsheet refuses.
_UNSAYABLE = {code: None for code in range(32) if chr(code) not in "\t\n\r"}
_WIDEST = 60
#: What may stand in a cell. Moments come without an offset, in the hall's time: a spreadsheet knows no other.
Cell = str | int | float | date | datetime | None
#: Sheets of a file: name of each with its rows, headings first.
Book = Sequence[tuple[str, Sequence[Sequence[Cell]]]]
_DAY, _MINUTE = "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"


def sheet(rows: Sequence[Sequence[Cell]], name: str, form: str, title: str) -> Response:
    """The rows, headings first, as a file to be saved: `xlsx` or `csv`."""
    if form == "csv":
        return csv_file(rows, name)
    return _download(_xlsx([(title, rows)]), XLSX, f"{name}.xlsx")


def book(sheets: Book, name: str, slow: Callable[[Callable[[], Any]], Any] = lambda work: work()) -> Response:
    """Several sheets as one XLSX file to be saved. `slow` makes it beside an event loop: ten thousand rows take seconds."""
    made: bytes = slow(lambda: _xlsx(sheets))
    return _download(made, XLSX, f"{name}.xlsx")


def csv_file(rows: Iterable[Iterable[object]], name: str) -> Response:
    """The rows as a CSV file to be saved, as Excel opens it."""
    text = StringIO()
    csv.writer(text).writerows([escaped(value) for value in row] for row in rows)
    return _download(BOM + text.getvalue(), "text/csv; charset=utf-8", f"{name}.csv")


def _download(content: str | bytes, kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f"attachment; filename={name}"}
    return Response(content, content_type=kind, headers=headers)


def _xlsx(sheets: Book) -> bytes:
    # Here and not above: half a second of every start, for a file that somebody asks for once a month.
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    written = Workbook(write_only=True)
    shown, bold = Alignment(vertical="top", wrap_text=True), Font(bold=True)
    for title, rows in sheets:
        page = written.create_sheet(title)
        page.freeze_panes = "A2"
        for column in range(max(map(len, rows), default=0)):
            widest = max(_width(row[column]) for row in rows if len(row) > column)
            page.column_dimensions[get_column_letter(column + 1)].width = min(_WIDEST, max(10.0, widest))
        for number, row in enumerate(rows):
            cells: list[Any] = []
            for value in row:
                if value is None:
                    cells.append(None)
                    continue
                cell = WriteOnlyCell(page, value.translate(_UNSAYABLE) if isinstance(value, str) else value)
                if isinstance(value, str):
                    # Whatever openpyxl took it for ("=1+1" for a formula): it is text, and Excel leaves it text.
                    cell.data_type = "s"
                    cell.quotePrefix = value.startswith(FORMULA_SIGNS)
                elif isinstance(value, date):
                    cell.number_format = _MINUTE if isinstance(value, datetime) else _DAY
                cell.alignment = shown
                if number == 0:
                    cell.font = bold
                cells.append(cell)
            page.append(cells)
    out = BytesIO()
    written.save(out)
    return out.getvalue()


def _width(value: Cell) -> float:
    """About as wide as a cell is written; a Chinese character takes two letters' room."""
    text = "" if value is None else str(value)
    return 1.1 * len(text) + (0.0 if text.isascii() else 0.9 * sum(character > "\u2e7f" for character in text))
