"""Every kind of event there is, by name: the queue's and those of the capabilities beside it."""

from server.core import (
    appointments,
    assistance,
    case_changes,
    case_events,
    cases,
    events,
    matters,
    parcels,
    ratings,
    settling,
)

EVENT_TYPES: dict[str, type[events.Event]] = {
    kind.__name__: kind
    for kind in (
        *events.EVENTS,
        *appointments.EVENTS,
        *ratings.EVENTS,
        *matters.EVENTS,
        *assistance.EVENTS,
        *case_events.EVENTS,
    )
}

#: Modules whose rules and steps register themselves when they are imported.
REGISTERED = (settling, cases, case_changes, parcels)
