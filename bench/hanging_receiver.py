"""Whether a receiver that hangs slows the hall: `python bench/hanging_receiver.py [--seconds 20] [--rounds 2]`.

Two demo servers of the Yangxin hall, one without hooks, one with six: five whose receiver takes every message and never
answers, and one whose receiver answers. Each gets the same load in turn, round by round, so that the machine's mood is
the same for both: 300 tickets and as many calls a minute. Prints p50 and p99 of issue and call, and how long after the
clerk's answer the good receiver had the call.
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
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import requests

ROOT = Path(__file__).resolve().parents[1]
HALL = ROOT / "config" / "halls" / "yangxin.yaml"
HANGING, PER_MINUTE, WAITING = 5, 300, 200
KINDS = "[called, nearly, rate_us, bad_rating, step_overdue]"


class Gateway:
    """A receiver: one that answers notes when which call came, one that hangs notes that it was asked."""

    def __init__(self, *, hangs: bool) -> None:
        gateway, self.came, self.asked = self, dict[tuple[str, str], float](), 0

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                gateway.asked += 1
                if hangs:
                    time.sleep(3600)
                gateway.came.setdefault((body["type"], body["data"]["ticket"]), time.monotonic())
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        self.url = f"http://127.0.0.1:{server.server_port}/"
        threading.Thread(target=server.serve_forever, daemon=True).start()


class Server:
    """A demo server with tickets waiting and windows open."""

    def __init__(self, data: Path, hooks: str) -> None:
        data.mkdir()
        hall = data / "hall.yaml"
        hall.write_text(
            HALL.read_text("utf-8").replace("yangxin-lists", str(HALL.parent / "yangxin-lists")) + hooks, "utf-8"
        )
        command = ["run_server.py", "--hall", str(hall), "--data", str(data / "data"), "--demo", "--quiet-hall"]
        with (data / "server.log").open("wb") as log:
            self.process = subprocess.Popen([sys.executable, *command, "--port", "0"], cwd=ROOT, stdout=log, stderr=log)
        while True:
            try:
                demo = json.loads((data / "data" / "demo.json").read_text("utf-8"))
                if requests.get(f"{demo['url']}/readyz", timeout=2).ok:
                    break
            except (OSError, ValueError, requests.RequestException):
                time.sleep(0.1)
            if self.process.poll() is not None:
                raise SystemExit((data / "server.log").read_text("utf-8"))
        self.url = f"{demo['url']}/api/v1"
        login = next(u for u in demo["users"] if u["user"] == "admin")
        signed = requests.post(f"{self.url}/sign-in", json={"user": "admin", "password": login["password"]}, timeout=30)
        self.tokens = {"admin": signed.json()["token"], "kiosk": demo["kiosk_token"]}
        zones = requests.get(f"{self.url}/hall", timeout=30).json()["zones"]
        self.services = itertools.cycle([s["id"] for z in zones if z["id"] == "social" for s in z["services"]])
        named = [u["window"] for u in demo["users"] if u.get("window", "").startswith("S")][:24]
        self.windows = itertools.cycle(named)
        self.took: dict[str, list[float]] = {"issue": [], "call": []}
        self.answered: dict[str, float] = {}
        for window in named:
            self.post("admin", f"/windows/{window}/open", {})
        for _ in range(WAITING):
            self.issue()
        self.took = {"issue": [], "call": []}

    def post(self, who: str, path: str, body: dict[str, Any]) -> tuple[requests.Response, float]:
        """One command and how long it took."""
        headers = {"Authorization": f"Bearer {self.tokens[who]}", "Idempotency-Key": str(uuid.uuid4())}
        begun = time.monotonic()
        answer = requests.post(f"{self.url}{path}", json=body, headers=headers, timeout=60)
        return answer, time.monotonic() - begun

    def issue(self) -> None:
        """A ticket."""
        self.took["issue"].append(self.post("kiosk", "/tickets", {"service": next(self.services)})[1])

    def call(self) -> None:
        """A call at the next window; the one before is finished with it."""
        answer, took = self.post("admin", f"/windows/{next(self.windows)}/call-next", {"finish_current": True})
        self.took["call"].append(took)
        if answer.status_code == 200:
            self.answered[answer.json()["ticket"]["number"]] = time.monotonic()

    def load(self, seconds: float) -> None:
        """A ticket and a call at a steady rate."""
        end, pause = time.monotonic() + seconds, 60 / PER_MINUTE

        def steadily(work: Any) -> None:
            at = time.monotonic()
            while at < end:
                work()
                at = max(at + pause, time.monotonic())
                time.sleep(max(0.0, at - time.monotonic()))

        both = [threading.Thread(target=steadily, args=(work,)) for work in (self.issue, self.call)]
        for thread in both:
            thread.start()
        for thread in both:
            thread.join()


def at(values: list[float], share: float) -> float:
    """A quantile in milliseconds."""
    ordered = sorted(values) or [float("nan")]
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000


def main() -> None:
    """Start both, load them in turn, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--rounds", type=int, default=2)
    args = parser.parse_args()
    good, bad = Gateway(hangs=False), Gateway(hangs=True)
    hooks = f"\nhooks:\n  - {{ id: good, url: '{good.url}', events: {KINDS} }}\n" + "".join(
        f"  - {{ id: hanging-{n}, url: '{bad.url}', events: {KINDS}, timeout_s: 60 }}\n" for n in range(HANGING)
    )
    with tempfile.TemporaryDirectory() as folder:
        servers = {"without hooks": Server(Path(folder) / "a", ""), "five hang": Server(Path(folder) / "b", hooks)}
        try:
            for _ in range(args.rounds):
                for server in servers.values():
                    server.load(args.seconds)
            time.sleep(2)
            for name, server in servers.items():
                for verb, values in server.took.items():
                    print(
                        f"{name:<14} {verb:<6} n={len(values):<5} p50 {at(values, 0.5):6.1f} ms  p99 {at(values, 0.99):6.1f} ms"
                    )
            late = [
                good.came["called", n] - t
                for n, t in servers["five hang"].answered.items()
                if ("called", n) in good.came
            ]
            calls = len(servers["five hang"].answered)
            print(
                f"good receiver  called n={len(late)}/{calls} p50 {at(late, 0.5):6.1f} ms  p99 {at(late, 0.99):6.1f} ms after the clerk's answer"
            )
            print(f"hanging ones were asked {bad.asked} times")
        finally:
            for server in servers.values():
                server.process.terminate()
                server.process.wait(20)


if __name__ == "__main__":
    main()
