"""The table of authorisation letters: one row per item, the letter's head repeated. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from server.catalogue.cells import WORD_ENDS, Known, Reading, SheetRow
from server.catalogue.records import Letter, LetterItem
from server.catalogue.terms import audience_of, handling_of, kind_of


@dataclass(slots=True)
class _Draft:
    head: tuple[str, date | None, date | None, tuple[str, ...], tuple[str, ...]]
    row: SheetRow
    items: dict[str, LetterItem] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)


def read_letters(rows: list[SheetRow], known: Known, reading: Reading) -> None:
    drafts: dict[str, _Draft] = {}
    for row in rows:
        letter = row.code("id")
        department, start, end = row.text("department"), row.day("start"), row.day("end")
        if start and end and end < start:
            row.fault("截止日期", "lies before the start")
        windows, zones = places_of(row.parts("windows", WORD_ENDS), known, row.no_window)
        head = (department, start, end, windows, zones)
        draft = drafts.setdefault(letter, _Draft(head, row))
        if draft.head != head and row.is_sound:
            row.fault(
                "委托书编号",
                "department, windows and dates of a letter are the same in all its rows (row {row})",
                row=draft.row.number,
            )
        _letter_item(row, department, known, draft)
    if reading.faults:
        return
    for letter, draft in drafts.items():
        department, start, end, windows, zones = draft.head
        assert start is not None, "a letter without a start is a fault"
        reading.rows[letter] = draft.row.number
        reading.records.append(Letter(letter, department, start, end, tuple(draft.items.values()), windows, zones))


def _letter_item(row: SheetRow, department: str, known: Known, draft: _Draft) -> None:
    code, name = row.code("code"), row.text("name")
    if not code and name:
        found = known.codes.get((department, name), ())
        if len(found) != 1:
            row.fault("事项编码", "is missing, and the name does not tell which item of the department is meant")
        code = found[0] if found else ""
    item = LetterItem(
        code=code,
        name=name,
        kind=row.word("kind", kind_of),
        handling=row.word("handling", handling_of),
        audience=row.word("audience", audience_of),
        remark=row.text("remark"),
    )
    if code and code in draft.items:
        row.fault("事项编码", "the same code stands in row {row}", row=draft.rows[code])
    elif code:
        draft.items[code], draft.rows[code] = item, row.number


def places_of(
    words: tuple[str, ...], known: Known, unknown: Callable[[str], None]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The windows and zones that a letter names, by id, by run of ids, by public number or by name."""
    windows: dict[str, None] = {}
    zones: dict[str, None] = {}
    for word in words:
        if word in known.zones:
            zones[known.zones[word]] = None
        elif word in known.windows:
            windows.update(dict.fromkeys(known.windows[word]))
        else:
            unknown(word)
    return tuple(windows), tuple(zones)
