"""Waits that are too long: told once per crossing, cleared well below, by each service's own thresholds."""

from dataclasses import replace

import pytest

from server.core import commands as c
from server.core import events as e
from server.core.model import Alarm, AlarmLevel, Plan, Rules
from tests.cast import COMPANY, INSURANCE, MEDICAL, S01, S02, YANGXIN, Day, at, day_opened, opened

#: Warn at 15 minutes, alarm at 30, clear 5 below.
MORNING = (day_opened(), opened(S01), opened(S02))


def alarms(events: list[e.Event]) -> list[tuple[str, str, float]]:
    """Which alarms were raised and cleared, and when."""
    return [
        (x.service, x.level if isinstance(x, e.WaitAlarmRaised) else "clear", x.at)
        for x in events
        if isinstance(x, e.WaitAlarmRaised | e.WaitAlarmCleared)
    ]


def with_thresholds(warn_min: float | None, alarm_min: float | None, rules: Rules | None = None) -> Plan:
    """The hall of the cast with insurance business of its own thresholds."""
    insurance = replace(
        YANGXIN.services[INSURANCE],
        warn_s=None if warn_min is None else warn_min * 60,
        alarm_s=None if alarm_min is None else alarm_min * 60,
    )
    return replace(YANGXIN, services={**YANGXIN.services, INSURANCE: insurance}, rules=rules or Rules())


def test_a_long_wait_warns_and_then_alarms_once_each() -> None:
    """At fifteen minutes and at thirty, not a second before and not a second time, also after a restart."""
    day = Day(*MORNING)
    day.take("9:00")
    assert alarms(day.watch_every(1, "9:00", "9:14:59")) == []
    (warning,) = [x for x in day.watch("9:15") if isinstance(x, e.WaitAlarmRaised)]
    assert warning == e.WaitAlarmRaised(at=at("9:15"), service=INSURANCE, level="warn", waited_s=900.0)
    day.restart()
    assert alarms(day.watch_every(5, "9:15:01", "9:29:59")) == []
    assert alarms(day.watch_every(1, "9:30", "9:45")) == [(INSURANCE, "alarm", at("9:30"))]
    assert day.state.alarms == {INSURANCE: Alarm(INSURANCE, AlarmLevel.ALARM, at("9:30"))}
    day.restart()
    assert alarms(day.watch_every(60, "9:46", "11:00")) == []


def test_a_wait_found_very_long_is_an_alarm_at_once() -> None:
    """The server was off for an hour: no warning that is already out of date."""
    day = Day(*MORNING)
    day.take("9:00")
    assert alarms(day.watch("10:00")) == [(INSURANCE, "alarm", at("10:00"))]


def test_it_clears_only_five_minutes_below_and_may_then_rise_again() -> None:
    """From 16 minutes to 14 to 12 nothing is said; at ten it is over, and the next fifteen are news again."""
    day = Day(*MORNING)
    for clock in ("9:00", "9:02", "9:04", "9:06:30"):
        day.take(clock)
    day.watch("9:16")
    for clock in ("9:16:05", "9:16:10"):
        day.call_next(S01, clock)
        assert alarms(day.watch(clock)) == []
    day.call_next(S02, "9:16:29")
    assert alarms(day.watch("9:16:29")) == [(INSURANCE, "clear", at("9:16:29"))]
    assert day.state.alarms == {}
    assert alarms(day.watch_every(1, "9:16:30", "9:25")) == [(INSURANCE, "warn", at("9:21:30"))]


def test_a_wait_that_swings_round_the_threshold_does_not_ring_again_and_again() -> None:
    """Always somebody of 13 to 16 minutes: one warning in an hour."""
    day = Day(*MORNING)
    day.take("8:58")
    for minute in range(60):
        if minute % 3 == 0:
            day.take(f"9:{minute:02d}")
        if minute >= 15 and minute % 3 == 0:
            day.call_next(S01, f"9:{minute:02d}:30")
        day.watch(f"9:{minute:02d}:40")
    assert [level for _, level, _ in alarms(day.log)] == ["warn"]


@pytest.mark.parametrize("how", ["called", "cancelled"])
def test_nobody_waiting_any_more_clears(how: str) -> None:
    """However the last one left."""
    day = Day(*MORNING)
    number = day.take("9:00")
    day.watch("9:40")
    if how == "called":
        day.call_next(S01, "9:41")
    else:
        day.do(c.Cancel(at=at("9:41"), ticket=number))
    assert alarms(day.watch("9:41:01")) == [(INSURANCE, "clear", at("9:41:01"))]
    assert alarms(day.watch("9:41:02")) == []


@pytest.mark.parametrize("clear_min", [15, 20])
def test_an_alarm_that_can_only_clear_at_nothing_does_so(clear_min: int) -> None:
    """Where it clears as far below as the threshold itself, it does when nobody waits."""
    day = Day(*MORNING, plan=replace(YANGXIN, rules=Rules(clear_s=clear_min * 60)))
    day.take("9:00")
    day.take("9:14:58")
    day.watch("9:15")
    day.call_next(S01, "9:15")
    assert alarms(day.watch("9:15:01")) == []
    day.call_next(S02, "9:15:02")
    assert alarms(day.watch("9:15:02")) == [(INSURANCE, "clear", at("9:15:02"))]


@pytest.mark.parametrize(
    ("warn_min", "alarm_min", "expected"),
    [
        (5, 8, [("warn", "9:05"), ("alarm", "9:08")]),
        (5, None, [("warn", "9:05"), ("alarm", "9:30")]),
        (None, 20, [("warn", "9:15"), ("alarm", "9:20")]),
        (40, 60, [("warn", "9:40"), ("alarm", "10:00")]),
    ],
)
def test_a_service_may_have_thresholds_of_its_own(
    warn_min: float | None, alarm_min: float | None, expected: list[tuple[str, str]]
) -> None:
    """Both or one of them; the hall's count for the other and for all other services."""
    day = Day(*MORNING, plan=with_thresholds(warn_min, alarm_min))
    day.take("9:00")
    day.take("9:00", COMPANY)
    found = alarms(day.watch_every(20, "9:00", "10:00"))
    assert [(level, moment) for service, level, moment in found if service == INSURANCE] == [
        (level, at(clock)) for level, clock in expected
    ]
    assert [(level, moment) for service, level, moment in found if service == COMPANY] == [
        ("warn", at("9:15")),
        ("alarm", at("9:30")),
    ]


def test_each_service_has_an_alarm_of_its_own() -> None:
    """Medical business waits as long as insurance does: two alarms, and the one is cleared without the other."""
    day = Day(*MORNING)
    day.take("9:00")
    medical = day.take("9:01", MEDICAL)
    found = alarms(day.watch_every(30, "9:00", "9:20"))
    assert found == [(INSURANCE, "warn", at("9:15")), (MEDICAL, "warn", at("9:16"))]
    # Medical business is short and stands first.
    assert day.call_next(S01, "9:21") == medical
    assert alarms(day.watch("9:21")) == [(MEDICAL, "clear", at("9:21"))]
    assert set(day.state.alarms) == {INSURANCE}


def test_who_has_an_appointment_waits_from_its_time() -> None:
    """Checked in at 8:35 for 10:00: the wait that counts begins at ten."""
    day = Day(*MORNING)
    day.take("8:35", slot="10:00")
    assert alarms(day.watch_every(60, "8:35", "10:14")) == []
    assert alarms(day.watch("10:15")) == [(INSURANCE, "warn", at("10:15"))]


def test_a_ticket_for_one_window_waits_like_any_other() -> None:
    """Reserved, it stands in no common line, and its wait is seen all the same."""
    day = Day(*MORNING)
    day.do(c.Issue(at=at("9:00"), ticket="x", service=INSURANCE, for_window=S02))
    assert alarms(day.watch("9:15")) == [(INSURANCE, "warn", at("9:15"))]


def test_alarms_end_with_the_day() -> None:
    """Nobody of yesterday waits in the morning."""
    day = Day(*MORNING)
    day.take("9:00")
    day.watch("9:40")
    day.do(c.OpenDay(at=at("8:00") + 86400, business_day="2026-11-24"))
    assert day.state.alarms == {}
