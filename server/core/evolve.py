"""`evolve(state, event)`: how the state follows the log. Pure bookkeeping, no rules and no refusals.

The state is changed in place (a hall day has ten thousand tickets; copying it per event would be waste), its records
are replaced, never changed. `fold` builds a state from events.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable
from dataclasses import replace

import server.core.event_types  # noqa: F401 - every capability registers its rules and steps
from server.core import events as e
from server.core.affairs import AppointmentState, Asking
from server.core.judging import follow
from server.core.model import (
    DAY_END,
    Alarm,
    AlarmLevel,
    Assignment,
    Call,
    DeviceCondition,
    HallState,
    MoveKind,
    PrintState,
    Ticket,
    TicketState,
    Tide,
    TideAction,
    TideMove,
    WindowState,
    WindowStatus,
)
from server.core.ordering import place_of
from server.core.statistics import SERVICE_MAX_S, SERVICE_MIN_S, service_s

#: How long a window's moves are remembered.
MOVES_KEPT_S = 3600.0
#: A walk that took longer was a clerk who pressed start late.
WALK_MAX_S = 300.0


def evolve(state: HallState, event: e.Event) -> HallState:
    """Apply one event; returns the same, changed state."""
    state.last_at = max(state.last_at, event.at)
    follow(event, state)
    return state


def fold(events: Iterable[e.Event], state: HallState | None = None) -> HallState:
    """The state after all of `events`."""
    state = HallState() if state is None else state
    for event in events:
        evolve(state, event)
    return state


# --- Bookkeeping ------------------------------------------------------------------------------------------------------


def _put(state: HallState, ticket: Ticket) -> None:
    """The one place where a ticket is stored, so that `waiting` and the lines always agree with it."""
    before = state.tickets.get(ticket.id)
    if before is not None and before.state is TicketState.WAITING:
        _leave_line(state, before)
    state.tickets[ticket.id] = ticket
    if ticket.state is TicketState.WAITING:
        _join_line(state, ticket)


def _join_line(state: HallState, ticket: Ticket) -> None:
    state.waiting[ticket.id] = None
    if ticket.has_open_line:
        insort(state.lines.setdefault(ticket.service, []), place_of(ticket))
    else:
        state.reserved[ticket.id] = None


def _leave_line(state: HallState, ticket: Ticket) -> None:
    del state.waiting[ticket.id]
    if ticket.has_open_line:
        line = state.lines[ticket.service]
        del line[bisect_left(line, place_of(ticket))]
        if not line:
            del state.lines[ticket.service]
    else:
        del state.reserved[ticket.id]


def _put_window(state: HallState, window: WindowState) -> None:
    state.windows[window.id] = window


def _take(state: HallState, window_id: str, ticket_id: str) -> None:
    """A window now has a ticket."""
    _put_window(state, replace(state.window(window_id), ticket=ticket_id, idle_since=None))


def _release(state: HallState, window_id: str, at: float, *, done: bool = False) -> None:
    """A window has no ticket any more; if open, it is idle from now."""
    window = state.window(window_id)
    idle_since = at if window.status is WindowStatus.OPEN else None
    _put_window(state, replace(window, ticket=None, idle_since=idle_since, done=window.done + done))
    if window.pending is not None:
        _assign(state, window_id, window.pending, at)


def _assign(state: HallState, window_id: str, told: Assignment, at: float) -> None:
    """A window serves something else from now on."""
    window = state.window(window_id)
    kind = MoveKind.MOVE if told.services else MoveKind.REVERT
    state.moves.append(TideMove(at, window_id, kind, window.zone, told.zone, told.why))
    _put_window(state, replace(window.as_told(told), moves=_moves(window, told.zone, at)))


def _moves(window: WindowState, zone: str | None, at: float) -> tuple[float, ...]:
    """The window's moves of the last hour, this one included if it is one."""
    kept = tuple(moved for moved in window.moves if moved > at - MOVES_KEPT_S)
    return kept if zone == window.zone else (*kept, at)


def _announce(state: HallState, ticket_id: str, window: str, at: float, kind: str) -> None:
    state.calls.append(Call(call=len(state.calls) + 1, ticket=ticket_id, window=window, at=at, kind=kind))


def _spells(ticket: Ticket, at: float) -> tuple[float, ...]:
    """The spells of a ticket that begins or ceases to wait now."""
    return (*ticket.spells, at)


def _next_entry(state: HallState) -> int:
    state.entries += 1
    return state.entries


def _note_length(state: HallState, service: str, length_s: float) -> None:
    """Remember how long a service took, for learning."""
    if SERVICE_MIN_S <= length_s <= SERVICE_MAX_S:
        state.lengths.setdefault(service, []).append(length_s)


def _served_s(ticket: Ticket, at: float) -> float:
    """Seconds of service including the stretch that ends now."""
    return ticket.served_s + (at - ticket.started_at if ticket.started_at is not None else 0.0)


# --- One step per event -----------------------------------------------------------------------------------------------


@follow.register
def _(event: e.DayOpened, state: HallState) -> None:
    fresh = HallState(business_day=event.business_day, day_open=True, last_at=state.last_at)
    fresh.means, fresh.learnt = dict(event.means), dict(event.learnt)
    fresh.appointments = {one.id: one for one in event.appointments}
    fresh.absences = dict(event.absences)
    fresh.orders = {one.id: one for one in event.orders}
    fresh.matters = {one.id: one for one in event.matters}
    fresh.settlements = {one.id: one for one in event.settlements}
    fresh.cases = {one.id: one for one in event.cases}
    fresh.case_numbers = {one.number: one.id for one in event.cases}
    fresh.parcels = {one.id: one for one in event.parcels}
    fresh.visits = {one.id: one for one in event.visits}
    for window_id, services in event.assignments.items():
        fresh.windows[window_id] = WindowState(
            window_id,
            services=tuple(services),
            zone=event.zones.get(window_id),
            until=event.until.get(window_id),
        )
    for device, (condition, since) in event.devices.items():
        fresh.devices[device] = DeviceCondition(condition, since)
    for name in HallState.__dataclass_fields__:
        setattr(state, name, getattr(fresh, name))


@follow.register
def _(event: e.DayClosed, state: HallState) -> None:
    state.day_open = False


@follow.register
def _(event: e.TicketIssued, state: HallState) -> None:
    state.counters[event.series] = state.counters.get(event.series, 0) + 1
    state.numbers[event.number] = event.ticket
    _put(
        state,
        Ticket(
            id=event.ticket,
            number=event.number,
            series=event.series,
            zone=event.zone,
            service=event.service,
            state=TicketState.WAITING,
            issued_at=event.at,
            credited_at=event.credited_at,
            entry=_next_entry(state),
            due_at=event.at if event.due_at is None else event.due_at,
            on_time=event.on_time,
            spells=(event.at,),
            group=event.group,
            proof=event.proof,
            channel=event.channel,
            language=event.language,
            device=event.device,
            for_window=event.for_window,
            printer=event.printer,
            print_state=PrintState.QUEUED if event.printer else None,
            appointment=event.appointment,
            holder=event.holder,
            over_limit=event.over_limit,
            item=event.item,
            limited=event.limited,
            then=event.then,
            case=event.case,
        ),
    )
    if event.case is not None and event.case in state.cases:
        state.cases[event.case] = replace(state.cases[event.case], pickup_ticket=event.ticket)
    if event.holder is not None:
        state.held_by.setdefault(event.holder, []).append(event.ticket)
    if event.appointment is not None and (kept := state.appointments.get(event.appointment)) is not None:
        state.appointments[kept.id] = replace(kept, state=AppointmentState.ARRIVED, ticket=event.ticket)


@follow.register
def _(event: e.TicketCalled, state: HallState) -> None:
    ticket = state.tickets[event.ticket]
    first = ticket.first_called_at if ticket.first_called_at is not None else event.at
    _put(
        state,
        replace(
            ticket,
            state=TicketState.CALLED,
            window=event.window,
            first_called_at=first,
            called_at=event.at,
            calls=ticket.calls + 1,
            recalls=0,
            started_at=None,
            # A missed ticket called again by hand has not ended after all.
            finished_at=None,
            missed_at=None,
            spells=_spells(ticket, event.at) if ticket.state is TicketState.WAITING else ticket.spells,
            why=event.why,
        ),
    )
    _take(state, event.window, ticket.id)
    _go(state, event)
    _announce(state, ticket.id, event.window, event.at, "call")


def _go(state: HallState, event: e.TicketCalled) -> None:
    """A tidal window that calls for another zone is there from now on, one that calls for its own is home again."""
    window = state.window(event.window)
    state.helping_calls += event.helping
    state.switches += event.switching
    if window.zone != event.zone:
        kind = MoveKind.HOME if event.zone is None else MoveKind.HELP
        state.moves.append(TideMove(event.at, event.window, kind, window.zone, event.zone, event.why))
        moves = _moves(window, event.zone, event.at)
        _put_window(state, replace(window, zone=event.zone, why=event.why, moves=moves))


@follow.register
def _(event: e.TicketRecalled, state: HallState) -> None:
    ticket = state.tickets[event.ticket]
    _put(state, replace(ticket, recalls=ticket.recalls + 1))
    _announce(state, ticket.id, event.window, event.at, "recall")


@follow.register
def _(event: e.ServiceStarted, state: HallState) -> None:
    ticket = state.tickets[event.ticket]
    _put(state, replace(ticket, state=TicketState.SERVING, started_at=event.at))
    if ticket.called_at is not None:
        count, total_s = state.walks
        state.walks = count + 1, total_s + min(event.at - ticket.called_at, WALK_MAX_S)


@follow.register
def _(event: e.ServiceFinished, state: HallState) -> None:
    ticket = state.tickets[event.ticket]
    done = replace(
        ticket,
        state=TicketState.DONE,
        finished_at=event.at,
        outcome=event.outcome,
        served_s=_served_s(ticket, event.at),
        clerk=state.window(event.window).clerk,
    )
    if event.outcome != DAY_END:
        state.asked[event.window] = Asking(ticket.id, event.at)
    _put(state, done)
    if (length := service_s(done)) is not None:
        _note_length(state, done.service, length - done.served_before_s)
    _release(state, event.window, event.at, done=True)


@follow.register
def _(event: e.TicketHeld, state: HallState) -> None:
    ticket = state.tickets[event.ticket]
    _put(
        state,
        replace(
            ticket,
            state=TicketState.HELD,
            held_at=event.at,
            served_s=_served_s(ticket, event.at),
            started_at=None,
        ),
    )
    _release(state, event.window, event.at)


@follow.register
def _(event: e.TicketResumed, state: HallState) -> None:
    ticket = state.tickets[event.ticket]
    _put(
        state,
        replace(
            ticket,
            state=TicketState.CALLED,
            window=event.window,
            called_at=event.at,
            calls=ticket.calls + 1,
            recalls=0,
            held_at=None,
            why=event.why,
        ),
    )
    _take(state, event.window, ticket.id)
    _announce(state, ticket.id, event.window, event.at, "resume")


@follow.register
def _(event: e.TicketTransferred, state: HallState) -> None:
    ticket = state.tickets[event.ticket]
    served_s, before_s = _served_s(ticket, event.at), ticket.served_before_s
    if event.service != ticket.service:
        # What was done here counts for the service it was, not for the one that follows.
        _note_length(state, ticket.service, served_s - before_s)
        before_s = served_s
        # The item belongs to the service it was taken for: on the way there it stays, elsewhere it is gone.
        ticket = replace(ticket, item=ticket.item if event.passed else None, limited=event.limited, then=event.then)
    _put(
        state,
        replace(
            ticket,
            state=TicketState.WAITING,
            service=event.service,
            zone=event.zone,
            credited_at=event.credited_at,
            for_window=event.for_window,
            window=None,
            called_at=None,
            served_s=served_s,
            served_before_s=before_s,
            started_at=None,
            transfers=ticket.transfers + 1,
            spells=_spells(ticket, event.at),
            why=None,
        ),
    )
    _release(state, event.window, event.at)


@follow.register
def _(event: e.TicketMissed, state: HallState) -> None:
    ticket = state.tickets[event.ticket]
    state.missed += 1
    _put(state, replace(ticket, state=TicketState.NO_SHOW, missed_at=event.at, finished_at=event.at))
    _release(state, event.window, event.at)


@follow.register
def _(event: e.TicketReinstated, state: HallState) -> None:
    ticket = state.tickets[event.ticket]
    entry = _next_entry(state) if event.new_entry else ticket.entry
    _put(
        state,
        replace(
            ticket,
            state=TicketState.WAITING,
            credited_at=event.credited_at,
            entry=entry,
            window=None,
            called_at=None,
            finished_at=None,
            missed_at=None,
            spells=_spells(ticket, event.at),
            why=None,
        ),
    )


@follow.register
def _(event: e.TicketCancelled, state: HallState) -> None:
    ticket = state.tickets[event.ticket]
    if ticket.state is TicketState.CALLED and ticket.window is not None:
        _release(state, ticket.window, event.at)
    spells = _spells(ticket, event.at) if ticket.state is TicketState.WAITING else ticket.spells
    _put(
        state,
        replace(ticket, state=TicketState.CANCELLED, finished_at=event.at, outcome=event.reason, spells=spells),
    )


@follow.register
def _(event: e.TicketReprinted, state: HallState) -> None:
    ticket = state.tickets[event.ticket]
    queued = PrintState.QUEUED if event.printer else ticket.print_state
    _put(state, replace(ticket, copies=ticket.copies + 1, print_state=queued))


@follow.register
def _(event: e.TicketPrintReported, state: HallState) -> None:
    _put(state, replace(state.tickets[event.ticket], print_state=PrintState(event.state)))


@follow.register
def _(event: e.DeviceReported, state: HallState) -> None:
    state.devices[event.device] = DeviceCondition(event.condition, event.at)


@follow.register
def _(event: e.WindowOpened, state: HallState) -> None:
    window = state.window(event.window)
    # A window that people moved stays where it is; one opened by the tide goes where it is needed.
    zone = window.zone if window.is_told else event.zone
    stays = window.is_told or (zone is not None and zone == window.zone)
    _put_window(
        state,
        replace(
            window,
            status=WindowStatus.OPEN,
            clerk=event.clerk,
            pause_reason=None,
            changed_at=event.at,
            idle_since=event.at if window.ticket is None else None,
            standby=False,
            zone=zone,
            why=window.why if event.why is None and stays else event.why,
            moves=_moves(window, zone, event.at),
        ),
    )
    if event.why is not None:
        state.tide_opened_at = event.at
        state.moves.append(TideMove(event.at, event.window, MoveKind.OPEN, window.zone, zone, event.why))


@follow.register
def _(event: e.WindowPaused, state: HallState) -> None:
    window = state.window(event.window)
    _put_window(
        state,
        replace(window, status=WindowStatus.PAUSED, pause_reason=event.reason, changed_at=event.at, idle_since=None),
    )


@follow.register
def _(event: e.WindowClosed, state: HallState) -> None:
    window = state.window(event.window)
    if event.why is not None:
        state.moves.append(TideMove(event.at, event.window, MoveKind.CLOSE, window.zone, None, event.why))
    _put_window(
        state,
        replace(
            window,
            status=WindowStatus.CLOSED,
            clerk=event.clerk,
            pause_reason=None,
            changed_at=event.at,
            idle_since=None,
            standby=event.standby,
            zone=window.zone if window.is_told else None,
            why=window.why if event.why is None and window.is_told else event.why,
        ),
    )


@follow.register
def _(event: e.WindowAssigned, state: HallState) -> None:
    window = state.window(event.window)
    told = Assignment(event.services, event.zone, event.until, event.why)
    if event.scheduled is not None:
        state.scheduled[event.scheduled] = None
    if window.ticket is None:
        _assign(state, event.window, told, event.at)
    else:
        # Nobody is moved in the middle of serving: it holds from the moment the ticket has gone.
        _put_window(state, replace(window, pending=told))


@follow.register
def _(event: e.PressureRose, state: HallState) -> None:
    state.pressed[event.zone] = event.at


@follow.register
def _(event: e.PressureEased, state: HallState) -> None:
    state.pressed.pop(event.zone, None)


@follow.register
def _(event: e.TideProposed, state: HallState) -> None:
    tide = Tide(event.tide, event.window, TideAction(event.action), event.zone, event.why, event.at)
    state.tides[event.tide] = tide
    state.tides_made += 1


@follow.register
def _(event: e.TideSettled, state: HallState) -> None:
    tide = state.tides.pop(event.tide)
    if event.outcome == "dismissed":
        state.dismissed[(tide.window, tide.action.value, tide.zone)] = event.at


@follow.register
def _(event: e.WaitAlarmRaised, state: HallState) -> None:
    state.alarms[event.service] = Alarm(event.service, AlarmLevel(event.level), event.at)


@follow.register
def _(event: e.WaitAlarmCleared, state: HallState) -> None:
    state.alarms.pop(event.service, None)
