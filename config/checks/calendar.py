"""Days and slots: hours of holidays, market days and single dates that make sense, slots that lie in opening hours."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from config.calendars import LAST_YEAR, HallDays
from config.checks.issue import Issue, Path, Unread, error, warning
from config.findings import sentence
from config.kinds import Shift
from config.plan import hours_of
from config.schema import HallFile, Hours
from config.sections import Calendar

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def check_calendar(hall: HallFile, unread: Unread) -> Iterator[Issue]:
    """Check the calendar, special hours and slots."""
    yield from _days(hall)
    for name, hours in hall.hours.items():
        yield from _special_hours(hall, hours, ("hours", name))
        if hours.appointment is not None:
            yield from _appointment_hours(hall, hours.appointment, ("hours", name, "appointment"))
    if not {"hours", "zones"} & set(unread.names):
        yield from _slots(hall)


def _days(hall: HallFile) -> Iterator[Issue]:
    for place, day in enumerate(hall.calendar.workdays):
        if day in hall.calendar.holidays:
            yield error(
                ("calendar", "workdays", place),
                sentence("{day} is both a holiday and a workday", day=day.isoformat()),
                sentence("Take it out of 'holidays' or out of 'workdays'."),
            )
    yield from _years(hall.calendar)


def _years(calendar: Calendar) -> Iterator[Issue]:
    """A year left out between those that are known: the hall would work through its holidays."""
    days = HallDays(calendar)
    last = max((day.year for day in (*calendar.holidays, *calendar.workdays) if days.is_known(day.year)), default=0)
    for year in range(LAST_YEAR + 1, last):
        if not days.is_known(year):
            yield warning(
                ("calendar",),
                sentence("the holidays and make-up workdays of {year} are not known", year=str(year)),
                sentence("Write them under calendar: holidays and workdays, or bring chinesecalendar up to date."),
            )


def _special_hours(hall: HallFile, hours: Hours, path: Path) -> Iterator[Issue]:
    for key in ("holiday", "makeup", "market"):
        yield from _in_order(getattr(hours, key) or [], (*path, key))
    for day, shifts in hours.dates.items():
        yield from _in_order(shifts, (*path, "dates", day))
        if day in hours.closed:
            yield warning(
                (*path, "dates", day),
                sentence("{day} has hours of its own though it is closed; the hours count", day=day.isoformat()),
                sentence("Take the day out of 'closed' or out of 'dates'."),
            )
    if hours.market is not None and hall.calendar.market_days is None:
        yield warning(
            (*path, "market"),
            sentence("hours of market days, but the hall has no market days"),
            sentence("Write calendar: market_days: {{ rule: lunar, days: [3, 6, 9] }}, or delete these hours."),
        )


def _appointment_hours(hall: HallFile, hours: Hours, path: Path) -> Iterator[Issue]:
    yield from _special_hours(hall, hours, path)
    for weekday in WEEKDAYS:
        yield from _in_order(getattr(hours, weekday), (*path, weekday))
    if hours.appointment is not None:
        yield error(
            (*path, "appointment"),
            sentence("hours by appointment have no further hours by appointment"),
            sentence("Write these shifts one level up."),
        )


def _in_order(shifts: Sequence[Shift], path: Path) -> Iterator[Issue]:
    for at, (before, after) in enumerate(pairwise(shifts), start=1):
        if after.start < before.end:
            yield error(
                (*path, at),
                sentence(
                    "shift {after} overlaps {before} or stands before it",
                    after=f"{after.start:%H:%M}-{after.end:%H:%M}",
                    before=f"{before.start:%H:%M}-{before.end:%H:%M}",
                ),
                sentence("Let every shift begin when or after the one before it ends."),
            )


def _slots(hall: HallFile) -> Iterator[Issue]:
    """A stretch of slots of which none ever lies in opening hours is a typing error."""
    for at, service in enumerate(hall.services):
        if not service.slots:
            continue
        try:
            hours = hall.hours[hours_of(hall, service)]
        except (KeyError, StopIteration):
            continue  # told by the check of names
        for place, grid in enumerate(service.slots):
            if not any(_meets(grid.span, shift) for day in grid.days for shift in _served(hours, day)):
                yield warning(
                    ("services", at, "slots", place),
                    sentence("no slot of '{service}' lies in its opening hours", service=service.id),
                    sentence("Change 'days' or 'span', or add hours by appointment to its timetable."),
                )


def _served(hours: Hours, weekday: str) -> list[Shift]:
    """Every shift in which that weekday may be served, special days included."""
    shifts: list[Shift] = []
    for table in (hours, hours.appointment):
        if table is None:
            continue
        shifts += getattr(table, weekday)
        shifts += [*(table.holiday or []), *(table.makeup or []), *(table.market or [])]
        shifts += [shift for day, own in table.dates.items() if _weekday(day) == weekday for shift in own]
    return shifts


def _weekday(day: date) -> str:
    return WEEKDAYS[day.weekday()]


def _meets(span: Shift, shift: Shift) -> bool:
    return span.start < shift.end and shift.start < span.end
