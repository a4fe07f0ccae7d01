"""Window LED bars on serial lines: `python -m display_board.ledbar --server URL --ledbar ID [--ledbar ID …]`.

Every bar shows its window's sentence (`led` of the API: idle, calling, paused, closed), written by the hall. The
bytes are the codec's business (`led_codecs/`). A line that breaks never holds up another; cut off from the server
the bars show dashes, since a call that may be long over would send somebody to an empty window.
"""

import argparse
import contextlib
import logging
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from display_board.led_codecs import LedCodec, led_codec
from server.client import ApiError, Client, FeedMessage, add_token_option, token_from
from server.serial_link import SerialLink

log = logging.getLogger("display_board.ledbar")

#: A bar that was switched off and on shows nothing until written again.
REWRITE_ALL_S = 30.0

#: A server that restarts is back sooner; only then do the bars say that they know nothing.
LOST_AFTER_S = 5.0

#: Bars on a shared line need a moment between two frames.
FRAME_GAP_S = 0.02


class LedLine:
    """One line of bars. `take` gives it messages of the feed; `write_bars` runs in a thread of its own."""

    def __init__(
        self,
        windows: Mapping[int, str],
        codec: LedCodec,
        port: str,
        *,
        baud: int = 9600,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self.windows = dict(windows)
        self._codec = codec
        self._steady = steady
        self._texts: dict[str, str] = {}
        self._lost_since: float | None = steady()
        self._changed = threading.Event()
        self._shown: dict[int, bytes] = {}
        self._reopened = threading.Event()
        self._written_s = steady()
        self._writing = threading.Lock()
        self.link = SerialLink(port, baud=baud, on_open=self._on_open)

    def take(self, message: FeedMessage) -> None:
        """Act on one message of the feed; one that cannot be read is logged and left."""
        match message.event:
            case "snapshot" | "view":
                window, led = message.data.get("window"), message.data.get("led")
                if not isinstance(window, str) or window not in self.windows.values():
                    return
                text = led.get(self._codec.language) or led.get("zh") if isinstance(led, dict) else None
                if isinstance(text, str):
                    self._texts[window] = text
                    self._lost_since = None
                else:
                    log.error("A %s of window %s has no text for its bar", message.event, window)
            case "lost":
                self._lost_since = self._steady() if self._lost_since is None else self._lost_since
            case "back":
                # A resumed feed tells what changed since; what did not is as it was.
                self._lost_since = None if self._texts else self._lost_since
            case _:
                return
        self._changed.set()

    def write_bars(self, stop: threading.Event) -> None:
        """Keep the bars as they should be, until `stop`."""
        while not stop.is_set():
            self._changed.wait(0.2)
            self._changed.clear()
            self.write_changed(stop)

    def write_changed(self, stop: threading.Event) -> None:
        """Write the bars whose text changed; all of them after an opening and every now and then."""
        with self._writing:
            now_s = self._steady()
            if self._reopened.is_set() or now_s - self._written_s > REWRITE_ALL_S:
                self._reopened.clear()
                self._shown.clear()
                self._written_s = now_s
            for address, text in self._wanted(now_s).items():
                frame = self._codec.frame(address, text)
                if self._shown.get(address) == frame:
                    continue
                if not self.link.write(frame):
                    return
                self._shown[address] = frame
                stop.wait(FRAME_GAP_S)

    def _wanted(self, now_s: float) -> dict[int, str]:
        is_lost = self._lost_since is not None and now_s - self._lost_since > LOST_AFTER_S
        if is_lost:
            return dict.fromkeys(self.windows, self._codec.lost)
        return {address: self._texts[window] for address, window in self.windows.items() if window in self._texts}

    def _on_open(self) -> None:
        self._reopened.set()
        self._changed.set()


def run(client: Client, lines: Sequence[LedLine], stop: threading.Event) -> None:
    """Serve the lines until `stop`; raises `ApiError` if the server refuses at the start."""
    threads = [
        threading.Thread(target=work, args=(stop,), daemon=True)
        for line in lines
        for work in (line.link.run, line.write_bars)
    ]
    for thread in threads:
        thread.start()
    windows = dict.fromkeys(window for line in lines for window in line.windows.values())
    try:
        for message in client.feed(stop=stop, window=",".join(windows)):
            if message.event == "lost":
                log.warning("Server lost: %s", message.data.get("why"))
            elif message.event == "back":
                log.info("Server back")
            for line in lines:
                line.take(message)
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def line_of(settings: Mapping[str, Any], *, port: str | None = None, baud: int = 9600) -> LedLine:
    """A line of bars as the hall file describes it; raises ValueError for an unknown codec."""
    windows = {int(address): str(window) for address, window in settings["windows"].items()}
    return LedLine(windows, led_codec(settings["codec"]), port or settings["port"], baud=baud)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the lines until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m display_board.ledbar", description="Drives window LED bars.")
    parser.add_argument("--server", required=True, metavar="URL")
    parser.add_argument(
        "--ledbar",
        required=True,
        action="append",
        metavar="ID",
        help="a line of `ledbars` in the hall file; repeatable",
    )
    add_token_option(parser)
    parser.add_argument("--port", metavar="URL", help="instead of the hall file's, for a single line")
    parser.add_argument("--baud", type=int, default=9600)
    options = parser.parse_args(arguments)
    if options.port and len(options.ledbar) > 1:
        parser.error("--port is for a single --ledbar")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        with contextlib.closing(Client(options.server, token_from(options))) as client:
            lines = []
            for device in options.ledbar:
                settings = client.settings(device, stop)
                if settings is None:
                    return 0
                lines.append(line_of(settings, port=options.port, baud=options.baud))
            run(client, lines, stop)
    except (ApiError, OSError, ValueError, KeyError) as trouble:
        log.error("%s", trouble)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
