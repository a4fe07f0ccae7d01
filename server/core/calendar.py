"""Opening times: shifts of a date by holiday, market day and weekday; working days. Pure; moments are seconds UTC."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from server.core.model import DayKind, DayKinds, Plan, Shifts, Timetable

#: How far to look for the next opening; a hall shut for longer says nothing rather than something wrong.
LOOK_AHEAD_DAYS = 60


def local(at: float, tz: tzinfo) -> datetime:
    """The hall's wall clock at a moment."""
    return datetime.fromtimestamp(at, UTC).astimezone(tz)


def business_day(at: float, tz: tzinfo) -> str:
    """The hall's local date, ISO (`%Y`, never the week-year)."""
    return local(at, tz).date().isoformat()


def moment_of(day: date, minute: int, tz: tzinfo) -> float:
    """Seconds UTC of a wall-clock minute; the hall's own offset of that day counts, so summer time is safe."""
    start = datetime.combine(day, time(), tz)
    return (start + timedelta(minutes=minute)).replace(tzinfo=tz).timestamp()


# --- Shifts of a date -------------------------------------------------------------------------------------------------


def shifts_on(table: Timetable, day: date, calendar: DayKinds) -> Shifts:
    """The shifts of a date: its own if it has any, none if closed, else the market day's, the holiday's, the make-up
    workday's (Friday's unless the timetable says otherwise), the weekday's."""
    if (own := table.dates.get(day)) is not None:
        return own
    if day in table.closed:
        return ()
    if table.market is not None and calendar.is_market(day):
        return table.market
    kind = calendar.kind_of(day)
    if kind is DayKind.HOLIDAY and table.holiday is not None:
        return table.holiday
    if kind is DayKind.MAKEUP and table.makeup is not None:
        return table.makeup
    return table.shifts[weekday_of(day, calendar)]


def weekday_of(day: date, calendar: DayKinds) -> int:
    """Which weekday a date counts as (Monday = 0): a Saturday or Sunday that is worked (调休) is like a Friday."""
    return 4 if calendar.kind_of(day) is DayKind.MAKEUP else day.weekday()


def _extended(table: Timetable, day: date, calendar: DayKinds) -> Shifts:
    """The further shifts of a date in which only people with an appointment are served."""
    extended = table.appointment
    if extended is None or (day in table.closed and day not in extended.dates):
        return ()
    return shifts_on(extended, day, calendar)


def _moments(plan: Plan, shifts: Shifts, day: date) -> list[tuple[float, float]]:
    return [(moment_of(day, start, plan.tz), moment_of(day, end, plan.tz)) for start, end in shifts]


def _spans_on(plan: Plan, timetable: str, day: date) -> list[tuple[float, float]]:
    return _moments(plan, shifts_on(plan.timetables[timetable], day, plan.calendar), day)


def spans_with_appointment(plan: Plan, timetable: str, day: date) -> list[tuple[float, float]]:
    """The stretches of a date in which somebody with an appointment is served: ordinary shifts and extended ones."""
    extended = _moments(plan, _extended(plan.timetables[timetable], day, plan.calendar), day)
    return sorted([*_spans_on(plan, timetable, day), *extended])


def spans_today(plan: Plan, timetable: str, at: float) -> list[tuple[float, float]]:
    """The shifts of the day that `at` lies in."""
    return _spans_on(plan, timetable, local(at, plan.tz).date())


# --- Open or not ------------------------------------------------------------------------------------------------------


def closes_at(plan: Plan, timetable: str, at: float) -> float | None:
    """End of the shift that is running, or None when shut."""
    for start, end in spans_today(plan, timetable, at):
        if start <= at < end:
            return end
    return None


def is_open(plan: Plan, timetable: str, at: float) -> bool:
    """Whether tickets are issued to everybody by this timetable now."""
    if plan.plays_workday:
        played = day_to_play(plan, local(at, plan.tz).date())
        return bool(shifts_on(plan.timetables[timetable], played, plan.calendar))
    return plan.always_open or closes_at(plan, timetable, at) is not None


def is_open_by_appointment(plan: Plan, timetable: str, at: float) -> bool:
    """Whether somebody with an appointment is served now, be it in extended hours."""
    if is_open(plan, timetable, at):
        return True
    spans = spans_with_appointment(plan, timetable, local(at, plan.tz).date())
    return any(start <= at < end for start, end in spans)


def next_opening(plan: Plan, timetable: str, at: float) -> float | None:
    """Start of the next shift after `at`, across weekends and holidays, within the look-ahead."""
    today = local(at, plan.tz).date()
    for ahead in range(LOOK_AHEAD_DAYS):
        for start, _ in _spans_on(plan, timetable, today + timedelta(days=ahead)):
            if start > at:
                return start
    return None


# --- The demo's day ---------------------------------------------------------------------------------------------------


def day_to_play(plan: Plan, day: date) -> date:
    """The day that the demo plays on a date: the same or the next one on which the hall is full, a market day where there
    are timetables for market days, else a working day; the date itself where there is none for weeks."""
    goes_to_market = any(table.market for table in plan.timetables.values())
    for ahead in range(LOOK_AHEAD_DAYS):
        candidate = day + timedelta(days=ahead)
        is_full = plan.calendar.is_market(candidate) if goes_to_market else is_working_day(candidate, plan.calendar)
        if is_full and any(shifts_on(table, candidate, plan.calendar) for table in plan.timetables.values()):
            return candidate
    return day


# --- Working days -----------------------------------------------------------------------------------------------------


def is_working_day(day: date, calendar: DayKinds) -> bool:
    """Whether offices of the country work on it; what deadlines count, whatever the hall's own hours are."""
    return calendar.kind_of(day) in (DayKind.WORKDAY, DayKind.MAKEUP)


def add_working_days(plan: Plan, at: float, days: int) -> float:
    """The same time of the day on the `days`-th working day after `at`; 0 is the moment itself.

    A deadline of one day from Friday 16:00 is Monday 16:00, or 16:00 of the first day worked after a holiday.
    """
    if days <= 0:
        return at
    begun = local(at, plan.tz)
    worked = (day for day in _days_after(begun.date()) if is_working_day(day, plan.calendar))
    for _ in range(days - 1):
        next(worked)
    return datetime.combine(next(worked), begun.time(), plan.tz).timestamp()


def _days_after(day: date) -> Iterator[date]:
    while True:
        day += timedelta(days=1)
        yield day
