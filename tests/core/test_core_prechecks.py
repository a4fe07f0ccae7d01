"""Pre-check as the first step of a visit (Y4, P2): one number, one place in time, and who goes on to the window."""

from dataclasses import replace
from random import Random
from typing import Any

import pytest

from server.core import case_events as k
from server.core import commands as c
from server.core import events as e
from server.core.appointments import BookAppointment
from server.core.case_records import Outcome
from server.core.dispatch import may_call
from server.core.model import (
    DAY_END,
    Plan,
    Service,
    ServiceId,
    SlotGrid,
    Ticket,
    TicketState,
    Timetable,
    Window,
    WindowId,
    ZoneId,
)
from server.core.refusals import Reason, Rejected
from server.core.wait import estimate, newcomer
from tests.cast import COMPANY, ELDER, INSURANCE, LI, MEDICAL, S01, S02, TAX, YANGXIN, Day, at, day_opened, opened

PRE, P01 = "soc-pre", "P01"
S = TicketState
_PRECHECK = Service(id=ServiceId(PRE), zone=ZoneId("hall"), series="P", mean_service_s=180, timetable="office")
#: Insurance papers are looked through at P01 first.
HALL: Plan = replace(
    YANGXIN,
    services={
        **YANGXIN.services,
        PRE: _PRECHECK,
        INSURANCE: replace(YANGXIN.services[INSURANCE], precheck=ServiceId(PRE)),
    },
    windows={
        **YANGXIN.windows,
        P01: Window(id=WindowId(P01), number=9, zone=ZoneId("hall"), services=(ServiceId(PRE),)),
    },
)


def morning(plan: Plan = HALL) -> Day:
    """Everybody is there; nobody has come yet."""
    return Day(
        day_opened(), opened(S01, LI), opened(S02, "wang"), opened(P01, "zhao"), opened("E01", "qian"), plan=plan
    )


def take(day: Day, clock: str = "9:00", **said: Any) -> Ticket:
    """A citizen takes a ticket for insurance."""
    said = {"ticket": "t", "service": INSURANCE} | said
    day.do(c.Issue(at=at(clock), **said))
    return day.state.tickets[said["ticket"]]


def the_ticket(day: Day, name: str = "t") -> Ticket:
    """It, as it is now."""
    return day.state.tickets[name]


def test_a_newcomer_waits_for_the_precheck_with_the_number_of_his_service() -> None:
    """The number is of the series of what he came for; what follows stands on the ticket."""
    day = morning()
    ticket = take(day, group=ELDER)
    assert (ticket.number, ticket.series, ticket.service, ticket.zone, ticket.then) == (
        "A001", "A", PRE, "hall", (INSURANCE,),
    )  # fmt: skip
    # The pre-check is short business: a place is counted by the step one waits for.
    assert ticket.credited_at == at("9:00") - 7 * 60 - HALL.rules.priority_credit_s
    assert day.call_next(S01, "9:01") is None
    assert day.call_next(P01, "9:01") == "A001"


def test_looked_through_and_on_with_number_and_time() -> None:
    """Finish at the pre-check means on to the window: same number, same due time, before those who came later."""
    day = morning()
    take(day, "9:00", item="D01")
    take(day, "9:01", ticket="late", is_checked=True)
    day.call_next(P01, "9:02")
    (event,) = day.do(c.Finish(at=at("9:06"), window=P01))
    assert event == e.TicketTransferred(
        at=at("9:06"), ticket="t", window=P01, service=INSURANCE, zone="social", credited_at=at("9:00"), passed=True
    )
    ticket = the_ticket(day)
    assert (ticket.number, ticket.due_at, ticket.item, ticket.then, ticket.state) == (
        "A001", at("9:00"), "D01", (), S.WAITING,
    )  # fmt: skip
    assert day.line(S01) == ["A001", "A002"]
    assert day.call_next(S01, "9:07") == "A001"
    day.do(c.Finish(at=at("9:20"), window=S01))
    assert (the_ticket(day).state, the_ticket(day).transfers) == (S.DONE, 1)


def test_the_big_button_passes_on_too() -> None:
    """Call-next at the pre-check sends the one who is there on and calls the next one."""
    day = morning()
    take(day)
    take(day, "9:01", ticket="second")
    day.call_next(P01, "9:02")
    events = day.do(c.CallNext(at=at("9:05"), window=P01, finish_current=True))
    assert [type(event) for event in events] == [e.TicketTransferred, e.TicketCalled]
    assert (the_ticket(day).service, the_ticket(day, "second").window) == (INSURANCE, P01)


@pytest.mark.parametrize("limited", [False, True])
def test_a_window_that_serves_both_steps_goes_on_with_the_same_citizen(limited: bool) -> None:
    """He keeps his place: at such a window he is the next, before whoever came after him; with a letter, too."""
    both = replace(HALL.windows[P01], services=(ServiceId(PRE), ServiceId(INSURANCE)))
    authority = {"D01": frozenset({P01})} if limited else {}
    day = morning(replace(HALL, windows={**HALL.windows, P01: both}, authority=authority))
    take(day, item="D01")
    take(day, "9:01", ticket="later", is_checked=True)
    day.call_next(P01, "9:02")
    events = day.do(c.CallNext(at=at("9:05"), window=P01, finish_current=True))
    assert [(type(event), event.ticket) for event in events if isinstance(event, e.TicketEvent)] == [
        (e.TicketTransferred, "t"), (e.TicketCalled, "t"),
    ]  # fmt: skip
    assert (the_ticket(day).service, the_ticket(day).window) == (INSURANCE, P01)
    day.restart()


@pytest.mark.parametrize("outcome", [Outcome.CORRECTION, Outcome.REFUSED])
def test_who_is_told_to_come_back_does_not_go_on(outcome: Outcome) -> None:
    """Papers are missing, or it is not for this hall: with the paper in his hand the citizen goes home."""
    day = morning()
    take(day)
    day.call_next(P01, "9:02")
    said: dict[str, Any] = {"lacks": ("照片",)} if outcome is Outcome.CORRECTION else {"reason": "not_here"}
    day.do(k.Settle(at=at("9:04"), window=P01, settlement="s-1", outcome=outcome, title="社保", **said))
    (event,) = day.do(c.Finish(at=at("9:05"), window=P01))
    assert event == e.ServiceFinished(at=at("9:05"), ticket="t", window=P01)
    assert day.state.asked[P01].ticket == "t"


def test_who_brought_something_right_goes_on() -> None:
    """One item to be corrected and one in order: the visit goes on; and a slip taken back turns nobody away."""
    day = morning()
    take(day)
    day.call_next(P01, "9:02")
    correction = k.Settle(
        at=at("9:04"), window=P01, settlement="s-1", outcome=Outcome.CORRECTION, title="社保", lacks=("照片",)
    )
    day.do(correction)
    day.do(k.Settle(at=at("9:04"), window=P01, settlement="s-2", outcome=Outcome.DONE, title="查询"))
    (event,) = day.do(c.Finish(at=at("9:05"), window=P01))
    assert isinstance(event, e.TicketTransferred)

    day = morning()
    take(day)
    day.call_next(P01, "9:02")
    day.do(correction)
    day.do(k.Retract(at=at("9:04"), window=P01, settlement="s-1"))
    (event,) = day.do(c.Finish(at=at("9:05"), window=P01))
    assert isinstance(event, e.TicketTransferred)


def test_whoever_says_how_it_ended_ends_the_visit() -> None:
    """An outcome in the clerk's own words is the end of it."""
    day = morning()
    take(day)
    day.call_next(P01, "9:02")
    (event,) = day.do(c.Finish(at=at("9:05"), window=P01, outcome="来错了"))
    assert isinstance(event, e.ServiceFinished)
    assert the_ticket(day).state is S.DONE


@pytest.mark.parametrize(
    "said",
    [{"is_checked": True}, {"slot_at": at("9:00")}, {"for_window": S01}],
    ids=["checked", "appointment elsewhere", "for a window"],
)
def test_who_has_a_place_at_the_window_is_not_sent_to_the_precheck(said: dict[str, Any]) -> None:
    """Looked through at home or by a guide, expected at a time, sent to one window: straight there."""
    ticket = take(morning(), **said)
    assert (ticket.service, ticket.then) == (INSURANCE, ())


def test_a_booked_appointment_goes_straight_to_the_window() -> None:
    """The time is the window's."""
    slots = (SlotGrid(frozenset(range(5)), 540, 660, 60, 1),)
    plan = replace(HALL, services={**HALL.services, INSURANCE: replace(HALL.services[INSURANCE], slots=slots)})
    day = morning(plan)
    day.do(BookAppointment(at=at("8:40"), appointment="b", service=INSURANCE, slot_at=at("9:00"), code="1"))
    assert take(day, "8:55", appointment="b").service == INSURANCE


def test_services_without_a_precheck_and_the_precheck_itself() -> None:
    """They have one step."""
    for service in (MEDICAL, COMPANY, PRE):
        ticket = take(morning(), service=service)
        assert (ticket.service, ticket.then) == (service, ())


def test_outside_the_hours_of_the_precheck_straight_to_the_window() -> None:
    """Nobody waits at a desk that is shut; newcomers are told the wait at the window."""
    mornings_only = Timetable(shifts=(((510, 600),),) * 7)
    services = {**HALL.services, PRE: replace(_PRECHECK, timetable="mornings")}
    plan = replace(HALL, services=services, timetables={**HALL.timetables, "mornings": mornings_only})
    for clock, first in (("9:59", PRE), ("10:00", INSURANCE)):
        day = morning(plan)
        assert newcomer(plan, day.state, INSURANCE, at(clock)).service == first
        assert take(day, clock).service == first


def test_the_same_tap_twice_is_one_ticket_at_every_step() -> None:
    """The kiosk asks again for what it asked for, wherever the ticket has got to by then."""
    day = morning()
    command = c.Issue(at=at("9:00"), ticket="t", service=INSURANCE)
    day.do(command)
    assert day.do(command) == []
    day.call_next(P01, "9:02")
    day.do(c.Finish(at=at("9:05"), window=P01))
    assert day.do(command) == []


def test_missed_at_the_precheck_and_back() -> None:
    """Reinstated it waits for the pre-check again, and still goes on from there."""
    day = morning()
    take(day)
    day.call_next(P01, "9:02")
    day.do(c.MarkNoShow(at=at("9:04"), window=P01))
    day.do(c.Reinstate(at=at("9:04:30"), window=P01, ticket="t"))
    assert (the_ticket(day).service, the_ticket(day).then) == (PRE, (INSURANCE,))
    day.call_next(P01, "9:05")
    day.do(c.Finish(at=at("9:06"), window=P01))
    assert the_ticket(day).service == INSURANCE


def test_held_at_the_precheck_and_back() -> None:
    """Copies are made meanwhile; then it goes on as before."""
    day = morning()
    take(day)
    day.call_next(P01, "9:02")
    day.do(c.Hold(at=at("9:03"), window=P01))
    day.do(c.Resume(at=at("9:10"), window=P01, ticket="t"))
    day.do(c.Finish(at=at("9:12"), window=P01))
    assert (the_ticket(day).service, the_ticket(day).due_at) == (INSURANCE, at("9:00"))


def test_sent_elsewhere_from_the_precheck() -> None:
    """Another service: what would have followed does not, and the item was not for it; to another window of the
    pre-check everything stays; by hand to the next step is the next step."""
    pre_2 = replace(HALL.windows[P01], id=WindowId("P02"), number=10)
    for target, service, then, item in (
        ({"to_service": TAX}, TAX, (), None),
        ({"to_window": "P02"}, PRE, (INSURANCE,), "D01"),
        ({"to_service": INSURANCE}, INSURANCE, (), "D01"),
    ):
        day = morning(replace(HALL, windows={**HALL.windows, "P02": pre_2}))
        day.open("P02")
        take(day, item="D01")
        day.call_next(P01, "9:02")
        day.do(c.Transfer(at=at("9:03"), window=P01, **target))
        ticket = the_ticket(day)
        assert (ticket.service, ticket.then, ticket.item, ticket.due_at) == (service, then, item, at("9:00"))
        day.restart()


def test_letters_bind_the_window_not_the_precheck() -> None:
    """Any pre-check looks through papers of an item that only S02 may take; afterwards only S02 calls it."""
    plan = replace(HALL, authority={"D01": frozenset({S02})})
    day = morning(plan)
    ticket = take(day, item="D01")
    assert not ticket.limited
    assert may_call(plan, day.state, P01, ticket)
    assert day.call_next(P01, "9:02") == "A001"
    day.do(c.Finish(at=at("9:05"), window=P01))
    assert the_ticket(day).limited
    assert day.call_next(S01, "9:06") is None
    assert day.call_next(S02, "9:06") == "A001"


def test_without_a_letter_nobody_waits_in_vain() -> None:
    """An item that no window may take gets no ticket, not even for the pre-check."""
    day = Day(*morning().log, plan=replace(HALL, authority={"D01": frozenset()}))
    with pytest.raises(Rejected, match=Reason.ITEM_NOT_AUTHORISED.value):
        take(day, item="D01")


def test_the_precheck_leaves_the_hall_file_at_noon() -> None:
    """Newcomers go straight to the window; who is at the pre-check goes on; who still waits for it is sent by hand."""
    day = morning()
    take(day)
    take(day, "9:01", ticket="second")
    day.call_next(P01, "9:02")
    services = {name: service for name, service in HALL.services.items() if name != PRE}
    day.plan = replace(HALL, services=services)
    assert take(day, "9:03", ticket="third").service == INSURANCE
    day.do(c.Finish(at=at("9:05"), window=P01))
    assert the_ticket(day).service == INSURANCE
    day.do(c.CallTicket(at=at("9:06"), window=P01, ticket="second"))
    day.do(c.Transfer(at=at("9:06"), window=P01, to_service=INSURANCE))
    assert the_ticket(day, "second").service == INSURANCE


def test_the_service_leaves_the_hall_file_at_noon() -> None:
    """Then the pre-check is the end of the visit."""
    day = morning()
    take(day)
    day.call_next(P01, "9:02")
    day.plan = replace(HALL, services={name: s for name, s in HALL.services.items() if name != INSURANCE})
    (event,) = day.do(c.Finish(at=at("9:05"), window=P01))
    assert isinstance(event, e.ServiceFinished)


def test_the_day_ends_between_the_steps() -> None:
    """Closed once, as not handled, wherever it waits."""
    day = morning()
    take(day)
    take(day, "9:01", ticket="second")
    day.call_next(P01, "9:02")
    day.do(c.CloseDay(at=at("18:00")))
    assert [(t.state, t.outcome) for t in day.state.tickets.values()] == [
        (S.CANCELLED, DAY_END), (S.CANCELLED, DAY_END),
    ]  # fmt: skip
    day.restart()


def test_lengths_are_learnt_for_the_step_they_were_of() -> None:
    """Five minutes at the pre-check and ten at the window teach each its own."""
    day = morning()
    take(day)
    day.call_next(P01, "9:00")
    day.do(c.Start(at=at("9:01"), window=P01))
    day.do(c.Finish(at=at("9:06"), window=P01))
    day.call_next(S01, "9:06")
    day.do(c.Start(at=at("9:10"), window=S01))
    day.do(c.Finish(at=at("9:20"), window=S01))
    assert day.state.lengths == {PRE: [300.0], INSURANCE: [600.0]}


def test_a_newcomers_estimate_is_for_his_first_step() -> None:
    """The line he would stand in next is the pre-check's, with the credit that counts there."""
    day = morning()
    imagined = newcomer(HALL, day.state, INSURANCE, at("9:00"))
    assert (imagined.service, imagined.zone, imagined.credited_at) == (PRE, "hall", take(day).credited_at)


def test_the_estimate_knows_who_comes_on_from_the_precheck() -> None:
    """Whoever came earlier and is still being looked through is called first at the window, and those there wait for
    him; whoever only will come to the pre-check holds nobody up."""
    sure = {name: replace(service, spread=0.0) for name, service in HALL.services.items()}
    plan = replace(HALL, services=sure, windows={name: w for name, w in HALL.windows.items() if name != S02})

    def waits(*before: str) -> float:
        day = morning(plan)
        take(day, "8:58", ticket="busy", is_checked=True)
        day.call_next(S01, "8:58")
        day.do(c.Start(at=at("8:58"), window=S01))
        for name in before:
            take(day, "8:59", ticket=name)
        take(day, "9:00", ticket="ours", is_checked=True)
        if before:
            day.call_next(P01, "9:00")
        expected = estimate(plan, day.state, the_ticket(day, "ours"), at("9:00"), Random(1))
        assert expected is not None
        return expected.expected_s

    alone, one, three = waits(), waits("one"), waits("one", "two", "three")
    assert one - alone == pytest.approx(600, abs=60)
    # In the eight minutes until the window is free, the pre-check sends two on; the third one comes while it is busy.
    assert three - one == pytest.approx(1200, abs=120)
