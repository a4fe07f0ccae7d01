"""Requests for a guide over HTTP and the feed, the clerks' rights, and what boards may show (A3.3, C8, Y6)."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from display_board import web as boards
from server.accounts import Accounts, Role
from server.cli import main
from server.rights import ClerksRights
from server.web.app import create_app
from tests.web.conftest import SMALL

Reason = Callable[[Any], str]


def asked(world: Any, name: str = "h-1", **fields: Any) -> Any:
    """A tap on "help" at the first kiosk."""
    return world.kiosk.post("/help", {"id": name, "kind": "wheelchair", **fields})


def test_a_kiosk_asks_and_guides_see_where(world: Any) -> None:
    """A machine says by itself where it stands; kind and place come in both languages, the ticket by its number."""
    ticket = world.kiosk.issue()
    answer = asked(world, ticket=ticket["id"], language="en")
    assert answer.status_code == 201, answer.text
    assert (answer.json["place"], answer.json["place_en"]) == ("取号机", "Kiosk")
    assert (answer.json["kind_name"], answer.json["kind_name_en"]) == ("需要轮椅", "I need a wheelchair")
    assert (answer.json["state"], answer.json["ticket"], answer.json["language"]) == ("asked", "A001", "en")
    assert world.guide.get("/help").json["requests"] == [answer.json]


def test_a_clerk_asks_for_his_window_and_staff_for_any_place(world: Any, reason: Reason) -> None:
    """The window's name where nothing else is said; a supervisor without a window has to say where."""
    own = world.clerk.post("/help", {"id": "h-1", "kind": "sign"})
    assert (own.json["place"], own.json["asked_by"]) == (world.site.names.windows["S01"].name["zh"], "user:wang")
    assert reason(world.supervisor.post("/help", {"id": "h-2", "kind": "sign"})) == "place_wanted"
    told = world.supervisor.post("/help", {"id": "h-2", "kind": "sign", "place": "东门口"})
    assert told.json["place"] == "东门口"


def test_a_kind_that_the_hall_has_not_is_refused(world: Any, reason: Reason) -> None:
    """The sentence names it."""
    refused = world.kiosk.post("/help", {"id": "h-1", "kind": "lunch"})
    assert (refused.status_code, reason(refused)) == (404, "help_kind_unknown")


def test_one_guide_goes_and_tells_how_it_ended(world: Any, reason: Reason) -> None:
    """Taken by one, refused to the next, ended once."""
    asked(world)
    taken = world.guide.post("/help/h-1/take")
    assert (taken.json["state"], taken.json["taken_by"]) == ("taken", "mei")
    assert reason(world.clerk.post("/help/h-1/take")) == "help_state"
    ended = world.guide.post("/help/h-1/end", {"outcome": "not_found"})
    assert (ended.json["state"], ended.json["outcome"]) == ("ended", "not_found")
    assert reason(world.guide.post("/help/h-1/end", {})) == "help_state"
    assert reason(world.guide.post("/help/h-9/take")) == "help_unknown"


def test_who_waits_longest_comes_first_and_what_is_over_last(world: Any) -> None:
    """Waiting ones by age, then those a guide is with, then the newest of the ended."""
    for name in ("h-1", "h-2", "h-3", "h-4"):
        world.clock.at += 60
        asked(world, name)
    world.guide.post("/help/h-1/take")
    world.guide.post("/help/h-2/end", {})
    assert [one["id"] for one in world.guide.get("/help").json["requests"]] == ["h-3", "h-4", "h-1", "h-2"]


def test_the_feed_brings_a_new_request(world: Any) -> None:
    """A tablet that follows gets the list at once, and again when somebody asks."""
    asked(world)
    answer = world.app.test_client().get("/api/v1/feed?help=1", headers=world.guide.headers)
    stream = iter(answer.response)
    next(stream)
    snapshot = next(stream).decode()
    answer.close()
    assert "event: snapshot" in snapshot
    data = json.loads(snapshot.split("data: ", 1)[1])
    assert [one["id"] for one in data["requests"]] == ["h-1"]


def test_a_request_that_is_sent_again_is_one(world: Any) -> None:
    """By its key it is the first answer, by its id the same request."""
    first = world.kiosk.post("/help", {"id": "h-1", "kind": "sign"}, key="one-tap-for-help")
    again = world.kiosk.post("/help", {"id": "h-1", "kind": "sign"}, key="one-tap-for-help")
    other_key = world.kiosk.post("/help", {"id": "h-1", "kind": "sign"})
    assert first.data == again.data == other_key.data
    assert again.headers["Idempotency-Replayed"] == "true"
    assert len(world.guide.get("/help").json["requests"]) == 1


# --- Rights of clerks -------------------------------------------------------------------------------------------------


def test_a_clerk_gets_only_what_his_account_allows_and_at_once(world: Any, reason: Reason) -> None:
    """Rights given while he works hold for the next call, by hand or by turn; taken away, all of the window comes."""
    rights = ClerksRights(world.hall, world.accounts, world.site.names.hall)
    world.clerk.post("/windows/S01/open")
    insurance, relief = world.kiosk.issue("insurance"), world.kiosk.issue("relief")
    world.accounts.put_user("wang", "a-long-password", [Role.CLERK], "S01", services=["relief"])
    rights.work()

    assert [t["number"] for t in world.clerk.get("/windows/S01").json["queue"]] == [relief["number"]]
    assert reason(world.clerk.post("/windows/S01/call", {"ticket": insurance["number"]})) == "not_served_here"
    assert world.clerk.post("/windows/S01/call-next").json["ticket"]["number"] == relief["number"]
    world.clerk.post("/windows/S01/finish")
    assert world.clerk.post("/windows/S01/call-next").status_code == 204
    # A colleague at the next window is not touched by it.
    world.clerk_2.post("/windows/S02/open")
    assert [t["number"] for t in world.clerk_2.get("/windows/S02").json["queue"]] == [insurance["number"]]

    world.accounts.put_user("wang", "a-long-password", [Role.CLERK], "S01")
    rights.work()
    assert world.clerk.post("/windows/S01/call-next").json["ticket"]["number"] == insurance["number"]


def test_rights_by_zone_are_those_of_its_services(world: Any) -> None:
    """A zone stands for all its services, and single services come beside it."""
    world.accounts.put_user("wang", "a-long-password", [Role.CLERK], zones=["social"], services=["licence"])
    ClerksRights(world.hall, world.accounts, world.site.names.hall).work()
    assert world.hall.plan.rights == {"wang": frozenset({"insurance", "relief", "licence"})}


def test_an_older_accounts_file_is_opened(tmp_path: Path) -> None:
    """Users of before there were rights may take everything, and sign in as ever."""
    accounts = Accounts(tmp_path / "accounts.db")
    accounts.put_user("wang", "a-long-password", [Role.CLERK], "S01")
    accounts._db.execute("ALTER TABLE users DROP COLUMN zones")
    accounts._db.execute("ALTER TABLE users DROP COLUMN services")
    accounts.close()
    again = Accounts(tmp_path / "accounts.db")
    assert again.rights() == {}
    person = again.sign_in("wang", "a-long-password")
    assert person is not None
    assert person.window == "S01"
    again.close()


def test_add_user_takes_zones_and_services(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On the command line with commas; a name that is not in the hall file is refused and nothing is written."""
    arguments = ["--hall", str(SMALL), "--data", str(tmp_path), "add-user", "wang", "--role", "clerk"]
    monkeypatch.setattr("sys.stdin", io.StringIO("a-long-password\na-long-password\n"))
    assert main([*arguments, "--password-stdin", "--services", "relief,moon"]) == 2
    assert "moon: no such zone or service" in capsys.readouterr().err
    monkeypatch.setattr("sys.stdin", io.StringIO("a-long-password\n"))
    assert main([*arguments, "--password-stdin", "--zones", "business", "--services", "relief,insurance"]) == 0
    accounts = Accounts(tmp_path / "accounts.db")
    assert accounts.rights() == {"wang": (frozenset({"business"}), frozenset({"relief", "insurance"}))}
    accounts.close()


# --- Boards -----------------------------------------------------------------------------------------------------------


def test_a_board_shows_numbers_and_no_name(world: Any) -> None:
    """Neither page nor data of a board has any part of the name that the clerk of the same ticket works with."""
    hall_file = world.site.names.hall
    service = next(s for s in hall_file.services if s.id == "insurance")
    world.site.names.services["insurance"] = service.model_copy(update={"clerk_sees_name": True})
    holder = world.kiosk.post("/holders", {"phone": "13912345678", "name": "欧阳小明"}).json["holder"]
    ticket = world.kiosk.issue(holder=holder)
    world.site.people.note(f"ticket:{ticket['id']}", "name", "欧阳小明", world.clock.at + 3600)
    world.clerk.post("/windows/S01/open")
    assert world.clerk.post("/windows/S01/call-next").json["ticket"]["name"] == "欧阳小明"

    app: Flask = create_app(world.site, [boards.blueprint()], {"LANGUAGES": ["zh", "en"], "BOARD_VOICES": {}})
    page = app.test_client().get("/board/main")
    assert page.status_code == 200
    told = page.get_data(as_text=True)
    for path in ("/boards/main", "/boards/upstairs", "/hall"):
        told += world.anyone.get(path).get_data(as_text=True)
    told += world.board.get("/windows/S01").get_data(as_text=True)
    assert ticket["number"] in told
    assert [part for part in ("欧阳", "小明", "5678") if part in told] == []
