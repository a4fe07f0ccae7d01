"""The whole page: backdrop, chrome and the middle that belongs to the screen. Rebuilt when the look changes."""

from collections.abc import Callable
from typing import Any

from kivy.uix.widget import Widget

from kiosk.screens.chrome import Backdrop, ControlBar, Header, Navigation, TitleLine, Warning
from kiosk.screens.confirm import ConfirmBody
from kiosk.screens.deck import Deck
from kiosk.screens.messages import MessageBody
from kiosk.screens.pads import PadBody
from kiosk.screens.pages import GridBody, PinBody, SearchBody, StaffBody
from kiosk.screens.sheets import OnlineBody, SheetBody
from kiosk.screens.ticket import TicketBody
from kiosk.screens.view import View
from kiosk.state import Screen

BODIES: dict[Screen, Callable[[View], Any]] = {
    Screen.STARTING: MessageBody,
    Screen.HOME: GridBody,
    Screen.SERVICES: GridBody,
    Screen.SEARCH: SearchBody,
    Screen.GROUPS: GridBody,
    Screen.CONFIRM: ConfirmBody,
    Screen.ISSUING: MessageBody,
    Screen.TICKET: TicketBody,
    Screen.REFUSED: MessageBody,
    Screen.SHUT: MessageBody,
    Screen.CLOSED: MessageBody,
    Screen.LOST: MessageBody,
    Screen.PIN: PinBody,
    Screen.STAFF: StaffBody,
    Screen.GUIDE: SheetBody,
    Screen.ONLINE: OnlineBody,
    Screen.CONSENT: SheetBody,
    Screen.READING: MessageBody,
    Screen.WELCOME: GridBody,
    Screen.NO_CARD: MessageBody,
    Screen.CASE: SheetBody,
    Screen.ARRIVAL: PadBody,
    Screen.HELP: GridBody,
    Screen.NUMBER: PadBody,
    Screen.RATING_CODE: PadBody,
    Screen.LEVELS: GridBody,
    Screen.POINTS: GridBody,
    Screen.SENDING: MessageBody,
    Screen.HELPED: MessageBody,
    Screen.THANKS: MessageBody,
}


class Shell(Widget):
    """One look's page. Bodies are kept per screen and shown again."""

    def __init__(self, view: View) -> None:
        super().__init__()
        stage = view.look.stage
        self.size = (stage.width_px, stage.height_px)
        self.header, self.title = Header(view), TitleLine(view)
        self.navigation, self.bar = Navigation(view), ControlBar(view)
        self.middle = Widget(size=self.size)
        self.deck = Deck(view)
        for part in (Backdrop(view), self.header, self.title, self.middle, self.navigation, self.deck, self.bar):
            self.add_widget(part)
        self._warning: Warning | None = None
        self._bodies: dict[Screen, Any] = {}

    def show(self, view: View) -> None:
        """Draw a moment."""
        screen = view.state.screen
        for part in (self.header, self.title, self.navigation, self.deck, self.bar):
            part.show(view)
        if screen not in self._bodies:
            self._bodies[screen] = BODIES[screen](view)
        body = self._bodies[screen]
        body.show(view)
        if body.parent is not self.middle:
            self.middle.clear_widgets()
            self.middle.add_widget(body)
        for other, kept in self._bodies.items():
            if other is not screen and hasattr(kept, "forget"):
                kept.forget()
        self._show_warning(view)

    @property
    def body(self) -> Any:
        """The middle that is shown now."""
        return self.middle.children[0] if self.middle.children else None

    def _show_warning(self, view: View) -> None:
        if view.state.warned_at is None:
            if self._warning is not None:
                self.remove_widget(self._warning)
                self._warning = None
            return
        if self._warning is None:
            self._warning = Warning(view)
            self.add_widget(self._warning)
        self._warning.show(view)
