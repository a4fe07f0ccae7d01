"""Serial cables of the tests: pseudo-terminals that can be pulled out and put back."""

import os
import select
import threading
import time
import tty

import pytest

from tests.client.fake_hall import FakeHall

DEADLINE_S = 15.0


class Cable:
    """One end is a path for the program, the other is held by the test."""

    def __init__(self, path):
        self.path = str(path)
        self.master = None
        self.buffer = b""
        self.plug_in()

    def plug_in(self):
        self.master, slave = os.openpty()
        tty.setraw(slave)
        self._slave = slave
        name = os.ttyname(slave)
        if os.path.lexists(self.path):
            os.unlink(self.path)
        os.symlink(name, self.path)

    def pull(self):
        if self.master is not None:
            os.close(self._slave)
            os.close(self.master)
            os.unlink(self.path)
            self.master = None
            self.buffer = b""

    def send(self, data):
        os.write(self.master, data)

    def read_until(self, condition, limit_s=DEADLINE_S):
        """Collect bytes until `condition(all bytes so far)`; those bytes."""
        end = time.monotonic() + limit_s
        while not condition(self.buffer):
            left = end - time.monotonic()
            assert left > 0, f"only came: {self.buffer.hex(' ')}"
            if select.select([self.master], [], [], min(left, 0.2))[0]:
                self.buffer += os.read(self.master, 4096)
        return self.buffer

    def clear(self):
        while select.select([self.master], [], [], 0)[0]:
            os.read(self.master, 4096)
        self.buffer = b""


@pytest.fixture
def cable(tmp_path):
    cable = Cable(tmp_path / "tty")
    yield cable
    cable.pull()


@pytest.fixture
def make_cable(tmp_path):
    cables = []

    def make(name):
        cables.append(Cable(tmp_path / name))
        return cables[-1]

    yield make
    for each in cables:
        each.pull()


@pytest.fixture
def hall():
    hall = FakeHall()
    yield hall
    hall.down()


@pytest.fixture
def until():
    """Wait for a condition, with a limit."""

    def until(condition, limit_s=DEADLINE_S):
        pause = threading.Event()
        end = time.monotonic() + limit_s
        while not condition():
            assert time.monotonic() < end, "did not happen in time"
            pause.wait(0.01)

    return until
