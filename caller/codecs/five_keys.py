"""Five-key evaluators (评价器), 9600 8N1: our own frame, since makes have none in common (docs/devices.md).

    50 4A | addr | func | data | xor | 0D

`xor` is addr ^ func ^ data. 50 4A is "PJ" (评价), 0D ends a frame.

- A press (device → computer): func 01, data 05 very satisfied … 01 very dissatisfied. The computer answers with what
  became of it: func 81, data 00 taken, 01 refused, 02 server lost.
- Asking (computer → device): func 02, data 01 ask (the lamp is lit, the voice invites), 00 rest.

A make with another frame is another module with a class `EvaluatorCodec` (see `caller/evaluator.py`).
"""

from dataclasses import dataclass
from enum import IntEnum

HEAD = b"\x50\x4a"
END = 0x0D
PRESS, ASK, ANSWER = 0x01, 0x02, 0x81
SIZE = 7
#: A frame takes 7 ms at 9600 baud. What is incomplete after this gap stays so.
GAP_S = 0.5


class Taken(IntEnum):
    """What became of a press, as the device's lamp and voice tell it."""

    TAKEN = 0
    REFUSED = 1
    LOST = 2


@dataclass(frozen=True, slots=True)
class Rating:
    """A key pressed at an evaluator: 5 very satisfied … 1 very dissatisfied."""

    address: int
    level: int


class EvaluatorCodec:
    """One line of five-key evaluators. Keeps half frames."""

    def __init__(self) -> None:
        self._buffer = b""
        self._last_s = 0.0

    def decode(self, data: bytes, now_s: float) -> list[Rating]:
        """The presses that `data` completes; noise, broken frames and our own echo are passed over."""
        if now_s - self._last_s > GAP_S:
            self._buffer = b""
        self._last_s = now_s
        self._buffer += data
        found = []
        while (frame := self._next_frame()) is not None:
            address, function, value = frame[2:5]
            if function == PRESS and 1 <= value <= 5:
                found.append(Rating(address, value))
        return found

    def ask(self, address: int, *, asks: bool) -> bytes:
        """Let an evaluator ask, or rest."""
        return _frame(address, ASK, int(asks))

    def answer(self, address: int, taken: Taken) -> bytes:
        """Tell an evaluator what became of a press."""
        return _frame(address, ANSWER, taken)

    def _next_frame(self) -> bytes | None:
        """Cut the next whole and right frame off the buffer; None if there is none yet."""
        while True:
            start = self._buffer.find(HEAD)
            if start < 0:
                # The last byte may be the first of a head.
                self._buffer = self._buffer[-1:] if self._buffer.endswith(HEAD[:1]) else b""
                return None
            self._buffer = self._buffer[start:]
            if len(self._buffer) < SIZE:
                return None
            frame = self._buffer[:SIZE]
            if frame[-1] == END and frame[5] == frame[2] ^ frame[3] ^ frame[4]:
                self._buffer = self._buffer[SIZE:]
                return frame
            # A good frame may begin inside the broken one.
            self._buffer = self._buffer[1:]


def _frame(address: int, function: int, value: int) -> bytes:
    return HEAD + bytes([address, function, value, address ^ function ^ value, END])
