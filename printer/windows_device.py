"""Prints through the Windows spooler, raw: `win://NAME`.

win32print is used directly: python-escpos hands the job over and forgets it, while the spooler can be asked whether
the job got through, why not, and can give it back.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any
from urllib.parse import unquote

from printer.commands import PrintJob
from printer.delivery import INTERRUPTED, PRINTED, UNCONFIRMED, Delivery, DeviceError, Limits, Watch
from printer.profile import PrinterUrl, PrinterUrlError
from printer.status import UNREACHABLE, Condition, Paper, PrinterStatus

#: PRINTER_STATUS_* and PRINTER_ATTRIBUTE_WORK_OFFLINE of winspool.h
PRINTER_ERROR = 0x02 | 0x08 | 0x40  # error, jam, paper problem
PRINTER_PAPER_OUT = 0x10
PRINTER_OFFLINE = 0x01 | 0x80 | 0x1000  # paused, offline, not available
PRINTER_DOOR_OPEN = 0x400000
WORK_OFFLINE = 0x400

#: JOB_STATUS_* and JOB_CONTROL_DELETE
JOB_TROUBLES = ((0x40, Condition.PAPER_OUT), (0x20, Condition.OFFLINE), (0x02 | 0x200 | 0x400, Condition.ERROR))
JOB_PRINTED = 0x80
JOB_DELETE = 5

#: What the spooler answers when a job is no longer in the queue.
ERROR_INVALID_PARAMETER = 87


class WindowsDevice:
    """A printer of the Windows spooler."""

    def __init__(self, url: PrinterUrl, limits: Limits, spooler: Any = None) -> None:
        if not url.place:
            raise PrinterUrlError(f"{url.text!r}: write win://NAME, as Windows names the printer")
        self._name = unquote(url.place)
        self._limits = limits
        self._spooler = spooler

    def status(self) -> PrinterStatus:
        """What the driver tells the spooler; many drivers tell nothing, so a clean state says little of the paper."""
        try:
            with self._open() as handle:
                return read_printer(self._spooler.GetPrinter(handle, 2))
        except DeviceError:
            return UNREACHABLE

    def deliver(self, job: PrintJob, watch: Watch) -> Delivery:
        """Hand the job over and wait until it has left the queue; take it back if it does not."""
        with self._open() as handle:
            status = read_printer(self._spooler.GetPrinter(handle, 2))
            if status.is_blocking:
                raise DeviceError(status.condition, f"Windows says {status.condition}")
            watch.begun()
            number = self._spooler.StartDocPrinter(handle, 1, (job.name, None, "RAW"))
            self._spooler.StartPagePrinter(handle)
            self._spooler.WritePrinter(handle, job.data)
            self._spooler.EndPagePrinter(handle)
            self._spooler.EndDocPrinter(handle)
            return self._follow(handle, number, watch)

    def _follow(self, handle: Any, number: int, watch: Watch) -> Delivery:
        """Wait for the job's end. From here on the spooler has it: a fault means unknown, never a second try."""
        deadline = time.monotonic() + self._limits.patience_s
        trouble: Condition | None = None
        try:
            while not (state := int(self._spooler.GetJob(handle, number, 1)["Status"])) & JOB_PRINTED:
                if watch.is_closing():
                    return INTERRUPTED
                if time.monotonic() > deadline:
                    self._spooler.SetJob(handle, number, 0, None, JOB_DELETE)
                    raise DeviceError(trouble or Condition.OFFLINE, "stuck in the queue, taken back", permanent=True)
                found = next((condition for bits, condition in JOB_TROUBLES if state & bits), None)
                if found is not trouble:
                    trouble = found
                    watch.trouble(trouble)
                time.sleep(self._limits.ask_again_s)
        except self._spooler.error as fault:
            # A finished job is no longer in the queue and cannot be asked about.
            return PRINTED if fault.args[:1] == (ERROR_INVALID_PARAMETER,) else UNCONFIRMED
        return PRINTED

    @contextmanager
    def _open(self) -> Iterator[Any]:
        if self._spooler is None:
            try:
                self._spooler = import_module("win32print")
            except ImportError as missing:
                message = "win:// needs Windows and pywin32"
                raise DeviceError(Condition.UNREACHABLE, message, permanent=True) from missing
        try:
            handle = self._spooler.OpenPrinter(self._name)
            try:
                yield handle
            finally:
                self._spooler.ClosePrinter(handle)
        except self._spooler.error as trouble:
            raise DeviceError(Condition.UNREACHABLE, f"{self._name}: {trouble}") from trouble


def read_printer(info: dict[str, Any]) -> PrinterStatus:
    """Read PRINTER_INFO_2."""
    status, attributes = int(info["Status"]), int(info["Attributes"])
    return PrinterStatus(
        is_reachable=True,
        # A clean state is also what a driver says that never looks.
        is_offline=True if status & PRINTER_OFFLINE or attributes & WORK_OFFLINE else None,
        is_cover_open=bool(status & PRINTER_DOOR_OPEN),
        has_error=bool(status & PRINTER_ERROR),
        paper=Paper.OUT if status & PRINTER_PAPER_OUT else Paper.UNKNOWN,
    )
