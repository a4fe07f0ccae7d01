"""The catalogue's own file: items, what is known of each, letters."""

import sqlite3
from pathlib import Path
from threading import RLock

from sqlite_utils import Database


class Catalogue:
    """One hall's catalogue in `path`."""

    def __init__(self, path: Path) -> None:
        self._lock = RLock()
        self._db = Database(sqlite3.connect(path, check_same_thread=False, isolation_level=None))

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.conn.close()
