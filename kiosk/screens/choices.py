"""Cards of the ways beyond the plain ticket: items, offers to somebody whose card was read, help, faces, points."""

from kiosk.catalogue import Help
from kiosk.frame import Box
from kiosk.items import Item
from kiosk.journeys.offers import Option
from kiosk.journeys.wording import item_standing, option_icon, option_lines
from kiosk.people import Level, Point
from kiosk.screens.cards import Card, ServiceCard
from kiosk.screens.parts import Icon, Text, line_fits, place
from kiosk.screens.view import View
from kiosk.state import Target
from kiosk.theme import LINE_HEIGHT, Colour, Look, Scale, Style

#: An item that is not done here has no zone; its mark says so.
NO_ZONE = "#5A6872"


class ItemCard(ServiceCard):
    """An item: name, department, and whether it is done here, online or elsewhere."""

    goes_to = Target.ITEM

    def show_item(self, item: Item, view: View) -> None:
        """Show an item."""
        language, hall = view.look.language, view.state.hall
        self.value = item.code
        service = hall.service(item.service) if hall else None
        zone = hall.zone(service.zone) if hall and service else None
        if item.elsewhere is not None or zone is None:
            self.badge.show("外" if item.elsewhere is not None else "事", NO_ZONE)
        else:
            self.badge.show(zone.mark, zone.colour)
        self.name.text = item.name.to(language)
        self.department.text = item.department.to(language)
        first, second = item_standing(item, service, hall.now if hall else "", view.texts)
        self.queue.text, self.wait.text = first, second
        self.both.text = view.texts("{queue}, {wait}", queue=first, wait=second) if first and second else first
        self.shade(item.elsewhere is None)
        self.lay_out()

    show = show_item  # type: ignore[assignment]  # another kind of choice than its parent's


#: A card higher than this has a larger icon.
TALL_MM = 44.0


class WordsCard(Card):
    """An icon, a name, and what it means."""

    goes_to = Target.OPTION
    name_lines = 2

    def __init__(self, look: Look) -> None:
        super().__init__(look, self.goes_to)
        self.icon = Icon("forward", look.colour(Colour.ACTION))
        self.name = Text(look, Style.NAME, lines=self.name_lines)
        self.note = Text(look, Style.SMALL, colour=Colour.INK_SOFT, lines=2)
        for child in (self.icon, self.name, self.note):
            self.add_widget(child)

    def lay_out(self, *_: object) -> None:
        """The icon left; name and note, right under it, share the height."""
        px = self.look.px
        pad = px(5)
        side = min(self.height - 2 * px(4), px(17) if self.look.scale is Scale.NORMAL else px(22))
        if self.height > px(TALL_MM) and self.width > 2 * self.height:
            pad, side = px(9), side * 1.4
        place(self.icon, Box(self.x + pad, self.center_y - side / 2, side, side))
        x = self.x + pad + side + px(5)
        width, inner = self.right - pad - x, self.height - 2 * px(2.5)
        small = self.look.type_px(Style.SMALL) * LINE_HEIGHT
        note = min(small * 2, inner * 0.45) if self.note.text else 0.0
        if note < self.look.type_min_px * LINE_HEIGHT:
            note = 0.0
        name = inner - note
        if note:
            lines = 1 if line_fits(self.name.text, self.look, Style.NAME, width) else self.name_lines
            name = min(name, lines * self.look.type_px(Style.NAME) * LINE_HEIGHT * 1.1)
        foot = self.center_y - (name + note) / 2
        place(self.name, Box(x, foot + note, width, name))
        place(self.note, Box(x, foot, width if note else 0, note))


class OptionCard(WordsCard):
    """What can be done for somebody whose card was read."""

    def show(self, option: Option, view: View) -> None:
        """Show an option."""
        self.value = option.value
        self.icon.rename(option_icon(option))
        self.name.text, self.note.text = option_lines(option, view.state, view.texts)
        self.lay_out()


class HelpCard(WordsCard):
    """One kind of help."""

    goes_to = Target.HELP_KIND
    name_lines = 3

    def show(self, help_kind: Help, view: View) -> None:
        """Show a kind of help."""
        self.value = help_kind.id
        self.icon.rename("hand")
        self.name.text = help_kind.name.to(view.look.language)
        self.lay_out()


class PointCard(WordsCard):
    """Something that can be ticked; how it stands is said in form, not only in colour."""

    goes_to = Target.POINT

    def show(self, point: Point, view: View) -> None:
        """Show a point, ticked or not."""
        self.value = point.id
        is_ticked = point.id in view.state.points
        self.icon.rename("box-ticked" if is_ticked else "box")
        self.name.text = point.name.to(view.look.language)
        self.up_dress = (Colour.GOOD, Colour.BUTTON_EDGE, 0.8) if is_ticked else (Colour.CARD, Colour.BUTTON_EDGE, 0.5)
        self.name.colour = self.look.colour(Colour.ON_GOOD if is_ticked else Colour.INK)
        self.icon.tint = self.look.colour(Colour.ON_GOOD if is_ticked else Colour.INK_SOFT)
        if not self.is_down:
            self.dress(*self.up_dress)
        self.lay_out()


class LevelCard(Card):
    """One of five faces, with its word. All five look alike: nothing is suggested."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, Target.LEVEL)
        self.icon = Icon("face3", look.colour(Colour.ACTION))
        self.name = Text(look, Style.NAME, lines=2)
        self.add_widget(self.icon)
        self.add_widget(self.name)

    def show(self, level: Level, view: View) -> None:
        """Show a level."""
        self.value = str(level.level)
        self.icon.rename(f"face{min(5, max(1, level.level))}")
        self.name.text = level.name.to(view.look.language)
        self.lay_out()

    def lay_out(self, *_: object) -> None:
        """Beside each other where the card is wide, else the face above its word."""
        px = self.look.px
        if self.width > self.height * 1.6:
            side = min(self.height - px(4), px(34))
            start = self.x + max(px(6), self.width * 0.12)
            place(self.icon, Box(start, self.center_y - side / 2, side, side))
            x = start + side + px(8)
            self.name.align = "left"
            place(self.name, Box(x, self.y + px(1), self.right - px(5) - x, self.height - px(2)))
            return
        words = min(2 * self.look.type_px(Style.NAME) * LINE_HEIGHT, self.height * 0.46)
        side = min(self.width - px(10), self.height - words - px(8), px(56))
        block = side + words + px(2)
        top = self.center_y + block / 2
        self.name.align = "center"
        place(self.icon, Box(self.center_x - side / 2, top - side, side, side))
        place(self.name, Box(self.x + px(2), top - block, self.width - px(4), words))
