"""How the kiosk goes from page to page: `step(state, event, now, rules)` gives the next state and what to do.

Pure: no toolkit, no clock (time is handed in, in seconds that only ever grow), no network, no randomness. The pages
are data: what may be tapped on each, where Back leads and how long a visitor may be silent.
"""

from dataclasses import replace

from kiosk import staff
from kiosk.catalogue import Hall
from kiosk.errands import (
    CardTrouble,
    CaseSeen,
    Doing,
    Errand,
    FormMissing,
    FormSeen,
    GuideMissing,
    GuideSeen,
    HolderSeen,
    ItemsFound,
    Sent,
    SlipMoved,
    StopReading,
)
from kiosk.going import Step, first_prefs, go, home, leave, present, refuse, reset, show_ticket
from kiosk.journeys import arrival, card, help, items, rating, voucher
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
from kiosk.scanner import Scanned
from kiosk.state import (
    Abandon,
    Event,
    HallSeen,
    Issued,
    LinkBack,
    LinkLost,
    LinkRefused,
    Paper,
    PaperMoved,
    PinChecked,
    Recovered,
    Refused,
    Reprint,
    Screen,
    State,
    Tap,
    Target,
    Tick,
    Touched,
)

__all__ = ["Step", "next_language", "step"]

#: Pages that say that something was done, and then go by themselves.
_DONE_PAGES = (Screen.HELPED, Screen.THANKS)


def step(state: State, event: Event, now: float, rules: Rules) -> Step:
    """Take one event. Whatever leads away from the reading page puts the reader to sleep."""
    result = _step(state, event, now, rules)
    if state.screen is Screen.READING and result.state.screen is not Screen.READING:
        return Step(result.state, (StopReading(), *result.commands))
    return result


def _step(state: State, event: Event, now: float, rules: Rules) -> Step:
    match event:
        case Tap():
            return _tap(state, event, now, rules)
        case Touched():
            return Step(present(state, now))
        case Tick():
            return _tick(state, now, rules)
        case PinChecked(is_right):
            return _pin_checked(state, is_right, now)
        case HallSeen() | LinkLost() | LinkRefused() | LinkBack():
            return Step(_link_news(state, event, now, rules))
        case Issued() | Recovered() | Refused() | PaperMoved():
            return _ticket_news(state, event, now)
        case _:
            return _errand_news(state, event, now)


# Taps


def _tap(state: State, tap: Tap, now: float, rules: Rules) -> Step:
    identity = (tap.target.value, tap.value)
    is_bouncing = now - state.entered_at < SETTLE_S or (
        identity == state.last_tap and now - state.last_tap_at < DOUBLE_TAP_S
    )
    if state.warned_at is not None and tap.target is not Target.LEAVE:
        # While the warning is up every touch means "I am here", and nothing else.
        return Step(replace(present(state, now), last_tap=identity, last_tap_at=now))
    state = present(state, now)
    if is_bouncing and tap.target not in TYPING:
        return Step(state)
    state = replace(state, last_tap=identity, last_tap_at=now)
    if tap.target is Target.LEAVE:
        return leave(state, now)
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
            return Step(home(state, now))
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
    match state.screen, tap.target:
        case _, Target.PREVIOUS | Target.NEXT:
            return Step(_turn(state, tap, rules))
        case _, Target.DONE:
            return leave(state, now)
        case _, Target.BACK:
            return Step(_back(state, now))
        case Screen.SEARCH, Target.KEY | Target.ERASE:
            return items.typed(state, tap)
        case Screen.CONFIRM | Screen.GROUPS | Screen.TICKET, _:
            return _tap_ticket(state, tap, now, rules)
        case _, Target.SEARCH | Target.ZONE | Target.SERVICE | Target.CORNER:
            return Step(_move(state, tap, now, rules))
        case _:
            return _tap_journey(state, tap, now, rules)


def _tap_ticket(state: State, tap: Tap, now: float, rules: Rules) -> Step:
    match tap.target:
        case Target.PRIORITY | Target.GROUP:
            return Step(_choose_group(state, tap, now))
        case Target.CONFIRM:
            return card.before_ticket(state, now, has_reader=rules.has_reader) or card.issue(state, now)
        case Target.CARD if card.is_offered(state, has_reader=rules.has_reader):
            return card.consent(state, now)
        case Target.REPRINT:
            return _reprint(state, now)
        case _:
            return Step(state)


def _tap_journey(state: State, tap: Tap, now: float, rules: Rules) -> Step:
    match state.screen, tap.target:
        case _, Target.ITEM | Target.TAKE | Target.ANYWAY | Target.SLIP:
            return items.tap(state, tap, now)
        case _, Target.AGREE | Target.RETRY | Target.WITHOUT | Target.OPTION:
            return card.tap(state, tap, now)
        case _, Target.HELP | Target.HELP_KIND:
            return help.tap(state, tap, now)
        case Screen.CASE, _:
            return voucher.tap(state, tap, now)
        case Screen.ARRIVAL, _:
            return arrival.tap(state, tap, now, has_reader=rules.has_reader)
        case _, Target.ARRIVE:
            return arrival.tap(state, tap, now, has_reader=rules.has_reader)
        case _:
            return rating.tap(state, tap, now)


def _move(state: State, tap: Tap, now: float, rules: Rules) -> State:
    """Go to another page."""
    match tap.target:
        case Target.ZONE:
            return _choose_zone(state, tap.value, now)
        case Target.SERVICE:
            return _choose_service(state, tap.value, now)
        case Target.SEARCH:
            return go(replace(state, came_from=state.screen, query="", page=0), Screen.SEARCH, now)
        case Target.CORNER:
            return staff.corner(state, now, rules.has_pin)
        case _:
            return state


def _turn(state: State, tap: Tap, rules: Rules) -> State:
    """Turn a page of choices or of text over."""
    if tap.target is Target.PREVIOUS:
        return replace(state, page=max(0, state.page - 1))
    return replace(state, page=min(page_count(state, rules) - 1, state.page + 1))


def _choose_group(state: State, tap: Tap, now: float) -> State:
    """Switch the priority group on (which one?) or off."""
    groups = state.hall.groups if state.hall else ()
    if tap.target is Target.PRIORITY:
        if state.group is not None:
            return replace(state, group=None)
        return go(replace(state, page=0), Screen.GROUPS, now) if groups else state
    if all(group.id != tap.value for group in groups):
        return state
    return go(replace(state, group=tap.value, page=0), Screen.CONFIRM, now)


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
        return go(chosen, Screen.SHUT, now)
    return go(chosen, Screen.SERVICES, now)


def _choose_service(state: State, service_id: str, now: float) -> State:
    service = state.hall.service(service_id) if state.hall else None
    if service is None:
        return state
    came_from = Screen.SEARCH if state.screen is Screen.SEARCH else Screen.SERVICES
    chosen = replace(state, zone=service.zone, service=service.id, group=None, came_from=came_from)
    return go(chosen, Screen.CONFIRM if service.is_open else Screen.SHUT, now)


def _back(state: State, now: float) -> State:
    """Go to where Back leads, with what was chosen there still in sight."""
    screen = state.screen
    match screen:
        case Screen.CONFIRM | Screen.SHUT if state.service is not None:
            return go(replace(state, service=None, group=None, page=0), state.came_from, now)
        case Screen.GROUPS | Screen.NO_CARD:
            return go(replace(state, page=0), Screen.CONFIRM, now)
        case Screen.SEARCH if state.came_from is Screen.SERVICES and state.zone is not None:
            return go(replace(state, query="", page=0), Screen.SERVICES, now)
        case Screen.GUIDE:
            return go(replace(state, item=None, guide=None, service=None, page=0), Screen.SEARCH, now)
        case Screen.ONLINE:
            return go(replace(state, page=0), Screen.GUIDE, now)
        case Screen.CONSENT | Screen.READING | Screen.WELCOME if state.doing is Doing.CHECK_IN:
            return go(replace(state, holder=None, page=0), Screen.ARRIVAL, now)
        case Screen.CONSENT | Screen.READING | Screen.WELCOME:
            return go(replace(state, holder=None, page=0), Screen.CONFIRM, now)
        case _ if state.doing is Doing.RATING:
            return rating.back(state, now)
        case _:
            return home(state, now)


def _staff_tap(state: State, tap: Tap, now: float) -> Step:
    changed, commands = staff.tap(state, tap, now)
    return Step(changed, commands)


def _pin_checked(state: State, is_right: bool, now: float) -> Step:
    if state.screen is not Screen.PIN:
        return Step(state)
    changed, commands = staff.checked(state, is_right, now)
    return Step(go(changed, Screen.STAFF, now) if is_right else changed, commands)


# Time


def _tick(state: State, now: float, rules: Rules) -> Step:
    page = PAGE[state.screen]
    gives_way = page.is_browsing or (state.is_refused and state.screen is Screen.STARTING)
    if state.lost_at is not None and gives_way and now - state.lost_at >= LOST_GRACE_S:
        return Step(go(reset(state, now, keeps_prefs=True), Screen.LOST, now))
    if state.screen in (Screen.ISSUING, Screen.SENDING) and now - state.entered_at >= ISSUING_MAX_S:
        commands = (Abandon(state.attempt),)
        if not state.is_online:
            return Step(go(reset(state, now, keeps_prefs=True), Screen.LOST, now), commands)
        return Step(refuse(state, now), commands)
    if state.paper is Paper.PRINTING and now - state.entered_at >= PRINTING_MAX_S:
        state = replace(state, paper=Paper.TROUBLE)
    return _count_down(state, now, rules)


def _count_down(state: State, now: float, rules: Rules) -> Step:
    if not PAGE[state.screen].is_timed or _is_untouched(state):
        return Step(replace(state, warned_at=None) if state.warned_at is not None else state)
    if state.warned_at is not None:
        return leave(state, now) if now - state.warned_at >= rules.warning_s else Step(state)
    silent_s = now - state.touched_at
    if state.screen in _DONE_PAGES and silent_s >= TICKET_S:
        return leave(state, now)
    if state.screen is Screen.TICKET:
        if state.paper is Paper.PRINTED and silent_s >= TICKET_S:
            return leave(state, now)
        limit_s = TROUBLE_S if state.paper in (Paper.TROUBLE, Paper.LATE) else float("inf")
    else:
        limit_s = rules.idle_s
    return Step(replace(state, warned_at=now) if silent_s >= limit_s else state)


def _is_untouched(state: State) -> bool:
    """Tell whether the page waits for the next visitor, with nothing of the last one on it."""
    waits = state.screen in (Screen.HOME, Screen.CLOSED, Screen.LOST)
    return waits and state.page == 0 and state.prefs == first_prefs(state.hall)


# The server


def _hall_seen(state: State, hall: Hall, now: float, rules: Rules) -> State:
    is_first = state.hall is None
    state = replace(state, hall=hall, is_online=True, lost_at=None, is_refused=False)
    if is_first or state.prefs.language not in hall.languages:
        state = replace(state, prefs=replace(state.prefs, language=hall.languages[0]))
    is_checking_in = hall.is_by_appointment and state.doing is Doing.CHECK_IN
    if (
        not hall.is_open
        and not is_checking_in
        and (PAGE[state.screen].is_browsing or state.screen in (Screen.STARTING, Screen.LOST))
    ):
        return go(reset(state, now, keeps_prefs=True), Screen.CLOSED, now)
    if hall.is_open and state.screen in (Screen.STARTING, Screen.CLOSED, Screen.LOST):
        return home(state, now)
    has_vanished = (state.zone is not None and hall.zone(state.zone) is None) or (
        state.service is not None and hall.service(state.service) is None
    )
    if has_vanished and PAGE[state.screen].is_browsing:
        return home(state, now)
    return replace(state, page=min(state.page, page_count(state, rules) - 1))


def _link_back(state: State, now: float) -> State:
    state = replace(state, is_online=True, lost_at=None, is_refused=False)
    if state.screen is Screen.LOST and state.hall is not None:
        return home(state, now) if state.hall.is_open else go(state, Screen.CLOSED, now)
    return state


def _link_news(state: State, news: HallSeen | LinkLost | LinkRefused | LinkBack, now: float, rules: Rules) -> State:
    match news:
        case HallSeen(hall):
            return _hall_seen(state, hall, now, rules)
        case LinkRefused():
            lost_at = now if state.lost_at is None else state.lost_at
            return replace(state, is_online=False, lost_at=lost_at, is_refused=True)
        case LinkLost() if state.is_refused:
            return replace(state, is_refused=False)
        case LinkLost():
            return state if state.lost_at is not None else replace(state, is_online=False, lost_at=now)
        case LinkBack():
            return _link_back(state, now)


def _ticket_news(state: State, news: Issued | Recovered | Refused | PaperMoved, now: float) -> Step:
    match news:
        case Issued(attempt, ticket):
            # A late answer belongs to nobody; the outbox cancels it.
            is_awaited = state.screen is Screen.ISSUING and attempt == state.attempt
            return show_ticket(state, ticket, now) if is_awaited else Step(state)
        case Recovered(ticket, needs_paper):
            is_free = PAGE[state.screen].is_browsing or state.screen in (Screen.STARTING, Screen.CLOSED, Screen.LOST)
            result = show_ticket(state, ticket, now) if is_free else Step(state)
            return result if needs_paper else Step(result.state)
        case Refused(attempt, detail, detail_zh):
            is_awaited = state.screen in (Screen.ISSUING, Screen.SENDING) and attempt == state.attempt
            return Step(refuse(state, now, detail, detail_zh)) if is_awaited else Step(state)
        case PaperMoved(ticket_id, paper):
            return Step(_paper_moved(state, ticket_id, paper, now))


def _paper_moved(state: State, ticket_id: str, paper: Paper, now: float) -> State:
    if state.ticket is None or state.ticket.id != ticket_id or state.paper is paper:
        return state
    if state.paper is Paper.PRINTED and paper is Paper.PRINTING:
        return state
    # Good or bad news begins the visitor's time to read it.
    return replace(state, paper=paper, touched_at=now, entered_at=now if paper is Paper.PRINTING else state.entered_at)


def _errand_news(state: State, news: Errand, now: float) -> Step:
    match news:
        case ItemsFound() | GuideSeen() | GuideMissing() | SlipMoved():
            return Step(items.hear(state, news, now))
        case HolderSeen() | CardTrouble():
            return card.hear(state, news, now)
        case Scanned():
            return Step(present(state, now)) if state.warned_at is not None else arrival.hear(state, news, now)
        case CaseSeen():
            return voucher.hear(state, news, now)
        case FormSeen() | FormMissing():
            return Step(rating.hear(state, news, now))
        case Sent(attempt) if state.screen is Screen.SENDING and attempt == state.attempt:
            done = Screen.THANKS if state.doing is Doing.RATING else Screen.HELPED
            return Step(go(present(state, now), done, now))
        case _:
            return Step(state)
