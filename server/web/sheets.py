"""Rows of text as a spreadsheet file, in which nothing is a formula."""

import csv
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO

from flask import Response

from server.cell_text import BOM, FORMULA_SIGNS, escaped

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: What XML cannot say, and a spreadsheet refuses.
_UNSAYABLE = {code: None for code in range(32) if chr(code) not in "\t\n\r"}
_WIDEST = 60


def sheet(rows: Sequence[Sequence[str]], name: str, form: str, title: str) -> Response:
    """The rows, headings first, as a file to be saved: `xlsx` or `csv`."""
    if form == "csv":
        return csv_file(rows, name)
    return _download(_xlsx(rows, title), XLSX, f"{name}.xlsx")


def csv_file(rows: Iterable[Iterable[object]], name: str) -> Response:
    """The rows as a CSV file to be saved, as Excel opens it."""
    text = StringIO()
    csv.writer(text).writerows([escaped(value) for value in row] for row in rows)
    return _download(BOM + text.getvalue(), "text/csv; charset=utf-8", f"{name}.csv")


def _download(content: str | bytes, kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f"attachment; filename={name}"}
    return Response(content, content_type=kind, headers=headers)


def _xlsx(rows: Sequence[Sequence[str]], title: str) -> bytes:
    # Here and not above: half a second of every start, for a file that somebody asks for once a month.
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    book = Workbook()
    page = book.active
    assert page is not None
    page.title = title
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            cell = page.cell(number, column, value.translate(_UNSAYABLE))
            # Whatever openpyxl took it for ("=1+1" for a formula): it is text, and Excel is told to leave it text.
            cell.data_type = "s"
            cell.quotePrefix = value.startswith(FORMULA_SIGNS)
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            if number == 1:
                cell.font = Font(bold=True)
    page.freeze_panes = "A2"
    for letter, cells in zip((c.column_letter for c in page[1]), page.columns, strict=True):
        longest = max(len(str(cell.value or "")) for cell in cells)
        page.column_dimensions[letter].width = min(_WIDEST, max(10, 1.8 * longest))
    out = BytesIO()
    book.save(out)
    return out.getvalue()
