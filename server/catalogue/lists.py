"""Taking a list in: a file read, compared with what is there, shown, and taken whole or not at all."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from server.catalogue.cells import Fault, Known, Reading
from server.catalogue.codec import fields_of
from server.catalogue.columns import column_of
from server.catalogue.entries import package_days
from server.catalogue.present import limit_of
from server.catalogue.reading import read_list
from server.catalogue.records import Absent, Guide, Letter, Listed, ListName, Record
from server.catalogue.sheets import NotATable, read_tables
from server.catalogue.store import Catalogue
from server.catalogue.terms import working_days

#: A file that takes away more than this share of a list is taken in only on a second, deliberate word.
GONE_SHARE_MAX = 0.3


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that would be another."""

    field: str
    column: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Preview:
    """What taking in a file would change."""

    list: ListName
    rows: int
    new: tuple[Record, ...]
    changed: tuple[tuple[Record, tuple[FieldChange, ...]], ...]
    gone: tuple[Record, ...]
    same: int
    #: How many rows the list has now.
    had: int
    faults: tuple[Fault, ...]
    remarks: tuple[Fault, ...]
    #: Why this may be the wrong file: much would be lost, or nothing in it is known here.
    alarms: tuple[Fault, ...]
    #: The catalogue's version that it was compared with.
    version: int
    records: tuple[Record, ...]


def read_file(name: ListName, data: bytes, known: Known) -> Reading:
    """Read a list from an uploaded file; a file that is none is one fault."""
    try:
        return read_list(name, read_tables(data), known)
    except NotATable as refused:
        reading = Reading()
        reading.faults.append(Fault(0, "", "", refused.sentence, refused.fields))
        return reading


def preview(catalogue: Catalogue, name: ListName, data: bytes, known: Known, *, keep: bool = False) -> Preview:
    """Compare a file with the catalogue; changes nothing. Note: parsing 5,000 rows takes seconds."""
    version = catalogue.version
    reading = read_file(name, data, with_codes(known, catalogue) if name is ListName.LETTERS else known)
    old = {row.key: row for row in catalogue.rows(name)}
    new, changed, same = [], [], 0
    for record in reading.records:
        before = old.get(record.key)
        if before is None:
            new.append(record)
        elif before == record:
            same += 1
        else:
            changed.append((record, differences(name, before, record)))
    read = {record.key for record in reading.records}
    gone = [] if keep else [row for key, row in old.items() if key not in read]
    remarks = [*reading.remarks, *_remarks(catalogue, name, reading)]
    return Preview(
        list=name,
        rows=len(reading.rows) if not reading.faults else len(reading.rows) + len({f.row for f in reading.faults}),
        new=tuple(new),
        changed=tuple(changed),
        gone=tuple(gone),
        same=same,
        had=len(old),
        faults=tuple(sorted(reading.faults, key=lambda fault: fault.row)),
        remarks=tuple(sorted(remarks, key=lambda remark: remark.row)),
        alarms=() if reading.faults else tuple(_alarms(catalogue, reading.records, known, gone, old)),
        version=version,
        records=tuple(reading.records),
    )


def differences(name: ListName, before: Record, after: Record) -> tuple[FieldChange, ...]:
    """What differs between two rows, field by field."""
    old, new = fields_of(before), fields_of(after)
    return tuple(
        FieldChange(field, column_of(name, field), old[field], new[field]) for field in old if old[field] != new[field]
    )


def with_codes(known: Known, catalogue: Catalogue) -> Known:
    """Let letters name items of the lists by department and name."""
    codes: dict[tuple[str, str], tuple[str, ...]] = {}
    for item in catalogue.all_items().values():
        named = (item.department, item.name)
        codes[named] = (*codes.get(named, ()), item.code)
    return replace(known, codes=codes)


def _alarms(
    catalogue: Catalogue, records: Sequence[Record], known: Known, gone: Sequence[Record], old: Mapping[str, Record]
) -> Iterator[Fault]:
    """What makes a file look like the wrong one; a wrong list of departments must not empty a hall's catalogue."""
    if len(gone) > GONE_SHARE_MAX * len(old):
        sentence = (
            "{gone} of the {had} rows that the list has now ({percent} %) are not in the file and would be removed"
        )
        figures = {"gone": len(gone), "had": len(old), "percent": round(100 * len(gone) / len(old))}
        yield Fault(0, "", "", sentence, figures)
    items = catalogue.all_items()
    here = known.departments | {item.department for item in items.values()}
    named = dict.fromkeys(record.department for record in records if record.department)
    is_known = any(name in here for name in named) or any(
        record.key in old or (not isinstance(record, Letter) and record.code in items) for record in records
    )
    if records and (here or items) and not is_known:
        sentence = "no department and no item of the file is known to this hall; it names: {departments}"
        yield Fault(0, "", "", sentence, {"departments": _some(named) or "–"})


def _some(words: Iterable[str], most: int = 5) -> str:
    """The first few of many."""
    listed = list(words)
    return "、".join(listed[:most]) + ("…" if len(listed) > most else "")


def _remarks(catalogue: Catalogue, name: ListName, reading: Reading) -> list[Fault]:
    """What stands against what the other lists say. It stops nothing: the other list may be the one to be mended."""
    items = catalogue.all_items()
    found = []
    for record in reading.records:
        row = reading.rows[record.key]
        if isinstance(record, Listed) and isinstance(catalogue.row(ListName.NEGATIVE, record.code), Absent):
            found.append(Fault(row, "事项编码", record.code, "stands on the negative list too, which counts"))
        elif isinstance(record, Absent) and catalogue.row(ListName.COMPREHENSIVE, record.code) is not None:
            found.append(
                Fault(row, "事项编码", record.code, "stands on the comprehensive-window list too; this list counts")
            )
        elif isinstance(record, Guide):
            found += _guide_remarks(record, row, items, reading)
        elif isinstance(record, Letter):
            unknown = [item.code for item in record.items if item.code not in items]
            if unknown:
                sentence = "names items that are in no list: {codes}"
                found.append(Fault(row, "事项编码", record.id, sentence, {"codes": "、".join(unknown[:10])}))
    return found


def _guide_remarks(guide: Guide, row: int, items: Any, reading: Reading) -> Sequence[Fault]:
    found = []
    here = {record.code: record for record in reading.records if isinstance(record, Guide)}
    if guide.code not in items and not guide.name:
        found.append(Fault(row, "事项编码", guide.code, "is in no list and has no name; it is shown by its code"))
    unknown = [code for code in guide.members if code not in items and code not in here]
    if unknown:
        sentence = "names items that are in no list: {codes}"
        found.append(Fault(row, "联办事项", guide.code, sentence, {"codes": "、".join(unknown[:10])}))
    if guide.members:
        limits = [
            here[code].time_limit or (limit_of(items[code]) if code in items else "") if code in here
            else limit_of(items[code]) if code in items else ""
            for code in guide.members
        ]  # fmt: skip
        longest, promised = package_days(guide.course, limits), working_days(guide.time_limit)
        if longest is not None and promised is not None and promised > longest:
            sentence = "promises {days} working days; the rule of packages gives {longest}"
            found.append(Fault(row, "办理时限", guide.time_limit, sentence, {"days": promised, "longest": longest}))
    return found
