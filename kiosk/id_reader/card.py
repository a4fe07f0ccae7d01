"""What a reader hands over: a card, or why there is none. Pure.

A card lives as long as the visit to the kiosk's page. Neither its text nor an exception's may show anything of it,
because both end up in logs.
"""

import threading
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol


class CardKind(StrEnum):
    """Which sort of identity card."""

    RESIDENT = "resident"
    #: 港澳台居民居住证.
    HMT = "hmt"
    #: 外国人永久居留身份证.
    FOREIGN = "foreign"


@dataclass(frozen=True, slots=True, repr=False)
class Card:
    """All that is taken from a card; sex, nation, address, authority and photo never leave the layout.

    `valid_to` is `YYYY-MM-DD` or 长期; a reader that types knows neither it nor always a name.
    """

    number: str
    name: str
    kind: CardKind
    birth: date | None
    valid_to: str | None

    def __repr__(self) -> str:
        return f"Card(kind={self.kind.value!r}, number=…, name=…)"


class Trouble(StrEnum):
    """Why no card was read."""

    #: The reader cannot be used: not connected, silent, or it says itself that it is broken.
    UNPLUGGED = "unplugged"
    #: No card came in time, or reading was stopped.
    TIMEOUT = "timeout"
    #: A card was there but did not come through; laying it on again may help.
    UNREADABLE = "unreadable"
    #: Something else than an identity card, or one of a kind not known.
    NOT_A_CARD = "not_a_card"


class ReaderTrouble(Exception):
    """No card. `kind` is for people; nothing of a card is ever in the message."""

    def __init__(self, kind: Trouble) -> None:
        super().__init__(kind.value)
        self.kind = kind


class IdReader(Protocol):
    """A reader that sleeps, sending and keeping nothing, unless `read` runs."""

    def read(self, stop: threading.Event) -> Card:
        """Wait for a card and read it; raise `ReaderTrouble`. Setting `stop` ends it within about 0.2 s as a timeout."""

    def close(self) -> None:
        """Let go of the device."""
