"""A case as the kiosk shows it to whoever holds its voucher: the server's JSON turned into typed values.

Pure. Nothing personal comes from the server, and nothing of it stays here once the visitor has gone.
"""

from dataclasses import dataclass

from kiosk.catalogue import Json, Words, words

READY = "ready"


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of the line from acceptance to delivery; `on` the day it was done."""

    name: Words
    on: str | None
    is_now: bool


@dataclass(frozen=True, slots=True)
class VoucherCase:
    """What became of an application."""

    number: str
    title: str
    standing: Words
    todo: Words
    stages: tuple[Stage, ...]
    deadline_on: str | None
    lacks: tuple[str, ...]
    promise_on: str | None
    corrections: tuple[str, ...]
    #: In cents.
    fee: int | None
    pickup_area: Words
    pickup_windows: Words
    carrier: str
    tracking: str
    #: Number of a pickup ticket that was taken today already.
    ticket: str
    #: Whether a ticket for the pickup desk can be taken now.
    can_take: bool


def read_case(body: Json) -> VoucherCase:
    """Read `GET /c/{token}`."""
    pickup: Json = body.get("pickup") or {}
    ticket = body.get("ticket") or ""
    return VoucherCase(
        number=body["number"],
        title=body["title"],
        standing=words(body, "state_name"),
        todo=words(body, "todo"),
        stages=tuple(
            Stage(words(one, "name"), (one.get("at") or "")[:10] or None, one["is"] == "now") for one in body["stages"]
        ),
        deadline_on=body.get("deadline_on"),
        lacks=tuple(body.get("lacks") or ()),
        promise_on=body.get("promise_on"),
        corrections=tuple(body.get("corrections") or ()),
        fee=body.get("fee"),
        pickup_area=words(pickup, "area_name"),
        pickup_windows=words(pickup, "windows_text"),
        carrier=body.get("carrier") or "",
        tracking=body.get("tracking") or "",
        ticket=ticket,
        can_take=body["state"] == READY and bool(pickup.get("open")) and not ticket,
    )
