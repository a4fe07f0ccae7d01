"""The hall fast-forwarded: what its clerks would do from this moment on, many times over with sampled service times.

Pure; chance is handed in. One pass answers for everybody who waits and for whoever would take a ticket now,
because the order of those already waiting does not change. It plays the calling rules of `dispatch` (credited order,
where each window is, the thresholds of helping), the clerks' timetables, tickets at windows with the time they have
taken, and people still to come who will count as earlier. Times inside are seconds from now.
"""

import heapq
import math
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate, islice
from statistics import NormalDist
from typing import Protocol

from server.core.calendar import spans_today
from server.core.dispatch import is_permitted, may_leave, reach, thresholds
from server.core.learning import lengths_of, no_show_share, walk_s
from server.core.model import HallState, Plan, Ticket, TicketState, WindowState, WindowStatus
from server.core.ordering import Due, credit_s, credited_at, order_key

#: Futures end here: nobody is told more than this.
HORIZON_S = 6 * 3600.0
#: So many equally likely lengths stand for a service.
SAMPLES = 128
#: A clerk on a break comes back after about this long; a no-show is waited for about this long.
PAUSE_S, NO_SHOW_S = 10 * 60.0, 60.0
#: Arrivals are foreseen from those of so long ago, or since the day's first, but at least this long.
RECENT_S, RECENT_MIN_S = 45 * 60.0, 10 * 60.0
NOBODY, ENDLESS = -1, math.inf
#: Part of its mean that a service still takes once it has outlasted every sample.
REMAINDER = 0.3


class Chance(Protocol):
    """Where a future's accidents come from; `random.Random` is one."""

    def random(self) -> float:
        """Anything from 0 to 1, 1 excluded."""

    def gauss(self, mu: float, sigma: float) -> float:
        """A normally distributed number."""


@lru_cache(maxsize=4096)
def sampled_lengths(mean_s: float, spread: float) -> tuple[float, ...]:
    """Equally likely lengths of a service, ascending: lognormal with this mean and spread."""
    sigma = math.sqrt(math.log1p(spread * spread))
    middle = mean_s / math.sqrt(1 + spread * spread)
    normal = NormalDist()
    lengths = [middle * math.exp(sigma * normal.inv_cdf((i + 0.5) / SAMPLES)) for i in range(SAMPLES)]
    # The far tail lies beyond the last sample; what it would add to the mean is given to all.
    scale = mean_s * SAMPLES / sum(lengths)
    return tuple(length * scale for length in lengths)


@dataclass(slots=True)
class _Kind:
    """Windows that take the same: the entries they take where they are, those they go and help, and for how much.

    `away` is everybody elsewhere in order, `lines` the same by service: of each only the first may be helped. Help for
    another zone than `home` costs the change-over where the clerk is not in that part of the house already.
    """

    here: list[int] = field(default_factory=list)
    away: list[int] = field(default_factory=list)
    lines: list[list[int]] = field(default_factory=list)
    services: frozenset[str] = frozenset()
    after_s: float = 0.0
    leave_s: float = 0.0
    home: str = ""
    is_tidal: bool = False


@dataclass(frozen=True, slots=True)
class _Seat:
    """A window: its kind, the part of the house it is in, how long its present ticket may take, and when its clerk is
    there.

    One of `lengths` from the place `least` on, less the `elapsed_s` gone by; no lengths for an idle window.
    """

    kind: int
    area: str
    spans: tuple[tuple[float, float], ...]
    lengths: tuple[float, ...] = ()
    least: int = 0
    elapsed_s: float = 0.0
    passes: "_Step | None" = None


@dataclass(frozen=True, slots=True)
class _Step:
    """Where somebody goes on to from a pre-check, and as when he counts there: before those who came after him."""

    service: str
    credited_s: float


@dataclass(frozen=True, slots=True)
class _Stream:
    """People to come who will count as earlier than somebody here: how many a second, until when, by how much."""

    service: str
    rate: float
    until_s: float
    credit_s: float


class Standstill:
    """A hall at one moment, prepared for many futures.

    `entries` are those asked about, waiting or imagined (`probes`: they are called like anybody, but take nobody's
    time), in calling order. With `only`, a future ends when that one is called.
    """

    def __init__(
        self, plan: Plan, state: HallState, at: float, probes: Sequence[Ticket], only: Ticket | None = None
    ) -> None:
        self._plan, self._state, self._at = plan, state, at
        imagined = {ticket.id for ticket in probes}
        waiting = [state.tickets[ticket_id] for ticket_id in state.waiting]
        ordered = sorted([*waiting, *probes], key=order_key)
        self.asked = None if only is None else ordered.index(only)
        self.entries = [ticket.id for ticket in ordered]
        self.is_probe = [ticket.id in imagined for ticket in ordered]
        self.credited = [ticket.credited_at - at for ticket in ordered]
        self.due = [ticket.due_at - at for ticket in ordered]
        self.zones = [ticket.zone for ticket in ordered]
        self.areas = [self._area(ticket.zone) for ticket in ordered]
        self._walk = walk_s(state)
        self._no_show = no_show_share(state)
        self._lengths: dict[str, tuple[float, ...]] = {}
        self._came: dict[str, tuple[float, ...]] = {}
        self.lengths = [self.lengths_of(ticket.service) for ticket in ordered]
        self.kinds: list[_Kind] = []
        self.seats: list[_Seat] = []
        self._seat_all(ordered)
        self.kinds_of: dict[str, list[int]] = {}
        for number, kind in enumerate(self.kinds):
            for service in kind.services:
                self.kinds_of.setdefault(service, []).append(number)
        latest = max(self.credited, default=0.0)
        self.passes = [None if ticket.id in imagined else self._step_after(ticket) for ticket in ordered]
        self.streams = [s for s in _streams(plan, state, at, latest) if s.service in self.kinds_of]
        for stream in self.streams:
            self.lengths_of(stream.service)

    def _step_after(self, ticket: Ticket) -> _Step | None:
        """The next step of a visit, if some window is there that takes it."""
        service = next((s for s in ticket.then if s in self._plan.services), None)
        if service is None:
            return None
        self.lengths_of(service)
        due = Due(ticket.due_at, ticket.on_time)
        return _Step(service, credited_at(self._plan, self._state, service, due, ticket.group) - self._at)

    def lengths_of(self, service: str) -> tuple[float, ...]:
        """How long a window is taken by a ticket of a service: the walk, the service, or the wait for a no-show."""
        known = self._lengths.get(service)
        if known is None:
            if service not in self._plan.services:
                return (0.0,)
            learnt = lengths_of(self._plan, self._state, service)
            sampled = sampled_lengths(round(learnt.mean_s), round(learnt.spread, 2))
            came = tuple(self._walk + s for s in sampled)
            known = tuple(sorted([NO_SHOW_S] * round(self._no_show * SAMPLES) + list(came)))
            self._lengths[service], self._came[service] = known, came
        return known

    def _seat_all(self, ordered: Sequence[Ticket]) -> None:
        by_service: dict[str, list[int]] = {}
        reserved: dict[str, list[int]] = {}
        limited: list[int] = []
        for number, ticket in enumerate(ordered):
            if ticket.for_window is not None:
                reserved.setdefault(ticket.for_window, []).append(number)
            elif ticket.limited:
                limited.append(number)
            else:
                by_service.setdefault(ticket.service, []).append(number)
        known: dict[object, int] = {}
        for window, spans in self._presences():
            at_window = self._state.window(window)
            here, away = reach(self._plan, at_window)
            if away and not may_leave(self._plan, at_window, self._at):
                away = ()
            # An item that only some windows may take waits at each of those that serve it here; nobody goes to help it.
            own = tuple(reserved.get(window, ()))
            own += tuple(
                n for n in limited if ordered[n].service in here and is_permitted(self._plan, window, ordered[n])
            )
            planned = self._plan.windows[window]
            key = (here, away, own, planned.zone, planned.tidal)
            if key not in known:
                known[key] = len(self.kinds)
                after_s, leave_s = thresholds(self._plan, window)
                self.kinds.append(
                    _Kind(
                        here=sorted([*own, *(n for s in here for n in by_service.get(s, ()))]),
                        away=sorted(n for s in away for n in by_service.get(s, ())),
                        lines=[by_service[s] for s in away if s in by_service],
                        services=frozenset(here),
                        after_s=after_s,
                        leave_s=leave_s,
                        home=planned.zone,
                        is_tidal=planned.tidal,
                    )
                )
            self.seats.append(self._seat(known[key], spans, at_window))

    def _area(self, zone: str) -> str:
        """The part of the house a zone lies in."""
        return self._plan.zone_areas.get(zone, zone)

    def _presences(self) -> Iterator[tuple[str, tuple[tuple[float, float], ...]]]:
        """The windows whose clerks are there today from now on, and when."""
        shifts: dict[str | None, list[tuple[float, float]]] = {None: []}
        closing: dict[str, float] = {}
        for planned in self._plan.windows.values():
            if (table := planned.timetable) is not None and table not in shifts:
                shifts[table] = [(a - self._at, b - self._at) for a, b in spans_today(self._plan, table, self._at)]
            closing[planned.zone] = max([closing.get(planned.zone, -math.inf), *(end for _, end in shifts[table])])
        for window, planned in self._plan.windows.items():
            at_window = self._state.window(window)
            if spans := tuple(_presence(at_window, shifts[planned.timetable], closing[planned.zone])):
                yield window, spans

    def _seat(self, kind: int, spans: tuple[tuple[float, float], ...], at_window: WindowState) -> _Seat:
        """A window with what its ticket, if any, may still take."""
        area = self._area(at_window.zone or self._plan.windows[at_window.id].zone)
        if at_window.ticket is None:
            return _Seat(kind, area, spans)
        ticket = self._state.tickets[at_window.ticket]
        lengths = self.lengths_of(ticket.service)
        begun_at = ticket.called_at if ticket.called_at is not None else self._at
        walked_s = 0.0
        if ticket.state is TicketState.SERVING and ticket.started_at is not None:
            # The citizen is there: the walk is done, and it was no no-show.
            begun_at, walked_s = ticket.started_at, self._walk
            lengths = self._came.get(ticket.service, lengths)
        elapsed_s = max(0.0, self._at - begun_at) + walked_s
        least = bisect_right(lengths, elapsed_s)
        if least == len(lengths):
            lengths, least, elapsed_s = (REMAINDER * sum(lengths) / len(lengths),), 0, 0.0
        return _Seat(kind, area, spans, lengths, least, elapsed_s, self._step_after(ticket))

    def arrivals(self, random: Chance) -> Iterator[tuple[float, float, str]]:
        """Sampled people to come who overtake somebody: when, as when they count, for what."""
        if not self.streams:
            return
        expected = list(accumulate(stream.rate * stream.until_s for stream in self.streams))
        for _ in range(_poisson(expected[-1], random)):
            stream = self.streams[min(bisect_right(expected, random.random() * expected[-1]), len(expected) - 1)]
            at_s = random.random() * stream.until_s
            yield at_s, at_s - stream.credit_s, stream.service

    def _first_to_help(
        self, kind: _Kind, gone: list[int], taken: bytearray, now: float, best: float
    ) -> tuple[int, float]:
        """Whom a window goes and helps now, and when somebody else may be helped: of each line the first who waits.

        Somebody imagined stands in nobody's way: he may be helped himself, and so may who really waits behind him.
        `gone` remembers how far each line is called.
        """
        helped, recheck = NOBODY, ENDLESS
        for number, line in enumerate(kind.lines):
            place = gone[number]
            while place < len(line) and taken[line[place]]:
                place += 1
            gone[number] = place
            for entry in islice(line, place, None):
                if taken[entry]:
                    continue
                if self.credited[entry] + kind.leave_s > best or (helped != NOBODY and entry > helped):
                    break
                ripe = self.due[entry] + kind.after_s
                if ripe <= now:
                    helped = entry
                    break
                recheck = min(recheck, ripe)
                if not self.is_probe[entry]:
                    break
        return helped, recheck

    def draws(self, futures: int, random: Chance) -> list[tuple[float, ...]]:
        """Per future, where in its range the length of each entry and of each seat's ticket lies, from 0 to 1.

        Over the futures each length goes through its whole range evenly, in an order of its own (a Latin hypercube), so
        that few futures tell what many drawn freely would.
        """
        draw = random.random
        rows: list[Sequence[float]] = []
        for is_probe in [*self.is_probe, *(False for _ in self.seats)]:
            if is_probe:
                rows.append((0.0,) * futures)
                continue
            begin = draw()
            rows.append([(step + begin) / futures for step in sorted(range(futures), key=lambda _: draw())])
        return list(zip(*rows, strict=True))

    def play(  # noqa: C901 - the hot loop: a call per step would double its cost
        self, random: Chance, draws: Sequence[float] | None = None
    ) -> list[float]:
        """One future: when each entry is called, in the order of `entries`; `HORIZON_S` if not before."""
        draw, push, pop = random.random, heapq.heappush, heapq.heappop
        lies = self.draws(1, random)[0] if draws is None else draws
        credited, lengths, is_probe, kinds, seats = self.credited, self.lengths, self.is_probe, self.kinds, self.seats
        zones, areas, area_of = self.zones, self.areas, [seat.area for seat in seats]
        change_over_s = self._plan.tides.help_cost_s
        called = [HORIZON_S] * len(self.entries)
        taken = bytearray(len(self.entries))
        left = len(self.entries)
        # How far the lines of each kind are gone; its idle windows; people who came since, earliest credited first.
        gone_here, gone_away = [0] * len(kinds), [0] * len(kinds)
        gone_lines = [[0] * len(kind.lines) for kind in kinds]
        idle: list[list[int]] = [[] for _ in kinds]
        came: list[list[tuple[float, int]]] = [[] for _ in kinds]
        span = [0] * len(seats)
        arrivals, passes = list(self.arrivals(random)), self.passes
        # (when, window), or (when, -1 - number) for somebody who comes.
        clock = [(at_s, -1 - number) for number, (at_s, _, _) in enumerate(arrivals)]
        for number, seat in enumerate(seats):
            busy_s = 0.0
            if seat.lengths:
                one = seat.least + int(lies[len(called) + number] * (len(seat.lengths) - seat.least))
                busy_s = seat.lengths[one] - seat.elapsed_s
                if (step := seat.passes) is not None and step.service in self.kinds_of:
                    arrivals.append((busy_s, step.credited_s, step.service))
                    clock.append((busy_s, -len(arrivals)))
            clock.append((max(seat.spans[0][0], busy_s), number))
        came_taken = bytearray(len(arrivals))
        heapq.heapify(clock)
        while clock and left:
            now, who = pop(clock)
            if who < 0:
                _, counts_as, service = arrivals[-1 - who]
                for number in self.kinds_of[service]:
                    if idle[number]:
                        sampled = self._lengths[service]
                        push(clock, (now + sampled[int(draw() * len(sampled))], idle[number].pop()))
                        break
                else:
                    for number in self.kinds_of[service]:
                        push(came[number], (counts_as, -1 - who))
                continue
            spans = seats[who].spans
            if now >= spans[span[who]][1]:
                span[who] += 1
                if span[who] < len(spans):
                    push(clock, (max(now, spans[span[who]][0]), who))
                continue
            number = seats[who].kind
            kind = kinds[number]
            here, away, later = kind.here, kind.away, came[number]
            while True:
                place = gone_here[number]
                while place < len(here) and taken[here[place]]:
                    place += 1
                gone_here[number] = place
                first, best = (here[place], credited[here[place]]) if place < len(here) else (NOBODY, ENDLESS)
                helped, recheck = NOBODY, ENDLESS
                if away:
                    place = gone_away[number]
                    while place < len(away) and taken[away[place]]:
                        place += 1
                    gone_away[number] = place
                    if place < len(away) and credited[away[place]] + kind.leave_s <= best:
                        helped, recheck = self._first_to_help(kind, gone_lines[number], taken, now, best)
                        if helped != NOBODY:
                            first, best = helped, -ENDLESS
                while later and came_taken[later[0][1]]:
                    pop(later)
                if first == NOBODY and recheck == ENDLESS and not later:
                    idle[number].append(who)
                    break
                if later and later[0][0] < best:
                    newer = pop(later)[1]
                    came_taken[newer] = 1
                    sampled = self._lengths[arrivals[newer][2]]
                elif first == NOBODY:
                    push(clock, (recheck, who))
                    break
                else:
                    taken[first] = 1
                    called[first] = now
                    left = 0 if first == self.asked else left - 1
                    if is_probe[first]:
                        continue
                    sampled = lengths[first]
                    busy_s = sampled[int(lies[first] * len(sampled))]
                    if first == helped and areas[first] != area_of[who] and zones[first] != kind.home:
                        busy_s += change_over_s
                    if kind.is_tidal:
                        area_of[who] = areas[first]
                    if (onward := passes[first]) is not None and onward.service in self.kinds_of:
                        # Looked through, he comes to the next line with his place in time.
                        arrivals.append((now + busy_s, onward.credited_s, onward.service))
                        came_taken.append(0)
                        push(clock, (now + busy_s, -len(arrivals)))
                    push(clock, (now + busy_s, who))
                    break
                push(clock, (now + sampled[int(draw() * len(sampled))], who))
                break
        return called


def _poisson(mean: float, random: Chance) -> int:
    """A Poisson count; for large means its normal likeness."""
    if mean > 50:
        return max(0, round(random.gauss(mean, math.sqrt(mean))))
    limit, count, product = math.exp(-mean), 0, random.random()
    while product > limit:
        count += 1
        product *= random.random()
    return count


def _presence(
    at_window: WindowState, shifts: Sequence[tuple[float, float]], closing: float
) -> Iterator[tuple[float, float]]:
    """When a window's clerk will be there today, by the shifts of its timetable, all in seconds from now.

    Who works to the zone's `closing` stays until nobody waits. Who is away within his own hours is not counted on; who
    has gone to lunch is.
    """
    later = [(begin, math.inf if end >= closing else end) for begin, end in shifts if begin > 0]
    running = next((end for begin, end in shifts if begin <= 0 < end), None)
    if at_window.status is WindowStatus.CLOSED:
        has_begun = any(begin <= 0 for begin, _ in shifts)
        if running is None and not at_window.standby and (at_window.changed_at is not None or not has_begun):
            yield from later
        return
    begins = PAUSE_S if at_window.status is WindowStatus.PAUSED else 0.0
    # Open outside its hours, or to the closing: nothing says when it ends.
    yield begins, math.inf if running is None or running >= closing else max(running, begins)
    if running is not None:
        yield from later


def _streams(plan: Plan, state: HallState, at: float, latest: float) -> Iterator[_Stream]:
    """People expected to come, by service and head start, as far as they overtake the last one asked about.

    As many as came in the last while. Who is sent on from another service counts from when he first came.
    """
    counts: dict[tuple[str, bool, bool, bool], list[float]] = {}
    since = at
    for ticket in reversed(state.tickets.values()):
        if ticket.issued_at < at - RECENT_S:
            since = at - RECENT_S
            break
        since = ticket.issued_at
        key = (ticket.service, ticket.group is not None, ticket.on_time, ticket.transfers > 0)
        head_starts = counts.setdefault(key, [])
        head_starts.append(_last_joined_at(ticket) - ticket.due_at if ticket.transfers else 0.0)
    seconds = max(at - since, RECENT_MIN_S)
    for (service, is_priority, on_time, _), head_starts in counts.items():
        if service in plan.services:
            credit = credit_s(plan, state, service, "group" if is_priority else None, on_time=on_time)
            credit += sum(head_starts) / len(head_starts)
            if (until := latest + credit) > 0:
                yield _Stream(service, len(head_starts) / seconds, until, credit)


def _last_joined_at(ticket: Ticket) -> float:
    """When a ticket last began to wait: its spells are began, ended, began, ended …"""
    return ticket.spells[(len(ticket.spells) - 1) // 2 * 2]


def fast_forward(
    hall: Standstill, futures: int, random: Chance, between: Callable[[], None] = lambda: None
) -> list[list[float]]:
    """Play so many futures; per entry its sorted times of call. `between` runs after each future."""
    times: list[list[float]] = [[] for _ in hall.entries]
    for draws in hall.draws(futures, random):
        for entry, called in zip(times, hall.play(random, draws), strict=True):
            entry.append(called)
        between()
    for entry in times:
        entry.sort()
    return times
