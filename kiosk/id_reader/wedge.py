"""A card reader that types (a keyboard wedge): number, perhaps the name behind `|` or tab, then Enter.

The kiosk feeds it every key. Asleep it keeps none of them.
"""

import queue
import threading
import time
from collections.abc import Callable

from kiosk.id_reader.card import Card, ReaderTrouble, Trouble
from kiosk.id_reader.numbers import EIGHTEEN, FOREIGN_2017, birth_of, is_number, kind_of
from kiosk.keystrokes import Keystrokes

#: How soon `stop` is noticed.
LOOK_S = 0.1


def read_typed(text: str) -> Card | None:
    """The card that was typed; nothing when it is something else, such as a scanned code."""
    number, name = text.strip(), ""
    for separator in "|\t":
        head, found, tail = text.partition(separator)
        if found:
            number, name = head.strip(), tail.split(separator)[0].strip()
            break
    number = number.upper()
    if not (EIGHTEEN.fullmatch(number) or FOREIGN_2017.fullmatch(number)):
        return None
    if not is_number(number):
        raise ReaderTrouble(Trouble.UNREADABLE)
    return Card(number, name, kind_of(number), birth_of(number), None)


class WedgeReader:
    """A reader whose cards come as keys. It cannot be told from an unplugged one: only the time runs out."""

    def __init__(self, timeout_s: float, steady: Callable[[], float] = time.monotonic) -> None:
        self._timeout_s = timeout_s
        self._steady = steady
        self._keys = Keystrokes(steady)
        self._awake = threading.Event()
        self._cards: queue.SimpleQueue[Card | ReaderTrouble] = queue.SimpleQueue()

    def feed(self, text: str) -> None:
        """Take keys as they come, from the thread that hears them; Enter is a line break."""
        if not self._awake.is_set():
            self._keys.forget()
            return
        for typed in self._keys.take(text):
            try:
                card = read_typed(typed)
            except ReaderTrouble as trouble:
                self._cards.put(trouble)
            else:
                if card is not None:
                    self._cards.put(card)

    def read(self, stop: threading.Event) -> Card:
        """Wait for a card to be typed."""
        self._empty()
        self._awake.set()
        ends_s = self._steady() + self._timeout_s
        try:
            while not stop.is_set() and self._steady() < ends_s:
                try:
                    came = self._cards.get(timeout=LOOK_S)
                except queue.Empty:
                    continue
                if isinstance(came, Card):
                    return came
                raise came
        finally:
            self._awake.clear()
            self._empty()
        raise ReaderTrouble(Trouble.TIMEOUT)

    def close(self) -> None:
        """Nothing to let go of."""

    def _empty(self) -> None:
        while not self._cards.empty():
            self._cards.get_nowait()
