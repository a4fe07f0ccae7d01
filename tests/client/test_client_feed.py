"""The feed of the device client over cuts, stalls, repeats and restarts."""

import itertools
import threading
import time
from http.server import ThreadingHTTPServer

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.client import ApiError, Client
from server.client_feed import EventStream, FeedBroken, FeedMessage, Position


def take(feed, count):
    return list(itertools.islice(feed, count))


def shown(messages):
    return [(m.event, m.id) for m in messages]


@pytest.fixture
def stop():
    event = threading.Event()
    yield event
    event.set()


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 4096])
def test_messages_survive_any_cut(size):
    """However the network cuts the bytes, inside a character or a line end, the messages are the same."""
    text = (
        '\ufeff: comment\r\nevent: call\r\nid: 57\r\ndata: {\r\ndata: "window_name": "3号窗口\u2028"}\r\n\r\n'
        'event: heartbeat\ndata: {"now": 1}\n\n\nretry: 5\n\nid: x\ndata:{}\n\nevent: view\ndata: {"half"'
    ).encode()
    stream = EventStream()
    messages = [m for at in range(0, len(text), size) for m in stream.feed(text[at : at + size])]
    assert messages == [
        FeedMessage("call", {"window_name": "3号窗口\u2028"}, 57),
        FeedMessage("heartbeat", {"now": 1}),
        FeedMessage("message", {}),
    ]


@pytest.mark.parametrize("data", [b"data: <html>\n\n", b"data: [1]\n\n"])
def test_foreign_stream_is_broken(data):
    """What is not the hall's feed is said to be broken, not guessed at."""
    with pytest.raises(FeedBroken):
        list(EventStream().feed(data))


def test_endless_line_is_refused():
    """A line without end does not eat the memory."""
    stream = EventStream()
    for _ in range(8):
        assert list(stream.feed(b"x" * 1_000_000)) == []
    with pytest.raises(FeedBroken):
        list(stream.feed(b"x"))


def test_view_does_not_hide_its_own_call():
    """Cut between a view and the call of the same event, the call is asked for again and given."""
    position = Position()
    position.accept(FeedMessage("snapshot", {}, 10))
    position.accept(FeedMessage("view", {}, 12))
    assert position.resume_from == 10
    position.connected()
    assert position.accept(FeedMessage("call", {}, 12))
    assert position.resume_from == 12


def test_heartbeat_confirms_a_view():
    """After a heartbeat the view's number is safe to go on from."""
    position = Position()
    position.accept(FeedMessage("snapshot", {}, 10))
    position.accept(FeedMessage("view", {}, 400))
    position.accept(FeedMessage("heartbeat", {}))
    assert position.resume_from == 400


def test_half_of_the_snapshots_is_none():
    """With several windows named, a cut before the last snapshot starts afresh."""
    position = Position(snapshots=3)
    position.accept(FeedMessage("snapshot", {}, 10))
    position.accept(FeedMessage("snapshot", {}, 10))
    assert position.resume_from is None
    position.accept(FeedMessage("heartbeat", {}))
    assert position.resume_from is None
    position.accept(FeedMessage("snapshot", {}, 10))
    assert position.resume_from == 10


def test_server_that_starts_over_is_heard():
    """After the server's data were cleared its small numbers are new, not old."""
    position = Position()
    position.accept(FeedMessage("snapshot", {}, 500))
    position.accept(FeedMessage("call", {}, 501))
    position.connected()
    position.accept(FeedMessage("snapshot", {}, 3))
    assert position.resume_from == 3
    assert position.accept(FeedMessage("call", {}, 4))


BATCH = st.tuples(
    st.lists(st.booleans(), min_size=1, max_size=4),  # which of the batch's events are calls
    st.booleans(),  # whether the view is sent before the calls
    st.booleans(),  # whether a heartbeat follows
    st.none() | st.integers(0, 6),  # after how many messages the line is cut
)


@settings(deadline=None, derandomize=True, max_examples=300)
@given(st.lists(BATCH, max_size=25), st.lists(st.integers(0, 8), max_size=25))
def test_no_call_is_lost_or_given_twice(batches, cuts_of_reconnects):
    """Whatever the order of views and calls and wherever the line is cut, also while catching up: every call once."""
    position, given_calls, log, cuts = Position(), [], [], iter(cuts_of_reconnects)

    def hear(messages, cut):
        for message in messages[: len(messages) if cut is None else cut]:
            if position.accept(message) and message.event == "call":
                given_calls.append(message.id)
        return cut is None or cut >= len(messages)

    def reconnect(cut):
        position.connected()
        missed = [FeedMessage("call", {}, seq) for seq in log if seq > position.resume_from]
        return hear([*missed, FeedMessage("snapshot", {}, seq_now)], cut)

    seq_now = 0
    position.accept(FeedMessage("snapshot", {}, 0))
    for kinds, view_first, heartbeat, cut in batches:
        numbers = range(seq_now + 1, seq_now + 1 + len(kinds))
        seq_now += len(kinds)
        calls = [FeedMessage("call", {}, seq) for seq, is_call in zip(numbers, kinds, strict=True) if is_call]
        log += [call.id for call in calls]
        view = FeedMessage("view", {}, seq_now)
        messages = [view, *calls] if view_first else [*calls, view]
        online = hear(messages + [FeedMessage("heartbeat", {})] * heartbeat, cut)
        while not online:
            online = reconnect(next(cuts, None))
    assert given_calls == log


def test_feed_goes_on_where_it_was_cut(script, acts, stop):
    """A cut in the middle of a message loses nothing, and what the server repeats is not given twice."""
    script.then(
        acts.streams(
            acts.message("snapshot", {"n": 0}, 10),
            acts.message("call", {"call": 1}, 11),
            acts.message("call", {"call": 2}, 12)[:-9],
        ),
        acts.drops,
        acts.streams(
            acts.message("call", {"call": 1}, 11),
            acts.message("call", {"call": 2}, 12) + acts.message("call", {"call": 2}, 12),
            acts.message("call", {"call": 3}, 15),
            acts.stalls,
        ),
    )
    with Client(script.url, "t") as client:
        feed = client.feed(calls="f1", stop=stop)
        messages = take(feed, 6)
        feed.close()
    assert shown(messages) == [
        ("snapshot", 10),
        ("call", 11),
        ("lost", None),
        ("back", None),
        ("call", 12),
        ("call", 15),
    ]
    assert [r.headers.get("Last-Event-ID") for r in script.seen] == [None, "11", "11"]
    assert script.seen[0].path == "/api/v1/feed?calls=f1"
    assert script.seen[0].headers["Authorization"] == "Bearer t"
    assert messages[2].data["why"]


def test_silence_is_a_cut(script, acts, stop, monkeypatch):
    """A line that is open but silent is left and opened anew."""
    monkeypatch.setattr("server.client.SILENCE_MAX_S", 0.4)
    beat = acts.message("heartbeat", {"now": "…"})
    script.then(acts.streams(acts.message("snapshot", {}, 1), acts.stalls), acts.streams(beat, acts.stalls))
    with Client(script.url) as client:
        messages = take(client.feed(board="main", stop=stop), 4)
    assert shown(messages) == [("snapshot", 1), ("lost", None), ("back", None), ("heartbeat", None)]


def test_lost_is_said_once(acts, script, stop, monkeypatch):
    """Many failed tries are one `lost`; a connection closed properly is lost as well."""
    monkeypatch.setattr("server.client.BACK_OFF_S", (0.05,))
    script.then(
        acts.streams(acts.message("snapshot", {}, 1), cut=False),
        acts.drops,
        acts.answers(502, b"bad gateway"),
        acts.answers(401, {"reason": "sign_in", "detail": "who?"}),
        acts.streams(acts.message("view", {}, 2), acts.stalls),
    )
    with Client(script.url) as client:
        messages = take(client.feed(board="main", stop=stop), 4)
    assert shown(messages) == [("snapshot", 1), ("lost", None), ("back", None), ("view", 2)]
    assert len(script.seen) == 5


@pytest.mark.parametrize("status", [401, 403, 404, 422])
def test_first_refusal_is_raised(script, acts, stop, status):
    """A wrong token or an unknown board is shown at start, not retried in silence."""
    script.then(acts.answers(status, {"reason": "unknown_board", "detail": "no such board"}))
    with Client(script.url) as client, pytest.raises(ApiError, match="no such board"):
        take(client.feed(board="x", stop=stop), 1)


def test_web_page_is_not_the_feed(script, acts, stop):
    """A page from a captive portal with status 200 is `lost`, not a message."""
    script.then(acts.answers(200, b"<html></html>", Content_Type="text/html"))
    with Client(script.url) as client:
        assert take(client.feed(board="x", stop=stop), 1)[0].event == "lost"


def test_stop_ends_a_silent_feed_at_once(script, acts, stop):
    """Setting `stop` wakes a feed that waits for bytes."""
    script.then(acts.streams(acts.message("snapshot", {}, 1), acts.stalls))
    with Client(script.url) as client:
        feed = client.feed(board="main", stop=stop)
        assert next(feed).event == "snapshot"
        threading.Timer(0.2, stop.set).start()
        begin = time.monotonic()
        assert list(feed) == []
        assert time.monotonic() - begin < 3.0


def test_back_within_five_seconds_of_the_server(script, acts, stop):
    """A server that was away for longer than every back-off is found again within 5 s."""
    script.then(acts.streams(acts.message("snapshot", {}, 1)))
    gone = ThreadingHTTPServer(("127.0.0.1", 0), type("H", (acts.Handler,), {"script": script}))
    port = gone.server_address[1]
    gone.server_close()
    came_at: list[float] = []
    server: list[ThreadingHTTPServer] = []

    def comes_up():
        server.append(ThreadingHTTPServer(("127.0.0.1", port), type("H", (acts.Handler,), {"script": script})))
        came_at.append(time.monotonic())
        server[0].serve_forever(poll_interval=0.02)

    starter = threading.Timer(2.5, comes_up)
    with Client(f"http://127.0.0.1:{port}") as client:
        feed = client.feed(board="main", stop=stop)
        assert next(feed).event == "lost"
        starter.start()
        assert next(feed).event == "back"
        assert time.monotonic() - came_at[0] < 5.0
        feed.close()
    server[0].shutdown()
    server[0].server_close()
    starter.join()
