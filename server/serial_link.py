"""A serial line that comes back: opened by URL, read in one thread, opened again after a cable was pulled.

A device-side library beside `client.py`, shared by the keypad and LED bar programs, which must not know each other.
It must not import Flask or the hall's core, and knows no protocol: bytes in, bytes out.
"""

import logging
import threading
from collections.abc import Callable

import serial

log = logging.getLogger("server.serial_link")

#: Waits between tries to open, the last for ever after: a cable put back is found within 5 s.
BACK_OFF_S = (0.2, 0.5, 1.0, 2.0)

#: How long one read may wait; also how soon `stop` is noticed.
READ_WAIT_S = 0.2

#: A line whose output stays full this long is stuck.
WRITE_LIMIT_S = 1.0


class SerialLink:
    """One line: `/dev/ttyUSB0`, `COM3`, `socket://host:port`, `rfc2217://host:port`, `loop://`.

    `on_bytes` gets what was read and `on_open` is invoked after each opening, both in the thread of `run`; an
    exception out of them is a programmer's error and ends `run`. `write` may be invoked from any thread.
    """

    def __init__(
        self,
        url: str,
        *,
        baud: int = 9600,
        on_bytes: Callable[[bytes], None] | None = None,
        on_open: Callable[[], None] | None = None,
    ) -> None:
        self.url = url
        self._baud = baud
        self._on_bytes = on_bytes
        self._on_open = on_open
        self._port: serial.SerialBase | None = None
        self._broken = False
        self._lock = threading.Lock()

    @property
    def is_open(self) -> bool:
        """Whether bytes can be sent now."""
        return self._port is not None and not self._broken

    def write(self, data: bytes) -> bool:
        """Send all of `data`; False if the line is down, in which case nothing is kept for later."""
        with self._lock:
            if self._port is None or self._broken:
                return False
            try:
                self._port.write(data)
            except (serial.SerialException, OSError) as trouble:
                # Only `run` closes the port: closing it here would pull it away under the reading thread.
                self._broken = True
                log.warning("Line %s cannot be written: %s", self.url, trouble)
                return False
        return True

    def run(self, stop: threading.Event) -> None:
        """Keep the line open and hand on what comes, until `stop` is set."""
        tries = 0
        while not stop.is_set():
            try:
                self._open()
            except (serial.SerialException, OSError, ValueError) as trouble:
                if tries == 0:
                    log.error("Line %s cannot be opened: %s", self.url, trouble)
                stop.wait(BACK_OFF_S[min(tries, len(BACK_OFF_S) - 1)])
                tries += 1
                continue
            log.info("Line %s is open", self.url)
            heard = False
            try:
                if self._on_open:
                    self._on_open()
                while not stop.is_set() and not self._broken:
                    data = self._read()
                    if data:
                        heard = True
                    if data and self._on_bytes:
                        self._on_bytes(data)
            except (serial.SerialException, OSError) as trouble:
                log.warning("Line %s broke: %s", self.url, trouble)
            finally:
                self._close()
            # A line that opens but dies at once (a serial server without its cable) must not be hammered.
            tries = 0 if heard else tries + 1
            stop.wait(BACK_OFF_S[min(tries, len(BACK_OFF_S) - 1)])

    def _open(self) -> None:
        port = serial.serial_for_url(
            self.url, baudrate=self._baud, timeout=READ_WAIT_S, write_timeout=WRITE_LIMIT_S, do_not_open=True
        )
        if isinstance(port, serial.Serial):
            # Two programs on one line would each steal half of the bytes.
            port.exclusive = True
        port.open()
        with self._lock:
            self._port = port
            self._broken = False

    def _close(self) -> None:
        with self._lock:
            port, self._port = self._port, None
            if port is not None:
                try:
                    port.close()
                except (serial.SerialException, OSError) as trouble:
                    log.info("Line %s closed with: %s", self.url, trouble)

    def _read(self) -> bytes:
        """What has come within the waiting time: one byte at least, then all that is there."""
        assert self._port is not None
        first = self._port.read(1)
        if not first:
            return b""
        # `socket://` says 1 also at its end; reading on would only wait for the time-out, not lose anything.
        waiting = int(getattr(self._port, "in_waiting", 0))
        return bytes(first + (self._port.read(waiting) if waiting else b""))
