"""Sets a line of text from several font files: a character that one face lacks is taken from the next.

Pillow alone would draw an empty box for it. A character that no font of this machine has becomes 〓, the printers' sign
for "a character stands here that cannot be printed"; never "?".
"""

from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Self

from PIL import ImageDraw, ImageFont

from printer import fonts

MISSING = "〓"

#: Never a character: what a font draws for it is its picture of "missing".
NO_CHARACTER = "\uffff"

#: Nothing on a ticket is set smaller than this; at 8 dots a millimetre it is 2 mm.
SMALLEST_PX = 16


@cache
def _font(face: fonts.FontFace, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(face.path), size, index=face.index, layout_engine=ImageFont.Layout.BASIC)


@cache
def _picture(face: fonts.FontFace, character: str) -> bytes:
    return bytes(_font(face, 24).getmask(character))


@cache
def face_for(character: str, preferred: fonts.FontFace) -> fonts.FontFace | None:
    """The first face that has the character, the preferred one before all others."""
    for face in (preferred, *fonts.available()):
        if character.isspace() or _picture(face, character) != _picture(face, NO_CHARACTER):
            return face
    return None


def missing_characters(text: str) -> set[str]:
    """The characters that no font of this machine can draw."""
    return {character for character in text if face_for(character, fonts.regular()) is None}


@dataclass(frozen=True, slots=True)
class Line:
    """A text in one size, ready to be drawn: runs of characters with the face of each."""

    face: "Typeface"
    runs: tuple[tuple[fonts.FontFace, str], ...]

    @property
    def width(self) -> int:
        return round(sum(_font(face, self.face.size).getlength(text) for face, text in self.runs))

    @property
    def ink(self) -> tuple[int, int]:
        """Top and bottom of the black, from the line's top."""
        boxes = [_font(face, self.face.size).getbbox(text, anchor="ls") for face, text in self.runs]
        return (
            self.face.ascent + round(min(box[1] for box in boxes)),
            self.face.ascent + round(max(box[3] for box in boxes)),
        )

    def draw(self, canvas: ImageDraw.ImageDraw, x: float, y: int, fill: int) -> None:
        """Draw with the line's upper left corner at x, y; all runs on one base line."""
        for face, text in self.runs:
            font = _font(face, self.face.size)
            canvas.text((x, y + self.face.ascent), text, fill=fill, font=font, anchor="ls")
            x += font.getlength(text)


@dataclass(frozen=True, slots=True)
class Typeface:
    """A face in one size. Line heights come from the size, not from the font: fonts claim wildly different ones."""

    face: fonts.FontFace
    size: int

    @classmethod
    def regular(cls, size: int) -> Self:
        return cls(fonts.regular(), size)

    @classmethod
    def bold(cls, size: int) -> Self:
        return cls(fonts.bold(), size)

    @property
    def height(self) -> int:
        return round(self.size * 1.26)

    @property
    def ascent(self) -> int:
        return round(self.size * 1.0)

    def line(self, text: str) -> Line:
        """Choose a face for every character."""
        chosen = [(face_for(character, self.face), character) for character in text]
        known = [(face, character) if face else (self.face, MISSING) for face, character in chosen]
        runs = groupby(known, key=lambda pair: pair[0])
        return Line(self, tuple((face, "".join(character for _, character in run)) for face, run in runs))

    def measure(self, text: str) -> float:
        """The width of a text in dots."""
        return self.line(text).width

    def fitted(self, text: str, width: int) -> Line:
        """The text on one line, in a smaller size where it would not fit; cut off where even that is too wide."""
        size = self.size
        while size > SMALLEST_PX and Typeface(self.face, size).measure(text) > width:
            size -= max(1, size // 24)
        face = Typeface(self.face, size)
        while len(text) > 1 and face.measure(text) > width:
            text = text[:-2] + "…"
        return face.line(text)
