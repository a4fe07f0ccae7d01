"""Devices tell how their printers are, and managers see it (C17)."""

from collections.abc import Callable
from typing import Any


def devices_of(world: Any) -> list[dict[str, Any]]:
    """What the manager's figures say of devices."""
    world.clock.at += 2  # past the age a view may have
    return list(world.manager.get("/stats/today").json["devices"])


def test_paper_near_its_end_reaches_the_manager(world: Any) -> None:
    """A kiosk's report is in the figures with its name, as a warning, and gone when the roll is new."""
    assert devices_of(world) == []

    world.kiosk.post("/devices/kiosk-1/status", {"printer": "near_end"})
    (told,) = devices_of(world)
    assert (told["device"], told["name"], told["printer"], told["alarm"]) == (
        "kiosk-1",
        "取号机",
        "near_end",
        "warning",
    )

    world.kiosk.post("/devices/kiosk-1/status", {"printer": "ready"})
    assert [d["alarm"] for d in devices_of(world)] == ["none"]


def test_since_tells_when_the_condition_began(world: Any) -> None:
    """Saying the same again neither moves the time nor adds to the log."""
    first = world.kiosk.post("/devices/kiosk-1/status", {"printer": "paper_out"}).json
    seq = world.hall.seq
    world.clock.at += 60
    again = world.kiosk.post("/devices/kiosk-1/status", {"printer": "paper_out"}).json
    assert again == first
    assert again["alarm"] == "alarm"
    assert world.hall.seq == seq


def test_the_condition_outlives_midnight(world: Any) -> None:
    """A printer that ran out of paper yesterday is still out of paper this morning."""
    world.kiosk.post("/devices/kiosk-1/status", {"printer": "paper_out"})
    world.clock.set("2026-11-24 08:30")
    world.hall.tick()
    (told,) = devices_of(world)
    assert told["printer"] == "paper_out"
    assert told["since"].startswith("2026-11-23")


def test_a_device_speaks_only_for_itself(world: Any, reason: Callable[[Any], str]) -> None:
    """Another kiosk's printer, a device that is not in the hall file and an invented condition are refused."""
    assert reason(world.kiosk.post("/devices/kiosk-2/status", {"printer": "ready"})) == "forbidden"
    assert reason(world.printer.post("/devices/kiosk-1/status", {"printer": "ready"})) == "forbidden"
    assert reason(world.kiosk.post("/devices/kiosk-1/status", {"printer": "on fire"})) == "invalid_request"
    assert reason(world.clerk.post("/devices/kiosk-1/status", {"printer": "ready"})) == "forbidden"
