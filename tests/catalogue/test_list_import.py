"""The official lists come in as officials write them, messy as they are; all or nothing (M6, M7, M8, C12)."""

import io
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from config.texts import Texts
from server.catalogue import LOCALE
from server.catalogue.columns import COLUMNS, titles
from server.catalogue.lists import Preview, preview, read_file
from server.catalogue.records import Guide, Letter, Listed, ListName, Material, OnlineEntry
from server.catalogue.store import Catalogue
from tests.catalogue.conftest import CIVIL, HR, KNOWN, SMALL

Cells = list[Any]
HEADER: Cells = list(titles(ListName.COMPREHENSIVE))
ROW: Cells = [1, "人社局", "A1", "失业登记", "公共服务", "即办件", "自然人", ""]


def xlsx(rows: list[Cells], touch: Callable[[Any], None] = lambda _: None) -> bytes:
    """A workbook with these rows; `touch` does to its sheet what people do."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    touch(book.active)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def csv_of(rows: list[Cells], encoding: str = "utf-8") -> bytes:
    """The same as CSV."""
    return "\r\n".join(",".join(f'"{cell}"' for cell in row) for row in rows).encode(encoding)


def told(found: Preview) -> list[tuple[int, str]]:
    """Row and column of each fault."""
    return [(fault.row, fault.column) for fault in found.faults]


def look(catalogue: Catalogue, data: bytes, name: ListName = ListName.COMPREHENSIVE, **how: Any) -> Preview:
    return preview(catalogue, name, data, KNOWN, **how)


def test_the_columns_are_those_of_the_plans() -> None:
    """Exactly the columns that Miluo's plan gives for its three lists, in their order."""
    assert titles(ListName.COMPREHENSIVE) == (
        "序号", "单位名称", "事项编码", "事项名称", "事项类型", "办件类型", "服务对象", "备注",
    )  # fmt: skip
    assert titles(ListName.ONLINE) == (
        "序号", "单位", "事项编码", "事项名称(主项)", "事项名称(业务办理项)", "业务办理项实施编码", "事项类型", "服务对象",
    )  # fmt: skip
    assert titles(ListName.NEGATIVE) == (
        "序号", "单位名称", "事项编码", "事项名称", "事项类型", "办事地点", "联系方式", "不进驻原因（必填）",
    )  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_csv_file_in_any_encoding_of_the_office(catalogue: Catalogue, encoding: str) -> None:
    """UTF-8 with or without mark, GB 18030, and what Excel calls Unicode text."""
    found = look(catalogue, csv_of([HEADER, ROW], encoding))
    assert found.faults == ()
    assert found.records == (Listed(HR, "A1", "失业登记", "公共服务", "即办件", "自然人"),)


def test_a_messy_workbook_is_understood(catalogue: Catalogue) -> None:
    """Titles above the header, stars and notes in it, cells merged down, full-width digits, other words for the same,
    codes as numbers, empty rows, a line of words at the end."""

    def touch(sheet: Any) -> None:
        sheet.merge_cells("A1:H1")
        sheet.merge_cells("B4:B5")

    rows: list[Cells] = [
        ["阳新县综合窗口事项清单"],
        ["填报单位：", None, "2026年"],
        ["序 号", "单位名称*", "事项\n编码", "事项名称（必填）", "事项类型", "办件类型", "服务对象", "备注"],
        [1, "人社局", "Ａ１２", "失业登记", "依申请公共服务", "即办", "个人", None],
        [2, None, 420222, "就业登记", "其他类", "承诺", "个人、企业", "见说明"],
        [None] * 8,
        ["３", "民政局 ", " B 9 ", "低保\n认定", "行政确认", "承诺件", "公民/法人", None],
        ["填表人：张三", None, None],
    ]
    found = look(catalogue, xlsx(rows, touch))
    assert found.faults == ()
    assert found.records == (
        Listed("人社局", "A12", "失业登记", "公共服务", "即办件", "自然人"),
        Listed("人社局", "420222", "就业登记", "其他行政权力", "承诺件", "自然人、法人", "见说明"),
        Listed("民政局", "B9", "低保 认定", "行政确认", "承诺件", "自然人、法人"),
    )
    assert [(remark.row, remark.value) for remark in found.remarks] == [(8, "填表人：张三")]


def test_every_bad_row_is_told_with_its_number_column_and_reason(catalogue: Catalogue) -> None:
    """Missing, unknown, twice, a formula, a code that lost its digits, far too long: each with where and why."""
    rows: list[Cells] = [
        HEADER,
        [1, "", "A1", "失业登记", "公共服务", "即办件", "自然人", ""],
        [2, "人社局", "", "失业登记", "公共服务", "即办件", "自然人", ""],
        [3, "人社局", "A3", "失业登记", "行政随意", "急办件", "外星人", ""],
        [4, "人社局", "A4", "失业登记", "公共服务", "即办件", "自然人", ""],
        [5, "人社局", "A4", "就业登记", "公共服务", "即办件", "自然人", ""],
        [6, "人社局", 11420222011383456000, "就业登记", "公共服务", "即办件", "自然人", ""],
        [7, "人社局", "A 编码", "就业登记", "公共服务", "即办件", "自然人", ""],
        [8, "人社局", "A8", "=HYPERLINK(1)", "公共服务", "即办件", "自然人", ""],
        [9, "人社局", "A9", "长" * 301, "公共服务", "即办件", "自然人", ""],
    ]
    found = look(catalogue, xlsx(rows))
    assert told(found) == [
        (2, "单位名称"),
        (3, "事项编码"),
        (4, "事项类型"), (4, "办件类型"), (4, "服务对象"),
        (6, "事项编码"),
        (7, "事项编码"),
        (8, "事项编码"),
        (9, "事项名称"),
        (10, "事项名称"),
    ]  # fmt: skip
    assert found.faults[5].fields == {"row": 5}
    chinese, english = Texts(LOCALE, "zh"), Texts(LOCALE, "en")
    for fault in found.faults:
        zh, en = chinese(fault.sentence, **fault.fields), english(fault.sentence, **fault.fields)
        assert zh != en
        assert "{" not in zh + en


def test_one_bad_row_of_five_hundred_changes_nothing(catalogue: Catalogue) -> None:
    """499 good rows and one bad one: the bad one is told, and there is nothing that could be taken in half."""
    rows = [HEADER, *[[n, "人社局", f"N{n}", f"事项{n}", "公共服务", "即办件", "自然人", ""] for n in range(1, 501)]]
    rows[250][5] = "或许"
    before, version = catalogue.rows(ListName.COMPREHENSIVE), catalogue.version
    assert told(look(catalogue, xlsx(rows))) == [(251, "办件类型")]
    assert (catalogue.rows(ListName.COMPREHENSIVE), catalogue.version) == (before, version)


def test_the_preview_tells_new_changed_and_gone(catalogue: Catalogue) -> None:
    """Field by field with the names of the columns; kept rows are not gone when only some are sent."""
    rows = [HEADER]
    for n, item in enumerate(SMALL[:-1], start=1):
        rows.append([n, item.department, item.code, item.name, item.kind, item.handling, item.audience, item.remark])
    rows[1][3], rows[1][7] = "社会保障卡首次申领", "新"
    rows.append([9, "人社局", "NEW", "新事项", "公共服务", "即办件", "自然人", ""])
    found = look(catalogue, csv_of(rows))
    assert [record.key for record in found.new] == ["NEW"]
    assert [record.key for record in found.gone] == ["X1"]
    ((changed, fields),) = found.changed
    assert (changed.key, found.same) == ("H1", 5)
    assert [(f.column, f.before, f.after) for f in fields] == [
        ("事项名称", "社会保障卡申领", "社会保障卡首次申领"),
        ("备注", "", "新"),
    ]
    assert look(catalogue, csv_of(rows), keep=True).gone == ()


def test_a_file_that_is_another_list_is_told_so(catalogue: Catalogue) -> None:
    """The negative list taken for the comprehensive one: the columns that are missing are named."""
    (fault,) = look(catalogue, csv_of([list(titles(ListName.NEGATIVE)), ROW])).faults
    assert fault.row == 1
    assert fault.fields == {"columns": "办件类型、服务对象"}


@pytest.mark.parametrize(
    ("name", "row", "record"),
    [
        (
            ListName.ONLINE,
            [1, HR, "H1", "社会保障卡申领", "社会保障卡首次申领", "H1-01", "公共服务", "自然人"],
            OnlineEntry(HR, "H1", "社会保障卡申领", "社会保障卡首次申领", "H1-01", "公共服务", "自然人"),
        ),
        (
            ListName.GUIDES,
            [
                1, "", "H1", "", "Social security card", "relief", "马上办、一次办", "社保卡 三代卡", "本县参保",
                "身份证｜原件\n照片|电子版|2份|白底|https://s.test/1.jpg", "不收费", "即时办结", "", "申请表｜https://s.test/f",
                "", "", "", "https://o.test/", "", "",
            ],
            None,
        ),
    ],
)  # fmt: skip
def test_the_other_lists(catalogue: Catalogue, name: ListName, row: Cells, record: Any) -> None:
    """The online list row by row; a guide with its materials, forms and flags."""
    found = look(catalogue, xlsx([list(titles(name)), row]), name)
    assert found.faults == ()
    (read,) = found.records
    if record is not None:
        assert read == record
    else:
        assert isinstance(read, Guide)
        assert read.materials == (
            Material("身份证", "原件"),
            Material("照片", "电子版", 2, "白底", "https://s.test/1.jpg"),
        )
        assert (read.service, read.keywords, len(read.flags), read.forms[0].url) == (
            "relief", ("社保卡", "三代卡"), 2, "https://s.test/f",
        )  # fmt: skip


def test_the_reason_of_the_negative_list_must_be_there(catalogue: Catalogue) -> None:
    """不进驻原因 is marked 必填 in the plan; without it the row is refused."""
    row = [1, HR, "N1", "考试", "公共服务", "考点", "0714", ""]
    found = look(catalogue, csv_of([list(titles(ListName.NEGATIVE)), row]), ListName.NEGATIVE)
    assert told(found) == [(2, "不进驻原因（必填）")]


def test_guides_with_faults(catalogue: Catalogue) -> None:
    """A service the hall has not, a flag nobody knows, an address that is none, a package of one, a wrong material."""
    row = [
        1,
        "",
        "H1",
        "",
        "",
        "fishing",
        "随便办",
        "",
        "",
        "｜原件",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "javascript:x",
        "H2",
        "",
    ]
    found = look(catalogue, csv_of([list(titles(ListName.GUIDES)), row]), ListName.GUIDES)
    assert {column for _, column in told(found)} == {"取号业务", "四办标识", "网办地址", "联办事项", "申请材料"}


# --- letters ----------------------------------------------------------------------------------------------------------

LETTER_HEADER = list(titles(ListName.LETTERS))


def letter_row(
    number: str, code: str, name: str = "", start: Any = "2026-01-01", end: Any = "", where: str = ""
) -> Cells:
    return [1, number, HR, where, start, end, code, name or "某事项", "", "", "", ""]


@pytest.mark.parametrize(
    "written",
    [
        "2026-03-01",
        "2026/3/1",
        "2026.3.1",
        "2026年3月1日",
        "２０２６年３月１日",
        "20260301",
        46082,
        datetime(2026, 3, 1),  # noqa: DTZ001 - a cell of a spreadsheet has no zone
        date(2026, 3, 1),
    ],
)
def test_dates_as_people_write_them(catalogue: Catalogue, written: Any) -> None:
    """However the office writes the first of March, it is that day."""
    found = look(catalogue, xlsx([LETTER_HEADER, letter_row("L1", "H1", start=written)]), ListName.LETTERS)
    assert found.faults == ()
    assert found.records[0].start == date(2026, 3, 1)  # type: ignore[union-attr]


@pytest.mark.parametrize("written", ["2026-02-30", "2026年13月1日", "明年春天", "26-3-1", "3/1/2026", 0, 12.5])
def test_what_is_no_date_is_told(catalogue: Catalogue, written: Any) -> None:
    """A day that does not exist or cannot be told from another is a fault, never a guess."""
    found = look(catalogue, xlsx([LETTER_HEADER, letter_row("L1", "H1", start=written)]), ListName.LETTERS)
    assert (2, "起始日期") in told(found)


def test_a_letter_is_put_together_from_its_rows(catalogue: Catalogue) -> None:
    """One row per item; windows by run, number or zone; an item without code by its department's name for it."""
    rows = [
        LETTER_HEADER,
        letter_row("L1", "H1", end="2026-12-31", where="S01..S03、business"),
        letter_row("L1", "", "失业保险金申领", end="2026-12-31", where="1、S01..S03、business"),
    ]
    rows[2][3] = rows[1][3]
    found = look(catalogue, xlsx(rows), ListName.LETTERS)
    assert found.faults == ()
    (letter,) = found.records
    assert isinstance(letter, Letter)
    assert [item.code for item in letter.items] == ["H1", "H3"]
    assert (letter.windows, letter.zones, letter.end) == (("S01", "S02", "S03"), ("business",), date(2026, 12, 31))


def test_letters_with_faults(catalogue: Catalogue) -> None:
    """An end before the start, a window nobody has, an item twice, a name that says nothing, heads that differ."""
    rows = [
        LETTER_HEADER,
        letter_row("L1", "H1", end="2025-01-01"),
        letter_row("L2", "H1", where="Z99"),
        letter_row("L3", "H1"),
        letter_row("L3", "H1"),
        letter_row("L3", "", "没有这个事项"),
        letter_row("L3", "H2", start="2026-02-02"),
    ]
    found = look(catalogue, csv_of(rows), ListName.LETTERS)
    assert told(found) == [(2, "截止日期"), (3, "受托窗口"), (5, "事项编码"), (6, "事项编码"), (7, "委托书编号")]
    assert found.records == ()


def test_what_stands_against_another_list_is_remarked(catalogue: Catalogue) -> None:
    """An item on both lists, a letter for an item nobody knows, a package too slow: told, and taken all the same."""
    negative = [1, HR, "H1", "社会保障卡申领", "公共服务", "分中心", "0714", "场地"]
    found = look(catalogue, csv_of([list(titles(ListName.NEGATIVE)), negative]), ListName.NEGATIVE)
    assert [(r.row, r.column) for r in found.remarks] == [(2, "事项编码")]
    found = look(catalogue, csv_of([LETTER_HEADER, letter_row("L1", "NOWHERE")]), ListName.LETTERS)
    assert [r.fields for r in found.remarks] == [{"codes": "NOWHERE"}]
    slow = [1, "", "P1", "套餐"] + [""] * 7 + ["9个工作日"] + [""] * 6 + ["H1 H2", "并联"]
    found = look(catalogue, csv_of([list(titles(ListName.GUIDES)), slow]), ListName.GUIDES)
    assert [(r.column, r.fields) for r in found.remarks] == [("办理时限", {"days": 9, "longest": 0})]


def test_five_thousand_items(tmp_path: Path) -> None:
    """A whole county's list is read, previewed and taken in, every item found afterwards."""
    books = Catalogue(tmp_path / "c.db")
    rows = [
        HEADER,
        *[[n, f"第{n % 40}局", f"C{n:05}", f"第{n}号事项", "行政许可", "承诺件", "法人", ""] for n in range(5000)],
    ]
    found = preview(books, ListName.COMPREHENSIVE, csv_of(rows), KNOWN)
    assert (found.rows, len(found.new), found.faults) == (5000, 5000, ())
    books.replace(ListName.COMPREHENSIVE, found.records, "root", 1.0)
    assert books.search("").total == 5000
    assert [item.code for item in books.search("第4321号").items] == ["C04321"]
    assert books.search(department="第7局").total == 125
    books.close()


def test_required_columns_have_a_reason_to_be(catalogue: Catalogue) -> None:
    """For every required column of every list an empty cell is a fault in that column."""
    good: dict[ListName, Cells] = {
        ListName.COMPREHENSIVE: ROW,
        ListName.ONLINE: [1, HR, "H1", "主项", "办理项", "H1-01", "公共服务", "自然人"],
        ListName.NEGATIVE: [1, HR, "N1", "考试", "公共服务", "考点", "0714", "场地"],
        ListName.LETTERS: letter_row("L1", "H1"),
    }
    for name, row in good.items():
        assert read_file(name, csv_of([list(titles(name)), row]), KNOWN).faults == []
        for place, column in enumerate(COLUMNS[name]):
            if column.required:
                empty = [*row[:place], "", *row[place + 1 :]]
                faults = read_file(name, csv_of([list(titles(name)), empty]), KNOWN).faults
                assert column.title in {fault.column for fault in faults}, (name, column.title)


def test_civil_affairs_keeps_its_place(catalogue: Catalogue) -> None:
    """The order of the file is the order of the list, also for rows that were there before."""
    rows = [
        [n, i.department, i.code, i.name, i.kind, i.handling, i.audience, ""] for n, i in enumerate(reversed(SMALL))
    ]
    found = look(catalogue, csv_of([HEADER, *rows]))
    catalogue.replace(ListName.COMPREHENSIVE, found.records, "root", 2.0)
    assert [row.key for row in catalogue.rows(ListName.COMPREHENSIVE)] == [item.code for item in reversed(SMALL)]
    assert [item.code for item in catalogue.search(department=CIVIL).items] == ["R2", "R1"]
