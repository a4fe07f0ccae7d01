"""What stands on a ticket."""

from typing import Any

import pytest

from printer.layout import (
    Both,
    Figures,
    Follow,
    Foot,
    Heading,
    Mark,
    Name,
    Number,
    Places,
    TicketPrint,
    blocks,
    one_line,
)
from tests.printer.printer_cast import HALL, a_ticket, a_ticket_json


def facts(ticket: TicketPrint) -> dict[str, Both]:
    return {
        fact.label.second or fact.label.first: fact.value
        for block in blocks(ticket)
        if isinstance(block, Figures | Places)
        for fact in block.facts
    }


def test_ticket_says_everything_once_in_order() -> None:
    """Hall, number, service, ahead and wait, windows, zone and time, code and hint, in this order (A2.12)."""
    found = blocks(a_ticket())
    assert [type(block) for block in found] == [Heading, Number, Name, Figures, Places, Follow]
    assert found[0] == Heading(Both("阳新县市民之家", "Yangxin Citizens' Home"))
    assert found[1] == Number(Both("您的号码", "Your number"), "A012")
    assert found[2] == Name(Both("社会保障卡补办（个人）", "Social security card replacement"))
    assert facts(a_ticket()) == {
        "Ahead of you": Both("5人", "5 people"),
        "Expected wait": Both("约10–20分钟", "about 10–20 min"),
        "Where": Both("1–24号窗口", "Windows 1–24"),
        "Zone": Both("社会事务区 一楼大厅", "Social Affairs, 1st floor"),
        "Issued": Both("2026-11-21 09:02"),
    }
    assert found[5] == Follow(
        "http://hall.example/t/Qm9Kx3ZrT1aVb8YcD2eFgh",
        Both("扫码查看排队进度", "Scan to follow your turn"),
        Both("请留意叫号，过号请到咨询台", "Please watch for your number. If you miss it, ask at the information desk"),
        Both("评价码 4821", "Rating code 4821"),
    )


@pytest.mark.parametrize("url", ["/t/Qm9Kx3ZrT1aVb8YcD2eFgh", None])
def test_the_rating_code_is_printed_where_there_is_one(url: str | None) -> None:
    """Beside the QR code or, where there is none, with the hint; a ticket without a code says nothing of it."""
    with_code = blocks(a_ticket(url=url))[-1]
    assert isinstance(with_code, Follow | Foot)
    assert with_code.rating == Both("评价码 4821", "Rating code 4821")
    without = blocks(a_ticket(url=url, rating_code=None))[-1]
    assert isinstance(without, Follow | Foot)
    assert without.rating == Both("")


def test_english_stands_first_on_an_english_ticket() -> None:
    """Both languages are always there; the citizen's own leads."""
    for block in blocks(a_ticket(language="en")):
        if isinstance(block, Name):
            assert block.name == Both("Social security card replacement", "社会保障卡补办（个人）")
        if isinstance(block, Number):
            assert block.caption == Both("Your number", "您的号码")


@pytest.mark.parametrize(
    ("low_s", "high_s", "zh", "en"),
    [
        (600, 1200, "约10–20分钟", "about 10–20 min"),
        (0, 290, "5分钟以内", "within 5 min"),
        (0, 0, "1分钟以内", "within 1 min"),
        (59, 61, "2分钟以内", "within 2 min"),
        (600, 600, "约10分钟", "about 10 min"),
        (630, 1190, "约10–20分钟", "about 10–20 min"),
        (7200, 9000, "约2–3小时", "about 2–3 h"),
    ],
)
def test_wait_is_a_range_rounded_outwards(low_s: int, high_s: int, zh: str, en: str) -> None:
    """The range never promises less than the estimate."""
    assert facts(a_ticket(wait={"low_s": low_s, "high_s": high_s}))["Expected wait"] == Both(zh, en)


@pytest.mark.parametrize(
    ("ahead", "zh", "en"), [(0, "您是下一位", "You are next"), (1, "1人", "1 person"), (445, "445人", "445 people")]
)
def test_people_ahead(ahead: int, zh: str, en: str) -> None:
    """Nobody ahead is said in words, one person in the singular."""
    assert facts(a_ticket(ahead=ahead))["Ahead of you"] == Both(zh, en)


def test_unknown_wait_and_place_are_left_out() -> None:
    """A ticket that was called already (reprint) has no place in the queue and no wait."""
    found = blocks(a_ticket(ahead=None, wait=None))
    assert not any(isinstance(block, Figures) for block in found)


def test_marks() -> None:
    """A priority group and a reprint are marked; a first print of a common ticket is not."""
    assert not [block for block in blocks(a_ticket()) if isinstance(block, Mark)]
    marks = [block.text for block in blocks(a_ticket(copy=3, group="elder")) if isinstance(block, Mark)]
    assert marks == [Both("补打 · 第3张", "REPRINT · copy 3"), Both("优先", "PRIORITY")]


def test_reprint_keeps_number_and_code() -> None:
    """A reprint is the same ticket: never a second number."""
    first, again = blocks(a_ticket()), blocks(a_ticket(copy=2))
    assert [block for block in again if not isinstance(block, Mark)] == list(first)


def test_without_an_address_there_is_no_code_but_the_hint() -> None:
    """A kiosk that issued offline has no page to point at."""
    assert isinstance(blocks(a_ticket(url=""))[-1], Foot)


def test_time_is_the_halls_own() -> None:
    """The printed time is the one the server wrote, whatever zone the printer's machine is in."""
    assert facts(a_ticket(issued_at="2026-12-29T23:59:59+08:00"))["Issued"] == Both("2026-12-29 23:59")


@pytest.mark.parametrize(
    ("given", "printed"),
    [
        ("社保\n卡\t补办", "社保 卡 补办"),
        ("\x1bp\x00\x19 drawer", "p drawer"),
        ("a\u202eb\u200bc", "a b c"),
        ("㛃𬱖𡈽𰻝", "㛃𬱖𡈽𰻝"),
        ("\U00031350 new character", "\U00031350 new character"),
        ("长" * 200, "长" * 119 + "…"),
    ],
)
def test_texts_of_the_hall_cannot_command_the_printer(given: str, printed: str) -> None:
    """Control characters go, rare and future characters stay, endless names end."""
    assert one_line(given) == printed


def test_control_characters_do_not_reach_the_ticket() -> None:
    """Every text of the ticket is cleaned."""
    kept = ("id", "url", "language", "issued_at")
    dirty: dict[str, Any] = {
        key: f"{value}\x1b@\n" for key, value in a_ticket_json().items() if isinstance(value, str) and key not in kept
    }
    ticket = TicketPrint.from_ticket({**a_ticket_json(), **dirty}, HALL)
    printed = "".join(str(value) for value in ticket.to_json().values())
    assert "\x1b" not in printed
    assert "\n" not in printed


def test_ticket_survives_json() -> None:
    """What is kept on disk is the whole ticket."""
    ticket = a_ticket(copy=2, group="elder")
    assert TicketPrint.from_json(ticket.to_json()) == ticket


def test_a_pre_check_says_what_follows_with_the_same_number() -> None:
    """Both steps stand where the service stands, in both languages; without a pre-check the service alone."""
    steps = [{"service": "deed", "name": "新建商品房转移登记", "name_en": "New home registration"}]
    json = {**a_ticket_json(), "service_name": "材料预审", "service_name_en": "Pre-check", "then": steps}
    [name] = [block.name for block in blocks(TicketPrint.from_ticket(json, HALL)) if isinstance(block, Name)]
    assert name == Both("先到材料预审，再办新建商品房转移登记", "First: Pre-check. Then: New home registration")
