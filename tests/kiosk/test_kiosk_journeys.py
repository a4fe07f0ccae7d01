"""Check-in, help and rating at the kiosk's flow, without a window, and what is left of a visitor afterwards."""

from dataclasses import replace
from typing import Any

import pytest

from kiosk.catalogue import read_hall
from kiosk.deck import actions
from kiosk.errands import (
    AskHelp,
    CheckIn,
    Doing,
    FormSeen,
    GuideSeen,
    LoadForm,
    Rate,
    Sent,
)
from kiosk.journeys.offers import options
from kiosk.pagebook import PAGE, choices
from kiosk.sample import sample_hall
from kiosk.scanner import ScanKind, Scanned
from kiosk.state import (
    Abandon,
    HallSeen,
    Issued,
    IssueTicket,
    LinkLost,
    Paper,
    PrintTicket,
    Refused,
    Screen,
    State,
    Target,
)
from tests.kiosk.visitor import (
    FORM,
    GUIDE,
    HOLDER,
    NOBODY_SPECIAL,
    OPTIONAL,
    REQUIRED,
    TICKET,
    WITHDRAWAL,
    Visitor,
)


@pytest.fixture
def visitor() -> Visitor:
    """Somebody before the kiosk of an open hall."""
    return Visitor()


# Check-in (A2.4)


def test_six_figures_check_in(visitor: Visitor) -> None:
    """With the sixth figure it is sent; what was typed is gone from the page."""
    visitor.tap(Target.ARRIVE).keys("40293")
    assert visitor.asked(CheckIn) == []
    visitor.tap(Target.ERASE).keys("31")

    assert visitor.asked(CheckIn) == [CheckIn(1, "zh", code="402931")]
    assert visitor.state.typed == ""
    visitor.see(Issued(1, TICKET))
    assert visitor.screen is Screen.TICKET
    assert visitor.asked(PrintTicket) == [PrintTicket(TICKET)]


@pytest.mark.parametrize(
    ("kind", "value", "wanted"),
    [
        (ScanKind.CODE, "402931", CheckIn(1, "zh", code="402931")),
        (ScanKind.APPOINTMENT, "Zt4mYb0qQxq7", CheckIn(1, "zh", token="Zt4mYb0qQxq7")),
    ],
)
@pytest.mark.parametrize("is_home", [True, False])
def test_a_code_before_the_scanner_checks_in(
    visitor: Visitor, kind: ScanKind, value: str, wanted: CheckIn, is_home: bool
) -> None:
    """On the check-in page and on the first page."""
    if not is_home:
        visitor.tap(Target.ARRIVE)
    visitor.see(Scanned(kind, value))

    assert visitor.asked(CheckIn) == [wanted]


def test_a_code_is_not_taken_on_other_pages(visitor: Visitor) -> None:
    """A scanner that sees something by chance does not take a page away."""
    visitor.choose(OPTIONAL).see(Scanned(ScanKind.CODE, "402931"), Scanned(ScanKind.TICKET, "Zt4mYb0qQxq7"))

    assert visitor.screen is Screen.CONSENT
    assert visitor.asked(CheckIn) == []


def test_the_card_checks_in(visitor: Visitor) -> None:
    """After consent and reading, the one appointment of today becomes a ticket at once."""
    visitor.tap(Target.ARRIVE).tap(Target.CARD)
    assert visitor.screen is Screen.CONSENT
    visitor.lay_card()

    assert visitor.asked(CheckIn) == [CheckIn(visitor.state.attempt, "zh", code="402931")]


def test_of_two_appointments_one_is_chosen(visitor: Visitor) -> None:
    """Both are offered, earliest first, and nothing else."""
    first = HOLDER.appointments[0]
    later = replace(first, id="b", code="111222", slot_at="2026-11-23T15:00:00+08:00")
    visitor.tap(Target.ARRIVE).tap(Target.CARD).lay_card(replace(HOLDER, appointments=(later, first)))

    assert [option.appointment for option in options(visitor.state)] == [first, later]
    visitor.tap(Target.OPTION, "check_in:b")
    assert [command.code for command in visitor.asked(CheckIn)] == ["111222"]


@pytest.mark.parametrize(
    "change", [{"state": "arrived"}, {"slot_at": "2026-11-24T09:30:00+08:00"}, {"slot_at": "2026-11-22T17:30:00Z"}]
)
def test_only_todays_open_appointments_count(visitor: Visitor, change: dict[str, str]) -> None:
    """Another day's, by the hall's own midnight, or one that is used up, is none; it is said so."""
    other = replace(HOLDER.appointments[0], **change)
    visitor.tap(Target.ARRIVE).tap(Target.CARD).lay_card(replace(HOLDER, appointments=(other,)))
    is_today = change.get("slot_at", "").endswith("Z")

    assert visitor.screen is (Screen.ISSUING if is_today else Screen.REFUSED)
    assert is_today or visitor.state.refusal_zh == "没有查到您今天的预约"


def test_extended_hours_let_in_who_has_an_appointment() -> None:
    """The hall is shut to others; news of the hall do not take the page away from who is checking in."""
    shut = {"open": False, "opens_at": "2026-11-24T08:30:00+08:00"}
    visitor = Visitor(**shut, by_appointment=True)
    assert visitor.screen is Screen.CLOSED
    visitor.tap(Target.ARRIVE).keys("402")
    visitor.see(HallSeen(visitor.state.hall or read_hall(sample_hall())))
    assert (visitor.screen, visitor.state.typed) == (Screen.ARRIVAL, "402")
    assert visitor.keys("931").asked(CheckIn) == [CheckIn(1, "zh", code="402931")]

    closed = Visitor(**shut)
    assert actions(closed.state) == ()
    assert closed.tap(Target.ARRIVE).screen is Screen.CLOSED
    assert closed.see(Scanned(ScanKind.CODE, "402931")).screen is Screen.CLOSED


def test_a_refused_check_in_says_why(visitor: Visitor) -> None:
    """Early, late, unknown: the server's own words, in both languages."""
    visitor.tap(Target.ARRIVE).keys("402931").see(Refused(1, "Too early", "还没到签到时间"))

    assert (visitor.screen, visitor.state.refusal_zh) == (Screen.REFUSED, "还没到签到时间")
    assert visitor.tap(Target.HELP).screen is Screen.HELP


# Help (C8)


def test_a_guide_is_called_from_the_first_page(visitor: Visitor) -> None:
    """Button, kind, word that somebody comes; then the page goes by itself."""
    visitor.tap(Target.HELP)
    assert choices(visitor.state) == visitor.state.hall.help
    visitor.tap(Target.HELP_KIND, "wheelchair")
    assert visitor.asked(AskHelp) == [AskHelp(1, "wheelchair", "zh")]
    assert visitor.screen is Screen.SENDING
    visitor.see(Sent(1))
    assert visitor.screen is Screen.HELPED
    assert visitor.wait(21).screen is Screen.HOME


def test_a_hall_without_guides_offers_none() -> None:
    """No button on the first page, none on a refusal."""
    visitor = Visitor(assistance=[])
    assert Target.HELP not in {action.target for action in actions(visitor.state)}
    assert visitor.tap(Target.HELP).screen is Screen.HOME


def test_help_that_nobody_answers_is_said(visitor: Visitor) -> None:
    """After twelve seconds the visitor knows; a late answer changes nothing."""
    visitor.tap(Target.HELP).tap(Target.HELP_KIND, "guide").wait(12.5)
    assert visitor.screen is Screen.REFUSED
    assert visitor.asked(Abandon) == [Abandon(1)]
    assert visitor.see(Sent(1)).screen is Screen.REFUSED


# Rating (A1.5)


def test_a_rating_by_number(visitor: Visitor) -> None:
    """Number, face, points, thanks: sent once, with what was chosen and nothing else."""
    visitor.tap(Target.RATE).see(FormSeen(FORM)).keys("A012").tap(Target.NUMBER).keys("4821")
    assert visitor.asked(LoadForm) == [LoadForm()]
    assert [level.level for level in choices(visitor.state)] == [5, 4, 3, 2, 1]
    assert (visitor.state.level, visitor.state.points) == (None, ())

    visitor.tap(Target.LEVEL, "2").tap(Target.POINT, "slow").tap(Target.POINT, "again").tap(Target.POINT, "slow")
    visitor.tap(Target.SEND)
    assert visitor.asked(Rate) == [Rate(1, "A012", None, 2, ("again",), "4821")]
    visitor.see(Sent(1))
    assert visitor.screen is Screen.THANKS
    assert visitor.wait(21).screen is Screen.HOME


def test_a_rating_by_the_tickets_code(visitor: Visitor) -> None:
    """From the first page straight to the faces; the link's token takes the place of the number."""
    visitor.see(Scanned(ScanKind.TICKET, "Zt4mYb0qQxq7"), FormSeen(FORM))
    assert visitor.screen is Screen.LEVELS
    visitor.tap(Target.LEVEL, "5").tap(Target.SEND)

    assert visitor.asked(Rate) == [Rate(1, None, "Zt4mYb0qQxq7", 5, ())]


@pytest.mark.parametrize("way_out", [Target.BACK, Target.HOME])
@pytest.mark.parametrize("is_judged", [False, True])
def test_who_leaves_has_rated_nothing(visitor: Visitor, way_out: Target, is_judged: bool) -> None:
    """A face alone is not sent; silence is not a rating (A1.2)."""
    visitor.tap(Target.RATE).see(FormSeen(FORM)).keys("A012").tap(Target.NUMBER).keys("4821")
    if is_judged:
        visitor.tap(Target.LEVEL, "1").tap(Target.POINT, "rude")
    visitor.tap(way_out).wait(70)

    assert visitor.asked(Rate) == []
    assert (visitor.state.level, visitor.state.points, visitor.state.typed) == (None, (), "")


@pytest.mark.parametrize(
    ("typed", "kept"), [("012", ""), ("AA12", "A12"), ("A0123456", "A0123"), ("A", "A"), ("Z1", "")]
)
def test_only_a_tickets_number_can_be_typed(visitor: Visitor, typed: str, kept: str) -> None:
    """A letter of this hall, then up to four figures."""
    visitor.tap(Target.RATE).keys(typed)

    assert visitor.state.typed == kept
    assert visitor.tap(Target.NUMBER).screen is (Screen.RATING_CODE if len(kept) > 3 else Screen.NUMBER)


def test_a_number_alone_leads_to_no_face(visitor: Visitor) -> None:
    """The code of the paper is wanted first, typed or scanned as a number; the last of four figures leads on, letters and
    a fifth figure change nothing, and Back wants it anew."""
    visitor.see(Scanned(ScanKind.NUMBER, "A012"), FormSeen(FORM))
    assert (visitor.screen, visitor.state.code) == (Screen.RATING_CODE, "")
    visitor.keys("4A88").tap(Target.ERASE)
    assert (visitor.screen, visitor.state.code) == (Screen.RATING_CODE, "48")
    assert visitor.tap(Target.NUMBER).screen is Screen.RATING_CODE
    visitor.keys("21")
    assert (visitor.screen, visitor.state.typed, visitor.state.code) == (Screen.LEVELS, "A012", "4821")
    visitor.wait(1).tap(Target.BACK)
    assert (visitor.screen, visitor.state.typed, visitor.state.code) == (Screen.RATING_CODE, "A012", "")
    assert visitor.wait(1).tap(Target.BACK).screen is Screen.NUMBER


def test_the_qr_code_takes_the_place_of_the_rating_code(visitor: Visitor) -> None:
    """Who cannot find the four figures holds the ticket before the scanner on the same page."""
    visitor.tap(Target.RATE).see(FormSeen(FORM)).keys("A012").tap(Target.NUMBER).keys("48")
    visitor.see(Scanned(ScanKind.TICKET, "Zt4mYb0qQxq7"))
    assert visitor.screen is Screen.LEVELS
    visitor.tap(Target.LEVEL, "5").tap(Target.SEND)
    assert visitor.asked(Rate) == [Rate(1, None, "Zt4mYb0qQxq7", 5, ())]


def test_after_a_wrong_code_the_number_stays(visitor: Visitor) -> None:
    """Back from the refusal leads to the code, empty, with nothing chosen behind it."""
    visitor.tap(Target.RATE).see(FormSeen(FORM)).keys("A012").tap(Target.NUMBER).keys("4812").tap(Target.LEVEL, "5")
    visitor.tap(Target.SEND).see(Refused(1, "Wrong code", "评价码不对")).wait(1).tap(Target.BACK)
    assert (visitor.screen, visitor.state.typed, visitor.state.code) == (Screen.RATING_CODE, "A012", "")
    assert visitor.state.level is None


def test_level_and_points_of_another_face_are_not_mixed(visitor: Visitor) -> None:
    """Going back and choosing another face forgets what was ticked for the first."""
    visitor.tap(Target.RATE).see(FormSeen(FORM)).keys("A012").tap(Target.NUMBER).keys("4821")
    visitor.tap(Target.LEVEL, "1").tap(Target.POINT, "rude").tap(Target.BACK).tap(Target.LEVEL, "5").tap(Target.SEND)

    assert visitor.asked(Rate) == [Rate(1, "A012", None, 5, (), "4821")]


def test_a_refused_rating_says_why(visitor: Visitor) -> None:
    """Rated already, not served yet: the server's own words."""
    visitor.tap(Target.RATE).see(FormSeen(FORM)).keys("A012").tap(Target.NUMBER).keys("4821").tap(
        Target.LEVEL, "5"
    ).tap(Target.SEND)
    visitor.see(Refused(1, "Rated already", "已评价过"))

    assert (visitor.screen, visitor.state.refusal_zh) == (Screen.REFUSED, "已评价过")


# What is left (B1.8)


def personal(state: State) -> dict[str, Any]:
    """Everything of a visitor that a state may hold."""
    clean = State(staff=state.staff, prefs=state.prefs)
    fields = (
        "item",
        "guide",
        "items",
        "holder",
        "typed",
        "token",
        "code",
        "level",
        "points",
        "form",
        "doing",
        "query",
        "group",
        "service",
    )
    return {name: getattr(state, name) for name in fields if getattr(state, name) != getattr(clean, name)}


WALKS = {
    "guide": lambda: Visitor().search().tap(Target.ITEM, WITHDRAWAL.code).see(GuideSeen(GUIDE)),
    "online": lambda: Visitor().search().tap(Target.ITEM, WITHDRAWAL.code).see(GuideSeen(GUIDE)).tap(Target.TAKE),
    "welcome": lambda: Visitor().choose(REQUIRED).lay_card(),
    "reading": lambda: Visitor().choose(REQUIRED).tap(Target.AGREE),
    "arrival": lambda: Visitor().tap(Target.ARRIVE).keys("4029"),
    "refused": lambda: Visitor().tap(Target.ARRIVE).keys("402931").see(Refused(1, "no", "不")),
    "rating code": lambda: Visitor().tap(Target.RATE).keys("A012").tap(Target.NUMBER).keys("48"),
    "ticket": lambda: Visitor().choose(REQUIRED).lay_card(NOBODY_SPECIAL),
    "points": lambda: Visitor().see(Scanned(ScanKind.TICKET, "Zt4mYb0qQxq7"), FormSeen(FORM)).tap(Target.LEVEL, "1"),
}


@pytest.mark.parametrize("walk", WALKS)
def test_nothing_of_a_visitor_stays(walk: str) -> None:
    """When the time has run out the state is that of a kiosk that nobody has touched: card, codes and items are gone."""
    visitor = WALKS[walk]()
    assert personal(visitor.state), "there was something to forget"
    if visitor.screen is Screen.ISSUING:
        visitor.see(Issued(visitor.state.attempt, TICKET))
        visitor.state = replace(visitor.state, paper=Paper.PRINTED)
    visitor.wait(45 + 20 + 1)

    assert visitor.screen is Screen.HOME
    assert personal(visitor.state) == {}


def test_secrets_are_not_in_a_states_text() -> None:
    """What is typed and scanned does not get into a log by way of an exception's text."""
    visitor = Visitor().tap(Target.ARRIVE).keys("40293")
    assert "40293" not in repr(visitor.state)
    scanned = Visitor().see(Scanned(ScanKind.TICKET, "Zt4mYb0qQxq7"))
    assert "Zt4mYb0qQxq7" not in repr(scanned.state)


@pytest.mark.parametrize("walk", WALKS)
def test_pages_that_need_the_server_give_way_when_it_is_lost(walk: str) -> None:
    """A cut takes a visitor to the page that says so, as everywhere; a refusal stays to be read."""
    visitor = WALKS[walk]()
    if not PAGE[visitor.screen].is_browsing:
        return
    visitor.see(LinkLost()).wait(4)

    assert visitor.screen is Screen.LOST
    assert personal(visitor.state) == {}


def test_doing_is_that_of_the_present_errand(visitor: Visitor) -> None:
    """Who first wanted to check in and then takes a ticket with a card is not checked in."""
    visitor.tap(Target.ARRIVE).tap(Target.CARD).tap(Target.HOME).choose(REQUIRED).lay_card(NOBODY_SPECIAL)

    assert visitor.state.doing is Doing.TICKET
    assert len(visitor.asked(IssueTicket)) == 1
