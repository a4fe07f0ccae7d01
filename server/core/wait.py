"""How long a ticket will wait: expected, and a range that four in five keep below. Pure.

The one estimate: kiosk, ticket, phone, boards, API and simulator all read it. It fast-forwards the hall (`futures`).
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from server.core.futures import HORIZON_S, Chance, Standstill, fast_forward
from server.core.model import HallState, Plan, Ticket, TicketState
from server.core.ordering import Due, credited_at
from server.core.steps import first_step

#: So many sampled futures make an estimate.
FUTURES = 36
#: The range's ends. One in five shall wait less than the low end and one in five more than the high one (P20, P80);
#: futures do not doubt the hall's means and rates, so the shares that keep this on measured days lie a little wider.
LOW_SHARE, HIGH_SHARE = 0.18, 0.83
#: A place behind everybody with the same credited time.
LAST_ENTRY = 2**62
MINUTE_S = 60


@dataclass(frozen=True, slots=True)
class Wait:
    """Seconds of waiting from now: expected, low and high, as computed."""

    expected_s: float
    low_s: float
    high_s: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """What everybody may expect at one moment; None where nobody is there to call.

    `newcomers`: somebody who takes a ticket now, by service and whether in a priority group.
    """

    at: float
    tickets: Mapping[str, Wait | None]
    newcomers: Mapping[tuple[str, bool], Wait | None]


def newcomer(plan: Plan, state: HallState, service: str, at: float, group: str | None = None) -> Ticket:
    """The ticket that somebody would get for a service now, in the line of its first step."""
    first = plan.services[first_step(plan, service, at)]
    return Ticket(
        id=f"{service}/{group or ''}",
        number="",
        series=plan.services[service].series,
        zone=first.zone,
        service=first.id,
        state=TicketState.WAITING,
        issued_at=at,
        credited_at=credited_at(plan, state, first.id, Due(at), group),
        entry=LAST_ENTRY,
        due_at=at,
        group=group,
    )


def forecast(plan: Plan, state: HallState, at: float, random: Chance, futures: int = FUTURES) -> Forecast:
    """Estimate for everybody who waits and for newcomers of every service."""
    return Preparation(plan, state, at).forecast(random, futures)


def estimate(
    plan: Plan, state: HallState, ticket: Ticket, at: float, random: Chance, futures: int = FUTURES
) -> Wait | None:
    """Estimate for one ticket that waits, without regard to anybody else's."""
    hall = Standstill(plan, state, at, (), only=ticket)
    return _wait(fast_forward(hall, futures, random)[hall.entries.index(ticket.id)])


class Preparation:
    """A forecast about to be made: built quickly from the hall's state, played without it."""

    def __init__(self, plan: Plan, state: HallState, at: float) -> None:
        groups = (None, "priority") if plan.groups else (None,)
        probes = {
            (str(service), group is not None): newcomer(plan, state, service, at, group)
            for service in plan.services
            for group in groups
        }
        self._at = at
        self._probes = {probe.id: key for key, probe in probes.items()}
        self._hall = Standstill(plan, state, at, list(probes.values()))

    def forecast(self, random: Chance, futures: int = FUTURES, between: Callable[[], None] = lambda: None) -> Forecast:
        """Play the futures; `between` runs after each one, so that others get their turn."""
        times = fast_forward(self._hall, futures, random, between)
        tickets: dict[str, Wait | None] = {}
        newcomers: dict[tuple[str, bool], Wait | None] = {}
        for name, called in zip(self._hall.entries, times, strict=True):
            if name in self._probes:
                newcomers[self._probes[name]] = _wait(called)
            else:
                tickets[name] = _wait(called)
        return Forecast(self._at, tickets, newcomers)


def _wait(called: Sequence[float]) -> Wait | None:
    """The estimate that sorted times of call make."""
    if not called or called[len(called) // 2] >= HORIZON_S:
        return None
    return Wait(quantile(called, 0.5), quantile(called, LOW_SHARE), quantile(called, HIGH_SHARE))


def quantile(ordered: Sequence[float], share: float) -> float:
    """The value that this share of further samples would stay below, between two samples where it falls between."""
    # With n samples a further one lies below the k-th with probability k / (n + 1).
    place = min(max(share * (len(ordered) + 1) - 1, 0.0), len(ordered) - 1.0)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def spoken(wait: Wait) -> tuple[int, int]:
    """The range as people speak, in seconds: to the minute under ten, to five under an hour, then to ten."""
    low, high = _floor(wait.low_s), _ceil(wait.high_s)
    return low, max(high, low + _step(low))


def _step(seconds: float) -> int:
    if seconds < 10 * MINUTE_S:
        return MINUTE_S if seconds < 5 * MINUTE_S else 5 * MINUTE_S
    return 5 * MINUTE_S if seconds < 60 * MINUTE_S else 10 * MINUTE_S


def _floor(seconds: float) -> int:
    return math.floor(seconds / _step(seconds)) * _step(seconds)


def _ceil(seconds: float) -> int:
    # Within a few seconds of a round figure it is that figure: nobody is told 20 minutes for 15 and a breath.
    return math.ceil((seconds - 5) / _step(seconds)) * _step(seconds)
