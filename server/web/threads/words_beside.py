"""Sentences about work orders of bad ratings, matters, help and proofs."""

from server.core import assistance as h
from server.core import matters as m
from server.core import orders as o
from server.web.present.matters import KIND_NAMES
from server.web.present.ratings import LEVEL_NAMES
from server.web.threads.words import Words, tell


@tell.register
def _(event: o.OrderOpened, w: Words) -> str:
    return w.joined(
        w("A work order was opened for the rating: {level}", level=w(LEVEL_NAMES[event.level])),
        w("call back by {time}", time=w.time(event.contact_by)),
        w("put right by {time}", time=w.time(event.mend_by)),
    )


@tell.register
def _(event: o.CallbackRecorded, w: Words) -> str:
    who = w.who(event.by)
    return w("{who} called back and spoke", who=who) if event.reached else w("{who} called back in vain", who=who)


@tell.register
def _(event: o.OrderMended, w: Words) -> str:
    return w("{who} put it right", who=w.who(event.by))


@tell.register
def _(event: o.OrderClosed, w: Words) -> str:
    return w("{who} reviewed and closed the work order", who=w.who(event.by))


@tell.register
def _(event: o.ExclusionProposed, w: Words) -> str:
    return w("{who} proposed to exclude the rating", who=w.who(event.by))


@tell.register
def _(event: o.ExclusionJudged, w: Words) -> str:
    if event.accepted:
        return w("{who} agreed: the rating is excluded", who=w.who(event.by))
    return w("{who} did not agree: the rating counts", who=w.who(event.by))


@tell.register
def _(event: m.MatterRecorded, w: Words) -> str:
    return w.joined(
        w("A matter was written down: {kind}", kind=w(KIND_NAMES[event.kind])),
        w.matter_reason(event.reason) if event.reason else None,
        w.department(event.department) if event.department else None,
        event.region,
        w("to be settled by {time}", time=w.time(event.deadline_at)),
    )


@tell.register
def _(event: m.MatterSettled, w: Words) -> str:
    return w("The matter was settled by {who}: {result}", who=w.who(event.by), result=w.matter_result(event.result))


@tell.register
def _(event: h.PriorityChecked, w: Words) -> str:
    window = w.window(event.window)
    if event.confirmed:
        return w("{window} confirmed the proof of priority", window=window)
    return w("{window} found no proof of priority", window=window)


@tell.register
def _(event: h.HelpAsked, w: Words) -> str:
    if event.expert is not None:
        return w("{expert} was called to {place}", expert=w.expert(event.expert), place=w.place(event.place))
    return w("Help was asked for at {place}: {kind}", place=w.place(event.place), kind=w.help_kind(event.kind))


@tell.register
def _(event: h.HelpTaken, w: Words) -> str:
    return w("{who} went to help", who=w.who(event.by))


@tell.register
def _(event: h.HelpEnded, w: Words) -> str:
    return w("The help ended: {outcome}", outcome=event.outcome)
