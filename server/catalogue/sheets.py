"""Tables out of files that people upload: XLSX and CSV, looked at with suspicion. Gives text; knows no columns.

A file is refused whole if it is not what it says, too large unpacked, or has entities in its XML (D3.10). What is
wrong with a single cell (a formula, a number that lost its digits) is told with the row.
"""

import csv
import io
import re
import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from server.cell_text import FORMULA_SIGNS

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

BYTES_MAX = 8 * 1024 * 1024
UNPACKED_MAX = 64 * 1024 * 1024
PARTS_MAX = 500
ROWS_MAX, COLUMNS_MAX = 20_000, 64
CELL_MAX = 32_767
#: From here on a spreadsheet has rounded a number.
EXACT_MAX = 10**15
_OLE = b"\xd0\xcf\x11\xe0"
_ENTITIES = tuple(
    sign.encode(code) for sign in ("<!DOCTYPE", "<!ENTITY") for code in ("utf-8", "utf-16-le", "utf-16-be")
)

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufffe\uffff\ud800-\udfff]")

FORMULA = "a formula: paste its value instead"
LOST_DIGITS = (
    "the spreadsheet has taken this for a number and lost digits; format the column as text and enter it again"
)
BROKEN_CELL = "the spreadsheet shows an error here"
LONG_CELL = "longer than {max} characters"


class NotATable(Exception):
    """The file cannot be read at all; `sentence` and `fields` say why, for people."""

    def __init__(self, sentence: str, **fields: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.fields = fields


@dataclass(frozen=True, slots=True)
class Row:
    """A row with its number in the file; `troubles` by place in `cells`."""

    number: int
    cells: tuple[str, ...]
    troubles: dict[int, str] = field(default_factory=dict)


Table = list[Row]


def read_tables(data: bytes) -> list[Table]:
    """The visible sheets of a file in their order; a CSV file has one. Raises `NotATable`."""
    if len(data) > BYTES_MAX:
        raise NotATable("The file is larger than {mb} MB", mb=BYTES_MAX // 1024 // 1024)
    if not data.strip():
        raise NotATable("The file is empty")
    if data.startswith(b"PK\x03\x04"):
        return _workbook(data)
    if data.startswith(_OLE):
        raise NotATable("This is an old Excel file (.xls), or one with a password: save it as .xlsx or .csv")
    return [_csv(data)]


# --- XLSX -------------------------------------------------------------------------------------------------------------


def _workbook(data: bytes) -> list[Table]:
    # Here and not above, as in `server/web/sheets.py`: nobody uploads a list while the hall starts.
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    _look_into(data)
    try:
        book = load_workbook(io.BytesIO(data), keep_links=False, data_only=False)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, TypeError, OSError, SyntaxError) as broken:
        # SyntaxError: the XML parser's own errors are of that kind.
        raise NotATable("The file is no usable Excel workbook") from broken
    sheets = [_sheet(sheet) for sheet in book.worksheets if sheet.sheet_state == "visible"]
    if not sheets:
        raise NotATable("The file is no usable Excel workbook")
    return sheets


def _look_into(data: bytes) -> None:
    """Refuse what would be huge unpacked, and XML that defines entities, before anything reads it."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
            if len(parts) > PARTS_MAX or sum(part.file_size for part in parts) > UNPACKED_MAX:
                raise NotATable("The file is far too large when unpacked")
            if "xl/workbook.xml" not in {part.filename for part in parts}:
                raise NotATable("The file is no usable Excel workbook")
            for part in parts:
                # Whatever a part is called: another part may say that it is XML.
                text = packed.read(part)
                if any(sign in text for sign in _ENTITIES):
                    raise NotATable("The file is no usable Excel workbook")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as broken:
        raise NotATable("The file is no usable Excel workbook") from broken


def _sheet(sheet: "Worksheet") -> Table:
    if sheet.max_row > ROWS_MAX or sheet.max_column > COLUMNS_MAX * 4:
        raise NotATable("More than {rows} rows; delete the empty rows and columns beside the table", rows=ROWS_MAX)
    spread = _merged_down(sheet)
    table = []
    for number, cells in enumerate(sheet.iter_rows(max_col=min(sheet.max_column, COLUMNS_MAX)), start=1):
        texts, troubles = [], {}
        for place, cell in enumerate(cells):
            source = spread.get((number, place), cell)
            text, trouble = _text_of(source.value, source.data_type)
            texts.append(text)
            if trouble:
                troubles[place] = trouble
        table.append(Row(number, tuple(texts), troubles))
    return table


def _merged_down(sheet: "Worksheet") -> dict[tuple[int, int], Any]:
    """What cells merged over several rows of one column show: that of the first, in each. Titles across stay as they are."""
    return {
        (row, merged.min_col - 1): sheet.cell(merged.min_row, merged.min_col)
        for merged in sheet.merged_cells.ranges
        if merged.min_col == merged.max_col
        for row in range(merged.min_row + 1, min(merged.max_row, ROWS_MAX) + 1)
    }


def _text_of(value: Any, data_type: str) -> tuple[str, str | None]:
    if value is None:
        return "", None
    if data_type == "f":
        return clean(str(value)), FORMULA
    if data_type == "e":
        return clean(str(value)), BROKEN_CELL
    if isinstance(value, bool):
        return str(value).upper(), None
    if isinstance(value, int | float):
        whole = int(value) if float(value).is_integer() else None
        return str(value if whole is None else whole), LOST_DIGITS if abs(value) >= EXACT_MAX else None
    if isinstance(value, datetime):
        return (value.date() if value.time() == time() else value).isoformat(), None
    if isinstance(value, date):
        return value.isoformat(), None
    text = clean(str(value))
    return text, LONG_CELL if len(text) > CELL_MAX else None


# --- CSV --------------------------------------------------------------------------------------------------------------


#: How files begin that people take for a table: pictures, PDF, Word before 2007, archives.
_NO_TABLES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"%PDF", b"Rar!", b"7z\xbc\xaf")


def _csv(data: bytes) -> Table:
    if data.startswith(_NO_TABLES):
        raise NotATable("This is neither an Excel workbook nor a text table")
    text = _decoded(data)
    if "\0" in text:
        raise NotATable("This is neither an Excel workbook nor a text table")
    first = max(text.splitlines()[:20], key=len, default="")
    delimiter = max(",\t;", key=first.count)
    table = []
    csv.field_size_limit(BYTES_MAX)
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), start=1):
            if number > ROWS_MAX:
                raise NotATable(
                    "More than {rows} rows; delete the empty rows and columns beside the table", rows=ROWS_MAX
                )
            texts = tuple(clean(unescape(cell)) for cell in cells[:COLUMNS_MAX])
            troubles = {
                place: LONG_CELL if len(cell) > CELL_MAX else LOST_DIGITS
                for place, cell in enumerate(texts)
                if len(cell) > CELL_MAX or _is_rounded(cell)
            }
            table.append(Row(number, texts, troubles))
    except csv.Error as broken:
        raise NotATable("This is neither an Excel workbook nor a text table") from broken
    return table


def _decoded(data: bytes) -> str:
    encodings = ["utf-16"] if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NotATable("The text is neither in UTF-8 nor in GB 18030")


def _is_rounded(text: str) -> bool:
    """A long code that a spreadsheet wrote as 1.14202E+29."""
    mantissa, sign, exponent = text.upper().partition("E+")
    return bool(sign) and exponent.isdigit() and mantissa.replace(".", "", 1).isdigit()


# --- texts ------------------------------------------------------------------------------------------------------------


def clean(text: str) -> str:
    """Stripped, line ends as `\\n`, without control signs that no spreadsheet can keep and no half characters."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def escape(text: str) -> str:
    """For a CSV cell: what a spreadsheet would run as a formula stays text (C12). `unescape` takes it back."""
    return f"'{text}" if text.startswith((*FORMULA_SIGNS, "'")) else text


def unescape(text: str) -> str:
    """A CSV cell as it was meant."""
    return text[1:] if text.startswith("'") and text[1:].startswith((*FORMULA_SIGNS, "'")) else text
