"""What a clerk presses, over HTTP: every verb, its refusals, and the view that comes back."""

from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def manned(world: Any) -> Any:
    """S01 open, three waiting."""
    world.clerk.post("/windows/S01/open")
    for _ in range(3):
        world.kiosk.issue()
        world.clock.at += 60
    return world


def press(world: Any, verb: str, body: Any = None, who: str = "clerk", window: str = "S01") -> Any:
    """A key of the console."""
    return world.cast[who].post(f"/windows/{window}/{verb}", body)


def test_a_whole_service(manned: Any) -> None:
    """Call, recall, start, finish: state, ticket, timer and counters follow each step."""
    called = press(manned, "call-next").json
    assert (called["ticket"]["number"], called["ticket"]["state"], called["waiting"]) == ("A001", "called", 2)
    assert (called["recalls_left"], called["led"]["zh"]) == (5, "请A001号办理")
    assert set(called["why"]) == {"zh", "en", "detail"}
    assert (called["next"]["number"], [row["number"] for row in called["queue"]]) == ("A002", ["A002", "A003"])

    assert press(manned, "recall").json["recalls_left"] == 4
    started = press(manned, "start").json
    assert (started["ticket"]["state"], started["recalls_left"]) == ("serving", 0)
    manned.clock.at += 300
    finished = press(manned, "finish", {"outcome": "办结"}).json
    assert (finished["ticket"], finished["done_today"], finished["state"]) == (None, 1, "open")


def test_a_view_tells_its_place_in_the_log(manned: Any) -> None:
    """The answer of a press shows the log with its own events, the first time and when it is sent again, as `GET` does;
    what a failing disk never wrote is not counted."""
    called = manned.clerk.post("/windows/S01/call-next", key="pressed-once")
    assert called.json["seq"] == manned.hall.seq
    started = manned.clerk.post("/windows/S01/start").json
    assert started["seq"] == manned.hall.seq > called.json["seq"]
    assert started["now"] >= called.json["now"]
    again = manned.clerk.post("/windows/S01/call-next", key="pressed-once")
    assert (again.json["seq"], again.json["now"]) == (called.json["seq"], called.json["now"])

    manned.disk.full = True
    assert manned.clerk.post("/windows/S01/finish").status_code == 503
    manned.disk.full = False
    assert manned.clerk.get("/windows/S01").json["seq"] == manned.hall.seq == started["seq"]
    assert manned.clerk.post("/windows/S01/finish").json["seq"] == manned.hall.seq


def test_calling_again_while_busy(manned: Any, reason: Callable[[Any], str]) -> None:
    """409 `window_busy`, unless the call also finishes the ticket at the window (F7, keypads)."""
    press(manned, "call-next")
    assert reason(press(manned, "call-next")) == "window_busy"
    answer = press(manned, "call-next", {"finish_current": True})
    assert (answer.json["ticket"]["number"], answer.json["done_today"]) == ("A002", 1)
    assert press(manned, "call-next", {"finish_current": "yes"}).status_code == 422


def test_nobody_waits(world: Any) -> None:
    """204 without a body; with `finish_current` the last ticket is finished all the same."""
    press(world, "open")
    empty = press(world, "call-next")
    assert (empty.status_code, empty.data, "Content-Type" in empty.headers) == (204, b"", False)
    world.kiosk.issue()
    press(world, "call-next")
    assert press(world, "call-next", {"finish_current": True}).status_code == 204
    assert world.clerk.get("/windows/S01").json["done_today"] == 1


def test_the_recall_limit(manned: Any, reason: Callable[[Any], str]) -> None:
    """Five recalls after the call, then the clerk decides (A2.8)."""
    press(manned, "call-next")
    for left in (4, 3, 2, 1, 0):
        assert press(manned, "recall").json["recalls_left"] == left
    refused = press(manned, "recall")
    assert reason(refused) == "recall_limit"
    assert "5" in refused.json["detail_zh"]


def test_hold_and_resume(manned: Any, reason: Callable[[Any], str]) -> None:
    """A held ticket frees the window, stands in `held`, and comes straight back."""
    press(manned, "call-next")
    press(manned, "start")
    held = press(manned, "hold").json
    assert (held["ticket"], [row["number"] for row in held["held"]]) == (None, ["A001"])
    assert press(manned, "call-next").json["ticket"]["number"] == "A002"
    assert reason(press(manned, "resume", {"ticket": "A001"})) == "window_busy"
    press(manned, "finish")
    back = press(manned, "resume", {"ticket": "A001"}).json
    assert (back["ticket"]["number"], back["ticket"]["state"], back["held"]) == ("A001", "called", [])


def test_no_show_and_reinstate(manned: Any, reason: Callable[[Any], str]) -> None:
    """A slip taken back within the minute loses nothing; later the ticket re-enters behind others (A2.9)."""
    press(manned, "call-next")
    missed = press(manned, "no-show").json
    assert [row["number"] for row in missed["missed"]] == ["A001"]
    back = press(manned, "reinstate", {"ticket": "A001"}).json
    assert [row["number"] for row in back["queue"]] == ["A001", "A002", "A003"]
    assert reason(press(manned, "reinstate", {"ticket": "A001"})) == "wrong_state"

    press(manned, "call-next")
    press(manned, "no-show")
    manned.clock.at += 600
    late = press(manned, "reinstate", {"ticket": "A001"}).json
    assert [row["number"] for row in late["queue"]] == ["A002", "A003", "A001"]


def test_a_missed_ticket_called_by_hand(manned: Any) -> None:
    """The citizen stands at the window after all."""
    press(manned, "call-next")
    press(manned, "no-show")
    assert press(manned, "call", {"ticket": "A001"}).json["ticket"]["number"] == "A001"


def test_call_a_given_number(manned: Any, reason: Callable[[Any], str]) -> None:
    """By number in any case or by id; only what this window serves."""
    assert press(manned, "call", {"ticket": "a003"}).json["ticket"]["number"] == "A003"
    press(manned, "finish")
    assert reason(press(manned, "call", {"ticket": "A003"})) == "wrong_state"
    manned.kiosk.issue("licence")
    assert reason(press(manned, "call", {"ticket": "B001"})) == "not_served_here"


def test_transfer_keeps_the_number_and_the_time_waited(manned: Any, reason: Callable[[Any], str]) -> None:
    """To another service it waits there with its number, first in line by its time of issue; to a window only there."""
    press(manned, "call-next")
    press(manned, "start")
    manned.clock.at += 600
    manned.kiosk.issue("licence")
    assert reason(press(manned, "transfer", {"service": "insurance"})) == "same_target"
    assert reason(press(manned, "transfer", {"window": "S02"})) == "window_closed"
    assert press(manned, "transfer", {"service": "licence"}).json["ticket"] is None
    press(manned, "open", who="supervisor", window="E01")
    line = manned.supervisor.get("/windows/E01").json["queue"]
    assert [row["number"] for row in line] == ["A001", "B001"]

    press(manned, "open", who="supervisor", window="S02")
    press(manned, "call-next")
    press(manned, "transfer", {"window": "S02"})
    assert [r["number"] for r in manned.clerk.get("/windows/S01").json["queue"]] == ["A003"]
    assert reason(press(manned, "call", {"ticket": "A002"})) == "reserved_elsewhere"
    assert press(manned, "call-next", who="supervisor", window="S02").json["ticket"]["number"] == "A002"


@pytest.mark.parametrize(
    "body", [{}, {"service": "licence", "window": "S02"}, {"service": 1}, {"zone": "social"}, {"window": ""}]
)
def test_a_transfer_has_one_target(manned: Any, body: dict[str, Any]) -> None:
    """Exactly one of service and window."""
    press(manned, "call-next")
    assert press(manned, "transfer", body).status_code == 422


def test_pause_and_open_again(manned: Any, reason: Callable[[Any], str]) -> None:
    """A pause has a reason, takes no tickets, keeps the one at the window, and ends with open."""
    press(manned, "call-next")
    paused = press(manned, "pause", {"reason": "设备故障"}).json
    assert (paused["state"], paused["pause_reason"], paused["ticket"]["number"]) == ("paused", "设备故障", "A001")
    assert reason(press(manned, "call-next", {"finish_current": True})) == "window_paused"
    press(manned, "finish")
    assert press(manned, "open").json["state"] == "open"
    assert press(manned, "call-next").json["ticket"]["number"] == "A002"
    assert press(manned, "pause", {"reason": "x" * 65}).status_code == 422


def test_close(manned: Any, reason: Callable[[Any], str]) -> None:
    """Not with a ticket at the window; a closed window calls nobody."""
    press(manned, "call-next")
    assert reason(press(manned, "close")) == "window_busy"
    press(manned, "finish")
    closed = press(manned, "close").json
    assert (closed["state"], closed["clerk"], closed["led"]["en"]) == ("closed", None, "Closed")
    assert reason(press(manned, "call-next")) == "window_closed"
    assert reason(press(manned, "pause")) == "window_closed"


@pytest.mark.parametrize("verb", ["recall", "start", "finish", "no-show", "hold"])
def test_verbs_that_need_a_ticket(manned: Any, reason: Callable[[Any], str], verb: str) -> None:
    """At an idle window they are refused and change nothing."""
    seq = manned.hall.seq
    assert reason(press(manned, verb)) == "window_idle"
    assert manned.hall.seq == seq


def test_assign_changes_what_a_window_serves(manned: Any) -> None:
    """At once, for the next call (A2.1); whole zones or single services, exactly one of them."""
    manned.kiosk.issue("licence")
    assert press(manned, "assign", {"services": ["licence"]}, who="supervisor").json["services"] == ["licence"]
    assert press(manned, "call-next").json["ticket"]["number"] == "B001"
    press(manned, "finish")
    zones = press(manned, "assign", {"zones": ["social", "business"]}, who="manager").json
    assert zones["services"] == ["insurance", "relief", "licence"]
    for body in ({}, {"zones": []}, {"zones": ["social"], "services": ["licence"]}):
        assert press(manned, "assign", body, who="admin").status_code == 422


def test_a_keypad_presses_like_a_clerk(manned: Any) -> None:
    """The box on the desk calls and finishes; the log names it."""
    assert press(manned, "call-next", {"finish_current": True}, who="keypad").json["ticket"]["number"] == "A001"
    *_, last = manned.log.read()
    assert (type(last.event).__name__, last.actor) == ("TicketCalled", "keypad:keys")


def test_the_list_shows_thirty_and_counts_all(world: Any) -> None:
    """A long line is cut in the view, not in its count."""
    for _ in range(35):
        world.kiosk.issue()
    view = world.clerk.get("/windows/S01").json
    assert (view["waiting"], len(view["queue"])) == (35, 30)
