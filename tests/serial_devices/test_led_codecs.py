"""Bytes for LED bars: golden frames, long and strange texts, broken lines."""

import random

import pytest

from display_board.led_codecs import Shown, known_codecs, led_codec
from display_board.led_codecs.ascii import Codec as Ascii
from display_board.led_codecs.reference_gbk import Codec as Gbk
from display_board.led_simulator import Bars


def test_golden_gbk_frame():
    """请A012号办理 at bar 3, byte by byte, with the sum added up by hand."""
    text = bytes.fromhex("C7 EB 41 30 31 32 BA C5 B0 EC C0 ED")
    body = bytes.fromhex("03 01 00 0D 00") + text
    assert Gbk().frame(3, "请A012号办理") == bytes.fromhex("AA 55") + body + bytes([sum(body) % 256])
    assert Gbk().frame(1, "A") == bytes.fromhex("AA 55 01 01 00 02 00 41 45")


def test_golden_plain_line():
    """A plain line is readable by eye."""
    assert Ascii().frame(7, "Now serving A012") == b"@007 Now serving A012\r\n"


@pytest.mark.parametrize("codec", [Gbk, Ascii])
@pytest.mark.parametrize("text", ["Now serving A012", "Paused", "", "a" * 64])
def test_what_is_sent_is_shown(codec, text):
    """The simulator's bar shows what was sent, at the right address."""
    assert [(s.address, s.text) for s in codec().decode(codec().frame(200, text), 0)] == [(200, text)]


@pytest.mark.parametrize(
    ("text", "scrolls"), [("热情为您服务", False), ("八个汉字正好一行", False), ("这一句话比八个汉字长", True)]
)
def test_only_texts_wider_than_the_bar_run(text, scrolls):
    """Eight Chinese signs stand still; more must run."""
    assert Gbk().decode(Gbk().frame(1, text), 0) == [Shown(1, text, scrolls)]


def test_signs_the_bar_lacks_are_marked():
    """A sign outside GBK is 〓 and Chinese on a Latin bar is ?, never silently left out; no line break passes."""
    assert Gbk().decode(Gbk().frame(1, "𠮷1\n2"), 0)[0].text == "〓1 2"
    assert Ascii().frame(1, "请A\r\n@002 x\x7f") == b"@001 ?A @002 x?\r\n"


def test_endless_texts_are_cut_between_signs():
    """A text too long is cut at a whole sign."""
    assert Gbk().decode(Gbk().frame(1, "长" * 500), 0)[0].text == "长" * 120
    assert Gbk().decode(Gbk().frame(1, "a" + "长" * 500), 0)[0].text == "a" + "长" * 119
    assert len(Ascii().frame(1, "x" * 500)) == 5 + 64 + 2


@pytest.mark.parametrize("size", [1, 2, 5, 13])
@pytest.mark.parametrize("codec", [Gbk, Ascii])
def test_pieces_and_noise(codec, size):
    """Frames in pieces, with noise and a broken frame between, are all understood and nothing else is."""
    dice = random.Random(5)
    broken = bytearray(codec().frame(9, "broken"))
    broken[1] ^= 0xFF
    noise = bytes(dice.randrange(128, 0xAA) for _ in range(20))
    stream = codec().frame(1, "one") + noise + bytes(broken) + codec().frame(2, "two")
    bar = codec()
    shown = [s for at in range(0, len(stream), size) for s in bar.decode(stream[at : at + size], at / 1000)]
    assert [(s.address, s.text) for s in shown] == [(1, "one"), (2, "two")]


def test_text_that_looks_like_a_head():
    """GBK bytes AA 55 inside a text do not begin a frame."""
    text = b"\xb0\xaaU\xaaU".decode("gbk", "replace")
    assert Gbk().decode(Gbk().frame(1, text) + Gbk().frame(2, "next"), 0)[-1] == Shown(2, "next")


def test_half_a_frame_does_not_swallow_the_next():
    """A frame cut off is forgotten after a moment."""
    bar = Gbk()
    assert bar.decode(Gbk().frame(1, "a long text here")[:9], 0) == []
    assert bar.decode(Gbk().frame(2, "next"), 5) == [Shown(2, "next")]


def test_codecs_by_name():
    """A codec is found by its module's name; an unknown one is refused with the known ones."""
    assert known_codecs() == ["ascii", "reference_gbk"]
    assert isinstance(led_codec("reference_gbk"), Gbk)
    with pytest.raises(ValueError, match="ascii, reference_gbk"):
        led_codec("acme")


def test_simulator_tells_changes_once():
    """A bar written again with the same text is no news."""
    bars = Bars(Ascii())
    assert bars.take(Ascii().frame(1, "Welcome"), 0) == [Shown(1, "Welcome")]
    assert bars.take(Ascii().frame(1, "Welcome"), 1) == []
    assert bars.take(Ascii().frame(1, "Paused"), 2) == [Shown(1, "Paused")]
