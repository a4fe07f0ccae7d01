"""Items: found by letters, their guide read and printed; what can be done online says so before a ticket (M5), what is
not done here tells where it is (M8).

Pure.
"""

from dataclasses import replace

from kiosk.errands import FindItems, GuideMissing, GuideSeen, ItemsFound, LoadGuide, PrintSlip, SlipMoved
from kiosk.going import Step, go
from kiosk.items import Item
from kiosk.journeys.offers import can_take
from kiosk.search import QUERY_MAX
from kiosk.state import Paper, Screen, State, Tap, Target


def typed(state: State, tap: Tap) -> Step:
    """Change the letters; the server's items for them are asked for where there are any."""
    if tap.target is Target.ERASE:
        query = state.query[:-1]
    else:
        is_letter = len(tap.value) == 1 and tap.value.isalpha() and tap.value.isascii()
        query = (state.query + tap.value)[:QUERY_MAX] if is_letter else state.query
    state = replace(state, query=query, page=0)
    has_items = query and state.hall is not None and state.hall.has_catalogue
    return Step(state, (FindItems(query),) if has_items else ())


def tap(state: State, touched: Tap, now: float) -> Step:
    """Take a tap on an item or on its page."""
    match touched.target:
        case Target.ITEM:
            return _open(state, touched.value, now)
        case Target.SLIP if state.guide is not None and state.slip is not Paper.PRINTING:
            return Step(replace(state, slip=Paper.PRINTING), (PrintSlip(state.guide, state.prefs.language),))
        case Target.TAKE if state.item is not None and state.item.online is not None:
            return Step(go(replace(state, page=0), Screen.ONLINE, now))
        case Target.TAKE | Target.ANYWAY:
            return Step(_take(state, now))
        case _:
            return Step(state)


def _open(state: State, code: str, now: float) -> Step:
    members = state.guide.members if state.guide is not None else ()
    item = next((one for one in (*state.items, *members) if one.code == code), None)
    if item is None:
        return Step(state)
    opened = replace(state, item=item, guide=None, is_guide_missing=False, slip=Paper.NONE, page=0)
    return Step(go(opened, Screen.GUIDE, now), (LoadGuide(code),))


def _take(state: State, now: float) -> State:
    service = state.hall.service(state.item.service) if state.hall and state.item else None
    if service is None or not can_take(state):
        return state
    chosen = replace(state, zone=service.zone, service=service.id, group=None, came_from=Screen.GUIDE, page=0)
    return go(chosen, Screen.CONFIRM if service.is_open else Screen.SHUT, now)


def hear(state: State, news: ItemsFound | GuideSeen | GuideMissing | SlipMoved, now: float) -> State:
    """Take the server's answer; one that comes too late is for nobody."""
    match news:
        case ItemsFound(query, items):
            if state.screen is not Screen.SEARCH or query != state.query:
                return state
            # What appears under a finger must not be tapped by it.
            return replace(state, items=items, items_for=query, entered_at=now)
        case GuideSeen(guide):
            return replace(state, item=guide.item, guide=guide) if _waits_for(state, guide.item.code) else state
        case GuideMissing(code):
            return replace(state, is_guide_missing=True) if _waits_for(state, code) else state
        case SlipMoved(paper):
            return replace(state, slip=Paper(paper)) if state.slip is not Paper.NONE else state


def _waits_for(state: State, code: str) -> bool:
    item: Item | None = state.item
    return state.screen is Screen.GUIDE and item is not None and item.code == code and state.guide is None
