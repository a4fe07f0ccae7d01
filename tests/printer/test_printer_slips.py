"""Printed slips: an item's guide, and where to go instead."""

import os
from pathlib import Path

import pytest
from PIL import Image, ImageChops
from pyzbar.pyzbar import decode as read_codes

from printer import fonts
from printer.commands import Rendering, prepare
from printer.layout import Both, Follow, Foot, Heading, Name, Section, list_mark
from printer.profile import Cut, Encoding, Mode, Profile, TextQr
from printer.raster import draw
from printer.simulator import Simulator
from printer.slips import LINE_MAX, LINES_MAX, QR_MAX, SECTIONS_MAX, Slip
from printer.spool import JobState, Spool
from printer.text import TextLine, columns_of, set_text
from tests.printer.escpos_decoder import decode
from tests.printer.printer_cast import QUICK, Listener, wait_until

GOLDEN = Path(__file__).parent / "golden"
RARE = "䶮㛃𬱖𡈽𰻝"

GUIDE = Slip.of(
    "社会保障卡补领、换领、换发",
    [
        ("受理条件", ["已申领社会保障卡，且卡片损坏、遗失或有效期届满"]),
        (
            "申请材料",
            [
                "□ 居民身份证 原件1份，窗口核验后退还",
                "□ 社会保障卡补（换）领申请表 原件1份（窗口提供，可用自助机打印）",
                "□ 委托他人代办的：委托书、委托人和受托人身份证原件",
            ],
        ),
        ("收费", ["20元／张（遗失补领）；到期换发不收费"]),
        ("办理窗口", ["一楼社会事务区 S05–S08 号窗口"]),
    ],
    qr="http://hall.example/items/soc-card",
    qr_caption="扫码查看完整指南",
    footer="本单仅供参考，以窗口一次性告知为准",
    hall="阳新县市民之家",
    below_title="县人力资源和社会保障局",
)
ELSEWHERE = Slip.of(
    "请到以下地点办理",
    [
        ("事项", ["普通护照换发"]),
        ("地点", ["阳新县公安局出入境接待大厅，兴国镇儒学路128号1楼"]),
        ("电话", ["0714-7322110"]),
        ("原因", ["须在公安机关专用场所采集指纹，未进驻大厅（负面清单第3号）。"]),
    ],
    footer="Opening hours 8:30–17:30",
    hall="阳新县市民之家",
)
LONG = Slip.of(
    "城镇职工基本养老保险关系省内外转移接续申请（含军人退役养老保险关系）",
    [("办理条件和需要特别说明的其他各种各样的情况以及注意事项", ["一" * 250, "1. Antidisestablishmentarianism " * 8])],
    qr="http://hall.example/items/x",
    qr_caption="Scan for everything there is to know about this",
    footer="长" * 100,
)


def test_blocks_of_a_guide_stand_in_order() -> None:
    """Hall, title, sections, then the code with its words: nothing in between, and never a number."""
    found = GUIDE.blocks()
    assert [type(block) for block in found] == [Heading, Name, Section, Section, Section, Section, Follow]
    assert found[0] == Heading(Both("阳新县市民之家"))
    assert found[1] == Name(Both("社会保障卡补领、换领、换发", "县人力资源和社会保障局"))
    assert found[4] == Section("收费", ("20元／张（遗失补领）；到期换发不收费",))
    assert found[6] == Follow(GUIDE.qr, Both("扫码查看完整指南"), Both("本单仅供参考，以窗口一次性告知为准"))


def test_without_a_code_the_footer_closes_the_slip() -> None:
    """A slip of the negative list has no page; without a hall the title heads it."""
    assert ELSEWHERE.blocks()[-1] == Foot(Both("Opening hours 8:30–17:30"))
    assert Slip.of("请到以下地点办理").blocks() == (Heading(Both("请到以下地点办理")),)


def test_texts_cannot_command_the_printer_nor_eat_the_roll() -> None:
    """Control characters go, a list in one cell becomes lines, and what is endless is cut with a visible sign."""
    slip = Slip.of(
        "甲\x1b@",
        [
            ("材\x00料", ["1、身份证\r\n2、户口簿\n\n", "  ", "\x1bp\x00"]),
            ("空", ["", " \n"]),
            ("长", ["长" * 999]),
            ("多", [str(n) for n in range(999)]),
            *[(f"第{n}节", ["x"]) for n in range(99)],
        ],
        footer="尾\x07",
    )
    assert slip.title == "甲 @"
    assert slip.sections[0] == ("材 料", ("1、身份证", "2、户口簿", "p"))
    assert slip.sections[1][0] == "长", "an empty section falls away"
    assert slip.sections[1][1] == ("长" * (LINE_MAX - 1) + "…",)
    assert len(slip.sections[2][1]) == LINES_MAX + 1
    assert slip.sections[2][1][-1] == "…"
    assert len(slip.sections) == SECTIONS_MAX + 1
    assert slip.sections[-1] == ("…", ())
    assert slip.footer == "尾"


@pytest.mark.parametrize(
    ("line", "mark"),
    [
        ("1. 身份证", "1. "),
        ("12、户口簿", "12、"),
        ("（3）申请表", "（3）"),
        ("(4) form", "(4) "),
        ("□ 照片", "□ "),
        ("20元／张", ""),
        ("8.5折", ""),
        ("0714-7322110", ""),
        ("□", ""),
    ],
)
def test_marks_of_a_list_are_told_from_figures(line: str, mark: str) -> None:
    """A price or a telephone number is no list."""
    assert list_mark(line) == mark


@pytest.mark.parametrize("paper_mm", [80, 58])
@pytest.mark.parametrize("slip", [GUIDE, ELSEWHERE, LONG], ids=["guide", "elsewhere", "long"])
def test_text_fits_the_paper_and_hangs_behind_its_mark(slip: Slip, paper_mm: int) -> None:
    """No line is wider than the paper, and everything written is printed."""
    columns = 48 if paper_mm == 80 else 32
    lines = [part for part in set_text(slip.blocks(), columns) if isinstance(part, TextLine)]
    assert all(columns_of(line.text) * line.wide <= columns for line in lines)
    printed = "".join(line.text.replace(" ", "") for line in lines)
    for _heading, wanted in slip.sections:
        for text in wanted:
            assert text.replace(" ", "").replace("–", "-") in printed


def test_second_line_of_a_material_stands_behind_the_box() -> None:
    """Boxes to tick stand in a column of their own."""
    lines = [part.text for part in set_text(GUIDE.blocks(), 32) if isinstance(part, TextLine)]
    first = lines.index("□ 社会保障卡补（换）领申请表 原")
    assert lines[first + 1].startswith("   ")


@pytest.mark.parametrize("paper_mm", [80, 58])
@pytest.mark.parametrize("slip", [GUIDE, LONG], ids=["guide", "long"])
def test_code_of_a_slip_reads_back_from_the_dots(slip: Slip, paper_mm: int) -> None:
    """A phone opens the item's page from the paper that is really printed."""
    picture = decode(prepare(slip, Profile(paper_mm), Mode.RASTER).data).picture()
    assert picture.width == Profile(paper_mm).width_px
    assert [code.data.decode() for code in read_codes(picture)] == [slip.qr]


@pytest.mark.parametrize("paper_mm", [80, 58])
@pytest.mark.parametrize("mode", [Mode.RASTER, Mode.TEXT])
def test_a_long_address_still_fits_the_paper(paper_mm: int, mode: Mode) -> None:
    """Sites of provinces have addresses of some hundred characters; the dots get smaller, the code stays whole."""
    url = "https://zwfw.example.gov.cn/" + "a1" * ((QR_MAX - 28) // 2)
    profile = Profile(paper_mm, text_qr=TextQr.IMAGE)
    decoded = decode(prepare(Slip.of("在线办理", qr=url), profile, mode).data)
    assert max(band.width for band in decoded.bands) <= profile.width_px
    assert [code.data.decode() for code in read_codes(decoded.picture())] == [url]


@pytest.mark.parametrize("url", ["https://a.example/" + "x" * QR_MAX, "https://a\x1b@b"])
def test_an_address_that_cannot_be_a_code_is_left_out(url: str) -> None:
    """A slip without a code is better than one with a code that leads nowhere."""
    assert Slip.of("在线办理", qr=url).qr == ""


def test_chinese_in_an_address_is_coded() -> None:
    """Exporters write addresses as people read them."""
    assert Slip.of("在线办理", qr=" https://a.example/事?x=1%20#2 ").qr == "https://a.example/%E4%BA%8B?x=1%20#2"


def test_a_rare_character_takes_the_slip_to_raster() -> None:
    """On a slow line a slip is text, unless a name in it would lose a character."""
    slow = Profile(80, is_slow=True)
    assert prepare(ELSEWHERE, slow, Mode.AUTO).rendering is Rendering.TEXT
    rare = Slip.of("联系人", [("窗口", [f"联系人：{RARE}"])])
    assert prepare(rare, slow, Mode.AUTO).rendering is Rendering.RASTER


GOLDEN_TEXTS = {
    "slip-guide-80-gbk": (GUIDE, Profile(80)),
    "slip-elsewhere-58-gb18030": (ELSEWHERE, Profile(58, Encoding.GB18030, Cut.PARTIAL)),
}


@pytest.mark.parametrize("name", GOLDEN_TEXTS)
def test_text_slip_is_exactly_the_golden_one(name: str) -> None:
    """Every byte of a text slip. Look at the change, then CHAOXI_WRITE_GOLDEN=1 to accept it."""
    slip, profile = GOLDEN_TEXTS[name]
    data = prepare(slip, profile, Mode.TEXT).data
    golden = GOLDEN / f"{name}.bin"
    if os.environ.get("CHAOXI_WRITE_GOLDEN"):
        golden.write_bytes(data)
    assert data == golden.read_bytes()
    decoded = decode(data)
    assert decoded.qr == (slip.qr or None)
    assert all(f"【{heading}】" in decoded.lines for heading, _ in slip.sections)


@pytest.mark.parametrize("width_px", [576, 384])
@pytest.mark.parametrize("name", ["guide", "elsewhere"])
def test_slip_looks_as_it_was_approved(name: str, width_px: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The picture, drawn with the one font that is locked with the packages."""
    packaged = next(fonts._packaged())
    monkeypatch.setattr(fonts, "regular", lambda: packaged)
    monkeypatch.setattr(fonts, "bold", lambda: packaged)
    picture = draw((GUIDE if name == "guide" else ELSEWHERE).blocks(), width_px).convert("L")
    golden = GOLDEN / f"slip-{name}-{width_px}.png"
    if os.environ.get("CHAOXI_WRITE_GOLDEN"):
        picture.convert("1").save(golden, optimize=True)
    wanted = Image.open(golden).convert("L")
    assert picture.size == wanted.size
    # Another build of FreeType may round the edge of a stroke differently; a moved line is far above this.
    different = ImageChops.difference(picture, wanted).histogram()[255]
    assert different / (picture.width * picture.height) < 0.002


def test_spool_prints_slips_between_tickets_and_keeps_none_on_disk(tmp_path: Path) -> None:
    """A slip waits for its paper like a ticket, but after a restart nobody stands there: it is never written down."""
    listener = Listener()
    with Simulator() as printer:
        spool = Spool(tmp_path, printer.url, 80, "auto", listener, QUICK)
        job = spool.submit(GUIDE)
        assert listener.end_of(job).state is JobState.PRINTED
        printer.set(is_cover_open=True)
        waiting = spool.submit(ELSEWHERE)
        listener.wait_for(lambda heard: heard.id == waiting.id and heard.reason is not None)
        written = "".join(path.read_text("utf-8") for path in tmp_path.glob("*.json"))
        assert "护照" not in written
        assert not list(tmp_path.glob("0*.json"))
        printer.set(is_cover_open=False)
        assert listener.end_of(waiting).state is JobState.PRINTED
        wait_until(lambda: len(printer.tickets) == 2)
        spool.close()
    assert all(heard.ticket_id is None for heard in listener.jobs)
