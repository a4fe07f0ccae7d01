"""The ID card at the kiosk's flow: consent, reading, priority, open tickets, and the way without (A2.10, A2.11, A3.5)."""

from dataclasses import replace

import pytest

from kiosk.deck import actions
from kiosk.errands import (
    AskHelp,
    CardTrouble,
    CheckIn,
    CopyHeld,
    HolderSeen,
    ReadCard,
    StopReading,
)
from kiosk.flow import step
from kiosk.journeys.offers import OptionKind, options
from kiosk.pagebook import sheet_rows
from kiosk.people import read_holder
from kiosk.sample import sample
from kiosk.state import (
    Issued,
    IssueTicket,
    Screen,
    Tap,
    Target,
)
from tests.kiosk.visitor import (
    HOLDER,
    NOBODY_SPECIAL,
    OPTIONAL,
    REQUIRED,
    RULES,
    TICKET,
    Visitor,
)


@pytest.fixture
def visitor() -> Visitor:
    """Somebody before the kiosk of an open hall."""
    return Visitor()


def test_who_may_go_without_a_card_has_a_ticket_in_three_taps(visitor: Visitor) -> None:
    """Zone, service, "take a ticket": where a card is optional nothing stands between (B1.6)."""
    visitor.choose(OPTIONAL, with_card=False)
    assert visitor.screen is Screen.ISSUING
    assert visitor.asked(IssueTicket)[0].holder is None


@pytest.mark.parametrize("choice", [REQUIRED, OPTIONAL])
def test_the_reader_wakes_only_after_consent(visitor: Visitor, choice: tuple[str, str]) -> None:
    """Confirm, or the button for a card where one may go without, leads to what is told; nothing is read before "agree"."""
    visitor.choose(choice)
    assert visitor.screen is Screen.CONSENT
    assert "不保存身份证号码" in "".join(row.text for row in sheet_rows(visitor.state, visitor.rules))
    assert visitor.asked(ReadCard) == []

    visitor.tap(Target.AGREE)
    assert visitor.asked(ReadCard) == [ReadCard(visitor.state.attempt)]
    assert visitor.screen is Screen.READING


def test_nothing_but_agree_and_again_wakes_the_reader() -> None:
    """Whatever is tapped on whatever page, a reading follows only the two buttons that say so."""
    base = Visitor().choose(REQUIRED).state
    for screen in Screen:
        for target in Target:
            state = replace(base, screen=screen, entered_at=0.0)
            result = step(state, Tap(target, "x"), 1000.0, RULES)
            if any(isinstance(command, ReadCard) for command in result.commands):
                assert (screen, target) in {(Screen.CONSENT, Target.AGREE), (Screen.READING, Target.RETRY)}


@pytest.mark.parametrize("way_out", [Target.BACK, Target.HOME, Target.WITHOUT])
def test_leaving_the_page_puts_the_reader_to_sleep(visitor: Visitor, way_out: Target) -> None:
    """Back, home and "without a card" stop it; a card that is read later belongs to nobody."""
    visitor.choose(OPTIONAL).tap(Target.AGREE)
    attempt = visitor.state.attempt
    visitor.tap(way_out)
    assert visitor.asked(StopReading) == [StopReading()]

    before = visitor.state
    visitor.see(HolderSeen(attempt, HOLDER))
    assert visitor.state == before


def test_who_walks_away_from_the_reader_leaves_it_asleep(visitor: Visitor) -> None:
    """The idle warning and then the first page; the reader is stopped and nothing personal is left."""
    visitor.choose(OPTIONAL).tap(Target.AGREE).wait(45 + 20 + 1)

    assert visitor.screen is Screen.HOME
    assert visitor.asked(StopReading) == [StopReading()]
    assert visitor.state.holder is None


def test_the_ticket_carries_the_handle(visitor: Visitor) -> None:
    """Somebody with nothing special gets the number at once, in the name of a handle."""
    visitor.choose(REQUIRED).lay_card(NOBODY_SPECIAL)

    (issued,) = visitor.asked(IssueTicket)
    assert (issued.service, issued.holder) == ("entry-exit", HOLDER.handle)
    assert visitor.screen is Screen.ISSUING


def test_age_offers_priority_by_itself(visitor: Visitor) -> None:
    """The group that the card proves is offered first; nobody is made to take it."""
    visitor.choose(REQUIRED).lay_card(replace(HOLDER, appointments=()))
    assert visitor.screen is Screen.WELCOME
    assert [option.kind for option in options(visitor.state)] == [OptionKind.PRIORITY, OptionKind.PLAIN]

    plain = Visitor().choose(REQUIRED).lay_card(replace(HOLDER, appointments=())).tap(Target.OPTION, "plain:")
    visitor.tap(Target.OPTION, "priority:elder")
    assert [v.asked(IssueTicket)[0].group for v in (visitor, plain)] == ["elder", None]


def test_an_open_ticket_is_named_and_printed_again(visitor: Visitor) -> None:
    """Instead of a refusal the number is there, and a copy of its paper (A2.11)."""
    held = {"id": "t-1", "number": "D007", "service": "entry-exit", "service_name": "出入境证件", "state": "waiting"}
    visitor.choose(REQUIRED).lay_card(read_holder({**sample("holder"), "appointments": [], "tickets": [held]}))
    assert [option.value for option in options(visitor.state)] == ["copy:D007"]

    visitor.tap(Target.OPTION, "copy:D007")
    (copy,) = visitor.asked(CopyHeld)
    assert copy == CopyHeld(visitor.state.attempt, "t-1")
    visitor.see(Issued(visitor.state.attempt, TICKET))
    assert visitor.screen is Screen.TICKET
    assert visitor.asked(IssueTicket) == []


@pytest.mark.parametrize("state", ["done", "cancelled", "no_show"])
def test_a_finished_ticket_stands_in_nobodys_way(visitor: Visitor, state: str) -> None:
    """Who is done may come for the same again."""
    held = {"id": "t-1", "number": "D007", "service": "entry-exit", "service_name": "出入境证件", "state": state}
    visitor.choose(REQUIRED).lay_card(
        replace(NOBODY_SPECIAL, tickets=read_holder({**sample("holder"), "tickets": [held]}).tickets)
    )

    assert visitor.screen is Screen.ISSUING


def test_todays_appointment_is_offered_beside_the_ticket(visitor: Visitor) -> None:
    """Who lays a card for a number is told of the appointment and checked in with a tap."""
    visitor.choose(REQUIRED).lay_card()
    assert options(visitor.state)[0].kind is OptionKind.CHECK_IN

    visitor.tap(Target.OPTION, options(visitor.state)[0].value)
    assert visitor.asked(CheckIn) == [CheckIn(visitor.state.attempt, "zh", code="402931")]


@pytest.mark.parametrize("trouble", ["timeout", "unreadable", "not_a_card", "unplugged", "server"])
def test_a_card_that_is_not_read_is_tried_again_or_left(visitor: Visitor, trouble: str) -> None:
    """Whatever the trouble, there is another try and a way without the card."""
    visitor.choose(OPTIONAL).tap(Target.AGREE).see(CardTrouble(visitor.state.attempt, trouble))
    assert [action.target for action in actions(visitor.state)] == [Target.RETRY, Target.WITHOUT]

    visitor.tap(Target.RETRY)
    assert len(visitor.asked(ReadCard)) == 2
    assert visitor.state.card_trouble == ""
    visitor.tap(Target.WITHOUT)
    assert visitor.screen is Screen.ISSUING
    assert visitor.asked(IssueTicket)[0].holder is None


def test_without_a_card_staff_are_called_where_one_is_wanted(visitor: Visitor) -> None:
    """No number in nobody's name, but a guide with one more tap."""
    visitor.choose(REQUIRED).tap(Target.WITHOUT)
    assert visitor.screen is Screen.NO_CARD
    assert visitor.asked(IssueTicket) == []
    visitor.tap(Target.HELP).tap(Target.HELP_KIND, "guide")
    assert [ask.kind for ask in visitor.asked(AskHelp)] == ["guide"]


def test_a_kiosk_without_reader_asks_for_no_card() -> None:
    """An optional card is left out, a required one leads to the staff."""
    rules = replace(RULES, has_reader=False)
    assert Visitor(rules).choose(OPTIONAL).screen is Screen.ISSUING
    assert Visitor(rules).choose(REQUIRED).screen is Screen.NO_CARD
