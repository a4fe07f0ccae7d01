"""The citizen's link: the token opens one ticket and nothing else does."""

from collections.abc import Callable
from typing import Any


def test_the_link_shows_the_ticket_without_its_id(world: Any) -> None:
    """The same view as the kiosk's, less the id with which one could act for a kiosk and what is personal."""
    ticket = world.kiosk.issue()
    answer = world.anyone.get(ticket["url"])

    assert answer.status_code == 200
    assert answer.json == {name: value for name, value in ticket.items() if name not in ("id", "masked", "name")}
    assert ticket["id"] not in answer.text


def test_the_reason_for_citizens_only(world: Any) -> None:
    """The managers' sentence about other people's tickets is not shown to a phone."""
    ticket = world.kiosk.issue()
    world.clerk.post("/windows/S01/open")
    world.clerk.post("/windows/S01/call-next")
    assert set(world.anyone.get(ticket["url"]).json["why"]) == {"zh", "en"}


def test_nothing_but_the_token_opens_it(world: Any, reason: Callable[[Any], str]) -> None:
    """Neither id nor number, nor a token with one letter changed, nor the token of another hall's secret."""
    ticket = world.kiosk.issue()
    token = ticket["url"].removeprefix("/t/")
    changed = ("A" if token[0] != "A" else "B") + token[1:]
    for guess in (ticket["id"], ticket["number"], changed, token[:-1], token + "A", token.swapcase()):
        assert reason(world.anyone.get(f"/t/{guess}")) == "link_unknown"


def test_tokens_are_long_and_unlike(world: Any) -> None:
    """128 bits each: two tickets in a row have nothing in common to guess by."""
    tokens = {world.kiosk.issue()["url"] for _ in range(50)}
    assert len(tokens) == 50
    assert {len(token) for token in tokens} == {25}


def test_cancel_and_rate_by_link(world: Any, reason: Callable[[Any], str]) -> None:
    """The citizen gives up, or rates once when done."""
    given_up, served = world.kiosk.issue(), world.kiosk.issue()
    assert world.anyone.post(f"{given_up['url']}/cancel").json["state"] == "cancelled"
    assert reason(world.anyone.post(f"{given_up['url']}/cancel")) == "wrong_state"
    world.clerk.post("/windows/S01/open")
    world.clerk.post("/windows/S01/call-next")
    assert reason(world.anyone.post(f"{served['url']}/rating", {"level": 5})) == "wrong_state"
    world.clerk.post("/windows/S01/finish")
    assert world.anyone.post(f"{served['url']}/rating", {"level": 3}).json["rating"] == 3
    assert reason(world.anyone.post(f"{served['url']}/rating", {"level": 5})) == "already_rated"


def test_a_link_ends_with_its_day(world: Any, reason: Callable[[Any], str]) -> None:
    """After midnight yesterday's link says that its day is over; today's works."""
    old = world.kiosk.issue()
    world.clock.set("2026-11-24 09:00")
    world.hall.tick()
    new = world.kiosk.issue()
    assert reason(world.anyone.get(old["url"])) == "link_unknown"
    assert world.anyone.get(new["url"]).json["number"] == "A001"


def test_a_link_works_after_a_failed_write(world: Any) -> None:
    """A ticket that was never written leaves no link behind, and the next ticket's link is found."""
    world.kiosk.issue()
    world.anyone.get("/t/AAAAAAAAAAAAAAAAAAAAAA")
    world.disk.full = True
    assert world.kiosk.post("/tickets", {"service": "insurance"}).status_code == 503
    world.disk.full = False
    assert world.anyone.get(world.kiosk.issue()["url"]).json["number"] == "A002"
