"""From a table to records: every row is looked at, every fault told with row, column, value and reason. Pure."""

import re
from collections.abc import Callable

from server.catalogue.cells import CODE, URL, WORD_ENDS, Fault, Known, Reading, SheetRow
from server.catalogue.columns import Located, best_guess, locate
from server.catalogue.reading_letters import read_letters
from server.catalogue.records import Absent, Course, Flag, Form, Guide, Listed, ListName, Material, OnlineEntry, Record
from server.catalogue.sheets import Row, Table
from server.catalogue.terms import audience_of, handling_of, kind_of, narrow

MATERIALS_MAX, MEMBERS_MAX = 60, 60


def read_list(name: ListName, tables: list[Table], known: Known) -> Reading:
    """Read a list out of the tables of a file."""
    reading = Reading()
    found = locate(name, tables)
    if found is None:
        row, missing = best_guess(name, tables)
        sentence = "This is not the list: these columns are missing: {columns}"
        reading.faults.append(Fault(row, "", "", sentence, {"columns": "、".join(missing)}))
        return reading
    table, located = found
    for other in located.others:
        reading.remarks.append(Fault(located.header.number, other, "", "a column that is not known; it is left out"))
    lines = [
        SheetRow(name, row, located, reading)
        for row in table
        if row.number > located.header.number and not _is_empty(row, located) and not _is_note(row, located, reading)
    ]
    if not lines:
        reading.faults.append(Fault(located.header.number, "", "", "There are no rows below the header"))
    if name is ListName.LETTERS:
        read_letters(lines, known, reading)
        return reading
    for line in lines:
        record = _READERS[name](line, known)
        if line.is_sound:
            _keep(record, line, reading)
    return reading


def _keep(record: Record, row: SheetRow, reading: Reading) -> None:
    key = record.key
    if (earlier := reading.rows.get(key)) is not None:
        title = "业务办理项实施编码" if isinstance(record, OnlineEntry) else "事项编码"
        row.fault(title, "the same code stands in row {row}", row=earlier)
        return
    reading.rows[key] = row.number
    reading.records.append(record)


def _is_empty(row: Row, located: Located) -> bool:
    return not any(row.cells[place] for place in located.places.values() if place < len(row.cells))


def _is_note(row: Row, located: Located, reading: Reading) -> bool:
    """A line of words under the table (`填报人：…`), not a row of it: one cell at most two are filled, and no number."""
    filled = [cell for cell in row.cells if cell]
    place = located.places.get("序号", min(located.places.values()))
    first = row.cells[place] if place < len(row.cells) else ""
    if len(filled) > 1 or not first or narrow(first).isdigit():
        return False
    reading.remarks.append(Fault(row.number, "", first[:60], "a line of words, not a row of the table; it is left out"))
    return True


# --- one reader per list ----------------------------------------------------------------------------------------------


def _listed(row: SheetRow, known: Known) -> Record:
    return Listed(
        department=row.text("department"),
        code=row.code("code"),
        name=row.text("name"),
        kind=row.word("kind", kind_of),
        handling=row.word("handling", handling_of),
        audience=row.word("audience", audience_of),
        remark=row.text("remark"),
    )


def _online(row: SheetRow, known: Known) -> Record:
    return OnlineEntry(
        department=row.text("department"),
        code=row.code("code"),
        main_name=row.text("main_name"),
        name=row.text("name"),
        business_code=row.code("business_code"),
        kind=row.word("kind", kind_of),
        audience=row.word("audience", audience_of),
    )


def _absent(row: SheetRow, known: Known) -> Record:
    return Absent(
        department=row.text("department"),
        code=row.code("code"),
        name=row.text("name"),
        kind=row.word("kind", kind_of),
        place=row.text("place"),
        contact=row.text("contact"),
        reason=row.text("reason"),
    )


def _guide(row: SheetRow, known: Known) -> Record:
    service = row.text("service")
    if service and service not in known.services:
        row.fault("取号业务", "the hall file has no service '{service}'", service=service)
    flags = row.parts("flags", WORD_ENDS)
    wrong = [flag for flag in flags if flag not in tuple(Flag)]
    if wrong:
        row.fault("四办标识", "is none of: {choices}", choices="、".join(Flag))
    url = row.text("url")
    if url and not URL.fullmatch(url):
        row.fault("网办地址", "is no web address; it begins with https:// or http://")
    members = tuple(narrow(code) for code in row.parts("members", WORD_ENDS))
    if len(members) == 1 or len(members) > MEMBERS_MAX or any(not CODE.fullmatch(code) for code in members):
        row.fault("联办事项", "a package names the codes of two items or more")
    course = row.text("course")
    if course and course not in tuple(Course):
        row.fault("联办方式", "is none of: {choices}", choices="、".join(Course))
    return Guide(
        code=row.code("code"),
        name=row.text("name"),
        department=row.text("department"),
        name_en=row.text("name_en"),
        service=service,
        flags=tuple(flag for flag in Flag if flag in flags),
        keywords=row.parts("keywords", WORD_ENDS),
        conditions=row.text("conditions"),
        materials=_materials(row),
        fee=row.text("fee"),
        time_limit=row.text("time_limit"),
        legal_basis=row.text("legal_basis"),
        forms=_forms(row),
        where=row.text("where"),
        by=row.text("by"),
        steps=row.text("steps"),
        url=url,
        members=members,
        course=Course(course) if course in tuple(Course) else Course.PARALLEL,
    )


def _materials(row: SheetRow) -> tuple[Material, ...]:
    """A material a line: `名称｜形式｜份数｜说明｜样表`; only the name must be there."""
    found = []
    for line in row.lines("materials"):
        parts = [part.strip() for part in re.split(r"[|｜]", line)]
        name, form, copies, note, sample, *rest = [*parts, "", "", "", ""][: max(5, len(parts))]
        count = narrow(copies).removesuffix("份") or "1"
        if rest or not name or not (count.isascii() and count.isdigit() and 1 <= int(count) <= 99):
            row.fault("申请材料", "a material is one line: name｜form｜copies｜remark｜sample")
            return ()
        if sample and not URL.fullmatch(sample):
            row.fault("申请材料", "is no web address; it begins with https:// or http://")
            return ()
        found.append(Material(name, form, int(count), note, sample))
    if len(found) > MATERIALS_MAX:
        row.fault("申请材料", "more than {max} materials", max=MATERIALS_MAX)
    return tuple(found)


def _forms(row: SheetRow) -> tuple[Form, ...]:
    """A form a line: `名称｜网址`."""
    found = []
    for line in row.lines("forms"):
        name, _, url = (part.strip() for part in line.replace("|", "｜").partition("｜"))
        if not name or (url and not URL.fullmatch(url)):
            row.fault("表格", "a form is one line: name｜web address")
            return ()
        found.append(Form(name, url))
    return tuple(found)


_READERS: dict[ListName, Callable[[SheetRow, Known], Record]] = {
    ListName.COMPREHENSIVE: _listed,
    ListName.ONLINE: _online,
    ListName.NEGATIVE: _absent,
    ListName.GUIDES: _guide,
}
