"""Market day and any other day at the town's hall, through the API (Y12, C3, C8)."""

import uuid
from collections.abc import Callable

from tests.halls.conftest import House

MARKET, OTHER = "2026-11-24T07:45", "2026-11-23T09:00"


def test_on_a_market_day_everybody_is_there_from_half_past_seven(open_house: Callable[..., House]) -> None:
    """C3: all windows from half past seven, police and tax too; nothing has to be forwarded."""
    town = open_house("town", MARKET)

    day = town.anyone.get("/hall")["day"]
    assert day["market"] is True
    tickets = {
        service: town.kiosk.post("/tickets", {"service": service})
        for service in ("social-insurance", "household", "tax-filing")
    }
    assert set(tickets["social-insurance"]["windows"]) == {"V01", "V02", "V03", "V04", "V05"}
    assert town.serve("G01")["number"] == tickets["household"]["number"]
    assert town.serve("S01")["number"] == tickets["tax-filing"]["number"]
    assert town.kiosk.refused("/tickets", {"service": "forwarding"}) == "service_closed"


def test_a_market_on_a_saturday_is_open_too(open_house: Callable[..., House]) -> None:
    """C3: the moon does not care for weekends."""
    town = open_house("town", "2026-11-21T08:00")

    assert town.anyone.get("/hall")["day"]["kind"] == "weekend"
    assert town.kiosk.post("/tickets", {"service": "relief"})["number"] == "A001"
    town.at("2026-11-22T09:00")
    assert town.kiosk.refused("/tickets", {"service": "relief"}) == "service_closed"


def test_on_other_days_the_duty_clerk_receives_and_forwards(open_house: Callable[..., House]) -> None:
    """C3: no police or tax number, but 代收转办 takes their papers at window 1, and comprehensive business goes on."""
    town = open_house("town", OTHER)

    assert town.anyone.get("/hall")["day"]["market"] is False
    for service in ("household", "tax-filing"):
        assert town.kiosk.refused("/tickets", {"service": service}) == "service_closed"
    forwarded = town.kiosk.post("/tickets", {"service": "forwarding"})
    ordinary = town.kiosk.post("/tickets", {"service": "medical-insurance"})
    served = [town.serve("V01")["number"] for _ in range(2)]
    assert sorted(served) == sorted([forwarded["number"], ordinary["number"]])


def test_what_is_forwarded_comes_back_to_the_town(open_house: Callable[..., House]) -> None:
    """C3, 代收转办: papers for the police are taken at the duty window, carried, signed for and decided there; the result
    is fetched in the town, on a day on which no police is."""
    town = open_house("town", OTHER)
    town.receive("V01", town.kiosk.post("/tickets", {"service": "forwarding"}))
    case, clerk, police = f"c-{uuid.uuid4()}", town.clerk("V01"), town.office("县公安局")
    body = {"id": case, "outcome": "accepted", "title": "居民身份证换领", "departments": ["县公安局"], "days": 5}
    clerk.post("/windows/V01/settle", body)
    clerk.post("/windows/V01/finish")
    assert town.kiosk.refused("/tickets", {"voucher": town.voucher(case)}) == "result_not_ready"

    town.runner.post(f"/cases/{case}/take")
    police.post(f"/cases/{case}/sign")
    police.post(f"/cases/{case}/answer", {"answer": "granted"})
    clerk.post(f"/cases/{case}/result", {"title": "居民身份证", "granted": True})
    town.receive("V01", town.kiosk.post("/tickets", {"voucher": town.voucher(case)}))
    clerk.post(f"/cases/{case}/hand-out", {"to": "applicant", "proof": "voucher"})

    [row] = town.supervisor.get("/cases", department="县公安局")["cases"]
    assert (row["id"], row["state"]) == (case, "delivered")


def test_the_duty_window_rates_and_records_like_any_hall(open_house: Callable[..., House]) -> None:
    """C2, C7: the same services as in the county: rating at the window, 办不成事 with its deadline."""
    town = open_house("town", OTHER)
    ticket = town.kiosk.post("/tickets", {"service": "unresolved"})
    town.serve("V01", ticket)
    town.evaluator("V01").post("/windows/V01/rating", {"level": 5, "number": ticket["number"]})
    body = {"id": str(uuid.uuid4()), "kind": "unresolved", "reason": "refused", "ticket": ticket["id"]}

    assert town.clerk("V01").post("/matters", body)["deadline_at"].startswith("2026-11-30T09:00")
    assert town.manager.get("/stats/ratings")["all"]["rated"] == 1


def test_an_item_beyond_the_town_tells_where_to_go(open_house: Callable[..., House]) -> None:
    """C4: the kiosk of the town knows the county's hall: passports are made there."""
    town = open_house("town", OTHER)

    item = town.kiosk.get("/items/XZ-FB-001")

    assert item["elsewhere"]["place"] == "县公安局出入境管理大队"
    assert item["service"] is None


def test_who_cannot_read_is_helped_in_three_steps(open_house: Callable[..., House]) -> None:
    """C8: request, guide, ticket; the card proves the age."""
    town = open_house("town", MARKET)
    request = str(uuid.uuid4())
    town.kiosk.post("/help", {"id": request, "kind": "read"})
    town.guide.post(f"/help/{request}/take")
    old = town.guide.post("/holders", {"card": {"number": "990000194003070010", "name": "䶮奶奶"}})
    body = {"service": "relief", "holder": old["holder"], "group": "elder"}

    ticket = town.guide.post("/tickets", body)

    assert (ticket["proof"], ticket["group"]) == ("card", "elder")
    assert town.guide.post(f"/help/{request}/end", {"outcome": "helped"})["outcome"] == "helped"


def test_evening_slots_are_there_for_people_who_work(open_house: Callable[..., House]) -> None:
    """C3: on Monday after five only who booked gets in."""
    town = open_house("town", OTHER)
    slots = town.anyone.get("/services/relief/slots", day="2026-11-23")["days"][0]["slots"]
    body = {"id": str(uuid.uuid4()), "service": "relief", "slot_at": slots[0]["at"], "phone": "13900000051"}
    booked = town.anyone.post("/appointments", body)
    town.at("2026-11-23T17:00")

    assert slots[0]["at"][11:16] == "17:00"
    assert town.kiosk.refused("/tickets", {"service": "relief"}) == "service_closed"
    assert town.kiosk.post("/check-ins", {"id": str(uuid.uuid4()), "code": booked["code"]})["on_time"] is True
