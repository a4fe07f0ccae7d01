"""What a newcomer may expect: estimated at most once a second and shared by every view that shows it."""

from collections import Counter
from dataclasses import dataclass

from server.core.dispatch import ahead_of, windows_for
from server.core.model import HallState
from server.core.wait import Wait, estimate, newcomer
from server.web.site import Site

MAX_AGE_S = 1.0


@dataclass(frozen=True, slots=True)
class NewcomerWaits:
    """The wait of somebody who takes a ticket now: by service id, and by zone id for the service most asked for.

    None where no window is open. A zone's range is that of one service and not from its quickest to its slowest: "0 to
    45 minutes" would tell nobody anything.
    """

    services: dict[str, Wait | None]
    zones: dict[str, Wait | None]
    #: People who would be called before a newcomer, and the windows that would call him, by service.
    ahead: dict[str, int]
    windows: dict[str, list[str]]


def newcomer_waits(site: Site) -> NewcomerWaits:
    """The waits now, at most a second old."""
    waits: NewcomerWaits = site.cache.get(
        site.hall, "waits", MAX_AGE_S, lambda state, at: _estimate_all(site, state, at)
    )
    return waits


def _estimate_all(site: Site, state: HallState, at: float) -> NewcomerWaits:
    plan = site.hall.plan
    services = {s: estimate(plan, state, newcomer(plan, state, s, at), at) for s in plan.services}
    asked = Counter(ticket.service for ticket in state.tickets.values())
    zones: dict[str, Wait | None] = {}
    for zone in site.names.zones:
        known = [s for s in services if plan.services[s].zone == zone and services[s] is not None]
        # The first of the file wins a tie: it lists the most used service first.
        zones[zone] = services[max(known, key=lambda s: asked[s])] if known else None
    newcomers = {service: newcomer(plan, state, service, at) for service in plan.services}
    ahead = {service: ahead_of(plan, state, ticket) for service, ticket in newcomers.items()}
    windows = {service: windows_for(plan, state, ticket) for service, ticket in newcomers.items()}
    return NewcomerWaits(services, zones, ahead, windows)
