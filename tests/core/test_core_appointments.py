"""Appointments: slots and their places, booking, change, cancelling, check-in, who does not come (A2.4)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from server.core import commands as c
from server.core import events as e
from server.core.affairs import Appointment, AppointmentState
from server.core.appointments import (
    GRACE_S,
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentMissed,
    AppointmentMoved,
    BookAppointment,
    CancelAppointment,
    MoveAppointment,
    is_barred,
)
from server.core.evolve import fold
from server.core.model import BookingRules, HallState, Limits, Plan, SlotGrid, TicketState, Timetable
from server.core.refusals import Reason
from server.core.slots import slots_on
from server.log.records import decode, encode
from tests.cast import (
    COMPANY,
    ELDER,
    INSURANCE,
    OFFICE_HOURS,
    TODAY,
    YANGXIN,
    Day,
    Given,
    Outcome,
    at,
    day_opened,
    given,
    opened,
)

TOMORROW, FRIDAY, SATURDAY = (TODAY + timedelta(days=n) for n in (1, 4, 5))
#: Two people every half hour in the morning, one in the afternoon, from Monday to Friday.
MORNING = SlotGrid(frozenset(range(5)), 540, 720, 30, 2)
AFTERNOON = SlotGrid(frozenset(range(5)), 840, 960, 60, 1)
HALL = replace(
    YANGXIN,
    services={**YANGXIN.services, INSURANCE: replace(YANGXIN.services[INSURANCE], slots=(MORNING, AFTERNOON))},
    limits=Limits(open_per_service=0, per_day=0),
)
LAN, MEI, JUN = "p-lan", "p-mei", "p-jun"


def book(
    name: str = "one",
    slot: str = "10:00",
    day: date = TODAY,
    now: str = "8:00",
    holder: str | None = LAN,
    code: str | None = None,
    channel: str = "phone",
    service: str = INSURANCE,
) -> BookAppointment:
    """Somebody wants a slot; by phone unless told."""
    return BookAppointment(
        at=at(now),
        appointment=name,
        service=service,
        slot_at=at(slot, day),
        code=code or f"{int.from_bytes(name.encode()) % 10**6:06d}",
        holder=holder,
        channel=channel,
    )


def booked(
    name: str = "one", slot: str = "10:00", day: date = TODAY, holder: str | None = LAN, code: str = "482913"
) -> AppointmentBooked:
    """It was booked at eight."""
    return AppointmentBooked(
        at=at("8:00"), appointment=name, service=INSURANCE, slot_at=at(slot, day), code=code, holder=holder
    )


def move(
    name: str = "one", slot: str = "11:00", day: date = TODAY, now: str = "8:00", staff: bool = False
) -> MoveAppointment:
    """Another time, please."""
    return MoveAppointment(at=at(now), appointment=name, slot_at=at(slot, day), by_staff=staff)


def come(now: str, name: str = "one", ticket: str = "id-a001", day: date = TODAY, service: str = INSURANCE) -> c.Issue:
    """Whoever has an appointment stands at the kiosk."""
    return c.Issue(at=at(now, day), ticket=ticket, service=service, appointment=name, holder=None)


def a_hall(*events: e.Event, plan: Plan = HALL) -> Given:
    """The hall with its slots in which these things have happened."""
    return given(day_opened("7:00"), *events, plan=plan)


def state_of(outcome: Outcome, name: str = "one") -> AppointmentState:
    return outcome.state.appointments[name].state


# --- Slots ------------------------------------------------------------------------------------------------------------


def clock_times(plan: Plan, day: date, now: str = "7:00", *events: e.Event, on: date = TODAY) -> list[str]:
    """The slots of a day as hh:mm with the places left, seen at a time of today or of another day."""
    state = fold([day_opened("7:00"), *events])
    midnight = at("0:00", day)
    told = []
    for slot in slots_on(plan, state, INSURANCE, day, at(now, on)):
        minutes = round(slot.at - midnight) // 60
        told.append(f"{minutes // 60}:{minutes % 60:02d} {slot.left}/{slot.capacity}")
    return told


ALL_SLOTS = [
    *(f"{hour}:{minute:02d} 2/2" for hour in (9, 10, 11) for minute in (0, 30)),
    "14:00 1/1",
    "15:00 1/1",
]


def test_slots_of_a_day() -> None:
    """A grid per stretch of the day; slots that have begun are gone; booked places are taken off."""
    assert clock_times(HALL, TODAY) == ALL_SLOTS
    assert clock_times(HALL, TODAY, "14:00") == ["15:00 1/1"]
    assert clock_times(HALL, TODAY, "13:59") == ["14:00 1/1", "15:00 1/1"]
    assert clock_times(HALL, TODAY, "7:00", booked(), booked("two", "15:00"))[2] == "10:00 1/2"
    assert clock_times(HALL, TODAY, "7:00", booked(), booked("two", "15:00"))[-1] == "15:00 0/1"


def test_two_grids_of_one_time_add_up() -> None:
    """An expert who comes on Mondays adds a place to each slot."""
    more = replace(MORNING, days=frozenset({0}), capacity=1)
    service = replace(HALL.services[INSURANCE], slots=(MORNING, more))
    plan = replace(HALL, services={**HALL.services, INSURANCE: service})
    assert clock_times(plan, TODAY)[0] == "9:00 3/3"
    assert clock_times(plan, TOMORROW)[0] == "9:00 2/2"


@pytest.mark.parametrize(
    ("day", "table", "expected"),
    [
        (TOMORROW, OFFICE_HOURS, ALL_SLOTS),
        (SATURDAY, OFFICE_HOURS, []),
        (TODAY - timedelta(days=1), OFFICE_HOURS, []),
        (TODAY + timedelta(days=14), OFFICE_HOURS, ALL_SLOTS),
        (TODAY + timedelta(days=15), OFFICE_HOURS, []),
        (TOMORROW, replace(OFFICE_HOURS, closed=frozenset({TOMORROW})), []),
        (TOMORROW, replace(OFFICE_HOURS, dates={TOMORROW: ((840, 900),)}), ["14:00 1/1"]),
        # Extended hours by appointment make a slot out of a closed afternoon.
        (
            TOMORROW,
            Timetable(shifts=(((540, 600),),) * 7, appointment=Timetable(shifts=(((900, 960),),) * 7)),
            ["9:00 2/2", "9:30 2/2", "15:00 1/1"],
        ),
    ],
)
def test_a_day_that_is_shut_has_no_slots(day: date, table: Timetable, expected: list[str]) -> None:
    """Nor has yesterday, nor a day beyond the horizon; a shorter day has fewer."""
    assert clock_times(replace(HALL, timetables={"office": table}), day) == expected


# --- Booking ----------------------------------------------------------------------------------------------------------


def test_booking_keeps_a_place() -> None:
    """The appointment stands with its code and the person's handle."""
    outcome = a_hall().when(book(code="482913"))
    state = outcome.then(booked())
    assert state.appointments["one"] == Appointment(
        "one", INSURANCE, at("10:00"), "482913", booked_at=at("8:00"), holder=LAN
    )


def test_the_last_place_goes_once() -> None:
    """Two places: the third is refused, and books again once one was given back."""
    hall = a_hall(booked("one"), booked("two", holder=MEI, code="111111"))
    hall.when(book("three", holder=JUN)).refused(Reason.SLOT_FULL)
    given_back = a_hall(
        booked("one"),
        booked("two", holder=MEI, code="111111"),
        AppointmentCancelled(at=at("8:05"), appointment="two"),
    )
    assert state_of(given_back.when(book("three", holder=JUN)), "three") is AppointmentState.BOOKED


@pytest.mark.parametrize(
    ("slot", "day", "now"),
    [
        ("10:15", TODAY, "8:00"),
        ("12:00", TODAY, "8:00"),
        ("10:00", SATURDAY, "8:00"),
        ("10:00", TODAY, "10:00"),
        ("10:00", TODAY + timedelta(days=15), "8:00"),
    ],
)
def test_a_time_that_is_no_slot_is_refused(slot: str, day: date, now: str) -> None:
    """Between slots, after the last, on a shut day, begun already, beyond the horizon."""
    a_hall().when(book(slot=slot, day=day, now=now)).refused(Reason.SLOT_UNKNOWN)


def test_a_service_without_slots_has_none() -> None:
    """企业登记 takes no appointments; a service that is not there is told apart."""
    a_hall().when(book(service=COMPANY)).refused(Reason.SLOT_UNKNOWN)
    a_hall().when(book(service="nothing")).refused(Reason.SERVICE_UNKNOWN)


def test_a_group_that_the_hall_does_not_know_is_refused() -> None:
    """An appointment of a priority group keeps it for the ticket."""
    a_hall().when(replace(book(), group="nobility")).refused(Reason.GROUP_UNKNOWN)
    assert a_hall().when(replace(book(), group=ELDER)).state.appointments["one"].group == ELDER


def test_a_code_is_given_once_at_a_time() -> None:
    """Taken while its appointment is open; free again after."""
    a_hall(booked()).when(book("two", holder=MEI, code="482913")).refused(Reason.CODE_TAKEN)
    over = a_hall(booked(), AppointmentCancelled(at=at("8:01"), appointment="one"))
    assert over.when(book("two", holder=MEI, code="482913")).events


def test_the_same_booking_sent_again_is_one() -> None:
    """Whoever sends the id again means the same place; with another wish the id is taken."""
    hall = a_hall(booked())
    assert hall.when(book(code="999999")).events == []
    a_hall(booked()).when(book(slot="11:00")).refused(Reason.APPOINTMENT_EXISTS)
    a_hall(booked()).when(book(holder=MEI)).refused(Reason.APPOINTMENT_EXISTS)


def test_one_appointment_a_day_for_a_person() -> None:
    """Another on the same day is refused, another day and another person are not; staff may, and so may no limit."""
    hall = a_hall(booked())
    assert hall.when(book("two", "11:00")).refused(Reason.APPOINTMENT_LIMIT).fields == {"limit": 1}
    assert a_hall(booked()).when(book("two", "11:00", TOMORROW)).events
    assert a_hall(booked()).when(book("two", "11:00", holder=MEI)).events
    assert a_hall(booked()).when(book("two", "11:00", channel="staff")).events
    free = replace(HALL, booking=BookingRules(per_day=0))
    assert a_hall(booked(), plan=free).when(book("two", "11:00")).events
    two = replace(HALL, booking=BookingRules(per_day=2))
    assert a_hall(booked(), plan=two).when(book("two", "11:00")).events


def test_a_cancelled_or_missed_appointment_does_not_count_for_the_day() -> None:
    """Whoever gave it up may book another."""
    over = AppointmentCancelled(at=at("8:05"), appointment="one")
    assert a_hall(booked(), over).when(book("two", "11:00")).events


# --- Who did not come -------------------------------------------------------------------------------------------------


def absent(*days_ago: int) -> list[e.Event]:
    """Lan did not come on these days."""
    events: list[e.Event] = []
    for n in days_ago:
        day = TODAY - timedelta(days=n)
        events += [
            replace(booked(f"missed-{n}", day=day), at=at("7:00")),
            AppointmentMissed(at=at("7:00"), appointment=f"missed-{n}"),
        ]
    return events


@pytest.mark.parametrize(
    ("days_ago", "barred"),
    [((1, 2), False), ((1, 2, 3), True), ((1, 2, 91), False), ((1, 2, 89), True), ((89, 90, 91, 92), False)],
)
def test_who_stays_away_three_times_cannot_book_by_himself(days_ago: tuple[int, ...], barred: bool) -> None:
    """Within ninety days; staff may still book for him, and others are free."""
    hall = a_hall(*absent(*days_ago))
    assert is_barred(HALL, hall.state, LAN, at("8:00")) is barred
    outcome = hall.when(book())
    if barred:
        assert outcome.refused(Reason.APPOINTMENT_BARRED).fields == {"limit": 3}
    else:
        assert outcome.events
    assert a_hall(*absent(*days_ago)).when(book(channel="staff")).events
    assert a_hall(*absent(*days_ago)).when(book(holder=MEI)).events


def test_a_limit_of_nought_bars_nobody() -> None:
    """`absence_limit: 0`."""
    plan = replace(HALL, booking=BookingRules(absence_limit=0))
    assert a_hall(*absent(1, 2, 3, 4, 5), plan=plan).when(book()).events


LATE_S = HALL.rules.appointment_late_s


def test_an_appointment_lapses_when_nobody_expects_him_any_more() -> None:
    """Ten minutes late and five of grace: at 10:15 the absence is noted, once, at the time of the slot."""
    assert (LATE_S, GRACE_S) == (600, 300)
    hall = a_hall(booked())
    assert hall.when(c.Watch(at=at("10:14:59"))).events == []
    state = hall.when(c.Watch(at=at("10:15"))).then(AppointmentMissed(at=at("10:15"), appointment="one"))
    assert (state.appointments["one"].state, state.absences) == (AppointmentState.MISSED, {LAN: (at("10:00"),)})
    assert hall.when(c.Watch(at=at("10:16"))).events == []


def test_the_place_of_who_did_not_come_is_free_again() -> None:
    """It no longer counts against the slot or the person's day."""
    missed = [booked(), AppointmentMissed(at=at("10:15"), appointment="one")]
    assert clock_times(HALL, TODAY, "7:00", *missed)[2] == "10:00 2/2"
    assert a_hall(*missed).when(book("two", "15:00", now="10:20")).events


def test_who_has_checked_in_or_cancelled_is_not_missed() -> None:
    """The hall's look at the clock leaves them alone."""
    day = Day(day_opened("7:00"), booked(), booked("two", holder=MEI, code="111111"), plan=HALL)
    day.do(come("9:55"))
    day.do(CancelAppointment(at=at("7:30"), appointment="two"))
    assert not [event for event in day.watch("11:00") if isinstance(event, AppointmentMissed)]
    assert day.state.absences == {}


def test_nobody_is_blamed_for_a_day_on_which_the_hall_was_down() -> None:
    """The server comes back on Tuesday: Monday's appointment lapses, but who knows whether he came?"""
    day = Day(day_opened("7:00"), booked(), plan=HALL)
    day.do(c.OpenDay(at=at("7:00", TOMORROW), business_day=TOMORROW.isoformat()))
    lapse = day.do(c.Watch(at=at("7:00", TOMORROW)))
    assert lapse == [AppointmentMissed(at=at("7:00", TOMORROW), appointment="one", counts=False)]
    assert day.state.absences == {}


# --- Change and cancel ------------------------------------------------------------------------------------------------


def test_moving_takes_the_new_place_and_gives_the_old_one_back() -> None:
    """Code and person stay."""
    hall = a_hall(booked())
    state = hall.when(move()).then(AppointmentMoved(at=at("8:00"), appointment="one", slot_at=at("11:00")))
    kept = state.appointments["one"]
    assert (kept.slot_at, kept.code, kept.holder, kept.moves) == (at("11:00"), "482913", LAN, 1)
    assert [s.left for s in slots_on(HALL, state, INSURANCE, TODAY, at("8:00"))] == [2, 2, 2, 2, 1, 2, 1, 1]


def test_moving_to_where_it_is_changes_nothing() -> None:
    """The tap was not needed; even when it is too late for a change."""
    assert a_hall(booked()).when(move(slot="10:00", now="9:30")).events == []


def test_moving_obeys_the_rules_of_booking() -> None:
    """A full slot, a time that is none, a day on which the person has one already."""
    full = [booked(), booked("a", "15:00", holder=MEI, code="111111")]
    a_hall(*full).when(move(slot="15:00")).refused(Reason.SLOT_FULL)
    a_hall(booked()).when(move(slot="10:10")).refused(Reason.SLOT_UNKNOWN)
    other_day = [booked(), booked("tomorrow", day=TOMORROW, code="222222")]
    a_hall(*other_day).when(move(day=TOMORROW)).refused(Reason.APPOINTMENT_LIMIT)
    assert a_hall(*other_day).when(move(day=TOMORROW, staff=True)).events
    assert a_hall(*other_day).when(move(slot="11:00")).events
    moved_plan = replace(HALL, services={COMPANY: HALL.services[COMPANY]})
    a_hall(booked(), plan=moved_plan).when(move()).refused(Reason.SERVICE_UNKNOWN)


@pytest.mark.parametrize(("now", "in_time"), [("8:00", True), ("8:00:01", False), ("9:59", False)])
def test_changes_end_two_hours_before(now: str, in_time: bool) -> None:
    """The citizen's; staff may until he comes or does not."""
    for command in (move(now=now), CancelAppointment(at=at(now), appointment="one")):
        outcome = a_hall(booked()).when(command)
        if in_time:
            assert outcome.events
        else:
            assert outcome.refused(Reason.APPOINTMENT_LATE).fields == {"minutes": 120}
        assert a_hall(booked()).when(replace(command, by_staff=True)).events


def test_cancelling() -> None:
    """Its place is free; twice is once; nobody is blamed."""
    hall = a_hall(booked())
    state = hall.when(CancelAppointment(at=at("7:30"), appointment="one")).then(
        AppointmentCancelled(at=at("7:30"), appointment="one")
    )
    assert state.absences == {}
    assert hall.when(CancelAppointment(at=at("9:30"), appointment="one")).events == []


OVER: dict[str, list[e.Event]] = {
    "missed": [booked(), AppointmentMissed(at=at("10:15"), appointment="one")],
    "cancelled": [booked(), AppointmentCancelled(at=at("7:30"), appointment="one")],
}


@pytest.mark.parametrize("state", OVER)
def test_what_is_over_cannot_be_changed(state: str) -> None:
    """Moved or checked in; told is what it is."""
    for command in (move(staff=True), come("10:00")):
        assert a_hall(*OVER[state]).when(command).refused(Reason.APPOINTMENT_OVER).fields == {"state": state}
    if state == "missed":
        cancel = CancelAppointment(at=at("11:00"), appointment="one", by_staff=True)
        a_hall(*OVER[state]).when(cancel).refused(Reason.APPOINTMENT_OVER)


@pytest.mark.parametrize(
    "command", [move("none"), CancelAppointment(at=at("8:00"), appointment="none"), come("10:00", "none")]
)
def test_an_appointment_that_nobody_has(command: c.Command) -> None:
    """Is told as unknown."""
    a_hall().when(command).refused(Reason.APPOINTMENT_UNKNOWN)


# --- Check-in ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "on_time", "due"),
    [("9:30", True, "10:00"), ("10:00", True, "10:00"), ("10:10", True, "10:10"), ("10:10:01", False, "10:10:01")],
)
def test_check_in(now: str, on_time: bool, due: str) -> None:
    """From half an hour before; until ten minutes late it is kept and counts from the slot, later it is a walk-in."""
    outcome = a_hall(booked()).when(come(now))
    ticket = outcome.ticket()
    assert (ticket.on_time, ticket.due_at, ticket.appointment) == (on_time, at(due), "one")
    credit = HALL.rules.appointment_credit_s if on_time else 0
    assert ticket.credited_at == at(due) - credit
    kept = outcome.state.appointments["one"]
    assert (kept.state, kept.ticket) == (AppointmentState.ARRIVED, ticket.id)


def test_too_early_is_told_the_time() -> None:
    """The clock time today, the date on another day."""
    assert a_hall(booked()).when(come("9:29:59")).refused(Reason.APPOINTMENT_EARLY).fields == {"from_time": "09:30"}
    wrong_day = a_hall(booked(day=TOMORROW)).when(come("10:00"))
    assert wrong_day.refused(Reason.APPOINTMENT_EARLY).fields == {"from_time": "2026-11-24 09:30"}


def test_too_late_is_missed_even_before_the_hall_has_noted_it() -> None:
    """Fourteen minutes are a walk-in with the appointment, fifteen are none, whether the watch has come round or not."""
    assert a_hall(booked()).when(come("10:14:59")).events
    outcome = a_hall(booked()).when(come("10:15"))
    assert outcome.refused(Reason.APPOINTMENT_OVER).fields == {"state": "missed"}


def test_checking_in_twice_gives_one_ticket() -> None:
    """The same tap again is harmless; another ticket for the same appointment is refused."""
    hall = a_hall(booked())
    hall.when(come("9:55"))
    assert hall.when(come("9:56")).events == []
    outcome = hall.when(come("9:56", ticket="id-second"))
    assert outcome.refused(Reason.APPOINTMENT_OVER).fields == {"state": "arrived"}


def test_an_appointment_is_for_its_service() -> None:
    """With another one it is as if there were none."""
    a_hall(booked()).when(come("9:55", service=COMPANY)).refused(Reason.APPOINTMENT_UNKNOWN)


def test_extended_hours_give_tickets_only_to_appointments() -> None:
    """At half past five the doors are shut to walk-ins; who has booked 17:30 is let in from 17:00 and at 17:35."""
    evening = SlotGrid(frozenset(range(5)), 1050, 1110, 30, 1)
    table = replace(OFFICE_HOURS, appointment=Timetable(shifts=(((1050, 1110),),) * 5 + ((), ())))
    service = replace(HALL.services[INSURANCE], slots=(evening,))
    plan = replace(HALL, timetables={"office": table}, services={**HALL.services, INSURANCE: service})
    hall = a_hall(booked(slot="17:30"), plan=plan)
    hall.when(c.Issue(at=at("17:35"), ticket="walk-in", service=INSURANCE)).refused(Reason.SERVICE_CLOSED)
    assert hall.when(come("17:35")).ticket().on_time


def test_a_kept_appointment_comes_before_who_came_a_little_earlier() -> None:
    """It enters the one order: 10:00 counts as 9:45, before a walk-in of 9:50 and after one of 9:40."""
    day = Day(day_opened("7:00"), opened("S01"), booked(), plan=HALL)
    day.take("9:40")
    day.take("9:50")
    day.do(come("9:55", ticket="booked"))
    assert day.line("S01") == ["A001", "A003", "A002"]


def test_a_walk_in_of_an_appointment_goes_on_like_any_ticket() -> None:
    """Cancelling the ticket does not bring the appointment back."""
    day = Day(day_opened("7:00"), booked(), plan=HALL)
    day.do(come("9:55"))
    day.do(c.Cancel(at=at("9:56"), ticket="id-a001"))
    assert day.ticket("A001").state is TicketState.CANCELLED
    assert day.state.appointments["one"].state is AppointmentState.ARRIVED


# --- Over night -------------------------------------------------------------------------------------------------------


def test_open_appointments_and_absences_are_carried_over() -> None:
    """The next morning knows those of later days, with code and person; those that are over are gone; the log read
    from that morning alone gives the same hall."""
    day = Day(day_opened("7:00"), plan=HALL)
    day.do(book("today", "10:00", holder=MEI, code="111111"))
    day.do(book("friday", "11:00", FRIDAY, code="333333"))
    day.do(book("gone", "11:30", TOMORROW, holder=JUN, code="444444"))
    day.do(CancelAppointment(at=at("8:30"), appointment="gone"))
    day.watch("10:15")
    day.do(c.OpenDay(at=at("0:01", TOMORROW), business_day=TOMORROW.isoformat()))
    assert list(day.state.appointments) == ["friday"]
    assert day.state.absences == {MEI: (at("10:00"),)}
    opening = max(n for n, event in enumerate(day.log) if type(event).__name__ == "DayOpened")
    from_the_log = [decode(*encode(event), event.at) for event in day.log[opening:]]
    assert fold(from_the_log, HallState()).appointments == day.state.appointments
    assert fold(from_the_log, HallState()) == fold(day.log)


def test_the_demo_books_today_as_on_the_day_it_plays() -> None:
    """On a Saturday today's slots are those of Monday, which it plays; seen from a working day Saturday has its own: none."""
    demo = replace(HALL, plays_workday=True)
    assert clock_times(HALL, SATURDAY, "7:00", on=SATURDAY) == []
    assert clock_times(demo, SATURDAY, "7:00", on=SATURDAY) == ALL_SLOTS
    assert clock_times(demo, SATURDAY) == clock_times(HALL, SATURDAY) == []
    assert clock_times(demo, TOMORROW) == ALL_SLOTS
