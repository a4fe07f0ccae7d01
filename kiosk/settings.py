"""What is set for one kiosk: its command line, and its section of the hall file as the server gives it.

Pure apart from reading a token file.
"""

import argparse
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: A kiosk whose section names no screen is taken for the commonest: 21.5 inches, upright.
DEFAULT_INCHES = 21.5
IDLE_MIN_S = 20


@dataclass(frozen=True, slots=True)
class Options:
    """The command line."""

    server: str
    kiosk: str
    size: tuple[int, int] | None
    token: str
    printer: str | None
    data: Path
    is_windowed: bool
    prints_events: bool


@dataclass(frozen=True, slots=True)
class KioskSettings:
    """One kiosk's section of the hall file."""

    id: str
    inches: float = DEFAULT_INCHES
    size: tuple[int, int] = (1080, 1920)
    zones: tuple[str, ...] | None = None
    printer_url: str = ""
    paper_mm: int = 80
    printer_mode: str = "auto"
    idle_s: float = 45
    idle_warning_s: float = 20
    exit_pin_hash: str | None = None
    #: Where the ID-card reader is; empty: there is none.
    reader_url: str = ""
    reader_timeout_s: float = 10
    has_scanner: bool = False

    def __post_init__(self) -> None:
        """Refuse times in which nobody can react (standards B1.7)."""
        if self.idle_s < IDLE_MIN_S or self.idle_warning_s < IDLE_MIN_S:
            raise ValueError(f"idle_s and idle_warning_s must be at least {IDLE_MIN_S} seconds")


def read_settings(body: Mapping[str, Any]) -> KioskSettings:
    """Read `GET /devices/{kiosk}`."""
    section = body["settings"]
    screen, printer = section["screen"], section["printer"]
    zones, reader = section.get("zones"), section.get("id_reader") or {}
    return KioskSettings(
        id=body["id"],
        inches=screen["inches"],
        size=(screen["width_px"], screen["height_px"]),
        zones=tuple(zones) if zones is not None else None,
        printer_url=printer["url"],
        paper_mm=printer.get("paper_mm", 80),
        printer_mode=printer.get("mode", "auto"),
        idle_s=section.get("idle_s", 45),
        idle_warning_s=section.get("idle_warning_s", 20),
        exit_pin_hash=body.get("exit_pin_hash"),
        reader_url=reader.get("url", ""),
        reader_timeout_s=reader.get("timeout_s", 10),
        has_scanner=bool(section.get("scanner")),
    )


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.lower().partition("x")
    if not (width.isdigit() and height.isdigit() and int(width) >= 320 and int(height) >= 320):
        raise argparse.ArgumentTypeError(f"'{text}' is not a size: write it like 1080x1920, at least 320x320")
    return int(width), int(height)


def read_options(arguments: Sequence[str] | None = None) -> Options:
    """Read the command line; the device token comes from a file or from CHAOXI_TOKEN, never from an argument."""
    parser = argparse.ArgumentParser(prog="run_kiosk.py", description="Chaoxi self-service ticket kiosk")
    parser.add_argument("--server", required=True, metavar="URL", help="address of the hall's server")
    parser.add_argument("--kiosk", default="kiosk-1", metavar="ID", help="id of this kiosk in the hall file")
    parser.add_argument("--window", type=_size, metavar="WxH", help="size in pixels; the hall file's screen if absent")
    parser.add_argument("--token-file", type=Path, metavar="FILE", help="file with the device token (or CHAOXI_TOKEN)")
    parser.add_argument("--printer", metavar="URL", help="printer to use instead of the hall file's")
    parser.add_argument("--data", type=Path, metavar="DIR", help="folder for what must survive a restart")
    parser.add_argument("--windowed", action="store_true", help="an ordinary window, for demonstrations")
    parser.add_argument("--events", action="store_true", help="print what happens as JSON lines")
    given = parser.parse_args(arguments)
    token = given.token_file.read_text(encoding="utf-8") if given.token_file else os.environ.get("CHAOXI_TOKEN", "")
    return Options(
        server=given.server.rstrip("/"),
        kiosk=given.kiosk,
        size=given.window,
        token=token.strip(),
        printer=given.printer,
        data=given.data or Path("data") / given.kiosk,
        is_windowed=given.windowed,
        prints_events=given.events,
    )
