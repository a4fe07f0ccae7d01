"""Sentences about the day, the queue, windows and appointments."""

from server.core import appointments as a
from server.core import events as e
from server.core.model import DAY_END, PrintState
from server.core.ratings import RatingAsked, VisitRated
from server.web.present.ratings import LEVEL_NAMES
from server.web.threads.words import Words, tell

_CHANNELS = {"kiosk": "the kiosk", "staff": "a desk", "phone": "the phone"}
_PRINTS = {
    PrintState.QUEUED: "The paper waits to be printed",
    PrintState.PRINTED: "The paper was printed",
    PrintState.FAILED: "The paper could not be printed",
    PrintState.UNKNOWN: "Nobody knows whether the paper was printed",
}


# --- The day ----------------------------------------------------------------------------------------------------------


@tell.register
def _(event: e.DayOpened, w: Words) -> str:
    return w("Business day {day} began", day=event.business_day)


@tell.register
def _(event: e.DayClosed, w: Words) -> str:
    return w("Business day {day} ended", day=event.business_day)


@tell.register
def _(event: e.DeviceReported, w: Words) -> str:
    return w("{device} reports: {condition}", device=w.place(event.device), condition=event.condition)


# --- Tickets ----------------------------------------------------------------------------------------------------------


@tell.register
def _(event: e.TicketIssued, w: Words) -> str:
    where = w.place(event.device) if event.device else w(_CHANNELS.get(event.channel, "a desk"))
    if event.case is not None:
        taken = w("{number} was taken at {where} to fetch the result", number=event.number, where=where)
    elif event.appointment is not None:
        taken = w("{number} was taken at {where} for the appointment", number=event.number, where=where)
    else:
        taken = w("{number} was taken at {where}", number=event.number, where=where)
    return w.joined(
        taken,
        w.service(event.service),
        event.group and w("priority: {group}", group=w.group(event.group)),
        event.for_window and w("for {window}", window=w.window(event.for_window)),
        w("then: {services}", services=w.listed(map(w.service, event.then))) if event.then else None,
        w("given beyond the limit") if event.over_limit else None,
    )


@tell.register
def _(event: e.TicketCalled, w: Words) -> str:
    why = w.of({"zh": event.why.zh, "en": event.why.en})
    return w.joined(w("{window} called it", window=w.window(event.window)), why)


@tell.register
def _(event: e.TicketRecalled, w: Words) -> str:
    return w("{window} called it again", window=w.window(event.window))


@tell.register
def _(event: e.ServiceStarted, w: Words) -> str:
    return w("Service began at {window}", window=w.window(event.window))


@tell.register
def _(event: e.ServiceFinished, w: Words) -> str:
    if event.outcome == DAY_END:
        return w("The end of the day closed it at {window}", window=w.window(event.window))
    return w.joined(w("Service ended at {window}", window=w.window(event.window)), event.outcome)


@tell.register
def _(event: e.TicketHeld, w: Words) -> str:
    return w("Set aside at {window}", window=w.window(event.window))


@tell.register
def _(event: e.TicketResumed, w: Words) -> str:
    return w("Back from being set aside, to {window}", window=w.window(event.window))


@tell.register
def _(event: e.TicketTransferred, w: Words) -> str:
    target = w.service(event.service)
    if event.for_window:
        target = w.joined(target, w.window(event.for_window))
    if event.passed:
        return w("{window} passed it on to the next step: {target}", window=w.window(event.window), target=target)
    return w("{window} transferred it: {target}", window=w.window(event.window), target=target)


@tell.register
def _(event: e.TicketMissed, w: Words) -> str:
    return w("Called by {window}, nobody came", window=w.window(event.window))


@tell.register
def _(event: e.TicketReinstated, w: Words) -> str:
    if event.new_entry:
        return w("{window} let it wait again, at the end of those with its time", window=w.window(event.window))
    return w("{window} let it wait again", window=w.window(event.window))


@tell.register
def _(event: e.TicketCancelled, w: Words) -> str:
    if event.reason == DAY_END:
        return w("The end of the day closed it, not served")
    if event.reason == "citizen":
        return w("The citizen gave it up")
    return w("Given up: {reason}", reason=event.reason)


@tell.register(e.TicketRated)
@tell.register(VisitRated)
def _(event: e.TicketRated | VisitRated, w: Words) -> str:
    ticked = w("ticked: {points}", points=w.points(event.level, event.points)) if event.points else None
    wrote = w("with a comment") if event.note else None
    return w.joined(w("Rated: {level}", level=w(LEVEL_NAMES[event.level])), ticked, wrote)


@tell.register
def _(event: RatingAsked, w: Words) -> str:
    return w("{window} let the evaluator ask again", window=w.window(event.window))


@tell.register
def _(event: e.TicketReprinted, w: Words) -> str:
    if event.printer is None:
        return w("Another paper of the number was asked for")
    return w("Another paper of the number was asked for at {printer}", printer=w.place(event.printer))


@tell.register
def _(event: e.TicketPrintReported, w: Words) -> str:
    return w(_PRINTS[PrintState(event.state)])


# --- Windows, tides, alarms: in no thread, but told if somebody asks ---------------------------------------------------


@tell.register
def _(event: e.WindowOpened, w: Words) -> str:
    return w("{window} opened", window=w.window(event.window))


@tell.register
def _(event: e.WindowPaused, w: Words) -> str:
    return w.joined(w("{window} paused", window=w.window(event.window)), event.reason)


@tell.register
def _(event: e.WindowClosed, w: Words) -> str:
    return w("{window} closed", window=w.window(event.window))


@tell.register
def _(event: e.WindowAssigned, w: Words) -> str:
    if not event.services:
        return w("{window} serves its own services again", window=w.window(event.window))
    services = w.listed(map(w.service, event.services))
    return w("{window} serves {services}", window=w.window(event.window), services=services)


@tell.register
def _(event: e.PressureRose, w: Words) -> str:
    return w("{zone} has more waiting than it can serve", zone=w.zone(event.zone))


@tell.register
def _(event: e.PressureEased, w: Words) -> str:
    return w("{zone} keeps up again", zone=w.zone(event.zone))


@tell.register
def _(event: e.TideProposed, w: Words) -> str:
    why = w.of({"zh": event.why.zh, "en": event.why.en})
    return w.joined(w("A move of {window} was proposed", window=w.window(event.window)), why)


@tell.register
def _(event: e.TideSettled, w: Words) -> str:
    return {
        "accepted": w("The proposed move was accepted"),
        "dismissed": w("The proposed move was dismissed"),
    }.get(event.outcome, w("The proposed move lapsed"))


@tell.register
def _(event: e.WaitAlarmRaised, w: Words) -> str:
    return w("The wait for {service} is long: {n} min", service=w.service(event.service), n=round(event.waited_s / 60))


@tell.register
def _(event: e.WaitAlarmCleared, w: Words) -> str:
    return w("The wait for {service} is short again", service=w.service(event.service))


# --- Appointments -----------------------------------------------------------------------------------------------------


@tell.register
def _(event: a.AppointmentBooked, w: Words) -> str:
    booked = w("Booked for {time}", time=w.time(event.slot_at))
    return w.joined(
        booked, w.service(event.service), w("by {channel}", channel=w(_CHANNELS.get(event.channel, "a desk")))
    )


@tell.register
def _(event: a.AppointmentMoved, w: Words) -> str:
    if event.by_staff:
        return w("The staff moved the appointment to {time}", time=w.time(event.slot_at))
    return w("The citizen moved the appointment to {time}", time=w.time(event.slot_at))


@tell.register
def _(event: a.AppointmentCancelled, w: Words) -> str:
    return w("The staff cancelled the appointment") if event.by_staff else w("The citizen cancelled the appointment")


@tell.register
def _(event: a.AppointmentMissed, w: Words) -> str:
    return w("Nobody came for the appointment")
