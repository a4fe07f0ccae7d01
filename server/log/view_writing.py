"""Rows of views, written to SQLite beside the events that made them."""

from sqlite_utils import Database

from server.log.records import Changes
from server.log.view_tables import VIEWS


def write_rows(db: Database, changes: Changes) -> None:
    """Write view rows; a row with the same key is brought up to date, one of nothing but its key is taken away, any
    other clash is an error."""
    for name, rows in changes.rows.items():
        if not rows:
            continue
        key, columns = VIEWS[name]
        gone = [row for row in rows if len(row) < len(columns)]
        kept = [row for row in rows if len(row) >= len(columns)]
        if kept:
            names = ", ".join(f"[{column}]" for column in columns)
            marks = ", ".join("?" for _ in columns)
            updates = ", ".join(f"[{column}] = excluded.[{column}]" for column in columns if column not in key)
            db.conn.executemany(
                f"INSERT INTO [{name}] ({names}) VALUES ({marks}) "
                f"ON CONFLICT ({', '.join(key)}) DO {f'UPDATE SET {updates}' if updates else 'NOTHING'}",
                [tuple(row[column] for column in columns) for row in kept],
            )
        if gone:
            # After the others: no command settles an item anew that it takes back.
            where = " AND ".join(f"[{column}] = ?" for column in key)
            db.conn.executemany(
                f"DELETE FROM [{name}] WHERE {where}", [tuple(row[column] for column in key) for row in gone]
            )
