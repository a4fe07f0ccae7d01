"""The A4 sheets: read back as text, as a code, and as places on the page."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache, partial
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageDraw
from pypdf import PageObject, PdfReader
from pypdf.generic import ContentStream
from pyzbar.pyzbar import decode as read_codes

from printer import fonts
from server.papers.facts import PaperFacts
from server.papers.making import NoSheet, make_pdf
from server.papers.pdf import pdf
from server.papers.wording import papers
from tests.papers.papers_cast import RARE, REFUSAL, URL, VOUCHER, by_post, many

#: Dots of a picture to a point of the page.
ZOOM = 3
SHEETS: dict[str, PaperFacts] = {
    "voucher": VOUCHER,
    "english": replace(by_post(), english=True, again=2),
    "twenty": many(20),
    "refusal": replace(REFUSAL, note="请到县住建局窗口咨询，" * 180),
}


@cache
def document(name: str) -> PdfReader:
    """One of the documents; made once, since fonts take their time."""
    return PdfReader(BytesIO(pdf(papers(SHEETS[name]), SHEETS[name].at)))


def text(page: PageObject) -> str:
    """The words of a page, without the blanks that a reader guesses between characters."""
    return re.sub(r"[\s\0]", "", page.extract_text())


def black_boxes(page: PageObject) -> list[tuple[float, float, float, float]]:
    """The rectangles that are filled with black: x, y, width, height in points."""
    found: list[tuple[float, float, float, float]] = []
    pending: list[tuple[float, float, float, float]] = []
    grey = 0.0
    contents = page.get_contents()
    assert contents is not None
    for operands, operator in ContentStream(contents, None).operations:
        match operator:
            case b"g":
                grey = float(operands[0])
            case b"re":
                x, y, width, height = map(float, operands)
                pending.append((x, y, width, height))
            case b"f" | b"S" | b"n":
                found += pending if operator == b"f" and grey == 0 else []
                pending = []
    return found


def codes_of(page: PageObject) -> list[str]:
    """What a phone reads off a page."""
    size = [round(float(side) * ZOOM) for side in page.mediabox[2:]]
    picture = Image.new("L", (size[0], size[1]), 255)
    canvas = ImageDraw.Draw(picture)
    for x, y, width, height in black_boxes(page):
        ends = sorted((y * ZOOM, (y + height) * ZOOM))
        canvas.rectangle((x * ZOOM, size[1] - ends[1], (x + width) * ZOOM - 1, size[1] - ends[0] - 1), fill=0)
    return [code.data.decode() for code in read_codes(picture)]


def test_a_voucher_is_three_sheets_of_a4() -> None:
    """One for each copy, whose name and number stand at the top and at the foot."""
    pages = document("voucher").pages

    assert len(pages) == 3
    for page, name in zip(pages, ("申请人联", "存档联", "窗口留存联"), strict=True):
        assert [round(float(side)) for side in page.mediabox[2:]] == [595, 842]
        words = text(page)
        assert words.count(name) == 2
        assert words.endswith(f"20261122-0007{name}第1页共1页")
        for wanted in ("政务服务事项申请材料受理凭证", "2026年12月18日前（20个工作日）", "容缺承诺", "场所使用证明"):
            assert wanted in words


def test_the_code_of_the_applicants_sheet_reads_back() -> None:
    """It opens the case's page; the other copies have none."""
    assert [codes_of(page) for page in document("voucher").pages] == [[URL], [], []]


def test_rare_characters_are_characters() -> None:
    """A name of rare characters is written out, in a face that has them, not as 〓."""
    for page in document("voucher").pages:
        assert RARE in text(page)
        assert "〓" not in text(page)


def test_a_character_that_no_face_has_becomes_the_printers_sign() -> None:
    """Never an empty box, never left out; and it stops nothing."""
    made = pdf(papers(replace(VOUCHER, applicant="甲\ue123乙\x07"))[:1], VOUCHER.at)
    assert "甲〓乙〓" in text(PdfReader(BytesIO(made)).pages[0])


def test_a_character_that_the_first_faces_lack_is_taken_from_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on tickets: a machine whose usual font is small still writes the name where another font has it."""
    small = fonts.FontFace(fonts.DEBIAN_WQY / "wqy-microhei.ttc")
    if not small.path.is_file():
        pytest.fail("install fonts-wqy-microhei: this test needs a face without rare characters")
    large = fonts.regular()
    monkeypatch.setattr(fonts, "regular", lambda: small)
    monkeypatch.setattr(fonts, "bold", lambda: small)
    monkeypatch.setattr(fonts, "available", lambda: (small, large))

    page = PdfReader(BytesIO(pdf(papers(VOUCHER)[:1], VOUCHER.at))).pages[0]

    assert RARE in text(page)
    assert "政务服务事项申请材料受理凭证" in text(page)


@pytest.mark.parametrize(("name", "sheets"), [("twenty", 2), ("refusal", 2)])
def test_what_does_not_fit_goes_on_overleaf(name: str, sheets: int) -> None:
    """Every line is there once in each copy, every sheet says which of how many it is and what it belongs to."""
    pages = document(name).pages
    facts = SHEETS[name]
    assert len(pages) == 2 * sheets

    for copy, copy_name in enumerate(("申请人联", "窗口留存联")):
        own = [text(page) for page in pages[copy * sheets : (copy + 1) * sheets]]
        for n, words in enumerate(own, 1):
            assert words.endswith(f"{copy_name}第{n}页共{sheets}页")
            assert words.count(copy_name) == 2
        together = "".join(own)
        for paper in facts.lacks:
            assert together.count(paper) == 1, paper
        if name == "refusal":
            # Where a sheet ends its foot comes between.
            assert 180 - sheets < together.count("请到县住建局窗口咨询，") <= 180


def _note_place(places: list[tuple[float, float]], said: str, _matrix: Any, place: Sequence[float], *_: Any) -> None:
    if said.strip():
        places.append((place[4], place[5]))


@pytest.mark.parametrize("name", SHEETS)
def test_nothing_is_written_off_the_sheet(name: str) -> None:
    """Every run of text begins between the margins and above the foot's own lines; the foot stands below them."""
    for page in document(name).pages:
        places: list[tuple[float, float]] = []
        page.extract_text(visitor_text=partial(_note_place, places))
        assert places
        assert all(56 <= x <= 540 for x, _ in places), places
        assert all(22 <= y <= 800 for _, y in places), places


def test_an_english_citizen_gets_both_languages() -> None:
    """Chinese above, English below, the reprint's mark in both."""
    words = text(document("english").pages[0])
    for wanted in (
        "政务服务事项申请材料受理凭证", "Receiptforapplicationpapers", "补打第2次打印", "Printedagain,no.2",
        "18December2026(20workingdays)", "Writtenpromise", "Applicant'scopy",
    ):  # fmt: skip
        assert wanted in words, wanted


def test_the_document_says_what_it_is() -> None:
    """Title and language, for archives and screen readers."""
    found = document("voucher")
    assert found.metadata is not None
    assert found.metadata.title == "政务服务事项申请材料受理凭证 20261122-0007"
    assert found.trailer["/Root"]["/Lang"] == "zh-CN"


def test_made_beside_the_hall_it_is_the_same_document() -> None:
    """The process of its own hands back a whole document, one sheet for one copy."""
    (page,) = PdfReader(BytesIO(make_pdf(papers(VOUCHER)[2:], VOUCHER.at))).pages
    assert text(page) == text(document("voucher").pages[2])


def test_a_document_that_cannot_be_made_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    """No half document: an error with the program's last words."""
    with pytest.raises(NoSheet, match="AttributeError"):
        make_pdf(("no paper",), VOUCHER.at)  # type: ignore[arg-type]
    monkeypatch.setattr("server.papers.making.LIMIT_S", 0.001)
    with pytest.raises(NoSheet):
        make_pdf(papers(VOUCHER), VOUCHER.at)
