"""Whether people can read a board or a badge: sizes by viewing distance (standards B3.1), contrast (B1.4). Pure."""

import math
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from config.schema import Screen

#: Height of a ticket number and of other text, as shares of the viewing distance.
NUMBER_HEIGHT = 0.010
TEXT_HEIGHT = 0.006
#: A board that shows fewer calls than this loses the one before last while people still look for it.
ROWS_MIN = 3
ROW_SPACING = 1.3
HEADING_LINES = 1.6
MARGIN = 0.05
MM_PER_INCH = 25.4


@dataclass(frozen=True, slots=True)
class Fit:
    """How a board's text fits: rows that have room, the share of its width a row needs, the farthest good seat."""

    rows: int
    width_share: float
    distance_max_m: float

    @property
    def is_tall_enough(self) -> bool:
        return self.rows >= ROWS_MIN

    @property
    def is_wide_enough(self) -> bool:
        return self.width_share <= 1


def fit(screen: Screen, distance_m: float, window_names: Iterable[str]) -> Fit:
    """Fit rows of a number ("A012") and the widest window name at the sizes the distance asks for."""
    width_mm, height_mm = size_mm(screen)
    number_m, text_m = NUMBER_HEIGHT * distance_m, TEXT_HEIGHT * distance_m
    row_mm = 1000 * number_m * ROW_SPACING
    heading_mm = 1000 * text_m * HEADING_LINES
    row_width_mm = 1000 * (number_m * (4 * 0.6 + 1) + text_m * max(map(_ems, window_names), default=0.0))
    usable_mm = width_mm * (1 - 2 * MARGIN)
    by_height = height_mm / (1000 * (TEXT_HEIGHT * HEADING_LINES + ROWS_MIN * NUMBER_HEIGHT * ROW_SPACING))
    by_width = distance_m * usable_mm / row_width_mm
    return Fit(
        rows=max(0, math.floor((height_mm - heading_mm) / row_mm)),
        width_share=row_width_mm / usable_mm,
        distance_max_m=min(by_height, by_width),
    )


def size_mm(screen: Screen) -> tuple[float, float]:
    """Width and height of a screen."""
    per_pixel = screen.inches * MM_PER_INCH / math.hypot(screen.width_px, screen.height_px)
    return screen.width_px * per_pixel, screen.height_px * per_pixel


def contrast_with_white(colour: str) -> float:
    """Contrast of white on a colour "#rrggbb" (WCAG 2.2)."""

    def linear(channel: int) -> float:
        share = channel / 255
        return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)

    red, green, blue = (linear(int(colour[at : at + 2], 16)) for at in (1, 3, 5))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def _ems(text: str) -> float:
    """Width of a text in heights of its letters: Chinese ones are square, others a little over half."""
    return sum(1.0 if unicodedata.east_asian_width(letter) in "WF" else 0.55 for letter in text)
