"""Requests for a guide, and the clerk's look at the proof of a priority group (A2.5, C8)."""

from dataclasses import replace

import pytest

from server.core import assistance as a
from server.core import commands as c
from server.core.affairs import HelpRequest, HelpState
from server.core.refusals import Reason
from tests.cast import (
    ELDER,
    MORNING,
    S01,
    S02,
    a_ticket,
    at,
    called,
    day_opened,
    finished,
    given,
    id_of,
    started,
)

ELDERS = (*MORNING, a_ticket("A001", group=ELDER), a_ticket("A002", "9:01"), called("A001"))


def looks(number: str = "A001", window: str = S01, confirmed: bool = True) -> a.ConfirmProof:
    """The clerk at S01 has looked at the card of whoever holds a number."""
    return a.ConfirmProof(at=at("9:12"), window=window, ticket=number, confirmed=confirmed)


def checked(confirmed: bool = True) -> a.PriorityChecked:
    """What the log keeps of it."""
    return a.PriorityChecked(at=at("9:12"), ticket=id_of("A001"), window=S01, confirmed=confirmed)


@pytest.mark.parametrize(("confirmed", "proof"), [(True, "clerk"), (False, "refuted")])
def test_the_clerk_says_yes_or_no(confirmed: bool, proof: str) -> None:
    """The ticket at the window is proved or refuted; its place and credit stay as they were."""
    hall = given(*ELDERS)
    before = hall.state.tickets[id_of("A001")]
    after = hall.when(looks(confirmed=confirmed)).then(checked(confirmed)).tickets[id_of("A001")]
    assert after == replace(before, proof=proof)


def test_a_refuted_ticket_that_comes_back_keeps_its_place() -> None:
    """Put on hold or missed and back again, it stands where the group had put it: nobody is punished twice."""
    hall = given(*ELDERS, checked(False))
    hall.when(c.MarkNoShow(at=at("9:15"), window=S01))
    back = hall.when(c.Reinstate(at=at("9:15:30"), window=S01, ticket="A001")).ticket()
    assert (back.credited_at, back.proof) == (at("9:00") - 45 * 60, "refuted")


def test_the_clerk_may_change_his_mind_but_a_double_press_is_one() -> None:
    """The same again makes no event; the other answer does."""
    hall = given(*ELDERS, checked())
    hall.when(looks()).then()
    assert hall.when(looks(confirmed=False)).ticket().proof == "refuted"


def test_only_the_ticket_at_the_window_and_only_one_with_a_group() -> None:
    """Another window's, one that still waits, one that is over, one without a group: refused."""
    hall = given(*ELDERS)
    hall.when(looks(window=S02)).refused(Reason.WRONG_STATE)
    hall.when(looks("A002")).refused(Reason.WRONG_STATE)
    hall.when(looks("A777")).refused(Reason.TICKET_UNKNOWN)
    hall.when(looks(window="S99")).refused(Reason.WINDOW_UNKNOWN)
    given(*ELDERS, started("A001"), finished("A001")).when(looks()).refused(Reason.WRONG_STATE)
    given(*MORNING, a_ticket("A001"), called("A001")).when(looks()).refused(Reason.WRONG_STATE)


def asks(name: str = "h-1", by: str = "kiosk:kiosk-1", clock: str = "9:30", **more: str) -> a.AskForHelp:
    """A tap on "help" at a kiosk."""
    return a.AskForHelp(at=at(clock), help=name, kind="wheelchair", place="kiosk-1", by=by, **more)


ASKED = a.HelpAsked(at=at("9:30"), help="h-1", kind="wheelchair", place="kiosk-1", by="kiosk:kiosk-1")


def test_a_request_goes_from_asked_to_taken_to_ended() -> None:
    """One guide takes it, and it is over when he says so."""
    hall = given(*MORNING)
    hall.when(asks()).then(ASKED)
    assert hall.state.help["h-1"] == HelpRequest("h-1", "kiosk-1", "wheelchair", at("9:30"), "kiosk:kiosk-1")
    hall.when(a.TakeHelp(at=at("9:31"), help="h-1", by="mei"))
    hall.when(a.EndHelp(at=at("9:40"), help="h-1", by="mei", outcome="helped"))
    after = hall.state.help["h-1"]
    assert (after.state, after.taken_by, after.taken_at, after.ended_at, after.outcome) == (
        HelpState.ENDED,
        "mei",
        at("9:31"),
        at("9:40"),
        "helped",
    )


def test_the_same_tap_twice_is_one_request_and_a_strangers_id_is_refused() -> None:
    """Sent again it makes nothing; from another device under the same id it is not the same tap."""
    hall = given(*MORNING, ASKED)
    hall.when(asks(clock="9:31")).then()
    hall.when(asks(by="kiosk:kiosk-2")).refused(Reason.HELP_STATE)


def test_two_guides_do_not_go_to_one_person() -> None:
    """Who comes second is told that it is taken; the first may tap twice."""
    hall = given(*MORNING, ASKED)
    hall.when(a.TakeHelp(at=at("9:31"), help="h-1", by="mei"))
    hall.when(a.TakeHelp(at=at("9:31"), help="h-1", by="mei")).then()
    assert hall.when(a.TakeHelp(at=at("9:32"), help="h-1", by="lin")).refused(Reason.HELP_STATE).fields == {
        "state": "taken"
    }


def test_what_is_over_stays_over() -> None:
    """An ended request is neither taken nor ended again; one nobody took may be ended: the person has gone."""
    hall = given(*MORNING, ASKED)
    hall.when(a.EndHelp(at=at("9:40"), help="h-1", by="mei", outcome="not_needed"))
    hall.when(a.EndHelp(at=at("9:41"), help="h-1", by="mei", outcome="helped")).refused(Reason.HELP_STATE)
    hall.when(a.TakeHelp(at=at("9:41"), help="h-1", by="mei")).refused(Reason.HELP_STATE)
    hall.when(a.EndHelp(at=at("9:41"), help="h-9", by="mei", outcome="helped")).refused(Reason.HELP_UNKNOWN)


def test_a_request_may_name_a_ticket_of_today() -> None:
    """By its number; one that is not there is refused."""
    hall = given(*MORNING, a_ticket("A001"))
    assert hall.when(asks(ticket="a001")).state.help["h-1"].ticket == id_of("A001")
    hall.when(asks("h-2", ticket="A999")).refused(Reason.TICKET_UNKNOWN)


def test_an_expert_is_called_to_a_citizen_once_until_he_has_been_there() -> None:
    """Called again while the call is open nothing happens; for another citizen, or when it is over, he is called anew."""
    hall = given(*MORNING, a_ticket("A001"), a_ticket("A002"))
    hall.when(asks(expert="zhang", ticket="A001"))
    assert hall.state.help["h-1"].expert == "zhang"
    hall.when(asks("h-2", expert="zhang", ticket="A001")).then()
    hall.when(asks("h-3", expert="li", ticket="A001"))
    hall.when(asks("h-4", expert="zhang", ticket="A002"))
    hall.when(a.EndHelp(at=at("9:40"), help="h-1", by="zhang", outcome="helped"))
    hall.when(asks("h-5", expert="zhang", ticket="A001"))
    assert set(hall.state.help) == {"h-1", "h-3", "h-4", "h-5"}


def test_a_new_day_begins_without_requests() -> None:
    """Whoever waited for a guide yesterday has gone home."""
    hall = given(*MORNING, ASKED)
    assert given(*MORNING, ASKED, day_opened("8:00")).state.help == {}
    assert hall.state.help
