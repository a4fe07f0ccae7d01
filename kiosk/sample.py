"""A canned hall with ticket, items, card holder and rating form, in the server's JSON, for pictures and demonstrations without a server."""

import json
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("sample.json")


def sample(part: str) -> dict[str, Any]:
    """One part of the sample: hall, ticket, items, guide, guide_elsewhere, holder, rating_form."""
    body: dict[str, Any] = deepcopy(_whole()[part])
    return body


@cache
def _whole() -> dict[str, Any]:
    whole: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    return whole


def sample_hall() -> dict[str, Any]:
    """A hall at ten past nine."""
    return sample("hall")


def sample_ticket() -> dict[str, Any]:
    """A ticket of that hall."""
    return sample("ticket")
