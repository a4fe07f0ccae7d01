"""The pages as data: what may be tapped on each, where Back leads, how long a visitor may be silent; and what follows
from a state without changing it.

Pure. How one state becomes the next stands in `flow.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from kiosk.catalogue import Group, Service, Zone
from kiosk.frame import Grid, frame_of
from kiosk.search import find
from kiosk.state import Paper, Screen, State, Target
from kiosk.theme import Look, Stage

#: B1.9: an identical press is ignored for this long.
DOUBLE_TAP_S = 0.5
#: After a page change the finger may still be bouncing on what stands there now.
SETTLE_S = 0.3
#: A cut shorter than this is not worth taking the page away from a visitor.
LOST_GRACE_S = 3.0
#: How long a visitor waits for a number before being told that it did not work.
ISSUING_MAX_S = 12.0
#: A printer that says nothing for this long has not printed.
PRINTING_MAX_S = 30.0
#: How long a printed ticket stays on the glass.
TICKET_S = 20.0
#: How long a number whose paper failed stays when nobody touches the glass, before the usual warning.
TROUBLE_S = 300.0

BAR = frozenset({Target.HOME, Target.LANGUAGE, Target.SCALE, Target.CONTRAST, Target.LOW, Target.VOICE, Target.AGAIN})
#: The bar where Home would lose a number or an attempt.
BAR_WITHOUT_HOME = BAR - {Target.HOME}
PAGES = frozenset({Target.PREVIOUS, Target.NEXT})


@dataclass(frozen=True, slots=True)
class Page:
    """What holds on one page."""

    taps: frozenset[Target]
    back: Screen | None = None
    grid: Grid | None = None
    #: Whether somebody silent is warned and then sent home.
    is_timed: bool = True
    #: Whether the page gives way when the hall closes or the server is lost.
    is_browsing: bool = False


PAGE: Mapping[Screen, Page] = {
    Screen.STARTING: Page(frozenset({Target.CORNER}), is_timed=False),
    Screen.HOME: Page(BAR | PAGES | {Target.ZONE, Target.SEARCH, Target.CORNER}, grid=Grid.ZONES, is_browsing=True),
    Screen.SERVICES: Page(
        BAR | PAGES | {Target.BACK, Target.SERVICE, Target.SEARCH},
        back=Screen.HOME,
        grid=Grid.SERVICES,
        is_browsing=True,
    ),
    Screen.SEARCH: Page(
        BAR | PAGES | {Target.BACK, Target.KEY, Target.ERASE, Target.SERVICE},
        back=Screen.HOME,
        grid=Grid.FOUND,
        is_browsing=True,
    ),
    Screen.CONFIRM: Page(BAR | {Target.BACK, Target.PRIORITY, Target.CONFIRM}, back=Screen.SERVICES, is_browsing=True),
    Screen.GROUPS: Page(
        BAR | PAGES | {Target.BACK, Target.GROUP}, back=Screen.CONFIRM, grid=Grid.GROUPS, is_browsing=True
    ),
    Screen.ISSUING: Page(BAR_WITHOUT_HOME, is_timed=False),
    Screen.TICKET: Page(BAR_WITHOUT_HOME | {Target.DONE, Target.REPRINT}),
    Screen.REFUSED: Page(BAR | {Target.BACK}, back=Screen.HOME),
    Screen.SHUT: Page(BAR | {Target.BACK}, back=Screen.HOME, is_browsing=True),
    Screen.CLOSED: Page(BAR_WITHOUT_HOME | {Target.CORNER}),
    Screen.LOST: Page(BAR_WITHOUT_HOME | {Target.CORNER}),
    Screen.PIN: Page(frozenset({Target.BACK, Target.KEY, Target.ERASE, Target.ENTER}), back=Screen.HOME),
    Screen.STAFF: Page(frozenset({Target.BACK, Target.EXIT}), back=Screen.HOME),
}

#: Taps that are typing: the same key twice at once is meant.
TYPING = frozenset({Target.KEY, Target.ERASE, Target.CORNER})


@dataclass(frozen=True, slots=True)
class Rules:
    """What is set for this kiosk."""

    stage: Stage
    idle_s: float = 45.0
    warning_s: float = 20.0
    has_pin: bool = False


def look_of(state: State, stage: Stage) -> Look:
    """How pages look for this visitor."""
    prefs = state.prefs
    return Look(stage, prefs.language, prefs.scale, prefs.has_high_contrast, prefs.has_low_controls)


def choices(state: State) -> tuple[Zone | Service | Group, ...]:
    """Everything the present page offers, over all its pages."""
    if state.hall is None:
        return ()
    match state.screen:
        case Screen.HOME:
            return state.hall.zones
        case Screen.SERVICES:
            zone = state.hall.zone(state.zone)
            return zone.services if zone else ()
        case Screen.SEARCH:
            return find(state.hall, state.query)
        case Screen.GROUPS:
            return state.hall.groups
        case _:
            return ()


def per_page(state: State, rules: Rules) -> int:
    """How many choices one page holds."""
    grid = PAGE[state.screen].grid
    return frame_of(look_of(state, rules.stage)).per_page(grid, len(choices(state))) if grid else 1


def page_count(state: State, rules: Rules) -> int:
    """How many pages the choices fill; at least one."""
    return max(1, -(-len(choices(state)) // per_page(state, rules)))


def shown(state: State, rules: Rules) -> tuple[Zone | Service | Group, ...]:
    """The choices of the page that is turned up."""
    size = per_page(state, rules)
    return choices(state)[state.page * size : (state.page + 1) * size]


def idle_left(state: State, now: float, rules: Rules) -> float | None:
    """Seconds until the page is given up; None while nobody is being counted down."""
    if state.warned_at is not None:
        return max(0.0, rules.warning_s - (now - state.warned_at))
    if state.screen is Screen.TICKET and state.paper is Paper.PRINTED:
        return max(0.0, TICKET_S - (now - state.touched_at))
    return None
