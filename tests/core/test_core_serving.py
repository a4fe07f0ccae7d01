"""At the window: calling, recalling, holding, missing, transferring, finishing."""

from dataclasses import replace

import pytest

from server.core import commands as c
from server.core import events as e
from server.core.model import Rules, TicketState
from server.core.refusals import Reason
from tests.cast import (
    COMPANY,
    E01,
    INSURANCE,
    MEDICAL,
    MORNING,
    S01,
    S02,
    STORY_OF,
    T01,
    TAX,
    YANGXIN,
    ZHAO,
    Day,
    a_ticket,
    at,
    called,
    closed,
    finished,
    given,
    held,
    id_of,
    missed,
    opened,
    paused,
    started,
    transferred,
)

SERVING = STORY_OF[TicketState.SERVING]


def test_the_first_to_come_is_called_first() -> None:
    """Within a service the order is that of the tickets."""
    hall = given(*MORNING, a_ticket("A001"), a_ticket("A002", "9:01"))
    hall.when(c.CallNext(at=at("9:10"), window=S01)).then(called("A001"))
    hall.when(c.CallNext(at=at("9:10"), window=S02)).then(called("A002", S02))


def test_one_ticket_never_goes_to_two_windows() -> None:
    """The second window that calls gets nobody."""
    hall = given(*MORNING, a_ticket("A001"))
    hall.when(c.CallNext(at=at("9:10"), window=S01)).then(called("A001"))
    hall.when(c.CallNext(at=at("9:10"), window=S02)).then()


def test_a_busy_window_calls_nobody() -> None:
    """A window serves one ticket; the refusal names it."""
    hall = given(*MORNING, *SERVING, a_ticket("A002"))
    for command in (
        c.CallNext(at=at("9:15"), window=S01),
        c.CallTicket(at=at("9:15"), window=S01, ticket="A002"),
        c.CloseWindow(at=at("9:15"), window=S01),
    ):
        assert hall.when(command).refused(Reason.WINDOW_BUSY).fields == {"window": S01, "ticket": "A001"}


@pytest.mark.parametrize("state", [TicketState.CALLED, TicketState.SERVING])
def test_one_key_finishes_and_calls(state: TicketState) -> None:
    """F7 and the keypads finish the ticket at the window and call the next in one step."""
    hall = given(*MORNING, *STORY_OF[state], a_ticket("A002"))
    after = hall.when(c.CallNext(at=at("9:20"), window=S01, finish_current=True)).then(
        finished("A001"), called("A002", clock="9:20")
    )
    assert after.window(S01).ticket == id_of("A002")
    assert after.window(S01).done == 1


def test_one_key_with_nobody_waiting_only_finishes() -> None:
    """The last citizen is finished and the window is idle from then."""
    after = (
        given(*MORNING, *SERVING)
        .when(c.CallNext(at=at("9:20"), window=S01, finish_current=True))
        .then(finished("A001"))
    )
    assert (after.window(S01).ticket, after.window(S01).idle_since) == (None, at("9:20"))


@pytest.mark.parametrize(
    ("window", "past", "reason"),
    [
        (E01, (), Reason.WINDOW_CLOSED),
        (S01, (paused(S01),), Reason.WINDOW_PAUSED),
        (S01, (closed(S01),), Reason.WINDOW_CLOSED),
        ("S99", (), Reason.WINDOW_UNKNOWN),
    ],
)
def test_only_an_open_window_calls(window: str, past: tuple[e.Event, ...], reason: Reason) -> None:
    """Closed, paused and unknown windows are told so, by the button, by hand and for a ticket on hold."""
    hall = given(*MORNING, *STORY_OF[TicketState.HELD], a_ticket("A002"), *past)
    for command in (
        c.CallNext(at=at("9:20"), window=window),
        c.CallTicket(at=at("9:20"), window=window, ticket="A002"),
        c.Resume(at=at("9:20"), window=window, ticket="A001"),
    ):
        hall.when(command).refused(reason)


def test_a_window_calls_only_what_it_serves() -> None:
    """A ticket of another service is neither next here nor to be had by hand."""
    hall = given(*MORNING, a_ticket("B001"))
    hall.when(c.CallNext(at=at("9:10"), window=S01)).then()
    refusal = hall.when(c.CallTicket(at=at("9:10"), window=S01, ticket="B001")).refused(Reason.NOT_SERVED_HERE)
    assert refusal.fields == {"ticket": "B001", "window": S01}


def test_a_ticket_may_be_called_by_hand_out_of_order() -> None:
    """The clerk's word counts, and is on record as such."""
    hall = given(*MORNING, a_ticket("A001"), a_ticket("A002"))
    events = hall.when(c.CallTicket(at=at("9:10"), window=S01, ticket="A002")).then(
        replace(called("A002"), by_hand=True)
    )
    assert events.window(S01).ticket == id_of("A002")


def test_a_call_may_be_repeated_five_times() -> None:
    """After the limit the clerk has to decide; each repetition is an announcement of its own."""
    hall = given(*MORNING, *STORY_OF[TicketState.CALLED])
    for _ in range(5):
        hall.when(c.Recall(at=at("9:12"), window=S01)).then(
            e.TicketRecalled(at=at("9:12"), ticket=id_of("A001"), window=S01)
        )
    refusal = hall.when(c.Recall(at=at("9:12"), window=S01)).refused(Reason.RECALL_LIMIT)
    assert refusal.fields == {"ticket": "A001", "limit": 5}
    assert [x.kind for x in hall.state.calls] == ["call"] + ["recall"] * 5
    assert [x.call for x in hall.state.calls] == [1, 2, 3, 4, 5, 6]


def test_a_hall_may_allow_no_recall() -> None:
    """The limit is the hall file's."""
    strict = replace(YANGXIN, rules=Rules(recall_limit=0))
    given(*MORNING, *STORY_OF[TicketState.CALLED], plan=strict).when(c.Recall(at=at("9:12"), window=S01)).refused(
        Reason.RECALL_LIMIT
    )


@pytest.mark.parametrize("again", [TicketState.HELD, TicketState.NO_SHOW])
def test_a_new_call_may_be_repeated_anew(again: TicketState) -> None:
    """Back from hold, or called again after a miss, the recalls count from nothing."""
    past = list(STORY_OF[again])
    past.insert(2, e.TicketRecalled(at=at("9:11"), ticket=id_of("A001"), window=S01))
    hall = given(*MORNING, *past)
    assert hall.state.tickets[id_of("A001")].recalls == 1
    back = c.Resume if again is TicketState.HELD else c.CallTicket
    hall.when(back(at=at("9:30"), window=S01, ticket="A001"))
    assert hall.state.tickets[id_of("A001")].recalls == 0
    assert hall.state.tickets[id_of("A001")].calls == 2


def test_a_called_ticket_may_be_finished_without_start() -> None:
    """Clerks who never press start still finish; the call is then where the service began."""
    state = given(*MORNING, *STORY_OF[TicketState.CALLED]).when(c.Finish(at=at("9:20"), window=S01, outcome="ok"))
    state.then(finished("A001", outcome="ok"))
    assert (state.ticket().outcome, state.ticket().started_at, state.ticket().finished_at) == ("ok", None, at("9:20"))


def test_hold_frees_the_window_and_the_line_goes_on() -> None:
    """A citizen who goes to copy a paper blocks nobody; time served so far is kept."""
    hall = given(*MORNING, *SERVING, a_ticket("A002", "9:05"))
    state = hall.when(c.Hold(at=at("9:15"), window=S01)).then(held("A001"))
    assert state.window(S01).idle_since == at("9:15")
    assert state.tickets[id_of("A001")].served_s == 4 * 60
    hall.when(c.CallNext(at=at("9:16"), window=S01)).then(called("A002", clock="9:16"))


@pytest.mark.parametrize("window", [S01, S02])
def test_a_held_ticket_comes_straight_back(window: str) -> None:
    """To its own window or another that serves it, past everybody waiting, and it is announced."""
    hall = given(*MORNING, *STORY_OF[TicketState.HELD], a_ticket("A002", "8:50"))
    hall.when(c.Resume(at=at("9:30"), window=window, ticket="A001"))
    ticket = hall.state.tickets[id_of("A001")]
    assert (ticket.state, ticket.window, ticket.held_at, ticket.called_at) == (
        TicketState.CALLED, window, None, at("9:30"),
    )  # fmt: skip
    assert ticket.first_called_at == at("9:10")
    assert hall.state.calls[-1].kind == "resume"
    assert hall.state.window(window).ticket == id_of("A001")


def test_a_held_ticket_goes_to_no_window_that_does_not_serve_it() -> None:
    """The tax window cannot take up an insurance ticket."""
    given(*MORNING, opened(T01, ZHAO), *STORY_OF[TicketState.HELD]).when(
        c.Resume(at=at("9:30"), window=T01, ticket="A001")
    ).refused(Reason.NOT_SERVED_HERE)


def test_a_busy_window_resumes_nobody() -> None:
    """One ticket a window, also for those who come back."""
    hall = given(*MORNING, *STORY_OF[TicketState.HELD], a_ticket("A002"), called("A002", clock="9:20"))
    hall.when(c.Resume(at=at("9:30"), window=S01, ticket="A001")).refused(Reason.WINDOW_BUSY)


def test_its_own_window_may_resume_a_ticket_after_being_moved() -> None:
    """Assigned to other services meanwhile, the window still owes this citizen the end of the visit."""
    moved = e.WindowAssigned(at=at("9:20"), window=S01, services=(TAX,))
    hall = given(*MORNING, *STORY_OF[TicketState.HELD], moved)
    assert hall.when(c.Resume(at=at("9:30"), window=S01, ticket="A001")).ticket().state is TicketState.CALLED


# --- Missed -----------------------------------------------------------------------------------------------------------

LINE = tuple(a_ticket(f"A00{n}", f"9:0{n}") for n in range(2, 7))


def test_a_miss_taken_back_at_once_costs_nothing() -> None:
    """Within a minute the ticket has its old place."""
    hall = given(*MORNING, *STORY_OF[TicketState.NO_SHOW], *LINE)
    hall.when(c.Reinstate(at=at("9:16"), window=S01, ticket="A001")).then(
        e.TicketReinstated(at=at("9:16"), ticket=id_of("A001"), window=S01, credited_at=at("9:00"), new_entry=False)
    )
    hall.when(c.CallNext(at=at("9:17"), window=S01)).then(called("A001", clock="9:17"))


def test_a_place_kept_is_kept_among_those_of_the_same_second() -> None:
    """Three taken in one second: taken back at once, the first is the first again and not the last."""
    day = Day(*MORNING, *(a_ticket(f"A00{n}", "9:00") for n in range(1, 4)))
    assert day.call_next(S01, "9:10") == "A001"
    day.do(c.MarkNoShow(at=at("9:11"), window=S01))
    day.do(c.Reinstate(at=at("9:11:30"), window=S01, ticket="A001"))
    assert day.line(S01) == ["A001", "A002", "A003"]


def order_after_reinstating(at_clock: str, *line: e.Event, rules: Rules | None = None) -> list[str]:
    """The numbers S01 then calls."""
    day = Day(*MORNING, *STORY_OF[TicketState.NO_SHOW], *line, plan=replace(YANGXIN, rules=rules or Rules()))
    day.do(c.Reinstate(at=at(at_clock), window=S01, ticket="A001"))
    return day.line(S01)


def test_a_late_comer_waits_behind_three() -> None:
    """After the minute a missed ticket re-enters after three persons of its service."""
    assert order_after_reinstating("9:16:01", *LINE) == ["A002", "A003", "A004", "A001", "A005", "A006"]


def test_a_late_comer_with_fewer_waiting_goes_to_the_end() -> None:
    """Two are waiting: the missed ticket is third, and before whoever comes after."""
    assert order_after_reinstating("9:20", *LINE[:2]) == ["A002", "A003", "A001"]
    day = Day(*MORNING, *STORY_OF[TicketState.NO_SHOW], *LINE[:2])
    day.do(c.Reinstate(at=at("9:20"), window=S01, ticket="A001"))
    day.take("9:20")
    assert day.line(S01)[:3] == ["A002", "A003", "A001"]


@pytest.mark.parametrize(
    ("after", "order"),
    [
        (0, ["A001", "A002", "A003", "A004", "A005", "A006"]),
        (1, ["A002", "A001", "A003", "A004", "A005", "A006"]),
        (5, ["A002", "A003", "A004", "A005", "A006", "A001"]),
    ],
)
def test_after_how_many_is_the_halls_choice(after: int, order: list[str]) -> None:
    """The number of persons comes from the hall file."""
    assert order_after_reinstating("9:30", *LINE, rules=Rules(reenter_after=after)) == order


def test_the_place_of_a_late_comer_is_behind_those_of_the_same_moment() -> None:
    """Where several came in the same second the missed ticket is behind them all, never among them."""
    same = [replace(x, at=at("9:03"), credited_at=at("9:03")) for x in LINE]
    assert order_after_reinstating("9:30", *same)[-1] == "A001"


def test_others_of_the_window_do_not_count_as_the_three() -> None:
    """Three persons of its own service: tickets of another service at the same window are not among them."""
    other = [a_ticket(f"A01{n}", "8:59", MEDICAL) for n in range(3)]
    order = order_after_reinstating("9:30", *other, *LINE)
    assert order.index("A001") == order.index("A004") + 1


def test_a_missed_citizen_at_the_window_may_be_called_by_hand() -> None:
    """No need to queue again when the clerk sees them standing there; the ticket has not ended then."""
    hall = given(*MORNING, *STORY_OF[TicketState.NO_SHOW], *LINE)
    ticket = hall.when(c.CallTicket(at=at("9:30"), window=S01, ticket="A001")).ticket()
    assert (ticket.state, ticket.finished_at, ticket.missed_at) == (TicketState.CALLED, None, None)
    assert ticket.first_called_at == at("9:10")


@pytest.mark.parametrize("back", [c.Reinstate, c.CallTicket])
def test_a_ticket_missed_long_ago_is_void_where_the_hall_says_so(back: type[c.Reinstate | c.CallTicket]) -> None:
    """After the hall's minutes a missed ticket neither waits again nor is called by hand; to the minute it still may."""
    hall = given(
        *MORNING, *STORY_OF[TicketState.NO_SHOW], *LINE, plan=replace(YANGXIN, rules=Rules(void_after_s=20 * 60))
    )
    missed_at = hall.state.tickets[id_of("A001")].missed_at
    assert missed_at is not None
    hall.when(back(at=missed_at + 20 * 60 + 1, window=S01, ticket="A001")).refused(Reason.TICKET_VOID)
    in_time = hall.when(back(at=missed_at + 20 * 60, window=S01, ticket="A001")).ticket()
    assert in_time.state in (TicketState.WAITING, TicketState.CALLED)


# --- Transfer ---------------------------------------------------------------------------------------------------------


def test_a_transfer_keeps_number_and_time_waited() -> None:
    """Sent to another service the ticket has its number and its place by the time it was taken."""
    hall = given(*MORNING, opened(T01, ZHAO), *SERVING, a_ticket("C001", "9:05"))
    state = hall.when(c.Transfer(at=at("9:15"), window=S01, to_service=TAX)).then(transferred("A001", TAX))
    ticket = state.tickets[id_of("A001")]
    assert (ticket.number, ticket.service, ticket.zone, ticket.issued_at) == ("A001", TAX, "tax", at("9:00"))
    assert (ticket.served_s, ticket.transfers, ticket.window) == (4 * 60, 1, None)
    assert state.window(S01).ticket is None
    hall.when(c.CallNext(at=at("9:16"), window=T01)).then(called("A001", T01, "9:16"))
    assert ticket.first_called_at == at("9:10")


def test_a_transfer_to_a_window_goes_to_that_window_even_outside_its_services() -> None:
    """The clerk knows better than the plan; the others do not get it."""
    hall = given(*MORNING, opened(T01, ZHAO), *SERVING)
    hall.when(c.Transfer(at=at("9:15"), window=S01, to_window=T01)).then(transferred("A001", INSURANCE, to=T01))
    hall.when(c.CallNext(at=at("9:16"), window=S01)).then()
    hall.when(c.CallNext(at=at("9:16"), window=T01)).then(called("A001", T01, "9:16"))


def test_a_ticket_sent_to_a_window_comes_back_when_that_window_closes() -> None:
    """It then belongs to its service again."""
    hall = given(*MORNING, opened(T01, ZHAO), *SERVING, transferred("A001", INSURANCE, to=T01), closed(T01, "9:20"))
    hall.when(c.CallNext(at=at("9:21"), window=S02)).then(called("A001", S02, "9:21"))


def test_a_ticket_sent_to_a_window_waits_out_its_pause() -> None:
    """A pause is short: the reservation stays."""
    hall = given(*MORNING, opened(T01, ZHAO), *SERVING, transferred("A001", INSURANCE, to=T01), paused(T01, "9:20"))
    hall.when(c.CallNext(at=at("9:21"), window=S02)).then()


def test_the_window_may_give_a_ticket_back_to_its_service() -> None:
    """Sent here by mistake: the clerk sends it back to all the windows of its own service."""
    hall = given(
        *MORNING, opened(T01, ZHAO), *SERVING, transferred("A001", INSURANCE, to=T01), called("A001", T01, "9:20")
    )
    hall.when(c.Transfer(at=at("9:21"), window=T01, to_service=INSURANCE)).then(
        transferred("A001", INSURANCE, T01, "9:21")
    )
    hall.when(c.CallNext(at=at("9:22"), window=S02)).then(called("A001", S02, "9:22"))


def test_a_transferred_ticket_keeps_its_place_among_those_of_the_same_second() -> None:
    """Sent to a window and back, the first of three taken in one second is still the first."""
    day = Day(*MORNING, *(a_ticket(f"A00{n}", "9:00") for n in range(1, 4)))
    assert day.call_next(S01, "9:10") == "A001"
    day.do(c.Transfer(at=at("9:11"), window=S01, to_window=S02))
    assert day.line(S02) == ["A001", "A002", "A003"]


def test_a_penalty_for_missing_ends_with_the_call() -> None:
    """A late comer who was served and sent on counts by the time the ticket was taken."""
    day = Day(*MORNING, opened(T01, ZHAO), *STORY_OF[TicketState.NO_SHOW])
    day.do(c.Reinstate(at=at("9:30"), window=S01, ticket="A001"))
    assert day.state.tickets[id_of("A001")].credited_at == at("9:30")
    day.call_next(S01, "9:31")
    day.do(c.Transfer(at=at("9:32"), window=S01, to_service=TAX))
    assert day.state.tickets[id_of("A001")].credited_at == at("9:00")


def test_a_priority_credit_survives_a_transfer() -> None:
    """The credit is computed again from the time the ticket was taken: 45 minutes less 5 for long business."""
    day = Day(*MORNING, a_ticket("A001", "9:30", group="elder"), called("A001", clock="9:31"))
    day.do(c.Transfer(at=at("9:35"), window=S01, to_service=COMPANY))
    assert day.state.tickets[id_of("A001")].credited_at == at("8:50")


@pytest.mark.parametrize(
    ("to", "reason"),
    [
        ({"to_service": INSURANCE}, Reason.SAME_TARGET),
        ({"to_window": S01}, Reason.SAME_TARGET),
        ({"to_service": "fishing"}, Reason.SERVICE_UNKNOWN),
        ({}, Reason.SERVICE_UNKNOWN),
        ({"to_window": E01}, Reason.WINDOW_CLOSED),
        ({"to_window": "S99"}, Reason.WINDOW_UNKNOWN),
    ],
)
def test_a_transfer_to_nowhere_is_refused(to: dict[str, str], reason: Reason) -> None:
    """The ticket stays at its window."""
    given(*MORNING, *SERVING).when(c.Transfer(at=at("9:15"), window=S01, **to)).refused(reason)


def test_a_ticket_of_a_dropped_service_can_still_be_sent_to_a_window() -> None:
    """The hall file was edited at noon and the server restarted: the citizen at the window is not stuck."""
    shrunk = replace(YANGXIN, services={k: v for k, v in YANGXIN.services.items() if k != INSURANCE})
    given(*MORNING, *SERVING, plan=shrunk).when(c.Transfer(at=at("9:15"), window=S01, to_window=S02)).then(
        transferred("A001", INSURANCE, to=S02)
    )


# --- Cancel, rate -----------------------------------------------------------------------------------------------------


def test_a_called_citizen_who_gives_up_frees_the_window() -> None:
    """The clerk can call the next at once."""
    hall = given(*MORNING, *STORY_OF[TicketState.CALLED], a_ticket("A002"))
    state = hall.when(c.Cancel(at=at("9:12"), ticket="A001", reason="citizen")).state
    assert (state.window(S01).ticket, state.window(S01).idle_since) == (None, at("9:12"))
    hall.when(c.CallNext(at=at("9:13"), window=S01)).then(called("A002", clock="9:13"))


def test_a_held_citizen_who_gives_up_leaves_the_window_its_ticket() -> None:
    """The window has gone on to somebody else, who stays there."""
    hall = given(*MORNING, *STORY_OF[TicketState.HELD], a_ticket("A002"), called("A002", clock="9:20"))
    assert hall.when(c.Cancel(at=at("9:25"), ticket="A001")).state.window(S01).ticket == id_of("A002")


def test_a_cancelled_ticket_is_not_called() -> None:
    """Whoever gave up has left the line."""
    hall = given(*MORNING, *STORY_OF[TicketState.CANCELLED], a_ticket("A002"))
    hall.when(c.CallNext(at=at("9:20"), window=S01)).then(called("A002", clock="9:20"))


def test_one_visit_is_rated_once() -> None:
    """The first rating stands."""
    hall = given(*MORNING, *STORY_OF[TicketState.DONE])
    hall.when(c.Rate(at=at("9:21"), ticket="A001", level=3)).then(
        e.TicketRated(at=at("9:21"), ticket=id_of("A001"), level=3, number="A001", day="2026-11-23")
    )
    hall.when(c.Rate(at=at("9:22"), ticket="A001", level=5)).refused(Reason.ALREADY_RATED)
    assert hall.state.tickets[id_of("A001")].rating == 3


@pytest.mark.parametrize("level", [0, 6])
def test_there_is_no_sixth_level(level: int) -> None:
    """Five levels; anything else is a fault of the caller, not a rating."""
    with pytest.raises(AssertionError):
        given(*MORNING, *STORY_OF[TicketState.DONE]).when(c.Rate(at=at("9:21"), ticket="A001", level=level))


def test_a_priority_ticket_passes_those_within_its_credit_only() -> None:
    """45 minutes are 45 minutes: who came 46 minutes before the elder is called first."""
    day = Day(*MORNING, a_ticket("A001", "8:37"), a_ticket("A002", "8:38"), a_ticket("A003", "8:39"))
    day.do(c.Issue(at=at("9:23"), ticket="elder", service=INSURANCE, group="elder"))
    assert day.line(S01) == ["A001", "A002", "A004", "A003"]


def test_a_window_of_two_services_calls_by_time_and_not_by_service() -> None:
    """Tax and company tickets at T01 come in the order of the times they count as: company 5 minutes later."""
    day = Day(*MORNING, opened(T01, ZHAO), a_ticket("B001", "9:00"), a_ticket("C001", "9:06"), a_ticket("B002", "9:02"))
    assert day.line(T01) == ["B001", "C001", "B002"]


def test_missed_keeps_the_window_idle_and_the_time() -> None:
    """A miss frees the window; the ticket remembers when."""
    state = (
        given(*MORNING, *STORY_OF[TicketState.CALLED])
        .when(c.MarkNoShow(at=at("9:15"), window=S01))
        .then(missed("A001"))
    )
    assert state.window(S01).idle_since == at("9:15")
    assert state.tickets[id_of("A001")].missed_at == at("9:15")


def test_start_is_kept() -> None:
    """The walk ends when the clerk presses start."""
    hall = given(*MORNING, *STORY_OF[TicketState.CALLED])
    hall.when(c.Start(at=at("9:11"), window=S01)).then(started("A001"))
    assert hall.state.tickets[id_of("A001")].started_at == at("9:11")
