"""Every kind of event there is, by name: the queue's and those of the capabilities beside it."""

from server.core import appointments, assistance, events, matters, ratings

EVENT_TYPES: dict[str, type[events.Event]] = {
    kind.__name__: kind
    for kind in (*events.EVENTS, *appointments.EVENTS, *ratings.EVENTS, *matters.EVENTS, *assistance.EVENTS)
}
