"""What a voucher entitles to: from its token, or the address its code says, to the case and the pickup ticket."""

import re
from dataclasses import dataclass

from server.core.case_records import Case, CaseState
from server.core.model import HallState
from server.web.present.cases import pickup_service
from server.web.present.citizen_cases import pickup_ticket
from server.web.problems import Problem
from server.web.site import Site

_TOKEN = re.compile(r"(?:^|/c/)(?P<token>[A-Za-z0-9_-]{8,64})(?:[/?#].*)?$")


@dataclass(frozen=True, slots=True)
class Claim:
    """What a ticket is taken for; `case` where it is a result."""

    service: str
    case: str | None = None


def case_by_voucher(here: Site, state: HallState, voucher: str) -> Case:
    """The case of a voucher, or the problem that there is none."""
    found = _TOKEN.search(voucher.strip())
    case = here.links.find_case(state, found["token"]) if found else None
    if case is None:
        raise Problem("voucher_unknown")
    return state.cases[case]


def claim_of(here: Site, voucher: str | None, service: str | None, *, is_again: bool) -> Claim:
    """The service a ticket is for: as asked, or that which hands out the voucher's result. `is_again`: the ticket was
    issued before, so whatever has become of the result since, the same is answered."""
    if voucher is None:
        # The body's shape has seen to it that one of the two is there.
        return Claim(service or "")
    with here.hall.reading() as state:
        case = case_by_voucher(here, state, voucher)
        service = pickup_service(here.names.hall, case.zone)
        if service is None:
            raise Problem("no_pickup", case=case.number)
        if not is_again:
            _require_ready(state, case)
    return Claim(service, case.id)


def _require_ready(state: HallState, case: Case) -> None:
    if case.state is not CaseState.READY:
        raise Problem("result_not_ready", case=case.number, state=case.state.value)
    if (ticket := pickup_ticket(state, case)) is not None:
        raise Problem("pickup_ticket_taken", case=case.number, ticket=ticket.number)
