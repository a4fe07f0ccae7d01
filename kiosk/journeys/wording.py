"""Sentences of the ways beyond the plain ticket, for the eye.

Pure; English here, Chinese in `kiosk/locale/zh.po`.
"""

from datetime import datetime

from config.texts import Texts
from kiosk.catalogue import Service
from kiosk.items import Item
from kiosk.journeys.offers import Option, OptionKind
from kiosk.state import Screen, State
from kiosk.wording import CARD_TROUBLES, standing


def item_standing(item: Item, service: Service | None, now: str, texts: Texts) -> tuple[str, str]:
    """What a card says of an item: elsewhere, online, its queue; two short lines."""
    if item.elsewhere is not None:
        return texts("Not done here"), texts("See where")
    online = texts("Also online") if item.online is not None else ""
    if service is None:
        return (online, "") if online else (texts("See the guide"), "")
    queue, wait = standing(service, now, texts)
    return (online, queue) if online else (queue, wait)


def option_icon(option: Option) -> str:
    """The icon of an option."""
    return {
        OptionKind.CHECK_IN: "calendar",
        OptionKind.COPY: "printer",
        OptionKind.PRIORITY: "heart",
        OptionKind.PLAIN: "check",
    }[option.kind]


def option_lines(option: Option, state: State, texts: Texts) -> tuple[str, str]:
    """What can be done, and what it means."""
    hall, language = state.hall, texts.language
    service = hall.service(state.service) if hall else None
    name = service.name.to(language) if service else ""
    match option.kind:
        case OptionKind.CHECK_IN if option.appointment is not None:
            at = datetime.fromisoformat(option.appointment.slot_at)
            if hall is not None:
                at = at.astimezone(datetime.fromisoformat(hall.now).tzinfo)
            return texts("Check in for {clock}", clock=f"{at:%H:%M}"), option.appointment.service_name.to(language)
        case OptionKind.COPY if option.ticket is not None:
            first = texts("Print {number} again", number=option.ticket.number)
            return first, texts("You have a number for this: {name}", name=option.ticket.service_name.to(language))
        case OptionKind.PRIORITY:
            group = hall.group(option.group) if hall else None
            return texts("Take a priority number"), group.name.to(language) if group else ""
        case _:
            return texts("Take an ordinary number"), name


def card_lines(state: State, texts: Texts) -> tuple[str, str]:
    """What the pages round the card say."""
    if state.screen is Screen.NO_CARD:
        first = texts("This number is given in your own name")
        return first, texts("Without a card our staff take it for you: call a guide, or go to the information desk")
    if state.card_trouble:
        trouble = CARD_TROUBLES.get(state.card_trouble, CARD_TROUBLES["unreadable"])
        return texts(trouble), texts("Try again, or go on without a card")
    return texts("Lay your ID card on the reader"), texts("Leave it there until this page changes")
