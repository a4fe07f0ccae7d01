"""The two Chinese faces Kivy draws with, as files of one face each, and the proof that they are not boxes.

Kivy opens a collection at face 0, which in Noto CJK is the Japanese one, and has no fallback from font to font; so
the simplified face is taken out once and kept in a cache folder. Must not import Kivy except in the proof.
"""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from fontTools.ttLib import TTCollection, TTFont

from printer.fonts import FontFace, bold, regular

#: 䶮 stands outside GBK: a font that has it is a whole one (standards C4).
PROOF = "䶮国"

FONT_NAME = "KioskSC"


@dataclass(frozen=True, slots=True)
class FontFiles:
    """Files of the regular and the bold face."""

    regular: Path
    bold: Path


class FontTrouble(Exception):
    """The screen would show boxes instead of characters; the kiosk must not start."""


def prepare(cache: Path) -> FontFiles:
    """Take the faces out of their collections, once; about half a second the first time."""
    return FontFiles(_single(regular(), cache), _single(bold(), cache))


def _single(face: FontFace, cache: Path) -> Path:
    if face.path.suffix.lower() not in (".ttc", ".otc"):
        return face.path
    state = face.path.stat()
    mark = sha256(f"{face.path}:{face.index}:{state.st_size}:{state.st_mtime_ns}".encode()).hexdigest()[:12]
    target = cache / f"{face.path.stem}-{face.index}-{mark}.otf"
    if not target.is_file():
        cache.mkdir(parents=True, exist_ok=True)
        part = target.with_suffix(".part")
        with TTCollection(str(face.path), lazy=True) as collection:
            collection.fonts[face.index].save(str(part))
        part.replace(target)
    return target


def characters(file: Path) -> frozenset[int]:
    """The code points a face can draw."""
    with TTFont(str(file), lazy=True) as font:
        return frozenset(font.getBestCmap())


def prove() -> None:
    """Draw the proof with Kivy's default font and compare it with a box; raise FontTrouble if it is one.

    Note: opens the window's graphics; to be called once the window is there.
    """
    from kivy.core.text import Label  # imports Kivy: the order of set-up is the caller's business

    def drawn(text: str) -> bytes:
        label = Label(text=text, font_size=40)
        label.refresh()
        return bytes(label.texture.pixels) if label.texture else b""

    box = drawn("\U0010fffd")
    seen = [drawn(character) for character in PROOF]
    if box in seen or seen[0] == seen[1] or not all(any(pixels) for pixels in seen):
        raise FontTrouble(
            f"the screen font cannot draw {PROOF}: install a Chinese font (pip install noto-cjk-sans-otc, "
            "apt install fonts-noto-cjk) and start again"
        )
