"""How the kiosk goes from page to page: `step(state, event, now, rules)` gives the next state and what to do.

Pure: no toolkit, no clock (time is handed in, in seconds that only ever grow), no network, no randomness. The pages
are data: what may be tapped on each, where Back leads and how long a visitor may be silent.
"""

from dataclasses import dataclass, replace

from kiosk import staff
from kiosk.catalogue import Hall, Ticket
from kiosk.pagebook import (
    BAR,
    DOUBLE_TAP_S,
    ISSUING_MAX_S,
    LOST_GRACE_S,
    PAGE,
    PRINTING_MAX_S,
    SETTLE_S,
    TICKET_S,
    TROUBLE_S,
    TYPING,
    Rules,
    page_count,
    per_page,
)
from kiosk.search import QUERY_MAX
from kiosk.state import (
    Abandon,
    Command,
    Event,
    HallSeen,
    Issued,
    IssueTicket,
    LinkBack,
    LinkLost,
    Paper,
    PaperMoved,
    PinChecked,
    Prefs,
    PrintTicket,
    Recovered,
    Refused,
    Reprint,
    Screen,
    State,
    Taken,
    Tap,
    Target,
    Tick,
    Touched,
)


@dataclass(frozen=True, slots=True)
class Step:
    """The next state, and what is to be done, in order."""

    state: State
    commands: tuple[Command, ...] = ()


def step(state: State, event: Event, now: float, rules: Rules) -> Step:
    """Take one event."""
    match event:
        case Tap():
            return _tap(state, event, now, rules)
        case Touched():
            return Step(_present(state, now))
        case Tick():
            return _tick(state, now, rules)
        case PinChecked(is_right):
            return _pin_checked(state, is_right, now)
        case HallSeen() | LinkLost() | LinkBack():
            return Step(_link_news(state, event, now, rules))
        case Issued() | Recovered() | Refused() | PaperMoved():
            return _ticket_news(state, event, now)


# Taps


def _tap(state: State, tap: Tap, now: float, rules: Rules) -> Step:
    identity = (tap.target.value, tap.value)
    is_bouncing = now - state.entered_at < SETTLE_S or (
        identity == state.last_tap and now - state.last_tap_at < DOUBLE_TAP_S
    )
    if state.warned_at is not None and tap.target is not Target.LEAVE:
        # While the warning is up every touch means "I am here", and nothing else.
        return Step(replace(_present(state, now), last_tap=identity, last_tap_at=now))
    state = _present(state, now)
    if is_bouncing and tap.target not in TYPING:
        return Step(state)
    state = replace(state, last_tap=identity, last_tap_at=now)
    if tap.target is Target.LEAVE:
        return _leave(state, now)
    if tap.target not in PAGE[state.screen].taps:
        return Step(state)
    if tap.target in BAR:
        return _tap_bar(state, tap.target, now, rules)
    if state.screen in (Screen.PIN, Screen.STAFF) and tap.target is not Target.BACK:
        return _staff_tap(state, tap, now)
    return _tap_page(state, tap, now, rules)


def _tap_bar(state: State, target: Target, now: float, rules: Rules) -> Step:
    prefs = state.prefs
    match target:
        case Target.HOME:
            return Step(_home(state, now))
        case Target.LANGUAGE:
            prefs = replace(prefs, language=next_language(state))
        case Target.SCALE:
            prefs = replace(prefs, scale=prefs.scale.next())
        case Target.CONTRAST:
            prefs = replace(prefs, has_high_contrast=not prefs.has_high_contrast)
        case Target.LOW:
            prefs = replace(prefs, has_low_controls=not prefs.has_low_controls)
        case Target.VOICE:
            prefs = replace(prefs, has_voice=not prefs.has_voice)
        case Target.AGAIN:
            return Step(replace(state, spoken_again=state.spoken_again + 1))
    first = state.page * per_page(state, rules)
    state = replace(state, prefs=prefs)
    return Step(replace(state, page=first // per_page(state, rules)))


def next_language(state: State) -> str:
    """The language the switch leads to."""
    languages = state.hall.languages if state.hall else ("zh", "en")
    at = languages.index(state.prefs.language) if state.prefs.language in languages else -1
    return languages[(at + 1) % len(languages)]


def _tap_page(state: State, tap: Tap, now: float, rules: Rules) -> Step:
    match tap.target:
        case Target.PREVIOUS | Target.NEXT | Target.KEY | Target.ERASE:
            return Step(_turn(state, tap, rules))
        case Target.PRIORITY | Target.GROUP:
            return Step(_choose_group(state, tap, now))
        case Target.CONFIRM:
            return _confirm(state, now)
        case Target.DONE:
            return _leave(state, now)
        case Target.REPRINT:
            return _reprint(state, now)
        case _:
            return Step(_move(state, tap, now, rules))


def _move(state: State, tap: Tap, now: float, rules: Rules) -> State:
    """Go to another page."""
    match tap.target:
        case Target.BACK:
            return _back(state, now)
        case Target.ZONE:
            return _choose_zone(state, tap.value, now)
        case Target.SERVICE:
            return _choose_service(state, tap.value, now)
        case Target.SEARCH:
            return _go(replace(state, came_from=state.screen, query="", page=0), Screen.SEARCH, now)
        case Target.CORNER:
            return staff.corner(state, now, rules.has_pin)
        case _:
            return state


def _turn(state: State, tap: Tap, rules: Rules) -> State:
    """Turn a page of choices over, or change the letters that choose them."""
    match tap.target:
        case Target.PREVIOUS:
            return replace(state, page=max(0, state.page - 1))
        case Target.NEXT:
            return replace(state, page=min(page_count(state, rules) - 1, state.page + 1))
        case Target.ERASE:
            return replace(state, query=state.query[:-1], page=0)
        case _:
            is_letter = len(tap.value) == 1 and tap.value.isalpha() and tap.value.isascii()
            return replace(state, query=(state.query + tap.value)[:QUERY_MAX] if is_letter else state.query, page=0)


def _choose_group(state: State, tap: Tap, now: float) -> State:
    """Switch the priority group on (which one?) or off."""
    groups = state.hall.groups if state.hall else ()
    if tap.target is Target.PRIORITY:
        if state.group is not None:
            return replace(state, group=None)
        return _go(replace(state, page=0), Screen.GROUPS, now) if groups else state
    if all(group.id != tap.value for group in groups):
        return state
    return _go(replace(state, group=tap.value, page=0), Screen.CONFIRM, now)


def _reprint(state: State, now: float) -> Step:
    if state.ticket is None or state.paper is not Paper.TROUBLE:
        return Step(state)
    return Step(replace(state, paper=Paper.PRINTING, entered_at=now), (Reprint(state.ticket),))


def _choose_zone(state: State, zone_id: str, now: float) -> State:
    zone = state.hall.zone(zone_id) if state.hall else None
    if zone is None:
        return state
    chosen = replace(state, zone=zone.id, service=None, page=0, came_from=Screen.HOME)
    if not zone.is_open:
        return _go(chosen, Screen.SHUT, now)
    return _go(chosen, Screen.SERVICES, now)


def _choose_service(state: State, service_id: str, now: float) -> State:
    service = state.hall.service(service_id) if state.hall else None
    if service is None:
        return state
    came_from = Screen.SEARCH if state.screen is Screen.SEARCH else Screen.SERVICES
    chosen = replace(state, zone=service.zone, service=service.id, group=None, came_from=came_from)
    return _go(chosen, Screen.CONFIRM if service.is_open else Screen.SHUT, now)


def _confirm(state: State, now: float) -> Step:
    if state.service is None:
        return Step(state)
    attempt = state.attempt + 1
    issuing = _go(replace(state, attempt=attempt), Screen.ISSUING, now)
    return Step(issuing, (IssueTicket(attempt, state.service, state.group, state.prefs.language),))


def _back(state: State, now: float) -> State:
    """Go to where Back leads, with what was chosen there still in sight."""
    screen = state.screen
    if screen in (Screen.CONFIRM, Screen.SHUT) and state.service is not None:
        return _go(replace(state, service=None, group=None), state.came_from, now)
    if screen is Screen.GROUPS:
        return _go(replace(state, page=0), Screen.CONFIRM, now)
    if screen is Screen.SEARCH and state.came_from is Screen.SERVICES and state.zone is not None:
        return _go(replace(state, query="", page=0), Screen.SERVICES, now)
    return _home(state, now)


def _staff_tap(state: State, tap: Tap, now: float) -> Step:
    changed, commands = staff.tap(state, tap, now)
    return Step(changed, commands)


def _pin_checked(state: State, is_right: bool, now: float) -> Step:
    if state.screen is not Screen.PIN:
        return Step(state)
    changed, commands = staff.checked(state, is_right, now)
    return Step(_go(changed, Screen.STAFF, now) if is_right else changed, commands)


# Time


def _tick(state: State, now: float, rules: Rules) -> Step:
    page = PAGE[state.screen]
    if state.lost_at is not None and page.is_browsing and now - state.lost_at >= LOST_GRACE_S:
        return Step(_go(_reset(state, now, keeps_prefs=True), Screen.LOST, now))
    if state.screen is Screen.ISSUING and now - state.entered_at >= ISSUING_MAX_S:
        commands = (Abandon(state.attempt),)
        if not state.is_online:
            return Step(_go(_reset(state, now, keeps_prefs=True), Screen.LOST, now), commands)
        return Step(_go(replace(state, refusal="", refusal_zh=""), Screen.REFUSED, now), commands)
    if state.paper is Paper.PRINTING and now - state.entered_at >= PRINTING_MAX_S:
        state = replace(state, paper=Paper.TROUBLE)
    return _count_down(state, now, rules)


def _count_down(state: State, now: float, rules: Rules) -> Step:
    if not PAGE[state.screen].is_timed or _is_untouched(state):
        return Step(replace(state, warned_at=None) if state.warned_at is not None else state)
    if state.warned_at is not None:
        return _leave(state, now) if now - state.warned_at >= rules.warning_s else Step(state)
    silent_s = now - state.touched_at
    if state.screen is Screen.TICKET:
        if state.paper is Paper.PRINTED and silent_s >= TICKET_S:
            return _leave(state, now)
        limit_s = TROUBLE_S if state.paper in (Paper.TROUBLE, Paper.LATE) else float("inf")
    else:
        limit_s = rules.idle_s
    return Step(replace(state, warned_at=now) if silent_s >= limit_s else state)


def _is_untouched(state: State) -> bool:
    """Tell whether the page waits for the next visitor, with nothing of the last one on it."""
    waits = state.screen in (Screen.HOME, Screen.CLOSED, Screen.LOST)
    return waits and state.page == 0 and state.prefs == _first_prefs(state.hall)


def _present(state: State, now: float) -> State:
    """Somebody is there: the countdown begins anew."""
    return replace(state, touched_at=now, warned_at=None)


# The server


def _hall_seen(state: State, hall: Hall, now: float, rules: Rules) -> State:
    is_first = state.hall is None
    state = replace(state, hall=hall, is_online=True, lost_at=None)
    if is_first or state.prefs.language not in hall.languages:
        state = replace(state, prefs=replace(state.prefs, language=hall.languages[0]))
    if not hall.is_open and (PAGE[state.screen].is_browsing or state.screen in (Screen.STARTING, Screen.LOST)):
        return _go(_reset(state, now, keeps_prefs=True), Screen.CLOSED, now)
    if hall.is_open and state.screen in (Screen.STARTING, Screen.CLOSED, Screen.LOST):
        return _home(state, now)
    has_vanished = (state.zone is not None and hall.zone(state.zone) is None) or (
        state.service is not None and hall.service(state.service) is None
    )
    if has_vanished and PAGE[state.screen].is_browsing:
        return _home(state, now)
    return replace(state, page=min(state.page, page_count(state, rules) - 1))


def _link_back(state: State, now: float) -> State:
    state = replace(state, is_online=True, lost_at=None)
    if state.screen is Screen.LOST and state.hall is not None:
        return _home(state, now) if state.hall.is_open else _go(state, Screen.CLOSED, now)
    return state


def _link_news(state: State, news: HallSeen | LinkLost | LinkBack, now: float, rules: Rules) -> State:
    match news:
        case HallSeen(hall):
            return _hall_seen(state, hall, now, rules)
        case LinkLost():
            return state if state.lost_at is not None else replace(state, is_online=False, lost_at=now)
        case LinkBack():
            return _link_back(state, now)


def _ticket_news(state: State, news: Issued | Recovered | Refused | PaperMoved, now: float) -> Step:
    match news:
        case Issued(attempt, ticket):
            # A late answer belongs to nobody; the outbox cancels it.
            is_awaited = state.screen is Screen.ISSUING and attempt == state.attempt
            return _show_ticket(state, ticket, now) if is_awaited else Step(state)
        case Recovered(ticket, needs_paper):
            is_free = PAGE[state.screen].is_browsing or state.screen in (Screen.STARTING, Screen.CLOSED, Screen.LOST)
            result = _show_ticket(state, ticket, now) if is_free else Step(state)
            return result if needs_paper else Step(result.state)
        case Refused(attempt, detail, detail_zh):
            if state.screen is not Screen.ISSUING or attempt != state.attempt:
                return Step(state)
            return Step(_go(replace(state, refusal=detail, refusal_zh=detail_zh), Screen.REFUSED, now))
        case PaperMoved(ticket_id, paper):
            return Step(_paper_moved(state, ticket_id, paper, now))


def _show_ticket(state: State, ticket: Ticket, now: float) -> Step:
    shown_state = _go(_present(state, now), Screen.TICKET, now)
    return Step(replace(shown_state, ticket=ticket, paper=Paper.PRINTING), (PrintTicket(ticket),))


def _paper_moved(state: State, ticket_id: str, paper: Paper, now: float) -> State:
    if state.ticket is None or state.ticket.id != ticket_id or state.paper is paper:
        return state
    if state.paper is Paper.PRINTED and paper is Paper.PRINTING:
        return state
    # Good or bad news begins the visitor's time to read it.
    return replace(state, paper=paper, touched_at=now, entered_at=now if paper is Paper.PRINTING else state.entered_at)


# Going


def _go(state: State, screen: Screen, now: float) -> State:
    return replace(state, screen=screen, entered_at=now, warned_at=None)


def _home(state: State, now: float) -> State:
    """Go to the first page, keeping how this visitor wants to see and hear it."""
    clean = _reset(state, now, keeps_prefs=True)
    if state.hall is None:
        return _go(clean, Screen.STARTING, now)
    if state.lost_at is not None and now - state.lost_at >= LOST_GRACE_S:
        return _go(clean, Screen.LOST, now)
    return _go(clean, Screen.HOME if state.hall.is_open else Screen.CLOSED, now)


def _leave(state: State, now: float) -> Step:
    """The visitor is gone: nothing of them stays (B1.8)."""
    if state.screen in (Screen.ISSUING,):
        return Step(state)
    commands = (Taken(state.ticket),) if state.ticket is not None else ()
    return Step(_home(_reset(state, now, keeps_prefs=False), now), commands)


def _reset(state: State, now: float, *, keeps_prefs: bool) -> State:
    """Forget everything but the hall, the link, the lock of the staff exit and the guard against double taps."""
    return State(
        screen=state.screen,
        hall=state.hall,
        prefs=state.prefs if keeps_prefs else _first_prefs(state.hall),
        attempt=state.attempt,
        is_online=state.is_online,
        lost_at=state.lost_at,
        entered_at=state.entered_at,
        touched_at=state.touched_at if keeps_prefs else now,
        last_tap=state.last_tap,
        last_tap_at=state.last_tap_at,
        staff=staff.forget(state.staff),
    )


def _first_prefs(hall: Hall | None) -> Prefs:
    return Prefs(language=hall.languages[0]) if hall else Prefs()
