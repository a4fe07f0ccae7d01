"""Raster mode: the picture, and the picture read back from the bytes."""

import os
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageDraw
from pyzbar.pyzbar import decode as read_codes

from printer import fonts, glyphs
from printer.commands import Rendering, Writer, prepare
from printer.fonts import FontFace
from printer.glyphs import Typeface
from printer.profile import Cut, Mode, Profile
from printer.raster import render
from tests.printer.escpos_decoder import decode
from tests.printer.printer_cast import a_ticket

GOLDEN = Path(__file__).parent / "golden"
RARE = "䶮㛃𬱖𡈽𰻝"
LONG = {
    "service_name": "城镇职工基本养老保险关系省内外转移接续申请（含军人退役养老保险关系）",
    "service_name_en": "Transfer of basic old-age insurance of urban employees between provinces",
    "windows_text": "1–3、5、7–9、12、15–18、21–24号窗口及潮汐窗口",
}


def black_share(picture: Image.Image) -> float:
    return picture.convert("L").histogram()[0] / (picture.width * picture.height)


@pytest.mark.parametrize(("paper_mm", "width_px"), [(80, 576), (58, 384)])
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("names", [{}, LONG])
def test_code_reads_back_from_the_bytes(paper_mm: int, width_px: int, language: str, names: dict[str, str]) -> None:
    """A phone finds the ticket's address in the dots that are really sent."""
    ticket = a_ticket(language=language, **names)
    decoded = decode(prepare(ticket, Profile(paper_mm), Mode.RASTER).data)
    picture = decoded.picture()
    assert picture.width == width_px
    assert [code.data.decode() for code in read_codes(picture)] == [ticket.url]


@pytest.mark.parametrize("paper_mm", [80, 58])
def test_bytes_are_the_picture_dot_by_dot(paper_mm: int) -> None:
    """Nothing is dithered, shifted or lost between picture and bytes."""
    ticket = a_ticket(copy=2, group="elder")
    decoded = decode(prepare(ticket, Profile(paper_mm), Mode.RASTER).data)
    wanted = render(ticket, Profile(paper_mm).width_px).convert("L")
    assert decoded.picture().size == wanted.size
    assert ImageChops.difference(decoded.picture(), wanted).getbbox() is None


def test_job_is_initialised_cut_and_in_small_bands() -> None:
    """Small printers hold a few kilobytes of picture: no band has more than 256 rows."""
    decoded = decode(prepare(a_ticket(), Profile(80, cut=Cut.PARTIAL), Mode.RASTER).data)
    assert decoded.names[:2] == ["ESC @", "GS a"]
    assert decoded.names[-2:] == ["ESC d", "GS V"]
    assert decoded.commands[-1] == ("GS V", b"\x01")
    assert max(band.height for band in decoded.bands) <= 256


def test_raster_bytes_are_exactly_the_golden_ones() -> None:
    """Every byte around and of a picture that no font decides (C16)."""
    picture = Image.new("1", (384, 300), 1)
    ImageDraw.Draw(picture).polygon([(0, 0), (383, 150), (0, 299)], fill=0)
    writer = Writer(Profile(58))
    writer.picture(picture)
    data = writer.job("golden", Rendering.RASTER).data
    golden = GOLDEN / "raster-58.bin"
    if os.environ.get("CHAOXI_WRITE_GOLDEN"):
        golden.write_bytes(data)
    assert data == golden.read_bytes()


@pytest.mark.parametrize("width_px", [576, 384])
def test_picture_is_the_golden_one(width_px: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The ticket looks as it was approved (A2.12), drawn with the one font that is locked with the packages."""
    packaged = next(fonts._packaged())
    monkeypatch.setattr(fonts, "regular", lambda: packaged)
    monkeypatch.setattr(fonts, "bold", lambda: packaged)
    picture = render(a_ticket(copy=2, group="elder"), width_px).convert("L")
    golden = GOLDEN / f"ticket-{width_px}.png"
    if os.environ.get("CHAOXI_WRITE_GOLDEN"):
        picture.convert("1").save(golden, optimize=True)
    wanted = Image.open(golden).convert("L")
    assert picture.size == wanted.size
    # Another build of FreeType may round the edge of a stroke differently; a moved line is far above this.
    assert black_share(ImageChops.invert(ImageChops.difference(picture, wanted))) < 0.002


@pytest.mark.parametrize(
    ("width_px", "number", "tall_px"), [(576, "A012", 160), (576, "B1023", 120), (384, "A012", 100)]
)
def test_the_number_is_huge(width_px: int, number: str, tall_px: int) -> None:
    """One unbroken band of ink, centimetres high: 8 dots are a millimetre."""
    picture = ImageChops.invert(render(a_ticket(number=number, service_name="一"), width_px).convert("L"))
    inked = [picture.crop((0, y, width_px, y + 1)).getbbox() is not None for y in range(picture.height)]
    bands = "".join("#" if row else " " for row in inked).split()
    # From the top: hall, its English name, the line, the caption, the number.
    assert len(bands[4]) >= tall_px, [len(band) for band in bands]


@pytest.mark.parametrize("character", RARE)
def test_rare_characters_are_drawn(character: str) -> None:
    """䶮㛃𬱖𡈽𰻝 come out as themselves (A3.4): not as a box, not as 〓, not as each other."""
    face = glyphs.face_for(character, fonts.bold())
    assert face is not None
    others = [other for other in RARE + "〓\uffff" if other != character]
    assert all(glyphs._picture(face, character) != glyphs._picture(face, other) for other in others)
    assert black_share(render(a_ticket(service_name=character), 576)) > 0


def test_a_character_that_one_font_lacks_is_taken_from_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    """wqy-microhei lacks 㛃; the packaged font has it."""
    small = FontFace(fonts.DEBIAN_WQY / "wqy-microhei.ttc")
    if not small.path.is_file():
        pytest.skip("fonts-wqy-microhei is not installed")
    line = Typeface(small, 30).line("社㛃保")
    assert [(face == small, text) for face, text in line.runs] == [(True, "社"), (False, "㛃"), (True, "保")]


def test_a_character_that_no_font_has_becomes_a_sign() -> None:
    """〓 in the picture too, and the ticket is printed."""
    nobody_has = "\U00031350"
    assert glyphs.missing_characters(f"社{nobody_has}") == {nobody_has}
    assert "".join(text for _, text in Typeface.bold(30).line(f"社{nobody_has}").runs) == "社〓"


@pytest.mark.parametrize("width_px", [576, 384])
@pytest.mark.parametrize("names", [{}, LONG, {"number": "A10234"}, {"hall": "潮" * 60}])
def test_nothing_is_cut_off_at_the_edges(width_px: int, names: dict[str, str]) -> None:
    """The outermost columns stay white: whatever is long wraps or shrinks."""
    picture = render(a_ticket(copy=2, group="elder", **names), width_px).convert("L")
    for x in (0, 1, width_px - 2, width_px - 1):
        assert picture.crop((x, 0, x + 1, picture.height)).getextrema() == (255, 255)


def test_simplified_face_is_chosen() -> None:
    """Face 0 of Noto CJK draws 直 the Japanese way; ours is the simplified one."""
    assert fonts.regular().path.is_file()
    if fonts.regular().path.name.startswith("NotoSansCJK"):
        japanese = FontFace(fonts.regular().path, 0)
        assert glyphs._picture(fonts.regular(), "直") != glyphs._picture(japanese, "直")
        assert glyphs._font(fonts.regular(), 20).getname()[0] == "Noto Sans CJK SC"


def test_without_a_chinese_font_the_mend_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says what to install."""
    monkeypatch.setattr(fonts, "_regular_candidates", lambda: iter(()))
    fonts.regular.cache_clear()
    try:
        with pytest.raises(fonts.NoChineseFont, match="noto-cjk-sans-otc"):
            fonts.regular()
    finally:
        fonts.regular.cache_clear()


def test_windows_fonts_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On Windows the system's own bold face is used when Noto is not there."""
    (tmp_path / "Fonts").mkdir()
    (tmp_path / "Fonts" / "msyhbd.ttc").touch()
    monkeypatch.setenv("WINDIR", str(tmp_path))
    monkeypatch.setattr(fonts, "DEBIAN_NOTO", tmp_path)
    monkeypatch.setattr(fonts, "FEDORA_NOTO", tmp_path)
    assert fonts._first(fonts._bold_candidates()) == FontFace(tmp_path / "Fonts" / "msyhbd.ttc")
