"""Finds the reader for a URL."""

from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from kiosk.id_reader.card import IdReader
from kiosk.id_reader.folder import FolderReader
from kiosk.id_reader.serial_reader import BAUD, SerialReader
from kiosk.id_reader.wedge import WedgeReader

#: Speeds that the protocol's readers can be set to.
BAUDS = (115200, 57600, 38400, 19200, 9600)


class ReaderUrlError(ValueError):
    """The address of a reader that cannot be one. Meant for the one who wrote it."""


def open_reader(url: str, timeout_s: float = 10) -> IdReader:
    """Open a reader; returns at once, also when nothing is plugged in yet.

    One object at a time may read from a device. A `WedgeReader` has to be fed with keys, so whoever opens one keeps it.
    """
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    place = unquote(parts.netloc + parts.path)
    match parts.scheme:
        case "sam" if place:
            return SerialReader(place, timeout_s, baud=_baud(url, options))
        case "sam+socket" if parts.netloc and parts.path in ("", "/"):
            _refuse(url, options)
            return SerialReader(f"socket://{parts.netloc}", timeout_s)
        case "wedge" if not place.strip("/"):
            _refuse(url, options)
            return WedgeReader(timeout_s)
        case "simulator" if place.strip("/"):
            _refuse(url, options)
            return FolderReader(Path(place), timeout_s)
    raise ReaderUrlError(
        f"{url!r} is no card reader: write sam:///dev/ttyUSB0, sam://COM3, sam+socket://host:port, wedge:// or "
        "simulator:///folder"
    )


def _baud(url: str, options: dict[str, str]) -> int:
    baud = options.pop("baud", str(BAUD))
    _refuse(url, options)
    if baud not in map(str, BAUDS):
        raise ReaderUrlError(f"{url!r}: baud is one of {', '.join(map(str, BAUDS))}")
    return int(baud)


def _refuse(url: str, options: dict[str, str]) -> None:
    if options:
        raise ReaderUrlError(f"{url!r}: no such option: {', '.join(sorted(options))}")
