"""A write that fails: the sender is told, memory stays equal to the disk, and the next command works (D2.4)."""

import json
import shutil
import sqlite3
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from server.core.evolve import fold
from server.hall import Hall
from server.log.records import StorageTrouble
from server.log.sqlite import SqliteLog


class Disk:
    """A log's `commit` that fails when told: before writing, or after it has written (the answer got lost)."""

    def __init__(self) -> None:
        self.fails: str | None = None

    def __call__(self, work: Callable[[], None]) -> None:
        if self.fails == "full":
            raise sqlite3.OperationalError("database or disk is full")
        work()
        if self.fails == "late":
            raise sqlite3.OperationalError("disk I/O error")


class DeafLog(SqliteLog):
    """A log that for a while can neither be written nor read."""

    deaf = False

    @contextmanager
    def reading(self) -> Iterator[None]:
        if self.deaf:
            raise StorageTrouble("disk I/O error")
        with super().reading():
            yield

    @contextmanager
    def transaction(self) -> Iterator[Any]:
        if self.deaf:
            raise StorageTrouble("disk I/O error")
        with super().transaction() as turn:
            yield turn


def same_as_disk(hall: Hall, path: Path) -> bool:
    """Whether what the hall believes is what the file says."""
    log = SqliteLog(path, "small")
    try:
        recorded = list(log.read())
        with hall.reading() as state:
            return state == fold(r.event for r in recorded) and hall.seq == len(recorded)
    finally:
        log.close()


def test_a_full_disk_changes_nothing(house: Any) -> None:
    """The ticket is refused, no number is lost, and once there is room the same request gives the ticket."""
    disk = Disk()
    desk = house.start(blocking=disk)
    desk.issue()
    disk.fails = "full"
    for _ in range(3):
        with pytest.raises(StorageTrouble, match="full"):
            desk.issue("t-2", key="key-of-t-2")
    assert desk.numbers() == ["A001"]
    assert same_as_disk(desk.hall, house.path)

    disk.fails = None
    answer = desk.issue("t-2", key="key-of-t-2")

    assert (answer.body[0]["number"], answer.replayed) == ("A002", False)
    assert same_as_disk(desk.hall, house.path)


def test_an_unknown_outcome_is_looked_up(house: Any) -> None:
    """Written, but reported as failed: the hall believes the disk, and the repeated request gets its first ticket."""
    disk = Disk()
    desk = house.start(blocking=disk)
    disk.fails = "late"
    with pytest.raises(StorageTrouble):
        desk.issue("t-1", key="key-of-t-1")
    disk.fails = None

    assert same_as_disk(desk.hall, house.path)
    answer = desk.issue("t-1", key="key-of-t-1")
    assert (answer.body[0]["number"], answer.replayed) == ("A001", True)
    assert desk.issue().body[0]["number"] == "A002"


def test_everybody_in_a_failed_batch_is_told(house: Any) -> None:
    """All who shared the failed commit get an error, nobody waits for ever, and nobody has a ticket."""
    disk = Disk()
    desk = house.start(blocking=disk)
    disk.fails = "full"
    told: list[str] = []
    start = threading.Barrier(12)

    def ask() -> None:
        start.wait(10)
        try:
            desk.issue()
        except StorageTrouble as trouble:
            told.append(str(trouble))

    threads = [threading.Thread(target=ask) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert len(told) == 12
    assert desk.numbers() == []


def test_a_disk_that_cannot_even_be_read(house: Any, tmp_path: Path) -> None:
    """Nobody is shown what may never have been written; when the disk answers again the hall reads it anew."""
    log = DeafLog(tmp_path / "deaf.db", "small")
    disk = Disk()
    hall = Hall(house.plan, log, house.clock, disk)
    hall.tick()
    desk = type(house.start())(hall)
    desk.issue()

    def fail_and_go_deaf(work: Callable[[], None]) -> None:
        log.deaf = True
        raise sqlite3.OperationalError("disk I/O error")

    hall._blocking = fail_and_go_deaf
    with pytest.raises(StorageTrouble):
        desk.issue()
    with pytest.raises(StorageTrouble):
        desk.numbers()
    with pytest.raises(StorageTrouble):
        desk.issue()
    hall._blocking = disk
    log.deaf = False

    assert desk.numbers() == ["A001"]
    assert desk.issue().body[0]["number"] == "A002"
    assert same_as_disk(hall, log.path)
    log.close()


def test_a_failing_tick_is_told_and_tried_again(house: Any) -> None:
    """A day that cannot be opened at midnight is opened when the disk is back, once."""
    disk = Disk()
    desk = house.start(blocking=disk)
    desk.issue()
    house.clock.set("2026-11-24 00:00")
    disk.fails = "full"
    for _ in range(2):
        with pytest.raises(StorageTrouble):
            desk.hall.tick()
    disk.fails = None
    desk.hall.tick()
    desk.hall.tick()

    with desk.hall.reading() as state:
        assert state.business_day == "2026-11-24"
    kinds = [type(r.event).__name__ for r in house.logs[0].read()]
    assert kinds == ["DayOpened", "TicketIssued", "TicketCancelled", "DayClosed", "DayOpened"]


FILLER = """
import resource, sys
from pathlib import Path
sys.path.insert(0, str(Path.cwd()))
from config.loader import load_hall
from server.core import commands as c
from server.clock import system_clock
from server.hall import Answer, Hall, Request
from server.log.records import StorageTrouble
from server.log.sqlite import SqliteLog
from server.plan import make_plan
import json, os, signal

path, room = Path(sys.argv[1]), int(sys.argv[2])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
log = SqliteLog(path, "small")
hall = Hall(make_plan(load_hall(Path("tests/hall/small_hall.yaml")), always_open=True), log, system_clock)
hall.tick()

def issue(n):
    return hall.handle(Request(
        lambda at: c.Issue(at=at, ticket=f"t-{n}", service="insurance"), f"key-of-{n}", "", "user:test",
        lambda state, events, at: Answer(201, state.tickets[f"t-{n}"].number), lambda r: Answer(409, r.reason)))

def fill(n):
    taken, failed = [], None
    while failed is None:
        try:
            taken.append(issue(n).body)
            n += 1
        except StorageTrouble as trouble:
            failed = str(trouble)
        assert n < 100000
    return taken, failed, n

if room:
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
taken, failed, n = fill(0)
with hall.reading() as state:
    believed = [t.number for t in state.tickets.values()]
print(json.dumps({"taken": taken, "failed": failed, "believed": believed}), flush=True)
sys.stdin.readline()
if room:
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
print(json.dumps({"again": [issue(n).body, issue(n + 1).body]}), flush=True)
log.close()
"""


@pytest.fixture(params=["tmpfs", "file size limit"])
def scarce(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Path, int, Callable[[], None]]]:
    """A really full disk, a folder on it, and a way to make room: a small tmpfs, or a limit on the size of files."""
    folder = tmp_path / "small-disk"
    folder.mkdir()
    if request.param == "file size limit":
        yield folder, 2_000_000, lambda: None
        return
    mount = shutil.which("mount")
    options = ["-t", "tmpfs", "-o", "size=3m", "chaoxi-test", str(folder)]
    if mount is None or subprocess.run([mount, *options], capture_output=True, check=False).returncode:
        pytest.skip("no tmpfs can be mounted here; the file size limit stands for it")
    ballast = folder / "ballast"
    ballast.write_bytes(bytes(600_000))
    try:
        yield folder, 0, ballast.unlink
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_really_full_disk(scarce: tuple[Path, int, Callable[[], None]], program: Any, tmp_path: Path) -> None:
    """Tickets until the disk is full, one refusal, room again, the next ticket: no number lost, file whole (D2.4)."""
    folder, room, make_room = scarce
    script = tmp_path / "filler.py"
    script.write_text(FILLER)
    with program(script, folder / "hall.db", str(room)) as process:
        full = json.loads(process.stdout.readline() or process.stderr.read())
        assert full["taken"] == full["believed"]
        assert len(full["taken"]) > 20
        make_room()
        out, err = process.communicate("go\n", timeout=60)
    assert (err, len(full["failed"]) > 0) == ("", True)
    again = json.loads(out)["again"]

    assert [int(number[1:]) for number in full["taken"] + again] == list(range(1, len(full["taken"]) + 3))
    log = SqliteLog(folder / "hall.db", "small")
    try:
        assert list(fold(r.event for r in log.read()).numbers) == full["taken"] + again
        assert log.database.conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    finally:
        log.close()
