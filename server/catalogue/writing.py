"""Lists as files again: XLSX with drop-downs, CSV that Excel opens as UTF-8. What was read comes out the same (C12)."""

import csv
import io
from collections.abc import Iterable, Sequence

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from server.catalogue.columns import COLUMNS, NUMBER, Column, titles
from server.catalogue.records import Guide, Letter, ListName, Record
from server.catalogue.sheets import escape
from server.cell_text import BOM

#: Rows of a template that have drop-downs.
TEMPLATE_ROWS = 5000
#: What a spreadsheet takes as the text of one list of choices.
_CHOICES_MAX = 255
_OPTIONS = "选项"
SHEET_TITLES = {
    ListName.COMPREHENSIVE: "综合窗口事项清单",
    ListName.ONLINE: "网上办理事项清单",
    ListName.NEGATIVE: "负面清单",
    ListName.GUIDES: "办事指南",
    ListName.LETTERS: "授权委托书",
}


def lines_of(name: ListName, records: Iterable[Record]) -> list[list[str]]:
    """The rows of a list, numbered anew, in the order of its columns."""
    plain = [line for record in records for line in _plain(record)]
    columns = COLUMNS[name]
    return [
        [str(number) if column is NUMBER else line[column.field] for column in columns]
        for number, line in enumerate(plain, start=1)
    ]


def _plain(record: Record) -> list[dict[str, str]]:
    """A record as the texts of its cells; a letter has a row for every item."""
    if isinstance(record, Letter):
        head = {
            "id": record.id,
            "department": record.department,
            "windows": "、".join((*record.zones, *record.windows)),
            "start": record.start.isoformat(),
            "end": record.end.isoformat() if record.end else "",
        }
        fields = ("code", "name", "kind", "handling", "audience", "remark")
        return [head | {field: getattr(item, field) for field in fields} for item in record.items]
    if isinstance(record, Guide):
        return [_guide(record)]
    return [{field: getattr(record, field) for field in record.__dataclass_fields__}]


def _guide(guide: Guide) -> dict[str, str]:
    plain = {field: getattr(guide, field) for field in guide.__dataclass_fields__}
    materials = [
        "｜".join((m.name, m.form, str(m.copies), m.note, m.sample)).rstrip("｜")
        if (m.form, m.copies, m.note, m.sample) != ("", 1, "", "")
        else m.name
        for m in guide.materials
    ]
    return plain | {
        "flags": "、".join(guide.flags),
        "keywords": "、".join(guide.keywords),
        "materials": "\n".join(materials),
        "forms": "\n".join(f"{form.name}｜{form.url}" if form.url else form.name for form in guide.forms),
        "members": "、".join(guide.members),
        "course": guide.course.value if guide.members else "",
    }


def as_csv(name: ListName, records: Iterable[Record]) -> bytes:
    """UTF-8 with the mark by which Excel knows it; what would be a formula is escaped."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(titles(name))
    writer.writerows([escape(cell) for cell in line] for line in lines_of(name, records))
    return (BOM + text.getvalue()).encode()


def as_xlsx(name: ListName, records: Iterable[Record], services: Sequence[str] = ()) -> bytes:
    """A workbook with the list; cells are text whatever they begin with."""
    lines = lines_of(name, records)
    book = Workbook()
    sheet: Worksheet = book.active
    sheet.title = SHEET_TITLES[name]
    _header(sheet, name)
    for at, line in enumerate(lines, start=2):
        for place, text in enumerate(line, start=1):
            _write(sheet, at, place, text, is_number=place == 1)
    _drop_downs(book, sheet, name, services, max(len(lines), TEMPLATE_ROWS))
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def _header(sheet: Worksheet, name: ListName) -> None:
    for place, column in enumerate(COLUMNS[name], start=1):
        cell = sheet.cell(1, place, column.title)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="FFE2E8F2" if column.required else "FFF4F6FA")
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = column.width
        # Text: a long code typed into a blank row must not become 1.14202E+29.
        sheet.column_dimensions[letter].number_format = "@" if column is not NUMBER else "General"
    sheet.row_dimensions[1].height = 30
    sheet.freeze_panes = "A2"


def _write(sheet: Worksheet, row: int, place: int, text: str, *, is_number: bool) -> None:
    if not text:
        return
    if is_number:
        sheet.cell(row, place, int(text))
        return
    cell = sheet.cell(row, place)
    cell.value = text
    # Whatever openpyxl took it for ("=1+1" for a formula): it is text, and Excel is told to leave it text.
    cell.data_type = "s"
    cell.number_format = "@"
    cell.quotePrefix = True
    cell.alignment = Alignment(vertical="top", wrap_text=True)


def _drop_downs(book: Workbook, sheet: Worksheet, name: ListName, services: Sequence[str], rows: int) -> None:
    for place, column in enumerate(COLUMNS[name], start=1):
        choices = tuple(services) if column.field == "service" else column.choices
        if not choices:
            continue
        validation = DataValidation(
            type="list", formula1=_formula(book, column, choices), allow_blank=not column.required
        )
        letter = get_column_letter(place)
        validation.add(f"{letter}2:{letter}{rows + 1}")
        sheet.add_data_validation(validation)


def _formula(book: Workbook, column: Column, choices: tuple[str, ...]) -> str:
    text = ",".join(choices)
    if len(text) <= _CHOICES_MAX:
        return f'"{text}"'
    options = book[_OPTIONS] if _OPTIONS in book.sheetnames else book.create_sheet(_OPTIONS)
    options.sheet_state = "hidden"
    place = options.max_column + (1 if options.cell(1, 1).value else 0)
    for at, choice in enumerate(choices, start=1):
        options.cell(at, place, choice)
    letter = get_column_letter(place)
    return f"{_OPTIONS}!${letter}$1:${letter}${len(choices)}"
