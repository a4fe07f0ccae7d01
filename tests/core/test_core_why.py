"""Why a ticket was called: the exact sentences, in both languages, and the figures for managers."""

import re
from dataclasses import replace

import pytest

from server.core import commands as c
from server.core import events as e
from server.core.model import Plan, Rules, TicketState, Why
from tests.cast import (
    COMPANY,
    E02,
    ELDER,
    INSURANCE,
    MEDICAL,
    MORNING,
    S01,
    S02,
    STORY_OF,
    T01,
    TAX,
    TIDAL_HALL,
    TS1,
    YANGXIN,
    Day,
    a_ticket,
    at,
    called,
    day_opened,
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


# --- Credits, help, appointments ------------------------------------------------------------------------------------------


def of_the_day(*tickets: tuple[str, ...], window: str, clock: str, plan: Plan = TIDAL_HALL) -> Why:
    """What is said of a window's call after these have taken tickets: clock, service, group, slot."""
    day = Day(day_opened(), plan=plan)
    day.open(window)
    for ticket in tickets:
        taken, service, group, slot = (*ticket, None, None, None)[:4]
        day.take(str(taken), service or INSURANCE, group, slot)
    number = day.call_next(window, clock)
    assert number is not None
    told = day.ticket(number).why
    assert told is not None
    return told


def test_short_business_that_passes_an_earlier_ticket() -> None:
    """Four minutes earlier than it was taken, and why."""
    told = of_the_day(("9:00", INSURANCE), ("9:02", MEDICAL), window=S01, clock="9:10")
    assert (told.zh, told.en) == (
        "A002 业务较快，9:02 取号视同 8:58；A001 9:00 取号；所以先叫 A002",
        "A002 is short business: taken 9:02, counts as 8:58; A001 taken 9:00; so A002 first",
    )


def test_long_business_that_is_passed() -> None:
    """Five minutes later than it was taken, and why; the tax ticket counts as it was taken."""
    told = of_the_day(("9:00", COMPANY), ("9:02", TAX), window=T01, clock="9:10")
    assert (told.zh, told.en) == (
        "C001 9:02 取号；B001 业务耗时较长，9:00 取号视同 9:05；所以先叫 C001",
        "C001 taken 9:02; B001 is long business: taken 9:00, counts as 9:05; so C001 first",
    )


def test_a_kept_appointment_that_passes_an_earlier_ticket() -> None:
    """Fifteen minutes before its time."""
    told = of_the_day(("9:00", INSURANCE), ("9:05", INSURANCE, None, "9:10"), window=S01, clock="9:20")
    assert (told.zh, told.en) == (
        "A002 按预约时间到，9:05 取号视同 8:55；A001 9:00 取号；所以先叫 A002",
        "A002 kept its appointment: taken 9:05, counts as 8:55; A001 taken 9:00; so A002 first",
    )


def test_everything_at_once_is_told_in_one_sentence() -> None:
    """Priority, appointment and short business beside each other."""
    told = of_the_day(("9:00", INSURANCE), ("9:30", MEDICAL, ELDER, "9:30"), window=S01, clock="9:40")
    assert (told.zh, told.en) == (
        "A002 是优先群体、按预约时间到、业务较快，9:30 取号视同 8:26；A001 9:00 取号；所以先叫 A002",
        "A002 is in a priority group and kept its appointment and is short business: taken 9:30, counts as 8:26; "
        "A001 taken 9:00; so A002 first",
    )


def test_a_credit_of_less_than_a_minute_is_told_where_it_decides() -> None:
    """Half a minute between two minutes of the clock: without its reason the sentence would be nonsense."""
    services = {**YANGXIN.services, MEDICAL: replace(YANGXIN.services[MEDICAL], mean_service_s=570.0)}
    plan = replace(YANGXIN, services=services)
    told = of_the_day(("9:00:50", INSURANCE), ("9:01:10", MEDICAL), window=S01, clock="9:10", plan=plan)
    assert told.zh == "A002 业务较快，9:01 取号视同 9:00；A001 9:00 取号；所以先叫 A002"


def test_help_for_another_zone_where_nobody_waits_here() -> None:
    """Where it goes and why; managers read after how long."""
    told = of_the_day(("9:00", COMPANY), window=TS1, clock="9:10")
    assert told == Why(
        zh="B001 业务耗时较长，9:00 取号视同 9:05；本窗口没有其他人在等，所以支援企业事务",
        en="B001 is long business: taken 9:00, counts as 9:05; nobody else is waiting for this window, so it helps Business",
        detail="B001 credited 9:05, waited 600 s; no other waiting; helps enterprise after 300 s of waiting",
    )


def test_help_past_people_of_its_own() -> None:
    """Both times, and that the difference is what decides."""
    told = of_the_day(("9:00", TAX), ("9:20", INSURANCE), window=TS1, clock="9:30")
    assert told == Why(
        zh="C001 9:00 取号；A001 9:20 取号；相差较多，所以先支援税务，叫 C001",
        en="C001 taken 9:00; A001 taken 9:20; so much later that this window first helps Tax for C001",
        detail="C001 credited 9:00, waited 1800 s; next A001 credited 9:20, 1200 s later; "
        "1 others waiting for this window; leaves for tickets credited 900 s earlier",
    )


def test_help_of_a_window_that_does_not_move() -> None:
    """The same sentence by its own thresholds."""
    told = of_the_day(("9:00", INSURANCE), window=E02, clock="9:01")
    assert told == Why(
        zh="A001 9:00 取号；本窗口没有其他人在等，所以支援社会事务",
        en="A001 taken 9:00; nobody else is waiting for this window, so it helps Social Affairs",
        detail="A001 credited 9:00, waited 60 s; no other waiting; helps social after 0 s of waiting",
    )


def test_the_way_home_is_no_help() -> None:
    """From where it helped it goes back to its own people, and the sentence says so."""
    day = Day(day_opened(), plan=TIDAL_HALL)
    day.open(TS1)
    day.take("9:00", COMPANY)
    day.call_next(TS1, "9:10")
    number = day.take("9:12")
    day.call_next(TS1, "9:20")
    told = day.ticket(number).why
    assert told is not None
    assert (told.zh, told.en) == (
        "A001 9:12 取号；本窗口没有其他人在等，所以回到社会事务",
        "A001 taken 9:12; nobody else is waiting for this window, so it goes back to Social Affairs",
    )


def test_a_hall_of_new_rules_does_not_speak_of_missed_calls() -> None:
    """The credit was raised at noon: those who wait since before have missed nothing, and nobody says so."""
    day = Day(*MORNING)
    day.take("9:00")
    day.take("9:23", group=ELDER)
    changed = Day(*day.log, plan=replace(YANGXIN, rules=Rules(priority_credit_s=60 * 60)))
    number = changed.call_next(S01, "9:30")
    assert number == "A002"
    told = changed.ticket(number).why
    assert told is not None
    assert told.zh == "A002 是优先群体，9:23 取号视同 8:38；A001 9:00 取号；所以先叫 A002"
    assert "missed" not in told.en


#: What would be a promise: a time that lies ahead, or a number of minutes to wait.
PROMISES = re.compile(r"分钟|小时|稍后|马上|minute|hour|soon|shortly|will be|预计|大约|about")


def test_no_sentence_promises_a_time() -> None:
    """A day with every kind of call: to citizens only times of the past are told, in both languages."""
    day = Day(day_opened(), plan=TIDAL_HALL)
    day.open(*TIDAL_HALL.windows)
    services = (INSURANCE, MEDICAL, COMPANY, TAX)
    for n in range(60):
        group = ELDER if n % 7 == 0 else None
        slot = f"9:{n:02d}" if n % 5 == 0 else None
        day.take(f"9:{n:02d}", services[n * n % 4], group, slot)
        window = tuple(TIDAL_HALL.windows)[n % 7]
        if n % 3:
            day.call_next(window, f"9:{n:02d}:30")
        if n % 11 == 0 and day.state.window(window).ticket is not None:
            day.do(c.MarkNoShow(at=at(f"9:{n:02d}:40"), window=window))
    told = [(event.at, event.why) for event in day.log if isinstance(event, e.TicketCalled)]
    assert len({re.sub(r"[A-Z]\d+|\d+:\d+", "#", why.zh) for _, why in told}) >= 8
    for moment, why in told:
        assert not PROMISES.search(why.zh), why.zh
        assert not PROMISES.search(why.en), why.en
        for hour, minute in re.findall(r"(\d+):(\d\d)", why.zh + why.en):
            assert at(f"{hour}:{minute}") <= moment
