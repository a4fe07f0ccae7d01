"""A line that is pulled, put back, stolen, full or not there at all."""

import socket
import threading
import time

import pytest
import serial

from server.serial_link import SerialLink


@pytest.fixture
def start():
    """Run a link in a thread; what it read is in `link.heard`, its openings in `link.opened`."""
    stop = threading.Event()
    threads = []

    def start(url):
        heard, opened = [], []
        link = SerialLink(url, on_bytes=heard.append, on_open=lambda: opened.append(1))
        link.heard, link.opened = heard, opened
        threads.append(threading.Thread(target=link.run, args=(stop,)))
        threads[-1].start()
        return link

    yield start
    stop.set()
    for thread in threads:
        thread.join(10)
        assert not thread.is_alive()


def test_bytes_both_ways(cable, start, until):
    """Every byte value passes both ways."""
    link = start(cable.path)
    until(lambda: link.is_open)
    everything = bytes(range(256))
    assert link.write(everything)
    assert cable.read_until(lambda got: len(got) >= 256) == everything
    cable.send(everything)
    until(lambda: b"".join(link.heard) == everything)


def test_pulled_cable_comes_back_within_five_seconds(cable, start, until):
    """A cable pulled and put back works again within 5 s, without anybody's help."""
    link = start(cable.path)
    until(lambda: link.is_open)
    for turn in range(2, 4):
        cable.pull()
        until(lambda: not link.is_open)
        assert not link.write(b"x")
        cable.plug_in()
        begin = time.monotonic()
        until(lambda turn=turn: len(link.opened) == turn, limit_s=5.0)
        assert link.write(b"again")
        cable.read_until(lambda got: got == b"again")
        assert time.monotonic() - begin < 5.0
        link.heard.clear()
        cable.send(b"k")
        until(lambda: link.heard == [b"k"])


def test_cable_that_is_not_there_yet(cable, start, until):
    """A program started before its cable finds it later."""
    cable.pull()
    link = start(cable.path)
    assert not link.is_open
    assert not link.write(b"x")
    cable.plug_in()
    until(lambda: link.is_open, limit_s=5.0)


def test_second_program_is_kept_out(cable, start, until):
    """Two programs on one line would each get half the bytes: the second cannot open it."""
    link = start(cable.path)
    until(lambda: link.is_open)
    with pytest.raises(serial.SerialException):
        serial.Serial(cable.path, exclusive=True)


def test_stuck_line_does_not_hang(cable, start, until):
    """A line whose other end takes nothing fails within the limit instead of holding the program for ever."""
    link = start(cable.path)
    until(lambda: link.is_open)
    begin = time.monotonic()
    while link.write(b"x" * 4096):
        assert time.monotonic() - begin < 20
    assert time.monotonic() - begin < 10


def test_serial_server_over_the_network(start, until):
    """A network serial server works like a cable, also when it hangs up and comes back."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        server.settimeout(10)
        link = start(f"socket://127.0.0.1:{port}")
        first, _ = server.accept()
        with first:
            until(lambda: link.is_open)
            first.sendall(b"ab")
            until(lambda: b"".join(link.heard) == b"ab")
        second, _ = server.accept()
        with second:
            until(lambda: len(link.opened) == 2 and link.is_open, limit_s=5.0)
            assert link.write(b"cd")
            assert second.recv(10) == b"cd"


def test_loop_is_a_line(start, until):
    """`loop://` needs no hardware."""
    link = start("loop://")
    until(lambda: link.is_open)
    assert link.write(b"hello")
    until(lambda: b"".join(link.heard) == b"hello")


def test_nonsense_port_is_tried_in_peace(start, caplog):
    """A port name that means nothing is logged once, and the program lives."""
    link = start("nonsense://x")
    pause = threading.Event()
    pause.wait(0.5)
    assert not link.is_open
    assert len([record for record in caplog.records if "cannot be opened" in record.message]) == 1
