"""Print queues of the system: lp and CUPS played by small commands, the Windows spooler by a small class."""

import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from printer.commands import prepare
from printer.delivery import INTERRUPTED, PRINTED, UNCONFIRMED, Device, DeviceError, Limits
from printer.devices import open_device
from printer.profile import Mode, PrinterUrl, Profile
from printer.queue_devices import read_state
from printer.status import Condition
from printer.windows_device import WindowsDevice
from tests.printer.printer_cast import QUICK, Onlooker, a_ticket

TEXT = prepare(a_ticket(), Profile(80), Mode.TEXT)


def device_of(text: str, limits: Limits = QUICK) -> Device:
    url = PrinterUrl.parse(text)
    return open_device(url, Profile.of(url, 80), limits)


@pytest.fixture
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of shell commands: `lp` keeps its input, `lpstat` says what stands in two files."""
    folder = tmp_path / "bin"
    folder.mkdir()
    scripts = {
        "lp": 'echo "$@" > {0}/lp.args; cat > {0}/lp.job; echo "request id is Ticket-12 (0 file(s))"',
        "lpstat": 'case "$*" in *not-completed*) cat {0}/jobs;; *) cat {0}/state;; esac',
        "cancel": 'echo "$@" > {0}/cancelled',
    }
    for name, script in scripts.items():
        path = folder / name
        path.write_text(f"#!/bin/sh\n{script.format(folder)}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
    (folder / "jobs").write_text("")
    (folder / "state").write_text("printer Ticket is idle.  enabled since Sat Nov 21 09:00:00 2026\n\tAlerts: none\n")
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return folder


def test_lp_hands_the_job_over(commands: Path) -> None:
    """The bytes reach the queue raw, under the ticket's number; what becomes of them is unknown."""
    assert device_of("lp://Ticket").deliver(TEXT, Onlooker()) == UNCONFIRMED
    assert (commands / "lp.job").read_bytes() == TEXT.data
    assert (commands / "lp.args").read_text().split() == ["-d", "Ticket", "-t", "A012", "-o", "raw"]


def test_cups_follows_the_job(commands: Path) -> None:
    """A job that has left the CUPS queue is printed; the queue's server is named to the commands."""
    assert device_of("cups://hall-server:631/Ticket").deliver(TEXT, Onlooker()) == PRINTED
    assert (commands / "lp.args").read_text().split()[:2] == ["-h", "hall-server:631"]


def test_cups_job_that_is_stuck_is_taken_back(commands: Path) -> None:
    """It must not come out when the citizen is gone."""
    (commands / "jobs").write_text("Ticket-12  kiosk  1024  Sat Nov 21 09:00:00 2026\n")
    limits = replace(QUICK, patience_s=0.1)
    with pytest.raises(DeviceError) as failure:
        device_of("cups://Ticket", limits).deliver(TEXT, Onlooker())
    assert failure.value.permanent
    assert (commands / "cancelled").read_text().split() == ["Ticket-12"]


def test_cups_printer_in_trouble_gets_no_job(commands: Path) -> None:
    """CUPS passes on what the printer says."""
    (commands / "state").write_text(
        "printer Ticket disabled since Sat Nov 21 09:00:00 2026 -\n\tPaused\n\tAlerts: media-empty-error\n"
    )
    device = device_of("cups://Ticket")
    assert device.status().condition is Condition.PAPER_OUT
    with pytest.raises(DeviceError) as failure:
        device.deliver(TEXT, Onlooker())
    assert failure.value.reason is Condition.PAPER_OUT
    assert not (commands / "lp.job").exists()


def test_cups_without_its_commands_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """cups-client is a package of its own."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert device_of("cups://Ticket").status().condition is Condition.UNREACHABLE
    with pytest.raises(DeviceError, match="cups-client"):
        device_of("lp://Ticket").deliver(TEXT, Onlooker())


def test_cups_that_answers_late_is_not_asked_twice(commands: Path) -> None:
    """The job may be in the queue already: failed, but never printed twice."""
    (commands / "lp").write_text("#!/bin/sh\nexec sleep 30\n")
    with pytest.raises(DeviceError) as failure:
        device_of("lp://Ticket", replace(QUICK, write_s=0.1)).deliver(TEXT, Onlooker())
    assert failure.value.permanent


def test_closing_program_does_not_wait_for_the_queue(commands: Path) -> None:
    """The kiosk is being switched off while CUPS holds the job."""

    class Closing(Onlooker):
        def is_closing(self) -> bool:
            return True

    (commands / "jobs").write_text("Ticket-12  kiosk  1024  Sat Nov 21 09:00:00 2026\n")
    assert device_of("cups://Ticket").deliver(TEXT, Closing()) == INTERRUPTED


@pytest.mark.parametrize(
    ("alerts", "condition"),
    [
        ("none", Condition.READY),
        ("media-low-warning", Condition.NEAR_END),
        ("media-needed-error", Condition.PAPER_OUT),
        ("cover-open-report", Condition.COVER_OPEN),
        ("media-jam-error", Condition.ERROR),
        ("connecting-to-device", Condition.OFFLINE),
    ],
)
def test_cups_alerts(alerts: str, condition: Condition) -> None:
    """The words of CUPS in ours."""
    said = f"printer Ticket is idle.  enabled since Sat Nov 21 09:00:00 2026\n\tAlerts: {alerts}\n"
    assert read_state(said).condition is condition


class FakeSpooler:
    """win32print as far as we use it, played from Microsoft's documentation."""

    error = type("error", (Exception,), {})

    def __init__(self) -> None:
        self.printer = {"Status": 0, "Attributes": 0}
        self.jobs: list[int] = []
        self.written = b""
        self.log: list[str] = []
        self.fault: Exception | None = None

    def OpenPrinter(self, name: str) -> str:
        if name != "Ticket Printer":
            raise self.error(1801, "OpenPrinter", "The printer name is invalid.")
        self.log.append("open")
        return name

    def ClosePrinter(self, handle: str) -> None:
        self.log.append("close")

    def GetPrinter(self, handle: str, level: int) -> dict[str, int]:
        return self.printer

    def StartDocPrinter(self, handle: str, level: int, info: tuple[str, None, str]) -> int:
        assert info == ("A012", None, "RAW")
        return 7

    def StartPagePrinter(self, handle: str) -> None:
        self.log.append("page")

    def WritePrinter(self, handle: str, data: bytes) -> None:
        self.written += data

    def EndPagePrinter(self, handle: str) -> None:
        self.log.append("end page")

    def EndDocPrinter(self, handle: str) -> None:
        self.log.append("end doc")

    def GetJob(self, handle: str, number: int, level: int) -> dict[str, int]:
        if self.fault:
            raise self.fault
        if not self.jobs:
            raise self.error(87, "GetJob", "The parameter is incorrect.")
        return {"Status": self.jobs.pop(0) if len(self.jobs) > 1 else self.jobs[0]}

    def SetJob(self, handle: str, number: int, level: int, info: None, command: int) -> None:
        assert command == 5
        self.log.append(f"deleted {number}")


def windows_device(spooler: FakeSpooler, name: str = "Ticket Printer", limits: Limits = QUICK) -> WindowsDevice:
    return WindowsDevice(PrinterUrl.parse(f"win://{name}"), limits, spooler)


def test_windows_prints_raw_and_waits_until_the_job_is_gone() -> None:
    """The spooler's job is followed to its end, and the handle closed."""
    spooler = FakeSpooler()
    assert windows_device(spooler).deliver(TEXT, Onlooker()) == PRINTED
    assert spooler.written == TEXT.data
    assert spooler.log == ["open", "page", "end page", "end doc", "close"]


def test_windows_job_in_trouble_is_told_and_taken_back() -> None:
    """Paper out in the Windows queue."""
    spooler, onlooker = FakeSpooler(), Onlooker()
    spooler.jobs = [0x10, 0x10 | 0x40]
    limits = replace(QUICK, patience_s=0.3)
    with pytest.raises(DeviceError) as failure:
        windows_device(spooler, limits=limits).deliver(TEXT, onlooker)
    assert failure.value.reason is Condition.PAPER_OUT
    assert onlooker.troubles == [Condition.PAPER_OUT]
    assert spooler.log[-2:] == ["deleted 7", "close"]


def test_windows_job_that_cannot_be_followed_is_unknown() -> None:
    """The spooler has the job: trying again might print it twice."""
    spooler = FakeSpooler()
    spooler.fault = spooler.error(1722, "GetJob", "The RPC server is unavailable.")
    assert windows_device(spooler).deliver(TEXT, Onlooker()) == UNCONFIRMED


@pytest.mark.parametrize(
    ("status", "attributes", "condition"),
    [
        (0, 0, Condition.UNKNOWN),
        (0x10, 0, Condition.PAPER_OUT),
        (0x400000, 0, Condition.COVER_OPEN),
        (0x80, 0, Condition.OFFLINE),
        (0, 0x400, Condition.OFFLINE),
        (0x08, 0, Condition.ERROR),
    ],
)
def test_windows_status(status: int, attributes: int, condition: Condition) -> None:
    """The spooler's bits in our words; a clean state proves nothing, since many drivers never report."""
    spooler = FakeSpooler()
    spooler.printer = {"Status": status, "Attributes": attributes}
    assert windows_device(spooler).status().condition is condition


def test_windows_printer_of_another_name_is_unreachable() -> None:
    """A wrong name is trouble of the device."""
    device = windows_device(FakeSpooler(), "Other")
    assert device.status().condition is Condition.UNREACHABLE
    with pytest.raises(DeviceError, match="invalid"):
        device.deliver(TEXT, Onlooker())


@pytest.mark.skipif(os.name == "nt", reason="says what is missing where Windows is missing")
def test_windows_device_elsewhere_says_so() -> None:
    """A hall file copied from a Windows kiosk."""
    with pytest.raises(DeviceError, match="needs Windows") as failure:
        device_of("win://Ticket%20Printer").deliver(TEXT, Onlooker())
    assert failure.value.permanent
