"""Pages to read: an item's guide, the consent; and the code that leads to an item online."""

from collections import Counter
from typing import Any

from kivy.uix.widget import Widget

from kiosk.deck import panel
from kiosk.frame import Box
from kiosk.pagebook import SHEET_INDENT_EM, SHEET_PAD_MM, page_count, sheet_rows, sheet_space, sheet_style
from kiosk.screens.parts import Icon, Picture, Surface, Text, place
from kiosk.screens.ticket import qr_texture
from kiosk.screens.view import View
from kiosk.sheet import height, lead
from kiosk.state import Screen
from kiosk.theme import LINE_HEIGHT, Colour, Scale, Style

#: Height of the picture that stands over a short text, in millimetres, and the white under it.
PICTURE_MM = 34.0
PICTURE_GAP_MM = 4.0
PICTURES = {Screen.CONSENT: "card"}


class SheetBody(Widget):
    """Lines of text, page by page; over a short one a picture of what it is about."""

    def __init__(self, view: View) -> None:
        super().__init__()
        self.look = view.look
        self.card = Surface(view.look, Colour.CARD, Colour.EDGE, has_shadow=True, radius_mm=6)
        self.add_widget(self.card)
        self.picture = Icon(PICTURES.get(view.state.screen, "card"), view.look.colour(Colour.ACTION))
        self._kept: dict[tuple[Style, bool], list[Text]] = {}

    def show(self, view: View) -> None:
        """Show the page turned up."""
        state, look = view.state, view.look
        inner, style = sheet_space(state, view.frame), sheet_style(state, view.frame)
        line, em = look.type_px(style) * LINE_HEIGHT, look.type_px(style)
        page = sheet_rows(state, view.rules)
        wanted: list[Any] = []
        y = inner.top - self._place_card(view, height(page) * line, wanted)
        used: Counter[bool] = Counter()
        for at, row in enumerate(page):
            pool = self._kept.setdefault((style, row.is_heading), [])
            taken = used[row.is_heading]
            used[row.is_heading] += 1
            if taken == len(pool):
                colour = Colour.HEADING if row.is_heading else Colour.INK
                pool.append(Text(look, style, colour=colour, lines=1, is_bold=row.is_heading))
            text = pool[taken]
            text.text = row.text
            indent = 0 if row.is_heading else em * SHEET_INDENT_EM
            y -= line * (1 + lead(page, at))
            place(text, Box(inner.x + indent, y, inner.width - indent, line))
            wanted.append(text)
        texts = [text for pool in self._kept.values() for text in pool]
        parts: tuple[Icon | Text, ...] = (self.picture, *texts)
        for part in parts:
            if (part in wanted) != (part.parent is self):
                self.add_widget(part) if part in wanted else self.remove_widget(part)
        for text in texts:
            if text not in wanted:
                text.text = ""

    def _place_card(self, view: View, used: float, wanted: list[Any]) -> float:
        """A text of one page stands on a card of its own height, under its picture where there is room; give what
        the picture takes."""
        box, px = panel(view.state, view.frame), view.look.px
        taken = 0.0
        if page_count(view.state, view.rules) == 1:
            high = used + 1.2 * px(SHEET_PAD_MM)
            picture = px(PICTURE_MM + PICTURE_GAP_MM)
            if view.state.screen in PICTURES and high + picture <= box.height:
                taken, side = picture, px(PICTURE_MM)
                top = box.top - px(SHEET_PAD_MM) * 0.6
                place(self.picture, Box(box.x + (box.width - side) / 2, top - side, side, side))
                wanted.append(self.picture)
            high = min(box.height, high + taken)
            box = Box(box.x, box.top - high, box.width, high)
        place(self.card, box)
        return taken

    def forget(self) -> None:
        """Keep nothing of what was read."""
        for pool in self._kept.values():
            for text in pool:
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
        side = min(inner.width * (0.66 if is_tall else 0.40), inner.height * (0.55 if is_tall else 1.0), px(150))
        if is_tall:
            words = min(inner.height - side - px(4), px(78) if view.look.scale is Scale.NORMAL else inner.height)
            foot = inner.y + (inner.height - side - px(4) - words) / 2
            code = Box(inner.x + (inner.width - side) / 2, foot + words + px(4), side, side)
            rest = Box(inner.x, foot, inner.width, words)
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
