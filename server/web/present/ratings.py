"""The rating form with its five fixed names, what an evaluator shows, and a work order as leaders see it."""

from typing import Any

from config.texts import Texts
from server.core.affairs import OrderState, WorkOrder
from server.core.model import HallState
from server.core.orders import next_steps
from server.core.ratings import ASK_S, LEVELS, asked_ticket
from server.web.present.common import both, moment
from server.web.problems import LOCALE
from server.web.site import Site

#: How long an evaluator says thanks.
THANKS_S = 6.0
#: Fixed by the State Council's 51 of 2019, in this wording; no hall file changes them (A1.1).
LEVEL_NAMES = {
    5: "Very satisfied",
    4: "Satisfied",
    3: "Fairly satisfied",
    2: "Dissatisfied",
    1: "Very dissatisfied",
}
_ZH = Texts(LOCALE, "zh")


def level_name(level: int, key: str = "name") -> dict[str, str]:
    """A level's fixed name in both languages."""
    return both({"zh": _ZH(LEVEL_NAMES[level]), "en": LEVEL_NAMES[level]}, key)


def form_view(site: Site) -> dict[str, Any]:
    """The form: five levels, best first, each with the points of the hall file."""
    form = site.names.hall.ratings.form
    return {
        "version": form.version,
        "levels": [
            {
                "level": level,
                **level_name(level),
                "points": [{"id": point.id, **both(point.name)} for point in form.points[level]],
            }
            for level in LEVELS
        ],
    }


def evaluator_view(site: Site, state: HallState, window: str, at: float) -> dict[str, Any]:
    """What a window's evaluator shows: nobody, the number it asks about, or thanks."""
    plan = site.hall.plan
    ticket, asking = asked_ticket(state, window, at), state.asked.get(window)
    shown, until = "idle", None
    if ticket is not None and asking is not None:
        shown, until = "asking", asking.at + ASK_S
    elif asking is not None and asking.rated_at is not None and at < asking.rated_at + THANKS_S:
        shown, until = "thanks", asking.rated_at + THANKS_S
    return {
        "window": window,
        **both(site.names.windows[window].name),
        **both(site.names.hall.name, "hall"),
        "state": shown,
        "number": ticket.number if ticket else None,
        "language": ticket.language if ticket else None,
        "until": moment(plan, until),
        "form": form_view(site),
    }


def _point(site: Site, level: int, point: str) -> dict[str, str]:
    """A point's name; one of an older form has only its id left."""
    for known in site.names.hall.ratings.form.points[level]:
        if known.id == point:
            return {"id": point, **both(known.name)}
    return {"id": point, "name": point, "name_en": point}


def order_view(site: Site, order: WorkOrder, at: float, by: str, *, personal: bool) -> dict[str, Any]:
    """A work order with what `by` may do next. What people wrote comes only where `personal`: an answer to a POST is
    kept with its command."""
    plan, names, people = site.hall.plan, site.names, site.people
    window = names.windows[order.window] if order.window else None

    def text(note: str | None) -> str | None:
        return people.text(note) if personal else None

    def contact(kind: str) -> str | None:
        return people.fact(f"order:{order.id}", kind) if personal else None

    first = order.callbacks[0].at if order.callbacks else None
    return {
        "id": order.id,
        "number": order.number,
        "business_day": order.business_day,
        "service": order.service,
        **both(names.services[order.service].name, "service_name"),
        "window": order.window,
        "window_name": window.name["zh"] if window else None,
        "window_name_en": window.name["en"] if window else None,
        "clerk": order.clerk,
        "level": order.level,
        **level_name(order.level, "level_name"),
        "points": [_point(site, order.level, point) for point in order.points],
        "has_contact": order.has_contact,
        "comment": text(order.note),
        "phone": contact("phone"),
        "name": contact("name"),
        "state": order.state.value,
        "opened_at": moment(plan, order.opened_at),
        "contact": _deadline(site, order, order.contact_by, first, at),
        "mend": _deadline(site, order, order.mend_by, order.mended_at, at),
        "callbacks": [
            {"at": moment(plan, call.at), "by": call.by, "reached": call.reached, "note": text(call.note)}
            for call in order.callbacks
        ],
        "mended": _done(site, order.mended_at, order.mended_by, text(order.mend_note)),
        "closed": _done(site, order.closed_at, order.closed_by, None),
        "exclusion": _exclusion(site, order, text),
        "steps": list(next_steps(order, by)),
    }


def is_late(order: WorkOrder, by: float, done_at: float | None, at: float) -> bool:
    """Whether a deadline was missed, or has passed without anything done; an excluded rating asks for nothing more."""
    if done_at is not None:
        return done_at > by
    return order.state not in (OrderState.CLOSED, OrderState.EXCLUDED) and at > by


def is_overdue(order: WorkOrder, at: float) -> bool:
    """Whether something should have been done by now and has not."""
    return (not order.callbacks and is_late(order, order.contact_by, None, at)) or (
        order.mended_at is None and is_late(order, order.mend_by, None, at)
    )


def _deadline(site: Site, order: WorkOrder, by: float, done_at: float | None, at: float) -> dict[str, Any]:
    plan = site.hall.plan
    return {"by": moment(plan, by), "done_at": moment(plan, done_at), "overdue": is_late(order, by, done_at, at)}


def _done(site: Site, at: float | None, by: str | None, note: str | None) -> dict[str, Any] | None:
    return None if at is None else {"at": moment(site.hall.plan, at), "by": by, "note": note}


def _exclusion(site: Site, order: WorkOrder, text: Any) -> dict[str, Any] | None:
    if (said := order.exclusion) is None:
        return None
    plan = site.hall.plan
    return {
        "at": moment(plan, said.at),
        "by": said.by,
        "note": text(said.note),
        "verdict": said.verdict,
        "judged_by": said.judged_by,
        "judged_at": moment(plan, said.judged_at),
    }
