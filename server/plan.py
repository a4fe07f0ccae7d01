"""From the hall file to what the core knows (`Plan`) and what people read (`Names`). Read once, at the edge."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from config.calendars import HallDays
from config.kinds import Shift
from config.plan import ResolvedWindow, hours_of, hours_of_zone, letter_of, resolve_windows
from config.schema import Area, HallFile, Hours, Position
from config.schema import Service as ServiceText
from config.schema import Zone as ZoneText
from config.sections import CardUse
from server.core.model import (
    BookingRules,
    CaseRules,
    DayKind,
    Limits,
    Plan,
    Redress,
    Rules,
    ScheduledMove,
    Service,
    ServiceId,
    Shifts,
    SlotGrid,
    TideMode,
    TideRules,
    Timetable,
    Window,
    WindowId,
    ZoneId,
)

T = TypeVar("T")

DAY_S = 86400.0
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


@dataclass(frozen=True, slots=True)
class HallCalendar:
    """The hall file's days, as the core asks for them."""

    days: HallDays

    def kind_of(self, day: date) -> DayKind:
        """What sort of day it is."""
        return DayKind(self.days.sort_of(day))

    def is_market(self, day: date) -> bool:
        """Whether it is a market day of the town."""
        return self.days.is_market(day)


def _only_its_id(gone: str) -> dict[str, str]:
    return {"zh": gone, "en": gone}


def _shifts(spans: Iterable[Shift]) -> Shifts:
    return tuple((s.start.hour * 60 + s.start.minute, s.end.hour * 60 + s.end.minute) for s in spans)


def _shifts_if_given(spans: Iterable[Shift] | None) -> Shifts | None:
    return None if spans is None else _shifts(spans)


def _timetable(hours: Hours) -> Timetable:
    return Timetable(
        shifts=tuple(_shifts(getattr(hours, weekday)) for weekday in WEEKDAYS),
        closed=frozenset(hours.closed),
        holiday=_shifts_if_given(hours.holiday),
        makeup=_shifts_if_given(hours.makeup),
        market=_shifts_if_given(hours.market),
        dates={day: _shifts(spans) for day, spans in hours.dates.items()},
        appointment=None if hours.appointment is None else _timetable(hours.appointment),
    )


def _slots(service: ServiceText) -> tuple[SlotGrid, ...]:
    return tuple(
        SlotGrid(
            days=frozenset(WEEKDAYS.index(day) for day in grid.days),
            start_min=grid.span.start.hour * 60 + grid.span.start.minute,
            end_min=grid.span.end.hour * 60 + grid.span.end.minute,
            every_min=grid.every_min,
            capacity=grid.capacity,
        )
        for grid in service.slots
    )


def _booking(hall: HallFile) -> BookingRules:
    booking = hall.booking
    return BookingRules(
        horizon_days=booking.horizon_days,
        cancel_before_s=booking.cancel_before_min * 60,
        early_s=booking.early_min * 60,
        per_day=booking.per_day,
        absence_limit=booking.absence_limit,
        absence_days=booking.absence_days,
    )


def make_plan(hall: HallFile, *, always_open: bool = False, plays_workday: bool = False) -> Plan:
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
                spread=service.service_cv,
                per_day=service.per_day,
                warn_s=_seconds(service.wait_warn_min),
                alarm_s=_seconds(service.wait_alarm_min),
                slots=_slots(service),
                id_required=service.id_card is CardUse.REQUIRED,
                precheck=None if service.precheck is None else ServiceId(service.precheck),
            )
            for service in hall.services
        },
        windows={
            window.id: Window(
                id=WindowId(window.id),
                number=window.number,
                zone=ZoneId(window.zone),
                services=tuple(ServiceId(service) for service in window.services),
                may_help=tuple(ServiceId(service) for service in window.may_help),
                tidal=window.position is Position.TIDAL,
                timetable=window.hours,
            )
            for window in resolve_windows(hall)
        },
        timetables={name: _timetable(hours) for name, hours in hall.hours.items()},
        groups=frozenset(group.id for group in hall.priority_groups if group.enabled),
        rules=_rules(hall),
        redress=_redress(hall),
        cases=_cases(hall),
        tides=_tides(hall),
        zone_names={zone.id: (zone.name["zh"], zone.name["en"]) for zone in hall.zones},
        zone_areas={zone.id: zone.area for zone in hall.zones},
        always_open=always_open,
        plays_workday=plays_workday,
        calendar=HallCalendar(HallDays(hall.calendar)),
        booking=_booking(hall),
        limits=Limits(open_per_service=hall.identity.open_per_service, per_day=hall.identity.per_day),
    )


def rights_of(hall: HallFile, wanted: Mapping[str, tuple[Iterable[str], Iterable[str]]]) -> dict[str, frozenset[str]]:
    """Clerk → the services he may take, from the zones and services that his account names (Y6)."""
    return {
        user: frozenset(s.id for s in hall.services if s.id in set(services) or s.zone in set(zones))
        for user, (zones, services) in wanted.items()
    }


def _seconds(minutes: float | None) -> float | None:
    return None if minutes is None else minutes * 60


def _rules(hall: HallFile) -> Rules:
    rules = hall.rules
    return Rules(
        recall_limit=rules.recall_limit,
        reenter_after=rules.reenter_after,
        undo_s=rules.undo_s,
        void_after_s=_seconds(rules.void_after_min),
        priority_credit_s=rules.priority_credit_min * 60,
        short_service_s=rules.short_service_min * 60,
        short_credit_max_s=rules.short_credit_max_min * 60,
        appointment_credit_s=rules.appointment_credit_min * 60,
        appointment_late_s=rules.appointment_late_min * 60,
        auto_call_s=rules.auto_call_after_s,
        warn_s=rules.wait_warn_min * 60,
        alarm_s=rules.wait_alarm_min * 60,
        clear_s=rules.wait_clear_min * 60,
    )


def _redress(hall: HallFile) -> Redress:
    ratings, matters = hall.ratings, hall.matters
    days = {"unresolved": matters.unresolved_days, "cross_region": matters.cross_region_days}
    complaints = dict.fromkeys(("enquiry", "complaint", "report", "suggestion"), matters.complaint_days)
    return Redress(
        contact_days=ratings.contact_days,
        mend_days=ratings.mend_days,
        matter_days=days | complaints,
        rate_within_s=ratings.within_h * 3600,
        remind_after_s=ratings.remind_days * DAY_S if 0 < ratings.remind_days * 24 < ratings.within_h else None,
        form=ratings.form.version,
        points={level: tuple(point.id for point in points) for level, points in ratings.form.points.items()},
    )


def _cases(hall: HallFile) -> CaseRules:
    cases = hall.cases
    return CaseRules(
        urgent_s=cases.urgent_min * 60,
        promised_s=cases.promised_min * 60,
        default_days=cases.default_days,
        result_days=cases.result_days,
        collect_s=cases.collect_days * DAY_S,
        post_s=cases.post_days * DAY_S,
    )


def _tides(hall: HallFile) -> TideRules:
    tides = hall.tides
    return TideRules(
        mode=TideMode(tides.mode),
        zones={zone: TideMode(mode) for zone, mode in tides.zones.items()},
        help_after_s=tides.help_after_min * 60,
        leave_for_s=tides.leave_for_min * 60,
        cross_after_s=tides.cross_after_min * 60,
        cross_leave_s=tides.cross_leave_min * 60,
        open_pressure_s=tides.open_pressure_min * 60,
        open_after_s=tides.open_after_min * 60,
        open_every_s=tides.open_every_min * 60,
        close_pressure_s=tides.close_pressure_min * 60,
        close_after_s=tides.close_after_min * 60,
        close_idle_s=tides.close_idle_min * 60,
        moves_per_hour=tides.moves_per_hour,
        move_for_s=tides.move_for_min * 60,
        help_cost_s=tides.help_cost_min * 60,
        move_cost_s=tides.move_cost_min * 60,
        schedule=tuple(
            ScheduledMove(
                window=WindowId(entry.window),
                zone=ZoneId(entry.zone),
                days=frozenset(WEEKDAYS.index(day) for day in entry.days),
                start_min=entry.span.start.hour * 60 + entry.span.start.minute,
                end_min=entry.span.end.hour * 60 + entry.span.end.minute,
            )
            for entry in tides.schedule
        ),
    )
