"""Tidal windows as supervisors see them: where they are and why, proposals, moves, pressure, waits that are too long."""

from dataclasses import asdict
from typing import Any

from server.core.alarms import longest_waits
from server.core.dispatch import HOUR_S, home_of
from server.core.model import AlarmLevel, HallState, MoveKind, Tide, TideMove, Why, WindowState, WindowStatus
from server.core.statistics import activity
from server.core.tides import NOBODY_THERE, pressures, zones_helped
from server.web.present.common import both, moment, rounded
from server.web.site import Site

MOVES_MAX = 50
#: Moves for which signs and desk change; a helping call is counted by itself.
FORMAL = frozenset({MoveKind.MOVE, MoveKind.REVERT})


def why_view(why: Why | None) -> dict[str, str] | None:
    """A reason in both languages and with numbers."""
    return None if why is None else asdict(why)


def zone_of(site: Site, window: WindowState) -> str:
    """The zone a window is in now."""
    return window.zone or site.names.windows[window.id].zone


def is_tidal(site: Site, window: str) -> bool:
    """Whether the hall file calls it a tidal position."""
    planned = site.hall.plan.windows.get(window)
    return planned is not None and planned.tidal


def whereabouts(site: Site, window: WindowState) -> dict[str, Any]:
    """Where a window is now, until when, and what waits for its ticket to go."""
    plan, zones = site.hall.plan, site.names.zones
    now, told = zone_of(site, window), window.pending
    pending = None
    if told is not None:
        to = told.zone or site.names.windows[window.id].zone
        pending = {"zone": to, **both(zones[to].name, "zone_name"), "until": moment(plan, told.until)}
    return {
        "tidal": is_tidal(site, window.id),
        "zone_now": now,
        **both(zones[now].name, "zone_now_name"),
        "until": moment(plan, window.until),
        "standby": window.standby,
        "pending": pending,
    }


def proposal_view(site: Site, tide: Tide) -> dict[str, Any]:
    """What the rules would do, and why."""
    return {
        "id": tide.id,
        "window": tide.window,
        **both(site.names.windows[tide.window].name, "window_name"),
        "action": tide.action.value,
        "zone": tide.zone,
        **both(site.names.zones[tide.zone].name, "zone_name"),
        "why": asdict(tide.why),
        "at": moment(site.hall.plan, tide.at),
    }


def alarm_views(site: Site, state: HallState, at: float) -> list[dict[str, Any]]:
    """Services whose longest wait has crossed a threshold, the gravest first."""
    longest = longest_waits(state, at)
    known = sorted(
        state.alarms.values(),
        key=lambda alarm: (alarm.level is not AlarmLevel.ALARM, -longest.get(alarm.service, 0.0), alarm.service),
    )
    return [
        {
            "service": alarm.service,
            **both(site.names.services[alarm.service].name),
            "zone": site.names.services[alarm.service].zone,
            "level": alarm.level.value,
            "since": moment(site.hall.plan, alarm.since),
            "longest_wait_s": round(longest.get(alarm.service, 0.0)),
        }
        for alarm in known
    ]


def tide_costs(site: Site, state: HallState) -> dict[str, Any]:
    """How much was moved today and what it cost the clerks: by the call that makes a clerk change over, by the formal move."""
    rules = site.hall.plan.tides
    formal = sum(move.kind in FORMAL and move.from_zone != move.to_zone for move in state.moves)
    cost_s = state.switches * rules.help_cost_s + formal * rules.move_cost_s
    return {
        "moves_today": len(state.moves),
        "helping_calls": state.helping_calls,
        "cost_min": round(cost_s / 60, 1),
    }


def pressure_of(pressure: dict[str, float], zone: str) -> int | None:
    """Seconds of waiting work per open window; None where people wait and nobody is there."""
    found = pressure.get(zone, 0.0)
    return None if found == NOBODY_THERE else round(found)


def tides_view(site: Site, state: HallState, at: float) -> dict[str, Any]:
    """Everything about the tide."""
    plan, names = site.hall.plan, site.names
    pressure = pressures(plan, state)
    return {
        "now": moment(plan, at),
        "mode": plan.tides.mode.value,
        "modes": {zone: plan.tides.mode_of(zone).value for zone in names.zones},
        "proposals": [proposal_view(site, tide) for tide in state.tides.values()],
        "windows": [_window(site, state, w, at) for w in names.windows if _of_interest(site, state.window(w))],
        "moves": [_move(site, move) for move in state.moves[: -MOVES_MAX - 1 : -1]],
        **tide_costs(site, state),
        "pressures": [
            {
                "zone": zone,
                **both(names.zones[zone].name),
                "pressure_s": pressure_of(pressure, zone),
                "since": moment(plan, state.pressed.get(zone)),
            }
            for zone in names.zones
        ],
        "alarms": alarm_views(site, state, at),
    }


def _of_interest(site: Site, window: WindowState) -> bool:
    """Tidal windows, and others while somebody has moved them."""
    moved = window.services is not None or window.zone is not None or window.pending is not None
    return moved or is_tidal(site, window.id)


def _window(site: Site, state: HallState, window_id: str, at: float) -> dict[str, Any]:
    window, named, plan = state.window(window_id), site.names.windows[window_id], site.hall.plan
    home = home_of(plan, window_id)
    place = whereabouts(site, window)
    status, since = activity(state, window_id)
    current = state.tickets[window.ticket] if window.ticket else None
    return {
        "window": window_id,
        **both(named.name),
        "number": named.number,
        "tidal": place["tidal"],
        "home": home,
        **both(site.names.zones[home].name, "home_name"),
        "zone": place["zone_now"],
        "zone_name": place["zone_now_name"],
        "zone_name_en": place["zone_now_name_en"],
        "zones": [z for z in site.names.zones if z in zones_helped(plan, state, window_id)],
        "assigned": window.services is not None or window.until is not None,
        "state": window.status.value,
        "standby": window.standby,
        "clerk": window.clerk,
        "until": place["until"],
        "pending": place["pending"],
        "ticket": {"number": current.number, "state": current.state.value} if current else None,
        "status": status.value,
        "since_s": rounded(None if since is None else max(0.0, at - since)),
        "moves_last_hour": sum(moved > at - HOUR_S for moved in window.moves),
        "why": why_view(window.why),
    }


def _move(site: Site, move: TideMove) -> dict[str, Any]:
    names = site.names
    home = names.windows[move.window].zone
    from_zone, to_zone = move.from_zone or home, move.to_zone or home
    return {
        "at": moment(site.hall.plan, move.at),
        "window": move.window,
        **both(names.windows[move.window].name, "window_name"),
        "kind": move.kind.value,
        "from_zone": from_zone,
        **both(names.zones[from_zone].name, "from_zone_name"),
        "to_zone": to_zone,
        **both(names.zones[to_zone].name, "to_zone_name"),
        "why": why_view(move.why),
    }


def away_views(site: Site, state: HallState, zones: list[str]) -> list[dict[str, Any]]:
    """Open windows that work in another zone than their own, where one of the two is of these zones."""
    names = site.names
    shown = []
    for window in names.windows.values():
        at_window = state.window(window.id)
        now = zone_of(site, at_window)
        if at_window.status is not WindowStatus.OPEN or now == window.zone or not {now, window.zone} & set(zones):
            continue
        shown.append(
            {
                "window": window.id,
                **both(window.name, "window_name"),
                "number": window.number,
                "zone": now,
                **both(names.zones[now].name, "zone_name"),
                "zone_colour": names.zones[now].colour,
            }
        )
    return shown
