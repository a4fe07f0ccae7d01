"""Why a ticket was called: the exact sentences, in both languages, and the figures for managers."""

from dataclasses import replace

import pytest

from server.core import commands as c
from server.core import events as e
from server.core.model import Rules, TicketState, Why
from tests.cast import (
    COMPANY,
    ELDER,
    INSURANCE,
    MEDICAL,
    MORNING,
    S01,
    S02,
    STORY_OF,
    YANGXIN,
    Day,
    a_ticket,
    at,
    called,
    given,
    id_of,
    missed,
    transferred,
)


def why(*past: e.Event, clock: str = "9:30", window: str = S01) -> Why:
    """What is said of the next call."""
    events = given(*MORNING, *past).when(c.CallNext(at=at(clock), window=window)).events
    assert events is not None
    (call,) = events
    assert isinstance(call, e.TicketCalled)
    assert not call.by_hand
    return call.why


def b(event: e.TicketIssued, number: str) -> e.TicketIssued:
    """The same ticket under another number, so that a sentence can be the one of the design."""
    return replace(event, number=number)


def test_a_priority_ticket_that_passes_an_earlier_one() -> None:
    """The design's own sentence."""
    told = why(b(a_ticket("A001", "9:02"), "A045"), b(a_ticket("A002", "9:23", group=ELDER), "B012"))
    assert told == Why(
        zh="B012 是优先群体，9:23 取号视同 8:38；A045 9:02 取号；所以先叫 B012",
        en="B012 is in a priority group: taken 9:23, counts as 8:38; A045 taken 9:02; so B012 first",
        detail="B012 credited 8:38, waited 420 s; next A045 credited 9:02, 1440 s later; "
        "1 others waiting for this window",
    )


def test_who_came_first_is_called_first() -> None:
    """An ordinary call compares two times of arrival."""
    assert why(a_ticket("A001", "9:02"), a_ticket("A002", "9:05"), a_ticket("A003", "9:10", MEDICAL)) == Why(
        zh="A001 9:02 取号，A002 9:05 取号；A001 先到，所以先叫",
        en="A001 was taken at 9:02, A002 at 9:05; A001 came first",
        detail="A001 credited 9:02, waited 1680 s; next A002 credited 9:05, 180 s later; "
        "2 others waiting for this window",
    )


def test_a_priority_ticket_that_was_first_anyway_needs_no_priority() -> None:
    """Nobody was passed: the sentence says no more than that."""
    told = why(a_ticket("A001", "9:02", group=ELDER), a_ticket("A002", "9:05"))
    assert told.zh == "A001 9:02 取号，A002 9:05 取号；A001 先到，所以先叫"


def test_the_only_one_waiting() -> None:
    """Nobody to compare with; tickets of other windows are no rivals."""
    assert why(a_ticket("A001", "9:02"), a_ticket("B001", "8:50")) == Why(
        zh="A001 9:02 取号，本窗口没有其他人在等",
        en="A001 was taken at 9:02; nobody else is waiting for this window",
        detail="A001 credited 9:02, waited 1680 s; no other waiting",
    )


LATE = (
    a_ticket("A001", "9:00"), called("A001"), missed("A001"),
    e.TicketReinstated(at=at("9:20"), ticket=id_of("A001"), window=S01, credited_at=at("9:20"), new_entry=True),
)  # fmt: skip


def test_a_late_comer_who_is_passed() -> None:
    """Whoever missed a call and waits again counts as of then, and the sentence says so."""
    assert why(*LATE, a_ticket("A002", "9:10")) == Why(
        zh="A002 9:10 取号；A001 过号后重新排队，9:00 取号视同 9:20；所以先叫 A002",
        en="A002 taken 9:10; A001 missed its call and waits again: taken 9:00, counts as 9:20; so A002 first",
        detail="A002 credited 9:10, waited 1200 s; next A001 credited 9:20, 600 s later; "
        "1 others waiting for this window",
    )


def test_a_priority_ticket_that_passes_a_late_comer() -> None:
    """Both times stand as they count: 9:15 is before 9:20, though 9:00 is before 9:15."""
    told = why(*LATE, a_ticket("A002", "10:00", group=ELDER), clock="10:01")
    assert told.zh == "A002 是优先群体，10:00 取号视同 9:15；A001 过号后重新排队，9:00 取号视同 9:20；所以先叫 A002"
    assert told.en == (
        "A002 is in a priority group: taken 10:00, counts as 9:15; "
        "A001 missed its call and waits again: taken 9:00, counts as 9:20; so A002 first"
    )


def test_a_ticket_sent_to_this_window() -> None:
    """It keeps its place of the time it was taken."""
    past = (*STORY_OF[TicketState.CALLED], transferred("A001", INSURANCE, to=S02))
    told = why(*past, a_ticket("A002", "9:05"), window=S02)
    assert (told.zh, told.en) == (
        "A001 已转到本窗口，按 9:00 取号排队",
        "A001 was sent to this window and keeps its place of 9:00",
    )


def test_a_ticket_taken_for_this_window() -> None:
    """Reserved from the first: nothing is said of a transfer that never was."""
    told = why(a_ticket("A001", "9:02", for_window=S01))
    assert (told.zh, told.en) == (
        "A001 指定由本窗口办理，按 9:02 取号排队",
        "A001 was taken for this window and keeps its place of 9:02",
    )


def test_a_call_by_hand() -> None:
    """The clerk's choice, and how many stood before."""
    hall = given(*MORNING, a_ticket("A001", "9:00"), a_ticket("A002", "9:01"), a_ticket("A003", "9:02"))
    events = hall.when(c.CallTicket(at=at("9:10"), window=S01, ticket="A003")).events or []
    assert isinstance(events[0], e.TicketCalled)
    assert events[0].why == Why(
        zh="工作人员指定呼叫 A003（9:02 取号）",
        en="The clerk called A003 by hand (taken 9:02)",
        detail="by hand; 2 waiting tickets stood before it; waited 480 s",
    )


def test_a_return_from_hold() -> None:
    """Called already, set aside, straight back."""
    hall = given(*MORNING, *STORY_OF[TicketState.HELD])
    events = hall.when(c.Resume(at=at("9:30"), window=S01, ticket="A001")).events or []
    assert isinstance(events[0], e.TicketResumed)
    assert events[0].why == Why(
        zh="A001 之前已叫到并暂时挂起，现在直接回到窗口",
        en="A001 had been called and set aside; it comes straight back to the window",
        detail="resumed after 900 s on hold; taken 9:00",
    )
    assert hall.state.tickets[id_of("A001")].why == events[0].why


@pytest.mark.parametrize("credit_min", [0, 20, 45])
def test_the_credit_is_the_halls_own(credit_min: int) -> None:
    """Another hall, another credit, another sentence; no credit, no passing."""
    plan = replace(YANGXIN, rules=Rules(priority_credit_s=credit_min * 60))
    day = Day(*MORNING, a_ticket("A001", "9:20"), plan=plan)
    day.do(c.Issue(at=at("9:30"), ticket="x", service=INSURANCE, group=ELDER))
    first = day.call_next(S01, "9:31")
    assert first == ("A002" if credit_min else "A001")
    if credit_min == 20:
        assert day.state.tickets["x"].why is not None
        assert "9:30 取号视同 9:10" in day.state.tickets["x"].why.zh


def test_transfer_and_reinstatement_forget_an_old_reason() -> None:
    """A waiting ticket has not been called: it carries no reason."""
    day = Day(*MORNING)
    day.take("9:00")
    day.call_next(S01, "9:01")
    (ticket,) = day.state.tickets
    assert day.state.tickets[ticket].why is not None
    day.do(c.Transfer(at=at("9:02"), window=S01, to_service=COMPANY))
    assert day.state.tickets[ticket].why is None
