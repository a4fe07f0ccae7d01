"""Events at rest: every type comes back as it was, and nothing is guessed at."""

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.core.event_types import EVENT_TYPES
from server.core.events import Event
from server.log.records import Changes, Recorded, StorageTrouble, decode, encode
from server.log.sqlite import SqliteLog

st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))
EVENTS = st.one_of([st.from_type(kind) for kind in EVENT_TYPES.values()])


@pytest.mark.parametrize("kind", EVENT_TYPES.values(), ids=EVENT_TYPES)
def test_every_type_comes_back_as_it_was(kind: type[Event]) -> None:
    """Encoding and decoding an event of any type gives an equal event."""

    @settings(max_examples=40, deadline=None, derandomize=True)
    @given(st.from_type(kind))
    def round_trip(event: Event) -> None:
        name, data = encode(event)
        assert name == kind.__name__
        assert decode(name, data, event.at) == event

    round_trip()


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.lists(EVENTS, max_size=12))
def test_a_history_comes_back_from_the_file(events: list[Event]) -> None:
    """The same through a real file, times to the last bit."""
    with tempfile.TemporaryDirectory() as folder:
        log = SqliteLog(Path(folder) / "hall.db", "small")
        recorded = [Recorded(n + 1, "2026-11-23", event, "key", "系统") for n, event in enumerate(events)]
        with log.transaction() as turn:
            turn.append(Changes(recorded, {}))
            turn.commit()
        try:
            assert list(log.read()) == recorded
        finally:
            log.close()


def test_an_unknown_type_is_an_error() -> None:
    """An event this release does not know is never skipped."""
    with pytest.raises(StorageTrouble, match="TicketTeleported"):
        decode("TicketTeleported", "{}", 1.0)


@pytest.mark.parametrize(
    "data",
    [
        "{}",
        '{"ticket": "t", "level": "very"}',
        '{"ticket": null, "level": 5}',
        '{"ticket": "t", "level": 5, "mood": "good"}',
        "[]",
        "not json",
    ],
)
def test_a_wrong_shape_is_an_error(data: str) -> None:
    """A field that is missing, wrong or unknown is refused, not guessed at or dropped."""
    with pytest.raises(StorageTrouble, match="TicketRated"):
        decode("TicketRated", data, 1.0)


def test_the_time_stands_in_one_place_only() -> None:
    """`at` has a column of its own; a second copy in the data could differ."""
    name, data = encode(EVENT_TYPES["DayClosed"](at=5.0, business_day="2026-11-23"))  # type: ignore[call-arg]
    assert (name, json.loads(data)) == ("DayClosed", {"business_day": "2026-11-23"})
