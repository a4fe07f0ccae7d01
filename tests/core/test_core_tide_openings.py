"""Opening, closing and proposing: what the hall's own look after itself does with tidal windows, and what it leaves."""

from dataclasses import replace

import pytest

from server.core import commands as c
from server.core import events as e
from server.core.model import MoveKind, Plan, TideAction, TideMode, TideRules, WindowStatus
from server.core.refusals import Reason, Rejected
from server.core.tides import pressures
from tests.cast import (
    COMPANY,
    E01,
    INSURANCE,
    MEDICAL,
    S01,
    S02,
    T01,
    TAX,
    TIDAL_HALL,
    TS1,
    TS2,
    Day,
    at,
    day_opened,
)

NOBODY: tuple[str, ...] = ()


def with_tides(**rules: object) -> Plan:
    """The tidal hall under other rules."""
    return replace(TIDAL_HALL, tides=TideRules(**rules))  # type: ignore[arg-type]


def hall(*windows: str, standby: tuple[str, ...] = (TS1, TS2), plan: Plan = TIDAL_HALL) -> Day:
    """The tidal hall with some windows open and the clerks of others standing by."""
    day = Day(day_opened(), plan=plan)
    day.open(*windows)
    day.standby(*standby)
    return day


def pressed(day: Day, service: str = INSURANCE, people: int = 3, clock: str = "9:00") -> list[str]:
    """Many come at once."""
    return [day.take(clock, service) for _ in range(people)]


def openings(events: list[e.Event]) -> list[tuple[str, float]]:
    """Which windows the tide opened, and when."""
    return [(x.window, x.at) for x in events if isinstance(x, e.WindowOpened) and x.why is not None]


def proposals(events: list[e.Event]) -> list[e.TideProposed]:
    """What was proposed."""
    return [x for x in events if isinstance(x, e.TideProposed)]


# --- Opening ----------------------------------------------------------------------------------------------------------


def test_a_window_opens_when_the_pressure_has_lasted() -> None:
    """Half an hour of work for one window: noticed at once, acted on after a minute, with clerk and reason."""
    day = hall(S01)
    pressed(day)
    assert day.watch("9:00:10") == [e.PressureRose(at=at("9:00:10"), zone="social", pressure_s=1800.0)]
    assert day.watch_every(7, "9:00:11", "9:01:09") == []
    (opening,) = day.watch("9:01:10")
    assert isinstance(opening, e.WindowOpened)
    assert (opening.window, opening.clerk, opening.zone) == (TS2, "clerk of TS2", None)
    window = day.state.window(TS2)
    assert (window.status, window.standby, window.why) == (WindowStatus.OPEN, False, opening.why)
    (move,) = day.state.moves
    assert (move.kind, move.window, move.why) == (MoveKind.OPEN, TS2, opening.why)
    day.restart()


@pytest.mark.parametrize(("people", "pressure"), [(1, False), (2, True)])
def test_pressure_is_work_by_open_windows(people: int, pressure: bool) -> None:
    """Medical business of six minutes at two windows: one waiting makes three minutes for each, just as much as rises;
    at three windows it takes two."""
    for windows, rises in (((S01, S02), True), ((S01, S02, TS1), pressure)):
        day = hall(*windows, standby=NOBODY)
        pressed(day, MEDICAL, people)
        assert bool(day.watch("9:00:10")) == rises


def test_windows_that_are_away_do_not_count_and_guests_do() -> None:
    """The tidal window that went to 企业 is a window of 企业 for now."""
    day = hall(S01, TS1, standby=NOBODY)
    day.take("8:50", COMPANY)
    day.call_next(TS1, "8:55")
    pressed(day, people=1)
    pressed(day, COMPANY, 1)
    rises = {x.zone: x.pressure_s for x in day.watch("9:00:10") if isinstance(x, e.PressureRose)}
    assert rises == {"social": 600.0, "enterprise": 900.0}


def test_pressure_that_eased_in_between_begins_anew() -> None:
    """Two short peaks are not one long one."""
    day = hall(S01)
    numbers = pressed(day, people=1)
    day.watch("9:00:10")
    day.do(c.Cancel(at=at("9:00:30"), ticket=numbers[0]))
    assert day.watch("9:00:40") == [e.PressureEased(at=at("9:00:40"), zone="social")]
    pressed(day, people=1, clock="9:00:50")
    assert len(day.watch("9:01")) == 1
    assert day.watch("9:01:50") == []
    assert openings(day.watch("9:02")) == [(TS2, at("9:02"))]


def test_pressure_that_has_just_eased_opens_nothing() -> None:
    """At the very look that would have opened: one still waits, but two minutes of work for each are no pressure."""
    day = hall(S01, S02, TS1, standby=(TS2,))
    (given_up,) = pressed(day, people=1)
    pressed(day, MEDICAL, 1)
    assert len(day.watch("9:00:10")) == 1
    day.do(c.Cancel(at=at("9:01:05"), ticket=given_up))
    assert day.watch("9:01:30") == [e.PressureEased(at=at("9:01:30"), zone="social")]


def test_one_window_opens_at_a_time() -> None:
    """The next a minute after, if it is still needed: twelve people are."""
    day = hall(S01)
    pressed(day, people=12)
    found = openings(day.watch_every(1, "9:00", "9:05"))
    assert found == [(TS2, at("9:01")), (TS1, at("9:02"))]


def test_a_hall_may_open_more_slowly() -> None:
    """After three minutes of pressure, then one in ten minutes."""
    day = hall(S01, plan=with_tides(open_after_s=180.0, open_every_s=600.0))
    pressed(day, people=12)
    assert openings(day.watch_every(1, "9:00", "9:20")) == [(TS2, at("9:03")), (TS1, at("9:13"))]


def test_the_zone_under_most_pressure_is_first() -> None:
    """Company tickets without any window go before insurance tickets with one."""
    day = hall(S01, standby=(TS1,))
    pressed(day, people=2)
    pressed(day, COMPANY, 1)
    day.watch("9:00:10")
    (opening,) = day.watch("9:01:10")
    assert isinstance(opening, e.WindowOpened)
    assert (opening.zone, day.state.window(TS1).zone) == ("enterprise", "enterprise")
    assert day.call_next(TS1, "9:01:20") == "B001"


def test_a_window_is_not_opened_for_what_it_may_not_do() -> None:
    """潮2 knows no tax, though its clerk stands by; the empty seat of 潮1 is proposed instead."""
    day = hall(S01, standby=(TS2,))
    pressed(day, TAX)
    assert openings(day.watch_every(10, "9:00", "9:30")) == []
    assert [x.window for x in proposals(day.log)] == [TS1]


def test_a_closed_window_that_people_moved_is_not_opened_for_another_zone() -> None:
    """Given to 税务 for good, it would be no help to 企业."""
    day = hall(S01, standby=(TS1,))
    day.do(c.AssignWindow(at=at("8:40"), window=TS1, services=(TAX,), zone="tax"))
    pressed(day, COMPANY)
    assert openings(day.watch_every(10, "9:00", "9:30")) == []


# --- An empty seat, and a supervisor who decides ------------------------------------------------------------------------


def test_an_empty_seat_is_proposed_even_where_the_rules_act_alone() -> None:
    """No program fetches a clerk: it asks, once, and the hall goes on."""
    day = hall(S01, standby=NOBODY)
    pressed(day)
    (proposed,) = proposals(day.watch_every(5, "9:00", "9:10"))
    assert (proposed.action, proposed.window, proposed.zone) == ("open", TS2, "social")
    assert day.state.window(TS2).status is WindowStatus.CLOSED
    assert "please send a clerk there" in proposed.why.en
    assert "请安排人员到岗" in proposed.why.zh


def test_a_proposal_nobody_reads_does_not_keep_a_clerk_from_opening() -> None:
    """潮2's seat is empty and proposed; when 潮1's clerk stands by, his window opens at the next look."""
    day = hall(S01, standby=NOBODY)
    pressed(day)
    assert len(proposals(day.watch_every(5, "9:00", "9:10"))) == 1
    day.standby(TS1, clock="9:10")
    assert openings(day.watch("9:10:01")) == [(TS1, at("9:10:01"))]


def test_a_supervisor_may_wish_to_be_asked() -> None:
    """In the mode of proposals the same opening waits for a click, and the click does it with the same reason."""
    day = hall(S01, plan=with_tides(mode=TideMode.PROPOSE))
    pressed(day)
    (proposed,) = proposals(day.watch_every(1, "9:00", "9:05"))
    assert (proposed.tide, proposed.action, proposed.window) == ("T1", "open", TS2)
    assert proposed.at == at("9:01")
    settled, opening = day.do(c.AcceptTide(at=at("9:06"), tide="T1"))
    assert settled == e.TideSettled(at=at("9:06"), tide="T1", outcome="accepted")
    assert isinstance(opening, e.WindowOpened)
    assert (opening.window, opening.why, day.state.tides) == (TS2, proposed.why, {})


def test_a_move_is_no_longer_proposed_when_its_own_zone_is_the_busier() -> None:
    """A tidal window of social affairs is to help enterprise while they are quiet; then many come for them."""
    day = hall(S01, E01, TS1, TS2, standby=NOBODY, plan=with_tides(mode=TideMode.PROPOSE))
    pressed(day, COMPANY, people=4)
    asked = proposals(day.watch_every(5, "9:00", "9:05"))
    assert [(p.action, p.zone) for p in asked] == [("move", "enterprise")]
    pressed(day, people=40, clock="9:06")
    settled = [x for x in day.watch("9:06:05") if isinstance(x, e.TideSettled)]
    assert [(x.tide, x.outcome) for x in settled] == [(asked[0].tide, "lapsed")]


def test_one_window_is_not_proposed_for_two_zones() -> None:
    """Social affairs and enterprise are both pressed: each is offered a window of its own, or waits."""
    day = hall(S01, E01, plan=with_tides(mode=TideMode.PROPOSE))
    pressed(day)
    pressed(day, COMPANY, people=4)
    asked = proposals(day.watch_every(5, "9:00", "9:10"))
    assert sorted(proposal.zone for proposal in asked) == ["enterprise", "social"]
    assert len({proposal.window for proposal in asked}) == 2


@pytest.mark.parametrize("command", [c.AcceptTide, c.DismissTide])
def test_a_proposal_is_settled_once(command: type[c.AcceptTide] | type[c.DismissTide]) -> None:
    """What nobody proposed, or what is over, is refused."""
    day = hall(S01, plan=with_tides(mode=TideMode.PROPOSE))
    pressed(day)
    day.watch_every(1, "9:00", "9:05")
    with pytest.raises(Rejected) as refusal:
        day.do(command(at=at("9:06"), tide="T2"))
    assert (refusal.value.reason, refusal.value.fields) == (Reason.TIDE_UNKNOWN, {"tide": "T2"})
    day.do(command(at=at("9:06"), tide="T1"))
    with pytest.raises(Rejected) as refusal:
        day.do(command(at=at("9:07"), tide="T1"))
    assert refusal.value.reason is Reason.TIDE_UNKNOWN


def test_a_dismissed_proposal_is_not_made_again_for_a_quarter_of_an_hour() -> None:
    """Another window may be proposed meanwhile; the same one comes back under a new name, also after a restart."""
    day = hall(S01, plan=with_tides(mode=TideMode.PROPOSE))
    pressed(day)
    day.watch_every(1, "9:00", "9:05")
    day.do(c.DismissTide(at=at("9:05:30"), tide="T1"))
    (other,) = proposals(day.watch_every(5, "9:05:31", "9:06"))
    assert (other.tide, other.window) == ("T2", TS1)
    day.do(c.DismissTide(at=at("9:06"), tide="T2"))
    day.restart()
    assert proposals(day.watch_every(1, "9:06:01", "9:20:29")) == []
    (again,) = proposals(day.watch("9:20:30"))
    assert (again.tide, again.window) == ("T3", TS2)


def test_a_proposal_lapses_when_the_pressure_has_gone() -> None:
    """The card vanishes by itself."""
    day = hall(S01, plan=with_tides(mode=TideMode.PROPOSE))
    numbers = pressed(day, people=1)
    day.watch_every(5, "9:00", "9:02")
    assert set(day.state.tides) == {"T1"}
    day.do(c.Cancel(at=at("9:03"), ticket=numbers[0]))
    events = [*day.watch("9:03:01"), *day.watch("9:03:02")]
    assert events[-1] == e.TideSettled(at=at("9:03:02"), tide="T1", outcome="lapsed")
    assert day.state.tides == {}


def test_a_proposal_lapses_when_its_window_opens_otherwise() -> None:
    """The clerk came by himself."""
    day = hall(S01, plan=with_tides(mode=TideMode.PROPOSE))
    pressed(day, people=12)
    day.watch_every(5, "9:00", "9:02")
    day.open(TS2, clock="9:02:01")
    with pytest.raises(Rejected):
        day.do(c.AcceptTide(at=at("9:02:02"), tide="T1"))
    assert e.TideSettled(at=at("9:02:03"), tide="T1", outcome="lapsed") in day.watch("9:02:03")


def test_nothing_is_proposed_where_people_decide_alone() -> None:
    """In the manual mode the pressure is noted, and that is all."""
    day = hall(S01, TS1, standby=(TS2,), plan=with_tides(mode=TideMode.MANUAL))
    pressed(day, people=12)
    pressed(day, COMPANY, 12)
    day.watch_every(30, "9:00", "11:00")
    assert not any(isinstance(x, e.TideProposed | e.WindowAssigned) for x in day.log)
    assert openings(day.log) == []
    assert day.state.moves == []


def test_a_proposal_for_a_window_that_left_the_hall_file_is_refused_and_lapses() -> None:
    """The file was edited at noon and the server restarted."""
    day = hall(S01, plan=with_tides(mode=TideMode.PROPOSE))
    pressed(day)
    day.watch_every(5, "9:00", "9:02")
    windows = {name: window for name, window in day.plan.windows.items() if name != TS2}
    edited = Day(*day.log, plan=replace(day.plan, windows=windows))
    with pytest.raises(Rejected) as refusal:
        edited.do(c.AcceptTide(at=at("9:03"), tide="T1"))
    assert refusal.value.reason is Reason.TIDE_UNKNOWN
    assert e.TideSettled(at=at("9:03"), tide="T1", outcome="lapsed") in edited.watch("9:03")


# --- Moving, after a click ----------------------------------------------------------------------------------------------

PROPOSE = with_tides(mode=TideMode.PROPOSE, move_for_s=1800.0)
TWO_MOVES = with_tides(mode=TideMode.PROPOSE, move_for_s=1800.0, moves_per_hour=2)


def moved_hall() -> Day:
    """潮1 sits idle at home, 企业 is pressed: the move is proposed."""
    day = hall(S01, TS1, E01, standby=NOBODY, plan=PROPOSE)
    day.open(TS2)
    day.do(c.PauseWindow(at=at("8:31"), window=TS2))
    pressed(day, COMPANY, 3)
    day.watch_every(5, "9:00", "9:02")
    return day


def test_a_quiet_window_is_proposed_for_a_zone_under_pressure() -> None:
    """Once; the click moves it with everything it may do there, for the time the hall file says, then it is back."""
    day = moved_hall()
    (tide,) = day.state.tides.values()
    assert (tide.action, tide.window, tide.zone) == (TideAction.MOVE, TS1, "enterprise")
    _, assigned = day.do(c.AcceptTide(at=at("9:03"), tide=tide.id))
    assert assigned == e.WindowAssigned(
        at=at("9:03"), window=TS1, services=(COMPANY,), zone="enterprise", until=at("9:33"), why=tide.why
    )
    assert day.call_next(TS1, "9:03:10") == "B001"
    assert [event.helping for event in day.log if isinstance(event, e.TicketCalled)] == [False]
    day.do(c.Finish(at=at("9:20"), window=TS1))
    assert day.state.window(TS1).zone == "enterprise"
    assert [x for x in day.watch_every(60, "9:21", "9:32") if isinstance(x, e.WindowEvent)] == []
    (back,) = [x for x in day.watch_every(10, "9:33", "9:40") if isinstance(x, e.WindowEvent)]
    assert isinstance(back, e.WindowAssigned)
    assert (back.at, back.services, back.zone) == (at("9:33"), (), None)
    assert (day.state.window(TS1).zone, day.state.window(TS1).services) == (None, None)
    assert [move.kind for move in day.state.moves] == [MoveKind.MOVE, MoveKind.REVERT]


def test_a_window_that_serves_is_moved_when_its_ticket_has_gone() -> None:
    """Accepted in the middle of a service, it is not proposed again while it is pending, and it goes at the end."""
    day = moved_hall()
    own = day.take("9:02")
    assert day.call_next(TS1, "9:02:30") == own
    (tide,) = day.state.tides
    day.do(c.AcceptTide(at=at("9:03"), tide=tide))
    window = day.state.window(TS1)
    assert (window.zone, window.services, window.pending is not None) == (None, None, True)
    assert [x for x in proposals(day.watch_every(5, "9:03:01", "9:06")) if x.window == TS1] == []
    day.do(c.Finish(at=at("9:07"), window=TS1))
    window = day.state.window(TS1)
    assert (window.zone, window.services, window.pending) == ("enterprise", (COMPANY,), None)
    assert day.state.moves[-1].at == at("9:07")


def test_a_window_with_people_of_its_own_is_not_proposed() -> None:
    """Unless the other zone is worse off by as much as it takes to leave."""
    day = hall(TS1, S01, E01, standby=NOBODY, plan=PROPOSE)
    day.open(TS2)
    day.do(c.PauseWindow(at=at("8:31"), window=TS2))
    pressed(day, INSURANCE, 2)
    pressed(day, COMPANY, 1)
    assert [x for x in proposals(day.watch_every(5, "9:00", "9:02")) if x.action == "move"] == []
    pressed(day, COMPANY, 1, clock="9:03")
    (move,) = [x for x in proposals(day.watch_every(5, "9:03", "9:06")) if x.action == "move"]
    assert (move.window, move.zone) == (TS1, "enterprise")


def test_between_two_zones_equally_pressed_nothing_is_proposed() -> None:
    """Where a hall's numbers let a window leave for as much as waits at home, no move is proposed only to lapse at once."""
    careless = with_tides(mode=TideMode.PROPOSE, leave_for_s=0.0, close_pressure_s=600.0)
    day = hall(TS1, S01, E01, standby=NOBODY, plan=careless)
    day.open(TS2)
    for window in (S01, TS2):
        day.do(c.PauseWindow(at=at("8:31"), window=window))
    pressed(day, INSURANCE, 3)
    pressed(day, COMPANY, 2)
    told = pressures(day.plan, day.state)
    assert told["social"] == told["enterprise"] > 0
    assert proposals(day.watch_every(5, "9:00", "9:06")) == []


def test_a_clerk_who_has_moved_enough_is_not_proposed() -> None:
    """Out and home within the hour: the third move is nobody's to propose until the hour is over."""
    day = hall(TS1, S01, E01, standby=NOBODY, plan=TWO_MOVES)
    day.open(TS2)
    day.do(c.PauseWindow(at=at("8:31"), window=TS2))
    day.do(c.AssignWindow(at=at("8:40"), window=TS1, services=(COMPANY,), zone="enterprise"))
    day.do(c.AssignWindow(at=at("8:50"), window=TS1, services=()))
    pressed(day, COMPANY, 3)

    def moves(events: list[e.Event]) -> list[float]:
        return [x.at for x in proposals(events) if x.action == "move"]

    assert moves(day.watch_every(60, "9:00", "9:39")) == []
    assert moves(day.watch_every(60, "9:40", "9:45")) == [at("9:40")]


def test_a_move_cannot_be_accepted_for_a_window_that_left() -> None:
    """Its clerk closed it a second before the click."""
    day = moved_hall()
    (tide,) = day.state.tides
    day.do(c.CloseWindow(at=at("9:03"), window=TS1))
    with pytest.raises(Rejected) as refusal:
        day.do(c.AcceptTide(at=at("9:03"), tide=tide))
    assert refusal.value.reason is Reason.TIDE_UNKNOWN


# --- Closing ------------------------------------------------------------------------------------------------------------


def test_an_idle_window_closes_after_three_quarters_of_an_hour_with_its_clerk_at_hand() -> None:
    """Open for half an hour and idle for 45 minutes; it stands by, and the next pressure opens it again."""
    day = hall(S01, TS1, standby=NOBODY)
    assert day.watch_every(10, "8:30", "9:14:59") == []
    (closing,) = day.watch("9:15")
    assert isinstance(closing, e.WindowClosed)
    assert (closing.window, closing.standby, closing.clerk) == (TS1, True, "clerk of TS1")
    window = day.state.window(TS1)
    assert (window.status, window.standby, window.clerk) == (WindowStatus.CLOSED, True, "clerk of TS1")
    assert day.state.moves[-1].kind is MoveKind.CLOSE
    pressed(day, people=12, clock="9:15")
    assert (TS1, at("9:16")) in openings(day.watch_every(5, "9:15", "9:20"))


def test_it_closes_only_when_it_has_been_idle_for_long() -> None:
    """A citizen at 8:50 begins the 45 minutes anew."""
    day = hall(S01, TS1, standby=NOBODY)
    day.take("8:50")
    day.call_next(TS1, "8:50")
    day.do(c.Finish(at=at("8:55"), window=TS1))
    assert day.watch_every(30, "8:56", "9:39:30") == []
    assert [x.at for x in day.watch_every(30, "9:39:30", "9:50")] == [at("9:40")]


def test_it_does_not_close_while_a_zone_it_may_help_has_work() -> None:
    """More than half a minute for each window of 企业 keeps it open, though it has nothing to do itself."""
    day = hall(S01, TS1, E01, standby=NOBODY, plan=with_tides(help_after_s=3600.0))
    pressed(day, COMPANY, 1, clock="8:40")
    assert not any(isinstance(x, e.WindowClosed) for x in day.watch_every(10, "8:40", "9:30"))
    day.call_next(E01, "9:31")
    assert any(isinstance(x, e.WindowClosed) for x in day.watch_every(10, "9:31", "9:32"))


@pytest.mark.parametrize("windows", [(TS1,), (TS1, E01, T01)])
def test_the_last_window_of_a_zone_stays_open(windows: tuple[str, ...]) -> None:
    """However quiet it is: somebody may come."""
    day = hall(*windows, standby=NOBODY)
    assert not any(isinstance(x, e.WindowClosed | e.TideProposed) for x in day.watch_every(60, "8:30", "11:00"))


def test_a_window_that_is_away_does_not_count_as_staying() -> None:
    """潮2 helps in 企业, so 潮1 is the last at home; and 潮2 is the last in 企业."""
    day = hall(TS1, TS2, standby=NOBODY)
    day.take("8:30", COMPANY)
    day.call_next(TS2, "8:35")
    day.do(c.Finish(at=at("8:36"), window=TS2))
    assert not any(isinstance(x, e.WindowClosed) for x in day.watch_every(60, "8:36", "10:00"))
    day.open(S01, clock="10:00")
    assert [x.window for x in day.watch("10:01") if isinstance(x, e.WindowClosed)] == [TS1]


def test_closing_is_proposed_where_a_supervisor_decides() -> None:
    """And a stale click closes nothing: the window has a citizen, or its clerk has left."""
    day = hall(S01, TS1, standby=NOBODY, plan=with_tides(mode=TideMode.PROPOSE))
    (proposed,) = proposals(day.watch_every(60, "8:30", "9:20"))
    assert (proposed.action, proposed.window) == ("close", TS1)
    own = day.take("9:20")
    day.call_next(TS1, "9:20")
    with pytest.raises(Rejected) as refusal:
        day.do(c.AcceptTide(at=at("9:20"), tide=proposed.tide))
    assert (refusal.value.reason, refusal.value.fields["ticket"]) == (Reason.WINDOW_BUSY, own)
    day.do(c.Finish(at=at("9:21"), window=TS1))
    day.do(c.CloseWindow(at=at("9:21"), window=TS1))
    with pytest.raises(Rejected) as refusal:
        day.do(c.AcceptTide(at=at("9:21"), tide=proposed.tide))
    assert refusal.value.reason is Reason.TIDE_UNKNOWN
    assert day.state.window(TS1).standby is False


def test_an_accepted_closing_stands_by() -> None:
    """The click closes it with the same reason."""
    day = hall(S01, TS1, standby=NOBODY, plan=with_tides(mode=TideMode.PROPOSE))
    (proposed,) = proposals(day.watch_every(60, "8:30", "9:20"))
    _, closing = day.do(c.AcceptTide(at=at("9:20"), tide=proposed.tide))
    assert isinstance(closing, e.WindowClosed)
    assert (closing.standby, closing.why, day.state.window(TS1).standby) == (True, proposed.why, True)


def test_a_window_told_where_to_be_is_not_closed() -> None:
    """A supervisor's word until eleven stands until eleven."""
    day = hall(S01, TS1, standby=NOBODY)
    day.do(c.AssignWindow(at=at("8:31"), window=TS1, services=(COMPANY,), zone="enterprise", until=at("11:00")))
    assert not any(isinstance(x, e.WindowClosed) for x in day.watch_every(60, "8:31", "10:59"))


# --- Standing by --------------------------------------------------------------------------------------------------------


def test_whoever_stands_by_is_known_and_may_open_or_leave() -> None:
    """A keypad knows no clerk: the one who was there stands by. Opening or leaving ends it."""
    day = hall(S01, TS1, standby=NOBODY)
    day.do(c.CloseWindow(at=at("9:00"), window=TS1, standby=True))
    assert (day.state.window(TS1).standby, day.state.window(TS1).clerk) == (True, "clerk of TS1")
    assert day.do(c.CloseWindow(at=at("9:01"), window=TS1, standby=True)) == []
    day.do(c.CloseWindow(at=at("9:02"), window=TS1))
    assert (day.state.window(TS1).standby, day.state.window(TS1).clerk) == (False, None)
    day.standby(TS1, clock="9:03")
    day.open(TS1, clock="9:04")
    assert (day.state.window(TS1).standby, day.state.window(TS1).status) == (False, WindowStatus.OPEN)
