"""Tables that are views of the log: which rows an event changes. Pure; the log writes them in the same transaction.

`tickets` (one row a ticket), `steps` (every state a ticket entered: its periods), `calls` (every announcement),
`windows` (each window as it is), `appointments`, `orders` (of bad ratings), `matters`, `settlements` (what became of each
item), `cases`, `parcels`, and `threads` (subject → places in the log). All can be dropped and rebuilt.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from server.core.case_events import OriginalsFiled, SettlementRetracted
from server.core.events import Event, TicketEvent, WindowEvent
from server.core.evolve import evolve
from server.core.model import HallState
from server.core.ratings import VisitRated
from server.log.records import Recorded, Row
from server.log.threads import subjects_of
from server.log.view_tables import VIEWS

#: Table of the records beside the queue → the field of an event that names one.
RECORDS = {
    "appointments": "appointment",
    "orders": "order",
    "matters": "matter",
    "settlements": "settlement",
    "cases": "case",
    "parcels": "parcel",
}


def replayed_rows(hall: str, log: Iterable[Recorded]) -> Iterator[dict[str, list[Row]]]:
    """The rows that a whole log writes, event by event."""
    state = HallState()
    for recorded in log:
        calls_before = len(state.calls)
        evolve(state, recorded.event)
        yield rows_after(hall, state, recorded.event, recorded.seq, min(calls_before, len(state.calls)))


def rows_after(hall: str, state: HallState, event: Event, seq: int, calls_before: int) -> dict[str, list[Row]]:
    """The rows that `event`, already applied to `state`, writes; a row of nothing but its key takes that row away, one
    of some columns changes only these."""
    rows: dict[str, list[Row]] = {name: [] for name in VIEWS}
    if isinstance(event, TicketEvent):
        rows["tickets"].append(_ticket_row(hall, state, event.ticket))
        rows["steps"].append(_step_row(hall, state, event, seq))
    if isinstance(event, VisitRated):
        rows["tickets"].append(
            {
                "hall": hall,
                "id": event.ticket,
                "rating": event.level,
                "rated_by": event.channel,
                "points": " ".join(event.points),
                "remark": event.note,
            }
        )
    window = getattr(event, "window", None)
    if isinstance(event, WindowEvent | TicketEvent):
        for name in _windows_touched(state, event, window):
            rows["windows"].append(_window_row(hall, state, name))
    for name, record in _records_touched(state, event):
        rows[name].append(record_row(hall, name, record))
    if isinstance(event, SettlementRetracted):
        for name in ("settlements", "cases"):
            rows[name].append({"hall": hall, "id": event.settlement})
    rows["threads"] += [{"hall": hall, "subject": subject, "seq": seq} for subject in subjects_of(state, event)]
    for call in state.calls[calls_before:]:
        ticket = state.tickets[call.ticket]
        rows["calls"].append(
            {
                "hall": hall,
                "business_day": state.business_day,
                "call": call.call,
                "ticket": call.ticket,
                "number": ticket.number,
                "window": call.window,
                "at": call.at,
                "kind": call.kind,
            }
        )
    return rows


def _records_touched(state: HallState, event: Event) -> Iterator[tuple[str, Any]]:
    """The records beside the queue that an event is about, with the table each stands in."""
    for table, field in RECORDS.items():
        kept = getattr(state, table)
        if (name := getattr(event, field, None)) is not None and name in kept:
            yield table, kept[name]
    if isinstance(event, OriginalsFiled):
        yield from (("settlements", state.settlements[name]) for name in event.settlements)


def record_row(hall: str, table: str, record: Any) -> Row:
    """A record as a row; what it lists (callbacks, points, the exclusion, legs) as JSON."""
    fields = {"hall": hall, **asdict(record)}
    return {
        column: json.dumps(value, ensure_ascii=False)
        if isinstance(value := fields[column], tuple | list | dict)
        else value
        for column in VIEWS[table][1]
    }


def record_fields(row: Row, *lists: str) -> dict[str, Any]:
    """The fields of a record from its row: what `record_row` wrote as JSON is read again."""
    return {
        name: json.loads(str(value)) if name in lists and value is not None else value for name, value in row.items()
    }


def _windows_touched(state: HallState, event: Event, window: str | None) -> Iterable[str]:
    names = {window} if window else set()
    # A citizen may cancel after being called: the event names no window, yet one becomes free.
    if isinstance(event, TicketEvent) and (at := state.tickets[event.ticket].window):
        names.add(at)
    return sorted(names & set(state.windows))


def _ticket_row(hall: str, state: HallState, ticket_id: str) -> Row:
    fields: dict[str, Any] = asdict(state.tickets[ticket_id])
    why = fields.pop("why") or {}
    del fields["spells"]  # the `steps` view has them
    return {
        "hall": hall,
        "business_day": state.business_day,
        **fields,
        "points": " ".join(fields["points"]),
        "then": " ".join(fields["then"]),
        "why_zh": why.get("zh"),
        "why_en": why.get("en"),
        "why_detail": why.get("detail"),
    }


def _step_row(hall: str, state: HallState, event: TicketEvent, seq: int) -> Row:
    ticket = state.tickets[event.ticket]
    return {
        "hall": hall,
        "seq": seq,
        "business_day": state.business_day,
        "ticket": ticket.id,
        "at": event.at,
        "step": type(event).__name__,
        "state": ticket.state.value,
        "service": ticket.service,
        "window": ticket.window,
    }


def _window_row(hall: str, state: HallState, window_id: str) -> Row:
    fields: dict[str, Any] = asdict(state.window(window_id))
    services = fields.pop("services")
    return {
        "hall": hall,
        "business_day": state.business_day,
        **fields,
        "services": None if services is None else " ".join(services),
    }
