"""When a ticket counts as having arrived: the credits, one by one, and what they do to the order."""

from dataclasses import replace

import pytest

from server.core import commands as c
from server.core.model import Lengths, Plan, Rules
from tests.cast import (
    COMPANY,
    ELDER,
    INSURANCE,
    MEDICAL,
    MORNING,
    S01,
    S02,
    T01,
    TAX,
    YANGXIN,
    Day,
    at,
    day_opened,
    opened,
)


def hall_with(mean_min: float, rules: Rules | None = None) -> Plan:
    """The hall of the cast with another mean length of insurance business."""
    insurance = replace(YANGXIN.services[INSURANCE], mean_service_s=mean_min * 60)
    return replace(YANGXIN, services={**YANGXIN.services, INSURANCE: insurance}, rules=rules or Rules())


def credit_min(plan: Plan, *, group: str | None = None, clock: str = "9:00", slot: str | None = None) -> float:
    """By how many minutes an insurance ticket counts earlier than it was due."""
    day = Day(*MORNING, plan=plan)
    ticket = day.ticket(day.take(clock, INSURANCE, group, slot))
    return (ticket.due_at - ticket.credited_at) / 60


@pytest.mark.parametrize(
    ("mean_min", "credit"),
    [(10, 0), (4, 6), (0.5, 9.5), (15, -5), (19.5, -9.5), (20, -10), (25, -10), (180, -10)],
)
def test_short_business_counts_earlier_and_long_business_later(mean_min: float, credit: float) -> None:
    """Ten minutes less the mean length, never more than ten minutes later; ten earlier would be no business at all."""
    assert credit_min(hall_with(mean_min)) == pytest.approx(credit)


@pytest.mark.parametrize(
    ("rules", "mean_min", "credit"),
    [
        (Rules(short_credit_max_s=0), 2, 0),
        (Rules(short_credit_max_s=0), 60, 0),
        (Rules(short_credit_max_s=120), 2, 2),
        (Rules(short_credit_max_s=120), 60, -2),
        (Rules(short_service_s=900), 5, 10),
        (Rules(short_service_s=900), 12, 3),
    ],
)
def test_the_credit_of_short_business_is_the_halls_own(rules: Rules, mean_min: float, credit: float) -> None:
    """What counts as short and how much it gains come from the hall file; a limit of nothing switches it off."""
    assert credit_min(hall_with(mean_min, rules)) == pytest.approx(credit)


@pytest.mark.parametrize(("mean_min", "credit"), [(10, 45), (4, 51), (30, 35)])
def test_a_priority_group_gains_45_minutes_beside(mean_min: float, credit: float) -> None:
    """The credits add up."""
    assert credit_min(hall_with(mean_min), group=ELDER) == pytest.approx(credit)


@pytest.mark.parametrize(
    ("clock", "slot", "due", "credit"),
    [
        ("9:00", "9:00", "9:00", 15),
        ("9:10", "9:00", "9:10", 15),
        ("9:10:01", "9:00", "9:10:01", 0),
        ("10:00", "9:00", "10:00", 0),
        ("8:45", "9:00", "9:00", 15),
        ("8:30", "11:00", "11:00", 15),
    ],
)
def test_a_kept_appointment_gains_15_minutes(clock: str, slot: str, due: str, credit: float) -> None:
    """Until ten minutes after the slot; who comes early counts from the slot, who comes late is an ordinary walk-in."""
    day = Day(*MORNING)
    ticket = day.ticket(day.take(clock, INSURANCE, slot=slot))
    assert (ticket.due_at, ticket.on_time) == (at(due), credit > 0)
    assert ticket.due_at - ticket.credited_at == credit * 60
    assert ticket.issued_at == at(clock)


def test_nobody_gains_by_coming_hours_before_an_appointment() -> None:
    """Checked in at 8:35 for 10:00 counts as 9:45: behind whoever came by then, before whoever came after."""
    day = Day(*MORNING)
    booked = day.take("8:35", slot="10:00")
    before, after = day.take("9:44"), day.take("9:46")
    assert day.line(S01) == [before, booked, after]


def test_a_priority_appointment_has_both_credits() -> None:
    """An elder on time: an hour."""
    assert credit_min(YANGXIN, group=ELDER, slot="9:00") == 60


def test_the_order_is_known_at_issue_and_time_does_not_change_it() -> None:
    """Medical business counts 4 minutes earlier: taken less than that after an insurance ticket it is called first."""
    day = Day(*MORNING)
    first, passed_by_nobody, short = day.take("9:00"), day.take("9:02"), day.take("9:05", MEDICAL)
    assert day.line(S01) == [first, short, passed_by_nobody]
    day.watch("11:00")
    assert day.line(S01) == [first, short, passed_by_nobody]


def test_a_transfer_keeps_the_due_time_and_takes_the_credit_of_the_new_service() -> None:
    """Appointment and group stay with the citizen: 9:00 less 15 less 45, and 5 more for long company business."""
    day = Day(*MORNING, opened(T01))
    number = day.take("8:50", MEDICAL, ELDER, slot="9:00")
    assert day.ticket(number).credited_at == at("7:56")
    day.call_next(S01, "9:01")
    day.do(c.Transfer(at=at("9:05"), window=S01, to_service=COMPANY))
    ticket = day.ticket(number)
    assert (ticket.due_at, ticket.on_time, ticket.credited_at) == (at("9:00"), True, at("8:05"))


def test_a_transfer_to_a_window_recomputes_too() -> None:
    """The service stays, and with it the credit."""
    day = Day(*MORNING)
    number = day.take("9:00", MEDICAL)
    day.call_next(S01, "9:01")
    day.do(c.Transfer(at=at("9:05"), window=S01, to_window=S02))
    assert day.ticket(number).credited_at == at("8:56")


def test_mean_lengths_are_frozen_at_the_opening_of_the_day() -> None:
    """The credit is by the means of the morning, whatever the hall file or the day's services say at noon."""
    day = Day(replace(day_opened(), means={INSURANCE: 240.0}), opened(S01))
    assert day.ticket(day.take("9:00")).credited_at == at("8:54")
    for n in range(10):
        day.take(f"9:1{n}")
        day.call_next(S01, f"9:2{n}")
    day.do(c.Finish(at=at("11:00"), window=S01))
    edited = Day(*day.log, plan=hall_with(20))
    assert edited.ticket(edited.take("11:30")).credited_at == at("11:24")


def test_a_day_begins_with_what_was_learnt() -> None:
    """The hall file says ten minutes, long experience says six: the opening carries six and a little more."""
    day = Day(replace(day_opened(), learnt={INSURANCE: Lengths(weight=2000, mean_s=360, spread=0.5)}))
    (*_, opening) = day.do(c.OpenDay(at=at("8:00") + 86400, business_day="2026-11-24"))
    assert opening.means[INSURANCE] == pytest.approx(360, abs=5)  # type: ignore[attr-defined]
    assert opening.means[INSURANCE] > 360  # type: ignore[attr-defined]
    assert opening.means[MEDICAL] == 360  # type: ignore[attr-defined]


def test_a_service_of_no_known_length_has_no_credit() -> None:
    """Dropped from the hall file at noon, its tickets keep their due time when they are sent to another window."""
    day = Day(*MORNING)
    number = day.take("9:00", MEDICAL)
    day.call_next(S01, "9:01")
    services = {name: service for name, service in YANGXIN.services.items() if name != MEDICAL}
    shrunk = Day(*day.log, plan=replace(YANGXIN, services=services))
    shrunk.do(c.Transfer(at=at("9:05"), window=S01, to_window=S02))
    assert shrunk.ticket(number).credited_at == at("9:00")


# --- Missed, held -----------------------------------------------------------------------------------------------------


def test_a_missed_priority_ticket_waits_behind_three() -> None:
    """Its credit is spent with the call: it re-enters after three calls of its service like anybody else."""
    day = Day(*MORNING)
    late = day.take("9:00", group=ELDER)
    day.call_next(S01, "9:01")
    day.do(c.MarkNoShow(at=at("9:02"), window=S01))
    others = [day.take(f"9:0{n}") for n in range(3, 8)]
    day.do(c.Reinstate(at=at("9:10"), window=S01, ticket=late))
    assert day.line(S01) == [*others[:3], late, *others[3:]]


@pytest.mark.parametrize("service", [MEDICAL, INSURANCE])
def test_a_missed_ticket_at_the_end_is_not_passed_by_those_who_come_later(service: str) -> None:
    """With fewer than three waiting it counts as one taken now: a newcomer of short business does not pass it."""
    day = Day(*MORNING)
    late = day.take("9:00", service)
    day.call_next(S01, "9:01")
    day.do(c.MarkNoShow(at=at("9:02"), window=S01))
    waiting = day.take("9:03", service)
    day.do(c.Reinstate(at=at("9:20"), window=S01, ticket=late))
    newcomer = day.take("9:21", service)
    assert day.line(S01) == [waiting, late, newcomer]


def test_a_missed_ticket_of_long_business_does_not_pass_those_who_wait() -> None:
    """Those of its service who came before it was reinstated stay before it, though they count later than they came."""
    day = Day(*MORNING, opened(T01))
    late = day.take("9:00", COMPANY)
    day.call_next(T01, "9:01")
    day.do(c.MarkNoShow(at=at("9:02"), window=T01))
    others = [day.take("9:18", COMPANY), day.take("9:19", COMPANY)]
    day.do(c.Reinstate(at=at("9:20"), window=T01, ticket=late))
    assert day.line(T01) == [*others, late]


def test_a_resumed_ticket_goes_straight_to_its_window() -> None:
    """Past an elder and an appointment: it had been called already."""
    day = Day(*MORNING)
    number = day.take("9:00")
    day.call_next(S01, "9:01")
    day.do(c.Hold(at=at("9:02"), window=S01))
    day.take("9:03", group=ELDER)
    day.take("9:03", slot="9:00")
    day.do(c.Resume(at=at("9:10"), window=S01, ticket=number))
    assert day.state.window(S01).ticket == day.ticket(number).id


def test_a_tax_ticket_neither_gains_nor_loses() -> None:
    """Ten minutes: it counts as when it was taken."""
    day = Day(*MORNING)
    assert day.ticket(day.take("9:00", TAX)).credited_at == at("9:00")
