"""What is taken from a card's 256 bytes, and what is not."""

import logging
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.id_reader.card import Card, CardKind, ReaderTrouble, Trouble
from kiosk.id_reader.device import ADDRESS, card_block
from kiosk.id_reader.layouts import LAYOUTS, TEXT_BYTES, TYPE_AT, Field, read_card
from kiosk.id_reader.numbers import birth_of, day, is_number, kind_of
from tests.kiosk.id_card_cast import CARD, CARDS, FOREIGN_2017, RARE, canaries_in, cards, numbered, told_by


def with_text(card: Card, at: int, text: str) -> bytes:
    coded = text.encode("utf-16-le")
    block = card_block(card)
    return block[:at] + coded + block[at + len(coded) :]


@given(cards())
def test_every_card_comes_back_as_it_was_written(card: Card) -> None:
    """Number, name, birthday and expiry of every kind of card, rare characters included."""
    assert read_card(card_block(card)) == card


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.kind.value)
def test_only_four_facts_leave_the_layout(card: Card) -> None:
    """Address, nation and authority are on the chip and not on the card that is handed over (A3.1)."""
    block = card_block(card)
    read = read_card(block)
    assert ADDRESS.encode("utf-16-le") in block or card.kind is CardKind.FOREIGN
    assert set(Card.__slots__) == {"number", "name", "kind", "birth", "valid_to"}
    assert ADDRESS not in "".join(str(getattr(read, name)) for name in Card.__slots__)


def test_a_residents_block_by_hand() -> None:
    """The published layout, written byte by byte independently of the code under test."""
    block = (
        "张三".ljust(15)
        + "1"
        + "01"
        + "19491231"
        + "北京市东城区".ljust(35)
        + "11010519491231002X"
        + "北京市公安局".ljust(15)
        + "20200101"
        + "长期".ljust(8)
        + " " * 18
    ).encode("utf-16-le")
    assert len(block) == TEXT_BYTES
    assert read_card(block) == Card("11010519491231002X", "张三", CardKind.RESIDENT, date(1949, 12, 31), "长期")


def test_cards_of_hong_kong_and_of_foreigners_by_hand() -> None:
    """The other three layouts, likewise."""
    hmt = (
        "陈大文".ljust(15) + "1" + "  " + "19940823" + "广东省深圳市".ljust(35) + "810000199408230021" + "深圳".ljust(15)
        + "20190901" + "20240901" + "H12345678" + "01" + "   " + "J" + "   "
    )  # fmt: skip
    old = (
        "TIDE, ANNA".ljust(60) + "2" + "ZZZ110000000001" + "ZZZ" + "潮安娜".ljust(15) + "20170616" + "20270615"
        + "19800504" + "01" + "1500" + "I" + "   "
    )  # fmt: skip
    number = numbered("90000019791224004")
    new = (
        " " * 15 + "2" + "01" + "19791224" + "A" * 35 + number + " " * 15 + "20231201" + "20331201" + "B" * 11 + "999"
        + "Y" + "   "
    )  # fmt: skip
    assert read_card(hmt.encode("utf-16-le")) == Card(
        "810000199408230021", "陈大文", CardKind.HMT, date(1994, 8, 23), "2024-09-01"
    )
    assert read_card(old.encode("utf-16-le")) == Card(
        "ZZZ110000000001", "潮安娜", CardKind.FOREIGN, date(1980, 5, 4), "2027-06-15"
    )
    assert read_card(new.encode("utf-16-le")) == Card(
        number, "A" * 35 + "B" * 11, CardKind.FOREIGN, date(1979, 12, 24), "2033-12-01"
    )


def test_a_foreigner_without_a_chinese_name_has_the_latin_one() -> None:
    """Somebody must be greeted by some name."""
    assert read_card(card_block(FOREIGN_2017)).name == "TIDE, CHAOXI SAMPLE"


def test_a_name_cut_in_the_middle_of_a_character_is_still_a_card() -> None:
    """A name too long for the chip ends in half a rare character; the person is served all the same."""
    block = bytearray(card_block(CARD))
    block[28:30] = RARE[2].encode("utf-16-le")[:2]
    assert read_card(bytes(block)).name.endswith("\ufffd")


@pytest.mark.parametrize("padding", [" ", "\0"])
def test_padding_of_both_makes_is_stripped(padding: str) -> None:
    """Some readers pad with spaces, some with zeros."""
    assert read_card(with_text(CARD, 14, padding * 8)).name == CARD.name[:5]


@pytest.mark.parametrize("letter", ["A", "K", "j", "1", "？", "\ud800"])
def test_unknown_kinds_are_no_card(letter: str, caplog: pytest.LogCaptureFixture) -> None:
    """A kind not known is refused, with a line in the log that tells nothing of the card."""
    block = bytearray(card_block(CARD))
    block[TYPE_AT : TYPE_AT + 2] = letter.encode("utf-16-le", "surrogatepass")
    with caplog.at_level(logging.DEBUG), pytest.raises(ReaderTrouble) as refused:
        read_card(bytes(block))
    assert refused.value.kind is Trouble.NOT_A_CARD
    assert len(caplog.records) == 1
    assert canaries_in(caplog.text) == []


@pytest.mark.parametrize(
    "block",
    [
        card_block(CARD)[:-1],
        card_block(CARD) + b"\0",
        b"",
        with_text(CARD, 122, "999"),
        with_text(CARD, 122 + 34, "5"),
        b"\xff" * TYPE_AT + card_block(CARD)[TYPE_AT:],
    ],
    ids=["short", "long", "empty", "number", "check digit", "rubbish"],
)
def test_damaged_texts_are_unreadable_and_say_nothing(block: bytes, caplog: pytest.LogCaptureFixture) -> None:
    """Neither the log nor the exception, nor one behind it, holds a piece of the card."""
    with caplog.at_level(logging.DEBUG), pytest.raises(ReaderTrouble) as refused:
        read_card(block)
    assert refused.value.kind is Trouble.UNREADABLE
    assert caplog.records
    assert canaries_in(caplog.text + told_by(refused.value)) == []


@given(st.binary(min_size=TEXT_BYTES, max_size=TEXT_BYTES))
def test_rubbish_never_breaks_the_reader(block: bytes) -> None:
    """256 bytes of anything: a card with a right check digit, or a trouble; never another exception."""
    try:
        card = read_card(block)
    except ReaderTrouble:
        return
    assert is_number(card.number)


@pytest.mark.parametrize(
    ("text", "wanted"), [("长期", "长期"), ("20350630", "2035-06-30"), ("20351341", None), ("", None)]
)
def test_expiry_is_a_day_or_forever(text: str, wanted: str | None) -> None:
    """A card without end is not a broken one, and an impossible day is none."""
    assert read_card(with_text(CARD, 204, text.ljust(8))).valid_to == wanted


def test_an_impossible_birthday_is_left_out() -> None:
    """A number is enough for a ticket."""
    assert read_card(with_text(CARD, 36, "19501399")).birth is None


def test_a_card_shows_nothing_of_itself() -> None:
    """Text, format and exceptions end up in logs."""
    shown = f"{CARD} {CARD!r} {[CARD]} {ReaderTrouble(Trouble.TIMEOUT)!r}"
    assert canaries_in(shown) == []
    assert "resident" in shown


def test_check_digits_of_published_numbers() -> None:
    """Specimens of GB 11643 and of the cards of Hong Kong and Taiwan."""
    for number in ("11010519491231002X", "810000199408230021", "830000199201300022"):
        assert is_number(number)
        assert not is_number(number[:16] + str((int(number[16]) + 1) % 10) + number[17])


@pytest.mark.parametrize(
    ("number", "kind", "birth"),
    [
        ("11010519491231002X", CardKind.RESIDENT, date(1949, 12, 31)),
        ("830000199201300022", CardKind.HMT, date(1992, 1, 30)),
        (numbered("90000019791224004"), CardKind.FOREIGN, date(1979, 12, 24)),
        ("ZZZ110080050401", CardKind.FOREIGN, None),
    ],
)
def test_a_number_tells_kind_and_birthday(number: str, kind: CardKind, birth: date | None) -> None:
    """For readers that type nothing but the number."""
    assert (kind_of(number), birth_of(number)) == (kind, birth)


@pytest.mark.parametrize("text", ["2026-1-1", "１９９００１０１", "19900132", "1990010", ""])
def test_what_is_no_day_is_none(text: str) -> None:
    """Full-width figures and impossible days included."""
    assert day(text) is None


def test_fields_of_a_layout_do_not_overlap() -> None:
    """A wrong offset would mix a name with an address."""
    for layout in LAYOUTS.values():
        fields = sorted(
            [layout.name, layout.birth, layout.number, layout.valid_to, *layout.latin_name, Field(TYPE_AT, 2)],
            key=lambda field: field.start,
        )
        assert all(one.end <= following.start for one, following in pairwise(fields))
        assert fields[-1].end <= TEXT_BYTES
