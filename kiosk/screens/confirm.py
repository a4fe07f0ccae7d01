"""The confirm page: what, where, how long; whether in a priority group; one big button."""

from kivy.uix.widget import Widget

from kiosk.frame import GAP_MM, Box
from kiosk.journeys import card
from kiosk.screens.parts import Badge, Icon, PushButton, Surface, Tappable, Text, line_fits, place
from kiosk.screens.view import View
from kiosk.state import Target
from kiosk.theme import LINE_HEIGHT, Colour, Look, Scale, Style
from kiosk.wording import first_step, standing
from kiosk.wording import place as place_of


class Fact(Widget):
    """An icon with a line of text."""

    def __init__(self, look: Look, icon: str, style: Style = Style.BODY, *, is_bold: bool | None = None) -> None:
        super().__init__()
        self.look = look
        self.icon = Icon(icon, look.colour(Colour.INK_SOFT))
        self.text = Text(look, style, lines=2, is_bold=is_bold)
        self.add_widget(self.icon)
        self.add_widget(self.text)
        self.bind(pos=self._lay_out, size=self._lay_out)

    def _lay_out(self, *_: object) -> None:
        side = min(self.height * 0.8, self.look.type_px(self.text.style) * 0.95)
        place(self.icon, Box(self.x, self.center_y - side / 2, side, side))
        gap = self.look.px(4)
        place(self.text, Box(self.x + side + gap, self.y, self.width - side - gap, self.height))


class PriorityToggle(Tappable):
    """「我是优先群体」: a switch with its state in words, form and colour."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, Target.PRIORITY)
        self.icon = Icon("heart", look.colour(Colour.ON_BUTTON))
        self.first = Text(look, Style.BODY, lines=2, is_bold=True)
        self.second = Text(look, Style.SMALL, colour=Colour.INK_SOFT, lines=2)
        self.track = Surface(look, Colour.CARD_SHUT, Colour.BUTTON_EDGE, 0.5)
        self.knob = Surface(look, Colour.BUTTON, Colour.BUTTON_EDGE, 0.5)
        for child in (self.icon, self.first, self.second, self.track, self.knob):
            self.add_widget(child)
        self.is_on = False
        self.bind(pos=self.lay_out, size=self.lay_out)

    def show(self, view: View) -> None:
        """Show the group chosen, if one is."""
        hall, texts, language = view.state.hall, view.texts, view.look.language
        group = hall.group(view.state.group) if hall else None
        self.is_on = group is not None
        if group is None:
            self.first.text = texts("I belong to a priority group")
            self.second.text = texts("Soldiers, the elderly, disabled, pregnant, with infants")
        else:
            self.first.text = texts("Priority: {group}", group=group.name.to(language))
            self.second.text = texts("Show at the window: {proof}", proof=group.proof.to(language))
        self.up_dress = (Colour.GOOD if self.is_on else Colour.CARD, Colour.BUTTON_EDGE, 0.5)
        self.down_fill = Colour.CARD_DOWN
        self.dress(*self.up_dress)
        ink = self.look.colour(Colour.ON_GOOD if self.is_on else Colour.INK)
        self.first.colour = ink
        self.second.colour = self.look.colour(Colour.ON_GOOD if self.is_on else Colour.INK_SOFT)
        self.icon.tint = ink
        self.track.dress(Colour.CHOSEN if self.is_on else Colour.CARD_SHUT, Colour.BUTTON_EDGE, 0.5)
        self.lay_out()

    def lay_out(self, *_: object) -> None:
        """Icon, words, switch."""
        px, look = self.look.px, self.look
        pad, side = px(5), min(px(12), self.height * 0.5)
        place(self.icon, Box(self.x + pad, self.center_y - side / 2, side, side))
        track_w, track_h = px(22), px(12)
        self.track.radius = track_h / 2
        place(self.track, Box(self.right - pad - track_w, self.center_y - track_h / 2, track_w, track_h))
        knob = track_h - px(2)
        self.knob.radius = knob / 2
        left = self.track.right - knob - px(1) if self.is_on else self.track.x + px(1)
        place(self.knob, Box(left, self.center_y - knob / 2, knob, knob))
        x = self.x + pad + side + px(4)
        width = self.track.x - px(4) - x
        body = look.type_px(Style.BODY) * LINE_HEIGHT
        inner = self.height - px(4)
        has_second = look.scale is not Scale.LARGEST and inner - body >= look.type_min_px * LINE_HEIGHT
        second = inner - body if has_second else 0.0
        if not has_second:
            body = inner
        block = body + min(second, 2 * look.type_px(Style.SMALL) * LINE_HEIGHT)
        top = self.center_y + block / 2
        place(self.first, Box(x, top - body, width, body))
        place(self.second, Box(x, top - block, width if second else 0, block - body))


class ConfirmBody(Widget):
    """The middle of the confirm page."""

    def __init__(self, view: View) -> None:
        super().__init__()
        look, frame, px = view.look, view.frame, view.look.px
        self.look = look
        box, gap = frame.story, px(GAP_MM)
        body, small = look.type_px(Style.BODY) * LINE_HEIGHT, look.type_px(Style.SMALL) * LINE_HEIGHT
        self.toggle = PriorityToggle(look)
        self.go = PushButton(look, Target.CONFIRM, icon="check", is_action=True, style=Style.FIGURE)
        self.with_card = PushButton(look, Target.CARD, icon="card", icon_at="above")
        self.card = Surface(look, Colour.CARD, Colour.EDGE, has_shadow=True, radius_mm=6)
        if frame.is_portrait:
            go_h = max(px(32), look.type_px(Style.FIGURE) * LINE_HEIGHT + px(6))
            # At the largest type the groups are named on their own page only.
            lines = 0 if look.scale is Scale.LARGEST else 2
            toggle_h = max(px(27), body + lines * small + px(6))
            floor = frame.content.y
            self._foot = Box(box.x, floor, box.width, go_h)
            place(self.toggle, Box(box.x, floor + go_h + gap, box.width, toggle_h))
            bottom = floor + go_h + toggle_h + 2 * gap
            height = box.top - bottom
            place(self.card, Box(box.x, box.top - height, box.width, height))
        else:
            column = box.width * 0.42
            x = box.right - column
            low_top = frame.content.top
            room = min(low_top, box.top) - box.y
            toggle_h = min(room * 0.48, max(px(52), body + 2 * small + px(6)))
            go_h = room - toggle_h - gap
            self._foot = Box(x, box.y, column, go_h)
            place(self.toggle, Box(x, box.y + go_h + gap, column, toggle_h))
            place(self.card, Box(box.x, box.y, box.width - column - gap, box.height))
        self.badge = Badge(look, "", "#000000")
        self.zone = Text(look, Style.BODY, colour=Colour.INK_SOFT, lines=1, is_bold=True)
        self.name = Text(look, Style.FIGURE, lines=3)
        self.other = Text(look, Style.SMALL, colour=Colour.INK_SOFT, lines=2)
        self.where = Fact(look, "place", Style.NAME)
        self.queue = Fact(look, "people", Style.NAME)
        self.wait = Fact(look, "clock", Style.NAME)
        for child in (
            self.card,
            self.badge,
            self.zone,
            self.name,
            self.other,
            self.where,
            self.queue,
            self.wait,
            self.toggle,
            self.go,
        ):
            self.add_widget(child)

    def _place_buttons(self, view: View) -> None:
        """The large button alone, or with a smaller one beside it for a ticket in one's name."""
        foot, gap = self._foot, view.look.px(GAP_MM)
        is_offered = card.is_offered(view.state, has_reader=view.rules.has_reader)
        side = foot.width * 0.34 if is_offered else 0.0
        place(self.go, Box(foot.x, foot.y, foot.width - side - (gap if is_offered else 0.0), foot.height))
        if is_offered:
            place(self.with_card, Box(foot.x + foot.width - side, foot.y, side, foot.height))
            self.with_card.label.text = view.texts("With ID card")
        if is_offered != (self.with_card.parent is self):
            (self.add_widget if is_offered else self.remove_widget)(self.with_card)

    def show(self, view: View) -> None:
        """Show the service chosen."""
        state, texts, language = view.state, view.texts, view.look.language
        hall = state.hall
        service = hall.service(state.service) if hall else None
        zone = hall.zone(state.zone) if hall else None
        if hall is None or service is None or zone is None:
            return
        self.badge.show(zone.mark, zone.colour)
        self.zone.text = f"{zone.name.to(language)} {zone.letter}"
        self.name.text = service.name.to(language)
        self.other.text = service.name.to(view.other_language)
        windows = service.windows.to(language)
        area = place_of(zone, texts)
        at_windows = texts("{queue}, {wait}", queue=area, wait=windows) if windows else area
        self.where.text.text = first_step(service.first, texts) if service.first else at_windows
        self.queue.text.text, self.wait.text.text = standing(service, hall.now, texts)
        self.go.label.text = texts("Take a ticket")
        self._place_buttons(view)
        self.toggle.show(view)
        if hall.groups and self.toggle.parent is not self:
            self.add_widget(self.toggle)
        if not hall.groups and self.toggle.parent is self:
            self.remove_widget(self.toggle)
        self._lay_out()

    def _lay_out(self) -> None:
        """Zone, name and the three facts share the card's height."""
        look, px, card = self.look, self.look.px, self.card
        pad = px(7)
        x, width = card.x + pad, card.width - 2 * pad
        body, small = look.type_px(Style.BODY) * LINE_HEIGHT, look.type_px(Style.SMALL) * LINE_HEIGHT
        title, fact_h = look.type_px(Style.FIGURE) * LINE_HEIGHT, look.type_px(Style.NAME) * LINE_HEIGHT
        inner = card.height - 2 * px(5)
        head = max(px(19), body)
        is_short = line_fits(self.name.text, look, Style.FIGURE, width)
        name_h = title if is_short else 2 * title
        facts = min(3 * fact_h, inner * 0.5)
        name_h = min(name_h, inner - head - facts - px(2))
        other_h = small if inner - head - facts - name_h - px(3) >= small else 0.0
        spare = max(0.0, inner - head - facts - name_h - other_h)
        gap = min(px(16), spare / 4)
        step = min((facts + spare - 2 * gap) / 3, fact_h * 1.7)
        block = head + gap + name_h + other_h + gap + 3 * step
        y = card.center_y + block / 2 - head
        place(self.badge, Box(x, y + (head - min(head, px(19))) / 2, min(head, px(19)), min(head, px(19))))
        place(self.zone, Box(x + px(24), y, width - px(24), head))
        y -= gap + name_h
        place(self.name, Box(x, y, width, name_h))
        y -= other_h
        place(self.other, Box(x, y, width if other_h else 0, other_h))
        y -= gap
        for i, fact in enumerate((self.where, self.queue, self.wait)):
            place(fact, Box(x, y - (i + 1) * step, width, step))
