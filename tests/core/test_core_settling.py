"""Settling the items of a visit at the window (P2): outcomes with what they must tell, cases, slips taken back."""

from copy import deepcopy
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from server.core import case_events as k
from server.core import commands as c
from server.core.case_records import ACCEPTANCES, CaseState, DeliveryWay, Leg, Outcome, PaperKind, Settlement
from server.core.evolve import fold
from server.core.model import CaseRules, TicketState
from server.core.refusals import Reason
from tests.cast import INSURANCE, LI, MORNING, S01, S02, STORY_OF, TODAY, YANGXIN, at, given, id_of, opened
from tests.core.case_cast import (
    AT_THE_WINDOW,
    CASE,
    CIVIL,
    DEADLINE,
    HOUSING,
    NUMBER,
    RUNNER,
    TICKET,
    TITLE,
    case_opened,
    happened,
    settled,
)

NOW = at("9:20")
FRIDAY = at("12:00", date(2026, 11, 27))
#: What each outcome needs to be told.
NEEDS: dict[Outcome, dict[str, Any]] = {
    Outcome.DONE: {},
    Outcome.ACCEPTED: {"departments": (CIVIL,)},
    Outcome.ACCEPTED_MISSING: {"departments": (CIVIL,), "lacks": ("合同",), "promise_by": FRIDAY},
    Outcome.CORRECTION: {"lacks": ("身份证", "照片")},
    Outcome.REFUSED: {"reason": "not_here"},
    Outcome.PRE_ACCEPTED: {"departments": (CIVIL,)},
}


def settle(outcome: Outcome, **other: Any) -> k.Settle:
    """Li settles the item."""
    said: dict[str, Any] = {"settlement": CASE, "title": TITLE}
    return k.Settle(at=NOW, window=S01, outcome=outcome, **(said | other))


@pytest.mark.parametrize("outcome", [o for o in Outcome if o not in ACCEPTANCES])
def test_an_outcome_without_acceptance_is_one_event(outcome: Outcome) -> None:
    """Done at once, corrected or refused: the item is settled with what was told, and no case begins."""
    hall = given(*AT_THE_WINDOW)
    needs = NEEDS[outcome]
    event = settled(outcome=outcome, case=None, department=None, **needs)
    state = hall.when(settle(outcome, **needs)).then(event)

    assert state.settlements[CASE] == Settlement(
        id=CASE, ticket=TICKET, number="A001", business_day="2026-11-23", at=NOW, outcome=outcome, title=TITLE,
        window=S01, clerk=LI, service=INSURANCE, zone="social", **needs,
    )  # fmt: skip
    assert state.tickets[TICKET].settled == (CASE,)
    assert (state.cases, state.cases_made) == ({}, 0)


@pytest.mark.parametrize("outcome", ACCEPTANCES)
def test_an_acceptance_opens_a_case(outcome: Outcome) -> None:
    """Its number is the day and the count of the day; its papers go to every department named, the leading one first."""
    hall = given(*AT_THE_WINDOW)
    needs = NEEDS[outcome] | {"departments": (CIVIL, HOUSING, CIVIL)}
    told = {name: value for name, value in needs.items() if name != "departments"}
    state = hall.when(settle(outcome, **needs, item="D01", note="n-1")).then(
        settled(outcome=outcome, item="D01", note="n-1", **told),
        case_opened(outcome=outcome, item="D01", **told),
    )

    case = state.cases[CASE]
    assert (case.number, case.ticket_number, case.title, case.service, case.zone) == (
        NUMBER, "A001", TITLE, INSURANCE, "social",
    )  # fmt: skip
    assert case.legs == (Leg(CIVIL, at("9:50")), Leg(HOUSING, at("9:50")))
    assert (case.state, case.deadline_at, case.days) == (CaseState.TRANSIT, DEADLINE, 20)
    assert state.case_numbers == {NUMBER: CASE}
    assert state.settlements[CASE].department == CIVIL


def test_urgent_papers_have_ten_minutes_and_the_days_of_the_catalogue_count() -> None:
    """Urgent, three working days, by post: the case's clocks and its way are those that were said at the window."""
    hall = given(*AT_THE_WINDOW)
    hall.when(
        settle(Outcome.ACCEPTED, departments=(CIVIL,), urgent=True, days=3, delivery=DeliveryWay.POST, platform="P-7")
    )
    case = hall.state.cases[CASE]
    assert (case.legs[0].due_at, case.deadline_at) == (at("9:30"), at("9:20", date(2026, 11, 26)))
    assert (case.urgent, case.delivery, case.platform) == (True, DeliveryWay.POST, "P-7")


def test_the_halls_own_clocks_count() -> None:
    """Other minutes and other default days stand in the hall file."""
    plan = replace(YANGXIN, cases=CaseRules(promised_s=600, urgent_s=60, default_days=1))
    hall = given(*AT_THE_WINDOW, plan=plan)
    hall.when(settle(Outcome.ACCEPTED, departments=(CIVIL,)))
    case = hall.state.cases[CASE]
    assert (case.legs[0].due_at, case.deadline_at) == (at("9:30"), at("9:20", date(2026, 11, 24)))


def test_the_case_knows_its_applicant_by_handle_and_language() -> None:
    """Who held the ticket is who applied; he is spoken to in his language."""
    ticket = replace(STORY_OF[TicketState.WAITING][0], holder="p-lan", language="en")
    hall = given(*MORNING, ticket, *STORY_OF[TicketState.SERVING][1:])
    hall.when(settle(Outcome.ACCEPTED, departments=(CIVIL,)))
    assert (hall.state.cases[CASE].holder, hall.state.cases[CASE].language) == ("p-lan", "en")


def test_several_items_in_one_visit() -> None:
    """Each has its own outcome, each acceptance its own number; the ticket remembers them in order."""
    hall = given(*AT_THE_WINDOW)
    hall.when(settle(Outcome.ACCEPTED, departments=(CIVIL,)))
    hall.when(settle(Outcome.CORRECTION, settlement="s-2", lacks=("照片",)))
    hall.when(settle(Outcome.PRE_ACCEPTED, settlement="s-3", departments=(HOUSING,)))
    assert hall.state.tickets[TICKET].settled == (CASE, "s-2", "s-3")
    assert [case.number for case in hall.state.cases.values()] == [NUMBER, "20261123-0002"]


def test_a_called_ticket_may_be_settled() -> None:
    """Many clerks never press start."""
    hall = given(*MORNING, *STORY_OF[TicketState.CALLED])
    hall.when(settle(Outcome.DONE))
    assert CASE in hall.state.settlements


def test_the_same_press_twice_settles_once() -> None:
    """The sender made the id: the same again is the same press; another item under that id is refused."""
    hall = given(*AT_THE_WINDOW)
    hall.when(settle(Outcome.ACCEPTED, departments=(CIVIL,)))
    hall.when(settle(Outcome.ACCEPTED, departments=(CIVIL,))).then()
    hall.when(settle(Outcome.DONE)).refused(Reason.SETTLEMENT_EXISTS)
    hall.when(settle(Outcome.ACCEPTED, departments=(CIVIL,), title="another")).refused(Reason.SETTLEMENT_EXISTS)


def test_a_case_of_another_day_keeps_its_id() -> None:
    """Its settlement has long been filed; a new item under that id would write over the case."""
    case = given(*AT_THE_WINDOW, settled(), case_opened()).state.cases[CASE]
    morning = (replace(MORNING[0], cases=(case,)), *MORNING[1:], *STORY_OF[TicketState.SERVING])
    given(*morning).when(settle(Outcome.DONE)).refused(Reason.SETTLEMENT_EXISTS)


@pytest.mark.parametrize(
    ("outcome", "without", "reason"),
    [
        (Outcome.ACCEPTED, "departments", Reason.DEPARTMENT_WANTED),
        (Outcome.PRE_ACCEPTED, "departments", Reason.DEPARTMENT_WANTED),
        (Outcome.ACCEPTED_MISSING, "lacks", Reason.PAPERS_WANTED),
        (Outcome.ACCEPTED_MISSING, "promise_by", Reason.PROMISE_WANTED),
        (Outcome.CORRECTION, "lacks", Reason.PAPERS_WANTED),
        (Outcome.REFUSED, "reason", Reason.REASON_WANTED),
    ],
)
def test_an_outcome_must_tell_what_the_citizen_needs(outcome: Outcome, without: str, reason: Reason) -> None:
    """All that is missing at once, the day of the promise, the legal reason, who decides: without it nothing happens."""
    hall = given(*AT_THE_WINDOW)
    said = {name: value for name, value in NEEDS[outcome].items() if name != without}
    hall.when(settle(outcome, **said)).refused(reason)


@pytest.mark.parametrize("promise_by", [NOW, NOW - 1])
def test_a_promise_is_for_later(promise_by: float) -> None:
    """Papers cannot be promised for a time that is over."""
    said = NEEDS[Outcome.ACCEPTED_MISSING] | {"promise_by": promise_by}
    given(*AT_THE_WINDOW).when(settle(Outcome.ACCEPTED_MISSING, **said)).refused(Reason.PROMISE_WANTED)


@pytest.mark.parametrize(
    ("outcome", "field", "value"),
    [
        (outcome, field, value)
        for field, value, fitting in (
            ("lacks", ("照片",), (Outcome.CORRECTION, Outcome.ACCEPTED_MISSING)),
            ("promise_by", FRIDAY, (Outcome.ACCEPTED_MISSING,)),
            ("reason", "not_here", (Outcome.REFUSED,)),
        )
        for outcome in Outcome
        if outcome not in fitting
    ],
)
def test_an_outcome_has_nothing_that_is_not_its_own(outcome: Outcome, field: str, value: Any) -> None:
    """A refusal promises nothing and an acceptance lacks nothing: who says both meant something else."""
    refusal = given(*AT_THE_WINDOW).when(settle(outcome, **NEEDS[outcome] | {field: value}))
    assert refusal.refused(Reason.OUTCOME_FIELDS).fields == {"outcome": outcome.value, "field": field}


def test_only_at_a_window_with_somebody_there() -> None:
    """No citizen, no outcome; no window, no outcome."""
    given(*MORNING).when(settle(Outcome.DONE)).refused(Reason.WINDOW_IDLE)
    given(*AT_THE_WINDOW).when(replace(settle(Outcome.DONE), window=S02)).refused(Reason.WINDOW_IDLE)
    given(*AT_THE_WINDOW).when(replace(settle(Outcome.DONE), window="S99")).refused(Reason.WINDOW_UNKNOWN)


# --- Papers -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "paper"),
    [
        (Outcome.ACCEPTED, PaperKind.VOUCHER),
        (Outcome.ACCEPTED_MISSING, PaperKind.VOUCHER),
        (Outcome.PRE_ACCEPTED, PaperKind.VOUCHER),
        (Outcome.CORRECTION, PaperKind.CORRECTION),
        (Outcome.REFUSED, PaperKind.REFUSAL),
        (Outcome.DONE, None),
    ],
)
def test_each_outcome_has_its_paper(outcome: Outcome, paper: PaperKind | None) -> None:
    """Printed as often as it is asked for, which only the log remembers; the papers of other outcomes are refused."""
    hall = given(*AT_THE_WINDOW)
    hall.when(settle(outcome, **NEEDS[outcome]))
    for kind in PaperKind:
        command = k.PrintPaper(at=NOW, settlement=CASE, paper=kind, printer="p", by=LI, copy=2)
        before = fold([], deepcopy(hall.state))
        if kind is not paper:
            hall.when(command).refused(Reason.SETTLEMENT_UNKNOWN)
            continue
        state = hall.when(command).then(
            k.PaperPrinted(at=NOW, ticket=TICKET, settlement=CASE, paper=kind, printer="p", by=LI, copy=2)
        )
        assert state == before


def test_a_paper_of_a_past_day_is_printed_by_its_ticket() -> None:
    """The state has forgotten the settlement; whoever asks has read its ticket from the views, or is refused."""
    hall = given(*MORNING)
    command = k.PrintPaper(at=NOW, settlement="s-old", paper=PaperKind.VOUCHER, printer="p", by=LI, ticket="t-old")
    hall.when(command).then(
        k.PaperPrinted(at=NOW, ticket="t-old", settlement="s-old", paper=PaperKind.VOUCHER, printer="p", by=LI)
    )
    hall.when(replace(command, ticket=None)).refused(Reason.SETTLEMENT_UNKNOWN)


# --- Slips ------------------------------------------------------------------------------------------------------------

RETRACT = k.Retract(at=at("9:25"), window=S01, settlement=CASE)
RETRACTED = k.SettlementRetracted(at=RETRACT.at, ticket=TICKET, settlement=CASE, window=S01)


def test_a_slip_is_taken_back_and_its_number_is_lost() -> None:
    """Nothing of it holds, nobody finds it by its number, and the next case has the next number."""
    hall = given(*AT_THE_WINDOW, settled(), case_opened())
    state = hall.when(RETRACT).then(RETRACTED)
    assert (state.settlements, state.cases, state.case_numbers, state.tickets[TICKET].settled) == ({}, {}, {}, ())

    hall.when(settle(Outcome.ACCEPTED, departments=(CIVIL,)))
    assert state.cases[CASE].number == "20261123-0002"
    hall.when(k.WithdrawCase(at=at("9:30"), case=NUMBER, by=LI)).refused(Reason.CASE_UNKNOWN)


def test_only_the_slip_goes() -> None:
    """The other items of the visit stand."""
    hall = given(*AT_THE_WINDOW, settled(), case_opened())
    hall.when(settle(Outcome.DONE, settlement="s-2"))
    hall.when(RETRACT).then(RETRACTED)
    assert hall.state.tickets[TICKET].settled == ("s-2",)
    assert list(hall.state.settlements) == ["s-2"]


def test_a_slip_is_of_the_citizen_who_is_there() -> None:
    """What was settled for somebody else, or never, cannot be taken back here."""
    hall = given(*AT_THE_WINDOW, settled(), case_opened())
    hall.when(replace(RETRACT, settlement="s-9")).refused(Reason.SETTLEMENT_UNKNOWN)
    hall.when(c.Finish(at=at("9:22"), window=S01))
    hall.when(RETRACT).refused(Reason.WINDOW_IDLE)
    hall.when(c.Issue(at=at("9:23"), ticket="other", service=INSURANCE))
    hall.when(c.CallNext(at=at("9:24"), window=S01))
    hall.when(RETRACT).refused(Reason.SETTLEMENT_UNKNOWN)


@pytest.mark.parametrize(
    "since",
    [
        happened(k.PapersTaken, "9:22", departments=(CIVIL,), by=RUNNER),
        happened(k.PapersSigned, "9:22", department=HOUSING, by=RUNNER),
        happened(k.CaseNumbered, "9:22", platform="P-1", by="platform"),
        happened(k.CaseWithdrawn, "9:22", by=LI),
    ],
    ids=lambda event: type(event).__name__,
)
def test_what_others_have_in_hand_is_no_slip_any_more(since: Any) -> None:
    """Papers that have gone, a number of the platform: from then on the application is withdrawn, not forgotten."""
    given(*AT_THE_WINDOW, settled(), case_opened(), since).when(RETRACT).refused(Reason.CASE_STATE)


def test_a_case_with_the_platforms_number_from_the_window_may_be_a_slip() -> None:
    """The clerk typed the number in with the item; both go."""
    hall = given(*AT_THE_WINDOW, settled(platform="P-1"), case_opened(platform="P-1"))
    hall.when(RETRACT).then(RETRACTED)


def test_a_slip_at_an_earlier_window_is_mended_at_the_next() -> None:
    """The ticket has been sent on; whoever has the citizen now may take it back."""
    hall = given(*AT_THE_WINDOW, settled(), case_opened(), opened("T01"))
    hall.when(c.Transfer(at=at("9:22"), window=S01, to_window=S02))
    hall.when(c.CallNext(at=at("9:24"), window=S02))
    hall.when(replace(RETRACT, window=S02)).then(replace(RETRACTED, window=S02))
    assert hall.state.tickets[id_of("A001")].settled == ()


def test_numbers_begin_anew_every_day() -> None:
    """The day stands in the number, so one may begin with 1 again."""
    hall = given(*AT_THE_WINDOW, settled(), case_opened())
    tomorrow = TODAY.replace(day=24)
    hall.when(c.OpenDay(at=at("7:00", tomorrow), business_day=tomorrow.isoformat()))
    hall.when(c.OpenWindow(at=at("8:30", tomorrow), window=S01, clerk=LI))
    hall.when(c.Issue(at=at("8:31", tomorrow), ticket="t", service=INSURANCE))
    hall.when(c.CallNext(at=at("8:32", tomorrow), window=S01))
    hall.when(replace(settle(Outcome.ACCEPTED, departments=(CIVIL,), settlement="s-9"), at=at("8:40", tomorrow)))
    assert hall.state.case_numbers == {NUMBER: CASE, "20261124-0001": "s-9"}
