"""Workdays, holidays and market days of a hall: China's from chinesecalendar, corrected by the hall file's own table.

The State Council announces a year's holidays and 调休 in the November before; chinesecalendar follows with a release.
A year it does not know is a plain week with the hall file's own days, and `unknown_from` tells so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Literal

import chinese_calendar
from lunar_python import Solar

from config.sections import Calendar

Sort = Literal["workday", "makeup", "weekend", "holiday"]

#: The years whose holidays and 调休 the installed chinesecalendar knows.
FIRST_YEAR: int = min(chinese_calendar.constants.holidays).year
LAST_YEAR: int = max(chinese_calendar.constants.holidays).year

_MONDAY_TO_FRIDAY = range(5)


@dataclass(frozen=True)
class HallDays:
    """What a hall file says of the calendar, day by day."""

    calendar: Calendar

    def sort_of(self, day: date) -> Sort:
        """What sort of day it is: the hall file's own days first, then the country's, then the week's."""
        if day in self._workdays:
            return _worked(day)
        if day in self.calendar.holidays:
            return "holiday"
        if self.calendar.country == "cn" and FIRST_YEAR <= day.year <= LAST_YEAR:
            return _in_china(day)
        return _by_week(day)

    def name_of(self, day: date) -> Mapping[str, str] | None:
        """The name of a day off, or of the holiday that a day is worked for, in Chinese and English."""
        if (own := self.calendar.holidays.get(day)) is not None:
            return own
        if self.calendar.country == "cn" and self.sort_of(day) in ("holiday", "makeup"):
            return _name_in_china(day)
        return None

    def is_market(self, day: date) -> bool:
        """Whether it is a market day (赶集日): by the last figure of the lunar or solar day of the month."""
        rule = self.calendar.market_days
        if rule is None:
            return False
        number = _lunar_day(day) if rule.rule == "lunar" else day.day
        return number % 10 in rule.days

    def is_known(self, year: int) -> bool:
        """Whether a year's holidays are known, or the hall has none to know. A year that the hall file tells has days of
        both sorts: China works some weekend for its holidays in every year."""
        if self.calendar.country != "cn" or FIRST_YEAR <= year <= LAST_YEAR:
            return True
        return all(any(day.year == year for day in days) for days in (self.calendar.holidays, self.calendar.workdays))

    @property
    def unknown_from(self) -> int | None:
        """The first year to come whose holidays nobody has told the hall; None where it keeps none."""
        if self.calendar.country != "cn":
            return None
        year = LAST_YEAR + 1
        while self.is_known(year):
            year += 1
        return year

    @cached_property
    def _workdays(self) -> frozenset[date]:
        return frozenset(self.calendar.workdays)


def _worked(day: date) -> Sort:
    return "workday" if day.weekday() in _MONDAY_TO_FRIDAY else "makeup"


def _by_week(day: date) -> Sort:
    return "workday" if day.weekday() in _MONDAY_TO_FRIDAY else "weekend"


@lru_cache(maxsize=4096)
def _in_china(day: date) -> Sort:
    if chinese_calendar.is_workday(day):
        return _worked(day)
    _is_off, name = chinese_calendar.get_holiday_detail(day)
    return "holiday" if name is not None else "weekend"


@lru_cache(maxsize=4096)
def _name_in_china(day: date) -> Mapping[str, str] | None:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        return None
    _is_off, name = chinese_calendar.get_holiday_detail(day)
    if name is None:
        return None
    return {"zh": chinese_calendar.Holiday(name).chinese, "en": name}


@lru_cache(maxsize=4096)
def _lunar_day(day: date) -> int:
    number: int = Solar.fromYmd(day.year, day.month, day.day).getLunar().getDay()
    return number
