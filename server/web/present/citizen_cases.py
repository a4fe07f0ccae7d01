"""A case as whoever holds its voucher sees it: where it stands and what to do, in plain words and without anybody's name."""

from typing import Any

from server.core.calendar import local
from server.core.case_records import Case, CaseState, DeliveryWay, PauseKind
from server.core.dispatch import newcomers_windows
from server.core.model import HallState, Plan, Ticket, TicketState
from server.web.present.cases import pickup_service
from server.web.present.common import both, moment, opening, windows_text
from server.web.present.texts import name_in_both
from server.web.site import Site

#: A pickup ticket in one of these states is still good.
_TICKET_LIVES = (TicketState.WAITING, TicketState.CALLED, TicketState.SERVING, TicketState.HELD)

_NOW = {
    CaseState.TRANSIT: "Accepted. Your papers are on the way to those who decide",
    CaseState.APPROVAL: "Being decided",
    CaseState.DECIDED: "Decided. The result is being made ready",
    CaseState.READY: "The result is ready",
    CaseState.POSTED: "The result has been posted",
    CaseState.DELIVERED: "The result has been handed over",
    CaseState.WITHDRAWN: "This application was withdrawn",
}
_PAUSED = {
    PauseKind.FEE: "A fee is to be paid. The time stands still until then",
    PauseKind.CORRECTION: "Papers are to be corrected. The time stands still until then",
}
_TODO = {
    CaseState.TRANSIT: "There is nothing you need to do. Keep the voucher",
    CaseState.APPROVAL: "There is nothing you need to do. Keep the voucher",
    CaseState.DECIDED: "Please wait until the result is ready. This page will tell you",
    CaseState.POSTED: "Please look out for the post; the tracking number stands below",
    CaseState.DELIVERED: "There is nothing more to do. Thank you",
    CaseState.WITHDRAWN: "If this is not right, please ask at the information desk",
}
TODO_FEE = "Please pay the fee at the window or as you were told, then it goes on"
TODO_CORRECTION = "Please bring the papers named below; then it goes on"
TODO_LACKS = "Please bring the missing papers by the day you promised; without them the result is not handed out"
TODO_POST = "It will be posted to you. You may also fetch it here with the voucher"
TODO_FETCH = "Bring the voucher and your ID card. Scan the voucher at the kiosk to take a number for collection"


def public_case(site: Site, state: HallState, case: Case, at: float) -> dict[str, Any]:
    """The whole page's worth."""
    plan, names = site.hall.plan, site.names
    pause = case.pauses[-1] if case.state is CaseState.PAUSED else None
    ticket = pickup_ticket(state, case)
    return {
        "number": case.number,
        **both(names.hall.name, "hall"),
        "title": case.title,
        **both(names.services[case.service].name, "service_name"),
        "language": case.language,
        "state": case.state.value,
        **name_in_both(_now(case), "state_name"),
        **name_in_both(_todo(case), "todo"),
        "stages": stages(plan, case),
        "accepted_at": moment(plan, case.opened_at),
        # A clock that stands still has no day; a decision that is there needs none.
        "deadline_on": _day(plan, case.deadline_at) if case.state in _UNDER_WAY else None,
        "lacks": list(case.lacks) if not case.is_over else [],
        "promise_on": _day(plan, case.promise_by) if case.lacks and not case.is_over else None,
        "corrections": list(pause.lacks) if pause else [],
        "fee": pause.fee if pause else None,
        "delivery": case.delivery.value,
        "pickup": _pickup(site, state, case, at),
        "ticket": None if ticket is None else ticket.number,
        "carrier": case.carrier,
        "tracking": case.tracking,
    }


_UNDER_WAY = (CaseState.TRANSIT, CaseState.APPROVAL)


def pickup_ticket(state: HallState, case: Case) -> Ticket | None:
    """Today's ticket for the result that still waits or is served."""
    ticket = None if case.pickup_ticket is None else state.tickets.get(case.pickup_ticket)
    return ticket if ticket is not None and ticket.state in _TICKET_LIVES else None


def _day(plan: Plan, at: float | None) -> str | None:
    return None if at is None else local(at, plan.tz).date().isoformat()


def _now(case: Case) -> str:
    return _PAUSED[case.pauses[-1].kind] if case.state is CaseState.PAUSED else _NOW[case.state]


def _todo(case: Case) -> str:
    if case.state is CaseState.PAUSED:
        return TODO_FEE if case.pauses[-1].kind is PauseKind.FEE else TODO_CORRECTION
    if case.state is CaseState.READY:
        return TODO_POST if case.delivery is DeliveryWay.POST else TODO_FETCH
    if case.lacks and not case.is_over and case.state is not CaseState.POSTED:
        return TODO_LACKS
    return _TODO[case.state]


def stages(plan: Plan, case: Case) -> list[dict[str, Any]]:
    """The line of steps a citizen knows: accepted, on the way, deciding, ready, delivered; each past, present or to come."""
    by_post = case.delivery is DeliveryWay.POST and not (case.ended_at is not None and case.posted_at is None)
    signed = [leg.signed_at for leg in case.legs if leg.signed_at is not None]
    answered = [leg.answered_at for leg in case.legs if leg.answered_at is not None]
    all_signed = len(signed) == len(case.legs)
    all_answered = len(answered) == len(case.legs)
    ended = case.ended_at if case.state is CaseState.DELIVERED else None
    line: list[tuple[str, str, float | None]] = [
        ("accepted", "Acceptance", case.opened_at),
        ("transit", "Papers handed on", max(signed) if all_signed and signed else None),
        ("approval", "Decision", max(answered) if all_answered and answered else None),
        ("ready", "Ready to be posted" if by_post else "Ready to be fetched", case.ready_at),
    ]
    if by_post:
        line.append(("posted", "Posted", case.posted_at))
    line.append(("delivered", "Delivered", ended))
    now = _stage_now(case, all_signed=all_signed)
    order = [name for name, _english, _at in line]
    place = len(order) if ended is not None else order.index(now) if now in order else -1
    return [
        {
            "id": name,
            **name_in_both(english),
            "at": moment(plan, at),
            "is": "past" if at_place < place else "now" if at_place == place else "next",
        }
        if case.state is not CaseState.WITHDRAWN
        else {"id": name, **name_in_both(english), "at": moment(plan, at), "is": "past" if at is not None else "next"}
        for at_place, (name, english, at) in enumerate(line)
    ]


def _stage_now(case: Case, *, all_signed: bool) -> str:
    if case.state in (CaseState.TRANSIT, CaseState.PAUSED):
        return "approval" if all_signed else "transit"
    return {
        CaseState.APPROVAL: "approval",
        CaseState.DECIDED: "approval",
        CaseState.READY: "ready",
        CaseState.POSTED: "posted",
    }.get(case.state, "")


def _pickup(site: Site, state: HallState, case: Case, at: float) -> dict[str, Any] | None:
    """Where and when the result is fetched; None where it is posted already, over, or nothing hands out results."""
    plan, names = site.hall.plan, site.names
    service = pickup_service(names.hall, case.zone)
    if service is None or case.is_over or case.state is CaseState.POSTED:
        return None
    chosen = plan.services[service]
    zone = names.zones[chosen.zone]
    return {
        "service": service,
        **both(names.services[service].name, "service_name"),
        **both(names.areas[zone.area].name, "area_name"),
        **both(zone.name, "zone_name"),
        **windows_text(names, newcomers_windows(plan, state)[service]),
        **opening(plan, [chosen.timetable], at),
    }


def visit_cases(site: Site, state: HallState, ticket: Ticket) -> list[dict[str, Any]]:
    """The cases that one visit made, with their citizens' pages."""
    cases = [state.cases[name] for name in ticket.settled if name in state.cases]
    return [
        {
            "number": case.number,
            "title": case.title,
            **name_in_both(_now(case), "state_name"),
            "url": f"/c/{site.links.case_token(case.id)}",
        }
        for case in cases
    ]
