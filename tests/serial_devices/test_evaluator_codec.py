"""The frame of five-key evaluators, byte by byte, and what a noisy line may send."""

import random

import pytest

from caller.codecs.five_keys import EvaluatorCodec, Rating, Taken


def test_golden_bytes():
    """The frames of docs/devices.md, written out by hand."""
    codec = EvaluatorCodec()
    assert codec.ask(3, asks=True) == bytes.fromhex("50 4A 03 02 01 00 0D")
    assert codec.ask(3, asks=False) == bytes.fromhex("50 4A 03 02 00 01 0D")
    assert codec.answer(3, Taken.TAKEN) == bytes.fromhex("50 4A 03 81 00 82 0D")
    assert codec.answer(3, Taken.LOST) == bytes.fromhex("50 4A 03 81 02 80 0D")
    assert codec.decode(bytes.fromhex("50 4A 03 01 05 07 0D"), 0.0) == [Rating(3, 5)]


@pytest.mark.parametrize("cut", range(1, 7))
def test_a_frame_in_two_parts(cut):
    """Wherever it is cut, the second part completes it; after a gap it does not."""
    frame = bytes.fromhex("50 4A 07 01 02 04 0D")
    codec = EvaluatorCodec()
    assert codec.decode(frame[:cut], 1.0) == []
    assert codec.decode(frame[cut:], 1.1) == [Rating(7, 2)]
    assert codec.decode(frame[:cut], 2.0) == []
    assert codec.decode(frame[cut:], 3.0) == []
    assert codec.decode(frame, 3.1) == [Rating(7, 2)]


@pytest.mark.parametrize(
    "frame",
    [
        "50 4A 07 01 02 05 0D",
        "50 4A 07 01 02 04 0A",
        "50 4A 07 01 06 00 0D",
        "50 4A 07 01 00 06 0D",
        "50 4A 07 02 01 04 0D",
    ],
)
def test_what_is_no_press(frame):
    """A wrong sum, a wrong end, a sixth key, no key, our own echo."""
    assert EvaluatorCodec().decode(bytes.fromhex(frame), 0.0) == []


def test_a_press_is_found_in_noise():
    """Random bytes before, between and after, half heads too: every good frame is found, in order."""
    dice = random.Random(7)
    codec, expected, line = EvaluatorCodec(), [], b""
    for n in range(200):
        address, level = dice.randrange(256), dice.randrange(1, 6)
        noise = bytes(dice.randrange(0, 0x50) for _ in range(dice.randrange(6))) + b"\x50" * (n % 3 == 0)
        line += noise + bytes([0x50, 0x4A, address, 1, level, address ^ 1 ^ level, 0x0D])
        expected.append(Rating(address, level))
    found = []
    while line:
        size = dice.randrange(1, 9)
        found += codec.decode(line[:size], 0.0)
        line = line[size:]
    assert found == expected
