"""A day at the village's station through the API: two windows, a guide, errands to town and county (Y13, C4, C8)."""

import itertools
import uuid
from collections.abc import Callable

import pytest

from tests.halls.conftest import House


@pytest.fixture
def village(open_house: Callable[..., House]) -> House:
    """The village on a Tuesday morning."""
    return open_house("village", "2026-11-24T09:00")


def test_both_windows_take_everything(village: House) -> None:
    """Y13: without distinction, errands and complaints included."""
    services = [service.id for service in village.service.hall_file.services]
    tickets = [village.kiosk.post("/tickets", {"service": service}) for service in services]

    assert all(set(ticket["windows"]) == {"C01", "C02"} for ticket in tickets)
    served = [village.serve(window)["number"] for window, _ in zip(itertools.cycle(("C01", "C02")), services)]
    assert sorted(served) == sorted(ticket["number"] for ticket in tickets)


def test_a_guide_issues_for_who_cannot_use_the_kiosk(village: House) -> None:
    """C8: help is asked for, the guide takes it and issues the ticket; the wait in the list is over."""
    request = str(uuid.uuid4())
    village.kiosk.post("/help", {"id": request, "kind": "home", "language": "zh"})
    listed = village.guide.get("/help")["requests"][0]
    assert (listed["id"], listed["state"]) == (request, "asked")

    village.guide.post(f"/help/{request}/take")
    ticket = village.guide.post("/tickets", {"service": "errand", "group": "disabled"})
    village.guide.post(f"/help/{request}/end", {"outcome": "helped"})

    assert ticket["channel"] == "staff"
    assert village.serve("C01")["number"] == ticket["number"]
    assert [one["state"] for one in village.guide.get("/help")["requests"]] == ["ended"]


def test_what_cannot_be_done_here_tells_the_town(village: House) -> None:
    """C4: the village's kiosk sends people to the town's police window, and says when it is there."""
    item = village.kiosk.get("/items/XC-FB-001")

    assert "逢三、六、九" in item["elsewhere"]["place"]
    assert "代办员" in item["elsewhere"]["reason"]


def test_the_same_items_as_in_the_county_can_be_applied_for(village: House) -> None:
    """Y13: the entrusted items lead to a service of the station; those that can be done online say so."""
    items = village.anyone.get("/items", limit=100)["items"]

    here = [item for item in items if item["elsewhere"] is None]
    assert len(here) == 16
    assert all(item["service"] for item in here)
    assert {item["code"] for item in here if item["online"]} == {"XZ-YB-002", "XZ-RS-002"}


def test_a_family_takes_as_many_numbers_as_it_has_errands(village: House) -> None:
    """The village sets its own limits: three open tickets of one person for the same business, not a fourth."""
    person = village.kiosk.post("/holders", {"card": {"number": "990000194003070010"}})["holder"]
    wish = {"service": "insurance", "holder": person}
    for _ in range(3):
        village.kiosk.post("/tickets", wish)

    assert village.kiosk.refused("/tickets", wish) == "has_open_ticket"


def test_an_evening_by_appointment(village: House) -> None:
    """C3: booked on the phone for half past six, somebody is there; nobody else gets a number."""
    slots = village.anyone.get("/services/insurance/slots", day="2026-11-24")["days"][0]["slots"]
    body = {"id": str(uuid.uuid4()), "service": "insurance", "slot_at": slots[0]["at"], "phone": "13900000061"}
    booked = village.anyone.post("/appointments", body)
    village.at("2026-11-24T18:25")

    assert village.kiosk.refused("/tickets", {"service": "insurance"}) == "service_closed"
    ticket = village.kiosk.post("/check-ins", {"id": str(uuid.uuid4()), "code": booked["code"]})
    assert village.serve("C02")["number"] == ticket["number"]


def test_a_rating_and_a_matter_reach_the_leaders(village: House) -> None:
    """C2, C7: small halls have the same closed loop, with three working days for what could not be done."""
    ticket = village.kiosk.post("/tickets", {"service": "unresolved"})
    village.serve("C01", ticket)
    village.kiosk.post("/ratings", {"number": ticket["number"], "code": ticket["rating_code"], "level": 2})
    body = {"id": str(uuid.uuid4()), "kind": "unresolved", "reason": "overdue", "ticket": ticket["id"]}

    assert village.clerk("C01").post("/matters", body)["deadline_at"].startswith("2026-11-27T09:00")
    assert len(village.supervisor.get("/orders")["orders"]) == 1
