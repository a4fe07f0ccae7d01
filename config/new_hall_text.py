"""Writes a begun hall as a hall file that an official can read on: the house's order, comments where to go on. Pure."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from config.findings import texts

#: Dark enough for a white letter.
COLOURS = ("#0B6E4F", "#1D4E89", "#8A3B12", "#5B2A86", "#9C1C3B", "#2F5D62", "#6B4F00", "#3D3D6B")

WORKDAYS = ("mon", "tue", "wed", "thu", "fri")

#: Written without quotes; everything else is quoted, so that no name can be read as something else.
_PLAIN = re.compile(r"[A-Za-z\u4e00-\u9fff][A-Za-z\u4e00-\u9fff（）、·]*( [A-Za-z（）、·\u4e00-\u9fff]+)*")
_COUNTS = "零一二三四五六七八九十"
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


@dataclass(frozen=True, slots=True)
class Named:
    """A name in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class DraftService:
    """A service as it was answered."""

    id: str
    name: Named


@dataclass(frozen=True, slots=True)
class DraftZone:
    """A zone as it was answered."""

    id: str
    name: Named
    floor: int
    letter: str
    mark: str
    department: Named
    services: tuple[DraftService, ...]
    windows: int


@dataclass(frozen=True, slots=True)
class Draft:
    """A hall as it was answered."""

    id: str
    name: Named
    workday: tuple[str, ...]
    saturday: tuple[str, ...]
    zones: tuple[DraftZone, ...]
    kiosks: int
    printer: str = "preview://"
    paper_mm: int = 80
    id_reader: str = ""
    floors: tuple[int, ...] = field(default=(1,))


def written(draft: Draft, language: str) -> str:
    """The whole file, its comments in one language."""
    t = texts(language)
    title = draft.name.en if language == "en" else draft.name.zh
    parts: list[Iterator[str]] = [
        _comment(
            t("{hall} · hall file", hall=title),
            t("Check it after every change: python -m config check FILE"),
            t("Two spaces for each level, no tabs, a space behind every colon; names in Chinese and English."),
            t("More can be said than stands here: see config/halls/yangxin.yaml and docs/operating.md."),
        ),
        _head(draft),
        _hours(draft, language),
        _places(draft, language),
        _services(draft, language),
        _windows(draft, language),
        _people(language),
        _devices(draft, language),
    ]
    return "\n".join(line for part in parts for line in (*part, ""))


def scalar(text: str) -> str:
    """A text as YAML."""
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    return json.dumps(text, ensure_ascii=False)


def both(name: Named) -> str:
    """A text in both languages."""
    return f"{{ zh: {scalar(name.zh)}, en: {scalar(name.en)} }}"


def floor_name(floor: int) -> Named:
    """一楼, 负一楼; above the tenth in figures."""
    count = _COUNTS[abs(floor)] if abs(floor) < len(_COUNTS) else str(abs(floor))
    return Named(f"{'负' if floor < 0 else ''}{count}楼", f"Floor {floor}")


def _comment(*lines: str) -> Iterator[str]:
    yield from (f"# {line}" for line in lines)


def _section(title: str, *lines: str) -> Iterator[str]:
    yield f"# ———————— {title} ————————"
    yield from _comment(*lines)


def _head(draft: Draft) -> Iterator[str]:
    yield f"id: {draft.id}"
    yield f"name: {both(draft.name)}"
    yield "timezone: Asia/Shanghai"
    yield "languages: [zh, en]"


def _hours(draft: Draft, language: str) -> Iterator[str]:
    t = texts(language)
    yield from _section(
        t("Opening hours"), t("Public holidays are known, and the weekend days that are worked for them.")
    )
    yield "hours:"
    yield "  office:"
    for day in WORKDAYS:
        yield f"    {day}: [{', '.join(draft.workday)}]"
    if draft.saturday:
        yield f"    sat: [{', '.join(draft.saturday)}]"


def _places(draft: Draft, language: str) -> Iterator[str]:
    t = texts(language)
    yield from _section(
        t("Floors and zones"), t("letter: of the tickets, each once. mark: one character in the zone's badge.")
    )
    yield "areas:"
    for floor in draft.floors:
        name = both(floor_name(floor))
        yield f"  - {{ id: f{floor}, floor: {floor}, name: {name} }}"
    yield "zones:"
    for at, zone in enumerate(draft.zones):
        yield f"  - id: {zone.id}"
        yield f"    name: {both(zone.name)}"
        yield f"    area: f{zone.floor}"
        yield f"    letter: {zone.letter}"
        yield f"    mark: {scalar(zone.mark)}"
        yield f'    colour: "{COLOURS[at % len(COLOURS)]}"'
        yield "    hours: office"


def _services(draft: Draft, language: str) -> Iterator[str]:
    t = texts(language)
    yield from _section(
        t("Services"),
        t("What people choose at the kiosk. mean_service_min: how long one usually takes; it learns from the days."),
        t("Please look at the English names: those that are not common words are pinyin."),
    )
    yield "services:"
    for zone in draft.zones:
        for service in zone.services:
            yield f"  - id: {service.id}"
            yield f"    zone: {zone.id}"
            yield f"    name: {both(service.name)}"
            yield f"    department: {both(zone.department)}"
            yield "    mean_service_min: 10"
            if draft.id_reader:
                yield "    id_card: optional"


def _windows(draft: Draft, language: str) -> Iterator[str]:
    t = texts(language)
    yield from _section(
        t("Windows"), t("Each window takes every service of its zone, unless serves: says which. Numbers are unique.")
    )
    yield "windows:"
    number = 1
    for zone in draft.zones:
        width = max(2, len(str(zone.windows)))
        last = f"..{zone.letter}{zone.windows:0{width}d}" if zone.windows > 1 else ""
        ids = f"{zone.letter}{1:0{width}d}{last}"
        yield f"  - {{ ids: {ids}, number: {number}, zone: {zone.id}, position: acceptance }}"
        number += zone.windows


def _people(language: str) -> Iterator[str]:
    t = texts(language)
    yield from _section(t("Who is served earlier"), t("min_age: an ID card proves it by itself; the age is not kept."))
    yield "priority_groups:"
    for identity, name, proof, more in (
        ("elder", Named("老年人", "Elderly people"), Named("身份证", "ID card"), ", min_age: 65"),
        ("disabled", Named("残疾人", "Disabled people"), Named("残疾人证", "Disability card"), ""),
        ("expecting", Named("孕妇", "Expectant mothers"), Named("明显孕相或孕检证明", "By sight or a certificate"), ""),
        ("soldier", Named("军人", "Military personnel"), Named("军人证件", "Military card"), ""),
    ):
        yield f"  - {{ id: {identity}, name: {both(name)}, proof: {both(proof)}{more} }}"


def _devices(draft: Draft, language: str) -> Iterator[str]:
    t = texts(language)
    yield from _section(
        t("Kiosks, boards, voices"),
        t("printer: preview:// makes pictures instead of paper; real printers and readers: docs/devices.md."),
        t("Write the real size of each screen, and the distance of the farthest seat."),
    )
    first = draft.floors[0]
    if draft.kiosks:
        yield "kiosks:"
    for n in range(1, draft.kiosks + 1):
        yield f"  - id: kiosk-{n}"
        yield f"    name: {both(Named(f'{n}号取号机', f'Kiosk {n}'))}"
        yield f"    area: f{first}"
        yield "    screen: { width_px: 1080, height_px: 1920, inches: 21.5 }"
        yield f"    printer: {{ url: {json.dumps(draft.printer, ensure_ascii=False)}, paper_mm: {draft.paper_mm} }}"
        if draft.id_reader:
            yield f"    id_reader: {{ url: {json.dumps(draft.id_reader, ensure_ascii=False)} }}"
    yield from _rooms(draft.floors)


def _rooms(floors: Sequence[int]) -> Iterator[str]:
    yield "boards:"
    for floor in floors:
        yield f"  - id: board-f{floor}"
        yield f"    name: {both(Named(f'{floor_name(floor).zh}大屏', f'Board, floor {floor}'))}"
        yield f"    area: f{floor}"
        yield "    screen: { width_px: 1920, height_px: 1080, inches: 55 }"
        yield "    distance_m: 8"
    yield "voices:"
    for floor in floors:
        yield f"  - {{ id: voice-f{floor}, area: f{floor}, languages: [zh, en] }}"
