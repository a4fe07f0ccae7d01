"""What a hall file means once its defaults are filled in: single windows with their services, letters, timetables.

Pure and only for a hall that has passed the checks: names that lead nowhere are a programmer's error here.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from config.schema import HallFile, Position, Service, Windows, Zone


@dataclass(frozen=True, slots=True)
class ResolvedWindow:
    """One window as the hall runs it. `services` it serves as its own, `may_help` only when the tide asks for it."""

    id: str
    number: int
    name: Mapping[str, str]
    zone: str
    position: Position
    services: tuple[str, ...]
    may_help: tuple[str, ...]
    hours: str


def resolve_windows(hall: HallFile) -> list[ResolvedWindow]:
    """List every single window in the order of the file."""
    zones = {zone.id: zone for zone in hall.zones}
    resolved = []
    for run in hall.windows:
        services = served_by(hall, run)
        may_help = tuple(dict.fromkeys(service for service in run.may_help if service not in services))
        for window, number in run.expand():
            resolved.append(
                ResolvedWindow(
                    id=window,
                    number=number,
                    name=_named(run.name or hall.window_name, number),
                    zone=run.zone,
                    position=run.position,
                    services=services,
                    may_help=may_help,
                    hours=run.hours or hours_of_zone(hall, zones[run.zone]),
                )
            )
    return resolved


def served_by(hall: HallFile, run: Windows) -> tuple[str, ...]:
    """The services a run of windows serves as its own: those it names, else those of its zone for its position."""
    if run.serves is not None:
        return tuple(dict.fromkeys(run.serves))
    wanted = Position.ACCEPTANCE if run.position is Position.TIDAL else run.position
    return tuple(service.id for service in hall.services if service.zone == run.zone and service.position is wanted)


def letter_of(hall: HallFile, service: Service | str) -> str:
    """The letter of a service's tickets: that of its named group, else that of its zone."""
    chosen = _service(hall, service)
    if chosen.letter is not None:
        return chosen.letter
    return next(zone.letter for zone in hall.zones if zone.id == chosen.zone)


def first_hours(hall: HallFile) -> str:
    """The name of the timetable that holds where none is named."""
    return next(iter(hall.hours))


def hours_of_zone(hall: HallFile, zone: Zone) -> str:
    """The name of a zone's timetable."""
    return zone.hours or first_hours(hall)


def hours_of(hall: HallFile, service: Service | str) -> str:
    """The name of a service's timetable: its own, else its zone's, else the hall's first."""
    chosen = _service(hall, service)
    return chosen.hours or hours_of_zone(hall, next(zone for zone in hall.zones if zone.id == chosen.zone))


def _service(hall: HallFile, service: Service | str) -> Service:
    if isinstance(service, Service):
        return service
    return next(one for one in hall.services if one.id == service)


def _named(name: Mapping[str, str], number: int) -> dict[str, str]:
    return {language: text.replace("{n}", str(number)) for language, text in name.items()}
