"""Where things stand on a page: rectangles and how many cards fit, computed from the look.

Pure geometry in millimetres (before growth), handed out in pixels; the origin is the lower left corner as in Kivy.
Chrome (header, title, navigation, control bar) is the same on every page, so that what is always there is always in
the same place. With controls low, every target of an upright screen lies in its lower half, or on a small one no
higher than that half of a 21.5 inch screen reaches (standards B1.11).
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from kiosk.theme import GAP_MIN_MM, LINE_HEIGHT, STEP, TARGET_MIN_MM, TARGET_MM, Look, Scale, Style

#: B1.6: no more choices than this on a page.
CHOICES_MAX = 8

MARGIN_MM = 11.0
GAP_MM = 5.0
BAR_GAP_MM = 3.2
BAR_SLOTS = 6

#: Part of the height in which targets may lie when controls are low. A lying screen is not tall enough to need a half.
LOW_PART_PORTRAIT = 0.5
LOW_PART_LANDSCAPE = 0.66

#: Who reaches the lower half of a 21.5 inch screen reaches as far up on a smaller one; true millimetres.
LOW_REACH_MM = 237.0

#: Widest word of the control bar, in em (measured: "Contrast" in English, three characters in Chinese).
BAR_WORD_EM = {"zh": 3.0, "en": 4.05}


class Grid(StrEnum):
    """Kinds of pages full of cards."""

    ZONES = "zones"
    SERVICES = "services"
    GROUPS = "groups"
    FOUND = "found"
    HELP = "help"
    LEVELS = "levels"
    POINTS = "points"
    OPTIONS = "options"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels."""

    x: float
    y: float
    width: float
    height: float

    @property
    def top(self) -> float:
        """Upper edge."""
        return self.y + self.height

    @property
    def right(self) -> float:
        """Right edge."""
        return self.x + self.width


@dataclass(frozen=True, slots=True)
class Cells:
    """How a page of cards is divided."""

    columns: int
    rows: int

    @property
    def count(self) -> int:
        """Cards of one page."""
        return min(CHOICES_MAX, self.columns * self.rows)


#: Least width and height of a card in millimetres at the three scales: (width, height).
_CARD_MM = {
    Grid.ZONES: ((104.0, 46.0), (145.0, 56.0), (200.0, 68.0)),
    Grid.SERVICES: ((150.0, 32.0), (200.0, 50.0), (215.0, 62.0)),
    Grid.GROUPS: ((110.0, 36.0), (145.0, 52.0), (200.0, 64.0)),
    Grid.FOUND: ((150.0, 30.0), (200.0, 44.0), (215.0, 56.0)),
    Grid.HELP: ((110.0, 36.0), (145.0, 52.0), (200.0, 64.0)),
    Grid.LEVELS: ((60.0, 20.3), (60.0, 20.3), (60.0, 20.3)),
    Grid.POINTS: ((104.0, 26.0), (145.0, 36.0), (200.0, 46.0)),
    Grid.OPTIONS: ((150.0, 36.0), (200.0, 52.0), (215.0, 64.0)),
}
#: From this height a zone's card is laid out from top to bottom, below it from left to right.
ZONE_TALL_MM = 68.0
ZONE_WIDE_MM = 118.0
#: Greatest height of a card: a page of few cards stays calm instead of stretching.
_CARD_MAX_MM = {
    Grid.ZONES: 92.0,
    Grid.SERVICES: 64.0,
    Grid.GROUPS: 56.0,
    Grid.FOUND: 44.0,
    Grid.HELP: 74.0,
    Grid.LEVELS: 110.0,
    Grid.POINTS: 56.0,
    Grid.OPTIONS: 80.0,
}
#: Grids whose cards hold sentences: on an upright screen they take its whole width, if that keeps them on one page.
_SENTENCES = frozenset({Grid.GROUPS, Grid.HELP, Grid.POINTS, Grid.OPTIONS})
#: The five levels of a rating always stand on one page, alike.
LEVELS = 5


@dataclass(frozen=True, slots=True)
class Frame:
    """The rectangles of one look."""

    look: Look

    @property
    def width(self) -> float:
        """Width of the page in grown millimetres."""
        return self.look.stage.width_mm / self.look.growth

    @property
    def height(self) -> float:
        """Height of the page in grown millimetres."""
        return self.look.stage.height_mm / self.look.growth

    @property
    def is_portrait(self) -> bool:
        """Upright or lying."""
        return self.look.stage.is_portrait

    @property
    def _step(self) -> int:
        return STEP[self.look.scale]

    @property
    def chrome(self) -> Look:
        """The look of header, title, navigation and bar: of smaller type where a small screen would have no room left
        for what they frame."""
        return _chrome_of(self.look)

    def _type_mm(self, style: Style) -> float:
        """Size of a style within the chrome."""
        return self.chrome.type_mm(style)

    def _box(self, x: float, y: float, width: float, height: float) -> Box:
        px = self.look.px
        return Box(px(x), px(y), px(width), px(height))

    @property
    def _chrome_step(self) -> int:
        return STEP[self.chrome.scale]

    @property
    def bar_gap(self) -> float:
        """Gap between small targets, in grown millimetres."""
        return max(BAR_GAP_MM, self.look.at_least(GAP_MIN_MM) + 0.3)

    # The control bar

    @property
    def bar_icons(self) -> str:
        """Where a control's icon stands: above its word, left of it, or nowhere when type is very large."""
        if self._chrome_step == 2:
            return "none"
        return "above" if self.is_portrait and self._chrome_step == 0 else "left"

    @property
    def bar_rows(self) -> int:
        """Rows the control bar needs for its words."""
        word = BAR_WORD_EM[self.look.language] * self._type_mm(Style.SMALL) + 3
        if self.bar_icons == "left":
            word += self._type_mm(Style.SMALL) * 1.25 + 2
        for rows in (1, 2):
            columns = BAR_SLOTS // rows
            if (self.width - 2 * MARGIN_MM - (columns - 1) * self.bar_gap) / columns >= word:
                return rows
        return 3

    @property
    def _bar_row_mm(self) -> float:
        text = self._type_mm(Style.SMALL) * LINE_HEIGHT
        least = self.look.at_least(20.3)
        return max(least, text + 14.0) if self.bar_icons == "above" else max(least, text + 6.0)

    @property
    def _bar_mm(self) -> float:
        return self.bar_rows * self._bar_row_mm + (self.bar_rows - 1) * self.bar_gap

    @property
    def bar(self) -> Box:
        """The control bar: home, language, size, contrast, low, voice."""
        return self._box(MARGIN_MM, 7.0, self.width - 2 * MARGIN_MM, self._bar_mm)

    # Navigation

    @property
    def _nav_mm(self) -> float:
        return max(22.0, self.look.at_least(20.3), self._type_mm(Style.BODY) * LINE_HEIGHT + 9.0)

    @property
    def nav(self) -> Box:
        """Back, pages, the page's own action."""
        return self._box(MARGIN_MM, 7.0 + self._bar_mm + GAP_MM, self.width - 2 * MARGIN_MM, self._nav_mm)

    # Header and title

    @property
    def _header_mm(self) -> float:
        hall, small = self._type_mm(Style.HALL), self._type_mm(Style.SMALL)
        if self.is_portrait:
            return max(42.0, (hall + small) * LINE_HEIGHT + 14.0)
        if self.has_subtitles:
            return (self._type_mm(Style.CLOCK) + small) * LINE_HEIGHT + 8.5
        return hall * LINE_HEIGHT + 7.0

    @property
    def _title_mm(self) -> float:
        return self._type_mm(Style.TITLE) * LINE_HEIGHT + (5.0 if self.is_portrait else 1.0)

    @property
    def has_subtitles(self) -> bool:
        """Whether the header has room for its second line."""
        return self.is_portrait or (self._chrome_step == 0 and self.height > 230)

    @property
    def _ceiling_mm(self) -> float:
        """Upper edge of the region that may hold targets."""
        free = self.height - self._header_mm - self._title_mm - GAP_MM
        if not self.look.has_low_controls:
            return free
        part = LOW_PART_PORTRAIT if self.is_portrait else LOW_PART_LANDSCAPE
        return min(free, max(self.height * part, LOW_REACH_MM / self.look.growth))

    @property
    def content(self) -> Box:
        """Where a page's cards stand."""
        floor = 7.0 + self._bar_mm + GAP_MM + self._nav_mm + GAP_MM
        return self._box(MARGIN_MM, floor, self.width - 2 * MARGIN_MM, self._ceiling_mm - floor)

    @property
    def story(self) -> Box:
        """Where a page's text that is no target may stand: up to the title, whether controls are low or not."""
        floor = 7.0 + self._bar_mm + GAP_MM + self._nav_mm + GAP_MM
        top = self.height - self._header_mm - self._title_mm - GAP_MM
        return self._box(MARGIN_MM, floor, self.width - 2 * MARGIN_MM, top - floor)

    @property
    def title(self) -> Box:
        """The page's title, right above its content."""
        return self._box(MARGIN_MM, self._ceiling_mm + GAP_MM * 0.6, self.width - 2 * MARGIN_MM, self._title_mm)

    @property
    def story_title(self) -> Box:
        """The title of a page with a story, right under the header."""
        y = self.height - self._header_mm - self._title_mm - GAP_MM * 0.4
        return self._box(MARGIN_MM, y, self.width - 2 * MARGIN_MM, self._title_mm)

    @property
    def above(self) -> Box | None:
        """What controls that are low leave free above a page's title, where it is worth filling."""
        top = self.height - self._header_mm
        base = self._ceiling_mm + GAP_MM * 0.6 + self._title_mm
        return self._box(MARGIN_MM, base, self.width - 2 * MARGIN_MM, top - base) if top - base > 60.0 else None

    @property
    def header(self) -> Box:
        """Hall and clock."""
        return self._box(0, self.height - self._header_mm, self.width, self._header_mm)

    # Cards

    def cells(self, grid: Grid, count: int) -> Cells:
        """Divide the content for `count` cards; `count` may be more than fit, the rest comes on further pages."""
        if grid is Grid.LEVELS:
            return Cells(1, LEVELS) if self.is_portrait else Cells(LEVELS, 1)
        box = self.grid_box(grid)
        least_w, least_h = _CARD_MM[grid][self._step]
        px = self.look.px
        rows_max = max(1, int((box.height + px(GAP_MM)) / px(least_h + GAP_MM)))
        if grid is Grid.ZONES and box.height / rows_max < px(ZONE_TALL_MM):
            # Cards that are not tall have their words beside the mark and need the width.
            least_w = max(least_w, ZONE_WIDE_MM)
        columns_max = max(1, int((box.width + px(GAP_MM)) / px(least_w + GAP_MM)))
        columns_max = min(columns_max, 2 if self.is_portrait else 4)
        best = Cells(columns_max, rows_max)
        if columns_max * rows_max > CHOICES_MAX:
            best = Cells(columns_max, max(1, min(rows_max, -(-CHOICES_MAX // columns_max))))
        shown = min(count, best.count) or 1
        columns = min(best.columns, shown)
        if shown <= 4 and not self.is_portrait and rows_max >= 2 and shown > 2:
            columns = min(columns, 2)
        if grid in _SENTENCES and self.is_portrait and count <= rows_max:
            columns = 1
        rows = min(rows_max, -(-shown // columns))
        # As many in each row as in the others: three and three, not four and two.
        return Cells(min(columns, -(-shown // rows)), rows)

    def per_page(self, grid: Grid, count: int) -> int:
        """How many of `count` cards one page holds."""
        return self.cells(grid, count).count

    def grid_box(self, grid: Grid) -> Box:
        """Where the cards of a grid stand; found services share the content with the keyboard."""
        if grid is Grid.ZONES and self.is_portrait:
            content, floor = self.content, self.home_deck.top + self.look.px(GAP_MM)
            return Box(content.x, floor, content.width, content.top - floor)
        if grid is not Grid.FOUND:
            return self.content
        content, keys = self.content, self.keyboard
        return Box(
            content.x, keys.top + self.look.px(GAP_MM), content.width, content.top - keys.top - self.look.px(GAP_MM)
        )

    def card_boxes(self, grid: Grid, count: int) -> tuple[Box, ...]:
        """The rectangles of up to one page of cards, in reading order."""
        box, cells, gap = self.grid_box(grid), self.cells(grid, count), self.look.px(GAP_MM)
        width = (box.width - gap * (cells.columns - 1)) / cells.columns
        height = min(
            (box.height - gap * (cells.rows - 1)) / cells.rows,
            self.look.px(_CARD_MAX_MM[grid] * (1, 1.2, 1.35)[self._step]),
        )
        return tuple(
            Box(
                box.x + (i % cells.columns) * (width + gap),
                box.top - height - (i // cells.columns) * (height + gap),
                width,
                height,
            )
            for i in range(min(count, cells.count))
        )

    # The first page's own buttons

    @property
    def home_deck(self) -> Box:
        """One row: above the navigation of an upright screen, within it, left of the pager, on a lying one."""
        nav = self.nav
        if self.is_portrait:
            text = self.look.type_mm(Style.BODY) * LINE_HEIGHT * (1 if self.look.scale is Scale.NORMAL else 2)
            height = self.look.px(max(24.0, self.look.at_least(20.3), text + 5.0))
            return Box(nav.x, self.content.y, nav.width, height)
        square, figures = self.pager
        return Box(nav.x, nav.y, nav.width - 2 * square - figures - nav.height - 3 * self.look.px(GAP_MM), nav.height)

    @property
    def pager(self) -> tuple[float, float]:
        """Width of one of the pager's buttons and of its figures."""
        return max(self.nav.height, self.look.px(20)), self.chrome.type_px(Style.BODY) * 2.9

    # The keyboard of the search page

    @property
    def key_rows(self) -> tuple[str, ...]:
        """Letters in rows, as on a telephone where ten of them fit side by side, else by the alphabet.

        The erase key stands at the end of the last row.
        """
        across = int((self.width - 2 * MARGIN_MM + self.bar_gap) / (self.look.at_least(TARGET_MM) + self.bar_gap))
        for rows in _KEY_ROWS:
            if max(len(row) + (row is rows[-1]) for row in rows) <= across:
                return rows
        return _KEY_ROWS[-1]

    @property
    def keyboard(self) -> Box:
        """The letters' place, at the foot of the content; a low page has lower keys, never below B1.1's least."""
        content, rows = self.content, len(self.key_rows)
        wanted = max(self.look.at_least(20.3), self._type_mm(Style.BODY) + 6.0)
        left = content.height / self.look.px(1) - GAP_MM - _CARD_MM[Grid.FOUND][self._step][1]
        row = min(wanted, max(self.look.at_least(TARGET_MIN_MM + 0.3), (left + self.bar_gap) / rows - self.bar_gap))
        return Box(content.x, content.y, content.width, self.look.px(rows * row + (rows - 1) * self.bar_gap))


_KEY_ROWS = (
    ("QWERTYUIOPASD", "FGHJKLZXCVBNM"),
    ("QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM"),
    ("ABCDEFG", "HIJKLMN", "OPQRSTU", "VWXYZ"),
)

#: Below this height of content the chrome gives way, in millimetres.
CONTENT_MIN_MM = 80.0


@lru_cache(maxsize=64)
def _chrome_of(look: Look) -> Look:
    for scale in reversed(Scale):
        candidate = replace(look, scale=scale)
        if scale <= look.scale and (scale is Scale.NORMAL or _content_mm(candidate) >= CONTENT_MIN_MM):
            return candidate
    raise AssertionError("unreachable: ordinary type is always a candidate")


def _content_mm(look: Look) -> float:
    """Height of the content if the chrome is set in this look's own type."""
    return _Whole(look).content.height / look.px(1)


class _Whole(Frame):
    """A frame whose chrome is never made smaller; used to find out whether it must be."""

    @property
    def chrome(self) -> Look:
        return self.look


@lru_cache(maxsize=64)
def frame_of(look: Look) -> Frame:
    """The frame of a look."""
    return Frame(look)
