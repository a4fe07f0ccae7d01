"""The queue of one printer: takes tickets at once, prints them one after the other, says what became of each.

The ticket itself is valid whatever happens here: nothing in this module can undo or renumber it. A ticket that surely
did not come out is tried again until `Limits.patience_s` after it was handed in, because a citizen stands there; then
it has failed. One that may have come out is *unknown* and never tried again by itself.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from filelock import FileLock, Timeout

from printer.commands import prepare
from printer.delivery import Delivery, DeviceError, Limits, Outcome
from printer.devices import open_device
from printer.layout import TicketPrint
from printer.papers import PaperPrint
from printer.profile import Mode, PrinterUrl, Profile
from printer.slips import Slip
from printer.spool_folder import Entry, Roll, SpoolFolder, Stage
from printer.status import Condition, Paper, PrinterStatus, Trouble

log = logging.getLogger("printer")

#: The part of a roll after which the meter says "nearly used up".
NEAR_END_AT = 0.9


class JobState(StrEnum):
    """Print states of the API."""

    QUEUED = "queued"
    PRINTED = "printed"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Job:
    """One ticket on its way to paper. `reason` is a `Condition` or `Trouble`; a queued job has one while it waits."""

    id: str
    number: str
    state: JobState
    reason: str | None = None
    ticket_id: str | None = None
    copy: int = 1


class SpoolBusy(Exception):
    """Another program already prints from this folder."""


OnState = Callable[[Job], None]


class Spool:
    """One printer with one worker thread. `on_state` is called from that thread on every change of a job."""

    def __init__(
        self,
        folder: Path,
        device_url: str,
        paper_mm: int,
        mode: str,
        on_state: OnState,
        limits: Limits | None = None,
    ) -> None:
        self._limits = limits or Limits()
        url = PrinterUrl.parse(device_url).with_folder(folder / "tickets")
        self._profile = Profile.of(url, paper_mm)
        self._mode = Mode(mode)
        self._device = open_device(url, self._profile, self._limits)
        self._on_state = on_state
        self._folder = SpoolFolder(folder)
        self._lock = FileLock(folder / ".lock", thread_local=False)
        try:
            self._lock.acquire(timeout=0)
        except Timeout as busy:
            raise SpoolBusy(f"another program prints from {folder}") from busy
        self._roll = self._folder.roll()
        self._status = PrinterStatus()
        self._changed = threading.Condition()
        self._is_closing = False
        self._waiting = deque(_Waiting(entry, time.monotonic()) for entry in self._folder.entries())
        self._worker = threading.Thread(target=self._work, name=f"printer {device_url}", daemon=True)
        self._worker.start()

    def submit(self, ticket: TicketPrint | Slip | PaperPrint) -> Job:
        """Put a ticket, slip or paper into the queue; returns at once. A ticket is then on disk, unless the disk is full."""
        with self._changed:
            if self._is_closing:
                raise RuntimeError("the spool is closed")
            entry = Entry(f"{self._roll.next_id:08d}", Stage.QUEUED, ticket)
            self._set_roll(replace(self._roll, next_id=self._roll.next_id + 1))
            self._keep(lambda: self._folder.save(entry))
            self._waiting.append(_Waiting(entry, time.monotonic()))
            self._changed.notify_all()
        return _job(entry, JobState.QUEUED)

    def status(self) -> PrinterStatus:
        """The last that is known of the printer; never blocks."""
        return self._status

    def close(self) -> None:
        """Stop. What is not printed stays on disk for the next start; a ticket that is being sent is given a moment."""
        with self._changed:
            self._is_closing = True
            self._changed.notify_all()
        self._worker.join(self._limits.connect_s + self._limits.write_s + self._limits.confirm_s)

    # The worker

    def _work(self) -> None:
        try:
            while (waiting := self._next()) is not None:
                try:
                    self._handle(waiting)
                except Exception:
                    log.exception("ticket %s", waiting.entry.ticket.number)
                    self._end(waiting.entry, JobState.UNKNOWN, Trouble.INTERRUPTED)
        finally:
            self._lock.release()

    def _handle(self, waiting: "_Waiting") -> None:
        if waiting.entry.stage is Stage.SENDING:
            self._end(waiting.entry, JobState.UNKNOWN, Trouble.INTERRUPTED)
        else:
            self._print(waiting)

    def _next(self) -> "_Waiting | None":
        """The next ticket; asks the printer how it is whenever there is nothing to do. Nothing: closing."""
        while True:
            with self._changed:
                if self._is_closing:
                    return None
                if self._waiting:
                    return self._waiting.popleft()
            self._look()
            with self._changed:
                if not self._waiting and not self._is_closing:
                    self._changed.wait(self._limits.poll_s)

    def _look(self) -> None:
        try:
            status = self._device.status()
        except Exception:
            # A driver's fault must not end the thread: the next ticket may still come out.
            log.exception("asking the printer how it is")
            status = PrinterStatus()
        was_out = self._status.paper is Paper.OUT
        if self._folder.take_new_roll() or (was_out and status.paper in (Paper.OK, Paper.NEAR_END)):
            with self._changed:
                self._set_roll(replace(self._roll, used_mm=0.0))
        self._status = status.estimated(self._is_roll_nearly_used())

    def _print(self, waiting: "_Waiting") -> None:
        entry = waiting.entry
        try:
            job = prepare(entry.ticket, self._profile, self._mode)
        except Exception:
            log.exception("ticket %s cannot be laid out", entry.ticket.number)
            self._end(entry, JobState.FAILED, Trouble.UNPRINTABLE)
            return
        deadline = waiting.since + self._limits.patience_s
        while True:
            following = _Following(self, entry)
            try:
                delivery = self._device.deliver(job, following)
            except DeviceError as trouble:
                if isinstance(trouble.reason, Condition):
                    self._status = PrinterStatus.of(trouble.reason)
                if trouble.permanent or time.monotonic() >= deadline:
                    log.warning("ticket %s failed: %s", entry.ticket.number, trouble)
                    self._end(entry, JobState.FAILED, trouble.reason)
                    return
                if following.is_begun:
                    self._keep(lambda: self._folder.save(entry))
                self._waits(waiting, trouble)
                if self._pause():
                    return
            else:
                self._count(job.length_mm)
                self._finish(entry, delivery)
                return

    def _waits(self, waiting: "_Waiting", trouble: DeviceError) -> None:
        """Tell once that, and why, a ticket has to wait."""
        if waiting.reason != trouble.reason:
            waiting.reason = trouble.reason
            log.warning("ticket %s waits: %s", waiting.entry.ticket.number, trouble)
            self._tell(_job(waiting.entry, JobState.QUEUED, trouble.reason))

    def _pause(self) -> bool:
        """Wait before the next try; true when the spool is being closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_closing, self._limits.back_off_s)
            return self._is_closing

    def _finish(self, entry: Entry, delivery: Delivery) -> None:
        self._end(entry, JobState.PRINTED if delivery.outcome is Outcome.PRINTED else JobState.UNKNOWN, delivery.reason)

    def _end(self, entry: Entry, state: JobState, reason: str | None) -> None:
        self._tell(_job(entry, state, reason))
        self._keep(lambda: self._folder.remove(entry))

    def _tell(self, job: Job) -> None:
        try:
            self._on_state(job)
        except Exception:
            log.exception("telling that ticket %s is %s", job.number, job.state)

    def _count(self, length_mm: float) -> None:
        with self._changed:
            self._set_roll(replace(self._roll, used_mm=self._roll.used_mm + length_mm))

    def _set_roll(self, roll: Roll) -> None:
        self._roll = roll
        self._keep(lambda: self._folder.save_roll(roll))

    def _keep(self, write: Callable[[], None]) -> None:
        """Write to the folder. A full disk must not keep paper from coming out; what it costs is the restart."""
        try:
            write()
        except OSError:
            log.exception("the spool's folder cannot be written")

    def _is_roll_nearly_used(self) -> bool:
        roll_m = self._profile.roll_m
        return roll_m is not None and self._roll.used_mm >= roll_m * 1000 * NEAR_END_AT


@dataclass(slots=True)
class _Waiting:
    """A ticket in the queue, when it was handed in, and why it waits."""

    entry: Entry
    since: float
    reason: str | None = None


class _Following:
    """Notes on disk that a ticket is being sent, and passes troubles on."""

    def __init__(self, spool: Spool, entry: Entry) -> None:
        self._spool = spool
        self._entry = entry
        self.is_begun = False

    def begun(self) -> None:
        self.is_begun = True
        self._spool._keep(lambda: self._spool._folder.save(replace(self._entry, stage=Stage.SENDING)))

    def is_closing(self) -> bool:
        return self._spool._is_closing

    def trouble(self, condition: Condition | None) -> None:
        self._spool._status = PrinterStatus.of(condition or Condition.UNKNOWN)
        self._spool._tell(_job(self._entry, JobState.QUEUED, condition))


def _job(entry: Entry, state: JobState, reason: str | None = None) -> Job:
    return Job(entry.id, entry.ticket.number, state, reason, entry.ticket.ticket_id, entry.ticket.copy)
