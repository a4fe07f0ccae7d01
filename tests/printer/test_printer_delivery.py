"""One ticket to one printer over the network, and everything that can go wrong on the way."""

import threading
from dataclasses import replace

import pytest
from PIL import ImageChops
from pyzbar.pyzbar import decode as read_codes

from printer.commands import Rendering, prepare
from printer.delivery import (
    PRINTED,
    UNCONFIRMED,
    Conversation,
    Device,
    DeviceError,
    Limits,
    StreamBroken,
    StreamDevice,
)
from printer.devices import open_device
from printer.profile import Mode, PrinterUrl, Profile
from printer.raster import render
from printer.simulator import Simulator
from printer.status import Condition, Paper, Trouble
from tests.printer.printer_cast import QUICK, Onlooker, a_ticket, wait_until

JOB = prepare(a_ticket(), Profile(80), Mode.RASTER)


def device_of(url: str, limits: Limits = QUICK) -> Device:
    parsed = PrinterUrl.parse(url)
    return open_device(parsed, Profile.of(parsed, 80), limits)


def test_ticket_comes_out_as_drawn() -> None:
    """The paper of the simulated printer shows the picture, and its code is the ticket's address."""
    with Simulator() as printer:
        assert device_of(printer.url).deliver(JOB, Onlooker()) == PRINTED
        assert printer.wait_for_tickets(1)
        paper = printer.tickets[0].crop((0, 0, *render(a_ticket(), 576).size))
    assert ImageChops.difference(paper, render(a_ticket(), 576).convert("L")).getbbox() is None
    assert [code.data.decode() for code in read_codes(paper)] == [a_ticket().url]


def test_connection_is_closed_after_each_job() -> None:
    """Port 9100 takes one caller on most printers: others must get their turn."""
    with Simulator() as printer:
        device = device_of(printer.url)
        device.deliver(JOB, Onlooker())
        device.status()
        wait_until(lambda: not printer._connections)
        assert printer.connections_made == 2


@pytest.mark.parametrize(
    ("change", "condition"),
    [
        ({"paper": Paper.OUT}, Condition.PAPER_OUT),
        ({"is_cover_open": True}, Condition.COVER_OPEN),
        ({"has_error": True}, Condition.ERROR),
        ({"is_offline": True}, Condition.OFFLINE),
    ],
)
def test_printer_that_cannot_print_is_not_sent_anything(change: dict[str, object], condition: Condition) -> None:
    """The condition is told apart and named, and no half ticket waits in the printer."""
    with Simulator() as printer:
        printer.set(**change)
        device, onlooker = device_of(printer.url), Onlooker()
        assert device.status().condition is condition
        with pytest.raises(DeviceError) as failure:
            device.deliver(JOB, onlooker)
        assert failure.value.reason is condition
        assert not failure.value.permanent
        assert not onlooker.has_begun
        assert b"\x1b@" not in printer.received


def test_near_end_prints_and_says_so() -> None:
    """A roll near its end still prints."""
    with Simulator() as printer:
        printer.set(paper=Paper.NEAR_END)
        device = device_of(printer.url)
        assert device.status().condition is Condition.NEAR_END
        assert device.deliver(JOB, Onlooker()) == PRINTED


def test_refused_connection_is_unreachable() -> None:
    """A printer that is switched off."""
    with Simulator() as printer:
        printer.refuse()
        device, onlooker = device_of(printer.url), Onlooker()
        assert device.status().condition is Condition.UNREACHABLE
        with pytest.raises(DeviceError) as failure:
            device.deliver(JOB, onlooker)
        assert failure.value.reason is Condition.UNREACHABLE
        assert not onlooker.has_begun


def test_silent_printer_prints_but_is_never_called_sure() -> None:
    """No answer is "unknown", not "printed" and not "enough paper"."""
    with Simulator() as printer:
        printer.set(is_silent=True)
        device = device_of(printer.url, replace(QUICK, answer_s=0.1))
        assert device.status().condition is Condition.UNKNOWN
        assert device.deliver(JOB, Onlooker()) == UNCONFIRMED
        assert printer.wait_for_tickets(1)


def test_printer_that_answers_only_real_time_questions_is_unconfirmed() -> None:
    """DLE EOT is answered before the ticket is out, so it proves nothing."""
    with Simulator() as printer:
        printer.set(is_silent_when_done=True)
        assert device_of(printer.url, replace(QUICK, confirm_s=0.3)).deliver(JOB, Onlooker()) == UNCONFIRMED


def test_dying_printer_is_never_called_printed() -> None:
    """The plug is pulled after 20 000 bytes: the ticket failed, or nobody can know; never "printed"."""
    with Simulator() as printer:
        printer.set(dies_after_bytes=20_000)
        onlooker, ended = Onlooker(), ""
        try:
            ended = str(device_of(printer.url).deliver(JOB, onlooker).reason)
        except DeviceError as failure:
            ended = str(failure.reason)
        assert ended == Trouble.CUT_OFF
        assert onlooker.has_begun
        assert printer.tickets == []


def test_paper_end_in_the_middle_of_a_ticket_is_reported_and_can_be_mended() -> None:
    """The citizen hears at once; with new paper the printer goes on with the same ticket."""
    with Simulator() as printer:
        printer.set(paper_out_after_rows=500)
        onlooker, ended = Onlooker(), threading.Event()
        results: list[object] = []

        def deliver() -> None:
            results.append(device_of(printer.url).deliver(JOB, onlooker))
            ended.set()

        threading.Thread(target=deliver, daemon=True).start()
        wait_until(lambda: onlooker.troubles == [Condition.PAPER_OUT])
        assert printer.tickets == []
        printer.set(paper=Paper.OK)
        assert ended.wait(20)
        assert results == [PRINTED]
        assert len(printer.tickets) == 1


def test_paper_end_that_nobody_mends_has_failed_for_good() -> None:
    """Trying again would print a second half; the number stays on the screen instead."""
    with Simulator() as printer:
        printer.set(paper_out_after_rows=500)
        with pytest.raises(DeviceError) as failure:
            device_of(printer.url, replace(QUICK, patience_s=0.2)).deliver(JOB, Onlooker())
        assert failure.value.reason is Condition.PAPER_OUT
        assert failure.value.permanent


def test_slow_printer_is_waited_for() -> None:
    """An answer that comes late is still an answer."""
    with Simulator() as printer:
        printer.set(bytes_per_s=100_000)
        assert device_of(printer.url).deliver(JOB, Onlooker()) == PRINTED
        assert len(printer.tickets) == 1


class FakeStream:
    """A stream whose other end is played by the test."""

    piece = 1000

    def __init__(self, heard: bytes = b"", breaks_after: int | None = None, *, is_stalled: bool = False) -> None:
        self.heard, self.written, self.ended = bytearray(heard), bytearray(), ""
        self._breaks_after, self._is_stalled = breaks_after, is_stalled

    def lag_s(self, size: int) -> float:
        return 0.0

    def write(self, data: bytes) -> None:
        if self._breaks_after is not None and len(self.written) + len(data) > self._breaks_after:
            raise StreamBroken("broken", is_stalled=self._is_stalled)
        self.written += data

    def read(self, timeout_s: float) -> bytes:
        data, self.heard = bytes(self.heard), bytearray()
        return data

    def close(self) -> None:
        self.ended = "closed"

    def abort(self) -> None:
        self.ended = "aborted"


INSTANT = replace(QUICK, answer_s=0.01, confirm_s=0.05, silent_confirm_s=0.02)


@pytest.mark.parametrize(("is_stalled", "reason"), [(True, Trouble.STALLED), (False, Trouble.CUT_OFF)])
def test_ticket_whose_end_was_not_taken_is_thrown_away(is_stalled: bool, reason: Trouble) -> None:
    """The rest must not come out later as half a ticket: the connection is broken off, not closed."""
    stream = FakeStream(breaks_after=5000, is_stalled=is_stalled)
    with pytest.raises(DeviceError) as failure:
        StreamDevice(lambda: stream, INSTANT).deliver(JOB, Onlooker())
    assert failure.value.reason is reason
    assert not failure.value.permanent
    assert stream.ended == "aborted"


def test_answer_among_noise() -> None:
    """XON, XOFF and unasked status bytes round the answers change nothing."""
    stream = FakeStream(b"\x11\x13\x80\x1a\xff\x16\x13\x12\x00\x12")
    status = Conversation(stream, INSTANT).ask()
    assert status.condition is Condition.COVER_OPEN
    assert bytes(stream.written) == b"\x10\x04\x01\x10\x04\x02\x10\x04\x03\x10\x04\x04"


def test_answer_of_an_earlier_ticket_does_not_confirm_this_one() -> None:
    """A late GS r byte from before must not make a lost ticket "printed"."""
    stream = FakeStream(b"\x12\x12\x12\x12\x00")
    assert StreamDevice(lambda: stream, INSTANT).deliver(JOB, Onlooker()) == UNCONFIRMED


def test_known_silent_printer_is_not_waited_for_again() -> None:
    """From the second ticket on, a silent printer costs no long wait."""
    limits = replace(INSTANT, answer_s=0.05, silent_confirm_s=0.3)
    device = StreamDevice(FakeStream, limits)
    assert device._confirm_s(is_silent=True) == 0.3
    device.deliver(JOB, Onlooker())
    assert device._confirm_s(is_silent=True) == 0.05


def test_auto_on_the_network_is_raster() -> None:
    """The rule of recipes §2.2 as the URL gives it."""
    url = PrinterUrl.parse("tcp://10.0.0.8")
    assert prepare(a_ticket(), Profile.of(url, 80), Mode.AUTO).rendering is Rendering.RASTER
