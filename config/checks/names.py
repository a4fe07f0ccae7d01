"""Names: none twice, none that leads nowhere; letters and window numbers likewise."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from config.checks.issue import LETTERS, Issue, Path, Unread, error, unknown, warning
from config.findings import Sentence, sentence
from config.schema import HallFile

AREA = sentence("area")
ZONE = sentence("zone")
SERVICE = sentence("service")
WINDOW = sentence("window")
TIMETABLE = sentence("timetable")
LETTER = sentence("letter")
GROUP = sentence("priority group")
DEVICE = sentence("device")

#: Devices share one address space (`/devices/{id}`), so their ids must differ across sections.
DEVICE_SECTIONS = ("kiosks", "boards", "voices", "keypads", "ledbars", "evaluators", "printers")


def check_names(hall: HallFile, unread: Unread) -> Iterator[Issue]:
    """Check that every name, letter and number is given once and every reference leads somewhere."""
    yield from _given_once(hall)
    yield from _letters(hall, unread)
    yield from _window_numbers(hall)
    yield from _references(hall, unread)
    yield from _windows_of_lines(hall, unread)
    yield from _lists_name_once(hall)


def _given_once(hall: HallFile) -> Iterator[Issue]:
    yield from _twice(AREA, ((("areas", at, "id"), one.id) for at, one in enumerate(hall.areas)))
    yield from _twice(ZONE, ((("zones", at, "id"), one.id) for at, one in enumerate(hall.zones)))
    yield from _twice(SERVICE, ((("services", at, "id"), one.id) for at, one in enumerate(hall.services)))
    yield from _twice(GROUP, ((("priority_groups", at, "id"), one.id) for at, one in enumerate(hall.priority_groups)))
    yield from _twice(
        WINDOW,
        ((("windows", at, "ids"), window) for at, run in enumerate(hall.windows) for window, _number in run.expand()),
    )
    yield from _twice(
        DEVICE,
        (
            ((section, at, "id"), device.id)
            for section in DEVICE_SECTIONS
            for at, device in enumerate(getattr(hall, section))
        ),
    )


def _twice(kind: Sentence, named: Iterable[tuple[Path, str]]) -> Iterator[Issue]:
    """One issue per entry whose name stood before (a run of windows that repeats another is told once)."""
    seen: set[str] = set()
    told: set[Path] = set()
    for path, name in named:
        if name in seen and path not in told:
            told.add(path)
            yield error(
                path,
                sentence("two {kind}s are called '{name}'", kind=kind, name=name),
                sentence("Give one of them another id."),
            )
        seen.add(name)


def _letters(hall: HallFile, unread: Unread) -> Iterator[Issue]:
    owners: dict[str, str] = {}
    lettered = [(("zones", at, "letter"), zone.letter, zone.name["zh"]) for at, zone in enumerate(hall.zones)]
    lettered += [(("series", at, "letter"), group.letter, group.name["zh"]) for at, group in enumerate(hall.series)]
    taken = {letter for _path, letter, _owner in lettered} | unread.of(LETTERS)
    # I and O are read as 1 and 0.
    free = next((letter for letter in "ABCDEFGHJKLMNPQRSTUVWXYZ" if letter not in taken), "…")
    for path, letter, owner in lettered:
        if letter in owners:
            yield error(
                path,
                sentence("letter {letter} is already that of {owner}", letter=letter, owner=owners[letter]),
                sentence("Take a letter that nobody has, such as {free}.", free=free),
            )
        owners.setdefault(letter, owner)


def _window_numbers(hall: HallFile) -> Iterator[Issue]:
    owners: dict[int, str] = {}
    for at, run in enumerate(hall.windows):
        clashes = [(number, owners[number]) for _window, number in run.expand() if number in owners]
        if clashes:
            taken = set(owners) | {number for one in hall.windows for _window, number in one.expand()}
            yield error(
                ("windows", at, "number"),
                sentence(
                    "window number {number} is already that of {owner}", number=clashes[0][0], owner=clashes[0][1]
                ),
                sentence("Numbers are unique in the whole hall; the highest used is {highest}.", highest=max(taken)),
            )
        for window, number in run.expand():
            owners.setdefault(number, window)


@dataclass(frozen=True, slots=True)
class _Reference:
    """A name that must be found in a section."""

    path: Path
    kind: Sentence
    section: str
    name: str | None


def _references(hall: HallFile, unread: Unread) -> Iterator[Issue]:
    known = {
        "areas": [one.id for one in hall.areas],
        "zones": [one.id for one in hall.zones],
        "services": [one.id for one in hall.services],
        "series": [one.letter for one in hall.series],
        "hours": list(hall.hours),
    }
    for one in (*_from_zones(hall), *_from_services(hall), *_from_windows(hall), *_from_devices(hall)):
        if one.name is not None and one.name not in known[one.section] and one.name not in unread.of(one.section):
            yield unknown(one.path, one.kind, one.name, known[one.section])


def _from_zones(hall: HallFile) -> Iterator[_Reference]:
    for at, zone in enumerate(hall.zones):
        yield _Reference(("zones", at, "area"), AREA, "areas", zone.area)
        yield _Reference(("zones", at, "hours"), TIMETABLE, "hours", zone.hours)


def _from_services(hall: HallFile) -> Iterator[_Reference]:
    own_letter = {zone.id: zone.letter for zone in hall.zones}
    for at, service in enumerate(hall.services):
        yield _Reference(("services", at, "zone"), ZONE, "zones", service.zone)
        yield _Reference(("services", at, "hours"), TIMETABLE, "hours", service.hours)
        if service.letter != own_letter.get(service.zone):
            yield _Reference(("services", at, "letter"), LETTER, "series", service.letter)


def _from_windows(hall: HallFile) -> Iterator[_Reference]:
    for at, run in enumerate(hall.windows):
        yield _Reference(("windows", at, "zone"), ZONE, "zones", run.zone)
        yield _Reference(("windows", at, "hours"), TIMETABLE, "hours", run.hours)
        for key, names in (("serves", run.serves or []), ("may_help", run.may_help)):
            for place, name in enumerate(names):
                yield _Reference(("windows", at, key, place), SERVICE, "services", name)


def _from_devices(hall: HallFile) -> Iterator[_Reference]:
    for at, voice in enumerate(hall.voices):
        yield _Reference(("voices", at, "area"), AREA, "areas", voice.area)
    for section in ("kiosks", "boards"):
        for at, device in enumerate(getattr(hall, section)):
            yield _Reference((section, at, "area"), AREA, "areas", device.area)
            for place, name in enumerate(device.zones or []):
                yield _Reference((section, at, "zones", place), ZONE, "zones", name)


def _windows_of_lines(hall: HallFile, unread: Unread) -> Iterator[Issue]:
    """Windows that keypads, LED bars and evaluators are mapped to."""
    if "windows" in unread:
        return
    windows = [window for run in hall.windows for window, _number in run.expand()]
    for section in ("keypads", "ledbars", "evaluators"):
        for at, line in enumerate(getattr(hall, section)):
            for address, window in line.windows.items():
                if window not in windows:
                    yield unknown((section, at, "windows", address), WINDOW, window, windows)


def _lists_name_once(hall: HallFile) -> Iterator[Issue]:
    listed = [
        ((section, at, key), getattr(entry, key) or [])
        for section, keys in (("windows", ("serves", "may_help")), ("kiosks", ("zones",)), ("boards", ("zones",)))
        for at, entry in enumerate(getattr(hall, section))
        for key in keys
    ]
    for path, names in listed:
        for place, name in enumerate(names):
            if name in names[:place]:
                yield warning(
                    (*path, place),
                    sentence("'{name}' stands twice in this list", name=name),
                    sentence("Delete one of them."),
                )
