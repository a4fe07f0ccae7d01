"""A page's own buttons, as `kiosk.deck` names and places them."""

from typing import Any

from kivy.uix.widget import Widget

from kiosk.deck import Action, action_boxes, actions
from kiosk.screens.parts import PushButton, place
from kiosk.screens.view import View
from kiosk.state import Screen, Target
from kiosk.theme import Scale, Style


class Deck(Widget):
    """The buttons; kept and shown again."""

    def __init__(self, view: View) -> None:
        super().__init__()
        self.look = view.look
        self.buttons: dict[tuple[Action, bool], PushButton] = {}

    def show(self, view: View) -> None:
        """Put up what this page needs."""
        is_home = view.state.screen is Screen.HOME
        found = actions(view.state)
        wanted: list[Any] = []
        for action, box in zip(found, action_boxes(view.state, view.frame), strict=True):
            button = self._button(action, view, is_home)
            place(button, box)
            wanted.append(button)
        for button in self.buttons.values():
            if (button in wanted) != (button.parent is self):
                self.add_widget(button) if button in wanted else self.remove_widget(button)

    def _button(self, action: Action, view: View, is_home: bool) -> PushButton:
        key = (action, is_home)
        if key not in self.buttons:
            # With large type the words of the first page need the room of the icons.
            has_icon = not is_home or view.look.scale is Scale.NORMAL
            look = view.frame.chrome if is_home and not view.frame.is_portrait else view.look
            button = PushButton(
                look,
                action.target,
                view.texts(action.label),
                icon=action.icon if has_icon else None,
                is_action=action.is_main,
                style=Style.BODY,
            )
            button.label.lines_max = 2
            self.buttons[key] = button
        return self.buttons[key]

    def find(self, target: Target) -> PushButton | None:
        """The button shown for a target."""
        return next((b for b in self.buttons.values() if b.target is target and b.parent is self), None)
