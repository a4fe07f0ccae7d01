"""The ways beyond the plain ticket, without a window: items, card, check-in, help, rating, and what is left of them."""

from dataclasses import replace
from typing import Any

import pytest

from kiosk.catalogue import read_hall, read_ticket
from kiosk.deck import actions
from kiosk.errands import (
    AskHelp,
    CardTrouble,
    CheckIn,
    CopyHeld,
    Doing,
    FindItems,
    FormSeen,
    GuideMissing,
    GuideSeen,
    HolderSeen,
    ItemsFound,
    LoadForm,
    LoadGuide,
    PrintSlip,
    Rate,
    ReadCard,
    Sent,
    SlipMoved,
    StopReading,
)
from kiosk.flow import step
from kiosk.items import read_guide, read_items
from kiosk.journeys.offers import OptionKind, options
from kiosk.pagebook import PAGE, Rules, choices, page_count, sheet_rows
from kiosk.people import read_form, read_holder
from kiosk.sample import sample, sample_hall, sample_ticket
from kiosk.scanner import ScanKind, Scanned
from kiosk.state import (
    Abandon,
    Command,
    Event,
    HallSeen,
    Issued,
    IssueTicket,
    LinkLost,
    Paper,
    PrintTicket,
    Refused,
    Screen,
    State,
    Tap,
    Target,
    Tick,
)
from kiosk.theme import Stage

RULES = Rules(Stage(1080, 1920, 21.5), idle_s=45, warning_s=20, has_reader=True)
ITEMS = read_items(sample("items"))
WITHDRAWAL, LOAN, FIREWORKS, BIRTH, _ = ITEMS
GUIDE, ELSEWHERE = read_guide(sample("guide")), read_guide(sample("guide_elsewhere"))
HOLDER = read_holder(sample("holder"))
NOBODY_SPECIAL = replace(HOLDER, groups=(), tickets=(), appointments=())
FORM = read_form(sample("rating_form"))
TICKET = read_ticket(sample_ticket())

#: In the sample hall this service's ticket is in somebody's name; the other may be.
REQUIRED, OPTIONAL = ("police", "entry-exit"), ("housing-fund", "fund-withdraw")


class Visitor:
    """Walks through the flow; a tap comes a second after the last."""

    def __init__(self, rules: Rules = RULES, **hall: Any) -> None:
        self.rules, self.now = rules, 100.0
        self.state = State(touched_at=self.now)
        self.commands: list[Command] = []
        self.see(HallSeen(read_hall({**sample_hall(), **hall})))

    def see(self, *events: Event) -> "Visitor":
        """Let things happen now."""
        for event in events:
            result = step(self.state, event, self.now, self.rules)
            self.state = result.state
            self.commands.extend(result.commands)
        return self

    def tap(self, target: Target, value: str = "") -> "Visitor":
        """Tap after a moment."""
        self.now += 1.0
        return self.see(Tap(target, value))

    def keys(self, text: str) -> "Visitor":
        """Tap keys."""
        for sign in text:
            self.tap(Target.KEY, sign)
        return self

    def wait(self, seconds: float) -> "Visitor":
        """Let time pass, tick by tick."""
        for _ in range(round(seconds * 4)):
            self.now += 0.25
            self.see(Tick())
        return self

    def asked(self, kind: type[Any]) -> list[Any]:
        """What was asked for, of one kind."""
        return [command for command in self.commands if isinstance(command, kind)]

    def search(self, letters: str = "GJJ") -> "Visitor":
        """Look for items."""
        return self.tap(Target.SEARCH).keys(letters).see(ItemsFound(letters, ITEMS))

    def choose(self, choice: tuple[str, str], *, with_card: bool = True) -> "Visitor":
        """Choose a service and confirm it; with a card where one is taken."""
        asks_for_card = with_card and choice == OPTIONAL and self.rules.has_reader
        confirm = Target.CARD if asks_for_card else Target.CONFIRM
        return self.tap(Target.ZONE, choice[0]).tap(Target.SERVICE, choice[1]).tap(confirm)

    def lay_card(self, holder: Any = HOLDER) -> "Visitor":
        """Agree, and have the card read."""
        self.tap(Target.AGREE)
        return self.see(HolderSeen(self.state.attempt, holder))

    @property
    def screen(self) -> Screen:
        """Where we are."""
        return self.state.screen


@pytest.fixture
def visitor() -> Visitor:
    """Somebody before the kiosk of an open hall."""
    return Visitor()


# Items (Y3, M5, M8)


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


# The card (A2.10, A2.11, A3.5)


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
