"""Many processes and many threads on one file: no number twice, no ticket to two windows, no lock error (D1, D2.6)."""

import json
import threading
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from server.core.evolve import fold
from server.core.model import TicketState
from server.log.rebuild import rebuild
from server.log.sqlite import SqliteLog

WORKERS, ROUNDS = 8, 200
#: One command may wait for the seven others, each with a flush to disk, several times; never for a time-out.
SANE_S = 15.0


def check_history(path: Path, issued: list[str], called: list[str]) -> None:
    """What was acknowledged against what the log holds: the invariants of standards D1."""
    assert sorted(issued, key=lambda number: int(number[1:])) == [f"A{n:03d}" for n in range(1, len(issued) + 1)], (
        "a number twice, or a gap"
    )
    assert [n for n, times in Counter(called).items() if times > 1] == [], "a ticket called to two windows"
    log = SqliteLog(path, "small")
    try:
        recorded = list(log.read())
        state = fold(r.event for r in recorded)
        assert [r.seq for r in recorded] == list(range(1, len(recorded) + 1))
        assert {t.number for t in state.tickets.values()} == set(issued)
        told = Counter(type(r.event).__name__ for r in recorded)
        assert (told["TicketIssued"], told["TicketCalled"]) == (len(issued), len(called))
        at_windows = [w.ticket for w in state.windows.values() if w.ticket]
        assert len(at_windows) == len(set(at_windows))
        standing = Counter(t.state for t in state.tickets.values())
        assert standing[TicketState.DONE] + standing[TicketState.CALLED] + standing[TicketState.WAITING] == len(issued)
        assert all(view.equal for view in rebuild(log))
        assert log.database.conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    finally:
        log.close()


def test_eight_processes_share_one_file(tmp_path: Path, program: Any) -> None:
    """8 processes × 200 × (issue and call): every answer good, every number once, without a gap."""
    path = tmp_path / "hall.db"
    SqliteLog(path, "small").close()
    told: list[dict[str, Any]] = []
    with ExitStack() as running:
        storm = Path(__file__).parent / "issue_and_call.py"
        workers = [running.enter_context(program(storm, path, str(n), str(ROUNDS))) for n in range(WORKERS)]
        for worker in workers:
            out, err = worker.communicate(timeout=120)
            assert (worker.returncode, err) == (0, "")
            told += [json.loads(line) for line in out.splitlines()]

    assert len(told) == WORKERS * (2 * ROUNDS + 1)
    assert {one["status"] for one in told} == {200}
    assert max(one["took_s"] for one in told) < SANE_S
    happened = [tuple(event) for one in told for event in one["body"]]
    issued = [number for kind, number in happened if kind == "TicketIssued"]
    called = [number for kind, number in happened if kind == "TicketCalled"]
    assert len(issued) == WORKERS * ROUNDS
    check_history(path, issued, called)


def test_threads_share_one_hall(desk: Any, house: Any) -> None:
    """16 threads in one process, some issuing, some calling at shared windows: the same invariants."""
    for window in ("S01", "S02", "S03"):
        desk.open(window)
    issued: list[str] = []
    called: list[str] = []
    faults: list[object] = []
    start = threading.Barrier(16)

    def work(n: int) -> None:
        try:
            start.wait(10)
            for turn in range(25):
                answer = desk.issue(f"t-{n}-{turn}") if n % 2 else desk.call(("S01", "S02", "S03")[n % 3])
                for event in answer.body or ():
                    if event["event"] == "TicketIssued":
                        issued.append(event["number"])
                    elif event["event"] == "TicketCalled":
                        called.append(event["number"])
                    else:
                        assert event["event"] == "ServiceFinished"
        except BaseException as fault:  # noqa: BLE001 - told to the test below
            faults.append(fault)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert faults == []
    assert len(issued) == 8 * 25
    house.stop()
    check_history(house.path, issued, called)
