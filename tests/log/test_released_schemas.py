"""Files of earlier releases, kept in `fixtures/`: each must still open, fold, take the next ticket and rebuild."""

import json
import shutil
from pathlib import Path

import pytest

from server.core import commands as c
from server.core.event_types import EVENT_TYPES
from server.core.evolve import fold
from server.core.model import Plan
from server.hall import Answer, Hall, Request
from server.log.rebuild import rebuild
from server.log.sqlite import SCHEMA_VERSION, SqliteLog

FIXTURES = Path(__file__).parent / "fixtures"
RELEASED = sorted(FIXTURES.glob("schema_*.db"))


def test_the_present_schema_is_kept() -> None:
    """Whoever raises the schema's number keeps a file of it (`fixtures/make_fixture.py`)."""
    assert f"schema_{SCHEMA_VERSION}" in [path.stem for path in RELEASED]


@pytest.mark.parametrize("released", RELEASED, ids=lambda path: path.stem)
def test_a_file_of_an_earlier_release_goes_on(released: Path, tmp_path: Path, plan: Plan) -> None:
    """It folds to the state it had, the hall goes on from there, and its views can be rebuilt."""
    expected = json.loads(released.with_suffix(".json").read_text("utf-8"))
    shutil.copy(released, tmp_path / "hall.db")
    log = SqliteLog(tmp_path / "hall.db", "small")
    try:
        state = fold(recorded.event for recorded in log.read())
        assert {t.number: t.state.value for t in state.tickets.values()} == expected["states"]
        assert (state.business_day, len(state.calls)) == (expected["business_day"], expected["calls"])

        hall = Hall(plan, log, lambda: expected["at"] + 60)
        assert hall.seq == expected["seq"]
        answer = hall.handle(
            Request(
                command=lambda at: c.Issue(at=at, ticket="t-new", service="relief"),
                command_id="key-of-the-new-release",
                body_hash="",
                actor="user:test",
                answer=lambda state, _, at: Answer(201, state.tickets["t-new"].number),
                refuse=lambda refusal: Answer(409, refusal.reason.value),
            )
        )
        assert (answer.status, answer.body in expected["states"]) == (201, False)

        compared = {view.view: view for view in rebuild(log)}
        assert all(view.equal for view in compared.values())
        assert compared["tickets"].rows_after == expected["views"]["tickets"] + 1
    finally:
        log.close()


def test_the_kept_files_have_something_of_everything() -> None:
    """An event type that stands in no kept file could not be shown to be still read."""
    kept = {kind for path in RELEASED for kind in json.loads(path.with_suffix(".json").read_text("utf-8"))["events"]}

    assert kept >= set(EVENT_TYPES)
