"""Rows of views, written to SQLite beside the events that made them."""

from sqlite_utils import Database

from server.log.records import Changes
from server.log.view_tables import VIEWS


def write_rows(db: Database, changes: Changes) -> None:
    """Write view rows; a row with the same key is brought up to date, one of nothing but its key is taken away, one of
    some columns changes these of the row there is, any other clash is an error."""
    for name, rows in changes.rows.items():
        if not rows:
            continue
        key, columns = VIEWS[name]
        gone = [row for row in rows if len(row) == len(key) < len(columns)]
        parts = [row for row in rows if len(key) < len(row) < len(columns)]
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
        where = " AND ".join(f"[{column}] = ?" for column in key)
        for row in parts:
            changed = [column for column in row if column not in key]
            sets = ", ".join(f"[{column}] = ?" for column in changed)
            values = [row[column] for column in (*changed, *key)]
            db.conn.execute(f"UPDATE [{name}] SET {sets} WHERE {where}", values)
        if gone:
            # After the others: no command settles an item anew that it takes back.
            db.conn.executemany(
                f"DELETE FROM [{name}] WHERE {where}", [tuple(row[column] for column in key) for row in gone]
            )
