"""The serial protocol of ID-card readers with a security module (SAM_V, SAM_A): frames, checksum, answers. Pure.

To the reader: `AA AA AA 96 69`, length (2, big-endian), command, parameter, data, checksum. From it the same with three
status bytes in place of command and parameter. The length counts everything behind itself, the checksum (XOR)
everything from the length on.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from functools import reduce
from operator import xor

PREAMBLE = bytes.fromhex("AAAAAA9669")

#: Status bytes and checksum; less is no answer.
LENGTH_MIN = 4

#: Text, photo and two fingerprints make 2314; what claims to be longer is noise.
LENGTH_MAX = 4096


class Command(Enum):
    """What a reader is asked, as command and parameter."""

    FIND = b"\x20\x01"
    SELECT = b"\x20\x02"
    READ = b"\x30\x01"


class Status(IntEnum):
    """SW3. The words of 23 and 91 are from memory, those of the others published."""

    DONE = 0x90
    FOUND = 0x9F
    CHECKSUM_WRONG = 0x10
    LENGTH_WRONG = 0x11
    COMMAND_WRONG = 0x21
    NOT_PERMITTED = 0x23
    UNKNOWN_ERROR = 0x24
    CARD_REJECTS_READER = 0x31
    READER_REJECTS_CARD = 0x32
    NOT_VERIFIED = 0x33
    WRONG_KIND_OF_CARD = 0x40
    READ_FAILED = 0x41
    RANDOM_FAILED = 0x47
    SELF_TEST_FAILED = 0x60
    NOT_AUTHORISED = 0x66
    NO_CARD = 0x80
    SELECT_FAILED = 0x81
    NOTHING_THERE = 0x91


#: The reader itself is at fault; another try cannot help.
BROKEN = frozenset({Status.NOT_PERMITTED, Status.SELF_TEST_FAILED, Status.NOT_AUTHORISED})


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole frame from the reader."""

    status: int
    data: bytes = field(repr=False, default=b"")


@dataclass(frozen=True, slots=True)
class Damaged:
    """Bytes came that are no whole frame: ask again at once instead of waiting."""


def frame(body: bytes) -> bytes:
    """Wrap command or status and data."""
    counted = (len(body) + 1).to_bytes(2, "big") + body
    return PREAMBLE + counted + bytes([reduce(xor, counted)])


def request(command: Command) -> bytes:
    """The frame of a command."""
    return frame(command.value)


class Decoder:
    """Finds frames in whatever a line delivers: pieces, noise before, two at once."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def forget(self) -> None:
        """Drop what came, overwriting it: it may be half a card."""
        self._buffer[:] = bytes(len(self._buffer))
        self._buffer.clear()

    def take(self, data: bytes) -> Iterator[Answer | Damaged]:
        """The frames that `data` completes."""
        self._buffer += data
        while (found := self._next()) is not None:
            yield found

    def _next(self) -> Answer | Damaged | None:
        start = self._buffer.find(PREAMBLE)
        if start < 0:
            # All but what may be the beginning of a preamble is noise.
            del self._buffer[: max(0, len(self._buffer) - len(PREAMBLE) + 1)]
            return None
        del self._buffer[:start]
        head = len(PREAMBLE)
        if len(self._buffer) < head + 2:
            return None
        length = int.from_bytes(self._buffer[head : head + 2], "big")
        if not LENGTH_MIN <= length <= LENGTH_MAX:
            return self._skip()
        end = head + 2 + length
        if len(self._buffer) < end:
            return None
        # From the length to the checksum itself: the XOR of all is nought.
        if reduce(xor, self._buffer[head:end]):
            return self._skip()
        answer = Answer(self._buffer[head + 4], bytes(self._buffer[head + 5 : end - 1]))
        self._buffer[:end] = bytes(end)
        del self._buffer[:end]
        return answer

    def _skip(self) -> Damaged:
        """Look for the next preamble behind this one's first byte: the true one may begin inside a false one."""
        del self._buffer[:1]
        return Damaged()


def text_of(data: bytes) -> bytes | None:
    """The text of the answer to READ: two big-endian lengths, text, photo. The photo is not taken along."""
    if len(data) < 4:
        return None
    text = int.from_bytes(data[:2], "big")
    photo = int.from_bytes(data[2:4], "big")
    return data[4 : 4 + text] if len(data) == 4 + text + photo else None
