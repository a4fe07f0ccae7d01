"""Calling a guide (帮办代办, C8): what for, then word that somebody comes.

Pure.
"""

from dataclasses import replace

from kiosk.errands import AskHelp, Doing
from kiosk.going import Step, go
from kiosk.state import Screen, State, Tap, Target


def tap(state: State, touched: Tap, now: float) -> Step:
    """Take a tap on the button or on one of the kinds."""
    kinds = state.hall.help if state.hall else ()
    match touched.target:
        case Target.HELP if kinds:
            return Step(go(replace(state, page=0), Screen.HELP, now))
        case Target.HELP_KIND if any(kind.id == touched.value for kind in kinds):
            attempt = state.attempt + 1
            asked = AskHelp(attempt, touched.value, state.prefs.language)
            return Step(go(replace(state, doing=Doing.HELP, attempt=attempt), Screen.SENDING, now), (asked,))
        case _:
            return Step(state)
