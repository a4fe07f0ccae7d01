"""The whole kiosk in the test's process: real app, real link, real outbox, a server on a port, a printer of choice."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kiosk.enquiry import Enquiry
from kiosk.identify import Identify, Readers
from kiosk.link import Link
from kiosk.outbox import Outbox
from kiosk.printing import OnSlip
from kiosk.scanner import Scanner
from kiosk.settings import KioskSettings, read_settings
from printer.slips import Slip
from server.client import Client
from tests.kiosk.driver import Clock, Driver
from tests.kiosk.hall_server import HallServer


class TestPrinter:
    """A printer that does as it is told, at once."""

    __test__ = False

    def __init__(self, says: tuple[tuple[str, bool], ...] = (("printed", False),)) -> None:
        self.says = says
        self.tickets: list[tuple[str, int]] = []
        self.slips: list[Slip] = []
        self.on_paper: Any = None

    def submit(self, ticket: Mapping[str, Any], hall: Mapping[str, Any], copy: int) -> None:
        """Take a ticket."""
        self.tickets.append((ticket["number"], copy))
        for state, is_waiting in self.says:
            self.on_paper(ticket["id"], state, is_waiting)

    def print_slip(self, slip: Slip, on_paper: OnSlip) -> None:
        """Take a slip."""
        self.slips.append(slip)
        for state, is_waiting in self.says:
            on_paper(state, is_waiting)

    def describe(self) -> str:
        """Say how it is."""
        return "test://printer\nready"

    def close(self) -> None:
        """End."""


class TestVoice:
    """Remembers what it was told to say, instead of saying it."""

    __test__ = False

    def __init__(self) -> None:
        self.said: list[tuple[str, str]] = []
        self.stops = 0

    def say(self, text: str, language: str) -> None:
        """Take a sentence."""
        self.said.append((text, language))

    def stop(self) -> None:
        """Be silent."""
        self.stops += 1

    def is_speaking(self) -> bool:
        """Tell whether something is heard."""
        return False


class Whole:
    """Everything of one kiosk."""

    def __init__(
        self,
        window: Any,
        server: HallServer,
        data: Path,
        size: tuple[int, int],
        *,
        printer: TestPrinter | None = None,
        inches: float = 21.5,
        settings: KioskSettings | None = None,
        voice: Any = None,
    ) -> None:
        from kiosk.app import Kiosk, Parts

        window.size = size
        self.client = Client(server.url, "token", timeout_s=3.0)
        server.device["settings"]["screen"] = {"width_px": size[0], "height_px": size[1], "inches": inches}
        self.settings = settings or read_settings(server.device)
        printer = printer or TestPrinter()
        parts = Parts(self.settings, data, printing=printer, speech=voice, now=Clock())
        self.app = Kiosk(parts)
        printer.on_paper = self.app.paper_moved
        self.link = Link(self.client, self.settings.id, Outbox(data / "outbox"), self.app.post)
        parts.line, parts.hall_now = self.link, self.link.clock.now
        self.enquiry = Enquiry(self.client, self.settings.id, self.app.post, self.link.clock.now_ms)
        readers, scanner = Readers(self.settings), Scanner(self.app.post)
        self.reading = Identify(readers.open, self.enquiry.holder, self.app.post)
        parts.enquiry, parts.reading, parts.keys = self.enquiry, self.reading, scanner.feed
        self.driver = Driver(self.app)
        self.driver.whole = self  # type: ignore[attr-defined]
        self.link.start(self.settings.zones)

    def close(self) -> None:
        """End everything."""
        self.driver.close()
        self.reading.close()
        self.link.close()
        self.enquiry.close()
        self.client.close()
