"""Windows: open, pause, close, assign, and what they may then call."""

from dataclasses import replace
from unittest.mock import ANY

import pytest

from server.core import commands as c
from server.core import events as e
from server.core.dispatch import ahead_of, line_of, services_of, windows_for
from server.core.model import TicketState, WindowStatus
from server.core.refusals import Reason
from tests.cast import (
    COMPANY,
    E01,
    INSURANCE,
    LI,
    MEDICAL,
    MORNING,
    S01,
    S02,
    STORY_OF,
    T01,
    TAX,
    WANG,
    YANGXIN,
    a_ticket,
    at,
    called,
    closed,
    day_opened,
    given,
    id_of,
    opened,
    paused,
)


def test_a_window_opens_with_its_clerk() -> None:
    """Open, idle from that moment, and Li is there."""
    state = given(day_opened()).when(c.OpenWindow(at=at("8:25"), window=S01, clerk=LI)).then(opened(S01, LI))
    window = state.window(S01)
    assert (window.status, window.clerk, window.idle_since) == (WindowStatus.OPEN, LI, at("8:25"))


def test_opening_an_open_window_is_no_news() -> None:
    """The same clerk once more changes nothing; another clerk takes over."""
    hall = given(*MORNING)
    hall.when(c.OpenWindow(at=at("9:00"), window=S01, clerk=LI)).then()
    hall.when(c.OpenWindow(at=at("9:00"), window=S01, clerk=WANG)).then(opened(S01, WANG, "9:00"))


def test_a_keypad_that_ends_a_pause_leaves_the_clerk_signed_in() -> None:
    """The keypad does not know who sits there; the window still does."""
    hall = given(*MORNING, paused(S01))
    hall.when(c.OpenWindow(at=at("9:00"), window=S01)).then(opened(S01, LI, "9:00"))
    hall.when(c.OpenWindow(at=at("9:01"), window=S01)).then()


def test_a_pause_stops_calls_and_opening_ends_it() -> None:
    """With its reason; a paused window is not idle, and is idle again afterwards."""
    hall = given(*MORNING, a_ticket("A001"))
    state = hall.when(c.PauseWindow(at=at("8:40"), window=S01, reason="tea")).then(paused(S01))
    assert (state.window(S01).pause_reason, state.window(S01).idle_since) == ("tea", None)
    hall.when(c.CallNext(at=at("9:10"), window=S01)).refused(Reason.WINDOW_PAUSED)
    state = hall.when(c.OpenWindow(at=at("9:10"), window=S01, clerk=LI)).state
    assert (state.window(S01).pause_reason, state.window(S01).idle_since) == (None, at("9:10"))
    hall.when(c.CallNext(at=at("9:10"), window=S01)).then(called("A001"))


def test_a_pause_may_change_its_reason() -> None:
    """The same reason again is no news; another reason is."""
    hall = given(*MORNING, paused(S01))
    hall.when(c.PauseWindow(at=at("8:45"), window=S01, reason="tea")).then()
    hall.when(c.PauseWindow(at=at("8:45"), window=S01, reason="meeting")).then(
        e.WindowPaused(at=at("8:45"), window=S01, reason="meeting")
    )


def test_a_clerk_may_pause_with_a_citizen_and_finish_then() -> None:
    """Pausing ahead: the citizen at the window is served to the end, and the window is not idle after that."""
    hall = given(*MORNING, *STORY_OF[TicketState.SERVING])
    hall.when(c.PauseWindow(at=at("9:15"), window=S01))
    state = hall.when(c.Finish(at=at("9:20"), window=S01)).state
    assert (state.window(S01).ticket, state.window(S01).status, state.window(S01).idle_since) == (
        None,
        WindowStatus.PAUSED,
        None,
    )


def test_a_window_that_reopens_with_a_citizen_is_not_idle() -> None:
    """Paused ahead and thought better of it: somebody still sits there."""
    hall = given(*MORNING, *STORY_OF[TicketState.SERVING], paused(S01, "9:15"))
    state = hall.when(c.OpenWindow(at=at("9:16"), window=S01, clerk=LI)).state
    assert (state.window(S01).status, state.window(S01).idle_since) == (WindowStatus.OPEN, None)


def test_a_closed_window_has_no_clerk() -> None:
    """Closing signs the clerk off; closing twice is no news; a closed window cannot be paused."""
    hall = given(*MORNING)
    state = hall.when(c.CloseWindow(at=at("8:40"), window=S01)).then(closed(S01))
    assert (state.window(S01).status, state.window(S01).clerk) == (WindowStatus.CLOSED, None)
    hall.when(c.CloseWindow(at=at("8:41"), window=S01)).then()
    hall.when(c.PauseWindow(at=at("8:41"), window=S01)).refused(Reason.WINDOW_CLOSED)


@pytest.mark.parametrize(
    "command",
    [
        c.OpenWindow(at=at("9:00"), window="S99"),
        c.PauseWindow(at=at("9:00"), window="S99"),
        c.CloseWindow(at=at("9:00"), window="S99"),
        c.AssignWindow(at=at("9:00"), window="S99", services=()),
        c.Recall(at=at("9:00"), window="S99"),
        c.Reinstate(at=at("9:00"), window="S99", ticket="A001"),
    ],
)
def test_a_window_nobody_knows_is_refused(command: c.Command) -> None:
    """Whatever is asked of it."""
    assert given(*MORNING).when(command).refused(Reason.WINDOW_UNKNOWN).fields == {"window": "S99"}


def test_an_assigned_window_calls_what_it_was_assigned() -> None:
    """At once, without restart; what it served before goes to the others."""
    hall = given(*MORNING, a_ticket("A001"), a_ticket("C001", "9:01"))
    hall.when(c.AssignWindow(at=at("9:05"), window=S01, services=(TAX,))).then(
        e.WindowAssigned(at=at("9:05"), window=S01, services=(TAX,), why=ANY)
    )
    assert services_of(YANGXIN, hall.state, S01) == (TAX,)
    hall.when(c.CallTicket(at=at("9:10"), window=S01, ticket="A001")).refused(Reason.NOT_SERVED_HERE)
    hall.when(c.CallNext(at=at("9:10"), window=S01)).then(called("C001", S01))


def test_an_assignment_of_nothing_brings_a_window_back_to_its_own() -> None:
    """No services means its own again, and is no news at a window that has its own."""
    hall = given(*MORNING, a_ticket("A001"))
    hall.when(c.AssignWindow(at=at("9:04"), window=S01, services=())).then()
    hall.when(c.AssignWindow(at=at("9:05"), window=S01, services=(TAX,)))
    hall.when(c.CallNext(at=at("9:06"), window=S01)).then()
    hall.when(c.AssignWindow(at=at("9:07"), window=S01, services=())).then(
        e.WindowAssigned(at=at("9:07"), window=S01, services=(), why=ANY)
    )
    assert (hall.state.window(S01).services, services_of(YANGXIN, hall.state, S01)) == (None, (INSURANCE, MEDICAL))
    hall.when(c.CallNext(at=at("9:10"), window=S01)).then(called("A001"))


def test_assigning_what_it_serves_is_no_news_and_the_unknown_is_refused() -> None:
    """Only a change is an event; every unknown service is named."""
    hall = given(*MORNING)
    hall.when(c.AssignWindow(at=at("9:05"), window=E01, services=(COMPANY,))).then()
    command = c.AssignWindow(at=at("9:05"), window=E01, services=("a", COMPANY, "b"))
    assert hall.when(command).refused(Reason.SERVICE_UNKNOWN).fields == {"service": "a, b"}


def test_a_citizen_is_told_the_windows_that_are_open() -> None:
    """Company tickets go to E01 and T01; open ones only, and all of them while none is open."""
    hall = given(*MORNING, a_ticket("B001"))
    ticket = hall.state.tickets[id_of("B001")]
    assert windows_for(YANGXIN, hall.state, ticket) == [E01, T01]
    hall.when(c.OpenWindow(at=at("9:00"), window=T01))
    assert windows_for(YANGXIN, hall.state, ticket) == [T01]
    hall.when(c.PauseWindow(at=at("9:01"), window=T01))
    assert windows_for(YANGXIN, hall.state, ticket) == [E01, T01]


def test_people_ahead_are_those_of_the_same_windows() -> None:
    """A tax ticket stands before a later company ticket at T01, an insurance ticket before neither. Company business
    is long and counts 5 minutes later, so a tax ticket of 9:05 still stands before the company ticket of 9:01."""
    hall = given(
        *MORNING,
        opened(T01),
        a_ticket("A001", "8:50"),
        a_ticket("C001", "8:55"),
        a_ticket("B001", "9:00"),
        a_ticket("B002", "9:01"),
        a_ticket("B003", "9:02", for_window=T01),
        a_ticket("B004", "9:03"),
        a_ticket("C002", "9:05"),
    )

    def ahead(number: str) -> int:
        return ahead_of(YANGXIN, hall.state, hall.state.tickets[id_of(number)])

    line = [t.number for t in line_of(YANGXIN, hall.state, T01, at("9:10"))]
    assert line == ["C001", "B001", "C002", "B002", "B003", "B004"]
    assert ahead("A001") == 0
    assert [ahead(number) for number in line] == [0, 1, 2, 3, 4, 5]


def test_a_reserved_ticket_is_not_ahead_of_those_who_go_elsewhere() -> None:
    """Whoever waits for S02 only does not stand before a ticket reserved for S01."""
    hall = given(
        *MORNING, a_ticket("A001", for_window=S02), a_ticket("A002", "9:01", for_window=S01), a_ticket("A003", "9:02")
    )
    tickets = {number: hall.state.tickets[id_of(number)] for number in ("A002", "A003")}
    assert ahead_of(YANGXIN, hall.state, tickets["A002"]) == 0
    assert ahead_of(YANGXIN, hall.state, tickets["A003"]) == 2


def test_people_ahead_while_no_window_is_open() -> None:
    """Before the clerks come, those of all its windows count; with nobody but helpers to come, its own line alone."""
    hall = given(day_opened(), *(a_ticket(f"B00{n}", f"9:0{n}") for n in range(1, 4)), a_ticket("A001", "8:40"))
    ahead = [ahead_of(YANGXIN, hall.state, hall.state.tickets[id_of(f"B00{n}")]) for n in range(1, 4)]
    assert ahead == [0, 1, 2]
    without = replace(YANGXIN, windows={S01: replace(YANGXIN.windows[S01], may_help=YANGXIN.windows[E01].services)})
    ahead = [ahead_of(without, hall.state, hall.state.tickets[id_of(f"B00{n}")]) for n in range(1, 4)]
    assert ahead == [0, 1, 2]


def test_people_ahead_where_no_window_takes_the_service() -> None:
    """Whoever was sent to a window that has closed stands in the line of the service, also while no window takes it."""
    hall = given(day_opened(), a_ticket("A001", for_window=S01), a_ticket("A002", "9:02"))
    nobody = replace(YANGXIN, windows={E01: YANGXIN.windows[E01]})
    assert windows_for(nobody, hall.state, hall.state.tickets[id_of("A002")]) == []
    assert ahead_of(nobody, hall.state, hall.state.tickets[id_of("A002")]) == 1


def test_a_window_calls_its_reserved_ticket_in_its_turn() -> None:
    """A reservation is a place at one window, no privilege: whoever came earlier is called first."""
    hall = given(*MORNING, a_ticket("A001"), a_ticket("A002", "9:01", for_window=S01))
    hall.when(c.CallNext(at=at("9:10"), window=S01)).then(called("A001"))
    assert INSURANCE in services_of(YANGXIN, hall.state, S02)
    hall.when(c.CallNext(at=at("9:10"), window=S02)).then()
