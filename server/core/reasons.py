"""Why a ticket was called, in words: one sentence for citizens in Chinese and English, one with numbers for managers.

Pure. The sentences are stored with the call, so they stand here as data in both languages and not in a catalogue:
a record of years ago must read as it was told then. No time is promised to anyone in them.
"""

from server.core.calendar import local
from server.core.dispatch import line_of
from server.core.model import HallState, Plan, Ticket, Why
from server.core.ordering import order_key


def _clock(plan: Plan, at: float) -> str:
    moment = local(at, plan.tz)
    return f"{moment.hour}:{moment.minute:02d}"


def _detail(plan: Plan, ticket: Ticket, rivals: list[Ticket], at: float) -> str:
    waited = round(at - ticket.issued_at)
    told = f"{ticket.number} credited {_clock(plan, ticket.credited_at)}, waited {waited} s"
    if not rivals:
        return f"{told}; no other waiting"
    nearest = rivals[0]
    return (
        f"{told}; next {nearest.number} credited {_clock(plan, nearest.credited_at)}, "
        f"{round(nearest.credited_at - ticket.credited_at)} s later; {len(rivals)} others waiting for this window"
    )


def _standing_zh(plan: Plan, ticket: Ticket) -> str:
    """When a ticket was taken and, where that differs, as when it counts and why."""
    issued, counts_as = _clock(plan, ticket.issued_at), _clock(plan, ticket.credited_at)
    if ticket.credited_at < ticket.issued_at:
        return f"{ticket.number} 是优先群体，{issued} 取号视同 {counts_as}"
    if ticket.credited_at > ticket.issued_at:
        return f"{ticket.number} {issued} 取号，过号后重新排队，视同 {counts_as}"
    return f"{ticket.number} {issued} 取号"


def _standing_en(plan: Plan, ticket: Ticket) -> str:
    issued, counts_as = _clock(plan, ticket.issued_at), _clock(plan, ticket.credited_at)
    if ticket.credited_at < ticket.issued_at:
        return f"{ticket.number} is in a priority group: taken {issued}, counts as {counts_as}"
    if ticket.credited_at > ticket.issued_at:
        return f"{ticket.number} taken {issued}, missed its call and waits again, counts as {counts_as}"
    return f"{ticket.number} taken {issued}"


def why_next(plan: Plan, state: HallState, window: str, ticket: Ticket, at: float) -> Why:
    """Explain why `ticket` is this window's next: always a comparison of two times."""
    rivals = [t for t in line_of(plan, state, window) if t.id != ticket.id]
    detail = _detail(plan, ticket, rivals, at)
    issued = _clock(plan, ticket.issued_at)
    if ticket.for_window == window:
        if ticket.transfers:
            zh, en = f"{ticket.number} 已转到本窗口", f"{ticket.number} was sent to this window"
        else:
            zh, en = f"{ticket.number} 指定由本窗口办理", f"{ticket.number} was taken for this window"
        return Why(zh=f"{zh}，按 {issued} 取号排队", en=f"{en} and keeps its place of {issued}", detail=detail)
    if not rivals:
        return Why(
            zh=f"{ticket.number} {issued} 取号，本窗口没有其他人在等",
            en=f"{ticket.number} was taken at {issued}; nobody else is waiting for this window",
            detail=detail,
        )
    passed = min((t for t in rivals if t.issued_at < ticket.issued_at), key=order_key, default=None)
    if passed is None:
        other = rivals[0]
        return Why(
            zh=f"{ticket.number} {issued} 取号，{other.number} {_clock(plan, other.issued_at)} 取号；"
            f"{ticket.number} 先到，所以先叫",
            en=f"{ticket.number} was taken at {issued}, {other.number} at {_clock(plan, other.issued_at)}; "
            f"{ticket.number} came first",
            detail=detail,
        )
    return Why(
        zh=f"{_standing_zh(plan, ticket)}；{_standing_zh(plan, passed)}；所以先叫 {ticket.number}",
        en=f"{_standing_en(plan, ticket)}; {_standing_en(plan, passed)}; so {ticket.number} first",
        detail=detail,
    )


def why_by_hand(plan: Plan, state: HallState, window: str, ticket: Ticket, at: float) -> Why:
    """Explain a call of one given number: the clerk chose it."""
    issued = _clock(plan, ticket.issued_at)
    earlier = [t for t in line_of(plan, state, window) if t.id != ticket.id and order_key(t) < order_key(ticket)]
    return Why(
        zh=f"工作人员指定呼叫 {ticket.number}（{issued} 取号）",
        en=f"The clerk called {ticket.number} by hand (taken {issued})",
        detail=f"by hand; {len(earlier)} waiting tickets stood before it; waited {round(at - ticket.issued_at)} s",
    )


def why_resumed(plan: Plan, ticket: Ticket, at: float) -> Why:
    """Explain a return from hold."""
    held_s = round(at - ticket.held_at) if ticket.held_at is not None else 0
    return Why(
        zh=f"{ticket.number} 之前已叫到并暂时挂起，现在直接回到窗口",
        en=f"{ticket.number} had been called and set aside; it comes straight back to the window",
        detail=f"resumed after {held_s} s on hold; taken {_clock(plan, ticket.issued_at)}",
    )
