"""Days at Chenzhou's hall through the API: packages, slots outside office hours, 5+X, the rating loop (rows C)."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from tests.halls.conftest import House


@pytest.fixture
def chenzhou(open_house: Callable[..., House]) -> House:
    """Chenzhou on a Tuesday morning."""
    return open_house("chenzhou", "2026-11-24T09:30")


def slot(house: House, service: str, moment: str) -> dict[str, Any]:
    """The slot that begins at a local moment."""
    days = house.anyone.get(f"/services/{service}/slots")["days"]
    return next(one for day in days for one in day["slots"] if one["at"].startswith(moment))


def book(house: House, service: str, moment: str, phone: str) -> dict[str, Any]:
    """Somebody books on the phone page."""
    body = {
        "id": str(uuid.uuid4()),
        "service": service,
        "slot_at": slot(house, service, moment)["at"],
        "phone": phone,
        "name": "预约人",
    }
    return dict(house.anyone.post("/appointments", body))


def test_a_hundred_packages_each_with_one_list_of_papers(chenzhou: House) -> None:
    """C1: 50 that join departments, 50 of one; the limit is the longest item's, or at most 30 % of the sum."""
    items = [
        item
        for service in ("citizen-package", "business-package", "single-package")
        for item in chenzhou.anyone.get("/items", service=service, limit=200)["items"]
    ]
    joined = [item for item in items if item["package"]]
    assert (len(joined), len(items) - len(joined)) == (50, 50)

    parallel = chenzhou.anyone.get("/items/CZ-YJS-001")  # a child is born: 0, 0 and 0 days
    in_turn = chenzhou.anyone.get("/items/CZ-YJS-046")  # building: 0 + 10 + 10 + 5 days
    assert parallel["guide"]["time_limit_days"] == 0
    assert in_turn["guide"]["time_limit_days"] == 7
    for item in joined:
        whole = chenzhou.anyone.get(f"/items/{item['code']}")
        papers = [(one["name"], one["form"]) for one in whole["guide"]["materials"]]
        assert len(papers) == len(set(papers)) > 0, item["code"]
        assert len({member["department"] for member in whole["members"]}) >= 2
    assert any("马上办" in item["flags"] and "就近办" in item["flags"] for item in items)


def test_an_early_slot_before_the_doors_open_is_kept(chenzhou: House) -> None:
    """C3: booked for eight o'clock; nobody else gets a number then; the one who booked does, and is served."""
    booked = book(chenzhou, "citizen-package", "2026-11-25T08:00", "13900000001")
    chenzhou.at("2026-11-25T07:50")

    assert chenzhou.kiosk.refused("/tickets", {"service": "citizen-package"}) == "service_closed"
    ticket = chenzhou.kiosk.post("/check-ins", {"id": str(uuid.uuid4()), "code": booked["code"]})
    assert ticket["on_time"] is True
    chenzhou.at("2026-11-25T08:01")
    assert chenzhou.serve("Y01")["number"] == ticket["number"]


def test_who_comes_late_is_a_walk_in(chenzhou: House) -> None:
    """C3: sixteen minutes after the slot the place has lapsed; there is an ordinary ticket, behind who came before."""
    booked = book(chenzhou, "citizen-package", "2026-11-24T10:30", "13900000002")
    chenzhou.at("2026-11-24T10:40")
    before = chenzhou.kiosk.post("/tickets", {"service": "citizen-package"})
    chenzhou.at("2026-11-24T10:46")

    late = chenzhou.kiosk.post("/check-ins", {"id": str(uuid.uuid4()), "code": booked["code"]})

    assert late["on_time"] is not True
    assert chenzhou.serve("Y01")["number"] == before["number"]
    assert chenzhou.serve("Y01")["number"] == late["number"]


def test_who_comes_in_time_is_before_the_walk_ins(chenzhou: House) -> None:
    """C3: an appointment kept counts earlier than a ticket taken a little before it."""
    booked = book(chenzhou, "citizen-package", "2026-11-24T10:30", "13900000003")
    chenzhou.at("2026-11-24T10:20")
    chenzhou.kiosk.post("/tickets", {"service": "citizen-package"})
    chenzhou.at("2026-11-24T10:29")
    kept = chenzhou.kiosk.post("/check-ins", {"id": str(uuid.uuid4()), "code": booked["code"]})

    assert chenzhou.serve("Y02")["number"] == kept["number"]


def test_a_slot_takes_as_many_as_it_says(chenzhou: House) -> None:
    """C3: two places at 18:00, after the doors are shut; the third is refused; one given up is free again."""
    first = book(chenzhou, "citizen-package", "2026-11-24T18:00", "13900000011")
    book(chenzhou, "citizen-package", "2026-11-24T18:00", "13900000012")
    # What phones are shown may be a second old.
    chenzhou.clock.at += 2
    at = slot(chenzhou, "citizen-package", "2026-11-24T18:00")
    assert at["left"] == 0
    third = {"id": str(uuid.uuid4()), "service": "citizen-package", "slot_at": at["at"], "phone": "13900000013"}
    assert chenzhou.anyone.refused("/appointments", third) == "slot_full"

    assert chenzhou.anyone.post(f"{first['url']}/cancel")["state"] == "cancelled"
    assert chenzhou.anyone.post("/appointments", third)["state"] == "booked"


def test_saturday_sunday_and_holidays(chenzhou: House) -> None:
    """C3, 5+X: Saturday morning is open, Sunday only by appointment, New Year's Day has duty service."""
    booked = book(chenzhou, "citizen-package", "2026-11-29T09:00", "13900000021")
    chenzhou.at("2026-11-28T09:30")
    assert chenzhou.kiosk.post("/tickets", {"service": "single-package"})["number"] == "Y001"
    assert chenzhou.kiosk.refused("/tickets", {"service": "company"}) == "service_closed"
    chenzhou.at("2026-11-29T08:55")
    assert chenzhou.kiosk.refused("/tickets", {"service": "single-package"}) == "service_closed"
    assert chenzhou.kiosk.post("/check-ins", {"id": str(uuid.uuid4()), "code": booked["code"]})["on_time"] is True
    chenzhou.at("2027-01-01T09:30")
    assert chenzhou.anyone.get("/hall")["day"]["kind"] == "holiday"
    assert chenzhou.kiosk.post("/tickets", {"service": "single-package"})["number"] == "Y001"


def test_a_bad_rating_is_handled_and_on_record(chenzhou: House) -> None:
    """C2: rated on the phone right after, called back, mended, closed; every step has a name and a time."""
    ticket = chenzhou.kiosk.post("/tickets", {"service": "social-insurance"})
    chenzhou.serve("B01", ticket)
    body = {"level": 1, "points": ["again"], "comment": "跑了三趟", "phone": "13900000031"}
    chenzhou.anyone.post(f"{ticket['url']}/rating", body)

    order = chenzhou.supervisor.get("/orders")["orders"][0]
    path = f"/orders/{order['id']}"
    assert chenzhou.supervisor.get(path)["comment"] == "跑了三趟"
    chenzhou.at("2026-11-24T15:00")
    chenzhou.supervisor.post(f"{path}/callback", {"reached": True, "note": "说明原因并致歉"})
    chenzhou.supervisor.post(f"{path}/mend", {"note": "材料清单重新核对"})
    closed = chenzhou.manager.post(f"{path}/close")

    assert closed["state"] == "closed"
    assert [one["by"] for one in closed["callbacks"]] == ["chen"]
    assert (closed["mended"]["by"], closed["closed"]["by"]) == ("chen", "sun")
    assert not closed["contact"]["overdue"]
    assert chenzhou.manager.get("/stats/ratings")["orders"]["closing"]["part"] == 1


def test_an_order_nobody_cares_for_is_overdue(chenzhou: House) -> None:
    """C2: without a call within one working day it stands among the overdue."""
    ticket = chenzhou.kiosk.post("/tickets", {"service": "tax"})
    chenzhou.serve("C01", ticket)
    chenzhou.kiosk.post("/ratings", {"number": ticket["number"], "code": ticket["rating_code"], "level": 2})
    assert chenzhou.manager.get("/orders", state="overdue")["orders"] == []

    chenzhou.at("2026-11-26T09:00")

    assert len(chenzhou.manager.get("/orders", state="overdue")["orders"]) == 1


@pytest.mark.parametrize("kind", ["enquiry", "complaint", "report", "suggestion"])
def test_words_to_12345_go_to_one_place(chenzhou: House, kind: str) -> None:
    """C7: written down at the service desk, exported for 12345."""
    body = {"id": str(uuid.uuid4()), "kind": kind, "note": f"群众反映{kind}", "phone": "13900000041"}
    chenzhou.clerk("K02").post("/matters", body)

    _type, sheet = chenzhou.manager.text("/matters/export", format="csv")

    assert f"群众反映{kind}" in sheet.decode("utf-8-sig")


def test_the_weak_are_helped_for_free(chenzhou: House) -> None:
    """C8: asked for at the kiosk, a guide comes; a group named at the kiosk is looked at by the clerk."""
    request = str(uuid.uuid4())
    chenzhou.kiosk.post("/help", {"id": request, "kind": "whole"})
    chenzhou.guide.post(f"/help/{request}/take")
    ticket = chenzhou.guide.post("/tickets", {"service": "assisted", "group": "poor"})
    clerk = chenzhou.clerk("K03")
    clerk.post("/windows/K03/open")
    called = clerk.post("/windows/K03/call-next")["ticket"]
    clerk.post("/windows/K03/proof", {"ticket": called["id"], "confirmed": True})

    assert called["number"] == ticket["number"]
    assert clerk.get("/windows/K03")["ticket"]["proof"] == "clerk"
    assert chenzhou.guide.post(f"/help/{request}/end", {"outcome": "helped"})["state"] == "ended"
