"""The buttons of a page's own: which there are, what they say, and where they stand.

Pure. They lie under what is read on an upright screen and right of it on a lying one; the first page's stand in one row.
"""

from dataclasses import dataclass, replace

from kiosk.frame import GAP_MM, Box, Frame
from kiosk.journeys.offers import can_take
from kiosk.sheet import em_width
from kiosk.state import Paper, Screen, State, Target
from kiosk.theme import LINE_HEIGHT, Style
from kiosk.wording import texts_of

#: Part of a lying screen's width that the buttons take.
COLUMN_PART = 0.34
#: A button needs no more height than this.
BUTTON_MAX_MM = 42.0


@dataclass(frozen=True, slots=True)
class Action:
    """One button. `label` is English; the page translates it."""

    target: Target
    label: str
    icon: str
    is_main: bool = False


#: Every word on these buttons.
SEARCH = Action(Target.SEARCH, "Find", "search")
ARRIVE = Action(Target.ARRIVE, "Check in", "check")
HELP = Action(Target.HELP, "Help", "hand")
RATE = Action(Target.RATE, "Rate", "face5")
TAKE = Action(Target.TAKE, "Take a number", "check", is_main=True)
SLIP = Action(Target.SLIP, "Print this", "printer")
#: What became of the slip, told by the button that asked for it.
SLIPS = {
    Paper.NONE: SLIP,
    Paper.PRINTING: Action(Target.SLIP, "Printing …", "clock"),
    Paper.PRINTED: Action(Target.SLIP, "Printed: take it below", "check"),
    Paper.LATE: Action(Target.SLIP, "Printer in trouble: take a photo", "warning"),
    Paper.TROUBLE: Action(Target.SLIP, "Printer in trouble: take a photo", "warning"),
}
ANYWAY = Action(Target.ANYWAY, "A number all the same", "forward")
AGREE = Action(Target.AGREE, "Agree and read the card", "card", is_main=True)
WITHOUT = Action(Target.WITHOUT, "Go on without a card", "forward")
RETRY = Action(Target.RETRY, "Try again", "card", is_main=True)
CALL = Action(Target.HELP, "Call a guide", "hand", is_main=True)
COLLECT = Action(Target.COLLECT, "Take a number to collect it", "check", is_main=True)
DONE = Action(Target.DONE, "Done", "check", is_main=True)
ALL = (SEARCH, ARRIVE, HELP, RATE, TAKE, *SLIPS.values(), ANYWAY, AGREE, WITHOUT, RETRY, CALL, COLLECT, DONE)


def actions(state: State) -> tuple[Action, ...]:
    """The buttons of the present page, the one most wanted first."""
    hall = state.hall
    has_help = hall is not None and bool(hall.help)
    match state.screen:
        case Screen.HOME:
            is_booked = hall is not None and hall.has_booking
            return (SEARCH, *((ARRIVE,) if is_booked else ()), *((HELP,) if has_help else ()), RATE)
        case Screen.CLOSED:
            return (replace(ARRIVE, is_main=True),) if hall is not None and hall.is_by_appointment else ()
        case Screen.GUIDE:
            slip = SLIPS[state.slip]
            if not can_take(state):
                return (replace(slip, is_main=True),) if state.guide is not None else ()
            return (TAKE, slip) if state.guide is not None else (TAKE,)
        case Screen.ONLINE:
            return (ANYWAY,) if can_take(state) else ()
        case Screen.CONSENT:
            return AGREE, WITHOUT
        case Screen.READING:
            return (RETRY, WITHOUT) if state.card_trouble else (WITHOUT,)
        case Screen.NO_CARD | Screen.REFUSED:
            return (CALL,) if has_help else ()
        case Screen.HELPED | Screen.THANKS | Screen.CASE:
            return _last(state)
        case _:
            return ()


def _last(state: State) -> tuple[Action, ...]:
    """The button of a page that is the end of its way."""
    if state.screen is not Screen.CASE:
        return (DONE,)
    return (COLLECT,) if state.case is not None and state.case.can_take else ()


def action_boxes(state: State, frame: Frame) -> tuple[Box, ...]:
    """Where the buttons of the present page stand."""
    found = actions(state)
    if not found:
        return ()
    if state.screen is Screen.HOME:
        return _row(frame.home_deck, len(found), frame.look.px(GAP_MM))
    return _upright(found, frame) if frame.is_portrait else _column(len(found), frame)


def panel(state: State, frame: Frame) -> Box:
    """What the buttons leave of a page for what is read; it holds no target and may reach up to the title."""
    story, boxes, gap = frame.story, action_boxes(state, frame), frame.look.px(GAP_MM)
    if not boxes:
        return story
    if frame.is_portrait:
        floor = max(box.top for box in boxes) + gap
        return Box(story.x, floor, story.width, story.top - floor)
    return Box(story.x, story.y, boxes[0].x - gap - story.x, story.height)


def _row(box: Box, count: int, gap: float) -> tuple[Box, ...]:
    width = (box.width - gap * (count - 1)) / count
    return tuple(Box(box.x + i * (width + gap), box.y, width, box.height) for i in range(count))


def _upright(found: tuple[Action, ...], frame: Frame) -> tuple[Box, ...]:
    """Side by side where all words fit, else one below the other with the most wanted on top."""
    look, content, gap = frame.look, frame.content, frame.look.px(GAP_MM)
    texts = texts_of(look.language)
    em = look.type_px(Style.BODY)
    height = max(look.px(26.0), em * LINE_HEIGHT + look.px(8.0))
    widest = max(em_width(texts(action.label)) for action in found) * em + em * 1.2 + look.px(6)
    count = len(found)
    if count == 1 or widest <= (content.width - gap * (count - 1)) / count:
        return tuple(reversed(_row(Box(content.x, content.y, content.width, height), count, gap)))
    return tuple(
        Box(content.x, content.y + (count - 1 - i) * (height + gap), content.width, height) for i in range(count)
    )


def _column(count: int, frame: Frame) -> tuple[Box, ...]:
    look, content, gap = frame.look, frame.content, frame.look.px(GAP_MM)
    width = content.width * COLUMN_PART
    height = min(look.px(BUTTON_MAX_MM), (content.height - gap * (count - 1)) / count)
    return tuple(
        Box(content.right - width, content.y + (count - 1 - i) * (height + gap), width, height) for i in range(count)
    )
