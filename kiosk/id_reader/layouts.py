"""The text of a card's chip: 256 bytes of UTF-16LE, by kind of card. Pure.

GA/T 490 and the machine-readable rules of the other cards. Only number, name, birthday and expiry leave this module;
the other fields are stepped over and never decoded. The layout of the foreigner's card of 2023 ("Y") follows one
published description and has not been tried with a card.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from kiosk.id_reader.card import Card, CardKind, ReaderTrouble, Trouble
from kiosk.id_reader.numbers import day, is_number

log = logging.getLogger("kiosk.id_reader")

TEXT_BYTES = 256

#: Two bytes at the same place on every card; blank on a resident's.
TYPE_AT = 248

FOREVER = "长期"


@dataclass(frozen=True, slots=True)
class Field:
    """Where a text stands, in bytes."""

    start: int
    length: int

    @property
    def end(self) -> int:
        return self.start + self.length


@dataclass(frozen=True, slots=True)
class Layout:
    """The fields that are read. A name may stand in Chinese, in Latin letters and in their continuation."""

    kind: CardKind
    name: Field
    birth: Field
    number: Field
    valid_to: Field
    latin_name: tuple[Field, ...] = ()


#: name 30, sex 2, nation 4, birth 16, address 70, number 36, authority 30, from 16, to 16, reserved 36.
RESIDENT = Layout(CardKind.RESIDENT, Field(0, 30), Field(36, 16), Field(122, 36), Field(204, 16))

#: As a resident's; nation is reserved, and pass number 18, count of issues 4, reserved 6, "J" 2, reserved 6 follow.
HMT = Layout(CardKind.HMT, Field(0, 30), Field(36, 16), Field(122, 36), Field(204, 16))

#: English name 120, sex 2, number 30, nationality 6, Chinese name 30, from 16, to 16, birth 16, version 4, office 8, "I" 2.
FOREIGN_2017 = Layout(
    CardKind.FOREIGN, Field(158, 30), Field(220, 16), Field(122, 30), Field(204, 16), latin_name=(Field(0, 120),)
)

#: Chinese name 30, sex 2, renewals 4, birth 16, English name 70, number 36, reserved 30, from 16, to 16, rest of the
#: English name 22, nationality 6, "Y" 2, former number 6.
FOREIGN_2023 = Layout(
    CardKind.FOREIGN,
    Field(0, 30),
    Field(36, 16),
    Field(122, 36),
    Field(204, 16),
    latin_name=(Field(52, 70), Field(220, 22)),
)

LAYOUTS: Mapping[str, Layout] = MappingProxyType({"": RESIDENT, "J": HMT, "I": FOREIGN_2017, "Y": FOREIGN_2023})


def read_card(block: bytes) -> Card:
    """Take a card out of the chip's text."""
    if len(block) != TEXT_BYTES:
        log.warning("A card's text has %d bytes instead of %d", len(block), TEXT_BYTES)
        raise ReaderTrouble(Trouble.UNREADABLE)
    layout = LAYOUTS.get(_text(block, Field(TYPE_AT, 2)))
    if layout is None:
        # Not even the letter is told: it is a byte of somebody's card.
        log.warning("A card of a kind that is not known was laid on the reader")
        raise ReaderTrouble(Trouble.NOT_A_CARD)
    number = _text(block, layout.number).upper()
    if not is_number(number):
        log.warning("A card's number is not one, or its check digit is wrong")
        raise ReaderTrouble(Trouble.UNREADABLE)
    return Card(
        number,
        _name(block, layout),
        layout.kind,
        day(_text(block, layout.birth)),
        _valid_to(_text(block, layout.valid_to)),
    )


def _name(block: bytes, layout: Layout) -> str:
    """The Chinese name; of a foreigner without one, the Latin. A long one goes on in the next field."""
    if chinese := _text(block, layout.name):
        return chinese
    joined = b"".join(block[field.start : field.end] for field in layout.latin_name)
    return " ".join(_text(joined, Field(0, len(joined))).split())


def _text(block: bytes, field: Field) -> str:
    """The characters of a field. One cut in the middle (a name too long for the chip) becomes U+FFFD, not an error."""
    text = block[field.start : field.end].decode("utf-16-le", errors="replace")
    return text.replace("\0", " ").strip(" \u3000")


def _valid_to(text: str) -> str | None:
    if text == FOREVER:
        return FOREVER
    found = day(text)
    return found.isoformat() if found else None
