"""A kiosk's slips and tickets share one printer, each with its own news."""

import queue
from pathlib import Path

import pytest

from kiosk.settings import KioskSettings
from kiosk.spool import SpoolPrinting
from printer.simulator import Simulator
from printer.slips import Slip
from tests.printer.printer_cast import HALL, a_ticket_json

SLIP = Slip.of("请到以下地点办理", [("地点", ["出入境接待大厅"])])

News = tuple[str, str, bool]


@pytest.fixture
def news() -> "queue.Queue[News]":
    return queue.Queue()


def test_slip_tells_its_own_paper_and_no_ticket_is_touched(tmp_path: Path, news: "queue.Queue[News]") -> None:
    """Waiting for the cover, then printed: told to the page that asked, never to the server as a ticket's paper."""
    with Simulator() as printer:
        settings = KioskSettings("kiosk-1", printer_url=printer.url)
        printing = SpoolPrinting(tmp_path, settings, lambda *moved: news.put(moved))
        try:
            printing.submit(a_ticket_json(id="t1"), HALL, 1)
            assert news.get(timeout=20) == ("t1", "printed", False)
            printer.set(is_cover_open=True)
            printing.print_slip(SLIP, lambda state, is_waiting: news.put(("slip", state, is_waiting)))
            assert news.get(timeout=20) == ("slip", "queued", True)
            printer.set(is_cover_open=False)
            assert news.get(timeout=20) == ("slip", "printed", False)
        finally:
            printing.close()
    assert news.empty()
    assert len(printer.tickets) == 2


def test_slip_of_a_closed_printer_has_failed_at_once(tmp_path: Path, news: "queue.Queue[News]") -> None:
    """The page says so instead of waiting for ever."""
    settings = KioskSettings("kiosk-1", printer_url=f"preview://{tmp_path}/pictures")
    printing = SpoolPrinting(tmp_path, settings, lambda *moved: news.put(moved))
    printing.close()
    printing.print_slip(SLIP, lambda state, is_waiting: news.put(("slip", state, is_waiting)))
    assert news.get_nowait() == ("slip", "failed", False)
