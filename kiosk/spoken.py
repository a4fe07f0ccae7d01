"""What the kiosk says of each page, for those who do not read it: everything that can be chosen, the ticket in full.

Pure. Numbers are spelled as they are called in the hall, so that a visitor recognises their own.
"""

from config.texts import Texts
from kiosk.catalogue import Hall, Service, Zone
from kiosk.deck import actions
from kiosk.items import Item
from kiosk.journeys.offers import Option
from kiosk.journeys.wording import card_lines, item_standing, option_lines
from kiosk.pagebook import PAGE, Choice, Rules, page_count, sheet_rows, shown
from kiosk.people import Point
from kiosk.state import Paper, Screen, State, Target
from kiosk.wording import ahead, errand, expected, first_step, paper_line, standing, title
from kiosk.wording import place as place_of

_FIGURES_ZH = dict(zip("0123456789", "零一二三四五六七八九", strict=True))


def spelled(number: str, language: str) -> str:
    """Spell a ticket number sign by sign: A012 → A零一二."""
    if language == "zh":
        return "".join(_FIGURES_ZH.get(sign, sign) for sign in number)
    return " ".join(number)


def spoken(state: State, rules: Rules, texts: Texts) -> str:
    """Say the page."""
    if state.warned_at is not None:
        return texts("Are you still there?") + " " + texts("Touch the screen to go on")
    parts = [title(state, texts), *_story(state, rules, texts)]
    if state.screen is Screen.TICKET:
        parts = _ticket(state, texts)
    items = shown(state, rules)
    for place, item in enumerate(items, 1):
        parts.append(texts("{n}: {choice}", n=place, choice=_choice(item, state, texts)))
    if page_count(state, rules) > 1:
        parts.append(texts("Page {n} of {all}", n=state.page + 1, all=page_count(state, rules)))
    if Target.BACK in PAGE[state.screen].taps and items:
        parts.append(texts("Back is at the lower left"))
    parts += [texts("Button: {word}", word=texts(action.label)) for action in actions(state)]
    stop = "。" if texts.language == "zh" else ". "
    return stop.join(part for part in parts if part)


def _story(state: State, rules: Rules, texts: Texts) -> list[str]:
    """What is to be read on the page, beside its choices."""
    match state.screen:
        case Screen.CONFIRM if state.hall is not None:
            return _confirm(state, state.hall, texts)
        case Screen.REFUSED:
            return [state.refusal_zh if texts.language == "zh" else state.refusal]
        case Screen.GUIDE | Screen.CONSENT | Screen.CASE:
            return [row.text for row in sheet_rows(state, rules)]
        case Screen.ONLINE if state.item is not None and state.item.online is not None:
            return [texts("You can do this online, without waiting here"), state.item.online.name]
        case Screen.READING | Screen.NO_CARD:
            return list(card_lines(state, texts))
        case _:
            return _short_story(state, texts)


def _short_story(state: State, texts: Texts) -> list[str]:
    match state.screen:
        case Screen.ARRIVAL:
            # The figures typed are not said: others stand near.
            return [texts("Type the six figures of your booking, or hold its code before the scanner")]
        case Screen.RATING_CODE:
            return [
                texts("Type the four figures beside the QR code on your ticket, or hold the QR code before the scanner")
            ]
        case Screen.NUMBER:
            asked = texts("Type the number of your ticket, or hold its code before the scanner")
            return [spelled(state.typed, texts.language) if state.typed else asked]
        case Screen.HELPED:
            return [texts("A guide is coming to you")]
        case Screen.THANKS:
            return [texts("Thank you for your rating")]
        case _:
            return []


def _choice(item: Choice, state: State, texts: Texts) -> str:
    comma = "，" if texts.language == "zh" else ", "
    now = state.hall.now if state.hall else ""
    match item:
        case Zone() | Service():
            return comma.join((item.name.to(texts.language), *standing(item, now, texts)))
        case Item():
            service = state.hall.service(item.service) if state.hall else None
            said = (item.name.to(texts.language), *item_standing(item, service, now, texts))
            return comma.join(part for part in said if part)
        case Option():
            return comma.join(part for part in option_lines(item, state, texts) if part)
        case Point() if item.id in state.points:
            return comma.join((item.name.to(texts.language), texts("ticked")))
        case _:
            return item.name.to(texts.language)


def _confirm(state: State, hall: Hall, texts: Texts) -> list[str]:
    service, zone, group = hall.service(state.service), hall.zone(state.zone), hall.group(state.group)
    if service is None or zone is None:
        return []
    said = [service.name.to(texts.language), zone.name.to(texts.language), place_of(zone, texts)]
    if service.first is not None:
        said.append(first_step(service.first, texts))
    said += standing(service, hall.now, texts)
    if group is not None:
        said.append(texts("Priority: {group}", group=group.name.to(texts.language)))
    said.append(texts("The large button takes a ticket"))
    return said


def _ticket(state: State, texts: Texts) -> list[str]:
    """Everything the paper says (B2.5)."""
    ticket = state.ticket
    if ticket is None:
        return []
    language = texts.language
    return [
        texts("Your number is {number}", number=spelled(ticket.number, language)),
        errand(ticket, texts),
        ahead(ticket, texts),
        expected(ticket.wait, texts),
        texts("Please wait at {place}", place=ticket.area_name.to(language)),
        ticket.zone_name.to(language),
        ticket.windows.to(language),
        paper_line(state.paper, texts) if state.paper is not Paper.PRINTING else "",
    ]
