"""What a device is to the spool, and the conversation with printers that are a stream of bytes both ways.

A device takes one whole job. It says whether the ticket surely came out, or whether that cannot be known; everything
that surely went wrong is a `DeviceError`.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from printer.commands import ASK_WHEN_DONE, PrintJob
from printer.status import (
    QUESTIONS,
    SILENT,
    UNREACHABLE,
    Condition,
    PrinterStatus,
    Trouble,
    is_done_byte,
    is_status_byte,
    read_answers,
)


class DeviceError(Exception):
    """The ticket surely did not come out whole. `permanent`: trying again cannot help."""

    def __init__(self, reason: Condition | Trouble, message: str, *, permanent: bool = False) -> None:
        super().__init__(message)
        self.reason = reason
        self.permanent = permanent


class StreamBroken(Exception):
    """The other end is gone, or takes no more bytes (`is_stalled`)."""

    def __init__(self, message: str, *, is_stalled: bool = False) -> None:
        super().__init__(message)
        self.is_stalled = is_stalled


class Outcome(StrEnum):
    """How a delivery ended that did not surely fail."""

    PRINTED = "printed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Delivery:
    """The end of one delivery, with the reason where it is not sure."""

    outcome: Outcome
    reason: str | None = None


PRINTED = Delivery(Outcome.PRINTED)
UNCONFIRMED = Delivery(Outcome.UNKNOWN, Trouble.UNCONFIRMED)
INTERRUPTED = Delivery(Outcome.UNKNOWN, Trouble.INTERRUPTED)


class Watch(Protocol):
    """Who follows a delivery."""

    def begun(self) -> None:
        """The first byte of the ticket goes out now; from here on it may have come out."""

    def trouble(self, condition: Condition | None) -> None:
        """This stops the ticket half way; None: no more."""

    def is_closing(self) -> bool:
        """The program is about to end: do not wait for somebody to bring paper."""


class Device(Protocol):
    """One printer."""

    def status(self) -> PrinterStatus:
        """Ask the printer; takes seconds at most."""

    def deliver(self, job: PrintJob, watch: Watch) -> Delivery:
        """Print one job, or raise DeviceError."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Times in seconds. None is long: a citizen stands in front of the printer."""

    connect_s: float = 3.0
    answer_s: float = 0.5
    write_s: float = 5.0
    confirm_s: float = 8.0
    silent_confirm_s: float = 2.0
    ask_again_s: float = 0.5
    patience_s: float = 20.0
    back_off_s: float = 1.0
    poll_s: float = 5.0


class Stream(Protocol):
    """An open connection to a printer, both ways."""

    #: Largest piece written at once; a piece must go within `Limits.write_s`.
    piece: int

    def lag_s(self, size: int) -> float:
        """How long the last bytes of a job of this size may still be under way after they were written."""

    def write(self, data: bytes) -> None:
        """Write one piece, or raise StreamBroken."""

    def read(self, timeout_s: float) -> bytes:
        """What has arrived, or nothing when nothing came in time."""

    def close(self) -> None:
        """Close after everything is sent."""

    def abort(self) -> None:
        """Close and throw away what is not sent, so that no half ticket follows later."""


class StreamDevice:
    """A printer reached through a stream that is opened for each job, so that others may use the printer too."""

    def __init__(self, connect: Callable[[], Stream], limits: Limits) -> None:
        self._connect = connect
        self._limits = limits
        self._is_known_silent = False

    def status(self) -> PrinterStatus:
        """Ask on a connection of its own."""
        try:
            stream = self._connect()
        except DeviceError:
            return UNREACHABLE
        try:
            return Conversation(stream, self._limits).ask()
        except StreamBroken:
            return UNREACHABLE
        finally:
            stream.abort()

    def deliver(self, job: PrintJob, watch: Watch) -> Delivery:
        """Ask, send, and wait for the printer to say that it has come to the end."""
        stream = self._connect()
        is_done = False
        try:
            conversation = Conversation(stream, self._limits)
            is_silent = self._before(conversation)
            watch.begun()
            self._send(stream, job.data)
            confirm_s = self._confirm_s(is_silent)
            delivery = conversation.wait_until_done(confirm_s, stream.lag_s(len(job.data)), is_silent, watch)
            self._is_known_silent = is_silent and delivery is UNCONFIRMED
            is_done = True
            return delivery
        finally:
            if is_done:
                stream.close()
            else:
                stream.abort()

    def _confirm_s(self, is_silent: bool) -> float:
        if not is_silent:
            return self._limits.confirm_s
        return self._limits.answer_s if self._is_known_silent else self._limits.silent_confirm_s

    def _before(self, conversation: "Conversation") -> bool:
        """Refuse to begin in a blocking condition; tell whether the printer is silent."""
        try:
            status = conversation.ask()
        except StreamBroken as broken:
            raise DeviceError(Condition.UNREACHABLE, str(broken)) from broken
        if status.is_blocking:
            raise DeviceError(status.condition, f"the printer says {status.condition}")
        return status == SILENT

    def _send(self, stream: Stream, data: bytes) -> None:
        """Write all; a ticket whose end (with the cut) was not taken did not come out whole."""
        try:
            for start in range(0, len(data), stream.piece):
                stream.write(data[start : start + stream.piece])
        except StreamBroken as broken:
            raise DeviceError(Trouble.STALLED if broken.is_stalled else Trouble.CUT_OFF, str(broken)) from broken


class Conversation:
    """Questions and answers on one stream. Bytes that are not the answer waited for are kept for who waits for them."""

    def __init__(self, stream: Stream, limits: Limits) -> None:
        self._stream = stream
        self._limits = limits
        self._heard = bytearray()

    def ask(self) -> PrinterStatus:
        """Put the four questions one by one, so that no answer is taken for another's."""
        answers: list[int | None] = []
        for question in QUESTIONS:
            self._stream.write(question)
            answers.append(self._answer(is_status_byte, self._limits.answer_s))
            if answers[0] is None:
                return SILENT
        return read_answers(answers)

    def wait_until_done(self, wait_s: float, lag_s: float, is_silent: bool, watch: Watch) -> Delivery:
        """Ask to be told when all is printed; meanwhile watch for what may stop the printer half way."""
        limits = self._limits
        self._heard.clear()
        start = time.monotonic()
        deadline = start + lag_s + wait_s
        last = deadline + limits.patience_s
        trouble: Condition | None = None
        try:
            self._stream.write(ASK_WHEN_DONE)
            while (now := time.monotonic()) < deadline:
                if self._answer(is_done_byte, min(limits.ask_again_s, deadline - now)) is not None:
                    return PRINTED
                found = None if is_silent else self._blocking()
                if found is not trouble:
                    trouble = found
                    watch.trouble(trouble)
                    # Paper takes a moment to put in, and the printer then goes on with what it holds.
                    deadline = min(last, time.monotonic() + (limits.patience_s if trouble else wait_s))
                if trouble and watch.is_closing():
                    return INTERRUPTED
        except StreamBroken:
            return Delivery(Outcome.UNKNOWN, Trouble.CUT_OFF)
        if trouble:
            raise DeviceError(trouble, f"the printer stopped half way: {trouble}", permanent=True)
        return UNCONFIRMED

    def _blocking(self) -> Condition | None:
        status = self.ask()
        return status.condition if status.is_blocking else None

    def _answer(self, is_wanted: Callable[[int], bool], wait_s: float) -> int | None:
        """The first byte that is wanted, or nothing in time."""
        deadline = time.monotonic() + wait_s
        while True:
            for position, byte in enumerate(self._heard):
                if is_wanted(byte):
                    del self._heard[position]
                    return byte
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                return None
            self._heard += self._stream.read(remaining)
