"""A process of the storm in `test_many_processes.py`: issues and calls on one file through a hall of its own.

`python issue_and_call.py FILE WORKER ROUNDS`: window and number of each call, one a line, JSON.
"""

import json
import sys
import time
from pathlib import Path

from config.loader import load_hall
from server.clock import system_clock
from server.core import commands as c
from server.core.events import TicketCalled, TicketIssued
from server.hall import Answer, Hall, Request
from server.log import sqlite
from server.log.sqlite import SqliteLog
from server.plan import make_plan

#: SQLite gives its lock to whoever happens to look: on a busy machine one of eight may look in vain for long. What is
#: proved here is the order, not anybody's luck.
PATIENCE_MS = 90_000


def main(path: str, worker: str, rounds: int) -> None:
    """Issue and call `rounds` times, each process at a window it shares with others."""
    sqlite.BUSY_TIMEOUT_MS = PATIENCE_MS
    plan = make_plan(load_hall(Path(__file__).parent / "small_hall.yaml"), always_open=True)
    log = SqliteLog(Path(path), "small")
    hall = Hall(plan, log, system_clock)
    hall.tick()
    lines: list[str] = []
    window = ("S01", "S02", "S03")[int(worker) % 3]

    def send(key: str, command: object) -> None:
        def answer(state: object, events: list[object], at: float) -> Answer:
            return Answer(
                200,
                [
                    (type(e).__name__, state.tickets[e.ticket].number)  # type: ignore[attr-defined]
                    for e in events
                    if isinstance(e, TicketIssued | TicketCalled)
                ],
            )

        begun = time.monotonic()
        request = Request(
            command, f"worker-{worker}-{key}", "", f"user:{worker}", answer, lambda r: Answer(409, r.reason)
        )  # type: ignore[arg-type]
        done = hall.handle(request)
        told = {"status": done.status, "took_s": time.monotonic() - begun, "window": window, "body": done.body}
        lines.append(json.dumps(told))

    send("open", lambda at: c.OpenWindow(at=at, window=window, clerk=None))
    for n in range(rounds):
        send(f"i{n}", lambda at, n=n: c.Issue(at=at, ticket=f"ticket-{worker}-{n}", service="insurance"))
        send(f"c{n}", lambda at: c.CallNext(at=at, window=window, finish_current=True))
    log.close()
    print("\n".join(lines))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
