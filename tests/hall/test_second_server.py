"""One server process serves a data directory: a second refuses to start and says so (design §4)."""

import json
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from server.compose import DataInUse, lock_data
from server.log.view_tables import VIEWS

SMALL = Path(__file__).parent / "small_hall.yaml"


def wait_ready(data: Path, within_s: float = 30) -> str:
    """The address of a demo server, once it is ready."""
    end = time.monotonic() + within_s
    while time.monotonic() < end:
        try:
            url = json.loads((data / "demo.json").read_text("utf-8"))["url"]
            with urllib.request.urlopen(f"{url}/readyz", timeout=2) as answer:
                assert answer.status == 200
                return str(url)
        except (OSError, ValueError, urllib.error.URLError):
            time.sleep(0.05)
    raise AssertionError("the server never became ready")


def test_a_second_server_on_the_same_data_refuses(tmp_path: Path, program: Any) -> None:
    """It ends at once with status 2 and one clear line; the first goes on serving; when that is killed the lock is free."""
    data = tmp_path / "data"
    arguments = ("run_server.py", "--hall", SMALL, "--data", data, "--demo", "--quiet-hall", "--port", "0")
    with program(*arguments) as first:
        url = wait_ready(data)
        with program(*arguments) as second:
            out, err = second.communicate(timeout=30)
        assert (second.returncode, out) == (2, "")
        assert "another server is running on this data directory" in err
        assert str(data) in err
        assert "Traceback" not in err
        with program("run_server.py", "--hall", SMALL, "--data", data, "rebuild") as rebuilding:
            _, err = rebuilding.communicate(timeout=30)
        assert rebuilding.returncode == 2
        assert "another server" in err
        with urllib.request.urlopen(f"{url}/readyz", timeout=5) as answer:
            assert answer.status == 200
        first.kill()
        first.communicate(timeout=10)
        with program("run_server.py", "--hall", SMALL, "--data", data, "rebuild") as rebuilding:
            out, err = rebuilding.communicate(timeout=30)
        assert (rebuilding.returncode, err) == (0, "")
        assert out.count("equal") == len(VIEWS)


def test_the_lock_is_let_go(tmp_path: Path) -> None:
    """A data directory is ours until we let go of it."""
    lock = lock_data(tmp_path)
    with pytest.raises(DataInUse):
        lock_data(tmp_path)
    lock.release()
    lock_data(tmp_path).release()
