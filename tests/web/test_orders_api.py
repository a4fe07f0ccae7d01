"""Work orders over HTTP: from a bad rating to its close, deadlines and lateness, two people, nobody in the own matter."""

from collections.abc import Callable
from typing import Any

import pytest

from server.accounts import Person, Role


@pytest.fixture
def order(world: Any) -> str:
    """Wang at S01 was rated 1 by somebody who left a phone number; Monday 9:00."""
    ticket = world.kiosk.issue()
    world.clerk.post("/windows/S01/open")
    world.clerk.post("/windows/S01/call-next")
    world.clerk.post("/windows/S01/finish")
    body = {"level": 1, "points": ["rude", "slow"], "comment": "让我跑了三趟", "phone": "13912345678", "name": "刘某"}
    assert world.anyone.post(f"{ticket['url']}/rating", body).status_code == 200
    (found,) = world.supervisor.get("/orders").json["orders"]
    return str(found["id"])


def test_an_order_tells_what_leaders_need(world: Any, order: str) -> None:
    """Whom, where, what was ticked and said, how to call back, until when, and what may be done now."""
    told = world.supervisor.get(f"/orders/{order}").json
    assert (told["number"], told["window"], told["clerk"], told["level"], told["level_name"]) == (
        "A001", "S01", "wang", 1, "非常不满意",
    )  # fmt: skip
    assert [point["name"] for point in told["points"]] == ["态度生硬、推诿", "办理缓慢"]
    assert (told["comment"], told["phone"], told["name"], told["has_contact"]) == (
        "让我跑了三趟", "13912345678", "刘某", True,
    )  # fmt: skip
    assert told["contact"] == {"by": "2026-11-24T09:00:00.000+08:00", "done_at": None, "overdue": False}
    assert told["mend"]["by"] == "2026-11-30T09:00:00.000+08:00"
    assert (told["state"], told["steps"]) == ("open", ["callback", "mend", "exclude"])


def test_the_list_holds_nothing_personal(world: Any, order: str) -> None:
    """A list is looked at by many over somebody's shoulder: what people wrote comes with one order only."""
    (brief,) = world.supervisor.get("/orders").json["orders"]
    assert (brief["id"], brief["comment"], brief["phone"], brief["name"]) == (order, None, None, None)


def test_from_call_back_to_close(world: Any, order: str, reason: Callable[[Any], str]) -> None:
    """Called in vain, called, mended, closed by another person; each step is told with who, when and note."""
    chen, sun = world.supervisor, world.manager
    assert reason(chen.post(f"/orders/{order}/close")) == "callback_wanted"
    chen.post(f"/orders/{order}/callback", {"reached": False, "note": "无人接听"})
    world.clock.at += 600
    called = chen.post(f"/orders/{order}/callback", {"reached": True}).json
    assert (called["state"], [call["reached"] for call in called["callbacks"]]) == ("contacted", [False, True])
    assert reason(chen.post(f"/orders/{order}/close")) == "order_state"
    mended = chen.post(f"/orders/{order}/mend", {"note": "已上门补办"}).json
    assert (mended["state"], mended["steps"]) == ("mended", ["callback", "exclude"])
    own = chen.post(f"/orders/{order}/close")
    assert (own.status_code, reason(own)) == (409, "second_person_wanted")
    assert "close" in sun.get(f"/orders/{order}").json["steps"]
    closed = sun.post(f"/orders/{order}/close").json
    assert (closed["state"], closed["closed"]["by"], closed["steps"]) == ("closed", "sun", [])
    told = sun.get(f"/orders/{order}").json
    assert (told["callbacks"][0]["note"], told["mended"]["note"], told["mended"]["by"]) == (
        "无人接听", "已上门补办", "chen",
    )  # fmt: skip
    assert reason(sun.post(f"/orders/{order}/mend", {"note": "x"})) == "order_state"


def test_answers_that_are_kept_hold_nothing_personal(world: Any, order: str) -> None:
    """The answer to a POST is kept for two days with its command, so it leaves out what people wrote."""
    answer = world.supervisor.post(f"/orders/{order}/callback", {"reached": True, "note": "说会再来"})
    assert "说会再来" not in answer.text
    assert "13912345678" not in answer.text


def test_late_is_told_by_the_clock(world: Any, order: str) -> None:
    """A second after the deadline the order is overdue; called then, it stays marked as late but is due no more."""
    world.clock.set("2026-11-24 09:00")
    assert world.supervisor.get("/orders?state=overdue").json["orders"] == []
    world.clock.at += 1
    told = world.supervisor.get("/orders?state=overdue").json
    assert [x["id"] for x in told["orders"]] == [order]
    assert told["counts"] == {"unfinished": 1, "overdue": 1, "closed": 0, "excluded": 0}
    late = world.supervisor.post(f"/orders/{order}/callback", {"reached": True}).json
    assert late["contact"]["overdue"] is True
    assert world.supervisor.get("/orders").json["counts"]["overdue"] == 0
    world.clock.set("2026-11-30 09:01")
    assert world.supervisor.get("/orders").json["counts"]["overdue"] == 1


def test_two_people_exclude_and_the_rating_stays(world: Any, order: str, reason: Callable[[Any], str]) -> None:
    """One proposes with a reason, a second judges; the citizen still sees the rating as it was given (A1.8)."""
    assert world.supervisor.post(f"/orders/{order}/exclude", {}).status_code == 422
    world.supervisor.post(f"/orders/{order}/exclude", {"note": "评的是隔壁窗口"})
    own = world.supervisor.post(f"/orders/{order}/judge", {"accept": True})
    assert (own.status_code, reason(own)) == (409, "second_person_wanted")
    judged = world.manager.post(f"/orders/{order}/judge", {"accept": True}).json
    assert (judged["state"], judged["exclusion"]["verdict"], judged["exclusion"]["judged_by"]) == (
        "excluded", True, "sun",
    )  # fmt: skip
    assert world.manager.get(f"/orders/{order}").json["exclusion"]["note"] == "评的是隔壁窗口"
    with world.hall.reading() as state:
        assert state.tickets[order].rating == 1
    assert world.supervisor.get("/orders?state=unfinished").json["orders"] == []
    assert [x["id"] for x in world.supervisor.get("/orders?state=excluded").json["orders"]] == [order]


def test_nobody_has_a_hand_in_the_own_matter(world: Any, order: str, reason: Callable[[Any], str]) -> None:
    """Wang is a supervisor too: the order about Wang is neither shown nor open to any step (P6)."""
    person = Person("wang", frozenset({Role.CLERK, Role.SUPERVISOR}), "S01")
    wang = type(world.clerk)(world.clerk.client, world.accounts.session(person))
    assert wang.get("/orders").json["orders"] == []
    assert wang.get("/orders").json["counts"]["unfinished"] == 0
    assert reason(wang.get(f"/orders/{order}")) == "forbidden"
    for step, body in (("callback", {"reached": True}), ("mend", {"note": "x"}), ("exclude", {"note": "x"})):
        answer = wang.post(f"/orders/{order}/{step}", body)
        assert (answer.status_code, reason(answer)) == (409, "second_person_wanted"), step


def test_an_order_lives_on_through_days(world: Any, order: str) -> None:
    """The next morning it is still there with everything, and can be mended."""
    world.supervisor.post(f"/orders/{order}/callback", {"reached": True, "note": "约好明天"})
    world.clock.set("2026-11-24 08:30")
    told = world.supervisor.get(f"/orders/{order}").json
    assert (told["business_day"], told["state"], told["comment"], told["callbacks"][0]["note"]) == (
        "2026-11-23", "contacted", "让我跑了三趟", "约好明天",
    )  # fmt: skip
    assert world.supervisor.post(f"/orders/{order}/mend", {"note": "好"}).json["state"] == "mended"


def test_the_phone_number_goes_when_the_order_is_over(world: Any, order: str) -> None:
    """Thirty days after the close number and name are gone, the story of the order is not (A3)."""
    world.supervisor.post(f"/orders/{order}/callback", {"reached": True})
    world.supervisor.post(f"/orders/{order}/mend", {"note": "好"})
    world.manager.post(f"/orders/{order}/close")
    people = world.site.people
    people.purge(world.clock.at + 29 * 86400)
    assert people.fact(f"order:{order}", "phone") == "13912345678"
    people.purge(world.clock.at + 31 * 86400)
    assert (people.fact(f"order:{order}", "phone"), people.fact(f"order:{order}", "name")) == (None, None)
    assert world.manager.get(f"/orders/{order}").json["comment"] == "让我跑了三趟"


def test_an_order_that_is_none(world: Any, reason: Callable[[Any], str]) -> None:
    """404 for every call about it."""
    assert reason(world.supervisor.get("/orders/nothing")) == "order_unknown"
    answer = world.supervisor.post("/orders/nothing/close")
    assert (answer.status_code, reason(answer)) == (404, "order_unknown")
    assert world.supervisor.get("/orders?state=lost").status_code == 422


def test_a_step_is_taken_once_however_often_it_is_sent(world: Any, order: str) -> None:
    """A repeated call-back under one key is one call-back, and its note is kept once."""
    body = {"reached": False, "note": "占线"}
    first = world.supervisor.post(f"/orders/{order}/callback", body, key="call-back-1")
    again = world.supervisor.post(f"/orders/{order}/callback", body, key="call-back-1")
    assert (again.data, again.headers["Idempotency-Replayed"]) == (first.data, "true")
    told = world.supervisor.get(f"/orders/{order}").json
    assert [call["note"] for call in told["callbacks"]] == ["占线"]
