"""What a newcomer may expect, by service and by zone, from the hall's forecast."""

from collections import Counter

from server.core.model import HallState
from server.core.wait import Wait
from server.web.site import Site


def newcomer_wait(site: Site, service: str) -> Wait | None:
    """The wait of somebody who takes a ticket for a service now; None where no window is open for it."""
    return site.forecasts.current().of_newcomer(service)


def newcomers_ahead(site: Site, service: str) -> int:
    """How many would be called before him."""
    return site.forecasts.current().ahead[service]


def zone_waits(site: Site, state: HallState) -> dict[str, Wait | None]:
    """By zone the newcomer's wait for the service most asked for today.

    A zone's range is that of one service and not from its quickest to its slowest: "0 to 45 minutes" would tell
    nobody anything.
    """
    plan, outlook = site.hall.plan, site.forecasts.current()
    asked = Counter(ticket.service for ticket in state.tickets.values())
    waits: dict[str, Wait | None] = dict.fromkeys(site.names.zones)
    best: dict[str, int] = {}
    # The first of the file wins a tie: it lists the most used service first.
    for service in plan.services.values():
        wait = outlook.of_newcomer(service.id)
        if wait is not None and service.zone in waits and asked[service.id] > best.get(service.zone, -1):
            waits[service.zone], best[service.zone] = wait, asked[service.id]
    return waits
