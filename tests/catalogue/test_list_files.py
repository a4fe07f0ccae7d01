"""Lists go out as they came in, nothing in them runs, and a hostile file is refused before it is read (C12, D3.10)."""

import csv
import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from server.catalogue.columns import COLUMNS
from server.catalogue.lists import read_file
from server.catalogue.records import Course, Flag, Form, Guide, Letter, LetterItem, Listed, ListName, Material, Record
from server.catalogue.sheets import BYTES_MAX, ROWS_MAX, NotATable, escape, read_tables, unescape
from server.catalogue.writing import as_csv, as_xlsx
from tests.catalogue.conftest import KNOWN, ONLINE, SMALL, listed
from tests.catalogue.test_list_import import HEADER, ROW, csv_of, xlsx

#: Texts that a spreadsheet would run, or that a careless escape would lose.
EVIL = ["=1+1", "+86 714", "-5", "@SUM(A1)", "'=x", "''", "'", "“引号”,逗号", '"q"', "𰻝䶮㛃𬱖𡈽", "1.20", "007"]
FULL: dict[ListName, list[Record]] = {
    ListName.COMPREHENSIVE: [*SMALL, *(listed(f"E{n}", text, remark=text) for n, text in enumerate(EVIL))],
    ListName.ONLINE: list(ONLINE),
    ListName.GUIDES: [
        Guide(
            "G1", "名称", "某局", "=cmd()", "relief", (Flag.AT_ONCE, Flag.ONCE), ("词", "=词"), "条件\n第二行",
            (Material("照片", "电子版", 2, "白底", "https://s.test/1"), Material("=身份证"), Material("户口簿", "原件")),
            "-1元", "5个工作日", "《法》", (Form("表"), Form("表二", "https://f.test/")), "一楼", "某局", "步骤",
            "https://o.test/", ("H1", "H2"), Course.SEQUENCE,
        ),
        Guide("G2"),
    ],
    ListName.LETTERS: [],
}  # fmt: skip


def letters() -> list[Record]:
    """A letter for windows and zones without end, and one for the whole hall with an end."""
    item = LetterItem("H1", "=某事项", "公共服务", "即办件", "自然人", "+备注")
    return [
        Letter(
            "L1", "人社局", date(2026, 1, 1), None, (item, LetterItem("H2", "又一事项")), ("S01", "E01"), ("social",)
        ),
        Letter("L2", "民政局", date(2026, 5, 1), date(2027, 4, 30), (LetterItem("R1", "低保"),)),
    ]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("name", list(FULL))
def test_a_list_comes_back_as_it_went_out(name: ListName, kind: str) -> None:
    """Exported and imported again every record is equal, formulas, quotes, line ends and rare characters too."""
    records = FULL[name] or letters()
    data = as_csv(name, records) if kind == "csv" else as_xlsx(name, records)
    reading = read_file(name, data, KNOWN)
    assert reading.faults == []
    assert reading.records == records


def test_csv_is_for_excel_and_runs_nothing() -> None:
    """It begins with the mark by which Excel knows UTF-8; no cell begins with a sign that starts a formula."""
    for name, records in FULL.items():
        data = as_csv(name, records or letters())
        assert data.startswith(b"\xef\xbb\xbf")
        for row in csv.reader(io.StringIO(data.decode("utf-8-sig"))):
            assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


@pytest.mark.parametrize("text", [*EVIL, "\tx", "\rx", "''=", "普通", ""])
def test_escaping_is_taken_back(text: str) -> None:
    """What is escaped comes back; a text of another program that only begins with an apostrophe is not touched."""
    assert unescape(escape(text)) == text
    assert unescape("'abc") == "'abc"


def test_a_workbook_has_text_and_drop_downs() -> None:
    """Every cell but the number is text, even one that looks like a formula; choices are offered; services too."""
    services = [f"service-{n}" for n in range(60)]
    for name in ListName:
        records = (FULL[name] or letters()) if name in FULL else []
        book = load_workbook(io.BytesIO(as_xlsx(name, records, services)))
        sheet = book.worksheets[0]
        for row in sheet.iter_rows(min_row=2):
            for cell in row[1:]:
                assert cell.value is None or cell.data_type == "s"
                assert cell.value is None or cell.quotePrefix
        offered = {v.sqref.ranges.pop().bounds[0] for v in sheet.data_validations.dataValidation}
        wanted = {p for p, c in enumerate(COLUMNS[name], start=1) if c.choices or c.field == "service"}
        assert offered == wanted


def test_an_empty_form_that_is_filled_in_is_a_list() -> None:
    """The template has the header of the list; a row written below it is taken."""
    book = load_workbook(io.BytesIO(as_xlsx(ListName.COMPREHENSIVE, [])))
    for place, cell in enumerate(ROW, start=1):
        book.worksheets[0].cell(2, place, cell)
    packed = io.BytesIO()
    book.save(packed)
    reading = read_file(ListName.COMPREHENSIVE, packed.getvalue(), KNOWN)
    assert (reading.faults, len(reading.records)) == ([], 1)


# --- a hostile corpus -------------------------------------------------------------------------------------------------


def packed(**parts: bytes) -> bytes:
    """A zip file with these parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name.replace("__", "/").replace("_xml", ".xml"), data)
    return made.getvalue()


def with_part(name: str, data: bytes) -> bytes:
    """A good workbook in which one part is another."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(xlsx([HEADER, ROW]))) as good,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as bad,
    ):
        for part in good.namelist():
            bad.writestr(part, data if part == name else good.read(part))
    return made.getvalue()


LAUGHS = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
HOSTILE = {
    "nothing": b"",
    "blanks": b" \r\n ",
    "too large": b"x" * (BYTES_MAX + 1),
    "zip bomb": packed(xl__workbook_xml=b"<x/>", bomb=b"\0" * (65 * 1024 * 1024)),
    "many parts": packed(xl__workbook_xml=b"", **{f"p{n}": b"" for n in range(600)}),
    "another zip": packed(word__document_xml=b"<x/>"),
    "not whole": xlsx([HEADER, ROW])[:900],
    "entities": with_part("xl/styles.xml", LAUGHS),
    "entities in utf-16": with_part("xl/styles.xml", LAUGHS.decode().encode("utf-16")),
    "broken xml": with_part("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row>"),
    "no sheet": with_part("xl/workbook.xml", b"<x/>"),
    "old excel": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    "program": b"\x7fELF\x02\x01\x01" + b"\0" * 64,
    "picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    "torn utf-8": "事项".encode()[:-1] + b"\xff\xff",
    "far cell": xlsx([HEADER, ROW], lambda sheet: sheet.cell(1_048_576, 1, "x")),
    "wide sheet": xlsx([HEADER, ROW], lambda sheet: sheet.cell(1, 16_384, "x")),
    "long csv": csv_of([HEADER] + [ROW] * (ROWS_MAX + 1)),
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_refused(data: bytes) -> None:
    """Each is answered with one sentence about the file; nothing is unpacked, nothing crashes."""
    with pytest.raises(NotATable):
        read_tables(data)
    reading = read_file(ListName.COMPREHENSIVE, data, KNOWN)
    assert [fault.row for fault in reading.faults] == [0]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\xff\xd8\xff\xe0" + bytes(range(256)), "neither an Excel workbook"),
        (b"%PDF-1.7\n\xe2\xe3", "neither an Excel workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old Excel file"),
        ("事项".encode()[:-1] + b"\xff\xff", "GB 18030"),
    ],
    ids=["jpeg", "pdf", "old excel", "torn text"],
)
def test_what_a_file_is_instead_is_told(data: bytes, words: str) -> None:
    """A picture is no badly encoded text, and an old workbook says how to save it."""
    with pytest.raises(NotATable) as refused:
        read_tables(data)
    assert words in refused.value.sentence


def test_names_in_the_file_lead_nowhere(tmp_path: Path) -> None:
    """Parts are read in memory: one whose name climbs out of the folder writes nothing."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        file.writestr("../../evil.xml", "<x/>")
        file.writestr("xl/workbook.xml", "<x/>")
    with pytest.raises(NotATable):
        read_tables(made.getvalue())
    assert list(tmp_path.parent.parent.glob("evil*")) == []


def test_control_signs_do_not_stay() -> None:
    """What no spreadsheet can keep is left out, so that the list can be exported again."""
    rows = [
        HEADER,
        [1, "人社局", "A1", "失业\x07登\x00记\ufeff".replace("\x00", ""), "公共服务", "即办件", "自然人", ""],
    ]
    (record,) = read_file(ListName.COMPREHENSIVE, csv_of(rows), KNOWN).records
    assert isinstance(record, Listed)
    assert record.name == "失业登记"
    as_xlsx(ListName.COMPREHENSIVE, [record])
