"""How citizens and clerks behave on a played day: arrivals, choices, cards, walks, service lengths, ratings. Seeded; no
clock, no HTTP.

Assumptions, not measurements, in the spirit of the reference day: services lognormal round the hall file's mean, one
in eight in a priority group, one in twenty-five does not come, and a tide that swells in one zone while it ebbs in
another.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from server.id_numbers import check_sign

SERVICE_CV = 0.6
PRIORITY_SHARE = 0.12
NO_SHOW_SHARE = 0.04
HOLD_SHARE = 0.02
TRANSFER_SHARE = 0.03
ENGLISH_SHARE = 0.02
PAUSE_SHARE = 0.02
#: Of those in a priority group whose proof the clerk looks at, how many have it.
PROVED_SHARE = 0.95
#: At the kiosk: who looks an item up first, goes online when told that it can be done so, asks for help, gives up.
ITEM_SHARE = 0.3
ONLINE_SHARE = 0.4
HELP_SHARE = 0.02
GIVE_UP_SHARE = 0.01
#: Who shows a card where that is free, who has forgotten it where it is wanted, whose card was seen today already.
CARD_SHARE = 0.6
NO_CARD_SHARE = 0.1
RETURN_SHARE = 0.08
#: Free slots that are booked; who then comes too late, or not at all.
BOOKED_SHARE = 0.5
LATE_SHARE = 0.1
ABSENT_SHARE = 0.1
#: Who rates, and how often each level, from very satisfied to very dissatisfied.
RATED_SHARE = 0.35
LEVELS = {5: 80, 4: 11, 3: 5, 2: 3, 1: 1}
#: Part of a hall's windows that have a clerk.
STAFFED_SHARE = 0.8
#: Arriving work ÷ what the staffed windows can do, and how far the tide swings it.
LOAD = 0.95
TIDE_SWING = 0.45
TIDE_PERIOD_S = 40 * 60
#: On a market day most come early: this many times the usual at opening, falling by half in so many seconds.
MARKET_PEAK = 1.7
MARKET_HALF_S = 2.5 * 3600
FAMILY_NAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高䶮㛃"
GIVEN_NAMES = ("建国", "秀英", "志强", "桂兰", "海燕", "思源", "子涵", "玉𬱖", "明", "𡈽根", "晓𰻝", "丽华")
#: No district has this number: nobody's real card can be meant.
NOWHERE = "990000"
#: How much of a line stands at the door when the day begins, in minutes of its windows' work.
OPENING_LINE_MIN = 6.0


@dataclass(frozen=True, slots=True)
class Demand:
    """One service as citizens ask for it. Services that share windows share a `line`; `share` is its part of that."""

    service: str
    line: str
    share: float
    mean_service_s: float


@dataclass(frozen=True, slots=True)
class Card:
    """An ID card of somebody who does not exist."""

    number: str
    name: str


@dataclass(slots=True)
class Crowd:
    """The citizens of a day, from one seed. A market day has its crowd in the morning, others come with the tide."""

    demands: Sequence[Demand]
    staffed: Mapping[str, float]
    seed: int
    load: float = LOAD
    is_market: bool = False
    random: Random = field(init=False)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)

    def lines(self) -> list[str]:
        """Lines with somebody to serve them, in a fixed order."""
        return [line for line in dict.fromkeys(d.line for d in self.demands) if self.staffed.get(line)]

    def mean_service_s(self, line: str) -> float:
        """Mean length of a service of the line as asked for."""
        there = [d for d in self.demands if d.line == line]
        return sum(d.share * d.mean_service_s for d in there) / sum(d.share for d in there)

    def _capacity_per_s(self, line: str) -> float:
        """Services per second that the line's windows can do."""
        return self.staffed[line] / self.mean_service_s(line)

    def rate_per_s(self, line: str, at_s: float) -> float:
        """Arrivals per second in a line, `at_s` seconds into the day: its capacity, moved by the tide."""
        if self.is_market:
            return self.load * MARKET_PEAK * math.pow(0.5, at_s / MARKET_HALF_S) * self._capacity_per_s(line)
        phase = 2 * math.pi * self.lines().index(line) / max(1, len(self.lines()))
        tide = 1 + TIDE_SWING * math.sin(2 * math.pi * at_s / TIDE_PERIOD_S + phase)
        return self.load * tide * self._capacity_per_s(line)

    def next_arrival_s(self, line: str, at_s: float) -> float:
        """Seconds from `at_s` to the next citizen of a line (thinning of the fastest rate)."""
        fastest = self.load * (MARKET_PEAK if self.is_market else 1 + TIDE_SWING) * self._capacity_per_s(line)
        waited = 0.0
        while True:
            waited += self.random.expovariate(fastest)
            if self.random.random() <= self.rate_per_s(line, at_s + waited) / fastest:
                return waited

    def opening_line(self, line: str) -> int:
        """How many stand at the door."""
        return round(OPENING_LINE_MIN * 60 * self._capacity_per_s(line))

    def choose(self, line: str) -> str:
        """The service a citizen of the line asks for."""
        there = [d for d in self.demands if d.line == line]
        return self.random.choices(there, [d.share for d in there])[0].service

    def card(self) -> Card:
        """A new person's card: anybody from a pupil to a great-grandmother, a third of them over 60."""
        year = self.random.randint(1935, 1965) if self.is_(0.33) else self.random.randint(1966, 2008)
        birth = f"{year}{self.random.randint(1, 12):02d}{self.random.randint(1, 28):02d}"
        first_17 = f"{NOWHERE}{birth}{self.random.randint(0, 999):03d}"
        name = self.random.choice(FAMILY_NAMES) + self.random.choice(GIVEN_NAMES)
        return Card(first_17 + check_sign(first_17), name)

    def phone(self) -> str:
        """A number that no network gives out."""
        return f"100{self.random.randint(0, 10**8 - 1):08d}"

    def level(self) -> int:
        """How satisfied somebody is who rates."""
        return self.random.choices(list(LEVELS), list(LEVELS.values()))[0]

    def is_(self, share: float) -> bool:
        """Toss a coin of this share."""
        return self.random.random() < share

    def walk_s(self) -> float:
        """From the call to the window."""
        return self.random.uniform(15, 50)

    def service_s(self, mean_s: float) -> float:
        """One service, lognormal."""
        sigma = math.sqrt(math.log(1 + SERVICE_CV**2))
        return self.random.lognormvariate(math.log(mean_s) - sigma**2 / 2, sigma)


def lines_of(windows: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Service → name of its line (its first service): services that one window takes together are in one line.

    `windows`: window id → the services it takes.
    """
    line: dict[str, str] = {}
    for services in windows.values():
        joined = {line.get(service, service) for service in services}
        name = min(joined)
        for service, old in list(line.items()):
            if old in joined:
                line[service] = name
        line.update(dict.fromkeys(services, name))
    return line


def demands_of(windows: Mapping[str, Sequence[str]], means_s: Mapping[str, float]) -> list[Demand]:
    """What citizens ask for, the first service of each line the most, and more where more windows take it.

    `windows`: staffed window id → the services it takes; `means_s`: service → mean length, in the hall file's order.
    """
    line = lines_of(windows)
    able = Counter(service for services in windows.values() for service in services)
    rank: Counter[str] = Counter()
    demands = []
    for service, mean_s in means_s.items():
        if service in line:
            rank[line[service]] += 1
            demands.append(Demand(service, line[service], able[service] / (rank[line[service]] + 1), mean_s))
    return demands


def passed_on_work(
    demands: Sequence[Demand], staffed: Mapping[str, float], prechecks: Mapping[str, str], load: float = LOAD
) -> dict[str, float]:
    """Line of a pre-check → how many of its windows those keep busy who come for another service and are looked at first.

    `prechecks`: service → its pre-check.
    """
    known = {demand.service: demand for demand in demands}
    work: dict[str, float] = {}
    for service, first in prechecks.items():
        if service not in known or first not in known:
            continue
        line = known[service].line
        there = [demand for demand in demands if demand.line == line]
        mean_s = sum(d.share * d.mean_service_s for d in there) / sum(d.share for d in there)
        per_s = load * staffed.get(line, 0) / mean_s * known[service].share / sum(d.share for d in there)
        name = known[first].line
        work[name] = work.get(name, 0.0) + per_s * known[first].mean_service_s
    return work
