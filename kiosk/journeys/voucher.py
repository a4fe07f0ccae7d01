"""Whoever holds the voucher of an application before the scanner: where it stands, and once the result is ready one tap
takes a ticket for the desk that hands it out (P4).

Pure. The token opens somebody's page: it is kept until he has gone, and never shown.
"""

from dataclasses import replace

from kiosk.errands import CaseSeen, Doing, SeeCase
from kiosk.going import Step, go
from kiosk.state import IssueTicket, Screen, State, Tap, Target


def begin(state: State, now: float, token: str) -> Step:
    """A voucher was scanned: ask what became of it."""
    attempt = state.attempt + 1
    asked = replace(state, doing=Doing.VOUCHER, attempt=attempt, token=token, case=None, page=0)
    return Step(go(asked, Screen.SENDING, now), (SeeCase(attempt, token),))


def hear(state: State, news: CaseSeen, now: float) -> Step:
    """Show it; an answer nobody waits for is dropped."""
    if state.screen is not Screen.SENDING or news.attempt != state.attempt:
        return Step(state)
    return Step(go(replace(state, case=news.case, touched_at=now), Screen.CASE, now))


def tap(state: State, touched: Tap, now: float) -> Step:
    """Take a tap on the page of the case."""
    if touched.target is not Target.COLLECT or state.case is None or not state.case.can_take:
        return Step(state)
    attempt = state.attempt + 1
    # The server knows which service hands the result out.
    wanted = IssueTicket(attempt, "", None, state.prefs.language, voucher=state.token)
    return Step(go(replace(state, attempt=attempt), Screen.ISSUING, now), (wanted,))
