"""Who may call whom, who comes next, whose turn it is and how many stand before whom. Pure.

The order itself is `ordering.place_of`. A window takes the earliest of those it serves where it is now. Services it is
only authorised to help with count by two thresholds: one for how long they must have waited, one for how much earlier
they must count while somebody waits here. A tidal window that went to help stays there by the same thresholds.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Mapping
from heapq import merge

from server.core.model import HallState, Plan, Ticket, TideMode, WindowState, WindowStatus
from server.core.ordering import Place, order_key, place_of

HOUR_S = 3600.0
#: So long a free window that has a ticket's service here is left to call it before one from elsewhere helps.
OWN_FIRST_S = 60.0


def services_of(plan: Plan, state: HallState, window: str) -> tuple[str, ...]:
    """What a window serves as its own: its assignment, else the plan's."""
    assigned = state.window(window).services
    return plan.windows[window].services if assigned is None else assigned


def reach(plan: Plan, at_window: WindowState) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The services a window takes where it is now, and those it takes only by the thresholds of helping; of both only
    what its clerk has the right to take."""
    here, away = _reach_of_window(plan, at_window)
    if at_window.clerk is None or (allowed := plan.rights.get(at_window.clerk)) is None:
        return here, away
    return tuple(s for s in here if s in allowed), tuple(s for s in away if s in allowed)


def _reach_of_window(plan: Plan, at_window: WindowState) -> tuple[tuple[str, ...], tuple[str, ...]]:
    planned = plan.windows[at_window.id]
    own = planned.services if at_window.services is None else at_window.services
    if not planned.may_help or (planned.tidal and at_window.is_told):
        return own, ()
    if at_window.zone is None or not planned.tidal:
        return own, planned.may_help
    known = plan.services
    both = (*own, *(s for s in planned.may_help if s not in own))
    here = tuple(s for s in both if s in known and known[s].zone == at_window.zone)
    return here, tuple(s for s in both if s not in here)


def home_of(plan: Plan, window: str) -> str:
    """The zone a window belongs to."""
    return plan.windows[window].zone


def zones_of(plan: Plan) -> set[str]:
    """The zones of a hall that have services or windows."""
    return {str(x.zone) for known in (plan.services, plan.windows) for x in known.values()}


def is_authorised(plan: Plan, state: HallState, window: str, service: str) -> bool:
    """Whether a window, with the clerk who is there, may take a service at all, as its own or to help."""
    clerk = state.window(window).clerk
    if clerk is not None and service not in plan.rights.get(clerk, (service,)):
        return False
    return service in services_of(plan, state, window) or service in plan.windows[window].may_help


def _reserved_for(state: HallState, ticket: Ticket) -> str | None:
    """The one window a ticket waits for; a window that has closed lets it go to the others."""
    target = ticket.for_window
    if target is None or state.window(target).status is WindowStatus.CLOSED:
        return None
    return target


def is_limited(plan: Plan, item: str | None) -> bool:
    """Whether letters decide which windows may take an item, now or when they change while it waits."""
    return item is not None and bool(plan.authority)


def is_permitted(plan: Plan, window: str, ticket: Ticket) -> bool:
    """Whether the letters of today, if they name the ticket's item, name this window for it; a pre-check takes nothing."""
    return ticket.item is None or bool(ticket.then) or window in plan.authority.get(ticket.item, (window,))


def may_call(plan: Plan, state: HallState, window: str, ticket: Ticket) -> bool:
    """Whether this window may take this ticket at all."""
    if not is_permitted(plan, window, ticket):
        return False
    reserved = _reserved_for(state, ticket)
    if reserved is not None:
        return reserved == window
    return is_authorised(plan, state, window, ticket.service)


def waiting(state: HallState) -> Iterator[Ticket]:
    """Everyone waiting, in no particular order."""
    return (state.tickets[ticket_id] for ticket_id in state.waiting)


def _first(lines: Mapping[str, list[Place]], services: Iterable[str]) -> Place | None:
    """The earliest place in the lines of these services."""
    best: Place | None = None
    for service in services:
        line = lines.get(service)
        if line and (best is None or line[0] < best):
            best = line[0]
    return best


def _stands_before(plan: Plan, state: HallState, window: str, services: tuple[str, ...], ticket: Ticket) -> bool:
    """Whether somebody who does not stand in an open line waits for this window, which takes these services."""
    reserved = _reserved_for(state, ticket)
    waits_here = reserved == window if reserved is not None else ticket.service in services
    return waits_here and is_permitted(plan, window, ticket)


def _first_reserved(plan: Plan, state: HallState, window: str, services: tuple[str, ...]) -> Place | None:
    best: Place | None = None
    for ticket_id in state.reserved:
        ticket = state.tickets[ticket_id]
        if _stands_before(plan, state, window, services, ticket):
            place = place_of(ticket)
            if best is None or place < best:
                best = place
    return best


def may_leave(plan: Plan, at_window: WindowState, at: float) -> bool:
    """Whether a window may go on to another zone: not beyond its moves of an hour, nor where people move it."""
    planned = plan.windows[at_window.id]
    if not planned.tidal:
        return True
    if at_window.is_told or plan.tides.mode_of(planned.zone) is not TideMode.AUTOMATIC:
        return False
    return has_moves_left(plan, at_window, at)


def has_moves_left(plan: Plan, at_window: WindowState, at: float) -> bool:
    """Whether a window's clerk has not been moved as often as the rules allow within an hour."""
    return sum(moved > at - HOUR_S for moved in at_window.moves) < plan.tides.moves_per_hour


def thresholds(plan: Plan, window: str) -> tuple[float, float]:
    """How long somebody elsewhere must have waited before this window helps, and how much earlier he must count while
    somebody waits here; in seconds. A tidal window moves for it, any other authorised one only lends a hand."""
    tides = plan.tides
    if plan.windows[window].tidal:
        return tides.help_after_s, tides.leave_for_s
    return tides.cross_after_s, tides.cross_leave_s


def _has_free_window(plan: Plan, state: HallState, ticket: Ticket) -> bool:
    """Whether a window, open and with nobody there, takes the ticket where it is."""
    return any(
        w.ticket is None
        and w.status is WindowStatus.OPEN
        and w.id in plan.windows
        and ticket.service in reach(plan, w)[0]
        and is_permitted(plan, w.id, ticket)
        for w in state.windows.values()
    )


def _first_to_help(
    plan: Plan, state: HallState, at_window: WindowState, away: tuple[str, ...], at: float, after_s: float
) -> Place | None:
    """The earliest elsewhere who has waited long enough to be helped, and whom no free window there is about to call."""
    leave, home = may_leave(plan, at_window, at), plan.windows[at_window.id].zone
    best: Place | None = None
    for service in away:
        line = state.lines.get(service)
        if not line or not (best is None or line[0] < best):
            continue
        if not leave and plan.services[service].zone != home:
            continue
        ticket = state.tickets[line[0][2]]
        if at - ticket.due_at < after_s:
            continue
        if at - ticket.spells[-1] < OWN_FIRST_S and _has_free_window(plan, state, ticket):
            continue
        best = line[0]
    for ticket_id in state.reserved:
        # Whoever waited for a window that has closed is helped like the others of the service.
        ticket = state.tickets[ticket_id]
        if ticket.service not in away or _reserved_for(state, ticket) is not None or at - ticket.due_at < after_s:
            continue
        if not is_permitted(plan, at_window.id, ticket):
            continue
        if (leave or ticket.zone == home) and (best is None or place_of(ticket) < best):
            best = place_of(ticket)
    return best


def next_for(plan: Plan, state: HallState, window: str, at: float) -> Ticket | None:
    """The ticket this window calls next if it calls at this moment."""
    at_window = state.window(window)
    here, away = reach(plan, at_window)
    best = _first(state.lines, here)
    if state.reserved:
        reserved = _first_reserved(plan, state, window, here)
        if reserved is not None and (best is None or reserved < best):
            best = reserved
    if away and state.waiting:
        after_s, leave_for_s = thresholds(plan, window)
        elsewhere = _first_to_help(plan, state, at_window, away, at, after_s)
        if elsewhere is not None and (best is None or elsewhere[0] + leave_for_s <= best[0]):
            best = elsewhere
    return None if best is None else state.tickets[best[2]]


def line_of(plan: Plan, state: HallState, window: str, at: float) -> list[Ticket]:
    """The tickets a window takes where it is now, in calling order, its next one first.

    Whoever waits elsewhere stands in it only while he is the next: help goes ticket by ticket.
    """
    here, _ = reach(plan, state.window(window))
    places = list(merge(*(state.lines[service] for service in here if service in state.lines)))
    for ticket_id in state.reserved:
        ticket = state.tickets[ticket_id]
        if _stands_before(plan, state, window, here, ticket):
            insort(places, place_of(ticket))
    tickets = [state.tickets[ticket_id] for _, _, ticket_id in places]
    first = next_for(plan, state, window, at)
    if first is not None and (not tickets or tickets[0].id != first.id):
        tickets.insert(0, first)
    return tickets


def turn_key(plan: Plan, at_window: WindowState) -> tuple[bool, int, float, int]:
    """Whose turn among idle windows: the least flexible's, tidal ones last, then the longest idle."""
    planned = plan.windows[at_window.id]
    here, away = reach(plan, at_window)
    return planned.tidal, len(here) + len(away), at_window.idle_since or 0.0, planned.number


def idle_windows(plan: Plan, state: HallState) -> list[str]:
    """Open windows with nobody there, in the order of their turns."""
    idle = [w for w in state.windows.values() if w.ticket is None and w.status is WindowStatus.OPEN]
    return [w.id for w in sorted(idle, key=lambda w: turn_key(plan, w)) if w.id in plan.windows]


def turns(plan: Plan, state: HallState, at: float) -> dict[str, Ticket]:
    """Window → the ticket whose call is its turn now. Two idle windows are never told the same ticket."""
    told: dict[str, Ticket] = {}
    taken: set[str] = set()
    for window in idle_windows(plan, state):
        ticket = next_for(plan, state, window, at)
        if ticket is not None and ticket.id not in taken:
            taken.add(ticket.id)
            told[window] = ticket
    return told


def windows_for(plan: Plan, state: HallState, ticket: Ticket) -> list[str]:
    """The windows a ticket can count on: those open that take its service where they are now; while none is, those whose
    own service it is; else all that may take it."""
    reserved = _reserved_for(state, ticket)
    if reserved is not None:
        return [reserved]
    able = [w for w in plan.windows if is_permitted(plan, w, ticket)]
    opened = [
        w for w in able if (s := state.window(w)).status is WindowStatus.OPEN and ticket.service in reach(plan, s)[0]
    ]
    if opened:
        return opened
    own = [w for w in able if ticket.service in services_of(plan, state, w)]
    return own or [w for w in plan.windows if may_call(plan, state, w, ticket)]


def newcomers_windows(plan: Plan, state: HallState) -> dict[str, list[str]]:
    """`windows_for` a newcomer of every service, at the price of one look at every window."""
    opened: dict[str, list[str]] = {service: [] for service in plan.services}
    own: dict[str, list[str]] = {service: [] for service in plan.services}
    able: dict[str, list[str]] = {service: [] for service in plan.services}
    for window, planned in plan.windows.items():
        at_window = state.window(window)
        serves = services_of(plan, state, window)
        here = reach(plan, at_window)[0] if at_window.status is WindowStatus.OPEN else ()
        for found, services in ((opened, here), (own, serves), (able, dict.fromkeys((*serves, *planned.may_help)))):
            for service in services:
                if service in found:
                    found[service].append(window)
    return {service: opened[service] or own[service] or able[service] for service in plan.services}


def ahead_of(plan: Plan, state: HallState, ticket: Ticket, among: Iterable[str] | None = None) -> int:
    """How many will be called before `ticket` at one of the windows it can count on; `among`: those, if known already."""
    windows = set(windows_for(plan, state, ticket) if among is None else among)
    reached = [reach(plan, state.window(window))[0] for window in windows]
    if _reserved_for(state, ticket) is None:
        # While nobody is there who takes its service, only its own line is certain to stand before it.
        reached = [(ticket.service,), *(here for here in reached if ticket.service in here)]
    services = {service for here in reached for service in here}
    place = place_of(ticket)
    ahead = sum(bisect_left(line, place) for service in services if (line := state.lines.get(service)))
    for other_id in state.reserved:
        other = state.tickets[other_id]
        reserved = _reserved_for(state, other)
        if reserved is None:
            # Where no window takes the service at all, both stand in its line all the same.
            competes = other.service in services and (not windows or any(is_permitted(plan, w, other) for w in windows))
        else:
            competes = reserved in windows
        ahead += competes and order_key(other) < order_key(ticket)
    return ahead
