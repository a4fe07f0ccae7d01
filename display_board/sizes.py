"""How large a board draws things, from its real size and the farthest seat (standards B3.1).

Pure arithmetic: millimetres on the wall to pixels, and how many rows then fit. Knows no browser and no hall.
"""

from dataclasses import dataclass, replace
from math import hypot

#: Character heights in millimetres per metre of viewing distance.
NUMBER_MM_PER_M = 10.0
TEXT_MM_PER_M = 6.0
FLOOR_MM_PER_M = 4.0

#: Height of a digit and of a Chinese character, as parts of the font size (Noto Sans CJK; WenQuanYi is alike).
DIGIT_HEIGHT = 0.733
HAN_HEIGHT = 0.88

#: Widths as parts of the font size: a number such as A012 (a fifth character is set narrower), one digit, 号窗口.
NUMBER_WIDTH = 2.45
DIGIT_WIDTH = 0.575
WINDOW_WORD_WIDTH = 3.05
#: A zone's line in the side panel of a wide board: people waiting and the expected wait, in small text.
ZONE_WIDTH = 9.7

ROW_HEIGHT = 0.86
#: On a wide board a zone takes two lines, on a tall one a single line and at most this part of the height.
ZONE_ROW_HEIGHT_WIDE = 2.85
ZONE_ROW_HEIGHT_TALL = 1.6
ZONES_SHARE_TALL = 0.28
HEADER_HEIGHT = 1.6
FOOTER_HEIGHT = 1.5

MIN_ROWS = 3
#: Past so many rows a list is no longer read at a glance: larger type is worth more.
WANTED_ROWS_WIDE = 6
WANTED_ROWS_TALL = 8
LARGEST_SCALE = 4.0
SCALE_STEP = 0.02


@dataclass(frozen=True, slots=True)
class Wall:
    """A board on its wall: pixels the browser draws, diagonal in inches, farthest seat, and what it has to show."""

    width_px: int
    height_px: int
    inches: float
    distance_m: float
    zones: int = 1
    has_notices: bool = True
    window_digits: int = 2

    @property
    def mm_per_px(self) -> float:
        return self.inches * 25.4 / hypot(self.width_px, self.height_px)

    @property
    def is_wide(self) -> bool:
        return self.width_px >= self.height_px


@dataclass(frozen=True, slots=True)
class Layout:
    """Font sizes and boxes in pixels, and what they come to on the wall."""

    is_wide: bool
    number_px: float
    text_px: float
    small_px: float
    gap_px: float
    header_px: float
    footer_px: float
    rows: int
    row_px: float
    calls_width_px: float
    window_px: float
    zone_rows: int
    zone_row_px: float
    number_mm: float
    text_mm: float
    small_mm: float
    readable_m: float
    text_is_preferred: bool
    fits: bool


def lay_out(wall: Wall) -> Layout:
    """Give the largest sizes that leave enough rows; below the standard's sizes only with `fits` false."""
    wanted = WANTED_ROWS_WIDE if wall.is_wide else WANTED_ROWS_TALL
    steps = round((LARGEST_SCALE - 1) / SCALE_STEP)
    for step in range(steps, -1, -1):
        generous = _at_scale(wall, 1 + step * SCALE_STEP, TEXT_MM_PER_M)
        if generous and generous.rows >= wanted:
            return generous
    for text_mm_per_m in (TEXT_MM_PER_M, FLOOR_MM_PER_M):
        standard = _at_scale(wall, 1.0, text_mm_per_m)
        if standard and standard.rows >= MIN_ROWS:
            return standard
    for percent in range(99, 4, -1):
        small = _at_scale(wall, percent / 100, FLOOR_MM_PER_M)
        if small and small.rows >= MIN_ROWS:
            return replace(small, fits=False)
    raise ValueError(f"a board of {wall.width_px}x{wall.height_px} pixels shows no row at all")


def _at_scale(wall: Wall, scale: float, text_mm_per_m: float) -> Layout | None:
    """Lay out with every size `scale` times the standard's; None when not one row fits."""

    def font_px(mm_per_m: float, height: float) -> float:
        return mm_per_m * wall.distance_m * scale / wall.mm_per_px / height

    number, text, small = (
        font_px(NUMBER_MM_PER_M, DIGIT_HEIGHT),
        font_px(text_mm_per_m, HAN_HEIGHT),
        font_px(FLOOR_MM_PER_M, HAN_HEIGHT),
    )
    gap = max(6.0, small * 0.16)
    row_width = number * (NUMBER_WIDTH + DIGIT_WIDTH * wall.window_digits) + text * WINDOW_WORD_WIDTH + gap * 4
    row = max(number * ROW_HEIGHT, (text + small) * 1.02)
    header = max(small * HEADER_HEIGHT, text * 1.2)
    footer = small * FOOTER_HEIGHT if wall.has_notices else 0.0
    body = wall.height_px - header - footer - gap * (3 if wall.has_notices else 2)
    if wall.is_wide:
        zone_row = small * ZONE_ROW_HEIGHT_WIDE
        calls_width = wall.width_px - small * ZONE_WIDTH - gap * 3
        zone_rows = min(wall.zones, _rows(body, zone_row, gap))
        calls_height = body
    else:
        zone_row = small * ZONE_ROW_HEIGHT_TALL
        calls_width = wall.width_px - gap * 2
        zone_rows = min(wall.zones, _rows(body * ZONES_SHARE_TALL, zone_row, gap))
        calls_height = body - zone_rows * (zone_row + gap)
    if calls_width < row_width or zone_rows < 1 or calls_height < row:
        return None
    rows = _rows(calls_height, row, gap)
    number_mm = number * DIGIT_HEIGHT * wall.mm_per_px
    return Layout(
        is_wide=wall.is_wide,
        number_px=number,
        text_px=text,
        small_px=small,
        gap_px=gap,
        header_px=header,
        footer_px=footer,
        rows=rows,
        row_px=(calls_height + gap) / rows - gap,
        calls_width_px=calls_width,
        window_px=number * DIGIT_WIDTH * wall.window_digits,
        zone_rows=zone_rows,
        zone_row_px=zone_row,
        number_mm=number_mm,
        text_mm=text * HAN_HEIGHT * wall.mm_per_px,
        small_mm=small * HAN_HEIGHT * wall.mm_per_px,
        readable_m=number_mm / NUMBER_MM_PER_M,
        text_is_preferred=text_mm_per_m == TEXT_MM_PER_M,
        fits=True,
    )


def _rows(height_px: float, row_px: float, gap_px: float) -> int:
    return int((height_px + gap_px) / (row_px + gap_px) + 1e-9)
