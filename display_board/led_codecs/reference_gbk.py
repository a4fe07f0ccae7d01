"""Our own reference frame for Chinese LED bars, GBK, 9600 8N1. No maker's: there is no common one.

It has what makers' frames have (head, address, length, GBK text, checksum), so that a bar's own codec is written by
changing it, and so that the whole way to a bar can be proved with the simulator.

    AA 55 | addr | 01 | len len | mode | text in GBK | sum

- `len`: high byte, low byte; counts mode and text. `sum`: addr to the end of text, modulo 256.
- `mode`: 00 stands still, centred; 01 runs from right to left, for texts wider than the bar.
- A bar has 8 Chinese signs or 16 Latin ones, as the common one-line bar.
"""

from display_board.led_codecs import Shown

HEAD = b"\xaa\x55"
SHOW = 0x01
STILL, RUNNING = 0x00, 0x01
BAR_BYTES = 16
TEXT_LIMIT = 240
GAP_S = 0.5

#: Shown for a sign that GBK does not have; 〓 is the printers' "missing".
MISSING = "〓".encode("gbk")


class Codec:
    """One line of reference bars."""

    language = "zh"
    lost = "————"

    def __init__(self) -> None:
        self._buffer = b""
        self._last_s = 0.0

    def frame(self, address: int, text: str) -> bytes:
        """The frame that shows `text`."""
        signs, size = [], 0
        for sign in _one_line(text):
            code = _gbk(sign)
            size += len(code)
            if size > TEXT_LIMIT:
                break
            signs.append(code)
        content = b"".join(signs)
        mode = RUNNING if len(content) > BAR_BYTES else STILL
        body = bytes([address, SHOW, *divmod(1 + len(content), 256), mode]) + content
        return HEAD + body + bytes([sum(body) % 256])

    def decode(self, data: bytes, now_s: float) -> list[Shown]:
        """Whole and right frames among the bytes so far."""
        if now_s - self._last_s > GAP_S:
            self._buffer = b""
        self._last_s = now_s
        self._buffer += data
        shown: list[Shown] = []
        while True:
            start = self._buffer.find(HEAD)
            if start < 0:
                self._buffer = self._buffer[-1:] if self._buffer.endswith(HEAD[:1]) else b""
                return shown
            self._buffer = self._buffer[start:]
            if len(self._buffer) < 6:
                return shown
            length = self._buffer[4] * 256 + self._buffer[5]
            if self._buffer[3] != SHOW or not 1 <= length <= TEXT_LIMIT + 1:
                self._buffer = self._buffer[1:]
                continue
            if len(self._buffer) < 7 + length:
                return shown
            body, check = self._buffer[2 : 6 + length], self._buffer[6 + length]
            if sum(body) % 256 != check:
                self._buffer = self._buffer[1:]
                continue
            self._buffer = self._buffer[7 + length :]
            shown.append(Shown(body[0], body[5:].decode("gbk", "replace"), body[4] == RUNNING))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _gbk(sign: str) -> bytes:
    try:
        return sign.encode("gbk")
    except UnicodeEncodeError:
        return MISSING
