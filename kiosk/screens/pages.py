"""The middles of the plain pages: cards to choose from, search, PIN and staff."""

from collections.abc import Callable, Mapping
from typing import Any

from kivy.uix.widget import Widget

from kiosk.catalogue import Group, Help, Service, Zone
from kiosk.frame import GAP_MM, Box, Grid
from kiosk.items import Item
from kiosk.journeys.offers import Option
from kiosk.pagebook import choices
from kiosk.people import Level, Point
from kiosk.screens.cards import CardGrid, GroupCard, ServiceCard, ZoneCard
from kiosk.screens.choices import HelpCard, ItemCard, LevelCard, OptionCard, PointCard
from kiosk.screens.parts import PushButton, Surface, Text, key, place
from kiosk.screens.view import View
from kiosk.staff import locked_for_s
from kiosk.state import Screen, Target
from kiosk.theme import LINE_HEIGHT, Colour, Look, Style


class Notices(Widget):
    """The hall's notices, in the room that controls at the bottom leave free at the top."""

    def __init__(self, view: View) -> None:
        super().__init__()
        look, box = view.look, view.frame.above
        self.text = Text(look, Style.BODY, colour=Colour.INK_SOFT, align="center", lines=9)
        if box is not None:
            height = box.height - look.px(24)
            place(self.text, Box(box.x + look.px(8), box.y + look.px(12), box.width - look.px(16), height))
            self.add_widget(self.text)

    def show(self, view: View) -> None:
        """Show as many notices as stand there in their own size."""
        notices = view.state.hall.notices if view.state.hall else ()
        # Two lines for each and one between them.
        lines = int(self.text.height / (view.look.type_px(Style.BODY) * LINE_HEIGHT) / 3)
        self.text.text = "\n\n".join(notice.to(view.look.language) for notice in notices[: max(1, lines)])


_CARDS: dict[Screen, tuple[Grid, Mapping[type, Callable[[Look], Any]]]] = {
    Screen.HOME: (Grid.ZONES, {Zone: ZoneCard}),
    Screen.SERVICES: (Grid.SERVICES, {Service: ServiceCard}),
    Screen.GROUPS: (Grid.GROUPS, {Group: GroupCard}),
    Screen.WELCOME: (Grid.OPTIONS, {Option: OptionCard}),
    Screen.HELP: (Grid.HELP, {Help: HelpCard}),
    Screen.LEVELS: (Grid.LEVELS, {Level: LevelCard}),
    Screen.POINTS: (Grid.POINTS, {Point: PointCard}),
}


class GridBody(Widget):
    """A page of cards, or word that they are on their way."""

    def __init__(self, view: View) -> None:
        super().__init__()
        grid, kinds = _CARDS[view.state.screen]
        self.grid, self.notices = CardGrid(grid, kinds), Notices(view)
        self.add_widget(self.grid)
        self.add_widget(self.notices)
        self.hint = Text(view.look, Style.BODY, colour=Colour.INK_SOFT, align="center", lines=3)
        self.add_widget(place(self.hint, view.frame.content))

    def show(self, view: View) -> None:
        """Show the cards of the page turned up."""
        self.grid.show(view)
        self.notices.show(view)
        waits = view.state.screen is Screen.LEVELS and view.state.form is None
        self.hint.text = view.texts("One moment please") if waits else ""


class SearchBody(Widget):
    """Letters, and what they find."""

    def __init__(self, view: View) -> None:
        super().__init__()
        look, frame, px = view.look, view.frame, view.look.px
        self.grid, self.notices = CardGrid(Grid.FOUND, {Service: ServiceCard, Item: ItemCard}), Notices(view)
        self.add_widget(self.grid)
        self.add_widget(self.notices)
        found = frame.grid_box(Grid.FOUND)
        self.hint = Text(look, Style.BODY, colour=Colour.INK_SOFT, align="center", lines=4)
        self.add_widget(place(self.hint, found))
        keys, gap = frame.keyboard, px(frame.bar_gap)
        rows = frame.key_rows
        height = (keys.height - gap * (len(rows) - 1)) / len(rows)
        across = max(len(row) + (row is rows[-1]) for row in rows)
        width = (keys.width - gap * (across - 1)) / across
        for r, row in enumerate(rows):
            is_last = r == len(rows) - 1
            wide = width * 1.5 if len(row) * (width + gap) + width * 1.5 <= keys.width + gap else width
            length = len(row) * (width + gap) - gap + ((wide + gap) if is_last else 0)
            x = keys.x + (keys.width - length) / 2
            y = keys.top - (r + 1) * height - r * gap
            for letter in row:
                letter_key = key(frame.chrome, Target.KEY, letter, gap=gap, value=letter)
                self.add_widget(place(letter_key, Box(x, y, width, height)))
                x += width + gap
            if is_last:
                erase = key(frame.chrome, Target.ERASE, gap=gap, icon="erase")
                self.add_widget(place(erase, Box(x, y, wide, height)))

    def show(self, view: View) -> None:
        """Show what the letters typed find."""
        self.grid.show(view)
        self.notices.show(view)
        texts, query = view.texts, view.state.query
        if not query:
            self.hint.text = texts("Type the first letters of its pinyin or of its English name")
        else:
            self.hint.text = "" if choices(view.state) else texts("Nothing begins like this: please ask our staff")


class PinBody(Widget):
    """A keypad for the exit PIN; what is typed is never shown."""

    def __init__(self, view: View) -> None:
        super().__init__()
        look, frame, px = view.look, view.frame, view.look.px
        box, gap = frame.content, px(frame.bar_gap)
        high = min(px(30), max(px(look.at_least(15.5)), (box.height - px(34)) / 4 - gap))
        width = high * 1.3
        self.dots = Text(look, Style.TITLE, align="center", lines=1)
        self.note = Text(look, Style.BODY, colour=Colour.INK_SOFT, align="center", lines=2)
        left = box.x + (box.width - 3 * width - 2 * gap) / 2
        base = box.y
        for i, value in enumerate("123456789"):
            spot = Box(left + (i % 3) * (width + gap), base + (3 - i // 3) * (high + gap), width, high)
            self.add_widget(place(key(look, Target.KEY, value, gap=gap, value=value, style=Style.NAME), spot))
        self.add_widget(place(key(look, Target.ERASE, gap=gap, icon="erase"), Box(left, base, width, high)))
        zero = key(look, Target.KEY, "0", gap=gap, value="0", style=Style.NAME)
        self.add_widget(place(zero, Box(left + width + gap, base, width, high)))
        enter = key(look, Target.ENTER, gap=gap, icon="check", is_action=True)
        self.add_widget(place(enter, Box(left + 2 * (width + gap), base, width, high)))
        top = base + 4 * (high + gap)
        row = min(px(17), max((box.top - top) / 2, (look.type_min_px + 1) * LINE_HEIGHT))
        self.add_widget(place(self.dots, Box(box.x, top, box.width, row)))
        self.add_widget(place(self.note, Box(box.x, top + row, box.width, row)))

    def show(self, view: View) -> None:
        """Show how many figures were typed, and the lock."""
        staff, texts = view.state.staff, view.texts
        self.dots.text = "●" * len(staff.typed)
        locked = locked_for_s(staff, view.now)
        if locked > 0:
            self.note.text = texts("Too many wrong tries. Locked for {n} min", n=max(1, round(locked / 60)))
        elif staff.is_checking:
            self.note.text = texts("Checking …")
        elif staff.failures:
            self.note.text = texts("Wrong. {n} tries left", n=5 - staff.failures)
        else:
            self.note.text = texts("Enter the exit PIN")


class StaffBody(Widget):
    """How this kiosk is doing, and the way out."""

    def __init__(self, view: View) -> None:
        super().__init__()
        look, frame, px = view.look, view.frame, view.look.px
        box = frame.content
        button = max(px(26), look.type_px(Style.BODY) * LINE_HEIGHT + px(8))
        card = Box(box.x, box.y + button + px(GAP_MM), box.width, min(px(150), box.height - button - px(GAP_MM)))
        self.add_widget(place(Surface(look, Colour.CARD, Colour.EDGE, has_shadow=True), card))
        self.lines = Text(look, Style.BODY, lines=6)
        self.add_widget(place(self.lines, Box(card.x + px(8), card.y, card.width - px(16), card.height)))
        leave = PushButton(look, Target.EXIT, view.texts("Leave the program"), icon="lock", is_action=True)
        self.add_widget(place(leave, Box(box.x, box.y, box.width, button)))

    def show(self, view: View) -> None:
        """Say how things are."""
        texts, state = view.texts, view.state
        link = texts("Server: connected") if state.is_online else texts("Server: no connection")
        if state.is_refused:
            link = texts("Server: does not know this machine. Give it its token again")
        self.lines.text = f"{view.device}\n{link}"
