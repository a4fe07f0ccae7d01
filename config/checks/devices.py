"""Devices and the building: boards that can be read, printers that can be reached, one voice per area."""

import math
import re
from collections.abc import Iterator
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from config.checks.issue import Issue, Path, Unread, error, warning
from config.checks.legibility import ROWS_MIN, contrast_with_white, fit
from config.findings import Sentence, sentence
from config.schema import HallFile
from config.sections import CardUse
from config.shape import nearest

PRINTERS = ("tcp", "serial", "usb", "cups", "lp", "win", "file", "preview")
READERS = ("sam", "sam+socket", "wedge", "simulator")
CONTRAST_MIN = 4.5


def check_devices(hall: HallFile, unread: Unread) -> Iterator[Issue]:
    """Check time zone, address, badges, kiosks, boards, voices, printers and serial lines."""
    yield from _time_zone(hall)
    yield from _public_url(hall)
    yield from _badges(hall)
    yield from _kiosks(hall, unread)
    yield from _boards(hall, unread)
    yield from _voices(hall)
    yield from _printers(hall)
    yield from _readers(hall)
    yield from _ports(hall)


def _time_zone(hall: HallFile) -> Iterator[Issue]:
    try:
        ZoneInfo(hall.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield error(
            ("timezone",),
            sentence("unknown time zone '{name}'", name=hall.timezone),
            _time_zone_meant(hall.timezone),
        )


#: All of China keeps one time, and its zone is named after Shanghai: what people write instead.
_CHINAS_TIME = re.compile("北京|中国|上海|东八|beijing|peking|china|^(utc|gmt)?[+]?0?8(:?00)?$|^cst$", re.IGNORECASE)


def _time_zone_meant(name: str) -> Sentence:
    if _CHINAS_TIME.search(name):
        return sentence("Write 'Asia/Shanghai': so the time of all China is called.")
    return nearest(name, ("Asia/Shanghai", "Asia/Urumqi", *sorted(available_timezones())))


def _public_url(hall: HallFile) -> Iterator[Issue]:
    if hall.public_url is None:
        return
    try:
        parts = urlsplit(hall.public_url)
        reachable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        reachable = False
    if not reachable:
        yield error(
            ("public_url",),
            sentence("'{url}' is not an address that phones can open", url=hall.public_url),
            sentence("Write it with http:// or https://, such as https://hall.example.cn."),
        )


def _badges(hall: HallFile) -> Iterator[Issue]:
    for at, zone in enumerate(hall.zones):
        contrast = contrast_with_white(zone.colour)
        if contrast < CONTRAST_MIN:
            yield warning(
                ("zones", at, "colour"),
                sentence(
                    "white on {colour} is hard to read (contrast {contrast})",
                    colour=zone.colour,
                    contrast=f"{contrast:.1f}",
                ),
                sentence("Take a darker colour: a contrast of {limit} or more.", limit=CONTRAST_MIN),
            )


def _kiosks(hall: HallFile, unread: Unread) -> Iterator[Issue]:
    yield from _empty_lists(hall, "kiosks")
    if not hall.kiosks or "kiosks" in unread or any(kiosk.zones is None for kiosk in hall.kiosks):
        return
    offered = {zone for kiosk in hall.kiosks for zone in kiosk.zones or []}
    if not offered <= {zone.id for zone in hall.zones}:
        # A misspelt zone is the likelier mistake, and told already.
        return
    with_services = {service.zone for service in hall.services}
    for at, zone in enumerate(hall.zones):
        if zone.id in with_services and zone.id not in offered:
            yield warning(
                ("zones", at),
                sentence("no kiosk offers zone '{zone}'", zone=zone.id),
                sentence("Add it to the 'zones' of a kiosk."),
            )


def _boards(hall: HallFile, unread: Unread) -> Iterator[Issue]:
    yield from _empty_lists(hall, "boards")
    names = [
        (run.zone, (run.name or hall.window_name).get("zh", "").replace("{n}", str(number)))
        for run in hall.windows
        for _window, number in run.expand()
    ]
    for at, board in enumerate(hall.boards):
        shown = [name for zone, name in names if board.zones is None or zone in board.zones]
        answer = fit(board.screen, board.distance_m, shown)
        mend = sentence(
            "Take a bigger screen, or put the farthest seat at {distance} m or nearer.",
            distance=f"{math.floor(10 * answer.distance_max_m) / 10:.1f}",
        )
        if not answer.is_tall_enough:
            yield warning(
                ("boards", at, "distance_m"),
                sentence(
                    "at {distance} m this board has room for {rows} calls of readable size, at least {rows_min} belong",
                    distance=f"{board.distance_m:g}",
                    rows=answer.rows,
                    rows_min=ROWS_MIN,
                ),
                mend,
            )
        elif not answer.is_wide_enough:
            yield warning(
                ("boards", at, "distance_m"),
                sentence(
                    "at {distance} m a number and its window name need {percent}% of this board's width",
                    distance=f"{board.distance_m:g}",
                    percent=math.ceil(100 * answer.width_share),
                ),
                mend,
            )


def _empty_lists(hall: HallFile, section: str) -> Iterator[Issue]:
    for at, device in enumerate(getattr(hall, section)):
        if device.zones is not None and not device.zones:
            yield error(
                (section, at, "zones"),
                sentence("this list of zones is empty"),
                sentence("Name zones, or delete the line: then all zones are meant."),
            )


def _voices(hall: HallFile) -> Iterator[Issue]:
    owners: dict[str, str] = {}
    for at, voice in enumerate(hall.voices):
        if voice.area in owners:
            yield error(
                ("voices", at, "area"),
                sentence("area '{area}' already hears voice '{voice}'", area=voice.area, voice=owners[voice.area]),
                sentence("One voice per area: delete one, or give it another area."),
            )
        owners.setdefault(voice.area, voice.id)
    for at, board in enumerate(hall.boards):
        if board.sound and board.area not in owners:
            yield warning(
                ("boards", at, "sound"),
                sentence("area '{area}' has no voice this board could play", area=board.area),
                sentence("Add a voice for the area, or write sound: false."),
            )


def _printers(hall: HallFile) -> Iterator[Issue]:
    urls: list[tuple[Path, str]] = [
        ((section, at, "printer", "url"), device.printer.url)
        for section in ("kiosks", "printers")
        for at, device in enumerate(getattr(hall, section))
    ]
    for path, url in urls:
        scheme, mark, rest = url.partition("://")
        if not mark or scheme not in PRINTERS:
            yield error(
                path,
                sentence("'{url}' is not a printer address", url=url),
                nearest(f"{scheme}://", [f"{known}://" for known in PRINTERS]),
            )
        elif not rest and scheme != "preview":
            yield error(
                path,
                sentence("'{url}' does not say which printer", url=url),
                sentence("Complete it, such as tcp://192.0.2.10:9100 or cups://NAME."),
            )


def _readers(hall: HallFile) -> Iterator[Issue]:
    yield from _cards_nobody_reads(hall)
    for at, kiosk in enumerate(hall.kiosks):
        if kiosk.id_reader is None:
            continue
        scheme, mark, rest = kiosk.id_reader.url.partition("://")
        if not mark or scheme not in READERS:
            yield error(
                ("kiosks", at, "id_reader", "url"),
                sentence("'{url}' is not a card reader's address", url=kiosk.id_reader.url),
                nearest(f"{scheme}://", [f"{known}://" for known in READERS]),
            )
        elif not rest.strip("/") and scheme != "wedge":
            yield error(
                ("kiosks", at, "id_reader", "url"),
                sentence("'{url}' does not say which card reader", url=kiosk.id_reader.url),
                sentence("Complete it, such as sam:///dev/ttyUSB0, sam://COM3 or simulator:///folder."),
            )


def _cards_nobody_reads(hall: HallFile) -> Iterator[Issue]:
    if not hall.kiosks:
        return
    for at, service in enumerate(hall.services):
        if service.id_card is not CardUse.REQUIRED:
            continue
        offering = [kiosk for kiosk in hall.kiosks if kiosk.zones is None or service.zone in kiosk.zones]
        if offering and not any(kiosk.id_reader for kiosk in offering):
            yield warning(
                ("services", at, "id_card"),
                sentence("no kiosk that offers '{service}' has a card reader", service=service.id),
                sentence("Give a kiosk an id_reader, or write id_card: optional; staff issue its tickets till then."),
            )


def _ports(hall: HallFile) -> Iterator[Issue]:
    owners: dict[str, str] = {}
    for section in ("keypads", "ledbars", "evaluators"):
        for at, line in enumerate(getattr(hall, section)):
            if line.port in owners and not line.port.startswith("loop://"):
                yield warning(
                    (section, at, "port"),
                    sentence("'{owner}' uses port {port} too", owner=owners[line.port], port=line.port),
                    sentence("Two programs cannot open one serial port: give each line its own."),
                )
            owners.setdefault(line.port, line.id)
