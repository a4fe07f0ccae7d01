"""Which shifts a date has: own hours, closed days, market days, holidays, make-up workdays; deadlines in working days."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from server.core import commands as c
from server.core.calendar import (
    add_working_days,
    closes_at,
    is_open,
    is_open_by_appointment,
    next_opening,
    shifts_on,
    spans_with_appointment,
)
from server.core.model import DayKind, PlainWeek, Plan, Shifts, Timetable
from server.core.refusals import Reason
from tests.cast import ALWAYS_OPEN, OFFICE_HOURS, SHANGHAI, TODAY, YANGXIN, a_ticket, at, day_opened, given, opened

ALL_DAY: Shifts = ((510, 1050),)
FRIDAY_ONLY: Shifts = ((540, 960),)
MORNING: Shifts = ((480, 720),)
#: Mon–Thu 8:30–17:30, Fri 9:00–16:00.
TABLE = Timetable(shifts=(*((ALL_DAY,) * 4), FRIDAY_ONLY, (), ()))
SATURDAY = TODAY + timedelta(days=5)


@dataclass(frozen=True)
class Told:
    """A calendar in which everything is written down."""

    kinds: dict[date, DayKind]
    markets: frozenset[date] = frozenset()

    def kind_of(self, day: date) -> DayKind:
        return self.kinds.get(day) or PlainWeek().kind_of(day)

    def is_market(self, day: date) -> bool:
        return day in self.markets


HOLIDAY_TODAY = Told({TODAY: DayKind.HOLIDAY})
WORKED_SATURDAY = Told({SATURDAY: DayKind.MAKEUP})
MARKET_TODAY = Told({TODAY: DayKind.HOLIDAY}, frozenset({TODAY}))
EVERYTHING_TODAY = dict(closed=frozenset({TODAY}), dates={TODAY: ((600, 660),)}, market=MORNING, holiday=((700, 710),))


@pytest.mark.parametrize(
    ("day", "days", "table", "expected"),
    [
        (TODAY, PlainWeek(), TABLE, ALL_DAY),
        (SATURDAY, PlainWeek(), TABLE, ()),
        # The first that says anything about the date counts.
        (TODAY, MARKET_TODAY, replace(TABLE, **EVERYTHING_TODAY), ((600, 660),)),
        (TODAY, MARKET_TODAY, replace(TABLE, **(EVERYTHING_TODAY | {"dates": {}})), ()),
        (TODAY, MARKET_TODAY, replace(TABLE, market=MORNING, holiday=()), MORNING),
        (TODAY, HOLIDAY_TODAY, replace(TABLE, market=MORNING, holiday=()), ()),
        (TODAY, HOLIDAY_TODAY, replace(TABLE, holiday=MORNING), MORNING),
        # Without a word about holidays they are like the weekday.
        (TODAY, HOLIDAY_TODAY, TABLE, ALL_DAY),
        (TODAY, MARKET_TODAY, replace(TABLE, holiday=()), ()),
        # A Saturday that is worked is a Friday unless the timetable knows better.
        (SATURDAY, WORKED_SATURDAY, TABLE, FRIDAY_ONLY),
        (SATURDAY, WORKED_SATURDAY, replace(TABLE, makeup=MORNING), MORNING),
        (SATURDAY, WORKED_SATURDAY, replace(TABLE, makeup=()), ()),
        (SATURDAY, WORKED_SATURDAY, replace(TABLE, closed=frozenset({SATURDAY})), ()),
        # Hours of its own open a date that would be shut; none shut one that would be open.
        (SATURDAY, PlainWeek(), replace(TABLE, dates={SATURDAY: MORNING}), MORNING),
        (TODAY, PlainWeek(), replace(TABLE, dates={TODAY: ()}), ()),
    ],
)
def test_the_first_rule_that_knows_a_date_counts(day: date, days: Told, table: Timetable, expected: Shifts) -> None:
    """Own hours, closed, market day, holiday, make-up workday, weekday: in this order."""
    assert shifts_on(table, day, days) == expected


def hall(table: Timetable, days: Told | PlainWeek, zone: ZoneInfo = SHANGHAI) -> Plan:
    """The hall of the cast with this timetable and calendar."""
    return replace(YANGXIN, tz=zone, timetables={"office": table}, calendar=days)


def test_the_next_opening_lies_beyond_the_holiday() -> None:
    """From Friday evening over the weekend and a holiday on Monday and Tuesday to Wednesday; a worked Saturday is sooner."""
    friday, monday = TODAY + timedelta(days=4), TODAY + timedelta(days=7)
    off = {monday: DayKind.HOLIDAY, monday + timedelta(days=1): DayKind.HOLIDAY}
    closed = replace(TABLE, holiday=())
    wednesday = at("8:30", monday + timedelta(days=2))
    assert next_opening(hall(closed, Told(off)), "office", at("17:30", friday)) == wednesday
    worked = Told({**off, SATURDAY: DayKind.MAKEUP})
    assert next_opening(hall(closed, worked), "office", at("17:30", friday)) == at("9:00", SATURDAY)
    assert is_open(hall(closed, worked), "office", at("15:59", SATURDAY))
    assert not is_open(hall(closed, worked), "office", at("16:00", SATURDAY))


EXTENDED = Timetable(shifts=(((450, 510), (1050, 1110)),) * 5 + (((540, 720),), ()))
WITH_EXTENDED = replace(TABLE, appointment=EXTENDED)


@pytest.mark.parametrize(
    ("clock", "day", "everybody", "with_appointment"),
    [
        ("7:29", TODAY, False, False),
        ("7:30", TODAY, False, True),
        ("8:30", TODAY, True, True),
        ("17:29", TODAY, True, True),
        ("17:30", TODAY, False, True),
        ("18:30", TODAY, False, False),
        ("9:30", SATURDAY, False, True),
        ("12:00", SATURDAY, False, False),
    ],
)
def test_extended_hours_are_for_appointments(clock: str, day: date, everybody: bool, with_appointment: bool) -> None:
    """An hour before, an hour after, and on Saturday morning only people with an appointment are served."""
    plan = hall(WITH_EXTENDED, PlainWeek())
    assert is_open(plan, "office", at(clock, day)) is everybody
    assert is_open_by_appointment(plan, "office", at(clock, day)) is with_appointment


def test_a_closed_day_has_no_extended_hours() -> None:
    """Unless the extended hours name that date themselves."""
    shut = replace(WITH_EXTENDED, closed=frozenset({TODAY}))
    assert spans_with_appointment(hall(shut, PlainWeek()), "office", TODAY) == []
    named = replace(shut, appointment=replace(EXTENDED, dates={TODAY: ((1050, 1110),)}))
    plan = hall(named, PlainWeek())
    assert spans_with_appointment(plan, "office", TODAY) == [(at("17:30"), at("18:30"))]


def test_closing_stops_issuing_but_keeps_calling() -> None:
    """At half past five no new ticket is given; whoever waits is still called and served (A2.3)."""
    plan = replace(YANGXIN, timetables={"office": OFFICE_HOURS})
    past = given(day_opened(), opened("S01"), a_ticket("A001", "17:25"), plan=plan)
    past.when(c.Issue(at=at("17:30"), ticket="late", service="soc-ins")).refused(Reason.SERVICE_CLOSED)
    called = past.when(c.CallNext(at=at("17:45"), window="S01"))
    assert called.ticket().window == "S01"
    done = past.when(c.Finish(at=at("17:55"), window="S01"))
    assert done.events


def test_the_demo_is_open_on_holidays_too() -> None:
    """Open whatever the hour or day."""
    plan = replace(ALWAYS_OPEN, timetables={"office": replace(TABLE, holiday=())}, calendar=HOLIDAY_TODAY)
    assert is_open(plan, "office", at("3:00"))
    assert closes_at(plan, "office", at("9:00")) is None


# --- Working days -----------------------------------------------------------------------------------------------------

FRIDAY = TODAY + timedelta(days=4)
NEXT_MONDAY, NEXT_TUESDAY = TODAY + timedelta(days=7), TODAY + timedelta(days=8)


@pytest.mark.parametrize(
    ("start", "days", "kinds", "expected"),
    [
        (("16:00", FRIDAY), 0, {}, ("16:00", FRIDAY)),
        (("16:00", FRIDAY), 1, {}, ("16:00", NEXT_MONDAY)),
        (("16:00", FRIDAY), 5, {}, ("16:00", TODAY + timedelta(days=11))),
        (("9:00", TODAY), 4, {}, ("9:00", FRIDAY)),
        (("10:00", SATURDAY), 1, {}, ("10:00", NEXT_MONDAY)),
        # A holiday on Monday; then the same with the Saturday before worked for it.
        (("16:00", FRIDAY), 1, {NEXT_MONDAY: DayKind.HOLIDAY}, ("16:00", NEXT_TUESDAY)),
        (("16:00", FRIDAY), 1, {NEXT_MONDAY: DayKind.HOLIDAY, SATURDAY: DayKind.MAKEUP}, ("16:00", SATURDAY)),
        (("16:00", FRIDAY), 2, {NEXT_MONDAY: DayKind.HOLIDAY, SATURDAY: DayKind.MAKEUP}, ("16:00", NEXT_TUESDAY)),
    ],
)
def test_deadlines_count_days_that_are_worked(
    start: tuple[str, date], days: int, kinds: dict[date, DayKind], expected: tuple[str, date]
) -> None:
    """The same time of the day on the n-th working day after."""
    assert add_working_days(hall(TABLE, Told(kinds)), at(*start), days) == at(*expected)


def test_a_deadline_keeps_its_hour_when_the_clocks_change() -> None:
    """In Warsaw the clocks go back on the last Sunday of October: Friday 16:00 and one day is Monday 16:00."""
    warsaw = ZoneInfo("Europe/Warsaw")
    plan = hall(TABLE, PlainWeek(), warsaw)
    friday, monday = date(2026, 10, 23), date(2026, 10, 26)
    assert add_working_days(plan, at("16:00", friday, warsaw), 1) == at("16:00", monday, warsaw)
    assert at("16:00", monday, warsaw) - at("16:00", friday, warsaw) == (72 + 1) * 3600


def test_a_deadline_does_not_ask_for_the_hall_s_own_hours() -> None:
    """A hall that is shut by its own table still owes an answer within the country's working days."""
    shut = replace(TABLE, closed=frozenset({NEXT_MONDAY}))
    assert add_working_days(hall(shut, PlainWeek()), at("16:00", FRIDAY), 1) == at("16:00", NEXT_MONDAY)
