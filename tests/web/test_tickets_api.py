"""Tickets over HTTP: issue, look, cancel, reprint, print state, rating."""

from collections.abc import Callable
from typing import Any

import pytest


def test_a_ticket_as_the_kiosk_gets_it(world: Any) -> None:
    """201 with everything a paper needs: number, place in line, wait, windows, link."""
    world.clerk.post("/windows/S01/open")
    world.kiosk.issue()
    answer = world.kiosk.post("/tickets", {"service": "insurance", "id": "0193-a-ticket", "language": "en"})

    assert answer.status_code == 201
    ticket = answer.json
    assert ticket["wait"]["low_s"] <= ticket["wait"]["high_s"]
    assert len(ticket["url"]) == len("/t/") + 22
    expected = {
        "id": "0193-a-ticket",
        "number": "A002",
        "state": "waiting",
        "business_day": "2026-11-23",
        "zone": "social",
        "service": "insurance",
        "service_name": "社会保险",
        "service_name_en": "Social insurance",
        "channel": "kiosk",
        "language": "en",
        "issued_at": "2026-11-23T09:00:00.000+08:00",
        "ahead": 1,
        "windows": ["S01"],
        "windows_text": "1号窗口",
        "window": None,
        "copies": 1,
        "print": None,
        "calls": 0,
    }
    assert {name: ticket[name] for name in expected} == expected


def test_numbers_go_up_by_series(world: Any) -> None:
    """Each zone's letter counts for itself."""
    numbers = [world.kiosk.issue(service)["number"] for service in ("insurance", "licence", "relief", "licence")]
    assert numbers == ["A001", "B001", "A002", "B002"]


def test_a_priority_group_comes_first(world: Any) -> None:
    """An elder of now counts as of three quarters of an hour ago."""
    world.kiosk.issue()
    assert world.kiosk.issue(group="elder")["ahead"] == 0


def test_the_same_ticket_id_is_the_same_ticket(world: Any, reason: Callable[[Any], str]) -> None:
    """Under another key the same id gives the same ticket; for another service it is refused."""
    first = world.kiosk.issue(id="my-ticket")
    again = world.kiosk.issue(id="my-ticket")
    other = world.kiosk.post("/tickets", {"service": "licence", "id": "my-ticket"})

    assert (again["number"], again["id"]) == (first["number"], "my-ticket")
    assert (other.status_code, reason(other)) == (409, "ticket_exists")


def test_staff_issue_for_their_window_and_printer(world: Any) -> None:
    """A clerk takes a number for somebody, to be called here only, printed at the desk."""
    world.clerk.post("/windows/S01/open")
    ticket = world.clerk.issue(for_window="S01", printer="desk")

    assert (ticket["channel"], ticket["windows"], ticket["print"]) == ("staff", ["S01"], "queued")


@pytest.mark.parametrize(
    ("at", "status"),
    [
        ("2026-11-23 08:29", 409),
        ("2026-11-23 08:30", 201),
        ("2026-11-23 11:59", 201),
        ("2026-11-23 12:00", 409),
        ("2026-11-23 14:00", 201),
        ("2026-11-23 17:00", 409),
        ("2026-11-28 09:00", 409),
    ],
)
def test_tickets_are_issued_in_opening_hours_only(
    world: Any, reason: Callable[[Any], str], at: str, status: int
) -> None:
    """To the minute; before, after, at lunch and on Saturday the refusal is a sentence, not a fault (A2.3)."""
    world.clock.set(at if at > "2026-11-23 09:00" else at.replace("23", "24"))
    answer = world.kiosk.post("/tickets", {"service": "insurance"})

    assert answer.status_code == status
    if status == 409:
        assert reason(answer) == "service_closed"


def test_closing_stops_issuing_while_calling_goes_on(world: Any, reason: Callable[[Any], str]) -> None:
    """Those who wait at closing time are still called, served and finished (A2.3)."""
    world.clerk.post("/windows/S01/open")
    world.kiosk.issue()
    world.kiosk.issue()
    world.clock.set("2026-11-23 17:01")

    assert reason(world.kiosk.post("/tickets", {"service": "insurance"})) == "service_closed"
    for number in ("A001", "A002"):
        assert world.clerk.post("/windows/S01/call-next").json["ticket"]["number"] == number
        assert world.clerk.post("/windows/S01/start").status_code == 200
        assert world.clerk.post("/windows/S01/finish").json["ticket"] is None
    assert world.clerk.post("/windows/S01/call-next").status_code == 204


def test_cancel_takes_it_out_of_the_line(world: Any, reason: Callable[[Any], str]) -> None:
    """Cancelled once, it is not called; a second cancel says so."""
    ticket = world.kiosk.issue()
    world.clerk.post("/windows/S01/open")

    cancelled = world.kiosk.post(f"/tickets/{ticket['id']}/cancel")
    assert (cancelled.json["state"], cancelled.json["ahead"], cancelled.json["wait"]) == ("cancelled", None, None)
    assert world.clerk.post("/windows/S01/call-next").status_code == 204
    assert reason(world.kiosk.post(f"/tickets/{ticket['id']}/cancel")) == "wrong_state"


def test_a_reprint_is_a_copy_and_no_second_number(world: Any) -> None:
    """Copies are counted; the number stays."""
    ticket = world.kiosk.issue()
    copy = world.kiosk.post(f"/tickets/{ticket['id']}/reprint").json
    again = world.clerk.post(f"/tickets/{ticket['id']}/reprint", {"printer": "desk"}).json

    assert (copy["number"], copy["copies"], copy["print"]) == ("A001", 2, None)
    assert (again["number"], again["copies"], again["print"]) == ("A001", 3, "queued")
    assert world.kiosk.issue()["number"] == "A002"


def test_the_paper_never_decides_about_the_ticket(world: Any) -> None:
    """Whatever the printer says, the ticket waits and is called (design rule 5)."""
    ticket = world.kiosk.issue()
    for state in ("queued", "failed", "unknown", "printed"):
        told = world.kiosk.post(f"/tickets/{ticket['id']}/print-state", {"state": state}).json
        assert (told["print"], told["state"]) == (state, "waiting")
    bad = world.kiosk.post(f"/tickets/{ticket['id']}/print-state", {"state": "burning"})
    assert bad.status_code == 422


@pytest.mark.parametrize("level", [0, 6, "5", 4.5, True, None])
def test_a_rating_is_a_number_from_one_to_five(world: Any, level: object) -> None:
    """Nothing else is taken, and nothing is rounded."""
    ticket = world.kiosk.issue()
    assert world.kiosk.post(f"/tickets/{ticket['id']}/rating", {"level": level}).status_code == 422


def test_a_service_is_rated_once_and_when_done(world: Any, reason: Callable[[Any], str]) -> None:
    """Not before it is done, not twice."""
    ticket = world.kiosk.issue()
    rating = f"/tickets/{ticket['id']}/rating"
    assert reason(world.kiosk.post(rating, {"level": 5})) == "wrong_state"
    world.clerk.post("/windows/S01/open")
    world.clerk.post("/windows/S01/call-next")
    world.clerk.post("/windows/S01/finish")
    assert world.kiosk.post(rating, {"level": 4}).json["rating"] == 4
    assert reason(world.kiosk.post(rating, {"level": 5})) == "already_rated"


def test_a_ticket_is_found_by_number_too(world: Any) -> None:
    """A clerk types what stands on the paper, in any case."""
    ticket = world.kiosk.issue()
    assert world.clerk.get("/tickets/a001").json["id"] == ticket["id"]
    assert world.clerk.get("/tickets/A001").json == world.clerk.get(f"/tickets/{ticket['id']}").json


def test_people_ahead_equal_the_truth(world: Any) -> None:
    """`ahead` of each waiting ticket is its place in the line that the window calls (A2.12, one definition of next)."""
    world.clerk.post("/windows/S01/open")
    groups = [None, "elder", None, None, "elder", None]
    tickets = []
    for n, group in enumerate(groups):
        world.clock.at += 600 + n
        tickets.append(world.kiosk.issue("insurance" if n % 2 else "relief", group=group))
    ahead = {t["number"]: world.kiosk.get(f"/tickets/{t['id']}").json["ahead"] for t in tickets}

    line = [row["number"] for row in world.clerk.get("/windows/S01").json["queue"]]
    assert ahead == {number: place for place, number in enumerate(line)}
    called = []
    while (answer := world.clerk.post("/windows/S01/call-next", {"finish_current": True})).status_code == 200:
        called.append(answer.json["ticket"]["number"])
    assert called == line
