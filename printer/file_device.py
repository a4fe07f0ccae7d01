"""Prints into a file: a plain file that collects jobs, or a device file such as /dev/usb/lp0.

A device file is opened without blocking: a printer without paper would otherwise hold the program for ever.
"""

import os
import select
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from printer.commands import PrintJob
from printer.delivery import (
    PRINTED,
    Delivery,
    Device,
    DeviceError,
    Limits,
    Stream,
    StreamBroken,
    StreamDevice,
    Watch,
)
from printer.profile import PrinterUrl, PrinterUrlError
from printer.status import SILENT, UNREACHABLE, Condition, PrinterStatus


def file_device(url: PrinterUrl, limits: Limits) -> Device:
    """The device for a path: what stands there now decides which kind it is."""
    if not url.place:
        raise PrinterUrlError(f"{url.text!r}: write file:///path")
    path = Path(url.place)
    if path.is_char_device():
        return StreamDevice(connect_file(path, limits), limits)
    return PlainFileDevice(path)


class PlainFileDevice:
    """Appends jobs to a file; a job that is on the disk is printed."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def status(self) -> PrinterStatus:
        """A file says nothing but whether its folder is there."""
        return SILENT if self._path.parent.is_dir() else UNREACHABLE

    def deliver(self, job: PrintJob, watch: Watch) -> Delivery:
        """Append the job."""
        watch.begun()
        try:
            with self._path.open("ab") as file:
                file.write(job.data)
                file.flush()
                os.fsync(file.fileno())
        except OSError as trouble:
            raise DeviceError(Condition.UNREACHABLE, f"{self._path}: {trouble}") from trouble
        return PRINTED


def connect_file(path: Path, limits: Limits) -> Callable[[], Stream]:
    """How to reach a printer behind a device file."""

    def connect() -> Stream:
        try:
            return FileStream(os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY), limits.write_s)
        except OSError as trouble:
            raise DeviceError(Condition.UNREACHABLE, f"{path}: {trouble}") from trouble

    return connect


class FileStream:
    """An open device file."""

    piece = 4096

    def __init__(self, descriptor: int, write_s: float) -> None:
        self._descriptor = descriptor
        self._write_s = write_s

    def lag_s(self, size: int) -> float:
        return 0.0

    def write(self, data: bytes) -> None:
        while data:
            try:
                _, ready, _ = select.select([], [self._descriptor], [], self._write_s)
                if not ready:
                    raise StreamBroken("takes no more data", is_stalled=True)
                data = data[os.write(self._descriptor, data) :]
            except BlockingIOError:
                continue
            except OSError as trouble:
                raise StreamBroken(str(trouble)) from trouble

    def read(self, timeout_s: float) -> bytes:
        try:
            ready, _, _ = select.select([self._descriptor], [], [], timeout_s)
            data = os.read(self._descriptor, 64) if ready else b""
        except BlockingIOError:
            return b""
        except OSError as trouble:
            raise StreamBroken(str(trouble)) from trouble
        if ready and not data:
            # The usblp driver answers "end of file" at once when the printer has nothing to say.
            time.sleep(timeout_s)
        return data

    def close(self) -> None:
        with suppress(OSError):
            os.close(self._descriptor)

    def abort(self) -> None:
        self.close()
