"""Records as JSON in the catalogue's file, and their fields as plain values for comparing and auditing."""

import json
from dataclasses import asdict
from datetime import date
from typing import Any

from server.catalogue.records import (
    KIND_OF,
    Course,
    Flag,
    Form,
    Guide,
    Letter,
    LetterItem,
    ListName,
    Material,
    Record,
)


def fields_of(record: Record) -> dict[str, Any]:
    """Every field as JSON would have it."""
    plain = asdict(record)
    if isinstance(record, Letter):
        plain["start"] = record.start.isoformat()
        plain["end"] = record.end.isoformat() if record.end else None
    return {name: list(value) if isinstance(value, tuple) else value for name, value in plain.items()}


def encode(record: Record) -> str:
    """As it is kept."""
    return json.dumps(fields_of(record), ensure_ascii=False, separators=(",", ":"))


def decode(name: ListName, text: str) -> Record:
    """From what is kept."""
    return record_of(name, json.loads(text))


def record_of(name: ListName, plain: dict[str, Any]) -> Record:
    """From plain fields."""
    if name is ListName.GUIDES:
        return Guide(
            **plain
            | {
                "flags": tuple(Flag(flag) for flag in plain["flags"]),
                "keywords": tuple(plain["keywords"]),
                "materials": tuple(Material(**material) for material in plain["materials"]),
                "forms": tuple(Form(**form) for form in plain["forms"]),
                "members": tuple(plain["members"]),
                "course": Course(plain["course"]),
            }
        )
    if name is ListName.LETTERS:
        return Letter(
            **plain
            | {
                "start": date.fromisoformat(plain["start"]),
                "end": date.fromisoformat(plain["end"]) if plain["end"] else None,
                "items": tuple(LetterItem(**item) for item in plain["items"]),
                "windows": tuple(plain["windows"]),
                "zones": tuple(plain["zones"]),
            }
        )
    return KIND_OF[name](**plain)
