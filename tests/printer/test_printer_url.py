"""Printer URLs: what they mean, and how a wrong one is refused."""

import pytest

from printer.delivery import Limits
from printer.devices import KINDS, open_device
from printer.profile import DEVICE_OPTIONS, Cut, Encoding, PrinterUrl, PrinterUrlError, Profile, TextQr


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("tcp://10.0.0.8:9100", "10.0.0.8"),
        ("serial:///dev/ttyS0?baud=19200", "/dev/ttyS0"),
        ("serial://COM3", "COM3"),
        ("usb://04b8:0e15", "04b8:0e15"),
        ("win://Ticket Printer", "Ticket Printer"),
        ("file:///dev/usb/lp0", "/dev/usb/lp0"),
        ("file:///C:/tickets.bin", "C:/tickets.bin"),
        ("preview:///var/tickets", "/var/tickets"),
    ],
)
def test_places(text: str, place: str) -> None:
    """Each kind of URL names its place the way its system does."""
    assert PrinterUrl.parse(text).place == place


def test_options_become_a_profile() -> None:
    """Differences between printers are options of the URL."""
    url = PrinterUrl.parse("tcp://p?encoding=gb18030&cut=partial&qr=image&roll_m=80")
    assert Profile.of(url, 58) == Profile(58, Encoding.GB18030, Cut.PARTIAL, TextQr.IMAGE, 80.0)
    assert (Profile.of(url, 58).width_px, Profile.of(url, 58).columns) == (384, 32)
    assert (Profile.of(url, 80).width_px, Profile.of(url, 80).columns) == (576, 48)


@pytest.mark.parametrize(
    ("text", "is_slow"),
    [
        ("serial:///dev/ttyS0", True),
        ("serial:///dev/ttyS0?baud=57600", True),
        ("serial:///dev/ttyS0?baud=115200", False),
        ("tcp://p", False),
    ],
)
def test_slow_lines_are_known(text: str, is_slow: bool) -> None:
    """A picture takes a minute at 9600 baud."""
    assert Profile.of(PrinterUrl.parse(text), 80).is_slow is is_slow


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("10.0.0.8:9100", "begin with one of"),
        ("ftp://p", "begin with one of"),
        ("tcp://p:many", "not a printer URL"),
        ("tcp://", "tcp://address"),
        ("tcp://p?encodng=gbk", "unknown option encodng"),
        ("tcp://p?encoding=latin1", "gbk, gb18030, utf-8"),
        ("tcp://p?cut=twice", "full, partial, none"),
        ("tcp://p?roll_m=long", "metres"),
        ("serial://", "serial:///dev/ttyS0"),
        ("serial:///dev/ttyS0?baud=fast", "not a number"),
        ("serial:///dev/ttyS0?flow=down", "rtscts"),
        ("serial:///dev/ttyS0?parity=x", "n, e, o"),
        ("usb://epson", "vendor:product"),
        ("cups://", "cups://NAME"),
        ("cups://-oinjected", "cups://NAME"),
        ("lp://a b/--", "lp://NAME"),
        ("win://", "win://NAME"),
        ("file://", "file:///path"),
        ("preview://", "preview:///folder"),
    ],
)
def test_wrong_urls_are_refused_with_the_mend(text: str, says: str) -> None:
    """A typing error is found at the start, and the message shows how to write it."""

    def start() -> None:
        url = PrinterUrl.parse(text)
        open_device(url, Profile.of(url, 80), Limits())

    with pytest.raises(PrinterUrlError, match=says):
        start()


def test_paper_of_another_width_is_refused() -> None:
    """Only the widths that have a layout."""
    with pytest.raises(PrinterUrlError, match="80 and 58"):
        Profile.of(PrinterUrl.parse("tcp://p"), 76)


def test_every_kind_has_a_device() -> None:
    """The options and the devices name the same kinds."""
    assert KINDS.keys() == DEVICE_OPTIONS.keys()
