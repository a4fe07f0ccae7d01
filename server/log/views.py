"""Tables that are views of the log: which rows an event changes. Pure; the log writes them in the same transaction.

`tickets` (one row a ticket), `steps` (every state a ticket entered: its periods), `calls` (every announcement),
`windows` (each window as it is), `appointments`, `orders` (of bad ratings), `matters`. All can be dropped and rebuilt.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from server.core.events import Event, TicketEvent, WindowEvent
from server.core.evolve import evolve
from server.core.model import HallState
from server.log.records import Recorded, Row

#: Primary key and column types of each view.
VIEWS: dict[str, tuple[tuple[str, ...], dict[str, type]]] = {
    "tickets": (
        ("hall", "id"),
        {
            "hall": str,
            "id": str,
            "business_day": str,
            "number": str,
            "series": str,
            "zone": str,
            "service": str,
            "state": str,
            "issued_at": float,
            "credited_at": float,
            "entry": int,
            "group": str,
            "channel": str,
            "language": str,
            "device": str,
            "for_window": str,
            "window": str,
            "first_called_at": float,
            "called_at": float,
            "calls": int,
            "recalls": int,
            "started_at": float,
            "finished_at": float,
            "served_s": float,
            "held_at": float,
            "missed_at": float,
            "outcome": str,
            "copies": int,
            "printer": str,
            "print_state": str,
            "rating": int,
            "transfers": int,
            "why_zh": str,
            "why_en": str,
            "why_detail": str,
            "proof": str,
            "appointment": str,
            "holder": str,
            "over_limit": int,
            "item": str,
            "limited": int,
            "rated_by": str,
            "points": str,
            "remark": str,
            "clerk": str,
        },
    ),
    "steps": (
        ("hall", "seq"),
        {
            "hall": str,
            "seq": int,
            "business_day": str,
            "ticket": str,
            "at": float,
            "step": str,
            "state": str,
            "service": str,
            "window": str,
        },
    ),
    "calls": (
        ("hall", "business_day", "call"),
        {
            "hall": str,
            "business_day": str,
            "call": int,
            "ticket": str,
            "number": str,
            "window": str,
            "at": float,
            "kind": str,
        },
    ),
    "windows": (
        ("hall", "id"),
        {
            "hall": str,
            "id": str,
            "business_day": str,
            "status": str,
            "clerk": str,
            "ticket": str,
            "services": str,
            "pause_reason": str,
            "changed_at": float,
            "idle_since": float,
            "done": int,
        },
    ),
    "appointments": (
        ("hall", "id"),
        {
            "hall": str,
            "id": str,
            "service": str,
            "slot_at": float,
            "state": str,
            "booked_at": float,
            "holder": str,
            "group": str,
            "item": str,
            "channel": str,
            "ticket": str,
            "moves": int,
        },
    ),
    "orders": (
        ("hall", "id"),
        {
            "hall": str,
            "id": str,
            "ticket": str,
            "number": str,
            "business_day": str,
            "service": str,
            "window": str,
            "clerk": str,
            "level": int,
            "points": str,
            "has_contact": int,
            "opened_at": float,
            "contact_by": float,
            "mend_by": float,
            "state": str,
            "callbacks": str,
            "mended_at": float,
            "mended_by": str,
            "closed_at": float,
            "closed_by": str,
            "exclusion": str,
        },
    ),
    "matters": (
        ("hall", "id"),
        {
            "hall": str,
            "id": str,
            "kind": str,
            "opened_at": float,
            "opened_by": str,
            "deadline_at": float,
            "reason": str,
            "ticket": str,
            "number": str,
            "service": str,
            "department": str,
            "region": str,
            "result": str,
            "settled_at": float,
            "settled_by": str,
        },
    ),
}


def replayed_rows(hall: str, log: Iterable[Recorded]) -> Iterator[dict[str, list[Row]]]:
    """The rows that a whole log writes, event by event."""
    state = HallState()
    for recorded in log:
        calls_before = len(state.calls)
        evolve(state, recorded.event)
        yield rows_after(hall, state, recorded.event, recorded.seq, min(calls_before, len(state.calls)))


def rows_after(hall: str, state: HallState, event: Event, seq: int, calls_before: int) -> dict[str, list[Row]]:
    """The rows that `event`, already applied to `state`, writes."""
    rows: dict[str, list[Row]] = {name: [] for name in VIEWS}
    if isinstance(event, TicketEvent):
        rows["tickets"].append(_ticket_row(hall, state, event.ticket))
        rows["steps"].append(_step_row(hall, state, event, seq))
    window = getattr(event, "window", None)
    if isinstance(event, WindowEvent | TicketEvent):
        for name in _windows_touched(state, event, window):
            rows["windows"].append(_window_row(hall, state, name))
    if (affair := _affair_touched(state, event)) is not None:
        name, record = affair
        rows[name].append(_affair_row(hall, name, record))
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


def _affair_touched(state: HallState, event: Event) -> tuple[str, Any] | None:
    """The appointment, work order or matter that an event is about, with the table it stands in."""
    tables = (("appointments", "appointment"), ("orders", "order"), ("matters", "matter"))
    for table, field in tables:
        kept = getattr(state, table)
        if (name := getattr(event, field, None)) is not None and name in kept:
            return table, kept[name]
    return None


def order_fields(row: Row) -> dict[str, Any]:
    """The fields of a work order from its row: what `_affair_row` wrote as JSON is read again."""
    lists = ("points", "callbacks", "exclusion")
    return {
        name: json.loads(str(value)) if name in lists and value is not None else value for name, value in row.items()
    }


def _affair_row(hall: str, table: str, record: Any) -> Row:
    """A record as a row; what it lists (callbacks, points, the exclusion) as JSON."""
    fields = {"hall": hall, **asdict(record)}
    return {
        column: json.dumps(value, ensure_ascii=False)
        if isinstance(value := fields[column], tuple | list | dict)
        else value
        for column in VIEWS[table][1]
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
