"""Opening times: shifts by weekday, single closed days. Pure; a moment is seconds UTC, answers likewise."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from server.core.model import Plan, Timetable

#: How far to look for the next opening; a hall shut for longer says nothing rather than something wrong.
LOOK_AHEAD_DAYS = 60


def local(at: float, tz: tzinfo) -> datetime:
    """The hall's wall clock at a moment."""
    return datetime.fromtimestamp(at, UTC).astimezone(tz)


def business_day(at: float, tz: tzinfo) -> str:
    """The hall's local date, ISO (`%Y`, never the week-year)."""
    return local(at, tz).date().isoformat()


def _moment(day: date, minute: int, tz: tzinfo) -> float:
    """Seconds UTC of a wall-clock minute; the hall's own offset of that day counts, so summer time is safe."""
    start = datetime.combine(day, time(), tz)
    return (start + timedelta(minutes=minute)).replace(tzinfo=tz).timestamp()


def _shifts(timetable: Timetable, day: date, tz: tzinfo) -> list[tuple[float, float]]:
    if day in timetable.closed:
        return []
    return [(_moment(day, start, tz), _moment(day, end, tz)) for start, end in timetable.shifts[day.weekday()]]


def spans_today(plan: Plan, timetable: str, at: float) -> list[tuple[float, float]]:
    """The shifts of the day that `at` lies in."""
    return _shifts(plan.timetables[timetable], local(at, plan.tz).date(), plan.tz)


def closes_at(plan: Plan, timetable: str, at: float) -> float | None:
    """End of the shift that is running, or None when shut."""
    table = plan.timetables[timetable]
    for start, end in _shifts(table, local(at, plan.tz).date(), plan.tz):
        if start <= at < end:
            return end
    return None


def is_open(plan: Plan, timetable: str, at: float) -> bool:
    """Whether tickets are issued by this timetable now."""
    return plan.always_open or closes_at(plan, timetable, at) is not None


def next_opening(plan: Plan, timetable: str, at: float) -> float | None:
    """Start of the next shift after `at`, within the look-ahead."""
    table = plan.timetables[timetable]
    today = local(at, plan.tz).date()
    for ahead in range(LOOK_AHEAD_DAYS):
        for start, _ in _shifts(table, today + timedelta(days=ahead), plan.tz):
            if start > at:
                return start
    return None
