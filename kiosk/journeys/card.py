"""The ID card: told what it is read for, then read, then offered what it leads to; and always a way without it.

Pure. The reader wakes on `ReadCard` and on nothing else, and that follows only a tap on "agree" (A3.5). Neither number
nor name ever comes here: what does is a handle, and what may be shown.
"""

from collections.abc import Callable
from dataclasses import replace

from kiosk.errands import CardTrouble, CheckIn, CopyHeld, Doing, HolderSeen, ReadCard
from kiosk.going import Step, go, refuse
from kiosk.journeys.offers import Option, OptionKind, options
from kiosk.people import Appointment, HeldTicket
from kiosk.state import Command, IssueTicket, Screen, State, Tap, Target
from kiosk.wording import texts_of


def before_ticket(state: State, now: float, *, has_reader: bool) -> Step | None:
    """What stands between a chosen service and its ticket: a card where one is wanted. Whoever may go without one is
    asked nothing, so that a ticket stays three taps away (B1.6)."""
    service = state.hall.service(state.service) if state.hall else None
    if service is None or service.card != "required" or state.holder is not None or state.is_without_card:
        return None
    return consent(state, now) if has_reader else Step(go(state, Screen.NO_CARD, now))


def is_offered(state: State, *, has_reader: bool) -> bool:
    """Whether the page of a chosen service offers to take its ticket with a card."""
    service = state.hall.service(state.service) if state.hall else None
    return has_reader and service is not None and service.card == "optional"


def consent(state: State, now: float) -> Step:
    """Tell what the card is read for, before the reader wakes."""
    return Step(go(replace(state, doing=Doing.TICKET, page=0), Screen.CONSENT, now))


def tap(state: State, touched: Tap, now: float) -> Step:
    """Take a tap on the pages round the card."""
    match touched.target:
        case Target.AGREE | Target.RETRY:
            attempt = state.attempt + 1
            reading = go(replace(state, attempt=attempt, card_trouble=""), Screen.READING, now)
            return Step(reading, (ReadCard(attempt),))
        case Target.WITHOUT:
            return _without(state, now)
        case Target.OPTION:
            return _choose(state, touched.value, now)
        case _:
            return Step(state)


def _without(state: State, now: float) -> Step:
    if state.doing is Doing.CHECK_IN:
        return Step(go(replace(state, typed=""), Screen.ARRIVAL, now))
    service = state.hall.service(state.service) if state.hall else None
    if service is not None and service.card == "required":
        return Step(go(state, Screen.NO_CARD, now))
    return issue(replace(state, is_without_card=True), now)


def issue(state: State, now: float) -> Step:
    """Ask for the ticket of the chosen service."""
    if state.service is None:
        return Step(state)
    return _send(
        state,
        lambda attempt: IssueTicket(
            attempt,
            state.service or "",
            state.group,
            state.prefs.language,
            state.item.code if state.item else None,
            state.holder.handle if state.holder else None,
        ),
        now,
    )


def check_in(state: State, now: float, *, code: str = "", token: str = "", holder: str = "") -> Step:
    """Turn an appointment into a ticket."""
    language = state.prefs.language
    return _send(
        replace(state, doing=Doing.CHECK_IN),
        lambda attempt: CheckIn(attempt, language, code or None, token or None, holder or None),
        now,
    )


def _send(state: State, ask: Callable[[int], Command], now: float) -> Step:
    attempt = state.attempt + 1
    return Step(go(replace(state, attempt=attempt), Screen.ISSUING, now), (ask(attempt),))


def _choose(state: State, value: str, now: float) -> Step:
    chosen = next((option for option in options(state) if option.value == value), None)
    match chosen:
        case Option(kind=OptionKind.CHECK_IN, appointment=Appointment() as due):
            return _check_in(state, due, now)
        case Option(kind=OptionKind.COPY, ticket=HeldTicket() as held):
            return _copy(state, held, now)
        case Option(kind=OptionKind.PRIORITY, group=group):
            return issue(replace(state, group=group), now)
        case Option(kind=OptionKind.PLAIN):
            return issue(replace(state, group=None), now)
        case _:
            return Step(state)


def _check_in(state: State, due: Appointment, now: float) -> Step:
    holder = state.holder.handle if state.holder else ""
    return check_in(state, now, code=due.code, holder="" if due.code else holder)


def _copy(state: State, held: HeldTicket, now: float) -> Step:
    if held.id is None:
        english, chinese = (_counts(held.number, language) for language in ("en", "zh"))
        return Step(refuse(state, now, english, chinese))
    ticket = held.id
    return _send(state, lambda attempt: CopyHeld(attempt, ticket), now)


def _counts(number: str, language: str) -> str:
    texts = texts_of(language)
    return texts("Your number {number} counts", number=number)


def _none_today(language: str) -> str:
    texts = texts_of(language)
    return texts("You have no appointment here today")


def hear(state: State, news: HolderSeen | CardTrouble, now: float) -> Step:
    """Take what became of the card; an answer nobody waits for is dropped."""
    if state.screen is not Screen.READING or news.attempt != state.attempt:
        return Step(state)
    if isinstance(news, CardTrouble):
        return Step(replace(state, card_trouble=news.kind, touched_at=now, entered_at=now))
    state = replace(state, holder=news.holder, page=0, touched_at=now)
    found = options(state)
    if state.doing is Doing.CHECK_IN:
        return _arrived(state, found, now)
    if [option.kind for option in found] == [OptionKind.PLAIN]:
        return issue(replace(state, group=None), now)
    return Step(go(state, Screen.WELCOME, now))


def _arrived(state: State, found: tuple[Option, ...], now: float) -> Step:
    if not found:
        return Step(refuse(state, now, _none_today("en"), _none_today("zh")))
    if len(found) == 1 and found[0].appointment is not None:
        return _check_in(state, found[0].appointment, now)
    return Step(go(state, Screen.WELCOME, now))
