"""The threads of the log: which events belong to which ticket, case, appointment, matter, request or parcel (Y3). Pure.

One event may stand in several threads: the ticket that somebody takes to fetch a result is part of the case's too.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from server.core.case_events import OriginalsFiled, PaperPrinted, SettlementRetracted
from server.core.case_records import PaperKind
from server.core.events import Event
from server.core.model import HallState


def subjects_of(state: HallState, event: Event) -> list[str]:
    """The subjects of an event that has been applied to `state`, as `ticket:<id>`, `case:<id>` …; none of most events
    about windows and devices."""
    found = dict.fromkeys(_named(event))
    for name in list(found):
        kind, _, key = name.partition(":")
        found |= dict.fromkeys(_tickets_of(state, kind, key))
    if isinstance(event, OriginalsFiled):
        for name in event.settlements:
            found |= dict.fromkeys(_of_settlement(state, name))
    return list(found)


def _named(event: Event) -> Iterable[str]:
    """The subjects that an event names itself."""
    for kind in ("ticket", "case", "appointment", "matter", "help", "parcel", "order"):
        name = getattr(event, kind, None)
        # An item's outcome tells the number of its case, for people; the case's own event follows it.
        if name is not None and not (kind == "case" and hasattr(event, "settlement")):
            yield f"{kind}:{name}"
    if isinstance(event, SettlementRetracted) or (isinstance(event, PaperPrinted) and event.paper is PaperKind.VOUCHER):
        yield f"case:{event.settlement}"


def _tickets_of(state: HallState, kind: str, key: str) -> Iterable[str]:
    """The ticket behind a subject, which has all that happened to its citizen."""
    records: dict[str, Mapping[str, Any]] = {
        "case": state.cases,
        "appointment": state.appointments,
        "matter": state.matters,
        "help": state.help,
        "order": state.orders,
    }
    ticket = getattr(records.get(kind, {}).get(key), "ticket", None)
    return [] if ticket is None else [f"ticket:{ticket}"]


def _of_settlement(state: HallState, name: str) -> Iterable[str]:
    settlement = state.settlements[name]
    return [f"ticket:{settlement.ticket}", *([] if settlement.case is None else [f"case:{settlement.id}"])]
