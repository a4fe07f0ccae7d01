"""From a printer's URL to its device: network, serial, USB, CUPS, lp, Windows, file, preview.

The only place that knows all kinds; each kind stands in a module of its own.
"""

from collections.abc import Callable

from printer.delivery import Device, Limits, StreamDevice
from printer.file_device import file_device
from printer.preview import PreviewDevice
from printer.profile import PrinterUrl, Profile
from printer.queue_devices import CupsDevice, LpDevice
from printer.streams import connect_serial, connect_tcp
from printer.usb_device import connect_usb
from printer.windows_device import WindowsDevice

Make = Callable[[PrinterUrl, Profile, Limits], Device]

KINDS: dict[str, Make] = {
    "tcp": lambda url, profile, limits: StreamDevice(connect_tcp(url, limits), limits),
    "serial": lambda url, profile, limits: StreamDevice(connect_serial(url, limits), limits),
    "usb": lambda url, profile, limits: StreamDevice(connect_usb(url, limits), limits),
    "cups": lambda url, profile, limits: CupsDevice(url, limits),
    "lp": lambda url, profile, limits: LpDevice(url, limits),
    "win": lambda url, profile, limits: WindowsDevice(url, limits),
    "file": lambda url, profile, limits: file_device(url, limits),
    "preview": lambda url, profile, limits: PreviewDevice(url, profile),
}


def open_device(url: PrinterUrl, profile: Profile, limits: Limits) -> Device:
    """Make the device of a URL; nothing is connected before it is used."""
    return KINDS[url.scheme](url, profile, limits)
