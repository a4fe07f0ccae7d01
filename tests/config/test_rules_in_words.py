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
        "  help_after_min: 3\n  leave_for_min: 11\n  help_cost_min: 1.5\n  move_cost_min: 2.5\n"
        "  open_pressure_min: 6\n  open_after_min: 2.2\n  open_every_min: 1.1\n"
        "  close_after_min: 33\n  close_idle_min: 21\n  close_pressure_min: 0.7\n  moves_per_hour: 5\n"
        '  schedule: [{ window: T01, zone: business, days: [mon, fri], span: "09:00-11:00" }]'
    )

    assert tides_in_words(hall, "en") == [
        "Windows that may help beyond their own services: 1, of which tidal: 1.",
        "A call to help another zone costs the clerk about 1.5 min, a move with changed signs about 2.5.",
        "Tidal windows of Social Affairs move by these rules.",
        "With nobody waiting where it is, a window moved by the rules helps where the next one has waited 3 min.",
        "While people wait where it is, it leaves only for someone who counts as 11 min earlier.",
        "A clerk who has moved 5 times within an hour, there and back being two, is not sent to another zone.",
        "A tidal window opens when 6 min of work wait for each open window for 2.2 min, and no other within 1.1 min.",
        "It closes after 33 min or later, when it has been free for 21 min and no zone it helps has more than 0.7 min "
        "of work waiting.",
        "T01 serves Business on Mon, Fri, 09:00–11:00, and then goes back.",
    ]
    assert tides_in_words(hall, "zh") == [
        "有授权支援其他业务的窗口 1 个，其中潮汐窗口 1 个。",
        "跨区支援一个号约费 1.5 分钟，换牌改派一次约费 2.5 分钟，都计入统计。",
        "社会事务的潮汐窗口按下面的规则自动调配。",
        "自动调配的窗口，所在区没人排队时，去支援已等满 3 分钟的人。",
        "所在区还有人排队时，只为视同早到 11 分钟以上的人离开。",
        "同一人员一小时内换区满 5 次（往返算两次），就不再派往别区。",
        "每个已开窗口积压 6 分钟的活、持续 2.2 分钟，就开一个潮汐窗口；1.1 分钟内不再开第二个。",
        "开满 33 分钟后，已空闲满 21 分钟且能支援的各区积压都不超过 0.7 分钟，就关闭。",
        "T01 在周一、周五 09:00–11:00 派到企业事务，到时自动返回。",
    ]


def test_where_a_supervisor_decides_no_window_helps_by_itself(with_rules: Change) -> None:
    """Proposals are told with how long they hold; the thresholds of helping are not, as nobody goes by them."""
    said = tides_in_words(with_rules("tides: { mode: propose, move_for_min: 55 }"), "en")

    assert said[2] == "Tidal windows of Social Affairs move when a supervisor accepts the proposal."
    assert said[-1] == "An accepted proposal holds for 55 min."
    assert [one for one in said if "helps where" in one or "leaves only" in one or "within an hour" in one] == []


def test_windows_that_help_without_being_tidal_have_thresholds_of_their_own(
    small: str, examine_text: Callable[[str], Examined]
) -> None:
    """They are told in every mode; a hall without tidal windows has nothing else to tell."""
    hall = examine_text(
        small.replace("    position: tidal\n", "    position: acceptance\n").replace(
            "kiosks:\n", "tides: { mode: manual, cross_after_min: 1.5, cross_leave_min: 7 }\nkiosks:\n"
        )
    ).hall
    assert hall is not None

    assert tides_in_words(hall, "en") == [
        "Windows that may help beyond their own services: 1, of which tidal: 0.",
        "Those that are not tidal stay where they are: with nobody waiting for them they call whoever has waited "
        "1.5 min elsewhere, while people wait for them only someone who counts as 7 min earlier.",
        "A call to help another zone costs the clerk about 1 min, a move with changed signs about 3.",
    ]
    assert tides_in_words(hall, "zh")[1] == (
        "不是潮汐窗口的，人不离开原位：自己没人排队时，叫别处已等满 1.5 分钟的人；"
        "自己还有人排队时，只先叫视同早到 7 分钟以上的人。"
    )


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

    assert tides_in_words(mixed, "en")[2:4] == [
        "Tidal windows of Social Affairs move by these rules.",
        "Tidal windows of Business move only by people and by timetable.",
    ]
    assert tides_in_words(manual, "en")[2:] == [
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


def test_services_with_a_pre_check_are_named(small: str, examine_text: Callable[[str], Examined]) -> None:
    """Which services have their papers looked through first is said; a hall without any says nothing of it."""
    look = "  - { id: look, zone: social, name: { zh: 预审, en: Look }, department: { zh: 局, en: B }, position: precheck }\n"
    text = small.replace("  - id: licence\n", f"{look}  - id: licence\n").replace(
        "\nwindows:\n", "\nwindows:\n  - { ids: Q01, number: 9, zone: social, position: precheck }\n"
    )
    text = text.replace("en: Civil Affairs }\n", "en: Civil Affairs }\n    precheck: look\n")
    with_one, without = examine_text(text).hall, examine_text(small).hall
    assert with_one is not None
    assert without is not None
    assert "先预审材料、再凭同一张号办理的业务：社会救助；预约的不用预审。" in calling_in_words(with_one, "zh")
    assert any("looked through first" in sentence for sentence in calling_in_words(with_one, "en"))
    assert not any("looked through first" in sentence for sentence in calling_in_words(without, "en"))
