"""Rows as a spreadsheet file, in which no text is a formula and a date is a date."""

import csv
from collections.abc import Callable, Iterable, Sequence
from io import StringIO
from typing import Any

from flask import Response

from server.cell_text import BOM, escaped
from server.web.xlsx import Book, Cell, workbook

__all__ = ["Book", "Cell", "book", "csv_file", "sheet"]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def sheet(rows: Sequence[Sequence[Cell]], name: str, form: str, title: str) -> Response:
    """The rows, headings first, as a file to be saved: `xlsx` or `csv`."""
    if form == "csv":
        return csv_file(rows, name)
    return _download(workbook([(title, rows)]), XLSX, f"{name}.xlsx")


def book(sheets: Book, name: str, slow: Callable[[Callable[[], Any]], Any] = lambda work: work()) -> Response:
    """Several sheets as one XLSX file to be saved. `slow` makes it beside an event loop: ten thousand rows take seconds."""
    made: bytes = slow(lambda: workbook(sheets))
    return _download(made, XLSX, f"{name}.xlsx")


def csv_file(rows: Iterable[Iterable[object]], name: str) -> Response:
    """The rows as a CSV file to be saved, as Excel opens it."""
    text = StringIO()
    csv.writer(text).writerows([escaped(value) for value in row] for row in rows)
    return _download(BOM + text.getvalue(), "text/csv; charset=utf-8", f"{name}.csv")


def _download(content: str | bytes, kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f"attachment; filename={name}"}
    return Response(content, content_type=kind, headers=headers)
