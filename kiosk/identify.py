"""Reads one card when asked, asks the server whose it is, and forgets it.

A thread for each reading, so that the glass never waits; the device is open only while somebody is asked for a card.
Number and name live in this thread's one local value and go to the server only; what is delivered is a handle.
"""

import logging
import threading
from collections.abc import Callable
from datetime import date
from typing import Any

from kiosk.errands import CardTrouble, HolderSeen, ReadCard
from kiosk.id_reader import Card, IdReader, ReaderTrouble, ReaderUrlError, Trouble, WedgeReader, open_reader
from kiosk.people import Holder
from kiosk.settings import KioskSettings
from kiosk.state import Event
from server.client import ApiError, ServerLost

log = logging.getLogger("kiosk.identify")

#: What a trouble with the server instead of the card is called.
SERVER = "server"


class Readers:
    """The reader that is set for this kiosk. One that types is kept, since it must be fed; others are opened when asked."""

    def __init__(self, settings: KioskSettings) -> None:
        self._settings = settings
        self._wedge = self._kept()

    def adopt(self, settings: KioskSettings) -> None:
        """Take another reader."""
        if _reader(settings) != _reader(self._settings):
            self._settings = settings
            self._wedge = self._kept()

    def open(self) -> IdReader:
        """Give the reader; raises `ReaderTrouble` where there is none that works."""
        if self._wedge is not None:
            return self._wedge
        try:
            return open_reader(*_reader(self._settings))
        except ReaderUrlError as trouble:
            log.error("%s", trouble)
            raise ReaderTrouble(Trouble.UNPLUGGED) from None

    def feed(self, text: str) -> None:
        """Take keys, for a reader that types."""
        if self._wedge is not None:
            self._wedge.feed(text)

    def _kept(self) -> WedgeReader | None:
        if not self._settings.reader_url.startswith("wedge:"):
            return None
        return WedgeReader(self._settings.reader_timeout_s)


def _reader(settings: KioskSettings) -> tuple[str, float]:
    return settings.reader_url, settings.reader_timeout_s


class Identify:
    """One kiosk's card reader, asleep until asked for."""

    def __init__(
        self,
        open_reader: Callable[[], IdReader],
        whose: Callable[[dict[str, Any]], Holder],
        deliver: Callable[[Event], None],
    ) -> None:
        self._open_reader, self._whose, self._deliver = open_reader, whose, deliver
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def begin(self, command: ReadCard) -> None:
        """Wake the reader. UI thread."""
        self.stop()
        before, self._stop = self._thread, threading.Event()
        self._thread = threading.Thread(
            target=self._read, args=(command.attempt, self._stop, before), name="kiosk-card", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Let the reader sleep; what it still reads is for nobody. UI thread, never waits."""
        self._stop.set()

    def close(self) -> None:
        """End."""
        self.stop()
        if self._thread is not None:
            self._thread.join(timeout=5)

    def _read(self, attempt: int, stop: threading.Event, before: threading.Thread | None) -> None:
        if before is not None:
            # A device has one reader at a time.
            before.join(timeout=5)
        if stop.is_set():
            return
        try:
            reader = self._open_reader()
            try:
                card = reader.read(stop)
            finally:
                reader.close()
        except ReaderTrouble as trouble:
            log.info("no card read: %s", trouble.kind)
            event: Event = CardTrouble(attempt, str(trouble.kind))
        else:
            event = CardTrouble(attempt, SERVER) if stop.is_set() else self._asked(attempt, card)
        if not stop.is_set():
            self._deliver(event)

    def _asked(self, attempt: int, card: Card) -> Event:
        try:
            return HolderSeen(attempt, self._whose(sent(card)))
        except (ServerLost, ApiError, KeyError, TypeError) as trouble:
            # Never the trouble's own text: a refusal may quote what was sent.
            log.warning("the server does not say whose card it is: %s", type(trouble).__name__)
            return CardTrouble(attempt, SERVER)


def sent(card: Card) -> dict[str, Any]:
    """What the server is told of a card, once."""
    body: dict[str, Any] = {"number": card.number, "name": card.name or None, "kind": str(card.kind)}
    if card.birth is not None:
        body["birth"] = card.birth.isoformat()
    if card.valid_to is not None and _is_day(card.valid_to):
        body["valid_to"] = card.valid_to
    return {name: value for name, value in body.items() if value is not None}


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == 10
