"""Which call is spoken next, how often, and which no more.

Pure: the time is handed in (seconds of any steady clock), sound and network are elsewhere. The rules:
in the order of the calls, none overlapping; each twice, but once while more than 30 s of speech waits; nothing that
is no longer true (the ticket left the state `called`, was called anew, or the call is older than 120 s).
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

log = logging.getLogger("caller.announcer")

#: With more speech than this waiting, a call is spoken once.
LONG_QUEUE_S = 30.0

#: A call older than this sends nobody anywhere.
STALE_AFTER_S = 120.0

ROUNDS = 2

#: A hall that calls faster than it can be spoken: the oldest would be stale long before their turn.
QUEUE_LIMIT = 100


@dataclass(frozen=True, slots=True)
class Announcement:
    """One call made ready to be spoken: `first` with the chime, `again` without. `seq` is the log's number of the
    call's event, None for a call that carried none."""

    call: int
    seq: int | None
    number: str
    called_at_s: float
    text: str
    first: Path
    again: Path
    seconds: float
    rounds_spoken: int = 0


class Announcer:
    """The queue of one voice. Not thread-safe: whoever shares it holds a lock."""

    def __init__(self) -> None:
        self._waiting: list[Announcement] = []
        self._called: frozenset[str] = frozenset()
        self._called_as_of = -1

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, announcement: Announcement) -> None:
        """Queue a call behind all others; an older unspoken call of the same ticket is no longer true and goes.

        Calls are added as the feed gives them, which is their order also for those missed during a cut.
        """
        self._waiting = [known for known in self._waiting if known.number != announcement.number]
        self._waiting.append(announcement)
        while len(self._waiting) > QUEUE_LIMIT:
            log.error("Call of %s is given up: %d calls wait", self._waiting.pop(0).number, QUEUE_LIMIT)

    def still_called(self, numbers: Iterable[str], seq: int | None) -> None:
        """Take note of the tickets in state `called` as of one event of the log. A call newer than that event is
        not touched by it."""
        if seq is None:
            return
        self._called = frozenset(numbers)
        self._called_as_of = seq

    def next(self, now_s: float) -> Announcement | None:
        """Take the call to be spoken now, or None. Hand it back to `spoken` afterwards."""
        self._drop_untrue(now_s)
        return self._waiting.pop(0) if self._waiting else None

    def spoken(self, announcement: Announcement, now_s: float) -> None:
        """Note that a call was spoken; if it is to be heard again it goes to the front."""
        again = replace(announcement, rounds_spoken=announcement.rounds_spoken + 1)
        if any(known.number == again.number for known in self._waiting):
            return
        if again.rounds_spoken < ROUNDS and self.waiting_s(now_s) <= LONG_QUEUE_S:
            self._waiting.insert(0, again)

    def waiting_s(self, now_s: float) -> float:
        """How much speech waits if every waiting call is spoken as often as usual."""
        self._drop_untrue(now_s)
        return sum(known.seconds * (ROUNDS - known.rounds_spoken) for known in self._waiting)

    def _drop_untrue(self, now_s: float) -> None:
        true = []
        for known in self._waiting:
            if now_s - known.called_at_s > STALE_AFTER_S:
                log.warning("Call of %s is no longer spoken: older than %g s", known.number, STALE_AFTER_S)
            elif known.seq is not None and known.seq <= self._called_as_of and known.number not in self._called:
                log.info("Call of %s is no longer spoken: the ticket is not called any more", known.number)
            else:
                true.append(known)
        self._waiting = true
