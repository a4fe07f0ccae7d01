"""Prints through a queue of the system, with the commands `lp` and `lpstat` (Debian: cups-client).

`cups://NAME` or `cups://server:631/NAME` waits until CUPS says that the job is finished and takes it back if it does
not get through; `lp://NAME` hands it over and knows no more. pycups, which python-escpos wants, needs a compiler.
"""

import os
import re
import subprocess
import time

from printer.commands import PrintJob
from printer.delivery import INTERRUPTED, PRINTED, UNCONFIRMED, Delivery, DeviceError, Limits, Watch
from printer.profile import PrinterUrl, PrinterUrlError
from printer.status import SILENT, UNREACHABLE, Condition, Paper, PrinterStatus

REQUEST = re.compile(r"request id is (\S+-\d+)")

#: A name may not look like an option of the command.
NAME = re.compile(r"^[A-Za-z0-9_][^\s/#?]*$")

#: What CUPS calls the states of a printer ("printer-state-reasons"), with -error, -warning, -report behind.
COVER = ("cover-open", "door-open", "interlock-open")
PAPER_OUT = ("media-empty", "media-needed")
PAPER_LOW = ("media-low",)
OFFLINE = ("offline", "connecting-to-device", "timed-out", "shutdown")
FAULT = ("media-jam", "cutter", "marker-failure", "fuser", "hardware-failure")


class CommandFailed(Exception):
    """A command is missing, failed, or took too long (then what it did is not known)."""

    def __init__(self, message: str, *, is_late: bool = False) -> None:
        super().__init__(message)
        self.is_late = is_late


def run(command: list[str], timeout_s: float, data: bytes = b"") -> str:
    """Run a command of the print system and give what it says, always in English."""
    try:
        done = subprocess.run(
            command, input=data, capture_output=True, timeout=timeout_s, check=True, env={**os.environ, "LC_ALL": "C"}
        )
    except FileNotFoundError as missing:
        raise CommandFailed(f"the command {command[0]} is missing: apt install cups-client") from missing
    except subprocess.TimeoutExpired as slow:
        raise CommandFailed(f"{command[0]} gave no answer in {timeout_s} s", is_late=True) from slow
    except subprocess.CalledProcessError as failed:
        raise CommandFailed(failed.stderr.decode(errors="replace").strip() or f"{command[0]} failed") from failed
    return done.stdout.decode(errors="replace")


class Queue:
    """A queue's name and where its server is."""

    def __init__(self, url: PrinterUrl, limits: Limits) -> None:
        server, name = (url.host, url.path.strip("/")) if url.path.strip("/") else ("", url.host)
        if not NAME.match(name) or server.startswith("-"):
            raise PrinterUrlError(f"{url.text!r}: write {url.scheme}://NAME or {url.scheme}://server/NAME")
        self.name = name
        self._server = ["-h", server] if server else []
        self._limits = limits

    def put(self, job: PrintJob) -> str:
        """Hand the job over; gives the queue's own name for it."""
        command = ["lp", *self._server, "-d", self.name, "-t", job.name, "-o", "raw"]
        try:
            said = run(command, self._limits.write_s, job.data)
        except CommandFailed as failed:
            # A second try after a late answer might print the ticket twice.
            raise DeviceError(
                Condition.UNREACHABLE, f"queue {self.name}: {failed}", permanent=failed.is_late
            ) from failed
        found = REQUEST.search(said)
        return found[1] if found else ""

    def holds(self, request: str) -> bool:
        """Whether the job is still waiting or printing."""
        said = run(["lpstat", *self._server, "-W", "not-completed", "-o", self.name], self._limits.connect_s)
        return any(line.split()[:1] == [request] for line in said.splitlines())

    def take_back(self, request: str) -> None:
        run(["cancel", *self._server, request], self._limits.connect_s)

    def state(self) -> str:
        return run(["lpstat", *self._server, "-l", "-p", self.name], self._limits.connect_s)


class LpDevice:
    """Hands jobs to `lp`."""

    def __init__(self, url: PrinterUrl, limits: Limits) -> None:
        self._queue = Queue(url, limits)

    def status(self) -> PrinterStatus:
        """A plain queue tells nothing of the printer behind it."""
        return SILENT

    def deliver(self, job: PrintJob, watch: Watch) -> Delivery:
        """Hand the job over."""
        watch.begun()
        self._queue.put(job)
        return UNCONFIRMED


class CupsDevice:
    """Hands jobs to CUPS and follows them."""

    def __init__(self, url: PrinterUrl, limits: Limits) -> None:
        self._queue = Queue(url, limits)
        self._limits = limits

    def status(self) -> PrinterStatus:
        """What CUPS knows of the printer."""
        try:
            return read_state(self._queue.state())
        except CommandFailed:
            return UNREACHABLE

    def deliver(self, job: PrintJob, watch: Watch) -> Delivery:
        """Hand the job over and wait for its end; a job that is stuck is taken back, so that it cannot come later."""
        status = self.status()
        if status.is_blocking:
            raise DeviceError(status.condition, f"CUPS says {status.condition}")
        watch.begun()
        request = self._queue.put(job)
        if not request:
            return UNCONFIRMED
        deadline = time.monotonic() + self._limits.patience_s
        trouble: Condition | None = None
        try:
            while self._queue.holds(request):
                if watch.is_closing():
                    return INTERRUPTED
                if time.monotonic() > deadline:
                    self._queue.take_back(request)
                    raise DeviceError(
                        trouble or Condition.OFFLINE, "stuck in the CUPS queue, taken back", permanent=True
                    )
                status = self.status()
                found = status.condition if status.is_blocking else None
                if found is not trouble:
                    trouble = found
                    watch.trouble(trouble)
                time.sleep(self._limits.ask_again_s)
        except CommandFailed:
            return UNCONFIRMED
        return PRINTED


def read_state(said: str) -> PrinterStatus:
    """Read the answer of `lpstat -l -p NAME`: its first line and its "Alerts:"."""
    alerts = " ".join(line.partition("Alerts:")[2] for line in said.splitlines() if "Alerts:" in line)

    def any_of(words: tuple[str, ...]) -> bool:
        return any(word in alerts for word in words)

    first = said.splitlines()[0] if said.strip() else ""
    paper = Paper.OUT if any_of(PAPER_OUT) else Paper.NEAR_END if any_of(PAPER_LOW) else Paper.UNKNOWN
    return PrinterStatus(
        is_reachable=True,
        is_offline=" disabled " in f"{first} " or any_of(OFFLINE),
        is_cover_open=any_of(COVER),
        has_error=any_of(FAULT),
        paper=paper,
    )
