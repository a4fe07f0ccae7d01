"""Takes a stream of ESC/POS bytes apart into commands, as a printer does, whatever way the stream is cut into pieces.

Only the commands that ticket printing uses are known; another one is reported as unknown and skipped byte by byte,
which is what printers do.
"""

from collections.abc import Iterator
from dataclasses import dataclass

DLE, ESC, FS, GS = 0x10, 0x1B, 0x1C, 0x1D

#: Commands of fixed length: first bytes → number of bytes that follow them.
FIXED: dict[bytes, int] = {
    b"\x10\x04": 1,  # DLE EOT n: real-time status
    b"\x1b@": 0,
    b"\x1ba": 1,
    b"\x1bE": 1,
    b"\x1bM": 1,
    b"\x1b!": 1,
    b"\x1b-": 1,
    b"\x1bt": 1,
    b"\x1bd": 1,
    b"\x1bJ": 1,
    b"\x1b2": 0,
    b"\x1b3": 1,
    b"\x1c&": 0,
    b"\x1c.": 0,
    b"\x1c!": 1,
    b"\x1d!": 1,
    b"\x1dB": 1,
    b"\x1da": 1,
    b"\x1dr": 1,
}

#: Commands that carry their length in two bytes behind the first bytes.
COUNTED = frozenset({b"\x1d(k", b"\x1c(C"})

PICTURE = b"\x1dv0"
CUT = b"\x1dV"
TEXT = b""
NEW_LINE = b"\n"
UNKNOWN = b"?"


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its first bytes (empty for text), its parameters, and the bytes it was made of."""

    name: bytes
    data: bytes
    size: int


class Tokens:
    """Bytes in, complete commands out; what is incomplete waits for more."""

    def __init__(self) -> None:
        self._waiting = b""

    @property
    def waiting(self) -> int:
        """Bytes of a command that is not complete."""
        return len(self._waiting)

    def take(self, data: bytes) -> Iterator[Command]:
        """Add bytes and give every command that is now complete."""
        self._waiting += data
        start = 0
        try:
            while start < len(self._waiting):
                command = _first(self._waiting[start : start + 8], self._waiting, start)
                if command is None:
                    return
                start += command.size
                yield command
        finally:
            self._waiting = self._waiting[start:]


def _first(head: bytes, stream: bytes, start: int) -> Command | None:
    """The command at `start`, or nothing while bytes of it are missing."""
    if head[0] not in (DLE, ESC, FS, GS):
        return _plain(stream, start)
    if len(head) < 2:
        return None
    if (follow := FIXED.get(head[:2])) is not None:
        return _whole(stream, start, head[:2], 2 + follow)
    if head[:2] == CUT:
        return _cut(head, stream, start)
    if head[:2] in (b"\x1d(", b"\x1c(", b"\x1dv") and len(head) < 3:
        return None
    if head[:3] in COUNTED:
        return _whole(stream, start, head[:3], 5 + int.from_bytes(head[3:5], "little")) if len(head) >= 5 else None
    if head[:3] == PICTURE:
        if len(head) < 8:
            return None
        bytes_wide, rows = int.from_bytes(head[4:6], "little"), int.from_bytes(head[6:8], "little")
        return _whole(stream, start, PICTURE, 8 + bytes_wide * rows)
    return Command(UNKNOWN, head[:1], 1)


def _plain(stream: bytes, start: int) -> Command:
    if stream[start : start + 1] == b"\n":
        return Command(NEW_LINE, b"", 1)
    end = start
    while end < len(stream) and stream[end] not in (DLE, ESC, FS, GS, 0x0A):
        end += 1
    return Command(TEXT, stream[start:end], end - start)


def _cut(head: bytes, stream: bytes, start: int) -> Command | None:
    """GS V m, or GS V m n for m = 65 and 66."""
    if len(head) < 3:
        return None
    return _whole(stream, start, CUT, 4 if head[2] in (65, 66) else 3)


def _whole(stream: bytes, start: int, name: bytes, size: int) -> Command | None:
    if len(stream) - start < size:
        return None
    return Command(name, stream[start + len(name) : start + size], size)
