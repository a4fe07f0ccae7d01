"""Figures of the day against a plain recount of the log, and the CSV that managers open in a spreadsheet."""

import csv
import io
import math
from datetime import datetime
from random import Random
from typing import Any

import pytest

from server.cell_text import escaped as _cell


@pytest.fixture(params=[1, 2, 3])
def busy(world: Any, request: pytest.FixtureRequest) -> Any:
    """A seeded morning: tickets come, windows call, some citizens do not."""
    chance = Random(request.param)
    for window in ("S01", "S02", "E01"):
        world.supervisor.post(f"/windows/{window}/open")
    for _ in range(120):
        world.clock.at += chance.randint(1, 90)
        window = chance.choice(["S01", "S02", "E01"])
        match chance.randint(0, 5):
            case 0 | 1:
                world.kiosk.issue(chance.choice(["insurance", "relief", "licence"]))
            case 2:
                world.supervisor.post(f"/windows/{window}/call-next", {"finish_current": True})
            case 3:
                world.supervisor.post(f"/windows/{window}/start")
            case 4:
                world.supervisor.post(f"/windows/{window}/finish")
            case 5:
                if chance.random() < 0.3:
                    world.supervisor.post(f"/windows/{window}/no-show")
    return world


def recount(world: Any) -> list[dict[str, Any]]:
    """Every ticket of the day, told from the events alone."""
    tickets: dict[str, dict[str, Any]] = {}
    for recorded in world.log.read():
        event, kind = recorded.event, type(recorded.event).__name__
        if kind == "TicketIssued":
            tickets[event.ticket] = {
                "number": event.number,
                "zone": event.zone,
                "service": event.service,
                "issued": event.at,
                "state": "waiting",
            }
        elif (ticket := tickets.get(getattr(event, "ticket", ""))) is not None:
            match kind:
                case "TicketCalled":
                    ticket.setdefault("first_called", event.at)
                    ticket.update(state="called", window=event.window, begun=event.at)
                case "ServiceStarted":
                    ticket.update(state="serving", begun=event.at)
                case "ServiceFinished":
                    ticket.update(state="done", finished=event.at, service_s=event.at - ticket["begun"])
                case "TicketMissed":
                    ticket.update(state="no_show")
    return list(tickets.values())


def mean(values: list[float]) -> int | None:
    """Rounded to whole seconds as the API does; None of nothing."""
    return round(sum(values) / len(values)) if values else None


def p90(values: list[float]) -> int | None:
    """Nearest rank."""
    return round(sorted(values)[math.ceil(0.9 * len(values)) - 1]) if values else None


def test_figures_equal_a_recount(busy: Any) -> None:
    """Counts and waits of every zone, service, window and quarter hour are those of the log."""
    figures = busy.manager.get("/stats/today").json
    tickets, now = recount(busy), busy.clock.at
    assert len(tickets) > 25
    for key in ("zone", "service"):
        for line in figures[f"{key}s"]:
            mine = [t for t in tickets if t[key] == line[key]]
            waits = [t["first_called"] - t["issued"] for t in mine if "first_called" in t]
            assert line["issued"] == len(mine)
            assert line["waiting"] == sum(t["state"] == "waiting" for t in mine)
            assert line["served"] == sum(t["state"] == "done" for t in mine)
            assert (line["mean_wait_s"], line["p90_wait_s"]) == (mean(waits), p90(waits))
            if key == "zone":
                still = [now - t["issued"] for t in mine if t["state"] == "waiting"]
                assert line["longest_wait_s"] == (round(max(still)) if still else None)
                assert line["called"] == len(waits)
                assert line["no_show"] == sum(t["state"] == "no_show" for t in mine)
    for line in figures["windows"]:
        done = [t for t in tickets if t.get("window") == line["window"] and t["state"] == "done"]
        assert line["served"] == len(done)
        assert line["mean_service_s"] == mean([t["service_s"] for t in done if 5 <= t["service_s"] <= 4 * 3600])


def test_quarters_add_up(busy: Any) -> None:
    """Each ticket is issued, called and served in one quarter hour; the last one's line is the line of now."""
    figures = busy.manager.get("/stats/today").json
    tickets = recount(busy)
    for quarter in figures["quarters"]:
        begin = datetime.fromisoformat(quarter["at"]).timestamp()
        waits = [t["first_called"] - t["issued"] for t in tickets if begin <= t.get("first_called", 0) < begin + 900]
        assert begin % 900 == 0
        assert quarter["issued"] == sum(begin <= t["issued"] < begin + 900 for t in tickets)
        assert quarter["called"] == len(waits)
        assert quarter["served"] == sum(begin <= t.get("finished", 0) < begin + 900 for t in tickets)
        assert quarter["mean_wait_s"] == mean(waits)
        assert quarter["waiting"] == sum(
            t["issued"] < begin + 900 and t.get("first_called", math.inf) >= begin + 900 for t in tickets
        )
    assert sum(q["issued"] for q in figures["quarters"]) == len(tickets)
    assert figures["quarters"][-1]["waiting"] == sum(t["state"] == "waiting" for t in tickets)


def test_zone_and_stats_agree(busy: Any) -> None:
    """Two views of one thing say the same."""
    for line in busy.manager.get("/stats/today").json["zones"]:
        zone = busy.supervisor.get(f"/zones/{line['zone']}").json
        for name in ("waiting", "longest_wait_s", "mean_wait_s", "p90_wait_s", "open_windows", "total_windows"):
            assert zone[name] == line[name]
        assert (zone["served_today"], zone["issued_today"]) == (line["served"], line["issued"])


def test_an_empty_day_has_no_figures(world: Any) -> None:
    """Nothing is averaged out of nothing, and an idle hall is called idle only when somebody is there."""
    figures = world.manager.get("/stats/today").json
    assert figures["quarters"] == []
    assert all(zone["mean_wait_s"] is zone["longest_wait_s"] is None for zone in figures["zones"])


def test_the_csv_opens_in_a_spreadsheet(busy: Any) -> None:
    """With a BOM, as a file, one row a ticket in order of issue, numbers as in the log (UTF-8 Chinese headings)."""
    answer = busy.manager.get("/stats/today.csv")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert answer.content_type == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == "attachment; filename=chaoxi-2026-11-23.csv"
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    tickets = recount(busy)
    assert [row["票号 number"] for row in rows] == [t["number"] for t in tickets]
    assert [row["等候秒数 wait_s"] for row in rows] == [
        str(round(t["first_called"] - t["issued"])) if "first_called" in t else "" for t in tickets
    ]
    assert rows[0]["业务 service"] in ("社会保险", "社会救助", "营业执照")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0"])
def test_no_cell_is_a_formula(text: str) -> None:
    """A name that begins like a formula is text to the spreadsheet; numbers stay numbers."""
    assert _cell(text) == f"'{text}"
    assert [_cell(value) for value in ("A001", -5, None, 3.5)] == ["A001", -5, None, 3.5]


def test_a_channel_like_a_formula_stays_text(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The escape really is on the way of every cell."""
    world.kiosk.issue()
    monkeypatch.setattr("server.web.api.reading.csv_rows", lambda *_: iter([["h"], ["=HYPERLINK(1)"]]))
    assert world.manager.get("/stats/today.csv").data.decode("utf-8-sig").splitlines() == ["h", "'=HYPERLINK(1)"]
