"""Kill −9 in the middle of a stream of tickets: everything acknowledged exists afterwards (D1 I1, design rule 8)."""

import json
from pathlib import Path
from typing import Any

from server.core.evolve import fold
from server.log.rebuild import rebuild
from server.log.sqlite import SqliteLog

SCRIPT = Path(__file__).parent / "issue_until_killed.py"


def test_everything_acknowledged_outlives_a_kill(tmp_path: Path, program: Any) -> None:
    """Killed three times at different moments on one file: no ticket lost, no number twice, no gap, views equal."""
    path = tmp_path / "hall.db"
    acknowledged: dict[str, str] = {}
    for lines in (40, 7, 90):
        with program(SCRIPT, path) as process:
            told = [process.stdout.readline() for _ in range(lines)]
            process.kill()
            rest, err = process.communicate(timeout=20)
        assert err == ""
        for line in [*told, *rest.splitlines(keepends=True)]:
            if line.endswith("}\n"):
                one = json.loads(line)
                assert one["ticket"] not in acknowledged
                acknowledged[one["ticket"]] = one["number"]
    assert len(acknowledged) >= 40 + 7 + 90

    log = SqliteLog(path, "small")
    try:
        state = fold(recorded.event for recorded in log.read())
        kept = {ticket.id: ticket.number for ticket in state.tickets.values()}
        assert {ticket: kept.get(ticket) for ticket in acknowledged} == acknowledged
        assert list(kept.values()) == [f"A{n:03d}" for n in range(1, len(kept) + 1)]
        assert log.database.conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert all(view.equal for view in rebuild(log))
    finally:
        log.close()


def test_a_dead_process_leaves_no_lock(house: Any, program: Any) -> None:
    """A process killed at work does not keep the next one waiting."""
    with program(SCRIPT, house.path) as process:
        process.stdout.readline()
        process.kill()
        process.communicate(timeout=20)

    assert house.start().issue().status == 200
