"""The hidden way out for staff: taps in a corner, then a PIN with few tries (standards D3.14).

Pure: time is handed in; comparing with the PIN's hash is somebody else's work.
"""

from dataclasses import replace

from kiosk.state import CheckPin, Command, NotePinFailures, Prefs, Quit, Screen, Staff, State, Tap, Target

CORNER_TAPS = 5
CORNER_WITHIN_S = 3.0
TRIES = 5
LOCK_S = 15 * 60.0
PIN_MAX = 12


def corner(state: State, now: float, has_pin: bool) -> State:
    """Count a tap in the corner; enough of them in a short time lead to the PIN, where there is one."""
    recent = (*(at for at in state.staff.corner_at if now - at < CORNER_WITHIN_S), now)[-CORNER_TAPS:]
    if len(recent) < CORNER_TAPS or not has_pin:
        return replace(state, staff=replace(state.staff, corner_at=recent))
    asked = replace(state.staff, corner_at=(), typed="", is_checking=False)
    # The keypad is for staff, who stand and see; a visitor's large type would leave it no room.
    prefs = Prefs(language=state.prefs.language)
    return replace(state, staff=asked, screen=Screen.PIN, prefs=prefs, entered_at=now, warned_at=None)


def locked_for_s(staff: Staff, now: float) -> float:
    """Seconds until the PIN may be tried again."""
    return max(0.0, staff.locked_until - now)


def tap(state: State, touched: Tap, now: float) -> tuple[State, tuple[Command, ...]]:
    """Take a tap on the PIN or staff page."""
    staff = state.staff
    match touched.target:
        case Target.EXIT:
            return state, (Quit(),)
        case _ if staff.is_checking or locked_for_s(staff, now) > 0:
            return state, ()
        case Target.KEY if len(touched.value) == 1 and touched.value.isdigit():
            return replace(state, staff=replace(staff, typed=(staff.typed + touched.value)[:PIN_MAX])), ()
        case Target.ERASE:
            return replace(state, staff=replace(staff, typed=staff.typed[:-1])), ()
        case Target.ENTER if staff.typed:
            return replace(state, staff=replace(staff, typed="", is_checking=True)), (CheckPin(staff.typed),)
        case _:
            return state, ()


def checked(state: State, is_right: bool, now: float) -> tuple[State, tuple[Command, ...]]:
    """Count a failure, and lock after the last of them."""
    if is_right:
        return replace(state, staff=Staff()), (NotePinFailures(0),)
    failures = state.staff.failures + 1
    if failures >= TRIES:
        return replace(state, staff=Staff(locked_until=now + LOCK_S)), (NotePinFailures(failures),)
    return replace(state, staff=Staff(failures=failures)), (NotePinFailures(failures),)


def at_start(failures: int, now: float) -> Staff:
    """A restart is no way round the lock: it begins again."""
    return Staff(locked_until=now + LOCK_S) if failures >= TRIES else Staff(failures=failures)


def forget(staff: Staff) -> Staff:
    """Drop what was typed, keep failures and lock."""
    return replace(staff, corner_at=(), typed="", is_checking=False)
