"""Bytes of the QueueSystem keypads, against golden frames worked out by hand from the published program."""

import random

import pytest

from caller.codecs import Action, keypad_codec, known_codecs
from caller.codecs.queuesystem import Codec

CALL = bytes.fromhex("FF 68 03 03 68 01 01 0C 0E 16")
NO_SHOW = bytes.fromhex("FF 68 04 04 68 05 01 06 0F 1B 16")


def frame(address, function, *data):
    body = bytes([address, function, *data])
    return bytes([0xFF, 0x68, len(body), len(body), 0x68]) + body + bytes([sum(body) % 256, 0x16])


def shown(presses):
    return [(press.address, press.action, press.digits) for press in presses]


@pytest.mark.parametrize(
    ("address", "data", "action", "digits"),
    [
        (1, [0x0C], Action.CALL_NEXT, ""),
        (2, [0x0D], Action.RECALL, ""),
        (3, [0x0B], Action.RATE, ""),
        (4, [6, 0x0F], Action.NO_SHOW, "6"),
        (5, [0, 0x0F], Action.HOLD, "0"),
        (6, [3, 0x0F], Action.RESUME, "3"),
        (7, [0x12], Action.PAUSE, ""),
        (8, [0x13], Action.TRANSFER, ""),
        (9, [1, 2, 0x13], Action.TRANSFER, "12"),
        (255, [0x0C], Action.CALL_NEXT, ""),
        (1, [0x0F], Action.NOTHING, ""),
        (1, [6, 6, 0x0F], Action.NOTHING, "66"),
        (1, [0x0E], Action.NOTHING, ""),
        (1, [0x11], Action.NOTHING, ""),
    ],
)
def test_every_key(address, data, action, digits):
    """Each key of the published table, alone and with digits; the answer is the frame itself."""
    sent = frame(address, 1, *data)
    (press,) = Codec().decode(sent, 0)
    assert (press.address, press.action, press.digits, press.ack) == (address, action, digits, sent)


def test_golden_frames():
    """Frames written down byte by byte are understood."""
    codec = Codec()
    assert shown(codec.decode(CALL + NO_SHOW, 0)) == [(1, Action.CALL_NEXT, ""), (5, Action.NO_SHOW, "6")]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 9])
def test_split_frames(size):
    """Frames may come in any pieces."""
    codec, stream, presses = Codec(), CALL + NO_SHOW, []
    for at in range(0, len(stream), size):
        presses += codec.decode(stream[at : at + size], at / 1000)
    assert shown(presses) == [(1, Action.CALL_NEXT, ""), (5, Action.NO_SHOW, "6")]


@pytest.mark.parametrize("at", range(len(CALL)))
def test_any_wrong_byte_is_no_press(at):
    """A frame with one byte wrong is not obeyed and not answered, and the good one behind it is."""
    broken = bytearray(CALL)
    broken[at] ^= 0x21
    codec = Codec()
    presses = codec.decode(bytes(broken), 0)
    assert presses == []
    assert shown(codec.decode(NO_SHOW, 1)) == [(5, Action.NO_SHOW, "6")]


def test_noise_between_frames():
    """Random noise before, between and behind frames hides none of them."""
    dice = random.Random(2026)
    codec, presses = Codec(), []
    for _ in range(200):
        noise = bytes(dice.randrange(256) for _ in range(dice.randrange(30))).replace(b"\xff\x68", b"")
        presses += codec.decode(noise.rstrip(b"\xff") + CALL, float(len(presses)))
    assert len(presses) == 200


def test_noise_is_never_a_press():
    """A megabyte of noise calls nobody."""
    dice = random.Random(7)
    codec = Codec()
    assert [press for _ in range(250) for press in codec.decode(dice.randbytes(4000), 0)] == []
    assert len(codec._buffer) < 64


def test_half_a_frame_does_not_swallow_the_next():
    """A frame cut off half way is forgotten, and a press seconds later counts at once."""
    codec = Codec()
    assert codec.decode(bytes.fromhex("FF 68 10 10 68 01"), 0) == []
    assert shown(codec.decode(CALL, 5)) == [(1, Action.CALL_NEXT, "")]


def test_own_echo_is_not_a_press():
    """On a two-wire line our answer comes back: it is not answered again. The same key later is a press."""
    codec = Codec()
    (press,) = codec.decode(CALL, 0)
    assert codec.decode(press.ack, 0.02) == []
    assert len(codec.decode(CALL, 1.0)) == 1


@pytest.mark.parametrize(
    ("waiting", "number"),
    [
        (7, "A012"),
        (0, None),
        (1234, "B999"),
        (250, "A1000"),
    ],
)
def test_display(waiting, number):
    """Waiting left, number right; empty places are 0A."""
    sent = Codec().display(1, waiting, number)
    expected = {
        (7, "A012"): [10, 10, 7, 0, 1, 2],
        (0, None): [10, 10, 0, 10, 10, 10],
        (1234, "B999"): [9, 9, 9, 9, 9, 9],
        (250, "A1000"): [9, 9, 1, 0, 0, 0],
    }[waiting, number]
    assert sent == frame(1, 2, *expected)
    assert Codec().decode(sent, 0) == []


def test_lost_and_beep():
    """Server lost is six empty places; a beep has no data. Neither is ever taken for a press."""
    codec = Codec()
    assert codec.unknown(9) == frame(9, 2, 10, 10, 10, 10, 10, 10)
    assert codec.beep(5) == bytes.fromhex("FF 68 02 02 68 05 03 08 16")
    assert codec.decode(codec.unknown(9) + codec.beep(5), 0) == []


def test_codecs_by_name():
    """A codec is found by its module's name; an unknown one is refused with the known ones."""
    assert known_codecs() == ["queuesystem"]
    assert isinstance(keypad_codec("queuesystem"), Codec)
    for wrong in ("nonesuch", "os", "..os", ""):
        with pytest.raises(ValueError, match="queuesystem"):
            keypad_codec(wrong)


def test_golden_display():
    """One display frame written down byte by byte: 7 wait, 012 is served, at keypad 1."""
    assert Codec().display(1, 7, "A012") == bytes.fromhex("FF 68 08 08 68 01 02 0A 0A 07 00 01 02 21 16")
