"""Pages to read: an item's guide, the consent; and the code that leads to an item online."""

from kivy.uix.widget import Widget

from kiosk.deck import panel
from kiosk.frame import Box
from kiosk.pagebook import SHEET_INDENT_EM, SHEET_PAD_MM, page_count, sheet_rows, sheet_space
from kiosk.screens.parts import Icon, Picture, Surface, Text, place
from kiosk.screens.ticket import qr_texture
from kiosk.screens.view import View
from kiosk.sheet import height, lead
from kiosk.theme import LINE_HEIGHT, Colour, Scale, Style


class SheetBody(Widget):
    """Lines of text, page by page."""

    def __init__(self, view: View) -> None:
        super().__init__()
        self.look = view.look
        self.card = Surface(view.look, Colour.CARD, Colour.EDGE, has_shadow=True, radius_mm=6)
        self.add_widget(self.card)
        self._lines: list[Text] = []
        self._headings: list[Text] = []

    def show(self, view: View) -> None:
        """Show the page turned up."""
        state, look = view.state, view.look
        inner, _, _ = sheet_space(state, view.frame)
        line, em = look.type_px(Style.BODY) * LINE_HEIGHT, look.type_px(Style.BODY)
        page = sheet_rows(state, view.rules)
        self._place_card(view, height(page) * line)
        used = {False: 0, True: 0}
        wanted, y = [], inner.top
        for at, row in enumerate(page):
            pool = self._headings if row.is_heading else self._lines
            taken = used[row.is_heading]
            used[row.is_heading] = taken + 1
            if taken == len(pool):
                colour = Colour.HEADING if row.is_heading else Colour.INK
                pool.append(Text(look, Style.BODY, colour=colour, lines=1, is_bold=row.is_heading))
            text = pool[taken]
            text.text = row.text
            indent = 0 if row.is_heading else em * SHEET_INDENT_EM
            y -= line * (1 + lead(page, at))
            place(text, Box(inner.x + indent, y, inner.width - indent, line))
            wanted.append(text)
        for text in (*self._lines, *self._headings):
            if (text in wanted) != (text.parent is self):
                self.add_widget(text) if text in wanted else self.remove_widget(text)
            if text not in wanted:
                text.text = ""

    def _place_card(self, view: View, used: float) -> None:
        """A text of one page stands on a card of its own height."""
        box = panel(view.state, view.frame)
        if page_count(view.state, view.rules) == 1:
            high = min(box.height, used + 1.2 * view.look.px(SHEET_PAD_MM))
            box = Box(box.x, box.top - high, box.width, high)
        place(self.card, box)

    def forget(self) -> None:
        """Keep nothing of what was read."""
        for text in (*self._lines, *self._headings):
            text.text = ""


class OnlineBody(Widget):
    """An item that needs no visit: its code, large, and where it leads (M5)."""

    def __init__(self, view: View) -> None:
        super().__init__()
        look = view.look
        self.card = Surface(look, Colour.CARD, Colour.EDGE, has_shadow=True, radius_mm=6)
        self.ground = Surface(look, "#FFFFFF", None, radius_mm=3)
        self.code = Picture()
        self.icon = Icon("phone", look.colour(Colour.ACTION))
        self.first = Text(look, Style.NAME, lines=4)
        self.second = Text(look, Style.BODY, colour=Colour.INK_SOFT, lines=6)
        for child in (self.card, self.ground, self.code, self.icon, self.first, self.second):
            self.add_widget(child)

    def show(self, view: View) -> None:
        """Show the code of the item."""
        item, texts = view.state.item, view.texts
        box = panel(view.state, view.frame)
        px = view.look.px
        if box.height > px(300):
            box = Box(box.x, box.top - px(300), box.width, px(300))
        place(self.card, box)
        if item is None or item.online is None:
            return
        url = item.online.url
        self.first.text = texts("You can do this online, without waiting here")
        where = item.online.name
        self.second.text = texts("Scan the code with your telephone: {place}", place=where) if url else where
        pad = px(8)
        inner = Box(box.x + pad, box.y + pad, box.width - 2 * pad, box.height - 2 * pad)
        is_tall = box.height > box.width * 0.75
        side = min(inner.width * (0.62 if is_tall else 0.40), inner.height * (0.52 if is_tall else 1.0), px(130))
        if is_tall:
            code = Box(inner.x + (inner.width - side) / 2, inner.top - side, side, side)
            rest = Box(inner.x, inner.y, inner.width, inner.height - side - px(4))
            align = "center"
        else:
            code = Box(inner.x, inner.y + (inner.height - side) / 2, side, side)
            rest = Box(inner.x + side + px(7), inner.y, inner.width - side - px(7), inner.height)
            align = "left"
        self.code.texture = qr_texture(url) if url else None
        for part in (self.ground, self.code):
            place(part, code if url else Box(code.x, code.y, 0, 0))
        place(self.icon, Box(0, 0, 0, 0) if url else code)
        self.first.align = self.second.align = align
        share = 0.56 if view.look.scale is Scale.NORMAL else 0.5
        place(self.first, Box(rest.x, rest.y + rest.height * (1 - share), rest.width, rest.height * share))
        place(self.second, Box(rest.x, rest.y, rest.width, rest.height * (1 - share) - px(2)))

    def forget(self) -> None:
        """Keep nothing of what was looked up."""
        self.first.text = self.second.text = ""
        self.code.texture = None
        qr_texture.cache_clear()
