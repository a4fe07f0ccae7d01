"""Matters over HTTP: record, settle, who sees what, the sheet for 12345 (A2.16, C7, Y8)."""

import csv
from collections.abc import Callable
from io import BytesIO, StringIO
from typing import Any

import pytest
from openpyxl import load_workbook

STORY = "材料交了三次，窗口都说缺一张表"
BODY = {
    "id": "matter-1",
    "kind": "unresolved",
    "reason": "refused",
    "department": "人社局",
    "note": STORY,
    "phone": "13912345678",
    "name": "刘某",
}


def record(world: Any, who: str = "clerk", **fields: Any) -> Any:
    """Somebody at a desk writes a matter down."""
    return world.cast[who].post("/matters", {**BODY, **fields})


def test_recorded_listed_settled(world: Any) -> None:
    """With reason, deadline in working days, and result; what the citizen said and left comes with one matter only."""
    ticket = world.kiosk.issue()
    recorded = record(world, ticket=ticket["number"])
    assert recorded.status_code == 201
    assert (recorded.json["kind_name"], recorded.json["reason_name"], recorded.json["number"]) == (
        "办不成事", "窗口不受理", "A001",
    )  # fmt: skip
    assert recorded.json["deadline_at"] == "2026-11-30T09:00:00.000+08:00"
    listed = world.guide.get("/matters?open=true").json
    (brief,) = listed["matters"]
    assert (brief["text"], brief["name"], brief["phone"]) == (None, None, "*******5678")
    assert listed["counts"] == {"open": 1, "overdue": 0, "all": 1}
    told = world.clerk.get("/matters/matter-1").json
    assert (told["text"], told["name"], told["phone"], told["opened_by"]) == (STORY, "刘某", "13912345678", "wang")
    settled = world.clerk_2.post("/matters/matter-1/settle", {"result": "done", "note": "已补齐"})
    assert (settled.json["result_name"], settled.json["settled_by"], settled.json["overdue"]) == ("已办成", "li", False)
    assert world.clerk.get("/matters/matter-1").json["result_text"] == "已补齐"
    assert world.clerk.get("/matters?open=1").json["matters"] == []
    assert [x["id"] for x in world.clerk.get("/matters?open=false").json["matters"]] == ["matter-1"]


def test_overdue_is_told_by_the_clock(world: Any) -> None:
    """Not settled a second after its deadline, or settled later than it."""
    record(world)
    world.clock.set("2026-11-30 09:00")
    assert world.clerk.get("/matters").json["counts"]["overdue"] == 0
    world.clock.at += 1
    assert world.clerk.get("/matters").json["counts"]["overdue"] == 1
    settled = world.clerk.post("/matters/matter-1/settle", {"result": "explained"}).json
    assert settled["overdue"] is True
    assert world.clerk.get("/matters").json["counts"]["overdue"] == 0


def test_a_complaint_is_not_for_every_desk(world: Any, reason: Callable[[Any], str]) -> None:
    """It may be about a colleague: only leaders and who wrote it down see it, and only leaders settle it."""
    record(world, kind="complaint", note="1号窗口态度恶劣")
    for who, seen in (("clerk", 1), ("clerk_2", 0), ("guide", 0), ("supervisor", 1), ("manager", 1)):
        assert len(world.cast[who].get("/matters").json["matters"]) == seen, who
        assert world.cast[who].get("/matters/matter-1").status_code == (200 if seen else 404), who
    for who in ("clerk", "clerk_2", "guide"):
        assert reason(world.cast[who].post("/matters/matter-1/settle", {"result": "done"})) == "forbidden"
    assert world.supervisor.post("/matters/matter-1/settle", {"result": "forwarded"}).status_code == 200


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"reason": "bad-mood"}, "choice_unknown"),
        ({"kind": "gossip"}, "invalid_request"),
        ({"phone": "call me"}, "invalid_request"),
        ({"note": ""}, "invalid_request"),
        ({"ticket": "Z999"}, "ticket_unknown"),
    ],
)
def test_what_is_not_recorded(world: Any, reason: Callable[[Any], str], fields: dict[str, Any], why: str) -> None:
    """Unknown reasons and kinds, no phone number, an empty story, no such ticket: nothing is kept."""
    assert reason(record(world, **fields)) == why
    assert world.clerk.get("/matters").json["counts"]["all"] == 0
    assert world.site.people.fact("matter:matter-1", "phone") is None


def test_settled_once(world: Any, reason: Callable[[Any], str]) -> None:
    """A second result is refused; so are an unknown one and an unknown matter."""
    record(world)
    assert reason(world.clerk.post("/matters/matter-1/settle", {"result": "magic"})) == "choice_unknown"
    world.clerk.post("/matters/matter-1/settle", {"result": "done"})
    again = world.supervisor.post("/matters/matter-1/settle", {"result": "withdrawn"})
    assert (again.status_code, reason(again)) == (409, "matter_settled")
    assert reason(world.clerk.post("/matters/none/settle", {"result": "done"})) == "matter_unknown"
    assert reason(record(world, who="clerk_2")) == "matter_exists"


def test_the_story_is_in_no_table_of_the_log(world: Any) -> None:
    """Name, phone and story lie in the side file only (A3)."""
    record(world)
    world.clerk.post("/matters/matter-1/settle", {"result": "done", "note": "金丝雀"})
    dump = "\n".join(world.log.database.conn.iterdump())
    for secret in (STORY, "13912345678", "刘某", "金丝雀"):
        assert secret not in dump


def test_the_sheet_for_12345(world: Any) -> None:
    """XLSX and CSV with the same rows; texts as text, also a story that would be a formula; moments as dates to sort by;
    a reference that can be read out."""
    record(world, note='=HYPERLINK("http://evil.test","看这里")', name="+刘某")
    record(world, id="matter-2", kind="suggestion", reason=None, note="多放几把椅子\x0b", phone=None, name=None)
    xlsx = world.supervisor.get("/matters/export?format=xlsx")
    assert xlsx.headers["Content-Disposition"] == "attachment; filename=12345-2026-11-23.xlsx"
    page = load_workbook(BytesIO(xlsx.data)).active
    rows = list(page.values)
    assert rows[0][:6] == ("编号", "类型", "登记时间", "反映人", "联系电话", "诉求内容")
    assert {cell.data_type for cell in page[2] if cell.value} == {"s", "d"}
    assert page["A2"].value == "20261123-ATTER1"
    assert page["C2"].value.isoformat() == "2026-11-23T09:00:00"
    assert (page["F2"].value, page["F2"].quotePrefix) == ('=HYPERLINK("http://evil.test","看这里")', True)
    assert page["F3"].value == "多放几把椅子"
    sheet = world.supervisor.get("/matters/export?format=csv")
    lines = list(csv.reader(StringIO(sheet.text.removeprefix("\ufeff"))))
    assert lines[1][3:6] == ["'+刘某", "13912345678", """'=HYPERLINK("http://evil.test","看这里")"""]
    assert [line[1] for line in lines[1:]] == ["办不成事", "建议"]
    only = world.supervisor.get("/matters/export?format=csv&kind=suggestion").text
    assert "办不成事" not in only


def test_the_form_offers_what_the_hall_file_says(world: Any) -> None:
    """Kinds with their working days, reasons, results, departments."""
    form = world.guide.get("/matters/form").json
    assert [(kind["id"], kind["name"], kind["days"]) for kind in form["kinds"]] == [
        ("unresolved", "办不成事", 5),
        ("cross_region", "跨域通办", 10),
        ("enquiry", "咨询", 5),
        ("complaint", "投诉", 5),
        ("report", "举报", 5),
        ("suggestion", "建议", 5),
    ]
    assert {"id": "refused", "name": "窗口不受理", "name_en": "The window refused it"} in form["reasons"]
    assert form["departments"] == ["人社局", "市场监管局", "民政局"]


def test_a_second_tap_records_nothing_more(world: Any) -> None:
    """The same matter sent again, under its key or a new one, is the same."""
    first = record(world)
    assert record(world).status_code == 201
    assert world.clerk.get("/matters").json["counts"]["all"] == 1
    assert world.clerk.get("/matters/matter-1").json["opened_at"] == first.json["opened_at"]
