"""What a printer would put on paper: commands in, pictures of the cut tickets out.

Serves the preview device and the simulator. It is a reading of the bytes that were really sent, not of the ticket, so
a wrong byte is seen.
"""

from codecs import IncrementalDecoder, getincrementaldecoder
from dataclasses import dataclass, field

from PIL import Image, ImageDraw

from printer.glyphs import Typeface
from printer.qr import modules
from printer.tokens import CUT, NEW_LINE, PICTURE, TEXT, Command

#: The printer's font: 12 × 24 dots for a western character, 24 × 24 for a Chinese one.
CELL_WIDTH, CELL_HEIGHT, LINE_GAP = 12, 24, 6
WHITE, BLACK = 255, 0

QR_SIZE, QR_STORE, QR_PRINT = b"1C", b"1P0", b"1Q0"


#: What a printer prints before it is told that Chinese comes.
WESTERN = "cp437"


def decoder(encoding: str) -> IncrementalDecoder:
    """Reads text that may be cut in the middle of a character."""
    return getincrementaldecoder(encoding)(errors="replace")


@dataclass(slots=True)
class Style:
    """What commands have switched on."""

    wide: int = 1
    high: int = 1
    bold: bool = False
    align: int = 0
    inverse: bool = False
    qr_dot: int = 3
    qr_text: str = ""


@dataclass(slots=True)
class Paper:
    """The roll: what is printed so far, and the pictures already cut off."""

    width_px: int
    cut: list[Image.Image] = field(default_factory=list)
    unknown: list[bytes] = field(default_factory=list)
    style: Style = field(default_factory=Style)
    _strips: list[Image.Image] = field(default_factory=list)
    _line: list[Image.Image] = field(default_factory=list)
    _decoder: IncrementalDecoder = field(default_factory=lambda: decoder(WESTERN))

    @property
    def rows(self) -> int:
        """Rows printed since the last cut."""
        return sum(strip.size[1] for strip in self._strips)

    def torn_off(self) -> Image.Image:
        """The picture since the last cut, as torn off by hand; empty paper has one row."""
        height = max(1, self.rows)
        picture = Image.new("L", (self.width_px, height), WHITE)
        y = 0
        for strip in self._strips:
            picture.paste(strip, (0, y))
            y += strip.size[1]
        self._strips.clear()
        return picture

    def obey(self, command: Command) -> None:
        """Carry out one command."""
        name, data = command.name, command.data
        if name == TEXT:
            self._text(data)
        elif name == NEW_LINE:
            self._end_line()
        elif name == PICTURE:
            self._picture(data)
        elif name == CUT:
            self.cut.append(self.torn_off())
        elif name == b"\x1bd":
            self._feed(data[0] * (CELL_HEIGHT + LINE_GAP))
        elif name == b"\x1d(k":
            self._code(data[2:])
        else:
            self._switch(name, data)

    def _switch(self, name: bytes, data: bytes) -> None:
        style = self.style
        match name:
            case b"\x1b@":
                self.style = Style()
                self._decoder = decoder(WESTERN)
                self._line.clear()
            case b"\x1c&":
                self._decoder = decoder("gb18030")
            case b"\x1c.":
                self._decoder = decoder(WESTERN)
            case b"\x1c(C":
                self._decoder = decoder("utf-8" if data[2:4] == b"0\x02" else WESTERN)
            case b"\x1d!":
                style.wide, style.high = (data[0] >> 4) + 1, (data[0] & 15) + 1
            case b"\x1bE":
                style.bold = bool(data[0] & 1)
            case b"\x1ba":
                style.align = data[0] % 48
            case b"\x1dB":
                style.inverse = bool(data[0] & 1)
            case b"\x1da" | b"\x1dr" | b"\x10\x04":
                pass
            case _:
                self.unknown.append(name + data)

    def _text(self, data: bytes) -> None:
        for character in self._decoder.decode(data):
            cell = self._cell(character)
            if sum(each.size[0] for each in self._line) + cell.size[0] > self.width_px:
                self._end_line()
            self._line.append(cell)

    def _cell(self, character: str) -> Image.Image:
        style = self.style
        width = CELL_WIDTH if character.isascii() else 2 * CELL_WIDTH
        face = Typeface.bold(22) if style.bold else Typeface.regular(22)
        line = face.line(character)
        picture = Image.new("L", (max(width, line.width), CELL_HEIGHT), WHITE)
        line.draw(ImageDraw.Draw(picture), (picture.size[0] - line.width) / 2, -2, BLACK)
        picture = picture.resize((width * style.wide, CELL_HEIGHT * style.high), Image.Resampling.BICUBIC)
        dark, light = (WHITE, BLACK) if style.inverse else (BLACK, WHITE)
        return picture.point(lambda grey: light if grey > 140 else dark)

    def _end_line(self) -> None:
        height = max((cell.size[1] for cell in self._line), default=CELL_HEIGHT)
        strip = Image.new("L", (self.width_px, height + LINE_GAP), WHITE)
        x = self._start(sum(cell.size[0] for cell in self._line))
        for cell in self._line:
            strip.paste(cell, (x, height - cell.size[1]))
            x += cell.size[0]
        self._line.clear()
        self._strips.append(strip)

    def _start(self, width: int) -> int:
        return (0, (self.width_px - width) // 2, self.width_px - width)[self.style.align % 3]

    def _picture(self, data: bytes) -> None:
        """GS v 0: a set bit is a black dot."""
        wide, rows = int.from_bytes(data[1:3], "little") * 8, int.from_bytes(data[3:5], "little")
        dots = Image.frombytes("1", (wide, rows), bytes(byte ^ 0xFF for byte in data[5:]))
        strip = Image.new("L", (self.width_px, rows), WHITE)
        strip.paste(dots.convert("L"), (max(0, self._start(wide)), 0))
        self._strips.append(strip)

    def _code(self, data: bytes) -> None:
        if data.startswith(QR_SIZE):
            self.style.qr_dot = data[2]
        elif data.startswith(QR_STORE):
            self.style.qr_text = data[3:].decode()
        elif data.startswith(QR_PRINT):
            matrix = modules(self.style.qr_text)
            code = Image.new("L", (len(matrix), len(matrix)), WHITE)
            code.putdata([BLACK if dark else WHITE for row in matrix for dark in row])
            side = len(matrix) * self.style.qr_dot
            self._line.append(code.resize((side, side), Image.Resampling.NEAREST))
            self._end_line()

    def _feed(self, rows: int) -> None:
        if self._line:
            self._end_line()
        if rows:
            self._strips.append(Image.new("L", (self.width_px, rows), WHITE))
