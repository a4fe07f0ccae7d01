"""Text mode: every character is in the printer's set, or 〓, or the ticket becomes a picture."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from printer.commands import Rendering, choose, prepare
from printer.layout import blocks
from printer.profile import Cut, Encoding, Mode, Profile, TextQr
from printer.text import TextLine, columns_of, encode, encode_character, set_text, unprintable
from tests.printer.escpos_decoder import decode
from tests.printer.printer_cast import a_ticket

GOLDEN = Path(__file__).parent / "golden"
RARE = "䶮㛃𬱖𡈽𰻝"


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("（：）", b"\xa3\xa8\xa3\xba\xa3\xa9"),  # python-escpos sends ESC t 0 ???
        ("㐂", b"\xa1\xfe"),  # four bytes of rubbish on a GBK printer
        ("䶮", b"\xa1\xfe"),  # two bytes in Python's gb18030, but not in GBK
        ("𠮷", b"\xa1\xfe"),
        ("é", b"\xa8\xa6"),  # \x82 would swallow the next character
        ("A012", b"A012"),
        ("社", b"\xc9\xe7"),
        ("€", b"\xa1\xfe"),
        ("–", b"\xa8C"),
    ],
)
def test_gbk_bytes(text: str, sent: bytes) -> None:
    """The traps of recipes §2.1, each with the bytes that must come out."""
    assert encode(text, Encoding.GBK) == sent


@settings(deadline=None, derandomize=True)
@given(st.text())
def test_gbk_never_sends_what_a_gbk_printer_cannot_read(text: str) -> None:
    """One byte means ASCII, all else is a pair that GBK knows; nothing takes four bytes."""
    for character in text:
        data = encode_character(character, Encoding.GBK)
        assert data is None or data.decode("gbk") == character
        assert data is None or len(data) == (1 if character.isascii() else 2)


def test_gb18030_and_utf_8_printers_get_rare_characters() -> None:
    """A printer that says it knows them gets the real bytes."""
    assert encode("㛃", Encoding.GB18030) == b"\x82\x30\xb7\x31"
    assert encode("𰻝", Encoding.UTF_8) == "𰻝".encode()


def test_rare_characters_are_noticed() -> None:
    """Exactly the characters that GBK lacks."""
    parts = set_text(blocks(a_ticket(service_name=f"{RARE}喆镕办理")), 48)
    assert unprintable(parts, Encoding.GBK) == set(RARE)
    assert unprintable(parts, Encoding.GB18030) == set()


@pytest.mark.parametrize(
    ("mode", "is_slow", "service", "rendering"),
    [
        (Mode.AUTO, False, "社保", Rendering.RASTER),
        (Mode.AUTO, True, "社保", Rendering.TEXT),
        (Mode.AUTO, True, "䶮", Rendering.RASTER),
        (Mode.TEXT, False, "䶮", Rendering.TEXT),
        (Mode.RASTER, True, "社保", Rendering.RASTER),
    ],
)
def test_which_rendering(mode: Mode, is_slow: bool, service: str, rendering: Rendering) -> None:
    """Raster on fast lines, text on slow ones, but a picture rather than a lost character."""
    profile = Profile(80, is_slow=is_slow)
    assert choose(set_text(blocks(a_ticket(service_name=service)), 48), profile, mode) is rendering


def test_without_any_chinese_font_text_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without fonts still has the printer's own."""
    monkeypatch.setattr("printer.fonts.available", lambda: ())
    assert prepare(a_ticket(), Profile(80), Mode.AUTO).rendering is Rendering.TEXT


def test_text_mode_shows_missing_characters_as_such() -> None:
    """〓, never a question mark and never rubbish."""
    decoded = decode(prepare(a_ticket(service_name="䶮姓登记"), Profile(80), Mode.TEXT).data)
    assert "〓姓登记" in decoded.lines
    assert not any("?" in line for line in decoded.lines)


@pytest.mark.parametrize("paper_mm", [80, 58])
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "names",
    [
        {},
        {"number": "B1023", "service_name": "城镇职工基本养老保险关系转移接续申请（含军人）" * 3, "group": "elder"},
        {"service_name_en": "Transfer of basic old-age insurance between provinces " * 2, "windows_text": "1、" * 40},
    ],
)
def test_no_line_is_wider_than_the_paper(paper_mm: int, language: str, names: dict[str, str]) -> None:
    """Long names wrap by themselves; the printer would break them in the middle of a word."""
    columns = 48 if paper_mm == 80 else 32
    for part in set_text(blocks(a_ticket(language=language, **names)), columns):
        if isinstance(part, TextLine):
            assert columns_of(part.text) * part.wide <= columns, part


@pytest.mark.parametrize(("paper_mm", "number", "size"), [(80, "A012", 8), (58, "A012", 8), (58, "B1023", 6)])
def test_the_number_is_huge(paper_mm: int, number: str, size: int) -> None:
    """The number is set in the largest magnification that fits."""
    decoded = decode(prepare(a_ticket(number=number), Profile(paper_mm), Mode.TEXT).data)
    assert decoded.sizes[decoded.lines.index(number)] == (size, size)


GOLDEN_TICKETS = {
    "text-80-gbk": (a_ticket(), Profile(80)),
    "text-58-gbk-en-reprint-priority": (a_ticket(copy=2, language="en", group="elder"), Profile(58)),
    "text-80-gb18030-rare": (a_ticket(service_name=f"姓名{RARE}"), Profile(80, Encoding.GB18030, Cut.PARTIAL)),
    "text-80-utf-8-rare": (a_ticket(service_name=f"姓名{RARE}"), Profile(80, Encoding.UTF_8, Cut.NONE)),
}


@pytest.mark.parametrize("name", GOLDEN_TICKETS)
def test_bytes_are_exactly_the_golden_ones(name: str) -> None:
    """Every byte of a text ticket (C16). Look at the change, then CHAOXI_WRITE_GOLDEN=1 to accept it."""
    ticket, profile = GOLDEN_TICKETS[name]
    data = prepare(ticket, profile, Mode.TEXT).data
    golden = GOLDEN / f"{name}.bin"
    if os.environ.get("CHAOXI_WRITE_GOLDEN"):
        golden.write_bytes(data)
    assert data == golden.read_bytes()


@pytest.mark.parametrize("name", GOLDEN_TICKETS)
def test_own_reader_understands_the_golden_bytes(name: str) -> None:
    """The independent reader finds mode, texts, code and knife in the bytes."""
    ticket, profile = GOLDEN_TICKETS[name]
    decoded = decode((GOLDEN / f"{name}.bin").read_bytes())
    assert decoded.commands[:2] == [("ESC @", b""), ("GS a", b"\x00")]
    assert decoded.names[2] == ("FS ( C" if profile.encoding is Encoding.UTF_8 else "FS &")
    assert "GS V" not in decoded.names if profile.cut is Cut.NONE else decoded.names[-1] == "GS V"
    assert decoded.qr == ticket.url
    text = " ".join(decoded.lines)
    for wanted in (ticket.hall, ticket.hall_en, ticket.number, ticket.service, "2026-11-21 09:02", "1-24号窗口"):
        assert wanted in text


def test_code_as_dots_for_printers_without_qr() -> None:
    """`qr=image`: a small picture takes the place of the printer's own code."""
    decoded = decode(prepare(a_ticket(), Profile(80, text_qr=TextQr.IMAGE), Mode.TEXT).data)
    assert decoded.qr is None
    assert len(decoded.bands) == 1
    assert decoded.bands[0].width < 300
