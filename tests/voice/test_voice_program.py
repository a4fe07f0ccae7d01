"""The whole voice against a hall server in miniature: calls in, spoken sentences out."""

import logging
import os
import signal
import subprocess
import sys
import threading

import pytest

from caller.player import PlayerTrouble
from caller.synthesis import seconds
from caller.voice import Voice, run
from server.client import Client
from tests.client.fake_hall import FakeHall

pytestmark = pytest.mark.voice

AREA = {
    "area": "f1",
    "voice": {"id": "voice-f1", "area": "f1", "languages": ["zh"], "rate_wpm": 160, "chime": True, "clips": None},
    "phrases": {"call": {"zh": "请{number}号到{window}办理", "en": "Ticket {number}, please go to {window}"}},
    "called": [],
}


class Loudspeaker:
    """A player that notes what it plays; `fail` is how many sounds it refuses first."""

    def __init__(self, fail=0):
        self.heard = []
        self.fail = fail
        self.changed = threading.Condition()
        self.hold = threading.Event()
        self.hold.set()

    def play(self, sound, stop):
        self.hold.wait(20)
        with self.changed:
            if self.fail:
                self.fail -= 1
                raise PlayerTrouble("no card")
            assert seconds(sound.file) == pytest.approx(sound.seconds, abs=2.0)
            self.heard.append((sound.number, sound.round, sound.text))
            self.changed.notify_all()

    def wait(self, count):
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.heard) >= count, 20), self.heard
            return list(self.heard)

    def close(self):
        pass


class Running:
    """A voice in threads, as the program runs it."""

    def __init__(self, hall, player, cache, **how):
        self.stop = threading.Event()
        self.voice = Voice(player, cache, **how)
        self.client = Client(hall.url)
        self.thread = threading.Thread(target=run, args=(self.client, "f1", self.voice, self.stop))
        self.thread.start()

    def close(self):
        self.stop.set()
        self.thread.join(20)
        self.voice.close()
        self.client.close()
        assert not self.thread.is_alive()


@pytest.fixture
def hall():
    hall = FakeHall()
    hall.snapshots = lambda topic: [AREA] if topic == {"calls": "f1"} else []
    yield hall
    hall.down()


@pytest.fixture
def player():
    return Loudspeaker()


@pytest.fixture
def start(hall, player, tmp_path, monkeypatch):
    monkeypatch.setattr("caller.voice.RETRY_AFTER_S", 0.05)
    running = []

    def start(**how):
        running.append(Running(hall, player, tmp_path / "cache", **how))
        return running[-1]

    yield start
    player.hold.set()
    for each in running:
        each.close()


def until(condition, limit_s=20.0):
    waiting = threading.Event()
    for _ in range(int(limit_s / 0.02)):
        if condition():
            return
        waiting.wait(0.02)
    raise AssertionError("did not happen in time")


def call(hall, n, number=None, window=3):
    hall.publish(
        "call",
        {
            "call": n,
            "number": number or f"A{n:03}",
            "window": f"S{window:02}",
            "window_name": f"{window}号窗口",
            "window_name_en": f"Window {window}",
            "at": hall.now,
            "kind": "call",
            "area": "f1",
            "language": "zh",
        },
    )


def test_a_call_is_spoken_twice(hall, player, start):
    """A call of the area is heard twice, in Chinese digits and counts."""
    start()
    until(lambda: hall.feeds == 1)
    call(hall, 12, window=112)
    text = "请A零一二号到一百一十二号窗口办理"
    assert player.wait(2) == [("A012", 1, text), ("A012", 2, text)]


def test_ten_calls_in_one_second(hall, player, start):
    """Ten calls at once are all heard, in call order, none over another."""
    start()
    until(lambda: hall.feeds == 1)
    player.hold.clear()
    for n in range(1, 11):
        call(hall, n)
    player.hold.set()
    heard = player.wait(10)
    until(lambda: player.wait(10)[-1][0] == "A010")
    assert list(dict.fromkeys(number for number, _, _ in player.heard)) == [f"A{n:03}" for n in range(1, 11)]
    assert heard[0] == ("A001", 1, "请A零零一号到三号窗口办理")


def test_english_after_chinese(hall, player, start):
    """With English switched on, it follows the Chinese in the same announcement."""
    hall.snapshots = lambda topic: [AREA | {"voice": AREA["voice"] | {"languages": ["en", "zh"]}}]
    start(one="幺")
    until(lambda: hall.feeds == 1)
    call(hall, 1)
    assert player.wait(1)[0][2] == "请A零零幺号到三号窗口办理 Ticket A zero zero one, please go to window three"


def test_server_gone_the_queue_is_spoken(hall, player, start):
    """With the server dead, what was called before is still heard; after its return, what was missed."""
    running = start()
    until(lambda: hall.feeds == 1)
    player.hold.clear()
    for n in (1, 2, 3):
        call(hall, n)
    hall.publish("view", AREA | {"called": ["A001", "A002", "A003"]})
    # Heard before the line is cut: what is still on the wire then belongs to the return, not to this half.
    until(lambda: "A003" in [known.number for known in running.voice._announcer._waiting])
    hall.down()
    player.hold.set()
    assert {number for number, _, _ in player.wait(6)} == {"A001", "A002", "A003"}
    call(hall, 4)
    hall.up()
    assert player.wait(7)[-1][0] == "A004"
    assert [number for number, _, _ in player.wait(8)].count("A001") == 2


def test_person_who_came_is_not_called(hall, player, start):
    """A view that no longer lists the ticket as called silences it."""
    running = start()
    until(lambda: hall.feeds == 1)
    player.hold.clear()
    for n in (1, 2, 3):
        call(hall, n)
    hall.publish("view", AREA | {"called": ["A001", "A003"]})
    hall.publish("call", {"call": 4, "number": "B004", "window": "S01", "window_name": "1号窗口", "at": hall.now})
    until(lambda: "B004" in [known.number for known in running.voice._announcer._waiting])
    player.hold.set()
    until(lambda: player.wait(1)[-1] == ("B004", 2, "请B零零四号到一号窗口办理"))
    assert "A002" not in [number for number, _, _ in player.heard]


def test_call_of_two_minutes_ago_is_not_spoken(hall, player, start, caplog):
    """After a long cut, calls older than 120 s by the hall's clock are left, newer ones spoken."""
    start()
    until(lambda: hall.feeds == 1)
    call(hall, 1)
    player.wait(2)
    hall.down()
    call(hall, 2)
    hall.now = "2026-11-21T09:01:55.000+08:00"
    call(hall, 3)
    late = hall.now = "2026-11-21T09:02:01.000+08:00"
    hall.up()
    hall.log.insert(1, ("heartbeat", {"now": late}, 2))
    until(lambda: ("A003", 2) in [(number, turn) for number, turn, _ in player.heard])
    assert "A002" not in [number for number, _, _ in player.heard]


def test_sound_card_that_comes_back(hall, player, start, caplog):
    """A sound card that fails at first does not lose the call."""
    player.fail = 2
    start()
    until(lambda: hall.feeds == 1)
    call(hall, 1)
    assert [turn for _, turn, _ in player.wait(2)] == [1, 2]
    assert "no card" in caplog.text


def test_engine_trouble_still_chimes(hall, player, start, caplog):
    """When no sentence can be made the chime draws eyes to the board, and the log says so."""
    hall.snapshots = lambda topic: [
        AREA | {"voice": AREA["voice"] | {"languages": ["xx-none"]}, "phrases": {"call": {"xx-none": "{number}"}}}
    ]
    start()
    until(lambda: hall.feeds == 1)
    call(hall, 1)
    assert player.wait(2) == [("A001", 1, ""), ("A001", 2, "")]
    assert "only the chime" in caplog.text


def test_unreadable_messages_are_left(hall, player, start, caplog):
    """A message that lacks what it must have is logged, and the next call is spoken."""
    start()
    until(lambda: hall.feeds == 1)
    with caplog.at_level(logging.ERROR):
        hall.publish("call", {"number": "A001"})
        hall.publish("view", {"phrases": None})
        hall.publish("news", {})
        call(hall, 2)
        assert player.wait(2)[0][0] == "A002"
    assert len([record for record in caplog.records if "cannot be read" in record.message]) == 2


def test_new_settings_count_at_once(hall, player, start):
    """A changed phrase or language in the hall file is heard from the next call on."""
    start()
    until(lambda: hall.feeds == 1)
    call(hall, 1)
    player.wait(2)
    hall.publish("view", AREA | {"phrases": {"call": {"zh": "{number}去{window}"}}, "called": ["A001"]})
    call(hall, 2)
    assert player.wait(3)[2][2] == "A零零二去三号窗口"


def test_the_program_itself(hall, tmp_path):
    """`python -m caller.voice` speaks into a folder and ends cleanly on SIGTERM."""
    command = [sys.executable, "-m", "caller.voice", "--server", hall.url, "--area", "f1"]
    command += ["--player", f"file:{tmp_path / 'out'}", "--cache", str(tmp_path / "cache")]
    environment = os.environ | {"CHAOXI_TOKEN": "t"}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as program:
        try:
            until(lambda: hall.feeds == 1)
            call(hall, 7)
            until(lambda: len(list((tmp_path / "out").glob("*.wav"))) == 2)
            program.send_signal(signal.SIGTERM)
            _, said = program.communicate(timeout=10)
        finally:
            program.kill()
    assert program.returncode == 0, said
    first, again = sorted((tmp_path / "out").glob("*.wav"))
    assert (first.name, again.name) == ("000001-A007-1.wav", "000002-A007-2.wav")
    assert 1.0 < seconds(first) - seconds(again) < 2.0
    assert 2.0 < seconds(again) < 6.0


def test_a_refusal_ends_the_program(hall, tmp_path):
    """A wrong area or token ends the program with a sentence and code 1, so that somebody notices."""
    command = [sys.executable, "-m", "caller.voice", "--server", hall.url + "/wrong", "--area", "f1"]
    command += ["--player", "null", "--cache", str(tmp_path / "cache")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 1
    assert "404" in done.stderr


@pytest.mark.parametrize("options", [["--player", "radio"], ["--player", "file:"], ["--listen", "8090"]])
def test_wrong_options_are_refused(options):
    """A mistyped option is refused by name."""
    command = [sys.executable, "-m", "caller.voice", "--server", "http://127.0.0.1:1", "--area", "f1", *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 2
    assert options[0] in done.stderr
