"""Tracking numbers as they are typed at a desk: whether a carrier gives such numbers, and who else gets the parcel."""

import re

from server.core.calendar import local
from server.core.case_records import Case
from server.id_numbers import read_number
from server.web.present.cases import person_of
from server.web.problems import Problem
from server.web.site import Site

#: As long as the number of an ID card.
CARD_SIGNS = 18


def require_likely(here: Site, carrier: str, tracking: str, *, confirmed: bool) -> None:
    """Ask again about a number that its carrier does not give; one that is somebody's ID card is written nowhere."""
    today = local(here.hall.now(), here.hall.plan.tz).date()
    # Old cards have fifteen figures, as couriers' numbers do.
    if len(tracking) == CARD_SIGNS and read_number(tracking, today) is not None:
        raise Problem("card_for_tracking")
    known = here.names.hall.cases.tracking_of(carrier)
    if not confirmed and known is not None and re.fullmatch(known.pattern, tracking) is None:
        raise Problem("tracking_unlikely", carrier=carrier)


def same_address(here: Site, case: Case, carrier: str, tracking: str) -> frozenset[str]:
    """The cases in a parcel that go to the same person and address as this one, as far as addresses are kept."""
    with here.hall.reading() as state:
        others = [x.id for x in state.cases.values() if (x.carrier, x.tracking) == (carrier, tracking)]
    own = person_of(here, case.id)
    if not others or own["address"] is None:
        return frozenset()
    return frozenset(other for other in others if person_of(here, other) == own)
