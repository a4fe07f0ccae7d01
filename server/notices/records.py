"""What is told to other programs and how it stands with it. Shapes only."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Notice:
    """Something worth telling, before it is known who wants it. `key` names it among all of its hall, so that making it
    again after a crash makes the same message. `subjects` are those of `server/people.py` that may know a phone number:
    the number itself is looked up when the message is sent. `ticket`: whose state decides whether it still holds."""

    kind: str
    key: str
    at: float
    expires_at: float | None
    subjects: tuple[str, ...]
    ticket: str | None
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Letter:
    """A notice for one hook, in the outbox. `tried_from`: since when it is tried; it is given up a day later."""

    id: str
    hook: str
    kind: str
    payload: str
    subjects: tuple[str, ...]
    ticket: str | None
    tried_from: float
    attempts: int


@dataclass(frozen=True, slots=True)
class Failed:
    """A message that was given up."""

    id: str
    kind: str
    payload: str
    tried_from: float
    attempts: int
    failed_at: float
    error: str


@dataclass(frozen=True, slots=True)
class Condition:
    """How it stands with one hook. `away` counts the failures in a row that mean its receiver is not there; `dropped`
    the messages that would have come too late."""

    queued: int = 0
    failed: int = 0
    sent: int = 0
    dropped: int = 0
    away: int = 0
    paused_until: float = 0.0
    last_success_at: float | None = None
    last_failure_at: float | None = None
    last_error: str | None = None
