"""Every command can be sent again: the first answer is given again, whatever it was, also after a restart (D2.10)."""

from typing import Any

import pytest

from server.core import commands as c
from server.hall import ANSWERS_KEPT_S, KeyReused


def test_a_success_is_repeated(desk: Any) -> None:
    """The second request makes no second ticket and gets the first answer, marked as such."""
    first = desk.issue("t-1", key="one-tap")
    again = desk.issue("t-1", key="one-tap")

    assert (first.replayed, again.replayed) == (False, True)
    assert (again.status, again.body) == (first.status, first.body)
    assert desk.numbers() == ["A001"]


def test_a_refusal_is_repeated(desk: Any) -> None:
    """A request refused once stays refused under its key, even when it would succeed by now."""
    refused = desk.call("S01", key="too-early")
    desk.open("S01")
    desk.issue()

    again = desk.call("S01", key="too-early")

    assert (refused.status, refused.body) == (409, {"reason": "window_closed"})
    assert (again.status, again.body, again.replayed) == (409, {"reason": "window_closed"}, True)
    assert desk.call("S01", key="new-press").status == 200


def test_an_empty_answer_is_repeated(desk: Any) -> None:
    """A call-next that found nobody finds nobody under its key, although somebody has come; a new press calls them."""
    desk.open("S01")
    empty = desk.call("S01", key="nobody-there")
    desk.issue()

    again = desk.call("S01", key="nobody-there")

    assert (empty.status, empty.body) == (204, None)
    assert (again.status, again.body, again.replayed) == (204, None, True)
    assert desk.call("S01").body[0]["number"] == "A001"


def test_another_body_under_the_same_key_is_refused(desk: Any) -> None:
    """A key names one request; used for another it is refused and nothing happens."""
    desk.issue("t-1", key="one-tap", body="insurance")

    with pytest.raises(KeyReused):
        desk.issue("t-2", key="one-tap", body="relief")

    assert desk.numbers() == ["A001"]


def test_first_answers_outlive_a_restart(house: Any) -> None:
    """A retry that reaches the restarted server gets the answer of before."""
    desk = house.start()
    first = desk.issue("t-1", key="one-tap")
    house.stop()

    again = house.start().issue("t-1", key="one-tap")

    assert (again.body, again.replayed) == (first.body, True)


def test_first_answers_outlive_midnight(house: Any) -> None:
    """A retry after midnight gets yesterday's ticket and does not take one of today."""
    desk = house.start()
    house.clock.set("2026-11-23 23:59")
    first = desk.issue("t-1", key="one-tap")
    house.clock.set("2026-11-24 00:01")

    again = desk.issue("t-1", key="one-tap")

    assert (again.body, again.replayed) == (first.body, True)
    assert desk.numbers() == []


def test_the_same_ticket_under_another_key(desk: Any) -> None:
    """A kiosk that lost its key but kept its ticket's id gets that ticket, not a second one."""
    desk.issue("t-1")
    again = desk.issue("t-1")
    other = desk.send(lambda at: c.Issue(at=at, ticket="t-1", service="licence"))

    assert again.status == 204
    assert (other.status, other.body) == (409, {"reason": "ticket_exists"})
    assert desk.numbers() == ["A001"]


def test_answers_are_kept_for_two_days_and_then_forgotten(house: Any) -> None:
    """At least 24 hours (D2.10); without an end the file would only ever grow."""
    desk = house.start()
    desk.issue("t-1", key="one-tap")
    house.clock.at += ANSWERS_KEPT_S - 60
    desk.hall.tick()
    assert desk.issue("t-1", key="one-tap").replayed
    house.clock.at += 120
    desk.hall.tick()

    kept = house.logs[0].database.conn.execute("SELECT count(*) FROM commands").fetchone()
    assert (ANSWERS_KEPT_S >= 24 * 3600, kept) == (True, (0,))


def test_commands_without_a_key_are_not_kept(desk: Any, house: Any) -> None:
    """The hall's own commands carry no key: they happen each time and leave no answer behind."""
    desk.open()
    before = house.logs[0].database.conn.execute("SELECT count(*) FROM commands").fetchone()
    assert [desk.issue(key="").status for _ in range(2)] == [200, 200]

    assert desk.numbers() == ["A001", "A002"]
    assert house.logs[0].database.conn.execute("SELECT count(*) FROM commands").fetchone() == before
