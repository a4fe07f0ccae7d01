"""Breaking text into lines and choosing its size, so that nothing is ever clipped.

Pure: how wide a text is at a size is asked of a function. Chinese breaks between any two characters but never before
closing punctuation nor between a figure and what it counts; other words break at spaces only, and a Chinese name
within an English sentence is such a word.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import floor

from kiosk.theme import LINE_HEIGHT

#: Width in pixels of one line of text at a size in pixels.
Measure = Callable[[str, float], float]

_NOT_FIRST = "，。、；：？！）》」』〉”’％%)]}·…–-"
_NOT_LAST = "（《「『〈“‘([{"
#: A Chinese name longer than this is broken even within an English sentence.
_NAME_MAX = 10
#: Steps in which type shrinks when it does not fit.
_SHRINK = 0.94


@dataclass(frozen=True, slots=True)
class Set:
    """A text that has been set."""

    lines: tuple[str, ...]
    size: float
    is_whole: bool

    @property
    def height(self) -> float:
        """Height in pixels."""
        return len(self.lines) * self.size * LINE_HEIGHT


def fit(text: str, width: float, height: float, size: float, size_min: float, measure: Measure, lines_max: int) -> Set:
    """Set the text in its size, in more lines if need be, smaller if it must; `is_whole` tells whether it fits."""
    tried = Set((), size, False)
    while True:
        lines = break_lines(text, width, size, measure)
        fits_width = all(measure(line, size) <= width for line in lines)
        tried = Set(
            lines, size, fits_width and len(lines) <= lines_max and len(lines) * size * LINE_HEIGHT <= height + 1
        )
        if tried.is_whole or size <= size_min:
            return tried
        size = max(size_min, floor(size * _SHRINK))


def break_lines(text: str, width: float, size: float, measure: Measure) -> tuple[str, ...]:
    """Break into as few lines as fit the width, then even them out so that no line is left with one sign."""
    found: list[str] = []
    for paragraph in text.split("\n"):
        greedy = _greedy(_pieces(paragraph), width, size, measure)
        found.extend(_evened(paragraph, greedy, width, size, measure))
    return tuple(found)


def _evened(paragraph: str, greedy: list[str], width: float, size: float, measure: Measure) -> list[str]:
    """Narrow the column while the number of lines stays the same."""
    if len(greedy) < 2:
        return greedy
    best, narrow = greedy, width
    while narrow > width * 0.5:
        narrow -= width * 0.05
        lines = _greedy(_pieces(paragraph), narrow, size, measure)
        if len(lines) > len(greedy) or any(measure(line, size) > narrow for line in lines):
            return best
        best = lines
    return best


def _pieces(text: str) -> list[str]:
    """Cut where a line may end; a piece keeps its trailing space."""
    pieces: list[str] = []
    is_english = text[:1].isascii() and text[:1].isalpha()
    for sign in text:
        is_wide = ord(sign) >= 0x2E80
        before = pieces[-1][-1] if pieces else " "
        may_break = (before == " " or is_wide or ord(before) >= 0x2E80) and sign not in _NOT_FIRST and sign != " "
        if is_wide and "0" <= before <= "9":
            may_break = False
        if is_english and is_wide and ord(before) >= 0x2E80 and len(pieces[-1]) < _NAME_MAX:
            may_break = False
        if pieces and (not may_break or before in _NOT_LAST):
            pieces[-1] += sign
        else:
            pieces.append(sign)
    return pieces


def _greedy(pieces: list[str], width: float, size: float, measure: Measure) -> list[str]:
    # Piece by piece: the same few signs and words are measured for all texts, where whole lines are all different.
    lines, line, used = [], "", 0.0
    for piece in pieces:
        bare = piece.rstrip()
        if line and used + measure(bare, size) > width:
            lines.append(line.rstrip())
            line, used = "", 0.0
        line += piece
        used += measure(piece, size)
    lines.append(line.rstrip())
    return lines
