"""The tables are views of the log: always equal to it, and mended by a rebuild when somebody tampered."""

import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.core.evolve import fold
from server.core.model import Plan
from server.hall import Hall
from server.log.rebuild import digests, rebuild
from server.log.sqlite import SqliteLog
from server.log.view_tables import VIEWS

STEPS = st.lists(st.tuples(st.integers(0, 25), st.integers(0, 11)), max_size=60)
#: A day in which every view has rows.
BUSY = [(1, 0), (1, 1), (0, 0), (0, 4), (0, 1), (2, 0), (4, 0), (5, 0), (2, 1), (12, 1), (8, 1), (0, 2), (13, 1)]


def busy_day(day_of: Callable[[SqliteLog], Any], log: SqliteLog) -> Any:
    """That day, with everything beside the queue too."""
    day = day_of(log)
    day.play(BUSY)
    assert day.accepted == len(BUSY)
    day.beside_the_queue("S03")
    day.after_the_window("S03")
    return day


def rows(log: SqliteLog, view: str) -> list[tuple[Any, ...]]:
    """All rows of a view in key order."""
    key = ", ".join(VIEWS[view][0])
    return list(log.database.conn.execute(f"SELECT * FROM [{view}] ORDER BY {key}").fetchall())


def test_a_rating_of_an_earlier_day_changes_its_row_alone(log: SqliteLog, day_of: Callable[[SqliteLog], Any]) -> None:
    """Rated by the link on the next day: level, channel and remark come into the ticket's row, the rest of it and every
    other row stay; a rebuild finds the same."""
    day = busy_day(day_of, log)
    day.midnight()
    before = {row["id"]: row for row in map(dict, log.database.table("tickets").rows)}
    name = day.rates_late()
    after = {row["id"]: row for row in map(dict, log.database.table("tickets").rows)}

    changed = {"rating": 2, "rated_by": "phone", "points": "", "remark": "n-2"}
    assert after == {**before, name: {**before[name], **changed}}
    assert before[name]["rating"] is None
    (order,) = log.database.conn.execute("SELECT business_day, level FROM orders WHERE id = ?", [name]).fetchall()
    assert order == ("2026-11-23", 2)
    assert all(found.equal for found in rebuild(log))


@settings(max_examples=25, deadline=None, derandomize=True)
@given(STEPS, STEPS)
def test_views_equal_the_log_after_any_history(plan: Plan, day_of: Any, first: Any, second: Any) -> None:
    """Whatever two days bring, the tables written beside the events equal the tables folded from them."""
    with tempfile.TemporaryDirectory() as folder:
        log = SqliteLog(Path(folder) / "hall.db", "small")
        try:
            day = day_of(log)
            day.play(first)
            day.midnight()
            day.play(second)
            before = {view: rows(log, view) for view in VIEWS}

            compared = rebuild(log)

            assert [view.view for view in compared if not view.equal] == []
            assert {view: rows(log, view) for view in VIEWS} == before
        finally:
            log.close()


@settings(max_examples=25, deadline=None, derandomize=True)
@given(STEPS)
def test_the_running_state_is_the_fold_of_the_log(plan: Plan, day_of: Any, steps: Any) -> None:
    """Memory, the fold from the first event, and a hall begun anew from the last day's opening are one and the same."""
    with tempfile.TemporaryDirectory() as folder:
        log = SqliteLog(Path(folder) / "hall.db", "small")
        try:
            day = day_of(log)
            day.midnight()
            day.play(steps)
            again = Hall(plan, log, lambda: day.at[0])
            with day.hall.reading() as running, again.reading() as restarted:
                assert asdict(running) == asdict(restarted)
                assert asdict(running) == asdict(fold(r.event for r in log.read()))
            assert again.seq == day.hall.seq
            assert again.call_seqs == day.hall.call_seqs
        finally:
            log.close()


def test_the_busy_day_fills_every_view(log: SqliteLog, day_of: Callable[[SqliteLog], Any]) -> None:
    """The examples below are about tables that have rows."""
    busy_day(day_of, log)

    assert [view for view in VIEWS if not rows(log, view)] == []


@pytest.mark.parametrize(
    ("view", "tampering"),
    [
        ("tickets", "UPDATE tickets SET state = 'done' WHERE number = 'A003'"),
        ("tickets", "UPDATE tickets SET issued_at = issued_at + 0.001 WHERE number = 'A001'"),
        ("steps", "DELETE FROM steps WHERE seq = (SELECT max(seq) FROM steps)"),
        (
            "calls",
            "INSERT INTO calls SELECT hall, business_day, 99, ticket, number, window, at, kind FROM calls LIMIT 1",
        ),
        ("windows", "UPDATE windows SET done = done + 1 WHERE id = 'S01'"),
        ("appointments", "UPDATE appointments SET state = 'arrived' WHERE id = 'missed'"),
        ("orders", "UPDATE orders SET level = 5 WHERE id = 't-open'"),
        ("matters", "DELETE FROM matters WHERE id = 'm-open'"),
        ("settlements", "UPDATE settlements SET filed_at = NULL WHERE id = 's-done'"),
        ("cases", "UPDATE cases SET deadline_at = deadline_at + 86400 WHERE id = 'c-posted'"),
        ("parcels", "UPDATE parcels SET department = 'tax' WHERE id = 'x-2'"),
        ("threads", "DELETE FROM threads WHERE seq = 40"),
    ],
)
def test_a_tampered_view_is_noticed_and_mended(
    log: SqliteLog, day_of: Callable[[SqliteLog], Any], view: str, tampering: str
) -> None:
    """A rebuild says which table was not as the log has it, mends it, and is content the second time."""
    busy_day(day_of, log)
    honest = digests(log)
    assert log.database.conn.execute(tampering).rowcount == 1
    assert digests(log)[view] != honest[view]

    assert [found.view for found in rebuild(log) if not found.equal] == [view]

    assert digests(log) == honest
    assert all(found.equal for found in rebuild(log))


def test_a_rebuild_that_fails_changes_nothing(
    log: SqliteLog, day_of: Callable[[SqliteLog], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tables are dropped and made again in one transaction: a fault in the middle leaves the old ones."""
    busy_day(day_of, log)
    honest = digests(log)
    monkeypatch.setattr("server.log.sqlite.write_rows", lambda *_: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        rebuild(log)

    assert digests(log) == honest


def test_views_that_are_missing_altogether_come_back(log: SqliteLog, day_of: Callable[[SqliteLog], Any]) -> None:
    """Opening a file whose tables of views were dropped makes them; a rebuild fills them."""
    busy_day(day_of, log)
    honest = digests(log)
    for view in VIEWS:
        log.database.conn.execute(f"DROP TABLE [{view}]")
    again = SqliteLog(log.path, "small")
    try:
        assert not any(found.equal for found in rebuild(again))
        assert digests(again) == honest
    finally:
        again.close()
