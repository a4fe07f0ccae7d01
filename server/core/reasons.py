"""Why a ticket was called, in words: one sentence for citizens in Chinese and English, one with numbers for managers.

Pure. The sentences are stored with the call, so they stand here as data in both languages and not in a catalogue:
a record of years ago must read as it was told then. No time is promised to anyone in them.
"""

from server.core.calendar import local
from server.core.dispatch import home_of, line_of, reach, thresholds
from server.core.model import HallState, Plan, Ticket, Why
from server.core.ordering import Due, credited_at, mean_s, order_key, short_credit_s
from server.core.tide_reasons import zone_name


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


def _credits(plan: Plan, state: HallState, ticket: Ticket) -> list[tuple[str, str]]:
    """Why a ticket counts as earlier or later than it was due, in both languages; nothing if it counts as it was due."""
    usual = credited_at(plan, state, ticket.service, Due(ticket.due_at, ticket.on_time), ticket.group)
    # Before its first call it cannot have missed one: then it is the hall's rules that changed since it was taken.
    if ticket.calls and abs(usual - ticket.credited_at) >= 1:
        return [("过号后重新排队", "missed its call and waits again")]
    told = []
    if ticket.group:
        told.append(("是优先群体", "is in a priority group"))
    if ticket.on_time:
        told.append(("按预约时间到", "kept its appointment"))
    short_s = short_credit_s(plan.rules, mean_s(plan, state, ticket.service))
    if short_s > 0:
        told.append(("业务较快", "is short business"))
    elif short_s < 0:
        told.append(("业务耗时较长", "is long business"))
    return told


def _standing(plan: Plan, state: HallState, ticket: Ticket) -> tuple[str, str]:
    """When a ticket was taken and, where that differs, as when it counts and why; Chinese and English."""
    issued, counts_as = _clock(plan, ticket.issued_at), _clock(plan, ticket.credited_at)
    credits = _credits(plan, state, ticket) if issued != counts_as else []
    if not credits:
        return f"{ticket.number} {issued} 取号", f"{ticket.number} taken {issued}"
    zh = "、".join(zh for zh, _ in credits)
    en = " and ".join(en for _, en in credits)
    return (
        f"{ticket.number} {zh}，{issued} 取号视同 {counts_as}",
        f"{ticket.number} {en}: taken {issued}, counts as {counts_as}",
    )


def why_next(plan: Plan, state: HallState, window: str, ticket: Ticket, at: float) -> Why:
    """Explain why `ticket` is this window's next: always a comparison of two times."""
    rivals = [t for t in line_of(plan, state, window, at) if t.id != ticket.id]
    detail = _detail(plan, ticket, rivals, at)
    issued = _clock(plan, ticket.issued_at)
    if ticket.for_window == window:
        if ticket.transfers:
            zh, en = f"{ticket.number} 已转到本窗口", f"{ticket.number} was sent to this window"
        else:
            zh, en = f"{ticket.number} 指定由本窗口办理", f"{ticket.number} was taken for this window"
        return Why(zh=f"{zh}，按 {issued} 取号排队", en=f"{en} and keeps its place of {issued}", detail=detail)
    if ticket.service not in reach(plan, state.window(window))[0]:
        return _why_helped(plan, state, window, ticket, rivals, detail)
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
    (zh, en), (passed_zh, passed_en) = _standing(plan, state, ticket), _standing(plan, state, passed)
    return Why(
        zh=f"{zh}；{passed_zh}；所以先叫 {ticket.number}",
        en=f"{en}; {passed_en}; so {ticket.number} first",
        detail=detail,
    )


def _why_helped(plan: Plan, state: HallState, window: str, ticket: Ticket, rivals: list[Ticket], detail: str) -> Why:
    """Explain a call for another zone: nobody waits where the window is, or the other one counts as much earlier."""
    after_s, leave_for_s = thresholds(plan, window)
    returns = state.window(window).zone is not None and ticket.zone == home_of(plan, window)
    goes_zh, goes_en = ("回到", "goes back to") if returns else ("支援", "helps")
    zone_zh, zone_en = zone_name(plan, ticket.zone)
    zh, en = _standing(plan, state, ticket)
    if not rivals:
        return Why(
            zh=f"{zh}；本窗口没有其他人在等，所以{goes_zh}{zone_zh}",
            en=f"{en}; nobody else is waiting for this window, so it {goes_en} {zone_en}",
            detail=f"{detail}; helps {ticket.zone} after {after_s:.0f} s of waiting",
        )
    passed_zh, passed_en = _standing(plan, state, rivals[0])
    return Why(
        zh=f"{zh}；{passed_zh}；相差较多，所以先{goes_zh}{zone_zh}，叫 {ticket.number}",
        en=f"{en}; {passed_en}; so much later that this window first {goes_en} {zone_en} for {ticket.number}",
        detail=f"{detail}; leaves for tickets credited {leave_for_s:.0f} s earlier",
    )


def why_by_hand(plan: Plan, state: HallState, window: str, ticket: Ticket, at: float) -> Why:
    """Explain a call of one given number: the clerk chose it."""
    issued = _clock(plan, ticket.issued_at)
    earlier = [t for t in line_of(plan, state, window, at) if t.id != ticket.id and order_key(t) < order_key(ticket)]
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
