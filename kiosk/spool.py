"""The printer's spool as the kiosk uses it: tickets in, news of their paper out, another printer when it is set."""

import logging
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kiosk.printing import OnPaper, OnSlip
from kiosk.settings import KioskSettings
from printer.layout import TicketPrint
from printer.slips import Slip
from printer.spool import Job, JobState, Spool
from printer.status import Condition

log = logging.getLogger("kiosk.spool")


class SpoolPrinting:
    """One kiosk's printer. `submit` never waits, not even while the printer is being changed."""

    def __init__(self, folder: Path, settings: KioskSettings, on_paper: OnPaper) -> None:
        self._folder, self._on_paper = folder, on_paper
        self._changing = threading.Lock()
        self._slips: dict[str, OnSlip] = {}
        self._slips_lock = threading.Lock()
        self._settings = settings
        self._spool = self._open(settings)

    def adopt(self, settings: KioskSettings) -> None:
        """Change to the printer that is set now; may take a few seconds."""
        with self._changing:
            if _printer(settings) != _printer(self._settings):
                self._spool.close()
                self._settings = settings
                self._spool = self._open(settings)

    def _open(self, settings: KioskSettings) -> Spool:
        url, paper_mm, mode = _printer(settings)
        return Spool(self._folder, url, paper_mm, mode, on_state=self._moved)

    def _moved(self, job: Job) -> None:
        is_waiting = job.state is JobState.QUEUED and job.reason is not None
        if job.ticket_id is not None:
            self._on_paper(job.ticket_id, job.state.value, is_waiting)
            return
        # Held while a slip is submitted, so that it is known here before its first news.
        with self._slips_lock:
            on_slip = self._slips.get(job.id) if is_waiting else self._slips.pop(job.id, None)
        if on_slip is not None:
            on_slip(job.state.value, is_waiting)

    def submit(self, ticket: Mapping[str, Any], hall: Mapping[str, Any], copy: int) -> None:
        """Print a ticket."""
        try:
            self._spool.submit(TicketPrint.from_ticket(ticket, hall, copy))
        except (RuntimeError, OSError) as trouble:
            log.error("ticket %s cannot be put into the spool: %s", ticket.get("number"), trouble)
            self._on_paper(str(ticket["id"]), JobState.FAILED.value, False)

    def print_slip(self, slip: Slip, on_paper: OnSlip) -> None:
        """Print a guide or another slip."""
        try:
            with self._slips_lock:
                self._slips[self._spool.submit(slip).id] = on_paper
        except (RuntimeError, OSError) as trouble:
            log.error("slip %s cannot be put into the spool: %s", slip.title, trouble)
            on_paper(JobState.FAILED.value, False)

    def condition(self) -> Condition:
        """How the printer is, as last known; never blocks."""
        return self._spool.status().condition

    def describe(self) -> str:
        """Say how the printer is, for staff."""
        return f"{self._settings.printer_url}\n{self.condition().value}"

    def close(self) -> None:
        """End."""
        with self._changing:
            self._spool.close()


def _printer(settings: KioskSettings) -> tuple[str, int, str]:
    return settings.printer_url, settings.paper_mm, settings.printer_mode
