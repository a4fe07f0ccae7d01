"""Play a believable day on a demo hall, through the real API: citizens, clerks of every staffed window, guides, leaders.

A client like any other: `python -m server.simulate.demo_day --server URL --demo-file FILE [--speed 2] [--seed 1]`.
It goes on with whatever it finds, keeps its hands off a window where somebody else is working, and leaves the first
window of the hall to you. A town with market days plays a market day.
"""

import argparse
import json
import sys
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

from config.loader import DEFAULT_HALL, load_hall
from config.plan import ResolvedWindow, hours_of, resolve_windows
from config.schema import HallFile, Position
from server.client import Client, ServerLost
from server.core.calendar import day_to_play, shifts_on
from server.demo_player import GIVEN_UP
from server.plan import make_plan
from server.simulate.demo_cases import CASE_ROUND_S, BackOffice, Settling
from server.simulate.demo_staff import GUIDE_ROUND_S, LEADERS_ROUND_S, Clerk, Guide, Leaders
from server.simulate.demo_visitors import Visitors
from server.simulate.people import LOAD, STAFFED_SHARE, Crowd, demands_of, lines_of, passed_on_work
from server.simulate.played_day import Day
from server.simulate.played_hall import Api, PlayedHall, Staff

#: Halls with fewer clerks than this have quieter days.
SMALL_HALL, SMALL_LOAD = 4, 0.6
#: Items asked for at most; a catalogue may have thousands.
ITEMS_MAX = 200


class Server(Protocol):
    """Ways into a server: `ways` gives one with a token, `as_user` one of somebody who signed in."""

    def ways(self, token: str | None) -> Api:
        """With a device's token, or nobody's."""
        ...

    def as_user(self, user: str, password: str) -> Api:
        """Sign in."""
        ...


class HttpServer:
    """A server in another process."""

    def __init__(self, url: str) -> None:
        self._url = url

    def ways(self, token: str | None) -> Api:
        """With a device's token, or nobody's."""
        return Client(self._url, token)

    def as_user(self, user: str, password: str) -> Api:
        """Sign in."""
        with Client(self._url) as signing:
            session = signing.post("/sign-in", {"user": user, "password": password})
        assert session is not None
        return Client(self._url, session["token"])


def staff_of(hall: HallFile, on: date) -> list[str]:
    """The windows with a clerk on a day: of every run of equal windows most, of every service somebody; the hall's first
    window is left free while another serves the same."""
    plan = make_plan(hall)
    windows = resolve_windows(hall)
    runs: dict[tuple[str, Position, tuple[str, ...]], list[ResolvedWindow]] = {}
    for window in windows:
        if shifts_on(plan.timetables[window.hours], on, plan.calendar):
            runs.setdefault((window.zone, window.position, window.services), []).append(window)
    chosen = []
    for run in runs.values():
        if run[0].id == windows[0].id and len(run) > 1:
            run = run[1:]
        chosen += [one.id for one in run[: max(1, round(len(run) * STAFFED_SHARE))]]
    return chosen


def services_on(hall: HallFile, on: date) -> frozenset[str]:
    """What is open on a day: on a market day nothing is forwarded to offices that are there themselves."""
    plan = make_plan(hall)
    return frozenset(
        service.id
        for service in hall.services
        if shifts_on(plan.timetables[hours_of(hall, service)], on, plan.calendar)
    )


def begin(server: Server, demo: dict[str, Any], hall: HallFile, day: Day, seed: int, on: date) -> PlayedHall:
    """Everybody comes; nothing is played yet."""
    takes, wanted = {w.id: w.services for w in resolve_windows(hall)}, services_on(hall, on)
    staff = {window: tuple(s for s in takes[window] if s in wanted) for window in staff_of(hall, on)}
    line = lines_of(staff)
    staffed = Counter(line[services[0]] for services in staff.values())
    means = {service.id: service.mean_service_min * 60 for service in hall.services}
    is_market = make_plan(hall).calendar.is_market(on)
    load = SMALL_LOAD if len(staff) < SMALL_HALL else LOAD
    demands, passed_on = demands_of(staff, means), {s.id: s.precheck for s in hall.services if s.precheck}
    busy = passed_on_work(demands, staffed, passed_on, load)
    free = {name: max(0.1, count - busy.get(name, 0.0)) for name, count in staffed.items()}
    crowd = Crowd(demands, free, seed, load=load, is_market=is_market)
    by_window = {entry["window"]: entry for entry in demo["users"] if entry.get("window")}
    by_user = {entry["user"]: entry for entry in demo["users"]}

    def signed_in(user: str) -> Api | None:
        entry = by_user.get(user)
        return None if entry is None else server.as_user(user, entry["password"])

    kiosk = server.ways(demo["kiosk_token"])
    here = PlayedHall(
        day,
        crowd,
        hall,
        kiosk,
        evaluator=server.ways(demo["evaluator_token"]) if "evaluator_token" in demo else None,
        anyone=server.ways(None),
        staff=Staff(signed_in("guide"), signed_in("supervisor"), signed_in("manager"), signed_in("runner")),
    )
    today = datetime.fromisoformat(kiosk.get("/hall")["now"]).date()
    settling, desks = Settling(here, today), []
    _learn_items(here)
    visitors = Visitors(here)
    for window in staff:
        entry = by_window[window]
        way = server.as_user(entry["user"], entry["password"])
        if any(here.services[service].position is Position.PICKUP for service in takes[window]):
            desks.append(way)
        clerk = Clerk(here, way, window, visitors.leave, settling)
        day.after(crowd.random.uniform(0, 60), clerk.begin)
    # Continued on the same data, nobody stands at the door any more.
    is_first = all(zone["waiting"] == 0 for zone in kiosk.get("/hall")["zones"])
    here.try_(visitors.book)
    for name in crowd.lines():
        visitors.open(name, with_line=is_first)
    if here.staff.guide is not None:
        here.after(GUIDE_ROUND_S, Guide(here, here.staff.guide, visitors.wishes).look)
    if here.staff.supervisor is not None:
        offices = Offices(server, demo["users"])
        back = BackOffice(here, here.staff.supervisor, here.staff.runner, offices.of, desks)
        here.after(CASE_ROUND_S, back.look)
    if here.staff.supervisor is not None and here.staff.manager is not None:
        here.after(LEADERS_ROUND_S, Leaders(here, here.staff.supervisor, here.staff.manager).look)
    return here


class Offices:
    """Who decides for a department; signed in when first wanted, as every sign-in costs a password's hash."""

    def __init__(self, server: Server, users: list[dict[str, Any]]) -> None:
        self._server = server
        self._users = {entry["department"]: entry for entry in users if entry.get("department")}
        self._ways: dict[str, Api] = {}

    def of(self, department: str) -> Api | None:
        """His way in; None where the demo has nobody for it."""
        entry = self._users.get(department)
        if entry is not None and department not in self._ways:
            self._ways[department] = self._server.as_user(entry["user"], entry["password"])
        return self._ways.get(department)


def _learn_items(here: PlayedHall) -> None:
    """What the catalogue has, if there is one: items with a window, and those that are done elsewhere."""
    for item in here.kiosk.get("/items", limit=ITEMS_MAX)["items"]:
        if item["elsewhere"] is not None:
            here.elsewhere.append(item)
        elif item["service"] and item.get("available", True):
            here.items.setdefault(item["service"], []).append(item)


def play(here: PlayedHall, hours: float, tail_hours: float = 0.0) -> None:
    """Play; then shut the doors and let the clerks serve who is inside. Returns early when the server is gone."""
    here.day.play(hours * 3600)
    here.doors_open = False
    if tail_hours:
        here.day.play((hours + tail_hours) * 3600)


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
    server = HttpServer(args.server)
    try:
        today = datetime.fromisoformat(server.ways(None).get("/hall")["now"]).date()
        play(begin(server, demo, hall, Day(args.speed), args.seed, day_to_play(make_plan(hall), today)), args.hours)
    except KeyboardInterrupt:
        return 0
    except ServerLost as trouble:
        # The server that plays this day starts it again; a stack of calls would tell nobody anything.
        sys.stderr.write(f"demo day: {trouble}\n")
        return GIVEN_UP
    return 0


if __name__ == "__main__":
    sys.exit(main())
