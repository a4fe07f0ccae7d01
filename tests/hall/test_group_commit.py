"""Commands that wait while the disk is busy share the next commit; nobody sees a change before it is durable."""

import threading
from collections.abc import Callable
from typing import Any

from server.core import commands as c
from server.core.model import HallState
from server.hall import BATCH_MAX


class Gate:
    """Holds up the flush to disk until told, and counts how often there was one."""

    def __init__(self) -> None:
        self.commits = 0
        self.reached = threading.Semaphore(0)
        self.pass_on = threading.Semaphore(0)
        self.shut = False

    def __call__(self, work: Callable[[], None]) -> None:
        self.commits += 1
        if self.shut:
            self.reached.release()
            assert self.pass_on.acquire(timeout=20)
        work()


def start(work: Callable[[], object], times: int) -> list[threading.Thread]:
    """Run something in so many threads."""
    threads = [threading.Thread(target=work) for _ in range(times)]
    for thread in threads:
        thread.start()
    return threads


def settle(threads: list[threading.Thread]) -> None:
    """Wait for threads to end."""
    for thread in threads:
        thread.join(20)
    assert not any(thread.is_alive() for thread in threads)


def wait_for(condition: Callable[[], bool]) -> None:
    """Look until something is so, for at most 20 s."""
    pause = threading.Event()
    for _ in range(4000):
        if condition():
            return
        pause.wait(0.005)
    raise AssertionError("never became so")


def test_waiting_commands_share_one_commit(house: Any) -> None:
    """Forty tickets asked for during one flush are made durable by the next one flush."""
    gate = Gate()
    desk = house.start(blocking=gate)
    begun = gate.commits
    gate.shut = True
    first = start(lambda: desk.issue(), 1)
    assert gate.reached.acquire(timeout=20)
    others = start(lambda: desk.issue(), 40)
    wait_for(lambda: len(desk.hall._queue) == 40)
    gate.shut = False
    gate.pass_on.release()
    settle(first + others)

    assert gate.commits - begun == 2
    assert sorted(desk.numbers()) == [f"A{n:03d}" for n in range(1, 42)]


def test_a_batch_has_a_limit(house: Any) -> None:
    """More than a batch can hold takes one commit more, and nobody is forgotten."""
    gate = Gate()
    desk = house.start(blocking=gate)
    begun = gate.commits
    gate.shut = True
    first = start(lambda: desk.issue(), 1)
    assert gate.reached.acquire(timeout=20)
    others = start(lambda: desk.issue(), BATCH_MAX + 1)
    wait_for(lambda: len(desk.hall._queue) == BATCH_MAX + 1)
    gate.shut = False
    gate.pass_on.release()
    settle(first + others)

    assert gate.commits - begun == 3
    assert len(desk.numbers()) == BATCH_MAX + 2


def test_nothing_is_seen_before_it_is_durable(house: Any) -> None:
    """While a ticket is being flushed nobody reads it, nobody is answered, and no follower hears of it."""
    gate = Gate()
    desk = house.start(blocking=gate)
    seq = desk.hall.seq
    seen: list[int] = []
    answered = threading.Event()
    gate.shut = True

    def look() -> None:
        with desk.hall.reading() as state:
            seen.append(len(state.tickets))

    def issue() -> None:
        desk.issue()
        answered.set()

    issuing = start(issue, 1)
    assert gate.reached.acquire(timeout=20)
    looking = start(look, 1)
    assert not desk.hall.wait_beyond(seq, 0.2)
    assert (seen, answered.is_set(), desk.hall.seq) == ([], False, seq)
    gate.shut = False
    gate.pass_on.release()
    settle(issuing + looking)

    assert seen == [1]
    assert answered.is_set()
    assert desk.hall.wait_beyond(seq, 0)


def test_duplicates_in_one_batch_get_one_answer(house: Any) -> None:
    """A command that comes again while the first is in flight waits and gets the first answer (D2.10)."""
    gate = Gate()
    desk = house.start(blocking=gate)
    gate.shut = True
    first = start(lambda: desk.issue(), 1)
    assert gate.reached.acquire(timeout=20)
    answers: list[Any] = []
    again = start(lambda: answers.append(desk.issue("same-ticket", key="one-and-the-same")), 10)
    wait_for(lambda: len(desk.hall._queue) == 10)
    gate.shut = False
    gate.pass_on.release()
    settle(first + again)

    assert len(desk.numbers()) == 2
    assert {str(answer.body) for answer in answers} == {str(answers[0].body)}
    assert sorted(answer.replayed for answer in answers) == [False] + [True] * 9


def test_a_fault_over_one_command_spares_its_batch(house: Any) -> None:
    """A bug that one command meets is told to its sender; the others of the batch get their tickets."""
    gate = Gate()
    desk = house.start(blocking=gate)
    gate.shut = True
    first = start(lambda: desk.issue(), 1)
    assert gate.reached.acquire(timeout=20)
    faults: list[BaseException] = []
    answers: list[Any] = []

    def broken(state: HallState, events: list[Any], at: float) -> Any:
        raise ZeroDivisionError

    def stumble() -> None:
        request = desk.request(lambda at: c.Issue(at=at, ticket="broken", service="insurance"))
        object.__setattr__(request, "answer", broken)
        try:
            desk.hall.handle(request)
        except ZeroDivisionError as fault:
            faults.append(fault)

    threads = start(lambda: answers.append(desk.issue()), 3) + start(stumble, 1)
    threads += start(lambda: answers.append(desk.issue()), 3)
    wait_for(lambda: len(desk.hall._queue) == 7)
    gate.shut = False
    gate.pass_on.release()
    settle(first + threads)

    assert len(faults) == 1
    assert [answer.status for answer in answers] == [200] * 6
    assert sorted(desk.numbers()) == [f"A{n:03d}" for n in range(1, 8)]
    assert desk.issue().body[0]["number"] == "A008"
