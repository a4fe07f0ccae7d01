"""The client's end of the hall's feed: bytes into messages, and from where to go on after a cut.

Pure: no socket, no clock. `client.py` reads the bytes, waits and connects again; this file only knows what has been
heard. It must not know what a message means to a board, a voice or a printer.
"""

import codecs
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

#: Events that announce one thing once: never merged by the server, never to be lost or done twice here.
ANNOUNCEMENTS = frozenset({"call", "print"})

#: A view of the largest hall is some hundred kilobytes; whatever is larger is not our server.
MESSAGE_LIMIT = 8_000_000


@dataclass(frozen=True, slots=True)
class FeedMessage:
    """One message of the feed.

    `event` is `snapshot`, `view`, `call`, `print` or `heartbeat` from the server, or `lost` (with the reason, in
    English for the log, in `data["why"]`) and `back` from this client. `id` is the log's sequence number.
    """

    event: str
    data: dict[str, Any]
    id: int | None = None


class FeedBroken(Exception):
    """What comes down the line is not the hall's feed."""


class EventStream:
    """Bytes of one connection → messages, however the network cut them. A message not closed by an empty line is
    dropped: it will come again."""

    def __init__(self) -> None:
        self._decode = codecs.getincrementaldecoder("utf-8-sig")("replace")
        self._rest = ""
        self._event = ""
        self._data: list[str] = []
        self._size = 0
        self._id: int | None = None

    def feed(self, chunk: bytes) -> Iterator[FeedMessage]:
        """Take the next bytes and give the messages they complete."""
        # Only at "\n": `splitlines` would also part at U+2028 and its like, which may stand inside a JSON text.
        *lines, self._rest = (self._rest + self._decode.decode(chunk)).split("\n")
        if len(self._rest) > MESSAGE_LIMIT:
            raise FeedBroken(f"a line of more than {MESSAGE_LIMIT} characters")
        for line in lines:
            message = self._line(line.removesuffix("\r"))
            if message:
                yield message

    def _line(self, line: str) -> FeedMessage | None:
        if not line:
            return self._close_message()
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "event":
            self._event = value
        elif field == "data":
            self._data.append(value)
            self._size += len(value)
            if self._size > MESSAGE_LIMIT:
                raise FeedBroken(f"a message of more than {MESSAGE_LIMIT} characters")
        elif field == "id":
            self._id = int(value) if value.isascii() and value.isdigit() else None
        return None

    def _close_message(self) -> FeedMessage | None:
        event, text, number = self._event, "\n".join(self._data), self._id
        self._event, self._data, self._size, self._id = "", [], 0, None
        if not text:
            return None
        try:
            data = json.loads(text)
        except ValueError as trouble:
            raise FeedBroken(f"data is not JSON: {text[:80]!r}") from trouble
        if not isinstance(data, dict):
            raise FeedBroken(f"data is not an object: {text[:80]!r}")
        return FeedMessage(event or "message", data, number)


class Position:
    """From where a feed goes on after a cut, and which announcements were heard already.

    A `view` may carry the number of the very event whose `call` comes right behind it, so its number is taken for
    heard only once a heartbeat shows that the server has no more to say; otherwise a cut between the two would lose
    the call. Likewise several snapshots (one per window named) count only when the last of them has come.
    """

    def __init__(self, snapshots: int = 1, after: int | None = None) -> None:
        self.resume_from = after
        self._snapshots_expected = snapshots
        self._snapshots_seen = 0
        self._unconfirmed: int | None = None
        self._announced: dict[str, int] = {}

    def connected(self) -> None:
        """A new connection is open; what was unconfirmed will be sent again."""
        self._snapshots_seen = 0
        self._unconfirmed = None

    def accept(self, message: FeedMessage) -> bool:
        """Note that a message was heard; False if it is an announcement heard before."""
        number = message.id
        if message.event == "heartbeat":
            self._confirm(self._unconfirmed)
        elif message.event == "snapshot":
            self._snapshots_seen += 1
            if number is not None and self._snapshots_seen >= self._snapshots_expected:
                # A snapshot is the whole truth, also when the server started over and counts from the beginning.
                self.resume_from = number
                self._announced = {event: min(seen, number) for event, seen in self._announced.items()}
        elif message.event in ANNOUNCEMENTS:
            if number is not None and number <= self._announced.get(message.event, -1):
                return False
            if number is not None:
                self._announced[message.event] = number
            self._confirm(number)
        elif number is not None:
            self._unconfirmed = max(number, self._unconfirmed or 0)
        return True

    def _confirm(self, number: int | None) -> None:
        if number is not None and (self._snapshots_seen == 0 or self._snapshots_seen >= self._snapshots_expected):
            self.resume_from = max(number, self.resume_from or 0)
