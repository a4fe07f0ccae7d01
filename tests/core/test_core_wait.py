"""The estimated wait: a range, from the work before a ticket and the windows that share it."""

import pytest

from server.core import commands as c
from server.core.wait import STEP_S, Wait, estimate, newcomer
from tests.cast import (
    COMPANY,
    E01,
    INSURANCE,
    MEDICAL,
    MORNING,
    S01,
    S02,
    TAX,
    YANGXIN,
    Day,
    a_ticket,
    at,
    called,
    given,
    id_of,
    opened,
    started,
)


def test_nobody_there_nothing_promised() -> None:
    """Without an open window there is no estimate."""
    hall = given(*MORNING, a_ticket("B001"))
    assert estimate(YANGXIN, hall.state, hall.state.tickets[id_of("B001")], at("9:00")) is None
    hall.when(c.OpenWindow(at=at("9:00"), window=E01))
    hall.when(c.PauseWindow(at=at("9:00"), window=E01))
    assert estimate(YANGXIN, hall.state, newcomer(YANGXIN, COMPANY, at("9:00")), at("9:00")) is None


def test_a_free_window_and_nobody_ahead() -> None:
    """At once: within five minutes."""
    hall = given(*MORNING)
    assert estimate(YANGXIN, hall.state, newcomer(YANGXIN, INSURANCE, at("9:00")), at("9:00")) == Wait(0, STEP_S)


def test_the_work_of_those_ahead_is_shared_by_the_open_windows() -> None:
    """Ten insurance tickets (8 min) before S01 and S02: 40 minutes, told as 25–60."""
    hall = given(*MORNING, *(a_ticket(f"A{n:03d}", "9:00") for n in range(1, 11)))
    assert estimate(YANGXIN, hall.state, newcomer(YANGXIN, INSURANCE, at("9:01")), at("9:01")) == Wait(25 * 60, 60 * 60)


def test_each_ahead_counts_with_its_own_service() -> None:
    """Ten medical tickets (6 min): 30 minutes, told as 20–45."""
    hall = given(*MORNING, *(a_ticket(f"A{n:03d}", "9:00", MEDICAL) for n in range(1, 11)))
    assert estimate(YANGXIN, hall.state, newcomer(YANGXIN, INSURANCE, at("9:01")), at("9:01")) == Wait(20 * 60, 45 * 60)


@pytest.mark.parametrize(
    ("clock", "expected"),
    [("9:11", Wait(10 * 60, 25 * 60)), ("9:21", Wait(0, 10 * 60)), ("11:00", Wait(0, 10 * 60))],
)
def test_what_is_being_served_counts_for_what_is_left_of_it(clock: str, expected: Wait) -> None:
    """15 minutes at the start; a service that outlasts its mean still takes a quarter of it."""
    hall = given(*MORNING, opened(E01), a_ticket("B001"), called("B001", E01), started("B001", E01))
    assert estimate(YANGXIN, hall.state, newcomer(YANGXIN, COMPANY, at(clock)), at(clock)) == expected


def test_a_ticket_of_a_dropped_service_breaks_no_estimate() -> None:
    """Gone from the hall file at noon, it simply counts as no work."""
    hall = given(*MORNING, a_ticket("A001"), a_ticket("A002", "9:01", MEDICAL), a_ticket("A003", "9:02"))
    services = {k: v for k, v in YANGXIN.services.items() if k != MEDICAL}
    plan = type(YANGXIN)(**{f: getattr(YANGXIN, f) for f in YANGXIN.__dataclass_fields__} | {"services": services})
    hall.when(c.CallTicket(at=at("9:03"), window=S01, ticket="A002"))
    hall.when(c.CallTicket(at=at("9:03"), window=S02, ticket="A001"))
    found = estimate(plan, hall.state, hall.state.tickets[id_of("A003")], at("9:03"))
    assert found == Wait(0, 10 * 60)


def test_a_range_is_in_steps_and_never_empty() -> None:
    """As people speak: five minutes by five; the low end below the high end; more people, no shorter wait."""
    day = Day(*MORNING)
    last = Wait(0, 0)
    for n in range(40):
        now = at("9:00") + n
        found = estimate(YANGXIN, day.state, newcomer(YANGXIN, INSURANCE, now), now)
        assert found is not None
        assert found.low_s % STEP_S == found.high_s % STEP_S == 0
        assert 0 <= found.low_s < found.high_s
        assert (found.low_s, found.high_s) >= (last.low_s, last.high_s)
        last = found
        day.do(c.Issue(at=now, ticket=f"t{n}", service=INSURANCE))
    assert last.high_s > 3600
    assert estimate(YANGXIN, day.state, newcomer(YANGXIN, TAX, at("9:10")), at("9:10")) is None
