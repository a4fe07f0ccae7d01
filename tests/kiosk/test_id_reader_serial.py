"""A card reader on a real pseudo-terminal: bad lines, pulled cables, sleep, and nothing told of the card."""

import gc
import logging
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from kiosk.id_reader import Card, IdReader, ReaderTrouble, Trouble, open_reader, serial_reader
from kiosk.id_reader.device import SamDevice, card_block
from kiosk.id_reader.sam import Command, Status, request
from kiosk.id_reader.simulator import Terminal, serve_socket
from tests.kiosk.id_card_cast import CARD, CARDS, HMT, OTHER, canaries_in, told_by

WAIT_S = 20.0


@dataclass
class Reading:
    """A `read` in a thread of its own."""

    reader: IdReader
    stop: threading.Event = field(default_factory=threading.Event)
    result: Card | ReaderTrouble | None = None

    def __post_init__(self) -> None:
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        try:
            self.result = self.reader.read(self.stop)
        except ReaderTrouble as trouble:
            self.result = trouble

    def wait(self) -> Card | Trouble:
        self.thread.join(WAIT_S)
        assert not self.thread.is_alive(), "still reading"
        assert self.result is not None
        return self.result.kind if isinstance(self.result, ReaderTrouble) else self.result


def until(condition: Callable[[], object]) -> None:
    """Wait for what no event announces."""
    turn = threading.Event()
    for _ in range(int(WAIT_S / 0.01)):
        if condition():
            return
        turn.wait(0.01)
    raise AssertionError("did not happen in time")


def is_open(reader: IdReader) -> bool:
    """Whether the line is there."""
    return bool(reader._link.is_open)  # type: ignore[attr-defined]


@dataclass
class Bench:
    """Terminals and readers of one test."""

    folder: Path
    open: list[Any] = field(default_factory=list)

    @property
    def link(self) -> Path:
        return self.folder / "reader"

    def terminal(self, device: SamDevice, pieces: Callable[[bytes], Iterable[bytes]] | None = None) -> Terminal:
        terminal = Terminal(device, self.link, pieces) if pieces else Terminal(device, self.link)
        self.open.append(terminal.pull)
        return terminal

    def reader(self, timeout_s: float = 10) -> IdReader:
        reader = open_reader(f"sam://{self.link}?baud=115200", timeout_s)
        self.open.append(reader.close)
        return reader


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    found = Bench(tmp_path)
    yield found
    for close in reversed(found.open):
        close()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pulled cable is told sooner, so that the tests are quick."""
    monkeypatch.setattr(serial_reader, "DOWN_MAX_S", 0.6)


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Whatever a test of this file does, the log tells nothing of the card."""
    with caplog.at_level(logging.DEBUG):
        yield
    assert canaries_in(caplog.text) == []


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.number[:3])
def test_a_card_comes_over_the_line(bench: Bench, card: Card) -> None:
    """Every kind of card, rare characters whole."""
    bench.terminal(SamDevice(card_block(card)))
    assert bench.reader().read(threading.Event()) == card


def by_one(said: bytes) -> Iterable[bytes]:
    return (said[n : n + 1] for n in range(len(said)))


def with_noise(said: bytes) -> Iterable[bytes]:
    return (b"\x00\xaa\xff\xaa\xaa\x96", said[:3], said[3:8], said[8:], b"\x55\xaa")


@pytest.mark.parametrize("pieces", [by_one, with_noise])
def test_split_and_noisy_answers(bench: Bench, pieces: Callable[[bytes], Iterable[bytes]]) -> None:
    """A line that delivers byte by byte, or hums before and after."""
    bench.terminal(SamDevice(card_block(CARD)), pieces)
    assert bench.reader().read(threading.Event()) == CARD


def test_a_bad_checksum_costs_a_try_and_not_the_card(bench: Bench) -> None:
    """The first answer to READ is damaged on the way; it is asked for again."""
    damaged: list[bytes] = []

    def once(said: bytes) -> Iterable[bytes]:
        if len(said) > 1000 and not damaged:
            damaged.append(said)
            device.is_read = False
            return (said[:-1] + bytes([said[-1] ^ 1]),)
        return (said,)

    device = SamDevice(card_block(CARD))
    bench.terminal(device, once)
    assert bench.reader().read(threading.Event()) == CARD
    assert damaged


def test_an_answer_that_breaks_off_is_asked_for_again(bench: Bench) -> None:
    """Half a card, then silence."""
    broken: list[bytes] = []

    def once(said: bytes) -> Iterable[bytes]:
        if len(said) > 1000 and not broken:
            broken.append(said)
            device.is_read = False
            return (said[:600],)
        return (said,)

    device = SamDevice(card_block(CARD))
    bench.terminal(device, once)
    assert bench.reader().read(threading.Event()) == CARD
    assert broken


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (Status.READ_FAILED, Trouble.UNREADABLE),
        (Status.WRONG_KIND_OF_CARD, Trouble.NOT_A_CARD),
        (Status.NOT_AUTHORISED, Trouble.UNPLUGGED),
    ],
)
def test_codes_of_the_reader_reach_the_page(bench: Bench, status: Status, kind: Trouble) -> None:
    """Over the line as in the dialogue's own tests."""
    bench.terminal(SamDevice(card_block(CARD), faults=[(Command.READ, status)] * 9))
    assert Reading(bench.reader()).wait() is kind


def test_no_card_in_time(bench: Bench) -> None:
    """The page gets its answer when the time is over."""
    bench.terminal(SamDevice())
    assert Reading(bench.reader(timeout_s=1)).wait() is Trouble.TIMEOUT


def test_asleep_nothing_is_sent_and_nothing_is_heard(bench: Bench) -> None:
    """Before, between and after readings not one byte goes to the reader, and what it says is dropped (A3.5)."""
    device = SamDevice(card_block(CARD))
    terminal = bench.terminal(device)
    reader = bench.reader()
    until(lambda: is_open(reader))
    turn = threading.Event()
    turn.wait(0.5)  # nothing is waited for: a poll would have come
    assert terminal.heard == b""

    assert reader.read(threading.Event()) == CARD
    asked = terminal.heard
    assert asked.startswith(request(Command.FIND))
    device.lay(card_block(OTHER))
    reader._hear(card_block(OTHER))  # type: ignore[attr-defined]
    turn.wait(0.5)
    assert terminal.heard == asked
    assert reader._pieces.empty()  # type: ignore[attr-defined]


def test_stopping_ends_the_reading_and_the_polling(bench: Bench) -> None:
    """Whoever walks away takes the reader's attention along."""
    terminal = bench.terminal(SamDevice())
    reading = Reading(bench.reader(timeout_s=60))
    turn = threading.Event()
    until(lambda: len(terminal.heard) >= 2 * len(request(Command.FIND)))
    reading.stop.set()
    assert reading.wait() is Trouble.TIMEOUT
    asked = len(terminal.heard)
    turn.wait(0.5)
    assert len(terminal.heard) == asked


def test_a_cable_pulled_and_put_back_while_reading(bench: Bench) -> None:
    """The same reading goes on with the card that is laid on afterwards."""
    device = SamDevice()
    terminal = bench.terminal(device)
    reading = Reading(bench.reader(timeout_s=30))
    until(lambda: terminal.heard)
    terminal.pull()
    device.lay(card_block(CARD))
    terminal.plug_in()
    assert reading.wait() == CARD


def test_a_cable_that_stays_out_is_told_and_the_next_reading_works(bench: Bench, impatient: None) -> None:
    """Unplugged is said within seconds; put back, the next visitor's card is read without anybody doing anything."""
    device = SamDevice()
    terminal = bench.terminal(device)
    reader = bench.reader(timeout_s=30)
    reading = Reading(reader)
    until(lambda: terminal.heard)
    terminal.pull()
    assert reading.wait() is Trouble.UNPLUGGED
    device.lay(card_block(CARD))
    terminal.plug_in()
    until(lambda: is_open(reader))
    assert Reading(reader).wait() == CARD


def test_nothing_plugged_in_at_all(bench: Bench, impatient: None) -> None:
    """Opening does not fail; reading says why, and closing comes back."""
    reader = bench.reader(timeout_s=30)
    assert Reading(reader).wait() is Trouble.UNPLUGGED


def test_a_card_left_lying_is_remembered_by_the_place(bench: Bench) -> None:
    """A kiosk opens the reader anew for every visitor: the card of the one before is still not read for the next."""
    device = SamDevice(card_block(CARD))
    bench.terminal(device)

    def visitor(timeout_s: float) -> Card | Trouble:
        reader = open_reader(f"sam://{bench.link}", timeout_s)
        try:
            return Reading(reader).wait()
        finally:
            reader.close()

    assert visitor(10) == CARD
    device.is_read = False
    assert visitor(1) is Trouble.TIMEOUT
    device.lay(None)
    assert visitor(1) is Trouble.TIMEOUT
    device.lay(card_block(HMT))
    assert visitor(10) == HMT


def test_a_reader_behind_a_socket_may_die_and_come_back(impatient: None) -> None:
    """A vendor's library in a process of its own (C20): its crash is an unplugged reader, never a crashed kiosk."""
    device = SamDevice(card_block(CARD))
    server = socket.create_server(("127.0.0.1", 0))
    port = server.getsockname()[1]

    def dies_in_the_middle() -> None:
        connection, _ = server.accept()
        with connection:
            while data := connection.recv(100):
                said = device.hear(data)
                if len(said) > 1000:
                    connection.sendall(said[:500])
                    break
                connection.sendall(said)
        server.close()

    helper = threading.Thread(target=dies_in_the_middle)
    helper.start()
    reader = open_reader(f"sam+socket://127.0.0.1:{port}", 30)
    try:
        assert Reading(reader).wait() is Trouble.UNPLUGGED
        helper.join(WAIT_S)
        again = socket.create_server(("127.0.0.1", port))
        device.lay(card_block(CARD))
        served = threading.Thread(target=serve_socket, args=(device, again), daemon=True)
        served.start()
        until(lambda: is_open(reader))
        assert Reading(reader).wait() == CARD
    finally:
        reader.close()
        again.shutdown(socket.SHUT_RDWR)
        again.close()
        served.join(WAIT_S)


def test_troubles_carry_nothing_of_the_card(bench: Bench) -> None:
    """Not in the exception, not in one behind it, and not in what the reader still holds in memory."""
    block = bytearray(card_block(CARD))
    block[156:158] = b"9\x00"
    bench.terminal(SamDevice(bytes(block)))
    reading = Reading(bench.reader(timeout_s=2))
    assert reading.wait() is Trouble.UNREADABLE
    assert isinstance(reading.result, ReaderTrouble)
    assert canaries_in(told_by(reading.result)) == []


def test_a_read_card_is_kept_by_nobody(bench: Bench) -> None:
    """When the page lets go of a card it is gone: the reader has no copy of it, nor of its bytes."""
    bench.terminal(SamDevice(card_block(CARD)))
    reader = bench.reader()
    card = reader.read(threading.Event())
    gc.collect()
    holders = [each for each in gc.get_referrers(card) if isinstance(each, dict | list | set)]
    assert all(each is globals() or each is locals() for each in holders)
    assert b"".join([bytes(reader._decoder._buffer)]) == b""  # type: ignore[attr-defined]
    assert card.number == CARD.number
