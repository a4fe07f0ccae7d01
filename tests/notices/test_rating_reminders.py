"""Who has not rated is invited once more after some days (A1.11): by the hall's clock, once, whatever falls over."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.notices.conftest import House
from tests.notices.receiver import Receiver

HOUR_S, DAY_S = 3600.0, 86400.0


@pytest.fixture
def asking(build: Callable[[str], House], receiver: Receiver) -> House:
    """A hall with a gateway that wants to be told whom to ask."""
    return build(f"hooks:\n  - {{ id: sms, url: '{receiver.url}', events: [rate_us], timeout_s: 1 }}\n")


def serve(house: House) -> dict[str, Any]:
    """A citizen is served to the end, and asked at once."""
    ticket: dict[str, Any] = house.kiosk.issue(language="en")
    house.clerk.post("/windows/S01/open")
    house.clerk.post("/windows/S01/call-next")
    assert house.clerk.post("/windows/S01/finish").status_code == 200
    house.work()
    return ticket


def pass_by(house: House, seconds: float) -> None:
    """Time passes as in a server that runs: the days open, the chores work."""
    end = house.clock.at + seconds
    while house.clock.at < end:
        house.clock.at = min(end, house.clock.at + 6 * HOUR_S)
        house.running.hall.tick()
        house.work()


def reminders(receiver: Receiver) -> list[dict[str, Any]]:
    """The reminders that came."""
    return [one.json["data"] for one in receiver.got if one.json["data"]["reminder"]]


def test_who_has_not_rated_is_asked_once_more(asking: House, receiver: Receiver) -> None:
    """After three days to the minute, with the link of his page, which still takes his rating; then never again."""
    ticket, rated = serve(asking), serve(asking)
    assert [one.json["data"]["reminder"] for one in receiver.got] == [False, False]
    assert asking.anyone.post(f"{rated['url']}/rating", {"level": 5}).status_code == 200
    pass_by(asking, 3 * DAY_S - 60)
    assert reminders(receiver) == []
    pass_by(asking, 120)

    (told,) = reminders(receiver)
    link = f"http://hall.test{ticket['url']}"
    assert (told["ticket"], told["link"], told["to"], told["language"]) == ("A001", link, "citizen", "en")
    assert told["text_zh"] == f"您11月23日来办事（A001号），对本次服务是否满意？请评价：{link}"
    assert told["text_en"] == (f"You were here on 11/23 with number A001. How was the service? Please rate it: {link}")
    assert asking.anyone.post(f"{ticket['url']}/rating", {"level": 4}).status_code == 200
    pass_by(asking, 5 * DAY_S)
    assert len(reminders(receiver)) == 1


def test_who_rates_late_by_himself_is_left_alone(asking: House, receiver: Receiver) -> None:
    """Rated on the second day, or while the reminder waited for a gateway that was away: nothing is sent."""
    by_himself, meanwhile = serve(asking), serve(asking)
    pass_by(asking, DAY_S)
    assert asking.anyone.post(f"{by_himself['url']}/rating", {"level": 5}).status_code == 200
    receiver.die()
    pass_by(asking, 2 * DAY_S + 60)
    assert asking.condition().queued == 1
    assert asking.anyone.post(f"{meanwhile['url']}/rating", {"level": 5}).status_code == 200
    receiver.start()
    pass_by(asking, DAY_S)
    assert reminders(receiver) == []
    assert asking.condition().queued == 0


@pytest.mark.parametrize("killed", ["before it is due", "while it is due", "before it is sent", "after it was sent"])
def test_a_kill_neither_loses_nor_repeats_a_reminder(asking: House, receiver: Receiver, killed: str) -> None:
    """Whenever the server falls over, the reminder comes, once."""
    serve(asking)
    pass_by(asking, 3 * DAY_S - HOUR_S)
    if killed == "before it is due":
        asking.stop()
        asking.start()
    if killed == "while it is due":
        asking.stop()
        asking.clock.at += 2 * HOUR_S
        asking.start()
    if killed == "before it is sent":
        receiver.die()
        pass_by(asking, 2 * HOUR_S)
        asking.stop()
        receiver.start()
        asking.start()
    pass_by(asking, 3 * HOUR_S)
    if killed == "after it was sent":
        asking.stop()
        asking.start()
    pass_by(asking, 2 * DAY_S)
    assert [told["ticket"] for told in reminders(receiver)] == ["A001"]


def test_a_clock_set_back_repeats_nothing(asking: House, receiver: Receiver) -> None:
    """An hour back after the reminder: it has been sent."""
    serve(asking)
    pass_by(asking, 3 * DAY_S + 120)
    asking.clock.at -= HOUR_S
    asking.work()
    pass_by(asking, 3 * HOUR_S)
    assert len(reminders(receiver)) == 1


@pytest.mark.parametrize("rules", ["remind_days: 0", "within_h: 48"])
def test_nobody_is_reminded_where_the_hall_does_not_want_it(
    build: Callable[[str], House], receiver: Receiver, rules: str
) -> None:
    """Switched off, or when the reminder would come after the last moment to rate."""
    hook = f"hooks:\n  - {{ id: sms, url: '{receiver.url}', events: [rate_us], timeout_s: 1 }}\n"
    house = build(f"ratings: {{ {rules} }}\n{hook}")
    serve(house)
    pass_by(house, 8 * DAY_S)
    assert (len(receiver.got), reminders(receiver)) == (1, [])


def test_a_hook_added_later_reminds_of_what_is_due_from_then_on(
    build: Callable[[str], House], receiver: Receiver
) -> None:
    """Who was never told anything is not flooded with what was due before."""
    house = build("")
    serve(house)
    pass_by(house, 3 * DAY_S + HOUR_S)
    serve(house)
    house.stop()
    house.text = f"hooks:\n  - {{ id: sms, url: '{receiver.url}', events: [rate_us], timeout_s: 1 }}\n"
    house.start()
    pass_by(house, 4 * DAY_S)
    assert [told["text_zh"][:8] for told in reminders(receiver)] == ["您11月26日来"]
