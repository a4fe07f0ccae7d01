"""What one printer needs, read from its URL: where it is, and how it differs from others.

`tcp://10.0.0.8:9100?encoding=gb18030&cut=partial`. Differences between printers are options here, never code elsewhere.
"""

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Self, TypeVar
from urllib.parse import SplitResult, parse_qsl, urlsplit

#: Dots across the printable width at 8 dots a millimetre, by width of paper.
DOTS = {80: 576, 58: 384}

#: Characters of single width across the same paper.
COLUMNS = {80: 48, 58: 32}


class PrinterUrlError(ValueError):
    """A printer URL that means nothing; the message says how to write it."""


class Encoding(StrEnum):
    """How the printer reads Chinese text. GBK is what nearly all do; the others need a printer that says so."""

    GBK = "gbk"
    GB18030 = "gb18030"
    UTF_8 = "utf-8"


class Cut(StrEnum):
    """What the printer's knife can do."""

    FULL = "full"
    PARTIAL = "partial"
    NONE = "none"


class TextQr(StrEnum):
    """Who draws the code of a ticket in text mode: the printer, or we as dots."""

    NATIVE = "native"
    IMAGE = "image"


class Mode(StrEnum):
    """How tickets are rendered."""

    AUTO = "auto"
    RASTER = "raster"
    TEXT = "text"


OWN_OPTIONS = frozenset({"encoding", "cut", "qr", "roll_m"})

#: Further options of each kind of device.
DEVICE_OPTIONS: dict[str, frozenset[str]] = {
    "tcp": frozenset(),
    "serial": frozenset({"baud", "flow", "parity"}),
    "usb": frozenset({"in", "out", "serial"}),
    "cups": frozenset(),
    "lp": frozenset(),
    "win": frozenset(),
    "file": frozenset(),
    "preview": frozenset(),
}

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class PrinterUrl:
    """A printer's URL taken apart."""

    text: str
    scheme: str
    host: str
    port: int | None
    path: str
    options: dict[str, str]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Take `scheme://place?options` apart; refuse unknown schemes and options, which are typing errors."""
        try:
            parts = urlsplit(text)
            port = parts.port if parts.scheme == "tcp" else None
        except ValueError as wrong:
            raise PrinterUrlError(f"not a printer URL: {text!r} ({wrong})") from wrong
        allowed = DEVICE_OPTIONS.get(parts.scheme)
        if allowed is None:
            raise PrinterUrlError(f"{text!r}: begin with one of {', '.join(f'{name}://' for name in DEVICE_OPTIONS)}")
        options = dict(parse_qsl(parts.query, keep_blank_values=True))
        if unknown := sorted(options.keys() - allowed - OWN_OPTIONS):
            known = ", ".join(sorted(allowed | OWN_OPTIONS))
            raise PrinterUrlError(f"{text!r}: unknown option {', '.join(unknown)}; known are {known}")
        host = (parts.hostname or "") if parts.scheme == "tcp" else parts.netloc
        return cls(text, parts.scheme, host, port, _local_path(parts), options)

    def with_folder(self, folder: Path) -> Self:
        """`preview://` names no folder: take this one."""
        is_open = self.scheme == "preview" and not self.place
        return replace(self, path=str(folder)) if is_open else self

    @property
    def place(self) -> str:
        """Host and path as one name: a serial port, a queue, a folder."""
        return self.host + self.path

    def choice(self, option: str, kind: type[Choice], default: Choice) -> Choice:
        """An option that has a few values."""
        value = self.options.get(option, default.value)
        try:
            return kind(value)
        except ValueError:
            names = ", ".join(member.value for member in kind)
            raise PrinterUrlError(f"{self.text!r}: {option}={value} is none of {names}") from None

    def number(self, option: str, default: int) -> int:
        """An option that is a whole number, decimal or 0x…."""
        value = self.options.get(option)
        if value is None:
            return default
        try:
            return int(value, 0)
        except ValueError:
            raise PrinterUrlError(f"{self.text!r}: {option}={value} is not a number") from None


def _local_path(parts: SplitResult) -> str:
    """The path, without the slash that a URL puts before a Windows drive."""
    return parts.path[1:] if re.match(r"^/[A-Za-z]:", parts.path) else parts.path


@dataclass(frozen=True, slots=True)
class Profile:
    """What bytes this printer wants."""

    paper_mm: int
    encoding: Encoding = Encoding.GBK
    cut: Cut = Cut.FULL
    text_qr: TextQr = TextQr.NATIVE
    roll_m: float | None = None
    is_slow: bool = False

    @property
    def width_px(self) -> int:
        return DOTS[self.paper_mm]

    @property
    def columns(self) -> int:
        return COLUMNS[self.paper_mm]

    @classmethod
    def of(cls, url: PrinterUrl, paper_mm: int) -> Self:
        """Read the options that concern bytes."""
        if paper_mm not in DOTS:
            raise PrinterUrlError(f"paper of {paper_mm} mm: only {' and '.join(map(str, DOTS))} are known")
        roll = url.options.get("roll_m")
        try:
            roll_m = float(roll) if roll else None
        except ValueError:
            raise PrinterUrlError(f"{url.text!r}: roll_m={roll} is not a length in metres") from None
        return cls(
            paper_mm,
            url.choice("encoding", Encoding, Encoding.GBK),
            url.choice("cut", Cut, Cut.FULL),
            url.choice("qr", TextQr, TextQr.NATIVE),
            roll_m,
            is_slow=url.scheme == "serial" and url.number("baud", DEFAULT_BAUD) < FAST_BAUD,
        )


#: What a serial printer has when nobody touched its switches.
DEFAULT_BAUD = 9600

#: A picture takes 5 s at this rate and a minute at 9600.
FAST_BAUD = 115200
