"""The figures of the day, against counting by hand and against counting slowly."""

import math
from fractions import Fraction

import pytest
from hypothesis import given as over
from hypothesis import strategies as st

from server.core import commands as c
from server.core.evolve import fold
from server.core.model import Ticket, TicketState
from server.core.statistics import (
    DROWNING_S,
    Load,
    Staffing,
    WindowActivity,
    activity,
    load,
    mean,
    percentile,
    quarters,
    service_s,
    staffing,
    wait_s,
    waits,
)
from tests.cast import (
    INSURANCE,
    MORNING,
    S01,
    S02,
    STORY_OF,
    TAX,
    YANGXIN,
    Day,
    a_ticket,
    at,
    called,
    cancelled,
    finished,
    held,
    id_of,
    missed,
    paused,
    started,
)

S = TicketState
#: A001 waits on; A002 waited 10 min, 9 min of service; A003 waited 20 min, missed; A004 waited 30 min, at S02 now;
#: A005 gave up after 5 min.
SCENE = (
    *MORNING,
    *(a_ticket(f"A00{n}", "9:00") for n in range(1, 6)),
    cancelled("A005", "9:05"),
    called("A002", S01, "9:10"), started("A002", S01, "9:11"), finished("A002", S01, "9:20"),
    called("A003", S01, "9:20"), missed("A003", S01, "9:25"),
    called("A004", S02, "9:30"), started("A004", S02, "9:31"),
)  # fmt: skip


def ticket_of(number: str, *events: object) -> Ticket:
    """A ticket after events."""
    return fold(events or SCENE).tickets[id_of(number)]  # type: ignore[arg-type]


def test_the_figures_of_a_scene() -> None:
    """Counted by hand."""
    figures = waits(fold(SCENE).tickets.values(), at("9:40"))
    assert (figures.issued, figures.waiting, figures.called, figures.served, figures.no_show) == (5, 1, 3, 1, 1)
    assert figures.longest_wait_s == 40 * 60
    assert figures.mean_wait_s == 20 * 60
    assert figures.p90_wait_s == 30 * 60
    assert figures.mean_service_s == 9 * 60


def test_of_nothing_there_are_no_figures() -> None:
    """None, not zero: nobody has waited no time."""
    figures = waits([], at("9:00"))
    assert (figures.longest_wait_s, figures.mean_wait_s, figures.p90_wait_s, figures.mean_service_s) == (None,) * 4
    assert quarters([], at("9:00")) == []


def test_a_wait_ends_with_the_first_call() -> None:
    """A second call after a miss or a transfer does not lengthen it."""
    day = Day(*MORNING, *STORY_OF[S.NO_SHOW])
    day.do(c.CallTicket(at=at("10:00"), window=S01, ticket="A001"))
    assert wait_s(day.state.tickets[id_of("A001")]) == 10 * 60


@pytest.mark.parametrize(
    ("tail", "seconds"),
    [
        ((called("A001", clock="9:10"), started("A001", clock="9:12"), finished("A001", clock="9:20")), 480),
        # Never started: from the call.
        ((called("A001", clock="9:10"), finished("A001", clock="9:20")), 600),
        # 3 minutes, a hold, 5 minutes.
        (
            (
                called("A001", clock="9:10"), started("A001", clock="9:12"), held("A001", clock="9:15"),
                called("A001", clock="9:30"), started("A001", clock="9:31"), finished("A001", clock="9:36"),
            ),
            480,
        ),
        # Too short and too long to be a service.
        ((called("A001", clock="9:10"), finished("A001", clock="9:10:04")), None),
        ((called("A001", clock="9:10"), finished("A001", clock="13:10:01")), None),
        # Still there.
        ((called("A001", clock="9:10"), started("A001", clock="9:12")), None),
        # Closed by the end of the day: nobody knows how long it took.
        (
            (
                called("A001", clock="9:10"), started("A001", clock="9:12"),
                finished("A001", clock="9:20", outcome="day_end"),
            ),
            None,
        ),
    ],
)  # fmt: skip
def test_how_long_a_service_took(tail: tuple[object, ...], seconds: float | None) -> None:
    """Time at windows, holds left out; what cannot be a service is left out of the mean."""
    assert service_s(ticket_of("A001", *MORNING, a_ticket("A001"), *tail)) == seconds


@over(st.lists(st.integers(0, 10_000), max_size=60), st.integers(1, 100))
def test_a_percentile_is_the_nearest_rank(values: list[int], percent: int) -> None:
    """The smallest value that at least so many do not exceed, found the slow way; no float error moves the rank."""
    slow = next(
        (v for v in sorted(values) if Fraction(sum(w <= v for w in values), len(values)) >= Fraction(percent, 100)),
        None,
    )
    assert percentile(values, percent / 100) == slow


def test_no_rank_is_moved_by_rounding() -> None:
    """Of 1…n the p-th percentile is the ⌈n·p/100⌉-th, for every p and n, 7 % of 100 among them."""
    wrong = [
        (percent, count)
        for percent in range(1, 101)
        for count in range(1, 301)
        if percentile(range(1, count + 1), percent / 100) != math.ceil(Fraction(percent, 100) * count)
    ]
    assert wrong == []


def test_means() -> None:
    """Sum by count."""
    assert mean([1.0, 2.0, 6.0]) == 3.0
    assert mean([]) is None


# --- Quarters ---------------------------------------------------------------------------------------------------------


def test_quarters_of_a_scene() -> None:
    """Counted by hand: five taken at nine, one gone by 9:15, called in each quarter, one waiting at the end."""
    day = [(q.at, q.issued, q.called, q.served, q.waiting, q.mean_wait_s) for q in quarters(
        fold(SCENE).tickets.values(), at("9:40")
    )]  # fmt: skip
    assert day == [
        (at("9:00"), 5, 1, 0, 3, 600.0),
        (at("9:15"), 0, 1, 1, 2, 1200.0),
        (at("9:30"), 0, 1, 0, 1, 1800.0),
    ]


def test_a_transferred_ticket_waits_again_in_the_figures() -> None:
    """The last quarter shows as many waiting as there are."""
    day = Day(*MORNING, a_ticket("A001", "9:00"), called("A001", clock="9:10"))
    day.do(c.Transfer(at=at("9:20"), window=S01, to_service=TAX))
    tickets = list(day.state.tickets.values())
    assert [q.waiting for q in quarters(tickets, at("9:50"))] == [0, 1, 1, 1]
    assert quarters(tickets, at("9:50"))[-1].waiting == waits(tickets, at("9:50")).waiting


WALKS = st.lists(
    st.tuples(st.sampled_from(["take", "call", "miss", "reinstate", "transfer", "finish", "cancel", "hold"]),
              st.integers(0, 900)),
    min_size=1, max_size=60,
)  # fmt: skip


@over(WALKS)
def test_quarters_agree_with_watching_the_hall(walk: list[tuple[str, int]]) -> None:
    """Somebody who counts those waiting at the end of each quarter gets the same curve."""
    day = Day(*MORNING)
    now = at("9:00")
    curve: dict[int, int] = {}
    for step, later in walk:
        while now // 900 < (now + later) // 900 and later > 0:
            ahead = 900 - now % 900
            curve[int(now // 900)] = len(day.state.waiting)
            now, later = now + ahead, later - ahead
        now += max(later, 0)
        attempt(day, step, now)
        curve[int(now // 900)] = len(day.state.waiting)
    tickets = list(day.state.tickets.values())
    figures = quarters(tickets, now)
    assert {int(q.at // 900): q.waiting for q in figures} == {
        k: v for k, v in curve.items() if figures and k >= figures[0].at // 900
    }
    assert sum(q.issued for q in figures) == len(tickets)
    assert sum(q.called for q in figures) == sum(t.first_called_at is not None for t in tickets)
    assert sum(q.served for q in figures) == sum(t.state is S.DONE for t in tickets)


def attempt(day: Day, step: str, now: float) -> None:
    """Do a step to whichever ticket it is possible for; else nothing."""
    state = day.state
    busy = state.window(S01).ticket is not None
    gone = next((t.id for t in state.tickets.values() if t.state is S.NO_SHOW), None)
    some = next((t.id for t in state.tickets.values() if t.state in (S.WAITING, S.HELD)), None)
    match step:
        case "take" if now < at("12:00"):
            day.do(c.Issue(at=now, ticket=f"t{len(day.log)}", service=INSURANCE))
        case "call" if not busy:
            day.do(c.CallNext(at=now, window=S01))
        case "miss" if busy:
            day.do(c.MarkNoShow(at=now, window=S01))
        case "hold" if busy:
            day.do(c.Hold(at=now, window=S01))
        case "finish" if busy:
            day.do(c.Finish(at=now, window=S01))
        case "transfer" if busy:
            day.do(c.Transfer(at=now, window=S01, to_window=S02))
        case "reinstate" if gone:
            day.do(c.Reinstate(at=now, window=S01, ticket=gone))
        case "cancel" if some:
            day.do(c.Cancel(at=now, ticket=some))
        case _:
            pass


@over(st.lists(st.tuples(st.integers(0, 3000), st.none() | st.integers(0, 3000)), max_size=40))
def test_waits_agree_with_counting_slowly(times: list[tuple[int, int | None]]) -> None:
    """Over any set of tickets."""
    now = 10_000.0
    tickets = [
        Ticket(
            id=str(n), number=f"A{n}", series="A", zone="z", service=INSURANCE, issued_at=taken, credited_at=taken,
            entry=n, state=S.WAITING if wait is None else S.DONE,
            first_called_at=None if wait is None else taken + wait,
        )
        for n, (taken, wait) in enumerate(times)
    ]  # fmt: skip
    figures = waits(tickets, now)
    known = [wait for _, wait in times if wait is not None]
    still = [now - taken for taken, wait in times if wait is None]
    assert (figures.issued, figures.waiting, figures.called) == (len(times), len(still), len(known))
    assert figures.longest_wait_s == (max(still) if still else None)
    assert figures.mean_wait_s == (pytest.approx(sum(known) / len(known)) if known else None)
    assert figures.p90_wait_s == percentile(known, 0.9)


# --- Windows and zones ------------------------------------------------------------------------------------------------


def test_what_a_window_does_and_since_when() -> None:
    """Closed, idle, paused, called, serving: each with the moment it began."""
    state = fold((*SCENE, paused(S01, "9:35")))
    assert activity(state, "E01") == (WindowActivity.CLOSED, None)
    assert activity(state, S01) == (WindowActivity.PAUSED, at("9:35"))
    assert activity(state, S02) == (WindowActivity.SERVING, at("9:31"))
    assert activity(fold(SCENE), S01) == (WindowActivity.IDLE, at("9:25"))
    assert activity(fold((*MORNING, *STORY_OF[S.CALLED])), S01) == (WindowActivity.CALLED, at("9:10"))


def test_staffing_counts_by_zone() -> None:
    """Two windows, both open, one with nothing to do."""
    assert staffing(YANGXIN, fold(SCENE), "social") == Staffing(total=2, open=2, idle=1)
    assert staffing(YANGXIN, fold(SCENE), "enterprise") == Staffing(total=1, open=0, idle=0)


@pytest.mark.parametrize(
    ("longest_min", "waiting", "staff", "word"),
    [
        (None, 0, Staffing(2, 2, 2), Load.IDLE),
        (None, 0, Staffing(2, 2, 1), Load.IDLE),
        (None, 0, Staffing(3, 3, 1), Load.NORMAL),
        (None, 0, Staffing(2, 0, 0), Load.NORMAL),
        (5, 1, Staffing(2, 2, 0), Load.NORMAL),
        (15, 1, Staffing(2, 2, 0), Load.BUSY),
        (30, 1, Staffing(2, 2, 0), Load.DROWNING),
        (1, 1, Staffing(2, 0, 0), Load.DROWNING),
    ],
)
def test_a_zone_in_a_word(longest_min: float | None, waiting: int, staff: Staffing, word: Load) -> None:
    """Idle, normal, busy from a quarter of an hour, drowning from half an hour or with nobody there."""
    taken = None if longest_min is None else at("9:00") - longest_min * 60
    tickets = [] if taken is None else [
        Ticket(id="t", number="A001", series="A", zone="social", service=INSURANCE, state=S.WAITING,
               issued_at=taken, credited_at=taken, entry=1)
    ]  # fmt: skip
    figures = waits(tickets, at("9:00"))
    assert figures.waiting == waiting
    assert load(figures, staff) is word
    assert DROWNING_S == 1800
