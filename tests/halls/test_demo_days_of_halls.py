"""Every hall's demo day, played without a screen on the real app in this process, on a clock of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from server.accounts import DeviceKind, Person, Role
from server.simulate.demo_day import Api, begin, play, staff_of
from server.simulate.played_day import Day
from tests.halls.conftest import House, Way

#: Waits are told by forecasts; beside the hall, as on a real server, but not for every ticket: they are the dear part.
FORECAST_EVERY_S = 60.0


@dataclass(slots=True)
class VirtualPace:
    """Waiting moves the server's clock on, and the server does what it does every second."""

    house: House
    forecast_at: float = 0.0

    def now(self) -> float:
        return self.house.clock.at

    def wait(self, seconds: float) -> None:
        self.house.clock.at += seconds
        self.house.service.hall.tick()
        if self.house.clock.at >= self.forecast_at:
            self.forecast_at = self.house.clock.at + FORECAST_EVERY_S
            self.house.service.site.forecasts.keep_fresh(lambda: None)


@dataclass(slots=True)
class InProcess:
    """The server's ways in, without a network and without hashing a password per clerk."""

    house: House

    def ways(self, token: str | None) -> Api:
        return Way(self.house.client, token)

    def as_user(self, user: str, password: str) -> Api:
        if user.startswith("department-"):
            decides = Person(user, frozenset({Role.DEPARTMENT}), department=password)
            return Way(self.house.client, self.house.service.accounts.session(decides))
        roles = {"guide": Role.GUIDE, "supervisor": Role.SUPERVISOR, "manager": Role.MANAGER, "runner": Role.RUNNER}
        window = password if user.startswith("clerk-") else None
        person = Person(user, frozenset({roles.get(user, Role.CLERK)}), window)
        return Way(self.house.client, self.house.service.accounts.session(person))


def logins(house: House) -> dict[str, Any]:
    """As demo.json tells them."""
    service = house.service
    clerks = [{"user": f"clerk-{w.lower()}", "password": w, "window": w} for w in service.site.names.windows]
    others = [{"user": user, "password": ""} for user in ("guide", "supervisor", "manager", "runner")]
    services = service.hall_file.services
    departments = dict.fromkeys(name for one in services for name in (one.department["zh"], *one.departments))
    offices = [
        {"user": f"department-{n}", "password": name, "department": name} for n, name in enumerate(departments, 1)
    ]
    return {
        "kiosk_token": service.accounts.add_device(service.hall_file.kiosks[0].id, DeviceKind.KIOSK),
        "evaluator_token": service.accounts.add_device("*", DeviceKind.EVALUATOR),
        "users": [*clerks, *others, *offices],
    }


#: Hall, when its doors open, hours until they shut. The big halls are played for a while only: every hour costs seconds.
DAYS = [
    ("yangxin", "2026-11-24T09:00", 0.1),
    ("miluo", "2026-11-24T09:00", 0.3),
    ("puyang", "2026-11-24T09:00", 0.3),
    ("chenzhou", "2026-11-24T09:00", 0.3),
    ("town", "2026-11-24T07:30", 1.5),  # a market day
    ("village", "2026-11-24T08:30", 2.5),
]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "opens", "hours"), DAYS)
def test_a_halls_day_runs_to_its_end(open_house: Callable[..., House], name: str, opens: str, hours: float) -> None:
    """Nothing is refused that should not be, everybody inside is served, and no ticket is lost or counted twice."""
    house = open_house(name, opens, demo=True)
    hall = house.service.hall_file
    day = Day(1.0, VirtualPace(house))

    here = begin(InProcess(house), logins(house), hall, day, 7, date.fromisoformat(opens[:10]))
    play(here, hours, tail_hours=6.0)

    assert here.refused == []
    assert here.happened["settled accepted"] > 0, "items are settled, and what was accepted goes on its way"
    assert here.happened["papers signed"] > 0
    with house.service.hall.reading() as state:
        issued = len(state.tickets)
        left = [one.number for one in state.tickets.values() if one.state in ("waiting", "called", "serving", "held")]
    assert left == [], "the doors are shut and everybody has been served"
    house.at((datetime.fromisoformat(opens) + timedelta(days=1)).isoformat()[:16])
    counts = house.counts()
    assert sum(counts.values()) == issued
    assert set(counts) <= {"done", "no_show", "cancelled"}
    assert counts["done"] > 0.8 * issued
    assert here.happened["ticket"] > 10 * len(staff_of(hall, date.fromisoformat(opens[:10]))) * hours / 9
