"""Evaluators on a real (pseudo) line against a hall server in miniature: lamps by the feed, presses to ratings."""

import os
import signal
import subprocess
import sys
import threading

import pytest

from caller.codecs.five_keys import EvaluatorCodec, Rating, Taken
from caller.evaluator import EvaluatorLine, evaluator_codec, main, run
from server.client import Client


def frame(address, function, value):
    return bytes([0x50, 0x4A, address, function, value, address ^ function ^ value, 0x0D])


def press(address, level):
    return frame(address, 1, level)


def lamp(address, lit):
    return frame(address, 2, int(lit))


def answer(address, taken):
    return frame(address, 0x81, taken)


def view(window, number=None):
    return {"window": window, "state": "asking" if number else "idle", "number": number}


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
    hall.views = {"G01": view("G01"), "G02": view("G02")}
    hall.snapshots = lambda topic: [hall.views[window] for window in topic["evaluator"].split(",")]
    for window in ("G01", "G02"):
        hall.answers["POST", f"/windows/{window}/rating"] = (200, hall.views[window])
    return hall


@pytest.fixture
def program(hall, cable, clock, until):
    """The program in threads, on the cable, with both lamps told to rest."""
    stop = threading.Event()
    client = Client(hall.url, timeout_s=1.0)
    line = EvaluatorLine({1: "G01", 2: "G02"}, client, EvaluatorCodec(), cable.path, steady=clock)
    thread = threading.Thread(target=run, args=(client, line, stop))
    thread.start()
    cable.read_until(lambda got: lamp(1, False) in got and lamp(2, False) in got)
    until(lambda: hall.feeds)
    cable.clear()
    yield line
    stop.set()
    thread.join(15)
    client.close()
    assert not thread.is_alive()


def asks(hall, cable, window, number, address):
    """A window begins to ask, as the feed tells it; the lamp follows."""
    hall.views[window] = view(window, number)
    hall.publish("view", hall.views[window])
    cable.read_until(lambda got: lamp(address, True) in got)


@pytest.mark.parametrize("level", [5, 4, 3, 2, 1])
def test_a_press_rates_the_number_that_is_asked_about(program, hall, cable, level):
    """The five keys are the five levels (A1.1); the number goes along, so that it can be no other ticket's rating."""
    asks(hall, cable, "G01", "A012", 1)
    cable.send(press(1, level))
    cable.read_until(lambda got: answer(1, Taken.TAKEN) in got)
    assert hall.posts == [("/windows/G01/rating", {"level": level, "number": "A012"})]


def test_a_press_while_nobody_is_asked_is_refused(program, hall, cable):
    """Before a finish and after the minute a key does nothing, at an unknown address neither."""
    cable.send(press(1, 5) + press(9, 5))
    cable.read_until(lambda got: answer(1, Taken.REFUSED) in got and answer(9, Taken.REFUSED) in got)
    assert hall.posts == []


def test_the_lamp_goes_out_with_the_minute(program, hall, cable):
    """Told idle, the evaluator rests again."""
    asks(hall, cable, "G02", "B001", 2)
    cable.clear()
    hall.views["G02"] = view("G02")
    hall.publish("view", hall.views["G02"])
    cable.read_until(lambda got: lamp(2, False) in got)


def test_what_the_hall_refuses_is_told(program, hall, cable):
    """Rated already by phone: the key is answered as refused."""
    hall.answers["POST", "/windows/G01/rating"] = (409, {"reason": "already_rated", "detail": "rated"})
    asks(hall, cable, "G01", "A012", 1)
    cable.send(press(1, 5))
    cable.read_until(lambda got: answer(1, Taken.REFUSED) in got)


def test_a_bounce_is_one_press(program, hall, cable, clock):
    """Within a second the second press is the first, whatever key; a second later it is another."""
    asks(hall, cable, "G01", "A012", 1)
    cable.send(press(1, 5) + press(1, 4))
    cable.read_until(lambda got: got.count(answer(1, Taken.TAKEN)) == 1)
    clock.now += 1.1
    cable.send(press(1, 3))
    cable.read_until(lambda got: got.count(answer(1, Taken.TAKEN)) == 2)
    assert [body["level"] for _, body in hall.posts] == [5, 3]


def test_with_the_server_lost_nothing_is_kept(program, hall, cable, clock):
    """The lamps go out, a press is refused, and after the server's return none is made up for."""
    asks(hall, cable, "G01", "A012", 1)
    cable.clear()
    hall.down()
    cable.read_until(lambda got: lamp(1, False) in got)
    cable.send(press(1, 5))
    cable.read_until(lambda got: answer(1, Taken.REFUSED) in got)
    cable.clear()
    hall.up()
    asks(hall, cable, "G01", "A013", 1)
    assert hall.posts == []


def test_an_old_press_is_not_sent(clock):
    """It waited behind a slow server: the citizen has gone."""
    line = EvaluatorLine({1: "G01"}, None, EvaluatorCodec(), "loop://", steady=clock)
    assert line.send(Rating(1, 5), "A012", clock.now - 6) is Taken.LOST


def test_a_pulled_line_comes_back(program, hall, cable, until):
    """Unplugged and plugged in again, the lamps are told anew within 5 s."""
    asks(hall, cable, "G01", "A012", 1)
    cable.pull()
    until(lambda: not program.link.is_open)
    cable.plug_in()
    cable.read_until(lambda got: lamp(1, True) in got and lamp(2, False) in got, limit_s=5.0)


def test_a_device_that_was_switched_off_is_told_again(program, cable, clock):
    """Every half minute each lamp is told anew."""
    clock.now += 31
    cable.read_until(lambda got: lamp(1, False) in got and lamp(2, False) in got)


def test_an_unreadable_view_is_left(program, hall, cable, caplog):
    """A message about another window is logged, and the line goes on."""
    hall.publish("view", {"window": "X99", "state": "asking"})
    hall.publish("view", {"window": "G01"})
    asks(hall, cable, "G02", "B007", 2)
    assert caplog.text.count("cannot be read") == 2


def test_the_program_itself(hall, cable, until):
    """`python -m caller.evaluator` reads its settings, serves the line of `--port` and ends cleanly."""
    settings = {"id": "e1", "port": "loop://", "codec": "five-keys", "windows": {"1": "G01", "2": "G02"}}
    hall.answers["GET", "/devices/e1"] = (200, {"id": "e1", "kind": "evaluator", "settings": settings})
    hall.views["G02"] = view("G02", "B003")
    command = [
        sys.executable,
        "-m",
        "caller.evaluator",
        "--server",
        hall.url,
        "--evaluator",
        "e1",
        "--port",
        cable.path,
    ]
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, env=os.environ | {"CHAOXI_TOKEN": "t"}
    ) as program:
        try:
            cable.read_until(lambda got: lamp(2, True) in got)
            cable.send(press(2, 1))
            cable.read_until(lambda got: answer(2, Taken.TAKEN) in got)
            program.send_signal(signal.SIGTERM)
            _, said = program.communicate(timeout=10)
        finally:
            program.kill()
    assert program.returncode == 0, said
    assert hall.posts == [("/windows/G02/rating", {"level": 1, "number": "B003"})]


def test_wrong_settings_end_the_program(hall, capsys):
    """An unknown codec ends the program with a sentence and code 1; a keypad's codec is none of ours."""
    settings = {"port": "loop://", "codec": "acme", "windows": {"1": "G01"}}
    hall.answers["GET", "/devices/e2"] = (200, {"settings": settings})
    assert main(["--server", hall.url, "--evaluator", "e2"]) == 1
    for name in ("queuesystem", "../five_keys", "acme"):
        with pytest.raises(ValueError, match="unknown evaluator codec"):
            evaluator_codec(name)
