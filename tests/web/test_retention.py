"""What is personal goes in time, by the hall's rule and not by a constant; the log itself stays (A3.2)."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from server.people import People
from server.retention import Retention, day_end, kept_until
from tests.web.conftest import SMALL, build

DAY = 86400.0
CARD = "11010519491231002X"


@pytest.fixture
def named(tmp_path: Path) -> Iterator[Any]:
    """The small hall whose insurance clerks see names, and which keeps people for ten days."""
    text = SMALL.read_text("utf-8").replace("mean_service_min: 6\n", "mean_service_min: 6\n    clerk_sees_name: true\n")
    path = tmp_path / "named.yaml"
    path.write_text(text + "identity: { kept_days: 10 }\n", "utf-8")
    world = build(tmp_path, path)
    yield world
    for part in (world.log, world.accounts, world.site.people, world.site.catalogue):
        part.close()


def retention(world: Any) -> Retention:
    """The chore of a world."""
    return Retention(world.hall, world.site.names, world.site.people)


def lan(world: Any) -> str:
    """Somebody's card is read."""
    return str(world.kiosk.post("/holders", {"card": {"number": CARD, "name": "张三丰"}}).json["holder"])


def test_a_person_is_kept_as_long_as_the_hall_file_says(named: Any) -> None:
    """Ten days after the last visit, and not a moment longer; every visit counts anew."""
    chore, handle, began = retention(named), lan(named), named.clock.at
    named.clock.at = began + 9 * DAY
    chore.work()
    assert lan(named) == handle
    named.clock.at = began + 19 * DAY - 1
    chore.work()
    assert named.site.people.known(handle) is not None
    named.clock.at += 1
    chore.work()
    assert named.site.people.known(handle) is None


def test_nought_days_is_today(named: Any) -> None:
    """A hall that keeps nobody still knows the person until midnight: else no limit could be told."""
    identity = named.site.names.hall.identity.model_copy(update={"kept_days": 0})
    names = replace(named.site.names, hall=named.site.names.hall.model_copy(update={"identity": identity}))
    here = replace(named.site, names=names)
    assert kept_until(here, named.clock.at) == day_end(named.hall.plan, named.clock.at) == named.clock.at + 15 * 3600


def test_an_old_copy_put_back_is_cleaned_by_the_first_run(named: Any, tmp_path: Path) -> None:
    """A backup of a month ago knows people of a month ago; the chore, which runs before the server answers, deletes
    them again."""
    handle = lan(named)
    shutil.copy(tmp_path / "people.db", tmp_path / "backup.db")
    named.clock.at += 30 * DAY
    restored = People(tmp_path / "backup.db", "secret")
    assert restored.known(handle) is not None
    Retention(named.hall, named.site.names, restored).work()
    assert restored.known(handle) is None
    restored.close()


def test_a_name_lives_as_long_as_the_visit(named: Any) -> None:
    """Kept while its ticket waits, is called, served, on hold, or was missed and may come back; gone with the ticket."""
    chore = retention(named)
    tickets = [named.kiosk.issue("insurance", holder=lan(named))["id"]]
    named.site.people.note("ticket:of-yesterday", "name", "李四", named.clock.at + DAY)

    def kept() -> bool:
        chore.work()
        return named.site.people.fact(f"ticket:{tickets[0]}", "name") == "张三丰"

    assert kept()
    assert named.site.people.fact("ticket:of-yesterday", "name") is None
    named.clerk.post("/windows/S01/open")
    for step in ("call-next", "start", "hold"):
        named.clerk.post(f"/windows/S01/{step}")
        assert kept(), step
    named.clerk.post("/windows/S01/resume", {"ticket": tickets[0]})
    named.clerk.post("/windows/S01/no-show")
    assert kept()
    named.clerk.post("/windows/S01/reinstate", {"ticket": tickets[0]})
    named.clerk.post("/windows/S01/call-next")
    named.clerk.post("/windows/S01/finish")
    assert not kept()


def test_midnight_ends_every_visit(named: Any) -> None:
    """A ticket that nobody finished does not keep its name over night."""
    ticket = named.kiosk.issue("insurance", holder=lan(named))["id"]
    named.clock.set("2026-11-24 00:00")
    named.hall.tick()
    retention(named).work()
    assert named.site.people.fact(f"ticket:{ticket}", "name") is None


def test_the_log_is_not_touched(named: Any) -> None:
    """Whoever was there is forgotten, what happened is not: every event stays, by number and word."""
    named.kiosk.issue("insurance", holder=lan(named))
    before = named.log.database.conn.execute("SELECT seq, data FROM events ORDER BY seq").fetchall()
    named.clock.at += 400 * DAY
    retention(named).work()
    assert named.log.database.conn.execute("SELECT seq, data FROM events ORDER BY seq").fetchall() == before
    assert len(before) >= 2


def test_the_file_is_written_anew_after_something_went_and_at_most_once_an_hour(named: Any) -> None:
    """Not at every look: a hall with thousands of people need not copy its file every ten seconds."""
    chore = retention(named)
    written: list[float] = []
    wipe = named.site.people.wipe
    named.site.people.wipe = lambda: (written.append(named.clock.at), wipe())
    chore.work()
    for n in range(3):
        named.clock.at += 10
        named.site.people.note(f"ticket:{n}", "name", "张三", named.clock.at + DAY)
        chore.work()
    assert len(written) == 1
    named.clock.at += 3600
    chore.work()
    chore.work()
    assert len(written) == 2
