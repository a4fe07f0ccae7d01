"""A shipped hall as its server runs it, in this process, with a clock that tests set and ways in for everybody."""

import itertools
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from config.loader import load_hall
from server.accounts import DeviceKind, Person, Role
from server.catalogue.setting_up import open_catalogue
from server.catalogue.store import Catalogue
from server.client import ApiError
from server.compose import CATALOGUE_FILE, Service, compose

HALLS = Path(__file__).parents[2] / "config" / "halls"
SHANGHAI = ZoneInfo("Asia/Shanghai")
KEYS = itertools.count()


@dataclass(slots=True)
class Clock:
    """Wall time as a test wants it."""

    at: float = 0.0

    def __call__(self) -> float:
        return self.at

    def set(self, text: str) -> None:
        """Jump to a local time."""
        self.at = datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).timestamp()


@dataclass(slots=True)
class Way:
    """A way into the API with somebody's rights; a refusal is raised as device programs get it."""

    client: FlaskClient
    token: str | None = None

    def _answer(self, method: str, path: str, **how: Any) -> Any:
        headers = {"Idempotency-Key": f"hall-{next(KEYS):08d}"} if method == "POST" else {}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        answer = self.client.open(f"/api/v1{path}", method=method, headers=headers, **how)
        if answer.status_code == 204:
            return None
        if answer.status_code >= 400:
            said = answer.json
            raise ApiError(answer.status_code, said["reason"], said["detail"], said["detail_zh"], said.get("errors"))
        return answer.json

    def get(self, path: str, /, **query: object) -> dict[str, Any]:
        """Read."""
        return dict(self._answer("GET", path, query_string={k: str(v) for k, v in query.items()}))

    def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """Do; None for an empty answer."""
        return self._answer("POST", path, json=body or {})

    def refused(self, path: str, body: dict[str, Any] | None = None) -> str:
        """Try to do what is refused; gives the reason."""
        with pytest.raises(ApiError) as refusal:
            self.post(path, body)
        return refusal.value.reason

    def text(self, path: str, **query: object) -> tuple[str, bytes]:
        """Read what is no JSON: its content type and bytes."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        answer = self.client.get(f"/api/v1{path}", headers=headers, query_string={k: str(v) for k, v in query.items()})
        assert answer.status_code == 200, answer.text
        return answer.content_type, answer.data


@dataclass(slots=True)
class House:
    """A hall with everybody in it."""

    service: Service
    clock: Clock
    client: FlaskClient = field(init=False)
    _ways: dict[str, Way] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.client = self.service.app.test_client(use_cookies=False)

    @property
    def anyone(self) -> Way:
        """A phone at home."""
        return Way(self.client)

    @property
    def kiosk(self) -> Way:
        """The hall's first kiosk."""
        return self.device(self.service.hall_file.kiosks[0].id, DeviceKind.KIOSK)

    @property
    def guide(self) -> Way:
        """A guide with a tablet."""
        return self.person("mei", Role.GUIDE)

    @property
    def supervisor(self) -> Way:
        """A supervisor."""
        return self.person("chen", Role.SUPERVISOR)

    @property
    def manager(self) -> Way:
        """A manager: a second person beside the supervisor."""
        return self.person("sun", Role.MANAGER)

    @property
    def admin(self) -> Way:
        """The administrator."""
        return self.person("root", Role.ADMIN)

    @property
    def runner(self) -> Way:
        """Who carries papers."""
        return self.person("lu", Role.RUNNER)

    def office(self, department: str) -> Way:
        """Who decides for a department."""
        key = f"office {department}"
        if key not in self._ways:
            who = Person(f"office-{len(self._ways)}", frozenset({Role.DEPARTMENT}), department=department)
            self._ways[key] = Way(self.client, self.service.accounts.session(who))
        return self._ways[key]

    def clerk(self, window: str) -> Way:
        """The clerk of a window."""
        return self.person(f"clerk-{window.lower()}", Role.CLERK, window)

    def evaluator(self, window: str) -> Way:
        """The evaluator at a window."""
        return self.device(window, DeviceKind.EVALUATOR)

    def person(self, user: str, role: Role, window: str | None = None) -> Way:
        """Somebody signed in."""
        key = f"{role} {user}"
        if key not in self._ways:
            token = self.service.accounts.session(Person(user, frozenset({role}), window))
            self._ways[key] = Way(self.client, token)
        return self._ways[key]

    def device(self, name: str, kind: DeviceKind) -> Way:
        """A machine with a token."""
        key = f"{kind} {name}"
        if key not in self._ways:
            self._ways[key] = Way(self.client, self.service.accounts.add_device(name, kind))
        return self._ways[key]

    def at(self, moment: str) -> None:
        """Jump to a local time; the server notices a new day and what has lapsed."""
        self.clock.set(moment)
        self.service.hall.tick()

    def receive(self, window: str, ticket: dict[str, Any] | None = None) -> dict[str, Any]:
        """The clerk calls the next ticket (or the one meant) and starts to serve it; gives it back."""
        clerk = self.clerk(window)
        if clerk.get(f"/windows/{window}")["state"] != "open":
            clerk.post(f"/windows/{window}/open")
        if ticket is None:
            called = clerk.post(f"/windows/{window}/call-next")
        else:
            called = clerk.post(f"/windows/{window}/call", {"ticket": ticket["id"]})
        assert called is not None, f"nobody waits for {window}"
        clerk.post(f"/windows/{window}/start")
        return dict(called["ticket"])

    def serve(self, window: str, ticket: dict[str, Any] | None = None) -> dict[str, Any]:
        """The clerk calls the next ticket (or the one meant), starts and finishes it; gives it back."""
        served = self.receive(window, ticket)
        self.clerk(window).post(f"/windows/{window}/finish")
        return served

    def voucher(self, case: str) -> str:
        """What the code on a case's printed voucher says."""
        return f"http://hall.example/c/{self.service.site.links.case_token(case)}"

    def counts(self) -> dict[str, int]:
        """Tickets by state, of all days, as the views of the log have them."""
        rows = self.service.log.database.execute("SELECT state, count(*) FROM tickets GROUP BY state")
        return dict(rows.fetchall())


@pytest.fixture(scope="session")
def catalogue_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A hall's catalogue as it is after the first start, taken in once for all tests."""
    folder, made = tmp_path_factory.mktemp("catalogues"), {}

    def catalogue(name: str) -> Path:
        if name not in made:
            made[name] = folder / f"{name}.db"
            kept = Catalogue(made[name])
            open_catalogue(kept, load_hall(HALLS / f"{name}.yaml"), HALLS / f"{name}.yaml", 0.0)
            kept.close()
        return made[name]

    return catalogue


@pytest.fixture
def open_house(tmp_path: Path, catalogue_of: Callable[[str], Path]) -> Iterator[Callable[..., House]]:
    """Opens a shipped hall at a local time: `open_house("miluo", "2026-11-24T09:00")`."""
    opened: list[House] = []

    def open_(name: str, moment: str, *, demo: bool = False) -> House:
        clock = Clock()
        clock.set(moment)
        path = HALLS / f"{name}.yaml"
        (tmp_path / name).mkdir()
        shutil.copy(catalogue_of(name), tmp_path / name / CATALOGUE_FILE)
        service = compose(load_hall(path), tmp_path / name, hall_path=path, demo=demo, clock=clock)
        # Durability is proved in tests/log and tests/hall; here thousands of requests need not wait for the disk.
        service.log.database.conn.execute("PRAGMA synchronous=OFF")
        house = House(service, clock)
        opened.append(house)
        return house

    yield open_
    for house in opened:
        house.service.close()
