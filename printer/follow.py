"""Prints what the hall's server asks for on one printer, and reports what became of it.

Knows the server only through its HTTP client. Reports are sent by a thread of their own: a server that is away must
not hold up the printer, and a report is kept until it is delivered.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

from printer.delivery import Limits
from printer.layout import TicketPrint
from printer.papers import PaperPrint
from printer.spool import Job, Spool
from printer.watch import ConditionWatch
from server.client import ApiError, Client, ServerLost

log = logging.getLogger("printer")

#: Reports kept while the server is away.
REPORTS_MAX = 1000

#: In the spool's folder: the number of the last order taken.
LAST_ORDER = "last-order"

#: Between tries while the server is away.
TRY_AGAIN_S = 2.0


class Reporter:
    """Tells the server the print state of tickets, in order, each until it is heard."""

    def __init__(self, client: Client, try_again_s: float = TRY_AGAIN_S) -> None:
        self._client = client
        self._try_again_s = try_again_s
        self._waiting: deque[Job] = deque(maxlen=REPORTS_MAX)
        self._changed = threading.Condition()
        self._is_closing = False
        self._thread = threading.Thread(target=self._work, name="print reports", daemon=True)
        self._thread.start()

    def report(self, job: Job) -> None:
        """Take a report; returns at once."""
        if job.ticket_id is None:
            return
        with self._changed:
            self._waiting.append(job)
            self._changed.notify_all()

    def close(self, within_s: float = 3.0) -> None:
        """Send what can be sent in time, then stop."""
        with self._changed:
            self._changed.wait_for(lambda: not self._waiting, within_s)
            self._is_closing = True
            self._changed.notify_all()
        self._thread.join(within_s)

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._is_closing)
                if self._is_closing:
                    return
                job = self._waiting[0]
            is_heard = self._send(job)
            with self._changed:
                if is_heard and self._waiting and self._waiting[0] is job:
                    self._waiting.popleft()
                self._changed.notify_all()
                if not is_heard:
                    self._changed.wait_for(lambda: self._is_closing, self._try_again_s)

    def _send(self, job: Job) -> bool:
        try:
            self._client.post(f"/tickets/{job.ticket_id}/print-state", {"state": job.state.value})
        except ServerLost as lost:
            log.warning("print state of %s waits: %s", job.number, lost)
            return False
        except ApiError as refusal:
            log.warning("print state of %s refused: %s", job.number, refusal)
        return True


def follow(
    client: Client,
    printer: str,
    folder: Path,
    *,
    device_url: str | None = None,
    stop: threading.Event | None = None,
    tell: Callable[[Job], None] = lambda job: None,
    limits: Limits | None = None,
) -> None:
    """Print for the server until `stop` is set.

    The printer's URL, paper and mode come from the hall file; `device_url` takes the place of its URL.
    """
    stop = stop or threading.Event()
    found = settings_of(client, printer, stop)
    if found is None:
        return
    settings, hall = found
    reporter = Reporter(client)

    def on_state(job: Job) -> None:
        tell(job)
        reporter.report(job)

    spool = Spool(folder, device_url or settings["url"], settings["paper_mm"], settings["mode"], on_state, limits)
    watch = ConditionWatch(client, printer, lambda: spool.status().condition)
    last_order = folder / LAST_ORDER
    try:
        for message in client.feed(prints=printer, stop=stop, after=_number_in(last_order)):
            match message.event:
                case "snapshot" | "view":
                    hall = message.data
                case "print":
                    for paper in papers_of(message.data, hall):
                        on_state(spool.submit(paper))
                    # Noted once the job is on disk: an order that comes again is a copy too many, never one lost.
                    last_order.write_text(str(message.id), encoding="ascii")
                case "lost":
                    log.warning("server lost: %s", message.data.get("why"))
                case "back":
                    log.warning("server back")
    finally:
        watch.close()
        spool.close()
        reporter.close()


def _number_in(file: Path) -> int | None:
    """The number of the last order taken by an earlier run; None if there was none or the file is damaged."""
    try:
        return int(file.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None


def settings_of(client: Client, printer: str, stop: threading.Event) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """The printer's settings from the hall file, and the hall; waits for a server that is not there yet.

    None: told to stop. The hall is asked for before the feed, since orders missed while we were off come first there.
    """
    is_told = False
    while not stop.is_set():
        try:
            return client.get(f"/devices/{printer}")["settings"]["printer"], client.get("/hall")
        except ServerLost as lost:
            if not is_told:
                log.warning("waiting for the server: %s", lost)
                is_told = True
            stop.wait(TRY_AGAIN_S)
    return None


def papers_of(order: dict[str, Any], hall: dict[str, Any]) -> list[TicketPrint | PaperPrint]:
    """What one `print` message wants on paper: a ticket, or all copies of a settlement's paper."""
    if "papers" not in order:
        return [ticket_of(order, hall)]
    return [PaperPrint.of(paper, int(order.get("copy", 1))) for paper in order["papers"]]


def ticket_of(order: dict[str, Any], hall: dict[str, Any]) -> TicketPrint:
    """The ticket of one `print` message; a reprint is marked as one even if the copies were not counted."""
    copy = max(int(order.get("copy", 1)), 2 if order.get("reprint") else 1)
    return TicketPrint.from_ticket(order["ticket"], hall, copy)
