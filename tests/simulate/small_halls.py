"""Tiny halls to play days in: two zones, services of ten minutes that neither gain nor cost a place, named windows."""

from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from server.core.model import Plan, Rules, Service, ServiceId, TideRules, Timetable, Window, WindowId, ZoneId
from server.simulate.engine import Estimator, Pace, SimulatedDay, prepare
from server.simulate.policies import Policy
from server.simulate.results import DayResult
from server.simulate.visits import Shift, Visit

MINUTE_S = 60.0
NINE, FIVE = 9 * 3600.0, 17 * 3600.0
GROUP = "elder"
#: Citizens stand at the window when they are called.
AT_ONCE = Pace(walk_s=0.0, between_legs_s=0.0)


def a_service(name: str, zone: str = "north", mean_s: float = 600.0, **more: float) -> Service:
    """A service; ten minutes are worth no credit."""
    return Service(ServiceId(name), ZoneId(zone), name[0].upper(), mean_s, "never", **more)


def a_window(name: str, zone: str, services: str, helps: str = "", *, tidal: bool = False, number: int = 0) -> Window:
    """A window; services by name, with blanks between."""
    own, other = (tuple(map(ServiceId, names.split())) for names in (services, helps))
    return Window(WindowId(name), number or sum(map(ord, name)), ZoneId(zone), own, other, tidal)


def a_hall(
    services: Iterable[Service],
    windows: Iterable[Window],
    *,
    rules: Rules | None = None,
    tides: TideRules | None = None,
) -> Plan:
    """A hall of these services and windows."""
    return Plan(
        hall="tiny",
        tz=ZoneInfo("Asia/Shanghai"),
        services={service.id: service for service in services},
        windows={window.id: window for window in windows},
        timetables={"never": Timetable(shifts=((),) * 7)},
        groups=frozenset({GROUP}),
        rules=rules or Rules(),
        tides=tides or TideRules(),
        zone_names={"north": ("北区", "North"), "south": ("南区", "South")},
        always_open=True,
    )


def all_day(plan: Plan, *windows: str, from_s: float = NINE, to_s: float = FIVE) -> list[Shift]:
    """Clerks at these windows, or at all of them, from nine to five."""
    return [Shift(window, from_s, to_s) for window in windows or plan.windows]


def play(
    plan: Plan,
    visits: Sequence[Visit],
    shifts: Sequence[Shift] | None = None,
    policy: Policy | None = None,
    pace: Pace = AT_ONCE,
    estimator: Estimator | None = None,
) -> tuple[SimulatedDay, DayResult]:
    """Play a day; gives the day, with its commands and events, and what came of it."""
    day = prepare(plan, policy or Policy(), visits, all_day(plan) if shifts is None else shifts, pace, estimator)
    return day, day.run()


def order_of_calls(result: DayResult) -> list[str]:
    """The refs in the order of their calls."""
    called = sorted((leg.called_s, leg.ref) for leg in result.legs if leg.called_s is not None)
    return [ref for _, ref in called]
