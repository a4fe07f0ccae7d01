"""Opening times and business days, in halls of several time zones."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from server.core.calendar import LOOK_AHEAD_DAYS, business_day, closes_at, day_to_play, is_open, local, next_opening
from server.core.model import Plan, Timetable
from tests.cast import ALWAYS_OPEN, SHANGHAI, TODAY, YANGXIN, at

WARSAW, SAO_PAULO = ZoneInfo("Europe/Warsaw"), ZoneInfo("America/Sao_Paulo")
MINUTE, HOUR, DAY = 60, 3600, 86400


def a_plan(zone: ZoneInfo, *shifts: tuple[int, int], closed: frozenset[date] = frozenset()) -> Plan:
    """A hall open every day in these minutes."""
    return replace(YANGXIN, tz=zone, timetables={"office": Timetable(shifts=(shifts,) * 7, closed=closed)})


@pytest.mark.parametrize(
    ("clock", "open_now", "until", "opens"),
    [
        ("0:00", False, None, "8:30"),
        ("8:29:59", False, None, "8:30"),
        ("8:30", True, "12:00", "13:30"),
        ("11:59:59", True, "12:00", "13:30"),
        ("12:00", False, None, "13:30"),
        ("13:29:59", False, None, "13:30"),
        ("13:30", True, "17:30", None),
        ("17:29:59", True, "17:30", None),
        ("17:30", False, None, None),
    ],
)
def test_two_shifts_with_lunch(clock: str, open_now: bool, until: str | None, opens: str | None) -> None:
    """The start of a shift belongs to it, its end does not; lunch is shut; the next opening is told."""
    now = at(clock)
    assert is_open(YANGXIN, "office", now) is open_now
    assert closes_at(YANGXIN, "office", now) == (at(until) if until else None)
    tomorrow = at("8:30", TODAY + timedelta(days=1))
    assert next_opening(YANGXIN, "office", now) == (at(opens) if opens else tomorrow)


def test_after_friday_comes_monday() -> None:
    """The weekend is shut."""
    friday, saturday = TODAY + timedelta(days=4), TODAY + timedelta(days=5)
    monday = at("8:30", TODAY + timedelta(days=7))
    assert next_opening(YANGXIN, "office", at("17:30", friday)) == monday
    assert not is_open(YANGXIN, "office", at("10:00", saturday))
    assert next_opening(YANGXIN, "office", at("10:00", saturday)) == monday


def test_the_demo_is_open_round_the_clock_as_on_a_working_day() -> None:
    """On a Sunday night as on Monday; what is open on Saturdays alone stays shut, and so does what Monday shuts."""
    sunday = TODAY + timedelta(days=6)
    never, all_day = (), ((0, 1440),)
    saturdays = Timetable(shifts=(never,) * 5 + (all_day, never))
    not_mondays = Timetable(shifts=(never, *(all_day,) * 6))
    tables = {"office": YANGXIN.timetables["office"], "saturdays": saturdays, "not-mondays": not_mondays}
    demo = replace(YANGXIN, timetables=tables, plays_workday=True)
    assert day_to_play(demo, sunday) == TODAY + timedelta(days=7)
    assert [is_open(demo, table, at("23:00", sunday)) for table in tables] == [True, False, False]
    assert [is_open(demo, table, at("23:00", TODAY + timedelta(days=1))) for table in tables] == [True, False, True]
    assert [is_open(YANGXIN, "office", at("23:00", sunday))] == [False]


def test_closed_days_are_skipped() -> None:
    """A holiday in the middle of the week: shut all day, the next opening is the day after."""
    holiday = TODAY + timedelta(days=1)
    table = replace(YANGXIN.timetables["office"], closed=frozenset({holiday, holiday + timedelta(days=1)}))
    plan = replace(YANGXIN, timetables={"office": table})
    assert not is_open(plan, "office", at("10:00", holiday))
    assert next_opening(plan, "office", at("18:00")) == at("8:30", holiday + timedelta(days=2))


def test_lunch_service_has_no_gap() -> None:
    """午间不间断: one shift through noon, or two that touch."""
    for shifts in [((510, 1050),), ((510, 720), (720, 1050))]:
        plan = a_plan(SHANGHAI, *shifts)
        assert is_open(plan, "office", at("11:59:59"))
        assert is_open(plan, "office", at("12:00"))


def test_a_hall_that_never_opens_says_nothing() -> None:
    """Beyond the look-ahead no opening is promised."""
    assert next_opening(a_plan(SHANGHAI), "office", at("9:00")) is None
    shut = frozenset(TODAY + timedelta(days=n) for n in range(LOOK_AHEAD_DAYS))
    assert next_opening(a_plan(SHANGHAI, (510, 720), closed=shut), "office", at("7:00")) is None
    shut -= {TODAY + timedelta(days=LOOK_AHEAD_DAYS - 1)}
    last = at("8:30", TODAY + timedelta(days=LOOK_AHEAD_DAYS - 1))
    assert next_opening(a_plan(SHANGHAI, (510, 720), closed=shut), "office", at("7:00")) == last


def test_round_the_clock() -> None:
    """A 24-hour area is open at every hour and its shift ends at midnight."""
    plan = a_plan(SHANGHAI, (0, 1440))
    assert all(is_open(plan, "office", at("0:00") + n * HOUR) for n in range(24))
    assert closes_at(plan, "office", at("23:59")) == at("0:00", TODAY + timedelta(days=1))


def test_the_demo_is_open_whatever_the_hour() -> None:
    """Always open is always open, though the timetable still tells its shifts."""
    assert is_open(ALWAYS_OPEN, "office", at("3:00"))
    assert closes_at(ALWAYS_OPEN, "office", at("3:00")) is None


#: Days on which clocks change: (zone, day, hours that the day has).
CHANGES = [
    (WARSAW, date(2026, 3, 29), 23),
    (WARSAW, date(2026, 10, 25), 25),
    # At midnight itself: 00:00 does not exist on the first, 23:00–24:00 happens twice before the second.
    (SAO_PAULO, date(2018, 11, 4), 23),
    (SAO_PAULO, date(2018, 2, 17), 25),
    (SHANGHAI, date(2026, 3, 29), 24),
]


@pytest.mark.parametrize(("zone", "day", "hours"), CHANGES)
def test_a_business_day_has_the_hours_of_its_zone(zone: ZoneInfo, day: date, hours: int) -> None:
    """Counted minute by minute the day is one unbroken run of 23, 24 or 25 hours."""
    noon = at("12:00", day, zone)
    minutes = [noon + n * MINUTE for n in range(-20 * 60, 20 * 60)]
    of_day = [m for m in minutes if business_day(m, zone) == day.isoformat()]
    assert len(of_day) == hours * 60
    assert of_day[-1] - of_day[0] == (hours * 60 - 1) * MINUTE


@pytest.mark.parametrize(("zone", "day", "hours"), CHANGES)
@pytest.mark.parametrize("shift", [(0, 1440), (60, 240), (510, 720)])
def test_shifts_follow_the_wall_clock_through_a_change(
    zone: ZoneInfo, day: date, hours: int, shift: tuple[int, int]
) -> None:
    """Whatever the clock does at night, the hall is open exactly while the wall shows a time of the shift.

    An hour that comes twice is left out here: see the two tests below.
    """
    plan = a_plan(zone, shift)
    for n in range(-30 * 60, 30 * 60, 7):
        now = at("12:00", day, zone) + n * MINUTE
        wall = local(now, zone)
        minute = wall.hour * 60 + wall.minute
        twice = wall.replace(fold=0).utcoffset() != wall.replace(fold=1).utcoffset()
        if not twice:
            assert is_open(plan, "office", now) is (shift[0] <= minute < shift[1]), wall


def test_a_shift_that_ends_at_a_time_that_is_skipped_keeps_its_length() -> None:
    """1:30–2:30 on the night without a 2:30: still one hour."""
    day = date(2026, 3, 29)
    begin = at("1:30", day, WARSAW)
    assert closes_at(a_plan(WARSAW, (90, 150)), "office", begin) == begin + HOUR


def test_a_shift_through_an_hour_that_comes_twice_has_no_gap() -> None:
    """1:00–4:00 on the long night is four hours, open without a break."""
    day = date(2026, 10, 25)
    plan = a_plan(WARSAW, (60, 240))
    begin = at("1:00", day, WARSAW)
    assert all(is_open(plan, "office", begin + n * MINUTE) for n in range(4 * 60))
    assert closes_at(plan, "office", begin) == begin + 4 * HOUR


@pytest.mark.parametrize(("zone", "day", "hours"), CHANGES)
def test_the_next_opening_is_when_the_wall_says_so(zone: ZoneInfo, day: date, hours: int) -> None:
    """The evening before a change of clocks the next opening is still half past eight on the wall."""
    plan = a_plan(zone, (510, 720))
    evening = at("18:00", day - timedelta(days=1), zone)
    opening = next_opening(plan, "office", evening)
    assert opening == at("8:30", day, zone)
    assert local(opening, zone).strftime("%H:%M") == "08:30"
    assert closes_at(plan, "office", opening) == at("12:00", day, zone)


@pytest.mark.parametrize("zone", [SHANGHAI, WARSAW, SAO_PAULO])
@pytest.mark.parametrize("year", range(2018, 2029))
def test_the_turn_of_the_year(zone: ZoneInfo, year: int) -> None:
    """From 12-29 to 01-03 the business day is the calendar date and rises; no week-year steals a year."""
    days = [date(year, 12, 29) + timedelta(days=n) for n in range(6)]
    for clock in ("0:00", "9:00", "23:59:59"):
        assert [business_day(at(clock, day, zone), zone) for day in days] == [day.isoformat() for day in days]
    assert sorted(d.isoformat() for d in days) == [d.isoformat() for d in days]


def test_local_time_is_the_halls() -> None:
    """The machine's own zone is of no account."""
    moment = datetime(2026, 11, 23, 1, 23, tzinfo=UTC).timestamp()
    assert local(moment, SHANGHAI).strftime("%Y-%m-%d %H:%M %z") == "2026-11-23 09:23 +0800"
    assert business_day(datetime(2026, 11, 23, 16, 0, tzinfo=UTC).timestamp(), SHANGHAI) == "2026-11-24"
