"""From events of the log to what the platform is told: accepted items, what became of results, and ratings (A1.10).
Nothing personal goes out: the platform knows the applicant from its own acceptance, and of a rating neither the remark
nor who gave it is told."""

from dataclasses import dataclass, field
from typing import Any

from server.core import case_events as ce
from server.core.calendar import local
from server.core.case_records import Case
from server.core.events import TicketRated
from server.core.model import HallState, Plan
from server.core.orders import ExclusionJudged
from server.core.ratings import RATED, VisitRated
from server.log.records import Recorded
from server.platform.applying import PLATFORM
from server.platform.records import Outgoing, OutKind

_REPORTS: dict[type, OutKind] = {
    ce.ResultReceived: OutKind.RESULT_READY,
    ce.ResultPosted: OutKind.POSTED,
    ce.ResultDelivered: OutKind.DELIVERED,
    ce.ResultHandedOut: OutKind.HANDED_OUT,
    ce.CaseWithdrawn: OutKind.WITHDRAWN,
}
KNOWN = (ce.CaseOpened, ce.SettlementRetracted, *_REPORTS)
RATINGS = (*RATED, ExclusionJudged)


def submit_id(case: str) -> str:
    """The id under which a case is handed in."""
    return f"submit-{case}"


def rating_id(ticket: str) -> str:
    """The id under which a ticket's rating is reported."""
    return f"rating-{ticket}"


@dataclass(slots=True)
class Told:
    """What is to be sent, and which cases were taken back at the window."""

    items: list[Outgoing] = field(default_factory=list)
    retracted: list[str] = field(default_factory=list)


def told_of(plan: Plan, state: HallState, news: list[Recorded]) -> Told:
    """What the platform is told of some events."""
    told = Told()
    for recorded in news:
        event = recorded.event
        if isinstance(event, ce.SettlementRetracted):
            told.retracted.append(event.settlement)
        elif isinstance(event, ce.CaseOpened):
            # A case that was taken back since is not handed in, nor is one that has the platform's number.
            if (case := state.cases.get(event.case)) is not None and case.platform is None:
                content = _acceptance(plan, case)
                told.items.append(Outgoing(submit_id(case.id), OutKind.SUBMIT, case.number, content))
        elif isinstance(event, tuple(_REPORTS)) and getattr(event, "by", None) != PLATFORM:
            assert isinstance(event, ce.CaseEvent)
            if (case := state.cases.get(event.case)) is not None:
                kind = _REPORTS[type(event)]
                content = {**_about(case), "at": _moment(plan, event.at), **_more(event)}
                told.items.append(Outgoing(f"{kind}-{case.id}-{recorded.seq}", kind, case.number, content))
        elif isinstance(event, RATED):
            told.items.append(_rating(plan, event))
        elif isinstance(event, ExclusionJudged) and event.accepted:
            told.items.append(_excluded(plan, state, event))
    return told


def _rating(plan: Plan, event: TicketRated | VisitRated) -> Outgoing:
    """All of it stands in the event: whatever has become of the visit since, the same is reported."""
    content = {
        "ticket": event.number,
        "ticket_id": event.ticket,
        "business_day": event.day,
        "cases": list(event.cases),
        "items": list(event.items),
        "level": event.level,
        "points": list(event.points),
        "version": event.form,
        "channel": event.channel,
        "rated_at": _moment(plan, event.at),
        "excluded": False,
    }
    return Outgoing(rating_id(event.ticket), OutKind.RATING, event.number, content)


def _excluded(plan: Plan, state: HallState, event: ExclusionJudged) -> Outgoing:
    """The order of a bad rating has the id of its ticket; its number is for people who look at the queue."""
    order = state.orders.get(event.order)
    content = {"ticket_id": event.order, "excluded": True, "excluded_at": _moment(plan, event.at)}
    return Outgoing(
        f"{rating_id(event.order)}-excluded", OutKind.RATING, order.number if order else event.order, content
    )


def withdrawn(case: str) -> Outgoing:
    """A slip at the window that the platform had been told of."""
    return Outgoing(f"withdrawn-{case}-slip", OutKind.WITHDRAWN, case, {"case_id": case})


def _about(case: Case) -> dict[str, Any]:
    return {"case": case.number, "case_id": case.id, "platform": case.platform, "title": case.title, "item": case.item}


def _acceptance(plan: Plan, case: Case) -> dict[str, Any]:
    return {
        **_about(case),
        "departments": [leg.department for leg in case.legs],
        "outcome": case.outcome.value,
        "ticket": case.ticket_number,
        "service": case.service,
        "zone": case.zone,
        "window": case.window,
        "clerk": case.clerk,
        "urgent": case.urgent,
        "delivery": case.delivery.value,
        "lacks": list(case.lacks),
        "promise_by": _moment(plan, case.promise_by),
        "accepted_at": _moment(plan, case.opened_at),
        "deadline_at": _moment(plan, case.deadline_at),
        "days": case.days,
    }


def _more(event: ce.CaseEvent) -> dict[str, Any]:
    if isinstance(event, ce.ResultReceived):
        return {"result": event.title, "copies": event.copies}
    return {"carrier": event.carrier, "tracking": event.tracking} if isinstance(event, ce.ResultPosted) else {}


def _moment(plan: Plan, at: float | None) -> str | None:
    return None if at is None else local(at, plan.tz).isoformat(timespec="milliseconds")
