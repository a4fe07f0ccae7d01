"""The middles of the plain pages: cards to choose from, search, messages, PIN and staff."""

from collections.abc import Callable, Mapping
from typing import Any

from kivy.uix.widget import Widget

from config.texts import Texts
from kiosk.catalogue import Group, Hall, Help, Service, Zone
from kiosk.deck import panel
from kiosk.frame import GAP_MM, Box, Grid
from kiosk.items import Item
from kiosk.journeys.offers import Option
from kiosk.journeys.wording import card_lines
from kiosk.pagebook import choices
from kiosk.people import Level, Point
from kiosk.screens.cards import CardGrid, GroupCard, ServiceCard, ZoneCard
from kiosk.screens.choices import HelpCard, ItemCard, LevelCard, OptionCard, PointCard
from kiosk.screens.parts import Icon, PushButton, Surface, Text, key, place
from kiosk.screens.view import View
from kiosk.staff import locked_for_s
from kiosk.state import Screen, Target
from kiosk.theme import LINE_HEIGHT, Colour, Look, Scale, Style
from kiosk.wording import opening


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


MESSAGE_ICON = {
    Screen.STARTING: "clock",
    Screen.ISSUING: "printer",
    Screen.REFUSED: "warning",
    Screen.SHUT: "moon",
    Screen.CLOSED: "moon",
    Screen.LOST: "link",
    Screen.READING: "card",
    Screen.NO_CARD: "card",
    Screen.SENDING: "clock",
    Screen.HELPED: "hand",
    Screen.THANKS: "heart",
}


class MessageBody(Widget):
    """A picture, a sentence and what to do: starting, issuing, refused, shut, closed, lost, card, done."""

    def __init__(self, view: View) -> None:
        super().__init__()
        look = view.look
        self.look = look
        self.card = Surface(look, Colour.CARD, Colour.EDGE, has_shadow=True, radius_mm=6)
        self.icon = Icon(MESSAGE_ICON[view.state.screen], look.colour(Colour.ACTION))
        self.first = Text(look, Style.TITLE, align="center", lines=3)
        self.second = Text(look, Style.BODY, colour=Colour.INK_SOFT, align="center", lines=5)
        for child in (self.card, self.icon, self.first, self.second):
            self.add_widget(child)

    def _lay_out(self, box: Box) -> None:
        look, px = self.look, self.look.px
        height = min(box.height, px(190) if look.scale is Scale.NORMAL else px(230))
        card = Box(box.x, box.top - height - (box.height - height) * 0.4, box.width, height)
        place(self.card, card)
        pad = px(8)
        first = min(2 * look.type_px(Style.TITLE) * LINE_HEIGHT, height * 0.36)
        side = min(px(46), height * 0.30)
        second = min(3 * look.type_px(Style.BODY) * LINE_HEIGHT, height - side - first - 3 * px(4))
        top = card.top - (height - side - first - second - 2 * px(4)) / 2
        place(self.icon, Box(card.x + (card.width - side) / 2, top - side, side, side))
        place(self.first, Box(card.x + pad, top - side - px(4) - first, card.width - 2 * pad, first))
        place(self.second, Box(card.x + pad, top - side - 2 * px(4) - first - second, card.width - 2 * pad, second))

    def show(self, view: View) -> None:
        """Say it."""
        self._lay_out(panel(view.state, view.frame))
        self.first.text, self.second.text = message(view)


def _closed(hall: Hall, texts: Texts) -> tuple[str, str]:
    when = opening(hall.opens_at, hall.now, texts)
    if hall.is_by_appointment:
        return texts("Only for those with an appointment now"), when
    notice = hall.notices[0].to(texts.language) if hall.notices else ""
    return when, notice or texts("No tickets are given out now")


def message(view: View) -> tuple[str, str]:
    """The sentence of a message page and what to do about it."""
    state, texts, language = view.state, view.texts, view.look.language
    hall = state.hall
    match state.screen:
        case Screen.ISSUING:
            service = hall.service(state.service) if hall else None
            return texts("Taking a number for you …"), service.name.to(language) if service else ""
        case Screen.REFUSED:
            reason = state.refusal_zh if language == "zh" else state.refusal
            first = reason or texts("The server did not answer in time")
            return first, texts("Please try again, or ask at the information desk")
        case Screen.SHUT if hall is not None:
            choice = hall.service(state.service) or hall.zone(state.zone)
            name = choice.name.to(language) if choice else ""
            when = opening(choice.opens_at if choice else None, hall.now, texts)
            return when, name
        case Screen.CLOSED if hall is not None:
            return _closed(hall, texts)
        case Screen.READING | Screen.NO_CARD:
            return card_lines(state, texts)
        case Screen.SENDING:
            return texts("Sending …"), ""
        case Screen.HELPED:
            return texts("A guide is coming to you"), texts("Please wait here at the machine for a moment")
        case Screen.THANKS:
            return texts("Thank you for your rating"), texts("The clerk does not see who gave it")
        case Screen.LOST:
            first = texts("The connection to the hall's server is being restored")
            return first, texts("This page goes on by itself. If you are in a hurry, ask at the information desk")
        case _:
            return texts("Connecting to the hall"), view.device


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
        self.lines.text = f"{view.device}\n{link}"
