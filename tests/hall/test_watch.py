"""The hall looks after itself every second: what time alone brings about is logged, once, as the system's doing."""

from dataclasses import replace
from typing import Any

import pytest

from server.core import commands as c
from server.core import events as e
from server.core.model import ServiceId, TideRules, Window, WindowId, WindowStatus, ZoneId
from server.log.records import StorageTrouble


def logged(house: Any, kind: type[e.Event]) -> list[Any]:
    """The records of one type of event, oldest first."""
    return [recorded for recorded in house.logs[-1].read() if isinstance(recorded.event, kind)]


def commands_kept(house: Any) -> int:
    """How many commands have an answer in the file."""
    return int(house.logs[-1].database.conn.execute("SELECT count(*) FROM commands").fetchone()[0])


def tick_every(desk: Any, clock: Any, step_s: float, times: int) -> None:
    """Time passes and the hall looks up."""
    for _ in range(times):
        clock.at += step_s
        desk.hall.tick()


@pytest.fixture
def tidal(house: Any, plan: Any) -> Any:
    """A house with a tidal window T1 of social that may help business; acts by itself."""
    tide = Window(WindowId("T1"), 21, ZoneId("social"), (ServiceId("insurance"),), (ServiceId("licence"),), tidal=True)
    house.plan = replace(
        plan,
        windows={**plan.windows, "T1": tide},
        tides=TideRules(open_pressure_s=60, open_after_s=120, close_after_s=3600),
        zone_names={"social": ("社会事务", "Social"), "business": ("企业事务", "Business")},
    )
    return house


def test_a_quiet_hall_writes_nothing(house: Any, clock: Any) -> None:
    """An hour of looking round leaves log, commands and followers alone."""
    desk = house.start()
    desk.open("S01")
    desk.issue()
    seq, kept = desk.hall.seq, commands_kept(house)
    tick_every(desk, clock, 1, 60)
    assert (desk.hall.seq, commands_kept(house)) == (seq, kept)


def test_a_long_wait_is_told_once(house: Any, clock: Any) -> None:
    """When a quarter of an hour is crossed, by the system; not again every second."""
    desk = house.start()
    desk.issue()
    tick_every(desk, clock, 60, 14)
    assert logged(house, e.WaitAlarmRaised) == []
    tick_every(desk, clock, 30, 10)
    [alarm] = logged(house, e.WaitAlarmRaised)
    assert (alarm.actor, alarm.event.service, alarm.event.level) == ("system", "insurance", "warn")
    assert alarm.event.waited_s == 15 * 60
    assert alarm.command_id.startswith("watch-")


def test_followers_are_woken(house: Any, clock: Any) -> None:
    """What the watch brings about is news like any other."""
    desk = house.start()
    desk.issue()
    seq = desk.hall.seq
    clock.at += 16 * 60
    desk.hall.tick()
    assert desk.hall.wait_beyond(seq, 0)
    assert [type(recorded.event) for recorded in desk.hall.since(seq)] == [e.WaitAlarmRaised]


@pytest.mark.parametrize("restart", ["never", "before the end", "after the end", "both"])
def test_an_assignment_ends_by_itself_once(restart: str, tidal: Any, clock: Any) -> None:
    """At its time, whether the server was started anew before, after or both."""
    desk = tidal.start()
    desk.open("T1")
    until = clock.at + 600
    desk.send(lambda at: c.AssignWindow(at=at, window="T1", services=("licence",), zone="business", until=until))

    def restarted() -> Any:
        tidal.stop()
        return tidal.start()

    if restart in ("before the end", "both"):
        desk = restarted()
    tick_every(desk, clock, 100, 5)
    assert len(logged(tidal, e.WindowAssigned)) == 1
    tick_every(desk, clock, 100, 1)
    if restart in ("after the end", "both"):
        desk = restarted()
    tick_every(desk, clock, 100, 5)
    there, back = logged(tidal, e.WindowAssigned)
    assert there.actor == "user:test"
    assert (back.actor, back.event.services, back.event.at) == ("system", (), until)
    with desk.hall.reading() as state:
        assert (state.window("T1").zone, state.window("T1").until) == (None, None)


def test_an_assignment_that_ended_while_the_server_was_off(tidal: Any, clock: Any) -> None:
    """The first look after the start ends it."""
    desk = tidal.start()
    desk.open("T1")
    desk.send(lambda at: c.AssignWindow(at=at, window="T1", services=("licence",), zone="business", until=at + 60))
    tidal.stop()
    clock.at += 3600
    tidal.start()
    assert [record.event.services for record in logged(tidal, e.WindowAssigned)] == [("licence",), ()]


@pytest.mark.parametrize("restart", [False, True])
def test_the_tide_opens_a_window_on_standby(restart: bool, tidal: Any, clock: Any) -> None:
    """After two minutes of pressure, counted on over a restart; and only once."""
    desk = tidal.start()
    desk.open("S01")
    desk.send(lambda at: c.CloseWindow(at=at, window="T1", standby=True, clerk="li"))
    for _ in range(5):
        desk.issue()
    tick_every(desk, clock, 60, 2)
    assert len(logged(tidal, e.PressureRose)) == 1
    if restart:
        tidal.stop()
        desk = tidal.start()
    tick_every(desk, clock, 60, 3)
    opened = [record for record in logged(tidal, e.WindowOpened) if record.event.why is not None]
    assert [(record.actor, record.event.window, record.event.clerk) for record in opened] == [("system", "T1", "li")]
    assert len(logged(tidal, e.PressureRose)) == 1
    with desk.hall.reading() as state:
        assert state.window("T1").status is WindowStatus.OPEN


def test_the_hall_calls_for_a_clerk_who_does_not(house: Any, plan: Any, clock: Any) -> None:
    """Where the hall file says so: after twenty seconds of its turn, by the system."""
    house.plan = replace(plan, rules=replace(plan.rules, auto_call_s=20.0))
    desk = house.start()
    desk.open("S01")
    desk.issue("t1")
    tick_every(desk, clock, 5, 3)
    assert logged(house, e.TicketCalled) == []
    tick_every(desk, clock, 5, 3)
    [call] = logged(house, e.TicketCalled)
    assert (call.actor, call.event.ticket, call.event.window, call.event.by_hand) == ("system", "t1", "S01", False)
    assert len(desk.hall.call_seqs) == 1


def test_nothing_happens_in_a_closed_day(house: Any, clock: Any) -> None:
    """After the day was closed the hall waits for the next one."""
    desk = house.start()
    desk.issue()
    desk.send(lambda at: c.CloseDay(at=at))
    seq = desk.hall.seq
    tick_every(desk, clock, 600, 4)
    assert desk.hall.seq == seq


def test_a_failing_disk_is_told_and_tried_again(house: Any, clock: Any) -> None:
    """The look that could not be written has changed nothing; the next one is."""
    broken = True

    def disk(work: Any) -> None:
        if broken:
            raise StorageTrouble("no disk")
        work()

    broken = False
    desk = house.start(blocking=disk)
    desk.issue()
    clock.at += 16 * 60
    broken = True
    with pytest.raises(StorageTrouble):
        desk.hall.tick()
    assert logged(house, e.WaitAlarmRaised) == []
    broken = False
    desk.hall.tick()
    desk.hall.tick()
    assert len(logged(house, e.WaitAlarmRaised)) == 1
