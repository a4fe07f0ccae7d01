"""Vouchers and notices on ticket paper: what the bytes say, on both widths, as dots and as text."""

import json
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image, ImageChops
from pyzbar.pyzbar import decode as read_codes

from printer.commands import Rendering, prepare
from printer.follow import papers_of
from printer.glyphs import missing_characters
from printer.layout import Both, Mark, Name, Section, Signatures, Table, TicketPrint
from printer.papers import PaperPrint
from printer.profile import Mode, Profile, TextQr
from printer.raster import draw
from printer.spool_folder import Entry, SpoolFolder, Stage
from printer.text import TextLine, columns_of, set_text
from server.papers.facts import PaperFacts
from server.papers.model import to_json
from server.papers.wording import papers
from tests.papers.papers_cast import RARE, REFUSAL, URL, VOUCHER, many
from tests.printer.escpos_decoder import decode
from tests.printer.printer_cast import HALL, a_ticket_json


def order(facts: PaperFacts) -> dict[str, Any]:
    """The `print` message of a settlement's paper, as it comes over the wire."""
    made: dict[str, Any] = json.loads(json.dumps({"papers": [to_json(paper) for paper in papers(facts)], "copy": 1}))
    return made


def strips(facts: PaperFacts) -> list[PaperPrint]:
    """What a printer program makes of it."""
    return [paper for paper in papers_of(order(facts), HALL) if isinstance(paper, PaperPrint)]


def printed(paper: PaperPrint, profile: Profile) -> str:
    """The text of a strip without blanks and line ends."""
    return "".join("".join(decode(prepare(paper, profile, Mode.TEXT).data).lines).split())


COMMON = replace(VOUCHER, applicant="李雷")


@pytest.mark.parametrize("paper_mm", [80, 58])
def test_a_voucher_is_three_strips_cut_apart(paper_mm: int) -> None:
    """Each says large whose it is; facts, lists and lines to sign on are all there."""
    made = strips(COMMON)

    assert [paper.number for paper in made] == [
        "20261122-0007 申请人联", "20261122-0007 存档联", "20261122-0007 窗口留存联",
    ]  # fmt: skip
    for paper, name in zip(made, ("申请人联", "存档联", "窗口留存联"), strict=True):
        data = decode(prepare(paper, Profile(paper_mm), Mode.TEXT).data)
        assert data.names.count("GS V") == 1
        words = "".join("".join(data.lines).split())
        for wanted in (
            f"【{name}】", "政务服务事项申请材料受理凭证", "受理编号20261122-0007", "李雷", "1.居民身份证（原件，1份）",
            "1.场所使用证明", "承诺于2026年12月1日前补齐", "承诺人签名：____", "经办人签名：____",
        ):  # fmt: skip
            assert wanted in words, wanted


@pytest.mark.parametrize("paper_mm", [80, 58])
@pytest.mark.parametrize("mode", [Mode.RASTER, Mode.TEXT])
def test_the_applicants_strip_alone_has_the_code(paper_mm: int, mode: Mode) -> None:
    """It reads back from the dots that are really printed."""
    profile = Profile(paper_mm, text_qr=TextQr.IMAGE)
    for paper, wanted in zip(strips(COMMON), ([URL], [], []), strict=True):
        data = decode(prepare(paper, profile, mode).data)
        found = [code.data.decode() for code in read_codes(data.picture())] if data.bands else []
        assert found == wanted


@pytest.mark.parametrize("columns", [48, 32])
@pytest.mark.parametrize(
    "facts", [COMMON, replace(COMMON, english=True, again=2), many(20), replace(REFUSAL, english=True)],
    ids=["voucher", "english", "twenty", "refusal"],
)  # fmt: skip
def test_no_line_is_wider_than_the_paper(facts: PaperFacts, columns: int) -> None:
    """Nor is anything left out of a list of twenty."""
    for paper in strips(facts):
        lines = [part for part in set_text(paper.blocks(), columns) if isinstance(part, TextLine)]
        assert max(columns_of(line.text) * line.wide for line in lines) <= columns
        words = "".join("".join(line.text for line in lines).split())
        for n, lack in enumerate(facts.lacks, 1):
            assert f"{n}.{lack}" in words


@pytest.mark.parametrize("width_px", [576, 384])
def test_the_title_stands_on_one_line(width_px: int) -> None:
    """Not broken within a word: as high as a title of two characters."""
    title = next(part for part in strips(COMMON)[0].parts if isinstance(part, Name))
    short = Name(Both("受理"), is_whole=True)
    assert abs(draw((title,), width_px).height - draw((short,), width_px).height) < 30


def test_a_name_of_rare_characters_goes_as_dots() -> None:
    """A slow printer's own characters lack them, so the strip is a picture there, and every character is drawn."""
    slow = Profile(80, is_slow=True)
    assert prepare(strips(COMMON)[1], slow, Mode.AUTO).rendering is Rendering.TEXT
    assert prepare(strips(VOUCHER)[1], slow, Mode.AUTO).rendering is Rendering.RASTER
    assert missing_characters(RARE) == set()


def test_a_field_for_a_pen_is_empty_and_high_enough() -> None:
    """The name that is no longer kept: more white than a line of text, and in text mode a line to write on."""
    (unknown, *_), (known, *_) = strips(replace(COMMON, applicant=None)), strips(COMMON)
    tall = [
        draw((next(part for part in paper.parts if isinstance(part, Table)),), 576).height for paper in (unknown, known)
    ]
    assert tall[0] >= tall[1] + 10
    assert "申请人______" in printed(unknown, Profile(80))


def test_the_line_to_sign_on_reaches_the_edge() -> None:
    """Black from behind the label to the right margin, with a hand's height of white above it."""
    block = next(part for part in reversed(strips(COMMON)[1].parts) if isinstance(part, Signatures))
    picture = draw((block,), 576).convert("L")
    runs = [y for y in range(picture.height) if picture.crop((300, y, 560, y + 1)).getextrema() == (0, 0)]
    assert len(runs) == 2 * len(block.labels)
    above = picture.crop((300, 0, 560, runs[0]))
    assert ImageChops.difference(above, Image.new("L", above.size, 255)).getbbox() is None
    assert runs[0] >= 60


def test_a_reprint_and_the_english_stand_out() -> None:
    """A second mark under the copy's name; English in the citizen's paper."""
    (first, *_), (again, *_) = strips(COMMON), strips(replace(COMMON, again=2, english=True))
    assert [part.text.first for part in first.parts if isinstance(part, Mark)] == ["申请人联"]
    assert [(part.text.first, part.text.second) for part in again.parts if isinstance(part, Mark)] == [
        ("申请人联", "Applicant's copy"), ("补打 第2次打印", "Printed again, no. 2"),
    ]  # fmt: skip
    assert "Receiptforapplicationpapers" in printed(again, Profile(58))


def test_control_characters_do_not_reach_the_printer() -> None:
    """What a clerk types cannot command the printer."""
    refused = replace(REFUSAL, note="甲\x1bp\x00乙")
    corrected = replace(many(1), lacks=("丙\x1d\x56\x00",))
    for hostile, words in ((refused, "甲 p 乙"), (corrected, "丙 V")):
        data = decode(prepare(strips(hostile)[0], Profile(80), Mode.TEXT).data)
        assert data.names.count("GS V") == 1
        assert words in "".join(data.lines)


def test_what_a_newer_server_adds_is_left_out() -> None:
    """An unknown part spoils nothing of the rest."""
    message = order(COMMON)
    message["papers"][0]["parts"].insert(0, {"type": "hologram", "shine": 3})
    (paper, *_) = papers_of(message, HALL)
    assert isinstance(paper, PaperPrint)
    assert sum(isinstance(part, Section) for part in paper.parts) == 3


def test_a_ticket_is_still_a_ticket() -> None:
    """An order without papers prints what it always did."""
    (ticket,) = papers_of({"ticket": a_ticket_json(), "copy": 1}, HALL)
    assert isinstance(ticket, TicketPrint)


def test_a_paper_is_not_left_on_the_printers_disk(tmp_path: Any) -> None:
    """A name stands on it: only tickets are kept for after a restart."""
    folder = SpoolFolder(tmp_path)
    folder.save(Entry("00000001", Stage.QUEUED, strips(COMMON)[0]))
    assert list(folder.entries()) == []
    assert list(tmp_path.iterdir()) == []
