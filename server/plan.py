"""From the hall file to what the core knows (`Plan`) and what people read (`Names`). Read once, at the edge."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from config.plan import ResolvedWindow, hours_of, hours_of_zone, letter_of, resolve_windows
from config.schema import Area, HallFile, Hours, Position
from config.schema import Service as ServiceText
from config.schema import Zone as ZoneText
from server.core.model import Plan, Rules, Service, ServiceId, Timetable, Window, WindowId, ZoneId

T = TypeVar("T")

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Known(dict[str, T], Generic[T]):
    """Entries by id. One that was taken out of the hall file during the day still has tickets and calls to its name:
    asked for, it is made up from its id. `in` and iteration know only what is in the file."""

    def __init__(self, entries: dict[str, T], make_up: Callable[[str], T]) -> None:
        super().__init__(entries)
        self._make_up = make_up

    def __missing__(self, gone: str) -> T:
        return self._make_up(gone)


@dataclass(frozen=True, slots=True)
class Names:
    """The wording of a hall by id, resolved from its file."""

    hall: HallFile
    areas: dict[str, Area]
    zones: dict[str, ZoneText]
    services: dict[str, ServiceText]
    windows: dict[str, ResolvedWindow]
    zone_hours: dict[str, str]

    @classmethod
    def of(cls, hall: HallFile) -> "Names":
        """Resolve a hall file."""
        first = hall.zones[0]

        def zone_gone(gone: str) -> ZoneText:
            return first.model_copy(update={"id": gone, "name": _only_its_id(gone)})

        def service_gone(gone: str) -> ServiceText:
            name = _only_its_id(gone)
            return ServiceText(id=gone, zone=first.id, name=name, department=name)

        def window_gone(gone: str) -> ResolvedWindow:
            acceptance = Position.ACCEPTANCE
            return ResolvedWindow(gone, 0, _only_its_id(gone), first.id, acceptance, (), (), hours_of_zone(hall, first))

        return cls(
            hall=hall,
            areas={area.id: area for area in hall.areas},
            zones=Known({zone.id: zone for zone in hall.zones}, zone_gone),
            services=Known({service.id: service for service in hall.services}, service_gone),
            windows=Known({window.id: window for window in resolve_windows(hall)}, window_gone),
            zone_hours={zone.id: hours_of_zone(hall, zone) for zone in hall.zones},
        )


def _only_its_id(gone: str) -> dict[str, str]:
    return {"zh": gone, "en": gone}


def _timetable(hours: Hours) -> Timetable:
    shifts = []
    for weekday in WEEKDAYS:
        spans = getattr(hours, weekday)
        shifts.append(tuple((s.start.hour * 60 + s.start.minute, s.end.hour * 60 + s.end.minute) for s in spans))
    return Timetable(shifts=tuple(shifts), closed=frozenset(hours.closed))


def make_plan(hall: HallFile, *, always_open: bool = False) -> Plan:
    """The plan of a checked hall file."""
    return Plan(
        hall=hall.id,
        tz=ZoneInfo(hall.timezone),
        services={
            service.id: Service(
                id=ServiceId(service.id),
                zone=ZoneId(service.zone),
                series=letter_of(hall, service),
                mean_service_s=service.mean_service_min * 60,
                timetable=hours_of(hall, service),
            )
            for service in hall.services
        },
        windows={
            window.id: Window(
                id=WindowId(window.id),
                number=window.number,
                zone=ZoneId(window.zone),
                services=tuple(ServiceId(service) for service in window.services),
            )
            for window in resolve_windows(hall)
        },
        timetables={name: _timetable(hours) for name, hours in hall.hours.items()},
        groups=frozenset(group.id for group in hall.priority_groups if group.enabled),
        rules=Rules(
            recall_limit=hall.rules.recall_limit,
            reenter_after=hall.rules.reenter_after,
            undo_s=hall.rules.undo_s,
            priority_credit_s=hall.rules.priority_credit_min * 60,
        ),
        always_open=always_open,
    )
