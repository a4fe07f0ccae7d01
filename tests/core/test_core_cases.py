"""The life of a case after the window (Y4, P3, P4, C5): every step with its event, every state with its steps."""

from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

import pytest

from server.core import case_events as k
from server.core import commands as c
from server.core import events as e
from server.core.case_diagram import arrows
from server.core.case_records import Answer, Case, CaseState, DeliveryWay, HandedTo, Outcome, PauseKind, Result
from server.core.cases import find_case, next_steps
from server.core.evolve import fold
from server.core.refusals import Reason, Rejected
from server.log.records import decode, encode
from tests.cast import INSURANCE, TODAY, at, given
from tests.core.case_cast import (
    AT_THE_WINDOW,
    CASE,
    CHEN,
    CIVIL,
    HE,
    HOUSING,
    NOW,
    NUMBER,
    RECEIVED,
    RUNNER,
    STORY_OF_CASE,
    TICKET,
    answered,
    case_opened,
    commands_of_steps,
    happened,
    paused,
    settled,
    signed,
    the_case,
)

S = CaseState
ON_THE_WAY = STORY_OF_CASE[S.TRANSIT]

#: Written by hand from the design, a second time: step | states in which it is legal | event.
TABLE = """
take       transit paused                              PapersTaken
sign       transit paused                              PapersSigned
papers     transit approval paused decided             PapersBrought
pause      transit approval                            CasePaused
go-on      paused                                      CaseWentOn
answer     transit approval                            CaseAnswered
result     decided                                     ResultReceived
return     decided ready                               ResultReturned
post       ready                                       ResultPosted
delivered  posted                                      ResultDelivered
hand-out   ready                                       ResultHandedOut
withdraw   transit approval paused decided             CaseWithdrawn
number     transit approval paused decided ready posted  CaseNumbered
milestone  transit approval paused decided ready posted  MilestoneNoted
"""
ROWS = {words[0]: ({S(word) for word in words[1:-1]}, words[-1]) for words in map(str.split, TABLE.strip().split("\n"))}
#: A past in each state in which each step finds what it needs: papers that lack, papers not taken, not answered.
LACKING = {"lacks": ("合同",), "promise_by": at("9:00", TODAY.replace(day=27)), "outcome": Outcome.ACCEPTED_MISSING}


def past(state: CaseState, step: str) -> tuple[e.Event, ...]:
    """How the case came to be there, so that only its state decides about the step."""
    if step == "answer" and state is S.TRANSIT:
        return (*ON_THE_WAY, signed(CIVIL))
    if step in ("take", "sign") and state is S.PAUSED:
        return (*ON_THE_WAY, paused())
    if step == "papers":
        story = STORY_OF_CASE[state]
        return tuple(replace(x, **LACKING) if isinstance(x, k.CaseOpened) else x for x in story)
    return STORY_OF_CASE[state]


@pytest.mark.parametrize(("step", "state"), [*product(ROWS, S)])
def test_every_step_in_every_state(step: str, state: CaseState) -> None:
    """What the table of the design has is done and makes its event; everything else is refused and changes nothing."""
    legal, event = ROWS[step]
    hall = given(*past(state, step))
    assert the_case(hall).state is state
    outcome = hall.when(commands_of_steps()[step])
    if state in legal:
        assert outcome.refusal is None
        assert outcome.events is not None
        assert [type(made).__name__ for made in outcome.events] == [event]
        return
    if step == "sign" and state not in (S.TRANSIT, S.WITHDRAWN):
        # The department has the papers already: that is what is told.
        outcome.refused(Reason.PAPERS_GONE)
        return
    outcome.refused(Reason.CASE_STATE)


@pytest.mark.parametrize(("step", "state"), [*product(ROWS, S)])
def test_what_may_be_done_is_what_is_offered(step: str, state: CaseState) -> None:
    """A page shows a step exactly where some command of that step would be taken."""
    hall = given(*past(state, step))
    taken = False
    for department in (CIVIL, HOUSING):
        twin = given(*past(state, step))
        outcome = twin.when(commands_of_steps(department=department)[step])
        taken = taken or bool(outcome.events)
    assert (step in next_steps(the_case(hall))) == taken


# --- Papers -----------------------------------------------------------------------------------------------------------


def test_a_runner_takes_all_papers_at_once_or_those_for_one_department() -> None:
    """None named means all that still lie there; a second runner gets what the first one left."""
    hall = given(*ON_THE_WAY)
    hall.when(k.TakePapers(at=at("9:25"), case=NUMBER, by=RUNNER, department=HOUSING)).then(
        happened(k.PapersTaken, "9:25", departments=(HOUSING,), by=RUNNER)
    )
    hall.when(k.TakePapers(at=at("9:26"), case=CASE, by="user:second")).then(
        happened(k.PapersTaken, "9:26", departments=(CIVIL,), by="user:second")
    )
    assert [(leg.department, leg.taken_by) for leg in the_case(hall).legs] == [
        (CIVIL, "user:second"), (HOUSING, RUNNER),
    ]  # fmt: skip
    assert the_case(hall).state is S.TRANSIT


def test_papers_are_taken_once() -> None:
    """The same runner's second tap changes nothing; another runner is told that they are gone, and so it stays when the
    department has signed."""
    hall = given(*ON_THE_WAY)
    take = k.TakePapers(at=at("9:25"), case=CASE, by=RUNNER)
    hall.when(take)
    hall.when(take).then()
    hall.when(replace(take, by="user:second")).refused(Reason.PAPERS_GONE)
    hall.when(k.SignPapers(at=at("9:30"), case=CASE, by=HE, department=CIVIL))
    hall.when(replace(take, department=CIVIL)).refused(Reason.PAPERS_GONE)
    hall.when(replace(take, department="tax")).refused(Reason.DEPARTMENT_UNKNOWN)


def test_the_last_signature_begins_the_approval() -> None:
    """A department may fetch its papers itself; only when all have signed nobody waits for papers any more."""
    hall = given(*ON_THE_WAY)
    hall.when(k.SignPapers(at=at("9:30"), case=CASE, by=HE, department=HOUSING)).then(
        happened(k.PapersSigned, "9:30", department=HOUSING, by=HE)
    )
    assert the_case(hall).state is S.TRANSIT
    hall.when(k.SignPapers(at=at("9:31"), case=CASE, by=HE, department=CIVIL))
    assert the_case(hall).state is S.APPROVAL
    leg = the_case(hall).leg(HOUSING)
    assert leg is not None
    assert (leg.signed_at, leg.signed_by) == (at("9:30"), HE)


def test_a_signature_is_given_once() -> None:
    """Twice by the same person is one; by another it is refused; a department that has no part in it cannot sign."""
    hall = given(*STORY_OF_CASE[S.APPROVAL])
    sign = k.SignPapers(at=NOW, case=CASE, by=HE, department=CIVIL)
    hall.when(sign).then()
    hall.when(replace(sign, by=CHEN)).refused(Reason.PAPERS_GONE)
    hall.when(replace(sign, department="tax")).refused(Reason.DEPARTMENT_UNKNOWN)


def lacking(*papers: str) -> tuple[e.Event, ...]:
    """The case was accepted with papers missing."""
    return (*AT_THE_WINDOW, settled(), case_opened(**(LACKING | {"lacks": papers})))


def test_missing_papers_come_one_by_one_or_together() -> None:
    """Those named are ticked off; with none named all of them are there."""
    hall = given(*lacking("合同", "照片", "户口本"))
    bring = k.BringPapers(at=NOW, case=CASE, by=CHEN, papers=("照片",))
    hall.when(bring).then(happened(k.PapersBrought, "14:00", papers=("照片",), by=CHEN))
    assert the_case(hall).lacks == ("合同", "户口本")
    hall.when(bring).refused(Reason.PAPERS_UNKNOWN)
    hall.when(replace(bring, papers=())).then(happened(k.PapersBrought, "14:00", papers=("合同", "户口本"), by=CHEN))
    assert the_case(hall).lacks == ()
    hall.when(replace(bring, papers=())).refused(Reason.PAPERS_UNKNOWN)


# --- Approval ---------------------------------------------------------------------------------------------------------


def test_a_pause_is_for_a_fee_or_for_a_correction() -> None:
    """The fee in cents, or the papers that must be corrected, which have to be named; and nothing of the other kind."""
    pause = k.PauseCase(at=at("9:50"), case=CASE, by=HE, kind=PauseKind.FEE, fee=8000, lacks=("照片",))
    hall = given(*STORY_OF_CASE[S.APPROVAL])
    hall.when(pause).then(paused())
    kept = the_case(hall).pauses[-1]
    assert (the_case(hall).state, kept.kind, kept.fee, kept.left, kept.lacks) == (S.PAUSED, PauseKind.FEE, 8000, 20, ())

    hall = given(*STORY_OF_CASE[S.APPROVAL])
    correction = replace(pause, kind=PauseKind.CORRECTION)
    hall.when(replace(correction, lacks=())).refused(Reason.PAPERS_WANTED)
    hall.when(correction)
    kept = the_case(hall).pauses[-1]
    assert (kept.kind, kept.fee, kept.lacks) == (PauseKind.CORRECTION, None, ("照片",))


def test_after_a_pause_the_case_is_where_its_papers_are() -> None:
    """Papers may arrive while the clock stands still; then the case goes on in approval, else still on the way."""
    go_on = k.GoOn(at=at("9:55"), case=CASE, by=HE)
    hall = given(*ON_THE_WAY, paused())
    hall.when(go_on)
    assert the_case(hall).state is S.TRANSIT

    hall = given(*ON_THE_WAY, paused(), signed(CIVIL, "9:52"), signed(HOUSING, "9:53"))
    assert the_case(hall).state is S.PAUSED
    hall.when(go_on)
    assert (the_case(hall).state, the_case(hall).pauses[0].ended_by) == (S.APPROVAL, HE)


def test_all_departments_must_grant() -> None:
    """The case is decided when the last one has answered, and granted when all have granted."""
    hall = given(*STORY_OF_CASE[S.APPROVAL])
    answer = k.AnswerCase(at=at("10:00"), case=CASE, by=HE, department=CIVIL, answer=Answer.GRANTED, note="n-2")
    hall.when(answer).then(
        happened(k.CaseAnswered, "10:00", department=CIVIL, answer=Answer.GRANTED, by=HE, note="n-2")
    )
    assert (the_case(hall).state, the_case(hall).is_granted) == (S.APPROVAL, None)
    hall.when(replace(answer, department=HOUSING))
    assert (the_case(hall).state, the_case(hall).is_granted) == (S.DECIDED, True)


def test_one_refusal_decides() -> None:
    """One department denies, and the others need not answer, not even sign any more."""
    hall = given(*ON_THE_WAY, signed(CIVIL), answered(CIVIL, Answer.DENIED))
    assert (the_case(hall).state, the_case(hall).is_granted) == (S.DECIDED, False)
    hall.when(k.SignPapers(at=NOW, case=CASE, by=HE, department=HOUSING)).refused(Reason.CASE_STATE)
    assert "sign" not in next_steps(the_case(hall))


def test_who_answers_has_the_papers_and_answers_once() -> None:
    """No answer before the signature; the same again is nothing new; another answer is a matter for a return."""
    hall = given(*ON_THE_WAY, signed(CIVIL))
    answer = k.AnswerCase(at=NOW, case=CASE, by=HE, department=HOUSING, answer=Answer.GRANTED)
    hall.when(answer).refused(Reason.PAPERS_NOT_SIGNED)
    hall.when(replace(answer, department="tax")).refused(Reason.DEPARTMENT_UNKNOWN)
    hall.when(replace(answer, department=CIVIL))
    hall.when(replace(answer, department=CIVIL, by=CHEN)).then()
    hall.when(replace(answer, department=CIVIL, answer=Answer.DENIED)).refused(Reason.CASE_STATE)


def test_nobody_answers_while_the_clock_stands_still() -> None:
    """A fee is awaited: the answer comes after it."""
    hall = given(*STORY_OF_CASE[S.PAUSED])
    hall.when(commands_of_steps()["answer"]).refused(Reason.CASE_STATE)


# --- Result -----------------------------------------------------------------------------------------------------------

RECEIVE = k.ReceiveResult(at=at("10:30"), case=CASE, by=CHEN, title="不动产权证书", granted=True)


def test_a_result_that_agrees_is_ready() -> None:
    """Item and decision are those of the record: the paper is kept with its title and copies, from then on it is ready."""
    hall = given(*STORY_OF_CASE[S.DECIDED])
    hall.when(replace(RECEIVE, copies=2)).then(replace(RECEIVED, copies=2))
    assert the_case(hall).result == Result("不动产权证书", 2, at("10:30"), CHEN)
    assert (the_case(hall).state, the_case(hall).ready_at) == (S.READY, at("10:30"))


@pytest.mark.parametrize(
    ("item", "answer", "said", "field"),
    [
        ("D01", Answer.GRANTED, {"item": "D02"}, "item"),
        ("D01", Answer.GRANTED, {}, "item"),
        (None, Answer.GRANTED, {"item": "D01"}, "item"),
        (None, Answer.GRANTED, {"granted": False}, "decision"),
        (None, Answer.DENIED, {"granted": True}, "decision"),
    ],
)
def test_a_mismatch_is_refused(item: str | None, answer: Answer, said: dict[str, Any], field: str) -> None:
    """Another item's paper, or a permit where it was refused, is not taken over (P4)."""
    hall = given(
        *AT_THE_WINDOW, settled(item=item), case_opened(item=item, departments=(CIVIL,)), signed(CIVIL),
        answered(CIVIL, answer),
    )  # fmt: skip
    assert hall.when(replace(RECEIVE, **said)).refused(Reason.RESULT_MISMATCH).fields["field"] == field
    hall.when(replace(RECEIVE, item=item, granted=answer is Answer.GRANTED))
    assert the_case(hall).state is S.READY


def test_no_permit_while_papers_are_missing() -> None:
    """The departments may decide without them, but nothing is given out before they are there; a refusal is."""
    story = (*lacking("合同"), signed(CIVIL), signed(HOUSING))
    hall = given(*story, answered(CIVIL), answered(HOUSING))
    assert hall.when(RECEIVE).refused(Reason.PAPERS_MISSING).fields["papers"] == "合同"
    hall.when(k.BringPapers(at=at("10:29"), case=CASE, by=CHEN))
    hall.when(RECEIVE)
    assert the_case(hall).state is S.READY

    hall = given(*story, answered(CIVIL, Answer.DENIED))
    hall.when(replace(RECEIVE, granted=False))
    assert the_case(hall).state is S.READY


@pytest.mark.parametrize("state", [S.DECIDED, S.READY])
def test_a_wrong_paper_goes_back_to_the_leading_department(state: CaseState) -> None:
    """Its answer is open again, the others' stand; the paper is forgotten and the return counted."""
    hall = given(*STORY_OF_CASE[state])
    hall.when(k.ReturnResult(at=NOW, case=CASE, by=CHEN, reason="name", note="n-3")).then(
        happened(k.ResultReturned, "14:00", department=CIVIL, reason="name", by=CHEN, note="n-3")
    )
    case = the_case(hall)
    assert (case.state, case.result, case.ready_at, case.returned) == (S.APPROVAL, None, None, 1)
    assert [leg.returned_for for leg in case.legs] == ["name", None]
    assert [leg.answer for leg in case.legs] == [None, Answer.GRANTED]
    assert case.legs[0].signed_at is not None
    hall.when(k.AnswerCase(at=NOW, case=CASE, by=HE, department=CIVIL, answer=Answer.GRANTED))
    assert the_case(hall).state is S.DECIDED
    assert the_case(hall).legs[0].returned_for is None


def test_a_wrong_paper_may_go_back_to_another_department() -> None:
    """Named, where it has answered."""
    hall = given(*STORY_OF_CASE[S.READY])
    back = k.ReturnResult(at=NOW, case=CASE, by=CHEN, reason="name", department="tax")
    hall.when(back).refused(Reason.DEPARTMENT_UNKNOWN)
    hall.when(replace(back, department=HOUSING))
    assert [leg.answer for leg in the_case(hall).legs] == [Answer.GRANTED, None]


def test_a_wrong_refusal_goes_back_to_who_refused() -> None:
    """The others have no part in that paper; once it is open again the case is where its papers are."""
    hall = given(*ON_THE_WAY, signed(HOUSING), answered(HOUSING, Answer.DENIED))
    back = k.ReturnResult(at=NOW, case=CASE, by=CHEN, reason="other")
    hall.when(replace(back, department=CIVIL)).refused(Reason.DEPARTMENT_UNKNOWN)
    hall.when(back)
    assert (the_case(hall).state, the_case(hall).legs[1].answer) == (S.TRANSIT, None)

    hall = given(*STORY_OF_CASE[S.APPROVAL], answered(CIVIL), answered(HOUSING, Answer.DENIED))
    hall.when(replace(back, department=CIVIL)).refused(Reason.DEPARTMENT_UNKNOWN)
    hall.when(back)
    assert (the_case(hall).state, [leg.answer for leg in the_case(hall).legs]) == (S.APPROVAL, [Answer.GRANTED, None])


def test_only_what_shall_be_posted_is_posted() -> None:
    """Who wanted to fetch it fetches it; a posted one is over when the post says so."""
    post, report = commands_of_steps()["post"], commands_of_steps()["delivered"]
    fetched = (replace(x, delivery=DeliveryWay.WINDOW) if isinstance(x, k.CaseOpened) else x
               for x in STORY_OF_CASE[S.READY])  # fmt: skip
    given(*fetched).when(post).refused(Reason.NOT_BY_POST)

    hall = given(*STORY_OF_CASE[S.READY])
    hall.when(post)
    case = the_case(hall)
    assert (case.state, case.carrier, case.tracking, case.posted_at) == (S.POSTED, "EMS", "E1", NOW)
    hall.when(report).then(happened(k.ResultDelivered, "14:00", by=CHEN))
    assert (the_case(hall).state, the_case(hall).ended_by) == (S.DELIVERED, CHEN)


def a_second_case(holder: str | None = None, ticket: str = TICKET) -> tuple[Case, str]:
    """Another case in the same hall, ready to be posted, and its name; of the same visit unless it is said otherwise."""
    case = the_case(given(*STORY_OF_CASE[S.READY]))
    return replace(case, id="s-2", number="20261123-0002", ticket=ticket, holder=holder), "s-2"


@pytest.mark.parametrize(
    ("holder", "ticket", "same_address", "refused"),
    [
        (None, TICKET, frozenset(), Reason.TRACKING_SHARED),
        (None, "id-a002", frozenset(), Reason.TRACKING_TAKEN),
        ("p-1", "id-a002", frozenset(), Reason.TRACKING_TAKEN),
        (None, "id-a002", frozenset({CASE}), Reason.TRACKING_SHARED),
    ],
)
def test_a_parcel_goes_to_one_person(
    holder: str | None, ticket: str, same_address: frozenset[str], refused: Reason
) -> None:
    """A number that is given to another case is asked about where it is the same person, and refused where it is not."""
    hall = given(*STORY_OF_CASE[S.POSTED])
    case, name = a_second_case(holder, ticket)
    hall.state.cases[name] = case
    post = k.PostResult(at=NOW, case=name, by=CHEN, carrier="EMS", tracking="E1", same_address=same_address)
    hall.when(post).refused(refused)
    hall.when(replace(post, carrier="SF")).then(
        k.ResultPosted(at=NOW, case=name, ticket=ticket, carrier="SF", tracking="E1", by=CHEN)
    )
    hall.state.cases[name] = case
    if refused is Reason.TRACKING_TAKEN:
        hall.when(replace(post, together=True)).refused(refused)
    else:
        hall.when(replace(post, together=True))
        assert hall.state.cases[name].tracking == "E1"


def test_a_report_of_another_parcel_delivers_nothing() -> None:
    """Courier and number must both be those that the result was posted with."""
    hall = given(*STORY_OF_CASE[S.POSTED])
    report = k.ReportDelivery(at=NOW, case=CASE, by=CHEN, carrier="EMS", tracking="E1")
    hall.when(replace(report, tracking="E2")).refused(Reason.TRACKING_DIFFERS)
    hall.when(replace(report, carrier="SF")).refused(Reason.TRACKING_DIFFERS)
    hall.when(report).then(happened(k.ResultDelivered, "14:00", by=CHEN))


def test_handed_out_to_who_stands_there() -> None:
    """Also where it was to be posted: to whom, what was shown and by what authority he was sent is kept."""
    hall = given(*STORY_OF_CASE[S.READY])
    hand = k.HandOut(at=NOW, case=NUMBER, by=CHEN, to=HandedTo.AGENT, proof="card", window="S02", note="n-5")
    hall.when(hand).refused(Reason.AUTHORITY_WANTED)
    hall.when(replace(hand, to=HandedTo.APPLICANT, authority="letter")).refused(Reason.AUTHORITY_WANTED)
    hall.when(replace(hand, authority="letter")).then(
        happened(
            k.ResultHandedOut, "14:00", to="agent", proof="card", by=CHEN, window="S02", authority="letter", note="n-5",
        )
    )  # fmt: skip
    case = the_case(hall)
    assert (case.state, case.handed_to, case.proof, case.authority, case.end_note, case.ended_at, case.is_over) == (
        S.DELIVERED, "agent", "card", "letter", "n-5", NOW, True,
    )  # fmt: skip


def test_withdrawn_while_nothing_is_ready() -> None:
    """From then on nobody does anything with it."""
    hall = given(*STORY_OF_CASE[S.PAUSED])
    hall.when(k.WithdrawCase(at=NOW, case=CASE, by=CHEN, note="n-4")).then(
        happened(k.CaseWithdrawn, "14:00", by=CHEN, note="n-4")
    )
    assert (the_case(hall).state, the_case(hall).ended_at, next_steps(the_case(hall))) == (S.WITHDRAWN, NOW, ())


# --- Pickup tickets ---------------------------------------------------------------------------------------------------


def test_a_ticket_to_fetch_a_result() -> None:
    """It tells the case, the case tells the ticket; a second scan of the voucher while it waits gives no second one."""
    hall = given(*STORY_OF_CASE[S.READY])
    take = c.Issue(at=NOW, ticket="p-1", service=INSURANCE, case=NUMBER)
    events = hall.when(take).events or ()
    assert [getattr(event, "case", None) for event in events] == [CASE]
    assert (hall.state.tickets["p-1"].case, the_case(hall).pickup_ticket) == (CASE, "p-1")
    again = replace(take, ticket="p-2")
    assert hall.when(again).refused(Reason.HAS_OPEN_TICKET).fields["ticket"] == hall.state.tickets["p-1"].number

    hall.when(c.Cancel(at=NOW, ticket="p-1"))
    hall.when(again)
    assert the_case(hall).pickup_ticket == "p-2"


@pytest.mark.parametrize("state", [one for one in S if one is not S.READY])
def test_no_ticket_for_a_result_that_is_not_ready(state: CaseState) -> None:
    """Nobody comes in vain."""
    hall = given(*STORY_OF_CASE[state])
    hall.when(c.Issue(at=NOW, ticket="p-1", service=INSURANCE, case=CASE)).refused(Reason.CASE_STATE)
    hall.when(c.Issue(at=NOW, ticket="p-1", service=INSURANCE, case="20260101-0001")).refused(Reason.CASE_UNKNOWN)


# --- Platform, archive ------------------------------------------------------------------------------------------------


def test_the_platform_numbers_a_case_and_tells_its_own_steps() -> None:
    """The same number again is nothing new; milestones only stand in the thread."""
    hall = given(*ON_THE_WAY)
    number = k.NumberCase(at=NOW, case=CASE, by="platform", platform="P-1")
    hall.when(number).then(happened(k.CaseNumbered, "14:00", platform="P-1", by="platform"))
    hall.when(number).then()
    hall.when(replace(number, platform="P-2"))
    before = the_case(hall)
    assert before.platform == "P-2"
    hall.when(k.NoteMilestone(at=NOW, case=CASE, by="platform", milestone="review")).then(
        happened(k.MilestoneNoted, "14:00", milestone="review", by="platform")
    )
    assert the_case(hall) == before


def test_originals_are_ticked_off_once() -> None:
    """Several at a time; those ticked already are left out; an unknown one spoils the whole list."""
    hall = given(
        *AT_THE_WINDOW, settled(), case_opened(), settled(settlement="s-2", outcome=Outcome.DONE, case=None),
        signed(CIVIL), signed(HOUSING),
    )  # fmt: skip
    file = k.FileOriginals(at=NOW, settlements=(CASE,), by=CHEN)
    hall.when(file).then(k.OriginalsFiled(at=NOW, settlements=(CASE,), by=CHEN))
    hall.when(file).then()
    hall.when(replace(file, settlements=("s-2", "s-9"))).refused(Reason.SETTLEMENT_UNKNOWN)
    hall.when(replace(file, settlements=(CASE, "s-2"))).then(k.OriginalsFiled(at=NOW, settlements=("s-2",), by=CHEN))
    assert [(one.filed_at, one.filed_by) for one in hall.state.settlements.values()] == [(NOW, CHEN)] * 2


def test_what_is_still_carried_is_in_no_archive() -> None:
    """As long as a department has not signed for its papers, also while the clock stands still; a withdrawn case may."""
    file = k.FileOriginals(at=NOW, settlements=(CASE,), by=CHEN)
    on_the_way = (*AT_THE_WINDOW, settled(), case_opened(), signed(CIVIL))
    for story in (on_the_way, (*on_the_way, paused())):
        given(*story).when(file).refused(Reason.ORIGINALS_CARRIED)
    given(*on_the_way, signed(HOUSING)).when(file).then(k.OriginalsFiled(at=NOW, settlements=(CASE,), by=CHEN))
    withdrawn = happened(k.CaseWithdrawn, "9:50", by=CHEN)
    given(*on_the_way, withdrawn).when(file).then(k.OriginalsFiled(at=NOW, settlements=(CASE,), by=CHEN))


# --- The night, the log -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", S)
def test_a_case_lives_through_the_night(state: CaseState) -> None:
    """Whatever state it is in, the new day takes it over whole, and its number still finds it."""
    hall = given(*STORY_OF_CASE[state])
    before = the_case(hall)
    tomorrow = TODAY.replace(day=24)
    events = hall.when(c.OpenDay(at=at("7:00", tomorrow), business_day=tomorrow.isoformat())).events or ()
    assert hall.state.cases == {CASE: before}
    assert find_case(hall.state, f" {NUMBER} ") == before
    assert decode(*encode(events[-1]), events[-1].at) == events[-1]
    assert fold(events[-1:]).cases == hall.state.cases


def test_what_is_long_over_is_left_to_the_log() -> None:
    """A week after its end a case goes out of sight; one that is not over never does."""
    over, running = STORY_OF_CASE[S.DELIVERED], STORY_OF_CASE[S.READY]
    for story, days, kept in ((over, 6, True), (over, 8, False), (running, 400, True)):
        day = date.fromordinal(TODAY.toordinal() + days)
        hall = given(*story)
        hall.when(c.OpenDay(at=at("13:00", day), business_day=day.isoformat()))
        assert (CASE in hall.state.cases, NUMBER in hall.state.case_numbers) == (kept, kept)
    with pytest.raises(Rejected):
        find_case(given(*over, e.DayOpened(at=NOW, business_day="2027-01-01")).state, NUMBER)


def test_originals_wait_for_the_archive_for_a_fortnight() -> None:
    """Those that are ticked off go with the day, and so do those of citizens who took their papers home."""
    told = settled(settlement="s-2", outcome=Outcome.CORRECTION, lacks=("照片",), case=None)
    done = settled(settlement="s-3", outcome=Outcome.DONE, case=None)
    filed = k.OriginalsFiled(at=NOW, settlements=("s-3",), by=CHEN)
    for days, kept in ((1, [CASE]), (13, [CASE]), (15, [])):
        day = date.fromordinal(TODAY.toordinal() + days)
        hall = given(*AT_THE_WINDOW, settled(), case_opened(), told, done, filed)
        hall.when(c.OpenDay(at=at("9:00", day), business_day=day.isoformat()))
        assert list(hall.state.settlements) == kept


def test_nobody_knows_a_case_that_is_not_there() -> None:
    """Every step about it is refused for that reason."""
    for command in commands_of_steps().values():
        given(*AT_THE_WINDOW).when(command).refused(Reason.CASE_UNKNOWN)
    assert TICKET in given(*AT_THE_WINDOW).state.tickets


def test_the_diagram_is_the_table() -> None:
    """Every step leads from exactly the states in which it is legal, and nothing leads out of an end."""
    assert {(state, step) for state, _, step in arrows()} == {
        (state, step) for step, (states, _) in ROWS.items() for state in states
    }
    assert not {state for state, _, _ in arrows()} & {S.DELIVERED, S.WITHDRAWN}


@pytest.mark.parametrize(
    ("step", "state"), [(step, state) for step, (states, _) in ROWS.items() for state in sorted(states)]
)
def test_the_diagram_tells_where_a_step_leads(step: str, state: CaseState) -> None:
    """Granted or denied, for either department: wherever the step leads, there is an arrow."""
    for department, answer in product((CIVIL, HOUSING), Answer):
        hall = given(*past(state, step))
        command = commands_of_steps(department=department)[step]
        if isinstance(command, k.AnswerCase):
            command = replace(command, answer=answer)
        if hall.when(command).events:
            assert (state, the_case(hall).state, step) in arrows()
