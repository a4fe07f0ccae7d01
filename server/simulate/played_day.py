"""A list of things to do, each at its time on the played day's own clock. Knows no hall and no HTTP."""

import heapq
import itertools
import os
import time
from collections.abc import Callable
from typing import Protocol

from server.client import ServerLost

#: A server that stays away this long has been stopped.
GIVE_UP_S = 60.0


class Pace(Protocol):
    """How time passes for a player: really, or as a test wants it."""

    def now(self) -> float:
        """Seconds that only go forward."""
        ...

    def wait(self, seconds: float) -> None:
        """Let them pass."""
        ...


class RealPace:
    """As the world's."""

    def now(self) -> float:
        """Seconds since some moment."""
        return time.monotonic()

    def wait(self, seconds: float) -> None:
        """Sleep."""
        time.sleep(seconds)


class Day:
    """The day's list, played at real time × speed."""

    def __init__(self, speed: float, pace: Pace | None = None) -> None:
        self.speed = speed
        self._pace = pace or RealPace()
        self._began = self._pace.now()
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._count = itertools.count()

    @property
    def now_s(self) -> float:
        """Seconds since the day began, as played."""
        return (self._pace.now() - self._began) * self.speed

    def after(self, delay_s: float, act: Callable[[], None]) -> None:
        """Do something in `delay_s` played seconds."""
        heapq.heappush(self._due, (self.now_s + delay_s, next(self._count), act))

    def play(self, until_s: float) -> None:
        """Do everything in its order until the day's end, or until the server is gone for good."""
        lost_since: float | None = None
        started_by = os.getppid()
        while self._due and self._due[0][0] < until_s:
            if os.getppid() != started_by:
                # The server that started us was killed; the next one brings a player of its own.
                return
            due, _, act = heapq.heappop(self._due)
            self._pace.wait(max(0.0, (due - self.now_s) / self.speed))
            try:
                act()
                lost_since = None
            except ServerLost:
                now = self._pace.now()
                lost_since = lost_since if lost_since is not None else now
                if now - lost_since > GIVE_UP_S:
                    return
                self.after(2 * self.speed, act)
