"""The kiosk's own printer: hands tickets to the spool and turns what it reports into what a visitor needs to know.

Must not know pages or the server. Nothing here waits: the spool has its own thread.
"""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from kiosk.state import Paper
from printer.slips import Slip

_PAPER_OF = {"queued": Paper.PRINTING, "printed": Paper.PRINTED, "failed": Paper.TROUBLE, "unknown": Paper.TROUBLE}


def paper_of(state: str, is_waiting: bool) -> Paper:
    """What a visitor is told of a state of the API; a job that waits for its printer is late."""
    return Paper.LATE if is_waiting else _PAPER_OF[state]


#: Told for every change of a slip: state as the API names it, whether it waits for its printer to be mended.
OnSlip = Callable[[str, bool], None]


class Printing(Protocol):
    """What the app needs of a printer."""

    def submit(self, ticket: Mapping[str, Any], hall: Mapping[str, Any], copy: int) -> None:
        """Print a ticket; a copy above 1 is marked as one."""

    def print_slip(self, slip: Slip, on_paper: OnSlip) -> None:
        """Print a guide or another slip; `on_paper` is told what becomes of it, from the printer's thread."""

    def describe(self) -> str:
        """Say how the printer is, for staff."""

    def close(self) -> None:
        """End; what is unfinished stays in the spool's folder."""


#: Told for every change: ticket id, state as the API names it, whether the job waits for its printer to be mended.
OnPaper = Callable[[str, str, bool], None]
