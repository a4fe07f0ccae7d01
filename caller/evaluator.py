"""A serial line of evaluators: `python -m caller.evaluator --server URL --evaluator ID [--port URL]`.

The lamps follow what the hall asks (`evaluator=` of the feed); a press is a rating of the number asked about at that
moment, and of no other. With the server lost the lamps go out and a press is answered as lost: nothing is kept to be
sent later, when it would be somebody else's rating. Tablets need no program: they open `/evaluator/<window>`.
"""

import importlib
import logging
import queue
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from caller.codecs.five_keys import Rating, Taken
from caller.line_program import Settings, follow, serve
from server.client import ApiError, Client, FeedMessage, ServerLost
from server.serial_link import SerialLink

log = logging.getLogger("caller.evaluator")

#: A device that was switched off and on shows nothing until told again.
RETELL_S = 30.0
#: Two presses within this time are one: fingers bounce.
DOUBLE_PRESS_S = 1.0
#: A press that could not be sent within this time is dropped: the citizen has seen no answer and gone.
STALE_PRESS_S = 5.0
PRESSES_MAX = 32


class Codec(Protocol):
    """The bytes of one make of evaluators: a class `EvaluatorCodec` in `caller/codecs/<make>.py`."""

    def decode(self, data: bytes, now_s: float) -> list[Rating]:
        """The presses that `data` completes."""

    def ask(self, address: int, *, asks: bool) -> bytes:
        """Let an evaluator ask, or rest."""

    def answer(self, address: int, taken: Taken) -> bytes:
        """Tell an evaluator what became of a press."""


class Poster(Protocol):
    """The part of `server.client.Client` that acts."""

    def post(
        self,
        path: str,
        body: dict[str, Any] | None = None,
        *,
        key: str | None = None,
        retries: int = 3,
        within_s: float = 8.0,
    ) -> dict[str, Any] | None:
        """As `Client.post`."""


def evaluator_codec(name: str) -> Codec:
    """A new codec by its name in the hall file ("five-keys"); raises ValueError for one that is none."""
    try:
        codec: Codec = importlib.import_module(f"caller.codecs.{name.replace('-', '_')}").EvaluatorCodec()
    except (ImportError, AttributeError, ValueError):
        raise ValueError(f"unknown evaluator codec '{name}': known is five-keys") from None
    return codec


class EvaluatorLine:
    """One line of evaluators and its three threads: reading, sending, following the feed."""

    def __init__(
        self,
        windows: Mapping[int, str],
        client: Poster,
        codec: Codec,
        port: str,
        *,
        baud: int = 9600,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self.windows = dict(windows)
        #: Window → the number it asks about, None while it rests or nothing is known.
        self.asked: dict[str, str | None] = dict.fromkeys(windows.values())
        self._client = client
        self._codec = codec
        self._steady = steady
        self._presses: queue.Queue[tuple[Rating, str | None, float]] = queue.Queue(PRESSES_MAX)
        self._last_press: dict[int, float] = {}
        self._told: dict[int, bool] = {}
        self._telling = threading.Lock()
        self._told_s = steady()
        self.link = SerialLink(port, baud=baud, on_bytes=self.take_bytes, on_open=self.tell_all)

    def take_bytes(self, data: bytes) -> None:
        """Queue what was pressed together with the number that was asked about when it was."""
        now_s = self._steady()
        for rating in self._codec.decode(data, now_s):
            if now_s - self._last_press.get(rating.address, -DOUBLE_PRESS_S) < DOUBLE_PRESS_S:
                continue
            self._last_press[rating.address] = now_s
            number = self.asked.get(self.windows.get(rating.address, ""))
            try:
                self._presses.put_nowait((rating, number, now_s))
            except queue.Full:
                log.error("Too many presses wait; one of evaluator %d is dropped", rating.address)

    def act(self, stop: threading.Event) -> None:
        """Send presses one after the other, until `stop`."""
        while not stop.is_set():
            try:
                rating, number, pressed_s = self._presses.get(timeout=0.2)
            except queue.Empty:
                continue
            self.link.write(self._codec.answer(rating.address, self.send(rating, number, pressed_s)))

    def send(self, rating: Rating, number: str | None, pressed_s: float) -> Taken:
        """Send one press; what became of it."""
        window = self.windows.get(rating.address)
        if window is None or number is None:
            log.info("Evaluator %d: nobody is asked there", rating.address)
            return Taken.REFUSED
        if self._steady() - pressed_s > STALE_PRESS_S:
            log.warning("Evaluator %d: the press is too old", rating.address)
            return Taken.LOST
        try:
            body = {"level": rating.level, "number": number}
            self._client.post(f"/windows/{window}/rating", body, retries=2, within_s=4.0)
        except ApiError as refusal:
            log.info("Evaluator %d: %s", rating.address, refusal)
            return Taken.REFUSED
        except ServerLost as trouble:
            log.warning("Evaluator %d: server lost: %s", rating.address, trouble)
            return Taken.LOST
        return Taken.TAKEN

    def take(self, message: FeedMessage) -> None:
        """Act on one message of the feed; one that cannot be read is logged and left."""
        match message.event:
            case "snapshot" | "view":
                window = message.data.get("window")
                if window not in self.asked or "state" not in message.data:
                    log.error("A %s of the feed cannot be read", message.event)
                    return
                self.asked[window] = message.data.get("number") if message.data["state"] == "asking" else None
            case "lost":
                log.warning("Server lost: %s", message.data.get("why"))
                # What is asked next is told by a new snapshot or view: nothing is taken for granted.
                self.asked.update(dict.fromkeys(self.asked))
            case "back":
                log.info("Server back")
            case _ if self._steady() - self._told_s > RETELL_S:
                self.tell_all()
        self.tell()

    def tell_all(self) -> None:
        """Tell every evaluator, whatever it was told before."""
        with self._telling:
            self._told.clear()
            self._told_s = self._steady()
        self.tell()

    def tell(self) -> None:
        """Tell the evaluators for which something changed."""
        with self._telling:
            for address, window in self.windows.items():
                asks = self.asked[window] is not None
                if self._told.get(address) is not asks and self.link.write(self._codec.ask(address, asks=asks)):
                    self._told[address] = asks


def run(client: Client, line: EvaluatorLine, stop: threading.Event) -> None:
    """Serve one line until `stop`; raises `ApiError` if the server refuses at the start."""
    follow(client, line, stop, "evaluator", evaluator=",".join(dict.fromkeys(line.windows.values())))


def _work(client: Client, settings: Settings, stop: threading.Event) -> None:
    codec = evaluator_codec(settings.codec)
    run(client, EvaluatorLine(settings.windows, client, codec, settings.port, baud=settings.baud), stop)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one line of evaluators until it is told to stop."""
    return serve("evaluator", "Serves a line of evaluators.", log, _work, arguments)


if __name__ == "__main__":
    sys.exit(main())
