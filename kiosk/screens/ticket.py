"""The ticket page: number huge, code for the telephone, people ahead, where to go, and how the paper is getting on."""

from functools import lru_cache
from typing import Any

import qrcode
from kivy.uix.widget import Widget
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M

from kiosk.frame import GAP_MM, Box
from kiosk.screens.confirm import Fact
from kiosk.screens.parts import Icon, Picture, Plain, Surface, Text, place, texture_of
from kiosk.screens.view import View
from kiosk.state import Paper
from kiosk.theme import LINE_HEIGHT, Colour, Scale, Style
from kiosk.wording import ahead, errand, expected, paper_line


@lru_cache(maxsize=1)
def qr_texture(link: str) -> Any:
    """The code of a link; one is kept, the present ticket's, and dropped with `forget`."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, box_size=8, border=3)
    code.add_data(link)
    image: Image.Image = code.make_image().get_image().convert("RGBA")
    texture = texture_of(image)
    texture.mag_filter = "nearest"
    return texture


class TicketBody(Widget):
    """The middle of the ticket page."""

    def __init__(self, view: View) -> None:
        super().__init__()
        look, frame, px = view.look, view.frame, view.look.px
        self.look = look
        box, gap = frame.story, px(GAP_MM)
        small, body = look.type_px(Style.SMALL) * LINE_HEIGHT, look.type_px(Style.BODY) * LINE_HEIGHT
        self.card = Surface(look, Colour.CARD, Colour.EDGE, has_shadow=True, radius_mm=6)
        self.service = Text(look, Style.NAME, align="center", lines=2)
        self.number = Text(look, Style.NUMBER, align="center", lines=1)
        self.tear = Plain(rgba=look.colour(Colour.EDGE))
        self.code = Picture()
        self.code_ground = Surface(look, "#FFFFFF", None, radius_mm=3)
        self.code_text = Text(look, Style.SMALL, view.texts("Follow your turn"), Colour.INK_SOFT, "center", lines=3)
        self.ahead, self.wait, self.where = (
            Fact(look, icon, Style.BODY, is_bold=True) for icon in ("people", "clock", "place")
        )
        self.paper = Surface(look, Colour.CARD_SHUT, None, radius_mm=4)
        self.paper_icon = Icon("printer", look.colour(Colour.INK))
        self.paper_text = Text(look, Style.BODY, lines=3, is_bold=True)
        for child in (
            self.card,
            self.service,
            self.number,
            self.tear,
            self.code_ground,
            self.code,
            self.code_text,
            self.ahead,
            self.wait,
            self.where,
            self.paper,
            self.paper_icon,
            self.paper_text,
        ):
            self.add_widget(child)
        paper_h = max(px(24), 2 * body + px(4)) if frame.is_portrait else max(px(16), body)
        place(self.paper, Box(box.x, box.y, box.width, paper_h))
        card_h = box.height - paper_h - gap
        if frame.is_portrait:
            card_h = min(card_h, px(330))
        place(self.card, Box(box.x, box.top - card_h, box.width, card_h))
        if card_h < box.height - paper_h - gap:
            place(self.paper, Box(box.x, box.top - card_h - gap - paper_h, box.width, paper_h))
        self._lay_out_paper()
        if frame.is_portrait:
            self._lay_out_portrait(small)
        else:
            self._lay_out_landscape(small)

    def show(self, view: View) -> None:
        """Show the ticket and its paper."""
        state, texts, language = view.state, view.texts, view.look.language
        ticket = state.ticket
        if ticket is None:
            return
        # With large type there is room for where to go now; what follows stands on the paper, on the phone, and is said.
        is_normal = view.look.scale is Scale.NORMAL
        self.service.text = errand(ticket, texts) if is_normal else ticket.service_name.to(language)
        self.number.text = ticket.number
        self.ahead.text.text = ahead(ticket, texts)
        self.wait.text.text = expected(ticket.wait, texts)
        self.where.text.text = "\n".join(t for t in (ticket.area_name.to(language), ticket.windows.to(language)) if t)
        base = state.hall.public_url.rstrip("/") if state.hall else ""
        self.code.texture = qr_texture(base + ticket.url)
        line = paper_line(state.paper, texts)
        fill, ink, icon = {
            Paper.PRINTED: (Colour.GOOD, Colour.ON_GOOD, "check"),
            Paper.LATE: (Colour.WARN, Colour.ON_WARN, "warning"),
            Paper.TROUBLE: (Colour.WARN, Colour.ON_WARN, "warning"),
        }.get(state.paper, (Colour.CARD_SHUT, Colour.INK, "printer"))
        self.paper.dress(fill, Colour.EDGE if view.look.has_high_contrast else None)
        self.paper_text.text = line
        self.paper_text.colour = self.paper_icon.tint = view.look.colour(ink)
        self.paper_icon.rename(icon)

    def forget(self) -> None:
        """Keep nothing of the visitor (B1.8): neither number nor link."""
        for text in (self.service, self.number, self.ahead.text, self.wait.text, self.where.text):
            text.text = ""
        self.code.texture = None
        qr_texture.cache_clear()

    def _lay_out_paper(self) -> None:
        px, box = self.look.px, self.paper
        side = min(box.height * 0.5, px(13))
        place(self.paper_icon, Box(box.x + px(6), box.center_y - side / 2, side, side))
        x = box.x + px(6) + side + px(5)
        place(self.paper_text, Box(x, box.y + px(1.5), box.right - px(5) - x, box.height - px(3)))

    def _lay_out_portrait(self, small: float) -> None:
        """Number above a tear line; below it the code and the facts."""
        px, card, look = self.look.px, self.card, self.look
        pad = px(7)
        x, width = card.x + pad, card.width - 2 * pad
        inner = card.height - px(10)
        lower = min(inner * 0.5, px(112))
        name_h = look.type_px(Style.NAME) * LINE_HEIGHT * (2 if look.scale is Scale.NORMAL else 1.05)
        number_h = min(look.type_px(Style.NUMBER) * LINE_HEIGHT, inner - name_h - lower - px(6))
        spare = max(0.0, inner - name_h - number_h - lower - px(6))
        y = card.top - px(5) - spare * 0.2 - name_h
        place(self.service, Box(x, y, width, name_h))
        y -= number_h + spare * 0.1
        place(self.number, Box(x, y, width, number_h))
        y -= px(3) + spare * 0.3
        place(self.tear, Box(x, y, width, max(1, px(0.4))))
        y -= px(3) + spare * 0.2
        caption = small * 1.1 if look.scale is Scale.NORMAL else 0.0
        code = min(px(98), lower - caption, width * 0.42)
        place(self.code_ground, Box(x, y - code, code, code))
        place(self.code, Box(x, y - code, code, code))
        # With large type the facts need the room; that a code is scanned goes without saying.
        place(self.code_text, Box(x, y - code - caption, code if caption else 0, small))
        right = x + code + px(8)
        height = code if caption else lower
        for i, fact in enumerate((self.ahead, self.wait, self.where)):
            place(fact, Box(right, y - (i + 1) * height / 3, width - code - px(8), height / 3))

    def _lay_out_landscape(self, small: float) -> None:
        """Number and facts left, code right."""
        px, card, look = self.look.px, self.card, self.look
        pad = px(7)
        x, inner = card.x + pad, card.height - px(8)
        name = look.type_px(Style.NAME) * LINE_HEIGHT
        # With large type the code needs the room; that it is scanned goes without saying.
        code_text = 2 * small if look.scale is Scale.NORMAL else 0.0
        code = min(px(84), inner - code_text - px(2), card.width * 0.24)
        left = card.right - pad - code
        column = max(code, card.width * 0.22)
        left = card.right - pad - column
        place(self.code, Box(left + (column - code) / 2, card.top - px(4) - code, code, code))
        place(self.code_ground, Box(left + (column - code) / 2, card.top - px(4) - code, code, code))
        width = column if code_text else 0
        place(self.code_text, Box(left, card.top - px(5) - code - code_text, width, code_text))
        width = left - px(8) - x
        place(self.tear, Box(left - px(4), card.y + px(6), max(1, px(0.4)), card.height - px(12)))
        facts_w = width * 0.46
        number_w = width - facts_w - px(4)
        least = 2 * (look.type_min_px + 1) * LINE_HEIGHT
        name_h = max(least, name * 1.6 if look.scale is Scale.NORMAL else name)
        place(self.service, Box(x, card.top - px(4) - name_h, number_w, name_h))
        number_h = min(look.type_px(Style.NUMBER) * LINE_HEIGHT, inner - name_h)
        foot = px(4) if look.scale is Scale.NORMAL else px(1)
        place(self.number, Box(x, card.y + foot + (inner - name_h - number_h) / 2, number_w, number_h))
        step = inner / 3
        for i, fact in enumerate((self.ahead, self.wait, self.where)):
            place(fact, Box(x + number_w + px(4), card.top - px(4) - (i + 1) * step, facts_w, step))
