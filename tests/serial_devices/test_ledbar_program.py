"""LED bars on real (pseudo) lines against a hall server in miniature, read by the simulator."""

import os
import signal
import subprocess
import sys
import threading

import pytest

from display_board.led_codecs.ascii import Codec as Ascii
from display_board.led_codecs.reference_gbk import Codec as Gbk
from display_board.led_simulator import Bars
from display_board.ledbar import LedLine, run
from server.client import Client

TEXTS = {
    "idle": {"zh": "热情为您服务", "en": "Welcome"},
    "calling": {"zh": "请A012号办理", "en": "Now serving A012"},
    "paused": {"zh": "暂停服务", "en": "Paused"},
    "closed": {"zh": "窗口未开放", "en": "Closed"},
}


def view(window, text):
    return {"window": window, "led": TEXTS[text]}


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
    hall.views = {window: view(window, "idle") for window in ("G01", "G02", "G03")}
    hall.snapshots = lambda topic: [hall.views[window] for window in topic["window"].split(",")]
    return hall


@pytest.fixture
def start(hall):
    """Run lines as the program does."""
    stop = threading.Event()
    client = Client(hall.url, timeout_s=1.0)
    threads = []

    def start(*lines):
        threads.append(threading.Thread(target=run, args=(client, lines, stop)))
        threads[-1].start()

    yield start
    stop.set()
    for thread in threads:
        thread.join(15)
        assert not thread.is_alive()
    client.close()


class Wall:
    """The bars at the end of a cable."""

    def __init__(self, cable, codec):
        self.cable = cable
        self.bars = Bars(codec)
        self.taken = 0

    def wait(self, **wanted):
        """Wait until the bars show these texts (`_1="…"`)."""

        def shown(got):
            self.bars.take(got[self.taken :], 0.0)
            self.taken = len(got)
            texts = {f"_{address}": bar.text for address, bar in self.bars.shown.items()}
            return wanted.items() <= texts.items()

        self.cable.read_until(shown)

    def switch_off(self):
        self.cable.clear()
        self.taken = 0
        self.bars.shown.clear()


def change(hall, window, text):
    hall.views[window] = view(window, text)
    hall.publish("view", hall.views[window])


def test_every_state_is_shown(hall, cable, start):
    """Idle, calling, paused and closed reach the right bar, in Chinese."""
    start(LedLine({1: "G01", 2: "G02"}, Gbk(), cable.path))
    wall = Wall(cable, Gbk())
    wall.wait(_1="热情为您服务", _2="热情为您服务")
    change(hall, "G02", "calling")
    wall.wait(_1="热情为您服务", _2="请A012号办理")
    change(hall, "G01", "paused")
    change(hall, "G02", "closed")
    wall.wait(_1="暂停服务", _2="窗口未开放")


def test_latin_bars_speak_english(hall, cable, start):
    """A bar without Chinese signs gets the English sentence."""
    hall.views["G01"] = view("G01", "calling")
    start(LedLine({1: "G01"}, Ascii(), cable.path))
    cable.read_until(lambda got: got == b"@001 Now serving A012\r\n")


def test_nothing_is_written_twice(hall, cable, start):
    """An unchanged text is not sent again at every message and every look."""
    line = LedLine({1: "G01"}, Ascii(), cable.path)
    start(line)
    cable.read_until(lambda got: b"Welcome" in got)
    for _ in range(5):
        change(hall, "G01", "idle")
        line.write_changed(threading.Event())
    change(hall, "G01", "paused")
    assert cable.read_until(lambda got: b"Paused" in got) == b"@001 Welcome\r\n@001 Paused\r\n"


def test_broken_line_holds_up_no_other(hall, make_cable, start, until):
    """One line pulled, one that does not exist, one stuck: the healthy one still shows every change."""
    pulled, stuck, healthy = make_cable("pulled"), make_cable("stuck"), make_cable("healthy")
    lines = [
        LedLine({1: "G01"}, Ascii(), pulled.path),
        LedLine({1: "G01"}, Ascii(), "/nowhere/tty"),
        LedLine({1: "G01", 2: "G02"}, Ascii(), stuck.path),
        LedLine({1: "G03", 2: "G01"}, Ascii(), healthy.path),
    ]
    start(*lines)
    pulled.read_until(lambda got: b"Welcome" in got)
    pulled.pull()
    until(lambda: lines[2].link.is_open)
    while lines[2].link.write(b"x" * 4096):
        pass
    wall = Wall(healthy, Ascii())
    for text, words in (("calling", "Now serving A012"), ("closed", "Closed"), ("paused", "Paused")):
        change(hall, "G03", text)
        wall.wait(_1=words)


def test_line_put_back_shows_the_present(hall, cable, start, until):
    """Plugged in again, a line shows what is true now, within 5 s."""
    line = LedLine({1: "G01", 2: "G02"}, Ascii(), cable.path)
    start(line)
    Wall(cable, Ascii()).wait(_1="Welcome", _2="Welcome")
    cable.pull()
    until(lambda: not line.link.is_open)
    change(hall, "G01", "calling")
    cable.plug_in()
    cable.read_until(lambda got: b"@001 Now serving A012\r\n" in got and b"@002 Welcome\r\n" in got, limit_s=5.0)


def test_lost_server_shows_dashes(hall, cable, start, clock, until):
    """A short restart of the server is not seen; a longer loss shows dashes, and the return the present texts."""
    line = LedLine({1: "G01", 2: "G02"}, Ascii(), cable.path, steady=clock)
    start(line)
    wall = Wall(cable, Ascii())
    wall.wait(_1="Welcome", _2="Welcome")
    hall.down()
    until(lambda: line._lost_since is not None)
    clock.now += 4.9
    line.write_changed(threading.Event())
    assert b"----" not in cable.buffer
    clock.now += 0.2
    wall.wait(_1="----", _2="----")
    hall.publish("view", view("G02", "paused"))
    hall.up()
    wall.wait(_1="Welcome", _2="Paused")


def test_server_never_there_shows_dashes(hall, cable, start, clock):
    """Bars started without a server say so too, instead of keeping last night's text."""
    hall.down()
    start(LedLine({1: "G01"}, Gbk(), cable.path, steady=clock))
    clock.now += 6
    Wall(cable, Gbk()).wait(_1="————")


def test_switched_off_bar_is_written_again(hall, cable, start, clock):
    """Every half minute all bars are written, so that one switched on again shows its text."""
    start(LedLine({1: "G01"}, Ascii(), cable.path, steady=clock))
    wall = Wall(cable, Ascii())
    wall.wait(_1="Welcome")
    wall.switch_off()
    clock.now += 31
    wall.wait(_1="Welcome")


def test_unreadable_view_is_left(hall, cable, start, caplog):
    """A window's message without a text is logged; the bars go on."""
    start(LedLine({1: "G01"}, Ascii(), cable.path))
    wall = Wall(cable, Ascii())
    wall.wait(_1="Welcome")
    hall.publish("view", {"window": "G01", "led": None})
    hall.publish("view", {"window": "G09", "led": TEXTS["closed"]})
    change(hall, "G01", "paused")
    wall.wait(_1="Paused")
    assert "no text" in caplog.text


def test_program_and_simulator(hall, tmp_path, until):
    """`python -m display_board.ledbar` on the simulator's terminal: the simulator prints what a bar would show."""
    link = tmp_path / "bars"
    settings = {"id": "l1", "port": str(link), "codec": "reference_gbk", "windows": {"1": "G01", "12": "G02"}}
    hall.answers["GET", "/devices/l1"] = (200, {"id": "l1", "kind": "ledbar", "settings": settings})
    environment = os.environ | {"CHAOXI_TOKEN": "t", "PYTHONIOENCODING": "utf-8"}
    simulator = [sys.executable, "-m", "display_board.led_simulator", "--link", str(link)]
    program = [sys.executable, "-m", "display_board.ledbar", "--server", hall.url, "--ledbar", "l1"]
    with subprocess.Popen(simulator, stdout=subprocess.PIPE, encoding="utf-8", env=environment) as bars:
        try:
            assert bars.stdout.readline().strip() == str(link)
            with subprocess.Popen(program, stderr=subprocess.PIPE, text=True, env=environment) as leds:
                try:
                    lines = {bars.stdout.readline().rstrip(), bars.stdout.readline().rstrip()}
                    assert lines == {"  1  热情为您服务", " 12  热情为您服务"}
                    change(hall, "G02", "calling")
                    assert bars.stdout.readline().rstrip() == " 12  请A012号办理"
                    leds.send_signal(signal.SIGTERM)
                    _, said = leds.communicate(timeout=10)
                    assert leds.returncode == 0, said
                finally:
                    leds.kill()
            bars.send_signal(signal.SIGTERM)
            assert bars.wait(10) == 0
        finally:
            bars.kill()
    assert not link.is_symlink()


def test_wrong_settings_end_the_program(hall):
    """An unknown bar or codec ends the program with a sentence and code 1."""
    hall.answers["GET", "/devices/l2"] = (
        200,
        {"settings": {"port": "loop://", "codec": "acme", "windows": {"1": "G01"}}},
    )
    for device, word in (("l1", "404"), ("l2", "reference_gbk")):
        command = [sys.executable, "-m", "display_board.ledbar", "--server", hall.url, "--ledbar", device]
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
        assert done.returncode == 1
        assert word in done.stderr
