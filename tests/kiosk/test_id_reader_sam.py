"""Frames of the SAM protocol: published bytes, pieces, noise, damage."""

from hypothesis import given
from hypothesis import strategies as st

from kiosk.id_reader.device import SamDevice
from kiosk.id_reader.sam import PREAMBLE, Answer, Command, Damaged, Decoder, Status, frame, request, text_of

FOUND = bytes.fromhex("AAAAAA9669000800009F0000000097")
SELECTED = bytes.fromhex("AAAAAA9669000C00009000000000000000009C")

#: Bytes in which no frame can begin.
noise = st.binary(max_size=40).filter(lambda data: b"\xaa" not in data)
answers = st.lists(
    st.tuples(st.sampled_from(Status), st.binary(max_size=60)), min_size=1, max_size=4
)  # statuses with their data


def frames_of(found: list[Answer | Damaged]) -> list[Answer]:
    return [each for each in found if isinstance(each, Answer)]


def test_commands_are_the_published_bytes() -> None:
    """Find, select and read as every vendor's paper prints them."""
    assert request(Command.FIND) == bytes.fromhex("AAAAAA96690003200122")
    assert request(Command.SELECT) == bytes.fromhex("AAAAAA96690003200221")
    assert request(Command.READ) == bytes.fromhex("AAAAAA96690003300132")


def test_published_answers_are_understood() -> None:
    """Card found, card selected."""
    assert list(Decoder().take(FOUND + SELECTED)) == [Answer(0x9F, bytes(4)), Answer(0x90, bytes(8))]


@given(answers, noise, st.data())
def test_any_cut_and_any_noise_before_gives_the_same_answers(
    sent: list[tuple[Status, bytes]], before: bytes, data: st.DataObject
) -> None:
    """However a line cuts what a reader says, the same answers come out, once, in order."""
    line = before + b"".join(frame(bytes([0, 0, status]) + body) for status, body in sent)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(line)), max_size=8)))
    decoder, found = Decoder(), []
    for start, end in zip([0, *cuts], [*cuts, len(line)], strict=True):
        found += list(decoder.take(line[start:end]))
    assert found == [Answer(status, body) for status, body in sent]


@given(st.integers(5, len(SELECTED) - 1), st.integers(1, 255))
def test_a_changed_byte_is_never_an_answer(place: int, change: int) -> None:
    """One wrong bit anywhere behind the preamble: no answer comes of it, and the next frame is found again."""
    damaged = bytearray(SELECTED)
    damaged[place] ^= change
    decoder = Decoder()
    assert frames_of(list(decoder.take(bytes(damaged)))) == []
    decoder.forget()
    assert list(decoder.take(FOUND)) == [Answer(0x9F, bytes(4))]


def test_damage_is_told_at_once() -> None:
    """A wrong checksum and an impossible length are known as damage, so that nobody waits for the rest."""
    wrong_sum = FOUND[:-1] + b"\x00"
    assert list(Decoder().take(wrong_sum)) == [Damaged()]
    assert list(Decoder().take(PREAMBLE + b"\x00\x00")) == [Damaged()]
    assert list(Decoder().take(PREAMBLE + b"\xff\xff")) == [Damaged()]
    assert list(Decoder().take(wrong_sum + SELECTED)) == [Damaged(), Answer(0x90, bytes(8))]


def test_a_preamble_inside_half_a_frame_is_found() -> None:
    """A frame that broke off does not swallow the one behind it."""
    decoder = Decoder()
    assert frames_of(list(decoder.take(SELECTED[:9] + SELECTED + FOUND))) == [
        Answer(0x90, bytes(8)),
        Answer(0x9F, bytes(4)),
    ]


def test_an_odd_first_byte_does_not_hide_a_frame() -> None:
    """Readers send one AA more or less; the preamble is looked for byte by byte."""
    assert list(Decoder().take(b"\xaa" + FOUND)) == [Answer(0x9F, bytes(4))]
    assert list(Decoder().take(b"\xaa\xaa\xaa\x96" + FOUND)) == [Answer(0x9F, bytes(4))]


def test_noise_does_not_pile_up() -> None:
    """A line that hums all night keeps no more than the beginning of a preamble."""
    decoder = Decoder()
    for _ in range(1000):
        assert list(decoder.take(b"\x55\xaa" * 50)) == []
    assert len(decoder._buffer) < len(PREAMBLE)


def test_forgetting_overwrites() -> None:
    """Half a card in the buffer is gone from memory, not only out of reach."""
    decoder = Decoder()
    list(decoder.take(PREAMBLE + b"\x05\x08secret"))
    buffer = decoder._buffer
    decoder.forget()
    assert b"secret" not in buffer
    assert list(decoder.take(FOUND)) == [Answer(0x9F, bytes(4))]


def test_an_answer_does_not_show_its_data() -> None:
    """An answer to READ in a log line would be somebody's card."""
    assert "secret" not in repr(Answer(0x90, b"secret"))


def test_text_is_taken_without_the_photo() -> None:
    """The lengths must fit what came; the photo stays behind."""
    data = b"\x01\x00\x04\x00" + b"t" * 256 + b"p" * 1024
    assert text_of(data) == b"t" * 256
    assert text_of(data[:-1]) is None
    assert text_of(data + b"x") is None
    assert text_of(b"\x01") is None
    fingerprint = b"\x01\x00\x04\x00"
    assert text_of(fingerprint) is None


def test_the_device_of_code_refuses_what_a_real_one_refuses() -> None:
    """A damaged command and an unknown one get their own codes."""
    device = SamDevice()
    assert list(Decoder().take(device.hear(request(Command.FIND)[:-1] + b"\x00"))) == [Answer(0x10)]
    assert list(Decoder().take(device.hear(frame(b"\x99\x01")))) == [Answer(0x21)]
    assert list(Decoder().take(device.hear(request(Command.FIND)))) == [Answer(0x80)]
