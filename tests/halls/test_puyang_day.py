"""A day at Puyang's hall through the API: six comprehensive groups, special groups, rating apart (rows P of halls.md)."""

from collections.abc import Callable

import pytest

from config.plan import resolve_windows
from config.schema import Position
from server.accounts import Role
from tests.halls.conftest import House

ZONES = ("investment", "enterprise", "estate", "culture", "police", "livelihood")


@pytest.fixture
def puyang(open_house: Callable[..., House]) -> House:
    """Puyang on a Tuesday morning."""
    return open_house("puyang", "2026-11-24T09:00")


@pytest.mark.parametrize("zone", ZONES)
def test_a_zones_business_is_taken_by_any_window_of_its_group(puyang: House, zone: str) -> None:
    """P1: a ticket for every service of a zone may go to each of the group's windows and to no other."""
    hall = puyang.service.hall_file
    group = {w.id for w in resolve_windows(hall) if w.zone == zone and w.position is Position.ACCEPTANCE}
    services = [s.id for s in hall.services if s.zone == zone and s.position is Position.ACCEPTANCE]

    tickets = [puyang.guide.post("/tickets", {"service": service}) for service in services]

    assert {window for ticket in tickets for window in ticket["windows"]} == group
    assert all(set(ticket["windows"]) == group for ticket in tickets)
    one = next(iter(sorted(group)))
    served = {puyang.serve(one)["number"] for _ in tickets}
    assert served == {ticket["number"] for ticket in tickets}


def test_every_item_of_the_lists_leads_to_its_zone(puyang: House) -> None:
    """P1, P8: the items of every department have a service, the shared departments' items in the zone they belong to."""
    items = puyang.anyone.get("/items", limit=200)["items"]
    zone_of = {service.id: service.zone for service in puyang.service.hall_file.services}
    zones = {item["code"]: zone_of[item["service"]] for item in items if item["elsewhere"] is None}

    assert len(zones) == 80
    assert set(zones.values()) == set(ZONES)
    for code, zone in {
        "PY-GT-001": "investment",
        "PY-BD-001": "estate",
        "PY-GA-010": "enterprise",
        "PY-GA-001": "police",
        "PY-SW-010": "enterprise",
        "PY-SW-002": "livelihood",
        "PY-RS-010": "enterprise",
        "PY-RS-001": "livelihood",
    }.items():
        assert zones[code] == zone


def test_a_home_changes_hands_with_water_power_gas_and_heating_at_one_window(puyang: House) -> None:
    """P1, P3: the package joins five offices; each paper is asked for once; one ticket, one window."""
    package = puyang.kiosk.get("/items/PY-YJS-02")

    assert len({member["department"] for member in package["members"]}) == 5
    papers = [(material["name"], material["form"]) for material in package["guide"]["materials"]]
    assert len(set(papers)) == len(papers)
    assert ("居民身份证", "原件") in papers
    ticket = puyang.kiosk.post("/tickets", {"service": package["service"], "item": package["code"]})
    assert set(ticket["windows"]) == {f"B{n:02d}" for n in range(1, 7)}


def test_special_groups_book_with_help_and_are_served_first(puyang: House) -> None:
    """P5: a guide books for an old man; he checks in by the code and is called before who came earlier."""
    slots = puyang.anyone.get("/services/civil-affairs/slots", day="2026-11-24")["days"][0]["slots"]
    slot = next(one for one in slots if one["at"][11:16] == "10:00")
    body = {"id": "booked-by-a-guide-1", "service": "civil-affairs", "slot_at": slot["at"], "group": "elder"}
    booked = puyang.guide.post("/appointments", body)
    puyang.at("2026-11-24T09:50")
    early = puyang.kiosk.post("/tickets", {"service": "civil-affairs"})

    arrived = puyang.kiosk.post("/check-ins", {"id": "checked-in-ticket-1", "code": booked["code"]})

    assert arrived["on_time"] is True
    assert puyang.serve("M01")["number"] == arrived["number"]
    assert puyang.serve("M01")["number"] == early["number"]


def test_noon_is_for_those_who_booked(puyang: House) -> None:
    """P5: at half past twelve the zone gives no tickets, but the appointment is served."""
    slots = puyang.anyone.get("/services/company-registration/slots", day="2026-11-24")["days"][0]["slots"]
    noon = next(one for one in slots if one["at"][11:16] == "12:30")
    body = {
        "id": "noon-appointment-1",
        "service": "company-registration",
        "slot_at": noon["at"],
        "phone": "13900000001",
    }
    booked = puyang.anyone.post("/appointments", body)
    puyang.at("2026-11-24T12:20")

    assert puyang.kiosk.refused("/tickets", {"service": "company-registration"}) == "service_closed"
    arrived = puyang.kiosk.post("/check-ins", {"id": "noon-ticket-1", "code": booked["code"]})
    assert arrived["state"] == "waiting"


def test_nobody_rates_or_judges_his_own_work(puyang: House) -> None:
    """P6: no staff login can rate; the clerk cannot see the rating; the order about him is closed to him."""
    ticket = puyang.kiosk.post("/tickets", {"service": "social-insurance"})
    puyang.serve("M01", ticket)
    for way in (puyang.clerk("M01"), puyang.guide, puyang.supervisor, puyang.manager, puyang.admin):
        assert way.refused(f"/tickets/{ticket['id']}/rating", {"level": 5}) == "forbidden"
    puyang.kiosk.post(
        "/ratings", {"number": ticket["number"], "code": ticket["rating_code"], "level": 1, "points": ["rude"]}
    )

    seen = puyang.clerk("M01").get(f"/tickets/{ticket['id']}")
    assert seen["rating"] is None
    order = puyang.supervisor.get("/orders")["orders"][0]
    assert order["clerk"] == "clerk-m01"
    # Were he a supervisor too, he would find no order about his own work, nor could he act on it.
    himself = puyang.person("clerk-m01", Role.SUPERVISOR)
    assert himself.get("/orders")["orders"] == []
    assert himself.refused(f"/orders/{order['id']}/mend", {"note": "我没有错"}) == "second_person_wanted"


def test_a_false_rating_is_left_out_only_with_a_second_person(puyang: House) -> None:
    """P6: proposed by one, judged by another; the original stays in the figures beside."""
    ticket = puyang.kiosk.post("/tickets", {"service": "justice"})
    puyang.serve("G01", ticket)
    puyang.kiosk.post("/ratings", {"number": ticket["number"], "code": ticket["rating_code"], "level": 2})
    path = f"/orders/{puyang.supervisor.get('/orders')['orders'][0]['id']}"
    puyang.supervisor.post(f"{path}/exclude", {"note": "群众说是误按"})

    assert puyang.supervisor.refused(f"{path}/judge", {"accept": True}) == "second_person_wanted"
    judged = puyang.manager.post(f"{path}/judge", {"accept": True})

    assert judged["state"] == "excluded"
    assert judged["level"] == 2
    figures = puyang.manager.get("/stats/ratings")
    assert figures["excluded"] == 1
    assert figures["all"]["rated"] == 1
