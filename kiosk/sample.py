"""A canned hall and ticket, in the server's JSON, for pictures and demonstrations without a server."""

import json
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("sample.json")


def sample_hall() -> dict[str, Any]:
    """A hall at ten past nine."""
    body: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))["hall"]
    return body


def sample_ticket() -> dict[str, Any]:
    """A ticket of that hall."""
    body: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))["ticket"]
    return body
