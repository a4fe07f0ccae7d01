"""Rating at the kiosk (A1.5): a ticket's number typed or its code scanned, one of five faces, what pleased or not, thanks.

Pure. Nothing is chosen beforehand; who leaves has rated nothing.
"""

from dataclasses import replace

from kiosk.errands import Doing, FormMissing, FormSeen, LoadForm, Rate
from kiosk.going import Step, go, refuse
from kiosk.state import Screen, State, Tap, Target

#: A letter and up to four figures (standards: numbers pass 999 to four).
NUMBER_MAX = 5
FIGURES_MIN = 3

#: Pages that come to nothing without the form.
_WAITING = (Screen.NUMBER, Screen.LEVELS)


def tap(state: State, touched: Tap, now: float) -> Step:
    """Take a tap on the pages of the rating."""
    match touched.target:
        case Target.RATE:
            asked = replace(state, doing=Doing.RATING, typed="", token="", page=0)
            return Step(go(asked, Screen.NUMBER, now), () if state.form else (LoadForm(),))
        case Target.ERASE:
            return Step(replace(state, typed=state.typed[:-1]))
        case Target.KEY:
            return Step(replace(state, typed=_typed(state, touched.value)))
        case Target.NUMBER if is_number(state.typed):
            return Step(go(replace(state, page=0, level=None, points=()), Screen.LEVELS, now))
        case Target.LEVEL | Target.POINT | Target.SEND:
            return _judge(state, touched, now)
        case _:
            return Step(state)


def begin(state: State, now: float, *, token: str = "", number: str = "") -> Step:
    """Begin with a ticket whose code was scanned."""
    begun = replace(state, doing=Doing.RATING, token=token, typed=number, page=0, level=None, points=())
    return Step(go(begun, Screen.LEVELS, now), () if state.form else (LoadForm(),))


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
            number = None if state.token else state.typed
            given = Rate(attempt, number, state.token or None, state.level, state.points)
            return Step(go(replace(state, attempt=attempt), Screen.SENDING, now), (given,))
        case _:
            return Step(state)
