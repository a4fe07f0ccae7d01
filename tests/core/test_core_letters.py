"""Letters of authorisation (M13) and clerks' rights (Y6): who never gets which ticket."""

from dataclasses import replace
from random import Random

import pytest

from server.core import commands as c
from server.core.dispatch import ahead_of, line_of, next_for, turns, windows_for
from server.core.model import Plan
from server.core.refusals import Reason, Rejected
from server.core.wait import forecast
from tests.cast import (
    COMPANY,
    ELDER,
    INSURANCE,
    LI,
    MEDICAL,
    S01,
    S02,
    T01,
    TIDAL_HALL,
    TS1,
    YANGXIN,
    Day,
    at,
    day_opened,
)

PENSION, CARD = "item-pension", "item-card"
#: Only S01 holds a letter for the pension item; nobody holds one for the card.
LETTERS = replace(YANGXIN, authority={PENSION: frozenset({S01}), CARD: frozenset()})


def hall(plan: Plan = LETTERS, *windows: str) -> Day:
    """A hall in the morning with some windows open."""
    day = Day(day_opened(), plan=plan)
    for window in windows or (S01, S02):
        day.do(c.OpenWindow(at=at("8:30"), window=window))
    return day


def take(day: Day, clock: str, item: str | None, service: str = INSURANCE) -> str:
    """Somebody takes a ticket for an item."""
    name = f"t-{len(day.state.tickets)}"
    day.do(c.Issue(at=at(clock), ticket=name, service=service, item=item))
    return name


def test_a_window_never_gets_an_item_outside_its_letter() -> None:
    """The pension of 9:00 is earlier, and S02 takes the ticket without an item of 9:05; S01 takes the pension."""
    day = hall()
    pension, plain = take(day, "9:00", PENSION), take(day, "9:05", None)
    assert next_for(day.plan, day.state, S02, at("9:10")) == day.state.tickets[plain]
    assert next_for(day.plan, day.state, S01, at("9:10")) == day.state.tickets[pension]
    assert [t.id for t in line_of(day.plan, day.state, S02, at("9:10"))] == [plain]
    assert windows_for(day.plan, day.state, day.state.tickets[pension]) == [S01]


def test_an_item_without_any_letter_gets_no_ticket() -> None:
    """Nobody could ever call it."""
    with pytest.raises(Rejected) as refused:
        take(hall(), "9:00", CARD)
    assert refused.value.reason is Reason.ITEM_NOT_AUTHORISED


def test_who_waits_while_a_letter_is_renewed_is_called_afterwards() -> None:
    """Between the letters nobody calls him; with the next one's first day he is called in his place."""
    day = hall(replace(LETTERS, authority={CARD: frozenset({S02})}))
    card, plain = take(day, "9:00", CARD), take(day, "9:05", None)
    day.plan = LETTERS
    assert next_for(day.plan, day.state, S02, at("9:10")) == day.state.tickets[plain]
    day.plan = replace(LETTERS, authority={CARD: frozenset({S02})})
    assert next_for(day.plan, day.state, S02, at("9:11")) == day.state.tickets[card]


def test_a_letter_that_ends_at_noon_ends_for_those_who_wait() -> None:
    """The letter is asked at the call, not at the issue."""
    day = hall()
    pension = take(day, "9:00", PENSION)
    day.plan = replace(day.plan, authority={PENSION: frozenset({S02})})
    assert next_for(day.plan, day.state, S01, at("9:10")) is None
    assert next_for(day.plan, day.state, S02, at("9:10")) == day.state.tickets[pension]


@pytest.mark.parametrize("way", ["call", "transfer"])
def test_by_hand_it_is_refused_too(way: str) -> None:
    """Neither a call by number nor a transfer brings an item to a window without a letter."""
    day = hall()
    pension = take(day, "9:00", PENSION)
    command: c.Command = c.CallTicket(at=at("9:01"), window=S02, ticket=pension)
    if way == "transfer":
        day.do(c.CallNext(at=at("9:01"), window=S01))
        command = c.Transfer(at=at("9:02"), window=S01, to_window=S02)
    with pytest.raises(Rejected) as refused:
        day.do(command)
    assert refused.value.reason is Reason.NOT_SERVED_HERE


def test_another_service_is_another_thing() -> None:
    """Sent on from its item's service, a ticket waits like any other there."""
    day = hall()
    pension = take(day, "9:00", PENSION)
    day.do(c.CallNext(at=at("9:01"), window=S01))
    day.do(c.Transfer(at=at("9:02"), window=S01, to_service=MEDICAL))
    assert (day.state.tickets[pension].item, day.state.tickets[pension].limited) == (None, False)
    assert next_for(day.plan, day.state, S02, at("9:03")) == day.state.tickets[pension]


def test_the_order_holds_between_items() -> None:
    """Two pensions, an elder's and an earlier one: credited time decides among those of a letter too."""
    day = hall()
    first = take(day, "9:00", PENSION)
    day.do(c.Issue(at=at("9:10"), ticket="t-elder", service=INSURANCE, item=PENSION, group=ELDER))
    assert next_for(day.plan, day.state, S01, at("9:11")) == day.state.tickets["t-elder"]
    assert ahead_of(day.plan, day.state, day.state.tickets[first]) == 1


def test_a_tidal_window_helps_only_with_what_its_letter_names() -> None:
    """潮1 helps 企业 after five minutes, but not with an item it holds no letter for."""
    for allowed, helps in ((frozenset({TS1}), True), (frozenset({"E01"}), False)):
        day = hall(replace(TIDAL_HALL, authority={"item-licence": allowed}), TS1)
        licence = take(day, "9:00", "item-licence", COMPANY)
        found = next_for(day.plan, day.state, TS1, at("9:10"))
        assert (found is not None and found.id == licence) == helps


def test_whose_turn_it_is_knows_the_letters() -> None:
    """Two idle windows and one pension: it is S01's turn, and S02 is told nothing."""
    day = hall()
    pension = take(day, "9:00", PENSION)
    told = turns(day.plan, day.state, at("9:01"))
    assert {window: ticket.id for window, ticket in told.items()} == {S01: pension}


def test_the_estimate_knows_the_letters() -> None:
    """Behind eight pensions the ninth waits for one window, a ticket without an item for the other."""
    day = hall()
    for _ in range(9):
        last = take(day, "9:00", PENSION)
    plain = take(day, "9:01", None)
    waits = forecast(day.plan, day.state, at("9:02"), Random(7)).tickets
    soon, late = waits[plain], waits[last]
    assert soon is not None
    assert late is not None
    assert soon.high_s < late.low_s


def test_a_clerk_never_gets_what_he_has_no_right_to() -> None:
    """李 may take insurance only: medical waits for whoever comes; with another clerk at S01 it is called."""
    day = Day(day_opened(), plan=replace(YANGXIN, rights={LI: frozenset({INSURANCE})}))
    day.do(c.OpenWindow(at=at("8:30"), window=S01, clerk=LI))
    medical, insurance = take(day, "9:00", None, MEDICAL), take(day, "9:05", None)
    assert next_for(day.plan, day.state, S01, at("9:10")) == day.state.tickets[insurance]
    with pytest.raises(Rejected) as refused:
        day.do(c.CallTicket(at=at("9:10"), window=S01, ticket=medical))
    assert refused.value.reason is Reason.NOT_SERVED_HERE
    day.do(c.OpenWindow(at=at("9:11"), window=T01, clerk="clerk-zhao"))
    assert next_for(day.plan, day.state, T01, at("9:12")) is None
    day.do(c.CloseWindow(at=at("9:13"), window=S01))
    day.do(c.OpenWindow(at=at("9:14"), window=S01, clerk="clerk-wang"))
    assert next_for(day.plan, day.state, S01, at("9:15")) == day.state.tickets[medical]
