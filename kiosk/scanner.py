"""A QR scanner that types what it reads: the kiosk's key events in, what was scanned out.

Feed it every key (Enter as a line break), whatever page is shown. What a person types, and codes that are not this
hall's, are left alone. The scanner must be set to the US keyboard, to Enter at the end and to no prefix.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.keystrokes import Keystrokes


class ScanKind(StrEnum):
    """What a code leads to."""

    #: The link of an appointment, `/a/<token>`.
    APPOINTMENT = "appointment"
    #: The link on a ticket, `/t/<token>`.
    TICKET = "ticket"
    #: The link on a voucher, `/c/<token>`.
    VOUCHER = "voucher"
    #: The six figures of an appointment.
    CODE = "code"
    #: A ticket's number, such as A012.
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Scanned:
    """What was scanned, and the text it was taken from. A token opens somebody's page: never shown in a log."""

    kind: ScanKind
    value: str = field(repr=False)
    text: str = field(repr=False, default="")


_LINK = re.compile(r"(?:^|/)(?P<kind>[atc])/(?P<token>[A-Za-z0-9_-]{8,64})(?:[/?#].*)?")
_CODE = re.compile(r"[0-9]{6}")
_NUMBER = re.compile(r"[A-Z]{1,2}[0-9]{3,5}")
_LINK_KINDS = {"a": ScanKind.APPOINTMENT, "t": ScanKind.TICKET, "c": ScanKind.VOUCHER}


def read_scan(text: str) -> Scanned | None:
    """What a text says; nothing when it is none of this hall's codes."""
    plain = text.strip()
    if _CODE.fullmatch(plain):
        return Scanned(ScanKind.CODE, plain, text)
    if _NUMBER.fullmatch(plain.upper()):
        return Scanned(ScanKind.NUMBER, plain.upper(), text)
    found = _LINK.fullmatch(plain) or (_LINK.search(plain) if plain.lower().startswith(("http:", "https:")) else None)
    if found and found.end() == len(plain):
        return Scanned(_LINK_KINDS[found["kind"]], found["token"], text)
    return None


class Scanner:
    """Hears keys and tells what was scanned."""

    def __init__(self, on_scan: Callable[[Scanned], None], steady: Callable[[], float] = time.monotonic) -> None:
        self._on_scan = on_scan
        self._keys = Keystrokes(steady)

    def feed(self, text: str) -> None:
        """Take keys as they come."""
        for typed in self._keys.take(text):
            if (scanned := read_scan(typed)) is not None:
                self._on_scan(scanned)
