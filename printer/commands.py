"""The bytes of a whole ticket: rendered first, sent later by others.

python-escpos gives the commands (initialise, picture, QR, sizes), with one profile for all: our printers differ by
`Profile`, and its "no profile" prints warnings to the terminal. Manual references are to Epson's ESC/POS reference.
"""

from dataclasses import dataclass
from enum import StrEnum

from escpos.constants import PAPER_FULL_CUT, PAPER_PART_CUT, QR_ECLEVEL_M
from escpos.printer import Dummy
from PIL import Image

from printer import fonts
from printer.layout import Block, TicketPrint, blocks
from printer.papers import PaperPrint
from printer.profile import Cut, Encoding, Mode, Profile, TextQr
from printer.qr import QUIET, modules
from printer.raster import DOTS_PER_MM, code_picture, draw
from printer.slips import Slip
from printer.text import Code, TextLine, TextPart, encode, set_text, unprintable

#: A printer of 576 dots that knows every command used here.
ESCPOS_PROFILE = "TM-T20II"

#: FS &: Chinese mode on; two bytes from 0x81 on are one character.
CHINESE_ON = b"\x1c&"

#: FS ( C, function 48, m = 2: text is UTF-8.
UTF_8_ON = b"\x1c(C\x02\x000\x02"

#: GS a 0: no status bytes unasked; they would be taken for answers.
NO_UNASKED_STATUS = b"\x1da\x00"

#: GS r 1: tell the paper sensor. Answered in its turn, so the answer means that all before it is done.
ASK_WHEN_DONE = b"\x1dr\x01"

#: Rows of one picture command. Small printers hold no more than a few kilobytes of one.
BAND_ROWS = 256

#: From the head to the knife.
FEED_LINES = 5

LINE_DOTS = 30


class Rendering(StrEnum):
    """What was chosen for one ticket."""

    RASTER = "raster"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class PrintJob:
    """The bytes of one ticket, its name for the printer's own queue, and how much paper it takes."""

    name: str
    data: bytes
    rendering: Rendering
    length_mm: float


def prepare(paper: TicketPrint | Slip | PaperPrint, profile: Profile, mode: Mode) -> PrintJob:
    """Make the bytes of a ticket, a slip or a paper."""
    parts = blocks(paper) if isinstance(paper, TicketPrint) else paper.blocks()
    return prepare_blocks(paper.number, parts, profile, mode)


def prepare_blocks(name: str, parts: tuple[Block, ...], profile: Profile, mode: Mode) -> PrintJob:
    """Make the bytes of blocks."""
    lines = set_text(parts, profile.columns)
    rendering = choose(lines, profile, mode)
    writer = Writer(profile)
    if rendering is Rendering.RASTER:
        writer.picture(draw(parts, profile.width_px))
    else:
        writer.lines(lines)
    return writer.job(name, rendering)


def choose(lines: list[TextPart], profile: Profile, mode: Mode) -> Rendering:
    """Raster wherever it is quick; text on a slow line, unless that would lose a character."""
    match mode:
        case Mode.RASTER:
            return Rendering.RASTER
        case Mode.TEXT:
            return Rendering.TEXT
        case Mode.AUTO:
            if not fonts.available():
                return Rendering.TEXT
            if profile.is_slow and not unprintable(lines, profile.encoding):
                return Rendering.TEXT
            return Rendering.RASTER


class Writer:
    """Collects commands and counts paper."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._out = Dummy(profile=ESCPOS_PROFILE)
        self._dots = 0
        self._out.hw("INIT")
        self._out._raw(NO_UNASKED_STATUS)

    def picture(self, picture: Image.Image) -> None:
        self._out.image(picture, impl="bitImageRaster", fragment_height=BAND_ROWS)
        self._dots += picture.size[1]

    def lines(self, parts: list[TextPart]) -> None:
        self._out._raw(UTF_8_ON if self._profile.encoding is Encoding.UTF_8 else CHINESE_ON)
        for part in parts:
            if isinstance(part, Code):
                self._code(part.url)
            else:
                self._line(part)

    def _line(self, line: TextLine) -> None:
        # custom_size is GS !, meant for western and Chinese characters; ESC ! would leave Chinese small.
        align = "center" if line.centred else "left"
        self._out.set(align=align, custom_size=True, width=line.wide, height=line.high, bold=line.bold)
        self._out._raw(encode(line.text, self._profile.encoding) + b"\n")
        self._dots += max(LINE_DOTS, 24 * line.high + 6)

    def _code(self, url: str) -> None:
        self._out.set(align="center", custom_size=True, width=1, height=1, bold=False)
        across = self._profile.width_px // (len(modules(url)) + 2 * QUIET)
        dot = max(1, min(5 if self._profile.paper_mm == 58 else 6, across))
        if self._profile.text_qr is TextQr.NATIVE:
            self._out.qr(url, native=True, size=dot, ec=QR_ECLEVEL_M)
        else:
            self._out.image(code_picture(url, dot), impl="bitImageRaster", fragment_height=BAND_ROWS)
        self._out._raw(b"\n")
        self._dots += dot * len(modules(url)) + LINE_DOTS

    def job(self, name: str, rendering: Rendering) -> PrintJob:
        self._out._raw(b"\x1bd" + bytes([FEED_LINES]))
        if self._profile.cut is not Cut.NONE:
            self._out._raw(PAPER_FULL_CUT if self._profile.cut is Cut.FULL else PAPER_PART_CUT)
        dots = self._dots + FEED_LINES * LINE_DOTS
        return PrintJob(name, bytes(self._out.output), rendering, dots / DOTS_PER_MM)
