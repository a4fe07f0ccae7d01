"""The print queue on disk: one small file for each ticket that is not finished, and one for the roll.

Every write is complete or not there, also when the power goes.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from printer.layout import TicketPrint
from printer.papers import PaperPrint
from printer.slips import Slip

ROLL = "roll.json"

#: Laid down by whoever put a new roll in; taken away by the spool when it has seen it.
NEW_ROLL = "new-roll"


class Stage(StrEnum):
    """How far a ticket on disk has come."""

    QUEUED = "queued"
    SENDING = "sending"


@dataclass(frozen=True, slots=True)
class Entry:
    """One ticket, slip or paper of the queue."""

    id: str
    stage: Stage
    ticket: TicketPrint | Slip | PaperPrint


@dataclass(frozen=True, slots=True)
class Roll:
    """What must outlive a restart: the next job's number, and how much of the roll is used."""

    next_id: int = 1
    used_mm: float = 0.0


class SpoolFolder:
    """Reads and writes the folder of one printer."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def save(self, entry: Entry) -> None:
        """Write or overwrite a ticket of the queue. Slips and papers are not kept: after a restart nobody waits for them."""
        if isinstance(entry.ticket, TicketPrint):
            self._write(f"{entry.id}.json", {"stage": entry.stage, "ticket": entry.ticket.to_json()})

    def remove(self, entry: Entry) -> None:
        """Forget a finished ticket."""
        (self._folder / f"{entry.id}.json").unlink(missing_ok=True)

    def entries(self) -> Iterator[Entry]:
        """All tickets, the oldest first. A file that cannot be read is set aside, not in the way."""
        for path in sorted(self._folder.glob("[0-9]*.json")):
            try:
                data = json.loads(path.read_bytes())
                yield Entry(path.stem, Stage(data["stage"]), TicketPrint.from_json(data["ticket"]))
            except (ValueError, KeyError, TypeError):
                path.replace(path.with_suffix(".broken"))

    def roll(self) -> Roll:
        """Read the roll's file; a lost one starts again behind the tickets that are there."""
        try:
            return Roll(**json.loads((self._folder / ROLL).read_bytes()))
        except (OSError, ValueError, TypeError):
            used = [int(path.stem) for path in self._folder.glob("[0-9]*.*") if path.stem.isdigit()]
            return Roll(next_id=max(used, default=0) + 1)

    def save_roll(self, roll: Roll) -> None:
        """Write the roll's file."""
        self._write(ROLL, {"next_id": roll.next_id, "used_mm": round(roll.used_mm, 1)})

    def take_new_roll(self) -> bool:
        """Whether somebody said that a new roll is in; says yes once."""
        try:
            (self._folder / NEW_ROLL).unlink()
        except FileNotFoundError:
            return False
        return True

    def _write(self, name: str, data: dict[str, Any]) -> None:
        target = self._folder / name
        unfinished = target.with_suffix(".part")
        with unfinished.open("w", encoding="utf-8") as file:
            json.dump(data, file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, target)


def say_new_roll(folder: Path) -> None:
    """Tell the spool of this folder, running or not, that a new roll is in."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / NEW_ROLL).touch()
