"""The hall's forecast, kept fresh beside it: whoever shows a wait reads it here and nobody's tap pays for it.

`refresh` runs in the background and lets others go on between two sampled futures. Until it does, and in programs that
have no background, `current` makes a forecast when the kept one is out of date.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from server.core.dispatch import ahead_of, newcomers_windows
from server.core.model import HallState, Ticket
from server.core.wait import Forecast, Preparation, Wait, newcomer
from server.hall import Hall

#: A forecast older than this is made anew by whoever asks.
MAX_AGE_S = 1.0
#: The same, while somebody makes them in the background: only if that has stopped.
STOPPED_AFTER_S = 5.0
#: How often the background makes one while things happen, and while nothing does: then only time passes, and a hall
#: that stands still should cost its machine nothing.
REFRESH_EVERY_S = 0.7
QUIET_EVERY_S = 4.0


@dataclass(frozen=True, slots=True)
class Outlook:
    """A forecast, the place in the log it shows, and how many stand before a newcomer of each service."""

    seq: int
    forecast: Forecast
    ahead: dict[str, int]
    built_at: float

    def of_ticket(self, ticket: Ticket) -> Wait | None:
        """What a waiting ticket may expect; one that began to wait since is told what a newcomer is."""
        known = self.forecast.tickets
        if ticket.id in known:
            return known[ticket.id]
        return self.of_newcomer(ticket.service, is_priority=ticket.group is not None)

    def of_newcomer(self, service: str, *, is_priority: bool = False) -> Wait | None:
        """What somebody may expect who takes a ticket now."""
        newcomers = self.forecast.newcomers
        return newcomers.get((service, is_priority), newcomers.get((service, False)))


class Forecasts:
    """The forecasts of one hall."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self._kept: Outlook | None = None
        self._in_background = False

    def refresh(self, between: Callable[[], None] = lambda: None) -> None:
        """Make a forecast; `between` runs after each sampled future. Raises `StorageTrouble`."""
        with self._hall.reading() as state:
            at, seq = self._hall.now(), self._hall.seq
            preparation = Preparation(self._hall.plan, state, at)
            ahead = self._ahead(state, at)
        # The place in the log is the seed: the same log gives the same forecast.
        forecast = preparation.forecast(Random(seq), between=between)
        self._kept = Outlook(seq, forecast, ahead, time.monotonic())

    def _ahead(self, state: HallState, at: float) -> dict[str, int]:
        plan = self._hall.plan
        windows = newcomers_windows(plan, state)
        ahead = {}
        for service in plan.services:
            # Of a service with a pre-check it is that one's line, and that one's windows.
            somebody = newcomer(plan, state, service, at)
            ahead[service] = ahead_of(plan, state, somebody, windows[somebody.service])
        return ahead

    def keep_fresh(self, between: Callable[[], None]) -> None:
        """`refresh` for a background that calls it again and again."""
        self._in_background = True
        kept = self._kept
        is_quiet = kept is not None and kept.seq == self._hall.seq
        if kept is None or not is_quiet or time.monotonic() - kept.built_at >= QUIET_EVERY_S - REFRESH_EVERY_S:
            self.refresh(between)

    def current(self) -> Outlook:
        """The latest forecast."""
        kept = self._kept
        if kept is None or not self._serves(kept):
            self.refresh()
            kept = self._kept
        assert kept is not None
        return kept

    def _serves(self, kept: Outlook) -> bool:
        # Both ages: the hall's time stands still after a clock was set back, the other knows no simulated day.
        age, built_age = self._hall.now() - kept.forecast.at, time.monotonic() - kept.built_at
        if self._in_background:
            return built_age < STOPPED_AFTER_S
        return kept.seq == self._hall.seq and 0 <= age < MAX_AGE_S and built_age < MAX_AGE_S
