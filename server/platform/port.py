"""The port: what the hall wants of a platform, whichever it is."""

from collections.abc import Mapping
from typing import Protocol

from server.platform.records import Fetched, Outgoing, Verdict


class PlatformAway(Exception):
    """Nobody is there, or it is in trouble: try again later."""


class PlatformRefused(Exception):
    """It does not want this one: trying again is of no use until somebody has looked."""


class Platform(Protocol):
    """A platform. Everything may raise `PlatformAway`, `submit` and `report` also `PlatformRefused`.

    Both may be asked to do the same again, with the same id: after a crash, or when an answer was lost.
    """

    def submit(self, item: Outgoing) -> str | None:
        """Hand an accepted item in; the platform's number, None if it comes later as a milestone."""

    def report(self, item: Outgoing) -> None:
        """Tell what became of a result, or how a visit was rated."""

    def fetch(self, after: str | None) -> Fetched:
        """Milestones after a cursor of the platform's own."""

    def settled(self, fetched: Fetched, verdicts: Mapping[int, Verdict]) -> None:
        """What was fetched is safe in the queue; `verdicts` tells by place what became of each milestone."""


class ByHand:
    """No platform: clerks enter numbers and milestones, or a gateway pushes them."""

    def submit(self, item: Outgoing) -> str | None:
        """Nobody to hand it to."""
        return None

    def report(self, item: Outgoing) -> None:
        """Nobody to tell."""

    def fetch(self, after: str | None) -> Fetched:
        """Nothing comes by itself."""
        return Fetched((), after)

    def settled(self, fetched: Fetched, verdicts: Mapping[int, Verdict]) -> None:
        """Nothing to do."""
