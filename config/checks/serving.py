"""Who serves what and when: windows with something to do, services with somebody to do them, timetables that fit."""

from collections.abc import Iterator
from itertools import pairwise

from config.checks.issue import Issue, Unread, error, warning
from config.findings import sentence
from config.plan import served_by
from config.schema import HallFile, Position, Windows

#: Positions that take tickets; a service belongs to one of them.
TAKES_TICKETS = (Position.ACCEPTANCE, Position.PRECHECK, Position.CONSULTING, Position.PICKUP)
WITHOUT_WINDOW = (Position.GUIDE, Position.RUNNER, Position.SUPERVISOR)


def check_serving(hall: HallFile, unread: Unread) -> Iterator[Issue]:
    """Check positions, what windows serve, and opening shifts."""
    yield from _positions(hall)
    yield from _windows_serve(hall, unread)
    yield from _services_are_served(hall, unread)
    yield from _letters_are_used(hall, unread)
    yield from _shifts(hall)


def _positions(hall: HallFile) -> Iterator[Issue]:
    for at, zone in enumerate(hall.zones):
        for position in zone.positions:
            if position not in WITHOUT_WINDOW:
                yield error(
                    ("zones", at, "positions", position.value),
                    sentence("position '{position}' works at windows", position=position.value),
                    sentence("Write it under windows; here stand only guide, runner and supervisor."),
                    of_key=True,
                )
    for at, service in enumerate(hall.services):
        if service.position not in TAKES_TICKETS:
            yield error(
                ("services", at, "position"),
                sentence("no service belongs to position '{position}'", position=service.position.value),
                sentence("Write one of: {names}.", names=", ".join(TAKES_TICKETS)),
            )


def _windows_serve(hall: HallFile, unread: Unread) -> Iterator[Issue]:
    zones = {zone.id for zone in hall.zones}
    for at, run in enumerate(hall.windows):
        yield from _may_help(hall, run, at)
        if run.position in WITHOUT_WINDOW:
            yield error(
                ("windows", at, "position"),
                sentence("position '{position}' has no window", position=run.position.value),
                sentence("Write it in the zone: positions: {{ {position}: 2 }}.", position=run.position.value),
            )
        elif run.serves is not None and not run.serves:
            yield error(
                ("windows", at, "serves"),
                sentence("these windows serve nothing"),
                sentence("Name services, or delete the line: then they serve every service of their zone."),
            )
        elif run.serves is None and run.zone in zones and "services" not in unread and not served_by(hall, run):
            yield error(
                ("windows", at),
                sentence(
                    "these windows serve nothing: zone '{zone}' has no service for position '{position}'",
                    zone=run.zone,
                    position=(Position.ACCEPTANCE if run.position is Position.TIDAL else run.position).value,
                ),
                sentence("Name services in 'serves', or give a service this zone and position."),
            )
        else:
            yield from _serves_own_position(hall, run, at)


def _serves_own_position(hall: HallFile, run: Windows, at: int) -> Iterator[Issue]:
    if run.position is Position.TIDAL:
        return
    positions = {service.id: service.position for service in hall.services}
    for place, name in enumerate(run.serves or []):
        if name in positions and positions[name] is not run.position:
            yield error(
                ("windows", at, "serves", place),
                sentence(
                    "service '{service}' is for position '{wanted}', these windows are '{position}'",
                    service=name,
                    wanted=positions[name].value,
                    position=run.position.value,
                ),
                sentence("Take it out of this list, or change the position of one of the two."),
            )


def _may_help(hall: HallFile, run: Windows, at: int) -> Iterator[Issue]:
    own = served_by(hall, run)
    for place, name in enumerate(run.may_help):
        if name in own:
            yield warning(
                ("windows", at, "may_help", place),
                sentence("these windows serve '{name}' anyway", name=name),
                sentence("Delete it from 'may_help'."),
            )


def _services_are_served(hall: HallFile, unread: Unread) -> Iterator[Issue]:
    if "windows" in unread:
        return
    served = {name for run in hall.windows for name in (*served_by(hall, run), *run.may_help)}
    zones = {zone.id for zone in hall.zones} | unread.of("zones")
    for at, service in enumerate(hall.services):
        if service.id not in served and service.zone in zones and service.position in TAKES_TICKETS:
            yield error(
                ("services", at),
                sentence("no window can ever serve '{service}'", service=service.id),
                sentence(
                    "Add it to the 'serves' of a window, or open a window of position '{position}' in zone '{zone}'.",
                    position=service.position.value,
                    zone=service.zone,
                ),
            )


def _letters_are_used(hall: HallFile, unread: Unread) -> Iterator[Issue]:
    known = {zone.letter for zone in hall.zones} | {group.letter for group in hall.series}
    used = {service.letter for service in hall.services}
    if "services" in unread or not used <= {None, *known}:
        # A service with a wrong letter is the likelier mistake, and told already.
        return
    for at, group in enumerate(hall.series):
        if group.letter not in used:
            yield warning(
                ("series", at),
                sentence("no service uses letter {letter}", letter=group.letter),
                sentence("Write 'letter: {letter}' at its services, or delete this entry.", letter=group.letter),
            )


def _shifts(hall: HallFile) -> Iterator[Issue]:
    for name, hours in hall.hours.items():
        days = {day: getattr(hours, day) for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
        further = (hours.holiday, hours.makeup, hours.market, *hours.dates.values())
        if not any(days.values()) and not any(further):
            yield warning(
                ("hours", name),
                sentence("timetable '{name}' never opens", name=name),
                sentence("Write opening shifts: mon: [08:30-17:30]."),
            )
        for day, shifts in days.items():
            for at, (before, after) in enumerate(pairwise(shifts), start=1):
                if after.start < before.end:
                    yield error(
                        ("hours", name, day, at),
                        sentence(
                            "shift {after} overlaps {before} or stands before it",
                            after=f"{after.start:%H:%M}-{after.end:%H:%M}",
                            before=f"{before.start:%H:%M}-{before.end:%H:%M}",
                        ),
                        sentence("Let every shift begin when or after the one before it ends."),
                    )
