"""The order and the number of announcements, with a clock of the test's own."""

import itertools
from pathlib import Path

import pytest

from caller.announcer import Announcement, Announcer


def call(n, number=None, at=0.0, seconds=5.0, seq=None):
    return Announcement(
        call=n,
        seq=100 + n if seq is None else seq,
        number=number or f"A{n:03}",
        called_at_s=at,
        text=f"call {n}",
        first=Path("first.wav"),
        again=Path("again.wav"),
        seconds=seconds,
    )


def hear(announcer, start_s=0.0, limit=200):
    """Speak everything, each taking its length; (call, round, begin) in order."""
    heard, now = [], start_s
    for _ in range(limit):
        announcement = announcer.next(now)
        if announcement is None:
            return heard
        heard.append((announcement.call, announcement.rounds_spoken + 1, now))
        now += announcement.seconds
        announcer.spoken(announcement, now)
    raise AssertionError("the queue never ends")


def test_a_single_call_is_spoken_twice():
    """One call alone: twice, then quiet."""
    announcer = Announcer()
    announcer.add(call(1))
    assert [(n, turn) for n, turn, _ in hear(announcer)] == [(1, 1), (1, 2)]
    assert announcer.next(99) is None


def test_ten_calls_in_one_second():
    """Ten calls at once are all spoken, in call order, one after the other."""
    announcer = Announcer()
    for n in range(1, 11):
        announcer.add(call(n, at=n / 10))
    heard = hear(announcer, 1.0)
    assert list(dict.fromkeys(n for n, _, _ in heard)) == list(range(1, 11))
    assert all(later >= earlier + 5 for (_, _, earlier), (_, _, later) in itertools.pairwise(heard))
    # Long queue: once each while more than 30 s wait; three last calls (3 × 2 × 5 s = 30 s) twice.
    assert [n for n, _, _ in heard] == [1, 2, 3, 4, 5, 6, 7, 7, 8, 8, 9, 9, 10, 10]


@pytest.mark.parametrize(("waiting_s", "rounds"), [(15.0, 2), (15.1, 1)])
def test_once_when_more_than_thirty_seconds_wait(waiting_s, rounds):
    """Exactly 30 s of waiting speech still lets a call be repeated; more does not."""
    announcer = Announcer()
    announcer.add(call(1))
    announcer.add(call(2, seconds=waiting_s))
    assert [n for n, _, _ in hear(announcer)].count(1) == rounds


def test_ticket_no_longer_called_is_not_spoken():
    """Someone who already came, left or was missed is not called out."""
    announcer = Announcer()
    for n in (1, 2, 3):
        announcer.add(call(n))
    announcer.still_called(["A001", "A003"], 103)
    assert [n for n, _, _ in hear(announcer)] == [1, 1, 3, 3]


def test_repeat_is_left_out_when_the_person_came():
    """Between first and second time the ticket may have been served."""
    announcer = Announcer()
    announcer.add(call(1))
    first = announcer.next(0)
    announcer.still_called([], 105)
    announcer.spoken(first, 5)
    assert announcer.next(5) is None


def test_older_view_does_not_hide_a_newer_call():
    """A view from before the call cannot know the ticket is called."""
    announcer = Announcer()
    announcer.still_called([], 100)
    announcer.add(call(1, seq=101))
    assert announcer.next(0).call == 1


@pytest.mark.parametrize(("age_s", "spoken"), [(120.0, True), (120.1, False)])
def test_stale_call_is_not_spoken(age_s, spoken):
    """After 120 s a call sends nobody anywhere."""
    announcer = Announcer()
    announcer.add(call(1, at=0))
    assert (announcer.next(age_s) is not None) is spoken


def test_calls_grow_stale_while_others_are_spoken():
    """A queue too long for two minutes ends with the calls that are still true."""
    announcer = Announcer()
    for n in range(1, 41):
        announcer.add(call(n, seconds=10))
    heard = hear(announcer)
    assert [n for n, _, _ in heard] == list(range(1, 14))
    assert all(begin <= 120 for _, _, begin in heard)


def test_recall_replaces_the_unspoken_call():
    """A newer call of a ticket takes the older one's stead, at the end of the queue."""
    announcer = Announcer()
    announcer.add(call(1))
    announcer.add(call(2))
    announcer.add(call(3, "A001"))
    assert [n for n, _, _ in hear(announcer)] == [2, 2, 3, 3]


def test_recall_while_it_is_being_spoken():
    """A recall during the first time replaces the second time; nothing is spoken three times over."""
    announcer = Announcer()
    announcer.add(call(1))
    speaking = announcer.next(0)
    announcer.add(call(2, "A001"))
    announcer.spoken(speaking, 5)
    assert [n for n, _, _ in hear(announcer, 5)] == [2, 2]


def test_endless_calling_does_not_fill_the_memory():
    """A server gone mad cannot make the queue grow for ever."""
    announcer = Announcer()
    for n in range(5000):
        announcer.add(call(n, f"A{n}"))
    assert len(announcer) == 100
    assert announcer.next(0).call == 4900
