"""The columns of every list, as officials know them. The first three are fixed by the reform plans (M6, M7, M8)."""

import re
import unicodedata
from dataclasses import dataclass

from server.catalogue.records import Course, Flag, ListName
from server.catalogue.sheets import Row, Table
from server.catalogue.terms import AUDIENCES, HANDLINGS, KINDS

#: The header stands among the first rows; titles and notes may stand above it.
HEADER_WITHIN = 30


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, the field of the record it fills, whether a row may leave it empty, what may stand in it."""

    title: str
    field: str
    required: bool = False
    choices: tuple[str, ...] = ()
    width: int = 16


NUMBER = Column("序号", "", width=6)
_DEPARTMENT = Column("单位名称", "department", required=True, width=26)
_CODE = Column("事项编码", "code", required=True, width=28)
_NAME = Column("事项名称", "name", required=True, width=40)
_KIND = Column("事项类型", "kind", required=True, choices=KINDS)
_AUDIENCE = Column("服务对象", "audience", required=True, choices=AUDIENCES)

COLUMNS: dict[ListName, tuple[Column, ...]] = {
    ListName.COMPREHENSIVE: (
        NUMBER,
        _DEPARTMENT,
        _CODE,
        _NAME,
        _KIND,
        Column("办件类型", "handling", required=True, choices=HANDLINGS),
        _AUDIENCE,
        Column("备注", "remark", width=24),
    ),
    ListName.ONLINE: (
        NUMBER,
        Column("单位", "department", required=True, width=26),
        _CODE,
        Column("事项名称(主项)", "main_name", required=True, width=36),
        Column("事项名称(业务办理项)", "name", required=True, width=36),
        Column("业务办理项实施编码", "business_code", required=True, width=34),
        _KIND,
        _AUDIENCE,
    ),
    ListName.NEGATIVE: (
        NUMBER,
        _DEPARTMENT,
        _CODE,
        _NAME,
        _KIND,
        Column("办事地点", "place", required=True, width=36),
        Column("联系方式", "contact", required=True, width=20),
        Column("不进驻原因（必填）", "reason", required=True, width=36),
    ),
    ListName.GUIDES: (
        NUMBER,
        Column("单位名称", "department", width=26),
        _CODE,
        Column("事项名称", "name", width=40),
        Column("英文名称", "name_en", width=36),
        Column("取号业务", "service", width=20),
        Column("四办标识", "flags", width=20),
        Column("关键词", "keywords", width=24),
        Column("办理条件", "conditions", width=40),
        Column("申请材料", "materials", width=50),
        Column("收费", "fee", width=16),
        Column("办理时限", "time_limit", width=16),
        Column("法律依据", "legal_basis", width=36),
        Column("表格", "forms", width=30),
        Column("办理地点", "where", width=24),
        Column("受理单位", "by", width=24),
        Column("办理流程", "steps", width=36),
        Column("网办地址", "url", width=36),
        Column("联办事项", "members", width=36),
        Column("联办方式", "course", choices=tuple(course.value for course in Course)),
    ),
    ListName.LETTERS: (
        NUMBER,
        Column("委托书编号", "id", required=True, width=20),
        Column("委托单位", "department", required=True, width=26),
        Column("受托窗口", "windows", width=24),
        Column("起始日期", "start", required=True, width=14),
        Column("截止日期", "end", width=14),
        Column("事项编码", "code", width=28),
        _NAME,
        Column("事项类型", "kind", choices=KINDS),
        Column("办件类型", "handling", choices=HANDLINGS),
        Column("服务对象", "audience", choices=AUDIENCES),
        Column("备注", "remark", width=24),
    ),
}

#: The four promises, for the template's note.
FLAGS = tuple(flag.value for flag in Flag)


def titles(name: ListName) -> tuple[str, ...]:
    """The header of a list."""
    return tuple(column.title for column in COLUMNS[name])


def column_of(name: ListName, field: str) -> str:
    """The title of a field's column; the field's own name if it has none."""
    return next((column.title for column in COLUMNS[name] if column.field == field), field)


def _plain(title: str) -> str:
    """A title as it is compared: without blanks, stars, `（必填）` and the difference between broad and narrow brackets."""
    text = "".join(unicodedata.normalize("NFKC", title).split()).replace("*", "")
    return re.sub(r"\((必填|选填|可选)\)", "", text)


@dataclass(frozen=True, slots=True)
class Located:
    """Where the header of a list stands in a table, and which place each column has; `others` are titles not known."""

    header: Row
    places: dict[str, int]
    others: tuple[str, ...]


def locate(name: ListName, tables: list[Table]) -> tuple[Table, Located] | None:
    """Find the table whose header has every column that the list must have."""
    for table in tables:
        for row in table[:HEADER_WITHIN]:
            if located := _header(name, row):
                return table, located
    return None


def _header(name: ListName, row: Row) -> Located | None:
    known = {_plain(column.title): column for column in COLUMNS[name]}
    places: dict[str, int] = {}
    others = []
    for place, cell in enumerate(row.cells):
        title = _plain(cell)
        if title in known and known[title].title not in places:
            places[known[title].title] = place
        elif title:
            others.append(cell)
    if missing_columns(name, set(places)):
        return None
    return Located(row, places, tuple(others))


def missing_columns(name: ListName, found: set[str]) -> list[str]:
    """The columns that a list must have: all of an official one, the required ones of ours."""
    official = name in (ListName.COMPREHENSIVE, ListName.ONLINE, ListName.NEGATIVE)
    return [
        column.title
        for column in COLUMNS[name]
        if column.title not in found
        and column is not NUMBER
        and (column.required or (official and column.title != "备注"))
    ]


def best_guess(name: ListName, tables: list[Table]) -> tuple[int, list[str]]:
    """The row that looks most like the header, and the columns it lacks; to tell why no header was found."""
    known = {_plain(column.title): column.title for column in COLUMNS[name]}
    best: tuple[int, set[str]] = (1, set())
    for table in tables:
        for row in table[:HEADER_WITHIN]:
            found = {known[_plain(cell)] for cell in row.cells if _plain(cell) in known}
            if len(found) > len(best[1]):
                best = (row.number, found)
    return best[0], missing_columns(name, best[1])
