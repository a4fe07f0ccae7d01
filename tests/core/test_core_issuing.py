"""Taking a ticket: number, credit, refusals, and the same tap twice."""

from dataclasses import replace

import pytest

from server.core import commands as c
from server.core import events as e
from server.core.refusals import Reason
from tests.cast import (
    ALWAYS_OPEN,
    COMPANY,
    ELDER,
    INSURANCE,
    MEDICAL,
    MORNING,
    S01,
    S02,
    a_ticket,
    at,
    called,
    cancelled,
    closed,
    day_opened,
    given,
    id_of,
)


def an_issue(number: str = "A001", clock: str = "9:00", service: str = INSURANCE, **more: str) -> c.Issue:
    """A tap at a kiosk that should give this number."""
    return c.Issue(at=at(clock), ticket=id_of(number), service=service, **more)


def test_a_ticket_is_issued() -> None:
    """A tap gives the next number of the service's series, credited with the time of the tap."""
    state = given(*MORNING).when(an_issue()).then(a_ticket("A001"))
    ticket = state.tickets[id_of("A001")]
    assert (ticket.number, ticket.issued_at, ticket.credited_at) == ("A001", at("9:00"), at("9:00"))
    assert state.numbers == {"A001": id_of("A001")}


def test_services_of_one_series_share_its_numbers() -> None:
    """Two services of series A count on together; another series counts for itself."""
    hall = given(*MORNING, a_ticket("A001"))
    hall.when(an_issue("A002", "9:01", MEDICAL)).then(a_ticket("A002", "9:01", MEDICAL))
    hall.when(an_issue("B001", "9:02", COMPANY)).then(a_ticket("B001", "9:02"))


def test_a_priority_group_counts_as_45_minutes_earlier() -> None:
    """An elder of 9:23 counts as having come at 8:38."""
    state = given(*MORNING).when(an_issue(clock="9:23", group=ELDER)).then(a_ticket("A001", "9:23", group=ELDER))
    assert state.tickets[id_of("A001")].credited_at == at("8:38")


def test_a_cancelled_number_is_not_given_again() -> None:
    """A number belongs to one ticket for the whole day, cancelled or not."""
    given(*MORNING, a_ticket("A001"), cancelled("A001")).when(an_issue("A002", "9:20")).then(a_ticket("A002", "9:20"))


def test_the_same_tap_twice_gives_one_ticket() -> None:
    """A device that sends again gets nothing new."""
    given(*MORNING, a_ticket("A001")).when(an_issue(clock="9:05")).then()


@pytest.mark.parametrize(("service", "device"), [(MEDICAL, None), (INSURANCE, "kiosk-2")])
def test_an_id_that_is_taken_is_refused(service: str, device: str | None) -> None:
    """Another service or another device under the same id is not the same tap."""
    command = replace(an_issue(service=service), device=device)
    assert given(*MORNING, a_ticket("A001")).when(command).refused(Reason.TICKET_EXISTS).fields == {"ticket": "A001"}


def test_details_of_the_tap_are_kept() -> None:
    """Channel, language, device and printer stand in the event and on the ticket; the paper is queued."""
    command = an_issue(channel="staff", language="en", device="desk-1", printer="p1")
    state = given(*MORNING).when(command).state
    ticket = state.tickets[id_of("A001")]
    assert (ticket.channel, ticket.language, ticket.device, ticket.printer) == ("staff", "en", "desk-1", "p1")
    assert ticket.print_state == "queued"


def test_without_a_printer_no_paper_is_expected() -> None:
    """A ticket on a phone has no print state."""
    assert given(*MORNING).when(an_issue()).ticket().print_state is None


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (an_issue(service="fishing"), Reason.SERVICE_UNKNOWN),
        (an_issue(group="giants"), Reason.GROUP_UNKNOWN),
        (an_issue(for_window="S99"), Reason.WINDOW_UNKNOWN),
        (an_issue(for_window="E01"), Reason.WINDOW_CLOSED),
        (an_issue(clock="8:29:59"), Reason.SERVICE_CLOSED),
        (an_issue(clock="12:00"), Reason.SERVICE_CLOSED),
        (an_issue(clock="17:30"), Reason.SERVICE_CLOSED),
    ],
)
def test_what_cannot_be_had_is_refused(command: c.Issue, reason: Reason) -> None:
    """Unknown services, groups and windows, closed windows and closing time give their own reasons."""
    given(*MORNING).when(command).refused(reason)


def test_before_the_day_is_open_nothing_is_issued() -> None:
    """Without a business day there are no numbers."""
    given().when(an_issue()).refused(Reason.DAY_NOT_OPEN)


def test_closing_time_stops_issuing_but_not_calling() -> None:
    """At 12:05 the last ticket of the morning is still called."""
    hall = given(*MORNING, a_ticket("A001", "11:59"))
    hall.when(an_issue("A002", "12:05")).refused(Reason.SERVICE_CLOSED)
    hall.when(c.CallNext(at=at("12:05"), window=S01)).then(called("A001", S01, "12:05"))


def test_the_demo_issues_at_any_hour() -> None:
    """An always open hall knows no closing time."""
    given(day_opened("0:00"), plan=ALWAYS_OPEN).when(an_issue(clock="3:00")).then(a_ticket("A001", "3:00"))


def test_a_ticket_for_one_window_is_called_there_only() -> None:
    """Reserved at issue: another window of the service does not get it, by the button or by hand."""
    hall = given(*MORNING, a_ticket("A001", for_window=S02))
    hall.when(c.CallNext(at=at("9:10"), window=S01)).then()
    refusal = hall.when(c.CallTicket(at=at("9:10"), window=S01, ticket="A001")).refused(Reason.RESERVED_ELSEWHERE)
    assert refusal.fields == {"ticket": "A001", "window": S02}
    hall.when(c.CallNext(at=at("9:10"), window=S02)).then(called("A001", S02))


def test_a_reserved_ticket_is_free_again_when_its_window_closes() -> None:
    """Nobody waits for a clerk who has gone home."""
    reserved = a_ticket("A001", for_window=S02)
    given(*MORNING, reserved, closed(S02, "9:05")).when(c.CallNext(at=at("9:10"), window=S01)).then(called("A001"))


def test_reports_of_the_printer_are_kept_once() -> None:
    """The printer's word is noted; the same word again is no news."""
    hall = given(*MORNING, a_ticket("A001"))
    report = c.ReportPrint(at=at("9:01"), ticket=id_of("A001"), state="failed")
    hall.when(report).then(e.TicketPrintReported(at=at("9:01"), ticket=id_of("A001"), state="failed"))
    assert hall.state.tickets[id_of("A001")].print_state == "failed"
    hall.when(report).then()


def test_a_reprint_is_another_copy_of_the_same_number() -> None:
    """A reprint counts copies and queues paper; it makes no ticket and no number."""
    hall = given(*MORNING, a_ticket("A001"))
    state = hall.when(c.RequestReprint(at=at("9:01"), ticket="A001", printer="p1")).then(
        e.TicketReprinted(at=at("9:01"), ticket=id_of("A001"), printer="p1")
    )
    ticket = state.tickets[id_of("A001")]
    assert (ticket.copies, ticket.print_state, len(state.tickets), state.counters) == (2, "queued", 1, {"A": 1})


@pytest.mark.parametrize("name", ["a001", " A001 ", "A001", id_of("A001")])
def test_a_ticket_is_found_by_id_or_number(name: str) -> None:
    """Clerks type numbers as they like; devices use ids."""
    given(*MORNING, a_ticket("A001")).when(c.Cancel(at=at("9:15"), ticket=name)).then(cancelled("A001"))


def test_a_ticket_nobody_has_is_unknown() -> None:
    """A number of another day or of nobody is refused."""
    given(*MORNING).when(c.Cancel(at=at("9:15"), ticket="A001")).refused(Reason.TICKET_UNKNOWN)
