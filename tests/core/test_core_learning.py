"""How long services take here: from the hall file, from the day, from the days before; robust and slowly forgetting."""

from dataclasses import replace

import pytest

from server.core import commands as c
from server.core import events as e
from server.core.learning import believable, learn, lengths_of, means
from server.core.model import DAY_END, HallState, Lengths
from tests.cast import (
    ALWAYS_OPEN,
    COMPANY,
    INSURANCE,
    MEDICAL,
    MORNING,
    S01,
    T01,
    TAX,
    YANGXIN,
    Day,
    at,
    day_opened,
    opened,
)

PRIOR = 30.0


def served(*minutes: float, service: str = INSURANCE, day: Day | None = None) -> Day:
    """A morning in which S01 serves one after the other, each for so long."""
    day = day or Day(*MORNING, plan=ALWAYS_OPEN)
    clock = max(day.state.last_at, at("8:30"))
    for n, length in enumerate(minutes):
        day.do(c.Issue(at=clock, ticket=f"{len(day.log)}-{n}", service=service))
        day.do(c.CallNext(at=clock, window=S01))
        day.do(c.Start(at=clock, window=S01))
        clock += length * 60
        day.do(c.Finish(at=clock, window=S01))
    return day


def known(day: Day, service: str = INSURANCE) -> Lengths:
    """What the hall knows of a service by now."""
    return lengths_of(day.plan, day.state, service)


def next_morning(day: Day, n: int = 1) -> e.DayOpened:
    """The opening of the next day."""
    opening = day.do(c.OpenDay(at=at("8:00") + n * 86400, business_day=f"2026-11-{23 + n}"))[-1]
    assert isinstance(opening, e.DayOpened)
    return opening


def test_before_anything_is_seen_the_hall_file_counts() -> None:
    """Its mean and its spread, as if thirty had been seen."""
    assert known(Day(*MORNING)) == Lengths(PRIOR, 600, 0.7)
    assert known(Day(*MORNING), COMPANY) == Lengths(PRIOR, 900, 0.7)


def test_what_is_seen_joins_it() -> None:
    """Thirty of five minutes beside the hall file's ten make seven and a half."""
    found = known(served(*[5] * 30))
    assert (found.weight, found.mean_s) == (60, pytest.approx(450))
    assert 0.2 <= found.spread < 0.7
    assert known(served(*[5] * 30), MEDICAL) == Lengths(PRIOR, 360, 0.7)


def test_the_day_knows_its_latest_hundred() -> None:
    """A new form since noon: a hundred short ones later the long ones of the morning are forgotten today."""
    found = known(served(*[10] * 200, *[4] * 100))
    assert (found.weight, found.mean_s) == (130, pytest.approx((30 * 600 + 100 * 240) / 130))


def test_few_services_say_nothing_of_the_spread() -> None:
    """Four of one length do not make the business punctual."""
    assert known(served(10, 10, 10, 10)).spread == pytest.approx(0.7)
    assert known(served(10, 10, 10, 10, 10)).spread < 0.7


def test_the_spread_has_bounds() -> None:
    """Neither clockwork nor chaos: what is seen counts as 0.2 at least and 1.5 at most, beside the file's 0.7."""
    assert known(served(*[10] * 30)).spread == pytest.approx((0.7 + 0.2) / 2)
    assert known(served(*[3, 3, 3, 3, 45] * 6)).spread <= 1.5


@pytest.mark.parametrize("forgotten_min", [60, 120, 235])
def test_a_forgotten_finish_does_not_count(forgotten_min: float) -> None:
    """The clerk went to lunch: twenty of eight minutes stay eight minutes."""
    usual = served(*[8] * 20)
    with_one = served(*[8] * 20, forgotten_min)
    assert known(with_one).mean_s == pytest.approx(known(usual).mean_s)


def test_the_first_of_the_day_may_be_forgotten_too() -> None:
    """Before the day has a middle, the hall file's length tells what is not to be believed."""
    assert known(served(90)) == Lengths(PRIOR, 600, 0.7)
    assert known(served(49)).mean_s > 600


def test_a_finish_pressed_at_once_does_not_count() -> None:
    """Called, nobody spoke to, finished: that is no service."""
    assert known(served(*[8] * 20, 0.2, 0.3)).mean_s == pytest.approx(known(served(*[8] * 20)).mean_s)


def test_believable_is_by_the_days_own_middle() -> None:
    """Where everything takes an hour, an hour is believed whatever the hall file says."""
    assert believable([3600.0] * 6, 600) == [3600.0] * 6
    assert believable([3600.0] * 4, 600) == []
    assert believable([600.0] * 6 + [3001.0, 29.0, 3000.0, 30.0], 600) == [600.0] * 6 + [3000.0, 30.0]


def test_what_the_end_of_the_day_cut_off_is_not_learnt() -> None:
    """Closed at six with a citizen at the window since five."""
    day = served(10)
    day.do(c.Issue(at=at("17:00"), ticket="last", service=INSURANCE))
    day.do(c.CallNext(at=at("17:00"), window=S01))
    day.do(c.Start(at=at("17:00"), window=S01))
    finished = day.do(c.CloseDay(at=at("17:09")))[0]
    assert isinstance(finished, e.ServiceFinished)
    assert finished.outcome == DAY_END
    assert day.state.lengths == {INSURANCE: [600.0]}


def test_each_leg_of_a_visit_counts_for_its_own_service() -> None:
    """Six minutes of insurance, then twelve of tax: not eighteen of tax, and not nothing of insurance."""
    day = Day(*MORNING, opened(T01))
    number = day.take("9:00")
    day.call_next(S01, "9:00")
    day.do(c.Start(at=at("9:01"), window=S01))
    day.do(c.Transfer(at=at("9:07"), window=S01, to_service=TAX))
    assert day.call_next(T01, "9:10") == number
    day.do(c.Start(at=at("9:11"), window=T01))
    day.do(c.Hold(at=at("9:15"), window=T01))
    day.do(c.Resume(at=at("9:30"), window=T01, ticket=number))
    day.do(c.Start(at=at("9:30"), window=T01))
    day.do(c.Finish(at=at("9:38"), window=T01))
    assert day.state.lengths == {INSURANCE: [360.0], TAX: [720.0]}
    assert day.ticket(number).served_s == 18 * 60


def test_a_ticket_sent_to_another_window_is_one_service() -> None:
    """Begun at S01, ended at T01, insurance all the time."""
    day = Day(*MORNING, opened(T01))
    day.take("9:00")
    day.call_next(S01, "9:00")
    day.do(c.Start(at=at("9:00"), window=S01))
    day.do(c.Transfer(at=at("9:04"), window=S01, to_window=T01))
    day.call_next(T01, "9:05")
    day.do(c.Start(at=at("9:05"), window=T01))
    day.do(c.Finish(at=at("9:10"), window=T01))
    assert day.state.lengths == {INSURANCE: [540.0]}


def test_a_ticket_sent_on_unserved_teaches_nothing() -> None:
    """Called, not begun, sent to the right service."""
    day = Day(*MORNING, opened(T01))
    day.take("9:00")
    day.call_next(S01, "9:00")
    day.do(c.Transfer(at=at("9:04"), window=S01, to_service=TAX))
    assert day.state.lengths == {}


# --- From day to day ------------------------------------------------------------------------------------------------------


def test_the_next_day_begins_with_what_was_learnt() -> None:
    """The opening carries it, the credit counts with it, and a restart reads it from there alone."""
    day = served(*[4] * 60)
    opening = next_morning(day)
    assert opening.learnt[INSURANCE].mean_s == pytest.approx(240)
    assert opening.learnt[INSURANCE].weight == 60
    assert set(opening.learnt) == {INSURANCE}
    # Sixty of four minutes and the hall file's thirty of ten.
    assert opening.means[INSURANCE] == 360
    assert day.state.means[INSURANCE] == 360
    assert known(day).mean_s == pytest.approx(360)
    only_today = Day(opening)
    assert only_today.state.learnt == day.state.learnt
    assert known(only_today) == known(day)


def test_the_mean_that_counts_for_credit_does_not_change_during_the_day() -> None:
    """However short the services of today are; the estimate may know better, the order may not."""
    day = Day(replace(day_opened(), means={INSURANCE: 600.0}), opened(S01))
    before = day.ticket(day.take("8:31"))
    day.do(c.Cancel(at=at("8:31"), ticket=before.id))
    served(*[2] * 60, day=day)
    assert known(day).mean_s < 400
    after = day.ticket(day.take("11:30"))
    assert before.due_at - before.credited_at == after.due_at - after.credited_at == 0


def test_older_days_fade() -> None:
    """A tenth a day without anything new, and nothing of the mean is lost; new days outweigh old ones."""
    state = HallState(learnt={INSURANCE: Lengths(1000, 300, 0.5)})
    once = learn(YANGXIN, state)[INSURANCE]
    assert (once.weight, once.mean_s, once.spread) == (pytest.approx(900), 300, 0.5)
    state.lengths[INSURANCE] = [900.0] * 300
    found = learn(YANGXIN, state)[INSURANCE]
    assert found.weight == pytest.approx(1200)
    assert found.mean_s == pytest.approx((900 * 300 + 300 * 900) / 1200)


def test_the_past_has_a_limit() -> None:
    """A year of crowds must not make the hall deaf to a new procedure."""
    state = HallState(learnt={INSURANCE: Lengths(50_000, 300, 0.5)})
    assert learn(YANGXIN, state)[INSURANCE].weight == 2000


def test_a_service_that_left_the_hall_file_is_forgotten() -> None:
    """And a new one begins with the file's word."""
    state = HallState(learnt={"fishing": Lengths(100, 300, 0.5)}, lengths={"hunting": [100.0] * 9})
    assert learn(YANGXIN, state) == {}
    assert means(YANGXIN, {}) == {INSURANCE: 600.0, MEDICAL: 360.0, COMPANY: 900.0, TAX: 600.0}


def test_means_are_told_to_the_second() -> None:
    """So that a credit can be said and computed again."""
    assert means(YANGXIN, {INSURANCE: Lengths(7, 123.456, 0.5)})[INSURANCE] == round((30 * 600 + 7 * 123.456) / 37)


def test_a_week_of_days_comes_near_the_truth() -> None:
    """From ten minutes in the file to six in the hall, and a forgotten finish every day does not matter."""
    day = Day(day_opened(), opened(S01), plan=ALWAYS_OPEN)
    for n in range(1, 6):
        served(*[6] * 40, 110, day=day)
        next_morning(day, n)
        day.do(c.OpenWindow(at=day.state.last_at, window=S01))
    assert day.state.means[INSURANCE] == pytest.approx(6 * 60, rel=0.15)
