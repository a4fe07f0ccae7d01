"""What the log keeps: events with their place, commands with their first answer. Shapes and the port; no database."""

import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from pydantic import TypeAdapter

from server.core.affairs import WorkOrder
from server.core.case_records import Case, Settlement
from server.core.event_types import EVENT_TYPES
from server.core.events import Event

#: One row of a view table.
Row = Mapping[str, str | int | float | None]


class StorageTrouble(Exception):
    """The log could not be written or read; nothing was changed. The cause is chained."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event at its place in the log of a hall."""

    seq: int
    business_day: str
    event: Event
    command_id: str
    actor: str


@dataclass(frozen=True, slots=True)
class CommandRecord:
    """A command's first answer, given again whenever the same command comes."""

    command_id: str
    body_hash: str
    status: int
    answer: str
    at: float


@dataclass(frozen=True, slots=True)
class Changes:
    """What one command adds: its events, its view rows by table, and (from outside) its answer."""

    events: Sequence[Recorded]
    rows: Mapping[str, Sequence[Row]]
    command: CommandRecord | None = None


@cache
def event_adapter(kind: str) -> TypeAdapter[Event]:
    """What writes and reads the events of a type; made when the first one comes, for all together slow a start down."""
    return TypeAdapter(EVENT_TYPES[kind])


def encode(event: Event) -> tuple[str, str]:
    """An event as (type, data); the time has a column of its own."""
    kind = type(event).__name__
    data = event_adapter(kind).dump_python(event, mode="json")
    del data["at"]
    return kind, json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def decode(kind: str, data: str, at: float) -> Event:
    """The event back from its columns; unknown types and wrong shapes are errors, never guessed at."""
    try:
        fields: dict[str, Any] = json.loads(data)
        if unknown := set(fields) - set(EVENT_TYPES[kind].__dataclass_fields__):
            raise ValueError(f"unknown fields {sorted(unknown)}")
        return event_adapter(kind).validate_python({**fields, "at": at})
    except (KeyError, TypeError, ValueError) as trouble:
        raise StorageTrouble(f"an event in the log cannot be read, {kind}: {trouble} (a newer release?)") from trouble


def packed(text: str, longest: int) -> str | bytes:
    """A text as it is kept: a window's view is some kilobytes, and thousands of them are kept for two days."""
    return zlib.compress(text.encode(), level=1) if len(text) > longest else text


def unpacked(kept: str | bytes) -> str:
    """The text that was packed, or kept as it was."""
    return zlib.decompress(kept).decode() if isinstance(kept, bytes) else kept


@dataclass(frozen=True, slots=True)
class RatedCount:
    """How many tickets were served for a service at a window and rated alike; level None: not rated."""

    zone: str
    service: str
    window: str | None
    level: int | None
    excluded: bool
    count: int


class Transaction(Protocol):
    """One writer's turn at a hall's log: look what is new, then append. Leaving without `commit` undoes it."""

    def last_seq(self) -> int: ...

    def read(self, after: int) -> Iterator[Recorded]: ...

    def command(self, command_id: str) -> CommandRecord | None: ...

    def append(self, changes: Changes) -> None: ...

    def forget_commands(self, before: float, at_most: int) -> int:
        """Delete answers older than `before` (seconds UTC); returns how many."""
        ...

    def commit(self) -> None:
        """Make everything appended durable."""
        ...


class History(Protocol):
    """What is asked of past days; answered from the views. Days are business days, ends included."""

    def ticket_named(self, business_day: str, number: str) -> str | None:
        """The id of the ticket that had a number on a day."""
        ...

    def ticket_row(self, ticket: str) -> Row | None:
        """The row of a ticket in the view `tickets`, as it ended."""
        ...

    def subjects_of(self, ticket: str) -> list[str]:
        """Everything that belongs to a ticket's thread, as `ticket:<id>`, `case:<id>` …: the ticket, its cases, its
        appointment and matters, and the tickets that were taken to fetch the results of its cases."""
        ...

    def thread(self, subjects: Sequence[str]) -> list[Recorded]:
        """The events of these subjects in order, each once."""
        ...

    def settlement(self, name: str) -> Settlement | None:
        """What became of one item, however long ago."""
        ...

    def settlements_of(self, first_day: str, last_day: str) -> list[Settlement]:
        """What was settled on some days, in order; what was taken back is not there."""
        ...

    def windows_of(self, first_day: str, last_day: str) -> dict[str, set[str]]:
        """The tickets with something settled on some days → the windows at which they were served (P8)."""
        ...

    def case(self, name: str) -> Case | None:
        """A case by its id or number, however long ago."""
        ...

    def cases_of(self, first_day: str, last_day: str) -> list[Case]:
        """The cases opened on some days, as they are now, in order."""
        ...


class EventLog(Protocol):
    """An append-only, numbered log of one hall."""

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Take the writer's turn; raises `StorageTrouble`."""
        ...

    def read(self, after: int = 0) -> Iterator[Recorded]:
        """Events after a sequence number, in order."""
        ...

    def day_start(self) -> int:
        """Sequence number just before the last `DayOpened` (0 if none): where a fold may begin."""
        ...

    def rated_counts(self, first_day: str, last_day: str) -> list[RatedCount]:
        """The served tickets of some business days, counted by how they were rated; from the views."""
        ...

    def orders_of(self, first_day: str, last_day: str) -> list[WorkOrder]:
        """The work orders of ratings of some business days, without what people wrote; from the views."""
        ...

    @property
    def history(self) -> History:
        """What the views tell of past days."""
        ...

    def close(self) -> None: ...
