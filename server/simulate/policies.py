"""Rules of calling to compare with: the product's own, and what other systems and today's halls do.

A peer's rule only chooses whom an idle window calls; everything else is the same hall. `docs/dispatch.md` tells where
each comes from.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from server.core.dispatch import home_of
from server.core.model import Plan, Ticket
from server.core.tides import services_in

if TYPE_CHECKING:
    from server.simulate.engine import SimulatedDay

PATROL_EVERY_S = 20 * 60.0
PATROL_FROM = 10


class Policy:
    """The product's own rule: clerks press call-next. `tidal`: the tide opens and closes; `chooses`: calls by choice."""

    name = "chaoxi"
    tidal = True
    chooses = False

    def begin(self, day: "SimulatedDay") -> None:
        """Prepare for a day."""

    def choose(self, day: "SimulatedDay", window: str) -> str | None:
        """The ticket that an idle window calls."""
        raise NotImplementedError

    def walk_round(self, day: "SimulatedDay", now_s: float) -> None:
        """What a manager does now and then."""


def joined_at(ticket: Ticket) -> tuple[float, int]:
    """First come, first served: since when a ticket waits in its present line."""
    return (ticket.spells[-1] if ticket.spells else ticket.issued_at), ticket.entry


def _in_lines(day: "SimulatedDay", services: Iterable[str]) -> Iterable[Ticket]:
    for service in services:
        for _, _, ticket in day.state.lines.get(service, ()):
            yield day.state.tickets[ticket]


class ZoneFifo(Policy):
    """One line per zone, first come first served; windows stay where they are."""

    name = "zone_fifo"
    tidal = False
    chooses = True

    def services(self, day: "SimulatedDay", window: str) -> Iterable[str]:
        """What the window serves: its own zone's services, or where it was sent."""
        assigned = day.state.window(window).services
        if assigned is not None:
            return assigned
        planned = day.plan.windows[window]
        own = [s for s in planned.services if day.plan.services[s].zone == planned.zone]
        return own or planned.services

    def key(self, ticket: Ticket) -> tuple[object, ...]:
        """The order within the line."""
        return joined_at(ticket)

    def choose(self, day: "SimulatedDay", window: str) -> str | None:
        ticket = min(_in_lines(day, self.services(day, window)), key=self.key, default=None)
        return None if ticket is None else ticket.id


class Strict(ZoneFifo):
    """Priority groups before everybody else, then first come first served (Novo SGA's weights at their plainest)."""

    name = "strict"

    def key(self, ticket: Ticket) -> tuple[object, ...]:
        return (not ticket.group, *joined_at(ticket))


class LongestQueue(ZoneFifo):
    """The service with most people waiting comes next, first come first served within it."""

    name = "longest_queue"

    def choose(self, day: "SimulatedDay", window: str) -> str | None:
        lines = [(len(day.state.lines.get(s, ())), s) for s in self.services(day, window)]
        longest = max(lines, key=lambda line: line[0], default=(0, ""))
        if longest[0] == 0:
            return None
        return min(_in_lines(day, [longest[1]]), key=self.key).id


@dataclass
class Dedicated(ZoneFifo):
    """Today's halls: every window serves one service. Windows are shared out by the work of a usual day."""

    given: dict[str, str] = field(default_factory=dict)

    name = "dedicated"

    def begin(self, day: "SimulatedDay") -> None:
        self.given = shared_out(day.plan, usual_work(day), {shift.window for shift in day.shifts})

    def services(self, day: "SimulatedDay", window: str) -> Iterable[str]:
        given = self.given.get(window)
        return () if given is None else (given,)


def usual_work(day: "SimulatedDay") -> dict[str, float]:
    """Service → seconds of work of a usual day: from the hall file's `per_day` where it has them all, for no hall moves
    its signs because a coach is on its way; else from the day itself."""
    known = {s.id: s.per_day * s.mean_service_s for s in day.plan.services.values() if s.per_day is not None}
    if len(known) == len(day.plan.services):
        return {str(service): work_s for service, work_s in known.items()}
    work: dict[str, float] = defaultdict(float)
    for visit in day.visits:
        work[visit.service] += visit.service_s
        if visit.next_service is not None:
            work[visit.next_service] += visit.next_service_s or 0.0
    return work


def shared_out(plan: Plan, work_s: dict[str, float], staffed: Iterable[str]) -> dict[str, str]:
    """Window → its one service: each service gets one window first, the most worked first, then each further window
    goes to the service of its own with the most work per window so far (D'Hondt)."""
    given: dict[str, str] = {}
    count: Counter[str] = Counter()
    present = set(staffed)
    free = sorted((w for w in plan.windows.values() if w.id in present), key=lambda w: (len(w.services), w.number))
    for service in sorted(work_s, key=lambda s: -work_s[s]):
        able = [w for w in free if service in w.services and w.id not in given]
        if able:
            given[able[0].id] = service
            count[service] += 1
    for window in free:
        if window.id not in given and window.services:
            service = max(window.services, key=lambda s: work_s.get(s, 0.0) / (count[s] + 1))
            given[window.id] = service
            count[service] += 1
    return given


class Patrol(ZoneFifo):
    """Zone FIFO with a manager who walks round every 20 minutes and sends the tidal windows to the zone with most
    people, if at least ten wait there; otherwise they go home."""

    name = "patrol"

    def begin(self, day: "SimulatedDay") -> None:
        self.next_s = min((s.from_s for s in day.shifts), default=0.0) + PATROL_EVERY_S

    def walk_round(self, day: "SimulatedDay", now_s: float) -> None:
        if now_s < self.next_s:
            return
        self.next_s += PATROL_EVERY_S
        people: Counter[str] = Counter(day.state.tickets[t].zone for t in day.state.waiting)
        busiest, most = max(people.items(), key=lambda zone: (zone[1], zone[0]), default=("", 0))
        for window in day.plan.windows.values():
            if not window.tidal:
                continue
            now_at = day.state.window(window.id).zone or window.zone
            services = services_in(day.plan, window.id, busiest) if most >= PATROL_FROM else ()
            target = busiest if services else home_of(day.plan, window.id)
            if target == now_at:
                continue
            if target == window.zone:
                day.move(window.id, (), None, now_s)
            else:
                day.move(window.id, services, target, now_s)


POLICIES: dict[str, Callable[[], Policy]] = {
    policy.name: policy for policy in (Policy, Dedicated, ZoneFifo, Strict, LongestQueue, Patrol)
}
