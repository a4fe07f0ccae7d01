"""The ledger of acceptances and the monthly bulletin over HTTP (M9, C6, P8, Y4, Y10, Y16)."""

import csv
import itertools
from collections.abc import Callable, Iterator
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import jsonschema_rs
import openpyxl
import pytest

from server.accounts import Person, Role
from server.core.case_events import Settle
from server.core.case_records import DeliveryWay, Outcome
from server.hall import Answer, Request
from tests.web.conftest import SMALL, Caller, World, build

HR, CIVIL = "人社局", "民政局"
SENT = itertools.count(1)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[World]:
    """A world with two departments."""
    world = build(tmp_path, SMALL)
    people = {
        "hr": Person("bo", frozenset({Role.DEPARTMENT}), department=HR),
        "civil": Person("min", frozenset({Role.DEPARTMENT}), department=CIVIL),
    }
    world.cast |= {name: Caller(world.clerk.client, world.accounts.session(one)) for name, one in people.items()}
    yield world
    world.log.close()
    world.accounts.close()
    world.site.people.close()
    world.site.catalogue.close()


def settle(world: World, name: str, outcome: Outcome = Outcome.ACCEPTED, window: str = "S01", **fields: Any) -> None:
    """The clerk at a window settles an item."""
    acceptance = {"departments": (HR,), "days": 5} if outcome in (Outcome.ACCEPTED, Outcome.ACCEPTED_MISSING) else {}
    wanted: dict[str, Any] = {"title": f"事项 {name}", **acceptance, **fields}
    done = world.hall.handle(
        Request(
            lambda at: Settle(at=at, window=window, settlement=name, outcome=outcome, **wanted),
            f"settle-{next(SENT)}",
            "",
            "user:wang",
            lambda *_: Answer(200, {}),
            lambda refusal: Answer(409, {"reason": refusal.reason.value}),
        )
    )
    assert done.status == 200, done.body
    world.clock.at += 1


def do(world: World, who: str, path: str, **body: Any) -> Any:
    """Somebody does something, and it works."""
    answer = world.cast[who].post(path, body)
    assert answer.status_code == 200, answer.text
    return answer.json


def sit_down(world: World, window: str = "S01", service: str = "insurance") -> dict[str, Any]:
    """A citizen sits at a window."""
    ticket = world.kiosk.issue(service)
    world.supervisor.post(f"/windows/{window}/open")
    do(world, "supervisor", f"/windows/{window}/call", ticket=ticket["number"])
    return ticket


def a_day(world: World) -> None:
    """Six items: done, accepted in time, accepted late, to be corrected, refused, accepted with papers missing."""
    sit_down(world)
    settle(world, "s-done", Outcome.DONE, item="A-1")
    settle(world, "c-good")
    settle(world, "c-late", departments=(CIVIL, HR), delivery=DeliveryWay.POST)
    settle(world, "s-told", Outcome.CORRECTION, lacks=("身份证", "照片"), departments=(CIVIL,))
    settle(world, "s-no", Outcome.REFUSED, reason="not-here")
    settle(world, "c-miss", Outcome.ACCEPTED_MISSING, lacks=("合同",), promise_by=world.clock.at + 86400)
    do(world, "supervisor", "/windows/S01/finish")
    for step in ("sign", "answer"):
        world.clock.at += 60
        do(world, "hr", f"/cases/c-good/{step}", **({"answer": "granted"} if step == "answer" else {}))
    do(world, "supervisor", "/cases/c-good/result", title="社保卡", granted=True)
    do(world, "supervisor", "/cases/c-good/hand-out", to="applicant", proof="voucher")
    world.clock.at += 3600
    world.hall.tick()
    do(world, "civil", "/cases/c-late/sign")
    do(world, "manager", "/archive", settlements=["s-done", "c-good"])


def ledger(world: World, **asked: Any) -> Any:
    """The ledger."""
    answer = world.manager.get("/ledger", query_string=asked)
    assert answer.status_code == 200, answer.text
    return answer.json


def test_every_settled_item_is_a_row(town: World) -> None:
    """In order, with what came of each: case, deadline, state now, result, delivery, archive."""
    a_day(town)
    view = ledger(town)
    rows = {row["id"]: row for row in view["rows"]}
    assert list(rows) == ["s-done", "c-good", "c-late", "s-told", "s-no", "c-miss"]
    good = rows["c-good"]
    assert (good["number"], good["case"], good["state_name"], good["delivered"]) == (
        "A001", "20261123-0001", "已送达", "窗口自取；2026-11-23 09:02 送达",
    )  # fmt: skip
    assert (good["deadline_at"][:10], good["result_at"][:16], good["filed_by"]) == (
        "2026-11-30", "2026-11-23T09:02", "user:sun",
    )  # fmt: skip
    late = rows["c-late"]
    assert (late["late"], late["departments"], late["delivered_en"]) == (True, [CIVIL, HR], "By post")
    assert (rows["s-told"]["lacks"], rows["s-told"]["departments"], rows["s-told"]["case"]) == (
        ["身份证", "照片"], [CIVIL], None,
    )  # fmt: skip
    assert (rows["s-no"]["reason_name"], rows["s-no"]["state_name_en"]) == ("不属于本机关职权范围", "Not accepted")
    assert (rows["c-miss"]["promise_on"], rows["c-miss"]["awaits_archive"]) == ("2026-11-24", True)
    assert (rows["s-done"]["item"], rows["s-done"]["awaits_archive"], rows["s-no"]["awaits_archive"]) == (
        "A-1", False, False,
    )  # fmt: skip
    assert view["totals"] == {
        "settled": 6,
        "outcomes": {"done": 1, "accepted": 2, "accepted_missing": 1, "correction": 1, "refused": 1, "pre_accepted": 0},
        "open": 2,
        "late": 2,
        "unfiled": 2,
    }


def test_rows_are_chosen_by_department_outcome_and_day(town: World, reason: Callable[[Any], str]) -> None:
    """A filter holds for rows and totals alike; the choices offered are those of all rows."""
    a_day(town)
    of_civil = ledger(town, department=CIVIL)
    assert [row["id"] for row in of_civil["rows"]] == ["c-late", "s-told"]
    assert (of_civil["totals"]["settled"], of_civil["departments"]) == (2, sorted((HR, CIVIL)))
    assert [row["id"] for row in ledger(town, outcome="refused")["rows"]] == ["s-no"]
    assert ledger(town, zone="business")["rows"] == []
    page = ledger(town, limit=2, offset=3)
    assert ([row["id"] for row in page["rows"]], page["total"], page["totals"]["settled"]) == (["s-told", "s-no"], 6, 6)
    assert ledger(town, **{"from": "2026-11-22", "to": "2026-11-22"})["rows"] == []
    for wrong in ({"from": "2026-11-24", "to": "2026-11-23"}, {"from": "2026-01-01", "to": "2026-11-23"}):
        assert reason(town.manager.get("/ledger", query_string=wrong)) == "invalid_request"
    assert reason(town.manager.get("/ledger?from=2026-02-30")) == "invalid_request"


def test_the_month_is_whole_after_months(town: World) -> None:
    """What was settled and archived stays in the ledger when the hall itself remembers none of it any more."""
    a_day(town)
    for day in range(1, 31):
        town.clock.set(f"2026-12-{day:02d} 08:00")
        town.hall.tick()
    assert ledger(town)["rows"] == []
    old = ledger(town, **{"from": "2026-11-01", "to": "2026-11-30"})
    assert [row["id"] for row in old["rows"]] == ["s-done", "c-good", "c-late", "s-told", "s-no", "c-miss"]
    assert {row["id"]: row["late"] for row in old["rows"]}["c-miss"] is True


def test_files_hold_dates_and_no_formula(town: World) -> None:
    """Chinese headings, dates and moments as such, what would be a formula as text, in XLSX and in CSV."""
    a_day(town)
    sit_down(town)
    settle(town, "s-evil", Outcome.DONE, title='=HYPERLINK("http://evil.test","看这里")')
    answer = town.manager.get("/ledger?format=xlsx")
    page = openpyxl.load_workbook(BytesIO(answer.data)).active
    assert page is not None
    head, *rows = page.iter_rows()
    assert [cell.value for cell in head][:6] == ["日期", "时间", "排队号", "事项编码", "事项名称", "部门"]
    first, evil = rows[0], rows[-1]
    assert (first[0].value.isoformat(), first[0].number_format) == ("2026-11-23T00:00:00", "yyyy-mm-dd")
    assert first[1].value.isoformat() == "2026-11-23T09:00:00"
    assert (evil[4].value, evil[4].data_type, evil[4].quotePrefix) == (
        '=HYPERLINK("http://evil.test","看这里")', "s", True,
    )  # fmt: skip
    column = {cell.value: place for place, cell in enumerate(head)}
    good, late = rows[1], rows[2]
    assert [good[column[name]].value for name in ("领取人", "送达方式", "快递公司", "快递单号")] == [
        "申请人本人", "窗口自取", None, None,
    ]  # fmt: skip
    assert good[column["送达时间"]].value.isoformat()[:16] == "2026-11-23T09:02"
    assert [late[column[name]].value for name in ("送达方式", "送达时间", "领取人")] == ["邮寄", None, None]
    assert len(rows) == 7
    text = town.manager.get("/ledger?format=csv").data.decode("utf-8-sig")
    lines = list(csv.reader(StringIO(text)))
    assert lines[-1][4] == '\'=HYPERLINK("http://evil.test","看这里")'
    assert date.fromisoformat(lines[1][0]) == date(2026, 11, 23)


def figures(world: World, **asked: Any) -> Any:
    """The figures."""
    answer = world.manager.get("/stats/acceptance", query_string=asked)
    assert answer.status_code == 200, answer.text
    return answer.json


def test_the_bulletin_tells_each_department(town: World) -> None:
    """Outcomes, papers and decisions in time, mean days, late steps, archive: by department and all together."""
    a_day(town)
    view = figures(town)
    by = {each["department"]: each for each in view["departments"]}
    assert (by[CIVIL]["settled"], by[CIVIL]["outcomes"]["correction"], by[CIVIL]["cases"]) == (2, 1, 1)
    assert by[CIVIL]["transfer"] == {"part": 0, "of": 1, "share": 0.0}
    assert by[HR]["transfer"] == {"part": 1, "of": 3, "share": 0.3333}
    assert by[HR]["answers"] == {"part": 1, "of": 1, "share": 1.0}
    assert (by[HR]["granted"], by[HR]["mean_days"], by[HR]["late"], by[HR]["told"]) == (1, 0.0, 2, 2)
    assert (by[CIVIL]["late"], by[CIVIL]["told"]) == (0, 1)
    assert view["all"]["transfer"] == {"part": 1, "of": 4, "share": 0.25}
    assert view["all"]["filed"] == {"part": 2, "of": 4, "share": 0.5}
    town.clock.set("2026-12-08 10:00")
    town.hall.tick()
    later = figures(town, **{"from": "2026-11-01", "to": "2026-11-30"})
    assert {each["department"]: each["answers"] for each in later["departments"]} == {
        HR: {"part": 1, "of": 3, "share": 0.3333},
        CIVIL: {"part": 0, "of": 1, "share": 0.0},
    }


def test_days_in_which_the_clock_stood_do_not_count(town: World) -> None:
    """From Monday to next Monday are five working days; two of them the department waited for a fee."""
    sit_down(town)
    settle(town, "c-1", days=10)
    do(town, "hr", "/cases/c-1/sign")
    town.clock.set("2026-11-24 10:00")
    do(town, "hr", "/cases/c-1/pause", kind="fee", fee=100)
    town.clock.set("2026-11-26 10:00")
    do(town, "hr", "/cases/c-1/go-on")
    town.clock.set("2026-11-30 10:00")
    do(town, "hr", "/cases/c-1/answer", answer="denied")
    (hr,) = figures(town, **{"from": "2026-11-23", "to": "2026-11-30"})["departments"]
    assert (hr["mean_days"], hr["denied"], hr["answers"]["part"]) == (3.0, 1, 1)


def test_items_at_one_window(town: World) -> None:
    """Only what was settled at a window of several departments, for a citizen who saw no other window, counts (P8)."""
    sit_down(town, "E01", "licence")
    settle(town, "s-plain", Outcome.DONE, window="E01")
    sit_down(town, "S01")
    settle(town, "s-one", Outcome.DONE)
    settle(town, "c-one")
    moved = sit_down(town, "S02")
    do(town, "supervisor", "/windows/S03/open")
    do(town, "supervisor", "/windows/S02/transfer", window="S03")
    do(town, "supervisor", "/windows/S03/call", ticket=moved["number"])
    settle(town, "s-two", Outcome.DONE, window="S03")
    # Called by one window without anybody coming, then served by another: he saw one.
    missed = sit_down(town, "E02", "licence")
    do(town, "supervisor", "/windows/E02/no-show")
    do(town, "supervisor", "/windows/E01/finish")
    do(town, "supervisor", "/windows/E01/reinstate", ticket=missed["number"])
    do(town, "supervisor", "/windows/E01/call", ticket=missed["number"])
    settle(town, "s-late", Outcome.DONE, window="E01")
    do(town, "supervisor", "/windows/E01/finish")
    for window in ("S01", "S03"):
        do(town, "supervisor", f"/windows/{window}/finish")
    share = figures(town)["one_window"]
    assert share["windows"] == 3
    assert share["comprehensive"] == {"part": 3, "of": 5, "share": 0.6}
    assert share["single"] == {"part": 4, "of": 5, "share": 0.8}
    assert share["both"] == {"part": 2, "of": 5, "share": 0.4}
    assert "一窗受理" in share["words"]


def test_the_bulletin_as_a_file(town: World) -> None:
    """One row a department and one for all, then the share of items at one window with its definition."""
    a_day(town)
    answer = town.manager.get("/stats/acceptance?format=xlsx")
    book = openpyxl.load_workbook(BytesIO(answer.data))
    assert [page.title for page in book] == ["通报 2026-11-01 至 2026-11-23", "一窗受理"]
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert rows[0][:3] == ("部门", "办理事项数", "即时办结")
    assert [row[0] for row in rows[1:]] == [HR, CIVIL, "合计"]
    assert rows[-1][1] == 6
    assert "综合窗口" in str(list(book.worksheets[1].iter_rows(values_only=True))[-1][0])


def test_days_without_anything_have_no_shares(town: World) -> None:
    """Of nothing no share is told, neither nought nor all."""
    view = figures(town)
    assert (view["departments"], view["one_window"]["both"]["share"], view["all"]["mean_days"]) == ([], None, None)


@pytest.mark.parametrize("path", ["/ledger", "/stats/acceptance", "/threads?number=A001", "/threads/{ticket}"])
def test_answers_are_as_the_document_says(path: str, town: World) -> None:
    """What is answered of a full day is what the OpenAPI document promises, nothing missing and nothing untold."""
    a_day(town)
    document = town.app.test_client().get("/api/openapi.json").json
    name = {"/ledger": "Ledger", "/stats/acceptance": "Acceptance", "/threads?number=A001": "Threads"}.get(
        path, "Thread"
    )
    (found,) = town.manager.get("/threads?number=A001").json["tickets"]
    answer = town.manager.get(path.format(ticket=found["id"])).json
    schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
    jsonschema_rs.validator_for(schema).validate(answer)
    assert set(answer) == set(document["components"]["schemas"][name]["properties"])
