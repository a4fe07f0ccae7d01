"""The one definition of "next": earliest credited time first. Pure.

The call, the waiting list, "people ahead", the wait estimate and the simulator all come here. A ticket's credited
time is when it counts as having arrived; it is fixed when the ticket begins to wait and time passing never changes it.
"""

from dataclasses import dataclass

from server.core.model import HallState, Plan, Rules, Ticket

#: A place in a line: credited time, entry number, ticket id. Sorted as it is, it is the calling order.
Place = tuple[float, int, str]


@dataclass(frozen=True, slots=True)
class Due:
    """When a ticket's wait counts from, and whether it keeps an appointment."""

    at: float
    on_time: bool = False


def due(rules: Rules, arrived_at: float, slot_at: float | None = None) -> Due:
    """Who comes before the slot counts from the slot, who comes too late after it is an ordinary walk-in."""
    if slot_at is None or arrived_at > slot_at + rules.appointment_late_s:
        return Due(arrived_at)
    return Due(max(arrived_at, slot_at), on_time=True)


def mean_s(plan: Plan, state: HallState, service: str) -> float:
    """Mean length of a service as it counts today: frozen at the day's opening, so that the order is known at issue."""
    known = state.means.get(service)
    if known is not None:
        return known
    chosen = plan.services.get(service)
    return plan.rules.short_service_s if chosen is None else chosen.mean_service_s


def short_credit_s(rules: Rules, mean: float) -> float:
    """Credit of short business: what its mean falls short of the rule's ten minutes, either way up to the limit."""
    return min(max(rules.short_service_s - mean, -rules.short_credit_max_s), rules.short_credit_max_s)


def credit_s(plan: Plan, state: HallState, service: str, group: str | None, *, on_time: bool) -> float:
    """How much earlier than its due time a ticket counts, in seconds; negative for long business."""
    rules = plan.rules
    return (
        short_credit_s(rules, mean_s(plan, state, service))
        + (rules.priority_credit_s if group else 0.0)
        + (rules.appointment_credit_s if on_time else 0.0)
    )


def credited_at(plan: Plan, state: HallState, service: str, due: Due, group: str | None) -> float:
    """When a ticket counts as having arrived (seconds UTC)."""
    return due.at - credit_s(plan, state, service, group, on_time=due.on_time)


def order_key(ticket: Ticket) -> tuple[float, int]:
    """Sort key of a waiting ticket; the entry number breaks ties by who began to wait first."""
    return ticket.credited_at, ticket.entry


def place_of(ticket: Ticket) -> Place:
    """The ticket's place in its line: `order_key` and who it is."""
    return (*order_key(ticket), ticket.id)
