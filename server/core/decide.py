"""`decide(plan, state, command) -> events`: the rules of the hall. Pure; refuses with `Rejected` and changes nothing.

The rules of the queue stand here; those of what is beside it (appointments, ratings, matters, assistance) register
themselves from their own modules.
"""

from dataclasses import replace

import server.core.event_types  # noqa: F401 - every capability registers its rules and steps
from server.core import commands as c
from server.core import events as e
from server.core.affairs_open import affairs_still_open
from server.core.appointments import claimed_slot, lapsed
from server.core.calendar import is_open
from server.core.calling import called, called_next
from server.core.case_records import Case, CaseState
from server.core.cases import find_case, steps_overdue
from server.core.dispatch import home_of, is_authorised, is_limited, is_permitted, may_call, next_for, zones_of
from server.core.holders import OVER, goes_beyond_limits
from server.core.judging import judge
from server.core.learning import learn, means
from server.core.model import DAY_END, HallState, Plan, PrintState, Ticket, TicketState, WindowState, WindowStatus
from server.core.numbering import format_number
from server.core.ordering import Due, credited_at, due, order_key
from server.core.ratings import still_rateable
from server.core.reasons import why_by_hand, why_resumed
from server.core.refusals import Reason, Rejected
from server.core.steps import ended, passed_on, steps_of, with_passed_on
from server.core.tide_reasons import why_assigned, why_reverted
from server.core.tides import turned, watch
from server.core.transitions import TRANSITIONS, Verb
from server.core.verbs import find_ticket, require_legal


def decide(plan: Plan, state: HallState, command: c.Command) -> list[e.Event]:
    """Judge one command against the state; the events it makes, in order, or `Rejected`."""
    if not state.day_open and not isinstance(command, c.OpenDay):
        raise Rejected(Reason.DAY_NOT_OPEN)
    return judge(command, plan, state)


# --- What several rules ask -------------------------------------------------------------------------------------------


def _window(plan: Plan, state: HallState, window: str) -> WindowState:
    if window not in plan.windows:
        raise Rejected(Reason.WINDOW_UNKNOWN, window=window)
    return state.window(window)


def _current(plan: Plan, state: HallState, window: str, verb: Verb) -> Ticket:
    """The ticket at a window, if the step is legal for it."""
    at_window = _window(plan, state, window)
    if at_window.ticket is None:
        raise Rejected(Reason.WINDOW_IDLE, window=window)
    ticket = state.tickets[at_window.ticket]
    require_legal(ticket, verb)
    return ticket


def _ready_to_call(plan: Plan, state: HallState, window: str) -> WindowState:
    """A window that may take a ticket, busy or not."""
    at_window = _window(plan, state, window)
    if at_window.status is WindowStatus.CLOSED:
        raise Rejected(Reason.WINDOW_CLOSED, window=window)
    if at_window.status is WindowStatus.PAUSED:
        raise Rejected(Reason.WINDOW_PAUSED, window=window)
    return at_window


def _free_to_call(plan: Plan, state: HallState, window: str) -> None:
    if (busy_with := _ready_to_call(plan, state, window).ticket) is not None:
        raise Rejected(Reason.WINDOW_BUSY, window=window, ticket=state.tickets[busy_with].number)


# --- One rule per command ---------------------------------------------------------------------------------------------


@judge.register
def _(command: c.OpenDay, plan: Plan, state: HallState) -> list[e.Event]:
    # Never backwards: a clock set back must not restart the numbers of a day (A2.7).
    if command.business_day <= state.business_day:
        return []
    closing = _close_day(state, command.at) if state.day_open else []
    kept = _assignments_still_possible(plan, state)
    learnt = learn(plan, state)
    assigned = [w for w in _windows_as_told(state) if w.id in kept]
    opening = e.DayOpened(
        at=command.at,
        business_day=command.business_day,
        means=means(plan, learnt),
        assignments=kept,
        zones={w.id: w.zone for w in assigned if w.zone is not None},
        until={w.id: w.until for w in assigned if w.until is not None},
        learnt=learnt,
        **affairs_still_open(state, command.at),
        visits=still_rateable(plan, state, command.at),
        devices={name: (device.condition, device.since) for name, device in state.devices.items()},
    )
    return [*closing, opening]


def _windows_as_told(state: HallState) -> list[WindowState]:
    """The windows as they are once every ticket has gone."""
    return [w if w.pending is None else w.as_told(w.pending) for w in state.windows.values()]


def _assignments_still_possible(plan: Plan, state: HallState) -> dict[str, tuple[str, ...]]:
    """What was assigned yesterday, as far as today's hall file still knows it; with nothing left the plan counts."""
    kept = {}
    for window in _windows_as_told(state):
        services = tuple(s for s in window.services or () if s in plan.services)
        if window.id in plan.windows and services:
            kept[window.id] = services
    return kept


@judge.register
def _(command: c.CloseDay, plan: Plan, state: HallState) -> list[e.Event]:
    return _close_day(state, command.at)


def _close_day(state: HallState, at: float) -> list[e.Event]:
    """Close what is still open, once, as not handled; then the windows, then the day (D2.17)."""
    events: list[e.Event] = []
    for ticket in state.tickets.values():
        if ticket.state is TicketState.SERVING and ticket.window is not None:
            events.append(e.ServiceFinished(at=at, ticket=ticket.id, window=ticket.window, outcome=DAY_END))
        elif (ticket.state, Verb.CANCEL) in TRANSITIONS:
            events.append(e.TicketCancelled(at=at, ticket=ticket.id, reason=DAY_END))
    events += [
        e.WindowClosed(at=at, window=w.id) for w in state.windows.values() if w.status is not WindowStatus.CLOSED
    ]
    return [*events, e.DayClosed(at=at, business_day=state.business_day)]


@judge.register
def _(command: c.Issue, plan: Plan, state: HallState) -> list[e.Event]:
    if (known := state.tickets.get(command.ticket)) is not None:
        # The device made the id before it sent: the same ticket again is the same tap, not a second one.
        if command.service in (known.service, *known.then) and known.device == command.device:
            return []
        raise Rejected(Reason.TICKET_EXISTS, ticket=known.number)
    service = plan.services.get(command.service)
    if service is None:
        raise Rejected(Reason.SERVICE_UNKNOWN, service=command.service)
    if command.group is not None and command.group not in plan.groups:
        raise Rejected(Reason.GROUP_UNKNOWN, group=command.group)
    if command.for_window is not None and _window(plan, state, command.for_window).status is WindowStatus.CLOSED:
        raise Rejected(Reason.WINDOW_CLOSED, window=command.for_window)
    if command.appointment is None and not is_open(plan, service.timetable, command.at):
        raise Rejected(Reason.SERVICE_CLOSED, service=command.service)
    if command.item is not None and not plan.authority.get(command.item, (command.item,)):
        # Nobody could ever call it.
        raise Rejected(Reason.ITEM_NOT_AUTHORISED, item=command.item)
    over_limit = goes_beyond_limits(state, command, plan)
    case = None if command.case is None else find_case(state, command.case)
    if case is not None and case.state is not CaseState.READY:
        raise Rejected(Reason.CASE_STATE, case=case.number, state=case.state.value)
    if case is not None:
        _require_nobody_fetches(state, case)
    # Who has an appointment has a time at the window itself, and so has who was sent to one.
    has_a_place = command.appointment is not None or command.slot_at is not None or command.for_window is not None
    first, *then = steps_of(plan, service.id, command.at, is_checked=command.is_checked or has_a_place)
    slot_at = command.slot_at if command.appointment is None else claimed_slot(plan, state, command)
    counts = due(plan.rules, command.at, slot_at)
    return [
        e.TicketIssued(
            at=command.at,
            ticket=command.ticket,
            number=format_number(service.series, state.counters.get(service.series, 0) + 1),
            series=service.series,
            service=first,
            zone=plan.services[first].zone,
            credited_at=credited_at(plan, state, first, counts, command.group),
            due_at=counts.at,
            on_time=counts.on_time,
            group=command.group,
            proof=command.proof,
            channel=command.channel,
            language=command.language,
            device=command.device,
            for_window=command.for_window,
            printer=command.printer,
            appointment=command.appointment,
            holder=command.holder,
            over_limit=over_limit,
            item=command.item,
            limited=not then and is_limited(plan, command.item),
            then=tuple(then),
            case=None if case is None else case.id,
        )
    ]


def _require_nobody_fetches(state: HallState, case: Case) -> None:
    """Refuse a second ticket for a result while the first one still waits: the voucher was scanned twice."""
    fetching = state.tickets.get(case.pickup_ticket or "")
    if fetching is not None and fetching.state not in OVER:
        raise Rejected(Reason.HAS_OPEN_TICKET, ticket=fetching.number)


@judge.register
def _(command: c.CallNext, plan: Plan, state: HallState) -> list[e.Event]:
    at_window = _ready_to_call(plan, state, command.window)
    events: list[e.Event] = []
    if at_window.ticket is not None:
        if not command.finish_current:
            raise Rejected(Reason.WINDOW_BUSY, window=command.window, ticket=state.tickets[at_window.ticket].number)
        at_desk = state.tickets[at_window.ticket]
        ending = ended(plan, state, command.window, at_desk, command.at, None)
        events.append(ending)
        if isinstance(ending, e.TicketTransferred):
            # A window that serves the next step too may well call the same citizen.
            state = with_passed_on(state, at_desk, ending)
    if at_window.pending is not None:
        # What the window was told holds from the moment its ticket has gone, which is before this call.
        moved = at_window.as_told(at_window.pending)
        state = replace(state, windows={**state.windows, command.window: moved})
    ticket = next_for(plan, state, command.window, command.at)
    if ticket is not None:
        events.append(called_next(plan, state, command.window, ticket, command.at))
    return events


@judge.register
def _(command: c.CallTicket, plan: Plan, state: HallState) -> list[e.Event]:
    _free_to_call(plan, state, command.window)
    ticket = find_ticket(state, command.ticket)
    require_legal(ticket, Verb.CALL)
    _require_not_void(plan, ticket, command.at)
    _require_served_here(plan, state, command.window, ticket)
    why = why_by_hand(plan, state, command.window, ticket, command.at)
    return [called(plan, state, command.window, ticket, command.at, why, by_hand=True)]


def _require_not_void(plan: Plan, ticket: Ticket, at: float) -> None:
    """Refuse a ticket that was missed too long ago, where the hall lets missed tickets lapse (A2.9)."""
    void_after_s = plan.rules.void_after_s
    if ticket.missed_at is not None and void_after_s is not None and at - ticket.missed_at > void_after_s:
        raise Rejected(Reason.TICKET_VOID, ticket=ticket.number, minutes=round(void_after_s / 60))


def _require_served_here(plan: Plan, state: HallState, window: str, ticket: Ticket) -> None:
    if not may_call(plan, state, window, ticket):
        if is_authorised(plan, state, window, ticket.service) and is_permitted(plan, window, ticket):
            raise Rejected(Reason.RESERVED_ELSEWHERE, ticket=ticket.number, window=str(ticket.for_window))
        raise Rejected(Reason.NOT_SERVED_HERE, ticket=ticket.number, window=window)


@judge.register
def _(command: c.Recall, plan: Plan, state: HallState) -> list[e.Event]:
    ticket = _current(plan, state, command.window, Verb.RECALL)
    if ticket.recalls >= plan.rules.recall_limit:
        raise Rejected(Reason.RECALL_LIMIT, ticket=ticket.number, limit=plan.rules.recall_limit)
    return [e.TicketRecalled(at=command.at, ticket=ticket.id, window=command.window)]


@judge.register
def _(command: c.Start, plan: Plan, state: HallState) -> list[e.Event]:
    ticket = _current(plan, state, command.window, Verb.START)
    return [e.ServiceStarted(at=command.at, ticket=ticket.id, window=command.window)]


@judge.register
def _(command: c.Finish, plan: Plan, state: HallState) -> list[e.Event]:
    ticket = _current(plan, state, command.window, Verb.FINISH)
    return [ended(plan, state, command.window, ticket, command.at, command.outcome)]


@judge.register
def _(command: c.Hold, plan: Plan, state: HallState) -> list[e.Event]:
    ticket = _current(plan, state, command.window, Verb.HOLD)
    return [e.TicketHeld(at=command.at, ticket=ticket.id, window=command.window)]


@judge.register
def _(command: c.Resume, plan: Plan, state: HallState) -> list[e.Event]:
    _free_to_call(plan, state, command.window)
    ticket = find_ticket(state, command.ticket)
    require_legal(ticket, Verb.RESUME)
    if ticket.window != command.window:
        _require_served_here(plan, state, command.window, ticket)
    why = why_resumed(plan, ticket, command.at)
    return [e.TicketResumed(at=command.at, ticket=ticket.id, window=command.window, why=why)]


@judge.register
def _(command: c.Transfer, plan: Plan, state: HallState) -> list[e.Event]:
    ticket = _current(plan, state, command.window, Verb.TRANSFER)
    # To a window the service stays; it is not looked up, since a hall file edited at noon may have dropped it.
    service, zone = ticket.service, ticket.zone
    if command.to_window is not None:
        if command.to_window == command.window:
            raise Rejected(Reason.SAME_TARGET, ticket=ticket.number)
        if _window(plan, state, command.to_window).status is WindowStatus.CLOSED:
            raise Rejected(Reason.WINDOW_CLOSED, window=command.to_window)
        if not is_permitted(plan, command.to_window, ticket):
            raise Rejected(Reason.NOT_SERVED_HERE, ticket=ticket.number, window=command.to_window)
    else:
        if command.to_service is None or command.to_service not in plan.services:
            raise Rejected(Reason.SERVICE_UNKNOWN, service=str(command.to_service))
        # A ticket reserved for one window may be given back to all the windows of its own service.
        if command.to_service == ticket.service and ticket.for_window is None:
            raise Rejected(Reason.SAME_TARGET, ticket=ticket.number)
        target = plan.services[command.to_service]
        if command.to_service in ticket.then:
            # By hand, and yet on to the next step.
            return [passed_on(plan, state, command.window, ticket, command.at, command.to_service)]
        service, zone = target.id, target.zone
    return [
        e.TicketTransferred(
            at=command.at,
            ticket=ticket.id,
            window=command.window,
            service=service,
            zone=zone,
            # The due time stays, so the time waited so far still counts; the credit is that of the new service.
            credited_at=credited_at(plan, state, service, Due(ticket.due_at, ticket.on_time), ticket.group),
            for_window=command.to_window,
            limited=ticket.limited and service == ticket.service,
            then=ticket.then if service == ticket.service else (),
        )
    ]


@judge.register
def _(command: c.MarkNoShow, plan: Plan, state: HallState) -> list[e.Event]:
    ticket = _current(plan, state, command.window, Verb.NO_SHOW)
    return [e.TicketMissed(at=command.at, ticket=ticket.id, window=command.window)]


@judge.register
def _(command: c.Reinstate, plan: Plan, state: HallState) -> list[e.Event]:
    _window(plan, state, command.window)
    ticket = find_ticket(state, command.ticket)
    require_legal(ticket, Verb.REINSTATE)
    _require_not_void(plan, ticket, command.at)
    if ticket.missed_at is not None and command.at - ticket.missed_at <= plan.rules.undo_s:
        # A slip of the clerk, taken back at once: the citizen loses nothing (B4.5).
        place, new_entry = ticket.credited_at, False
    else:
        place, new_entry = _place_behind_others(plan, state, ticket, command.at), True
    return [
        e.TicketReinstated(
            at=command.at, ticket=ticket.id, window=command.window, credited_at=place, new_entry=new_entry
        )
    ]


def _place_behind_others(plan: Plan, state: HallState, ticket: Ticket, at: float) -> float:
    """The credited time that puts a missed ticket behind the next few of its service (A2.9), fixed once like any."""
    line = sorted((t for t in _same_service(state, ticket)), key=order_key)
    if len(line) < plan.rules.reenter_after:
        # Like somebody who takes a ticket for it now, so that those who come later come after.
        return max([credited_at(plan, state, ticket.service, Due(at), None), *(t.credited_at for t in line)])
    if plan.rules.reenter_after == 0:
        return ticket.credited_at
    return max(ticket.credited_at, line[plan.rules.reenter_after - 1].credited_at)


def _same_service(state: HallState, ticket: Ticket) -> list[Ticket]:
    return [t for i in state.waiting if (t := state.tickets[i]).service == ticket.service]


@judge.register
def _(command: c.Cancel, plan: Plan, state: HallState) -> list[e.Event]:
    ticket = find_ticket(state, command.ticket)
    require_legal(ticket, Verb.CANCEL)
    return [e.TicketCancelled(at=command.at, ticket=ticket.id, reason=command.reason)]


@judge.register
def _(command: c.RequestReprint, plan: Plan, state: HallState) -> list[e.Event]:
    ticket = find_ticket(state, command.ticket)
    return [e.TicketReprinted(at=command.at, ticket=ticket.id, printer=command.printer)]


@judge.register
def _(command: c.ReportPrint, plan: Plan, state: HallState) -> list[e.Event]:
    ticket = find_ticket(state, command.ticket)
    if ticket.print_state is PrintState(command.state):
        return []
    return [e.TicketPrintReported(at=command.at, ticket=ticket.id, state=command.state)]


@judge.register
def _(command: c.ReportDevice, plan: Plan, state: HallState) -> list[e.Event]:
    known = state.devices.get(command.device)
    if known is not None and known.condition == command.condition:
        return []
    return [e.DeviceReported(at=command.at, device=command.device, condition=command.condition)]


@judge.register
def _(command: c.OpenWindow, plan: Plan, state: HallState) -> list[e.Event]:
    at_window = _window(plan, state, command.window)
    # A keypad knows no clerk: when it ends a pause, whoever signed in is still there.
    clerk = command.clerk if command.clerk is not None else at_window.clerk
    if at_window.status is WindowStatus.OPEN and at_window.clerk == clerk:
        return []
    # Who comes back from a pause is where he was; who begins is at home.
    zone = None if at_window.status is WindowStatus.CLOSED else at_window.zone
    return [e.WindowOpened(at=command.at, window=command.window, clerk=clerk, zone=zone)]


@judge.register
def _(command: c.PauseWindow, plan: Plan, state: HallState) -> list[e.Event]:
    at_window = _window(plan, state, command.window)
    if at_window.status is WindowStatus.CLOSED:
        raise Rejected(Reason.WINDOW_CLOSED, window=command.window)
    if at_window.status is WindowStatus.PAUSED and at_window.pause_reason == command.reason:
        return []
    return [e.WindowPaused(at=command.at, window=command.window, reason=command.reason)]


@judge.register
def _(command: c.CloseWindow, plan: Plan, state: HallState) -> list[e.Event]:
    at_window = _window(plan, state, command.window)
    if at_window.ticket is not None:
        raise Rejected(Reason.WINDOW_BUSY, window=command.window, ticket=state.tickets[at_window.ticket].number)
    if at_window.status is WindowStatus.CLOSED and at_window.standby == command.standby:
        return []
    # A keypad knows no clerk: whoever signed in is still there.
    clerk = (command.clerk or at_window.clerk) if command.standby else None
    return [e.WindowClosed(at=command.at, window=command.window, standby=command.standby, clerk=clerk)]


@judge.register
def _(command: c.AssignWindow, plan: Plan, state: HallState) -> list[e.Event]:
    at_window = _window(plan, state, command.window)
    if unknown := [s for s in command.services if s not in plan.services]:
        raise Rejected(Reason.SERVICE_UNKNOWN, service=", ".join(unknown))
    if command.zone is not None and command.zone not in zones_of(plan):
        raise Rejected(Reason.ZONE_UNKNOWN, zone=command.zone)
    if command.until is not None and command.until <= command.at:
        raise Rejected(Reason.UNTIL_PAST, window=command.window)
    home = home_of(plan, command.window)
    zone = None if command.zone == home else command.zone
    # What counts is what the window will do once its ticket has gone: a pending move can be taken back.
    told = at_window if at_window.pending is None else at_window.as_told(at_window.pending)
    if not command.services:
        if told.services is None and told.zone is None:
            return []
        why = why_reverted(plan, at_window, by_hand=True)
        return [e.WindowAssigned(at=command.at, window=command.window, services=(), why=why)]
    serves = plan.windows[command.window].services if told.services is None else told.services
    if command.services == serves and command.until == told.until and zone == told.zone:
        return []
    why = why_assigned(plan, command.window, zone, command.until)
    return [
        e.WindowAssigned(
            at=command.at, window=command.window, services=command.services, zone=zone, until=command.until, why=why
        )
    ]


@judge.register
def _(command: c.Watch, plan: Plan, state: HallState) -> list[e.Event]:
    at = command.at
    return [*watch(plan, state, at), *lapsed(plan, state, at), *steps_overdue(plan, state, at)]


@judge.register
def _(command: c.AcceptTide, plan: Plan, state: HallState) -> list[e.Event]:
    if (tide := state.tides.get(command.tide)) is None:
        raise Rejected(Reason.TIDE_UNKNOWN, tide=command.tide)
    if tide.window not in plan.windows:
        raise Rejected(Reason.TIDE_UNKNOWN, tide=command.tide)
    settled = e.TideSettled(at=command.at, tide=tide.id, outcome="accepted")
    return [settled, turned(plan, state, tide, command.at)]


@judge.register
def _(command: c.DismissTide, plan: Plan, state: HallState) -> list[e.Event]:
    if (tide := state.tides.get(command.tide)) is None:
        raise Rejected(Reason.TIDE_UNKNOWN, tide=command.tide)
    return [e.TideSettled(at=command.at, tide=tide.id, outcome="dismissed")]
