"""A card reader on a serial line or behind a socket: moves bytes between the line and a `Dialogue`.

The line is kept open while the reader sleeps, so that a cable put back is found by itself; but nothing is sent then,
and what comes unasked is dropped unread.
"""

import logging
import queue
import threading
import time
from collections.abc import Callable

from kiosk.id_reader.card import Card, ReaderTrouble, Trouble
from kiosk.id_reader.dialogue import Dialogue, Lying
from kiosk.id_reader.sam import Decoder, request
from server.serial_link import SerialLink

log = logging.getLogger("kiosk.id_reader")

BAUD = 115200

#: A line down for so long is told; a cable that only shook is not.
DOWN_MAX_S = 3.0

#: How soon `stop` and a pulled cable are noticed.
LOOK_S = 0.1

#: Pieces of the line not looked at yet; a reader sends far fewer for a card.
PIECES_MAX = 4096

#: Port: the card that may still lie there. It outlives a reader, which a kiosk opens anew for every visitor.
_LYING: dict[str, Lying | None] = {}


class SerialReader:
    """One reader that speaks the SAM protocol."""

    def __init__(
        self, port: str, timeout_s: float, *, baud: int = BAUD, steady: Callable[[], float] = time.monotonic
    ) -> None:
        self._timeout_s = timeout_s
        self._steady = steady
        self._port = port
        self._awake = threading.Event()
        self._pieces: queue.Queue[bytes] = queue.Queue(PIECES_MAX)
        self._decoder = Decoder()
        self._closing = threading.Event()
        self._link = SerialLink(port, baud=baud, on_bytes=self._hear)
        self._thread = threading.Thread(target=self._link.run, args=(self._closing,), name="id reader", daemon=True)
        self._thread.start()

    def read(self, stop: threading.Event) -> Card:
        """Wait for a card and read it."""
        dialogue = Dialogue(self._steady(), self._timeout_s, _LYING.get(self._port))
        self._forget()
        self._awake.set()
        try:
            return self._converse(dialogue, stop)
        finally:
            self._awake.clear()
            _LYING[self._port] = dialogue.lying
            self._forget()

    def close(self) -> None:
        """Let go of the line."""
        self._closing.set()
        self._thread.join(5)

    def _converse(self, dialogue: Dialogue, stop: threading.Event) -> Card:
        down_since_s: float | None = None
        while not stop.is_set() and not self._closing.is_set():
            now_s = self._steady()
            if not self._link.is_open:
                down_since_s = now_s if down_since_s is None else down_since_s
                if now_s - down_since_s >= DOWN_MAX_S:
                    raise ReaderTrouble(Trouble.UNPLUGGED)
                stop.wait(LOOK_S)
                continue
            if down_since_s is not None:
                down_since_s = None
                self._forget()
                dialogue.line_is_back(now_s)
            if command := dialogue.due(now_s):
                self._forget()
                self._link.write(request(command))
            self._listen(dialogue)
            if dialogue.card is not None:
                return dialogue.card
        raise ReaderTrouble(Trouble.TIMEOUT)

    def _listen(self, dialogue: Dialogue) -> None:
        try:
            piece = self._pieces.get(timeout=LOOK_S)
        except queue.Empty:
            return
        for answer in self._decoder.take(piece):
            dialogue.take(answer, self._steady())

    def _hear(self, data: bytes) -> None:
        """In the line's thread."""
        if not self._awake.is_set():
            return
        try:
            self._pieces.put_nowait(data)
        except queue.Full:
            log.error("The ID-card reader sends without end; what it sent is dropped")

    def _forget(self) -> None:
        self._decoder.forget()
        while not self._pieces.empty():
            self._pieces.get_nowait()
