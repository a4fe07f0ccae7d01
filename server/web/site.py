"""What every view of the web app works with: the running hall, its wording, its accounts. Built by the composition."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import RLock
from typing import Any, cast

from flask import current_app

from server.accounts import Accounts
from server.catalogue.store import Catalogue
from server.core.model import HallState
from server.forecasts import Forecasts
from server.hall import Hall
from server.links import TicketLinks
from server.notices.notifier import Notices
from server.people import People
from server.plan import Names
from server.platform.desk import PlatformDesk
from server.web.rating_tries import RatingTries


@dataclass(frozen=True, slots=True)
class _Kept:
    """A view, the place in the log it shows, and when it was built: by the hall's time and by a clock none can set."""

    seq: int
    now: float
    built: float
    view: Any

    def serves(self, seq: int, now: float, max_age_s: float) -> bool:
        # Both ages: the hall's time stands still after a clock was set back, the other does not follow a simulated day.
        age, built_age = now - self.now, time.monotonic() - self.built
        return self.seq >= seq and 0 <= age < max_age_s and built_age < max_age_s


@dataclass(slots=True)
class ViewCache:
    """Views that many readers ask for, kept for at most `max_age_s`."""

    _kept: dict[str, _Kept] = field(default_factory=dict)
    _lock: Any = field(default_factory=RLock)

    def get(
        self, hall: Hall, key: str, max_age_s: float, build: Callable[[HallState, float], Any], seq: int = 0
    ) -> Any:
        """The view named `key`: kept one that shows the log at least up to `seq`, or built anew."""
        now = hall.now()
        with self._lock:
            kept = self._kept.get(key)
        if kept is not None and kept.serves(seq, now, max_age_s):
            return kept.view
        with hall.reading() as state:
            built = _Kept(hall.seq, now, time.monotonic(), build(state, now))
        with self._lock:
            self._kept[key] = built
        return built.view


@dataclass(slots=True)
class Site:
    """One hall on the web. `slow` runs work that would hold up an event loop (password hashing)."""

    hall: Hall
    names: Names
    accounts: Accounts
    links: TicketLinks
    forecasts: Forecasts
    people: People
    catalogue: Catalogue
    #: Keys the hashes under which requests are remembered.
    answers_secret: str = ""
    public_url: str | None = None
    #: What is told to other programs, and the provincial platform.
    notices: Notices | None = None
    platform: PlatformDesk | None = None
    slow: Callable[[Callable[[], Any]], Any] = lambda work: work()
    cache: ViewCache = field(default_factory=ViewCache)
    rating_tries: RatingTries = field(default_factory=RatingTries)


def site() -> Site:
    """The site of the app that handles this request."""
    return cast(Site, current_app.extensions["chaoxi"])


def dumps(data: object) -> str:
    """JSON as the API writes it."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))
