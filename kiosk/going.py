"""Going from page to page: what every journey uses. A step is the next state and what is to be done.

Pure. What stays of a visitor when a page is left, and when he goes, is decided here and nowhere else.
"""

from dataclasses import dataclass, replace

from kiosk import staff
from kiosk.catalogue import Hall, Ticket
from kiosk.pagebook import LOST_GRACE_S
from kiosk.state import Command, Paper, Prefs, PrintTicket, Screen, State, Taken


@dataclass(frozen=True, slots=True)
class Step:
    """The next state, and what is to be done, in order."""

    state: State
    commands: tuple[Command, ...] = ()


def go(state: State, screen: Screen, now: float) -> State:
    """Turn to another page."""
    return replace(state, screen=screen, entered_at=now, warned_at=None)


def home(state: State, now: float) -> State:
    """Go to the first page, keeping how this visitor wants to see and hear it."""
    clean = reset(state, now, keeps_prefs=True)
    if state.hall is None:
        return go(clean, Screen.STARTING, now)
    if state.lost_at is not None and now - state.lost_at >= LOST_GRACE_S:
        return go(clean, Screen.LOST, now)
    return go(clean, Screen.HOME if state.hall.is_open else Screen.CLOSED, now)


def leave(state: State, now: float) -> Step:
    """The visitor is gone: nothing of them stays (B1.8)."""
    if state.screen in (Screen.ISSUING,):
        return Step(state)
    commands = (Taken(state.ticket),) if state.ticket is not None else ()
    return Step(home(reset(state, now, keeps_prefs=False), now), commands)


def present(state: State, now: float) -> State:
    """Somebody is there: the countdown begins anew."""
    return replace(state, touched_at=now, warned_at=None)


def reset(state: State, now: float, *, keeps_prefs: bool) -> State:
    """Forget everything but the hall, the link, the lock of the staff exit and the guard against double taps."""
    return State(
        screen=state.screen,
        hall=state.hall,
        prefs=state.prefs if keeps_prefs else first_prefs(state.hall),
        attempt=state.attempt,
        is_online=state.is_online,
        lost_at=state.lost_at,
        is_refused=state.is_refused,
        entered_at=state.entered_at,
        touched_at=state.touched_at if keeps_prefs else now,
        last_tap=state.last_tap,
        last_tap_at=state.last_tap_at,
        staff=staff.forget(state.staff),
    )


def first_prefs(hall: Hall | None) -> Prefs:
    """How a new visitor sees the pages."""
    return Prefs(language=hall.languages[0]) if hall else Prefs()


def show_ticket(state: State, ticket: Ticket, now: float) -> Step:
    """Put a number on the glass and on paper."""
    shown_state = go(present(state, now), Screen.TICKET, now)
    return Step(replace(shown_state, ticket=ticket, paper=Paper.PRINTING), (PrintTicket(ticket),))


def refuse(state: State, now: float, detail: str = "", detail_zh: str = "") -> State:
    """Say why it was not possible."""
    return go(replace(state, refusal=detail, refusal_zh=detail_zh), Screen.REFUSED, now)
