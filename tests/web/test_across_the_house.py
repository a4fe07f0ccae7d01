"""A window may help another floor, and the hall file may be edited at noon: nobody goes unheard, no view breaks."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from config.schema import HallFile
from server.plan import Names, make_plan


@pytest.fixture
def helping(world: Any) -> Any:
    """S01 of the first floor takes the second floor's licences too, and has called one."""
    world.supervisor.post("/windows/S01/assign", {"zones": ["social", "business"]})
    world.supervisor.post("/windows/S01/open")
    world.kiosk_2.issue("licence")
    world.supervisor.post("/windows/S01/call-next")
    return world


def messages(answer: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """The feed's messages as they come."""
    event = ""
    for chunk in answer.response:
        for line in chunk.decode().splitlines():
            if line.startswith("event: "):
                event = line[7:]
            elif line.startswith("data: "):
                yield event, json.loads(line[6:])


def test_a_call_is_shown_where_the_citizen_waits(helping: Any) -> None:
    """The board upstairs shows the second floor's ticket with the window downstairs."""
    (call,) = helping.anyone.get("/boards/upstairs").json["calls"]
    assert (call["number"], call["window"], call["area"], call["ticket_area"]) == ("B001", "S01", "f1", "f2")


@pytest.mark.parametrize("area", ["f1", "f2"])
def test_a_call_is_spoken_on_both_floors(helping: Any, area: str) -> None:
    """Voices of the window's floor and of the citizen's both hear it, and know that it is still called."""
    with helping.board.get(f"/feed?calls={area}&last_event_id=1") as answer:
        told = messages(answer)
        event, call = next(told)
        assert (event, call["number"]) == ("call", "B001")
        event, view = next(told)
        assert (event, view["called"]) == ("snapshot", ["B001"])


def edited(world: Any, **changes: Any) -> None:
    """Serve with an edited hall file, as after a restart."""
    hall_file = HallFile.model_validate(world.site.names.hall.model_dump(mode="json") | changes)
    world.hall.plan = make_plan(hall_file)
    world.site.names = Names.of(hall_file)
    world.clock.at += 5  # past the age any shared view may have


READ = ["/hall", "/boards/main", "/boards/upstairs", "/zones/social", "/windows/S01", "/windows/S02", "/stats/today"]


def test_a_service_taken_out_at_noon_breaks_no_view(world: Any) -> None:
    """Its tickets, waiting and at a window, are shown by its id until they are gone; the clerk can finish."""
    world.a_day_has_begun()
    ticket = world.kiosk.issue()
    others = [s.model_dump(mode="json") for s in world.site.names.hall.services if s.id != "insurance"]
    edited(world, services=others)
    for path in READ:
        assert world.admin.get(path).status_code == 200, path
    assert world.kiosk.get(f"/tickets/{ticket['id']}").json["service_name"] == "insurance"
    assert world.clerk.post("/windows/S01/finish").status_code == 200


def test_a_window_taken_out_at_noon_breaks_no_view(world: Any) -> None:
    """Boards still show what it called, by its id."""
    world.a_day_has_begun()
    windows = [w.model_dump(mode="json") for w in world.site.names.hall.windows]
    windows[0] |= {"ids": "S02..S03", "number": 2}
    edited(world, windows=windows)
    for path in READ:
        expected = 404 if path == "/windows/S01" else 200
        assert world.admin.get(path).status_code == expected, path
    shown = world.anyone.get("/boards/main").json["calls"]
    assert {"S01", "S02"} == {call["window"] for call in shown}
    assert next(call["window_name"] for call in shown if call["window"] == "S01") == "S01"
