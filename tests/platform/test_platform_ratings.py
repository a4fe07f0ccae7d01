"""Ratings go to the provincial platform (A1.10): with the visit's cases, without persons, none lost and none twice."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.platform.conftest import Desk
from tests.platform.fake_platform import FakePlatform

CANARY, PHONE = "金丝雀的话", "13912345678"
DAY_S = 86400.0


@pytest.fixture
def rated(build: Callable[[str], Desk], fake: FakePlatform) -> Desk:
    """A hall that reports ratings by HTTP."""
    return build(f"platform: {{ kind: http, url: '{fake.url}', ratings: true }}\n")


def serve(desk: Desk) -> dict[str, Any]:
    """A citizen is served to the end."""
    ticket: dict[str, Any] = desk.kiosk.issue()
    desk.clerk.post("/windows/S01/open")
    desk.clerk.post("/windows/S01/call", {"ticket": ticket["number"]})
    assert desk.clerk.post("/windows/S01/finish").status_code == 200
    return ticket


def rate(desk: Desk, ticket: dict[str, Any], level: int = 5, **more: Any) -> None:
    """By the ticket's link."""
    assert desk.anyone.post(f"{ticket['url']}/rating", {"level": level, **more}).status_code == 200


def test_a_rating_carries_its_visits_cases_and_nobodys_name(rated: Desk, fake: FakePlatform) -> None:
    """The platform finds by the case numbers which acceptance was rated (A1.2); remark, phone and name stay here."""
    ticket = rated.kiosk.issue()
    rated.supervisor.post("/windows/S01/open")
    rated.supervisor.post("/windows/S01/call-next")
    numbers = [rated.accept("c-1", item="421-001"), rated.accept("c-2", item="421-002")]
    rated.supervisor.post("/windows/S01/finish")
    rate(rated, ticket, 2, points=["slow"], comment=CANARY, phone=PHONE, name="王小明")
    rated.exchange()

    (told,) = fake.ratings.values()
    assert told == {
        "id": f"rating-{ticket['id']}", "type": "rating", "ticket": "A001", "ticket_id": ticket["id"],
        "business_day": "2026-11-23", "cases": numbers, "items": ["421-001", "421-002"], "level": 2,
        "points": ["slow"], "version": "1", "channel": "phone", "rated_at": "2026-11-23T09:00:00.000+08:00",
        "excluded": False,
    }  # fmt: skip
    assert fake.asked[-2][:2] == ("POST", "/gateway/ratings")
    assert fake.asked[-2][2]["Idempotency-Key"] == told["id"]
    for secret in (CANARY, PHONE, "王小明"):
        assert secret not in json.dumps(told, ensure_ascii=False)


def test_what_two_people_found_false_is_corrected(rated: Desk, fake: FakePlatform) -> None:
    """After the second person has agreed, and not before; a judgement the other way tells nothing."""
    tickets = [serve(rated) for _ in range(2)]
    for ticket in tickets:
        rate(rated, ticket, 1)
        rated.supervisor.post(f"/orders/{ticket['id']}/exclude", {"note": "评错了人"})
    rated.exchange()
    assert [one["excluded"] for one in fake.ratings.values()] == [False, False]
    for ticket, accept in zip(tickets, (True, False), strict=True):
        assert rated.admin.post(f"/orders/{ticket['id']}/judge", {"accept": accept}).status_code == 200
    rated.exchange()

    assert list(fake.ratings.values())[2:] == [
        {
            "id": f"rating-{tickets[0]['id']}-excluded",
            "type": "rating",
            "ticket_id": tickets[0]["id"],
            "excluded": True,
            "excluded_at": "2026-11-23T09:00:00.000+08:00",
        }
    ]


@pytest.mark.parametrize("restarts", [False, True])
def test_a_platform_away_for_a_day_gets_every_rating_in_order(rated: Desk, fake: FakePlatform, restarts: bool) -> None:
    """Twenty-four hours without it, past midnight, with the server killed or not: nothing lost, each under its first id,
    in the order in which they were given, and none twice."""
    fake.mood = 503
    given = []
    for level in (5, 2, 4):
        given.append(serve(rated))
        rate(rated, given[-1], level)
        if level == 5:
            rated.exchange()
    late = serve(rated)
    if restarts:
        # What had not been read from the log yet is read after the night, when its tickets are gone.
        rated.stop()
        rated.clock.at += DAY_S
        rated.start()
    for _ in range(6):
        rated.clock.at += 4 * 3600
        rated.running.hall.tick()
        rated.exchange()
    rate(rated, late, 3)
    given.append(late)
    assert fake.ratings == {}
    tried = [headers.get("Idempotency-Key") for method, _, headers in fake.asked if method == "POST"]
    assert set(tried) == {f"rating-{given[0]['id']}"}
    assert len(tried) >= 6

    fake.mood = "ok"
    rated.exchange()
    rated.exchange()
    assert list(fake.ratings) == [f"rating-{ticket['id']}" for ticket in given]
    told = list(fake.ratings.values())
    assert [one["level"] for one in told] == [5, 2, 4, 3]
    assert {one["business_day"] for one in told} == {"2026-11-23"}
    keys = [headers.get("Idempotency-Key") for method, _, headers in fake.asked if method == "POST"][len(tried) :]
    assert keys == list(fake.ratings)
    assert rated.view()["counts"]["queued"] == 0


def test_ratings_go_into_the_folder(build: Callable[[str], Desk], tmp_path: Path) -> None:
    """One file for each, kept while the folder is away."""
    folder = tmp_path / "exchange"
    desk = build(f"platform: {{ kind: file, folder: '{folder}', ratings: true }}\n")
    folder.write_text("no folder", "utf-8")
    tickets = [serve(desk) for _ in range(2)]
    for ticket in tickets:
        rate(desk, ticket, 4)
    desk.exchange()
    assert desk.view()["counts"]["queued"] == 2
    folder.unlink()
    desk.exchange()

    for ticket in tickets:
        told = json.loads((folder / "out" / f"rating-{ticket['id']}.json").read_text("utf-8"))
        assert (told["ticket"], told["level"], told["type"]) == (ticket["number"], 4, "rating")
    assert len(list((folder / "out").iterdir())) == 2


def test_ratings_stay_here_unless_the_hall_file_says_so(linked: Desk, fake: FakePlatform) -> None:
    """A linked platform gets cases and no ratings by itself."""
    rate(linked, serve(linked), 1)
    linked.exchange()
    assert (fake.ratings, linked.view()["outgoing"]) == ({}, [])
