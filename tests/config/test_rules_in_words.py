"""The rules of a hall in sentences: every number that somebody writes is read back to them."""

from collections.abc import Callable

import pytest

from config.loader import Examined
from config.rules_in_words import calling_in_words, tides_in_words
from config.schema import HallFile

Change = Callable[[str], HallFile]


@pytest.fixture
def with_rules(small: str, examine_text: Callable[[str], Examined]) -> Change:
    """The small hall with some lines before its kiosks."""

    def changed(lines: str) -> HallFile:
        hall = examine_text(small.replace("kiosks:\n", f"{lines}\nkiosks:\n")).hall
        assert hall is not None
        return hall

    return changed


def test_calling_rules_are_said_with_their_numbers(with_rules: Change) -> None:
    """Credits, lateness, automatic calls, alarms."""
    hall = with_rules(
        "rules: { priority_credit_min: 41, short_service_min: 12.5, short_credit_max_min: 8, "
        "appointment_credit_min: 17, appointment_late_min: 9, auto_call_after_s: 23, "
        "wait_warn_min: 14, wait_alarm_min: 28, wait_clear_min: 4 }"
    )

    assert calling_in_words(hall, "en") == [
        "Whoever counts as having come first is called first.",
        "People of a priority group count as 41 min earlier.",
        "Business under 12.5 min on average counts as earlier by the difference, longer business as later, "
        "by 8 min at most.",
        "A kept appointment counts as 17 min before its time; whoever is more than 9 min late counts as a walk-in.",
        "A free window whose turn it is calls by itself after 23 s.",
        "A wait over 14 min is warned of, over 28 min it is an alarm; either clears 4 min lower.",
    ]
    for number, sentence in zip(("41", "12.5", "17", "23", "28"), calling_in_words(hall, "zh")[1:], strict=True):
        assert number in sentence


def test_what_is_switched_off_is_not_said(with_rules: Change) -> None:
    """Without a credit for short business there is no sentence on it, and clerks call by themselves."""
    hall = with_rules("rules: { short_credit_max_min: 0 }")

    said = " ".join(calling_in_words(hall, "en"))

    assert "Business under" not in said
    assert "Clerks call: no window calls by itself." in said


def test_a_service_with_limits_of_its_own_is_named(small: str, examine_text: Callable[[str], Examined]) -> None:
    """With the limits that hold for it, the hall's where it writes none."""
    hall = examine_text(small.replace("    mean_service_min: 6\n", "    wait_warn_min: 7\n")).hall
    assert hall is not None

    assert calling_in_words(hall, "en")[-1] == "Other limits (warning, alarm) hold for Social insurance 7/30."
    assert calling_in_words(hall, "zh")[-1] == "另有标准（提醒/告警，分钟）的业务：社会保险 7/30。"


def test_tidal_rules_are_said_with_their_numbers(with_rules: Change) -> None:
    """Thresholds, costs, pressures, limits, and moves by timetable with their days."""
    hall = with_rules(
        "tides:\n"
        "  mode: propose\n"
        "  help_after_min: 3\n  leave_for_min: 11\n  help_cost_min: 1.5\n  move_cost_min: 2.5\n"
        "  open_pressure_min: 6\n  open_after_min: 2.2\n  open_every_min: 1.1\n"
        "  close_after_min: 33\n  close_pressure_min: 0.7\n  moves_per_hour: 5\n  move_for_min: 55\n"
        '  schedule: [{ window: T01, zone: business, days: [mon, fri], span: "09:00-11:00" }]'
    )

    assert tides_in_words(hall, "en") == [
        "Windows that may help beyond their own services: 1, of which tidal: 1.",
        "With nobody waiting for it, such a window helps where the next one has waited 3 min.",
        "While people wait for it, it leaves only for someone who counts as 11 min earlier.",
        "A call to help another zone costs the clerk about 1.5 min, a move with changed signs about 2.5.",
        "Tidal windows of Social Affairs move when a supervisor accepts the proposal.",
        "One opens when 6 min of work wait for each open window for 2.2 min, and no other within 1.1 min.",
        "It closes after 33 min or later, when it is free and no zone it helps has more than 0.7 min of work waiting.",
        "No clerk is moved more than 5 times an hour.",
        "An accepted proposal holds for 55 min.",
        "T01 serves Business on Mon, Fri, 09:00–11:00, and then goes back.",
    ]
    assert tides_in_words(hall, "zh")[-1] == "T01 在周一、周五 09:00–11:00 派到企业事务，到时自动返回。"


def test_zones_are_named_by_their_mode(small: str, examine_text: Callable[[str], Examined]) -> None:
    """One zone's windows move by the rules, another's only by people; where no rule moves any, none is told."""
    two = small.replace(
        "priority_groups:",
        "  - { ids: T02, number: 7, zone: business, position: tidal, may_help: [relief] }\npriority_groups:",
    )
    mixed = examine_text(two.replace("kiosks:\n", "tides: { zones: { business: manual } }\nkiosks:\n")).hall
    manual = examine_text(two.replace("kiosks:\n", "tides: { mode: manual }\nkiosks:\n")).hall
    assert mixed is not None
    assert manual is not None

    assert tides_in_words(mixed, "en")[4:6] == [
        "Tidal windows of Social Affairs move by these rules.",
        "Tidal windows of Business move only by people and by timetable.",
    ]
    assert tides_in_words(manual, "en")[4:] == [
        "Tidal windows of Social Affairs, Business move only by people and by timetable."
    ]


def test_a_hall_in_which_no_window_helps_has_no_tidal_rules(
    small: str, examine_text: Callable[[str], Examined]
) -> None:
    """Nothing is said of tides where there are none."""
    plain = small.replace("    position: tidal\n    may_help: [licence]\n", "    position: acceptance\n")
    hall = examine_text(plain).hall
    assert hall is not None

    assert tides_in_words(hall, "zh") == []
