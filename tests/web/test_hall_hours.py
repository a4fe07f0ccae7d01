"""A hall whose parts have hours of their own: it is open as long as one of them is."""

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from config.loader import load_hall
from server.accounts import Accounts
from server.catalogue.store import Catalogue
from server.forecasts import Forecasts
from server.hall import Hall
from server.links import TicketLinks
from server.log.sqlite import SqliteLog
from server.people import People
from server.plan import Names, make_plan
from server.web.present.hall import hall_view
from server.web.site import Site

YANGXIN = Path(__file__).resolve().parents[2] / "config" / "halls" / "yangxin.yaml"


def seen_at(folder: Path, when: str) -> dict[str, Any]:
    """The shipped hall at a moment, as kiosks get it."""
    at = datetime.fromisoformat(when).replace(tzinfo=ZoneInfo("Asia/Shanghai")).timestamp()
    hall_file = load_hall(YANGXIN)
    log, accounts = SqliteLog(folder / "hall.db", hall_file.id), Accounts(folder / "accounts.db")
    people, catalogue = People(folder / "people.db", "secret"), Catalogue(folder / "catalogue.db")
    try:
        hall = Hall(make_plan(hall_file), log, lambda: at)
        hall.tick()
        site = Site(
            hall,
            Names.of(hall_file),
            accounts,
            TicketLinks(accounts.secret("ticket-links")),
            Forecasts(hall),
            people,
            catalogue,
        )
        with hall.reading() as state:
            return hall_view(site, state, at)
    finally:
        log.close()
        accounts.close()
        people.close()
        catalogue.close()


@pytest.mark.parametrize(
    ("when", "is_open", "opens_at", "closes_at", "zones"),
    [
        # The police work on Saturday mornings when everybody else is off: the kiosks must not be shut.
        ("2026-11-28 09:00", True, None, "2026-11-28T12:00", {"police"}),
        ("2026-11-28 08:00", False, "2026-11-28T08:30", None, set()),
        ("2026-11-28 12:00", False, "2026-11-30T08:30", None, set()),
    ],
)
def test_the_house_is_open_while_one_zone_is(
    tmp_path: Path, when: str, is_open: bool, opens_at: str | None, closes_at: str | None, zones: set[str]
) -> None:
    """Open, until when and when next are those of all services together, not of the first timetable of the file."""
    hall = seen_at(tmp_path, when)

    assert hall["open"] is is_open
    assert (hall["opens_at"] or "")[:16] == (opens_at or "")
    assert (hall["closes_at"] or "")[:16] == (closes_at or "")
    assert {zone["id"] for zone in hall["zones"] if zone["open"]} == zones


def test_at_noon_the_house_stays_open(tmp_path: Path) -> None:
    """Marriage registration and advice rest at noon; the others, and so the house, go on."""
    hall = seen_at(tmp_path, "2026-11-23 13:00")

    assert (hall["open"], hall["closes_at"][:16]) == (True, "2026-11-23T17:30")
    assert {zone["id"] for zone in hall["zones"] if not zone["open"]} == {"marriage", "consulting"}
