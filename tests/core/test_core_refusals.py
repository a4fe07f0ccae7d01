"""Every reason for a refusal can be met with, and every refusal leaves the hall as it was."""

from dataclasses import replace
from typing import Any

import pytest

from server.core import assistance as a
from server.core import case_events as k
from server.core import commands as c
from server.core import events as e
from server.core import matters as m
from server.core import orders as o
from server.core.affairs import MatterKind
from server.core.appointments import (
    AppointmentBooked,
    AppointmentCancelled,
    BookAppointment,
    CancelAppointment,
    MoveAppointment,
)
from server.core.case_records import CaseState, HandedTo, Outcome
from server.core.model import Limits, Redress, Rules, SlotGrid, TicketState
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
    called,
    closed,
    given,
    id_of,
    paused,
    started,
)
from tests.core.case_cast import (
    AT_THE_WINDOW,
    CASE,
    CIVIL,
    RECEIVED,
    STORY_OF_CASE,
    answered,
    case_opened,
    commands_of_steps,
    settled,
    signed,
)

NOW = at("9:30")
HELD, SERVING, DONE = STORY_OF[TicketState.HELD], STORY_OF[TicketState.SERVING], STORY_OF[TicketState.DONE]
RECALLED = [e.TicketRecalled(at=at("9:12"), ticket=id_of("A001"), window=S01)] * 5
RATED = e.TicketRated(at=NOW, ticket=id_of("A001"), level=5)
ORDER = o.OrderOpened(
    at=NOW, order="w", ticket="w", number="A001", business_day="2026-11-23", service=INSURANCE, window=S01,
    clerk="li", level=1, contact_by=NOW, mend_by=NOW,
)  # fmt: skip
MENDED = o.OrderMended(at=NOW, order="w", by="chen")
MATTER = m.MatterRecorded(at=NOW, matter="m", kind=MatterKind.REPORT, by="li", deadline_at=NOW)
SETTLED = m.MatterSettled(at=NOW, matter="m", by="li", result="done")
#: A place at two and one at three; Lan has that of two.
WITH_SLOTS = replace(YANGXIN.services[INSURANCE], slots=(SlotGrid(frozenset(range(5)), 840, 960, 60, 1),))
TAKEN = AppointmentBooked(at=NOW, appointment="one", service=INSURANCE, slot_at=at("14:00"), code="1", holder="p-lan")
BOOKED = (*MORNING, TAKEN)
BOOKING = BookAppointment(at=NOW, appointment="two", service=INSURANCE, slot_at=at("14:00"), code="2")

#: Lan holds a ticket; somebody asks for a guide.
HIS = replace(a_ticket("A001"), holder="p-lan")
ASKED = a.HelpAsked(at=NOW, help="h", kind="guide", place="kiosk-1", by="kiosk:kiosk-1")

#: The case of the cast, what may be done with it, and papers that came by courier.
DOING: dict[str, Any] = commands_of_steps(NOW)
PARCEL = k.ParcelSigned(at=NOW, parcel="x", carrier="SF", tracking="1", by="li")
#: Somebody else sits at the next window.
NEIGHBOUR = (a_ticket("A002"), called("A002", S02), started("A002", S02))


def posted_too(ticket: str) -> tuple[e.Event, ...]:
    """A second case, of this ticket, went the way of the cast's until the post took it in the parcel E1."""
    own: dict[str, Any] = {"case": "s-2", "ticket": id_of(ticket)}
    settlement: dict[str, Any] = {"settlement": "s-2", "case": "20261123-0002", "ticket": id_of(ticket)}
    opening: dict[str, Any] = {"number": "20261123-0002", **own}
    first, second, *steps = STORY_OF_CASE[CaseState.POSTED][len(AT_THE_WINDOW) :]
    return (replace(first, **settlement), replace(second, **opening), *(replace(step, **own) for step in steps))


def settle(outcome: Outcome, **said: Any) -> k.Settle:
    """Li settles A001's item."""
    return k.Settle(at=NOW, window=S01, settlement=CASE, title="社保", outcome=outcome, **said)


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
    Reason.RATING_OVER: ((*MORNING, *DONE), c.Rate(at=NOW, ticket="A001", level=5)),
    Reason.POINT_UNKNOWN: ((*MORNING, *DONE), c.Rate(at=NOW, ticket="A001", level=5, points=("rude",))),
    Reason.ORDER_UNKNOWN: (MORNING, o.CloseOrder(at=NOW, order="w", by="chen")),
    Reason.ORDER_STATE: ((*MORNING, ORDER, MENDED), o.MendOrder(at=NOW, order="w", by="chen")),
    Reason.CALLBACK_WANTED: ((*MORNING, ORDER, MENDED), o.CloseOrder(at=NOW, order="w", by="sun")),
    Reason.SECOND_PERSON_WANTED: ((*MORNING, ORDER), o.MendOrder(at=NOW, order="w", by="li")),
    Reason.MATTER_EXISTS: ((*MORNING, MATTER), m.RecordMatter(at=NOW, matter="m", kind=MatterKind.REPORT, by="wang")),
    Reason.MATTER_UNKNOWN: (MORNING, m.SettleMatter(at=NOW, matter="m", by="li", result="done")),
    Reason.MATTER_SETTLED: ((*MORNING, MATTER, SETTLED), m.SettleMatter(at=NOW, matter="m", by="li", result="done")),
    Reason.TICKET_VOID: (
        (*MORNING, *STORY_OF[TicketState.NO_SHOW]),
        c.Reinstate(at=NOW, window=S01, ticket="A001"),
    ),
    Reason.TIDE_UNKNOWN: (MORNING, c.AcceptTide(at=NOW, tide="T1")),
    Reason.UNTIL_PAST: (MORNING, c.AssignWindow(at=NOW, window=S01, services=(TAX,), until=NOW)),
    Reason.ZONE_UNKNOWN: (MORNING, c.AssignWindow(at=NOW, window=S01, services=(TAX,), zone="moon")),
    Reason.APPOINTMENT_EXISTS: (BOOKED, replace(BOOKING, appointment="one")),
    Reason.APPOINTMENT_UNKNOWN: (MORNING, c.Issue(at=NOW, ticket="x", service=INSURANCE, appointment="none")),
    Reason.APPOINTMENT_OVER: (
        (*BOOKED, AppointmentCancelled(at=NOW, appointment="one")),
        MoveAppointment(at=NOW, appointment="one", slot_at=at("15:00")),
    ),
    Reason.APPOINTMENT_EARLY: (BOOKED, c.Issue(at=at("13:29"), ticket="x", service=INSURANCE, appointment="one")),
    Reason.APPOINTMENT_LATE: (BOOKED, CancelAppointment(at=at("13:00"), appointment="one")),
    Reason.APPOINTMENT_LIMIT: (BOOKED, replace(BOOKING, holder="p-lan", slot_at=at("15:00"))),
    Reason.APPOINTMENT_BARRED: (
        (replace(MORNING[0], absences={"p-lan": (at("8:00"),) * 3}),),
        replace(BOOKING, holder="p-lan"),
    ),
    Reason.SLOT_UNKNOWN: (MORNING, replace(BOOKING, slot_at=at("14:01"))),
    Reason.SLOT_FULL: (BOOKED, BOOKING),
    Reason.CODE_TAKEN: (BOOKED, replace(BOOKING, slot_at=at("15:00"), code="1")),
    Reason.CARD_WANTED: (MORNING, c.Issue(at=NOW, ticket="x", service=INSURANCE)),
    Reason.HAS_OPEN_TICKET: ((*MORNING, HIS), c.Issue(at=NOW, ticket="x", service=INSURANCE, holder="p-lan")),
    Reason.DAILY_LIMIT: ((*MORNING, HIS), c.Issue(at=NOW, ticket="x", service=TAX, holder="p-lan")),
    Reason.HELP_UNKNOWN: (MORNING, a.TakeHelp(at=NOW, help="h", by="mei")),
    Reason.HELP_STATE: (
        (*MORNING, ASKED, a.HelpTaken(at=NOW, help="h", by="mei")),
        a.TakeHelp(at=NOW, help="h", by="lin"),
    ),
    Reason.ITEM_NOT_AUTHORISED: (MORNING, c.Issue(at=NOW, ticket="x", service=INSURANCE, item="D01")),
    Reason.SETTLEMENT_EXISTS: ((*AT_THE_WINDOW, settled(), case_opened()), settle(Outcome.DONE)),
    Reason.SETTLEMENT_UNKNOWN: (AT_THE_WINDOW, k.Retract(at=NOW, window=S01, settlement=CASE)),
    Reason.PAPERS_WANTED: (AT_THE_WINDOW, settle(Outcome.CORRECTION)),
    Reason.PROMISE_WANTED: (
        AT_THE_WINDOW,
        settle(Outcome.ACCEPTED_MISSING, departments=(CIVIL,), lacks=("合同",)),
    ),
    Reason.REASON_WANTED: (AT_THE_WINDOW, settle(Outcome.REFUSED)),
    Reason.DEPARTMENT_WANTED: (AT_THE_WINDOW, settle(Outcome.ACCEPTED)),
    Reason.OUTCOME_FIELDS: (AT_THE_WINDOW, settle(Outcome.DONE, lacks=("合同",))),
    Reason.CASE_UNKNOWN: (AT_THE_WINDOW, DOING["take"]),
    Reason.CASE_STATE: (STORY_OF_CASE[CaseState.TRANSIT], DOING["post"]),
    Reason.DEPARTMENT_UNKNOWN: (STORY_OF_CASE[CaseState.TRANSIT], commands_of_steps(department="tax")["sign"]),
    Reason.PAPERS_GONE: (STORY_OF_CASE[CaseState.APPROVAL], DOING["sign"]),
    Reason.PAPERS_UNKNOWN: (STORY_OF_CASE[CaseState.TRANSIT], DOING["papers"]),
    Reason.PAPERS_NOT_SIGNED: (STORY_OF_CASE[CaseState.TRANSIT], DOING["answer"]),
    Reason.PAPERS_MISSING: (
        (
            *AT_THE_WINDOW,
            settled(),
            case_opened(lacks=("合同",), departments=(CIVIL,)),
            signed(CIVIL),
            answered(CIVIL),
        ),
        DOING["result"],
    ),
    Reason.RESULT_MISMATCH: (STORY_OF_CASE[CaseState.DECIDED], replace(DOING["result"], granted=False)),
    Reason.NOT_BY_POST: (
        (*AT_THE_WINDOW, settled(), case_opened(departments=(CIVIL,)), signed(CIVIL), answered(CIVIL), RECEIVED),
        DOING["post"],
    ),
    Reason.TRACKING_TAKEN: ((*STORY_OF_CASE[CaseState.READY], *NEIGHBOUR, *posted_too("A002")), DOING["post"]),
    Reason.TRACKING_SHARED: ((*STORY_OF_CASE[CaseState.READY], *posted_too("A001")), DOING["post"]),
    Reason.TRACKING_DIFFERS: (STORY_OF_CASE[CaseState.POSTED], replace(DOING["delivered"], tracking="E2")),
    Reason.AUTHORITY_WANTED: (STORY_OF_CASE[CaseState.READY], replace(DOING["hand-out"], to=HandedTo.AGENT)),
    Reason.ORIGINALS_CARRIED: (
        STORY_OF_CASE[CaseState.TRANSIT],
        k.FileOriginals(at=NOW, settlements=(CASE,), by="li"),
    ),
    Reason.PARCEL_EXISTS: ((*MORNING, PARCEL), k.SignParcel(at=NOW, parcel="x", carrier="SF", tracking="2", by="li")),
    Reason.PARCEL_UNKNOWN: (MORNING, k.RegisterParcel(at=NOW, parcel="x", by="li")),
    Reason.PARCEL_STATE: ((*MORNING, PARCEL), k.RegisterParcel(at=NOW, parcel="x", by="li")),
    Reason.PARCEL_SIGNED: ((*MORNING, PARCEL), k.SignParcel(at=NOW, parcel="y", carrier="SF", tracking="1", by="li")),
    Reason.SAME_TARGET: ((*MORNING, *SERVING), c.Transfer(at=NOW, window=S01, to_service=INSURANCE)),
}

#: Reasons that only some halls give.
PLANS = {
    **dict.fromkeys(
        (one for one in Reason if one.name.startswith(("APPOINTMENT_", "SLOT_", "CODE_"))),
        replace(YANGXIN, services={**YANGXIN.services, INSURANCE: WITH_SLOTS}),
    ),
    Reason.CARD_WANTED: replace(
        YANGXIN, services={**YANGXIN.services, INSURANCE: replace(YANGXIN.services[INSURANCE], id_required=True)}
    ),
    Reason.ITEM_NOT_AUTHORISED: replace(YANGXIN, authority={"D01": frozenset()}),
    Reason.DAILY_LIMIT: replace(YANGXIN, limits=Limits(per_day=1)),
    Reason.RATING_OVER: replace(YANGXIN, redress=Redress(rate_within_s=60)),
    Reason.TICKET_VOID: replace(YANGXIN, rules=Rules(void_after_s=600)),
}


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
