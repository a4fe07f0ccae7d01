"""What everybody on a played day shares: the day, the crowd, the hall file, the ways into the server, what was refused."""

import sys
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from config.plan import resolve_windows
from config.schema import HallFile
from config.schema import Service as ServiceText
from server.client import ApiError
from server.simulate.people import Crowd
from server.simulate.played_day import Day

#: Refusals that belong to a day: two programs reached for the same thing, or no window has a letter for the item yet.
EXPECTED = frozenset(
    {
        "window_closed",
        "window_busy",
        "window_paused",
        "wrong_state",
        "slot_full",
        "help_state",
        "item_not_authorised",
        # A case that somebody else took a step further meanwhile; a visit whose number another kiosk gave.
        "case_state",
        "papers_gone",
        "pickup_ticket_taken",
        "result_not_ready",
        "not_your_ticket",
        "ticket_unknown",
    }
)


class Api(Protocol):
    """A way into the server, with the rights of one token. `server.client.Client` is one."""

    def get(self, path: str, /, **query: object) -> dict[str, Any]:
        """Read."""
        ...

    def post(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any] | None:
        """Do."""
        ...


@dataclass(frozen=True, slots=True)
class Staff:
    """People without a window: who helps, who leads."""

    guide: Api | None = None
    supervisor: Api | None = None
    manager: Api | None = None
    runner: Api | None = None


@dataclass(slots=True)
class PlayedHall:
    """One played hall."""

    day: Day
    crowd: Crowd
    hall: HallFile
    kiosk: Api
    evaluator: Api | None = None
    anyone: Api | None = None
    staff: Staff = field(default_factory=Staff)
    #: Service → items of the catalogue that are asked for there; None in a hall without a catalogue.
    items: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    #: Items that are done elsewhere.
    elsewhere: list[dict[str, Any]] = field(default_factory=list)
    #: Windows whose clerk is idle, with what wakes him; and the windows of every service.
    idle: dict[str, Callable[[], None]] = field(default_factory=dict)
    windows: dict[str, list[str]] = field(init=False)
    #: Whether the doors are still open: then people come, and clerks wait for them.
    doors_open: bool = True
    #: Refusals that nobody should have met, told on stderr, and everything that happened, by name.
    refused: list[str] = field(default_factory=list)
    happened: Counter[str] = field(default_factory=Counter)
    services: dict[str, ServiceText] = field(init=False)
    #: Pre-check → the services that its tickets go on to.
    after_check: dict[str, list[str]] = field(init=False)

    def __post_init__(self) -> None:
        self.services = {service.id: service for service in self.hall.services}
        self.after_check = {}
        for one in self.hall.services:
            if one.precheck is not None:
                self.after_check.setdefault(one.precheck, []).append(one.id)
        self.windows = {service.id: [] for service in self.hall.services}
        for window in resolve_windows(self.hall):
            for service in (*window.services, *window.may_help):
                self.windows[service].append(window.id)

    def after(self, delay_s: float, act: Callable[[], None]) -> None:
        """Do something later; a refusal does not end the day."""
        self.day.after(delay_s, lambda: self.try_(act))

    def try_(self, act: Callable[[], None]) -> None:
        """Do something; note a refusal."""
        try:
            act()
        except ApiError as refusal:
            self.note(act, refusal)

    def note(self, act: Callable[..., object], refusal: ApiError) -> None:
        """Count a refusal; one that should not be is told."""
        self.happened[f"refused: {refusal.reason}"] += 1
        if refusal.reason not in EXPECTED:
            where = getattr(act, "__qualname__", "?")
            self.refused.append(f"{where}: {refusal}")
            sys.stderr.write(f"demo day: {where}: {refusal}\n")

    def somebody_waits(self, service: str) -> None:
        """A ticket was taken: idle clerks who may call it notice."""
        for window in self.windows[service]:
            if wake := self.idle.pop(window, None):
                wake()

    def new_id(self) -> str:
        """An id of the day's own chance."""
        return str(uuid.UUID(int=self.crowd.random.getrandbits(128), version=4))
