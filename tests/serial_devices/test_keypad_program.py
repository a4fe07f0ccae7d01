"""Keypads on a real (pseudo) line against a hall server in miniature: presses in, commands and displays out."""

import os
import signal
import subprocess
import sys
import threading

import pytest

from caller.codecs import Action, Press
from caller.codecs.queuesystem import Codec
from caller.keypad import KeypadLine, run
from caller.keypad_desk import Desk, Refused
from server.client import Client, ServerLost

CALL, RECALL, OK, PAUSE, TRANSFER, RATE = 0x0C, 0x0D, 0x0F, 0x12, 0x13, 0x0B


def frame(address, function, *data):
    body = bytes([address, function, *data])
    return bytes([0xFF, 0x68, len(body), len(body), 0x68]) + body + bytes([sum(body) % 256, 0x16])


def press(address, *data):
    return frame(address, 1, *data)


def shows(address, text):
    """The display frame of six places; a blank is an empty one."""
    return frame(address, 2, *(10 if sign == " " else int(sign) for sign in text))


LOST = "      "
BEEP = 3


def view(window, waiting=7, state="open", ticket=None, held=(), number=1):
    return {
        "window": window,
        "number": number,
        "state": state,
        "waiting": waiting,
        "ticket": ticket,
        "held": list(held),
    }


def ticket(number="A012", state="called", recalls=0):
    return {"id": f"id-{number}", "number": number, "service": "soc-ins", "state": state, "recalls": recalls}


class Clock:
    """A steady clock the test sets."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def hall(hall):
    hall.views = {"G01": view("G01", number=101), "G02": view("G02", 0, number=102)}
    hall.snapshots = lambda topic: [hall.views[window] for window in topic["window"].split(",")]
    for window in ("G01", "G02"):
        for command in [
            "open",
            "pause",
            "close",
            "call-next",
            "recall",
            "start",
            "no-show",
            "hold",
            "finish",
            "call",
            "resume",
            "transfer",
        ]:
            hall.answers["POST", f"/windows/{window}/{command}"] = (200, hall.views[window])
    return hall


@pytest.fixture
def program(hall, cable, clock, until):
    """The keypad program in threads, on the cable, with both windows shown."""
    stop = threading.Event()
    client = Client(hall.url, timeout_s=1.0)
    desk = Desk({1: "G01", 2: "G02"}, client)
    line = KeypadLine(desk, Codec(), cable.path, steady=clock)
    thread = threading.Thread(target=run, args=(client, desk, line, stop))
    thread.start()
    cable.read_until(lambda got: shows(1, "  7   ") in got and shows(2, "  0   ") in got)
    cable.clear()
    line.desk = desk
    yield line
    stop.set()
    thread.join(15)
    client.close()
    assert not thread.is_alive()


def change(hall, **changed):
    """A window changes, as the feed tells it."""
    seen = view(**changed)
    hall.views[seen["window"]] = seen
    hall.publish("view", seen)
    return seen


def test_a_press_is_acknowledged_and_done(program, hall, cable, until):
    """Call: the frame comes back at once, the window calls the next and finishes the present one."""
    cable.send(press(1, CALL))
    cable.read_until(lambda got: press(1, CALL) in got)
    until(lambda: hall.posts)
    assert hall.posts == [("/windows/G01/call-next", {"finish_current": True})]


@pytest.mark.parametrize(
    ("keys", "situation", "posts"),
    [
        ([RECALL], {"ticket": ticket()}, [("recall", {})]),
        ([6, OK], {"ticket": ticket()}, [("no-show", {})]),
        ([0, OK], {"ticket": ticket()}, [("hold", {})]),
        ([3, OK], {"held": [ticket("A001", "held")]}, [("resume", {"ticket": "id-A001"})]),
        ([PAUSE], {}, [("pause", {})]),
        ([PAUSE], {"state": "paused"}, [("open", {})]),
        ([CALL], {"state": "paused"}, [("open", {}), ("call-next", {"finish_current": True})]),
        ([CALL], {"state": "closed"}, [("open", {}), ("call-next", {"finish_current": True})]),
        ([1, 0, 2, TRANSFER], {"ticket": ticket()}, [("transfer", {"window": "G02"})]),
    ],
)
def test_every_key(program, hall, cable, until, keys, situation, posts):
    """Each key and combination of the published keypad becomes its command."""
    seen = change(hall, window="G01", number=101, **situation)
    until(lambda: program.desk.views["G01"] == seen)
    cable.send(press(1, *keys))
    cable.read_until(lambda got: press(1, *keys) in got)
    until(lambda: len(hall.posts) == len(posts))
    assert hall.posts == [(f"/windows/G01/{name}", body) for name, body in posts]


@pytest.mark.parametrize("keys", [[3, OK], [TRANSFER], [9, 9, TRANSFER]])
def test_impossible_presses_beep(program, hall, cable, keys):
    """Nobody held, no window typed, no such window: a beep, and the server is not asked."""
    cable.send(press(1, *keys))
    cable.read_until(lambda got: frame(1, BEEP) in got)
    assert hall.posts == []


def test_rate_lets_the_evaluator_ask_again(program, hall, cable, until):
    """The rating key is answered and asks again at the window's evaluator; where nobody was served it beeps."""
    hall.answers["POST", "/windows/G01/rating/ask"] = (200, {"window": "G01"})
    cable.send(press(1, RATE))
    cable.read_until(lambda got: press(1, RATE) in got)
    until(lambda: hall.posts)
    assert hall.posts == [("/windows/G01/rating/ask", {})]
    hall.answers["POST", "/windows/G02/rating/ask"] = (409, {"reason": "window_idle", "detail": "nobody"})
    cable.send(press(2, RATE))
    cable.read_until(lambda got: frame(2, BEEP) in got)


def test_refusal_beeps(program, hall, cable):
    """What the hall refuses is told by a beep."""
    hall.answers["POST", "/windows/G01/recall"] = (409, {"reason": "recall_limit", "detail": "enough"})
    cable.send(press(1, RECALL))
    cable.read_until(lambda got: frame(1, BEEP) in got)


def test_nobody_waits(program, hall, cable, until):
    """204, nobody to call: no beep, no error."""
    hall.answers["POST", "/windows/G01/call-next"] = (204, None)
    cable.send(press(1, CALL))
    until(lambda: hall.posts)
    cable.send(press(2, RECALL))
    until(lambda: len(hall.posts) == 2)
    assert frame(1, BEEP) not in cable.read_until(lambda got: press(2, RECALL) in got)


def test_double_press_is_one(program, hall, cable, clock, until):
    """A bounce within a second is acknowledged and done once; a second later it is a new press."""
    cable.send(press(1, CALL))
    cable.read_until(lambda got: got.count(press(1, CALL)) == 1)
    clock.now += 0.5
    cable.send(press(1, CALL))
    cable.read_until(lambda got: got.count(press(1, CALL)) == 2)
    clock.now += 0.6
    cable.send(press(1, CALL))
    cable.read_until(lambda got: got.count(press(1, CALL)) == 3)
    until(lambda: len(hall.posts) == 2)
    cable.send(press(2, RECALL))
    until(lambda: len(hall.posts) == 3)
    assert [path for path, _ in hall.posts] == ["/windows/G01/call-next"] * 2 + ["/windows/G02/recall"]


def test_two_keypads_at_once_are_two(program, hall, cable, until):
    """Two clerks pressing in the same moment both get their ticket."""
    cable.send(press(1, CALL) + press(2, CALL))
    until(lambda: len(hall.posts) == 2)
    assert {path for path, _ in hall.posts} == {"/windows/G01/call-next", "/windows/G02/call-next"}


def test_display_follows_the_window(program, hall, cable):
    """The count of people waiting and the number being served are shown as they change."""
    change(hall, window="G01", number=101, waiting=12, ticket=ticket("A045"))
    cable.read_until(lambda got: shows(1, " 12045") in got)
    change(hall, window="G01", number=101, waiting=11)
    cable.read_until(lambda got: shows(1, " 11   ") in got)


def test_unknown_address_beeps(program, hall, cable):
    """A keypad nobody configured is answered and beeps."""
    cable.send(press(9, CALL))
    got = cable.read_until(lambda got: frame(9, BEEP) in got)
    assert press(9, CALL) in got
    assert hall.posts == []


def test_server_lost_shows_and_keeps_nothing(program, hall, cable, clock, until):
    """With the server dead the displays go empty and a press only beeps; after its return nothing is made up for."""
    hall.down()
    cable.read_until(lambda got: shows(1, LOST) in got and shows(2, LOST) in got)
    cable.send(press(1, CALL))
    cable.read_until(lambda got: frame(1, BEEP) in got)
    cable.clear()
    hall.up()
    cable.read_until(lambda got: shows(1, "  7   ") in got and shows(2, "  0   ") in got)
    clock.now += 2
    cable.send(press(1, RECALL))
    until(lambda: hall.posts)
    assert hall.posts == [("/windows/G01/recall", {})]


def test_lost_answer_pressed_again_is_one_command(hall):
    """The answer is lost, the clerk presses again: the same key is sent, so that one ticket is called, not two."""
    keys = []

    class Losing:
        def post(self, path, body=None, *, key=None, retries=3, within_s=8.0):
            keys.append(key)

            raise ServerLost("gone")

    desk = Desk({1: "G01"}, Losing())
    desk.views["G01"] = view("G01")
    for at in (0.0, 5.0):
        with pytest.raises(ServerLost):
            desk.do(Press(1, Action.CALL_NEXT), at, at)
    assert keys[0] == keys[1]
    desk.views["G01"] = view("G01", ticket=ticket())
    with pytest.raises(ServerLost):
        desk.do(Press(1, Action.CALL_NEXT), 6.0, 6.0)
    assert keys[2] != keys[1], "the clerk saw a new ticket: this press is a new one"
    with pytest.raises(ServerLost):
        desk.do(Press(1, Action.CALL_NEXT), 60.0, 60.0)
    assert keys[3] != keys[2], "a minute later nobody repeats a press"


def test_old_press_is_not_done(hall):
    """A press that waited behind a slow server is dropped, not done when nobody expects it."""

    desk = Desk({1: "G01"}, None)
    desk.views["G01"] = view("G01")
    with pytest.raises(Refused, match="old"):
        desk.do(Press(1, Action.CALL_NEXT), 0.0, 3.5)


def test_pulled_line_comes_back(program, hall, cable, clock, until):
    """Unplugged and plugged in again, within 5 s the displays are drawn and presses work."""
    cable.pull()
    until(lambda: not program.link.is_open)
    cable.plug_in()
    cable.read_until(lambda got: shows(1, "  7   ") in got and shows(2, "  0   ") in got, limit_s=5.0)
    clock.now += 2
    cable.send(press(2, RECALL))
    until(lambda: hall.posts)
    assert hall.posts == [("/windows/G02/recall", {})]


def test_switched_off_display_is_drawn_again(program, cable, clock):
    """Every half minute each display is drawn anew, so that a keypad switched on again shows something."""
    clock.now += 31
    cable.read_until(lambda got: shows(1, "  7   ") in got and shows(2, "  0   ") in got)


def test_noise_and_broken_frames_do_nothing(program, hall, cable, until):
    """Noise, half frames and wrong sums are not answered, and the press behind them is."""
    broken = bytearray(press(1, CALL))
    broken[-2] ^= 1
    cable.send(b"\x00\xff\x12\x68" + bytes(broken) + press(1, CALL)[:6] + b"\xff" + press(2, RECALL))
    until(lambda: hall.posts)
    assert hall.posts == [("/windows/G02/recall", {})]
    assert press(1, CALL) not in cable.read_until(lambda got: press(2, RECALL) in got)


def test_unreadable_view_is_left(program, hall, cable, caplog):
    """A message about another window or without a count is logged, and the display goes on."""
    hall.publish("view", {"window": "X99"})
    hall.publish("view", {"window": "G01"})
    change(hall, window="G01", number=101, waiting=3)
    cable.read_until(lambda got: shows(1, "  3   ") in got)
    assert caplog.text.count("cannot be read") == 2


def test_the_program_itself(hall, cable, until):
    """`python -m caller.keypad` reads its settings, serves the line of `--port` and ends cleanly."""
    settings = {"id": "k1", "port": "loop://", "codec": "queuesystem", "windows": {"1": "G01", "2": "G02"}}
    hall.answers["GET", "/devices/k1"] = (200, {"id": "k1", "kind": "keypad", "settings": settings})
    command = [sys.executable, "-m", "caller.keypad", "--server", hall.url, "--keypad", "k1", "--port", cable.path]
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, env=os.environ | {"CHAOXI_TOKEN": "t"}
    ) as program:
        try:
            cable.read_until(lambda got: shows(1, "  7   ") in got)
            cable.send(press(1, CALL))
            until(lambda: hall.posts)
            program.send_signal(signal.SIGTERM)
            _, said = program.communicate(timeout=10)
        finally:
            program.kill()
    assert program.returncode == 0, said
    assert hall.posts == [("/windows/G01/call-next", {"finish_current": True})]


def test_wrong_settings_end_the_program(hall):
    """An unknown keypad or codec ends the program with a sentence and code 1."""
    hall.answers["GET", "/devices/k2"] = (
        200,
        {"settings": {"port": "loop://", "codec": "acme", "windows": {"1": "G01"}}},
    )
    for device, word in (("k1", "404"), ("k2", "queuesystem")):
        command = [sys.executable, "-m", "caller.keypad", "--server", hall.url, "--keypad", device]
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
        assert done.returncode == 1
        assert word in done.stderr
