"""The town's hall: 1+1+1 (Y12), market days by the lunar calendar, a duty clerk on other days (C3)."""

from datetime import date
from pathlib import Path

import pytest

from config.calendars import HallDays
from config.loader import Examined, examine
from config.plan import resolve_windows
from config.schema import HallFile
from config.sections import ServiceKind
from server.core.calendar import shifts_on
from server.plan import make_plan


@pytest.fixture(scope="module")
def examined() -> Examined:
    """What the loader says about the shipped file."""
    return examine(Path(__file__).parents[2] / "config" / "halls" / "town.yaml")


@pytest.fixture(scope="module")
def hall(examined: Examined) -> HallFile:
    """The hall."""
    assert examined.hall is not None
    return examined.hall


def test_the_town_has_no_fault_and_no_warning(examined: Examined) -> None:
    """Not even for a timetable that opens on market days only."""
    assert examined.findings == ()


def test_windows_are_one_plus_one_plus_one(hall: HallFile) -> None:
    """Y12: 2 to 6 comprehensive windows, at least 4 for a big town, 70 % of all; one for police and one for tax."""
    zones = [one.zone for one in resolve_windows(hall)]
    comprehensive = zones.count("comprehensive")

    assert 4 <= comprehensive <= 6
    assert comprehensive / len(zones) >= 0.7
    assert (zones.count("police"), zones.count("tax")) == (1, 1)


def test_market_days_go_by_the_moon(hall: HallFile) -> None:
    """Lunar 3, 6, 9, 13 …: 2026-11-21 is the 13th of the tenth month, the 22nd and 23rd are no market days."""
    days = HallDays(hall.calendar)

    assert [day for day in range(9, 31) if days.is_market(date(2026, 11, day))] == [11, 14, 17, 21, 24, 27]


@pytest.mark.parametrize(
    ("day", "duty", "others", "forwarding"),
    [
        (date(2026, 11, 23), True, False, True),  # Monday, no market
        (date(2026, 11, 24), True, True, False),  # Tuesday, market
        (date(2026, 11, 21), True, True, False),  # Saturday, market
        (date(2026, 11, 22), False, False, False),  # Sunday, no market
    ],
)
def test_who_is_there_on_which_day(hall: HallFile, day: date, duty: bool, others: bool, forwarding: bool) -> None:
    """C3: everybody on market days, even on a Saturday; on other workdays one clerk who receives and forwards."""
    plan = make_plan(hall)
    windows = resolve_windows(hall)
    here = {one.id for one in windows if shifts_on(plan.timetables[one.hours], day, plan.calendar)}
    service = next(one for one in hall.services if one.id == "forwarding")

    assert ("V01" in here) is duty
    assert (here - {"V01"} == {one.id for one in windows} - {"V01"}) is others
    assert not (others is False and here - {"V01"})
    assert service.hours is not None
    assert bool(shifts_on(plan.timetables[service.hours], day, plan.calendar)) is forwarding


def test_the_duty_clerk_takes_everything_comprehensive(hall: HallFile) -> None:
    """What is received on other days includes the errands to police and tax."""
    duty = next(one for one in resolve_windows(hall) if one.id == "V01")
    kinds = {service.id: service.kind for service in hall.services}

    assert set(duty.services) == {s.id for s in hall.services if s.zone == "comprehensive"}
    assert kinds["forwarding"] is ServiceKind.ASSISTED
    assert duty.services
    assert "unresolved" in duty.services
