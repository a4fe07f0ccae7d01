"""The shipped reader of ESC/POS, on which preview and simulator stand."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ImageChops

from printer.commands import prepare
from printer.paper import Paper
from printer.profile import Encoding, Mode, Profile
from printer.tokens import TEXT as TEXT_RUN
from printer.tokens import UNKNOWN, Tokens
from tests.printer.escpos_decoder import decode
from tests.printer.printer_cast import a_ticket

TEXT = prepare(a_ticket(), Profile(80), Mode.TEXT).data
RASTER = prepare(a_ticket(), Profile(58), Mode.RASTER).data


def commands_of(pieces: list[bytes]) -> list[tuple[bytes, bytes]]:
    """The commands in pieces of a stream, texts that follow each other joined."""
    tokens, found = Tokens(), []
    for piece in pieces:
        for command in tokens.take(piece):
            if found and found[-1][0] == command.name == TEXT_RUN:
                found[-1] = (TEXT_RUN, found[-1][1] + command.data)
            else:
                found.append((command.name, command.data))
    assert tokens.waiting == 0
    return found


@settings(deadline=None, derandomize=True)
@given(st.lists(st.integers(min_value=1, max_value=len(TEXT)), max_size=30))
def test_pieces_do_not_matter(cuts: list[int]) -> None:
    """However the bytes arrive, the same commands are read, also when one is torn apart."""
    ends = [*sorted(cuts), len(TEXT)]
    pieces = [TEXT[start:end] for start, end in zip([0, *ends], ends, strict=False)]
    assert commands_of(pieces) == commands_of([TEXT])


def test_characters_torn_apart_are_printed_whole() -> None:
    """Byte by byte the same paper comes out: two bytes of one character may arrive in two pieces."""
    whole, torn, tokens = Paper(576), Paper(576), Tokens()
    for command in Tokens().take(TEXT):
        whole.obey(command)
    for position in range(len(TEXT)):
        for command in tokens.take(TEXT[position : position + 1]):
            torn.obey(command)
    assert torn.cut[0].tobytes() == whole.cut[0].tobytes()


def test_two_independent_readers_agree_on_the_dots() -> None:
    """The shipped reader and the tests' own one see the same picture."""
    paper = Paper(384)
    for command in Tokens().take(RASTER):
        paper.obey(command)
    own = decode(RASTER).picture()
    assert len(paper.cut) == 1
    assert paper.unknown == []
    assert ImageChops.difference(paper.cut[0].crop((0, 0, *own.size)), own).getbbox() is None


@settings(deadline=None, derandomize=True)
@given(st.binary(max_size=200))
def test_garbage_is_survived(data: bytes) -> None:
    """Any bytes at all: no crash, no byte eaten twice, nothing endless."""
    paper, tokens = Paper(384), Tokens()
    eaten = 0
    for command in tokens.take(data):
        eaten += command.size
        if command.name != b"\x1d(k":
            paper.obey(command)
    assert eaten + tokens.waiting == len(data)


def test_unknown_commands_are_reported() -> None:
    """What the reader does not know is said, so that a test sees it."""
    paper = Paper(384)
    for command in Tokens().take(b"\x1bZ"):
        paper.obey(command)
    assert paper.unknown == [UNKNOWN + b"\x1b"]


@pytest.mark.parametrize("encoding", Encoding)
def test_every_encoding_is_drawn(encoding: Encoding) -> None:
    """The paper reads what the printer was switched to."""
    paper = Paper(576)
    for command in Tokens().take(prepare(a_ticket(), Profile(80, encoding), Mode.TEXT).data):
        paper.obey(command)
    assert len(paper.cut) == 1
    assert paper.unknown == []
