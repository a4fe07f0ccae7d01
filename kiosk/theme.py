"""How the kiosk looks: colours with their contrast, type sizes and touch targets in millimetres, turned into pixels.

Pure: knows no toolkit. Sizes are those of the real screen (standards B1.1, B1.2): a target is 20 mm or more on a
small screen and on a large one. A smaller window stands for the whole screen and shrinks everything alike.
"""

from dataclasses import dataclass, field
from enum import Enum, StrEnum
from functools import lru_cache
from math import hypot

MM_PER_INCH = 25.4

#: B1.1: wanted size of a target, the least ever, and the least gap between two.
TARGET_MM = 20.0
TARGET_MIN_MM = 15.0
GAP_MIN_MM = 3.0

#: B1.2 at 500 mm: height of a capital letter, and of a Chinese character's body box, is 0.7 degrees.
LETTER_HEIGHT_MM = 6.1
#: Height of a capital in Noto Sans CJK, in em.
CAPITAL_EM = 0.733
TEXT_MIN_MM = LETTER_HEIGHT_MM / CAPITAL_EM
#: The absolute floor, for screens too small for the above.
TEXT_FLOOR_MM = 4.8 / CAPITAL_EM

Rgba = tuple[float, float, float, float]


class Scale(float, Enum):
    """Sizes of type: ordinary, large, very large (B1.3)."""

    NORMAL = 1.0
    LARGE = 1.5
    LARGEST = 2.0

    def next(self) -> "Scale":
        """The size after this one, round and round."""
        sizes = list(Scale)
        return sizes[(sizes.index(self) + 1) % len(sizes)]


#: Where each scale stands in tables of three.
STEP = {scale: step for step, scale in enumerate(Scale)}


class Style(StrEnum):
    """Roles of text. The page is set in these and nothing else."""

    SMALL = "small"
    BODY = "body"
    NAME = "name"
    TITLE = "title"
    HALL = "hall"
    CLOCK = "clock"
    FIGURE = "figure"
    NUMBER = "number"


#: Size of each style in millimetres (em) at the three scales. What is large already grows less; what is smallest
#: grows in full.
TYPE_MM: dict[Style, tuple[float, float, float]] = {
    Style.SMALL: (8.4, 12.6, 16.8),
    Style.BODY: (9.4, 14.1, 18.8),
    Style.NAME: (12.4, 17.4, 22.0),
    Style.TITLE: (13.6, 18.0, 22.0),
    Style.HALL: (13.6, 16.0, 18.0),
    Style.CLOCK: (15.0, 17.0, 19.0),
    Style.FIGURE: (18.0, 22.0, 26.0),
    Style.NUMBER: (62.0, 66.0, 70.0),
}
LINE_HEIGHT = 1.3


class Colour(StrEnum):
    """Roles of colour."""

    PAGE = "page"
    PAGE_WAVE = "page_wave"
    CARD = "card"
    CARD_DOWN = "card_down"
    CARD_SHUT = "card_shut"
    EDGE = "edge"
    INK = "ink"
    INK_SOFT = "ink_soft"
    HEADER = "header"
    HEADER_DEEP = "header_deep"
    HEADER_WAVE = "header_wave"
    ON_HEADER = "on_header"
    ON_HEADER_SOFT = "on_header_soft"
    ACTION = "action"
    ACTION_DOWN = "action_down"
    ON_ACTION = "on_action"
    BUTTON = "button"
    BUTTON_DOWN = "button_down"
    ON_BUTTON = "on_button"
    BUTTON_EDGE = "button_edge"
    CHOSEN = "chosen"
    ON_CHOSEN = "on_chosen"
    GOOD = "good"
    ON_GOOD = "on_good"
    WARN = "warn"
    ON_WARN = "on_warn"
    VEIL = "veil"
    HEADING = "heading"


Palette = dict[Colour, str]

CALM: Palette = {
    Colour.PAGE: "#F1F5F7",
    Colour.PAGE_WAVE: "#E3ECF0",
    Colour.CARD: "#FFFFFF",
    Colour.CARD_DOWN: "#DCEAF0",
    Colour.CARD_SHUT: "#E9EEF1",
    Colour.EDGE: "#C9D6DE",
    Colour.INK: "#0E2A3F",
    Colour.INK_SOFT: "#46586A",
    Colour.HEADER: "#0F5673",
    Colour.HEADER_DEEP: "#0A2F4E",
    Colour.HEADER_WAVE: "#1C7F92",
    Colour.ON_HEADER: "#FFFFFF",
    Colour.ON_HEADER_SOFT: "#D7E9F0",
    Colour.ACTION: "#0B5C7D",
    Colour.ACTION_DOWN: "#083F57",
    Colour.ON_ACTION: "#FFFFFF",
    Colour.BUTTON: "#FFFFFF",
    Colour.BUTTON_DOWN: "#CFE2EA",
    Colour.ON_BUTTON: "#0B4560",
    Colour.BUTTON_EDGE: "#5C7F91",
    Colour.CHOSEN: "#0B5C7D",
    Colour.ON_CHOSEN: "#FFFFFF",
    Colour.GOOD: "#DDF1E4",
    Colour.ON_GOOD: "#0B5130",
    Colour.WARN: "#FFF0CF",
    Colour.ON_WARN: "#6B3E00",
    Colour.VEIL: "#06202F",
    Colour.HEADING: "#0B5C7D",
}

STRONG: Palette = {
    Colour.PAGE: "#000000",
    Colour.PAGE_WAVE: "#000000",
    Colour.CARD: "#000000",
    Colour.CARD_DOWN: "#3A3A00",
    Colour.CARD_SHUT: "#1C1C1C",
    Colour.EDGE: "#FFFFFF",
    Colour.INK: "#FFFFFF",
    Colour.INK_SOFT: "#FFFFFF",
    Colour.HEADER: "#000000",
    Colour.HEADER_DEEP: "#000000",
    Colour.HEADER_WAVE: "#000000",
    Colour.ON_HEADER: "#FFFFFF",
    Colour.ON_HEADER_SOFT: "#FFE94A",
    Colour.ACTION: "#FFE94A",
    Colour.ACTION_DOWN: "#FFFFFF",
    Colour.ON_ACTION: "#000000",
    Colour.BUTTON: "#000000",
    Colour.BUTTON_DOWN: "#4A4A00",
    Colour.ON_BUTTON: "#FFFFFF",
    Colour.BUTTON_EDGE: "#FFFFFF",
    Colour.CHOSEN: "#FFE94A",
    Colour.ON_CHOSEN: "#000000",
    Colour.GOOD: "#000000",
    Colour.ON_GOOD: "#7CFFB2",
    Colour.WARN: "#000000",
    Colour.ON_WARN: "#FFE94A",
    Colour.VEIL: "#000000",
    Colour.HEADING: "#FFE94A",
}

#: Every pair of colours that a text stands on, for the contrast test.
TEXT_PAIRS: tuple[tuple[Colour, Colour], ...] = (
    (Colour.INK, Colour.PAGE),
    (Colour.INK, Colour.PAGE_WAVE),
    (Colour.INK_SOFT, Colour.PAGE),
    (Colour.INK_SOFT, Colour.PAGE_WAVE),
    (Colour.INK, Colour.CARD),
    (Colour.INK_SOFT, Colour.CARD),
    (Colour.INK, Colour.CARD_DOWN),
    (Colour.INK_SOFT, Colour.CARD_DOWN),
    (Colour.INK, Colour.CARD_SHUT),
    (Colour.INK_SOFT, Colour.CARD_SHUT),
    (Colour.ON_HEADER, Colour.HEADER),
    (Colour.ON_HEADER, Colour.HEADER_DEEP),
    (Colour.ON_HEADER_SOFT, Colour.HEADER),
    (Colour.ON_HEADER_SOFT, Colour.HEADER_DEEP),
    (Colour.ON_ACTION, Colour.ACTION),
    (Colour.ON_ACTION, Colour.ACTION_DOWN),
    (Colour.ON_BUTTON, Colour.BUTTON),
    (Colour.ON_BUTTON, Colour.BUTTON_DOWN),
    (Colour.ON_CHOSEN, Colour.CHOSEN),
    (Colour.HEADING, Colour.CARD),
    (Colour.ON_GOOD, Colour.GOOD),
    (Colour.ON_WARN, Colour.WARN),
)

#: Every pair whose border must be seen (WCAG 1.4.11).
EDGE_PAIRS: tuple[tuple[Colour, Colour], ...] = (
    (Colour.BUTTON_EDGE, Colour.BUTTON),
    (Colour.BUTTON_EDGE, Colour.PAGE),
    (Colour.ACTION, Colour.PAGE),
    (Colour.CHOSEN, Colour.PAGE),
)


def rgba(colour: str, alpha: float = 1.0) -> Rgba:
    """Turn `#RRGGBB` into parts of one."""
    return (int(colour[1:3], 16) / 255, int(colour[3:5], 16) / 255, int(colour[5:7], 16) / 255, alpha)


def contrast(one: str, other: str) -> float:
    """Give the contrast ratio of two colours (WCAG 2.2)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in rgba(colour)[:3]
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@lru_cache(maxsize=256)
def darkened_for_white(colour: str, least: float = 4.6) -> str:
    """Darken a zone's colour until white letters can be read on it."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    while contrast(f"#{red:02X}{green:02X}{blue:02X}", "#FFFFFF") < least:
        red, green, blue = int(red * 0.95), int(green * 0.95), int(blue * 0.95)
    return f"#{red:02X}{green:02X}{blue:02X}"


@dataclass(frozen=True, slots=True)
class Stage:
    """The glass: its window in pixels and the diagonal of the screen it fills."""

    width_px: int
    height_px: int
    inches: float

    @property
    def px_per_mm(self) -> float:
        """Pixels of one millimetre."""
        return hypot(self.width_px, self.height_px) / (self.inches * MM_PER_INCH)

    @property
    def width_mm(self) -> float:
        """Width of the glass."""
        return self.width_px / self.px_per_mm

    @property
    def height_mm(self) -> float:
        """Height of the glass."""
        return self.height_px / self.px_per_mm

    @property
    def is_portrait(self) -> bool:
        """Upright or lying."""
        return self.height_px >= self.width_px


@dataclass(frozen=True, slots=True)
class Look:
    """Everything that decides how a page is drawn."""

    stage: Stage
    language: str = "zh"
    scale: Scale = Scale.NORMAL
    has_high_contrast: bool = False
    has_low_controls: bool = False
    #: How much larger than on a 21.5 inch screen things are drawn; on a small one smaller, down to B1.2's floor.
    growth: float = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        short, long = sorted((self.stage.width_mm, self.stage.height_mm))
        # Large type is farther from the floor, so a small glass shows it as a large one does, only smaller.
        least = TEXT_FLOOR_MM / TEXT_MIN_MM / self.scale
        # Counted once: every length of every page asks for it.
        object.__setattr__(self, "growth", min(1.8, max(least, min(short / 266.5, long / 475.0))))

    def px(self, mm: float) -> float:
        """Millimetres on the glass in pixels, larger on a large screen."""
        return mm * self.growth * self.stage.px_per_mm

    def mm(self, px: float) -> float:
        """Pixels in true millimetres."""
        return px / self.stage.px_per_mm

    def type_px(self, style: Style) -> float:
        """Size of a style in pixels."""
        return self.px(self.type_mm(style))

    def type_mm(self, style: Style) -> float:
        """Size of a style in millimetres, before growth."""
        return TYPE_MM[style][STEP[self.scale]]

    @property
    def type_min_px(self) -> float:
        """Below this no text is ever set (B1.2)."""
        return max(TEXT_FLOOR_MM, TEXT_MIN_MM * min(1.0, self.growth)) * self.stage.px_per_mm

    def at_least(self, mm: float) -> float:
        """Millimetres before growth that are `mm` true ones also on a small screen."""
        return mm / min(1.0, self.growth)

    @property
    def palette(self) -> Palette:
        """Colours in force."""
        return STRONG if self.has_high_contrast else CALM

    def colour(self, role: Colour, alpha: float = 1.0) -> Rgba:
        """A colour as parts of one."""
        return rgba(self.palette[role], alpha)

    def zone_colour(self, colour: str) -> str:
        """A zone's colour, fit to stand under white; in high contrast colour says nothing."""
        return "#FFFFFF" if self.has_high_contrast else darkened_for_white(colour)

    @property
    def on_zone(self) -> str:
        """Colour of a mark on a zone's colour."""
        return "#000000" if self.has_high_contrast else "#FFFFFF"
