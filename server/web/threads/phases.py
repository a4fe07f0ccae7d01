"""The phases of a thread, from the number to the mending of a bad rating, and which event belongs to which. Pure."""

from enum import StrEnum

from server.core import appointments as a
from server.core import assistance as h
from server.core import case_events as k
from server.core import events as e
from server.core import matters as m
from server.core import orders as o
from server.core.ratings import RatingAsked, VisitRated


class Phase(StrEnum):
    """A part of the way, in order."""

    NUMBER = "number"
    CALL = "call"
    ACCEPTANCE = "acceptance"
    CARRYING = "carrying"
    APPROVAL = "approval"
    RESULT = "result"
    RATING = "rating"
    REDRESS = "redress"


PHASE_NAMES = {
    Phase.NUMBER: "Number",
    Phase.CALL: "Call",
    Phase.ACCEPTANCE: "Acceptance",
    Phase.CARRYING: "Carrying",
    Phase.APPROVAL: "Approval",
    Phase.RESULT: "Result",
    Phase.RATING: "Rating",
    Phase.REDRESS: "Redress",
}

_EVENTS: dict[Phase, tuple[type[e.Event], ...]] = {
    Phase.NUMBER: (
        *a.EVENTS,
        e.TicketIssued,
        e.TicketReprinted,
        e.TicketPrintReported,
        e.TicketCancelled,
    ),
    Phase.CALL: (e.TicketCalled, e.TicketRecalled, e.TicketMissed, e.TicketReinstated),
    Phase.ACCEPTANCE: (
        e.ServiceStarted,
        e.ServiceFinished,
        e.TicketHeld,
        e.TicketResumed,
        e.TicketTransferred,
        *h.EVENTS,
        k.ItemSettled,
        k.SettlementRetracted,
        k.PaperPrinted,
        k.CaseOpened,
        k.PapersBrought,
        k.CaseWithdrawn,
        k.OriginalsFiled,
        k.ParcelSigned,
        k.ParcelSorted,
        k.ParcelRegistered,
    ),
    Phase.CARRYING: (k.PapersTaken, k.PapersSigned),
    Phase.APPROVAL: (k.CasePaused, k.CaseWentOn, k.CaseAnswered, k.CaseNumbered, k.MilestoneNoted),
    Phase.RESULT: (k.ResultReceived, k.ResultReturned, k.ResultPosted, k.ResultDelivered, k.ResultHandedOut),
    Phase.RATING: (e.TicketRated, VisitRated, RatingAsked),
    Phase.REDRESS: (*o.EVENTS, *m.EVENTS),
}
_PHASE_OF = {kind: phase for phase, kinds in _EVENTS.items() for kind in kinds}
#: Of a step that is late.
_LATE_IN = {
    "transfer": Phase.CARRYING,
    "approval": Phase.APPROVAL,
    "promise": Phase.ACCEPTANCE,
    "result": Phase.RESULT,
    "collection": Phase.RESULT,
    "post": Phase.RESULT,
    "delivery": Phase.RESULT,
}


def phase_of(event: e.Event, *, to_fetch: bool) -> Phase:
    """The phase of an event; `to_fetch`: of a ticket that was taken to fetch a result."""
    if isinstance(event, k.StepOverdue):
        return _LATE_IN[event.step]
    phase = _PHASE_OF.get(type(event), Phase.ACCEPTANCE)
    return Phase.RESULT if to_fetch and phase in (Phase.NUMBER, Phase.CALL, Phase.ACCEPTANCE) else phase
