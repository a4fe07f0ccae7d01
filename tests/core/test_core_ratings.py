"""Ratings and the work orders of bad ones: who may rate what and when, deadlines, call-back, mending, exclusion (A1)."""

from dataclasses import replace
from datetime import date

import pytest

from config.calendars import HallDays
from config.sections import Calendar
from server.core import commands as c
from server.core import events as e
from server.core import orders as o
from server.core import ratings as r
from server.core.affairs import OrderState, WorkOrder
from server.core.calendar import add_working_days
from server.core.evolve import evolve
from server.core.model import DAY_END, Redress, TicketState
from server.core.refusals import Reason
from server.plan import HallCalendar
from tests.cast import (
    E01,
    LI,
    MORNING,
    S01,
    S02,
    STORY_OF,
    TODAY,
    WANG,
    YANGXIN,
    Given,
    a_ticket,
    at,
    called,
    day_opened,
    finished,
    given,
    id_of,
    opened,
    started,
)

FORM = {5: ("polite", "quick"), 4: ("polite",), 3: ("polite",), 2: ("rude", "slow"), 1: ("rude", "slow")}
HALL = replace(YANGXIN, redress=Redress(form="2026-1", points=FORM, rate_within_s=3600))
SERVED = (*MORNING, *STORY_OF[TicketState.DONE])
A001 = id_of("A001")
CHEN, SUN = "chen", "sun"


def rated(level: int = 1, clock: str = "9:21", **more: object) -> e.TicketRated:
    """A001 was rated."""
    about = {"number": "A001", "day": TODAY.isoformat()}
    return e.TicketRated(at=at(clock), ticket=A001, level=level, form="2026-1", **about, **more)  # type: ignore[arg-type]


def order_opened(clock: str = "9:21", **more: object) -> o.OrderOpened:
    """The order of that rating, with the deadlines of the usual week."""
    fields: dict[str, object] = {
        "at": at(clock), "order": A001, "ticket": A001, "number": "A001", "business_day": TODAY.isoformat(),
        "service": "soc-ins", "window": S01, "clerk": LI, "level": 1,
        "contact_by": at(clock, date(2026, 11, 24)), "mend_by": at(clock, date(2026, 11, 30)),
    }  # fmt: skip
    return o.OrderOpened(**fields | more)  # type: ignore[arg-type]


def called_back(clock: str = "10:00", by: str = CHEN, *, reached: bool = True) -> o.CallbackRecorded:
    """Somebody called the citizen."""
    return o.CallbackRecorded(at=at(clock), order=A001, by=by, reached=reached)


def mended(clock: str = "10:30", by: str = CHEN) -> o.OrderMended:
    """It was put right."""
    return o.OrderMended(at=at(clock), order=A001, by=by)


def proposed(clock: str = "10:10", by: str = CHEN) -> o.ExclusionProposed:
    """Somebody holds the rating to be false."""
    return o.ExclusionProposed(at=at(clock), order=A001, by=by, note="n-1")


BAD = (*SERVED, rated(), order_opened())


def rate(hall: Given, level: int, clock: str = "9:21", **more: object) -> object:
    """A001 is rated."""
    return hall.when(c.Rate(at=at(clock), ticket="A001", level=level, **more))  # type: ignore[arg-type]


# --- One rating ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", [5, 4, 3])
def test_a_good_rating_is_only_noted(level: int) -> None:
    """The three upper levels open no work order; version and points of the form are kept with the rating (A1.4)."""
    hall = given(*SERVED, plan=HALL)
    hall.when(c.Rate(at=at("9:21"), ticket="A001", level=level, points=("polite", "polite"), channel="kiosk")).then(
        rated(level, points=("polite",), channel="kiosk")
    )
    assert hall.state.orders == {}
    ticket = hall.state.tickets[A001]
    assert (ticket.rating, ticket.rated_by, ticket.points) == (level, "kiosk", ("polite",))


@pytest.mark.parametrize("level", [2, 1])
def test_a_bad_rating_opens_a_work_order_in_the_same_breath(level: int) -> None:
    """The two lower levels are 差评: one decision gives the rating and its order, with both deadlines."""
    hall = given(*SERVED, plan=HALL)
    hall.when(c.Rate(at=at("9:21"), ticket="A001", level=level, points=("slow",), note="n-7", has_contact=True)).then(
        rated(level, points=("slow",), note="n-7"),
        order_opened(level=level, points=("slow",), note="n-7", has_contact=True),
    )
    assert hall.state.orders[A001].state is OrderState.OPEN


@pytest.mark.parametrize("points", [("made-up",), ("polite", "rude"), ("",)])
def test_points_of_another_level_are_refused(points: tuple[str, ...]) -> None:
    """Only what the form has for this level can be ticked; "polite" is none of level 1."""
    refusal = given(*SERVED, plan=HALL).when(c.Rate(at=at("9:21"), ticket="A001", level=1, points=points))
    refusal.refused(Reason.POINT_UNKNOWN)


def test_a_rating_comes_in_time_or_not_at_all() -> None:
    """To the last second of the hall's span; a second later it is over."""
    end = at("9:20") + 3600
    given(*SERVED, plan=HALL).when(c.Rate(at=end + 1, ticket="A001", level=5)).refused(Reason.RATING_OVER)
    assert given(*SERVED, plan=HALL).when(c.Rate(at=end, ticket="A001", level=5)).ticket().rating == 5


def test_what_the_day_cut_off_is_not_rated() -> None:
    """The end of the day closed the ticket in the middle of the service."""
    cut = finished("A001", outcome=DAY_END)
    hall = given(*MORNING, *STORY_OF[TicketState.SERVING], cut, plan=HALL)
    hall.when(c.Rate(at=at("9:21"), ticket="A001", level=5)).refused(Reason.RATING_OVER)


@pytest.mark.parametrize("state", [s for s in TicketState if s is not TicketState.DONE])
def test_only_who_was_served_rates(state: TicketState) -> None:
    """Waiting, called, being served, on hold, missed, given up: no rating."""
    hall = given(*MORNING, *STORY_OF[state], plan=HALL)
    hall.when(c.Rate(at=at("9:21"), ticket="A001", level=5)).refused(Reason.WRONG_STATE)


def test_two_channels_are_still_one_rating() -> None:
    """Evaluator and phone in the same second: the first stands, the other is told so (A1.2)."""
    hall = given(*SERVED, plan=HALL)
    hall.when(r.RateAtWindow(at=at("9:20:10"), window=S01, level=4))
    hall.when(c.Rate(at=at("9:20:10"), ticket="A001", level=1)).refused(Reason.ALREADY_RATED)
    assert hall.state.tickets[A001].rating == 4
    assert hall.state.orders == {}


def test_the_order_names_who_served() -> None:
    """Wang sits there now; it was Li who served, and the order is about Li."""
    hall = given(*SERVED, opened(S01, WANG, "9:20:30"), plan=HALL)
    hall.when(c.Rate(at=at("9:21"), ticket="A001", level=1)).then(rated(), order_opened(clerk=LI))


# --- The evaluator ------------------------------------------------------------------------------------------------------


def asked(hall: Given, clock: str, window: str = S01) -> str | None:
    """The number a window's evaluator asks about."""
    ticket = r.asked_ticket(hall.state, window, at(clock))
    return ticket.number if ticket else None


def test_the_evaluator_asks_for_a_minute() -> None:
    """From the finish on for 60 seconds, at that window only."""
    hall = given(*SERVED, plan=HALL)
    assert [asked(hall, clock) for clock in ("9:20:00", "9:20:59", "9:21:00")] == ["A001", "A001", None]
    assert asked(hall, "9:20:01", S02) is None


def test_nobody_rates_for_the_one_before() -> None:
    """Called is not yet there; once the next citizen is being served the evaluator asks about nobody."""
    hall = given(*SERVED, a_ticket("A002"), called("A002", clock="9:20:05"), plan=HALL)
    assert asked(hall, "9:20:10") == "A001"
    evolve(hall.state, started("A002", clock="9:20:20"))
    assert asked(hall, "9:20:30") is None
    hall.when(r.RateAtWindow(at=at("9:20:30"), window=S01, level=1)).refused(Reason.RATING_OVER)


def test_a_press_counts_for_the_number_that_was_shown() -> None:
    """The page showed A001; meanwhile A002 was finished: the press is refused, not booked on A002."""
    later = (a_ticket("A002"), called("A002", clock="9:20:05"), finished("A002", clock="9:20:30"))
    hall = given(*SERVED, *later, plan=HALL)
    press = r.RateAtWindow(at=at("9:20:31"), window=S01, level=1, number="A001")
    hall.when(press).refused(Reason.RATING_OVER)
    hall.when(replace(press, number="A002", level=5)).then(
        e.TicketRated(
            at=press.at,
            ticket=id_of("A002"),
            level=5,
            channel="evaluator",
            form="2026-1",
            number="A002",
            day=TODAY.isoformat(),
        )
    )
    hall.when(replace(press, number="A002")).refused(Reason.ALREADY_RATED)


def test_an_evaluator_without_anybody_refuses() -> None:
    """No ticket was finished there, the minute is over, no such window."""
    hall = given(*SERVED, plan=HALL)
    hall.when(r.RateAtWindow(at=at("9:20:30"), window=S02, level=5)).refused(Reason.WINDOW_IDLE)
    hall.when(r.RateAtWindow(at=at("9:21"), window=S01, level=5)).refused(Reason.RATING_OVER)
    hall.when(r.RateAtWindow(at=at("9:21"), window="S99", level=5)).refused(Reason.WINDOW_UNKNOWN)
    assert hall.state.tickets[A001].rating is None, "a time-out is no rating (A1.3)"


def test_the_clerk_may_have_it_ask_again() -> None:
    """For ten minutes after the service, each time for a minute; the ticket stays the same."""
    hall = given(*SERVED, plan=HALL)
    ask = r.AskRating(at=at("9:25"), window=S01)
    hall.when(ask).then(r.RatingAsked(at=at("9:25"), window=S01, ticket=A001))
    assert [asked(hall, clock) for clock in ("9:25:59", "9:26:00")] == ["A001", None]
    hall.when(replace(ask, at=at("9:30"))).then(r.RatingAsked(at=at("9:30"), window=S01, ticket=A001))
    hall.when(replace(ask, at=at("9:30:01"))).refused(Reason.RATING_OVER)
    hall.when(replace(ask, window=S02)).refused(Reason.WINDOW_IDLE)
    hall.when(replace(ask, window="S99")).refused(Reason.WINDOW_UNKNOWN)


def test_it_does_not_ask_past_somebody_who_is_being_served() -> None:
    """The next citizen sits there and would answer for the one before."""
    hall = given(*SERVED, a_ticket("A002"), called("A002", clock="9:20:05"), started("A002", clock="9:21"), plan=HALL)
    hall.when(r.AskRating(at=at("9:22"), window=S01)).refused(Reason.WINDOW_BUSY)


def test_asking_tells_the_clerk_nothing() -> None:
    """Rated already: nothing happens and nothing is refused, so a clerk cannot try out who has rated (A1.9)."""
    hall = given(*SERVED, rated(5), plan=HALL)
    hall.when(r.AskRating(at=at("9:22"), window=S01)).then()
    assert asked(hall, "9:22:01") is None


# --- Deadlines ----------------------------------------------------------------------------------------------------------


def test_deadlines_jump_the_national_holiday() -> None:
    """Rated on Wednesday 30 September 2026 at 16:00, before seven days of holiday and a Saturday that is worked: one
    working day is Thursday 8 October, five are Tuesday the 13th (8, 9, 10 调休, 12, 13), counted by hand (A1.6)."""
    plan = replace(HALL, calendar=HallCalendar(HallDays(Calendar())))
    day = date(2026, 9, 30)
    begun = at("16:00", day)
    events = [
        day_opened("8:00", day),
        replace(opened(S01, LI), at=begun - 900),
        replace(a_ticket("A001"), at=begun - 800),
        replace(called("A001"), at=begun - 700),
        replace(finished("A001"), at=begun - 60),
    ]
    outcome = given(*events, plan=plan).when(c.Rate(at=begun, ticket="A001", level=1))
    assert outcome.events is not None
    order = outcome.events[1]
    assert isinstance(order, o.OrderOpened)
    assert order.contact_by == at("16:00", date(2026, 10, 8))
    assert order.mend_by == at("16:00", date(2026, 10, 13))


def test_deadlines_are_the_halls_own() -> None:
    """What the hall file says is what counts."""
    plan = replace(HALL, redress=replace(HALL.redress, contact_days=0, mend_days=15))
    given(*SERVED, plan=plan).when(c.Rate(at=at("9:21"), ticket="A001", level=1)).then(
        rated(), order_opened(contact_by=at("9:21"), mend_by=add_working_days(plan, at("9:21"), 15))
    )


# --- The work order -----------------------------------------------------------------------------------------------------


def orders(hall: Given) -> WorkOrder:
    return hall.state.orders[A001]


def test_from_call_back_to_closed() -> None:
    """Called in vain, called again, mended, closed by another person; every step with who and when."""
    hall = given(*BAD, plan=HALL)
    hall.when(o.RecordCallback(at=at("9:40"), order=A001, by=CHEN, reached=False)).then(
        called_back("9:40", reached=False)
    )
    assert orders(hall).state is OrderState.CONTACTED
    hall.when(o.RecordCallback(at=at("10:00"), order=A001, by=CHEN, reached=True, note="n-2"))
    hall.when(o.MendOrder(at=at("10:30"), order=A001, by=CHEN, note="n-3"))
    hall.when(o.CloseOrder(at=at("11:00"), order=A001, by=SUN)).then(o.OrderClosed(at=at("11:00"), order=A001, by=SUN))
    order = orders(hall)
    assert [(call.reached, call.note) for call in order.callbacks] == [(False, None), (True, "n-2")]
    assert (order.state, order.mended_by, order.mend_note, order.closed_by, order.closed_at) == (
        OrderState.CLOSED, CHEN, "n-3", SUN, at("11:00"),
    )  # fmt: skip


def test_no_order_is_closed_without_a_call_back() -> None:
    """Mended is not enough; calling after mending is."""
    hall = given(*BAD, mended(), plan=HALL)
    close = o.CloseOrder(at=at("11:00"), order=A001, by=SUN)
    hall.when(close).refused(Reason.CALLBACK_WANTED)
    hall.when(o.RecordCallback(at=at("10:45"), order=A001, by=CHEN, reached=False))
    assert orders(hall).state is OrderState.MENDED
    assert hall.when(close).refusal is None


def test_no_order_is_closed_before_it_is_mended() -> None:
    """Having talked about it is not enough either."""
    hall = given(*BAD, called_back(), plan=HALL)
    hall.when(o.CloseOrder(at=at("11:00"), order=A001, by=SUN)).refused(Reason.ORDER_STATE)
    hall.when(o.MendOrder(at=at("11:00"), order=A001, by=CHEN))
    hall.when(o.MendOrder(at=at("11:01"), order=A001, by=SUN)).refused(Reason.ORDER_STATE)


def test_nobody_reviews_the_own_mending() -> None:
    """Who mended does not close."""
    hall = given(*BAD, called_back(), mended(by=CHEN), plan=HALL)
    refusal = hall.when(o.CloseOrder(at=at("11:00"), order=A001, by=CHEN)).refused(Reason.SECOND_PERSON_WANTED)
    assert refusal.fields == {"user": CHEN}


ABOUT = [
    o.RecordCallback(at=at("11:00"), order=A001, by=LI, reached=True),
    o.MendOrder(at=at("11:00"), order=A001, by=LI),
    o.CloseOrder(at=at("11:00"), order=A001, by=LI),
    o.ProposeExclusion(at=at("11:00"), order=A001, by=LI),
    o.JudgeExclusion(at=at("11:00"), order=A001, by=LI, accept=True),
]


@pytest.mark.parametrize("command", ABOUT, ids=lambda command: type(command).__name__)
def test_nobody_handles_the_rating_of_the_own_work(command: c.Command) -> None:
    """A supervisor who sat at the window has no step with the order about it (P6)."""
    past = (called_back(), proposed()) if isinstance(command, o.JudgeExclusion) else (called_back(), mended())
    given(*BAD, *past, plan=HALL).when(command).refused(Reason.SECOND_PERSON_WANTED)


@pytest.mark.parametrize("command", ABOUT, ids=lambda command: type(command).__name__)
def test_a_closed_order_stays_as_it_is(command: o.AboutOrder) -> None:
    """Every step is refused, and so it is for an order that nobody has."""
    over = (called_back(), mended(), o.OrderClosed(at=at("10:50"), order=A001, by=SUN))
    command = replace(command, by="root")
    given(*BAD, *over, plan=HALL).when(command).refused(Reason.ORDER_STATE)
    given(*SERVED, plan=HALL).when(command).refused(Reason.ORDER_UNKNOWN)


# --- Exclusion ----------------------------------------------------------------------------------------------------------


def test_two_people_exclude_a_false_rating() -> None:
    """One proposes, another judges; the order is over and the citizen's rating stands as it was (A1.8)."""
    hall = given(*BAD, plan=HALL)
    hall.when(o.ProposeExclusion(at=at("10:10"), order=A001, by=CHEN, note="n-1")).then(proposed())
    judge = o.JudgeExclusion(at=at("10:20"), order=A001, by=CHEN, accept=True)
    hall.when(judge).refused(Reason.SECOND_PERSON_WANTED)
    hall.when(replace(judge, by=SUN)).then(o.ExclusionJudged(at=at("10:20"), order=A001, by=SUN, accepted=True))
    order = orders(hall)
    assert (order.state, order.closed_at) == (OrderState.EXCLUDED, at("10:20"))
    assert order.exclusion is not None
    assert (order.exclusion.by, order.exclusion.judged_by, order.exclusion.verdict) == (CHEN, SUN, True)
    assert hall.state.tickets[A001].rating == 1


def test_a_refused_exclusion_leaves_the_order_where_it_was() -> None:
    """The order goes on, and the same rating is not put before a second judge."""
    hall = given(*BAD, called_back(), proposed(), plan=HALL)
    hall.when(o.JudgeExclusion(at=at("10:20"), order=A001, by=SUN, accept=False))
    assert orders(hall).state is OrderState.CONTACTED
    hall.when(o.JudgeExclusion(at=at("10:21"), order=A001, by=SUN, accept=True)).refused(Reason.ORDER_STATE)
    hall.when(o.ProposeExclusion(at=at("10:22"), order=A001, by="root")).refused(Reason.ORDER_STATE)
    hall.when(o.MendOrder(at=at("10:30"), order=A001, by=CHEN))
    assert orders(hall).state is OrderState.MENDED


def test_an_order_is_not_closed_before_the_verdict() -> None:
    """While a second person has yet to judge, nobody closes over it; deadlines run and calling goes on."""
    hall = given(*BAD, called_back(), mended(), proposed("10:40"), plan=HALL)
    refusal = hall.when(o.CloseOrder(at=at("11:00"), order=A001, by=SUN)).refused(Reason.ORDER_STATE)
    assert refusal.fields == {"state": "judgement_pending"}
    hall.when(o.ProposeExclusion(at=at("11:00"), order=A001, by=SUN)).refused(Reason.ORDER_STATE)
    assert hall.when(o.RecordCallback(at=at("11:00"), order=A001, by=SUN, reached=True)).refusal is None


# --- Next steps, and the night ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", [LI, CHEN, SUN])
@pytest.mark.parametrize(
    "past",
    [
        (),
        (called_back(),),
        (mended(),),
        (called_back(), mended()),
        (proposed(),),
        (called_back(), mended(), proposed("10:40")),
        (proposed(), o.ExclusionJudged(at=at("10:20"), order=A001, by=SUN, accepted=False)),
        (proposed(), o.ExclusionJudged(at=at("10:20"), order=A001, by=SUN, accepted=True)),
        (called_back(), mended(), o.OrderClosed(at=at("10:50"), order=A001, by=SUN)),
    ],
)
def test_the_steps_offered_are_the_steps_allowed(past: tuple[e.Event, ...], by: str) -> None:
    """What a page offers somebody is exactly what would not be refused."""
    now = at("12:00")
    tries: dict[str, c.Command] = {
        "callback": o.RecordCallback(at=now, order=A001, by=by, reached=True),
        "mend": o.MendOrder(at=now, order=A001, by=by),
        "close": o.CloseOrder(at=now, order=A001, by=by),
        "exclude": o.ProposeExclusion(at=now, order=A001, by=by),
        "judge": o.JudgeExclusion(at=now, order=A001, by=by, accept=False),
    }
    offered = o.next_steps(orders(given(*BAD, *past, plan=HALL)), by)
    possible = {name for name, command in tries.items() if given(*BAD, *past, plan=HALL).when(command).refusal is None}
    assert set(offered) == possible
    assert len(offered) == len(set(offered))


def test_what_is_not_over_goes_on_the_next_morning() -> None:
    """A new day takes over open orders and forgets who was being asked; a long closed order is left to the log."""
    hall = given(*BAD, called_back(), plan=HALL)
    tomorrow = date(2026, 11, 24)
    hall.when(c.OpenDay(at=at("7:00", tomorrow), business_day=tomorrow.isoformat()))
    assert (orders(hall).state, orders(hall).number, hall.state.asked) == (OrderState.CONTACTED, "A001", {})
    assert hall.when(o.MendOrder(at=at("9:00", tomorrow), order=A001, by=CHEN)).refusal is None
    hall.when(o.CloseOrder(at=at("9:30", tomorrow), order=A001, by=SUN))
    later = date(2027, 3, 1)
    hall.when(c.OpenDay(at=at("7:00", later), business_day=later.isoformat()))
    assert hall.state.orders == {}


def test_no_show_leaves_the_evaluator_alone() -> None:
    """Whoever did not come is not asked."""
    hall = given(*MORNING, *STORY_OF[TicketState.NO_SHOW], plan=HALL)
    assert asked(hall, "9:15:01") is None
    assert hall.state.asked.get(E01) is None


# --- after the day --------------------------------------------------------------------------------------------------------


def tomorrow(hall: Given, days: int = 1) -> Given:
    """The same hall on a later day, opened a minute after midnight."""
    opening = c.OpenDay(at=at("0:01") + days * 86400.0, business_day=f"2026-11-{23 + days}")
    hall.when(opening)
    return hall


WEEK = replace(HALL, redress=replace(HALL.redress, rate_within_s=7 * 86400, remind_after_s=3 * 86400))


def test_a_new_day_takes_over_who_may_still_rate() -> None:
    """Served and unrated; not who was rated, who still waited, or whose time is over."""
    later = [e.TicketRated(at=at("9:30"), ticket=A001, level=5)]
    for plan, more, kept in ((WEEK, [], {A001}), (WEEK, later, set()), (HALL, [], set())):
        hall = tomorrow(given(*SERVED, *more, plan=plan))
        assert set(hall.state.visits) == kept
        assert not hall.state.tickets


def test_a_late_rating_is_of_the_visits_own_day() -> None:
    """By its link on the next day: the event says of which visit, the order names window, clerk and day of then; once."""
    hall = tomorrow(given(*SERVED, plan=WEEK))
    visit = hall.state.visits[A001]
    late = c.Rate(at=at("10:00") + 86400.0, ticket=A001, level=1, channel="phone")
    made = hall.when(late).events
    assert [type(event) for event in made] == [r.VisitRated, o.OrderOpened]
    rated_, order = made
    assert isinstance(rated_, r.VisitRated)
    assert isinstance(order, o.OrderOpened)
    assert (rated_.number, rated_.day) == ("A001", TODAY.isoformat())
    assert (order.business_day, order.window, order.clerk) == (TODAY.isoformat(), visit.window, visit.clerk)
    hall.when(late).refused(Reason.ALREADY_RATED)


def test_a_late_rating_ends_with_its_time() -> None:
    """The moment counts, not the day; and a visit that was rated late is not taken over to the next day."""
    hall = tomorrow(given(*SERVED, plan=WEEK), 7)
    done = hall.state.visits[A001].finished_at
    late = c.Rate(at=done + 7 * 86400.0 + 1, ticket=A001, level=5, channel="phone")
    hall.when(late).refused(Reason.RATING_OVER)
    hall.when(replace(late, at=done + 7 * 86400.0))
    assert not tomorrow(hall, 8).state.visits


def test_reminders_are_due_once() -> None:
    """After `after` and not after `until`: two looks that meet find each visit in one of them."""
    state = tomorrow(given(*SERVED, plan=WEEK), 3).state
    due = state.visits[A001].finished_at + 3 * 86400.0
    assert [one.id for _, one in r.reminders_due(WEEK, state, due - 60, due)] == [A001]
    assert r.reminders_due(WEEK, state, due, due + 60) == []
    assert r.reminders_due(HALL, state, due - 60, due) == []
    evolve(state, r.VisitRated(at=due - 100, ticket=A001, level=5))
    assert r.reminders_due(WEEK, state, due - 60, due) == []
