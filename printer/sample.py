"""The test page: shows a technician what this printer is set to, and whether Chinese, rare characters, widths, QR and
knife come out right."""

from printer import fonts
from printer.commands import PrintJob, Rendering, prepare_blocks
from printer.layout import Block, Both, Fact, Follow, Heading, Mark, Name, Number, Places, Ruler, texts
from printer.profile import Mode, PrinterUrl, Profile
from printer.status import PrinterStatus, explain

#: Everyday text, full-width signs, signs outside GB 2312, and characters of names that GBK does not hold.
COMMON = "阳新县市民之家 潮汐 0123456789"
SIGNS = "（）：，。、《》“”—…·￥№①"
WESTERN = "é ü ñ ° ± × ÷ €"
NAMES = "镕 喆 堃 犇 赟 燚"
RARE = "䶮 㛃 𬱖 𡈽 𰻝"

#: Where the code of the test page leads.
SAMPLE_URL = "http://127.0.0.1:8080/t/test-page"


def _both(message: str) -> Both:
    return Both(texts("zh")(message), texts("en")(message))


def _fact(label: str, value: str, second: str = "") -> Fact:
    return Fact(_both(label), Both(value, second))


def page_blocks(url: PrinterUrl, profile: Profile, mode: Rendering, status: PrinterStatus) -> tuple[Block, ...]:
    """The page as blocks, so that it goes through the same rendering as a ticket."""
    condition = status.condition
    return (
        Heading(_both("Printer test page")),
        Mark(_both("RASTER (dots)") if mode is Rendering.RASTER else _both("TEXT (the printer's own characters)")),
        Ruler(),
        Number(_both("Your number"), "A012"),
        Name(Both("社会保障卡补办（个人）", "Social security card replacement")),
        Places(
            (
                _fact("Device", url.text),
                _fact("Paper", f"{profile.paper_mm} mm", f"{profile.width_px} dots · {profile.columns} columns"),
                _fact("Encoding", profile.encoding.value, f"cut={profile.cut.value} qr={profile.text_qr.value}"),
                _fact("Font", *(face.path.name for face in dict.fromkeys((fonts.bold(), fonts.regular())))),
                Fact(_both("Status"), Both(explain(condition, "zh"), explain(condition, "en"))),
            )
        ),
        Places(
            (
                _fact("Common", COMMON),
                _fact("Signs", SIGNS, WESTERN),
                _fact("Names", NAMES, RARE),
            )
        ),
        Follow(SAMPLE_URL, _both("Scan to follow your turn"), _both("〓 stands for a character this printer lacks")),
    )


def page_jobs(url: PrinterUrl, profile: Profile, mode: Mode, status: PrinterStatus) -> list[PrintJob]:
    """One page in each rendering that the mode may use."""
    renderings = {
        Mode.RASTER: (Rendering.RASTER,),
        Mode.TEXT: (Rendering.TEXT,),
        Mode.AUTO: (Rendering.TEXT,) if profile.is_slow else (Rendering.RASTER, Rendering.TEXT),
    }[mode]
    return [
        prepare_blocks(f"test-{each.value}", page_blocks(url, profile, each, status), profile, Mode(each.value))
        for each in renderings
    ]
