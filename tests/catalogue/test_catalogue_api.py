"""The catalogue's calls: search and guides for anybody, lists, edits and letters for administrators."""

import io
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from openpyxl import load_workbook

from config.loader import load_hall
from server.catalogue.records import Absent, ListName
from server.catalogue.routing import routes_of
from server.catalogue.setting_up import follow_letters
from server.catalogue.sheets import BYTES_MAX
from tests.catalogue.conftest import CIVIL, HR, ONLINE, SMALL
from tests.catalogue.test_list_import import HEADER, ROW, csv_of, xlsx
from tests.web.conftest import World, build, problem_of

KEYS = itertools.count()
HALL = Path(__file__).parents[1] / "hall" / "small_hall.yaml"
DEPARTMENTS = {"insurance": HR, "relief": CIVIL}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """The small hall with letters on, its services with departments, and the small catalogue."""
    text = HALL.read_text("utf-8") + "\ncatalogue: { letters: true }\n"
    for service, department in DEPARTMENTS.items():
        text = text.replace(f"  - id: {service}\n", f"  - id: {service}\n    departments: [{department}]\n")
    path = tmp_path / "hall.yaml"
    path.write_text(text, "utf-8")
    made = build(tmp_path, path)
    hall_file = load_hall(path)
    books = made.site.catalogue
    books.route(routes_of(hall_file))
    books.replace(ListName.COMPREHENSIVE, SMALL, "root", 1.0)
    books.replace(ListName.ONLINE, ONLINE, "root", 1.0)
    follow_letters(made.hall, books, hall_file)
    yield made
    made.log.close()
    made.accounts.close()
    made.site.people.close()
    books.close()


def upload(world: World, path: str, data: bytes, who: str = "admin", key: str | None = None) -> Any:
    """Send a file as the page does."""
    caller = world.cast[who]
    headers = caller.headers | {"Idempotency-Key": key or f"upload-{next(KEYS)}"}
    return caller.client.post(f"/api/v1{path}", data=data, headers=headers, content_type="application/octet-stream")


def test_anybody_may_search(world: World) -> None:
    """Hits with service, department and flags; English names where they are known."""
    assert world.anyone.get("/hall").json["catalogue"] is True
    found = world.anyone.get("/items?q=bzk&limit=1").json
    assert found["total"] == 2
    (hit,) = found["items"]
    assert (hit["code"], hit["service"], hit["service_name_en"], hit["department_en"]) == (
        "H1", "insurance", "Social insurance", "Human Resources",
    )  # fmt: skip
    assert (hit["online"], hit["elsewhere"], hit["package"], hit["name_en"]) == (None, None, False, hit["name"])
    assert world.anyone.get("/items?service=relief").json["total"] == 2
    assert problem_of(world.anyone.get("/items?limit=0")) == "invalid_request"
    assert world.anyone.get("/departments").json[0] == {"name": HR, "name_en": "Human Resources", "items": 3}


def test_an_items_guide(world: World) -> None:
    """By its code or by the code of its online business; an unknown one is 404."""
    item = world.anyone.get("/items/H2-01").json
    assert (item["code"], item["online"]) == ("H2", {"url": None, "name": "社会保障卡补领、换领"})
    assert item["guide"]["materials"] == item["members"] == []
    answer = world.anyone.get("/items/NOPE")
    assert (answer.status_code, problem_of(answer)) == (404, "item_unknown")


def test_where_an_item_is_done_instead(world: World) -> None:
    """An item of the negative list tells place, phone and reason, and no service (M8)."""
    row = Absent(HR, "N1", "劳动能力鉴定", "行政确认", "市鉴定中心", "0714-1", "须面诊")
    world.site.catalogue.put(ListName.NEGATIVE, row, "root", 2.0)
    item = world.anyone.get("/items/N1").json
    assert item["elsewhere"] == {"place": "市鉴定中心", "contact": "0714-1", "reason": "须面诊"}
    assert item["service"] is None


def test_a_list_is_looked_at_and_then_taken_in(world: World) -> None:
    """Preview changes nothing; the import counts at the next search; a repeated import is the same answer."""
    data = xlsx([HEADER, ROW])
    seen = upload(world, "/catalogue/preview?list=comprehensive", data).json
    assert seen["counts"] == {
        "rows": 1, "new": 1, "changed": 0, "gone": 7, "same": 0, "faults": 0, "remarks": 0,
    }  # fmt: skip
    assert (seen["had"], seen["confirm"]) == (7, {"sort": "gone", "word": "7"})
    assert "100%" in seen["alarms"][0]["zh"]
    assert seen["new"] == [{"key": "A1", "name": "失业登记"}]
    assert world.anyone.get("/items/A1").status_code == 404
    path = f"/catalogue/import?list=comprehensive&version={seen['version']}&confirm=7"
    first = upload(world, path, data, key="the-same-import")
    assert first.status_code == 200, first.text
    assert world.anyone.get("/items?q=sydj").json["total"] == 1
    again = upload(world, path, data, key="the-same-import")
    assert (again.status_code, again.json) == (200, first.json)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert problem_of(upload(world, path, data + b" ", key="the-same-import")) == "idempotency_key_reused"
    assert first.json["version"] == world.admin.get("/catalogue").json["version"]


def test_a_file_that_looks_wrong_wants_a_second_word(world: World) -> None:
    """Without the number of rows that would go, or the hall's name where none goes, nothing is taken in."""
    rows = [HEADER, *([n, "别县水利局", f"W{n}", f"水利{n}", "公共服务", "即办件", "自然人", ""] for n in range(1, 4))]
    data = csv_of(rows)
    seen = upload(world, "/catalogue/preview?list=comprehensive", data).json
    assert [("别县水利局" in alarm["zh"]) for alarm in seen["alarms"]] == [False, True]
    for confirm in ("", "&confirm=6", "&confirm=yes"):
        answer = upload(world, f"/catalogue/import?list=comprehensive{confirm}", data)
        assert (answer.status_code, problem_of(answer)) == (409, "import_unconfirmed")
        assert {fault["loc"] for fault in answer.json["errors"]} == {"confirm"}
    added = "/catalogue/import?list=comprehensive&keep=true"
    kept = upload(world, "/catalogue/preview?list=comprehensive&keep=true", data).json
    assert (kept["confirm"]["sort"], len(kept["alarms"])) == ("hall", 1)
    assert problem_of(upload(world, added, data)) == "import_unconfirmed"
    assert world.admin.get("/catalogue").json["lists"]["comprehensive"] == len(SMALL)
    assert upload(world, f"{added}&confirm={quote(kept['confirm']['word'])}", data).status_code == 200
    assert world.admin.get("/catalogue").json["lists"]["comprehensive"] == len(SMALL) + 3


def test_an_ordinary_file_asks_for_nothing(world: World) -> None:
    """A third of a list or less, of departments that are known: one look, one click."""
    rows = [HEADER, *([n, r.department, r.code, r.name, r.kind, r.handling, r.audience, ""]
                      for n, r in enumerate(SMALL[:5], 1))]  # fmt: skip
    seen = upload(world, "/catalogue/preview?list=comprehensive", csv_of(rows)).json
    assert (seen["counts"]["gone"], seen["alarms"], seen["confirm"]) == (2, [], None)
    assert upload(world, "/catalogue/import?list=comprehensive", csv_of(rows)).status_code == 200


def test_changes_are_told_as_people_made_them(world: World) -> None:
    """A file is one act with its figures and the rows by name; a letter by its department; pages of acts."""
    data = csv_of([HEADER, ROW])
    upload(world, "/catalogue/import?list=comprehensive&keep=true", data)
    world.clock.set("2026-11-23T09:00:01")
    world.admin.post("/letters", {"id": "L1", "department": HR, "start": "2026-01-01", "items": ["H1"]})
    told = world.admin.get("/catalogue/changes?limit=2").json
    letter, file = told["acts"]
    assert told["more"]
    assert (letter["rows"][0]["name"], letter["rows"][0]["sort"], file["rows"][0]["name"]) == (HR, "new", "失业登记")
    assert file["lists"] == [{"list": "comprehensive", "new": 1, "changed": 0, "gone": 0}]
    seeded = world.admin.get("/catalogue/changes?limit=1&offset=2").json["acts"][0]
    assert (seeded["lists"][0]["new"], len(seeded["rows"])) == (len(SMALL), len(SMALL) + len(ONLINE))
    assert [act["who"] for act in world.admin.get("/catalogue/changes?code=L1").json["acts"]] == ["user:root"]


def test_an_import_after_somebody_elses_change_is_refused(world: World) -> None:
    """Two administrators at once: the second is sent back to look again."""
    data = xlsx([HEADER, ROW])
    seen = upload(world, "/catalogue/preview?list=comprehensive&keep=true", data).json
    assert seen["counts"]["gone"] == 0
    assert world.admin.post("/items/H1", {"fee": "5元"}).status_code == 200
    path = f"/catalogue/import?list=comprehensive&keep=true&version={seen['version']}"
    assert problem_of(upload(world, path, data)) == "catalogue_changed"
    assert world.anyone.get("/items/A1").status_code == 404


def test_a_faulty_file_is_refused_whole(world: World) -> None:
    """Every fault with row, column and both languages; nothing is taken in."""
    data = csv_of([HEADER, ROW, [2, "", "A2", "x", "公共服务", "急办", "自然人", ""]])
    answer = upload(world, "/catalogue/import?list=comprehensive", data)
    assert (answer.status_code, problem_of(answer)) == (422, "import_refused")
    assert [(e["row"], e["column"]) for e in answer.json["errors"]] == [(3, "单位名称"), (3, "办件类型")]
    assert {"zh", "en", "msg", "loc"} <= set(answer.json["errors"][0])
    assert world.anyone.get("/items").json["total"] == len(SMALL)


def test_only_these_calls_take_large_bodies(world: World) -> None:
    """A file of 100 KB is looked at; one over the limit is 413; other calls keep their 64 KB and want JSON."""
    rows = [
        HEADER,
        *[[n, "人社局", f"N{n}", "很长的事项名称" * 6, "公共服务", "即办件", "自然人", ""] for n in range(600)],
    ]
    data = csv_of(rows)
    assert len(data) > 64 * 1024
    assert upload(world, "/catalogue/preview?list=comprehensive", data).status_code == 200
    large = upload(world, "/catalogue/preview?list=comprehensive", b"x" * (BYTES_MAX + 1))
    assert (large.status_code, problem_of(large)) == (413, "too_large")
    assert problem_of(upload(world, "/letters", data)) == "too_large"
    assert problem_of(upload(world, "/items/H1", b"x")) == "json_wanted"


@pytest.mark.parametrize("who", ["clerk", "supervisor", "manager", "guide", "kiosk", "anyone"])
def test_only_administrators_change_it(world: World, who: str) -> None:
    """Whoever else sends a list or an edit is turned away before the file is read."""
    wanted = 401 if who == "anyone" else 403
    for path in ("/catalogue/preview?list=guides", "/catalogue/import?list=guides"):
        assert upload(world, path, b"x" * 1000, who=who).status_code == wanted
    for path in ("/items/H1", "/items/H1/remove", "/letters", "/letters/L1/remove"):
        assert world.cast[who].post(path, {}).status_code == wanted
    for path in ("/catalogue", "/catalogue/export?list=letters", "/catalogue/changes", "/letters"):
        assert world.cast[who].get(path).status_code == wanted


@pytest.mark.parametrize("name", list(ListName))
def test_what_goes_out_comes_in_again(world: World, name: ListName) -> None:
    """Every list exported as Excel or CSV previews as no change at all."""
    world.admin.post("/items/H1", {"materials": [{"name": "身份证", "form": "原件"}], "flags": ["一次办"]})
    world.admin.post("/letters", {"id": "L1", "department": HR, "start": "2026-01-01", "items": ["H1"]})
    world.site.catalogue.put(
        ListName.NEGATIVE, Absent(HR, "N1", "=鉴定", "行政确认", "别处", "0714", "场地"), "root", 2.0
    )
    for kind in ("xlsx", "csv"):
        out = world.admin.get(f"/catalogue/export?list={name}&format={kind}")
        assert f"chaoxi-{name}.{kind}" in out.headers["Content-Disposition"]
        counts = upload(world, f"/catalogue/preview?list={name}", out.data).json["counts"]
        assert counts["rows"] == counts["same"] > 0, (kind, counts)
        assert counts["gone"] == counts["faults"] == 0
    template = world.admin.get(f"/catalogue/template?list={name}")
    assert load_workbook(io.BytesIO(template.data)).worksheets[0].max_row == 1


def test_an_edit_is_live_at_once_and_kept(world: World) -> None:
    """The guide, the words it is found by and the service change; who did it stands in the changes."""
    body = {
        "name": "社保卡首次申领", "service": "relief", "keywords": ["医保卡"], "fee": "不收费", "flags": ["马上办"],
        "materials": [{"name": "身份证", "copies": 2}], "url": "https://o.test/x",
    }  # fmt: skip
    item = world.admin.post("/items/H1", body).json
    assert (item["name"], item["service"], item["guide"]["fee"]) == ("社保卡首次申领", "relief", "不收费")
    assert item["guide"]["materials"][0]["copies"] == 2
    assert item["online"] == {"url": "https://o.test/x", "name": "社保卡首次申领"}
    assert world.anyone.get("/items?q=ybk").json["items"][0]["code"] == "H1"
    act = world.admin.get("/catalogue/changes?code=H1").json["acts"][0]
    assert (act["who"], act["lists"][0]) == (
        "user:root", {"list": "comprehensive", "new": 0, "changed": 1, "gone": 0},
    )  # fmt: skip
    assert act["rows"][0]["fields"] == [
        {"field": "name", "column": "事项名称", "before": "社会保障卡申领", "after": "社保卡首次申领"}
    ]
    kept = world.admin.get("/catalogue/items/H1").json
    assert (kept["guide"]["keywords"], kept["listed"]["name"]) == (["医保卡"], "社保卡首次申领")


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({"service": "fishing"}, "service_unknown"),
        ({"url": "javascript:alert(1)"}, "invalid_request"),
        ({"members": ["H2"]}, "invalid_request"),
        ({"members": ["H1", "H2"]}, "item_faulty"),
        ({"members": ["H2", "H2"]}, "invalid_request"),
        ({"kind": "行政随意"}, "invalid_request"),
        ({"name": ""}, "invalid_request"),
        ({"materials": [{"name": "a|b"}]}, "invalid_request"),
        ({"no_such_field": 1}, "invalid_request"),
    ],
)
def test_an_edit_with_a_fault_changes_nothing(world: World, body: dict[str, Any], why: str) -> None:
    """Refused with a reason."""
    version = world.site.catalogue.version
    assert problem_of(world.admin.post("/items/H1", body)) == why
    assert world.site.catalogue.version == version


def test_an_edit_of_what_somebody_else_has_changed_is_refused(world: World) -> None:
    """Two people at one item: the second is told, instead of undoing the first without a word."""
    seen = world.admin.get("/items/H1").json["revision"]
    first = world.admin.post("/items/H1", {"fee": "10元", "revision": seen})
    assert (first.status_code, first.json["guide"]["fee"]) == (200, "10元")
    assert problem_of(world.admin.post("/items/H1", {"fee": "99元", "revision": seen})) == "item_changed"
    assert world.admin.get("/items/H1").json["guide"]["fee"] == "10元"
    again = world.admin.post("/items/H1", {"fee": "99元", "revision": first.json["revision"]})
    assert again.json["guide"]["fee"] == "99元"


def test_a_new_item_needs_its_particulars(world: World) -> None:
    """A code that is in no list: 404, unless all that the list wants is given."""
    body = {"name": "新事项", "department": HR, "kind": "公共服务", "handling": "即办件", "audience": "自然人"}
    assert problem_of(world.admin.post("/items/NEW", body)) == "item_unknown"
    short = world.admin.post("/items/NEW", {"create": True, "name": "新事项", "fee": "1元"})
    assert problem_of(short) == "item_faulty"
    assert [fault["loc"] for fault in short.json["errors"]] == ["department", "kind", "handling", "audience"]
    assert world.admin.post("/items/NEW", body | {"create": True, "fee": "1元"}).json["service"] == "insurance"
    assert world.admin.get("/catalogue").json["lists"]["comprehensive"] == len(SMALL) + 1
    assert [hit["code"] for hit in world.anyone.get("/items?q=新事项").json["items"]] == ["NEW"]
    again = world.admin.post("/items/NEW", body | {"create": True, "name": "另一个"})
    assert (problem_of(again), "新事项" in again.json["detail_zh"]) == ("item_exists", True)
    assert world.anyone.get("/items/NEW").json["name"] == "新事项"


def test_a_new_package_or_an_item_done_elsewhere(world: World) -> None:
    """Members make it a package, a place elsewhere an item of the negative list; each asks only for its own fields."""
    strange = world.admin.post(
        "/items/P1", {"create": True, "name": "安家", "department": HR, "members": ["H1", "NOPE"]}
    )
    assert (problem_of(strange), strange.json["errors"][0]["loc"]) == ("item_faulty", "members")
    package = world.admin.post("/items/P1", {"create": True, "name": "安家", "department": HR, "members": ["H1", "X1"]})
    assert (package.status_code, package.json["package"]) == (200, True)
    fields = world.admin.get("/catalogue/changes?code=P1").json["acts"][0]["rows"][0]["fields"]
    members = next(each["after"] for each in fields if each["field"] == "members")
    assert members == [{"code": "H1", "name": "社会保障卡申领"}, {"code": "X1", "name": "居民身份证办理"}]
    there = {"place": "二楼", "contact": "0714-1", "reason": "须面诊"}
    assert problem_of(world.admin.post("/items/H1", {"elsewhere": there})) == "item_faulty"
    absent = {"create": True, "name": "鉴定", "department": HR, "kind": "行政确认", "elsewhere": there}
    assert world.admin.post("/items/N1", absent).json["elsewhere"] == there
    world.admin.post("/items/N1", {"name": "劳动能力鉴定", "elsewhere": there | {"place": "三楼"}})
    changed = world.anyone.get("/items/N1").json
    assert (changed["name"], changed["elsewhere"]["place"]) == ("劳动能力鉴定", "三楼")
    assert world.admin.get("/catalogue/items/N1").json["lists"] == ["negative"]


def test_an_edit_reaches_every_list_that_has_the_item(world: World) -> None:
    """An item of two lists is called the same in both afterwards; its pieces of online business keep their own names."""
    world.admin.post("/items/H2", {"name": "社保卡补换", "department": CIVIL})
    rows = world.site.catalogue.rows_of("H2")
    assert rows.listed is not None
    assert (rows.listed.name, rows.listed.department) == ("社保卡补换", CIVIL)
    assert {(row.main_name, row.department) for row in rows.online} == {("社保卡补换", CIVIL)}
    assert [row.name for row in rows.online] == [row.name for row in ONLINE]


def test_an_item_is_removed_from_every_list(world: World) -> None:
    """It is found no more, with its online business; one that a package joins is kept, and the package is named."""
    world.admin.post("/items/P1", {"create": True, "name": "安家", "department": HR, "members": ["H2", "X1"]})
    kept = world.admin.post("/items/H2/remove")
    assert (problem_of(kept), "安家" in kept.json["detail_zh"]) == ("item_in_package", True)
    assert world.admin.post("/items/P1/remove").status_code == 200
    assert world.admin.post("/items/H2/remove").json["name"] == "社会保障卡补领、换领"
    assert world.anyone.get("/items/H2").status_code == world.anyone.get("/items/H2-01").status_code == 404
    assert world.anyone.get("/items?q=换领").json["total"] == 0
    assert problem_of(world.admin.post("/items/H2/remove")) == "item_unknown"


def test_a_letter_is_entered_told_and_taken_back(world: World) -> None:
    """Entered it opens the windows at once; the gaps become fewer; taken away it is as before."""
    before = world.admin.get("/letters").json
    assert before["decide"]
    assert "R1" in [each["code"] for each in before["gaps"]["without_letter"]]
    refused = world.kiosk.post("/tickets", {"service": "relief", "item": "R1"})
    assert (refused.status_code, problem_of(refused)) == (409, "item_not_authorised")
    body = {"id": "L1", "department": CIVIL, "start": "2026-11-23", "zones": ["social"], "items": ["R1", "R2", "R1"]}
    entered = world.admin.post("/letters", body)
    assert (entered.status_code, entered.json["state"], len(entered.json["items"])) == (200, "in_force", 2)
    assert "R1" not in [each["code"] for each in world.admin.get("/letters").json["gaps"]["without_letter"]]
    issued = world.kiosk.post("/tickets", {"service": "relief", "item": "R1"})
    assert issued.status_code == 201, issued.text
    world.supervisor.post("/windows/S02/open")
    assert world.supervisor.post("/windows/S02/call-next").json["ticket"]["number"] == issued.json["number"]
    assert world.admin.post("/letters/L1/remove").status_code == 200
    assert problem_of(world.admin.post("/letters/L1/remove")) == "letter_unknown"
    official = "阳政务委〔2026〕1号"
    assert world.admin.post("/letters", body | {"id": official}).json["id"] == official
    assert world.admin.post(f"/letters/{official}/remove").status_code == 200
    assert world.hall.plan.authority["R1"] == frozenset()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"end": "2025-01-01"}, "letter_backwards"),
        ({"windows": ["Z9"]}, "window_unknown"),
        ({"zones": ["moon"]}, "zone_unknown"),
        ({"items": ["NOPE"]}, "item_unknown"),
        ({"items": []}, "invalid_request"),
        ({"id": "1/2026"}, "invalid_request"),
        ({"start": "someday"}, "invalid_request"),
    ],
)
def test_a_letter_with_a_fault_is_refused(world: World, change: dict[str, Any], why: str) -> None:
    """And nothing is kept."""
    body = {"id": "L1", "department": CIVIL, "start": "2026-01-01", "items": ["R1"]} | change
    assert problem_of(world.admin.post("/letters", body)) == why
    assert world.admin.get("/letters").json["letters"] == []
