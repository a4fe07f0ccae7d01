"""What the kiosk has asked for and what became of it, on disk before anything is sent.

One small file per ticket, written whole or not at all, so that neither a crash nor a lost answer ever makes a second
ticket. A record goes when its visitor has the ticket. Holds nothing about the visitor but what the
ticket is for, the group, and the handle of who took it.
"""

import json
import os
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any


class Fate(StrEnum):
    """How far a ticket has come, as this kiosk knows."""

    #: Asked for; whether the server has it is unknown.
    PENDING = "pending"
    #: The server gave it a number; the visitor has it on the glass.
    ANSWERED = "answered"
    #: Nobody waits for it any more; if the server has it, it must be cancelled.
    ABANDONED = "abandoned"


@dataclass(frozen=True, slots=True)
class Record:
    """One ticket asked for."""

    id: str
    key: str
    service: str
    group: str | None
    language: str
    #: Milliseconds since 1970 by the hall's clock.
    at_ms: int
    fate: Fate = Fate.PENDING
    ticket: dict[str, Any] | None = None
    #: The item a ticket is for, and the handle of the person whose card was read; never number or name.
    item: str | None = None
    holder: str | None = None
    #: A check-in: the booking's code or its link's token, or the holder alone.
    is_check_in: bool = False
    code: str | None = None
    token: str | None = None
    #: The token of the voucher that a pickup ticket is taken with; then there is no service.
    voucher: str | None = None

    @property
    def path(self) -> str:
        """Where it is sent."""
        return "/check-ins" if self.is_check_in else "/tickets"

    def body(self) -> dict[str, Any]:
        """What is sent; the same each time."""
        if self.is_check_in:
            named = {"code": self.code, "token": self.token, "holder": self.holder}
            return {"id": self.id, "language": self.language, **_given(named)}
        named = {"group": self.group, "item": self.item, "holder": self.holder, "voucher": self.voucher}
        return {
            **({} if self.voucher else {"service": self.service}),
            "id": self.id,
            "channel": "kiosk",
            "language": self.language,
            **_given(named),
        }


def _given(named: dict[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in named.items() if value is not None}


class Outbox:
    """The records of one kiosk, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        # Half-written files of a crash; later ones belong to a writer at work and must be left to it.
        for part in folder.glob("*.part"):
            part.unlink(missing_ok=True)

    def keep(self, record: Record) -> Record:
        """Write a record so that it survives the loss of power."""
        target = self._folder / f"{record.id}.json"
        part = target.with_suffix(".part")
        with part.open("w", encoding="utf-8") as file:
            json.dump(asdict(record), file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
        if os.name == "posix":
            # The new name, too, must survive.
            folder = os.open(self._folder, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        return record

    def turn(self, record: Record, fate: Fate, ticket: dict[str, Any] | None = None) -> Record:
        """Write down how far it has come."""
        return self.keep(replace(record, fate=fate, ticket=ticket if ticket is not None else record.ticket))

    def drop(self, ticket_id: str) -> None:
        """Forget a ticket."""
        (self._folder / f"{ticket_id}.json").unlink(missing_ok=True)

    def records(self) -> list[Record]:
        """Everything unfinished, oldest first."""
        found = []
        for file in sorted(self._folder.glob("*.json")):
            try:
                body = json.loads(file.read_text(encoding="utf-8"))
                found.append(Record(**{**body, "fate": Fate(body["fate"])}))
            except FileNotFoundError:
                # Dropped by the worker while we looked.
                continue
            except (ValueError, TypeError, KeyError):
                # A damaged record can be neither sent nor cancelled; keep it aside for staff.
                file.replace(file.with_suffix(".damaged"))
        return found
