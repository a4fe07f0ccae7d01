"""A process that issues tickets until it is killed, from four threads: number and id of each, after it was answered.

`python issue_until_killed.py FILE`
"""

import json
import sys
import threading
import uuid
from pathlib import Path

from config.loader import load_hall
from server.clock import system_clock
from server.core import commands as c
from server.hall import Answer, Hall, Request
from server.log.sqlite import SqliteLog
from server.plan import make_plan


def main(path: str) -> None:
    """Issue for ever."""
    plan = make_plan(load_hall(Path(__file__).parent / "small_hall.yaml"), always_open=True)
    hall = Hall(plan, SqliteLog(Path(path), "small"), system_clock)
    hall.tick()

    def issue(ticket: str) -> Answer:
        return hall.handle(
            Request(
                lambda at: c.Issue(at=at, ticket=ticket, service="insurance"),
                f"key-{ticket}",
                "",
                "user:test",
                lambda state, _, at: Answer(201, state.tickets[ticket].number),
                lambda refusal: Answer(409, refusal.reason.value),
            )
        )

    def issue_for_ever() -> None:
        while True:
            ticket = str(uuid.uuid4())
            answer = issue(ticket)
            # One write a line, so that a kill leaves whole lines.
            sys.stdout.write(json.dumps({"ticket": ticket, "number": answer.body}) + "\n")
            sys.stdout.flush()

    for _ in range(4):
        threading.Thread(target=issue_for_ever).start()


if __name__ == "__main__":
    main(sys.argv[1])
