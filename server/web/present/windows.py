"""A window as its clerk sees it, and a zone as its supervisor sees it."""

from dataclasses import asdict
from typing import Any

from server.accounts import Device
from server.core.dispatch import line_of, may_call, services_of, turns, waiting
from server.core.model import HallState, Ticket, TicketState, WindowState, WindowStatus
from server.core.ordering import order_key
from server.core.reasons import why_next
from server.core.statistics import activity, staffing, waits
from server.core.steps import is_turned_away
from server.core.tides import pressures
from server.web.access import Caller
from server.web.present.cases import settlement_view
from server.web.present.common import both, moment, rounded, wait_view
from server.web.present.experts import calls_from, calls_to
from server.web.present.holders import masked_of, name_of, sees_names_at
from server.web.present.tickets import queue_row
from server.web.present.tides import alarm_views, pressure_of, proposal_view, whereabouts, why_view, zone_of
from server.web.present.waits import zone_waits
from server.web.site import Site

QUEUE_MAX = 30


def window_view(site: Site, state: HallState, window_id: str, at: float) -> dict[str, Any]:
    """The whole window."""
    plan, names = site.hall.plan, site.names
    window, named = state.window(window_id), names.windows[window_id]
    zone = names.zones[named.zone]
    line = line_of(plan, state, window_id, at)
    current = state.tickets[window.ticket] if window.ticket else None
    return {
        "window": window_id,
        **both(named.name),
        "number": named.number,
        "zone": zone.id,
        **both(zone.name, "zone_name"),
        "position": named.position.value,
        **whereabouts(site, window),
        "why_here": why_view(window.why),
        "state": window.status.value,
        "pause_reason": window.pause_reason,
        "clerk": window.clerk,
        "ticket": _current_view(site, state, current, at) if current else None,
        "why": asdict(current.why) if current and current.why else None,
        "waiting": len(line),
        "turn": bool(line) and _is_its_turn(site, state, window, at),
        "services": list(services_of(plan, state, window_id)),
        "next": {
            "number": line[0].number,
            "why": asdict(why_next(plan, state, window_id, line[0], at)),
        }
        if line
        else None,
        "queue": [queue_row(site, t, at) for t in line[:QUEUE_MAX]],
        "held": [queue_row(site, t, at) for t in _set_aside(site, state, window_id, TicketState.HELD)],
        "missed": [queue_row(site, t, at) for t in _set_aside(site, state, window_id, TicketState.NO_SHOW)[:QUEUE_MAX]],
        "recalls_left": max(0, plan.rules.recall_limit - current.recalls)
        if current and current.state is TicketState.CALLED
        else 0,
        "done_today": window.done,
        "led": _led(site, window, current),
        "settled": [settlement_view(site, state.settlements[name]) for name in current.settled] if current else [],
        "experts": calls_from(site, state, window_id),
        "wanted": calls_to(site, state, window_id),
        "now": moment(plan, at),
        "seq": site.hall.state_seq,
    }


def _is_its_turn(site: Site, state: HallState, window: WindowState, at: float) -> bool:
    """Whether this idle window is the one that should call now; looked for only where it can be."""
    if window.status is not WindowStatus.OPEN or window.ticket is not None:
        return False
    return window.id in turns(site.hall.plan, state, at)


def _current_view(site: Site, state: HallState, ticket: Ticket, at: float) -> dict[str, Any]:
    plan, services = site.hall.plan, site.names.services
    then = [{"service": each, **both(services[each].name)} for each in ticket.then if each in services]
    return {
        **queue_row(site, ticket, at),
        "then": then,
        "goes_on": then[0] if then and not is_turned_away(state, ticket) else None,
        "case": None if ticket.case is None else _case_number(state, ticket.case),
        "called_at": moment(plan, ticket.called_at),
        "started_at": moment(plan, ticket.started_at),
        "recalls": ticket.recalls,
        # Personal: filled in on the way out (`dressed_window`).
        "masked": None,
        "name": None,
    }


def _case_number(state: HallState, case: str) -> str:
    """What people call a case whose result somebody has come for."""
    return state.cases[case].number if case in state.cases else case


def dressed_window(site: Site, view: dict[str, Any], who: Caller) -> dict[str, Any]:
    """A window's view with the person at it, for who works there; everybody else sees a number. A device sees nothing of
    what was settled: it may be a screen in the hall."""
    if isinstance(who.who, Device):
        view = {**view, "settled": []}
    if view["ticket"] is None or not sees_names_at(who, view["window"]):
        return view
    with site.hall.reading() as state:
        ticket = state.tickets.get(view["ticket"]["id"])
    if ticket is None or ticket.window != view["window"]:
        return view
    person = {"masked": masked_of(site, ticket), "name": name_of(site, ticket)}
    return {**view, "ticket": {**view["ticket"], **person}}


def _set_aside(site: Site, state: HallState, window_id: str, wanted: TicketState) -> list[Ticket]:
    """Held or missed tickets this window may take back, its own last one first."""
    plan = site.hall.plan
    able = [
        t
        for t in state.tickets.values()
        if t.state is wanted and (t.window == window_id or may_call(plan, state, window_id, t))
    ]
    return sorted(able, key=lambda t: (t.window != window_id, -(t.held_at or t.missed_at or 0.0)))


def _led(site: Site, window: WindowState, current: Ticket | None) -> dict[str, str]:
    phrases = site.names.hall.phrases
    if current is not None:
        return {language: text.replace("{number}", current.number) for language, text in phrases.led_call.items()}
    if window.status is WindowStatus.OPEN and window.zone is not None:
        zone = site.names.zones[window.zone].name
        return {
            language: text.replace("{zone}", zone.get(language) or zone["zh"])
            for language, text in phrases.led_helping.items()
        }
    return dict(
        {
            WindowStatus.OPEN: phrases.led_idle,
            WindowStatus.PAUSED: phrases.led_paused,
            WindowStatus.CLOSED: phrases.led_closed,
        }[window.status]
    )


def zone_view(site: Site, state: HallState, zone_id: str, at: float) -> dict[str, Any]:
    """A zone live."""
    plan, names = site.hall.plan, site.names
    tickets = [t for t in state.tickets.values() if t.zone == zone_id]
    figures, staff = waits(tickets, at), staffing(plan, state, zone_id)
    line = sorted((t for t in waiting(state) if t.zone == zone_id), key=order_key)
    homes = {w.id: w.zone for w in names.windows.values()}
    return {
        "zone": zone_id,
        **both(names.zones[zone_id].name),
        "waiting": figures.waiting,
        "longest_wait_s": rounded(figures.longest_wait_s),
        "mean_wait_s": rounded(figures.mean_wait_s),
        "p90_wait_s": rounded(figures.p90_wait_s),
        "served_today": figures.served,
        "issued_today": figures.issued,
        "open_windows": staff.open,
        "total_windows": staff.total,
        "wait": wait_view(zone_waits(site, state)[zone_id]),
        "pressure_s": pressure_of(pressures(plan, state), zone_id),
        "alarms": [alarm for alarm in alarm_views(site, state, at) if alarm["zone"] == zone_id],
        "proposals": [
            proposal_view(site, tide)
            for tide in state.tides.values()
            if zone_id in (tide.zone, names.windows[tide.window].zone)
        ],
        "windows": [window_line(site, state, w, at) for w, home in homes.items() if home == zone_id],
        # Windows of other zones that work here now.
        "guests": [
            window_line(site, state, w, at)
            for w, home in homes.items()
            if home != zone_id and zone_of(site, state.window(w)) == zone_id
        ],
        "queue": [queue_row(site, t, at) for t in line[: 2 * QUEUE_MAX]],
        "held": [queue_row(site, t, at) for t in tickets if t.state is TicketState.HELD],
        "missed": [queue_row(site, t, at) for t in tickets if t.state is TicketState.NO_SHOW],
    }


def window_line(site: Site, state: HallState, window_id: str, at: float) -> dict[str, Any]:
    """A window as one line of a list."""
    window, named = state.window(window_id), site.names.windows[window_id]
    status, since = activity(state, window_id)
    current = state.tickets[window.ticket] if window.ticket else None
    return {
        "window": window_id,
        **both(named.name),
        "position": named.position.value,
        **whereabouts(site, window),
        "state": window.status.value,
        "clerk": window.clerk,
        "ticket": {"number": current.number, "state": current.state.value} if current else None,
        "status": status.value,
        "since_s": None if since is None else round(max(0.0, at - since)),
        "done_today": window.done,
    }
