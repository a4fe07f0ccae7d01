"""The played citizens: lines, shares, arrivals; all from one seed."""

import pytest

from server.simulate.people import LOAD, TIDE_PERIOD_S, Crowd, demands_of, lines_of

WINDOWS = {"1": ("id", "card"), "2": ("id",), "3": ("tax",), "4": ("tax", "fund"), "5": ("fund", "house")}
MEANS = {"id": 300.0, "card": 600.0, "tax": 400.0, "fund": 500.0, "house": 900.0, "closed": 100.0}


def crowd(seed: int = 7) -> Crowd:
    line = lines_of(WINDOWS)
    staffed: dict[str, int] = {}
    for services in WINDOWS.values():
        staffed[line[services[0]]] = staffed.get(line[services[0]], 0) + 1
    return Crowd(demands_of(WINDOWS, MEANS), staffed, seed)


def test_services_that_share_a_window_share_a_line() -> None:
    """Windows 3, 4 and 5 chain tax, fund and house into one line; id and card are another."""
    line = lines_of(WINDOWS)
    assert line["id"] == line["card"]
    assert line["tax"] == line["fund"] == line["house"]
    assert line["id"] != line["tax"]


def test_nobody_asks_for_what_no_window_takes() -> None:
    """A service without a staffed window is not in demand."""
    assert {d.service for d in demands_of(WINDOWS, MEANS)} == {"id", "card", "tax", "fund", "house"}


def test_the_first_service_of_a_line_is_asked_for_most() -> None:
    """Shares fall with the place in the hall file and rise with the windows that take a service."""
    share = {d.service: d.share for d in demands_of(WINDOWS, MEANS)}
    assert share["id"] > share["card"]
    assert share["tax"] > share["house"]


def test_arrivals_match_the_capacity_over_whole_tides() -> None:
    """Over whole tides arriving work is LOAD times what the windows can do, within three standard deviations."""
    people = crowd()
    for line in people.lines():
        end, at, count = 40 * TIDE_PERIOD_S, 0.0, 0
        while at < end:
            at += people.next_arrival_s(line, at)
            count += 1
        expected = LOAD * people.staffed[line] / people.mean_service_s(line) * end
        assert abs(count - expected) < 3 * expected**0.5 + 1


def test_one_seed_one_day() -> None:
    """Two crowds of one seed do the same; of another seed something else."""

    def day(seed: int) -> list[object]:
        people = crowd(seed)
        line = people.lines()[0]
        return [(people.choose(line), people.next_arrival_s(line, 0), people.service_s(300)) for _ in range(20)]

    assert day(1) == day(1)
    assert day(1) != day(2)


def test_services_have_the_mean_of_the_hall_file() -> None:
    """Lognormal lengths keep the mean they are given."""
    people = crowd()
    lengths = [people.service_s(420) for _ in range(20_000)]
    assert sum(lengths) / len(lengths) == pytest.approx(420, rel=0.02)
    assert min(lengths) > 0
