"""Plain lines for Latin LED bars and text displays: `@001 Now serving A012` and CR LF, 9600 8N1.

The address is three decimal digits; the text is ASCII, at most 64 signs, in English. For displays that take lines of
text, terminals among them; readable by eye on the wire.
"""

import re

from display_board.led_codecs import Shown

TEXT_LIMIT = 64
LINE = re.compile(rb"@(\d{3}) ([ -~]*)\r\n")
LINE_LIMIT = 256


class Codec:
    """One line of plain text displays."""

    language = "en"
    lost = "----"

    def __init__(self) -> None:
        self._buffer = b""

    def frame(self, address: int, text: str) -> bytes:
        """The line that shows `text`."""
        shown = " ".join(text.split()).encode("ascii", "replace").decode("ascii")
        printable = "".join(sign if " " <= sign <= "~" else "?" for sign in shown)
        return f"@{address:03} {printable[:TEXT_LIMIT]}\r\n".encode("ascii")

    def decode(self, data: bytes, now_s: float) -> list[Shown]:
        """The whole lines among the bytes so far; anything else is passed over."""
        self._buffer += data
        shown, end = [], 0
        for line in LINE.finditer(self._buffer):
            shown.append(Shown(int(line[1]), line[2].decode("ascii")))
            end = line.end()
        self._buffer = self._buffer[end:][-LINE_LIMIT:]
        return shown
