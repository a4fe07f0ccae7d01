"""Chenzhou's hall is that of its published plan: one-thing windows, appointments, staggered and extended hours, 5+X."""

from datetime import date
from pathlib import Path

import pytest

from config.loader import Examined, examine
from config.plan import resolve_windows
from config.schema import HallFile
from config.sections import ServiceKind
from server.core.calendar import shifts_on, spans_with_appointment
from server.plan import make_plan


@pytest.fixture(scope="module")
def examined() -> Examined:
    """What the loader says about the shipped file."""
    return examine(Path(__file__).parents[2] / "config" / "halls" / "chenzhou.yaml")


@pytest.fixture(scope="module")
def hall(examined: Examined) -> HallFile:
    """The hall."""
    assert examined.hall is not None
    return examined.hall


def test_chenzhou_has_no_fault_and_no_warning(examined: Examined) -> None:
    """The loader has nothing to say."""
    assert examined.findings == ()


def test_the_one_thing_zone_has_only_packages_and_windows_of_its_own(hall: HallFile) -> None:
    """C1: every window of the zone takes every package, whoever leads it."""
    packages = tuple(service.id for service in hall.services if service.zone == "one-thing")
    windows = [one for one in resolve_windows(hall) if one.zone == "one-thing"]

    assert len(packages) == 3
    assert all(s.kind is ServiceKind.PACKAGE for s in hall.services if s.zone == "one-thing")
    assert len(windows) >= 2
    assert {one.services for one in windows} == {packages}


@pytest.mark.parametrize(
    ("day", "ordinary", "by_appointment"),
    [
        (date(2026, 11, 24), "09:00-17:00", "08:00-09:00 17:00-18:30"),  # a Tuesday
        (date(2026, 11, 28), "09:00-12:00", "14:00-17:00"),  # Saturday: 5+X
        (date(2026, 11, 29), "", "09:00-12:00"),  # Sunday
        (date(2026, 10, 1), "09:00-12:00", "14:00-17:00"),  # National Day
        (date(2026, 10, 10), "09:00-17:00", "08:00-09:00 17:00-18:30"),  # a Saturday that is worked
    ],
)
def test_hours_are_five_plus_x(hall: HallFile, day: date, ordinary: str, by_appointment: str) -> None:
    """C3: staggered and extended hours, weekend and holiday service, and 调休 as the State Council announced it."""
    plan = make_plan(hall)
    table = plan.timetables["five-plus-x"]

    def words(shifts: tuple[tuple[int, int], ...]) -> str:
        return " ".join(f"{a // 60:02d}:{a % 60:02d}-{b // 60:02d}:{b % 60:02d}" for a, b in shifts)

    assert words(shifts_on(table, day, plan.calendar)) == ordinary
    all_spans = len(spans_with_appointment(plan, "five-plus-x", day))
    assert all_spans == len(ordinary.split()) + len(by_appointment.split())
    assert table.appointment is not None
    assert words(shifts_on(table.appointment, day, plan.calendar)) == by_appointment


def test_packages_can_be_booked_outside_office_hours(hall: HallFile) -> None:
    """C3: slots begin before the doors open, end after they close, and there are some on Sunday."""
    slots = next(service.slots for service in hall.services if service.id == "citizen-package")

    assert min(grid.span.start.hour for grid in slots) == 8
    assert max(grid.span.end.hour for grid in slots) == 18
    assert any("sun" in grid.days for grid in slots)


def test_words_go_to_one_place_and_bulletins_are_shown(hall: HallFile) -> None:
    """C6, C7: complaints and what could not be done at one desk with 12345; the month's bulletin is announced."""
    unresolved = [service.id for service in hall.services if service.kind is ServiceKind.UNRESOLVED]

    assert unresolved == ["words"]
    assert "12345" in next(service for service in hall.services if service.id == "words").keywords
    notices = " ".join(notice["zh"] for notice in hall.notices)
    for word in ("通报", "赶集日", "12345", "邮寄"):
        assert word in notices


def test_the_poor_and_weak_are_named(hall: HallFile) -> None:
    """C8: the old, weak, disabled, expecting and poor get free assisted handling."""
    assert {group.id for group in hall.priority_groups} >= {"elder", "disabled", "pregnant", "poor"}
    assert "whole" in {kind.id for kind in hall.assistance.kinds}
    assert any(service.kind is ServiceKind.ASSISTED for service in hall.services)
