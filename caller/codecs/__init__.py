"""Codecs of hardware keypads: bytes of one make ↔ presses and displays. One module per make.

To add one, put `<name>.py` with a class `Codec` (see `KeypadCodec`) into this folder and write `codec: <name>` in the
hall file. A codec is pure: no port, no server, the time is handed in.
"""

import importlib
import pkgutil
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Action(StrEnum):
    """What a press asks for."""

    CALL_NEXT = "call_next"
    RECALL = "recall"
    NO_SHOW = "no_show"
    HOLD = "hold"
    RESUME = "resume"
    PAUSE = "pause"
    TRANSFER = "transfer"
    RATE = "rate"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Press:
    """One press at one keypad. `digits` are those typed before it; `ack` is to be sent back at once."""

    address: int
    action: Action
    digits: str = ""
    ack: bytes = b""


class KeypadCodec(Protocol):
    """The bytes of one make of keypad. One instance per line: it keeps half frames."""

    def decode(self, data: bytes, now_s: float) -> list[Press]:
        """The presses that `data` completes, whatever came before, half or broken."""

    def display(self, address: int, waiting: int, number: str | None) -> bytes:
        """Show how many wait and the number being called or served."""

    def unknown(self, address: int) -> bytes:
        """Show that nothing is known: the server is lost."""

    def beep(self, address: int) -> bytes:
        """Make a keypad beep; empty if it cannot."""


def known_codecs() -> list[str]:
    """The names of keypads a hall file may use; evaluators have their own (`caller/evaluator.py`)."""
    modules = (module.name for module in pkgutil.iter_modules(__path__))
    return sorted(name for name in modules if hasattr(importlib.import_module(f"{__name__}.{name}"), "Codec"))


def keypad_codec(name: str) -> KeypadCodec:
    """A new codec by its name; raises ValueError naming the known ones."""
    if name not in known_codecs():
        raise ValueError(f"unknown keypad codec '{name}': known are {', '.join(known_codecs())}")
    codec: KeypadCodec = importlib.import_module(f"{__name__}.{name}").Codec()
    return codec
