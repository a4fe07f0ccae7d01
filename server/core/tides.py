"""When tidal windows open, close and move, and what is looked after beside: timetable, proposals, automatic calls. Pure.

Helping ticket by ticket is part of the calling order (`dispatch.next_for`); here stands what happens between calls.
Everything that must be remembered is an event, so that a restarted hall decides as if it had never stopped.
"""

from collections.abc import Iterator

from server.core import events as e
from server.core.alarms import alarms
from server.core.calendar import local
from server.core.calling import called_next
from server.core.dispatch import has_moves_left, home_of, turns, waiting
from server.core.model import (
    HallState,
    Plan,
    ScheduledMove,
    Tide,
    TideAction,
    TideMode,
    WindowState,
    WindowStatus,
)
from server.core.ordering import mean_s
from server.core.refusals import Reason, Rejected
from server.core.tide_reasons import why_closed, why_moved, why_opened, why_reverted, why_scheduled

#: A dismissed proposal is not made again for so long.
DISMISSED_FOR_S = 15 * 60.0
#: Pressure of a zone where people wait and no window is open.
NOBODY_THERE = float("inf")


def pressures(plan: Plan, state: HallState) -> dict[str, float]:
    """Zone → seconds of waiting work per open window; endless where people wait and nobody is there."""
    work: dict[str, float] = {}
    for service, line in state.lines.items():
        if service in plan.services:
            zone = plan.services[service].zone
            work[zone] = work.get(zone, 0.0) + len(line) * mean_s(plan, state, service)
    for ticket_id in state.reserved:
        ticket = state.tickets[ticket_id]
        work[ticket.zone] = work.get(ticket.zone, 0.0) + mean_s(plan, state, ticket.service)
    staffed: dict[str, int] = {}
    for window in plan.windows.values():
        at_window = state.window(window.id)
        if at_window.status is WindowStatus.OPEN:
            present = at_window.zone or str(window.zone)
            staffed[present] = staffed.get(present, 0) + 1
    zones = {window.zone for window in plan.windows.values()} | work.keys()
    return {
        zone: (waiting_s / count if (count := staffed.get(zone, 0)) else NOBODY_THERE)
        if (waiting_s := work.get(zone, 0.0))
        else 0.0
        for zone in sorted(zones)
    }


def zones_helped(plan: Plan, state: HallState, window: str) -> set[str]:
    """The zones a window may work in: its own and those it is authorised for."""
    planned = plan.windows[window]
    services = (*(state.window(window).services or planned.services), *planned.may_help)
    return {planned.zone} | {plan.services[s].zone for s in services if s in plan.services}


def services_in(plan: Plan, window: str, zone: str) -> tuple[str, ...]:
    """What a window may take in a zone, as its own or to help."""
    planned = plan.windows[window]
    return tuple(s for s in (*planned.services, *planned.may_help) if plan.services[s].zone == zone)


def turned(plan: Plan, state: HallState, tide: Tide, at: float) -> e.Event:
    """The event of a tide that goes through; refuses what the window's state does not allow any more."""
    window = state.window(tide.window)
    match tide.action:
        case TideAction.OPEN:
            if window.status is not WindowStatus.CLOSED:
                raise Rejected(Reason.TIDE_UNKNOWN, tide=tide.id)
            zone = None if tide.zone == home_of(plan, tide.window) else tide.zone
            return e.WindowOpened(at=at, window=tide.window, clerk=window.clerk, zone=zone, why=tide.why)
        case TideAction.CLOSE:
            if window.status is not WindowStatus.OPEN:
                # The clerk has left by himself: nobody stands by there.
                raise Rejected(Reason.TIDE_UNKNOWN, tide=tide.id)
            if window.ticket is not None:
                raise Rejected(Reason.WINDOW_BUSY, window=tide.window, ticket=state.tickets[window.ticket].number)
            return e.WindowClosed(at=at, window=tide.window, standby=True, clerk=window.clerk, why=tide.why)
        case TideAction.MOVE:
            services = services_in(plan, tide.window, tide.zone)
            if window.status is not WindowStatus.OPEN or window.is_told or window.pending is not None or not services:
                raise Rejected(Reason.TIDE_UNKNOWN, tide=tide.id)
            return e.WindowAssigned(
                at=at,
                window=tide.window,
                services=services,
                zone=tide.zone,
                until=at + plan.tides.move_for_s,
                why=tide.why,
            )


def watch(plan: Plan, state: HallState, at: float) -> list[e.Event]:
    """Everything that time alone brings about now."""
    pressure = pressures(plan, state)
    events = [
        *_reverts(plan, state, at),
        *_by_timetable(plan, state, at),
        *_crossings(plan, state, pressure, at),
        *_lapses(plan, state, pressure, at),
        *_turns_of_the_tide(plan, state, pressure, at),
        *alarms(plan, state, at),
    ]
    # All are judged by the state before any of them: a window that is closed or moved now calls at the next look.
    touched = {event.window for event in events if isinstance(event, e.WindowEvent)}
    return [*events, *_automatic_calls(plan, state, touched, at)]


# --- What people have told ---------------------------------------------------------------------------------------------


def _reverts(plan: Plan, state: HallState, at: float) -> Iterator[e.Event]:
    """Assignments whose end has come, once each; at a busy window as soon as its ticket has gone (A2.2)."""
    for window in state.windows.values():
        if window.until is not None and window.until <= at and window.id in plan.windows and window.pending is None:
            why = why_reverted(plan, window, by_hand=False)
            yield e.WindowAssigned(at=at, window=window.id, services=(), why=why)


def schedule_name(entry: ScheduledMove) -> str:
    """The name of an entry of the timetable in the log."""
    return f"{entry.window} {entry.zone} {entry.start_min}-{entry.end_min}"


def _by_timetable(plan: Plan, state: HallState, at: float) -> Iterator[e.Event]:
    if not plan.tides.schedule:
        return
    moment = local(at, plan.tz)
    minute = moment.hour * 60 + moment.minute
    for entry in plan.tides.schedule:
        if moment.weekday() not in entry.days or not entry.start_min <= minute < entry.end_min:
            continue
        if (name := schedule_name(entry)) in state.scheduled:
            continue
        left_s = (entry.end_min - minute) * 60 - moment.second - moment.microsecond / 1e6
        yield e.WindowAssigned(
            at=at,
            window=entry.window,
            services=services_in(plan, entry.window, entry.zone),
            zone=None if entry.zone == home_of(plan, entry.window) else entry.zone,
            until=at + left_s,
            why=why_scheduled(plan, entry),
            scheduled=name,
        )


# --- Pressure, and what it brings about --------------------------------------------------------------------------------


def _crossings(plan: Plan, state: HallState, pressure: dict[str, float], at: float) -> Iterator[e.Event]:
    """Zones that came under pressure or out of it; only where a tidal window could help are they of interest."""
    wanted = {zone for w in plan.windows.values() if w.tidal for zone in zones_helped(plan, state, w.id)}
    for zone in sorted(wanted):
        here = pressure.get(zone, 0.0)
        if here >= plan.tides.open_pressure_s and zone not in state.pressed:
            yield e.PressureRose(at=at, zone=zone, pressure_s=None if here == NOBODY_THERE else round(here, 1))
        elif here < plan.tides.open_pressure_s and zone in state.pressed:
            yield e.PressureEased(at=at, zone=zone)


def _lapses(plan: Plan, state: HallState, pressure: dict[str, float], at: float) -> Iterator[e.Event]:
    """Proposals that are no longer needed, or no longer possible."""
    for tide in state.tides.values():
        window = state.window(tide.window)
        if tide.window not in plan.windows:
            yield e.TideSettled(at=at, tide=tide.id, outcome="lapsed")
            continue
        match tide.action:
            case TideAction.OPEN:
                holds = tide.zone in state.pressed and window.status is WindowStatus.CLOSED
            case TideAction.MOVE:
                is_free = window.status is WindowStatus.OPEN and not window.is_told and window.pending is None
                # Once what the reason says is no longer so, nobody shall agree to it.
                holds = tide.zone in state.pressed and is_free and _is_quieter(plan, pressure, tide.window, tide.zone)
            case TideAction.CLOSE:
                holds = _could_close(plan, state, pressure, window, at)
        if not holds:
            yield e.TideSettled(at=at, tide=tide.id, outcome="lapsed")


def _turns_of_the_tide(plan: Plan, state: HallState, pressure: dict[str, float], at: float) -> Iterator[e.Event]:
    """At most one opening or move and one closing at a time: done where the zone's mode lets the rules act alone,
    proposed where a supervisor decides."""
    proposed = {_what(tide) for tide in state.tides.values()}
    made = state.tides_made
    for tide in (_flood(plan, state, pressure, at), _ebb(plan, state, pressure, at)):
        if tide is None:
            continue
        if _acts_alone(plan, state, tide):
            yield turned(plan, state, tide, at)
        elif _what(tide) not in proposed:
            made += 1
            yield e.TideProposed(
                at=at, tide=f"T{made}", window=tide.window, action=tide.action.value, zone=tide.zone, why=tide.why
            )


def _what(tide: Tide) -> tuple[str, str, str]:
    """What a tide would do; the same proposal is not made twice."""
    return tide.window, tide.action.value, tide.zone


def _dismissed(state: HallState, at: float) -> set[tuple[str, str, str]]:
    return {what for what, when in state.dismissed.items() if at - when < DISMISSED_FOR_S}


def _acts_alone(plan: Plan, state: HallState, tide: Tide) -> bool:
    """Automatic where the mode says so; nobody is fetched by a program, so an empty seat is always a proposal."""
    automatic = plan.tides.mode_of(home_of(plan, tide.window)) is TideMode.AUTOMATIC
    return automatic and (tide.action is not TideAction.OPEN or state.window(tide.window).standby)


def _flood(plan: Plan, state: HallState, pressure: dict[str, float], at: float) -> Tide | None:
    """The next window to open, or to move, for the zone under the most pressure."""
    if state.tide_opened_at is not None and at - state.tide_opened_at < plan.tides.open_every_s:
        return None
    proposed = {tide.zone for tide in state.tides.values() if tide.action is not TideAction.CLOSE}
    ripe = [
        zone
        for zone, since in state.pressed.items()
        if at - since >= plan.tides.open_after_s and pressure.get(zone, 0.0) >= plan.tides.open_pressure_s
    ]
    asked = {tide.window for tide in state.tides.values()}
    dismissed = _dismissed(state, at)
    for zone in sorted(ripe, key=lambda z: (-pressure.get(z, 0.0), z)):
        for rank, window, action in sorted(_helpers(plan, state, pressure, zone, at)):
            if (window, action.value, zone) in dismissed:
                continue
            why = (why_opened if action is TideAction.OPEN else why_moved)(plan, window, zone, pressure[zone], rank[0])
            tide = Tide("", window, action, zone, why, at)
            # One proposal for a zone and for a window at a time; but a clerk who stands by waits for nobody to read it.
            if (zone not in proposed and window not in asked) or _acts_alone(plan, state, tide):
                return tide
    return None


def _helpers(
    plan: Plan, state: HallState, pressure: dict[str, float], zone: str, at: float
) -> Iterator[tuple[tuple[int, int, float, int], str, TideAction]]:
    """Tidal windows that could be opened for a zone or moved there, the best with the smallest rank: a clerk who
    stands by before an empty seat before a window at work elsewhere, at home before away, the least flexible first."""
    wanted = [s for s, line in state.lines.items() if s in plan.services and plan.services[s].zone == zone and line]
    wanted += [t.service for t in waiting(state) if not t.has_open_line and t.zone == zone]
    for window in plan.windows.values():
        mode = plan.tides.mode_of(window.zone)
        if not window.tidal or mode is TideMode.MANUAL:
            continue
        at_window = state.window(window.id)
        takes = (*window.services, *window.may_help) if at_window.services is None else at_window.services
        if at_window.until is not None or at_window.pending is not None or not any(s in takes for s in wanted):
            continue
        away, reach = int(window.zone != zone), float(len(window.services) + len(window.may_help))
        if at_window.status is WindowStatus.CLOSED:
            yield (0 if at_window.standby else 1, away, reach, window.number), window.id, TideAction.OPEN
            continue
        is_at_home = at_window.status is WindowStatus.OPEN and at_window.zone is None and not at_window.is_told
        if mode is TideMode.PROPOSE and is_at_home and away and has_moves_left(plan, at_window, at):
            # In the automatic mode it helps by itself, ticket by ticket.
            here = pressure.get(window.zone, 0.0)
            if not _is_quieter(plan, pressure, window.id, zone):
                continue
            if here + plan.tides.leave_for_s <= pressure[zone] or here <= plan.tides.close_pressure_s:
                yield (2, away, here, window.number), window.id, TideAction.MOVE


def _is_quieter(plan: Plan, pressure: dict[str, float], window: str, zone: str) -> bool:
    """Whether a window's own zone is the quieter one: what a proposed move says, when it is made and while it stands."""
    return pressure.get(home_of(plan, window), 0.0) < pressure.get(zone, 0.0)


def _ebb(plan: Plan, state: HallState, pressure: dict[str, float], at: float) -> Tide | None:
    """A tidal window that nobody needs any more."""
    for window in plan.windows.values():
        if not window.tidal or plan.tides.mode_of(window.zone) is TideMode.MANUAL:
            continue
        at_window = state.window(window.id)
        if _could_close(plan, state, pressure, at_window, at):
            open_s = at - (at_window.changed_at or at)
            tide = Tide("", window.id, TideAction.CLOSE, window.zone, why_closed(plan, window.id, open_s), at)
            if _what(tide) not in _dismissed(state, at):
                return tide
    return None


def _could_close(plan: Plan, state: HallState, pressure: dict[str, float], window: WindowState, at: float) -> bool:
    if window.status is not WindowStatus.OPEN or window.ticket is not None or window.until is not None:
        return False
    if window.id not in plan.windows or at - (window.changed_at or at) < plan.tides.close_after_s:
        return False
    if window.idle_since is None or at - window.idle_since < plan.tides.close_idle_s:
        return False
    helped = zones_helped(plan, state, window.id)
    if any(pressure.get(zone, 0.0) > plan.tides.close_pressure_s for zone in helped):
        return False
    # Somebody stays, at home and where it is: a zone is never left without an open window by the rules.
    others = [w for w in state.windows.values() if w.status is WindowStatus.OPEN and w.id != window.id]
    stay = {w.zone or home_of(plan, w.id) for w in others if w.id in plan.windows}
    home = home_of(plan, window.id)
    return home in stay and (window.zone or home) in stay


def _automatic_calls(plan: Plan, state: HallState, touched: set[str], at: float) -> Iterator[e.Event]:
    """Windows that have sat idle while it was their turn, where the hall lets the server call for them."""
    patience_s = plan.rules.auto_call_s
    if patience_s is None:
        return
    for window, ticket in turns(plan, state, at).items():
        at_window = state.window(window)
        waited_from = max(at_window.idle_since or at, ticket.spells[-1] if ticket.spells else at)
        # A seat that a supervisor had opened may still wait for its clerk: nobody is called there before somebody has
        # signed in or, at a keypad that knows no clerk, has served.
        is_staffed = at_window.clerk is not None or at_window.why is None or at_window.done > 0
        if is_staffed and window not in touched and at - waited_from >= patience_s:
            yield called_next(plan, state, window, ticket, at)
            return
