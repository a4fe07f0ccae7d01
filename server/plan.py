"""From the hall file to what the core knows (`Plan`) and what people read (`Names`). Read once, at the edge."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from config.plan import ResolvedWindow, hours_of, hours_of_zone, letter_of, resolve_windows
from config.schema import Area, HallFile, Hours
from config.schema import Service as ServiceText
from config.schema import Zone as ZoneText
from server.core.model import Plan, Rules, Service, ServiceId, Timetable, Window, WindowId, ZoneId

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


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
        return cls(
            hall=hall,
            areas={area.id: area for area in hall.areas},
            zones={zone.id: zone for zone in hall.zones},
            services={service.id: service for service in hall.services},
            windows={window.id: window for window in resolve_windows(hall)},
            zone_hours={zone.id: hours_of_zone(hall, zone) for zone in hall.zones},
        )


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
