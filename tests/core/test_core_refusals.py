"""Every reason for a refusal can be met with, and every refusal leaves the hall as it was."""

from dataclasses import replace

import pytest

from server.core import commands as c
from server.core import events as e
from server.core.model import Rules, TicketState
from server.core.refusals import Reason
from tests.cast import (
    E01,
    INSURANCE,
    MORNING,
    S01,
    S02,
    STORY_OF,
    TAX,
    YANGXIN,
    a_ticket,
    at,
    closed,
    given,
    id_of,
    paused,
)

NOW = at("9:30")
HELD, SERVING, DONE = STORY_OF[TicketState.HELD], STORY_OF[TicketState.SERVING], STORY_OF[TicketState.DONE]
RECALLED = [e.TicketRecalled(at=at("9:12"), ticket=id_of("A001"), window=S01)] * 5
RATED = e.TicketRated(at=NOW, ticket=id_of("A001"), level=5)

#: One way to meet each reason: what had happened, and what was asked.
WAYS: dict[Reason, tuple[tuple[e.Event, ...], c.Command]] = {
    Reason.DAY_NOT_OPEN: ((), c.CloseDay(at=NOW)),
    Reason.SERVICE_UNKNOWN: (MORNING, c.Issue(at=NOW, ticket="x", service="fishing")),
    Reason.SERVICE_CLOSED: (MORNING, c.Issue(at=at("12:30"), ticket="x", service=INSURANCE)),
    Reason.GROUP_UNKNOWN: (MORNING, c.Issue(at=NOW, ticket="x", service=INSURANCE, group="giants")),
    Reason.TICKET_EXISTS: (
        (*MORNING, a_ticket("A001")),
        c.Issue(at=NOW, ticket=id_of("A001"), service=INSURANCE, device="other"),
    ),
    Reason.TICKET_UNKNOWN: (MORNING, c.Cancel(at=NOW, ticket="A001")),
    Reason.WINDOW_UNKNOWN: (MORNING, c.CallNext(at=NOW, window="S99")),
    Reason.WINDOW_CLOSED: ((*MORNING, closed(S01)), c.CallNext(at=NOW, window=S01)),
    Reason.WINDOW_PAUSED: ((*MORNING, paused(S01)), c.CallNext(at=NOW, window=S01)),
    Reason.WINDOW_BUSY: ((*MORNING, *SERVING), c.CallNext(at=NOW, window=S01)),
    Reason.WINDOW_IDLE: (MORNING, c.Finish(at=NOW, window=S01)),
    Reason.NOT_SERVED_HERE: ((*MORNING, a_ticket("B001")), c.CallTicket(at=NOW, window=S01, ticket="B001")),
    Reason.RESERVED_ELSEWHERE: (
        (*MORNING, a_ticket("A001", for_window=S02)),
        c.CallTicket(at=NOW, window=S01, ticket="A001"),
    ),
    Reason.WRONG_STATE: ((*MORNING, *DONE), c.Cancel(at=NOW, ticket="A001")),
    Reason.RECALL_LIMIT: (
        (*MORNING, *STORY_OF[TicketState.CALLED], *RECALLED),
        c.Recall(at=NOW, window=S01),
    ),
    Reason.ALREADY_RATED: ((*MORNING, *DONE, RATED), c.Rate(at=NOW, ticket="A001", level=4)),
    Reason.TICKET_VOID: (
        (*MORNING, *STORY_OF[TicketState.NO_SHOW]),
        c.Reinstate(at=NOW, window=S01, ticket="A001"),
    ),
    Reason.TIDE_UNKNOWN: (MORNING, c.AcceptTide(at=NOW, tide="T1")),
    Reason.UNTIL_PAST: (MORNING, c.AssignWindow(at=NOW, window=S01, services=(TAX,), until=NOW)),
    Reason.ZONE_UNKNOWN: (MORNING, c.AssignWindow(at=NOW, window=S01, services=(TAX,), zone="moon")),
    Reason.SAME_TARGET: ((*MORNING, *SERVING), c.Transfer(at=NOW, window=S01, to_service=INSURANCE)),
}

#: Reasons that only some halls give.
PLANS = {Reason.TICKET_VOID: replace(YANGXIN, rules=Rules(void_after_s=600))}


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_can_be_met(reason: Reason) -> None:
    """No code stands in the API that the hall never gives."""
    past, command = WAYS[reason]
    given(*past, plan=PLANS.get(reason, YANGXIN)).when(command).refused(reason)


def test_a_ticket_reserved_for_a_window_that_serves_nothing_of_it_elsewhere() -> None:
    """Where the asking window does not serve the service at all, that is the reason given."""
    hall = given(*MORNING, a_ticket("B001", for_window=S02))
    hall.when(c.CallTicket(at=NOW, window=S01, ticket="B001")).refused(Reason.NOT_SERVED_HERE)
    hall.when(c.OpenWindow(at=NOW, window=E01))
    hall.when(c.CallTicket(at=NOW, window=E01, ticket="B001")).refused(Reason.RESERVED_ELSEWHERE)
