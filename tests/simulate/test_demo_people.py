"""Who comes and who works on a demo day: cards of nobody, market mornings, staff by the day's timetable."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from config.loader import DEFAULT_HALL, load_hall
from server.core.calendar import day_to_play
from server.id_numbers import read_number
from server.plan import make_plan
from server.simulate.demo_day import services_on, staff_of
from server.simulate.demo_hall import hall_file
from server.simulate.people import (
    LEVELS,
    MARKET_HALF_S,
    MARKET_PEAK,
    NOWHERE,
    Crowd,
    Demand,
    demands_of,
    passed_on_work,
)
from server.simulate.played_day import Day

MARKET, OTHER = date(2026, 11, 24), date(2026, 11, 23)


def crowd(*, is_market: bool = False) -> Crowd:
    return Crowd(demands_of({"1": ("relief",)}, {"relief": 600.0}), {"relief": 1}, 3, is_market=is_market)


def test_a_cards_number_can_be_right_but_is_nobodys() -> None:
    """A correct check sign and birth, in a district that does not exist; a phone number that no network gives out."""
    people = crowd()
    for _ in range(200):
        card = people.card()
        assert read_number(card.number, date(2026, 11, 24)) is not None
        assert card.number.startswith(NOWHERE)
        assert people.phone().startswith("100")


def test_most_are_satisfied_and_some_are_not() -> None:
    """Levels come in their shares, the worst among them."""
    people = crowd()
    seen = Counter(people.level() for _ in range(4000))

    assert seen[5] / 4000 == pytest.approx(LEVELS[5] / 100, abs=0.03)
    assert seen[1] > 0


def test_on_a_market_day_people_come_in_the_morning() -> None:
    """The rate falls by half in the time it says, and arrivals follow it."""
    people = crowd(is_market=True)
    at_opening = people.rate_per_s("relief", 0)

    assert people.rate_per_s("relief", MARKET_HALF_S) == pytest.approx(at_opening / 2)
    assert at_opening == pytest.approx(people.load * MARKET_PEAK / 600)
    arrivals, now = [], 0.0
    while now < 4 * 3600:
        now += people.next_arrival_s("relief", now)
        arrivals.append(now)
    assert sum(at < 2 * 3600 for at in arrivals) > len(arrivals) / 2


def test_the_town_has_everybody_on_market_days_and_one_clerk_on_others() -> None:
    """The first window is left to the visitor only where another does the same."""
    town = load_hall(hall_file("town"))

    assert staff_of(town, OTHER) == ["V01"]
    assert staff_of(town, MARKET) == ["V02", "V03", "V04", "G01", "S01"]


def test_a_town_plays_its_next_market_day_and_a_hall_its_next_working_day() -> None:
    """On a Monday without a market the town's Tuesday; on a Sunday a hall's Monday, and on a Saturday with some zones
    open too; a Saturday that is worked is played."""
    town, miluo, chenzhou = (make_plan(load_hall(hall_file(name))) for name in ("town", "miluo", "chenzhou"))

    assert day_to_play(town, OTHER) == MARKET
    assert day_to_play(miluo, date(2026, 11, 22)) == OTHER
    assert day_to_play(chenzhou, date(2026, 11, 28)) == date(2026, 11, 30)
    assert day_to_play(chenzhou, date(2026, 10, 10)) == date(2026, 10, 10)


def test_nobody_comes_for_what_is_shut_on_the_played_day() -> None:
    """On the town's market day nothing is forwarded to the police: they are there."""
    town = load_hall(hall_file("town"))

    assert "forwarding" not in services_on(town, MARKET)
    assert {"household", "tax-filing"} <= services_on(town, MARKET)
    assert "forwarding" in services_on(town, OTHER)


def test_a_hall_is_found_by_its_name_or_its_file(tmp_path: Path) -> None:
    """`HALL=miluo`; a file of one's own; anything else is told with the names there are."""
    own = tmp_path / "mine.yaml"
    own.write_text("id: mine\n", "utf-8")

    assert hall_file("yangxin") == DEFAULT_HALL
    assert hall_file(str(own)) == own
    with pytest.raises(LookupError, match="chenzhou, miluo"):
        hall_file("nowhere")


def test_things_are_done_in_their_order_at_the_days_speed() -> None:
    """Twice as fast: what is due after 10 played seconds waits 5; nothing is done after the end."""

    class Pace:
        at = 100.0

        def now(self) -> float:
            return self.at

        def wait(self, seconds: float) -> None:
            self.at += seconds

    pace, done = Pace(), []
    day = Day(2.0, pace)
    day.after(10, lambda: done.append(("second", pace.at)))
    day.after(4, lambda: done.append(("first", pace.at)))
    day.after(99, lambda: done.append(("never", pace.at)))

    day.play(60)

    assert done == [("first", 102.0), ("second", 105.0)]


def test_work_that_comes_by_a_pre_check() -> None:
    """Half of a line of four windows of ten minutes is looked at first for five: half a window's work, times the load."""
    demands = [
        Demand("deed", "deed", 0.5, 600.0),
        Demand("tax", "deed", 0.5, 600.0),
        Demand("look", "look", 1.0, 300.0),
    ]

    work = passed_on_work(demands, {"deed": 4, "look": 2}, {"deed": "look", "gone": "look"}, load=0.8)

    assert work == {"look": pytest.approx(0.8 * 4 / 600 / 2 * 300)}
