"""The days of a hall file: China's holidays and 调休, the hall's own table, market days; and what the plan makes of them."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest

from config.calendars import FIRST_YEAR, LAST_YEAR, HallDays
from config.loader import load_hall
from config.schema import Hours
from config.sections import Calendar
from server.core.calendar import add_working_days, is_open, local, next_opening
from server.core.model import DayKind, Plan
from server.plan import HallCalendar, make_plan

SHANGHAI = ZoneInfo("Asia/Shanghai")
SMALL = Path(__file__).parent / "small.yaml"


def days(**calendar: Any) -> HallDays:
    """The days of a hall with this `calendar` section."""
    return HallDays(Calendar.model_validate(calendar))


def at(day: date, hour: int, minute: int = 0) -> float:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI).timestamp()


def plan_with(hours: Hours | None = None, **calendar: Any) -> Plan:
    """The small hall, 9:00 to 17:00 on weekdays, with this calendar."""
    office = hours or Hours.model_validate({day: ["9:00-17:00"] for day in ("mon", "tue", "wed", "thu", "fri")})
    hall = load_hall(SMALL)
    return make_plan(
        hall.model_copy(
            update={"hours": dict.fromkeys(hall.hours, office), "calendar": Calendar.model_validate(calendar)}
        )
    )


#: Written down from the State Council's notice on the holidays of 2026.
WORKED_2026 = [
    date(2026, 1, 4),
    date(2026, 2, 14),
    date(2026, 2, 28),
    date(2026, 5, 9),
    date(2026, 9, 20),
    date(2026, 10, 10),
]
OFF_2026 = [
    (date(2026, 1, 1), date(2026, 1, 3)),
    (date(2026, 2, 15), date(2026, 2, 23)),
    (date(2026, 4, 4), date(2026, 4, 6)),
    (date(2026, 5, 1), date(2026, 5, 5)),
    (date(2026, 6, 19), date(2026, 6, 21)),
    (date(2026, 9, 25), date(2026, 9, 27)),
    (date(2026, 10, 1), date(2026, 10, 7)),
]


def test_the_year_2026_is_as_the_state_council_wrote() -> None:
    """Every day of the year: worked, worked for a holiday, off at the weekend, off for a holiday."""
    off = {first + timedelta(days=n) for first, last in OFF_2026 for n in range((last - first).days + 1)}
    calendar = days()
    for n in range(365):
        day = date(2026, 1, 1) + timedelta(days=n)
        weekend = day.weekday() >= 5
        expected = "makeup" if day in WORKED_2026 else "holiday" if day in off else "weekend" if weekend else "workday"
        assert calendar.sort_of(day) == expected, day


@pytest.mark.parametrize("year", [2019, 2024, 2025, 2026])
def test_worked_or_not_is_chinesecalendar_s_word(year: int) -> None:
    """On every day of a year that it knows."""
    for n in range(365):
        day = date(year, 1, 1) + timedelta(days=n)
        assert (days().sort_of(day) in ("workday", "makeup")) == chinese_calendar.is_workday(day), day


def test_holidays_have_names() -> None:
    """Also the day that is worked for one; an ordinary weekend has none."""
    assert days().name_of(date(2026, 2, 17)) == {"zh": "春节", "en": "Spring Festival"}
    assert days().name_of(date(2026, 2, 28)) == {"zh": "春节", "en": "Spring Festival"}
    assert days().name_of(date(2026, 11, 22)) is None
    assert days().name_of(date(2026, 11, 23)) is None


def test_the_hall_s_table_corrects_and_goes_on() -> None:
    """A local holiday, a day the town works after all, and a year that chinesecalendar lacks."""
    unknown = LAST_YEAR + 1
    new_year, saturday = date(unknown, 1, 1), next_saturday(unknown)
    own = {"zh": "浴佛节", "en": "Bathing Day"}
    calendar = days(
        holidays={new_year: {"zh": "元旦", "en": "New Year"}, date(2026, 11, 24): own},
        workdays=[saturday, date(2026, 10, 2), date(2026, 11, 28)],
    )
    assert calendar.sort_of(new_year) == "holiday"
    assert calendar.name_of(new_year) == {"zh": "元旦", "en": "New Year"}
    assert calendar.sort_of(saturday) == "makeup"
    assert calendar.sort_of(saturday + timedelta(days=7)) == "weekend"
    assert calendar.sort_of(date(2026, 11, 24)) == "holiday"
    assert calendar.name_of(date(2026, 11, 24)) == own
    assert calendar.sort_of(date(2026, 10, 2)) == "workday"
    assert calendar.sort_of(date(2026, 11, 28)) == "makeup"


def next_saturday(year: int) -> date:
    first = date(year, 2, 1)
    return first + timedelta(days=(5 - first.weekday()) % 7)


def test_a_year_that_nobody_told_is_a_plain_week_and_known_to_be_unknown() -> None:
    """No holiday is made up; the first such year is told, and the hall's own table moves it on."""
    new_year = date(LAST_YEAR + 1, 1, 1)
    assert days().sort_of(new_year) == ("workday" if new_year.weekday() < 5 else "weekend")
    assert days().name_of(new_year) is None
    assert days().unknown_from == LAST_YEAR + 1
    begun = {"holidays": {new_year: {"zh": "元旦", "en": "New Year"}}}
    assert days(**begun).unknown_from == LAST_YEAR + 1
    assert days(**begun, workdays=[next_saturday(LAST_YEAR + 1)]).unknown_from == LAST_YEAR + 2
    assert days(country="none").unknown_from is None
    assert (FIRST_YEAR, days().is_known(2004), days().is_known(2003)) == (2004, True, False)


def test_a_hall_without_a_country_keeps_no_holidays() -> None:
    """Spring Festival is a Tuesday like any other, unless its own table says so."""
    assert days(country="none").sort_of(date(2026, 2, 17)) == "workday"
    assert days(country="none").sort_of(date(2026, 2, 14)) == "weekend"


@pytest.mark.parametrize(
    ("rule", "figures", "day", "is_market"),
    [
        # 2026-02-17 is the first day of the first lunar month; 2026-11-22 the fourteenth of the tenth.
        ("lunar", [1], date(2026, 2, 17), True),
        ("lunar", [1], date(2026, 2, 27), True),
        ("lunar", [1], date(2026, 2, 18), False),
        ("lunar", [4, 9], date(2026, 11, 22), True),
        ("lunar", [4, 9], date(2026, 11, 27), True),
        ("lunar", [4, 9], date(2026, 11, 23), False),
        ("solar", [3, 6, 9], date(2026, 11, 13), True),
        ("solar", [3, 6, 9], date(2026, 11, 30), False),
        ("solar", [0], date(2026, 11, 30), True),
    ],
)
def test_market_days_go_by_the_last_figure(rule: str, figures: list[int], day: date, is_market: bool) -> None:
    """逢三、六、九赶集: of the lunar or the solar day of the month."""
    assert days(market_days={"rule": rule, "days": figures}).is_market(day) is is_market


def test_no_market_days_unless_named() -> None:
    """A city hall knows none."""
    assert not any(days().is_market(date(2026, 11, 1) + timedelta(days=n)) for n in range(30))


# --- Through the plan -------------------------------------------------------------------------------------------------


def test_the_plan_asks_the_hall_file() -> None:
    """The core's calendar of a plan is that of its hall file."""
    plan = plan_with(market_days={"rule": "solar", "days": [5]})
    assert plan.calendar == HallCalendar(
        HallDays(Calendar.model_validate({"market_days": {"rule": "solar", "days": [5]}}))
    )
    assert plan.calendar.kind_of(date(2026, 2, 14)) is DayKind.MAKEUP
    assert plan.calendar.is_market(date(2026, 2, 15))


@pytest.mark.parametrize("saturday", [day for day in WORKED_2026 if day.weekday() == 5])
def test_a_worked_saturday_has_friday_s_hours(saturday: date) -> None:
    """调休: open from nine to five; the Saturday after is shut."""
    plan = plan_with()
    name = next(iter(plan.timetables))
    assert is_open(plan, name, at(saturday, 9))
    assert not is_open(plan, name, at(saturday, 17))
    assert not is_open(plan, name, at(saturday + timedelta(days=7), 9)) or saturday + timedelta(days=7) in WORKED_2026


def test_after_spring_festival_comes_the_day_after() -> None:
    """Worked on Saturday the 14th; shut from the 15th to the 23rd of February 2026; open again on Tuesday the 24th."""
    plan = plan_with()
    name = next(iter(plan.timetables))
    assert next_opening(plan, name, at(date(2026, 2, 13), 17)) == at(date(2026, 2, 14), 9)
    assert next_opening(plan, name, at(date(2026, 2, 14), 17)) == at(date(2026, 2, 24), 9)


def test_a_hall_may_open_on_holidays() -> None:
    """`holiday` of its timetable: shut if absent, its own shifts, or `null` for the weekday's."""
    week = {day: ["9:00-17:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
    festival = date(2026, 2, 17)
    for holiday, hours_open in (([], []), (["9:00-12:00"], [9, 11]), (None, [9, 11, 16])):
        plan = plan_with(Hours.model_validate({**week, "holiday": holiday}))
        name = next(iter(plan.timetables))
        assert [hour for hour in (9, 11, 16) if is_open(plan, name, at(festival, hour))] == hours_open


def test_a_town_opens_on_its_market_days() -> None:
    """Shut but for the duty clerk's morning, open all day when the market is, be it Sunday."""
    town = Hours.model_validate(
        {**{day: ["8:30-12:00"] for day in ("mon", "tue", "wed", "thu", "fri")}, "market": ["8:00-17:00"]}
    )
    plan = plan_with(town, market_days={"rule": "lunar", "days": [4, 9]})
    name = next(iter(plan.timetables))
    sunday, monday = date(2026, 11, 22), date(2026, 11, 23)
    assert is_open(plan, name, at(sunday, 16))
    assert not is_open(plan, name, at(monday, 16))
    assert next_opening(plan, name, at(date(2026, 11, 21), 12)) == at(sunday, 8)


@pytest.mark.parametrize(
    ("opened", "days_given", "due"),
    [
        # By hand from the notice. The Friday before Spring Festival: the Saturday is worked, then nine days off.
        (date(2026, 2, 13), 1, date(2026, 2, 14)),
        (date(2026, 2, 13), 2, date(2026, 2, 24)),
        (date(2026, 2, 13), 5, date(2026, 2, 27)),
        (date(2026, 2, 13), 6, date(2026, 2, 28)),
        # Before National Day: off from Thursday 1 to Wednesday 7 October, the Saturday after is worked.
        (date(2026, 9, 30), 1, date(2026, 10, 8)),
        (date(2026, 9, 30), 3, date(2026, 10, 10)),
        (date(2026, 9, 30), 5, date(2026, 10, 13)),
        # An ordinary Friday, and the eve of Qingming (Saturday to Monday).
        (date(2026, 11, 27), 1, date(2026, 11, 30)),
        (date(2026, 4, 3), 1, date(2026, 4, 7)),
    ],
)
def test_a_deadline_of_friday_afternoon_is_as_counted_by_hand(opened: date, days_given: int, due: date) -> None:
    """A1.6: opened at 16:00 before a holiday, due at 16:00 of the n-th working day."""
    plan = plan_with()
    assert local(add_working_days(plan, at(opened, 16), days_given), SHANGHAI) == local(at(due, 16), SHANGHAI)
