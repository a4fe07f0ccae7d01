"""What every view of the web app works with: the running hall, its wording, its accounts. Built by the composition."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import RLock
from typing import Any, cast

from flask import current_app

from server.accounts import Accounts
from server.core.model import HallState
from server.hall import Hall
from server.links import TicketLinks
from server.plan import Names


@dataclass(slots=True)
class ViewCache:
    """Views that many readers ask for, kept while the log stands still and for at most `max_age_s`."""

    _kept: dict[str, tuple[int, float, Any]] = field(default_factory=dict)
    _lock: Any = field(default_factory=RLock)

    def get(self, hall: Hall, key: str, max_age_s: float, build: Callable[[HallState, float], Any]) -> Any:
        """The view named `key`: kept one, or built anew."""
        now = hall.now()
        with self._lock:
            kept = self._kept.get(key)
        if kept is not None and 0 <= now - kept[1] < max_age_s:
            return kept[2]
        with hall.reading() as state:
            seq = hall.seq
            view = build(state, now)
        with self._lock:
            self._kept[key] = (seq, now, view)
        return view


@dataclass(slots=True)
class Site:
    """One hall on the web. `slow` runs work that would hold up an event loop (password hashing)."""

    hall: Hall
    names: Names
    accounts: Accounts
    links: TicketLinks
    public_url: str | None = None
    slow: Callable[[Callable[[], Any]], Any] = lambda work: work()
    cache: ViewCache = field(default_factory=ViewCache)


def site() -> Site:
    """The site of the app that handles this request."""
    return cast(Site, current_app.extensions["chaoxi"])


def dumps(data: object) -> str:
    """JSON as the API writes it."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))
