"""Writes spreadsheet files (ECMA-376): plain text straight into the archive, some ten thousand rows in a second or two.

A text is never a formula, a date is a date. What a general library does for every single cell (a style object, an
element tree) takes it a hundred times as long.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

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
#: Days are counted from here, as if 1900 had been a leap year.
_DAY_0 = date(1899, 12, 30)
_TEXT, _HEADING, _DAY, _MOMENT, _QUOTED, _QUOTED_HEADING = range(6)
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
#: Text that begins like a formula keeps an apostrophe before it, also when somebody edits the cell.
_STYLES = f"""{_XML}<styleSheet xmlns="{_MAIN}">
<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy-mm-dd"/>
<numFmt numFmtId="165" formatCode="yyyy-mm-dd hh:mm:ss"/></numFmts>
<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>
<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>
<cellXfs count="6">{
    "".join(
        f'<xf numFmtId="{form}" fontId="{font}" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"'
        f' applyAlignment="1"{quoted}><alignment vertical="top" wrapText="1"/></xf>'
        for form, font, quoted in (
            (0, 0, ""),
            (0, 1, ""),
            (164, 0, ""),
            (165, 0, ""),
            (0, 0, ' quotePrefix="1"'),
            (0, 1, ' quotePrefix="1"'),
        )
    )
}</cellXfs>
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"""


def workbook(sheets: Book) -> bytes:
    """The file."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED, compresslevel=5) as archive:
        for name, text in _frame([title for title, _ in sheets]).items():
            # A fixed time: the same rows are the same file.
            archive.writestr(ZipInfo(name), text, ZIP_DEFLATED)
        for number, (_, rows) in enumerate(sheets, 1):
            entry = ZipInfo(f"xl/worksheets/sheet{number}.xml")
            entry.compress_type = ZIP_DEFLATED
            with archive.open(entry, "w") as page:
                for text in _page(rows):
                    page.write(text.encode())
    return out.getvalue()


def _frame(titles: Sequence[str]) -> dict[str, str]:
    """Everything but the sheets."""
    numbers = range(1, len(titles) + 1)
    types = [
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_SHEET_TYPE}.worksheet+xml"/>' for n in numbers
    ]
    listed = [
        f'<sheet name={quoteattr(title)} sheetId="{n}" r:id="rId{n}"/>'
        for n, title in zip(numbers, titles, strict=True)
    ]
    related = [
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
    ]
    relations = f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    return {
        "[Content_Types].xml": f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_SHEET_TYPE}.styles+xml"/>{"".join(types)}</Types>',
        "_rels/.rels": f'{relations}<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
        "</Relationships>",
        "xl/workbook.xml": f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{"".join(listed)}</sheets>'
        "</workbook>",
        "xl/_rels/workbook.xml.rels": f'{relations}{"".join(related)}<Relationship Id="rId{len(titles) + 1}"'
        f' Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": _STYLES,
    }


def _page(rows: Sequence[Sequence[Cell]]) -> Iterator[str]:
    """One sheet, piece by piece; the headings stay in sight."""
    columns = max(map(len, rows), default=0)
    letters = [_letters(column) for column in range(columns)]
    yield (
        f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
    )
    if columns:
        widths = "".join(
            f'<col min="{column + 1}" max="{column + 1}" width="{_column_width(rows, column):.1f}" customWidth="1"/>'
            for column in range(columns)
        )
        yield f"<cols>{widths}</cols>"
    yield "<sheetData>"
    heading, text = _written(is_heading=True), _written(is_heading=False)
    for number, row in enumerate(rows, 1):
        write = heading if number == 1 else text
        cells = [
            f'<c r="{letter}{number}"{write(value)}'
            for letter, value in zip(letters, row, strict=False)
            if value is not None
        ]
        yield f'<row r="{number}">{"".join(cells)}</row>'
    yield "</sheetData></worksheet>"


def _written(*, is_heading: bool) -> Callable[[Cell], str]:
    """Writes a cell from its style on; what was written before is known, since columns repeat themselves."""
    known: dict[str, str] = {}

    def write(value: Cell) -> str:
        if isinstance(value, str):
            if value not in known:
                known[value] = _text(value, is_heading=is_heading)
            return known[value]
        if isinstance(value, date):
            return _moment(value)
        style = _HEADING if is_heading else _TEXT
        return f' s="{style}"><v>{value}</v></c>'

    return write


def _text(value: str, *, is_heading: bool) -> str:
    sayable = escape(value.translate(_UNSAYABLE))
    is_quoted = value.startswith(FORMULA_SIGNS)
    style = (_QUOTED_HEADING if is_quoted else _HEADING) if is_heading else (_QUOTED if is_quoted else _TEXT)
    return f' s="{style}" t="inlineStr"><is><t xml:space="preserve">{sayable}</t></is></c>'


def _moment(value: date) -> str:
    if not isinstance(value, datetime):
        return f' s="{_DAY}"><v>{(value - _DAY_0).days}</v></c>'
    seconds = value.hour * 3600 + value.minute * 60 + value.second
    return f' s="{_MOMENT}"><v>{(value.date() - _DAY_0).days + seconds / 86400:.9f}</v></c>'


def _letters(column: int) -> str:
    """0 → A, 26 → AA."""
    front, last = divmod(column, 26)
    return (_letters(front - 1) if front else "") + chr(ord("A") + last)


def _column_width(rows: Sequence[Sequence[Cell]], column: int) -> float:
    different = {row[column] for row in rows if len(row) > column}
    return min(_WIDEST, max(_NARROWEST, *map(_width, different)))


def _width(value: Cell) -> float:
    """About as wide as a cell is written; a Chinese character takes two letters' room."""
    text = "" if value is None else str(value)
    return 1.1 * len(text) + (0.0 if text.isascii() else 0.9 * sum(character > "\u2e7f" for character in text))
