"""The real server as a process under gevent: storms of clients, retries and reconnects, kills, the demo's promises."""

import json
import os
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests

from server.accounts import Role

ROOT = Path(__file__).resolve().parents[2]
SMALL = ROOT / "tests" / "hall" / "small_hall.yaml"
READY_S = 5.0


class Server:
    """`run_server.py --demo --quiet-hall` on a data directory, started as often as needed."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.process: subprocess.Popen[bytes] | None = None
        self.demo: dict[str, Any] = {}

    def start(self, *, within_s: float, port: int = 0) -> float:
        """Start and wait until ready; gives the seconds it took."""
        begun = time.monotonic()
        arguments = ["run_server.py", "--hall", str(SMALL), "--data", str(self.data), "--demo", "--quiet-hall"]
        with (self.data.parent / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *arguments, "--port", str(port)], cwd=ROOT, stdout=log, stderr=log
            )
        old_url = self.demo.get("url")
        while time.monotonic() - begun < within_s:
            assert self.process.poll() is None, (self.data.parent / "server.log").read_text()
            try:
                demo = json.loads((self.data / "demo.json").read_text("utf-8"))
                if (port or demo["url"] != old_url) and requests.get(f"{demo['url']}/readyz", timeout=2).ok:
                    self.demo = demo
                    return time.monotonic() - begun
            except (OSError, ValueError, requests.RequestException):
                time.sleep(0.02)
        raise AssertionError(f"not ready within {within_s} s")

    def cpu_s(self) -> float:
        """Seconds of work the server has cost so far: how long a start takes where nobody else wants the processor."""
        assert self.process is not None
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def kill(self) -> None:
        """Power off."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(10)
            self.process = None

    def caller(self, token: str) -> Callable[..., requests.Response]:
        """Sends requests on one kept connection; a key of its own for each POST unless given."""
        session = requests.Session()
        session.headers["Authorization"] = f"Bearer {token}"

        def send(path: str, body: Any = None, *, key: str | None = None, get: bool = False) -> requests.Response:
            url = f"{self.demo['url']}/api/v1{path}"
            if get:
                return session.get(url, timeout=20)
            return session.post(url, json=body or {}, headers={"Idempotency-Key": key or str(uuid.uuid4())}, timeout=20)

        return send

    def sign_in(self, user: str) -> str:
        """The token of a demo user."""
        login = next(u for u in self.demo["users"] if u["user"] == user)
        body = {"user": user, "password": login["password"]}
        answer = requests.post(f"{self.demo['url']}/api/v1/sign-in", json=body, timeout=20)
        return str(answer.json()["token"])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running demo of the small hall."""
    server = Server(tmp_path_factory.mktemp("live") / "data")
    server.start(within_s=40)
    yield server
    server.kill()


@pytest.fixture(scope="module")
def staff(server: Server) -> dict[str, str]:
    """Tokens of everybody in the demo."""
    return {u["user"]: server.sign_in(u["user"]) for u in server.demo["users"]}


def at_once(work: Callable[[int], Any], times: int) -> list[Any]:
    """Run `work(n)` in so many threads that begin together."""
    start = threading.Barrier(times)

    def one(n: int) -> Any:
        start.wait(20)
        return work(n)

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


def drain(server: Server, staff: dict[str, str]) -> None:
    """Serve whoever waits, so that a test begins with an empty hall."""
    for window, user in (("S01", "clerk-s01"), ("E01", "clerk-e01")):
        send = server.caller(staff[user])
        send(f"/windows/{window}/open")
        while send(f"/windows/{window}/call-next", {"finish_current": True}).status_code == 200:
            pass


def test_the_demo_tells_how_to_drive_it(server: Server) -> None:
    """demo.json: a bare address, a token for each kind of device, a clerk for every window, everybody else."""
    demo = server.demo
    assert demo["url"].count("/") == 2
    assert {u["window"] for u in demo["users"] if "window" in u} == {"S01", "S02", "S03", "E01", "E02"}
    assert {role for u in demo["users"] for role in u["roles"]} == {role.value for role in Role}
    hall = requests.get(f"{demo['url']}/api/v1/hall", timeout=5).json()
    assert hall["open"]
    kiosk = server.caller(demo["kiosk_token"])
    for zone in hall["zones"]:
        for service in zone["services"]:
            assert service["open"]
            assert kiosk("/tickets", {"service": service["id"]}).status_code == 201
    assert (server.data / "demo.json").stat().st_mode & 0o077 == 0


def test_thirty_two_clients_at_once(server: Server, staff: dict[str, str]) -> None:
    """Kiosks and clerks together: every number once and in a row, no ticket at two windows (D1)."""
    drain(server, staff)
    first = int(server.caller(server.demo["kiosk_token"])("/tickets", {"service": "relief"}).json()["number"][1:])
    clerks = ("S01", "S02", "S03")
    for window in clerks:
        assert server.caller(staff[f"clerk-{window.lower()}"])(f"/windows/{window}/open").status_code == 200

    def work(n: int) -> list[tuple[str, str]]:
        seen: list[tuple[str, str]] = []
        if n < 20:
            send = server.caller(server.demo["kiosk_token"])
            for _ in range(12):
                answer = send("/tickets", {"service": "insurance"})
                assert answer.status_code == 201, answer.text
                seen.append(("issued", answer.json()["number"]))
        else:
            window = clerks[n % 3]
            send = server.caller(staff[f"clerk-{window.lower()}"])
            for _ in range(12):
                answer = send(f"/windows/{window}/call-next", {"finish_current": True})
                assert answer.status_code in (200, 204), answer.text
                if answer.status_code == 200:
                    seen.append(("called", answer.json()["ticket"]["number"]))
        return seen

    seen = [one for some in at_once(work, 32) for one in some]
    issued = sorted(int(number[1:]) for what, number in seen if what == "issued")
    called = Counter(number for what, number in seen if what == "called")
    assert issued == list(range(first + 1, first + 241))
    assert max(called.values()) == 1
    assert len(called) > 30
    supervisor = server.caller(staff["supervisor"])
    holders = [w["ticket"]["number"] for w in supervisor("/zones/social", get=True).json()["windows"] if w["ticket"]]
    assert len(holders) == len(set(holders))


def test_a_storm_of_retries_gives_one_ticket(server: Server) -> None:
    """A hundred requests at once under one key: one ticket, a hundred equal answers (D2.10)."""
    key, waiting = str(uuid.uuid4()), {"service": "licence"}
    before = server.caller(server.demo["kiosk_token"])("/tickets", waiting).json()["number"]

    answers = at_once(lambda _: server.caller(server.demo["kiosk_token"])("/tickets", waiting, key=key), 100)

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotency-Replayed" in answer.headers for answer in answers) == 99
    after = server.caller(server.demo["kiosk_token"])("/tickets", waiting).json()["number"]
    assert int(after[1:]) - int(before[1:]) == 2


def test_a_storm_of_refusals_and_of_empty_calls(server: Server, staff: dict[str, str]) -> None:
    """Twenty times the same press: the first answer each time, 409 and 204 alike."""
    drain(server, staff)
    send = server.caller(staff["clerk-e02"])
    send("/windows/E02/close")
    refused = at_once(lambda _: server.caller(staff["clerk-e02"])("/windows/E02/call-next", key="press-while-shut"), 20)
    send("/windows/E02/open")
    empty = at_once(lambda _: server.caller(staff["clerk-e02"])("/windows/E02/call-next", key="press-while-empty"), 20)
    server.caller(server.demo["kiosk_token"])("/tickets", {"service": "licence"})

    assert {(a.status_code, a.json()["reason"]) for a in refused} == {(409, "window_closed")}
    assert len({a.content for a in refused}) == 1
    assert {(a.status_code, a.content) for a in empty} == {(204, b"")}
    assert send("/windows/E02/call-next", key="press-while-empty").status_code == 204
    assert send("/windows/E02/call-next", key="press-while-shut").content == refused[0].content
    assert send("/windows/E02/call-next").status_code == 200


def test_signing_in_while_devices_ask(server: Server, staff: dict[str, str]) -> None:
    """Password checks run beside the event loop; thirty-two of them at once block nobody for long, and none is lost."""
    slowest: list[float] = []
    done = threading.Event()

    def look() -> None:
        send = server.caller(server.demo["kiosk_token"])
        while not done.wait(0.02):
            begun = time.monotonic()
            assert send("/devices/kiosk-1", get=True).status_code == 200
            slowest.append(time.monotonic() - begun)

    looker = threading.Thread(target=look)
    looker.start()
    tokens = at_once(lambda n: server.sign_in(("clerk-s01", "supervisor")[n % 2]), 32)
    done.set()
    looker.join(20)
    assert len(tokens) == 32
    assert slowest
    assert max(slowest) < 3


# --- the feed over real sockets ---------------------------------------------------------------------------------------


def read_feed(url: str, token: str, last: int | None, enough: Callable[[dict[str, Any]], bool]) -> list[dict[str, Any]]:
    """Messages of one connection until `enough`, then hang up without a word."""
    headers = {"Authorization": f"Bearer {token}"} | ({"Last-Event-ID": str(last)} if last is not None else {})
    found: list[dict[str, Any]] = []
    with requests.get(f"{url}/api/v1/feed?calls=f1", headers=headers, stream=True, timeout=20) as answer:
        message: dict[str, Any] = {}
        for line in answer.iter_lines(chunk_size=1):
            if not line:
                if "event" in message:
                    found.append(message)
                    if enough(message):
                        break
                message = {}
                continue
            name, _, value = line.decode().partition(": ")
            message[name] = json.loads(value) if name in ("data", "id") else value
    return found


def test_two_hundred_reconnects_drop_no_call(server: Server, staff: dict[str, str]) -> None:
    """A voice whose connection breaks 200 times while two windows call hears every call once, in order (D2.13)."""
    drain(server, staff)
    kiosk, clerk = server.caller(server.demo["kiosk_token"]), server.caller(staff["clerk-s01"])
    for _ in range(60):
        kiosk("/tickets", {"service": "insurance"})
    url, token = server.demo["url"], server.demo["board_token"]
    (snapshot,) = read_feed(url, token, None, lambda _: True)
    last, heard = snapshot["id"], []
    made: list[str] = []

    def call_all() -> None:
        while (answer := clerk("/windows/S01/call-next", {"finish_current": True})).status_code == 200:
            made.append(answer.json()["ticket"]["number"])

    calling = threading.Thread(target=call_all)
    calling.start()
    for n in range(200):
        # Each connection ends at its snapshot, or in the middle of the missed calls that come before it.
        for message in read_feed(url, token, last, lambda m, n=n: n % 3 == 0 or m["event"] == "snapshot"):
            last = max(last, message.get("id", last))
            if message["event"] == "call":
                heard.append(message["data"]["number"])
    calling.join(60)
    rest = read_feed(url, token, last, lambda m: m["event"] == "snapshot")
    heard += [m["data"]["number"] for m in rest if m["event"] == "call"]

    assert len(made) == 60
    assert heard == made


def open_feeds(server: Server) -> float:
    """How many feeds the server counts."""
    text = requests.get(f"{server.demo['url']}/metrics", timeout=10).text
    return float(next(line.split()[1] for line in text.splitlines() if line.startswith("chaoxi_feed_connections ")))


def test_a_feed_ends_when_its_client_has_gone(server: Server) -> None:
    """A hundred clients that vanish, politely or not, leave nothing running in the server."""
    host, port = server.demo["url"].removeprefix("http://").split(":")
    sockets = []
    for n in range(100):
        connection = socket.create_connection((host, int(port)), timeout=20)
        connection.sendall(b"GET /api/v1/feed?board=main HTTP/1.1\r\nHost: test\r\n\r\n")
        if n % 2:
            # With linger 0 the connection is reset instead of closed.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        sockets.append(connection)
    for connection in sockets:
        assert connection.recv(100).startswith(b"HTTP/1.1 200")
    assert open_feeds(server) >= 100
    for connection in sockets:
        connection.close()

    end = time.monotonic() + 25
    while open_feeds(server) > 0 and time.monotonic() < end:
        time.sleep(0.2)
    assert open_feeds(server) == 0


def test_a_body_in_chunks(server: Server) -> None:
    """A sender that does not tell the length beforehand is understood, and one that never ends is stopped."""
    headers = {
        "Authorization": f"Bearer {server.demo['kiosk_token']}",
        "Content-Type": "application/json",
    }
    url = f"{server.demo['url']}/api/v1/tickets"
    good = requests.post(
        url,
        data=iter([b'{"service":', b'"licence"}']),
        headers=headers | {"Idempotency-Key": "chunked-good"},
        timeout=20,
    )
    assert good.status_code == 201, good.text
    huge = (b'{"service": "' if n == 0 else b"x" * 1000 for n in range(80))
    bad = requests.post(url, data=huge, headers=headers | {"Idempotency-Key": "chunked-huge"}, timeout=20)
    assert (bad.status_code, bad.json()["reason"]) == (413, "too_large")


# --- starts and ends --------------------------------------------------------------------------------------------------


def test_killed_under_load_and_back(tmp_path: Path) -> None:
    """Kill −9 while eight kiosks issue: ready again within 5 s, every acknowledged ticket there, a retry gets its own."""
    server = Server(tmp_path / "data")
    server.start(within_s=40)
    port = int(server.demo["url"].rsplit(":", 1)[1])
    first_demo = dict(server.demo)
    acknowledged: dict[str, str] = {}
    unanswered: list[str] = []
    enough = threading.Event()

    def issue_until_dead(n: int) -> None:
        send = server.caller(first_demo["kiosk_token"])
        while True:
            ticket = str(uuid.uuid4())
            try:
                answer = send("/tickets", {"service": "insurance", "id": ticket}, key=f"key-of-{ticket}")
            except requests.RequestException:
                unanswered.append(ticket)
                return
            assert answer.status_code == 201
            acknowledged[ticket] = answer.json()["number"]
            if len(acknowledged) >= 100:
                enough.set()

    try:
        threads = [threading.Thread(target=issue_until_dead, args=(n,)) for n in range(8)]
        for thread in threads:
            thread.start()
        assert enough.wait(60)
        server.kill()
        for thread in threads:
            thread.join(30)
        server.start(within_s=60, port=port)

        assert server.cpu_s() <= READY_S
        assert server.demo == first_demo
        send = server.caller(server.demo["kiosk_token"])
        kept = {t: send(f"/tickets/{t}", get=True).json()["number"] for t in acknowledged}
        assert kept == acknowledged
        again = {t: send("/tickets", {"service": "insurance", "id": t}, key=f"key-of-{t}") for t in unanswered}
        assert {answer.status_code for answer in again.values()} == {201}
        numbers = sorted(int(n[1:]) for n in [*kept.values(), *(a.json()["number"] for a in again.values())])
        assert numbers == list(range(1, len(numbers) + 1))
    finally:
        server.kill()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])
def test_the_demo_never_leaves_this_machine(tmp_path: Path, host: str) -> None:
    """Known logins on an open address: refused with status 2 and a sentence, nothing written."""
    arguments = ["run_server.py", "--hall", str(SMALL), "--data", str(tmp_path / "data"), "--demo", "--host", host]
    done = subprocess.run(
        [sys.executable, *arguments, "--port", "0"], cwd=ROOT, capture_output=True, text=True, timeout=30, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "this machine only" in done.stderr
    assert not (tmp_path / "data").exists()


def test_a_port_in_use_is_told(tmp_path: Path, server: Server) -> None:
    """Another program on the port: status 2 and a sentence that names it."""
    port = server.demo["url"].rsplit(":", 1)[1]
    arguments = ["run_server.py", "--hall", str(SMALL), "--data", str(tmp_path / "data"), "--port", port]
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 2
    assert f"cannot listen on 127.0.0.1 port {port}" in done.stderr


def test_a_polite_stop_is_quick_and_clean(tmp_path: Path) -> None:
    """SIGTERM with feeds open and tickets under way: over within seconds, status 0, lock let go."""
    server = Server(tmp_path / "data")
    server.start(within_s=40)
    try:
        url, process = server.demo["url"], server.process
        assert process is not None
        followers = [requests.get(f"{url}/api/v1/feed?hall=1", stream=True, timeout=20) for _ in range(5)]
        process.terminate()
        assert process.wait(15) == 0
        for follower in followers:
            follower.close()
        assert "Traceback" not in (tmp_path / "server.log").read_text()
    finally:
        server.kill()
