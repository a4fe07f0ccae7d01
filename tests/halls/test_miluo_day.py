"""A day at Miluo's hall through the API, from the kiosk to the rating and what follows a bad one (rows M of halls.md)."""

import csv
import io
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from tests.halls.conftest import HALLS, House

TUESDAY = "2026-11-24T09:00"


@pytest.fixture
def miluo(open_house: Callable[..., House]) -> House:
    """Miluo on a Tuesday morning."""
    return open_house("miluo", TUESDAY)


def test_the_three_official_lists_come_in_and_go_out_in_their_columns(miluo: House) -> None:
    """M6, M7, M8: what was taken in at the first start is exported in exactly the plan's columns, every row of it."""
    headers = {
        "comprehensive": "序号,单位名称,事项编码,事项名称,事项类型,办件类型,服务对象,备注",
        "online": "序号,单位,事项编码,事项名称(主项),事项名称(业务办理项),业务办理项实施编码,事项类型,服务对象",
        "negative": "序号,单位名称,事项编码,事项名称,事项类型,办事地点,联系方式,不进驻原因（必填）",
    }
    for name, header in headers.items():
        _kind, data = miluo.admin.text("/catalogue/export", list=name, format="csv")
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
        seed = list(csv.reader(io.StringIO((HALLS / "miluo-lists" / f"{name}.csv").read_text("utf-8"))))
        assert rows[0] == header.split(",")
        assert sorted(row[1:] for row in rows[1:]) == sorted(row[1:] for row in seed[1:])


def test_an_online_item_says_so_before_a_ticket_is_printed(miluo: House) -> None:
    """M5: found at the kiosk by its initials, the item tells its address; a ticket is still to be had."""
    found = miluo.kiosk.get("/items", q="yidjyba")["items"] or miluo.kiosk.get("/items", q="异地就医")["items"]
    item = next(one for one in found if one["code"] == "ML-YB-002")

    assert item["online"]["url"] == "https://fuwu.nhsa.gov.cn"
    assert item["service"] == "medical-insurance"
    assert miluo.kiosk.post("/tickets", {"service": item["service"], "item": item["code"]})["number"] == "H001"


def test_an_item_of_the_negative_list_tells_where_to_go(miluo: House) -> None:
    """M8: place, contact and reason instead of a useless ticket."""
    item = miluo.kiosk.get("/items/ML-FB-003")

    assert item["service"] is None
    assert item["elsewhere"]["place"].startswith("汨罗市疾病预防控制中心")
    assert item["elsewhere"]["contact"]
    assert "大厅不具备条件" in item["elsewhere"]["reason"]


def test_letters_decide_which_window_takes_an_item_and_from_when(miluo: House) -> None:
    """M13: the four comprehensive windows take what letters name; no letter, or not yet in force: no ticket."""
    entrusted = miluo.kiosk.post("/tickets", {"service": "civil-relief", "item": "ML-MZ-001"})
    assert set(entrusted["windows"]) == {"Z01", "Z02", "Z03", "Z04"}

    felling = {"service": "farming-forestry", "item": "ML-LY-001"}
    assert miluo.kiosk.refused("/tickets", felling) == "item_not_authorised"
    assert miluo.kiosk.refused("/tickets", {"service": "justice-other", "item": "ML-YC-001"}) == "item_not_authorised"
    miluo.at("2027-01-04T09:00")
    assert set(miluo.kiosk.post("/tickets", felling)["windows"]) == {"Z01", "Z02", "Z03", "Z04"}


def test_a_theme_package_goes_to_its_window_with_one_list_of_materials(miluo: House) -> None:
    """M14, M4: ten packages; those of firms at the enterprise centre; a paper that two items want is asked for once."""
    packages = miluo.kiosk.get("/items", package="true")["items"]
    by_service = {item["code"]: item["service"] for item in packages}
    assert len(by_service) == 10
    assert sorted(by_service.values()) == ["enterprise-one-thing"] * 6 + ["one-thing"] * 4

    shop = miluo.kiosk.get("/items/YJS-ML-01")
    names = [material["name"] for material in shop["guide"]["materials"]]
    assert [member["code"] for member in shop["members"]] == ["ML-SC-002", "ML-SC-004", "ML-WJ-001"]
    assert names.count("居民身份证") == 1
    assert shop["guide"]["time_limit_days"] == 7
    ticket = miluo.kiosk.post("/tickets", {"service": "one-thing", "item": "YJS-ML-01"})
    assert ticket["windows"] == ["YJS01"]
    firm = miluo.kiosk.post("/tickets", {"service": "enterprise-one-thing", "item": "YJS-ML-05"})
    assert "QQ01" in firm["windows"]


def test_travel_documents_are_in_ones_own_name_and_never_need_a_card(miluo: House) -> None:
    """M10: the kiosk wants the card, proves the age by it, gives one ticket; who has none is helped by staff."""
    assert miluo.kiosk.refused("/tickets", {"service": "exit-entry"}) == "card_wanted"
    card = {"number": "990000194003070010", "name": "赵䶮"}
    person = miluo.kiosk.post("/holders", {"card": card})
    assert person["groups"] == ["elder"]
    assert card["number"] not in str(person)
    wish = {"service": "exit-entry", "holder": person["holder"], "group": "elder"}
    ticket = miluo.kiosk.post("/tickets", wish)
    assert ticket["proof"] == "card"
    assert miluo.kiosk.refused("/tickets", wish) == "has_open_ticket"

    assert miluo.guide.post("/tickets", {"service": "exit-entry"})["number"] == "D002"


def test_what_could_not_be_done_is_recorded_and_settled(miluo: House) -> None:
    """M2: the 办不成事 window writes the matter down with its reason and deadline; a leader settles it; 12345 gets it."""
    miluo.kiosk.post("/tickets", {"service": "unresolved"})
    ticket = miluo.serve("BC01")
    matter = str(uuid.uuid4())
    body = {
        "id": matter,
        "kind": "unresolved",
        "reason": "passed-on",
        "ticket": ticket["id"],
        "department": "汨罗市民政局",
        "note": "两个部门互相推",
        "phone": "13800000000",
    }
    told = miluo.clerk("BC01").post("/matters", body)
    # Five working days from Tuesday.
    assert told["deadline_at"].startswith("2026-12-01T09:00")
    assert [one["id"] for one in miluo.supervisor.get("/matters", open="true")["matters"]] == [matter]

    miluo.supervisor.post(f"/matters/{matter}/settle", {"result": "done", "note": "当场协调办成"})
    assert miluo.supervisor.get("/matters", open="true")["matters"] == []
    kind, sheet = miluo.manager.text("/matters/export", format="csv")
    assert kind.startswith("text/csv")
    assert "两个部门互相推" in sheet.decode("utf-8-sig")


def test_cross_province_business_has_its_region_and_deadline(miluo: House) -> None:
    """M2: the 跨省通办 window records where it is for; ten working days."""
    miluo.kiosk.post("/tickets", {"service": "cross-region"})
    ticket = miluo.serve("KS01")
    body: dict[str, Any] = {"id": str(uuid.uuid4()), "kind": "cross_region", "ticket": ticket["id"]}

    told = miluo.clerk("KS01").post("/matters", body | {"region": "guangdong"})

    assert told["region_name"] == "广东"
    assert told["deadline_at"].startswith("2026-12-08T09:00")


def test_a_bad_rating_is_followed_up_by_two_people(miluo: House) -> None:
    """P6, C2 as Miluo has them: pressed at the window, a work order, called back, mended, closed by another person."""
    ticket = miluo.kiosk.post("/tickets", {"service": "civil-relief"})
    miluo.serve("Z01", ticket)
    face = miluo.evaluator("Z01")
    assert face.get("/windows/Z01/evaluator")["number"] == ticket["number"]

    face.post("/windows/Z01/rating", {"level": 2, "points": ["unclear"], "number": ticket["number"]})
    orders = miluo.supervisor.get("/orders", state="unfinished")["orders"]
    assert [order["points"][0]["id"] for order in orders] == ["unclear"]
    path = f"/orders/{orders[0]['id']}"
    assert orders[0]["contact"]["by"].startswith("2026-11-25T09:00")

    miluo.supervisor.post(f"{path}/callback", {"reached": True, "note": "已致歉"})
    miluo.supervisor.post(f"{path}/mend", {"note": "补发一次性告知单"})
    assert miluo.supervisor.refused(f"{path}/close") == "second_person_wanted"
    assert miluo.manager.post(f"{path}/close")["state"] == "closed"
    assert face.refused("/windows/Z01/rating", {"level": 5, "number": ticket["number"]}) in (
        "already_rated",
        "rating_over",
    )


def test_help_asked_at_the_kiosk_calls_a_guide(miluo: House) -> None:
    """M2, M10: a request at the kiosk, taken by a guide on the tablet, who issues the ticket and ends it."""
    request = str(uuid.uuid4())
    miluo.kiosk.post("/help", {"id": request, "kind": "online"})
    assert [one["id"] for one in miluo.guide.get("/help")["requests"]] == [request]

    miluo.guide.post(f"/help/{request}/take")
    ticket = miluo.guide.post("/tickets", {"service": "assisted"})
    assert ticket["windows"] == ["BD01"]
    assert miluo.guide.post(f"/help/{request}/end", {"outcome": "helped"})["state"] == "ended"


def test_a_clerk_hands_a_ticket_over_and_leaders_see_the_day(miluo: House) -> None:
    """M11: to the chief representative's window, by transfer; the figures of the day know it."""
    ticket = miluo.kiosk.post("/tickets", {"service": "transport"})
    clerk = miluo.clerk("Z01")
    clerk.post("/windows/Z01/open")
    clerk.post("/windows/Z01/call", {"ticket": ticket["id"]})
    clerk.post("/windows/Z01/start")
    assert clerk.refused("/windows/Z01/transfer", {"window": "Z02"}) == "window_closed"
    miluo.clerk("Z02").post("/windows/Z02/open")
    clerk.post("/windows/Z01/transfer", {"window": "Z02"})

    assert miluo.serve("Z02")["number"] == ticket["number"]
    zones = {zone["zone"]: zone for zone in miluo.manager.get("/stats/today")["zones"]}
    assert zones["comprehensive"]["served"] == 1
