"""Pages where figures are typed: a booking's code, a ticket's number and its rating code."""

from kivy.uix.widget import Widget

from kiosk.frame import Box
from kiosk.journeys import arrival, rating
from kiosk.screens.parts import Surface, Text, key, place
from kiosk.screens.view import View
from kiosk.state import Screen, Target
from kiosk.theme import LINE_HEIGHT, Colour, Style

#: Pages of a code, all figures: how many, and what to do.
CODES = {
    Screen.ARRIVAL: (
        arrival.CODE_LENGTH,
        "Type the six figures of your booking, or hold its code before the scanner",
    ),
    Screen.RATING_CODE: (
        rating.CODE_LENGTH,
        "Type the four figures beside the QR code on your ticket, or hold the QR code before the scanner",
    ),
}

KEY_MM = 20.3
KEY_MIN_MM = 15.4
KEY_MAX_MM = 44.0
KEY_WIDE_MM = 74.0


def grid_of(count: int, box: Box, gap: float, mm: float, least: tuple[int, ...]) -> tuple[int, int]:
    """Columns and rows for keys: as few columns as leave keys of the wanted height, else of the least one."""
    for wanted in (KEY_MM, KEY_MIN_MM):
        for columns in (*least, *range(max(least) + 1, count + 1)):
            rows = -(-count // columns)
            is_wide = (box.width - gap * (columns - 1)) / columns >= wanted * mm
            if is_wide and rows * wanted * mm + (rows - 1) * gap <= box.height:
                return columns, rows
    return count, 1


class PadBody(Widget):
    """What was typed, and the keys."""

    def __init__(self, view: View) -> None:
        super().__init__()
        look, frame, px = view.look, view.frame, view.look.px
        self.look = look
        content, gap = frame.content, px(frame.bar_gap)
        is_code = view.state.screen in CODES
        keys = "1234567890" if is_code else f"{view.state.hall.letters if view.state.hall else ''}1234567890"
        self.keys = keys
        display = look.type_px(Style.FIGURE) * LINE_HEIGHT
        hint = 2 * look.type_px(Style.BODY) * LINE_HEIGHT
        if frame.above is not None or look.has_low_controls:
            # What is read may stand above what is touched.
            top = frame.story.top
            floor = min(content.top, top - display - 2 * (look.type_min_px + 1) * LINE_HEIGHT)
        else:
            hint = min(hint, max(0.0, content.height - display) * 0.25)
            top, floor = content.top, content.top - display - hint
        if top - floor < display:
            floor = top - display
        hint = min(hint, top - floor - display)
        if hint < look.type_min_px * LINE_HEIGHT:
            hint = 0.0
        room = Box(content.x, content.y, content.width, min(floor, content.top) - px(4) - content.y)
        shown = Box(content.x, max(floor, top - display - hint - px(20)), content.width, 0)
        self.typed = Text(look, Style.FIGURE, align="center", lines=1)
        self.hint = Text(look, Style.BODY, colour=Colour.INK_SOFT, align="center", lines=2)
        width = min(content.width, px(200))
        ground = Box(content.x + (content.width - width) / 2, shown.y, width, display)
        self.add_widget(place(Surface(look, Colour.CARD, Colour.BUTTON_EDGE, 0.5), ground))
        self.add_widget(place(self.typed, ground))
        self.add_widget(place(self.hint, Box(content.x, ground.top, content.width, hint)))
        mm = look.stage.px_per_mm
        columns, rows = grid_of(len(keys) + 1, room, gap, mm, (3,) if is_code else (6,))
        key_w = min(px(KEY_WIDE_MM), (room.width - gap * (columns - 1)) / columns)
        key_h = min(px(KEY_MAX_MM), (room.height - gap * (rows - 1)) / rows)
        left = room.x + (room.width - columns * key_w - (columns - 1) * gap) / 2
        top = room.top
        # As on a telephone: 0 in the middle of the last row.
        order = (*keys[:-1], "", keys[-1]) if columns == 3 else (*keys, "")
        for i, sign in enumerate(order):
            x, y = left + (i % columns) * (key_w + gap), top - (i // columns + 1) * key_h - (i // columns) * gap
            button = (
                key(look, Target.KEY, sign, gap=gap, value=sign, style=Style.NAME)
                if sign
                else key(look, Target.ERASE, gap=gap, icon="erase")
            )
            self.add_widget(place(button, Box(x, y, key_w, key_h)))

    def show(self, view: View) -> None:
        """Show what was typed."""
        state, texts = view.state, view.texts
        if state.screen in CODES:
            length, asked = CODES[state.screen]
            typed = state.code if state.screen is Screen.RATING_CODE else state.typed
            self.typed.text = " ".join(typed + "–" * (length - len(typed)))
            self.hint.text = texts(asked)
        else:
            self.typed.text = " ".join(state.typed) or "–"
            self.hint.text = texts("Type the number of your ticket, or hold its code before the scanner")

    def forget(self) -> None:
        """Keep nothing of what was typed."""
        self.typed.text = ""
