"""Which font face draws which character on an A4 sheet: the first of this machine that has it, as on tickets."""

import logging

from fpdf import FPDF
from fpdf.fonts import TTFFont

from printer import fonts

logging.getLogger("fontTools").setLevel(logging.ERROR)

#: The printers' sign for a character that no font of this machine has.
MISSING = "〓"

Run = tuple[str, str]


class Faces:
    """The faces of one document. The regular and the bold one are loaded at once, others when a character wants them."""

    def __init__(self, pdf: FPDF) -> None:
        self._pdf = pdf
        self._order = {
            False: tuple(dict.fromkeys((fonts.regular(), fonts.bold(), *fonts.available()))),
            True: tuple(dict.fromkeys((fonts.bold(), fonts.regular(), *fonts.available()))),
        }
        self._names: dict[fonts.FontFace, str] = {}
        self._chosen: dict[tuple[str, bool], tuple[str, str]] = {}

    def _name(self, face: fonts.FontFace) -> str:
        """The document's name of a face; loads it."""
        if (known := self._names.get(face)) is not None:
            return known
        name = self._names[face] = f"f{len(self._names)}"
        self._pdf.add_font(name, "", str(face.path), collection_font_number=face.index)
        return name

    def _choose(self, character: str, *, bold: bool) -> tuple[str, str]:
        """A character's face, and the character or the sign that stands for it."""
        key = (character, bold)
        if key not in self._chosen:
            names = map(self._name, self._order[bold])
            found = next((name for name in names if self._has(name, character)), None)
            self._chosen[key] = (found, character) if found else (self._name(self._order[bold][0]), MISSING)
        return self._chosen[key]

    def _has(self, name: str, character: str) -> bool:
        face = self._pdf.fonts[name]
        return isinstance(face, TTFFont) and ord(character) in face.cmap

    def runs(self, text: str, *, bold: bool) -> list[Run]:
        """The text in pieces of one face each."""
        found: list[Run] = []
        for character in text:
            name, shown = self._choose(character, bold=bold)
            if found and found[-1][0] == name:
                found[-1] = (name, found[-1][1] + shown)
            else:
                found.append((name, shown))
        return found

    def width(self, text: str, size: float, *, bold: bool = False) -> float:
        """How wide a text is, in millimetres."""
        total = 0.0
        for name, piece in self.runs(text, bold=bold):
            self._pdf.set_font(name, size=size)
            total += self._pdf.get_string_width(piece)
        return total

    def draw(self, x: float, y: float, text: str, size: float, *, bold: bool = False) -> None:
        """Set a text with its base line at y."""
        for name, piece in self.runs(text, bold=bold):
            self._pdf.set_font(name, size=size)
            self._pdf.text(x, y, piece)
            x += self._pdf.get_string_width(piece)
