"""Sentences of the kiosk, for the eye: waits, times, titles. Those for the ear stand in `spoken.py`.

Pure; English here, Chinese in `locale/zh.po`.
"""

from datetime import date, datetime
from functools import lru_cache
from math import ceil
from pathlib import Path

from config.texts import Texts
from kiosk.catalogue import FirstStep, Service, Ticket, Wait, Zone
from kiosk.errands import Doing
from kiosk.state import Paper, Screen, State
from kiosk.theme import Scale

LOCALE = Path(__file__).parent / "locale"

#: Waits above this are told in hours.
HOURS_FROM_MIN = 120

#: Each language's own name, which is never translated.
OWN_NAME = {"zh": "中文", "en": "English"}


@lru_cache(maxsize=8)
def texts_of(language: str) -> Texts:
    """The kiosk's sentences in a language."""
    return Texts(LOCALE, language)


def wait_range(wait: Wait | None, texts: Texts) -> str:
    """Say how long it may take, in minutes; never more exact than it is."""
    if wait is None:
        return texts("wait unknown")
    # The same rounding as on the printed ticket: the two must never disagree.
    low, high = int(wait.low_s // 60), max(1, ceil(wait.high_s / 60))
    if low == 0:
        return texts("within {high} min", high=high)
    if low >= high:
        return texts("about {low} min", low=low)
    if low >= HOURS_FROM_MIN:
        return texts("{low}–{high} h", low=low // 60, high=ceil(high / 60))
    return texts("{low}–{high} min", low=low, high=high)


def expected(wait: Wait | None, texts: Texts) -> str:
    """The wait as a sentence of its own."""
    if wait is None:
        return wait_range(None, texts)
    return texts("Expected wait: {wait}", wait=wait_range(wait, texts))


def waiting(count: int, texts: Texts) -> str:
    """Say how many wait."""
    if count == 0:
        return texts("no queue")
    return texts("{n} waiting", n=count)


def opening(opens_at: str | None, now: str, texts: Texts) -> str:
    """Say when something opens, from the hall's own times."""
    if not opens_at:
        return texts("Opening time not set")
    then, today = datetime.fromisoformat(opens_at), datetime.fromisoformat(now).date()
    clock = f"{then:%H:%M}"
    days = (then.date() - today).days
    if days == 0:
        return texts("Opens at {clock}", clock=clock)
    if days == 1:
        return texts("Opens tomorrow, {clock}", clock=clock)
    return texts("Opens {day}, {clock}", day=day_of(then.date(), texts), clock=clock)


def day_of(day: date, texts: Texts) -> str:
    """Name a day."""
    weekday = _WEEKDAYS[day.weekday()]
    return texts("{weekday} {day}/{month}", weekday=texts(weekday), day=day.day, month=day.month)


def today(now: datetime, texts: Texts) -> str:
    """The date of the header."""
    weekday = _WEEKDAYS[now.weekday()]
    month = texts(_MONTHS[now.month - 1])
    return texts("{weekday} {day} {month}", weekday=texts(weekday), day=now.day, month=month)


_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

#: What each page says at its top.
TITLES = {
    Screen.STARTING: "Starting, one moment please",
    Screen.HOME: "What have you come for?",
    Screen.SEARCH: "Find",
    Screen.CONFIRM: "Is this right?",
    Screen.GROUPS: "Which group do you belong to?",
    Screen.ISSUING: "Taking your ticket",
    Screen.TICKET: "Your ticket",
    Screen.REFUSED: "No ticket was taken",
    Screen.SHUT: "Not open now",
    Screen.CLOSED: "The hall is closed",
    Screen.LOST: "One moment please",
    Screen.PIN: "For staff only",
    Screen.STAFF: "For staff only",
    Screen.GUIDE: "What you need",
    Screen.ONLINE: "No need to wait",
    Screen.CONSENT: "Before your card is read",
    Screen.READING: "Your ID card",
    Screen.WELCOME: "Welcome",
    Screen.NO_CARD: "Your ID card",
    Screen.ARRIVAL: "I have an appointment",
    Screen.HELP: "How can we help?",
    Screen.NUMBER: "Rate our service",
    Screen.RATING_CODE: "Your ticket's rating code",
    Screen.LEVELS: "How were you served?",
    Screen.POINTS: "What made the difference?",
    Screen.SENDING: "One moment please",
    Screen.HELPED: "Help is on its way",
    Screen.THANKS: "Thank you",
    Screen.CASE: "Your application",
}

#: What a refusal is a refusal of.
REFUSED_TITLES = {
    Doing.CHECK_IN: "Not checked in",
    Doing.HELP: "No guide was called",
    Doing.RATING: "Your rating was not taken",
    Doing.VOUCHER: "The voucher cannot be used now",
}

#: Why no card was read.
CARD_TROUBLES = {
    "timeout": "No card was seen",
    "unreadable": "The card could not be read. Please take it out of its cover and lay it flat",
    "not_a_card": "This is no ID card that can be read here",
    "unplugged": "The card reader does not work now",
    "server": "The server did not answer in time",
}


def title(state: State, texts: Texts) -> str:
    """The page's title."""
    if state.screen is Screen.SERVICES and state.hall is not None:
        zone = state.hall.zone(state.zone)
        return zone.name.to(texts.language) if zone else ""
    if state.screen is Screen.GUIDE and state.item is not None:
        return state.item.name.to(texts.language)
    if state.screen is Screen.CASE and state.case is not None:
        return state.case.title
    if state.screen is Screen.REFUSED and state.doing in REFUSED_TITLES:
        return texts(REFUSED_TITLES[state.doing])
    if state.screen is Screen.LOST and state.is_refused:
        return texts("Out of service")
    if state.screen is Screen.WELCOME and state.holder is not None and state.holder.name_masked:
        return texts("Welcome, {name}", name=state.holder.name_masked)
    if state.screen is Screen.SEARCH and state.query:
        found = texts("Find: {letters}", letters=state.query)
        is_foreign = any(item.name.is_only_chinese(texts.language) for item in state.items)
        return texts("{title} (official names in Chinese)", title=found) if is_foreign else found
    return texts(TITLES[state.screen])


def place(zone: Zone, texts: Texts) -> str:
    """Where a zone is: floor and area, without saying the floor twice."""
    area = zone.area_name.to(texts.language)
    floor = texts("floor {n}", n=zone.floor)
    is_said = any(form in area.lower() for form in (floor.lower(), f"{zone.floor}f", f"{_numeral(zone.floor)}楼"))
    return area if is_said or _says_floor(area) else f"{floor} {area}"


def _numeral(floor: int) -> str:
    return "零一二三四五六七八九十"[floor] if 0 <= floor <= 10 else str(floor)


def _says_floor(area: str) -> bool:
    return any(word in area.lower() for word in ("floor", "basement", "负"))


def standing(choice: Zone | Service, now: str, texts: Texts) -> tuple[str, str]:
    """What a card says of its queue: how many wait and how long, or when it opens."""
    if not choice.is_open:
        return texts("Closed"), opening(choice.opens_at, now, texts)
    return waiting(choice.waiting, texts), wait_range(choice.wait, texts)


def scale_name(scale: Scale, texts: Texts) -> str:
    """Word of the control that changes the size of type, naming the size in force."""
    match scale:
        case Scale.NORMAL:
            return texts("Larger")
        case Scale.LARGE:
            return texts("Large")
        case Scale.LARGEST:
            return texts("Largest")


def paper_line(paper: Paper, texts: Texts) -> str:
    """What became of the paper."""
    match paper:
        case Paper.PRINTED:
            return texts("Printed: please take your ticket below")
        case Paper.TROUBLE | Paper.LATE:
            return texts("The printer is in trouble, but your number counts: note it or photograph the code")
        case _:
            return texts("Printing your ticket …")


def ahead(ticket: Ticket, texts: Texts) -> str:
    """How many are before this ticket."""
    if not ticket.ahead:
        return texts("You are next")
    return texts.plural("{n} person ahead of you", "{n} people ahead of you", ticket.ahead)


def errand(ticket: Ticket, texts: Texts) -> str:
    """What a ticket is for: the service, or where its papers are looked through first and what follows."""
    name = ticket.service_name.to(texts.language)
    if not ticket.then:
        return name
    following = texts(", ").join(step.to(texts.language) for step in ticket.then)
    return texts("First: {first}. Then: {then}", first=name, then=following)


def first_step(step: FirstStep, texts: Texts) -> str:
    """Where one goes before the service itself."""
    where = (step.area_name.to(texts.language), step.windows.to(texts.language))
    return texts("Pre-check: {where}", where=" ".join(part for part in where if part))


def money(cents: int, texts: Texts) -> str:
    """A sum."""
    return texts("¥{sum}", sum=f"{cents / 100:.2f}")


def date_of(day: str, texts: Texts) -> str:
    """A day that may be far away: with its month."""
    found = date.fromisoformat(day)
    return texts("{day} {month}", day=found.day, month=texts(_MONTHS[found.month - 1]))
