"""How fast a hall answers under the load of standards D2.18: `python bench/server_load.py [--seconds 60]`.

One demo server of the Yangxin hall on this machine, 445 tickets waiting, 30 boards and 40 phones following, 130 tickets
a minute from 4 kiosks and as many calls from 24 windows. Prints p50, p95 and p99 of issue and call, and the delay from
the answer of a call to its message at a board. Goals: issue p99 ≤ 300 ms, call p99 ≤ 200 ms, board ≤ 1 s.
"""

import argparse
import itertools
import json
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Any

import requests

ROOT = Path(__file__).resolve().parents[1]
WAITING, BOARDS, PHONES, WINDOWS, KIOSKS, PER_MINUTE = 445, 30, 40, 24, 4, 130


class Load:
    """The clients, their measurements and their stop."""

    def __init__(self, url: str, tokens: dict[str, str]) -> None:
        self.url, self.tokens = url, tokens
        self.stop = threading.Event()
        self.issue_s: list[float] = []
        self.call_s: list[float] = []
        self.board_s: list[float] = []
        self.called_at: dict[tuple[str, str], float] = {}
        self.failed: list[str] = []

    def post(
        self, session: requests.Session, who: str, path: str, body: dict[str, Any]
    ) -> tuple[requests.Response, float]:
        """One command and how long it took."""
        headers = {"Authorization": f"Bearer {self.tokens[who]}", "Idempotency-Key": str(uuid.uuid4())}
        begun = time.monotonic()
        answer = session.post(f"{self.url}/api/v1{path}", json=body, headers=headers, timeout=30)
        took = time.monotonic() - begun
        if answer.status_code >= 400:
            self.failed.append(f"{path}: {answer.status_code} {answer.text[:200]}")
        return answer, took

    def every(self, period_s: float, work: Any) -> None:
        """Run `work` at a steady rate until the stop; late rounds are not made up for."""
        at = time.monotonic()
        while not self.stop.wait(max(0.0, at - time.monotonic())):
            at = max(at + period_s, time.monotonic())
            work()

    def kiosk(self, services: list[str]) -> None:
        """A kiosk's share of the arrivals."""
        session, turn = requests.Session(), itertools.cycle(services)

        def issue() -> None:
            _, took = self.post(session, "kiosk", "/tickets", {"service": next(turn)})
            self.issue_s.append(took)

        self.every(KIOSKS * 60 / PER_MINUTE, issue)

    def window(self, window: str) -> None:
        """A window's share of the calls."""
        session = requests.Session()
        self.post(session, "admin", f"/windows/{window}/open", {})

        def call() -> None:
            answer, took = self.post(session, "admin", f"/windows/{window}/call-next", {"finish_current": True})
            self.call_s.append(took)
            if answer.status_code == 200:
                self.called_at[answer.json()["ticket"]["number"], window] = time.monotonic()
                self.post(session, "admin", f"/windows/{window}/start", {})

        self.every(WINDOWS * 60 / PER_MINUTE, call)

    def follow(self, topic: str, measured: bool) -> None:
        """A board or a phone."""
        with (
            suppress(requests.RequestException),  # at the end the server goes first
            requests.get(f"{self.url}/api/v1/feed?{topic}", stream=True, timeout=60) as answer,
        ):
            event = ""
            for line in answer.iter_lines(chunk_size=None):
                if self.stop.is_set():
                    return
                if line.startswith(b"event: "):
                    event = line[7:].decode()
                elif measured and event == "call" and line.startswith(b"data: "):
                    seen, call = time.monotonic(), json.loads(line[6:])
                    self.measure(call["number"], call["window"], seen)

    def measure(self, number: str, window: str, seen: float) -> None:
        """From the clerk's answer to the board; a board that was first counts as no delay."""
        for _ in range(20):
            if (answered := self.called_at.get((number, window))) is not None:
                self.board_s.append(max(0.0, seen - answered))
                return
            time.sleep(0.01)


def told(name: str, values: list[float], goal_ms: float) -> None:
    """One line of figures."""
    ordered = sorted(values) or [float("nan")]

    def at(share: float) -> float:
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000

    print(
        f"{name:<6} n={len(values):<6} p50 {at(0.5):7.1f} ms  p95 {at(0.95):7.1f} ms  p99 {at(0.99):7.1f} ms"
        f"  max {ordered[-1] * 1000:7.1f} ms   (goal p99 ≤ {goal_ms:.0f} ms)"
    )


def run(seconds: float, data: Path) -> None:
    """Start the server, load it, print."""
    arguments = ["run_server.py", "--data", str(data), "--demo", "--quiet-hall", "--port", "0"]
    with (data.parent / "server.log").open("wb") as log:
        server = subprocess.Popen([sys.executable, *arguments], cwd=ROOT, stdout=log, stderr=log)
    try:
        while True:
            try:
                demo = json.loads((data / "demo.json").read_text("utf-8"))
                if requests.get(f"{demo['url']}/readyz", timeout=2).ok:
                    break
            except (OSError, ValueError, requests.RequestException):
                time.sleep(0.1)
        url = demo["url"]
        login = next(u for u in demo["users"] if u["user"] == "admin")
        admin = requests.post(
            f"{url}/api/v1/sign-in", json={"user": "admin", "password": login["password"]}, timeout=30
        ).json()["token"]
        load = Load(url, {"admin": admin, "kiosk": demo["kiosk_token"]})
        hall = requests.get(f"{url}/api/v1/hall", timeout=30).json()
        services = [s["id"] for zone in hall["zones"] if zone["id"] == "social" for s in zone["services"]]
        session, links = requests.Session(), []
        for n in range(WAITING):
            answer, _ = load.post(session, "kiosk", "/tickets", {"service": services[n % len(services)]})
            links.append(answer.json()["url"].removeprefix("/t/"))
        social = [u["window"] for u in demo["users"] if u.get("window", "").startswith("S")][:WINDOWS]
        work: list[tuple[Any, tuple[Any, ...]]] = [(load.follow, ("board=main", True))]
        work += [(load.follow, ("board=main", False))] * (BOARDS - 1)
        work += [(load.follow, (f"ticket={token}", False)) for token in links[-PHONES:]]
        work += [(load.window, (window,)) for window in social]
        work += [(load.kiosk, (services[n:] + services[:n],)) for n in range(KIOSKS)]
        threads = [threading.Thread(target=target, args=given, daemon=True) for target, given in work]
        for thread in threads:
            thread.start()
            time.sleep(60 / PER_MINUTE / 8)
        cpu = Path(f"/proc/{server.pid}/stat")
        before = cpu.read_text().split() if cpu.exists() else []
        begun = time.monotonic()
        load.issue_s.clear()
        load.call_s.clear()
        load.stop.wait(seconds)
        lasted = time.monotonic() - begun
        print(
            f"{lasted:.0f} s: {WAITING} waiting, {BOARDS} boards, {PHONES} phones, {len(social)} windows,"
            f" {len(load.issue_s) / lasted * 60:.0f} tickets and {len(load.call_s) / lasted * 60:.0f} calls a minute"
        )
        told("issue", load.issue_s, 300)
        told("call", load.call_s, 200)
        told("board", load.board_s, 1000)
        if before:
            after = cpu.read_text().split()
            busy = sum(int(after[n]) - int(before[n]) for n in (13, 14)) / 100 / lasted
            print(f"server: {busy:.0%} of a core; failed requests: {len(load.failed)}")
        print(*sorted(set(load.failed))[:5], sep="\n")
        load.stop.set()
    finally:
        server.terminate()
        server.wait(15)


def main() -> None:
    """Arguments."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=float, default=60)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run(given.seconds, Path(folder) / "data")


if __name__ == "__main__":
    main()
