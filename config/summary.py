"""Tells in a screenful what stands in a hall file, so that whoever wrote it can see that it says what was meant."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

from config.calendars import HallDays
from config.findings import texts
from config.plan import ResolvedWindow, resolve_windows
from config.rules_in_words import calling_in_words, tides_in_words
from config.schema import HallFile, Position, Zone


def summarise(hall: HallFile, language: str) -> str:
    """Name the hall, its zones with services and windows, its devices, and say its rules in words."""
    t = texts(language)
    windows = resolve_windows(hall)
    heading = t("{hall} ({id})", hall=_in(hall.name, language), id=hall.id)
    totals = t(
        "{zones} zones, {services} services, {windows} windows, {areas} areas",
        zones=len(hall.zones),
        services=len(hall.services),
        windows=len(windows),
        areas=len(hall.areas),
    )
    rows = [[t("letter"), t("zone"), t("area"), t("services"), t("windows"), t("timetable"), t("windows by position")]]
    rows += [_zone_row(hall, zone, [one for one in windows if one.zone == zone.id], language) for zone in hall.zones]
    parts = [heading, totals, "", _table(rows), "", _table(_more(hall, language))]
    for title, rules in (
        (t("How tickets are called"), calling_in_words(hall, language)),
        (t("How windows help and move"), tides_in_words(hall, language)),
    ):
        if rules:
            parts += ["", title, *(f"  - {rule}" for rule in rules)]
    return "\n".join(parts)


def _zone_row(hall: HallFile, zone: Zone, windows: Sequence[ResolvedWindow], language: str) -> list[str]:
    area = next(one for one in hall.areas if one.id == zone.area)
    return [
        zone.letter,
        _in(zone.name, language),
        _in(area.name, language),
        str(sum(service.zone == zone.id for service in hall.services)),
        str(len(windows)),
        zone.hours or next(iter(hall.hours)),
        _positions(Counter(window.position for window in windows), language),
    ]


def _positions(count: Counter[Position], language: str) -> str:
    return "  ".join(
        f"{position_name(position, language)} {count[position]}" for position in Position if count[position]
    )


def position_name(position: Position, language: str) -> str:
    """The name of a kind of position."""
    t = texts(language)
    return {
        Position.ACCEPTANCE: t("acceptance"),
        Position.PRECHECK: t("pre-check"),
        Position.CONSULTING: t("consulting"),
        Position.PICKUP: t("pickup"),
        Position.TIDAL: t("tidal"),
        Position.GUIDE: t("guide"),
        Position.RUNNER: t("runner"),
        Position.SUPERVISOR: t("supervisor"),
    }[position]


def _more(hall: HallFile, language: str) -> list[list[str]]:
    """What the hall has besides zones: staff without windows, groups and devices."""
    t = texts(language)
    staff: Counter[Position] = Counter()
    for zone in hall.zones:
        staff.update(zone.positions)
    listed = [
        (t("without a window"), _positions(staff, language)),
        (t("letters of their own"), _listed(f"{one.letter} {_in(one.name, language)}" for one in hall.series)),
        (t("priority groups"), _listed(_in(one.name, language) for one in hall.priority_groups if one.enabled)),
        (t("timetables"), _listed(hall.hours)),
        (t("holidays"), _holidays(hall, language)),
        (t("kiosks"), _listed(one.id for one in hall.kiosks)),
        (t("boards"), _listed(one.id for one in hall.boards)),
        (t("voices"), _listed(f"{one.id} ({' '.join(one.languages)})" for one in hall.voices)),
        (t("keypads and LED bars"), _listed([*(one.id for one in hall.keypads), *(one.id for one in hall.ledbars)])),
        (t("staff printers"), _listed(one.id for one in hall.printers)),
    ]
    return [[name, value] for name, value in listed if value]


def _holidays(hall: HallFile, language: str) -> str:
    """Until which year the hall knows the country's holidays."""
    t, unknown = texts(language), HallDays(hall.calendar).unknown_from
    if unknown is None:
        return ""
    return t("known up to {year}; later years have only what the hall file says", year=unknown - 1)


def _in(name: dict[str, str], language: str) -> str:
    return name.get(language) or name["zh"]


def _listed(items: Iterable[str]) -> str:
    return ", ".join(items)


def _table(rows: Sequence[Sequence[str]]) -> str:
    """Columns of equal width on a terminal, where a Chinese character takes two places."""
    widths = [max(_cells(cell) for cell in column) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell + " " * (width - _cells(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def _cells(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
