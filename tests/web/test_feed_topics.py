"""The feed: a snapshot first, then every change; nothing missed, nothing twice, whatever the connection does (D2.13)."""

import json
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest

from server.web.api import feed as feed_module

BEAT_S = 0.05


@pytest.fixture(autouse=True)
def quick_heart(monkeypatch: pytest.MonkeyPatch) -> None:
    """A heartbeat often enough that no test waits for it."""
    monkeypatch.setattr(feed_module, "HEARTBEAT_S", BEAT_S)


class Follower:
    """One connection to the feed, read message by message in the test's own thread."""

    def __init__(self, caller: Any, topic: str, last: int | None = None, *, by_query: bool = False) -> None:
        query = f"&last_event_id={last}" if by_query else ""
        headers = {"Last-Event-ID": str(last)} if last is not None and not by_query else {}
        self.answer = caller.get(f"/feed?{topic}{query}", headers=headers)
        assert self.answer.status_code == 200, self.answer.text
        self.chunks: Iterator[bytes] = iter(self.answer.response)
        assert next(self.chunks).startswith(b"retry: ")
        self.last: int | None = last

    def next(self) -> dict[str, Any]:
        """The next message; the heartbeat sees to it that there is one."""
        message: dict[str, Any] = {"id": None}
        for line in next(self.chunks).decode().strip().splitlines():
            name, _, value = line.partition(": ")
            message[name] = json.loads(value) if name in ("data", "id") else value
        if message["id"] is not None:
            assert self.last is None or message["id"] >= self.last, "the id went back"
            self.last = message["id"]
        return message

    def until(self, event: str) -> list[dict[str, Any]]:
        """Messages up to the first of a kind, which is the last of the list."""
        found = [self.next()]
        while found[-1]["event"] != event:
            assert len(found) < 200, f"no {event} in {[one['event'] for one in found]}"
            found.append(self.next())
        return found

    def close(self) -> None:
        """Hang up."""
        self.answer.close()


@pytest.fixture
def follow(world: Any) -> Iterator[Callable[..., Follower]]:
    """Connections that are hung up at the end."""
    opened: list[Follower] = []

    def start(who: str, topic: str, last: int | None = None, **how: Any) -> Follower:
        opened.append(Follower(world.cast[who], topic, last, **how))
        return opened[-1]

    yield start
    for follower in opened:
        follower.close()


def call_next(world: Any, window: str = "S01") -> dict[str, Any]:
    """Finish and call."""
    answer = world.supervisor.post(f"/windows/{window}/call-next", {"finish_current": True})
    assert answer.status_code == 200, answer.text
    return dict(answer.json)


@pytest.fixture
def open_hall(world: Any) -> Any:
    """S01 and E01 open, six waiting in each zone."""
    for window in ("S01", "E01"):
        world.supervisor.post(f"/windows/{window}/open")
    for _ in range(6):
        world.kiosk.issue()
        world.kiosk.issue("licence")
    return world


@pytest.mark.parametrize(
    ("who", "topic", "path"),
    [
        ("anyone", "board=main", "/boards/main"),
        ("clerk", "window=S01", "/windows/S01"),
        ("clerk", "zone=social", "/zones/social"),
        ("anyone", "hall=1", "/hall"),
        ("manager", "stats=1", "/stats/today"),
        ("supervisor", "tides=1", "/tides"),
        ("guide", "help=1", "/help"),
        ("clerk", "appointments=2026-11-24", "/appointments?day=2026-11-24"),
    ],
)
def test_the_snapshot_is_what_get_gives(
    open_hall: Any, follow: Callable[..., Follower], who: str, topic: str, path: str
) -> None:
    """The first message is the whole view, with the place in the log it shows."""
    first = follow(who, topic).next()

    assert (first["event"], first["id"]) == ("snapshot", open_hall.hall.seq)
    view = open_hall.cast[who].get(path).json
    assert first["data"] | {"now": 0} == view | {"now": 0}


def test_a_phone_follows_its_ticket(open_hall: Any, follow: Callable[..., Follower]) -> None:
    """By its token: the view without the id, then every change of it."""
    ticket = open_hall.kiosk.issue()
    phone = follow("anyone", f"ticket={ticket['url'][3:]}")
    assert phone.next()["data"]["ahead"] == 6
    call_next(open_hall)
    view = phone.until("view")[-1]["data"]
    assert (view["number"], view["ahead"], "id" in view) == (ticket["number"], 5, False)


def test_two_windows_on_one_connection(open_hall: Any, follow: Callable[..., Follower]) -> None:
    """A snapshot for each; afterwards only the one that changed is sent."""
    bar = follow("keypad", "window=S01,E01,S01")
    assert [bar.next()["data"]["window"] for _ in range(2)] == ["S01", "E01"]
    call_next(open_hall, "E01")
    assert bar.until("view")[-1]["data"]["window"] == "E01"


def test_calls_come_one_by_one_and_views_merged(open_hall: Any, follow: Callable[..., Follower]) -> None:
    """Ten calls in a burst are ten messages in call order, but few views, the last of which is the truth."""
    board = follow("board", "board=main")
    board.next()
    for _ in range(5):
        call_next(open_hall)
        call_next(open_hall, "E01")
    messages: list[dict[str, Any]] = []
    while not messages or messages[-1]["event"] != "view":
        messages.append(board.next())
    calls = [m for m in messages if m["event"] == "call"]
    assert [m["data"]["call"] for m in calls] == list(range(1, 11))
    assert [m["id"] for m in calls] == sorted({m["id"] for m in calls})
    assert {(m["data"]["area"], m["data"]["language"]) for m in calls} == {("f1", "zh"), ("f2", "zh")}
    assert sum(m["event"] == "view" for m in messages) == 1
    view = messages[-1]["data"]
    assert view | {"now": 0} == open_hall.anyone.get("/boards/main").json | {"now": 0}


def test_recalls_and_returns_are_calls(open_hall: Any, follow: Callable[..., Follower]) -> None:
    """A recall and a return from hold are announced too, with their kind."""
    voice = follow("board", "calls=f1")
    voice.next()
    call_next(open_hall)
    for verb, body in (("recall", None), ("start", None), ("hold", None), ("resume", {"ticket": "A001"})):
        assert open_hall.supervisor.post(f"/windows/S01/{verb}", body).status_code == 200
    calls = [voice.until("call")[-1]["data"] for _ in range(3)]
    assert [(c["call"], c["kind"], c["number"]) for c in calls] == [
        (1, "call", "A001"),
        (2, "recall", "A001"),
        (3, "resume", "A001"),
    ]


def test_a_voice_hears_its_area_only(open_hall: Any, follow: Callable[..., Follower]) -> None:
    """Upstairs' calls are not spoken downstairs; the view names who is still called, so that nothing stale is said."""
    voice = follow("board", "calls=f1")
    first = voice.next()["data"]
    assert (first["area"], first["voice"]["languages"], first["called"]) == ("f1", ["zh", "en"], [])
    assert set(first["phrases"]["call"]) == {"zh", "en"}
    call_next(open_hall, "E01")
    call_next(open_hall)
    messages = voice.until("view")
    assert [m["data"]["number"] for m in messages if m["event"] == "call"] == ["A001"]
    assert messages[-1]["data"]["called"] == ["A001"]


def test_a_board_of_one_zone_shows_its_calls_only(open_hall: Any, follow: Callable[..., Follower]) -> None:
    """`board=upstairs` announces business, not social affairs."""
    board = follow("anyone", "board=upstairs")
    board.next()
    call_next(open_hall)
    call_next(open_hall, "E01")
    assert board.until("call")[-1]["data"]["number"] == "B001"


def test_print_jobs(open_hall: Any, follow: Callable[..., Follower]) -> None:
    """Tickets issued or copied for the printer, each once, with its copy number; other tickets are not its business."""
    printer = follow("printer", "prints=desk")
    assert printer.next()["data"]["printer"] == "desk"
    open_hall.kiosk.issue()
    ticket = open_hall.clerk.issue(printer="desk")
    open_hall.clerk.post(f"/tickets/{ticket['id']}/reprint", {"printer": "desk"})
    first, second = (printer.until("print")[-1] for _ in range(2))
    assert [(m["data"]["ticket"]["number"], m["data"]["reprint"]) for m in (first, second)] == [
        (ticket["number"], False),
        (ticket["number"], True),
    ]
    assert (first["data"]["job"], second["data"]["job"]) == (first["id"], second["id"])
    assert second["data"]["copy"] == 2


def test_a_heartbeat_comes_when_nothing_happens(world: Any, follow: Callable[..., Follower]) -> None:
    """With the server's time and without an id, so that it moves nobody's place in the log."""
    board = follow("anyone", "board=main")
    board.next()
    beat = board.until("heartbeat")[-1]
    assert (beat["id"], beat["data"]["now"]) == (None, "2026-11-23T09:00:00.000+08:00")


@pytest.mark.parametrize("by_query", [False, True])
def test_missed_calls_come_first_on_resume(open_hall: Any, follow: Callable[..., Follower], by_query: bool) -> None:
    """Back with its last id, a voice hears exactly what it missed, in order, then the snapshot."""
    voice = follow("board", "calls=f1")
    voice.next()
    call_next(open_hall)
    voice.until("call")
    last = voice.last
    voice.close()
    for _ in range(3):
        call_next(open_hall)

    back = follow("board", "calls=f1", last, by_query=by_query)
    messages = back.until("snapshot")

    assert [m["event"] for m in messages] == ["call", "call", "call", "snapshot"]
    assert [m["data"]["call"] for m in messages[:-1]] == [2, 3, 4]
    assert messages[-1]["data"]["called"] == ["A004"]


def test_a_connection_that_breaks_all_the_time_misses_nothing(open_hall: Any, follow: Callable[..., Follower]) -> None:
    """Hung up at random places 100 times during calls: every call heard once, in order; the view ends as the truth."""
    chance = Random(7)
    heard: list[int] = []
    last: int | None = open_hall.hall.seq
    made = 0
    for _ in range(100):
        voice = follow("board", "calls=f1", last)
        for _ in range(chance.randint(0, 2)):
            if made < 40:
                if open_hall.supervisor.post("/windows/S01/call-next", {"finish_current": True}).status_code == 204:
                    open_hall.kiosk.issue()
                    call_next(open_hall)
                made += 1
        for _ in range(chance.randint(0, 3)):
            message = voice.next()
            if message["event"] == "call":
                heard.append(message["data"]["call"])
        last = voice.last
        voice.close()
    voice = follow("board", "calls=f1", last)
    heard += [m["data"]["call"] for m in voice.until("heartbeat") if m["event"] == "call"]
    assert heard == list(range(1, made + 1))
    assert made == 40


def test_old_calls_are_not_told_again(open_hall: Any, follow: Callable[..., Follower]) -> None:
    """After ten minutes nobody would walk to a call: the snapshot is enough."""
    last = open_hall.hall.seq
    call_next(open_hall)
    open_hall.clock.at += feed_module.REPLAY_MAX_S + 1
    call_next(open_hall)
    messages = follow("board", "calls=f1", last).until("snapshot")
    assert [m["data"].get("number") for m in messages] == ["A002", None]


@pytest.mark.parametrize("last", ["99999999", "-1", "abc", "9" * 5000, "1.5", "\u0661"])
def test_a_strange_last_id_begins_afresh(open_hall: Any, last: str) -> None:
    """From another log, or no number at all: a snapshot, and no crash."""
    call_next(open_hall)
    answer = open_hall.board.get("/feed?calls=f1", headers={"Last-Event-ID": last.encode().decode("latin-1")})
    chunks = iter(answer.response)
    assert next(chunks).startswith(b"retry")
    assert b"event: snapshot" in next(chunks)
    answer.close()


def test_a_resume_never_reads_years_of_log(open_hall: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """From place 0 only the day in memory is looked through: the log may hold millions of events."""
    monkeypatch.setattr(type(open_hall.log), "read", lambda *_: pytest.fail("the log was read"))
    open_hall.clock.set("2026-11-24 09:00")
    open_hall.hall.tick()
    answer = open_hall.board.get("/feed?calls=f1&last_event_id=0")
    chunks = iter(answer.response)
    next(chunks)
    assert b"event: snapshot" in next(chunks)
    answer.close()


def test_a_day_ends_under_a_feed(open_hall: Any, follow: Callable[..., Follower]) -> None:
    """At midnight the board is emptied, a phone's view ends, and the first call of the new day is call 1."""
    ticket = open_hall.kiosk.issue()
    call_next(open_hall)
    board, phone = follow("anyone", "board=main"), follow("anyone", f"ticket={ticket['url'][3:]}")
    voice = follow("board", "calls=f1")
    for one in (board, phone, voice):
        one.next()
    open_hall.clock.set("2026-11-24 09:00")
    open_hall.hall.tick()
    assert board.until("view")[-1]["data"]["calls"] == []
    assert {m["event"] for m in phone.until("heartbeat")} <= {"heartbeat"}
    open_hall.supervisor.post("/windows/S01/open")
    open_hall.kiosk.issue()
    call_next(open_hall)
    announced = voice.until("call")[-1]
    assert (announced["data"]["call"], announced["data"]["number"]) == (1, "A001")


def test_yesterdays_calls_are_not_told_today(open_hall: Any, follow: Callable[..., Follower]) -> None:
    """A board that comes back after midnight hears nothing of the day before."""
    open_hall.clock.set("2026-11-23 23:58")
    last = open_hall.hall.seq
    call_next(open_hall)
    open_hall.clock.set("2026-11-24 00:01")
    open_hall.hall.tick()
    assert [m["event"] for m in follow("board", "calls=f1", last).until("snapshot")] == ["snapshot"]


def test_a_view_kept_from_before_an_event_is_not_sent_after_it(open_hall: Any, follow: Callable[..., Follower]) -> None:
    """Views are shared by all who follow them, yet none sees a board older than what it has been told."""
    first, second = follow("anyone", "board=main"), follow("anyone", "board=main")
    first.next()
    open_hall.kiosk.issue()
    first.until("view")
    open_hall.kiosk.issue()
    late = follow("anyone", "board=main")
    for one in (second, late):
        snapshot = one.next()
        assert snapshot["data"]["zones"][0]["waiting"] >= (8 if one is late else 6)
    assert late.last == open_hall.hall.seq
    call_next(open_hall)
    for one in (first, second, late):
        view = one.until("view")[-1]["data"]
        assert view["seq"] == open_hall.hall.seq
        assert view["calls"][0]["number"] == "A001"


@pytest.mark.parametrize(
    "query", ["", "board=main&hall=1", "nothing=1", "board=main&zone=social", "board=main&last_event_id=x"]
)
def test_exactly_one_topic(world: Any, reason: Callable[[Any], str], query: str) -> None:
    """None, two or an unknown one: 422."""
    answer = world.admin.get(f"/feed?{query}")
    assert answer.status_code == 422
    assert reason(answer) in ("topic_wanted", "invalid_request")


def test_the_stream_is_not_kept_back_by_proxies(world: Any) -> None:
    """Headers that keep it unbuffered and uncached (C7)."""
    answer = world.anyone.get("/feed?hall=1")
    assert answer.headers["Content-Type"] == "text/event-stream; charset=utf-8"
    assert (answer.headers["Cache-Control"], answer.headers["X-Accel-Buffering"]) == ("no-store", "no")
    answer.close()


def test_a_moved_window_reaches_kiosk_and_board_in_the_next_view(world: Any, follow: Callable[..., Follower]) -> None:
    """The first view after the move names the window where it is now, on every page that shows it."""
    world.supervisor.post("/windows/S03/open")
    world.supervisor.post("/windows/E01/open")
    followers = {
        topic: follow("supervisor", topic) for topic in ("hall=1", "board=upstairs", "tides=1", "zone=business")
    }
    before = {topic: follower.until("snapshot")[-1]["data"] for topic, follower in followers.items()}
    assert before["hall=1"]["zones"][1]["services"][0]["windows_text"] == "11号窗口"

    world.supervisor.post("/windows/S03/assign", {"zones": ["business"]})

    after = {topic: follower.until("view")[-1]["data"] for topic, follower in followers.items()}
    assert after["hall=1"]["zones"][1]["services"][0]["windows_text"] == "3、11号窗口"
    assert [tide["window"] for tide in after["board=upstairs"]["tides"]] == ["S03"]
    assert [(w["window"], w["zone"]) for w in after["tides=1"]["windows"]] == [("S03", "business")]
    assert [guest["window"] for guest in after["zone=business"]["guests"]] == ["S03"]
