"""What a newcomer may expect, per service: estimated at most once a second and shared by every view that shows it."""

from server.core.model import HallState
from server.core.wait import Wait, estimate, newcomer
from server.web.site import Site

MAX_AGE_S = 1.0


def newcomer_waits(site: Site) -> dict[str, Wait | None]:
    """The wait of somebody who takes a ticket now, by service id; None where no window is open for it."""
    plan = site.hall.plan

    def build(state: HallState, at: float) -> dict[str, Wait | None]:
        return {service: estimate(plan, state, newcomer(plan, service, at), at) for service in plan.services}

    waits: dict[str, Wait | None] = site.cache.get(site.hall, "waits", MAX_AGE_S, build)
    return waits


def zone_wait(site: Site, zone: str) -> dict[str, int] | None:
    """A zone's range: from its quickest to its slowest service; None if nothing there can be estimated."""
    services = site.hall.plan.services
    waits = newcomer_waits(site)
    ranges = [wait for service, wait in waits.items() if wait is not None and services[service].zone == zone]
    if not ranges:
        return None
    return {"low_s": min(r.low_s for r in ranges), "high_s": max(r.high_s for r in ranges)}
