"""Serial lines, files, previews, and the print queues of the system."""

import os
import pty
import threading
import tty
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import usb.core
from PIL import Image, ImageChops
from pyzbar.pyzbar import decode as read_codes

from printer.commands import Rendering, prepare
from printer.delivery import PRINTED, UNCONFIRMED, Device, DeviceError, Limits, StreamDevice
from printer.devices import open_device
from printer.profile import Mode, PrinterUrl, Profile
from printer.raster import render
from printer.simulator import Mechanism
from printer.status import Condition, Paper, Trouble
from printer.tokens import Tokens
from printer.usb_device import connect_usb
from tests.printer.escpos_decoder import decode
from tests.printer.printer_cast import QUICK, Onlooker, a_ticket

TEXT = prepare(a_ticket(), Profile(80), Mode.TEXT)
RASTER = prepare(a_ticket(), Profile(80), Mode.RASTER)


def device_of(text: str, limits: Limits = QUICK) -> Device:
    url = PrinterUrl.parse(text)
    return open_device(url, Profile.of(url, 80), limits)


class Line(Mechanism):
    """A printer at the end of a pseudo-terminal."""

    def __init__(self) -> None:
        super().__init__()
        self._master, slave = pty.openpty()
        tty.setraw(slave)
        self._slave = slave
        self.path = os.ttyname(slave)
        self.received = bytearray()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def plug_in(self) -> None:
        self._thread.start()

    def _serve(self) -> None:
        tokens = Tokens()
        with suppress(OSError):
            while data := os.read(self._master, 4096):
                self.received += data
                for command in tokens.take(data):
                    self.hear(command, lambda answer: os.write(self._master, answer) and None)

    def close(self) -> None:
        os.close(self._slave)
        if self._thread.is_alive():
            # The other end has hung up, which ends the thread's read.
            self._thread.join(5)
        os.close(self._master)


@pytest.fixture
def line() -> Iterator[Line]:
    line = Line()
    yield line
    line.close()


def test_serial_printer(line: Line) -> None:
    """Text mode over a real serial line: status asked, ticket printed, end confirmed."""
    line.plug_in()
    url = PrinterUrl.parse(f"serial://{line.path}?baud=9600")
    job = prepare(a_ticket(), Profile.of(url, 80), Mode.AUTO)
    assert job.rendering is Rendering.TEXT
    device = device_of(url.text)
    assert device.status().condition is Condition.READY
    assert device.deliver(job, Onlooker()) == PRINTED
    assert [code.data.decode() for code in read_codes(line.tickets[0])] == [a_ticket().url]


def test_serial_printer_tells_its_troubles(line: Line) -> None:
    """Paper out over a serial line."""
    line.plug_in()
    line.set(paper=Paper.OUT)
    with pytest.raises(DeviceError) as failure:
        device_of(f"serial://{line.path}?baud=115200").deliver(TEXT, Onlooker())
    assert failure.value.reason is Condition.PAPER_OUT


def test_serial_printer_that_takes_nothing_does_not_block(line: Line) -> None:
    """A stopped printer holds the line: the write ends after its limit and the rest is thrown away."""
    limits = replace(QUICK, answer_s=0.05, write_s=0.2)
    with pytest.raises(DeviceError) as failure:
        device_of(f"serial://{line.path}?baud=115200", limits).deliver(RASTER, Onlooker())
    assert failure.value.reason is Trouble.STALLED


def test_missing_serial_port_is_unreachable(tmp_path: Path) -> None:
    """A cable that is pulled is trouble of the device, not of the program."""
    device = device_of(f"serial://{tmp_path}/ttyS9")
    assert device.status().condition is Condition.UNREACHABLE
    with pytest.raises(DeviceError) as failure:
        device.deliver(TEXT, Onlooker())
    assert (failure.value.reason, failure.value.permanent) == (Condition.UNREACHABLE, False)


def test_device_file_is_asked_and_cannot_block(line: Line) -> None:
    """/dev/usb/lp0 and its like are read and written without blocking."""
    line.plug_in()
    device = device_of(f"file://{line.path}")
    assert isinstance(device, StreamDevice)
    assert device.status().condition is Condition.READY
    assert device.deliver(RASTER, Onlooker()) == PRINTED
    assert line.wait_for_tickets(1)


def test_device_file_that_takes_nothing_is_given_up(line: Line) -> None:
    """A printer without paper would otherwise hold the program for ever."""
    limits = replace(QUICK, answer_s=0.05, write_s=0.2)
    with pytest.raises(DeviceError) as failure:
        device_of(f"file://{line.path}", limits).deliver(RASTER, Onlooker())
    assert failure.value.reason is Trouble.STALLED


def test_plain_file_collects_jobs(tmp_path: Path) -> None:
    """Two tickets, one behind the other, readable again."""
    path = tmp_path / "tickets.bin"
    device = device_of(f"file://{path}")
    assert device.deliver(TEXT, Onlooker()) == PRINTED
    assert device.deliver(TEXT, Onlooker()) == PRINTED
    assert path.read_bytes() == TEXT.data * 2
    assert decode(path.read_bytes()).names.count("GS V") == 2


def test_plain_file_in_a_folder_that_is_not_there(tmp_path: Path) -> None:
    """A wrong path is said, not swallowed."""
    device = device_of(f"file://{tmp_path}/nowhere/tickets.bin")
    assert device.status().condition is Condition.UNREACHABLE
    with pytest.raises(DeviceError):
        device.deliver(TEXT, Onlooker())


def test_preview_draws_the_bytes(tmp_path: Path) -> None:
    """The PNG is the picture that would be printed; a second ticket does not overwrite the first."""
    device = device_of(f"preview://{tmp_path}/pictures")
    assert device.deliver(RASTER, Onlooker()) == PRINTED
    assert device.deliver(RASTER, Onlooker()) == PRINTED
    assert sorted(path.name for path in (tmp_path / "pictures").iterdir()) == ["A012-2.png", "A012.png"]
    drawn = render(a_ticket(), 576).convert("L")
    with Image.open(tmp_path / "pictures" / "A012.png") as picture:
        assert ImageChops.difference(picture.convert("L").crop((0, 0, *drawn.size)), drawn).getbbox() is None


def test_preview_of_a_text_ticket(tmp_path: Path) -> None:
    """Text tickets are drawn in the printer's manner, with a code that reads."""
    device_of(f"preview://{tmp_path}").deliver(TEXT, Onlooker())
    with Image.open(tmp_path / "A012.png") as picture:
        assert [code.data.decode() for code in read_codes(picture)] == [a_ticket().url]


def test_preview_name_cannot_leave_its_folder(tmp_path: Path) -> None:
    """A number is a name, not a path."""
    job = replace(TEXT, name="../../etc/A012")
    device_of(f"preview://{tmp_path}/pictures").deliver(job, Onlooker())
    assert [path.name for path in (tmp_path / "pictures").iterdir()] == ["______etc_A012.png"]


class FakeUsb:
    """A USB printer as pyusb shows one: one interface of class 7 with two bulk endpoints."""

    def __init__(self, *, answers: bool = True) -> None:
        self.mechanism, self.tokens, self.inbox = Mechanism(), Tokens(), bytearray()
        self._has_in = answers
        self.log: list[str] = []
        self._ctx = SimpleNamespace(
            managed_claim_interface=lambda device, interface: self.log.append(f"claim {interface}"),
            managed_release_interface=lambda device, interface: self.log.append(f"release {interface}"),
            dispose=lambda device: self.log.append("dispose"),
        )

    def get_active_configuration(self) -> list[Any]:
        ends = [SimpleNamespace(bmAttributes=2, bEndpointAddress=0x03)]
        if self._has_in:
            ends.append(SimpleNamespace(bmAttributes=2, bEndpointAddress=0x81))

        class Interface(list[Any]):
            bInterfaceClass, bInterfaceNumber = 7, 1

        other = Interface()
        other.bInterfaceClass, other.bInterfaceNumber = 3, 0
        return [other, Interface(ends)]

    def is_kernel_driver_active(self, interface: int) -> bool:
        return True

    def detach_kernel_driver(self, interface: int) -> None:
        self.log.append(f"detach {interface}")

    def attach_kernel_driver(self, interface: int) -> None:
        self.log.append(f"attach {interface}")

    def write(self, end: int, data: bytes, timeout_ms: int) -> int:
        assert (end, timeout_ms) == (0x03, 5000)
        for command in self.tokens.take(data):
            self.mechanism.hear(command, self.inbox.extend)
        return len(data)

    def read(self, end: int, size: int, timeout_ms: int) -> bytes:
        assert end == 0x81
        if not self.inbox:
            raise usb.core.USBTimeoutError("timed out")
        data, self.inbox = bytes(self.inbox), bytearray()
        return data


def usb_printer(found: FakeUsb | None, limits: Limits = QUICK) -> StreamDevice:
    def find(**wanted: int) -> FakeUsb | None:
        assert wanted == {"idVendor": 0x04B8, "idProduct": 0x0E15}
        return found

    return StreamDevice(connect_usb(PrinterUrl.parse("usb://04b8:0e15"), limits, find), limits)


def test_usb_printer() -> None:
    """Endpoints are found, the kernel's driver steps aside and comes back."""
    device = FakeUsb()
    assert usb_printer(device).deliver(RASTER, Onlooker()) == PRINTED
    assert len(device.mechanism.tickets) == 1
    assert device.log == ["detach 1", "claim 1", "release 1", "attach 1", "dispose"]


def test_usb_printer_that_cannot_answer_is_unconfirmed() -> None:
    """Many USB printers have no way back."""
    device = FakeUsb(answers=False)
    assert usb_printer(device, replace(QUICK, answer_s=0.02)).deliver(RASTER, Onlooker()) == UNCONFIRMED
    assert len(device.mechanism.tickets) == 1


def test_usb_printer_that_is_unplugged() -> None:
    """Not found is unreachable, and may be tried again."""
    with pytest.raises(DeviceError) as failure:
        usb_printer(None).deliver(RASTER, Onlooker())
    assert (failure.value.reason, failure.value.permanent) == (Condition.UNREACHABLE, False)
