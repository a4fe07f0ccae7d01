"""Connection to a USB printer by its vendor and product number: `usb://04b8:0e15`.

pyusb is used directly: python-escpos resets the printer each time it opens it, takes the endpoints for granted and
waits for ever by default.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import usb.core
import usb.util

from printer.delivery import DeviceError, Limits, Stream, StreamBroken
from printer.profile import PrinterUrl, PrinterUrlError
from printer.status import Condition

PRINTER_CLASS = 7


def connect_usb(url: PrinterUrl, limits: Limits, find: Callable[..., Any] = usb.core.find) -> Callable[[], Stream]:
    """How to reach a USB printer."""
    try:
        vendor, product = (int(part, 16) for part in url.place.split(":"))
    except ValueError:
        raise PrinterUrlError(f"{url.text!r}: write usb://vendor:product in hexadecimal, as lsusb shows it") from None
    wanted: dict[str, int | str] = {"idVendor": vendor, "idProduct": product}
    if serial := url.options.get("serial"):
        wanted["serial_number"] = serial
    ends = (url.number("in", 0), url.number("out", 0))

    def connect() -> Stream:
        try:
            device = find(**wanted)
            if device is None:
                raise DeviceError(Condition.UNREACHABLE, f"{url.text}: no such USB device")
            return UsbStream(device, *ends, limits.write_s)
        except usb.core.NoBackendError as trouble:
            message = f"{url.text}: libusb is missing: apt install libusb-1.0-0"
            raise DeviceError(Condition.UNREACHABLE, message, permanent=True) from trouble
        except (usb.core.USBError, NotImplementedError) as trouble:
            raise DeviceError(Condition.UNREACHABLE, f"{url.text}: {trouble}") from trouble

    return connect


class UsbStream:
    """The bulk endpoints of a printer's interface; the system's own driver gets them back afterwards."""

    piece = 4096

    def __init__(self, device: Any, in_end: int, out_end: int, write_s: float) -> None:
        self._device = device
        self._write_ms = int(write_s * 1000)
        self._interface = _printer_interface(device)
        self._number: int = self._interface.bInterfaceNumber
        self._in = in_end or _bulk_end(self._interface, usb.util.ENDPOINT_IN)
        self._out = out_end or _bulk_end(self._interface, usb.util.ENDPOINT_OUT)
        if self._out is None:
            raise DeviceError(Condition.UNREACHABLE, "this USB device has no printer interface", permanent=True)
        self._took_over = False
        # Windows and some systems have no kernel driver to take the place of.
        with suppress(NotImplementedError):
            if device.is_kernel_driver_active(self._number):
                device.detach_kernel_driver(self._number)
                self._took_over = True
        usb.util.claim_interface(device, self._number)

    def lag_s(self, size: int) -> float:
        return 0.0

    def write(self, data: bytes) -> None:
        try:
            self._device.write(self._out, data, self._write_ms)
        except usb.core.USBTimeoutError as trouble:
            raise StreamBroken(f"takes no more data: {trouble}", is_stalled=True) from trouble
        except usb.core.USBError as trouble:
            raise StreamBroken(str(trouble)) from trouble

    def read(self, timeout_s: float) -> bytes:
        if not self._in:
            time.sleep(timeout_s)
            return b""
        try:
            return bytes(self._device.read(self._in, 64, max(1, int(timeout_s * 1000))))
        except usb.core.USBTimeoutError:
            return b""
        except usb.core.USBError as trouble:
            raise StreamBroken(str(trouble)) from trouble

    def close(self) -> None:
        with suppress(usb.core.USBError, NotImplementedError):
            usb.util.release_interface(self._device, self._number)
            if self._took_over:
                self._device.attach_kernel_driver(self._number)
        usb.util.dispose_resources(self._device)

    def abort(self) -> None:
        self.close()


def _printer_interface(device: Any) -> Any:
    """The interface of class printer, or the first one: cheap printers call theirs vendor-specific."""
    interfaces = list(device.get_active_configuration())
    return next((each for each in interfaces if each.bInterfaceClass == PRINTER_CLASS), interfaces[0])


def _bulk_end(interface: Any, direction: int) -> int | None:
    for end in interface:
        is_bulk = usb.util.endpoint_type(end.bmAttributes) == usb.util.ENDPOINT_TYPE_BULK
        if is_bulk and usb.util.endpoint_direction(end.bEndpointAddress) == direction:
            return int(end.bEndpointAddress)
    return None
