"""What is only looked at: hall, zones, boards, devices, health, metrics."""

import re
from typing import Any


def test_the_hall_at_nine(world: Any) -> None:
    """Names, day, hours and zones as the hall file and the clock say."""
    hall = world.anyone.get("/hall").json
    assert (hall["id"], hall["business_day"], hall["timezone"]) == ("small", "2026-11-23", "Asia/Shanghai")
    assert (hall["open"], hall["opens_at"], hall["closes_at"]) == (True, None, "2026-11-23T12:00:00.000+08:00")
    assert [zone["id"] for zone in hall["zones"]] == ["social", "business"]
    assert [s["id"] for s in hall["zones"][0]["services"]] == ["insurance", "relief"]
    assert [group["id"] for group in hall["groups"]] == ["elder"]


def test_the_hall_at_lunch_and_on_friday_night(world: Any) -> None:
    """Shut, it says when it opens next."""
    world.clock.set("2026-11-23 12:30")
    assert world.anyone.get("/hall").json["opens_at"] == "2026-11-23T14:00:00.000+08:00"
    world.clock.set("2026-11-27 20:00")
    hall = world.anyone.get("/hall").json
    assert (hall["open"], hall["opens_at"]) == (False, "2026-11-30T08:30:00.000+08:00")


def test_the_hall_is_not_stale_when_the_clock_was_set_back(world: Any, monkeypatch: Any) -> None:
    """The hall's time stands still until the clock has caught up; what is shown must not (a kept view ends by itself)."""
    world.kiosk.issue()
    world.clock.at -= 3600
    assert world.anyone.get("/hall").json["zones"][0]["waiting"] == 1
    world.kiosk.issue()
    steps = iter(range(10**6))
    real = __import__("time").monotonic
    monkeypatch.setattr("server.web.site.time.monotonic", lambda: real() + 2 * next(steps))
    assert world.anyone.get("/hall").json["zones"][0]["waiting"] == 2


def test_a_zone_live(world: Any) -> None:
    """Counts, waits and windows of the zone."""
    world.a_day_has_begun()
    zone = world.supervisor.get("/zones/social").json
    assert (zone["waiting"], zone["issued_today"], zone["open_windows"], zone["total_windows"]) == (1, 3, 2, 3)
    assert {w["window"]: w["status"] for w in zone["windows"]} == {"S01": "serving", "S02": "idle", "S03": "closed"}
    assert ([r["number"] for r in zone["queue"]], [r["number"] for r in zone["held"]]) == (["A003"], ["A002"])


def test_a_board_shows_its_calls_newest_first(world: Any) -> None:
    """One line a ticket, numbers of calls rising, only its own zones."""
    world.a_day_has_begun()
    world.kiosk.issue("licence")
    world.supervisor.post("/windows/E01/open")
    world.supervisor.post("/windows/E01/call-next")
    world.supervisor.post("/windows/E01/recall")
    main, upstairs = world.anyone.get("/boards/main").json, world.anyone.get("/boards/upstairs").json

    assert [(c["number"], c["window"], c["kind"]) for c in main["calls"]] == [
        ("B001", "E01", "recall"),
        ("A002", "S02", "call"),
        ("A001", "S01", "call"),
    ]
    assert [c["call"] for c in main["calls"]] == [4, 2, 1]
    assert [c["number"] for c in upstairs["calls"]] == ["B001"]
    assert [zone["id"] for zone in upstairs["zones"]] == ["business"]
    assert main["seq"] == world.hall.seq
    seqs = [c["seq"] for c in main["calls"]]
    assert seqs == sorted(seqs, reverse=True)


def test_a_board_forgets_old_calls(world: Any) -> None:
    """A call stays half an hour after its ticket has gone, and as long as it is being served."""
    world.a_day_has_begun()
    world.clock.at += 31 * 60
    assert [c["number"] for c in world.anyone.get("/boards/main").json["calls"]] == ["A001"]


def test_a_kiosk_is_told_its_settings_and_its_way_out(world: Any) -> None:
    """The hall file's settings; the hash of the exit PIN for the kiosk alone."""
    world.accounts.set_exit_pin("314159")
    own = world.kiosk.get("/devices/kiosk-1").json
    assert (own["id"], own["kind"], own["settings"]["screen"]["width_px"]) == ("kiosk-1", "kiosk", 1080)
    assert own["exit_pin_hash"].startswith("$argon2id$")
    assert "exit_pin_hash" not in world.admin.get("/devices/kiosk-1").json
    for device, kind in (
        ("main", "board"),
        ("voice-f1", "voice"),
        ("keys", "keypad"),
        ("led", "ledbar"),
        ("desk", "printer"),
    ):
        assert world.clerk.get(f"/devices/{device}").json["kind"] == kind


def test_health_and_readiness(world: Any) -> None:
    """The process answers; the day is open at a place in the log."""
    client = world.app.test_client()
    assert client.get("/healthz").json == {"status": "ok"}
    assert client.get("/readyz").json == {"status": "ok", "business_day": "2026-11-23", "seq": world.hall.seq}


def samples(text: str) -> dict[str, float]:
    """Prometheus' text form: series → value."""
    return {
        line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if line and line[0] != "#"
    }


def test_metrics_tell_the_hall_in_base_units(world: Any) -> None:
    """Waiting and open windows by zone, counters `_total`, times in seconds, a help text for each (C8)."""
    world.a_day_has_begun()
    text = world.app.test_client().get("/metrics").text
    found = samples(text)
    assert found['chaoxi_tickets_waiting{zone="social"}'] == 1
    assert found['chaoxi_windows_open{zone="social"}'] == 2
    assert found["chaoxi_log_last_seq"] == world.hall.seq
    for line in text.splitlines():
        if line.startswith("# TYPE") and line.endswith("counter"):
            assert line.split()[2].endswith("_total")
    assert {line.split()[2] for line in text.splitlines() if line.startswith("# TYPE")} == {
        line.split()[2] for line in text.splitlines() if line.startswith("# HELP")
    }


def test_metrics_stay_few_whatever_is_asked(world: Any) -> None:
    """A client cannot make new series: neither by path nor by an invented method (C8)."""
    client = world.app.test_client()
    client.get("/metrics")
    client.open("/api/v1/hall", method="INVENTED")
    before = set(samples(client.get("/metrics").text))
    for n in range(50):
        client.open(f"/api/v1/zones/z{n}", method=f"METHOD{n}")
        world.anyone.get(f"/boards/b{n}")
    after = set(samples(client.get("/metrics").text))
    assert len(after - before) <= 2
    assert all(
        set(re.findall(r"(\w+)=", series)) <= {"zone", "method", "status", "le", "kind", "level"} for series in after
    )
