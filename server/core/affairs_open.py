"""What a new day takes over of the affairs beside the queue: everything that is not over yet. Pure."""

from typing import Any

from server.core.affairs import AppointmentState, OrderState
from server.core.case_records import WITH_ORIGINALS
from server.core.model import HallState

#: Orders and matters that are over stay in sight for this long, a month's report; then only the log and its views know them.
SETTLED_KEPT_S = 35 * 86400.0
#: No-shows are remembered at most this long; the hall's rule counts those of its own last days.
ABSENCES_KEPT_S = 366 * 86400.0


#: A case that is over stays in sight for a week: the departments see that it was delivered.
CASES_KEPT_S = 7 * 86400.0
#: Originals are ticked off daily; what nobody has ticked off after this long only the views know.
UNFILED_KEPT_S = 14 * 86400.0


def affairs_still_open(state: HallState, at: float) -> dict[str, Any]:
    """Fields of `DayOpened`: booked appointments, who did not come and when, work orders and matters not long settled;
    cases, originals not in the archive yet, papers that came by courier."""
    over = (OrderState.CLOSED, OrderState.EXCLUDED)
    return {
        "appointments": tuple(a for a in state.appointments.values() if a.state is AppointmentState.BOOKED),
        "absences": {
            holder: kept
            for holder, times in state.absences.items()
            if (kept := tuple(t for t in times if t > at - ABSENCES_KEPT_S))
        },
        "orders": tuple(
            o for o in state.orders.values() if o.state not in over or (o.closed_at or at) > at - SETTLED_KEPT_S
        ),
        "matters": tuple(
            m for m in state.matters.values() if m.settled_at is None or m.settled_at > at - SETTLED_KEPT_S
        ),
        "settlements": tuple(
            s
            for s in state.settlements.values()
            if s.filed_at is None and s.outcome in WITH_ORIGINALS and s.at > at - UNFILED_KEPT_S
        ),
        "cases": tuple(c for c in state.cases.values() if not c.is_over or (c.ended_at or at) > at - CASES_KEPT_S),
        "parcels": tuple(
            p for p in state.parcels.values() if p.registered_at is None or p.registered_at > at - CASES_KEPT_S
        ),
    }
