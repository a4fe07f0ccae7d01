"""The village's station: two windows without distinction, entrusted errands (Y13), evenings by appointment."""

from pathlib import Path

import pytest

from config.loader import Examined, examine
from config.plan import resolve_windows
from config.schema import HallFile
from config.sections import CardUse, ServiceKind


@pytest.fixture(scope="module")
def examined() -> Examined:
    """What the loader says about the shipped file."""
    return examine(Path(__file__).parents[2] / "config" / "halls" / "village.yaml")


@pytest.fixture(scope="module")
def hall(examined: Examined) -> HallFile:
    """The hall."""
    assert examined.hall is not None
    return examined.hall


def test_the_village_has_no_fault_and_no_warning(examined: Examined) -> None:
    """The loader has nothing to say."""
    assert examined.findings == ()


def test_two_or_three_windows_take_everything(hall: HallFile) -> None:
    """Y13: 2 to 3 comprehensive windows, each for every service."""
    windows = resolve_windows(hall)

    assert 2 <= len(windows) <= 3
    assert {one.services for one in windows} == {tuple(service.id for service in hall.services)}


def test_errands_are_entrusted_by_all_departments(hall: HallFile) -> None:
    """Y13: what cannot be done here is carried to town and county; guides help everybody."""
    errand = next(service for service in hall.services if service.kind is ServiceKind.ASSISTED)

    assert "委托" in errand.department["zh"]
    assert hall.assistance.kinds


def test_nobody_needs_a_card(hall: HallFile) -> None:
    """The kiosk has no reader, so no service asks for one."""
    assert hall.kiosks[0].id_reader is None
    assert all(service.id_card is not CardUse.REQUIRED for service in hall.services)


def test_evenings_and_weekends_are_for_those_who_booked(hall: HallFile) -> None:
    """C3: staggered hours for people who work the fields by day."""
    extended = next(iter(hall.hours.values())).appointment

    assert extended is not None
    assert all(span.start.hour >= 18 for span in extended.mon)
    assert extended.sat
    assert extended.sun
