"""A card reader made of code: hears frames, answers as a real one would. For tests, demos and trying a kiosk on a desk.

Pure: no line. Beside the protocol it knows how to write a card's 256 bytes, which the shipped reader only reads.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from kiosk.id_reader.card import Card, CardKind
from kiosk.id_reader.layouts import FOREIGN_2017, FOREIGN_2023, HMT, RESIDENT, TEXT_BYTES, TYPE_AT, Field, Layout
from kiosk.id_reader.sam import PREAMBLE, Command, Status, frame

PHOTO = bytes(range(256)) * 4

#: What stands on a card beside what is read; a name that must be found nowhere.
ADDRESS = "某省某市某路1号"
NATION = "01"


def card_block(card: Card) -> bytes:
    """The chip's text of a card."""
    block = bytearray(" ".encode("utf-16-le") * (TEXT_BYTES // 2))

    def put(field: Field, text: str) -> None:
        coded = text.encode("utf-16-le")[: field.length]
        block[field.start : field.start + len(coded)] = coded

    layout, letter = layout_of(card)
    put(layout.number, card.number)
    put(layout.birth, f"{card.birth:%Y%m%d}" if card.birth else "")
    put(layout.valid_to, (card.valid_to or "").replace("-", ""))
    put(Field(TYPE_AT, 2), letter)
    if layout is RESIDENT or layout is HMT:
        put(Field(32, 4), NATION)
        put(Field(52, 70), ADDRESS)
    if layout.latin_name and card.name.isascii():
        rest = card.name
        for field in layout.latin_name:
            put(field, rest[: field.length // 2])
            rest = rest[field.length // 2 :]
    else:
        put(layout.name, card.name)
    return bytes(block)


def layout_of(card: Card) -> tuple[Layout, str]:
    """The layout that such a card has, with its letter."""
    match card.kind:
        case CardKind.RESIDENT:
            return RESIDENT, ""
        case CardKind.HMT:
            return HMT, "J"
        case CardKind.FOREIGN:
            return (FOREIGN_2023, "Y") if card.number[0] == "9" else (FOREIGN_2017, "I")


@dataclass
class SamDevice:
    """One reader with what lies on it. `block` is a card's text; `faults` are told instead of the next answers."""

    block: bytes | None = None
    faults: Sequence[tuple[Command, Status]] = ()
    is_read: bool = False
    _heard: bytes = b""

    def lay(self, block: bytes | None) -> None:
        """Lay a card on, or take it away."""
        self.block, self.is_read = block, False

    def hear(self, data: bytes) -> bytes:
        """Answer the frames that came so far."""
        self._heard += data
        answers = b""
        while (start := self._heard.find(PREAMBLE)) >= 0 and len(self._heard) >= start + 10:
            request, self._heard = self._heard[start : start + 10], self._heard[start + 10 :]
            answers += self._answer(request)
        return answers

    def _answer(self, request: bytes) -> bytes:
        body = request[7:9]
        if frame(body) != request:
            return _reply(Status.CHECKSUM_WRONG)
        if body not in {command.value for command in Command}:
            return _reply(Status.COMMAND_WRONG)
        command = Command(body)
        if self.faults and self.faults[0][0] is command:
            (_, status), *self.faults = self.faults
            return _reply(status)
        # A card that was read is not found again until it was taken away and laid on again.
        if self.block is None or (command is Command.FIND and self.is_read):
            return _reply(Status.NO_CARD)
        match command:
            case Command.FIND:
                return _reply(Status.FOUND, bytes(4))
            case Command.SELECT:
                return _reply(Status.DONE, bytes(8))
            case Command.READ:
                self.is_read = True
                lengths = len(self.block).to_bytes(2, "big") + len(PHOTO).to_bytes(2, "big")
                return _reply(Status.DONE, lengths + self.block + PHOTO)


def _reply(status: Status, data: bytes = b"") -> bytes:
    return frame(bytes([0, 0, status]) + data)
