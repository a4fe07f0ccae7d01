"""Cards to choose from: zones, services, priority groups; and the grid they stand in."""

from collections.abc import Callable, Mapping
from typing import Any

from kivy.uix.widget import Widget

from kiosk.catalogue import Group, Service, Zone
from kiosk.frame import ZONE_TALL_MM, Box, Grid
from kiosk.pagebook import choices, shown
from kiosk.screens.parts import Badge, Icon, Plain, Tappable, Text, line_fits, place, text_width
from kiosk.screens.view import View
from kiosk.state import Target
from kiosk.theme import LINE_HEIGHT, Colour, Look, Scale, Style
from kiosk.wording import place as place_of
from kiosk.wording import standing


class Card(Tappable):
    """A white card; grey where nothing can be had now."""

    def __init__(self, look: Look, target: Target) -> None:
        super().__init__(look, target, has_shadow=True)
        self.up_dress = (Colour.CARD, Colour.EDGE, 0.35)
        self.down_fill = Colour.CARD_DOWN
        self.bind(pos=self.lay_out, size=self.lay_out)

    def shade(self, is_open: bool) -> None:
        """Show whether it is open; the words on the card say so too."""
        self.up_dress = (Colour.CARD if is_open else Colour.CARD_SHUT, Colour.EDGE, 0.35)
        if not self.is_down:
            self.dress(*self.up_dress)

    def lay_out(self, *_: object) -> None:
        """Place what is on the card."""


class ZoneCard(Card):
    """A zone: mark, name in both languages, where, how many wait and how long."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, Target.ZONE)
        soft = Colour.INK_SOFT
        self.badge = Badge(look, "", "#000000")
        self.name = Text(look, Style.NAME, lines=2)
        self.second = Text(look, Style.SMALL, colour=soft, lines=1)
        self.place = Text(look, Style.SMALL, colour=soft, lines=2)
        self.letter = Text(look, Style.TITLE, colour=soft, align="right", lines=1)
        self.line = Plain(rgba=look.colour(Colour.EDGE))
        self.queue = Text(look, Style.SMALL, lines=1, is_bold=True)
        self.wait = Text(look, Style.SMALL, align="right", lines=1)
        self.both = Text(look, Style.SMALL, lines=2)
        for child in (
            self.badge,
            self.name,
            self.second,
            self.place,
            self.letter,
            self.line,
            self.queue,
            self.wait,
            self.both,
        ):
            self.add_widget(child)

    def show(self, zone: Zone, view: View) -> None:
        """Show a zone."""
        language = view.look.language
        self.value = zone.id
        self.badge.show(zone.mark, zone.colour)
        self.name.text = zone.name.to(language)
        self.second.text = zone.name.to(view.other_language)
        self.place.text = place_of(zone, view.texts)
        self.letter.text = zone.letter
        queue, wait = standing(zone, str(view.state.hall.now if view.state.hall else ""), view.texts)
        self.queue.text, self.wait.text = queue, wait
        self.both.text = view.texts("{queue}, {wait}", queue=queue, wait=wait) if zone.is_open else wait
        self.shade(zone.is_open)
        self.lay_out()

    def lay_out(self, *_: object) -> None:
        """A tall card where there is height and ordinary type, else a wide one."""
        if self.look.scale is Scale.NORMAL and self.height >= self.look.px(ZONE_TALL_MM):
            self._lay_out_tall()
        else:
            self._lay_out_wide()

    def _lay_out_tall(self) -> None:
        px, look = self.look.px, self.look
        pad, x, width = px(6), self.x + px(6), self.width - 2 * px(6)
        small, name = look.type_px(Style.SMALL) * LINE_HEIGHT, look.type_px(Style.NAME) * LINE_HEIGHT
        side = min(px(21), self.height - name - 2 * small - px(14))
        spare = max(0.0, self.height - 2 * px(5) - side - name - 2 * small - px(5)) / 3
        top = self.top - px(5.5) - min(spare, px(4))
        place(self.badge, Box(x, top - side, side, side))
        letter = px(14)
        place(self.letter, Box(self.right - pad - letter, top - side, letter, side))
        place(self.place, Box(x + side + px(4), top - side - px(2), width - side - letter - px(6), side + px(4)))
        y = top - side - px(1.5) - min(spare, px(3)) - name
        if line_fits(self.name.text, look, Style.NAME, width * 1.3):
            place(self.name, Box(x, y, width, name))
            place(self.second, Box(x, y - small, width, small))
        else:
            # A long name needs the second line for itself.
            place(self.name, Box(x, y - small, width, name + small))
            place(self.second, Box(x, y - small, 0, 0))
        foot = self.y + px(3.5)
        queue = min(width * 0.6, text_width(self.queue.text, look, Style.SMALL, is_bold=True) + px(2))
        place(self.queue, Box(x, foot, queue, small))
        place(self.wait, Box(x + queue, foot, width - queue, small))
        place(self.line, Box(x, foot + small + px(1.5), width, max(1, px(0.3))))
        place(self.both, Box(x, foot, 0, 0))

    def _lay_out_wide(self) -> None:
        px, look = self.look.px, self.look
        pad = px(5)
        small, name = look.type_px(Style.SMALL) * LINE_HEIGHT, look.type_px(Style.NAME) * LINE_HEIGHT
        side = min(self.height - 2 * pad, max(px(18), min(px(30), self.width * 0.16)))
        place(self.badge, Box(self.x + pad, self.center_y - side / 2, side, side))
        letter = look.type_px(Style.TITLE) * 0.9
        x = self.x + pad + side + px(4)
        width = self.right - pad - x
        own = width - letter - px(2)
        # A long name needs two lines, of type a little smaller.
        if not line_fits(self.name.text, look, Style.NAME, own * 1.3):
            name = min(name * 1.6, self.height - small - px(5))
        is_one_line = line_fits(self.both.text, look, Style.SMALL, width)
        has_place = is_one_line and self.height >= name + 2 * small + px(6)
        queue_h = small if has_place else max(small, min(2 * small, self.height - name - px(5)))
        block = name + queue_h + (small if has_place else 0)
        top = self.center_y + block / 2
        place(self.name, Box(x, top - name, own, name))
        place(self.letter, Box(self.right - pad - letter, top - name, letter, name))
        place(self.both, Box(x, top - name - queue_h, width, queue_h))
        place(self.place, Box(x, top - block, width if has_place else 0, small))
        for unused in (self.second, self.line, self.queue, self.wait):
            place(unused, Box(x, self.y, 0, 0))


class ServiceCard(Card):
    """A service: name, department, how many wait and how long."""

    goes_to = Target.SERVICE

    def __init__(self, look: Look) -> None:
        super().__init__(look, self.goes_to)
        self.badge = Badge(look, "", "#000000")
        self.name = Text(look, Style.NAME, lines=3)
        self.department = Text(look, Style.SMALL, colour=Colour.INK_SOFT, lines=1)
        self.queue = Text(look, Style.SMALL, align="right", lines=1, is_bold=True)
        self.wait = Text(look, Style.SMALL, align="right", lines=2)
        self.both = Text(look, Style.SMALL, lines=2)
        self.arrow = Icon("forward", look.colour(Colour.INK_SOFT))
        for child in (self.badge, self.name, self.department, self.queue, self.wait, self.both, self.arrow):
            self.add_widget(child)

    def show(self, service: Service, view: View) -> None:
        """Show a service."""
        language = view.look.language
        self.value = service.id
        hall = view.state.hall
        zone = hall.zone(service.zone) if hall else None
        if zone is not None:
            self.badge.show(zone.mark, zone.colour)
        self.name.text = service.name.to(language)
        self.department.text = service.department.to(language)
        queue, wait = standing(service, hall.now if hall else "", view.texts)
        self.queue.text, self.wait.text = queue, wait
        self.both.text = view.texts("{queue}, {wait}", queue=queue, wait=wait) if service.is_open else wait
        self.shade(service.is_open)
        self.lay_out()

    def lay_out(self, *_: object) -> None:
        """Name left and queue right in ordinary type; one below the other when type is large or the card narrow."""
        px, look = self.look.px, self.look
        pad = px(4)
        small, name = look.type_px(Style.SMALL) * LINE_HEIGHT, look.type_px(Style.NAME) * LINE_HEIGHT
        side = min(self.height - 2 * px(3), px(17) if look.scale is Scale.NORMAL else px(25))
        place(self.badge, Box(self.x + pad, self.center_y - side / 2, side, side))
        arrow = px(7) if look.scale is Scale.NORMAL else px(10)
        place(self.arrow, Box(self.right - pad - arrow, self.center_y - arrow / 2, arrow, arrow))
        x = self.x + pad + side + px(4)
        width = self.right - pad - arrow - px(3) - x
        if look.scale is Scale.NORMAL:
            words = text_width(self.queue.text, look, Style.SMALL, is_bold=True)
            words = max(words, text_width(self.wait.text, look, Style.SMALL, is_bold=False))
            column = min(words + px(1), px(72), width * 0.4)
            own = width - column - px(3)
            # A little too long is set a little smaller, on one line, like its neighbours.
            is_short = line_fits(self.name.text, look, Style.NAME, own * 1.2)
            if is_short and self.height >= name + small + px(2):
                is_named = line_fits(self.department.text, look, Style.SMALL, own)
                top = self.center_y + (name + (small if is_named else 0)) / 2
                place(self.name, Box(x, top - name, own, name))
                place(self.department, Box(x, top - name - small, own if is_named else 0, small))
            else:
                # A long name needs the whole height for its two lines.
                place(self.name, Box(x, self.y + px(1.5), own, self.height - px(3)))
                place(self.department, Box(x, self.y, 0, 0))
            right = x + own + px(3)
            place(self.queue, Box(right, self.center_y, column, small))
            place(self.wait, Box(right, self.center_y - small, column, small))
            place(self.both, Box(x, self.y, 0, 0))
            return
        top = self.top - px(3)
        tall = self.height - px(6)
        under = small if tall < name + 2 * small else max(small, tall - 2 * name)
        under = min(under, 2 * small)
        place(self.name, Box(x, top - (tall - under), width, tall - under))
        place(self.both, Box(x, self.y + px(3), width, under))
        for unused in (self.department, self.queue, self.wait):
            place(unused, Box(x, self.y, 0, 0))


class GroupCard(Card):
    """A priority group, and what proves it."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, Target.GROUP)
        self.name = Text(look, Style.NAME, valign="bottom", lines=2)
        self.proof = Text(look, Style.SMALL, colour=Colour.INK_SOFT, valign="top", lines=3)
        self.arrow = Icon("forward", look.colour(Colour.INK_SOFT))
        for child in (self.name, self.proof, self.arrow):
            self.add_widget(child)

    def show(self, group: Group, view: View) -> None:
        """Show a group."""
        self.value = group.id
        self.name.text = group.name.to(view.look.language)
        self.proof.text = group.proof.to(view.look.language)
        self.lay_out()

    def lay_out(self, *_: object) -> None:
        """The name above, the proof below."""
        px = self.look.px
        pad, arrow = px(5), px(7)
        x, width = self.x + pad, self.width - 2 * pad - arrow - px(3)
        inner = self.height - 2 * px(4)
        place(self.name, Box(x, self.y + px(4) + inner * 0.5, width, inner * 0.5))
        place(self.proof, Box(x, self.y + px(4), width, inner * 0.5))
        place(self.arrow, Box(self.right - pad - arrow, self.center_y - arrow / 2, arrow, arrow))


class CardGrid(Widget):
    """One page of cards. Cards are kept and shown again, so that a day of taps makes no rubbish."""

    def __init__(self, grid: Grid, kinds: Mapping[type, Callable[[Look], Any]]) -> None:
        super().__init__()
        self._grid, self._kinds = grid, kinds
        self._pools: dict[type, list[Any]] = {kind: [] for kind in kinds}

    def show(self, view: View) -> None:
        """Show the choices of the page turned up."""
        items = shown(view.state, view.rules)
        # All pages of one list are divided alike, so that a short last page does not jump.
        boxes = view.frame.card_boxes(self._grid, len(choices(view.state)))
        used: dict[type, int] = dict.fromkeys(self._kinds, 0)
        wanted = []
        for item, box in zip(items, boxes, strict=False):
            kind = type(item)
            pool, at = self._pools[kind], used[kind]
            if at == len(pool):
                pool.append(self._kinds[kind](view.look))
            used[kind] = at + 1
            card = pool[at]
            place(card, box)
            card.show(item, view)
            wanted.append(card)
        for pool in self._pools.values():
            for card in pool:
                if (card in wanted) != (card.parent is self):
                    self.add_widget(card) if card in wanted else self.remove_widget(card)
