"""The simulator and the live server give the same log for the same commands."""

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from config.loader import load_hall
from server.core import commands as c
from server.core import events as e
from server.core.evolve import fold
from server.core.model import Plan, ScheduledMove, TideRules, WindowId, ZoneId
from server.core.refusals import Rejected
from server.hall import Answer, Hall, Request
from server.log.sqlite import SqliteLog
from server.plan import make_plan
from server.simulate.engine import Pace, SimulatedDay, prepare
from server.simulate.policies import Policy
from server.simulate.reference_day import Scenario, reference_day, shifts_of, visits_of
from server.simulate.visits import Visit

REFERENCE = Path(__file__).parents[2] / "config" / "halls" / "reference.yaml"
FROM_S, UNTIL_S = 9.0 * 3600, 9.75 * 3600


@dataclass(slots=True)
class HandClock:
    """Stands where it is put."""

    at: float = 0.0

    def __call__(self) -> float:
        return self.at


def surge(seed: int) -> tuple[Plan, SimulatedDay]:
    """Three quarters of an hour of a surge with its coach, in a hall short of clerks, with patience and no-shows."""
    reference = reference_day()
    visits = [visit for visit in visits_of(reference, Scenario.SURGE, seed) if FROM_S <= visit.at_s < UNTIL_S]
    visits += [
        Visit(f"hurried-{n}", FROM_S + 60.0 * n, "re_comp", 300, patience_s=400, no_show=n % 3 == 0) for n in range(30)
    ]
    shifts = [
        replace(shift, from_s=FROM_S, to_s=FROM_S + 3600)
        for number, shift in enumerate(shifts_of(reference, Scenario.SURGE, seed))
        if shift.from_s < FROM_S and number % 3 == 0
    ]
    plan = make_plan(load_hall(REFERENCE), always_open=True)
    tides = TideRules(
        open_pressure_s=60, close_after_s=120, close_idle_s=60, help_after_s=60, leave_for_s=120,
        schedule=(
            ScheduledMove(WindowId("TS01"), ZoneId("re"), frozenset(range(7)), 9 * 60 + 5, 9 * 60 + 25),
        ),
    )  # fmt: skip
    visits.sort(key=lambda visit: visit.at_s)
    day = prepare(replace(plan, tides=tides), Policy(), visits, shifts, Pace(walk_s=12.5))
    return day.plan, day


@pytest.mark.slow
def test_the_same_commands_make_the_same_log(tmp_path: Path) -> None:
    """Event by event, through the running hall and its file; what is read again makes the same state."""
    plan, day = surge(3)
    result = day.run()
    clock = HandClock(day.commands[0].at)
    log = SqliteLog(tmp_path / "hall.db", plan.hall)
    hall = Hall(plan, log, clock)
    refused: list[Rejected] = []

    def refuse(refusal: Rejected) -> Answer:
        refused.append(refusal)
        return Answer(409, None)

    for number, command in enumerate(day.commands):
        clock.at = command.at
        hall.handle(
            Request(
                lambda at, command=command: replace(command, at=at),  # type: ignore[misc]
                f"command-{number}",
                "",
                "user:simulator",
                lambda *_: Answer(200, None),
                refuse,
            )
        )

    logged = [recorded.event for recorded in log.read()]
    assert refused == []
    assert len(result.legs) > 200
    happened = {type(event) for event in logged}
    assert {e.TicketTransferred, e.TicketMissed, e.TicketCancelled, e.PressureRose, e.WindowAssigned} <= happened
    assert any(isinstance(event, e.TicketCalled) and event.helping for event in logged)
    assert any(isinstance(event, e.WindowClosed) and event.standby for event in logged)
    for place, (live, simulated) in enumerate(zip(logged, day.events, strict=False)):
        assert live == simulated, f"event {place} of {len(logged)}"
    assert len(logged) == len(day.events)
    assert {r.business_day for r in log.read()} == {day.day.isoformat()}
    with hall.reading() as state:
        assert state == day.state
    assert fold(logged) == day.state
    log.close()

    # Another start on the same file reads the same hall.
    again = SqliteLog(tmp_path / "hall.db", plan.hall)
    with Hall(plan, again, clock).reading() as state:
        assert state == day.state
    again.close()


def test_a_day_replayed_from_its_commands() -> None:
    """The commands alone are the day: decided again one by one, they make the same events."""
    plan, day = surge(4)
    day.run()
    again = SimulatedDay(plan, Policy(), [], [])
    for command in day.commands:
        again.send(command)
    assert again.events == day.events
    assert isinstance(day.commands[0], c.OpenDay)
    assert isinstance(day.commands[-1], c.CloseDay)
