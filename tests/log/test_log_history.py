"""Past days are read from the views: tickets by day and number, whole threads, settlements, cases (Y3, M9)."""

from collections.abc import Callable
from typing import Any

import pytest

from server.core import case_events as k
from server.core import commands as c
from server.core import matters as m
from server.core.affairs import MatterKind
from server.core.assistance import AskForHelp, EndHelp, TakeHelp
from server.core.case_records import Answer, CaseState, DeliveryWay, Outcome, PauseKind
from server.log.history import SqliteHistory
from server.log.sqlite import SqliteLog

DAY, NEXT = "2026-11-23", "2026-11-24"


@pytest.fixture
def day(log: SqliteLog, day_of: Callable[[SqliteLog], Any]) -> Any:
    """A day on which much was settled, and a night."""
    day = day_of(log)
    day.play([(1, 1), (1, 2)])
    day.after_the_window("S03")
    day.midnight()
    return day


@pytest.fixture
def history(log: SqliteLog, day: Any) -> SqliteHistory:
    """What is known of that day afterwards."""
    return log.history


def kinds(log: SqliteLog, *subjects: str) -> list[str]:
    """The names of a thread's events."""
    return [type(recorded.event).__name__ for recorded in log.history.thread(subjects)]


def test_a_ticket_is_found_by_its_day_and_number(history: SqliteHistory, day: Any) -> None:
    """A number means a ticket only together with its day; small letters and blanks are forgiven."""
    row = history.ticket_row("t-visit")
    assert row is not None
    assert (row["business_day"], row["state"], row["case"]) == (DAY, "done", None)
    assert history.ticket_named(DAY, f" {str(row['number']).lower()} ") == "t-visit"
    assert history.ticket_named(NEXT, str(row["number"])) is None
    assert history.ticket_row("nobody's") is None


def test_the_thread_of_a_visit_has_its_cases_and_who_came_for_the_result(history: SqliteHistory) -> None:
    """From either ticket one comes to the whole story: the visit, its cases, the ticket taken to fetch a result."""
    from_the_visit = history.subjects_of("t-visit")
    assert set(from_the_visit) == {
        "ticket:t-visit", "ticket:t-fetch", "case:c-fetched", "case:c-posted", "case:c-withdrawn",
    }  # fmt: skip
    assert set(history.subjects_of("t-fetch")) == set(from_the_visit)
    assert history.subjects_of("nobody's") == []


def test_appointment_and_matters_belong_to_a_ticket(log: SqliteLog, day_of: Callable[[SqliteLog], Any]) -> None:
    """What was booked before and what was complained about afterwards stand in the ticket's thread, work order too."""
    day = day_of(log)
    day.beside_the_queue("S02")

    assert log.history.subjects_of("t-kept") == ["ticket:t-kept", "appointment:kept"]
    booked = kinds(log, *log.history.subjects_of("t-kept"))
    assert booked[:2] == ["AppointmentBooked", "TicketIssued"]

    thread = kinds(log, *log.history.subjects_of("t-open"))
    assert [thread.count(name) for name in ("TicketRated", "OrderOpened", "MatterRecorded", "MatterSettled")] == [
        1, 1, 2, 1,
    ]  # fmt: skip
    closed = kinds(log, "ticket:t-closed")
    assert closed[-4:] == ["OrderOpened", "CallbackRecorded", "OrderMended", "OrderClosed"]


def test_a_thread_is_every_event_once_and_in_order(log: SqliteLog, history: SqliteHistory) -> None:
    """An event that belongs to two of the asked subjects stands there once; actors and days come with it."""
    thread = history.thread([*history.subjects_of("t-visit"), "case:c-fetched"])

    assert [recorded.seq for recorded in thread] == sorted({recorded.seq for recorded in thread})
    read = {recorded.seq: recorded for recorded in log.read()}
    assert all(read[recorded.seq] == recorded for recorded in thread)
    names = [type(recorded.event).__name__ for recorded in thread]
    assert names[0] == "TicketIssued"
    assert [names.count(name) for name in ("ItemSettled", "SettlementRetracted", "ResultHandedOut", "OriginalsFiled")] == [
        7, 1, 1, 1,
    ]  # fmt: skip
    assert [names.count(name) for name in ("CaseOpened", "TicketIssued", "ParcelRegistered", "ParcelSigned")] == [
        4, 2, 1, 0,
    ]  # fmt: skip


def test_the_thread_of_one_case_is_its_own(log: SqliteLog, history: SqliteHistory) -> None:
    """What happened to the other cases of the visit is not in it; who came to fetch the result is."""
    assert kinds(log, "case:c-withdrawn") == ["CaseOpened", "StepOverdue", "CaseWithdrawn"]
    fetched = kinds(log, "case:c-fetched")
    assert fetched[:2] == ["CaseOpened", "PaperPrinted"]
    assert fetched[-3:] == ["TicketIssued", "ResultHandedOut", "OriginalsFiled"]
    assert kinds(log, "parcel:x-1") == ["ParcelSigned", "ParcelSorted", "ParcelRegistered"]


def test_help_asked_for_a_ticket_is_in_its_thread(log: SqliteLog, day: Any) -> None:
    """Asked, taken and ended: all three, though only the first names the ticket."""
    day.do(lambda at: c.Issue(at=at, ticket="t-h", service="insurance"))
    day.do(lambda at: AskForHelp(at=at, help="h-t", kind="guide", place="S01", by="user:wang", ticket="t-h"))
    day.do(lambda at: TakeHelp(at=at, help="h-t", by="user:mei"))
    day.do(lambda at: EndHelp(at=at, help="h-t", by="user:mei", outcome="helped"))

    assert kinds(log, "ticket:t-h") == ["TicketIssued", "HelpAsked", "HelpTaken", "HelpEnded"]


def test_a_case_goes_on_in_its_thread_after_the_day(log: SqliteLog, day: Any) -> None:
    """Weeks later an event still finds the ticket the case began with, and the row follows."""
    day.do(lambda at: c.OpenWindow(at=at, window="S02", clerk="user:wang"))
    day.do(lambda at: c.Issue(at=at, ticket="t-long", service="insurance"))
    day.do(lambda at: c.CallTicket(at=at, window="S02", ticket="t-long"))
    day.settle("S02", "c-long")
    day.do(lambda at: c.Finish(at=at, window="S02"))
    for _ in range(9):
        day.midnight()
    day.with_case(k.SignPapers, "c-long", department="civil")

    case = log.history.case("c-long")
    assert case is not None
    assert (case.state, case.business_day, case.legs[0].signed_by) == (CaseState.APPROVAL, NEXT, "user:zhou")
    assert "PapersSigned" in kinds(log, "ticket:t-long")
    last = log.history.thread(["case:c-long"])[-1]
    assert (type(last.event).__name__, last.business_day) == ("PapersSigned", "2026-12-03")


def test_a_matter_settled_later_finds_its_ticket(log: SqliteLog, day: Any) -> None:
    """The event names only the matter; the thread has it under the ticket too."""
    day.do(lambda at: c.Issue(at=at, ticket="t-m", service="insurance"))
    day.do(lambda at: m.RecordMatter(at=at, matter="m-t", kind=MatterKind.ENQUIRY, by="user:wang", ticket="t-m"))
    day.midnight()
    day.do(lambda at: m.SettleMatter(at=at, matter="m-t", by="user:wang", result="done"))

    assert kinds(log, "ticket:t-m")[-1] == "MatterSettled"
    assert log.history.subjects_of("t-m") == ["ticket:t-m", "matter:m-t"]


def test_settlements_of_days_are_read_whole(history: SqliteHistory, day: Any) -> None:
    """Every field comes back as it was; what was taken back is not there; other days have none."""
    found = {one.id: one for one in history.settlements_of(DAY, NEXT)}

    assert set(found) == {"s-done", "s-told", "s-no", "c-fetched", "c-posted", "c-withdrawn"}
    assert history.settlements_of(NEXT, NEXT) == []
    told = found["s-told"]
    assert (told.outcome, told.lacks, told.clerk) == (Outcome.CORRECTION, ("身份证", "照片"), "clerk 2")
    assert (found["s-done"].filed_by, found["s-told"].filed_at) == ("user:sun", None)
    assert history.settlement("s-no") == found["s-no"]
    assert history.settlement("s-slip") is None
    with day.hall.reading() as state:
        assert all(found[name] == kept for name, kept in state.settlements.items())


def test_cases_are_read_whole(history: SqliteHistory, day: Any) -> None:
    """By id or by number, with legs, pauses and result as the state has them; a slip's case is gone."""
    with day.hall.reading() as state:
        kept = dict(state.cases)
    assert set(kept) == {"c-fetched", "c-posted", "c-withdrawn"}
    assert history.cases_of(DAY, DAY) == sorted(kept.values(), key=lambda case: case.number)
    fetched = history.case(kept["c-fetched"].number)
    assert fetched == kept["c-fetched"]
    assert (fetched.pauses[0].kind, fetched.pauses[0].fee, fetched.legs[0].answer) == (
        PauseKind.FEE, 12000, Answer.GRANTED,
    )  # fmt: skip
    assert fetched.result is not None
    assert (fetched.result.copies, fetched.returned, fetched.pickup_ticket) == (2, 1, "t-fetch")
    posted = history.case("c-posted")
    assert posted is not None
    assert (posted.delivery, posted.urgent, posted.tracking) == (DeliveryWay.POST, True, "E1")
    assert history.case("s-slip") is None
    assert history.cases_of(NEXT, NEXT) == []


def test_halls_in_one_file_have_their_own_history(log: SqliteLog, day: Any) -> None:
    """Another hall in the same file knows nothing of it."""
    other = SqliteLog(log.path, "other")
    try:
        history = other.history
        assert history.cases_of(DAY, NEXT) == history.settlements_of(DAY, NEXT) == []
        assert (history.case("c-posted"), history.ticket_row("t-visit"), history.subjects_of("t-visit")) == (
            None, None, [],
        )  # fmt: skip
        assert history.thread(["ticket:t-visit"]) == []
    finally:
        other.close()
