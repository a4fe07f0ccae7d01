"""The kiosk's flow, without a window: pages, taps, time, and what is left of a visitor."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.catalogue import Hall, read_hall, read_ticket
from kiosk.flow import step
from kiosk.pagebook import BAR, ISSUING_MAX_S, PAGE, Rules, choices, page_count, shown
from kiosk.sample import sample_hall, sample_ticket
from kiosk.staff import LOCK_S
from kiosk.state import (
    Abandon,
    CheckPin,
    Command,
    Event,
    HallSeen,
    Issued,
    IssueTicket,
    LinkBack,
    LinkLost,
    LinkRefused,
    Paper,
    PaperMoved,
    PinChecked,
    Prefs,
    PrintTicket,
    Quit,
    Recovered,
    Refused,
    Reprint,
    Screen,
    State,
    Taken,
    Tap,
    Target,
    Tick,
    Touched,
)
from kiosk.theme import Scale, Stage
from kiosk.wording import texts_of, title

RULES = Rules(Stage(1080, 1920, 21.5), idle_s=45, warning_s=20, has_pin=True)


def the_hall(**changes: Any) -> Hall:
    """The hall of the sample, with changes."""
    return read_hall({**sample_hall(), **changes})


TICKET = read_ticket(sample_ticket())


class Visitor:
    """Walks through the flow with a clock of their own; a step is a second unless said otherwise."""

    def __init__(self, rules: Rules = RULES) -> None:
        self.rules, self.now = rules, 100.0
        self.state = State(touched_at=self.now)
        self.commands: list[Command] = []
        self.see(HallSeen(the_hall()))

    def see(self, event: Event) -> "Visitor":
        """Let something happen now."""
        result = step(self.state, event, self.now, self.rules)
        self.state = result.state
        self.commands.extend(result.commands)
        return self

    def tap(self, target: Target, value: str = "", after_s: float = 1.0) -> "Visitor":
        """Tap after a moment."""
        self.now += after_s
        return self.see(Tap(target, value))

    def wait(self, seconds: float) -> "Visitor":
        """Let time pass, tick by tick."""
        end = self.now + seconds
        while self.now < end - 1e-9:
            self.now = min(end, self.now + 0.25)
            self.see(Tick())
        return self

    def to_confirm(self) -> "Visitor":
        """Go to the confirm page."""
        return self.tap(Target.ZONE, "police").tap(Target.SERVICE, "id-card")

    def to_ticket(self) -> "Visitor":
        """Go to the ticket."""
        self.to_confirm().tap(Target.CONFIRM)
        return self.see(Issued(self.state.attempt, TICKET))

    def issues(self) -> list[IssueTicket]:
        """What was asked of the server."""
        return [command for command in self.commands if isinstance(command, IssueTicket)]


@pytest.fixture
def visitor() -> Visitor:
    """Somebody before an open hall's kiosk."""
    return Visitor()


def test_a_ticket_takes_three_taps(visitor: Visitor) -> None:
    """Zone, service, confirm; then the number is shown and printed."""
    visitor.to_ticket()

    assert visitor.state.screen is Screen.TICKET
    assert visitor.commands == [IssueTicket(1, "id-card", None, "zh"), PrintTicket(TICKET)]


def test_ten_taps_in_a_second_issue_once(visitor: Visitor) -> None:
    """A finger that hammers on the confirm button takes one ticket."""
    visitor.to_confirm().wait(1)
    for _ in range(10):
        visitor.tap(Target.CONFIRM, after_s=0.1)

    assert len(visitor.issues()) == 1


def test_an_identical_press_is_ignored_for_half_a_second(visitor: Visitor) -> None:
    """The next page is not skipped by a double tap, but can be turned again after a moment."""
    visitor.tap(Target.ZONE, "social").tap(Target.NEXT).tap(Target.NEXT, after_s=0.4)
    assert visitor.state.page == 1

    visitor.tap(Target.NEXT, after_s=0.6)
    assert visitor.state.page == 2


def test_a_bounce_does_not_hit_the_page_that_has_just_come(visitor: Visitor) -> None:
    """What appears under a bouncing finger is not tapped."""
    visitor.tap(Target.ZONE, "police").tap(Target.SERVICE, "id-card", after_s=0.2)

    assert visitor.state.screen is Screen.SERVICES


def test_typing_is_never_taken_for_a_double_tap(visitor: Visitor) -> None:
    """Letters may be repeated as fast as one likes."""
    visitor.tap(Target.SEARCH)
    for letter in "ss":
        visitor.tap(Target.KEY, letter, after_s=0.05)

    assert visitor.state.query == "ss"


def test_search_finds_by_initials_and_leads_to_confirm(visitor: Visitor) -> None:
    """SFZ finds the identity card; one tap on it asks for confirmation, and Back leads to the search again."""
    visitor.tap(Target.SEARCH)
    for letter in "SFZ":
        visitor.tap(Target.KEY, letter)

    assert choices(visitor.state)[0].id == "id-card"
    visitor.tap(Target.SERVICE, "id-card")
    assert (visitor.state.screen, visitor.state.zone) == (Screen.CONFIRM, "police")
    assert (visitor.tap(Target.BACK).state.screen, visitor.state.query) == (Screen.SEARCH, "SFZ")


@pytest.mark.parametrize("size", [(1080, 1920), (1920, 1080)])
@pytest.mark.parametrize("scale", list(Scale))
@pytest.mark.parametrize("is_low", [False, True])
def test_every_choice_is_reached_page_by_page(size: tuple[int, int], scale: Scale, is_low: bool) -> None:
    """However few cards fit, all services come up, at most eight at a time, none twice."""
    visitor = Visitor(replace(RULES, stage=Stage(*size, 21.5)))
    visitor.state = replace(visitor.state, prefs=Prefs(scale=scale, has_low_controls=is_low))
    visitor.tap(Target.ZONE, "social")

    seen: list[str] = []
    for _ in range(page_count(visitor.state, visitor.rules)):
        page = shown(visitor.state, visitor.rules)
        assert 1 <= len(page) <= 8
        seen += [item.id for item in page]
        visitor.tap(Target.NEXT)
    zone = visitor.state.hall.zone("social") if visitor.state.hall else None
    assert zone is not None
    assert seen == [service.id for service in zone.services]


def test_changing_the_type_keeps_what_was_in_sight(visitor: Visitor) -> None:
    """With larger type fewer cards fit; the first one of the page stays on the glass."""
    visitor.tap(Target.ZONE, "social").tap(Target.NEXT)
    for _ in Scale:
        first = shown(visitor.state, RULES)[0]
        assert first in shown(visitor.tap(Target.SCALE).state, RULES)


def test_priority_is_a_switch_on_the_confirm_page(visitor: Visitor) -> None:
    """Switched on it asks for the group, which goes with the ticket; switched off it is gone."""
    visitor.to_confirm().tap(Target.PRIORITY)
    assert visitor.state.screen is Screen.GROUPS

    visitor.tap(Target.GROUP, "elder").tap(Target.CONFIRM)
    assert visitor.issues()[0].group == "elder"

    other = Visitor().to_confirm().tap(Target.PRIORITY).tap(Target.GROUP, "elder").tap(Target.PRIORITY)
    assert (other.state.group, other.tap(Target.CONFIRM).issues()[0].group) == (None, None)


def test_the_language_goes_with_the_ticket_and_back_to_chinese(visitor: Visitor) -> None:
    """An English visitor gets an English ticket; the next one finds Chinese."""
    visitor.tap(Target.LANGUAGE).to_ticket()
    assert visitor.issues()[0].language == "en"

    visitor.see(PaperMoved(TICKET.id, Paper.PRINTED)).tap(Target.DONE)
    assert visitor.state.prefs.language == "zh"


def test_silence_warns_and_one_touch_stays(visitor: Visitor) -> None:
    """After 45 s there are 20 s to stay with one tap, as often as one likes."""
    visitor.to_confirm()
    for _ in range(12):
        visitor.wait(45.5)
        assert visitor.state.warned_at is not None
        visitor.wait(15).tap(Target.STAY)
        assert (visitor.state.warned_at, visitor.state.screen) == (None, Screen.CONFIRM)


def test_a_touch_during_the_warning_chooses_nothing(visitor: Visitor) -> None:
    """Whatever lies under the finger that says "I am here" is not tapped."""
    visitor.to_confirm().wait(50).tap(Target.CONFIRM)

    assert (visitor.state.screen, visitor.issues()) == (Screen.CONFIRM, [])


def test_nobody_there_means_a_clean_first_page(visitor: Visitor) -> None:
    """After warning and countdown nothing of the visitor is left, not even their wishes for eyes and ears."""
    for target in (Target.SCALE, Target.CONTRAST, Target.LOW, Target.VOICE, Target.LANGUAGE):
        visitor.tap(target)
    visitor.to_confirm().tap(Target.PRIORITY).tap(Target.GROUP, "elder")

    visitor.wait(45 + 20 + 1)

    assert_clean(visitor.state)


def assert_clean(state: State) -> None:
    """Nothing of a visitor is left."""
    assert state.screen is Screen.HOME
    assert state.prefs == Prefs()
    assert (state.zone, state.service, state.group, state.query, state.ticket) == (None, None, None, "", None)
    assert (state.paper, state.page, state.refusal, state.warned_at) == (Paper.NONE, 0, "", None)


def test_larger_type_on_the_first_page_is_given_back_too(visitor: Visitor) -> None:
    """Somebody who only changed the look and left does not leave it to the next."""
    visitor.tap(Target.CONTRAST).wait(66)

    assert_clean(visitor.state)


def test_the_first_page_is_never_warned(visitor: Visitor) -> None:
    """An untouched kiosk stands still for hours."""
    visitor.now += 10_000

    assert visitor.see(Tick()).state.warned_at is None


def test_a_printed_ticket_leaves_after_a_while(visitor: Visitor) -> None:
    """Twenty seconds to take it, more for who touches the glass; then the outbox may forget it."""
    visitor.to_ticket().see(PaperMoved(TICKET.id, Paper.PRINTED)).wait(15)
    visitor.see(Touched()).wait(19)
    assert visitor.state.screen is Screen.TICKET

    visitor.wait(2)
    assert_clean(visitor.state)
    assert visitor.commands[-1] == Taken(TICKET)


def test_printer_trouble_keeps_the_number_until_it_is_noted(visitor: Visitor) -> None:
    """A failed print leaves number and code on the glass well beyond the usual silence."""
    visitor.to_ticket().see(PaperMoved(TICKET.id, Paper.TROUBLE)).wait(200)
    assert visitor.state.ticket == TICKET

    visitor.tap(Target.DONE)
    assert_clean(visitor.state)


def test_a_number_left_behind_is_warned_about_before_it_goes(visitor: Visitor) -> None:
    """Its code can cancel the ticket, so that it does not stay for ever; touching keeps it."""
    visitor.to_ticket().see(PaperMoved(TICKET.id, Paper.TROUBLE)).wait(301)
    assert visitor.state.warned_at is not None
    visitor.see(Touched()).wait(250)
    assert visitor.state.ticket == TICKET

    visitor.wait(80)
    assert_clean(visitor.state)


def test_reprint_is_offered_only_when_the_paper_has_failed(visitor: Visitor) -> None:
    """The same number is printed again; while the printer still tries there is nothing to repeat."""
    visitor.to_ticket().see(PaperMoved(TICKET.id, Paper.LATE)).tap(Target.REPRINT)
    assert Reprint(TICKET) not in visitor.commands

    visitor.see(PaperMoved(TICKET.id, Paper.TROUBLE)).tap(Target.REPRINT)
    assert visitor.commands[-1] == Reprint(TICKET)
    assert len(visitor.issues()) == 1


def test_a_silent_printer_counts_as_trouble(visitor: Visitor) -> None:
    """No news for half a minute: the visitor is told to note the number."""
    assert visitor.to_ticket().wait(31).state.paper is Paper.TROUBLE


def test_news_of_another_ticket_changes_nothing(visitor: Visitor) -> None:
    """A late report about the visitor before does not touch this one's page."""
    before = visitor.to_ticket().state

    assert visitor.see(PaperMoved("other", Paper.TROUBLE)).state == before


def test_no_answer_gives_the_attempt_up(visitor: Visitor) -> None:
    """After twelve seconds the visitor is told, and what may come of the request is to be cancelled."""
    visitor.to_confirm().tap(Target.CONFIRM).wait(ISSUING_MAX_S + 0.5)

    assert visitor.state.screen is Screen.REFUSED
    assert visitor.commands[-1] == Abandon(1)


def test_a_late_answer_belongs_to_nobody(visitor: Visitor) -> None:
    """A ticket that comes after the attempt was given up is neither shown nor printed."""
    visitor.to_confirm().tap(Target.CONFIRM).wait(ISSUING_MAX_S + 0.5).see(Issued(1, TICKET))

    assert visitor.state.screen is Screen.REFUSED
    assert PrintTicket(TICKET) not in visitor.commands


def test_a_second_visitor_never_gets_the_first_ones_answer(visitor: Visitor) -> None:
    """Answers are matched with attempts."""
    visitor.to_confirm().tap(Target.CONFIRM).wait(ISSUING_MAX_S + 0.5).tap(Target.HOME)
    visitor.to_confirm().tap(Target.CONFIRM).see(Issued(1, TICKET))

    assert visitor.state.screen is Screen.ISSUING


def test_a_refusal_is_said_in_the_visitors_language(visitor: Visitor) -> None:
    """The server's sentence is shown, and Back leads home."""
    visitor.to_confirm().tap(Target.CONFIRM).see(Refused(1, "full", "满"))

    assert (visitor.state.screen, visitor.state.refusal, visitor.state.refusal_zh) == (Screen.REFUSED, "full", "满")
    assert visitor.tap(Target.BACK).state.screen is Screen.HOME


def test_a_short_cut_is_not_worth_a_page(visitor: Visitor) -> None:
    """Two seconds without server pass unnoticed; after more the page says so and comes back by itself."""
    visitor.to_confirm().see(LinkLost()).wait(2).see(LinkBack())
    assert visitor.state.screen is Screen.CONFIRM

    visitor.see(LinkLost()).wait(4)
    assert visitor.state.screen is Screen.LOST
    assert visitor.see(LinkBack()).state.screen is Screen.HOME


def test_an_unknown_kiosk_says_that_it_is_out_of_service(visitor: Visitor) -> None:
    """From the first page and from the start alike; lost is another page, and a hall seen ends both."""
    visitor.see(LinkRefused()).wait(4)
    assert (visitor.state.screen, title(visitor.state, texts_of("zh"))) == (Screen.LOST, "本机暂停服务")
    assert title(visitor.see(LinkLost()).state, texts_of("zh")) == "请稍候"
    assert visitor.see(HallSeen(read_hall(sample_hall()))).state.screen is Screen.HOME

    fresh = State()
    for event, now in ((LinkRefused(), 1.0), (Tick(), 5.0)):
        fresh = step(fresh, event, now, RULES).state
    assert fresh.screen is Screen.LOST
    assert step(fresh, HallSeen(read_hall(sample_hall())), 6.0, RULES).state.screen is Screen.HOME


def test_the_number_outlives_the_link(visitor: Visitor) -> None:
    """Who has a ticket on the glass keeps it while the server is away."""
    visitor.to_ticket().see(LinkLost()).wait(10)

    assert (visitor.state.screen, visitor.state.ticket) == (Screen.TICKET, TICKET)


def test_lost_while_issuing_ends_on_the_lost_page(visitor: Visitor) -> None:
    """The request is given up and the page recovers by itself when the hall is seen again."""
    visitor.to_confirm().tap(Target.CONFIRM).see(LinkLost()).wait(ISSUING_MAX_S + 0.5)
    assert (visitor.state.screen, visitor.commands[-1]) == (Screen.LOST, Abandon(1))

    assert visitor.see(HallSeen(the_hall())).state.screen is Screen.HOME


def test_a_closed_hall_says_so_and_opens_by_itself(visitor: Visitor) -> None:
    """Closing takes the browsing pages away, not a ticket; opening brings the first page."""
    visitor.to_confirm().see(HallSeen(the_hall(open=False, opens_at="2026-11-24T08:30:00+08:00")))
    assert visitor.state.screen is Screen.CLOSED
    assert visitor.see(HallSeen(the_hall())).state.screen is Screen.HOME

    visitor.to_ticket().see(HallSeen(the_hall(open=False)))
    assert visitor.state.screen is Screen.TICKET


def test_a_closed_zone_says_when_it_opens(visitor: Visitor) -> None:
    """Its card leads to a page with the time, not to its services."""
    assert visitor.tap(Target.ZONE, "marriage").state.screen is Screen.SHUT
    assert visitor.tap(Target.BACK).state.screen is Screen.HOME


def test_a_service_that_vanishes_takes_its_page_with_it(visitor: Visitor) -> None:
    """A hall file changed while somebody chooses does not leave a dead page."""
    visitor.to_confirm()
    hall = sample_hall()
    hall["zones"] = [zone for zone in hall["zones"] if zone["id"] != "police"]

    assert visitor.see(HallSeen(read_hall(hall))).state.screen is Screen.HOME


def test_a_ticket_of_before_the_crash_is_shown_again(visitor: Visitor) -> None:
    """It is printed only if it surely never was handed to the printer."""
    assert visitor.see(Recovered(TICKET, needs_paper=False)).state.ticket == TICKET
    assert visitor.commands == []

    other = Visitor().see(Recovered(TICKET, needs_paper=True))
    assert other.commands == [PrintTicket(TICKET)]


def to_pin(visitor: Visitor) -> Visitor:
    """Five quick taps in the corner."""
    for _ in range(5):
        visitor.tap(Target.CORNER, after_s=0.3)
    return visitor


def enter(visitor: Visitor, pin: str, is_right: bool) -> Visitor:
    """Type a PIN and have it checked."""
    for figure in pin:
        visitor.tap(Target.KEY, figure, after_s=0.2)
    visitor.tap(Target.ENTER)
    assert visitor.commands[-1] == CheckPin(pin)
    return visitor.see(PinChecked(is_right))


def test_five_taps_in_the_corner_and_the_pin_let_staff_out(visitor: Visitor) -> None:
    """The way out is hidden and guarded."""
    enter(to_pin(visitor), "2468", True).tap(Target.EXIT)

    assert visitor.commands[-1] == Quit()


def test_slow_taps_in_the_corner_lead_nowhere(visitor: Visitor) -> None:
    """Somebody who touches the hall's name now and then stays where they are."""
    for _ in range(9):
        visitor.tap(Target.CORNER, after_s=1.0)

    assert visitor.state.screen is Screen.HOME


def test_without_a_pin_there_is_no_way_out() -> None:
    """A kiosk without an exit PIN shows no keypad."""
    assert to_pin(Visitor(replace(RULES, has_pin=False))).state.screen is Screen.HOME


def test_five_wrong_pins_lock_for_a_quarter_of_an_hour(visitor: Visitor) -> None:
    """Nothing can be typed until then, not even by going away and coming back."""
    to_pin(visitor)
    for _ in range(5):
        enter(visitor, "1111", False)
    count = len(visitor.commands)
    visitor.tap(Target.BACK)
    to_pin(visitor).tap(Target.KEY, "2").tap(Target.ENTER)
    assert len(visitor.commands) == count

    visitor.tap(Target.BACK)
    visitor.now += LOCK_S
    assert enter(to_pin(visitor), "2468", True).state.screen is Screen.STAFF


def test_staff_pages_cannot_be_reached_by_other_taps(visitor: Visitor) -> None:
    """Exit does nothing anywhere but on the staff page."""
    assert visitor.tap(Target.EXIT).commands == []


ZONES = [zone["id"] for zone in sample_hall()["zones"]]
SERVICES = [service["id"] for zone in sample_hall()["zones"] for service in zone["services"]]
values = st.sampled_from([*ZONES, *SERVICES, "elder", "infant", "S", "9", "", "nonsense"])
events = st.one_of(
    st.builds(Tap, st.sampled_from(list(Target)), values),
    st.just(Touched()),
    st.just(Tick()),
    st.builds(Issued, st.integers(0, 3), st.just(TICKET)),
    st.builds(Refused, st.integers(0, 3), st.just("no"), st.just("不")),
    st.builds(PaperMoved, st.just(TICKET.id), st.sampled_from(list(Paper))),
    st.builds(PinChecked, st.booleans()),
    st.sampled_from([LinkLost(), LinkBack(), HallSeen(the_hall()), HallSeen(the_hall(open=False))]),
)


@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.lists(st.tuples(events, st.sampled_from([0.05, 0.4, 1.0, 4.0, 21.0, 46.0])), max_size=60))
def test_no_walk_ends_in_a_dead_end(walk: list[tuple[Event, float]]) -> None:
    """Whatever is tapped and happens: pages stay in range, one issue at a time, and the first page comes back."""
    visitor = Visitor()
    open_attempts = 0
    for event, pause_s in walk:
        visitor.now += pause_s
        before = len(visitor.issues())
        was_issuing = visitor.state.screen is Screen.ISSUING
        visitor.see(event)
        open_attempts = len(visitor.issues()) - before
        assert open_attempts <= 1
        assert not (was_issuing and open_attempts), "a second issue while one is under way"
        assert 0 <= visitor.state.page < max(1, page_count(visitor.state, RULES))
        assert set(PAGE[visitor.state.screen].taps) or visitor.state.screen is Screen.STARTING

    visitor.see(LinkBack()).see(HallSeen(the_hall())).wait(1)
    # Somebody who never touches again: warned, counted down, gone.
    visitor.now += 400
    visitor.wait(1).wait(25)
    visitor.now += 400
    visitor.wait(1).wait(25)
    assert_clean(visitor.state)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.sampled_from(list(Target)), values), max_size=25))
def test_home_is_one_tap_away_while_browsing(taps: list[tuple[Target, str]]) -> None:
    """On every page that offers the bar, Home leads home."""
    visitor = Visitor()
    for target, value in taps:
        visitor.tap(target, value)
    if Target.HOME in PAGE[visitor.state.screen].taps:
        assert visitor.tap(Target.HOME).state.screen is Screen.HOME
    else:
        assert visitor.state.screen in (Screen.ISSUING, Screen.TICKET, Screen.PIN, Screen.STAFF)


def test_every_page_with_a_bar_offers_the_same_controls() -> None:
    """Language, size, contrast, reach and voice are there on every page a visitor sees."""
    for screen, page in PAGE.items():
        if screen not in (Screen.STARTING, Screen.PIN, Screen.STAFF):
            assert page.taps >= BAR - {Target.HOME}, screen
