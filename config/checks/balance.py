"""Balance: thresholds in their order, tidal modes and moves by timetable that can be carried out. Pure."""

from collections.abc import Iterator

from config.checks.issue import Issue, Path, Unread, error, unknown
from config.checks.names import WINDOW, ZONE
from config.findings import sentence
from config.plan import served_by
from config.schema import CallRules, HallFile, Position, Service, TideSchedule


def check_balance(hall: HallFile, unread: Unread) -> Iterator[Issue]:
    """Check alarm thresholds, pressures, and the zones and windows that the tides name."""
    yield from _waits(hall)
    yield from _pressures(hall)
    yield from _tidal_zones(hall, unread)
    yield from _moves(hall, unread)
    yield from _moves_overlap(hall)


def _waits(hall: HallFile) -> Iterator[Issue]:
    of_hall = list(_wait(("rules",), hall.rules, hall.rules))
    yield from of_hall
    for at, service in enumerate(hall.services):
        own = (service.wait_warn_min, service.wait_alarm_min)
        # A service that takes a threshold from a hall whose own are wrong has no fault of its own.
        if own != (None, None) and not of_hall:
            yield from _wait(("services", at), service, hall.rules)


def _wait(path: Path, entry: CallRules | Service, rules: CallRules) -> Iterator[Issue]:
    """The thresholds that hold for an entry, told at one that the entry writes itself."""
    warn = rules.wait_warn_min if entry.wait_warn_min is None else entry.wait_warn_min
    alarm = rules.wait_alarm_min if entry.wait_alarm_min is None else entry.wait_alarm_min
    clear = rules.wait_clear_min
    if warn >= alarm:
        yield error(
            (*path, "wait_warn_min" if "wait_warn_min" in entry.model_fields_set else "wait_alarm_min"),
            sentence(
                "the warning ({warn} min) does not come before the alarm ({alarm} min)", warn=_n(warn), alarm=_n(alarm)
            ),
            sentence("Make 'wait_warn_min' smaller than 'wait_alarm_min'."),
        )
    elif clear > warn:
        yield error(
            (*path, "wait_clear_min" if "wait_clear_min" in entry.model_fields_set else "wait_warn_min"),
            sentence(
                "a warning at {warn} min that clears {clear} min lower never clears", warn=_n(warn), clear=_n(clear)
            ),
            sentence("Make 'wait_clear_min' in 'rules' smaller, or this 'wait_warn_min' bigger."),
        )


def _pressures(hall: HallFile) -> Iterator[Issue]:
    opens, closes = hall.tides.open_pressure_min, hall.tides.close_pressure_min
    if closes >= opens:
        yield error(
            (
                "tides",
                "close_pressure_min" if "close_pressure_min" in hall.tides.model_fields_set else "open_pressure_min",
            ),
            sentence(
                "positions that open at {opens} min of work and close at {closes} min would never rest",
                opens=_n(opens),
                closes=_n(closes),
            ),
            sentence("Make 'close_pressure_min' much smaller than 'open_pressure_min', such as 0.5 and 3."),
        )


def _tidal_zones(hall: HallFile, unread: Unread) -> Iterator[Issue]:
    zones = [zone.id for zone in hall.zones]
    for name in hall.tides.zones:
        if name not in zones and name not in unread.of("zones"):
            yield unknown(("tides", "zones", name), ZONE, name, zones, of_key=True)


def _moves(hall: HallFile, unread: Unread) -> Iterator[Issue]:
    """Moves by timetable: of a tidal window that is there, to a zone in which it may take something."""
    zones = [zone.id for zone in hall.zones]
    zone_of = {service.id: service.zone for service in hall.services}
    takes = {
        window: {zone_of.get(service) for service in (*served_by(hall, run), *run.may_help)}
        for run in hall.windows
        for window, _number in run.expand()
    }
    tidal = {window for run in hall.windows if run.position is Position.TIDAL for window, _number in run.expand()}
    for at, move in enumerate(hall.tides.schedule):
        path: Path = ("tides", "schedule", at)
        if move.zone not in zones:
            if move.zone not in unread.of("zones"):
                yield unknown((*path, "zone"), ZONE, move.zone, zones)
        elif move.window in tidal and move.zone not in takes[move.window] and "services" not in unread:
            yield error(
                (*path, "zone"),
                sentence("window '{window}' may take nothing of zone '{zone}'", window=move.window, zone=move.zone),
                sentence("Add services of this zone to its 'may_help', or move it to another zone."),
            )
        if move.window in takes and move.window not in tidal:
            yield error(
                (*path, "window"),
                sentence(
                    "window '{window}' is not tidal: only tidal windows are moved by timetable", window=move.window
                ),
                sentence("Name a tidal window, or write 'position: tidal' at this one."),
            )
        elif move.window not in takes and "windows" not in unread:
            yield unknown((*path, "window"), WINDOW, move.window, takes)


def _moves_overlap(hall: HallFile) -> Iterator[Issue]:
    moves = hall.tides.schedule
    for at, move in enumerate(moves):
        before = next((one for one in moves[:at] if _at_once(one, move)), None)
        if before is not None:
            yield error(
                ("tides", "schedule", at),
                sentence(
                    "window '{window}' is moved to '{zone}' in this time already ({span})",
                    window=move.window,
                    zone=before.zone,
                    span=f"{before.span.start:%H:%M}-{before.span.end:%H:%M}",
                ),
                sentence("Let one of the two begin when the other ends, or give them different days."),
            )


def _at_once(one: TideSchedule, other: TideSchedule) -> bool:
    return (
        one.window == other.window
        and not set(one.days).isdisjoint(other.days)
        and one.span.start < other.span.end
        and other.span.start < one.span.end
    )


def _n(minutes: float) -> str:
    return f"{minutes:g}"
