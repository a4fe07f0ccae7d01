"""The whole program as it is started in a hall: real server, X screen, a mouse as finger, a printer on TCP."""

import json
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from printer.simulator import Simulator
from printer.status import Paper
from server.client import Client, ServerLost
from tests.kiosk.hall_server import HallServer

ROOT = Path(__file__).parents[2]
SIZE = (540, 960)
FONTS = Path(tempfile.gettempdir()) / "chaoxi-fonts"

pytestmark = [
    pytest.mark.kivy,
    pytest.mark.slow,
    pytest.mark.skipif(not (shutil.which("Xvfb") and shutil.which("xdotool")), reason="needs xvfb and xdotool"),
]


class Program:
    """A program of ours, and the lines it says."""

    def __init__(self, *arguments: str, env: dict[str, str], log: Path) -> None:
        self._log = log.open("wb")
        self.process = subprocess.Popen(
            [sys.executable, *arguments], cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=self._log
        )
        self.lines: queue.Queue[bytes] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.put(line)

    def event(self, kind: str, limit_s: float = 40.0, **facts: Any) -> dict[str, Any]:
        """The next event of a kind with these facts."""
        end = time.monotonic() + limit_s
        while True:
            try:
                said = json.loads(self.lines.get(timeout=max(0.01, end - time.monotonic())))
            except queue.Empty:
                raise AssertionError(f"no event {kind} {facts}; see {self._log.name}") from None
            if said["event"] == kind and all(said.get(name) == value for name, value in facts.items()):
                return dict(said)

    def close(self) -> None:
        """End it."""
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._reader.join(timeout=5)
        assert self.process.stdout is not None
        self.process.stdout.close()
        self._log.close()


@pytest.fixture(scope="module")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A virtual X screen of the kiosk's size, with its environment."""
    readable, writable = os.pipe()
    log = (tmp_path_factory.mktemp("x") / "xvfb.log").open("wb")
    with subprocess.Popen(
        ["Xvfb", "-displayfd", str(writable), "-screen", "0", f"{SIZE[0]}x{SIZE[1]}x24", "-nolisten", "tcp"],
        pass_fds=(writable,),
        stdout=log,
        stderr=log,
    ) as xvfb:
        os.close(writable)
        with os.fdopen(readable) as told:
            number = told.readline().strip()
        env = {**os.environ, "DISPLAY": f":{number}", "SDL_VIDEODRIVER": "x11", "SDL_AUDIODRIVER": "dummy"}
        yield env
        xvfb.terminate()
    log.close()


def click(env: dict[str, str], spot: dict[str, Any]) -> None:
    """Tap as a person does: look at the new page for a moment (a quicker touch is taken for a bounce), down, up."""
    move = ["mousemove", str(spot["x"]), str(spot["y"])]
    press = ["sleep", "0.5", "mousedown", "1", "sleep", "0.1", "mouseup", "1"]
    subprocess.run(["xdotool", *move, *press], env=env, check=True)


def spot_of(page: dict[str, Any], target: str, value: str = "") -> dict[str, Any]:
    """Where something is tapped on a page."""
    return next(t for t in page["targets"] if t["target"] == target and (not value or t["value"] == value))


def tap_until(program: Program, env: dict[str, str], spot: dict[str, Any], screen: str) -> dict[str, Any]:
    """Tap, and wait for the page it leads to; a touch within the bounce time of the last page is made again."""
    for _ in range(5):
        click(env, spot)
        try:
            return program.event("screen", limit_s=6.0, screen=screen)
        except AssertionError:
            continue
    raise AssertionError(f"{spot} does not lead to {screen}")


@pytest.fixture
def real_server(tmp_path: Path) -> Iterator[dict[str, Any]]:
    """The real server with its demo hall."""
    data = tmp_path / "server"
    env = {**os.environ}
    program = Program(
        "run_server.py",
        "--demo",
        "--quiet-hall",
        "--data",
        str(data),
        "--port",
        "0",
        env=env,
        log=tmp_path / "server.log",
    )
    try:
        yield wait_for_server(data, program)
    finally:
        program.close()


def wait_for_server(data: Path, program: Program, limit_s: float = 60.0) -> dict[str, Any]:
    """What the demo wrote, once the server answers."""
    end = time.monotonic() + limit_s
    while time.monotonic() < end:
        assert program.process.poll() is None, "the server ended"
        if (data / "demo.json").is_file():
            demo: dict[str, Any] = json.loads((data / "demo.json").read_text(encoding="utf-8"))
            try:
                Client(demo["url"], demo["kiosk_token"]).get("/hall")
            except ServerLost:
                pass
            else:
                return demo
        threading.Event().wait(0.1)
    raise AssertionError("the server does not answer")


@pytest.fixture(autouse=True)
def _fonts(font_files: Any) -> None:
    """The faces are there before a kiosk is started."""


def kiosk(url: str, token: str, printer: str, env: dict[str, str], folder: Path) -> Program:
    """Start the kiosk; its fonts were taken out of their collections by an earlier test."""
    (folder / "kiosk").mkdir(exist_ok=True)
    if not (folder / "kiosk" / "fonts").exists():
        (folder / "kiosk" / "fonts").symlink_to(FONTS, target_is_directory=True)
    return Program(
        "run_kiosk.py",
        "--server",
        url,
        "--window",
        f"{SIZE[0]}x{SIZE[1]}",
        "--data",
        str(folder / "kiosk"),
        "--printer",
        printer,
        "--events",
        env={**env, "CHAOXI_TOKEN": token},
        log=folder / "kiosk.log",
    )


def manager_hears(hall: dict[str, Any], condition: str, limit_s: float = 10.0) -> bool:
    """Whether the figures of the day show the kiosk's printer in a condition within the limit."""
    login = next(entry for entry in hall["users"] if entry["user"] == "manager")
    with Client(hall["url"]) as door:
        session = door.post("/sign-in", {"user": login["user"], "password": login["password"]})
    assert session is not None
    end = time.monotonic() + limit_s
    with Client(hall["url"], session["token"]) as manager:
        while time.monotonic() < end:
            if [d["printer"] for d in manager.get("/stats/today")["devices"]] == [condition]:
                return True
            threading.Event().wait(0.1)
    return False


def test_home_to_paper_on_the_real_server(screen: dict[str, str], real_server: dict[str, Any], tmp_path: Path) -> None:
    """Three touches on an X screen, a card left aside: the server has the ticket, the printer cut it, the server knows."""
    with Simulator() as printer:
        program = kiosk(real_server["url"], real_server["kiosk_token"], printer.url, screen, tmp_path)
        try:
            home = program.event("screen", screen="home")
            services = tap_until(program, screen, spot_of(home, "zone"), "services")
            confirm = tap_until(program, screen, spot_of(services, "service"), "confirm")
            # The hall reads ID cards, and nobody is asked for one: three taps (B1.6).
            assert spot_of(confirm, "card")
            tap_until(program, screen, spot_of(confirm, "confirm"), "issuing")
            ticket = program.event("ticket")
            program.event("paper", id=ticket["id"], state="printed")
            printer.set(paper=Paper.NEAR_END)
            assert manager_hears(real_server, "near_end"), "the manager is told of paper near its end (C17)"
        finally:
            program.close()
        assert program.process.returncode == 0, "a stop from the service manager ends the kiosk in good order"
        assert len(printer.tickets) == 1

    client = Client(real_server["url"], real_server["kiosk_token"])
    end = time.monotonic() + 5
    while (seen := client.get(f"/tickets/{ticket['id']}"))["print"] != "printed" and time.monotonic() < end:
        threading.Event().wait(0.1)
    client.close()
    assert (seen["number"], seen["state"], seen["print"]) == (ticket["number"], "waiting", "printed")


def test_a_killed_kiosk_shows_the_same_number_again(screen: dict[str, str], server: HallServer, tmp_path: Path) -> None:
    """The plug is pulled while the server is thinking: after the start the one ticket is there, not a second one."""
    server.delay_s = 1.5
    program = kiosk(server.url, "token", f"preview://{tmp_path}/paper", screen, tmp_path)
    try:
        home = program.event("screen", screen="home")
        services = tap_until(program, screen, spot_of(home, "zone"), "services")
        confirm = tap_until(program, screen, spot_of(services, "service"), "confirm")
        tap_until(program, screen, spot_of(confirm, "confirm"), "issuing")
        end = time.monotonic() + 5
        while not list((tmp_path / "kiosk" / "outbox").glob("*.json")) and time.monotonic() < end:
            threading.Event().wait(0.01)
        program.process.kill()
    finally:
        program.close()
    server.delay_s = 0.0

    program = kiosk(server.url, "token", f"preview://{tmp_path}/paper", screen, tmp_path)
    try:
        ticket = program.event("ticket")
        program.event("paper", id=ticket["id"], state="printed")
    finally:
        program.close()
    assert list(server.tickets) == [ticket["id"]]


def test_a_scanner_on_the_keyboard_checks_in(screen: dict[str, str], server: HallServer, tmp_path: Path) -> None:
    """Keys typed by a machine reach the program through X, whatever has the focus of a visitor; the ticket is printed."""
    server.device["settings"]["scanner"] = True
    link = "http://192.0.2.10:8080/a/Zt4mYb0qQxq7Jw3mT0sE2A"
    program = kiosk(server.url, "token", f"preview://{tmp_path}/paper", screen, tmp_path)
    try:
        program.event("screen", screen="home")
        for _ in range(5):
            # Some frames of a loaded machine are too long for a scanner's pace: a person holds the code there again.
            typed = ["type", "--delay", "2", "--args", "1", link, "key", "Return"]
            subprocess.run(["xdotool", *typed], env=screen, check=True)
            try:
                ticket = program.event("ticket", limit_s=6.0)
                break
            except AssertionError:
                continue
        else:
            raise AssertionError("the scanner was not heard")
        program.event("paper", id=ticket["id"], state="printed")
    finally:
        program.close()

    assert server.posted("/check-ins")[0]["token"] == "Zt4mYb0qQxq7Jw3mT0sE2A"
