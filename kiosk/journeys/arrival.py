"""Who has an appointment: its six figures typed, its code scanned, or the card read; then the ticket (A2.4).

Pure. What a scanner typed leads here, too.
"""

from dataclasses import replace

from kiosk.errands import Doing
from kiosk.going import Step, go
from kiosk.journeys import card, rating, voucher
from kiosk.scanner import ScanKind, Scanned
from kiosk.state import Screen, State, Tap, Target

CODE_LENGTH = 6


def tap(state: State, touched: Tap, now: float, *, has_reader: bool) -> Step:
    """Take a tap on the check-in page."""
    match touched.target:
        case Target.ARRIVE if state.hall and (state.hall.is_open or state.hall.is_by_appointment):
            return Step(go(replace(state, doing=Doing.CHECK_IN, typed=""), Screen.ARRIVAL, now))
        case Target.CARD if has_reader:
            return Step(go(replace(state, doing=Doing.CHECK_IN, page=0), Screen.CONSENT, now))
        case Target.ERASE:
            return Step(replace(state, typed=state.typed[:-1]))
        case Target.KEY if len(touched.value) == 1 and touched.value.isdigit() and touched.value.isascii():
            code = (state.typed + touched.value)[:CODE_LENGTH]
            if len(code) == CODE_LENGTH:
                return card.check_in(replace(state, typed=""), now, code=code)
            return Step(replace(state, typed=code))
        case _:
            return Step(state)


def hear(state: State, scanned: Scanned, now: float) -> Step:
    """Take what was scanned, on the pages where a code is asked for and on the first page."""
    is_home = state.screen is Screen.HOME
    is_shut = state.screen is Screen.CLOSED and state.hall is not None and state.hall.is_by_appointment
    is_rating = state.screen in (Screen.NUMBER, Screen.RATING_CODE)
    may_check_in = is_home or is_shut or state.screen is Screen.ARRIVAL
    state = replace(state, touched_at=now)
    match scanned.kind:
        case ScanKind.APPOINTMENT if may_check_in:
            return card.check_in(replace(state, typed=""), now, token=scanned.value)
        case ScanKind.CODE if may_check_in:
            return card.check_in(replace(state, typed=""), now, code=scanned.value)
        case ScanKind.VOUCHER if is_home or is_rating or state.screen in (Screen.ARRIVAL, Screen.CASE):
            return voucher.begin(state, now, scanned.value)
        case ScanKind.TICKET if is_home or is_rating:
            return rating.begin(state, now, token=scanned.value)
        case ScanKind.NUMBER if is_home or is_rating:
            return rating.begin(state, now, number=scanned.value)
        case _:
            return Step(state)
