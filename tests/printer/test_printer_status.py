"""Reading what a printer says."""

import pytest

from printer.layout import texts
from printer.status import (
    SILENT,
    Condition,
    Paper,
    PrinterStatus,
    Trouble,
    explain,
    is_done_byte,
    is_status_byte,
    read_answers,
)


@pytest.mark.parametrize(
    ("answers", "condition"),
    [
        ((0x12, 0x12, 0x12, 0x12), Condition.READY),
        ((0x12, 0x12, 0x12, 0x1E), Condition.NEAR_END),
        ((0x1A, 0x32, 0x12, 0x7E), Condition.PAPER_OUT),
        ((0x12, 0x12, 0x12, 0x72), Condition.PAPER_OUT),
        ((0x1A, 0x16, 0x12, 0x12), Condition.COVER_OPEN),
        ((0x1A, 0x36, 0x12, 0x72), Condition.COVER_OPEN),
        ((0x1A, 0x52, 0x1A, 0x12), Condition.ERROR),
        ((0x1A, 0x12, 0x12, 0x12), Condition.OFFLINE),
        ((0x12, None, None, None), Condition.READY),
        ((0x1A, None, None, None), Condition.OFFLINE),
        ((0x12, 0x12, 0x12, None), Condition.READY),
        ((None, None, None, None), Condition.UNKNOWN),
    ],
)
def test_conditions_are_told_apart(answers: tuple[int | None, ...], condition: Condition) -> None:
    """Near end, out, cover, error, offline and silence are six different things."""
    assert read_answers(list(answers)).condition is condition


def test_paper_out_alone_blocks_although_the_printer_is_online() -> None:
    """Paper out leaves bit 3 of DLE EOT 1 clear on many printers."""
    status = read_answers([0x12, 0x12, 0x12, 0x72])
    assert status.is_offline is False
    assert status.is_blocking


def test_silence_is_unknown_and_does_not_block() -> None:
    """python-escpos reads no answer as enough paper."""
    assert read_answers([None] * 4) == SILENT
    assert SILENT.paper is Paper.UNKNOWN
    assert not SILENT.is_blocking


@pytest.mark.parametrize("byte", [0x11, 0x13, 0x00, 0x80, 0xFF, 0x0F])
def test_noise_is_not_a_status(byte: int) -> None:
    """XON, XOFF and unasked bytes are not answers to DLE EOT."""
    assert not is_status_byte(byte)


def test_the_two_kinds_of_answer_cannot_be_mixed_up() -> None:
    """No byte is an answer to both DLE EOT and GS r."""
    assert not [byte for byte in range(256) if is_status_byte(byte) and is_done_byte(byte)]
    assert is_done_byte(0x00)
    assert is_done_byte(0x0F)
    assert is_status_byte(0x7E)


def test_meter_fills_in_only_what_the_printer_does_not_say() -> None:
    """The estimate never overrules a printer that answers (C17)."""
    estimated = SILENT.estimated(True)
    assert (estimated.condition, estimated.is_estimate) == (Condition.NEAR_END, True)
    full = PrinterStatus.of(Condition.READY)
    assert full.estimated(True) == full
    assert SILENT.estimated(False) == SILENT


@pytest.mark.parametrize("condition", Condition)
def test_a_status_can_be_made_from_every_condition(condition: Condition) -> None:
    """The spool makes a status from the reason of a failure."""
    assert PrinterStatus.of(condition).condition is condition


@pytest.mark.parametrize("reason", [*Condition, *Trouble])
def test_every_reason_has_a_sentence_in_both_languages(reason: str) -> None:
    """No code word ever reaches a citizen."""
    zh, en = explain(reason, "zh"), explain(reason, "en")
    assert zh != en != reason
    assert texts("zh")(en) == zh
    assert any("\u4e00" <= character <= "\u9fff" for character in zh)
