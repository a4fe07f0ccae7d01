"""How many tickets one person may have, and how staff go beyond it (A2.10, A2.11)."""

from dataclasses import replace
from typing import Any

from server.core import commands as c
from server.core import events as e
from server.core.model import Limits
from server.core.refusals import Reason
from tests.cast import (
    COMPANY,
    INSURANCE,
    MEDICAL,
    MORNING,
    TAX,
    YANGXIN,
    a_ticket,
    at,
    called,
    cancelled,
    finished,
    given,
    id_of,
    missed,
    started,
)

LAN, MEI = "p-lan", "p-mei"
CARD_FOR_INSURANCE = replace(
    YANGXIN, services={**YANGXIN.services, INSURANCE: replace(YANGXIN.services[INSURANCE], id_required=True)}
)


def asks(number: str, service: str = INSURANCE, holder: str | None = LAN, **more: Any) -> c.Issue:
    """A person taps for a service."""
    return c.Issue(at=at("10:00"), ticket=id_of(number), service=service, holder=holder, **more)


def lans(number: str, clock: str = "9:00", service: str | None = None) -> e.TicketIssued:
    """A ticket in Lan's name."""
    return replace(a_ticket(number, clock, service), holder=LAN)


def test_a_second_open_ticket_for_the_same_service_is_refused_with_the_first_ones_number() -> None:
    """Whoever holds A001 is told so, and gets none beside it; for another service or as another person he does."""
    hall = given(*MORNING, lans("A001"))
    assert hall.when(asks("A002")).refused(Reason.HAS_OPEN_TICKET).fields == {"ticket": "A001"}
    hall.when(asks("A002", MEDICAL)).ticket("A002")
    hall.when(asks("A003", holder=MEI)).ticket("A003")
    hall.when(asks("A004", holder=None)).ticket("A004")


def test_a_ticket_that_is_called_or_served_is_still_open() -> None:
    """No second number while the first one is at a window."""
    hall = given(*MORNING, lans("A001"), called("A001"), started("A001"))
    hall.when(asks("A002")).refused(Reason.HAS_OPEN_TICKET)


def test_what_is_over_stands_in_nobodys_way() -> None:
    """After being served, giving up or not coming one may take the next."""
    for story in (
        (lans("A001"), called("A001"), started("A001"), finished("A001")),
        (lans("A001"), cancelled("A001")),
        (lans("A001"), called("A001"), missed("A001")),
    ):
        assert given(*MORNING, *story).when(asks("A002")).ticket("A002").holder == LAN


def test_three_a_day_and_no_more() -> None:
    """The fourth ticket of a day is refused whatever became of the others."""
    past = (lans("A001"), cancelled("A001"), lans("A002", "9:20", MEDICAL), lans("B001", "9:30"))
    refusal = given(*MORNING, *past).when(asks("C001", TAX)).refused(Reason.DAILY_LIMIT)
    assert refusal.fields == {"limit": 3}


def test_the_hall_sets_both_limits_and_nought_is_none() -> None:
    """Two open ones where the hall allows two; any number where it says 0."""
    two = replace(YANGXIN, limits=Limits(open_per_service=2, per_day=0))
    hall = given(*MORNING, lans("A001"), plan=two)
    hall.when(asks("A002")).ticket("A002")
    hall.when(asks("A003")).refused(Reason.HAS_OPEN_TICKET)
    free = given(*MORNING, *(lans(f"A00{n}") for n in range(1, 8)), plan=replace(two, limits=Limits(0, 0)))
    free.when(asks("A008")).ticket("A008")


def test_staff_go_beyond_the_limit_and_the_log_tells_so() -> None:
    """The ticket is given and marked; an override that was not needed leaves no mark."""
    hall = given(*MORNING, lans("A001"))
    beyond = hall.when(asks("A002", over_limit=True, channel="staff"))
    assert beyond.ticket("A002").over_limit
    within = hall.when(asks("B001", COMPANY, over_limit=True, channel="staff"))
    assert not within.ticket("B001").over_limit


def test_a_service_may_want_a_person_and_staff_may_not_be_asked_for_one() -> None:
    """The kiosk gives no nameless ticket where a card is wanted; a clerk or a guide does (A2.10)."""
    hall = given(*MORNING, plan=CARD_FOR_INSURANCE)
    assert hall.when(asks("A001", holder=None)).refused(Reason.CARD_WANTED).fields == {"service": INSURANCE}
    hall.when(asks("A001", holder=None, channel="phone")).refused(Reason.CARD_WANTED)
    hall.when(asks("A001", holder=None, channel="staff")).ticket("A001")
    assert hall.when(asks("A002", holder=MEI)).ticket("A002").holder == MEI
    assert hall.when(asks("A003", MEDICAL, holder=None)).ticket("A003").holder is None
