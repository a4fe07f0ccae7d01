"""One reading of one card: find, select, read, until there is a card or a reason why not. No line, no clock.

`due` says what to send and when, `take` gets what the reader answers. Times are those of any steady clock.
"""

import hashlib
import logging
import secrets
from dataclasses import dataclass, field, replace
from typing import Self

from kiosk.id_reader.card import Card, ReaderTrouble, Trouble
from kiosk.id_reader.layouts import read_card
from kiosk.id_reader.sam import BROKEN, Answer, Command, Damaged, Status, text_of

log = logging.getLogger("kiosk.id_reader")

#: Between two questions whether a card is there.
POLL_S = 0.3

#: Longest answer: 1295 bytes at 9600 baud take 1.4 s after the reader's own second.
ANSWER_S = {Command.FIND: 1.0, Command.SELECT: 1.5, Command.READ: 3.0}

#: Tries at a card that is there but does not come through.
TRIES = 3

#: Questions in a row without an answer; then nobody is at the other end.
SILENT_MAX = 3

#: Polls without a card before the one read last counts as taken away.
ABSENT_POLLS = 2

#: Marks of cards are worth nothing outside of this process.
_SALT = secrets.token_bytes(16)

_NAMES = {status.value: status.name for status in Status}

_NEXT = {Command.FIND: Command.SELECT, Command.SELECT: Command.READ}


@dataclass(frozen=True, slots=True)
class Lying:
    """The card read last, which may still lie there: by a mark that tells only whether it is the same one."""

    mark: bytes = field(repr=False)
    absent_polls: int = ABSENT_POLLS

    @classmethod
    def of(cls, card: Card) -> Self:
        """Mark a card."""
        return cls(hashlib.blake2b(card.number.encode(), key=_SALT).digest())


class Dialogue:
    """`lying`: the card that the last visitor may have left. It is not accepted again until it was taken away; another
    one is, at once. Kept by the caller from one reading to the next."""

    def __init__(self, now_s: float, timeout_s: float, lying: Lying | None = None) -> None:
        self.card: Card | None = None
        self.lying = lying
        self._ends_s = now_s + timeout_s
        self._command = Command.FIND
        self._send_at_s = now_s
        self._answer_by_s: float | None = None
        self._failures = 0
        self._silent = 0
        self._damaged = False

    def due(self, now_s: float) -> Command | None:
        """What has to be sent now, if anything. Raises when the time is over."""
        if self._answer_by_s is not None and now_s >= self._answer_by_s:
            self._unanswered(now_s)
        if self._answer_by_s is not None or now_s < self._send_at_s:
            return None
        # A card that is being read is read to its end: only the waiting for one is limited.
        if self._command is Command.FIND and now_s >= self._ends_s:
            raise ReaderTrouble(Trouble.UNREADABLE if self._failures else Trouble.TIMEOUT)
        self._answer_by_s = now_s + ANSWER_S[self._command]
        self._damaged = False
        return self._command

    def take(self, answer: Answer | Damaged, now_s: float) -> None:
        """Act on an answer; afterwards there may be a `card`."""
        if self._answer_by_s is None:
            return
        self._silent = 0
        if isinstance(answer, Damaged):
            # The rest of the frame may still be on its way: let it come before asking again.
            if not self._damaged:
                self._damaged = True
                self._answer_by_s = min(self._answer_by_s, now_s + POLL_S)
            return
        self._answer_by_s = None
        if self._command is Command.FIND and answer.status == Status.NO_CARD:
            self._is_away()
            self._find(now_s + POLL_S)
        elif answer.status in (Status.FOUND, Status.DONE):
            self._go_on(answer, now_s)
        else:
            self._refused(answer.status, now_s)

    def line_is_back(self, now_s: float) -> None:
        """The line was down: whatever was asked is forgotten."""
        self._find(now_s)

    def _go_on(self, answer: Answer, now_s: float) -> None:
        if self._command is not Command.READ:
            self._command = _NEXT[self._command]
            self._send_at_s = now_s
            return
        card = self._read(answer.data)
        if card is None:
            self._failed(now_s)
            return
        before, self.lying = self.lying, Lying.of(card)
        if before is not None and before.mark == self.lying.mark:
            # The last visitor's, never taken away.
            self._find(now_s + POLL_S)
        else:
            self.card = card

    def _is_away(self) -> None:
        """No card was found. One that was found just now may be missed once by the next question."""
        if self.lying is not None:
            left = self.lying.absent_polls - 1
            self.lying = replace(self.lying, absent_polls=left) if left else None

    def _read(self, data: bytes) -> Card | None:
        """The card, or nothing when it is worth another try."""
        text = text_of(data)
        if text is None:
            log.warning("A card's text did not come whole")
            return None
        try:
            return read_card(text)
        except ReaderTrouble as trouble:
            if trouble.kind is Trouble.UNREADABLE:
                return None
            raise

    def _refused(self, status: int, now_s: float) -> None:
        name = _NAMES.get(status, "unknown")
        if status in BROKEN:
            log.error("The ID-card reader says %02X (%s)", status, name)
            raise ReaderTrouble(Trouble.UNPLUGGED)
        if status == Status.WRONG_KIND_OF_CARD:
            raise ReaderTrouble(Trouble.NOT_A_CARD)
        if status == Status.NO_CARD:
            # Taken away too soon: wait for it again.
            self._find(now_s + POLL_S)
            return
        log.warning("The ID-card reader says %02X (%s) to %s", status, name, self._command.name)
        self._failed(now_s)

    def _failed(self, now_s: float) -> None:
        self._failures += 1
        if self._failures >= TRIES:
            raise ReaderTrouble(Trouble.UNREADABLE)
        self._find(now_s + POLL_S)

    def _unanswered(self, now_s: float) -> None:
        if self._damaged or self._command is not Command.FIND:
            self._failed(now_s)
            return
        self._silent += 1
        if self._silent >= SILENT_MAX:
            log.error("The ID-card reader does not answer")
            raise ReaderTrouble(Trouble.UNPLUGGED)
        self._find(now_s)

    def _find(self, at_s: float) -> None:
        self._command = Command.FIND
        self._send_at_s = at_s
        self._answer_by_s = None
