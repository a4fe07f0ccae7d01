"""Tidal windows over HTTP: what is proposed and done, where windows are, and who sees it at once."""

from collections.abc import Callable
from typing import Any

import pytest

from server.accounts import Person, Role

SOON, LATER = "2026-11-23T10:00:00+08:00", "2026-11-23T09:00:00+08:00"


def line_of(world: Any, window: str) -> Any:
    """A tidal window in the view of the leaders."""
    return next(w for w in world.supervisor.get("/tides").json["windows"] if w["window"] == window)


def move(world: Any, window: str = "T1", who: str = "supervisor", **body: Any) -> Any:
    """Assign a window."""
    return world.cast[who].post(f"/windows/{window}/assign", body)


def windows_text(world: Any, service: str) -> str:
    """What the kiosk says of the windows of a service."""
    hall = world.anyone.get("/hall").json
    return str(next(s["windows_text"] for zone in hall["zones"] for s in zone["services"] if s["id"] == service))


# --- proposals --------------------------------------------------------------------------------------------------------


def test_a_quiet_hall_has_tidal_windows_at_home(tidal: Any) -> None:
    """Nothing proposed, nothing moved, the modes of the zones, no pressure, no alarm."""
    view = tidal.supervisor.get("/tides").json
    assert (view["mode"], view["modes"]) == ("propose", {"social": "propose", "business": "propose"})
    assert [(w["window"], w["home"], w["zone"], w["state"], w["standby"]) for w in view["windows"]] == [
        ("T1", "social", "social", "closed", False),
        ("T2", "business", "business", "closed", False),
    ]
    assert [w["zones"] for w in view["windows"]] == [["social", "business"], ["social", "business"]]
    assert (view["proposals"], view["moves"], view["alarms"]) == ([], [], [])
    assert (view["moves_today"], view["helping_calls"], view["cost_min"]) == (0, 0, 0)
    assert [(p["zone"], p["pressure_s"], p["since"]) for p in view["pressures"]] == [
        ("social", 0, None),
        ("business", 0, None),
    ]


def test_a_proposal_comes_with_its_reason(tidal: Any) -> None:
    """Pressure in one zone, a tidal window idle in another: window, action and zone, in words and with numbers."""
    tidal.propose_help_for_business()
    view = tidal.supervisor.get("/tides").json
    proposal = view["proposals"][0]
    assert len(view["proposals"]) == 1
    assert proposal["zone_name_en"] == "Business"
    assert proposal["action"] in ("open", "move")
    assert "企业事务" in proposal["why"]["zh"]
    assert "Business" in proposal["why"]["en"]
    assert "pressure" in proposal["why"]["detail"]
    pressure = next(p for p in view["pressures"] if p["zone"] == "business")
    assert pressure["pressure_s"] > 180
    assert pressure["since"] == "2026-11-23T09:00:00.000+08:00"
    for zone in ("social", "business"):
        concerned = zone in (proposal["zone"], line_of(tidal, proposal["window"])["home"])
        seen = tidal.clerk.get(f"/zones/{zone}").json["proposals"]
        assert seen == ([proposal] if concerned else [])


def test_an_accepted_proposal_is_done(tidal: Any) -> None:
    """One click: the window is there, the move stands in the list with its reason, the proposal is gone."""
    tidal.propose_help_for_business()
    proposal = tidal.supervisor.get("/tides").json["proposals"][0]
    accepted = tidal.supervisor.post(f"/tides/{proposal['id']}/accept")
    view = accepted.json
    assert (accepted.status_code, view["proposals"], view["moves_today"]) == (200, [], 1)
    window = next(w for w in view["windows"] if w["window"] == proposal["window"])
    assert (window["zone"], window["state"], window["why"]) == ("business", "open", proposal["why"])
    assert [(m["window"], m["kind"], m["to_zone"], m["why"]) for m in view["moves"]] == [
        (proposal["window"], proposal["action"], "business", proposal["why"])
    ]


def test_a_dismissed_proposal_stays_away(tidal: Any) -> None:
    """Nothing moves, and the same is not proposed again at the next look."""
    tidal.propose_help_for_business()
    proposal = tidal.supervisor.get("/tides").json["proposals"][0]
    view = tidal.manager.post(f"/tides/{proposal['id']}/dismiss").json
    assert (view["proposals"], view["moves_today"]) == ([], 0)
    tidal.clock.at += 5
    tidal.watch()
    again = [(p["window"], p["action"]) for p in tidal.supervisor.get("/tides").json["proposals"]]
    assert (proposal["window"], proposal["action"]) not in again


@pytest.mark.parametrize("what", ["accept", "dismiss"])
def test_a_proposal_that_is_over(tidal: Any, reason: Callable[[Any], str], what: str) -> None:
    """Settled by somebody else, or never made: 404."""
    tidal.propose_help_for_business()
    assert tidal.admin.post("/tides/T1/dismiss").status_code == 200
    for tide in ("T1", "T99"):
        answer = tidal.supervisor.post(f"/tides/{tide}/{what}")
        assert (answer.status_code, reason(answer)) == (404, "tide_unknown")
        assert tide not in answer.json["detail_zh"] + answer.json["detail"]


# --- moved by hand ----------------------------------------------------------------------------------------------------


def test_a_window_moved_to_a_zone_is_seen_everywhere_at_once(tidal: Any) -> None:
    """Its LED bar, the boards of both zones, the kiosk, the zone's page and the clerk's page show where it is now."""
    tidal.supervisor.post("/windows/E01/open")
    tidal.supervisor.post("/windows/T1/open")
    assert windows_text(tidal, "licence") == "11号窗口"
    assert "21" in windows_text(tidal, "insurance")

    moved = move(tidal, zones=["business"], until=SOON).json
    assert (moved["zone"], moved["zone_now"], moved["until"]) == ("social", "business", "2026-11-23T10:00:00.000+08:00")
    assert (moved["services"], moved["led"]["zh"], moved["led"]["en"]) == (
        ["licence"],
        "现办企业事务业务",
        "Now for Business",
    )
    assert "10:00" in moved["why_here"]["zh"]
    away = {"window": "T1", "number": 21, "zone": "business", "zone_colour": "#1D4E89"}
    for board in ("main", "upstairs"):
        shown = tidal.anyone.get(f"/boards/{board}").json["tides"]
        assert [{key: tide[key] for key in away} for tide in shown] == [away], board
    tidal.clock.at += 1  # the kiosk's view is at most a second old
    assert windows_text(tidal, "licence") == "11、21号窗口"
    assert "21" not in windows_text(tidal, "insurance")
    business = tidal.clerk.get("/zones/business").json
    assert [(g["window"], g["zone_now"], g["tidal"]) for g in business["guests"]] == [("T1", "business", True)]
    social = tidal.clerk.get("/zones/social").json
    assert [w["zone_now"] for w in social["windows"] if w["window"] == "T1"] == ["business"]
    assert social["guests"] == []


def test_a_zone_that_lends_a_window_shows_it_while_it_is_open(tidal: Any) -> None:
    """The board of the zone it came from tells where it went; a closed window is nowhere."""
    tidal.supervisor.post("/windows/T2/open")
    move(tidal, "T2", zones=["social"])
    upstairs = tidal.anyone.get("/boards/upstairs").json
    assert [zone["id"] for zone in upstairs["zones"]] == ["business"]
    assert [(tide["window"], tide["zone"]) for tide in upstairs["tides"]] == [("T2", "social")]
    tidal.supervisor.post("/windows/T2/pause")
    assert tidal.anyone.get("/boards/upstairs").json["tides"] == []
    tidal.supervisor.post("/windows/T2/close")
    assert tidal.anyone.get("/boards/main").json["tides"] == []
    assert tidal.supervisor.get("/windows/T2").json["led"]["zh"] == "窗口未开放"


def test_a_window_comes_home(tidal: Any) -> None:
    """`home` gives its own services back and takes it off the boards; told twice nothing more happens."""
    tidal.supervisor.post("/windows/T1/open")
    own = tidal.supervisor.get("/windows/T1").json["services"]
    move(tidal, zones=["business"])
    back = move(tidal, home=True).json
    assert (back["services"], back["zone_now"], back["until"], back["led"]["zh"]) == (
        own,
        "social",
        None,
        "热情为您服务",
    )
    assert tidal.anyone.get("/boards/main").json["tides"] == []
    kinds = [m["kind"] for m in tidal.supervisor.get("/tides").json["moves"]]
    assert kinds == ["revert", "move"]
    seq = tidal.hall.seq
    assert move(tidal, home=True).status_code == 200
    assert tidal.hall.seq == seq


def test_an_assignment_ends_by_itself(tidal: Any) -> None:
    """At its end the window is home again, with the reason in the list of moves."""
    tidal.supervisor.post("/windows/T1/open")
    move(tidal, zones=["business"], until=SOON)
    tidal.clock.set("2026-11-23 10:00")
    tidal.watch()
    window = line_of(tidal, "T1")
    assert (window["zone"], window["until"], window["assigned"]) == ("social", None, False)
    latest = tidal.supervisor.get("/tides").json["moves"][0]
    assert (latest["kind"], latest["from_zone"], latest["to_zone"]) == ("revert", "business", "social")


def test_nobody_is_moved_in_the_middle_of_serving(tidal: Any) -> None:
    """With a ticket at the window the change is pending and shown so; it holds when the ticket has gone."""
    tidal.supervisor.post("/windows/T1/open")
    tidal.kiosk.issue("insurance")
    tidal.supervisor.post("/windows/T1/call-next")
    told = move(tidal, zones=["business"], until=SOON).json
    assert (told["zone_now"], told["pending"]["zone"], told["pending"]["zone_name_en"]) == (
        "social",
        "business",
        "Business",
    )
    assert told["pending"]["until"] == "2026-11-23T10:00:00.000+08:00"
    assert line_of(tidal, "T1")["pending"] == told["pending"]
    gone = tidal.supervisor.post("/windows/T1/finish").json
    assert (gone["zone_now"], gone["pending"]) == ("business", None)


def test_zones_give_what_the_window_is_authorised_for(tidal: Any) -> None:
    """Of a zone it knows it takes its items, of one it does not know all of them: the supervisor decides."""
    assert move(tidal, "T2", zones=["social"]).json["services"] == ["insurance"]
    assert move(tidal, "E01", zones=["social"]).json["services"] == ["insurance", "relief"]
    assert move(tidal, "T2", zones=["social", "business"]).json["services"] == ["insurance", "licence"]
    assert line_of(tidal, "E01")["tidal"] is False
    assert move(tidal, "T2", services=["relief"]).json["services"] == ["relief"]


@pytest.mark.parametrize(
    ("body", "status", "why"),
    [
        ({"zones": ["nowhere"]}, 404, "zone_unknown"),
        ({"services": ["nothing"]}, 404, "service_unknown"),
        ({"zones": ["business"], "until": LATER}, 409, "until_past"),
        ({"zones": ["business"], "until": "2028-01-01T00:00:00Z"}, 409, "until_too_far"),
        ({"zones": ["business"], "until": "9999-12-31T23:59:60-23:59"}, 409, "until_too_far"),
        ({"zones": ["business"], "until": "0000-01-01T00:00:00Z"}, 409, "until_past"),
        ({"zones": ["business"], "until": "10:00"}, 422, "invalid_request"),
        ({"zones": ["business"], "until": "2026-11-23T10:00:00"}, 422, "invalid_request"),
        ({"zones": ["business"], "until": "2026-02-30T10:00:00Z"}, 422, "invalid_request"),
        ({"zones": ["business"], "until": 1795413600}, 422, "invalid_request"),
        ({"home": False}, 422, "invalid_request"),
        ({"home": 1}, 422, "invalid_request"),
        ({"home": True, "until": SOON}, 422, "invalid_request"),
        ({"zones": ["business"], "until": None}, 422, "invalid_request"),
        ({"home": True, "zones": ["business"]}, 422, "invalid_request"),
        ({"until": SOON}, 422, "invalid_request"),
        ({}, 422, "invalid_request"),
    ],
)
def test_what_an_assignment_may_not_say(
    tidal: Any, reason: Callable[[Any], str], body: dict[str, Any], status: int, why: str
) -> None:
    """Refused with its reason, and nothing is changed."""
    seq = tidal.hall.seq
    answer = tidal.supervisor.post("/windows/T1/assign", body)
    assert (answer.status_code, reason(answer)) == (status, why)
    assert tidal.hall.seq == seq


# --- standing by ------------------------------------------------------------------------------------------------------


def test_a_tidal_window_stands_by(tidal: Any, reason: Callable[[Any], str]) -> None:
    """Closed with its clerk at hand; the LED says closed; other windows cannot."""
    tidal.supervisor.post("/windows/T1/open")
    stands = tidal.supervisor.post("/windows/T1/close", {"standby": True}).json
    assert (stands["state"], stands["standby"], stands["clerk"], stands["led"]["zh"]) == (
        "closed",
        True,
        "chen",
        "窗口未开放",
    )
    assert (line_of(tidal, "T1")["standby"], line_of(tidal, "T1")["clerk"]) == (True, "chen")
    opened = tidal.supervisor.post("/windows/T1/open").json
    assert (opened["state"], opened["standby"]) == ("open", False)
    refused = tidal.clerk.post("/windows/S01/close", {"standby": True})
    assert (refused.status_code, reason(refused)) == (409, "not_tidal")
    assert tidal.clerk.post("/windows/S01/close", {"standby": "yes"}).status_code == 422


def test_a_clerk_who_stands_by_keeps_the_name(tidal: Any) -> None:
    """A supervisor who sends a window on standby is not its clerk."""
    token = tidal.accounts.session(Person("zhou", frozenset({Role.CLERK}), "T1"))
    zhou = type(tidal.clerk)(tidal.clerk.client, token)
    zhou.post("/windows/T1/open")
    assert tidal.supervisor.post("/windows/T1/close", {"standby": True}).json["clerk"] == "zhou"
    assert zhou.post("/windows/T1/close").json["clerk"] is None


# --- whose turn -------------------------------------------------------------------------------------------------------


def test_it_is_one_windows_turn(tidal: Any) -> None:
    """Of three idle windows that may serve him, the least flexible and longest idle is told; no other."""
    tidal.supervisor.post("/windows/T1/open")
    for window in ("S02", "S01"):
        tidal.clock.at += 1
        tidal.supervisor.post(f"/windows/{window}/open")
    assert not any(tidal.supervisor.get(f"/windows/{w}").json["turn"] for w in ("S01", "S02", "T1"))
    tidal.kiosk.issue("insurance")
    assert [w for w in ("S01", "S02", "T1") if tidal.supervisor.get(f"/windows/{w}").json["turn"]] == ["S02"]
    assert tidal.supervisor.post("/windows/S02/call-next").json["turn"] is False
    tidal.kiosk.issue("insurance")
    assert [w for w in ("S01", "S02", "T1") if tidal.supervisor.get(f"/windows/{w}").json["turn"]] == ["S01"]


# --- alarms and figures -----------------------------------------------------------------------------------------------


def test_a_wait_that_is_too_long_is_told(tidal: Any) -> None:
    """Warned, then an alarm, on the leaders' views and the zone's page; gone when the ticket was called."""
    tidal.supervisor.post("/windows/S01/open")
    tidal.kiosk.issue("insurance")
    for minutes, level in ((14, None), (16, "warn"), (31, "alarm")):
        tidal.clock.set(f"2026-11-23 09:{minutes:02}")
        tidal.watch()
        found = tidal.supervisor.get("/tides").json["alarms"]
        assert [(a["service"], a["level"], a["longest_wait_s"]) for a in found] == (
            [("insurance", level, minutes * 60)] if level else []
        )
        assert tidal.clerk.get("/zones/social").json["alarms"] == found
        assert tidal.clerk.get("/zones/business").json["alarms"] == []
    assert tidal.supervisor.get("/tides").json["alarms"][0]["since"] == "2026-11-23T09:31:00.000+08:00"
    assert [a["level"] for a in tidal.manager.get("/stats/today").json["alarms"]] == ["alarm"]
    assert 'chaoxi_wait_alarms{level="alarm"} 1.0' in tidal.app.test_client().get("/metrics").text
    tidal.supervisor.post("/windows/S01/call-next")
    tidal.watch()
    assert tidal.supervisor.get("/tides").json["alarms"] == []


def test_people_and_nobody_there_is_endless_pressure(tidal: Any) -> None:
    """No number could say it: null in JSON, infinite in the metrics."""
    tidal.kiosk.issue("licence")
    assert tidal.clerk.get("/zones/business").json["pressure_s"] is None
    assert tidal.supervisor.get("/tides").json["pressures"][1]["pressure_s"] is None
    metrics = tidal.app.test_client().get("/metrics").text
    assert 'chaoxi_zone_pressure_seconds{zone="business"} +Inf' in metrics
    assert 'chaoxi_zone_pressure_seconds{zone="social"} 0.0' in metrics


def test_moves_and_their_cost(tidal: Any) -> None:
    """Two formal moves at three minutes; a change of services where the window stands costs none."""
    tidal.supervisor.post("/windows/T1/open")
    move(tidal, zones=["business"])
    move(tidal, home=True)
    move(tidal, "S01", services=["relief"])
    costs = {"moves_today": 3, "helping_calls": 0, "cost_min": 6}
    view = tidal.supervisor.get("/tides").json
    assert {name: view[name] for name in costs} == costs
    assert tidal.manager.get("/stats/today").json["tides"] == costs
    assert 'chaoxi_tidal_moves_today{kind="move"} 2.0' in tidal.app.test_client().get("/metrics").text


def test_the_list_of_moves_ends_at_fifty(tidal: Any) -> None:
    """Newest first; the count goes on."""
    for n in range(30):
        move(tidal, zones=["business"])
        move(tidal, home=True)
        tidal.clock.at += n
    view = tidal.supervisor.get("/tides").json
    assert (len(view["moves"]), view["moves_today"], view["moves"][0]["kind"]) == (50, 60, "revert")
    times = [m["at"] for m in view["moves"]]
    assert times == sorted(times, reverse=True)


# --- appointments -----------------------------------------------------------------------------------------------------


def test_an_appointment_that_is_kept_counts(tidal: Any) -> None:
    """On time before its slot it stands by the slot's time, and ahead of a walk-in who came a little earlier."""
    tidal.kiosk.issue("insurance")
    tidal.clock.at += 60
    kept = tidal.kiosk.issue("insurance", appointment="2026-11-23T09:05:00+08:00")
    tidal.supervisor.post("/windows/S01/open")
    assert tidal.supervisor.get("/windows/S01").json["next"]["number"] == kept["number"]


@pytest.mark.parametrize(
    ("slot", "status", "why"),
    [
        ("2026-11-24T09:00:00+08:00", 409, "appointment_not_today"),
        ("2026-11-22T23:59:59+08:00", 409, "appointment_not_today"),
        ("9999-12-31T23:59:59Z", 409, "appointment_not_today"),
        ("0000-01-01T00:00:00Z", 409, "appointment_not_today"),
        ("09:05", 422, "invalid_request"),
        ("2026-11-23T25:00:00Z", 422, "invalid_request"),
        (["2026-11-23T09:05:00Z"], 422, "invalid_request"),
    ],
)
def test_an_appointment_of_another_day(
    tidal: Any, reason: Callable[[Any], str], slot: Any, status: int, why: str
) -> None:
    """It would wait in today's line for a time that does not come."""
    answer = tidal.kiosk.post("/tickets", {"service": "insurance", "appointment": slot})
    assert (answer.status_code, reason(answer)) == (status, why)
    assert tidal.anyone.get("/hall").json["zones"][0]["waiting"] == 0
