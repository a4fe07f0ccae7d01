"""Codecs of window LED bars: a text for one address → the bytes of one make. One module per make.

To add one, put `<name>.py` with a class `Codec` (see `LedCodec`) into this folder and write `codec: <name>` in the
hall file. A codec is pure: no port, no server, the time is handed in. `decode` is for the simulator and the tests.
"""

import importlib
import pkgutil
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Shown:
    """What one frame makes a bar show."""

    address: int
    text: str
    scrolls: bool = False


class LedCodec(Protocol):
    """The bytes of one make of bar. `language` is the language it can show, `lost` what it shows when cut off."""

    language: str
    lost: str

    def frame(self, address: int, text: str) -> bytes:
        """Make the bar at `address` show `text`; signs the bar does not have are replaced, never left out."""

    def decode(self, data: bytes, now_s: float) -> list[Shown]:
        """What a bar understands of `data`, half frames kept for the next time."""


def known_codecs() -> list[str]:
    """The names a hall file may use."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


def led_codec(name: str) -> LedCodec:
    """A new codec by its name; raises ValueError naming the known ones."""
    if name not in known_codecs():
        raise ValueError(f"unknown LED codec '{name}': known are {', '.join(known_codecs())}")
    codec: LedCodec = importlib.import_module(f"{__name__}.{name}").Codec()
    return codec
