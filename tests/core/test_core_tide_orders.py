"""What people tell a window: by hand, until a moment, by timetable; and the words kept with every move."""

from dataclasses import replace

import pytest

from server.core import commands as c
from server.core import events as e
from server.core.model import MoveKind, Plan, ScheduledMove, TideMode, TideRules, Why, WindowId, WindowState, ZoneId
from server.core.tide_reasons import (
    why_assigned,
    why_closed,
    why_moved,
    why_opened,
    why_reverted,
    why_scheduled,
)
from server.core.tides import NOBODY_THERE
from tests.cast import COMPANY, INSURANCE, MEDICAL, S01, TAX, TIDAL_HALL, TS1, TS2, Day, at, day_opened

MONDAY, TUESDAY = 0, 1


def scheduled(window: str, zone: str, start: str, end: str, *days: int) -> ScheduledMove:
    """An entry of the timetable."""
    (start_h, start_min), (end_h, end_min) = (map(int, clock.split(":")) for clock in (start, end))
    span = start_h * 60 + start_min, end_h * 60 + end_min
    return ScheduledMove(WindowId(window), ZoneId(zone), frozenset(days or {MONDAY}), *span)


def hall(*windows: str, schedule: tuple[ScheduledMove, ...] = (), mode: TideMode = TideMode.AUTOMATIC) -> Day:
    """The tidal hall with some windows open and perhaps a timetable."""
    day = Day(day_opened(), plan=replace(TIDAL_HALL, tides=TideRules(mode=mode, schedule=schedule)))
    day.open(*windows)
    return day


def assigned(events: list[e.Event]) -> list[e.WindowAssigned]:
    """What windows were told."""
    return [x for x in events if isinstance(x, e.WindowAssigned)]


def assign(
    day: Day, clock: str, window: str, *services: str, zone: str | None = None, until: str | None = None
) -> list[e.Event]:
    """A supervisor tells a window."""
    until_at = None if until is None else at(until)
    return day.do(c.AssignWindow(at=at(clock), window=window, services=services, zone=zone, until=until_at))


# --- By hand --------------------------------------------------------------------------------------------------------------


def test_a_window_goes_where_it_is_told_and_comes_back_by_itself() -> None:
    """Until half past nine, once, also when the server restarts in between; both moves are on record."""
    day = hall(TS1)
    assign(day, "9:00", TS1, COMPANY, zone="enterprise", until="9:30")
    window = day.state.window(TS1)
    assert (window.zone, window.services, window.until) == ("enterprise", (COMPANY,), at("9:30"))
    assert assigned(day.watch_every(60, "9:00", "9:29")) == []
    day.restart()
    (back,) = assigned(day.watch_every(1, "9:29:50", "9:31"))
    assert (back.at, back.services, back.zone, back.until) == (at("9:30"), (), None, None)
    day.restart()
    assert assigned(day.watch_every(60, "9:31", "10:30")) == []
    window = day.state.window(TS1)
    assert (window.zone, window.services, window.until) == (None, None, None)
    assert [(m.kind, m.from_zone, m.to_zone) for m in day.state.moves] == [
        (MoveKind.MOVE, None, "enterprise"),
        (MoveKind.REVERT, "enterprise", None),
    ]
    assert len(window.moves) == 2


@pytest.mark.parametrize("until", ["9:00", "8:59", None])
def test_the_end_of_a_move_lies_ahead(until: str | None) -> None:
    """A moment that has passed is refused; none at all means until it is told otherwise."""
    day = hall(TS1)
    if until is None:
        assign(day, "9:00", TS1, COMPANY, zone="enterprise")
        assert assigned(day.watch_every(600, "9:00", "17:00")) == []
        return
    with pytest.raises(Exception, match="until_past"):
        assign(day, "9:00", TS1, COMPANY, zone="enterprise", until=until)


def test_where_it_was_told_to_be_it_stays() -> None:
    """Neither its own people nor others who have waited for an hour draw it away; nor are its calls counted as help."""
    for until in ("11:00", None):
        day = hall(TS1)
        assign(day, "9:00", TS1, COMPANY, zone="enterprise", until=until)
        day.take("9:00")
        day.take("9:00", TAX)
        assert day.call_next(TS1, "10:00") is None
        there = day.take("10:01", COMPANY)
        assert day.call_next(TS1, "10:02") == there
        assert (day.state.window(TS1).zone, day.state.helping_calls) == ("enterprise", 0)


def test_it_takes_all_it_was_told_to_take() -> None:
    """Services of two zones: both are its own wherever it is."""
    day = hall(TS1)
    assign(day, "9:00", TS1, TAX, COMPANY, zone="tax")
    company, tax = day.take("9:01", COMPANY), day.take("9:07", TAX)
    assert [day.call_next(TS1, "9:10"), day.call_next(TS1, "9:11")] == [company, tax]


def test_a_window_that_serves_goes_when_its_ticket_has_gone() -> None:
    """Nobody is moved in the middle of serving; the end counts from the order, not from the move."""
    day = hall(TS1)
    day.take("8:58")
    day.call_next(TS1, "8:59")
    assign(day, "9:00", TS1, COMPANY, zone="enterprise", until="9:30")
    window = day.state.window(TS1)
    assert (window.zone, window.services, window.until) == (None, None, None)
    assert window.pending is not None
    assert (window.pending.zone, window.pending.until) == ("enterprise", at("9:30"))
    assert day.state.moves == []
    day.restart()
    day.do(c.Finish(at=at("9:10"), window=TS1))
    window = day.state.window(TS1)
    assert (window.zone, window.until, window.pending) == ("enterprise", at("9:30"), None)
    assert [move.at for move in day.state.moves] == [at("9:10")]


@pytest.mark.parametrize("end", [c.Hold, c.MarkNoShow, c.Finish])
def test_however_the_ticket_goes_the_window_goes(end: type[c.AtWindow]) -> None:
    """Held, missed or finished."""
    day = hall(TS1)
    day.take("8:58")
    day.call_next(TS1, "8:59")
    assign(day, "9:00", TS1, COMPANY, zone="enterprise")
    day.do(end(at=at("9:01"), window=TS1))
    assert day.state.window(TS1).zone == "enterprise"


def test_one_key_that_finishes_and_calls_calls_for_the_new_zone() -> None:
    """F7 at a window with a pending move: the next citizen is one of where it goes, and it stays there."""
    day = hall(TS1)
    day.take("8:58")
    day.call_next(TS1, "8:59")
    there, _ = day.take("8:59", COMPANY), day.take("8:59")
    assign(day, "9:00", TS1, COMPANY, zone="enterprise", until="11:00")
    assert day.call_next(TS1, "9:05") == there
    assert (day.state.window(TS1).zone, day.state.window(TS1).services) == ("enterprise", (COMPANY,))
    assert [move.kind for move in day.state.moves] == [MoveKind.MOVE]
    assert day.call_next(TS1, "9:20") is None


def test_a_pending_move_can_be_taken_back() -> None:
    """The supervisor thought better of it before the ticket had gone."""
    day = hall(TS1)
    day.take("8:58")
    day.call_next(TS1, "8:59")
    assign(day, "9:00", TS1, COMPANY, zone="enterprise")
    assert assign(day, "9:00:30", TS1, COMPANY, zone="enterprise") == []
    assert len(assign(day, "9:01", TS1)) == 1
    assert assign(day, "9:01:30", TS1) == []
    day.do(c.Finish(at=at("9:05"), window=TS1))
    assert (day.state.window(TS1).zone, day.state.window(TS1).services) == (None, None)


def test_an_end_that_comes_while_serving_waits_for_the_ticket() -> None:
    """At 9:30 a citizen sits there: told once, done when the ticket has gone."""
    day = hall(TS1)
    assign(day, "9:00", TS1, COMPANY, zone="enterprise", until="9:30")
    day.take("9:20", COMPANY)
    day.call_next(TS1, "9:25")
    assert [x.at for x in assigned(day.watch_every(10, "9:29", "9:40"))] == [at("9:30")]
    assert day.state.window(TS1).zone == "enterprise"
    day.do(c.Finish(at=at("9:41"), window=TS1))
    assert (day.state.window(TS1).zone, day.state.window(TS1).until) == (None, None)
    assert assigned(day.watch_every(10, "9:41", "9:50")) == []


def test_a_move_that_began_after_its_end_ends_at_once() -> None:
    """Told until 9:05, serving until 9:10: it goes and comes back, and is not left there for ever."""
    day = hall(TS1)
    day.take("8:58")
    day.call_next(TS1, "8:59")
    assign(day, "9:00", TS1, COMPANY, zone="enterprise", until="9:05")
    assert assigned(day.watch_every(10, "9:00", "9:09")) == []
    day.do(c.Finish(at=at("9:10"), window=TS1))
    assert [x.services for x in assigned(day.watch_every(1, "9:10:01", "9:11"))] == [()]
    assert day.state.window(TS1).zone is None


def test_a_window_helping_elsewhere_can_be_brought_home() -> None:
    """It was not told to be there, yet a supervisor's word ends it."""
    day = hall(TS1)
    day.take("8:50", COMPANY)
    day.call_next(TS1, "8:55")
    day.do(c.Finish(at=at("8:56"), window=TS1))
    (back,) = assigned(assign(day, "9:00", TS1))
    assert back.why is not None
    assert back.why.en == "The supervisor sent window 21 back to Social Affairs"
    assert day.state.window(TS1).zone is None


def test_a_window_that_was_told_where_to_be_is_there_after_lunch() -> None:
    """Closed and opened again, by another clerk: zone, services and the reason stay until the end."""
    day = hall(TS1)
    assign(day, "9:00", TS1, COMPANY, zone="enterprise", until="16:00")
    told = day.state.window(TS1)
    day.do(c.CloseWindow(at=at("12:00"), window=TS1))
    day.do(c.OpenWindow(at=at("13:30"), window=TS1, clerk="another"))
    window = day.state.window(TS1)
    assert (window.zone, window.services, window.until, window.why) == (
        told.zone,
        told.services,
        told.until,
        told.why,
    )


# --- By timetable ---------------------------------------------------------------------------------------------------------

TO_TEN = scheduled(TS1, "enterprise", "9:00", "10:00")


def test_the_timetable_moves_a_window_once_and_brings_it_back_once() -> None:
    """At nine and at ten, also when the server restarts after each; in any mode, for this is people's own plan."""
    for mode in TideMode:
        day = hall(TS1, schedule=(TO_TEN,), mode=mode)
        assert assigned(day.watch_every(20, "8:50", "8:59:59")) == []
        (there,) = assigned(day.watch_every(20, "9:00", "9:10"))
        assert (there.at, there.services, there.zone, there.until) == (
            at("9:00"),
            (COMPANY,),
            "enterprise",
            at("10:00"),
        )
        day.restart()
        assert assigned(day.watch_every(20, "9:10", "9:59:59")) == []
        (back,) = assigned(day.watch_every(20, "10:00", "10:10"))
        assert (back.at, back.services, back.zone) == (at("10:00"), (), None)
        day.restart()
        assert assigned(day.watch_every(60, "10:10", "12:00")) == []
        assert [move.kind for move in day.state.moves] == [MoveKind.MOVE, MoveKind.REVERT]


def test_a_server_that_starts_late_still_follows_the_timetable() -> None:
    """At 9:40:15 it is moved for what is left of the hour, to the second."""
    day = hall(TS1, schedule=(TO_TEN,))
    (there,) = assigned(day.watch("9:40:15"))
    assert there.until == at("10:00")
    assert assigned(day.watch("9:40:16")) == []


def test_brought_home_early_it_is_not_sent_again() -> None:
    """The timetable spoke once; the supervisor spoke after it."""
    day = hall(TS1, schedule=(TO_TEN,))
    day.watch("9:00")
    assign(day, "9:20", TS1)
    assert assigned(day.watch_every(20, "9:20", "11:00")) == []
    assert day.state.window(TS1).zone is None


def test_a_busy_window_follows_the_timetable_when_its_ticket_has_gone() -> None:
    """And is back at ten, not an hour later."""
    day = hall(TS1, schedule=(TO_TEN,))
    day.take("8:58")
    day.call_next(TS1, "8:59")
    assert len(assigned(day.watch_every(20, "9:00", "9:10"))) == 1
    assert day.state.window(TS1).zone is None
    day.do(c.Finish(at=at("9:15"), window=TS1))
    assert (day.state.window(TS1).zone, day.state.window(TS1).until) == ("enterprise", at("10:00"))
    assert [x.at for x in assigned(day.watch_every(20, "9:15", "10:05"))] == [at("10:00")]


def test_one_entry_may_follow_another_without_a_gap() -> None:
    """At ten it is brought back and sent on in one look."""
    day = hall(TS1, schedule=(TO_TEN, scheduled(TS1, "tax", "10:00", "10:30")))
    day.watch_every(20, "9:00", "9:59:40")
    day.watch("10:00")
    assert (day.state.window(TS1).zone, day.state.window(TS1).until) == ("tax", at("10:30"))
    day.watch("10:30")
    assert day.state.window(TS1).zone is None


def test_the_timetable_knows_the_weekday() -> None:
    """An entry of Tuesdays moves nothing on a Monday."""
    day = hall(TS1, TS2, schedule=(replace(TO_TEN, days=frozenset({TUESDAY})),))
    assert assigned(day.watch_every(60, "8:30", "11:00")) == []


# --- In words -------------------------------------------------------------------------------------------------------------


def test_every_kind_of_move_says_why() -> None:
    """The exact sentences, in both languages, with the figures for managers; no minute is promised to anybody."""
    told = WindowState(TS1, until=at("9:30"))
    assert [
        why_opened(TIDAL_HALL, TS1, "social", 360, 0),
        why_opened(TIDAL_HALL, TS1, "social", 360, 1),
        why_opened(TIDAL_HALL, TS1, "enterprise", NOBODY_THERE, 0),
        why_moved(TIDAL_HALL, TS1, "enterprise", 480, 2),
        why_closed(TIDAL_HALL, TS1, 2400),
        why_assigned(TIDAL_HALL, TS1, "tax", at("9:30")),
        why_assigned(TIDAL_HALL, TS1, None, None),
        why_scheduled(TIDAL_HALL, TO_TEN),
        why_reverted(TIDAL_HALL, told, by_hand=False),
        why_reverted(TIDAL_HALL, told, by_hand=True),
    ] == [
        Why(
            zh="社会事务每个窗口积压约 6 分钟的业务，所以增开 21 号潮汐窗口",
            en="About 6 minutes of work wait per window in Social Affairs, so tidal window 21 opens",
            detail="social: pressure 360 s per open window",
        ),
        Why(
            zh="社会事务每个窗口积压约 6 分钟的业务，所以增开 21 号潮汐窗口，请安排人员到岗",
            en="About 6 minutes of work wait per window in Social Affairs, so tidal window 21 opens; "
            "please send a clerk there",
            detail="social: pressure 360 s per open window",
        ),
        Why(
            zh="企业事务有人等候而没有开放的窗口，所以增开 21 号潮汐窗口",
            en="People wait in Business and no window is open, so tidal window 21 opens",
            detail="enterprise: no open window",
        ),
        Why(
            zh="企业事务每个窗口积压约 8 分钟的业务，社会事务较空，所以 21 号窗口前去支援",
            en="About 8 minutes of work wait per window in Business while Social Affairs is quiet, so window 21 goes to help",
            detail="enterprise: pressure 480 s per open window",
        ),
        Why(
            zh="21 号潮汐窗口可服务的各区都已基本无人等候，转为待命",
            en="Hardly anybody waits in the zones that tidal window 21 serves, so it stands by",
            detail="idle, open for 2400 s, every zone it may help at or below 30 s",
        ),
        Why(
            zh="主管把 21 号窗口调到税务，到 09:30 为止",
            en="The supervisor moved window 21 to Tax until 09:30",
            detail="by hand",
        ),
        Why(
            zh="主管调整了 21 号窗口办理的业务",
            en="The supervisor changed what window 21 serves",
            detail="by hand",
        ),
        Why(
            zh="按排班，21 号窗口到 10:00 为止办理企业事务业务",
            en="By timetable window 21 serves Business until 10:00",
            detail="timetable 09:00-10:00",
        ),
        Why(
            zh="调整到时，21 号窗口恢复办理社会事务业务",
            en="Its time is up: window 21 is back at Social Affairs",
            detail="assigned until 09:30",
        ),
        Why(
            zh="主管让 21 号窗口恢复办理社会事务业务",
            en="The supervisor sent window 21 back to Social Affairs",
            detail="by hand",
        ),
    ]


def test_every_move_of_a_day_is_kept_with_its_reason() -> None:
    """Help, home, move, revert, open, close: nothing in the day's list is without words."""
    plan: Plan = replace(TIDAL_HALL, tides=TideRules(schedule=(scheduled(TS2, "enterprise", "14:00", "15:00"),)))
    day = Day(day_opened(), plan=plan)
    day.open(S01, TS1)
    day.standby(TS2)
    day.take("8:40", COMPANY)
    day.call_next(TS1, "8:45")
    day.take("8:50", MEDICAL)
    day.call_next(TS1, "8:55")
    day.do(c.Finish(at=at("8:56"), window=TS1))
    for _ in range(6):
        day.take("9:00", INSURANCE)
    day.watch_every(30, "9:00", "9:02")
    for window in (S01, TS1, TS2) * 2:
        day.call_next(window, "9:03")
    for window in (S01, TS1, TS2):
        day.do(c.Finish(at=at("9:10"), window=window))
    day.watch_every(60, "9:11", "15:10")
    assert {move.kind for move in day.state.moves} == set(MoveKind)
    for move in day.state.moves:
        assert move.why is not None
        assert move.why.zh
        assert move.why.en
        assert move.why.detail
    day.restart()
