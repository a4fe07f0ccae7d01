"""What single windows serve, are called and when they open, once the defaults of a hall file are filled in."""

from collections.abc import Callable

import pytest

from config.loader import Examined
from config.plan import ResolvedWindow, hours_of, letter_of, resolve_windows
from config.schema import HallFile, Position


@pytest.fixture
def hall(small: str, examine_text: Callable[[str], Examined]) -> HallFile:
    """The small hall with a second timetable for one run of windows."""
    text = small.replace("areas:\n", "  late:\n    mon: [13:00-20:00]\nareas:\n").replace(
        "    serves: [licence]\n", "    serves: [licence, insurance]\n    hours: late\n"
    )
    examined = examine_text(text)
    assert examined.hall is not None
    return examined.hall


@pytest.fixture
def windows(hall: HallFile) -> dict[str, ResolvedWindow]:
    """Its windows by id."""
    return {window.id: window for window in resolve_windows(hall)}


def test_a_run_becomes_single_windows_with_numbers_in_order(windows: dict[str, ResolvedWindow]) -> None:
    """S01..S03 from number 1 are three windows 1, 2, 3, and the file's order is kept."""
    assert [(window.id, window.number) for window in windows.values()] == [
        ("S01", 1),
        ("S02", 2),
        ("S03", 3),
        ("P01", 4),
        ("E01", 5),
        ("T01", 6),
    ]


def test_names_carry_the_number_or_stand_alone(windows: dict[str, ResolvedWindow]) -> None:
    """The hall's window_name fills in the number; a name of its own is kept as written."""
    assert windows["S02"].name == {"zh": "2号窗口", "en": "Window 2"}
    assert windows["P01"].name == {"zh": "取件窗口", "en": "Collection"}


def test_a_window_without_a_list_serves_its_zone_and_position(windows: dict[str, ResolvedWindow]) -> None:
    """Acceptance windows take the acceptance services of their zone only, pickup windows its pickup services."""
    assert windows["S01"].services == ("insurance", "relief")
    assert windows["P01"].services == ("collect",)


def test_a_list_replaces_the_default(windows: dict[str, ResolvedWindow]) -> None:
    """A window serves what its list names, in that order, across zones."""
    assert windows["E01"].services == ("licence", "insurance")


def test_a_tidal_window_serves_its_zones_acceptance_and_may_help(windows: dict[str, ResolvedWindow]) -> None:
    """Authorisations beyond its own zone stand apart from what it serves anyway."""
    assert windows["T01"].position is Position.TIDAL
    assert windows["T01"].services == ("insurance", "relief")
    assert windows["T01"].may_help == ("licence",)


def test_timetables_come_from_window_then_zone_then_hall(hall: HallFile, windows: dict[str, ResolvedWindow]) -> None:
    """The nearest timetable wins; the hall's first holds where none is named."""
    assert windows["E01"].hours == "late"
    assert windows["S01"].hours == "day"
    assert hours_of(hall, "insurance") == "day"


def test_letters_come_from_the_service_or_its_zone(hall: HallFile) -> None:
    """A service in a named group has the group's letter, any other its zone's."""
    assert letter_of(hall, "collect") == "L"
    assert letter_of(hall, "insurance") == "A"
    assert letter_of(hall, hall.services[3]) == "B"
