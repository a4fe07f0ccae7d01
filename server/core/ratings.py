"""Ratings (A1): once for a served ticket, voluntary, with points of the hall's form; a bad one opens a work order. Pure.

By its link a ticket is rated also after its day, for as long as the hall file says (`Visit`); a window's evaluator asks about the ticket finished there last, for a minute or until the next citizen is served.
"""

from dataclasses import dataclass, replace

from server.core import commands as c
from server.core import events as e
from server.core import orders
from server.core.affairs import Asking, Visit
from server.core.events import Event
from server.core.judging import follow, judge
from server.core.model import DAY_END, HallState, Plan, Ticket, TicketState
from server.core.refusals import Reason, Rejected
from server.core.transitions import Verb
from server.core.verbs import find_ticket, require_legal

#: The five levels, best first; their names are fixed too (`server/web/present/ratings.py`).
LEVELS = (5, 4, 3, 2, 1)
#: From here down a rating is bad (差评) and must be followed up.
BAD = 2
#: How long an evaluator asks, and how long after the service the clerk may have it ask again.
ASK_S, ASK_AGAIN_S = 60.0, 600.0
EVALUATOR = "evaluator"


@dataclass(frozen=True, slots=True, kw_only=True)
class RateAtWindow(c.AtWindow):
    """The citizen's rating at the window's evaluator, of the ticket it asks about; `number` is what it showed."""

    level: int
    points: tuple[str, ...] = ()
    number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskRating(c.AtWindow):
    """The clerk lets the evaluator ask once more about the ticket finished last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingAsked(e.WindowEvent):
    """The evaluator asks again about a ticket."""

    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRated(Event):
    """A ticket of an earlier day was rated by its link; the fields of `TicketRated`, which is for those of today."""

    ticket: str
    level: int
    channel: str = "phone"
    points: tuple[str, ...] = ()
    form: str = ""
    note: str | None = None
    number: str = ""
    day: str = ""
    cases: tuple[str, ...] = ()
    items: tuple[str, ...] = ()


#: The rating of a ticket, given on its day or later.
RATED = (e.TicketRated, VisitRated)

EVENTS: tuple[type[Event], ...] = (RatingAsked, VisitRated, *orders.EVENTS)


def asked_ticket(state: HallState, window: str, at: float) -> Ticket | None:
    """The ticket that a window's evaluator asks about at this moment."""
    asking = state.asked.get(window)
    if asking is None or at >= asking.at + ASK_S or _serves(state, window):
        return None
    ticket = state.tickets[asking.ticket]
    return None if ticket.rating is not None else ticket


def may_rate(plan: Plan, rated: Ticket | Visit, at: float) -> bool:
    """Whether a ticket may be rated now. What the end of the day closed was not served to its end."""
    if isinstance(rated, Ticket) and (rated.state is not TicketState.DONE or rated.outcome == DAY_END):
        return False
    return rated.rating is None and at <= (rated.finished_at or 0.0) + plan.redress.rate_within_s


def visit_of(state: HallState, ticket: Ticket) -> Visit:
    """A ticket of today as what is rated."""
    settled = [state.settlements[name] for name in ticket.settled if name in state.settlements]
    fetched = [] if ticket.case is None or ticket.case not in state.cases else [state.cases[ticket.case]]
    cases = [*(one.case for one in settled), *(one.number for one in fetched)]
    items = [ticket.item, *(one.item for one in settled), *(one.item for one in fetched)]
    return Visit(
        id=ticket.id,
        number=ticket.number,
        business_day=state.business_day,
        service=ticket.service,
        zone=ticket.zone,
        window=ticket.window,
        clerk=ticket.clerk,
        finished_at=ticket.finished_at or 0.0,
        language=ticket.language,
        appointment=ticket.appointment,
        settled=ticket.settled,
        case=ticket.case,
        cases=tuple(dict.fromkeys(one for one in cases if one is not None)),
        items=tuple(dict.fromkeys(one for one in items if one is not None)),
        rating=ticket.rating,
    )


def still_rateable(plan: Plan, state: HallState, at: float) -> tuple[Visit, ...]:
    """What a new day takes over: whoever has not rated yet and still may, of the day that ends and those before."""
    today = [visit_of(state, ticket) for ticket in state.tickets.values() if may_rate(plan, ticket, at)]
    return (*(visit for visit in state.visits.values() if may_rate(plan, visit, at)), *today)


def reminders_due(plan: Plan, state: HallState, after: float, until: float) -> list[tuple[float, Visit]]:
    """Who is to be invited once more (A1.11), with the moment: after `after`, not after `until`, and while it is of use."""
    after_s = plan.redress.remind_after_s
    if after_s is None:
        return []
    due = [(visit.finished_at + after_s, visit) for visit in state.visits.values() if may_rate(plan, visit, until)]
    return sorted((one for one in due if after < one[0] <= until), key=lambda one: (one[0], one[1].id))


def _serves(state: HallState, window: str) -> bool:
    """Whether the next citizen sits at the window: whatever is pressed now is not about the one before."""
    current = state.window(window).ticket
    return current is not None and state.tickets[current].state is TicketState.SERVING


# --- Rules ------------------------------------------------------------------------------------------------------------


@judge.register
def _(command: c.Rate, plan: Plan, state: HallState) -> list[Event]:
    if (visit := state.visits.get(command.ticket)) is not None:
        return _rated(plan, visit, command, VisitRated)
    return _rated_today(plan, state, find_ticket(state, command.ticket), command)


@judge.register
def _(command: RateAtWindow, plan: Plan, state: HallState) -> list[Event]:
    if command.window not in plan.windows:
        raise Rejected(Reason.WINDOW_UNKNOWN, window=command.window)
    ticket = asked_ticket(state, command.window, command.at)
    if ticket is None or command.number not in (None, ticket.number):
        raise _not_asked(state, command)
    rate = c.Rate(at=command.at, ticket=ticket.id, level=command.level, channel=EVALUATOR, points=command.points)
    return _rated_today(plan, state, ticket, rate)


def _not_asked(state: HallState, command: RateAtWindow) -> Rejected:
    """Why a press at an evaluator counts for nothing."""
    asking = state.asked.get(command.window)
    if asking is None:
        return Rejected(Reason.WINDOW_IDLE, window=command.window)
    last = state.tickets[asking.ticket]
    shown = command.number or last.number
    if last.rating is not None and shown == last.number:
        return Rejected(Reason.ALREADY_RATED, ticket=shown)
    return Rejected(Reason.RATING_OVER, ticket=shown)


@judge.register
def _(command: AskRating, plan: Plan, state: HallState) -> list[Event]:
    if command.window not in plan.windows:
        raise Rejected(Reason.WINDOW_UNKNOWN, window=command.window)
    asking = state.asked.get(command.window)
    if asking is None:
        raise Rejected(Reason.WINDOW_IDLE, window=command.window)
    ticket = state.tickets[asking.ticket]
    if _serves(state, command.window):
        busy_with = state.tickets[str(state.window(command.window).ticket)]
        raise Rejected(Reason.WINDOW_BUSY, window=command.window, ticket=busy_with.number)
    if ticket.rating is not None:
        # No refusal: the clerk is not told whether somebody has rated (A1.9).
        return []
    if command.at > (ticket.finished_at or 0.0) + ASK_AGAIN_S:
        raise Rejected(Reason.RATING_OVER, ticket=ticket.number)
    return [RatingAsked(at=command.at, window=command.window, ticket=ticket.id)]


def _rated_today(plan: Plan, state: HallState, ticket: Ticket, command: c.Rate) -> list[Event]:
    require_legal(ticket, Verb.RATE)
    if ticket.rating is None and not may_rate(plan, ticket, command.at):
        raise Rejected(Reason.RATING_OVER, ticket=ticket.number)
    return _rated(plan, visit_of(state, ticket), command, e.TicketRated)


def _rated(plan: Plan, visit: Visit, command: c.Rate, event: type[e.TicketRated | VisitRated]) -> list[Event]:
    assert command.level in LEVELS, command.level
    if visit.rating is not None:
        raise Rejected(Reason.ALREADY_RATED, ticket=visit.number)
    if not may_rate(plan, visit, command.at):
        raise Rejected(Reason.RATING_OVER, ticket=visit.number)
    points = tuple(dict.fromkeys(command.points))
    if unknown := [point for point in points if point not in plan.redress.points.get(command.level, ())]:
        raise Rejected(Reason.POINT_UNKNOWN, point=unknown[0], level=command.level)
    rated = event(
        at=command.at,
        ticket=visit.id,
        level=command.level,
        channel=command.channel,
        points=points,
        form=plan.redress.form,
        note=command.note,
        number=visit.number,
        day=visit.business_day,
        cases=visit.cases,
        items=visit.items,
    )
    return [rated] if command.level > BAD else [rated, orders.opened(plan, visit, command, points)]


# --- Steps ------------------------------------------------------------------------------------------------------------


@follow.register
def _(event: e.TicketRated, state: HallState) -> None:
    ticket = state.tickets[event.ticket]
    state.tickets[ticket.id] = replace(
        ticket, rating=event.level, rated_by=event.channel, points=event.points, remark=event.note
    )
    asking = state.asked.get(ticket.window or "")
    if asking is not None and asking.ticket == ticket.id and event.channel == EVALUATOR:
        state.asked[str(ticket.window)] = replace(asking, rated_at=event.at)


@follow.register
def _(event: VisitRated, state: HallState) -> None:
    state.visits[event.ticket] = replace(state.visits[event.ticket], rating=event.level)


@follow.register
def _(event: RatingAsked, state: HallState) -> None:
    state.asked[event.window] = Asking(event.ticket, event.at)
