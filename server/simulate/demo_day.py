"""Play a believable day on a demo hall, through the real API: kiosks, citizens and clerks of every staffed window.

A client like any other: `python -m server.simulate.demo_day --server URL --demo-file FILE [--speed 2] [--seed 1]`.
It goes on with whatever it finds, keeps its hands off a window where somebody else is working, and leaves the first
window of the hall to you.
"""

import argparse
import heapq
import itertools
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from config.loader import DEFAULT_HALL, load_hall
from config.plan import resolve_windows
from config.schema import HallFile, Position
from server.client import ApiError, Client, ServerLost
from server.simulate.people import (
    ENGLISH_SHARE,
    HOLD_SHARE,
    NO_SHOW_SHARE,
    PAUSE_SHARE,
    PRIORITY_SHARE,
    STAFFED_SHARE,
    TRANSFER_SHARE,
    Crowd,
    demands_of,
    lines_of,
)

#: After meeting somebody else at a window, leave it alone this long.
HANDS_OFF_S = 600.0
#: How often a clerk on standby looks whether the window has been opened.
STANDBY_S = 15.0
#: A server that stays away this long has been stopped.
GIVE_UP_S = 60.0


class Day:
    """A list of things to do, each at its time on the day's own clock (real time × speed)."""

    def __init__(self, speed: float) -> None:
        self._speed = speed
        self._began = time.monotonic()
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._count = itertools.count()

    @property
    def now_s(self) -> float:
        """Seconds since the day began, as played."""
        return (time.monotonic() - self._began) * self._speed

    def after(self, delay_s: float, act: Callable[[], None]) -> None:
        """Do something in `delay_s` played seconds."""
        heapq.heappush(self._due, (self.now_s + delay_s, next(self._count), act))

    def play(self, until_s: float) -> None:
        """Do everything in its order until the day's end, or until the server is gone for good."""
        lost_since: float | None = None
        started_by = os.getppid()
        while self._due and self.now_s < until_s:
            if os.getppid() != started_by:
                # The server that started us was killed; the next one brings a player of its own.
                return
            due, _, act = heapq.heappop(self._due)
            time.sleep(max(0.0, (due - self.now_s) / self._speed))
            try:
                act()
                lost_since = None
            except ServerLost:
                now = time.monotonic()
                lost_since = lost_since if lost_since is not None else now
                if now - lost_since > GIVE_UP_S:
                    return
                self.after(2 * self._speed, act)


class Clerk:
    """A clerk at one window: opens it, then calls, starts and finishes for the rest of the day."""

    def __init__(self, day: Day, crowd: Crowd, client: Client, window: str, means: dict[str, float]) -> None:
        self._day, self._crowd, self._client, self._means = day, crowd, client, means
        self._window = window

    def _post(self, verb: str, body: dict[str, Any] | None = None) -> dict[str, Any] | None:
        return self._client.post(f"/windows/{self._window}/{verb}", body)

    def _later(self, delay_s: float, act: Callable[[], None]) -> None:
        def guarded() -> None:
            try:
                act()
            except ApiError as refusal:
                # The tide closed the window meanwhile, or somebody else works at it: look again later.
                closed = refusal.reason == "window_closed"
                self._day.after(STANDBY_S if closed else HANDS_OFF_S, self.begin)

        self._day.after(delay_s, guarded)

    def begin(self) -> None:
        """Come to the window and go on with whatever is there."""
        try:
            found = self._client.get(f"/windows/{self._window}")
            if found["standby"]:
                # The tide has sent this clerk to other work and will open the window again.
                self._day.after(STANDBY_S, self.begin)
                return
            if found["state"] != "open":
                self._post("open")
        except ApiError:
            self._day.after(HANDS_OFF_S, self.begin)
            return
        ticket = found["ticket"]
        if ticket is None:
            self._later(self._crowd.random.uniform(0, 5), self._call)
        elif ticket["state"] == "called":
            self._later(self._crowd.walk_s(), lambda: self._arrive(ticket))
        else:
            self._later(self._crowd.service_s(self._means[ticket["service"]]) / 2, self._finish)

    def _call(self) -> None:
        answer = self._post("call-next")
        if answer is None:
            self._later(self._crowd.random.uniform(5, 12), self._call)
            return
        ticket = answer["ticket"]
        if self._crowd.is_(NO_SHOW_SHARE):
            self._later(30, lambda: self._nobody_comes(recalls=1))
        else:
            self._later(self._crowd.walk_s(), lambda: self._arrive(ticket))

    def _nobody_comes(self, recalls: int) -> None:
        if recalls > 0:
            self._post("recall")
            self._later(25, lambda: self._nobody_comes(recalls - 1))
        else:
            self._post("no-show")
            self._later(3, self._call)

    def _arrive(self, ticket: dict[str, Any]) -> None:
        self._post("start")
        length = self._crowd.service_s(self._means[ticket["service"]])
        if self._crowd.is_(HOLD_SHARE):
            self._later(length / 3, lambda: self._set_aside(ticket))
        elif self._crowd.is_(TRANSFER_SHARE):
            self._later(length / 3, lambda: self._send_on(ticket))
        else:
            self._later(length, self._finish)

    def _set_aside(self, ticket: dict[str, Any]) -> None:
        self._post("hold")
        self._later(2, self._call)
        self._day.after(300, lambda: self._take_back(ticket))

    def _take_back(self, ticket: dict[str, Any]) -> None:
        """Resume a held ticket as soon as the window is free; if somebody else took it, forget it."""
        try:
            if self._client.get(f"/windows/{self._window}")["ticket"] is not None:
                self._day.after(30, lambda: self._take_back(ticket))
                return
            self._post("resume", {"ticket": ticket["id"]})
        except ApiError:
            return
        self._later(self._crowd.walk_s(), lambda: self._arrive(ticket))

    def _send_on(self, ticket: dict[str, Any]) -> None:
        others = [s for s in self._client.get(f"/windows/{self._window}")["services"] if s != ticket["service"]]
        if others:
            self._post("transfer", {"service": self._crowd.random.choice(others)})
        else:
            self._post("finish")
        self._later(3, self._call)

    def _finish(self) -> None:
        self._post("finish")
        if self._crowd.is_(PAUSE_SHARE):
            self._post("pause", {"reason": "短暂离开"})
            self._later(self._crowd.random.uniform(60, 300), self.begin)
        else:
            self._later(self._crowd.random.uniform(2, 8), self._call)


class Door:
    """The citizens of one line, taking tickets at a kiosk."""

    def __init__(self, day: Day, crowd: Crowd, client: Client, line: str, groups: list[str]) -> None:
        self._day, self._crowd, self._client, self._line, self._groups = day, crowd, client, line, groups

    def open(self, *, with_line: bool) -> None:
        """Let in those who stand at the door, then the others as they come."""
        for _ in range(self._crowd.opening_line(self._line) if with_line else 0):
            self._day.after(self._crowd.random.uniform(0, 90), self._take)
        self._arrive_next()

    def _arrive_next(self) -> None:
        def arrive() -> None:
            self._arrive_next()
            self._take()

        self._day.after(self._crowd.next_arrival_s(self._line, self._day.now_s), arrive)

    def _take(self) -> None:
        body: dict[str, Any] = {
            "service": self._crowd.choose(self._line),
            "channel": "kiosk",
            "language": "en" if self._crowd.is_(ENGLISH_SHARE) else "zh",
        }
        if self._groups and self._crowd.is_(PRIORITY_SHARE):
            body["group"] = self._crowd.random.choice(self._groups)
        try:
            self._client.post("/tickets", body)
        except ApiError as refusal:
            sys.stderr.write(f"demo day: {body['service']}: {refusal}\n")


def staff_of(hall: HallFile) -> list[str]:
    """The windows with a clerk: of every run of equal windows most, of every service somebody; never the first."""
    windows = resolve_windows(hall)
    runs: dict[tuple[str, Position, tuple[str, ...]], list[str]] = {}
    for window in windows:
        runs.setdefault((window.zone, window.position, window.services), []).append(window.id)
    chosen = []
    for run in runs.values():
        if run[0] == windows[0].id:
            run = run[1:]
        chosen += run[: max(1, round(len(run) * STAFFED_SHARE))]
    return chosen


def play(server: str, demo: dict[str, Any], hall: HallFile, speed: float, seed: int, hours: float) -> None:
    """Play the day; returns at its end or when the server is gone."""
    day = Day(speed)
    takes = {w.id: w.services for w in resolve_windows(hall)}
    staff = {window: takes[window] for window in staff_of(hall)}
    line = lines_of(staff)
    staffed = Counter(line[services[0]] for services in staff.values())
    means = {service.id: service.mean_service_min * 60 for service in hall.services}
    crowd = Crowd(demands_of(staff, means), dict(staffed), seed)
    logins = {entry.get("window"): entry for entry in demo["users"]}
    for window in staff:
        with Client(server) as signing:
            login = logins[window]
            session = signing.post("/sign-in", {"user": login["user"], "password": login["password"]})
        assert session is not None
        clerk = Clerk(day, crowd, Client(server, session["token"]), window, means)
        day.after(crowd.random.uniform(0, 60), clerk.begin)
    kiosk = Client(server, demo["kiosk_token"])
    # Continued on the same data, nobody stands at the door any more.
    is_first = all(zone["waiting"] == 0 for zone in kiosk.get("/hall")["zones"])
    groups = [group.id for group in hall.priority_groups if group.enabled]
    for name in crowd.lines():
        Door(day, crowd, kiosk, name, groups).open(with_line=is_first)
    day.play(hours * 3600)


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m server.simulate.demo_day", description=__doc__)
    parser.add_argument("--server", required=True)
    parser.add_argument("--demo-file", type=Path, required=True)
    parser.add_argument("--hall", type=Path, default=DEFAULT_HALL)
    parser.add_argument("--speed", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=2022)
    parser.add_argument("--hours", type=float, default=24.0, help="length of the played day")
    args = parser.parse_args(arguments)
    demo = json.loads(args.demo_file.read_text("utf-8"))
    hall = load_hall(args.hall)
    try:
        play(args.server, demo, hall, args.speed, args.seed, args.hours)
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
