"""The hall's time goes on steadily while somebody plays with the machine's clock."""

from dataclasses import dataclass

import pytest

from server.clock import BELIEVE_AFTER_S, SteadyClock

DAY_S = 86_400.0


@dataclass
class Machine:
    """A machine whose clock can be set."""

    wall: float = 1_800_000_000.0
    steady: float = 5_000.0

    def passes(self, seconds: float) -> None:
        """Time goes on."""
        self.wall += seconds
        self.steady += seconds


@pytest.fixture
def machine() -> Machine:
    """A machine that has been up for a while."""
    return Machine()


def clock_of(machine: Machine) -> SteadyClock:
    return SteadyClock(lambda: machine.wall, lambda: machine.steady)


def test_it_tells_the_machines_time(machine: Machine) -> None:
    """Nobody touching anything, it is the wall clock."""
    clock = clock_of(machine)
    machine.passes(1234.5)
    assert clock() == machine.wall


def test_small_corrections_are_followed_at_once(machine: Machine) -> None:
    """What a time server corrects is taken over."""
    clock = clock_of(machine)
    machine.wall += 1.5
    assert clock() == machine.wall
    assert clock.step_s == 0


@pytest.mark.parametrize("step", [DAY_S, 8 * 365 * DAY_S, -DAY_S, 3600.0, -10.0])
def test_a_jump_that_is_put_right_leaves_no_trace(machine: Machine, step: float) -> None:
    """The clock set wrong and right again within ten minutes: the hall's time never jumped."""
    clock = clock_of(machine)
    before = clock()
    machine.wall += step
    machine.passes(60)
    assert clock() == pytest.approx(before + 60)
    assert clock.step_s == pytest.approx(step)
    machine.wall -= step
    machine.passes(60)
    assert clock() == pytest.approx(before + 120)
    assert clock.step_s == 0


def test_a_jump_that_stays_is_believed_after_ten_minutes(machine: Machine) -> None:
    """A machine that booted with a wrong clock and got the right one is followed, not at once."""
    clock = clock_of(machine)
    machine.wall += DAY_S
    clock()
    machine.passes(BELIEVE_AFTER_S - 1)
    assert clock() == pytest.approx(machine.wall - DAY_S)
    machine.passes(1)
    clock()
    assert clock() == machine.wall


def test_a_second_jump_begins_the_waiting_anew(machine: Machine) -> None:
    """Only a step that stands still for ten minutes is believed."""
    clock = clock_of(machine)
    machine.wall += DAY_S
    clock()
    machine.passes(BELIEVE_AFTER_S - 1)
    machine.wall += DAY_S
    assert clock() == pytest.approx(machine.wall - 2 * DAY_S)
    machine.passes(BELIEVE_AFTER_S - 1)
    assert clock() == pytest.approx(machine.wall - 2 * DAY_S)
