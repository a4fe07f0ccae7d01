"""What people write beside a command (a remark, a note, a phone number): kept apart from the log, which names a handle.

Nothing is written when the hall refuses, and it is on disk before the event that names it is.
"""

import secrets
from collections.abc import Callable, Mapping
from typing import Any

from flask import Response

from server.core.commands import Command
from server.core.events import Event
from server.core.model import HallState
from server.hall import Answer
from server.web.commanding import perform
from server.web.site import Site

#: Remarks and notes go after a year; a phone number or name as soon as nobody needs to call any more.
TEXT_KEPT_S = 366 * 86400.0
CONTACT_KEPT_S = 60 * 86400.0

Built = Callable[[HallState, list[Event], float], Answer]


def perform_written(
    here: Site,
    text: str | None,
    command: Callable[[float, str | None], Command],
    answer: Built,
    contact: Callable[[list[Event]], tuple[str, Mapping[str, str | None]] | None] = lambda _: None,
    dress: Callable[[Any], Any] = lambda body: body,
) -> Response:
    """Perform a command beside which somebody wrote `text`; `command` gets the handle of it, if there is a text.

    `contact` tells from the events which subject has which personal facts (phone, name); `dress` as in `perform`.
    """
    text = (text or "").strip()
    note = f"n-{secrets.token_urlsafe(12)}" if text else None

    def keep(state: HallState, events: list[Event], at: float) -> Answer:
        if note is not None and any(getattr(event, "note", None) == note for event in events):
            here.people.note(f"note:{note}", "text", text, at + TEXT_KEPT_S)
        if (found := contact(events)) is not None:
            subject, facts = found
            for kind, value in facts.items():
                if value and value.strip():
                    here.people.note(subject, kind, value.strip(), at + CONTACT_KEPT_S)
        return answer(state, events, at)

    return perform(here, lambda at: command(at, note), keep, dress)


def keep_contact_until(here: Site, subject: str, at: float) -> None:
    """From now on a phone number and name are needed no longer than until then."""
    for kind in ("phone", "name"):
        if (value := here.people.fact(subject, kind)) is not None:
            here.people.note(subject, kind, value, at)
