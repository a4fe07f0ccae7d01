"""Requests for a guide as guides, desks and the asking kiosk see them."""

from typing import Any

from server.core.affairs import HelpRequest, HelpState
from server.core.model import HallState
from server.web.present.common import both, moment
from server.web.present.experts import desk_of, find_expert, titled
from server.web.site import Site

#: Requests that are over stay in the list for a while, newest first.
ENDED_MAX = 10


def help_view(site: Site, state: HallState, request: HelpRequest) -> dict[str, Any]:
    """One request."""
    plan, hall = site.hall.plan, site.names.hall
    kind = next((kind.name for kind in hall.assistance.kinds if kind.id == request.kind), None)
    if (expert := find_expert(site, request.expert)) is not None:
        kind = titled(expert)
    places = {kiosk.id: both(kiosk.name, "place") for kiosk in hall.kiosks}
    places |= {window.id: both(window.name, "place") for window in site.names.windows.values()}
    ticket = None if request.ticket is None else state.tickets.get(request.ticket)
    return {
        "id": request.id,
        **places.get(request.place, both({"zh": request.place, "en": request.place}, "place")),
        "kind": request.kind,
        **both(kind or {"zh": request.kind, "en": request.kind}, "kind_name"),
        "state": request.state.value,
        "asked_at": moment(plan, request.asked_at),
        "asked_by": request.asked_by,
        "language": request.language,
        "ticket": None if ticket is None else ticket.number,
        "taken_by": request.taken_by,
        "taken_at": moment(plan, request.taken_at),
        "ended_at": moment(plan, request.ended_at),
        "outcome": request.outcome,
        "expert": request.expert,
    }


def help_list(site: Site, state: HallState) -> dict[str, Any]:
    """Those that wait, longest first, then those a guide is with, then the last that are over.

    An expert with a desk is called there; one without is fetched by a guide.
    """
    rank = {HelpState.ASKED: 0, HelpState.TAKEN: 1}
    for_guides = [one for one in state.help.values() if desk_of(site, one) is None]
    open_ones = [one for one in for_guides if one.state in rank]
    ended = [one for one in for_guides if one.state is HelpState.ENDED]
    shown = [
        *sorted(open_ones, key=lambda one: (rank[one.state], one.asked_at)),
        *sorted(ended, key=lambda one: -(one.ended_at or 0.0))[:ENDED_MAX],
    ]
    return {"requests": [help_view(site, state, one) for one in shown]}
