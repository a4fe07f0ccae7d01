"""The pages as data: what may be tapped on each, where Back leads, how long a visitor may be silent; and what follows
from a state without changing it.

Pure. How one state becomes the next stands in `flow.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from kiosk.catalogue import Group, Help, Service, Zone
from kiosk.deck import panel
from kiosk.frame import Box, Frame, Grid, frame_of
from kiosk.items import Item
from kiosk.journeys.offers import Option, options
from kiosk.people import Level, Point
from kiosk.search import find
from kiosk.sheet import Row, pages, paragraphs
from kiosk.state import Paper, Screen, State, Target
from kiosk.theme import LINE_HEIGHT, Look, Stage, Style

#: Everything that can stand on a card.
Choice = Zone | Service | Group | Item | Help | Level | Point | Option

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
#: Services that stand before the items found, so that nothing moves when these come.
SERVICES_BESIDE_ITEMS = 2
#: White round a sheet's text.
SHEET_PAD_MM = 7.0
#: Lines stand in from their heading.
SHEET_INDENT_EM = 0.3

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
    #: Whether what is read stands on several pages.
    is_sheet: bool = False


PAGE: Mapping[Screen, Page] = {
    Screen.STARTING: Page(frozenset({Target.CORNER}), is_timed=False),
    Screen.HOME: Page(
        BAR | PAGES | {Target.ZONE, Target.SEARCH, Target.ARRIVE, Target.HELP, Target.RATE, Target.CORNER},
        grid=Grid.ZONES,
        is_browsing=True,
    ),
    Screen.SERVICES: Page(
        BAR | PAGES | {Target.BACK, Target.SERVICE, Target.SEARCH},
        back=Screen.HOME,
        grid=Grid.SERVICES,
        is_browsing=True,
    ),
    Screen.SEARCH: Page(
        BAR | PAGES | {Target.BACK, Target.KEY, Target.ERASE, Target.SERVICE, Target.ITEM},
        back=Screen.HOME,
        grid=Grid.FOUND,
        is_browsing=True,
    ),
    Screen.CONFIRM: Page(
        BAR | {Target.BACK, Target.PRIORITY, Target.CONFIRM, Target.CARD}, back=Screen.SERVICES, is_browsing=True
    ),
    Screen.GROUPS: Page(
        BAR | PAGES | {Target.BACK, Target.GROUP}, back=Screen.CONFIRM, grid=Grid.GROUPS, is_browsing=True
    ),
    Screen.ISSUING: Page(BAR_WITHOUT_HOME, is_timed=False),
    Screen.TICKET: Page(BAR_WITHOUT_HOME | {Target.DONE, Target.REPRINT}),
    Screen.REFUSED: Page(BAR | {Target.BACK, Target.HELP}, back=Screen.HOME),
    Screen.SHUT: Page(BAR | {Target.BACK}, back=Screen.HOME, is_browsing=True),
    Screen.CLOSED: Page(BAR_WITHOUT_HOME | {Target.CORNER, Target.ARRIVE}),
    Screen.LOST: Page(BAR_WITHOUT_HOME | {Target.CORNER}),
    Screen.GUIDE: Page(
        BAR | PAGES | {Target.BACK, Target.TAKE, Target.SLIP}, back=Screen.SEARCH, is_browsing=True, is_sheet=True
    ),
    Screen.ONLINE: Page(BAR | {Target.BACK, Target.ANYWAY}, back=Screen.GUIDE, is_browsing=True),
    Screen.CONSENT: Page(
        BAR | PAGES | {Target.BACK, Target.AGREE, Target.WITHOUT},
        back=Screen.CONFIRM,
        is_browsing=True,
        is_sheet=True,
    ),
    Screen.READING: Page(BAR | {Target.BACK, Target.RETRY, Target.WITHOUT}, back=Screen.CONFIRM, is_browsing=True),
    Screen.WELCOME: Page(BAR | PAGES | {Target.BACK, Target.OPTION}, grid=Grid.OPTIONS, is_browsing=True),
    Screen.NO_CARD: Page(BAR | {Target.BACK, Target.HELP}, back=Screen.CONFIRM, is_browsing=True),
    Screen.ARRIVAL: Page(
        BAR | {Target.BACK, Target.KEY, Target.ERASE, Target.CARD}, back=Screen.HOME, is_browsing=True
    ),
    Screen.HELP: Page(BAR | PAGES | {Target.BACK, Target.HELP_KIND}, back=Screen.HOME, grid=Grid.HELP),
    Screen.NUMBER: Page(
        BAR | {Target.BACK, Target.KEY, Target.ERASE, Target.NUMBER}, back=Screen.HOME, is_browsing=True
    ),
    Screen.RATING_CODE: Page(BAR | {Target.BACK, Target.KEY, Target.ERASE}, back=Screen.NUMBER, is_browsing=True),
    Screen.LEVELS: Page(BAR | {Target.BACK, Target.LEVEL}, back=Screen.RATING_CODE, grid=Grid.LEVELS, is_browsing=True),
    Screen.POINTS: Page(
        BAR | PAGES | {Target.BACK, Target.POINT, Target.SEND},
        back=Screen.LEVELS,
        grid=Grid.POINTS,
        is_browsing=True,
    ),
    Screen.CASE: Page(BAR | PAGES | {Target.BACK, Target.COLLECT}, back=Screen.HOME, is_browsing=True, is_sheet=True),
    Screen.SENDING: Page(BAR_WITHOUT_HOME, is_timed=False),
    Screen.HELPED: Page(BAR | {Target.DONE}),
    Screen.THANKS: Page(BAR | {Target.DONE}),
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
    has_reader: bool = False


def look_of(state: State, stage: Stage) -> Look:
    """How pages look for this visitor."""
    prefs = state.prefs
    return Look(stage, prefs.language, prefs.scale, prefs.has_high_contrast, prefs.has_low_controls)


def choices(state: State) -> tuple[Choice, ...]:
    """Everything the present page offers, over all its pages."""
    if state.hall is None:
        return ()
    level = state.form.level(state.level) if state.form else None
    match state.screen:
        case Screen.WELCOME:
            return options(state)
        case Screen.HELP:
            return state.hall.help
        case Screen.LEVELS:
            return state.form.levels if state.form else ()
        case Screen.POINTS:
            return level.points if level else ()
        case Screen.HOME:
            return state.hall.zones
        case Screen.SERVICES:
            zone = state.hall.zone(state.zone)
            return zone.services if zone else ()
        case Screen.SEARCH:
            return _found(state)
        case Screen.GROUPS:
            return state.hall.groups
        case _:
            return ()


def _found(state: State) -> tuple[Service | Item, ...]:
    """Services at once; when the server's items are there, the first two services and then these."""
    services: tuple[Service, ...] = find(state.hall, state.query) if state.hall else ()
    items = state.items if state.query and state.items_for == state.query else ()
    return (*services[:SERVICES_BESIDE_ITEMS], *items) if items else services


def sheet_space(state: State, frame: Frame) -> Box:
    """Where the text of a sheet stands."""
    box, pad = panel(state, frame), frame.look.px(SHEET_PAD_MM)
    return Box(box.x + pad, box.y + pad * 0.6, box.width - 2 * pad, box.height - 1.2 * pad)


def sheet_style(state: State, frame: Frame) -> Style:
    """A short text is set in larger type, as long as it stays on its one page."""
    return Style.NAME if len(_sheet_in(state, frame, Style.NAME)) == 1 else Style.BODY


def sheet_rows(state: State, rules: Rules) -> tuple[Row, ...]:
    """The lines of the page of text that is turned up."""
    found = _sheet(state, rules)
    return found[min(state.page, len(found) - 1)]


def _sheet(state: State, rules: Rules) -> tuple[tuple[Row, ...], ...]:
    frame = frame_of(look_of(state, rules.stage))
    return _sheet_in(state, frame, sheet_style(state, frame))


def _sheet_in(state: State, frame: Frame, style: Style) -> tuple[tuple[Row, ...], ...]:
    space, size = sheet_space(state, frame), frame.look.type_px(style)
    lines = max(1.0, space.height / (size * LINE_HEIGHT))
    return pages(paragraphs(state), space.width / size - SHEET_INDENT_EM, lines)


def per_page(state: State, rules: Rules) -> int:
    """How many choices one page holds; a sheet's pages count one each."""
    grid = PAGE[state.screen].grid
    return frame_of(look_of(state, rules.stage)).per_page(grid, len(choices(state))) if grid else 1


def page_count(state: State, rules: Rules) -> int:
    """How many pages the choices or the text fill; at least one."""
    if PAGE[state.screen].is_sheet:
        return len(_sheet(state, rules))
    return max(1, -(-len(choices(state)) // per_page(state, rules)))


def shown(state: State, rules: Rules) -> tuple[Choice, ...]:
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
