"""Drives the real kiosk app off screen with real touches."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from kiosk.state import Screen, Target


class Clock:
    """Steady time that can be made to pass."""

    def __init__(self) -> None:
        self._skipped_s = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self._skipped_s

    def skip(self, seconds: float) -> None:
        """Let time pass at once."""
        self._skipped_s += seconds


class Driver:
    """One app in one window; `pump` is one turn of Kivy's loop."""

    def __init__(self, app: Any) -> None:
        from kivy.base import EventLoop

        self.loop, self.app = EventLoop, app
        app._run_prepare()
        self.pump(3)

    def pump(self, turns: int = 1) -> None:
        """Let the program turn."""
        for _ in range(turns):
            self.loop.idle()

    def lay_out(self) -> None:
        """Turn the loop without painting: everything has its place and its text, which takes a third of the time."""
        from kivy.clock import Clock
        from kivy.lang import Builder

        Clock.tick()
        Builder.sync()
        Clock.tick_draw()
        Builder.sync()

    def until(self, condition: Callable[[], bool], what: str = "", limit_s: float = 10.0) -> None:
        """Turn until something is so; fail when it never is."""
        end = time.monotonic() + limit_s
        while not condition():
            assert time.monotonic() < end, f"never so: {what} (on page {self.app.screen})"
            self.loop.idle()
            # Leave the processor to the threads that are waited for.
            threading.Event().wait(0.002)

    def until_screen(self, screen: Screen, limit_s: float = 10.0) -> None:
        """Turn until a page is there, and its bounce time is over."""
        self.until(lambda: self.app.screen is screen, f"page {screen}", limit_s)
        self.settle()

    def settle(self) -> None:
        """Let so much time pass on the app's clock that a touch is not taken for the bounce of the last one."""
        from kiosk.pagebook import DOUBLE_TAP_S

        self.app.parts.now.skip(DOUBLE_TAP_S)

    def find(self, target: Target, value: str | None = None) -> Any:
        """The widget that is tapped for something."""
        for widget in self.targets():
            if widget.target is target and (value is None or widget.value == value):
                return widget
        raise AssertionError(f"nothing to tap for {target} {value or ''} on {self.app.screen}")

    def targets(self, *, hidden: bool = False) -> Iterator[Any]:
        """Everything that can be tapped now."""
        from kiosk.screens.parts import Tappable

        for widget in self.app.root.walk():
            if isinstance(widget, Tappable) and (hidden or not getattr(widget, "is_hidden", False)):
                yield widget

    def tap(self, target: Target, value: str | None = None) -> None:
        """Touch it as a finger does."""
        self.touch(*self.find(target, value).center)

    def touch(self, x: float, y: float) -> None:
        """A finger down and up again."""
        from kivy.tests.common import UnitTestTouch

        touch = UnitTestTouch(x, y)
        touch.touch_down()
        self.pump()
        touch.touch_up()
        self.pump()

    def picture(self, file: Path) -> Path:
        """Keep what is on the glass."""
        self.pump(2)
        self.app.shell.export_to_png(str(file))
        return file

    def close(self) -> None:
        """End the app and clear the window."""
        from kivy.core.window import Window

        self.app.stop()
        for child in list(Window.children):
            Window.remove_widget(child)
