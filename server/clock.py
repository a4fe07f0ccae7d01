"""The only reader of wall time. Everything else is handed a time, so that a day can be replayed and simulated."""

import time
from collections.abc import Callable

import structlog

log = structlog.get_logger()

#: Seconds since 1970 UTC.
Clock = Callable[[], float]

#: A machine's clock is set by small steps (NTP); these are followed at once.
FOLLOW_S = 2.0
#: A larger step is followed only when it has stood this long: a slip of the hand is put right sooner.
BELIEVE_AFTER_S = 600.0


def system_clock() -> float:
    """The machine's time, to the millisecond."""
    return round(time.time(), 3)  # noqa: TID251 - this is the one place


def _since_boot() -> float:
    """Seconds that nobody can set, sleep included where the system tells."""
    boottime: int | None = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boottime is None else time.clock_gettime(boottime)


class SteadyClock:
    """Wall time that does not jump when somebody sets the machine's clock.

    A clock set to tomorrow by mistake would close the day and begin the numbers anew (A2.7). So time goes on by the
    steady count since boot; a step of the wall clock beyond `FOLLOW_S` is told at once and believed after ten minutes.
    """

    def __init__(self, wall: Clock = system_clock, steady: Clock = _since_boot) -> None:
        self._wall = wall
        self._steady = steady
        self._offset = wall() - steady()
        self._step: tuple[float, float] | None = None

    def __call__(self) -> float:
        """Seconds since 1970 UTC."""
        steady = self._steady()
        step = self._wall() - (steady + self._offset)
        if abs(step) <= FOLLOW_S:
            self._offset += step
            self._step = None
        elif self._step is None or abs(step - self._step[0]) > FOLLOW_S:
            self._step = (step, steady)
            log.warning("the machine's clock jumped; waiting before following it", step_s=round(step, 1))
        elif steady - self._step[1] >= BELIEVE_AFTER_S:
            self._offset += step
            self._step = None
            log.warning("the machine's clock jumped and stayed so; following it", step_s=round(step, 1))
        return round(steady + self._offset, 3)

    @property
    def step_s(self) -> float:
        """How far the wall clock stands from the hall's time while a step is not believed; else 0."""
        return 0.0 if self._step is None else self._step[0]
