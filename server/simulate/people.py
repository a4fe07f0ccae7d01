"""How citizens and clerks behave on a played day: arrivals, choices, walks, service lengths. Seeded; no clock, no HTTP.

Assumptions, not measurements, in the spirit of the reference day: services lognormal round the hall file's mean, one
in eight in a priority group, one in twenty-five does not come, and a tide that swells in one zone while it ebbs in
another.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

SERVICE_CV = 0.6
PRIORITY_SHARE = 0.12
NO_SHOW_SHARE = 0.04
HOLD_SHARE = 0.02
TRANSFER_SHARE = 0.03
ENGLISH_SHARE = 0.02
PAUSE_SHARE = 0.02
#: Part of a hall's windows that have a clerk.
STAFFED_SHARE = 0.8
#: Arriving work ÷ what the staffed windows can do, and how far the tide swings it.
LOAD = 0.95
TIDE_SWING = 0.45
TIDE_PERIOD_S = 40 * 60
#: How much of a zone's line stands at the door when the day begins, in minutes of its windows' work.
OPENING_LINE_MIN = 6.0


@dataclass(frozen=True, slots=True)
class Demand:
    """One service as citizens ask for it. `share` is its part of its zone's arrivals."""

    service: str
    zone: str
    share: float
    mean_service_s: float


@dataclass(slots=True)
class Crowd:
    """The citizens of a day, from one seed."""

    demands: Sequence[Demand]
    staffed: dict[str, int]
    seed: int
    random: Random = field(init=False)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)

    def zones(self) -> list[str]:
        """Zones with somebody to serve there, in a fixed order."""
        return [z for z in dict.fromkeys(d.zone for d in self.demands) if self.staffed.get(z)]

    def mean_service_s(self, zone: str) -> float:
        """Mean length of a service of the zone as asked for."""
        return sum(d.share * d.mean_service_s for d in self.demands if d.zone == zone)

    def rate_per_s(self, zone: str, at_s: float) -> float:
        """Arrivals per second in a zone, `at_s` seconds into the day: its capacity, moved by the tide."""
        phase = 2 * math.pi * self.zones().index(zone) / max(1, len(self.zones()))
        tide = 1 + TIDE_SWING * math.sin(2 * math.pi * at_s / TIDE_PERIOD_S + phase)
        return LOAD * tide * self.staffed[zone] / self.mean_service_s(zone)

    def next_arrival_s(self, zone: str, at_s: float) -> float:
        """Seconds from `at_s` to the next citizen of a zone (thinning of the fastest rate)."""
        fastest = LOAD * (1 + TIDE_SWING) * self.staffed[zone] / self.mean_service_s(zone)
        waited = 0.0
        while True:
            waited += self.random.expovariate(fastest)
            if self.random.random() <= self.rate_per_s(zone, at_s + waited) / fastest:
                return waited

    def opening_line(self, zone: str) -> int:
        """How many stand at the door."""
        return round(OPENING_LINE_MIN * 60 * self.staffed[zone] / self.mean_service_s(zone))

    def choose(self, zone: str) -> str:
        """The service a citizen of the zone asks for."""
        there = [d for d in self.demands if d.zone == zone]
        return self.random.choices(there, [d.share for d in there])[0].service

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


def zipf_shares(count: int) -> list[float]:
    """Shares of services in the order of the hall file, the first the most asked for; they add up to 1."""
    weights = [1 / (rank + 2) for rank in range(count)]
    return [weight / sum(weights) for weight in weights]
