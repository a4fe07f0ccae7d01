"""A reader without a device: a JSON file put into a folder is a card laid on.

    {"kind": "resident", "number": "...", "name": "...", "birth": "1950-01-01", "valid_to": "长期"}
    {"trouble": "not_a_card"}

The folder is made where the one above it is there. A file that was read is deleted, as a card is taken away; so no number stays on disk. One that is neither a card nor a
trouble is left where it is and told as unreadable once.
"""

import json
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from kiosk.id_reader.card import Card, CardKind, ReaderTrouble, Trouble
from kiosk.id_reader.numbers import birth_of, is_number, kind_of

POLL_S = 0.2


def card_of(data: Any) -> Card | ReaderTrouble:
    """Read a card, or the trouble to play, out of JSON."""
    try:
        if "trouble" in data:
            return ReaderTrouble(Trouble(data["trouble"]))
        number = str(data["number"]).upper()
        birth = date.fromisoformat(data["birth"]) if data.get("birth") else birth_of(number)
        kind = CardKind(data["kind"]) if "kind" in data else kind_of(number)
        name, valid_to = str(data.get("name", "")), data.get("valid_to")
    except (LookupError, TypeError, ValueError, AttributeError):
        number = ""
    # Outside of the handler: an exception raised in it would carry the file's text along.
    if not is_number(number):
        raise ReaderTrouble(Trouble.UNREADABLE)
    return Card(number, name, kind, birth, valid_to)


def load_card(path: Path) -> Card | ReaderTrouble:
    """Read a card's file."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        data = None
    return card_of(data)


class FolderReader:
    """Reads the first file of a folder."""

    def __init__(self, folder: Path, timeout_s: float, steady: Callable[[], float] = time.monotonic) -> None:
        self._folder = folder
        self._timeout_s = timeout_s
        self._steady = steady

    def read(self, stop: threading.Event) -> Card:
        """Wait for a file."""
        ends_s = self._steady() + self._timeout_s
        with suppress(OSError):
            self._folder.mkdir(exist_ok=True)
        while not stop.is_set():
            if not self._folder.is_dir():
                raise ReaderTrouble(Trouble.UNPLUGGED)
            for path in sorted(self._folder.glob("*.json")):
                if _REFUSED.get(path) != _written(path):
                    return self._take(path)
            if self._steady() >= ends_s:
                break
            stop.wait(POLL_S)
        raise ReaderTrouble(Trouble.TIMEOUT)

    def close(self) -> None:
        """Nothing to let go of."""

    def _take(self, path: Path) -> Card:
        try:
            found = load_card(path)
        except ReaderTrouble:
            _REFUSED[path] = _written(path)
            raise
        path.unlink(missing_ok=True)
        if isinstance(found, Card):
            return found
        raise found


#: Files that were neither card nor trouble, and when they were written. It outlives a reader, which a kiosk opens anew
#: for every visitor.
_REFUSED: dict[Path, int] = {}


def _written(path: Path) -> int:
    """When the file was written last; 0 when it is gone."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
