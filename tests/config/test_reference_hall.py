"""The reference hall is that of the reference day: whoever has a trace of the day may run it in the hall."""

import json
from collections.abc import Iterator
from datetime import time
from pathlib import Path
from typing import Any

import pytest

from config.loader import Examined, examine
from config.plan import ResolvedWindow, resolve_windows
from config.schema import CallRules, HallFile, Position, Tides

ROOT = Path(__file__).parents[2]
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@pytest.fixture(scope="module")
def day() -> dict[str, Any]:
    """The figures of the reference day."""
    loaded: dict[str, Any] = json.loads(
        (ROOT / "server" / "simulate" / "days" / "yangxin.json").read_text(encoding="utf-8")
    )
    return loaded


@pytest.fixture(scope="module")
def examined() -> Examined:
    """What the loader says about the hall file."""
    return examine(ROOT / "config" / "halls" / "reference.yaml")


@pytest.fixture(scope="module")
def hall(examined: Examined) -> HallFile:
    """The hall."""
    assert examined.hall is not None
    return examined.hall


@pytest.fixture(scope="module")
def windows(hall: HallFile) -> dict[str, ResolvedWindow]:
    """Its single windows by id."""
    return {window.id: window for window in resolve_windows(hall)}


def runs(day: dict[str, Any]) -> Iterator[tuple[dict[str, Any], list[str]]]:
    """The day's runs of windows with their ids: prefix and two digits."""
    for run in day["windows"]:
        yield run, [f"{run['prefix']}{n:02d}" for n in range(1, run["count"] + 1)]


def minutes(at: time) -> int:
    """Minutes after midnight."""
    return at.hour * 60 + at.minute


def test_the_reference_hall_has_no_fault_and_no_warning(examined: Examined) -> None:
    """It is a hall that can be run, not only a list of ids."""
    assert examined.findings == ()


def test_services_are_those_of_the_day_with_their_times_and_numbers(day: dict[str, Any], hall: HallFile) -> None:
    """Ids in the day's order, pool as zone, Chinese name, mean and spread, and how many come."""
    assert [
        (one.id, one.zone, one.name["zh"], one.mean_service_min, one.service_cv, one.per_day) for one in hall.services
    ] == [
        (name, one["pool"], one["zh"].replace("(", "（").replace(")", "）"), one["mean"], one["cv"], one["per_day"])
        for name, one in day["services"].items()
    ]  # fmt: skip


def test_zones_are_the_pools_of_the_day(day: dict[str, Any], hall: HallFile) -> None:
    """One zone for each pool, with a letter nobody reads as a digit and a colour of its own."""
    assert {zone.id for zone in hall.zones} == {one["pool"] for one in day["services"].values()}
    assert {zone.letter for zone in hall.zones}.isdisjoint("IO")
    assert len({zone.colour for zone in hall.zones}) == len(hall.zones)


def test_windows_are_those_of_the_day(day: dict[str, Any], windows: dict[str, ResolvedWindow]) -> None:
    """86 windows: each in its pool, tidal or not as the day says."""
    expected = {name: (run["pool"], run.get("tidal", False)) for run, names in runs(day) for name in names}

    assert {name: (one.zone, one.position is Position.TIDAL) for name, one in windows.items()} == expected
    assert len(windows) == 86


def test_windows_serve_what_the_day_lets_them(day: dict[str, Any], windows: dict[str, ResolvedWindow]) -> None:
    """Their pool's services or the part they are limited to; beyond, the authorisations of tidal and of cross windows."""
    for run, names in runs(day):
        pool = [name for name, one in day["services"].items() if one["pool"] == run["pool"]]
        own = run.get("only", pool)
        beyond = [one for one in run.get("auth", day["cross"].get(run["prefix"], [])) if one not in own]
        for name in names:
            assert (windows[name].services, windows[name].may_help) == (tuple(own), tuple(beyond)), name


def test_half_of_each_run_goes_to_lunch_first(
    day: dict[str, Any], hall: HallFile, windows: dict[str, ResolvedWindow]
) -> None:
    """The first half of a run, rounded up, is away in the first lunch shift, the others in the second, on every day."""
    for _run, names in runs(day):
        for place, name in enumerate(names):
            away_from, away_until = day["lunch_shifts"][0 if place < (len(names) + 1) // 2 else 1]
            hours = hall.hours[windows[name].hours]
            for weekday in WEEK:
                spans = [(minutes(span.start), minutes(span.end)) for span in getattr(hours, weekday)]
                assert spans == [(day["open"], away_from), (away_until, day["close"])], (name, weekday)


def test_tickets_are_issued_from_opening_to_the_last_ticket(day: dict[str, Any], hall: HallFile) -> None:
    """The zones' timetable is the hall's first and ends half an hour before the clerks go."""
    assert {zone.hours for zone in hall.zones} | {service.hours for service in hall.services} == {None}
    first = next(iter(hall.hours.values()))
    for weekday in WEEK:
        spans = [(minutes(span.start), minutes(span.end)) for span in getattr(first, weekday)]
        assert spans == [(day["open"], day["last_ticket"])]


def test_rules_and_tides_are_the_defaults(hall: HallFile) -> None:
    """What is measured here is what a hall gets that writes no numbers of its own."""
    assert hall.rules == CallRules()
    assert hall.tides == Tides()


def test_a_trace_that_says_only_priority_finds_its_group(hall: HallFile) -> None:
    """`priority` beside the six groups of the law."""
    assert [group.id for group in hall.priority_groups] == [
        "priority",
        "military",
        "honoured",
        "elder",
        "disabled",
        "pregnant",
        "infant",
    ]


def test_the_hall_can_run_live(hall: HallFile) -> None:
    """One kiosk that prints to a preview, one board with sound, and a voice in every part of the house."""
    [kiosk], [board] = hall.kiosks, hall.boards

    assert kiosk.printer.url == "preview://"
    assert board.sound
    assert kiosk.area == board.area
    assert [voice.area for voice in hall.voices] == [area.id for area in hall.areas]
