"""The demo day played on a real server in a real process, much faster than real."""

import json
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).resolve().parents[2]
SPEED = 120
READY_WITHIN_S = 60
#: On a busy machine; in quiet it takes ten seconds.
LIVELY_WITHIN_S = 120


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Path]:
    """A quiet demo hall on a free port; gives its data directory."""
    server = subprocess.Popen(
        [sys.executable, "run_server.py", "--demo", "--quiet-hall", "--port", "0", "--data", str(tmp_path)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
    )
    end = time.monotonic() + READY_WITHIN_S
    while True:
        try:
            url = json.loads((tmp_path / "demo.json").read_text("utf-8"))["url"]
            if requests.get(f"{url}/readyz", timeout=1).ok:
                break
        except (OSError, ValueError, requests.RequestException):
            assert server.poll() is None, "the server ended"
            assert time.monotonic() < end, "the server did not get ready"
            time.sleep(0.1)
    yield tmp_path
    server.terminate()
    assert server.wait(20) == 0


@pytest.mark.slow
def test_a_played_day_serves_people_and_every_call_says_why(demo: Path) -> None:
    """Citizens come, are called and served without a refusal, nearly every window works, each call has its reason."""
    told = json.loads((demo / "demo.json").read_text("utf-8"))
    options = ["--demo-file", str(demo / "demo.json"), "--speed", str(SPEED)]
    player = subprocess.Popen(
        [sys.executable, "-m", "server.simulate.demo_day", "--server", told["url"], *options],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
    )
    log = sqlite3.connect(demo / "hall.db")

    def count(question: str) -> int:
        return int(log.execute(f"SELECT count(*) FROM {question}").fetchone()[0])

    end = time.monotonic() + LIVELY_WITHIN_S
    wanted = ("tickets WHERE state = 'done'", "tickets WHERE state = 'serving'")
    while count("windows WHERE status = 'open'") <= 60 or not all(count(each) for each in wanted):
        assert player.poll() is None, "the player ended"
        assert time.monotonic() < end, "the hall did not come to life"
        time.sleep(0.2)
    reasons = count("tickets WHERE state IN ('called', 'serving', 'done') AND why_zh IS NULL")
    log.close()
    player.terminate()
    assert player.communicate(timeout=20)[1] == ""
    assert reasons == 0


@pytest.mark.slow
def test_make_runs_launcher_ends_what_it_started(tmp_path: Path) -> None:
    """Ended from outside, `make run`'s launcher takes its server with it and frees the data directory."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--data", str(tmp_path), "--port", str(port), "--no-windows"]
    launcher = subprocess.Popen(
        [sys.executable, "-m", "server.simulate.demo_hall", *options],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    end = time.monotonic() + READY_WITHIN_S
    while True:
        try:
            if requests.get(f"http://127.0.0.1:{port}/readyz", timeout=1).ok:
                break
        except requests.RequestException:
            assert time.monotonic() < end
            time.sleep(0.1)
    launcher.terminate()
    launcher.wait(30)
    with pytest.raises(requests.ConnectionError):
        requests.get(f"http://127.0.0.1:{port}/readyz", timeout=1)
