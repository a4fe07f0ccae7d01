"""Milestones that come in: applied once and in order, waiting until they can be, refused with their reason."""

from collections.abc import Callable
from typing import Any

from server.core import case_events as ce
from server.core.case_records import Answer, CaseState, PauseKind
from tests.platform.conftest import BUREAU, OTHER, Desk


def test_a_case_goes_from_number_to_answer(by_hand: Desk) -> None:
    """Number, a step of the platform's own, and the answer are entered as told by the platform."""
    number = by_hand.accept()
    by_hand.sign()
    taken = by_hand.push(
        {"id": "m-1", "kind": "numbered", "case": number, "platform": "HB-7"},
        {"id": "m-2", "kind": "progressed", "platform": "HB-7", "milestone": "已分办"},
        {"id": "m-3", "kind": "answered", "platform": "HB-7", "answer": "granted", "note": "同意"},
    )

    assert [one["state"] for one in taken] == ["applied"] * 3
    case = by_hand.case()
    assert (case.platform, case.state, case.legs[0].answer) == ("HB-7", CaseState.DECIDED, Answer.GRANTED)
    assert case.legs[0].answered_by == "platform"
    assert by_hand.running.site.people.text(case.legs[0].note) == "同意"
    assert by_hand.happened(ce.MilestoneNoted) == 1
    assert by_hand.view()["milestones"] == []


def test_a_fee_stops_the_clock_until_it_is_paid(by_hand: Desk) -> None:
    """Fee due pauses the case with its amount, went on lets the clock run; so does a correction with its papers."""
    number = by_hand.accept()
    by_hand.push({"id": "f-1", "kind": "fee_due", "case": number, "fee": 12050})
    pause = by_hand.case().pauses[-1]
    assert (by_hand.case().state, pause.kind, pause.fee) == (CaseState.PAUSED, PauseKind.FEE, 12050)
    by_hand.push({"id": "f-2", "kind": "went_on", "case": number})
    assert by_hand.case().state is CaseState.TRANSIT
    by_hand.push({"id": "f-3", "kind": "correction_due", "case": number, "lacks": ["户口簿"]})
    assert by_hand.case().pauses[-1].lacks == ("户口簿",)


def test_nothing_is_applied_twice(by_hand: Desk) -> None:
    """A milestone sent again, in the same or another request and after a restart, changes nothing."""
    number = by_hand.accept()
    step = {"id": "m-1", "kind": "progressed", "case": number, "milestone": "已分办"}
    first = by_hand.push(step, step)
    by_hand.stop()
    by_hand.start()
    again = by_hand.push(step)

    assert [one["state"] for one in (*first, *again)] == ["applied"] * 3
    assert by_hand.happened(ce.MilestoneNoted) == 1


def test_an_answer_waits_for_the_signature(by_hand: Desk) -> None:
    """Nobody has signed for the papers: the answer is kept, shown with its reason, and applied once they have."""
    number = by_hand.accept()
    (taken,) = by_hand.push({"id": "m-1", "kind": "answered", "case": number, "answer": "denied"})
    assert (taken["state"], taken["reason"]) == ("waiting", "papers_not_signed")
    assert by_hand.view()["counts"]["waiting"] == 1
    assert taken["detail_zh"] == "“人社局”还没有签收办件20261123-0001的材料"
    by_hand.running.platform.apply()
    assert by_hand.case().legs[0].answer is None
    by_hand.stop()
    by_hand.start()
    by_hand.sign()
    by_hand.running.platform.apply()

    assert by_hand.case().legs[0].answer is Answer.DENIED
    assert by_hand.view()["counts"]["waiting"] == 0


def test_later_milestones_wait_behind_an_earlier_one(by_hand: Desk) -> None:
    """A fee told after an answer that waits does not overtake it; a mere note of progress may, and other cases do."""
    first, second = by_hand.accept("c-1"), by_hand.accept("c-2")
    taken = by_hand.push(
        {"id": "m-1", "kind": "answered", "case": first, "answer": "granted"},
        {"id": "m-2", "kind": "fee_due", "case": first, "fee": 100},
        {"id": "m-3", "kind": "progressed", "case": first, "milestone": "已受理"},
        {"id": "m-4", "kind": "fee_due", "case": second, "fee": 100},
    )

    assert [(one["state"], one["reason"]) for one in taken] == [
        ("waiting", "papers_not_signed"),
        ("waiting", "milestone_behind"),
        ("applied", None),
        ("applied", None),
    ]
    assert by_hand.case("c-1").state is CaseState.TRANSIT
    by_hand.sign("c-1")
    by_hand.running.platform.apply()
    # The answer ended the approval: a fee after it makes no sense and is told.
    (bad,) = by_hand.view()["milestones"]
    assert (bad["id"], bad["state"], bad["reason"]) == ("m-2", "refused", "case_state")


def test_an_answer_waits_while_the_clock_stands_still(by_hand: Desk) -> None:
    """What comes while a fee is awaited is applied after the payment."""
    number = by_hand.accept()
    by_hand.sign()
    taken = by_hand.push(
        {"id": "m-1", "kind": "fee_due", "case": number},
        {"id": "m-2", "kind": "answered", "case": number, "answer": "granted"},
    )
    assert [one["state"] for one in taken] == ["applied", "waiting"]
    by_hand.do(lambda at: ce.GoOn(at=at, case="c-1", by="user:wang"))
    by_hand.running.platform.apply()

    assert by_hand.case().state is CaseState.DECIDED


def test_what_a_clerk_entered_already_is_done(by_hand: Desk) -> None:
    """The same answer, fee, payment or withdrawal entered by hand before is no fault; another answer is."""
    number = by_hand.accept()
    by_hand.sign()
    by_hand.do(lambda at: ce.PauseCase(at=at, case="c-1", kind=PauseKind.FEE, fee=1, by="user:li"))
    (fee,) = by_hand.push({"id": "m-1", "kind": "fee_due", "case": number, "fee": 100})
    by_hand.do(lambda at: ce.GoOn(at=at, case="c-1", by="user:wang"))
    (paid,) = by_hand.push({"id": "m-2", "kind": "went_on", "case": number})
    by_hand.answer()
    same, other = by_hand.push(
        {"id": "m-3", "kind": "answered", "case": number, "answer": "granted"},
        {"id": "m-4", "kind": "answered", "case": number, "answer": "denied"},
    )

    assert [one["state"] for one in (fee, paid, same, other)] == ["applied", "applied", "applied", "refused"]
    assert by_hand.happened(ce.CasePaused) == 1
    assert by_hand.happened(ce.CaseAnswered) == 1


def test_several_departments_must_be_named(by_hand: Desk) -> None:
    """Where two departments decide, an answer says whose it is."""
    number = by_hand.accept(departments=(BUREAU, OTHER))
    by_hand.sign(department=BUREAU)
    by_hand.sign(department=OTHER)
    taken = by_hand.push(
        {"id": "m-1", "kind": "answered", "case": number, "answer": "granted"},
        {"id": "m-2", "kind": "answered", "case": number, "answer": "granted", "department": OTHER},
        {"id": "m-3", "kind": "answered", "case": number, "answer": "granted", "department": "税务局"},
    )

    assert [(one["state"], one["reason"]) for one in taken] == [
        ("refused", "department_wanted"),
        ("applied", None),
        ("refused", "department_unknown"),
    ]


def test_an_unknown_case_is_told_and_tried_again_on_demand(by_hand: Desk, reason: Callable[[Any], str]) -> None:
    """A milestone of a case nobody knows stands with the bad ones, and is applied when it is tried again in time."""
    (taken,) = by_hand.push({"id": "m-1", "kind": "progressed", "case": "20261123-0001", "milestone": "已分办"})
    assert (taken["state"], taken["reason"]) == ("refused", "case_unknown")
    assert by_hand.view()["counts"]["bad"] == 1
    assert by_hand.accept() == "20261123-0001"
    again = by_hand.admin.post("/platform/milestones/m-1/retry")

    assert again.json["state"] == "applied"
    assert by_hand.view()["counts"]["bad"] == 0
    assert reason(by_hand.admin.post("/platform/milestones/nobody/retry")) == "milestone_unknown"
    assert reason(by_hand.supervisor.post("/platform/milestones/m-1/retry")) == "forbidden"


def test_an_unreadable_milestone_keeps_no_other_away(by_hand: Desk) -> None:
    """One without what it must say is kept with the reason; sent again as it should be, the newer one counts."""
    number = by_hand.accept()
    taken = by_hand.push(
        {"id": "m-1", "kind": "answered", "case": number},
        {"kind": "progressed", "case": number, "milestone": "无编号"},
        {"id": "m-2", "kind": "progressed", "case": number, "milestone": "已分办", "extra": 1},
    )
    assert [(one["state"], one["reason"]) for one in taken] == [
        ("refused", "milestone_invalid"),
        ("refused", "milestone_invalid"),
        ("applied", None),
    ]
    assert "answer" in taken[0]["detail"]
    by_hand.sign()
    (mended,) = by_hand.push({"id": "m-1", "kind": "answered", "case": number, "answer": "granted"})
    assert mended["state"] == "applied"


def test_only_the_gateway_tells_milestones(by_hand: Desk, reason: Callable[[Any], str]) -> None:
    """Staff enter what they know at the case itself; a kiosk has no business here; leaders and the gateway look."""
    body = {"milestones": [{"id": "m-1", "kind": "progressed", "case": "x", "milestone": "y"}]}
    for who in (by_hand.admin, by_hand.supervisor, by_hand.kiosk):
        assert reason(who.post("/platform/milestones", body)) == "forbidden"
    assert by_hand.gateway.get("/platform").json["kind"] == "hand"
    assert reason(by_hand.clerk.get("/platform")) == "forbidden"
