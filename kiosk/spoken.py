"""What the kiosk says of each page, for those who do not read it: everything that can be chosen, the ticket in full.

Pure. Numbers are spelled as they are called in the hall, so that a visitor recognises their own.
"""

from config.texts import Texts
from kiosk.catalogue import Group, Hall, Service, Zone
from kiosk.pagebook import PAGE, Rules, page_count, shown
from kiosk.state import Paper, Screen, State, Target
from kiosk.wording import ahead, expected, paper_line, standing, title
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
    parts = [title(state, texts)]
    hall = state.hall
    if hall is not None:
        match state.screen:
            case Screen.CONFIRM:
                parts += _confirm(state, hall, texts)
            case Screen.TICKET:
                parts = _ticket(state, texts)
            case Screen.REFUSED:
                parts.append(state.refusal_zh if texts.language == "zh" else state.refusal)
    items = shown(state, rules)
    for place, item in enumerate(items, 1):
        parts.append(texts("{n}: {choice}", n=place, choice=_choice(item, hall, texts)))
    if items and page_count(state, rules) > 1:
        parts.append(texts("Page {n} of {all}", n=state.page + 1, all=page_count(state, rules)))
    if Target.BACK in PAGE[state.screen].taps and items:
        parts.append(texts("Back is at the lower left"))
    stop = "。" if texts.language == "zh" else ". "
    return stop.join(part for part in parts if part)


def _choice(item: Zone | Service | Group, hall: Hall | None, texts: Texts) -> str:
    name = item.name.to(texts.language)
    if isinstance(item, Group):
        return name
    comma = "，" if texts.language == "zh" else ", "
    return comma.join((name, *standing(item, hall.now if hall else "", texts)))


def _confirm(state: State, hall: Hall, texts: Texts) -> list[str]:
    service, zone, group = hall.service(state.service), hall.zone(state.zone), hall.group(state.group)
    if service is None or zone is None:
        return []
    said = [service.name.to(texts.language), zone.name.to(texts.language), place_of(zone, texts)]
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
        ticket.service_name.to(language),
        ahead(ticket, texts),
        expected(ticket.wait, texts),
        texts("Please wait at {place}", place=ticket.area_name.to(language)),
        ticket.zone_name.to(language),
        ticket.windows.to(language),
        paper_line(state.paper, texts) if state.paper is not Paper.PRINTING else "",
    ]
