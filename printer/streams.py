"""Connections to printers that speak both ways: TCP port 9100 and serial lines.

python-escpos has drivers for both and is bypassed here (recipes §2.3): it waits a minute for a silent network printer
and a second for every status byte of a serial one, has no write time-out on serial lines, and cannot throw away bytes
that are not sent, which then follow later as half a ticket.
"""

import select
import socket
import struct
from collections.abc import Callable
from contextlib import suppress

import serial

from printer.delivery import DeviceError, Limits, Stream, StreamBroken
from printer.profile import DEFAULT_BAUD, PrinterUrl, PrinterUrlError
from printer.status import Condition

DEFAULT_PORT = 9100

#: SO_LINGER on, 0 s: closing sends RST and forgets what was not sent.
FORGET = struct.pack("ii", 1, 0)

FLOWS = {"none": {}, "rtscts": {"rtscts": True}, "xonxoff": {"xonxoff": True}, "dsrdtr": {"dsrdtr": True}}


def connect_tcp(url: PrinterUrl, limits: Limits) -> Callable[[], Stream]:
    """How to reach a network printer."""
    if not url.host:
        raise PrinterUrlError(f"{url.text!r}: write tcp://address or tcp://address:port")
    address = (url.host, url.port or DEFAULT_PORT)

    def connect() -> Stream:
        try:
            return TcpStream(socket.create_connection(address, timeout=limits.connect_s), limits.write_s)
        except OSError as trouble:
            raise DeviceError(Condition.UNREACHABLE, f"{url.text}: {trouble}") from trouble

    return connect


class TcpStream:
    """A TCP connection."""

    piece = 4096

    def __init__(self, connection: socket.socket, write_s: float) -> None:
        self._connection = connection
        self._write_s = write_s
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def lag_s(self, size: int) -> float:
        return 0.0

    def write(self, data: bytes) -> None:
        self._connection.settimeout(self._write_s)
        try:
            self._connection.sendall(data)
        except TimeoutError as trouble:
            raise StreamBroken(f"takes no more data: {trouble}", is_stalled=True) from trouble
        except OSError as trouble:
            raise StreamBroken(str(trouble)) from trouble

    def read(self, timeout_s: float) -> bytes:
        try:
            ready, _, _ = select.select([self._connection], [], [], timeout_s)
            if not ready:
                return b""
            data = self._connection.recv(64)
        except OSError as trouble:
            raise StreamBroken(str(trouble)) from trouble
        if not data:
            raise StreamBroken("the printer closed the connection")
        return data

    def close(self) -> None:
        with suppress(OSError):
            self._connection.shutdown(socket.SHUT_WR)
        self._connection.close()

    def abort(self) -> None:
        with suppress(OSError):
            self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, FORGET)
        self._connection.close()


def connect_serial(url: PrinterUrl, limits: Limits) -> Callable[[], Stream]:
    """How to reach a printer on a serial line."""
    flow = url.options.get("flow", "none")
    parity = url.options.get("parity", "n").upper()
    if flow not in FLOWS:
        raise PrinterUrlError(f"{url.text!r}: flow={flow} is none of {', '.join(FLOWS)}")
    if parity not in ("N", "E", "O"):
        raise PrinterUrlError(f"{url.text!r}: parity={parity} is none of n, e, o")
    if not url.place:
        raise PrinterUrlError(f"{url.text!r}: write serial:///dev/ttyS0?baud=19200 or serial://COM3")
    baud = url.number("baud", DEFAULT_BAUD)

    def connect() -> Stream:
        try:
            line = serial.serial_for_url(
                url.place, baudrate=baud, parity=parity, write_timeout=limits.write_s, exclusive=True, **FLOWS[flow]
            )
        except (OSError, ValueError) as trouble:
            raise DeviceError(Condition.UNREACHABLE, f"{url.text}: {trouble}") from trouble
        return SerialStream(line, baud)

    return connect


class SerialStream:
    """A serial line."""

    #: Half a second at 9600 baud.
    piece = 512

    def __init__(self, line: serial.Serial, baud: int) -> None:
        self._line = line
        self._baud = baud

    def lag_s(self, size: int) -> float:
        """The system takes a few kilobytes at once and sends them at 10 bits a byte."""
        return size * 10 / self._baud

    def write(self, data: bytes) -> None:
        try:
            self._line.write(data)
        except serial.SerialTimeoutException as trouble:
            raise StreamBroken(f"takes no more data: {trouble}", is_stalled=True) from trouble
        except OSError as trouble:
            raise StreamBroken(str(trouble)) from trouble

    def read(self, timeout_s: float) -> bytes:
        try:
            self._line.timeout = timeout_s
            return bytes(self._line.read(1))
        except OSError as trouble:
            raise StreamBroken(str(trouble)) from trouble

    def close(self) -> None:
        with suppress(OSError):
            self._line.close()

    def abort(self) -> None:
        with suppress(OSError):
            self._line.reset_output_buffer()
        self.close()
