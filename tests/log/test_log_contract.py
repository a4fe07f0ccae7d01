"""What the SQLite log promises: places taken once, first answers kept, all or nothing, safe settings."""

import sqlite3
import threading
from pathlib import Path

import pytest

from server.core.events import DayClosed, DayOpened, WindowOpened, WindowPaused
from server.log.place import network_share
from server.log.records import Changes, CommandRecord, Recorded, StorageTrouble, encode
from server.log.sqlite import BUSY_TIMEOUT_MS, PACK_EVENT_FROM, SCHEMA_VERSION, SqliteLog

DAY = "2026-11-23"


def opened(seq: int, window: str = "S01") -> Recorded:
    """A small event at a place."""
    return Recorded(seq, DAY, WindowOpened(at=1000.0 + seq, window=window, clerk="甲"), f"key-{seq}", "user:test")


def write(log: SqliteLog, *events: Recorded, command: CommandRecord | None = None) -> None:
    """Append in a transaction of its own."""
    with log.transaction() as turn:
        turn.append(Changes(events, {}, command))
        turn.commit()


def test_events_come_back_in_order_and_as_they_were(log: SqliteLog) -> None:
    """What was appended is read again, equal, in order of its places, from any place on."""
    events = [opened(1), opened(2, "S02"), opened(3, "S03")]
    write(log, *events[:2])
    write(log, events[2])

    assert list(log.read()) == events
    assert list(log.read(2)) == events[2:]
    assert list(log.read(3)) == []


def test_a_long_event_is_kept_small(log: SqliteLog) -> None:
    """A day's opening with thousands of open cases takes a tenth of its length, and comes back as it was."""
    short = WindowPaused(at=1.0, window="S01", reason="午休")
    opening = DayOpened(at=1.0, business_day=DAY, means={f"service-{n}": float(n) for n in range(8000)})
    long = [Recorded(1, DAY, opening, "day", "system"), Recorded(2, DAY, short, "key", "user:test")]
    write(log, *long)

    kept = dict(log.database.conn.execute("SELECT seq, data FROM events").fetchall())
    assert isinstance(kept[1], bytes)
    assert len(kept[1]) * 3 < len(encode(opening)[1]) > PACK_EVENT_FROM
    assert isinstance(kept[2], str)
    assert list(log.read()) == long
    log.database.conn.execute("INSERT INTO threads VALUES ('small', 'ticket:t', 1)")
    assert log.history.thread(["ticket:t"]) == long[:1]


def test_a_place_is_taken_once(log: SqliteLog) -> None:
    """A second event at a place is refused by the primary key, and nothing of its transaction stays."""
    write(log, opened(1))

    with pytest.raises(StorageTrouble, match="UNIQUE"):
        write(log, opened(2), opened(1, "S02"))

    assert list(log.read()) == [opened(1)]


def test_a_number_is_given_once_a_day(log: SqliteLog) -> None:
    """The table of tickets itself refuses a number twice on one day (A2.7)."""
    insert = "INSERT INTO tickets (hall, id, business_day, number) VALUES ('small', ?, ?, 'A001')"
    log.database.conn.execute(insert, ("t-1", DAY))
    log.database.conn.execute(insert, ("t-2", "2026-11-24"))

    with pytest.raises(sqlite3.IntegrityError):
        log.database.conn.execute(insert, ("t-3", DAY))


def test_halls_in_one_file_do_not_see_each_other(log: SqliteLog) -> None:
    """Every hall has its own places, commands and last day."""
    write(log, opened(1), command=CommandRecord("key", "hash", 200, "{}", 5.0))
    other = SqliteLog(log.path, "other")
    try:
        assert list(other.read()) == []
        with other.transaction() as turn:
            assert turn.last_seq() == 0
            assert turn.command("key") is None
        write(other, opened(1))
        assert len(list(log.read())) == 1
    finally:
        other.close()


def test_first_answers_are_kept(log: SqliteLog) -> None:
    """A command's first answer is found by its key, word for word, empty answers too."""
    record = CommandRecord("key-1", "hash", 204, "null", 12.5)
    write(log, opened(1), command=record)

    with log.transaction() as turn:
        assert turn.command("key-1") == record
        assert turn.command("key-2") is None


def test_a_key_is_kept_once(log: SqliteLog) -> None:
    """A second answer under one key is refused, and its events with it."""
    write(log, opened(1), command=CommandRecord("key-1", "hash", 200, "1", 1.0))

    with pytest.raises(StorageTrouble):
        write(log, opened(2), command=CommandRecord("key-1", "hash", 200, "2", 2.0))

    assert [r.seq for r in log.read()] == [1]


def test_old_answers_are_forgotten_in_portions(log: SqliteLog) -> None:
    """Only answers older than asked go, at most so many at once."""
    for n in range(6):
        write(log, command=CommandRecord(f"key-{n}", "hash", 200, "{}", float(n)))

    with log.transaction() as turn:
        assert turn.forget_commands(4.0, 3) == 3
        turn.commit()
    with log.transaction() as turn:
        assert turn.forget_commands(4.0, 3) == 1
        turn.commit()
        assert turn.forget_commands(4.0, 3) == 0
        assert turn.command("key-4") is not None


def test_leaving_without_commit_leaves_nothing(log: SqliteLog) -> None:
    """An error or a plain return before the commit undoes events, views and answer."""
    command = CommandRecord("key-1", "hash", 200, "{}", 1.0)

    def append_and_fail() -> None:
        with log.transaction() as turn:
            turn.append(Changes([opened(1)], {"windows": []}, command))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        append_and_fail()
    with log.transaction() as turn:
        turn.append(Changes([opened(1)], {}, command))

    assert list(log.read()) == []
    with log.transaction() as turn:
        assert turn.command("key-1") is None
        assert turn.last_seq() == 0


def test_the_last_day_is_where_a_fold_begins(log: SqliteLog) -> None:
    """`day_start` is the place before the last opening of a day, 0 in an empty log."""
    assert log.day_start() == 0
    write(log, Recorded(1, DAY, DayOpened(at=1.0, business_day=DAY), "day", "system"), opened(2))
    assert log.day_start() == 0
    write(log, Recorded(3, DAY, DayClosed(at=2.0, business_day=DAY), "day", "system"))
    write(log, Recorded(4, "2026-11-24", DayOpened(at=3.0, business_day="2026-11-24"), "day", "system"))
    assert log.day_start() == 3


@pytest.mark.parametrize("opening", ["first", "second"])
def test_every_connection_is_set_up_safely(tmp_path: Path, opening: str) -> None:
    """WAL, synchronous FULL and a long busy time-out hold on a new file and on one that exists (D2.5, D2.6)."""
    if opening == "second":
        SqliteLog(tmp_path / "hall.db", "small").close()
    log = SqliteLog(tmp_path / "hall.db", "small")
    try:
        settings = {
            name: log.database.conn.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "busy_timeout", "user_version")
        }
    finally:
        log.close()

    assert settings == {
        "journal_mode": "wal",
        "synchronous": 2,
        "busy_timeout": BUSY_TIMEOUT_MS,
        "user_version": SCHEMA_VERSION,
    }
    assert BUSY_TIMEOUT_MS >= 5000


def test_a_transaction_takes_the_writers_turn_at_once(log: SqliteLog) -> None:
    """It begins IMMEDIATE: whoever else writes waits from the beginning, before having read anything (D2.6)."""
    other = sqlite3.connect(log.path, timeout=0, isolation_level=None)
    try:
        with log.transaction():
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute("BEGIN IMMEDIATE")
            assert other.execute("SELECT count(*) FROM events").fetchone() == (0,)
        other.execute("BEGIN IMMEDIATE")
        other.execute("ROLLBACK")
    finally:
        other.close()


def test_one_connection_serves_threads_one_after_the_other(log: SqliteLog) -> None:
    """Threads that append at the same time take turns; every place is taken once."""

    def append_some() -> None:
        for _ in range(25):
            with log.transaction() as turn:
                turn.append(Changes([opened(turn.last_seq() + 1)], {}))
                turn.commit()

    threads = [threading.Thread(target=append_some) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert [r.seq for r in log.read()] == list(range(1, 101))


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    """Something else under the log's name is told as trouble with the storage, and left as it is."""
    path = tmp_path / "hall.db"
    path.write_bytes("不是数据库".encode() * 300)

    with pytest.raises(StorageTrouble, match=r"hall\.db"):
        SqliteLog(path, "small")

    assert path.read_bytes() == "不是数据库".encode() * 300


def test_a_log_of_a_newer_release_is_refused(tmp_path: Path) -> None:
    """A schema from the future is not touched."""
    path = tmp_path / "hall.db"
    SqliteLog(path, "small").close()
    with sqlite3.connect(path) as database:
        database.execute(f"PRAGMA user_version={SCHEMA_VERSION + 1}")
    database.close()

    with pytest.raises(StorageTrouble, match="newer release"):
        SqliteLog(path, "small")

    database = sqlite3.connect(path)
    assert database.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION + 1,)
    database.close()


MOUNTS = """/dev/sda1 / ext4 rw 0 0
server:/halls /srv/halls nfs4 rw 0 0
//nas/share /mnt/nas\\040share cifs rw 0 0
/dev/sdb1 /srv/halls/local xfs rw 0 0
"""


@pytest.mark.parametrize(
    ("folder", "found"),
    [
        ("/var/lib/chaoxi", None),
        ("/srv/halls/yangxin", "nfs4"),
        ("/mnt/nas share/data", "cifs"),
        ("/srv/halls/local/data", None),
        ("/srv/halls-not", None),
    ],
)
def test_a_network_share_is_known_by_its_mount(tmp_path: Path, folder: str, found: str | None) -> None:
    """The nearest mount above the folder decides (D2.7)."""
    mounts = tmp_path / "mounts"
    mounts.write_text(MOUNTS)

    assert network_share(Path(folder), mounts) == found


def test_a_log_on_a_network_share_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite's write-ahead log cannot work over a network, so the log does not begin there (D2.7)."""
    monkeypatch.setattr("server.log.sqlite.network_share", lambda _: "nfs4")

    with pytest.raises(StorageTrouble, match="network share"):
        SqliteLog(tmp_path / "hall.db", "small")

    assert list(tmp_path.iterdir()) == []
