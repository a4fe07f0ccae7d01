"""Items at the kiosk's flow: search, guide, the online way, the negative list, slips (Y3, M5, M8)."""

from dataclasses import replace

import pytest

from kiosk.deck import actions
from kiosk.errands import (
    FindItems,
    GuideMissing,
    GuideSeen,
    ItemsFound,
    LoadGuide,
    PrintSlip,
    SlipMoved,
)
from kiosk.items import read_guide
from kiosk.pagebook import choices, page_count, sheet_rows
from kiosk.sample import sample
from kiosk.state import (
    IssueTicket,
    Screen,
    Tap,
    Target,
)
from tests.kiosk.visitor import (
    BIRTH,
    ELSEWHERE,
    FIREWORKS,
    GUIDE,
    ITEMS,
    LOAN,
    WITHDRAWAL,
    Visitor,
)


@pytest.fixture
def visitor() -> Visitor:
    """Somebody before the kiosk of an open hall."""
    return Visitor()


def test_letters_ask_for_items_and_keep_the_services_before_them(visitor: Visitor) -> None:
    """Services stand there at once; the server's items come behind the first two, so that nothing moves."""
    visitor.tap(Target.SEARCH).keys("GJJ")
    at_once = choices(visitor.state)
    assert visitor.asked(FindItems) == [FindItems("G"), FindItems("GJ"), FindItems("GJJ")]
    assert len(at_once) >= 2

    visitor.see(ItemsFound("GJJ", ITEMS))
    assert choices(visitor.state) == (*at_once[:2], *ITEMS)


def test_items_of_earlier_letters_are_not_shown(visitor: Visitor) -> None:
    """An answer that comes after the next letter belongs to nobody."""
    visitor.tap(Target.SEARCH).keys("GJ").see(ItemsFound("G", ITEMS))
    assert not set(ITEMS) & set(choices(visitor.state))

    visitor.keys("J").see(ItemsFound("GJJ", ITEMS)).tap(Target.ERASE)
    assert not set(ITEMS) & set(choices(visitor.state))


def test_a_finger_does_not_hit_an_item_that_has_just_come(visitor: Visitor) -> None:
    """A tap in the moment in which the answer changes the list is not taken."""
    visitor.tap(Target.SEARCH).keys("GJJ")
    visitor.now += 1.0
    visitor.see(ItemsFound("GJJ", ITEMS), Tap(Target.ITEM, LOAN.code))
    assert visitor.screen is Screen.SEARCH

    assert visitor.tap(Target.ITEM, LOAN.code).screen is Screen.GUIDE


def test_a_hall_without_catalogue_searches_its_services() -> None:
    """Nothing is asked of the server; what is found is found here."""
    visitor = Visitor(catalogue=False)
    visitor.tap(Target.SEARCH).keys("SFZ")

    assert visitor.asked(FindItems) == []
    assert choices(visitor.state)[0].id == "id-card"


def test_search_without_an_answer_is_the_search_of_services(visitor: Visitor) -> None:
    """While the server is away the services of the hall are found as before."""
    visitor.tap(Target.SEARCH).keys("SFZ")

    assert choices(visitor.state)[0].id == "id-card"


def test_the_guide_tells_everything(visitor: Visitor) -> None:
    """Conditions, materials with their sample, fee, time limit, forms, where and by whom stand on the pages (Y3)."""
    visitor.search().tap(Target.ITEM, WITHDRAWAL.code)
    assert visitor.asked(LoadGuide) == [LoadGuide(WITHDRAWAL.code)]
    visitor.see(GuideSeen(GUIDE))

    read = ""
    for page in range(page_count(visitor.state, visitor.rules)):
        read += "".join(row.text for row in sheet_rows(replace(visitor.state, page=page), visitor.rules))
    for fact in (
        "离休、退休",
        "1. 居民身份证（原件；1份）",
        "样表：张建国",
        "不收费",
        "3个工作日",
        "住房公积金提取申请表",
        "1–4号窗口",
        "阳新办事处",
        "第二十四条",
        "湖北政务服务网",
    ):
        assert fact in read, fact


def test_a_package_shows_its_one_list() -> None:
    """The members are named, and the materials are those of the package."""
    package = {**sample("guide"), **sample("items")["items"][3], "members": sample("items")["items"][:2]}
    visitor = Visitor().search().tap(Target.ITEM, BIRTH.code).see(GuideSeen(read_guide(package)))

    read = "".join(row.text for row in sheet_rows(visitor.state, visitor.rules))
    assert "一次联办的事项" in read
    assert "1. 住房公积金提取" in read
    assert read.count("申请材料") == 1


def test_online_is_said_before_the_ticket_and_does_not_stand_in_its_way(visitor: Visitor) -> None:
    """The code comes first; who wants a number all the same gets it, for that item (M5)."""
    visitor.search().tap(Target.ITEM, WITHDRAWAL.code).see(GuideSeen(GUIDE)).tap(Target.TAKE)
    assert visitor.screen is Screen.ONLINE
    assert visitor.asked(IssueTicket) == []

    visitor.tap(Target.ANYWAY)
    assert visitor.screen is Screen.CONFIRM
    visitor.tap(Target.CONFIRM).tap(Target.WITHOUT)
    (issued,) = visitor.asked(IssueTicket)
    assert issued == IssueTicket(1, "fund-withdraw", None, "zh", item=WITHDRAWAL.code)


def test_an_item_of_the_negative_list_gives_a_slip_and_no_ticket(visitor: Visitor) -> None:
    """Where, telephone and why are on the page; there is no way to a number (M8)."""
    visitor.search().tap(Target.ITEM, FIREWORKS.code).see(GuideSeen(ELSEWHERE))
    read = "".join(row.text for row in sheet_rows(visitor.state, visitor.rules))
    for fact in ("陵园大道", "0714-7326110", "涉及安全生产现场核查"):
        assert fact in read

    assert [action.target for action in actions(visitor.state)] == [Target.SLIP]
    visitor.tap(Target.TAKE)
    assert visitor.screen is Screen.GUIDE
    visitor.tap(Target.ANYWAY)
    assert visitor.screen is Screen.GUIDE
    visitor.tap(Target.SLIP)
    assert visitor.asked(PrintSlip) == [PrintSlip(ELSEWHERE, "zh")]
    assert visitor.asked(IssueTicket) == []


def test_a_service_does_not_bring_back_what_is_not_done_here(visitor: Visitor) -> None:
    """An item of the negative list that once belonged to a service gives no number for it."""
    both = replace(ELSEWHERE, item=replace(FIREWORKS, service="id-card"))
    visitor.search().see(ItemsFound("GJJ", (both.item,))).tap(Target.ITEM, FIREWORKS.code).see(GuideSeen(both))

    assert [action.target for action in actions(visitor.state)] == [Target.SLIP]
    assert visitor.tap(Target.TAKE).screen is Screen.GUIDE


def test_a_slip_is_printed_once_and_says_how_it_goes(visitor: Visitor) -> None:
    """While it prints nothing more is asked for; the button tells what became of it."""
    visitor.search().tap(Target.ITEM, WITHDRAWAL.code).see(GuideSeen(GUIDE))
    visitor.tap(Target.SLIP).tap(Target.SLIP)
    assert len(visitor.asked(PrintSlip)) == 1

    visitor.see(SlipMoved("trouble"))
    assert actions(visitor.state)[-1].label == "Printer in trouble: take a photo"
    visitor.tap(Target.SLIP)
    assert len(visitor.asked(PrintSlip)) == 2


def test_a_guide_that_does_not_come_is_said(visitor: Visitor) -> None:
    """The department stands there from the list, and where to ask; a number can still be taken."""
    visitor.search().tap(Target.ITEM, LOAN.code).see(GuideMissing(LOAN.code))

    read = "".join(row.text for row in sheet_rows(visitor.state, visitor.rules))
    assert "住房公积金中心" in read
    assert "咨询台" in read
    assert visitor.tap(Target.TAKE).screen is Screen.CONFIRM


def test_back_from_a_guide_leads_to_what_was_found(visitor: Visitor) -> None:
    """The letters and the items are still there."""
    visitor.search().tap(Target.ITEM, LOAN.code).tap(Target.TAKE).tap(Target.BACK)
    assert visitor.screen is Screen.GUIDE
    visitor.tap(Target.BACK)

    assert visitor.screen is Screen.SEARCH
    assert visitor.state.query == "GJJ"
    assert visitor.state.item is None
    assert set(ITEMS) <= set(choices(visitor.state))
