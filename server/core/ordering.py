"""The one definition of "next": earliest credited time first. Pure.

The call, the waiting list, "people ahead", the wait estimate and the simulator all come here. A ticket's credited
time is when it counts as having arrived; it is fixed when the ticket begins to wait and time passing never changes it.
"""

from server.core.model import Plan, Ticket


def credited_at(plan: Plan, due: float, group: str | None) -> float:
    """When a ticket counts as having arrived: its due time, earlier for a priority group (seconds UTC)."""
    return due - (plan.rules.priority_credit_s if group else 0.0)


def order_key(ticket: Ticket) -> tuple[float, int]:
    """Sort key of a waiting ticket; the entry number breaks ties by who began to wait first."""
    return ticket.credited_at, ticket.entry
