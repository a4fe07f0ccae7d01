"""What becomes of a message whose receiver refuses, hangs, dies or comes back: nothing lost, nothing late, never another id."""

import os
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest

from server.core import case_events as ce
from server.core.case_records import Outcome
from server.notices.delivery import PAUSES_S, asked_pause
from tests.notices.conftest import House
from tests.notices.receiver import LIMIT_S, Receiver

HOUR = 3600.0


@pytest.fixture
def lasting(build: Callable[[str], House], receiver: Receiver) -> House:
    """A hall whose one hook wants what is true however late it comes."""
    return build(f"hooks:\n  - {{ id: sms, url: '{receiver.url}', events: [bad_rating, called], timeout_s: 1 }}\n")


def rate_badly(house: House) -> None:
    """A visit that ends with the worst rating."""
    house.supervisor.post("/windows/S01/open")
    ticket = house.kiosk.issue()
    for verb in ("call-next", "start", "finish"):
        house.supervisor.post(f"/windows/S01/{verb}")
    token = ticket["url"].removeprefix("/t/")
    assert house.anyone.post(f"/t/{token}/rating", {"level": 1}).status_code == 200


def call_one(house: House) -> None:
    """One call at S01."""
    house.supervisor.post("/windows/S01/open")
    house.kiosk.issue()
    assert house.supervisor.post("/windows/S01/call-next").status_code == 200


def test_a_refusal_is_tried_again_with_growing_pauses_and_one_id(lasting: House, receiver: Receiver) -> None:
    """500 is tried again after 5 s, 30 s, 2 min …, always with the same id and body, and given up after a day."""
    receiver.answers = [500]
    rate_badly(lasting)
    lasting.work()
    begun = lasting.clock.at
    at = [0.0]
    for pause in PAUSES_S:
        lasting.later(pause - 1)
        assert len(receiver.got) == len(at)
        lasting.later(1)
        at.append(lasting.clock.at - begun)
        assert len(receiver.got) == len(at)

    assert 24 * HOUR <= at[-1] <= 26 * HOUR
    assert len({(one.id, one.body) for one in receiver.got}) == 1
    assert (lasting.condition().queued, lasting.condition().failed) == (0, 1)
    (failed,) = lasting.running.notices.failed("sms")
    assert (failed.id, failed.error, failed.attempts) == (receiver.got[0].id, "HTTP 500 Internal Server Error", 11)
    lasting.later(8 * HOUR)
    assert len(receiver.got) == len(at)


def test_a_failed_message_is_sent_again_when_somebody_asks(lasting: House, receiver: Receiver) -> None:
    """410 is given up at once; sent again on demand it has its old id, and nothing is left of it after that."""
    receiver.answers = [410, 204]
    rate_badly(lasting)
    lasting.work()
    assert lasting.condition().failed == 1
    (failed,) = lasting.running.notices.failed("sms")
    assert lasting.running.notices.resend("sms", failed.id)
    lasting.work()

    assert [one.id for one in receiver.got] == [failed.id] * 2
    assert (lasting.condition().failed, lasting.condition().queued, lasting.condition().sent) == (0, 0, 1)
    assert not lasting.running.notices.resend("sms", failed.id)


def test_redirects_are_not_followed(lasting: House, receiver: Receiver, second: Receiver) -> None:
    """A receiver cannot send our messages elsewhere; a redirect is a failure with its reason."""
    receiver.answers = [(307, {"Location": second.url}), 204]
    rate_badly(lasting)
    lasting.work()

    assert second.got == []
    assert "redirects are not followed" in str(lasting.condition().last_error)
    lasting.later(6)
    assert lasting.condition().sent == 1


def test_retry_after_is_honoured(lasting: House, receiver: Receiver) -> None:
    """A receiver that asks for ten minutes is left alone for ten minutes."""
    receiver.answers = [(429, {"Retry-After": "600"}), 204]
    rate_badly(lasting)
    lasting.work()
    lasting.later(599)
    assert len(receiver.got) == 1
    lasting.later(1)
    assert lasting.condition().sent == 1


def test_a_pause_is_asked_for_in_seconds_or_as_a_date() -> None:
    """Both forms of Retry-After count, a wish beyond a day is cut, and nonsense is no wish."""
    now = 1_800_000_000.0
    in_a_minute = format_datetime(datetime.fromtimestamp(now + 60, UTC), usegmt=True)

    assert asked_pause("30", now) == 30
    assert asked_pause(in_a_minute, now) == 60
    assert asked_pause("99999999999999999999", now) == 86400
    assert asked_pause("soon", now) is None
    assert asked_pause(None, now) is None


def test_a_poisoned_message_does_not_stop_the_others(lasting: House, receiver: Receiver) -> None:
    """A message that the receiver refuses for itself waits alone; the next one goes through at once."""
    receiver.answers = [422, 204]
    rate_badly(lasting)
    lasting.work()
    call_one(lasting)
    lasting.work()

    assert receiver.kinds == ["bad_rating", "called"]
    assert (lasting.condition().sent, lasting.condition().queued) == (1, 1)


def test_a_receiver_that_is_away_is_asked_rarely_and_gets_everything_after(lasting: House, receiver: Receiver) -> None:
    """While nobody listens one message probes now and then; once it is back, all come, none twice, urgent ones first."""
    receiver.die()
    for _ in range(3):
        rate_badly(lasting)
    lasting.work()
    assert lasting.condition().away == 1
    assert lasting.condition().queued == 3
    assert "refused" in str(lasting.condition().last_error)
    lasting.later(4)
    assert lasting.condition().away == 1
    lasting.later(1)
    assert lasting.condition().away == 2
    receiver.start()
    call_one(lasting)
    lasting.later(150)

    assert receiver.kinds == ["called", "bad_rating", "bad_rating", "bad_rating"]
    assert len({one.id for one in receiver.got}) == 4
    assert (lasting.condition().queued, lasting.condition().away) == (0, 0)


def test_what_would_come_too_late_is_dropped_not_failed(lasting: House, receiver: Receiver) -> None:
    """A call that could not be told within three minutes is dropped and counted; a bad rating still arrives."""
    receiver.die()
    rate_badly(lasting)
    call_one(lasting)
    lasting.work()
    lasting.later(181)
    receiver.start()
    lasting.later(300)

    assert receiver.kinds == ["bad_rating"]
    assert (lasting.condition().dropped, lasting.condition().failed) == (1, 0)


def test_messages_of_a_receiver_that_stays_away_are_given_up_after_a_day(lasting: House, receiver: Receiver) -> None:
    """A weekend without a gateway: its messages lie with the failed ones and can be sent again."""
    receiver.die()
    for _ in range(3):
        rate_badly(lasting)
    lasting.work()
    for _ in range(30):
        lasting.later(HOUR)

    assert (lasting.condition().queued, lasting.condition().failed) == (0, 3)
    receiver.start()
    for failed in lasting.running.notices.failed("sms"):
        assert lasting.running.notices.resend("sms", failed.id)
    lasting.later(1)
    assert receiver.kinds == ["bad_rating"] * 3


def test_a_hanging_receiver_holds_up_nobody_else(
    build: Callable[[str], House], receiver: Receiver, second: Receiver
) -> None:
    """While one receiver hangs, the hall goes on and the other hook's messages arrive; then the try ends by itself."""
    house = build(
        f"hooks:\n  - {{ id: hanging, url: '{receiver.url}', events: [called], timeout_s: 5 }}\n"
        f"  - {{ id: sms, url: '{second.url}', events: [called] }}\n"
    )
    receiver.answers = ["hang"]
    call_one(house)
    house.running.notices.follow()
    hanging, other = house.running.notices.couriers
    worker = threading.Thread(target=hanging.work)
    worker.start()
    receiver.wait_for(1)
    house.supervisor.post("/windows/S02/open")
    house.kiosk.issue()
    assert house.supervisor.post("/windows/S02/call-next").status_code == 200
    house.running.notices.follow()
    other.work()

    assert second.kinds == ["called", "called"]
    assert worker.is_alive()
    receiver.released.set()
    worker.join(LIMIT_S)
    assert not worker.is_alive()
    assert house.condition("hanging").away == 1


def test_no_answer_in_time_is_a_failure(lasting: House, receiver: Receiver) -> None:
    """A receiver that takes the message and never answers counts as away after its time-out."""
    receiver.answers = ["hang", 204]
    rate_badly(lasting)
    lasting.work()

    assert lasting.condition().last_error == "no answer in time"
    receiver.released.set()
    lasting.later(5)
    assert lasting.condition().sent == 1
    assert len({one.id for one in receiver.got}) == 1


def test_a_crash_between_log_and_outbox_loses_nothing(lasting: House, receiver: Receiver) -> None:
    """What happened in the hall before the chore could look is told after the restart."""
    rate_badly(lasting)
    lasting.stop()
    lasting.start().work()

    assert receiver.kinds == ["bad_rating"]


def test_a_crash_after_the_answer_repeats_the_message_with_its_id(lasting: House, receiver: Receiver) -> None:
    """The receiver had it, the outbox did not hear of it: it comes again, and its id tells that it is the same."""
    rate_badly(lasting)
    lasting.running.notices.follow()
    data = lasting.folder / "data"
    names = [name for name in ("notices.db", "notices.db-wal", "notices.db-shm") if (data / name).exists()]
    before = {name: (data / name).read_bytes() for name in names}
    lasting.work()
    lasting.stop()
    for name in os.listdir(data):
        if name.startswith("notices.db"):
            (data / name).unlink()
    for name, content in before.items():
        (data / name).write_bytes(content)
    lasting.start().work()

    assert receiver.kinds == ["bad_rating"] * 2
    assert len({one.id for one in receiver.got}) == 1


def test_an_outbox_made_again_from_the_log_makes_the_same_messages(lasting: House, receiver: Receiver) -> None:
    """An old copy of the outbox is put back: what it had not seen yet is told again under the same ids."""
    call_one(lasting)
    lasting.work()
    lasting.do(
        lambda at: ce.Settle(
            at=at, window="S01", settlement="s-1", title="t", departments=("d",), outcome=Outcome.ACCEPTED
        )
    )
    lasting.running.notices._outbox.take_in((), {}, 1, (), 0.0)
    lasting.work()

    assert receiver.kinds == ["called"] * 2
    assert len({one.id for one in receiver.got}) == 1
