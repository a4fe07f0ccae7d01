"""A thread as sheets with Chinese headings: what happened, how long it took, what is open."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from server.web.sheets import Book, Cell
from server.web.threads.words import texts

_EVENTS = ("No.", "Time", "Phase", "What happened", "By", "Ticket or case", "Late")
_DURATIONS = ("Phase", "Part", "Ticket or case", "Department", "From", "To", "Minutes", "Deadline", "Late")
_OPEN = ("What is open", "Ticket or case", "With", "Deadline", "Late")


def in_hall_time(text: str | None) -> datetime | None:
    """A moment of a view for a cell: a spreadsheet knows no offset, so it is the hall's time."""
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=None, microsecond=0)


def story_sheets(view: Mapping[str, Any]) -> Book:
    """The sheets of a thread, by its view."""
    zh = texts("zh")
    phases = {phase["id"]: phase["name"] for phase in view["phases"]}

    def flag(late: bool) -> str | None:
        return zh("late") if late else None

    def headings(names: tuple[str, ...]) -> list[Cell]:
        return [zh(name) for name in names]

    events: list[list[Cell]] = [
        [
            number,
            in_hall_time(each["at"]),
            phases[each["phase"]],
            each["text"],
            each["actor_name"],
            each["about"],
            flag(each["late"]),
        ]
        for number, each in enumerate(view["events"], 1)
    ]
    durations: list[list[Cell]] = [
        [
            phases[each["phase"]],
            each["name"],
            each["about"],
            each["department"],
            in_hall_time(each["from_at"]),
            in_hall_time(each["to_at"]),
            round(each["seconds"] / 60, 1),
            in_hall_time(each["due_at"]),
            flag(each["late"]),
        ]
        for each in view["durations"]
    ]
    still_open: list[list[Cell]] = [
        [each["text"], each["about"], "、".join(each["who"]) or None, in_hall_time(each["due_at"]), flag(each["late"])]
        for each in view["open"]
    ]
    return [
        (zh("What happened"), [headings(_EVENTS), *events]),
        (zh("Durations"), [headings(_DURATIONS), *durations]),
        (zh("What is open"), [headings(_OPEN), *still_open]),
    ]
