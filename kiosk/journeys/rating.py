"""Rating at the kiosk (A1.5): a ticket's number and rating code typed or its QR code scanned, one of five faces, what
pleased or not, thanks.

Pure. Nothing is chosen beforehand; who leaves has rated nothing. The number alone would do for everybody who looks at a
board; the code stands on the ticket.
"""

from dataclasses import replace

from kiosk.errands import Doing, FormMissing, FormSeen, LoadForm, Rate
from kiosk.going import Step, go, home, refuse
from kiosk.state import Screen, State, Tap, Target

#: A letter and up to four figures (standards: numbers pass 999 to four).
NUMBER_MAX = 5
FIGURES_MIN = 3
#: Of the rating code.
CODE_LENGTH = 4

#: Pages that come to nothing without the form.
_WAITING = (Screen.NUMBER, Screen.RATING_CODE, Screen.LEVELS)


def tap(state: State, touched: Tap, now: float) -> Step:
    """Take a tap on the pages of the rating."""
    match touched.target:
        case Target.RATE:
            asked = replace(state, doing=Doing.RATING, typed="", token="", code="", page=0)
            return Step(go(asked, Screen.NUMBER, now), () if state.form else (LoadForm(),))
        case Target.KEY | Target.ERASE if state.screen is Screen.RATING_CODE:
            return _prove(state, touched, now)
        case Target.ERASE:
            return Step(replace(state, typed=state.typed[:-1]))
        case Target.KEY:
            return Step(replace(state, typed=_typed(state, touched.value)))
        case Target.NUMBER if is_number(state.typed):
            return Step(ask_code(state, now))
        case Target.LEVEL | Target.POINT | Target.SEND:
            return _judge(state, touched, now)
        case _:
            return Step(state)


def begin(state: State, now: float, *, token: str = "", number: str = "") -> Step:
    """Begin with a ticket whose QR code, or whose number, was scanned."""
    begun = replace(state, doing=Doing.RATING, token=token, typed=number, code="", page=0, level=None, points=())
    seen = go(begun, Screen.LEVELS, now) if token else ask_code(begun, now)
    return Step(seen, () if state.form else (LoadForm(),))


def ask_code(state: State, now: float) -> State:
    """Turn to the page where the rating code is typed, with nothing typed there and nothing chosen behind it."""
    return go(replace(state, code="", level=None, points=(), page=0), Screen.RATING_CODE, now)


def back(state: State, now: float) -> State:
    """Go to where Back leads. From a refusal to the code, if one was typed: mostly that was a slip of the finger."""
    match state.screen:
        case Screen.POINTS:
            return go(replace(state, level=None, points=(), page=0), Screen.LEVELS, now)
        case Screen.LEVELS | Screen.REFUSED if state.code:
            return ask_code(state, now)
        case Screen.RATING_CODE:
            return go(replace(state, code=""), Screen.NUMBER, now)
        case _:
            return home(state, now)


def hear(state: State, news: FormSeen | FormMissing, now: float) -> State:
    """Take the form for a visitor who is about to rate; without one nothing can be rated."""
    if state.doing is not Doing.RATING:
        return state
    if isinstance(news, FormSeen):
        return replace(state, form=news.form, entered_at=now)
    return refuse(state, now, news.detail, news.detail_zh) if state.screen in _WAITING else state


def is_number(typed: str) -> bool:
    """Tell whether what was typed can be a ticket's number."""
    return typed[:1].isalpha() and len(typed) > FIGURES_MIN and typed[1:].isdigit()


def _prove(state: State, touched: Tap, now: float) -> Step:
    """Take a key of the rating code; the last figure leads on by itself."""
    if touched.target is Target.ERASE:
        return Step(replace(state, code=state.code[:-1]))
    key = touched.value
    if len(key) != 1 or not key.isdigit() or not key.isascii() or len(state.code) == CODE_LENGTH:
        return Step(state)
    typed = replace(state, code=state.code + key)
    return Step(go(typed, Screen.LEVELS, now) if len(typed.code) == CODE_LENGTH else typed)


def _typed(state: State, key: str) -> str:
    letters = state.hall.letters if state.hall else ""
    if not state.typed:
        return key if len(key) == 1 and key in letters else ""
    if len(key) == 1 and key.isdigit() and key.isascii():
        return (state.typed + key)[:NUMBER_MAX]
    return state.typed


def _judge(state: State, touched: Tap, now: float) -> Step:
    match touched.target:
        case Target.LEVEL if state.form and touched.value.isdigit() and state.form.level(int(touched.value)):
            chosen = replace(state, level=int(touched.value), points=(), page=0)
            return Step(go(chosen, Screen.POINTS, now))
        case Target.POINT if state.form and (level := state.form.level(state.level)):
            if all(point.id != touched.value for point in level.points):
                return Step(state)
            others = tuple(point for point in state.points if point != touched.value)
            points = others if touched.value in state.points else (*state.points, touched.value)
            return Step(replace(state, points=points))
        case Target.SEND if state.level is not None:
            attempt = state.attempt + 1
            number, code = (None, None) if state.token else (state.typed, state.code)
            given = Rate(attempt, number, state.token or None, state.level, state.points, code)
            return Step(go(replace(state, attempt=attempt), Screen.SENDING, now), (given,))
        case _:
            return Step(state)
