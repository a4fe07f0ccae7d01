"""A serial line of hardware keypads: `python -m caller.keypad --server URL --keypad ID [--port URL]`.

Presses become commands of the windows, displays show how many wait and who is being served. The bytes are the
codec's business (`codecs/`), what a press does `keypad_desk.py`'s. With the server lost the displays say so and a
press only beeps: nothing is kept to be done later, when it would surprise everybody.
"""

import logging
import queue
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from caller.codecs import KeypadCodec, Press, keypad_codec
from caller.keypad_desk import Desk, Refused
from caller.line_program import Settings, follow, serve
from server.client import ApiError, Client, FeedMessage, ServerLost
from server.serial_link import SerialLink

log = logging.getLogger("caller.keypad")

#: A keypad that was switched off and on shows nothing until drawn again.
REDRAW_ALL_S = 30.0

#: Keypads on a shared line need a moment between two frames.
FRAME_GAP_S = 0.01

#: Presses waiting to be carried out; more than this is a stuck key.
PRESSES_MAX = 32


class KeypadLine:
    """One line of keypads and its three threads: reading, acting, following the feed."""

    def __init__(
        self,
        desk: Desk,
        codec: KeypadCodec,
        port: str,
        *,
        baud: int = 9600,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._desk = desk
        self._codec = codec
        self._steady = steady
        self._presses: queue.Queue[tuple[Press, float]] = queue.Queue(PRESSES_MAX)
        self._before_loss: dict[str, Mapping[str, Any]] = {}
        self._shown: dict[int, bytes] = {}
        self._drawing = threading.Lock()
        self._drawn_s = steady()
        self.link = SerialLink(port, baud=baud, on_bytes=self.take_bytes, on_open=self.redraw_all)

    def take_bytes(self, data: bytes) -> None:
        """Answer presses at once and queue them, so that a slow server does not make keypads send again."""
        now_s = self._steady()
        for press in self._codec.decode(data, now_s):
            if press.ack:
                self.link.write(press.ack)
            if self._desk.is_double(press, now_s):
                continue
            try:
                self._presses.put_nowait((press, now_s))
            except queue.Full:
                log.error("Too many presses wait; %s at keypad %d is dropped", press.action, press.address)

    def act(self, stop: threading.Event) -> None:
        """Carry out presses one after the other, until `stop`."""
        while not stop.is_set():
            try:
                press, pressed_s = self._presses.get(timeout=0.2)
            except queue.Empty:
                continue
            self.act_on(press, pressed_s)

    def act_on(self, press: Press, pressed_s: float) -> None:
        """Carry out one press; one that fails beeps."""
        try:
            self._desk.do(press, pressed_s, self._steady())
        except (Refused, ApiError) as refusal:
            log.info("%s at keypad %d: %s", press.action, press.address, refusal)
            self.link.write(self._codec.beep(press.address))
        except ServerLost as trouble:
            log.warning("%s at keypad %d: server lost: %s", press.action, press.address, trouble)
            self.link.write(self._codec.beep(press.address))
            with self._drawing:
                self._show(press.address, self._codec.unknown(press.address))

    def take(self, message: FeedMessage) -> None:
        """Act on one message of the feed; one that cannot be read is logged and left."""
        views = self._desk.views
        match message.event:
            case "snapshot" | "view":
                window = message.data.get("window")
                if window in views and isinstance(message.data.get("waiting"), int):
                    views[window] = message.data
                else:
                    log.error("A %s of the feed cannot be read", message.event)
            case "lost":
                log.warning("Server lost: %s", message.data.get("why"))
                self._before_loss.update({window: view for window, view in views.items() if view})
                views.update(dict.fromkeys(views))
            case "back":
                log.info("Server back")
                # A resumed feed tells what changed since; what did not is as it was.
                views.update(self._before_loss)
            case _ if self._steady() - self._drawn_s > REDRAW_ALL_S:
                self.redraw_all()
        self.redraw()

    def redraw_all(self) -> None:
        """Draw every display, whatever it may show."""
        with self._drawing:
            self._shown.clear()
            self._drawn_s = self._steady()
        self.redraw()

    def redraw(self) -> None:
        """Draw the displays whose content changed."""
        with self._drawing:
            for address, window in self._desk.windows.items():
                view = self._desk.views[window]
                if view is None:
                    frame = self._codec.unknown(address)
                else:
                    ticket = view.get("ticket") or {}
                    frame = self._codec.display(address, view["waiting"], ticket.get("number"))
                if self._shown.get(address) != frame and self._show(address, frame):
                    time.sleep(FRAME_GAP_S)

    def _show(self, address: int, frame: bytes) -> bool:
        if not self.link.write(frame):
            self._shown.pop(address, None)
            return False
        self._shown[address] = frame
        return True


def run(client: Client, desk: Desk, line: KeypadLine, stop: threading.Event) -> None:
    """Serve one line until `stop`; raises `ApiError` if the server refuses at the start."""
    follow(client, line, stop, "keypad", window=",".join(dict.fromkeys(desk.windows.values())))


def _work(client: Client, settings: Settings, stop: threading.Event) -> None:
    desk = Desk(settings.windows, client)
    line = KeypadLine(desk, keypad_codec(settings.codec), settings.port, baud=settings.baud)
    run(client, desk, line, stop)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one line of keypads until it is told to stop."""
    return serve("keypad", "Serves a line of hardware keypads.", log, _work, arguments)


if __name__ == "__main__":
    sys.exit(main())
