"""Pages that say one thing: a picture, a sentence and what to do about it."""

from kivy.uix.widget import Widget

from config.texts import Texts
from kiosk.catalogue import Hall
from kiosk.deck import panel
from kiosk.frame import Box
from kiosk.journeys.wording import card_lines
from kiosk.screens.parts import Icon, Surface, Text, place
from kiosk.screens.view import View
from kiosk.state import Screen, State
from kiosk.theme import LINE_HEIGHT, Colour, Scale, Style
from kiosk.wording import opening

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


def _lost(state: State, texts: Texts) -> tuple[str, str]:
    if state.is_refused:
        first = texts("This machine is not registered with the hall's server")
        return first, texts("Please use another machine, or ask at the information desk")
    first = texts("The connection to the hall's server is being restored")
    return first, texts("This page goes on by itself. If you are in a hurry, ask at the information desk")


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
            return _lost(state, texts)
        case _:
            return texts("Connecting to the hall"), view.device
