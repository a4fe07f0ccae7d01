"""Settling a visit's items at the window over HTTP: outcomes, defaults of the catalogue, who may, what is kept (P2, M9)."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from server.accounts import Person, Role
from server.catalogue.records import Course, Guide, Listed, ListName, Material
from server.catalogue.routing import routes_of
from tests.web.conftest import SMALL, Caller, World, build

Reason = Callable[[Any], str]


LOOK = """  - id: look
    zone: social
    name: { zh: 材料预审, en: Pre-check }
    department: { zh: 政务局, en: Government Services }
    position: precheck
"""
LOOKING = "  - { ids: P01, number: 31, zone: social, position: precheck }\n"


@pytest.fixture(scope="module")
def hall_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small hall, where papers of the insurance business are looked through first."""
    text = SMALL.read_text("utf-8")
    text = text.replace("  - id: insurance\n", f"{LOOK}  - id: insurance\n    precheck: look\n", 1)
    chief = next(line for line in text.splitlines(keepends=True) if "{ id: li," in line)
    text = text.replace(chief, "").replace("\nexperts:\n", f"\nexperts:\n{chief}")  # the hall names him first
    text = text.replace("\nwindows:\n", f"\nwindows:\n{LOOKING}", 1) + "cases: { pickup: { social: relief } }\n"
    path = tmp_path_factory.mktemp("settling") / "hall.yaml"
    path.write_text(text, "utf-8")
    return path


@pytest.fixture
def world(tmp_path: Path, hall_file: Path) -> Iterator[World]:
    """A window S01 that serves A001, with items to settle."""
    world = build(tmp_path, hall_file)
    books = world.site.catalogue
    books.route(routes_of(world.site.names.hall))
    for code, name, handling in (("X1", "参保登记", "承诺件"), ("X2", "救助申请", "即办件")):
        department = {"X1": "县人社局", "X2": "县民政局"}[code]
        books.put(ListName.COMPREHENSIVE, Listed(department, code, name, "公共服务", handling, "自然人"), "root", 1.0)
    papers = (Material("身份证", "原件"), Material("申请表", "原件", 2))
    books.put(ListName.GUIDES, Guide("X1", materials=papers, time_limit="5个工作日"), "root", 2.0)
    books.put(
        ListName.GUIDES,
        Guide("P1", name="安家一件事", department="县人社局", members=("X1", "X2"), course=Course.PARALLEL),
        "root",
        3.0,
    )
    people = {"runner": Person("pao", frozenset({Role.RUNNER}))}
    world.cast |= {name: Caller(world.kiosk.client, world.accounts.session(one)) for name, one in people.items()}
    for window in ("S01", "S02"):
        world.supervisor.post(f"/windows/{window}/open")
    world.clerk.issue("relief", item="X1")
    world.clerk.post("/windows/S01/call-next")
    world.clerk.post("/windows/S01/start")
    yield world
    world.log.close()
    world.accounts.close()
    world.site.people.close()
    world.site.catalogue.close()


def settle(world: World, settlement: str = "s-1", outcome: str = "accepted", **fields: Any) -> Any:
    """The clerk settles something at S01."""
    return world.clerk.post("/windows/S01/settle", {"id": settlement, "outcome": outcome, **fields})


# --- What becomes of an item ------------------------------------------------------------------------------------------


def test_an_acceptance_takes_from_the_catalogue_what_the_clerk_does_not_say(world: World) -> None:
    """Title, department and days of the ticket's own item; the case has a number, and the window shows it."""
    answer = settle(world)
    assert answer.status_code == 200, answer.text
    (one,) = answer.json["settled"]
    assert (one["title"], one["department"], one["item"]) == ("参保登记", "县人社局", "X1")
    assert (one["case"], one["outcome_name"], one["papers"]) == ("20261123-0001", "已受理", ["voucher"])
    with world.hall.reading() as state:
        case = state.cases["s-1"]
    assert (case.days, [leg.department for leg in case.legs]) == (5, ["县人社局"])
    assert world.clerk.get("/windows/S01").json["settled"] == [one]


def test_several_items_in_one_visit_and_a_package_goes_to_each_department_once(world: World) -> None:
    """An item done at once, then a package: two lines; the package has the departments of its members, leading first."""
    settle(world, "s-1", "done", item="X2")
    answer = settle(world, "s-2", item="P1")
    assert [one["title"] for one in answer.json["settled"]] == ["救助申请", "安家一件事"]
    with world.hall.reading() as state:
        assert [leg.department for leg in state.cases["s-2"].legs] == ["县人社局", "县民政局"]
        assert state.cases["s-2"].days == 5


def test_an_item_of_no_list_goes_by_its_name_to_the_department_of_the_service(world: World) -> None:
    """The hall's own days, and who the service belongs to."""
    settle(world, title="  补 发  证书 ")
    with world.hall.reading() as state:
        case = state.cases["s-1"]
    assert (case.title, case.item, case.days) == ("补 发 证书", None, 20)
    assert [leg.department for leg in case.legs] == ["民政局"]


def test_papers_to_follow_until_the_end_of_the_promised_day(world: World, reason: Reason) -> None:
    """Every paper once, the last minute of the day; not without papers, and not for a day that is over."""
    fields = {"lacks": ["申请表", " 申请表 ", "照片"], "promise_on": "2026-11-27"}
    (one,) = settle(world, outcome="accepted_missing", **fields).json["settled"]
    assert one["lacks"] == ["申请表", "照片"]
    assert one["promise_by"] == "2026-11-27T23:59:59.000+08:00"
    assert reason(settle(world, "s-2", "accepted_missing", promise_on="2026-11-27")) == "papers_wanted"
    assert reason(settle(world, "s-3", "accepted_missing", lacks=["照片"])) == "promise_wanted"
    late = settle(world, "s-4", "accepted_missing", lacks=["照片"], promise_on="2026-11-22")
    assert (late.status_code, reason(late)) == (422, "promise_wanted")
    assert (
        reason(settle(world, "s-5", "accepted_missing", lacks=["照片"], promise_on="2028-01-01")) == "promise_too_far"
    )


def test_a_correction_and_a_refusal_say_why_and_make_no_case(world: World, reason: Reason) -> None:
    """The whole list at once; a refusal only for a reason of this hall."""
    settle(world, outcome="correction", lacks=["申请表"])
    (_, one) = settle(world, "s-2", "refused", item="X2", reason="conditions").json["settled"]
    assert (one["reason"], one["reason_name"], one["papers"]) == ("conditions", "不符合法定条件", ["refusal"])
    with world.hall.reading() as state:
        assert not state.cases
    assert reason(settle(world, "s-3", "correction")) == "papers_wanted"
    assert reason(settle(world, "s-4", "refused")) == "reason_wanted"
    assert reason(settle(world, "s-5", "refused", reason="no-luck")) == "choice_unknown"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"outcome": "done", "urgent": True}, "outcome_fields"),
        ({"outcome": "done", "name": "王小明"}, "outcome_fields"),
        ({"outcome": "correction", "lacks": ["照片"], "delivery": "post"}, "outcome_fields"),
        ({"outcome": "accepted", "lacks": ["照片"]}, "outcome_fields"),
        ({"outcome": "accepted", "item": "X9"}, "item_unknown"),
        ({"outcome": "accepted", "departments": ["天文台"]}, "choice_unknown"),
        ({"outcome": "refused", "reason": "other"}, "refusal_words_wanted"),
        ({"outcome": "refused", "reason": "other", "note": "  "}, "refusal_words_wanted"),
        ({"outcome": "accepted", "delivery": "post", "name": "王小明"}, "address_wanted"),
        ({"outcome": "accepted", "address": "河边路1号"}, "not_for_window"),
        ({"outcome": "accepted", "title": "退还420222198001011234"}, "number_in_text"),
        ({"outcome": "accepted", "days": 0}, "invalid_request"),
        ({"outcome": "lost"}, "invalid_request"),
    ],
)
def test_what_does_not_go_together_is_refused_in_words(
    world: World, reason: Reason, fields: dict[str, Any], expected: str
) -> None:
    """With a sentence in both languages, and nothing is settled."""
    answer = world.clerk.post("/windows/S01/settle", {"id": "s-1", **fields})
    assert reason(answer) == expected
    assert world.clerk.get("/windows/S01").json["settled"] == []


def test_a_number_of_a_case_is_no_id(world: World) -> None:
    """A case is found by id or number, so an id cannot look like a number."""
    assert settle(world, "20261123-0001").status_code == 422


def test_an_item_that_has_gone_from_the_lists_is_told_by_its_name(world: World, reason: Reason) -> None:
    """The ticket was taken for it this morning; the clerk names it."""
    world.site.catalogue.replace(ListName.COMPREHENSIVE, [], "root", 9.0)
    world.site.catalogue.replace(ListName.GUIDES, [], "root", 9.0)
    assert reason(settle(world)) == "title_wanted"
    assert settle(world, title="参保登记").json["settled"][0]["department"] == "民政局"


def test_without_an_item_it_wants_a_title(world: World, reason: Reason) -> None:
    """A ticket for no item in particular, and nothing said."""
    world.clerk.post("/windows/S01/finish")
    world.clerk.issue("relief")
    world.clerk.post("/windows/S01/call-next")
    assert reason(settle(world, outcome="done")) == "title_wanted"
    world.clerk.post("/windows/S01/finish")
    assert reason(settle(world, outcome="done")) == "window_idle"


def test_the_same_press_twice_settles_once(world: World, reason: Reason) -> None:
    """By its key, and by its id under another key; another thing under the same id is refused."""
    first = world.clerk.post("/windows/S01/settle", {"id": "s-1", "outcome": "accepted"}, key="one-press-here")
    again = world.clerk.post("/windows/S01/settle", {"id": "s-1", "outcome": "accepted"}, key="one-press-here")
    assert (first.data, again.headers["Idempotency-Replayed"]) == (again.data, "true")
    assert len(settle(world).json["settled"]) == 1
    assert reason(settle(world, outcome="done")) == "settlement_exists"


def test_a_slip_is_taken_back_while_the_citizen_is_here(world: World, reason: Reason) -> None:
    """Gone from the list, the case gone, the person forgotten; its number is not given again."""
    settle(world, name="王小明", phone="13800138000")
    answer = world.clerk.post("/windows/S01/retract", {"settlement": "s-1"})
    assert answer.json["settled"] == []
    assert world.site.people.subjects("case:") == []
    assert reason(world.clerk.post("/windows/S01/retract", {"settlement": "s-1"})) == "settlement_unknown"
    (one,) = settle(world, "s-2").json["settled"]
    assert one["case"] == "20261123-0002"


# --- Who, and what is kept --------------------------------------------------------------------------------------------


def test_only_the_window_itself_and_leaders_settle(world: World, reason: Reason) -> None:
    """Another window's clerk, a runner and a keypad may not; a supervisor may."""
    body = {"id": "s-1", "outcome": "accepted"}
    assert reason(world.clerk_2.post("/windows/S01/settle", body)) == "not_your_window"
    assert reason(world.clerk_2.post("/windows/S01/retract", {"settlement": "s-1"})) == "not_your_window"
    assert reason(world.clerk_2.post("/windows/S01/expert", {"expert": "zhang"})) == "not_your_window"
    for stranger in (world.runner, world.keypad, world.guide):
        assert reason(stranger.post("/windows/S01/settle", body)) == "forbidden"
    assert world.supervisor.post("/windows/S01/settle", body).status_code == 200


def test_a_screen_in_the_hall_is_not_told_what_was_settled(world: World) -> None:
    """The clerk's list is not for devices that may read a window."""
    settle(world)
    assert world.board.get("/windows/S01").json["settled"] == []
    assert world.supervisor.get("/windows/S01").json["settled"] != []


def test_who_applied_lies_beside_the_log_for_as_long_as_the_hall_says(world: World) -> None:
    """Name, phone, address and the clerk's words are in no event; the facts go after the days of the hall file."""
    person = {"name": "王小明", "phone": "13800138000", "address": "河边路1号"}
    settle(world, delivery="post", note="他说下周出差", **person)
    people = world.site.people
    assert {kind: people.fact("case:s-1", kind) for kind in person} == person
    logged = json.dumps([str(one.event) for one in world.hall.since(0)], ensure_ascii=False)
    assert not any(word in logged for word in (*person.values(), "出差"))
    with world.hall.reading() as state:
        assert people.text(state.settlements["s-1"].note) == "他说下周出差"
    people.purge(world.clock.at + 179 * 86400)
    assert people.fact("case:s-1", "name") == "王小明"
    people.purge(world.clock.at + 181 * 86400)
    assert people.subjects("case:") == []


# --- The form ---------------------------------------------------------------------------------------------------------


def test_the_form_tells_what_each_outcome_wants(world: World) -> None:
    """Outcomes in both languages with what they want, the hall's reasons, departments, and what an item suggests."""
    form = world.clerk.get("/outcomes?item=X1").json
    assert [(one["id"], one["wanted"]) for one in form["outcomes"]] == [
        ("done", []),
        ("accepted", ["departments"]),
        ("accepted_missing", ["lacks", "promise_on", "departments"]),
        ("correction", ["lacks"]),
        ("refused", ["reason"]),
        ("pre_accepted", ["departments"]),
    ]
    assert form["suggested"] == {
        "item": "X1",
        "title": "参保登记",
        "departments": ["县人社局"],
        "days": 5,
        "materials": ["身份证", "申请表"],
    }
    assert {"县人社局", "县民政局", "人社局", "市场监管局"} <= {one["name"] for one in form["departments"]}
    assert {"name": "人社局", "name_en": "Human Resources"} in form["departments"]
    assert world.clerk.get("/outcomes").json["suggested"] is None
    assert [one["id"] for one in form["refusals"] if one["wants_note"]] == ["other"]


@pytest.mark.parametrize(("days_on", "promised"), [(0, "2026-11-30"), (3, "2026-12-03"), (5, "2026-12-04")])
def test_papers_are_suggested_for_a_day_that_is_worked(world: World, days_on: int, promised: str) -> None:
    """Five working days from now, also from a Saturday."""
    world.clock.at += days_on * 86400
    assert world.clerk.get("/outcomes").json["default_promise_on"] == promised


# --- A pre-check ------------------------------------------------------------------------------------------------------


def test_a_passed_pre_check_goes_on_and_a_correction_ends_the_visit(world: World) -> None:
    """The window tells what finishing means; after a correction alone it means the end."""
    world.supervisor.post("/windows/P01/open")
    world.kiosk.issue("insurance")
    view = world.supervisor.post("/windows/P01/call-next").json
    step = {"service": "insurance", "name": "社会保险", "name_en": "Social insurance"}
    assert (view["ticket"]["then"], view["ticket"]["goes_on"]) == ([step], step)
    body = {"id": "s-1", "outcome": "correction", "title": "参保", "lacks": ["申请表"]}
    view = world.supervisor.post("/windows/P01/settle", body).json
    assert (view["ticket"]["then"], view["ticket"]["goes_on"]) == ([step], None)
    view = world.supervisor.post("/windows/P01/retract", {"settlement": "s-1"}).json
    assert view["ticket"]["goes_on"] == step
    world.supervisor.post("/windows/P01/finish")
    (waiting,) = world.clerk.get("/windows/S01").json["queue"]
    assert (waiting["number"], waiting["service"]) == (view["ticket"]["number"], "insurance")


def test_who_comes_for_a_result_shows_the_cases_number_at_the_window(world: World) -> None:
    """From acceptance to the voucher at the kiosk: the window that calls the ticket knows which case it is for."""
    (one,) = settle(world).json["settled"]
    world.clerk.post("/windows/S01/finish")
    case, department = one["case"], {"department": one["department"]}
    for who, step, body in (
        (world.manager, "sign", department),
        (world.manager, "answer", {**department, "answer": "granted"}),
        (world.admin, "result", {"title": one["title"], "item": "X1", "granted": True}),
    ):
        done = who.post(f"/cases/{case}/{step}", body)
        assert done.status_code == 200, done.text
    taken = world.kiosk.post("/tickets", {"voucher": world.site.links.case_token("s-1")})
    assert taken.status_code == 201, taken.text
    view = world.clerk.post("/windows/S01/call-next").json
    assert (view["ticket"]["number"], view["ticket"]["case"]) == (taken.json["number"], case)


# --- Experts ----------------------------------------------------------------------------------------------------------


def test_an_expert_is_called_to_the_window_and_comes(world: World, reason: Reason) -> None:
    """His desk shows where and for whom, the window that he comes; the guides' tablet rings for nobody."""
    answer = world.clerk.post("/windows/S01/expert", {"expert": "zhang"})
    (call,) = answer.json["experts"]
    assert (call["expert_name"], call["number"], call["item_name"], call["state"]) == (
        "张工",
        "A001",
        "参保登记",
        "asked",
    )
    assert world.clerk.post("/windows/S01/expert", {"expert": "zhang"}).json["experts"] == [call]
    desk = world.clerk_2.get("/windows/S02").json
    assert (desk["wanted"], desk["experts"]) == ([call], [])
    assert world.guide.get("/help").json["requests"] == []
    assert reason(world.guide.post(f"/help/{call['id']}/take")) == "not_your_window"

    assert world.clerk_2.post(f"/help/{call['id']}/take").json["state"] == "taken"
    assert world.clerk.get("/windows/S01").json["experts"][0]["state"] == "taken"
    world.clerk_2.post(f"/help/{call['id']}/end")
    assert world.clerk.get("/windows/S01").json["experts"] == []
    assert world.clerk_2.get("/windows/S02").json["wanted"] == []
    assert reason(world.clerk.post("/windows/S01/expert", {"expert": "wu"})) == "choice_unknown"


def test_a_call_is_over_with_its_citizen_and_the_window_may_call_it_off(world: World) -> None:
    """Nobody comes for somebody who has gone; whoever called may say that it is not needed."""
    (call,) = world.clerk.post("/windows/S01/expert", {"expert": "zhang"}).json["experts"]
    ended = world.clerk.post(f"/help/{call['id']}/end", {"outcome": "not_needed"})
    assert ended.json["state"] == "ended"
    world.clerk.post("/windows/S01/expert", {"expert": "zhang"})
    assert world.clerk_2.get("/windows/S02").json["wanted"] != []
    world.clerk.post("/windows/S01/finish")
    assert world.clerk_2.get("/windows/S02").json["wanted"] == []


def test_who_has_no_desk_is_fetched_by_a_guide(world: World) -> None:
    """The guides' list names him and the window."""
    world.clerk.post("/windows/S01/expert", {"expert": "li"})
    (request,) = world.guide.get("/help").json["requests"]
    assert (request["kind_name"], request["kind_name_en"]) == ("首席代表 李科长", "Chief representative Li")
    assert (request["place"], request["expert"]) == (world.site.names.windows["S01"].name["zh"], "li")
    assert world.guide.post(f"/help/{request['id']}/take").json["state"] == "taken"


def test_the_form_tells_whose_desk_is_open(world: World) -> None:
    """A ticket is handed over to an open desk; who is there comes first, whatever the hall file's order."""
    told = world.clerk.get("/outcomes").json["experts"]
    assert [one["id"] for one in told] == ["zhang", "li"]
    known = {one["id"]: one for one in told}
    assert (known["zhang"]["kind_name"], known["zhang"]["window"], known["zhang"]["open"]) == ("中台专家", "S02", True)
    assert (known["li"]["window"], known["li"]["open"]) == (None, False)
    assert (known["li"]["title"], known["li"]["department_en"]) == ("首席代表 李科长", "Civil Affairs")
    world.clerk_2.post("/windows/S02/close")
    assert [one["open"] for one in world.clerk.get("/outcomes").json["experts"]] == [False, False]
