"""The operating page names every number of a hall with the default that holds where none is written."""

import re
from enum import Enum
from pathlib import Path

import pytest
from pydantic import BaseModel

from config.schema import CallRules, Service, Tides, Windows

PAGE = (Path(__file__).parents[2] / "docs" / "operating.md").read_text(encoding="utf-8")


def table(title: str) -> dict[str, str]:
    """The table of a section: key → default, as the page writes them."""
    _, found, rest = PAGE.partition(f"\n| `{title}` | default | meaning |\n")
    assert found, f"docs/operating.md has no table of `{title}`"
    rows = rest.split("\n\n")[0].splitlines()[1:]
    return {key.strip(" `"): default.strip() for _, key, default, *_ in (row.split("|") for row in rows)}


def written(default: object) -> str:
    """A default as it stands in YAML."""
    match default:
        case None:
            return "null"
        case Enum():
            return str(default.value)
        case float():
            return f"{default:g}"
    return str(default)


@pytest.mark.parametrize(("title", "section"), [("rules", CallRules), ("tides", Tides)])
def test_every_number_stands_in_its_table_with_its_default(title: str, section: type[BaseModel]) -> None:
    """No key more, none fewer, in the order of the schema, and no default that has changed since."""
    defaults = section()

    assert list(table(title).items()) == [
        (name, written(getattr(defaults, name))) for name in section.model_fields
    ]  # fmt: skip


def test_what_services_and_windows_add_is_told() -> None:
    """The spread, the numbers and the thresholds of a service, authorisations and shifts of a window."""
    words = set(re.findall(r"`(\w+)`", PAGE))

    assert {"service_cv", "per_day", "wait_warn_min", "wait_alarm_min"} <= words & set(Service.model_fields)
    assert {"may_help", "hours", "serves"} <= words & set(Windows.model_fields)
    assert f"{Service.model_fields['service_cv'].default} if absent" in PAGE
