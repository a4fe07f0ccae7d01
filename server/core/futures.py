"""The hall fast-forwarded: what its clerks would do from this moment on, many times over with sampled service times.

Pure; chance comes in as a `Random`. One pass answers for everybody who waits and for whoever would take a ticket now,
because the order of those already waiting does not change. It plays the calling rules of `dispatch` (credited order,
where each window is, the thresholds of helping), the clerks' timetables, tickets at windows with the time they have
taken, and those still to come who will count as earlier.
"""

import heapq
import math
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from server.core.calendar import shifts_on
from server.core.dispatch import may_move, reach, thresholds
from server.core.learning import lengths_of
from server.core.model import HallState, Lengths, Plan, Ticket, TicketState, WindowState, WindowStatus
from server.core.ordering import Due, credited_at, mean_s, short_credit_s

#: Futures end here: nobody is told more than this.
HORIZON_S = 6 * 3600.0
#: Service times sampled per service and pass; each future starts at another place among them.
SAMPLES = 256
#: A clerk on a break comes back after about this long.
PAUSE_S = 10 * 60.0
#: Arrivals are foreseen from those of so long ago, at least from the day's opening.
RECENT_S = 45 * 60.0
#: A ticket that nobody has called before a probe asks: probes stand for people who are not there yet.
ENDLESS = math.inf


@dataclass(frozen=True, slots=True)
class Probe:
    """Somebody who might take a ticket now."""

    service: str
    is_priority: bool


@dataclass(slots=True)
class Hall:
    """A hall standing still, prepared for many futures. Times in seconds from now; entries are numbered in order."""

    #: Per entry: when it counts as having come, since when it waits, its service's number, whether it is a probe.
    credited: list[float] = field(default_factory=list)
    due: list[float] = field(default_factory=list)
    service: list[int] = field(default_factory=list)
    is_probe: list[bool] = field(default_factory=list)
    names: list[object] = field(default_factory=list)
    #: Windows of one kind share their lines: per kind the entries it takes here, and those it may go and help.
    here: list[list[int]] = field(default_factory=list)
    away: list[list[int]] = field(default_factory=list)
    after_s: list[float] = field(default_factory=list)
    leave_s: list[float] = field(default_factory=list)
    kinds_of: list[list[int]] = field(default_factory=list)
    #: Per window: its kind, its ticket's service (or -1) with the time it has taken, its spans of presence.
    kind: list[int] = field(default_factory=list)
    serving: list[int] = field(default_factory=list)
    elapsed: list[float] = field(default_factory=list)
    spans: list[list[tuple[float, float]]] = field(default_factory=list)
    help_cost_s: float = 0.0
    #: Per service: how it varies, and those to come who overtake: arrivals a second and their head start.
    lengths: list[Lengths] = field(default_factory=list)
    overtakers: list[tuple[int, float, float]] = field(default_factory=list)
    last_credited: float = 0.0
