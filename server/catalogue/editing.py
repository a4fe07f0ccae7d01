"""An administrator's edit of one item: which rows of which lists it changes. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from server.catalogue.records import Form, Guide, Listed, ListName, Material, Record

#: Fields of the comprehensive-window list; the others are the guide's.
LISTED = ("name", "department", "kind", "handling", "audience", "remark")


def edited(
    code: str, wanted: Mapping[str, Any], listed: Listed | None, guide: Guide | None
) -> list[tuple[ListName, Record]]:
    """The rows as the edit wants them. An item of no list keeps its name and department with its guide."""
    rows: list[tuple[ListName, Record]] = []
    official = {field: wanted[field] for field in LISTED if field in wanted}
    if listed is not None and official:
        rows.append((ListName.COMPREHENSIVE, replace(listed, **official)))
    of_guide = {field: _value(field, value) for field, value in wanted.items() if field not in LISTED}
    if listed is None:
        of_guide |= {field: official[field] for field in ("name", "department") if field in official}
    if of_guide:
        rows.append((ListName.GUIDES, replace(guide or Guide(code), **of_guide)))
    return rows


def _value(field: str, value: Any) -> Any:
    if field == "materials":
        return tuple(Material(**material) for material in value)
    if field == "forms":
        return tuple(Form(**form) for form in value)
    return tuple(dict.fromkeys(value)) if isinstance(value, list) else value
