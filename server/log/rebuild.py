"""Drop every view, fold the whole log anew, and prove the new tables equal to the old ones."""

import hashlib
from dataclasses import dataclass

from server.log.sqlite import SqliteLog
from server.log.view_tables import VIEWS


@dataclass(frozen=True, slots=True)
class Compared:
    """One view before and after: its number of rows and whether every row is the same."""

    view: str
    rows_before: int
    rows_after: int
    equal: bool


def digests(log: SqliteLog) -> dict[str, tuple[int, str]]:
    """Rows and SHA-256 of each view, in key order."""
    result = {}
    for name, (key, columns) in VIEWS.items():
        order = ", ".join(f"[{column}]" for column in key)
        names = ", ".join(f"[{column}]" for column in columns)
        digest, count = hashlib.sha256(), 0
        for row in log.database.conn.execute(f"SELECT {names} FROM [{name}] ORDER BY {order}"):
            digest.update(repr(row).encode())
            count += 1
        result[name] = (count, digest.hexdigest())
    return result


def rebuild(log: SqliteLog) -> list[Compared]:
    """Rebuild all views in one transaction; says for each whether it was equal to the log."""
    before = digests(log)
    with log.transaction() as turn:
        for name in VIEWS:
            log.database.conn.execute(f"DROP TABLE [{name}]")
        log.create_views()
        log.fill_views()
        turn.commit()
    after = digests(log)
    return [Compared(name, before[name][0], after[name][0], before[name] == after[name]) for name in VIEWS]
